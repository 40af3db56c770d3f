//! What is kept of each assessment, and of a customer without any, for views over all customers.
//!
//! Derived, and computed again whenever it no longer holds; see [`SummaryRow::holds`]. A ledger is replayed only for that.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::actions::{ENGINE, Failure, Workspace};
use crate::domain::assessment::{Assessment, Book, Texts};
use crate::domain::decision::Need;
use crate::domain::evaluation::Cause;
use crate::domain::finding::{Life, State};
use crate::domain::id::{CustomerId, Hash, PersonId, QuestionnaireId};
use crate::domain::ledger::Entry;
use crate::domain::phase::Phase;
use crate::domain::plan;
use crate::domain::questionnaire::Asset;
use crate::domain::scoring::{self, View};
use crate::domain::time::{Day, Instant};
use crate::domain::trail::{self, Trail};
use crate::problem::Problems;
use crate::store::{SummaryRow, Watched};

/// How many rows that were computed anew are kept at once: who is interrupted loses no more work than that.
const BATCH: usize = 500;

/// What a view over all customers shows of one assessment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The customer's name.
    pub name: String,
    /// Where the customer's days begin and end.
    pub time_zone: chrono_tz::Tz,
    /// The version of the questionnaire.
    pub questionnaire_version: String,
    /// The text of the questionnaire, by which its findings have their titles; nothing without an assessment.
    pub text: Option<Hash>,
    /// The verdict's code.
    pub verdict: String,
    /// How many findings block the start.
    pub blocking: usize,
    /// How many conditions stand.
    pub conditions: usize,
    /// How many of them nobody has in hand.
    pub not_in_hand: usize,
    /// How many findings are past their date.
    pub overdue: usize,
    /// The earliest date that passed.
    pub oldest_due: Option<Day>,
    /// How many pieces of advice stand.
    pub advice: usize,
    /// How many managed responses wait for the customer, or failed.
    pub responses: usize,
    /// Since when the oldest of them waits.
    pub oldest_response: Option<Instant>,
    /// How many questions are open.
    pub open: usize,
    /// How many questions are asked.
    pub asked: usize,
    /// The score in basis points.
    pub score: Option<u32>,
    /// Protected, target of each asset.
    pub coverage: Vec<(Asset, u64, u64)>,
    /// The planned start.
    pub go_live: Option<Day>,
    /// How many times it was moved.
    pub go_live_moved: u32,
    /// The day of the last entry.
    pub last_touch: Option<Day>,
    /// The phase.
    pub phase: Phase,
    /// Since when it holds.
    pub phase_since: Option<Day>,
    /// The region.
    pub region: Option<String>,
    /// Who manages the service for the customer.
    pub manager: Option<PersonId>,
    /// Whether the start was decided although the verdict did not allow it.
    pub overridden: bool,
    /// Whom the oldest wait is on.
    pub waits_on: Option<Waits>,
    /// How many findings that the start needs nobody has taken.
    pub unassigned: usize,
    /// How many answers are older than their questions allow.
    pub stale: usize,
    /// The next day on which a decision to live with a finding ends.
    pub expires_on: Option<Day>,
    /// The day by which readiness is to be looked at again.
    pub review_due: Option<Day>,
    /// The day of the next touch: the one agreed, else the first on which something is due.
    pub next_touch: Option<Day>,
    /// The day on which everything that the start needs is done if everybody keeps their dates, as the plan tells it; nothing where
    /// nothing is left for another day, a stop holds or a date is missing.
    pub planned_ready: Option<Day>,
    /// The findings that stand and the questions that raise them, each with a blank before and after it.
    pub failing: String,
    /// What moved; nothing until somebody looks.
    pub trail: Option<Trail>,
}

/// A wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waits {
    /// A party by its code, where a finding waits.
    pub party: Option<String>,
    /// A person, where an answer was asked for.
    pub person: Option<PersonId>,
    /// Since when.
    pub since: Day,
}

impl Summary {
    /// Returns the day where the customer is; the clock may have been set back since the last entry: its day is then today.
    #[must_use]
    pub fn today(&self, now: Instant) -> Day {
        let day = now.day_in(self.time_zone);
        self.last_touch.map_or(day, |last| last.max(day))
    }

    /// Returns whether a finding stands, or a question raises one that does.
    #[must_use]
    pub fn fails(&self, item: &str) -> bool {
        !item.is_empty() && !item.contains(' ') && self.failing.contains(&format!(" {item} "))
    }
}

/// A customer as views over all of them show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerSummary {
    /// The id.
    pub id: CustomerId,
    /// The sequence of the last entry.
    pub seq: u64,
    /// The assessments by questionnaire; one without a questionnaire where there is no assessment.
    pub rows: Vec<(Option<QuestionnaireId>, Summary)>,
}

