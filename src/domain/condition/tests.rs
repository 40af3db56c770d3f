//! Tests of the condition language through its public face: parse, check, evaluate.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use chrono::NaiveDate;
use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};
use rust_decimal::Decimal;

use super::*;

// ── Harness ──────────────────────────────────────────────────────────────────────────────────────

const BREACH: usize = 0;
const PRODUCTS: usize = 1;
const ONPREM: usize = 2;
const MFA: usize = 3;
const ADMINS: usize = 4;
const DRILL: usize = 5;
const DOMAINS: usize = 6;
const DEVICES: usize = 7;
const PERCENT: usize = 8;
const REMARK: usize = 9;
const ADMIN_MFA_AGAIN: usize = 10;

fn products() -> OptionSet {
    OptionSet::new(["mde", "mdi", "nothing_yet"])
}

fn mfa() -> OptionSet {
    OptionSet::new(["resistant", "some", "password"])
}

fn columns() -> Columns {
    Columns::new([
        ("name", Type::Text),
        ("dcs", Type::Int),
        ("sensors", Type::Int),
        ("kind", Type::Option(mfa())),
    ])
}

fn names() -> Names {
    let mut names = Names::new();
    names.question("scope", "active_breach", BREACH, Type::Bool);
    names.question("scope", "products", PRODUCTS, Type::Options(products()));
    names.question("identity", "onprem", ONPREM, Type::Bool);
    names.question("identity", "admin_mfa", MFA, Type::Option(mfa()));
    names.question("identity", "global_admins", ADMINS, Type::Int);
    names.question("identity", "drill", DRILL, Type::Date);
    names.question("identity", "domains", DOMAINS, Type::Rows(columns()));
    names.question("endpoint", "devices", DEVICES, Type::Coverage);
    names.question("endpoint", "share", PERCENT, Type::Decimal);
    names.question("scope", "remark", REMARK, Type::Text);
    names.question("identity", "again", ADMIN_MFA_AGAIN, Type::Option(mfa()));
    names.derived("sensor_gap", 0, Type::Int);
    names.finding("admin-mfa", 0);
    names.profile("mdi", 0);
    names
}

/// Scope with everything that an expression may be allowed to name.
fn wide(names: &Names) -> Scope<'_> {
    Scope::new(names)
        .with_this(Type::Int)
        .with_row(columns())
        .with_findings()
}

/// Answers in a test; what is not set is open.
#[derive(Debug, Clone, Default)]
struct Answers {
    known: BTreeMap<Slot, Outcome>,
    standings: BTreeMap<usize, Standing>,
}

impl Answers {
    fn with(mut self, slot: Slot, outcome: impl Into<Outcome>) -> Self {
        self.known.insert(slot, outcome.into());
        self
    }

    fn question(self, number: usize, datum: Datum) -> Self {
        self.with(Slot::Question(number), datum)
            .standing(number, Standing::Answered)
    }

    fn standing(mut self, number: usize, standing: Standing) -> Self {
        self.standings.insert(number, standing);
        self
    }

    fn settled(self, number: usize) -> Self {
        self.with(Slot::Question(number), Outcome::settled())
            .standing(number, Standing::NotAsked)
    }

    fn domains(self, rows: &[[Option<i64>; 2]]) -> Self {
        let cell = |n: &Option<i64>| n.map_or(Cell::Missing, |n| Cell::Known(Datum::Int(n)));
        let row = |[dcs, sensors]: &[Option<i64>; 2]| -> Row {
            let name = Cell::Known(Datum::text("corp"));
            [name, cell(dcs), cell(sensors), Cell::NotAsked].into()
        };
        let rows = Rows {
            question: DOMAINS,
            rows: rows.iter().map(row).collect(),
        };
        self.question(DOMAINS, Datum::Rows(rows))
    }
}

impl Values for Answers {
    fn value(&self, slot: Slot) -> Outcome {
        let open = match slot {
            Slot::Question(n) | Slot::Protected(n) | Slot::Target(n) => Outcome::open(n),
            _ => Outcome::settled(),
        };
        self.known.get(&slot).cloned().unwrap_or(open)
    }

    fn standing(&self, question: usize) -> Standing {
        let standing = self.standings.get(&question).copied();
        standing.unwrap_or(Standing::Unanswered)
    }

    fn today(&self) -> NaiveDate {
        day("2026-09-02")
    }
}

