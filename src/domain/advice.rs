//! Ongoing advice: what the experts, or we, recommend after the questionnaire was answered, mostly because of an incident.
//!
//! It is a finding like any other, `adv-N`, and is closed by a decision that names a document or a tool.

use serde::{Deserialize, Serialize};

use crate::domain::decision::{Need, Severity};
use crate::domain::id::FindingKey;
use crate::domain::time::Day;

/// The longest title, of advice and of an incident, in letters.
pub const MAX_TITLE: usize = 200;

/// What is recommended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// What it is, on one line.
    pub title: String,
    /// How bad the gap is.
    pub severity: Severity,
    /// What it means for the start; an improvement, unless somebody says otherwise.
    pub need: Need,
    /// The incident that led to it, by its number or name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
    /// What to do, in Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The day on which it was given.
    pub on: Day,
}

/// Returns the finding that the advice of that number is.
#[must_use]
pub fn key(number: u32) -> FindingKey {
    FindingKey::numbered("adv", number)
}
