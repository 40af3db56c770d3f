//! Comparing points of a ledger: what changed between two of them, and how the numbers moved over its milestones.

use crate::actions::case::AsOf;
use crate::actions::{Case, Failure, prefix};
use crate::domain::assessment::{Assessment, Book, Milestone};
use crate::domain::diff::{Diff, Point, diff};
use crate::domain::id::QuestionnaireId;
use crate::domain::time::Day;
use crate::domain::words;
use crate::problem::Problem;

/// The most milestones that a trend goes back.
pub const MAX_POINTS: usize = 12;

/// Two points of a ledger, replayed.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The earlier one.
    pub then: Book,
    /// The later one.
    pub now: Book,
    /// What the earlier one is called, where it is a milestone.
    pub milestone: Option<Milestone>,
    /// What changed.
    pub diff: Diff,
}

impl Case {
    /// Returns what changed between two points: without the first from the last milestone before the second, without the second
    /// until now.
    ///
    /// # Errors
    /// When there is no such point, no milestone to begin with, no assessment yet, or the first lies after the second.
    pub fn compare(
        &self,
        questionnaire: Option<&QuestionnaireId>,
        from: Option<&AsOf>,
        to: Option<&AsOf>,
    ) -> Result<Compared, Failure> {
        let now = match to {
            Some(to) => self.reached(to)?,
            None => (self.book.seq, self.book.today),
        };
        let milestone = match from {
            Some(AsOf::Milestone(name)) => {
                self.milestones().rfind(|one| one.name == *name).cloned()
            }
            Some(_) => None,
            None => Some(self.milestone_before(now.0)?),
        };
        let then = match (from, &milestone) {
            (Some(from), _) => self.reached(from)?,
            (None, Some(last)) => (last.seq, self.day_of(last)),
            (None, None) => now,
        };
        if then > now {
            let (then, now) = (words::day(then.1), words::day(now.1));
            return Err(Failure::usage(
                Problem::error(format!(
                    "the first point, of {then}, lies after the second, of {now}"
                ))
                .help("name the earlier one first"),
            ));
        }
        let mut books = self.books(now.0, &[then, now])?.into_iter();
        let (Some(then), Some(now)) = (books.next(), books.next()) else {
            return Err(Failure::failed(Problem::error(
                "the ledger has no such points",
            )));
        };
        let (id, after) = self.assessed(&now, questionnaire)?;
        let Some(before) = then.assessments.get(id) else {
            return Err(Failure::usage(
                Problem::error(format!(
                    "on {} there was no assessment under `{id}` yet",
                    words::day(then.today)
                ))
                .help("name a later point: an entry's number, a date or a milestone"),
            ));
        };
        let diff = diff(point(&then, before), point(&now, after), &self.texts);
        Ok(Compared {
            diff,
            milestone,
            then,
            now,
        })
    }

    /// Returns the last milestones before the point looked at, with everything as of each of them, from the oldest; at most
    /// [`MAX_POINTS`]. What was corrected since counts as corrected.
    ///
    /// # Errors
    /// When the ledger cannot be replayed.
    pub(crate) fn past(&self) -> Result<Vec<(Milestone, Book)>, Failure> {
        // A milestone that is the last entry is the point itself.
        let mut last: Vec<Milestone> = (self.book.milestones.iter().rev())
            .filter(|milestone| milestone.seq < self.book.seq)
            .take(MAX_POINTS)
            .cloned()
            .collect();
        last.reverse();
        let points: Vec<(u64, Day)> = last.iter().map(|one| (one.seq, self.day_of(one))).collect();
        let books = self.books(self.book.seq, &points)?;
        Ok(last.into_iter().zip(books).collect())
    }

    /// Replays the ledger up to the entry `seq`, once, and returns what it comes to at points.
    fn books(&self, seq: u64, points: &[(u64, Day)]) -> Result<Vec<Book>, Failure> {
        let entries = prefix(&self.ledger.entries, seq);
        Book::at_points(&self.ledger.customer, entries, &self.texts, points)
            .map_err(|fault| Failure::failed(Problem::error(fault.to_string())))
    }

    /// Returns the last entry of a point and its day.
    fn reached(&self, as_of: &AsOf) -> Result<(u64, Day), Failure> {
        let (seq, day) = self.point(as_of)?;
        Ok((seq, day.unwrap_or(self.book.today)))
    }

    fn milestones(&self) -> impl DoubleEndedIterator<Item = &Milestone> {
        self.book.milestones.iter()
    }

    fn day_of(&self, milestone: &Milestone) -> Day {
        milestone.at.day_in(self.book.customer.time_zone)
    }

    fn milestone_before(&self, seq: u64) -> Result<Milestone, Failure> {
        let customer = &self.ledger.customer;
        let before = self.milestones().rfind(|one| one.seq < seq);
        // Where the first milestone was named just now, nothing changed since.
        let last = before.or_else(|| self.milestones().rfind(|one| one.seq == seq));
        last.cloned().ok_or_else(|| {
            Failure::usage(
                Problem::error(format!("`{customer}` has no milestone to compare with")).help(format!(
                    "name a point: `readiness diff {customer} 2026-05-12`; set one with `readiness milestone {customer} NAME`"
                )),
            )
        })
    }

    /// Returns the assessment of a book under a questionnaire, or the only one.
    fn assessed<'b>(
        &self,
        book: &'b Book,
        questionnaire: Option<&QuestionnaireId>,
    ) -> Result<(&'b QuestionnaireId, &'b Assessment), Failure> {
        let (id, _) = self.assessment(questionnaire)?;
        book.assessments.get_key_value(id).ok_or_else(|| {
            Failure::usage(Problem::error(format!(
                "on {} there was no assessment under `{id}` yet",
                words::day(book.today)
            )))
        })
    }
}

/// Returns an assessment of a book as a point.
pub(crate) fn point<'a>(book: &'a Book, assessment: &'a Assessment) -> Point<'a> {
    Point {
        assessment,
        seq: book.seq,
        today: book.today,
    }
}
