//! A customer at hand: the ledger, what it comes to, and how to add to it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::Arc;

use crate::actions::failure::Failure;
use crate::actions::summary::summary_rows;
use crate::actions::{Workspace, prefix};
use crate::catalog::library::from_pinned;
use crate::domain::assessment::{Assessment, Book, Texts};
use crate::domain::decision::Decision;
use crate::domain::evaluation::Changes;
use crate::domain::id::{FindingKey, Hash, MilestoneId, PersonId, QuestionId, QuestionnaireId};
use crate::domain::ledger::{Entry, Fact, Responded, Subject};
use crate::domain::migration::Passages;
use crate::domain::questionnaire::{Question, Questionnaire};
use crate::domain::time::{Day, Instant};
use crate::domain::{advice, managed_response, phrases, words};
use crate::markdown::inert_line;
use crate::problem::{Problem, Problems};
use crate::store::{Ledger, Text};

/// How many letters of a remark are shown beside another.
const SHOWN: usize = 200;

/// A point to look back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// After the entry with this sequence.
    Sequence(u64),
    /// At the end of that day where the customer is; *today* is then that day.
    Day(Day),
    /// At the milestone of that name.
    Milestone(MilestoneId),
}

impl FromStr for AsOf {
    type Err = crate::domain::id::IdFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(seq) = text.parse() {
            return Ok(Self::Sequence(seq));
        }
        if let Ok(day) = text.parse() {
            return Ok(Self::Day(day));
        }
        text.parse().map(Self::Milestone)
    }
}

/// A customer at hand.
#[derive(Clone, Debug)]
pub struct Case {
    /// The ledger, whole.
    pub ledger: Ledger,
    /// The pinned questionnaires that it names.
    pub texts: Texts,
    /// What it comes to, now or at the point asked for.
    pub book: Book,
    /// Whether this looks back: nothing can be added then.
    pub looks_back: bool,
}

/// A fact to record, and what it is based on.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The fact.
    pub fact: Fact,
    /// What it is about, with the last entry about it that its author had seen (0: none); nothing where no other entry can be in
    /// its way.
    pub based_on: Option<(About, u64)>,
}

/// What entries can be in each other's way about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// The answer to a question.
    Question(QuestionnaireId, QuestionId),
    /// A decision about a finding.
    Finding(QuestionnaireId, FindingKey),
    /// Who was asked for an open answer; the answer itself is in the way of that, too.
    Request(QuestionnaireId, QuestionId),
    /// The manager's own words about something.
    Remark(QuestionnaireId, Subject),
}

impl Draft {
    /// Makes a draft of a fact that no other can be in the way of.
    #[must_use]
    pub fn free(fact: Fact) -> Self {
        Self {
            fact,
            based_on: None,
        }
    }

    /// Makes a draft of a fact based on what `assessment` shows.
    #[must_use]
    pub fn based_on(fact: Fact, assessment: &Assessment) -> Self {
        let about = About::of(&fact);
        let seen = about.as_ref().map_or(0, |about| about.last(assessment));
        Self {
            fact,
            based_on: about.map(|about| (about, seen)),
        }
    }
}

impl About {
    /// Returns what a fact is about, where others can be in its way.
    #[must_use]
    pub fn of(fact: &Fact) -> Option<Self> {
        match fact {
            Fact::Answered {
                questionnaire,
                question,
                ..
            }
            | Fact::Withdrawn {
                questionnaire,
                question,
                ..
            } => Some(Self::Question(questionnaire.clone(), question.clone())),
            Fact::Decided {
                questionnaire,
                decision: Decision::Finding(decision),
            } => Some(Self::Finding(
                questionnaire.clone(),
                decision.finding.clone(),
            )),
            Fact::Advised {
                questionnaire,
                number,
                ..
            } => Some(Self::Finding(questionnaire.clone(), advice::key(*number))),
            Fact::ManagedResponse {
                questionnaire,
                recorded: Responded::Incident { number, .. },
            } => Some(Self::Finding(
                questionnaire.clone(),
                managed_response::key(*number),
            )),
            Fact::Requested {
                questionnaire,
                question,
                ..
            } => Some(Self::Request(questionnaire.clone(), question.clone())),
            Fact::Remarked {
                questionnaire,
                about,
                ..
            } => Some(Self::Remark(questionnaire.clone(), about.clone())),
            _ => None,
        }
    }

