//! A small questionnaire to start from: clean, commented, and with a case of everything that most need.

use crate::domain::id::QuestionnaireId;

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path within the folder of questionnaires, with `/`.
    pub path: String,
    /// What stands in it.
    pub text: String,
}

/// Returns the files of a new questionnaire.
#[must_use]
pub fn files(id: &QuestionnaireId) -> Vec<File> {
    let file = |path: &str, text: &str| File {
        path: format!("{id}/{path}"),
        text: text.replace("my-questionnaire", id.as_str()),
    };
    vec![
        file(
            "questionnaire.toml",
            include_str!("starter/questionnaire.toml"),
        ),
        file(
            "recommendations/train-deputies.md",
            include_str!("starter/train-deputies.md"),
        ),
        file(
            "scenarios/first-call.toml",
            include_str!("starter/first-call.toml"),
        ),
    ]
}
