//! The page as Typst values: what the style sheet walks over.
//!
//! Every text becomes a string, never code; what it looks like is the style sheet's business. White space is taken together as
//! browsers do it, headings never skip a level, links lead only to what is there, and words too long for their line get places at
//! which they may be broken, which are no characters.

use std::collections::BTreeSet;
use std::io::Cursor;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use typst::foundations::{Array, Bytes, Dict, IntoValue, Value};
use unicode_width::UnicodeWidthStr;

use crate::report::pdf::columns::{self, Wish};
use crate::report::pdf::fonts::Fonts;
use crate::report::pdf::picture::{self, Shape};
use crate::report::pdf::tree::{Element, Node};

/// How many letters of mean width a line over the whole page holds, on the safe side.
const LINE: usize = 116;

/// How deep elements may lie within each other on paper; deeper ones are dissolved.
const DEEPEST: usize = 16;

/// The longest text that is kept together on a page, in letters. What is longer might not fit on one.
const TOGETHER: usize = 900;

/// The longest text that is kept in one line.
const ONE_LINE: usize = 24;

/// The longest address that a link may have.
const LONGEST_ADDRESS: usize = 2000;

/// Elements that stand within a line.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "em", "i", "img", "ins", "kbd",
    "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "svg", "time", "u", "var",
    "wbr",
];

/// Elements that say nothing on paper.
const UNSEEN: &[&str] = &[
    "head", "script", "style", "title", "template", "iframe", "object", "input",
];

/// The largest picture, in pixels: a small file may hold one that fills the memory.
const LARGEST: u64 = 25_000_000;

/// Returns the body of a page as a value, and adds the characters that no font has to `lost`.
///
/// # Errors
/// Why a picture cannot be shown.
pub(super) fn body(
    body: &Element,
    fonts: &Fonts,
    lost: &mut BTreeSet<char>,
) -> Result<Value, String> {
    // Where links may lead to is known once everything has its place.
    let mut first = Setter::new(fonts, lost, BTreeSet::new());
    first.nodes(body, LINE);
    let anchors = first.placed;
    let mut setter = Setter::new(fonts, lost, anchors);
    let nodes = setter.nodes(body, LINE);
    setter.fault.map_or(Ok(nodes.into_value()), Err)
}

/// Turns nodes into values, from the first to the last.
struct Setter<'a> {
    fonts: &'a Fonts,
    lost: &'a mut BTreeSet<char>,
    /// What links may lead to.
    anchors: BTreeSet<String>,
    /// What got its place so far.
    placed: BTreeSet<String>,
    /// Why a picture cannot be shown.
    fault: Option<String>,
    /// The level of the last heading.
    level: i64,
    depth: usize,
    /// Whether white space would be the first in its line, or follow other white space.
    fresh: bool,
    /// How many letters long what was set of a word is.
    word: usize,
}

impl<'a> Setter<'a> {
    fn new(fonts: &'a Fonts, lost: &'a mut BTreeSet<char>, anchors: BTreeSet<String>) -> Self {
        Self {
            fonts,
            lost,
            anchors,
            placed: BTreeSet::new(),
            fault: None,
            level: 0,
            depth: 0,
            fresh: true,
            word: 0,
        }
    }
}

