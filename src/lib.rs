//! # Readiness assessments: from a questionnaire to a verdict, a score and a report
//!
//! A service delivery manager walks a customer through a questionnaire; the answers give a verdict (may the service start?),
//! coverage, a score with the reason for every point, and findings, each with a recommendation. Findings are tracked until an answer
//! closes them. Reports go to the customer.
//!
//! ## The floor plan
//!
//! The modules below are declared in reading order, and a module uses only what is declared above it; a test holds that, here and
//! in [`domain`].
//!
//! | floor | holds |
//! |---|---|
//! | [`problem`] | what is wrong, where, and what to do about it |
//! | [`domain`] | the rules, pure: values in, values out |
//! | [`markdown`] | Markdown that people typed, made safe; text made harmless |
//! | [`importers`] | other tools' files → evidence; one tool a file |
//! | [`template`] | Tera: filters, forced escaping, limits |
//! | [`catalog`] | TOML as written → a questionnaire; the table of checks; recommendations; scenarios |
//! | [`store`] | ledgers, texts, summary rows; the only SQL |
//! | [`report`] | the typed report; one file a format |
//! | [`actions`] | what a person can do, once: load, compute, save |
//! | [`cli`] | a file a command; `ui.rs` is the only place that prints |
//!
//! ## What happens when somebody answers a question
//!
//! 1. [`cli`] reads what was typed; [`domain::intake`] holds it against the question and makes a
//!    [`Response`](domain::response::Response).
//! 2. [`actions::Case::record`] gives the store a [`Fact`](domain::ledger::Fact) and what it is based on. In one transaction the
//!    store reads what others wrote since, refuses if they were about the same thing, chains the entry to the ledger and keeps a
//!    summary row. It is on the disk before anything is shown.
//! 3. The [`Book`](domain::assessment::Book) takes the entry in. [`Evaluation`](domain::evaluation::Evaluation) evaluates what
//!    depends on the answer, in topological order: what is asked, what it earns ([`domain::credit`]), what is raised.
//!    [`finding`](domain::finding) moves each finding along.
//! 4. [`scoring`](domain::scoring) computes verdict, score and coverage when somebody looks. Nothing derived is kept but summary
//!    rows, which say until when they hold.
//!
//! *As of* an earlier point is the same replay of fewer entries.
//!
//! ## To add
//!
//! | to add | touch |
//! |---|---|
//! | a questionnaire | one folder under `questionnaires/` |
//! | a recommendation | one file under `templates/recommendations/` |
//! | a report format | one file in `report/`, one variant |
//! | an evidence tool | one file in `importers/`, one line in its table, one folder of fixtures |
//! | a check of questionnaires | one function in `catalog/checks`, one line in its table |
//! | a command | one file in `cli/`, one variant; its body in `actions` if another face does it too |

pub mod problem;
pub mod domain;
pub mod markdown;
pub mod importers;
pub mod template;
pub mod catalog;
pub mod store;
pub mod report;
pub mod actions;
pub mod cli;
