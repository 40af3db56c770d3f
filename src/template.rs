//! Templates: Tera, filters, escaping, limits.
//!
//! The only place that knows Tera. Shipped templates are embedded; a folder may replace any by the same name, and its
//! files may still include or extend the shipped one as `builtin/NAME`. What a template is shown is the business of
//! those who call; it sees one value and can only lay it out.
//!
//! **Escaping is forced.** Whatever its name, a template escapes every value: `.md` for Markdown, all others for HTML
//! ([`Mode`]). There is no way to turn it off; `markdown` and `inline_markdown` are for Markdown that people typed. An
//! address needs `| url` in `href`, since escaping does not stop `javascript:`; [`Templates::check`] finds where it
//! is missing. An undefined value is an error, save in conditions and `default`.
//!
//! **Only shipped templates are trusted.** With a folder of templates everything renders in a [`child`] process with
//! limits of memory and time, and so does an inline template from elsewhere; output is bounded in every case.
//!
//! [`Mode`]: crate::template::Mode
//! [`Templates::check`]: crate::template::Templates::check
//! [`child`]: crate::template::child

mod error;

mod sources;

mod filters;

mod translate;

mod lint;

mod engine;

pub mod child;

use std::path::Path;

use serde::{Deserialize, Serialize};

pub use child::Worker;
pub use error::{Place, TemplateError};
pub use sources::Origin;

use crate::template::engine::Engine;
use crate::template::sources::Sources;

/// What shipped templates are called for those that replace them.
const BUILTIN: &str = "builtin/";

/// Recommendations are not templates by name: whoever knows their front matter renders them inline.
const INLINE_FOLDER: &str = "recommendations/";

/// What one template may write, in bytes.
const MAX_OUTPUT: usize = 64 << 20;

/// For what the values in a template are escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Elements and quoted attributes.
    Html,
    /// Inline text of GitHub-flavoured Markdown, also in a table cell.
    Markdown,
}

/// A template that stands within another file, such as a recommendation after its front matter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Inline {
    /// How a person finds the file.
    pub file: String,
    /// The template.
    pub source: String,
    /// The line of the file, from 1, on which the template begins.
    pub first_line: usize,
    /// For what its values are escaped.
    pub mode: Mode,
    /// Whether it is part of this program; any other renders in a child process.
    pub shipped: bool,
}

/// What to render.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The template of this name, such as `report/report.html`.
    Named(String),
    /// A template that has no name.
    Inline(Inline),
}

/// A template and what it is shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    /// What to render.
    pub subject: Subject,
    /// A map; its keys are the names that the template sees.
    pub context: serde_json::Value,
}

/// A template, as `templates list` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Such as `report/report.html`.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// A set of templates that fit together.
#[derive(Debug)]
pub struct Templates {
    engine: Engine,
    worker: Option<Worker>,
}

impl Templates {
    /// Reads the shipped templates only, for those who trust what they render: nothing starts a process.
    ///
    /// # Errors
    /// As [`open`](Self::open); a test holds that there are none.
    pub fn builtin() -> Result<Self, Vec<TemplateError>> {
        let (templates, errors) = Self::load(None, None);
        if errors.is_empty() {
            Ok(templates)
        } else {
            Err(errors)
        }
    }

    /// Reads the shipped templates and those of a folder, if there is one; `worker` renders what is not shipped.
    ///
    /// # Errors
    /// Everything that keeps a template from being used, all at once: files that cannot be read, syntax, names of
    /// templates, filters and components that do not exist.
    pub fn open(folder: Option<&Path>, worker: &Worker) -> Result<Self, Vec<TemplateError>> {
        let (templates, errors) = Self::load(folder, Some(worker));
        if errors.is_empty() {
            Ok(templates)
        } else {
            Err(errors)
        }
    }

    fn load(folder: Option<&Path>, worker: Option<&Worker>) -> (Self, Vec<TemplateError>) {
        let mut sources = Sources::shipped();
        let mut errors = Vec::new();
        if let Some(folder) = folder {
            (sources.replacements, errors) = sources::read_folder(folder);
        }
        let (engine, found) = Engine::load(sources);
        errors.extend(found);
        let worker = worker.cloned();
        (Self { engine, worker }, errors)
    }

    /// Renders the template `name`; `context` must serialize as a map.
    ///
    /// # Errors
    /// A value that is not defined, a filter that refuses its value, a limit that is exceeded.
    pub fn render(&self, name: &str, context: &impl Serialize) -> Result<String, TemplateError> {
        self.render_one(Subject::Named(name.to_owned()), context)
    }

