//! `readiness verify`: whether everything kept is as it was written.

use clap::Args;

use crate::actions::Failure;
use crate::cli::context::Context;
use crate::cli::{Answer, ui};
use crate::domain::words;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.existing_workspace().await?;
    let verified = workspace.verify().await?;
    let well = verified.problems.0.is_empty();
    if arguments.json {
        ui::json(&serde_json::json!({
            "customers": verified.customers,
            "entries": verified.entries,
            "problems": verified.problems,
        }));
    } else {
        ui::problems(&verified.problems);
        let kept = kept(verified.customers, verified.entries);
        let wrong = words::count(verified.problems.0.len(), "problem", "problems");
        let found = if well { "all well" } else { &wrong };
        ui::line(&format!("{kept}: {found}"));
    }
    Ok(if well { Answer::Done } else { Answer::No })
}

/// Returns how much a store keeps, in words.
pub(crate) fn kept(customers: usize, entries: u64) -> String {
    format!(
        "{}, {}",
        words::count(customers, "customer", "customers"),
        words::count(entries.try_into().unwrap_or(usize::MAX), "entry", "entries")
    )
}
