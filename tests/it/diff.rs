//! What changed between two points.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::Config;
use readiness::domain::assessment::Book;
use readiness::domain::diff::{self, AnswerChange, Change, Diff, Item, Point};
use readiness::domain::id::FindingKey;
use readiness::domain::ledger::Why;
use readiness::domain::questionnaire::Questionnaire;
use readiness::domain::response::{Basis, Response, Said, Value};

use crate::engine::{Engine, day, first_day, versioned};
use crate::project::Project;
use crate::properties::{EVERYTHING, answers, played};

const FIRST: &str = r#"
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
id = "share"
type = "percent"
text = "How much?"
tier = "required"
scores = [ { min = 90, score = 100 }, { score = 0, finding = "low" } ]
[[section.question]]
id = "deep"
type = "bool"
text = "Deep?"
tier = "required"
when = 'a.on'
finding = "shallow"
[[section.question]]
id = "old"
type = "bool"
text = "Old?"
tier = "required"
finding = "older"
[[finding]]
id = "off"
severity = "critical"
need = "blocker"
title = "Off"
[[finding]]
id = "low"
severity = "high"
title = "Low"
[[finding]]
id = "shallow"
severity = "high"
title = "Shallow"
[[finding]]
id = "older"
severity = "low"
title = "Older"
"#;

/// Asks for more, in other words, without one question and with another.
fn second() -> Arc<Questionnaire> {
    let body = FIRST
        .replace("min = 90", "min = 95")
        .replace("text = \"On?\"", "text = \"Is it on?\"")
        .replace("id = \"old\"", "id = \"new\"")
        .replace("text = \"Old?\"", "text = \"New?\"")
        .replace("\"older\"", "\"newer\"");
    versioned(
        "2.0.0",
        &format!("{body}\n[[migrate]]\nto = \"2.0.0\"\ndrop = [\"a.old\"]\n"),
    )
}

fn engine() -> Engine {
    Engine::on(versioned("1.0.0", FIRST))
}

fn last(engine: &Engine) -> u64 {
    engine.rehearsal.book().seq
}

/// What changed between an entry and now.
fn since(engine: &Engine, seq: u64) -> Diff {
    let rehearsal = &engine.rehearsal;
    let entries = rehearsal.entries();
    let then = entries
        .iter()
        .find(|entry| entry.header.seq == seq)
        .unwrap();
    let then = (seq, then.header.at.day_in(chrono_tz::UTC));
    let now = (rehearsal.book().seq, rehearsal.book().today);
    let customer = &rehearsal.book().customer.id;
    let books = Book::at_points(customer, entries, rehearsal.texts(), &[then, now]).unwrap();
    let point = |book: &Book| book.assessments.values().next().unwrap().clone();
    let (before, after) = (point(&books[0]), point(&books[1]));
    let at = |assessment, book: &Book| Point {
        assessment,
        seq: book.seq,
        today: book.today,
    };
    diff::diff(
        at(&before, &books[0]),
        at(&after, &books[1]),
        rehearsal.texts(),
    )
}

fn change(diff: &Diff, finding: &str) -> Change {
    item(diff, finding).change
}

fn item<'d>(diff: &'d Diff, finding: &str) -> &'d Item {
    let key: FindingKey = finding.parse().unwrap();
    diff.findings
        .iter()
        .find(|item| item.finding == key)
        .unwrap()
}

fn told(value: Value, basis: Basis) -> Response {
    Response {
        said: Said::Value(value),
        basis,
        said_by: None,
        said_on: first_day(),
        note: None,
        private_note: None,
    }
}

#[test]
fn what_an_answer_opens_and_closes_is_new_and_closed() {
    let mut engine = engine();
    engine.no("a.on");
    let seq = last(&engine);
    engine.yes("a.on").no("a.deep").no("a.old");
    let diff = since(&engine, seq);
    assert_eq!(change(&diff, "off"), Change::Fixed);
    // Whether it is asked followed from the answer.
    assert_eq!(change(&diff, "shallow"), Change::NewlyAsked);
    assert_eq!(change(&diff, "older"), Change::New);
    let how = &item(&diff, "off").how[0];
    assert_eq!(
        (how.question.to_string().as_str(), how.basis),
        ("a.on", Some(Basis::Interview))
    );
    let question = |id: &str| {
        let mut all = diff.questions.iter();
        all.find(|one| one.now.as_ref().is_some_and(|now| now.to_string() == id))
            .unwrap()
    };
    assert_eq!(question("a.on").answer, Some(AnswerChange::Changed));
    assert_eq!(question("a.old").answer, Some(AnswerChange::Answered));
    assert!(question("a.deep").newly_asked);
}

