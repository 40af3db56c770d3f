//! The files of questionnaires: those in the binary, and those on the disk, read with limits.
//!
//! The only part of the catalogue that knows of folders. What the files say is the business of [`read`](crate::catalog::read).

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rust_embed::Embed;

use crate::catalog::lock;
use crate::catalog::near;
use crate::catalog::read::{Files, MAIN};
use crate::domain::id::{QuestionnaireId, RecommendationId};
use crate::problem::{Problem, Problems, SourceText};

/// The largest file that is read, in bytes.
pub(crate) const MAX_FILE: u64 = 4 * 1024 * 1024;

/// The most bytes that are read for one questionnaire.
pub(crate) const MAX_TOTAL: u64 = 64 * 1024 * 1024;

#[derive(Embed)]
#[folder = "questionnaires/"]
struct Shipped;

#[derive(Embed)]
#[folder = "templates/recommendations/"]
struct ShippedRecommendations;

/// Where a questionnaire comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is part of the program.
    Shipped,
    /// A folder, or a file that is one alone.
    Disk(PathBuf),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shipped => f.write_str("shipped"),
            Self::Disk(path) => path.display().fmt(f),
        }
    }
}

/// The kinds of files beside the first, by their folders.
const FOLDERS: [(&str, &str); 4] = [
    ("sections", "toml"),
    ("scenarios", "toml"),
    ("i18n", "toml"),
    ("recommendations", "md"),
];

/// Returns the names of the shipped questionnaires.
pub(crate) fn shipped() -> Vec<String> {
    Shipped::iter()
        .filter_map(|path| match path.split_once('/') {
            Some((folder, MAIN)) => Some(folder.to_owned()),
            None => path.strip_suffix(".toml").map(str::to_owned),
            Some(_) => None,
        })
        .collect()
}

/// Reads the files of a shipped questionnaire.
pub(crate) fn read_shipped(name: &str, problems: &mut Problems) -> Option<Files> {
    let text = |path: &str, problems: &mut Problems| {
        let file = Shipped::get(path)?;
        text(
            &format!("questionnaires/{path}"),
            file.data.into_owned(),
            problems,
        )
    };
    let prefix = format!("{name}/");
    let Some(main) = text(&format!("{prefix}{MAIN}"), problems) else {
        return Some(Files::alone(text(&format!("{name}.toml"), problems)?));
    };
    let mut files = Files::alone(main);
    files.lock = text(&format!("{prefix}{}", lock::FILE), problems);
    for path in Shipped::iter() {
        let Some((folder, name)) = path
            .strip_prefix(&prefix)
            .and_then(|path| path.split_once('/'))
        else {
            continue;
        };
        if let Some(stem) = stem(folder, name)
            && let Some(source) = text(&path, problems)
        {
            files.add(folder, stem, source);
        }
    }
    Some(files)
}

/// Returns the name of a file without its extension, if files of that kind stand in `folder`.
fn stem<'n>(folder: &str, name: &'n str) -> Option<&'n str> {
    let (_, extension) = FOLDERS.into_iter().find(|(known, _)| *known == folder)?;
    name.strip_suffix(extension)?.strip_suffix('.')
}

impl Files {
    fn alone(main: Arc<SourceText>) -> Self {
        Self {
            main,
            sections: BTreeMap::new(),
            scenarios: BTreeMap::new(),
            translations: BTreeMap::new(),
            recommendations: BTreeMap::new(),
            lock: None,
        }
    }

    fn add(&mut self, folder: &str, stem: &str, source: Arc<SourceText>) {
        let files = match folder {
            "sections" => &mut self.sections,
            "scenarios" => &mut self.scenarios,
            "i18n" => &mut self.translations,
            _ => &mut self.recommendations,
        };
        files.insert(stem.to_owned(), source);
    }
}

/// Returns the questionnaires in a folder: folders with a `questionnaire.toml`, and files that are one alone.
pub(crate) fn listed(folder: &Path) -> Result<BTreeMap<String, PathBuf>, Problem> {
    let mut found = BTreeMap::new();
    for path in entries(folder)? {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if path.join(MAIN).is_file() {
            found.insert(name.to_owned(), path.clone());
        } else if let Some(stem) = name.strip_suffix(".toml").filter(|_| path.is_file()) {
            found.entry(stem.to_owned()).or_insert(path.clone());
        }
    }
    Ok(found)
}

/// Returns the paths in a folder, in order.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let unreadable = |error| {
        let message = format!("the folder `{}` cannot be read: {error}", folder.display());
        Problem::error(message).code("E082")
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.sort();
    Ok(paths)
}

/// Reads the files of a questionnaire on the disk: a folder, its `questionnaire.toml`, or a file that is one alone.
pub(crate) fn read_disk(path: &Path, problems: &mut Problems) -> Option<Files> {
    let mut reader = Reader {
        left: MAX_TOTAL,
        problems,
    };
    if path.is_dir() {
        return reader.folder(path);
    }
    match path.parent() {
        Some(folder) if path.file_name().is_some_and(|name| name == MAIN) => {
            let here = Path::new(".");
            reader.folder(if folder.as_os_str().is_empty() {
                here
            } else {
                folder
            })
        }
        _ => Some(Files::alone(reader.file(path)?)),
    }
}

/// Reads files as long as there are not too many.
struct Reader<'a> {
    left: u64,
    problems: &'a mut Problems,
}

