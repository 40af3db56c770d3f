//! A cell as a value of a question's type: kindly where only one thing can be meant, and not at all where two can.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::catalog::workbook::choice::{self, folded};
use crate::domain::evaluation::Evaluation;
use crate::domain::id::OptionId;
use crate::domain::intake;
use crate::domain::questionnaire::{Choice, Kind};
use crate::domain::response::Value;
use crate::domain::time::Day;
use crate::domain::words;
use crate::importers::spreadsheet::{Cell, Content, Shape, Spreadsheet};

/// Why a cell is no value, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) help: String,
}

/// What a cell is read as, with what somebody should look at.
type Reading<T> = Result<(T, Option<String>), Fault>;

fn fault<T>(message: impl Into<String>, help: impl Into<String>) -> Result<T, Fault> {
    Err(Fault {
        message: message.into(),
        help: help.into(),
    })
}

/// Refuses what no cell to fill in may hold.
pub(super) fn hold_plain(cell: &Cell) -> Result<(), Fault> {
    if cell.is_formula {
        return fault(
            "there is a formula here",
            "copy the cell, and paste it in its place as a value",
        );
    }
    match &cell.content {
        Content::Error(error) => fault(
            format!("the cell shows `{error}`"),
            "write the answer in its place",
        ),
        _ => Ok(()),
    }
}

/// Returns what a cell holds as text, as it is shown.
pub(super) fn text(book: &Spreadsheet, cell: &Cell) -> String {
    match &cell.content {
        Content::Empty => String::new(),
        Content::Text(text) => text.trim().to_owned(),
        Content::Bool(true) => choice::YES.to_owned(),
        Content::Bool(false) => choice::NO.to_owned(),
        Content::Error(error) => error.clone(),
        Content::Number { number, shape } => match shape {
            Shape::Day => book
                .day(*number)
                .map_or_else(|| number.to_string(), |day| day.to_string()),
            Shape::Percent => percent(*number).map_or_else(
                || number.to_string(),
                |share| format!("{} %", share.normalize()),
            ),
            Shape::Plain => number.to_string(),
        },
    }
}

/// Reads a cell as a value for `kind`; any but a table or two numbers.
pub(super) fn value(
    book: &Spreadsheet,
    evaluation: &Evaluation,
    kind: &Kind,
    cell: &Cell,
) -> Reading<Value> {
    hold_plain(cell)?;
    let plain = |value: Value| Ok((value, None));
    let said = text(book, cell);
    match kind {
        Kind::Bool => plain(Value::Bool(yes(&said)?)),
        Kind::Choice(options) => plain(Value::Choice(one_of(evaluation, kind, options, &said)?)),
        Kind::Multi(options) => plain(Value::Multi(several(evaluation, kind, options, &said)?)),
        Kind::Int(_) => plain(Value::Int(whole(cell, &said)?)),
        Kind::Decimal(_) => plain(Value::Decimal(decimal(cell, &said)?)),
        Kind::Percent(_) => plain(Value::Decimal(share(cell, &said)?)),
        Kind::Text => plain(Value::Text(said)),
        Kind::Date => {
            let (day, note) = day(book, cell)?;
            Ok((Value::Date(day), note))
        }
        Kind::Coverage(_) | Kind::Rows(_) => {
            fault("no answer is read here", "fill in the rows below instead")
        }
    }
}

/// Reads yes or no.
pub(super) fn yes(said: &str) -> Result<bool, Fault> {
    match folded(said).as_str() {
        "yes" | "y" | "true" | "x" => Ok(true),
        "no" | "n" | "false" => Ok(false),
        _ => fault(
            format!("`{}` is neither yes nor no", shown(said)),
            "choose Yes or No from the list",
        ),
    }
}

fn one_of(
    evaluation: &Evaluation,
    kind: &Kind,
    options: &[Choice],
    said: &str,
) -> Result<OptionId, Fault> {
    let found = choice::option(evaluation, options, said).cloned();
    found.ok_or_else(|| Fault {
        message: format!("`{}` is none of the options", shown(said)),
        help: offer(evaluation, kind),
    })
}

