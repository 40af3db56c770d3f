//! The tracker as a workbook: a sheet to work in, with filters and lists to choose from, and a sheet that sums it up.
//!
//! Everything that people typed is written as text, so that no cell is calculated; the only formulas are ours, which count. The
//! workbook's dates are the report's: same report, same bytes.

use rust_xlsxwriter::workbook::Workbook;
use rust_xlsxwriter::worksheet::Worksheet;
use rust_xlsxwriter::{
    Chart, ChartType, Color, ConditionalFormatText, ConditionalFormatTextRule, DataValidation,
    DocProperties, Format, FormatAlign, FormatBorder, Formula, XlsxError,
};
use unicode_width::UnicodeWidthStr;

use crate::domain::decision::Severity;
use crate::domain::finding::StateName;
use crate::domain::time::Day;
use crate::domain::{phrases, words};
use crate::report::Report;
use crate::report::model::Finding;
use crate::report::tracker::{self, Cell, Column};

/// The most characters that a cell of a workbook holds.
const CELL: usize = 32_767;

/// The sheet that findings stand on; the formulas of the other name it.
const FINDINGS: &str = "Findings";

/// The last column that is printed: what a meeting needs fits the width of a page.
const LAST_PRINTED: u16 = 10;

const INK: Color = Color::RGB(0x1F_2933);
const HEAD: Color = Color::RGB(0x1F_4E79);
const LINE: Color = Color::RGB(0xC9_D1D9);

/// Returns the report's findings as a workbook.
///
/// # Panics
/// Never: what is written keeps the limits of a workbook.
pub(crate) fn render(report: &Report) -> Vec<u8> {
    book(report).expect("texts are cut to a cell's limit, and names of sheets are ours")
}

fn book(report: &Report) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&properties(report.head.as_of, &report.head.title));
    summary(book.add_worksheet(), report)?;
    findings(book.add_worksheet(), report)?;
    book.save_to_buffer()
}

/// Returns the properties of a workbook that was made on `day`: at midnight, so that its bytes do not depend on the hour.
#[must_use]
pub fn properties(day: Day, title: &str) -> DocProperties {
    DocProperties::new()
        .set_title(title)
        .set_creation_datetime(&day.and_time(chrono::NaiveTime::MIN))
}

/// Writes `text` as text whatever it looks like, cut to what a cell holds.
///
/// # Errors
/// That row or column lie outside a sheet.
pub fn write_text(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(row, column, fitting(text), format)?;
    Ok(())
}

/// Returns as much of a text as a cell holds.
#[must_use]
pub fn fitting(text: &str) -> &str {
    let end = text.char_indices().nth(CELL);
    &text[..end.map_or(text.len(), |(end, _)| end)]
}

/// Returns how heads of tables look.
#[must_use]
pub fn head_format() -> Format {
    Format::new()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(HEAD)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
}

/// Returns how cells of tables look.
#[must_use]
pub fn cell_format() -> Format {
    Format::new()
        .set_font_color(INK)
        .set_align(FormatAlign::Top)
        .set_text_wrap()
        .set_border_bottom(FormatBorder::Hair)
        .set_border_color(LINE)
}

fn findings(sheet: &mut Worksheet, report: &Report) -> Result<(), XlsxError> {
    let columns = tracker::columns(report);
    let last = place(columns.len() - 1);
    let rows = u32::try_from(report.findings.len()).unwrap_or(u32::MAX);
    sheet.set_name(FINDINGS)?;
    sheet.set_row_height(0, 30)?;
    for (column, Column { head, width, .. }) in columns.iter().enumerate() {
        sheet.set_column_width(place(column), *width)?;
        write_text(sheet, 0, place(column), head, &head_format())?;
    }
    // The key tells the row when the sheet comes back; nobody needs to read it.
    sheet.set_column_hidden(0)?;
    for (row, finding) in (1..).zip(&report.findings) {
        sheet.set_row_height(row, height(report, finding))?;
        write_row(sheet, row, report, finding)?;
    }
    ranks(sheet, report, last + 1)?;
    choices(sheet, columns, rows)?;
    colours(sheet, columns, rows)?;
    sheet.autofilter(0, 0, rows.max(1), last + 1)?;
    sheet.set_freeze_panes(1, 3)?;
    paper(sheet, report);
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_print_area(0, 1, rows.max(1), LAST_PRINTED)?;
    Ok(())
}

