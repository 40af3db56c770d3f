//! Which names an expression may use, and what types they have.

use std::collections::BTreeMap;
use std::fmt::{Display, Formatter, Result as Formatted};
use std::ops::Bound;
use std::sync::Arc;

use crate::domain::condition::value::{CustomerField, Datum, EvidenceField, Slot};

/// The type of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Yes or no.
    Bool,
    /// A whole number.
    Int,
    /// A decimal number; also a percentage.
    Decimal,
    /// A text.
    Text,
    /// A day.
    Date,
    /// One of some options.
    Option(OptionSet),
    /// Any of some options.
    Options(OptionSet),
    /// Rows with these columns.
    Rows(Columns),
    /// Several values of one type.
    List(Box<Self>),
    /// A coverage question: has no value of its own, only `.protected` and `.target`.
    Coverage,
    /// `nothing`, where nothing else gives it a type.
    Nothing,
}

impl Type {
    /// Tells whether a value is of this type; rows are looked at when their cells are read.
    pub fn admits(&self, datum: &Datum) -> bool {
        match (self, datum) {
            (Self::Bool, Datum::Bool(_))
            | (Self::Int, Datum::Int(_))
            | (Self::Decimal, Datum::Decimal(_))
            | (Self::Text, Datum::Text(_))
            | (Self::Date, Datum::Date(_))
            | (Self::Rows(_), Datum::Rows(_))
            | (Self::Nothing, Datum::Nothing) => true,
            (Self::Option(options), Datum::Option(place)) => *place < options.len(),
            (Self::Options(options), Datum::Options(places)) => {
                places.is_sorted_by(|a, b| a < b) && places.iter().all(|p| *p < options.len())
            }
            (Self::List(element), Datum::List(data)) => data.iter().all(|d| element.admits(d)),
            _ => false,
        }
    }

    /// Tells whether this is a number, a text, a day, an option or yes or no: what a list can hold.
    pub(crate) fn is_single(&self) -> bool {
        match self {
            Self::Bool | Self::Int | Self::Decimal | Self::Text | Self::Date | Self::Option(_) => {
                true
            }
            Self::Options(_) | Self::Rows(_) | Self::List(_) | Self::Coverage | Self::Nothing => {
                false
            }
        }
    }
}

impl Display for Type {
    fn fmt(&self, formatter: &mut Formatter) -> Formatted {
        formatter.write_str(match self {
            Self::Bool => "yes or no",
            Self::Int => "a whole number",
            Self::Decimal => "a decimal number",
            Self::Text => "a text",
            Self::Date => "a date",
            Self::Option(_) => "one of several options",
            Self::Options(_) => "a set of options",
            Self::Rows(_) => "a table of rows",
            Self::List(_) => "a list",
            Self::Coverage => "a pair of numbers, protected and target",
            Self::Nothing => "nothing",
        })
    }
}

/// The ids of the options of a question, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionSet(Arc<[String]>);

impl OptionSet {
    /// Makes a set from ids; the place of an id is its number.
    pub fn new(ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(ids.into_iter().map(Into::into).collect())
    }

    /// Returns the place of an option.
    pub fn place(&self, id: &str) -> Option<usize> {
        self.0.iter().position(|candidate| candidate == id)
    }

    /// Returns the ids, in their order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

/// The columns of a rows question, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns(Arc<[(String, Type)]>);

impl Columns {
    /// Makes columns from ids and types; the place of an id is its number.
    pub fn new(columns: impl IntoIterator<Item = (impl Into<String>, Type)>) -> Self {
        let named = columns.into_iter().map(|(id, ty)| (id.into(), ty));
        Self(named.collect())
    }

    /// Returns the place and the type of a column.
    pub fn get(&self, id: &str) -> Option<(usize, &Type)> {
        let found = self.0.iter().enumerate().find(|(_, (name, _))| name == id);
        found.map(|(place, (_, ty))| (place, ty))
    }

