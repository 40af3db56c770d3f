//! Arithmetic and functions on known values. Nothing here panics or rounds in silence.
//!
//! The checker lets only fitting types through; what does not fit all the same (a value of another type
//! than was declared) yields a settled unknown.

use std::cmp::Ordering;

use chrono::TimeDelta;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::domain::condition::parse::{Comparison, Operator};
use crate::domain::condition::value::{Arithmetic, Datum, Unknown};

/// A value, or why there is none.
pub(crate) type Value = Result<Datum, Unknown>;

/// A function that is unknown when one of its values is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Size,
    Sum,
    Mean,
    Min,
    Max,
    Count,
    AnyOf,
    AllOf,
    NoneOf,
    Contains,
    StartsWith,
    Days,
    Round,
}

impl Function {
    /// Computes the function. `Sum` takes a list and the zero to start from; `Mean`, `Min`, `Max` and
    /// `Count` take a list.
    pub(crate) fn apply(self, arguments: &[Datum]) -> Value {
        match (self, arguments) {
            (Self::Size, [value]) => size(value),
            (Self::Sum, [Datum::List(list), zero]) => sum(list, zero),
            (Self::Mean, [Datum::List(list)]) => mean(list),
            (Self::Min, [Datum::List(list)]) => extreme(list, Ordering::Less),
            (Self::Max, [Datum::List(list)]) => extreme(list, Ordering::Greater),
            (Self::Count, [Datum::List(list)]) => {
                let hits = list.iter().filter(|datum| **datum == Datum::Bool(true));
                int(i64::try_from(hits.count()).ok())
            }
            (Self::AnyOf | Self::AllOf | Self::NoneOf, [Datum::Options(x), Datum::Options(y)]) => {
                let ticked = |option: &usize| x.binary_search(option).is_ok();
                Ok(Datum::Bool(match self {
                    Self::AllOf => y.iter().all(ticked),
                    Self::AnyOf => y.iter().any(ticked),
                    _ => !y.iter().any(ticked),
                }))
            }
            (Self::Contains, [Datum::Text(text), Datum::Text(part)]) => {
                Ok(Datum::Bool(text.contains(&**part)))
            }
            (Self::StartsWith, [Datum::Text(text), Datum::Text(part)]) => {
                Ok(Datum::Bool(text.starts_with(&**part)))
            }
            (Self::Days, [days @ Datum::Int(_)]) => Ok(days.clone()),
            (Self::Days, [from, until]) => calculate(Operator::Subtract, until, from),
            (Self::Round, [Datum::Decimal(number)]) => int(rounded(*number, 0).to_i64()),
            (Self::Round, [Datum::Decimal(number), Datum::Int(digits)]) => {
                let digits = u32::try_from(*digits).unwrap_or(0);
                Ok(Datum::Decimal(rounded(*number, digits)))
            }
            _ => Err(Unknown::default()),
        }
    }
}

/// Applies an operator to two known values.
pub(crate) fn calculate(operator: Operator, left: &Datum, right: &Datum) -> Value {
    match (left, right) {
        (Datum::Int(left), Datum::Int(right)) => {
            let (left, right) = (*left, *right);
            match operator {
                Operator::Add => int(left.checked_add(right)),
                Operator::Subtract => int(left.checked_sub(right)),
                Operator::Multiply => int(left.checked_mul(right)),
                Operator::Divide if right != 0 => int(left.checked_div(right)),
                Operator::Remainder if right != 0 => int(left.checked_rem(right)),
                Operator::Divide | Operator::Remainder => Err(Arithmetic::DivisionByZero.into()),
            }
        }
        (Datum::Decimal(left), Datum::Decimal(right)) => {
            calculate_decimal(operator, left.normalize(), right.normalize())
        }
        (Datum::Date(left), Datum::Date(right)) if operator == Operator::Subtract => {
            Ok(Datum::Int((*left - *right).num_days()))
        }
        (Datum::Date(date), Datum::Int(days)) => {
            let span = TimeDelta::try_days(*days);
            let moved = span.and_then(|span| match operator {
                Operator::Add => date.checked_add_signed(span),
                _ => date.checked_sub_signed(span),
            });
            moved.map(Datum::Date).ok_or(Arithmetic::Overflow.into())
        }
        _ => Err(Unknown::default()),
    }
}

