//! Answers from a file and into one: all of a file or none of it.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use crate::actions::{About, Case, Draft, Failure, Workspace, answered};
use crate::catalog::answers::{One, Written};
use crate::domain::answer::Held;
use crate::domain::assessment::Assessment;
use crate::domain::evaluation::Evaluation;
use crate::domain::id::{PersonId, QuestionId, QuestionnaireId};
use crate::domain::intake::{self, Objection};
use crate::domain::ledger::Fact;
use crate::domain::person::Person;
use crate::domain::response::{Basis, NotApplicable, Response, Said, Unknown};
use crate::problem::{Place, Problem, Problems};

/// What an import came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// How many answers were recorded.
    pub recorded: usize,
    /// How many had been recorded just so.
    pub same: usize,
    /// What is odd about some of them.
    pub warnings: Problems,
}

impl Case {
    /// Records every answer of a file, or none when anything is wrong with one of them.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place; and every question that somebody answered since the file was written, with
    /// both answers.
    pub async fn import_answers(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        written: &Written,
    ) -> Result<Imported, Failure> {
        let judged = self.judge_answers(workspace, written).await?;
        // Begun only now, so that a file that is refused leaves nothing behind.
        self.begin(workspace, by, Some(&judged.questionnaire))
            .await?;
        let (id, assessment) = self.assessment(Some(&judged.questionnaire))?;
        let mut drafts = Vec::new();
        let total = judged.read.len();
        for (place, response) in judged.read {
            let Some(fact) = answered(id, assessment, place, response, false) else {
                continue;
            };
            drafts.push(draft(fact, assessment, written.answers.at_sequence));
        }
        let recorded = drafts.len();
        if recorded > 0 {
            self.record(workspace, by, drafts).await?;
        }
        Ok(Imported {
            recorded,
            same: total - recorded,
            warnings: judged.warnings,
        })
    }

    /// Returns what [`import_answers`](Self::import_answers) would record, and records nothing.
    ///
    /// # Errors
    /// As `import_answers`, but for what somebody answered since.
    pub async fn check_answers(
        &self,
        workspace: &Workspace,
        written: &Written,
    ) -> Result<Imported, Failure> {
        let judged = self.judge_answers(workspace, written).await?;
        let id = &judged.questionnaire;
        let total = judged.read.len();
        let assessment = self.book.assessments.get(id);
        let is_news = |(place, response): (usize, Response)| {
            assessment.is_none_or(|begun| answered(id, begun, place, response, false).is_some())
        };
        let recorded = judged
            .read
            .into_iter()
            .map(is_news)
            .filter(|news| *news)
            .count();
        Ok(Imported {
            recorded,
            same: total - recorded,
            warnings: judged.warnings,
        })
    }

    /// Reads every answer of a file.
    async fn judge_answers(
        &self,
        workspace: &Workspace,
        written: &Written,
    ) -> Result<Judged, Failure> {
        let questionnaire: QuestionnaireId =
            written.answers.questionnaire.parse().map_err(|fault| {
                let fault: crate::domain::id::IdFault = fault;
                Failure::failed(at(
                    Problem::error(fault.to_string()),
                    written.place(&["questionnaire"]),
                ))
            })?;
        let begun = self.book.assessments.get(&questionnaire);
        let evaluation = match begun {
            Some(assessment) => assessment.evaluation.clone(),
            None => {
                let (asked, _) = workspace.library.load(&questionnaire)?;
                Evaluation::new(Arc::new(asked), &self.book.customer, self.book.today)
            }
        };
        let persons = workspace.store.persons().await?;
        let mut reading = Reading {
            written,
            evaluation: &evaluation,
            persons: &persons,
            problems: Problems::default(),
        };
        let read = reading.all();
        let objections = reading.judged_together(&read);
        let mut problems = reading.problems;
        problems.0.extend(objections);
        if problems.any_error() {
            return Err(Failure::failed(problems));
        }
        Ok(Judged {
            questionnaire,
            read,
            warnings: problems,
        })
    }
}

/// The answers of a file of which none is refused.
struct Judged {
    questionnaire: QuestionnaireId,
    /// By the places of the questions.
    read: Vec<(usize, Response)>,
    warnings: Problems,
}

/// Makes a draft based on where the ledger stood when the file was written, or on what is there now where the file does not say.
fn draft(fact: Fact, assessment: &Assessment, at_sequence: Option<i64>) -> Draft {
    let draft = Draft::based_on(fact, assessment);
    match at_sequence.and_then(|seq| u64::try_from(seq).ok()) {
        Some(seen) => Draft {
            based_on: About::of(&draft.fact).map(|about| (about, seen)),
            ..draft
        },
        None => draft,
    }
}

/// Puts a problem at a place, where it is known.
fn at(mut problem: Problem, place: Option<Place>) -> Problem {
    problem.place = place;
    problem
}

/// A file of answers held against an assessment.
struct Reading<'a> {
    written: &'a Written,
    evaluation: &'a Evaluation,
    persons: &'a [Person],
    problems: Problems,
}

