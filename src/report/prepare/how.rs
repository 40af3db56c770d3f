//! How a question is answered: in words for people, and in TOML for the answers file.

use rust_decimal::Decimal;

use crate::domain::answer::FIXED_ROW;
use crate::domain::evaluation::Evaluation;
use crate::domain::intake;
use crate::domain::questionnaire::{Bounds, Coverage, Kind, Table};
use crate::domain::words::number;
use crate::report::prepare::make::Making;
use crate::report::prepare::{Choice, Column, How};

/// Returns how the question at `place` is answered.
pub(super) fn how(making: &Making<'_>, place: usize) -> How {
    let evaluation = &making.assessment.evaluation;
    let question = &evaluation.questionnaire().questions[place];
    let target = intake::proposed_target(evaluation, place);
    let mut how = How {
        words: words(&question.kind),
        options: options(making, &question.kind),
        none: question.none.as_ref().map(|none| making.text(&none.text)),
        target,
        columns: Vec::new(),
        rows: Vec::new(),
        may_be_not_applicable: question.may_be_not_applicable,
        gap: String::new(),
        example: example(evaluation, &question.kind),
    };
    match &question.kind {
        Kind::Coverage(coverage) => counted(coverage, &mut how),
        Kind::Rows(table) => tabled(making, table, &mut how),
        _ => {}
    }
    how
}

/// Says how something without parts is answered.
fn words(kind: &Kind) -> String {
    match kind {
        Kind::Bool => "Yes or no".into(),
        Kind::Choice(_) => "Choose one".into(),
        Kind::Multi(options) if options.iter().any(|option| option.exclusive) => {
            "Choose all that apply".into()
        }
        Kind::Multi(_) => "Choose all that apply, or none of them".into(),
        Kind::Int(bounds) => within("A whole number", *bounds, ""),
        Kind::Decimal(bounds) => within("A number", *bounds, ""),
        Kind::Percent(bounds) => {
            let bounds = Bounds {
                min: bounds.min.or(Some(Decimal::ZERO)),
                max: bounds.max.or(Some(Decimal::ONE_HUNDRED)),
            };
            within("A percentage", bounds, " %")
        }
        Kind::Text => "In your own words".into(),
        Kind::Date => "A date".into(),
        Kind::Coverage(_) => "Two numbers".into(),
        Kind::Rows(table) if table.fixed.is_empty() => "A table, one row for each".into(),
        Kind::Rows(_) => "A table, every row filled in".into(),
    }
}

fn within(what: &str, bounds: Bounds, unit: &str) -> String {
    match (bounds.min, bounds.max) {
        (Some(min), Some(max)) => format!("{what} from {min} to {max}{unit}"),
        (Some(min), None) => format!("{what}, at least {min}{unit}"),
        (None, Some(max)) => format!("{what}, at most {max}{unit}"),
        (None, None) => what.to_owned(),
    }
}

/// Returns the options that are offered now; yes and no are two.
fn options(making: &Making<'_>, kind: &Kind) -> Vec<Choice> {
    if matches!(kind, Kind::Bool) {
        return [("true", "Yes"), ("false", "No")]
            .map(|(id, text)| Choice {
                id: id.into(),
                text: text.into(),
            })
            .into();
    }
    let offered = intake::offered(&making.assessment.evaluation, kind);
    (offered.into_iter())
        .map(|place| &kind.options()[place])
        .map(|option| Choice {
            id: quoted(option.id.as_str()),
            text: making.text(&option.text),
        })
        .collect()
}

fn counted(coverage: &Coverage, how: &mut How) {
    how.words = format!(
        "Two numbers: how many are protected, and how many should be; {} % of them is enough",
        coverage.goal
    );
    let target = how
        .target
        .map_or_else(String::new, |target| target.to_string());
    if let Some(target) = how.target {
        how.words += &format!(". We propose {} as the second", number(i128::from(target)));
    }
    how.gap = format!("{{ protected = , target = {target} }}");
}

fn tabled(making: &Making<'_>, table: &Table, how: &mut How) {
    how.columns = (table.columns.iter())
        .map(|column| Column {
            id: column.id.to_string(),
            text: making.text(&column.text),
            words: words(&column.kind),
            options: options(making, &column.kind),
            required: column.required,
        })
        .collect();
    how.rows = (table.fixed.iter())
        .map(|row| Choice {
            id: quoted(row.id.as_str()),
            text: making.text(&row.text),
        })
        .collect();
    let cells: Vec<String> = (table.columns.iter())
        .map(|column| format!("{} = ", column.id))
        .collect();
    let cells = cells.join(", ");
    let rows: Vec<String> = if how.rows.is_empty() {
        vec![format!("  {{ {cells} }},\n")]
    } else {
        (how.rows.iter())
            .map(|row| format!("  {{ {FIXED_ROW} = {}, {cells} }},\n", row.id))
            .collect()
    };
    how.gap = format!("[\n{}]", rows.concat());
}

/// Returns an answer that could be given, as TOML.
fn example(evaluation: &Evaluation, kind: &Kind) -> String {
    let first = || {
        let offered = intake::offered(evaluation, kind);
        let first = offered.first().map(|place| &kind.options()[*place]);
        first.map_or_else(|| quoted("…"), |option| quoted(option.id.as_str()))
    };
    match kind {
        Kind::Bool => "true".into(),
        Kind::Choice(_) => first(),
        Kind::Multi(_) => format!("[{}]", first()),
        Kind::Int(bounds) => fitting(Decimal::from(12), *bounds).to_string(),
        Kind::Decimal(bounds) | Kind::Percent(bounds) => {
            fitting(Decimal::new(945, 1), *bounds).to_string()
        }
        Kind::Text => quoted("Your answer"),
        Kind::Date => evaluation.day().to_string(),
        Kind::Coverage(_) => "{ protected = 812, target = 900 }".into(),
        Kind::Rows(table) => {
            let key = (table.fixed.first())
                .map(|row| format!("{FIXED_ROW} = {}", quoted(row.id.as_str())));
            let cells = (table.columns.iter())
                .filter(|column| column.when.is_none())
                .map(|column| format!("{} = {}", column.id, example(evaluation, &column.kind)));
            let cells: Vec<String> = key.into_iter().chain(cells).collect();
            format!("[{{ {} }}]", cells.join(", "))
        }
    }
}

fn fitting(number: Decimal, bounds: Bounds) -> Decimal {
    let number = bounds.min.map_or(number, |min| number.max(min));
    bounds.max.map_or(number, |max| number.min(max))
}

/// Returns an id, or a text of ours, as a string of TOML.
fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
