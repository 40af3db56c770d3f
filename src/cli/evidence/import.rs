//! `readiness evidence import`: tools' files, known by what is in them.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use serde_json::json;

use crate::actions::{Arrival, Case, Failure, FileAtHand, Plan, TakenIn, Terms};
use crate::cli::context::Context;
use crate::cli::evidence::gather;
use crate::cli::{Answer, ui};
use crate::domain::evidence::{Evidence, Status};
use crate::domain::id::CustomerId;
use crate::domain::time::{Day, Instant};
use crate::domain::words;
use crate::importers::{self, MAX_BYTES, MAX_FOLDER_BYTES, Named};
use crate::markdown::{inert, inert_line};
use crate::problem::{Problem, Problems};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    /// Files of tools, and folders with such files
    #[arg(required = true, value_name = "FILE|FOLDER")]
    paths: Vec<PathBuf>,
    /// The tenant that is meant, by id, domain or name, where a file speaks of several
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// Add the tenant that a file names to the customer
    #[arg(long)]
    add_tenant: bool,
    /// The day on which it was measured, where a file does not say
    #[arg(long, value_name = "DATE", value_parser = crate::cli::day)]
    taken: Option<Day>,
    /// Keep the files themselves too, beside what they say
    #[arg(long)]
    keep_raw: bool,
    /// Show what would be taken in, and record nothing
    #[arg(long)]
    dry_run: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What was read, and what was not.
#[derive(Default)]
struct Gathered {
    arrivals: Vec<Arrival>,
    left: Vec<(String, String)>,
    problems: Problems,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let mut case = workspace.case(&arguments.customer, None).await?;
    let mut gathered = Gathered::default();
    for path in &arguments.paths {
        gathered.take(path)?;
    }
    if gathered.problems.any_error() {
        return Err(Failure::failed(gathered.problems));
    }
    if gathered.arrivals.is_empty() {
        print_left(&gathered.left);
        return Err(nothing_known());
    }
    let terms = terms(&arguments, &case)?;
    let evidence: Vec<Evidence> = (gathered.arrivals.iter())
        .map(|arrival| arrival.evidence.clone())
        .collect();
    let plan = case.plan_evidence(gathered.arrivals, &terms)?;
    if !arguments.dry_run {
        let by = context.author(&workspace).await?;
        case.take_in(&workspace, &by, &plan).await?;
    }
    if arguments.json {
        ui::json(&as_json(
            &plan,
            &evidence,
            &gathered.left,
            arguments.dry_run,
        ));
    } else {
        print(&plan, &evidence, &case, arguments.dry_run);
        print_left(&gathered.left);
    }
    Ok(Answer::Done)
}

fn nothing_known() -> Failure {
    let known: Vec<String> = importers::IMPORTERS
        .iter()
        .map(|importer| format!("{}: {}", importer.tool.title(), importer.files))
        .collect();
    Failure::failed(
        Problem::error("no file of a tool that we know is among them")
            .help(format!("supported are {}", known.join("; "))),
    )
}

/// Returns the terms; a day given for undated files is taken to end where the customer is.
fn terms(arguments: &Arguments, case: &Case) -> Result<Terms, Failure> {
    if arguments.taken > Some(case.book.today) {
        let problem = Problem::error("`--taken` is a day that is yet to come");
        return Err(Failure::usage(problem));
    }
    let zone = case.book.customer.time_zone;
    let noon = |day: Day| {
        Some(Instant::new(
            day.and_hms_opt(12, 0, 0)?
                .and_local_timezone(zone)
                .earliest()?
                .to_utc(),
        ))
    };
    Ok(Terms {
        tenant: arguments.tenant.clone(),
        add_tenant: arguments.add_tenant,
        keep_raw: arguments.keep_raw,
        taken: arguments.taken.and_then(noon),
    })
}

impl Gathered {
    fn take(&mut self, path: &Path) -> Result<(), Failure> {
        if gather::look(path)?.is_dir() {
            return self.take_folder(path);
        }
        let too_large = |name: &str, size| {
            let problem = importers::too_large(size);
            Failure::failed(Problem {
                message: format!("`{name}`: {}", problem.message),
                ..problem
            })
        };
        let file = gather::file(path, MAX_BYTES as u64, too_large)?;
        match importers::import(&file.bytes) {
            Ok(evidence) => self.arrivals.push(Arrival {
                evidence,
                files: vec![file],
            }),
            Err(problems) => self.refuse(&file.name, problems),
        }
        Ok(())
    }