impl Setter<'_> {
    /// Returns what lies in an element. `room` is the length of a line in letters.
    fn nodes(&mut self, element: &Element, room: usize) -> Vec<Value> {
        let mut out = Vec::new();
        self.push_nodes(element, element, room, &mut out);
        out
    }

    /// Adds what lies in `element`; `within` is the one that it stands for on paper.
    fn push_nodes(
        &mut self,
        element: &Element,
        within: &Element,
        room: usize,
        out: &mut Vec<Value>,
    ) {
        let apart = element.elements().any(|inner| !is_inline(inner));
        for node in &element.children {
            match node {
                Node::Text(text) if apart && text.trim().is_empty() => {}
                Node::Text(text) => self.push_text(text, within, room, out),
                Node::Element(inner) => self.push_element(inner, within, room, out),
            }
        }
    }

    fn push_element(
        &mut self,
        element: &Element,
        within: &Element,
        room: usize,
        out: &mut Vec<Value>,
    ) {
        let name = element.name.as_str();
        if UNSEEN.contains(&name) || element.is("skip") {
            return;
        }
        if is_transparent(element, within) || self.depth >= DEEPEST {
            self.begin_line_unless(is_inline(element));
            self.push_nodes(element, within, room, out);
            self.begin_line_unless(is_inline(element));
            return;
        }
        self.depth += 1;
        self.begin_line_unless(is_inline(element) && name != "br");
        let value = self.element(element, within, room);
        self.begin_line_unless(is_inline(element) && name != "br");
        self.depth -= 1;
        out.push(value.into_value());
    }

    fn begin_line_unless(&mut self, inline: bool) {
        if !inline {
            self.fresh = true;
            self.word = 0;
        }
    }

    fn element(&mut self, element: &Element, within: &Element, room: usize) -> Dict {
        let mut out = Dict::new();
        let mut put = |key: &str, value: Value| out.insert(key.into(), value);
        put("tag", element.name.as_str().into_value());
        put("class", strings(element.classes()));
        put(
            "within",
            strings(std::iter::once(within.name.as_str()).chain(within.classes())),
        );
        let length = element.text().chars().count();
        put("after", before(element, within).into_value());
        put("together", (length < TOGETHER).into_value());
        put("whole", (length <= ONE_LINE).into_value());
        self.address(element, &mut out);
        match element.name.as_str() {
            "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(element, &mut out),
            "svg" => self.drawing(element, &mut out),
            "img" => self.image(element, &mut out),
            "table" => return self.table(element, room, out),
            _ => {}
        }
        if let Ok(start) = element.get("start").parse::<u32>() {
            out.insert("start".into(), i64::from(start).into_value());
        }
        let mut nodes = self.nodes(element, room_in(element, room));
        if !is_inline(element) {
            trim_end(&mut nodes);
        }
        if element.is("sentence") {
            capitalise(&mut nodes);
        }
        out.insert("nodes".into(), nodes.into_value());
        out
    }

    /// Says where the element is, and where it leads to.
    fn address(&mut self, element: &Element, out: &mut Dict) {
        let id = element.get("id");
        if !id.is_empty() && has_place(element) && self.placed.insert(id.to_owned()) {
            out.insert("id".into(), id.into_value());
        }
        let href = element.get("href");
        if let Some(target) = href.strip_prefix('#') {
            if self.anchors.contains(target) && !target.is_empty() {
                out.insert("to".into(), target.into_value());
            }
        } else if is_address(href) {
            out.insert("url".into(), href.into_value());
        }
    }

    fn heading(&mut self, element: &Element, out: &mut Dict) {
        let wanted = (element.name[1..].parse::<i64>()).map_or(1, |level| level - 1);
        self.level = wanted.min(self.level + 1);
        out.insert("level".into(), self.level.into_value());
    }

    fn drawing(&mut self, svg: &Element, out: &mut Dict) {
        self.fresh = false;
        if svg.get("aria-hidden") == "true" {
            let bytes = picture::mark(svg);
            out.insert("mark".into(), bytes.into_value());
            return;
        }
        let shapes: Array = picture::shapes(svg).into_iter().map(shape).collect();
        out.insert("shapes".into(), shapes.into_value());
        let title = svg.find("title").map(Element::text).unwrap_or_default();
        out.insert(
            "alt".into(),
            self.fonts.shown(title.trim(), self.lost).into_value(),
        );
    }

    fn image(&mut self, img: &Element, out: &mut Dict) {
        self.fresh = false;
        let data = img.get("src").strip_prefix("data:image/");
        let data = data.and_then(|data| data.split_once(";base64,"));
        let bytes = data.and_then(|(kind, text)| Some((kind, STANDARD.decode(text).ok()?)));
        if let Some((kind, bytes)) = bytes {
            if pixels(&bytes).is_some_and(|pixels| pixels > LARGEST) {
                self.fault = Some(format!("the logo has more than {LARGEST} pixels"));
            }
            let format = if kind == "jpeg" { "jpg" } else { kind };
            out.insert("format".into(), format.into_value());
            out.insert("bytes".into(), Bytes::new(bytes).into_value());
        }
        out.insert("alt".into(), img.get("alt").into_value());
    }
}

/// Returns how many pixels a picture has; nothing where it is broken, which whoever decodes it says better.
fn pixels(bytes: &[u8]) -> Option<u64> {
    let reader = image::ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let (width, height) = reader.ok()?.into_dimensions().ok()?;
    Some(u64::from(width) * u64::from(height))
}

