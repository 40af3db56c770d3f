//! The walk: taking a customer through the questions, as one value that knows no terminal and no store.
//!
//! [`Walk::update`] takes what somebody did and says what is to be recorded; whoever carries that out, durably, calls
//! [`Walk::recorded`] with the assessment as it then stands. What is offered, and how far along everything is, stands in `offer`;
//! what is told at the end in `minutes`. How it looks is the business of the command line.

mod minutes;
mod offer;

use std::collections::{BTreeMap, BTreeSet};

pub use crate::domain::walk::minutes::{Minuted, Minutes, Promise, waiting};
pub use crate::domain::walk::offer::{Attention, Progress, teams};

use crate::domain::assessment::Assessment;
use crate::domain::decision::Need;
use crate::domain::id::{FindingKey, Hash, PersonId, QuestionId, QuestionnaireId};
use crate::domain::intake::{self, Objection};
use crate::domain::ledger::{Fact, Subject, Why};
use crate::domain::response::{Basis, Response, Said};
use crate::domain::scoring::{self, VerdictCode};
use crate::domain::time::{Day, Instant};

/// How long, in minutes, another answer to the same question in the same walk counts as a slip corrected.
pub const SLIP_MINUTES: i64 = 15;

/// A customer being taken through the questions.
#[derive(Clone, Debug)]
pub struct Walk {
    /// When it began.
    pub started: Instant,
    /// The question at hand, by its place; nothing at the end.
    pub current: Option<usize>,
    /// The team whose questions are offered; nothing = everybody's.
    pub ask: Option<String>,
    /// Whether recommended questions are left for another day. Facts are asked: they decide what else is.
    pub required_only: bool,
    /// Who is speaking, for the answers to come.
    pub said_by: Option<PersonId>,
    /// How we know what is said, for the answers to come.
    pub basis: Basis,
    /// Questions put off to later in this walk, by their place.
    pub parked: BTreeSet<usize>,
    /// What was recorded in this walk, in order.
    pub steps: Vec<Step>,
    /// What the last answer changed.
    pub news: News,
    trail: Vec<usize>,
    undoable: Vec<usize>,
    pending: Option<Pending>,
    seen: Seen,
}

/// Something recorded in a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The question.
    pub question: QuestionId,
    /// When.
    pub at: Instant,
    /// The answer before.
    pub before: Option<Response>,
    /// What was recorded.
    pub what: What,
}

/// What is recorded about a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// An answer.
    Answer {
        /// The answer.
        response: Response,
        /// Why it is recorded.
        why: Why,
    },
    /// The answer is taken back.
    Withdrawal {
        /// Whether it was recorded by mistake.
        mistaken: bool,
    },
    /// A note about a question that has no answer yet.
    Note {
        /// The note.
        text: String,
        /// Whether reports to the customer may print it.
        public: bool,
    },
}

/// What somebody did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Goes on to the question that follows.
    Next,
    /// Goes on to the next question that needs somebody.
    NextOpen,
    /// Goes back to where one was before.
    Back,
    /// Goes to the question at this place.
    Jump(usize),
    /// Goes to the section at this place: its first question that needs somebody, else its first.
    Section(usize),
    /// Puts the question at hand off, or takes it up again.
    Park,
    /// Offers one team's questions only, or everybody's.
    Ask(Option<String>),
    /// Says something to the question at this place.
    Say {
        /// The question.
        place: usize,
        /// What is said.
        said: Said,
        /// A note that replaces the one before.
        note: Option<String>,
    },
    /// Says that the answer to the question at this place still holds today.
    StillTrue(usize),
    /// Takes the answer to the question at this place back.
    Withdraw(usize),
    /// Notes something about the question at this place; an empty text takes the note out.
    Note {
        /// The question.
        place: usize,
        /// The note.
        text: String,
        /// Whether only the internal audience sees it.
        private: bool,
    },
    /// Says who is speaking from here on, and to the question just answered.
    SaidBy(Option<PersonId>),
    /// Says how we know from here on, and of the question just answered.
    Basis(Basis),
    /// Takes back what was recorded last in this walk.
    Undo,
}

