//! Running scenarios: a questionnaire's own tests, on the real engine.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalog::rehearsal::Rehearsal;
use crate::catalog::scenario::{Decide, Facts, Step, Written};
use crate::domain::condition::Outcome;
use crate::domain::customer::CustomerChange;
use crate::domain::decision::{Action, Disposition, FindingDecision};
use crate::domain::evaluation::Asked;
use crate::domain::finding::Presence;
use crate::domain::id::{FindingKey, PersonId};
use crate::domain::intake;
use crate::domain::questionnaire::Questionnaire;
use crate::domain::response::{NotApplicable, Said, Unknown};
use crate::domain::scoring::{self, View};
use crate::domain::time::Day;
use crate::domain::words;
use crate::problem::{Problem, Problems};

/// The code of a scenario that fails.
const FAILS: &str = "E070";

/// The day on which a scenario begins that names none.
fn any_day() -> Day {
    Day::from_ymd_opt(2026, 1, 5).unwrap_or_default()
}

/// Runs a scenario on `questionnaire` and returns everything that came out otherwise than it expects.
#[must_use]
pub fn run(questionnaire: &Arc<Questionnaire>, written: &Written) -> Problems {
    let mut trial = Trial::begin(questionnaire, written);
    for (place, step) in written.scenario.step.iter().enumerate() {
        trial.step = place;
        trial.say(step);
        trial.expect(step);
    }
    trial.problems
}

/// The questions that a scenario comes upon, by their places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Those asked after one of its steps.
    pub asked: BTreeSet<usize>,
    /// Those not asked after one of its steps, however the open questions are answered.
    pub hidden: BTreeSet<usize>,
    /// Whether each is asked after the last step.
    pub at_end: Vec<Asked>,
}

/// Runs a scenario on `questionnaire` and returns the questions that it comes upon.
#[must_use]
pub fn reach(questionnaire: &Arc<Questionnaire>, written: &Written) -> Reach {
    let mut trial = Trial::begin(questionnaire, written);
    let mut reach = Reach::default();
    for (place, step) in written.scenario.step.iter().enumerate() {
        trial.step = place;
        trial.say(step);
        let evaluation = &trial.rehearsal.assessment().evaluation;
        let questions = 0..questionnaire.questions.len();
        reach.at_end = questions
            .map(|place| evaluation.asked(place).clone())
            .collect();
        for (question, asked) in reach.at_end.iter().enumerate() {
            match asked {
                Asked::Yes => reach.asked.insert(question),
                Asked::No(_) => reach.hidden.insert(question),
                Asked::Perhaps(_) => false,
            };
        }
    }
    reach
}

/// Runs a scenario on `questionnaire` and returns where it stands after each step.
#[must_use]
pub fn stages(questionnaire: &Arc<Questionnaire>, written: &Written) -> Vec<Rehearsal> {
    let mut trial = Trial::begin(questionnaire, written);
    let mut stages = Vec::new();
    for (place, step) in written.scenario.step.iter().enumerate() {
        trial.step = place;
        trial.say(step);
        stages.push(trial.rehearsal.clone());
    }
    stages
}

/// A scenario being run.
struct Trial<'a> {
    rehearsal: Rehearsal,
    written: &'a Written,
    step: usize,
    problems: Problems,
}

impl<'a> Trial<'a> {
    fn begin(questionnaire: &Arc<Questionnaire>, written: &'a Written) -> Self {
        let first = written.scenario.step.first();
        let today = first
            .and_then(|step| step.today)
            .map_or_else(any_day, |date| date.0);
        Self {
            rehearsal: Rehearsal::begin(Arc::clone(questionnaire), today),
            written,
            step: 0,
            problems: Problems::default(),
        }
    }

    /// Notes that something under `path` of the step is not as it should be.
    fn fail(&mut self, path: &[&str], message: String, help: &str) {
        let mut problem = Problem::error(message).code(FAILS);
        problem.place = self.written.place(self.step, path);
        if !help.is_empty() {
            problem = problem.help(help);
        }
        self.problems.push(problem);
    }

