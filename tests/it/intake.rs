//! Answers as they are typed, and as files hold them.

use std::path::Path;
use std::sync::Arc;

use readiness::catalog::library::check_path;
use readiness::domain::customer::{Customer, CustomerChange};
use readiness::domain::evaluation::Evaluation;
use readiness::domain::intake::{self, Objection};
use readiness::domain::response::{Basis, NotApplicable, Response, Said, Unknown, Value};
use readiness::domain::time::Day;

use crate::project::Project;

fn evaluation() -> Evaluation {
    let mut checked = check_path(Path::new("tests/fixtures/questionnaires/walk"));
    let checked = checked.remove(0);
    let drawn: Vec<String> = checked.problems.0.iter().map(|p| p.draw(false)).collect();
    let drawn = drawn.join("\n");
    let Some((questionnaire, _)) = checked.questionnaire else {
        panic!("{drawn}")
    };
    let mut customer = Customer::new("contoso".parse().unwrap());
    customer.apply(&CustomerChange::Seats(Some(900)));
    let mut evaluation = Evaluation::new(Arc::new(questionnaire), &customer, day());
    let products = place(&evaluation, "scope.products");
    let both = intake::read_value(&evaluation, products, "endpoint,identity").unwrap();
    evaluation.set(products, Some(Said::Value(both)));
    evaluation
}

fn day() -> Day {
    "2026-09-02".parse().unwrap()
}

fn place(evaluation: &Evaluation, id: &str) -> usize {
    evaluation
        .questionnaire()
        .question(&id.parse().unwrap())
        .unwrap()
}

/// Reads what was typed, as answers files and commands would show it.
fn typed(question: &str, text: &str) -> Result<String, String> {
    let evaluation = evaluation();
    let place = place(&evaluation, question);
    match intake::read_value(&evaluation, place, text) {
        Ok(value) => Ok(intake::to_toml(&value).to_string()),
        Err(faults) => Err(said(&faults)),
    }
}

fn said(objections: &[Objection]) -> String {
    let said: Vec<String> = objections.iter().map(ToString::to_string).collect();
    said.join("; ")
}

fn response(said: Said) -> Response {
    Response {
        said,
        basis: Basis::Interview,
        said_by: None,
        said_on: day(),
        note: None,
        private_note: None,
    }
}

/// Returns what is objected to in a typed answer, `!` before what refuses it.
fn objected(question: &str, text: &str) -> String {
    let evaluation = evaluation();
    let place = place(&evaluation, question);
    let value = intake::read_value(&evaluation, place, text).unwrap();
    judged(&evaluation, place, &response(Said::Value(value)))
}

fn judged(evaluation: &Evaluation, place: usize, response: &Response) -> String {
    let objections = intake::check(evaluation, place, response);
    let said: Vec<String> = objections
        .iter()
        .map(|one| format!("{}{one}", if one.refuses { "! " } else { "" }))
        .collect();
    said.join("; ")
}

#[test]
fn the_questionnaire_of_these_tests_is_clean() {
    let checked = check_path(Path::new("tests/fixtures/questionnaires/walk")).remove(0);
    let drawn: Vec<String> = checked.problems.0.iter().map(|p| p.draw(false)).collect();
    assert_eq!(drawn.join("\n"), "");
}

#[test]
fn an_option_is_taken_by_id_number_or_the_beginning_of_its_text() {
    for text in ["reader", "2", "look only", "Look O", " reader "] {
        assert_eq!(typed("access.role", text).unwrap(), "\"reader\"", "{text}");
    }
    assert_eq!(
        typed("access.role", "look").unwrap_err(),
        "`look` fits several options (take one of: 1 `none_yet` None yet; 2 `reader` Look only; 3 `operator` Look and respond)"
    );
    for text in ["0", "4", "99999999999999999999", "writer", "", "\u{0}"] {
        assert!(typed("access.role", text).is_err(), "{text}");
    }
}

#[test]
fn several_options_are_a_list_with_commas_and_an_options_text_may_hold_one() {
    for text in [
        "endpoint,identity",
        "1, 2",
        "[\"endpoint\", \"identity\"]",
        "end,iden",
    ] {
        assert_eq!(
            typed("scope.products", text).unwrap(),
            "[\"endpoint\", \"identity\"]",
            "{text}"
        );
    }
    assert_eq!(
        typed("scope.products", "Identity, on premises").unwrap(),
        "[\"identity\"]"
    );
    assert_eq!(typed("scope.products", "[]").unwrap(), "[]");
}