#[test]
fn what_was_closed_comes_back_and_what_is_not_asked_is_not_closed() {
    let mut engine = engine();
    engine.yes("a.on").no("a.deep").yes("a.old");
    let seq = last(&engine);
    engine.no("a.on");
    let diff = since(&engine, seq);
    assert_eq!(change(&diff, "shallow"), Change::NoLongerAsked);
    assert_eq!(change(&diff, "off"), Change::New);
    let seq = last(&engine);
    engine.yes("a.on").no("a.on").no("a.old").yes("a.old");
    let diff = since(&engine, seq);
    assert_eq!(change(&diff, "off"), Change::CameBack);
    assert_eq!(change(&diff, "older"), Change::CameAndWent);
    assert_eq!(change(&diff, "shallow"), Change::Over);
}

#[test]
fn setting_a_record_right_is_neither_a_regression_nor_a_fix() {
    let mut engine = engine();
    engine.yes("a.on").no("a.old");
    let seq = last(&engine);
    let place = engine.place("a.on");
    engine.rehearsal.answer(
        place,
        told(Value::Bool(false), Basis::Interview),
        Why::Corrected,
    );
    let place = engine.place("a.old");
    engine.rehearsal.answer(
        place,
        told(Value::Bool(true), Basis::Interview),
        Why::Corrected,
    );
    let diff = since(&engine, seq);
    assert_eq!(change(&diff, "off"), Change::StillOpen);
    assert!(
        diff.findings
            .iter()
            .all(|item| item.finding.to_string() != "older")
    );
    assert_eq!(diff.then.verdict.code, diff.now.verdict.code);
    assert_eq!(diff.then.score, diff.now.score);
    assert!(
        diff.questions
            .iter()
            .all(|one| one.corrected && one.answer.is_none())
    );
    assert_eq!(diff.questions.len(), 2);
}

#[test]
fn another_state_and_an_acceptance_that_ended_are_told_apart() {
    let mut engine = engine();
    engine.no("a.on").no("a.old");
    engine.accept("off", day(2026, 9, 10));
    let seq = last(&engine);
    engine.plan("older", day(2026, 10, 1));
    let diff = since(&engine, seq);
    assert_eq!(change(&diff, "older"), Change::StateChanged);
    assert_eq!(change(&diff, "off"), Change::StillOpen);
    engine.to(day(2026, 9, 11));
    let diff = since(&engine, seq);
    assert_eq!(change(&diff, "off"), Change::StateChanged);
    assert!(item(&diff, "off").expired);
    assert!(!item(&diff, "older").expired);
}

#[test]
fn what_is_measured_now_stands_on_other_evidence() {
    let mut engine = engine();
    engine.no("a.on");
    let seq = last(&engine);
    let place = engine.place("a.on");
    engine
        .rehearsal
        .answer(place, told(Value::Bool(false), Basis::Tool), Why::Confirmed);
    let diff = since(&engine, seq);
    assert_eq!(change(&diff, "off"), Change::EvidenceChanged);
    assert_eq!(
        diff.questions[0].basis,
        Some((Basis::Interview, Basis::Tool))
    );
    assert_eq!(item(&diff, "off").how[0].was, Some(Basis::Interview));
}