/// Reads several options with semicolons between them; an option's own words may hold some.
fn several(
    evaluation: &Evaluation,
    kind: &Kind,
    options: &[Choice],
    said: &str,
) -> Result<BTreeSet<OptionId>, Fault> {
    let mut parts: Vec<&str> = said.split(';').collect();
    let mut ids = BTreeSet::new();
    while !parts.is_empty() {
        let longest = (1..=parts.len()).rev().find_map(|count| {
            let joined = parts[..count].join(";");
            choice::option(evaluation, options, &joined).map(|id| (count, id))
        });
        match longest {
            Some((count, id)) => {
                ids.insert(id.clone());
                parts.drain(..count);
            }
            None if parts[0].trim().is_empty() => {
                parts.remove(0);
            }
            None => {
                return fault(
                    format!("`{}` is none of the options", shown(parts[0].trim())),
                    format!("{}; with semicolons between them", offer(evaluation, kind)),
                );
            }
        }
        if parts.len() > 500 {
            return fault("there are too many options", offer(evaluation, kind));
        }
    }
    Ok(ids)
}

/// Lists the options that may be chosen.
fn offer(evaluation: &Evaluation, kind: &Kind) -> String {
    let places = intake::offered(evaluation, kind);
    let labels = choice::labels(evaluation, kind.options(), &places);
    let listed: Vec<String> = labels
        .iter()
        .take(12)
        .map(|label| format!("“{label}”"))
        .collect();
    format!("choose from the list: {}", listed.join(", "))
}

/// Reads a whole number.
pub(super) fn whole(cell: &Cell, said: &str) -> Result<i64, Fault> {
    let number = decimal(cell, said)?;
    if !number.fract().is_zero() {
        return fault(
            format!("{} is not a whole number", number.normalize()),
            "write a whole number",
        );
    }
    let whole = number.trunc().to_string().parse::<i64>().ok();
    whole.ok_or_else(|| Fault {
        message: format!("{} is too large to be meant", shown(said)),
        help: "look at the number again".into(),
    })
}

/// Reads an exact decimal number.
fn decimal(cell: &Cell, said: &str) -> Result<Decimal, Fault> {
    let wrong = || Fault {
        message: format!("`{}` is not a number", shown(said)),
        help: "write digits alone, such as 1200 or 12.5".into(),
    };
    match &cell.content {
        Content::Number {
            shape: Shape::Day, ..
        } => fault(
            format!("there is a date here, {}", shown(said)),
            "write a number, and set the format of the cell to Number",
        ),
        Content::Number {
            number,
            shape: Shape::Percent,
        } => percent(*number).ok_or_else(wrong),
        Content::Number { number, .. } => exact(*number).ok_or_else(wrong),
        Content::Text(_) => typed(said),
        _ => Err(wrong()),
    }
}

/// Reads a percentage: 0.85 where the cell shows 85 %; a bare `85`, `85 %`, `85,5 %`. A bare 0.85 may be either.
fn share(cell: &Cell, said: &str) -> Result<Decimal, Fault> {
    let (share, is_bare) = match &cell.content {
        Content::Text(_) => {
            let digits = said.trim_end_matches('%').trim_end();
            (typed(digits)?, digits == said)
        }
        Content::Number { shape, .. } => (decimal(cell, said)?, *shape == Shape::Plain),
        _ => (decimal(cell, said)?, false),
    };
    let share = share.normalize();
    if is_bare && share > Decimal::ZERO && share <= Decimal::ONE {
        return fault(
            format!(
                "`{}` can be read as {share} % or as {} %",
                shown(said),
                (share * Decimal::ONE_HUNDRED).normalize()
            ),
            "write it with the sign, such as 85 %",
        );
    }
    Ok(share)
}

/// Reads a number that was typed as text; refuses what is one number in one country and another in the next.
fn typed(said: &str) -> Result<Decimal, Fault> {
    let wrong = || Fault {
        message: format!("`{}` is not a number", shown(said)),
        help: "write digits alone, such as 1200 or 12.5".into(),
    };
    let sign = said.starts_with('-');
    let digits = said.strip_prefix(['-', '+']).unwrap_or(said).trim();
    let is_plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = match digits.split_once(['.', ',']) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let blank = |letter: char| letter.is_whitespace() || letter == '\'' || letter == '’';
    let groups: Vec<&str> = whole.split(blank).collect();
    let grouped = groups[1..].iter().all(|group| group.len() == 3) && groups[0].len() <= 3;
    if groups.iter().any(|group| !is_plain(group)) || (groups.len() > 1 && !grouped) {
        return Err(wrong());
    }
    if let Some(fraction) = fraction {
        if !is_plain(fraction) {
            return Err(wrong());
        }
        let leads = whole.len() <= 3 && !whole.starts_with('0');
        if fraction.len() == 3 && leads {
            return fault(
                format!("`{}` can be read as two numbers", shown(said)),
                "write it without anything between the thousands",
            );
        }
    }
    let sign = if sign { "-" } else { "" };
    let fraction = fraction.map_or_else(String::new, |fraction| format!(".{fraction}"));
    let text = format!("{sign}{}{fraction}", groups.concat());
    Decimal::from_str_exact(&text).map_err(|_| wrong())
}

