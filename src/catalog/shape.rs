//! Holds what was written against the shape of the structs: every unknown key, missing key and value of another kind at once.
//!
//! The shapes come from the same schema that editors get. What does not fit is taken out, so that the rest can be read and
//! judged; what was taken out with it is remembered by name, so that nobody is told that it does not exist.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde_json::Value;

use crate::catalog::near;
use crate::catalog::schema;
use crate::catalog::tree::{At, Kind, Spot};
use crate::problem::{Problem, Problems, SourceText};

/// What a value must look like.
#[derive(Clone, Debug)]
enum Shape {
    Table(Table),
    List(Box<Self>),
    Text,
    Date,
    Whole,
    Number,
    Truth,
    Words(Vec<String>),
    /// One of the shapes with a name.
    Named(String),
    Any,
}

/// What a table must look like.
#[derive(Clone, Debug)]
struct Table {
    keys: BTreeMap<String, Key>,
    /// The shape of the values under keys of the author's own choice.
    others: Option<Box<Shape>>,
}

#[derive(Clone, Debug)]
struct Key {
    shape: Shape,
    required: bool,
}

/// The shapes of one kind of file.
#[derive(Clone, Debug)]
pub(crate) struct Shapes {
    root: Shape,
    named: BTreeMap<String, Shape>,
}

impl Shapes {
    /// Returns the shapes of a written thing.
    pub(crate) fn of<T: JsonSchema>() -> Self {
        let schema = schema::of::<T>();
        let named = schema.get("definitions").and_then(Value::as_object);
        let named = named.into_iter().flatten();
        Self {
            root: shape(&schema),
            named: named
                .map(|(name, schema)| (name.clone(), shape(schema)))
                .collect(),
        }
    }

    /// Takes out of `value` what does not fit, and says so. Returns whether what is left can be read.
    pub(crate) fn fit(&self, written: &mut Value, spot: &mut Spot, fitting: &mut Fitting) -> bool {
        fitting.fit(self, &self.root, written, spot, "the file")
    }
}

/// What came out of holding a text against its shape.
pub(crate) struct Fitting<'a> {
    pub(crate) source: &'a Arc<SourceText>,
    pub(crate) problems: &'a mut Problems,
    /// The ids of things that were taken out.
    pub(crate) lost: &'a mut BTreeSet<String>,
}