impl Reading<'_> {
    fn all(&mut self) -> Vec<(usize, Response)> {
        let written = self.written;
        let mut read = Vec::new();
        for (name, one) in &written.answers.answers {
            let place = name
                .parse::<QuestionId>()
                .ok()
                .and_then(|id| self.evaluation.questionnaire().question(&id));
            match place {
                Some(place) => {
                    if let Some(response) = self.response(name, place, one) {
                        read.push((place, response));
                    }
                }
                None => self.unknown_question(name),
            }
        }
        read
    }

    fn unknown_question(&mut self, name: &str) {
        let near = self
            .evaluation
            .questionnaire()
            .questions
            .iter()
            .map(|question| question.id.as_str())
            .max_by(|a, b| strsim::jaro_winkler(a, name).total_cmp(&strsim::jaro_winkler(b, name)));
        let mut problem = Problem::error(format!("no question is called `{name}`"));
        if let Some(near) = near {
            problem = problem.help(format!("did you mean `{near}`?"));
        }
        self.problems
            .push(at(problem, self.written.place(&["answers", name])));
    }

    fn fail(&mut self, name: &str, key: &str, message: String, help: &str) {
        let problem = Problem::error(message).help(help);
        self.problems
            .push(at(problem, self.written.place(&["answers", name, key])));
    }

    fn response(&mut self, name: &str, place: usize, one: &One) -> Option<Response> {
        let said = self.said(name, place, one)?;
        let basis = match one.basis.as_deref() {
            None => Basis::Interview,
            Some(code) => {
                let known = Basis::ALL.into_iter().find(|basis| basis.code() == code);
                let Some(basis) = known else {
                    self.fail(
                        name,
                        "basis",
                        format!("`{code}` is no basis"),
                        "write `interview`, `document` or `tool`",
                    );
                    return None;
                };
                basis
            }
        };
        let said_by = self.person(name, "said_by", one.said_by.as_deref());
        Some(Response {
            said,
            basis,
            said_by: said_by?,
            said_on: one.said_on.map_or(self.evaluation.day(), |date| date.0),
            note: one.note.clone(),
            private_note: one.private_note.clone(),
        })
    }

    fn said(&mut self, name: &str, place: usize, one: &One) -> Option<Said> {
        let value = match (&one.value, &one.rows) {
            (Some(_), Some(_)) => {
                self.fail(
                    name,
                    "rows",
                    "both `value` and `rows` are given".into(),
                    "keep one of them",
                );
                return None;
            }
            (Some(value), None) => toml::Value::try_from(value).ok(),
            (None, Some(rows)) => toml::Value::try_from(rows).ok(),
            (None, None) => return self.state(name, one),
        };
        if one.state.is_some() {
            self.fail(
                name,
                "state",
                "a value and a state are given".into(),
                "keep one of them",
            );
            return None;
        }
        let key = if one.value.is_some() { "value" } else { "rows" };
        let Some(value) = value else {
            self.fail(
                name,
                key,
                "this is no value".into(),
                "write one of the question's type",
            );
            return None;
        };
        match intake::from_toml(self.evaluation, place, &value) {
            Ok(value) => Some(Said::Value(value)),
            Err(objections) => {
                for objection in &objections {
                    let place = self.objection_place(name, objection);
                    self.problems.push(at(problem(objection, name), place));
                }
                None
            }
        }
    }

    fn objection_place(&self, name: &str, objection: &Objection) -> Option<Place> {
        let one = self.written.answers.answers.get(name);
        let key = match one {
            Some(One { rows: Some(_), .. }) => "rows",
            Some(One { value: Some(_), .. }) => "value",
            _ => "state",
        };
        let path = ["answers", name, key];
        match objection.row {
            Some(row) => self
                .written
                .item_place(&path, row, objection.column.as_deref()),
            None => self.written.place(&path),
        }
    }

    fn state(&mut self, name: &str, one: &One) -> Option<Said> {
        match one.state.as_deref() {
            Some("none") => Some(Said::None),
            Some("may-not-say") => Some(Said::Unknown(Unknown::MayNotSay)),
            Some("nobody-knows") => Some(Said::Unknown(Unknown::NobodyKnows)),
            Some("unknown") => {
                let asked = self.person(name, "asked", one.asked.as_deref())?;
                let by = one.by.map(|date| date.0);
                Some(Said::Unknown(Unknown::WillFindOut { asked, by }))
            }
            Some("na") => {
                let code = one.reason.as_deref().unwrap_or_default();
                let known = NotApplicable::ALL
                    .into_iter()
                    .find(|reason| reason.code() == code);
                if known.is_none() {
                    let codes: Vec<&str> = NotApplicable::ALL
                        .iter()
                        .map(|reason| reason.code())
                        .collect();
                    let help = format!("write one of {}", codes.join(", "));
                    self.fail(name, "reason", format!("`{code}` is no reason"), &help);
                }
                known.map(Said::NotApplicable)
            }
            Some(other) => {
                self.fail(
                    name,
                    "state",
                    format!("`{other}` is no state of an answer"),
                    "write `none`, `unknown`, `may-not-say`, `nobody-knows` or `na`, or give a `value`",
                );
                None
            }
            // An entry that was left as it was sent out.
            None => None,
        }
    }

    /// Returns the person that a key names; the outer value is nothing when there is no such person.
    fn person(&mut self, name: &str, key: &str, id: Option<&str>) -> Option<Option<PersonId>> {
        let Some(id) = id else { return Some(None) };
        let known = self.persons.iter().find(|person| {
            person.id.as_str() == id || person.name.to_lowercase() == id.to_lowercase()
        });
        if known.is_none() {
            let help = "add them first: `readiness person add ID --name \"…\"`";
            self.fail(name, key, format!("nobody is called `{id}`"), help);
        }
        known.map(|person| Some(person.id.clone()))
    }

    /// Judges all answers as they stand together, so that one may rest on another of the same file.
    fn judged_together(&self, read: &[(usize, Response)]) -> Vec<Problem> {
        let mut evaluation = self.evaluation.clone();
        evaluation.set_all(
            read.iter()
                .map(|(place, response)| (*place, response.said.clone())),
        );
        let mut problems = Vec::new();
        for (place, response) in read {
            let name = self.evaluation.questionnaire().questions[*place]
                .id
                .as_str();
            for objection in intake::check(&evaluation, *place, response) {
                let place = self.objection_place(name, &objection);
                problems.push(at(problem(&objection, name), place));
            }
        }
        problems
    }
}

