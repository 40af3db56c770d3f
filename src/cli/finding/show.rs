//! `readiness finding show`: one finding whole: how it stands, what raises it, what to do, and everything that happened to it.

use clap::Args;

use crate::actions::{Case, Failure, Which, resolve};
use crate::cli::context::Context;
use crate::cli::finding::row::{Row, Told, row};
use crate::cli::ui::Tone;
use crate::cli::{Answer, Reading, ui};
use crate::domain::assessment::Assessment;
use crate::domain::evaluation::Cause;
use crate::domain::finding::{Life, Presence, StateName};
use crate::domain::history::{Event, history};
use crate::domain::id::{CustomerId, FindingKey, PersonId};
use crate::domain::{phrases, words};
use crate::markdown::inert;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    /// Findings, as `id` (every row that ever was) or `id@row`
    #[arg(required = true, value_name = "FINDING")]
    findings: Vec<FindingKey>,
    #[command(flatten)]
    reading: Reading,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let case = workspace
        .case(&arguments.customer, arguments.reading.as_of.as_ref())
        .await?;
    let (_, assessment) = case.assessment(arguments.reading.questionnaire.as_ref())?;
    let names = workspace.names().await?;
    let name = |id: &PersonId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
    let keys = resolve(assessment, &arguments.findings, Which::Known)?;
    let events = history(case.entries(), &case.texts, &name);
    let rows: Vec<Row> = keys
        .iter()
        .map(|key| {
            let life = &assessment.lives[key];
            let mut row = row(&case, assessment, key, life, &name);
            row.history = told(&case, assessment, key, life, &events);
            row
        })
        .collect();
    if arguments.json {
        ui::json(&rows);
        return Ok(Answer::Done);
    }
    for (key, row) in keys.iter().zip(&rows) {
        print(assessment, key, row, &name);
    }
    Ok(Answer::Done)
}

/// Returns what happened to a finding: the answers that raise or close it, decisions, notes and remarks.
fn told(
    case: &Case,
    assessment: &Assessment,
    key: &FindingKey,
    life: &Life,
    events: &[Event],
) -> Vec<Told> {
    let questions = &assessment.questionnaire().questions;
    let causes = life.causes.iter().filter_map(|cause| match cause {
        Cause::Question(place) => Some(&questions[*place].id),
        Cause::Rule => None,
    });
    let causes: Vec<_> = causes.collect();
    let decided: Vec<u64> = life.decisions.iter().map(|decided| decided.seq).collect();
    let concerns = |event: &&Event| {
        let cause = event
            .question
            .as_ref()
            .is_some_and(|id| causes.contains(&id));
        let kind = (event.finding.as_ref())
            .is_some_and(|about| *about == *key || (about.row.is_none() && about.id == key.id));
        decided.contains(&event.seq) || cause || (kind && event.kind != "decided")
    };
    let zone = case.book.customer.time_zone;
    let events = events.iter().filter(concerns);
    events
        .map(|event| Told {
            entry: event.seq,
            when: event.at.local(zone),
            by: event.by.clone(),
            what: event.what.clone(),
        })
        .collect()
}

fn print(assessment: &Assessment, key: &FindingKey, row: &Row, name: &dyn Fn(&PersonId) -> String) {
    let life = &assessment.lives[key];
    ui::line(&ui::tone(Tone::Strong, &row.title));
    ui::line(&format!(
        "{} · {} · {} · {}",
        inert(&row.finding),
        phrases::need(row.need),
        phrases::severity(row.severity),
        inert(&row.words)
    ));
    if let Some(note) = &row.state_note {
        ui::line(&inert(note));
    }
    ui::line(&dates(row, life, name));
    print_causes(assessment, key, life);
    ui::line("");
    for told in &row.history {
        ui::line(&format!(
            "entry {}, {}, {}: {}",
            told.entry,
            told.when,
            inert(&name(&told.by)),
            inert(&told.what)
        ));
    }
    if let Presence::Closed(on) = life.presence {
        ui::line(&format!("closed on {}", words::day(on)));
    }
    ui::line("");
}

/// Returns who is to do it and by when, and since when it is known.
fn dates(row: &Row, life: &Life, name: &dyn Fn(&PersonId) -> String) -> String {
    let mut parts = vec![format!("first seen {}", words::day(row.first_seen))];
    if life.came_back > 0 && row.state != StateName::Open {
        let times = words::count(life.came_back as usize, "time", "times");
        parts.push(format!("came back {times}"));
    }
    let owner = row.owner.as_ref();
    parts.extend(owner.map(|owner| format!("owner {}", inert(&name(owner)))));
    parts.extend(row.due.map(|due| {
        let late = if row.overdue { ", overdue" } else { "" };
        format!("due {}{late}", words::day(due))
    }));
    parts.extend(
        row.must_act
            .map(|party| format!("must act: {}", party.words())),
    );
    parts.join(" · ")
}

fn print_causes(assessment: &Assessment, key: &FindingKey, life: &Life) {
    let questionnaire = assessment.questionnaire();
    for cause in &life.causes {
        ui::line(&format!(
            "because of {}",
            inert(&cause_words(assessment, *cause, key))
        ));
    }
    let Some(place) = questionnaire.finding(&key.id) else {
        return;
    };
    for recommendation in &questionnaire.findings[place].recommend {
        let title = questionnaire
            .recommendations
            .get(recommendation)
            .map_or(recommendation.as_str(), |known| known.title.as_str());
        ui::line(&format!("do: {} ({recommendation})", inert(title)));
    }
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
