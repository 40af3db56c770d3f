//! Rendering in this process.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;

use serde::Serialize;
use tera::{Context, ErrorKind, Tera};

use crate::markdown;
use crate::template::sources::{Origin, Sources};
use crate::template::translate::{NAMELESS, Translator};
use crate::template::{
    BUILTIN, INLINE_FOLDER, Inline, MAX_OUTPUT, Mode, Place, Subject, TemplateError,
};
use crate::template::{filters, lint};

/// Templates, read and linked: one Tera for each [`Mode`], since Tera escapes in one way only.
pub(crate) struct Engine {
    pub(crate) sources: Sources,
    html: Tera,
    markdown: Tera,
}

impl fmt::Debug for Engine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Engine")
            .field("sources", &self.sources)
            .finish_non_exhaustive()
    }
}

impl Engine {
    /// Reads all templates; those that are wrong are left out and everything about them is said.
    pub(crate) fn load(sources: Sources) -> (Self, Vec<TemplateError>) {
        let mut errors = Vec::new();
        let html = link(Mode::Html, &sources, &mut errors);
        let markdown = link(Mode::Markdown, &sources, &mut errors);
        (
            Self {
                sources,
                html,
                markdown,
            },
            errors,
        )
    }

    /// Renders one template.
    pub(crate) fn render(
        &self,
        subject: &Subject,
        context: &impl Serialize,
    ) -> Result<String, TemplateError> {
        let translate = |error: &tera::Error| {
            let mut errors = self.translator(subject).errors(error, subject.file());
            errors.swap_remove(0)
        };
        let context = Context::from_serialize(context).map_err(|error| translate(&error))?;
        let mut out = Bounded::default();
        match subject {
            Subject::Named(name) => self.tera(mode_of(name)).render_to(name, &context, &mut out),
            Subject::Inline(inline) => {
                self.tera(inline.mode)
                    .render_str_to(&inline.source, &context, true, &mut out)
            }
        }
        .map_err(|error| translate(&error))?;
        String::from_utf8(out.bytes)
            .map_err(|_| TemplateError::whole(subject.file(), "writes something that is not text"))
    }

    /// Whether there is something to render.
    pub(crate) fn has(&self, subject: &Subject) -> bool {
        match subject {
            Subject::Named(name) => self.tera(mode_of(name)).contains_template(name),
            Subject::Inline(_) => true,
        }
    }

    /// Reads and links one template more, and forgets it.
    pub(crate) fn check_inline(&self, inline: &Inline) -> Result<(), Vec<TemplateError>> {
        let mut tera = self.tera(inline.mode).clone();
        let added = tera.add_raw_template(NAMELESS, &inline.source);
        let translator = Translator {
            sources: &self.sources,
            inline: Some(inline),
        };
        added.map_err(|error| translator.errors(&error, &inline.file))
    }

    /// Returns what is suspicious in the texts themselves.
    pub(crate) fn lint(&self) -> Vec<TemplateError> {
        let mut errors = Vec::new();
        for (name, text) in self.sources.for_tera() {
            let file = self.sources.shown(&name);
            let plain = name.strip_prefix(BUILTIN).unwrap_or(&name);
            if plain.starts_with(INLINE_FOLDER) {
                let inline = Inline {
                    file,
                    source: text.to_owned(),
                    first_line: 1,
                    mode: mode_of(plain),
                    shipped: false,
                };
                errors.extend(self.check_inline(&inline).err().unwrap_or_default());
                continue;
            }
            if mode_of(plain) == Mode::Html {
                errors.extend(lint::unprotected(&file, text));
            }
            errors.extend(self.included_and_extending(&name, &file, text));
            if self.sources.origin(&name) == Origin::Added && !self.is_mentioned(&name) {
                let error = TemplateError::whole(
                    file,
                    "replaces no shipped template, and no other template uses it",
                );
                errors.push(
                    error.with_hint(
                        "`readiness templates list` shows the names of the shipped ones",
                    ),
                );
            }
        }
        errors
    }

    /// Tera shows of an included template what stands in its own file, not what it extends.
    fn included_and_extending(&self, name: &str, file: &str, text: &str) -> Option<TemplateError> {
        let tag = tags(text).find(|(_, keyword, _)| *keyword == "extends")?;
        let is_included = self.sources.for_tera().any(|(_, other)| {
            tags(other).any(|(_, keyword, target)| {
                keyword == "include" && self.sources.resolved(target) == name
            })
        });
        is_included.then(|| {
            let message = "another template includes this one, and would show only the blocks that stand here";
            TemplateError::whole(file, message)
                .with_hint("include the other in place of `extends`, or write it out")
                .at(Some(Place::of(text, tag.0, 2)))
        })
    }

    fn is_mentioned(&self, name: &str) -> bool {
        let quoted = ["\"", "'"].map(|quote| format!("{quote}{name}{quote}"));
        let mut texts = self.sources.for_tera();
        texts
            .any(|(other, text)| other != name && quoted.iter().any(|quoted| text.contains(quoted)))
    }