    fn questionnaire(&self) -> &QuestionnaireId {
        match self {
            Self::Question(id, _)
            | Self::Finding(id, _)
            | Self::Request(id, _)
            | Self::Remark(id, _) => id,
        }
    }

    /// Returns whether an entry about `other` that came in between is in the way of one about this.
    fn minds(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Request(asked, of), Self::Question(answered, question)) => {
                asked == answered && of == question
            }
            _ => self == other,
        }
    }

    /// Returns the last entry about this that `assessment` shows, 0 for none.
    fn last(&self, assessment: &Assessment) -> u64 {
        match self {
            Self::Question(_, question) => assessment.last_entry(question),
            Self::Request(_, question) => assessment.requests.get(question).map(|one| one.seq),
            Self::Remark(_, about) => assessment.remarks.get(about).map(|one| one.seq),
            Self::Finding(_, key) => {
                let life = assessment.lives.get(key);
                let decided = life.and_then(|life| life.decisions.last());
                let advised = assessment.advice.get(key).map(|advice| advice.seq);
                let responded = assessment.responses.get(key).map(|response| response.seq);
                decided
                    .map(|decided| decided.seq)
                    .max(advised)
                    .max(responded)
            }
        }
        .unwrap_or(0)
    }
}

impl Case {
    /// Replays a ledger, now or as of a point; questionnaires among `known` are not read again.
    ///
    /// # Errors
    /// When the point is not in the ledger, or a questionnaire that it names is missing or cannot be read.
    pub(crate) async fn load(
        workspace: &Workspace,
        ledger: Ledger,
        as_of: Option<&AsOf>,
        known: Texts,
    ) -> Result<Self, Failure> {
        let texts = load_texts(workspace, &ledger.entries, known).await?;
        let now = workspace.clock.now();
        let mut case = Self {
            book: Book::new(ledger.customer.clone(), now.day_in(chrono_tz::UTC)),
            ledger,
            texts,
            looks_back: as_of.is_some(),
        };
        let (seq, day) = match as_of {
            None => (u64::MAX, None),
            Some(as_of) => case.point(as_of)?,
        };
        case.book = case.replay(prefix(&case.ledger.entries, seq), now, day)?;
        Ok(case)
    }

    /// Replays `entries`; `day` is the day for which everything is to hold, else it is the day of `now` where the customer is.
    fn replay(&self, entries: &[Entry], now: Instant, day: Option<Day>) -> Result<Book, Failure> {
        let replayed = |today| {
            Book::replay(&self.ledger.customer, entries, &self.texts, today).map_err(|fault| {
                Failure::failed(
                    Problem::error(fault.to_string())
                        .help("check the store with `readiness verify`, or restore a backup"),
                )
            })
        };
        let mut book = replayed(day.unwrap_or_else(|| now.day_in(self.time_zone(entries))))?;
        // The clock may have been set back since the last entry: its day is then today.
        if day.is_none()
            && let Some(at) = book.at
        {
            let last = at.day_in(book.customer.time_zone);
            if last > book.today {
                book.pass_to(last);
            }
        }
        Ok(book)
    }

    /// Returns the customer's time zone as the last of `entries` to speak of it has it.
    fn time_zone(&self, entries: &[Entry]) -> chrono_tz::Tz {
        use crate::domain::customer::CustomerChange;
        entries
            .iter()
            .rev()
            .filter_map(|entry| match &entry.fact {
                Some(Fact::CustomerChanged { changes }) => Some(changes),
                _ => None,
            })
            .flat_map(|changes| changes.iter().rev())
            .find_map(|change| match change {
                CustomerChange::TimeZone(zone) => Some(*zone),
                _ => None,
            })
            .unwrap_or(chrono_tz::UTC)
    }

    /// Returns the last entry and the day of a point.
    pub(crate) fn point(&self, as_of: &AsOf) -> Result<(u64, Option<Day>), Failure> {
        let entries = &self.ledger.entries;
        let zone = self.time_zone(entries);
        let seq = match as_of {
            AsOf::Sequence(seq) => *seq,
            AsOf::Milestone(name) => self.milestone(name)?,
            AsOf::Day(day) => {
                let end = Instant::end_of(*day, zone);
                let end =
                    entries.partition_point(|entry| end.is_none_or(|end| entry.header.at <= end));
                let Some(last) = end.checked_sub(1).map(|last| &entries[last]) else {
                    return Err(self.nothing_before(&words::day(*day)));
                };
                return Ok((last.header.seq, Some(*day)));
            }
        };
        match entries.iter().find(|entry| entry.header.seq == seq) {
            Some(entry) => Ok((seq, Some(entry.header.at.day_in(zone)))),
            None => Err(Failure::usage(
                Problem::error(format!(
                    "the ledger of `{}` has no entry {seq}",
                    self.ledger.customer
                ))
                .help(format!("name one from 1 to {}", self.ledger.seq())),
            )),
        }
    }

