//! A finding, and an open answer that somebody was asked for, as lists and JSON show them.

use serde::Serialize;

use crate::actions::Case;
use crate::cli::ui;
use crate::cli::ui::Tone;
use crate::domain::assessment::{Assessment, Awaited, Book};
use crate::domain::decision::{Action, Need, Party, Severity};
use crate::domain::due::{self, Clocks, Length};
use crate::domain::evaluation::Cause;
use crate::domain::finding::{Life, Presence, StateName};
use crate::domain::id::{FindingKey, PersonId};
use crate::domain::questionnaire::Rule;
use crate::domain::time::Day;
use crate::domain::{phrases, words};
use crate::markdown::{inert, inert_line};

/// How many letters of what somebody typed a list shows.
const SHOWN: usize = 80;

/// A finding as JSON and lists show it.
#[derive(Debug, Serialize)]
pub(in crate::cli::finding) struct Row {
    pub(in crate::cli::finding) finding: String,
    pub(in crate::cli::finding) title: String,
    pub(in crate::cli::finding) need: Need,
    pub(in crate::cli::finding) severity: Severity,
    pub(in crate::cli::finding) state: StateName,
    /// The state that shows when what lies upon it ends.
    returns_to: Option<StateName>,
    pub(in crate::cli::finding) words: String,
    /// What is waited for, reported or disputed, or why it was recorded in error.
    pub(in crate::cli::finding) state_note: Option<String>,
    in_hand: bool,
    undetermined: bool,
    pub(in crate::cli::finding) owner: Option<PersonId>,
    pub(in crate::cli::finding) must_act: Option<Party>,
    pub(in crate::cli::finding) due: Option<Day>,
    pub(in crate::cli::finding) overdue: bool,
    /// By how much.
    pub(in crate::cli::finding) overdue_by: Option<Length>,
    /// How long it has taken, or took.
    pub(in crate::cli::finding) clocks: Clocks,
    /// Whether it was closed by the date that held then.
    closed_in_time: Option<bool>,
    pub(in crate::cli::finding) incident: Option<String>,
    /// The last day on which a decision to live with it holds.
    until: Option<Day>,
    pub(in crate::cli::finding) first_seen: Day,
    came_back: u32,
    rule: Option<Rule>,
    causes: Vec<String>,
    decisions: Vec<DecisionRow>,
    /// What happened to it, where that was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::cli::finding) history: Vec<Told>,
}

/// One thing that happened to a finding.
#[derive(Debug, Serialize)]
pub(in crate::cli::finding) struct Told {
    pub(in crate::cli::finding) entry: u64,
    pub(in crate::cli::finding) when: String,
    pub(in crate::cli::finding) by: PersonId,
    pub(in crate::cli::finding) what: String,
}

/// A decision as JSON shows it.
#[derive(Debug, Serialize)]
struct DecisionRow {
    entry: u64,
    at: String,
    by: PersonId,
    action: Action,
}

/// An open answer that somebody was asked for, as JSON and lists show it.
#[derive(Debug, Serialize)]
pub(crate) struct RequestRow {
    pub(crate) question: String,
    text: String,
    pub(crate) of: Option<PersonId>,
    of_name: Option<String>,
    pub(crate) by: Option<Day>,
    pub(crate) overdue: bool,
    asked_on: Option<Day>,
    chased: Vec<Day>,
}

pub(in crate::cli::finding) fn row(
    case: &Case,
    assessment: &Assessment,
    key: &FindingKey,
    life: &Life,
    name: &dyn Fn(&PersonId) -> String,
) -> Row {
    let today = case.book.today;
    let state = life.state(today);
    let customer = &case.book.customer;
    let due = life.due(customer).filter(|_| life.stands());
    let must_act = life.must_act(today);
    Row {
        finding: key.to_string(),
        title: phrases::finding_title(assessment, key),
        need: life.need,
        severity: life.severity,
        state: state.name(),
        returns_to: life.returns_to(today),
        words: phrases::standing(life, today, name),
        state_note: phrases::state_note(&state).map(str::to_owned),
        in_hand: life.stands() && life.in_hand(today),
        undetermined: life.presence == Presence::Undetermined,
        owner: life.owner().cloned(),
        must_act,
        due,
        overdue: must_act.is_some() && due.is_some_and(|due| due < today),
        overdue_by: (due.filter(|_| must_act.is_some()))
            .and_then(|due| due::overdue(due, today, &customer.calendar)),
        clocks: life.clocks(customer, today),
        closed_in_time: life.closing.and_then(|closing| closing.in_time()),
        incident: incident(assessment, key),
        until: state.disposition().map(|disposition| disposition.until),
        first_seen: life.first_seen,
        came_back: life.came_back,
        rule: phrases::rule_of(assessment, life),
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
        history: Vec::new(),
    }
}

