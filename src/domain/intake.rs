//! Intake: from what somebody typed, or a file holds, to a value; and everything to object to before it is recorded.
//!
//! What is typed is read kindly (an option by its number or the beginning of its text), a file strictly. Both come to the same
//! [`Value`], and [`check`] looks at the whole response. What an answer that was let in means is the business of
//! [`answer`]; where in a file something stands is known by whoever read the file: an [`Objection`] names
//! the row and column.

use std::collections::BTreeSet;
use std::fmt;

use rust_decimal::Decimal;

use crate::domain::answer::{self, FIXED_ROW, Judging, failing, given, hold_cell, row_key};
use crate::domain::condition::{Cell, Datum};
use crate::domain::evaluation::{Asked, Evaluation};
use crate::domain::id::ColumnId;
use crate::domain::phrases;
use crate::domain::questionnaire::{Bounds, Check, Choice, Column, Kind, Table};
use crate::domain::response::{
    Basis, MAX_ROWS, MAX_TEXT, NotApplicable, Response, Row, Said, Unknown, Value,
};
use crate::domain::time::Day;
use crate::domain::words;

/// Something to object to in an answer, in plain words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// Whether the answer is refused; else it may be recorded, and somebody should look.
    pub refuses: bool,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// In which row of a table, counted from 0.
    pub row: Option<usize>,
    /// In which column of that row.
    pub column: Option<String>,
}

impl Objection {
    fn refusal(message: impl Into<String>) -> Self {
        Self {
            refuses: true,
            message: message.into(),
            help: None,
            row: None,
            column: None,
        }
    }