    /// Returns the ids, in their order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(id, _)| id.as_str())
    }
}

/// The names of one questionnaire, the same for all of its expressions.
#[derive(Debug, Clone)]
pub struct Names {
    slots: BTreeMap<String, (Slot, Type)>,
    findings: BTreeMap<String, usize>,
    profiles: BTreeMap<String, usize>,
}

impl Names {
    /// Returns the names that every questionnaire has: the customer's.
    pub fn new() -> Self {
        let customer = [
            ("id", CustomerField::Id, Type::Text),
            ("name", CustomerField::Name, Type::Text),
            ("time_zone", CustomerField::TimeZone, Type::Text),
            ("seats", CustomerField::Seats, Type::Int),
            ("go_live", CustomerField::GoLive, Type::Date),
        ];
        let named = |(name, field, ty)| (format!("customer.{name}"), (Slot::Customer(field), ty));
        Self {
            slots: customer.into_iter().map(named).collect(),
            findings: BTreeMap::new(),
            profiles: BTreeMap::new(),
        }
    }

    /// Adds a question as `section.question`; one of coverage with its two numbers.
    pub fn question(&mut self, section: &str, question: &str, number: usize, ty: Type) {
        let path = format!("{section}.{question}");
        if ty == Type::Coverage {
            let members = [
                (".protected", Slot::Protected(number)),
                (".target", Slot::Target(number)),
            ];
            for (member, slot) in members {
                let name = format!("{path}{member}");
                self.slots.insert(name, (slot, Type::Int));
            }
        }
        self.slots.insert(path, (Slot::Question(number), ty));
    }

    /// Adds a derived value as `derived.id`.
    pub fn derived(&mut self, id: &str, number: usize, ty: Type) {
        let slot = Slot::Derived(number);
        self.slots.insert(format!("derived.{id}"), (slot, ty));
    }

    /// Adds a finding, for `finding("id")`.
    pub fn finding(&mut self, id: &str, number: usize) {
        self.findings.insert(id.to_owned(), number);
    }

    /// Adds a profile, for `in_scope("id")`.
    pub fn profile(&mut self, id: &str, number: usize) {
        self.profiles.insert(id.to_owned(), number);
    }
}

impl Default for Names {
    fn default() -> Self {
        Self::new()
    }
}

/// What an expression may name, depending on where it stands.
#[derive(Debug, Clone)]
pub struct Scope<'a> {
    names: &'a Names,
    this: Option<Type>,
    row: Option<Columns>,
    evidence: bool,
    guesses: bool,
    findings: bool,
    defines: Vec<Slot>,
}

impl<'a> Scope<'a> {
    /// Returns a scope with the names of the questionnaire and nothing else.
    pub fn new(names: &'a Names) -> Self {
        Self {
            names,
            this: None,
            row: None,
            evidence: false,
            guesses: true,
            findings: false,
            defines: Vec::new(),
        }
    }

    /// Adds `this`, the value that the expression judges.
    pub fn with_this(mut self, ty: Type) -> Self {
        self.this = Some(ty);
        self
    }

    /// Adds `row.column`, for an expression that stands in a column.
    pub fn with_row(mut self, columns: Columns) -> Self {
        self.row = Some(columns);
        self
    }

    /// Adds `ev.…` and `nothing`, for the answer of an evidence mapping.
    pub fn with_evidence(mut self) -> Self {
        self.evidence = true;
        self
    }

    /// Allows `finding("id")`, for what is judged after the findings.
    pub fn with_findings(mut self) -> Self {
        self.findings = true;
        self
    }

    /// Says what the expression helps to define and must therefore not read. May be called again.
    pub fn defining(mut self, slot: Slot) -> Self {
        self.defines.push(slot);
        self
    }

    /// Gives up guessing which name of the questionnaire was meant by a wrong one: that takes longer the more names there are.
    pub fn without_guesses(mut self) -> Self {
        self.guesses = false;
        self
    }

