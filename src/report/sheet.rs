//! A sheet: one page of plain values, laid out as HTML, Markdown, CSV or a workbook.
//!
//! For what is no report to the customer: the record of a go-live decision, the page for who takes over, the view over all customers.
//! What stands on it is decided by whoever makes it.

use rust_xlsxwriter::workbook::Workbook;
use rust_xlsxwriter::worksheet::Worksheet;
use rust_xlsxwriter::{Format, FormatAlign, XlsxError};
use serde::{Deserialize, Serialize};
use unicode_width::UnicodeWidthStr;

use crate::domain::time::Day;
use crate::domain::words;
use crate::report::branding::Look;
use crate::report::layout::{Page, page};
use crate::report::{csv, html, xlsx};
use crate::template::{Job, Subject, TemplateError, Templates};

const HTML: &str = "report/sheet.html";
const MARKDOWN: &str = "report/sheet.md";

/// What stands in a cell where nothing is known. A workbook leaves it empty, which filters and sums understand.
pub const NOTHING: &str = "–";

/// The last column that is printed, counted from 0: what a meeting needs, as wide as a page.
const LAST_PRINTED: u16 = 12;

/// The number that workbooks have for A4.
const A4: u8 = 9;

/// The sample as written.
const SAMPLE: &str = include_str!("../../templates/report/sheet-sample.toml");

/// One page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// How the page looks.
    #[serde(default)]
    pub look: Look,
    /// Whom or what it is about.
    pub title: String,
    /// What it is.
    pub subtitle: String,
    /// How it is to be handled.
    pub handling: Option<String>,
    /// The day for which everything holds.
    pub as_of: Day,
    /// Short facts at its head: label, value.
    #[serde(default)]
    pub facts: Vec<(String, String)>,
    /// What matters most, in a sentence.
    pub statement: Option<String>,
    /// What stands beside it, a line each.
    #[serde(default)]
    pub details: Vec<String>,
    /// What follows, under a title each.
    #[serde(default)]
    pub parts: Vec<Part>,
    /// Where it comes from, on its last line.
    pub foot: String,
    /// Whether it needs the width of a screen.
    #[serde(default)]
    pub wide: bool,
}

/// Something under a title.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The title.
    pub title: String,
    /// Lines before the table.
    #[serde(default)]
    pub lines: Vec<String>,
    /// Heads of the table's columns; none means that there is no table.
    #[serde(default)]
    pub heads: Vec<Head>,
    /// The table's rows.
    #[serde(default)]
    pub rows: Vec<Vec<String>>,
}

/// The head of a column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The words.
    pub text: String,
    /// Whether numbers stand below it.
    #[serde(default)]
    pub number: bool,
    /// Whether days stand below it.
    #[serde(default)]
    pub day: bool,
}

impl Head {
    /// Makes a head over words.
    #[must_use]
    pub fn words(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            ..Self::default()
        }
    }

    /// Makes a head over numbers.
    #[must_use]
    pub fn number(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            number: true,
            ..Self::default()
        }
    }

    /// Makes a head over days.
    #[must_use]
    pub fn day(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            day: true,
            ..Self::default()
        }
    }
}

/// What a template sees.
#[derive(Serialize)]
struct Shown<'a> {
    sheet: &'a Sheet,
    page: Page,
}

/// Returns the sheet as a page for browsers and printers.
///
/// # Errors
/// What is wrong with a template.
pub fn html(sheet: &Sheet, templates: &Templates) -> Result<Vec<u8>, TemplateError> {
    let page = templates.render(HTML, &shown(sheet))?;
    Ok(html::sealed(&page).into_bytes())
}

/// Returns the sheet as GitHub-flavoured Markdown.
///
/// # Errors
/// What is wrong with a template.
pub fn markdown(sheet: &Sheet, templates: &Templates) -> Result<Vec<u8>, TemplateError> {
    Ok(templates.render(MARKDOWN, &shown(sheet))?.into_bytes())
}