    fn warning(message: impl Into<String>) -> Self {
        Self {
            refuses: false,
            ..Self::refusal(message)
        }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn in_row(mut self, row: usize) -> Self {
        self.row = Some(row);
        self
    }

    fn in_column(mut self, column: impl fmt::Display) -> Self {
        self.column = Some(column.to_string());
        self
    }
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(row) = self.row {
            write!(f, "row {}", row + 1)?;
            match &self.column {
                Some(column) => write!(f, ", `{column}`: ")?,
                None => f.write_str(": ")?,
            }
        } else if let Some(column) = &self.column {
            write!(f, "`{column}`: ")?;
        }
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Objection {}

/// Reads what somebody typed as a value of the question at `place`.
///
/// | type | typed as |
/// |---|---|
/// | bool | `yes`, `y`, `true`, `no`, `n`, `false` |
/// | choice | the option's id, its number among those offered, or the beginning of its text |
/// | multi | such options with commas between them; `[]` for none of them |
/// | int | digits, with a sign |
/// | decimal, percent | digits with `.`; a percentage may end in `%` |
/// | text | as it is |
/// | date | `2026-09-02` or `today` |
/// | coverage | `812/900`; the protected number alone where the questionnaire proposes the target |
/// | rows | TOML: `[{name = "corp", dcs = 4}]`; `[]` for no rows |
///
/// # Errors
/// Everything that keeps it from being one; more than one thing only in a table.
pub fn read_value(
    evaluation: &Evaluation,
    place: usize,
    text: &str,
) -> Result<Value, Vec<Objection>> {
    match &evaluation.questionnaire().questions[place].kind {
        Kind::Coverage(_) => read_coverage(evaluation, place, text).map_err(|fault| vec![fault]),
        Kind::Rows(table) => read_rows(table, text),
        kind => read_plain(evaluation, kind, text).map_err(|fault| vec![fault]),
    }
}

/// Reads what somebody typed into a cell of `column`.
///
/// # Errors
/// When it is no value of the column's type.
pub fn read_cell(evaluation: &Evaluation, column: &Column, text: &str) -> Result<Value, Objection> {
    read_plain(evaluation, &column.kind, text).map_err(|fault| fault.in_column(&column.id))
}

/// Reads a value of a file for the question at `place`: TOML of the question's own type, options by their id.
///
/// # Errors
/// Everything that keeps it from being one.
pub fn from_toml(
    evaluation: &Evaluation,
    place: usize,
    toml: &toml::Value,
) -> Result<Value, Vec<Objection>> {
    match &evaluation.questionnaire().questions[place].kind {
        Kind::Coverage(_) => coverage_from_toml(toml).map_err(|fault| vec![fault]),
        Kind::Rows(table) => rows_from_toml(table, toml),
        kind => plain_from_toml(kind, toml).map_err(|fault| vec![fault]),
    }
}

/// Returns a value as files write it; [`from_toml`] reads it back equal.
#[must_use]
pub fn to_toml(value: &Value) -> toml::Value {
    match value {
        Value::Bool(value) => toml::Value::Boolean(*value),
        Value::Choice(id) => id.to_string().into(),
        Value::Multi(ids) => {
            toml::Value::Array(ids.iter().map(|id| id.to_string().into()).collect())
        }
        Value::Int(number) => toml::Value::Integer(*number),
        Value::Decimal(number) => decimal_to_toml(*number),
        Value::Text(text) => text.as_str().into(),
        Value::Date(day) => day_to_toml(*day),
        Value::Coverage { protected, target } => {
            let number =
                |number: u64| toml::Value::Integer(i64::try_from(number).unwrap_or(i64::MAX));
            toml::Value::Table(toml::Table::from_iter([
                ("protected".to_owned(), number(*protected)),
                ("target".to_owned(), number(*target)),
            ]))
        }
        Value::Rows(rows) => toml::Value::Array(rows.iter().map(row_to_toml).collect()),
    }
}

/// Returns everything to object to in `response` as the answer to the question at `place`.
///
/// The other answers are those of `evaluation`: whoever takes in several at once evaluates them together first.
#[must_use]
pub fn check(evaluation: &Evaluation, place: usize, response: &Response) -> Vec<Objection> {
    let mut objections = Vec::new();
    let today = evaluation.day();
    if response.said_on > today {
        let message = format!(
            "it cannot have been said on {}",
            words::day(response.said_on)
        );
        objections.push(Objection::refusal(message).help(format!(
            "that day is yet to come; today is {}",
            words::day(today)
        )));
    }
    for note in [&response.note, &response.private_note]
        .into_iter()
        .flatten()
    {
        objections.extend(too_long("the note", note));
    }
    if let Asked::No(_) = evaluation.asked(place) {
        let because = phrases::not_asked_because(evaluation, place).unwrap_or_default();
        objections.push(Objection::warning(format!(
            "it is not asked now, because {because}; the answer is kept and counts once it is asked"
        )));
    }
    objections.extend(check_said(evaluation, place, response));
    objections
}

/// Returns the places of the options that are offered now, in their order.
#[must_use]
pub fn offered(evaluation: &Evaluation, kind: &Kind) -> Vec<usize> {
    let offered = answer::offered(kind.options(), evaluation);
    (0..offered.len()).filter(|place| offered[*place]).collect()
}

/// Returns the target that the questionnaire proposes for the coverage question at `place`.
#[must_use]
pub fn proposed_target(evaluation: &Evaluation, place: usize) -> Option<u64> {
    let Kind::Coverage(coverage) = &evaluation.questionnaire().questions[place].kind else {
        return None;
    };
    match coverage
        .target_from
        .as_ref()?
        .evaluate(evaluation)
        .known()?
    {
        Datum::Int(target) => u64::try_from(*target).ok(),
        _ => None,
    }
}

/// Reads a day: `2026-09-02` or `today`.
///
/// # Errors
/// When it is neither.
pub fn read_day(text: &str, today: Day) -> Result<Day, Objection> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("today") {
        return Ok(today);
    }
    let shape = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    text.parse().ok().filter(|_| shape).ok_or_else(|| {
        Objection::refusal(format!("`{}` is not a date", shown(text)))
            .help(format!("write year, month and day: {today}, or `today`"))
    })
}

/// Reads a coded reason for *not applicable*: its code, its number in the list, or the beginning of either.
///
/// # Errors
/// When it is none.
pub fn read_reason(text: &str) -> Result<NotApplicable, Objection> {
    let all = NotApplicable::ALL.map(|reason| (reason, reason.code(), reason.words()));
    read_coded(text, &all).ok_or_else(|| {
        Objection::refusal(format!("`{}` is no reason", shown(text))).help(format!(
            "write one of {}",
            NotApplicable::ALL.map(NotApplicable::code).join(", ")
        ))
    })
}

/// Reads how something is known: *interview* or told, *document* or shown, *tool* or measured, or the beginning of one.
///
/// # Errors
/// When it is none.
pub fn read_basis(text: &str) -> Result<Basis, Objection> {
    let all = Basis::ALL.map(|basis| (basis, basis.code(), basis.words()));
    read_coded(text, &all).ok_or_else(|| {
        Objection::refusal(format!("`{}` is no way to know", shown(text)))
            .help("write `interview` (told), `document` (shown) or `tool` (measured)")
    })
}

fn read_coded<T: Copy>(text: &str, all: &[(T, &str, &str)]) -> Option<T> {
    let text = text.trim().to_lowercase();
    if let Ok(number) = text.parse::<usize>() {
        return number
            .checked_sub(1)
            .and_then(|at| all.get(at))
            .map(|one| one.0);
    }
    let mut fitting = all.iter().filter(|(_, code, words)| {
        !text.is_empty() && (code.starts_with(&text) || words.starts_with(&text))
    });
    let first = fitting.next()?;
    fitting.next().is_none().then_some(first.0)
}

// ── what is typed ──

fn read_plain(evaluation: &Evaluation, kind: &Kind, text: &str) -> Result<Value, Objection> {
    let trimmed = text.trim();
    match kind {
        Kind::Text => return Ok(Value::Text(text.to_owned())),
        _ if trimmed.is_empty() => return Err(Objection::refusal("nothing was given")),
        _ => {}
    }
    match kind {
        Kind::Bool => read_bool(trimmed).map(Value::Bool),
        Kind::Choice(options) => {
            let place = read_option(evaluation, kind, trimmed)?;
            Ok(Value::Choice(options[place].id.clone()))
        }
        Kind::Multi(options) => {
            let places = read_options(evaluation, kind, trimmed)?;
            let ids = places.into_iter().map(|place| options[place].id.clone());
            Ok(Value::Multi(ids.collect()))
        }
        Kind::Int(_) => read_int(trimmed).map(Value::Int),
        Kind::Decimal(_) => read_decimal(trimmed).map(Value::Decimal),
        Kind::Percent(_) => {
            read_decimal(trimmed.trim_end_matches('%').trim_end()).map(Value::Decimal)
        }
        Kind::Date => read_day(trimmed, evaluation.day()).map(Value::Date),
        Kind::Text | Kind::Coverage(_) | Kind::Rows(_) => Err(no_such_type(kind)),
    }
}

fn read_bool(text: &str) -> Result<bool, Objection> {
    match text.to_ascii_lowercase().as_str() {
        "y" | "yes" | "true" => Ok(true),
        "n" | "no" | "false" => Ok(false),
        _ => Err(
            Objection::refusal(format!("`{}` is neither yes nor no", shown(text)))
                .help("write `yes` or `no`"),
        ),
    }
}

fn read_int(text: &str) -> Result<i64, Objection> {
    let fault = Objection::refusal(format!("`{}` is not a whole number", shown(text)));
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        return text
            .parse()
            .map_err(|_| fault.help("it is too large to be meant"));
    }
    Err(fault.help("write digits alone, such as `1200`"))
}