/// Texts.
impl Setter<'_> {
    fn push_text(&mut self, text: &str, within: &Element, room: usize, out: &mut Vec<Value>) {
        let text = self.fonts.shown(text, self.lost);
        // Code keeps its lines and blanks, an answer its lines.
        let code = within.name == "pre" || (within.name == "code" && text.contains('\n'));
        let lines = code || within.is("answer");
        let mut piece = String::new();
        for part in text
            .split_inclusive(|letter: char| letter.is_ascii_whitespace() || breaks_after(letter))
        {
            let word = part.trim_end_matches(|letter: char| letter.is_ascii_whitespace());
            if !word.is_empty() {
                self.push_word(word, room, &mut piece, out);
                self.fresh = false;
            }
            match part[word.len()..].chars().next() {
                None if word.ends_with(breaks_after) => self.word = 0,
                None => {}
                Some('\n') if lines => {
                    flush(&mut piece, out);
                    out.push(line_break());
                    self.begin_line_unless(false);
                }
                Some(_) => {
                    if !self.fresh {
                        piece.push(' ');
                    } else if code {
                        piece.push('\u{a0}');
                    }
                    self.fresh = true;
                    self.word = 0;
                }
            }
        }
        flush(&mut piece, out);
    }

    /// Adds a word, with places at which it may be broken where it is longer than a line.
    fn push_word(&mut self, word: &str, room: usize, piece: &mut String, out: &mut Vec<Value>) {
        let room = (room * 9 / 10).max(4);
        let width = width(word);
        if width <= room {
            if self.word + width > room {
                flush(piece, out);
                out.push(Value::None);
                self.word = 0;
            }
            self.word += width;
            piece.push_str(word);
            return;
        }
        let step = (room / 3).max(3);
        for (at, letter) in word.chars().enumerate() {
            if at % step == 0 {
                flush(piece, out);
                out.push(Value::None);
            }
            piece.push(letter);
        }
        self.word = step;
    }
}

/// Returns how wide a word may be, in letters of mean width.
fn width(word: &str) -> usize {
    let wide = (word.chars())
        .filter(|letter| letter.is_uppercase() || matches!(letter, 'm' | 'w' | '@' | '%' | '□'));
    word.width() + wide.count() / 2
}

fn flush(piece: &mut String, out: &mut Vec<Value>) {
    if !piece.is_empty() {
        out.push(std::mem::take(piece).into_value());
    }
}

/// Returns whether a line may end after a character within a word; where it may end otherwise is Typst's business.
fn breaks_after(character: char) -> bool {
    matches!(character, '-' | '–' | '—' | '/' | '?')
}

fn line_break() -> Value {
    let mut out = Dict::new();
    for (key, value) in [
        ("tag", "br".into_value()),
        ("class", Array::new().into_value()),
        ("within", Array::new().into_value()),
        ("nodes", Array::new().into_value()),
    ] {
        out.insert(key.into(), value);
    }
    out.into_value()
}

fn trim_end(nodes: &mut Vec<Value>) {
    if let Some(Value::Str(text)) = nodes.last() {
        let trimmed = text.as_str().trim_end_matches(' ').to_owned();
        nodes.pop();
        flush(&mut { trimmed }, nodes);
    }
}

/// Makes the first letter of what lies at the beginning a capital.
fn capitalise(nodes: &mut [Value]) {
    let Some(Value::Str(text)) = nodes.first() else {
        return;
    };
    let mut characters = text.as_str().chars();
    let first: String = characters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    nodes[0] = (first + characters.as_str()).into_value();
}