    /// Takes what is known of a folder, and lists the rest.
    fn take_folder(&mut self, folder: &Path) -> Result<(), Failure> {
        let listing = gather::list(folder)?;
        self.left.extend(listing.left);
        let mut files: Vec<FileAtHand> = Vec::new();
        let mut room = MAX_FOLDER_BYTES as u64;
        for (path, size) in listing.files {
            if size > room || size > MAX_BYTES as u64 {
                let why = importers::too_large(size).message;
                self.left.push((gather::name(&path), why));
                continue;
            }
            room -= size;
            let too_large = |_: &str, size| Failure::failed(importers::too_large(size));
            let mut file = gather::file(&path, size, too_large)?;
            if let Ok(below) = path.strip_prefix(folder) {
                file.name = below.to_string_lossy().replace('\\', "/");
            }
            files.push(file);
        }
        let named: Vec<Named<'_>> = files
            .iter()
            .map(|file| Named {
                name: &file.name,
                bytes: &file.bytes,
            })
            .collect();
        let folder = importers::import_folder(&named);
        for (name, problems) in folder.refused {
            self.refuse(name, problems);
        }
        let left = folder.left.into_iter();
        self.left
            .extend(left.map(|(name, why)| (name.to_owned(), why)));
        for imported in folder.imported {
            let of = |file: &&FileAtHand| imported.files.contains(&file.name.as_str());
            self.arrivals.push(Arrival {
                files: files.iter().filter(of).cloned().collect(),
                evidence: imported.evidence,
            });
        }
        Ok(())
    }

    fn refuse(&mut self, name: &str, problems: Problems) {
        let named = problems.0.into_iter().map(|problem| Problem {
            message: format!("`{}`: {}", inert_line(name), problem.message),
            ..problem
        });
        self.problems.0.extend(named);
    }
}

fn print_left(left: &[(String, String)]) {
    for (name, why) in left {
        ui::note(&format!("left: {}: {}", inert_line(name), inert(why)));
    }
}

fn print(plan: &Plan, evidence: &[Evidence], case: &Case, dry_run: bool) {
    for taken in &plan.taken_in {
        print_one(taken, case, dry_run);
    }
    for one in evidence {
        for warning in one
            .warnings
            .iter()
            .map(ToString::to_string)
            .chain(one.incomplete.clone())
        {
            ui::note(&format!(
                "warning: {}: {}",
                one.tool.title(),
                inert_line(&warning)
            ));
        }
        for unplaced in &one.unplaced {
            let title = unplaced.observation.title.as_deref().unwrap_or_default();
            ui::note(&format!(
                "not placed: {}: “{}” fits {}; say so in an answer",
                one.tool.title(),
                inert_line(title),
                if unplaced.candidates.is_empty() {
                    "no control that we know".to_owned()
                } else {
                    inert_line(&unplaced.candidates.join(", "))
                }
            ));
        }
    }
    let new = plan.taken_in.iter().filter(|taken| taken.before.is_none());
    if dry_run {
        ui::note("nothing was recorded");
    } else if new.count() > 0 {
        let customer = &case.ledger.customer;
        ui::note(&format!(
            "see what they propose: `readiness evidence review {customer}`"
        ));
    }
}

fn print_one(taken: &TakenIn, case: &Case, dry_run: bool) {
    let exhibit = &taken.exhibit;
    let Some(output) = exhibit.output() else {
        return;
    };
    let when = output.taken.map_or_else(
        || "undated".to_owned(),
        |taken| words::day(taken.day_in(case.book.customer.time_zone)),
    );
    let tenant = output.tenant.as_deref().unwrap_or("no tenant named");
    let fate = match taken.before {
        Some(entry) => format!("taken in before as entry {entry}; nothing changed"),
        None if dry_run => "would be taken in".to_owned(),
        None => {
            let mut held = case.book.evidence.iter().rev();
            let held = held.find(|held| held.exhibit.what == *exhibit);
            held.map_or_else(String::new, |held| format!("entry {}", held.exhibit.seq))
        }
    };
    ui::line(&format!(
        "{}  {}, {when}, {}: {fate}",
        ui::tone(ui::Tone::Strong, &inert_line(&exhibit.name)),
        exhibit.words(),
        inert_line(tenant)
    ));
    if let Some(newer) = taken.newer {
        ui::note(&format!("older than entry {newer}, which stays in front"));
    }
}

#[derive(Serialize)]
struct Counts {
    met: usize,
    partly: usize,
    not_met: usize,
    unknown: usize,
}

fn counts(evidence: &Evidence) -> Counts {
    let count = |status| {
        let observations = evidence.observations.iter();
        observations.filter(|seen| seen.status == status).count()
    };
    Counts {
        met: count(Status::Met),
        partly: count(Status::Partly),
        not_met: count(Status::NotMet),
        unknown: count(Status::Unknown),
    }
}

fn as_json(
    plan: &Plan,
    evidence: &[Evidence],
    left: &[(String, String)],
    dry_run: bool,
) -> serde_json::Value {
    json!({
        "recorded": !dry_run,
        "files": plan.taken_in.iter().map(|taken| json!({
            "evidence": taken.exhibit,
            "before": taken.before,
            "newer": taken.newer,
        })).collect::<Vec<_>>(),
        "read": evidence.iter().map(|one| json!({
            "tool": one.tool, "form": one.form, "rows": one.rows, "observations": counts(one),
            "measures": one.measures, "warnings": one.warnings, "incomplete": one.incomplete,
            "unplaced": one.unplaced,
        })).collect::<Vec<_>>(),
        "tenants_added": plan.changes,
        "left": left.iter().map(|(name, why)| json!({ "name": name, "why": why })).collect::<Vec<_>>(),
    })
}
