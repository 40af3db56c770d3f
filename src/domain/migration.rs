//! Migrations: what a newer version of a questionnaire calls what an older one asked.
//!
//! A [`Passage`] leads from one text to another through every migration between their versions: questions and options get their
//! new names, are dropped, or are to be confirmed. No entry is rewritten: replay takes old entries through it. What moves along
//! with an answer is the business of [`assessment`](crate::domain::assessment).

use std::collections::BTreeMap;

use crate::domain::answer::FIXED_ROW;
use crate::domain::id::{ColumnId, OptionId, QuestionId, QuestionnaireId};
use crate::domain::ledger::{Entry, Fact};
use crate::domain::questionnaire::{Migration, OptionsOf, Questionnaire, Texts, Version};
use crate::domain::response::{Row, Said, Value};

/// The way from the names of one version to those of another.
#[derive(Clone, Debug, Default)]
pub struct Passage<'q> {
    /// The migrations on the way, from the oldest.
    steps: Vec<&'q Migration>,
}

impl<'q> Passage<'q> {
    /// Returns the way from one text of a questionnaire to another: through the migrations that the new text names for versions
    /// above the old one's. Names carry over as they are where there is none, as they do on the way to an older version.
    #[must_use]
    pub fn between(old: &Questionnaire, new: &'q Questionnaire) -> Self {
        Self::through(&new.migrations, old.version, new.version)
    }

    /// Returns the way through those `migrations` that lead above `from` and not above `to`.
    #[must_use]
    pub fn through(migrations: &'q [Migration], from: Version, to: Version) -> Self {
        let mut steps: Vec<&Migration> = migrations
            .iter()
            .filter(|migration| from < migration.to && migration.to <= to)
            .collect();
        steps.sort_by_key(|migration| migration.to);
        Self { steps }
    }

    /// Returns the migrations on the way, from the oldest.
    #[must_use]
    pub fn steps(&self) -> &[&'q Migration] {
        &self.steps
    }

    /// Returns what a question is called at the end; nothing where it was dropped on the way.
    #[must_use]
    pub fn question(&self, question: &QuestionId) -> Option<QuestionId> {
        let mut name = question;
        for step in &self.steps {
            name = renamed(step, name)?;
        }
        Some(name.clone())
    }

    /// Returns whether the meaning of a question changed on the way, so that its answer is to be confirmed.
    #[must_use]
    pub fn reviews(&self, question: &QuestionId) -> bool {
        self.named(question)
            .any(|(step, name)| step.review.contains(name))
    }

    /// Returns what an option of a question, of a column, or a row of a matrix is called at the end.
    #[must_use]
    pub fn option(
        &self,
        question: &QuestionId,
        column: Option<&ColumnId>,
        option: &OptionId,
    ) -> OptionId {
        self.named(question).fold(option.clone(), |option, step| {
            forward(options_of(step, column), &option).unwrap_or(option)
        })
    }

    /// Returns the key of a row at the end: the id of a row of a matrix, or an option of the column `key`. Other keys stay.
    #[must_use]
    pub fn row(&self, question: &QuestionId, key: Option<&ColumnId>, row: &str) -> String {
        match row.parse() {
            Ok(option) => self.option(question, key, &option).to_string(),
            Err(_) => row.to_owned(),
        }
    }

    /// Returns what was said to a question, with the names at the end.
    #[must_use]
    pub fn said(&self, question: &QuestionId, said: Said) -> Said {
        self.named(question).fold(said, |said, step| {
            named_anew(step, &said, forward).unwrap_or(said)
        })
    }

    /// Returns what was said at the end to a question that was called `question` at the beginning, with the names of the
    /// beginning; nothing where they had no word for it.
    #[must_use]
    pub fn back(&self, question: &QuestionId, said: &Said) -> Option<Said> {
        let steps: Vec<_> = self.named(question).collect();
        steps
            .into_iter()
            .rev()
            .try_fold(said.clone(), |said, step| named_anew(step, &said, backward))
    }

    /// Returns each step with what a question is called after it; ends where the question is dropped.
    fn named<'s>(
        &'s self,
        question: &'s QuestionId,
    ) -> impl Iterator<Item = (&'s Migration, &'s QuestionId)> {
        let name = Some(question);
        self.steps.iter().scan(name, |name, step| {
            *name = name.and_then(|known| renamed(step, known));
            name.map(|name| (*step, name))
        })
    }
}

/// A step, and what the question at hand is called after it.
type Step<'s> = (&'s Migration, &'s QuestionId);

/// New names of options by their old ones.
type Names = BTreeMap<OptionId, OptionId>;

/// Returns what a step calls a question; nothing where it drops it.
fn renamed<'s>(step: &'s Migration, question: &'s QuestionId) -> Option<&'s QuestionId> {
    if step.drop.contains(question) {
        return None;
    }
    Some(step.rename.get(question).unwrap_or(question))
}

/// Returns the new names of the options that stand in a column, or in the question itself.
fn options_of<'s>((step, question): Step<'s>, column: Option<&ColumnId>) -> Option<&'s Names> {
    step.options.get(&OptionsOf {
        question: question.clone(),
        column: column.cloned(),
    })
}

