//! The list of sheets, and the cells of one.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::importers::spreadsheet::package::Package;
use crate::importers::spreadsheet::xml::{Element, Step, Xml};
use crate::importers::spreadsheet::{
    At, Cell, Content, MAX_CELLS, MAX_COLUMNS, MAX_LETTERS, MAX_ROWS, MAX_SHEETS, Shape, broken,
    strings, too_much,
};
use crate::problem::Problem;

/// What the workbook says of itself.
pub(super) struct Book {
    /// The sheets: name, and the part that holds the cells.
    pub(super) sheets: Vec<(String, String)>,
    /// Whether days count from 1904.
    pub(super) from_1904: bool,
}

/// Reads which sheets there are.
pub(super) fn book(package: &mut Package<'_>) -> Result<Book, Problem> {
    let targets = targets(package)?;
    let part = package.part("xl/workbook.xml")?.unwrap_or_default();
    let mut book = Book {
        sheets: Vec::new(),
        from_1904: false,
    };
    let mut xml = Xml::new(&part);
    while let Some(step) = xml.step()? {
        let Step::Start(element) = step else { continue };
        match element.name() {
            "workbookPr" => {
                let said = element.attribute("date1904");
                book.from_1904 = matches!(said.as_deref(), Some("1" | "true" | "on"));
            }
            "sheet" => {
                let name = element.attribute("name").unwrap_or_default();
                let id = element.attribute("id").unwrap_or_default();
                // A sheet of another kind, such as a chart, has no cells.
                if let Some(part) = targets.get(&id) {
                    book.sheets.push((name, part.clone()));
                }
            }
            _ => {}
        }
        if book.sheets.len() > MAX_SHEETS {
            return Err(too_much(format!("it has more than {MAX_SHEETS} sheets")));
        }
    }
    if book.sheets.is_empty() {
        return Err(broken("it has no sheet"));
    }
    Ok(book)
}

/// Reads which parts hold the cells of sheets, by the ids that the list of sheets uses. Links to other files are none.
fn targets(package: &mut Package<'_>) -> Result<BTreeMap<String, String>, Problem> {
    let part = package.part("xl/_rels/workbook.xml.rels")?;
    let part = part.ok_or_else(|| broken("the list of its parts is missing"))?;
    let mut targets = BTreeMap::new();
    let mut xml = Xml::new(&part);
    while let Some(step) = xml.step()? {
        let Step::Start(element) = step else { continue };
        let is_sheet = (element.attribute("Type")).is_some_and(|kind| kind.ends_with("/worksheet"));
        let is_outside = element.attribute("TargetMode").as_deref() == Some("External");
        if element.name() == "Relationship" && is_sheet && !is_outside {
            let id = element.attribute("Id").unwrap_or_default();
            let target = element.attribute("Target").unwrap_or_default();
            let part = match target.strip_prefix('/') {
                Some(whole) => whole.to_owned(),
                None => format!("xl/{}", target.trim_start_matches("./")),
            };
            targets.insert(id, part);
        }
    }
    Ok(targets)
}

/// Reads the cells of a sheet that hold something; at most `left` of them.
pub(super) fn cells(
    package: &mut Package<'_>,
    part: &str,
    strings: &[Arc<str>],
    shapes: &[Shape],
    left: usize,
) -> Result<BTreeMap<At, Cell>, Problem> {
    let part = package.part(part)?;
    let part = part.ok_or_else(|| broken("the part with its cells is missing"))?;
    let mut cells = BTreeMap::new();
    let mut next = At { row: 0, column: 0 };
    let mut xml = Xml::new(&part);
    while let Some(step) = xml.step()? {
        match step {
            Step::Start(element) if element.name() == "row" => {
                if let Some(row) = element.attribute("r") {
                    next.row = row_number(&row)?;
                }
                next.column = 0;
            }
            Step::Start(element) if element.name() == "c" => {
                if let Some(at) = element.attribute("r") {
                    next = position(&at)?;
                }
                if let Some(cell) = cell(&mut xml, &element, next, strings, shapes)? {
                    if cells.insert(next, cell).is_some() {
                        return Err(broken(format_args!("the cell {next} stands twice in it")));
                    }
                    if cells.len() > left {
                        return Err(too_much(format!(
                            "it has more than {MAX_CELLS} filled cells"
                        )));
                    }
                }
                next.column = next.column.saturating_add(1);
            }
            Step::End(name) if name == "row" => next.row = next.row.saturating_add(1),
            Step::End(name) if name == "sheetData" => break,
            Step::Start(_) | Step::End(_) | Step::Text(_) => {}
        }
    }
    Ok(cells)
}

