//! Tests of what a user sees.

mod catalog;
mod engine;
mod house;
mod intake;
mod numbers;
mod properties;
mod shipped;
