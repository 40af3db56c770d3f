//! `readiness templates`: how pages and recommendations are laid out, and replacing what is shipped.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use crate::actions::Failure;
use crate::cli::context::Context;
use crate::cli::render::{problems, worker};
use crate::cli::{Answer, files, ui};
use crate::domain::words;
use crate::markdown::inert;
use crate::problem::{Problem, Problems};
use crate::report::sample;
use crate::template::{Origin, Templates};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List every template, and which are replaced
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Write shipped templates into a folder, to change them there
    Export {
        /// The folder; nothing that is in it is replaced
        folder: PathBuf,
        /// Only these, by name or by folder, such as report/report.html or recommendations [default: all]
        #[arg(value_name = "NAME")]
        names: Vec<String>,
    },
    /// Check every template, and render it with sample data; exit with 3 when something is wrong
    Check {
        /// Only files whose name contains this
        #[arg(value_name = "NAME")]
        name: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(crate) fn run(command: Command, context: &Context) -> Result<Answer, Failure> {
    match command {
        Command::List { json } => list(&context.templates()?, json),
        Command::Export { folder, names } => export(&folder, &names),
        Command::Check { name, json } => check(context, name.as_deref(), json),
    }
}

fn list(templates: &Templates, json: bool) -> Result<Answer, Failure> {
    let listed = templates.list();
    if json {
        let row = |name: &str, origin| serde_json::json!({ "name": name, "origin": code(origin), "file": templates.path(name) });
        let rows: Vec<_> = listed
            .iter()
            .map(|one| row(&one.name, one.origin))
            .collect();
        ui::json(&rows);
        return Ok(Answer::Done);
    }
    let rows: Vec<Vec<String>> = listed
        .iter()
        .map(|one| {
            let origin = match one.origin {
                Origin::BuiltIn => "shipped".to_owned(),
                Origin::Overridden => format!("replaced by {}", inert(&templates.path(&one.name))),
                Origin::Added => format!("added by {}", inert(&templates.path(&one.name))),
            };
            vec![inert(&one.name), origin]
        })
        .collect();
    ui::table(&["template", "from"], &rows);
    Ok(Answer::Done)
}

fn code(origin: Origin) -> &'static str {
    match origin {
        Origin::BuiltIn => "shipped",
        Origin::Overridden => "replaced",
        Origin::Added => "added",
    }
}

/// Writes all or none; what is there already is somebody's work.
fn export(folder: &Path, names: &[String]) -> Result<Answer, Failure> {
    let templates = Templates::builtin().map_err(problems)?;
    let chosen = chosen(&templates, names)?;
    let taken: Vec<PathBuf> = chosen
        .iter()
        .map(|name| folder.join(name))
        .filter(|path| path.symlink_metadata().is_ok())
        .collect();
    if let Some(first) = taken.first() {
        let first = first.display();
        let message = match taken.len() - 1 {
            0 => format!("`{first}` exists already; nothing was written"),
            more => format!("`{first}` and {more} more exist already; nothing was written"),
        };
        return Err(Failure::failed(Problem::error(message).help(
            "name another folder, or only the templates that are not there yet",
        )));
    }
    for name in &chosen {
        let text = templates.source(name).unwrap_or_default();
        files::write(&folder.join(name), text.as_bytes())?;
    }
    ui::note(&format!(
        "wrote {} to {folder}; change what you like, remove the rest, and use them with `--templates {folder}`",
        words::count(chosen.len(), "template", "templates"),
        folder = folder.display()
    ));
    Ok(Answer::Done)
}

/// Returns the names that were asked for, each by itself or by its folder.
fn chosen(templates: &Templates, names: &[String]) -> Result<Vec<String>, Failure> {
    let known: Vec<String> = templates.list().into_iter().map(|one| one.name).collect();
    if names.is_empty() {
        return Ok(known);
    }
    let mut unknown = Problems::default();
    let mut chosen = Vec::new();
    for wanted in names {
        let folder = format!("{}/", wanted.trim_end_matches('/'));
        let before = chosen.len();
        let found = known
            .iter()
            .filter(|name| *name == wanted || name.starts_with(&folder));
        chosen.extend(found.cloned());
        if chosen.len() == before {
            unknown.push(no_template(wanted, &known));
        }
    }
    chosen.sort();
    chosen.dedup();
    if unknown.any_error() {
        return Err(Failure::usage(unknown));
    }
    Ok(chosen)
}

fn no_template(wanted: &str, known: &[String]) -> Problem {
    let alike = |name: &str| {
        let stem = name.rsplit('/').next().unwrap_or(name);
        strsim::jaro_winkler(name, wanted).max(strsim::jaro_winkler(stem, wanted))
    };
    let near = known
        .iter()
        .max_by(|a, b| alike(a).total_cmp(&alike(b)))
        .filter(|name| alike(name) > 0.8);
    let problem = Problem::error(format!("there is no shipped template `{wanted}`"));
    match near {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help("see `readiness templates list`"),
    }
}

fn check(context: &Context, name: Option<&str>, json: bool) -> Result<Answer, Failure> {
    let folder = context.global.templates.as_deref();
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(Failure::failed(
            Problem::error(format!("`{}` is no folder", folder.display()))
                .help("check the path given by `--templates`"),
        ));
    }
    let found = problems(Templates::check(folder, &worker()?, name, &sample::jobs()));
    if json {
        ui::json(&found);
    } else if found.0.is_empty() {
        ui::line(&format!("{}: all well", looked_at(context, name)?));
    } else {
        ui::problems(&found);
    }
    Ok(if found.0.is_empty() {
        Answer::Done
    } else {
        Answer::No
    })
}

/// Returns how many templates were checked, in words; none is somebody's slip.
fn looked_at(context: &Context, name: Option<&str>) -> Result<String, Failure> {
    let templates = context.templates()?;
    let listed = templates.list();
    let count = listed
        .iter()
        .filter(|one| name.is_none_or(|name| templates.path(&one.name).contains(name)))
        .count();
    if count == 0 {
        let name = inert(name.unwrap_or_default());
        return Err(Failure::usage(
            Problem::error(format!("no template has `{name}` in the name of its file"))
                .help("see `readiness templates list`"),
        ));
    }
    Ok(words::count(count, "template", "templates"))
}
