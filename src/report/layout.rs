//! What templates are shown, the same for every format.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::report::model::{Audience, Report};
use crate::report::words::{Words, words};
use crate::template::{Job, Subject, TemplateError, Templates};

/// What a template of a report sees.
#[derive(Serialize)]
struct Shown<'a> {
    /// The report.
    report: &'a Report,
    /// Words for its codes, by group and code.
    words: Words,
    /// What stands on every printed page.
    page: Page,
}

/// What stands on every printed page.
#[derive(Serialize)]
pub(crate) struct Page {
    /// The foot of the page, as the inside of a string in CSS.
    footer: String,
}

/// Renders `report` with the template `name`, and says in its anchor by which layout.
pub(crate) fn render(
    report: &Report,
    templates: &Templates,
    name: &str,
) -> Result<String, TemplateError> {
    let mut report = report.clone();
    report.anchor.layout = Some(fingerprint(templates));
    templates.render(name, &shown(&report))
}

/// Returns the job that renders `report` with the template `name`.
///
/// # Panics
/// Never: a report is made of values that JSON has.
pub(crate) fn job(report: &Report, name: &str) -> Job {
    Job {
        subject: Subject::Named(name.to_owned()),
        context: serde_json::to_value(shown(report)).expect("a report is a map of plain values"),
    }
}

fn shown(report: &Report) -> Shown<'_> {
    Shown {
        report,
        words: words(),
        page: footer(report),
    }
}

fn footer(report: &Report) -> Page {
    Page {
        footer: css_string(&foot(report)),
    }
}

/// Returns what stands at the foot of every page: how to handle it, and which report it is.
pub(crate) fn foot(report: &Report) -> String {
    let head = &report.head;
    let handling = match report.audience {
        Audience::Internal => Some("Internal: not for the customer"),
        _ => head.classification.as_deref(),
    };
    let which = format!("{}: {}", head.customer.name, head.title);
    joined(&[handling, Some(which.as_str()), Some(&head.number)])
}

/// Returns a page with these parts, as far as they are there, at its foot.
pub(crate) fn page(parts: &[Option<&str>]) -> Page {
    Page {
        footer: css_string(&joined(parts)),
    }
}

fn joined(parts: &[Option<&str>]) -> String {
    let parts: Vec<String> = (parts.iter().flatten())
        .map(|part| part.chars().take(60).collect())
        .collect();
    parts.join(" · ")
}

/// Returns `text` with everything but letters, digits and spaces written as a CSS escape, so that neither CSS nor HTML finds a mark
/// of its own in it. An escape ends with a space, which is not shown.
fn css_string(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            ' ' => " ".to_owned(),
            _ if character.is_ascii_alphanumeric() => character.to_string(),
            _ if character.is_control() => " ".to_owned(),
            _ => format!("\\{:x} ", u32::from(character)),
        })
        .collect()
}

/// Returns the SHA-256 over the names and texts of the templates that lay reports out.
fn fingerprint(templates: &Templates) -> String {
    let mut hasher = Sha256::new();
    for listing in templates.list() {
        if !listing.name.starts_with("report/") {
            continue;
        }
        let text = templates.source(&listing.name).unwrap_or_default();
        for part in [listing.name.as_str(), text] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
    }
    let digest = hasher.finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_foot_of_a_page_cannot_leave_its_string() {
        let text = css_string("a\"}</style>\n\u{202e}é");
        assert!(
            text.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'\\' || byte == b' '),
            "{text}"
        );
    }
}
