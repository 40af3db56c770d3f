//! Numbers and the verdict: what the answers and decisions come to, and why. With [`credit`](crate::domain::credit) this page is
//! the specification.
//!
//! # Score
//!
//! Σ section weight × question weight × credit ÷ Σ section weight × question weight × 10,000, over questions and never as a mean of
//! sections. Whole numbers throughout; rounded once, when shown. Not asked and *not applicable* leave both sums. An open question
//! that is scored stays in the lower sum and has earned nothing yet; the upper bound is what the score would be if every open
//! question earned everything. Where nothing is scored there is no score: *not assessed*.
//!
//! # Verdict
//!
//! A finding *stands* while it is raised, or undetermined after it was raised, unless it was recorded in error (a blocker: approved
//! by another than who decided so). A blocker that stands *blocks* unless its risk is accepted, another product covers it or it is
//! mitigated in another way (approved by another than its author, not expired); then it counts as a condition. A condition is *in
//! hand* when it is planned, in progress or claimed, or waiting or disputed from one of these, with an owner and an agreed date that
//! has not passed; or so disposed of. A date that only the policy gives is nobody's promise. The first that fits is the verdict:
//!
//! 1. `stopped`: a stop holds and nobody resumed since it last began to hold;
//! 2. `not-ready`: something blocks, or a condition is not in hand;
//! 3. `undetermined`: an open question, or one that may follow from it, could still raise a blocker or a condition, lift a finding's
//!    need to one, or make a stop hold;
//! 4. `ready-with-conditions`;
//! 5. `ready`.
//!
//! A score never lifts a verdict and staleness never changes one.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::domain::answer::{Given, Held};
use crate::domain::assessment::Assessment;
use crate::domain::condition::Outcome;
use crate::domain::credit::{FULL, basis_points};
use crate::domain::decision::{Need, Party};
use crate::domain::evaluation::{Asked, Evaluation};
use crate::domain::finding::{Life, State};
use crate::domain::id::FindingKey;
use crate::domain::questionnaire::{
    Asset, Kind, Question, Questionnaire, Raise, ScoreBand, Scoring, Tier,
};
use crate::domain::response::Basis;
use crate::domain::time::Day;

/// A score as its two sums, in weight × basis points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// What is earned.
    pub earned: u128,
    /// What could be earned, open questions included.
    pub possible: u128,
    /// The part of what could be earned that is open.
    pub open: u128,
    /// How many scored questions are open.
    pub open_questions: usize,
}

impl Score {
    /// Returns the score in basis points, 0 and 10,000 only when exact; nothing where nothing is scored.
    #[must_use]
    pub fn basis_points(&self) -> Option<u32> {
        (self.possible > 0).then(|| basis_points(self.earned, self.possible))
    }

    /// Returns what the score would be if every open question earned everything.
    #[must_use]
    pub fn upper(&self) -> Option<u32> {
        (self.possible > 0).then(|| basis_points(self.earned + self.open, self.possible))
    }

    /// Returns the word for the score: the first band whose least percentage it reaches.
    #[must_use]
    pub fn band<'q>(&self, bands: &'q [ScoreBand]) -> Option<&'q ScoreBand> {
        let reached = self.basis_points()?;
        bands.iter().find(|band| reached >= band.min * 100)
    }

    fn add(&mut self, points: Points) {
        self.possible += points.possible;
        self.earned += points.earned.unwrap_or(0);
        if points.earned.is_none() {
            self.open += points.possible;
            self.open_questions += 1;
        }
    }
}

/// What one question adds to the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Points {
    /// What it earns; nothing while the question is open.
    pub earned: Option<u128>,
    /// What it could earn.
    pub possible: u128,
}

/// Which credit a view of the score counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// As it is.
    Current,
    /// A question counts in full when everything it raises is planned, in progress, claimed, or covered by another product or
    /// mitigated in another way.
    Planned,
    /// As if everything were done but what is accepted as a risk or waits on a licence.
    Achievable,
}