/// What follows from an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing is to be recorded.
    Nothing,
    /// The very same was said before; nothing is to be recorded.
    Same,
    /// It cannot be recorded, and why.
    Refused(Vec<Objection>),
    /// This is to be recorded, durably, before anything else happens.
    Record(Box<Recording>),
}

/// What is to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The question.
    pub question: QuestionId,
    /// What.
    pub what: What,
    /// The last entry about the question that the screen showed, 0 for none.
    pub based_on: u64,
    /// What somebody should look at.
    pub warnings: Vec<Objection>,
}

impl Recording {
    /// Returns the fact for the ledger.
    #[must_use]
    pub fn fact(&self, questionnaire: &QuestionnaireId) -> Fact {
        let questionnaire = questionnaire.clone();
        let question = self.question.clone();
        match &self.what {
            What::Answer { response, why } => Fact::Answered {
                questionnaire,
                question,
                response: response.clone(),
                why: *why,
            },
            What::Withdrawal { mistaken } => Fact::Withdrawn {
                questionnaire,
                question,
                mistaken: *mistaken,
            },
            What::Note { text, public } => Fact::Noted {
                questionnaire,
                about: Subject::Question(question),
                text: text.clone(),
                public: *public,
            },
        }
    }
}

/// What the last answer changed; stays until the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// Questions that are asked now, by their place.
    pub opened: Vec<usize>,
    /// Questions that are no longer asked, by their place.
    pub closed: Vec<usize>,
    /// Findings that stand now.
    pub raised: Vec<FindingKey>,
    /// Findings that no longer stand.
    pub gone: Vec<FindingKey>,
    /// Stops that hold now, by their place.
    pub stopped: Vec<usize>,
    /// The verdict before, where it is another now.
    pub verdict_before: Option<VerdictCode>,
}

impl News {
    /// Returns whether nothing but the answer itself changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A recording under way.
#[derive(Clone, Debug)]
struct Pending {
    step: Step,
    undoes: bool,
}

/// What the screen showed before the last recording.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Seen {
    text: Option<Hash>,
    asked: Vec<bool>,
    standing: BTreeMap<FindingKey, Need>,
    stops: Vec<usize>,
    verdict: Option<VerdictCode>,
}

impl Walk {
    /// Begins a walk at the first open question, or else the first that needs somebody; of `ask`'s where a team is named.
    #[must_use]
    pub fn begin(assessment: &Assessment, now: Instant, ask: Option<String>) -> Self {
        let mut walk = Self {
            started: now,
            current: None,
            ask,
            required_only: false,
            said_by: None,
            basis: Basis::Interview,
            parked: BTreeSet::new(),
            steps: Vec::new(),
            news: News::default(),
            trail: Vec::new(),
            undoable: Vec::new(),
            pending: None,
            seen: Seen::of(assessment),
        };
        walk.current = walk.first(assessment);
        walk
    }

    /// Leaves recommended questions for another day, and begins anew with those that are left.
    #[must_use]
    pub fn required_only(mut self, assessment: &Assessment) -> Self {
        self.required_only = true;
        self.current = self.first(assessment);
        self
    }

    /// Returns the question to begin with.
    fn first(&self, assessment: &Assessment) -> Option<usize> {
        let mut offered = self.offered(assessment).into_iter();
        offered
            .find(|place| assessment.evaluation.is_open(*place))
            .or_else(|| self.first_needing(assessment, None))
    }

    /// Takes in what somebody did.
    pub fn update(&mut self, assessment: &Assessment, now: Instant, event: Event) -> Effect {
        match event {
            Event::Next => self.go(self.following(assessment)),
            Event::NextOpen => self.go(self.first_needing(assessment, self.current)),
            Event::Back => self.back(assessment),
            Event::Jump(place) if self.offers(assessment, place) => self.go(Some(place)),
            Event::Jump(_) => {}
            Event::Section(section) => {
                if let Some(place) = self.first_of(assessment, section) {
                    self.go(Some(place));
                }
            }
            Event::Park => self.park(assessment),
            Event::Ask(team) => {
                self.ask = team;
                let offered = self.offered(assessment);
                if !self.current.is_some_and(|at| offered.contains(&at)) {
                    self.go(self.first_needing(assessment, None));
                }
            }
            Event::Say { place, said, note } => {
                return self.say(assessment, now, place, said, note);
            }
            Event::StillTrue(place) => return self.still_true(assessment, now, place),
            Event::Withdraw(place) => return self.withdraw(assessment, now, place),
            Event::Note {
                place,
                text,
                private,
            } => return self.note(assessment, now, place, text, private),
            Event::SaidBy(person) => {
                self.said_by.clone_from(&person);
                return self.amend(assessment, now, |response| response.said_by = person);
            }
            Event::Basis(basis) => {
                self.basis = basis;
                return self.amend(assessment, now, |response| response.basis = basis);
            }
            Event::Undo => return self.undo(assessment, now),
        }
        Effect::Nothing
    }

