//! Properties of the numbers over random answers.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use proptest::prelude::{
    Just, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest,
};
use proptest::test_runner::Config;
use readiness::domain::assessment::Assessment;
use readiness::domain::questionnaire::{Kind, Questionnaire};
use readiness::domain::response::{NotApplicable, Said, Unknown, Value};
use readiness::domain::scoring::{self, View};
use rust_decimal::Decimal;

use crate::engine::{Engine, day, first_day, questionnaire};

/// One question of every type, with conditions between them, a rule, a stop and a derived value.
pub(crate) static EVERYTHING: LazyLock<Arc<Questionnaire>> = LazyLock::new(|| {
    questionnaire(
        r#"
[[stop]]
id = "halt"
when = 'a.scale == "worst"'
title = "Halt"
text = "Stop here."

[[section]]
id = "a"
title = "A"
weight = 3
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
tier = "recommended"
options = [
  { id = "best", text = "Best", score = 100 },
  { id = "middle", text = "Middle", score = 60, finding = "scale-gap", severity = "low", need = "improvement" },
  { id = "worst", text = "Worst", score = 0, finding = "scale-gap" } ]
[[section.question]]
id = "parts"
type = "multi"
text = "Which?"
tier = "required"
when = 'a.on'
finding = "parts-missing"
options = [
  { id = "x", text = "X", score = 50 },
  { id = "y", text = "Y", score = 30, when = 'a.scale != "worst"' },
  { id = "z", text = "Z", score = 20 } ]
[[section.question]]
id = "share"
type = "percent"
text = "How much?"
tier = "recommended"
scores = [ { min = 90, score = 100 }, { min = 40, score = 50, finding = "share-low" }, { score = 0, finding = "share-low", severity = "high" } ]

[[section]]
id = "b"
title = "B"
when = 'a.on || a.scale == "best"'
[[section.question]]
id = "devices"
type = "coverage"
text = "Devices?"
tier = "required"
asset = "devices"
goal = 95
finding = "devices-missing"
[[section.question]]
id = "count"
type = "int"
text = "How many?"
tier = "recommended"
min = 0
max = 1000
scores = [ { when = 'this >= 10', score = 100 }, { when = 'this >= 3', score = 50 }, { score = 0, finding = "too-few" } ]
[[section.question]]
id = "tried"
type = "date"
text = "Tried when?"
tier = "recommended"
not_older_than = "30d"
finding = "not-tried"
none = { text = "Never", finding = "not-tried", score = 0 }

[[derived]]
id = "gap"
type = "int"
value = 'b.devices.target - b.devices.protected'

[[finding]]
id = "off"
severity = "critical"
need = "blocker"
title = "Off"
[[finding]]
id = "scale-gap"
severity = "high"
need = "condition"
title = "Scale"
[[finding]]
id = "parts-missing"
severity = "medium"
title = "Parts"
need_when = [ { when = 'derived.gap > 50', need = "blocker" } ]
[[finding]]
id = "share-low"
severity = "low"
title = "Share"
[[finding]]
id = "devices-missing"
severity = "high"
title = "Devices"
[[finding]]
id = "too-few"
severity = "low"
title = "Few"
[[finding]]
id = "not-tried"
severity = "medium"
title = "Not tried"
[[finding]]
id = "rule"
severity = "high"
need = "condition"
when = 'a.on && a.share < 20'
title = "Rule"
"#,
    )
});

fn value_of(place: usize) -> impl Strategy<Value = Value> {
    let question = EVERYTHING.questions[place].clone();
    (any::<u8>(), any::<u8>(), any::<u16>()).prop_map(move |(a, b, c)| match &question.kind {
        Kind::Bool => Value::Bool(a.is_multiple_of(2)),
        Kind::Choice(options) => Value::Choice(options[a as usize % options.len()].id.clone()),
        Kind::Multi(options) => Value::Multi(
            options
                .iter()
                .enumerate()
                .filter(|(at, _)| a >> at & 1 == 1)
                .map(|(_, option)| option.id.clone())
                .collect(),
        ),
        Kind::Int(_) => Value::Int(i64::from(b % 20)),
        Kind::Decimal(_) | Kind::Percent(_) => Value::Decimal(Decimal::new(i64::from(c % 1001), 1)),
        Kind::Text => Value::Text("x".repeat(a as usize % 3)),
        Kind::Date => Value::Date(first_day() - chrono::Duration::days(i64::from(b % 60))),
        Kind::Coverage(_) => Value::Coverage {
            protected: u64::from(a),
            target: u64::from(b),
        },
        Kind::Rows(_) => Value::Rows(Vec::new()),
    })
}

