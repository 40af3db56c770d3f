//! The path to ready: order, dates, what closing findings comes to.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::Config;
use readiness::catalog::library::check_path;
use readiness::catalog::trial;
use readiness::domain::assume::assume;
use readiness::domain::id::FindingKey;
use readiness::domain::plan::{Doubt, plan, ready_on};
use readiness::domain::response::Said;
use readiness::domain::scoring::{self, VerdictCode, View};

use crate::engine::Engine;
use crate::project::Project;
use crate::properties::{answers, played};

/// Everything is wrong, on 2 September.
fn troubled() -> Project {
    Project::new().questionnaire("path").answers(
        "
        a.licence = no
        a.sensors = 10/100
        a.roles = none
        a.phone = no
        a.mail = no
        ",
    )
}

fn steps(project: &Project) -> Vec<String> {
    let json = project.run("plan contoso --json").ok().json();
    let steps = json["steps"].as_array().unwrap();
    steps
        .iter()
        .map(|step| step["finding"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn what_comes_first_stands_first_then_need_severity_and_score_for_the_effort() {
    // `no-phone` and `no-mail` are improvements; but the roles come after the number, and each of the two after the other.
    assert_eq!(
        steps(&troubled()),
        [
            "no-licence",
            "no-mail",
            "no-phone",
            "roles-missing",
            "few-sensors"
        ]
    );
    troubled()
        .run("plan contoso --json")
        .ok()
        .is("/steps/3/after/0", "no-phone")
        .is("/steps/2/after/0", "no-mail")
        .is("/steps/1/after", serde_json::json!([]))
        .is("/steps/2/needed", true)
        .is("/steps/4/after/0", "no-licence");
}

#[test]
fn the_dates_agreed_count_and_what_comes_after_cannot_be_done_before() {
    let project = troubled();
    project
        .run("customer set contoso --go-live 2026-10-01")
        .ok();
    project
        .run("finding plan contoso no-licence --owner Li --due 2026-09-20")
        .ok();
    project
        .run("finding plan contoso few-sensors --owner Li --due 2026-09-10")
        .ok();
    project
        .run("finding plan contoso roles-missing --owner Li --due 2026-09-25")
        .ok();
    project
        .run("plan contoso --json")
        .ok()
        .is("/if_it_holds/start", "2026-09-20")
        .is("/steps/4/finding", "few-sensors")
        .is("/steps/4/done", "2026-09-20")
        .is("/steps/0/agreed", true);
    project
        .run("plan contoso")
        .ok()
        .stdout("few-sensors: it comes after no-licence, which is done on 20 Sep 2026")
        .stdout("no-phone: nobody has it; no date is agreed, the policy says 31 Dec 2026");
}

#[test]
fn a_date_that_passed_is_no_promise() {
    let project = troubled();
    project
        .run("finding plan contoso no-licence --owner Li --due 2026-09-05")
        .ok();
    project
        .at("2026-09-08T09:00:00Z")
        .run("plan contoso --json")
        .ok()
        .is("/steps/0/finding", "no-licence")
        .is("/steps/0/done", "2026-09-08")
        .is("/steps/0/agreed", false)
        .is("/steps/0/doubts/0/doubt/passed", "2026-09-05");
}

#[test]
fn closing_a_finding_tells_verdict_score_coverage_and_what_it_opens() {
    let project = troubled();
    let before = project.run("plan contoso --json").ok().json();
    let ran = project
        .run("plan contoso --assume few-sensors,roles-missing --json")
        .ok();
    let ran = ran
        .is("/then/verdict/code", "not-ready")
        .is("/then/coverage/0/protected", 100)
        .is("/opened/0", "a.rights")
        .is("/by_word", serde_json::json!([]))
        .is("/assumed/0", "few-sensors");
    let then = ran.json()["then"]["score"]["basis_points"]
        .as_u64()
        .unwrap();
    assert!(then > before["score"]["basis_points"].as_u64().unwrap());
    // Nothing was written.
    assert_eq!(project.run("plan contoso --json").ok().json(), before);
}

#[test]
fn a_finding_that_nobody_knows_is_refused_with_the_nearest() {
    troubled()
        .run("plan contoso --assume no-licens,few-sensors")
        .exit(2)
        .stderr("no finding is called `no-licens`")
        .stderr("no-licence");
}

#[test]
fn rows_are_closed_together_or_one_by_one() {
    let project = troubled();
    project.write(
        "sites.toml",
        "questionnaire = \"path\"\n[answers.\"a.sites\"]\nvalue = [ { name = \"Bonn\", watched = false }, { name = \"Rom\", watched = false } ]\n",
    );
    project.run("answers import contoso sites.toml").ok();
    project
        .run("plan contoso --json")
        .ok()
        .is("/steps/5/finding", "site-unwatched")
        .is("/steps/5/rows/1", "site-unwatched@Rom");
    project
        .run("plan contoso --assume site-unwatched@Bonn --json")
        .ok()
        .is("/assumed", serde_json::json!(["site-unwatched@Bonn"]))
        .is("/also_closed", serde_json::json!([]))
        .is("/by_word", serde_json::json!([]));
    project
        .run("plan contoso --assume site-unwatched --json")
        .ok()
        .is("/assumed/1", "site-unwatched@Rom")
        .is("/then/score/basis_points", 2_291);
}

#[test]
fn an_open_answer_that_decides_is_named_with_who_is_to_say() {
    let project = Project::new()
        .questionnaire("path")
        .answers("a.licence = yes");
    project
        .run("plan contoso")
        .ok()
        .stdout("Answers that decide")
        .stdout("a.sensors  How many devices have a sensor?")
        .stdout("nobody asked")
        .stdout("Then: Cannot say yet");
}

#[test]
fn with_nothing_left_the_path_is_short() {
    let project = Project::new().questionnaire("two-questions").answers(
        "
        start.mfa = yes
        start.method = key
        ",
    );
    project
        .run("plan contoso")
        .ok()
        .stdout("Nothing is left to close.");
}

/// Every finding that a scenario of the shipped questionnaires raises closes by an answer, and the score rises or stays.
#[test]
fn what_shipped_questionnaires_raise_is_closed_by_answers() {
    let mut by_word = BTreeSet::new();
    let mut tried = 0;
    let scenarios = check_path(Path::new("questionnaires"))
        .into_iter()
        .flat_map(|checked| {
            let (questionnaire, _) = checked.questionnaire.unwrap();
            let questionnaire = Arc::new(questionnaire);
            let ends = checked.scenarios.into_iter();
            ends.flat_map(move |written| trial::stages(&questionnaire, &written))
        });
    for rehearsal in scenarios {
        let assessment = rehearsal.assessment();
        let book = rehearsal.book();
        let standing: Vec<FindingKey> = (assessment.lives.iter())
            .filter(|(_, life)| life.stands())
            .map(|(key, _)| key.clone())
            .collect();
        for key in standing {
            let assumed = assume(assessment, &BTreeSet::from([key.clone()]));
            assert!(!assumed.assessment.lives[&key].stands(), "{key}");
            by_word.extend(assumed.by_word);
            tried += 1;
        }
        let plan = plan(assessment, &book.customer, book.today);
        assert_eq!(
            plan.projection.verdict.blocking,
            [],
            "{:?}",
            plan.projection.raises
        );
    }
    assert!(tried > 100, "{tried}");
    let by_word: BTreeSet<String> = by_word.iter().map(ToString::to_string).collect();
    insta::assert_debug_snapshot!(by_word);
}

proptest! {
    #![proptest_config(Config { cases: 300, ..Config::default() })]

    #[test]
    fn what_is_assumed_closed_does_not_stand_and_the_rest_is_untouched(answers in answers(), pick in any::<u8>()) {
        let engine = played(&answers);
        let assessment = engine.rehearsal.assessment();
        let today = engine.rehearsal.book().today;
        let standing: Vec<&FindingKey> = assessment.lives.iter().filter(|(_, life)| life.stands()).map(|(key, _)| key).collect();
        let closed: BTreeSet<FindingKey> = standing.iter().enumerate()
            .filter(|(at, _)| pick >> (at % 8) & 1 == 1).map(|(_, key)| (*key).clone()).collect();
        let assumed = assume(assessment, &closed);
        for key in &closed {
            prop_assert!(!assumed.assessment.lives[key].stands(), "{key}");
        }
        let nothing = assume(assessment, &BTreeSet::new());
        prop_assert!(nothing.answered.is_empty() && nothing.raised.is_empty() && nothing.also_closed.is_empty());
        prop_assert_eq!(&nothing.assessment.lives, &assessment.lives);
        for (place, question) in assessment.questionnaire().questions.iter().enumerate() {
            if !assumed.answered.contains(&place) {
                prop_assert_eq!(assumed.assessment.evaluation.said(place), assessment.evaluation.said(place), "{}", question.id);
            }
        }
        let score = scoring::score(&assumed.assessment, View::Current, today);
        prop_assert!(score.earned <= score.possible);
    }

    #[test]
    fn a_plan_holds_every_finding_once_in_an_order_that_fits(answers in answers()) {
        let engine = played(&answers);
        let assessment = engine.rehearsal.assessment();
        let book = engine.rehearsal.book();
        let plan = plan(assessment, &book.customer, book.today);
        prop_assert_eq!(ready_on(assessment, &book.customer, book.today), plan.projection.ready);
        let standing: BTreeSet<&FindingKey> = assessment.lives.iter().filter(|(_, life)| life.stands()).map(|(key, _)| key).collect();
        let planned: Vec<&FindingKey> = plan.steps.iter().flat_map(|step| &step.keys).collect();
        prop_assert_eq!(planned.len(), standing.len());
        prop_assert_eq!(planned.into_iter().collect::<BTreeSet<_>>(), standing);
        let mut seen = BTreeSet::new();
        for step in &plan.steps {
            prop_assert!(step.after.iter().all(|id| seen.contains(id)));
            prop_assert!(step.done.is_none_or(|done| done >= book.today && step.begins <= done));
            seen.insert(step.finding.clone());
        }
        // Everything needed is closed, so only open answers and stops can be in the way.
        let then = plan.projection.verdict;
        prop_assert!(then.blocking.is_empty() && then.not_in_hand.is_empty());
        let stopped = then.code == VerdictCode::Stopped;
        prop_assert_eq!(stopped, !then.stops.is_empty());
        if !plan.verdict.stops.is_empty() {
            prop_assert!(plan.projection.ready.is_none());
            prop_assert!(plan.projection.unsure.iter().any(|unsure| unsure.doubt == Doubt::Stopped));
        }
    }
}

#[test]
fn where_nobody_was_named_a_name_closes_it_and_counts_in_the_score() {
    let mut engine = Engine::of(
        r#"
[[section]]
id = "a"
title = "A"
[[section.question]]
id = "sponsor"
type = "text"
text = "Who?"
tier = "required"
scores = [ { score = 100 } ]
none = { text = "Nobody yet", score = 0, finding = "no-sponsor" }
[[section.question]]
id = "contacts"
type = "rows"
text = "Which contacts?"
tier = "required"
key = "name"
none = { text = "Nobody yet", score = 0, finding = "no-contact" }
  [[section.question.column]]
  id = "name"
  type = "text"
  text = "Name"
  required = true
  [[section.question.column]]
  id = "reached"
  type = "choice"
  text = "Reached"
  options = [ { id = "day", text = "By day", score = 40, finding = "no-contact" }, { id = "always", text = "Always", score = 100 } ]
  [[section.question.column]]
  id = "entered"
  type = "bool"
  text = "Entered"
  scores = [ { when = 'this', score = 100 }, { score = 0, finding = "no-contact" } ]
[[finding]]
id = "no-sponsor"
severity = "high"
title = "No sponsor"
[[finding]]
id = "no-contact"
severity = "high"
title = "No contact"
"#,
    );
    engine.said("a.sponsor", Said::None);
    engine.said("a.contacts", Said::None);
    assert_eq!(engine.score(), Some(0));
    for (finding, then) in [("no-sponsor", 5_000), ("no-contact", 5_000)] {
        let closed = BTreeSet::from([finding.parse().unwrap()]);
        let assumed = assume(engine.rehearsal.assessment(), &closed);
        assert!(assumed.by_word.is_empty(), "{finding}");
        assert!(assumed.raised.is_empty(), "{finding}: {:?}", assumed.raised);
        let today = engine.rehearsal.book().today;
        let score = scoring::score(&assumed.assessment, View::Current, today);
        assert_eq!(score.basis_points(), Some(then), "{finding}");
    }
}

#[test]
fn a_rule_without_an_answer_of_its_own_is_closed_by_word() {
    let mut engine = Engine::of(
        r#"
[[section]]
id = "a"
title = "A"
[[section.question]]
id = "x"
type = "int"
text = "X?"
tier = "recommended"
scores = [ { when = 'this >= 3', score = 100 }, { score = 0 } ]
[[finding]]
id = "rule"
severity = "high"
need = "blocker"
when = 'a.x < 2'
title = "Rule"
"#,
    );
    engine.say("a.x", readiness::domain::response::Value::Int(1));
    let key: FindingKey = "rule".parse().unwrap();
    let assumed = assume(
        engine.rehearsal.assessment(),
        &BTreeSet::from([key.clone()]),
    );
    assert_eq!(assumed.by_word, BTreeSet::from([key]));
    let today = engine.rehearsal.book().today;
    assert_eq!(
        scoring::verdict(&assumed.assessment, today).code,
        VerdictCode::Ready
    );
    assert_eq!(
        scoring::score(&assumed.assessment, View::Current, today).earned,
        0
    );
}