/// Returns an objection to the answer to a question as a problem.
fn problem(objection: &Objection, question: &str) -> Problem {
    let mut plain = objection.clone();
    let help = plain.help.take();
    let message = format!("`{question}`: {plain}");
    let problem = if objection.refuses {
        Problem::error(message)
    } else {
        Problem::warning(message)
    };
    match help {
        Some(help) => problem.help(help),
        None => problem,
    }
}

/// Writes the answers of an assessment as TOML that [`import_answers`](Case::import_answers) reads back equal.
///
/// `wanted` chooses among all. What no longer fits its question stands in a comment, with the reason.
///
/// # Errors
/// When a value cannot be written as TOML, which no answer that was recorded can.
pub fn export_answers(
    questionnaire: &QuestionnaireId,
    assessment: &Assessment,
    seq: u64,
    wanted: impl Fn(usize) -> bool,
) -> Result<String, toml::ser::Error> {
    let mut text = format!("questionnaire = \"{questionnaire}\"\nat_sequence = {seq}\n");
    let places = 0..assessment.questionnaire().questions.len();
    let mut seen = BTreeSet::new();
    for place in places.filter(|place| wanted(*place)) {
        let Some(response) = assessment
            .response(place)
            .and_then(|signed| signed.what.response.as_ref())
        else {
            continue;
        };
        let id = &assessment.questionnaire().questions[place].id;
        if seen.insert(id) {
            let table = one_toml(response);
            // A table of its own keeps the file readable, and whatever stands in a text is quoted by the writer.
            let body = toml::to_string(&table)?;
            let block = format!("[answers.\"{id}\"]\n{body}");
            let _ = match assessment.evaluation.held(place) {
                Held::Invalid(reason) => write!(text, "\n{}", set_aside(reason, &block)),
                _ => write!(text, "\n{block}"),
            };
        }
    }
    Ok(text)
}

/// Returns an answer that does not fit its question any more as a comment, with the reason.
fn set_aside(reason: &str, block: &str) -> String {
    let lines = reason.lines().chain(block.lines());
    lines.map(|line| format!("# {line}\n")).collect()
}

fn one_toml(response: &Response) -> toml::Table {
    let mut table = toml::Table::new();
    let mut put = |key: &str, value: Option<toml::Value>| {
        if let Some(value) = value {
            table.insert(key.to_owned(), value);
        }
    };
    let text = |text: &str| Some(toml::Value::String(text.to_owned()));
    match &response.said {
        Said::Value(value) => put("value", Some(intake::to_toml(value))),
        Said::None => put("state", text("none")),
        Said::NotApplicable(reason) => {
            put("state", text("na"));
            put("reason", text(reason.code()));
        }
        Said::Unknown(Unknown::MayNotSay) => put("state", text("may-not-say")),
        Said::Unknown(Unknown::NobodyKnows) => put("state", text("nobody-knows")),
        Said::Unknown(Unknown::WillFindOut { asked, by }) => {
            put("state", text("unknown"));
            put("asked", asked.as_ref().and_then(|id| text(id.as_str())));
            put("by", by.map(intake::day_to_toml));
        }
    }
    put("basis", text(response.basis.code()));
    put(
        "said_by",
        response.said_by.as_ref().and_then(|id| text(id.as_str())),
    );
    put("said_on", Some(intake::day_to_toml(response.said_on)));
    put("note", response.note.as_deref().and_then(text));
    put(
        "private_note",
        response.private_note.as_deref().and_then(text),
    );
    table
}
