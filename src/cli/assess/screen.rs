//! Drawing the full-screen walk, from 60 columns and 18 lines up; three panes from 120 columns.
//!
//! Everything that people typed is made harmless on its way here. What the keys do is the business of
//! [`face`](crate::cli::assess::face); what the panes hold of [`panes`].

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Block, Borders, Paragraph};

use crate::cli::assess::face::{Face, Mode};
use crate::cli::assess::lines::{cut, ends, wrap};
use crate::cli::assess::page::Page;
use crate::cli::assess::panes;
use crate::cli::assess::scene::Scene;
use crate::cli::assess::theme::Theme;
use crate::domain::words;
use crate::markdown::inert_line;

/// The least size on which the walk can be used.
pub(crate) const LEAST: (u16, u16) = (60, 18);

/// From how many columns on there are three panes.
pub(crate) const WIDE: u16 = 120;

/// How many columns the sections take at the side.
const SECTIONS: u16 = 28;

/// How many columns the manager's view takes at the side.
const MANAGER: u16 = 36;

/// Draws the walk.
pub(crate) fn draw(frame: &mut Frame<'_>, face: &Face, scene: &Scene<'_>, theme: Theme) {
    let area = frame.area();
    if area.width < LEAST.0 || area.height < LEAST.1 {
        return draw_too_small(frame, area);
    }
    let status = panes::status(face, scene, theme, area.width.into());
    let keys = panes::keys(face, theme, area.width.into());
    let heights = [
        Constraint::Length(2),
        Constraint::Length(1),
        Constraint::Min(6),
        Constraint::Length(1),
        Constraint::Length(status.len() as u16),
        Constraint::Length(1),
        Constraint::Length(keys.len() as u16),
    ];
    let [head, first, body, second, below, third, foot] = Layout::vertical(heights).areas(area);
    frame.render_widget(
        Paragraph::new(header(face, scene, theme, area.width.into())),
        head,
    );
    for rule in [first, second, third] {
        frame.render_widget(
            Block::new()
                .borders(Borders::TOP)
                .border_style(theme.faint()),
            rule,
        );
    }
    draw_body(frame, body, face, scene, theme);
    frame.render_widget(Paragraph::new(status), below);
    frame.render_widget(Paragraph::new(keys), foot);
}

fn draw_too_small(frame: &mut Frame<'_>, area: Rect) {
    let text = format!(
        "The walk needs {} columns and {} lines; this window has {} and {}. Make it larger, or leave with q and use --plain. Everything said is kept.",
        LEAST.0, LEAST.1, area.width, area.height
    );
    let lines: Vec<Line<'_>> = wrap(&text, area.width.into())
        .into_iter()
        .map(Line::from)
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
}

fn draw_body(frame: &mut Frame<'_>, area: Rect, face: &Face, scene: &Scene<'_>, theme: Theme) {
    let mut middle = area;
    if face.wide {
        let right = if face.manager { MANAGER } else { 0 };
        let widths = [
            Constraint::Length(SECTIONS),
            Constraint::Min(40),
            Constraint::Length(right),
        ];
        let [left, centre, side] = Layout::horizontal(widths).areas(area);
        middle = centre;
        let sections = panes::sections(face, scene, theme, usize::from(SECTIONS) - 2);
        let place = framed(frame, left, Borders::RIGHT, theme);
        draw_page(frame, place, sections, 0);
        if face.manager {
            let place = framed(frame, side, Borders::LEFT, theme);
            let manager = panes::manager(face, scene, theme, place.width.into());
            draw_page(frame, place, manager, 0);
        }
    }
    let inside = Rect {
        x: middle.x + 1,
        width: middle.width.saturating_sub(2),
        ..middle
    };
    let page = middle_page(face, scene, theme, inside);
    let scroll = match face.mode {
        Mode::Question | Mode::Keys | Mode::Manager => face.scroll,
        _ => 0,
    };
    let most = page.lines.len().saturating_sub(inside.height.into());
    face.most.set(most);
    draw_page(frame, inside, page, scroll);
}