    /// Does what the step says.
    fn say(&mut self, step: &Step) {
        if let Some(today) = step.today {
            self.rehearsal.to(today.0);
        }
        if let Some(facts) = &step.customer {
            self.customer(facts);
        }
        for (question, value) in &step.set {
            self.set(question, value);
        }
        for question in &step.none {
            self.said(&["none"], question, Said::None);
        }
        for question in &step.unknown {
            self.said(&["unknown"], question, Said::Unknown(Unknown::NobodyKnows));
        }
        for (question, reason) in &step.na {
            let known = NotApplicable::ALL
                .into_iter()
                .find(|known| known.code() == reason);
            if let Some(reason) = known {
                self.said(&["na", question], question, Said::NotApplicable(reason));
            }
        }
        for question in &step.withdraw {
            if let Some(place) = self.place(&["withdraw"], question) {
                self.rehearsal.withdraw(place);
            }
        }
        for (number, decide) in step.decide.iter().enumerate() {
            self.decide(number, decide);
        }
    }

    fn customer(&mut self, facts: &Facts) {
        let mut changes = Vec::new();
        changes.extend(facts.name.clone().map(CustomerChange::Name));
        changes.extend(
            facts
                .seats
                .map(|seats| CustomerChange::Seats(u64::try_from(seats).ok())),
        );
        changes.extend(facts.go_live.map(|day| CustomerChange::GoLive(Some(day.0))));
        match facts.time_zone.as_deref().map(str::parse) {
            Some(Ok(zone)) => changes.push(CustomerChange::TimeZone(zone)),
            Some(Err(_)) => self.fail(
                &["customer", "time_zone"],
                "there is no such time zone".into(),
                "give one of the tz database, such as `Europe/Berlin`",
            ),
            None => {}
        }
        self.rehearsal.customer(changes);
    }

    /// Returns the place of a question; that it exists was checked when the scenario was read.
    fn place(&mut self, path: &[&str], question: &str) -> Option<usize> {
        let place = question
            .parse()
            .ok()
            .and_then(|id| self.rehearsal.assessment().questionnaire().question(&id));
        if place.is_none() {
            self.fail(path, format!("no question is called `{question}`"), "");
        }
        place
    }

    fn said(&mut self, path: &[&str], question: &str, said: Said) {
        if let Some(place) = self.place(path, question) {
            self.rehearsal.say(place, said);
        }
    }

    fn set(&mut self, question: &str, value: &serde_json::Value) {
        let path = ["set", question];
        let Some(place) = self.place(&path, question) else {
            return;
        };
        let evaluation = &self.rehearsal.assessment().evaluation;
        let value = toml::Value::try_from(value)
            .map_err(|_| "this is no value".to_owned())
            .and_then(|value| {
                intake::from_toml(evaluation, place, &value).map_err(|objections| {
                    let all: Vec<String> = objections.iter().map(ToString::to_string).collect();
                    all.join("; ")
                })
            });
        match value {
            Ok(value) => self.rehearsal.say(place, Said::Value(value)),
            Err(message) => self.fail(&path, message, ""),
        }
    }

    fn decide(&mut self, number: usize, decide: &Decide) {
        match self.decision(decide) {
            Ok(decision) => self.rehearsal.decide(decision),
            Err(message) => {
                let mut problem = Problem::error(message).code(FAILS);
                problem.place = self.written.item_place(self.step, &["decide"], number);
                self.problems.push(problem);
            }
        }
    }

