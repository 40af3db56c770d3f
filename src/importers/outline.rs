//! What a file looks like: enough of its form to know the tool, without reading it whole where that can be avoided.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::importers::json::{self, Text};
use crate::importers::table;
use crate::importers::text;

/// How many names of an object are looked at.
const MAX_NAMES: usize = 200;

/// How deep is looked.
const MAX_DEPTH: u8 = 6;

/// What a file looks like.
#[derive(Debug)]
pub(super) enum Outline {
    /// JSON, or lines of it; the form of the first value.
    Json(Form),
    /// A table; the names of its columns as [`table::key`] makes them.
    Table(Vec<String>),
    /// A page of HTML; whether it carries the data of a report, and where these begin.
    Page(Option<usize>),
    /// Something else.
    Other,
}

/// The form of a JSON value. Names are compared in lower case.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Form {
    /// A number, a truth value or nothing.
    #[default]
    Plain,
    /// A text, its first bytes.
    Text(String),
    /// An object.
    Object(BTreeMap<String, Self>),
    /// A list, by its first entry.
    List(Option<Box<Self>>),
}

impl Form {
    /// Returns what is under `name`.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(parts) => parts.get(name),
            Self::Plain | Self::Text(_) | Self::List(_) => None,
        }
    }

    /// Returns whether it is an object with all of these names.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.get(name).is_some())
    }

    /// Returns the first entry of a list, or the thing itself, which may stand for a list of one.
    pub(super) fn first(&self) -> Option<&Self> {
        match self {
            Self::List(first) => first.as_deref(),
            other => Some(other),
        }
    }

    /// Returns the first row: of the list itself, or of the list that the usual envelopes hold.
    pub(super) fn row(&self) -> Option<&Self> {
        let envelope = ["value", "results"].iter().find_map(|name| self.get(name));
        envelope.unwrap_or(self).first()
    }

    /// Returns whether the file says of itself that it is about `name`.
    pub(super) fn is_about(&self, name: &str) -> bool {
        let context = self.get("@odata.context");
        matches!(context, Some(Self::Text(text)) if text.to_ascii_lowercase().contains(name))
    }

    /// Returns the names of the object, for people.
    pub(super) fn names(&self) -> Vec<&str> {
        match self {
            Self::Object(parts) => parts.keys().map(String::as_str).collect(),
            Self::List(Some(first)) => first.names(),
            Self::Plain | Self::Text(_) | Self::List(None) => Vec::new(),
        }
    }
}

/// Looks at `text`.
pub(super) fn look(text: &str) -> Outline {
    let start = text.trim_start();
    match start.as_bytes().first() {
        Some(b'{' | b'[') => {
            let mut form = Form::default();
            let seed = Look {
                form: &mut form,
                depth: 0,
                enough: false,
            };
            // What is wrong with the rest is said by the importer, with its place.
            let _ = seed.deserialize(&mut serde_json::Deserializer::from_str(start));
            Outline::Json(form)
        }
        Some(b'<') => Outline::Page(report_data(text)),
        Some(_) => match table::columns(text) {
            columns if columns.is_empty() => Outline::Other,
            columns => Outline::Table(columns),
        },
        None => Outline::Other,
    }
}

/// Returns where the data begin that a page of a report carries.
fn report_data(text: &str) -> Option<usize> {
    let at = text.find("reportData")? + "reportData".len();
    let rest = text[at..].trim_start().strip_prefix('=')?.trim_start();
    rest.starts_with('{').then(|| text.len() - rest.len())
}

struct Look<'f> {
    form: &'f mut Form,
    depth: u8,
    /// Whether the first entry of this list says all.
    enough: bool,
}

