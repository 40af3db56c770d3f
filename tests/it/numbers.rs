//! Score, verdict and findings: what a person sees of the numbers, and what other engines get wrong.

use readiness::domain::response::Value;
use rust_decimal::Decimal;

use crate::engine::{Engine, day, first_day};

/// A section of weight 1 around the lines of its questions.
fn section(questions: &str) -> String {
    format!("\n[[section]]\nid = \"s\"\ntitle = \"S\"\n{questions}")
}

fn yes_no(id: &str, more: &str) -> String {
    format!(
        "\n[[section.question]]\nid = \"{id}\"\ntype = \"bool\"\ntext = \"{id}?\"\ntier = \"required\"\n{more}\n"
    )
}

fn finding(id: &str, more: &str) -> String {
    format!("\n[[finding]]\nid = \"{id}\"\nseverity = \"high\"\ntitle = \"{id}\"\n{more}\n")
}

#[test]
fn hiding_the_second_of_three_hides_the_third_in_the_same_pass() {
    let body = section(
        &[
            yes_no("a", ""),
            yes_no("b", "when = 's.a'"),
            yes_no("c", "when = 's.b'"),
        ]
        .concat(),
    );
    let mut engine = Engine::of(&body);
    engine.yes("s.a").yes("s.b").yes("s.c");
    assert_eq!(engine.asked(), ["s.a", "s.b", "s.c"]);
    engine.no("s.a");
    assert_eq!(engine.asked(), ["s.a"]);
    engine.yes("s.a");
    assert_eq!(engine.asked(), ["s.a", "s.b", "s.c"]);
    assert_eq!(engine.score(), Some(10_000), "the answers came back");
}

#[test]
fn a_chain_of_a_hundred_declared_in_reverse_hides_in_one_pass() {
    let mut questions: Vec<String> = (1..100)
        .rev()
        .map(|n| yes_no(&format!("q{n}"), &format!("when = 's.q{}'", n - 1)))
        .collect();
    questions.push(yes_no("q0", ""));
    let mut engine = Engine::of(&section(&questions.concat()));
    for n in 0..100 {
        engine.yes(&format!("s.q{n}"));
    }
    assert_eq!(engine.asked().len(), 100);
    engine.no("s.q0");
    assert_eq!(engine.asked(), ["s.q0"]);
}

#[test]
fn falsy_answers_are_answers() {
    let body = section(
        "
[[section.question]]
id = \"n\"
type = \"int\"
text = \"How many?\"
tier = \"required\"
scores = [ { when = 'this == 0', score = 100 }, { score = 0 } ]
[[section.question]]
id = \"t\"
type = \"text\"
text = \"What?\"
tier = \"info\"
",
    );
    let mut engine = Engine::of(&body);
    engine
        .say("s.n", Value::Int(0))
        .say("s.t", Value::Text(String::new()));
    assert_eq!(engine.score(), Some(10_000));
    assert_eq!(
        engine
            .rehearsal
            .assessment()
            .evaluation
            .open_questions()
            .count(),
        0
    );
}

#[test]
fn a_value_between_whole_number_bands_falls_into_one() {
    let body = section(
        "
[[section.question]]
id = \"p\"
type = \"percent\"
text = \"How much?\"
tier = \"required\"
scores = [ { min = 95, score = 100 }, { min = 50, score = 50 }, { score = 0 } ]
",
    );
    let mut engine = Engine::of(&body);
    engine.say("s.p", Value::Decimal(Decimal::new(945, 1)));
    assert_eq!(engine.score(), Some(5_000));
}

#[test]
fn not_applicable_leaves_both_sums_and_all_of_it_is_not_assessed() {
    let mut engine = Engine::of(&section(&[yes_no("a", ""), yes_no("b", "")].concat()));
    engine.yes("s.a").no("s.b");
    assert_eq!(engine.score(), Some(5_000));
    engine.not_applicable("s.b");
    assert_eq!(engine.score(), Some(10_000));
    engine.not_applicable("s.a");
    assert_eq!(engine.score(), None);
}

