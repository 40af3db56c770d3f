//! Properties of findings over 10,000 random histories: answers of every kind, withdrawals, questions that are hidden and shown
//! again, decisions of every kind, and days that pass.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use proptest::prelude::{Strategy, any, prop, prop_oneof};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use proptest::{prop_assert, prop_assert_eq};
use readiness::domain::decision::{Action, Disposition, Need, Party, Verb};
use readiness::domain::finding::{Life, Lives, Presence, StateName, TRANSITIONS};
use readiness::domain::id::{FindingKey, PersonId};
use readiness::domain::questionnaire::Questionnaire;
use readiness::domain::response::{Basis, NotApplicable, Said, Unknown, Value};
use readiness::domain::scoring::{self, View};
use readiness::domain::time::Day;

use crate::engine::{Engine, first_day, questionnaire};

/// One gap that grows worse by another answer, one with a row for each site, one that a hidden question raises, one by a rule, and
/// one that time alone raises.
static GAPS: LazyLock<Arc<Questionnaire>> = LazyLock::new(|| {
    questionnaire(
        r#"
[[section]]
id = "a"
title = "A"
[[section.question]]
id = "on"
type = "bool"
text = "On?"
tier = "required"
finding = "off"
[[section.question]]
id = "scale"
type = "choice"
text = "How well?"
tier = "required"
when = 'a.on'
options = [
  { id = "best", text = "Best", score = 100 },
  { id = "middle", text = "Middle", score = 60, finding = "gap", severity = "low", need = "improvement" },
  { id = "worst", text = "Worst", score = 0, finding = "gap" } ]
[[section.question]]
id = "second"
type = "bool"
text = "Another way into the same gap?"
tier = "recommended"
finding = "gap"
[[section.question]]
id = "sites"
type = "rows"
text = "Which sites?"
tier = "required"
key = "name"
  [[section.question.column]]
  id = "name"
  type = "text"
  text = "Site"
  [[section.question.column]]
  id = "safe"
  type = "bool"
  text = "Safe?"
  finding = "site"
[[section.question]]
id = "tried"
type = "date"
text = "Tried when?"
tier = "recommended"
not_older_than = "30d"
finding = "not-tried"

[[finding]]
id = "off"
severity = "high"
need = "condition"
title = "Off"
[[finding]]
id = "gap"
severity = "critical"
need = "blocker"
title = "Gap"
[[finding]]
id = "site"
severity = "medium"
need = "condition"
title = "Site"
[[finding]]
id = "not-tried"
severity = "medium"
title = "Not tried"
[[finding]]
id = "rule"
severity = "high"
when = 'a.on && a.second == false'
title = "Rule"
"#,
    )
});

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    /// A question is answered, or its answer taken back.
    Say(usize, Option<Said>),
    /// Days pass.
    Pass(u8),
    /// Somebody decides about one of the findings known.
    Decide(prop::sample::Index, Action),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..GAPS.questions.len(), any::<u8>(), any::<u8>())
            .prop_map(|(place, kind, value)| Step::Say(place, said(place, kind, value))),
        2 => (0_u8..40).prop_map(Step::Pass),
        8 => (any::<prop::sample::Index>(), action()).prop_map(|(at, action)| Step::Decide(at, action)),
    ]
}

fn said(place: usize, kind: u8, value: u8) -> Option<Said> {
    match kind % 12 {
        0 => return None,
        1 => return Some(Said::NotApplicable(NotApplicable::NotUsed)),
        2 => return Some(Said::Unknown(Unknown::NobodyKnows)),
        _ => {}
    }
    let name = GAPS.questions[place].id.as_str();
    Some(Said::Value(match name {
        "a.scale" => {
            let options = ["best", "middle", "worst"];
            Value::Choice(options[usize::from(value) % 3].parse().unwrap())
        }
        "a.sites" => {
            let sites = ["bonn", "oslo", "rome"];
            let named = sites
                .iter()
                .enumerate()
                .filter(|(at, _)| value >> at & 1 == 1);
            let row = |(at, name): (usize, &&str)| {
                [
                    ("name".parse().unwrap(), Value::Text((*name).to_owned())),
                    (
                        "safe".parse().unwrap(),
                        Value::Bool(value >> (at + 3) & 1 == 1),
                    ),
                ]
                .into()
            };
            Value::Rows(named.map(row).collect())
        }
        "a.tried" => Value::Date(first_day() - chrono::Duration::days(i64::from(value % 40))),
        _ => Value::Bool(value.is_multiple_of(2)),
    }))
}

