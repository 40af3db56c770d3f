//! Answers as expressions and scores see them: a response held against its question.
//!
//! What was said is never changed here. It is looked at: does it fit its question as the question stands now? Only what fits is
//! seen further on; the rest counts as open.

use std::collections::BTreeSet;
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::domain::condition::{Cell, Datum, Outcome, Rows, Slot, Standing, Values};
use crate::domain::id::{ColumnId, OptionId};
use crate::domain::questionnaire::{Bounds, Check, Choice, Column, Kind, Question, Table};
use crate::domain::response::{Said, Value};
use crate::domain::time::Day;

/// The column that names the row in the answer to a matrix, whose rows are fixed.
pub const FIXED_ROW: &str = "id";

/// What stands as the answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// Nothing was said, or it was taken back.
    Unanswered,
    /// A value that fits.
    Valid(Given),
    /// The explicit *none*.
    None,
    /// *Not applicable* was said.
    NotApplicable,
    /// *Don't know* was said.
    Unknown,
    /// A value that does not fit the question as it stands now, and why.
    Invalid(String),
}

impl Held {
    /// Returns whether the question still needs an answer, as far as this goes.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Unanswered | Self::Unknown | Self::Invalid(_))
    }

    /// Returns how expressions see this, when the question is asked.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match self {
            Self::Unanswered | Self::Invalid(_) => Standing::Unanswered,
            Self::Valid(_) => Standing::Answered,
            Self::None => Standing::None,
            Self::NotApplicable => Standing::NotApplicable,
            Self::Unknown => Standing::Unknown,
        }
    }
}

/// A value that fits its question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// Any type but the two below.
    Plain(Datum),
    /// Protected and target.
    Coverage {
        /// How many are protected.
        protected: u64,
        /// How many should be.
        target: u64,
    },
    /// A table.
    Table {
        /// The keys of the rows, in their order.
        keys: Vec<String>,
        /// The rows, in the same order.
        rows: Rows,
    },
}

/// [`Values`] for an expression that judges something: adds `this` and `row` to those of the questionnaire.
pub struct Judging<'a> {
    /// The values of the questionnaire.
    pub base: &'a dyn Values,
    /// The value judged.
    pub this: Option<&'a Datum>,
    /// The row in which the expression stands, with the place of its question.
    pub row: Option<(usize, &'a [Cell])>,
}

impl Values for Judging<'_> {
    fn value(&self, slot: Slot) -> Outcome {
        match (slot, self.row) {
            (Slot::This, _) => self
                .this
                .map_or_else(Outcome::settled, |this| Outcome::Known(this.clone())),
            (Slot::Column(place), Some((question, cells))) => match cells.get(place) {
                Some(Cell::Known(datum)) => Outcome::Known(datum.clone()),
                Some(Cell::Missing) => Outcome::open(question),
                Some(Cell::NotAsked) | None => Outcome::settled(),
            },
            _ => self.base.value(slot),
        }
    }

    fn standing(&self, question: usize) -> Standing {
        self.base.standing(question)
    }

    fn today(&self) -> Day {
        self.base.today()
    }
}

/// Holds what was `said` against the question at `place`, which is asked.
#[must_use]
pub fn hold(place: usize, question: &Question, said: Option<&Said>, values: &dyn Values) -> Held {
    let value = match said {
        None => return Held::Unanswered,
        Some(Said::None) if question.none.is_some() => return Held::None,
        Some(Said::None) => return Held::Invalid("this question no longer offers *none*".into()),
        Some(Said::NotApplicable(_)) => return Held::NotApplicable,
        Some(Said::Unknown(_)) => return Held::Unknown,
        Some(Said::Value(value)) => value,
    };
    match given(place, question, value, values) {
        Ok(given) => {
            let failing = failing(place, &question.checks, &given, values);
            match failing.into_iter().find(|check| check.refuses) {
                Some(check) => Held::Invalid(check.text.outline()),
                None => Held::Valid(given),
            }
        }
        Err(reason) => Held::Invalid(reason),
    }
}