fn read_decimal(text: &str) -> Result<Decimal, Objection> {
    let fault = || Objection::refusal(format!("`{}` is not a number", shown(text)));
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = |c: char| c.is_ascii_digit() || c == '.';
    if digits.contains(',') {
        return Err(fault().help("write a decimal point, and nothing between thousands: `1200.5`"));
    }
    let has_digit = digits.starts_with(|c: char| c.is_ascii_digit());
    if !has_digit || !digits.chars().all(plain) || digits.ends_with('.') {
        return Err(fault().help("write digits and a decimal point, such as `94.5`"));
    }
    Decimal::from_str_exact(text)
        .map_err(|_| fault().help("it has more digits than can be kept exactly (28)"))
}

fn read_options(evaluation: &Evaluation, kind: &Kind, text: &str) -> Result<Vec<usize>, Objection> {
    let inner = match text.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').unwrap_or(rest).trim(),
        None => text,
    };
    if inner.is_empty() {
        return Ok(Vec::new());
    }
    // An option's own text may hold a comma.
    if let Ok(place) = read_option(evaluation, kind, inner) {
        return Ok(vec![place]);
    }
    inner
        .split(',')
        .map(|part| part.trim().trim_matches('"'))
        .filter(|part| !part.is_empty())
        .map(|part| read_option(evaluation, kind, part))
        .collect()
}

