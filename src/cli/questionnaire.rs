//! `readiness questionnaire`: what is asked, and whether it is well made.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::actions::Failure;
use crate::catalog::library::{Checked, Library, MAIN, Origin, check_path};
use crate::catalog::lock::{self, Lock};
use crate::catalog::{checks, outline, schema, starter};
use crate::cli::context::Context;
use crate::cli::{Answer, files, ui, upgrade};
use crate::domain::id::QuestionnaireId;
use crate::domain::words;
use crate::markdown::inert;
use crate::problem::{Problem, Problems};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the questionnaires that can be used
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show a questionnaire in outline, with every condition
    Show {
        /// The questionnaire
        id: QuestionnaireId,
    },
    /// Check questionnaires and run their scenarios; exit with 3 when something is wrong
    Check(Check),
    /// List what is checked
    Rules {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Write a small questionnaire with comments, to begin from
    New {
        /// Its id: small letters, digits and single `-`
        id: QuestionnaireId,
        /// The folder to put it in
        #[arg(long, value_name = "DIR", default_value = "questionnaires")]
        dir: PathBuf,
    },
    /// Write down the ids of a release, so that the next version can be held against them
    Lock {
        /// The questionnaire's folder
        path: PathBuf,
    },
    /// Go on with a customer under the questionnaire at hand, having shown what changes
    Upgrade(upgrade::Arguments),
    /// Print the JSON Schema of questionnaires, for editors
    Schema,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// A questionnaire's id, its folder or file, or a folder of several [default: all]
    path: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(command: Command, context: &Context) -> Result<Answer, Failure> {
    match command {
        Command::List { json } => list(json, context),
        Command::Show { id } => {
            let (questionnaire, _) = library(context)?.load(&id)?;
            ui::line(&inert(&outline::outline(&questionnaire)));
            Ok(Answer::Done)
        }
        Command::Check(arguments) => check(&arguments, context),
        Command::Rules { json } => {
            rules(json);
            Ok(Answer::Done)
        }
        Command::New { id, dir } => new(&id, &dir),
        Command::Lock { path } => lock(&path),
        Command::Upgrade(arguments) => upgrade::run(arguments, context).await,
        Command::Schema => {
            ui::json(&schema::questionnaire());
            Ok(Answer::Done)
        }
    }
}

fn library(context: &Context) -> Result<Library, Failure> {
    Ok(Library::open(context.global.questionnaires.as_deref())?)
}

fn list(json: bool, context: &Context) -> Result<Answer, Failure> {
    let listed = library(context)?.list();
    if json {
        let values: Vec<_> = listed
            .iter()
            .map(|one| {
                serde_json::json!({
                    "id": one.id, "version": one.version, "title": one.title, "origin": origin(&one.origin),
                })
            })
            .collect();
        ui::json(&values);
        return Ok(Answer::Done);
    }
    let cell = |text: &Option<String>| inert(text.as_deref().unwrap_or("–"));
    let rows: Vec<Vec<String>> = listed
        .iter()
        .map(|one| {
            vec![
                inert(&one.id),
                cell(&one.version),
                cell(&one.title),
                inert(&origin(&one.origin)),
            ]
        })
        .collect();
    ui::table(&["id", "version", "title", "from"], &rows);
    Ok(Answer::Done)
}

/// Says where a questionnaire comes from.
fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Shipped => "shipped".into(),
        Origin::Disk(path) => path.display().to_string(),
    }
}

fn check(arguments: &Check, context: &Context) -> Result<Answer, Failure> {
    let checked = match &arguments.path {
        None => library(context)?.check_all(),
        Some(path) if !path.exists() => match path.to_str().and_then(|id| id.parse().ok()) {
            Some(id) => vec![library(context)?.check(&id)?],
            None => check_path(path),
        },
        Some(path) => check_path(path),
    };
    let problems = Problems(
        checked
            .iter()
            .flat_map(|one| one.problems.0.clone())
            .collect(),
    );
    if arguments.json {
        ui::json(&problems);
    } else {
        ui::problems(&problems);
        for one in &checked {
            ui::note(&verdict(one));
        }
    }
    Ok(if problems.0.is_empty() {
        Answer::Done
    } else {
        Answer::No
    })
}

/// Says in a line how a questionnaire came out.
fn verdict(checked: &Checked) -> String {
    let name = inert(&checked.name);
    let problems = checked.problems.0.len();
    match (&checked.questionnaire, problems) {
        (Some((questionnaire, _)), 0) => format!(
            "{name}: {}, {}, {}: all well",
            words::count(questionnaire.questions.len(), "question", "questions"),
            words::count(questionnaire.findings.len(), "finding", "findings"),
            words::count(checked.scenarios.len(), "scenario", "scenarios"),
        ),
        _ => format!("{name}: {}", words::count(problems, "problem", "problems")),
    }
}

fn rules(json: bool) {
    if json {
        let values: Vec<_> = checks::RULES
            .iter()
            .map(|rule| serde_json::json!({ "code": rule.code, "name": rule.name, "about": rule.about }))
            .collect();
        ui::json(&values);
        return;
    }
    let rows: Vec<Vec<String>> = checks::RULES
        .iter()
        .map(|rule| vec![rule.code.to_owned(), rule.about.to_owned()])
        .collect();
    ui::table(&["code", "what is wrong"], &rows);
}

fn new(id: &QuestionnaireId, dir: &Path) -> Result<Answer, Failure> {
    let folder = dir.join(id.as_str());
    if folder.exists() {
        return Err(Failure::usage(
            Problem::error(format!("`{}` exists already", folder.display()))
                .help("choose another id, or another folder with `--dir`"),
        ));
    }
    for (path, text) in starter::files(id) {
        files::write(&folder.join(path), text.as_bytes())?;
    }
    ui::note(&format!(
        "wrote {}; check it with `readiness questionnaire check {}`",
        folder.display(),
        folder.display()
    ));
    Ok(Answer::Done)
}

fn lock(path: &Path) -> Result<Answer, Failure> {
    let folder = match path.file_name() {
        Some(name) if name == MAIN => match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        },
        _ => path,
    };
    if !folder.join(MAIN).is_file() {
        let message = format!("`{}` is no folder of a questionnaire", path.display());
        return Err(Failure::usage(Problem::error(message).help(
            "name the folder that its `questionnaire.toml` stands in; one that is a single file has no lock file",
        )));
    }
    let Some(checked) = check_path(folder).pop() else {
        return Ok(Answer::Done);
    };
    let Some((questionnaire, _)) = checked.questionnaire else {
        return Err(Failure::failed(checked.problems));
    };
    let file = folder.join(lock::FILE);
    files::write(&file, Lock::of(&questionnaire).to_toml().as_bytes())?;
    ui::note(&format!(
        "wrote {} for {} {}",
        file.display(),
        questionnaire.id,
        questionnaire.version
    ));
    Ok(Answer::Done)
}
