//! Questionnaires: reading, checking, pinning.

mod checks;
mod files;
mod lock;

use std::path::{Path, PathBuf};

use readiness::catalog::library::{Checked, check_path, from_pinned};

fn fixture(path: &str) -> PathBuf {
    Path::new("tests/fixtures").join(path)
}

/// A folder that lasts as long as a test.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder for this test"))
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// Writes a file, with the folders that it stands in.
    fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        let folder = path.parent().expect("every file stands in a folder");
        std::fs::create_dir_all(folder).expect("the test's own folder can be written");
        std::fs::write(path, content).expect("the test's own folder can be written");
    }

    fn check(&self, path: &str) -> Checked {
        check(&self.path(path))
    }
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

fn codes(checked: &Checked) -> Vec<&str> {
    let problems = checked.problems.0.iter();
    problems
        .map(|problem| problem.code.unwrap_or("none"))
        .collect()
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
