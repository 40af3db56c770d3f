//! What stands at the sides: the sections, and the manager's own view.

use ratatui::style::Style;
use ratatui::text::Span;

use crate::cli::assess::face::Face;
use crate::cli::assess::lines::{cut, ends, wrap};
use crate::cli::assess::page::Page;
use crate::cli::assess::scene::Scene;
use crate::cli::assess::theme::Theme;
use crate::domain::id::FindingKey;
use crate::domain::walk::Promise;
use crate::domain::{phrases, scoring, words};
use crate::markdown::inert_line;

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
    let sentence = inert_line(phrases::verdict(scene.assessment, &verdict));
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

/// Adds what somebody promised to find out.
pub(crate) fn promises(
    page: &mut Page,
    scene: &Scene<'_>,
    promised: &[Promise],
    theme: Theme,
    width: usize,
) {
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
