//! Holds what was written against the shape of the structs: every unknown key, missing key and value of another kind at once.
//!
//! The shapes come from the same schema that editors get. What does not fit is taken out, so that the rest can be read and
//! judged; what was taken out with it is remembered by name, so that nobody is told that it does not exist.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde_json::Value;

use crate::catalog::near;
use crate::catalog::schema;
use crate::catalog::tree::{At, Content, Spot};
use crate::catalog::written;
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

    /// Takes out of `spot` what does not fit, and says so. Returns whether what is left can be read.
    pub(crate) fn fit(&self, spot: &mut Spot, fitting: &mut Fitting<'_>) -> bool {
        fitting.fit(self, &self.root, spot, What::File)
    }
}

/// What a value is called in a message.
#[derive(Clone, Copy)]
enum What<'a> {
    File,
    /// One of the shapes with a name.
    Thing(&'a str),
    Key(&'a str),
    Item,
}

impl fmt::Display for What<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => f.write_str("the file"),
            Self::Thing(name) => write!(f, "a {}", noun(name)),
            Self::Key(key) => write!(f, "`{}`", near::short(key)),
            Self::Item => f.write_str("an item of this list"),
        }
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
    fn fit(&mut self, shapes: &Shapes, shape: &Shape, spot: &mut Spot, what: What<'_>) -> bool {
        match (shape, &spot.content) {
            (Shape::Named(name), _) => match shapes.named.get(name) {
                Some(inner @ Shape::Table(_)) => self.fit(shapes, inner, spot, What::Thing(name)),
                Some(inner) => self.fit(shapes, inner, spot, what),
                None => true,
            },
            (Shape::Table(table), Content::Table) => self.table(shapes, table, spot, what),
            (Shape::List(item), Content::List) => {
                self.list(shapes, item, spot);
                true
            }
            _ => self.leaf(shape, spot, what),
        }
    }

    fn leaf(&mut self, shape: &Shape, spot: &Spot, what: What<'_>) -> bool {
        let content = &spot.content;
        let (fits, wanted) = match shape {
            Shape::Table(_) => (false, "a table"),
            Shape::List(_) => (false, "a list"),
            Shape::Text => (matches!(content, Content::Text(_)), "a text"),
            Shape::Date => (
                is_date(content),
                "a date such as 2026-08-01, without quotes",
            ),
            Shape::Whole => (matches!(content, Content::Integer(_)), "a whole number"),
            Shape::Number => (is_decimal(content), "a number"),
            Shape::Truth => (matches!(content, Content::Boolean(_)), "true or false"),
            Shape::Words(words) => return self.word(words, spot, what),
            Shape::Named(_) | Shape::Any => (true, ""),
        };
        fits || self.mismatch(wanted, spot, what)
    }

    fn word(&mut self, words: &[String], spot: &Spot, what: What<'_>) -> bool {
        let Some(word) = spot.text() else {
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

    fn mismatch(&mut self, wanted: &str, spot: &Spot, what: What<'_>) -> bool {
        let message = match &spot.content {
            Content::Float(_) if wanted == "a number" => {
                format!("{what} is a number, and this one cannot be kept exactly")
            }
            content => format!("{what} is {wanted}, not {}", content.words()),
        };
        self.report(Problem::error(message), spot);
        false
    }

    fn report(&mut self, problem: Problem, spot: &Spot) {
        let place = At::new(self.source, spot).place();
        self.problems.push(Problem {
            place,
            ..problem.code("E081")
        });
    }

    fn list(&mut self, shapes: &Shapes, item: &Shape, spot: &mut Spot) {
        let mut kept = Vec::with_capacity(spot.parts.len());
        for (name, mut part) in std::mem::take(&mut spot.parts) {
            if self.fit(shapes, item, &mut part, What::Item) {
                kept.push((name, part));
            } else {
                self.lose(&part);
            }
        }
        spot.parts = kept;
    }

    /// Remembers the ids of what is taken out, down to those of the questions of a section.
    fn lose(&mut self, spot: &Spot) {
        if let Some(id) = spot.get("id").and_then(Spot::text) {
            self.lost.insert(id.to_owned());
        }
        for (_, part) in &spot.parts {
            self.lose(part);
        }
    }

    fn table(&mut self, shapes: &Shapes, table: &Table, spot: &mut Spot, what: What<'_>) -> bool {
        let mut usable = true;
        let mut kept = Vec::with_capacity(spot.parts.len());
        let written = std::mem::take(&mut spot.parts);
        let names: Vec<Box<str>> = match written.iter().all(|(name, _)| table.takes(name)) {
            true => Vec::new(),
            false => written.iter().map(|(name, _)| name.clone()).collect(),
        };
        for (name, mut part) in written {
            let key = table.keys.get(&*name);
            let Some(shape) = key.map(|key| &key.shape).or(table.others.as_deref()) else {
                self.unknown_key(&name, table, &names, &part, what);
                continue;
            };
            if self.fit(shapes, shape, &mut part, What::Key(&name)) {
                kept.push((name, part));
            } else {
                usable &= !key.is_some_and(|key| key.required);
                self.lose(&part);
            }
        }
        spot.parts = kept;
        let missing: Vec<&str> = (table.required())
            .filter(|name| usable && spot.get(name).is_none())
            .collect();
        for name in &missing {
            let problem = Problem::error(format!("{what} needs `{name}`"));
            self.report(problem.help(format!("add `{name} = …`")), spot);
        }
        usable && missing.is_empty()
    }

    /// Notes a key that nothing takes; `written` are all keys of the table.
    fn unknown_key(
        &mut self,
        name: &str,
        table: &Table,
        written: &[Box<str>],
        spot: &Spot,
        what: What<'_>,
    ) {
        let shown = near::short(name);
        let problem = Problem::error(format!("{what} has no key `{shown}`")).code("E081");
        let keys = || table.keys.keys().map(String::as_str);
        let free = keys().filter(|known| !written.iter().any(|written| **written == **known));
        let problem = match near::nearest(name, free) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => {
                let known: Vec<&str> = keys().collect();
                problem.help(format!("remove it; the keys are `{}`", known.join("`, `")))
            }
        };
        let place = At::new(self.source, spot).key_place();
        self.problems.push(Problem { place, ..problem });
    }
}

impl Table {
    fn takes(&self, name: &str) -> bool {
        self.others.is_some() || self.keys.contains_key(name)
    }

    fn required(&self) -> impl Iterator<Item = &str> {
        let keys = self.keys.iter().filter(|(_, key)| key.required);
        keys.map(|(name, _)| name.as_str())
    }
}

fn is_date(content: &Content) -> bool {
    match content {
        Content::Date(text) => text.parse::<NaiveDate>().is_ok(),
        _ => false,
    }
}

/// Returns whether this is a number that can be kept exactly.
fn is_decimal(content: &Content) -> bool {
    match content {
        Content::Integer(_) => true,
        Content::Float(number) => serde_json::Number::from_f64(*number)
            .is_some_and(|number| written::Number::read(&number.to_string()).is_some()),
        _ => false,
    }
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
