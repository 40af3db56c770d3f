//! What a user sees of upgrades, lock files and answers carried over.

use readiness::actions::{Clock, Draft, FailureKind, Workspace, answered};
use readiness::domain::id::{CustomerId, PersonId};
use readiness::domain::response::{Basis, Response, Said, Value};
use readiness::store::Location;

use crate::engine::first_day;
use crate::project::{NOW, Project};

/// A customer with answers under the first version, and the second at hand.
fn begun() -> Project {
    Project::new()
        .questionnaire("moving")
        .answers(
            "scope.has_ad = yes
            scope.products = mdi
            sign_in.admin_mfa = partial
            sign_in.admins = 4
            sign_in.legacy_score = 61",
        )
        .newer("moving")
}

#[test]
fn an_upgrade_is_shown_before_it_is_done() {
    let project = begun();
    let before = project.run("history contoso --json").ok().json();
    let shown = project
        .run("questionnaire upgrade contoso --dry-run")
        .ok()
        .stdout("moving 1.0.0 → 2.0.0")
        .stdout("scope.has_ad → scope.onprem")
        .stdout("New (1)\n  sign_in.break_glass")
        .stdout("Asked in other words (1)\n  sign_in.admins")
        .stdout("to be confirmed (1)\n  sign_in.admins")
        .stdout("sign_in.legacy_score: its answer is kept and counts no more")
        .stdout("Score     40 % → 29 %")
        .stdout("Answered  5 of 5 → 4 of 5")
        .stderr("nothing was changed");
    assert!(!shown.text().contains("no longer fits"), "{shown}");
    assert_eq!(project.run("history contoso --json").ok().json(), before);
}

#[test]
fn an_upgrade_takes_the_answers_along() {
    let project = begun();
    project
        .run("questionnaire upgrade contoso --json")
        .ok()
        .is("/applied", true)
        .is("/to", "2.0.0")
        .is("/moved/0/from", "scope.has_ad")
        .is("/gone/0/question", "sign_in.legacy_score")
        .is("/after/answered", 4)
        .stderr("recorded as entry 8");
    project
        .run("answers export contoso")
        .ok()
        .stdout("[answers.\"scope.onprem\"]\nvalue = true")
        .stdout("value = [\"identity\"]")
        .stdout("value = \"some\"")
        .no_stdout("legacy_score");
    project
        .run("explain contoso sign_in.admin_mfa")
        .ok()
        .stdout("Some of them");
    project
        .run("history contoso --question scope.onprem")
        .ok()
        .stdout("answered `scope.has_ad`: “Yes”");
    project.run("verify").ok();
    project
        .run("questionnaire upgrade contoso")
        .ok()
        .stdout("already up to date");
}

#[test]
fn what_was_exported_after_an_upgrade_reads_back_equal() {
    let project = begun();
    project.run("questionnaire upgrade contoso").ok();
    let exported = project.run("answers export contoso").ok().text();
    project.write("answers.toml", &exported);
    project
        .run("answers import contoso answers.toml")
        .ok()
        .stderr("recorded 0 answers, 4 were");
}

#[test]
fn what_no_longer_fits_is_exported_as_a_comment() {
    let project = begun();
    let path = "questionnaires/moving/questionnaire.toml";
    let text = project.read(path);
    let text = text.replace(
        "id   = \"admins\"\ntype = \"int\"",
        "id   = \"admins\"\ntype = \"bool\"",
    );
    project.write(path, text);
    project
        .run("questionnaire upgrade contoso")
        .ok()
        .stdout("open again (1)\n  sign_in.admins: the question now asks for another type");
    let exported = project.run("answers export contoso").ok().text();
    assert!(
        exported.contains("# [answers.\"sign_in.admins\"]\n# value = 4"),
        "{exported}"
    );
    project.write("answers.toml", &exported);
    project.run("answers import contoso answers.toml").ok();
}

#[test]
fn an_upgrade_leads_forward_only() {
    let project = begun();
    project.run("questionnaire upgrade contoso").ok();
    project
        .at_hand("moving")
        .run("questionnaire upgrade contoso")
        .exit(2)
        .stderr("goes by `moving` 2.0.0, and the questionnaire at hand is older: 1.0.0");
}

#[test]
fn an_answer_of_an_older_file_meets_the_one_given_since() {
    let project = begun();
    let exported = project.run("answers export contoso").ok().text();
    let project = project.answers("scope.has_ad = no");
    project.run("questionnaire upgrade contoso").ok();
    let moved = exported
        .replace("scope.has_ad", "scope.onprem")
        .split("[answers.\"scope.products\"]")
        .next()
        .unwrap()
        .to_owned();
    project.write("answers.toml", moved);
    project
        .run("answers import contoso answers.toml")
        .exit(1)
        .stderr("`scope.onprem` was answered by anna-berg in the meantime")
        .stderr("theirs is “No”, yours is “Yes”");
}

const FIRST_LOOK: &str = r#"
questionnaire = "first-look"
[answers."look.on_premises"]
value = true
basis = "document"
said_on = 2026-08-21
[answers."look.products"]
value = ["mde", "identity"]
said_on = 2026-08-21
"#;

