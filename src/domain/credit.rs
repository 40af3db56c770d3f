//! Credit: what one answer earns, and which findings it raises. This page and [`scoring`](crate::domain::scoring) are the
//! specification of the numbers.
//!
//! Credit is a whole number of basis points, 0 to 10,000. Where a quotient does not come out even it is rounded towards the
//! middle, so that 0 and 10,000 are reached only when exact.
//!
//! | type | earns |
//! |---|---|
//! | bool | everything for the good value, nothing for the other |
//! | choice | the option's score |
//! | multi | the share of the ticked among the offered, exclusive ones apart; a ticked exclusive option its own score |
//! | number, text, date | the score of the first band that fits |
//! | date with an age | everything if not older, else nothing |
//! | coverage | everything from the goal on, below it protected ÷ target; a target of 0 is not scored |
//! | rows | each row the mean of its scored cells, together the worst or the mean of the rows; no rows are not scored |
//! | *none* | the score that the question gives it; without one it is not scored |
//! | *not applicable* | not scored: it leaves both sums |
//! | *don't know*, no answer, one that does not fit | nothing yet: the question is open |

use std::collections::BTreeSet;

use crate::domain::answer::{Given, Held, Judging, offered};
use crate::domain::condition::{Cell, Datum, Outcome, Values};
use crate::domain::questionnaire::{
    Band, Choice, Combine, Coverage, Kind, Question, Raise, Scoring, Table,
};

/// The whole of a credit: 100 %, in basis points.
pub const FULL: u32 = 10_000;

/// What one answer earns and raises.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credit {
    /// What is earned, 0..=10,000; nothing where the answer is not scored or the question is open.
    pub earned: Option<u32>,
    /// The open questions without which it cannot be told; the question is then open itself.
    pub open: BTreeSet<usize>,
    /// The findings that the answer raises.
    pub raises: Vec<Raising>,
    /// Which rule gave the credit.
    pub reason: Reason,
}

/// A finding as one answer raises it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raising {
    /// Which finding, and with which severity and need.
    pub raise: Raise,
    /// The key of the offending row.
    pub row: Option<String>,
}

/// Which rule gave the credit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reason {
    /// The question is open.
    #[default]
    Open,
    /// The question is not scored.
    Unscored,
    /// *Not applicable* was said.
    NotApplicable,
    /// The explicit *none* was said.
    None,
    /// The value is, or is not, the good one.
    Good(bool),
    /// The option at this place.
    Option(usize),
    /// The share of ticked options.
    Share {
        /// The sum of the ticked options' scores.
        ticked: u64,
        /// The sum of the offered options' scores.
        of: u64,
    },
    /// The band at this place.
    Band(usize),
    /// Protected of target.
    Coverage {
        /// How many are protected, at most the target.
        protected: u64,
        /// How many should be.
        target: u64,
        /// Percent that is enough.
        goal: u32,
    },
    /// Nothing to protect: the target is 0.
    NothingToProtect,
    /// Not older than allowed, or older.
    Recent(bool),
    /// An answer was given.
    Given,
    /// The worst or the mean of so many scored rows.
    Rows {
        /// How rows make one credit.
        combine: Combine,
        /// How many rows were scored.
        scored: usize,
    },
}

/// Returns the credit of a question that is asked and holds `held`.
#[must_use]
pub fn credit(place: usize, question: &Question, held: &Held, values: &dyn Values) -> Credit {
    match held {
        Held::Unanswered | Held::Invalid(_) => open(place, None),
        Held::Unknown => open(place, question.unknown),
        Held::NotApplicable => Credit {
            reason: Reason::NotApplicable,
            ..Credit::default()
        },
        Held::None => none(question),
        Held::Valid(Given::Plain(this)) => {
            plain(place, &question.kind, &question.scoring, this, values, None)
        }
        Held::Valid(Given::Coverage { protected, target }) => {
            match (&question.kind, &question.scoring) {
                (Kind::Coverage(coverage), Scoring::Coverage { raises }) => {
                    covered(coverage, *protected, *target, *raises)
                }
                _ => unscored(),
            }
        }
        Held::Valid(Given::Table { keys, rows }) => match (&question.kind, &question.scoring) {
            (Kind::Rows(table), Scoring::Columns) => {
                combined(place, table, keys, &rows.rows, values)
            }
            (_, Scoring::Given) => given(),
            _ => unscored(),
        },
    }
}

