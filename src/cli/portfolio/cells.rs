//! The columns of the portfolio, each in one place, for tables, cards and files.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::actions::{Line, Portfolio};
use crate::cli::ui;
use crate::cli::ui::Tone;
use crate::domain::decision::Party;
use crate::domain::phase::Phase;
use crate::domain::questionnaire::Asset;
use crate::domain::time::Day;
use crate::domain::trail::Move;
use crate::domain::words;
use crate::markdown::inert_line;
use crate::report::sheet::{Head, NOTHING};

/// A column.
pub(in crate::cli::portfolio) struct Column {
    pub(in crate::cli::portfolio) head: Head,
    /// What a line has in it; may hold what people typed.
    pub(in crate::cli::portfolio) cell: fn(&Line) -> String,
}

/// Returns the columns, for a director or for a manager.
pub(in crate::cli::portfolio) fn columns(director: bool, moved: bool) -> Vec<Column> {
    let words = |head, cell| Column {
        head: Head::words(head),
        cell,
    };
    let number = |head, cell| Column {
        head: Head::number(head),
        cell,
    };
    let day = |head, cell| Column {
        head: Head::day(head),
        cell,
    };
    let mut columns = vec![
        words("Customer", |line| line.name.clone()),
        words("Phase", phase),
        words("Go-live", go_live),
        words("Verdict", verdict),
        number("Stops/cond.", stops),
        words("Waiting on", waiting),
        words("Overdue", overdue),
        number("Open", open),
        number("Devices", |line| coverage(line, Asset::Devices)),
        number("Identities", |line| coverage(line, Asset::Identities)),
        number("Responses", |line| line.summary.responses.to_string()),
        day("Next touch", |line| or_nothing(line.summary.next_touch)),
        day("Last touch", |line| or_nothing(line.summary.last_touch)),
    ];
    if director {
        columns.push(words("Manager", |line| {
            line.manager_name.clone().unwrap_or_else(|| NOTHING.into())
        }));
        columns.push(words("Region", |line| {
            let region = line.summary.region.clone();
            region.unwrap_or_else(|| NOTHING.into())
        }));
        columns.push(day("Ready by plan", |line| {
            or_nothing(line.summary.planned_ready)
        }));
        columns.push(words("Override", |line| {
            let overridden = line.summary.overridden;
            if overridden { "in force" } else { NOTHING }.into()
        }));
    }
    if moved {
        columns.push(words("Moved", movement));
    }
    columns
}

/// Prints one row a customer, where rows fit into `width`; returns whether they do.
pub(in crate::cli::portfolio) fn table(
    portfolio: &Portfolio,
    director: bool,
    moved: bool,
    width: usize,
) -> bool {
    let columns = columns(director, moved);
    let heads: Vec<&str> = columns
        .iter()
        .map(|column| column.head.text.as_str())
        .collect();
    // Before thousands of rows are laid out for nothing.
    if heads.iter().map(|head| head.width() + 2).sum::<usize>() > width + 2 {
        return false;
    }
    let rows: Vec<Vec<String>> = { portfolio.lines.iter() }
        .map(|line| {
            columns
                .iter()
                .map(|column| cut(&inert_line((column.cell)(line)), 34))
                .collect()
        })
        .collect();
    let widest = |place: usize| {
        let cells = rows.iter().map(|row| row[place].width());
        cells.chain([heads[place].width()]).max().unwrap_or(0)
    };
    let needed: usize = (0..heads.len()).map(|place| widest(place) + 2).sum();
    let fits = needed <= width + 2;
    if fits {
        ui::table(&heads, &rows);
    }
    fits
}

/// Prints a few lines a customer, none wider than `width`.
pub(in crate::cli::portfolio) fn cards(
    portfolio: &Portfolio,
    director: bool,
    moved: bool,
    width: usize,
) {
    let columns = columns(director, moved);
    let rest: Vec<(String, &Column)> = { columns.iter().skip(10) }
        .map(|column| (column.head.text.to_lowercase(), column))
        .collect();
    ui::lines(portfolio.lines.iter().flat_map(|line| {
        let name = cut(&inert_line(&line.name), width);
        let name = ui::tone(Tone::Strong, &name);
        let parts = filled(&parts(line, &rest), width.saturating_sub(2));
        let parts = parts.into_iter().map(|text| format!("  {text}"));
        std::iter::once(name).chain(parts)
    }));
}

/// Returns what a card tells of a customer: what every view tells, and what the `rest` of the columns adds.
fn parts(line: &Line, rest: &[(String, &Column)]) -> Vec<String> {
    let mut parts = vec![format!("{} · {}", verdict(line), phase(line))];
    let mut add = |label: &str, cell: String| {
        if cell != NOTHING && cell != "0" {
            parts.push(format!("{label} {cell}"));
        }
    };
    add("stops/conditions", stops(line));
    add("go-live", go_live(line));
    add("overdue", overdue(line));
    add("waits on", waiting(line));
    add("open answers", open(line));
    add("devices", coverage(line, Asset::Devices));
    add("identities", coverage(line, Asset::Identities));
    for (label, column) in rest {
        add(label, (column.cell)(line));
    }
    parts
}

