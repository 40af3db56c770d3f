//! From TOML as written to a [`Questionnaire`](crate::domain::questionnaire::Questionnaire), judged by a table of checks.
//!
//! Reading is two steps: the files exactly as they are [`written`], then everything that names and conditions mean
//! (`build`), with [`checks`] over the result. Every problem is found at once. Answers are no business of this module.

pub(crate) mod near;

pub mod written;

pub mod schema;

mod tree;

mod shape;

mod notes;

mod read;

pub mod recommendation;

pub mod scenario;

mod index;

mod graph;

mod build;

pub mod lock;

pub mod checks;

mod pinned;

mod files;

pub mod answers;

pub mod workbook;

pub mod rehearsal;

pub mod trial;

pub mod library;

pub mod starter;

pub mod outline;
