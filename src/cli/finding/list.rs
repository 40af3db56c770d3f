//! `readiness finding list`: gaps, and with `--requests` the open answers that people were asked for, most pressing first.

use std::cmp::Reverse;

use clap::Args;
use serde::Serialize;

use crate::actions::{Case, Failure, Workspace};
use crate::catalog::near::nearest;
use crate::cli::context::Context;
use crate::cli::finding::row::{RequestRow, Row, print_request, print_row, row};
use crate::cli::ui::Tone;
use crate::cli::{Answer, Reading, ui};
use crate::domain::assessment::{Assessment, Awaited, Book};
use crate::domain::decision::{Need, Party, Severity};
use crate::domain::evaluation::Cause;
use crate::domain::finding::{Life, Origin, StateName};
use crate::domain::id::{CustomerId, PersonId, SectionId};
use crate::domain::phrases;
use crate::domain::time::Day;
use crate::problem::Problem;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    #[command(flatten)]
    reading: Reading,
    /// Only findings in one of these states
    #[arg(long, value_name = "STATE", value_enum, value_delimiter = ',')]
    state: Vec<StateName>,
    /// Only findings that mean this for the start
    #[arg(long, value_enum, value_delimiter = ',')]
    need: Vec<Need>,
    /// Only findings as bad as this
    #[arg(long, value_enum, value_delimiter = ',')]
    severity: Vec<Severity>,
    /// Only what this person is to do or to answer
    #[arg(long, value_name = "PERSON")]
    owner: Option<String>,
    /// Only findings on which this party must act
    #[arg(long, value_enum, value_delimiter = ',')]
    party: Vec<Party>,
    /// Only what comes from a section of the questionnaire
    #[arg(long, value_name = "ID")]
    section: Option<SectionId>,
    /// Only what should be done already
    #[arg(long)]
    overdue: bool,
    /// Only what is to be done before a day
    #[arg(long, value_name = "DATE", value_parser = crate::cli::day)]
    due_before: Option<Day>,
    /// Closed and superseded ones too, and those recorded in error
    #[arg(long)]
    all: bool,
    /// Open answers that somebody was asked for too
    #[arg(long)]
    requests: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What a list holds.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Item {
    Finding(Box<Row>),
    Answer(RequestRow),
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    arguments.list(None, context).await
}

impl Arguments {
    /// Lists advice alone.
    pub(crate) async fn advice(self, context: &Context) -> Result<Answer, Failure> {
        self.list(Some(Origin::Advice), context).await
    }

    async fn list(self, origin: Option<Origin>, context: &Context) -> Result<Answer, Failure> {
        let arguments = self;
        let workspace = context.workspace().await?;
        let case = workspace
            .case(&arguments.customer, arguments.reading.as_of.as_ref())
            .await?;
        let (_, assessment) = case.assessment(arguments.reading.questionnaire.as_ref())?;
        let names = workspace.names().await?;
        let name = |id: &PersonId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
        let mut filter = Filter::of(&arguments, &workspace, &case, assessment).await?;
        filter.origin = origin;
        let mut items: Vec<Item> = filter
            .findings()
            .into_iter()
            .map(|(key, life)| Item::Finding(Box::new(row(&case, assessment, key, life, &name))))
            .collect();
        if arguments.requests {
            let awaited = filter.answers();
            let rows = awaited
                .iter()
                .map(|one| RequestRow::new(assessment, one, case.book.today, &name));
            items.extend(rows.map(Item::Answer));
        }
        if arguments.json {
            ui::json(&items);
        } else if items.is_empty() {
            ui::note("no findings");
        } else {
            print(&items, &case.book, &name);
        }
        Ok(Answer::Done)
    }
}

fn print(items: &[Item], book: &Book, name: &dyn Fn(&PersonId) -> String) {
    let mut last = None;
    for item in items {
        let head = match item {
            Item::Finding(row) => phrases::need(row.need),
            Item::Answer(_) => "Answers asked for",
        };
        if last != Some(head) {
            ui::line("");
            ui::line(&ui::tone(Tone::Strong, head));
            last = Some(head);
        }
        match item {
            Item::Finding(row) => print_row(row, book, name),
            Item::Answer(row) => print_request(row, book),
        }
    }
}

