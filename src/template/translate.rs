//! What Tera says is wrong, put our way and at our place.

use tera::ErrorKind;

use crate::template::error::{Place, TemplateError};
use crate::template::sources::Sources;
use crate::template::{Inline, filters};

/// What Tera calls a template that has no name.
pub(crate) const NAMELESS: &str = "__tera_one_off";

/// Turns errors of Tera into ours.
#[derive(Clone, Copy)]
pub(crate) struct Translator<'a> {
    pub(crate) sources: &'a Sources,
    /// The template without a name, if one was rendered.
    pub(crate) inline: Option<&'a Inline>,
}

/// A place as Tera reports it.
struct Reported<'a> {
    name: &'a str,
    line: usize,
    column: usize,
    width: usize,
}

impl Translator<'_> {
    /// Returns what went wrong while templates were added or `asked` was rendered: at least one error.
    pub(crate) fn errors(&self, error: &tera::Error, asked: &str) -> Vec<TemplateError> {
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                let called_from = self.callers(&error.to_string());
                vec![TemplateError {
                    called_from,
                    ..self.reported(report)
                }]
            }
            ErrorKind::Msg(text) => self.drawn(text, asked),
            ErrorKind::MissingParent { current, parent } => {
                let message = format!("there is no template `{parent}`");
                let hint = self.nearest_template(parent);
                vec![TemplateError {
                    hint,
                    ..self.quoting(current, parent, message)
                }]
            }
            ErrorKind::CircularExtend {
                tpl,
                inheritance_chain: chain,
            }
            | ErrorKind::CircularInclude {
                tpl,
                include_chain: chain,
            } => {
                let next = chain.iter().find(|name| *name != tpl).unwrap_or(tpl);
                let message = format!("`{tpl}` leads back to itself: {}", chain.join(" → "));
                vec![self.quoting(tpl, next, message)]
            }
            ErrorKind::TemplateNotFound(name) => {
                let mut found = TemplateError::whole(name, "there is no such template");
                found.hint = self.nearest_template(name);
                vec![found]
            }
            ErrorKind::Io(std::io::ErrorKind::FileTooLarge) => {
                let megabytes = crate::template::MAX_OUTPUT >> 20;
                vec![TemplateError::whole(
                    self.shown(asked),
                    format!("writes more than {megabytes} MB"),
                )]
            }
            other => vec![TemplateError::whole(
                self.shown(asked),
                worded(&other.to_string()),
            )],
        }
    }

    fn reported(&self, report: &tera::ReportError) -> TemplateError {
        let span = report.span();
        let width = match span.end_line == span.start_line {
            true => span.end_col.saturating_sub(span.start_col),
            false => usize::MAX,
        };
        let reported = Reported {
            name: report.filename(),
            line: span.start_line,
            column: span.start_col + 1,
            width,
        };
        self.placed(report.message(), &reported)
    }

    /// Tera joins what it finds while linking templates into one text of drawn reports.
    fn drawn(&self, text: &str, asked: &str) -> Vec<TemplateError> {
        let lines: Vec<&str> = text.lines().collect();
        let mut found = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let message = line.strip_prefix("error: ");
            let place = lines
                .get(at + 1)
                .and_then(|next| next.trim_start().strip_prefix("--> "));
            if let (Some(message), Some((name, line, column))) =
                (message, place.and_then(name_line_column))
            {
                let carets = lines
                    .get(at + 4)
                    .map_or(1, |carets| carets.matches('^').count());
                let reported = Reported {
                    name,
                    line,
                    column,
                    width: carets,
                };
                found.push(self.placed(message, &reported));
            }
        }
        if found.is_empty() {
            found.push(TemplateError::whole(self.shown(asked), worded(text)));
        }
        found
    }

    fn placed(&self, message: &str, reported: &Reported<'_>) -> TemplateError {
        let (message, hint) = self.explained(message);
        let text = self.text(reported.name);
        let mut place = Place::on_line(text, reported.line, reported.column, reported.width);
        place.line += self.lines_before(reported.name);
        TemplateError {
            file: self.shown(reported.name),
            place: Some(Box::new(place)),
            message,
            hint,
            called_from: Vec::new(),
        }
    }

    /// An error about `name`, at the first place where it has `quoted` in quotes.
    fn quoting(&self, name: &str, quoted: &str, message: String) -> TemplateError {
        let text = self.text(name);
        let short = quoted
            .strip_prefix(crate::template::BUILTIN)
            .unwrap_or(quoted);
        let at = ["\"", "'", "`"].iter().find_map(|quote| {
            [quoted, short].iter().find_map(|quoted| {
                let needle = format!("{quote}{quoted}{quote}");
                text.find(&needle)
                    .map(|at| Place::of(text, at, needle.len()))
            })
        });
        TemplateError::whole(self.shown(name), message).at(at)
    }

    fn callers(&self, drawn: &str) -> Vec<String> {
        let callers = drawn
            .lines()
            .filter_map(|line| line.strip_prefix("note: called from "));
        callers
            .filter_map(name_line_column)
            .map(|(name, line, column)| {
                let line = line + self.lines_before(name);
                format!("{}:{line}:{column}", self.shown(name))
            })
            .collect()
    }

    fn shown(&self, name: &str) -> String {
        match self.inline {
            Some(inline) if name == NAMELESS => inline.file.clone(),
            _ => self.sources.shown(name),
        }
    }

    fn text(&self, name: &str) -> &str {
        match self.inline {
            Some(inline) if name == NAMELESS => &inline.source,
            _ => self.sources.text(name).unwrap_or_default(),
        }
    }

    fn lines_before(&self, name: &str) -> usize {
        match self.inline {
            Some(inline) if name == NAMELESS => inline.first_line.saturating_sub(1),
            _ => 0,
        }
    }

    /// Splits what Tera says into what is wrong and what to do.
    fn explained(&self, message: &str) -> (String, Option<String>) {
        let name = message.split('`').nth(1).unwrap_or_default();
        if let Some((message, available)) = message.split_once(" Available ") {
            let available = available.split_once(": ").map_or("", |(_, names)| names);
            let hint = nearest(name, available.split(", "));
            let hint = hint.unwrap_or_else(|| format!("there are: {available}"));
            return (worded(message), Some(hint));
        }
        let hint = match message {
            _ if message.starts_with("Unknown filter") => {
                nearest(name, filters::NAMES.iter().copied())
            }
            _ if message.starts_with("Unknown template") => self.nearest_template(name),
            _ => None,
        };
        (worded(message), hint)
    }

    fn nearest_template(&self, name: &str) -> Option<String> {
        nearest(name, self.sources.names())
    }
}

