//! Drawing the review on the full screen: one matter at a time, from 60 columns up, and all of them at the side from 120.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Paragraph};

use crate::cli::assess::lines::{cut, ends, fit, wrap};
use crate::cli::assess::page::Page;
use crate::cli::assess::theme::Theme;
use crate::cli::evidence::review::sitting::{Mode, Purpose, Sitting, Subject};
use crate::cli::evidence::review::told::told;
use crate::cli::ui::Tone;
use crate::domain::assessment::Assessment;
use crate::markdown::inert_line;

/// From how many columns on all matters are listed at the side.
const WIDE: u16 = 120;

/// How many columns the list takes.
const LIST: u16 = 38;

/// How many columns the short words take before what is under them.
const WORD: usize = 10;

/// Draws the review of the evidence of a customer called `name`.
pub(crate) fn draw(
    frame: &mut Frame<'_>,
    sitting: &Sitting,
    assessment: &Assessment,
    name: &str,
    theme: Theme,
) {
    let area = frame.area();
    let width = usize::from(area.width);
    let keys = keys(sitting, theme, width);
    let heights = [
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Min(3),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(keys.len() as u16),
    ];
    let [head, first, body, second, below, foot] = Layout::vertical(heights).areas(area);
    let title = format!("{}: what tools say", inert_line(name));
    let line = Line::styled(ends(&title, &count(sitting), width), theme.strong());
    frame.render_widget(Paragraph::new(line), head);
    for rule in [first, second] {
        let rule_line = Block::new().borders(Borders::TOP);
        frame.render_widget(rule_line.border_style(theme.faint()), rule);
    }
    let message = sitting.message.as_deref().unwrap_or_default();
    let message = Line::styled(cut(&inert_line(message), width), theme.strong());
    frame.render_widget(Paragraph::new(message), below);
    frame.render_widget(Paragraph::new(keys), foot);
    draw_body(frame, body, sitting, assessment, theme);
}

fn count(sitting: &Sitting) -> String {
    let all = sitting.matters.len();
    format!("{} of {all}", (sitting.at + 1).min(all))
}

fn draw_body(
    frame: &mut Frame<'_>,
    area: Rect,
    sitting: &Sitting,
    assessment: &Assessment,
    theme: Theme,
) {
    let list = if area.width >= WIDE { LIST } else { 0 };
    let widths = [Constraint::Length(list), Constraint::Min(20)];
    let [side, middle] = Layout::horizontal(widths).areas(area);
    if list > 0 {
        draw_list(frame, side, sitting, assessment, theme);
    }
    let middle = Rect {
        x: middle.x + 1,
        width: middle.width.saturating_sub(2).min(100),
        ..middle
    };
    let page = page(sitting, assessment, theme, middle.width.into());
    let height = usize::from(middle.height);
    let most = page.lines.len().saturating_sub(height);
    sitting.most.set(most);
    // What is being typed stands at the end, and is always seen.
    let top = match sitting.mode {
        Mode::Looking => sitting.scroll.min(most),
        Mode::Typing(..) | Mode::AcceptingAll => most,
    };
    let seen: Vec<Line<'static>> = page.lines.into_iter().skip(top).take(height).collect();
    frame.render_widget(Paragraph::new(seen), middle);
    if let Some((line, column)) = page.cursor.filter(|(line, _)| *line >= top) {
        let column = (column as u16).min(middle.width.saturating_sub(1));
        frame.set_cursor_position((middle.x + column, middle.y + (line - top) as u16));
    }
    let more = Rect::new(middle.right(), middle.bottom().saturating_sub(1), 1, 1);
    if top < most {
        frame.render_widget("▼", more);
    }
}

/// Returns the matter at hand, and what is being typed about it.
fn page(sitting: &Sitting, assessment: &Assessment, theme: Theme, width: usize) -> Page {
    let mut page = Page::default();
    match sitting.matter() {
        None => {
            let left = sitting.matters.iter().filter(|one| one.fate.is_none());
            let text = match left.count() {
                0 => "That was everything. Press q to leave.".to_owned(),
                left => {
                    format!("That was the last; {left} are left as they were. Press q to leave.")
                }
            };
            page.text(&text, width, Style::new());
        }
        Some(matter) => {
            let told = told(assessment, &matter.subject);
            let fate = matter.fate.unwrap_or_default();
            page.push(Span::styled(ends(&told.name, fate, width), theme.faint()));
            page.text(&told.text, width, theme.strong());
            for line in &told.lines {
                page.gap();
                let style = match line.tone {
                    Some(Tone::Good) => theme.good(),
                    Some(_) => theme.warn(),
                    None => Style::new(),
                };
                let mut word = line.word;
                for part in wrap(&line.text, width.saturating_sub(WORD)) {
                    let word = Span::styled(fit(std::mem::take(&mut word), WORD), theme.faint());
                    page.push(Line::from(vec![word, Span::styled(part, style)]));
                }
            }
        }
    }
    typing(&mut page, sitting, theme, width);
    page
}

