//! Assessments: a ledger replayed into what holds.
//!
//! [`Book::replay`] is a pure function of entries, texts and the day; *as of* a point is a replay of the entries up to it. Nothing
//! here is kept: the ledger is. What the numbers come to is the business of [`scoring`](crate::domain::scoring).

mod correction;
mod change;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::advice::Advice;
use crate::domain::assessment::correction::Corrections;
use crate::domain::customer::{Customer, REVIEW_EVERY};
use crate::domain::decision::{Decision, Need, RefusedProposal, Severity, StartOverride};
use crate::domain::evaluation::{Changes, Evaluation};
use crate::domain::exhibit::{Exhibit, Matter};
use crate::domain::finding::{Decided, Life, Lives, Origin};
use crate::domain::id::{
    CustomerId, FindingKey, Hash, MilestoneId, PersonId, QuestionId, QuestionnaireId,
};
use crate::domain::ledger::{Entry, Fact, PortalStatus, Responded, Subject, Why};
use crate::domain::managed_response::{ManagedResponse, ReportFigures};
use crate::domain::phase::{Phase, PhaseChange};
use crate::domain::questionnaire::Questionnaire;
use crate::domain::response::{Response, Said, Unknown};
use crate::domain::time::{Day, Days, Instant};
use crate::domain::{advice, managed_response};

pub use crate::domain::questionnaire::Texts;

/// A ledger replayed: the customer and their assessments.
#[derive(Clone, Debug)]
pub struct Book {
    /// The customer.
    pub customer: Customer,
    /// The assessments, by questionnaire.
    pub assessments: BTreeMap<QuestionnaireId, Assessment>,
    /// Named points, in the order of the ledger.
    pub milestones: Vec<Milestone>,
    /// Steps from phase to phase, in the order of the ledger.
    pub phases: Vec<Signed<PhaseChange>>,
    /// When the first entry was recorded.
    pub began: Option<Instant>,
    /// What the service's own page showed last.
    pub portal: Option<PortalStatus>,
    /// What was taken in as evidence, in the order of the ledger.
    pub evidence: Vec<Held>,
    /// Entries whose body was taken out.
    pub holes: Vec<Hole>,
    /// The sequence of the last entry, 0 before the first.
    pub seq: u64,
    /// The hash of the last entry; nothing before the first.
    pub head: Option<Hash>,
    /// When the last entry was recorded.
    pub at: Option<Instant>,
    /// The day for which everything holds.
    pub today: Day,
}

/// A file that was taken in as evidence, and whether it still counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The file.
    pub exhibit: Signed<Exhibit>,
    /// Who withdrew it, and why.
    pub withdrawn: Option<Signed<String>>,
}

/// A named point of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    /// Its name.
    pub name: MilestoneId,
    /// What it stands for.
    pub note: Option<String>,
    /// The entry that names it.
    pub seq: u64,
    /// When it was recorded.
    pub at: Instant,
    /// By whom.
    pub by: PersonId,
}

/// An entry whose body was taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// The entry without a body.
    pub seq: u64,
    /// What kind of fact it held.
    pub kind: String,
    /// Why it was taken out.
    pub reason: String,
    /// Who took it out.
    pub by: PersonId,
}

/// The part of a ledger under one questionnaire.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// When it was begun.
    pub opened: Instant,
    /// What is asked, holds and is raised.
    pub evaluation: Evaluation,
    /// The customer, by whose policy findings are due.
    customer: Customer,
    /// Answers as they stand, with those before them.
    pub answers: BTreeMap<QuestionId, Answer>,
    /// Answers whose question the questionnaire no longer has, in the order in which they went.
    pub gone: Vec<Gone>,
    /// Findings since the beginning.
    pub lives: Lives,
    /// Advice that was given, by the finding that it is.
    pub advice: BTreeMap<FindingKey, Signed<Advice>>,
    /// Managed responses as they stand, by the finding that each is.
    pub responses: BTreeMap<FindingKey, Signed<ManagedResponse>>,
    /// What the service's own report showed of managed responses, in the order of the ledger.
    pub figures: Vec<Signed<ReportFigures>>,
    /// For each stop, since which entry it holds and whether a person lifted it since.
    pub stops: Vec<StopLife>,
    /// Decisions to start although the verdict does not allow it; the last counts.
    pub overrides: Vec<Signed<StartOverride>>,
    /// The manager's own words, by what they are about.
    pub remarks: BTreeMap<Subject, Signed<String>>,
    /// Notes, in the order of the ledger.
    pub notes: Vec<Signed<Note>>,
    /// What tools proposed and nobody wanted, in the order of the ledger.
    pub refused: Vec<Signed<RefusedProposal>>,
    /// The question that each document is about, by the entry that took the document in.
    pub documents: BTreeMap<u64, QuestionId>,
    /// The last request for each open question.
    pub requests: BTreeMap<QuestionId, Signed<Request>>,
    /// Reports that were issued, in the order of the ledger.
    pub issued: Vec<Signed<Issued>>,
    /// When the questionnaire's text changed, and to which.
    pub texts: Vec<(u64, Hash)>,
}

