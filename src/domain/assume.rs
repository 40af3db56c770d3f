//! What would hold if findings were closed: the same evaluation, with better answers.
//!
//! # What is assumed
//!
//! A finding is closed by answers, so to assume one closed is to assume other answers. For every question whose answer raises it,
//! the best of a few answers is put in the place of the one that stands: the first, in this order, that fits the question, does not
//! raise the finding, leaves nothing open, raises the least else and earns the most. Offered are, by the type of the question:
//!
//! | type | answers |
//! |---|---|
//! | bool | yes, no |
//! | choice | each option that is offered now |
//! | multi | the ticks without those that raise the finding; those and every other that raises nothing; each exclusive option |
//! | numbers | the constants of its bands with their neighbours, its least and its greatest |
//! | text | the constants of its bands, and any text, such as a name where nobody was named |
//! | date | today, and the constants of its bands |
//! | coverage | all of the target |
//! | rows | the rows as they are, with the cells of the offending one that can raise the finding answered as above; where the answer is that there are none, a first row |
//!
//! Everything else then follows as it does from any answer: other findings fall with the same answer, questions open and close,
//! and what opens is open. Score, verdict and coverage of [`Assumed::assessment`] are those that [`scoring`] computes.
//!
//! What follows from a rule alone, or from an answer to which none of these is better, is *closed by word*: it stands no more, and
//! the score stays what the answers earn. So the score is never better than some answers could make it. A rule reads several answers,
//! and which of them changes is a decision: whether another licence is bought, or a product is not asked for. It earns no points of its
//! own either; the questions that it reads do, once they are answered. Nothing is closed by word outside of such a forecast: there a
//! finding closes when an answer makes its rule false.
//!
//! [`scoring`]: crate::domain::scoring

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::domain::answer::{Held, hold, offered, row_key};
use crate::domain::assessment::Assessment;
use crate::domain::condition::Datum;
use crate::domain::credit::{FULL, credit};
use crate::domain::evaluation::{Cause, Evaluation};
use crate::domain::finding::Presence;
use crate::domain::id::{FindingKey, OptionId};
use crate::domain::questionnaire::{Bounds, Choice, Kind, Questionnaire, Raise, Scoring, Table};
use crate::domain::response::{Row, Said, Value};

/// An assessment in which findings are assumed closed.
#[derive(Clone, Debug)]
pub struct Assumed {
    /// What everything would come to.
    pub assessment: Assessment,
    /// The questions that are answered otherwise, by their place.
    pub answered: BTreeSet<usize>,
    /// Of what is assumed closed, what no answer closes here.
    pub by_word: BTreeSet<FindingKey>,
    /// Findings that were not named, and stand no more.
    pub also_closed: BTreeSet<FindingKey>,
    /// Findings that did not stand, and would.
    pub raised: BTreeSet<FindingKey>,
    /// Questions that would be asked, have no answer, and are not asked now; by their place.
    pub opened: BTreeSet<usize>,
}

/// How many times the findings are gone through at most.
const ROUNDS: usize = 4;

/// Returns what `assessment` would come to if `findings` were closed. Those that do not stand change nothing.
#[must_use]
pub fn assume(assessment: &Assessment, findings: &BTreeSet<FindingKey>) -> Assumed {
    let mut supposed = assessment.clone();
    let mut answered = BTreeSet::new();
    let gaps = Gap::all(assessment.questionnaire(), findings);
    // What one answer brings up another may have to close, so there is more than one round.
    for _ in 0..ROUNDS {
        let before = answered.len();
        for gap in &gaps {
            for place in gap.raising(&supposed.evaluation) {
                if let Some(said) = gap.better(&supposed.evaluation, place) {
                    supposed.suppose(place, said);
                    answered.insert(place);
                }
            }
        }
        if answered.len() == before {
            break;
        }
    }
    let by_word = close(&mut supposed, findings);
    let stood = standing(assessment);
    let stands = standing(&supposed);
    let opens = |place: &usize| {
        let asked = assessment.evaluation.asked(*place).yes();
        supposed.evaluation.is_open(*place) && !asked
    };
    Assumed {
        answered,
        by_word,
        also_closed: (stood.difference(&stands))
            .filter(|key| !findings.contains(*key))
            .cloned()
            .collect(),
        raised: stands.difference(&stood).cloned().collect(),
        opened: (0..assessment.questionnaire().questions.len())
            .filter(opens)
            .collect(),
        assessment: supposed,
    }
}

