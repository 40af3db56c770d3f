//! Where a value stands in HTML so that escaping alone does not protect.
//!
//! A reader of tags and attributes, not of HTML: it knows just enough to see in what kind of place `{{ … }}` stands.

use crate::template::{Place, TemplateError};

/// Attributes that hold an address.
const ADDRESSES: &[&str] = &[
    "href",
    "src",
    "action",
    "formaction",
    "poster",
    "cite",
    "data",
    "background",
    "ping",
    "xlink:href",
    "manifest",
];

/// Attributes in which no value is safe.
const CODE: &[&str] = &["style", "srcdoc", "srcset"];

/// Returns every value that needs another place or one of the filters `url`, `image` and `color`.
pub(crate) fn unprotected(file: &str, text: &str) -> Vec<TemplateError> {
    let mut scanner = Scanner {
        file,
        text,
        at: 0,
        errors: Vec::new(),
    };
    scanner.run();
    scanner.errors
}

struct Scanner<'a> {
    file: &'a str,
    text: &'a str,
    at: usize,
    errors: Vec<TemplateError>,
}

impl<'a> Scanner<'a> {
    fn run(&mut self) {
        while !self.rest().is_empty() {
            if self.skip_tag_of_tera().is_some() {
                continue;
            }
            if self.rest().starts_with("<!--") {
                self.at = self.find("-->");
            } else if self.rest().starts_with('<')
                && self.rest()[1..].starts_with(|next: char| next.is_ascii_alphabetic())
            {
                self.tag();
            } else {
                self.step();
            }
        }
    }

    fn tag(&mut self) {
        self.step();
        let name = self.take_while(|character| {
            character.is_ascii_alphanumeric() || matches!(character, '-' | ':')
        });
        loop {
            self.take_while(|character| character.is_whitespace() || character == '/');
            if self.rest().is_empty() {
                return;
            }
            if self.rest().starts_with('>') {
                self.step();
                break;
            }
            if let Some(expression) = self.skip_tag_of_tera() {
                if expression.is_value {
                    self.complain(
                        &expression,
                        "a value cannot be an attribute",
                        "write the attribute's name, and the value in quotes",
                    );
                }
                continue;
            }
            self.attribute();
        }
        match name.to_ascii_lowercase().as_str() {
            "script" => self.raw_text("</script", None),
            "style" => self.raw_text("</style", Some("color")),
            _ => {}
        }
    }

    fn attribute(&mut self) {
        let name = self.take_while(|character| {
            !character.is_whitespace() && !matches!(character, '=' | '>' | '/' | '{')
        });
        if name.is_empty() && !self.rest().starts_with('=') {
            self.step();
            return;
        }
        self.take_while(char::is_whitespace);
        if !self.rest().starts_with('=') {
            return;
        }
        self.step();
        self.take_while(char::is_whitespace);
        match self.rest().chars().next() {
            Some(quote @ ('"' | '\'')) => {
                self.step();
                self.value(&name.to_ascii_lowercase(), |character| character == quote);
                self.step();
            }
            _ => self.bare_value(),
        }
    }

    fn value(&mut self, name: &str, ends: impl Fn(char) -> bool) {
        let mut before = String::new();
        while let Some(character) = self.rest().chars().next() {
            if let Some(expression) = self.skip_tag_of_tera() {
                if expression.is_value {
                    self.judge(name, &before, &expression);
                    before.push('x');
                }
                continue;
            }
            if ends(character) {
                return;
            }
            before.push(character);
            self.step();
        }
    }

    fn judge(&mut self, name: &str, before: &str, expression: &Expression<'a>) {
        if name.starts_with("on") || CODE.contains(&name) {
            self.complain(
                expression,
                &format!("a value cannot be made safe in `{name}`"),
                "use a class, or text in an element",
            );
            return;
        }
        let before = before.trim();
        let is_begun = ["#", "http://", "https://", "mailto:", "/"]
            .iter()
            .any(|start| before.starts_with(start));
        if ADDRESSES.contains(&name)
            && !is_begun
            && !matches!(expression.last_filter(), "url" | "image")
        {
            let message = format!("a value in `{name}` may be a `javascript:` address");
            self.complain(
                expression,
                &message,
                "end it with `| url`, or `| image` for an embedded picture",
            );
        }
    }

    fn bare_value(&mut self) {
        while let Some(character) = self.rest().chars().next() {
            if let Some(expression) = self.skip_tag_of_tera() {
                if expression.is_value {
                    self.complain(
                        &expression,
                        "a value in an attribute without quotes may add attributes",
                        "put it in quotes",
                    );
                }
                continue;
            }
            if character.is_whitespace() || character == '>' {
                return;
            }
            self.step();
        }
    }

    fn raw_text(&mut self, end: &str, filter: Option<&str>) {
        while !self.rest().is_empty() && !starts_with_ignoring_case(self.rest(), end) {
            match self.skip_tag_of_tera() {
                Some(expression)
                    if expression.is_value && filter != Some(expression.last_filter()) =>
                {
                    let (place, hint) = match filter {
                        Some(_) => ("style", "end it with `| color`"),
                        None => ("script", "put it in an element, and read it from there"),
                    };
                    self.complain(
                        &expression,
                        &format!("a value is not safe in `<{place}>`"),
                        hint,
                    );
                }
                Some(_) => {}
                None => self.step(),
            }
        }
    }

