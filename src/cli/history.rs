//! `readiness history`: what was recorded, by whom and when.

use clap::Args;

use crate::actions::{AsOf, Failure};
use crate::cli::context::Context;
use crate::cli::ui::Tone;
use crate::cli::{Answer, ui};
use crate::domain::history::{Event, history};
use crate::domain::id::{CustomerId, PersonId, QuestionId};
use crate::markdown::{inert, inert_line};
use crate::problem::Problem;

/// How many letters of an entry's words are shown; JSON has them all.
const SHOWN: usize = 240;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    /// Only what is about this question
    #[arg(long, value_name = "ID")]
    question: Option<QuestionId>,
    /// Look back to an entry's number, the end of a date, or a milestone
    #[arg(long, value_name = "SEQ|DATE|MILESTONE")]
    as_of: Option<AsOf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let case = workspace
        .case(&arguments.customer, arguments.as_of.as_ref())
        .await?;
    let names = workspace.names().await?;
    let name = |id: &PersonId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
    let mut events = history(case.entries(), &case.texts, &name);
    if let Some(question) = &arguments.question {
        events.retain(|event| event.question.as_ref() == Some(question));
        if events.is_empty() && !case.asks(question) {
            return Err(Failure::usage(
                Problem::error(format!("no question is called `{question}`"))
                    .help("see `readiness explain CUSTOMER`"),
            ));
        }
    }
    if arguments.json {
        let rows: Vec<_> = events.iter().map(json).collect();
        ui::json(&rows);
    } else if events.is_empty() {
        ui::note("nothing was recorded about it");
    } else {
        let zone = case.book.customer.time_zone;
        let rows: Vec<Vec<String>> = events
            .iter()
            .map(|event| {
                vec![
                    event.seq.to_string(),
                    event.at.local(zone),
                    inert(&name(&event.by)),
                    words(event),
                ]
            })
            .collect();
        ui::table(&["entry", "when", "who", "what"], &rows);
    }
    Ok(Answer::Done)
}

/// Returns what happened, on one line.
fn words(event: &Event) -> String {
    let line = inert_line(&event.what);
    let mut shown: String = line.chars().take(SHOWN).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    if event.is_hole {
        return ui::tone(Tone::Warn, &format!("[{}] {shown}", event.kind));
    }
    shown
}

fn json(event: &Event) -> serde_json::Value {
    serde_json::json!({
        "entry": event.seq, "at": event.at, "by": event.by, "kind": event.kind,
        "question": event.question, "what": event.what, "taken_out": event.is_hole,
    })
}
