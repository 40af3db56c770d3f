//! A mail as a draft: RFC 5322 with UTF-8 text, to be opened, read and sent by a person.
//!
//! `X-Unsent: 1` makes Outlook open it as a draft. Nobody is ever sent anything from here.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::domain::person::Person;
use crate::domain::time::Instant;

/// The most bytes of text in one encoded word: RFC 2047 allows 75 letters, frame included.
const WORD: usize = 42;

/// A mail.
#[derive(Clone, Debug)]
pub struct Mail<'a> {
    /// Who writes.
    pub from: &'a Person,
    /// Who is to read it.
    pub to: &'a Person,
    /// The subject, one line.
    pub subject: &'a str,
    /// The text.
    pub text: &'a str,
    /// When it was written.
    pub at: Instant,
}

/// Returns the mail as a draft. Somebody without a mail address stands in it as a group without members, which RFC 5322 and RFC 6854
/// allow: whoever sends it fills the address in.
#[must_use]
pub fn draft(mail: &Mail<'_>) -> String {
    let body = STANDARD.encode(mail.text.replace("\r\n", "\n").replace('\n', "\r\n"));
    let lines: Vec<&str> = { 0..body.len().div_ceil(76) }
        .map(|line| &body[line * 76..body.len().min(line * 76 + 76)])
        .collect();
    let head = [
        format!("Date: {}", mail.at.utc().to_rfc2822()),
        format!("From: {}", address(mail.from)),
        format!("To: {}", address(mail.to)),
        format!("Subject: {}", encoded(mail.subject)),
        "X-Unsent: 1".to_owned(),
        "MIME-Version: 1.0".to_owned(),
        "Content-Type: text/plain; charset=utf-8".to_owned(),
        "Content-Transfer-Encoding: base64".to_owned(),
    ];
    format!("{}\r\n\r\n{}\r\n", head.join("\r\n"), lines.join("\r\n"))
}

fn address(person: &Person) -> String {
    let name = encoded(&person.name);
    match person
        .mail
        .as_deref()
        .map(str::trim)
        .filter(|mail| is_plain(mail))
    {
        Some(mail) => format!("{name}\r\n <{mail}>"),
        None => format!("{name}:;"),
    }
}

/// Returns whether a text can stand as an address without quotes, so that it cannot begin a header of its own.
fn is_plain(mail: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+-/=?^_`{|}~".contains(&byte);
    mail.split_once('@').is_some_and(|(local, domain)| {
        let parts = [local, domain];
        mail.len() <= 254
            && parts
                .iter()
                .all(|part| !part.is_empty() && part.bytes().all(letter))
    })
}

/// Returns a text for a header: encoded words of RFC 2047, whatever it holds, folded.
fn encoded(text: &str) -> String {
    let mut words = vec![String::new()];
    for letter in text
        .chars()
        .map(|one| if one.is_control() { ' ' } else { one })
    {
        match words.last_mut() {
            Some(word) if word.len() + letter.len_utf8() <= WORD => word.push(letter),
            _ => words.push(letter.to_string()),
        }
    }
    let words = words.iter();
    let words = words.map(|word| format!("=?UTF-8?B?{}?=", STANDARD.encode(word)));
    words.collect::<Vec<_>>().join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, mail: Option<&str>) -> Person {
        Person {
            id: "somebody".parse().unwrap(),
            name: name.into(),
            mail: mail.map(Into::into),
            organisation: None,
        }
    }

    #[test]
    fn no_name_and_no_address_begins_a_header() {
        let from = person(
            "Anna\r\nBcc: all@example.com",
            Some("a@b.example\r\nBcc: x@y.example"),
        );
        let to = person(&"Jürgen, \"Roth\" ".repeat(12), Some("j.roth@example.com"));
        let mail = draft(&Mail {
            from: &from,
            to: &to,
            subject: "Was fehlt: Müller & Söhne",
            text: "Grüße\nüber zwei Zeilen\n",
            at: "2026-09-02T09:00:00Z".parse().unwrap(),
        });
        let (head, body) = mail.split_once("\r\n\r\n").unwrap();
        assert!(
            mail.is_ascii() && mail.lines().all(|line| line.len() <= 78),
            "{mail}"
        );
        assert!(!head.contains("Bcc"), "{head}");
        assert!(head.contains("\r\n <j.roth@example.com>"), "{head}");
        let text = STANDARD.decode(body.replace("\r\n", "")).unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "Grüße\r\nüber zwei Zeilen\r\n"
        );
    }
}
