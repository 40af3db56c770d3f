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
    assert_eq!(plain("\"it's Größe 日本\" != 'x'"), yes());
    assert_eq!(plain(r#"size('a\n"') == 4 && 'é' == "é""#), yes());
}

#[test]
fn the_smallest_and_the_largest_whole_number_can_be_written() {
    assert_eq!(plain("-9223372036854775808"), Datum::Int(i64::MIN).into());
    assert_eq!(plain("9223372036854775807"), Datum::Int(i64::MAX).into());
}

#[test]
fn slips_of_the_pen_are_named_with_their_remedy() {
    for (source, at, words) in [
        ("this = 1", "=", "write `==`"),
        ("this === 1", "===", "write `==`"),
        ("this !== 1", "!==", "write `!=`"),
        ("this <> 1", "<>", "write `!=`"),
        ("this => 1", "=>", "write `>=`"),
        ("this =< 1", "=<", "write `<=`"),
        ("identity.onprem & true", "&", "write `&&`"),
        ("identity.onprem | true", "|", "write `||`"),
        ("identity.onprem and true", "and", "write `&&`"),
        ("identity.onprem OR true", "OR", "write `||`"),
        ("not identity.onprem", "not", "write `!`"),
        ("this not in [1, 2]", "not in", "write `!(… in …)`"),
        ("True", "True", "write `true`"),
        ("[1, 2,] == [1]", ",", "remove it"),
        (
            "1 < this < 5",
            "1 < this < 5",
            "write `1 < this && this < 5`",
        ),
        (
            "this == this == this",
            "this == this == this",
            "write `this == this && this == this`",
        ),
        ("(this > 1", "(", "add `)`"),
        ("size([1, 2", "[", "add `]`"),
        ("this > 1)", ")", "closes nothing"),
        ("scope.remark == \"abc", "\"abc", "never closed"),
        ("scope.remark == 'abc\n && true", "'abc", "never closed"),
        ("this \0== 1", "\0", "U+0000"),
        ("scope.remark == \"a\0b\"", "\0", "U+0000"),
        ("this ≥ 1", "≥", "write `>=`"),
        ("scope.remark == “a”", "“", "straight quotes"),
        ("größe > 1", "größe", "a to z"),
        ("this\u{a0}> 1", "\u{a0}", "invisible"),
        ("{{ this }} > 1", "{{", "without braces"),
        ("this > 90d", "90d", "days(90)"),
        ("this > 1_000", "1_000", "not a number"),
        ("this > 1e5", "1e5", "not a number"),
        ("this > 5.", "5.", "`5.0`"),
        ("this > .5", ".", "`0.5`"),
        ("this > 1.2.3", "1.2.3", "not a number"),
        ("this > 1,000", ",", "separators"),
        ("this >= 95%", "%", "without a sign"),
        (
            "this > 99999999999999999999",
            "99999999999999999999",
            "too many digits",
        ),
        ("", "", "empty"),
        ("  ", "  ", "empty"),
        ("this >", ">", "behind `>`"),
        ("&& true", "&&", "before `&&`"),
        ("true && || false", "||", "between `&&` and `||`"),
        ("true false", "false", "`&&`, `||`"),
        ("this is 1", "is", "write `==`"),
        ("this ? 1", "?", "has no `:`"),
        ("true : 1", ":", "has no `?`"),
        ("if true then 1", "true", "does not follow"),
        (
            "scope.products.size()",
            "size",
            "write `size(scope.products)`",
        ),
        (
            "scope.remark.contains('x')",
            "contains",
            "write `contains(scope.remark, …)`",
        ),
        (
            "identity.domains.exists(d.dcs > 2)",
            "(",
            "name for each row",
        ),
        (
            "identity.domains.exists(row, row.dcs > 2)",
            "row",
            "another name",
        ),
        (
            "identity.domains.filter(d, true).size",
            "size",
            "only `exists`",
        ),
        ("scope. == 1", ".", "a name is missing"),
        ("identity.admin_mfa == `some`", "`", "straight quotes"),
        ("this > 1 # many", "#", "closing quote"),
    ] {
        let fault = first_refusal(source);
        let hint = fault.hint.clone().unwrap_or_default();
        let message = format!("{} / {hint}", fault.message);
        assert_eq!(
            (fault.code, &source[fault.span.clone()]),
            ("E001", at),
            "{source:?}: {message}"
        );
        assert!(message.contains(words), "{source:?}: {message}");
    }
}

#[test]
fn slips_with_one_meaning_are_all_reported_at_once() {
    let faults = parse("this = 1 and this === 2 or not true").unwrap_err();
    let at: Vec<_> = faults.iter().map(|fault| fault.span.start).collect();
    assert_eq!(at, [5, 9, 18, 24, 27]);
}

// ── Limits ───────────────────────────────────────────────────────────────────────────────────────

#[test]
fn nesting_ends_at_forty_eight() {
    let nested = |depth| format!("{}true{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(plain(&nested(MAX_DEPTH)), yes());
    let fault = first_refusal(&nested(MAX_DEPTH + 1));
    assert!(fault.message.contains("48 levels"), "{fault:?}");
    assert_eq!(plain(&format!("{}true", "!".repeat(MAX_DEPTH))), yes());
}

#[test]
fn a_bomb_is_a_fault_and_never_a_crash() {
    for bomb in [
        "(", "!", "- ", "[", "![-(", "size(", "a.all(b,", "a?", "a?b:", "true&&", "1+", "a.",
    ] {
        for times in [40, 49, 1_000, 16_000 / bomb.len(), 100_000] {
            assert!(parse(&bomb.repeat(times)).is_err(), "{bomb} × {times}");
        }
    }
    let chain = |times| format!("{}true", "true ? true : ".repeat(times));
    assert!(parse(&chain(10_000)).is_err());
    assert_eq!(plain(&chain(500)), yes());
    let filters = format!("identity.domains{}", ".filter(d, true)".repeat(49));
    assert!(first_refusal(&filters).message.contains("48 levels"));
}

#[test]
fn the_deepest_expression_needs_little_stack() {
    let deepest = || {
        for (levels, opening, inner, closing) in [
            (
                24,
                "true || false || true && !(false || true && ",
                "true",
                ")",
            ),
            (24, "1 + 2 * -(", "1", ")"),
            (24, "true ? 1 : 0 + 2 * max(0, ", "1", ")"),
            (24, "1 - 2 * count([1 < 1 + ", "1", "])"),
            (
                15,
                "identity.domains.all(d, true && 1 < 2 && !",
                "true",
                ")",
            ),
            (48, "or_else(false || true && ", "true", ", true)"),
        ] {
            let source = [&opening.repeat(levels), inner, &closing.repeat(levels)].concat();
            checked(&source).evaluate(&Answers::default().domains(&[[Some(1), None]]));
        }
    };
    let small = std::thread::Builder::new().stack_size(1 << 20);
    small.spawn(deepest).unwrap().join().unwrap();
}

#[test]
fn long_chains_are_flat() {
    for (term, operator) in [("true", "&&"), ("true", "||")] {
        let chain = vec![term; 1_990].join(operator);
        assert_eq!(plain(&chain), yes());
    }
    assert_eq!(plain(&vec!["1"; 1_990].join("+")), Datum::Int(1_990).into());
    let terms = vec!["1 == 1"; 1_415].join("&&");
    assert!(first_refusal(&terms).message.contains("2000 parts"));
}

#[test]
fn too_long_is_a_fault_at_the_border_of_a_character() {
    let source = format!("'{}'", "é".repeat(40_000));
    let fault = first_refusal(&source);
    assert!(source.is_char_boundary(fault.span.start) && fault.span.end == source.len());
    let wide = format!("{}x", " ".repeat(65_536));
    assert_eq!(first_refusal(&wide).span, MAX_BYTES..65_537);
    let last_column = format!("{}x.y", " ".repeat(MAX_BYTES - 3));
    assert_eq!(first_refusal(&last_column).span, MAX_BYTES - 3..MAX_BYTES);
}

// ── Names ────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn unknown_names_are_e002_with_the_nearest() {
    refused(
        "identity.onprm",
        "E002",
        "identity.onprm",
        "did you mean `identity.onprem`?",
    );
    refused(
        "identiti.onprem",
        "E002",
        "identiti.onprem",
        "did you mean `identity.onprem`?",
    );
    refused(
        "onprem",
        "E002",
        "onprem",
        "did you mean `identity.onprem`?",
    );
    refused(
        "derived.sensor_gab > 1",
        "E002",
        "derived.sensor_gab",
        "`derived.sensor_gap`",
    );
    refused(
        "customer.seat > 1",
        "E002",
        "customer.seat",
        "`customer.seats`",
    );
    refused("row.dsc > 1", "E002", "row.dsc", "`row.dcs`");
    refused(
        "scope.zebra",
        "E002",
        "scope.zebra",
        "`scope` has `active_breach`, `products`",
    );
    refused("scope", "E002", "scope", "`scope` has");
    refused(
        "scope.active-breach",
        "E002",
        "scope.active-breach",
        "write `scope.active_breach`",
    );
    refused(
        "scope.products.mde",
        "E002",
        "scope.products.mde",
        "write `\"mde\" in scope.products`",
    );
    refused(
        "identity.admin_mfa.some",
        "E002",
        "identity.admin_mfa.some",
        "== \"some\"`",
    );
    refused(
        "identity.onprem.x",
        "E002",
        "identity.onprem.x",
        "yes or no and has no part",
    );
    refused(
        "endpoint.devices.goal > 1",
        "E002",
        "endpoint.devices.goal",
        ".target`",
    );
    refused(
        "identity.domains.exists(d, d.dc > 1)",
        "E002",
        "d.dc",
        "did you mean `dcs`?",
    );
    refused(
        "identity.domains.dcz > 1",
        "E002",
        "identity.domains.dcz",
        "did you mean `dcs`?",
    );
    refused(
        "scope.products.exists(p, p.x)",
        "E002",
        "p.x",
        "write `p` alone",
    );
    refused(
        "lenght(scope.remark)",
        "E002",
        "lenght",
        "the functions are",
    );
    refused(
        "anyof(scope.products, [\"mde\"])",
        "E002",
        "anyof",
        "did you mean `any_of`?",
    );
    refused(
        "exists(identity.domains)",
        "E002",
        "exists",
        "section.rows.exists(r",
    );
    refused("scope.active_breach == yes", "E002", "yes", "write `true`");
    refused(
        "scope.remark == null",
        "E002",
        "null",
        "answered(section.question)",
    );
}

#[test]
fn every_unknown_name_is_reported_once() {
    let faults = wrong("scope.a && scope.b || scope.a && size(scope.c) > 1");
    let at: Vec<_> = faults.iter().map(|(_, text, _)| text.as_str()).collect();
    assert_eq!(at, ["scope.a", "scope.b", "scope.c"]);
}

#[test]
fn names_of_other_places_say_where_they_belong() {
    let names = names();
    for (source, at, words) in [
        ("this > 1", "this", "`checks` and `scores`"),
        ("row.dcs > 1", "row.dcs", "columns of a rows question"),
        ("ev.percent > 1.0", "ev.percent", "evidence"),
        (
            "finding(\"admin-mfa\")",
            "finding(\"admin-mfa\")",
            "cannot ask for them",
        ),
    ] {
        let faults = wrong_in(source, &Scope::new(&names), None);
        assert_eq!((faults[0].0.as_str(), faults[0].1.as_str()), ("E002", at));
        assert!(faults[0].2.contains(words), "{faults:?}");
    }
}

#[test]
fn what_an_expression_defines_it_may_not_read() {
    let names = names();
    for (source, slot, at) in [
        (
            "!identity.onprem",
            Slot::Question(ONPREM),
            "identity.onprem",
        ),
        (
            "answered(identity.onprem)",
            Slot::Question(ONPREM),
            "identity.onprem",
        ),
        (
            "endpoint.devices.target > 1",
            Slot::Question(DEVICES),
            "endpoint.devices.target",
        ),
        (
            "derived.sensor_gap > 1",
            Slot::Derived(0),
            "derived.sensor_gap",
        ),
        ("row.dcs > 1", Slot::Column(1), "row.dcs"),
        ("finding(\"admin-mfa\")", Slot::Finding(0), "\"admin-mfa\""),
        ("in_scope(\"mdi\")", Slot::Profile(0), "\"mdi\""),
    ] {
        let faults = wrong_in(source, &wide(&names).defining(slot), None);
        assert_eq!(
            (faults[0].0.as_str(), faults[0].1.as_str()),
            ("E003", at),
            "{faults:?}"
        );
    }
}

#[test]
fn a_column_is_named_only_through_its_rows() {
    let words = "identity.domains.exists(r, r.dcs";
    refused(
        "identity.domains.dcs > 1",
        "E007",
        "identity.domains.dcs",
        words,
    );
}

#[test]
fn findings_and_profiles_are_known_when_they_are_read() {
    refused(
        "finding(\"admin-mfb\")",
        "E020",
        "\"admin-mfb\"",
        "did you mean `admin-mfa`?",
    );
    refused(
        "in_scope(\"mdj\")",
        "E021",
        "\"mdj\"",
        "did you mean `mdi`?",
    );
    refused("in_scope(mdi)", "E005", "mdi", "in quotes");
}

#[test]
fn options_are_known_when_they_are_read() {
    let word = "did you mean `some`?";
    refused("identity.admin_mfa == \"sone\"", "E006", "\"sone\"", word);
    refused("\"sone\" != identity.admin_mfa", "E006", "\"sone\"", word);
    refused(
        "identity.admin_mfa in [\"some\", \"other\"]",
        "E006",
        "\"other\"",
        "the options are",
    );
    refused(
        "\"MDE\" in scope.products",
        "E006",
        "\"MDE\"",
        "did you mean `mde`?",
    );
    refused(
        "any_of(scope.products, [\"mde\", \"x\"])",
        "E006",
        "\"x\"",
        "`mde`, `mdi`",
    );
    refused(
        "scope.products == [\"x\"]",
        "E006",
        "\"x\"",
        "the options are",
    );
    refused(
        "identity.domains.exists(d, d.kind == \"x\")",
        "E006",
        "\"x\"",
        "the options are",
    );
    refused(
        "scope.products.exists(p, p == \"x\")",
        "E006",
        "\"x\"",
        "the options are",
    );
}

#[test]
fn an_expression_knows_what_it_reads_and_where() {
    let source = "identity.onprem && !(\"mdi\" in scope.products) && answered(identity.onprem)";
    let expression = checked(source);
    assert_eq!(expression.source(), source);
    let slots = [Slot::Question(PRODUCTS), Slot::Question(ONPREM)];
    assert_eq!(expression.slots(), BTreeSet::from(slots));
    let texts: Vec<_> = expression
        .reads()
        .iter()
        .map(|r| &source[r.span.clone()])
        .collect();
    assert_eq!(
        texts,
        ["identity.onprem", "scope.products", "identity.onprem"]
    );
    let negated: Vec<_> = expression.negated().iter().map(|read| read.slot).collect();
    assert_eq!(negated, [Slot::Question(PRODUCTS)]);
}

#[test]
fn what_is_cared_for_when_unknown_does_not_count_as_negated() {
    for source in [
        "!answered(identity.onprem)",
        "!or_else(identity.onprem, false)",
        "or_else(this, 0) != 1",
        "!in_scope(\"mdi\")",
        "this == 1",
    ] {
        assert_eq!(checked(source).negated(), [], "{source}");
    }
    assert_eq!(checked("identity.admin_mfa != \"some\"").negated().len(), 1);
}

// ── Types ────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn types_do_not_mix() {
    for (source, at, words) in [
        (
            "identity.onprem == \"yes\"",
            "\"yes\"",
            "`true` and `false`",
        ),
        ("identity.onprem == 1", "1", "`true` and `false`"),
        (
            "identity.drill < \"2026-01-01\"",
            "\"2026-01-01\"",
            "date(\"2026-01-01\")",
        ),
        ("this > \"5\"", "\"5\"", "without quotes"),
        ("this > 2.5", "2.5", "a whole number"),
        ("endpoint.share > this", "this", "round(x)"),
        ("this + endpoint.share > 1", "endpoint.share", "round(x)"),
        ("this && true", "this", "compare it: `this > …`"),
        ("identity.admin_mfa", "identity.admin_mfa", ""),
        (
            "!identity.admin_mfa",
            "identity.admin_mfa",
            "`!(identity.admin_mfa …)`",
        ),
        (
            "identity.admin_mfa < \"some\"",
            "identity.admin_mfa < \"some\"",
            "in [\"a\", \"b\"]",
        ),
        (
            "identity.admin_mfa && true",
            "identity.admin_mfa",
            "== \"option\"",
        ),
        (
            "scope.products == \"mde\"",
            "\"mde\"",
            "write `\"mde\" in …`",
        ),
        (
            "scope.products && true",
            "scope.products",
            "\"option\" in scope.products",
        ),
        ("\"mde\" in scope.remark", "scope.remark", "contains(text"),
        (
            "\"mde\" in identity.admin_mfa",
            "identity.admin_mfa",
            "write `==`",
        ),
        ("\"x\" in identity.domains", "identity.domains", "exists(r"),
        ("[\"mde\"] in scope.products", "[\"mde\"]", ""),
        ("scope.products in [\"mde\"]", "\"mde\"", ""),
        ("identity.domains > 2", "2", ""),
        (
            "identity.domains && true",
            "identity.domains",
            "size(identity.domains)",
        ),
        ("identity.domains + 1 > 2", "1", "sum(section.rows"),
        (
            "endpoint.devices > 1",
            "endpoint.devices",
            "endpoint.devices.protected",
        ),
        (
            "scope.remark + \"x\" == \"y\"",
            "\"x\"",
            "only numbers and dates",
        ),
        (
            "scope.remark < \"x\"",
            "scope.remark < \"x\"",
            "have an order",
        ),
        ("identity.onprem + 1 > 1", "1", "count([a, b])"),
        ("-identity.onprem", "identity.onprem", "write `!`"),
        ("-scope.remark == \"x\"", "scope.remark", "needs a number"),
        ("5 + today() > today()", "today()", "put the date first"),
        (
            "today() + today() > today()",
            "today()",
            "takes `+` or `-` days",
        ),
        ("true ? 1 : \"x\"", "\"x\"", "a whole number is needed"),
        ("this ? 1 : 2", "this", "yes or no is needed"),
        ("[1, \"a\"] == [1]", "\"a\"", ""),
        ("size([]) == 0", "[]", "nothing in it"),
        (
            "[scope.products] == [scope.products]",
            "[scope.products]",
            "cannot stand",
        ),
        (
            "identity.onprem.exists(x, true)",
            "identity.onprem",
            "not rows",
        ),
        ("identity.domains.exists(d, d)", "d", "`d.name`"),
        ("identity.domains.exists(d, d.dcs)", "d.dcs", "compare it"),
        ("size(this)", "this", "no size"),
        ("sum(identity.domains)", "identity.domains", "which column"),
        ("sum(this)", "this", "`[a, b]`"),
        (
            "count(identity.domains.filter(d, true))",
            "identity.domains.filter(d, true)",
            "size",
        ),
        ("max(true, false)", "true", "have an order"),
        (
            "any_of(identity.admin_mfa, [\"some\"])",
            "identity.admin_mfa",
            "x in",
        ),
        ("any_of(scope.products, \"mde\")", "\"mde\"", ""),
        (
            "contains(scope.products, \"mde\")",
            "scope.products",
            "x in scope.products",
        ),
        ("contains(scope.remark, 1)", "1", "a text is needed"),
        (
            "date(\"2026-02-30\")",
            "\"2026-02-30\"",
            "year, month and day",
        ),
        ("date(\"2.9.2026\")", "\"2.9.2026\"", "year, month and day"),
        ("date(scope.remark)", "scope.remark", "year, month and day"),
        (
            "days(\"2026-01-01\", today())",
            "\"2026-01-01\"",
            "date(\"2026-01-01\")",
        ),
        ("round(this)", "this", "not a decimal number"),
        ("round(1.5, 99)", "99", "0 to 28"),
        ("answered(this > 1)", "this > 1", "one name"),
        ("is_na(this)", "this", "only `answered`"),
        (
            "visible(customer.seats)",
            "customer.seats",
            "only `answered`",
        ),
        ("size()", "size", "size(section.question)"),
        ("today(1)", "today", "today()"),
        (
            "or_else(this)",
            "or_else",
            "or_else(section.question, false)",
        ),
        ("this == nothing", "nothing", "answered(section.question)"),
        (
            "identity.again == (true ? \"some\" : \"x\")",
            "\"x\"",
            "the options are",
        ),
    ] {
        let wanted = (source == "identity.admin_mfa").then_some(&Type::Bool);
        let faults = wrong_in(source, &wide(&names()), wanted);
        let expected = if words == "the options are" {
            "E006"
        } else {
            "E005"
        };
        assert!(!faults.is_empty(), "{source} is accepted");
        let (code, text, message) = &faults[0];
        assert_eq!(
            (code.as_str(), text.as_str()),
            (expected, at),
            "{source}: {message}"
        );
        assert!(message.contains(words), "{source}: {message}");
        assert_eq!(faults.len(), 1, "{source}: {faults:#?}");
    }
}

