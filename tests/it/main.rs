//! Tests of what a user sees.

mod bad_input;
mod catalog;
mod engine;
#[path = "../../benches/generate.rs"]
mod generate;
mod house;
mod intake;
mod numbers;
mod project;
mod properties;
mod report;
mod shipped;
mod spine;
