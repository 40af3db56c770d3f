//! What changed between two points of one ledger: findings, answers, numbers.
//!
//! Both sides are replayed with the corrections that the later one knows (see
//! [`Book::at_points`](crate::domain::assessment::Book::at_points)): what was recorded wrong was never so, and setting it right is
//! neither a regression nor a fix.
//!
//! # Findings
//!
//! Every finding of either side is one [`Item`] with one [`Change`]; the first that fits:
//!
//! | then | now | change |
//! |---|---|---|
//! | another standing, and what raises it means something else by now | | `not-comparable`: never a pass or a fail |
//! | any | stands, and was closed in between | `came-back` |
//! | was not there | stands, and no question that raises it was asked then | `newly-asked` |
//! | was not there | stands | `new` |
//! | superseded, in error | stands | `resumed` |
//! | stood | closed | `fixed`, with how we know |
//! | stood | superseded | `no-longer-asked` |
//! | stood | recorded in error | `in-error` |
//! | stood | stands in another state | `state-changed` |
//! | stood | stands, on another answer or another basis | `evidence-changed` |
//! | stood | stands | `still-open` |
//! | was not there | over | `came-and-went` |
//! | over | over | `over` |
//!
//! So what stands now is what stood then, and `new`, `newly-asked`, `resumed`, what `came-back` from closed, less `fixed`,
//! `no-longer-asked` and `in-error`, and what is not comparable either way.
//!
//! # Another text
//!
//! A question means something else when a migration asks to review it, or when its type, options, bands, goal or findings differ; its
//! wording alone does not matter. A finding means something else when its own rule differs or is gone, or a question that raises it
//! means something else. Scores compare while the scored questions of both texts mean and weigh the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::Serialize;

use crate::domain::assessment::Assessment;
use crate::domain::decision::{Need, Severity};
use crate::domain::evaluation::{Asked, Cause};
use crate::domain::finding::{Life, Presence, StateName};
use crate::domain::id::{ColumnId, FindingKey, OptionId, PersonId, QuestionId};
use crate::domain::ledger::Why;
use crate::domain::migration::Passage;
use crate::domain::questionnaire::{
    Band, Choice, FindingRule, Kind, Question, Questionnaire, Raise, Scoring, Texts,
};
use crate::domain::response::{Basis, Response};
use crate::domain::scoring::{self, Completeness, Confidence, Protected, Score, Verdict, View};
use crate::domain::time::Day;

/// An assessment at a point.
#[derive(Clone, Copy, Debug)]
pub struct Point<'a> {
    /// The assessment.
    pub assessment: &'a Assessment,
    /// The last entry.
    pub seq: u64,
    /// The day for which everything holds.
    pub today: Day,
}

/// What changed between two points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// Every finding of either side, by its key.
    pub findings: Vec<Item>,
    /// Every question that differs, in the order of the later text; those that are gone last.
    pub questions: Vec<QuestionDiff>,
    /// The numbers then.
    pub then: Figures,
    /// The numbers now.
    pub now: Figures,
    /// Whether the two scores, and with them completeness and how we know, are measured by the same questions.
    pub comparable: bool,
}

/// A finding of either side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Its key now, else then.
    pub finding: FindingKey,
    /// What became of it.
    pub change: Change,
    /// How it stood.
    pub then: Option<Side>,
    /// How it stands.
    pub now: Option<Side>,
    /// Whether a decision to live with it ended by itself.
    pub expired: bool,
    /// The answers that raised it, as they stand now: how we know.
    pub how: Vec<How>,
}

/// How a finding stands on one side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Side {
    /// Its state.
    pub state: StateName,
    /// Whether it counts.
    pub stands: bool,
    /// What it means for the start.
    pub need: Need,
    /// How bad it is.
    pub severity: Severity,
    /// Who does it.
    pub owner: Option<PersonId>,
    /// The date agreed.
    pub due: Option<Day>,
}

/// An answer that raised a finding, as it stands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct How {
    /// The question.
    pub question: QuestionId,
    /// How we knew then; nothing where it was open.
    pub was: Option<Basis>,
    /// How we know now; nothing where it is open or not asked.
    pub basis: Option<Basis>,
    /// Who said it.
    pub said_by: Option<PersonId>,
    /// The day on which it was said.
    pub said_on: Option<Day>,
}

