//! The child process that renders templates that are not shipped: how it is started, and its whole life.

use crate::actions::Failure;
use crate::cli::{Answer, ui};
use crate::problem::{Problem, Problems};
use crate::template::{TemplateError, Worker, child};

/// What makes this program render for itself in a child process; nobody types it, and no help names it.
pub(crate) const RENDER: &str = "__render";

/// Returns how to start that child.
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

/// Returns errors of templates as problems.
pub(crate) fn problems(errors: Vec<TemplateError>) -> Problems {
    Problems(errors.into_iter().map(Problem::from).collect())
}

/// The whole life of the child process that renders what is not shipped.
pub(crate) fn render() -> Result<Answer, Failure> {
    let rendered = child::child_main(std::io::stdin().lock(), ui::wire());
    rendered.map_err(|error| {
        Failure::failed(
            Problem::error(format!("this cannot be rendered: {error}"))
                .help("let `readiness report` or `readiness templates check` start it"),
        )
    })?;
    Ok(Answer::Done)
}
