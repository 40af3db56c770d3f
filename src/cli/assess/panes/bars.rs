//! The lines below the question: who speaks, the note, what the last key came to; and the keys.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::cli::assess::face::{Face, Mode, Purpose};
use crate::cli::assess::lines::{cut, ends, wrap};
use crate::cli::assess::scene::Scene;
use crate::cli::assess::theme::Theme;
use crate::markdown::{inert, inert_line};

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
        Mode::Keys | Mode::Manager => &[("Up Down", "scroll"), ("any other key", "back")],
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
