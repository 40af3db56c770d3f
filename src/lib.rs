//! Readiness assessments: from a questionnaire to a verdict, a score and a report.

/// What is wrong, where, and what to do about it.
pub mod problem;

/// The rules of the product, pure: values in, values out.
pub mod domain;

/// Markdown to HTML, terminal and safe Markdown; plain text made harmless.
pub mod markdown;

/// Templates: Tera, filters, escaping, limits.
pub mod template;

/// Ledgers, texts and summary rows; the only SQL.
pub mod store;
