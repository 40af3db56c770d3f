//! Readiness assessments: from a questionnaire to a verdict, a score and a report.

pub mod problem;

pub mod domain;

/// Markdown to HTML, terminal and safe Markdown; plain text made harmless.
pub mod markdown;

/// Templates: Tera, filters, escaping, limits.
pub mod template;

pub mod report;
