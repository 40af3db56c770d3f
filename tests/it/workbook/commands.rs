//! The workbook as commands make and take it.

use crate::project::Project;
use crate::workbook::edit::{Filling, Put};

/// Makes the workbook of the customer's open questions and fills it in.
fn fill(project: &Project, change: impl FnOnce(Filling) -> Filling) {
    project
        .run("prepare contoso --format xlsx -o sent.xlsx")
        .ok();
    let sent = std::fs::read(project.path("sent.xlsx")).unwrap();
    project.write("back.xlsx", change(Filling::of(&sent)).bytes());
}

fn answered(filling: Filling) -> Filling {
    let everywhere = |filling: Filling, nth| {
        filling
            .put_nth("who", nth, "D", Put::Text("Jane Roe".into()))
            .put_nth("day", nth, "D", Put::Number("46266".into()))
    };
    (0..filling.teams().len())
        .fold(filling, everywhere)
        .text("question access.role", "D", "look only")
        .text(
            "question access.role",
            "F",
            "=until the works council agrees",
        )
        .text("question access.mfa", "E", "We will find out")
        .text("question people.admins", "D", "7")
        .text("question people.admins", "G", "Tom Fox")
        .text("question people.admins", "I", "A document shows it")
}

#[test]
fn what_a_workbook_answers_is_shown_and_recorded_only_when_accepted() {
    let project = Project::new().questionnaire("walk");
    fill(&project, answered);
    project
        .run("answers import contoso back.xlsx")
        .ok()
        .stdout("Look only (told by Jane Roe, 1 Sep 2026)")
        .stdout("7 (shown by Tom Fox, 1 Sep 2026)")
        .stderr("3 answers: 3 contradict no answer")
        .stderr("nothing was recorded");
    project
        .run("answers export contoso")
        .ok()
        .no_stdout("access.role");
    project
        .run("answers import contoso back.xlsx --accept-agreeing --dry-run")
        .ok()
        .stderr("3 answers would be taken over");
    project
        .run("answers export contoso")
        .ok()
        .no_stdout("access.role");
    project
        .run("answers import contoso back.xlsx --accept-agreeing")
        .ok()
        .stderr("new person: Jane Roe")
        .stderr("3 answers taken over");
    project
        .run("answers export contoso")
        .ok()
        .stdout("value = \"reader\"")
        .stdout("said_by = \"jane-roe\"")
        .stdout("basis = \"document\"")
        .stdout("note = \"=until the works council agrees\"")
        .stdout("private_note = \"workbook back.xlsx, SHA-256");
    project
        .run("answers import contoso back.xlsx --accept-agreeing")
        .ok()
        .stderr("3 were recorded already")
        .stderr("0 answers taken over");
}

#[test]
fn what_was_answered_in_the_meantime_is_shown_and_never_overwritten_by_itself() {
    let project = Project::new().questionnaire("walk");
    fill(&project, answered);
    let project = project.answers("access.role = operator\npeople.admins = 7");
    project
        .run("answers import contoso back.xlsx")
        .ok()
        .stdout("Look and respond (told, 2 Sep 2026)")
        .stdout("contradicts")
        .stdout("recorded already")
        .stderr("1 needs to be named");
    project
        .run("answers import contoso back.xlsx --accept-agreeing")
        .ok()
        .stderr("1 answer taken over");
    project
        .run("answers export contoso")
        .ok()
        .stdout("value = \"operator\"");
    project
        .run("answers import contoso back.xlsx --accept access.role")
        .ok()
        .stderr("1 answer taken over");
    project
        .run("answers export contoso")
        .ok()
        .stdout("value = \"reader\"");
}

#[test]
fn one_by_one_each_answer_is_asked_for() {
    let project = Project::new().questionnaire("walk");
    fill(&project, answered);
    let mut command = project.command(&["answers", "import", "contoso", "back.xlsx", "--ask"]);
    project.write("typed", "y\nn\nq\n");
    let input = std::fs::File::open(project.path("typed")).unwrap();
    let output = command.stdin(input).output().unwrap();
    crate::project::Ran::of("--ask", output)
        .ok()
        .stdout("remark       =until the works council agrees")
        .stderr("left out")
        .stderr("1 answer taken over");
}

#[test]
fn a_workbook_with_anything_wrong_is_refused_whole() {
    let project = Project::new().questionnaire("walk");
    fill(&project, |filling| {
        answered(filling)
            .text("question people.admins", "D", "13")
            .text("question people.trained", "D", "120 %")
            .text("question access.mfa", "F", "")
            .put("question access.drill", "D", Put::Number("46400".into()))
            .text("question access.drill", "H", "2027-01-01")
            .text(
                "question people.ratio",
                "E",
                "Does not apply: another reason",
            )
    });
    project
        .run("answers import contoso back.xlsx --accept-agreeing")
        .exit(1)
        .stderr("Nobody has thirteen.")
        .stderr("120 is too much")
        .stderr("the most is 100")
        .stderr("the day is yet to come")
        .stderr("another reason needs to be told")
        .stderr("`Questions!H")
        .stderr("`Questions!F");
    project
        .run("answers export contoso")
        .ok()
        .no_stdout("answers.");
}

