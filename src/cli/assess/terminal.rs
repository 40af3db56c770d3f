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
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
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
        // What was read already waits in the library's queue, so the terminal is waited for only when that is empty.
        for wait in [Duration::ZERO, TICK] {
            if is_gone(wait)? || self.ended.load(Ordering::Relaxed) {
                return Ok(Input::End);
            }
            if event::poll(Duration::ZERO)? {
                return self.read();
            }
        }
        Ok(Input::Draw)
    }

    fn read(&self) -> io::Result<Input> {
        Ok(match event::read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => Input::Key(key),
            Event::Paste(text) => Input::Paste(text),
            _ => Input::Draw,
        })
    }
}

/// Waits for a key, a signal, or `wait` to pass, and returns whether the terminal is gone: its window was closed, its connection
/// broke. The library must not be asked then, because it would read the end of the input over and over.
fn is_gone(wait: Duration) -> io::Result<bool> {
    let input = io::stdin();
    let mut watched = [PollFd::new(&input, PollFlags::IN)];
    let wait = Timespec::try_from(wait).ok();
    match poll(&mut watched, wait.as_ref()) {
        Err(Errno::INTR) => Ok(false),
        polled => polled
            .map(|_| {
                let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
                watched[0].revents().intersects(gone)
            })
            .map_err(io::Error::from),
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Nobody is left to tell when the terminal is gone.
        let _ = execute!(io::stdout(), DisableBracketedPaste);
        let _ = ratatui::try_restore();
    }
}