fn standing(assessment: &Assessment) -> BTreeSet<FindingKey> {
    let lives = assessment.lives.iter();
    lives
        .filter(|(_, life)| life.stands())
        .map(|(key, _)| key.clone())
        .collect()
}

/// Closes what still stands of `findings`, and returns it.
fn close(supposed: &mut Assessment, findings: &BTreeSet<FindingKey>) -> BTreeSet<FindingKey> {
    let day = supposed.evaluation.day();
    let mut closed = BTreeSet::new();
    for key in findings {
        if let Some(life) = supposed.lives.get_mut(key).filter(|life| life.is_present()) {
            life.presence = Presence::Closed(day);
            closed.insert(key.clone());
        }
    }
    closed
}

/// A finding that is assumed closed, with its rows.
struct Gap<'a> {
    /// Its place.
    finding: usize,
    /// The keys of the rows in which it is, nothing for the finding itself.
    rows: BTreeSet<Option<&'a str>>,
}

impl<'a> Gap<'a> {
    /// Returns what `findings` name, as far as the questionnaire has it.
    fn all(questionnaire: &Questionnaire, findings: &'a BTreeSet<FindingKey>) -> Vec<Self> {
        let mut gaps: BTreeMap<usize, BTreeSet<Option<&str>>> = BTreeMap::new();
        for key in findings {
            if let Some(finding) = questionnaire.finding(&key.id) {
                gaps.entry(finding).or_default().insert(key.row.as_deref());
            }
        }
        (gaps.into_iter())
            .map(|(finding, rows)| Self { finding, rows })
            .collect()
    }

    /// Returns the questions whose answer raises it, or leaves it undetermined after it did.
    fn raising(&self, evaluation: &Evaluation) -> Vec<usize> {
        let rule = &evaluation.questionnaire().findings[self.finding];
        let raised = &evaluation.raised(self.finding).rows;
        let raises = |place: &usize| {
            let by_it = |row: &Option<&str>| {
                let raising = raised.get(&row.map(str::to_owned));
                raising.is_some_and(|raising| raising.causes.contains(&Cause::Question(*place)))
            };
            let asked = evaluation.asked(*place).yes();
            asked && (evaluation.is_open(*place) || self.rows.iter().any(by_it))
        };
        rule.raised_by.iter().copied().filter(raises).collect()
    }

    /// Returns the best answer to the question at `place` that does not raise it; nothing where none of those tried is.
    fn better(&self, evaluation: &Evaluation, place: usize) -> Option<Said> {
        let question = &evaluation.questionnaire().questions[place];
        let now = match evaluation.said(place) {
            Some(Said::Value(value)) => Some(value),
            _ => None,
        };
        match (&question.kind, now) {
            (Kind::Rows(table), Some(Value::Rows(rows))) => {
                self.better_rows(evaluation, place, table, rows)
            }
            (Kind::Rows(table), None) => self.first_row(evaluation, place, table),
            (Kind::Coverage(_), Some(Value::Coverage { target, .. })) => {
                let whole = Value::Coverage {
                    protected: *target,
                    target: *target,
                };
                self.best(evaluation, place, [whole])
            }
            (kind, now) => {
                let tried = self.tried(evaluation, kind, &question.scoring, now);
                self.best(evaluation, place, tried)
            }
        }
        .map(Said::Value)
    }

    /// Returns the best of some answers to the question at `place`: none that raises the finding or leaves anything open.
    fn best(
        &self,
        evaluation: &Evaluation,
        place: usize,
        tried: impl IntoIterator<Item = Value>,
    ) -> Option<Value> {
        let question = &evaluation.questionnaire().questions[place];
        let rank = |value: &Value| {
            let said = Said::Value(value.clone());
            let held = hold(place, question, Some(&said), evaluation);
            if !matches!(held, Held::Valid(_)) {
                return None;
            }
            let credit = credit(place, question, &held, evaluation);
            let own = (credit.raises.iter()).any(|raising| {
                raising.raise.finding == self.finding && self.rows.contains(&raising.row.as_deref())
            });
            let missed = FULL - credit.earned.unwrap_or(0).min(FULL);
            (!own && credit.open.is_empty()).then_some((credit.raises.len(), missed))
        };
        (tried.into_iter())
            .filter_map(|value| Some((rank(&value)?, value)))
            .min_by_key(|(rank, _)| *rank)
            .map(|(_, value)| value)
    }

