//! `readiness person`: who records, says, owns and approves.

use clap::Subcommand;

use crate::actions::Failure;
use crate::cli::context::Context;
use crate::cli::{Answer, ui};
use crate::domain::id::PersonId;
use crate::domain::person::Person;
use crate::markdown::inert;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add a person
    Add {
        /// The id that commands name: small letters and digits with `-`, `.` or `_` between them
        id: PersonId,
        /// The name that people read
        #[arg(long)]
        name: String,
        /// A mail address
        #[arg(long)]
        mail: Option<String>,
        /// The organisation
        #[arg(long)]
        organisation: Option<String>,
    },
    /// List everybody
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(crate) async fn run(command: Command, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    match command {
        Command::Add {
            id,
            name,
            mail,
            organisation,
        } => {
            let person = Person {
                id,
                name,
                mail,
                organisation,
            };
            workspace.store.add_person(&person).await?;
            ui::note(&format!("added {} ({})", inert(&person.name), person.id));
        }
        Command::List { json } => {
            let persons = workspace.store.persons().await?;
            if json {
                ui::json(&persons);
            } else if persons.is_empty() {
                ui::note("nobody yet; add somebody with `readiness person add ID --name \"…\"`");
            } else {
                let cell = |text: &Option<String>| inert(text.as_deref().unwrap_or("–"));
                let rows: Vec<Vec<String>> = persons
                    .iter()
                    .map(|person| {
                        vec![
                            person.id.to_string(),
                            inert(&person.name),
                            cell(&person.organisation),
                            cell(&person.mail),
                        ]
                    })
                    .collect();
                ui::table(&["id", "name", "organisation", "mail"], &rows);
            }
        }
    }
    Ok(Answer::Done)
}
