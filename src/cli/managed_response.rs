//! `readiness managed-response`: what Defender Experts ask the customer to do about incidents, and how long that takes.

mod list;

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, Subcommand, ValueEnum};

use crate::actions::{Failure, Received, Update};
use crate::cli::context::Context;
use crate::cli::{Answer, files, ui};
use crate::domain::decision::Severity;
use crate::domain::id::{CustomerId, FindingKey, QuestionnaireId};
use crate::domain::managed_response::{
    ActionKind, ActionStatus, ManagedResponse, ReportFigures, ResponseAction,
};
use crate::domain::time::{Day, Instant};
use crate::domain::words;
use crate::importers::incidents::{Incidents, MAX_INCIDENTS, read_incidents};
use crate::markdown::inert;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Record an incident that awaits the customer
    Add(Add),
    /// Record how actions stand now
    Update(Updating),
    /// List managed responses with their clocks, and what they come to
    List(list::Arguments),
    /// Take in incidents and their tasks from files of Microsoft Graph
    Import(Import),
    /// Record what the service's own report showed
    Figures(Figures),
}

/// Which assessment.
#[derive(Debug, Args)]
struct Of {
    /// The customer
    customer: CustomerId,
    /// The questionnaire, where the customer has several assessments
    #[arg(long, value_name = "ID")]
    questionnaire: Option<QuestionnaireId>,
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    #[command(flatten)]
    of: Of,
    /// The incident's number
    #[arg(long, value_name = "NUMBER")]
    incident: String,
    /// The incident's title
    #[arg(long)]
    title: String,
    /// How bad the incident is
    #[arg(long, value_enum)]
    severity: Severity,
    /// What is to be done, in order
    #[arg(
        long,
        value_name = "KIND",
        value_enum,
        value_delimiter = ',',
        default_value = "text"
    )]
    action: Vec<ActionKind>,
    /// Since when it awaits the customer [default: now]
    #[arg(long, value_name = "TIME")]
    asked_at: Option<Instant>,
}

