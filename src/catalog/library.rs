//! The questionnaires that can be used: the shipped ones, and those of a folder, which add to them or replace them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::catalog::build;
use crate::catalog::checks;
use crate::catalog::files;
use crate::catalog::index::Index;
use crate::catalog::notes::Notes;
use crate::catalog::pinned;
use crate::catalog::read::{self, Files, Sources};
use crate::catalog::recommendation;
use crate::catalog::scenario;
use crate::catalog::trial;
use crate::catalog::written;
use crate::domain::id::{Hash, QuestionnaireId, RecommendationId};
use crate::domain::questionnaire::Questionnaire;
use crate::problem::{Problem, Problems, SourceText};

pub use crate::catalog::files::Origin;
pub use crate::catalog::pinned::{Pinned, from_pinned};
pub use crate::catalog::read::MAIN;

/// The questionnaires that can be used.
#[derive(Clone, Debug)]
pub struct Library {
    shelves: BTreeMap<String, Origin>,
}

/// A questionnaire as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id: the name of its folder or file.
    pub id: String,
    /// Its title, where it can be read.
    pub title: Option<String>,
    /// The version of its content, where it can be read.
    pub version: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
}

/// What came out of reading a questionnaire and judging it.
#[derive(Debug)]
pub struct Checked {
    /// What it is called: its path, or the name of a shipped one.
    pub name: String,
    /// The questionnaire and its pinned form, if there is no error.
    pub questionnaire: Option<(Questionnaire, Pinned)>,
    /// Its scenarios, as far as they can be read.
    pub scenarios: Vec<scenario::Written>,
    /// Everything that is wrong or doubtful, in the order of files and lines.
    pub problems: Problems,
}

impl Library {
    /// Opens the shipped questionnaires, with those in `folder` added or put in their place.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn open(folder: Option<&Path>) -> Result<Self, Problems> {
        let shipped = files::shipped().into_iter();
        let mut shelves: BTreeMap<String, Origin> =
            shipped.map(|name| (name, Origin::Shipped)).collect();
        if let Some(folder) = folder {
            let help =
                "name a folder that has questionnaires in it, each a folder or a `.toml` file";
            let listed = files::listed(folder).map_err(|problem| problem.help(help))?;
            let listed = listed.into_iter();
            shelves.extend(listed.map(|(name, path)| (name, Origin::Disk(path))));
        }
        Ok(Self { shelves })
    }

    /// Returns the questionnaires in the order of their ids.
    #[must_use]
    pub fn list(&self) -> Vec<Listed> {
        self.shelves
            .iter()
            .map(|(id, origin)| listed(id, origin))
            .collect()
    }

    /// Reads a questionnaire to use it.
    ///
    /// # Errors
    /// Everything that is wrong with it, or that there is none of this id.
    pub fn load(&self, id: &QuestionnaireId) -> Result<(Questionnaire, Pinned), Problems> {
        let judged = judge(id.as_str(), self.shelf(id)?, Some(id.as_str()));
        match judged.questionnaire {
            Some(questionnaire) => Ok(questionnaire),
            None => Err(judged.problems),
        }
    }

    /// Reads a questionnaire and judges it.
    ///
    /// # Errors
    /// When there is none of this id.
    pub fn check(&self, id: &QuestionnaireId) -> Result<Checked, Problems> {
        Ok(check(id.as_str(), self.shelf(id)?, Some(id.as_str())))
    }

    fn shelf(&self, id: &QuestionnaireId) -> Result<&Origin, Problems> {
        let known = self.shelves.keys().map(String::as_str);
        let shelf = self.shelves.get(id.as_str());
        shelf.ok_or_else(|| files::no_such(id.as_str(), known).into())
    }

    /// Reads and judges every questionnaire.
    #[must_use]
    pub fn check_all(&self) -> Vec<Checked> {
        self.shelves
            .iter()
            .map(|(id, origin)| check(id, origin, Some(id)))
            .collect()
    }
}

/// Reads and judges what is at `path`: one questionnaire, or every one of a folder of them.
#[must_use]
pub fn check_path(path: &Path) -> Vec<Checked> {
    let one = |path: PathBuf| {
        let name = path.display().to_string();
        check(&name, &Origin::Disk(path), None)
    };
    let is_one = !path.is_dir() || path.join(read::MAIN).exists();
    match files::listed(path) {
        Ok(found) if !is_one && !found.is_empty() => found.into_values().map(one).collect(),
        _ => vec![one(path.to_owned())],
    }
}

fn listed(id: &str, origin: &Origin) -> Listed {
    let mut problems = Problems::default();
    let table: Option<toml::Table> =
        files_of(id, origin, &mut problems).and_then(|files| files.main.text.parse().ok());
    let text = |key: &str| Some(table.as_ref()?.get(key)?.as_str()?.to_owned());
    Listed {
        id: id.to_owned(),
        title: text("title"),
        version: text("version"),
        origin: origin.clone(),
    }
}

