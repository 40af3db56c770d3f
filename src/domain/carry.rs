//! Carrying over: answers of another questionnaire of the same customer, proposed where a question is open.
//!
//! Nothing is taken over by itself: a person accepts a proposal, which then is an answer like any other, with the basis, the
//! person and the day of the one that it comes from.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::answer::Held;
use crate::domain::assessment::{Assessment, Book};
use crate::domain::evaluation::Evaluation;
use crate::domain::id::{QuestionId, QuestionnaireId};
use crate::domain::intake;
use crate::domain::response::{Response, Said};

/// An answer that could be carried over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The open question.
    pub question: QuestionId,
    /// What was said there.
    pub response: Response,
    /// The questionnaire that it comes from.
    pub from: QuestionnaireId,
    /// The question that it comes from.
    pub source: QuestionId,
    /// Whether another source says otherwise. Then a person has to say which one is right.
    pub disputed: bool,
}

/// Returns what the assessment under `questionnaire` could take over from others of the customer, in the order in which the questions
/// open: accepting one may let another be asked, for which there is a proposal too.
#[must_use]
pub fn proposals(book: &Book, questionnaire: &QuestionnaireId) -> Vec<Proposal> {
    let Some(assessment) = book.assessments.get(questionnaire) else {
        return Vec::new();
    };
    let mut evaluation = assessment.evaluation.clone();
    let mut seen = BTreeSet::new();
    let mut proposals = Vec::new();
    loop {
        let offered = offered(book, &evaluation, &seen);
        if offered.is_empty() {
            return proposals;
        }
        for (place, mut offered) in offered {
            seen.insert(place);
            let differ = |one: &Proposal| one.response.said != offered[0].response.said;
            if offered.iter().any(differ) {
                offered.iter_mut().for_each(|one| one.disputed = true);
            } else {
                offered.truncate(1);
                evaluation.set(place, Some(offered[0].response.said.clone()));
            }
            proposals.append(&mut offered);
        }
    }
}

/// Returns what could be taken over now, by the places of the questions.
fn offered(
    book: &Book,
    evaluation: &Evaluation,
    seen: &BTreeSet<usize>,
) -> BTreeMap<usize, Vec<Proposal>> {
    let questionnaire = evaluation.questionnaire();
    let mut offered: BTreeMap<usize, Vec<Proposal>> = BTreeMap::new();
    for carry in &questionnaire.carry {
        let Some(other) = book.assessments.get(&carry.from) else {
            continue;
        };
        for (source, question) in &carry.answers {
            let place = questionnaire.question(question);
            let place = place.filter(|place| evaluation.is_open(*place) && !seen.contains(place));
            let (Some(place), Some(response)) = (place, standing(other, source)) else {
                continue;
            };
            let objections = intake::check(evaluation, place, response);
            if objections.iter().any(|objection| objection.refuses) {
                continue;
            }
            offered.entry(place).or_default().push(Proposal {
                question: question.clone(),
                response: response.clone(),
                from: carry.from.clone(),
                source: source.clone(),
                disputed: false,
            });
        }
    }
    offered
}

/// Returns the answer to a question that is asked, where it says something: a value that fits, or *none*.
fn standing<'a>(assessment: &'a Assessment, question: &QuestionId) -> Option<&'a Response> {
    let place = assessment.questionnaire().question(question)?;
    let evaluation = &assessment.evaluation;
    let holds = matches!(evaluation.held(place), Held::Valid(_) | Held::None);
    let response = assessment.response(place)?.what.response.as_ref()?;
    let says = matches!(response.said, Said::Value(_) | Said::None);
    (evaluation.asked(place).yes() && holds && says).then_some(response)
}