fn person() -> impl Strategy<Value = PersonId> {
    prop_oneof!["anna", "bo", "author"].prop_map(|id| id.parse().unwrap())
}

fn within(days: std::ops::Range<i64>) -> impl Strategy<Value = Day> {
    days.prop_map(|days| first_day() + chrono::Duration::days(days))
}

fn action() -> impl Strategy<Value = Action> {
    let disposition =
        (person(), person(), within(-10..200)).prop_map(|(one, other, until)| Disposition {
            reason: "agreed".into(),
            decided_by: one,
            approved_by: other,
            until,
        });
    let party = (0..Party::ALL.len()).prop_map(|at| Party::ALL[at]);
    let said = prop_oneof!["", "because"];
    prop_oneof![
        2 => (person(), within(-10..200)).prop_map(|(owner, due)| Action::Plan { owner, due }),
        1 => person().prop_map(|owner| Action::Assign { owner }),
        2 => proptest::prelude::Just(Action::Start),
        2 => (party, said.clone()).prop_map(|(on, why)| Action::Wait { on, why }),
        1 => proptest::prelude::Just(Action::Resume),
        2 => person().prop_map(|by| Action::Claim { by, comment: None }),
        4 => (0..3, disposition).prop_map(|(kind, one)| match kind {
            0 => Action::Accept(one),
            1 => Action::ThirdParty(one),
            _ => Action::Mitigate(one),
        }),
        2 => (person(), said.clone()).prop_map(|(by, words)| Action::Dispute { by, words }),
        1 => (said, proptest::option::of(person()))
            .prop_map(|(reason, approved_by)| Action::InError { reason, approved_by }),
        2 => proptest::prelude::Just(Action::Reopen { reason: None }),
        1 => proptest::prelude::Just(Action::Close { basis: Basis::Document, named: "minutes".into() }),
    ]
}

/// What was allowed in which state, over all histories.
type Seen = BTreeSet<(Verb, StateName)>;

#[test]
fn ten_thousand_histories_keep_what_always_holds() {
    let mut runner = TestRunner::new(Config {
        cases: 10_000,
        failure_persistence: None,
        ..Config::default()
    });
    let seen = std::cell::RefCell::new(Seen::new());
    let steps = prop::collection::vec(step(), 1..24);
    runner
        .run(&steps, |steps| live(&steps, Some(&mut seen.borrow_mut())))
        .unwrap();
    // The histories are worth something only when they went everywhere.
    for line in TRANSITIONS.iter().filter(|line| line.verb != Verb::Close) {
        for state in line
            .from
            .iter()
            .filter(|state| **state != StateName::Closed)
        {
            let pair = (line.verb, *state);
            assert!(seen.borrow().contains(&pair), "never came to {pair:?}");
        }
    }
}

/// A ledger that another program wrote may hold decisions that were never allowed.
#[test]
fn decisions_that_were_not_allowed_lose_nothing_and_close_nothing() {
    let mut runner = TestRunner::new(Config {
        cases: 1_000,
        failure_persistence: None,
        ..Config::default()
    });
    let steps = prop::collection::vec(step(), 1..24);
    runner.run(&steps, |steps| live(&steps, None)).unwrap();
}