impl CustomerSummary {
    /// Returns what is known of the customer, whichever assessment tells it: name, dates, phase.
    #[must_use]
    pub fn first(&self) -> Option<&Summary> {
        self.rows.first().map(|(_, summary)| summary)
    }
}

/// All customers, as far as their ledgers can be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summaries {
    /// The customers, by id.
    pub customers: Vec<CustomerSummary>,
    /// How many ledgers were replayed, because what was kept of them did not hold.
    pub replayed: usize,
    /// Why others are missing.
    pub problems: Problems,
}

impl Workspace {
    /// Returns a summary of every customer for today. Rows that no longer hold are computed anew, and kept.
    ///
    /// # Errors
    /// When the store cannot be read. That one ledger cannot is among what is returned: the others are shown all the same.
    pub async fn summaries(&self) -> Result<Summaries, Failure> {
        let now = self.clock.now();
        let mut read: Vec<Read> = Vec::new();
        let take = |watched| Read::take(&mut read, watched, now);
        self.store.watch(take).await?;
        let mut all = Summaries::default();
        let mut texts = Texts::new();
        let mut fresh = Vec::new();
        for Read { id, seq, rows } in read {
            if let Some(rows) = rows {
                all.customers.push(CustomerSummary { id, seq, rows });
                continue;
            }
            all.replayed += 1;
            match self.case_knowing(&id, None, texts.clone()).await {
                Ok(case) => {
                    let (summary, rows) = watched(&id, &case.book, case.entries(), &case.texts);
                    fresh.extend(rows);
                    all.customers.push(summary);
                    texts = case.texts;
                }
                Err(failure) => all.problems.0.extend(failure.problems.0),
            }
            if fresh.len() >= BATCH {
                self.keep(&mut fresh).await;
            }
        }
        self.keep(&mut fresh).await;
        Ok(all)
    }

    /// Keeps rows that were computed anew, to save time on the next reading. Whoever only reads is not to fail because they cannot be
    /// kept.
    async fn keep(&self, fresh: &mut Vec<SummaryRow>) {
        let _ = self.store.put_summaries(fresh).await;
        fresh.clear();
    }
}

/// A customer with what their rows say.
struct Read {
    id: CustomerId,
    seq: u64,
    /// Nothing where there is no row, or one that does not hold.
    rows: Option<Vec<(Option<QuestionnaireId>, Summary)>>,
}

impl Read {
    /// Takes in one row; those of a customer follow each other.
    fn take(all: &mut Vec<Self>, watched: Watched, now: Instant) {
        let Watched { customer, seq, row } = watched;
        let row = row.and_then(|row| held(row, seq, now));
        match all.last_mut() {
            Some(last) if last.id == customer => match (&mut last.rows, row) {
                (Some(rows), Some(row)) => rows.push(row),
                _ => last.rows = None,
            },
            _ => all.push(Self {
                id: customer,
                seq,
                rows: row.map(|row| vec![row]),
            }),
        }
    }
}

/// Returns what a row says; nothing where it does not hold.
fn held(row: SummaryRow, seq: u64, now: Instant) -> Option<(Option<QuestionnaireId>, Summary)> {
    let summary: Summary = serde_json::from_str(&row.content).ok()?;
    let is_whole = row.questionnaire.is_none() || summary.trail.is_some();
    let holds = row.holds(seq, summary.today(now), ENGINE);
    (is_whole && holds).then_some((row.questionnaire, summary))
}

/// Returns the summary of a customer with what moved, and the rows that keep it.
fn watched(
    customer: &CustomerId,
    book: &Book,
    entries: &[Entry],
    texts: &Texts,
) -> (CustomerSummary, Vec<SummaryRow>) {
    let trails = trail::trails(customer, entries, texts, book.today);
    let mut trails = trails.unwrap_or_default();
    let assessments = book.assessments.iter().map(|(id, assessment)| {
        let mut summary = summary(book, assessment);
        summary.trail = trails.remove(id);
        (Some(id.clone()), summary)
    });
    let mut rows: Vec<(Option<QuestionnaireId>, Summary)> = assessments.collect();
    if rows.is_empty() {
        rows.push((None, unassessed(book)));
    }
    let kept = { rows.iter() }
        .map(|(id, summary)| summary_row(book, customer, id.as_ref(), summary))
        .collect();
    let summary = CustomerSummary {
        id: book.customer.id.clone(),
        seq: book.seq,
        rows,
    };
    (summary, kept)
}

