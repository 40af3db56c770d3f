//! `readiness phase`: how far a customer is on the way into the service.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::actions::{AsOf, Case, Failure, Step, Workspace, too_large};
use crate::cli::brief::{self, As};
use crate::cli::context::{Context, say_new};
use crate::cli::evidence::gather;
use crate::cli::{Answer, ui};
use crate::domain::exhibit::MAX_DOCUMENT;
use crate::domain::id::{CustomerId, PersonId, QuestionnaireId};
use crate::domain::phase::{Phase, PhaseChange};
use crate::domain::time::Day;
use crate::domain::words;
use crate::markdown::inert;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the phase, the days in it, the planned start and the next review
    Show {
        /// The customer
        customer: CustomerId,
        /// Look back to an entry's number, the end of a date, or a milestone
        #[arg(long, value_name = "SEQ|DATE|MILESTONE")]
        as_of: Option<AsOf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Go on to another phase, or back
    Set(Box<Set>),
    /// Write the record of the go-live decision: verdict, conditions, who decided, and what shows the approval
    Record {
        /// The customer
        customer: CustomerId,
        /// The questionnaire, where the customer has several assessments
        #[arg(long, value_name = "ID")]
        questionnaire: Option<QuestionnaireId>,
        /// The formats, with commas between them; without any it is printed
        #[arg(long, value_enum, value_delimiter = ',')]
        format: Vec<As>,
        /// The folder to write into
        #[arg(long, short, value_name = "DIR", default_value = ".")]
        output: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Set {
    /// The customer
    customer: CustomerId,
    /// The phase that begins
    #[arg(value_enum)]
    phase: To,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The day on which it begins [default: today]
    #[arg(long, value_name = "DATE", value_parser = crate::cli::day)]
    on: Option<Day>,
    /// Who decided it [default: who records it]
    #[arg(long, value_name = "PERSON")]
    decided_by: Option<String>,
    /// The document that shows the approval: it is kept as evidence, at most 20 MiB
    #[arg(long, value_name = "FILE")]
    approval: Option<PathBuf>,
    /// Why the service starts although the verdict does not allow it
    #[arg(long = "override", value_name = "TEXT", requires = "approved_by")]
    start: Option<String>,
    /// Who approved the override; not who records it
    #[arg(long, value_name = "PERSON", requires = "start")]
    approved_by: Option<String>,
    /// The questionnaire, where the customer has several assessments
    #[arg(long, value_name = "ID")]
    questionnaire: Option<QuestionnaireId>,
}

/// The phases by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum To {
    Onboarding,
    Readiness,
    Monitoring,
    InService,
    Ended,
}

impl To {
    pub(crate) fn phase(self) -> Phase {
        match self {
            Self::Onboarding => Phase::Onboarding,
            Self::Readiness => Phase::Readiness,
            Self::Monitoring => Phase::Monitoring,
            Self::InService => Phase::InService,
            Self::Ended => Phase::Ended,
        }
    }
}

pub(crate) async fn run(command: Command, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    match command {
        Command::Show {
            customer,
            as_of,
            json,
        } => {
            let case = workspace.case(&customer, as_of.as_ref()).await?;
            let names = workspace.names().await?;
            let name = |id: &PersonId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
            if json {
                ui::json(&value(&case));
            } else {
                show(&case, &name);
            }
            Ok(Answer::Done)
        }
        Command::Set(set) => step(*set, &workspace, context).await,
        Command::Record {
            customer,
            questionnaire,
            format,
            output,
        } => {
            let sheet = workspace
                .go_live_record(&customer, questionnaire.as_ref())
                .await?;
            if format.is_empty() {
                brief::print(&sheet);
            }
            for format in format {
                let stem = format!("{customer}-go-live");
                brief::write(&sheet, format, output.clone(), &stem, context)?;
            }
            Ok(Answer::Done)
        }
    }
}

async fn step(set: Set, workspace: &Workspace, context: &Context) -> Result<Answer, Failure> {
    let mut case = workspace.case(&set.customer, None).await?;
    let mut people = workspace.people().await?;
    let by = context.author_among(&mut people)?;
    let decided_by = match &set.decided_by {
        Some(name) => people.person(name)?,
        None => by.clone(),
    };
    let start = match (set.start, &set.approved_by) {
        (Some(reason), Some(name)) => Some((reason, people.person(name)?)),
        _ => None,
    };
    let step = Step {
        change: PhaseChange {
            to: set.phase.phase(),
            on: set.on.unwrap_or(case.book.today),
            reason: set.reason,
            decided_by,
            approval: None,
        },
        start,
        approval: { set.approval.as_deref() }
            .map(|path| gather::file(path, MAX_DOCUMENT, too_large))
            .transpose()?,
    };
    case.step(workspace, &by, &people, set.questionnaire.as_ref(), step)
        .await?;
    people.new_ones().iter().for_each(say_new);
    ui::note(&format!("recorded as entry {}", case.book.seq));
    Ok(Answer::Done)
}

fn value(case: &Case) -> serde_json::Value {
    let book = &case.book;
    let (phase, since) = book.phase();
    serde_json::json!({
        "phase": phase,
        "since": since,
        "days": since.map(|since| (book.today - since).num_days()),
        "go_live": book.customer.go_live,
        "go_live_moved": book.customer.go_live_moved,
        "review_due": book.review_due(),
        "next": phase.next(),
        "steps": book.phases.iter().map(|step| serde_json::json!({
            "entry": step.seq, "at": step.at, "by": step.by, "step": step.what,
        })).collect::<Vec<_>>(),
    })
}

fn show(case: &Case, name: &dyn Fn(&PersonId) -> String) {
    let book = &case.book;
    let (phase, since) = book.phase();
    let days = |day: Day| {
        words::count(
            (book.today - day).num_days().unsigned_abs() as usize,
            "day",
            "days",
        )
    };
    let in_it = since.map_or_else(String::new, |since| {
        format!(", since {} ({})", words::day(since), days(since))
    });
    ui::line(&format!("{:<10} {}{in_it}", "phase", phase.words()));
    if let Some(day) = book.customer.go_live {
        let away = if day < book.today { "ago" } else { "left" };
        let moved = match book.customer.go_live_moved {
            0 => "never moved".to_owned(),
            times => format!("moved {}", words::count(times as usize, "time", "times")),
        };
        let line = format!("{}, {} {away}, {moved}", words::day(day), days(day));
        ui::line(&format!("{:<10} {line}", "go-live"));
    }
    if let Some(day) = book.review_due() {
        let overdue = if day < book.today { ", overdue" } else { "" };
        ui::line(&format!("{:<10} {}{overdue}", "review", words::day(day)));
    }
    let next: Vec<&str> = phase.next().iter().map(|one| one.code()).collect();
    ui::line(&format!("{:<10} {}", "next", next.join(", ")));
    let rows: Vec<Vec<String>> = { book.phases.iter() }
        .map(|step| {
            vec![
                step.what.on.to_string(),
                step.what.to.code().to_owned(),
                inert(&name(&step.what.decided_by)),
                inert(&step.what.reason),
            ]
        })
        .collect();
    if !rows.is_empty() {
        ui::line("");
        ui::table(&["from", "phase", "decided by", "why"], &rows);
    }
}