impl<'de> DeserializeSeed<'de> for Look<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Look<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        *self.form = Form::Text(text.chars().take(200).collect());
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        *self.form = Form::List(None);
        if self.depth < MAX_DEPTH
            && let Form::List(first) = self.form
        {
            let form = &mut **first.insert(Box::default());
            let seed = Look {
                form,
                depth: self.depth + 1,
                enough: false,
            };
            if items.next_element_seed(seed)?.is_none() {
                *first = None;
            }
        }
        if self.enough || self.depth == 0 {
            return Err(A::Error::custom("seen enough"));
        }
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        *self.form = Form::Object(BTreeMap::new());
        let Form::Object(parts) = self.form else {
            return Ok(());
        };
        while let Some(Text(name)) = map.next_key()? {
            if self.depth >= MAX_DEPTH || parts.len() >= MAX_NAMES {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let name = name.unwrap_or_default().to_ascii_lowercase();
            let enough = self.depth == 0 && name == "value";
            let form = parts.entry(name).or_default();
            map.next_value_seed(Look {
                form,
                depth: self.depth + 1,
                enough,
            })?;
        }
        Ok(())
    }
}

/// Says what a file is that no importer knows, in a few words.
pub(super) fn words(bytes: &[u8]) -> String {
    match bytes {
        [] => return "an empty file".to_owned(),
        [b'P', b'K', 3 | 5, ..] => return "a zip archive or an Excel workbook".to_owned(),
        [0x1f, 0x8b, ..] => return "a file compressed with gzip".to_owned(),
        [b'%', b'P', b'D', b'F', ..] => return "a PDF".to_owned(),
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] => return "a picture".to_owned(),
        _ => {}
    }
    let Ok(text) = text::decode(bytes) else {
        return "no text that we can read".to_owned();
    };
    let listed = |names: Vec<&str>| {
        let names: Vec<String> = names
            .into_iter()
            .take(8)
            .map(|name| {
                format!(
                    "`{}`",
                    text::name(&name.chars().take(40).collect::<String>())
                )
            })
            .collect();
        names.join(", ")
    };
    if json::conflict(text.trim_start()).is_some() {
        return "two versions of a file, left of a merge".to_owned();
    }
    match look(&text) {
        Outline::Json(form) if form.names().is_empty() => "JSON without names".to_owned(),
        Outline::Json(form) => format!("JSON with {}", listed(form.names())),
        Outline::Table(columns) => {
            let columns = columns.iter().map(String::as_str).collect();
            format!("a table with the columns {}", listed(columns))
        }
        Outline::Page(_) => "a page of HTML or XML".to_owned(),
        Outline::Other => "a text that is neither JSON nor a table".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> Form {
        match look(text) {
            Outline::Json(form) => form,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_form_of_a_truncated_file_is_what_can_be_seen_of_it() {
        let form = form(r#"{"MetaData": {"Tool": "x"}, "Results": {"AAD": [{"Controls": ["#);
        assert!(form.has(&["metadata", "results"]));
        assert!(form.get("metadata").unwrap().has(&["tool"]));
    }

    #[test]
    fn rows_are_found_in_their_envelopes() {
        for text in [
            r#"[{"Id": 1}, {"Other": 2}]"#,
            r#"{"value": [{"Id": 1}]}"#,
            r#"{"schema": [], "results": [{"Id": 1}]}"#,
            "{\"Id\": 1}\n{\"Id\": 2}\n",
            r#"{"value": {"Id": 1}}"#,
        ] {
            assert!(form(text).row().unwrap().has(&["id"]), "{text}");
        }
        assert_eq!(form(r#"{"value": []}"#).row(), None);
    }

    #[test]
    fn what_no_importer_knows_is_described() {
        for (bytes, words_of_it) in [
            (&b""[..], "an empty file"),
            (b"PK\x03\x04", "a zip archive or an Excel workbook"),
            (b"<html></html>", "a page of HTML or XML"),
            (b"{\"a\": 1, \"B\": 2}", "JSON with `a`, `b`"),
            (b"Name,Size\n", "a table with the columns `name`, `size`"),
            (
                b"\n<<<<<<< HEAD\n{}",
                "two versions of a file, left of a merge",
            ),
            (b"hello", "a text that is neither JSON nor a table"),
            (b"\xff\xfe\x00\xd8", "no text that we can read"),
            (b"[[[[[[[[", "JSON without names"),
        ] {
            assert_eq!(words(bytes), words_of_it);
        }
    }

    #[test]
    fn a_page_shows_where_its_data_begin() {
        let page = "<html><script>const reportData= {\"Tests\":[]};</script>";
        match look(page) {
            Outline::Page(Some(at)) => assert!(page[at..].starts_with("{\"Tests\"")),
            other => panic!("{other:?}"),
        }
    }
}