#[test]
fn unknown_earns_nothing_and_stays_open() {
    let mut engine = Engine::of(&section(&[yes_no("a", ""), yes_no("b", "")].concat()));
    engine.yes("s.a").unknown("s.b");
    assert_eq!(engine.score(), Some(5_000));
    assert!(
        engine
            .rehearsal
            .assessment()
            .evaluation
            .is_open(engine.place("s.b"))
    );
}

#[test]
fn a_blocker_blocks_until_another_approves_the_risk_and_again_when_it_expires() {
    let body = section(&yes_no("a", "finding = \"gap\"")) + &finding("gap", "need = \"blocker\"");
    let mut engine = Engine::of(&body);
    assert_eq!(engine.verdict(), "undetermined");
    engine.no("s.a");
    assert_eq!(engine.verdict(), "not-ready");
    engine.plan("gap", day(2026, 9, 20));
    assert_eq!(engine.verdict(), "not-ready", "a plan does not unblock");
    engine.accept("gap", day(2026, 9, 10));
    assert_eq!(engine.verdict(), "ready-with-conditions");
    engine.to(day(2026, 9, 11));
    assert_eq!(
        (engine.verdict(), engine.state("gap")),
        ("not-ready", "planned")
    );
    engine.yes("s.a");
    assert_eq!((engine.verdict(), engine.state("gap")), ("ready", "closed"));
    engine.no("s.a");
    assert_eq!(
        (engine.verdict(), engine.state("gap")),
        ("not-ready", "open")
    );
}

#[test]
fn a_condition_is_in_hand_until_its_date_passes() {
    let body = section(&yes_no("a", "finding = \"gap\"")) + &finding("gap", "");
    let mut engine = Engine::of(&body);
    engine.no("s.a");
    assert_eq!(engine.verdict(), "not-ready");
    engine.plan("gap", day(2026, 9, 20));
    assert_eq!(engine.verdict(), "ready-with-conditions");
    engine.to(day(2026, 9, 20));
    assert_eq!(engine.verdict(), "ready-with-conditions");
    engine.to(day(2026, 9, 21));
    assert_eq!(engine.verdict(), "not-ready");
}

#[test]
fn what_is_not_asked_any_more_supersedes_its_finding_and_resumes_it() {
    let body = section(
        &[
            yes_no("a", "good = true"),
            yes_no("b", "when = 's.a'\nfinding = \"gap\""),
        ]
        .concat(),
    ) + &finding("gap", "");
    let mut engine = Engine::of(&body);
    engine.yes("s.a").no("s.b").plan("gap", day(2026, 9, 20));
    engine.no("s.a");
    assert_eq!(engine.state("gap"), "superseded");
    engine.yes("s.a");
    assert_eq!(engine.state("gap"), "planned");
    let key = "gap".parse().unwrap();
    assert_eq!(engine.rehearsal.assessment().lives[&key].came_back, 0);
}

#[test]
fn a_withdrawn_answer_leaves_its_finding_undetermined_and_standing() {
    let body = section(&yes_no("a", "finding = \"gap\"")) + &finding("gap", "need = \"blocker\"");
    let mut engine = Engine::of(&body);
    engine.no("s.a").withdraw("s.a");
    assert_eq!(
        (engine.state("gap"), engine.verdict()),
        ("open", "not-ready")
    );
    engine.yes("s.a");
    assert_eq!((engine.state("gap"), engine.verdict()), ("closed", "ready"));
}

#[test]
fn a_slip_that_is_corrected_leaves_no_trace_in_findings() {
    use readiness::domain::ledger::Why;
    use readiness::domain::response::{Basis, Response, Said};
    let body = section(&yes_no("a", "finding = \"gap\"")) + &finding("gap", "");
    let mut engine = Engine::of(&body);
    engine.yes("s.a").no("s.a");
    assert_eq!(engine.state("gap"), "open");
    let response = Response {
        said: Said::Value(Value::Bool(true)),
        basis: Basis::Interview,
        said_by: None,
        said_on: first_day(),
        note: None,
        private_note: None,
    };
    let place = engine.place("s.a");
    engine.rehearsal.answer(place, response, Why::Corrected);
    assert_eq!(engine.state("gap"), "never");
}