/// What became of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It was closed and is raised again.
    CameBack,
    /// It was not there.
    New,
    /// It was not there, and nothing that could have raised it was asked.
    NewlyAsked,
    /// It did not concern the customer, or was recorded in error, and stands now.
    Resumed,
    /// An answer closed it.
    Fixed,
    /// It does not concern the customer any more.
    NoLongerAsked,
    /// It was recorded in error.
    InError,
    /// It stands in another state.
    StateChanged,
    /// It stands on another answer, or we know it in another way.
    EvidenceChanged,
    /// It stands as it did.
    StillOpen,
    /// What raises it means something else by now.
    NotComparable,
    /// It was not there then and is over now.
    CameAndWent,
    /// It was over and is.
    Over,
}

impl Change {
    /// Every change, in the order of lists: what asks for a look first.
    pub const ALL: [Self; 13] = [
        Self::CameBack,
        Self::New,
        Self::NewlyAsked,
        Self::Resumed,
        Self::Fixed,
        Self::NoLongerAsked,
        Self::InError,
        Self::StateChanged,
        Self::EvidenceChanged,
        Self::StillOpen,
        Self::NotComparable,
        Self::CameAndWent,
        Self::Over,
    ];

    /// Returns the words that people read.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::CameBack => "Came back",
            Self::New => "New",
            Self::NewlyAsked => "Newly asked",
            Self::Resumed => "Concerns you again",
            Self::Fixed => "Closed",
            Self::NoLongerAsked => "No longer asked",
            Self::InError => "Recorded in error",
            Self::StateChanged => "In another state",
            Self::EvidenceChanged => "Stands on other evidence",
            Self::StillOpen => "Still open",
            Self::NotComparable => "Not comparable",
            Self::CameAndWent => "Came and went",
            Self::Over => "Closed before",
        }
    }
}

/// How a question differs. A question that moved to another name is one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuestionDiff {
    /// Its name then; nothing where the text did not have it.
    pub then: Option<QuestionId>,
    /// Its name now; nothing where the text no longer has it.
    pub now: Option<QuestionId>,
    /// Whether it is asked now and was not then.
    pub newly_asked: bool,
    /// Whether it was asked then and is not now.
    pub no_longer_asked: bool,
    /// Whether it is asked in other words.
    pub reworded: bool,
    /// Whether it means something else.
    pub means_other: bool,
    /// What became of its answer, while it is asked on both sides.
    pub answer: Option<AnswerChange>,
    /// How we knew then and how we know now, where that differs.
    pub basis: Option<(Basis, Basis)>,
    /// Whether an answer was corrected in between.
    pub corrected: bool,
}

/// A way in which questions differ, as lists show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Difference {
    /// They mean something else.
    MeansOther,
    /// They are asked now and were not then.
    NewlyAsked,
    /// They were asked then and are not now.
    NoLongerAsked,
    /// They were open and are answered.
    Answered,
    /// They were answered and are open.
    Opened,
    /// We know their answers in another way.
    Basis,
    /// Their answers had been recorded wrong.
    Corrected,
    /// They are asked in other words.
    Reworded,
}

impl Difference {
    /// Every difference, in the order of lists.
    pub const ALL: [Self; 8] = [
        Self::MeansOther,
        Self::NewlyAsked,
        Self::NoLongerAsked,
        Self::Answered,
        Self::Opened,
        Self::Basis,
        Self::Corrected,
        Self::Reworded,
    ];

    /// Returns the words that people read.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::MeansOther => "Questions that mean something else, and are not compared",
            Self::NewlyAsked => "Questions asked now, and not then",
            Self::NoLongerAsked => "Questions asked then, and no longer",
            Self::Answered => "Answers that were open",
            Self::Opened => "Answers that are open again",
            Self::Basis => "Answers known in another way",
            Self::Corrected => "Answers that had been recorded wrong",
            Self::Reworded => "Questions asked in other words",
        }
    }
}

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerChange {
    /// It was open and is answered.
    Answered,
    /// It was answered and is open.
    Opened,
    /// It is another.
    Changed,
}