/// Applies an operator to two decimal numbers without trailing zeros.
///
/// The crate rounds a sum, difference or product that has too many digits; here that is an overflow.
fn calculate_decimal(operator: Operator, left: Decimal, right: Decimal) -> Value {
    let (result, decimals) = match operator {
        Operator::Add => (left.checked_add(right), left.scale().max(right.scale())),
        Operator::Subtract => (left.checked_sub(right), left.scale().max(right.scale())),
        Operator::Multiply if left.is_zero() || right.is_zero() => (Some(Decimal::ZERO), 0),
        Operator::Multiply => (left.checked_mul(right), left.scale() + right.scale()),
        Operator::Divide | Operator::Remainder if right.is_zero() => {
            return Err(Arithmetic::DivisionByZero.into());
        }
        Operator::Divide => (left.checked_div(right), 0),
        Operator::Remainder => (left.checked_rem(right), 0),
    };
    let exact = result.filter(|result| result.scale() >= decimals);
    exact.map(Datum::Decimal).ok_or(Arithmetic::Overflow.into())
}

/// Compares two known values of one type.
pub(crate) fn compare(comparison: Comparison, left: &Datum, right: &Datum) -> Value {
    if !comparison.orders() {
        return Ok(Datum::Bool(
            (left == right) == (comparison == Comparison::Equal),
        ));
    }
    let order = order(left, right).ok_or_else(Unknown::default)?;
    Ok(Datum::Bool(match comparison {
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
        Comparison::Equal | Comparison::NotEqual => return Err(Unknown::default()),
    }))
}

/// Changes the sign of a known number.
pub(crate) fn negate(number: &Datum) -> Value {
    match number {
        Datum::Int(number) => int(number.checked_neg()),
        Datum::Decimal(number) => Ok(Datum::Decimal(-*number)),
        _ => Err(Unknown::default()),
    }
}

fn order(left: &Datum, right: &Datum) -> Option<Ordering> {
    match (left, right) {
        (Datum::Int(left), Datum::Int(right)) => Some(left.cmp(right)),
        (Datum::Decimal(left), Datum::Decimal(right)) => Some(left.cmp(right)),
        (Datum::Date(left), Datum::Date(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

fn int(number: Option<i64>) -> Value {
    number.map(Datum::Int).ok_or(Arithmetic::Overflow.into())
}

fn rounded(number: Decimal, digits: u32) -> Decimal {
    number.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
}

fn size(value: &Datum) -> Value {
    let size = match value {
        Datum::Text(text) => text.chars().count(),
        Datum::Options(options) => options.len(),
        Datum::Rows(rows) => rows.rows.len(),
        Datum::List(list) => list.len(),
        _ => return Err(Unknown::default()),
    };
    int(i64::try_from(size).ok())
}

fn sum(list: &[Datum], zero: &Datum) -> Value {
    let add = |sum: Datum, datum| calculate(Operator::Add, &sum, datum);
    list.iter().try_fold(zero.clone(), add)
}

fn mean(list: &[Datum]) -> Value {
    if list.is_empty() {
        return Err(Unknown::default());
    }
    let mut numbers = list.iter().filter_map(|datum| match datum {
        Datum::Int(number) => Some(Decimal::from(*number)),
        Datum::Decimal(number) => Some(*number),
        _ => None,
    });
    let sum = numbers.try_fold(Decimal::ZERO, |sum, number| sum.checked_add(number));
    let mean = sum.and_then(|sum| sum.checked_div(Decimal::from(list.len())));
    mean.map(Datum::Decimal).ok_or(Arithmetic::Overflow.into())
}

fn extreme(list: &[Datum], wanted: Ordering) -> Value {
    let further = |best: Datum, datum: &Datum| match order(datum, &best) {
        Some(order) if order == wanted => datum.clone(),
        _ => best,
    };
    let (first, rest) = list.split_first().ok_or_else(Unknown::default)?;
    Ok(rest.iter().fold(first.clone(), further))
}
