//! `readiness managed-response list`: each with its actions and its clock, and what they come to.

use clap::Args;
use serde::Serialize;

use crate::actions::{Case, Failure};
use crate::cli::context::Context;
use crate::cli::ui::Tone;
use crate::cli::{Answer, Reading, ui};
use crate::domain::assessment::Assessment;
use crate::domain::decision::Severity;
use crate::domain::id::{CustomerId, FindingKey};
use crate::domain::managed_response::{
    ActionStatus, ManagedResponse, ReportFigures, ResponseCounts,
};
use crate::domain::phrases;
use crate::domain::time::Instant;
use crate::domain::words;
use crate::markdown::inert;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    #[command(flatten)]
    reading: Reading,
    /// Only those that stand so
    #[arg(long, value_enum, value_delimiter = ',')]
    status: Vec<ActionStatus>,
    /// Completed and skipped ones too
    #[arg(long)]
    all: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// A managed response as JSON and the list show it.
#[derive(Serialize)]
struct Row<'a> {
    finding: &'a FindingKey,
    incident: &'a str,
    title: &'a str,
    severity: Severity,
    status: ActionStatus,
    asked_at: Instant,
    due_at: Option<Instant>,
    /// How many minutes it took, or has taken.
    minutes: u64,
    late: bool,
    actions: Vec<Action<'a>>,
}

#[derive(Serialize)]
struct Action<'a> {
    number: usize,
    kind: &'static str,
    title: Option<&'a str>,
    by_experts: bool,
    status: ActionStatus,
    changed_at: Option<Instant>,
}

#[derive(Serialize)]
struct Listed<'a> {
    responses: Vec<Row<'a>>,
    counts: ResponseCounts,
    /// What the service's own report showed last.
    figures: Option<&'a ReportFigures>,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let case = workspace
        .case(&arguments.customer, arguments.reading.as_of.as_ref())
        .await?;
    let (_, assessment) = case.assessment(arguments.reading.questionnaire.as_ref())?;
    // Whoever looks back sees the clocks as they stood at the end of that day.
    let end = Instant::end_of(case.book.today, case.book.customer.time_zone);
    let now = workspace.clock.now();
    let now = end
        .filter(|end| case.looks_back && *end < now)
        .unwrap_or(now);
    let listed = listed(&arguments, &case, assessment, now);
    if arguments.json {
        ui::json(&listed);
    } else {
        print(&listed, &case);
    }
    Ok(Answer::Done)
}

fn listed<'a>(
    arguments: &Arguments,
    case: &Case,
    assessment: &'a Assessment,
    now: Instant,
) -> Listed<'a> {
    let all = assessment
        .responses
        .iter()
        .map(|(key, one)| (key, &one.what));
    let wanted = |status: ActionStatus| match arguments.status.as_slice() {
        [] => arguments.all || !status.is_over(),
        some => some.contains(&status),
    };
    let mut responses: Vec<Row<'a>> = (all.clone())
        .filter(|(_, response)| wanted(response.status()))
        .map(|(key, response)| row(case, key, response, now))
        .collect();
    responses.sort_by_key(|row| (row.status.is_over(), row.due_at, row.asked_at));
    Listed {
        responses,
        counts: ResponseCounts::of(all.map(|(_, response)| response)),
        figures: assessment.figures.last().map(|figures| &figures.what),
    }
}

fn row<'a>(case: &Case, key: &'a FindingKey, one: &'a ManagedResponse, now: Instant) -> Row<'a> {
    let policy = &case.book.customer.due_policy.response;
    let actions = one.actions.iter().enumerate();
    Row {
        finding: key,
        incident: &one.incident,
        title: &one.title,
        severity: one.severity,
        status: one.status(),
        asked_at: one.asked_at,
        due_at: one.due_at(policy),
        minutes: one.minutes(now),
        late: one.is_late(policy, now),
        actions: actions
            .map(|(place, action)| Action {
                number: place + 1,
                kind: action.kind.words(),
                title: action.title.as_deref(),
                by_experts: action.by_experts,
                status: action.status,
                changed_at: action.changed_at,
            })
            .collect(),
    }
}

fn print(listed: &Listed<'_>, case: &Case) {
    let zone = case.book.customer.time_zone;
    for row in &listed.responses {
        let title = format!("{}  {}", row.finding, inert(row.title));
        ui::line(&ui::tone(Tone::Strong, &title));
        let took = phrases::minutes(row.minutes);
        let mut facts = vec![
            format!("incident {}", inert(row.incident)),
            phrases::severity(row.severity).to_owned(),
            phrases::action_status(row.status).to_owned(),
            format!("asked {}", row.asked_at.local(zone)),
        ];
        facts.extend(row.due_at.map(|due| format!("due {}", due.local(zone))));
        facts.push(match row.status.is_over() {
            true => format!("took {took}"),
            false => format!("waits {took}"),
        });
        if row.late {
            facts.push("late".into());
        }
        ui::line(&ui::tone_raw(
            Tone::Faint,
            &format!("  {}", facts.join(" · ")),
        ));
        for action in &row.actions {
            let title = action
                .title
                .map_or_else(String::new, |title| format!(": {}", inert(title)));
            let whose = if action.by_experts {
                ", by the experts"
            } else {
                ""
            };
            ui::line(&format!(
                "  {}. {}{title} ({}{whose})",
                action.number,
                action.kind,
                phrases::action_status(action.status).to_lowercase()
            ));
        }
    }
    ui::line(&sum(&listed.counts));
    if let Some(figures) = listed.figures {
        ui::line(&own_report(figures));
    }
}

fn sum(counts: &ResponseCounts) -> String {
    let median = counts.median_minutes.map_or_else(String::new, |minutes| {
        format!(" · median time to act {}", phrases::minutes(minutes))
    });
    format!(
        "actions: {} completed, {} pending, {} skipped, {} failed{median}",
        counts.completed, counts.pending, counts.skipped, counts.failed
    )
}

fn own_report(figures: &ReportFigures) -> String {
    format!(
        "the service's own report, {} days to {}: {} investigated, {} resolved ({} directly, {} with your help); actions: {} completed, {} pending, {} skipped, {} failed",
        figures.days,
        words::day(figures.until),
        figures.investigated,
        figures.resolved,
        figures.resolved_directly,
        figures.resolved_with_help,
        figures.completed,
        figures.pending,
        figures.skipped,
        figures.failed
    )
}
