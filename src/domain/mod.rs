//! The rules of the product, pure: values in, values out. No clock, no files, no printing.
//!
//! Declared in reading order: a module uses only those above it.

/// A response held against its question.
pub mod answer;
/// A ledger replayed into what holds.
pub mod assessment;
/// The condition language: from a text to a typed, three-valued expression.
pub mod condition;
/// What one answer earns, and which findings it raises.
pub mod credit;
/// The customer, and how its properties change.
pub mod customer;
/// What a person decided about a finding or about the start.
pub mod decision;
/// What is asked, holds and is raised, for the answers at hand.
pub mod evaluation;
/// Gaps with a life: what answers raise, joined with what people decided.
pub mod finding;
/// Names of things: identifiers with their rules, and content hashes.
pub mod id;
/// What happened, entry by entry, chained so that a change or a cut shows.
pub mod ledger;
/// In which order things that depend on each other come.
pub mod order;
/// People: who records, says, owns and approves.
pub mod person;
/// What is asked, with every name resolved and every condition checked.
pub mod questionnaire;
/// What was said to a question, by whom, when, and how we know.
pub mod response;
/// Score, verdict, coverage, completeness and confidence, and why.
pub mod scoring;
/// Points and lengths of time, exact and without a clock.
pub mod time;
/// The words that people read for values.
pub mod words;
