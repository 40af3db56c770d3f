//! What a template may do to a value: show it. No filter decides anything.
//!
//! | filter | of | shows |
//! |---|---|---|
//! | `markdown(shift=2, id="")` | Markdown | HTML between blocks, or safe Markdown; headings lower by `shift`, ids begin with `id` |
//! | `inline_markdown` | Markdown | the same, within a line |
//! | `day` | `2026-09-02`, `2026-09-02T14:02:00Z` | `2 Sep 2026` |
//! | `number` | 1234567 | `1,234,567` |
//! | `percent_bp` | basis points | `62 %`; 100 % and 0 % only when exact |
//! | `plural(one="…", other="…")` | whole number | `one` for 1, else `other`; not the number |
//! | `url` | address | itself if `http`, `https`, `mailto` or `#…`, else `#` |
//! | `image` | `data:image/…;base64,…` | itself if it is one, else nothing |
//! | `color` | `#1a2b3c` | itself if it is one, else an error |
//! | `slug` | text | an id |
//!
//! Every one refuses a value that is not defined and an argument that it does not know. Tera's own stay, save `safe`:
//! nothing turns escaping off. `url`, `image` and `color` are what makes a value fit for `href`, `src` and `<style>`.

use chrono::NaiveDate;
use tera::{Kwargs, State, Tera, TeraResult, Value};

use crate::markdown;
use crate::template::Mode;

/// The filters that people use, for hints.
pub(crate) const NAMES: &[&str] = &[
    "markdown",
    "inline_markdown",
    "day",
    "number",
    "percent_bp",
    "plural",
    "url",
    "image",
    "color",
    "slug",
    "default",
    "upper",
    "lower",
    "trim",
    "replace",
    "capitalize",
    "title",
    "truncate",
    "length",
    "reverse",
    "split",
    "abs",
    "round",
    "first",
    "last",
    "nth",
    "join",
    "sort",
    "unique",
    "get",
    "values",
    "keys",
    "pairs",
    "group_by",
    "str",
    "int",
];

/// Registers our filters.
pub(crate) fn register(tera: &mut Tera, mode: Mode) {
    match mode {
        Mode::Html => {
            tera.register_filter("markdown", markdown_to_html);
            tera.register_filter("inline_markdown", inline_markdown_to_html);
            tera.register_filter("url", url_in_html);
        }
        Mode::Markdown => {
            tera.register_filter("markdown", markdown_to_markdown);
            tera.register_filter("inline_markdown", inline_markdown_to_markdown);
            tera.register_filter("url", url_in_markdown);
        }
    }
    tera.register_filter("day", day);
    tera.register_filter("number", number);
    tera.register_filter("percent_bp", percent_bp);
    tera.register_filter("plural", plural);
    tera.register_filter("image", image);
    tera.register_filter("color", color);
    tera.register_filter("slug", slug);
    tera.register_filter("safe", safe);
}

fn markdown_to_html(value: &Value, arguments: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only(&arguments, &["shift", "id"])?;
    let id_prefix: &str = arguments.get("id")?.unwrap_or_default();
    let options = markdown::Options {
        heading_shift: shift(&arguments)?,
        id_prefix,
    };
    Ok(Value::safe_string(&markdown::to_html(
        text(value)?,
        &options,
    )))
}

fn inline_markdown_to_html(value: &Value, arguments: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only(&arguments, &[])?;
    Ok(Value::safe_string(&markdown::to_inline_html(text(value)?)))
}

fn markdown_to_markdown(value: &Value, arguments: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only(&arguments, &["shift", "id"])?;
    Ok(Value::safe_string(&markdown::sanitize(
        text(value)?,
        shift(&arguments)?,
    )))
}

fn inline_markdown_to_markdown(
    value: &Value,
    arguments: Kwargs,
    _: &State<'_>,
) -> TeraResult<Value> {
    only(&arguments, &[])?;
    Ok(Value::safe_string(&markdown::sanitize_inline(text(value)?)))
}

fn url_in_html(value: &Value, arguments: Kwargs, _: &State<'_>) -> TeraResult<String> {
    only(&arguments, &[])?;
    Ok(markdown::allowed_link(text(value)?).unwrap_or_else(|| "#".to_owned()))
}

/// An allowed address has nothing left that Markdown would need escaped, but for character references.
fn url_in_markdown(value: &Value, arguments: Kwargs, state: &State<'_>) -> TeraResult<Value> {
    let address = url_in_html(value, arguments, state)?;
    Ok(Value::safe_string(&address.replace('&', "&amp;")))
}

