//! Every expression and every text of a questionnaire, with its place and whose it is.

use crate::catalog::checks::Subject;
use crate::catalog::tree::At;
use crate::catalog::written;
use crate::domain::condition::Expression;
use crate::domain::questionnaire::{
    Check, Choice, Column, Kind, Question, Scoring, Text, TextPart,
};

/// Whose an expression or a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Questionnaire,
    Profile,
    Stop,
    Section(usize),
    Question(usize),
    Derived,
    Finding(usize),
}

/// An expression in its place.
pub(crate) struct Condition<'a> {
    pub(crate) at: At<'a>,
    pub(crate) expression: &'a Expression,
}

/// The value of a path in a text, in its place.
pub(crate) struct Piped<'a> {
    /// Where the text stands.
    pub(crate) at: At<'a>,
    pub(crate) expression: &'a Expression,
    pub(crate) owner: Owner,
}

/// Returns every expression but those in texts.
pub(crate) fn conditions<'a>(subject: &Subject<'a>) -> Vec<Condition<'a>> {
    let (index, questionnaire) = (subject.index, subject.questionnaire);
    let mut found = Found::default();
    for (place, profile) in questionnaire.profiles.iter().enumerate() {
        found.add(index.profile_at(place), "when", &profile.when);
    }
    for (place, stop) in questionnaire.stops.iter().enumerate() {
        found.add(index.stop_at(place), "when", &stop.when);
    }
    for (place, section) in questionnaire.sections.iter().enumerate() {
        found.optional(index.sources.section(place), "when", section.when.as_ref());
    }
    for (place, question) in questionnaire.questions.iter().enumerate() {
        found.question(index.question_at(place), question);
    }
    for (place, derived) in questionnaire.derived.iter().enumerate() {
        found.add(index.sources.derived(place), "value", &derived.value);
    }
    for (place, finding) in questionnaire.findings.iter().enumerate() {
        let at = index.sources.finding(place);
        found.optional(at, "when", finding.when.as_ref());
        for (item, rule) in finding.need_when.iter().enumerate() {
            found.add(at.key("need_when").item(item), "when", &rule.when);
        }
    }
    found.0
}

#[derive(Default)]
struct Found<'a>(Vec<Condition<'a>>);

impl<'a> Found<'a> {
    /// Takes in the expression under `key` of what stands at `at`.
    fn add(&mut self, at: At<'a>, key: &str, expression: &'a Expression) {
        let at = at.key(key);
        self.0.push(Condition { at, expression });
    }

    fn optional(&mut self, at: At<'a>, key: &str, expression: Option<&'a Expression>) {
        if let Some(expression) = expression {
            self.add(at, key, expression);
        }
    }

    fn question(&mut self, at: At<'a>, question: &'a Question) {
        self.optional(at, "when", question.when.as_ref());
        self.options(at, question.kind.options());
        self.checks(at, &question.checks);
        self.scoring(at, &question.scoring);
        match &question.kind {
            Kind::Rows(table) => {
                for (item, column) in table.columns.iter().enumerate() {
                    self.column(at.key("column").item(item), column);
                }
            }
            Kind::Coverage(coverage) => {
                self.optional(at, "target_from", coverage.target_from.as_ref());
            }
            _ => {}
        }
        for (item, rule) in question.evidence.iter().enumerate() {
            self.add(at.key("evidence").item(item), "answer", &rule.answer);
        }
    }

    fn column(&mut self, at: At<'a>, column: &'a Column) {
        self.optional(at, "when", column.when.as_ref());
        self.options(at, column.kind.options());
        self.checks(at, &column.checks);
        self.scoring(at, &column.scoring);
    }

    fn options(&mut self, at: At<'a>, options: &'a [Choice]) {
        for (item, option) in options.iter().enumerate() {
            self.optional(at.key("options").item(item), "when", option.when.as_ref());
        }
    }

    fn checks(&mut self, at: At<'a>, checks: &'a [Check]) {
        for (item, check) in checks.iter().enumerate() {
            self.add(at.key("checks").item(item), "expr", &check.expression);
        }
    }

    fn scoring(&mut self, at: At<'a>, scoring: &'a Scoring) {
        if let Scoring::Bands(bands) = scoring {
            for (item, band) in bands.iter().enumerate() {
                self.optional(at.key("scores").item(item), "when", band.when.as_ref());
            }
        }
    }
}

