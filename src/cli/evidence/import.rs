//! `readiness evidence import`: tools' files, known by what is in them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use serde_json::json;

use crate::actions::{
    Arrival, Case, Failure, FileAtHand, Plan, Settlement, TakenIn, Terms, ToolFile, Workspace,
    refuse_unused, remember, settle_arrivals,
};
use crate::cli::context::Context;
use crate::cli::evidence::{gather, settle};
use crate::cli::{Answer, ui};
use crate::domain::evidence::{Evidence, Measure, Status, Tool, Unplaced};
use crate::domain::exhibit::MAX_KEPT;
use crate::domain::id::CustomerId;
use crate::domain::time::{Day, Instant};
use crate::domain::words;
use crate::importers::{self, MAX_BYTES};
use crate::markdown::{inert, inert_line};
use crate::problem::{Problem, Problems};

/// The most titles to place that are listed.
const MAX_LISTED: usize = 20;

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
    /// Which control a title is that fits several, or none that we know; remembered for the customer's later files
    #[arg(long = "is", value_name = "TITLE=CONTROL")]
    settlements: Vec<Settlement>,
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
struct Gathered {
    arrivals: Vec<Arrival>,
    left: Vec<(String, String)>,
    problems: Problems,
    keep_raw: bool,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let mut case = workspace.case(&arguments.customer, None).await?;
    let mut gathered = Gathered::of(&arguments)?;
    let terms = terms(&arguments, &case)?;
    let (plan, read) = plan(&arguments, &case, &workspace, &mut gathered, &terms).await?;
    if !arguments.dry_run {
        let by = context.author(&workspace).await?;
        case.take_in(&workspace, &by, &plan).await?;
    }
    if arguments.json {
        ui::json(&as_json(&plan, &read, &gathered.left, arguments.dry_run));
    } else {
        print(&plan, &read, &case, arguments.dry_run);
        print_left(&gathered.left);
    }
    Ok(Answer::Done)
}

/// Plans what is recorded: titles settled first, by what is said now and by what was said before.
async fn plan(
    arguments: &Arguments,
    case: &Case,
    workspace: &Workspace,
    gathered: &mut Gathered,
    terms: &Terms,
) -> Result<(Plan, Vec<Read>), Failure> {
    let mut arrivals = std::mem::take(&mut gathered.arrivals);
    let settlements = &arguments.settlements;
    let mut rows = settle_arrivals(&mut arrivals, settlements);
    let waits = |arrival: &Arrival| !arrival.evidence.unplaced.is_empty();
    let mut sources = Vec::new();
    if !settlements.is_empty() || arrivals.iter().any(waits) {
        sources = case.sources(workspace).await?;
    }
    let remembered = remember(&mut arrivals, &sources);
    let mut read: Vec<Read> = arrivals.iter().map(Read::of).collect();
    if let Some(first) = read.first_mut() {
        first.remembered = remembered;
    }
    let waiting: Vec<String> = read
        .iter()
        .flat_map(|read| read.unplaced.iter().map(Unplaced::label))
        .collect();
    let mut plan = case.plan_evidence(arrivals, terms)?;
    for (rows, more) in rows
        .iter_mut()
        .zip(plan.settle(case, &sources, settlements))
    {
        *rows += more;
    }
    refuse_unused(settlements, &rows, &waiting)?;
    Ok((plan, read))
}

/// What is told of a file that was read.
struct Read {
    tool: Tool,
    form: String,
    rows: u64,
    counts: Counts,
    measures: Vec<Measure>,
    warnings: Vec<String>,
    incomplete: Vec<String>,
    unplaced: Vec<Unplaced>,
    remembered: Vec<Settlement>,
}

impl Read {
    fn of(arrival: &Arrival) -> Self {
        let evidence = &arrival.evidence;
        Self {
            tool: evidence.tool,
            form: evidence.form.clone(),
            rows: evidence.rows,
            counts: counts(evidence),
            measures: evidence.measures.clone(),
            warnings: evidence.warnings.iter().map(ToString::to_string).collect(),
            incomplete: evidence.incomplete.clone(),
            unplaced: evidence.unplaced.clone(),
            remembered: Vec::new(),
        }
    }
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
        taken: arguments.taken.and_then(noon),
    })
}

