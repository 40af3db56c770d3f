//! Markdown as HTML: well-formed, without script, style, image or event handler.

use std::collections::HashSet;

use pulldown_cmark::Alignment;

use crate::markdown::document::{Block, Footnotes, Inline, List, Table, flatten, plain, read};
use crate::markdown::escape::push_escaped_html;

/// How a text fits into its page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// Added to the level of every heading (6 at most), so that a text's `#` never outranks the page's.
    pub heading_shift: u8,
    /// Begins every id that the text makes; unique on the page. Empty: the text makes no ids, and footnotes no links.
    pub id_prefix: &'a str,
}

/// Returns `markdown` as HTML that may stand between block elements.
///
/// Raw HTML is shown as text (`<br>` is a line break), images are their alternative text, links other than `http`,
/// `https`, `mailto` and `#…` only their text; a `#…` that names a heading of the text leads to it. Alignment of table
/// columns is a class (`left`, `center`, `right`). Task lists show ☐ and ☑.
pub fn to_html(markdown: &str, options: &Options<'_>) -> String {
    let blocks = read(markdown, Footnotes::Kept);
    let mut writer = Writer::new(*options, &blocks);
    writer.blocks(&blocks, false);
    writer.out
}

/// Returns `markdown` as HTML that may stand within a line: no block elements, a `<br>` where one block follows another.
pub fn to_inline_html(markdown: &str) -> String {
    let inlines = flatten(read(markdown, Footnotes::Kept));
    let mut writer = Writer::new(Options::default(), &[]);
    writer.inlines(&inlines);
    writer.out
}

/// Returns `text` as an id: lower-case letters and digits, with a hyphen for each run of anything else.
///
/// Underscore and full stop stay, as in `licensing.seats`. Without a letter or digit it is `x`.
pub fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() || matches!(character, '_' | '.') {
            out.push(character);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    if out.is_empty() { "x".to_owned() } else { out }
}

struct Writer<'a> {
    out: String,
    options: Options<'a>,
    /// Ids of the headings, without prefix, in the order of the text; taken one by one.
    heading_ids: std::vec::IntoIter<String>,
    targets: HashSet<String>,
    footnotes: HashSet<usize>,
}

impl<'a> Writer<'a> {
    fn new(options: Options<'a>, blocks: &[Block]) -> Self {
        let mut ids = Vec::new();
        let mut taken = HashSet::new();
        if !options.id_prefix.is_empty() {
            collect_ids(blocks, &mut ids, &mut taken);
        }
        Self {
            out: String::new(),
            options,
            heading_ids: ids.into_iter(),
            targets: taken,
            footnotes: HashSet::new(),
        }
    }

    fn blocks(&mut self, blocks: &[Block], tight: bool) {
        for block in blocks {
            self.block(block, tight);
        }
    }

    fn block(&mut self, block: &Block, tight: bool) {
        match block {
            Block::Paragraph(inlines) if tight => self.inlines(inlines),
            Block::Paragraph(inlines) => self.element("p", inlines),
            Block::Heading(level, inlines) => self.heading(*level, inlines),
            Block::Quote(inner) => {
                self.out.push_str("<blockquote>\n");
                self.blocks(inner, false);
                self.out.push_str("</blockquote>\n");
            }
            Block::Code { text, .. } => {
                self.out.push_str("<pre><code>");
                push_escaped_html(&mut self.out, text);
                self.out.push_str("</code></pre>\n");
            }
            Block::List(list) => self.list(list),
            Block::Table(table) => self.table(table),
            Block::Footnote(number, inner) => self.footnote(*number, inner),
            Block::Rule => self.out.push_str("<hr>\n"),
        }
    }

    fn element(&mut self, name: &str, inlines: &[Inline]) {
        self.out.push_str(&format!("<{name}>"));
        self.inlines(inlines);
        self.out.push_str(&format!("</{name}>\n"));
    }

    fn heading(&mut self, level: u8, inlines: &[Inline]) {
        let level = level.saturating_add(self.options.heading_shift).min(6);
        self.out.push_str(&format!("<h{level}"));
        if let Some(id) = self.heading_ids.next() {
            self.id(&id);
        }
        self.out.push('>');
        self.inlines(inlines);
        self.out.push_str(&format!("</h{level}>\n"));
    }

