//! The tracker as CSV (RFC 4180): UTF-8 with a byte-order mark, so that spreadsheets read umlauts; lines end with CR LF.
//!
//! What a spreadsheet would take for a formula has an apostrophe before it, also where a program splits at semicolons: what somebody
//! typed is never calculated.

use std::borrow::Cow;

use crate::report::Report;
use crate::report::tracker::{self, Cell};

/// Returns the findings as CSV, with a line of heads.
///
/// # Panics
/// Never: writing to memory does not fail.
pub(crate) fn render(report: &Report) -> Vec<u8> {
    let heads = tracker::columns(report).iter().map(|column| column.head);
    let rows = report.findings.iter().map(|finding| {
        let cells = tracker::row(report, finding);
        cells.into_iter().map(words)
    });
    table(heads, rows)
}

/// Returns a table as CSV whose cells are inert.
///
/// # Panics
/// Never: writing to memory does not fail.
pub fn table<Text: AsRef<str>>(
    heads: impl IntoIterator<Item: AsRef<str>>,
    rows: impl IntoIterator<Item: IntoIterator<Item = Text>>,
) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(b"\xEF\xBB\xBF".to_vec());
    record(&mut writer, heads);
    for row in rows {
        record(&mut writer, row);
    }
    writer.into_inner().expect("memory takes every row")
}

fn record(writer: &mut csv::Writer<Vec<u8>>, cells: impl IntoIterator<Item: AsRef<str>>) {
    for cell in cells {
        let cell = inert(cell.as_ref());
        writer
            .write_field(cell.as_bytes())
            .expect("memory takes every cell");
    }
    let end: [&[u8]; 0] = [];
    writer.write_record(end).expect("memory takes every row");
}

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// What may end a cell besides a comma: Excel splits at semicolons where the comma is the decimal sign, and then heeds no quotes.
const SEPARATORS: [char; 4] = [';', '\t', '\r', '\n'];

/// Returns the cell so that no spreadsheet calculates it: with an apostrophe before what begins a formula, at its start and wherever
/// a program that splits it in another way would see a start.
fn inert(cell: &str) -> Cow<'_, str> {
    if !cell.contains(FORMULA) {
        return cell.into();
    }
    let mut safe = String::with_capacity(cell.len());
    let mut begins = true;
    for letter in cell.chars() {
        if begins && FORMULA.contains(&letter) {
            safe.push('\'');
        }
        begins = SEPARATORS.contains(&letter) || (begins && letter == '"');
        safe.push(letter);
    }
    safe.into()
}

fn words(cell: Cell) -> String {
    match cell {
        Cell::Text(text) => text,
        Cell::Number(number) => number.to_string(),
        Cell::Day(day) => day.map(|day| day.to_string()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_calculated_is_text() {
        let cells = [
            "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1", "a=1", "", "1",
        ];
        let bytes = table(cells.iter().map(|_| "h"), std::iter::once(cells));
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(
            text.lines()
                .nth(1)
                .unwrap()
                .split(',')
                .take(4)
                .collect::<Vec<_>>(),
            ["'=1+1", "'+1", "'-1", "'@SUM(A1)"]
        );
        assert!(text.contains("\"'\r'=1\""), "{text}");
    }

    #[test]
    fn what_another_separator_would_split_off_is_text() {
        let cases = [
            ("a;=1", "a;'=1"),
            ("a;\"=1\"", "a;\"'=1\""),
            ("a\n@b", "a\n'@b"),
            ("a; -1, b-2 = c", "a; -1, b-2 = c"),
            ("Ü;Ä", "Ü;Ä"),
        ];
        for (typed, written) in cases {
            assert_eq!(inert(typed), written);
        }
    }
}