/// Finds an option by its id, its number among those offered, or the beginning of its text or id.
fn read_option(evaluation: &Evaluation, kind: &Kind, text: &str) -> Result<usize, Objection> {
    let options = kind.options();
    if let Some(place) = options.iter().position(|option| option.id.as_str() == text) {
        return Ok(place);
    }
    let offered = offered(evaluation, kind);
    let no_such =
        |message: String| Objection::refusal(message).help(offer(evaluation, options, &offered));
    if text.bytes().all(|b| b.is_ascii_digit()) {
        let number = text.parse::<usize>().ok();
        return number
            .and_then(|number| offered.get(number.checked_sub(1)?).copied())
            .ok_or_else(|| no_such(format!("there is no option {}", shown(text))));
    }
    let wanted = text.to_lowercase();
    let words = |place: usize| evaluation.text(&options[place].text).to_lowercase();
    if let Some(place) = offered.iter().find(|place| words(**place) == wanted) {
        return Ok(*place);
    }
    let fits = |place: &usize| {
        words(*place).starts_with(&wanted) || options[*place].id.as_str().starts_with(&wanted)
    };
    let fitting: Vec<usize> = offered.iter().copied().filter(fits).collect();
    match fitting.as_slice() {
        [place] => Ok(*place),
        [] => Err(no_such(format!("there is no option `{}`", shown(text)))),
        _ => Err(no_such(format!("`{}` fits several options", shown(text)))),
    }
}

/// Lists options with their numbers and ids.
fn offer(evaluation: &Evaluation, options: &[Choice], offered: &[usize]) -> String {
    let listed: Vec<String> = offered
        .iter()
        .take(12)
        .enumerate()
        .map(|(number, place)| {
            let option = &options[*place];
            format!(
                "{} `{}` {}",
                number + 1,
                option.id,
                evaluation.text(&option.text)
            )
        })
        .collect();
    format!("take one of: {}", listed.join("; "))
}

fn read_coverage(evaluation: &Evaluation, place: usize, text: &str) -> Result<Value, Objection> {
    let number = |part: &str| part.trim().parse::<u64>().ok();
    let fault = || {
        Objection::refusal(format!("`{}` is not two numbers", shown(text.trim())))
            .help("write protected and target, such as `812/900`")
    };
    let (protected, target) = match text.split_once('/').or_else(|| text.split_once(" of ")) {
        Some((protected, target)) => (number(protected), number(target)),
        None => (number(text), proposed_target(evaluation, place)),
    };
    match (protected, target) {
        (Some(protected), Some(target)) => Ok(Value::Coverage { protected, target }),
        _ => Err(fault()),
    }
}

fn read_rows(table: &Table, text: &str) -> Result<Value, Vec<Objection>> {
    let mut read: toml::Table =
        toml::from_str(&format!("rows = {}", text.trim())).map_err(|error| {
            let hint = table
                .columns
                .iter()
                .map(|column| format!("{} = {}", column.id, toml_example(&column.kind)))
                .collect::<Vec<_>>()
                .join(", ");
            vec![
                Objection::refusal(format!("this is no table: {}", error.message()))
                    .help(format!("write rows as TOML: [{{{hint}}}]")),
            ]
        })?;
    match read.remove("rows") {
        Some(rows) if read.is_empty() => rows_from_toml(table, &rows),
        _ => Err(vec![Objection::refusal("this is more than one table")]),
    }
}

// ── what a file holds ──