    /// Returns the decision that a step writes, if it can be taken now.
    fn decision(&self, decide: &Decide) -> Result<FindingDecision, String> {
        let key: FindingKey = decide
            .finding
            .parse()
            .map_err(|fault: crate::domain::id::IdFault| fault.to_string())?;
        let life = self.rehearsal.assessment().lives.get(&key).ok_or_else(|| {
            format!("`{key}` was never raised, so nothing can be decided about it")
        })?;
        let person = |name: &Option<String>, what: &str| -> Result<PersonId, String> {
            name.as_deref()
                .ok_or_else(|| format!("`{}` needs `{what}`", decide.state))?
                .parse()
                .map_err(|fault: crate::domain::id::IdFault| fault.to_string())
        };
        let day = |day: Option<crate::catalog::written::Date>, what: &str| {
            day.map(|date| date.0)
                .ok_or_else(|| format!("`{}` needs `{what}`", decide.state))
        };
        let author = person(&decide.by, "by")?;
        let disposition = || -> Result<Disposition, String> {
            Ok(Disposition {
                reason: decide.reason.clone().unwrap_or_else(|| "agreed".into()),
                decided_by: author.clone(),
                approved_by: person(&decide.approved_by, "approved_by")?,
                until: day(decide.until, "until")?,
            })
        };
        let action = match decide.state.as_str() {
            "planned" => Action::Plan {
                owner: person(&decide.owner, "owner")?,
                due: day(decide.due, "due")?,
            },
            "risk-accepted" => Action::Accept(disposition()?),
            "third-party" => Action::ThirdParty(disposition()?),
            "mitigated" => Action::Mitigate(disposition()?),
            "claimed" => Action::Claim {
                by: author.clone(),
                comment: decide.reason.clone(),
            },
            other => {
                return Err(format!(
                    "`{other}` is no state that is decided on: write `planned`, `claimed`, `risk-accepted`, `third-party` or `mitigated`"
                ));
            }
        };
        life.allows(&action, &author, self.rehearsal.book().today)
            .map_err(|refusal| format!("`{key}`: {refusal}"))?;
        Ok(FindingDecision {
            severity: life.severity,
            need: life.need,
            finding: key,
            action,
        })
    }

    /// Compares what holds with what the step expects.
    fn expect(&mut self, step: &Step) {
        for (question, visible) in &step.expect.visible {
            self.expect_visible(question, *visible);
        }
        for finding in &step.expect.raised {
            self.expect_finding("raised", finding, &[How::Raised]);
        }
        for finding in &step.expect.absent {
            self.expect_finding("absent", finding, &[How::Absent]);
        }
        for finding in &step.expect.undetermined {
            self.expect_finding("undetermined", finding, &[How::Undetermined]);
        }
        for (finding, need) in &step.expect.need {
            let found = self.needs(finding);
            if !found.iter().any(|found| found == need) {
                let words = found.first().map_or_else(
                    || "nothing: it is not raised".to_owned(),
                    |found| crate::domain::phrases::need(*found).to_lowercase(),
                );
                self.fail(
                    &["expect", "need", finding],
                    format!("`{finding}` means {words}"),
                    "",
                );
            }
        }
        self.expect_verdict(step);
        if let Some(wanted) = step.expect.score {
            let today = self.rehearsal.book().today;
            let score = scoring::score(self.rehearsal.assessment(), View::Current, today);
            let shown = score.basis_points().map(words::percent);
            if shown.as_deref() != Some(&format!("{wanted} %")) {
                let shown = shown.unwrap_or_else(|| "not assessed".into());
                self.fail(&["expect", "score"], format!("the score is {shown}"), "");
            }
        }
    }

    fn expect_visible(&mut self, question: &str, wanted: bool) {
        let path = ["expect", "visible", question];
        let Some(place) = self.place(&path, question) else {
            return;
        };
        let asked = self.rehearsal.assessment().evaluation.asked(place).yes();
        if asked != wanted {
            let evaluation = &self.rehearsal.assessment().evaluation;
            let because = crate::domain::phrases::not_asked_because(evaluation, place);
            let message = match because {
                Some(because) => format!("`{question}` is not asked, because {because}"),
                None => format!("`{question}` is asked"),
            };
            self.fail(&path, message, "");
        }
    }

