//! Workbooks (Office Open XML, `.xlsx`): bytes in, the cells that hold something out.
//!
//! Files come from outside, so everything is counted before and while it is read: the packed file, its parts, what they unpack to, how
//! deep they nest, cells and letters. No file makes this panic, allocate what it merely claims, follow a link or calculate a formula.
//! What a cell means is the business of whoever asked for it.

mod package;
mod xml;
mod strings;
mod styles;
mod sheet;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::{Days, NaiveDate};

use crate::domain::time::Day;
use crate::problem::Problem;

/// The largest workbook that is read, in bytes as it lies on the disk.
pub const MAX_FILE: usize = 16 * 1024 * 1024;

/// The most bytes that its parts may unpack to, all together.
pub const MAX_UNPACKED: u64 = 64 * 1024 * 1024;

/// The most parts that it may be packed of.
pub const MAX_PARTS: usize = 2_000;

/// The most sheets.
pub const MAX_SHEETS: usize = 100;

/// The most cells with something in them, on all sheets together.
pub const MAX_CELLS: usize = 200_000;

/// The most letters in a cell, which is what spreadsheets themselves allow.
pub const MAX_LETTERS: usize = 32_767;

/// The most rows and columns, which is what spreadsheets themselves allow.
const MAX_ROWS: u32 = 1_048_576;
const MAX_COLUMNS: u32 = 16_384;

/// A workbook as it was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spreadsheet {
    /// Its sheets in order, hidden ones among them.
    pub sheets: Vec<Sheet>,
    /// Whether days count from 1904 instead of 1900.
    pub from_1904: bool,
}

/// A sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Its name; untrusted.
    pub name: String,
    /// The cells with something in them, row by row.
    pub cells: BTreeMap<At, Cell>,
}

/// Where a cell stands: row and column, counted from 0. Printed as spreadsheets do: `C7`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At {
    /// The row, from 0.
    pub row: u32,
    /// The column, from 0.
    pub column: u16,
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Its value; of a formula, the one that was calculated last.
    pub content: Content,
    /// Whether it is a formula.
    pub is_formula: bool,
}

/// The value of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Nothing: a formula without a value.
    Empty,
    /// Text; untrusted. Shared between cells that hold the same.
    Text(Arc<str>),
    /// A number.
    Number {
        /// The number; always finite.
        number: f64,
        /// As what it is shown.
        shape: Shape,
    },
    /// True or false.
    Bool(bool),
    /// An error such as `#N/A`.
    Error(String),
}

/// As what a number is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// A number.
    #[default]
    Plain,
    /// A percentage: 0.85 is shown as 85 %.
    Percent,
    /// A day or a time.
    Day,
}

impl Spreadsheet {
    /// Reads a workbook.
    ///
    /// # Errors
    /// Why it is none that is read: what is wrong, where as far as it is known, and what to do.
    pub fn read(bytes: &[u8]) -> Result<Self, Problem> {
        let mut package = package::Package::open(bytes)?;
        let book = sheet::book(&mut package)?;
        let strings = strings::shared(&mut package)?;
        let shapes = styles::shapes(&mut package)?;
        let mut sheets = Vec::new();
        let mut left = MAX_CELLS;
        for (name, part) in book.sheets {
            let cells = sheet::cells(&mut package, &part, &strings, &shapes, left)
                .map_err(|problem| on_sheet(problem, &name))?;
            left -= cells.len();
            sheets.push(Sheet { name, cells });
        }
        Ok(Self {
            sheets,
            from_1904: book.from_1904,
        })
    }

    /// Returns the day that a number means where it is shown as one; the time of the day is left out. Nothing where it is none from
    /// 1900 to 9999.
    #[must_use]
    pub fn day(&self, number: f64) -> Option<Day> {
        const LAST: f64 = 2_958_465.0;
        if !(1.0..=LAST + 1.0).contains(&number) {
            return None;
        }
        // Exact: a whole number below three millions.
        let days = number.floor() as u64;
        let first = if self.from_1904 {
            NaiveDate::from_ymd_opt(1904, 1, 1)
        // Spreadsheets believe in 29 February 1900; from March on they count from 30 December 1899.
        } else if days > 60 {
            NaiveDate::from_ymd_opt(1899, 12, 30)
        } else {
            NaiveDate::from_ymd_opt(1899, 12, 31)
        };
        first?.checked_add_days(Days::new(days))
    }
}

impl Sheet {
    /// Returns the cell at a place, where it holds something.
    #[must_use]
    pub fn cell(&self, at: At) -> Option<&Cell> {
        self.cells.get(&at)
    }

    /// Returns the text of a cell, where it is one and no formula.
    #[must_use]
    pub fn text(&self, at: At) -> Option<&str> {
        match self.cells.get(&at) {
            Some(Cell {
                content: Content::Text(text),
                is_formula: false,
            }) => Some(text),
            _ => None,
        }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = Vec::new();
        let mut left = u32::from(self.column) + 1;
        while left > 0 {
            let digit = u8::try_from((left - 1) % 26).unwrap_or_default();
            letters.push(char::from(b'A' + digit));
            left = (left - 1) / 26;
        }
        let letters: String = letters.into_iter().rev().collect();
        write!(f, "{letters}{}", self.row + 1)
    }
}

/// Names the sheet that a problem is on.
fn on_sheet(mut problem: Problem, name: &str) -> Problem {
    let name: String = name.chars().take(31).collect();
    problem.message = format!("sheet `{name}`: {}", problem.message);
    problem
}

/// Returns the problem of a workbook that cannot be read on.
fn broken(what: impl fmt::Display) -> Problem {
    Problem::error(format!("the workbook is damaged: {what}"))
        .help("open it in a spreadsheet program and save it anew as .xlsx, or ask for it again")
}

/// Returns the problem of a workbook with more of something than is read.
fn too_much(what: impl fmt::Display) -> Problem {
    Problem::error(format!("the workbook is too large: {what}"))
        .help("send the workbook back as it was made, without anything added to it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_called_as_spreadsheets_call_them() {
        let name = |row, column| At { row, column }.to_string();
        assert_eq!(name(6, 2), "C7");
        assert_eq!(name(0, 25), "Z1");
        assert_eq!(name(0, 26), "AA1");
        assert_eq!(name(1_048_575, 16_383), "XFD1048576");
    }

    #[test]
    fn days_are_those_that_spreadsheets_show() {
        let day = |number, from_1904| {
            let book = Spreadsheet {
                from_1904,
                ..Spreadsheet::default()
            };
            book.day(number).map(|day| day.to_string())
        };
        assert_eq!(day(1.0, false).as_deref(), Some("1900-01-01"));
        assert_eq!(day(61.0, false).as_deref(), Some("1900-03-01"));
        assert_eq!(day(46_267.75, false).as_deref(), Some("2026-09-02"));
        assert_eq!(day(44_805.0, true).as_deref(), Some("2026-09-02"));
        assert_eq!(day(2_958_465.0, false).as_deref(), Some("9999-12-31"));
        for wrong in [0.0, -1.0, 1e300, f64::NAN] {
            assert_eq!(day(wrong, false), None, "{wrong}");
        }
    }
}
