//! The rules of the product, pure: values in, values out. No clock, no files, no printing.
//!
//! Declared in reading order: a module uses only those above it.

pub mod id;
pub mod time;
pub mod person;
pub mod customer;
pub mod response;
pub mod evidence;
pub mod whose;
pub mod exhibit;
pub mod decision;
pub mod phase;
pub mod due;
pub mod advice;
pub mod managed_response;
pub mod order;
pub mod condition;
pub mod questionnaire;
pub mod ledger;
pub mod words;
pub mod answer;
pub mod credit;
pub mod evaluation;
pub mod finding;
pub mod migration;
pub mod assessment;
pub mod scoring;
pub mod trail;
pub mod phrases;
pub mod assume;
pub mod plan;
pub mod diff;
pub mod upgrade;
pub mod intake;
pub mod proposal;
pub mod carry;
pub mod history;
pub mod walk;
