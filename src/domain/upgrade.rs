//! Upgrades: what an assessment gains, loses and has to look at again when it goes on under another text.
//!
//! A comparison of the assessment as it stands with the same one [`under`](crate::domain::assessment::Book::under) the other text.
//! Nothing is changed here.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::domain::answer::Held;
use crate::domain::assessment::Assessment;
use crate::domain::id::{FindingKey, QuestionId};
use crate::domain::migration::Passage;
use crate::domain::phrases;
use crate::domain::questionnaire::{Questionnaire, Version};
use crate::domain::scoring::{self, Completeness, Score, Verdict, View};
use crate::domain::time::Day;

/// What going on under another text comes to.
#[derive(Clone, Debug)]
pub struct Upgrade {
    /// The version of the text so far.
    pub from: Version,
    /// The version of the other text.
    pub to: Version,
    /// Questions that were not there before.
    pub new: Vec<QuestionId>,
    /// Questions that have another name.
    pub moved: Vec<Moved>,
    /// Questions that are asked in other words, by their new names.
    pub reworded: Vec<QuestionId>,
    /// Answers that are to be confirmed and were not before.
    pub to_confirm: Vec<QuestionId>,
    /// Answers that fitted their question and no longer do: it is open again.
    pub unfit: Vec<Unfit>,
    /// Questions that are there no longer.
    pub gone: Vec<Left>,
    /// Findings that stand and did not before.
    pub raised: Vec<FindingKey>,
    /// Findings that stood and no longer do.
    pub fallen: Vec<FindingKey>,
    /// How the assessment stands so far.
    pub before: Standing,
    /// How it would stand.
    pub after: Standing,
}

/// A question that has another name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Its name so far.
    pub from: QuestionId,
    /// Its new name.
    pub to: QuestionId,
}

/// An answer that no longer fits its question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unfit {
    /// The question, by its new name.
    pub question: QuestionId,
    /// Why.
    pub reason: String,
}

/// A question that is there no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Left {
    /// Its name.
    pub question: QuestionId,
    /// Whether it has an answer, which is kept and counts no more.
    pub answered: bool,
    /// Whether a migration drops it; if not, nothing says what becomes of its answer.
    pub dropped: bool,
}

/// How an assessment stands.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The verdict.
    pub verdict: Verdict,
    /// The verdict in a sentence.
    pub sentence: String,
    /// The score.
    pub score: Score,
    /// How many questions are asked and answered.
    pub completeness: Completeness,
}

impl Upgrade {
    /// Compares an assessment with the same one under another text, on `today`.
    #[must_use]
    pub fn of(before: &Assessment, after: &Assessment, today: Day) -> Self {
        let (old, new) = (before.questionnaire(), after.questionnaire());
        let pairs = Pairs::of(old, new);
        let stand = |assessment| standing(assessment).collect::<BTreeSet<_>>();
        let (stood, stands) = (stand(before), stand(after));
        Self {
            from: old.version,
            to: new.version,
            new: pairs.added(),
            moved: pairs.moved(),
            reworded: pairs.reworded(),
            to_confirm: pairs.to_confirm(before, after),
            unfit: pairs.unfit(before, after),
            gone: pairs.gone(before),
            raised: stands.difference(&stood).cloned().cloned().collect(),
            fallen: stood.difference(&stands).cloned().cloned().collect(),
            before: Standing::of(before, today),
            after: Standing::of(after, today),
        }
    }
}

impl Standing {
    /// Returns how an assessment stands on `today`.
    #[must_use]
    pub fn of(assessment: &Assessment, today: Day) -> Self {
        let questions = 0..assessment.questionnaire().questions.len();
        let verdict = scoring::verdict(assessment, today);
        Self {
            sentence: phrases::verdict(assessment, &verdict),
            verdict,
            score: scoring::score(assessment, View::Current, today),
            completeness: scoring::completeness(&assessment.evaluation, questions),
        }
    }
}

fn standing(assessment: &Assessment) -> impl Iterator<Item = &FindingKey> {
    let lives = assessment.lives.iter();
    lives.filter_map(|(key, life)| life.stands().then_some(key))
}

/// The questions of two texts, each of the old ones with the new one that it leads to.
struct Pairs<'q> {
    old: &'q Questionnaire,
    new: &'q Questionnaire,
    passage: Passage<'q>,
    /// For each old question the place of the new one.
    places: Vec<Option<usize>>,
}

impl<'q> Pairs<'q> {
    fn of(old: &'q Questionnaire, new: &'q Questionnaire) -> Self {
        let passage = Passage::between(old, new);
        let places = (old.questions.iter())
            .map(|question| new.question(&passage.question(&question.id)?))
            .collect();
        Self {
            old,
            new,
            passage,
            places,
        }
    }

    /// Returns the places of the questions that both texts have, old and new.
    fn both(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let places = self.places.iter().enumerate();
        places.filter_map(|(old, new)| Some((old, (*new)?)))
    }

    fn added(&self) -> Vec<QuestionId> {
        let known: BTreeSet<usize> = self.places.iter().copied().flatten().collect();
        let questions = self.new.questions.iter().enumerate();
        questions
            .filter(|(place, _)| !known.contains(place))
            .map(|(_, question)| question.id.clone())
            .collect()
    }

    fn moved(&self) -> Vec<Moved> {
        self.both()
            .map(|(old, new)| Moved {
                from: self.old.questions[old].id.clone(),
                to: self.new.questions[new].id.clone(),
            })
            .filter(|moved| moved.from != moved.to)
            .collect()
    }

    fn reworded(&self) -> Vec<QuestionId> {
        self.both()
            .map(|(old, new)| (&self.old.questions[old], &self.new.questions[new]))
            .filter(|(old, new)| old.texts() != new.texts())
            .map(|(_, new)| new.id.clone())
            .collect()
    }

    fn to_confirm(&self, before: &Assessment, after: &Assessment) -> Vec<QuestionId> {
        let waits = |assessment: &Assessment, id: &QuestionId| {
            let answer = assessment.answers.get(id);
            answer.is_some_and(|answer| answer.confirm)
        };
        self.both()
            .map(|(old, new)| (&self.old.questions[old].id, &self.new.questions[new].id))
            .filter(|(old, new)| waits(after, new) && !waits(before, old))
            .map(|(_, new)| new.clone())
            .collect()
    }

    fn unfit(&self, before: &Assessment, after: &Assessment) -> Vec<Unfit> {
        let fitted = |place| !matches!(before.evaluation.held(place), Held::Invalid(_));
        self.both()
            .filter(|(old, _)| fitted(*old))
            .filter_map(|(_, new)| match after.evaluation.held(new) {
                Held::Invalid(reason) => Some(Unfit {
                    question: self.new.questions[new].id.clone(),
                    reason: reason.clone(),
                }),
                _ => None,
            })
            .collect()
    }

    fn gone(&self, before: &Assessment) -> Vec<Left> {
        let questions = self.old.questions.iter().enumerate();
        questions
            .filter(|(place, _)| self.places[*place].is_none())
            .map(|(place, question)| Left {
                question: question.id.clone(),
                answered: before.response(place).is_some(),
                dropped: self.passage.question(&question.id).is_none(),
            })
            .collect()
    }
}