fn files_of(name: &str, origin: &Origin, problems: &mut Problems) -> Option<Files> {
    match origin {
        Origin::Shipped => files::read_shipped(name, problems),
        Origin::Disk(path) => files::read_disk(path, problems),
    }
}

/// Reads and judges a questionnaire, and runs its scenarios; where `expected` is given it must be called that.
fn check(name: &str, origin: &Origin, expected: Option<&str>) -> Checked {
    let mut checked = judge(name, origin, expected);
    if let Some((questionnaire, _)) = &checked.questionnaire {
        let questionnaire = Arc::new(questionnaire.clone());
        for scenario in &checked.scenarios {
            let failed = trial::run(&questionnaire, scenario);
            checked.problems.0.extend(failed.0);
        }
    }
    checked
}

/// Reads and judges a questionnaire.
fn judge(name: &str, origin: &Origin, expected: Option<&str>) -> Checked {
    let mut notes = Notes::default();
    let mut checked = Checked {
        name: name.to_owned(),
        questionnaire: None,
        scenarios: Vec::new(),
        problems: Problems::default(),
    };
    if let Some(files) = files_of(name, origin, &mut notes.problems) {
        checked.scenarios = scenario::read(&files.scenarios, &mut notes);
        let source = Source {
            origin,
            expected,
            files: &files,
            scenarios: &checked.scenarios,
        };
        let questionnaire = source.questionnaire(&mut notes);
        if !notes.problems.any_error() {
            checked.questionnaire = questionnaire;
        }
    }
    checked.problems = notes.in_order();
    checked
}

/// What a questionnaire is read from.
struct Source<'a> {
    origin: &'a Origin,
    /// What it must be called.
    expected: Option<&'a str>,
    files: &'a Files,
    scenarios: &'a [scenario::Written],
}

impl Source<'_> {
    fn questionnaire(&self, notes: &mut Notes) -> Option<(Questionnaire, Pinned)> {
        let read = read::read(self.files, notes)?;
        if !read.complete {
            return None;
        }
        let (written, sources) = (&read.questionnaire, &read.sources);
        self.name(written, sources, notes);
        let look_up = |id: &RecommendationId, notes: &mut Notes| self.recommendation(id, notes);
        let recommendations = recommendation::gather(written, sources, look_up, notes);
        let index = Index::new(written, sources, notes);
        let pinned = pinned::pin(written, &recommendations);
        let hash = pinned.as_ref().map_or(Hash::of(&[]), |pinned| pinned.hash);
        let compiled = (recommendations.iter())
            .map(|(id, read)| (id.clone(), read.written.recommendation(id.clone())))
            .collect();
        let questionnaire = build::build(&index, compiled, hash, notes);
        let others = self.others(&questionnaire);
        let subject = checks::Subject {
            index: &index,
            questionnaire: &questionnaire,
            recommendations: &recommendations,
            scenarios: self.scenarios,
            files: self.files,
            others: &others,
        };
        checks::run(&subject, notes);
        match pinned {
            Ok(pinned) => Some((questionnaire, pinned)),
            Err(problem) => {
                notes.problems.push(problem);
                None
            }
        }
    }

    fn name(&self, written: &written::Questionnaire, sources: &Sources, notes: &mut Notes) {
        let Some(expected) = self.expected.filter(|expected| *expected != written.id) else {
            return;
        };
        if notes.is_lost("id") {
            return;
        }
        let message = "the questionnaire is not called as its folder or file is";
        let help = format!("write `id = \"{expected}\"`, or rename it");
        let problem = Problem::error(message).code("E082").help(help);
        notes.add(sources.main().key("id"), problem);
    }

    /// Returns the questions of the questionnaires that answers are carried over from, as far as they can be found and read.
    fn others(
        &self,
        questionnaire: &Questionnaire,
    ) -> BTreeMap<QuestionnaireId, BTreeMap<String, written::Type>> {
        // What is wrong with another questionnaire is said where that one is judged.
        let mut notes = Notes::default();
        let mut others = BTreeMap::new();
        for carry in &questionnaire.carry {
            let files = files::other(self.origin, &carry.from, &mut notes.problems);
            let read = files.and_then(|files| read::read(&files, &mut notes));
            if let Some(read) = read.filter(|read| read.complete) {
                let questions = read.questionnaire.questions();
                others.insert(carry.from.clone(), questions.collect());
            }
        }
        others
    }

    fn recommendation(&self, id: &RecommendationId, notes: &mut Notes) -> Option<Arc<SourceText>> {
        match self.files.recommendations.get(id.as_str()) {
            Some(own) => Some(Arc::clone(own)),
            None => files::shared_recommendation(self.origin, id, &mut notes.problems),
        }
    }
}
