//! What moved: the days on which the verdict changed, findings came or closed, a phase began or the planned start moved.
//!
//! Told by looking at the end of every day on which something was recorded or changed by itself, with what was corrected since
//! already corrected. What holds today is told by [`scoring`].

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::domain::assessment::{Assessment, Book, ReplayFault, Texts};
use crate::domain::id::{CustomerId, FindingKey, QuestionnaireId};
use crate::domain::ledger::Entry;
use crate::domain::phase::Phase;
use crate::domain::scoring;
use crate::domain::time::Day;

/// The most days of change that are kept of an assessment; the last change of the verdict is kept beside them.
const KEPT: usize = 40;

/// How many days that change something by themselves are looked at between two entries at most.
const STEPS: usize = 60;

/// A day on which something moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The day.
    pub on: Day,
    /// The verdict's code, where it changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// The phase, where another began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// The planned start, where it moved to another day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub go_live: Option<Day>,
    /// How many findings began to stand.
    #[serde(default, skip_serializing_if = "is_none")]
    pub raised: usize,
    /// How many findings stand no more.
    #[serde(default, skip_serializing_if = "is_none")]
    pub closed: usize,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_none(count: &usize) -> bool {
    *count == 0
}

/// What moved in one assessment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trail {
    /// The day since which the verdict is what it is.
    pub verdict_since: Option<Day>,
    /// The first planned start; with today's it tells by how much the start slipped.
    pub first_go_live: Option<Day>,
    /// The last days of change, in order.
    pub moves: Vec<Move>,
}

/// What was seen last of an assessment.
struct Seen {
    verdict: &'static str,
    phase: Phase,
    go_live: Option<Day>,
    standing: BTreeSet<FindingKey>,
}

/// Watches a replay.
#[derive(Default)]
struct Watcher {
    trails: BTreeMap<QuestionnaireId, (Trail, Option<Seen>)>,
    first_go_live: Option<Day>,
}

/// Replays `entries` to `today` and returns what moved in each assessment.
///
/// # Errors
/// As [`Book::replay`].
pub fn trails(
    customer: &CustomerId,
    entries: &[Entry],
    texts: &Texts,
    today: Day,
) -> Result<BTreeMap<QuestionnaireId, Trail>, ReplayFault> {
    let mut watcher = Watcher::default();
    let mut watch = |book: &mut Book, next: Day| {
        watcher.look(book);
        for _ in 0..STEPS {
            let changes = book.assessments.values();
            let changes = changes.filter_map(|one| scoring::changes_on(one, book.today));
            let Some(day) = changes.min().filter(|day| *day < next) else {
                break;
            };
            book.pass_to(day);
            watcher.look(book);
        }
    };
    let book = Book::replay_watched(customer, entries, texts, today, &mut watch)?;
    watcher.look(&book);
    let trails = watcher.trails.into_iter();
    Ok(trails.map(|(id, (trail, _))| (id, trail)).collect())
}

impl Watcher {
    fn look(&mut self, book: &Book) {
        self.first_go_live = self.first_go_live.or(book.customer.go_live);
        for (id, assessment) in &book.assessments {
            let (trail, before) = self.trails.entry(id.clone()).or_default();
            trail.first_go_live = self.first_go_live;
            let now = Seen::of(book, assessment);
            if let Some(step) = now.after(before.as_ref(), book.today) {
                if step.verdict.is_some() {
                    trail.verdict_since = Some(step.on);
                }
                trail.moves.push(step);
                let many = trail.moves.len().saturating_sub(KEPT);
                trail.moves.drain(..many);
            }
            *before = Some(now);
        }
    }
}

impl Seen {
    fn of(book: &Book, assessment: &Assessment) -> Self {
        let standing = assessment.lives.iter().filter(|(_, life)| life.stands());
        Self {
            verdict: scoring::verdict(assessment, book.today).code.code(),
            phase: book.phase().0,
            go_live: book.customer.go_live,
            standing: standing.map(|(key, _)| key.clone()).collect(),
        }
    }

    /// Returns what moved since `before`; nothing where nothing did.
    fn after(&self, before: Option<&Self>, on: Day) -> Option<Move> {
        let none = BTreeSet::new();
        let standing = before.map_or(&none, |before| &before.standing);
        let step = Move {
            on,
            verdict: (before.is_none_or(|before| before.verdict != self.verdict))
                .then(|| self.verdict.to_owned()),
            phase: before
                .is_some_and(|before| before.phase != self.phase)
                .then_some(self.phase),
            go_live: self.go_live.filter(|day| {
                let before = before.and_then(|before| before.go_live);
                before.is_some_and(|before| before != *day)
            }),
            raised: self.standing.difference(standing).count(),
            closed: standing.difference(&self.standing).count(),
        };
        let is_still = step.verdict.is_none()
            && step.phase.is_none()
            && step.go_live.is_none()
            && step.raised + step.closed == 0;
        (!is_still).then_some(step)
    }
}
