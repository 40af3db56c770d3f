//! `readiness backup`: the whole store in one file.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::actions::Failure;
use crate::cli::context::Context;
use crate::cli::verify::kept;
use crate::cli::{Answer, ui};
use crate::problem::Problem;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The file to make; none that exists is replaced
    file: PathBuf,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let file = &arguments.file;
    refuse_nowhere(file)?;
    let workspace = context.existing_workspace().await?;
    workspace.store.backup(file).await?;
    let customers = workspace.customers().await?;
    let entries = customers.iter().map(|row| row.seq).sum();
    ui::note(&format!(
        "backed up {} to {}, and verified the copy",
        kept(customers.len(), entries),
        file.display()
    ));
    Ok(Answer::Done)
}

/// Refuses a file in a folder that is not there: a backup is not to end up where nobody looks.
fn refuse_nowhere(file: &Path) -> Result<(), Failure> {
    let folder = file
        .parent()
        .filter(|folder| *folder != Path::new("") && !folder.is_dir());
    match folder {
        None => Ok(()),
        Some(folder) => Err(Failure::failed(
            Problem::error(format!("there is no folder `{}`", folder.display()))
                .help("make it first, or name a file elsewhere"),
        )),
    }
}
