//! The path to ready: what is left to close, in which order, until when, and what it comes to if everybody keeps their dates.
//!
//! # Steps
//!
//! A step is a finding that stands and is not disposed of, with all its rows. It is *needed* when it is a blocker or a condition, or
//! when something needed comes after it: when a recommendation of the one depends on a recommendation of the other. Steps stand in
//! the order in which to take them: each after those that come before it, else by need, severity, then by the score that closing
//! it alone gains per effort, best first. A circle of recommendations is cut where it closes.
//!
//! An effort of hours counts 1, days 8, weeks 40; a step has the largest of its recommendations, days where there are none. A *quick
//! win* takes hours, comes after nothing else, waits on nobody, and is needed or gains score.
//!
//! # Dates
//!
//! A step is done on the latest date of its rows: the agreed one, else the one that the customer's policy gives; never before today,
//! and never before what comes before it. Everything that makes this unsure is a [`Doubt`] that names who or what is missing.
//!
//! # If the plan holds
//!
//! *Start* is the day from which the service may start, with conditions in hand: the last of the blockers, what comes before them,
//! and the answers that decide. *Ready* is the last day of everything needed. Verdict, score and coverage are what
//! [`assume`](crate::domain::assume) makes of the assessment with everything needed closed, and with the improvements whose agreed
//! date is not after that day; blockers and conditions that come up on the way are closed too, and named. No date is projected while
//! a stop holds.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::domain::assessment::Assessment;
use crate::domain::assume::{Assumed, assume};
use crate::domain::customer::Customer;
use crate::domain::decision::{Need, Party, Severity};
use crate::domain::finding::{Life, State, StateName};
use crate::domain::id::{FindingId, FindingKey, PersonId, RecommendationId};
use crate::domain::questionnaire::{Effort, Questionnaire, Recommendation};
use crate::domain::scoring::{self, Protected, Score, Verdict, View};
use crate::domain::time::Day;
use crate::domain::words;

/// What is left to do, in the order in which to do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The verdict as things are.
    pub verdict: Verdict,
    /// The score as things are.
    pub score: Score,
    /// What is to be closed.
    pub steps: Vec<Step>,
    /// The open questions that decide, with who is to answer.
    pub answers: Vec<Awaited>,
    /// What it comes to if everybody keeps their dates.
    pub projection: Projection,
}

/// A finding that is to be closed, with all its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The finding.
    pub finding: FindingId,
    /// It, or its rows, as far as they stand and are not disposed of.
    pub keys: Vec<FindingKey>,
    /// Whether the start needs it, or something that the start needs comes after it.
    pub needed: bool,
    /// The highest need of its rows.
    pub need: Need,
    /// The worst severity of its rows.
    pub severity: Severity,
    /// Who does it; of several rows everybody.
    pub owners: BTreeSet<PersonId>,
    /// Who must act.
    pub acts: BTreeSet<Party>,
    /// The recommendations that tell how.
    pub recommendations: Vec<RecommendationId>,
    /// How long it takes; nothing where no recommendation says.
    pub effort: Option<Effort>,
    /// The steps that come before it.
    pub after: Vec<FindingId>,
    /// What closing it alone adds to the score, in basis points. Questions that it opens do not count in it.
    pub gain: i64,
    /// What falls with it, not named here.
    pub also_closes: BTreeSet<FindingKey>,
    /// How many questions it opens.
    pub opens: usize,
    /// Whether it is a quick win.
    pub quick_win: bool,
    /// The day on which somebody began, else the day from which it can be worked on.
    pub begins: Day,
    /// The day on which it is done if everybody keeps their dates; nothing where there is none.
    pub done: Option<Day>,
    /// Whether that day rests on agreed dates alone.
    pub agreed: bool,
    /// What makes that day unsure.
    pub doubts: Vec<Doubt>,
}

/// An open question that decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awaited {
    /// Its place.
    pub question: usize,
    /// Who is to say.
    pub of: Option<PersonId>,
    /// By when.
    pub by: Option<Day>,
}