    /// Returns the rows with each offending one as the best that its columns offer; nothing where one of them cannot be mended.
    fn better_rows(
        &self,
        evaluation: &Evaluation,
        place: usize,
        table: &Table,
        rows: &[Row],
    ) -> Option<Value> {
        let mended = rows.iter().map(|row| {
            let key = row_key(table, row);
            if key.is_none() || !self.rows.contains(&key.as_deref()) {
                return Some(row.clone());
            }
            let tried = self.tried_rows(evaluation, table, row);
            let tried = tried.into_iter().map(|row| Value::Rows(vec![row]));
            match self.best(evaluation, place, tried)? {
                Value::Rows(rows) => rows.into_iter().next(),
                _ => None,
            }
        });
        mended.collect::<Option<Vec<Row>>>().map(Value::Rows)
    }

    /// Returns a single row, the best that can be made by choosing cell by cell; nothing where its columns offer too little.
    fn first_row(&self, evaluation: &Evaluation, place: usize, table: &Table) -> Option<Value> {
        let mut row = Row::new();
        let columns = table.columns.iter();
        let offers: Vec<_> = columns
            .map(|column| {
                let offers = self.tried(evaluation, &column.kind, &column.scoring, None);
                (&column.id, offers)
            })
            .collect();
        for (id, offers) in &offers {
            let first = offers.first().cloned();
            row.extend(first.map(|first| ((*id).clone(), first)));
        }
        for (id, offers) in &offers {
            let tried = offers.iter().map(|offer| {
                let mut row = row.clone();
                row.insert((*id).clone(), offer.clone());
                Value::Rows(vec![row])
            });
            if let Some(Value::Rows(best)) = self.best(evaluation, place, tried) {
                row = best.into_iter().next()?;
            }
        }
        self.best(evaluation, place, [Value::Rows(vec![row])])
    }

    /// Returns a row with the cells that raise the finding as everything that their columns offer.
    fn tried_rows(&self, evaluation: &Evaluation, table: &Table, row: &Row) -> Vec<Row> {
        let mut tried = vec![row.clone()];
        for (at, column) in table.columns.iter().enumerate() {
            if table.key == Some(at) || !self.can_come_from(&column.kind, &column.scoring) {
                continue;
            }
            let now = row.get(&column.id);
            let offers = self.tried(evaluation, &column.kind, &column.scoring, now);
            let with = |row: &Row, offer: &Value| {
                let mut row = row.clone();
                row.insert(column.id.clone(), offer.clone());
                row
            };
            let more: Vec<Row> = (tried.iter())
                .flat_map(|row| offers.iter().map(move |offer| (row, offer)))
                .map(|(row, offer)| with(row, offer))
                .take(MOST)
                .collect();
            tried.extend(more);
        }
        tried
    }

    /// Returns whether an answer or a cell of this type can raise the finding.
    fn can_come_from(&self, kind: &Kind, scoring: &Scoring) -> bool {
        let bands = match scoring {
            Scoring::Bands(bands) => bands.as_slice(),
            _ => &[],
        };
        let own = match scoring {
            Scoring::Good { raises, .. }
            | Scoring::Share { raises }
            | Scoring::Coverage { raises }
            | Scoring::NotOlderThan { raises, .. } => *raises,
            _ => None,
        };
        let options = kind.options().iter().filter_map(|option| option.raises);
        own.into_iter()
            .chain(bands.iter().filter_map(|band| band.raises))
            .chain(options)
            .any(|raise| raise.finding == self.finding)
    }

