//! Checked expressions and their evaluation.
//!
//! The recursion is as deep as the expression is nested, which the parser bounds.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::domain::condition::Fault;
use crate::domain::condition::function::{Function, Value, calculate, compare, negate};
use crate::domain::condition::parse::{Comparison, Each, Operator};
use crate::domain::condition::scope::Type;
use crate::domain::condition::value::{
    Cell, Datum, Outcome, Row, Rows, Slot, Standing, Unknown, Values,
};

/// An expression whose names and types are known to be right; small, and cheap to clone.
#[derive(Debug, Clone)]
pub struct Expression(pub(crate) Arc<Checked>);

/// What is known about an expression.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) source: Arc<str>,
    pub(crate) ty: Type,
    pub(crate) step: Step,
    pub(crate) reads: Vec<Read>,
    pub(crate) negated: Vec<Read>,
    pub(crate) reads_day: bool,
    pub(crate) warnings: Vec<Fault>,
}

/// A name in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// What it names.
    pub slot: Slot,
    /// Where it stands, in bytes of the expression.
    pub span: Range<usize>,
}

impl Expression {
    /// Returns the text that was parsed.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// Returns the type of every value that the expression yields. An expression that may say `nothing`
    /// (the answer of an evidence mapping) yields [`Datum::Nothing`] beside that.
    pub fn ty(&self) -> &Type {
        &self.0.ty
    }

    /// Returns what the expression names, in the order of the text, with repetitions.
    pub fn reads(&self) -> &[Read] {
        &self.0.reads
    }

    /// Returns what the expression depends on, each once.
    pub fn slots(&self) -> BTreeSet<Slot> {
        self.0.reads.iter().map(|read| read.slot).collect()
    }

    /// Returns the names that stand under `!` or beside `!=`, where "unknown" is easily taken for "not":
    /// except inside `or_else` and the functions that are never unknown.
    pub fn negated(&self) -> &[Read] {
        &self.0.negated
    }

    /// Returns whether the value depends on the day: whether it says `today()`.
    pub fn reads_day(&self) -> bool {
        self.0.reads_day
    }

    /// Returns what is doubtful about the expression, though it can be used.
    pub fn warnings(&self) -> &[Fault] {
        &self.0.warnings
    }

    /// Returns the constants that the expression names, in the order of the text: those among which its value changes.
    pub fn constants(&self) -> Vec<&Datum> {
        let mut found = Vec::new();
        self.0.step.constants(&mut found);
        found
    }

    /// Returns what the expression rests on as things stand: what it depends on, without those terms of a choice (`a || b`) that do
    /// not hold while another does.
    pub fn rests_on(&self, values: &dyn Values) -> BTreeSet<Slot> {
        let mut run = Run {
            values,
            bound: Vec::new(),
        };
        let mut found = BTreeSet::new();
        self.0.step.rests_on(&mut run, &mut found);
        found
    }

    /// Returns the number with which the expression compares the value it judges, where it does so plainly: `this >= 95`,
    /// `size(this) >= 4`, alone or as one of several terms that all must hold.
    pub(crate) fn limit(&self) -> Option<Limit<'_>> {
        match &self.0.step {
            Step::All(terms) => (terms.iter()).find_map(Step::limit).map(|limit| Limit {
                alone: false,
                ..limit
            }),
            step => step.limit(),
        }
    }

    /// Computes the expression.
    pub fn evaluate(&self, values: &dyn Values) -> Outcome {
        let mut run = Run {
            values,
            bound: Vec::new(),
        };
        match run.step(&self.0.step) {
            Ok(datum) => Outcome::Known(datum),
            Err(unknown) => Outcome::Unknown(unknown),
        }
    }
}

/// The number with which an expression compares the value it judges.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit<'e> {
    /// How they are compared, the value on the left.
    pub(crate) comparison: Comparison,
    /// The number.
    pub(crate) bound: &'e Datum,
    /// Whether it is compared with how many were ticked, rather than with the value.
    pub(crate) counted: bool,
    /// Whether nothing else decides.
    pub(crate) alone: bool,
}

