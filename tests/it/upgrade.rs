//! Going on under a newer text: what was said, decided and noted moves to its new names, and nothing is lost.

mod commands;
mod random;
mod shipped;

use std::sync::Arc;

use readiness::domain::answer::Held;
use readiness::domain::assessment::{Assessment, Gone};
use readiness::domain::decision::{Action, FindingDecision};
use readiness::domain::finding::Presence;
use readiness::domain::id::{FindingKey, QuestionId};
use readiness::domain::ledger::{Fact, Subject, Why};
use readiness::domain::questionnaire::Questionnaire;
use readiness::domain::response::{Basis, Response, Said, Value};
use readiness::domain::upgrade::{Left, Upgrade};

use crate::engine::{Engine, day, first_day, versioned};

/// The first version: one question of each kind that a migration can touch.
const FIRST: &str = r#"
[[section]]
id = "a"
title = "A"
[[section.question]]
id = "gate"
type = "bool"
text = "Gate?"
tier = "info"
[[section.question]]
id = "mfa"
type = "choice"
text = "How?"
tier = "required"
options = [ { id = "full", text = "All", score = 100 }, { id = "partial", text = "Some", score = 0, finding = "weak" } ]
[[section.question]]
id = "products"
type = "multi"
text = "Which?"
tier = "info"
options = [ { id = "mde", text = "Endpoint" }, { id = "mdi", text = "Identity" } ]
[[section.question]]
id = "sites"
type = "rows"
text = "Sites?"
tier = "required"
key = "name"
  [[section.question.column]]
  id = "name"
  type = "choice"
  text = "Name"
  options = [ { id = "hq", text = "HQ" }, { id = "lab", text = "Lab" } ]
  [[section.question.column]]
  id = "state"
  type = "choice"
  text = "State"
  options = [ { id = "good", text = "Good", score = 100 }, { id = "bad", text = "Bad", score = 0, finding = "site-bad" } ]
[[section.question]]
id = "teams"
type = "rows"
text = "Teams?"
tier = "info"
fixed = [ { id = "soc", text = "SOC" }, { id = "it", text = "IT" } ]
  [[section.question.column]]
  id = "there"
  type = "bool"
  text = "There?"
[[section.question]]
id = "admins"
type = "int"
text = "How many?"
tier = "info"
[[section.question]]
id = "old"
type = "text"
text = "Old?"
tier = "info"

[[finding]]
id = "weak"
severity = "high"
need = "condition"
title = "Weak"
[[finding]]
id = "site-bad"
severity = "high"
need = "condition"
title = "Bad site"
"#;

/// Makes the second version of the first, with a migration to it.
fn second(migrate: &str) -> Arc<Questionnaire> {
    let moved = FIRST
        .replace("id = \"mfa\"", "id = \"sign_in\"")
        .replace("id = \"partial\"", "id = \"some\"")
        .replace("id = \"mdi\"", "id = \"identity\"")
        .replace("id = \"bad\"", "id = \"poor\"")
        .replace("id = \"lab\"", "id = \"research\"")
        .replace("id = \"it\"", "id = \"operations\"");
    let gone = moved.find("[[section.question]]\nid = \"old\"").unwrap();
    let end = moved.find("[[finding]]").unwrap();
    let body = format!("{}{}{migrate}", &moved[..gone], &moved[end..]);
    versioned("2.0.0", &body)
}

const MIGRATE: &str = r#"
[[migrate]]
to = "2.0.0"
rename = { "a.mfa" = "a.sign_in" }
review = ["a.admins"]
drop = ["a.old"]
[migrate.options]
"a.sign_in" = { partial = "some" }
"a.products" = { mdi = "identity" }
"a.sites.state" = { bad = "poor" }
"a.sites.name" = { lab = "research" }
"a.teams" = { it = "operations" }
"#;

fn said(engine: &Engine, question: &str) -> Option<Said> {
    let assessment = engine.rehearsal.assessment();
    assessment.evaluation.said(engine.place(question)).cloned()
}

fn option(id: &str) -> Value {
    Value::Choice(id.parse().unwrap())
}

fn key(finding: &str) -> FindingKey {
    finding.parse().unwrap()
}

fn question(id: &str) -> QuestionId {
    id.parse().unwrap()
}

