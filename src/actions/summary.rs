//! What is kept of each assessment for views over all customers.
//!
//! Derived, and computed again whenever it no longer holds; see [`SummaryRow::holds`]. A ledger is replayed only for that.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::actions::{ENGINE, Failure, Workspace};
use crate::domain::assessment::{Assessment, Book};
use crate::domain::decision::Need;
use crate::domain::id::{CustomerId, QuestionnaireId};
use crate::domain::questionnaire::Asset;
use crate::domain::scoring::{self, View};
use crate::domain::time::{Day, Instant};
use crate::problem::Problems;
use crate::store::{CustomerRow, SummaryRow};

/// What a view over all customers shows of one assessment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The customer's name.
    pub name: String,
    /// Where the customer's days begin and end.
    pub time_zone: chrono_tz::Tz,
    /// The version of the questionnaire.
    pub questionnaire_version: String,
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
}

/// A customer as views over all of them show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerSummary {
    /// The id.
    pub id: CustomerId,
    /// The name.
    pub name: String,
    /// The planned start.
    pub go_live: Option<Day>,
    /// The sequence of the last entry.
    pub seq: u64,
    /// The assessments.
    pub assessments: BTreeMap<QuestionnaireId, Summary>,
}

/// All customers, as far as their ledgers can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summaries {
    /// The customers, by id.
    pub customers: Vec<CustomerSummary>,
    /// Why others are missing.
    pub problems: Problems,
}

impl Workspace {
    /// Returns a summary of every customer for today. Rows that no longer hold are computed anew, and kept.
    ///
    /// # Errors
    /// When the store cannot be read. That one ledger cannot is among what is returned: the others are shown all the same.
    pub async fn summaries(&self) -> Result<Summaries, Failure> {
        let mut kept: BTreeMap<CustomerId, Vec<SummaryRow>> = BTreeMap::new();
        for row in self.store.summaries().await? {
            kept.entry(row.customer.clone()).or_default().push(row);
        }
        let mut customers = Vec::new();
        let mut problems = Problems::default();
        let mut fresh = Vec::new();
        for row in self.customers().await? {
            let rows = kept.remove(&row.customer).unwrap_or_default();
            if let Some(customer) = from_rows(&row, &rows, self.clock.now()) {
                customers.push(customer);
                continue;
            }
            match self.case(&row.customer, None).await {
                Ok(case) => {
                    fresh.extend(summary_rows(&case.book, &row.customer));
                    customers.push(from_book(&case.book));
                }
                Err(failure) => problems.0.extend(failure.problems.0),
            }
        }
        // They save time on the next reading. Whoever only reads is not to fail because they cannot be kept.
        let _ = self.store.put_summaries(&fresh).await;
        Ok(Summaries {
            customers,
            problems,
        })
    }
}

/// Returns what the rows say, where there are some and all of them hold.
fn from_rows(customer: &CustomerRow, rows: &[SummaryRow], now: Instant) -> Option<CustomerSummary> {
    let mut assessments = BTreeMap::new();
    for row in rows {
        let summary: Summary = serde_json::from_str(&row.content).ok()?;
        if !row.holds(customer.seq, now.day_in(summary.time_zone), ENGINE) {
            return None;
        }
        assessments.insert(row.questionnaire.clone(), summary);
    }
    let first = assessments.values().next()?;
    Some(CustomerSummary {
        id: customer.customer.clone(),
        name: first.name.clone(),
        go_live: first.go_live,
        seq: customer.seq,
        assessments,
    })
}

fn from_book(book: &Book) -> CustomerSummary {
    let assessments = book.assessments.iter();
    CustomerSummary {
        id: book.customer.id.clone(),
        name: book.customer.name.clone(),
        go_live: book.customer.go_live,
        seq: book.seq,
        assessments: assessments
            .map(|(id, assessment)| (id.clone(), summary(book, assessment)))
            .collect(),
    }
}

/// Computes the row of each assessment for the book's day.
pub(crate) fn summary_rows(book: &Book, customer: &CustomerId) -> Vec<SummaryRow> {
    let assessments = book.assessments.iter();
    assessments
        .map(|(id, assessment)| summary_row(book, customer, id, assessment))
        .collect()
}

/// Computes the row of one assessment for the book's day.
fn summary_row(
    book: &Book,
    customer: &CustomerId,
    questionnaire: &QuestionnaireId,
    assessment: &Assessment,
) -> SummaryRow {
    let content = serde_json_canonicalizer::to_string(&summary(book, assessment))
        .expect("a summary has text keys and no numbers that JSON lacks");
    SummaryRow {
        customer: customer.clone(),
        questionnaire: questionnaire.clone(),
        seq: book.seq,
        computed_for: book.today,
        changes_on: changes_on(book, assessment),
        engine: ENGINE.to_owned(),
        content,
    }
}

/// Returns the first day after the book's own on which the summary changes by itself, as it does when a date passes.
fn changes_on(book: &Book, assessment: &Assessment) -> Option<Day> {
    let overdue = due_days(book, assessment)
        .filter(|due| *due >= book.today)
        .filter_map(|due| due.succ_opt());
    overdue
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
        name: book.customer.name.clone(),
        time_zone: book.customer.time_zone,
        questionnaire_version: assessment.questionnaire().version.to_string(),
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
        go_live: book.customer.go_live,
        go_live_moved: book.customer.go_live_moved,
        last_touch: book.at.map(|at| at.day_in(book.customer.time_zone)),
    }
}