/// The numbers at a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The day.
    pub day: Day,
    /// The last entry.
    pub seq: u64,
    /// The version of the questionnaire.
    pub version: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The score.
    pub score: Score,
    /// What is protected, with the question that counts it.
    pub coverage: Vec<(QuestionId, Protected)>,
    /// How much was answered.
    pub completeness: Completeness,
    /// How we know.
    pub confidence: Confidence,
    /// How many findings stand, by what they mean for the start.
    pub standing: BTreeMap<Need, usize>,
}

impl Figures {
    /// Returns the numbers at a point.
    #[must_use]
    pub fn of(point: Point<'_>) -> Self {
        let Point {
            assessment,
            seq,
            today,
        } = point;
        let questionnaire = assessment.questionnaire();
        let mut standing = BTreeMap::new();
        for life in assessment.lives.values().filter(|life| life.stands()) {
            *standing.entry(life.need).or_default() += 1;
        }
        let covered = scoring::coverage(&assessment.evaluation).into_iter();
        let all = 0..questionnaire.questions.len();
        Self {
            day: today,
            seq,
            version: questionnaire.version.to_string(),
            verdict: scoring::verdict(assessment, today),
            score: scoring::score(assessment, View::Current, today),
            coverage: covered
                .map(|row| (questionnaire.questions[row.question].id.clone(), row))
                .collect(),
            completeness: scoring::completeness(&assessment.evaluation, all),
            confidence: scoring::confidence(assessment, today),
            standing,
        }
    }

    /// Returns how many findings stand.
    #[must_use]
    pub fn findings(&self) -> usize {
        self.standing.values().sum()
    }
}

impl Diff {
    /// Returns how many findings changed in this way.
    #[must_use]
    pub fn count(&self, change: Change) -> usize {
        self.of(change).count()
    }

    /// Returns the findings that changed in this way.
    pub fn of(&self, change: Change) -> impl Iterator<Item = &Item> {
        let findings = self.findings.iter();
        findings.filter(move |item| item.change == change)
    }

    /// Returns whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let same = |item: &Item| matches!(item.change, Change::StillOpen | Change::Over);
        self.questions.is_empty() && self.findings.iter().all(same)
    }
}

/// Returns what changed from one point of a ledger to a later one; `texts` has the pinned questionnaires between them.
#[must_use]
pub fn diff(then: Point<'_>, now: Point<'_>, texts: &Texts) -> Diff {
    let way = Way::between(then, now, texts);
    let pairs = way.questions();
    let mut comparing = Comparing {
        then,
        now,
        pairs: &pairs,
        questions: Vec::new(),
    };
    comparing.questions = pairs.iter().map(|pair| comparing.question(pair)).collect();
    Diff {
        findings: comparing.findings(),
        questions: (comparing.questions.into_iter())
            .filter(QuestionDiff::differs)
            .collect(),
        then: Figures::of(then),
        now: Figures::of(now),
        comparable: way.scores_compare(&pairs),
    }
}

/// Returns whether scores under two texts are measured by the same questions, as a trend over points asks.
#[must_use]
pub fn comparable(then: Point<'_>, now: Point<'_>, texts: &Texts) -> bool {
    let way = Way::between(then, now, texts);
    way.scores_compare(&way.questions())
}

/// The way from the text then to the text now.
struct Way<'a> {
    old: &'a Questionnaire,
    new: &'a Questionnaire,
    passages: Vec<Passage<'a>>,
}

/// A question on both sides of the way, by its places.
struct Pair {
    then: Option<usize>,
    now: Option<usize>,
    means_other: bool,
    reworded: bool,
}

impl<'a> Way<'a> {
    fn between(then: Point<'a>, now: Point<'a>, texts: &'a Texts) -> Self {
        let old = then.assessment.questionnaire().as_ref();
        let new = now.assessment.questionnaire().as_ref();
        let mut passages = Vec::new();
        let mut from = old;
        let changes = now.assessment.texts.iter();
        for (_, text) in changes.filter(|(seq, _)| *seq > then.seq) {
            let Some(to) = texts.get(text) else { continue };
            passages.push(Passage::between(from, to));
            from = to;
        }
        Self { old, new, passages }
    }

