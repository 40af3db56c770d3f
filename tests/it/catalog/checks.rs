//! The table of checks: for each a case that it finds, at the marked place and nothing else, and one that it lets pass.

use std::collections::BTreeSet;

use readiness::catalog::checks::RULES;

use crate::catalog::{Folder, codes, drawn};

/// A small questionnaire that is clean; cases are added to its end, where its last section is open.
const BASE: &str = r#"
format  = 1
id      = "t"
version = "1.0.0"
title   = "T"

[terms]
it = "the service"

[refs]
src = { title = "Source" }

[[profile]]
id   = "p"
text = "P"
when = 's.a'

[[finding]]
id       = "f"
severity = "low"
title    = "F"
when     = 's.a'
refs     = ["src:1"]

[[section]]
id    = "s"
title = "S"
[[section.question]]
id = "a"
type = "bool"
text = "A?"
tier = "info"
[[section.question]]
id = "c"
type = "choice"
text = "C?"
tier = "info"
options = [ { id = "x", text = "X" }, { id = "y", text = "Y" } ]
[[section.question]]
id = "m"
type = "multi"
text = "M?"
tier = "info"
options = [ { id = "x", text = "X" }, { id = "y", text = "Y" }, { id = "z", text = "None", exclusive = true } ]
[[section.question]]
id = "n"
type = "int"
text = "N?"
tier = "info"
applies = ["p"]
[[section.question]]
id = "r"
type = "rows"
text = "R?"
tier = "info"
key = "k"
  [[section.question.column]]
  id = "k"
  type = "text"
  text = "K"
  [[section.question.column]]
  id = "v"
  type = "int"
  text = "V"
"#;

