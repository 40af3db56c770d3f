//! Control characters, shown instead of obeyed.

use std::borrow::Cow;
use std::fmt::Write;

/// Returns `text` with every character that steers a terminal or turns the reading direction made visible.
///
/// ESC becomes `␛`, other C0 controls their Unicode pictures, C1 controls, line and paragraph separators and
/// bidirectional overrides and isolates their code point as `⟨U+202E⟩`. Line feed and tab stay; CR LF becomes LF.
/// Idempotent.
pub fn inert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_inert(&mut out, text);
    out
}

/// Returns `text` made inert and on one line: line feeds become `␊`, tabs a space.
pub fn inert_line<'a>(text: impl Into<Cow<'a, str>>) -> String {
    let text = text.into();
    if !has_control(&text) {
        return text.into_owned();
    }
    inert(&text).replace('\n', "␊").replace('\t', " ")
}

/// Appends `text`, made inert, to `out`.
pub(crate) fn push_inert(out: &mut String, text: &str) {
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\n' | '\t' => out.push(character),
            '\r' if characters.peek() == Some(&'\n') => {}
            '\0'..='\u{1f}' => out.push(picture(character)),
            '\u{7f}' => out.push('␡'),
            _ if is_steering(character) => {
                write!(out, "⟨U+{:04X}⟩", u32::from(character)).expect("a string takes any text");
            }
            _ => out.push(character),
        }
    }
}

/// Returns whether `text` holds a character that [`inert`] would change, or a line feed or tab.
pub(crate) fn has_control(text: &str) -> bool {
    text.chars()
        .any(|character| character.is_control() || is_steering(character))
}

fn picture(control: char) -> char {
    char::from_u32(0x2400 + u32::from(control)).expect("U+2400 to U+241F are assigned")
}

fn is_steering(character: char) -> bool {
    matches!(character, '\u{80}'..='\u{9f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_are_shown() {
        assert_eq!(inert("\x1b[31mred\x1b[0m"), "␛[31mred␛[0m");
        assert_eq!(inert("a\0b\x07c\x7fd"), "a␀b␇c␡d");
        assert_eq!(inert("\u{9b}31m"), "⟨U+009B⟩31m");
    }

    #[test]
    fn reading_direction_cannot_be_turned() {
        assert_eq!(inert("invoice\u{202e}fdp.exe"), "invoice⟨U+202E⟩fdp.exe");
        assert_eq!(inert("\u{2066}a\u{2069}"), "⟨U+2066⟩a⟨U+2069⟩");
    }

    #[test]
    fn lines_and_ordinary_scripts_stay() {
        let text = "Größe\n\t日本語 שלום 👩‍💻\u{200f}";
        assert_eq!(inert(text), text);
        assert_eq!(inert("a\r\nb\rc"), "a\nb␍c");
        assert_eq!(inert_line("a\r\nb\tc"), "a␊b c");
    }

    #[test]
    fn twice_is_once() {
        for text in naughty_strings::BLNS {
            assert_eq!(inert(&inert(text)), inert(text));
            assert!(!inert_line(*text).chars().any(char::is_control));
        }
    }
}