/// Computes the row of each assessment for the book's day, without what moved: that is told when somebody looks, since it takes a
/// replay. Where there is no assessment, it is the row of the customer alone.
pub(crate) fn summary_rows(book: &Book, customer: &CustomerId) -> Vec<SummaryRow> {
    let assessments = book.assessments.iter();
    let rows: Vec<SummaryRow> = assessments
        .map(|(id, assessment)| summary_row(book, customer, Some(id), &summary(book, assessment)))
        .collect();
    if rows.is_empty() {
        return vec![summary_row(book, customer, None, &unassessed(book))];
    }
    rows
}

/// Returns whether a row is what its ledger comes to on the row's day.
pub(crate) fn is_right_row(
    customer: &CustomerId,
    entries: &[Entry],
    texts: &Texts,
    row: &SummaryRow,
) -> bool {
    let Ok(book) = Book::replay(customer, entries, texts, row.computed_for) else {
        return true;
    };
    let Some(id) = &row.questionnaire else {
        let right = summary_row(&book, customer, None, &unassessed(&book));
        return book.assessments.is_empty() && right == *row;
    };
    let Some(assessment) = book.assessments.get(id) else {
        return false;
    };
    let mut summary = summary(&book, assessment);
    if summary_row(&book, customer, Some(id), &summary) == *row {
        return true;
    }
    let trails = trail::trails(customer, entries, texts, row.computed_for);
    summary.trail = trails.ok().and_then(|mut trails| trails.remove(id));
    summary_row(&book, customer, Some(id), &summary) == *row
}

/// Makes the row of one assessment, or of a customer without any, for the book's day.
fn summary_row(
    book: &Book,
    customer: &CustomerId,
    questionnaire: Option<&QuestionnaireId>,
    summary: &Summary,
) -> SummaryRow {
    let content = serde_json_canonicalizer::to_string(summary)
        .expect("a summary has text keys and no numbers that JSON lacks");
    SummaryRow {
        customer: customer.clone(),
        questionnaire: questionnaire.cloned(),
        seq: book.seq,
        computed_for: book.today,
        changes_on: match questionnaire.and_then(|id| book.assessments.get(id)) {
            Some(assessment) => changes_on(book, assessment, summary.planned_ready),
            None => summary.next_touch.and_then(|day| day.succ_opt()),
        },
        engine: ENGINE.to_owned(),
        content,
    }
}

/// Returns the first day after the book's own on which the summary changes by itself, as it does when a date passes.
fn changes_on(book: &Book, assessment: &Assessment, planned_ready: Option<Day>) -> Option<Day> {
    let overdue = due_days(book, assessment)
        .filter(|due| *due >= book.today)
        .filter_map(|due| due.succ_opt());
    let touches = next_touches(book, assessment)
        .filter(|day| *day >= book.today)
        .filter_map(|day| day.succ_opt());
    overdue
        .chain(touches)
        .chain(planned_ready)
        .chain(scoring::changes_on(assessment, book.today))
        .min()
}

/// Returns the dates of the findings on which somebody must act and that count as overdue once theirs has passed: those that the
/// start needs, and those that somebody took on.
fn due_days(book: &Book, assessment: &Assessment) -> impl Iterator<Item = Day> {
    assessment
        .lives
        .values()
        .filter(|life| life.must_act(book.today).is_some())
        .filter(|life| life.need > Need::Improvement || life.plan.is_some())
        .filter_map(|life| life.due(&book.customer))
}

/// The code that stands where nothing was assessed.
const NOT_ASSESSED: &str = "not-assessed";

/// Returns what is known of a customer without an assessment.
fn unassessed(book: &Book) -> Summary {
    let customer = &book.customer;
    let days = customer.next_touch.into_iter().chain(customer.go_live);
    Summary {
        name: customer.name.clone(),
        time_zone: customer.time_zone,
        questionnaire_version: String::new(),
        text: None,
        verdict: NOT_ASSESSED.to_owned(),
        blocking: 0,
        conditions: 0,
        not_in_hand: 0,
        overdue: 0,
        oldest_due: None,
        open: 0,
        asked: 0,
        score: None,
        advice: 0,
        responses: 0,
        oldest_response: None,
        coverage: Vec::new(),
        go_live: customer.go_live,
        go_live_moved: customer.go_live_moved,
        last_touch: book.at.map(|at| at.day_in(customer.time_zone)),
        phase: book.phase().0,
        phase_since: book.phase().1,
        region: customer.region.clone(),
        manager: customer.manager.clone(),
        overridden: false,
        waits_on: None,
        unassigned: 0,
        stale: 0,
        expires_on: None,
        review_due: book.review_due(),
        next_touch: { days }.find(|day| *day >= book.today),
        planned_ready: None,
        failing: String::new(),
        trail: None,
    }
}

