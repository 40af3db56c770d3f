//! JSON as other tools write it: tolerant of their habits, strict about its form, and never all in memory.
//!
//! Structs for one row derive `Deserialize` from the types here. Lists of rows are folded: each row is handed on and dropped.

use std::fmt;
use std::marker::PhantomData;

use rust_decimal::Decimal;
use serde::de::value::MapAccessDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Error, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;

use crate::problem::{Problem, Problems};

/// The longest list inside one row.
pub(super) const MAX_LIST: usize = 10_000;

/// The longest text of one value that is kept, in bytes; more of it is never used.
const MAX_TEXT: usize = 64 * 1024;

/// From here on a floating number no longer tells whole numbers apart.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Reads one value that is the whole of `text`.
///
/// # Errors
/// Where it is not JSON, or not of the form, with line, column and reason.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Problems> {
    serde_json::from_str(text).map_err(|error| problem(text, &error).into())
}

/// Reads the value that `text` begins with; what follows is not looked at.
///
/// # Errors
/// As [`read`].
pub(super) fn read_first<T: DeserializeOwned>(text: &str) -> Result<T, Problems> {
    let mut reader = serde_json::Deserializer::from_str(text);
    T::deserialize(&mut reader).map_err(|error| problem(text, &error).into())
}

/// Folds the rows of `text`: of one list, of one object, or of objects one after the other, such as a line each.
///
/// # Errors
/// As [`read`].
pub(super) fn read_rows<R: Rows + Default>(text: &str) -> Result<R, Problems> {
    if text.trim_start().starts_with('[') {
        return read::<Folded<R>>(text).map(|Folded(rows)| rows);
    }
    let mut rows = R::default();
    for row in serde_json::Deserializer::from_str(text).into_iter::<R::Row>() {
        let row = row.map_err(|error| problem(text, &error))?;
        rows.take(row).map_err(Problem::error)?;
    }
    Ok(rows)
}

/// Says what is wrong with `text` in words that need no knowledge of parsers.
fn problem(text: &str, error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column().max(1));
    let place = format!("line {line}, column {column}");
    let written = text
        .lines()
        .nth(line.saturating_sub(1))
        .unwrap_or_default()
        .trim_start();
    if let Some(conflict) = conflict(written) {
        return conflict_problem(line, conflict);
    }
    let reason = reason(error);
    match error.classify() {
        Category::Eof => Problem::error(format!("{place}: the file is cut off: {reason}"))
            .help("export or copy the file anew; nothing of it was taken in"),
        Category::Data if reason.contains("more than ") => {
            Problem::error(format!("{place}: {reason}")).help("export less at a time")
        }
        Category::Data => Problem::error(format!("{place}: {reason}"))
            .help("export the file anew, without changing it by hand"),
        Category::Syntax | Category::Io => {
            Problem::error(format!("{place}: this is not JSON: {reason}"))
                .help("export the file anew, without changing it by hand")
        }
    }
}

/// Returns the marker that version control leaves in a file whose versions it could not join.
pub(super) fn conflict(line: &str) -> Option<&str> {
    ["<<<<<<< ", "=======", ">>>>>>> "]
        .into_iter()
        .find(|marker| line.starts_with(marker))
        .map(str::trim_end)
}

/// Says that a file holds two versions of itself.
pub(super) fn conflict_problem(line: usize, marker: &str) -> Problem {
    Problem::error(format!(
        "line {line}: `{marker}` is left of a merge: the file holds two versions of itself"
    ))
    .help("take the file as the tool wrote it")
}

/// Returns the parser's reason without its place and without the names of our types.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = match text.rfind(" at line ") {
        Some(at) => &text[..at],
        None => &text,
    };
    let mut out = Vec::new();
    let mut words = text.split(' ').peekable();
    while let Some(word) = words.next() {
        if word == "struct" && words.peek().is_some() {
            words.next();
            out.push("an object");
        } else {
            out.push(word);
        }
    }
    out.join(" ")
        .replace("EOF while parsing", "it ends inside")
        .replace("invalid type: ", "found ")
        .replace("a sequence", "a list")
        .replace("a map", "an object")
        .replace("duplicate field", "the same name twice:")
        .replace("missing field", "there is no")
        .chars()
        .take(200)
        .collect()
}

/// A text, or what stands for one: numbers and truth values as they are written. Lists and objects count as nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text(pub(super) Option<String>);

impl Text {
    /// Returns the text without blanks around it; `None` where it is missing or blank.
    pub(super) fn get(&self) -> Option<&str> {
        self.0
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty())
    }

    /// Returns the text, empty where there is none.
    pub(super) fn or_empty(&self) -> &str {
        self.get().unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let scalar = Scalar::deserialize(deserializer)?;
        Ok(Self(match scalar {
            Scalar::Text(text) => Some(text),
            Scalar::Whole(whole) => Some(whole.to_string()),
            Scalar::Real(real) => Some(real.to_string()),
            Scalar::Truth(truth) => Some(truth.to_string()),
            Scalar::Nothing => None,
        }))
    }
}

