//! `readiness redact`: taking what should never have been written out of a ledger.

use clap::Args;

use crate::actions::{Case, Failure};
use crate::cli::context::Context;
use crate::cli::{Answer, ui};
use crate::domain::id::CustomerId;
use crate::domain::ledger::Fact;
use crate::domain::words;
use crate::markdown::inert;

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
    let held = case
        .redact(&workspace, &by, entry, &arguments.reason)
        .await?;
    ui::note(&match held {
        Some(_) => format!(
            "took out entry {entry}, recorded as entry {}",
            case.book.seq
        ),
        None => format!("entry {entry} was taken out before"),
    });
    if let Some(answer) = held.and_then(|held| what_stands(&case, &held)) {
        ui::note(&answer);
    }
    ui::note("backups, exports and reports made before still have it");
    Ok(Answer::Done)
}

/// Returns how a question stands after the entry about its answer is gone: by the one before, which may not be what is true.
fn what_stands(case: &Case, held: &Fact) -> Option<String> {
    let (Fact::Answered {
        questionnaire,
        question,
        ..
    }
    | Fact::Withdrawn {
        questionnaire,
        question,
        ..
    }) = held
    else {
        return None;
    };
    let (_, assessment) = case.assessment(Some(questionnaire)).ok()?;
    let place = assessment.questionnaire().question(question)?;
    let asked = &assessment.questionnaire().questions[place];
    let said = assessment.evaluation.said(place).map_or_else(
        || "is unanswered now".to_owned(),
        |said| format!("goes by “{}” now", words::said(asked, said)),
    );
    Some(format!(
        "`{question}` {}; answer it again where that is not so",
        inert(&said)
    ))
}
