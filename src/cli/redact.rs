//! `readiness redact`: taking what should never have been written out of a ledger.

use clap::Args;

use crate::actions::Failure;
use crate::cli::context::Context;
use crate::cli::{Answer, ui};
use crate::domain::id::CustomerId;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    /// The entry's number, as `readiness history` shows it
    entry: u64,
    /// Why; kept, and shown where the entry was
    #[arg(long)]
    reason: String,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let mut case = workspace.case(&arguments.customer, None).await?;
    let by = context.author(&workspace).await?;
    let entry = arguments.entry;
    let is_new = case
        .redact(&workspace, &by, entry, &arguments.reason)
        .await?;
    ui::note(&if is_new {
        format!(
            "took out entry {entry}, recorded as entry {}",
            case.book.seq
        )
    } else {
        format!("entry {entry} was taken out before")
    });
    ui::note("backups, exports and reports made before still have it");
    Ok(Answer::Done)
}