/// Joins parts with dots between them into lines of at most `width` letters.
fn filled(parts: &[String], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        let part = cut(&inert_line(part), width);
        match lines.last_mut() {
            Some(last) if last.chars().count() + part.chars().count() + 3 <= width => {
                last.push_str(" · ");
                last.push_str(&part);
            }
            _ => lines.push(part),
        }
    }
    lines
}

/// Returns at most `width` letters, the last of them a sign that more would follow.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut room = width.saturating_sub(1);
    let mut short: String = text
        .chars()
        .take_while(|letter| {
            let wide = letter.width().unwrap_or(0);
            let fits = wide <= room;
            room = room.saturating_sub(wide);
            fits
        })
        .collect();
    short.push('…');
    short
}

fn or_nothing(day: Option<Day>) -> String {
    day.map_or_else(|| NOTHING.into(), words::day)
}

fn days(from: Day, to: Day) -> String {
    format!("{} d", words::number(i128::from((to - from).num_days())))
}

fn phase(line: &Line) -> String {
    let summary = &line.summary;
    match summary.phase_since {
        Some(since) => format!("{} ({})", summary.phase.words(), days(since, line.today)),
        None => summary.phase.words().into(),
    }
}

fn go_live(line: &Line) -> String {
    let summary = &line.summary;
    let Some(day) = summary.go_live else {
        return NOTHING.into();
    };
    let mut beside = Vec::new();
    if !summary.phase.runs() && summary.phase != Phase::Ended {
        beside.push(match (day - line.today).num_days() {
            passed @ ..0 => format!("{} d ago", words::number(-i128::from(passed))),
            left => format!("{} d left", words::number(i128::from(left))),
        });
    }
    if summary.go_live_moved > 0 {
        beside.push(format!("moved {}×", summary.go_live_moved));
    }
    match beside.is_empty() {
        true => words::day(day),
        false => format!("{} ({})", words::day(day), beside.join(", ")),
    }
}

/// Returns the words for a verdict's code.
fn verdict_words(code: &str) -> &str {
    match code {
        "stopped" => "Stopped",
        "not-ready" => "Not ready",
        "undetermined" => "Cannot say yet",
        "ready-with-conditions" => "Ready with conditions",
        "ready" => "Ready",
        "not-assessed" => "Not assessed",
        other => other,
    }
}

fn verdict(line: &Line) -> String {
    let summary = &line.summary;
    let verdict = verdict_words(&summary.verdict);
    let since = summary.trail.as_ref().and_then(|trail| trail.verdict_since);
    match since {
        Some(since) => format!("{verdict} (since {})", words::short_day(since)),
        None => verdict.to_owned(),
    }
}

fn stops(line: &Line) -> String {
    format!("{} / {}", line.summary.blocking, line.summary.conditions)
}

fn waiting(line: &Line) -> String {
    let Some(waits) = &line.summary.waits_on else {
        return NOTHING.into();
    };
    let party = Party::ALL
        .into_iter()
        .find(|party| Some(party.code()) == waits.party.as_deref())
        .map(|party| party.words().to_owned());
    let whom = line.waits_for.clone().or(party).unwrap_or_default();
    format!("{whom} ({})", days(waits.since, line.today))
}

fn overdue(line: &Line) -> String {
    match (line.summary.overdue, line.summary.oldest_due) {
        (count @ 1.., Some(oldest)) => {
            format!("{count} (oldest {})", days(oldest, line.today))
        }
        _ => NOTHING.into(),
    }
}

fn open(line: &Line) -> String {
    line.summary.open.to_string()
}

fn coverage(line: &Line, asset: Asset) -> String {
    line.coverage(asset)
        .and_then(|(protected, target)| {
            let share = u128::from(protected.min(target)) * 10_000 / u128::from(target);
            u32::try_from(share).ok()
        })
        .map_or_else(|| NOTHING.into(), words::percent)
}

/// Returns what moved, the newest first.
fn movement(line: &Line) -> String {
    let told: Vec<String> = line.moved.iter().rev().map(step).collect();
    if told.is_empty() {
        return NOTHING.into();
    }
    told.join("; ")
}

fn step(step: &Move) -> String {
    let mut parts = Vec::new();
    if let Some(code) = &step.verdict {
        parts.push(verdict_words(code).to_owned());
    }
    if let Some(phase) = step.phase {
        parts.push(format!("into {}", phase.words()));
    }
    if let Some(day) = step.go_live {
        parts.push(format!("go-live to {}", words::short_day(day)));
    }
    if step.raised > 0 {
        parts.push(format!("{} new", step.raised));
    }
    if step.closed > 0 {
        parts.push(format!("{} gone", step.closed));
    }
    format!("{}: {}", words::short_day(step.on), parts.join(", "))
}
