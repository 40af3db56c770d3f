//! Exhibits: evidence as the ledger keeps it: which file, whose, from when, and what it is about.
//!
//! The bytes are kept by the store under their SHA-256. What a tool's file says is an [`Evidence`](crate::domain::evidence::Evidence),
//! kept in canonical JSON; what it means for answers is the business of [`proposal`](crate::domain::proposal).

use serde::{Deserialize, Serialize};

use crate::domain::evidence::Tool;
use crate::domain::id::{Hash, QuestionId, QuestionnaireId};
use crate::domain::time::Instant;

/// The largest document that is kept, in bytes.
pub const MAX_DOCUMENT: u64 = 20 * 1024 * 1024;

/// The most bytes of evidence that are kept of one customer, so that a bundle can carry them.
pub const MAX_KEPT: u64 = 64 * 1024 * 1024;

/// The longest name of a file that is kept, in bytes.
pub const MAX_FILE_NAME: usize = 255;

/// A file that was taken in as evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exhibit {
    /// The SHA-256 of what is kept: the document itself, or what a tool's file says in canonical JSON.
    pub file: Hash,
    /// Its name, as it was given; untrusted.
    pub name: String,
    /// What kind of file is kept, by its content.
    pub media_type: String,
    /// How many bytes are kept.
    pub size: u64,
    /// What it is.
    pub matter: Matter,
}

/// What an exhibit is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Matter {
    /// A document about a question.
    Document {
        /// The questionnaire.
        questionnaire: QuestionnaireId,
        /// The question.
        question: QuestionId,
    },
    /// A document that shows an approval, as a step into another phase names it.
    Approval,
    /// A tool's output.
    Tool(Box<ToolOutput>),
}

/// Where a tool's output came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolOutput {
    /// The tool.
    pub tool: Tool,
    /// Its version, as the file gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_version: Option<String>,
    /// Which of the tool's files it is, in words.
    pub form: String,
    /// When it was measured; nothing where neither the file nor a person said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<Instant>,
    /// The customer's tenant that it is about; nothing where the file names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The files as the tool wrote them.
    pub raw: Vec<RawFile>,
}

/// A file as a tool wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawFile {
    /// Its name; untrusted.
    pub name: String,
    /// How many bytes it has.
    pub size: u64,
    /// The SHA-256 of its bytes.
    pub sha256: Hash,
    /// Whether the store keeps it beside what it says.
    pub kept: bool,
}

impl Exhibit {
    /// Returns the hash of every file that the store keeps for it.
    #[must_use]
    pub fn files(&self) -> Vec<&Hash> {
        let raw = self.output().into_iter().flat_map(|output| &output.raw);
        let kept = raw.filter(|raw| raw.kept).map(|raw| &raw.sha256);
        std::iter::once(&self.file).chain(kept).collect()
    }

    /// Returns how many bytes the store keeps for it.
    #[must_use]
    pub fn kept_bytes(&self) -> u64 {
        let raw = self.output().into_iter().flat_map(|output| &output.raw);
        let kept = raw.filter(|raw| raw.kept).map(|raw| raw.size);
        kept.fold(self.size, u64::saturating_add)
    }

    /// Returns where it came from, when it is a tool's.
    #[must_use]
    pub fn output(&self) -> Option<&ToolOutput> {
        match &self.matter {
            Matter::Tool(output) => Some(output),
            Matter::Document { .. } | Matter::Approval => None,
        }
    }

    /// Returns what it is in words: `ScubaGear, consolidated results`, or `document on identity.mfa`.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.matter {
            Matter::Document { question, .. } => format!("document on {question}"),
            Matter::Approval => "document that shows an approval".into(),
            Matter::Tool(output) => format!("{}, {}", output.tool.title(), output.form),
        }
    }
}

/// Returns what kind of file the bytes are, judged by them alone.
#[must_use]
pub fn media_type(bytes: &[u8]) -> &'static str {
    let begins = |magic: &[u8]| bytes.starts_with(magic);
    let has = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    match bytes {
        _ if begins(b"%PDF-") => "application/pdf",
        _ if begins(b"\x89PNG\r\n\x1a\n") => "image/png",
        _ if begins(b"\xff\xd8\xff") => "image/jpeg",
        _ if begins(b"GIF8") => "image/gif",
        _ if begins(b"\x1f\x8b") => "application/gzip",
        _ if begins(b"PK\x03\x04") && has(b"word/document.xml") => {
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        }
        _ if begins(b"PK\x03\x04") && has(b"xl/workbook.xml") => {
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        }
        _ if begins(b"PK\x03\x04") && has(b"ppt/presentation.xml") => {
            "application/vnd.openxmlformats-officedocument.presentationml.presentation"
        }
        _ if begins(b"PK\x03\x04") || begins(b"PK\x05\x06") => "application/zip",
        _ => text_type(bytes),
    }
}

fn text_type(bytes: &[u8]) -> &'static str {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return "application/octet-stream";
    };
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let head: String = start.chars().take(15).collect::<String>().to_lowercase();
    if text.contains('\0') {
        "application/octet-stream"
    } else if head.starts_with("<!doctype html") || head.starts_with("<html") {
        "text/html"
    } else if start.starts_with(['{', '[']) {
        "application/json"
    } else {
        "text/plain"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_what_is_in_it() {
        for (bytes, expected) in [
            (&b"%PDF-1.7"[..], "application/pdf"),
            (
                b"PK\x03\x04....word/document.xml",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ),
            (b"PK\x03\x04", "application/zip"),
            (b"\xef\xbb\xbf{\"a\": 1}", "application/json"),
            (b"<!DOCTYPE HTML>", "text/html"),
            (b"", "text/plain"),
            (b"a\0b", "application/octet-stream"),
            (b"\xff\xfe", "application/octet-stream"),
        ] {
            assert_eq!(media_type(bytes), expected);
        }
    }
}