fn said(place: usize) -> impl Strategy<Value = Option<Said>> {
    prop_oneof![
        8 => value_of(place).prop_map(|value| Some(Said::Value(value))),
        1 => prop_oneof![
            Just(Some(Said::NotApplicable(NotApplicable::NotUsed))),
            Just(Some(Said::Unknown(Unknown::NobodyKnows))),
            Just(Some(Said::None)),
            Just(None),
        ],
    ]
}

pub(crate) fn answers() -> impl Strategy<Value = Vec<(usize, Option<Said>)>> {
    let questions = EVERYTHING.questions.len();
    prop::collection::vec(
        (0..questions).prop_flat_map(|place| said(place).prop_map(move |said| (place, said))),
        0..25,
    )
}

pub(crate) fn played(answers: &[(usize, Option<Said>)]) -> Engine {
    let mut engine = Engine::on(Arc::clone(&EVERYTHING));
    for (place, said) in answers {
        match said {
            Some(said) => engine.rehearsal.say(*place, said.clone()),
            None => engine.rehearsal.withdraw(*place),
        }
    }
    engine
}

/// Everything that two equal assessments share, in text.
fn picture(assessment: &Assessment) -> String {
    let today = assessment.evaluation.day();
    let lives: Vec<String> = assessment
        .lives
        .iter()
        .map(|(key, life)| {
            format!(
                "{key} {:?} {:?} {:?} {} {}",
                life.presence, life.need, life.severity, life.first_seen, life.came_back
            )
        })
        .collect();
    let asked: Vec<_> = (0..EVERYTHING.questions.len())
        .map(|place| {
            (
                assessment.evaluation.asked(place),
                assessment.evaluation.credit(place),
            )
        })
        .collect();
    format!(
        "{:?} {:?} {lives:?} {asked:?}",
        scoring::verdict(assessment, today),
        scoring::score(assessment, View::Current, today)
    )
}