/// Tables.
impl Setter<'_> {
    fn table(&mut self, table: &Element, room: usize, mut out: Dict) -> Dict {
        let (heads, rows) = rows_of(table);
        let columns = (heads.iter().chain(&rows))
            .map(|row| span_of(row))
            .max()
            .unwrap_or(0);
        let mut wishes = vec![Wish::default(); columns];
        for row in &rows {
            widen(&mut wishes, row, wish);
        }
        for row in &heads {
            widen(&mut wishes, row, head_wish);
        }
        let widths = columns::widths(&wishes, room);
        let letters = |at: usize, span: usize| -> usize {
            let part: f64 = widths.iter().skip(at).take(span).sum();
            ((part * room as f64) as usize).saturating_sub(3)
        };
        let caption = table.elements().find(|inner| inner.name == "caption");
        if let Some(caption) = caption {
            let text = self.fonts.shown(caption.text().trim(), self.lost);
            if caption.is("visually-hidden") {
                out.insert("summary".into(), text.into_value());
            } else {
                self.begin_line_unless(false);
                out.insert("caption".into(), self.nodes(caption, room).into_value());
            }
        }
        for (key, rows) in [("heads", &heads), ("rows", &rows)] {
            let rows: Array = rows
                .iter()
                .map(|row| self.row(row, &letters).into_value())
                .collect();
            out.insert(key.into(), rows.into_value());
        }
        let hidden = table
            .elements()
            .any(|part| part.name == "thead" && part.is("visually-hidden"));
        out.insert("heads-hidden".into(), hidden.into_value());
        let widths: Array = widths.into_iter().map(IntoValue::into_value).collect();
        out.insert("widths".into(), widths.into_value());
        out
    }

    fn row(&mut self, row: &Element, letters: &dyn Fn(usize, usize) -> usize) -> Array {
        let mut at = 0;
        let mut cells = Array::new();
        for cell in cells_of(row) {
            let span = span(cell);
            self.begin_line_unless(false);
            let mut out = self.element(cell, row, letters(at, span));
            out.insert("span".into(), (span as i64).into_value());
            out.insert(
                "names-row".into(),
                (cell.get("scope") == "row").into_value(),
            );
            let align = match cell {
                cell if cell.is("number") || cell.is("right") => "right",
                cell if cell.is("center") => "center",
                _ => "left",
            };
            out.insert("align".into(), align.into_value());
            if at == 0 {
                self.address(row, &mut out);
            }
            cells.push(out.into_value());
            at += span;
        }
        cells
    }
}

/// Returns the rows at the head of a table, and the others.
fn rows_of(table: &Element) -> (Vec<&Element>, Vec<&Element>) {
    let (mut heads, mut rows) = (Vec::new(), Vec::new());
    for part in table.elements() {
        let inner = part.elements().filter(|row| row.name == "tr");
        match part.name.as_str() {
            "thead" => heads.extend(inner),
            "tbody" | "tfoot" => rows.extend(inner),
            "tr" => rows.push(part),
            _ => {}
        }
    }
    let full = |row: &&Element| cells_of(row).next().is_some();
    heads.retain(full);
    rows.retain(full);
    (heads, rows)
}

fn cells_of(row: &Element) -> impl Iterator<Item = &Element> {
    row.elements()
        .filter(|cell| matches!(cell.name.as_str(), "td" | "th"))
}

/// Returns how many columns a cell stretches over.
fn span(cell: &Element) -> usize {
    cell.get("colspan").parse().unwrap_or(1).clamp(1, 20)
}

fn span_of(row: &Element) -> usize {
    cells_of(row).map(span).sum()
}

/// Takes the cells of a row into what its columns need; a cell over several columns says nothing of one.
fn widen(wishes: &mut [Wish], row: &Element, wish: fn(&Element) -> Wish) {
    let mut at = 0;
    for cell in cells_of(row) {
        if span(cell) == 1 {
            wishes[at].widen(wish(cell));
        }
        at += span(cell);
    }
}

/// Returns what a cell at the head of a table needs, in letters: it may always be broken.
fn head_wish(cell: &Element) -> Wish {
    let Wish { least, most, .. } = wish(cell);
    let words = cell.text();
    let words = words.split_whitespace().map(UnicodeWidthStr::width);
    let least = words.max().unwrap_or(0).min(least);
    Wish {
        // What a table is about has room for more than a word.
        least: if cell.is("what") { 34 } else { least },
        most: if cell.is("what") { most.max(34) } else { most },
        fixed: false,
    }
}

