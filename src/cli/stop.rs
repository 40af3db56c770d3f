//! `readiness stop`: going on although a stop holds.

use clap::Subcommand;

use crate::actions::Failure;
use crate::cli::context::Context;
use crate::cli::{Answer, ui};
use crate::domain::id::{CustomerId, QuestionnaireId, StopId};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Go on although a stop holds, until it begins to hold anew
    Resume {
        /// The customer
        customer: CustomerId,
        /// The stop, by its id
        stop: StopId,
        /// Why the work goes on
        #[arg(long)]
        reason: String,
        /// The questionnaire, where the customer has several assessments
        #[arg(long, value_name = "ID")]
        questionnaire: Option<QuestionnaireId>,
    },
}

pub(crate) async fn run(command: Command, context: &Context) -> Result<Answer, Failure> {
    let Command::Resume {
        customer,
        stop,
        reason,
        questionnaire,
    } = command;
    let workspace = context.workspace().await?;
    let mut case = workspace.case(&customer, None).await?;
    let by = context.author(&workspace).await?;
    case.resume(&workspace, &by, questionnaire.as_ref(), &stop, &reason)
        .await?;
    ui::note(&format!("recorded as entry {}", case.book.seq));
    Ok(Answer::Done)
}
