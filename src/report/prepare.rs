//! Questions to send before a call: what is open, why it matters, where to look, and how to answer.
//!
//! [`Preparation`] is all that its pages and its answers file see; it holds nothing that the customer may not read. [`render`] and
//! [`answers_file`] lay it out and read nothing else. What is open is decided by the domain.

mod how;

mod make;

mod fill;

mod workbook;

use serde::{Deserialize, Serialize};

pub use fill::answers_file;
pub use make::{Asking, make};
pub use workbook::workbook;

use crate::domain::questionnaire::Rule;
use crate::domain::time::Day;
use crate::report::branding::Look;
use crate::report::html;
use crate::report::layout::{Page, page};
use crate::report::words::{Words, words};
use crate::template::{Job, Subject, TemplateError, Templates};

/// The templates, as a page and as a text.
const HTML: &str = "report/prepare.html";
const MARKDOWN: &str = "report/prepare.md";

/// The sample as written.
const SAMPLE: &str = include_str!("../../templates/report/prepare-sample.toml");

/// Open questions for a customer, or for one team or person there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preparation {
    /// How the page looks.
    #[serde(default)]
    pub look: Look,
    /// What stands at its head.
    pub head: Head,
    /// The questionnaire that the answers are for.
    pub questionnaire: String,
    /// Where the ledger stood.
    pub sequence: u64,
    /// How many questions there are below.
    pub questions: usize,
    /// How many more may follow from the answers.
    pub more: usize,
    /// The name of the file to fill in.
    pub answers_file: String,
    /// The sections with an open question.
    pub sections: Vec<Section>,
}

/// What stands at the head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// What is assessed.
    pub title: String,
    /// The slug of the customer that commands and file names use.
    pub customer: String,
    /// The name of the customer that people read.
    pub name: String,
    /// The team that is asked, where it is one.
    pub team: Option<String>,
    /// The person who is asked, where it is one.
    pub person: Option<String>,
    /// Who asks.
    pub provider: Option<String>,
    /// The person on the provider's side to answer to.
    pub manager: Option<String>,
    /// How it is to be handled, such as *Confidential*.
    pub classification: Option<String>,
    /// The day for which everything holds.
    pub as_of: Day,
    /// The language of the texts, as a BCP 47 tag.
    pub language: String,
}

/// A section with open questions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its open questions, in the order in which they are asked.
    pub questions: Vec<Question>,
}

/// An open question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its number on the page, counted from 1.
    pub number: usize,
    /// Its id.
    pub id: String,
    /// What is asked.
    pub text: String,
    /// Why it matters.
    pub why: Option<String>,
    /// Where to look. Markdown.
    pub help: Option<String>,
    /// The team that knows.
    pub team: Option<String>,
    /// Whose rule it states.
    pub rule: Option<Rule>,
    /// Where that is written.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// How to answer.
    pub how: How,
    /// What was said the last time.
    pub last: Option<Last>,
    /// Who was asked already.
    pub asked: Option<Asked>,
}

/// A source of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its title.
    pub title: String,
    /// Where it is.
    pub url: Option<String>,
    /// The place within it.
    pub part: Option<String>,
    /// The day on which it was last read.
    pub checked: Option<Day>,
}

/// How to answer a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct How {
    /// In words, such as *Tick one*.
    pub words: String,
    /// What there is to choose from.
    #[serde(default)]
    pub options: Vec<Choice>,
    /// The explicit *none*, where it is offered.
    pub none: Option<String>,
    /// The target that is proposed, where a number is held against one.
    pub target: Option<u64>,
    /// The columns of a table.
    #[serde(default)]
    pub columns: Vec<Column>,
    /// The rows of a table whose rows are fixed.
    #[serde(default)]
    pub rows: Vec<Choice>,
    /// Whether *not applicable* may be said.
    pub may_be_not_applicable: bool,
    /// What to fill in, as the answers file has it: TOML with gaps.
    pub gap: String,
    /// An answer as the answers file takes it: TOML.
    pub example: String,
}

/// Something to choose, or a fixed row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What is written into the answers file; nothing where no id is needed there.
    pub id: String,
    /// What people read.
    pub text: String,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its id.
    pub id: String,
    /// What people read.
    pub text: String,
    /// How to fill it in.
    pub words: String,
    /// What there is to choose from.
    #[serde(default)]
    pub options: Vec<Choice>,
    /// Whether every row needs it.
    pub required: bool,
}

/// An answer that was given before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Last {
    /// The answer in words.
    pub words: String,
    /// Who said it.
    pub by: Option<String>,
    /// When.
    pub on: Day,
}

/// Somebody who was asked already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Whom.
    pub person: Option<String>,
    /// By when they are to say.
    pub by: Option<Day>,
    /// Whether that day has passed.
    pub overdue: bool,
}

/// What can be written for people to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaf {
    /// A page for browsers and printers.
    Html,
    /// A text in GitHub-flavoured Markdown.
    Markdown,
}

impl Preparation {
    /// Returns the name of the page or text: `contoso-questions-soc.html`.
    #[must_use]
    pub fn file_name(&self, leaf: Leaf) -> String {
        self.named(match leaf {
            Leaf::Html => "html",
            Leaf::Markdown => "md",
        })
    }

    /// Returns the name of the workbook: `contoso-questions-soc.xlsx`.
    #[must_use]
    pub fn workbook_name(&self) -> String {
        self.named("xlsx")
    }

    fn named(&self, ending: &str) -> String {
        // The answers file is named once, since the page tells people its name.
        let stem = self.answers_file.trim_end_matches(".toml");
        format!("{}.{ending}", stem.replacen("-answers", "-questions", 1))
    }
}

/// What a template sees.
#[derive(Serialize)]
struct Shown<'a> {
    preparation: &'a Preparation,
    words: Words,
    page: Page,
}

/// Returns the questions as a page or a text.
///
/// # Errors
/// What is wrong with a template.
pub fn render(
    preparation: &Preparation,
    templates: &Templates,
    leaf: Leaf,
) -> Result<Vec<u8>, TemplateError> {
    let text = match leaf {
        Leaf::Html => html::sealed(&templates.render(HTML, &shown(preparation))?),
        Leaf::Markdown => templates.render(MARKDOWN, &shown(preparation))?,
    };
    Ok(text.into_bytes())
}

fn shown(preparation: &Preparation) -> Shown<'_> {
    let head = &preparation.head;
    let which = format!("{}: questions before the call", head.name);
    let day = crate::domain::words::day(head.as_of);
    Shown {
        preparation,
        words: words(),
        page: page(&[
            head.classification.as_deref(),
            Some(which.as_str()),
            Some(day.as_str()),
        ]),
    }
}

/// Returns what renders the sample with both templates.
///
/// # Panics
/// Never in a program that passed its tests: the sample is part of it, and a test reads it.
pub(crate) fn sample_jobs() -> Vec<Job> {
    let sample = sample();
    let context =
        serde_json::to_value(shown(&sample)).expect("a preparation is a map of plain values");
    [HTML, MARKDOWN]
        .map(|name| Job {
            subject: Subject::Named(name.to_owned()),
            context: context.clone(),
        })
        .into()
}

/// Returns a preparation with every part filled in. All names in it are invented.
///
/// # Panics
/// Never in a program that passed its tests: the sample is part of it, and a test reads it.
#[must_use]
pub fn sample() -> Preparation {
    toml::from_str(SAMPLE).expect("a test reads the sample")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_a_preparation() {
        let read = toml::from_str::<Preparation>(SAMPLE);
        let sample = read.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(sample.file_name(Leaf::Html), "contoso-questions-soc.html");
    }
}
