//! `readiness prepare`: the open questions, to send before a call and to fill in.

use std::path::PathBuf;

use clap::Args;

use crate::actions::{Failure, Questions};
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
    #[arg(long, value_name = "TEAM")]
    ask: Option<String>,
    /// Only what was asked of this person, by id or name
    #[arg(long = "for", value_name = "PERSON")]
    person: Option<String>,
    /// The folder to write into
    #[arg(long, short, value_name = "DIR", default_value = ".")]
    output: PathBuf,
    /// A file with your name, logo, colour and classification
    #[arg(long, env = "READINESS_BRANDING", value_name = "FILE")]
    branding: Option<PathBuf>,
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
    };
    let case = workspace
        .case(&arguments.customer, arguments.reading.as_of.as_ref())
        .await?;
    let prepared = case.prepare(&workspace, &templates, &wanted).await?;
    for (name, bytes) in &prepared.files {
        let path = arguments.output.join(name);
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
