//! Tests with what nobody should type.

use std::time::{Duration, Instant};

use naughty_strings::BLNS;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options as Extensions, Parser, Tag};

use crate::markdown::{
    Options, allowed_link, escape, escape_html, inert, sanitize, sanitize_inline, to_html,
    to_inline_html, to_text,
};

const NASTY: &[&str] = &[
    "<script>",
    "</script>",
    "<img src=x onerror=alert(1)>",
    "<a href=\"javascript:x\">",
    "javascript:alert(1)",
    "[a](javascript:x)",
    "![a](data:text/html,x)",
    "[b]: java\nscript:x",
    "[b]",
    "<javascript:x>",
    "\" onclick=\"x",
    "'",
    "\"",
    "`",
    "```\n",
    "~~~",
    "*",
    "**",
    "_",
    "~~",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    "&",
    "&lt;",
    "&#106;avascript:",
    "&colon;",
    "\\",
    "|",
    "\n",
    "\n\n",
    "\n    ",
    "# ",
    "\n# ",
    "- ",
    "\n- ",
    "1. ",
    "\n1. ",
    "\n> ",
    "a|b\n-|-\n",
    "\n|x|y|\n",
    "{{ 7*7 }}",
    "{% raw %}",
    "[^1]",
    "\n[^1]: ",
    "- [ ] ",
    "<!--",
    "-->",
    "<br>",
    "https://a.b/c_d",
    "\u{202e}",
    "\x1b[31m",
    "\0",
    "\r",
    "\t",
    " ",
    "a",
    "é",
    "\u{a0}",
    "!",
    "===\n",
    "---\n",
    "<style>",
    "<svg/onload=x>",
    "</p>",
    "<details open ontoggle=x>",
];

fn nasty_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(NASTY).prop_map(str::to_owned),
        1 => prop::sample::select(BLNS).prop_map(str::to_owned),
        1 => "[a-z ]{0,6}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Panics unless `html` consists of tags that we write, with attributes that we write, nested well.
fn assert_harmless(html: &str) {
    const TAGS: &[&str] = &[
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "code",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "div",
        "sup",
        "hr",
        "em",
        "strong",
        "del",
        "a",
        "br",
    ];
    let mut open = Vec::new();
    for piece in html.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect("a tag ends");
        assert!(!text.contains('>'), "a stray `>` in {html}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{html}");
            continue;
        }
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(TAGS.contains(&name), "<{tag}> in {html}");
        if !matches!(name, "br" | "hr") {
            open.push(name);
        }
        while !attributes.is_empty() {
            let (attribute, rest) = attributes
                .split_once("=\"")
                .expect("every attribute is quoted");
            let (value, rest) = rest.split_once('"').expect("a quote ends");
            match attribute.trim() {
                "href" => assert!(
                    ["http://", "https://", "mailto:", "#"]
                        .iter()
                        .any(|scheme| value.to_lowercase().starts_with(scheme)),
                    "{value}"
                ),
                "id" | "class" | "scope" | "start" => {}
                other => panic!("attribute {other} in {html}"),
            }
            attributes = rest;
        }
    }
    assert!(open.is_empty(), "{open:?} left open in {html}");
}

fn assert_quiet(text: &str) {
    assert!(
        !text
            .chars()
            .any(|character| character.is_control() && !matches!(character, '\n' | '\t')),
        "{text:?}"
    );
    assert!(!text.contains('\u{202e}'), "{text:?}");
}

/// Panics if a GFM reader would find HTML (but `<br>`), an image or a forbidden link.
fn assert_safe_markdown(markdown: &str) {
    for event in Parser::new_ext(markdown, Extensions::all()) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                assert_eq!(html.as_ref(), "<br>", "{markdown}")
            }
            Event::Start(Tag::Image { .. }) => panic!("an image in {markdown}"),
            Event::Start(Tag::Link { dest_url, .. }) => {
                assert!(allowed_link(&dest_url).is_some(), "{dest_url}")
            }
            _ => {}
        }
    }
}

