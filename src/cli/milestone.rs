//! `readiness milestone`: named points to look back to.

use clap::Args;

use crate::actions::{AsOf, Case, Failure};
use crate::cli::context::Context;
use crate::cli::{Answer, ui};
use crate::domain::id::{CustomerId, MilestoneId, PersonId};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    /// The name of the point that the ledger has reached; without it, milestones are listed
    name: Option<MilestoneId>,
    /// What it stands for, in a line or two
    #[arg(long, value_name = "TEXT", requires = "name")]
    note: Option<String>,
    /// List those up to an entry's number, the end of a date, or a milestone
    #[arg(long, value_name = "SEQ|DATE|MILESTONE", conflicts_with = "name")]
    as_of: Option<AsOf>,
    /// Print JSON
    #[arg(long, conflicts_with = "name")]
    json: bool,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let customer = &arguments.customer;
    let mut case = workspace.case(customer, arguments.as_of.as_ref()).await?;
    let Some(name) = &arguments.name else {
        let names = workspace.names().await?;
        let name = |id: &PersonId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
        list(&case, arguments.json, &name);
        return Ok(Answer::Done);
    };
    let by = context.author(&workspace).await?;
    let note = arguments.note.as_deref();
    case.set_milestone(&workspace, &by, name, note).await?;
    ui::note(&format!(
        "recorded as entry {}; look back with `readiness status {customer} --as-of {name}`, and see what changed since with \
         `readiness diff {customer} {name}`",
        case.book.seq
    ));
    Ok(Answer::Done)
}

fn list(case: &Case, json: bool, name: &dyn Fn(&PersonId) -> String) {
    let milestones = &case.book.milestones;
    if json {
        let rows: Vec<_> = milestones
            .iter()
            .map(|one| serde_json::json!({ "name": one.name, "entry": one.seq, "at": one.at, "by": one.by, "note": one.note }))
            .collect();
        ui::json(&rows);
    } else if milestones.is_empty() {
        ui::note(&format!(
            "no milestones yet; set one with `readiness milestone {} NAME`",
            case.ledger.customer
        ));
    } else {
        let zone = case.book.customer.time_zone;
        let rows: Vec<Vec<String>> = milestones
            .iter()
            .map(|one| {
                vec![
                    one.name.to_string(),
                    one.seq.to_string(),
                    one.at.local(zone),
                    crate::markdown::inert(&name(&one.by)),
                    crate::markdown::inert_line(one.note.as_deref().unwrap_or_default()),
                ]
            })
            .collect();
        ui::table(&["milestone", "entry", "when", "who", "note"], &rows);
    }
}