fn plain_from_toml(kind: &Kind, toml: &toml::Value) -> Result<Value, Objection> {
    let wrong = || {
        Objection::refusal(format!(
            "{} is wanted, not {}",
            wanted(kind),
            toml_kind(toml)
        ))
        .help(format!("write for example `{}`", toml_example(kind)))
    };
    match (kind, toml) {
        (Kind::Bool, toml::Value::Boolean(value)) => Ok(Value::Bool(*value)),
        (Kind::Choice(_), toml::Value::String(id)) => id
            .parse()
            .map(Value::Choice)
            .map_err(|fault: crate::domain::id::IdFault| Objection::refusal(fault.to_string())),
        (Kind::Multi(_), toml::Value::Array(ids)) => ids
            .iter()
            .map(|id| match id.as_str().map(str::parse) {
                Some(Ok(id)) => Ok(id),
                Some(Err(fault)) => {
                    let fault: crate::domain::id::IdFault = fault;
                    Err(Objection::refusal(fault.to_string()))
                }
                None => Err(wrong()),
            })
            .collect::<Result<BTreeSet<_>, _>>()
            .map(Value::Multi),
        (Kind::Int(_), toml::Value::Integer(number)) => Ok(Value::Int(*number)),
        (Kind::Decimal(_) | Kind::Percent(_), toml::Value::Integer(number)) => {
            Ok(Value::Decimal(Decimal::from(*number)))
        }
        (Kind::Decimal(_) | Kind::Percent(_), toml::Value::Float(number)) => {
            Decimal::from_str_exact(&number.to_string())
                .map(Value::Decimal)
                .map_err(|_| {
                    Objection::refusal(format!("`{number}` cannot be kept exactly"))
                        .help("write fewer digits")
                })
        }
        (Kind::Decimal(_) | Kind::Percent(_), toml::Value::String(text)) => {
            read_decimal(text).map(Value::Decimal)
        }
        (Kind::Text, toml::Value::String(text)) => Ok(Value::Text(text.clone())),
        (Kind::Date, toml::Value::Datetime(moment)) => {
            day_from_toml(moment).map(Value::Date).ok_or_else(wrong)
        }
        (Kind::Date, toml::Value::String(text)) => match text.parse() {
            Ok(day) if text.len() == 10 => Ok(Value::Date(day)),
            _ => Err(wrong()),
        },
        _ => Err(wrong()),
    }
}

fn coverage_from_toml(toml: &toml::Value) -> Result<Value, Objection> {
    let number = |key: &str| u64::try_from(toml.get(key)?.as_integer()?).ok();
    let only = toml.as_table().is_some_and(|table| table.len() == 2);
    match (number("protected"), number("target")) {
        (Some(protected), Some(target)) if only => Ok(Value::Coverage { protected, target }),
        _ => Err(
            Objection::refusal("two numbers are wanted, protected and target")
                .help("write `{ protected = 812, target = 900 }`"),
        ),
    }
}

fn rows_from_toml(table: &Table, toml: &toml::Value) -> Result<Value, Vec<Objection>> {
    let Some(written) = toml.as_array() else {
        return Err(vec![
            Objection::refusal(format!("rows are wanted, not {}", toml_kind(toml)))
                .help("write a list of tables, `[]` for no rows"),
        ]);
    };
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    for (at, row) in written.iter().enumerate() {
        let Some(cells) = row.as_table() else {
            faults.push(
                Objection::refusal(format!("a row is wanted, not {}", toml_kind(row))).in_row(at),
            );
            continue;
        };
        let mut read = Row::new();
        for (name, cell) in cells {
            match cell_from_toml(table, name, cell) {
                Ok((column, value)) => {
                    read.insert(column, value);
                }
                Err(fault) => faults.push(fault.in_row(at).in_column(name)),
            }
        }
        rows.push(read);
    }
    if faults.is_empty() {
        Ok(Value::Rows(rows))
    } else {
        Err(faults)
    }
}

fn cell_from_toml(
    table: &Table,
    name: &str,
    cell: &toml::Value,
) -> Result<(ColumnId, Value), Objection> {
    if name == FIXED_ROW && !table.fixed.is_empty() {
        let column = name
            .parse::<ColumnId>()
            .map_err(|fault| Objection::refusal(fault.to_string()))?;
        let Some(id) = cell.as_str() else {
            return Err(Objection::refusal("the id of a row is wanted")
                .help(format!("take one of: {}", fixed_ids(table))));
        };
        return Ok((column, Value::Text(id.to_owned())));
    }
    let Some(column) = table
        .columns
        .iter()
        .find(|column| column.id.as_str() == name)
    else {
        let known: Vec<&str> = table
            .columns
            .iter()
            .map(|column| column.id.as_str())
            .collect();
        return Err(Objection::refusal("there is no such column")
            .help(format!("there are: {}", known.join(", "))));
    };
    Ok((column.id.clone(), plain_from_toml(&column.kind, cell)?))
}

fn day_from_toml(moment: &toml::value::Datetime) -> Option<Day> {
    let date = moment
        .date
        .filter(|_| moment.time.is_none() && moment.offset.is_none())?;
    Day::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
}

