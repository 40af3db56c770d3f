//! Titles that fit several controls, or none that we know: a person says which one it is, and the customer's evidence remembers it.
//!
//! Nothing is kept for that but the evidence itself: what was read is kept anew with the control in its place, and a title that was
//! settled in evidence that stands is settled in whatever is imported later.

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::actions::{Arrival, Case, Failure, Plan, Resettled, Workspace};
use crate::domain::assessment::Held;
use crate::domain::evidence::{Evidence, Tool, Unplaced, letters};
use crate::domain::exhibit::Exhibit;
use crate::domain::id::PersonId;
use crate::domain::ledger::canonical;
use crate::domain::proposal::Source;
use crate::importers::Importer;
use crate::problem::Problem;
use crate::store::Text;

/// Which control a title is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The title, with what tells it from its namesakes where it has any.
    pub title: String,
    /// The tool's id of the control.
    pub control: String,
}

impl FromStr for Settlement {
    type Err = String;

    /// Reads `TITLE=CONTROL`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (title, control) = text
            .rsplit_once('=')
            .ok_or("write it as TITLE=CONTROL, with the tool's id of the control")?;
        Self::new(title.trim(), control.trim())
    }
}

impl Settlement {
    /// Says that `title` is `control`.
    ///
    /// # Errors
    /// When the title is empty, or no tool whose files give titles alone has such a control; in words.
    pub fn new(title: &str, control: &str) -> Result<Self, String> {
        if letters(title).next().is_none() {
            return Err("there is no title before the `=`".to_owned());
        }
        // Under its own name the tool keeps the score as a whole, which no title is.
        let is_control = control != Tool::SecureScore.code();
        if !is_control || !Importer::of(Tool::SecureScore).knows(control) {
            let control: String = control.chars().take(60).collect();
            return Err(format!(
                "`{control}` is no control of {} that we know; write its id as Microsoft Graph gives it, such as `AdminMFAV2`",
                Tool::SecureScore.title()
            ));
        }
        Ok(Self {
            title: title.to_owned(),
            control: control.to_owned(),
        })
    }

    fn fits(&self, evidence: &mut Evidence) -> usize {
        evidence.settle(&self.title, &self.control)
    }
}

/// Settles titles in files at hand; returns how many rows each of `settlements` placed.
pub fn settle_arrivals(arrivals: &mut [Arrival], settlements: &[Settlement]) -> Vec<usize> {
    let rows = |one: &Settlement| {
        let all = arrivals.iter_mut();
        all.map(|arrival| one.fits(&mut arrival.evidence)).sum()
    };
    settlements.iter().map(rows).collect()
}

/// Settles titles in files at hand as they were settled in `sources` before; returns what was settled.
pub fn remember(arrivals: &mut [Arrival], sources: &[Source]) -> Vec<Settlement> {
    let known = known(sources);
    let mut settled = Vec::new();
    for arrival in arrivals {
        let evidence = &mut arrival.evidence;
        let labels: Vec<String> = (evidence.unplaced.iter())
            .filter(|one| !one.is_told_by_its_line())
            .map(Unplaced::label)
            .collect();
        for title in labels {
            let Some(control) = known.get(&(evidence.tool, letters(&title).collect())) else {
                continue;
            };
            let settlement = Settlement {
                title,
                control: control.clone(),
            };
            if settlement.fits(evidence) > 0 && !settled.contains(&settlement) {
                settled.push(settlement);
            }
        }
    }
    settled
}

/// Returns which control each title was taken for, the latest evidence having the last word.
fn known(sources: &[Source]) -> BTreeMap<(Tool, String), String> {
    let mut known = BTreeMap::new();
    for source in sources {
        let evidence = &source.evidence;
        let by_title = evidence.observations.iter().filter(|seen| {
            let title = seen.title.as_deref().filter(|title| !title.is_empty());
            title.is_some_and(|title| seen.written.starts_with(title))
        });
        for seen in by_title {
            let title = letters(&seen.written).collect();
            known.insert((evidence.tool, title), seen.control.clone());
        }
    }
    known
}

impl Plan {
    /// Plans that titles are settled in evidence that was taken in before; returns how many rows each of `settlements` placed.
    pub fn settle(
        &mut self,
        case: &Case,
        sources: &[Source],
        settlements: &[Settlement],
    ) -> Vec<usize> {
        let mut rows = vec![0; settlements.len()];
        for source in sources
            .iter()
            .filter(|source| !source.evidence.unplaced.is_empty())
        {
            let mut evidence = (*source.evidence).clone();
            let mut here = 0;
            for (settlement, rows) in settlements.iter().zip(&mut rows) {
                let placed = settlement.fits(&mut evidence);
                here += placed;
                *rows += placed;
            }
            let mut held = case.book.evidence.iter();
            let held = held.find(|held: &&Held| held.exhibit.seq == source.entry);
            if let Some(held) = held.filter(|_| here > 0) {
                let text = Text::new(&held.exhibit.what.media_type, canonical(&evidence));
                let exhibit = Exhibit {
                    file: text.hash(),
                    size: text.bytes().len() as u64,
                    ..held.exhibit.what.clone()
                };
                self.texts.push(text);
                self.resettled.push(Resettled {
                    entry: source.entry,
                    rows: here,
                    exhibit,
                });
            }
        }
        rows
    }
}

/// Refuses settlements that placed nothing: the title may be mistyped, or settled before. `waiting` are the titles that wait.
///
/// # Errors
/// For the first of them, with the titles that wait.
pub fn refuse_unused(
    settlements: &[Settlement],
    rows: &[usize],
    waiting: &[String],
) -> Result<(), Failure> {
    let unused = settlements.iter().zip(rows).find(|(_, rows)| **rows == 0);
    let Some((unused, _)) = unused else {
        return Ok(());
    };
    let waiting: Vec<String> = waiting
        .iter()
        .take(6)
        .map(|one| format!("`{one}`"))
        .collect();
    let help = match waiting.as_slice() {
        [] => "to change what was settled, withdraw the evidence and import the file again with `--is`".to_owned(),
        some => format!("titles that wait: {}", some.join(", ")),
    };
    let message = format!("no title `{}` waits to be settled", unused.title);
    Err(Failure::usage(Problem::error(message).help(help)))
}

impl Case {
    /// Settles titles in evidence that was taken in before, all or none.
    ///
    /// # Errors
    /// When no such title waits, a file is missing from the store, or the store fails.
    pub async fn settle(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        settlements: &[Settlement],
    ) -> Result<Vec<Resettled>, Failure> {
        let sources = self.sources(workspace).await?;
        let mut plan = Plan::default();
        let rows = plan.settle(self, &sources, settlements);
        let waiting: Vec<String> = (sources.iter())
            .flat_map(|source| source.evidence.unplaced.iter().map(Unplaced::label))
            .collect();
        refuse_unused(settlements, &rows, &waiting)?;
        self.take_in(workspace, by, &plan).await?;
        Ok(plan.resettled)
    }
}
