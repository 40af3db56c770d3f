//! Texts with places for values: `{{ customer.name }}`, and `{{ terms.service }}`, which is filled in at once.

use std::ops::Range;

use crate::catalog::build::Builder;
use crate::catalog::tree::At;
use crate::domain::condition::{self, Expression, Fault, Type};
use crate::domain::questionnaire::{Text, TextPart};
use crate::problem::Problem;

impl Builder<'_, '_> {
    /// Reads the text under `key` of what stands at `at`.
    pub(super) fn text(&mut self, at: At<'_>, key: &str, source: &str) -> Text {
        match source.contains("{{") {
            true => self.with_values(at.key(key), source),
            false => Text::plain(source),
        }
    }

    fn with_values(&mut self, at: At<'_>, source: &str) -> Text {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut from = 0;
        while let Some(open) = source[from..].find("{{").map(|open| from + open) {
            literal.push_str(&source[from..open]);
            let Some(length) = source[open + 2..].find("}}") else {
                self.never_closed(at, source, open..open + 2);
                return Text::plain(source);
            };
            let end = open + 2 + length;
            from = end + 2;
            let inner = &source[open + 2..end];
            let start = open + 2 + (inner.len() - inner.trim_start().len());
            let name = inner.trim();
            let span = start..start + name.len();
            if let Some(term) = name.strip_prefix("terms.") {
                literal.push_str(self.term(at, source, term, span));
            } else if let Some(expression) = self.piped(at, source, name, span) {
                if !literal.is_empty() {
                    parts.push(TextPart::Literal(std::mem::take(&mut literal)));
                }
                parts.push(TextPart::Value(expression));
            }
        }
        literal.push_str(&source[from..]);
        if !literal.is_empty() {
            parts.push(TextPart::Literal(literal));
        }
        Text { parts }
    }

    /// Reads a text where there is one.
    pub(super) fn optional_text(
        &mut self,
        at: At<'_>,
        key: &str,
        source: Option<&String>,
    ) -> Option<Text> {
        source.map(|source| self.text(at, key, source))
    }

    fn term(&mut self, at: At<'_>, source: &str, name: &str, span: Range<usize>) -> &str {
        if let Some(text) = self.index.written.terms.get(name) {
            return text;
        }
        let known = self.index.written.terms.keys().map(String::as_str);
        let near = crate::catalog::near::nearest(name, known);
        let shown = crate::catalog::near::short(name);
        let problem = Problem::error(format!("no term is called `{shown}`")).code("E002");
        let help = match near {
            Some(near) => format!("did you mean `terms.{near}`?"),
            None => "add it under `[terms]`".to_owned(),
        };
        self.notes
            .add_at(at, at.inside(source, span), problem.help(help));
        ""
    }

    fn never_closed(&mut self, at: At<'_>, source: &str, span: Range<usize>) {
        let problem = Problem::error("this `{{` is never closed").code("E001");
        let help = "add `}}` behind the name";
        self.notes.unsound = true;
        self.notes
            .add_at(at, at.inside(source, span), problem.help(help));
    }

    /// Reads the name of a value between `{{` and `}}`.
    fn piped(
        &mut self,
        at: At<'_>,
        source: &str,
        name: &str,
        span: Range<usize>,
    ) -> Option<Expression> {
        let is_path = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.".contains(c);
        if name.is_empty() || !name.chars().all(is_path) {
            let problem = Problem::error("between `{{` and `}}` stands a name").code("E001");
            let help = "write for example `{{ customer.name }}`; compute the rest in a `[[derived]]` value";
            self.notes.unsound = true;
            self.notes
                .add_at(at, at.inside(source, span), problem.help(help));
            return None;
        }
        let scope = self.scope();
        let checked = condition::parse(name).and_then(|syntax| syntax.check(&scope, None));
        match checked {
            Ok(expression) if matches!(expression.ty(), Type::Rows(_)) => {
                let problem = Problem::error(format!("`{name}` is a table")).code("E005");
                let help = "a text can show one value: compute it in a `[[derived]]` value";
                self.notes
                    .add_at(at, at.inside(source, span), problem.help(help));
                None
            }
            Ok(expression) => Some(expression),
            Err(faults) => {
                self.notes.unsound = true;
                for fault in faults {
                    let within = span.start + fault.span.start..span.start + fault.span.end;
                    self.fault(
                        at,
                        source,
                        &Fault {
                            span: within,
                            ..fault
                        },
                    );
                }
                None
            }
        }
    }
}
