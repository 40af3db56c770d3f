//! The pack for an auditor: answers, evidence, history and ledger in a zip file that verifies without this program.
//!
//! Equal books make equal bytes: no clock is read, files stand in the order of their names and carry the earliest time that zip
//! knows. Names in the pack are ours; what a document was called stands in `evidence/index.json`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use serde_json::json;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::actions::{Case, Failure, Workspace, export_answers};
use crate::domain::exhibit::Exhibit;
use crate::domain::history::history;
use crate::domain::id::{Hash, PersonId};
use crate::problem::Problem;

/// The longest part of a name in the pack that comes from the file's own.
const MAX_NAME: usize = 60;

/// A zip file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// What stands in it.
    pub bytes: Vec<u8>,
    /// How many files it holds.
    pub files: usize,
}

/// Files by their path in the pack.
type Files = BTreeMap<String, Vec<u8>>;

impl Case {
    /// Returns everything that is recorded of the customer as a zip file for an auditor.
    ///
    /// # Errors
    /// When a file is missing from the store or damaged.
    pub async fn pack(&self, workspace: &Workspace) -> Result<Pack, Failure> {
        let mut files = Files::new();
        let names = workspace.names().await?;
        self.pack_answers(&mut files)?;
        self.pack_history(&mut files, &names);
        self.pack_ledger(workspace, &mut files).await?;
        self.pack_evidence(workspace, &mut files).await?;
        self.pack_texts(workspace, &mut files).await?;
        let readme = self.readme();
        files.insert("README.txt".into(), readme.into_bytes());
        let mut sums = String::new();
        for (path, bytes) in &files {
            let _ = writeln!(sums, "{}  {path}", Hash::of(bytes));
        }
        files.insert("SHA256SUMS".into(), sums.into_bytes());
        let bytes = zipped(&files).map_err(|error| {
            Failure::failed(Problem::error(format!("the pack cannot be made: {error}")))
        })?;
        Ok(Pack {
            bytes,
            files: files.len(),
        })
    }

    fn pack_answers(&self, files: &mut Files) -> Result<(), Failure> {
        for (id, assessment) in &self.book.assessments {
            let text = export_answers(id, assessment, self.book.seq, |_| true);
            let text = text.map_err(|error| {
                Failure::failed(Problem::error(format!(
                    "the answers cannot be written: {error}"
                )))
            })?;
            files.insert(format!("answers/{id}.toml"), text.into_bytes());
        }
        Ok(())
    }

    fn pack_history(&self, files: &mut Files, names: &BTreeMap<PersonId, String>) {
        let name = |id: &PersonId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
        let events = history(self.entries(), &self.texts, &name);
        let rows: Vec<_> = events
            .iter()
            .map(|event| {
                json!({ "entry": event.seq, "at": event.at, "by": event.by, "name": name(&event.by),
                    "kind": event.kind, "what": event.what, "redacted": event.is_hole })
            })
            .collect();
        files.insert("history.json".into(), pretty(&rows));
    }

    async fn pack_ledger(&self, workspace: &Workspace, files: &mut Files) -> Result<(), Failure> {
        let stored = workspace
            .store
            .stored_entries(&self.ledger.customer)
            .await?;
        for (seq, entry) in (1_u64..).zip(stored).take(self.ledger.entries.len()) {
            files.insert(format!("ledger/{seq:06}-header.json"), entry.header);
            if let Some(body) = entry.body {
                files.insert(format!("ledger/{seq:06}-body.json"), body);
            }
        }
        Ok(())
    }

    async fn pack_evidence(&self, workspace: &Workspace, files: &mut Files) -> Result<(), Failure> {
        let mut index = Vec::new();
        for held in &self.book.evidence {
            let exhibit = &held.exhibit.what;
            let mut listed = Vec::new();
            for (hash, name) in kept(exhibit) {
                let path = format!("evidence/{:06}-{}", held.exhibit.seq, safe(&name));
                let path = free(files, path);
                let text = workspace
                    .store
                    .text(hash)
                    .await?
                    .ok_or_else(|| missing(hash))?;
                listed.push(json!({ "path": path, "sha256": hash, "name": name }));
                files.insert(path, text.bytes().to_vec());
            }
            index.push(json!({
                "entry": held.exhibit.seq, "at": held.exhibit.at, "by": held.exhibit.by,
                "files": listed, "evidence": exhibit,
                "withdrawn": held.withdrawn.as_ref().map(|withdrawn| json!({
                    "entry": withdrawn.seq, "by": withdrawn.by, "reason": withdrawn.what })),
            }));
        }
        files.insert("evidence/index.json".into(), pretty(&index));
        Ok(())
    }