    fn nothing_before(&self, when: &str) -> Failure {
        let first = self.ledger.entries.first();
        Failure::usage(
            Problem::error(format!(
                "nothing was recorded of `{}` by the end of {when}",
                self.ledger.customer
            ))
            .help(first.map_or_else(String::new, |first| {
                format!(
                    "the first entry is of {}",
                    words::day(first.header.at.day_in(chrono_tz::UTC))
                )
            })),
        )
    }

    /// Returns the entry of a milestone; of several with one name the last.
    fn milestone(&self, wanted: &MilestoneId) -> Result<u64, Failure> {
        let mut known = BTreeSet::new();
        let mut found = None;
        for entry in &self.ledger.entries {
            if let Some(Fact::Milestone { name, .. }) = &entry.fact {
                known.insert(name.as_str());
                if name == wanted {
                    found = Some(entry.header.seq);
                }
            }
        }
        found.ok_or_else(|| {
            let problem = Problem::error(format!("there is no milestone `{wanted}`"));
            let known: Vec<&str> = known.into_iter().collect();
            Failure::usage(if known.is_empty() {
                problem.help("set one with `readiness milestone CUSTOMER NAME`, or give a date or a sequence")
            } else {
                problem.help(format!("there are: {}", known.join(", ")))
            })
        })
    }

    /// Returns the assessment under `questionnaire`, or the only one.
    ///
    /// # Errors
    /// When there is none, or none was named and there are several.
    pub fn assessment(
        &self,
        questionnaire: Option<&QuestionnaireId>,
    ) -> Result<(&QuestionnaireId, &Assessment), Failure> {
        let known = &self.book.assessments;
        let customer = &self.ledger.customer;
        let found = match questionnaire {
            Some(id) => known.get_key_value(id),
            None if known.len() > 1 => {
                let ids: Vec<&str> = known.keys().map(QuestionnaireId::as_str).collect();
                return Err(Failure::usage(
                    Problem::error(format!("`{customer}` has several assessments")).help(format!(
                        "name one with `--questionnaire`: {}",
                        ids.join(", ")
                    )),
                ));
            }
            None => known.first_key_value(),
        };
        found.ok_or_else(|| {
            let under = questionnaire.map_or_else(String::new, |id| format!(" under `{id}`"));
            Failure::usage(
                Problem::error(format!("`{customer}` has no assessment{under} yet"))
                    .help(format!("begin one with `readiness assess {customer}`")),
            )
        })
    }

    /// Records facts, all or none, durably, and brings the book up to date.
    ///
    /// Returns what each of the new entries changed; nothing of an entry that corrects an earlier one.
    ///
    /// # Errors
    /// When somebody else recorded something about the same question or finding since, showing both; or when the store fails.
    pub async fn record(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        drafts: Vec<Draft>,
    ) -> Result<Vec<Changes>, Failure> {
        self.record_with(workspace, by, drafts, &[]).await
    }