/// What is to be done to compute an expression.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Constant(Datum),
    Today,
    Read(Slot, Type),
    /// The element that a variable stands for; variables are counted from the outermost.
    Element(usize),
    /// A cell of the row that a variable stands for.
    Cell {
        variable: usize,
        column: usize,
        ty: Type,
    },
    List(Vec<Self>),
    Not(Box<Self>),
    Negate(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
    Compare(Comparison, Box<[Self; 2]>),
    /// Whether the first is one of the others.
    OneOf(Box<Self>, Vec<Self>),
    /// Whether the second, a list or set, has the first in it.
    Within(Box<[Self; 2]>),
    Arithmetic(Box<Self>, Vec<(Operator, Self)>),
    Choose(Vec<(Self, Self)>, Box<Self>),
    Each {
        word: Each,
        over: Box<Self>,
        body: Box<Self>,
    },
    Call(Function, Vec<Self>),
    OrElse(Box<[Self; 2]>),
    /// Whether a value is known.
    IsKnown(Box<Self>),
    Standing(usize, Test),
    InScope(usize),
}

impl Step {
    fn limit(&self) -> Option<Limit<'_>> {
        let Self::Compare(comparison, sides) = self else {
            return None;
        };
        let [
            left,
            Self::Constant(bound @ (Datum::Int(_) | Datum::Decimal(_))),
        ] = &**sides
        else {
            return None;
        };
        let counted = match left {
            Self::Read(Slot::This, _) => false,
            Self::Call(Function::Size, of) => matches!(of[..], [Self::Read(Slot::This, _)]),
            _ => return None,
        };
        (counted || matches!(left, Self::Read(..))).then_some(Limit {
            comparison: *comparison,
            bound,
            counted,
            alone: true,
        })
    }

    fn constants<'s>(&'s self, found: &mut Vec<&'s Datum>) {
        self.each(&mut |step| {
            if let Self::Constant(datum) = step {
                found.push(datum);
            }
        });
    }

    /// Adds what is read to `found`.
    fn slots(&self, found: &mut BTreeSet<Slot>) {
        self.each(&mut |step| {
            found.extend(match step {
                Self::Read(slot, _) => Some(*slot),
                Self::Standing(question, _) => Some(Slot::Question(*question)),
                Self::InScope(profile) => Some(Slot::Profile(*profile)),
                _ => None,
            });
        });
    }

    /// Adds what is read to `found`, leaving out terms of which one suffices where they do not hold.
    fn rests_on(&self, run: &mut Run<'_>, found: &mut BTreeSet<Slot>) {
        match self {
            Self::All(terms) => terms.iter().for_each(|term| term.rests_on(run, found)),
            Self::Any(terms) => {
                let holding = terms
                    .iter()
                    .filter(|term| matches!(run.step(term), Ok(Datum::Bool(true))));
                let holding: Vec<&Self> = holding.collect();
                match &holding[..] {
                    [] => self.slots(found),
                    terms => terms.iter().for_each(|term| term.rests_on(run, found)),
                }
            }
            _ => self.slots(found),
        }
    }

    /// Visits the step and those it is made of, in the order of the text.
    fn each<'s>(&'s self, visit: &mut impl FnMut(&'s Self)) {
        visit(self);
        match self {
            Self::Constant(_)
            | Self::Today
            | Self::Read(..)
            | Self::Element(_)
            | Self::Cell { .. }
            | Self::Standing(..)
            | Self::InScope(_) => {}
            Self::List(steps) | Self::All(steps) | Self::Any(steps) | Self::Call(_, steps) => {
                steps.iter().for_each(|step| step.each(visit));
            }
            Self::Not(step) | Self::Negate(step) | Self::IsKnown(step) => step.each(visit),
            Self::Compare(_, steps) | Self::Within(steps) | Self::OrElse(steps) => {
                steps.iter().for_each(|step| step.each(visit));
            }
            Self::OneOf(first, rest) => {
                first.each(visit);
                rest.iter().for_each(|step| step.each(visit));
            }
            Self::Arithmetic(first, rest) => {
                first.each(visit);
                rest.iter().for_each(|(_, step)| step.each(visit));
            }
            Self::Choose(arms, otherwise) => {
                for (when, then) in arms {
                    when.each(visit);
                    then.each(visit);
                }
                otherwise.each(visit);
            }
            Self::Each { over, body, .. } => {
                over.each(visit);
                body.each(visit);
            }
        }
    }
}

/// What is asked about how things stand with a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Test {
    Answered,
    Unknown,
    NotApplicable,
    Visible,
}

impl Test {
    fn holds(self, standing: Standing) -> bool {
        match self {
            Self::Answered => matches!(standing, Standing::Answered | Standing::None),
            Self::Unknown => standing == Standing::Unknown,
            Self::NotApplicable => standing == Standing::NotApplicable,
            Self::Visible => standing != Standing::NotAsked,
        }
    }
}

/// What a variable stands for.
enum Element {
    Single(Datum),
    Row { question: usize, row: Row },
}

