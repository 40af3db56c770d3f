//! From a TOML text to plain values, each with its place.
//!
//! What the values mean is no business of this file: [`shape`](crate::catalog::shape) holds them against the structs, which are
//! then filled from here.

use std::ops::Range;
use std::sync::Arc;

use serde::Deserializer;
use serde::de::value::{BorrowedStrDeserializer, Error};
use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::{Place, Problem, Problems, SourceText};

/// A value as it is written, with where it and its key stand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spot {
    key: Span,
    value: Span,
    pub(crate) content: Content,
    /// The parts of a table, in the order of the text, or of a list.
    pub(crate) parts: Vec<(Box<str>, Self)>,
}

/// A stretch of bytes; files are smaller than what it can hold.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    start: u32,
    end: u32,
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        let bound = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            start: bound(range.start),
            end: bound(range.end),
        }
    }
}

impl From<Span> for Range<usize> {
    fn from(span: Span) -> Self {
        span.start as usize..span.end as usize
    }
}

/// What is written; the parts of tables and lists stand beside it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Content {
    #[default]
    Table,
    List,
    Text(Box<str>),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    /// A calendar day.
    Date(Box<str>),
    /// A date with a time, or a time alone.
    Time(Box<str>),
}

impl Content {
    /// Returns what people call it.
    pub(crate) fn words(&self) -> &'static str {
        match self {
            Self::Table => "a table",
            Self::List => "a list",
            Self::Text(_) => "a text",
            Self::Integer(_) => "a whole number",
            Self::Float(_) => "a decimal number",
            Self::Boolean(_) => "true or false",
            Self::Date(_) => "a date",
            Self::Time(_) => "a time",
        }
    }
}

impl Spot {
    /// Returns the bytes of the key; for items of a list those of the value.
    pub(crate) fn key(&self) -> Range<usize> {
        self.key.into()
    }

    /// Returns the bytes of the value; for a table under a header those of the header.
    pub(crate) fn value(&self) -> Range<usize> {
        self.value.into()
    }

    /// Adds a part that is not written.
    pub(crate) fn add(&mut self, key: &str, content: Content) {
        let part = Self {
            content,
            ..Self::default()
        };
        self.parts.push((key.into(), part));
    }

    /// Returns the text, where it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the part under `key`.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.parts
            .iter()
            .find(|(name, _)| **name == *key)
            .map(|(_, spot)| spot)
    }
}

/// How many tables lie around the innermost value, the file counted: section, question, column, option.
const TABLES: usize = 6;

/// A place in the written questionnaire that may be known: not when it was read from its pinned form.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct At<'a> {
    source: Option<&'a Arc<SourceText>>,
    spot: Option<&'a Spot>,
    /// The `allow` tables of the tables around it, outermost first.
    allows: [Option<&'a Spot>; TABLES],
}

impl<'a> At<'a> {
    /// Points at `spot` of `source`.
    pub(crate) fn new(source: &'a Arc<SourceText>, spot: &'a Spot) -> Self {
        Self {
            source: Some(source),
            ..Self::default()
        }
        .enter(spot)
    }

    /// Points at the part under `key`, or stays where that is not written.
    pub(crate) fn key(self, key: &str) -> Self {
        match self.spot.and_then(|spot| spot.get(key)) {
            Some(part) => self.enter(part),
            None => self,
        }
    }

    /// Points at the item at `place` of an array, or stays where there is none.
    pub(crate) fn item(self, place: usize) -> Self {
        match self.spot.and_then(|spot| spot.parts.get(place)) {
            Some((_, part)) => self.enter(part),
            None => self,
        }
    }

    fn enter(mut self, spot: &'a Spot) -> Self {
        self.spot = Some(spot);
        if spot.content != Content::Table {
            return self;
        }
        let allow = spot
            .get("allow")
            .filter(|allow| allow.content == Content::Table);
        if let (Some(allow), Some(free)) = (allow, self.allows.iter_mut().find(|a| a.is_none())) {
            *free = Some(allow);
        }
        self
    }

    /// Returns the `allow` tables of the tables around it.
    pub(crate) fn allows(self) -> impl Iterator<Item = &'a Spot> {
        self.allows.into_iter().flatten()
    }

    /// Returns a number that tells its file from others; 0 where none is known.
    pub(crate) fn source_address(self) -> usize {
        self.source.map_or(0, |source| Arc::as_ptr(source).addr())
    }

    /// Returns whether `key` is written here.
    pub(crate) fn has(self, key: &str) -> bool {
        self.spot.is_some_and(|spot| spot.get(key).is_some())
    }

    /// Returns where the value stands.
    pub(crate) fn place(self) -> Option<Place> {
        self.span(Spot::value)
    }

    /// Returns where the key stands.
    pub(crate) fn key_place(self) -> Option<Place> {
        self.span(Spot::key)
    }

    fn span(self, of: impl Fn(&Spot) -> Range<usize>) -> Option<Place> {
        Some(Place::new(Arc::clone(self.source?), of(self.spot?)))
    }

    /// Returns where `part` of the text value `text` stands: the very bytes where the text stands in the file as it is, the
    /// whole value where escapes come between.
    pub(crate) fn inside(self, text: &str, part: Range<usize>) -> Option<Place> {
        let (source, spot) = (self.source?, self.spot?);
        let start = literal_start(&source.text, spot, text);
        let span = match start {
            Some(start) => start + part.start..start + part.end,
            None => spot.value(),
        };
        Some(Place::new(Arc::clone(source), span))
    }
}