    /// As [`record`](Self::record), with texts or files that the facts name.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    pub async fn record_with(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        drafts: Vec<Draft>,
        files: &[Text],
    ) -> Result<Vec<Changes>, Failure> {
        self.refuse_to_write_in_the_past()?;
        let now = workspace.clock.now();
        let customer = self.ledger.customer.clone();
        let texts = self.texts.clone();
        let seen = self.ledger.seq();
        // The book is moved along and not copied: what thousands of entries come to is large. Where this fails, it is replayed.
        let nothing = Book::new(customer.clone(), self.book.today);
        let book = RefCell::new(Some(std::mem::replace(&mut self.book, nothing)));
        let mut changed = Ok(Vec::new());
        let summarise = |ledger: &Ledger| {
            let (moved, changes) = move_on(book.take(), ledger, seen, &texts, now);
            changed = changes;
            let rows = moved.as_ref().map(|book| summary_rows(book, &customer));
            book.replace(moved);
            rows.unwrap_or_default()
        };
        let count = drafts.len();
        let facts = |ledger: &Ledger, newer: &[Entry]| {
            let book = book.borrow();
            let standing = Standing {
                book: book.as_ref(),
                ledger,
                newer,
                texts: &texts,
            };
            standing.check(&drafts, by, now)?;
            drop(book);
            Ok(drafts.into_iter().map(|draft| draft.fact).collect())
        };
        let recorded = workspace
            .store
            .append(&mut self.ledger, by, now, files, facts, summarise)
            .await;
        let untouched = self.ledger.seq() == seen;
        match (recorded, book.into_inner(), changed) {
            (Ok(_), Some(book), Ok(changes)) if count > 0 => {
                self.book = book;
                let others = changes.len().saturating_sub(count);
                Ok(changes.into_iter().skip(others).collect())
            }
            // Nothing to add, or what others added could not be followed without its texts.
            (Ok(_), ..) => {
                self.reload(workspace, now).await?;
                Ok(vec![Changes::default(); count])
            }
            (Err(error), Some(book), _) if untouched && book.seq == seen => {
                self.book = book;
                Err(error.into())
            }
            (Err(error), ..) => {
                self.reload(workspace, now).await?;
                Err(error.into())
            }
        }
    }

    /// Brings texts and book up to the end of the ledger.
    async fn reload(&mut self, workspace: &Workspace, now: Instant) -> Result<(), Failure> {
        self.texts = load_texts(workspace, &self.ledger.entries, self.texts.clone()).await?;
        self.book = self.replay(&self.ledger.entries, now, None)?;
        Ok(())
    }

    /// Returns the entries that the book was made from.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        prefix(&self.ledger.entries, self.book.seq)
    }

    /// Returns whether any of the customer's questionnaires has the question.
    #[must_use]
    pub fn asks(&self, question: &QuestionId) -> bool {
        let mut assessments = self.book.assessments.values();
        assessments.any(|assessment| assessment.questionnaire().question(question).is_some())
    }

    /// Refuses to write for whoever looks back.
    pub(crate) fn refuse_to_write_in_the_past(&self) -> Result<(), Failure> {
        if self.looks_back {
            return Err(Failure::usage(
                Problem::error("what lies in the past can be read and not changed")
                    .help("leave out `--as-of`"),
            ));
        }
        Ok(())
    }
}

/// Moves a book on to the end of `ledger`, entry by entry; where one corrects an earlier one, everything is replayed.
pub(crate) fn move_on(
    book: Option<Book>,
    ledger: &Ledger,
    seen: u64,
    texts: &Texts,
    now: Instant,
) -> (Option<Book>, Result<Vec<Changes>, Failure>) {
    let Some(mut book) = book else {
        return (None, Ok(Vec::new()));
    };
    let fault = |fault: crate::domain::assessment::ReplayFault| {
        Failure::failed(Problem::error(fault.to_string()))
    };
    let mut changes = Vec::new();
    let mut replay = false;
    let from = usize::try_from(seen).unwrap_or(usize::MAX);
    for entry in ledger.entries.iter().skip(from) {
        match book.advance(entry, texts) {
            Ok(change) => {
                replay |= change.is_none();
                changes.push(change.unwrap_or_default());
            }
            Err(error) => return (None, Err(fault(error))),
        }
    }
    let today = now.day_in(book.customer.time_zone).max(book.today);
    if replay {
        book = match Book::replay(&ledger.customer, &ledger.entries, texts, today) {
            Ok(book) => book,
            Err(error) => return (None, Err(fault(error))),
        };
    } else {
        book.pass_to(today);
    }
    (Some(book), Ok(changes))
}

/// How things stand when facts are about to be recorded.
struct Standing<'a> {
    /// What everything came to before others wrote, up to what their author had seen.
    book: Option<&'a Book>,
    /// The ledger as it is now.
    ledger: &'a Ledger,
    /// Of its entries those that others wrote since.
    newer: &'a [Entry],
    texts: &'a Texts,
}