/// Reads a cell that has just begun; nothing where it holds nothing.
fn cell(
    xml: &mut Xml<'_>,
    element: &Element<'_>,
    at: At,
    strings: &[Arc<str>],
    shapes: &[Shape],
) -> Result<Option<Cell>, Problem> {
    let kind = element.attribute("t").unwrap_or_default();
    let shape = (element
        .attribute("s")
        .and_then(|text| text.parse::<usize>().ok()))
    .and_then(|place| shapes.get(place).copied())
    .unwrap_or_default();
    let mut content = Content::Empty;
    let mut is_formula = false;
    while let Some(step) = xml.step()? {
        match step {
            Step::Start(inner) => match inner.name() {
                "f" => {
                    is_formula = true;
                    xml.text_of("f", MAX_LETTERS * 4, |_| true)?;
                }
                "is" => content = Content::Text(strings::text(xml, "is")?),
                "v" => {
                    let value = xml.text_of("v", MAX_LETTERS * 7, |_| true)?;
                    content = valued(&value, &kind, shape, strings).ok_or_else(|| {
                        broken(format_args!("the cell {at} holds no value of its kind"))
                    })?;
                }
                _ => {}
            },
            Step::End(name) if name == "c" => break,
            Step::End(_) | Step::Text(_) => {}
        }
    }
    let is_empty = match &content {
        Content::Empty => true,
        Content::Text(text) => text.is_empty(),
        _ => false,
    };
    Ok((!is_empty || is_formula).then_some(Cell {
        content,
        is_formula,
    }))
}

fn valued(value: &str, kind: &str, shape: Shape, strings: &[Arc<str>]) -> Option<Content> {
    let trimmed = value.trim();
    if trimmed.is_empty() && kind != "str" {
        return Some(Content::Empty);
    }
    match kind {
        "s" => {
            let place = trimmed.parse::<usize>().ok()?;
            strings.get(place).cloned().map(Content::Text)
        }
        "str" | "inlineStr" | "d" => {
            let text = strings::unescaped(value);
            (text.chars().count() <= MAX_LETTERS).then(|| Content::Text(text.into()))
        }
        "b" => match trimmed {
            "1" | "true" => Some(Content::Bool(true)),
            "0" | "false" => Some(Content::Bool(false)),
            _ => None,
        },
        "e" => Some(Content::Error(trimmed.chars().take(20).collect())),
        "" | "n" => {
            let number = trimmed
                .parse::<f64>()
                .ok()
                .filter(|number| number.is_finite())?;
            Some(Content::Number { number, shape })
        }
        _ => None,
    }
}

/// Reads the number of a row, from 0.
fn row_number(text: &str) -> Result<u32, Problem> {
    let number = text
        .parse::<u32>()
        .ok()
        .filter(|row| (1..=MAX_ROWS).contains(row));
    number
        .map(|row| row - 1)
        .ok_or_else(|| broken("one of its rows has no such number as spreadsheets give"))
}

/// Reads where a cell stands: `C7`.
fn position(text: &str) -> Result<At, Problem> {
    let wrong = || broken("one of its cells stands where no spreadsheet has any");
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = text.split_at(letters);
    let row = row_number(digits)?;
    if !(1..=3).contains(&letters.len()) {
        return Err(wrong());
    }
    let column = (letters.bytes()).fold(0_u32, |column, letter| {
        column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    if column > MAX_COLUMNS {
        return Err(wrong());
    }
    let column = u16::try_from(column - 1).map_err(|_| wrong())?;
    Ok(At { row, column })
}