/// Something recorded, with its entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed<T> {
    /// What was recorded.
    pub what: T,
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: PersonId,
}

/// A question's answer, with those before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Every response, in the order of the ledger and the names of today's text; nothing where it was taken back, or where the
    /// entry was redacted.
    pub history: Vec<Signed<Given>>,
    /// Whether it should be confirmed, because what decides whether it is asked changed since.
    pub confirm: bool,
}

impl Answer {
    /// Returns what was said last; nothing where it was taken back.
    #[must_use]
    pub fn last_said(&self) -> Option<Said> {
        let last = self.history.last()?.what.response.as_ref()?;
        Some(last.said.clone())
    }
}

/// An answer whose question the questionnaire no longer has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// What the question was called last.
    pub question: QuestionId,
    /// Its answer, with those before it.
    pub answer: Answer,
    /// What stood as the answer, in the names of the last text that asked it.
    pub said: Option<Said>,
    /// Whether a migration dropped it for good. Otherwise it stands again should a later text ask the question.
    pub dropped: bool,
}

/// A response as one entry gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The response; nothing where it was taken back.
    pub response: Option<Response>,
    /// Why it was recorded.
    pub why: Why,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// About what.
    pub about: Subject,
    /// The note.
    pub text: String,
    /// Whether reports to the customer may print it.
    pub public: bool,
}

/// An open question that was put to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Whom.
    pub of: PersonId,
    /// By when they are to say.
    pub by: Option<Day>,
    /// The day on which they were asked.
    pub asked_on: Day,
    /// The days on which they were reminded, in the order of the ledger.
    pub chased: Vec<Day>,
}

/// An open question that somebody is to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awaited<'a> {
    /// The place of the question.
    pub question: usize,
    /// Who is to say, where that was said.
    pub of: Option<&'a PersonId>,
    /// By when.
    pub by: Option<Day>,
    /// The day on which they were asked, where they were asked by a request.
    pub asked_on: Option<Day>,
    /// The days on which they were reminded.
    pub chased: &'a [Day],
}

/// A report that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// For whom.
    pub audience: String,
    /// The format.
    pub format: String,
    /// The version printed on it.
    pub version: u32,
    /// The SHA-256 of the file.
    pub digest: Hash,
    /// The sequence of the last entry that it was computed from.
    pub computed_from: u64,
}

/// How long a stop has been holding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StopLife {
    /// Since which entry it holds without a break; nothing while it does not hold.
    pub holds_since: Option<u64>,
    /// Who lifted it since then, and why.
    pub resumed: Option<Signed<String>>,
}

impl StopLife {
    /// Returns whether the stop holds and nobody lifted it since it last began to.
    #[must_use]
    pub fn stops(&self) -> bool {
        self.holds_since.is_some() && self.resumed.is_none()
    }
}

/// Why a ledger cannot be replayed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayFault {
    /// A pinned questionnaire is missing from the store.
    #[error("entry {seq}: the questionnaire text {text} that it names is missing")]
    MissingText {
        /// The entry.
        seq: u64,
        /// The text's hash.
        text: Hash,
    },
    /// An entry belongs to an assessment that was not begun.
    #[error("entry {seq}: no assessment under `{questionnaire}` was begun before it")]
    NotOpened {
        /// The entry.
        seq: u64,
        /// The questionnaire.
        questionnaire: QuestionnaireId,
    },
}

/// How many days at most are looked at one by one between two entries; beyond, only the last one is.
const DAY_STEPS: i64 = 3_660;

