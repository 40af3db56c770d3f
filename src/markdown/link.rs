//! Which addresses a link may have.

use crate::markdown::inert::has_control;

/// Returns `address` as it may stand in a link, or nothing if it may not.
///
/// Allowed are `http://…`, `https://…`, `mailto:…` and `#…`; an address with a control character, a blank or a
/// bidirectional override is none of them, whatever a browser would make of it. Characters that would end a link
/// in Markdown or an attribute are percent-encoded. Idempotent.
pub fn allowed_link(address: &str) -> Option<String> {
    let address = address.trim_matches(' ');
    if has_control(address)
        || address.chars().any(char::is_whitespace)
        || !has_allowed_scheme(address)
    {
        return None;
    }
    let mut out = String::with_capacity(address.len());
    for character in address.chars() {
        match character {
            '"' | '\'' | '(' | ')' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' => {
                out.push_str(&format!("%{:02X}", u32::from(character)));
            }
            _ => out.push(character),
        }
    }
    Some(out)
}

fn has_allowed_scheme(address: &str) -> bool {
    address.starts_with('#')
        || ["http://", "https://", "mailto:"].iter().any(|scheme| {
            address
                .get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
                && address.len() > scheme.len()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_kinds_of_address_pass() {
        for address in [
            "https://learn.microsoft.com/en-us/defender-xdr/?a=b&c=d#e",
            "HTTP://example.com",
            "mailto:soc@example.com",
            "#scope",
        ] {
            assert_eq!(allowed_link(address).as_deref(), Some(address));
        }
        assert_eq!(
            allowed_link("https://a/(b)").as_deref(),
            Some("https://a/%28b%29")
        );
    }

    #[test]
    fn no_trick_lets_another_scheme_through() {
        for address in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "java\nscript:alert(1)",
            "java\tscript:alert(1)",
            "\x01javascript:alert(1)",
            "javascript\u{202e}:alert(1)",
            "javascript%3Aalert(1)",
            "javascript&colon;alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:x",
            "file:///etc/passwd",
            "//example.com",
            "/admin",
            "a.html",
            "https:",
            "https://",
            "http:javascript:x",
            "https://a b",
            "https://a\u{a0}b",
            "",
        ] {
            assert_eq!(allowed_link(address), None, "{address:?}");
        }
    }
}
