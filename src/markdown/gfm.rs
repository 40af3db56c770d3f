//! Markdown that people typed, as Markdown of ours: the same structure, nothing that we forbid.
//!
//! The tree is written and read again; where the two trees differ (emphasis in odd places, mostly), the text is
//! written without markup instead. So the output says what was meant, and sanitizing it again changes nothing.

use pulldown_cmark::Alignment;

use crate::markdown::document::{Block, Footnotes, Inline, List, Table, flatten, read, tidy};
use crate::markdown::escape::{Standing, push_escaped};
use crate::markdown::text::blocks_to_text;

/// Returns GitHub-flavoured Markdown without raw HTML, images and forbidden links, each heading lower by `heading_shift`.
///
/// It stands between blank lines; there is no line feed at the end. Footnotes become text. Idempotent for a shift of 0.
pub fn sanitize(markdown: &str, heading_shift: u8) -> String {
    let mut blocks = read(markdown, Footnotes::AsText);
    lower_headings(&mut blocks, heading_shift);
    let out = written(&blocks, Place::Block);
    if read(&out, Footnotes::AsText) == blocks {
        return out;
    }
    written(&without_markup(&blocks), Place::Block)
}

/// Returns GitHub-flavoured Markdown on one line, as [`sanitize`] does, for a list item or a table cell.
///
/// Blocks are joined by `<br>`; code that holds a `|` becomes ordinary text, because a table would split it.
pub fn sanitize_inline(markdown: &str) -> String {
    let mut inlines = flatten(read(markdown, Footnotes::AsText));
    code_with_pipe_to_text(&mut inlines);
    let blocks = paragraphs(vec![inlines]);
    let out = written(&blocks, Place::Line);
    if read(&out, Footnotes::AsText) == blocks {
        return out;
    }
    let lines = flatten(without_markup(&blocks));
    written(&paragraphs(vec![lines]), Place::Line)
}

fn paragraphs(runs: Vec<Vec<Inline>>) -> Vec<Block> {
    let runs = runs.into_iter().map(tidy).filter(|run| !run.is_empty());
    runs.map(Block::Paragraph).collect()
}

fn without_markup(blocks: &[Block]) -> Vec<Block> {
    let text = blocks_to_text(blocks);
    let mut runs: Vec<Vec<Inline>> = vec![Vec::new()];
    for line in text.split('\n').map(str::trim) {
        match runs.last_mut() {
            Some(run) if !line.is_empty() => {
                if !run.is_empty() {
                    run.push(Inline::Break);
                }
                run.push(Inline::Text(line.to_owned()));
            }
            _ => runs.push(Vec::new()),
        }
    }
    paragraphs(runs)
}

fn lower_headings(blocks: &mut [Block], by: u8) {
    for block in blocks {
        match block {
            Block::Heading(level, _) => *level = level.saturating_add(by).min(6),
            Block::Quote(inner) | Block::Footnote(_, inner) => lower_headings(inner, by),
            Block::List(list) => list
                .items
                .iter_mut()
                .for_each(|item| lower_headings(item, by)),
            Block::Paragraph(_) | Block::Code { .. } | Block::Table(_) | Block::Rule => {}
        }
    }
}

fn code_with_pipe_to_text(inlines: &mut [Inline]) {
    for inline in inlines {
        match inline {
            Inline::Code(text) if text.contains('|') => {
                *inline = Inline::Text(std::mem::take(text))
            }
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strike(inner) => {
                code_with_pipe_to_text(inner)
            }
            Inline::Link { text, .. } => code_with_pipe_to_text(text),
            Inline::Text(_) | Inline::Code(_) | Inline::FootnoteMark(_) | Inline::Break => {}
        }
    }
}

/// What a line break may look like, and whether a pipe ends a cell.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Block,
    Line,
    Cell,
}

fn written(blocks: &[Block], place: Place) -> String {
    let mut writer = Writer::default();
    match blocks {
        [Block::Paragraph(inlines)] if place == Place::Line => writer.inlines(inlines, place, true),
        _ => writer.blocks(blocks, false),
    }
    writer.out
}