/// Returns a day as files write it.
#[must_use]
pub fn day_to_toml(day: Day) -> toml::Value {
    let text = day.to_string();
    text.parse::<toml::value::Datetime>()
        .map_or_else(|_| toml::Value::String(text), toml::Value::Datetime)
}

/// Returns a decimal as a number where that reads back exactly, else as text.
fn decimal_to_toml(number: Decimal) -> toml::Value {
    let text = number.normalize().to_string();
    match text.parse::<f64>() {
        Ok(float) if Decimal::from_str_exact(&float.to_string()) == Ok(number) => {
            toml::Value::Float(float)
        }
        _ => toml::Value::String(text),
    }
}

fn row_to_toml(row: &Row) -> toml::Value {
    toml::Value::Table(
        row.iter()
            .map(|(column, value)| (column.to_string(), to_toml(value)))
            .collect(),
    )
}

// ── what there is to object to ──

fn check_said(evaluation: &Evaluation, place: usize, response: &Response) -> Vec<Objection> {
    let question = &evaluation.questionnaire().questions[place];
    match &response.said {
        Said::Value(value) => check_value(evaluation, place, value),
        Said::None if question.none.is_none() => vec![
            Objection::refusal("this question offers no explicit *none*")
                .help("say the value, that it is not known, or that it does not apply"),
        ],
        Said::None => Vec::new(),
        Said::NotApplicable(_) if !question.may_be_not_applicable => vec![
            Objection::refusal("this question applies to everybody")
                .help("say the value, or that it is not known yet"),
        ],
        Said::NotApplicable(NotApplicable::Other) if is_blank(response.note.as_deref()) => vec![
            Objection::refusal("another reason needs to be told").help("write it into the note"),
        ],
        Said::NotApplicable(_) => Vec::new(),
        Said::Unknown(Unknown::WillFindOut { by: Some(by), .. }) if *by < evaluation.day() => {
            vec![Objection::warning(format!(
                "the day by which to find out, {}, has passed",
                words::day(*by)
            ))]
        }
        Said::Unknown(_) => Vec::new(),
    }
}

fn is_blank(text: Option<&str>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}

fn check_value(evaluation: &Evaluation, place: usize, value: &Value) -> Vec<Objection> {
    let question = &evaluation.questionnaire().questions[place];
    let mut objections = match (&question.kind, value) {
        (Kind::Rows(table), Value::Rows(rows)) => {
            let mut objections = check_rows(evaluation, table, rows);
            objections.extend(check_cells(evaluation, place, table, rows));
            objections
        }
        (Kind::Coverage(_), Value::Coverage { protected, target }) => {
            check_coverage(*protected, *target)
        }
        (kind, value) => check_plain(evaluation, kind, value),
    };
    let fits = !objections.iter().any(|objection| objection.refuses);
    if fits && let Ok(given) = given(place, question, value, evaluation) {
        let failing = failing(place, &question.checks, &given, evaluation);
        objections.extend(failing.into_iter().map(|check| told(evaluation, check)));
    }
    objections
}

/// Returns what a check of the questionnaire says.
fn told(evaluation: &Evaluation, check: &Check) -> Objection {
    Objection {
        refuses: check.refuses,
        ..Objection::refusal(evaluation.text(&check.text))
    }
}

fn check_coverage(protected: u64, target: u64) -> Vec<Objection> {
    let most = i64::MAX.unsigned_abs();
    if protected > most || target > most {
        return vec![Objection::refusal("the number is too large to be meant")];
    }
    if protected > target {
        return vec![
            Objection::warning(format!(
                "more are protected ({protected}) than should be ({target}); it counts as all of them"
            ))
            .help("look at both numbers again"),
        ];
    }
    Vec::new()
}

