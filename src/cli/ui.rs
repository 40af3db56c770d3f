//! The only place that prints: results to standard output, the rest to standard error.
//!
//! Everything that people typed goes through [`inert`] on its way to a terminal. When the reader of a pipe
//! has left, the rest goes nowhere, quietly: what a command does is done all the same.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::markdown::inert;
use crate::problem::{Problems, Severity};

/// How a piece of text is meant; never the only sign of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// The head of something.
    Strong,
    /// Beside the point.
    Faint,
    /// All is well.
    Good,
    /// Somebody should look.
    Warn,
    /// In the way.
    Bad,
}

impl Tone {
    fn style(self) -> Style {
        let colour = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
        match self {
            Self::Strong => Style::new().bold(),
            Self::Faint => Style::new().dimmed(),
            Self::Good => colour(AnsiColor::Green),
            Self::Warn => colour(AnsiColor::Yellow),
            Self::Bad => colour(AnsiColor::Red).bold(),
        }
    }
}

/// Returns `text`, made harmless, in a tone.
pub(crate) fn tone(tone: Tone, text: &str) -> String {
    let style = tone.style();
    format!("{style}{}{style:#}", inert(text))
}

/// Prints a line of the result. Colours go where a terminal shows them and `NO_COLOR` does not forbid it.
pub(crate) fn line(text: &str) {
    let mut out = anstream::stdout();
    quietly(writeln!(out, "{text}"));
}

/// Prints many lines of the result at once: a line at a time costs a call of the system each.
pub(crate) fn lines(all: impl IntoIterator<Item = String>) {
    let mut text = String::new();
    for one in all {
        text.push_str(&one);
        text.push('\n');
    }
    // What strips colours writes line by line.
    let text = match anstream::AutoStream::choice(&io::stdout()) {
        anstream::ColorChoice::Never => anstream::adapter::strip_str(&text).to_string(),
        _ => text,
    };
    raw(text.as_bytes());
}

/// Prints the result as it is, without a line end.
pub(crate) fn raw(bytes: &[u8]) {
    let mut out = io::stdout();
    quietly(out.write_all(bytes).and_then(|()| out.flush()));
}

/// Returns standard output as it is, for one process of this program to talk to another.
pub(crate) fn wire() -> impl Write {
    io::stdout().lock()
}

/// Prints a line beside the result.
pub(crate) fn note(text: &str) {
    let mut out = anstream::stderr();
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(out, "{text}");
}

/// Prints a value as JSON, in which nothing can be taken for a colour: what would be is written as an escape.
pub(crate) fn json(value: &impl Serialize) {
    match serde_json::to_vec_pretty(value) {
        Ok(mut text) => {
            text.push(b'\n');
            raw(&text);
        }
        Err(error) => note(&format!(
            "error: the result cannot be written as JSON: {error}"
        )),
    }
}

/// Prints problems to standard error, each with its source line, and how many there are.
pub(crate) fn problems(problems: &Problems) {
    let colour = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    for problem in &problems.0 {
        note(&problem.draw(colour));
    }
    let count = |severity| {
        problems
            .0
            .iter()
            .filter(|problem| problem.severity == severity)
            .count()
    };
    if problems.0.len() > 1 {
        let errors = crate::domain::words::count(count(Severity::Error), "error", "errors");
        let warnings = crate::domain::words::count(count(Severity::Warning), "warning", "warnings");
        note(&format!("{errors}, {warnings}"));
    }
}

/// Returns how many columns the terminal has; 80 where nobody says.
pub(crate) fn columns() -> usize {
    let said = std::env::var("COLUMNS").ok();
    let said = said.and_then(|text| text.parse().ok());
    let seen = || ratatui::crossterm::terminal::size().ok();
    let seen = || seen().map(|(columns, _)| usize::from(columns));
    said.or_else(|| io::stdout().is_terminal().then(seen).flatten())
        .filter(|columns| *columns > 0)
        .unwrap_or(80)
        .clamp(20, 1_000)
}

/// Returns whether somebody sits at a terminal, for both what is typed and what is shown.
pub(crate) fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Returns how many columns a line may have: those of the terminal, at least 40 and at most 110; 100 where there is none.
pub(crate) fn width() -> usize {
    let terminal = io::stdout().is_terminal();
    let size = terminal.then(ratatui::crossterm::terminal::size);
    let columns = size
        .and_then(Result::ok)
        .map_or(100, |(columns, _)| usize::from(columns));
    columns.clamp(40, 110)
}

/// Prints rows in columns as wide as they need; the last column may run on.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) {
    let plain = |cell: &str| match cell.contains('\u{1b}') {
        true => anstream::adapter::strip_str(cell).to_string().width(),
        false => cell.width(),
    };
    let mut widths: Vec<usize> = head.iter().map(|cell| cell.width()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(plain(cell));
        }
    }
    let render = |cells: &[&str]| {
        let mut text = String::new();
        for (at, cell) in cells.iter().enumerate() {
            text.push_str(cell);
            if at + 1 < cells.len() {
                let pad = widths[at].saturating_sub(plain(cell)) + 2;
                text.extend(std::iter::repeat_n(' ', pad));
            }
        }
        text.truncate(text.trim_end().len());
        text
    };
    let head = tone_raw(Tone::Faint, &render(head));
    let rows = rows.iter().map(|row| {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        render(&cells)
    });
    lines(std::iter::once(head).chain(rows));
}

/// Returns text that is ours in a tone.
pub(crate) fn tone_raw(tone: Tone, text: &str) -> String {
    let style = tone.style();
    format!("{style}{text}{style:#}")
}

/// Returns a bar of `width` cells for a share in basis points, with `open` more of it still open.
pub(crate) fn bar(share: u32, open: u32, width: usize) -> String {
    let cells = |points: u32| (points as usize * width + 5_000) / 10_000;
    let full = cells(share).min(width);
    let with_open = cells((share + open).min(10_000)).clamp(full, width);
    format!(
        "{}{}{}",
        "█".repeat(full),
        "▒".repeat(with_open - full),
        "·".repeat(width - with_open)
    )
}

/// Whether something of the result could not be written although somebody was there to read it.
static LOST: AtomicBool = AtomicBool::new(false);

/// Returns whether something of the result could not be written, such as to a full disk. A reader who left does not count.
pub(crate) fn lost_output() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// Says once that the result cannot be written; not a word when nobody reads it any more.
fn quietly(written: io::Result<()>) {
    if let Err(error) = written
        && error.kind() != io::ErrorKind::BrokenPipe
        && !LOST.swap(true, Ordering::Relaxed)
    {
        note(&format!(
            "error: standard output cannot be written: {error}"
        ));
    }
}

/// Shows that something is being worked on, where a terminal shows it and only when it takes long.
pub(crate) struct Working(indicatif::ProgressBar);

impl Working {
    /// Begins; nothing is seen for the first moments.
    pub(crate) fn begin(what: &'static str) -> Self {
        let bar = indicatif::ProgressBar::new_spinner().with_message(what);
        bar.enable_steady_tick(std::time::Duration::from_millis(400));
        Self(bar)
    }

    /// Takes it off the screen.
    pub(crate) fn end(self) {
        self.0.finish_and_clear();
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