fn day(text: &str) -> NaiveDate {
    NaiveDate::from_str(text).unwrap()
}

fn decimal(text: &str) -> Datum {
    Datum::Decimal(Decimal::from_str(text).unwrap())
}

fn yes() -> Outcome {
    Datum::Bool(true).into()
}

fn no() -> Outcome {
    Datum::Bool(false).into()
}

fn open(questions: &[usize]) -> Outcome {
    Outcome::Unknown(Unknown {
        open: questions.iter().copied().collect(),
        arithmetic: None,
    })
}

fn failed(arithmetic: Arithmetic) -> Outcome {
    Outcome::Unknown(arithmetic.into())
}

fn checked(source: &str) -> Expression {
    let names = names();
    let syntax = parse(source).unwrap_or_else(|faults| panic!("{source}: {faults:#?}"));
    let checked = syntax.check(&wide(&names), None);
    checked.unwrap_or_else(|faults| panic!("{source}: {faults:#?}"))
}

fn value(source: &str, answers: &Answers) -> Outcome {
    checked(source).evaluate(answers)
}

/// Evaluates an expression that needs no answers.
fn plain(source: &str) -> Outcome {
    value(source, &Answers::default())
}

/// Returns everything that is wrong: code, the text that is pointed at, message and hint.
fn wrong_in(source: &str, scope: &Scope, wanted: Option<&Type>) -> Vec<(String, String, String)> {
    let faults = parse(source).and_then(|syntax| syntax.check(scope, wanted));
    let shown = |fault: Fault| {
        let text = source[fault.span.clone()].to_owned();
        let hint = fault.hint.unwrap_or_default();
        (
            fault.code.to_owned(),
            text,
            format!("{} / {hint}", fault.message),
        )
    };
    let faults = faults.map_or_else(|faults| faults, |fine| fine.warnings().to_vec());
    faults.into_iter().map(shown).collect()
}

fn wrong(source: &str) -> Vec<(String, String, String)> {
    wrong_in(source, &wide(&names()), None)
}

/// Demands exactly one fault, with this code, pointing at this text, and saying these words.
#[track_caller]
fn refused(source: &str, code: &str, at: &str, words: &str) {
    let faults = wrong(source);
    let [(found, text, message)] = &faults[..] else {
        panic!("{source}: {faults:#?}");
    };
    assert_eq!(
        (found.as_str(), text.as_str()),
        (code, at),
        "{source}: {message}"
    );
    assert!(message.contains(words), "{source}: {message}");
}

#[track_caller]
fn first_refusal(source: &str) -> Fault {
    let names = names();
    let faults = parse(source).and_then(|syntax| syntax.check(&wide(&names), None));
    faults.expect_err(source).remove(0)
}

// ── Grammar ──────────────────────────────────────────────────────────────────────────────────────

#[test]
fn operators_bind_as_usual() {
    for (source, expected) in [
        ("1 + 2 * 3 == 7", true),
        ("(1 + 2) * 3 == 9", true),
        ("10 - 3 - 2 == 5", true),
        ("100 / 10 / 2 == 5", true),
        ("7 % 4 * 2 == 6", true),
        ("true || false && false", true),
        ("(true || false) && false", false),
        ("!true || true", true),
        ("!(true || true)", false),
        ("1 + 1 < 3 && 2 > 1", true),
        ("-2 + 3 == 1 && - - 2 == 2", true),
        ("5 -3 == 2", true),
        ("false ? 1 == 2 : false ? 1 == 3 : 1 == 1", true),
        ("true ? false : true", false),
        ("(true ? 1 : 2) == 1", true),
        ("!!true", true),
    ] {
        assert_eq!(plain(source), Datum::Bool(expected).into(), "{source}");
    }
}

#[test]
fn spaces_and_lines_mean_nothing() {
    assert_eq!(plain("\n 1\t<\r\n2 "), yes());
}

#[test]
fn texts_keep_every_letter_between_either_quotes() {
    assert_eq!(
        plain(
            r#""it's" == 'it''#.trim_end_matches('\'')), plain("1 == 2").clone());
    assert_eq!(plain("\"it's Größe 日本\" != 'x'"), yes());
    assert_eq!(plain(r#"'a\n' == "a\n" && size('a\n') == 3"#
        ),
        yes()
    );
}
