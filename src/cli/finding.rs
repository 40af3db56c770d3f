//! `readiness finding`: gaps, and what people decided about them.

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use crate::actions::{Case, Failure, resolve};
use crate::cli::context::Context;
use crate::cli::status::rule_of;
use crate::cli::ui::Tone;
use crate::cli::{Answer, Reading, ui};
use crate::domain::assessment::Assessment;
use crate::domain::decision::{Action, Disposition, Need, Severity};
use crate::domain::evaluation::Cause;
use crate::domain::finding::{Life, Presence};
use crate::domain::id::{CustomerId, FindingKey, PersonId};
use crate::domain::questionnaire::Rule;
use crate::domain::time::Day;
use crate::domain::{phrases, words};
use crate::markdown::inert;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List findings, most pressing first
    List(List),
    /// Show findings with their causes and everything decided about them
    Show(Show),
    /// Say who closes findings, and by when
    Plan(Plan),
    /// Accept the risk of findings until a day
    Accept(Accept),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The customer
    customer: CustomerId,
    #[command(flatten)]
    reading: Reading,
    /// Only findings in this state: open, planned, risk-accepted, closed, superseded
    #[arg(long, value_name = "STATE")]
    state: Option<StateName>,
    /// Only findings that mean this for the start
    #[arg(long, value_enum)]
    need: Option<NeedName>,
    /// Closed and superseded ones too
    #[arg(long)]
    all: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The states by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StateName {
    Open,
    Planned,
    RiskAccepted,
    Closed,
    Superseded,
}

/// The needs by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum NeedName {
    Blocker,
    Condition,
    Improvement,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The customer
    customer: CustomerId,
    /// Findings, as `id` or `id@row`
    #[arg(required = true, value_name = "FINDING")]
    findings: Vec<FindingKey>,
    #[command(flatten)]
    reading: Reading,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What every decision needs.
#[derive(Debug, Args)]
pub(crate) struct Deciding {
    /// The customer
    customer: CustomerId,
    /// Findings, as `id` (every row that stands now) or `id@row`
    #[arg(required = true, value_name = "FINDING")]
    findings: Vec<FindingKey>,
    /// The questionnaire, where the customer has several assessments
    #[arg(long, value_name = "ID")]
    questionnaire: Option<crate::domain::id::QuestionnaireId>,
}

#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    deciding: Deciding,
    /// Who closes them
    #[arg(long, value_name = "PERSON")]
    owner: String,
    /// By when
    #[arg(long, value_name = "DATE", value_parser = crate::cli::day)]
    due: Day,
}

#[derive(Debug, Args)]
pub(crate) struct Accept {
    #[command(flatten)]
    deciding: Deciding,
    /// Why the risk is accepted
    #[arg(long, allow_hyphen_values = true)]
    reason: String,
    /// Who approves it: another than whoever decides, where the start needs the finding
    #[arg(long, value_name = "PERSON")]
    approved_by: String,
    /// Who decides it [default: you]
    #[arg(long, value_name = "PERSON")]
    decided_by: Option<String>,
    /// The last day on which it holds
    #[arg(long, value_name = "DATE", value_parser = crate::cli::day)]
    until: Day,
}

pub(crate) async fn run(command: Command, context: &Context) -> Result<Answer, Failure> {
    match command {
        Command::List(arguments) => list(arguments, context).await,
        Command::Show(arguments) => show(arguments, context).await,
        Command::Plan(arguments) => plan(arguments, context).await,
        Command::Accept(arguments) => accept(arguments, context).await,
    }
}

/// A finding as JSON and lists show it.
#[derive(Serialize)]
struct Row {
    finding: String,
    title: String,
    need: Need,
    severity: Severity,
    state: &'static str,
    words: String,
    undetermined: bool,
    owner: Option<PersonId>,
    due: Option<Day>,
    overdue: bool,
    first_seen: Day,
    came_back: u32,
    rule: Option<Rule>,
    causes: Vec<String>,
    decisions: Vec<DecisionRow>,
}

/// A decision as JSON shows it.
#[derive(Serialize)]
struct DecisionRow {
    entry: u64,
    at: String,
    by: PersonId,
    action: Action,
}

