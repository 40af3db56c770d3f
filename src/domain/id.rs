//! Names of things: identifiers with their rules, and content hashes.
//!
//! An identifier is checked once, where text comes in (`parse`), and trusted from there on. What is looked up under it is the
//! business of whoever holds the things.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

/// The longest identifier, in bytes.
pub const MAX_LENGTH: usize = 64;

/// Words of the condition language, which name nothing else.
pub const RESERVED: [&str; 9] = [
    "customer", "derived", "row", "this", "ev", "true", "false", "nothing", "other",
];

/// A text that is no identifier of the kind wanted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a valid {what}: {rule}")]
pub struct IdFault {
    /// What was wanted, such as `question id`.
    pub what: &'static str,
    /// What was given, cut to a printable length.
    pub text: String,
    /// The rule it breaks, in words.
    pub rule: &'static str,
}

/// Whether `text` is `[a-z][a-z0-9_]*` and not longer than [`MAX_LENGTH`].
fn is_snake(text: &str) -> bool {
    text.len() <= MAX_LENGTH
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Whether `text` is words of `[a-z0-9]` joined by single dashes, starting with a letter.
fn is_kebab(text: &str) -> bool {
    text.len() <= MAX_LENGTH
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.split('-').all(|word| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

/// Whether `text` is a slug: letters, digits, and `-`, `.` or `_` between them.
fn is_slug(text: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    text.len() <= MAX_LENGTH
        && edge(text.chars().next())
        && edge(text.chars().next_back())
        && !text.contains("..")
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | '_'))
}

/// Whether `text` is two snake-case words joined by a dot.
fn is_question(text: &str) -> bool {
    text.split_once('.')
        .is_some_and(|(section, name)| is_snake(section) && is_snake(name))
}

const SNAKE: &str = "use small letters, digits and `_`, starting with a letter, 64 at most";
const KEBAB: &str = "use small letters, digits and single `-`, starting with a letter, 64 at most";
const SLUG: &str = "use small letters and digits with `-`, `.` or `_` between them, 64 at most";
const QUESTION: &str = "write `section.question`, both in small letters, digits and `_`";

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $what:literal, $test:path, $rule:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Returns the identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdFault;

            fn from_str(text: &str) -> Result<Self, IdFault> {
                if $test(text) {
                    return Ok(Self(text.to_owned()));
                }
                Err(IdFault {
                    what: $what,
                    text: text.chars().take(80).collect(),
                    rule: $rule,
                })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?
                    .parse()
                    .map_err(serde::de::Error::custom)
            }
        }
    };
}

identifier!(
    /// Names a section within its questionnaire.
    SectionId, "section id", is_snake, SNAKE
);
identifier!(
    /// Names a question within its questionnaire: `section.question`.
    QuestionId, "question id", is_question, QUESTION
);
identifier!(
    /// Names an option within its question.
    OptionId, "option id", is_snake, SNAKE
);
identifier!(
    /// Names a column within its rows question.
    ColumnId, "column id", is_snake, SNAKE
);
identifier!(
    /// Names a derived value within its questionnaire.
    DerivedId, "derived value id", is_snake, SNAKE
);
identifier!(
    /// Names a profile (applicability) within its questionnaire.
    ProfileId, "profile id", is_snake, SNAKE
);
identifier!(
    /// Names a questionnaire.
    QuestionnaireId, "questionnaire id", is_kebab, KEBAB
);
identifier!(
    /// Names a kind of finding within its questionnaire.
    FindingId, "finding id", is_kebab, KEBAB
);
identifier!(
    /// Names a stop within its questionnaire.
    StopId, "stop id", is_kebab, KEBAB
);
identifier!(
    /// Names a recommendation: the stem of its file.
    RecommendationId, "recommendation id", is_kebab, KEBAB
);
identifier!(
    /// Names a reference (a source) within its questionnaire.
    ReferenceId, "reference id", is_kebab, KEBAB
);
identifier!(
    /// Names a customer within the store.
    CustomerId, "customer id", is_slug, SLUG
);
identifier!(
    /// Names a person within the store.
    PersonId, "person id", is_slug, SLUG
);
identifier!(
    /// Names a milestone within a customer's ledger.
    MilestoneId, "milestone name", is_slug, SLUG
);

impl QuestionId {
    /// Joins a section's and a question's own name.
    ///
    /// # Errors
    /// When `name` is not a snake-case word.
    pub fn new(section: &SectionId, name: &str) -> Result<Self, IdFault> {
        format!("{section}.{name}").parse()
    }

    /// Returns the section's name: the part before the dot.
    #[must_use]
    pub fn section(&self) -> &str {
        self.0.split('.').next().unwrap_or_default()
    }

    /// Returns the question's own name: the part after the dot.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.split_once('.').map_or("", |(_, name)| name)
    }
}

