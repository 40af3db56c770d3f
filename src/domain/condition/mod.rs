//! The condition language of questionnaires: from a text to a typed, three-valued expression.
//!
//! [`parse`] reads the text, [`Syntax::check`] resolves names and types against a [`Scope`], and
//! [`Expression::evaluate`] computes an [`Outcome`] from [`Values`]. What a condition is *for* (whether
//! a question is asked, a finding raised) is the business of the caller, as is the order of evaluation.
//!
//! # Grammar
//!
//! ```text
//! expr  = or ["?" expr ":" expr] ;   or = and {"||" and} ;   and = rel {"&&" rel} ;
//! rel   = add [("=="|"!="|"<"|"<="|">"|">="|"in") add] ;
//! add   = mul {("+"|"-") mul} ;      mul = unary {("*"|"/"|"%") unary} ;      unary = {"!"|"-"} primary ;
//! primary = true | false | nothing | int | decimal | 'text' | "text" | "[" [expr {"," expr}] "]"
//!         | "(" expr ")" | path | name "(" [expr {"," expr}] ")" | path each {each} ;
//! each  = "." ("exists"|"all"|"filter"|"map") "(" name "," expr ")" ;      path = name {"." name} ;
//! ```
//!
//! Texts have no escapes and end on their line; one that holds `"` is written with `'`, and the other way
//! round. At most [`MAX_BYTES`] long, [`MAX_DEPTH`] deep and of [`MAX_PARTS`] parts.
//!
//! # Types
//!
//! Nothing is converted, but literals take the type that stands beside them: `100` is a decimal number
//! beside a percentage, `"some"` is an option beside a choice, `["a", "b"]` a set of options beside a
//! question with several. Two choices are compared only if they have the same options. Texts are equal
//! letter for letter; only numbers and dates have an order. A date minus a date is a number of days, a
//! date plus or minus a number of days a date. Division of whole numbers drops the rest (W055). Sums and
//! products of decimal numbers are exact or an overflow; a quotient has 28 digits.
//!
//! | function | gives |
//! |---|---|
//! | `size(x)` | how many letters, options, rows or elements |
//! | `sum(list)` `mean(list)` | 0 for an empty list; the mean of none is unknown and settled |
//! | `min(…)` `max(…)` | of a list, or of two and more numbers or dates; of an empty list as `mean` |
//! | `count(list)` | how many of a list of yes or no are yes: `count([a, b, c]) >= 2` |
//! | `any_of(multi, ["a", "b"])` `all_of` `none_of` | whether any, all, none of these options are ticked |
//! | `contains(text, part)` `starts_with(text, part)` | letter for letter |
//! | `date("2026-09-02")` `today()` | a date |
//! | `days(from, until)` `days(n)` | days from one date to another; n days, for reading: `today() + days(90)` |
//! | `round(x)` `round(x, n)` | the nearest whole number; with n digits; halves go away from zero |
//! | `or_else(x, default)` | the default when x is unknown for whatever reason |
//! | `finding("id")` | whether that finding is raised, where the scope allows to ask |
//! | `answered(x)` | never unknown: a question has a value or its *none*; another name has a value |
//! | `is_unknown(q)` `is_na(q)` `visible(q)` | never unknown: *don't know* was said, *not applicable* was said, it is asked |
//! | `in_scope("profile")` | never unknown: the profile is in scope for certain |
//!
//! # Three values
//!
//! An unknown carries the open questions that caused it; without any it is *settled*. `&&`, `||`, `!`,
//! `exists`, `all` and `in [..]` are Kleene's: what decides, decides, whatever else is unknown. Every
//! other operator is unknown when an operand is, with the causes of all operands. Of `c ? a : b` with an
//! unknown `c` the value is known if both `a` and `b` are known and the same. A missing cell of a row is
//! open, because of its rows question. Division by zero and overflow are unknowns that say so
//! ([`Arithmetic`]).
//!
//! [`parse`]: crate::domain::condition::parse()
//! [`Syntax::check`]: crate::domain::condition::Syntax::check
//! [`Scope`]: crate::domain::condition::Scope
//! [`Expression::evaluate`]: crate::domain::condition::Expression::evaluate
//! [`Outcome`]: crate::domain::condition::Outcome
//! [`Values`]: crate::domain::condition::Values
//! [`Arithmetic`]: crate::domain::condition::Arithmetic
//! [`MAX_BYTES`]: crate::domain::condition::MAX_BYTES
//! [`MAX_DEPTH`]: crate::domain::condition::MAX_DEPTH
//! [`MAX_PARTS`]: crate::domain::condition::MAX_PARTS

mod value;
mod lex;
mod parse;
mod scope;
mod function;
mod expression;
mod check;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use crate::domain::condition::expression::{Expression, Read};
pub(crate) use crate::domain::condition::parse::Comparison;
pub use crate::domain::condition::parse::{Syntax, parse};
pub use crate::domain::condition::scope::{Columns, Names, OptionSet, Scope, Type};
pub use crate::domain::condition::value::{
    Arithmetic, Cell, CustomerField, Datum, EvidenceField, Outcome, Row, Rows, Slot, Standing,
    Unknown, Values,
};

/// How long an expression may be, in bytes.
pub const MAX_BYTES: usize = 16 * 1024;

/// How deep brackets, functions, `!` and `-` may be nested.
pub const MAX_DEPTH: usize = 48;

/// How many values, names and operators an expression may have.
pub const MAX_PARTS: usize = 2_000;

/// Names that mean something in expressions, so that no section and no variable may have them.
pub const RESERVED: [&str; 10] = [
    "customer", "derived", "row", "this", "ev", "in", "true", "false", "nothing", "other",
];

/// What is wrong with an expression, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The code of the check, such as `E001`; warnings begin with `W`.
    pub code: &'static str,
    /// The bytes of the expression that are meant; always on the borders of characters.
    pub span: Range<usize>,
    /// What is wrong, in plain words.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Fault {
    fn new(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        let (span, message) = (span.start..span.end, message.into());
        Self {
            code,
            span,
            message,
            hint: None,
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Tells a warning from an error: an expression with warnings can be used.
    pub fn is_warning(&self) -> bool {
        self.code.starts_with('W')
    }
}

/// A stretch of the source, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    start: usize,
    end: usize,
}

impl Span {
    fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    fn of(self, source: &str) -> &str {
        &source[self.start..self.end]
    }
}