impl Standing<'_> {
    /// Checks that nobody was quicker, and that what is decided can be decided still.
    fn check(&self, drafts: &[Draft], by: &PersonId, now: Instant) -> Result<(), Failure> {
        let changes = match self.newer {
            [] => None,
            [first, ..] => {
                let seen = first.header.seq - 1;
                if let Some(problem) = other_text(drafts, self.ledger, seen) {
                    return Err(Failure::failed(problem));
                }
                Some(Passages::of(&self.ledger.entries, self.texts))
            }
        };
        let mut problems = Vec::new();
        for (about, seen) in drafts.iter().filter_map(|draft| draft.based_on.as_ref()) {
            if let Some(newer) = self.quicker(about, *seen, changes.as_ref()) {
                problems.push(conflict(about, newer, drafts, self.ledger, self.texts));
            }
        }
        if problems.is_empty() && !self.newer.is_empty() {
            problems = self.outdated(drafts, by, now);
        }
        if problems.is_empty() {
            return Ok(());
        }
        Err(Failure::failed(Problems(problems)))
    }

    /// Returns the last entry about something, where it came after `seen`.
    fn quicker(&self, about: &About, seen: u64, changes: Option<&Passages<'_>>) -> Option<&Entry> {
        if let Some(changes) = changes {
            let newer = self.newer.iter().rev();
            let mut newer = newer.filter(|entry| entry.header.seq > seen);
            let found = newer
                .find(|entry| about_now(entry, changes).is_some_and(|other| about.minds(&other)));
            if found.is_some() {
                return found;
            }
        }
        let last = about.last(self.book?.assessments.get(about.questionnaire())?);
        let place = usize::try_from(last).ok()?.checked_sub(1)?;
        self.ledger.entries.get(place).filter(|_| last > seen)
    }

    /// Returns why decisions cannot be taken any more after what others wrote: a finding may be closed now, or have grown worse.
    fn outdated(&self, drafts: &[Draft], by: &PersonId, now: Instant) -> Vec<Problem> {
        let decisions = drafts.iter().filter_map(|draft| match &draft.fact {
            Fact::Decided {
                questionnaire,
                decision: Decision::Finding(decision),
            } => Some((questionnaire, decision)),
            _ => None,
        });
        let mut decisions = decisions.peekable();
        let Some(seen) = self.book.filter(|_| decisions.peek().is_some()) else {
            return Vec::new();
        };
        let (book, _) = move_on(Some(seen.clone()), self.ledger, seen.seq, self.texts, now);
        let Some(book) = book else {
            return Vec::new();
        };
        decisions
            .filter_map(|(id, decision)| {
                let life = book.assessments.get(id)?.lives.get(&decision.finding)?;
                let why = match life.allows(&decision.action, by, book.today) {
                    Err(refusal) => refusal.to_string(),
                    Ok(()) if life.severity > decision.severity || life.need > decision.need => {
                        "it grew worse than it was when this was decided".to_owned()
                    }
                    Ok(()) => return None,
                };
                let message = format!(
                    "`{}` is not as it was: others recorded something meanwhile, and {why}",
                    decision.finding
                );
                Some(Problem::error(message).help("look at it anew; nothing was recorded"))
            })
            .collect()
    }
}

/// Returns what an entry is about, as that is called now.
fn about_now(entry: &Entry, changes: &Passages<'_>) -> Option<About> {
    let name_now = |questionnaire: &QuestionnaireId, question: &QuestionId| {
        changes.name_now(questionnaire, question, entry.header.seq)
    };
    Some(match About::of(entry.fact.as_ref()?)? {
        About::Question(questionnaire, question) => {
            let now = name_now(&questionnaire, &question)?;
            About::Question(questionnaire, now)
        }
        About::Request(questionnaire, question) => {
            let now = name_now(&questionnaire, &question)?;
            About::Request(questionnaire, now)
        }
        About::Remark(questionnaire, Subject::Question(question)) => {
            let now = name_now(&questionnaire, &question)?;
            About::Remark(questionnaire, Subject::Question(now))
        }
        other => other,
    })
}

/// Refuses what names questions of a text that another replaced in the meantime.
fn other_text(drafts: &[Draft], ledger: &Ledger, seen: u64) -> Option<Problem> {
    let unseen = usize::try_from(seen).unwrap_or(usize::MAX);
    let named = drafts.iter().map(|draft| draft.fact.questionnaire());
    let questionnaires: BTreeSet<_> = named.flatten().collect();
    let changed = ledger.entries.iter().skip(unseen).find(|entry| {
        matches!(&entry.fact, Some(Fact::QuestionnaireChanged { questionnaire, .. })
            if questionnaires.contains(questionnaire))
    })?;
    let message = format!(
        "the questionnaire was changed by {} in the meantime (entry {})",
        changed.header.by, changed.header.seq
    );
    Some(Problem::error(message).help("look at it anew and say it again; nothing was recorded"))
}

