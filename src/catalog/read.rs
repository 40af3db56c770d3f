//! From the files of one questionnaire to the structs, with the place of everything that is written.
//!
//! Which folder the files come from is the business of [`library`](crate::catalog::library); what they mean that of `build`.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use crate::catalog::near;
use crate::catalog::notes::Notes;
use crate::catalog::shape::{Fitting, Shapes};
use crate::catalog::tree::{self, At, Content, Spot};
use crate::catalog::written;
use crate::problem::{Place, Problem, SourceText};

/// The file that a folder's questionnaire begins with.
pub const MAIN: &str = "questionnaire.toml";

/// The files of one questionnaire.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    /// The file that it begins with.
    pub(crate) main: Arc<SourceText>,
    /// The files under `sections/`, by their names without `.toml`.
    pub(crate) sections: BTreeMap<String, Arc<SourceText>>,
    /// The files under `scenarios/`, likewise.
    pub(crate) scenarios: BTreeMap<String, Arc<SourceText>>,
    /// The files under `i18n/`, likewise.
    pub(crate) translations: BTreeMap<String, Arc<SourceText>>,
    /// The files under `recommendations/`, by their names without `.md`.
    pub(crate) recommendations: BTreeMap<String, Arc<SourceText>>,
    /// The lock file of the last release.
    pub(crate) lock: Option<Arc<SourceText>>,
}

/// A questionnaire as written, and where.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) questionnaire: written::Questionnaire,
    pub(crate) sources: Sources,
    /// Whether every file could be read as TOML; if not, things are missing that may well be written.
    pub(crate) complete: bool,
}

/// Where the parts of a questionnaire are written; empty when it was read from its pinned form.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    pub(crate) files: Vec<(Arc<SourceText>, Spot)>,
    sections: Vec<Origin>,
    derived: Vec<Origin>,
    findings: Vec<Origin>,
}

/// A place in an array of a file.
#[derive(Clone, Copy, Debug)]
struct Origin {
    file: usize,
    item: usize,
}

impl Sources {
    /// Points at the file that the questionnaire begins with.
    pub(crate) fn main(&self) -> At<'_> {
        self.file(0)
    }

    /// Points at the section at `place`.
    pub(crate) fn section(&self, place: usize) -> At<'_> {
        self.part(&self.sections, place, "section")
    }

    /// Points at the derived value at `place`.
    pub(crate) fn derived(&self, place: usize) -> At<'_> {
        self.part(&self.derived, place, "derived")
    }

    /// Points at the finding at `place`.
    pub(crate) fn finding(&self, place: usize) -> At<'_> {
        self.part(&self.findings, place, "finding")
    }

    fn file(&self, file: usize) -> At<'_> {
        match self.files.get(file) {
            Some((source, spot)) => At::new(source, spot),
            None => At::default(),
        }
    }

    fn part(&self, origins: &[Origin], place: usize, key: &str) -> At<'_> {
        match origins.get(place) {
            Some(origin) => self.file(origin.file).key(key).item(origin.item),
            None => At::default(),
        }
    }

    /// Adds a file whose arrays have these lengths.
    fn push(&mut self, source: Arc<SourceText>, spot: Spot, counts: [usize; 3]) {
        let file = self.files.len();
        self.files.push((source, spot));
        let origins = |count| (0..count).map(move |item| Origin { file, item });
        self.sections.extend(origins(counts[0]));
        self.derived.extend(origins(counts[1]));
        self.findings.extend(origins(counts[2]));
    }
}

/// Reads the files of a questionnaire; nothing where not even its first file can be made sense of.
pub(crate) fn read(files: &Files, notes: &mut Notes) -> Option<Written> {
    static SHAPES: LazyLock<Shapes> = LazyLock::new(Shapes::of::<written::Questionnaire>);
    let mut main: Part<written::Questionnaire> = part(&files.main, &SHAPES, notes);
    if main.written.is_none() && main.complete {
        main.fill(&files.main, notes);
    }
    let Some(questionnaire) = main.written else {
        for source in files.sections.values() {
            section_file(source, notes);
        }
        return None;
    };
    let mut sources = Sources::default();
    sources.push(Arc::clone(&files.main), main.spot, counts(&questionnaire));
    let mut written = Written {
        questionnaire,
        sources,
        complete: main.complete,
    };
    for name in section_names(&written, files, notes) {
        if let Some(source) = files.sections.get(&name) {
            let part = section_file(source, notes);
            written.add(source, part);
        }
    }
    Some(written)
}

fn counts(written: &written::Questionnaire) -> [usize; 3] {
    [
        written.section.len(),
        written.derived.len(),
        written.finding.len(),
    ]
}

