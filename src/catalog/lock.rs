//! Lock files: the ids of a questionnaire's last release, with what must not change unnoticed about each.
//!
//! Written when a version is released, so that the next one can be held against it: what becomes of answers given under the ids
//! that are gone? The holding is the business of the [`checks`](crate::catalog::checks).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::id::{ColumnId, FindingId, Hash, OptionId, QuestionId};
use crate::domain::ledger::canonical;
use crate::domain::questionnaire::{Column, FindingRule, Kind, Question, Questionnaire, Version};
use crate::problem::{Place, Problem, SourceText};

/// The name of the file, beside the first one of a questionnaire.
pub const FILE: &str = "ids.lock";

/// The ids of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The version that was released.
    pub version: Version,
    /// Its questions.
    #[serde(default)]
    pub question: BTreeMap<QuestionId, LockedQuestion>,
    /// Its findings.
    #[serde(default)]
    pub finding: BTreeMap<FindingId, LockedFinding>,
}

/// What is locked of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedQuestion {
    /// The type of its answers.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its options; of a matrix its rows.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub options: BTreeSet<OptionId>,
    /// The beginning of the SHA-256 of everything that people read of it.
    pub texts: String,
    /// Its columns.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub column: BTreeMap<ColumnId, LockedColumn>,
}

/// What is locked of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedColumn {
    /// The type of its cells.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its options.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub options: BTreeSet<OptionId>,
}

/// What is locked of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedFinding {
    /// The beginning of the SHA-256 of everything that people read of it.
    pub texts: String,
}

impl Lock {
    /// Takes the ids of a questionnaire.
    #[must_use]
    pub fn of(questionnaire: &Questionnaire) -> Self {
        let questions = questionnaire.questions.iter();
        let findings = questionnaire.findings.iter();
        Self {
            version: questionnaire.version,
            question: questions
                .map(|question| (question.id.clone(), LockedQuestion::of(question)))
                .collect(),
            finding: findings
                .map(|finding| (finding.id.clone(), LockedFinding::of(finding)))
                .collect(),
        }
    }

    /// Returns the file's text, in an order that does not depend on that of the questions.
    ///
    /// # Panics
    /// Never: a lock has text keys and nothing that TOML lacks.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let body = toml::to_string(self).expect("a lock has nothing that TOML lacks");
        format!(
            "# The ids of the last release. Written by `readiness questionnaire lock`; not to be edited.\n{body}"
        )
    }

    /// Reads a lock file.
    ///
    /// # Errors
    /// That it is none, with its place.
    pub fn read(source: &Arc<SourceText>) -> Result<Self, Problem> {
        toml::from_str(&source.text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            Problem::error(format!("the lock file cannot be read: {}", error.message()))
                .code("E060")
                .at(Place::new(Arc::clone(source), span))
                .help("take the one of the last release, as it was written")
        })
    }
}

impl LockedQuestion {
    /// Takes what is locked of a question.
    #[must_use]
    pub fn of(question: &Question) -> Self {
        let columns: &[Column] = match &question.kind {
            Kind::Rows(table) => &table.columns,
            _ => &[],
        };
        Self {
            kind: question.kind.name().to_owned(),
            options: options(&question.kind),
            texts: hashed(&question.texts()),
            column: (columns.iter())
                .map(|column| (column.id.clone(), LockedColumn::of(column)))
                .collect(),
        }
    }
}

impl LockedColumn {
    fn of(column: &Column) -> Self {
        Self {
            kind: column.kind.name().to_owned(),
            options: options(&column.kind),
        }
    }
}

impl LockedFinding {
    /// Takes what is locked of a finding.
    #[must_use]
    pub fn of(finding: &FindingRule) -> Self {
        let text = finding.text.as_ref().map(ToString::to_string);
        Self {
            texts: hashed(&[finding.title.to_string(), text.unwrap_or_default()]),
        }
    }
}

/// Returns the options of a type; of a matrix its rows.
fn options(kind: &Kind) -> BTreeSet<OptionId> {
    match kind {
        Kind::Rows(table) => table.fixed.iter().map(|row| row.id.clone()).collect(),
        kind => (kind.options().iter())
            .map(|option| option.id.clone())
            .collect(),
    }
}

fn hashed(texts: &[String]) -> String {
    Hash::of(&canonical(&texts)).short()
}
