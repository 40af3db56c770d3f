//! E081: keys that do not go with the type of their question, and values that no type could take.

use crate::catalog::checks::Subject;
use crate::catalog::notes::Notes;
use crate::catalog::tree::At;
use crate::catalog::written::{self, Type};
use crate::problem::Problem;

const NUMBERS: [Type; 3] = [Type::Int, Type::Decimal, Type::Percent];

const CHOSEN: [Type; 2] = [Type::Choice, Type::Multi];

/// Types of which less than full credit can raise a finding.
const OF_LESS: [Type; 4] = [Type::Bool, Type::Date, Type::Coverage, Type::Multi];

/// Holds every key against the type that it stands with.
pub(super) fn keys(subject: &Subject<'_>, notes: &mut Notes) {
    top(subject, notes);
    for (place, spot) in subject.index.questions.iter().enumerate() {
        let at = subject.index.question_at(place);
        let written = spot.written;
        question(at, written, notes);
        for (item, column) in written.column.iter().enumerate() {
            let at = at.key("column").item(item);
            if matches!(column.kind, Type::Coverage | Type::Rows) {
                let message = format!("a column cannot be of type `{}`", column.kind.name());
                note(
                    at.key("type"),
                    &message,
                    "make it a question of its own",
                    notes,
                );
            }
            answer(&Common::of_column(at, column), notes);
        }
    }
}

fn note(at: At<'_>, message: &str, help: &str, notes: &mut Notes) {
    notes.add(at, Problem::error(message).code("E081").help(help));
}

fn top(subject: &Subject<'_>, notes: &mut Notes) {
    let written = subject.index.written;
    let main = subject.index.sources.main();
    if written.format != 1 {
        let message = format!("format {} is not known", written.format);
        note(main.key("format"), &message, "write `format = 1`", notes);
    }
    if !is_language(&written.language) {
        let message = "this is no language tag";
        note(
            main.key("language"),
            message,
            "write for example `en` or `pt-BR`",
            notes,
        );
    }
    if written.section.is_empty() {
        let message = "there is no section, so nothing is asked";
        note(
            main,
            message,
            "add a `[[section]]` with a `[[section.question]]`",
            notes,
        );
    }
    for (id, reference) in &written.refs {
        let allowed = |url: &str| {
            ["https://", "http://", "mailto:"]
                .iter()
                .any(|s| url.starts_with(s))
        };
        if reference.url.as_deref().is_some_and(|url| !allowed(url)) {
            let at = main.key("refs").key(id).key("url");
            note(
                at,
                "this link could not be followed",
                "begin it with `https://`",
                notes,
            );
        }
    }
}

/// Returns whether a text is a language tag such as `en` or `pt-BR`.
pub(super) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// Notes `key` where it is written with a type that has no use for it.
fn only(at: At<'_>, key: &str, written: bool, kind: Type, types: &[Type], notes: &mut Notes) {
    if !written || types.contains(&kind) {
        return;
    }
    let names: Vec<&str> = types.iter().map(|kind| kind.name()).collect();
    let message = format!("`{key}` does nothing for the type `{}`", kind.name());
    let help = format!("take it out; it is for `{}`", names.join("`, `"));
    note(at.key(key), &message, &help, notes);
}

/// Notes that a type needs `key`.
fn needs(at: At<'_>, key: &str, written: bool, kind: Type, notes: &mut Notes) {
    if !written {
        let message = format!("the type `{}` needs `{key}`", kind.name());
        note(at.key("type"), &message, &format!("add `{key}`"), notes);
    }
}