fn write_row(
    sheet: &mut Worksheet,
    row: u32,
    report: &Report,
    finding: &Finding,
) -> Result<(), XlsxError> {
    let format = cell_format();
    let days = cell_format()
        .set_num_format("yyyy-mm-dd")
        .set_align(FormatAlign::Left);
    for (column, cell) in tracker::row(report, finding).into_iter().enumerate() {
        match cell {
            Cell::Text(text) => write_text(sheet, row, place(column), &text, &format)?,
            Cell::Number(number) => {
                sheet.write_number_with_format(row, place(column), number, &format)?;
            }
            Cell::Day(Some(day)) if in_calendar(day) => {
                sheet.write_datetime_with_format(row, place(column), day, &days)?;
            }
            Cell::Day(Some(day)) => {
                write_text(sheet, row, place(column), &day.to_string(), &format)?;
            }
            Cell::Day(None) => {
                sheet.write_blank(row, place(column), &format)?;
            }
        }
    }
    Ok(())
}

/// Writes beside each finding the place of its severity, worst first, since words sort by their letters. It follows what people choose.
fn ranks(sheet: &mut Worksheet, report: &Report, column: u16) -> Result<(), XlsxError> {
    sheet.set_column_width(column, 10)?;
    write_text(sheet, 0, column, "Severity rank", &head_format())?;
    let severity = letter(column_of(tracker::columns(report), "Severity"));
    let words = tracker::severities();
    let list: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    let format = cell_format();
    for (row, finding) in (1..).zip(&report.findings) {
        let word = phrases::severity(finding.severity);
        let rank = words
            .iter()
            .position(|known| *known == word)
            .map_or(0, |place| place + 1);
        let formula = format!("=MATCH({severity}{},{{{}}},0)", row + 1, list.join(","));
        let formula = Formula::new(formula).set_result(rank.to_string());
        sheet.write_formula_with_format(row, column, formula, &format)?;
    }
    Ok(())
}

/// Returns the letter of a column, which a tracker has one of each.
fn letter(column: u16) -> char {
    char::from(b'A' + u8::try_from(column).unwrap_or_default())
}

/// Returns the height of a row in points, so that wrapped text is read in full where a program does not fit rows by itself.
fn height(report: &Report, finding: &Finding) -> f64 {
    const POINTS: f64 = 15.0;
    const MOST: f64 = 12.0;
    let lines = |text: &str, width: f64| -> f64 {
        (text.split('\n'))
            .map(|line| (line.width() as f64 * 1.15 / width).ceil().max(1.0))
            .sum()
    };
    let cells = tracker::row(report, finding).into_iter();
    // The key is hidden, and as long as it likes.
    let most = (cells.zip(tracker::columns(report)).skip(1))
        .map(|(cell, column)| match cell {
            Cell::Text(text) => lines(&text, column.width),
            Cell::Number(_) | Cell::Day(_) => 1.0,
        })
        .fold(1.0, f64::max);
    most.min(MOST) * POINTS
}

/// Returns whether a workbook has the day: from 1900 on.
#[must_use]
pub fn in_calendar(day: Day) -> bool {
    use chrono::Datelike;
    (1900..=9999).contains(&day.year())
}

/// Lets people choose what has a fixed set of words.
fn choices(sheet: &mut Worksheet, columns: &[Column], rows: u32) -> Result<(), XlsxError> {
    let lists = [
        ("Needed for", tracker::needs()),
        ("Severity", tracker::severities()),
        ("State", tracker::states()),
        ("Who must act", tracker::parties()),
    ];
    for (head, words) in lists {
        let column = column_of(columns, head);
        let list = DataValidation::new()
            .allow_list_strings(&words)?
            .set_error_title("Not in the list")?
            .set_error_message("Choose one of the words in the list.")?;
        sheet.add_data_validation(1, column, rows.max(1), column, &list)?;
    }
    Ok(())
}

/// Colours what presses. The words say the same: nobody needs the colours.
fn colours(sheet: &mut Worksheet, columns: &[Column], rows: u32) -> Result<(), XlsxError> {
    let shades = [
        ("Severity", "critical", 0xF8_D7DA),
        ("Severity", "high", 0xFD_E5CC),
        ("Needed for", "Needed before start", 0xF8_D7DA),
        ("Overdue", "yes", 0xF8_D7DA),
        ("State", "Closed", 0xD9_EFDF),
    ];
    for (head, word, colour) in shades {
        let column = column_of(columns, head);
        let shade = ConditionalFormatText::new()
            .set_rule(ConditionalFormatTextRule::Contains(word.into()))
            .set_format(Format::new().set_background_color(Color::RGB(colour)));
        sheet.add_conditional_format(1, column, rows.max(1), column, &shade)?;
    }
    Ok(())
}

