//! The rules of the product, pure: values in, values out. No clock, no files, no printing.
//!
//! Declared in reading order: a module uses only those above it.

/// Names of things: identifiers with their rules, and content hashes.
pub mod id;
/// Points and lengths of time, exact and without a clock.
pub mod time;
/// People: who records, says, owns and approves.
pub mod person;
/// The customer, and how its properties change.
pub mod customer;
/// What was said to a question, by whom, when, and how we know.
pub mod response;
/// What a person decided about a finding or about the start.
pub mod decision;
/// In which order things that depend on each other come.
pub mod order;
/// The condition language: from a text to a typed, three-valued expression.
pub mod condition;
/// What is asked, with every name resolved and every condition checked.
pub mod questionnaire;
/// What happened, entry by entry, chained so that a change or a cut shows.
pub mod ledger;
/// The words that people read for values.
pub mod words;
/// A response held against its question.
pub mod answer;
/// What one answer earns, and which findings it raises.
pub mod credit;
/// What is asked, holds and is raised, for the answers at hand.
pub mod evaluation;
/// Gaps with a life: what answers raise, joined with what people decided.
pub mod finding;
/// A ledger replayed into what holds.
pub mod assessment;
/// Score, verdict, coverage, completeness and confidence, and why.
pub mod scoring;