fn check_plain(evaluation: &Evaluation, kind: &Kind, value: &Value) -> Vec<Objection> {
    match (kind, value) {
        (Kind::Choice(options), Value::Choice(id)) => {
            let known = options.iter().position(|option| option.id == *id);
            let offered = offered(evaluation, kind);
            if known.is_some_and(|place| offered.contains(&place)) {
                return Vec::new();
            }
            vec![not_offered(
                evaluation,
                options,
                &offered,
                id.as_str(),
                known.is_some(),
            )]
        }
        (Kind::Multi(options), Value::Multi(ids)) => check_ticked(evaluation, kind, options, ids),
        (Kind::Int(bounds), Value::Int(number)) => outside(*bounds, Decimal::from(*number))
            .into_iter()
            .collect(),
        (Kind::Decimal(bounds), Value::Decimal(number)) => {
            outside(*bounds, *number).into_iter().collect()
        }
        (Kind::Percent(bounds), Value::Decimal(number)) => {
            let whole = Bounds {
                min: Some(bounds.min.unwrap_or(Decimal::ZERO).max(Decimal::ZERO)),
                max: Some(
                    bounds
                        .max
                        .unwrap_or(Decimal::ONE_HUNDRED)
                        .min(Decimal::ONE_HUNDRED),
                ),
            };
            outside(whole, *number).into_iter().collect()
        }
        (Kind::Text, Value::Text(text)) => too_long("the text", text).into_iter().collect(),
        (Kind::Bool, Value::Bool(_)) | (Kind::Date, Value::Date(_)) => Vec::new(),
        _ => vec![no_such_type(kind)],
    }
}

fn check_ticked(
    evaluation: &Evaluation,
    kind: &Kind,
    options: &[Choice],
    ids: &BTreeSet<crate::domain::id::OptionId>,
) -> Vec<Objection> {
    let offered = offered(evaluation, kind);
    let mut objections = Vec::new();
    let mut exclusive = None;
    for id in ids {
        let known = options.iter().position(|option| option.id == *id);
        match known {
            Some(place) if offered.contains(&place) => {
                exclusive = exclusive.or(options[place].exclusive.then_some(place));
            }
            _ => objections.push(not_offered(
                evaluation,
                options,
                &offered,
                id.as_str(),
                known.is_some(),
            )),
        }
    }
    if let Some(place) = exclusive.filter(|_| ids.len() > 1) {
        let text = evaluation.text(&options[place].text);
        objections.push(
            Objection::refusal(format!("“{text}” excludes the others"))
                .help("take it alone, or leave it out"),
        );
    }
    objections
}

fn not_offered(
    evaluation: &Evaluation,
    options: &[Choice],
    offered: &[usize],
    id: &str,
    known: bool,
) -> Objection {
    let message = if known {
        format!("the option `{id}` is not offered here, as other answers stand")
    } else {
        format!("there is no option `{id}`")
    };
    Objection::refusal(message).help(offer(evaluation, options, offered))
}

fn outside(bounds: Bounds, number: Decimal) -> Option<Objection> {
    let number = number.normalize();
    match (bounds.min, bounds.max) {
        (Some(min), _) if number < min => Some(
            Objection::refusal(format!("{number} is too little"))
                .help(format!("the least is {}", min.normalize())),
        ),
        (_, Some(max)) if number > max => Some(
            Objection::refusal(format!("{number} is too much"))
                .help(format!("the most is {}", max.normalize())),
        ),
        _ => None,
    }
}

fn too_long(what: &str, text: &str) -> Option<Objection> {
    (text.len() > MAX_TEXT).then(|| {
        Objection::refusal(format!("{what} has {} bytes", text.len())).help(format!(
            "at most {MAX_TEXT} are kept; put the rest into a document"
        ))
    })
}

fn check_rows(evaluation: &Evaluation, table: &Table, rows: &[Row]) -> Vec<Objection> {
    if rows.len() > MAX_ROWS {
        return vec![
            Objection::refusal(format!("there are {} rows", rows.len())).help(format!(
                "at most {MAX_ROWS} are kept; sum up what belongs together"
            )),
        ];
    }
    let mut objections = Vec::new();
    let mut seen = BTreeSet::new();
    for (at, row) in rows.iter().enumerate() {
        let in_row = |objection: Objection| objection.in_row(at);
        match row_key(table, row).filter(|key| !key.trim().is_empty()) {
            None => objections.push(in_row(no_key(table))),
            Some(key) if !seen.insert(key.clone()) => objections.push(
                in_row(Objection::refusal(format!(
                    "another row is called `{}`",
                    shown(&key)
                )))
                .help("give every row a name of its own"),
            ),
            Some(_) => {}
        }
        objections.extend(check_row(evaluation, table, row).into_iter().map(in_row));
    }
    objections
}