/// Returns what the question at `place` adds to the score; nothing where it is not scored, not asked or not applicable.
#[must_use]
pub fn points(evaluation: &Evaluation, place: usize) -> Option<Points> {
    let questionnaire = evaluation.questionnaire();
    let weight = u128::from(questionnaire.weight(place));
    if weight == 0 || !evaluation.asked(place).yes() {
        return None;
    }
    let possible = weight * u128::from(FULL);
    let credit = evaluation.credit(place);
    if evaluation.is_open(place) {
        let scored = is_scored(&questionnaire.questions[place]);
        return scored.then_some(Points {
            earned: None,
            possible,
        });
    }
    credit.earned.map(|earned| Points {
        earned: Some(weight * u128::from(earned)),
        possible,
    })
}

/// Returns whether answers to a question can earn anything.
#[must_use]
pub fn is_scored(question: &Question) -> bool {
    let by_columns = || match &question.kind {
        Kind::Rows(table) => table
            .columns
            .iter()
            .any(|column| !matches!(column.scoring, Scoring::Unscored)),
        _ => false,
    };
    match &question.scoring {
        Scoring::Unscored => false,
        Scoring::Columns => by_columns(),
        Scoring::Options => question
            .kind
            .options()
            .iter()
            .any(|option| option.score.is_some()),
        _ => true,
    }
}

/// Returns the score of the whole assessment in a view.
#[must_use]
pub fn score(assessment: &Assessment, view: View, today: Day) -> Score {
    sum(
        assessment,
        0..assessment.questionnaire().questions.len(),
        view,
        today,
    )
}

/// Returns the score of the questions at `places`, as it is.
#[must_use]
pub fn score_of(evaluation: &Evaluation, places: impl Iterator<Item = usize>) -> Score {
    let mut score = Score::default();
    for points in places.filter_map(|place| points(evaluation, place)) {
        score.add(points);
    }
    score
}

/// Returns the score of each section, by its place.
#[must_use]
pub fn section_scores(assessment: &Assessment, today: Day) -> Vec<Score> {
    assessment
        .questionnaire()
        .sections
        .iter()
        .map(|section| sum(assessment, section.questions.clone(), View::Current, today))
        .collect()
}

fn sum(
    assessment: &Assessment,
    places: impl Iterator<Item = usize>,
    view: View,
    today: Day,
) -> Score {
    let mut score = Score::default();
    for place in places {
        if let Some(points) = points(&assessment.evaluation, place) {
            score.add(viewed(assessment, place, points, view, today));
        }
    }
    score
}

/// Returns `points` as a view counts them.
fn viewed(assessment: &Assessment, place: usize, points: Points, view: View, today: Day) -> Points {
    let counts_in_full = |life: &Life| match view {
        View::Current => false,
        View::Planned => matches!(
            life.state(today),
            State::Planned(_)
                | State::InProgress(_)
                | State::Claimed(_)
                | State::ThirdParty(_)
                | State::Mitigated(_)
        ),
        View::Achievable => match life.state(today) {
            State::RiskAccepted(_) => false,
            State::Waiting(waiting) => waiting.on != Party::Licence,
            _ => true,
        },
    };
    let mut raised = lives_of(assessment, place).peekable();
    let raises = raised.peek().is_some();
    if points.earned.is_some() && raises && raised.all(counts_in_full) {
        return Points {
            earned: Some(points.possible),
            ..points
        };
    }
    points
}

/// Returns the lives of the findings that the answer to the question at `place` raises.
fn lives_of(assessment: &Assessment, place: usize) -> impl Iterator<Item = &Life> {
    let questionnaire = assessment.questionnaire();
    let raises = assessment.evaluation.credit(place).raises.iter();
    raises.filter_map(|raising| {
        let key = FindingKey {
            id: questionnaire.findings[raising.raise.finding].id.clone(),
            row: raising.row.clone(),
        };
        assessment.lives.get(&key)
    })
}

/// May the service start?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VerdictCode {
    /// A stop holds.
    Stopped,
    /// Something blocks, or a condition is not in hand.
    NotReady,
    /// Open questions could still change it.
    Undetermined,
    /// Ready, with conditions that are in hand.
    ReadyWithConditions,
    /// Ready.
    Ready,
}

impl VerdictCode {
    /// Returns the code that files use.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::NotReady => "not-ready",
            Self::Undetermined => "undetermined",
            Self::ReadyWithConditions => "ready-with-conditions",
            Self::Ready => "ready",
        }
    }

    /// Returns whether the service may start.
    #[must_use]
    pub fn is_ready(self) -> bool {
        matches!(self, Self::Ready | Self::ReadyWithConditions)
    }
}