impl Book {
    /// Begins with nothing but the customer's id, on `today`.
    #[must_use]
    pub fn new(customer: CustomerId, today: Day) -> Self {
        Self {
            customer: Customer::new(customer),
            assessments: BTreeMap::new(),
            milestones: Vec::new(),
            phases: Vec::new(),
            began: None,
            portal: None,
            evidence: Vec::new(),
            holes: Vec::new(),
            seq: 0,
            head: None,
            at: None,
            today,
        }
    }

    /// Replays `entries` and brings everything to `today`.
    ///
    /// # Errors
    /// The first entry that names a missing text or an assessment that was not begun.
    pub fn replay(
        customer: &CustomerId,
        entries: &[Entry],
        texts: &Texts,
        today: Day,
    ) -> Result<Self, ReplayFault> {
        let corrections = Corrections::of(entries, texts);
        let first = entries.first().map(|entry| entry.header.at);
        let mut book = Self::new(
            customer.clone(),
            first.map_or(today, |at| at.day_in(chrono_tz::UTC)),
        );
        for entry in entries {
            book.take(entry, texts, &corrections)?;
        }
        book.pass_to(today);
        Ok(book)
    }

    /// Replays `entries` once, and returns what they come to at each of `points`: after an entry, on a day. Points are in the order
    /// of their entries. What a later one of `entries` corrects counts as corrected at every point; that is how points of one
    /// ledger are compared, and how an earlier one differs from what a replay of its prefix shows.
    ///
    /// # Errors
    /// As [`replay`](Self::replay).
    pub fn at_points(
        customer: &CustomerId,
        entries: &[Entry],
        texts: &Texts,
        points: &[(u64, Day)],
    ) -> Result<Vec<Self>, ReplayFault> {
        let corrections = Corrections::of(entries, texts);
        let first = entries
            .first()
            .map(|entry| entry.header.at.day_in(chrono_tz::UTC));
        let day = first
            .or(points.first().map(|(_, day)| *day))
            .unwrap_or_default();
        let mut book = Self::new(customer.clone(), day);
        let mut books = Vec::with_capacity(points.len());
        let mut left = entries.iter().peekable();
        for (seq, day) in points {
            while let Some(entry) = left.next_if(|entry| entry.header.seq <= *seq) {
                book.take(entry, texts, &corrections)?;
            }
            let mut then = book.clone();
            then.pass_to(book.today.max(*day));
            books.push(then);
        }
        Ok(books)
    }

    /// As [`replay`](Self::replay), and shows the book to `watch` whenever a later day is about to be reached, the last time just
    /// before `today`. The second argument is that later day, up to which the watcher may let time pass.
    ///
    /// # Errors
    /// As [`replay`](Self::replay).
    pub fn replay_watched(
        customer: &CustomerId,
        entries: &[Entry],
        texts: &Texts,
        today: Day,
        watch: &mut dyn FnMut(&mut Self, Day),
    ) -> Result<Self, ReplayFault> {
        let corrections = Corrections::of(entries, texts);
        let first = entries.first().map(|entry| entry.header.at);
        let first = first.map_or(today, |at| at.day_in(chrono_tz::UTC));
        let mut book = Self::new(customer.clone(), first);
        for entry in entries {
            let day = entry.header.at.day_in(book.customer.time_zone);
            if day > book.today {
                watch(&mut book, day);
            }
            book.take(entry, texts, &corrections)?;
        }
        if today > book.today {
            watch(&mut book, today);
        }
        book.pass_to(today);
        Ok(book)
    }

    /// Returns the phase and the day on which it began; the first begins with the ledger.
    #[must_use]
    pub fn phase(&self) -> (Phase, Option<Day>) {
        match self.phases.last() {
            Some(last) => (last.what.to, Some(last.what.on)),
            None => (
                Phase::default(),
                self.began.map(|at| at.day_in(self.customer.time_zone)),
            ),
        }
    }

    /// Returns the day by which readiness is to be looked at again: so many days after the last milestone, or after the last step
    /// to a phase in which the service runs; nothing while it does not.
    #[must_use]
    pub fn review_due(&self) -> Option<Day> {
        let (phase, since) = self.phase();
        let since = since.filter(|_| phase.runs())?;
        let zone = self.customer.time_zone;
        let last = self.milestones.last().map(|one| one.at.day_in(zone));
        let days = self.customer.review_every.map_or(REVIEW_EVERY, Days::count);
        last.map_or(since, |last| last.max(since))
            .checked_add_days(chrono::Days::new(u64::from(days)))
    }

