//! What is hidden in a workbook: the head, the keys of columns, the marks of rows.

use std::fmt;

use crate::domain::id::Hash;
use crate::domain::time::Day;
use crate::importers::spreadsheet::{At, Content, Sheet, Spreadsheet};

/// The version of the form.
const FORM: &str = "1";

/// The hidden sheet with the head.
pub const HEAD_SHEET: &str = "readiness";

/// The hidden sheet with the lists that cells choose from.
pub const LIST_SHEET: &str = "lists";

/// The sheet that says how to fill it in.
pub const HOW_SHEET: &str = "How to fill this in";

/// Stands in the first cell of a sheet that is only read.
pub const WORDS_SHEET: &str = "readiness-words";

/// The key, in the first row, of the column with the numbers of questions.
pub const NUMBERS: &str = "readiness-numbers";

/// The key, in the first row, of the column with the marks.
pub const MARKS: &str = "readiness-marks";

/// Begins a hint that stands where no answer is to be written.
pub const HINT: char = '↓';

/// The columns of a sheet by what stands in them beside a question; tables use them in the same order, from the first on.
pub mod column {
    /// The question, or the words of an option or row.
    pub const QUESTION: usize = 0;
    /// The answer.
    pub const ANSWER: usize = 1;
    /// What is said in place of an answer.
    pub const INSTEAD: usize = 2;
    /// A remark.
    pub const REMARK: usize = 3;
    /// Who answered.
    pub const BY: usize = 4;
    /// On which day it was true.
    pub const ON: usize = 5;
    /// How they know.
    pub const HOW: usize = 6;
    /// How many there are at least.
    pub const COUNT: usize = 7;
}

/// Returns the key of a column, counted from 0, as it stands in the first row.
#[must_use]
pub fn key(column: usize) -> String {
    format!("c{column}")
}

/// What the workbook was made for and from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The customer.
    pub customer: String,
    /// Their ledger, which no other customer of that name has.
    pub ledger: String,
    /// The questionnaire.
    pub questionnaire: String,
    /// Its version.
    pub version: String,
    /// Where the ledger stood.
    pub sequence: u64,
    /// The day on which it was made.
    pub day: Day,
    /// The questions in it.
    pub questions: Vec<String>,
}

impl Head {
    /// Returns the lines of the hidden sheet, a name and a value each.
    #[must_use]
    pub fn lines(&self) -> Vec<(String, String)> {
        let mut lines = self.unsealed();
        lines.push(("seal".to_owned(), self.seal()));
        lines
    }

    fn unsealed(&self) -> Vec<(String, String)> {
        let facts = [
            ("form", FORM.to_owned()),
            ("customer", self.customer.clone()),
            ("ledger", self.ledger.clone()),
            ("questionnaire", self.questionnaire.clone()),
            ("version", self.version.clone()),
            ("sequence", self.sequence.to_string()),
            ("day", self.day.to_string()),
        ];
        let facts = facts.into_iter();
        let questions = self.questions.iter().map(|id| ("question", id.clone()));
        (facts.chain(questions))
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    /// Returns the seal over all of it, with which marks are sealed.
    #[must_use]
    pub fn seal(&self) -> String {
        let lines = self.unsealed();
        let lines = lines
            .iter()
            .map(|(name, value)| format!("{name}={value}\n"));
        short(&lines.collect::<String>())
    }

    /// Reads the head of a workbook.
    ///
    /// # Errors
    /// What is wrong with it: *not there*, or *changed*.
    pub fn read(book: &Spreadsheet) -> Result<Self, HeadFault> {
        let sheet = book.sheets.iter().find(|sheet| is_head(sheet));
        let lines = lines(sheet.ok_or(HeadFault::Missing)?);
        let value = |name: &str| {
            let line = lines.iter().find(|(known, _)| known == name);
            line.map(|(_, value)| value.clone())
                .ok_or(HeadFault::Changed)
        };
        if value("form")? != FORM {
            return Err(HeadFault::Newer);
        }
        let questions = lines.iter().filter(|(name, _)| name == "question");
        let head = Self {
            customer: value("customer")?,
            ledger: value("ledger")?,
            questionnaire: value("questionnaire")?,
            version: value("version")?,
            sequence: value("sequence")?.parse().map_err(|_| HeadFault::Changed)?,
            day: value("day")?.parse().map_err(|_| HeadFault::Changed)?,
            questions: questions.map(|(_, id)| id.clone()).collect(),
        };
        if head.seal() != value("seal")? {
            return Err(HeadFault::Changed);
        }
        Ok(head)
    }
}

/// Why a workbook has no head that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadFault {
    /// The hidden sheet is not there.
    Missing,
    /// Somebody changed it.
    Changed,
    /// A newer version of the program made it.
    Newer,
}

