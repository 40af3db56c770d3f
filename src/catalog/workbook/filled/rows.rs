//! The rows of all sheets by the question that they belong to.

use std::collections::BTreeMap;

use crate::catalog::workbook::mark::{
    self, HEAD_SHEET, HOW_SHEET, Head, LIST_SHEET, MARKS, Mark, NUMBERS, WORDS_SHEET, column,
};
use crate::catalog::workbook::value::shown;
use crate::importers::spreadsheet::{At, Cell, Sheet, Spreadsheet};
use crate::problem::{Problem, Problems};

/// The most columns that have a key.
const MAX_KEYS: usize = 200;

/// The most rows with something in them, on all sheets together.
const MAX_ROWS: usize = 20_000;

/// A sheet, and which column is which.
#[derive(Clone, Debug)]
pub(super) struct Page<'b> {
    pub(super) sheet: &'b Sheet,
    /// The columns by their keys.
    columns: Vec<Option<u16>>,
    /// Who fills it in, where that is said: the row.
    pub(super) who: Option<u32>,
    /// On which day it is true: the row.
    pub(super) day: Option<u32>,
}

/// A row that belongs to a question.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) mark: Mark,
    /// The place of the page among the pages of the group.
    pub(super) page: usize,
    pub(super) row: u32,
}

/// The rows of a question.
#[derive(Clone, Debug, Default)]
pub(super) struct Group<'b> {
    pub(super) pages: Vec<Page<'b>>,
    pub(super) lines: Vec<Line>,
}

impl<'b> Page<'b> {
    /// Returns where the column of a key crosses a row, with what stands there.
    pub(super) fn cell(&self, row: u32, key: usize) -> Option<(At, &'b Cell)> {
        let at = self.at(row, key)?;
        self.sheet.cell(at).map(|cell| (at, cell))
    }

    /// Returns where the column of a key crosses a row.
    pub(super) fn at(&self, row: u32, key: usize) -> Option<At> {
        let column = (*self.columns.get(key)?)?;
        Some(At { row, column })
    }

    /// Returns the name of a cell: `Access!C7`.
    pub(super) fn name(&self, at: At) -> String {
        name(self.sheet, at)
    }

    /// Returns the key of a column.
    fn key_of(&self, column: u16) -> Option<usize> {
        self.columns.iter().position(|known| *known == Some(column))
    }
}

/// Returns the name of a cell on a sheet, in quotes as spreadsheets need them.
fn name(sheet: &Sheet, at: At) -> String {
    let name = &sheet.name;
    let is_plain = name
        .chars()
        .all(|letter| letter.is_alphanumeric() || letter == '_');
    match is_plain {
        true => format!("{name}!{at}"),
        false => format!("'{}'!{at}", name.replace('\'', "''")),
    }
}

/// Collects the rows of all sheets by question, with what is wrong with them.
pub(super) fn groups<'b>(
    book: &'b Spreadsheet,
    head: &Head,
) -> (BTreeMap<String, Group<'b>>, Problems) {
    let mut gathering = Gathering {
        head: head.seal(),
        rows: 0,
        groups: BTreeMap::new(),
        problems: Problems::default(),
    };
    for sheet in &book.sheets {
        gathering.sheet(sheet);
    }
    (gathering.groups, gathering.problems)
}

struct Gathering<'b> {
    /// The seal of the head.
    head: String,
    /// How many rows were read.
    rows: usize,
    groups: BTreeMap<String, Group<'b>>,
    problems: Problems,
}

impl<'b> Gathering<'b> {
    fn error(&mut self, cell: &str, message: &str, help: &str) {
        let problem = Problem::error(format!("`{cell}`: {message}"));
        self.problems.push(problem.help(help));
    }

    fn warn(&mut self, cell: &str, message: &str, help: &str) {
        let problem = Problem::warning(format!("`{cell}`: {message}"));
        self.problems.push(problem.help(help));
    }

    fn sheet(&mut self, sheet: &'b Sheet) {
        let first = At { row: 0, column: 0 };
        let is_words = sheet.text(first) == Some(WORDS_SHEET);
        if is_words || [HEAD_SHEET, LIST_SHEET, HOW_SHEET].contains(&sheet.name.as_str()) {
            return;
        }
        let Some((marks, mut page)) = self.page(sheet) else {
            return;
        };
        let mut rows: BTreeMap<u32, Vec<u16>> = BTreeMap::new();
        for at in sheet.cells.keys().filter(|at| at.row > 0) {
            rows.entry(at.row).or_default().push(at.column);
        }
        let mut before = Mark::Words;
        let mut lines = Vec::new();
        for (row, columns) in rows {
            self.rows += 1;
            if self.rows > MAX_ROWS {
                let at = At { row, column: 0 };
                self.error(
                    &name(sheet, at),
                    &format!("there are more than {MAX_ROWS} rows"),
                    "take out what was added",
                );
                break;
            }
            let filled: Vec<u16> = columns
                .into_iter()
                .filter(|column| *column != marks)
                .collect();
            let at = At { row, column: marks };
            match sheet.cell(at) {
                Some(_) => {
                    let Some(mark) = self.mark(&page, at) else {
                        continue;
                    };
                    match &mark {
                        Mark::Who => page.who = Some(row),
                        Mark::Day => page.day = Some(row),
                        _ => {}
                    }
                    self.unread(&page, &mark, row, &filled);
                    before = mark.clone();
                    lines.push((mark, row));
                }
                // A row that was put in between those of a table is one of them.
                None if matches!(before, Mark::Row(_)) => lines.push((before.clone(), row)),
                None => self.stray(&page, row, &filled),
            }
        }
        self.take(&page, lines);
    }