    /// Takes in an entry that follows the last, recorded on the day the book stands at or later.
    ///
    /// Returns what changed in the assessment that the entry belongs to, or nothing where the entry corrects an earlier one: the
    /// past is then another, and the ledger has to be replayed.
    ///
    /// # Errors
    /// When the entry names a missing text or an assessment that was not begun.
    pub fn advance(
        &mut self,
        entry: &Entry,
        texts: &Texts,
    ) -> Result<Option<Changes>, ReplayFault> {
        if matches!(
            entry.fact,
            Some(
                Fact::Answered {
                    why: Why::Corrected,
                    ..
                } | Fact::Redacted { .. }
            )
        ) {
            return Ok(None);
        }
        self.take(entry, texts, &Corrections::default()).map(Some)
    }

    /// Returns what the assessment under `id` would come to if it went on under another text today; nothing where there is none.
    #[must_use]
    pub fn under(
        &self,
        id: &QuestionnaireId,
        questionnaire: Arc<Questionnaire>,
    ) -> Option<Assessment> {
        let mut assessment = self.assessments.get(id)?.clone();
        let text = questionnaire.hash;
        let none = Corrections::default();
        assessment.change_text(self.seq + 1, text, questionnaire, &self.customer, &none);
        Some(assessment)
    }

    /// Moves everything to `today`, day by day where something depends on the day.
    pub fn pass_to(&mut self, today: Day) {
        for assessment in self.assessments.values_mut() {
            assessment.pass_to(self.seq, self.today, today);
        }
        self.today = today;
    }

    fn take(
        &mut self,
        entry: &Entry,
        texts: &Texts,
        corrections: &Corrections,
    ) -> Result<Changes, ReplayFault> {
        let seq = entry.header.seq;
        let day = entry.header.at.day_in(self.customer.time_zone);
        if day > self.today {
            self.pass_to(day);
        }
        self.seq = seq;
        self.head = Some(entry.hash);
        self.at = Some(entry.header.at);
        self.began = self.began.or(self.at);
        match &entry.fact {
            None => {
                self.holes.push(Hole {
                    seq,
                    kind: entry.header.kind.clone(),
                    reason: String::new(),
                    by: entry.header.by.clone(),
                });
                Ok(Changes::default())
            }
            Some(fact) => self.take_fact(entry, fact, texts, corrections),
        }
    }

    fn take_fact(
        &mut self,
        entry: &Entry,
        fact: &Fact,
        texts: &Texts,
        corrections: &Corrections,
    ) -> Result<Changes, ReplayFault> {
        match fact {
            Fact::CustomerChanged { changes } => {
                for change in changes {
                    self.customer.apply(change);
                }
                for assessment in self.assessments.values_mut() {
                    assessment.customer.clone_from(&self.customer);
                    assessment.keep_response_dates();
                    let changes = assessment.evaluation.set_customer(&self.customer);
                    assessment.follow(entry.header.seq, &changes);
                }
            }
            Fact::Opened {
                questionnaire,
                text,
            } => {
                let assessment = self.open(entry, *text, texts)?;
                self.assessments.insert(questionnaire.clone(), assessment);
            }
            Fact::PortalStatus(status) => self.portal = Some(status.clone()),
            Fact::EvidenceAdded(exhibit) => self.hold(entry, exhibit),
            Fact::EvidenceWithdrawn { entry: of, reason } => {
                let mut held = self.evidence.iter_mut();
                if let Some(held) = held.find(|held| held.exhibit.seq == *of) {
                    held.withdrawn = Some(sign(entry, reason.clone()));
                }
            }
            Fact::PhaseChanged(change) => self.phases.push(sign(entry, change.clone())),
            Fact::Milestone { name, note } => self.milestones.push(Milestone {
                name: name.clone(),
                note: note.clone(),
                seq: entry.header.seq,
                at: entry.header.at,
                by: entry.header.by.clone(),
            }),
            Fact::Redacted {
                entry: hole,
                reason,
            } => {
                for hole in self.holes.iter_mut().filter(|known| known.seq == *hole) {
                    hole.reason.clone_from(reason);
                    hole.by = entry.header.by.clone();
                }
            }
            _ => return self.take_assessed(entry, fact, texts, corrections),
        }
        Ok(Changes::default())
    }