    fn expect_finding(&mut self, list: &str, finding: &str, wanted: &[How]) {
        let how = self.how(finding);
        if !wanted.contains(&how) {
            let message = match how {
                How::Raised => format!("`{finding}` is raised"),
                How::Absent => format!("`{finding}` is not raised"),
                How::Undetermined => format!(
                    "`{finding}` is undetermined: {} could still raise it",
                    self.waits(finding)
                ),
            };
            self.fail(&["expect", list], message, "");
        }
    }

    /// Returns how a finding stands; without a row, any of its rows counts.
    fn how(&self, finding: &str) -> How {
        let Ok(key) = finding.parse::<FindingKey>() else {
            return How::Absent;
        };
        let assessment = self.rehearsal.assessment();
        let matching = |presence: Presence| {
            assessment.lives.iter().any(|(known, life)| {
                known.id == key.id
                    && (key.row.is_none() || known.row == key.row)
                    && life.presence == presence
            })
        };
        if matching(Presence::Raised) {
            return How::Raised;
        }
        if matching(Presence::Undetermined) {
            return How::Undetermined;
        }
        let open =
            assessment
                .questionnaire()
                .finding(&key.id)
                .is_some_and(|place| match assessment.evaluation.is_raised(place) {
                    Outcome::Unknown(unknown) => !unknown.is_settled(),
                    Outcome::Known(_) => false,
                });
        if open { How::Undetermined } else { How::Absent }
    }

    /// Returns the open questions that could still raise a finding.
    fn waits(&self, finding: &str) -> String {
        let assessment = self.rehearsal.assessment();
        let questionnaire = assessment.questionnaire();
        let ids: Vec<String> = finding
            .parse::<FindingKey>()
            .ok()
            .and_then(|key| questionnaire.finding(&key.id))
            .map(|place| assessment.evaluation.is_raised(place))
            .iter()
            .flat_map(Outcome::open_questions)
            .map(|place| format!("`{}`", questionnaire.questions[place].id))
            .collect();
        ids.join(", ")
    }

    /// Returns what a raised finding means for the start, for each of its rows.
    fn needs(&self, finding: &str) -> BTreeSet<crate::domain::decision::Need> {
        let Ok(key) = finding.parse::<FindingKey>() else {
            return BTreeSet::new();
        };
        self.rehearsal
            .assessment()
            .lives
            .iter()
            .filter(|(known, life)| {
                known.id == key.id && (key.row.is_none() || known.row == key.row) && life.stands()
            })
            .map(|(_, life)| life.need)
            .collect()
    }

    fn expect_verdict(&mut self, step: &Step) {
        let Some(wanted) = &step.expect.verdict else {
            return;
        };
        let assessment = self.rehearsal.assessment();
        let verdict = scoring::verdict(assessment, self.rehearsal.book().today);
        if verdict.code.code() == wanted {
            return;
        }
        let questions = &assessment.questionnaire().questions;
        let ids = |keys: &[FindingKey]| {
            let ids: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
            ids.join(", ")
        };
        let mut why = Vec::new();
        if !verdict.blocking.is_empty() {
            why.push(format!("blocking: {}", ids(&verdict.blocking)));
        }
        if !verdict.not_in_hand.is_empty() {
            why.push(format!("not in hand: {}", ids(&verdict.not_in_hand)));
        }
        if !verdict.in_hand.is_empty() {
            why.push(format!("in hand: {}", ids(&verdict.in_hand)));
        }
        if !verdict.open.is_empty() {
            let open: Vec<String> = verdict
                .open
                .iter()
                .take(12)
                .map(|place| format!("`{}`", questions[*place].id))
                .collect();
            why.push(format!(
                "open ({}): {}",
                verdict.open.len(),
                open.join(", ")
            ));
        }
        let message = format!("the verdict is `{}`", verdict.code.code());
        self.fail(&["expect", "verdict"], message, &why.join("; "));
    }
}

/// How a finding stands in a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Raised,
    Absent,
    Undetermined,
}