/// What the plan comes to if it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Projection {
    /// From when on the service may start, with conditions in hand; nothing while a stop holds or a date is missing.
    pub start: Option<Day>,
    /// When everything needed is closed; nothing while a stop holds or a date is missing.
    pub ready: Option<Day>,
    /// The verdict then.
    pub verdict: Verdict,
    /// The score then.
    pub score: Score,
    /// What is protected then, the goal of each coverage question that is closed being reached in full.
    pub coverage: Vec<Protected>,
    /// Questions that closing everything opens, by their place.
    pub opens: BTreeSet<usize>,
    /// Blockers and conditions that come up on the way and are closed too; nobody could plan them yet.
    pub raises: BTreeSet<FindingKey>,
    /// What makes it unsure, of what is needed.
    pub unsure: Vec<Unsure>,
}

/// What makes a projection unsure, and about what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsure {
    /// About what.
    pub about: About,
    /// What makes it unsure.
    pub doubt: Doubt,
}

/// What a doubt is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// A stop, by its place.
    Stop(usize),
    /// A finding, or one of its rows.
    Finding(FindingKey),
    /// An open question, by its place.
    Question(usize),
}

/// What makes a date unsure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// A stop holds.
    Stopped,
    /// Nobody has it.
    NoOwner,
    /// No date was agreed; this is the policy's.
    NotAgreed(Day),
    /// No date was agreed, and this one, the policy's, has passed.
    PolicyPassed(Day),
    /// There is no date at all.
    NoDate,
    /// It comes up when other findings are closed.
    ComesUp,
    /// The date has passed.
    Passed(Day),
    /// It cannot go on before somebody acts.
    Waits(Party),
    /// Somebody says that it is no gap.
    Disputed,
    /// What comes before it is done only on that day.
    Before(FindingId, Day),
    /// The decision to live with it ends on that day, before everything else is done.
    Expires(Day),
    /// Nobody was asked.
    NotAsked,
    /// Nobody said by when they answer.
    NoAnswerDate,
}

impl Doubt {
    /// Returns the doubt in words that follow what it is about.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Stopped => "it holds".into(),
            Self::NoOwner => "nobody has it".into(),
            Self::NotAgreed(day) => {
                format!("no date is agreed, the policy says {}", words::day(*day))
            }
            Self::PolicyPassed(day) => format!(
                "no date is agreed, and the policy's, {}, has passed",
                words::day(*day)
            ),
            Self::NoDate => "there is no date".into(),
            Self::ComesUp => "it comes up when the others are closed".into(),
            Self::Passed(day) => format!("its date, {}, has passed", words::day(*day)),
            Self::Waits(party) => format!("it waits on {}", party.words()),
            Self::Disputed => "it is disputed".into(),
            Self::Before(finding, day) => {
                format!(
                    "it comes after {finding}, which is done on {}",
                    words::day(*day)
                )
            }
            Self::Expires(day) => {
                format!("the decision to live with it ends on {}", words::day(*day))
            }
            Self::NotAsked => "nobody was asked for the answer".into(),
            Self::NoAnswerDate => "no day was named for the answer".into(),
        }
    }
}

/// Returns the path to ready on `today`.
#[must_use]
pub fn plan(assessment: &Assessment, customer: &Customer, today: Day) -> Plan {
    let verdict = scoring::verdict(assessment, today);
    let score = scoring::score(assessment, View::Current, today);
    let planning = Planning {
        assessment,
        customer,
        today,
        score,
    };
    let mut steps = ordered(planning.steps());
    time(&mut steps, today);
    let answers = planning.answers(&verdict);
    Plan {
        projection: planning.projection(&steps, &answers, &verdict),
        verdict,
        score,
        steps,
        answers,
    }
}

/// Returns when everything needed is closed if everybody keeps their dates, as [`plan`] projects it and at a fraction of its cost;
/// nothing while a stop holds or a date is missing. What comes before something needed is needed too, so no order matters.
#[must_use]
pub fn ready_on(assessment: &Assessment, customer: &Customer, today: Day) -> Option<Day> {
    let verdict = scoring::verdict(assessment, today);
    let planning = Planning {
        assessment,
        customer,
        today,
        score: scoring::score(assessment, View::Current, today),
    };
    let mut steps = planning.gaps();
    planning.chain(&mut steps);
    planning.ready(&steps, &planning.answers(&verdict), &verdict)
}