/// Converts a value of the question at `place`, before its checks, or says why it does not fit.
pub(crate) fn given(
    place: usize,
    question: &Question,
    value: &Value,
    values: &dyn Values,
) -> Result<Given, String> {
    match (&question.kind, value) {
        (Kind::Coverage(_), Value::Coverage { protected, target }) => Ok(Given::Coverage {
            protected: *protected,
            target: *target,
        }),
        (Kind::Rows(table), Value::Rows(rows)) => hold_rows(place, table, rows, values),
        (kind, value) => datum(kind, value, values).map(Given::Plain),
    }
}

/// Returns the checks that `given` does not hold; a check that cannot be judged yet is not among them.
pub(crate) fn failing<'c>(
    place: usize,
    checks: &'c [Check],
    given: &Given,
    values: &dyn Values,
) -> Vec<&'c Check> {
    let this = match given {
        Given::Plain(datum) => Some(datum.clone()),
        Given::Table { rows, .. } => Some(Datum::Rows(rows.clone())),
        Given::Coverage { .. } => None,
    };
    let own = OwnCoverage {
        base: values,
        place,
        given,
    };
    let judging = Judging {
        base: &own,
        this: this.as_ref(),
        row: None,
    };
    checks
        .iter()
        .filter(|check| check.expression.evaluate(&judging).is_false())
        .collect()
}

/// Lets the checks of a coverage question read its own two numbers before the answer is taken in.
struct OwnCoverage<'a> {
    base: &'a dyn Values,
    place: usize,
    given: &'a Given,
}

impl Values for OwnCoverage<'_> {
    fn value(&self, slot: Slot) -> Outcome {
        match (slot, self.given) {
            (Slot::Protected(place), Given::Coverage { protected, .. }) if place == self.place => {
                whole(*protected)
            }
            (Slot::Target(place), Given::Coverage { target, .. }) if place == self.place => {
                whole(*target)
            }
            _ => self.base.value(slot),
        }
    }

    fn standing(&self, question: usize) -> Standing {
        self.base.standing(question)
    }

    fn today(&self) -> Day {
        self.base.today()
    }
}

/// Returns a count as a whole number of the condition language.
pub(crate) fn whole(count: u64) -> Outcome {
    i64::try_from(count).map_or_else(|_| Outcome::settled(), |count| Datum::Int(count).into())
}

/// Returns what the first refusing check that does not hold says.
pub(crate) fn failed(checks: &[Check], values: &dyn Values) -> Option<String> {
    checks
        .iter()
        .filter(|check| check.refuses)
        .find(|check| check.expression.evaluate(values).is_false())
        .map(|check| check.text.outline())
}

/// Returns the places of the options that are offered.
pub(crate) fn offered(options: &[Choice], values: &dyn Values) -> Vec<bool> {
    options
        .iter()
        .map(|option| match &option.when {
            Some(when) => when.evaluate(values).is_true(),
            None => true,
        })
        .collect()
}

/// Converts a plain value of the right type, or says why it does not fit.
fn datum(kind: &Kind, value: &Value, values: &dyn Values) -> Result<Datum, String> {
    match (kind, value) {
        (Kind::Bool, Value::Bool(value)) => Ok(Datum::Bool(*value)),
        (Kind::Choice(options), Value::Choice(id)) => {
            let place = place_of(options, id)?;
            if offered(options, values)[place] {
                Ok(Datum::Option(place))
            } else {
                Err(format!("the option `{id}` is no longer offered"))
            }
        }
        (Kind::Multi(options), Value::Multi(ids)) => ticked(options, ids, values),
        (Kind::Int(bounds), Value::Int(number)) => {
            within(*bounds, Decimal::from(*number)).map(|()| Datum::Int(*number))
        }
        (Kind::Decimal(bounds) | Kind::Percent(bounds), Value::Decimal(number)) => {
            within(*bounds, *number).map(|()| Datum::Decimal(*number))
        }
        (Kind::Text, Value::Text(text)) => Ok(Datum::text(text.as_str())),
        (Kind::Date, Value::Date(day)) => Ok(Datum::Date(*day)),
        _ => Err(format!(
            "the question now asks for another type of answer ({})",
            kind.name()
        )),
    }
}

/// Returns the place of an option.
fn place_of(options: &[Choice], id: &OptionId) -> Result<usize, String> {
    options
        .iter()
        .position(|option| option.id == *id)
        .ok_or_else(|| format!("there is no option `{id}` any more"))
}

