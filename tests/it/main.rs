//! Tests of what a user sees.

mod catalog;
mod intake;
