//! `readiness request`: open answers that people are asked for, and reminded of.

use clap::{Args, Subcommand};

use crate::actions::{Asking, Case, Failure, People, Workspace};
use crate::cli::context::{Context, say_new};
use crate::cli::finding::{RequestRow, print_request};
use crate::cli::{Answer, Reading, ui};
use crate::domain::id::{CustomerId, PersonId, QuestionId, QuestionnaireId};
use crate::domain::time::Day;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Ask somebody for open answers
    Ask(Ask),
    /// Record that whoever was asked was reminded
    Chase(Chase),
    /// List the open answers that people were asked for
    List(List),
}

/// What asking and reminding need.
#[derive(Debug, Args)]
struct Asked {
    /// The customer
    customer: CustomerId,
    /// Questions, as section.question
    #[arg(required = true, value_name = "QUESTION")]
    questions: Vec<QuestionId>,
    /// The questionnaire, where the customer has several assessments
    #[arg(long, value_name = "ID")]
    questionnaire: Option<QuestionnaireId>,
}

#[derive(Debug, Args)]
pub(crate) struct Ask {
    #[command(flatten)]
    asked: Asked,
    /// Who is asked
    #[arg(long, value_name = "PERSON")]
    of: String,
    /// By when they are to say
    #[arg(long, value_name = "DATE", value_parser = crate::cli::day)]
    until: Option<Day>,
}

#[derive(Debug, Args)]
pub(crate) struct Chase {
    #[command(flatten)]
    asked: Asked,
    /// The day on which they were reminded [default: today]
    #[arg(long, value_name = "DATE", value_parser = crate::cli::day)]
    on: Option<Day>,
    /// By when they are to say now [default: as before]
    #[arg(long, value_name = "DATE", value_parser = crate::cli::day)]
    until: Option<Day>,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The customer
    customer: CustomerId,
    #[command(flatten)]
    reading: Reading,
    /// Only what this person was asked for
    #[arg(long, value_name = "PERSON")]
    of: Option<String>,
    /// Only what should be answered already
    #[arg(long)]
    overdue: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(command: Command, context: &Context) -> Result<Answer, Failure> {
    match command {
        Command::Ask(arguments) => ask(arguments, context).await,
        Command::Chase(arguments) => chase(arguments, context).await,
        Command::List(arguments) => list(arguments, context).await,
    }
}

async fn ask(arguments: Ask, context: &Context) -> Result<Answer, Failure> {
    let mut desk = Desk::open(context, arguments.asked).await?;
    let of = desk.people.person(&arguments.of)?;
    let by = arguments.until;
    desk.record(&Asking::Ask { of, by }).await
}

async fn chase(arguments: Chase, context: &Context) -> Result<Answer, Failure> {
    let desk = Desk::open(context, arguments.asked).await?;
    let on = arguments.on.unwrap_or(desk.case.book.today);
    let by = arguments.until;
    desk.record(&Asking::Chase { on, by }).await
}

/// A customer on the table, and who asks. Nobody is recorded before the request is.
struct Desk {
    workspace: Workspace,
    case: Case,
    people: People,
    author: PersonId,
    asked: Asked,
}

impl Desk {
    async fn open(context: &Context, asked: Asked) -> Result<Self, Failure> {
        let workspace = context.workspace().await?;
        let case = workspace.case(&asked.customer, None).await?;
        let mut people = workspace.people().await?;
        let author = context.author_among(&mut people)?;
        Ok(Self {
            workspace,
            case,
            people,
            author,
            asked,
        })
    }

    async fn record(mut self, asking: &Asking) -> Result<Answer, Failure> {
        let Asked {
            questions,
            questionnaire,
            ..
        } = &self.asked;
        let questionnaire = questionnaire.as_ref();
        let (workspace, people) = (&self.workspace, &self.people);
        self.case
            .request(
                workspace,
                &self.author,
                people,
                questionnaire,
                questions,
                asking,
            )
            .await?;
        people.new_ones().iter().for_each(say_new);
        let mut rows = rows(&self.case, workspace, questionnaire).await?;
        rows.retain(|row| questions.iter().any(|id| id.as_str() == row.question));
        for row in &rows {
            print_request(row, &self.case.book);
        }
        Ok(Answer::Done)
    }
}

async fn list(arguments: List, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let Reading {
        questionnaire,
        as_of,
    } = &arguments.reading;
    let case = workspace.case(&arguments.customer, as_of.as_ref()).await?;
    let mut rows = rows(&case, &workspace, questionnaire.as_ref()).await?;
    if let Some(of) = &arguments.of {
        let of = workspace.known_person(of).await?.id;
        rows.retain(|row| row.of.as_ref() == Some(&of));
    }
    rows.retain(|row| row.overdue || !arguments.overdue);
    rows.sort_by_key(|row| row.by.unwrap_or(Day::MAX));
    if arguments.json {
        ui::json(&rows);
    } else if rows.is_empty() {
        ui::note("nobody owes an answer that they were asked for");
    }
    if !arguments.json {
        for row in &rows {
            print_request(row, &case.book);
        }
    }
    Ok(Answer::Done)
}

/// Returns the open answers that people were asked for, in the order of the questionnaire.
async fn rows(
    case: &Case,
    workspace: &Workspace,
    questionnaire: Option<&QuestionnaireId>,
) -> Result<Vec<RequestRow>, Failure> {
    let (_, assessment) = case.assessment(questionnaire)?;
    let names = workspace.names().await?;
    let name = |id: &PersonId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
    let awaited = assessment.awaited();
    Ok(awaited
        .iter()
        .map(|one| RequestRow::new(assessment, one, case.book.today, &name))
        .collect())
}
