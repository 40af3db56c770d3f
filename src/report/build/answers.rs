//! The questions of a report with their answers, in words and as the values that recommendations see.

use rust_decimal::prelude::ToPrimitive;
use serde_json::{Map, Value as Json, json};

use crate::domain::answer::{FIXED_ROW, Held, row_key};
use crate::domain::condition::Expression;
use crate::domain::evaluation::Asked;
use crate::domain::id::OptionId;
use crate::domain::ledger::Subject;
use crate::domain::questionnaire::{Kind, Table, Text, TextPart};
use crate::domain::response::{Response, Row, Said, Unknown, Value};
use crate::domain::scoring;
use crate::domain::{phrases, words};
use crate::markdown;
use crate::report::build::{Making, decimal};
use crate::report::model::{self, Answer, Points, Question, QuestionState, Section};

impl<'a> Making<'a> {
    pub(super) fn sections(&self) -> Vec<Section> {
        let evaluation = &self.assessment.evaluation;
        let scores = scoring::section_scores(self.assessment, self.today);
        (self.questionnaire().sections.iter().zip(scores))
            .map(|(section, score)| {
                let answered = scoring::completeness(evaluation, section.questions.clone());
                Section {
                    id: section.id.to_string(),
                    title: evaluation.text(&section.title),
                    text: section.text.as_ref().map(|text| self.markdown(text)),
                    score: score.basis_points(),
                    asked: answered.asked,
                    open: answered.asked - answered.answered,
                    questions: (section.questions.clone())
                        .map(|place| self.question(place))
                        .collect(),
                }
            })
            .collect()
    }

    fn question(&self, place: usize) -> Question {
        let question = &self.questionnaire().questions[place];
        let about = Subject::Question(question.id.clone());
        let state = self.state(place);
        let asked = state != QuestionState::NotAsked;
        let response = self.response(place).filter(|_| asked);
        let note = response.and_then(|response| response.note.clone());
        let private = response.and_then(|response| response.private_note.clone());
        Question {
            id: question.id.to_string(),
            text: self.asks(place),
            why: (question.why.as_ref()).map(|why| self.assessment.evaluation.text(why)),
            tier: question.tier,
            rule: question.rule,
            refs: self.cites(&question.refs),
            private: question.private,
            state,
            answer: response
                .filter(|_| state == QuestionState::Answered)
                .map(|response| self.said(place, &response.said)),
            because: self.because(place, state),
            note: joined(note, self.notes(std::slice::from_ref(&about), true)),
            private_note: joined(private, self.notes(std::slice::from_ref(&about), false)),
            basis: response
                .filter(|_| state == QuestionState::Answered)
                .map(|response| response.basis),
            said_by: (response.and_then(|response| response.said_by.as_ref()))
                .map(|person| self.name(person)),
            said_on: response.map(|response| response.said_on),
            stale: asked && self.assessment.is_stale(place, self.today),
            points: self.points(place),
            raises: self.raises(place),
            remark: self.remark(&about),
        }
    }