/// Returns the first table of the sheet as CSV whose cells no spreadsheet calculates; nothing where it has none.
#[must_use]
pub fn csv(sheet: &Sheet) -> Option<Vec<u8>> {
    let part = sheet.parts.iter().find(|part| !part.heads.is_empty())?;
    let heads = part.heads.iter().map(|head| &head.text);
    Some(csv::table(heads, &part.rows))
}

/// Returns the tables of the sheet as a workbook, a sheet of it each. Numbers, shares and days are such in the workbook too where a
/// head says that they stand there; everything else is text.
///
/// # Panics
/// Never: what is written keeps the limits of a workbook.
#[must_use]
pub fn xlsx(sheet: &Sheet) -> Vec<u8> {
    workbook(sheet).expect("texts are cut to a cell's limit, and names of sheets are ours")
}

fn workbook(sheet: &Sheet) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&xlsx::properties(sheet.as_of, &sheet.subtitle));
    // Thousands of customers are to be there at once; a little more room does not matter.
    book.set_zip_compression_level(1);
    let formats = Formats::new();
    for part in sheet.parts.iter().filter(|part| !part.heads.is_empty()) {
        let page = book.add_worksheet();
        page.set_name(part.title.chars().take(31).collect::<String>())?;
        for (column, head) in (0..).zip(&part.heads) {
            page.set_column_width(column, width(part, usize::from(column)))?;
            let (above, below) = match head.number {
                true => (&formats.number_head, &formats.number),
                false => (&formats.head, &formats.text),
            };
            page.set_column_format(column, below)?;
            xlsx::write_text(page, 0, column, &head.text, above)?;
        }
        for (row, cells) in (1..).zip(&part.rows) {
            for (column, (cell, head)) in (0..).zip(cells.iter().zip(&part.heads)) {
                formats.write(page, (row, column), cell, head)?;
            }
        }
        let last = u16::try_from(part.heads.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let rows = u32::try_from(part.rows.len()).unwrap_or(u32::MAX).max(1);
        page.autofilter(0, 0, rows, last)?;
        page.set_freeze_panes(1, 1)?;
        page.set_print_area(0, 0, rows, last.min(LAST_PRINTED))?;
        page.set_paper_size(A4);
        page.set_landscape();
        page.set_print_fit_to_pages(1, 0);
        page.set_repeat_rows(0, 0)?;
    }
    let bytes = book.save_to_buffer();
    // Nobody waits until hundreds of thousands of cells are taken apart.
    std::thread::spawn(move || drop(book));
    bytes
}

/// Returns how wide a column is: as its widest cell, as far as somebody sees them at the beginning, and no wider than a phrase.
fn width(part: &Part, column: usize) -> f64 {
    const SEEN: usize = 200;
    const LEAST: usize = 9;
    const MOST: usize = 34;
    let head = part.heads[column].text.width() + 2;
    let cells = part.rows.iter().take(SEEN);
    let cells = cells
        .filter_map(|row| row.get(column))
        .map(|cell| cell.width());
    let widest = cells.max().unwrap_or(0).max(head);
    // Filters put a button beside the words of a head.
    (widest + 2).clamp(LEAST, MOST) as f64
}

/// How cells of a workbook look; of whole columns, where nothing else is said.
struct Formats {
    head: Format,
    number_head: Format,
    text: Format,
    number: Format,
    share: Format,
    day: Format,
}

impl Formats {
    fn new() -> Self {
        let (head, text) = (xlsx::head_format(), xlsx::cell_format());
        let number = text.clone().set_align(FormatAlign::Right).set_indent(1);
        Self {
            number_head: head.clone().set_align(FormatAlign::Right).set_indent(1),
            head,
            share: number.clone().set_num_format("0 %"),
            number,
            day: text
                .clone()
                .set_num_format("d mmm yyyy")
                .set_align(FormatAlign::Left),
            text,
        }
    }