    /// Returns what an old question is called now, and whether its meaning is to be reviewed.
    fn question(&self, id: &QuestionId) -> Option<(QuestionId, bool)> {
        let mut name = id.clone();
        let mut reviewed = false;
        for passage in &self.passages {
            reviewed |= passage.reviews(&name);
            name = passage.question(&name)?;
        }
        Some((name, reviewed))
    }

    /// Returns what an option of an old question is called now.
    fn option(&self, id: &QuestionId, column: Option<&ColumnId>, option: &OptionId) -> OptionId {
        let mut name = id.clone();
        let mut option = option.clone();
        for passage in &self.passages {
            option = passage.option(&name, column, &option);
            match passage.question(&name) {
                Some(next) => name = next,
                None => break,
            }
        }
        option
    }

    fn questions(&self) -> Vec<Pair> {
        let mut olds: BTreeMap<usize, (usize, bool)> = BTreeMap::new();
        let mut gone = Vec::new();
        for (old, question) in self.old.questions.iter().enumerate() {
            let now = self.question(&question.id);
            let place = now.and_then(|(id, reviewed)| Some((self.new.question(&id)?, reviewed)));
            match place {
                Some((new, reviewed)) if !olds.contains_key(&new) => {
                    olds.insert(new, (old, reviewed));
                }
                _ => gone.push(Pair {
                    then: Some(old),
                    now: None,
                    means_other: false,
                    reworded: false,
                }),
            }
        }
        let same_text = self.old.hash == self.new.hash;
        let kept = (0..self.new.questions.len()).map(|new| match olds.get(&new) {
            Some((old, reviewed)) => Pair {
                then: Some(*old),
                now: Some(new),
                means_other: !same_text && (*reviewed || self.differ(*old, new)),
                reworded: !same_text
                    && self.old.questions[*old].texts() != self.new.questions[new].texts(),
            },
            None => Pair {
                then: None,
                now: Some(new),
                means_other: false,
                reworded: false,
            },
        });
        kept.chain(gone).collect()
    }

    /// Returns whether two questions mean different things.
    fn differ(&self, old: usize, new: usize) -> bool {
        let then = &self.old.questions[old];
        let named = |column: Option<&ColumnId>, option: &OptionId| {
            self.option(&then.id, column, option).to_string()
        };
        let as_it_is = |_: Option<&ColumnId>, option: &OptionId| option.to_string();
        meaning(self.old, then, &named) != meaning(self.new, &self.new.questions[new], &as_it_is)
    }

    /// Returns whether the scored questions of both texts mean and weigh the same.
    fn scores_compare(&self, pairs: &[Pair]) -> bool {
        if self.old.hash == self.new.hash {
            return true;
        }
        let weighs = |text: &Questionnaire, place: Option<usize>| {
            let place = place.filter(|place| scoring::is_scored(&text.questions[*place]));
            place.map_or(0, |place| text.weight(place))
        };
        pairs.iter().all(|pair| {
            let (then, now) = (weighs(self.old, pair.then), weighs(self.new, pair.now));
            then == now && (then == 0 || !pair.means_other)
        })
    }
}

/// What an option is called in a column, or in the question itself.
type Named<'n> = &'n dyn Fn(Option<&ColumnId>, &OptionId) -> String;

/// Returns what the answers to a question mean, as a text to compare: its type, its options, what they earn and raise.
fn meaning(text: &Questionnaire, question: &Question, named: Named<'_>) -> String {
    let mut said = String::new();
    let raise = |raise: Option<Raise>| raise.map(|raise| raised(text, raise)).unwrap_or_default();
    let none = question.none.as_ref();
    let none = none.map(|none| format!("{:?} {}", none.score, raise(none.raises)));
    // Writing into a String cannot fail.
    let _ = write!(said, "{none:?} {}; ", raise(question.unknown));
    said += &type_meaning(text, &question.kind, &question.scoring, None, named);
    if let Kind::Rows(table) = &question.kind {
        let key = table.key.map(|key| &table.columns[key].id);
        let _ = write!(said, "{key:?} {:?}; ", table.combine);
        for row in &table.fixed {
            said += &named(None, &row.id);
            said += ", ";
        }
        for column in &table.columns {
            let when = column.when.as_ref().map(|when| when.source());
            let _ = write!(said, "{} {when:?}: ", column.id);
            said += &type_meaning(text, &column.kind, &column.scoring, Some(&column.id), named);
        }
    }
    said
}

