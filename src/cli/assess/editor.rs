//! A small editor for what is typed: one line or several, of any script, with a cursor.
//!
//! It knows keys and text, not what the text is for.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use unicode_width::UnicodeWidthStr;

use crate::cli::assess::lines::{cluster_end, clusters};
use crate::domain::response::MAX_TEXT;
use crate::markdown::inert;

/// Text being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Editor {
    text: String,
    /// Where the cursor stands, in bytes, on a border of clusters.
    at: usize,
    /// Whether the text may have several lines.
    several: bool,
}

/// What a key came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// It changed the text or moved the cursor, or did nothing.
    Here,
    /// The text is finished.
    Done,
    /// The text is to be forgotten.
    Cancelled,
}

/// Text laid out in lines of a width, with the place of the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    /// The lines, made harmless.
    pub(crate) lines: Vec<String>,
    /// The line in which the cursor stands.
    pub(crate) line: usize,
    /// The column in which it stands.
    pub(crate) column: usize,
}

impl Editor {
    /// Begins with `text`, the cursor at its end.
    pub(crate) fn new(text: impl Into<String>, several: bool) -> Self {
        let text = text.into();
        Self {
            at: text.len(),
            text,
            several,
        }
    }

    /// Returns whether the text may have several lines.
    pub(crate) fn is_long(&self) -> bool {
        self.several
    }

    /// Returns the text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Puts another text in the place of what was typed.
    pub(crate) fn set(&mut self, text: impl Into<String>) {
        *self = Self::new(text, self.several);
    }

    /// Takes in a key.
    pub(crate) fn key(&mut self, key: KeyEvent) -> Typed {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        match key.code {
            KeyCode::Enter if self.several && (alt || control) => self.insert("\n"),
            KeyCode::Char('j') if self.several && control => self.insert("\n"),
            KeyCode::Enter => return Typed::Done,
            KeyCode::Esc => return Typed::Cancelled,
            KeyCode::Char('c') if control => return Typed::Cancelled,
            KeyCode::Char('a') if control => self.at = self.line_start(),
            KeyCode::Char('e') if control => self.at = self.line_end(),
            KeyCode::Char('u') if control => self.remove(self.line_start(), self.at),
            KeyCode::Char('k') if control => self.remove(self.at, self.line_end()),
            KeyCode::Char('w') if control => self.remove(self.word_start(), self.at),
            KeyCode::Char(character) if !control && !alt => {
                self.insert(character.encode_utf8(&mut [0; 4]));
            }
            KeyCode::Backspace => self.remove(self.before(self.at), self.at),
            KeyCode::Delete => self.remove(self.at, self.after(self.at)),
            KeyCode::Left => self.at = self.before(self.at),
            KeyCode::Right => self.at = self.after(self.at),
            KeyCode::Home => self.at = self.line_start(),
            KeyCode::End => self.at = self.line_end(),
            KeyCode::Up => self.up(),
            KeyCode::Down => self.down(),
            _ => {}
        }
        Typed::Here
    }

    /// Inserts text at the cursor, as it is; in a single line, line ends become spaces. What is too long to keep is left out.
    pub(crate) fn insert(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n");
        let text = if self.several {
            text
        } else {
            text.replace(['\n', '\r'], " ")
        };
        if self.text.len() + text.len() > MAX_TEXT {
            return;
        }
        self.text.insert_str(self.at, &text);
        self.at += text.len();
    }

    /// Lays the text out in lines of `width` columns.
    pub(crate) fn layout(&self, width: usize) -> Layout {
        let width = width.max(4);
        let mut layout = Layout {
            lines: vec![String::new()],
            line: 0,
            column: 0,
        };
        let (mut at, mut used) = (0, 0);
        for cluster in clusters(&self.text) {
            let shown = inert(cluster).replace('\t', "    ");
            let wide = shown.width();
            if cluster != "\n" && used + wide >= width {
                layout.lines.push(String::new());
                used = 0;
            }
            if at == self.at {
                (layout.line, layout.column) = (layout.lines.len() - 1, used);
            }
            at += cluster.len();
            if cluster == "\n" {
                layout.lines.push(String::new());
                used = 0;
            } else {
                let last = layout.lines.len() - 1;
                layout.lines[last].push_str(&shown);
                used += wide;
            }
        }
        if at == self.at {
            (layout.line, layout.column) = (layout.lines.len() - 1, used);
        }
        layout
    }

    fn remove(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.at = from;
    }

    /// Returns where the cluster before `at` begins.
    fn before(&self, at: usize) -> usize {
        let mut begin = 0;
        for cluster in clusters(&self.text[..at]) {
            if begin + cluster.len() >= at {
                break;
            }
            begin += cluster.len();
        }
        begin
    }

