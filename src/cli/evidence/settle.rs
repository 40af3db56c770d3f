//! `readiness evidence settle`: which control a title is that fits several, or none that we know.

use clap::Args;
use serde_json::json;

use crate::actions::{Case, Failure, Resettled, Settlement};
use crate::cli::context::Context;
use crate::cli::{Answer, ui};
use crate::domain::evidence::Unplaced;
use crate::domain::id::CustomerId;
use crate::domain::words;
use crate::markdown::inert_line;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    /// The title as it is listed, and the id of the control that it is; without any, list the titles that wait
    #[arg(value_name = "TITLE=CONTROL")]
    settlements: Vec<Settlement>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let mut case = workspace.case(&arguments.customer, None).await?;
    if arguments.settlements.is_empty() {
        let sources = case.sources(&workspace).await?;
        let waiting = sources.iter().flat_map(|source| {
            let unplaced = source.evidence.unplaced.iter();
            unplaced.map(|one| (source.entry, one))
        });
        list(&waiting.collect::<Vec<_>>(), &arguments);
        return Ok(Answer::Done);
    }
    let by = context.author(&workspace).await?;
    let settlements = &arguments.settlements;
    let resettled = case.settle(&workspace, &by, settlements).await?;
    if arguments.json {
        ui::json(&json!(
            resettled
                .iter()
                .map(|one| json!({
                    "entry": one.entry, "rows": one.rows, "evidence": one.exhibit,
                }))
                .collect::<Vec<_>>()
        ));
    } else {
        print(&resettled, &case);
    }
    Ok(Answer::Done)
}

fn list(waiting: &[(u64, &Unplaced)], arguments: &Arguments) {
    if arguments.json {
        ui::json(&json!(waiting.iter().map(|(entry, one)| json!({
            "entry": entry, "title": one.label(), "candidates": one.candidates, "said": one.observation.said,
        })).collect::<Vec<_>>()));
        return;
    }
    for (entry, one) in waiting {
        ui::line(&format!("{} (entry {entry})", describe(one)));
    }
    if waiting.is_empty() {
        ui::note("every title tells its control");
    } else {
        let customer = &arguments.customer;
        ui::note(&format!(
            "say which control it is: `readiness evidence settle {customer} \"TITLE=CONTROL\"`"
        ));
    }
}

/// Tells what was settled.
pub(crate) fn print(resettled: &[Resettled], case: &Case) {
    for one in resettled {
        let mut held = case.book.evidence.iter().rev();
        let held = held.find(|held| held.exhibit.what == one.exhibit);
        let entry = held.map_or(one.entry, |held| held.exhibit.seq);
        ui::note(&format!(
            "entry {}: {} settled; read anew as entry {entry}",
            one.entry,
            words::count(one.rows, "title", "titles"),
        ));
    }
}

/// Returns a title that waits, with what was said of it and what it may be.
pub(crate) fn describe(unplaced: &Unplaced) -> String {
    let may_be = match unplaced.candidates.as_slice() {
        [] => "no control that we know goes by it".to_owned(),
        some => some.join(", "),
    };
    inert_line(format!(
        "“{}” ({}): {may_be}",
        unplaced.label(),
        unplaced.observation.said
    ))
}