/// What is wanted of an assessment.
struct Filter<'a> {
    arguments: &'a Arguments,
    case: &'a Case,
    assessment: &'a Assessment,
    owner: Option<PersonId>,
    section: Option<usize>,
    origin: Option<Origin>,
}

impl<'a> Filter<'a> {
    async fn of(
        arguments: &'a Arguments,
        workspace: &Workspace,
        case: &'a Case,
        assessment: &'a Assessment,
    ) -> Result<Self, Failure> {
        let owner = match &arguments.owner {
            Some(name) => Some(workspace.known_person(name).await?.id),
            None => None,
        };
        let section = match &arguments.section {
            Some(id) => Some(place_of(assessment, id)?),
            None => None,
        };
        Ok(Self {
            arguments,
            case,
            assessment,
            owner,
            section,
            origin: None,
        })
    }

    /// Returns the findings that are wanted, most pressing first.
    fn findings(&self) -> Vec<(&'a crate::domain::id::FindingKey, &'a Life)> {
        let lives = self.assessment.lives.iter();
        let mut lives: Vec<_> = lives.filter(|(_, life)| self.wants(life)).collect();
        lives.sort_by_key(|(key, life)| {
            (
                !life.stands(),
                Reverse((life.need, life.severity)),
                life.due(&self.case.book.customer).unwrap_or(Day::MAX),
                (*key).clone(),
            )
        });
        lives
    }

    fn wants(&self, life: &Life) -> bool {
        let Arguments {
            state,
            need,
            severity,
            party,
            all,
            ..
        } = self.arguments;
        let today = self.case.book.today;
        let now = life.state(today).name();
        let due = life.due(&self.case.book.customer);
        let due = due.filter(|_| life.must_act(today).is_some());
        let party_fits = life.must_act(today).is_some_and(|now| party.contains(&now));
        (*all || life.stands() || state.contains(&now))
            && self.origin.is_none_or(|origin| life.origin == origin)
            && (state.is_empty() || state.contains(&now))
            && (need.is_empty() || need.contains(&life.need))
            && (severity.is_empty() || severity.contains(&life.severity))
            && (party.is_empty() || party_fits)
            && self.owned(life.owner())
            && self.timely(due)
            && self.in_section(&life.causes)
    }

    /// Returns the open answers that are wanted, those due first first. They have no state, need or severity; the customer owes
    /// them.
    fn answers(&self) -> Vec<Awaited<'a>> {
        let Arguments {
            state,
            need,
            severity,
            party,
            ..
        } = self.arguments;
        let for_findings = !(state.is_empty() && need.is_empty() && severity.is_empty());
        if for_findings || !(party.is_empty() || party.contains(&Party::Customer)) {
            return Vec::new();
        }
        let mut awaited = self.assessment.awaited();
        awaited.retain(|one| {
            self.owned(one.of)
                && self.timely(one.by)
                && self.in_section(&[Cause::Question(one.question)])
        });
        awaited.sort_by_key(|one| (one.by.unwrap_or(Day::MAX), one.question));
        awaited
    }

    fn owned(&self, owner: Option<&PersonId>) -> bool {
        self.owner.is_none() || self.owner.as_ref() == owner
    }

    fn timely(&self, due: Option<Day>) -> bool {
        let late = || due.is_some_and(|due| due < self.case.book.today);
        let before = |day| due.is_some_and(|due| due < day);
        (!self.arguments.overdue || late()) && self.arguments.due_before.is_none_or(before)
    }

    fn in_section(&self, causes: &[Cause]) -> bool {
        let questions = &self.assessment.questionnaire().questions;
        self.section.is_none_or(|wanted| {
            causes.iter().any(|cause| match cause {
                Cause::Question(place) => questions[*place].section == wanted,
                Cause::Rule => false,
            })
        })
    }
}

/// Returns the place of a section.
fn place_of(assessment: &Assessment, id: &SectionId) -> Result<usize, Failure> {
    let sections = &assessment.questionnaire().sections;
    let place = sections.iter().position(|section| section.id == *id);
    place.ok_or_else(|| {
        let known = sections.iter().map(|section| section.id.as_str());
        let problem = Problem::error(format!("no section is called `{id}`"));
        Failure::usage(match nearest(id.as_str(), known) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help(format!(
                "see `readiness questionnaire show {}`",
                assessment.questionnaire().id
            )),
        })
    })
}
