//! A workbook that came back: what its cells answer, and everything that is wrong with it, by cell.

mod rows;
mod take;

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::workbook::mark::Head;
use crate::domain::evaluation::Evaluation;
use crate::domain::intake::Objection;
use crate::domain::response::{Basis, Said};
use crate::domain::time::Day;
use crate::importers::spreadsheet::Spreadsheet;
use crate::problem::{Problem, Problems};

/// The most problems that are told of one workbook.
const MAX_PROBLEMS: usize = 200;

/// What a workbook answers.
#[derive(Clone, Debug)]
pub struct Filled {
    /// The answers, in the order of the questionnaire.
    pub answers: Vec<Answer>,
    /// How many of its questions are not answered.
    pub unanswered: usize,
    /// What is wrong, and what is odd.
    pub problems: Problems,
}

/// An answer, and where it stands.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The place of the question.
    pub place: usize,
    /// What is said.
    pub said: Said,
    /// How they know.
    pub basis: Basis,
    /// Who said it, as they wrote it; untrusted.
    pub by: Option<String>,
    /// The day on which it was true.
    pub on: Day,
    /// A remark.
    pub remark: Option<String>,
    /// Whether the question was asked in other words.
    pub is_reworded: bool,
    /// Where it stands: `Access!D7`.
    pub cell: String,
    /// Where its parts stand: the cells of a table by row and column, the remark, the day.
    pub(super) cells: Cells,
}

/// Where the parts of an answer stand.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells {
    /// By row of the value and column of the table.
    pub(super) table: BTreeMap<(usize, String), String>,
    /// By row of the value.
    pub(super) rows: Vec<String>,
    pub(super) remark: String,
    pub(super) day: String,
    pub(super) by: String,
}

impl Answer {
    /// Returns an objection to the answer as a problem with its cell.
    #[must_use]
    pub fn problem(&self, objection: &Objection) -> Problem {
        let cell = match (objection.row, &objection.column) {
            (Some(row), Some(column)) => self.cells.table.get(&(row, column.clone())),
            _ => None,
        };
        let cell = cell.or_else(|| self.cells.rows.get(objection.row?));
        let cell = cell.unwrap_or(&self.cell);
        let message = format!("`{cell}`: {}", objection.message);
        let problem = match objection.refuses {
            true => Problem::error(message),
            false => Problem::warning(message),
        };
        match &objection.help {
            Some(help) => problem.help(help),
            None => problem,
        }
    }

    /// Returns where the remark stands.
    #[must_use]
    pub fn remark_cell(&self) -> &str {
        &self.cells.remark
    }

    /// Returns where the day stands, of the answer or of the sheet.
    #[must_use]
    pub fn day_cell(&self) -> &str {
        &self.cells.day
    }

    /// Returns where it stands who answered, for this question or the sheet.
    #[must_use]
    pub fn by_cell(&self) -> &str {
        &self.cells.by
    }
}

/// Reads what a workbook answers of the questionnaire of `evaluation`; `head` is the workbook's own.
#[must_use]
pub fn read(book: &Spreadsheet, head: &Head, evaluation: &Evaluation) -> Filled {
    let (groups, mut problems) = rows::groups(book, head);
    let mut answers = Vec::new();
    let mut unanswered = 0;
    let mut ordered: Vec<_> = groups.iter().collect();
    let place = |id: &str| evaluation.questionnaire().question(&id.parse().ok()?);
    ordered.sort_by_key(|(id, _)| place(id).unwrap_or(usize::MAX));
    for (id, group) in ordered {
        let mut taking = take::Taking::new(book, head, evaluation, id, group);
        match taking.answer() {
            Some(answer) => answers.push(answer),
            None => unanswered += 1,
        }
        problems.0.append(&mut taking.problems.0);
    }
    let lost: Vec<&str> = (head.questions.iter())
        .filter(|id| !groups.contains_key(*id))
        .map(String::as_str)
        .collect();
    if !lost.is_empty() {
        unanswered += lost.len();
        problems.push(
            Problem::warning(format!(
                "the rows of {} are gone: {}",
                crate::domain::words::count(lost.len(), "question", "questions"),
                lost.join(", ")
            ))
            .help("they count as not answered; ask for the workbook anew where that is not meant"),
        );
    }
    problems.0.sort_by_key(|problem| problem.severity);
    // What stands at the head of a sheet is read for every question on it.
    let mut told = BTreeSet::new();
    problems
        .0
        .retain(|problem| told.insert(problem.message.clone()));
    let more = problems.0.len().saturating_sub(MAX_PROBLEMS);
    if more > 0 {
        problems.0.truncate(MAX_PROBLEMS);
        problems.push(Problem::error(format!("and {more} more of such")));
    }
    Filled {
        answers,
        unanswered,
        problems,
    }
}