/// One evaluation.
struct Run<'a> {
    values: &'a dyn Values,
    bound: Vec<Element>,
}

impl Run<'_> {
    fn step(&mut self, step: &Step) -> Value {
        match step {
            Step::Constant(datum) => Ok(datum.clone()),
            Step::Today => Ok(Datum::Date(self.values.today())),
            Step::Read(slot, ty) => self.read(*slot, ty),
            Step::Element(variable) => self.element(*variable),
            Step::Cell {
                variable,
                column,
                ty,
            } => self.cell(*variable, *column, ty),
            Step::List(elements) => Ok(Datum::List(self.every(elements)?.into())),
            Step::Not(inner) => match self.step(inner)? {
                Datum::Bool(value) => Ok(Datum::Bool(!value)),
                _ => Err(Unknown::default()),
            },
            Step::Negate(inner) => negate(&self.step(inner)?),
            Step::All(terms) => decide(false, terms.iter().map(|term| self.step(term))),
            Step::Any(terms) => decide(true, terms.iter().map(|term| self.step(term))),
            Step::Compare(comparison, sides) => {
                let [left, right] = self.both(sides)?;
                compare(*comparison, &left, &right)
            }
            Step::OneOf(needle, elements) => self.one_of(needle, elements),
            Step::Within(sides) => self.within(sides),
            Step::Arithmetic(first, rest) => self.arithmetic(first, rest),
            Step::Choose(arms, otherwise) => self.choose(arms, otherwise),
            Step::Each { word, over, body } => self.each(*word, over, body),
            Step::Call(function, arguments) => function.apply(&self.every(arguments)?),
            Step::OrElse(sides) => self.step(&sides[0]).or_else(|_| self.step(&sides[1])),
            Step::IsKnown(inner) => Ok(Datum::Bool(self.step(inner).is_ok())),
            Step::Standing(question, test) => {
                let standing = self.values.standing(*question);
                Ok(Datum::Bool(test.holds(standing)))
            }
            Step::InScope(profile) => {
                let outcome = self.values.value(Slot::Profile(*profile));
                Ok(Datum::Bool(outcome.is_true()))
            }
        }
    }

    fn read(&self, slot: Slot, ty: &Type) -> Value {
        match self.values.value(slot) {
            Outcome::Known(datum) if ty.admits(&datum) => Ok(datum),
            Outcome::Known(_) => Err(Unknown::default()),
            Outcome::Unknown(unknown) => Err(unknown),
        }
    }

    fn element(&self, variable: usize) -> Value {
        match self.bound.get(variable) {
            Some(Element::Single(datum)) => Ok(datum.clone()),
            _ => Err(Unknown::default()),
        }
    }

    fn cell(&self, variable: usize, column: usize, ty: &Type) -> Value {
        let Some(Element::Row { question, row }) = self.bound.get(variable) else {
            return Err(Unknown::default());
        };
        match row.get(column) {
            Some(Cell::Known(datum)) if ty.admits(datum) => Ok(datum.clone()),
            Some(Cell::Missing) | None => Err(Unknown::open(*question)),
            Some(Cell::Known(_) | Cell::NotAsked) => Err(Unknown::default()),
        }
    }

    /// Computes all of them; unknown, with the causes of all, if one of them is.
    fn every(&mut self, steps: &[Step]) -> Result<Vec<Datum>, Unknown> {
        collect(steps.iter().map(|step| self.step(step)))
    }

    fn both(&mut self, sides: &[Step; 2]) -> Result<[Datum; 2], Unknown> {
        pair(self.step(&sides[0]), self.step(&sides[1]))
    }

    fn one_of(&mut self, needle: &Step, elements: &[Step]) -> Value {
        let needle = self.step(needle);
        let hits = elements.iter().map(|element| {
            let [needle, element] = pair(needle.clone(), self.step(element))?;
            Ok(Datum::Bool(needle == element))
        });
        decide(true, hits)
    }

    fn within(&mut self, sides: &[Step; 2]) -> Value {
        let [needle, stack] = self.both(sides)?;
        Ok(Datum::Bool(match (&needle, &stack) {
            (Datum::Option(place), Datum::Options(places)) => places.binary_search(place).is_ok(),
            (_, Datum::List(list)) => list.contains(&needle),
            _ => return Err(Unknown::default()),
        }))
    }

    fn arithmetic(&mut self, first: &Step, rest: &[(Operator, Step)]) -> Value {
        let mut total = self.step(first);
        for (operator, step) in rest {
            let [left, right] = match pair(total, self.step(step)) {
                Ok(known) => known,
                Err(unknown) => {
                    total = Err(unknown);
                    continue;
                }
            };
            total = calculate(*operator, &left, &right);
        }
        total
    }

    fn choose(&mut self, arms: &[(Step, Step)], otherwise: &Step) -> Value {
        let mut undecided: Option<(Value, Unknown)> = None;
        for (condition, arm) in arms {
            let outcome = match self.step(condition) {
                Ok(Datum::Bool(false)) => continue,
                Ok(_) => return self.agree(undecided, arm),
                Err(unknown) => (self.step(arm), unknown),
            };
            undecided = Some(match undecided.take() {
                None => outcome,
                Some((value, mut causes)) => {
                    causes.merge(outcome.1);
                    (same(value, outcome.0), causes)
                }
            });
        }
        self.agree(undecided, otherwise)
    }

    /// Returns what `arm` comes to, unless an earlier arm might have been meant and comes to something else.
    fn agree(&mut self, undecided: Option<(Value, Unknown)>, arm: &Step) -> Value {
        let value = self.step(arm);
        let Some((earlier, mut causes)) = undecided else {
            return value;
        };
        same(earlier, value).map_err(|unknown| {
            causes.merge(unknown);
            causes
        })
    }

    fn each(&mut self, word: Each, over: &Step, body: &Step) -> Value {
        let over = self.step(over)?;
        let elements = elements(&over);
        let mut judged = elements.into_iter().map(|element| {
            self.bound.push(element);
            let value = self.step(body);
            self.bound.pop();
            value
        });
        match word {
            Each::Exists => decide(true, judged),
            Each::All => decide(false, judged),
            Each::Map => Ok(Datum::List(collect(&mut judged)?.into())),
            Each::Filter => Ok(keep(&over, &collect(&mut judged)?)),
        }
    }
}