    /// Renders a template that stands within another file; errors name that file and its lines.
    ///
    /// # Errors
    /// As [`render`](Self::render), and what is wrong with the template itself.
    pub fn render_inline(
        &self,
        inline: &Inline,
        context: &impl Serialize,
    ) -> Result<String, TemplateError> {
        self.render_one(Subject::Inline(inline.clone()), context)
    }

    fn render_one(
        &self,
        subject: Subject,
        context: &impl Serialize,
    ) -> Result<String, TemplateError> {
        if self.worker_for(&subject).is_none() {
            return self.engine.render(&subject, context);
        }
        let context = serde_json::to_value(context).map_err(|error| {
            TemplateError::whole(
                subject.file(),
                format!("cannot be shown its values: {error}"),
            )
        })?;
        let mut results = self.render_all(&[Job { subject, context }]);
        results.pop().expect("one result for each job")
    }

    /// Renders many, one result for each job; what needs a child process shares one.
    pub fn render_all(&self, jobs: &[Job]) -> Vec<Result<String, TemplateError>> {
        let elsewhere: Vec<Job> = jobs
            .iter()
            .filter(|job| self.worker_for(&job.subject).is_some())
            .cloned()
            .collect();
        let mut from_child = match &self.worker {
            Some(worker) if !elsewhere.is_empty() => worker.render(&self.engine.sources, elsewhere),
            _ => Vec::new(),
        }
        .into_iter();
        let render = |job: &Job| match self.worker_for(&job.subject) {
            Some(_) => from_child.next().expect("one result for each job"),
            None => self.engine.render(&job.subject, &job.context),
        };
        jobs.iter().map(render).collect()
    }

    fn worker_for(&self, subject: &Subject) -> Option<&Worker> {
        let is_shipped = match subject {
            Subject::Named(_) => true,
            Subject::Inline(inline) => inline.shipped,
        };
        let is_trusted = is_shipped && self.engine.sources.replacements.is_empty();
        self.worker.as_ref().filter(|_| !is_trusted)
    }

    /// Returns what is wrong with a template that stands within another file, without rendering it.
    ///
    /// # Errors
    /// Syntax, or names of templates, filters and components that do not exist.
    pub fn check_inline(&self, inline: &Inline) -> Result<(), Vec<TemplateError>> {
        self.engine.check_inline(inline)
    }

    /// Returns everything that is wrong with the templates whose file's name contains `filter`, in the order of the files.
    ///
    /// Beside what [`open`](Self::open) finds: values in places where escaping does not protect, and what goes wrong
    /// when `samples` are rendered.
    pub fn check(
        folder: Option<&Path>,
        worker: &Worker,
        filter: Option<&str>,
        samples: &[Job],
    ) -> Vec<TemplateError> {
        let (templates, mut errors) = Self::load(folder, Some(worker));
        errors.extend(templates.engine.lint());
        let usable: Vec<Job> = samples
            .iter()
            .filter(|job| templates.engine.has(&job.subject))
            .cloned()
            .collect();
        errors.extend(
            templates
                .render_all(&usable)
                .into_iter()
                .filter_map(Result::err),
        );
        errors.retain(|error| filter.is_none_or(|filter| error.file.contains(filter)));
        let position = |error: &TemplateError| {
            let place = error.place.as_ref().map(|place| (place.line, place.column));
            (error.file.clone(), place, error.message.clone())
        };
        errors.sort_by_key(position);
        errors.dedup_by_key(|error| position(error));
        errors
    }

    /// Returns every template by name.
    pub fn list(&self) -> Vec<Listing> {
        let sources = &self.engine.sources;
        let listing = |name: &str| Listing {
            name: name.to_owned(),
            origin: sources.origin(name),
        };
        sources.names().map(listing).collect()
    }

    /// Returns the text of a template: the folder's, else the shipped one (always the shipped one for `builtin/NAME`).
    pub fn source(&self, name: &str) -> Option<&str> {
        self.engine.sources.effective(name)
    }

    /// Returns how a person finds the file of the template `name`.
    pub fn path(&self, name: &str) -> String {
        self.engine.sources.shown(name)
    }
}

impl Subject {
    fn file(&self) -> &str {
        match self {
            Self::Named(name) => name,
            Self::Inline(inline) => &inline.file,
        }
    }
}

#[cfg(test)]
mod tests;