    pub(crate) fn has_evidence(&self) -> bool {
        self.evidence
    }

    pub(crate) fn has_findings(&self) -> bool {
        self.findings
    }

    pub(crate) fn defines(&self, slot: Slot) -> bool {
        let whole = match slot {
            Slot::Protected(number) | Slot::Target(number) => Slot::Question(number),
            _ => slot,
        };
        self.defines.contains(&slot) || self.defines.contains(&whole)
    }

    pub(crate) fn get(&self, path: &str) -> Option<(Slot, Type)> {
        if let Some(found) = self.names.slots.get(path) {
            return Some(found.clone());
        }
        match path.split_once('.') {
            None if path == "this" => self.this.clone().map(|ty| (Slot::This, ty)),
            Some(("row", column)) => {
                let (place, ty) = self.row.as_ref()?.get(column)?;
                Some((Slot::Column(place), ty.clone()))
            }
            Some(("ev", field)) if self.evidence => evidence_field(field),
            _ => None,
        }
    }

    pub(crate) fn finding(&self, id: &str) -> Option<usize> {
        self.names.findings.get(id).copied()
    }

    pub(crate) fn profile(&self, id: &str) -> Option<usize> {
        self.names.profiles.get(id).copied()
    }

    pub(crate) fn findings(&self) -> impl Iterator<Item = &str> {
        let known = self.names.findings.keys().map(String::as_str);
        known.filter(|_| self.guesses)
    }

    pub(crate) fn profiles(&self) -> impl Iterator<Item = &str> {
        let known = self.names.profiles.keys().map(String::as_str);
        known.filter(|_| self.guesses)
    }

    /// Returns all names of the questionnaire.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &'a str> {
        let guesses = self.guesses;
        let known = self.names.slots.keys().map(String::as_str);
        known.filter(move |_| guesses)
    }

    /// Tells whether some question has an option of this id.
    pub(crate) fn has_option(&self, id: &str) -> bool {
        self.names.slots.values().any(|(_, ty)| match ty {
            Type::Option(options) | Type::Options(options) => options.place(id).is_some(),
            _ => false,
        })
    }

    /// Returns what follows `prefix.` in the names that begin so.
    pub(crate) fn members(&self, prefix: &str) -> Vec<String> {
        if prefix == "row" {
            let columns = self.row.iter().flat_map(Columns::ids);
            return columns.map(str::to_owned).collect();
        }
        if prefix == "ev" && self.evidence {
            return EVIDENCE_FIELDS.map(str::to_owned).to_vec();
        }
        let start = format!("{prefix}.");
        let range = (Bound::Included(start.clone()), Bound::Unbounded);
        let from_start = self.names.slots.range(range);
        let members = from_start.map_while(|(path, _)| path.strip_prefix(start.as_str()));
        members.map(str::to_owned).collect()
    }
}

const EVIDENCE_FIELDS: [&str; 4] = ["status", "percent", "value", "count"];

fn evidence_field(field: &str) -> Option<(Slot, Type)> {
    let (field, ty) = match field {
        "status" => {
            let options = OptionSet::new(EvidenceField::STATUSES);
            (EvidenceField::Status, Type::Option(options))
        }
        "percent" => (EvidenceField::Percent, Type::Decimal),
        "value" => (EvidenceField::Value, Type::Text),
        "count" => (EvidenceField::Count, Type::Int),
        _ => return None,
    };
    Some((Slot::Evidence(field), ty))
}

/// Returns the candidate that was most likely meant by a word nobody knows.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let farthest = (word.len() / 3).clamp(1, 4);
    let lower = word.to_ascii_lowercase();
    let near = candidates.into_iter().filter_map(|candidate| {
        let alike = candidate.len().abs_diff(word.len()) <= farthest;
        let distance = alike.then(|| strsim::osa_distance(&lower, candidate))?;
        (distance <= farthest).then_some((distance, candidate))
    });
    near.min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