/// Returns what stands in the middle.
fn middle_page(face: &Face, scene: &Scene<'_>, theme: Theme, area: Rect) -> Page {
    let width = area.width.into();
    match &face.mode {
        Mode::Keys => panes::key_list(theme, width),
        Mode::Sections(line) => panes::section_list(face, scene, theme, width, *line),
        Mode::Sheet(sheet) => panes::sheet(face, scene, theme, width, *sheet),
        Mode::Table(grid) => panes::table(grid, scene, theme, width),
        Mode::Field(field) if field.purpose == crate::cli::assess::face::Purpose::Search => {
            panes::search(field, scene, theme, width)
        }
        Mode::Manager => panes::manager(face, scene, theme, width),
        Mode::Question | Mode::Field(_) | Mode::Menu(_) => {
            panes::question(face, scene, theme, width)
        }
    }
}

/// Draws a line at one side of an area and returns the rest.
fn framed(frame: &mut Frame<'_>, area: Rect, border: Borders, theme: Theme) -> Rect {
    let block = Block::new().borders(border).border_style(theme.faint());
    let inner = block.inner(area);
    frame.render_widget(block, area);
    Rect {
        x: inner.x + u16::from(border == Borders::LEFT),
        width: inner.width.saturating_sub(1),
        ..inner
    }
}

/// Draws a page, scrolled so that its focus is seen.
fn draw_page(frame: &mut Frame<'_>, area: Rect, page: Page, scroll: usize) {
    let height: usize = area.height.into();
    let most = page.lines.len().saturating_sub(height);
    let mut top = scroll.min(most);
    if let Some((first, last)) = page.focus {
        if last >= top + height {
            top = (last + 1).saturating_sub(height);
        }
        top = top.min(first);
    }
    let more_below = top + height < page.lines.len();
    let seen: Vec<Line<'static>> = page.lines.into_iter().skip(top).take(height).collect();
    frame.render_widget(Paragraph::new(seen), area);
    draw_marks(frame, area, top > 0, more_below);
    if let Some((line, column)) = page.cursor
        && (top..top + height).contains(&line)
    {
        let x = area.x + (column as u16).min(area.width.saturating_sub(1));
        frame.set_cursor_position(Position::new(x, area.y + (line - top) as u16));
    }
}

/// Marks that there is more above or below.
fn draw_marks(frame: &mut Frame<'_>, area: Rect, above: bool, below: bool) {
    let at = |y: u16| Rect::new(area.right().saturating_sub(1), y, 1, 1);
    if above {
        frame.render_widget("▲", at(area.y));
    }
    if below {
        frame.render_widget("▼", at(area.bottom().saturating_sub(1)));
    }
}

fn header(face: &Face, scene: &Scene<'_>, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let elapsed = scene.now.since(face.walk.started).num_minutes().max(0);
    let time = format!("{}:{:02}", elapsed / 60, elapsed % 60);
    let saved = match scene.saved {
        Some(at) => format!("{time}     saved {}", scene.clock(at)),
        None => time,
    };
    let name = inert_line(&scene.book.customer.name);
    let first = ends(&cut(&name, width / 2), &saved, width);
    let stops = face.walk.stops(scene.assessment);
    let second = match stops.first() {
        Some(stop) => {
            let title = &scene.questionnaire().stops[*stop].title;
            let title = inert_line(scene.assessment.evaluation.text(title));
            Line::styled(cut(&format!("STOP  {title}"), width), theme.bad())
        }
        None => Line::from(cut(&whereabouts(face, scene), width)),
    };
    vec![Line::styled(first, theme.strong()), second]
}

/// Returns where one is: section, how far, what is open, whom one asks.
fn whereabouts(face: &Face, scene: &Scene<'_>) -> String {
    let mut parts = Vec::new();
    if let Some(place) = face.walk.current {
        let section = scene.question(place).section;
        let offered = face.walk.offered(scene.assessment);
        let mut here: Vec<usize> = offered
            .into_iter()
            .filter(|place| scene.question(*place).section == section)
            .collect();
        if !here.contains(&place) {
            here.push(place);
            here.sort_unstable();
        }
        let at = here.iter().position(|other| *other == place).unwrap_or(0);
        let title = scene.section_title(section);
        parts.push(format!("{title} {} of {}", at + 1, here.len()));
    }
    parts.push(format!("open {}", face.walk.open(scene.assessment)));
    if !face.walk.parked.is_empty() {
        parts.push(format!("parked {}", face.walk.parked.len()));
    }
    if let Some(team) = &face.walk.ask {
        parts.push(format!("only {}", inert_line(team)));
    }
    if let Some(go_live) = scene.book.customer.go_live {
        parts.push(format!("go-live {}", words::day(go_live)));
    }
    parts.join(" · ")
}