impl Fitting<'_> {
    fn fit(
        &mut self,
        shapes: &Shapes,
        shape: &Shape,
        value: &mut Value,
        spot: &mut Spot,
        what: &str,
    ) -> bool {
        match shape {
            Shape::Named(name) => match shapes.named.get(name) {
                Some(inner @ Shape::Table(_)) => {
                    self.fit(shapes, inner, value, spot, &format!("a {}", noun(name)))
                }
                Some(inner) => self.fit(shapes, inner, value, spot, what),
                None => true,
            },
            Shape::Table(table) => match value {
                Value::Object(map) => self.table(shapes, table, map, spot, what),
                _ => self.mismatch("a table", spot, what),
            },
            Shape::List(item) => match value {
                Value::Array(items) => {
                    self.list(shapes, item, items, spot);
                    true
                }
                _ => self.mismatch("a list", spot, what),
            },
            _ => self.leaf(shape, value, spot, what),
        }
    }

    fn leaf(&mut self, shape: &Shape, value: &Value, spot: &Spot, what: &str) -> bool {
        let (fits, wanted) = match shape {
            Shape::Text => (spot.kind == Kind::Text, "a text"),
            Shape::Date => (
                is_date(value, spot),
                "a date such as 2026-08-01, without quotes",
            ),
            Shape::Whole => (
                spot.kind == Kind::Integer && value.is_i64(),
                "a whole number",
            ),
            Shape::Number => (
                matches!(spot.kind, Kind::Integer | Kind::Float) && is_decimal(value),
                "a number",
            ),
            Shape::Truth => (spot.kind == Kind::Boolean, "true or false"),
            Shape::Words(words) => return self.word(words, value, spot, what),
            _ => (true, ""),
        };
        fits || self.mismatch(wanted, spot, what)
    }

    fn word(&mut self, words: &[String], value: &Value, spot: &Spot, what: &str) -> bool {
        let Some(word) = value.as_str().filter(|_| spot.kind == Kind::Text) else {
            return self.mismatch("a text", spot, what);
        };
        if words.iter().any(|known| known == word) {
            return true;
        }
        let list = words.join("`, `");
        let problem = Problem::error(format!("{what} cannot be `{}`", near::short(word)));
        let help = match near::nearest(word, words.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`? It is one of `{list}`"),
            None => format!("write one of `{list}`"),
        };
        self.report(problem.help(help), spot);
        false
    }

    fn mismatch(&mut self, wanted: &str, spot: &Spot, what: &str) -> bool {
        let message = format!("{what} is {wanted}, not {}", spot.kind.words());
        let message = match spot.kind {
            Kind::Integer | Kind::Float if wanted.ends_with("number") => {
                format!("{what} is {wanted}, and this one does not fit")
            }
            _ => message,
        };
        self.report(Problem::error(message), spot);
        false
    }

    fn report(&mut self, problem: Problem, spot: &Spot) {
        let problem = problem.code("E081");
        self.problems
            .push(match At::new(self.source, spot).place() {
                Some(place) => problem.at(place),
                None => problem,
            });
    }

    fn list(&mut self, shapes: &Shapes, item: &Shape, items: &mut Vec<Value>, spot: &mut Spot) {
        let mut kept = Vec::with_capacity(items.len());
        let mut spots = Vec::with_capacity(items.len());
        for (mut value, (name, mut part)) in items.drain(..).zip(spot.parts.drain(..)) {
            if self.fit(shapes, item, &mut value, &mut part, "an item of this list") {
                kept.push(value);
                spots.push((name, part));
            } else {
                self.lose(&value);
            }
        }
        *items = kept;
        spot.parts = spots;
    }

    /// Remembers the ids of what is taken out, down to those of the questions of a section.
    fn lose(&mut self, value: &Value) {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(id)) = map.get("id") {
                    self.lost.insert(id.clone());
                }
                map.values().for_each(|value| self.lose(value));
            }
            Value::Array(items) => items.iter().for_each(|value| self.lose(value)),
            _ => {}
        }
    }

    fn table(
        &mut self,
        shapes: &Shapes,
        table: &Table,
        map: &mut serde_json::Map<String, Value>,
        spot: &mut Spot,
        what: &str,
    ) -> bool {
        let mut usable = true;
        let mut kept = Vec::with_capacity(spot.parts.len());
        for (name, mut part) in std::mem::take(&mut spot.parts) {
            let key = table.keys.get(&*name);
            let shape = key.map(|key| &key.shape).or(table.others.as_deref());
            let Some(shape) = shape else {
                self.unknown_key(&name, table, map, &part, what);
                map.shift_remove(&*name);
                continue;
            };
            let fits = map.get_mut(&*name).is_some_and(|value| {
                self.fit(shapes, shape, value, &mut part, &format!("`{name}`"))
            });
            if fits {
                kept.push((name, part));
            } else {
                usable &= !key.is_some_and(|key| key.required);
                if let Some(value) = map.shift_remove(&*name) {
                    self.lose(&value);
                }
            }
        }
        spot.parts = kept;
        let missing: Vec<&str> = (table.keys.iter())
            .filter(|(name, key)| key.required && usable && !map.contains_key(*name))
            .map(|(name, _)| name.as_str())
            .collect();
        for name in &missing {
            let problem = Problem::error(format!("{what} needs `{name}`"));
            self.report(problem.help(format!("add `{name} = …`")), spot);
        }
        usable && missing.is_empty()
    }

    fn unknown_key(
        &mut self,
        name: &str,
        table: &Table,
        map: &serde_json::Map<String, Value>,
        spot: &Spot,
        what: &str,
    ) {
        let shown = near::short(name);
        let problem = Problem::error(format!("{what} has no key `{shown}`")).code("E081");
        let free = table.keys.keys().map(String::as_str);
        let free = free.filter(|known| !map.contains_key(*known));
        let problem = match near::nearest(name, free) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => {
                let known: Vec<&str> = table.keys.keys().map(String::as_str).collect();
                problem.help(format!("remove it; the keys are `{}`", known.join("`, `")))
            }
        };
        self.problems
            .push(match At::new(self.source, spot).key_place() {
                Some(place) => problem.at(place),
                None => problem,
            });
    }
}

fn is_date(value: &Value, spot: &Spot) -> bool {
    spot.kind == Kind::Date
        && value
            .as_str()
            .is_some_and(|text| text.parse::<NaiveDate>().is_ok())
}

/// Returns whether a number can be kept exactly.
fn is_decimal(value: &Value) -> bool {
    serde_json::from_value::<crate::catalog::written::Number>(value.clone()).is_ok()
}

/// Returns what people call a thing whose struct has this name: `NoneOption` becomes `none option`.
fn noun(name: &str) -> String {
    let mut noun = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !noun.is_empty() {
            noun.push(' ');
        }
        noun.push(character.to_ascii_lowercase());
    }
    noun
}

/// Reads the shape that a part of a schema describes.
fn shape(schema: &Value) -> Shape {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        return Shape::Named(name.rsplit('/').next().unwrap_or(name).to_owned());
    }
    for combined in ["allOf", "anyOf"] {
        if let Some(first) = schema.get(combined).and_then(|list| list.get(0)) {
            return shape(first);
        }
    }
    if let Some(words) = words(schema) {
        return Shape::Words(words);
    }
    match schema.get("type").and_then(one_type) {
        Some("object") => Shape::Table(table(schema)),
        Some("array") => Shape::List(Box::new(schema.get("items").map_or(Shape::Any, shape))),
        Some("string") if schema.get("format").and_then(Value::as_str) == Some("date") => {
            Shape::Date
        }
        Some("string") => Shape::Text,
        Some("integer") => Shape::Whole,
        Some("number") => Shape::Number,
        Some("boolean") => Shape::Truth,
        _ => Shape::Any,
    }
}

/// Returns the type, of two where the other is `null`.
fn one_type(of: &Value) -> Option<&str> {
    match of {
        Value::Array(types) => types
            .iter()
            .filter_map(Value::as_str)
            .find(|t| *t != "null"),
        other => other.as_str(),
    }
}

/// Returns the words that a schema allows, where it lists them.
fn words(schema: &Value) -> Option<Vec<String>> {
    let words = |list: &Value, of: fn(&Value) -> Option<&str>| {
        let list = list.as_array()?;
        list.iter()
            .map(|word| of(word).map(str::to_owned))
            .collect()
    };
    if let Some(list) = schema.get("enum") {
        return words(list, Value::as_str);
    }
    words(schema.get("oneOf")?, |word| {
        word.get("const").and_then(Value::as_str)
    })
}

fn table(schema: &Value) -> Table {
    let required = schema.get("required").and_then(Value::as_array);
    let required: BTreeSet<&str> = required
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let properties = schema.get("properties").and_then(Value::as_object);
    let others = match schema.get("additionalProperties") {
        Some(Value::Bool(false)) => None,
        Some(schema) => Some(Box::new(shape(schema))),
        None => Some(Box::new(Shape::Any)),
    };
    Table {
        keys: (properties.into_iter().flatten())
            .map(|(name, schema)| {
                let key = Key {
                    shape: shape(schema),
                    required: required.contains(name.as_str()),
                };
                (name.clone(), key)
            })
            .collect(),
        others,
    }
}
