//! The workbook that customers fill in: as it goes out, as it comes back, and whatever else comes in its place.

mod commands;
mod desk;
mod edit;
mod hostile;
mod office;
mod parts;
mod round;

use desk::Desk;

/// A questionnaire with every type of question.
const FILL: &str = "tests/it/workbook/fill.toml";
