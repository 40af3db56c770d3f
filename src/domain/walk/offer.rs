//! What the walk offers: which questions, in which order, how far along, and where to find them.

use std::collections::BTreeSet;

use crate::domain::assessment::Assessment;
use crate::domain::condition::{Expression, Slot};
use crate::domain::evaluation::Asked;
use crate::domain::intake;
use crate::domain::questionnaire::{Kind, Questionnaire, Tier};
use crate::domain::walk::Walk;
use crate::domain::words;

/// The most options that one key each can answer.
const KEYS: usize = 9;

/// Whether a question needs somebody, and what for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attention {
    /// It is open.
    Open,
    /// Whether it is asked changed since it was answered: is the answer still true?
    Confirm,
    /// It was answered longer ago than its question allows.
    Stale,
    /// It needs nobody.
    Fine,
}

/// How far along a section is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The section, by its place.
    pub section: usize,
    /// Its questions that are offered.
    pub offered: usize,
    /// Those of them that are not open.
    pub answered: usize,
    /// Its open questions that are asked of another team.
    pub elsewhere: usize,
    /// Its questions that may follow from open ones.
    pub may_follow: usize,
}

impl Walk {
    /// Returns the questions that are offered, in their order.
    #[must_use]
    pub fn offered(&self, assessment: &Assessment) -> Vec<usize> {
        let gate = Gate::of(assessment);
        let questions = 0..assessment.questionnaire().questions.len();
        questions
            .filter(|place| gate.lets(assessment, *place) && self.is_for(assessment, *place))
            .filter(|place| !self.leaves_out(assessment, *place))
            .collect()
    }

    /// Returns whether the question at `place` can be gone to: it is asked, of whomever, and no stop is in the way.
    #[must_use]
    pub fn offers(&self, assessment: &Assessment, place: usize) -> bool {
        Gate::of(assessment).lets(assessment, place)
    }

    /// Returns whether the question at `place` is for the team at hand.
    fn is_for(&self, assessment: &Assessment, place: usize) -> bool {
        let question = &assessment.questionnaire().questions[place];
        self.ask.is_none() || question.ask == self.ask
    }

    /// Returns whether the question at `place` is left for another day.
    fn leaves_out(&self, assessment: &Assessment, place: usize) -> bool {
        let question = &assessment.questionnaire().questions[place];
        self.required_only && question.tier == Tier::Recommended
    }

    /// Returns how many open questions for the team at hand are left for another day.
    #[must_use]
    pub fn left_out(&self, assessment: &Assessment) -> usize {
        let gate = Gate::of(assessment);
        (0..assessment.questionnaire().questions.len())
            .filter(|place| gate.lets(assessment, *place) && self.is_for(assessment, *place))
            .filter(|place| assessment.evaluation.is_open(*place))
            .filter(|place| self.leaves_out(assessment, *place))
            .count()
    }

    /// Returns whether the question at `place` needs somebody.
    #[must_use]
    pub fn attention(&self, assessment: &Assessment, place: usize) -> Attention {
        let id = &assessment.questionnaire().questions[place].id;
        let confirm = |answers: &crate::domain::assessment::Answer| answers.confirm;
        if assessment.evaluation.is_open(place) {
            Attention::Open
        } else if assessment.answers.get(id).is_some_and(confirm) {
            Attention::Confirm
        } else if assessment.is_stale(place, assessment.evaluation.day()) {
            Attention::Stale
        } else {
            Attention::Fine
        }
    }

    /// Returns the question that comes after the one at hand.
    #[must_use]
    pub fn upcoming(&self, assessment: &Assessment) -> Option<usize> {
        self.following(assessment)
    }

    /// Returns how many of the questions that are offered are open.
    #[must_use]
    pub fn open(&self, assessment: &Assessment) -> usize {
        let offered = self.offered(assessment).into_iter();
        offered
            .filter(|place| assessment.evaluation.is_open(*place))
            .count()
    }

    /// Returns how far along each section is that has something to offer, or may have.
    #[must_use]
    pub fn progress(&self, assessment: &Assessment) -> Vec<Progress> {
        let gate = Gate::of(assessment);
        let sections = 0..assessment.questionnaire().sections.len();
        sections
            .map(|section| self.section_progress(assessment, &gate, section))
            .filter(|one| one.offered + one.elsewhere + one.may_follow > 0)
            .collect()
    }

    fn section_progress(&self, assessment: &Assessment, gate: &Gate, section: usize) -> Progress {
        let mut progress = Progress {
            section,
            offered: 0,
            answered: 0,
            elsewhere: 0,
            may_follow: 0,
        };
        let evaluation = &assessment.evaluation;
        for place in assessment.questionnaire().sections[section]
            .questions
            .clone()
        {
            let may_follow = matches!(evaluation.asked(place), Asked::Perhaps(_));
            progress.may_follow += usize::from(may_follow);
            if !gate.lets(assessment, place) || self.leaves_out(assessment, place) {
                continue;
            }
            let open = evaluation.is_open(place);
            if self.is_for(assessment, place) {
                progress.offered += 1;
                progress.answered += usize::from(!open);
            } else {
                progress.elsewhere += usize::from(open);
            }
        }
        progress
    }

