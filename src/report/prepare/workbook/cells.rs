//! What a cell takes: lists to choose from, and limits, with what is said when something else is typed.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::worksheet::Worksheet;
use rust_xlsxwriter::{
    DataValidation, DataValidationRule, ExcelDateTime, Format, Formula, XlsxError,
};

use crate::catalog::workbook::choice;
use crate::catalog::workbook::mark::LIST_SHEET;
use crate::domain::evaluation::Evaluation;
use crate::domain::intake;
use crate::domain::questionnaire::{Bounds, Kind};
use crate::report::xlsx;

/// The lists that cells choose from; each stands once, in a column of a hidden sheet, since a list in the cell itself may hold no
/// more than 255 letters and no comma.
#[derive(Default)]
pub(super) struct Lists(BTreeMap<Vec<String>, u16>);

impl Lists {
    /// Returns what lets a cell choose from `labels`.
    pub(super) fn choose(&mut self, labels: Vec<String>) -> Result<DataValidation, XlsxError> {
        // The first column says what the sheet is.
        let next = u16::try_from(self.0.len() + 1).unwrap_or(u16::MAX);
        let last = labels.len();
        let column = column_name(*self.0.entry(labels).or_insert(next));
        let range = format!("={LIST_SHEET}!${column}$1:${column}${last}");
        said(
            DataValidation::new().allow_list_formula(Formula::new(range)),
            "Not in the list",
            "Choose one from the list: the arrow beside the cell opens it.",
        )
    }

    /// Writes the lists.
    pub(super) fn write(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        for (labels, column) in &self.0 {
            for (row, label) in (0..).zip(labels) {
                xlsx::write_text(sheet, row, *column, label, &Format::new())?;
            }
        }
        Ok(())
    }
}

/// Returns what a cell takes as an answer of `kind`; nothing where it takes any text.
pub(super) fn validation(
    evaluation: &Evaluation,
    kind: &Kind,
    lists: &mut Lists,
) -> Result<Option<DataValidation>, XlsxError> {
    Ok(Some(match kind {
        Kind::Bool => lists.choose(vec![choice::YES.into(), choice::NO.into()])?,
        Kind::Choice(options) => {
            let places = intake::offered(evaluation, kind);
            let labels = choice::labels(evaluation, options, &places);
            if labels.is_empty() {
                return Ok(None);
            }
            lists.choose(labels)?
        }
        Kind::Int(bounds) => whole(*bounds)?,
        Kind::Decimal(bounds) => decimal(*bounds)?,
        Kind::Percent(bounds) => percent(*bounds)?,
        Kind::Date => day()?,
        Kind::Multi(_) | Kind::Text | Kind::Coverage(_) | Kind::Rows(_) => return Ok(None),
    }))
}

/// Returns what takes a whole number of something, none included.
pub(super) fn count() -> Result<DataValidation, XlsxError> {
    whole(Bounds {
        min: Some(Decimal::ZERO),
        max: None,
    })
}

/// Returns what takes a day.
pub(super) fn day() -> Result<DataValidation, XlsxError> {
    let first = ExcelDateTime::from_ymd(1990, 1, 1)?;
    let last = ExcelDateTime::from_ymd(2199, 12, 31)?;
    said(
        DataValidation::new().allow_date(DataValidationRule::Between(first, last)),
        "Not a date",
        "Write a date: year, month and day, such as 2026-09-02.",
    )
}

fn whole(bounds: Bounds) -> Result<DataValidation, XlsxError> {
    let edge = |bound: Option<Decimal>, otherwise: i32| {
        bound.and_then(|bound| bound.to_i32()).unwrap_or(otherwise)
    };
    let (min, max) = (edge(bounds.min, i32::MIN), edge(bounds.max, i32::MAX));
    said(
        DataValidation::new().allow_whole_number(DataValidationRule::Between(min, max)),
        "Not such a number",
        &format!("Write a whole number{}.", within(bounds, "")),
    )
}

fn decimal(bounds: Bounds) -> Result<DataValidation, XlsxError> {
    /// Far beyond whatever is meant, and still exact.
    const MOST: f64 = 1e15;
    let edge = |bound: Option<Decimal>, otherwise: f64| {
        bound.and_then(|bound| bound.to_f64()).unwrap_or(otherwise)
    };
    let (min, max) = (edge(bounds.min, -MOST), edge(bounds.max, MOST));
    said(
        DataValidation::new().allow_decimal_number(DataValidationRule::Between(min, max)),
        "Not such a number",
        &format!("Write a number{}.", within(bounds, "")),
    )
}

fn percent(bounds: Bounds) -> Result<DataValidation, XlsxError> {
    let bounds = Bounds {
        min: bounds.min.or(Some(Decimal::ZERO)),
        max: bounds.max.or(Some(Decimal::ONE_HUNDRED)),
    };
    let share = |bound: Option<Decimal>| {
        let share = bound.and_then(|bound| (bound / Decimal::ONE_HUNDRED).to_f64());
        share.unwrap_or_default()
    };
    let rule = DataValidationRule::Between(share(bounds.min), share(bounds.max));
    said(
        DataValidation::new().allow_decimal_number(rule),
        "Not such a percentage",
        &format!("Write a percentage{}, such as 85%.", within(bounds, "%")),
    )
}

fn within(bounds: Bounds, unit: &str) -> String {
    match (bounds.min, bounds.max) {
        (Some(min), Some(max)) => format!(" from {min}{unit} to {max}{unit}"),
        (Some(min), None) => format!(", at least {min}{unit}"),
        (None, Some(max)) => format!(", at most {max}{unit}"),
        (None, None) => String::new(),
    }
}

fn said(
    validation: DataValidation,
    title: &str,
    message: &str,
) -> Result<DataValidation, XlsxError> {
    validation
        .set_error_title(title)?
        .set_error_message(message)
}

/// Returns the letters of a column, counted from 0.
fn column_name(column: u16) -> String {
    rust_xlsxwriter::utility::column_number_to_name(column)
}