/// Kleene's fold: one `decisive` value decides; else one unknown makes it unknown; else it is the other.
fn decide(decisive: bool, terms: impl Iterator<Item = Value>) -> Value {
    let mut causes: Option<Unknown> = None;
    for term in terms {
        match term {
            Ok(Datum::Bool(value)) if value == decisive => return Ok(Datum::Bool(decisive)),
            Ok(_) => {}
            Err(unknown) => causes.get_or_insert_default().merge(unknown),
        }
    }
    causes.map_or(Ok(Datum::Bool(!decisive)), Err)
}

fn collect(values: impl Iterator<Item = Value>) -> Result<Vec<Datum>, Unknown> {
    let mut known = Vec::new();
    let mut causes: Option<Unknown> = None;
    for value in values {
        match value {
            Ok(datum) => known.push(datum),
            Err(unknown) => causes.get_or_insert_default().merge(unknown),
        }
    }
    causes.map_or(Ok(known), Err)
}

fn pair(left: Value, right: Value) -> Result<[Datum; 2], Unknown> {
    match (left, right) {
        (Ok(left), Ok(right)) => Ok([left, right]),
        (Err(mut left), Err(right)) => {
            left.merge(right);
            Err(left)
        }
        (Err(unknown), Ok(_)) | (Ok(_), Err(unknown)) => Err(unknown),
    }
}

/// Returns the value of both if it is one and the same.
fn same(left: Value, right: Value) -> Value {
    let [left, right] = pair(left, right)?;
    if left == right {
        return Ok(left);
    }
    Err(Unknown::default())
}

fn elements(over: &Datum) -> Vec<Element> {
    match over {
        Datum::Rows(Rows { question, rows }) => {
            let row = |row: &Row| Element::Row {
                question: *question,
                row: Arc::clone(row),
            };
            rows.iter().map(row).collect()
        }
        Datum::List(list) => list.iter().cloned().map(Element::Single).collect(),
        Datum::Options(places) => {
            let option = |place: &usize| Element::Single(Datum::Option(*place));
            places.iter().map(option).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns those of `over` for which `judged` says yes.
fn keep(over: &Datum, judged: &[Datum]) -> Datum {
    fn kept<T: Clone>(all: &[T], judged: &[Datum]) -> Arc<[T]> {
        let judged = all.iter().zip(judged);
        let wanted = judged.filter(|(_, judged)| **judged == Datum::Bool(true));
        wanted.map(|(element, _)| element.clone()).collect()
    }
    match over {
        Datum::Rows(Rows { question, rows }) => Datum::Rows(Rows {
            question: *question,
            rows: kept(rows, judged),
        }),
        Datum::List(list) => Datum::List(kept(list, judged)),
        Datum::Options(places) => Datum::Options(kept(places, judged)),
        other => other.clone(),
    }
}