fn summary(sheet: &mut Worksheet, report: &Report) -> Result<(), XlsxError> {
    let head = &report.head;
    let plain = Format::new().set_font_color(INK);
    let bold = plain.clone().set_bold();
    sheet.set_name("Summary")?;
    sheet.set_column_width(0, 24)?;
    sheet.set_column_width(1, 18)?;
    let title = format!("{}: {}", head.customer.name, head.title);
    write_text(sheet, 0, 0, &title, &bold.clone().set_font_size(16))?;
    let facts = [
        ("As of", words::day(head.as_of)),
        (
            "Handling",
            head.classification
                .clone()
                .unwrap_or_else(|| "not classified".into()),
        ),
        ("Verdict", report.verdict.sentence.clone()),
        (
            "Planned go-live",
            report
                .go_live
                .planned
                .map_or_else(|| "not set".into(), words::day),
        ),
        ("Reference", head.number.clone()),
    ];
    for (row, (name, value)) in (2..).zip(&facts) {
        write_text(sheet, row, 0, name, &bold)?;
        write_text(sheet, row, 1, value, &plain)?;
    }
    counts(sheet, report, 9)?;
    paper(sheet, report);
    Ok(())
}

/// Counts what is to be done by severity, beginning at `top`, and draws it.
fn counts(sheet: &mut Worksheet, report: &Report, top: u32) -> Result<(), XlsxError> {
    write_text(sheet, top, 0, "Severity", &head_format())?;
    write_text(sheet, top, 1, "To be done", &head_format())?;
    let severities = [
        Severity::Critical,
        Severity::High,
        Severity::Medium,
        Severity::Low,
        Severity::Info,
    ];
    let mut row = top;
    for severity in severities {
        row += 1;
        let word = phrases::severity(severity);
        write_text(sheet, row, 0, word, &cell_format())?;
        let count = report
            .findings
            .iter()
            .filter(|finding| finding.severity == severity && !finding.state.is_over())
            .count();
        let formula = Formula::new(count_formula(report, word)).set_result(count.to_string());
        sheet.write_formula_with_format(row, 1, formula, &cell_format())?;
    }
    let mut chart = Chart::new(ChartType::Bar);
    chart
        .add_series()
        .set_name("To be done")
        .set_categories(("Summary", top + 1, 0, row, 0))
        .set_values(("Summary", top + 1, 1, row, 1));
    chart.title().set_name("What is to be done, by severity");
    chart.legend().set_hidden();
    chart.y_axis().set_reverse();
    chart.set_alt_text("What is to be done, by severity; the table beside it has the numbers");
    sheet.insert_chart(top, 3, &chart)?;
    Ok(())
}

/// Returns the formula that counts the findings of a severity that are to be done: it follows what people choose in the tracker.
fn count_formula(report: &Report, severity: &str) -> String {
    let columns = tracker::columns(report);
    let range = |head: &str| {
        let letter = letter(column_of(columns, head));
        format!(
            "{FINDINGS}!${letter}$2:${letter}${}",
            report.findings.len().max(1) + 1
        )
    };
    let state = range("State");
    let done: String = (StateName::ALL.into_iter())
        .filter(|state| state.is_over())
        .map(|over| format!(",{state},\"<>{}\"", phrases::state_name(over)))
        .collect();
    format!("=COUNTIFS({},\"{severity}\"{done})", range("Severity"))
}

/// Sets the sheet up for A4 across, as wide as a page.
fn paper(sheet: &mut Worksheet, report: &Report) {
    let head = &report.head;
    sheet
        .set_paper_size(9)
        .set_landscape()
        .set_print_fit_to_pages(1, 0);
    sheet.set_footer(footer(&head.customer.name, head.classification.as_deref()));
}

/// Returns the code of a footer with a name, how it is to be handled, and the number of the page.
#[must_use]
pub fn footer(name: &str, handling: Option<&str>) -> String {
    // An ampersand begins a code in a footer; two stand for one.
    let name = name.replace('&', "&&");
    let handling = handling.unwrap_or_default().replace('&', "&&");
    format!("&L{}&C{}&R&P of &N", cut(&name), cut(&handling))
}

/// Cuts a text so that the footer keeps the limit of 255 characters.
fn cut(text: &str) -> String {
    let cut: String = text.chars().take(80).collect();
    // A single ampersand left at the end would swallow what follows.
    let tail = cut
        .chars()
        .rev()
        .take_while(|letter| *letter == '&')
        .count();
    if tail % 2 == 1 {
        cut[..cut.len() - 1].to_owned()
    } else {
        cut
    }
}

fn column_of(columns: &[Column], head: &str) -> u16 {
    let found = columns.iter().position(|column| column.head == head);
    place(found.expect("the tracker has the column that is named"))
}

fn place(column: usize) -> u16 {
    u16::try_from(column).expect("a tracker has few columns")
}