/// Checks that following entry by entry comes to what replaying everything does.
#[track_caller]
pub(crate) fn agrees(engine: &Engine) {
    let one = engine.rehearsal.assessment();
    let book = engine.rehearsal.replayed();
    let other = &book.assessments[&one.questionnaire().id];
    assert_eq!(one.answers, other.answers);
    assert_eq!(one.gone, other.gone);
    assert_eq!(one.lives, other.lives);
    assert_eq!(one.stops, other.stops);
    let places = 0..one.questionnaire().questions.len();
    for place in places {
        assert_eq!(one.evaluation.said(place), other.evaluation.said(place));
    }
}

fn answered() -> Engine {
    let mut engine = Engine::on(versioned("1.0.0", FIRST));
    engine
        .choose("a.mfa", "partial")
        .tick("a.products", &["mde", "mdi"])
        .rows(
            "a.sites",
            &[
                &[("name", option("hq")), ("state", option("good"))],
                &[("name", option("lab")), ("state", option("bad"))],
            ],
        )
        .rows(
            "a.teams",
            &[&[
                ("id", Value::Text("it".into())),
                ("there", Value::Bool(true)),
            ]],
        )
        .say("a.admins", Value::Int(4))
        .say("a.old", Value::Text("so be it".into()));
    engine
}

#[test]
fn answers_move_to_the_new_names_of_questions_and_options() {
    let mut engine = answered();
    engine.rehearsal.go_on(second(MIGRATE));
    assert_eq!(
        said(&engine, "a.sign_in"),
        Some(Said::Value(option("some")))
    );
    let ticked = ["mde", "identity"].map(|id| id.parse().unwrap());
    assert_eq!(
        said(&engine, "a.products"),
        Some(Said::Value(Value::Multi(ticked.into())))
    );
    let Some(Said::Value(Value::Rows(sites))) = said(&engine, "a.sites") else {
        panic!("rows stay rows");
    };
    assert_eq!(sites[1]["name"], option("research"));
    assert_eq!(sites[1]["state"], option("poor"));
    let Some(Said::Value(Value::Rows(teams))) = said(&engine, "a.teams") else {
        panic!("rows stay rows");
    };
    assert_eq!(teams[0]["id"], Value::Text("operations".into()));
    let history = &engine.rehearsal.assessment().answers[&question("a.sign_in")].history;
    assert_eq!(history.len(), 1);
    let given = history[0].what.response.as_ref().unwrap();
    assert_eq!(given.said, Said::Value(option("some")));
    agrees(&engine);
}

#[test]
fn what_changed_its_meaning_is_kept_and_to_be_confirmed() {
    let mut engine = answered();
    engine.rehearsal.go_on(second(MIGRATE));
    let answers = &engine.rehearsal.assessment().answers;
    assert!(answers[&question("a.admins")].confirm);
    assert!(!answers[&question("a.products")].confirm);
    engine.say("a.admins", Value::Int(4));
    let answers = &engine.rehearsal.assessment().answers;
    assert!(!answers[&question("a.admins")].confirm);
}

#[test]
fn what_was_dropped_is_kept_and_counts_no_more() {
    let mut engine = answered();
    engine.rehearsal.go_on(second(MIGRATE));
    let assessment = engine.rehearsal.assessment();
    assert!(!assessment.answers.contains_key(&question("a.old")));
    let [gone] = assessment.gone.as_slice() else {
        panic!("{:?}", assessment.gone);
    };
    assert!(gone.dropped);
    assert_eq!(gone.question, question("a.old"));
    assert_eq!(gone.said, Some(Said::Value(Value::Text("so be it".into()))));
    assert_eq!(gone.answer.history.len(), 1);
}

#[test]
fn an_answer_that_nothing_drops_is_back_when_a_later_text_asks_again() {
    let mut engine = answered();
    let silent = MIGRATE.replace("drop = [\"a.old\"]\n", "");
    engine.rehearsal.go_on(second(&silent));
    let dropped = |gone: &[Gone]| gone.iter().map(|gone| gone.dropped).collect::<Vec<_>>();
    assert_eq!(dropped(&engine.rehearsal.assessment().gone), [false]);
    let again = r#"
[[section]]
id = "a"
title = "A"
[[section.question]]
id = "old"
type = "text"
text = "Old?"
tier = "info"
"#;
    engine.rehearsal.go_on(versioned("2.1.0", again));
    assert_eq!(
        said(&engine, "a.old"),
        Some(Said::Value(Value::Text("so be it".into())))
    );
    let assessment = engine.rehearsal.assessment();
    assert_eq!(assessment.gone.len(), 5, "{:?}", assessment.gone);
    agrees(&engine);
}