#[derive(Default)]
struct Writer {
    out: String,
    /// What every line of the open quotes and list items begins with.
    prefix: String,
}

impl Writer {
    fn blocks(&mut self, blocks: &[Block], tight: bool) {
        let mut lists_in_a_row = 0;
        for (at, block) in blocks.iter().enumerate() {
            if at > 0 {
                if !tight {
                    self.blank_line();
                }
                self.new_line();
            }
            lists_in_a_row = if matches!(block, Block::List(_)) {
                lists_in_a_row + 1
            } else {
                0
            };
            self.block(block, lists_in_a_row % 2 == 0);
        }
    }

    /// Two lists that follow one another have different markers; `other_marker` asks for the second.
    fn block(&mut self, block: &Block, other_marker: bool) {
        match block {
            Block::Paragraph(inlines) => self.inlines(inlines, Place::Block, true),
            Block::Heading(level, inlines) => {
                self.out.push_str(&"#".repeat(usize::from(*level)));
                self.out.push(' ');
                self.inlines(inlines, Place::Line, false);
            }
            Block::Quote(inner) | Block::Footnote(_, inner) => {
                self.nested("> ", "> ", inner, false)
            }
            Block::Code { language, text } => self.code_block(language, text),
            Block::List(list) => self.list(list, other_marker),
            Block::Table(table) => self.table(table),
            Block::Rule => self.out.push_str("___"),
        }
    }

    fn nested(&mut self, first: &str, rest: &str, inner: &[Block], tight: bool) {
        self.out.push_str(first);
        let outer = self.prefix.len();
        self.prefix.push_str(rest);
        self.blocks(inner, tight);
        self.prefix.truncate(outer);
    }

    fn code_block(&mut self, language: &str, text: &str) {
        let fence = "`".repeat(longest_run(text).max(2) + 1);
        self.out.push_str(&fence);
        self.out.push_str(language);
        for line in text.split('\n') {
            if line.is_empty() {
                self.blank_line();
            } else {
                self.new_line();
                self.out.push_str(line);
            }
        }
        self.new_line();
        self.out.push_str(&fence);
    }

    fn list(&mut self, list: &List, other_marker: bool) {
        for (at, (number, item)) in (list.start.unwrap_or_default()..)
            .zip(&list.items)
            .enumerate()
        {
            if at > 0 {
                if !list.tight {
                    self.blank_line();
                }
                self.new_line();
            }
            let marker = match (list.start, other_marker) {
                (Some(_), false) => format!("{number}. "),
                (Some(_), true) => format!("{number}) "),
                (None, false) => "- ".to_owned(),
                (None, true) => "* ".to_owned(),
            };
            self.nested(&marker, &" ".repeat(marker.len()), item, list.tight);
        }
    }

    fn table(&mut self, table: &Table) {
        for (at, row) in table.rows.iter().enumerate() {
            if at > 0 {
                self.new_line();
            }
            self.out.push('|');
            for cell in row {
                self.out.push(' ');
                self.inlines(cell, Place::Cell, false);
                self.out.push_str(" |");
            }
            if at == 0 {
                self.new_line();
                self.delimiters(&table.alignments);
            }
        }
    }

    fn delimiters(&mut self, alignments: &[Alignment]) {
        self.out.push('|');
        for alignment in alignments {
            self.out.push_str(match alignment {
                Alignment::None => " --- |",
                Alignment::Left => " :-- |",
                Alignment::Center => " :-: |",
                Alignment::Right => " --: |",
            });
        }
    }

