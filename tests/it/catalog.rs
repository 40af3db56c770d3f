//! Questionnaires: reading, checking, pinning.

use std::path::{Path, PathBuf};

use readiness::catalog::library::{Checked, check_path, from_pinned};

fn fixture(path: &str) -> PathBuf {
    Path::new("tests/fixtures").join(path)
}

/// Checks one questionnaire.
fn check(path: &Path) -> Checked {
    let mut checked = check_path(path);
    assert_eq!(checked.len(), 1);
    checked.remove(0)
}

fn drawn(checked: &Checked) -> String {
    let problems = checked.problems.0.iter();
    let drawn: Vec<String> = problems.map(|problem| problem.draw(false)).collect();
    drawn.join("\n\n")
}

#[test]
fn the_example_of_the_format_is_clean() {
    let checked = check(&fixture("questionnaires/example"));
    assert_eq!(drawn(&checked), "");
    let (questionnaire, pinned) = checked.questionnaire.unwrap();
    assert_eq!(questionnaire.questions.len(), 9);
    assert_eq!(questionnaire.recommendations.len(), 5);
    assert_eq!(checked.scenarios.len(), 1);
    let again = from_pinned(&pinned.bytes).unwrap();
    assert_eq!(again.hash, pinned.hash);
    assert_eq!(
        format!("{:?}", again.graph),
        format!("{:?}", questionnaire.graph)
    );
}