    /// Takes in that the last recording is kept; `assessment` is how everything stands with it.
    pub fn recorded(&mut self, assessment: &Assessment) {
        let Some(Pending { step, undoes }) = self.pending.take() else {
            return self.look(assessment);
        };
        if undoes {
            self.undoable.pop();
        } else if !matches!(step.what, What::Note { .. }) {
            self.undoable.push(self.steps.len());
        }
        let place = assessment.questionnaire().question(&step.question);
        if let Some(place) = place {
            self.parked.remove(&place);
            if undoes {
                self.go(Some(place));
            }
        }
        self.steps.push(step);
        self.look(assessment);
    }

    /// Takes in that the last recording was not kept; `assessment` is how everything stands, with what others recorded since.
    pub fn not_recorded(&mut self, assessment: &Assessment) {
        self.pending = None;
        self.look(assessment);
    }

    /// Returns whether something of this walk can be undone.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.undoable.is_empty()
    }

    /// Looks at how everything stands and tells what changed since the last look.
    fn look(&mut self, assessment: &Assessment) {
        let seen = Seen::of(assessment);
        self.news = if seen.text == self.seen.text {
            seen.since(&self.seen)
        } else {
            // Under another text the places mean other questions.
            self.trail.clear();
            self.parked.clear();
            self.current = self.first_needing(assessment, None);
            News::default()
        };
        self.seen = seen;
        if let Some(place) = self.current
            && !self.offers(assessment, place)
        {
            self.current = self.following(assessment);
        }
    }

    // ── moving ──

    fn go(&mut self, place: Option<usize>) {
        if place == self.current {
            return;
        }
        self.trail.extend(self.current);
        self.current = place;
    }

    fn back(&mut self, assessment: &Assessment) {
        while let Some(place) = self.trail.pop() {
            if self.offers(assessment, place) && self.current != Some(place) {
                self.current = Some(place);
                return;
            }
        }
        let before = self
            .offered(assessment)
            .into_iter()
            .rfind(|place| self.current.is_none_or(|current| *place < current));
        if before.is_some() {
            self.current = before;
        }
    }

    fn park(&mut self, assessment: &Assessment) {
        let Some(place) = self.current else { return };
        if self.parked.remove(&place) {
            return;
        }
        self.parked.insert(place);
        self.go(self.following(assessment));
    }

    /// Returns the question after the one at hand; after the last, the first that needs somebody; then nothing.
    fn following(&self, assessment: &Assessment) -> Option<usize> {
        let offered = self.offered(assessment);
        let Some(current) = self.current else {
            return self
                .first_needing(assessment, None)
                .or_else(|| offered.first().copied());
        };
        let after = offered.into_iter().find(|place| *place > current);
        after.or_else(|| self.first_needing(assessment, Some(current)))
    }

    /// Returns the next question after `from`, round to the beginning, that needs somebody: those put off last, `from` never.
    fn first_needing(&self, assessment: &Assessment, from: Option<usize>) -> Option<usize> {
        let mut needing = self.offered(assessment);
        needing.retain(|place| {
            Some(*place) != from && self.attention(assessment, *place) != Attention::Fine
        });
        let round = |place: &usize| {
            let behind = from.is_some_and(|from| *place < from);
            (self.parked.contains(place), behind, *place)
        };
        needing.into_iter().min_by_key(round)
    }

    fn first_of(&self, assessment: &Assessment, section: usize) -> Option<usize> {
        let questions = &assessment.questionnaire().questions;
        let mut here = self.offered(assessment);
        here.retain(|place| questions[*place].section == section);
        let needing = here
            .iter()
            .find(|place| self.attention(assessment, **place) != Attention::Fine);
        needing.or(here.first()).copied()
    }

    // ── saying ──

    fn say(
        &mut self,
        assessment: &Assessment,
        now: Instant,
        place: usize,
        said: Said,
        note: Option<String>,
    ) -> Effect {
        let before = standing(assessment, place);
        let kept = |note: fn(&Response) -> Option<&String>| before.and_then(note).cloned();
        let response = Response {
            said,
            basis: self.basis,
            said_by: self.said_by.clone(),
            said_on: assessment.evaluation.day(),
            note: note.map_or_else(|| kept(|before| before.note.as_ref()), filled),
            private_note: kept(|before| before.private_note.as_ref()),
        };
        self.answer(assessment, now, place, response)
    }

    fn still_true(&mut self, assessment: &Assessment, now: Instant, place: usize) -> Effect {
        match standing(assessment, place) {
            Some(before) if !matches!(before.said, Said::Unknown(_)) => {
                let response = Response {
                    said_by: self.said_by.clone().or_else(|| before.said_by.clone()),
                    said_on: assessment.evaluation.day(),
                    ..before.clone()
                };
                self.answer(assessment, now, place, response)
            }
            _ => Effect::Nothing,
        }
    }

    fn note(
        &mut self,
        assessment: &Assessment,
        now: Instant,
        place: usize,
        text: String,
        private: bool,
    ) -> Effect {
        if let Some(before) = standing(assessment, place) {
            let mut response = before.clone();
            let note = if private {
                &mut response.private_note
            } else {
                &mut response.note
            };
            *note = filled(text);
            return self.answer(assessment, now, place, response);
        }
        if text.trim().is_empty() {
            return Effect::Nothing;
        }
        let what = What::Note {
            text,
            public: !private,
        };
        self.record(assessment, now, place, what, Vec::new(), false)
    }

    /// Changes something about the answer to the question at hand, where it was the last recorded in this walk.
    fn amend(
        &mut self,
        assessment: &Assessment,
        now: Instant,
        change: impl FnOnce(&mut Response),
    ) -> Effect {
        let just_answered = self.current.filter(|place| {
            let id = &assessment.questionnaire().questions[*place].id;
            let answers = |step: &&Step| matches!(step.what, What::Answer { .. });
            let last = self.steps.last().filter(answers);
            last.is_some_and(|step| step.question == *id && is_slip(step, now))
        });
        let Some((place, before)) =
            just_answered.and_then(|place| Some((place, standing(assessment, place)?)))
        else {
            return Effect::Nothing;
        };
        let mut response = before.clone();
        change(&mut response);
        self.answer(assessment, now, place, response)
    }

    fn withdraw(&mut self, assessment: &Assessment, now: Instant, place: usize) -> Effect {
        if standing(assessment, place).is_none() {
            return Effect::Nothing;
        }
        let what = What::Withdrawal { mistaken: false };
        self.record(assessment, now, place, what, Vec::new(), false)
    }

    fn undo(&mut self, assessment: &Assessment, now: Instant) -> Effect {
        let Some(step) = self.undoable.last().map(|at| self.steps[*at].clone()) else {
            return Effect::Nothing;
        };
        let place = assessment.questionnaire().question(&step.question);
        let after = match &step.what {
            What::Answer { response, .. } => Some(response),
            What::Withdrawal { .. } | What::Note { .. } => None,
        };
        let Some(place) = place.filter(|place| standing(assessment, *place) == after) else {
            // Somebody answered since: theirs is not ours to undo.
            self.undoable.pop();
            return Effect::Nothing;
        };
        let what = match step.before {
            Some(response) => What::Answer {
                why: self.why(assessment, now, place, &response),
                response,
            },
            None => What::Withdrawal { mistaken: true },
        };
        self.record(assessment, now, place, what, Vec::new(), true)
    }

    /// Checks an answer and has it recorded, unless the very same stands already.
    fn answer(
        &mut self,
        assessment: &Assessment,
        now: Instant,
        place: usize,
        response: Response,
    ) -> Effect {
        let (refusals, warnings): (Vec<_>, Vec<_>) =
            intake::check(&assessment.evaluation, place, &response)
                .into_iter()
                .partition(|objection| objection.refuses);
        if !refusals.is_empty() {
            return Effect::Refused(refusals);
        }
        let to_confirm = self.attention(assessment, place) == Attention::Confirm;
        if standing(assessment, place) == Some(&response) && !to_confirm {
            return Effect::Same;
        }
        let why = self.why(assessment, now, place, &response);
        let what = What::Answer { response, why };
        self.record(assessment, now, place, what, warnings, false)
    }

    /// Returns why `response` is recorded.
    fn why(&self, assessment: &Assessment, now: Instant, place: usize, response: &Response) -> Why {
        let id = &assessment.questionnaire().questions[place].id;
        let answers =
            |step: &&Step| step.question == *id && !matches!(step.what, What::Note { .. });
        let last = self.steps.iter().rfind(answers);
        match standing(assessment, place) {
            None => Why::New,
            Some(before) if before.said == response.said => Why::Confirmed,
            Some(_) if last.is_some_and(|step| is_slip(step, now)) => Why::Corrected,
            Some(_) => Why::Changed,
        }
    }

    fn record(
        &mut self,
        assessment: &Assessment,
        now: Instant,
        place: usize,
        what: What,
        warnings: Vec<Objection>,
        undoes: bool,
    ) -> Effect {
        let question = assessment.questionnaire().questions[place].id.clone();
        let recording = Recording {
            based_on: assessment.last_entry(&question).unwrap_or(0),
            what: what.clone(),
            question: question.clone(),
            warnings,
        };
        let before = standing(assessment, place).cloned();
        self.pending = Some(Pending {
            step: Step {
                question,
                at: now,
                before,
                what,
            },
            undoes,
        });
        Effect::Record(Box::new(recording))
    }
}

