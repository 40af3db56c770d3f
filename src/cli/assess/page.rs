//! Lines of a pane before they are drawn.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::cli::assess::lines::wrap;

/// Lines of a pane, with what must be seen of them.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// The lines, none wider than the pane.
    pub(crate) lines: Vec<Line<'static>>,
    /// The first and the last line that must be seen.
    pub(crate) focus: Option<(usize, usize)>,
    /// Where the cursor of a text stands: line and column.
    pub(crate) cursor: Option<(usize, usize)>,
}

impl Page {
    /// Adds a line.
    pub(crate) fn push(&mut self, line: impl Into<Line<'static>>) {
        self.lines.push(line.into());
    }

    /// Adds an empty line, unless the last is empty already.
    pub(crate) fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| line.width() > 0) {
            self.push("");
        }
    }

    /// Adds text, broken into lines.
    pub(crate) fn text(&mut self, text: &str, width: usize, style: Style) {
        for line in wrap(text, width) {
            self.push(Span::styled(line, style));
        }
    }
}
