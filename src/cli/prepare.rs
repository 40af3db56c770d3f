//! `readiness prepare`: the open questions, to send before a call and to fill in.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::actions::{Failure, Form, Questions};
use crate::cli::context::Context;
use crate::cli::{Answer, Reading, files, ui};
use crate::domain::id::CustomerId;
use crate::domain::words;
use crate::markdown::inert_line;
use crate::report::Branding;
use crate::report::prepare::Preparation;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    #[command(flatten)]
    reading: Reading,
    /// Only what this team on their side knows, such as identity
    #[arg(long, visible_alias = "team", value_name = "TEAM")]
    ask: Option<String>,
    /// Only what was asked of this person, by id or name
    #[arg(long = "for", value_name = "PERSON")]
    person: Option<String>,
    /// As what: a page, a text, a text file or a workbook to fill in [default: html,md,toml]
    #[arg(long, value_name = "FORMAT", value_enum, value_delimiter = ',')]
    format: Vec<Format>,
    /// The folder to write into; of one format, a file of its name too
    #[arg(long, short, value_name = "DIR", default_value = ".")]
    output: PathBuf,
    /// A file with your name, logo, colour and classification
    #[arg(long, env = "READINESS_BRANDING", value_name = "FILE")]
    branding: Option<PathBuf>,
}

/// As what the questions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A page for browsers and printers
    Html,
    /// A text in Markdown
    Md,
    /// A text file to fill in, for `answers import`
    Toml,
    /// A workbook to fill in, a sheet for each team, for `answers import`
    Xlsx,
}

impl Format {
    fn form(self) -> Form {
        match self {
            Self::Html => Form::Html,
            Self::Md => Form::Markdown,
            Self::Toml => Form::Answers,
            Self::Xlsx => Form::Workbook,
        }
    }
}

impl Arguments {
    fn forms(&self) -> Vec<Form> {
        if self.format.is_empty() {
            return vec![Form::Html, Form::Markdown, Form::Answers];
        }
        let mut forms: Vec<Form> = self.format.iter().map(|format| format.form()).collect();
        forms.sort();
        forms.dedup();
        forms
    }
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let templates = context.templates()?;
    let wanted = Questions {
        questionnaire: arguments.reading.questionnaire.clone(),
        team: arguments.ask.clone(),
        person: arguments.person.clone(),
        branding: match &arguments.branding {
            Some(path) => Branding::read(path)?,
            None => Branding::default(),
        },
        forms: arguments.forms(),
    };
    let as_of = arguments.reading.as_of.as_ref();
    let mut case = workspace.case(&arguments.customer, as_of).await?;
    // The questions go out before the first call, and with them the assessment begins.
    if as_of.is_none() && case.book.assessments.is_empty() {
        let by = context.author(&workspace).await?;
        let (id, _) = { case.begin(&workspace, &by, wanted.questionnaire.as_ref()) }.await?;
        ui::note(&format!("an assessment under `{id}` begins with these"));
    }
    let prepared = case.prepare(&workspace, &templates, &wanted).await?;
    for (name, bytes) in &prepared.files {
        let path = files::place(&arguments.output, name, arguments.format.len() == 1);
        files::write(&path, bytes)?;
        ui::line(&path.display().to_string());
    }
    ui::note(&summary(&prepared.preparation));
    Ok(Answer::Done)
}

/// Says how much is open, and how much may follow.
fn summary(preparation: &Preparation) -> String {
    let head = &preparation.head;
    let mut text = match preparation.questions {
        0 => "nothing is open".to_owned(),
        open => words::count(open, "open question", "open questions"),
    };
    if let Some(team) = &head.team {
        text += &format!(" for the team {team}");
    }
    if let Some(person) = &head.person {
        text += &format!(" with {}", inert_line(person));
    }
    if preparation.more > 0 {
        text += &format!("; {} more may follow from answers", preparation.more);
    }
    if preparation.questions == 0 {
        text += ": no files were written";
    }
    text
}