/// Returns what `part` of `whole` earns: basis points, 0 and 10,000 only when exact.
///
/// A part beyond the whole earns the whole; of nothing there is nothing to earn.
#[must_use]
pub fn basis_points(part: u128, whole: u128) -> u32 {
    if whole == 0 || part == 0 {
        return 0;
    }
    if part >= whole {
        return FULL;
    }
    // Divides first where the product would not fit; the loss is far below a basis point.
    let points = part.checked_mul(u128::from(FULL)).map_or_else(
        || part / (whole / u128::from(FULL)),
        |product| product / whole,
    );
    u32::try_from(points).unwrap_or(FULL).clamp(1, FULL - 1)
}

fn open(place: usize, raises: Option<Raise>) -> Credit {
    Credit {
        open: BTreeSet::from([place]),
        raises: raised(raises, None),
        ..Credit::default()
    }
}

fn unscored() -> Credit {
    Credit {
        reason: Reason::Unscored,
        ..Credit::default()
    }
}

fn given() -> Credit {
    Credit {
        earned: Some(FULL),
        reason: Reason::Given,
        ..Credit::default()
    }
}

fn none(question: &Question) -> Credit {
    let Some(none) = &question.none else {
        return unscored();
    };
    Credit {
        earned: none.score.map(|score| score * 100),
        raises: raised(none.raises, None),
        reason: Reason::None,
        ..Credit::default()
    }
}

/// Returns `raise` as a list, for the row at hand.
fn raised(raise: Option<Raise>, row: Option<&str>) -> Vec<Raising> {
    raise
        .map(|raise| Raising {
            raise,
            row: row.map(str::to_owned),
        })
        .into_iter()
        .collect()
}

/// A row in which a cell is judged: its key and its cells.
#[derive(Clone, Copy)]
struct Row<'a> {
    key: &'a str,
    cells: &'a [Cell],
}

/// Returns the credit of a plain value, in a question or in a cell of `row`.
fn plain(
    place: usize,
    kind: &Kind,
    scoring: &Scoring,
    this: &Datum,
    values: &dyn Values,
    row: Option<Row<'_>>,
) -> Credit {
    let key = row.map(|row| row.key);
    let judging = Judging {
        base: values,
        this: Some(this),
        row: row.map(|row| (place, row.cells)),
    };
    let mut credit = match (scoring, this) {
        (Scoring::Good { good, raises }, Datum::Bool(value)) => {
            all_or_nothing(value == good, *raises, key, Reason::Good(value == good))
        }
        (Scoring::Options, Datum::Option(chosen)) => Credit {
            earned: kind.options()[*chosen].score.map(|score| score * 100),
            reason: Reason::Option(*chosen),
            ..Credit::default()
        },
        (Scoring::Share { raises }, Datum::Options(ticked)) => {
            share(kind.options(), ticked, *raises, key, &judging)
        }
        (Scoring::Bands(bands), _) => banded(bands, key, &judging),
        (Scoring::NotOlderThan { days, raises }, Datum::Date(day)) => {
            let recent = !days.passed_since(*day, values.today());
            all_or_nothing(recent, *raises, key, Reason::Recent(recent))
        }
        (Scoring::Given, _) => given(),
        _ => unscored(),
    };
    credit.raises.extend(chosen(kind.options(), this, key));
    credit
}

/// Returns what the chosen or ticked options raise.
fn chosen(options: &[Choice], this: &Datum, row: Option<&str>) -> Vec<Raising> {
    let places: &[usize] = match this {
        Datum::Option(place) => std::slice::from_ref(place),
        Datum::Options(places) => places,
        _ => &[],
    };
    places
        .iter()
        .flat_map(|place| raised(options[*place].raises, row))
        .collect()
}

fn all_or_nothing(good: bool, raises: Option<Raise>, row: Option<&str>, reason: Reason) -> Credit {
    Credit {
        earned: Some(if good { FULL } else { 0 }),
        raises: if good {
            Vec::new()
        } else {
            raised(raises, row)
        },
        reason,
        ..Credit::default()
    }
}

/// Returns the credit of ticked options.
fn share(
    options: &[Choice],
    ticked: &[usize],
    raises: Option<Raise>,
    row: Option<&str>,
    values: &dyn Values,
) -> Credit {
    if let [only] = ticked
        && options[*only].exclusive
    {
        let score = options[*only].score.unwrap_or(0);
        let whole = score == 100;
        return Credit {
            earned: Some(score * 100),
            raises: if whole {
                Vec::new()
            } else {
                raised(raises, row)
            },
            reason: Reason::Option(*only),
            ..Credit::default()
        };
    }
    let offered = offered(options, values);
    let score = |place: usize| u64::from(options[place].score.unwrap_or(0));
    let of: u64 = (0..options.len())
        .filter(|place| offered[*place] && !options[*place].exclusive)
        .map(score)
        .sum();
    let ticked = ticked.iter().copied().map(score).sum();
    if of == 0 {
        return unscored();
    }
    let earned = basis_points(u128::from(ticked), u128::from(of));
    Credit {
        earned: Some(earned),
        raises: if earned == FULL {
            Vec::new()
        } else {
            raised(raises, row)
        },
        reason: Reason::Share { ticked, of },
        ..Credit::default()
    }
}