    /// Finds out which column is which.
    fn page(&mut self, sheet: &'b Sheet) -> Option<(u16, Page<'b>)> {
        let keys = sheet.cells.keys().take_while(|at| at.row == 0);
        let keys: Vec<(u16, &str)> = keys
            .filter_map(|at| Some((at.column, sheet.text(*at)?)))
            .collect();
        let find = |key: &str| {
            let mut found = keys.iter().filter(|(_, known)| *known == key);
            let first = found.next().map(|(column, _)| *column);
            first.filter(|_| found.next().is_none())
        };
        let columns: Vec<Option<u16>> = (0..MAX_KEYS).map(|at| find(&mark::key(at))).collect();
        let at = At { row: 0, column: 0 };
        match find(MARKS) {
            Some(marks) if columns[..column::COUNT].iter().all(Option::is_some) => {
                let page = Page {
                    sheet,
                    columns,
                    who: None,
                    day: None,
                };
                Some((marks, page))
            }
            found => {
                let cells = sheet.cells.keys().filter_map(|at| sheet.text(*at));
                let is_ours = found.is_some()
                    || cells
                        .take(100_000)
                        .any(|text| Mark::read(text, &self.head, "").is_some());
                if is_ours {
                    self.error(
                        &name(sheet, at),
                        "the hidden first row or column was changed, so that nobody can tell which cell answers what",
                        "undo that, or copy the answers into the workbook as it was sent",
                    );
                } else if !sheet.cells.is_empty() {
                    self.warn(
                        &name(sheet, at),
                        "this sheet was added, and nothing of it is read",
                        "put what it says into the remarks",
                    );
                }
                None
            }
        }
    }

    /// Reads the mark of a row, and holds its seal.
    fn mark(&mut self, page: &Page<'_>, at: At) -> Option<Mark> {
        const UNDO: &str = "undo that, or copy the answer into the workbook as it was sent";
        let question = page.cell(at.row, column::QUESTION);
        let text = question
            .and_then(|(at, _)| page.sheet.text(at))
            .unwrap_or_default();
        let cell = page.sheet.text(at).unwrap_or_default();
        let here = page.name(page.at(at.row, column::QUESTION).unwrap_or(at));
        match Mark::read(cell, &self.head, text) {
            Some((mark, true)) => Some(mark),
            Some((_, false)) => {
                self.error(
                    &here,
                    "the words here, or the hidden id of the row, are not those that were sent",
                    UNDO,
                );
                None
            }
            None => {
                self.error(&here, "the hidden id of the row was changed", UNDO);
                None
            }
        }
    }

    /// Tells what stands where nothing is read.
    fn unread(&mut self, page: &Page<'_>, mark: &Mark, row: u32, filled: &[u16]) {
        let is_read = |key: usize| match mark {
            Mark::Words | Mark::Question(_) => key < column::COUNT,
            Mark::Heads(..) | Mark::Row(_) | Mark::Fixed(..) => true,
            // Beside who and when stands a hint.
            Mark::Who | Mark::Day => key <= column::INSTEAD,
            Mark::Choice(..) | Mark::Protected(_) | Mark::Target(_) => key <= column::ANSWER,
        };
        let numbers = self.numbers(page);
        for column in filled.iter().filter(|column| Some(**column) != numbers) {
            if page.key_of(*column).is_some_and(is_read) {
                continue;
            }
            let cell = page.name(At {
                row,
                column: *column,
            });
            self.warn(
                &cell,
                "nothing is read here",
                "write it into the remark of the question",
            );
        }
    }

    fn numbers(&self, page: &Page<'_>) -> Option<u16> {
        let mut keys = page.sheet.cells.keys().take_while(|at| at.row == 0);
        keys.find(|at| page.sheet.text(**at) == Some(NUMBERS))
            .map(|at| at.column)
    }

    /// Tells of a row that belongs to no question.
    fn stray(&mut self, page: &Page<'_>, row: u32, filled: &[u16]) {
        let Some(column) = filled.first() else { return };
        let at = At {
            row,
            column: *column,
        };
        let text = page.sheet.text(at).unwrap_or_default();
        let message = format!("`{}` belongs to no question, and is not read", shown(text));
        self.warn(
            &page.name(at),
            &message,
            "write it into the remark of a question",
        );
    }

    fn take(&mut self, page: &Page<'b>, lines: Vec<(Mark, u32)>) {
        for (mark, row) in lines {
            let Some(question) = mark.question() else {
                continue;
            };
            let group = self.groups.entry(question.to_owned()).or_default();
            let is_new =
                (group.pages.last()).is_none_or(|last| !std::ptr::eq(last.sheet, page.sheet));
            if is_new {
                group.pages.push(page.clone());
            }
            group.lines.push(Line {
                mark,
                page: group.pages.len() - 1,
                row,
            });
        }
    }
}
