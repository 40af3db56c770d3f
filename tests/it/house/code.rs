//! Rust source as the house rules read it: the words of the code, without comments and texts, and the paths that it names.
//!
//! Not a parser: what it does not understand it passes over.

use std::collections::BTreeSet;
use std::ops::Range;

/// A source as the rules look at it.
pub(crate) struct Code<'a> {
    pub(crate) words: Vec<Word<'a>>,
    pub(crate) paths: Vec<Path>,
}

impl<'a> Code<'a> {
    pub(crate) fn read(source: &'a str) -> Self {
        let words = words(source);
        let paths = paths(&words);
        Self { words, paths }
    }

    /// Returns the lines that name `thing`: a path, or words as they stand in the code.
    pub(crate) fn naming(&self, thing: &str) -> BTreeSet<usize> {
        let wanted: Vec<&str> = words(thing).iter().map(|word| word.text).collect();
        let in_words = self
            .words
            .windows(wanted.len())
            .filter(|some| some.iter().map(|word| word.text).eq(wanted.iter().copied()))
            .map(|some| some[0].line);
        let inside = format!("{thing}::");
        let in_paths = self
            .paths
            .iter()
            .filter(|path| path.text == thing || path.text.starts_with(&inside))
            .map(|path| path.line);
        in_words.chain(in_paths).collect()
    }
}

/// A word or sign of the code and the line it stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word<'a> {
    pub(crate) text: &'a str,
    pub(crate) line: usize,
}

/// A path such as `crate::domain::id`, written out also where it stands in braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// Returns the words of `source`: comments, texts and characters left out, `::` as one word.
fn words(source: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut at = 0;
    let mut line = 1;
    while let Some(first) = source[at..].chars().next() {
        let (range, is_word) = next(source, at, first);
        let text = &source[range.clone()];
        if is_word {
            words.push(Word { text, line });
        }
        line += text.matches('\n').count();
        at = range.end;
    }
    words
}

/// Returns the stretch of source that begins at `at`, and whether it is a word of the code.
fn next(source: &str, at: usize, first: char) -> (Range<usize>, bool) {
    let rest = &source[at..];
    let to = |length: usize| at..at + length;
    if first.is_whitespace() {
        return (to(first.len_utf8()), false);
    }
    if rest.starts_with("//") {
        return (to(rest.find('\n').unwrap_or(rest.len())), false);
    }
    if rest.starts_with("/*") {
        return (to(block_comment(rest)), false);
    }
    if let Some(length) = raw_text(rest) {
        return (to(length), false);
    }
    if first == '"' {
        return (to(quoted(rest)), false);
    }
    if first == '\'' {
        return (to(character(rest)), false);
    }
    if rest.starts_with("::") {
        return (to(2), true);
    }
    if first.is_alphanumeric() || first == '_' {
        let other = |letter: char| !letter.is_alphanumeric() && letter != '_';
        return (to(rest.find(other).unwrap_or(rest.len())), true);
    }
    (to(first.len_utf8()), true)
}

/// Returns the length of a comment that may hold others.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// Returns the length of `r"…"`, `r#"…"#` or `br"…"`, if that is what begins here.
fn raw_text(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix("br").or(rest.strip_prefix('r'))?;
    let hashes = body.len() - body.trim_start_matches('#').len();
    let inside = body[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let begin = rest.len() - inside.len();
    Some(
        inside
            .find(&close)
            .map_or(rest.len(), |end| begin + end + close.len()),
    )
}

/// Returns the length of a text in quotes, with escapes.
fn quoted(rest: &str) -> usize {
    let mut letters = rest.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Returns the length of a character such as `'a'` or `'\n'`, or of the tick that begins a lifetime.
fn character(rest: &str) -> usize {
    let body = &rest[1..];
    let is_escaped = body.starts_with('\\');
    let letters = body.chars().take(if is_escaped { 2 } else { 1 });
    let end = letters.map(char::len_utf8).sum::<usize>();
    match body[end..].find('\'') {
        Some(0) => end + 2,
        Some(more) if is_escaped => end + more + 2,
        _ => 1,
    }
}

/// Returns every path that `words` name, in imports and elsewhere.
fn paths(words: &[Word<'_>]) -> Vec<Path> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if is_name(words[at].text) {
            at = path(words, at, "", &mut found);
        } else {
            at += 1;
        }
    }
    found
}

/// Reads the path that begins at `at`, puts it and what stands in its braces into `found`, and returns where it ends.
fn path(words: &[Word<'_>], mut at: usize, before: &str, found: &mut Vec<Path>) -> usize {
    let text = |at: usize| words.get(at).map_or("", |word| word.text);
    let line = words[at].line;
    let mut whole = format!("{before}{}", text(at));
    at += 1;
    while text(at) == "::" {
        let after = text(at + 1);
        if after == "{" {
            return braces(words, at + 2, &format!("{whole}::"), found);
        }
        if !is_name(after) && after != "*" {
            break;
        }
        whole = format!("{whole}::{after}");
        at += 2;
    }
    found.push(Path { text: whole, line });
    at
}

/// Reads the paths in braces, the first at `at`, and returns where the braces end.
fn braces(words: &[Word<'_>], mut at: usize, before: &str, found: &mut Vec<Path>) -> usize {
    while at < words.len() {
        match words[at].text {
            "}" => return at + 1,
            "as" => at += 2,
            name if is_name(name) || name == "*" => at = path(words, at, before, found),
            _ => at += 1,
        }
    }
    at
}

fn is_name(word: &str) -> bool {
    word.chars()
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
}

#[test]
fn comments_texts_and_characters_are_no_words() {
    let source = "a // b\n/* c /* d */ e */ f \"g \\\" h\" r#\"i \" j\"# 'k' '\\'' 'l m::n";
    let found: Vec<_> = words(source).iter().map(|word| word.text).collect();
    assert_eq!(found, ["a", "f", "l", "m", "::", "n"]);
}

#[test]
fn words_know_their_line() {
    let source = "a\n\"\n\"\n/*\n*/ b";
    let lines: Vec<_> = words(source).iter().map(|word| word.line).collect();
    assert_eq!(lines, [1, 5]);
}

#[test]
fn paths_in_braces_are_written_out() {
    let source = "use crate::a::{self, B, c::{D as E, *}}; std::io::Read::read(x.y)";
    let found: Vec<_> = paths(&words(source))
        .into_iter()
        .map(|path| path.text)
        .collect();
    assert_eq!(
        found,
        [
            "use",
            "crate::a::self",
            "crate::a::B",
            "crate::a::c::D",
            "crate::a::c::*",
            "std::io::Read::read",
            "x",
            "y"
        ]
    );
}