async fn list(arguments: List, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let case = workspace
        .case(&arguments.customer, arguments.reading.as_of.as_ref())
        .await?;
    let (_, assessment) = case.assessment(arguments.reading.questionnaire.as_ref())?;
    let names = workspace.names().await?;
    let name = |id: &PersonId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
    let ended = matches!(
        arguments.state,
        Some(StateName::Closed | StateName::Superseded)
    );
    let wanted = |life: &&Life| {
        let state = arguments
            .state
            .is_none_or(|state| code(state) == life.state(case.book.today).code());
        let need = arguments.need.is_none_or(|need| life.need == need_of(need));
        state && need && (arguments.all || ended || life.stands())
    };
    let mut lives: Vec<(&FindingKey, &Life)> = assessment
        .lives
        .iter()
        .filter(|(_, life)| wanted(life))
        .collect();
    lives.sort_by_key(|(key, life)| {
        let pressing = (life.need, life.severity);
        (!life.stands(), std::cmp::Reverse(pressing), (*key).clone())
    });
    let rows: Vec<Row> = lives
        .iter()
        .map(|(key, life)| row(&case, assessment, key, life, &name))
        .collect();
    if arguments.json {
        ui::json(&rows);
    } else if rows.is_empty() {
        ui::note("no findings");
    } else {
        print_rows(&rows, case.book.today);
    }
    Ok(Answer::Done)
}

fn code(state: StateName) -> &'static str {
    match state {
        StateName::Open => "open",
        StateName::Planned => "planned",
        StateName::RiskAccepted => "risk-accepted",
        StateName::Closed => "closed",
        StateName::Superseded => "superseded",
    }
}

fn need_of(need: NeedName) -> Need {
    match need {
        NeedName::Blocker => Need::Blocker,
        NeedName::Condition => Need::Condition,
        NeedName::Improvement => Need::Improvement,
    }
}

fn row(
    case: &Case,
    assessment: &Assessment,
    key: &FindingKey,
    life: &Life,
    name: &dyn Fn(&PersonId) -> String,
) -> Row {
    let today = case.book.today;
    let state = life.state(today);
    let due = life.due(&case.book.customer).filter(|_| life.stands());
    Row {
        finding: key.to_string(),
        title: phrases::finding_title(assessment, key),
        need: life.need,
        severity: life.severity,
        state: state.code(),
        words: phrases::state(&state, name),
        undetermined: life.presence == Presence::Undetermined,
        owner: life.plan.as_ref().map(|plan| plan.owner.clone()),
        due,
        overdue: due.is_some_and(|due| due < today) && life.disposition(today).is_none(),
        first_seen: life.first_seen,
        came_back: life.came_back,
        rule: rule_of(assessment, life),
        causes: causes(assessment, life),
        decisions: life
            .decisions
            .iter()
            .map(|decided| DecisionRow {
                entry: decided.seq,
                at: decided.at.to_string(),
                by: decided.by.clone(),
                action: decided.action.clone(),
            })
            .collect(),
    }
}

fn causes(assessment: &Assessment, life: &Life) -> Vec<String> {
    let questions = &assessment.questionnaire().questions;
    life.causes
        .iter()
        .map(|cause| match cause {
            Cause::Question(place) => questions[*place].id.to_string(),
            Cause::Rule => "rule".to_owned(),
        })
        .collect()
}

fn print_rows(rows: &[Row], today: Day) {
    let mut last = None;
    for row in rows {
        if last != Some(row.need) {
            ui::line("");
            ui::line(&ui::tone(Tone::Strong, phrases::need(row.need)));
            last = Some(row.need);
        }
        ui::line(&format!("  {}  {}", inert(&row.finding), inert(&row.title)));
        let mut facts = vec![
            phrases::severity(row.severity).to_owned(),
            inert(&row.words),
        ];
        if row.undetermined {
            facts.push("not known whether it still holds".into());
        }
        if row.came_back > 0 {
            facts.push(format!(
                "came back {}",
                words::count(row.came_back as usize, "time", "times")
            ));
        }
        if let Some(due) = row.due.filter(|_| row.state == "open") {
            facts.push(format!("due {}", words::day(due)));
        }
        if let Some(due) = row.due.filter(|_| row.overdue) {
            let days = (today - due).num_days();
            facts.push(format!(
                "overdue by {}",
                words::count(days.unsigned_abs() as usize, "day", "days")
            ));
        }
        facts.extend(row.rule.map(|rule| rule.words().to_owned()));
        ui::line(&ui::tone_raw(
            Tone::Faint,
            &format!("      {}", facts.join(" · ")),
        ));
    }
}

