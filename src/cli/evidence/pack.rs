//! `readiness evidence pack`: everything an auditor needs, in one file.

use std::path::PathBuf;

use clap::Args;

use crate::actions::Failure;
use crate::cli::context::Context;
use crate::cli::{Answer, files, ui};
use crate::domain::id::{CustomerId, Hash};
use crate::domain::words;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    /// The zip file to write
    #[arg(long, short, value_name = "FILE.zip")]
    output: PathBuf,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let case = workspace.case(&arguments.customer, None).await?;
    let pack = case.pack(&workspace).await?;
    files::write(&arguments.output, &pack.bytes)?;
    ui::note(&format!(
        "wrote {}: {}, SHA-256 {}",
        arguments.output.display(),
        words::count(pack.files, "file", "files"),
        Hash::of(&pack.bytes)
    ));
    Ok(Answer::Done)
}