    fn tera(&self, mode: Mode) -> &Tera {
        match mode {
            Mode::Html => &self.html,
            Mode::Markdown => &self.markdown,
        }
    }

    fn translator<'a>(&'a self, subject: &'a Subject) -> Translator<'a> {
        let inline = match subject {
            Subject::Named(_) => None,
            Subject::Inline(inline) => Some(inline),
        };
        Translator {
            sources: &self.sources,
            inline,
        }
    }
}

/// Returns where each `{% … %}` begins, its first word and, without quotes, its second.
fn tags(text: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    text.match_indices("{%").filter_map(|(at, _)| {
        let inside = text[at + 2..].trim_start_matches('-').trim_start();
        let (keyword, rest) = inside.split_once(char::is_whitespace)?;
        let target = rest
            .trim_start()
            .split(['"', '\'', '`'])
            .nth(1)
            .unwrap_or_default();
        Some((at, keyword, target))
    })
}

fn mode_of(name: &str) -> Mode {
    if name.ends_with(".md") {
        Mode::Markdown
    } else {
        Mode::Html
    }
}

/// Makes a Tera without templates.
fn empty(mode: Mode) -> Tera {
    let mut tera = Tera::default();
    tera.autoescape_on([""]);
    tera.set_escape_fn(match mode {
        Mode::Html => |text, out| out.write_all(markdown::escape_html(text).as_bytes()),
        Mode::Markdown => |text, out| out.write_all(markdown::escape(text).as_bytes()),
    });
    filters::register(&mut tera, mode);
    tera.set_fallback_prefixes([BUILTIN])
        .expect("there are no templates yet");
    tera
}

/// Adds the templates of a mode. Tera stops at the first file that is wrong: take it out and try again, until the rest fits.
fn link(mode: Mode, sources: &Sources, errors: &mut Vec<TemplateError>) -> Tera {
    let empty = empty(mode);
    let translator = Translator {
        sources,
        inline: None,
    };
    let mut usable = BTreeMap::new();
    let mut left_out = BTreeSet::new();
    for (name, text) in sources.for_tera() {
        let plain = name.strip_prefix(BUILTIN).unwrap_or(&name);
        if mode_of(plain) != mode || plain.starts_with(INLINE_FOLDER) {
            continue;
        }
        match syntax_error(&empty, &name, text) {
            Some(error) => {
                errors.extend(translator.errors(&error, &name));
                left_out.insert(name);
            }
            None => {
                usable.insert(name, text);
            }
        }
    }
    loop {
        let mut tera = empty.clone();
        let Err(error) = tera.add_raw_templates(usable.iter()) else {
            return tera;
        };
        let found = translator.errors(&error, "templates");
        let wrong = wrong_files(&error, &found, sources, &usable);
        errors.extend(
            found
                .into_iter()
                .filter(|error| !follows(error, &left_out, sources)),
        );
        if wrong.is_empty() {
            return empty;
        }
        usable.retain(|name, _| !wrong.contains(name));
        left_out.extend(wrong);
    }
}

fn syntax_error(empty: &Tera, name: &str, text: &str) -> Option<tera::Error> {
    let error = empty.clone().add_raw_template(name, text).err()?;
    matches!(error.kind(), ErrorKind::SyntaxError(_)).then_some(error)
}

/// Returns which files to leave out because of an error.
fn wrong_files(
    error: &tera::Error,
    found: &[TemplateError],
    sources: &Sources,
    usable: &BTreeMap<String, &str>,
) -> BTreeSet<String> {
    let shown: BTreeSet<&str> = found.iter().map(|error| error.file.as_str()).collect();
    let is_shown = |name: &&String| shown.contains(sources.shown(name).as_str());
    let wrong: BTreeSet<String> = usable.keys().filter(is_shown).cloned().collect();
    if !wrong.is_empty() {
        return wrong;
    }
    let text = error.to_string();
    let is_named = |name: &&String| text.contains(&format!("`{name}`"));
    usable.keys().filter(is_named).cloned().collect()
}

/// Whether an error is only that a file is missing, or a component in it, that was left out for its own errors.
fn follows(error: &TemplateError, left_out: &BTreeSet<String>, sources: &Sources) -> bool {
    let name = error.message.split('`').nth(1).unwrap_or_default();
    let is_missing = error.message.starts_with("unknown template")
        || error.message.starts_with("there is no template");
    let is_component = error.message.starts_with("unknown component");
    left_out.iter().any(|file| {
        let defines = |text: &str| text.contains(&format!("component {name}("));
        is_missing && (file == name || file.strip_prefix(BUILTIN) == Some(name))
            || is_component && sources.text(file).is_some_and(defines)
    })
}

/// Takes what a template writes, up to [`MAX_OUTPUT`].
#[derive(Default)]
struct Bounded {
    bytes: Vec<u8>,
}

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > MAX_OUTPUT {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