impl Gathered {
    /// Reads all that was named; refuses where a tool's file is damaged, or none is a tool's.
    fn of(arguments: &Arguments) -> Result<Self, Failure> {
        let mut gathered = Self {
            arrivals: Vec::new(),
            left: Vec::new(),
            problems: Problems::default(),
            keep_raw: arguments.keep_raw,
        };
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
        Ok(gathered)
    }

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
                files: vec![ToolFile::of(file, self.keep_raw)],
            }),
            Err(problems) => self.refuse(&file.name, problems),
        }
        self.refuse_too_much()
    }

    /// Takes what is known of a folder, one file after the other, and lists the rest.
    fn take_folder(&mut self, folder: &Path) -> Result<(), Failure> {
        let listing = gather::list(folder)?;
        self.left.extend(listing.left);
        let mut held: BTreeMap<String, ToolFile> = BTreeMap::new();
        let mut read = importers::Folder::default();
        for (path, size) in listing.files {
            let below = path.strip_prefix(folder).unwrap_or(&path);
            let name = below.to_string_lossy().replace('\\', "/");
            if size > MAX_BYTES as u64 {
                self.left.push((name, importers::too_large(size).message));
                continue;
            }
            let too_large = |_: &str, size| Failure::failed(importers::too_large(size));
            let file = gather::file(&path, size, too_large)?;
            let before = read.imported.len();
            read.take(&name, &file.bytes);
            if read.imported.len() > before {
                let file = FileAtHand { name, ..file };
                held.insert(file.name.clone(), ToolFile::of(file, self.keep_raw));
            }
        }
        let read = read.whole();
        for (name, problems) in read.refused {
            self.refuse(&name, problems);
        }
        self.left.extend(read.left);
        for imported in read.imported {
            let files = imported.files.iter();
            self.arrivals.push(Arrival {
                files: files.filter_map(|name| held.remove(name)).collect(),
                evidence: imported.evidence,
            });
        }
        self.refuse_too_much()
    }

    /// Refuses files that are to be kept and are more than is kept of a customer.
    fn refuse_too_much(&self) -> Result<(), Failure> {
        let files = self.arrivals.iter().flat_map(|arrival| &arrival.files);
        let kept: usize = files
            .map(|file| file.bytes.as_ref().map_or(0, Vec::len))
            .sum();
        if kept as u64 <= MAX_KEPT {
            return Ok(());
        }
        let limit = MAX_KEPT / (1024 * 1024);
        let message =
            format!("these files are more than {limit} MiB, and no more is kept of a customer");
        Err(Failure::failed(Problem::error(message).help(
            "leave out `--keep-raw`: what the files say is kept without it",
        )))
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

fn print(plan: &Plan, read: &[Read], case: &Case, dry_run: bool) {
    for taken in &plan.taken_in {
        print_one(taken, case, dry_run);
    }
    for one in read {
        for warning in one.warnings.iter().chain(&one.incomplete) {
            let warning = inert_line(warning);
            ui::note(&format!("warning: {}: {warning}", one.tool.title()));
        }
        for settled in &one.remembered {
            let (title, control) = (inert_line(&settled.title), &settled.control);
            ui::note(&format!("“{title}” was settled before as {control}"));
        }
    }
    print_unplaced(read, &case.ledger.customer);
    if !dry_run {
        settle::print(&plan.resettled, case);
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

/// Lists the titles that a person has to place, and says how.
fn print_unplaced(read: &[Read], customer: &CustomerId) {
    let unplaced: Vec<&Unplaced> = read.iter().flat_map(|one| &one.unplaced).collect();
    if unplaced.is_empty() {
        return;
    }
    let count = words::count(unplaced.len(), "title does", "titles do");
    ui::note(&format!(
        "{count} not tell which control it is, and nothing follows from it:"
    ));
    for one in unplaced.iter().take(MAX_LISTED) {
        ui::note(&format!("  {}", settle::describe(one)));
    }
    if unplaced.len() > MAX_LISTED {
        ui::note(&format!("  and {} more", unplaced.len() - MAX_LISTED));
    }
    ui::note(&format!(
        "say which control it is: `readiness evidence settle {customer} \"TITLE=CONTROL\"`"
    ));
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
    let tenant = { output.tenant.as_deref() }.map_or_else(
        || "no tenant named".to_owned(),
        |tenant| case.book.customer.tenant_called(tenant),
    );
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

#[derive(Clone, Copy, Serialize)]
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
    read: &[Read],
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
        "read": read.iter().map(|one| json!({
            "tool": one.tool, "form": one.form, "rows": one.rows, "observations": one.counts,
            "measures": one.measures, "warnings": one.warnings, "incomplete": one.incomplete,
            "unplaced": one.unplaced,
        })).collect::<Vec<_>>(),
        "tenants_added": plan.changes,
        "left": left.iter().map(|(name, why)| json!({ "name": name, "why": why })).collect::<Vec<_>>(),
    })
}