    fn list(&mut self, list: &List) {
        let name = if list.start.is_some() { "ol" } else { "ul" };
        match list.start {
            Some(start) if start != 1 => self.out.push_str(&format!("<ol start=\"{start}\">\n")),
            _ => self.out.push_str(&format!("<{name}>\n")),
        }
        for item in &list.items {
            self.out.push_str("<li>");
            self.blocks(item, list.tight);
            self.out.push_str("</li>\n");
        }
        self.out.push_str(&format!("</{name}>\n"));
    }

    fn table(&mut self, table: &Table) {
        self.out.push_str("<table>\n");
        for (at, row) in table.rows.iter().enumerate() {
            let (name, open, close) = match at {
                0 => ("th scope=\"col\"", "<thead>\n", "</thead>\n"),
                1 => ("td", "<tbody>\n", ""),
                _ => ("td", "", ""),
            };
            self.out.push_str(open);
            self.row(row, &table.alignments, name);
            self.out.push_str(close);
        }
        if table.rows.len() > 1 {
            self.out.push_str("</tbody>\n");
        }
        self.out.push_str("</table>\n");
    }

    fn row(&mut self, row: &[Vec<Inline>], alignments: &[Alignment], name: &str) {
        self.out.push_str("<tr>");
        for (at, cell) in row.iter().enumerate() {
            let class = match alignments.get(at) {
                Some(Alignment::Left) => " class=\"left\"",
                Some(Alignment::Center) => " class=\"center\"",
                Some(Alignment::Right) => " class=\"right\"",
                Some(Alignment::None) | None => "",
            };
            self.out.push_str(&format!("<{name}{class}>"));
            self.inlines(cell);
            self.out.push_str(&format!("</{}>", &name[..2]));
        }
        self.out.push_str("</tr>\n");
    }

    fn footnote(&mut self, number: usize, inner: &[Block]) {
        self.out.push_str("<div class=\"footnote\"");
        if self.footnotes.insert(number) && !self.options.id_prefix.is_empty() {
            self.id(&format!("fn-{number}"));
        }
        self.out.push_str(&format!("><sup>{number}</sup> "));
        self.blocks(inner, inner.len() == 1);
        self.out.push_str("</div>\n");
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => push_escaped_html(&mut self.out, text),
                Inline::Code(text) => {
                    self.out.push_str("<code>");
                    push_escaped_html(&mut self.out, text);
                    self.out.push_str("</code>");
                }
                Inline::Emphasis(inner) => self.span("em", inner),
                Inline::Strong(inner) => self.span("strong", inner),
                Inline::Strike(inner) => self.span("del", inner),
                Inline::Link { to, text } => self.link(to, text),
                Inline::FootnoteMark(number) => self.footnote_mark(*number),
                Inline::Break => self.out.push_str("<br>"),
            }
        }
    }

    fn span(&mut self, name: &str, inner: &[Inline]) {
        self.out.push_str(&format!("<{name}>"));
        self.inlines(inner);
        self.out.push_str(&format!("</{name}>"));
    }

    fn link(&mut self, to: &str, text: &[Inline]) {
        self.out.push_str("<a href=\"");
        match to.strip_prefix('#') {
            Some(target) if self.targets.contains(target) => {
                self.out.push('#');
                self.prefixed(target);
            }
            _ => push_escaped_html(&mut self.out, to),
        }
        self.out.push_str("\">");
        self.inlines(text);
        self.out.push_str("</a>");
    }

    fn footnote_mark(&mut self, number: usize) {
        if self.options.id_prefix.is_empty() {
            self.out.push_str(&format!("<sup>{number}</sup>"));
            return;
        }
        self.out.push_str("<sup><a href=\"#");
        self.prefixed(&format!("fn-{number}"));
        self.out.push_str(&format!("\">{number}</a></sup>"));
    }

    fn id(&mut self, id: &str) {
        self.out.push_str(" id=\"");
        self.prefixed(id);
        self.out.push('"');
    }

    fn prefixed(&mut self, id: &str) {
        push_escaped_html(&mut self.out, &slug(self.options.id_prefix));
        self.out.push('-');
        push_escaped_html(&mut self.out, id);
    }
}