    /// Returns the response that stands for a question, asked or not.
    pub(super) fn response(&self, place: usize) -> Option<&'a Response> {
        self.assessment.response(place)?.what.response.as_ref()
    }

    fn state(&self, place: usize) -> QuestionState {
        let evaluation = &self.assessment.evaluation;
        if !evaluation.asked(place).yes() {
            return QuestionState::NotAsked;
        }
        match evaluation.held(place) {
            Held::NotApplicable => QuestionState::NotApplicable,
            Held::Unanswered | Held::Unknown | Held::Invalid(_) => QuestionState::Open,
            Held::Valid(_) | Held::None => QuestionState::Answered,
        }
    }

    /// Returns why a question is open, does not apply or is not asked.
    fn because(&self, place: usize, state: QuestionState) -> Option<String> {
        let evaluation = &self.assessment.evaluation;
        match state {
            QuestionState::Answered => evaluation.is_open(place).then(|| self.why_open(place)),
            QuestionState::Open => Some(self.why_open(place)),
            QuestionState::NotApplicable => match evaluation.said(place) {
                Some(Said::NotApplicable(reason)) => Some(reason.words().to_owned()),
                _ => None,
            },
            QuestionState::NotAsked => {
                let because = phrases::not_asked_because(evaluation, place)?;
                let question = &self.questionnaire().questions[place];
                let section = self.questionnaire().section_of(place);
                let because = self.careful(because, question.when.as_ref());
                let because = self.careful(because, section.when.as_ref());
                Some(match evaluation.asked(place) {
                    Asked::Perhaps(open) if self.any_private(open.iter().copied()) => {
                        "it depends on an open answer".into()
                    }
                    _ => because,
                })
            }
        }
    }

    /// Returns `because`, unless it may quote the answer to a private question: then in general words.
    pub(super) fn careful(&self, because: String, when: Option<&Expression>) -> String {
        match when {
            Some(when) if self.questionnaire().reads_private(when) => {
                "of an answer that you gave".into()
            }
            _ => because,
        }
    }

    fn any_private(&self, mut places: impl Iterator<Item = usize>) -> bool {
        places.any(|place| self.questionnaire().questions[place].private)
    }

    /// Returns why a question is open, in words.
    pub(super) fn why_open(&self, place: usize) -> String {
        match (
            self.assessment.evaluation.held(place),
            self.assessment.evaluation.said(place),
        ) {
            (Held::Unanswered, _) => "not answered yet".into(),
            (Held::Invalid(reason), _) => format!("the answer does not fit: {reason}"),
            (Held::Unknown, Some(Said::Unknown(unknown))) => match unknown {
                Unknown::WillFindOut { .. } => "not known yet".into(),
                Unknown::MayNotSay => "known, and may not be said".into(),
                Unknown::NobodyKnows => "nobody knows".into(),
            },
            _ => "another answer is missing that its score needs".into(),
        }
    }

    fn points(&self, place: usize) -> Option<Points> {
        let evaluation = &self.assessment.evaluation;
        let points = scoring::points(evaluation, place)?;
        let question = &self.questionnaire().questions[place];
        let credit = evaluation.credit(place);
        let earned = credit.earned.filter(|_| points.earned.is_some());
        let reason = phrases::reason(question, credit);
        Some(Points {
            rule: match earned {
                Some(earned) => format!("{reason}, {}", words::percent(earned)),
                None => reason,
            },
            credit: earned,
            weight: self.questionnaire().weight(place),
            earned: decimal(points.earned.unwrap_or(0)),
        })
    }

    fn raises(&self, place: usize) -> Vec<String> {
        let findings = &self.questionnaire().findings;
        (self.assessment.evaluation.credit(place).raises.iter())
            .map(|raising| {
                let id = &findings[raising.raise.finding].id;
                match &raising.row {
                    Some(row) => format!("{id}@{row}"),
                    None => id.to_string(),
                }
            })
            .collect()
    }

    /// Returns what was said to the question at `place`.
    pub(super) fn said(&self, place: usize, said: &Said) -> Answer {
        let question = &self.questionnaire().questions[place];
        let words = words::said(question, said);
        match (said, &question.kind) {
            (Said::Value(Value::Multi(ids)), kind) if ids.len() > 1 => Answer {
                words: format!("{} chosen", ids.len()),
                items: items(kind, ids.iter()),
                table: None,
            },
            (Said::Value(Value::Rows(rows)), Kind::Rows(table)) if !rows.is_empty() => Answer {
                words,
                items: Vec::new(),
                table: Some(self.table(table, rows)),
            },
            (Said::Value(Value::Coverage { protected, target }), _) if *target > 0 => {
                let share = crate::domain::credit::basis_points(
                    u128::from(*protected),
                    u128::from(*target),
                );
                Answer {
                    words: format!("{words} ({})", words::percent(share)),
                    ..Answer::default()
                }
            }
            _ => Answer {
                words,
                ..Answer::default()
            },
        }
    }

    /// Returns what was said to the question at `place` in a line, of one row where the finding is about one: a list in full, not the
    /// number of things in it.
    pub(super) fn said_of(&self, place: usize, said: &Said, row: Option<&str>) -> String {
        let question = &self.questionnaire().questions[place];
        if let (Said::Value(Value::Rows(rows)), Kind::Rows(table), Some(key)) =
            (said, &question.kind, row)
            && let Some(row) = (rows.iter()).find(|row| row_key(table, row).as_deref() == Some(key))
        {
            let shown = (0..table.columns.len()).filter(|column| table.key != Some(*column));
            let cells: Vec<(String, String)> = shown
                .filter_map(|column| {
                    let column = &table.columns[column];
                    let cell = words::value(&column.kind, row.get(&column.id)?);
                    Some((self.assessment.evaluation.text(&column.text), cell))
                })
                .collect();
            return match cells.as_slice() {
                [(_, cell)] => cell.clone(),
                cells => (cells.iter())
                    .map(|(head, cell)| format!("{head}: {cell}"))
                    .collect::<Vec<_>>()
                    .join("; "),
            };
        }
        let answer = self.said(place, said);
        if answer.items.is_empty() {
            answer.words
        } else {
            answer.items.join("; ")
        }
    }

    fn table(&self, table: &Table, rows: &[Row]) -> model::Table {
        let text = |text: &Text| self.assessment.evaluation.text(text);
        let fixed = !table.fixed.is_empty();
        let mut columns: Vec<usize> = (0..table.columns.len()).collect();
        if let Some(key) = table.key {
            columns.sort_by_key(|column| *column != key);
        }
        let heads = columns
            .iter()
            .map(|column| text(&table.columns[*column].text));
        let first = fixed.then(|| "What".to_owned());
        let row = |row: &Row| {
            let name = fixed.then(|| self.row_name(table, row));
            let cells = columns.iter().map(|column| {
                let column = &table.columns[*column];
                let cell = row.get(&column.id);
                cell.map_or_else(|| "–".into(), |cell| words::value(&column.kind, cell))
            });
            name.into_iter().chain(cells).collect()
        };
        model::Table {
            columns: first.into_iter().chain(heads).collect(),
            rows: rows.iter().map(row).collect(),
        }
    }

    /// Returns the text of the fixed row that `row` answers.
    fn row_name(&self, table: &Table, row: &Row) -> String {
        let id = (row.iter())
            .find(|(column, _)| column.as_str() == FIXED_ROW)
            .map(|(_, value)| value.to_string())
            .unwrap_or_default();
        (table.fixed.iter())
            .find(|fixed| fixed.id.as_str() == id)
            .map_or(id, |fixed| self.assessment.evaluation.text(&fixed.text))
    }

    /// Returns a text that is Markdown, with the values in it as they were typed and never as Markdown.
    pub(super) fn markdown(&self, text: &Text) -> String {
        (text.parts.iter())
            .map(|part| match part {
                TextPart::Literal(text) => text.clone(),
                TextPart::Value(_) => {
                    let value = Text {
                        parts: vec![part.clone()],
                    };
                    markdown::escape(&self.assessment.evaluation.text(&value))
                }
            })
            .collect()
    }

    /// Returns the customer's properties as templates see them.
    pub(super) fn customer_values(&self) -> Json {
        let customer = &self.input.book.customer;
        json!({
            "id": customer.id.as_str(),
            "name": customer.name,
            "seats": customer.seats,
            "time_zone": customer.time_zone.to_string(),
            "go_live": customer.go_live,
        })
    }

    /// Returns the answers that count as templates see them: under `section.question`, and by section. Private ones are not among
    /// them: what templates make goes to the customer.
    pub(super) fn answer_values(&self) -> Json {
        let evaluation = &self.assessment.evaluation;
        let mut values = Map::new();
        for (place, question) in self.questionnaire().questions.iter().enumerate() {
            let held = !question.private
                && evaluation.asked(place).yes()
                && matches!(evaluation.held(place), Held::Valid(_));
            let Some(Said::Value(value)) = evaluation.said(place).filter(|_| held) else {
                continue;
            };
            let id = question.id.to_string();
            let value = plain(value);
            if let Some((section, name)) = id.split_once('.') {
                let section = values
                    .entry(section)
                    .or_insert_with(|| Json::Object(Map::new()));
                if let Json::Object(section) = section {
                    section.insert(name.to_owned(), value.clone());
                }
            }
            values.insert(id, value);
        }
        Json::Object(values)
    }
}