    /// Returns the entry that keeps the document of an approval, unless it was withdrawn.
    #[must_use]
    pub fn approval(&self, file: Hash) -> Option<u64> {
        let mut held = self.evidence.iter();
        let held = held.find(|held| {
            let exhibit = &held.exhibit.what;
            exhibit.matter == Matter::Approval && exhibit.file == file && held.withdrawn.is_none()
        });
        held.map(|held| held.exhibit.seq)
    }

    /// Takes in a file as evidence; a document stands by its question, under whatever name that goes later.
    fn hold(&mut self, entry: &Entry, exhibit: &Exhibit) {
        if let Matter::Document {
            questionnaire,
            question,
        } = &exhibit.matter
            && let Some(assessment) = self.assessments.get_mut(questionnaire)
        {
            assessment
                .documents
                .insert(entry.header.seq, question.clone());
        }
        self.evidence.push(Held {
            exhibit: sign(entry, exhibit.clone()),
            withdrawn: None,
        });
    }

    fn open(&self, entry: &Entry, text: Hash, texts: &Texts) -> Result<Assessment, ReplayFault> {
        let questionnaire = text_of(entry, text, texts)?;
        let evaluation = Evaluation::new(questionnaire, &self.customer, self.today);
        Ok(Assessment::new(entry, evaluation, text, &self.customer))
    }

    /// Takes in a fact that belongs to an assessment.
    fn take_assessed(
        &mut self,
        entry: &Entry,
        fact: &Fact,
        texts: &Texts,
        corrections: &Corrections,
    ) -> Result<Changes, ReplayFault> {
        let Some(assessment) = fact
            .questionnaire()
            .and_then(|id| self.assessments.get_mut(id))
        else {
            return match fact.questionnaire() {
                Some(questionnaire) => Err(ReplayFault::NotOpened {
                    seq: entry.header.seq,
                    questionnaire: questionnaire.clone(),
                }),
                None => Ok(Changes::default()),
            };
        };
        if let Fact::QuestionnaireChanged { text, .. } = fact {
            let questionnaire = text_of(entry, *text, texts)?;
            let seq = entry.header.seq;
            assessment.change_text(seq, *text, questionnaire, &self.customer, corrections);
            return Ok(Changes::default());
        }
        Ok(assessment.take(entry, fact, corrections))
    }
}

/// Finds the questionnaire that an entry names.
fn text_of(entry: &Entry, text: Hash, texts: &Texts) -> Result<Arc<Questionnaire>, ReplayFault> {
    texts.get(&text).cloned().ok_or(ReplayFault::MissingText {
        seq: entry.header.seq,
        text,
    })
}

impl Assessment {
    fn new(entry: &Entry, evaluation: Evaluation, text: Hash, customer: &Customer) -> Self {
        let stops = vec![StopLife::default(); evaluation.questionnaire().stops.len()];
        let mut assessment = Self {
            opened: entry.header.at,
            evaluation,
            customer: customer.clone(),
            answers: BTreeMap::new(),
            gone: Vec::new(),
            lives: Lives::new(),
            advice: BTreeMap::new(),
            responses: BTreeMap::new(),
            figures: Vec::new(),
            stops,
            overrides: Vec::new(),
            remarks: BTreeMap::new(),
            notes: Vec::new(),
            refused: Vec::new(),
            documents: BTreeMap::new(),
            requests: BTreeMap::new(),
            issued: Vec::new(),
            texts: vec![(entry.header.seq, text)],
        };
        assessment.follow_all(entry.header.seq);
        assessment
    }

    /// Returns the questionnaire.
    #[must_use]
    pub fn questionnaire(&self) -> &Arc<Questionnaire> {
        self.evaluation.questionnaire()
    }

    /// Returns the answer that stands for the question at `place`; nothing where none was given or it was taken back.
    #[must_use]
    pub fn response(&self, place: usize) -> Option<&Signed<Given>> {
        let id = &self.questionnaire().questions[place].id;
        let last = self.answers.get(id)?.history.last()?;
        last.what.response.is_some().then_some(last)
    }

