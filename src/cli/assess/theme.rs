//! How things are marked on the screen: weight first, colour beside it where a terminal shows it and `NO_COLOR` allows it.

use ratatui::style::{Color, Modifier, Style};

/// How things are marked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Theme {
    /// Whether colours are used.
    pub(crate) colour: bool,
}

impl Theme {
    /// The head of something.
    pub(crate) fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// Beside the point.
    pub(crate) fn faint(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// A key that can be pressed.
    pub(crate) fn key(self) -> Style {
        self.tinted(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// Under the cursor.
    pub(crate) fn cursor(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// Somebody should look.
    pub(crate) fn warn(self) -> Style {
        self.tinted(Color::Yellow)
    }

    /// In the way.
    pub(crate) fn bad(self) -> Style {
        self.tinted(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// All is well.
    pub(crate) fn good(self) -> Style {
        self.tinted(Color::Green)
    }

    fn tinted(self, colour: Color) -> Style {
        if self.colour {
            Style::new().fg(colour)
        } else {
            Style::new()
        }
    }
}
