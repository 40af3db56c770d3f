//! Reports as PDF: the page that browsers show, set on paper.
//!
//! The page is the one that [`html`] makes, with the same sections and words; here it is read as a tree, handed to Typst as values,
//! laid out by a style sheet that follows the page's for print, and checked against PDF/UA-1. Fonts are part of the program; nothing
//! is read from the machine, and the only day in it is the report's. All of it is there only where the program was built with the
//! feature `pdf`, which brings 200 crates.

#[cfg(feature = "pdf")]
mod fonts;

#[cfg(feature = "pdf")]
mod tree;

#[cfg(feature = "pdf")]
mod columns;

#[cfg(feature = "pdf")]
mod picture;

#[cfg(feature = "pdf")]
mod values;

#[cfg(feature = "pdf")]
mod press;

#[cfg(feature = "pdf")]
mod make;

use std::collections::BTreeSet;

use crate::problem::Problem;
use crate::report::model::Report;
use crate::template::{TemplateError, Templates};

/// Returns why this program makes no PDF, where it was built without.
#[must_use]
pub fn missing() -> Option<Problem> {
    (!cfg!(feature = "pdf")).then(refusal)
}

/// Says what a program without PDF cannot do, and what to do instead.
fn refusal() -> Problem {
    Problem::error("this build of `readiness` makes no PDF").help(
        "build it with `cargo build --release --features pdf`, or make the report as HTML and print it from a browser",
    )
}

/// Returns the report as a PDF, and adds the characters that no font has to `lost`.
#[cfg(feature = "pdf")]
pub(crate) fn render(
    report: &Report,
    templates: &Templates,
    lost: &mut BTreeSet<char>,
) -> Result<Vec<u8>, TemplateError> {
    make::make(report, templates, lost)
}

/// Returns why there is no PDF.
#[cfg(not(feature = "pdf"))]
pub(crate) fn render(
    _: &Report,
    _: &Templates,
    _: &mut BTreeSet<char>,
) -> Result<Vec<u8>, TemplateError> {
    let refusal = refusal();
    let hint = refusal.help.unwrap_or_default();
    Err(TemplateError::whole("report.pdf", refusal.message).with_hint(hint))
}