/// Walks a history; without `seen` every decision is taken, allowed or not.
fn live(steps: &[Step], mut seen: Option<&mut Seen>) -> Result<(), TestCaseError> {
    let mut engine = Engine::on(Arc::clone(&GAPS));
    for (number, step) in steps.iter().enumerate() {
        let before = engine.rehearsal.assessment().lives.clone();
        let day = engine.rehearsal.book().today;
        match step {
            Step::Say(place, Some(said)) => engine.rehearsal.say(*place, said.clone()),
            Step::Say(place, None) => engine.rehearsal.withdraw(*place),
            Step::Pass(days) => engine
                .rehearsal
                .to(day + chrono::Duration::days(i64::from(*days))),
            Step::Decide(at, action) => decide(&mut engine, *at, action, seen.as_deref_mut())?,
        }
        let assessment = engine.rehearsal.assessment();
        let today = engine.rehearsal.book().today;
        nothing_is_lost(&before, &assessment.lives)?;
        for (key, life) in &assessment.lives {
            holds(life, today)?;
            if let Some(before) = before.get(key) {
                follows(before, life, step, today)?;
            }
        }
        if number % 4 == 0 || number + 1 == steps.len() {
            counts(&engine, today)?;
        }
    }
    let replayed = engine.rehearsal.replayed();
    let replayed = replayed.assessments.values().next().unwrap();
    prop_assert_eq!(&replayed.lives, &engine.rehearsal.assessment().lives);
    Ok(())
}

/// Decides where it is allowed, and checks where that leads.
fn decide(
    engine: &mut Engine,
    at: prop::sample::Index,
    action: &Action,
    seen: Option<&mut Seen>,
) -> Result<(), TestCaseError> {
    let lives = &engine.rehearsal.assessment().lives;
    if lives.is_empty() {
        return Ok(());
    }
    let key: FindingKey = lives.keys().nth(at.index(lives.len())).unwrap().clone();
    let today = engine.rehearsal.book().today;
    let author = "author".parse().unwrap();
    let before = lives[&key].clone();
    let state = before.state(today).name();
    let verb = action.verb();
    let Some(seen) = seen else {
        engine.decide(&key.to_string(), action.clone());
        return Ok(());
    };
    let line = TRANSITIONS.iter().find(|line| line.verb == verb).unwrap();
    if let Err(refusal) = before.allows(action, &author, today) {
        prop_assert!(refusal.to_string().len() > 20, "{}", refusal);
        return Ok(());
    }
    prop_assert!(line.from.contains(&state), "{:?} in {:?}", verb, state);
    seen.insert((verb, state));
    let text = serde_json::to_string(action).unwrap();
    prop_assert_eq!(&serde_json::from_str::<Action>(&text).unwrap(), action);
    engine.decide(&key.to_string(), action.clone());
    let after = &engine.rehearsal.assessment().lives[&key];
    prop_assert_eq!(after.decisions.len(), before.decisions.len() + 1);
    prop_assert_eq!(after.presence, before.presence);
    let now = after.state(today).name();
    let fits = match verb {
        Verb::Assign => now == state && after.owner().is_some(),
        Verb::Plan => {
            let kept = [
                StateName::InProgress,
                StateName::Waiting,
                StateName::Disputed,
            ];
            after.plan.is_some() && (now == StateName::Planned || kept.contains(&now))
        }
        Verb::Start => now == StateName::InProgress && after.owner().is_some(),
        Verb::Wait => now == StateName::Waiting && after.must_act(today).is_some(),
        Verb::Claim => now == StateName::Claimed,
        Verb::Accept => now == StateName::RiskAccepted,
        Verb::ThirdParty => now == StateName::ThirdParty,
        Verb::Mitigate => now == StateName::Mitigated,
        Verb::Dispute => now == StateName::Disputed,
        Verb::InError => now == StateName::RecordedInError && !after.stands(),
        Verb::Resume => Some(now) == before.returns_to(today),
        Verb::Reopen => {
            before
                .returns_to(today)
                .is_none_or(|beneath| beneath == now)
                && now != state
        }
        Verb::Close => false,
    };
    prop_assert!(fits, "{:?} led from {:?} to {:?}", verb, state, now);
    Ok(())
}