const DOMAINS: &str = "
[[section.question]]
id = \"domains\"
type = \"rows\"
text = \"Which domains?\"
tier = \"required\"
key = \"name\"
[[section.question.column]]
id = \"name\"
type = \"text\"
text = \"Name\"
required = true
[[section.question.column]]
id = \"dcs\"
type = \"int\"
text = \"Controllers\"
[[section.question.column]]
id = \"sensors\"
type = \"int\"
text = \"Sensors\"
scores = [ { when = 'this == row.dcs', score = 100 }, { score = 0, finding = \"sensor-gap\" } ]
";

fn domain(name: &str, dcs: i64, sensors: i64) -> [(&'static str, Value); 3] {
    [
        ("name", Value::Text(name.into())),
        ("dcs", Value::Int(dcs)),
        ("sensors", Value::Int(sensors)),
    ]
}

#[test]
fn a_new_row_is_not_covered_by_an_acceptance_of_the_others() {
    let body = section(DOMAINS) + &finding("sensor-gap", "need = \"blocker\"");
    let mut engine = Engine::of(&body);
    let corp = domain("corp", 4, 1);
    engine.rows("s.domains", &[&corp]);
    engine.accept("sensor-gap@corp", day(2026, 12, 1));
    assert_eq!(engine.verdict(), "ready-with-conditions");
    let lab = domain("lab", 2, 0);
    engine.rows("s.domains", &[&lab, &corp]);
    assert_eq!(engine.state("sensor-gap@corp"), "risk-accepted");
    assert_eq!(engine.state("sensor-gap@lab"), "open");
    assert_eq!(engine.verdict(), "not-ready");
}

#[test]
fn deleting_the_middle_row_supersedes_only_its_finding() {
    let body = section(DOMAINS) + &finding("sensor-gap", "");
    let mut engine = Engine::of(&body);
    let [a, b, c] = ["a", "b", "c"].map(|name| domain(name, 2, 1));
    engine.rows("s.domains", &[&a, &b, &c]);
    engine.rows("s.domains", &[&a, &c]);
    let states = ["a", "b", "c"].map(|row| engine.state(&format!("sensor-gap@{row}")));
    assert_eq!(states, ["open", "superseded", "open"]);
    let mended = domain("a", 2, 2);
    engine.rows("s.domains", &[&mended, &c]);
    assert_eq!(engine.state("sensor-gap@a"), "closed");
}

#[test]
fn a_missing_cell_that_the_score_needs_leaves_the_question_open() {
    let body = section(DOMAINS) + &finding("sensor-gap", "");
    let mut engine = Engine::of(&body);
    let half = [("name", Value::Text("corp".into())), ("dcs", Value::Int(4))];
    engine.rows("s.domains", &[&half]);
    let place = engine.place("s.domains");
    assert!(engine.rehearsal.assessment().evaluation.is_open(place));
    assert_eq!(engine.verdict(), "undetermined");
}

#[test]
fn a_customer_whose_rows_are_never_asked_reaches_ready() {
    let body = section(
        &[
            yes_no("onprem", "tier_note = 1").replace("tier_note = 1", "good = false"),
            DOMAINS.replace(
                "tier = \"required\"",
                "tier = \"required\"\nwhen = 's.onprem'",
            ),
        ]
        .concat(),
    ) + &finding("sensor-gap", "need = \"blocker\"")
        + &finding(
            "lost",
            "need = \"blocker\"\nwhen = 's.onprem && sum(s.domains.map(d, d.dcs)) > 3'",
        );
    let mut engine = Engine::of(&body);
    assert_eq!(engine.verdict(), "undetermined");
    engine.no("s.onprem");
    assert_eq!(engine.verdict(), "ready");
    assert_eq!(engine.asked(), ["s.onprem"]);
}

#[test]
fn a_date_grows_too_old_by_itself_and_the_finding_is_first_seen_on_that_day() {
    let body = section(
        "
[[section.question]]
id = \"drill\"
type = \"date\"
text = \"When was it tried?\"
tier = \"recommended\"
not_older_than = \"10d\"
finding = \"old\"
",
    ) + &finding("old", "");
    let mut engine = Engine::of(&body);
    engine.say("s.drill", Value::Date(first_day()));
    engine.to(day(2026, 9, 11));
    assert_eq!(engine.state("old"), "never");
    engine.to(day(2026, 10, 30));
    assert_eq!(engine.state("old"), "open");
    let key = "old".parse().unwrap();
    let life = &engine.rehearsal.assessment().lives[&key];
    assert_eq!(life.first_seen, day(2026, 9, 12));
    let replayed = engine.rehearsal.replayed();
    let again = &replayed.assessments.values().next().unwrap().lives[&key];
    assert_eq!(again.first_seen, life.first_seen);
}

#[test]
fn one_more_good_option_never_lowers_the_share() {
    let body = section(
        "
[[section.question]]
id = \"m\"
type = \"multi\"
text = \"Which?\"
tier = \"required\"
finding = \"part\"
options = [
  { id = \"a\", text = \"A\", score = 60 },
  { id = \"b\", text = \"B\", score = 40 },
  { id = \"none\", text = \"None\", exclusive = true } ]
",
    ) + &finding("part", "");
    let mut engine = Engine::of(&body);
    let scores: Vec<Option<u32>> = [&["none"][..], &["b"], &["a"], &["a", "b"]]
        .into_iter()
        .map(|ticked| engine.tick("s.m", ticked).score())
        .collect();
    assert_eq!(scores, [Some(0), Some(4_000), Some(6_000), Some(10_000)]);
    assert_eq!(engine.state("part"), "closed");
}

#[test]
fn a_chosen_option_that_is_no_longer_offered_opens_the_question() {
    let body = section(
        &[
            yes_no("a", ""),
            "
[[section.question]]
id = \"c\"
type = \"choice\"
text = \"Which?\"
tier = \"required\"
options = [
  { id = \"x\", text = \"X\", score = 100, when = 's.a' },
  { id = \"y\", text = \"Y\", score = 0 } ]
"
            .into(),
        ]
        .concat(),
    );
    let mut engine = Engine::of(&body);
    engine.yes("s.a").choose("s.c", "x");
    assert_eq!(engine.score(), Some(10_000));
    engine.no("s.a");
    assert!(
        engine
            .rehearsal
            .assessment()
            .evaluation
            .is_open(engine.place("s.c"))
    );
    engine.yes("s.a");
    assert_eq!(engine.score(), Some(10_000), "the answer came back");
}

#[test]
fn a_stop_stops_and_changes_neither_score_nor_findings() {
    let body = "
[[stop]]
id = \"route-to-ir\"
when = 's.breach'
title = \"Call incident response first\"
text = \"Elsewhere.\"
keep_asking = [\"s\"]
"
    .to_owned()
        + &section(&[yes_no("breach", "good = false"), yes_no("b", "")].concat());
    let mut engine = Engine::of(&body);
    assert_eq!(engine.verdict(), "undetermined");
    engine.no("s.breach").yes("s.b");
    assert_eq!((engine.verdict(), engine.score()), ("ready", Some(10_000)));
    engine.yes("s.breach");
    assert_eq!((engine.verdict(), engine.score()), ("stopped", Some(5_000)));
    engine
        .rehearsal
        .record(readiness::domain::ledger::Fact::StopResumed {
            questionnaire: "test".parse().unwrap(),
            stop: "route-to-ir".parse().unwrap(),
            reason: "contained".into(),
        });
    assert_eq!(engine.verdict(), "ready");
    engine.no("s.breach").yes("s.breach");
    assert_eq!(engine.verdict(), "stopped", "it began to hold anew");
}

#[test]
fn need_rises_with_an_answer_and_an_old_acceptance_then_holds_no_more() {
    let body = section(&[yes_no("a", "finding = \"gap\""), yes_no("night", "")].concat())
        + &finding(
            "gap",
            "need = \"condition\"\nneed_when = [ { when = '!or_else(s.night, true)', need = \"blocker\" } ]",
        );
    let mut engine = Engine::of(&body);
    engine
        .no("s.a")
        .yes("s.night")
        .accept("gap", day(2026, 12, 1));
    assert_eq!(engine.verdict(), "ready-with-conditions");
    engine.no("s.night");
    assert_eq!(
        (engine.verdict(), engine.state("gap")),
        ("not-ready", "open")
    );
}