fn type_meaning(
    text: &Questionnaire,
    kind: &Kind,
    scoring: &Scoring,
    column: Option<&ColumnId>,
    named: Named<'_>,
) -> String {
    let raise = |raise: Option<Raise>| raise.map(|raise| raised(text, raise)).unwrap_or_default();
    let option = |option: &Choice| {
        let when = option.when.as_ref().map(|when| when.source());
        let id = named(column, &option.id);
        format!("{id} {:?} {} {when:?}", option.score, raise(option.raises))
    };
    let options: Vec<String> = kind.options().iter().map(option).collect();
    let band = |band: &Band| {
        let when = band.when.as_ref().map(|when| when.source());
        format!("{when:?} {} {}", band.score, raise(band.raises))
    };
    let scoring = match scoring {
        Scoring::Unscored => "unscored".to_owned(),
        Scoring::Good { good, raises } => format!("good {good} {}", raise(*raises)),
        Scoring::Options => "options".to_owned(),
        Scoring::Share { raises } => format!("share {}", raise(*raises)),
        Scoring::Bands(bands) => bands.iter().map(band).collect::<Vec<_>>().join(", "),
        Scoring::Coverage { raises } => format!("coverage {}", raise(*raises)),
        Scoring::NotOlderThan { days, raises } => {
            format!("not older than {} {}", days.count(), raise(*raises))
        }
        Scoring::Given => "given".to_owned(),
        Scoring::Columns => "columns".to_owned(),
    };
    let goal = match kind {
        Kind::Coverage(coverage) => Some((coverage.asset, coverage.goal)),
        _ => None,
    };
    format!("{} {options:?} {scoring} {goal:?}; ", kind.name())
}

fn raised(text: &Questionnaire, raise: Raise) -> String {
    let id = &text.findings[raise.finding].id;
    format!("{id} {:?} {:?}", raise.severity, raise.need)
}

/// What a comparison is made from.
struct Comparing<'a> {
    then: Point<'a>,
    now: Point<'a>,
    pairs: &'a [Pair],
    /// How each of them differs; compared once, since an answer may have thousands of rows, each with a finding of its own.
    questions: Vec<QuestionDiff>,
}

impl<'a> Comparing<'a> {
    fn findings(&self) -> Vec<Item> {
        let (before, after) = (&self.then.assessment.lives, &self.now.assessment.lives);
        let mut matched = BTreeSet::new();
        let mut items: Vec<Item> = (after.iter())
            .map(|(key, now)| {
                let called = now.name_at(self.then.seq).unwrap_or(key);
                let then = before.get(called);
                if then.is_some() {
                    matched.insert(called);
                }
                self.item(key, then, Some(now))
            })
            .collect();
        let lost = before.iter().filter(|(key, _)| !matched.contains(key));
        items.extend(lost.map(|(key, then)| self.item(key, Some(then), None)));
        items.sort_by(|a, b| a.finding.cmp(&b.finding));
        items
    }

    fn item(&self, key: &FindingKey, then: Option<&'a Life>, now: Option<&'a Life>) -> Item {
        let how = now.map_or_else(Vec::new, |life| self.how(life));
        Item {
            finding: key.clone(),
            change: self.change(key, then, now),
            then: then.map(|life| side(life, self.then.today)),
            now: now.map(|life| side(life, self.now.today)),
            expired: self.expired(then, now),
            how,
        }
    }

    fn change(&self, key: &FindingKey, then: Option<&Life>, now: Option<&Life>) -> Change {
        let stood = then.is_some_and(Life::stands);
        let Some(now) = now else {
            return Change::NotComparable;
        };
        if stood != now.stands() && self.means_other(key, now) {
            return Change::NotComparable;
        }
        let came_back = now.came_back > then.map_or(0, |then| then.came_back);
        match (then, stood, now.stands()) {
            (_, _, true) if came_back => Change::CameBack,
            (None, _, true) if self.was_asked(now) => Change::New,
            (None, _, true) => Change::NewlyAsked,
            (Some(_), false, true) => Change::Resumed,
            (_, true, false) => match now.presence {
                Presence::Closed(_) => Change::Fixed,
                Presence::Superseded(_) => Change::NoLongerAsked,
                Presence::Raised | Presence::Undetermined => Change::InError,
            },
            (Some(then), true, true) => self.standing_change(then, now),
            (None, _, false) => Change::CameAndWent,
            (Some(_), false, false) => Change::Over,
        }
    }