#[test]
fn a_workbook_of_somebody_else_is_refused() {
    let project = Project::new().questionnaire("walk");
    fill(&project, answered);
    project.run("customer add fabrikam --name Fabrikam").ok();
    project
        .run("answers import fabrikam back.xlsx")
        .exit(1)
        .stderr("the workbook is of `contoso`, not of `fabrikam`");
    let other = Project::new().questionnaire("walk");
    other.write(
        "back.xlsx",
        std::fs::read(project.path("back.xlsx")).unwrap(),
    );
    other
        .run("answers import contoso back.xlsx")
        .exit(1)
        .stderr("another customer who was called `contoso` too");
    project.write("text.xlsx", "value = 1");
    project
        .run("answers import contoso text.xlsx")
        .exit(1)
        .stderr("this is no workbook");
    project.write("some.toml", "questionnaire = \"walk\"");
    project
        .run("answers import contoso some.toml --accept-agreeing")
        .exit(2)
        .stderr("are for workbooks");
    project
        .run("answers import contoso back.xlsx --accept access.drill")
        .exit(2)
        .stderr("does not answer `access.drill`");
}

#[test]
fn a_dry_run_of_a_text_file_records_nothing() {
    let project = Project::new().questionnaire("walk");
    project.write(
        "some.toml",
        "questionnaire = \"walk\"\n[answers.\"people.admins\"]\nvalue = 7\n",
    );
    project
        .run("answers import contoso some.toml --dry-run")
        .ok()
        .stderr("would record 1 answer");
    project
        .run("answers export contoso")
        .ok()
        .no_stdout("people.admins");
    project
        .run("answers import contoso some.toml")
        .ok()
        .stderr("recorded 1 answer");
    project
        .run("answers import contoso some.toml --dry-run")
        .ok()
        .stderr("would record 0 answers, 1 was recorded");
}

#[test]
fn only_the_team_that_is_named_gets_a_sheet() {
    let project = Project::new().questionnaire("walk");
    project
        .run("prepare contoso --format xlsx --team identity")
        .ok()
        .stdout("contoso-questions-identity.xlsx");
    let bytes = std::fs::read(project.path("contoso-questions-identity.xlsx")).unwrap();
    assert_eq!(Filling::of(&bytes).teams(), ["Identity"]);
    project
        .run("prepare contoso --format xlsx,html -o out")
        .ok()
        .stdout("out/contoso-questions.html")
        .stdout("out/contoso-questions.xlsx");
}

#[test]
fn a_customer_who_was_just_added_is_asked_before_the_first_call() {
    let project = Project::new().at_hand("walk");
    project.run("customer add early --name Early").ok();
    project
        .run("prepare early --questionnaire walk --format xlsx -o sent.xlsx")
        .ok()
        .stderr("an assessment under `walk` begins");
    let again = project
        .run("prepare early --format xlsx -o again.xlsx")
        .ok();
    assert!(!again.error_text().contains("begins"), "{again}");
    project.run("answers import early sent.xlsx --dry-run").ok();
}

#[test]
fn a_workbook_of_an_older_version_keeps_what_still_has_a_name() {
    let project = Project::new().questionnaire("moving");
    fill(&project, |filling| {
        filling
            .text("question scope.has_ad", "D", "Yes")
            .text("choice scope.products mdi", "D", "Yes")
            .text("question sign_in.admin_mfa", "D", "Some of them")
            .text("question sign_in.admins", "D", "7")
    });
    let project = project.newer("moving");
    project.run("questionnaire upgrade contoso").ok();
    project
        .run("answers import contoso back.xlsx --accept-agreeing")
        .ok()
        .stderr("the workbook asks what version 1.0.0 asked, and it is version 2.0.0 by now")
        .stdout("asked in other words by now")
        .stderr("3 answers taken over");
    project
        .run("answers export contoso")
        .ok()
        .stdout("[answers.\"scope.onprem\"]")
        .stdout("value = [\"identity\"]")
        .stdout("value = \"some\"")
        .no_stdout("sign_in.admins");
    project
        .run("answers import contoso back.xlsx --accept sign_in.admins")
        .ok()
        .stderr("1 answer taken over");
}

#[test]
fn a_question_that_was_dropped_cannot_be_answered() {
    let project = Project::new().questionnaire("moving");
    fill(&project, |filling| {
        filling.text("question sign_in.legacy_score", "D", "7")
    });
    let project = project.newer("moving");
    project.run("questionnaire upgrade contoso").ok();
    project
        .run("answers import contoso back.xlsx")
        .exit(1)
        .stderr("no question is called `sign_in.legacy_score` any more");
}