#[test]
fn a_question_that_means_something_else_is_neither_passed_nor_failed() {
    let mut engine = engine();
    engine.no("a.on").no("a.old");
    engine.say("a.share", Value::Decimal(92.into()));
    let seq = last(&engine);
    engine.rehearsal.go_on(second());
    engine.no("a.new");
    let diff = since(&engine, seq);
    // 92 % was enough and is not any more: nobody failed.
    assert_eq!(change(&diff, "low"), Change::NotComparable);
    // It is asked in other words, which changes nothing.
    assert_eq!(change(&diff, "off"), Change::StillOpen);
    // A question that is gone passes nobody.
    assert_eq!(change(&diff, "older"), Change::NotComparable);
    assert_eq!(change(&diff, "newer"), Change::NewlyAsked);
    assert!(!diff.comparable);
    let told = |wanted: fn(&diff::QuestionDiff) -> bool| {
        let all = diff.questions.iter().filter(|one| wanted(one));
        let names = all.map(|one| one.now.as_ref().or(one.then.as_ref()).unwrap().to_string());
        names.collect::<Vec<_>>()
    };
    assert_eq!(told(|one| one.means_other), ["a.share"]);
    assert_eq!(told(|one| one.reworded), ["a.on"]);
    assert_eq!(told(|one| one.newly_asked), ["a.new"]);
    assert_eq!(told(|one| one.no_longer_asked), ["a.old"]);
}

#[test]
fn a_text_in_other_words_alone_compares() {
    let mut engine = engine();
    engine.no("a.on");
    let seq = last(&engine);
    let reworded = versioned(
        "1.0.1",
        &FIRST.replace("text = \"On?\"", "text = \"Is it on?\""),
    );
    engine.rehearsal.go_on(reworded);
    engine.yes("a.on");
    let diff = since(&engine, seq);
    assert!(diff.comparable);
    assert_eq!(change(&diff, "off"), Change::Fixed);
}

/// The same questions, of which one asks for more and one is gone.
static LATER: LazyLock<Arc<Questionnaire>> = LazyLock::new(|| {
    let mut later = Questionnaire::clone(&EVERYTHING);
    later.version = "2.0.0".parse().unwrap();
    later.hash = readiness::domain::id::Hash::of(b"later");
    let devices = later.question(&"b.devices".parse().unwrap()).unwrap();
    if let readiness::domain::questionnaire::Kind::Coverage(coverage) =
        &mut later.questions[devices].kind
    {
        coverage.goal = 50;
    }
    Arc::new(later)
});

proptest! {
    #![proptest_config(Config { cases: 300, ..Config::default() })]

    #[test]
    fn every_finding_changes_in_one_way_and_the_counts_add_up(first in answers(), then in answers(), upgrade in proptest::bool::ANY, days in 0_i64..40) {
        let mut engine = played(&first);
        let seq = last(&engine);
        let mut before: BTreeSet<FindingKey> = engine.rehearsal.assessment().lives.keys().cloned().collect();
        if upgrade {
            engine.rehearsal.go_on(Arc::clone(&LATER));
        }
        for (place, said) in &then {
            match said {
                Some(said) => engine.rehearsal.say(*place, said.clone()),
                None => engine.rehearsal.withdraw(*place),
            }
        }
        engine.to(first_day() + chrono::Duration::days(days));
        let diff = since(&engine, seq);
        before.extend(engine.rehearsal.assessment().lives.keys().cloned());
        let told: Vec<FindingKey> = diff.findings.iter().map(|item| item.finding.clone()).collect();
        prop_assert_eq!(told.len(), before.len());
        prop_assert_eq!(told.into_iter().collect::<BTreeSet<_>>(), before);

        let count = |change| diff.count(change) as i64;
        let stood = |item: &&Item| item.then.as_ref().is_some_and(|side| side.stands);
        let stands = |item: &&Item| item.now.as_ref().is_some_and(|side| side.stands);
        let back = diff.of(Change::CameBack).filter(|item| !stood(item)).count() as i64;
        let other = diff.of(Change::NotComparable).filter(stands).count() as i64
            - diff.of(Change::NotComparable).filter(stood).count() as i64;
        let gained = count(Change::New) + count(Change::NewlyAsked) + count(Change::Resumed) + back;
        let lost = count(Change::Fixed) + count(Change::NoLongerAsked) + count(Change::InError);
        prop_assert_eq!(diff.then.findings() as i64 + gained - lost + other, diff.now.findings() as i64);
        prop_assert_eq!(diff.comparable, !upgrade);
    }

    #[test]
    fn nothing_differs_from_itself(answers in answers()) {
        let engine = played(&answers);
        let diff = since(&engine, last(&engine));
        prop_assert!(diff.is_empty());
        prop_assert_eq!(&diff.then, &diff.now);
        prop_assert!(diff.comparable);
    }
}