    /// Returns how a finding that stands on both sides differs.
    fn standing_change(&self, then: &Life, now: &Life) -> Change {
        let before = then.state(self.then.today);
        let after = now.state(self.now.today);
        if before.name() != after.name() {
            return Change::StateChanged;
        }
        let other = now.causes.iter().any(|cause| match cause {
            Cause::Question(place) => (self.pair(*place).and(self.questions.get(*place)))
                .is_some_and(|question| question.answer.is_some() || question.basis.is_some()),
            Cause::Rule => false,
        });
        if other {
            return Change::EvidenceChanged;
        }
        Change::StillOpen
    }

    /// Returns whether what raises a finding means something else by now.
    fn means_other(&self, key: &FindingKey, now: &Life) -> bool {
        let rule = |point: Point<'a>| -> Option<&'a FindingRule> {
            let questionnaire = point.assessment.questionnaire();
            Some(&questionnaire.findings[questionnaire.finding(&key.id)?])
        };
        let source = |rule: Option<&FindingRule>| {
            let when = rule.and_then(|rule| rule.when.as_ref());
            when.map(|when| when.source().to_owned())
        };
        let (old, new) = (rule(self.then), rule(self.now));
        if old.is_some() && new.is_none() {
            return true;
        }
        let by_rule = now.causes.contains(&Cause::Rule) && source(old) != source(new);
        let by_answer = now.causes.iter().any(|cause| match cause {
            Cause::Question(place) => self.pair(*place).is_some_and(|pair| pair.means_other),
            Cause::Rule => false,
        });
        by_rule || by_answer
    }

    fn pair(&self, now: usize) -> Option<&Pair> {
        // Questions of the later text stand first, in its order.
        self.pairs.get(now).filter(|pair| pair.now == Some(now))
    }

    /// Returns whether anything that raises a finding was asked then.
    fn was_asked(&self, life: &Life) -> bool {
        life.causes.iter().any(|cause| match cause {
            Cause::Question(place) => {
                let pair = self.pair(*place);
                let then = pair.and_then(|pair| pair.then);
                then.is_some_and(|then| asked(self.then, then))
            }
            Cause::Rule => true,
        }) || life.causes.is_empty()
    }

    fn expired(&self, then: Option<&Life>, now: Option<&Life>) -> bool {
        let held = then.and_then(|life| life.disposition(self.then.today));
        let holds = now.and_then(|life| life.disposition(self.now.today));
        let stands = now.is_some_and(Life::stands);
        held.is_some_and(|held| stands && holds.is_none() && held.until < self.now.today)
    }

    fn how(&self, life: &Life) -> Vec<How> {
        let questions = &self.now.assessment.questionnaire().questions;
        (life.causes.iter())
            .filter_map(|cause| match cause {
                Cause::Question(place) => Some(*place),
                Cause::Rule => None,
            })
            .map(|place| {
                let before = self.pair(place).and_then(|pair| pair.then);
                let response = standing(self.now, place);
                How {
                    question: questions[place].id.clone(),
                    was: before.and_then(|then| Some(standing(self.then, then)?.basis)),
                    basis: response.map(|response| response.basis),
                    said_by: response.and_then(|response| response.said_by.clone()),
                    said_on: response.map(|response| response.said_on),
                }
            })
            .collect()
    }