/// Returns where the value `text` begins within its quotes, if it stands there letter for letter.
fn literal_start(source: &str, spot: &Spot, text: &str) -> Option<usize> {
    let raw = source.get(spot.value())?;
    let quotes = if raw.starts_with("'''") || raw.starts_with("\"\"\"") {
        3
    } else {
        1
    };
    let inner = raw.get(quotes..raw.len().checked_sub(quotes)?)?;
    let skipped = match quotes {
        3 if inner.starts_with("\r\n") => 2,
        3 if inner.starts_with('\n') => 1,
        _ => 0,
    };
    (&inner[skipped..] == text).then_some(spot.value().start + quotes + skipped)
}

/// Reads `text`, which stands in `source` at the same bytes. Every syntax error is a problem; what could be read is returned all
/// the same.
pub(crate) fn parse(source: &Arc<SourceText>, text: &str, problems: &mut Problems) -> Spot {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        problems.push(syntax(error.message(), source, span));
    }
    let mut reader = Reader { source, problems };
    Spot {
        parts: reader.table(table.get_ref()),
        ..Spot::default()
    }
}

/// Says that a text is no TOML.
fn syntax(message: &str, source: &Arc<SourceText>, span: Range<usize>) -> Problem {
    let message = message.trim().replace('\n', ", ");
    Problem::error(format!("this is not TOML: {message}"))
        .code("E080")
        .at(Place::new(Arc::clone(source), span))
}

struct Reader<'a> {
    source: &'a Arc<SourceText>,
    problems: &'a mut Problems,
}

impl Reader<'_> {
    fn table(&mut self, table: &DeTable<'_>) -> Vec<(Box<str>, Spot)> {
        let parts = table.iter().map(|(key, value)| {
            let part = self.value(value, key.span());
            (Box::from(&**key.get_ref()), part)
        });
        parts.collect()
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, key: Range<usize>) -> Spot {
        let span = value.span();
        let mut parts = Vec::new();
        let content = match value.get_ref() {
            DeValue::String(text) => Content::Text(Box::from(&**text)),
            DeValue::Boolean(flag) => Content::Boolean(*flag),
            DeValue::Integer(number) => {
                match i64::from_str_radix(number.as_str(), number.radix()) {
                    Ok(number) => Content::Integer(number),
                    Err(_) => self.no_number(span.clone()),
                }
            }
            DeValue::Float(number) => match number.as_str().parse::<f64>() {
                Ok(number) if number.is_finite() => Content::Float(number),
                _ => self.no_number(span.clone()),
            },
            DeValue::Datetime(time) if time.date.is_some() && time.time.is_none() => {
                Content::Date(time.to_string().into())
            }
            DeValue::Datetime(time) => Content::Time(time.to_string().into()),
            DeValue::Table(table) => {
                parts = self.table(table);
                Content::Table
            }
            DeValue::Array(items) => {
                let items = items.iter();
                parts = items
                    .map(|item| ("".into(), self.value(item, item.span())))
                    .collect();
                Content::List
            }
        };
        Spot {
            key: key.into(),
            value: span.into(),
            content,
            parts,
        }
    }

    fn no_number(&mut self, span: Range<usize>) -> Content {
        let problem = syntax("this number cannot be kept", self.source, span);
        self.problems.push(problem);
        Content::Integer(0)
    }
}

/// Fills structs; dates are given as text, as JSON would have them.
impl<'de> Deserializer<'de> for &'de Spot {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.content {
            Content::Table => visitor.visit_map(Parts::of(self)),
            Content::List => visitor.visit_seq(Parts::of(self)),
            Content::Text(text) | Content::Date(text) | Content::Time(text) => {
                visitor.visit_borrowed_str(text)
            }
            Content::Integer(number) => visitor.visit_i64(*number),
            Content::Float(number) => visitor.visit_f64(*number),
            Content::Boolean(flag) => visitor.visit_bool(*flag),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self.text().unwrap_or_default().into_deserializer())
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// The parts of a table or a list that are still to be read.
struct Parts<'de>(&'de [(Box<str>, Spot)]);

impl<'de> Parts<'de> {
    fn of(spot: &'de Spot) -> Self {
        Self(&spot.parts)
    }

    fn next(&mut self) -> Option<&'de Spot> {
        let ((_, part), rest) = self.0.split_first()?;
        self.0 = rest;
        Some(part)
    }
}

impl<'de> MapAccess<'de> for Parts<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let name = self
            .0
            .first()
            .map(|(name, _)| BorrowedStrDeserializer::new(name));
        name.map(|name| seed.deserialize(name)).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let part = self
            .next()
            .expect("serde asks for a value after a key only");
        seed.deserialize(part)
    }
}

impl<'de> SeqAccess<'de> for Parts<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        self.next().map(|part| seed.deserialize(part)).transpose()
    }
}
