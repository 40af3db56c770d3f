//! XML as a stream of elements and texts, so deep and no deeper.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::importers::spreadsheet::{broken, too_much};
use crate::problem::Problem;

/// How deep elements may lie in each other; workbooks need ten.
const MAX_DEPTH: usize = 64;

/// The most elements of a part; the longest sheet that is read has a third of them.
const MAX_ELEMENTS: usize = 1_000_000;

/// A part that is read from its beginning to its end.
pub(super) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
    elements: usize,
}

/// What comes next.
pub(super) enum Step<'a> {
    /// An element begins.
    Start(Element<'a>),
    /// An element ends.
    End(String),
    /// Text between them.
    Text(Cow<'a, str>),
}

/// An element with its attributes.
pub(super) struct Element<'a>(BytesStart<'a>);

impl Element<'_> {
    /// Returns its name without the prefix.
    pub(super) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// Returns the attribute of that name, whatever its prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        let attribute = attributes
            .with_checks(false)
            .filter_map(Result::ok)
            .find(|one| one.key.local_name().into_inner() == name)?;
        quick_xml::escape::unescape(&attribute.value)
            .ok()
            .map(Cow::into_owned)
    }
}

impl<'a> Xml<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            depth: 0,
            elements: 0,
        }
    }

    /// Returns what comes next; nothing at the end.
    pub(super) fn step(&mut self) -> Result<Option<Step<'a>>, Problem> {
        loop {
            let event = self.reader.read_event();
            let event = event.map_err(|_| broken("one of its parts is no XML"))?;
            return Ok(Some(match event {
                Event::Start(element) => {
                    self.depth += 1;
                    self.elements += 1;
                    if self.elements > MAX_ELEMENTS {
                        return Err(too_much(format!(
                            "one of its parts has more than {MAX_ELEMENTS} elements"
                        )));
                    }
                    if self.depth > MAX_DEPTH {
                        return Err(too_much("its parts nest without end"));
                    }
                    Step::Start(Element(element))
                }
                Event::End(element) => {
                    self.depth = self.depth.saturating_sub(1);
                    Step::End(element.local_name().into_inner().to_owned())
                }
                Event::Text(text) => Step::Text(text.xml10_content()),
                Event::CData(text) => Step::Text(text.xml10_content()),
                Event::GeneralRef(reference) => Step::Text(resolved(&reference)?.into()),
                Event::Eof if self.depth > 0 => return Err(broken("one of its parts is cut off")),
                Event::Eof => return Ok(None),
                Event::DocType(_) => {
                    return Err(broken("one of its parts declares a document type"));
                }
                _ => continue,
            }));
        }
    }

    /// Returns the text of the element that has just begun, to its end; `wanted` says of which elements in it.
    pub(super) fn text_of(
        &mut self,
        name: &str,
        limit: usize,
        wanted: fn(&str) -> bool,
    ) -> Result<String, Problem> {
        let mut text = String::new();
        let mut open = vec![(name.to_owned(), wanted(name))];
        while let Some(step) = self.step()? {
            match step {
                Step::Start(element) => {
                    let name = element.name().to_owned();
                    // Nothing below what is not wanted is: phonetic hints hold texts too.
                    let is_hint = name == "rPh" || open.iter().any(|(name, _)| name == "rPh");
                    open.push((name.clone(), wanted(&name) && !is_hint));
                }
                Step::End(_) => {
                    open.pop();
                    if open.is_empty() {
                        break;
                    }
                }
                Step::Text(part) if open.last().is_some_and(|(_, wanted)| *wanted) => {
                    text += &part;
                    if text.len() > limit {
                        return Err(too_much(format!("a cell holds more than {limit} bytes")));
                    }
                }
                Step::Text(_) => {}
            }
        }
        Ok(text)
    }
}

fn resolved(reference: &BytesRef<'_>) -> Result<String, Problem> {
    let unknown = || broken("one of its parts names something that is not declared");
    if let Some(letter) = reference.resolve_char_ref().map_err(|_| unknown())? {
        return Ok(letter.into());
    }
    resolve_xml_entity(reference)
        .map(str::to_owned)
        .ok_or_else(unknown)
}
