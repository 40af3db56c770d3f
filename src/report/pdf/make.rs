//! From a report to a PDF: what its page says, and as large as it may be.

use std::collections::BTreeSet;

use chrono::Datelike;
use typst::foundations::{Array, Datetime, Dict, IntoValue, Value};
use typst_layout::PagedDocument;

use crate::domain::time::Day;
use crate::report::html;
use crate::report::layout;
use crate::report::model::{Audience, Report};
use crate::report::pdf::fonts::fonts;
use crate::report::pdf::tree::Element;
use crate::report::pdf::{press, tree, values};
use crate::template::{TemplateError, Templates};

/// How everything looks.
const SHEET: &str = include_str!("sheet.typ");

/// The size of the text in points, and the steps in which it is made smaller where two pages have to be enough.
const SIZES: &[f64] = &[9.8, 9.5, 9.2, 8.9, 8.6, 8.3, 8.0, 7.7, 7.4];

/// How many pages an executive report has.
const PAGES: usize = 2;

/// Returns the report as a PDF, and adds the characters that no font has to `lost`.
pub(super) fn make(
    report: &Report,
    templates: &Templates,
    lost: &mut BTreeSet<char>,
) -> Result<Vec<u8>, TemplateError> {
    let page = layout::render(report, templates, html::TEMPLATE)?;
    let tree = tree::read(&page);
    let root = Element::default();
    let body = tree.find("body").unwrap_or(&root);
    let body = values::body(body, fonts(), lost).map_err(failed)?;
    let pages = pages(report, &body, lost).map_err(failed)?;
    press::print(&pages, ident(report)).map_err(failed)
}

/// Sets the pages. An executive report is set smaller where it would have more of them than it may, and at last without a break
/// between the first and the second.
fn pages(
    report: &Report,
    body: &Value,
    lost: &mut BTreeSet<char>,
) -> Result<PagedDocument, String> {
    if report.audience != Audience::Executive {
        return press::set(SHEET, inputs(report, body, (SIZES[0], false), lost));
    }
    for size in SIZES {
        let pages = press::set(SHEET, inputs(report, body, (*size, true), lost))?;
        if pages.pages().len() <= PAGES {
            return Ok(pages);
        }
    }
    press::set(
        SHEET,
        inputs(report, body, (SIZES[SIZES.len() - 1], false), lost),
    )
}

/// Returns what the style sheet reads: how large the text is, and whether what fills the first page ends it.
fn inputs(
    report: &Report,
    body: &Value,
    (size, apart): (f64, bool),
    lost: &mut BTreeSet<char>,
) -> Dict {
    let head = &report.head;
    let mut shown = |text: &str| fonts().shown(text, lost).into_value();
    let author: Array = (head.provider.iter().chain(&head.prepared_by).take(1))
        .map(|name| shown(name))
        .collect();
    let (language, region) = language(&head.language);
    let values = [
        (
            "title",
            shown(&format!("{}: {}", head.customer.name, head.title)),
        ),
        ("footer", shown(&layout::foot(report))),
        ("author", author.into_value()),
        ("date", date(head.as_of)),
        ("lang", language.into_value()),
        ("region", region.map_or(Value::None, IntoValue::into_value)),
        (
            "accent",
            report.look.accent.on_light.to_string().into_value(),
        ),
        ("apart", apart.into_value()),
        ("size", size.into_value()),
        ("body", body.clone()),
    ];
    values
        .into_iter()
        .map(|(key, value)| (key.into(), value))
        .collect()
}

/// Returns a day as Typst knows it; nothing for years that a PDF does not.
fn date(day: Day) -> Value {
    let known = (0..=9999).contains(&day.year()).then_some(day);
    let of = |day: Day| Datetime::from_ymd(day.year(), day.month() as u8, day.day() as u8);
    known
        .and_then(of)
        .map_or(Value::None, IntoValue::into_value)
}

/// Returns language and region of a BCP 47 tag; English where it names none.
fn language(tag: &str) -> (String, Option<String>) {
    let mut parts = tag.split('-');
    let is = |part: &&str, lengths: &[usize]| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    match parts.next().filter(|part| is(part, &[2, 3])) {
        None => ("en".to_owned(), None),
        Some(language) => {
            let region = parts.next().filter(|part| is(part, &[2]));
            (
                language.to_ascii_lowercase(),
                region.map(str::to_ascii_uppercase),
            )
        }
    }
}

/// Returns what tells the report from every other.
fn ident(report: &Report) -> String {
    let (head, anchor) = (&report.head, &report.anchor);
    format!(
        "{} {} {} {} {}",
        head.customer.id,
        head.number,
        report.audience.code(),
        head.version,
        anchor.head
    )
}

fn failed(message: String) -> TemplateError {
    let error = |message| TemplateError::whole("report.pdf", message);
    if message.contains("failed to decode image") || message.contains("the logo has") {
        return error(format!("the logo cannot be shown: {message}"))
            .with_hint("save it anew as PNG or JPEG, not larger than it is printed");
    }
    error(format!("the PDF cannot be made: {message}"))
        .with_hint("make the report as HTML and print it from a browser")
}
