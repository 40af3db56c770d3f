//! The whole line, as a person walks it: a customer, answers, a verdict, what is to be done about it.

use crate::project::Project;

fn small() -> Project {
    Project::new().questionnaire("two-questions")
}

#[test]
fn before_the_first_answer_nothing_is_decided() {
    small()
        .run("status contoso --json")
        .ok()
        .is("/verdict/code", "undetermined")
        .is("/completeness/asked", 1)
        .is("/completeness/answered", 0);
}

#[test]
fn a_question_whose_condition_fails_is_not_asked() {
    let project = small().answers("start.mfa = no");
    project
        .run("status contoso --json")
        .ok()
        .is("/completeness/asked", 1)
        .is("/completeness/answered", 1);
    project
        .run("explain contoso start.method")
        .ok()
        .stdout("does not concern you");
}

#[test]
fn a_blocker_that_stands_stops_the_start() {
    let project = small().answers("start.mfa = no");
    project
        .run("status contoso")
        .ok()
        .stdout("Not ready to start")
        .stdout("Administrators sign in with a password alone");
    project.run("status contoso --check").exit(3);
}

#[test]
fn an_answer_closes_what_another_raised() {
    let project = small()
        .answers("start.mfa = no")
        .answers("start.mfa = yes\nstart.method = key");
    project
        .run("status contoso --json")
        .ok()
        .is("/verdict/code", "ready")
        .is("/score/basis_points", 10_000);
    project
        .run("finding list contoso --all")
        .ok()
        .stdout("no-second-factor")
        .stdout("Closed");
    project.run("status contoso --check").exit(0);
}

#[test]
fn a_condition_with_owner_and_date_is_in_hand() {
    let project = small().answers("start.mfa = yes\nstart.method = text");
    project
        .run("status contoso --json")
        .ok()
        .is("/verdict/code", "not-ready");
    project
        .run("finding plan contoso weak-second-factor --owner 'Jo Roth' --due 2026-09-20")
        .ok();
    project
        .run("status contoso --json")
        .ok()
        .is("/verdict/code", "ready-with-conditions");
    let later = project.at("2026-09-21T09:00:00Z");
    later
        .run("status contoso --json")
        .ok()
        .is("/verdict/code", "not-ready");
}

#[test]
fn what_was_exported_reads_back_equal() {
    let project = small().answers("start.mfa = yes\nstart.method = text");
    let exported = project.run("answers export contoso").ok().text();
    project.write("answers.toml", &exported);
    project
        .run("answers import contoso answers.toml")
        .ok()
        .stderr("recorded 0 answers, 2 were");
    project.run("answers export contoso").ok().stdout(&exported);
}

#[test]
fn as_of_looks_back_and_writes_nothing() {
    let project = small().answers("start.mfa = no");
    let project = project
        .at("2026-10-02T09:00:00Z")
        .answers("start.mfa = yes\nstart.method = key");
    let now = project.run("status contoso --json").ok().json();
    project
        .run("status contoso --as-of 2026-09-15 --json")
        .ok()
        .is("/verdict/code", "not-ready")
        .is("/as_of", "2026-09-15");
    assert_eq!(project.run("status contoso --json").ok().json(), now);
}