    fn question(&self, pair: &Pair) -> QuestionDiff {
        let id = |point: Point<'_>, place: usize| {
            point.assessment.questionnaire().questions[place].id.clone()
        };
        let was = pair.then.is_some_and(|then| asked(self.then, then));
        let is = pair.now.is_some_and(|now| asked(self.now, now));
        QuestionDiff {
            then: pair.then.map(|then| id(self.then, then)),
            now: pair.now.map(|now| id(self.now, now)),
            newly_asked: is && !was,
            no_longer_asked: was && !is,
            reworded: pair.reworded,
            means_other: pair.means_other,
            answer: self.answer(pair),
            basis: self.basis(pair),
            corrected: self.corrected(pair),
        }
    }

    /// Returns what became of an answer, while its question is asked on both sides and means the same.
    fn answer(&self, pair: &Pair) -> Option<AnswerChange> {
        let (then, now) = self.both_asked(pair)?;
        let open = |point: Point<'_>, place| point.assessment.evaluation.is_open(place);
        match (open(self.then, then), open(self.now, now)) {
            (true, false) => Some(AnswerChange::Answered),
            (false, true) => Some(AnswerChange::Opened),
            (true, true) => None,
            (false, false) => {
                let was = self.then.assessment.evaluation.held(then);
                let is = self.now.assessment.evaluation.held(now);
                // Options may have other places in another text; there only an entry tells.
                let same_text = self.then.assessment.questionnaire().hash
                    == self.now.assessment.questionnaire().hash;
                let changed = if same_text {
                    was != is
                } else {
                    self.said_anew(now)
                };
                changed.then_some(AnswerChange::Changed)
            }
        }
    }

    /// Returns whether an entry changed the answer in between.
    fn said_anew(&self, now: usize) -> bool {
        self.since(now, |why| matches!(why, Why::New | Why::Changed))
    }

    fn since(&self, now: usize, counts: impl Fn(Why) -> bool) -> bool {
        let id = &self.now.assessment.questionnaire().questions[now].id;
        let answer = self.now.assessment.answers.get(id);
        answer.is_some_and(|answer| {
            let history = answer.history.iter();
            { history }.any(|given| given.seq > self.then.seq && counts(given.what.why))
        })
    }

    fn basis(&self, pair: &Pair) -> Option<(Basis, Basis)> {
        let (then, now) = self.both_asked(pair)?;
        let was = standing(self.then, then)?.basis;
        let is = standing(self.now, now)?.basis;
        (was != is && !self.corrected(pair)).then_some((was, is))
    }

    fn both_asked(&self, pair: &Pair) -> Option<(usize, usize)> {
        let (then, now) = (pair.then?, pair.now?);
        let both = asked(self.then, then) && asked(self.now, now) && !pair.means_other;
        both.then_some((then, now))
    }

    fn corrected(&self, pair: &Pair) -> bool {
        pair.now
            .is_some_and(|now| self.since(now, |why| why == Why::Corrected))
    }
}

impl QuestionDiff {
    /// Returns whether the question differs in this way.
    #[must_use]
    pub fn is(&self, difference: Difference) -> bool {
        match difference {
            Difference::MeansOther => self.means_other,
            Difference::NewlyAsked => self.newly_asked,
            Difference::NoLongerAsked => self.no_longer_asked,
            Difference::Answered => self.answer == Some(AnswerChange::Answered),
            Difference::Opened => self.answer == Some(AnswerChange::Opened),
            Difference::Basis => self.basis.is_some(),
            Difference::Corrected => self.corrected,
            Difference::Reworded => self.reworded && !self.means_other,
        }
    }

    fn differs(&self) -> bool {
        self.then.is_none()
            || self.now.is_none()
            || self.then != self.now
            || self.newly_asked
            || self.no_longer_asked
            || self.reworded
            || self.means_other
            || self.answer.is_some()
            || self.basis.is_some()
            || self.corrected
    }
}

fn asked(point: Point<'_>, place: usize) -> bool {
    matches!(point.assessment.evaluation.asked(place), Asked::Yes)
}

/// Returns the response that stands as the answer to a question that is asked and not open.
fn standing(point: Point<'_>, place: usize) -> Option<&Response> {
    let evaluation = &point.assessment.evaluation;
    if !evaluation.asked(place).yes() || evaluation.is_open(place) {
        return None;
    }
    point.assessment.response(place)?.what.response.as_ref()
}

fn side(life: &Life, today: Day) -> Side {
    Side {
        state: life.state(today).name(),
        stands: life.stands(),
        need: life.need,
        severity: life.severity,
        owner: life.owner().cloned(),
        due: life.plan.as_ref().map(|plan| plan.due),
    }
}
