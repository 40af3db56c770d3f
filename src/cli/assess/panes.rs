//! What the panes of the full-screen walk hold, as lines of a width.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::cli::assess::face::{Face, Field, Menu, Mode, Purpose, Sheet};
use crate::cli::assess::keys::KEYS;
use crate::cli::assess::lines::{cut, ends, fit, wrap};
use crate::cli::assess::scene::{Pick, Scene};
use crate::cli::assess::screen::Page;
use crate::cli::assess::table::Grid;
use crate::cli::assess::theme::Theme;
use crate::domain::id::FindingKey;
use crate::domain::questionnaire::{Citation, Kind, Question, Table};
use crate::domain::response::{Said, Value};
use crate::domain::walk::{Attention, Promise};
use crate::domain::{intake, phrases, scoring, words};
use crate::markdown::{inert, inert_line, to_text};

/// How many lines of a long answer are shown.
const ANSWER_LINES: usize = 8;

// ── the question ──

/// Returns the question at hand with everything about it.
pub(crate) fn question(
    face: &Face,
    scene: &Scene<'_>,
    theme: Theme,
    width: usize,
    wide: bool,
) -> Page {
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
    if wide {
        beside(&mut page, face, scene, place, theme, width);
    }
    page
}

/// Adds what was said last time, and that one key says that it is still true.
fn last_time(page: &mut Page, scene: &Scene<'_>, place: usize, theme: Theme, width: usize) {
    let Some(last) = scene.last_time(place) else {
        return;
    };
    let today = scene.assessment.evaluation.day();
    let response = scene.response(place);
    let old = response.is_some_and(|response| {
        response.said_on != today && !matches!(response.said, Said::Unknown(_))
    });
    let still = if old { "[=] still true" } else { "" };
    let tools = " · tools: no data";
    let room = width.saturating_sub(still.width() + 1);
    let tools = if last.width() + tools.width() <= room {
        tools
    } else {
        ""
    };
    let line = ends(&format!("{last}{tools}"), still, width);
    page.push(Span::styled(line, theme.faint()));
}