    /// Returns the values that are tried for a question or a cell of a plain type.
    fn tried(
        &self,
        evaluation: &Evaluation,
        kind: &Kind,
        scoring: &Scoring,
        now: Option<&Value>,
    ) -> Vec<Value> {
        match kind {
            Kind::Bool => vec![Value::Bool(true), Value::Bool(false)],
            Kind::Choice(options) => (options.iter().zip(offered(options, evaluation)))
                .filter(|(_, offered)| *offered)
                .map(|(option, _)| Value::Choice(option.id.clone()))
                .collect(),
            Kind::Multi(options) => self.ticks(evaluation, options, now),
            Kind::Int(bounds) | Kind::Decimal(bounds) | Kind::Percent(bounds) => {
                numbers(kind, *bounds, scoring)
            }
            Kind::Text => {
                let named = constants(scoring, |constant| match constant {
                    Datum::Text(text) => Some(Value::Text(text.to_string())),
                    _ => None,
                });
                let any = Value::Text(ANY.to_owned());
                named.into_iter().chain([any]).collect()
            }
            Kind::Date => {
                let named = constants(scoring, |constant| match constant {
                    Datum::Date(day) => Some(Value::Date(*day)),
                    _ => None,
                });
                std::iter::once(Value::Date(evaluation.day()))
                    .chain(named)
                    .collect()
            }
            Kind::Coverage(_) | Kind::Rows(_) => Vec::new(),
        }
    }

    /// Returns the ticks that are tried in a multi.
    fn ticks(
        &self,
        evaluation: &Evaluation,
        options: &[Choice],
        now: Option<&Value>,
    ) -> Vec<Value> {
        let offered: Vec<&Choice> = (options.iter().zip(offered(options, evaluation)))
            .filter_map(|(option, offered)| offered.then_some(option))
            .collect();
        let kept = |option: &Choice| {
            let raises = |raise: Raise| raise.finding == self.finding;
            let ticked = matches!(now, Some(Value::Multi(ids)) if ids.contains(&option.id));
            ticked && !option.raises.is_some_and(raises)
        };
        let together = offered.iter().filter(|option| !option.exclusive);
        let keep = together.clone().filter(|option| kept(option));
        let fill = together.filter(|option| kept(option) || option.raises.is_none());
        let alone = offered.iter().filter(|option| option.exclusive);
        let alone = alone.map(|option| Value::Multi(std::iter::once(option.id.clone()).collect()));
        [keep.map(id).collect(), fill.map(id).collect()]
            .map(Value::Multi)
            .into_iter()
            .chain(alone)
            .collect()
    }
}

fn id(option: &&Choice) -> OptionId {
    option.id.clone()
}

/// What stands for any text.
const ANY: &str = "…";

/// The most rows that are tried for one offending row and column.
const MOST: usize = 64;

/// Returns the numbers that are tried: those that the bands name with their neighbours, and the ends.
fn numbers(kind: &Kind, bounds: Bounds, scoring: &Scoring) -> Vec<Value> {
    let named = constants(scoring, |constant| match constant {
        Datum::Int(number) => Some(Decimal::from(*number)),
        Datum::Decimal(number) => Some(*number),
        _ => None,
    });
    let around = named.into_iter().flat_map(|number| {
        let above = number.checked_add(Decimal::ONE);
        let below = number.checked_sub(Decimal::ONE);
        [Some(number), above, below]
    });
    let ends = match kind {
        Kind::Percent(_) => [Some(Decimal::ONE_HUNDRED), Some(Decimal::ZERO)],
        _ => [bounds.max, Some(bounds.min.unwrap_or_default())],
    };
    let tried: BTreeSet<Decimal> = around.chain(ends).flatten().collect();
    (tried.into_iter())
        .filter_map(|number| match kind {
            Kind::Int(_) => i64::try_from(number).ok().map(Value::Int),
            _ => Some(Value::Decimal(number)),
        })
        .collect()
}

/// Returns the constants that the conditions of bands name, as far as `read` takes them.
fn constants<T>(scoring: &Scoring, read: impl Fn(&Datum) -> Option<T>) -> Vec<T> {
    let bands = match scoring {
        Scoring::Bands(bands) => bands.as_slice(),
        _ => &[],
    };
    let conditions = bands.iter().filter_map(|band| band.when.as_ref());
    conditions
        .flat_map(|when| when.constants())
        .filter_map(read)
        .collect()
}