#[test]
fn answers_of_another_questionnaire_are_offered_and_taken_over() {
    let project = Project::new().questionnaire("moving").newer("moving");
    project.run("questionnaire upgrade contoso").ok();
    project
        .run("answers carry contoso")
        .ok()
        .stdout("nothing to take over");
    let project = project.at_hand("first-look");
    project.write("look.toml", FIRST_LOOK);
    project.run("answers import contoso look.toml").ok();
    project
        .run("answers carry contoso")
        .ok()
        .stdout("scope.onprem    Yes")
        .stdout("scope.products  Endpoint, Identity")
        .stdout("first-look look.on_premises")
        .stderr("take them over with `--yes`");
    project
        .run("answers carry contoso --yes")
        .ok()
        .stderr("recorded 2 answers");
    project
        .run("answers export contoso --questionnaire moving")
        .ok()
        .stdout("basis = \"document\"\nsaid_on = 2026-08-21");
    project
        .run("answers carry contoso --yes")
        .ok()
        .stdout("nothing to take over")
        .stderr("recorded 0 answers");
}

#[test]
fn a_release_is_locked_and_the_next_version_is_held_against_it() {
    let project = Project::new().questionnaire("moving");
    let folder = "questionnaires/moving";
    project
        .run("questionnaire lock questionnaires/moving")
        .ok()
        .stderr("ids.lock for moving 1.0.0");
    project
        .run("questionnaire check questionnaires/moving")
        .ok();
    let locked = project.read(&format!("{folder}/ids.lock"));
    project
        .run("questionnaire lock questionnaires/moving/questionnaire.toml")
        .ok();
    assert_eq!(project.read(&format!("{folder}/ids.lock")), locked);
    let text = project.read(&format!("{folder}/questionnaire.toml"));
    let text = text.replace("\"has_ad\"", "\"has_ads\"");
    project.write(&format!("{folder}/questionnaire.toml"), text);
    project
        .run("questionnaire check questionnaires/moving")
        .exit(3)
        .stderr("E060")
        .stderr("`scope.has_ad` was asked in 1.0.0 and is not any more")
        .stderr("rename = { \"scope.has_ad\" = \"scope.has_ads\" }")
        .stderr("raise `version` to 2.0.0");
    project
        .run("questionnaire lock questionnaires/moving")
        .exit(1)
        .stderr("E060");
    assert_eq!(project.read(&format!("{folder}/ids.lock")), locked);
    project
        .run("questionnaire lock questionnaires")
        .exit(2)
        .stderr("is no folder of a questionnaire");
}

#[test]
fn an_answer_that_the_question_does_not_take_is_not_offered() {
    let project = Project::new()
        .questionnaire("moving")
        .newer("moving")
        .at_hand("first-look");
    project.run("questionnaire upgrade contoso").ok();
    let look = FIRST_LOOK.replace("\"identity\"", "\"mail\"");
    project.write("look.toml", look);
    project.run("answers import contoso look.toml").ok();
    project
        .run("answers carry contoso")
        .ok()
        .stdout("scope.onprem")
        .no_stdout("scope.products");
}

#[test]
fn an_answer_to_a_text_that_another_replaced_in_the_meantime_is_refused() {
    let project = begun();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        let clock = Clock::Frozen(NOW.parse().unwrap());
        let location = Location::File(project.store());
        let workspace = Workspace::open(&location, None, clock).await.unwrap();
        let customer: CustomerId = "contoso".parse().unwrap();
        let by: PersonId = "anna-berg".parse().unwrap();
        let mut case = workspace.case(&customer, None).await.unwrap();
        let (id, assessment) = case.assessment(None).unwrap();
        let response = Response {
            said: Said::Value(Value::Bool(false)),
            basis: Basis::Interview,
            said_by: None,
            said_on: first_day(),
            note: None,
            private_note: None,
        };
        let fact = answered(id, assessment, 0, response, false).unwrap();
        let draft = Draft::based_on(fact, assessment);
        project.run("questionnaire upgrade contoso").ok();
        let refused = case.record(&workspace, &by, vec![draft]).await.unwrap_err();
        assert_eq!(refused.kind, FailureKind::Failed);
        let said = refused.to_string();
        assert!(
            said.contains("was changed by anna-berg in the meantime (entry 8)"),
            "{said}"
        );
        let (_, assessment) = case.assessment(None).unwrap();
        assert_eq!(assessment.questionnaire().version.to_string(), "2.0.0");

        // What names no question is recorded all the same, also by whoever has not seen the other text.
        let mut stale = workspace
            .case(&customer, Some(&"7".parse().unwrap()))
            .await
            .unwrap();
        stale.looks_back = false;
        stale.ledger.entries.truncate(7);
        let name = "after".parse().unwrap();
        stale
            .set_milestone(&workspace, &by, &name, None)
            .await
            .unwrap();
        let (_, assessment) = stale.assessment(None).unwrap();
        assert_eq!(assessment.questionnaire().version.to_string(), "2.0.0");
    });
    project.run("verify").ok();
}
