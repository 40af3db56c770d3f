//! `readiness man`: the manual.

use std::path::PathBuf;

use clap::Args;
use clap_mangen::Man;

use crate::actions::Failure;
use crate::cli::{Answer, files, ui};
use crate::domain::words;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Write the pages of all commands into this folder, instead of showing the first
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments, program: clap::Command) -> Result<Answer, Failure> {
    // With it, every group would have a page about asking for help.
    let mut program = program.disable_help_subcommand(true);
    program.build();
    let Some(folder) = &arguments.output else {
        ui::raw(&page(&Man::new(program)));
        return Ok(Answer::Done);
    };
    let mut pages = Vec::new();
    collect(program, &mut pages);
    for man in &pages {
        files::write(&folder.join(man.get_filename()), &page(man))?;
    }
    ui::note(&format!(
        "wrote {} to {}",
        words::count(pages.len(), "page", "pages"),
        folder.display()
    ));
    Ok(Answer::Done)
}

/// Adds the pages of a command and of those below it.
fn collect(command: clap::Command, pages: &mut Vec<Man>) {
    let below: Vec<clap::Command> = command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .cloned()
        .collect();
    pages.push(Man::new(command));
    for command in below {
        collect(command, pages);
    }
}

fn page(man: &Man) -> Vec<u8> {
    let mut page = Vec::new();
    man.render(&mut page)
        .expect("writing to memory does not fail");
    page
}