    /// Returns the entry that last said anything about the question called `id`.
    #[must_use]
    pub fn last_entry(&self, id: &QuestionId) -> Option<u64> {
        self.answers
            .get(id)?
            .history
            .last()
            .map(|signed| signed.seq)
    }

    /// Returns whether the answer to the question at `place` should be looked at again: said longer ago than its question allows.
    #[must_use]
    pub fn is_stale(&self, place: usize, today: Day) -> bool {
        self.stale_from(place).is_some_and(|day| today >= day)
    }

    /// Returns the first day on which the answer to the question at `place` should be looked at again.
    #[must_use]
    pub fn stale_from(&self, place: usize) -> Option<Day> {
        let recheck = self.questionnaire().recheck_after(place)?;
        let response = self.response(place)?.what.response.as_ref()?;
        recheck.after(response.said_on).succ_opt()
    }

    /// Returns who is to answer the open question at `place`, and by when, where somebody was asked.
    #[must_use]
    pub fn waits_for(&self, place: usize) -> Option<(Option<&PersonId>, Option<Day>)> {
        let id = &self.questionnaire().questions[place].id;
        let request = self.requests.get(id);
        let later = |request: &&Signed<Request>| Some(request.seq) > self.last_entry(id);
        match (self.evaluation.said(place), request.filter(later)) {
            (Some(Said::Unknown(Unknown::WillFindOut { asked, by })), None) => {
                Some((asked.as_ref(), *by))
            }
            _ => request.map(|request| (Some(&request.what.of), request.what.by)),
        }
    }