#[test]
fn numbers_are_exact_and_a_decimal_comma_is_explained() {
    assert_eq!(typed("people.admins", " 12 ").unwrap(), "12");
    assert_eq!(typed("people.ratio", "0.10").unwrap(), "0.1");
    assert_eq!(typed("people.trained", "94.5 %").unwrap(), "94.5");
    assert_eq!(
        typed("people.ratio", "1,5").unwrap_err(),
        "`1,5` is not a number (write a decimal point, and nothing between thousands: `1200.5`)"
    );
    for wrong in [
        "",
        "1e5",
        "١٢",
        "0x10",
        "1.",
        ".5",
        "--1",
        "NaN",
        "1 000",
        "9".repeat(40).as_str(),
    ] {
        assert!(typed("people.ratio", wrong).is_err(), "{wrong}");
        assert!(typed("people.admins", wrong).is_err(), "{wrong}");
    }
}

#[test]
fn days_and_yes_or_no() {
    assert_eq!(typed("access.drill", "today").unwrap(), "2026-09-02");
    assert_eq!(typed("access.drill", "2026-02-28").unwrap(), "2026-02-28");
    for wrong in [
        "2.9.2026",
        "2026-02-30",
        "2026-9-2",
        "+2026-09-02",
        "tomorrow",
    ] {
        assert!(typed("access.drill", wrong).is_err(), "{wrong}");
    }
    for (text, value) in [
        ("y", "true"),
        ("YES", "true"),
        ("n", "false"),
        ("False", "false"),
    ] {
        assert_eq!(typed("access.mfa", text).unwrap(), value);
    }
    assert!(typed("access.mfa", "perhaps").is_err());
}