#[derive(Debug, Args)]
pub(crate) struct Updating {
    #[command(flatten)]
    of: Of,
    /// Managed responses, as mr-1
    #[arg(required = true, value_name = "FINDING")]
    findings: Vec<FindingKey>,
    /// How the actions stand
    #[arg(long, value_enum)]
    status: ActionStatus,
    /// Which actions, counted from 1 [default: every one that is not over]
    #[arg(long, value_name = "N", value_delimiter = ',')]
    action: Vec<usize>,
    /// Since when [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<Instant>,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    #[command(flatten)]
    of: Of,
    /// Pages of incidents, of their tasks, or of both
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Figures {
    #[command(flatten)]
    of: Of,
    /// The last day that the report covers [default: today]
    #[arg(long, value_name = "DATE", value_parser = crate::cli::day)]
    until: Option<Day>,
    /// How many days the report covers
    #[arg(long, value_name = "N", default_value_t = 30)]
    days: u32,
    /// Incidents investigated
    #[arg(long, value_name = "N")]
    investigated: u64,
    /// Incidents resolved
    #[arg(long, value_name = "N")]
    resolved: u64,
    /// Incidents resolved directly
    #[arg(long, value_name = "N")]
    resolved_directly: u64,
    /// Incidents resolved with your help
    #[arg(long, value_name = "N")]
    resolved_with_help: u64,
    /// Required actions: completed
    #[arg(long, value_name = "N")]
    completed: u64,
    /// Required actions: pending
    #[arg(long, value_name = "N")]
    pending: u64,
    /// Required actions: skipped
    #[arg(long, value_name = "N")]
    skipped: u64,
    /// Required actions: failed
    #[arg(long, value_name = "N")]
    failed: u64,
}

pub(crate) async fn run(command: Command, context: &Context) -> Result<Answer, Failure> {
    match command {
        Command::Add(arguments) => add(arguments, context).await,
        Command::Update(arguments) => update(arguments, context).await,
        Command::List(arguments) => list::run(arguments, context).await,
        Command::Import(arguments) => import(arguments, context).await,
        Command::Figures(arguments) => figures(&arguments, context).await,
    }
}

async fn add(arguments: Add, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let mut case = workspace.case(&arguments.of.customer, None).await?;
    let by = context.author(&workspace).await?;
    let actions = arguments.action.into_iter().map(|kind| ResponseAction {
        task: None,
        kind,
        title: None,
        by_experts: false,
        status: ActionStatus::Pending,
        asked_at: None,
        changed_at: None,
    });
    let response = ManagedResponse {
        incident: arguments.incident.trim().to_owned(),
        title: arguments.title.trim().to_owned(),
        severity: arguments.severity,
        asked_at: arguments.asked_at.unwrap_or_else(|| workspace.clock.now()),
        actions: actions.collect(),
    };
    let questionnaire = arguments.of.questionnaire.as_ref();
    let key = case
        .add_response(&workspace, &by, questionnaire, response)
        .await?;
    ui::note(&format!("recorded as `{key}`, entry {}", case.book.seq));
    Ok(Answer::Done)
}

async fn update(arguments: Updating, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let mut case = workspace.case(&arguments.of.customer, None).await?;
    let by = context.author(&workspace).await?;
    let update = Update {
        status: arguments.status,
        actions: arguments.action,
        at: arguments.at.unwrap_or_else(|| workspace.clock.now()),
    };
    let questionnaire = arguments.of.questionnaire.as_ref();
    let findings = &arguments.findings;
    let changed = case
        .update_responses(&workspace, &by, questionnaire, findings, &update)
        .await?;
    ui::note(&match changed {
        0 => "nothing changed: they stand so already".to_owned(),
        changed => format!(
            "{} changed, up to entry {}",
            words::count(changed, "managed response", "managed responses"),
            case.book.seq
        ),
    });
    Ok(Answer::Done)
}

async fn import(arguments: Import, context: &Context) -> Result<Answer, Failure> {
    let mut read = Vec::new();
    for path in &arguments.files {
        read.push((
            path.display().to_string(),
            files::read(path, MAX_INCIDENTS)?,
        ));
    }
    let named: Vec<(&str, &[u8])> = read
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    let incidents = read_incidents(&named).map_err(Failure::usage)?;
    let workspace = context.workspace().await?;
    let mut case = workspace.case(&arguments.of.customer, None).await?;
    let by = context.author(&workspace).await?;
    let questionnaire = arguments.of.questionnaire.as_ref();
    say_odd(&incidents);
    let taken = case
        .take_incidents(&workspace, &by, questionnaire, incidents)
        .await?;
    if arguments.json {
        ui::json(&serde_json::json!({
            "added": taken.added, "changed": taken.changed, "same": taken.same,
            "left_out": taken.left,
        }));
    } else {
        say_taken(&taken);
    }
    Ok(Answer::Done)
}

/// Says what of the files is incomplete or not known.
fn say_odd(incidents: &Incidents) {
    if incidents.partial > 0 {
        ui::note(&format!(
            "{} to be followed by others (`@odata.nextLink`): take in the next pages too",
            words::count(incidents.partial, "file is one page", "files are pages")
        ));
    }
    for (what, times) in &incidents.unknown {
        let times = words::count(*times, "time", "times");
        ui::note(&inert(&format!(
            "{what} is not known ({times}); it counts as pending, or as another action"
        )));
    }
}

fn say_taken(taken: &Received) {
    let responses = |count| words::count(count, "managed response", "managed responses");
    let keys = |keys: &[FindingKey]| match keys {
        [] => String::new(),
        [one] => format!(" ({one})"),
        [first, .., last] => format!(" ({first} … {last})"),
    };
    ui::note(&format!(
        "{} new{}, {} changed{}, {} as before",
        responses(taken.added.len()),
        keys(&taken.added),
        taken.changed.len(),
        keys(&taken.changed),
        taken.same
    ));
    if taken.left > 0 {
        let left = words::count(taken.left, "incident", "incidents");
        ui::note(&format!("left out {left} that ask nothing of the customer"));
    }
    if taken.bare > 0 {
        let bare = words::count(taken.bare, "incident", "incidents");
        ui::note(&format!(
            "{bare} came without title or severity and count as medium: take in `/security/incidents` too"
        ));
    }
}

async fn figures(arguments: &Figures, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let mut case = workspace.case(&arguments.of.customer, None).await?;
    let by = context.author(&workspace).await?;
    let figures = ReportFigures {
        until: arguments.until.unwrap_or(case.book.today),
        days: arguments.days,
        investigated: arguments.investigated,
        resolved: arguments.resolved,
        resolved_directly: arguments.resolved_directly,
        resolved_with_help: arguments.resolved_with_help,
        completed: arguments.completed,
        pending: arguments.pending,
        skipped: arguments.skipped,
        failed: arguments.failed,
    };
    let questionnaire = arguments.of.questionnaire.as_ref();
    let new = case
        .record_figures(&workspace, &by, questionnaire, figures)
        .await?;
    ui::note(&match new {
        true => format!("recorded as entry {}", case.book.seq),
        false => "nothing changed: these are the last figures already".to_owned(),
    });
    Ok(Answer::Done)
}

impl ValueEnum for ActionKind {
    fn value_variants<'a>() -> &'a [Self] {
        Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.code()).help(self.words()))
    }
}

impl ValueEnum for ActionStatus {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.code()))
    }
}