proptest! {
    #![proptest_config(Config { cases: 300, ..Config::default() })]

    #[test]
    fn a_score_stays_in_range_and_its_parts_add_up(answers in answers()) {
        let engine = played(&answers);
        let assessment = engine.rehearsal.assessment();
        let today = engine.rehearsal.book().today;
        let score = scoring::score(assessment, View::Current, today);
        prop_assert!(score.earned <= score.possible);
        prop_assert!(score.earned + score.open <= score.possible);
        let points = (0..EVERYTHING.questions.len())
            .filter_map(|place| scoring::points(&assessment.evaluation, place))
            .filter_map(|points| points.earned)
            .sum::<u128>();
        prop_assert_eq!(points, score.earned);
        let sections = scoring::section_scores(assessment, today);
        prop_assert_eq!(sections.iter().map(|score| score.earned).sum::<u128>(), score.earned);
        for view in [View::Planned, View::Achievable] {
            prop_assert!(scoring::score(assessment, view, today).earned >= score.earned);
        }
    }

    #[test]
    fn a_ledger_replayed_comes_to_the_same_as_step_by_step(answers in answers(), later in 0_i64..90) {
        let mut engine = played(&answers);
        engine.to(first_day() + chrono::Duration::days(later));
        let replayed = engine.rehearsal.replayed();
        let again = engine.rehearsal.replayed();
        let one = replayed.assessments.values().next().unwrap();
        prop_assert_eq!(picture(one), picture(engine.rehearsal.assessment()));
        prop_assert_eq!(picture(one), picture(again.assessments.values().next().unwrap()));
    }

    #[test]
    fn what_is_not_asked_changes_nothing(answers in answers(), place in 0_usize..8, other in any::<prop::sample::Index>()) {
        let mut engine = played(&answers);
        let place = place % EVERYTHING.questions.len();
        if engine.rehearsal.assessment().evaluation.asked(place).yes() {
            return Ok(());
        }
        let before = picture(engine.rehearsal.assessment());
        let values = [Said::None, Said::Unknown(Unknown::MayNotSay), Said::Value(Value::Bool(true)), Said::Value(Value::Int(7))];
        engine.rehearsal.say(place, other.get(&values).clone());
        prop_assert_eq!(before, picture(engine.rehearsal.assessment()));
    }

    #[test]
    fn the_order_of_the_last_answers_does_not_matter(mut answers in answers(), seed in any::<u64>()) {
        // Only the last answer to each question counts for what is asked, scored and raised now.
        let mut last: Vec<(usize, Option<Said>)> = Vec::new();
        for (place, said) in answers.drain(..) {
            last.retain(|(known, _)| *known != place);
            last.push((place, said));
        }
        let one = played(&last);
        let turn = usize::try_from(seed % 7).unwrap() % last.len().max(1);
        last.rotate_left(turn);
        let two = played(&last);
        let now = |engine: &Engine| {
            let assessment = engine.rehearsal.assessment();
            let today = engine.rehearsal.book().today;
            let standing: BTreeSet<String> = assessment.lives.iter()
                .filter(|(_, life)| life.presence == readiness::domain::finding::Presence::Raised)
                .map(|(key, life)| format!("{key} {:?}", life.need)).collect();
            (scoring::score(assessment, View::Current, today), engine.asked(), standing)
        };
        prop_assert_eq!(now(&one), now(&two));
    }

    #[test]
    fn a_better_answer_earns_no_less_and_raises_nothing_else(answers in answers(), place in 0_usize..8, low in any::<u8>(), high in any::<u8>()) {
        let place = place % EVERYTHING.questions.len();
        let (low, high) = (low.min(high), low.max(high));
        let engine = played(&answers);
        let evaluation = &engine.rehearsal.assessment().evaluation;
        if !evaluation.asked(place).yes() {
            return Ok(());
        }
        let Some((worse, better)) = ordered(&EVERYTHING.questions[place].kind, low, high) else {
            return Ok(());
        };
        let credits = |value: Value| {
            let mut engine = played(&answers);
            engine.rehearsal.say(place, Said::Value(value));
            let evaluation = &engine.rehearsal.assessment().evaluation;
            let raised: BTreeSet<usize> = evaluation.credit(place).raises.iter().map(|raising| raising.raise.finding).collect();
            (evaluation.credit(place).earned, raised)
        };
        let (low_credit, low_raised) = credits(worse);
        let (high_credit, high_raised) = credits(better);
        if let (Some(low), Some(high)) = (low_credit, high_credit) {
            prop_assert!(high >= low);
            prop_assert!(high_raised.is_subset(&low_raised));
        }
    }

    #[test]
    fn time_alone_never_panics(answers in answers(), days in 0_i64..5_000) {
        let mut engine = played(&answers);
        engine.to(day(2026, 9, 1) + chrono::Duration::days(days));
        prop_assert!(!engine.verdict().is_empty());
    }
}

/// Returns a worse and a better answer of a type, where the type orders its answers by itself.
fn ordered(kind: &Kind, low: u8, high: u8) -> Option<(Value, Value)> {
    match kind {
        Kind::Bool => Some((Value::Bool(false), Value::Bool(true))),
        Kind::Percent(_) => {
            let percent =
                |n: u8| Value::Decimal(Decimal::new(i64::from(n) * 10 / 26, 1) * Decimal::TEN);
            Some((percent(low), percent(high)))
        }
        Kind::Int(_) => Some((Value::Int(i64::from(low)), Value::Int(i64::from(high)))),
        Kind::Coverage(_) => Some((
            Value::Coverage {
                protected: u64::from(low),
                target: 255,
            },
            Value::Coverage {
                protected: u64::from(high),
                target: 255,
            },
        )),
        Kind::Multi(options) => {
            let all: BTreeSet<_> = options.iter().map(|option| option.id.clone()).collect();
            let some = all
                .iter()
                .take(usize::from(low) % all.len())
                .cloned()
                .collect();
            Some((Value::Multi(some), Value::Multi(all)))
        }
        Kind::Date => {
            let back =
                |n: u8| Value::Date(first_day() - chrono::Duration::days(255 - i64::from(n)));
            Some((back(low), back(high)))
        }
        _ => None,
    }
}