#[test]
fn an_answer_of_another_type_is_kept_and_its_question_is_open() {
    let mut engine = answered();
    let other = FIRST.replace(
        "id = \"admins\"\ntype = \"int\"",
        "id = \"admins\"\ntype = \"bool\"",
    );
    let migrate = "[[migrate]]\nto = \"2.0.0\"\nreview = [\"a.admins\"]\n";
    engine
        .rehearsal
        .go_on(versioned("2.0.0", &format!("{other}{migrate}")));
    assert_eq!(said(&engine, "a.admins"), Some(Said::Value(Value::Int(4))));
    let evaluation = &engine.rehearsal.assessment().evaluation;
    let place = engine.place("a.admins");
    assert!(matches!(evaluation.held(place), Held::Invalid(_)));
    assert!(evaluation.is_open(place));
}

fn plan(engine: &mut Engine, finding: &str) {
    let life = &engine.rehearsal.assessment().lives[&key(finding)];
    let decision = FindingDecision {
        finding: key(finding),
        severity: life.severity,
        need: life.need,
        action: Action::Plan {
            owner: "jo".parse().unwrap(),
            due: day(2026, 12, 1),
        },
    };
    engine.rehearsal.decide(decision);
}

#[test]
fn findings_go_on_with_what_was_decided_about_them() {
    let mut engine = answered();
    plan(&mut engine, "weak");
    plan(&mut engine, "site-bad@lab");
    engine.rehearsal.to(day(2026, 9, 20));
    engine.rehearsal.go_on(second(MIGRATE));
    let lives = &engine.rehearsal.assessment().lives;
    assert_eq!(lives.len(), 2, "{lives:?}");
    for finding in ["weak", "site-bad@research"] {
        let life = &lives[&key(finding)];
        assert_eq!(life.first_seen, first_day());
        assert_eq!(life.presence, Presence::Raised);
        assert!(life.plan.is_some(), "{finding}");
    }
    engine.choose("a.sign_in", "full");
    let life = &engine.rehearsal.assessment().lives[&key("weak")];
    assert_eq!(life.presence, Presence::Closed(day(2026, 9, 20)));
    agrees(&engine);
}

#[test]
fn a_finding_that_is_gone_is_superseded() {
    let mut engine = answered();
    let without = FIRST.replace(", finding = \"weak\"", "").replace(
        "[[finding]]\nid = \"weak\"\nseverity = \"high\"\nneed = \"condition\"\ntitle = \"Weak\"\n",
        "",
    );
    engine.rehearsal.go_on(versioned("1.1.0", &without));
    let life = &engine.rehearsal.assessment().lives[&key("weak")];
    assert_eq!(life.presence, Presence::Superseded(first_day()));
}

#[test]
fn a_finding_whose_question_was_dropped_is_superseded() {
    let mut engine = answered();
    let rule = FIRST.replace("id = \"weak\"\n", "id = \"weak\"\nwhen = 'a.gate'\n");
    let start = rule.find("[[section.question]]\nid = \"mfa\"").unwrap();
    let end = rule
        .find("[[section.question]]\nid = \"products\"")
        .unwrap();
    let migrate = "[[migrate]]\nto = \"2.0.0\"\ndrop = [\"a.mfa\"]\n";
    let body = format!("{}{}{migrate}", &rule[..start], &rule[end..]);
    engine.rehearsal.go_on(versioned("2.0.0", &body));
    let life = &engine.rehearsal.assessment().lives[&key("weak")];
    assert_eq!(life.presence, Presence::Superseded(first_day()));
}

#[test]
fn words_about_a_question_go_with_it() {
    let mut engine = answered();
    let questionnaire = || "test".parse().unwrap();
    let about = || Subject::Question(question("a.mfa"));
    engine.rehearsal.record(Fact::Remarked {
        questionnaire: questionnaire(),
        about: about(),
        text: "since spring".into(),
    });
    engine.rehearsal.record(Fact::Noted {
        questionnaire: questionnaire(),
        about: about(),
        text: "ask again".into(),
        public: false,
    });
    engine.rehearsal.record(Fact::Requested {
        questionnaire: questionnaire(),
        question: question("a.mfa"),
        of: "jo".parse().unwrap(),
        by: None,
        chased: None,
    });
    engine.rehearsal.go_on(second(MIGRATE));
    let assessment = engine.rehearsal.assessment();
    let now = Subject::Question(question("a.sign_in"));
    assert!(assessment.remarks.contains_key(&now));
    assert_eq!(assessment.notes[0].what.about, now);
    assert!(assessment.requests.contains_key(&question("a.sign_in")));
    assert_eq!(
        assessment.last_entry(&question("a.sign_in")),
        Some(3),
        "the answer is still the entry that a later one is based on"
    );
}