/// A case: a code, what has the problem, marked with `«…»`, and what has none.
struct Case(&'static str, &'static str, &'static str);

/// A yes-or-no question with more keys.
macro_rules! ask {
    ($keys:literal) => {
        concat!(
            "[[section.question]]\nid = \"q\"\ntype = \"bool\"\ntext = \"Q?\"\ntier = \"info\"\n",
            $keys
        )
    };
}

/// A required question of a type, with more keys.
macro_rules! scored {
    ($kind:literal, $keys:literal) => {
        concat!(
            "[[section.question]]\nid = \"q\"\ntype = \"",
            $kind,
            "\"\ntext = \"Q?\"\ntier = \"required\"\n",
            $keys
        )
    };
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    Case("E001", ask!("when = 's.a «=» true'"), ask!("when = 's.a == true'")),
    Case("E001", ask!("when = 's.a «and» s.a'"), ask!("when = 's.a && s.a'")),
    Case("E001", ask!("when = '«0 < s.n < 3»'"), ask!("when = '0 < s.n && s.n < 3'")),
    Case("E001", ask!("when = '«(»s.a'"), ask!("when = '(s.a)'")),
    Case("E001", ask!("help = \"see «{{» s.a\""), ask!("help = \"see {{ s.a }} and }}\"")),
    Case("E001", ask!("help = \"see {{ «s.n + 1» }}\""), ask!("help = \"see {{ s.a }}\"")),
    Case("E002", ask!("when = '«s.nope»'"), ask!("when = 's.a'")),
    Case("E002", ask!("help = \"{{ «s.b» }}\""), ask!("help = \"{{ customer.name }} {{ s.a }}\"")),
    Case("E002", ask!("help = \"{{ «terms.that» }}\""), ask!("help = \"{{ terms.it }}\"")),
    Case("E002", "[[carry]]\nfrom = \"other\"\nanswers = { \"o.a\" = «\"s.b\"» }", "[[carry]]\nfrom = \"other\"\nanswers = { \"o.a\" = \"s.a\" }"),
    Case("E002", scored!("rows", "key = «\"j\"»\n[[section.question.column]]\nid = \"k\"\ntype = \"text\"\ntext = \"K\""), scored!("rows", "key = \"k\"\n[[section.question.column]]\nid = \"k\"\ntype = \"text\"\ntext = \"K\"")),
    Case("E003", ask!("when = '«s.q»'"), ask!("when = 's.a'")),
    Case("E003", scored!("int", "checks = [ { expr = '«s.q» > 1', text = \"No.\" } ]"), scored!("int", "checks = [ { expr = 'this > 1', text = \"No.\" } ]")),
    Case("E003", "[[profile]]\nid = \"o\"\ntext = \"O\"\nwhen = 'in_scope(«\"o\"»)'\n[[section.question]]\nid = \"z\"\ntype = \"text\"\ntext = \"Z\"\ntier = \"info\"\napplies = [\"o\"]", ""),
    Case("E004", "[[section.question]]\nid = \"q\"\ntype = \"bool\"\ntext = \"Q\"\ntier = \"info\"\nwhen = «'s.z'»\n[[section.question]]\nid = \"z\"\ntype = \"bool\"\ntext = \"Z\"\ntier = \"info\"\nwhen = 'derived.y'\n[[derived]]\nid = \"y\"\ntype = \"bool\"\nvalue = 's.q'", "[[section.question]]\nid = \"q\"\ntype = \"bool\"\ntext = \"Q\"\ntier = \"info\"\nwhen = 's.z'\n[[section.question]]\nid = \"z\"\ntype = \"bool\"\ntext = \"Z\"\ntier = \"info\""),
    Case("E005", ask!("when = '«s.n»'"), ask!("when = 's.n > 2'")),
    Case("E005", ask!("when = 's.n == «\"2\"»'"), ask!("when = 's.n == 2'")),
    Case("E005", "[[derived]]\nid = \"y\"\ntype = \"int\"\nvalue = '«s.a»'", ""),
    Case("E005", ask!("help = \"{{ «s.r» }}\""), ask!("help = \"{{ s.c }}\"")),
    Case("E006", ask!("when = 's.c == «\"q\"»'"), ask!("when = 's.c == \"x\"'")),
    Case("E006", ask!("when = '«\"q\"» in s.m'"), ask!("when = '\"x\" in s.m'")),
    Case("E006", "[[migrate]]\nto = \"1.0.0\"\noptions = { \"s.c\" = { old = «\"q\"» } }", "[[migrate]]\nto = \"1.0.0\"\noptions = { \"s.c\" = { old = \"x\" } }"),
    Case("E007", ask!("when = '«s.r.v» > 1'"), ask!("when = 's.r.exists(r, r.v > 1)'")),
    Case("E010", "[[section.question]]\nid = «\"a\"»\ntype = \"bool\"\ntext = \"A\"\ntier = \"info\"", "[[section]]\nid = \"o\"\ntitle = \"O\"\n[[section.question]]\nid = \"a\"\ntype = \"bool\"\ntext = \"A\"\ntier = \"info\""),
    Case("E010", "[[finding]]\nid = «\"f\"»\nseverity = \"low\"\ntitle = \"F\"\nwhen = 's.a'", "[[finding]]\nid = \"g\"\nseverity = \"low\"\ntitle = \"F\"\nwhen = 's.a'"),
    Case("E010", "[[section]]\nid = «\"s\"»\ntitle = \"S\"", "[[section]]\nid = \"o\"\ntitle = \"S\""),
    Case("E011", scored!("choice", "options = [ { id = \"x\", text = \"X\", score = 100 }, { id = «\"x\"», text = \"Y\", score = 0 } ]"), scored!("choice", "options = [ { id = \"x\", text = \"X\", score = 100 }, { id = \"y\", text = \"Y\", score = 0 } ]")),
    Case("E011", scored!("rows", "fixed = [ { id = \"x\", text = \"X\" }, { id = «\"x\"», text = \"Y\" } ]\n[[section.question.column]]\nid = \"k\"\ntype = \"text\"\ntext = \"K\""), scored!("rows", "fixed = [ { id = \"x\", text = \"X\" } ]\n[[section.question.column]]\nid = \"k\"\ntype = \"text\"\ntext = \"K\"")),
    Case("E012", "[[section.question]]\nid = «\"Qa\"»\ntype = \"bool\"\ntext = \"A\"\ntier = \"info\"", ""),
    Case("E012", "[[section.question]]\nid = «\"q-a\"»\ntype = \"bool\"\ntext = \"A\"\ntier = \"info\"", "[[section.question]]\nid = \"q_a\"\ntype = \"bool\"\ntext = \"A\"\ntier = \"info\""),
    Case("E012", "[[finding]]\nid = «\"g_h\"»\nseverity = \"low\"\ntitle = \"F\"\nwhen = 's.a'", "[[finding]]\nid = \"g-h\"\nseverity = \"low\"\ntitle = \"F\"\nwhen = 's.a'"),
    Case("E013", "[[section]]\nid = «\"derived\"»\ntitle = \"D\"", "[[section]]\nid = \"derivation\"\ntitle = \"D\""),
    Case("E013", "[[section.question]]\nid = «\"nothing\"»\ntype = \"bool\"\ntext = \"A\"\ntier = \"info\"", ""),
    Case("E014", "[[finding]]\nid = «\"adv-12\"»\nseverity = \"low\"\ntitle = \"G\"\nwhen = 's.a'", "[[finding]]\nid = \"adv-soc\"\nseverity = \"low\"\ntitle = \"G\"\nwhen = 's.a'"),
    Case("E014", "[[finding]]\nid = «\"mr-1\"»\nseverity = \"low\"\ntitle = \"G\"\nwhen = 's.a'", "[[finding]]\nid = \"mr-1-plan\"\nseverity = \"low\"\ntitle = \"G\"\nwhen = 's.a'"),
    Case("E020", scored!("bool", "finding = «\"g\"»"), scored!("bool", "finding = \"f\"")),
    Case("E020", scored!("bool", "unknown = { finding = «\"g\"» }"), scored!("bool", "")),
    Case("E021", ask!("applies = [«\"o\"»]"), ask!("applies = [\"p\"]")),
    Case("E021", ask!("when = 'in_scope(«\"o\"»)'"), ask!("when = 'in_scope(\"p\")'")),
    Case("E022", ask!("refs = [«\"sauce:2\"»]"), ask!("refs = [\"src:2\", \"src\"]")),
    Case("E023", "[[stop]]\nid = \"z\"\nwhen = 's.a'\ntitle = \"Z\"\ntext = \"Z\"\nkeep_asking = [«\"z\"»]", "[[stop]]\nid = \"z\"\nwhen = 's.a'\ntitle = \"Z\"\ntext = \"Z\"\nkeep_asking = [\"s\"]"),
    Case("E024", ask!("[[section.question.evidence]]\nsource = «\"scubagaer\"»\nid = \"MS.AAD.3.6\"\nanswer = 'ev.status == \"met\"'"), ask!("[[section.question.evidence]]\nsource = \"scubagear\"\nid = \"MS.AAD.3.6\"\nanswer = 'ev.status == \"met\" ? true : nothing'")),
    Case("E024", ask!("[[section.question.evidence]]\nsource = \"scubagear\"\nid = «\"MS.AAD.3.6v1\"»\nanswer = 'ev.status == \"met\"'"), ask!("[[section.question.evidence]]\nsource = \"defender-endpoint\"\nid = \"devices-onboarded\"\nanswer = 'ev.percent > 90 ? true : nothing'")),
    Case("E024", ask!("[[section.question.evidence]]\nsource = \"scubagear\"\nid = «\"MS.DEFENDER.5.1\"»\nanswer = 'ev.status == \"met\"'"), ask!("[[section.question.evidence]]\nsource = \"licences\"\nid = \"WINDEFATP\"\nanswer = 'ev.percent >= 100 ? true : nothing'")),
    Case("E025", ask!("unknown = { finding = «\"g\"» }\n[[finding]]\nid = \"g\"\nseverity = \"low\"\ntitle = \"G\"\nneed = \"condition\""), ask!("unknown = { finding = \"g\", need = \"improvement\" }\n[[finding]]\nid = \"g\"\nseverity = \"low\"\ntitle = \"G\"\nneed = \"condition\"")),
    Case("E025", scored!("bool", "unknown = { finding = «\"g\"» }\n[[finding]]\nid = \"g\"\nseverity = \"low\"\ntitle = \"G\""), scored!("bool", "unknown = { finding = \"g\" }\n[[finding]]\nid = \"g\"\nseverity = \"low\"\ntitle = \"G\"\nneed = \"improvement\"")),
    Case("E025", ask!("unknown = { finding = «\"g\"» }\n[[finding]]\nid = \"g\"\nseverity = \"low\"\ntitle = \"G\"\nneed_when = [ { when = 's.a', need = \"blocker\" } ]"), ""),
    Case("E030", "[[finding]]\nid = \"g\"\nseverity = \"low\"\ntitle = \"G\"\nwhen = 's.a'\nrecommend = [«\"no-such-thing\"»]", ""),
    Case("W031", "[[finding]]\nid = «\"g\"»\nseverity = \"low\"\ntitle = \"G\"", "[[finding]]\nid = \"g\"\nseverity = \"low\"\ntitle = \"G\"\nwhen = 's.a'"),
    Case("W032", "[[derived]]\nid = «\"y\"»\ntype = \"bool\"\nvalue = 's.a'", "[[derived]]\nid = \"y\"\ntype = \"bool\"\nvalue = 's.a'\n[[stop]]\nid = \"z\"\nwhen = 'derived.y'\ntitle = \"Z\"\ntext = \"Z\""),
    Case("W032", "[[profile]]\nid = «\"o\"»\ntext = \"O\"\nwhen = 's.a'", "[[profile]]\nid = \"o\"\ntext = \"O\"\nwhen = 's.a'\nallow = { W032 = \"comes later\" }"),
    Case("E040", scored!("choice", "options = [ { id = \"x\", text = \"X\", score = 100 }, { id = \"y\", text = \"Y\", score = «-1» } ]"), scored!("choice", "options = [ { id = \"x\", text = \"X\", score = 100 }, { id = \"y\", text = \"Y\", score = 0 } ]")),
    Case("E040", scored!("choice", "options = [ { id = \"x\", text = \"X\", score = 100 }, «{ id = \"y\", text = \"Y\" }», { id = \"z\", text = \"Z\", score = 0 } ]"), ""),
    Case("E040", scored!("bool", "weight = «1001»"), scored!("bool", "weight = 1000")),
    Case("E040", "[[section]]\nid = \"o\"\ntitle = \"O\"\nweight = «-1»", "[[section]]\nid = \"o\"\ntitle = \"O\"\nweight = 0"),
    Case("E040", scored!("int", "scores = [ { min = 5, score = 0 }, «{ max = 3, score = 100 }» ]"), scored!("int", "scores = [ { min = 5, score = 0 }, { score = 100 } ]")),
    Case("E040", scored!("int", "scores = [ «{ score = 0 }», { min = 5, score = 100 }, { score = 0 } ]"), ""),
    Case("E040", scored!("percent", "scores = [ { min = 95, score = 100 }, { min = 50, max = «94», score = 50 }, { score = 0 } ]"), scored!("percent", "scores = [ { min = 95, score = 100 }, { min = 50, score = 50 }, { score = 0 } ]")),
    Case("E040", scored!("coverage", "asset = \"devices\"\ngoal = «0»"), scored!("coverage", "asset = \"devices\"\ngoal = 1")),
    Case("E040", scored!("multi", "options = «[ { id = \"x\", text = \"X\", score = 0 } ]»"), scored!("multi", "options = [ { id = \"x\", text = \"X\", score = 1 } ]")),
    Case("W041", scored!("choice", "options = «[ { id = \"x\", text = \"X\", score = 90 }, { id = \"y\", text = \"Y\", score = 0 } ]»"), scored!("choice", "weight = 0\noptions = [ { id = \"x\", text = \"X\", score = 90 }, { id = \"y\", text = \"Y\", score = 0 } ]")),
    Case("W041", scored!("int", "scores = «[ { when = 'this > 1', score = 100 }, { score = 10 } ]»"), scored!("int", "scores = [ { when = 'this > 1', score = 100 }, { score = 0 } ]")),
    Case("W050", ask!("when = «'s.c == \"x\" && s.c == \"y\"'»"), ask!("when = 's.c == \"x\" || s.c == \"y\"'\nallow = { W051 = \"every one of them\" }")),
    Case("W050", "[[section.question]]\nid = \"q\"\ntype = \"bool\"\ntext = \"Q\"\ntier = \"info\"\nwhen = 's.c == \"x\"'\n[[section.question]]\nid = \"z\"\ntype = \"bool\"\ntext = \"Z\"\ntier = \"info\"\nwhen = «'s.q && s.c == \"y\"'»", "[[section.question]]\nid = \"q\"\ntype = \"bool\"\ntext = \"Q\"\ntier = \"info\"\nwhen = 's.c == \"x\"'\n[[section.question]]\nid = \"z\"\ntype = \"bool\"\ntext = \"Z\"\ntier = \"info\"\nwhen = 's.q && s.c == \"x\"'"),
    Case("W050", ask!("when = «'false'»"), ask!("when = 's.n > 3 && s.n < 2'")),
    Case("W051", ask!("when = «'s.c == \"x\" || s.c == \"y\"'»"), ask!("when = 's.c == \"x\"'")),
    Case("W051", ask!("when = «'true'»"), ask!("when = 's.a'")),
    Case("W054", ask!("when = '!«s.a»'"), ask!("when = '!or_else(s.a, false)'")),
    Case("W054", ask!("when = '«s.c» != \"x\"'"), ask!("when = 's.c == \"y\"'")),
    Case("W055", ask!("when = '«s.n / 2» > 1'"), ask!("when = 's.n > 2'")),
    Case("E060", "[[migrate]]\nto = «\"1.0.1\"»", "[[migrate]]\nto = \"1.0.0\""),
    Case("E060", "[[migrate]]\nto = \"1.0.0\"\n[[migrate]]\nto = «\"1.0.0\"»", ""),
    Case("E060", "[[migrate]]\nto = \"1.0.0\"\ndrop = [«\"s.a\"»]", "[[migrate]]\nto = \"1.0.0\"\ndrop = [\"s.b\"]"),
    Case("E060", "[[migrate]]\nto = \"1.0.0\"\nrename = { \"s.x\" = \"s.a\", \"s.y\" = «\"s.a\"» }", "[[migrate]]\nto = \"1.0.0\"\nrename = { \"s.x\" = \"s.a\" }"),
    Case("W062", ask!("help = «\"{{ s.n }}\"»"), ask!("help = \"{{ s.n }}\"\napplies = [\"p\"]")),
    Case("E081", ask!("«hlep» = \"x\""), ask!("help = \"x\"")),
    Case("E081", ask!("weight = «\"5\"»"), ask!("weight = 5")),
    Case("E081", ask!("rule = «\"opinion\"»"), ask!("rule = \"judgement\"")),
    Case("E081", "«[[section.question]]»\nid = \"q\"\ntext = \"Q\"\ntier = \"info\"", ""),
    Case("E081", ask!("min = «1»"), ""),
    Case("E081", ask!("recheck_after = «\"90\"»"), ask!("recheck_after = \"90d\"")),
    Case("E081", ask!("none = «{ text = \"None\" }»"), scored!("text", "none = { text = \"None\", score = 0 }")),
    Case("E081", ask!("severity = «\"low\"»"), ask!("finding = \"f\"\nseverity = \"low\"")),
    Case("E081", scored!("date", "finding = «\"f\"»"), scored!("date", "finding = \"f\"\nnot_older_than = \"30d\"")),
    Case("E081", scored!("int", "min = «3»\nmax = 2"), scored!("int", "min = 3\nmax = 3")),
    Case("E081", "[[section.question]]\nid = \"q\"\ntype = «\"choice\"»\ntext = \"Q\"\ntier = \"info\"", ""),
    Case("E081", "[[section.question]]\nid = \"q\"\ntype = «\"coverage\"»\ntext = \"Q\"\ntier = \"info\"", ""),
    Case("E081", "[[migrate]]\nto = «\"1\"»", ""),
    Case("E081", ask!("allow = { «W999» = \"x\" }"), ""),
    Case("E081", ask!("allow = { «E002» = \"x\" }"), ""),
    Case("W070", ask!("allow = { «W054» = \"x\" }"), ask!("when = '!s.a'\nallow = { W054 = \"x\" }")),
    Case("W070", ask!("when = '!or_else(s.a, false)'\nallow = { «W054» = \"x\" }"), ""),
];

/// Checks the base with `body` at its end.
fn check(body: &str) -> readiness::catalog::library::Checked {
    let folder = Folder::new();
    folder.write("t.toml", format!("{BASE}{body}\n"));
    folder.check("t.toml")
}

#[test]
fn the_base_of_the_cases_is_clean() {
    assert_eq!(drawn(&check("")), "");
}

#[test]
fn every_check_finds_its_case_at_the_marked_place_and_nothing_else() {
    let mut wrong = Vec::new();
    for Case(code, bad, good) in CASES {
        let (before, rest) = bad.split_once('«').unwrap();
        let (marked, after) = rest.split_once('»').unwrap();
        let checked = check(&format!("{before}{marked}{after}"));
        let found: Vec<(Option<&str>, &str, usize)> = (checked.problems.0.iter())
            .map(|problem| {
                let place = problem.place.as_ref();
                let text = place.map_or("", |place| &place.source.text[place.span.clone()]);
                let start = place.map_or(0, |place| place.span.start);
                (problem.code, text, start)
            })
            .collect();
        let expected = [(Some(*code), marked, BASE.len() + before.len())];
        if found != expected {
            wrong.push(format!("{code}: {bad}\n{found:?}\n{}", drawn(&checked)));
        }
        let checked = check(good);
        if !checked.problems.0.is_empty() {
            wrong.push(format!("{code} lets pass: {good}\n{}", drawn(&checked)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n────\n"));
}

/// Checks whose cases need more than one file and stand in [`files`](crate::catalog::files) and
/// [`lock`](crate::catalog::lock).
const ELSEWHERE: [&str; 5] = ["W061", "W063", "E070", "E080", "E082"];

#[test]
fn every_check_has_a_case_and_its_own_code_and_name() {
    let cases: BTreeSet<&str> = CASES.iter().map(|case| case.0).chain(ELSEWHERE).collect();
    let codes: BTreeSet<&str> = RULES.iter().map(|rule| rule.code).collect();
    let names: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(cases, codes);
    assert_eq!(codes.len(), RULES.len());
    assert_eq!(names.len(), RULES.len());
}

#[test]
fn all_problems_of_all_kinds_are_found_at_once() {
    let checked = check(concat!(
        "[[section.question]]\nid = \"Q\"\ntype = \"bool\"\ntext = \"{{ terms.that }}\"\ntier = \"info\"\nhlep = 1\nwhen = 's.nope && s.c == \"q\"'\n",
        "[[section.question]]\nid = \"b\"\ntype = \"bool\"\ntier = \"info\"\n",
        "[[section.question]]\nid = \"z\"\ntype = \"int\"\ntext = \"Z\"\ntier = \"required\"\nwhen = 's.b'\nfinding = \"nope\"\nscores = [ { min = 1, score = 200 } ]\n",
    ));
    let expected = [
        "E012", "E002", "E081", "E002", "E006", "E081", "E020", "E081", "W041", "E040", "E040",
    ];
    assert_eq!(codes(&checked), expected, "{}", drawn(&checked));
}
