//! Domain.

/// The condition language of questionnaires: parser, type checker, three-valued evaluator.
pub mod condition;
/// An order in which everything comes after what it depends on, or the shortest cycle.
pub mod order;
