//! A Markdown text as a tree that cannot hold what we forbid.
//!
//! There is no node for raw HTML (it is text here, save for `<br>`), for an image (its alternative text is left),
//! and no link but what [`allowed_link`] lets through. Text and code are inert, blanks are tidied. Nesting ends at
//! [`DEEPEST`]: what is nested deeper stands at that level, so that writers may recurse.

use std::collections::HashMap;
use std::mem;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::markdown::inert::inert;
use crate::markdown::link::allowed_link;

/// How deep blocks and inline elements may nest, together.
const DEEPEST: usize = 32;

/// A block.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Block {
    Paragraph(Vec<Inline>),
    /// Level 1 to 6.
    Heading(u8, Vec<Inline>),
    Quote(Vec<Self>),
    Code {
        language: String,
        text: String,
    },
    List(List),
    Table(Table),
    /// The text of the footnote with this number.
    Footnote(usize, Vec<Self>),
    Rule,
}

/// A list; `start` is the first number of an ordered one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct List {
    pub(crate) start: Option<u64>,
    pub(crate) tight: bool,
    pub(crate) items: Vec<Vec<Block>>,
}

/// A table; the first row is its head.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Table {
    pub(crate) alignments: Vec<Alignment>,
    pub(crate) rows: Vec<Vec<Vec<Inline>>>,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Inline {
    Text(String),
    Code(String),
    Emphasis(Vec<Self>),
    Strong(Vec<Self>),
    Strike(Vec<Self>),
    Link { to: String, text: Vec<Self> },
    FootnoteMark(usize),
    Break,
}

/// What becomes of footnotes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Footnotes {
    #[default]
    Kept,
    /// `[1]`, where it is mentioned and before its text.
    AsText,
}

/// Reads Markdown: CommonMark with tables, strikethrough, task lists and footnotes.
pub(crate) fn read(markdown: &str, footnotes: Footnotes) -> Vec<Block> {
    let extensions = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES;
    let mut reader = Reader {
        footnotes,
        ..Reader::default()
    };
    for event in Parser::new_ext(markdown, extensions) {
        reader.take(event);
    }
    reader.finish()
}

/// Returns the text of `inlines` without any markup.
pub(crate) fn plain(inlines: &[Inline]) -> String {
    let mut out = String::new();
    push_plain(&mut out, inlines);
    out
}

/// Returns the text of `markdown` without any markup, a block in a line each.
pub fn to_plain(markdown: &str) -> String {
    let mut out = String::new();
    for inline in tidy(flatten(read(markdown, Footnotes::AsText))) {
        match inline {
            Inline::Break => out.push('\n'),
            other => push_plain(&mut out, std::slice::from_ref(&other)),
        }
    }
    out
}

fn push_plain(out: &mut String, inlines: &[Inline]) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strike(inner) => {
                push_plain(out, inner)
            }
            Inline::Link { text, .. } => push_plain(out, text),
            Inline::FootnoteMark(number) => out.push_str(&format!("[{number}]")),
            Inline::Break => out.push(' '),
        }
    }
}

/// Returns the content of `blocks` as one run of inline elements, a break between two blocks.
pub(crate) fn flatten(blocks: Vec<Block>) -> Vec<Inline> {
    let mut runs = Vec::new();
    collect_runs(blocks, &mut runs);
    let mut out = Vec::new();
    for run in runs {
        if !out.is_empty() && !run.is_empty() {
            out.push(Inline::Break);
        }
        out.extend(run);
    }
    out
}

fn collect_runs(blocks: Vec<Block>, runs: &mut Vec<Vec<Inline>>) {
    for block in blocks {
        match block {
            Block::Paragraph(inlines) | Block::Heading(_, inlines) => runs.push(inlines),
            Block::Quote(inner) | Block::Footnote(_, inner) => collect_runs(inner, runs),
            Block::List(list) => list
                .items
                .into_iter()
                .for_each(|item| collect_runs(item, runs)),
            Block::Code { text, .. } => {
                runs.extend(text.lines().map(|line| vec![Inline::Code(line.to_owned())]));
            }
            Block::Table(table) => runs.extend(table.rows.into_iter().map(|row| row_of_text(&row))),
            Block::Rule => {}
        }
    }
}

fn row_of_text(row: &[Vec<Inline>]) -> Vec<Inline> {
    let cells: Vec<String> = row.iter().map(|cell| plain(cell)).collect();
    vec![Inline::Text(cells.join(" · "))]
}