    /// Returns the open questions that somebody is to answer, in the order of the questionnaire.
    #[must_use]
    pub fn awaited(&self) -> Vec<Awaited<'_>> {
        let questions = self.questionnaire().questions.iter().enumerate();
        let open = questions.filter(|(place, _)| {
            self.evaluation.asked(*place).yes() && self.evaluation.is_open(*place)
        });
        open.filter_map(|(place, question)| {
            let (of, by) = self.waits_for(place)?;
            let request = self.requests.get(&question.id);
            let request = request.filter(|request| Some(&request.what.of) == of);
            Some(Awaited {
                question: place,
                of,
                by,
                asked_on: request.map(|request| request.what.asked_on),
                chased: request.map_or(&[], |request| &request.what.chased),
            })
        })
        .collect()
    }

    /// Takes in what would be said to the question at `place`, with everything that follows, and without an entry.
    pub fn suppose(&mut self, place: usize, said: Said) {
        let last = self.texts.last().map_or(0, |(seq, _)| *seq);
        let changes = self.evaluation.set(place, Some(said));
        self.follow(last, &changes);
    }

    fn take(&mut self, entry: &Entry, fact: &Fact, corrections: &Corrections) -> Changes {
        let seq = entry.header.seq;
        match fact {
            Fact::Answered {
                question,
                response,
                why,
                ..
            } => {
                let given = Given {
                    response: Some(response.clone()),
                    why: *why,
                };
                self.record(question, sign(entry, given));
                if corrections.corrects(seq) {
                    return Changes::default();
                }
                let said = match corrections.replaced(seq, question) {
                    Some(corrected) => corrected.clone(),
                    None => Some(response.said.clone()),
                };
                return self.say(seq, question, said);
            }
            Fact::Withdrawn { question, .. } => {
                let given = Given {
                    response: None,
                    why: Why::Changed,
                };
                self.record(question, sign(entry, given));
                if corrections.corrects(seq) {
                    return Changes::default();
                }
                return self.say(seq, question, None);
            }
            Fact::Requested {
                question,
                of,
                by,
                chased,
                ..
            } => self.request(entry, question, of, *by, *chased),
            Fact::Decided { decision, .. } => self.decide(entry, decision),
            Fact::Noted {
                about,
                text,
                public,
                ..
            } => self.notes.push(sign(
                entry,
                Note {
                    about: about.clone(),
                    text: text.clone(),
                    public: *public,
                },
            )),
            Fact::Remarked { about, text, .. } if text.trim().is_empty() => {
                self.remarks.remove(about);
            }
            Fact::Remarked { about, text, .. } => {
                self.remarks
                    .insert(about.clone(), sign(entry, text.clone()));
            }
            Fact::Advised { number, advice, .. } => {
                let key = advice::key(*number);
                self.give(
                    &key,
                    Origin::Advice,
                    advice.on,
                    advice.severity,
                    advice.need,
                );
                self.advice.insert(key, sign(entry, advice.clone()));
            }
            Fact::ManagedResponse { recorded, .. } => self.respond(entry, recorded),
            Fact::StopResumed { stop, reason, .. } => {
                let places = self.questionnaire().stops.iter();
                let place = { places }.position(|rule| rule.id == *stop);
                if let Some(place) = place {
                    self.stops[place].resumed = Some(sign(entry, reason.clone()));
                }
            }
            Fact::ReportIssued {
                audience,
                format,
                version,
                digest,
                computed_from,
                ..
            } => self.issued.push(sign(
                entry,
                Issued {
                    audience: audience.clone(),
                    format: format.clone(),
                    version: *version,
                    digest: *digest,
                    computed_from: *computed_from,
                },
            )),
            Fact::CustomerChanged { .. }
            | Fact::Opened { .. }
            | Fact::EvidenceAdded(_)
            | Fact::EvidenceWithdrawn { .. }
            | Fact::PortalStatus(_)
            | Fact::Milestone { .. }
            | Fact::PhaseChanged(_)
            | Fact::QuestionnaireChanged { .. }
            | Fact::Redacted { .. } => {}
        }
        Changes::default()
    }

    /// Takes in that an open question was put to a person, or that they were reminded of it.
    fn request(
        &mut self,
        entry: &Entry,
        question: &QuestionId,
        of: &PersonId,
        by: Option<Day>,
        chased: Option<Day>,
    ) {
        let before = self.requests.get(question);
        let before = before.filter(|before| before.what.of == *of && chased.is_some());
        let (asked_on, mut days) = match before {
            Some(before) => (before.what.asked_on, before.what.chased.clone()),
            None => (self.evaluation.day(), Vec::new()),
        };
        days.extend(chased);
        let request = Request {
            of: of.clone(),
            by,
            asked_on,
            chased: days,
        };
        self.requests.insert(question.clone(), sign(entry, request));
    }

    /// Adds to the history of a question's answers.
    fn record(&mut self, question: &QuestionId, given: Signed<Given>) {
        let answer = self.answers.entry(question.clone()).or_insert(Answer {
            history: Vec::new(),
            confirm: false,
        });
        answer.history.push(given);
        answer.confirm = false;
    }

    /// Takes in what was said to a question, and follows what that changes. A question that is gone keeps its history only.
    fn say(&mut self, seq: u64, question: &QuestionId, said: Option<Said>) -> Changes {
        let Some(place) = self.questionnaire().question(question) else {
            return Changes::default();
        };
        let changes = self.evaluation.set(place, said);
        self.follow(seq, &changes);
        changes
    }

    /// Moves the findings and stops along with what changed at the entry `seq`.
    fn follow(&mut self, seq: u64, changes: &Changes) {
        for place in &changes.findings {
            self.follow_finding(*place);
        }
        for place in &changes.stops {
            self.follow_stop(seq, *place);
        }
        let questionnaire = Arc::clone(self.questionnaire());
        for place in &changes.reopened {
            if let Some(answer) = self.answers.get_mut(&questionnaire.questions[*place].id) {
                answer.confirm = true;
            }
        }
    }

    fn follow_all(&mut self, seq: u64) {
        for place in 0..self.questionnaire().findings.len() {
            self.follow_finding(place);
        }
        for place in 0..self.questionnaire().stops.len() {
            self.follow_stop(seq, place);
        }
    }

    fn follow_stop(&mut self, seq: u64, place: usize) {
        let holds = self.evaluation.stop(place).is_true();
        let life = &mut self.stops[place];
        match (holds, life.holds_since) {
            (true, None) => {
                *life = StopLife {
                    holds_since: Some(seq),
                    resumed: None,
                }
            }
            (false, Some(_)) => *life = StopLife::default(),
            _ => {}
        }
    }

    fn follow_finding(&mut self, place: usize) {
        let day = self.evaluation.day();
        let questionnaire = Arc::clone(self.questionnaire());
        let id = &questionnaire.findings[place].id;
        let acts = questionnaire.acts(place);
        let raised = self.evaluation.raised(place);
        for (row, raising) in &raised.rows {
            let key = FindingKey {
                id: id.clone(),
                row: row.clone(),
            };
            let life = self.lives.entry(key);
            let life = life
                .and_modify(|life| life.raise(day, raising))
                .or_insert_with(|| Life::begin(day, raising));
            life.acts = acts;
            life.freeze(&self.customer);
            life.hand_on(day);
        }
        let first = FindingKey {
            id: id.clone(),
            row: None,
        };
        let fallen = self
            .lives
            .range_mut(first..)
            .take_while(|(key, _)| key.id == *id)
            .filter(|(key, _)| !raised.rows.contains_key(&key.row));
        for (key, life) in fallen {
            let states: Vec<_> = life
                .causes
                .iter()
                .map(|cause| self.evaluation.cause(place, *cause, key.row.as_deref()))
                .collect();
            life.fall(day, &states);
            life.freeze(&self.customer);
            life.hand_on(day);
        }
    }

    /// Takes in a finding that no answer raises, seen on the day `on`, or today should that lie ahead.
    fn give(
        &mut self,
        key: &FindingKey,
        origin: Origin,
        on: Day,
        severity: Severity,
        need: Need,
    ) -> &mut Life {
        let day = self.evaluation.day();
        let life = self.lives.entry(key.clone());
        let life = life.or_insert_with(|| Life::given(origin, on.min(day), severity, need));
        life.severity = severity;
        life.need = need;
        life.hand_on(life.first_seen);
        life
    }

    /// Takes in how a managed response stands: its finding follows its status.
    fn respond(&mut self, entry: &Entry, recorded: &Responded) {
        let (number, response) = match recorded {
            Responded::Figures(figures) => return self.figures.push(sign(entry, figures.clone())),
            Responded::Incident { number, response } => (*number, response),
        };
        let (zone, today) = (self.customer.time_zone, self.evaluation.day());
        let customer = self.customer.clone();
        let (key, severity) = (managed_response::key(number), response.severity);
        let asked = response.asked_at.day_in(zone);
        let over = response.over_at().map_or(today, |at| at.day_in(zone));
        let over = over.clamp(asked.min(today), today);
        let life = self.give(
            &key,
            Origin::ManagedResponse,
            asked,
            severity,
            Need::Improvement,
        );
        life.answered(today, over, response.status());
        life.respond_by =
            (response.due_at(&customer.due_policy.response)).map(|at| at.day_in(zone));
        life.freeze(&customer);
        life.hand_on(today);
        self.responses.insert(key, sign(entry, response.clone()));
    }

    /// Gives managed responses that are not over the date of today's policy.
    fn keep_response_dates(&mut self) {
        let (policy, zone) = (&self.customer.due_policy.response, self.customer.time_zone);
        for (key, response) in &self.responses {
            if let Some(life) = self.lives.get_mut(key).filter(|life| life.is_present()) {
                let due = response.what.due_at(policy);
                life.respond_by = due.map(|at| at.day_in(zone));
            }
        }
    }

    fn decide(&mut self, entry: &Entry, decision: &Decision) {
        match decision {
            Decision::Start(start) => self.overrides.push(sign(entry, start.clone())),
            Decision::Proposal(refused) => self.refused.push(sign(entry, refused.clone())),
            Decision::Finding(decision) => {
                let on = self.evaluation.day();
                if let Some(life) = self.lives.get_mut(&decision.finding) {
                    let decided = Decided {
                        seq: entry.header.seq,
                        at: entry.header.at,
                        on,
                        by: entry.header.by.clone(),
                        action: decision.action.clone(),
                    };
                    life.decide(decided, decision);
                    life.freeze(&self.customer);
                    life.hand_on(on);
                }
            }
        }
    }

    /// Moves to `today`, looking at each day between where something depends on the day.
    fn pass_to(&mut self, seq: u64, from: Day, today: Day) {
        let forward = (today - from).num_days();
        if self.evaluation.depends_on_day() && (1..=DAY_STEPS).contains(&forward) {
            for day in from.iter_days().skip(1).take_while(|day| *day < today) {
                let changes = self.evaluation.set_day(day);
                self.follow(seq, &changes);
            }
        }
        let changes = self.evaluation.set_day(today);
        self.follow(seq, &changes);
    }
}

/// Puts an entry's seal on something.
fn sign<T>(entry: &Entry, what: T) -> Signed<T> {
    Signed {
        what,
        seq: entry.header.seq,
        at: entry.header.at,
        by: entry.header.by.clone(),
    }
}
