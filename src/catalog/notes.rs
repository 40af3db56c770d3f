//! What reading and judging a questionnaire notes on the way: problems, and warnings that the author says are meant.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalog::tree::{At, Spot};
use crate::problem::{Place, Problem, Problems, Severity, SourceText};

/// The notes on one questionnaire.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// Everything found so far.
    pub(crate) problems: Problems,
    /// Ids of things that could not be read, so that nobody is told that they do not exist.
    pub(crate) lost: BTreeSet<String>,
    /// Whether an expression or a name could not be resolved, so that what is read by whom is not known for certain.
    pub(crate) unsound: bool,
    /// Where the `allow` entries stand that silenced something.
    used: BTreeSet<(usize, usize)>,
}

impl Notes {
    /// Notes a problem at `at`; a warning that an `allow` around it names is left out.
    pub(crate) fn add(&mut self, at: At<'_>, problem: Problem) {
        self.add_at(at, at.place(), problem);
    }

    /// Notes a problem that belongs to `at` and is shown at `place`.
    pub(crate) fn add_at(&mut self, at: At<'_>, place: Option<Place>, mut problem: Problem) {
        if problem.severity == Severity::Warning && self.is_allowed(at, problem.code) {
            return;
        }
        problem.place = problem.place.or(place);
        self.problems.push(problem);
    }

    fn is_allowed(&mut self, at: At<'_>, code: Option<&str>) -> bool {
        let Some(code) = code else { return false };
        let mut allowed = false;
        for spot in at.allows() {
            if let Some(entry) = spot.get(code) {
                self.used.insert(key(at, entry));
                allowed = true;
            }
        }
        allowed
    }

    /// Returns whether the `allow` entry at `spot` of `source` silenced a warning.
    pub(crate) fn was_used(&self, source: &Arc<SourceText>, spot: &Spot) -> bool {
        self.used.contains(&key(At::new(source, spot), spot))
    }

    /// Returns everything found, in the order of files and lines; what has no place comes first.
    pub(crate) fn in_order(self) -> Problems {
        let mut problems = self.problems;
        problems.0.sort_by_cached_key(|problem| {
            let place = problem.place.as_ref();
            place.map(|place| (place.source.name.clone(), place.span.start, place.span.end))
        });
        problems
    }

    /// Returns whether something could not be read or resolved, so that what looks unused may well be used.
    pub(crate) fn is_partial(&self) -> bool {
        self.unsound || !self.lost.is_empty()
    }

    /// Returns whether something of this name, or with this name in its path, could not be read.
    pub(crate) fn is_lost(&self, path: &str) -> bool {
        !self.lost.is_empty() && path.split('.').any(|name| self.lost.contains(name))
    }
}

/// Tells `allow` entries of all files apart.
fn key(at: At<'_>, entry: &Spot) -> (usize, usize) {
    (at.source_address(), entry.key.start)
}
