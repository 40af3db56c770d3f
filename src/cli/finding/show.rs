//! `readiness finding show`: one finding whole: how it stands, what raises it, what to do, and everything that happened to it.

use clap::Args;

use crate::actions::{Case, Failure, Which, resolve};
use crate::cli::context::Context;
use crate::cli::finding::row::{Row, Told, row};
use crate::cli::ui::Tone;
use crate::cli::{Answer, Reading, ui};
use crate::domain::assessment::Assessment;
use crate::domain::decision::Party;
use crate::domain::due;
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

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Result<Answer, Failure> {
        let workspace = context.workspace().await?;
        let case = workspace
            .case(&self.customer, self.reading.as_of.as_ref())
            .await?;
        let (_, assessment) = case.assessment(self.reading.questionnaire.as_ref())?;
        let names = workspace.names().await?;
        let name = |id: &PersonId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
        let keys = resolve(assessment, &self.findings, Which::Known)?;
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
        if self.json {
            ui::json(&rows);
            return Ok(Answer::Done);
        }
        for (key, row) in keys.iter().zip(&rows) {
            print(&case, assessment, key, row, &name);
        }
        Ok(Answer::Done)
    }
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

fn print(
    case: &Case,
    assessment: &Assessment,
    key: &FindingKey,
    row: &Row,
    name: &dyn Fn(&PersonId) -> String,
) {
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
    ui::line(&format!("open for {}", phrases::clocks(row.clocks)));
    print_turns(case, life);
    print_causes(assessment, key, life);
    print_given(assessment, key, row);
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
        let closing = life.closing.as_ref().and_then(phrases::in_time);
        let closing = closing.map_or_else(String::new, |words| format!(", {words}"));
        ui::line(&format!("closed on {}{closing}", words::day(on)));
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
        let late = row.overdue_by.map(phrases::overdue);
        let late = late.map_or_else(String::new, |late| format!(", {late}"));
        format!("due {}{late}", words::day(due))
    }));
    parts.extend(
        row.must_act
            .map(|party| format!("must act: {}", party.words())),
    );
    parts.join(" · ")
}

/// Prints who must act for how long, and who had to before.
fn print_turns(case: &Case, life: &Life) {
    let (today, calendar) = (case.book.today, &case.book.customer.calendar);
    let turns = life.turns(today);
    for (place, turn) in turns.iter().enumerate().filter(|_| turns.len() > 1) {
        let until = turns.get(place + 1).map_or(today, |next| next.since);
        let party = turn.party.map_or("nobody", Party::words);
        let long = phrases::length(due::length(turn.since, until, calendar));
        let since = words::day(turn.since);
        ui::line(&match turns.get(place + 1) {
            Some(_) => format!("from {since}, {party} had to act, for {long}"),
            None => format!("since {since}, {party} must act, for {long}"),
        });
    }
}

/// Prints what advice says, or what a managed response asks for.
fn print_given(assessment: &Assessment, key: &FindingKey, row: &Row) {
    if let Some(incident) = &row.incident {
        ui::line(&format!("because of incident {}", inert(incident)));
    }
    if let Some(text) = assessment
        .advice
        .get(key)
        .and_then(|one| one.what.text.as_ref())
    {
        ui::line(&inert(text.trim_end()));
    }
    let response = assessment.responses.get(key);
    for action in response.iter().flat_map(|one| one.what.actions.iter()) {
        let title = action.title.as_deref();
        let title = title.map_or_else(String::new, |title| format!(": {}", inert(title)));
        let status = phrases::action_status(action.status);
        ui::line(&format!("{status}: {}{title}", action.kind.words()));
    }
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