#[test]
fn a_coverage_is_two_numbers_or_the_first_where_the_target_is_proposed() {
    let both = "{ protected = 812, target = 900 }";
    assert_eq!(typed("estate.devices", "812/900").unwrap(), both);
    assert_eq!(typed("estate.devices", "812 of 900").unwrap(), both);
    assert_eq!(typed("estate.devices", "812").unwrap(), both);
    for wrong in ["812/", "/900", "-1/900", "812/900/3", "a/b", ""] {
        assert!(typed("estate.devices", wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_table_is_typed_as_toml_and_every_wrong_cell_is_told() {
    assert_eq!(
        typed("estate.domains", "[{name=\"corp\", dcs=4}]").unwrap(),
        "[{ dcs = 4, name = \"corp\" }]"
    );
    assert_eq!(typed("estate.domains", "[]").unwrap(), "[]");
    insta::assert_snapshot!(
        typed("estate.domains", "[{name=1, dcs=\"4\", colour=true}, 7]").unwrap_err(),
        @r#"row 1, `name`: a text is wanted, not a whole number (write for example `"…"`); row 1, `dcs`: a whole number is wanted, not a text (write for example `4`); row 1, `colour`: there is no such column (there are: name, dcs, sensors); row 2: a row is wanted, not a whole number"#
    );
    insta::assert_snapshot!(typed("estate.domains", "corp").unwrap_err(), @r#"this is no table: string values must be quoted, expected literal string (write rows as TOML: [{name = "…", dcs = 4, sensors = 4}])"#);
    assert!(typed("estate.domains", "[]\nx = 1").is_err());
}

#[test]
fn text_is_kept_as_it_was_typed() {
    for text in ["", " two  spaces ", "a\nb", "\u{0}\u{1b}[2J", "日本語 👩‍💻"] {
        let evaluation = evaluation();
        let place = place(&evaluation, "access.approval");
        assert_eq!(
            intake::read_value(&evaluation, place, text).unwrap(),
            Value::Text(text.into())
        );
    }
}

#[test]
fn what_the_question_does_not_allow_is_refused_with_a_remedy() {
    insta::assert_snapshot!(objected("people.admins", "-1"), @"! -1 is too little (the least is 0)");
    insta::assert_snapshot!(objected("people.admins", "5001"), @"! 5001 is too much (the most is 5000)");
    insta::assert_snapshot!(objected("people.trained", "101"), @"! 101 is too much (the most is 100)");
    insta::assert_snapshot!(objected("people.admins", "13"), @"! Nobody has thirteen.");
    insta::assert_snapshot!(objected("scope.products", "1,4"), @"! “None of these” excludes the others (take it alone, or leave it out)");
    insta::assert_snapshot!(objected("access.approval", &"x".repeat(300_000)), @"! the text has 300000 bytes (at most 262144 are kept; put the rest into a document)");
    assert_eq!(objected("people.admins", "12"), "");
}

#[test]
fn what_looks_odd_is_told_and_recorded() {
    insta::assert_snapshot!(objected("people.admins", "1000"), @"That is a great many.");
    insta::assert_snapshot!(objected("estate.devices", "901/900"), @"more are protected (901) than should be (900); it counts as all of them (look at both numbers again)");
}

#[test]
fn rows_have_names_of_their_own_and_cells_that_fit() {
    insta::assert_snapshot!(
        objected("estate.domains", "[{name=\"a\", dcs=0}, {name=\"a\", dcs=2, sensors=3}, {dcs=1}, {name=\"b\"}]"),
        @"! row 1, `dcs`: 0 is too little (the least is 1); ! row 2: another row is called `a` (give every row a name of its own); ! row 3: the row has no name (fill in `name`); row 4, `dcs`: is missing; the row does not count without it; ! row 2, `sensors`: More sensors than domain controllers."
    );
    insta::assert_snapshot!(
        objected("estate.shifts", "[{id=\"day\", staffed=true}, {id=\"noon\", how=\"bed\"}]"),
        @"! row 2: the row is none of those asked for (say which with `id`: day, night); ! row 2, `how`: there is no option `bed` (take one of: 1 `desk` At the desk; 2 `call` On call)"
    );
    assert_eq!(
        objected("estate.shifts", "[{id=\"night\", how=\"call\"}]"),
        ""
    );
}

#[test]
fn none_not_applicable_and_unknown_are_taken_where_the_question_allows_them() {
    let evaluation = evaluation();
    let judge = |question: &str, said: Said| {
        judged(&evaluation, place(&evaluation, question), &response(said))
    };
    assert_eq!(judge("access.drill", Said::None), "");
    insta::assert_snapshot!(judge("access.mfa", Said::None), @"! this question offers no explicit *none* (say the value, that it is not known, or that it does not apply)");
    insta::assert_snapshot!(judge("access.mfa", Said::NotApplicable(NotApplicable::NotUsed)), @"! this question applies to everybody (say the value, or that it is not known yet)");
    insta::assert_snapshot!(judge("access.drill", Said::NotApplicable(NotApplicable::Other)), @"! another reason needs to be told (write it into the note)");
    assert_eq!(
        judge("access.drill", Said::NotApplicable(NotApplicable::NotUsed)),
        ""
    );
    let late = Unknown::WillFindOut {
        asked: None,
        by: Some("2026-09-01".parse().unwrap()),
    };
    insta::assert_snapshot!(judge("access.mfa", Said::Unknown(late)), @"the day by which to find out, 1 Sep 2026, has passed");
}

#[test]
fn nothing_was_said_tomorrow_and_what_is_not_asked_is_kept() {
    let evaluation = evaluation();
    let mut tomorrow = response(Said::Value(Value::Bool(true)));
    tomorrow.said_on = "2026-09-03".parse().unwrap();
    insta::assert_snapshot!(judged(&evaluation, place(&evaluation, "access.mfa"), &tomorrow), @"! it cannot have been said on 3 Sep 2026 (that day is yet to come; today is 2 Sep 2026)");
    let mut evaluation = evaluation.clone();
    let role = place(&evaluation, "access.role");
    evaluation.set(
        role,
        Some(Said::Value(Value::Choice("reader".parse().unwrap()))),
    );
    let text = response(Said::Value(Value::Text("Anna".into())));
    insta::assert_snapshot!(judged(&evaluation, place(&evaluation, "access.approval"), &text), @"it is not asked now, because you answered “Look only” to “Which access have you granted the experts?”; the answer is kept and counts once it is asked");
}

#[test]
fn an_answer_of_another_type_is_refused() {
    let evaluation = evaluation();
    for question in &evaluation.questionnaire().questions {
        let at = place(&evaluation, question.id.as_str());
        let wrong = match question.kind.name() {
            "text" => Value::Bool(true),
            _ => Value::Text("x".into()),
        };
        let judged = judged(&evaluation, at, &response(Said::Value(wrong)));
        assert!(judged.contains('!'), "{}: {judged}", question.id);
    }
}

#[test]
fn a_file_is_read_strictly_and_what_is_written_reads_back() {
    let evaluation = evaluation();
    let read = |question: &str, toml: &str| {
        let table: toml::Table = format!("value = {toml}").parse().unwrap();
        intake::from_toml(&evaluation, place(&evaluation, question), &table["value"])
    };
    for (question, toml) in [
        ("access.mfa", "false"),
        ("access.role", "\"reader\""),
        ("scope.products", "[\"endpoint\"]"),
        ("scope.products", "[]"),
        ("people.admins", "0"),
        ("people.ratio", "0.1"),
        ("people.ratio", "\"12345678901234567.123456789\""),
        ("people.trained", "94.5"),
        ("access.drill", "2026-09-02"),
        ("access.approval", "\"\"\"a\n\tb \\u0000\"\"\""),
        ("estate.devices", "{ protected = 812, target = 900 }"),
        (
            "estate.domains",
            "[{ name = \"corp\", dcs = 4, sensors = 1 }]",
        ),
        (
            "estate.shifts",
            "[{ id = \"day\", staffed = true, how = \"desk\" }]",
        ),
    ] {
        let value = read(question, toml).unwrap_or_else(|faults| panic!("{}", said(&faults)));
        let place = place(&evaluation, question);
        let written = intake::to_toml(&value);
        assert_eq!(
            intake::from_toml(&evaluation, place, &written).unwrap(),
            value
        );
    }
    insta::assert_snapshot!(said(&read("access.mfa", "\"yes\"").unwrap_err()), @"yes or no is wanted, not a text (write for example `true`)");
    insta::assert_snapshot!(said(&read("people.ratio", "nan").unwrap_err()), @"`NaN` cannot be kept exactly (write fewer digits)");
    insta::assert_snapshot!(said(&read("access.drill", "2026-09-02T10:00:00Z").unwrap_err()), @"a date is wanted, not a date or time (write for example `2026-09-02`)");
    insta::assert_snapshot!(said(&read("estate.devices", "{ protected = -1, target = 900 }").unwrap_err()), @"two numbers are wanted, protected and target (write `{ protected = 812, target = 900 }`)");
}

#[test]
fn naughty_strings_are_refused_or_kept_and_never_a_panic() {
    let evaluation = evaluation();
    for text in naughty_strings::BLNS {
        for place in 0..evaluation.questionnaire().questions.len() {
            if let Ok(value) = intake::read_value(&evaluation, place, text) {
                let _ = intake::check(&evaluation, place, &response(Said::Value(value)));
            }
        }
    }
}

/// Answers to `service-fit` of a customer without a security team at night.
const FIT: &str = r#"
questionnaire = "service-fit"
[answers."fit.active_compromise"]
value = false
[answers."fit.cloud_environment"]
value = "commercial"
[answers."fit.soc_maturity"]
value = "business_hours"
[answers."fit.at_night"]
value = "act"
[answers."fit.seat_count"]
value = 900
[answers."fit.other_vendors"]
value = "no"
[answers."lic.products_owned"]
value = ["mde", "mdo", "entra_p2"]
[answers."lic.active_product"]
value = "endpoint_or_office"
[answers."lic.entra_p1"]
value = 100
said_on = 2026-08-20
basis = "document"
[answers."lic.server_licence"]
value = ["endpoint"]
"#;

#[test]
fn answers_to_service_fit_are_offered_when_the_readiness_assessment_begins_and_taken_over_on_a_word()
 {
    let project = Project::new().contoso();
    project.write("fit.toml", FIT);
    project.run("answers import contoso fit.toml").ok();
    let walk = "assess contoso --plain --questionnaire defender-experts";
    project
        .run(walk)
        .ok()
        .stderr("6 answers given before can be taken over from service-fit");
    let carry = "answers carry contoso --questionnaire defender-experts";
    project
        .run(carry)
        .ok()
        .stdout("service-fit fit.seat_count")
        .stderr("nothing was recorded");
    project
        .run(&format!("{carry} --yes"))
        .ok()
        .stderr("recorded 6 answers");
    // What the choice of a service lets be asked follows, with the basis and the day of the answer that it comes from.
    project
        .run("answer contoso fit.service_choice mdr_plan1 --questionnaire defender-experts")
        .ok();
    project
        .run(carry)
        .ok()
        .stdout("shown  20 Aug 2026  service-fit lic.entra_p1");
    project.run(&format!("{carry} --yes")).ok();
    project
        .run(carry)
        .ok()
        .stdout("there is nothing to take over");
}