impl Reader<'_> {
    fn folder(&mut self, folder: &Path) -> Option<Files> {
        let main = self.file(&folder.join(MAIN))?;
        let mut files = Files::alone(main);
        let lock = folder.join(lock::FILE);
        if lock.exists() {
            files.lock = self.file(&lock);
        }
        for (kind, _) in FOLDERS {
            let inner = folder.join(kind);
            if !inner.is_dir() {
                continue;
            }
            match entries(&inner) {
                Ok(paths) => self.kind(folder, kind, &paths, &mut files),
                Err(problem) => self.problems.push(problem),
            }
        }
        Some(files)
    }

    fn kind(&mut self, folder: &Path, kind: &str, paths: &[PathBuf], files: &mut Files) {
        for path in paths {
            let name = path.file_name().and_then(|name| name.to_str());
            let Some(stem) = name.and_then(|name| stem(kind, name)) else {
                continue;
            };
            if leads_outside(folder, path) {
                let message = format!(
                    "`{}` leads out of its questionnaire's folder",
                    path.display()
                );
                let problem = Problem::error(message).code("E082");
                self.problems
                    .push(problem.help("put the file itself into the folder"));
            } else if let Some(source) = self.file(path) {
                files.add(kind, stem, source);
            }
        }
    }

    fn file(&mut self, path: &Path) -> Option<Arc<SourceText>> {
        match self.bytes(path) {
            Ok(bytes) => text(&path.display().to_string(), bytes, self.problems),
            Err(reason) => {
                let message = format!("`{}` cannot be read: {reason}", path.display());
                self.problems.push(Problem::error(message).code("E082"));
                None
            }
        }
    }

    fn bytes(&mut self, path: &Path) -> Result<Vec<u8>, String> {
        let metadata = fs::metadata(path).map_err(|error| error.to_string())?;
        if !metadata.is_file() {
            return Err("it is not a file".to_owned());
        }
        let file = fs::File::open(path).map_err(|error| error.to_string())?;
        let limit = MAX_FILE.min(self.left);
        let mut bytes = Vec::new();
        file.take(limit + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| error.to_string())?;
        let length = bytes.len() as u64;
        if length > MAX_FILE {
            return Err(format!("it is larger than {} MiB", MAX_FILE >> 20));
        }
        if length > self.left {
            return Err(format!(
                "the files of a questionnaire may have {} MiB together",
                MAX_TOTAL >> 20
            ));
        }
        self.left -= length;
        Ok(bytes)
    }
}

/// Returns whether a path, followed to its end, lies outside of a folder.
fn leads_outside(folder: &Path, path: &Path) -> bool {
    match (folder.canonicalize(), path.canonicalize()) {
        (Ok(folder), Ok(path)) => !path.starts_with(folder),
        _ => false,
    }
}

/// Takes bytes for text.
fn text(name: &str, bytes: Vec<u8>, problems: &mut Problems) -> Option<Arc<SourceText>> {
    match String::from_utf8(bytes) {
        Ok(text) => Some(Arc::new(SourceText {
            name: name.to_owned(),
            text,
        })),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let starts = |mark: &[u8]| error.as_bytes().starts_with(mark);
            let looks = match starts(&[0xff, 0xfe]) || starts(&[0xfe, 0xff]) {
                true => "; it looks like UTF-16",
                false => "",
            };
            let message = format!("`{name}` is not UTF-8 text: see its byte {at}{looks}");
            let problem = Problem::error(message).code("E080");
            problems.push(problem.help("save it as UTF-8"));
            None
        }
    }
}

/// Finds the file of a recommendation that is not the questionnaire's own: in `templates/recommendations/` beside the folder of
/// questionnaires, then among the shipped ones.
pub(crate) fn shared_recommendation(
    origin: &Origin,
    id: &RecommendationId,
    problems: &mut Problems,
) -> Option<Arc<SourceText>> {
    let name = format!("{id}.md");
    if let Origin::Disk(path) = origin
        && let Some(path) = beside(path).map(|folder| folder.join(&name))
        && path.is_file()
    {
        let mut reader = Reader {
            left: MAX_TOTAL,
            problems,
        };
        return reader.file(&path);
    }
    let file = ShippedRecommendations::get(&name)?;
    let shown = format!("templates/recommendations/{name}");
    text(&shown, file.data.into_owned(), problems)
}

/// Reads another questionnaire that stands beside one.
pub(crate) fn other(
    origin: &Origin,
    id: &QuestionnaireId,
    problems: &mut Problems,
) -> Option<Files> {
    match origin {
        Origin::Shipped => read_shipped(id.as_str(), problems),
        Origin::Disk(path) => {
            let beside = listed(&folder_of(path)?).ok()?.remove(id.as_str())?;
            read_disk(&beside, problems)
        }
    }
}

/// Returns the folder that a questionnaire on the disk stands in beside others.
fn folder_of(path: &Path) -> Option<PathBuf> {
    let path = path.canonicalize().ok()?;
    let one = match path.file_name().is_some_and(|name| name == MAIN) {
        true => path.parent()?,
        false => &path,
    };
    Some(one.parent()?.to_owned())
}

/// Returns the folder of shared recommendations that goes with a questionnaire on the disk.
fn beside(path: &Path) -> Option<PathBuf> {
    let folder = folder_of(path)?;
    Some(folder.parent()?.join("templates/recommendations"))
}

/// Says that there is no questionnaire of a name.
pub(crate) fn no_such<'c>(name: &str, known: impl Iterator<Item = &'c str> + Clone) -> Problem {
    let shown = near::short(name);
    let problem = Problem::error(format!("no questionnaire is called `{shown}`"));
    match near::nearest(name, known.clone()) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => {
            let known: Vec<&str> = known.collect();
            problem.help(format!("there are `{}`", known.join("`, `")))
        }
    }
}