/// What is open while reading.
#[derive(Debug, Default)]
enum Open {
    /// Leaves its content to what it stands in: the text as a whole, an image, a forbidden link, what is too deep.
    #[default]
    Nothing,
    Paragraph,
    Heading(u8),
    Quote,
    Code(String),
    List(Option<u64>),
    Item,
    Footnote(usize),
    Table(Vec<Alignment>),
    Row,
    Cell,
    Emphasis,
    Strong,
    Strike,
    Link(String),
}

#[derive(Debug, Default)]
struct Frame {
    open: Open,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    /// Of a list.
    items: Vec<Vec<Block>>,
    /// Of a list: whether an item holds a paragraph of its own.
    loose: bool,
    /// Of a table.
    rows: Vec<Vec<Vec<Inline>>>,
    /// Of a row.
    cells: Vec<Vec<Inline>>,
}

impl Frame {
    fn new(open: Open) -> Self {
        Self {
            open,
            ..Self::default()
        }
    }

    /// Inline elements that stand bare in a block (a tight list's item) are a paragraph.
    fn close_bare_paragraph(&mut self) {
        let inlines = tidy(mem::take(&mut self.inlines));
        if !inlines.is_empty() {
            self.blocks.push(Block::Paragraph(inlines));
        }
    }
}

