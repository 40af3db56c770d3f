//! Pages in the place of the question: the search, the sheet of short questions, the list of keys.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::cli::assess::face::{Face, Field, Sheet};
use crate::cli::assess::keys::KEYS;
use crate::cli::assess::lines::{cut, ends, fit, wrap};
use crate::cli::assess::page::Page;
use crate::cli::assess::panes::question::pick_key;
use crate::cli::assess::scene::Scene;
use crate::cli::assess::theme::Theme;
use crate::domain::walk::Attention;

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
        let said = cut(&sheet_answer(face, scene, place), width / 3);
        if at != sheet.cursor {
            page.push(ends(
                &format!("  {}", scene.question_text(place)),
                &said,
                width,
            ));
            continue;
        }
        let first = page.lines.len();
        let mut lines = wrap(
            &scene.question_text(place),
            width.saturating_sub(said.width() + 3),
        );
        let head = ends(&format!("> {}", lines.remove(0)), &said, width);
        page.push(Span::styled(head, theme.strong()));
        for line in lines {
            page.push(Span::styled(format!("  {line}"), theme.strong()));
        }
        sheet_options(&mut page, scene, place, theme, width);
        page.focus = Some((first, page.lines.len() - 1));
    }
    page
}

/// Returns the answer that stands, in a word or two.
fn sheet_answer(face: &Face, scene: &Scene<'_>, place: usize) -> String {
    let again = match face.walk.attention(scene.assessment, place) {
        Attention::Open | Attention::Fine => "",
        Attention::Confirm | Attention::Stale => " (again?)",
    };
    scene.response(place).map_or_else(
        || "—".into(),
        |response| scene.said(place, &response.said) + again,
    )
}

/// Adds the options of a question, on one line where they fit.
fn sheet_options(page: &mut Page, scene: &Scene<'_>, place: usize, theme: Theme, width: usize) {
    let picks = scene.picks(place).into_iter().enumerate();
    let options: Vec<String> = picks
        .map(|(at, pick)| format!("{} {}", pick_key(pick, at), scene.pick_words(place, pick)))
        .collect();
    let together = options.join("   ");
    let room = width.saturating_sub(4);
    let lines = if together.width() <= room {
        vec![together]
    } else {
        options
    };
    for line in lines {
        page.push(Span::styled(
            format!("    {}", cut(&line, room)),
            theme.key(),
        ));
    }
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