/// The verdict with everything it rests on, so that no page computes it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// May the service start?
    pub code: VerdictCode,
    /// Stops that hold and were not resumed, by their place.
    pub stops: Vec<usize>,
    /// Blockers that block.
    pub blocking: Vec<FindingKey>,
    /// Conditions that nobody has in hand.
    pub not_in_hand: Vec<FindingKey>,
    /// Conditions that are in hand, blockers disposed of among them.
    pub in_hand: Vec<FindingKey>,
    /// Open questions that could still change the verdict, by their place.
    pub open: BTreeSet<usize>,
}

/// Returns the verdict on `today`.
#[must_use]
pub fn verdict(assessment: &Assessment, today: Day) -> Verdict {
    let mut verdict = Verdict {
        code: VerdictCode::Ready,
        stops: Vec::new(),
        blocking: Vec::new(),
        not_in_hand: Vec::new(),
        in_hand: Vec::new(),
        open: undecided(assessment),
    };
    for (place, stop) in assessment.stops.iter().enumerate() {
        if stop.stops() {
            verdict.stops.push(place);
        }
    }
    for (key, life) in assessment.lives.iter().filter(|(_, life)| life.stands()) {
        let disposed = life.disposition(today).is_some();
        match life.need {
            Need::Blocker if !disposed => verdict.blocking.push(key.clone()),
            Need::Blocker => verdict.in_hand.push(key.clone()),
            Need::Condition if life.in_hand(today) => verdict.in_hand.push(key.clone()),
            Need::Condition => verdict.not_in_hand.push(key.clone()),
            Need::Improvement => {}
        }
    }
    verdict.code = if !verdict.stops.is_empty() {
        VerdictCode::Stopped
    } else if !(verdict.blocking.is_empty() && verdict.not_in_hand.is_empty()) {
        VerdictCode::NotReady
    } else if !verdict.open.is_empty() {
        VerdictCode::Undetermined
    } else if !verdict.in_hand.is_empty() {
        VerdictCode::ReadyWithConditions
    } else {
        VerdictCode::Ready
    };
    verdict
}

/// Returns the open questions that could still raise a blocker or a condition, lift a need to one, or make a stop hold.
fn undecided(assessment: &Assessment) -> BTreeSet<usize> {
    let evaluation = &assessment.evaluation;
    let questionnaire = evaluation.questionnaire();
    let mut open = BTreeSet::new();
    for (place, question) in questionnaire.questions.iter().enumerate() {
        let matters =
            || potential(question).any(|raise| could_matter(assessment, questionnaire, &raise));
        match evaluation.asked(place) {
            Asked::Yes if evaluation.is_open(place) && matters() => {
                open.insert(place);
                open.extend(&evaluation.credit(place).open);
            }
            Asked::Perhaps(causes) if matters() => open.extend(causes),
            _ => {}
        }
    }
    for (place, rule) in questionnaire.findings.iter().enumerate() {
        let raised = evaluation.raised(place);
        let could_be = raised.need.possible > Need::Improvement;
        if could_be && rule.when.is_some() && raised.rows.is_empty() {
            open.extend(raised.rule.open_questions());
        }
        let lifted = |row: &crate::domain::evaluation::Raising| {
            row.need == Need::Improvement || row.need < raised.need.possible
        };
        if could_be && raised.rows.values().any(lifted) {
            open.extend(evaluation.need_waits_for(place));
        }
    }
    for place in 0..questionnaire.stops.len() {
        if let Outcome::Unknown(unknown) = evaluation.stop(place) {
            open.extend(&unknown.open);
        }
    }
    open
}

/// Returns whether raising a finding could still matter for the start: it would be a blocker or a condition, and is not standing
/// with the same need already.
fn could_matter(assessment: &Assessment, questionnaire: &Questionnaire, raise: &Raise) -> bool {
    let possible = raise
        .need
        .unwrap_or(assessment.evaluation.raised(raise.finding).need.possible);
    if possible == Need::Improvement {
        return false;
    }
    let key = FindingKey {
        id: questionnaire.findings[raise.finding].id.clone(),
        row: None,
    };
    let stands_already = assessment
        .lives
        .get(&key)
        .is_some_and(|life| life.stands() && life.need >= possible && raise.severity.is_none());
    !stands_already
}