#[derive(Debug, Default)]
struct Reader {
    /// Never without a frame below `top`.
    below: Vec<Frame>,
    top: Frame,
    footnotes: Footnotes,
    numbers: HashMap<String, usize>,
    /// Comes before the next text: the number of a footnote that became text.
    pending: String,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => self
                .top
                .inlines
                .push(Inline::Code(inert(&text).replace('\n', " "))),
            Event::Html(html) | Event::InlineHtml(html) => self.raw_html(&html),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.top.inlines.push(Inline::Break),
            Event::Rule => self.block(Block::Rule),
            Event::FootnoteReference(label) => {
                let number = self.number(&label);
                match self.footnotes {
                    Footnotes::Kept => self.top.inlines.push(Inline::FootnoteMark(number)),
                    Footnotes::AsText => self.merge(&format!("[{number}]")),
                }
            }
            Event::TaskListMarker(done) => self.text(if done { "☑ " } else { "☐ " }),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        if let (Tag::Paragraph, Open::Item, Some(list)) =
            (&tag, &self.top.open, self.below.last_mut())
        {
            list.loose = true;
        }
        let open = if self.fits(&tag) {
            self.opened(tag)
        } else {
            self.opened_too_deep(tag)
        };
        self.below
            .push(mem::replace(&mut self.top, Frame::new(open)));
    }

    /// Whether there is room for an element; where there is for a list or a table, there is for what they are made of.
    fn fits(&self, tag: &Tag<'_>) -> bool {
        let depth = self.below.len();
        match tag {
            Tag::List(_) => depth + 1 < DEEPEST,
            Tag::Item => matches!(self.top.open, Open::List(_)),
            Tag::Table(_) => depth + 2 < DEEPEST,
            Tag::TableHead | Tag::TableRow => matches!(self.top.open, Open::Table(_)),
            Tag::TableCell => matches!(self.top.open, Open::Row),
            _ => depth < DEEPEST,
        }
    }

    fn opened(&mut self, tag: Tag<'_>) -> Open {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => Open::Paragraph,
            Tag::Heading { level, .. } => Open::Heading(level as u8),
            Tag::BlockQuote(_) => Open::Quote,
            Tag::CodeBlock(kind) => Open::Code(language(&kind)),
            Tag::List(start) => Open::List(start),
            Tag::Item => Open::Item,
            Tag::FootnoteDefinition(label) => self.footnote(&label),
            Tag::Table(alignments) => Open::Table(alignments),
            Tag::TableHead | Tag::TableRow => Open::Row,
            Tag::TableCell => Open::Cell,
            Tag::Emphasis => Open::Emphasis,
            Tag::Strong => Open::Strong,
            Tag::Strikethrough => Open::Strike,
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => {
                let address = match link_type {
                    LinkType::Email => format!("mailto:{dest_url}"),
                    _ => dest_url.into_string(),
                };
                allowed_link(&address).map_or(Open::Nothing, Open::Link)
            }
            _ => Open::Nothing,
        }
    }

    /// Only what holds lines stays apart; quotes, lists, emphasis and links leave their content where it is.
    fn opened_too_deep(&mut self, tag: Tag<'_>) -> Open {
        match tag {
            Tag::Paragraph
            | Tag::HtmlBlock
            | Tag::Heading { .. }
            | Tag::CodeBlock(_)
            | Tag::TableCell => Open::Paragraph,
            _ => Open::Nothing,
        }
    }

    fn end(&mut self, tag: TagEnd) {
        let below = self.below.pop().unwrap_or_default();
        let mut frame = mem::replace(&mut self.top, below);
        match mem::take(&mut frame.open) {
            Open::Nothing => self.leave_content(frame, tag),
            Open::Paragraph => self.paragraph(frame.inlines),
            Open::Heading(level) => self.block(Block::Heading(level, tidy(frame.inlines))),
            Open::Quote => self.container(frame, Block::Quote),
            Open::Code(language) => {
                let text = plain(&frame.inlines).trim_end_matches('\n').to_owned();
                self.block(Block::Code { language, text });
            }
            Open::List(start) => {
                let (tight, items) = (!frame.loose, frame.items);
                self.block(Block::List(List {
                    start,
                    tight,
                    items,
                }));
            }
            Open::Item => {
                frame.close_bare_paragraph();
                self.top.items.push(frame.blocks);
            }
            Open::Footnote(number) => {
                self.container(frame, |blocks| Block::Footnote(number, blocks))
            }
            Open::Table(alignments) => {
                let rows = frame.rows;
                self.block(Block::Table(Table { alignments, rows }));
            }
            Open::Row => self.top.rows.push(frame.cells),
            Open::Cell => self.top.cells.push(tidy(frame.inlines)),
            Open::Emphasis => self.top.inlines.push(Inline::Emphasis(frame.inlines)),
            Open::Strong => self.top.inlines.push(Inline::Strong(frame.inlines)),
            Open::Strike => self.top.inlines.push(Inline::Strike(frame.inlines)),
            Open::Link(to) => {
                let mut text = frame.inlines;
                if text.is_empty() {
                    text.push(Inline::Text(to.clone()));
                }
                self.top.inlines.push(Inline::Link { to, text });
            }
        }
    }

    fn leave_content(&mut self, mut frame: Frame, tag: TagEnd) {
        let is_inline = matches!(
            tag,
            TagEnd::Image
                | TagEnd::Link
                | TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
        );
        if is_inline {
            for inline in frame.inlines {
                match inline {
                    Inline::Text(text) => self.merge(&text),
                    other => self.top.inlines.push(other),
                }
            }
        } else {
            frame.close_bare_paragraph();
            frame.blocks.into_iter().for_each(|block| self.block(block));
        }
    }

    fn container(&mut self, mut frame: Frame, wrap: impl FnOnce(Vec<Block>) -> Block) {
        frame.close_bare_paragraph();
        self.block(wrap(frame.blocks));
    }

    fn paragraph(&mut self, inlines: Vec<Inline>) {
        let inlines = tidy(inlines);
        if !inlines.is_empty() {
            self.block(Block::Paragraph(inlines));
        }
    }

    fn block(&mut self, block: Block) {
        self.top.close_bare_paragraph();
        self.top.blocks.push(block);
    }

    fn text(&mut self, text: &str) {
        let text = inert(text);
        self.merge(&text);
    }

    fn merge(&mut self, text: &str) {
        let text = &(mem::take(&mut self.pending) + text);
        match self.top.inlines.last_mut() {
            Some(Inline::Text(last)) => last.push_str(text),
            _ => self.top.inlines.push(Inline::Text(text.to_owned())),
        }
    }

    fn raw_html(&mut self, html: &str) {
        let tag = html.trim().trim_start_matches('<').trim_end_matches('>');
        let name = tag.trim_end_matches('/').trim_end();
        if name.eq_ignore_ascii_case("br") {
            self.top.inlines.push(Inline::Break);
        } else {
            self.text(html);
        }
    }

    fn footnote(&mut self, label: &str) -> Open {
        let number = self.number(label);
        match self.footnotes {
            Footnotes::Kept => Open::Footnote(number),
            Footnotes::AsText => {
                self.pending = format!("[{number}] ");
                Open::Nothing
            }
        }
    }

    fn number(&mut self, label: &str) -> usize {
        let next = self.numbers.len() + 1;
        *self.numbers.entry(label.to_owned()).or_insert(next)
    }

    fn finish(mut self) -> Vec<Block> {
        self.top.close_bare_paragraph();
        self.top.blocks
    }
}

fn language(kind: &CodeBlockKind<'_>) -> String {
    let CodeBlockKind::Fenced(info) = kind else {
        return String::new();
    };
    let is_name =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '+' | '-' | '_');
    info.split(' ')
        .next()
        .filter(|name| name.chars().all(is_name))
        .unwrap_or_default()
        .to_owned()
}