/// A number, also where it is written as a text. A whole number too large to be told from its neighbours counts as nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Number(pub(super) Option<Decimal>);

impl Number {
    /// Returns the number where it is whole and not negative.
    pub(super) fn count(self) -> Option<u64> {
        use rust_decimal::prelude::ToPrimitive;
        let number = self.0?;
        (number.fract().is_zero()).then(|| number.to_u64())?
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let scalar = Scalar::deserialize(deserializer)?;
        Ok(Self(match scalar {
            Scalar::Whole(whole) => Decimal::try_from_i128_with_scale(whole, 0).ok(),
            Scalar::Real(real) if real.abs() < EXACT => real.to_string().parse().ok(),
            Scalar::Text(text) if text.len() <= 64 => text.trim().parse().ok(),
            Scalar::Real(_) | Scalar::Text(_) | Scalar::Truth(_) | Scalar::Nothing => None,
        }))
    }
}

/// Yes or no, also as `0`, `1`, `"True"` and `"False"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flag(pub(super) Option<bool>);

impl Flag {
    /// Reads a text.
    pub(super) fn of(text: &str) -> Self {
        let text = text.trim();
        Self(match text {
            "1" => Some(true),
            "0" => Some(false),
            _ if text.eq_ignore_ascii_case("true") => Some(true),
            _ if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        })
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let scalar = Scalar::deserialize(deserializer)?;
        Ok(match scalar {
            Scalar::Truth(truth) => Self(Some(truth)),
            Scalar::Whole(0) => Self(Some(false)),
            Scalar::Whole(1) => Self(Some(true)),
            Scalar::Text(text) => Self::of(&text),
            Scalar::Whole(_) | Scalar::Real(_) | Scalar::Nothing => Self(None),
        })
    }
}

