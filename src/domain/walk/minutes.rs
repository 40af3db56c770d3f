//! What is told at the end of a walk: what was answered, what was promised, what is open by person and date.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::assessment::Assessment;
use crate::domain::id::{PersonId, QuestionId};
use crate::domain::response::{Response, Said, Unknown};
use crate::domain::time::{Day, Instant};
use crate::domain::walk::{Step, Walk, What, standing};

/// The minutes of a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minutes {
    /// When it began.
    pub from: Instant,
    /// When it ended.
    pub until: Instant,
    /// Who spoke.
    pub people: BTreeSet<PersonId>,
    /// What was answered, changed or taken back, in the order of the questions.
    pub answered: Vec<Minuted>,
    /// What was found to be still true, by the place of the question.
    pub confirmed: Vec<usize>,
    /// What was noted about questions without an answer: the question, the note, and whether the customer may read it.
    pub notes: Vec<(usize, String, bool)>,
    /// What somebody will find out, of this walk.
    pub promised: Vec<Promise>,
    /// Every open question, by date and person.
    pub open: Vec<Promise>,
    /// Questions put off, by their place.
    pub parked: Vec<usize>,
}

/// What became of one question in a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minuted {
    /// The question, by its place.
    pub place: usize,
    /// The answer before the walk.
    pub before: Option<Response>,
    /// The answer after it; nothing where it was taken back.
    pub after: Option<Response>,
}

/// An open question, with who was asked, and by when they are to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// The question, by its place.
    pub place: usize,
    /// Who was asked.
    pub asked: Option<PersonId>,
    /// By when.
    pub by: Option<Day>,
}

/// Returns every open question, those with a date first, by date, person and place.
#[must_use]
pub fn waiting(assessment: &Assessment) -> Vec<Promise> {
    let mut open: Vec<Promise> = assessment
        .evaluation
        .open_questions()
        .map(|place| {
            let (asked, by) = assessment.waits_for(place).unwrap_or((None, None));
            Promise {
                place,
                asked: asked.cloned(),
                by,
            }
        })
        .collect();
    open.sort_by_key(|open| {
        let person = (open.asked.is_none(), open.asked.clone());
        (open.by.unwrap_or(Day::MAX), person, open.place)
    });
    open
}

impl Walk {
    /// Returns what somebody promised in this walk to find out, and has not found out yet.
    #[must_use]
    pub fn promised(&self, assessment: &Assessment) -> Vec<Promise> {
        let here: BTreeSet<&QuestionId> = self.steps.iter().map(|step| &step.question).collect();
        let questions = &assessment.questionnaire().questions;
        let promised = |open: &Promise| {
            let said = assessment.evaluation.said(open.place);
            let promise = matches!(said, Some(Said::Unknown(Unknown::WillFindOut { .. })));
            promise && here.contains(&questions[open.place].id)
        };
        let mut open = waiting(assessment);
        open.retain(promised);
        open
    }

    /// Returns who spoke in this walk so far.
    #[must_use]
    pub fn people(&self) -> BTreeSet<PersonId> {
        let spoke = self.steps.iter().filter_map(|step| match &step.what {
            What::Answer { response, .. } => response.said_by.clone(),
            What::Withdrawal { .. } | What::Note { .. } => None,
        });
        spoke.chain(self.said_by.clone()).collect()
    }

    /// Returns the minutes of this walk as it stands at `now`.
    #[must_use]
    pub fn minutes(&self, assessment: &Assessment, now: Instant) -> Minutes {
        let mut minutes = Minutes {
            from: self.started,
            until: now,
            people: self.people(),
            answered: Vec::new(),
            confirmed: Vec::new(),
            notes: Vec::new(),
            promised: self.promised(assessment),
            open: waiting(assessment),
            parked: self.parked.iter().copied().collect(),
        };
        let mut by_question: BTreeMap<usize, Vec<&Step>> = BTreeMap::new();
        for step in &self.steps {
            if let Some(place) = assessment.questionnaire().question(&step.question) {
                by_question.entry(place).or_default().push(step);
            }
        }
        for (place, steps) in by_question {
            let notes = steps.iter().filter_map(|step| noted(place, step));
            minutes.notes.extend(notes);
            if let Some(first) = steps.iter().find(|step| answers(step)) {
                minutes.tell(place, first.before.as_ref(), standing(assessment, place));
            }
        }
        minutes
    }
}

impl Minutes {
    fn tell(&mut self, place: usize, before: Option<&Response>, after: Option<&Response>) {
        let said = |response: Option<&Response>| response.map(|response| response.said.clone());
        if before == after {
            return;
        }
        if said(before) == said(after) {
            self.confirmed.push(place);
            return;
        }
        self.answered.push(Minuted {
            place,
            before: before.cloned(),
            after: after.cloned(),
        });
    }

    /// Returns whether nothing was recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.answered.is_empty() && self.confirmed.is_empty() && self.notes.is_empty()
    }
}

fn answers(step: &Step) -> bool {
    !matches!(step.what, What::Note { .. })
}

fn noted(place: usize, step: &Step) -> Option<(usize, String, bool)> {
    match &step.what {
        What::Note { text, public } => Some((place, text.clone(), *public)),
        _ => None,
    }
}