#[test]
fn choices_with_other_options_are_not_compared() {
    let mut names = names();
    names.question("scope", "size", 11, Type::Option(products()));
    let faults = wrong_in(
        "scope.size == identity.admin_mfa",
        &Scope::new(&names),
        None,
    );
    assert_eq!(faults[0].0, "E005");
    assert!(faults[0].2.contains("other options"), "{faults:?}");
}

#[test]
fn literals_take_the_type_beside_them() {
    let answers = Answers::default()
        .question(PERCENT, decimal("94.5"))
        .question(MFA, Datum::Option(1))
        .question(PRODUCTS, Datum::options([1, 0]));
    for source in [
        "endpoint.share > 94",
        "94 < endpoint.share",
        "endpoint.share + 1 == 95.5",
        "100 - 5 > endpoint.share",
        "-1 < endpoint.share",
        "1 == 1.0",
        "max(endpoint.share, 100) == 100",
        "endpoint.share in [1, 94.5]",
        "94.5 in [endpoint.share]",
        "(true ? 94 : 1) < endpoint.share",
        "or_else(endpoint.share, 0) > 1",
        "\"some\" == identity.admin_mfa",
        "identity.admin_mfa in [\"some\"]",
        "identity.admin_mfa == (true ? \"some\" : \"password\")",
        "or_else(identity.admin_mfa, \"password\") == \"some\"",
        "scope.products == [\"mde\", \"mdi\"]",
        "[\"mdi\", \"mde\"] == scope.products",
        "identity.admin_mfa in [identity.admin_mfa]",
        "!(\"some\" in [])",
    ] {
        assert_eq!(value(source, &answers), yes(), "{source}");
    }
}

