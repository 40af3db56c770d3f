//! Which key does what at a question, and how that is told.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What somebody wants at a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Next,
    NextOpen,
    Back,
    Up,
    Down,
    PageUp,
    PageDown,
    Tick,
    /// A digit: an option, or the beginning of a number.
    Digit(char),
    Edit,
    Note,
    PrivateNote,
    Unknown,
    NotApplicable,
    Search,
    Park,
    Sections,
    Help,
    View,
    StillTrue,
    SaidBy,
    Basis,
    Sheet,
    Undo,
    Team,
    Withdraw,
    Keys,
    Finish,
}

/// Every key at a question, as it is told.
pub(crate) const KEYS: [(&str, &str); 25] = [
    ("1-9", "pick an option; in a list of several, tick it"),
    ("0", "none, where that is offered; no rows"),
    ("Up Down Space", "move over the options and pick one"),
    ("e", "write the answer; digits begin a number or a date"),
    ("Enter", "keep what is picked and go to the next question"),
    ("Backspace", "back to where you were"),
    ("o", "next question that needs somebody"),
    ("=", "still true: the answer of last time holds today"),
    ("?", "not known: who finds out, and by when"),
    ("-", "not applicable, and why"),
    ("x", "take the answer back"),
    ("u", "undo what was recorded last"),
    ("n", "note that the report prints"),
    ("N", "private note: internal report only"),
    ("s", "who is speaking, from here on"),
    ("b", "how we know: told, shown, measured"),
    ("p", "park the question for later"),
    ("g", "sections and how far they are"),
    ("Tab", "the section's short questions on one sheet"),
    ("/", "find a question"),
    ("a", "ask one team only, or everybody"),
    ("w", "why it is asked, and where to look"),
    ("v", "show or hide the manager's view"),
    ("PgUp PgDn", "scroll"),
    ("F10 q", "finish the call; everything is kept already"),
];

/// Returns what a key means at a question.
pub(crate) fn command(key: KeyEvent) -> Option<Command> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    if control || key.modifiers.contains(KeyModifiers::ALT) {
        let leaves = control && matches!(key.code, KeyCode::Char('c' | 'd'));
        return leaves.then_some(Command::Finish);
    }
    Some(match key.code {
        KeyCode::Enter => Command::Next,
        KeyCode::Backspace | KeyCode::Left => Command::Back,
        KeyCode::Right => Command::Next,
        KeyCode::Up => Command::Up,
        KeyCode::Down => Command::Down,
        KeyCode::PageUp => Command::PageUp,
        KeyCode::PageDown => Command::PageDown,
        KeyCode::Tab => Command::Sheet,
        KeyCode::F(1) => Command::Keys,
        KeyCode::F(10) => Command::Finish,
        KeyCode::Char(digit @ '0'..='9') => Command::Digit(digit),
        KeyCode::Char(letter) => lettered(letter)?,
        _ => return None,
    })
}

fn lettered(letter: char) -> Option<Command> {
    Some(match letter {
        ' ' => Command::Tick,
        'e' => Command::Edit,
        'o' => Command::NextOpen,
        'n' => Command::Note,
        'N' => Command::PrivateNote,
        '?' => Command::Unknown,
        '-' => Command::NotApplicable,
        '/' => Command::Search,
        'p' => Command::Park,
        'g' => Command::Sections,
        'w' => Command::Help,
        'v' => Command::View,
        '=' => Command::StillTrue,
        's' => Command::SaidBy,
        'b' => Command::Basis,
        'u' => Command::Undo,
        'a' => Command::Team,
        'x' => Command::Withdraw,
        'h' => Command::Keys,
        'q' => Command::Finish,
        _ => return None,
    })
}
