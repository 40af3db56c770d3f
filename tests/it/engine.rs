//! What every engine test needs: a questionnaire from a few lines of TOML, and answers to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use readiness::catalog::library::check_path;
use readiness::catalog::rehearsal::Rehearsal;
use readiness::domain::decision::{Action, Disposition, FindingDecision};
use readiness::domain::id::FindingKey;
use readiness::domain::questionnaire::Questionnaire;
use readiness::domain::response::{NotApplicable, Said, Unknown, Value};
use readiness::domain::scoring::{self, View};
use readiness::domain::time::Day;

/// The day on which every test begins.
pub(crate) fn first_day() -> Day {
    day(2026, 9, 1)
}

pub(crate) fn day(year: i32, month: u32, day: u32) -> Day {
    Day::from_ymd_opt(year, month, day).unwrap()
}

/// Reads a questionnaire whose head is added; every error fails the test, warnings do not.
pub(crate) fn questionnaire(body: &str) -> Arc<Questionnaire> {
    versioned("1.0.0", body)
}

/// Reads a questionnaire of a version, as [`questionnaire`] does.
pub(crate) fn versioned(version: &str, body: &str) -> Arc<Questionnaire> {
    let head = format!(
        r#"
format = 1
id = "test"
version = "{version}"
title = "Test"
language = "en"
bands = [ {{ min = 50, id = "fair", text = "Fair" }}, {{ id = "weak", text = "Weak" }} ]
"#
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.toml");
    std::fs::write(&path, format!("{head}{body}")).unwrap();
    let checked = check_path(&path).remove(0);
    match checked.questionnaire {
        Some((questionnaire, _)) => Arc::new(questionnaire),
        None => panic!(
            "{}",
            checked
                .problems
                .0
                .iter()
                .map(|problem| problem.draw(false))
                .collect::<Vec<_>>()
                .join("\n")
        ),
    }
}

/// An assessment in memory, with short words for what tests do.
pub(crate) struct Engine {
    pub(crate) rehearsal: Rehearsal,
}

impl Engine {
    pub(crate) fn of(body: &str) -> Self {
        Self::on(questionnaire(body))
    }

    pub(crate) fn on(questionnaire: Arc<Questionnaire>) -> Self {
        Self {
            rehearsal: Rehearsal::begin(questionnaire, first_day()),
        }
    }

    pub(crate) fn place(&self, question: &str) -> usize {
        self.rehearsal
            .assessment()
            .questionnaire()
            .question(&question.parse().unwrap())
            .unwrap_or_else(|| panic!("no question {question}"))
    }

    pub(crate) fn say(&mut self, question: &str, value: Value) -> &mut Self {
        self.said(question, Said::Value(value))
    }

    pub(crate) fn said(&mut self, question: &str, said: Said) -> &mut Self {
        let place = self.place(question);
        self.rehearsal.say(place, said);
        self
    }

    pub(crate) fn yes(&mut self, question: &str) -> &mut Self {
        self.say(question, Value::Bool(true))
    }

    pub(crate) fn no(&mut self, question: &str) -> &mut Self {
        self.say(question, Value::Bool(false))
    }

    pub(crate) fn choose(&mut self, question: &str, option: &str) -> &mut Self {
        self.say(question, Value::Choice(option.parse().unwrap()))
    }

    pub(crate) fn tick(&mut self, question: &str, options: &[&str]) -> &mut Self {
        let options = options.iter().map(|id| id.parse().unwrap()).collect();
        self.say(question, Value::Multi(options))
    }

    pub(crate) fn rows(&mut self, question: &str, rows: &[&[(&str, Value)]]) -> &mut Self {
        let rows = rows
            .iter()
            .map(|cells| {
                cells
                    .iter()
                    .map(|(column, value)| (column.parse().unwrap(), value.clone()))
                    .collect::<BTreeMap<_, _>>()
            })
            .collect();
        self.say(question, Value::Rows(rows))
    }

    pub(crate) fn not_applicable(&mut self, question: &str) -> &mut Self {
        self.said(question, Said::NotApplicable(NotApplicable::NotUsed))
    }

    pub(crate) fn unknown(&mut self, question: &str) -> &mut Self {
        self.said(question, Said::Unknown(Unknown::NobodyKnows))
    }

    pub(crate) fn withdraw(&mut self, question: &str) -> &mut Self {
        let place = self.place(question);
        self.rehearsal.withdraw(place);
        self
    }

    pub(crate) fn to(&mut self, today: Day) -> &mut Self {
        self.rehearsal.to(today);
        self
    }

    pub(crate) fn decide(&mut self, finding: &str, action: Action) -> &mut Self {
        let key: FindingKey = finding.parse().unwrap();
        let life = &self.rehearsal.assessment().lives[&key];
        let decision = FindingDecision {
            severity: life.severity,
            need: life.need,
            finding: key,
            action,
        };
        self.rehearsal.decide(decision);
        self
    }

    pub(crate) fn plan(&mut self, finding: &str, due: Day) -> &mut Self {
        let owner = "anna".parse().unwrap();
        self.decide(finding, Action::Plan { owner, due })
    }

    pub(crate) fn accept(&mut self, finding: &str, until: Day) -> &mut Self {
        let disposition = Disposition {
            reason: "agreed".into(),
            decided_by: "anna".parse().unwrap(),
            approved_by: "bo".parse().unwrap(),
            until,
        };
        self.decide(finding, Action::Accept(disposition))
    }

    /// The ids of the questions that are asked.
    pub(crate) fn asked(&self) -> Vec<String> {
        let evaluation = &self.rehearsal.assessment().evaluation;
        let questions = evaluation.questionnaire().questions.iter().enumerate();
        questions
            .filter(|(place, _)| evaluation.asked(*place).yes())
            .map(|(_, question)| question.id.to_string())
            .collect()
    }

    /// The state of a finding, or `never` where it was never raised.
    pub(crate) fn state(&self, finding: &str) -> &'static str {
        let key: FindingKey = finding.parse().unwrap();
        let today = self.rehearsal.book().today;
        self.rehearsal
            .assessment()
            .lives
            .get(&key)
            .map_or("never", |life| life.state(today).code())
    }

    pub(crate) fn verdict(&self) -> &'static str {
        let book = self.rehearsal.book();
        scoring::verdict(self.rehearsal.assessment(), book.today)
            .code
            .code()
    }

    /// The score in basis points.
    pub(crate) fn score(&self) -> Option<u32> {
        let book = self.rehearsal.book();
        scoring::score(self.rehearsal.assessment(), View::Current, book.today).basis_points()
    }
}
