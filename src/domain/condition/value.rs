//! What expressions read and yield: data, unknowns with their causes, and the [`Values`] to look up.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

/// Something that an expression can read. Numbers are the caller's own, such as places in its lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// The answer to a question; also read to learn how things stand with it ([`Standing`]).
    Question(usize),
    /// The protected number of a coverage question.
    Protected(usize),
    /// The target of a coverage question.
    Target(usize),
    /// A derived value.
    Derived(usize),
    /// A fact about the customer.
    Customer(CustomerField),
    /// A column of the row in which the expression stands.
    Column(usize),
    /// The value that the expression judges.
    This,
    /// What a tool observed.
    Evidence(EvidenceField),
    /// Whether a finding is raised.
    Finding(usize),
    /// Whether a profile is in scope.
    Profile(usize),
}

/// A fact about the customer that expressions can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CustomerField {
    /// `customer.id`, a text.
    Id,
    /// `customer.name`, a text.
    Name,
    /// `customer.time_zone`, a text.
    TimeZone,
    /// `customer.seats`, a whole number; settled unknown while it is not recorded.
    Seats,
    /// `customer.go_live`, a date; settled unknown while it is not recorded.
    GoLive,
}

/// A part of an observation that the `answer` of an evidence mapping can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceField {
    /// `ev.status`, one of [`EvidenceField::STATUSES`].
    Status,
    /// `ev.percent`, a decimal number.
    Percent,
    /// `ev.value`, a text.
    Value,
    /// `ev.count`, a whole number.
    Count,
}

impl EvidenceField {
    /// The options of `ev.status`; a [`Datum::Option`] counts in this list.
    pub const STATUSES: [&'static str; 4] = ["met", "not-met", "partly", "unknown"];
}

/// A known value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Datum {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// An exact decimal number.
    Decimal(Decimal),
    /// A text.
    Text(Arc<str>),
    /// A day.
    Date(NaiveDate),
    /// The place of the chosen option among the options of its question.
    Option(usize),
    /// The places of the ticked options, ascending; make it with [`Datum::options`].
    Options(Arc<[usize]>),
    /// The rows of a rows question.
    Rows(Rows),
    /// A list of values of one type.
    List(Arc<[Self]>),
    /// `nothing`: an evidence mapping proposes no answer.
    Nothing,
}

impl Datum {
    /// Makes the set of ticked options from their places, in any order.
    pub fn options(places: impl IntoIterator<Item = usize>) -> Self {
        let places: BTreeSet<usize> = places.into_iter().collect();
        Self::Options(places.into_iter().collect())
    }

    /// Makes a text.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }
}

/// Rows, and the question whose answer they are: the cause of what is missing in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// The rows question.
    pub question: usize,
    /// The rows, in their order.
    pub rows: Arc<[Row]>,
}

/// One row: a cell for each column of the question, in the order of the columns.
pub type Row = Arc<[Cell]>;

/// What stands in one column of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A value.
    Known(Datum),
    /// Asked and not given, or not valid: open, because of the rows question.
    Missing,
    /// Not asked in this row: a settled unknown.
    NotAsked,
}

/// What an expression comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A value.
    Known(Datum),
    /// No value, and why.
    Unknown(Unknown),
}

impl Outcome {
    /// Returns an unknown with one open question as its cause.
    pub fn open(question: usize) -> Self {
        Self::Unknown(Unknown::open(question))
    }

    /// Returns an unknown that no answer to an open question changes.
    pub fn settled() -> Self {
        Self::Unknown(Unknown::default())
    }

    /// Returns the value if it is known.
    pub fn known(&self) -> Option<&Datum> {
        match self {
            Self::Known(datum) => Some(datum),
            Self::Unknown(_) => None,
        }
    }

    /// Tells whether this is known to be true.
    pub fn is_true(&self) -> bool {
        matches!(self, Self::Known(Datum::Bool(true)))
    }

    /// Tells whether this is known to be false.
    pub fn is_false(&self) -> bool {
        matches!(self, Self::Known(Datum::Bool(false)))
    }

    /// Returns the open questions for which there is no value; none if there is one, or if it is settled.
    pub fn open_questions(&self) -> impl Iterator<Item = usize> {
        let open = match self {
            Self::Known(_) => None,
            Self::Unknown(unknown) => Some(unknown.open.iter().copied()),
        };
        open.into_iter().flatten()
    }
}

impl From<Datum> for Outcome {
    fn from(datum: Datum) -> Self {
        Self::Known(datum)
    }
}

/// Why there is no value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unknown {
    /// The open questions that caused it; answering them may give it a value.
    pub open: BTreeSet<usize>,
    /// What could not be computed, if that is among the causes.
    pub arithmetic: Option<Arithmetic>,
}

impl Unknown {
    /// Returns an unknown with one open question as its cause.
    pub fn open(question: usize) -> Self {
        Self {
            open: BTreeSet::from([question]),
            arithmetic: None,
        }
    }

    /// Tells whether no open question is among the causes.
    pub fn is_settled(&self) -> bool {
        self.open.is_empty()
    }

    /// Takes in the causes of another unknown.
    pub fn merge(&mut self, other: Self) {
        self.open.extend(other.open);
        self.arithmetic = self.arithmetic.or(other.arithmetic);
    }
}

impl From<Arithmetic> for Unknown {
    fn from(arithmetic: Arithmetic) -> Self {
        Self {
            open: BTreeSet::new(),
            arithmetic: Some(arithmetic),
        }
    }
}

/// What could not be computed; the author of the expression should hear of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// A division by zero, or the remainder of one.
    DivisionByZero,
    /// A number or a date beyond what can be represented.
    Overflow,
}

/// How things stand with a question, whatever its answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is not asked, or it is not known yet whether it is.
    NotAsked,
    /// It is asked, and there is no answer or none that is valid.
    Unanswered,
    /// It has a value.
    Answered,
    /// Its *none* was chosen.
    None,
    /// *Don't know* was said.
    Unknown,
    /// *Not applicable* was said.
    NotApplicable,
}

/// What expressions look up.
///
/// A value of another type than the scope declares for its slot counts as a settled unknown.
pub trait Values {
    /// Returns the value in a slot, or why there is none. What is not asked is never seen: it is a settled
    /// unknown, or open because of what decides whether it is asked.
    fn value(&self, slot: Slot) -> Outcome;

    /// Returns how things stand with a question.
    fn standing(&self, question: usize) -> Standing;

    /// Returns the day on which the expression is judged, the same for a whole run.
    fn today(&self) -> NaiveDate;
}