    /// Writes a cell as what its head says that it is. The first of a row names the row, and is what somebody typed.
    fn write(
        &self,
        page: &mut Worksheet,
        (row, column): (u32, u16),
        cell: &str,
        head: &Head,
    ) -> Result<(), XlsxError> {
        if cell == NOTHING && column > 0 {
            return Ok(());
        }
        let number = |text: &str| text.parse::<u32>().ok().filter(|_| head.number);
        if let Some(number) = number(cell) {
            page.write_number(row, column, number)?;
        } else if let Some(share) = cell.strip_suffix(" %").and_then(number) {
            page.write_number_with_format(row, column, f64::from(share) / 100.0, &self.share)?;
        } else if let Some(day) = day(cell).filter(|day| head.day && xlsx::in_calendar(*day)) {
            page.write_datetime_with_format(row, column, day, &self.day)?;
        } else {
            page.write_string(row, column, xlsx::fitting(cell))?;
        }
        Ok(())
    }
}

/// Returns the day that a cell consists of, as [`words::day`] writes it.
fn day(cell: &str) -> Option<Day> {
    Day::parse_from_str(cell, "%d %b %Y").ok()
}

/// Returns what renders the sample with both templates.
///
/// # Panics
/// Never in a program that passed its tests: the sample is part of it, and a test reads it.
pub(crate) fn sample_jobs() -> Vec<Job> {
    let sheet: Sheet = toml::from_str(SAMPLE).expect("a test reads the sample");
    [HTML, MARKDOWN]
        .into_iter()
        .map(|name| Job {
            subject: Subject::Named(name.to_owned()),
            context: serde_json::to_value(shown(&sheet)).expect("a sheet is plain values"),
        })
        .collect()
}

fn shown(sheet: &Sheet) -> Shown<'_> {
    let which = format!("{}: {}", sheet.title, sheet.subtitle);
    let day = words::day(sheet.as_of);
    Shown {
        sheet,
        page: page(&[
            sheet.handling.as_deref(),
            Some(which.as_str()),
            Some(day.as_str()),
        ]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_renders_as_page_and_text() {
        let sheet: Sheet = toml::from_str(SAMPLE).unwrap();
        let templates = Templates::builtin().unwrap();
        let page = String::from_utf8(html(&sheet, &templates).unwrap()).unwrap();
        let text = String::from_utf8(markdown(&sheet, &templates).unwrap()).unwrap();
        for shown in [&page, &text] {
            assert!(shown.contains("17 controllers"), "{shown}");
        }
        assert!(!page.contains("<script>"), "{page}");
    }

    #[test]
    fn a_workbook_takes_for_a_value_only_what_its_head_says() {
        use calamine::{Data, Reader, Xlsx};
        let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
        let sheet = Sheet {
            parts: vec![Part {
                title: "Rows".into(),
                heads: vec![
                    Head::words("Who"),
                    Head::number("Count"),
                    Head::day("On"),
                    Head::words("Words"),
                ],
                rows: vec![
                    row([NOTHING, "12", "2 Sep 2026", "2 Sep 2026"]),
                    row(["5 Mar 2026", "90 %", NOTHING, "12"]),
                    row(["7", "1 / 2", "soon", NOTHING]),
                ],
                ..Part::default()
            }],
            ..Sheet::default()
        };
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(xlsx(&sheet))).unwrap();
        let range = book.worksheet_range("Rows").unwrap();
        let text = |text: &str| Data::String(text.to_owned());
        let rows: Vec<&[Data]> = range.rows().skip(1).collect();
        assert_eq!(rows[0][..2], [text(NOTHING), Data::Float(12.0)]);
        assert!(matches!(rows[0][2], Data::DateTime(_)), "{:?}", rows[0]);
        assert_eq!(rows[0][3], text("2 Sep 2026"));
        assert_eq!(
            rows[1],
            [
                text("5 Mar 2026"),
                Data::Float(0.9),
                Data::Empty,
                text("12")
            ]
        );
        assert_eq!(
            rows[2],
            [text("7"), text("1 / 2"), text("soon"), Data::Empty]
        );
    }
}