fn question(at: At<'_>, written: &written::Question, notes: &mut Notes) {
    let kind = written.kind;
    let mut only = |key, is_written, types: &[Type]| only(at, key, is_written, kind, types, notes);
    only(
        "none",
        written.none.is_some(),
        &[Type::Text, Type::Date, Type::Rows],
    );
    only("key", written.key.is_some(), &[Type::Rows]);
    only("combine", written.combine.is_some(), &[Type::Rows]);
    only("fixed", !written.fixed.is_empty(), &[Type::Rows]);
    only("column", !written.column.is_empty(), &[Type::Rows]);
    only("asset", written.asset.is_some(), &[Type::Coverage]);
    only(
        "target_from",
        written.target_from.is_some(),
        &[Type::Coverage],
    );
    only("goal", written.goal.is_some(), &[Type::Coverage]);
    if kind == Type::Coverage {
        needs(at, "asset", written.asset.is_some(), kind, notes);
    }
    if kind == Type::Rows {
        rows(at, written, notes);
    }
    answer(&Common::of_question(at, written), notes);
    if let Some(none) = &written.none {
        overrides(
            at.key("none"),
            none.finding.is_some(),
            none.severity.is_some(),
            none.need.is_some(),
            notes,
        );
    }
}

fn rows(at: At<'_>, written: &written::Question, notes: &mut Notes) {
    needs(
        at,
        "column",
        !written.column.is_empty(),
        written.kind,
        notes,
    );
    match (&written.key, written.fixed.is_empty()) {
        (None, true) => {
            let message = "nothing says how a row is known";
            let help = "name the column that tells rows apart: `key = \"…\"`, or list the rows: `fixed = [ … ]`";
            note(at.key("type"), message, help, notes);
        }
        (Some(_), false) => {
            let message = "fixed rows are known by their ids";
            note(at.key("key"), message, "take `key` out, or `fixed`", notes);
        }
        _ => {}
    }
    let key = written.key.as_ref();
    let key = key.and_then(|key| written.column.iter().find(|column| column.id == *key));
    if let Some(column) =
        key.filter(|column| !matches!(column.kind, Type::Text | Type::Choice | Type::Int))
    {
        let message = format!(
            "a row cannot be known by a value of type `{}`",
            column.kind.name()
        );
        note(
            at.key("key"),
            &message,
            "take a column of type `text`, `choice` or `int`",
            notes,
        );
    }
    let scored = |column: &written::Column| !column.scores.is_empty() || column.finding.is_some();
    if !written.scores.is_empty() && written.column.iter().any(scored) {
        let message = "the rows are scored by their columns and by `scores`";
        note(at.key("scores"), message, "keep one of the two", notes);
    }
}

/// What a question and a column have in common.
struct Common<'a> {
    at: At<'a>,
    kind: Type,
    options: &'a [written::Choice],
    scores: &'a [written::Band],
    min: Option<written::Number>,
    max: Option<written::Number>,
    good: bool,
    not_older_than: bool,
    finding: bool,
    severity: bool,
    need: bool,
}

impl<'a> Common<'a> {
    fn of_question(at: At<'a>, question: &'a written::Question) -> Self {
        Self {
            at,
            kind: question.kind,
            options: &question.options,
            scores: &question.scores,
            min: question.min,
            max: question.max,
            good: question.good.is_some(),
            not_older_than: question.not_older_than.is_some(),
            finding: question.finding.is_some(),
            severity: question.severity.is_some(),
            need: question.need.is_some(),
        }
    }

    fn of_column(at: At<'a>, column: &'a written::Column) -> Self {
        Self {
            at,
            kind: column.kind,
            options: &column.options,
            scores: &column.scores,
            min: column.min,
            max: column.max,
            good: column.good.is_some(),
            not_older_than: column.not_older_than.is_some(),
            finding: column.finding.is_some(),
            severity: column.severity.is_some(),
            need: column.need.is_some(),
        }
    }
}

