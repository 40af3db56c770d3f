//! What is kept of each assessment for views over all customers.
//!
//! Derived, and computed again whenever it no longer holds; see [`SummaryRow::holds`].

use serde::{Deserialize, Serialize};

use crate::actions::ENGINE;
use crate::domain::assessment::{Assessment, Book};
use crate::domain::decision::Need;
use crate::domain::id::{CustomerId, QuestionnaireId};
use crate::domain::questionnaire::Asset;
use crate::domain::scoring::{self, View};
use crate::domain::time::Day;
use crate::store::SummaryRow;

/// What a view over all customers shows of one assessment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The customer's name.
    pub name: String,
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

/// Computes the row of one assessment for the book's day.
pub(crate) fn summary_row(
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
        changes_on: scoring::changes_on(assessment, book.today),
        engine: ENGINE.to_owned(),
        content,
    }
}

fn summary(book: &Book, assessment: &Assessment) -> Summary {
    let today = book.today;
    let verdict = scoring::verdict(assessment, today);
    let completeness = scoring::completeness(
        &assessment.evaluation,
        0..assessment.questionnaire().questions.len(),
    );
    let standing = || assessment.lives.values().filter(|life| life.stands());
    let passed: Vec<Day> = standing()
        .filter(|life| life.need > Need::Improvement || life.plan.is_some())
        .filter_map(|life| life.due(&book.customer))
        .filter(|due| *due < today)
        .collect();
    Summary {
        name: book.customer.name.clone(),
        questionnaire_version: assessment.questionnaire().version.to_string(),
        verdict: verdict.code.code().to_owned(),
        blocking: verdict.blocking.len(),
        conditions: verdict.in_hand.len() + verdict.not_in_hand.len(),
        not_in_hand: verdict.not_in_hand.len(),
        overdue: passed.len(),
        oldest_due: passed.into_iter().min(),
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
