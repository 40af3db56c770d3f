//! Bytes as text, and other tools' texts made fit to keep: encodings, positions, HTML taken off, times read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};

use crate::domain::evidence::{Evidence, MAX_DETAIL, MAX_NAME, Warning};
use crate::domain::time::Instant;
use crate::markdown;
use crate::problem::Problem;

/// The largest UTF-16 file that is read, in bytes: as UTF-8 it may take half as much again.
const MAX_UTF16: usize = 96 * 1024 * 1024;

/// The longest HTML tag that is taken for one, in bytes.
const MAX_TAG: usize = 2_000;

/// Returns `bytes` as text without a byte order mark: UTF-8, or UTF-16 as PowerShell writes it.
///
/// # Errors
/// Where they are neither, with the position of the first byte that is wrong.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Problem> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes).map(Cow::Owned),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes).map(Cow::Owned),
        [0x20..0x7f, 0, 0x09..0x7f, 0, ..] => utf16(bytes, u16::from_le_bytes).map(Cow::Owned),
        [0, 0x20..0x7f, 0, 0x09..0x7f, ..] => utf16(bytes, u16::from_be_bytes).map(Cow::Owned),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest).map(Cow::Borrowed),
        _ => utf8(bytes).map(Cow::Borrowed),
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, Problem> {
    std::str::from_utf8(bytes).map_err(|error| {
        let good = &bytes[..error.valid_up_to()];
        let text = std::str::from_utf8(good).unwrap_or_default();
        let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
        let place = place(text, text.len());
        Problem::error(format!("{place}: the byte {byte:#04X} is not UTF-8"))
            .help("save the file as UTF-8, or export it anew; do not change the text by hand")
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Problem> {
    if bytes.len() > MAX_UTF16 {
        let problem = Problem::error("the file is UTF-16 and larger than 96 MiB");
        return Err(problem.help("save it as UTF-8"));
    }
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2);
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match decoded {
            Ok(character) => text.push(character),
            Err(_) => return Err(broken_utf16(&text)),
        }
    }
    if rest.is_empty() {
        Ok(text)
    } else {
        Err(broken_utf16(&text))
    }
}

/// Why a file is not the whole where it names a next page.
pub(super) const ONE_PAGE: &str = "one page of several: `@odata.nextLink` names the next";

fn broken_utf16(before: &str) -> Problem {
    let place = place(before, before.len());
    Problem::error(format!("{place}: the UTF-16 breaks off")).help("export the file anew")
}

/// Returns where the byte `offset` of `text` lies, in words.
pub(super) fn place(text: &str, offset: usize) -> String {
    let before = &text[..text.floor_char_boundary(offset)];
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count();
    format!("line {line}, column {}", column + 1)
}

/// Returns a name, an id or a status: one harmless line of at most [`MAX_NAME`] bytes.
pub(super) fn name(text: &str) -> String {
    cut(&inert_line(&plain(text, MAX_NAME * 2)), MAX_NAME)
}

/// Returns a name where there is one.
pub(super) fn some_name(text: Option<&str>) -> Option<String> {
    let name = name(text?);
    (!name.is_empty()).then_some(name)
}

/// Returns what a tool says as harmless text of at most [`MAX_DETAIL`] bytes; `None` where it says nothing.
pub(super) fn detail(text: Option<&str>) -> Option<String> {
    let detail = markdown::inert(&plain(text?, MAX_DETAIL * 2));
    let detail = cut(detail.trim(), MAX_DETAIL);
    (!detail.is_empty()).then_some(detail)
}

/// Shown instead of obeyed: control characters as pictures, on one line.
fn inert_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    markdown::inert_line(words.join(" "))
}

/// Cuts `text` at `limit` bytes, with `…` where it was longer.
fn cut(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(limit - '…'.len_utf8());
    format!("{}…", &text[..end])
}

