//! Responses: what was said to a question, by whom, when, and how we know.
//!
//! A response is kept as it was given. Whether it fits its question is checked by [`intake`](crate::domain::intake); what it
//! earns is the business of [`credit`](crate::domain::credit).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::domain::id::{ColumnId, OptionId, PersonId};
use crate::domain::time::Day;

/// The longest text answer or note, in bytes.
pub const MAX_TEXT: usize = 256 * 1024;

/// The most rows in one answer.
pub const MAX_ROWS: usize = 10_000;

/// What was said to a question, with how we know.
///
/// Two equal responses are the same answer: recording the second writes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// The answer itself.
    pub said: Said,
    /// How we know.
    pub basis: Basis,
    /// Who said it, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_by: Option<PersonId>,
    /// The day on which it was said or measured; staleness counts from here.
    pub said_on: Day,
    /// A note that reports print.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// A note that only the internal audience sees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_note: Option<String>,
}

/// The answer itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Said {
    /// A value of the question's type.
    Value(Value),
    /// An explicit *none*, where the question offers it.
    None,
    /// The question does not apply, for a coded reason.
    NotApplicable(NotApplicable),
    /// Not known yet, or never.
    Unknown(Unknown),
}

/// Why a question does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotApplicable {
    /// The product is not licensed.
    NotLicensed,
    /// The thing asked about is not used.
    NotUsed,
    /// It is outside what the service covers for this customer.
    OutOfScope,
    /// Somebody else provides it.
    ProvidedByThirdParty,
    /// Another reason, which a note gives.
    Other,
}

impl NotApplicable {
    /// Every reason, in the order in which they are offered.
    pub const ALL: [Self; 5] = [
        Self::NotLicensed,
        Self::NotUsed,
        Self::OutOfScope,
        Self::ProvidedByThirdParty,
        Self::Other,
    ];

    /// Returns the code that answers files and commands use.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotLicensed => "not-licensed",
            Self::NotUsed => "not-used",
            Self::OutOfScope => "out-of-scope",
            Self::ProvidedByThirdParty => "provided-by-third-party",
            Self::Other => "other",
        }
    }

    /// Returns the words that people read.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NotLicensed => "not licensed",
            Self::NotUsed => "not used",
            Self::OutOfScope => "out of scope",
            Self::ProvidedByThirdParty => "provided by a third party",
            Self::Other => "another reason",
        }
    }
}

/// In which way an answer is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Unknown {
    /// Somebody will find out.
    WillFindOut {
        /// Who was asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<PersonId>,
        /// By when.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Day>,
    },
    /// They know and may not say.
    MayNotSay,
    /// Nobody knows.
    NobodyKnows,
}

/// How we know an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Somebody told us.
    Interview,
    /// Somebody showed us.
    Document,
    /// A tool measured it.
    Tool,
}

impl Basis {
    /// Every basis, from the weakest.
    pub const ALL: [Self; 3] = [Self::Interview, Self::Document, Self::Tool];

    /// Returns the code that answers files and commands use.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Interview => "interview",
            Self::Document => "document",
            Self::Tool => "tool",
        }
    }

    /// Returns the word that people read: *told*, *shown* or *measured*.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Interview => "told",
            Self::Document => "shown",
            Self::Tool => "measured",
        }
    }
}

/// A value of one of the question types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// One option.
    Choice(OptionId),
    /// Any number of options, none included.
    Multi(BTreeSet<OptionId>),
    /// A whole number.
    Int(i64),
    /// A decimal number, exact; also a percentage.
    #[serde(with = "exact")]
    Decimal(Decimal),
    /// Text of any script, as typed.
    Text(String),
    /// A calendar day.
    Date(Day),
    /// How many are protected, of how many that should be.
    Coverage {
        /// How many are protected.
        protected: u64,
        /// How many should be.
        target: u64,
    },
    /// A table; every row is known by the value of its key column.
    Rows(Vec<Row>),
}

/// One row of a table: cells by column; a column without a cell has not been answered.
pub type Row = BTreeMap<ColumnId, Value>;

impl fmt::Display for Value {
    /// Writes the value as commands and answers files take it: ids, not the words people read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Choice(option) => write!(f, "{option}"),
            Self::Multi(options) => {
                let ids: Vec<&str> = options.iter().map(OptionId::as_str).collect();
                f.write_str(&ids.join(","))
            }
            Self::Int(value) => write!(f, "{value}"),
            Self::Decimal(value) => write!(f, "{}", value.normalize()),
            Self::Text(text) => f.write_str(text),
            Self::Date(day) => write!(f, "{day}"),
            Self::Coverage { protected, target } => write!(f, "{protected}/{target}"),
            Self::Rows(rows) => write!(f, "{} rows", rows.len()),
        }
    }
}

/// Decimals in JSON: as text in their shortest form, so that equal numbers have equal bytes.
mod exact {
    use std::str::FromStr;

    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        value: &Decimal,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&value.normalize())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Decimal, D::Error> {
        let text = String::deserialize(deserializer)?;
        Decimal::from_str(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falsy_answers_are_answers_and_read_back() {
        let values = [
            Value::Bool(false),
            Value::Int(0),
            Value::Text(String::new()),
            Value::Multi(BTreeSet::new()),
            Value::Rows(Vec::new()),
            Value::Decimal(Decimal::new(9450, 2)),
        ];
        for value in values {
            let json = serde_json::to_string(&value).unwrap();
            assert_eq!(
                serde_json::from_str::<Value>(&json).unwrap(),
                value,
                "{json}"
            );
        }
    }

    #[test]
    fn equal_decimals_have_equal_bytes() {
        let json = |mantissa, scale| {
            serde_json::to_string(&Value::Decimal(Decimal::new(mantissa, scale))).unwrap()
        };
        assert_eq!(json(9450, 2), json(945, 1));
    }
}