/// Returns every value that stands in a text.
pub(crate) fn piped<'a>(subject: &Subject<'a>) -> Vec<Piped<'a>> {
    let (index, questionnaire) = (subject.index, subject.questionnaire);
    let main = index.sources.main();
    let mut texts = Texts {
        piped: Vec::new(),
        owner: Owner::Questionnaire,
    };
    texts.add(main, "title", &questionnaire.title);
    texts.owner = Owner::Profile;
    for (place, profile) in questionnaire.profiles.iter().enumerate() {
        texts.add(index.profile_at(place), "text", &profile.text);
    }
    texts.owner = Owner::Stop;
    for (place, stop) in questionnaire.stops.iter().enumerate() {
        texts.add(index.stop_at(place), "title", &stop.title);
        texts.add(index.stop_at(place), "text", &stop.text);
    }
    for (place, section) in questionnaire.sections.iter().enumerate() {
        texts.owner = Owner::Section(place);
        let at = index.sources.section(place);
        texts.add(at, "title", &section.title);
        texts.optional(at, "text", section.text.as_ref());
    }
    for (place, question) in questionnaire.questions.iter().enumerate() {
        texts.owner = Owner::Question(place);
        texts.question(index.question_at(place), question);
    }
    texts.owner = Owner::Derived;
    for (place, derived) in questionnaire.derived.iter().enumerate() {
        texts.optional(index.sources.derived(place), "text", derived.text.as_ref());
    }
    for (place, finding) in questionnaire.findings.iter().enumerate() {
        texts.owner = Owner::Finding(place);
        let at = index.sources.finding(place);
        texts.add(at, "title", &finding.title);
        texts.optional(at, "text", finding.text.as_ref());
    }
    texts.piped
}

struct Texts<'a> {
    piped: Vec<Piped<'a>>,
    owner: Owner,
}

impl<'a> Texts<'a> {
    /// Takes in the values of the text under `key` of what stands at `at`.
    fn add(&mut self, at: At<'a>, key: &str, text: &'a Text) {
        for part in &text.parts {
            if let TextPart::Value(expression) = part {
                self.piped.push(Piped {
                    at: at.key(key),
                    expression,
                    owner: self.owner,
                });
            }
        }
    }

    fn optional(&mut self, at: At<'a>, key: &str, text: Option<&'a Text>) {
        if let Some(text) = text {
            self.add(at, key, text);
        }
    }

    fn question(&mut self, at: At<'a>, question: &'a Question) {
        self.add(at, "text", &question.text);
        self.optional(at, "why", question.why.as_ref());
        self.optional(at, "help", question.help.as_ref());
        if let Some(none) = &question.none {
            self.add(at.key("none"), "text", &none.text);
        }
        self.answer(at, question.kind.options(), &question.checks);
        let Kind::Rows(table) = &question.kind else {
            return;
        };
        for (item, column) in table.columns.iter().enumerate() {
            let at = at.key("column").item(item);
            self.add(at, "text", &column.text);
            self.answer(at, column.kind.options(), &column.checks);
        }
        for (item, row) in table.fixed.iter().enumerate() {
            self.add(at.key("fixed").item(item), "text", &row.text);
        }
    }

    fn answer(&mut self, at: At<'a>, options: &'a [Choice], checks: &'a [Check]) {
        let (at_options, at_checks) = (at.key("options"), at.key("checks"));
        for (item, option) in options.iter().enumerate() {
            self.add(at_options.item(item), "text", &option.text);
        }
        for (item, check) in checks.iter().enumerate() {
            self.add(at_checks.item(item), "text", &check.text);
        }
    }
}

/// What a question and a column have in common, as written.
pub(crate) struct Answer<'a> {
    pub(crate) at: At<'a>,
    /// What people call it: `section.question`, with the column's name behind it.
    pub(crate) name: String,
    pub(crate) kind: written::Type,
    pub(crate) options: &'a [written::Choice],
    pub(crate) bands: &'a [written::Band],
    /// Whether it counts in the score.
    pub(crate) weighs: bool,
}

/// Returns every question and every column.
pub(crate) fn answers<'a>(subject: &Subject<'a>) -> Vec<Answer<'a>> {
    let mut answers = Vec::new();
    for (place, spot) in subject.index.questions.iter().enumerate() {
        let at = subject.index.question_at(place);
        let written = spot.written;
        let weighs = subject.questionnaire.weight(place) > 0;
        answers.push(Answer {
            at,
            name: spot.name.clone(),
            kind: written.kind,
            options: &written.options,
            bands: &written.scores,
            weighs,
        });
        for (item, column) in written.column.iter().enumerate() {
            answers.push(Answer {
                at: at.key("column").item(item),
                name: format!("{}, column {}", spot.name, column.id),
                kind: column.kind,
                options: &column.options,
                bands: &column.scores,
                weighs,
            });
        }
    }
    answers
}