fn day(value: &Value, arguments: Kwargs, _: &State<'_>) -> TeraResult<String> {
    only(&arguments, &[])?;
    let text = text(value)?;
    let (date, rest) = text.split_at_checked(10).unwrap_or((text, ""));
    match NaiveDate::parse_from_str(date, "%Y-%m-%d") {
        Ok(date) if rest.is_empty() || rest.starts_with(['T', ' ']) => {
            Ok(date.format("%-d %b %Y").to_string())
        }
        _ => refuse(format!("`{text}` is not a date such as 2026-09-02")),
    }
}

fn number(value: &Value, arguments: Kwargs, _: &State<'_>) -> TeraResult<String> {
    only(&arguments, &[])?;
    let number = whole(value)?;
    let digits = number.unsigned_abs().to_string();
    let mut out = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    Ok(out)
}

/// Rounds to whole percent, half up, but what is not exactly 0 % or 100 % never looks like it.
fn percent_bp(value: &Value, arguments: Kwargs, _: &State<'_>) -> TeraResult<String> {
    only(&arguments, &[])?;
    let basis_points = whole(value)?;
    let rounded = basis_points.saturating_add(50) / 100;
    let percent = match basis_points {
        ..0 => return refuse(format!("{basis_points} is below 0 %")),
        0 | 10_000 => rounded,
        1..10_000 => rounded.clamp(1, 99),
        _ => rounded.max(101),
    };
    Ok(format!("{percent} %"))
}

fn plural(value: &Value, arguments: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only(&arguments, &["one", "other"])?;
    let form = if whole(value)? == 1 { "one" } else { "other" };
    arguments.must_get(form)
}

fn image(value: &Value, arguments: Kwargs, _: &State<'_>) -> TeraResult<String> {
    only(&arguments, &[])?;
    let address = text(value)?;
    let is_base64 =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '+' | '/' | '=');
    let is_image = ["png", "jpeg", "gif", "webp", "svg+xml"]
        .iter()
        .any(|kind| {
            let data = address
                .strip_prefix("data:image/")
                .and_then(|rest| rest.strip_prefix(kind));
            data.and_then(|rest| rest.strip_prefix(";base64,"))
                .is_some_and(|data| data.chars().all(is_base64))
        });
    Ok(if is_image {
        address.to_owned()
    } else {
        String::new()
    })
}

fn color(value: &Value, arguments: Kwargs, _: &State<'_>) -> TeraResult<String> {
    only(&arguments, &[])?;
    let color = text(value)?;
    match color.strip_prefix('#') {
        Some(digits)
            if matches!(digits.len(), 3 | 6)
                && digits.chars().all(|digit| digit.is_ascii_hexdigit()) =>
        {
            Ok(color.to_owned())
        }
        _ => refuse(format!("`{color}` is not a colour such as #1a2b3c")),
    }
}

fn slug(value: &Value, arguments: Kwargs, _: &State<'_>) -> TeraResult<String> {
    only(&arguments, &[])?;
    Ok(markdown::slug(text(value)?))
}

fn safe(_: &Value, _: Kwargs, _: &State<'_>) -> TeraResult<String> {
    refuse(
        "`safe` is not available: every value is escaped; use `markdown` for text that people typed",
    )
}

fn text(value: &Value) -> TeraResult<&str> {
    match value.as_str() {
        Some(text) => Ok(text),
        None if value.is_undefined() => refuse("the value is not defined"),
        None => refuse(format!("the value must be text, not {}", kind(value))),
    }
}

fn whole(value: &Value) -> TeraResult<i128> {
    match value.as_i128() {
        Some(number) => Ok(number),
        None if value.is_undefined() => refuse("the value is not defined"),
        None => refuse(format!(
            "the value must be a whole number, not {}",
            kind(value)
        )),
    }
}

fn kind(value: &Value) -> &'static str {
    if value.is_none() {
        "nothing"
    } else if value.is_string() {
        "text"
    } else if value.is_number() {
        "a number"
    } else if value.is_bool() {
        "true or false"
    } else if value.is_array() {
        "a list"
    } else {
        "a map"
    }
}

fn shift(arguments: &Kwargs) -> TeraResult<u8> {
    match arguments.get::<i64>("shift")?.unwrap_or(2) {
        shift @ 0..=5 => Ok(u8::try_from(shift).expect("0 to 5")),
        other => refuse(format!("`shift` is {other}, but must be 0 to 5")),
    }
}

fn only(arguments: &Kwargs, known: &[&str]) -> TeraResult<()> {
    for (name, _) in arguments.iter() {
        if !name.as_str().is_some_and(|name| known.contains(&name)) {
            return refuse(format!("there is no argument `{name}`"));
        }
    }
    Ok(())
}