/// Converts ticked options; those that are not offered are kept in the response and not seen.
fn ticked(
    options: &[Choice],
    ids: &BTreeSet<OptionId>,
    values: &dyn Values,
) -> Result<Datum, String> {
    let offered = offered(options, values);
    let places = ids
        .iter()
        .map(|id| place_of(options, id))
        .collect::<Result<Vec<usize>, String>>()?;
    let seen: Vec<usize> = places.into_iter().filter(|place| offered[*place]).collect();
    if seen.len() > 1 && seen.iter().any(|place| options[*place].exclusive) {
        return Err("an option that excludes the others is ticked together with them".into());
    }
    Ok(Datum::options(seen))
}

/// Checks a number against its bounds.
fn within(bounds: Bounds, number: Decimal) -> Result<(), String> {
    match (bounds.min, bounds.max) {
        (Some(min), _) if number < min => Err(format!("less than {min}")),
        (_, Some(max)) if number > max => Err(format!("more than {max}")),
        _ => Ok(()),
    }
}

/// Converts a table.
fn hold_rows(
    place: usize,
    table: &Table,
    rows: &[crate::domain::response::Row],
    values: &dyn Values,
) -> Result<Given, String> {
    let mut keys = Vec::new();
    let mut held = Vec::new();
    let mut seen = BTreeSet::new();
    for row in rows {
        let Some(key) = row_key(table, row) else {
            continue;
        };
        if !seen.insert(key.clone()) {
            return Err(format!("two rows have the key `{key}`"));
        }
        let unfinished = |column: &&Column| column.required && !row.contains_key(&column.id);
        if table.columns.iter().any(|column| unfinished(&column)) {
            continue;
        }
        held.push(hold_row(place, table, row, values)?);
        keys.push(key);
    }
    let rows = Rows {
        question: place,
        rows: held.into(),
    };
    Ok(Given::Table { keys, rows })
}

/// Returns the key of a row; nothing where it has none, or where it names no row of a matrix.
#[must_use]
pub fn row_key(table: &Table, row: &crate::domain::response::Row) -> Option<String> {
    if table.fixed.is_empty() {
        let column = &table.columns[table.key?];
        return row.get(&column.id).map(ToString::to_string);
    }
    let key = row.get(FIXED_ROW)?.to_string();
    table
        .fixed
        .iter()
        .any(|fixed| fixed.id.as_str() == key)
        .then_some(key)
}

/// Converts the cells of a row from left to right, so that a column's condition and checks see those before and after it.
fn hold_row(
    place: usize,
    table: &Table,
    row: &crate::domain::response::Row,
    values: &dyn Values,
) -> Result<Arc<[Cell]>, String> {
    let mut cells: Vec<Cell> = table
        .columns
        .iter()
        .map(|column| hold_cell(column, row.get(&column.id), values))
        .collect::<Result<_, _>>()?;
    for (at, column) in table.columns.iter().enumerate() {
        let judging = Judging {
            base: values,
            this: None,
            row: Some((place, &cells)),
        };
        if let Some(when) = &column.when {
            let asked = when.evaluate(&judging);
            if asked.is_false()
                || asked.known().is_none() && asked.open_questions().next().is_none()
            {
                cells[at] = Cell::NotAsked;
                continue;
            }
        }
        let Cell::Known(this) = cells[at].clone() else {
            continue;
        };
        let judging = Judging {
            base: values,
            this: Some(&this),
            row: Some((place, &cells)),
        };
        if failed(&column.checks, &judging).is_some() {
            cells[at] = Cell::Missing;
        }
    }
    Ok(cells.into())
}

/// Converts one cell.
pub(crate) fn hold_cell(
    column: &Column,
    value: Option<&Value>,
    values: &dyn Values,
) -> Result<Cell, String> {
    match value {
        None => Ok(Cell::Missing),
        Some(value) => datum(&column.kind, value, values)
            .map(Cell::Known)
            .map_err(|reason| in_column(&column.id, &reason)),
    }
}

/// Says in which column something does not fit.
fn in_column(column: &ColumnId, reason: &str) -> String {
    format!("column `{column}`: {reason}")
}
