//! Markdown as plain text for terminals.

use crate::markdown::document::{Block, Footnotes, Inline, List, Table, read};

/// Returns `markdown` as plain, inert text: no markup, links as `text (address)`, lists with `- ` or numbers.
///
/// Lines are not wrapped; there is no line feed at the end.
pub fn to_text(markdown: &str) -> String {
    blocks_to_text(&read(markdown, Footnotes::Kept))
}

/// Returns `blocks` as plain text.
pub(crate) fn blocks_to_text(blocks: &[Block]) -> String {
    lines(blocks, false).join("\n")
}

fn lines(blocks: &[Block], tight: bool) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for block in blocks {
        if !out.is_empty() && !tight {
            out.push(String::new());
        }
        match block {
            Block::Paragraph(inlines) | Block::Heading(_, inlines) => {
                out.extend(line(inlines).split('\n').map(str::to_owned));
            }
            Block::Quote(inner) => out.extend(indented(&lines(inner, false), "> ", "> ")),
            Block::Code { text, .. } => {
                let code: Vec<String> = text.lines().map(str::to_owned).collect();
                out.extend(indented(&code, "    ", "    "));
            }
            Block::List(list) => out.extend(list_lines(list)),
            Block::Table(table) => out.extend(table_lines(table)),
            Block::Footnote(number, inner) => {
                out.extend(indented(
                    &lines(inner, false),
                    &format!("[{number}] "),
                    "    ",
                ));
            }
            Block::Rule => out.push("---".to_owned()),
        }
    }
    out
}

fn list_lines(list: &List) -> Vec<String> {
    let mut out = Vec::new();
    for (number, item) in (list.start.unwrap_or_default()..).zip(&list.items) {
        let marker = match list.start {
            Some(_) => format!("{number}. "),
            None => "- ".to_owned(),
        };
        if !out.is_empty() && !list.tight {
            out.push(String::new());
        }
        let mut item = lines(item, list.tight);
        if item.is_empty() {
            item.push(String::new());
        }
        out.extend(indented(&item, &marker, &" ".repeat(marker.len())));
    }
    out
}

fn table_lines(table: &Table) -> Vec<String> {
    let cell = |inlines: &Vec<Inline>| line(inlines).replace('\n', " ");
    let row = |row: &Vec<Vec<Inline>>| row.iter().map(cell).collect::<Vec<_>>().join(" | ");
    table.rows.iter().map(row).collect()
}

fn indented(lines: &[String], first: &str, rest: &str) -> Vec<String> {
    let mut indent = first;
    let mut out = Vec::with_capacity(lines.len());
    for line in lines {
        out.push(format!("{indent}{line}").trim_end().to_owned());
        indent = rest;
    }
    out
}

fn line(inlines: &[Inline]) -> String {
    let mut out = String::new();
    push_line(&mut out, inlines);
    out
}

fn push_line(out: &mut String, inlines: &[Inline]) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strike(inner) => {
                push_line(out, inner)
            }
            Inline::Link { to, text } => push_link(out, to, text),
            Inline::FootnoteMark(number) => out.push_str(&format!("[{number}]")),
            Inline::Break => out.push('\n'),
        }
    }
}

fn push_link(out: &mut String, to: &str, text: &[Inline]) {
    let begin = out.len();
    push_line(out, text);
    let address = to.strip_prefix("mailto:").unwrap_or(to);
    if !address.starts_with('#') && &out[begin..] != address {
        out.push_str(&format!(" ({address})"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structure_stays_readable() {
        let markdown = "# Why\nIt *is* [so](https://a/b), see <https://c>.\n\n- one\n  - two\n- three\n\n\
                        > said\n\n2. x\n\n       code\n\na|b\n-|-\n1|2\n";
        assert_eq!(
            to_text(markdown),
            "Why\n\nIt is so (https://a/b), see https://c.\n\n- one\n  - two\n- three\n\n> said\n\n\
             2. x\n\n       code\n\na | b\n1 | 2"
        );
    }

    #[test]
    fn nothing_reaches_the_terminal_that_steers_it() {
        assert_eq!(to_text("a\x1b[31m `b\x07`"), "a␛[31m b␇");
        assert_eq!(to_text("[x](javascript:y) <b>z</b>"), "x <b>z</b>");
    }
}
