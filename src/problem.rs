//! What is wrong, where, and what to do about it.
//!
//! A [`Problem`] is for the person who can mend it: whoever typed, wrote or imported something. Reading never stops at the first
//! one: they are collected in [`Problems`] and shown together. Printing is the business of the command line.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, Title};
use serde::Serialize;

/// How bad a [`Problem`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Must be mended before the thing can be used.
    Error,
    /// Works, but is probably not meant.
    Warning,
}

/// A text that problems can point into: a file, or something that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceText {
    /// What the text is called: a path as the person gave it, or `standard input`.
    pub name: String,
    /// The text itself.
    pub text: String,
}

/// A stretch of bytes in a [`SourceText`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The text pointed into.
    pub source: Arc<SourceText>,
    /// Bytes `start..end`; kept inside the text and on character boundaries by [`Place::new`].
    pub span: Range<usize>,
}

impl Place {
    /// Points at `span` of `source`, moved onto character boundaries and into the text.
    #[must_use]
    pub fn new(source: Arc<SourceText>, span: Range<usize>) -> Self {
        let text = &source.text;
        let start = text.floor_char_boundary(span.start.min(text.len()));
        let end = text.ceil_char_boundary(span.end.min(text.len())).max(start);
        Self {
            source,
            span: start..end,
        }
    }

    /// Returns the line and column of the start, both counted from 1, the column in characters.
    #[must_use]
    pub fn line_column(&self) -> (usize, usize) {
        let before = &self.source.text[..self.span.start];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.line_column();
        write!(f, "{}:{line}:{column}", self.source.name)
    }
}

/// One thing that is wrong, in plain words, with its place and the remedy where they are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// A stable code such as `E002`, where the check has one.
    pub code: Option<&'static str>,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// Where.
    pub place: Option<Place>,
    /// What to do: an action.
    pub help: Option<String>,
}

impl Problem {
    /// Makes an error without code, place or help.
    #[must_use]
    pub fn error(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code: None,
            message: message.into(),
            place: None,
            help: None,
        }
    }

    /// Makes a warning without code, place or help.
    #[must_use]
    pub fn warning(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(message)
        }
    }

    /// Gives the problem its stable code.
    #[must_use]
    pub fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Draws the problem with its source line and a caret, in colour where `colour` says so.
    ///
    /// Control characters of the source are made visible, so that a hostile file cannot drive the terminal.
    #[must_use]
    pub fn draw(&self, colour: bool) -> String {
        let renderer = if colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let message = visible(&self.message);
        let help = self.help.as_deref().map(visible);
        let mut title = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        }
        .primary_title(&message);
        if let Some(code) = self.code {
            title = title.id(code);
        }
        let Some(place) = &self.place else {
            return draw_without_place(&renderer, title, help.as_deref());
        };
        let excerpt = Excerpt::of(place);
        let mut group = title.element(
            Snippet::source(&excerpt.text)
                .path(visible(&place.source.name))
                .line_start(excerpt.first_line)
                .annotation(AnnotationKind::Primary.span(excerpt.span.clone())),
        );
        if let Some(help) = &help {
            group = group.element(Level::HELP.message(help));
        }
        renderer.render(&[group])
    }
}

/// Draws what is wrong and, on a line of its own, what to do: without a source there is nothing for a rule at the side to hold.
fn draw_without_place(renderer: &Renderer, title: Title<'_>, help: Option<&str>) -> String {
    let help = help.map(|help| Level::HELP.primary_title(help));
    let lines: Vec<String> = std::iter::once(title)
        .chain(help)
        .map(|line| renderer.render(&[Group::with_title(line)]))
        .collect();
    lines.join("\n")
}

/// The lines that a place lies in, at most a screenful wide, with control characters made visible.
struct Excerpt {
    text: String,
    first_line: usize,
    span: Range<usize>,
}

/// How many bytes are drawn on each side of a place in a very long line.
const EXCERPT_SIDE: usize = 120;