/// What a plan is made from.
struct Planning<'a> {
    assessment: &'a Assessment,
    customer: &'a Customer,
    today: Day,
    score: Score,
}

impl<'a> Planning<'a> {
    fn questionnaire(&self) -> &'a Questionnaire {
        self.assessment.questionnaire()
    }

    /// Returns the steps by what they are, without order and without what follows from it.
    fn steps(&self) -> Vec<Step> {
        let mut steps = self.gaps();
        for step in &mut steps {
            self.price(step);
        }
        self.chain(&mut steps);
        for step in &mut steps {
            step.quick_win = self.is_quick(step);
        }
        steps
    }

    /// Returns the steps without what closing each alone comes to.
    fn gaps(&self) -> Vec<Step> {
        let mut gaps: BTreeMap<&FindingId, Vec<(&FindingKey, &Life)>> = BTreeMap::new();
        for (key, life) in &self.assessment.lives {
            if life.stands() && life.disposition(self.today).is_none() {
                gaps.entry(&key.id).or_default().push((key, life));
            }
        }
        (gaps.into_iter())
            .map(|(finding, rows)| self.step(finding, &rows))
            .collect()
    }

    /// Tells what closing a step alone comes to.
    fn price(&self, step: &mut Step) {
        let assumed = assume(self.assessment, &step.keys.iter().cloned().collect());
        step.gain = self.gain(&assumed);
        step.also_closes = assumed.also_closed;
        step.opens = assumed.opened.len();
    }

    fn step(&self, finding: &FindingId, rows: &[(&FindingKey, &Life)]) -> Step {
        let keys: Vec<FindingKey> = rows.iter().map(|(key, _)| (*key).clone()).collect();
        let lives = || rows.iter().map(|(_, life)| *life);
        let recommendations = self.recommendations(finding);
        let dates: Vec<Option<Day>> = lives().map(|life| life.due(self.customer)).collect();
        let begun = lives().filter_map(|life| match life.state(self.today) {
            State::InProgress(since) => Some(since),
            _ => None,
        });
        Step {
            finding: finding.clone(),
            needed: lives().any(|life| life.need > Need::Improvement),
            need: lives()
                .map(|life| life.need)
                .max()
                .unwrap_or(Need::Improvement),
            severity: (lives().map(|life| life.severity).max()).unwrap_or(Severity::Info),
            owners: lives().filter_map(Life::owner).cloned().collect(),
            acts: lives()
                .filter_map(|life| life.must_act(self.today))
                .collect(),
            effort: recommendations.iter().map(|one| one.effort).max(),
            after: Vec::new(),
            gain: 0,
            also_closes: BTreeSet::new(),
            opens: 0,
            quick_win: false,
            begins: begun.min().unwrap_or(self.today),
            done: (dates.into_iter().collect::<Option<Vec<Day>>>())
                .and_then(|dates| dates.into_iter().max())
                .map(|day| day.max(self.today)),
            agreed: lives().all(|life| {
                life.plan
                    .as_ref()
                    .is_some_and(|plan| plan.due >= self.today)
            }),
            doubts: self.doubts(rows),
            recommendations: recommendations.iter().map(|one| one.id.clone()).collect(),
            keys,
        }
    }

    fn recommendations(&self, finding: &FindingId) -> Vec<&'a Recommendation> {
        let questionnaire = self.questionnaire();
        let Some(place) = questionnaire.finding(finding) else {
            return Vec::new();
        };
        (questionnaire.findings[place].recommend.iter())
            .filter_map(|id| questionnaire.recommendations.get(id))
            .collect()
    }

    /// Returns what closing something adds to the score, in basis points, without the questions that it opens.
    fn gain(&self, assumed: &Assumed) -> i64 {
        let places = 0..self.questionnaire().questions.len();
        let places = places.filter(|place| !assumed.opened.contains(place));
        let then = scoring::score_of(&assumed.assessment.evaluation, places);
        let points = |score: &Score| i64::from(score.basis_points().unwrap_or(0));
        points(&then) - points(&self.score)
    }

    /// Returns what makes the dates of a step's rows unsure, each kind once.
    fn doubts(&self, rows: &[(&FindingKey, &Life)]) -> Vec<Doubt> {
        let all: BTreeSet<Doubt> = (rows.iter())
            .flat_map(|(_, life)| doubts(life, self.customer, self.today))
            .collect();
        all.into_iter().collect()
    }

    /// Finds for every step those that come before it, and what is needed because something needed comes after it.
    fn chain(&self, steps: &mut [Step]) {
        let known = &self.questionnaire().recommendations;
        let mut by_recommendation: BTreeMap<&RecommendationId, Vec<usize>> = BTreeMap::new();
        let named: Vec<Vec<RecommendationId>> = steps
            .iter()
            .map(|step| step.recommendations.clone())
            .collect();
        for (place, ids) in named.iter().enumerate() {
            for id in ids {
                by_recommendation.entry(id).or_default().push(place);
            }
        }
        let before: Vec<BTreeSet<usize>> = (named.iter().enumerate())
            .map(|(place, ids)| {
                let first = ids.iter().filter_map(|id| known.get(id));
                first
                    .flat_map(|recommendation| &recommendation.depends_on)
                    .filter_map(|id| by_recommendation.get(id))
                    .flatten()
                    .copied()
                    .filter(|other| *other != place)
                    .collect()
            })
            .collect();
        let mut needed: Vec<usize> = (0..steps.len()).filter(|at| steps[*at].needed).collect();
        while let Some(place) = needed.pop() {
            for first in &before[place] {
                if !steps[*first].needed {
                    steps[*first].needed = true;
                    needed.push(*first);
                }
            }
        }
        for (place, before) in before.iter().enumerate() {
            steps[place].after = before.iter().map(|at| steps[*at].finding.clone()).collect();
        }
    }

    fn is_quick(&self, step: &Step) -> bool {
        let held_up = step
            .doubts
            .iter()
            .any(|doubt| matches!(doubt, Doubt::Waits(_)));
        step.effort == Some(Effort::Hours)
            && step.after.is_empty()
            && !held_up
            && (step.needed || step.gain > 0)
    }

    fn answers(&self, verdict: &Verdict) -> Vec<Awaited> {
        (verdict.open.iter())
            .map(|place| {
                let (of, by) = self.assessment.waits_for(*place).unwrap_or_default();
                Awaited {
                    question: *place,
                    of: of.cloned(),
                    by,
                }
            })
            .collect()
    }

    fn projection(&self, steps: &[Step], answers: &[Awaited], verdict: &Verdict) -> Projection {
        let blockers = (steps.iter()).filter(|step| step.needed && step.need == Need::Blocker);
        let start = self.last(blockers, answers, verdict);
        let ready = self.ready(steps, answers, verdict);
        let in_time = |key: &FindingKey| {
            let plan = self
                .assessment
                .lives
                .get(key)
                .and_then(|life| life.plan.as_ref());
            plan.is_some_and(|plan| ready.is_none_or(|ready| plan.due <= ready))
        };
        let closed: BTreeSet<FindingKey> = (steps.iter())
            .flat_map(|step| step.keys.iter().map(|key| (step.needed, key)))
            .filter(|(needed, key)| *needed || in_time(key))
            .map(|(_, key)| key.clone())
            .collect();
        let (assumed, raises) = self.closing(closed);
        Projection {
            start,
            ready,
            // On that day, so that a decision to live with something has ended by then where it ends.
            verdict: scoring::verdict(&assumed.assessment, ready.unwrap_or(self.today)),
            score: scoring::score(&assumed.assessment, View::Current, self.today),
            coverage: scoring::coverage(&assumed.assessment.evaluation),
            opens: assumed.opened,
            unsure: self.unsure(steps, answers, verdict, ready, &raises),
            raises,
        }
    }

    /// Returns when everything needed is closed.
    fn ready(&self, steps: &[Step], answers: &[Awaited], verdict: &Verdict) -> Option<Day> {
        let needed = steps.iter().filter(|step| step.needed);
        self.last(needed, answers, verdict)
    }

    /// Returns when the last of some steps is done and the last answer given; nothing while a stop holds or a date is missing.
    fn last<'s>(
        &self,
        steps: impl Iterator<Item = &'s Step>,
        answers: &[Awaited],
        verdict: &Verdict,
    ) -> Option<Day> {
        let days: Option<Vec<Day>> = steps.map(|step| step.done).collect();
        let days = days.filter(|_| verdict.stops.is_empty())?;
        let answered = answers.iter().map(|answer| answer.by.unwrap_or(self.today));
        Some(days.into_iter().chain(answered).fold(self.today, Day::max))
    }

    /// Returns what closing findings comes to, with the blockers and conditions that come up on the way, which are closed too.
    fn closing(&self, mut closed: BTreeSet<FindingKey>) -> (Assumed, BTreeSet<FindingKey>) {
        let mut raises = BTreeSet::new();
        loop {
            let assumed = assume(self.assessment, &closed);
            let needed = |key: &&FindingKey| {
                let life = assumed.assessment.lives.get(*key);
                life.is_some_and(|life| life.need > Need::Improvement)
            };
            let more: Vec<FindingKey> = assumed.raised.iter().filter(needed).cloned().collect();
            // Everything is closed once, so this ends.
            if more.is_empty() {
                return (assumed, raises);
            }
            raises.extend(more.iter().cloned());
            closed.extend(more);
        }
    }

    /// Returns everything that makes the projection unsure, of what is needed.
    fn unsure(
        &self,
        steps: &[Step],
        answers: &[Awaited],
        verdict: &Verdict,
        ready: Option<Day>,
        raises: &BTreeSet<FindingKey>,
    ) -> Vec<Unsure> {
        let stops = verdict.stops.iter().map(|place| Unsure {
            about: About::Stop(*place),
            doubt: Doubt::Stopped,
        });
        let rows = (steps.iter().filter(|step| step.needed)).flat_map(|step| {
            let late = (step.doubts.iter())
                .filter(|doubt| matches!(doubt, Doubt::Before(..)))
                .map(|doubt| (step.keys[0].clone(), doubt.clone()));
            let own = step.keys.iter().flat_map(|key| {
                let life = &self.assessment.lives[key];
                let doubts = doubts(life, self.customer, self.today);
                doubts.into_iter().map(|doubt| (key.clone(), doubt))
            });
            own.chain(late).map(|(key, doubt)| Unsure {
                about: About::Finding(key),
                doubt,
            })
        });
        let answers = (answers.iter()).filter_map(|answer| {
            let doubt = match (&answer.of, answer.by) {
                (None, _) => Doubt::NotAsked,
                (_, None) => Doubt::NoAnswerDate,
                (_, Some(by)) if by < self.today => Doubt::Passed(by),
                _ => return None,
            };
            Some(Unsure {
                about: About::Question(answer.question),
                doubt,
            })
        });
        let horizon = ready.max(self.customer.go_live).unwrap_or(self.today);
        let expiring = (self.assessment.lives.iter()).filter_map(|(key, life)| {
            let counts = life.stands() && life.need > Need::Improvement;
            let disposition = life.disposition(self.today).filter(|_| counts)?;
            (disposition.until < horizon).then(|| Unsure {
                about: About::Finding(key.clone()),
                doubt: Doubt::Expires(disposition.until),
            })
        });
        let coming = raises.iter().map(|key| Unsure {
            about: About::Finding(key.clone()),
            doubt: Doubt::ComesUp,
        });
        (stops.chain(rows).chain(answers))
            .chain(expiring)
            .chain(coming)
            .collect()
    }
}

