//! Text in columns: broken into lines, cut and padded by the width that a terminal gives it, never by bytes or letters.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::cli::ui::{self, Tone};

/// Returns the pieces of `text` that stand or fall together: a letter with its accents, an emoji with its joiners.
pub(crate) fn clusters(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = cluster_end(rest)?;
        let (cluster, after) = rest.split_at(end);
        rest = after;
        Some(cluster)
    })
}

/// Returns where the first cluster of `text` ends.
pub(crate) fn cluster_end(text: &str) -> Option<usize> {
    const JOINER: char = '\u{200d}';
    let mut characters = text.char_indices();
    let (_, mut last) = characters.next()?;
    for (at, character) in characters {
        let joins = last == JOINER && !last.is_control();
        let modifies = matches!(character, '\u{1f3fb}'..='\u{1f3ff}');
        let weightless = character.width() == Some(0) && !last.is_control();
        if !(joins || modifies || weightless) {
            return Some(at);
        }
        last = character;
    }
    Some(text.len())
}

/// Prints `text` in lines of at most `width` columns, the first after `first`, the others moved in by `indent`.
pub(crate) fn print(width: usize, tone: Option<Tone>, indent: usize, first: &str, text: &str) {
    let room = width.saturating_sub(indent.max(first.len()));
    for (at, line) in wrap(text, room).iter().enumerate() {
        let head = if at == 0 {
            first.to_owned()
        } else {
            " ".repeat(indent)
        };
        let line = format!("{head}{line}");
        ui::line(&tone.map_or_else(|| line.clone(), |tone| ui::tone_raw(tone, &line)));
    }
}

/// Returns `text` in lines of at most `width` columns, broken at spaces where there are any, and at its own line ends.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(2);
    text.split('\n')
        .flat_map(|line| wrap_line(line, width))
        .collect()
}

fn wrap_line(line: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in line.split_inclusive(' ') {
        let bare = word.trim_end_matches(' ');
        if used > 0 && used + bare.width() > width {
            lines.push(String::new());
            used = 0;
        }
        if bare.width() > width {
            used = break_word(&mut lines, bare, used, width);
        } else {
            push(&mut lines, bare);
            used += bare.width();
        }
        let space = &word[bare.len()..];
        push(&mut lines, space);
        used += space.width();
    }
    for line in &mut lines {
        line.truncate(line.trim_end_matches(' ').len());
    }
    lines
}

/// Breaks a word that fits no line wherever the line ends; returns how much of the last line is used.
fn break_word(lines: &mut Vec<String>, word: &str, mut used: usize, width: usize) -> usize {
    for cluster in clusters(word) {
        let wide = cluster.width();
        if used + wide > width && used > 0 {
            lines.push(String::new());
            used = 0;
        }
        push(lines, cluster);
        used += wide;
    }
    used
}

fn push(lines: &mut [String], text: &str) {
    if let Some(line) = lines.last_mut() {
        line.push_str(text);
    }
}

/// Returns `text` cut to `width` columns, with `…` where something is left out.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut used = 0;
    for cluster in clusters(text) {
        used += cluster.width();
        if used + 1 > width {
            break;
        }
        cut.push_str(cluster);
    }
    if width > 0 {
        cut.push('…');
    }
    cut
}

/// Returns `text` cut or padded to exactly `width` columns.
pub(crate) fn fit(text: &str, width: usize) -> String {
    let cut = cut(text, width);
    let pad = width.saturating_sub(cut.width());
    cut + &" ".repeat(pad)
}

/// Returns `left` and `right` at the two ends of a line of `width` columns; the left gives way.
pub(crate) fn ends(left: &str, right: &str, width: usize) -> String {
    let right = cut(right, width);
    let room = width.saturating_sub(right.width() + 1);
    fit(left, room) + " " + &right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_by_columns() {
        assert_eq!(wrap("ab cd ef", 5), ["ab cd", "ef"]);
        assert_eq!(wrap("日本語日本", 4), ["日本", "語日", "本"]);
        assert_eq!(wrap("a\n\nb", 9), ["a", "", "b"]);
        assert_eq!(wrap("", 9), [""]);
        assert_eq!(wrap("x abcdefgh y", 4), ["x", "abcd", "efgh", "y"]);
    }

    #[test]
    fn what_belongs_together_is_not_parted() {
        let family = "👩‍👩‍👧";
        assert_eq!(clusters("e\u{301}x").collect::<Vec<_>>(), ["e\u{301}", "x"]);
        assert_eq!(clusters(family).count(), 1);
        assert_eq!(clusters("👍🏽👍").count(), 2);
        assert_eq!(
            wrap(&family.repeat(3), 4),
            [family.repeat(2), family.to_owned()]
        );
    }

    #[test]
    fn cutting_and_padding_end_at_the_column() {
        assert_eq!(cut("日本語", 5), "日本…");
        assert_eq!(cut("日本語", 4), "日…");
        assert_eq!(cut("abc", 0), "");
        assert_eq!(fit("日", 4), "日  ");
        assert_eq!(fit("日本語", 4).width(), 4);
        assert_eq!(ends("left", "right", 12), "left   right");
        assert_eq!(ends("left", "right", 8), "l… right");
    }

    #[test]
    fn no_text_makes_it_stumble() {
        for text in naughty_strings::BLNS {
            for width in [0, 1, 2, 7] {
                assert!(cut(text, width).width() <= width, "{text}");
                assert_eq!(clusters(text).collect::<String>(), *text);
                let _ = wrap(text, width);
            }
        }
    }
}
