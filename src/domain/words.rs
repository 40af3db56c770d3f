//! The words that people read for values: dates, numbers and answers, the same on every screen and page.
//!
//! What a page says around them is the business of the page.

use chrono::Datelike;
use rust_decimal::Decimal;

use crate::domain::id::OptionId;
use crate::domain::questionnaire::{Choice, Kind, Question};
use crate::domain::response::{Said, Unknown, Value};
use crate::domain::time::Day;

/// The names of the months, shortened.
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Returns a day as `2 Sep 2026`.
#[must_use]
pub fn day(day: Day) -> String {
    format!("{} {}", short_day(day), day.year())
}

/// Returns a day as `2 Sep`, where the year goes without saying.
#[must_use]
pub fn short_day(day: Day) -> String {
    format!("{} {}", day.day(), MONTHS[day.month0() as usize])
}

/// Returns a whole number with its thousands apart: `1,234,567`.
#[must_use]
pub fn number(number: i128) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns basis points as whole percent, `62 %`; 0 % and 100 % only when exact.
#[must_use]
pub fn percent(basis_points: u32) -> String {
    let rounded = (basis_points + 50) / 100;
    let shown = match basis_points {
        0 => 0,
        10_000.. => 100,
        _ => rounded.clamp(1, 99),
    };
    format!("{shown} %")
}

/// Returns `count` with the word for one or for several: `1 item`, `3 items`.
#[must_use]
pub fn count(count: usize, one: &str, several: &str) -> String {
    let word = if count == 1 { one } else { several };
    format!("{} {word}", number(count as i128))
}

/// Returns what was said to `question`, in the words of its options.
#[must_use]
pub fn said(question: &Question, said: &Said) -> String {
    match said {
        Said::Value(value) => self::value(&question.kind, value),
        Said::None => question
            .none
            .as_ref()
            .map_or_else(|| "None".into(), |none| none.text.outline()),
        Said::NotApplicable(reason) => format!("Not applicable: {}", reason.words()),
        Said::Unknown(Unknown::WillFindOut { .. }) => "Not known yet".into(),
        Said::Unknown(Unknown::MayNotSay) => "May not say".into(),
        Said::Unknown(Unknown::NobodyKnows) => "Nobody knows".into(),
    }
}

/// Returns a value in the words of its question's options.
#[must_use]
pub fn value(kind: &Kind, value: &Value) -> String {
    match value {
        Value::Bool(true) => "Yes".into(),
        Value::Bool(false) => "No".into(),
        Value::Choice(id) => option(kind.options(), id),
        Value::Multi(ids) if ids.is_empty() => "None of them".into(),
        Value::Multi(ids) => {
            let chosen: Vec<String> = in_order(kind.options(), ids.iter())
                .map(|id| option(kind.options(), id))
                .collect();
            chosen.join(", ")
        }
        Value::Int(number) => self::number(i128::from(*number)),
        Value::Decimal(number) if matches!(kind, Kind::Percent(_)) => {
            format!("{} %", plain(*number))
        }
        Value::Decimal(number) => plain(*number),
        Value::Text(text) => text.clone(),
        Value::Date(day) => self::day(*day),
        Value::Coverage { protected, target } => format!(
            "{} of {}",
            self::number(i128::from(*protected)),
            self::number(i128::from(*target))
        ),
        Value::Rows(rows) => count(rows.len(), "row", "rows"),
    }
}

/// Returns a decimal number without trailing zeros.
fn plain(number: Decimal) -> String {
    number.normalize().to_string()
}

/// Returns the text of an option, or its id where the question no longer has it.
fn option(options: &[Choice], id: &OptionId) -> String {
    options
        .iter()
        .find(|option| option.id == *id)
        .map_or_else(|| id.to_string(), |option| option.text.outline())
}

/// Returns ids in the order of the options, those that the question no longer has last.
fn in_order<'a>(
    options: &[Choice],
    ids: impl Iterator<Item = &'a OptionId>,
) -> impl Iterator<Item = &'a OptionId> {
    let mut ids: Vec<&OptionId> = ids.collect();
    ids.sort_by_key(|id| {
        options
            .iter()
            .position(|option| option.id == **id)
            .unwrap_or(usize::MAX)
    });
    ids.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_the_calendar_of_the_library_does() {
        let first = Day::from_ymd_opt(1999, 12, 1).unwrap();
        for day in first.iter_days().take(800) {
            assert_eq!(self::day(day), day.format("%-d %b %Y").to_string());
        }
    }

    #[test]
    fn neither_end_of_a_percentage_is_printed_unless_exact() {
        let shown: Vec<String> = [0, 1, 49, 6_249, 6_250, 9_999, 10_000].map(percent).into();
        assert_eq!(
            shown,
            ["0 %", "1 %", "1 %", "62 %", "63 %", "99 %", "100 %"]
        );
    }

    #[test]
    fn numbers_have_their_thousands_apart() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(-1_234_567), "-1,234,567");
    }
}
