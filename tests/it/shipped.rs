//! The shipped questionnaires.

use std::path::Path;

use readiness::catalog::library::{check_path, from_pinned};

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

/// The questionnaire as the first release pinned it, for assessments that were begun under it.
const FIRST: &str =
    "tests/fixtures/questionnaires/defender-experts-1.0.0/pinned-1.0.0.json";

#[test]
fn an_assessment_begun_under_the_first_release_can_still_be_read() {
    let bytes = std::fs::read(FIRST).unwrap();
    let questionnaire = from_pinned(&bytes).unwrap();
    assert_eq!(questionnaire.version.to_string(), "1.0.0");
}
