//! Readiness assessments: from a questionnaire to a verdict, a score and a report.

pub mod problem;
pub mod domain;
pub mod markdown;
pub mod template;
pub mod catalog;
pub mod store;
pub mod actions;
pub mod cli;