/// Returns the incident that advice or a managed response is about.
fn incident(assessment: &Assessment, key: &FindingKey) -> Option<String> {
    let advice = assessment.advice.get(key);
    let advised = advice.and_then(|advice| advice.what.incident.clone());
    let response = assessment.responses.get(key);
    advised.or_else(|| response.map(|response| response.what.incident.clone()))
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

impl RequestRow {
    pub(crate) fn new(
        assessment: &Assessment,
        awaited: &Awaited<'_>,
        today: Day,
        name: &dyn Fn(&PersonId) -> String,
    ) -> Self {
        let question = &assessment.questionnaire().questions[awaited.question];
        Self {
            question: question.id.to_string(),
            text: assessment.evaluation.text(&question.text),
            of: awaited.of.cloned(),
            of_name: awaited.of.map(name),
            by: awaited.by,
            overdue: awaited.by.is_some_and(|by| by < today),
            asked_on: awaited.asked_on,
            chased: awaited.chased.to_vec(),
        }
    }
}

pub(in crate::cli::finding) fn print_row(
    row: &Row,
    book: &Book,
    name: &dyn Fn(&PersonId) -> String,
) {
    ui::line(&format!("  {}  {}", inert(&row.finding), inert(&row.title)));
    let note = row.state_note.as_deref();
    let note = note.map_or_else(String::new, |note| format!(": {}", short(note)));
    let mut facts = vec![
        phrases::severity(row.severity).to_owned(),
        format!("{}{note}", inert(&row.words)),
    ];
    if row.undetermined {
        facts.push("not known whether it still holds".into());
    }
    if row.came_back > 0 && row.state != StateName::Open {
        facts.push(format!(
            "came back {}",
            words::count(row.came_back as usize, "time", "times")
        ));
    }
    // Planned says both, and what is disposed of or over has neither.
    if row.must_act.is_some() && row.state != StateName::Planned {
        let owner = row.owner.as_ref();
        facts.extend(owner.map(|owner| inert(&name(owner))));
        facts.extend(row.due.map(|due| format!("due {}", words::day(due))));
    }
    facts.extend(overdue(row.due.filter(|_| row.overdue), book));
    let incident = row.incident.as_deref();
    facts.extend(incident.map(|incident| format!("incident {}", inert(incident))));
    facts.extend(row.rule.map(|rule| rule.words().to_owned()));
    ui::line(&ui::tone_raw(
        Tone::Faint,
        &format!("      {}", facts.join(" · ")),
    ));
}

pub(crate) fn print_request(row: &RequestRow, book: &Book) {
    ui::line(&format!("  {}  {}", row.question, inert(&row.text)));
    let of = row.of_name.as_deref().unwrap_or("somebody");
    let mut facts = vec![format!("asked of {}", inert(of))];
    facts.extend(row.asked_on.map(|on| format!("on {}", words::day(on))));
    facts.extend(row.by.map(|by| format!("by {}", words::day(by))));
    facts.extend(overdue(row.by.filter(|_| row.overdue), book));
    if let Some(last) = row.chased.last() {
        let times = words::count(row.chased.len(), "time", "times");
        facts.push(format!("reminded {times}, last on {}", words::day(*last)));
    }
    ui::line(&ui::tone_raw(
        Tone::Faint,
        &format!("      {}", facts.join(" · ")),
    ));
}

/// Returns the beginning of what somebody typed, on one line.
fn short(text: &str) -> String {
    let line = inert_line(text);
    let mut shown: String = line.chars().take(SHOWN).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    shown
}

fn overdue(due: Option<Day>, book: &Book) -> Option<String> {
    due::overdue(due?, book.today, &book.customer.calendar).map(phrases::overdue)
}