/// A value that is neither list nor object.
enum Scalar {
    Text(String),
    Whole(i128),
    Real(f64),
    Truth(bool),
    Nothing,
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number or nothing")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Scalar, E> {
        let end = text.floor_char_boundary(text.len().min(MAX_TEXT));
        Ok(Scalar::Text(text[..end].to_owned()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar::Whole(number.into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Scalar, E> {
        Ok(Scalar::Whole(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Scalar, E> {
        Ok(Scalar::Real(number))
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Scalar, E> {
        Ok(Scalar::Truth(truth))
    }

    fn visit_unit<E: Error>(self) -> Result<Scalar, E> {
        Ok(Scalar::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Scalar, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nothing)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Scalar, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nothing)
    }
}

/// A short list inside a row; a single value counts as a list of one, as PowerShell writes it, and nothing as an empty one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct List<T>(pub(super) Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Rows for List<T>
where
    T: DeserializeOwned,
{
    type Row = T;

    fn take(&mut self, row: T) -> Result<(), String> {
        if self.0.len() >= MAX_LIST {
            return Err(format!("a list of more than {MAX_LIST} entries"));
        }
        self.0.push(row);
        Ok(())
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Folded::deserialize(deserializer).map(|Folded(list)| list)
    }
}

/// What rows are folded into, one after the other.
pub(super) trait Rows {
    /// One row as it is written.
    type Row: DeserializeOwned;

    /// Takes a row in.
    ///
    /// # Errors
    /// Where there are too many, in words.
    fn take(&mut self, row: Self::Row) -> Result<(), String>;
}

/// A list of rows, folded while it is read. One row without a list around it counts as a list of one.
#[derive(Debug, Default)]
pub(super) struct Folded<R>(pub(super) R);

impl<'de, R: Rows + Default> Deserialize<'de> for Folded<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut rows = R::default();
        Fold(&mut rows).deserialize(deserializer)?;
        Ok(Self(rows))
    }
}

/// Folds a list of rows into what is there already.
pub(super) struct Fold<'r, R>(pub(super) &'r mut R);

impl<'de, R: Rows> DeserializeSeed<'de> for Fold<'_, R> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<R: Rows> Fold<'_, R> {
    fn one<E: Error>(self, row: Result<R::Row, E>) -> Result<(), E> {
        self.0.take(row?).map_err(E::custom)
    }
}

impl<'de, R: Rows> Visitor<'de> for Fold<'_, R> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element::<Option<R::Row>>()? {
            if let Some(row) = item {
                self.0.take(row).map_err(A::Error::custom)?;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<(), A::Error> {
        self.one(R::Row::deserialize(MapAccessDeserializer::new(entries)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        if text.trim().is_empty() {
            return Ok(());
        }
        self.one(R::Row::deserialize(text.into_deserializer()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.one(R::Row::deserialize(number.into_deserializer()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.one(R::Row::deserialize(number.into_deserializer()))
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

/// The most entries of an object whose names are not known beforehand.
const MAX_ENTRIES: usize = 1_000;

/// An object whose names are not known beforehand, in the file's order.
#[derive(Debug)]
pub(super) struct Named<V>(pub(super) Vec<(String, V)>);

impl<V> Default for Named<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Named<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for Entries<V> {
            type Value = Named<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_unit<E: Error>(self) -> Result<Named<V>, E> {
                Ok(Named::default())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Named<V>, A::Error> {
                let mut entries: Vec<(String, V)> = Vec::new();
                while let Some(Text(name)) = map.next_key()? {
                    let name = name.unwrap_or_default();
                    if entries.len() >= MAX_ENTRIES {
                        let reason = format!("an object of more than {MAX_ENTRIES} names");
                        return Err(A::Error::custom(reason));
                    }
                    if entries.iter().any(|(known, _)| *known == name) {
                        let name: String = name.chars().take(60).collect();
                        return Err(A::Error::custom(format!("the same name twice: `{name}`")));
                    }
                    entries.push((name, map.next_value()?));
                }
                Ok(Named(entries))
            }
        }
        deserializer.deserialize_any(Entries(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default)]
    struct Row {
        id: Text,
        size: Number,
        on: Flag,
        parts: List<Text>,
    }

    fn row(text: &str) -> Row {
        read(text).unwrap()
    }

    fn message(text: &str) -> String {
        read::<Row>(text).unwrap_err().0.remove(0).message
    }

    #[test]
    fn numbers_beyond_a_float_stay_exact() {
        let read = row(r#"{"id": 638791234567890123, "size": 18446744073709551615}"#);
        assert_eq!(read.id.get(), Some("638791234567890123"));
        assert_eq!(read.size.count(), Some(u64::MAX));
        assert_eq!(
            row(r#"{"size": "0.35"}"#).size.0.unwrap().to_string(),
            "0.35"
        );
        assert_eq!(row(r#"{"size": 0.1}"#).size.0.unwrap().to_string(), "0.1");
        assert_eq!(row(r#"{"size": 184467440737095516150}"#).size.0, None);
        assert_eq!(row(r#"{"size": 1e300}"#).size.0, None);
    }

    #[test]
    fn one_stands_for_a_list_of_one() {
        for (text, parts) in [
            (r#"{"parts": ["a", "b"]}"#, vec!["a", "b"]),
            (r#"{"parts": "a"}"#, vec!["a"]),
            (r#"{"parts": null}"#, vec![]),
            (r#"{"parts": ""}"#, vec![]),
            (r#"{"parts": [null, "a"]}"#, vec!["a"]),
            (r#"{"parts": 7}"#, vec!["7"]),
        ] {
            let read: Vec<String> = row(text).parts.0.into_iter().filter_map(|t| t.0).collect();
            assert_eq!(read, parts, "{text}");
        }
    }

    #[test]
    fn truth_comes_in_many_coats() {
        for text in ["true", "1", "\"True\"", "\"true\"", "\"1\""] {
            assert_eq!(row(&format!("{{\"on\": {text}}}")).on, Flag(Some(true)));
        }
        for text in ["null", "{}", "2", "\"yes\""] {
            assert_eq!(row(&format!("{{\"on\": {text}}}")).on, Flag(None));
        }
    }

    #[test]
    fn what_is_wrong_has_a_place_and_plain_words() {
        insta::assert_snapshot!(
            [
                "{\"id\": \"a\",\n \"si",
                "{\"id\": \"a\",}",
                "{\n<<<<<<< HEAD\n\"id\": 1}",
                "{\"id\": 1, \"id\": 2}",
                "7",
                "{\"id\": 1} {",
            ]
            .map(message)
            .join("\n"),
            @"
        line 2, column 4: the file is cut off: it ends inside a string
        line 1, column 12: this is not JSON: trailing comma
        line 2: `<<<<<<<` is left of a merge: the file holds two versions of itself
        line 1, column 14: the same name twice: `id`
        line 1, column 1: found integer `7`, expected an object
        line 1, column 11: this is not JSON: trailing characters
        "
        );
    }

    #[test]
    fn depth_ends_in_a_problem() {
        let deep = format!("{{\"parts\": {}", "[".repeat(1_000_000));
        assert!(read::<Row>(&deep).is_err());
        let deep = format!("{{\"other\": {}", "{\"a\":".repeat(1_000_000));
        assert!(read::<Row>(&deep).is_err());
        let whole = format!(
            "{{\"other\": {}{}}}",
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        assert!(read::<Row>(&whole).is_ok());
    }
}