impl Written {
    fn add(&mut self, source: &Arc<SourceText>, part: Part<written::SectionFile>) {
        self.complete &= part.complete;
        let Some(file) = part.written else { return };
        let counts = [file.section.len(), file.derived.len(), file.finding.len()];
        self.sources.push(Arc::clone(source), part.spot, counts);
        self.questionnaire.section.extend(file.section);
        self.questionnaire.derived.extend(file.derived);
        self.questionnaire.finding.extend(file.finding);
    }
}

/// Returns the names of the section files in their order, and says where list and folder differ.
fn section_names(written: &Written, files: &Files, notes: &mut Notes) -> Vec<String> {
    let Some(listed) = &written.questionnaire.sections else {
        return files.sections.keys().cloned().collect();
    };
    let at = written.sources.main().key("sections");
    let mut names: Vec<String> = Vec::new();
    for (place, name) in listed.iter().enumerate() {
        let shown = near::short(name);
        let at = at.item(place);
        if names.contains(name) {
            let problem = Problem::error(format!("`{shown}` is listed twice")).code("E010");
            notes.add(at, problem.help("remove one of them"));
        } else if files.sections.contains_key(name) {
            names.push(name.clone());
        } else {
            let problem = Problem::error(format!("there is no file `sections/{shown}.toml`"));
            let known = files.sections.keys().map(String::as_str);
            let help = match near::nearest(name, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write the file, or take the name out of the list".to_owned(),
            };
            notes.add(at, problem.code("E082").help(help));
        }
    }
    for (name, source) in &files.sections {
        if !listed.contains(name) {
            let problem = Problem::error(format!("the file `sections/{name}.toml` is not listed"));
            let help = format!("add `{name}` to `sections` in `{MAIN}`, or delete the file");
            let place = Place::new(Arc::clone(source), 0..0);
            notes
                .problems
                .push(problem.code("E082").at(place).help(help));
        }
    }
    names
}

fn section_file(source: &Arc<SourceText>, notes: &mut Notes) -> Part<written::SectionFile> {
    static SHAPES: LazyLock<Shapes> = LazyLock::new(Shapes::of::<written::SectionFile>);
    part(source, &SHAPES, notes)
}

/// A file as written.
pub(crate) struct Part<T> {
    /// What is written, where anything can be made of it.
    pub(crate) written: Option<T>,
    pub(crate) spot: Spot,
    /// Whether it could be read as TOML to its end.
    pub(crate) complete: bool,
}

impl Part<written::Questionnaire> {
    /// Puts something harmless where the keys that every questionnaire needs are missing, which was noted, so that the rest can
    /// be judged.
    fn fill(&mut self, source: &Arc<SourceText>, notes: &mut Notes) {
        let needed = [
            ("format", Content::Integer(1)),
            ("id", Content::Text("invalid".into())),
            ("version", Content::Text("0.0.0".into())),
            ("title", Content::Text("".into())),
        ];
        for (key, content) in needed {
            if self.spot.get(key).is_none() {
                notes.lost.insert(key.to_owned());
                self.spot.add(key, content);
            }
        }
        self.written = structs(source, &self.spot, notes);
    }
}

/// Reads one file.
pub(crate) fn part<T: serde::de::DeserializeOwned>(
    source: &Arc<SourceText>,
    shapes: &Shapes,
    notes: &mut Notes,
) -> Part<T> {
    stretch(source, &source.text, shapes, notes)
}

/// Reads `text`, which stands in `source` at the same bytes.
pub(crate) fn stretch<T: serde::de::DeserializeOwned>(
    source: &Arc<SourceText>,
    text: &str,
    shapes: &Shapes,
    notes: &mut Notes,
) -> Part<T> {
    let before = notes.problems.0.len();
    let mut spot = tree::parse(source, text, &mut notes.problems);
    if notes.problems.0.len() > before {
        return Part {
            written: None,
            spot,
            complete: false,
        };
    }
    let mut fitting = Fitting {
        source,
        problems: &mut notes.problems,
        lost: &mut notes.lost,
    };
    let fits = shapes.fit(&mut spot, &mut fitting);
    let written = fits.then(|| structs(source, &spot, notes)).flatten();
    Part {
        written,
        spot,
        complete: true,
    }
}

/// Fills the structs; what the shape let through fits them, but for what a shape cannot say.
fn structs<T: serde::de::DeserializeOwned>(
    source: &Arc<SourceText>,
    spot: &Spot,
    notes: &mut Notes,
) -> Option<T> {
    match T::deserialize(spot) {
        Ok(written) => Some(written),
        Err(error) => {
            let problem = Problem::error(format!("this cannot be read: {error}")).code("E081");
            notes.add(At::new(source, spot), problem);
            None
        }
    }
}
