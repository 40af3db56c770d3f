//! Answers in a file: as `answers export` and `prepare` write them and `answers import` reads them.
//!
//! Read exactly as written, with the place of everything; what the answers mean is judged against an assessment by
//! [`actions`](crate::actions).

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalog::notes::Notes;
use crate::catalog::read;
use crate::catalog::shape::Shapes;
use crate::catalog::tree::{At, Spot};
use crate::catalog::written::Date;
use crate::problem::{Place, Problems, SourceText};

/// The largest answers file that is read, in bytes.
pub const MAX_FILE: usize = 32 * 1024 * 1024;

/// A file of answers.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// The questionnaire.
    pub questionnaire: String,
    /// Where the ledger stood when the file was written; what was answered since is not overwritten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_sequence: Option<i64>,
    /// The answers, by question.
    #[serde(default)]
    pub answers: BTreeMap<String, One>,
}

/// One answer.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct One {
    /// The value, of the question's type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<serde_json::Value>,
    /// The rows of a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<Vec<serde_json::Map<String, serde_json::Value>>>,
    /// `none`, `unknown`, `may-not-say`, `nobody-knows` or `na`, where there is no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The coded reason of `na`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who was asked, of `unknown`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
    /// By when they are to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Date>,
    /// `interview`, `document` or `tool`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// Who said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_by: Option<String>,
    /// The day on which it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_on: Option<Date>,
    /// A note that reports print.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// A note that only the internal report prints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_note: Option<String>,
}

/// A file of answers with the places of what it says.
#[derive(Debug)]
pub struct Written {
    /// What it says.
    pub answers: Answers,
    source: Arc<SourceText>,
    spot: Spot,
}

impl Written {
    /// Returns where the value under a path of keys is written, as far as it is.
    #[must_use]
    pub fn place(&self, path: &[&str]) -> Option<Place> {
        self.at(path).place()
    }

    /// Returns where the item at `item` of the list under a path of keys is written.
    #[must_use]
    pub fn item_place(&self, path: &[&str], item: usize, key: Option<&str>) -> Option<Place> {
        let at = self.at(path).item(item);
        key.map_or(at, |key| at.key(key)).place()
    }

    fn at(&self, path: &[&str]) -> At<'_> {
        path.iter()
            .fold(At::new(&self.source, &self.spot), |at, key| at.key(key))
    }
}

/// Reads a file of answers.
///
/// # Errors
/// Everything that keeps it from being one.
pub fn read(source: SourceText) -> Result<Written, Problems> {
    static SHAPES: LazyLock<Shapes> = LazyLock::new(Shapes::of::<Answers>);
    let source = Arc::new(source);
    let mut notes = Notes::default();
    let part = read::part(&source, &SHAPES, &mut notes);
    match part.written {
        Some(answers) if !notes.problems.any_error() => Ok(Written {
            answers,
            source,
            spot: part.spot,
        }),
        _ => Err(notes.problems),
    }
}