fn refuse<T>(message: impl ToString) -> TeraResult<T> {
    Err(tera::Error::message(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(mode: Mode, template: &str, value: impl serde::Serialize) -> String {
        let mut tera = Tera::default();
        register(&mut tera, mode);
        let mut context = tera::Context::new();
        context.insert("x", &value);
        match tera.render_str(template, &context, false) {
            Ok(text) => text,
            Err(error) => error
                .to_string()
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned(),
        }
    }

    fn html(template: &str, value: impl serde::Serialize) -> String {
        shown(Mode::Html, template, value)
    }

    #[test]
    fn days_are_written_out() {
        assert_eq!(html("{{ x | day }}", "2026-09-02"), "2 Sep 2026");
        assert_eq!(html("{{ x | day }}", "2026-12-31T23:59:59Z"), "31 Dec 2026");
        assert_eq!(
            html("{{ x | day }}", "2026-13-01"),
            "error: `2026-13-01` is not a date such as 2026-09-02"
        );
        assert_eq!(
            html("{{ x | day }}", "2026-09-022"),
            "error: `2026-09-022` is not a date such as 2026-09-02"
        );
        assert_eq!(
            html("{{ x | day }}", "ééééééé"),
            "error: `ééééééé` is not a date such as 2026-09-02"
        );
    }

    #[test]
    fn numbers_are_grouped() {
        for (value, expected) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
            (-12_345, "-12,345"),
        ] {
            assert_eq!(html("{{ x | number }}", value), expected);
        }
        assert_eq!(
            html("{{ x | number }}", "1"),
            "error: the value must be a whole number, not text"
        );
    }

    #[test]
    fn whole_percentages_only_when_exact() {
        for (basis_points, expected) in [
            (0, "0 %"),
            (1, "1 %"),
            (149, "1 %"),
            (150, "2 %"),
            (6_249, "62 %"),
            (9_950, "99 %"),
            (9_999, "99 %"),
            (10_000, "100 %"),
            (10_001, "101 %"),
        ] {
            assert_eq!(html("{{ x | percent_bp }}", basis_points), expected);
        }
    }

    #[test]
    fn one_and_other() {
        let template = "{{ x }} {{ x | plural(one=\"item\", other=\"items\") }}";
        assert_eq!(html(template, 1), "1 item");
        assert_eq!(html(template, 0), "0 items");
        assert_eq!(
            html("{{ x | plural(one=\"a\") }}", 2),
            "error: Missing keyword argument `other`"
        );
    }

    #[test]
    fn only_allowed_addresses_images_and_colours_pass() {
        assert_eq!(html("{{ x | url }}", "https://a/b"), "https://a/b");
        assert_eq!(html("{{ x | url }}", "java\nscript:alert(1)"), "#");
        assert_eq!(
            shown(Mode::Markdown, "{{ x | url }}", "https://a/?b&copy;"),
            "https://a/?b&amp;copy;"
        );
        assert_eq!(
            html("{{ x | image }}", "data:image/png;base64,AA=="),
            "data:image/png;base64,AA=="
        );
        assert_eq!(html("{{ x | image }}", "data:text/html;base64,AA=="), "");
        assert_eq!(html("{{ x | image }}", "https://a/b.png"), "");
        assert_eq!(html("{{ x | color }}", "#0a5"), "#0a5");
        assert_eq!(
            html("{{ x | color }}", "red;}"),
            "error: `red;}` is not a colour such as #1a2b3c"
        );
        assert_eq!(html("{{ x | slug }}", "A b/c"), "a-b-c");
    }

    #[test]
    fn markdown_follows_the_mode() {
        assert_eq!(html("{{ x | markdown }}", "# a"), "<h3>a</h3>\n");
        assert_eq!(
            html("{{ x | markdown(shift=0, id=\"q\") }}", "# a"),
            "<h1 id=\"q-a\">a</h1>\n"
        );
        assert_eq!(html("{{ x | inline_markdown }}", "a *b*"), "a <em>b</em>");
        assert_eq!(
            shown(Mode::Markdown, "{{ x | markdown }}", "# a\n<b>"),
            "### a\n\n&lt;b>"
        );
        assert_eq!(
            shown(Mode::Markdown, "{{ x | inline_markdown }}", "a\n\n*b*"),
            "a<br>*b*"
        );
    }

    #[test]
    fn mistakes_are_refused() {
        assert_eq!(
            html("{{ x | markdown(shfit=1) }}", "a"),
            "error: there is no argument `shfit`"
        );
        assert_eq!(
            html("{{ y | markdown }}", "a"),
            "error: the value is not defined"
        );
        assert_eq!(
            html("{{ x | markdown(shift=9) }}", "a"),
            "error: `shift` is 9, but must be 0 to 5"
        );
        assert!(html("{{ x | safe }}", "a").contains("`safe` is not available"));
    }
}