fn nothing_is_lost(before: &Lives, after: &Lives) -> Result<(), TestCaseError> {
    for (key, life) in before {
        prop_assert!(after.contains_key(key), "{} is gone", key);
        let now = &after[key];
        prop_assert_eq!(now.first_seen, life.first_seen);
        prop_assert!(now.came_back >= life.came_back);
        prop_assert!(now.decisions.starts_with(&life.decisions));
    }
    Ok(())
}

/// What holds of a finding on any day.
fn holds(life: &Life, today: Day) -> Result<(), TestCaseError> {
    let state = life.state(today);
    prop_assert!(life.first_seen <= today);
    if life.stands() && life.in_hand(today) {
        let planned = life.plan.as_ref().is_some_and(|plan| plan.due >= today);
        prop_assert!(planned || state.disposition().is_some());
    }
    if let Some(disposition) = state.disposition() {
        prop_assert!(disposition.until >= today);
        let own = disposition.approved_by == disposition.decided_by;
        prop_assert!(!own || life.need == Need::Improvement);
        let after = disposition.until.succ_opt().unwrap();
        prop_assert_eq!(Some(life.state(after).name()), life.returns_to(today));
    }
    // Until the day on which it says that something changes, nothing does.
    let until = life.changes_after(today).unwrap_or(Day::MAX);
    let shown = |day| (life.state(day).name(), life.in_hand(day));
    let next = today.succ_opt().unwrap();
    let last = (today + chrono::Duration::days(400)).min(until.pred_opt().unwrap_or(today));
    for day in [next, last].into_iter().filter(|day| *day < until) {
        prop_assert_eq!(shown(day), shown(today));
    }
    Ok(())
}

/// How a finding may follow from what it was before a step.
fn follows(before: &Life, now: &Life, step: &Step, today: Day) -> Result<(), TestCaseError> {
    let was_closed = matches!(before.presence, Presence::Closed(_));
    let is_closed = matches!(now.presence, Presence::Closed(_));
    if is_closed && !was_closed {
        prop_assert!(
            matches!(step, Step::Say(_, Some(_))),
            "closed by {:?}",
            step
        );
    }
    if now.came_back > before.came_back {
        prop_assert!(was_closed && now.came_back == before.came_back + 1);
        prop_assert_eq!(now.state(today).name(), StateName::Open);
        prop_assert_eq!(now.owner(), None);
    }
    // What only time did to it could be told before.
    let same =
        (now.presence, now.severity, now.need) == (before.presence, before.severity, before.need);
    if matches!(step, Step::Pass(_)) && same {
        prop_assert_eq!(now.state(today).name(), before.state(today).name());
    }
    // What was superseded resumes where it was, unless it comes back worse.
    let resumes =
        matches!(before.presence, Presence::Superseded(_)) && now.presence == Presence::Raised;
    if resumes && (now.severity, now.need) == (before.severity, before.need) {
        prop_assert_eq!(&now.step, &before.step);
        prop_assert_eq!(&now.plan, &before.plan);
        prop_assert_eq!(&now.disposition, &before.disposition);
    }
    Ok(())
}

/// What the findings come to.
fn counts(engine: &Engine, today: Day) -> Result<(), TestCaseError> {
    let assessment = engine.rehearsal.assessment();
    let verdict = scoring::verdict(assessment, today);
    for (key, life) in &assessment.lives {
        let disposed = life.stands() && life.state(today).disposition().is_some();
        let blocks = life.stands() && life.need == Need::Blocker && !disposed;
        prop_assert_eq!(verdict.blocking.contains(key), blocks, "{}", key);
        let loose = life.stands() && life.need == Need::Condition && !life.in_hand(today);
        prop_assert_eq!(verdict.not_in_hand.contains(key), loose, "{}", key);
    }
    let ready = verdict.blocking.is_empty() && verdict.not_in_hand.is_empty();
    prop_assert!(ready || !verdict.code.is_ready());
    let earned = |view| scoring::score(assessment, view, today).earned;
    prop_assert!(earned(View::Planned) >= earned(View::Current));
    prop_assert!(earned(View::Achievable) >= earned(View::Current));
    Ok(())
}