    /// Returns where the cluster at `at` ends.
    fn after(&self, at: usize) -> usize {
        at + cluster_end(&self.text[at..]).unwrap_or(0)
    }

    fn line_start(&self) -> usize {
        self.text[..self.at].rfind('\n').map_or(0, |end| end + 1)
    }

    fn line_end(&self) -> usize {
        let rest = self.text[self.at..].find('\n');
        rest.map_or(self.text.len(), |end| self.at + end)
    }

    fn word_start(&self) -> usize {
        let before = self.text[..self.at].trim_end();
        let space = before.rfind(char::is_whitespace);
        space.map_or(0, |space| self.after(space)).min(self.at)
    }

    fn up(&mut self) {
        let start = self.line_start();
        if start > 0 {
            let column = clusters(&self.text[start..self.at]).count();
            self.at = start - 1;
            self.at = self.along(self.line_start(), column);
        }
    }

    fn down(&mut self) {
        let end = self.line_end();
        if end < self.text.len() {
            let column = clusters(&self.text[self.line_start()..self.at]).count();
            self.at = self.along(end + 1, column);
        }
    }

    /// Returns the place `column` clusters behind the start of a line, or the line's end.
    fn along(&self, start: usize, column: usize) -> usize {
        let line = self.text[start..].split('\n').next().unwrap_or_default();
        let taken: usize = clusters(line).take(column).map(str::len).sum();
        start + taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(editor: &mut Editor, code: KeyCode) -> Typed {
        editor.key(KeyEvent::new(code, KeyModifiers::NONE))
    }

    fn typed(editor: &mut Editor, text: &str) {
        for character in text.chars() {
            press(editor, KeyCode::Char(character));
        }
    }

    #[test]
    fn text_of_any_script_is_typed_and_taken_back_by_what_is_seen() {
        let mut editor = Editor::new("", false);
        typed(&mut editor, "日e\u{301}👩‍👩‍👧");
        assert_eq!(editor.text(), "日e\u{301}👩‍👩‍👧");
        press(&mut editor, KeyCode::Backspace);
        assert_eq!(editor.text(), "日e\u{301}");
        press(&mut editor, KeyCode::Left);
        press(&mut editor, KeyCode::Delete);
        assert_eq!(editor.text(), "日");
        press(&mut editor, KeyCode::Home);
        typed(&mut editor, "x");
        assert_eq!(editor.text(), "x日");
    }

    #[test]
    fn several_lines_are_moved_through() {
        let mut editor = Editor::new("abc\nde", true);
        press(&mut editor, KeyCode::Up);
        typed(&mut editor, "X");
        press(&mut editor, KeyCode::Down);
        typed(&mut editor, "Y");
        assert_eq!(editor.text(), "abXc\ndeY");
        editor.key(KeyEvent::new(KeyCode::Enter, KeyModifiers::ALT));
        assert_eq!(editor.text(), "abXc\ndeY\n");
        assert_eq!(press(&mut editor, KeyCode::Enter), Typed::Done);
    }

    #[test]
    fn what_is_pasted_into_one_line_stays_one_line() {
        let mut editor = Editor::new("", false);
        editor.insert("a\r\nb\nc");
        assert_eq!(editor.text(), "a b c");
        editor.insert(&"x".repeat(MAX_TEXT));
        assert_eq!(editor.text(), "a b c", "too long to keep");
    }

    #[test]
    fn words_and_lines_are_removed() {
        let mut editor = Editor::new("one two  three", false);
        let control = |c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL);
        editor.key(control('w'));
        assert_eq!(editor.text(), "one two  ");
        editor.key(control('w'));
        assert_eq!(editor.text(), "one ");
        editor.key(control('u'));
        assert_eq!(editor.text(), "");
        assert_eq!(editor.key(control('c')), Typed::Cancelled);
    }

    #[test]
    fn the_layout_shows_control_characters_and_the_cursor() {
        let editor = Editor::new("a\u{1b}[2J\n日本", true);
        let layout = editor.layout(10);
        assert_eq!(layout.lines, ["a␛[2J", "日本"]);
        assert_eq!((layout.line, layout.column), (1, 4));
        let narrow = Editor::new("abcdef", false).layout(4);
        assert_eq!(narrow.lines, ["abc", "def"]);
    }

    #[test]
    fn no_text_makes_it_stumble() {
        for text in naughty_strings::BLNS {
            let mut editor = Editor::new(*text, true);
            for code in [
                KeyCode::Left,
                KeyCode::Up,
                KeyCode::Delete,
                KeyCode::Backspace,
                KeyCode::Down,
            ] {
                press(&mut editor, code);
                let _ = editor.layout(5);
            }
        }
    }
}