/// Returns what makes the date of one finding unsure.
fn doubts(life: &Life, customer: &Customer, today: Day) -> Vec<Doubt> {
    let state = life.state(today);
    let owner = life.owner().is_none().then_some(Doubt::NoOwner);
    let date = match &life.plan {
        Some(plan) if plan.due < today => Some(Doubt::Passed(plan.due)),
        Some(_) => None,
        None => Some(match life.due(customer) {
            Some(day) if day < today => Doubt::PolicyPassed(day),
            Some(day) => Doubt::NotAgreed(day),
            None => Doubt::NoDate,
        }),
    };
    let held_up = match state {
        State::Waiting(waiting) => Some(Doubt::Waits(waiting.on)),
        State::Disputed(_) => Some(Doubt::Disputed),
        _ => None,
    };
    owner.into_iter().chain(date).chain(held_up).collect()
}

/// Returns how much an effort counts.
fn effort(step: &Step) -> i64 {
    match step.effort.unwrap_or(Effort::Days) {
        Effort::Hours => 1,
        Effort::Days => 8,
        Effort::Weeks => 40,
    }
}

/// Returns `steps` in the order in which to take them.
fn ordered(mut steps: Vec<Step>) -> Vec<Step> {
    steps.sort_by(|a, b| {
        let rank = |step: &Step| Reverse((step.needed, step.need, step.severity));
        let gain = |a: &Step, b: &Step| a.gain.saturating_mul(effort(b));
        (rank(a).cmp(&rank(b)))
            .then_with(|| gain(b, a).cmp(&gain(a, b)))
            .then_with(|| a.finding.cmp(&b.finding))
    });
    let places: BTreeMap<FindingId, usize> = (steps.iter().enumerate())
        .map(|(place, step)| (step.finding.clone(), place))
        .collect();
    let before: Vec<Vec<usize>> = (steps.iter())
        .map(|step| step.after.iter().map(|id| places[id]).collect())
        .collect();
    let mut order = Vec::new();
    let mut seen = vec![false; steps.len()];
    for place in 0..steps.len() {
        take(place, &before, &mut seen, &mut order);
    }
    let mut left: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
    let mut placed = BTreeSet::new();
    (order.into_iter())
        .filter_map(|place| {
            let mut step = left[place].take()?;
            // What a circle leads back to does not come before it after all.
            step.after.retain(|id| placed.contains(id));
            placed.insert(step.finding.clone());
            Some(step)
        })
        .collect()
}