/// Returns a number as it is shown: the shortest that reads back the same.
fn exact(number: f64) -> Option<Decimal> {
    Decimal::from_str_exact(&number.to_string()).ok()
}

fn percent(number: f64) -> Option<Decimal> {
    exact(number)?.checked_mul(Decimal::ONE_HUNDRED)
}

/// Reads a day.
pub(super) fn day(book: &Spreadsheet, cell: &Cell) -> Reading<Day> {
    /// Days of this and the last century: what else is a bare number is hardly a day.
    const LIKELY: std::ops::Range<f64> = 20_000.0..80_000.0;
    hold_plain(cell)?;
    let said = text(book, cell);
    let wrong = || Fault {
        message: format!("`{}` is not a date", shown(&said)),
        help: "write year, month and day, such as 2026-09-02".into(),
    };
    match &cell.content {
        Content::Number {
            number,
            shape: Shape::Day,
        } if LIKELY.contains(number) => Ok((book.day(*number).ok_or_else(wrong)?, None)),
        // A year alone, such as 2026, is shown as a day of 1905.
        Content::Number {
            shape: Shape::Day, ..
        } => fault(
            format!("the cell shows {}, which can hardly be meant", shown(&said)),
            "write year, month and day, such as 2026-09-02",
        ),
        Content::Number {
            number,
            shape: Shape::Plain,
        } if LIKELY.contains(number) => {
            let day = book.day(*number).ok_or_else(wrong)?;
            let note = format!("{said} is read as the date {}", words::day(day));
            Ok((day, Some(note)))
        }
        Content::Text(_) => written(&said).map(|day| (day, None)).ok_or_else(wrong),
        _ => Err(wrong()),
    }
}

/// Reads a day that was typed as text: `2026-09-02` or `2.9.2026`. With slashes it is one day here and another there.
fn written(said: &str) -> Option<Day> {
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if let Some((day, rest)) = said.split_once('.') {
        let (month, year) = rest.split_once('.')?;
        let all = [day, month, year].map(str::trim);
        if !all.iter().all(|part| plain(part)) || all[2].len() != 4 {
            return None;
        }
        let [day, month, year] = all.map(|part| part.parse::<u32>().ok());
        return NaiveDate::from_ymd_opt(i32::try_from(year?).ok()?, month?, day?);
    }
    let date = said.get(..10)?;
    let rest = &said[10..];
    let is_midnight = rest.is_empty() || rest.starts_with('T') || rest.starts_with(' ');
    let digits = date.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    date.parse().ok().filter(|_| digits && is_midnight)
}

/// Returns the beginning of what was written, short enough for a message.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(60).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_country_are_read_where_they_mean_one_thing() {
        let read = |text: &str| typed(text).map(|number| number.to_string()).ok();
        assert_eq!(read("12,5").as_deref(), Some("12.5"));
        assert_eq!(read("12.5").as_deref(), Some("12.5"));
        assert_eq!(read("1 200").as_deref(), Some("1200"));
        assert_eq!(read("1\u{202f}200,50").as_deref(), Some("1200.50"));
        assert_eq!(read("-3").as_deref(), Some("-3"));
        assert_eq!(read("0,125").as_deref(), Some("0.125"));
        for wrong in [
            "1,200", "1.200", "1.200,5", "12,", ",5", "", "-", "1 20", "1e5", "١٢", "12%", "0x10",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn days_are_read_where_they_mean_one_thing() {
        let read = |text: &str| written(text).map(|day| day.to_string());
        assert_eq!(read("2026-09-02").as_deref(), Some("2026-09-02"));
        assert_eq!(read("2026-09-02T00:00:00").as_deref(), Some("2026-09-02"));
        assert_eq!(read("2.9.2026").as_deref(), Some("2026-09-02"));
        for wrong in [
            "02/09/2026",
            "2.9.26",
            "2026-9-2",
            "today",
            "31.2.2026",
            "+2026-09-2",
            "é.1.2026",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_number_is_the_one_that_is_shown() {
        // What spreadsheets write for 0.29.
        let number: f64 = "0.28999999999999998".parse().unwrap();
        assert_eq!(percent(number).unwrap().normalize().to_string(), "29");
        assert_eq!(exact(1e300), None);
    }
}