/// Returns what a cell needs, in letters.
fn wish(cell: &Element) -> Wish {
    if cell.is("days") {
        return Wish {
            least: 26,
            most: 60,
            fixed: false,
        };
    }
    let mut lines = vec![String::new()];
    let mut drawn = 0;
    measure(cell, &mut lines, &mut drawn);
    let word = |line: &String| {
        (line
            .split_ascii_whitespace()
            .map(UnicodeWidthStr::width)
            .max())
        .unwrap_or(0)
    };
    let whole = |line: &String| line.trim().width();
    let most = lines.iter().map(whole).max().unwrap_or(0) + drawn;
    let least = lines.iter().map(word).max().unwrap_or(0) + drawn;
    let fixed = cell.is("nowrap") || cell.is("number") || cell.is("count");
    Wish {
        least: if fixed { most } else { least },
        most,
        fixed,
    }
}

/// Adds the lines of a cell, and how many letters wide its drawings are.
fn measure(element: &Element, lines: &mut Vec<String>, drawn: &mut usize) {
    for node in &element.children {
        match node {
            Node::Text(text) => {
                let text = if element.is("nowrap") {
                    text.replace(' ', "\u{a0}")
                } else {
                    text.clone()
                };
                lines
                    .iter_mut()
                    .last()
                    .into_iter()
                    .for_each(|line| line.push_str(&text));
            }
            Node::Element(inner) if inner.name == "br" => lines.push(String::new()),
            Node::Element(inner) if inner.is("visually-hidden") => {}
            Node::Element(inner) if inner.name == "svg" => {
                *drawn = (*drawn).max(if inner.is("mark") { 4 } else { 14 });
            }
            Node::Element(inner) => measure(inner, lines, drawn),
        }
    }
}

/// Returns the name of the element that stands before another, empty where none does.
fn before<'a>(element: &Element, within: &'a Element) -> &'a str {
    let mut before = "";
    for inner in within.elements() {
        if std::ptr::eq(inner, element) {
            return before;
        }
        before = &inner.name;
    }
    ""
}

/// Returns whether an element is nothing but what lies in it.
fn is_transparent(element: &Element, within: &Element) -> bool {
    match element.name.as_str() {
        "div" if within.name == "dl" || within.is("question") => false,
        "main" | "body" | "html" | "bdi" => true,
        "div" | "section" => {
            element.is("scroll")
                || (element.classes().next().is_none() && element.get("id").is_empty())
        }
        _ => false,
    }
}

/// Returns whether the style sheet gives an element a place that links may lead to.
fn has_place(element: &Element) -> bool {
    const PLACED: &[&str] = &[
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "p",
        "td",
        "th",
        "tr",
        "ul",
        "ol",
        "pre",
        "blockquote",
    ];
    const DRAWN: &[&str] = &[
        "aside", "footnote", "prose", "row", "question", "entry", "part",
    ];
    let held = matches!(
        element.name.as_str(),
        "div" | "section" | "article" | "footer"
    );
    let plain = element.classes().all(|class| DRAWN.contains(&class));
    PLACED.contains(&element.name.as_str()) || (held && plain)
}

fn is_inline(element: &Element) -> bool {
    INLINE.contains(&element.name.as_str())
}

/// Returns how long a line in an element is, of one that is `room` letters long.
fn room_in(element: &Element, room: usize) -> usize {
    match element.name.as_str() {
        "li" | "blockquote" => room.saturating_sub(3),
        "code" | "pre" => room * 4 / 5,
        "h1" | "h2" => room / 2,
        "h3" => room * 4 / 5,
        _ if element.is("row") => room * 4 / 5,
        _ if element.is("question") => room * 2 / 5,
        _ if element.is("traits") => room / 6,
        _ if element.is("barred") => room / 2,
        _ => room,
    }
}

fn is_address(href: &str) -> bool {
    let known = ["https://", "http://", "mailto:"];
    href.len() <= LONGEST_ADDRESS && known.iter().any(|scheme| href.starts_with(scheme))
}

fn shape(shape: Shape) -> Value {
    let points: Array = (shape.points.into_iter())
        .map(|(x, y)| {
            [x.into_value(), y.into_value()]
                .into_iter()
                .collect::<Array>()
                .into_value()
        })
        .collect();
    let mut out = Dict::new();
    out.insert("class".into(), shape.class.into_value());
    out.insert("points".into(), points.into_value());
    out.insert("filled".into(), shape.filled.into_value());
    out.into_value()
}

fn strings<'a>(texts: impl Iterator<Item = &'a str>) -> Value {
    texts
        .map(IntoValue::into_value)
        .collect::<Array>()
        .into_value()
}