impl Excerpt {
    fn of(place: &Place) -> Self {
        let text = &place.source.text;
        let line_start = text[..place.span.start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[place.span.start..]
            .find('\n')
            .map_or(text.len(), |at| place.span.start + at);
        let from = text.floor_char_boundary(
            place
                .span
                .start
                .saturating_sub(EXCERPT_SIDE)
                .max(line_start),
        );
        let span_end = place.span.end.min(line_end).max(place.span.start);
        let to = text.ceil_char_boundary((place.span.start + EXCERPT_SIDE).min(line_end));
        let before = visible(&text[from..place.span.start]);
        let marked = visible(&text[place.span.start..span_end.min(to)]);
        let after = visible(&text[span_end.min(to)..to]);
        Self {
            span: before.len()..before.len() + marked.len(),
            text: before + &marked + &after,
            first_line: place.line_column().0,
        }
    }
}

/// Returns `text` with control characters other than tab and newline as their Unicode pictures.
fn visible(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\t' | '\n' => character,
            '\u{0}'..='\u{1f}' => {
                char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}')
            }
            '\u{7f}' => '\u{2421}',
            '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            _ => character,
        })
        .collect()
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        write!(f, "{}", self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

/// A problem as `--json` prints it.
#[derive(Serialize)]
struct ProblemJson<'a> {
    severity: Severity,
    code: Option<&'a str>,
    message: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    help: Option<&'a str>,
}

impl Serialize for Problem {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let position = self.place.as_ref().map(Place::line_column);
        ProblemJson {
            severity: self.severity,
            code: self.code,
            message: &self.message,
            file: self.place.as_ref().map(|place| place.source.name.as_str()),
            line: position.map(|(line, _)| line),
            column: position.map(|(_, column)| column),
            help: self.help.as_deref(),
        }
        .serialize(serializer)
    }
}

/// All that is wrong with one thing; an error of its own, so that `?` carries it to the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(transparent)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Returns whether any of them is an error, not only a warning.
    #[must_use]
    pub fn any_error(&self) -> bool {
        self.0
            .iter()
            .any(|problem| problem.severity == Severity::Error)
    }

    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Returns `value` if there is no error among them.
    ///
    /// # Errors
    /// The problems themselves, warnings included, when one is an error.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.any_error() {
            Err(self)
        } else {
            Ok(value)
        }
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, problem) in self.0.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, span: Range<usize>) -> Place {
        let source = SourceText {
            name: "a.toml".into(),
            text: text.into(),
        };
        Place::new(Arc::new(source), span)
    }

    #[test]
    fn a_problem_is_drawn_with_its_line_and_caret() {
        let text = "title = \"x\"\nwhen = 'scope.sso'\n";
        let problem = Problem::error("no question is called `scope.sso`")
            .code("E002")
            .at(place(text, 20..29))
            .help("did you mean `scope.sso_enabled`?");
        insta::assert_snapshot!(problem.draw(false), @r"
        error[E002]: no question is called `scope.sso`
         --> a.toml:2:9
          |
        2 | when = 'scope.sso'
          |         ^^^^^^^^^
          |
          = help: did you mean `scope.sso_enabled`?
        ");
    }

    #[test]
    fn a_problem_without_a_place_is_drawn_in_two_lines() {
        let problem =
            Problem::error("there is no customer `contso`").help("did you mean `contoso`?");
        insta::assert_snapshot!(problem.draw(false), @r"
        error: there is no customer `contso`
        help: did you mean `contoso`?
        ");
        assert_eq!(Problem::warning("odd").draw(false), "warning: odd");
    }

    #[test]
    fn a_place_outside_the_text_is_moved_inside() {
        let problem = Problem::error("cut off").at(place("é", 1..900));
        assert!(problem.draw(false).contains("a.toml:1:1"));
    }

    #[test]
    fn a_hostile_line_cannot_drive_the_terminal() {
        let problem = Problem::error("odd \u{1b}[2J").at(place("\u{1b}[31mred", 0..1));
        assert!(!problem.draw(false).contains('\u{1b}'));
    }
}
