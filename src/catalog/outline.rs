//! The outline of a questionnaire: what is asked, under which conditions, and what follows from the answers.

use std::fmt::{Display, Write};

use crate::domain::condition::Expression;
use crate::domain::decision::Need;
use crate::domain::questionnaire::{
    Band, Choice, Column, FindingRule, Kind, Question, Questionnaire, Raise, Scoring, Section,
};

/// Returns the outline as lines of text.
#[must_use]
pub fn outline(questionnaire: &Questionnaire) -> String {
    let mut outline = Outline {
        questionnaire,
        text: String::new(),
    };
    outline.head();
    outline.profiles();
    outline.stops();
    for section in &questionnaire.sections {
        outline.section(section);
    }
    outline.derived();
    outline.findings();
    outline.text
}

struct Outline<'a> {
    questionnaire: &'a Questionnaire,
    text: String,
}

impl Outline<'_> {
    /// Writes a line at a depth.
    fn line(&mut self, depth: usize, text: impl Display) {
        // Writing to a text cannot fail.
        let _ = writeln!(self.text, "{:1$}{text}", "", depth * 2);
    }

    fn heading(&mut self, text: impl Display) {
        self.line(0, "");
        self.line(0, text);
    }

    /// Writes the condition of something.
    fn when(&mut self, depth: usize, word: &str, when: Option<&Expression>) {
        if let Some(when) = when {
            self.line(depth, format_args!("{word} {}", when.source()));
        }
    }

    fn applies(&mut self, depth: usize, applies: &[usize]) {
        if !applies.is_empty() {
            let profiles = applies
                .iter()
                .map(|place| &self.questionnaire.profiles[*place].id);
            let names: Vec<&str> = profiles.map(|id| id.as_str()).collect();
            self.line(depth, format_args!("for {}", names.join(" or ")));
        }
    }

    fn head(&mut self) {
        let questionnaire = self.questionnaire;
        let (id, version) = (&questionnaire.id, questionnaire.version);
        self.line(
            0,
            format_args!("{id} {version} · {}", questionnaire.title.outline()),
        );
        let counts = format!(
            "{} · {} · {} · {}",
            count(questionnaire.sections.len(), "section"),
            count(questionnaire.questions.len(), "question"),
            count(questionnaire.findings.len(), "finding"),
            count(questionnaire.recommendations.len(), "recommendation"),
        );
        self.line(0, counts);
    }

    fn profiles(&mut self) {
        if !self.questionnaire.profiles.is_empty() {
            self.heading("PROFILES");
        }
        for profile in &self.questionnaire.profiles {
            self.line(
                1,
                format_args!("{} · {}", profile.id, profile.text.outline()),
            );
            self.when(2, "when", Some(&profile.when));
        }
    }

    fn stops(&mut self) {
        if !self.questionnaire.stops.is_empty() {
            self.heading("STOPS");
        }
        for stop in &self.questionnaire.stops {
            self.line(1, format_args!("{} · {}", stop.id, stop.title.outline()));
            self.when(2, "when", Some(&stop.when));
        }
    }

    fn section(&mut self, section: &Section) {
        let weight = match section.weight {
            0 => "not scored".to_owned(),
            weight => format!("weight {weight}"),
        };
        self.heading(format_args!(
            "{} ({}), {weight}",
            section.title.outline(),
            section.id
        ));
        self.when(1, "when", section.when.as_ref());
        self.applies(1, &section.applies);
        for question in &self.questionnaire.questions[section.questions.clone()] {
            self.question(question);
        }
    }

    fn question(&mut self, question: &Question) {
        let tier = match question.tier {
            crate::domain::questionnaire::Tier::Info => "info",
            crate::domain::questionnaire::Tier::Recommended => "recommended",
            crate::domain::questionnaire::Tier::Required => "required",
        };
        let weight = match question.weight {
            0 => String::new(),
            weight => format!(" {weight}"),
        };
        let kind = match &question.kind {
            Kind::Coverage(coverage) => format!("coverage with the goal {} %", coverage.goal),
            kind => kind.name().to_owned(),
        };
        self.line(1, format_args!("{} · {kind}, {tier}{weight}", question.id));
        self.line(2, question.text.outline());
        self.when(2, "when", question.when.as_ref());
        self.applies(2, &question.applies);
        self.options(2, question.kind.options());
        self.scoring(2, &question.scoring);
        if let Kind::Rows(table) = &question.kind {
            for column in &table.columns {
                self.column(column);
            }
        }
        for check in &question.checks {
            self.when(2, "must hold:", Some(&check.expression));
        }
        if let Some(none) = &question.none {
            let scores = none
                .score
                .map_or(String::new(), |score| format!(" = {score}"));
            let raised = self.raised(none.raises);
            self.line(
                2,
                format_args!("none: {}{scores}{raised}", none.text.outline()),
            );
        }
        if question.unknown.is_some() {
            let raised = self.raised(question.unknown);
            self.line(2, format_args!("don't know{raised}"));
        }
    }

    fn column(&mut self, column: &Column) {
        self.line(
            2,
            format_args!("column {} · {}", column.id, column.kind.name()),
        );
        self.when(3, "when", column.when.as_ref());
        self.options(3, column.kind.options());
        self.scoring(3, &column.scoring);
        for check in &column.checks {
            self.when(3, "must hold:", Some(&check.expression));
        }
    }

    fn options(&mut self, depth: usize, options: &[Choice]) {
        for option in options {
            let scores = option
                .score
                .map_or(String::new(), |score| format!(" = {score}"));
            let raised = self.raised(option.raises);
            self.line(
                depth,
                format_args!("{}{scores}{raised} · {}", option.id, option.text.outline()),
            );
            self.when(depth + 1, "offered when", option.when.as_ref());
        }
    }

    fn scoring(&mut self, depth: usize, scoring: &Scoring) {
        let (words, raises) = match scoring {
            Scoring::Unscored | Scoring::Options | Scoring::Columns | Scoring::Given => return,
            Scoring::Bands(bands) => return self.bands(depth, bands),
            Scoring::Good { good, raises } => (
                format!("good is {}", if *good { "yes" } else { "no" }),
                raises,
            ),
            Scoring::Share { raises } => ("less than the whole".to_owned(), raises),
            Scoring::Coverage { raises } => ("below the goal".to_owned(), raises),
            Scoring::NotOlderThan { days, raises } => (format!("older than {days}"), raises),
        };
        let raised = self.raised(*raises);
        self.line(depth, format_args!("{words}{raised}"));
    }

    fn bands(&mut self, depth: usize, bands: &[Band]) {
        for band in bands {
            let condition = band.when.as_ref().map_or("otherwise", Expression::source);
            let raised = self.raised(band.raises);
            self.line(depth, format_args!("{condition} = {}{raised}", band.score));
        }
    }

    /// Returns the finding that something raises, with an arrow before it.
    fn raised(&self, raises: Option<Raise>) -> String {
        let Some(raise) = raises else {
            return String::new();
        };
        let finding = &self.questionnaire.findings[raise.finding];
        let mut details = Vec::new();
        details.extend(
            raise
                .severity
                .map(|severity| format!("{severity:?}").to_lowercase()),
        );
        details.extend(raise.need.map(need));
        match details.is_empty() {
            true => format!(" → {}", finding.id),
            false => format!(" → {} ({})", finding.id, details.join(", ")),
        }
    }

    fn derived(&mut self) {
        if !self.questionnaire.derived.is_empty() {
            self.heading("DERIVED");
        }
        for derived in &self.questionnaire.derived {
            self.line(
                1,
                format_args!("{} = {}", derived.id, derived.value.source()),
            );
        }
    }

    fn findings(&mut self) {
        if !self.questionnaire.findings.is_empty() {
            self.heading("FINDINGS");
        }
        for finding in &self.questionnaire.findings {
            self.finding(finding);
        }
    }

    fn finding(&mut self, finding: &FindingRule) {
        let severity = format!("{:?}", finding.severity).to_lowercase();
        let need = need(finding.need);
        self.line(1, format_args!("{} · {severity}, {need}", finding.id));
        self.line(2, finding.title.outline());
        self.when(2, "when", finding.when.as_ref());
        for rule in &finding.need_when {
            self.line(
                2,
                format_args!("{} when {}", self::need(rule.need), rule.when.source()),
            );
        }
        if !finding.recommend.is_empty() {
            let ids: Vec<&str> = finding.recommend.iter().map(|id| id.as_str()).collect();
            self.line(2, format_args!("do: {}", ids.join(", ")));
        }
    }
}

fn need(need: Need) -> String {
    format!("{need:?}").to_lowercase()
}

fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}