async fn show(arguments: Show, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let case = workspace
        .case(&arguments.customer, arguments.reading.as_of.as_ref())
        .await?;
    let (_, assessment) = case.assessment(arguments.reading.questionnaire.as_ref())?;
    let names = workspace.names().await?;
    let name = |id: &PersonId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
    let keys = resolve(assessment, &arguments.findings)?;
    let rows: Vec<Row> = keys
        .iter()
        .map(|key| row(&case, assessment, key, &assessment.lives[key], &name))
        .collect();
    if arguments.json {
        ui::json(&rows);
        return Ok(Answer::Done);
    }
    for (key, row) in keys.iter().zip(&rows) {
        print_one(assessment, key, row, &name);
    }
    Ok(Answer::Done)
}

fn print_one(
    assessment: &Assessment,
    key: &FindingKey,
    row: &Row,
    name: &dyn Fn(&PersonId) -> String,
) {
    let questionnaire = assessment.questionnaire();
    ui::line(&ui::tone(Tone::Strong, &row.title));
    ui::line(&format!(
        "{} · {} · {} · {}",
        inert(&row.finding),
        phrases::need(row.need),
        phrases::severity(row.severity),
        inert(&row.words)
    ));
    ui::line(&format!(
        "first seen {}{}",
        words::day(row.first_seen),
        row.due
            .map_or_else(String::new, |due| format!(", due {}", words::day(due)))
    ));
    for cause in &assessment.lives[key].causes {
        ui::line(&format!(
            "because of {}",
            inert(&cause_words(assessment, *cause, key))
        ));
    }
    if let Some(place) = questionnaire.finding(&key.id) {
        for recommendation in &questionnaire.findings[place].recommend {
            let title = questionnaire
                .recommendations
                .get(recommendation)
                .map_or(recommendation.as_str(), |known| known.title.as_str());
            ui::line(&format!("do: {} ({recommendation})", inert(title)));
        }
    }
    for decided in &assessment.lives[key].decisions {
        let what = phrases::decided(&decided.action, "it", name);
        ui::line(&format!(
            "entry {}, by {}: {}",
            decided.seq,
            name(&decided.by),
            inert(&what)
        ));
    }
    ui::line("");
}

fn cause_words(assessment: &Assessment, cause: Cause, key: &FindingKey) -> String {
    let questionnaire = assessment.questionnaire();
    match cause {
        Cause::Rule => questionnaire
            .finding(&key.id)
            .and_then(|place| questionnaire.findings[place].when.as_ref())
            .map_or_else(
                || "its rule".into(),
                |when| format!("its rule: {}", when.source()),
            ),
        Cause::Question(place) => {
            let question = &questionnaire.questions[place];
            let text = assessment.evaluation.text(&question.text);
            let said = assessment.evaluation.said(place).map_or_else(
                || "no answer".into(),
                |said| format!("“{}”", words::said(question, said)),
            );
            format!("{}: {text} {said}", question.id)
        }
    }
}

async fn plan(arguments: Plan, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let by = context.author(&workspace).await?;
    let mut case = workspace.case(&arguments.deciding.customer, None).await?;
    let action = Action::Plan {
        owner: context.person(&workspace, &arguments.owner).await?,
        due: arguments.due,
    };
    decide(&mut case, &workspace, &by, &arguments.deciding, &action).await
}

async fn accept(arguments: Accept, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let by = context.author(&workspace).await?;
    let mut case = workspace.case(&arguments.deciding.customer, None).await?;
    let decided_by = match &arguments.decided_by {
        Some(name) => context.person(&workspace, name).await?,
        None => by.clone(),
    };
    let action = Action::Accept(Disposition {
        reason: arguments.reason,
        decided_by,
        approved_by: context.person(&workspace, &arguments.approved_by).await?,
        until: arguments.until,
    });
    decide(&mut case, &workspace, &by, &arguments.deciding, &action).await
}

async fn decide(
    case: &mut Case,
    workspace: &crate::actions::Workspace,
    by: &PersonId,
    deciding: &Deciding,
    action: &Action,
) -> Result<Answer, Failure> {
    let questionnaire = deciding.questionnaire.as_ref();
    let keys = case
        .decide(workspace, by, questionnaire, &deciding.findings, action)
        .await?;
    let names = workspace.names().await?;
    let name = |id: &PersonId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
    let (_, assessment) = case.assessment(questionnaire)?;
    for key in &keys {
        let state = phrases::state(&assessment.lives[key].state(case.book.today), name);
        ui::note(&inert(&format!("{key}: {state}")));
    }
    Ok(Answer::Done)
}