/// Puts the step at `place` into the order, after those that come before it. One that is being put there already ends a circle.
fn take(place: usize, before: &[Vec<usize>], seen: &mut [bool], order: &mut Vec<usize>) {
    // A path of its own, so that a chain as long as the list does not fill the stack.
    let mut path = vec![(place, 0)];
    if std::mem::replace(&mut seen[place], true) {
        return;
    }
    while let Some((place, next)) = path.last_mut() {
        match before[*place].get(*next) {
            Some(first) => {
                *next += 1;
                if !std::mem::replace(&mut seen[*first], true) {
                    path.push((*first, 0));
                }
            }
            None => {
                order.push(*place);
                path.pop();
            }
        }
    }
}

/// Moves the dates of steps, which are in order, behind those of what comes before them.
fn time(steps: &mut [Step], today: Day) {
    let mut done: BTreeMap<FindingId, (Day, bool)> = BTreeMap::new();
    for step in steps {
        let before = (step.after.iter())
            .filter_map(|id| Some((*done.get(id)?, id.clone())))
            .max();
        if let Some(((day, agreed), first)) = before {
            if step.done.is_some_and(|own| own < day) {
                step.doubts.push(Doubt::Before(first, day));
                step.agreed &= agreed;
            }
            step.done = step.done.map(|own| own.max(day));
            if step.begins >= today {
                step.begins = step.begins.max(day).min(step.done.unwrap_or(day));
            }
        }
        if let Some(day) = step.done {
            done.insert(step.finding.clone(), (day, step.agreed));
        }
    }
}

impl Step {
    /// Returns whether a date has passed, the agreed one or the policy's.
    #[must_use]
    pub fn is_overdue(&self) -> bool {
        let passed = |doubt: &Doubt| matches!(doubt, Doubt::Passed(_) | Doubt::PolicyPassed(_));
        self.doubts.iter().any(passed)
    }

    /// Returns how the rows of the step stand: how many in each state.
    #[must_use]
    pub fn states(&self, assessment: &Assessment, today: Day) -> BTreeMap<StateName, usize> {
        let mut states = BTreeMap::new();
        for life in self.keys.iter().filter_map(|key| assessment.lives.get(key)) {
            *states.entry(life.state(today).name()).or_default() += 1;
        }
        states
    }
}