fn collect_ids(blocks: &[Block], ids: &mut Vec<String>, taken: &mut HashSet<String>) {
    for block in blocks {
        match block {
            Block::Heading(_, inlines) => ids.push(free_id(&slug(&plain(inlines)), taken)),
            Block::Quote(inner) | Block::Footnote(_, inner) => collect_ids(inner, ids, taken),
            Block::List(list) => list
                .items
                .iter()
                .for_each(|item| collect_ids(item, ids, taken)),
            Block::Paragraph(_) | Block::Code { .. } | Block::Table(_) | Block::Rule => {}
        }
    }
}

/// The `n`th heading of a name gets the number of headings before it, which keeps this linear.
fn free_id(slug: &str, taken: &mut HashSet<String>) -> String {
    let mut id = slug.to_owned();
    while !taken.insert(id.clone()) {
        id = format!("{slug}-{}", taken.len() + 1);
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(markdown: &str) -> String {
        to_html(markdown, &Options::default())
    }

    #[test]
    fn ordinary_markdown_is_ordinary_html() {
        assert_eq!(
            html("A *b* **c** ~~d~~ `e<`\n\n- f\n- [g](https://h/?i&j)\n\n3. k\n"),
            "<p>A <em>b</em> <strong>c</strong> <del>d</del> <code>e&lt;</code></p>\n\
             <ul>\n<li>f</li>\n<li><a href=\"https://h/?i&amp;j\">g</a></li>\n</ul>\n\
             <ol start=\"3\">\n<li>k</li>\n</ol>\n"
        );
    }

    #[test]
    fn headings_are_shifted_and_their_ids_prefixed_and_unique() {
        let options = Options {
            heading_shift: 2,
            id_prefix: "f1",
        };
        assert_eq!(
            to_html(
                "# Scope\n# Scope\n###### Deep\n[up](#scope) [page](#top)",
                &options
            ),
            "<h3 id=\"f1-scope\">Scope</h3>\n<h3 id=\"f1-scope-2\">Scope</h3>\n<h6 id=\"f1-deep\">Deep</h6>\n\
             <p><a href=\"#f1-scope\">up</a> <a href=\"#top\">page</a></p>\n"
        );
        assert_eq!(html("# Scope"), "<h1>Scope</h1>\n");
    }

    #[test]
    fn tables_are_aligned_by_class() {
        assert_eq!(
            html("a|b\n:-|-:\n1|2"),
            "<table>\n<thead>\n<tr><th scope=\"col\" class=\"left\">a</th><th scope=\"col\" class=\"right\">b</th></tr>\n</thead>\n\
             <tbody>\n<tr><td class=\"left\">1</td><td class=\"right\">2</td></tr>\n</tbody>\n</table>\n"
        );
    }

    #[test]
    fn task_lists_have_no_inputs() {
        assert_eq!(
            html("- [ ] a\n- [x] b"),
            "<ul>\n<li>☐ a</li>\n<li>☑ b</li>\n</ul>\n"
        );
    }

    #[test]
    fn footnotes_of_two_fields_do_not_collide() {
        let options = Options {
            heading_shift: 0,
            id_prefix: "q 2",
        };
        assert_eq!(
            to_html("a[^n]\n\n[^n]: note\n", &options),
            "<p>a<sup><a href=\"#q-2-fn-1\">1</a></sup></p>\n<div class=\"footnote\" id=\"q-2-fn-1\"><sup>1</sup> note</div>\n"
        );
        assert!(!html("a[^n]\n\n[^n]: note\n").contains("id="));
    }

    #[test]
    fn within_a_line_there_are_no_blocks() {
        assert_eq!(
            to_inline_html("# A\n\nb *c*\n\n- d\n- e\n\n```\nf\n```"),
            "A<br>b <em>c</em><br>d<br>e<br><code>f</code>"
        );
    }

    #[test]
    fn a_slug_is_an_id() {
        assert_eq!(slug("Licensing: Seats & SKUs!"), "licensing-seats-skus");
        assert_eq!(slug("licensing.seats_e5"), "licensing.seats_e5");
        assert_eq!(slug("no-sensor@dc 01"), "no-sensor-dc-01");
        assert_eq!(slug("\"><"), "x");
    }
}
