//! The question at hand, with everything about it; and the page at the end of the questions.

use ratatui::style::Style;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

use crate::cli::assess::face::{Face, Field, Menu, Mode, Purpose};
use crate::cli::assess::lines::{cut, ends, wrap};
use crate::cli::assess::page::Page;
use crate::cli::assess::panes::rows::rows;
use crate::cli::assess::panes::side::promises;
use crate::cli::assess::scene::{NO_DATA, Pick, Scene};
use crate::cli::assess::theme::Theme;
use crate::domain::ledger::Subject;
use crate::domain::questionnaire::{Citation, Kind, Question, Tier};
use crate::domain::response::{Said, Value};
use crate::domain::{intake, words};
use crate::markdown::{inert, inert_line, to_text};

/// How many lines of a long answer are shown.
const ANSWER_LINES: usize = 8;

/// Returns the question at hand with everything about it.
pub(crate) fn question(face: &Face, scene: &Scene<'_>, theme: Theme, width: usize) -> Page {
    let mut page = Page::default();
    let Some(place) = face.walk.current else {
        return end(face, scene, theme, width);
    };
    stop_text(&mut page, face, scene, theme, width);
    page.text(&scene.question_text(place), width, theme.strong());
    page.text(&about(scene.question(place)), width, theme.faint());
    if face.help {
        help(&mut page, scene, place, theme, width);
    }
    match &face.mode {
        Mode::Menu(menu) => {
            choosing(&mut page, menu, theme, width);
            return page;
        }
        Mode::Field(field) => {
            typing(&mut page, field, face, scene, theme, width);
            return page;
        }
        _ => {}
    }
    page.gap();
    answer(&mut page, face, scene, place, theme, width);
    page.gap();
    last_time(&mut page, scene, place, theme, width);
    if let Some(needs) = scene.needs(&face.walk, place) {
        page.text(&needs, width, theme.warn());
    }
    if face.wide {
        beside(&mut page, face, scene, place, theme, width);
    }
    page
}

/// Adds what was said last time, and that one key says that it is still true.
fn last_time(page: &mut Page, scene: &Scene<'_>, place: usize, theme: Theme, width: usize) {
    let (tools, contradict) = scene.tools(place);
    let Some(last) = scene.last_time(place) else {
        if tools != NO_DATA {
            page.text(&tools, width, theme.faint());
        }
        return;
    };
    if tools != NO_DATA {
        let style = if contradict {
            theme.warn()
        } else {
            theme.faint()
        };
        page.text(&tools, width, style);
    }
    let today = scene.assessment.evaluation.day();
    let response = scene.response(place);
    let old = response.is_some_and(|response| {
        response.said_on != today && !matches!(response.said, Said::Unknown(_))
    });
    let still = if old { "[=] still true" } else { "" };
    let beside = format!(" · {NO_DATA}");
    let room = width.saturating_sub(still.width() + 1);
    let fits = last.width() + beside.width() <= room;
    let beside = if tools == NO_DATA && fits {
        beside
    } else {
        String::new()
    };
    let line = ends(&format!("{last}{beside}"), still, width);
    page.push(Span::styled(line, theme.faint()));
}

