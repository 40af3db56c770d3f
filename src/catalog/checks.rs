//! The table of checks.

use std::collections::BTreeMap;

use crate::catalog::index::Index;
use crate::catalog::notes::Notes;
use crate::catalog::read::Files;
use crate::catalog::recommendation;
use crate::domain::id::RecommendationId;
use crate::domain::questionnaire::Questionnaire;

/// What is judged.
pub(crate) struct Subject<'a> {
    pub(crate) index: &'a Index<'a>,
    pub(crate) questionnaire: &'a Questionnaire,
    pub(crate) recommendations: &'a BTreeMap<RecommendationId, recommendation::Read>,
    pub(crate) files: &'a Files,
}

impl<'a> Subject<'a> {
    pub(crate) fn new(
        index: &'a Index<'a>,
        questionnaire: &'a Questionnaire,
        recommendations: &'a BTreeMap<RecommendationId, recommendation::Read>,
        files: &'a Files,
    ) -> Self {
        Self {
            index,
            questionnaire,
            recommendations,
            files,
        }
    }
}

/// Runs every check.
pub(crate) fn run(_subject: &Subject<'_>, _notes: &mut Notes) {}
