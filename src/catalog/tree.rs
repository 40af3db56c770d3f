//! From a TOML text to plain values, with the place of each beside it.
//!
//! What the values mean is no business of this file: [`shape`](crate::catalog::shape) holds them against the structs.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::{Place, Problem, Problems, SourceText};

/// Where a value and its key stand in their text. Has the same shape as the value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spot {
    /// The bytes of the key; for items of an array those of the value.
    pub(crate) key: Range<usize>,
    /// The bytes of the value; for a table under a header those of the header.
    pub(crate) value: Range<usize>,
    /// What kind of value was written.
    pub(crate) kind: Kind,
    /// The parts of a table, in the order of the text, or of an array.
    pub(crate) parts: Vec<(Box<str>, Self)>,
}

/// What kind of value was written; JSON alone would not tell a date from a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    #[default]
    Table,
    Array,
    Text,
    Integer,
    Float,
    Boolean,
    /// A calendar day.
    Date,
    /// A date with a time, or a time alone.
    Time,
}

impl Kind {
    /// Returns what people call it.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Table => "a table",
            Self::Array => "a list",
            Self::Text => "a text",
            Self::Integer => "a whole number",
            Self::Float => "a decimal number",
            Self::Boolean => "true or false",
            Self::Date => "a date",
            Self::Time => "a time",
        }
    }
}

impl Spot {
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
        if spot.kind != Kind::Table {
            return self;
        }
        let allow = spot.get("allow").filter(|allow| allow.kind == Kind::Table);
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
        self.span(|spot| spot.value.clone())
    }

    /// Returns where the key stands.
    pub(crate) fn key_place(self) -> Option<Place> {
        self.span(|spot| spot.key.clone())
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
            None => spot.value.clone(),
        };
        Some(Place::new(Arc::clone(source), span))
    }
}

/// Returns where the value `text` begins within its quotes, if it stands there letter for letter.
fn literal_start(source: &str, spot: &Spot, text: &str) -> Option<usize> {
    let raw = source.get(spot.value.clone())?;
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
    (&inner[skipped..] == text).then_some(spot.value.start + quotes + skipped)
}

/// Reads `text`, which stands in `source` at the same bytes. Every syntax error is a problem; what could be read is returned all
/// the same.
pub(crate) fn parse(
    source: &Arc<SourceText>,
    text: &str,
    problems: &mut Problems,
) -> (Value, Spot) {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        problems.push(syntax(error.message(), source, span));
    }
    let mut reader = Reader { source, problems };
    let mut spot = Spot::default();
    let value = reader.table(table.get_ref(), &mut spot);
    (value, spot)
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
    fn table(&mut self, table: &DeTable<'_>, spot: &mut Spot) -> Value {
        spot.parts.reserve_exact(table.len());
        let mut map = serde_json::Map::with_capacity(table.len());
        for (key, value) in table {
            let (value, part) = self.value(value, key.span());
            let name: &str = key.get_ref();
            map.insert(name.to_owned(), value);
            spot.parts.push((name.into(), part));
        }
        Value::Object(map)
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, key: Range<usize>) -> (Value, Spot) {
        let mut spot = Spot {
            key,
            value: value.span(),
            kind: kind(value.get_ref()),
            parts: Vec::new(),
        };
        let value = match value.get_ref() {
            DeValue::String(text) => Value::String(Cow::clone(text).into_owned()),
            DeValue::Boolean(flag) => Value::Bool(*flag),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .map(Value::from)
                .unwrap_or_else(|_| self.no_number(&spot)),
            DeValue::Float(number) => (number.as_str().parse().ok())
                .and_then(serde_json::Number::from_f64)
                .map_or_else(|| self.no_number(&spot), Value::Number),
            DeValue::Datetime(time) => Value::String(time.to_string()),
            DeValue::Table(table) => self.table(table, &mut spot),
            DeValue::Array(items) => {
                let mut values = Vec::with_capacity(items.len());
                for item in items.iter() {
                    let (value, part) = self.value(item, item.span());
                    values.push(value);
                    spot.parts.push(("".into(), part));
                }
                Value::Array(values)
            }
        };
        (value, spot)
    }

    fn no_number(&mut self, spot: &Spot) -> Value {
        let problem = syntax("this number is too large", self.source, spot.value.clone());
        self.problems.push(problem);
        Value::Null
    }
}

fn kind(value: &DeValue<'_>) -> Kind {
    match value {
        DeValue::String(_) => Kind::Text,
        DeValue::Integer(_) => Kind::Integer,
        DeValue::Float(_) => Kind::Float,
        DeValue::Boolean(_) => Kind::Boolean,
        DeValue::Datetime(time) if time.date.is_some() && time.time.is_none() => Kind::Date,
        DeValue::Datetime(_) => Kind::Time,
        DeValue::Array(_) => Kind::Array,
        DeValue::Table(_) => Kind::Table,
    }
}