fn name_line_column(place: &str) -> Option<(&str, usize, usize)> {
    let mut parts = place.rsplitn(3, ':');
    let (column, line, name) = (parts.next()?, parts.next()?, parts.next()?);
    Some((name, line.parse().ok()?, column.parse().ok()?))
}

/// Our way of putting it: lower case, no full stop, no names of Rust types.
fn worded(message: &str) -> String {
    const PLAIN: &[(&str, &str)] = &[
        ("`&str`", "text"),
        ("`string`", "text"),
        ("`i64`", "a whole number"),
        ("`i128`", "a whole number"),
        ("`u64`", "a whole number"),
        ("`usize`", "a whole number"),
        ("`f64`", "a number"),
        ("`Vec<Value>`", "a list"),
        ("`&[Value]`", "a list"),
        ("`Map`", "a map"),
    ];
    let message = message.trim_end_matches('.');
    let mut characters = message.chars();
    let first: String = characters
        .next()
        .into_iter()
        .flat_map(char::to_lowercase)
        .collect();
    let message = first + characters.as_str();
    PLAIN
        .iter()
        .fold(message, |message, (from, to)| message.replace(from, to))
}

/// Returns the hint that names the nearest of `names`, if one is near enough to be meant.
fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    names
        .map(|other| (strsim::normalized_damerau_levenshtein(name, other), other))
        .filter(|(likeness, _)| *likeness >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, other)| format!("did you mean `{other}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_put_our_way() {
        assert_eq!(
            worded("Invalid type for the value, expected `i128` but got `string`."),
            "invalid type for the value, expected a whole number but got text"
        );
    }
}