/// Corrects the answer to a question.
fn correct(engine: &mut Engine, question: &str, value: Value) {
    let place = engine.place(question);
    let response = Response {
        said: Said::Value(value),
        basis: Basis::Interview,
        said_by: None,
        said_on: first_day(),
        note: None,
        private_note: None,
    };
    engine.rehearsal.answer(place, response, Why::Corrected);
}

#[test]
fn a_correction_under_the_new_text_holds_under_the_old_one_too() {
    let mut engine = Engine::on(versioned("1.0.0", FIRST));
    engine.choose("a.mfa", "full");
    engine.rehearsal.to(day(2026, 9, 10));
    engine.rehearsal.go_on(second(MIGRATE));
    engine.rehearsal.to(day(2026, 9, 20));
    correct(&mut engine, "a.sign_in", option("some"));
    let assessment = engine.rehearsal.assessment();
    let life = &assessment.lives[&key("weak")];
    assert_eq!(
        life.first_seen,
        first_day(),
        "raised from the first entry on"
    );
    assert_eq!(life.presence, Presence::Raised);
    assert_eq!(
        said(&engine, "a.sign_in"),
        Some(Said::Value(option("some")))
    );
    agrees(&engine);
}

#[test]
fn a_correction_that_the_old_text_had_no_word_for_leaves_its_question_open_there() {
    let swapped = FIRST.replace("id = \"partial\"", "id = \"some\"").replace(
        "{ id = \"full\"",
        "{ id = \"partial\", text = \"New\", score = 50 }, { id = \"full\"",
    );
    let migrate = "[[migrate]]\nto = \"2.0.0\"\noptions = { \"a.mfa\" = { partial = \"some\" } }\n";
    let mut engine = Engine::on(versioned("1.0.0", FIRST));
    engine.choose("a.mfa", "partial");
    engine
        .rehearsal
        .go_on(versioned("2.0.0", &format!("{swapped}{migrate}")));
    correct(&mut engine, "a.mfa", option("partial"));
    assert_eq!(said(&engine, "a.mfa"), Some(Said::Value(option("partial"))));
    let lives = &engine.rehearsal.assessment().lives;
    assert!(
        lives.is_empty(),
        "the old `partial` was never said: {lives:?}"
    );
    agrees(&engine);
}

/// Three versions: `a.one` becomes `a.two`, then `a.three`; its option `x` becomes `y`, then `z`.
fn chain(question: &str, option: &str, version: &str, migrations: &[&str]) -> Arc<Questionnaire> {
    let body = format!(
        r#"
[[section]]
id = "a"
title = "A"
[[section.question]]
id = "{question}"
type = "choice"
text = "One?"
tier = "info"
options = [ {{ id = "{option}", text = "X" }}, {{ id = "rest", text = "Rest" }} ]
{}"#,
        migrations.join("\n")
    );
    versioned(version, &body)
}

const TO_TWO: &str = r#"
[[migrate]]
to = "2.0.0"
rename = { "a.one" = "a.two" }
options = { "a.two" = { x = "y" } }
"#;
const TO_THREE: &str = r#"
[[migrate]]
to = "3.0.0"
rename = { "a.two" = "a.three" }
options = { "a.three" = { y = "z" } }
"#;

#[test]
fn two_upgrades_come_to_what_one_over_both_does() {
    let third = || chain("three", "z", "3.0.0", &[TO_THREE, TO_TWO]);
    let begin = || {
        let mut engine = Engine::on(chain("one", "x", "1.0.0", &[]));
        engine.choose("a.one", "x");
        engine
    };
    let (mut by_steps, mut at_once) = (begin(), begin());
    by_steps
        .rehearsal
        .go_on(chain("two", "y", "2.0.0", &[TO_TWO]));
    by_steps.rehearsal.go_on(third());
    at_once.rehearsal.go_on(third());
    for engine in [&by_steps, &at_once] {
        assert_eq!(said(engine, "a.three"), Some(Said::Value(option("z"))));
        agrees(engine);
    }
    correct(&mut by_steps, "a.three", option("rest"));
    assert_eq!(
        said(&by_steps, "a.three"),
        Some(Said::Value(option("rest")))
    );
    agrees(&by_steps);
}