    fn inlines(&mut self, inlines: &[Inline], place: Place, mut line_start: bool) {
        for inline in inlines {
            let at_line_start = std::mem::replace(&mut line_start, false);
            match inline {
                Inline::Text(text) => push_escaped(
                    &mut self.out,
                    text,
                    Standing {
                        line_start: at_line_start,
                    },
                ),
                Inline::Code(text) => self.code(text, place),
                Inline::Emphasis(inner) => self.span("*", inner, place),
                Inline::Strong(inner) => self.span("**", inner, place),
                Inline::Strike(inner) => self.span("~~", inner, place),
                Inline::Link { to, text } => {
                    self.out.push('[');
                    self.inlines(text, place, false);
                    // An address may hold what looks like a character reference: `?a=b&copy;`.
                    self.out
                        .push_str(&format!("]({})", to.replace('&', "&amp;")));
                }
                Inline::FootnoteMark(number) => self.out.push_str(&format!("\\[{number}\\]")),
                Inline::Break if place == Place::Block => {
                    self.out.push('\\');
                    self.new_line();
                    line_start = true;
                }
                Inline::Break => self.out.push_str("<br>"),
            }
        }
    }

    fn span(&mut self, mark: &str, inner: &[Inline], place: Place) {
        self.out.push_str(mark);
        self.inlines(inner, place, false);
        self.out.push_str(mark);
    }

    fn code(&mut self, text: &str, place: Place) {
        let fence = "`".repeat(longest_run(text) + 1);
        let touches = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']);
        let pad = if touches && !text.trim_matches(' ').is_empty() {
            " "
        } else {
            ""
        };
        let text = match place {
            Place::Cell => text.replace('|', "\\|"),
            Place::Block | Place::Line => text.to_owned(),
        };
        self.out
            .push_str(&format!("{fence}{pad}{text}{pad}{fence}"));
    }

    fn new_line(&mut self) {
        self.out.push('\n');
        self.out.push_str(&self.prefix);
    }

    fn blank_line(&mut self) {
        self.out.push('\n');
        self.out.push_str(self.prefix.trim_end());
    }
}

/// Returns the length of the longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_usually_type_keeps_its_form() {
        for markdown in [
            "A *b* **c** ~~d~~ `e` [f](https://g/h?i=j)",
            "## One\n\ntwo\\\nthree",
            "- a\n- b\n  - c\n- d",
            "1. a\n\n   b\n\n2. c",
            "3. a\n4. b",
            "> a\n>\n> b",
            "```kql\nDeviceInfo | where `x`\n\n  | take 1\n```",
            "| a | b |\n| :-- | --: |\n| 1 | 2\\|3 |",
            "- a\n\n* b",
            "- ```\n  x\n  ```",
            "a\n\n___\n\nb",
            "*a **b** c*, **d**",
            "``a ` b``",
            "snake_case, 2 < 3? No: 2 &lt; 3",
        ] {
            let expected = markdown.replace("2 < 3", "2 &lt; 3");
            assert_eq!(sanitize(markdown, 0), expected);
        }
    }

    #[test]
    fn what_we_forbid_is_gone() {
        assert_eq!(
            sanitize(
                "<script>alert(1)</script>\n\n[a](javascript:b) ![c](https://d) <e@f.gh>",
                0
            ),
            "&lt;script>alert(1)&lt;/script>\n\na c [e@f.gh](mailto:e@f.gh)"
        );
        assert_eq!(sanitize("# a\n\nb\n-\n", 2), "### a\n\n#### b");
        assert_eq!(sanitize("a[^1]\n\n[^1]: b\n", 0), "a\\[1\\]\n\n\\[1\\] b");
    }

    #[test]
    fn what_cannot_be_said_again_becomes_text() {
        let out = sanitize("(*&#32;a*) <b>", 0);
        assert_eq!(out, "( a) &lt;b>");
        assert_eq!(sanitize(&out, 0), out);
    }

    #[test]
    fn within_a_line_there_are_no_lines() {
        assert_eq!(
            sanitize_inline("# A\n\n- b\n- `c|d` *e*\n\nf|g\n-|-\n1|2"),
            r"A<br>b<br>c\|d *e*<br>f · g<br>1 · 2"
        );
        assert_eq!(sanitize_inline("\n"), "");
    }
}