fn typing(page: &mut Page, sitting: &Sitting, theme: Theme, width: usize) {
    match &sitting.mode {
        Mode::Looking => {}
        Mode::AcceptingAll => {
            page.gap();
            let text = "Take over everything that is proposed, dated, and contradicts nothing? Enter does, any other key leaves it.";
            page.text(text, width, theme.strong());
        }
        Mode::Typing(purpose, editor) => {
            page.gap();
            page.text(purpose.prompt(), width, theme.strong());
            let layout = editor.layout(width.saturating_sub(2));
            page.cursor = Some((page.lines.len() + layout.line, layout.column + 2));
            for line in layout.lines {
                page.push(format!("> {line}"));
            }
        }
    }
}

/// Lists the matters, each with what became of it.
fn draw_list(
    frame: &mut Frame<'_>,
    area: Rect,
    sitting: &Sitting,
    assessment: &Assessment,
    theme: Theme,
) {
    let block = Block::new()
        .borders(Borders::RIGHT)
        .border_style(theme.faint());
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let (width, height) = (usize::from(inner.width), usize::from(inner.height));
    let top = (sitting.at + 1).saturating_sub(height);
    let lines = sitting.matters.iter().enumerate().skip(top).take(height);
    let lines = lines.map(|(at, matter)| {
        let (sign, style) = match (&matter.subject, matter.fate) {
            (_, Some(_)) => ("✓", theme.faint()),
            (Subject::Title(_), None) => ("?", theme.warn()),
            (Subject::Question(hearing), None) if hearing.is_disputed() => ("≠", theme.warn()),
            (Subject::Question(hearing), None) if hearing.proposal().is_some() => {
                ("→", theme.good())
            }
            (Subject::Question(_), None) => ("·", Style::new()),
        };
        let name = match &matter.subject {
            Subject::Title(unplaced) => inert_line(unplaced.label()),
            Subject::Question(hearing) => assessment.questionnaire().questions[hearing.place]
                .id
                .to_string(),
        };
        let line = fit(&format!("{sign} {name}"), width.saturating_sub(1));
        let style = if at == sitting.at {
            theme.cursor()
        } else {
            style
        };
        Line::styled(line, style)
    });
    frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), inner);
}

/// Returns what the keys do now, in as many lines as it takes.
fn keys(sitting: &Sitting, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let is_title = matches!(
        sitting.matter().map(|matter| &matter.subject),
        Some(Subject::Title(_))
    );
    let told: &[(&str, &str)] = match &sitting.mode {
        Mode::Typing(Purpose::Reason, _) => &[("Enter", "refuse"), ("Esc", "leave it")],
        Mode::Typing(..) => &[("Enter", "keep"), ("Esc", "leave it")],
        Mode::AcceptingAll => &[("Enter", "take them over"), ("Esc", "leave it")],
        Mode::Looking if is_title => &[
            ("a", "say which it is"),
            ("Enter", "next"),
            ("Bksp", "back"),
            ("q", "finish"),
        ],
        Mode::Looking => &[
            ("a", "accept"),
            ("r", "refuse"),
            ("o", "answer otherwise"),
            ("Enter", "next"),
            ("Bksp", "back"),
            ("A", "accept all that contradict nothing"),
            ("q", "finish"),
        ],
    };
    let mut lines = Vec::new();
    let mut line: Vec<Span<'static>> = Vec::new();
    let mut used = 0;
    for (key, does) in told {
        let needed = key.len() + does.len() + 3;
        if used > 0 && used + needed > width {
            lines.push(Line::from(std::mem::take(&mut line)));
            used = 0;
        }
        used += needed;
        line.push(Span::styled((*key).to_owned(), theme.key()));
        line.push(Span::raw(format!(" {does}  ")));
    }
    lines.push(Line::from(line));
    lines
}