#[test]
fn a_wanted_type_is_demanded_and_taken_by_literals() {
    let names = names();
    let scope = Scope::new(&names).with_evidence();
    let wanted = Type::Option(mfa());
    let source = "ev.percent >= 100 ? nothing : ev.percent > 0 ? \"some\" : \"password\"";
    let answer = parse(source).unwrap().check(&scope, Some(&wanted)).unwrap();
    assert_eq!(answer.ty(), &wanted);
    let percent = |text| {
        let slot = Slot::Evidence(EvidenceField::Percent);
        answer.evaluate(&Answers::default().with(slot, decimal(text)))
    };
    assert_eq!(percent("100"), Datum::Nothing.into());
    assert_eq!(percent("0.1"), Datum::Option(1).into());
    assert_eq!(percent("0"), Datum::Option(2).into());
    let faults = wrong_in(&source.replace("some", "none"), &scope, Some(&wanted));
    assert_eq!(
        (faults[0].0.as_str(), faults[0].1.as_str()),
        ("E006", "\"none\"")
    );
    let faults = wrong_in(
        "ev.status == \"mett\" ? \"some\" : nothing",
        &scope,
        Some(&wanted),
    );
    assert_eq!(
        (faults[0].0.as_str(), faults[0].1.as_str()),
        ("E006", "\"mett\"")
    );
    let faults = wrong_in("ev.count > 1", &scope, Some(&wanted));
    assert_eq!(
        (faults[0].0.as_str(), faults[0].1.as_str()),
        ("E005", "ev.count > 1")
    );
    let multi = Type::Options(products());
    assert!(wrong_in("[\"mde\"]", &scope, Some(&multi)).is_empty());
    assert!(wrong_in("7", &scope, Some(&Type::Decimal)).is_empty());
    assert!(!wrong_in("nothing == 1", &scope, None).is_empty());
    assert!(!wrong_in("1 + nothing", &scope, Some(&Type::Int)).is_empty());
}