    /// Adds the questionnaires as they were pinned.
    async fn pack_texts(&self, workspace: &Workspace, files: &mut Files) -> Result<(), Failure> {
        for (hash, questionnaire) in &self.texts {
            let text = workspace
                .store
                .text(hash)
                .await?
                .ok_or_else(|| missing(hash))?;
            let path = format!("questionnaires/{}-{}.json", questionnaire.id, hash.short());
            files.insert(path, text.bytes().to_vec());
        }
        Ok(())
    }

    fn readme(&self) -> String {
        let head = self
            .book
            .head
            .map_or_else(String::new, |head| head.to_string());
        format!(
            "Evidence pack of {customer}, up to entry {seq} of the ledger.\n\
             \n\
             This pack is for an auditor. It holds everything that was recorded, private notes included.\n\
             \n\
             To check that no file was changed, in this folder:\n\
             \n\
             \x20   sha256sum -c SHA256SUMS\n\
             \n\
             What is what\n\
             \n\
             \x20   answers/          the answers as they stand, how each is known, and from when\n\
             \x20   evidence/         documents as they were given; of tools' files what they say, and the file itself\n\
             \x20                     where it was kept; index.json names them, their digests, and what was withdrawn\n\
             \x20   history.json      every entry of the ledger in words\n\
             \x20   ledger/           the ledger as it is kept: a header and a body an entry\n\
             \x20   questionnaires/   what was asked, as it was pinned\n\
             \n\
             To check the ledger by hand\n\
             \n\
             The SHA-256 of an entry's body is the `digest` in its header. The SHA-256 of an entry's header is the\n\
             `previous` in the header after it. For example, these print the same digest twice:\n\
             \n\
             \x20   sha256sum ledger/000001-header.json\n\
             \x20   grep -o '\"previous\":\"[0-9a-f]*\"' ledger/000002-header.json\n\
             \n\
             The SHA-256 of the last header is\n\
             \n\
             \x20   {head}\n\
             \n\
             and issued reports print it on their last page. An entry without a body was redacted; a later entry says\n\
             by whom and why.\n",
            customer = self.ledger.customer,
            seq = self.book.seq,
        )
    }
}

/// Returns every file that is kept of an exhibit, with its name.
fn kept(exhibit: &Exhibit) -> Vec<(&Hash, String)> {
    let Some(output) = exhibit.output() else {
        return vec![(&exhibit.file, exhibit.name.clone())];
    };
    let raw = output.raw.iter().filter(|raw| raw.kept);
    let reading = format!("{}-reading.json", output.tool.code());
    std::iter::once((&exhibit.file, reading))
        .chain(raw.map(|raw| (&raw.sha256, raw.name.clone())))
        .collect()
}

/// Returns a name of letters, digits, `.`, `-` and `_` that is safe in every file system and needs no quoting.
fn safe(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = |letter: char| match letter {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' | '_' => letter,
        _ => '_',
    };
    let name: String = last.trim_start_matches('.').chars().map(plain).collect();
    let skip = name.len().saturating_sub(MAX_NAME);
    let name = name[skip..].trim_matches('.');
    if name.is_empty() {
        "file".into()
    } else {
        name.into()
    }
}

/// Returns a path that no file has yet.
fn free(files: &Files, path: String) -> String {
    let numbered = (2..).map(|number| format!("{path}.{number}"));
    let mut paths = std::iter::once(path.clone()).chain(numbered);
    paths.find(|path| !files.contains_key(path)).unwrap_or(path)
}

fn missing(hash: &Hash) -> Failure {
    Failure::failed(
        Problem::error(format!("the file {hash} is missing from the store"))
            .help("check the store with `readiness verify`"),
    )
}

fn pretty(value: &impl serde::Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value)
        .expect("what is listed is texts, numbers and lists, which JSON can hold");
    bytes.push(b'\n');
    bytes
}

fn zipped(files: &Files) -> Result<Vec<u8>, zip::result::ZipError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        writer.start_file(path.as_str(), options)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_whatever_they_were() {
        for (name, expected) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\x\\übersicht.pdf", "_bersicht.pdf"),
            ("a\0b\nc.txt", "a_b_c.txt"),
            ("..", "file"),
            ("", "file"),
            (".hidden", "hidden"),
            ("-rf", "-rf"),
        ] {
            assert_eq!(safe(name), expected, "{name:?}");
        }
        assert!(safe(&"ü".repeat(300)).len() <= MAX_NAME);
    }

    #[test]
    fn two_files_of_one_name_stand_beside_each_other() {
        let mut files = Files::new();
        files.insert("a".into(), Vec::new());
        assert_eq!(free(&files, "a".into()), "a.2");
    }
}