/// Returns a slug made from a name that a person typed: `"J. Roth"` becomes `j-roth`, `"Łódź Ltd"` becomes `odz-ltd`.
///
/// Returns nothing where no letter or digit of ASCII is left.
#[must_use]
pub fn slug(name: &str) -> Option<String> {
    let mut slug = String::new();
    for character in name.chars() {
        let plain = match character {
            'ä' | 'Ä' => "ae",
            'ö' | 'Ö' => "oe",
            'ü' | 'Ü' => "ue",
            'ß' => "ss",
            'é' | 'è' | 'ê' | 'É' => "e",
            'á' | 'à' | 'â' | 'å' | 'Å' => "a",
            'ø' | 'Ø' | 'ó' | 'ô' => "o",
            'ç' => "c",
            'ñ' => "n",
            _ if character.is_ascii_alphanumeric() => {
                slug.push(character.to_ascii_lowercase());
                continue;
            }
            _ => "-",
        };
        if plain != "-" || !(slug.is_empty() || slug.ends_with('-')) {
            slug.push_str(plain);
        }
    }
    slug.truncate(MAX_LENGTH);
    let slug = slug.trim_matches('-');
    (!slug.is_empty()).then(|| slug.to_owned())
}

/// What identifies one finding of a customer: its id and, where it stands for one row, the row's key.
///
/// Written `id` or `id@row-key`; a key may hold any text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FindingKey {
    /// The finding as the questionnaire names it.
    pub id: FindingId,
    /// The key of the offending row.
    pub row: Option<String>,
}

impl FindingKey {
    /// Returns the key of something counted, such as `adv-1`.
    ///
    /// # Panics
    /// When `kind` is no finding's id.
    #[must_use]
    pub(in crate::domain) fn numbered(kind: &'static str, number: u32) -> Self {
        let id = format!("{kind}-{number}").parse::<FindingId>();
        id.expect("a word, a dash and a number are an id").into()
    }
}

impl From<FindingId> for FindingKey {
    fn from(id: FindingId) -> Self {
        Self { id, row: None }
    }
}

impl fmt::Display for FindingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.row {
            Some(row) => f.pad(&format!("{}@{row}", self.id)),
            None => f.pad(self.id.as_str()),
        }
    }
}

impl FromStr for FindingKey {
    type Err = IdFault;

    fn from_str(text: &str) -> Result<Self, IdFault> {
        let (id, row) = match text.split_once('@') {
            Some((id, row)) => (id, Some(row.to_owned())),
            None => (text, None),
        };
        Ok(Self {
            id: id.parse()?,
            row,
        })
    }
}

impl Serialize for FindingKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FindingKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// A SHA-256 digest, written as 64 small hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// Returns the digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Returns the first twelve hexadecimal digits, enough to tell texts apart on a screen.
    #[must_use]
    pub fn short(&self) -> String {
        self.to_string()[..12].to_owned()
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = IdFault;

    fn from_str(text: &str) -> Result<Self, IdFault> {
        let fault = || IdFault {
            what: "SHA-256",
            text: text.chars().take(80).collect(),
            rule: "write 64 small hexadecimal digits",
        };
        if text.len() != 64 || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(fault());
        }
        let mut bytes = [0; 32];
        for (position, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[position * 2..position * 2 + 2], 16)
                .map_err(|_| fault())?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_hold_their_rules() {
        assert!("identity.admin_mfa".parse::<QuestionId>().is_ok());
        for wrong in [
            "identity",
            "identity.",
            ".mfa",
            "a.b.c",
            "Identity.mfa",
            "a.b-c",
            "ä.b",
        ] {
            assert!(wrong.parse::<QuestionId>().is_err(), "{wrong}");
        }
        assert!("admin-mfa".parse::<FindingId>().is_ok());
        for wrong in ["", "-a", "a-", "a--b", "A", "a_b", "../../etc"] {
            assert!(wrong.parse::<FindingId>().is_err(), "{wrong}");
        }
        assert!("j.roth".parse::<PersonId>().is_ok());
        for wrong in ["../../etc", "a..b", ".a", "a.", "a/b", "con\u{0}", ""] {
            assert!(wrong.parse::<CustomerId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_finding_key_keeps_any_row_text() {
        let key: FindingKey = "sensor-gap@corp@contoso.com".parse().unwrap();
        assert_eq!(key.row.as_deref(), Some("corp@contoso.com"));
        assert_eq!(key.to_string().parse::<FindingKey>().unwrap(), key);
    }

    #[test]
    fn names_become_slugs() {
        assert_eq!(slug("J. Roth").as_deref(), Some("j-roth"));
        assert_eq!(
            slug("Müller & Söhne GmbH").as_deref(),
            Some("mueller-soehne-gmbh")
        );
        assert_eq!(slug("../../etc").as_deref(), Some("etc"));
        assert_eq!(slug("日本"), None);
    }

    #[test]
    fn a_hash_reads_back() {
        let hash = Hash::of(b"readiness");
        assert_eq!(hash.to_string().parse::<Hash>().unwrap(), hash);
        assert!("zz".parse::<Hash>().is_err());
        assert!("É".repeat(32).parse::<Hash>().is_err());
    }
}