/// Says who was quicker, and what both said.
fn conflict(
    about: &About,
    newer: &Entry,
    drafts: &[Draft],
    ledger: &Ledger,
    texts: &Texts,
) -> Problem {
    let ours = drafts
        .iter()
        .map(|draft| &draft.fact)
        .find(|fact| About::of(fact).as_ref() == Some(about));
    let questionnaire = questionnaire_of(about, ledger, texts);
    let question = match (about, &questionnaire) {
        (About::Question(_, id) | About::Request(_, id), Some(all)) => {
            all.question(id).map(|place| &all.questions[place])
        }
        _ => None,
    };
    let say = |fact: Option<&Fact>| {
        fact.map_or_else(|| "nothing".to_owned(), |fact| fact_words(fact, question))
    };
    let what = match about {
        About::Question(_, question) => format!("`{question}` was answered"),
        About::Finding(_, finding) => format!("`{finding}` was decided on"),
        About::Request(_, question) => match &newer.fact {
            Some(Fact::Requested { .. }) => format!("`{question}` was asked for"),
            _ => format!("`{question}` was answered"),
        },
        About::Remark(_, Subject::Assessment) => "the summary was written".to_owned(),
        About::Remark(_, Subject::Question(id)) => format!("a remark about `{id}` was written"),
        About::Remark(_, Subject::Finding(key)) => format!("a remark about `{key}` was written"),
    };
    Problem::error(format!(
        "{what} by {} in the meantime (entry {}): theirs is {}, yours is {}",
        newer.header.by,
        newer.header.seq,
        say(newer.fact.as_ref()),
        say(ours),
    ))
    .help("look at theirs, then say yours again if it still stands; nothing was recorded")
}

/// Returns the questionnaire that something is about, as it is pinned now.
fn questionnaire_of(about: &About, ledger: &Ledger, texts: &Texts) -> Option<Arc<Questionnaire>> {
    let wanted = about.questionnaire();
    let text = ledger
        .entries
        .iter()
        .rev()
        .find_map(|entry| match &entry.fact {
            Some(
                Fact::Opened {
                    questionnaire,
                    text,
                }
                | Fact::QuestionnaireChanged {
                    questionnaire,
                    text,
                },
            ) if questionnaire == wanted => Some(text),
            _ => None,
        })?;
    texts.get(text).cloned()
}

/// Returns a fact in a few words; an answer in those of its question.
fn fact_words(fact: &Fact, question: Option<&Question>) -> String {
    match fact {
        Fact::Answered { response, .. } => match question {
            Some(question) => format!("“{}”", words::said(question, &response.said)),
            None => format!("{:?}", response.said),
        },
        Fact::Withdrawn { .. } => "no answer".into(),
        Fact::Decided {
            decision: Decision::Finding(decision),
            ..
        } => format!(
            "“{}”",
            phrases::decided(&decision.action, "it", ToString::to_string)
        ),
        Fact::Requested { of, by, chased, .. } => {
            let what = match chased {
                Some(_) => "a reminder of",
                None => "a request of",
            };
            let by = by.map_or_else(String::new, |by| format!(" by {}", words::day(by)));
            format!("{what} `{of}`{by}")
        }
        Fact::Remarked { text, .. } if text.is_empty() => "that it goes".into(),
        Fact::Remarked { text, .. } => format!("“{}”", beginning(text)),
        other => other.kind().into(),
    }
}

/// Returns the beginning of a long text on one line.
fn beginning(text: &str) -> String {
    let text = inert_line(text);
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Loads the pinned questionnaires that entries name and that are not among `known`.
async fn load_texts(
    workspace: &Workspace,
    entries: &[Entry],
    known: Texts,
) -> Result<Texts, Failure> {
    let named: BTreeSet<Hash> = entries
        .iter()
        .filter_map(|entry| match &entry.fact {
            Some(Fact::Opened { text, .. } | Fact::QuestionnaireChanged { text, .. }) => {
                Some(*text)
            }
            _ => None,
        })
        .collect();
    let mut texts = known;
    for hash in named {
        if texts.contains_key(&hash) {
            continue;
        }
        let Some(text) = workspace.store.text(&hash).await? else {
            continue;
        };
        texts.insert(hash, Arc::new(from_pinned(text.bytes())?));
    }
    Ok(texts)
}
