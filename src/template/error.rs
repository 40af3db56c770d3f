//! What is wrong with a template, and where.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::problem::{self, Problem, SourceText};

/// An error in a template, at the place where the person who writes it must look.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub struct TemplateError {
    /// The file: its path, or `builtin/…` for a shipped one.
    pub file: String,
    /// Where in the file; nothing if it concerns the file as a whole.
    pub place: Option<Box<Place>>,
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// From where the file was included or its component called, innermost first, as `file:line:column`.
    pub called_from: Vec<String>,
}

/// A stretch of one line of a template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// In characters; at least 1, and no further than the end of the line.
    pub width: usize,
    /// The line, without its line feed.
    pub source_line: String,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, message, .. } = self;
        match self.place.as_deref() {
            Some(Place { line, column, .. }) => write!(out, "{file}:{line}:{column}: {message}"),
            None => write!(out, "{file}: {message}"),
        }
    }
}

impl TemplateError {
    /// An error that concerns a file as a whole.
    pub(crate) fn whole(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            place: None,
            message: message.into(),
            hint: None,
            called_from: Vec::new(),
        }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn at(mut self, place: Option<Place>) -> Self {
        self.place = place.map(Box::new);
        self
    }
}

impl Place {
    /// Returns the place of `length` bytes from byte `at` in `text`, cut at the end of the line.
    pub(crate) fn of(text: &str, at: usize, length: usize) -> Self {
        let before = text.get(..at).unwrap_or(text);
        let begin = before.rfind('\n').map_or(0, |newline| newline + 1);
        let source_line = text[begin..].lines().next().unwrap_or_default();
        let marked = text.get(at..at + length).unwrap_or_default();
        let marked = marked.lines().next().unwrap_or_default();
        Self {
            line: before.matches('\n').count() + 1,
            column: before[begin..].chars().count() + 1,
            width: marked.chars().count().max(1),
            source_line: source_line.to_owned(),
        }
    }

    /// The lines before are empty here: only their number matters.
    fn in_file(&self, name: String) -> problem::Place {
        let before = "\n".repeat(self.line.saturating_sub(1));
        let bytes = |characters: usize| -> usize {
            self.source_line
                .chars()
                .take(characters)
                .map(char::len_utf8)
                .sum()
        };
        let begin = before.len() + bytes(self.column.saturating_sub(1));
        let end = before.len() + bytes(self.column.saturating_sub(1) + self.width);
        let text = before + &self.source_line;
        problem::Place::new(Arc::new(SourceText { name, text }), begin..end)
    }

    /// Returns the place of some characters of a line, both counted from 1, cut at the end of the line.
    pub(crate) fn on_line(text: &str, line: usize, column: usize, width: usize) -> Self {
        let source_line = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
        let rest = source_line
            .chars()
            .count()
            .saturating_sub(column.saturating_sub(1));
        Self {
            line,
            column,
            width: width.min(rest).max(1),
            source_line: source_line.to_owned(),
        }
    }
}

/// The problem shows the line itself, and after the hint from where the file was included.
impl From<TemplateError> for Problem {
    fn from(error: TemplateError) -> Self {
        let called = error
            .called_from
            .iter()
            .map(|place| format!("used at {place}"));
        let help: Vec<String> = error.hint.into_iter().chain(called).collect();
        let mut problem = match error.place {
            Some(place) => Self::error(error.message).at(place.in_file(error.file)),
            None => Self::error(format!("{}: {}", error.file, error.message)),
        };
        if !help.is_empty() {
            problem = problem.help(help.join("; "));
        }
        problem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_characters_from_one() {
        let place = Place::of("a\nbö {{ x\n}}", 6, 7);
        assert_eq!((place.line, place.column, place.width), (2, 4, 4));
        assert_eq!(place.source_line, "bö {{ x");
    }
}