/// Returns the chosen options in the order in which they are offered, then those that are no longer offered.
fn items<'i>(kind: &Kind, ids: impl Iterator<Item = &'i OptionId>) -> Vec<String> {
    let offered = kind.options();
    let place = |id: &&OptionId| offered.iter().position(|option| option.id == **id);
    let mut ids: Vec<&OptionId> = ids.collect();
    ids.sort_by_key(|id| place(id).unwrap_or(usize::MAX));
    ids.into_iter()
        .map(|id| words::value(kind, &Value::Choice(id.clone())))
        .collect()
}

/// Returns a value as templates see it: options by their ids.
pub(super) fn plain(value: &Value) -> Json {
    match value {
        Value::Bool(value) => json!(value),
        Value::Choice(id) => json!(id.as_str()),
        Value::Multi(ids) => ids.iter().map(OptionId::as_str).collect(),
        Value::Int(number) => json!(number),
        Value::Decimal(number) if number.is_integer() => json!(number.to_i64()),
        Value::Decimal(number) => json!(number.to_f64()),
        Value::Text(text) => json!(text),
        Value::Date(day) => json!(day),
        Value::Coverage { protected, target } => {
            json!({ "protected": protected, "target": target })
        }
        Value::Rows(rows) => rows.iter().map(cells).map(Json::Object).collect(),
    }
}

/// Returns a row as templates see it.
pub(super) fn cells(row: &Row) -> Map<String, Json> {
    row.iter()
        .map(|(column, value)| (column.to_string(), plain(value)))
        .collect()
}

fn joined(first: Option<String>, second: Option<String>) -> Option<String> {
    match (first, second) {
        (Some(first), Some(second)) => Some(format!("{first}\n\n{second}")),
        (first, second) => first.or(second),
    }
}
