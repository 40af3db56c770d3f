//! Tests of what a user sees.

mod catalog;
mod engine;
mod numbers;
mod properties;