#[test]
fn division_of_whole_numbers_is_a_warning() {
    let source = "this / 2 > 1";
    let expression = checked(source);
    let [warning] = expression.warnings() else {
        panic!("{:?}", expression.warnings());
    };
    assert!(warning.is_warning());
    assert_eq!(
        (warning.code, &source[warning.span.clone()]),
        ("W055", "this / 2")
    );
    assert!(checked("endpoint.share / 2 > 1").warnings().is_empty());
    assert!(checked("1 / 2.0 > 1").warnings().is_empty());
}

#[test]
fn what_people_of_other_habits_write_is_met_with_what_to_write() {
    for (source, hint) in [
        (
            "identity.admin_mfa == some",
            "options stand in quotes: `\"some\"`",
        ),
        (
            "if identity.onprem then 1 else 2",
            "write `condition ? value : other value`",
        ),
        (
            "scope.products contains \"mde\"",
            "write `\"option\" in x` for options",
        ),
        (
            "identity.domains.any(d, d.dcs > 2)",
            "write `identity.domains.exists(r, …)`",
        ),
        ("identity.domains.exists(d, dcs > 2)", "write `d.dcs`"),
        ("identity.domains[0].dcs > 1", "rows have no numbers"),
        ("identity.domains == []", "write `size(x) == 0`"),
        (
            "scope.remark == 'it's'",
            "a text that has ' in it stands between \"",
        ),
        (
            "identity.admin_mfa in (\"some\", \"password\")",
            "a list stands between `[` and `]`",
        ),
        (
            "identity.admin_mfa == \"some\" || \"password\"",
            "write `x in [\"a\", \"b\"]`",
        ),
        (
            "identity.drill > 2026-09-02",
            "write `date(\"2026-09-02\")`",
        ),
        (
            "days(identity.drill) > 90",
            "write `days(identity.drill, today())`",
        ),
        ("identity.drill < today() - \"180d\"", "`today() - 180`"),
        ("len(scope.products) > 1", "did you mean `size`?"),
        ("in_scope(\"xdr\")", "there are `mdi`"),
        ("sensor_gap > 1", "did you mean `derived.sensor_gap`?"),
    ] {
        let faults = wrong(source);
        let [(_, _, message)] = &faults[..] else {
            panic!("{source}: {faults:#?}");
        };
        assert!(message.contains(hint), "{source}: {message}");
    }
}

