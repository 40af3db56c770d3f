//! Reports as GitHub-flavoured Markdown.

use crate::report::layout;
use crate::report::model::Report;
use crate::template::{TemplateError, Templates};

/// The template of the text.
pub(crate) const TEMPLATE: &str = "report/report.md";

/// Returns the report as a text.
pub(crate) fn render(report: &Report, templates: &Templates) -> Result<Vec<u8>, TemplateError> {
    Ok(layout::render(report, templates, TEMPLATE)?.into_bytes())
}
