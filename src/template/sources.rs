//! The files of templates: those that are shipped, and those of a folder that stand before them.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use rust_embed::Embed;
use serde::{Deserialize, Serialize};

use crate::template::BUILTIN;
use crate::template::TemplateError;

/// The endings of files that are templates; others in a folder are passed over.
const ENDINGS: &[&str] = &["html", "md", "txt", "css", "svg", "xml"];

/// Bounds for a folder of templates.
const MOST_FILES: usize = 500;
const LARGEST_FILE: u64 = 1 << 20;
const DEEPEST_FOLDER: usize = 8;

#[derive(Embed)]
#[folder = "templates/"]
struct Shipped;

/// Where a template comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Shipped, and not replaced.
    BuiltIn,
    /// From the folder, in place of a shipped one.
    Overridden,
    /// From the folder, with a name that no shipped one has.
    Added,
}

/// A file of the folder.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Replacement {
    /// As a person would write it.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Every template's text. Shipped ones are known to Tera as `builtin/…`, those of the folder by their name alone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    pub(crate) builtin: BTreeMap<String, String>,
    pub(crate) replacements: BTreeMap<String, Replacement>,
}

impl Sources {
    /// Reads the shipped templates.
    pub(crate) fn shipped() -> Self {
        let mut builtin = BTreeMap::new();
        for name in Shipped::iter() {
            let file = Shipped::get(&name).expect("its name was just listed");
            if let (true, Ok(text)) = (
                is_template(&name),
                String::from_utf8(file.data.into_owned()),
            ) {
                builtin.insert(name.into_owned(), text);
            }
        }
        Self {
            builtin,
            replacements: BTreeMap::new(),
        }
    }

    /// Returns the text under the name that Tera knows.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match name.strip_prefix(BUILTIN) {
            Some(name) => self.builtin.get(name).map(String::as_str),
            None => self.replacements.get(name).map(|file| file.text.as_str()),
        }
    }

    /// Returns the text that a name stands for: the folder's, else the shipped one.
    pub(crate) fn effective(&self, name: &str) -> Option<&str> {
        self.text(name)
            .or_else(|| self.builtin.get(name).map(String::as_str))
    }

    /// Returns the name that Tera would take `name` for.
    pub(crate) fn resolved(&self, name: &str) -> String {
        if self.text(name).is_none() && self.builtin.contains_key(name) {
            return format!("{BUILTIN}{name}");
        }
        name.to_owned()
    }

    /// Returns how a person finds the file that Tera knows as `name`.
    pub(crate) fn shown(&self, name: &str) -> String {
        match self.replacements.get(name) {
            Some(file) => file.path.clone(),
            None if self.builtin.contains_key(name) => format!("{BUILTIN}{name}"),
            None => name.to_owned(),
        }
    }

    /// Returns the names of all templates, without prefix, in alphabetical order; a replaced one once.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let added = self
            .replacements
            .keys()
            .filter(|name| !self.builtin.contains_key(*name));
        let mut names: Vec<&str> = self
            .builtin
            .keys()
            .chain(added)
            .map(String::as_str)
            .collect();
        names.sort_unstable();
        names.into_iter()
    }

    /// Returns where the template of this name comes from.
    pub(crate) fn origin(&self, name: &str) -> Origin {
        match (
            self.replacements.contains_key(name),
            self.builtin.contains_key(name),
        ) {
            (false, _) => Origin::BuiltIn,
            (true, true) => Origin::Overridden,
            (true, false) => Origin::Added,
        }
    }

    /// Returns the name that Tera knows and the text of every file.
    pub(crate) fn for_tera(&self) -> impl Iterator<Item = (String, &str)> {
        let builtin = self
            .builtin
            .iter()
            .map(|(name, text)| (format!("{BUILTIN}{name}"), text.as_str()));
        let replacements = self
            .replacements
            .iter()
            .map(|(name, file)| (name.clone(), file.text.as_str()));
        builtin.chain(replacements)
    }
}

/// Reads the templates of a folder, and says what cannot be read.
pub(crate) fn read_folder(folder: &Path) -> (BTreeMap<String, Replacement>, Vec<TemplateError>) {
    let mut reading = Reading::default();
    reading.folder(folder, "", 0);
    (reading.files, reading.errors)
}

#[derive(Default)]
struct Reading {
    files: BTreeMap<String, Replacement>,
    errors: Vec<TemplateError>,
}

impl Reading {
    fn folder(&mut self, folder: &Path, prefix: &str, depth: usize) {
        let entries = match sorted_entries(folder) {
            Ok(entries) => entries,
            Err(error) => return self.refuse(folder, format!("cannot be read: {error}")),
        };
        if depth > DEEPEST_FOLDER {
            return self.refuse(
                folder,
                format!("lies more than {DEEPEST_FOLDER} folders deep"),
            );
        }
        for (name, entry) in entries {
            let path = entry.path();
            if name.starts_with('.') {
                continue;
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                self.folder(&path, &format!("{prefix}{name}/"), depth + 1);
            } else if is_template(&name) {
                self.file(&path, format!("{prefix}{name}"));
            }
        }
    }

    fn file(&mut self, path: &Path, name: String) {
        if self.files.len() >= MOST_FILES {
            return self.refuse(
                path,
                format!("is one too many: a folder of templates has {MOST_FILES} files at most"),
            );
        }
        if fs::metadata(path).is_ok_and(|metadata| metadata.len() > LARGEST_FILE) {
            return self.refuse(path, format!("is larger than {} MB", LARGEST_FILE >> 20));
        }
        match fs::read_to_string(path) {
            Ok(text) => {
                let path = path.display().to_string();
                self.files.insert(name, Replacement { path, text });
            }
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                self.refuse(path, "is not UTF-8 text".to_owned())
            }
            Err(error) => self.refuse(path, format!("cannot be read: {error}")),
        }
    }

    fn refuse(&mut self, path: &Path, message: String) {
        self.errors
            .push(TemplateError::whole(path.display().to_string(), message));
    }
}

fn sorted_entries(folder: &Path) -> io::Result<Vec<(String, fs::DirEntry)>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        entries.push((entry.file_name().to_string_lossy().into_owned(), entry));
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(entries)
}

fn is_template(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}