// ── Three values ─────────────────────────────────────────────────────────────────────────────────

#[test]
fn and_or_and_not_are_kleenes() {
    const UNKNOWN: usize = 11;
    let mut names = names();
    names.question("x", "unknown", UNKNOWN, Type::Bool);
    let answers = Answers::default();
    let check = |source: &str, expected: &str| {
        let outcome = parse(source)
            .unwrap()
            .check(&Scope::new(&names), None)
            .unwrap()
            .evaluate(&answers);
        let expected = match expected {
            "true" => yes(),
            "false" => no(),
            _ => open(&[UNKNOWN]),
        };
        assert_eq!(outcome, expected, "{source}");
    };
    let [t, f, u] = ["true", "false", "x.unknown"];
    for (left, right, and, or) in [
        (t, t, t, t),
        (t, f, f, t),
        (t, u, u, t),
        (f, t, f, t),
        (f, f, f, f),
        (f, u, f, u),
        (u, t, u, t),
        (u, f, f, u),
        (u, u, u, u),
    ] {
        check(&format!("{left} && {right}"), and);
        check(&format!("{left} || {right}"), or);
    }
    check("!true", f);
    check("!false", t);
    check("!x.unknown", u);
}

#[test]
fn an_unknown_names_the_open_questions_behind_it() {
    let answers = Answers::default()
        .settled(ADMINS)
        .question(BREACH, Datum::Bool(true));
    for (source, expected) in [
        ("identity.onprem", open(&[ONPREM])),
        ("identity.onprem != scope.active_breach", open(&[ONPREM])),
        (
            "identity.onprem && scope.remark == \"x\"",
            open(&[ONPREM, REMARK]),
        ),
        ("identity.global_admins > 3", open(&[])),
        (
            "identity.global_admins > 3 && identity.onprem",
            open(&[ONPREM]),
        ),
        (
            "identity.global_admins > endpoint.devices.target",
            open(&[DEVICES]),
        ),
        (
            "scope.active_breach && identity.global_admins > 3",
            open(&[]),
        ),
        (
            "size(scope.products) + size(scope.remark) > 1",
            open(&[PRODUCTS, REMARK]),
        ),
        (
            "count([identity.onprem, scope.active_breach]) > 1",
            open(&[ONPREM]),
        ),
        ("\"mde\" in scope.products", open(&[PRODUCTS])),
        ("customer.seats > 100", open(&[])),
        ("identity.domains.exists(d, d.dcs > 1)", open(&[DOMAINS])),
        ("-endpoint.share > 1.0", open(&[PERCENT])),
        ("max(endpoint.devices.protected, 1) > 0", open(&[DEVICES])),
    ] {
        assert_eq!(value(source, &answers), expected, "{source}");
    }
    let unknown = Unknown::open(3);
    assert!(!unknown.is_settled() && Unknown::default().is_settled());
    let asked: Vec<_> = open(&[3, 1]).open_questions().collect();
    assert_eq!((asked, yes().open_questions().count()), (vec![1, 3], 0));
}

#[test]
fn derived_values_hand_on_all_their_causes() {
    let answers = Answers::default().with(Slot::Derived(0), open(&[2, 5]));
    let outcome = value("derived.sensor_gap > 1 && identity.onprem", &answers);
    assert_eq!(outcome, open(&[2, 5]));
}

#[test]
fn a_choice_is_known_when_every_branch_that_may_be_meant_agrees() {
    let known = Answers::default().question(ADMINS, Datum::Int(7));
    for (source, expected) in [
        ("identity.onprem ? 1 : 1", Datum::Int(1).into()),
        (
            "identity.onprem ? identity.global_admins : 7",
            Datum::Int(7).into(),
        ),
        ("identity.onprem ? 1 : 2", open(&[ONPREM])),
        (
            "identity.onprem ? 1 : scope.active_breach ? 1 : 1",
            Datum::Int(1).into(),
        ),
        (
            "identity.onprem ? 1 : scope.active_breach ? 1 : 2",
            open(&[BREACH, ONPREM]),
        ),
        ("identity.onprem ? 1 : true ? 1 : 2", Datum::Int(1).into()),
        ("false ? 1 : identity.onprem ? 2 : 2", Datum::Int(2).into()),
        (
            "identity.onprem ? size(scope.remark) : 1",
            open(&[ONPREM, REMARK]),
        ),
    ] {
        assert_eq!(value(source, &known), expected, "{source}");
    }
}

#[test]
fn rows_are_asked_through_exists_all_filter_and_map() {
    let two = Answers::default().domains(&[[Some(4), Some(1)], [Some(2), Some(2)]]);
    let gap = Answers::default().domains(&[[Some(4), Some(1)], [Some(2), None]]);
    let none = Answers::default().domains(&[]);
    for (source, of_two, of_gap, of_none) in [
        (
            "identity.domains.exists(d, d.sensors < d.dcs)",
            yes(),
            yes(),
            no(),
        ),
        (
            "identity.domains.exists(d, d.sensors > 9)",
            no(),
            open(&[DOMAINS]),
            no(),
        ),
        (
            "identity.domains.all(d, d.sensors > 0)",
            yes(),
            open(&[DOMAINS]),
            yes(),
        ),
        ("identity.domains.all(d, d.sensors > 1)", no(), no(), yes()),
        ("size(identity.domains) == 2", yes(), yes(), no()),
        (
            "sum(identity.domains.map(d, d.dcs)) == 6",
            yes(),
            yes(),
            no(),
        ),
        (
            "sum(identity.domains.map(d, d.sensors)) == 3",
            yes(),
            open(&[DOMAINS]),
            no(),
        ),
        (
            "sum(identity.domains.map(d, or_else(d.sensors, 2))) == 3",
            yes(),
            yes(),
            no(),
        ),
        (
            "size(identity.domains.filter(d, d.dcs > 3)) == 1",
            yes(),
            yes(),
            no(),
        ),
        (
            "identity.domains.filter(d, d.dcs > 3).all(d, d.sensors == 1)",
            yes(),
            yes(),
            yes(),
        ),
        (
            "identity.domains.map(d, d.dcs).exists(n, n == 2)",
            yes(),
            yes(),
            no(),
        ),
        ("2 in identity.domains.map(d, d.dcs)", yes(), yes(), no()),
        (
            "identity.domains.exists(d, answered(d.sensors))",
            yes(),
            yes(),
            no(),
        ),
        (
            "identity.domains.all(d, answered(d.sensors))",
            yes(),
            no(),
            yes(),
        ),
        (
            "identity.domains.exists(d, d.kind == \"some\")",
            open(&[]),
            open(&[]),
            no(),
        ),
        (
            "identity.domains.all(d, identity.domains.exists(e, e.dcs > d.dcs || e.dcs == 4))",
            yes(),
            yes(),
            yes(),
        ),
        (
            "identity.domains.all(d, d.dcs > 3 ? d.sensors == 1 : d.name == \"corp\")",
            yes(),
            yes(),
            yes(),
        ),
        (
            "mean(identity.domains.map(d, d.dcs)) == 3.0",
            yes(),
            yes(),
            open(&[]),
        ),
        (
            "max(identity.domains.map(d, d.dcs)) == 4",
            yes(),
            yes(),
            open(&[]),
        ),
        (
            "count(identity.domains.map(d, d.sensors < d.dcs)) == 1",
            yes(),
            open(&[DOMAINS]),
            no(),
        ),
    ] {
        assert_eq!(value(source, &two), of_two, "{source}");
        assert_eq!(value(source, &gap), of_gap, "{source} with a gap");
        assert_eq!(value(source, &none), of_none, "{source} without rows");
    }
}