/// Returns `text` without HTML tags and with the usual entities resolved, up to about `limit` bytes.
///
/// What only looks like a tag stays: `a < b` is text. Markdown stays as it is written.
fn plain(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if out.len() > limit {
            break;
        }
        if let Some(length) = tag(rest) {
            if breaks_a_line(&rest[..length]) {
                out.push('\n');
            }
            rest = &rest[length..];
        } else if let Some((entity, character)) = entity(rest) {
            out.push(character);
            rest = &rest[entity..];
        } else {
            out.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    let end = rest.floor_char_boundary(limit.min(rest.len()));
    out.push_str(&rest[..end]);
    out
}

/// Returns the length of the tag that `text` begins with.
fn tag(text: &str) -> Option<usize> {
    let mut after = text.strip_prefix('<')?.chars();
    let first = after.next()?;
    if !(first.is_ascii_alphabetic() || first == '/' || first == '!') {
        return None;
    }
    let head = &text.as_bytes()[..text.len().min(MAX_TAG)];
    head.iter().position(|byte| *byte == b'>').map(|at| at + 1)
}

fn breaks_a_line(tag: &str) -> bool {
    let name: String = tag
        .trim_start_matches(['<', '/'])
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    let name = name.to_ascii_lowercase();
    ["br", "p", "li", "tr", "div", "h1", "h2", "h3", "h4"].contains(&&*name)
}

fn entity(text: &str) -> Option<(usize, char)> {
    const ENTITIES: [(&str, char); 7] = [
        ("&amp;", '&'),
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&quot;", '"'),
        ("&#39;", '\''),
        ("&apos;", '\''),
        ("&nbsp;", ' '),
    ];
    let found = ENTITIES.iter().find(|(name, _)| text.starts_with(name));
    found.map(|(name, character)| (name.len(), *character))
}

/// Returns how many things a tool says it found, where its words leave no doubt: `2 global admin(s) found: …`,
/// `Found **3** untriaged users …`, `Total number of Global Administrators: 25`. A part of a whole is no such number.
pub(super) fn found(detail: &str) -> Option<u64> {
    let line = detail.lines().find(|line| !line.trim().is_empty())?.trim();
    let counted = match line.strip_prefix("Found ") {
        Some(rest) => Some(rest),
        None => line.contains(" found").then_some(line),
    };
    if let Some((number, rest)) = counted.and_then(leading_number) {
        let is_part = rest.starts_with(" of ") || rest.starts_with(" out of ");
        return (!is_part && rest.starts_with(' ')).then_some(number);
    }
    let mut totals = detail.lines().filter_map(|line| {
        let line = line.trim_start_matches(['#', ' ']);
        let (_, number) = line.strip_prefix("Total number of ")?.rsplit_once(": ")?;
        number.trim().parse().ok()
    });
    totals.next().filter(|_| totals.next().is_none())
}

/// Splits `**3** users` into the number and what follows it.
fn leading_number(text: &str) -> Option<(u64, &str)> {
    let text = text.trim_start_matches('*');
    let end = text.find(|letter: char| !letter.is_ascii_digit())?;
    let number = text[..end].parse().ok()?;
    Some((number, text[end..].trim_start_matches('*')))
}

/// Returns the point in time that `text` names: ISO 8601 with a zone, or without one, which the tools mean as UTC; a day, its
/// first moment; or the form that PowerShell 5 gives dates in JSON, `/Date(1700000000000)/`.
pub(super) fn instant(text: &str) -> Option<Instant> {
    let text = text.trim();
    if text.len() > 64 {
        return None;
    }
    if let Some(inside) = text.strip_prefix("/Date(") {
        let digits = inside.split([')', '+']).next()?;
        return Some(Instant::new(
            Utc.timestamp_millis_opt(digits.parse().ok()?).single()?,
        ));
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(Instant::new(at.to_utc()));
    }
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(Instant::new(day.and_time(NaiveTime::MIN).and_utc()));
    }
    let bare = text.trim_end_matches(['Z', 'z']);
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(bare, form).ok())
        .map(|at| Instant::new(at.and_utc()))
}

/// Returns a tenant's id in lower case; `None` where it is no id, such as where the tool says that it was not connected.
pub(super) fn tenant_id(text: Option<&str>) -> Option<String> {
    let id = name(text?).to_ascii_lowercase();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (!id.is_empty() && id != "tenantid" && id.bytes().all(plain)).then_some(id)
}

/// Refuses a row beyond `limit`.
///
/// # Errors
/// Where `rows` have been read already.
pub(super) fn room(rows: usize, limit: usize, line: u64) -> Result<(), Problem> {
    if rows < limit {
        return Ok(());
    }
    Err(Problem::error(format!(
        "line {line}: more than {limit} rows of this kind are not read"
    )))
}