fn check_row(evaluation: &Evaluation, table: &Table, row: &Row) -> Vec<Objection> {
    let mut objections = Vec::new();
    for (id, value) in row {
        if id.as_str() == FIXED_ROW && !table.fixed.is_empty() {
            continue;
        }
        match table.columns.iter().find(|column| column.id == *id) {
            Some(column) => objections.extend(
                check_plain(evaluation, &column.kind, value)
                    .into_iter()
                    .map(|objection| objection.in_column(id)),
            ),
            None => objections.push(Objection::refusal("there is no such column").in_column(id)),
        }
    }
    let missing = table.columns.iter().enumerate().filter(|(at, column)| {
        column.required && table.key != Some(*at) && !row.contains_key(&column.id)
    });
    objections.extend(missing.map(|(_, column)| {
        Objection::warning("is missing; the row does not count without it").in_column(&column.id)
    }));
    objections
}

fn no_key(table: &Table) -> Objection {
    match table.key {
        Some(key) if table.fixed.is_empty() => Objection::refusal("the row has no name")
            .help(format!("fill in `{}`", table.columns[key].id)),
        _ => Objection::refusal("the row is none of those asked for").help(format!(
            "say which with `{FIXED_ROW}`: {}",
            fixed_ids(table)
        )),
    }
}

fn fixed_ids(table: &Table) -> String {
    let ids: Vec<&str> = table.fixed.iter().map(|row| row.id.as_str()).collect();
    ids.join(", ")
}

/// Returns what the checks of the columns say about the cells of each row.
fn check_cells(
    evaluation: &Evaluation,
    place: usize,
    table: &Table,
    rows: &[Row],
) -> Vec<Objection> {
    let mut objections = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let cells = table
            .columns
            .iter()
            .map(|column| hold_cell(column, row.get(&column.id), evaluation));
        let Ok(cells) = cells.collect::<Result<Vec<Cell>, String>>() else {
            continue;
        };
        for (column, cell) in table.columns.iter().zip(&cells) {
            let Cell::Known(this) = cell else { continue };
            let judging = Judging {
                base: evaluation,
                this: Some(this),
                row: Some((place, &cells)),
            };
            if column
                .when
                .as_ref()
                .is_some_and(|when| !when.evaluate(&judging).is_true())
            {
                continue;
            }
            let fails = |check: &&Check| check.expression.evaluate(&judging).is_false();
            for check in column.checks.iter().filter(fails) {
                objections.push(told(evaluation, check).in_row(at).in_column(&column.id));
            }
        }
    }
    objections
}

// ── words ──

fn no_such_type(kind: &Kind) -> Objection {
    Objection::refusal(format!("{} is wanted", wanted(kind)))
}

/// Returns what a question of this type wants, in words.
#[must_use]
pub fn wanted(kind: &Kind) -> &'static str {
    match kind {
        Kind::Bool => "yes or no",
        Kind::Choice(_) => "one of the options",
        Kind::Multi(_) => "any of the options",
        Kind::Int(_) => "a whole number",
        Kind::Decimal(_) => "a number",
        Kind::Percent(_) => "a percentage",
        Kind::Text => "a text",
        Kind::Date => "a date",
        Kind::Coverage(_) => "how many are protected, of how many",
        Kind::Rows(_) => "a table",
    }
}

fn toml_example(kind: &Kind) -> String {
    match kind {
        Kind::Bool => "true".into(),
        Kind::Choice(options) | Kind::Multi(options) => {
            let id = options.first().map_or("…", |option| option.id.as_str());
            match kind {
                Kind::Multi(_) => format!("[\"{id}\"]"),
                _ => format!("\"{id}\""),
            }
        }
        Kind::Int(_) => "4".into(),
        Kind::Decimal(_) | Kind::Percent(_) => "94.5".into(),
        Kind::Date => "2026-09-02".into(),
        Kind::Coverage(_) => "{ protected = 812, target = 900 }".into(),
        Kind::Text | Kind::Rows(_) => "\"…\"".into(),
    }
}

fn toml_kind(toml: &toml::Value) -> &'static str {
    match toml {
        toml::Value::String(_) => "a text",
        toml::Value::Integer(_) => "a whole number",
        toml::Value::Float(_) => "a decimal number",
        toml::Value::Boolean(_) => "true or false",
        toml::Value::Datetime(_) => "a date or time",
        toml::Value::Array(_) => "a list",
        toml::Value::Table(_) => "a table",
    }
}

/// Returns the beginning of what was given, short enough for a message.
fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(60).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
