//! Plain text as Markdown and as HTML, shown literally.

use crate::markdown::inert::{has_control, push_inert};

/// Where a piece of text stands, as far as Markdown cares.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Standing {
    /// At the beginning of a line, where `#`, `-`, `1.` would open a block.
    pub(crate) line_start: bool,
}

/// Returns GitHub-flavoured Markdown that renders as exactly `text`, on one line.
///
/// It fits wherever inline text fits: in a paragraph, a heading, a list item and a table cell. Line breaks
/// become `<br>` (the only form that a table cell takes; [`to_html`](crate::markdown::to_html) knows it), runs of
/// blanks become one, line breaks at either end are dropped. A `http://` address may still become a link where the
/// host makes links of bare addresses.
pub fn escape(text: &str) -> String {
    let mut inert = String::with_capacity(text.len());
    push_inert(&mut inert, text);
    let mut out = String::with_capacity(inert.len() + inert.len() / 8);
    for (at, line) in inert
        .trim_matches(['\n', ' ', '\t'])
        .split('\n')
        .enumerate()
    {
        if at > 0 {
            out.push_str("<br>");
        }
        push_words(&mut out, line.trim_matches([' ', '\t']));
    }
    keep_outer_blanks(&inert, out)
}

/// A value may be a separator such as `", "`: one blank at either end stays.
fn keep_outer_blanks(text: &str, escaped: String) -> String {
    let is_blank = |end: Option<char>| matches!(end, Some(' ' | '\t'));
    let before = if is_blank(text.chars().next()) {
        " "
    } else {
        ""
    };
    let after = if is_blank(text.chars().next_back()) && !escaped.is_empty() {
        " "
    } else {
        ""
    };
    format!("{before}{escaped}{after}")
}

fn push_words(out: &mut String, line: &str) {
    let line = line.split([' ', '\t']).filter(|word| !word.is_empty());
    let line = line.collect::<Vec<_>>().join(" ");
    push_escaped(out, &line, Standing { line_start: true });
}

/// Appends `text`, which holds no line feed and no control character, so that it renders literally.
pub(crate) fn push_escaped(out: &mut String, text: &str, standing: Standing) {
    let mut before = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let after = characters.peek().map(|&(_, next)| next);
        match character {
            '&' if begins_entity(&text[at + 1..]) => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            _ => {
                if is_markup(character, before, after)
                    || standing.line_start && opens_block(text, at, after)
                {
                    out.push('\\');
                }
                out.push(character);
            }
        }
        before = Some(character);
    }
}

/// Whether an `&` before `rest` would begin an entity such as `&lt;`, or may once something is written after the text.
fn begins_entity(rest: &str) -> bool {
    let name = rest.strip_prefix('#').unwrap_or(rest);
    let after = name.trim_start_matches(|next: char| next.is_ascii_alphanumeric());
    after.is_empty() || after.len() < name.len() && after.starts_with(';')
}

/// Whether `character` means something wherever it stands in a line.
fn is_markup(character: char, before: Option<char>, after: Option<char>) -> bool {
    match character {
        '\\' | '`' | '*' | '[' | ']' | '|' | '~' | '$' => true,
        '_' => {
            !(before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric))
        }
        // At the end of a text, what the template says next may complete it: `!` and `[link]`, a closing `#`.
        '!' | '#' => after.is_none(),
        _ => false,
    }
}

/// Whether the character at `at` would open a block if `text` began a line.
fn opens_block(text: &str, at: usize, after: Option<char>) -> bool {
    let (before, from) = text.split_at(at);
    match from.as_bytes().first() {
        Some(b'#' | b'+' | b'-' | b'=' | b':' | b'>') => at == 0,
        Some(b'.' | b')') => {
            before.len() <= 9
                && before.bytes().all(|byte| byte.is_ascii_digit())
                && after.is_none_or(|next| next == ' ')
        }
        _ => false,
    }
}

/// Returns HTML that shows exactly `text`, in an element or in a quoted attribute.
pub fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    push_escaped_html(&mut out, text);
    out
}

/// Appends `text`, made inert and escaped for HTML.
pub(crate) fn push_escaped_html(out: &mut String, text: &str) {
    let mut inert = String::new();
    let mut text = text;
    if has_control(text) {
        push_inert(&mut inert, text);
        text = &inert;
    }
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped() {
        assert_eq!(
            escape("*a* `b` [c](d) ~e~ a|b"),
            r"\*a\* \`b\` \[c\](d) \~e\~ a\|b"
        );
        assert_eq!(escape("<b>&amp;"), "&lt;b>&amp;amp;");
        assert_eq!(escape("AT&T, x > y"), "AT&T, x > y");
        assert_eq!(escape("&#60; a &"), "&amp;#60; a &amp;");
        assert_eq!(escape("snake_case _it_"), r"snake_case \_it\_");
    }

    #[test]
    fn what_would_open_a_block_is_escaped_only_there() {
        assert_eq!(escape("# a"), r"\# a");
        assert_eq!(escape("- a - b"), r"\- a - b");
        assert_eq!(escape("1. a"), r"1\. a");
        assert_eq!(escape("2026. "), r"2026\. ");
        assert_eq!(escape("1.5"), "1.5");
        assert_eq!(escape("Wait!"), r"Wait\!");
        assert_eq!(escape("===="), r"\====");
        assert_eq!(escape("> a > b"), r"\> a > b");
    }

    #[test]
    fn lines_become_breaks_and_blanks_one() {
        assert_eq!(escape("a\r\nb\n\nc\n"), "a<br>b<br><br>c");
        assert_eq!(escape("      a   b"), " a b");
        assert_eq!(escape(", "), ", ");
        assert_eq!(escape("\n"), "");
        assert_eq!(escape("a\n# b"), r"a<br>\# b");
    }
}