fn options() -> Options<'static> {
    Options {
        heading_shift: 2,
        id_prefix: "f",
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn html_is_harmless(text in nasty_text()) {
        assert_harmless(&to_html(&text, &options()));
        assert_harmless(&to_html(&text, &Options::default()));
        assert_harmless(&to_inline_html(&text));
        assert_quiet(&to_html(&text, &options()));
    }

    #[test]
    fn ids_are_unique(text in nasty_text()) {
        let html = to_html(&text, &options());
        let mut ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), all);
    }

    #[test]
    fn an_escaped_text_shows_literally(text in nasty_text()) {
        let escaped = escape(&text);
        assert_quiet(&escaped);
        prop_assert!(!escaped.contains('\n'));
        let words = |text: &str| text.split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let shown = inert(&text);
        let shown: Vec<String> = shown.trim_matches(['\n', ' ', '\t']).split('\n').map(words).collect();
        let shown: Vec<String> = shown.iter().map(|line| escape_html(line)).collect();
        let expected = shown.join("<br>");
        prop_assert_eq!(to_inline_html(&escaped), expected.clone());
        let paragraph = if expected.is_empty() { String::new() } else { format!("<p>{expected}</p>\n") };
        prop_assert_eq!(to_html(&escaped, &options()), paragraph);
        let cell = to_html(&format!("a | b\n-|-\n| {escaped} | x |"), &options());
        prop_assert!(cell.contains(&format!("<td>{expected}</td><td>x</td></tr>\n</tbody>")), "{}", cell);
    }

    #[test]
    fn sanitized_markdown_is_safe_and_stable(text in nasty_text()) {
        let once = sanitize(&text, 0);
        assert_safe_markdown(&once);
        assert_quiet(&once);
        prop_assert_eq!(sanitize(&once, 0), once);
        let line = sanitize_inline(&text);
        assert_safe_markdown(&line);
        prop_assert!(!line.contains('\n'), "{}", line);
        prop_assert_eq!(sanitize_inline(&line), line);
    }

    #[test]
    fn a_terminal_is_safe(text in nasty_text()) {
        assert_quiet(&to_text(&text));
    }
}

#[test]
fn naughty_strings_are_harmless_everywhere() {
    for text in BLNS {
        assert_harmless(&to_html(text, &options()));
        assert_quiet(&to_text(text));
        assert_eq!(
            sanitize(&sanitize(text, 0), 0),
            sanitize(text, 0),
            "{text:?}"
        );
    }
}

/// Doubling the input may not quadruple the time; a generous floor keeps a busy machine from failing this.
#[test]
fn time_grows_with_the_size_only() {
    for piece in [
        ">",
        "> ",
        "[",
        "![",
        "*",
        "*a ",
        "_",
        "`",
        "``a`",
        "|",
        "a|",
        "|-",
        "<",
        "<a ",
        "<!--",
        "&",
        "\\",
        "- ",
        "\n- ",
        "#\n",
        "[a](",
        "[^a]",
        "[^a]: x\n",
        "a|b\n-|-\n",
        "~",
        "{{",
        "*a_b ",
        "\t",
        "x\n",
        "]",
        "1. ",
        "<br>",
    ] {
        let time = |size: usize| {
            let text = piece.repeat(size / piece.len());
            let start = Instant::now();
            to_html(&text, &options());
            sanitize(&text, 1);
            sanitize_inline(&text);
            to_text(&text);
            escape(&text);
            start.elapsed()
        };
        time(1_000);
        let (small, large) = (time(12_500), time(100_000));
        let bound = small * 32 + Duration::from_millis(500);
        assert!(
            large < bound,
            "{piece:?}: {small:?} for 12.5 KB, {large:?} for 100 KB"
        );
    }
}
