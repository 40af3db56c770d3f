//! `readiness finding note`: words about findings, for your own side or for reports.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use crate::actions::{Failure, Note};
use crate::cli::context::{Context, say_new};
use crate::cli::{Answer, files, ui};
use crate::domain::id::{CustomerId, FindingKey, QuestionnaireId};
use crate::domain::response::MAX_TEXT;
use crate::problem::Problem;

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("words").required(true).args(["text", "file"])))]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    /// Findings, as `id` (with all its rows) or `id@row`
    #[arg(required = true, value_name = "FINDING")]
    findings: Vec<FindingKey>,
    /// The words
    #[arg(long, short, value_name = "TEXT", allow_hyphen_values = true)]
    text: Option<String>,
    /// Read the words from a file, or from standard input for -
    #[arg(long, short, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Let reports to the customer print it too [default: only the internal report does]
    #[arg(long)]
    public: bool,
    /// The questionnaire, where the customer has several assessments
    #[arg(long, value_name = "ID")]
    questionnaire: Option<QuestionnaireId>,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let text = match (&arguments.text, &arguments.file) {
        (Some(text), _) => text.clone(),
        (None, file) => read(file.as_ref())?,
    };
    let workspace = context.workspace().await?;
    let mut case = workspace.case(&arguments.customer, None).await?;
    let mut people = workspace.people().await?;
    let by = context.author_among(&mut people)?;
    let note = Note {
        text: &text,
        public: arguments.public,
    };
    let questionnaire = arguments.questionnaire.as_ref();
    case.note(
        &workspace,
        &by,
        &people,
        questionnaire,
        &arguments.findings,
        &note,
    )
    .await?;
    people.new_ones().iter().for_each(say_new);
    let kind = if note.public { "note" } else { "private note" };
    ui::note(&format!("{kind} recorded, up to entry {}", case.book.seq));
    Ok(Answer::Done)
}

fn read(file: Option<&PathBuf>) -> Result<String, Failure> {
    let Some(file) = file else {
        return Ok(String::new());
    };
    let bytes = files::read(file, MAX_TEXT)?;
    String::from_utf8(bytes).map_err(|_| {
        let message = format!("`{}` holds something that is not text", file.display());
        Failure::failed(Problem::error(message).help("save it as UTF-8"))
    })
}