/// Returns everything that an answer to a question can raise.
fn potential(question: &Question) -> impl Iterator<Item = Raise> {
    let columns = match &question.kind {
        Kind::Rows(table) => table.columns.as_slice(),
        _ => &[],
    };
    let own = scoring_raises(&question.scoring)
        .chain(option_raises(&question.kind))
        .chain(question.none.as_ref().and_then(|none| none.raises));
    let cells = columns
        .iter()
        .flat_map(|column| scoring_raises(&column.scoring).chain(option_raises(&column.kind)));
    own.chain(cells)
}

fn option_raises(kind: &Kind) -> impl Iterator<Item = Raise> {
    kind.options().iter().filter_map(|option| option.raises)
}

fn scoring_raises(scoring: &Scoring) -> Box<dyn Iterator<Item = Raise> + '_> {
    match scoring {
        Scoring::Good { raises, .. }
        | Scoring::Share { raises }
        | Scoring::Coverage { raises }
        | Scoring::NotOlderThan { raises, .. } => Box::new(raises.iter().copied()),
        Scoring::Bands(bands) => Box::new(bands.iter().filter_map(|band| band.raises)),
        Scoring::Unscored | Scoring::Options | Scoring::Given | Scoring::Columns => {
            Box::new(std::iter::empty())
        }
    }
}

/// What is protected of one kind of asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Protected {
    /// Of which things.
    pub asset: Asset,
    /// The place of the question.
    pub question: usize,
    /// How many are protected, as answered.
    pub protected: u64,
    /// How many should be.
    pub target: u64,
    /// Percent that is enough.
    pub goal: u32,
}

impl Protected {
    /// Returns how many are missing.
    #[must_use]
    pub fn missing(&self) -> u64 {
        self.target.saturating_sub(self.protected)
    }

    /// Returns the share in basis points; nothing where there is nothing to protect.
    #[must_use]
    pub fn share(&self) -> Option<u32> {
        (self.target > 0).then(|| basis_points(u128::from(self.protected), u128::from(self.target)))
    }
}

/// Returns what is protected, for every coverage question that is asked and answered, in the order of the questions.
#[must_use]
pub fn coverage(evaluation: &Evaluation) -> Vec<Protected> {
    let questions = evaluation.questionnaire().questions.iter().enumerate();
    questions
        .filter_map(
            |(place, question)| match (&question.kind, evaluation.held(place)) {
                (Kind::Coverage(coverage), Held::Valid(Given::Coverage { protected, target }))
                    if evaluation.asked(place).yes() =>
                {
                    Some(Protected {
                        asset: coverage.asset,
                        question: place,
                        protected: *protected,
                        target: *target,
                        goal: coverage.goal,
                    })
                }
                _ => None,
            },
        )
        .collect()
}

/// How much was answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Completeness {
    /// Asked questions that are not open.
    pub answered: usize,
    /// Questions that are asked.
    pub asked: usize,
}

impl Completeness {
    /// Returns the share in basis points, 10,000 only when nothing is open; nothing where nothing is asked.
    #[must_use]
    pub fn basis_points(&self) -> Option<u32> {
        (self.asked > 0).then(|| basis_points(self.answered as u128, self.asked as u128))
    }
}

/// Returns how much was answered of the questions at `places`.
#[must_use]
pub fn completeness(evaluation: &Evaluation, places: impl Iterator<Item = usize>) -> Completeness {
    let mut completeness = Completeness::default();
    for place in places.filter(|place| evaluation.asked(*place).yes()) {
        completeness.asked += 1;
        completeness.answered += usize::from(!evaluation.is_open(place));
    }
    completeness
}

/// How we know: the weight of the answers by basis.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confidence {
    /// The weight of the answers that rest on each basis.
    pub by_basis: BTreeMap<Basis, u128>,
    /// The weight of the answers that should be looked at again.
    pub stale: u128,
    /// How many answers should be looked at again.
    pub stale_answers: usize,
    /// The weight of all answers counted.
    pub total: u128,
}

