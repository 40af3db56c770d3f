//! A small questionnaire to start from: clean, commented, and with a case of everything that most need.

use crate::domain::id::QuestionnaireId;

/// Returns the files of a new questionnaire: their paths within its folder, with `/`, and their texts.
#[must_use]
pub fn files(id: &QuestionnaireId) -> Vec<(&'static str, String)> {
    let files = [
        (
            "questionnaire.toml",
            include_str!("starter/questionnaire.toml"),
        ),
        (
            "recommendations/train-deputies.md",
            include_str!("starter/train-deputies.md"),
        ),
        (
            "scenarios/first-call.toml",
            include_str!("starter/first-call.toml"),
        ),
    ];
    let named = |text: &str| text.replace("my-questionnaire", id.as_str());
    files.map(|(path, text)| (path, named(text))).to_vec()
}