/// A customer before the kick-off and three weeks after it.
fn story() -> Project {
    let project = Project::new().questionnaire("path").answers(
        "
        a.licence = no
        a.roles = one
        a.phone = yes
        ",
    );
    project
        .run("milestone contoso kick-off --note 'The first call'")
        .ok();
    let project = project.at("2026-09-23T09:00:00Z").answers(
        "
        a.licence = yes
        a.sensors = 80/100
        a.phone = no
        ",
    );
    project
        .run("finding plan contoso roles-missing --owner Li --due 2026-10-01")
        .ok();
    project
}

#[test]
fn without_points_it_tells_what_changed_since_the_last_milestone() {
    let project = story();
    insta::assert_snapshot!(project.run("diff contoso").ok().text());
    project
        .run("diff contoso --json")
        .ok()
        .is("/milestone", "kick-off")
        .is("/counts/fixed", 1)
        .is("/counts/new", 2)
        .is("/counts/state-changed", 1)
        .is("/then/findings", 2)
        .is("/now/findings", 3)
        .is("/comparable", true);
}

#[test]
fn points_are_named_as_elsewhere() {
    let project = story();
    project
        .run("diff contoso 2026-09-02 2026-09-23")
        .ok()
        .stdout("2 Sep 2026 (entry 6) → 23 Sep 2026")
        .no_stdout("Nothing changed");
    project
        .run("diff contoso kick-off kick-off")
        .ok()
        .stdout("Nothing changed.");
    project
        .run("diff contoso 2026-09-23 kick-off")
        .exit(2)
        .stderr("lies after the second")
        .stderr("name the earlier one first");
    project
        .run("diff contoso nowhere")
        .exit(2)
        .stderr("there is no milestone `nowhere`")
        .stderr("kick-off");
    project
        .run("diff contoso 1")
        .exit(2)
        .stderr("there was no assessment");
    project
        .run("diff contoso 99")
        .exit(2)
        .stderr("has no entry 99");
}

#[test]
fn without_a_milestone_it_asks_for_a_point() {
    Project::new()
        .questionnaire("path")
        .run("diff contoso")
        .exit(2)
        .stderr("`contoso` has no milestone to compare with")
        .stderr("readiness milestone contoso NAME");
}

#[test]
fn a_milestone_that_was_named_just_now_is_compared_with() {
    let project = Project::new().questionnaire("path");
    project.run("milestone contoso kick-off").ok();
    project
        .run("diff contoso")
        .ok()
        .stdout("(kick-off, entry")
        .stdout("Nothing changed.");
}

#[test]
fn a_milestone_keeps_its_note() {
    let project = story();
    project
        .run("milestone contoso")
        .ok()
        .stdout("The first call");
    project
        .run("milestone contoso --json")
        .ok()
        .is("/0/note", "The first call");
    project
        .run("history contoso")
        .ok()
        .stdout("set the milestone `kick-off`: The first call");
    let long = "x".repeat(1_001);
    project
        .run_with(&["milestone", "contoso", "later", "--note", &long])
        .exit(2)
        .stderr("too long");
}

#[test]
fn the_technical_report_tells_it_in_tables_and_lines() {
    let project = story();
    project
        .run("report contoso --audience technical --format html --format md -o out")
        .ok();
    let page = project.read("out/contoso-technical.html");
    let part = |id: &str| {
        let from = page.find(&format!("aria-labelledby=\"{id}\"")).unwrap();
        page[from..].split("</section>").next().unwrap().to_owned()
    };
    insta::assert_snapshot!("since", part("since"));
    insta::assert_snapshot!("plan", part("plan"));
    let text = project.read("out/contoso-technical.md");
    assert!(text.contains("## Since last time") && text.contains("## The path to ready"));
    project
        .run("report contoso --audience executive --format html -o out")
        .ok();
    let executive = project.read("out/contoso-executive.html");
    assert!(executive.contains("Since 2 Sep 2026 (kick-off): 1 closed, 2 new, 0 came back"));
    assert!(!executive.contains("The path to ready") && !executive.contains("Over the milestones"));
}