/// Returns the credit of the first band that fits; a band that cannot be judged yet leaves the question open.
fn banded(bands: &[Band], row: Option<&str>, values: &dyn Values) -> Credit {
    for (place, band) in bands.iter().enumerate() {
        let fits = band.when.as_ref().map(|when| when.evaluate(values));
        match fits {
            Some(Outcome::Unknown(unknown)) if !unknown.is_settled() => {
                return Credit {
                    open: unknown.open,
                    ..Credit::default()
                };
            }
            Some(outcome) if !outcome.is_true() => {}
            _ => {
                return Credit {
                    earned: Some(band.score * 100),
                    raises: raised(band.raises, row),
                    reason: Reason::Band(place),
                    ..Credit::default()
                };
            }
        }
    }
    unscored()
}

fn covered(coverage: &Coverage, protected: u64, target: u64, raises: Option<Raise>) -> Credit {
    if target == 0 {
        return Credit {
            reason: Reason::NothingToProtect,
            ..Credit::default()
        };
    }
    let protected = protected.min(target);
    let enough = u128::from(protected) * 100 >= u128::from(target) * u128::from(coverage.goal);
    let reason = Reason::Coverage {
        protected,
        target,
        goal: coverage.goal,
    };
    Credit {
        earned: Some(if enough {
            FULL
        } else {
            basis_points(u128::from(protected), u128::from(target))
        }),
        raises: if enough {
            Vec::new()
        } else {
            raised(raises, None)
        },
        reason,
        ..Credit::default()
    }
}

/// Returns the credit of a table: the worst or the mean of its rows' credits.
fn combined(
    place: usize,
    table: &Table,
    keys: &[String],
    rows: &[crate::domain::condition::Row],
    values: &dyn Values,
) -> Credit {
    let mut whole = Credit::default();
    let mut earned = Vec::new();
    for (key, cells) in keys.iter().zip(rows) {
        let row = row_credit(place, table, Row { key, cells }, values);
        whole.open.extend(row.open);
        whole.raises.extend(row.raises);
        earned.extend(row.earned);
    }
    whole.reason = Reason::Rows {
        combine: table.combine,
        scored: earned.len(),
    };
    if !whole.open.is_empty() {
        whole.reason = Reason::Open;
        return whole;
    }
    whole.earned = match table.combine {
        Combine::Worst => earned.iter().copied().min(),
        Combine::Mean => mean(&earned),
    };
    whole
}

/// Returns the credit of a row: the mean of its scored cells.
fn row_credit(place: usize, table: &Table, row: Row<'_>, values: &dyn Values) -> Credit {
    let mut whole = Credit::default();
    let mut earned = Vec::new();
    for (column, cell) in table.columns.iter().zip(row.cells) {
        let scored = !matches!(column.scoring, Scoring::Unscored);
        let this = match cell {
            Cell::Known(this) => this,
            Cell::Missing if scored => {
                whole.open.insert(place);
                continue;
            }
            Cell::Missing | Cell::NotAsked => continue,
        };
        let cell = plain(
            place,
            &column.kind,
            &column.scoring,
            this,
            values,
            Some(row),
        );
        whole.open.extend(cell.open);
        whole.raises.extend(cell.raises);
        earned.extend(cell.earned);
    }
    whole.earned = mean(&earned);
    whole
}

/// Returns the mean of credits; nothing of none.
fn mean(credits: &[u32]) -> Option<u32> {
    if credits.is_empty() {
        return None;
    }
    let sum: u128 = credits.iter().map(|credit| u128::from(*credit)).sum();
    let whole = u128::from(FULL) * credits.len() as u128;
    Some(basis_points(sum, whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_end_is_reached_unless_exact() {
        assert_eq!(basis_points(0, 7), 0);
        assert_eq!(basis_points(7, 7), FULL);
        assert_eq!(basis_points(9, 7), FULL);
        assert_eq!(basis_points(1, 100_000), 1);
        assert_eq!(basis_points(99_999, 100_000), 9_999);
        assert_eq!(basis_points(1, 2), 5_000);
        assert_eq!(basis_points(5, 0), 0);
        assert!((4_999..=5_000).contains(&basis_points(u128::MAX / 2, u128::MAX)));
    }
}
