//! Tests of what a user sees.

#![expect(
    clippy::unwrap_used,
    reason = "in a test a value that is missing is a failed test, also in the helpers that clippy does not take for tests"
)]

mod assess;
mod bad_input;
mod catalog;
mod clocks;
#[path = "../../benches/customers.rs"]
mod crowd;
mod customers;
mod diff;
mod engine;
mod evidence;
mod findings;
#[path = "../../benches/generate.rs"]
mod generate;
mod house;
mod importers;
mod intake;
mod killed;
mod lives;
mod memory;
mod numbers;
mod path;
#[cfg(feature = "pdf")]
mod pdf;
mod phases;
mod portfolio;
mod project;
mod properties;
mod proposals;
mod redaction;
mod report;
mod settling;
mod shell;
mod shipped;
mod spine;
mod templates;
mod tracker;
mod upgrade;
mod upkeep;
mod walk;
mod workbook;