/// Returns whose rule the question states, how strongly it is wanted, and who is asked.
fn about(question: &Question) -> String {
    use crate::domain::questionnaire::Tier;
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
    inert_line(&format!(
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
        if under {
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
    match scene.response(place).map(|response| &response.said) {
        Some(said @ (Said::Unknown(_) | Said::NotApplicable(_))) => {
            page.text(
                &format!("   {}", scene.said(place, said)),
                width,
                theme.strong(),
            );
        }
        _ => {}
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

fn rows(
    page: &mut Page,
    scene: &Scene<'_>,
    place: usize,
    table: &Table,
    theme: Theme,
    width: usize,
) {
    let grid = Grid::new(&scene.assessment.evaluation, place, table);
    let layout = GridLayout::of(&grid, scene, table, width, None);
    page.push(Span::styled(layout.head(scene, table), theme.faint()));
    for row in 0..grid.rows.len().min(ANSWER_LINES) {
        page.push(layout.row_text(&grid, scene, table, row));
    }
    if grid.rows.len() > ANSWER_LINES {
        page.push(Span::styled("… [e] shows all of it", theme.faint()));
    }
}

fn pick_key(pick: Pick, at: usize) -> char {
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
    if let Some(note) = private.filter(|_| face.manager) {
        page.gap();
        page.text(
            &format!("Private note: {}", inert(note)),
            width,
            theme.faint(),
        );
    }
    for note in notes(scene, place, face.manager) {
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
    use crate::domain::ledger::Subject;
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
        let names: Vec<String> = names.iter().take(6).map(|name| inert_line(name)).collect();
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

fn promises(page: &mut Page, scene: &Scene<'_>, promised: &[Promise], theme: Theme, width: usize) {
    if promised.is_empty() {
        return;
    }
    page.gap();
    page.push(Span::styled("Promised today", theme.strong()));
    for promise in promised {
        let who = promise
            .asked
            .as_ref()
            .map_or_else(|| "somebody".into(), |who| scene.name(who));
        let by = promise
            .by
            .map_or_else(String::new, |by| format!(" by {}", words::day(by)));
        page.text(
            &format!("{who}{by}: {}", scene.question_text(promise.place)),
            width,
            Style::new(),
        );
    }
}

// ── around it ──

/// Returns the lines below the question: who speaks, the note, what the last key came to.
pub(crate) fn status(
    face: &Face,
    scene: &Scene<'_>,
    theme: Theme,
    width: usize,
) -> Vec<Line<'static>> {
    let who = match &face.walk.said_by {
        Some(person) => format!(
            "Said by {}, {}",
            scene.name(person),
            face.walk.basis.words()
        ),
        None => format!("Said by nobody named, {}", face.walk.basis.words()),
    };
    let mut lines = vec![Line::from(ends(
        &format!(" {who}"),
        "[s] who  [b] how",
        width,
    ))];
    let response = face.walk.current.and_then(|place| scene.response(place));
    let note = response.and_then(|response| response.note.as_deref());
    lines.push(match note {
        Some(note) => Line::from(cut(&format!(" Note: {}", inert_line(note)), width)),
        None => Line::from(Span::styled(" No note", theme.faint())),
    });
    let (text, style) = match &face.message {
        Some(message) if message.bad => (message.text.clone(), theme.bad()),
        Some(message) => (message.text.clone(), theme.warn()),
        None => (scene.changed(&face.walk.news).join("; "), theme.good()),
    };
    let told = wrap(&inert(&text), width.saturating_sub(1));
    lines.extend(
        told.into_iter()
            .take(4)
            .map(|line| Line::styled(format!(" {line}"), style)),
    );
    lines
}

/// Returns the keys that can be pressed, in as many lines as they need.
pub(crate) fn keys(face: &Face, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let told: &[(&str, &str)] = match &face.mode {
        Mode::Question => &[
            ("1-9", "pick"),
            ("Enter", "next"),
            ("Bksp", "back"),
            ("n", "note"),
            ("?", "not known, ask…"),
            ("-", "n/a"),
            ("/", "find"),
            ("p", "park"),
            ("g", "sections"),
            ("w", "why"),
            ("v", "view"),
            ("F10", "finish"),
            ("e", "write"),
            ("Tab", "sheet"),
            ("u", "undo"),
            ("o", "next open"),
            ("=", "still true"),
            ("a", "team"),
            ("h", "all keys"),
        ],
        Mode::Field(field) if field.purpose == Purpose::Search => &[
            ("Up Down", "choose"),
            ("Enter", "go there"),
            ("Esc", "leave"),
        ],
        Mode::Field(field) if field.editor.is_long() => &[
            ("Enter", "keep"),
            ("Alt+Enter", "new line"),
            ("Esc", "leave it as it was"),
        ],
        Mode::Field(_) => &[("Enter", "keep"), ("Esc", "leave it as it was")],
        Mode::Menu(_) | Mode::Sections(_) => &[
            ("1-9", "choose"),
            ("Up Down Enter", "choose"),
            ("Esc", "leave"),
        ],
        Mode::Sheet(_) => &[
            ("1-9", "answer"),
            ("Up Down", "move"),
            ("=", "still true"),
            ("u", "undo"),
            ("Left Right", "other section"),
            ("Enter", "open"),
            ("Esc", "leave"),
        ],
        Mode::Table(_) => &[
            ("arrows", "move"),
            ("Enter", "write"),
            ("1-9 Space", "pick"),
            ("Ins", "new row"),
            ("^D", "remove row"),
            ("Del", "clear"),
            ("Esc", "done, keep"),
        ],
        Mode::Keys => &[("any key", "back")],
    };
    let most = if width < 100 { 2 } else { 3 };
    told_keys(told, theme, width, most)
}

fn told_keys(told: &[(&str, &str)], theme: Theme, width: usize, most: usize) -> Vec<Line<'static>> {
    let mut lines: Vec<Vec<Span<'static>>> = vec![Vec::new()];
    let mut used = 0;
    for (key, does) in told {
        let wide = key.width() + 1 + does.width();
        if used > 0 && used + 2 + wide > width {
            if lines.len() == most {
                break;
            }
            lines.push(Vec::new());
            used = 0;
        }
        let line = lines.len() - 1;
        if used > 0 {
            lines[line].push(Span::raw("  "));
            used += 2;
        }
        lines[line].push(Span::styled((*key).to_owned(), theme.key()));
        lines[line].push(Span::raw(format!(" {does}")));
        used += wide;
    }
    lines.into_iter().map(Line::from).collect()
}

/// Returns the list of all keys.
pub(crate) fn key_list(theme: Theme, width: usize) -> Page {
    let mut page = Page::default();
    page.push(Span::styled("Keys at a question", theme.strong()));
    for (key, does) in KEYS {
        let begin = fit(key, 15);
        page.push(Line::from(vec![
            Span::styled(begin, theme.key()),
            Span::raw(cut(does, width.saturating_sub(15))),
        ]));
    }
    page
}

/// Returns the sections at the side, with their progress.
pub(crate) fn sections(face: &Face, scene: &Scene<'_>, theme: Theme, width: usize) -> Page {
    section_lines(face, scene, theme, width, None)
}

/// Returns the sections as a list to choose from.
pub(crate) fn section_list(
    face: &Face,
    scene: &Scene<'_>,
    theme: Theme,
    width: usize,
    line: usize,
) -> Page {
    section_lines(face, scene, theme, width, Some(line))
}

fn section_lines(
    face: &Face,
    scene: &Scene<'_>,
    theme: Theme,
    width: usize,
    cursor: Option<usize>,
) -> Page {
    let mut page = Page::default();
    let here = face.walk.current.map(|place| scene.question(place).section);
    for (at, one) in face.walk.progress(scene.assessment).iter().enumerate() {
        let under = cursor.map_or(Some(one.section) == here, |cursor| cursor == at);
        let key = match cursor {
            Some(_) if at < 9 => format!("{} ", at + 1),
            Some(_) => "  ".into(),
            None => String::new(),
        };
        let mark = if under { ">" } else { " " };
        let title = format!("{mark} {key}{}", scene.section_title(one.section));
        let progress = match one.offered {
            0 => "—".to_owned(),
            offered => format!("{}/{offered}", one.answered),
        };
        let done = one.offered > 0 && one.answered == one.offered;
        let style = match (under, done) {
            (true, _) => theme.strong(),
            (false, true) => theme.faint(),
            (false, false) => Style::new(),
        };
        page.push(Span::styled(ends(&title, &progress, width), style));
        let mut also = Vec::new();
        if one.elsewhere > 0 {
            also.push(format!("{} for other teams", one.elsewhere));
        }
        if one.may_follow > 0 {
            also.push(format!("{} may follow", one.may_follow));
        }
        if !also.is_empty() {
            page.push(Span::styled(
                cut(&format!("    {}", also.join(", ")), width),
                theme.faint(),
            ));
        }
        if under {
            page.focus = Some((page.lines.len().saturating_sub(2), page.lines.len() - 1));
        }
    }
    page
}

/// Returns the manager's own view.
pub(crate) fn manager(face: &Face, scene: &Scene<'_>, theme: Theme, width: usize) -> Page {
    let mut page = Page::default();
    let verdict = scoring::verdict(scene.assessment, scene.book.today);
    page.push(Span::styled(
        "Not for the shared screen  [v]",
        theme.faint(),
    ));
    let style = if verdict.code.is_ready() {
        theme.good()
    } else {
        theme.bad()
    };
    let sentence = inert_line(&phrases::verdict(scene.assessment, &verdict));
    page.text(&sentence, width, style);
    if let Some(detail) = phrases::verdict_detail(&verdict) {
        page.text(&detail, width, Style::new());
    }
    let conditions: Vec<FindingKey> = verdict
        .not_in_hand
        .iter()
        .chain(&verdict.in_hand)
        .cloned()
        .collect();
    findings(
        &mut page,
        "Stops the start",
        &verdict.blocking,
        scene,
        theme,
        width,
    );
    findings(&mut page, "Conditions", &conditions, scene, theme, width);
    let news = &face.walk.news;
    findings(
        &mut page,
        "Raised by the last answer",
        &news.raised,
        scene,
        theme,
        width,
    );
    findings(
        &mut page,
        "Gone with the last answer",
        &news.gone,
        scene,
        theme,
        width,
    );
    let covered = scoring::coverage(&scene.assessment.evaluation);
    if !covered.is_empty() {
        page.gap();
        page.push(Span::styled("Protected", theme.strong()));
    }
    for one in covered {
        let of = format!(
            "{} of {}",
            words::number(i128::from(one.protected)),
            words::number(i128::from(one.target))
        );
        page.push(ends(phrases::asset(one.asset), &of, width));
    }
    let people = face.walk.people();
    if !people.is_empty() {
        let names: Vec<String> = people.iter().map(|person| scene.name(person)).collect();
        page.gap();
        page.push(Span::styled("In the room", theme.strong()));
        page.text(&names.join(", "), width, Style::new());
    }
    promises(
        &mut page,
        scene,
        &face.walk.promised(scene.assessment),
        theme,
        width,
    );
    page
}

/// Adds a list of findings, at most five and how many more.
fn findings(
    page: &mut Page,
    title: &str,
    keys: &[FindingKey],
    scene: &Scene<'_>,
    theme: Theme,
    width: usize,
) {
    if keys.is_empty() {
        return;
    }
    page.gap();
    page.push(Span::styled(title.to_owned(), theme.strong()));
    for key in keys.iter().take(5) {
        let lines = wrap(&scene.finding(key), width.saturating_sub(2));
        for (number, line) in lines.into_iter().enumerate() {
            page.push(format!("{}{line}", if number == 0 { "· " } else { "  " }));
        }
    }
    if keys.len() > 5 {
        page.push(format!("… and {} more", keys.len() - 5));
    }
}

// ── pages ──

/// Returns the search: what is looked for, and what was found.
pub(crate) fn search(field: &Field, scene: &Scene<'_>, theme: Theme, width: usize) -> Page {
    let mut page = Page::default();
    page.push(Span::styled("Find a question", theme.key()));
    let layout = field.editor.layout(width.saturating_sub(2));
    let top = page.lines.len();
    for line in layout.lines {
        page.push(format!("│ {line}"));
    }
    page.cursor = Some((top + layout.line, layout.column + 2));
    page.gap();
    for (at, place) in field.found.iter().enumerate() {
        let under = at == field.cursor;
        let section = scene.section_title(scene.question(*place).section);
        let text = format!(
            "{} {section}: {}",
            if under { ">" } else { " " },
            scene.question_text(*place)
        );
        if under {
            page.focus = Some((page.lines.len(), page.lines.len()));
        }
        let style = if under { theme.strong() } else { Style::new() };
        page.push(Span::styled(cut(&text, width), style));
    }
    if field.found.is_empty() && !field.editor.text().trim().is_empty() {
        page.push(Span::styled(
            "Nothing that is asked has all of these words",
            theme.faint(),
        ));
    }
    page
}

/// Returns the sheet of a section's short questions.
pub(crate) fn sheet(
    face: &Face,
    scene: &Scene<'_>,
    theme: Theme,
    width: usize,
    sheet: Sheet,
) -> Page {
    let mut page = Page::default();
    let places = face.walk.sheet(scene.assessment, sheet.section);
    let title = format!("Sheet: {}", scene.section_title(sheet.section));
    page.push(Span::styled(cut(&title, width), theme.key()));
    if places.is_empty() {
        page.text(
            "No question here is short enough; Left and Right go to other sections",
            width,
            theme.faint(),
        );
    }
    for (at, place) in places.into_iter().enumerate() {
        let under = at == sheet.cursor;
        let first = page.lines.len();
        let mark = if under { ">" } else { " " };
        let said = scene
            .response(place)
            .map(|response| scene.said(place, &response.said));
        let flag = match face.walk.attention(scene.assessment, place) {
            Attention::Open | Attention::Fine => "",
            Attention::Confirm | Attention::Stale => " (again?)",
        };
        let said = said.map_or_else(|| "—".into(), |said| said + flag);
        let said = cut(&said, width / 3);
        let style = if under { theme.strong() } else { Style::new() };
        page.push(Span::styled(
            ends(
                &format!("{mark} {}", scene.question_text(place)),
                &said,
                width,
            ),
            style,
        ));
        if under {
            let options: Vec<String> = scene
                .picks(place)
                .into_iter()
                .enumerate()
                .map(|(at, pick)| {
                    format!("{} {}", pick_key(pick, at), scene.pick_words(place, pick))
                })
                .collect();
            for line in wrap(&options.join("   "), width.saturating_sub(4)) {
                page.push(Span::styled(format!("    {line}"), theme.key()));
            }
            page.focus = Some((first, page.lines.len() - 1));
        }
    }
    page
}

/// Returns rows being edited.
pub(crate) fn table(grid: &Grid, scene: &Scene<'_>, theme: Theme, width: usize) -> Page {
    let mut page = Page::default();
    let Kind::Rows(table) = &scene.question(grid.place).kind else {
        return page;
    };
    page.text(&scene.question_text(grid.place), width, theme.strong());
    let column = &table.columns[grid.column];
    let text = inert_line(&scene.assessment.evaluation.text(&column.text));
    page.text(
        &format!("{text}: {}", cell_help(scene, column)),
        width,
        theme.faint(),
    );
    page.gap();
    let layout = GridLayout::of(grid, scene, table, width, Some(grid.column));
    page.push(Span::styled(layout.head(scene, table), theme.faint()));
    for row in 0..grid.rows.len() {
        if row != grid.row {
            page.push(layout.row_text(grid, scene, table, row));
            continue;
        }
        page.focus = Some((page.lines.len(), page.lines.len()));
        page.push(layout.cursor_row(grid, scene, table, theme));
    }
    if let Some(editor) = &grid.editor {
        let laid = editor.layout(width.saturating_sub(2));
        page.gap();
        let top = page.lines.len();
        for line in laid.lines {
            page.push(format!("│ {line}"));
        }
        page.cursor = Some((top + laid.line, laid.column + 2));
        page.focus = Some((top, page.lines.len() - 1));
    }
    if let Some(fault) = &grid.fault {
        page.text(&inert(fault), width, theme.bad());
        let last = page.lines.len() - 1;
        page.focus = Some((last, last));
    }
    page
}

/// Returns what a cell of a column takes.
fn cell_help(scene: &Scene<'_>, column: &crate::domain::questionnaire::Column) -> String {
    let evaluation = &scene.assessment.evaluation;
    match &column.kind {
        Kind::Bool => "1 yes, 2 no".into(),
        kind @ (Kind::Choice(options) | Kind::Multi(options)) => {
            let offered = intake::offered(evaluation, kind);
            let told = offered.iter().enumerate().map(|(at, place)| {
                format!(
                    "{} {}",
                    at + 1,
                    inert_line(&evaluation.text(&options[*place].text))
                )
            });
            told.collect::<Vec<_>>().join(", ")
        }
        kind => intake::wanted(kind).into(),
    }
}

/// How wide the columns of a table are, and which of them are seen.
struct GridLayout {
    title: usize,
    widths: Vec<usize>,
    seen: std::ops::Range<usize>,
}

impl GridLayout {
    fn of(
        grid: &Grid,
        scene: &Scene<'_>,
        table: &Table,
        width: usize,
        cursor: Option<usize>,
    ) -> Self {
        let rows = grid.rows.len().min(200);
        let widest = |column: usize| {
            let cells = (0..rows).map(|row| inert_line(&grid.words(table, row, column)).width());
            let head = column_title(scene, table, column).width();
            cells.chain([head]).max().unwrap_or(0).clamp(4, 24)
        };
        let titles = table
            .fixed
            .iter()
            .map(|row| fixed_title(scene, table, row.id.as_str()).width());
        let title = titles.max().map_or(0, |widest| widest.min(24) + 2);
        let widths: Vec<usize> = (0..table.columns.len()).map(widest).collect();
        let fits = |from: usize| {
            let mut used = title;
            let taken = widths[from..].iter().take_while(|wide| {
                used += **wide + 2;
                used <= width + 2
            });
            from + taken.count().max(1)
        };
        let wanted = cursor.unwrap_or(0);
        let from = (0..=wanted)
            .find(|from| fits(*from) > wanted)
            .unwrap_or(wanted);
        let seen = from..fits(from).min(widths.len());
        Self {
            title,
            widths,
            seen,
        }
    }

    fn head(&self, scene: &Scene<'_>, table: &Table) -> String {
        let cells = self
            .seen
            .clone()
            .map(|at| fit(&column_title(scene, table, at), self.widths[at]));
        " ".repeat(self.title) + &cells.collect::<Vec<_>>().join("  ")
    }

    fn row_title(&self, grid: &Grid, scene: &Scene<'_>, table: &Table, row: usize) -> String {
        if self.title == 0 {
            return String::new();
        }
        let id = grid.rows[row].get(crate::domain::answer::FIXED_ROW);
        let id = id.map_or_else(String::new, ToString::to_string);
        fit(&fixed_title(scene, table, &id), self.title)
    }

    fn row_text(&self, grid: &Grid, scene: &Scene<'_>, table: &Table, row: usize) -> String {
        let cells = self.seen.clone().map(|at| self.cell(grid, table, row, at));
        self.row_title(grid, scene, table, row) + &cells.collect::<Vec<_>>().join("  ")
    }

    fn cell(&self, grid: &Grid, table: &Table, row: usize, column: usize) -> String {
        let words = inert_line(&grid.words(table, row, column));
        let words = if words.is_empty() {
            "·".to_owned()
        } else {
            words
        };
        fit(&words, self.widths[column])
    }

    fn cursor_row(
        &self,
        grid: &Grid,
        scene: &Scene<'_>,
        table: &Table,
        theme: Theme,
    ) -> Line<'static> {
        let mut spans = vec![Span::raw(self.row_title(grid, scene, table, grid.row))];
        for at in self.seen.clone() {
            let style = if at == grid.column {
                theme.cursor()
            } else {
                theme.strong()
            };
            spans.push(Span::styled(self.cell(grid, table, grid.row, at), style));
            spans.push(Span::raw("  "));
        }
        spans.into()
    }
}

fn column_title(scene: &Scene<'_>, table: &Table, column: usize) -> String {
    inert_line(
        &scene
            .assessment
            .evaluation
            .text(&table.columns[column].text),
    )
}

fn fixed_title(scene: &Scene<'_>, table: &Table, id: &str) -> String {
    let row = table.fixed.iter().find(|row| row.id.as_str() == id);
    row.map_or_else(
        || inert_line(id),
        |row| inert_line(&scene.assessment.evaluation.text(&row.text)),
    )
}