#[test]
fn two_questions_that_change_names_do_not_mix() {
    let body = |migrate: &str| {
        format!(
            r#"
[[section]]
id = "a"
title = "A"
[[section.question]]
id = "one"
type = "int"
text = "One?"
tier = "info"
[[section.question]]
id = "two"
type = "int"
text = "Two?"
tier = "info"
{migrate}"#
        )
    };
    let mut engine = Engine::on(versioned("1.0.0", &body("")));
    engine
        .say("a.one", Value::Int(1))
        .say("a.two", Value::Int(2));
    let migrate =
        "[[migrate]]\nto = \"2.0.0\"\nrename = { \"a.one\" = \"a.two\", \"a.two\" = \"a.one\" }\n";
    engine.rehearsal.go_on(versioned("2.0.0", &body(migrate)));
    assert_eq!(said(&engine, "a.one"), Some(Said::Value(Value::Int(2))));
    assert_eq!(said(&engine, "a.two"), Some(Said::Value(Value::Int(1))));
    agrees(&engine);
}

#[test]
fn what_was_masked_and_counts_now_is_to_be_confirmed() {
    let hidden = FIRST.replace("id = \"admins\"\n", "id = \"admins\"\nwhen = 'a.gate'\n");
    let mut engine = Engine::on(versioned("1.0.0", &hidden));
    engine.no("a.gate").say("a.admins", Value::Int(4));
    engine.rehearsal.go_on(versioned("1.1.0", FIRST));
    assert!(engine.rehearsal.assessment().answers[&question("a.admins")].confirm);
}

#[test]
fn a_stop_that_was_lifted_stays_lifted() {
    let stop = "[[stop]]\nid = \"halt\"\nwhen = 'a.gate'\ntitle = \"Halt\"\ntext = \"Halt.\"\n";
    let mut engine = Engine::on(versioned("1.0.0", &format!("{stop}{FIRST}")));
    engine.yes("a.gate");
    engine.rehearsal.record(Fact::StopResumed {
        questionnaire: "test".parse().unwrap(),
        stop: "halt".parse().unwrap(),
        reason: "it is over".into(),
    });
    let other = stop
        .replace("halt", "other")
        .replace("'a.gate'", "'a.admins > 3'");
    engine
        .rehearsal
        .go_on(versioned("1.0.1", &format!("{other}{stop}{FIRST}")));
    let stops = &engine.rehearsal.assessment().stops;
    assert!(!stops[0].stops() && !stops[1].stops(), "{stops:?}");
    assert!(stops[1].resumed.is_some());
}

/// Returns what an upgrade comes to, without doing it.
fn looked_at(engine: &Engine, to: Arc<Questionnaire>) -> (Upgrade, Assessment) {
    let book = engine.rehearsal.book();
    let after = book.under(&"test".parse().unwrap(), to).unwrap();
    let upgrade = Upgrade::of(engine.rehearsal.assessment(), &after, book.today);
    (upgrade, after)
}

#[test]
fn an_upgrade_can_be_looked_at_before_it_is_done() {
    let mut engine = answered();
    let (upgrade, after) = looked_at(&engine, second(MIGRATE));
    assert!(upgrade.new.is_empty(), "{:?}", upgrade.new);
    assert_eq!(upgrade.moved.len(), 1);
    assert_eq!(upgrade.moved[0].to, question("a.sign_in"));
    assert!(upgrade.reworded.is_empty(), "{:?}", upgrade.reworded);
    assert_eq!(upgrade.to_confirm, [question("a.admins")]);
    assert!(upgrade.unfit.is_empty(), "{:?}", upgrade.unfit);
    let old = Left {
        question: question("a.old"),
        answered: true,
        dropped: true,
    };
    assert_eq!(upgrade.gone, [old]);
    engine.rehearsal.go_on(second(MIGRATE));
    assert_eq!(engine.rehearsal.assessment().answers, after.answers);
    assert_eq!(engine.rehearsal.assessment().lives, after.lives);
}

#[test]
fn without_a_migration_an_upgrade_names_what_it_leaves_behind() {
    let engine = answered();
    let (upgrade, _) = looked_at(&engine, second(""));
    assert_eq!(upgrade.new, [question("a.sign_in")]);
    let gone: Vec<_> = upgrade
        .gone
        .iter()
        .map(|left| (left.question.as_str(), left.dropped))
        .collect();
    assert_eq!(gone, [("a.mfa", false), ("a.old", false)]);
    let unfit: Vec<_> = upgrade
        .unfit
        .iter()
        .map(|unfit| unfit.question.as_str())
        .collect();
    assert_eq!(unfit, ["a.products", "a.sites"]);
}