impl Confidence {
    /// Returns the share of the answers that rest on `basis`, in basis points.
    #[must_use]
    pub fn share(&self, basis: Basis) -> u32 {
        basis_points(self.by_basis.get(&basis).copied().unwrap_or(0), self.total)
    }
}

/// Returns how we know the answers that are scored.
#[must_use]
pub fn confidence(assessment: &Assessment, today: Day) -> Confidence {
    let mut confidence = Confidence::default();
    for place in 0..assessment.questionnaire().questions.len() {
        let asked = assessment.evaluation.asked(place).yes();
        let stale = asked && assessment.is_stale(place, today);
        confidence.stale_answers += usize::from(stale);
        let Some(Points {
            earned: Some(_),
            possible,
        }) = points(&assessment.evaluation, place)
        else {
            continue;
        };
        let Some(response) = assessment
            .response(place)
            .and_then(|signed| signed.what.response.as_ref())
        else {
            continue;
        };
        *confidence.by_basis.entry(response.basis).or_default() += possible;
        confidence.total += possible;
        if stale {
            confidence.stale += possible;
        }
    }
    confidence
}

/// Returns the first day after `today` on which something changes by itself: an acceptance or a date passes, an answer becomes
/// stale, or an expression that reads the day may come out differently (the next day).
#[must_use]
pub fn changes_on(assessment: &Assessment, today: Day) -> Option<Day> {
    let lives = assessment
        .lives
        .values()
        .filter_map(|life| life.changes_after(today));
    let stale = (0..assessment.questionnaire().questions.len())
        .filter(|place| assessment.evaluation.asked(*place).yes())
        .filter_map(|place| assessment.stale_from(place))
        .filter(|day| *day > today);
    let tomorrow = assessment
        .evaluation
        .depends_on_day()
        .then(|| today.succ_opt())
        .flatten();
    lives.chain(stale).chain(tomorrow).min()
}

/// What is left to do for the start, counted as the service's own readiness page counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Actions {
    /// Blockers and conditions that nobody has in hand.
    pub to_complete: usize,
    /// Blockers and conditions that somebody has in hand.
    pub in_progress: usize,
    /// Required questions whose answer needs nothing more for the start.
    pub completed: usize,
}

/// Counts the actions that the start needs.
#[must_use]
pub fn actions(assessment: &Assessment, verdict: &Verdict) -> Actions {
    let evaluation = &assessment.evaluation;
    let questionnaire = evaluation.questionnaire();
    let standing: BTreeSet<&FindingKey> = verdict
        .blocking
        .iter()
        .chain(&verdict.not_in_hand)
        .chain(&verdict.in_hand)
        .collect();
    let needs_more = |place: usize| {
        evaluation.credit(place).raises.iter().any(|raising| {
            standing.contains(&FindingKey {
                id: questionnaire.findings[raising.raise.finding].id.clone(),
                row: raising.row.clone(),
            })
        })
    };
    let done = |(place, question): &(usize, &Question)| {
        question.tier == Tier::Required
            && evaluation.asked(*place).yes()
            && !evaluation.is_open(*place)
            && !needs_more(*place)
    };
    Actions {
        to_complete: verdict.blocking.len() + verdict.not_in_hand.len(),
        in_progress: verdict.in_hand.len(),
        completed: questionnaire
            .questions
            .iter()
            .enumerate()
            .filter(done)
            .count(),
    }
}

/// Returns the questions that were said not to apply although an answer could have raised a blocker, with the reason given.
#[must_use]
pub fn not_applicable_blockers(
    assessment: &Assessment,
) -> Vec<(usize, crate::domain::response::NotApplicable)> {
    let evaluation = &assessment.evaluation;
    let questionnaire = evaluation.questionnaire();
    let could_block = |raise: Raise| {
        let own = evaluation.raised(raise.finding).need.possible;
        raise.need.unwrap_or(own) == Need::Blocker
    };
    let questions = questionnaire.questions.iter().enumerate();
    questions
        .filter(|(place, question)| {
            evaluation.asked(*place).yes() && potential(question).any(could_block)
        })
        .filter_map(|(place, _)| match evaluation.said(place) {
            Some(crate::domain::response::Said::NotApplicable(reason)) => Some((place, *reason)),
            _ => None,
        })
        .collect()
}
