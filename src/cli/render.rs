//! Rendering in a child process of this program: how it is started, and its whole life.
//!
//! What is rendered there, and with which limits, is the business of [`template`](crate::template).

use crate::actions::Failure;
use crate::cli::{Answer, ui};
use crate::problem::{Problem, Problems};
use crate::template::{TemplateError, Worker, child};

/// What makes this program that child; nobody types it, and no help names it.
pub(crate) const RENDER: &str = "__render";

/// Returns how to start the child.
///
/// # Errors
/// When this program does not know where it lies.
pub(crate) fn worker() -> Result<Worker, Failure> {
    let program = std::env::current_exe().map_err(|error| {
        Failure::failed(
            Problem::error(format!("this program cannot find its own file: {error}"))
                .help("start it by its full path"),
        )
    })?;
    Ok(Worker {
        program,
        arguments: vec![RENDER.to_owned()],
    })
}

/// Is the child.
///
/// # Errors
/// When somebody else started it.
pub(crate) fn run() -> Result<Answer, Failure> {
    let rendered = child::child_main(std::io::stdin().lock(), ui::wire());
    rendered.map_err(|error| {
        Failure::failed(
            Problem::error(format!("this cannot be rendered: {error}"))
                .help("let `readiness report` or `readiness templates check` start it"),
        )
    })?;
    Ok(Answer::Done)
}

/// Returns errors of templates as problems.
pub(crate) fn problems(errors: Vec<TemplateError>) -> Problems {
    Problems(errors.into_iter().map(Problem::from).collect())
}
