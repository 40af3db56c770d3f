//! The terminal of the full-screen walk: taken over, listened to, and given back however the walk ends.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ratatui::crossterm::event::{
    self, DisableBracketedPaste, EnableBracketedPaste, Event, KeyEvent, KeyEventKind,
};
use ratatui::crossterm::execute;
use ratatui::{DefaultTerminal, Frame};
use signal_hook::consts::{SIGHUP, SIGTERM};
use signal_hook::flag;

/// How long to wait for a key before the clock is drawn again.
const TICK: Duration = Duration::from_millis(500);

/// A terminal that was taken over; dropping it gives it back.
pub(crate) struct Screen {
    terminal: DefaultTerminal,
    ended: Arc<AtomicBool>,
}

/// What came from outside.
#[derive(Debug)]
pub(crate) enum Input {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// Nothing, or the size changed: draw again.
    Draw,
    /// The program is to end.
    End,
}

impl Screen {
    /// Takes the terminal over. A panic gives it back before its message is printed.
    ///
    /// # Errors
    /// When the terminal cannot be driven.
    pub(crate) fn open() -> io::Result<Self> {
        let ended = Arc::new(AtomicBool::new(false));
        for signal in [SIGTERM, SIGHUP] {
            // A second signal ends the program at once, should the first not be seen.
            flag::register_conditional_shutdown(signal, 1, Arc::clone(&ended))?;
            flag::register(signal, Arc::clone(&ended))?;
        }
        let terminal = ratatui::try_init()?;
        let screen = Self { terminal, ended };
        execute!(io::stdout(), EnableBracketedPaste)?;
        Ok(screen)
    }

    /// Draws a frame.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub(crate) fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.terminal.draw(draw).map(|_| ())
    }

    /// Returns how many columns there are.
    pub(crate) fn width(&self) -> u16 {
        self.terminal.size().map_or(0, |size| size.width)
    }

    /// Waits for what comes from outside.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub(crate) fn next(&self) -> io::Result<Input> {
        let waiting = event::poll(TICK)?;
        if self.ended.load(Ordering::Relaxed) {
            return Ok(Input::End);
        }
        if !waiting {
            return Ok(Input::Draw);
        }
        Ok(match event::read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => Input::Key(key),
            Event::Paste(text) => Input::Paste(text),
            _ => Input::Draw,
        })
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Nobody is left to tell when the terminal is gone.
        let _ = execute!(io::stdout(), DisableBracketedPaste);
        let _ = ratatui::try_restore();
    }
}