/// Returns the answer that stands for the question at `place`.
fn standing(assessment: &Assessment, place: usize) -> Option<&Response> {
    assessment.response(place)?.what.response.as_ref()
}

/// Returns whether what a step recorded is so fresh that another answer corrects a slip.
fn is_slip(step: &Step, now: Instant) -> bool {
    now.since(step.at) <= chrono::Duration::minutes(SLIP_MINUTES)
}

fn filled(text: String) -> Option<String> {
    (!text.trim().is_empty()).then_some(text)
}

impl Seen {
    fn of(assessment: &Assessment) -> Self {
        let evaluation = &assessment.evaluation;
        let questionnaire = assessment.questionnaire();
        let questions = 0..questionnaire.questions.len();
        let lives = assessment.lives.iter().filter(|(_, life)| life.stands());
        Self {
            text: Some(questionnaire.hash),
            asked: questions
                .map(|place| evaluation.asked(place).yes())
                .collect(),
            standing: lives.map(|(key, life)| (key.clone(), life.need)).collect(),
            stops: offer::stops(assessment),
            verdict: Some(scoring::verdict(assessment, today(assessment)).code),
        }
    }

    /// Returns what is otherwise than `before`.
    fn since(&self, before: &Self) -> News {
        let turned = |from: &Self, to: &Self| -> Vec<usize> {
            let places = 0..to.asked.len();
            places
                .filter(|at| to.asked[*at] && !from.asked[*at])
                .collect()
        };
        let added = |from: &Self, to: &Self| -> Vec<FindingKey> {
            let keys = to.standing.keys();
            keys.filter(|key| !from.standing.contains_key(*key))
                .cloned()
                .collect()
        };
        let stops = self.stops.iter().copied();
        News {
            opened: turned(before, self),
            closed: turned(self, before),
            raised: added(before, self),
            gone: added(self, before),
            stopped: stops.filter(|stop| !before.stops.contains(stop)).collect(),
            verdict_before: before.verdict.filter(|code| Some(*code) != self.verdict),
        }
    }
}

/// Returns the day for which an assessment holds.
fn today(assessment: &Assessment) -> Day {
    assessment.evaluation.day()
}
