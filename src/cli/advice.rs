//! `readiness advice`: what is recommended after the questions were answered, mostly because of an incident.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::actions::Failure;
use crate::cli::context::Context;
use crate::cli::finding::{Close, List, Show};
use crate::cli::{Answer, files, ui};
use crate::domain::advice::Advice;
use crate::domain::decision::{Need, Severity};
use crate::domain::id::{CustomerId, QuestionnaireId};
use crate::domain::response::MAX_TEXT;
use crate::domain::time::Day;
use crate::problem::Problem;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Record advice; it is a finding from then on, and every decision about findings holds for it
    Add(Add),
    /// List the advice that stands, most pressing first
    List(List),
    /// Show advice with everything that happened to it
    Show(Show),
    /// Close advice, naming the document or the tool that shows it
    Close(Close),
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The customer
    customer: CustomerId,
    /// What is recommended, on one line
    #[arg(long)]
    title: String,
    /// The incident that led to it
    #[arg(long, value_name = "NUMBER")]
    incident: Option<String>,
    /// How bad the gap is
    #[arg(long, value_enum)]
    severity: Severity,
    /// What it means for the start
    #[arg(long, value_enum, default_value = "improvement")]
    need: Need,
    /// What to do, in Markdown: a file, or standard input for -
    #[arg(long, value_name = "FILE")]
    text: Option<PathBuf>,
    /// The day on which it was given [default: today]
    #[arg(long, value_name = "DATE", value_parser = crate::cli::day)]
    on: Option<Day>,
    /// The questionnaire, where the customer has several assessments
    #[arg(long, value_name = "ID")]
    questionnaire: Option<QuestionnaireId>,
    /// Print the new finding's id as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(command: Command, context: &Context) -> Result<Answer, Failure> {
    match command {
        Command::Add(arguments) => add(arguments, context).await,
        Command::List(arguments) => arguments.advice(context).await,
        Command::Show(arguments) => arguments.run(context).await,
        Command::Close(arguments) => arguments.run(context).await,
    }
}

async fn add(arguments: Add, context: &Context) -> Result<Answer, Failure> {
    let text = match &arguments.text {
        Some(path) => Some(read(path)?),
        None => None,
    };
    let workspace = context.workspace().await?;
    let mut case = workspace.case(&arguments.customer, None).await?;
    let by = context.author(&workspace).await?;
    let advice = Advice {
        title: arguments.title.trim().to_owned(),
        severity: arguments.severity,
        need: arguments.need,
        incident: arguments.incident.map(|text| text.trim().to_owned()),
        text: text.filter(|text| !text.trim().is_empty()),
        on: arguments.on.unwrap_or(case.book.today),
    };
    let questionnaire = arguments.questionnaire.as_ref();
    let key = case.advise(&workspace, &by, questionnaire, advice).await?;
    if arguments.json {
        ui::json(&serde_json::json!({ "finding": key, "entry": case.book.seq }));
    } else {
        ui::note(&format!("recorded as `{key}`, entry {}", case.book.seq));
    }
    Ok(Answer::Done)
}

fn read(path: &std::path::Path) -> Result<String, Failure> {
    String::from_utf8(files::read(path, MAX_TEXT)?).map_err(|_| {
        let message = format!("`{}` holds something that is not text", path.display());
        Failure::failed(Problem::error(message).help("save it as UTF-8"))
    })
}
