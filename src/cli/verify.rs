//! `readiness verify`: whether everything kept is as it was written.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::actions::{Failure, Workspace};
use crate::cli::context::Context;
use crate::cli::{Answer, files, ui};
use crate::domain::id::Hash;
use crate::domain::words;
use crate::markdown::inert_line;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Say whether this file is a report that was issued from here, and from which point
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.existing_workspace().await?;
    if let Some(path) = &arguments.report {
        return report(&workspace, path, arguments.json).await;
    }
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

/// The largest report that is looked at, in bytes.
const MAX_REPORT: usize = 64 << 20;

async fn report(workspace: &Workspace, path: &Path, json: bool) -> Result<Answer, Failure> {
    let bytes = files::read(path, MAX_REPORT)?;
    let issued = workspace.issued(&bytes).await?;
    if json {
        ui::json(&serde_json::json!({ "digest": Hash::of(&bytes).to_string(), "issued": issued }));
    } else if issued.is_empty() {
        ui::line("not issued from here, or changed since: no ledger holds its digest");
        ui::line(&format!("its SHA-256 is {}", Hash::of(&bytes)));
    }
    let names = workspace.names().await?;
    for one in issued.iter().filter(|_| !json) {
        let by = names.get(&one.by).map_or(one.by.as_str(), String::as_str);
        ui::line(&inert_line(format!(
            "unchanged: the {} report of `{}` ({}), version {}, as {}, issued {} by {by} in entry {}, computed from everything up to entry {}",
            one.audience,
            one.customer,
            one.questionnaire,
            one.version,
            one.format,
            one.at,
            one.entry,
            one.computed_from,
        )));
    }
    Ok(if issued.is_empty() {
        Answer::No
    } else {
        Answer::Done
    })
}

/// Returns how much a store keeps, in words.
pub(crate) fn kept(customers: usize, entries: u64) -> String {
    format!(
        "{}, {}",
        words::count(customers, "customer", "customers"),
        words::count(entries.try_into().unwrap_or(usize::MAX), "entry", "entries")
    )
}