fn summary(book: &Book, assessment: &Assessment) -> Summary {
    let today = book.today;
    let verdict = scoring::verdict(assessment, today);
    let completeness = scoring::completeness(
        &assessment.evaluation,
        0..assessment.questionnaire().questions.len(),
    );
    let passed: Vec<Day> = due_days(book, assessment)
        .filter(|due| *due < today)
        .collect();
    let advice = assessment
        .advice
        .keys()
        .filter_map(|key| assessment.lives.get(key));
    let responses = assessment.responses.values().map(|response| &response.what);
    let waiting = responses.filter(|response| !response.status().is_over());
    Summary {
        questionnaire_version: assessment.questionnaire().version.to_string(),
        text: Some(assessment.questionnaire().hash),
        verdict: verdict.code.code().to_owned(),
        blocking: verdict.blocking.len(),
        conditions: verdict.in_hand.len() + verdict.not_in_hand.len(),
        not_in_hand: verdict.not_in_hand.len(),
        overdue: passed.len(),
        oldest_due: passed.into_iter().min(),
        advice: advice.filter(|life| life.stands()).count(),
        responses: waiting.clone().count(),
        oldest_response: waiting.map(|response| response.asked_at).min(),
        open: completeness.asked - completeness.answered,
        asked: completeness.asked,
        score: scoring::score(assessment, View::Current, today).basis_points(),
        coverage: scoring::coverage(&assessment.evaluation)
            .iter()
            .map(|covered| (covered.asset, covered.protected, covered.target))
            .collect(),
        overridden: !assessment.overrides.is_empty() && !verdict.code.is_ready(),
        waits_on: waits_on(assessment, today),
        unassigned: standing(assessment)
            .filter(|life| life.need > Need::Improvement && life.owner().is_none())
            .filter(|life| life.must_act(today).is_some())
            .count(),
        stale: (0..assessment.questionnaire().questions.len())
            .filter(|place| assessment.evaluation.asked(*place).yes())
            .filter(|place| assessment.is_stale(*place, today))
            .count(),
        expires_on: expiries(assessment, today).min(),
        next_touch: next_touches(book, assessment)
            .filter(|day| *day >= today)
            .min(),
        planned_ready: plan::ready_on(assessment, &book.customer, today).filter(|day| *day > today),
        failing: failing(assessment),
        ..unassessed(book)
    }
}

fn standing(assessment: &Assessment) -> impl Iterator<Item = &Life> {
    assessment.lives.values().filter(|life| life.stands())
}

/// Returns the last days of decisions to live with findings that hold.
fn expiries(assessment: &Assessment, today: Day) -> impl Iterator<Item = Day> {
    standing(assessment)
        .filter_map(move |life| life.disposition(today))
        .map(|disposition| disposition.until)
}

/// Returns the days on which somebody has a reason to speak with the customer: the one agreed; where none is to come, those on which
/// an answer, a finding, a review or the start is due or a decision ends.
fn next_touches(book: &Book, assessment: &Assessment) -> impl Iterator<Item = Day> {
    let agreed = book.customer.next_touch.filter(|day| *day >= book.today);
    let others = agreed.is_none().then(|| {
        let asked = assessment.awaited().into_iter().filter_map(|one| one.by);
        let days: Vec<Day> = asked
            .chain(due_days(book, assessment))
            .chain(expiries(assessment, book.today))
            .chain(book.review_due())
            .chain(book.customer.go_live)
            .collect();
        days
    });
    agreed.into_iter().chain(others.into_iter().flatten())
}

/// Returns the oldest wait: of a finding on a party, or for an answer of a person.
fn waits_on(assessment: &Assessment, today: Day) -> Option<Waits> {
    let findings = standing(assessment).filter_map(|life| match life.state(today) {
        State::Waiting(waiting) => Some(Waits {
            party: Some(waiting.on.code().to_owned()),
            person: None,
            since: waiting.since,
        }),
        _ => None,
    });
    let answers = assessment.awaited().into_iter().filter_map(|one| {
        Some(Waits {
            party: None,
            person: Some(one.of?.clone()),
            since: one.asked_on?,
        })
    });
    findings.chain(answers).min_by_key(|wait| wait.since)
}

/// Returns the findings that stand and the questions that raise them, each once, with blanks around.
fn failing(assessment: &Assessment) -> String {
    let mut items = BTreeSet::new();
    for (key, life) in assessment.lives.iter().filter(|(_, life)| life.stands()) {
        items.insert(key.id.as_str());
        for cause in &life.causes {
            if let Cause::Question(place) = cause {
                items.insert(assessment.questionnaire().questions[*place].id.as_str());
            }
        }
    }
    let mut text = String::from(" ");
    for item in items {
        text += item;
        text.push(' ');
    }
    text
}