fn is_head(sheet: &Sheet) -> bool {
    lines(sheet).first().is_some_and(|(name, _)| name == "form")
}

/// Returns the lines of a sheet with a name and a value each.
fn lines(sheet: &Sheet) -> Vec<(String, String)> {
    let named = sheet.cells.keys().filter(|at| at.column == 0);
    named
        .filter_map(|at| {
            let value = At { column: 1, ..*at };
            let value = match &sheet.cell(value)?.content {
                Content::Text(text) => text.to_string(),
                Content::Number { number, .. } => number.to_string(),
                _ => return None,
            };
            Some((sheet.text(*at)?.to_owned(), value))
        })
        .collect()
}

/// What a row is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// To be read: a title, a section, heads of columns.
    Words,
    /// Who fills in the sheet.
    Who,
    /// On which day it is true.
    Day,
    /// A question.
    Question(String),
    /// An option of a question of which several may apply.
    Choice(String, String),
    /// How many are protected.
    Protected(String),
    /// How many should be.
    Target(String),
    /// The heads of a table, with the ids of its columns.
    Heads(String, Vec<String>),
    /// A row of a table.
    Row(String),
    /// A row of a table whose rows are fixed.
    Fixed(String, String),
}

impl Mark {
    /// Returns the mark as it stands in its cell, sealed together with the seal of the head and the `text` that people read beside
    /// it.
    #[must_use]
    pub fn sealed(&self, head: &str, text: &str) -> String {
        format!("{self} {}", self.seal(head, text))
    }

    fn seal(&self, head: &str, text: &str) -> String {
        // Of what is there only to be read, nothing depends on the words; a row's own are the customer's.
        let text = match self {
            Self::Words | Self::Row(_) => "",
            _ => text,
        };
        short(&format!("{head}\n{self}\n{}", squeezed(text)))
    }

    /// Returns the question that the row belongs to.
    #[must_use]
    pub fn question(&self) -> Option<&str> {
        match self {
            Self::Words | Self::Who | Self::Day => None,
            Self::Question(id)
            | Self::Choice(id, _)
            | Self::Protected(id)
            | Self::Target(id)
            | Self::Heads(id, _)
            | Self::Row(id)
            | Self::Fixed(id, _) => Some(id),
        }
    }

    /// Reads a mark; nothing where it is none. The second value says whether it fits the `text` beside it.
    #[must_use]
    pub fn read(cell: &str, head: &str, text: &str) -> Option<(Self, bool)> {
        let (mark, seal) = cell.trim().rsplit_once(' ')?;
        let mut words = mark.split(' ');
        let kind = words.next()?;
        let mut word = || words.next().map(str::to_owned);
        let mark = match kind {
            "words" => Self::Words,
            "who" => Self::Who,
            "day" => Self::Day,
            "question" => Self::Question(word()?),
            "choice" => Self::Choice(word()?, word()?),
            "protected" => Self::Protected(word()?),
            "target" => Self::Target(word()?),
            "heads" => Self::Heads(word()?, word()?.split(',').map(str::to_owned).collect()),
            "row" => Self::Row(word()?),
            "fixed" => Self::Fixed(word()?, word()?),
            _ => return None,
        };
        let fits = mark.seal(head, text) == seal;
        Some((mark, fits))
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words => f.write_str("words"),
            Self::Who => f.write_str("who"),
            Self::Day => f.write_str("day"),
            Self::Question(id) => write!(f, "question {id}"),
            Self::Choice(id, option) => write!(f, "choice {id} {option}"),
            Self::Protected(id) => write!(f, "protected {id}"),
            Self::Target(id) => write!(f, "target {id}"),
            Self::Heads(id, columns) => write!(f, "heads {id} {}", columns.join(",")),
            Self::Row(id) => write!(f, "row {id}"),
            Self::Fixed(id, row) => write!(f, "fixed {id} {row}"),
        }
    }
}

/// Returns a text without what programs change about blanks and ends of lines.
#[must_use]
pub fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the first eight digits of a digest.
fn short(text: &str) -> String {
    Hash::of(text.as_bytes()).to_string()[..8].to_owned()
}