/// Returns whose rule the question states, how strongly it is wanted, and who is asked.
fn about(question: &Question) -> String {
    let tier = match question.tier {
        Tier::Required => Some("required"),
        Tier::Recommended => Some("recommended"),
        Tier::Info => None,
    };
    let parts = [
        question.rule.map(|rule| rule.words().to_owned()),
        tier.map(str::to_owned),
        question
            .ask
            .as_ref()
            .map(|team| format!("ask {}", inert_line(team))),
        question.private.then(|| "internal only".to_owned()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(" · ")
}

/// Adds why it is asked, where to look, and the sources.
fn help(page: &mut Page, scene: &Scene<'_>, place: usize, theme: Theme, width: usize) {
    let question = scene.question(place);
    let evaluation = &scene.assessment.evaluation;
    let texts = question.why.iter().chain(&question.help);
    let mut any = false;
    for text in texts {
        page.gap();
        page.text(&to_text(&evaluation.text(text)), width, Style::new());
        any = true;
    }
    for citation in &question.refs {
        page.text(&source(scene, citation), width, theme.faint());
        any = true;
    }
    if !any {
        page.text(
            "Nothing more is said about this question.",
            width,
            theme.faint(),
        );
    }
}

/// Returns a source with its address and the day it was last read.
fn source(scene: &Scene<'_>, citation: &Citation) -> String {
    let Some(reference) = scene.questionnaire().references.get(&citation.reference) else {
        return citation.reference.to_string();
    };
    let part = citation.part.as_ref().map(|part| format!(", {part}"));
    let url = reference.url.as_ref().map(|url| format!(" {url}"));
    let checked = reference
        .checked
        .map(|day| format!(" (read {})", words::day(day)));
    inert_line(format!(
        "Source: {}{}{}{}",
        reference.title,
        part.unwrap_or_default(),
        url.unwrap_or_default(),
        checked.unwrap_or_default()
    ))
}

fn stop_text(page: &mut Page, face: &Face, scene: &Scene<'_>, theme: Theme, width: usize) {
    for stop in face.walk.stops(scene.assessment) {
        let stop = &scene.questionnaire().stops[stop];
        let text = inert(&scene.assessment.evaluation.text(&stop.text));
        page.text(&to_text(&text), width, theme.bad());
        page.gap();
    }
}

/// Adds what can be picked, or the answer that was written.
fn answer(
    page: &mut Page,
    face: &Face,
    scene: &Scene<'_>,
    place: usize,
    theme: Theme,
    width: usize,
) {
    let picks = scene.picks(place);
    let kind = &scene.question(place).kind;
    let written = !matches!(kind, Kind::Bool | Kind::Choice(_) | Kind::Multi(_));
    if written {
        written_answer(page, scene, place, theme, width);
    }
    let asking = matches!(face.mode, Mode::Question);
    for (at, pick) in picks.iter().enumerate() {
        let mark = if is_picked(face, scene, place, *pick) {
            "✓"
        } else {
            " "
        };
        let boxed = match (kind, pick) {
            (Kind::Multi(_), Pick::Option(_)) => format!("[{}]", mark.replace('✓', "x")),
            _ => mark.to_owned(),
        };
        let key = pick_key(*pick, at);
        let under = asking && at == face.cursor;
        let begin = format!(" {} {key} {boxed} ", if under { ">" } else { " " });
        let indent = " ".repeat(begin.width());
        let first_line = page.lines.len();
        let text = wrap(
            &scene.pick_words(place, *pick),
            width.saturating_sub(begin.width()),
        );
        let style = if mark == "✓" {
            theme.strong()
        } else {
            Style::new()
        };
        for (number, line) in text.into_iter().enumerate() {
            let before = if number == 0 { &begin } else { &indent };
            page.push(Span::styled(format!("{before}{line}"), style));
        }
        if under && !face.help {
            page.focus = Some((first_line, page.lines.len() - 1));
        }
    }
    if picks
        .iter()
        .all(|pick| !is_picked(face, scene, place, *pick))
        && !written
    {
        other_answer(page, scene, place, theme, width);
    }
}

/// Adds an answer that is none of those that can be picked: not known, not applicable.
fn other_answer(page: &mut Page, scene: &Scene<'_>, place: usize, theme: Theme, width: usize) {
    let said = scene.response(place).map(|response| &response.said);
    if let Some(said @ (Said::Unknown(_) | Said::NotApplicable(_))) = said {
        page.text(
            &format!("   {}", scene.said(place, said)),
            width,
            theme.strong(),
        );
    }
}

fn written_answer(page: &mut Page, scene: &Scene<'_>, place: usize, theme: Theme, width: usize) {
    let question = scene.question(place);
    match scene.response(place).map(|response| &response.said) {
        Some(Said::Value(Value::Text(text))) => {
            let mut lines = wrap(&inert(text), width.saturating_sub(3));
            let more = lines.len() > ANSWER_LINES;
            lines.truncate(ANSWER_LINES);
            for line in lines {
                page.push(Span::styled(format!(" ✓ {line}"), theme.strong()));
            }
            if more {
                page.push(Span::styled("   … [e] shows all of it", theme.faint()));
            }
        }
        Some(Said::None) => {}
        Some(said) => {
            page.text(
                &format!(" ✓ {}", scene.said(place, said)),
                width,
                theme.strong(),
            );
            if let (Said::Value(Value::Rows(_)), Kind::Rows(table)) = (said, &question.kind) {
                rows(page, scene, place, table, theme, width);
            }
        }
        None => {}
    }
    page.text(&how_to_write(scene, place), width, theme.faint());
}

/// Returns what is wanted and how to begin.
fn how_to_write(scene: &Scene<'_>, place: usize) -> String {
    let kind = &scene.question(place).kind;
    match kind {
        Kind::Text => "[e] writes the answer".into(),
        Kind::Rows(_) => "[e] opens the table".into(),
        Kind::Coverage(_) => match intake::proposed_target(&scene.assessment.evaluation, place) {
            Some(target) => format!(
                "protected/target, such as 812/900; a number alone is taken of {}",
                words::number(i128::from(target))
            ),
            None => "protected/target, such as 812/900".into(),
        },
        Kind::Date => "a date such as 2026-09-02, or [e] and `today`".into(),
        Kind::Int(bounds) | Kind::Decimal(bounds) | Kind::Percent(bounds) => {
            let least = bounds.min.map(|min| format!(" from {}", min.normalize()));
            let most = bounds.max.map(|max| format!(" to {}", max.normalize()));
            let (least, most) = (least.unwrap_or_default(), most.unwrap_or_default());
            format!("{}{least}{most}: begin with a digit", intake::wanted(kind))
        }
        Kind::Bool | Kind::Choice(_) | Kind::Multi(_) => String::new(),
    }
}

/// Returns the key that picks something.
pub(crate) fn pick_key(pick: Pick, at: usize) -> char {
    match (pick, at) {
        (Pick::None, _) => '0',
        (_, 0..=8) => char::from(b'1' + at as u8),
        _ => ' ',
    }
}

fn is_picked(face: &Face, scene: &Scene<'_>, place: usize, pick: Pick) -> bool {
    let options = scene.question(place).kind.options();
    let said = scene.response(place).map(|response| &response.said);
    match (pick, said) {
        (Pick::Option(option), _) if matches!(scene.question(place).kind, Kind::Multi(_)) => {
            face.ticks(scene, place).contains(&options[option].id)
        }
        (Pick::Option(option), Some(Said::Value(Value::Choice(id)))) => options[option].id == *id,
        (Pick::Bool(value), Some(Said::Value(Value::Bool(said)))) => value == *said,
        (Pick::None, Some(Said::None)) => true,
        _ => false,
    }
}

/// Adds what there is room for on a wide screen: notes, what just changed, what comes next.
fn beside(
    page: &mut Page,
    face: &Face,
    scene: &Scene<'_>,
    place: usize,
    theme: Theme,
    width: usize,
) {
    let response = scene.response(place);
    let private = response.and_then(|response| response.private_note.as_deref());
    if let Some(note) = private.filter(|_| face.shows_manager()) {
        page.gap();
        page.text(
            &format!("Private note: {}", inert(note)),
            width,
            theme.faint(),
        );
    }
    for note in notes(scene, place, face.shows_manager()) {
        page.text(&note, width, theme.faint());
    }
    let changed = scene.changed(&face.walk.news);
    if !changed.is_empty() {
        page.gap();
        page.push(Span::styled("What just changed", theme.strong()));
        for line in changed {
            page.text(&line, width, Style::new());
        }
    }
    if let Some(next) = face.walk.upcoming(scene.assessment) {
        page.gap();
        page.text(
            &format!("Next: {}", scene.question_text(next)),
            width,
            theme.faint(),
        );
    }
}

/// Returns the notes about a question that stand by themselves.
fn notes(scene: &Scene<'_>, place: usize, private_too: bool) -> Vec<String> {
    let about = Subject::Question(scene.question(place).id.clone());
    let notes = scene.assessment.notes.iter();
    notes
        .filter(|note| note.what.about == about && (note.what.public || private_too))
        .map(|note| {
            let day = words::day(note.at.day_in(scene.book.customer.time_zone));
            let private = if note.what.public { "" } else { ", private" };
            format!("Noted {day}{private}: {}", inert(&note.what.text))
        })
        .collect()
}

/// Adds the field in which something is typed.
fn typing(
    page: &mut Page,
    field: &Field,
    face: &Face,
    scene: &Scene<'_>,
    theme: Theme,
    width: usize,
) {
    page.gap();
    let first = page.lines.len();
    if let (Purpose::Answer, Some(place)) = (&field.purpose, face.walk.current) {
        page.text(&how_to_write(scene, place), width, theme.faint());
    }
    page.text(purpose_words(field), width, theme.key());
    let layout = field.editor.layout(width.saturating_sub(2));
    let top = page.lines.len();
    for line in layout.lines {
        page.push(format!("│ {line}"));
    }
    page.cursor = Some((top + layout.line, layout.column + 2));
    let faults_from = page.lines.len();
    for fault in &field.faults {
        page.text(&inert(fault), width, theme.bad());
    }
    let names = field.suggestions(scene, &face.walk);
    if !names.is_empty() {
        let names: Vec<String> = names.iter().take(6).map(inert_line).collect();
        page.text(&format!("Tab: {}", names.join(", ")), width, theme.faint());
    }
    let last = page.lines.len() - 1;
    let seen = if field.faults.is_empty() {
        top + layout.line
    } else {
        last.max(faults_from)
    };
    page.focus = Some((first.max(seen.saturating_sub(8)), seen));
}

fn purpose_words(field: &Field) -> &'static str {
    match &field.purpose {
        Purpose::Answer => "Answer",
        Purpose::Note { private: false } => "Note, printed in reports",
        Purpose::Note { private: true } => "Private note, internal report only",
        Purpose::SaidBy => "Who is speaking? Empty: nobody in particular",
        Purpose::Whom => "Who finds out? Empty: nobody in particular",
        Purpose::ByWhen { .. } => "By when? A date such as 2026-09-09; empty: no date",
        Purpose::Search => "Find",
        Purpose::Reason => "Why does it not apply? (the note says it)",
    }
}

fn choosing(page: &mut Page, menu: &Menu, theme: Theme, width: usize) {
    page.gap();
    let first = page.lines.len();
    page.text(menu.title, width, theme.key());
    for (at, line) in menu.lines.iter().enumerate() {
        let under = if at == menu.cursor { ">" } else { " " };
        let key = if at < 9 {
            char::from(b'1' + at as u8)
        } else {
            ' '
        };
        page.push(cut(&format!(" {under} {key}  {}", inert_line(line)), width));
    }
    page.focus = Some((first, page.lines.len() - 1));
}

/// Returns the page at the end of the questions.
fn end(face: &Face, scene: &Scene<'_>, theme: Theme, width: usize) -> Page {
    let mut page = Page::default();
    stop_text(&mut page, face, scene, theme, width);
    let open = face.walk.open(scene.assessment);
    let headline = match (open, &face.walk.ask) {
        (0, None) => "Nothing is open".to_owned(),
        (0, Some(team)) => format!("Nothing is open for {}", inert_line(team)),
        _ => words::count(open, "question is still open", "questions are still open"),
    };
    page.text(&headline, width, theme.strong());
    page.gap();
    page.text(
        "Enter goes through the questions again, g shows the sections, / finds a question, F10 finishes the call and prints the minutes.",
        width,
        Style::new(),
    );
    promises(
        &mut page,
        scene,
        &face.walk.promised(scene.assessment),
        theme,
        width,
    );
    match &face.mode {
        Mode::Field(field) => typing(&mut page, field, face, scene, theme, width),
        Mode::Menu(menu) => choosing(&mut page, menu, theme, width),
        _ => {}
    }
    page
}