#[test]
fn an_inner_variable_hides_an_outer_one_of_its_name() {
    let answers = Answers::default().domains(&[[Some(4), Some(1)]]);
    let source = "identity.domains.exists(d, [9].exists(d, d == 9) && d.dcs == 4)";
    // Only paths and what follows from them go through `exists`; a list literal does not.
    assert!(parse(source).is_err());
    let source = "identity.domains.exists(d, identity.domains.map(e, e.dcs + 5).exists(d, d == 9) && d.dcs == 4)";
    assert_eq!(value(source, &answers), yes());
}

#[test]
fn known_oddities_of_other_engines_are_none_of_ours() {
    let answers = Answers::default()
        .question(ADMINS, Datum::Int(0))
        .question(ONPREM, Datum::Bool(false))
        .question(REMARK, Datum::text(""))
        .domains(&[]);
    for source in [
        "0.1 + 0.2 == 0.3",
        "0.1 * 3 == 0.30",
        "answered(identity.global_admins) && identity.global_admins == 0",
        "answered(identity.onprem) && !identity.onprem",
        "answered(scope.remark) && size(scope.remark) == 0",
        "answered(identity.domains) && size(identity.domains) == 0",
    ] {
        assert_eq!(value(source, &answers), yes(), "{source}");
    }
    for source in [
        "identity.onprem != true",
        "identity.global_admins < 5",
        "!scope.active_breach",
    ] {
        assert!(matches!(plain(source), Outcome::Unknown(_)), "{source}");
    }
}

#[test]
fn an_expression_rests_on_the_terms_that_hold() {
    let answers = Answers::default()
        .question(BREACH, Datum::Bool(false))
        .question(ONPREM, Datum::Bool(true))
        .question(ADMINS, Datum::Int(9));
    let rests_on = |source: &str| checked(source).rests_on(&answers);
    let questions = |places: &[usize]| places.iter().map(|place| Slot::Question(*place)).collect();
    // Of a choice, what holds; where nothing does, all of it; of terms that all must hold, all.
    let choice = "scope.active_breach || identity.onprem || identity.global_admins > 10";
    assert_eq!(rests_on(choice), questions(&[ONPREM]));
    let choice = "scope.active_breach || identity.global_admins > 10";
    assert_eq!(rests_on(choice), questions(&[BREACH, ADMINS]));
    let all = "identity.onprem && (scope.active_breach || identity.global_admins > 8)";
    assert_eq!(rests_on(all), questions(&[ONPREM, ADMINS]));
}

#[test]
fn a_plain_limit_on_the_judged_value_is_known() {
    let names = names();
    let limit = |source: &str, ty: Type| {
        let scope = wide(&names).with_this(ty);
        let syntax = parse(source).unwrap();
        let checked = syntax
            .check(&scope, None)
            .unwrap_or_else(|faults| panic!("{source}: {faults:#?}"));
        let limit = checked.limit()?;
        Some((limit.bound.clone(), limit.counted, limit.alone))
    };
    let ninety = Some((Datum::Int(90), false, true));
    assert_eq!(limit("this >= 90", Type::Int), ninety);
    let joined = Some((Datum::Int(90), false, false));
    assert_eq!(limit("identity.onprem && this >= 90", Type::Int), joined);
    let products = Type::Options(OptionSet::new(["a", "b"]));
    assert_eq!(
        limit("size(this) >= 2", products),
        Some((Datum::Int(2), true, true))
    );
    for other in [
        "this * 2 >= 90",
        "identity.global_admins >= 90",
        "90 <= this",
        "this in [1, 90]",
    ] {
        assert_eq!(limit(other, Type::Int), None, "{other}");
    }
}

// ── Functions ────────────────────────────────────────────────────────────────────────────────────

#[test]
fn functions_compute_what_their_names_say() {
    let answers = Answers::default()
        .question(PRODUCTS, Datum::options([0, 1]))
        .question(PERCENT, decimal("12.345"))
        .question(REMARK, Datum::text("Größe XL"))
        .question(DRILL, Datum::Date(day("2026-06-04")))
        .with(Slot::Finding(0), yes());
    for source in [
        "size(scope.products) == 2 && size(scope.remark) == 8 && size([1, 2, 3]) == 3",
        "sum([1, 2, 3]) == 6 && sum([0.5, 1]) == 1.5",
        "mean([1, 2]) == 1.5 && mean([0.1, 0.3]) == 0.2",
        "min(3, 1, 2) == 1 && max([3, 1, 2]) == 3",
        "max(identity.drill, date(\"2026-01-01\")) == identity.drill",
        "count([true, false, true]) == 2",
        "any_of(scope.products, [\"mde\", \"nothing_yet\"])",
        "!any_of(scope.products, [\"nothing_yet\"])",
        "all_of(scope.products, [\"mde\", \"mdi\"])",
        "!all_of(scope.products, [\"mde\", \"nothing_yet\"])",
        "none_of(scope.products, [\"nothing_yet\"])",
        "!none_of(scope.products, [\"mde\", \"nothing_yet\"])",
        "contains(scope.remark, \"öße\") && !contains(scope.remark, \"xl\")",
        "starts_with(scope.remark, \"Gr\") && !starts_with(scope.remark, \"XL\")",
        "date(\"2026-09-02\") == today()",
        "days(identity.drill, today()) == 90 && today() - identity.drill == 90",
        "days(today(), identity.drill) == -90",
        "identity.drill + days(90) == today() && today() - 90 == identity.drill",
        "today() + 1 - identity.drill == 91",
        "round(2.5) == 3 && round(-2.5) == -3 && round(endpoint.share) == 12",
        "round(endpoint.share, 2) == 12.35 && round(1.005, 2) == 1.01",
        "or_else(identity.onprem, true) && or_else(endpoint.share, 0) > 12",
        "finding(\"admin-mfa\")",
        "scope.products.exists(p, p == \"mdi\") && size(scope.products.filter(p, p == \"mdi\")) == 1",
        "scope.products.filter(p, p != \"mde\") == [\"mdi\"]",
    ] {
        assert_eq!(value(source, &answers), yes(), "{source}");
    }
}

