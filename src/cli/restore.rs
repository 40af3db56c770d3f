//! `readiness restore`: a backup in the place of the store.

use std::path::PathBuf;

use clap::Args;

use crate::actions::Failure;
use crate::cli::context::Context;
use crate::cli::verify::kept;
use crate::cli::{Answer, ui};
use crate::problem::Problem;
use crate::store::Store;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A file that `backup` made
    file: PathBuf,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let file = &arguments.file;
    if !file.exists() {
        return Err(Failure::failed(
            Problem::error(format!("there is no file `{}`", file.display())).help("check the path"),
        ));
    }
    let to = context.store_path()?;
    let before = Store::restore(file, &to, context.clock().now()).await?;
    let customers = context.workspace().await?.customers().await?;
    let entries = customers.iter().map(|row| row.seq).sum();
    ui::note(&format!(
        "restored {} from {} to {}",
        kept(customers.len(), entries),
        file.display(),
        to.display()
    ));
    if let Some(before) = before {
        ui::note(&format!("the store before is kept as {}", before.display()));
    }
    Ok(Answer::Done)
}
