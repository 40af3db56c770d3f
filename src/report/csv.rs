//! The tracker as CSV (RFC 4180): UTF-8 with a byte-order mark, so that spreadsheets read umlauts; lines end with CR LF.
//!
//! A cell that a spreadsheet would take for a formula begins with an apostrophe: what somebody typed is never calculated.

use crate::report::Report;
use crate::report::tracker::{self, Cell};

/// Returns the findings as CSV, with a line of heads.
///
/// # Panics
/// Never: writing to memory does not fail.
pub(crate) fn render(report: &Report) -> Vec<u8> {
    let heads = tracker::columns(report)
        .iter()
        .map(|column| column.head.to_owned());
    let rows = report.findings.iter().map(|finding| {
        let cells = tracker::row(report, finding);
        cells.into_iter().map(words).collect::<Vec<_>>()
    });
    table(heads, rows)
}

/// Returns a table as CSV whose cells are inert.
///
/// # Panics
/// Never: writing to memory does not fail.
pub fn table(
    heads: impl Iterator<Item = String>,
    rows: impl Iterator<Item = Vec<String>>,
) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(b"\xEF\xBB\xBF".to_vec());
    for row in std::iter::once(heads.collect()).chain(rows) {
        let cells: Vec<String> = row.into_iter().map(inert).collect();
        writer.write_record(&cells).expect("memory takes every row");
    }
    writer.into_inner().expect("memory takes every row")
}

/// Returns the cell so that no spreadsheet calculates it: with an apostrophe before `=`, `+`, `-`, `@`, a tab and a carriage return.
fn inert(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell
    }
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
        let bytes = table(
            cells.iter().map(|_| "h".to_owned()),
            std::iter::once(cells.iter().map(|cell| (*cell).to_owned()).collect()),
        );
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
        assert!(text.contains("\"'\r=1\""), "{text}");
    }
}