#[test]
fn some_functions_are_never_unknown() {
    let every = "answered(identity.onprem) ? 1 : is_unknown(identity.onprem) ? 2 : is_na(identity.onprem) ? 3 : visible(identity.onprem) ? 4 : 5";
    for (standing, number) in [
        (Standing::Answered, 1),
        (Standing::None, 1),
        (Standing::Unknown, 2),
        (Standing::NotApplicable, 3),
        (Standing::Unanswered, 4),
        (Standing::NotAsked, 5),
    ] {
        let answers = Answers::default().standing(ONPREM, standing);
        assert_eq!(
            value(every, &answers),
            Datum::Int(number).into(),
            "{standing:?}"
        );
    }
    let in_scope = |outcome| {
        value(
            "in_scope(\"mdi\")",
            &Answers::default().with(Slot::Profile(0), outcome),
        )
    };
    assert_eq!(
        [in_scope(yes()), in_scope(no()), in_scope(open(&[1]))],
        [yes(), no(), no()]
    );
    let seats = Answers::default().with(Slot::Customer(CustomerField::Seats), Datum::Int(9));
    assert_eq!(value("answered(customer.seats)", &seats), yes());
    assert_eq!(plain("answered(customer.seats)"), no());
    assert_eq!(plain("answered(endpoint.devices)"), no());
}

#[test]
fn what_cannot_be_computed_is_an_unknown_of_its_own_kind() {
    for (source, arithmetic) in [
        ("1 / 0", Arithmetic::DivisionByZero),
        ("1 % 0", Arithmetic::DivisionByZero),
        ("1.0 / 0", Arithmetic::DivisionByZero),
        ("1.0 % 0.0", Arithmetic::DivisionByZero),
        ("9223372036854775807 + 1", Arithmetic::Overflow),
        ("-9223372036854775808 - 1", Arithmetic::Overflow),
        ("-9223372036854775808 / -1", Arithmetic::Overflow),
        ("-9223372036854775808 % -1", Arithmetic::Overflow),
        ("-(-9223372036854775808)", Arithmetic::Overflow),
        ("9223372036854775807 * 2", Arithmetic::Overflow),
        ("7922816251426433759354395033.5 * 2", Arithmetic::Overflow),
        (
            "round(7922816251426433759354395033.5)",
            Arithmetic::Overflow,
        ),
        ("today() + 9223372036854775807", Arithmetic::Overflow),
        ("today() - 100000000", Arithmetic::Overflow),
        ("sum([9223372036854775807, 1])", Arithmetic::Overflow),
    ] {
        assert_eq!(plain(source), failed(arithmetic), "{source}");
        assert_eq!(
            plain(&format!("or_else({source} == {source}, true)")),
            yes(),
            "{source}"
        );
    }
    let mixed = plain("1 / 0 > 1 && identity.onprem");
    let Outcome::Unknown(unknown) = mixed else {
        panic!("{mixed:?}");
    };
    assert_eq!(unknown.arithmetic, Some(Arithmetic::DivisionByZero));
    assert_eq!(unknown.open, BTreeSet::from([ONPREM]));
    assert_eq!(plain("1 / 0 > 1 && false"), no());
}

#[test]
fn a_value_of_another_type_than_declared_counts_as_settled_unknown() {
    for datum in [Datum::Int(3), Datum::Option(99), Datum::Bool(true)] {
        let answers = Answers::default().question(MFA, datum);
        assert_eq!(value("identity.admin_mfa", &answers), open(&[]));
    }
}

// ── Properties ───────────────────────────────────────────────────────────────────────────────────

/// Well-typed sources: yes or no, whole, decimal and date, as deep as they get.
fn sources() -> impl Strategy<Value = [String; 4]> {
    let leaf =
        |choices: &'static [&'static str]| prop::sample::select(choices).prop_map(str::to_owned);
    let leaves = [
        leaf(&[
            "true",
            "scope.active_breach",
            "identity.onprem",
            "answered(scope.remark)",
            "(identity.admin_mfa == \"some\")",
            "(\"mde\" in scope.products)",
        ])
        .boxed(),
        leaf(&[
            "0",
            "3",
            "-7",
            "9223372036854775807",
            "this",
            "identity.global_admins",
            "size(scope.products)",
            "sum(identity.domains.map(d, d.dcs - d.sensors))",
            "endpoint.devices.target",
            "derived.sensor_gap",
        ])
        .boxed(),
        leaf(&[
            "0.5",
            "-0.1",
            "endpoint.share",
            "7922816251426433759354395033.5",
            "mean(identity.domains.map(d, d.dcs))",
        ])
        .boxed(),
        leaf(&[
            "today()",
            "identity.drill",
            "date(\"2024-02-29\")",
            "customer.go_live",
        ])
        .boxed(),
    ];
    let [yes_or_no, whole, exact, date] = leaves;
    let all = (yes_or_no, whole, exact, date).prop_map(|(a, b, c, d)| [a, b, c, d]);
    all.boxed().prop_recursive(4, 64, 3, |inner| {
        let parts = (inner.clone(), inner.clone(), inner, any::<[u8; 4]>());
        parts.prop_map(|(x, y, z, pick)| {
            let [b, i, d, t] = [0, 1, 2, 3].map(|kind| (&x[kind], &y[kind], &z[kind]));
            let compare = ["<", "<=", "==", "!=", ">", ">="][usize::from(pick[0] % 6)];
            let ranked = ["+", "-", "*", "/", "%"][usize::from(pick[1] % 5)];
            let choose =
                |of: (&String, &String, &String)| format!("({} ? {} : {})", b.0, of.0, of.1);
            [
                match pick[0] % 9 {
                    0 => format!("({} && {})", b.0, b.1),
                    1 => format!("({} || {} && {})", b.0, b.1, b.2),
                    2 => format!("!{}", b.0),
                    3 => format!("({} {compare} {})", i.0, i.1),
                    4 => format!("({} {compare} {})", d.0, d.1),
                    5 => format!("({} {compare} {})", t.0, t.1),
                    6 => format!("({} in [{}, {}])", i.0, i.1, i.2),
                    7 => format!("identity.domains.exists(d, d.dcs > {})", i.0),
                    _ => format!("or_else({}, {})", b.0, b.1),
                },
                match pick[1] % 7 {
                    0..=2 => format!("({} {ranked} {})", i.0, i.1),
                    3 => format!("days({}, {})", t.0, t.1),
                    4 => format!("count([{}, {}])", b.0, b.1),
                    5 => format!("round({})", d.0),
                    _ => choose(i),
                },
                match pick[2] % 4 {
                    0 | 1 => format!("({} {ranked} {})", d.0, d.1),
                    2 => format!("max({}, {})", d.0, d.1),
                    _ => choose(d),
                },
                match pick[3] % 3 {
                    0 => format!("({} + {})", t.0, i.0),
                    1 => format!("({} - {})", t.0, i.0),
                    _ => choose(t),
                },
            ]
        })
    })
}