    /// Returns the questions in which every word of `text` occurs: in its id, its section, its text, help, options or answer.
    #[must_use]
    pub fn search(&self, assessment: &Assessment, text: &str) -> Vec<usize> {
        let gate = Gate::of(assessment);
        let wanted = text.to_lowercase();
        let words: Vec<&str> = wanted.split_whitespace().collect();
        let questions = 0..assessment.questionnaire().questions.len();
        questions
            .filter(|place| gate.lets(assessment, *place))
            .filter(|place| {
                let known = haystack(assessment, *place).to_lowercase();
                words.iter().all(|word| known.contains(word))
            })
            .collect()
    }

    /// Returns the short questions of a section: those that one key each answers.
    #[must_use]
    pub fn sheet(&self, assessment: &Assessment, section: usize) -> Vec<usize> {
        let questions = &assessment.questionnaire().questions;
        let mut offered = self.offered(assessment);
        offered.retain(|place| {
            let question = &questions[*place];
            let short = match &question.kind {
                Kind::Bool => true,
                kind @ Kind::Choice(_) => {
                    intake::offered(&assessment.evaluation, kind).len() <= KEYS
                }
                _ => false,
            };
            question.section == section && short
        });
        offered
    }

    /// Returns the stops that hold, by their place.
    #[must_use]
    pub fn stops(&self, assessment: &Assessment) -> Vec<usize> {
        stops(assessment)
    }
}

/// Returns the teams that something is asked of, in the order of the alphabet.
#[must_use]
pub fn teams(assessment: &Assessment) -> BTreeSet<&str> {
    let questions = assessment.questionnaire().questions.iter().enumerate();
    questions
        .filter(|(place, _)| assessment.evaluation.asked(*place).yes())
        .filter_map(|(_, question)| question.ask.as_deref())
        .collect()
}

/// Returns the stops that hold and that nobody lifted, by their place.
pub(in crate::domain::walk) fn stops(assessment: &Assessment) -> Vec<usize> {
    let stops = assessment.stops.iter().enumerate();
    stops
        .filter_map(|(place, stop)| stop.stops().then_some(place))
        .collect()
}

/// What may be asked while stops hold: the sections that they keep, and the questions that they read.
struct Gate {
    stopped: bool,
    sections: BTreeSet<usize>,
    questions: BTreeSet<usize>,
}

impl Gate {
    fn of(assessment: &Assessment) -> Self {
        let questionnaire = assessment.questionnaire();
        let stops = stops(assessment);
        let mut gate = Self {
            stopped: !stops.is_empty(),
            sections: BTreeSet::new(),
            questions: BTreeSet::new(),
        };
        for stop in stops {
            let stop = &questionnaire.stops[stop];
            gate.sections.extend(&stop.keep_asking);
            reads(questionnaire, &stop.when, &mut gate.questions);
        }
        gate
    }

    fn lets(&self, assessment: &Assessment, place: usize) -> bool {
        let section = assessment.questionnaire().questions[place].section;
        let kept = self.sections.contains(&section) || self.questions.contains(&place);
        assessment.evaluation.asked(place).yes() && (!self.stopped || kept)
    }
}

/// Adds the questions that an expression reads, also by way of derived values and profiles.
fn reads(questionnaire: &Questionnaire, expression: &Expression, found: &mut BTreeSet<usize>) {
    for slot in expression.slots() {
        match slot {
            Slot::Question(place) | Slot::Protected(place) | Slot::Target(place) => {
                found.insert(place);
            }
            // Neither can lead back to itself: the questionnaire has no cycles.
            Slot::Derived(place) => {
                reads(questionnaire, &questionnaire.derived[place].value, found)
            }
            Slot::Profile(place) => {
                reads(questionnaire, &questionnaire.profiles[place].when, found)
            }
            _ => {}
        }
    }
}

/// Returns all the words by which the question at `place` may be looked for.
fn haystack(assessment: &Assessment, place: usize) -> String {
    let questionnaire = assessment.questionnaire();
    let question = &questionnaire.questions[place];
    let evaluation = &assessment.evaluation;
    let mut words = vec![
        question.id.to_string(),
        evaluation.text(&questionnaire.section_of(place).title),
        evaluation.text(&question.text),
    ];
    let beside = question.why.iter().chain(&question.help);
    words.extend(beside.map(|text| evaluation.text(text)));
    let options = question.kind.options().iter();
    words.extend(options.map(|option| evaluation.text(&option.text)));
    words.extend(question.ask.clone());
    if let Some(said) = evaluation.said(place) {
        words.push(words::said(question, said));
    }
    words.join(" ")
}
