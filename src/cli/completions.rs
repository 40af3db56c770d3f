//! `readiness completions`: what a shell needs to complete commands and options.

use clap::Args;
use clap_complete::Shell;

use crate::actions::Failure;
use crate::cli::{Answer, ui};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments, mut program: clap::Command) -> Result<Answer, Failure> {
    let name = program.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut program, name, &mut script);
    ui::raw(&script);
    Ok(Answer::Done)
}
