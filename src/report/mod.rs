//! Reports: from plain values to what a customer keeps.
//!
//! [`Report`] is all that a format sees. It is made for the internal audience and narrowed by [`Report::for_audience`]; then
//! [`render`] lays it out. Rendering reads nothing and writes nothing: same input, same bytes. What the numbers mean and where they
//! come from is the domain's business.

pub mod branding;

pub mod model;

mod parties;

mod paper;

pub mod audience;

mod words;

mod layout;

mod html;

mod markdown;

mod json;

mod tracker;

pub mod csv;

pub mod xlsx;

mod ics;

pub mod pdf;

pub mod prepare;

pub mod sheet;

pub mod mail;

pub mod sample;

mod build;

pub use branding::Branding;
pub use build::{Edition, Input, build};
pub use model::{Audience, Report};

use std::collections::BTreeSet;

use crate::template::{TemplateError, Templates};

/// What a report can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// One page for browsers and printers, without scripts or network.
    Html,
    /// GitHub-flavoured Markdown.
    Markdown,
    /// The values themselves.
    Json,
    /// The findings as a table for any spreadsheet.
    Csv,
    /// The findings as a workbook to track them in.
    Xlsx,
    /// The days that matter, for a calendar.
    Ics,
    /// The page on paper, where the program was built with the feature `pdf`.
    Pdf,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 7] = [
        Self::Html,
        Self::Markdown,
        Self::Json,
        Self::Csv,
        Self::Xlsx,
        Self::Ics,
        Self::Pdf,
    ];

    /// Returns the name that commands use and with which files end.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Ics => "ics",
            Self::Pdf => "pdf",
        }
    }

    /// Returns whether the format holds findings row by row, which a report for those who decide leaves out.
    #[must_use]
    pub fn is_table(self) -> bool {
        matches!(self, Self::Csv | Self::Xlsx | Self::Ics)
    }
}

/// Returns the report as a file of `format`, for the audience that it was made for.
///
/// # Errors
/// What is wrong with a template.
pub fn render(
    report: &Report,
    templates: &Templates,
    format: Format,
) -> Result<Vec<u8>, TemplateError> {
    render_noting(report, templates, format, &mut BTreeSet::new())
}

/// Does what [`render`] does, and adds the characters that the format cannot show to `lost`.
///
/// # Errors
/// What is wrong with a template.
pub fn render_noting(
    report: &Report,
    templates: &Templates,
    format: Format,
    lost: &mut BTreeSet<char>,
) -> Result<Vec<u8>, TemplateError> {
    match format {
        Format::Html => html::render(report, templates),
        Format::Markdown => markdown::render(report, templates),
        Format::Json => Ok(json::render(report)),
        Format::Csv => Ok(csv::render(report)),
        Format::Xlsx => Ok(xlsx::render(report)),
        Format::Ics => Ok(ics::render(report)),
        Format::Pdf => pdf::render(report, templates, lost),
    }
}

/// Returns the name of the file: `contoso-executive.html`.
#[must_use]
pub fn file_name(report: &Report, format: Format) -> String {
    let customer = &report.head.customer.id;
    format!("{customer}-{}.{}", report.audience.code(), format.code())
}
