//! The pinned form of a questionnaire: what an assessment keeps of it, as canonical JSON.
//!
//! It holds what was written and the recommendations that it names. Comments, the order of keys, scenarios, translations and
//! silenced warnings do not count.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::catalog::build;
use crate::catalog::index::Index;
use crate::catalog::notes::Notes;
use crate::catalog::read::Sources;
use crate::catalog::recommendation;
use crate::catalog::written;
use crate::domain::id::{Hash, RecommendationId};
use crate::domain::questionnaire::Questionnaire;
use crate::problem::{Problem, Problems};

/// A questionnaire as an assessment keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pinned {
    /// Canonical JSON.
    pub bytes: Vec<u8>,
    /// The SHA-256 of these bytes.
    pub hash: Hash,
}

/// What is pinned, to be written.
#[derive(Serialize)]
struct Form<'a> {
    questionnaire: &'a written::Questionnaire,
    recommendations: BTreeMap<&'a RecommendationId, &'a recommendation::Written>,
}

/// What is pinned, as it is read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadForm {
    questionnaire: written::Questionnaire,
    recommendations: BTreeMap<RecommendationId, recommendation::Written>,
}

/// Pins a questionnaire.
///
/// # Errors
/// When a text in it cannot be written as JSON, which no text that came from a file does.
pub(crate) fn pin(
    questionnaire: &written::Questionnaire,
    recommendations: &BTreeMap<RecommendationId, recommendation::Read>,
) -> Result<Pinned, Problem> {
    let form = Form {
        questionnaire,
        recommendations: (recommendations.iter())
            .map(|(id, read)| (id, &read.written))
            .collect(),
    };
    let bytes = serde_json_canonicalizer::to_vec(&form)
        .map_err(|error| Problem::error(format!("the questionnaire cannot be pinned: {error}")))?;
    let hash = Hash::of(&bytes);
    Ok(Pinned { bytes, hash })
}

/// Reads a questionnaire from its pinned form.
///
/// # Errors
/// When the bytes are no pinned questionnaire, or one that this version of the program finds wrong.
pub fn from_pinned(bytes: &[u8]) -> Result<Questionnaire, Problems> {
    let form: ReadForm = serde_json::from_slice(bytes).map_err(|error| {
        let problem = Problem::error(format!("the kept questionnaire cannot be read: {error}"));
        Problems::from(
            problem.help("run `readiness verify`, and restore a backup if it reports damage"),
        )
    })?;
    let mut notes = Notes::default();
    let sources = Sources::default();
    let index = Index::new(&form.questionnaire, &sources, &mut notes);
    let recommendations = (form.recommendations.into_iter())
        .map(|(id, written)| (id.clone(), written.recommendation(id)))
        .collect();
    let questionnaire = build::build(&index, recommendations, Hash::of(bytes), &mut notes);
    notes.problems.or(questionnaire)
}