    /// Passes over `{{ … }}`, `{% … %}` or `{# … #}` if one begins here.
    fn skip_tag_of_tera(&mut self) -> Option<Expression<'a>> {
        let begin = self.at;
        let end = match self.rest().as_bytes() {
            [b'{', b'{', ..] => "}}",
            [b'{', b'%', ..] => "%}",
            [b'{', b'#', ..] => {
                self.at = self.find("#}");
                return Some(Expression {
                    text: "",
                    at: begin,
                    length: self.at - begin,
                    is_value: false,
                });
            }
            _ => return None,
        };
        self.at += 2;
        let mut quote = None;
        while let Some(character) = self.rest().chars().next() {
            match quote {
                None if self.rest().starts_with(end) => break,
                None if matches!(character, '"' | '\'' | '`') => quote = Some(character),
                Some(open) if open == character => quote = None,
                _ => {}
            }
            self.step();
        }
        let text = &self.text[begin + 2..self.at];
        self.at = (self.at + 2).min(self.text.len());
        Some(Expression {
            text,
            at: begin,
            length: self.at - begin,
            is_value: end == "}}",
        })
    }

    fn complain(&mut self, expression: &Expression<'_>, message: &str, hint: &str) {
        let place = Place::of(self.text, expression.at, expression.length);
        self.errors.push(
            TemplateError::whole(self.file, message)
                .with_hint(hint)
                .at(Some(place)),
        );
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn step(&mut self) {
        self.at += self.rest().chars().next().map_or(0, char::len_utf8);
    }

    /// Returns where `needle` ends, or where the text does.
    fn find(&self, needle: &str) -> usize {
        self.rest()
            .find(needle)
            .map_or(self.text.len(), |found| self.at + found + needle.len())
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest
            .find(|character| !belongs(character))
            .unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }
}

/// What stands between the braces.
struct Expression<'a> {
    text: &'a str,
    at: usize,
    length: usize,
    is_value: bool,
}

impl<'a> Expression<'a> {
    /// Returns the name of the filter that is applied last, outside of parentheses and quotes.
    fn last_filter(&self) -> &'a str {
        let mut filter = "";
        let (mut depth, mut quote) = (0_usize, None);
        for (at, character) in self.text.char_indices() {
            match (quote, character) {
                (Some(open), _) if open == character => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'' | '`') => quote = Some(character),
                (None, '(' | '[' | '{') => depth += 1,
                (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
                (None, '|') if depth == 0 => filter = &self.text[at + 1..],
                _ => {}
            }
        }
        let filter = filter.trim().trim_end_matches('-').trim();
        let ends = |character: char| !character.is_alphanumeric() && character != '_';
        let (name, rest) = filter.split_at(filter.find(ends).unwrap_or(filter.len()));
        // What follows a filter (`x | url if y else z`, `x | url ~ y`) undoes it.
        if rest.trim().is_empty() { name } else { "" }
    }
}

fn starts_with_ignoring_case(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        unprotected("t", text)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn an_address_needs_a_filter() {
        assert_eq!(
            found("<p>\n<a class=\"x\" href=\"{{ a }}\">{{ b }}</a>"),
            ["t:2:20: a value in `href` may be a `javascript:` address"]
        );
        assert_eq!(
            found("<a HREF='{% if a %}{{ a | trim }}{% endif %}'>").len(),
            1
        );
        assert_eq!(found("<a href=\"{{ a | url ~ b }}\">").len(), 1);
        assert_eq!(
            found("<a href=\"{{ a | default(value=\"| url\") }}\">").len(),
            1
        );
        for fine in [
            "<a href=\"{{ a | url }}\">",
            "<a href=\"{{- a.b | trim | url -}}\">",
            "<img src='{{ logo | image }}' alt=\"{{ name }}\">",
            "<a href=\"#f-{{ id | slug }}\">",
            "<a href=\"https://example.com/{{ id }}\">",
            "<input value=\"{{ a }}\">",
            "{# <a href=\"{{ a }}\"> #}<!-- <a href=\"{{ a }}\"> -->",
            "1 < 2 {{ a }}",
        ] {
            assert_eq!(found(fine), [""; 0], "{fine}");
        }
    }

    #[test]
    fn code_quotes_and_bare_values_are_found() {
        assert_eq!(
            found("<p onclick=\"f({{ a }})\">"),
            ["t:1:15: a value cannot be made safe in `onclick`"]
        );
        assert_eq!(found("<p style=\"width:{{ a }}\">").len(), 1);
        assert_eq!(
            found("<p class={{ a }}>"),
            ["t:1:10: a value in an attribute without quotes may add attributes"]
        );
        assert_eq!(
            found("<p {{ a }}>"),
            ["t:1:4: a value cannot be an attribute"]
        );
        assert_eq!(found("<p {% if a %}hidden{% endif %}>"), [""; 0]);
        assert_eq!(
            found("<script>{{ a }}</script>"),
            ["t:1:9: a value is not safe in `<script>`"]
        );
        assert_eq!(found("<style>a{color:{{ a }}}</style>").len(), 1);
        assert_eq!(
            found("<style>a{color:{{ a | color }}}</style>{{ b }}"),
            [""; 0]
        );
    }

    #[test]
    fn it_ends_on_anything() {
        for text in [
            "<a",
            "<a href",
            "<a href=",
            "<a href=\"",
            "<a href=\"{{",
            "{{",
            "{{ \"",
            "<!--",
            "<a =",
            "<é>",
            "<a é={{ x",
            "<script>",
        ] {
            unprotected("t", text);
        }
    }
}
