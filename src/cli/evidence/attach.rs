//! `readiness evidence attach`: documents that show an answer.

use std::path::PathBuf;

use clap::Args;

use crate::actions::{Failure, too_large};
use crate::cli::context::Context;
use crate::cli::evidence::gather;
use crate::cli::explain::place_of;
use crate::cli::{Answer, ui};
use crate::domain::exhibit::MAX_DOCUMENT;
use crate::domain::id::{CustomerId, QuestionId, QuestionnaireId};
use crate::markdown::inert_line;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    /// The question, as section.question
    question: QuestionId,
    /// The files, of any kind, at most 20 MiB each
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The questionnaire, where the customer has several assessments
    #[arg(long, value_name = "ID")]
    questionnaire: Option<QuestionnaireId>,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let mut case = workspace.case(&arguments.customer, None).await?;
    let (id, assessment) = case.assessment(arguments.questionnaire.as_ref())?;
    place_of(assessment, &arguments.question)?;
    let id = id.clone();
    let files = arguments.files.iter();
    let files = files
        .map(|path| gather::file(path, MAX_DOCUMENT, too_large))
        .collect::<Result<_, _>>()?;
    let by = context.author(&workspace).await?;
    let about = (&id, &arguments.question);
    let attached = case.attach(&workspace, &by, about, files).await?;
    for one in attached {
        let exhibit = &one.exhibit;
        let before = one.before.map_or_else(String::new, |entry| {
            format!(", attached before as entry {entry}; nothing changed")
        });
        ui::note(&format!(
            "{}: {}, {} bytes, SHA-256 {}{before}",
            inert_line(&exhibit.name),
            exhibit.media_type,
            exhibit.size,
            exhibit.file
        ));
    }
    Ok(Answer::Done)
}
