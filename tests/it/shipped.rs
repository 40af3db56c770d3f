//! The shipped questionnaires.

use std::path::Path;

use readiness::catalog::library::check_path;

#[test]
fn shipped_questionnaires_are_clean() {
    for checked in check_path(Path::new("questionnaires")) {
        let drawn: Vec<String> = checked
            .problems
            .0
            .iter()
            .map(|problem| problem.draw(false))
            .collect();
        assert!(drawn.is_empty(), "{}", drawn.join("\n\n"));
    }
}