/// Returns the new name of an option.
fn forward(names: Option<&Names>, option: &OptionId) -> Option<OptionId> {
    let name = names.and_then(|names| names.get(option));
    Some(name.unwrap_or(option).clone())
}

/// Returns the old name of an option; nothing where there was none.
fn backward(names: Option<&Names>, option: &OptionId) -> Option<OptionId> {
    let Some(names) = names else {
        return Some(option.clone());
    };
    let old = names.iter().find(|(_, new)| *new == option);
    match old {
        Some((old, _)) => Some(old.clone()),
        // A name that was given up meant another option then.
        None => (!names.contains_key(option)).then(|| option.clone()),
    }
}

/// Which name an option goes by on the other side of a step.
type Rename = fn(Option<&Names>, &OptionId) -> Option<OptionId>;

/// Returns what was said with every option renamed; nothing where one has no other name.
fn named_anew(step: Step<'_>, said: &Said, rename: Rename) -> Option<Said> {
    let Said::Value(value) = said else {
        return Some(said.clone());
    };
    let value = match value {
        Value::Rows(rows) => {
            let rows = rows.iter().map(|row| row_anew(step, row, rename));
            Value::Rows(rows.collect::<Option<_>>()?)
        }
        value => plain_anew(options_of(step, None), value, rename)?,
    };
    Some(Said::Value(value))
}

fn row_anew(step: Step<'_>, row: &Row, rename: Rename) -> Option<Row> {
    let cells = row.iter().map(|(column, cell)| {
        let cell = match (column.as_str(), cell) {
            (FIXED_ROW, Value::Text(id)) => Value::Text(id_anew(step, id, rename)?),
            _ => plain_anew(options_of(step, Some(column)), cell, rename)?,
        };
        Some((column.clone(), cell))
    });
    cells.collect()
}

/// Returns the id of a row of a matrix; it stays where it is a text like any other.
fn id_anew(step: Step<'_>, id: &str, rename: Rename) -> Option<String> {
    match (options_of(step, None), id.parse()) {
        (Some(names), Ok(option)) => Some(rename(Some(names), &option)?.to_string()),
        _ => Some(id.to_owned()),
    }
}

fn plain_anew(names: Option<&Names>, value: &Value, rename: Rename) -> Option<Value> {
    Some(match value {
        Value::Choice(option) => Value::Choice(rename(names, option)?),
        Value::Multi(options) => {
            let options = options.iter().map(|option| rename(names, option));
            Value::Multi(options.collect::<Option<_>>()?)
        }
        other => other.clone(),
    })
}

/// Every change of text in a ledger, in its order.
#[derive(Clone, Debug, Default)]
pub struct Passages<'t> {
    changes: Vec<Change<'t>>,
}

/// A change of text, with the way that leads through it.
#[derive(Clone, Debug)]
pub struct Change<'t> {
    /// The entry.
    pub seq: u64,
    /// The questionnaire.
    pub questionnaire: &'t QuestionnaireId,
    /// From the names before it to those after it.
    pub passage: Passage<'t>,
}

impl<'t> Passages<'t> {
    /// Finds the changes of text in a ledger; one whose text is not among `texts` leaves every name as it is.
    #[must_use]
    pub fn of(entries: &'t [Entry], texts: &'t Texts) -> Self {
        let mut at: BTreeMap<&QuestionnaireId, &Questionnaire> = BTreeMap::new();
        let mut changes = Vec::new();
        for entry in entries {
            let (questionnaire, text) = match &entry.fact {
                Some(
                    Fact::Opened {
                        questionnaire,
                        text,
                    }
                    | Fact::QuestionnaireChanged {
                        questionnaire,
                        text,
                    },
                ) => (questionnaire, text),
                _ => continue,
            };
            let Some(new) = texts.get(text) else { continue };
            if let Some(old) = at.insert(questionnaire, new) {
                changes.push(Change {
                    seq: entry.header.seq,
                    questionnaire,
                    passage: Passage::between(old, new),
                });
            }
        }
        Self { changes }
    }

    /// Returns the change that an entry made, where it made one.
    #[must_use]
    pub fn at(&self, seq: u64) -> Option<&Change<'t>> {
        self.changes.iter().find(|change| change.seq == seq)
    }

    /// Returns what a question that an entry names is called now; nothing where it was dropped since.
    #[must_use]
    pub fn name_now(
        &self,
        questionnaire: &QuestionnaireId,
        question: &QuestionId,
        seq: u64,
    ) -> Option<QuestionId> {
        self.since(questionnaire, seq)
            .try_fold(question.clone(), |name, change| {
                change.passage.question(&name)
            })
    }

    /// Returns the changes of a questionnaire's text after an entry.
    pub fn since<'s>(
        &'s self,
        questionnaire: &'s QuestionnaireId,
        seq: u64,
    ) -> impl Iterator<Item = &'s Change<'t>> {
        let changes = self.changes.iter();
        changes.filter(move |change| change.questionnaire == questionnaire && change.seq > seq)
    }
}