/// Some answers, the rest open, settled or of a wrong type.
fn answers() -> impl Strategy<Value = Answers> {
    let datum = prop_oneof![
        any::<bool>().prop_map(Datum::Bool),
        prop_oneof![-9_i64..9, Just(i64::MIN), Just(i64::MAX)].prop_map(Datum::Int),
        (-999_i64..999).prop_map(|n| Datum::Decimal(Decimal::new(n, 1))),
        (0_usize..4).prop_map(Datum::Option),
        prop::collection::vec(0_usize..4, 0..4).prop_map(Datum::options),
        Just(Datum::Date(NaiveDate::MAX)),
        Just(Datum::Date(day("2026-01-31"))),
    ];
    let outcome = prop_oneof![
        3 => datum.prop_map(Outcome::Known),
        1 => (0_usize..11).prop_map(Outcome::open),
        1 => Just(Outcome::settled()),
    ];
    let slot = prop_oneof![
        (0_usize..11).prop_map(Slot::Question),
        Just(Slot::This),
        Just(Slot::Target(DEVICES)),
        Just(Slot::Derived(0)),
        Just(Slot::Customer(CustomerField::GoLive)),
    ];
    let rows = prop::option::of(prop::collection::vec(
        [prop::option::of(0_i64..5), prop::option::of(0_i64..5)],
        0..3,
    ));
    let known = prop::collection::btree_map(slot, outcome, 0..16);
    (known, rows).prop_map(|(known, rows)| {
        let answers = Answers {
            known,
            standings: BTreeMap::new(),
        };
        rows.map_or(answers.clone(), |rows| answers.domains(&rows))
    })
}

fn assert_spans_fit(source: &str, faults: &[Fault]) {
    assert!(!faults.is_empty());
    for fault in faults {
        assert!(
            fault.span.start <= fault.span.end && source.get(fault.span.clone()).is_some(),
            "{fault:?}"
        );
        assert!(
            !fault.message.is_empty() && fault.hint.as_deref() != Some(""),
            "{fault:?}"
        );
    }
}

fn survives(source: &str) {
    let names = names();
    let scope = wide(&names).with_evidence();
    for wanted in [None, Some(&Type::Bool), Some(&Type::Option(mfa()))] {
        match parse(source).and_then(|syntax| syntax.check(&scope, wanted)) {
            Err(faults) => assert_spans_fit(source, &faults),
            Ok(expression) => {
                let outcome = expression.evaluate(&Answers::default());
                assert_fits(&expression, &outcome);
            }
        }
    }
}

fn assert_fits(expression: &Expression, outcome: &Outcome) {
    if let Outcome::Known(datum) = outcome {
        let fits = expression.ty().admits(datum) || *datum == Datum::Nothing;
        assert!(fits, "{}: {datum:?}", expression.source());
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(source in "\\PC*") {
        survives(&source);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        survives(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_mix_of_our_own_words_makes_it_panic(words in prop::collection::vec(prop::sample::select(&[
        "(", ")", "[", "]", ",", ".", "?", ":", "!", "-", "+", "*", "/", "%", "==", "!=", "<", ">=", "in",
        "&&", "||", "=", "and", "not", "true", "nothing", "1", "2.5", "\"some\"", "'mde'", "\"", "this",
        "identity.onprem", "identity.admin_mfa", "scope.products", "identity.domains", ".exists(d,", "d",
        ".map(d,", "d.dcs", "endpoint.devices", "row.dcs", "ev.status", "sum(", "or_else(", "answered(",
        "date(", "today()", "finding(", "\"2026-01-01\"", "é", "\0", "\n", "nosuch.name", "min(", "round(",
    ][..]), 0..24)) {
        survives(&words.join(" "));
        survives(&words.concat());
    }

    #[test]
    fn what_was_checked_yields_its_own_type_and_blames_open_questions_only(
        sources in sources(),
        answers in answers(),
    ) {
        let types = [Type::Bool, Type::Int, Type::Decimal, Type::Date];
        for (source, ty) in sources.iter().zip(types) {
            let names = names();
            let syntax = parse(source).unwrap();
            let expression = syntax.check(&wide(&names), Some(&ty)).unwrap_or_else(|f| panic!("{source}: {f:#?}"));
            assert_eq!(expression.ty(), &ty);
            let outcome = expression.evaluate(&answers);
            assert_fits(&expression, &outcome);
            let may_be_open: BTreeSet<usize> = expression
                .slots()
                .into_iter()
                .flat_map(|slot| answers.value(slot).open_questions().collect::<Vec<_>>())
                .chain([DOMAINS])
                .collect();
            assert!(outcome.open_questions().all(|question| may_be_open.contains(&question)), "{source}");
        }
    }

    #[test]
    fn one_more_answer_never_changes_what_was_known(
        sources in sources(),
        answers in answers(),
        breach in any::<bool>(),
        onprem in any::<bool>(),
        admins in -9_i64..9,
    ) {
        let source = &sources[0];
        // These two say something about not knowing, so knowing may change what they say.
        if source.contains("or_else") || source.contains("answered") {
            return Ok(());
        }
        let before = value(source, &answers);
        let mut after = answers.clone();
        for (question, datum) in [
            (BREACH, Datum::Bool(breach)),
            (ONPREM, Datum::Bool(onprem)),
            (ADMINS, Datum::Int(admins)),
        ] {
            if matches!(answers.value(Slot::Question(question)), Outcome::Unknown(_)) {
                after = after.question(question, datum);
            }
        }
        if let Outcome::Known(_) = before {
            assert_eq!(value(source, &after), before, "{source}");
        }
    }
}