/// Joins neighbouring texts, makes every run of blanks one, and takes away those at the ends of a line.
pub(crate) fn tidy(mut inlines: Vec<Inline>) -> Vec<Inline> {
    inlines.dedup_by(|later, earlier| match (later, earlier) {
        (Inline::Text(later), Inline::Text(earlier)) => {
            earlier.push_str(later);
            true
        }
        _ => false,
    });
    squeeze(&mut inlines, true);
    trim_line_ends(&mut inlines);
    prune(&mut inlines);
    inlines
}

/// Takes away what holds nothing, and line breaks at the end.
fn prune(inlines: &mut Vec<Inline>) {
    inlines.retain_mut(|inline| match inline {
        Inline::Text(text) => !text.is_empty(),
        Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strike(inner) => {
            prune(inner);
            !inner.is_empty()
        }
        Inline::Link { text, .. } => {
            prune(text);
            !text.is_empty()
        }
        Inline::Code(_) | Inline::FootnoteMark(_) | Inline::Break => true,
    });
    while matches!(inlines.last(), Some(Inline::Break)) {
        inlines.pop();
    }
}

/// Returns whether what comes next stands after a blank, or at the beginning of a line.
fn squeeze(inlines: &mut [Inline], mut after_blank: bool) -> bool {
    for inline in inlines {
        match inline {
            Inline::Text(text) => {
                *text = squeezed(text, &mut after_blank);
            }
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strike(inner) => {
                after_blank = squeeze(inner, after_blank);
            }
            Inline::Link { text, .. } => after_blank = squeeze(text, after_blank),
            Inline::Code(_) | Inline::FootnoteMark(_) => after_blank = false,
            Inline::Break => after_blank = true,
        }
    }
    after_blank
}

fn squeezed(text: &str, after_blank: &mut bool) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        let is_blank = matches!(character, ' ' | '\t' | '\n');
        if !is_blank {
            out.push(character);
        } else if !*after_blank {
            out.push(' ');
        }
        *after_blank = is_blank;
    }
    out
}

fn trim_line_ends(inlines: &mut [Inline]) {
    let mut ends_line = true;
    for inline in inlines.iter_mut().rev() {
        if let (Inline::Text(text), true) = (&mut *inline, ends_line) {
            text.truncate(text.trim_end_matches(' ').len());
        }
        ends_line = matches!(inline, Inline::Break);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(markdown: &str) -> Vec<Block> {
        super::read(markdown, Footnotes::Kept)
    }

    fn paragraph(text: &str) -> Block {
        Block::Paragraph(vec![Inline::Text(text.to_owned())])
    }

    #[test]
    fn raw_html_is_text() {
        assert_eq!(read("a <b>c</b>"), [paragraph("a <b>c</b>")]);
        assert_eq!(
            read("<script>\nalert(1)\n</script>"),
            [paragraph("<script> alert(1) </script>")]
        );
        assert_eq!(
            read("a<BR />b"),
            [Block::Paragraph(vec![
                Inline::Text("a".to_owned()),
                Inline::Break,
                Inline::Text("b".to_owned())
            ])]
        );
    }

    #[test]
    fn forbidden_links_and_images_leave_their_text() {
        assert_eq!(
            read("see [here](javascript:x) and ![a *logo*](https://x/y.png)")[0],
            {
                Block::Paragraph(vec![
                    Inline::Text("see here and a ".to_owned()),
                    Inline::Emphasis(vec![Inline::Text("logo".to_owned())]),
                ])
            }
        );
    }

    #[test]
    fn tight_and_loose_lists_differ() {
        let is_tight = |markdown| matches!(&read(markdown)[0], Block::List(list) if list.tight);
        assert!(is_tight("- a\n- b"));
        assert!(!is_tight("- a\n\n- b"));
        assert!(!is_tight("- a\n  - x\n\n- b"));
    }

    #[test]
    fn nesting_ends_and_text_is_kept() {
        let blocks = read(&format!("{} deep", ">".repeat(1000)));
        assert!(format!("{blocks:?}").contains("deep"));
        let inlines = read(&format!("{}deep{}", "*a ".repeat(500), " b*".repeat(500)));
        assert!(format!("{inlines:?}").contains("deep"));
        for levels in 0..40 {
            let quotes = "> ".repeat(levels);
            let table = format!("{quotes}|deep|\n{quotes}|-|\n{quotes}|down|\n");
            for nested in [
                format!("{}deep, down", "> - ".repeat(levels)),
                format!("{}deep, down", "- ".repeat(levels)),
                table,
            ] {
                let blocks = format!("{:?}", read(&nested));
                assert!(
                    blocks.contains("deep") && blocks.contains("down"),
                    "{nested}"
                );
            }
        }
    }
}
