//! Filling in a workbook as another program would leave it: its XML with values in it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use zip::ZipArchive;

use crate::workbook::parts::packed;

/// A workbook that is being filled in.
#[derive(Clone)]
pub(super) struct Filling {
    /// Its parts in order.
    parts: Vec<(String, Vec<u8>)>,
    /// Sheets by name, and the part that holds their cells.
    sheets: BTreeMap<String, usize>,
    /// Where marks stand, without their seals: sheet, and row from 1.
    marks: Vec<(String, String, usize)>,
}

/// What is written into a cell.
#[derive(Clone, Debug)]
pub(super) enum Put {
    Text(String),
    Number(String),
    Bool(bool),
    Formula(String),
    Error(String),
}

impl Filling {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let parts: Vec<(String, Vec<u8>)> = (0..archive.len())
            .map(|place| {
                let mut part = archive.by_index(place).unwrap();
                let mut bytes = Vec::new();
                part.read_to_end(&mut bytes).unwrap();
                (part.name().unwrap().into_owned(), bytes)
            })
            .collect();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let mut sheets = BTreeMap::new();
        let mut marks = Vec::new();
        for (number, name) in (1..).zip(book.sheet_names()) {
            let part = format!("xl/worksheets/sheet{number}.xml");
            sheets.insert(
                name.clone(),
                parts.iter().position(|(known, _)| *known == part).unwrap(),
            );
            let range = book.worksheet_range(&name).unwrap();
            for (row, cells) in range.rows().enumerate() {
                if let Some(Data::String(mark)) = cells.first()
                    && let Some((mark, _)) = mark.rsplit_once(' ')
                {
                    marks.push((mark.to_owned(), name.clone(), row + 1));
                }
            }
        }
        Self {
            parts,
            sheets,
            marks,
        }
    }

    /// Returns the names of the sheets that have marks.
    pub(super) fn teams(&self) -> Vec<String> {
        let mut teams: Vec<String> = self
            .marks
            .iter()
            .map(|(_, sheet, _)| sheet.clone())
            .collect();
        teams.dedup();
        teams
    }

    /// Returns sheet and row of the `nth` row with a mark, from 0.
    pub(super) fn row(&self, mark: &str, nth: usize) -> (String, usize) {
        let mut rows = self.marks.iter().filter(|(known, ..)| known == mark);
        let found = rows.nth(nth);
        let (_, sheet, row) = found.unwrap_or_else(|| panic!("no `{mark}` in {:?}", self.marks));
        (sheet.clone(), *row)
    }

    /// Writes into the cell of the row of a mark in a column, such as `D`.
    pub(super) fn put(self, mark: &str, column: &str, put: Put) -> Self {
        self.put_nth(mark, 0, column, put)
    }

    pub(super) fn put_nth(self, mark: &str, nth: usize, column: &str, put: Put) -> Self {
        let (sheet, row) = self.row(mark, nth);
        self.cell(&sheet, &format!("{column}{row}"), put)
    }

    /// Writes text into the cell of the row of a mark.
    pub(super) fn text(self, mark: &str, column: &str, text: &str) -> Self {
        self.put(mark, column, Put::Text(text.to_owned()))
    }

    /// Writes into a cell that is there, whatever holds it now.
    pub(super) fn cell(mut self, sheet: &str, cell: &str, put: Put) -> Self {
        let part = self.sheets[sheet];
        let xml = String::from_utf8(self.parts[part].1.clone()).unwrap();
        let begin = format!("<c r=\"{cell}\"");
        let at = xml
            .find(&begin)
            .unwrap_or_else(|| panic!("no cell {cell} on {sheet}"));
        let rest = &xml[at..];
        let tag = rest.find('>').unwrap();
        let end = match rest[..tag].ends_with('/') {
            true => tag + 1,
            false => rest.find("</c>").unwrap() + 4,
        };
        let style = rest[..tag].find(" s=\"").map_or("", |at| {
            let value = &rest[at..tag];
            &value[..value[4..].find('"').unwrap() + 5]
        });
        let written = match put {
            Put::Text(text) => format!(
                "{begin}{style} t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                escaped(&text)
            ),
            Put::Number(number) => format!("{begin}{style}><v>{number}</v></c>"),
            Put::Bool(value) => format!("{begin}{style} t=\"b\"><v>{}</v></c>", u8::from(value)),
            Put::Formula(formula) => {
                format!("{begin}{style}><f>{}</f><v>1</v></c>", escaped(&formula))
            }
            Put::Error(error) => format!("{begin}{style} t=\"e\"><v>{error}</v></c>"),
        };
        self.parts[part].1 = format!("{}{written}{}", &xml[..at], &rest[end..]).into_bytes();
        self
    }

    /// Changes a part as text.
    pub(super) fn part(mut self, name: &str, change: impl FnOnce(String) -> String) -> Self {
        let part = self
            .parts
            .iter_mut()
            .find(|(known, _)| known == name)
            .unwrap();
        part.1 = change(String::from_utf8(part.1.clone()).unwrap()).into_bytes();
        self
    }

    /// Changes the part with the cells of a sheet.
    pub(super) fn sheet(self, name: &str, change: impl FnOnce(String) -> String) -> Self {
        let part = self.parts[self.sheets[name]].0.clone();
        self.part(&part, change)
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        packed(
            self.parts
                .iter()
                .map(|(name, bytes)| (name.as_str(), bytes.as_slice())),
        )
    }
}

/// Returns a text as XML holds it; what XML cannot hold as spreadsheets write it.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    // What looks like such an escape and is none has its own.
    for letter in text.replace("_x", "_x005F_x").chars() {
        match letter {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '\0'..='\u{8}' | '\u{b}'..='\u{1f}' => {
                escaped += &format!("_x{:04X}_", u32::from(letter))
            }
            _ => escaped.push(letter),
        }
    }
    escaped
}