/// Warns of controls of one tenant that are written more than once.
pub(super) fn repeated(evidence: &Evidence) -> Vec<Warning> {
    let mut seen: BTreeMap<(&str, Option<usize>), u64> = BTreeMap::new();
    for observation in &evidence.observations {
        let times = seen.entry((&observation.written, observation.tenant));
        *times.or_default() += 1;
    }
    seen.into_iter()
        .filter(|(_, times)| *times > 1)
        .take(20)
        .map(|((written, _), times)| {
            Warning::new(format!("`{written}` is in the file {times} times"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_counted_only_where_the_words_leave_no_doubt() {
        for (detail, number) in [
            ("2 global admin(s) found:\nJane Doe, John Public", Some(2)),
            ("0 admin(s) that are not cloud-only found", Some(0)),
            (
                "\nFound **13** untriaged high-risk users in Entra.\n## Users",
                Some(13),
            ),
            (
                "Too many.\n\n### Total number of Global Administrators: 25\n",
                Some(25),
            ),
            ("Found 3 of 12 policies", None),
            ("Found users that have not yet registered", None),
            (
                "6 role(s) that contain users with permanent active assignment",
                None,
            ),
            ("Found **2.5** things", None),
            ("Found 99999999999999999999999 users", None),
            ("Total number of users: 3\nTotal number of guests: 4", None),
            ("Requirement met", None),
            ("Found ", None),
            ("", None),
        ] {
            assert_eq!(found(detail), number, "{detail}");
        }
    }

    #[test]
    fn every_encoding_that_powershell_writes_is_read() {
        let text = "{\"Größe\": \"1\"}";
        let units = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order);
        let with = |mark: &[u8], rest: Vec<u8>| [mark, &rest].concat();
        for bytes in [
            text.as_bytes().to_vec(),
            with(&[0xef, 0xbb, 0xbf], text.as_bytes().to_vec()),
            with(&[0xff, 0xfe], units(u16::to_le_bytes).collect()),
            with(&[0xfe, 0xff], units(u16::to_be_bytes).collect()),
            units(u16::to_le_bytes).collect(),
            units(u16::to_be_bytes).collect(),
        ] {
            assert_eq!(decode(&bytes).unwrap(), text, "{bytes:?}");
        }
    }

    #[test]
    fn a_wrong_byte_is_shown_with_its_place() {
        let problem = decode(b"Rang\nMa\xdfnahme").unwrap_err();
        assert_eq!(
            problem.message,
            "line 2, column 3: the byte 0xDF is not UTF-8"
        );
        assert!(decode(&[0xff, 0xfe, b'{', 0, b'"']).is_err());
        assert!(decode(&[0xff, 0xfe, 0, 0xd8, b'{', 0]).is_err());
    }

    #[test]
    fn html_is_taken_off_and_text_stays() {
        let html = "1 policy met:<br/>a &amp; b <a href='#caps'>View</a>.<script>x</script>";
        assert_eq!(
            detail(Some(html)).unwrap(),
            "1 policy met:\na & b View.x".to_owned()
        );
        assert_eq!(
            detail(Some("a < b && c > d <")).unwrap(),
            "a < b && c > d <"
        );
        assert_eq!(name(" Contoso\r\n\u{1b}[2J "), "Contoso ␛[2J");
        assert_eq!(some_name(Some(" <br> ")), None);
    }

    #[test]
    fn long_texts_are_cut_whatever_is_in_them() {
        for piece in ["é", "<", "&", "<a", "&amp;", "<b>", "x "] {
            let long = piece.repeat(1_000_000);
            assert!(
                detail(Some(&long)).is_none_or(|text| text.len() <= MAX_DETAIL),
                "{piece}"
            );
            assert!(name(&long).len() <= MAX_NAME, "{piece}");
        }
    }

    #[test]
    fn times_are_read_as_the_tools_write_them() {
        for (text, at) in [
            (
                "2026-05-04T17:15:48.307Z",
                Some("2026-05-04T17:15:48.307000Z"),
            ),
            (
                "2025-04-30T08:29:07.0714759+10:00",
                Some("2025-04-29T22:29:07.071475Z"),
            ),
            (
                "2021-01-11 09:47:58.854",
                Some("2021-01-11T09:47:58.854000Z"),
            ),
            ("/Date(1700000000000)/", Some("2023-11-14T22:13:20.000000Z")),
            ("2026-04-01", Some("2026-04-01T00:00:00.000000Z")),
            ("2/24/2026 3:45 PM", None),
            ("", None),
        ] {
            assert_eq!(
                instant(text).map(|at| at.to_string()).as_deref(),
                at,
                "{text}"
            );
        }
    }
}
