//! Questionnaires of any size, and answers to all of one: for what is measured and what is tested at size.
//!
//! Every fifth question has a condition; every type but rows takes its turn; every question that is not a plain fact can raise a finding.

use std::fmt::Write;

/// The id of every generated questionnaire.
pub(crate) const ID: &str = "generated";

/// How many questions make a section.
const SECTION: usize = 25;

const HEAD: &str = r#"format   = 1
id       = "generated"
version  = "1.0.0"
title    = "Generated"
language = "en"
bands    = [{ min = 50, id = "fair", text = "Fair" }, { id = "weak", text = "Weak" }]
"#;

/// The one recommendation of every finding.
pub(crate) const RECOMMENDATION: &str = r#"+++
title       = "Do it"
effort      = "hours"
user_impact = "low"
cost        = "low"
acts        = "customer"
+++
{{ customer.name }} has this to do.

## How to verify

Look.
"#;

/// Returns the files of a questionnaire of `size` questions, by their path in its folder.
pub(crate) fn questionnaire(size: usize) -> [(&'static str, String); 2] {
    let mut text = HEAD.to_owned();
    let mut findings = String::new();
    for number in 0..size {
        if number % SECTION == 0 {
            let section = number / SECTION;
            write!(
                text,
                "\n[[section]]\nid = \"s{section}\"\ntitle = \"Section {section}\"\n"
            )
            .unwrap();
        }
        question(&mut text, number);
        if raises(number) {
            write!(
                findings,
                "\n[[finding]]\nid = \"f-{number}\"\nseverity = \"medium\"\ntitle = \"Question {number} is not as it should be\"\n\
                 recommend = [\"do-it\"]\n"
            )
            .unwrap();
        }
    }
    [
        ("questionnaire.toml", text + &findings),
        ("recommendations/do-it.md", RECOMMENDATION.to_owned()),
    ]
}

/// Returns the id of a question.
pub(crate) fn id(number: usize) -> String {
    format!("s{}.q{number}", number / SECTION)
}

/// Returns an answer to a question as it stands in a file of answers.
pub(crate) fn value(number: usize) -> &'static str {
    match number % 5 {
        0 if number.is_multiple_of(15) => "false",
        0 => "true",
        1 => "\"some\"",
        2 => "[\"x\", \"y\"]",
        3 => "80",
        _ => "{ protected = 812, target = 900 }",
    }
}

/// Returns a file that answers the first `size` questions.
pub(crate) fn answers(size: usize) -> String {
    let mut text = format!("questionnaire = \"{ID}\"\n");
    for number in 0..size {
        let (id, value) = (id(number), value(number));
        write!(
            text,
            "[answers.\"{id}\"]\nvalue = {value}\nnote = \"As said in the call.\"\n"
        )
        .unwrap();
    }
    text
}

/// Returns whether a question can raise a finding: all but each numeric one, which is a fact.
fn raises(number: usize) -> bool {
    number % 5 != 3
}

fn question(text: &mut String, number: usize) {
    write!(
        text,
        "\n[[section.question]]\nid = \"q{number}\"\ntext = \"What about {number}?\"\ntier = \"{}\"\n",
        if raises(number) { "recommended" } else { "info" }
    )
    .unwrap();
    // The condition reads a question of the section before, or of the same one.
    if number % 5 == 4 {
        let yes_or_no = id(number - 4);
        let choice = id(number - 3);
        writeln!(text, "when = '{yes_or_no} || {choice} == \"some\"'").unwrap();
    }
    let kind = match number % 5 {
        0 => format!("type = \"bool\"\nfinding = \"f-{number}\"\n"),
        1 => format!(
            "type = \"choice\"\noptions = [{{ id = \"all\", text = \"All\", score = 100 }}, {{ id = \"some\", text = \"Some\", score = 40, \
             finding = \"f-{number}\" }}, {{ id = \"no\", text = \"None\", score = 0, finding = \"f-{number}\" }}]\n"
        ),
        2 => format!(
            "type = \"multi\"\nfinding = \"f-{number}\"\noptions = [{{ id = \"x\", text = \"X\", score = 50 }}, {{ id = \"y\", text = \"Y\", \
             score = 30 }}, {{ id = \"z\", text = \"Z\", score = 20 }}]\n"
        ),
        3 => "type = \"int\"\nmin = 0\n".to_owned(),
        _ => format!(
            "type = \"coverage\"\nasset = \"devices\"\ngoal = 95\nfinding = \"f-{number}\"\n"
        ),
    };
    text.push_str(&kind);
}