fn answer(common: &Common<'_>, notes: &mut Notes) {
    let (at, kind) = (common.at, common.kind);
    let mut only = |key, is_written, types: &[Type]| only(at, key, is_written, kind, types, notes);
    only("options", !common.options.is_empty(), &CHOSEN);
    only("min", common.min.is_some(), &NUMBERS);
    only("max", common.max.is_some(), &NUMBERS);
    only("good", common.good, &[Type::Bool]);
    only("not_older_than", common.not_older_than, &[Type::Date]);
    only("finding", common.finding, &OF_LESS);
    if CHOSEN.contains(&kind) {
        needs(at, "options", !common.options.is_empty(), kind, notes);
    }
    bounds(common, notes);
    scoring(common, notes);
    overrides(at, common.finding, common.severity, common.need, notes);
    options(common, notes);
    bands(common, notes);
}

fn bounds(common: &Common<'_>, notes: &mut Notes) {
    let at = common.at;
    if let (Some(min), Some(max)) = (common.min, common.max)
        && min > max
    {
        let message = "no number is allowed: `min` is more than `max`";
        note(at.key("min"), message, "change one of them", notes);
    }
    for (key, bound) in [("min", common.min), ("max", common.max)] {
        let whole = bound.is_none_or(|bound| bound.0.is_integer());
        if common.kind == Type::Int && !whole {
            let message = format!("`{key}` of a whole number is a whole number");
            note(at.key(key), &message, "write it without decimals", notes);
        }
    }
}

/// Notes two ways of scoring beside each other, and a finding that nothing would raise.
fn scoring(common: &Common<'_>, notes: &mut Notes) {
    let at = common.at;
    if !common.scores.is_empty() {
        let others: [(&str, bool, &[Type]); 3] = [
            ("good", common.good, &[Type::Bool]),
            ("not_older_than", common.not_older_than, &[Type::Date]),
            ("finding", common.finding, &OF_LESS),
        ];
        let fitting = others
            .iter()
            .filter(|(_, is_written, types)| *is_written && types.contains(&common.kind));
        for (key, ..) in fitting {
            let message = format!("`{key}` does nothing beside `scores`");
            note(
                at.key(key),
                &message,
                "say it in the bands, or take `scores` out",
                notes,
            );
        }
        if common.options.iter().any(|option| option.score.is_some()) {
            let message = "the options have scores, and so have the bands";
            note(at.key("scores"), message, "keep one of the two", notes);
        }
    } else if common.kind == Type::Date && common.finding && !common.not_older_than {
        let message = "nothing says when this date raises its finding";
        note(
            at.key("finding"),
            message,
            "add `not_older_than = \"180d\"`",
            notes,
        );
    }
}

fn overrides(at: At<'_>, finding: bool, severity: bool, need: bool, notes: &mut Notes) {
    for (key, is_written) in [("severity", severity), ("need", need)] {
        if is_written && !finding {
            let message = format!("`{key}` belongs to a finding, and none is named here");
            note(
                at.key(key),
                &message,
                "add `finding = \"…\"`, or take it out",
                notes,
            );
        }
    }
}

fn options(common: &Common<'_>, notes: &mut Notes) {
    for (item, option) in common.options.iter().enumerate() {
        let at = common.at.key("options").item(item);
        let (severity, need) = (option.severity.is_some(), option.need.is_some());
        overrides(at, option.finding.is_some(), severity, need, notes);
        only(
            at,
            "exclusive",
            option.exclusive,
            common.kind,
            &[Type::Multi],
            notes,
        );
    }
}

fn bands(common: &Common<'_>, notes: &mut Notes) {
    for (item, band) in common.scores.iter().enumerate() {
        let at = common.at.key("scores").item(item);
        let (severity, need) = (band.severity.is_some(), band.need.is_some());
        overrides(at, band.finding.is_some(), severity, need, notes);
        if common.kind.is_number() {
            bounds(
                &Common {
                    at,
                    min: band.min,
                    max: band.max,
                    ..*common
                },
                notes,
            );
        } else {
            only(at, "min", band.min.is_some(), common.kind, &NUMBERS, notes);
            only(at, "max", band.max.is_some(), common.kind, &NUMBERS, notes);
        }
    }
}
