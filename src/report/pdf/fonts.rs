//! The fonts that every PDF is set in, and which characters they have.
//!
//! All of them are part of the program: what a report looks like never depends on the machine. *Source Sans 3* is the text,
//! *Libertinus Serif* the titles, *DejaVu Sans Mono* what is typed; the rest of Typst's own fonts lend signs that these lack. A
//! character that none of them has is shown as [`STAND_IN`], and said.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use unicode_width::UnicodeWidthChar;

/// What stands for a character without a font.
pub(super) const STAND_IN: char = '□';

/// The text's own fonts, under the Open Font License beside them.
const OWN: [&[u8]; 3] = [
    include_bytes!("fonts/SourceSans3-Regular.ttf"),
    include_bytes!("fonts/SourceSans3-It.ttf"),
    include_bytes!("fonts/SourceSans3-Semibold.ttf"),
];

/// The fonts that the style sheet names.
const NAMED: [&str; 3] = ["Source Sans 3", "Libertinus Serif", "DejaVu Sans Mono"];

/// Fonts, and what Typst wants to know of them.
pub(super) struct Fonts {
    /// What there is.
    pub(super) book: LazyHash<FontBook>,
    /// The fonts in the order of the book.
    pub(super) fonts: Vec<Font>,
}

/// Returns the fonts, read once.
pub(super) fn fonts() -> &'static Fonts {
    static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
        let fonts: Vec<Font> = (OWN.into_iter().chain(typst_assets::fonts()))
            .flat_map(|bytes| Font::iter(Bytes::new(bytes)))
            .collect();
        Fonts {
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
        }
    });
    &FONTS
}

impl Fonts {
    /// Puts [`STAND_IN`] for what no font has, and adds it to `lost`. Signs that only steer how others look are left out.
    pub(super) fn shown(&self, text: &str, lost: &mut BTreeSet<char>) -> String {
        let mut out = String::with_capacity(text.len());
        let mut base = ' ';
        for character in text.chars().filter(|character| !is_steering(*character)) {
            if character.is_whitespace() {
                let known = character.is_ascii() || self.named_has(&[character]);
                out.push(if known { character } else { ' ' });
                base = ' ';
            } else if character.width() == Some(0) {
                // A mark is drawn with the letter before it, by one font that has both.
                if self.named_has(&[base, character]) {
                    out.push(character);
                } else {
                    lost.insert(character);
                }
            } else {
                base = character;
                let known = character.is_ascii() || self.some_has(character);
                out.push(if known { character } else { STAND_IN });
                lost.extend((!known).then_some(character));
            }
        }
        out
    }

    fn some_has(&self, character: char) -> bool {
        self.fonts.iter().any(|font| has(font, character))
    }

    /// Returns whether one of the fonts that the style sheet names has all of these.
    fn named_has(&self, characters: &[char]) -> bool {
        let mut named = self
            .fonts
            .iter()
            .filter(|font| NAMED.contains(&font.info().family.as_str()));
        named.any(|font| characters.iter().all(|character| has(font, *character)))
    }
}

fn has(font: &Font, character: char) -> bool {
    font.info().coverage.contains(u32::from(character))
}

/// Returns whether a character is not drawn itself: controls, joiners, selectors, and what turns the direction of the text round.
fn is_steering(character: char) -> bool {
    if matches!(character, '\n' | '\t') {
        return false;
    }
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> (String, String) {
        let mut lost = BTreeSet::new();
        let shown = fonts().shown(text, &mut lost);
        (shown, lost.into_iter().collect())
    }

    #[test]
    fn europe_can_be_written() {
        for text in [
            "Größe, façade, Łódź, İstanbul, Ægir, šťáva – “…” ‘’ €",
            "Αθήνα, ΰ",
            "Москва, Київ, Београд",
            "a\u{308} e\u{301} ☐ ☑ → ✓ ≥ ½",
        ] {
            assert_eq!(shown(text), (text.to_owned(), String::new()));
        }
    }

    #[test]
    fn what_no_font_has_is_named_and_stood_in_for() {
        assert_eq!(shown("李明 Ltd"), ("□□ Ltd".into(), "明李".into()));
        assert_eq!(shown("👩‍💻!"), ("□□!".into(), "👩💻".into()));
    }

    #[test]
    fn a_mark_that_no_font_draws_on_its_letter_is_left_out_and_named() {
        assert_eq!(
            shown("1\u{fe0f}\u{20e3}\u{1680}x"),
            ("1 x".into(), "\u{20e3}".into())
        );
    }

    #[test]
    fn what_steers_other_characters_is_left_out() {
        assert_eq!(shown("in\u{202e}voice\u{0}\u{7}").0, "invoice");
        assert_eq!(shown("ascii\u{1b}[31m").0, "ascii[31m");
    }
}
