//! Expressions and texts that do what they say, which is probably not what was meant.

use std::collections::BTreeSet;

use crate::catalog::checks::Subject;
use crate::catalog::checks::places::{self, Owner, Piped};
use crate::catalog::notes::Notes;
use crate::domain::condition::{Expression, Slot};
use crate::domain::questionnaire::Questionnaire;
use crate::problem::Problem;

/// W054: `!` or `!=` on an answer that may stay open.
pub(super) fn negated(subject: &Subject<'_>, notes: &mut Notes) {
    for condition in places::conditions(subject) {
        for read in condition.expression.negated() {
            if !matches!(
                read.slot,
                Slot::Question(_) | Slot::Protected(_) | Slot::Target(_)
            ) {
                continue;
            }
            let source = condition.expression.source();
            let name = source.get(read.span.clone()).unwrap_or_default();
            let message = format!("while `{name}` is open this is unknown, neither true nor false");
            let help = format!(
                "say what then holds: `or_else({name}, …)`; or silence this with `allow = {{ W054 = \"why\" }}`"
            );
            let place = condition.at.inside(source, read.span.clone());
            let problem = Problem::warning(message).code("W054").help(help);
            notes.add_at(condition.at, place, problem);
        }
    }
}

/// W062: a text with the answer to a question that may not be asked where the text is shown.
pub(super) fn piped(subject: &Subject<'_>, notes: &mut Notes) {
    for piped in places::piped(subject) {
        for read in piped.expression.reads() {
            let (Slot::Question(place) | Slot::Protected(place) | Slot::Target(place)) = read.slot
            else {
                continue;
            };
            if is_asked(subject.questionnaire, &piped, place) {
                continue;
            }
            let name = &subject.questionnaire.questions[place].id;
            let message = format!("`{name}` may not be asked where this text is shown");
            let help = "word the text without it, or show it under the same condition";
            notes.add(piped.at, Problem::warning(message).code("W062").help(help));
        }
    }
}

/// Returns whether the question at `place` is asked wherever the text is shown, as far as that can be read off.
fn is_asked(questionnaire: &Questionnaire, piped: &Piped<'_>, place: usize) -> bool {
    let needed = conditions(questionnaire, place);
    if needed.is_empty() {
        return true;
    }
    let holds = |shown_by: usize| {
        let given = conditions(questionnaire, shown_by);
        shown_by == place || needed.is_subset(&given) || reads(questionnaire, shown_by, place)
    };
    match piped.owner {
        Owner::Question(owner) => holds(owner),
        Owner::Section(owner) => {
            let section = &questionnaire.sections[owner];
            let when = section.when.as_ref();
            when.is_some_and(|when| names(when, place))
                || needed.is_subset(&of_section(questionnaire, owner))
        }
        Owner::Finding(owner) => {
            let finding = &questionnaire.findings[owner];
            let by_rule = finding.when.as_ref().is_none_or(|when| names(when, place));
            let raised = finding.when.is_some() || !finding.raised_by.is_empty();
            raised && by_rule && finding.raised_by.iter().all(|by| holds(*by))
        }
        Owner::Questionnaire | Owner::Profile | Owner::Stop | Owner::Derived => false,
    }
}

/// Returns whether the condition of one question reads another.
fn reads(questionnaire: &Questionnaire, question: usize, place: usize) -> bool {
    let when = questionnaire.questions[question].when.as_ref();
    when.is_some_and(|when| names(when, place))
}

fn names(expression: &Expression, place: usize) -> bool {
    expression
        .reads()
        .iter()
        .any(|read| matches!(read.slot, Slot::Question(p) | Slot::Protected(p) | Slot::Target(p) if p == place))
}

/// What must hold for a question to be asked: the texts of conditions, and profiles by their places.
fn conditions(questionnaire: &Questionnaire, place: usize) -> BTreeSet<String> {
    let question = &questionnaire.questions[place];
    let mut conditions = of_section(questionnaire, question.section);
    conditions.extend(question.when.as_ref().map(|when| when.source().to_owned()));
    if !question.applies.is_empty() {
        conditions.insert(format!("{:?}", question.applies));
    }
    conditions
}

fn of_section(questionnaire: &Questionnaire, place: usize) -> BTreeSet<String> {
    let section = &questionnaire.sections[place];
    let mut conditions: BTreeSet<String> = section
        .when
        .iter()
        .map(|when| when.source().to_owned())
        .collect();
    if !section.applies.is_empty() {
        conditions.insert(format!("{:?}", section.applies));
    }
    conditions
}
