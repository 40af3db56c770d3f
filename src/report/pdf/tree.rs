//! A page of HTML as a tree: elements, their attributes, texts.
//!
//! The page is ours or a template's of the user's own, so anything is read: an element that nobody closes ends with the one around
//! it. What the elements mean on paper is the business of [`values`](crate::report::pdf::values).

use std::collections::BTreeMap;

use html5gum::{DefaultEmitter, HtmlString, StartTag, Token, Tokenizer};

/// How deep elements may lie within each other. Deeper ones are dissolved: their texts go to the element around them.
const DEEPEST: usize = 40;

/// Elements that hold nothing, by the standard.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

/// A text or an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// A text, its character references resolved.
    Text(String),
    /// An element.
    Element(Element),
}

/// An element with what lies in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// Its name in lower case.
    pub(super) name: String,
    /// Its attributes.
    pub(super) attributes: BTreeMap<String, String>,
    /// What lies in it.
    pub(super) children: Vec<Node>,
}

impl Element {
    /// Returns an attribute, empty where it is not there.
    pub(super) fn get(&self, attribute: &str) -> &str {
        self.attributes.get(attribute).map_or("", String::as_str)
    }

    /// Returns its classes.
    pub(super) fn classes(&self) -> impl Iterator<Item = &str> {
        self.get("class").split_ascii_whitespace()
    }

    /// Returns whether it is of a class.
    pub(super) fn is(&self, class: &str) -> bool {
        self.classes().any(|one| one == class)
    }

    /// Returns the elements in it.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// Returns the first element of a name, itself included, in the order of the text.
    pub(super) fn find(&self, name: &str) -> Option<&Self> {
        if self.name == name {
            return Some(self);
        }
        self.elements().find_map(|element| element.find(name))
    }

    /// Returns all texts in it as one.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.push_text(&mut text);
        text
    }

    fn push_text(&self, text: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(own) => text.push_str(own),
                Node::Element(element) if element.name == "br" => text.push(' '),
                Node::Element(element) => element.push_text(text),
            }
        }
    }
}

/// Reads a page.
pub(super) fn read(page: &str) -> Element {
    let mut emitter = DefaultEmitter::default();
    // Styles are texts of their own: nothing in them is an element.
    emitter.naively_switch_states(true);
    let mut open = Open::default();
    for token in Tokenizer::new_with_emitter(page, emitter) {
        match token {
            Ok(Token::StartTag(tag)) => open.begin(tag),
            Ok(Token::EndTag(tag)) => open.end(&string(&tag.name)),
            Ok(Token::String(text)) => open.text(&string(&text.value)),
            Ok(Token::Comment(_) | Token::Doctype(_) | Token::Error(_)) => {}
            Err(never) => match never {},
        }
    }
    open.whole()
}

fn string(text: &HtmlString) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// The elements that are open, the outermost first; those too deep by name only.
#[derive(Default)]
struct Open {
    root: Element,
    elements: Vec<Element>,
    dissolved: Vec<String>,
}

impl Open {
    fn begin(&mut self, tag: StartTag<()>) {
        let name = string(&tag.name);
        let holds_nothing = tag.self_closing || VOID.contains(&name.as_str());
        if self.elements.len() >= DEEPEST && !holds_nothing {
            self.dissolved.push(name);
            return;
        }
        let attributes = (tag.attributes.iter())
            .map(|(name, value)| (string(name), string(&value.value)))
            .collect();
        let element = Element {
            name,
            attributes,
            children: Vec::new(),
        };
        if holds_nothing {
            self.push(Node::Element(element));
        } else {
            self.elements.push(element);
        }
    }

    fn end(&mut self, name: &str) {
        if let Some(at) = self.dissolved.iter().rposition(|open| open == name) {
            self.dissolved.truncate(at);
            return;
        }
        let Some(at) = self.elements.iter().rposition(|open| open.name == name) else {
            return;
        };
        self.dissolved.clear();
        while self.elements.len() > at {
            self.close();
        }
    }

    fn close(&mut self) {
        if let Some(element) = self.elements.pop() {
            self.push(Node::Element(element));
        }
    }

    fn text(&mut self, text: &str) {
        self.push(Node::Text(text.to_owned()));
    }

    fn push(&mut self, node: Node) {
        let within = self.elements.last_mut().unwrap_or(&mut self.root);
        match (within.children.last_mut(), node) {
            (Some(Node::Text(before)), Node::Text(text)) => before.push_str(&text),
            (_, node) => within.children.push(node),
        }
    }

    fn whole(mut self) -> Element {
        while !self.elements.is_empty() {
            self.close();
        }
        self.root
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_attributes_are_read_as_a_browser_reads_them() {
        let tree = read("<!doctype html><p class='a b' id=x>1 &lt; 2<br>&amp;c</p>tail");
        let p = tree.find("p").unwrap();
        assert!(p.is("b") && p.get("id") == "x");
        assert_eq!(p.text(), "1 < 2 &c");
        assert_eq!(tree.children.last(), Some(&Node::Text("tail".into())));
    }

    #[test]
    fn a_style_is_no_place_for_elements() {
        let tree = read("<style>a > b { content: '<p>' }</style><p>x</p>");
        assert_eq!(tree.elements().count(), 2);
    }

    #[test]
    fn what_nobody_closes_ends_with_what_is_around_it() {
        let tree = read("<ul><li>one<li>two</ul><p>after");
        let names: Vec<&str> = tree.elements().map(|e| e.name.as_str()).collect();
        assert_eq!(names, ["ul", "p"]);
    }

    #[test]
    fn elements_too_deep_leave_their_texts() {
        let deep = "<div>".repeat(20_000) + "text" + &"</div>".repeat(20_000) + "<p>after</p>";
        let tree = read(&deep);
        assert_eq!(tree.text(), "textafter");
        assert_eq!(tree.elements().count(), 2);
    }
}
