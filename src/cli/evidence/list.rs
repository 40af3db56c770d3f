//! `readiness evidence list`, `show`, `export` and `withdraw`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::actions::{Case, Failure, Workspace};
use crate::cli::context::Context;
use crate::cli::{Answer, files, ui};
use crate::domain::assessment::Held;
use crate::domain::evidence::{Evidence, Observation};
use crate::domain::exhibit::Matter;
use crate::domain::id::CustomerId;
use crate::domain::words;
use crate::markdown::{inert, inert_line};
use crate::problem::Problem;

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The customer
    customer: CustomerId,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The customer
    customer: CustomerId,
    /// The entry that took the evidence in
    entry: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The customer
    customer: CustomerId,
    /// The entry that took the evidence in
    entry: u64,
    /// The file to write
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// Write the tool's own file, where it was kept
    #[arg(long)]
    raw: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Withdraw {
    /// The customer
    customer: CustomerId,
    /// The entries that took the evidence in
    #[arg(required = true, value_name = "ENTRY")]
    entries: Vec<u64>,
    /// Why it is no longer to be relied on
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub(crate) async fn list(arguments: List, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let case = workspace.case(&arguments.customer, None).await?;
    let held = &case.book.evidence;
    if arguments.json {
        let rows: Vec<_> = held.iter().map(|held| as_json(&case, held)).collect();
        ui::json(&rows);
    } else if held.is_empty() {
        ui::note("nothing was taken in as evidence");
    } else {
        let rows: Vec<Vec<String>> = held.iter().map(|held| row(&case, held)).collect();
        ui::table(&["entry", "of", "what", "file", "SHA-256"], &rows);
    }
    Ok(Answer::Done)
}

fn row(case: &Case, held: &Held) -> Vec<String> {
    let exhibit = &held.exhibit.what;
    let withdrawn = held.withdrawn.as_ref();
    vec![
        held.exhibit.seq.to_string(),
        when(case, held),
        what(case, held),
        inert_line(&exhibit.name),
        format!(
            "{}{}",
            exhibit.file.short(),
            withdrawn.map_or("", |_| "  withdrawn")
        ),
    ]
}

/// Returns from which day evidence is.
fn when(case: &Case, held: &Held) -> String {
    let zone = case.book.customer.time_zone;
    match &held.exhibit.what.matter {
        Matter::Document { .. } | Matter::Approval => words::day(held.exhibit.at.day_in(zone)),
        Matter::Tool(output) => output
            .taken
            .map_or_else(|| "undated".into(), |taken| words::day(taken.day_in(zone))),
    }
}

/// Returns what evidence is; a question by today's name.
fn what(case: &Case, held: &Held) -> String {
    let mut assessments = case.book.assessments.values();
    let named = assessments.find_map(|assessment| assessment.documents.get(&held.exhibit.seq));
    let words = match named {
        Some(question) => format!("document on {question}"),
        None => held.exhibit.what.words(),
    };
    let tenant = held.exhibit.what.output();
    let tenant = tenant.and_then(|output| output.tenant.as_ref());
    let called = |tenant: &String| format!(", {}", case.book.customer.tenant_called(tenant));
    let tenant = tenant.map_or_else(String::new, called);
    inert_line(format!("{words}{tenant}"))
}

fn as_json(case: &Case, held: &Held) -> serde_json::Value {
    json!({
        "entry": held.exhibit.seq,
        "at": held.exhibit.at,
        "by": held.exhibit.by,
        "what": what(case, held),
        "evidence": held.exhibit.what,
        "withdrawn": held.withdrawn.as_ref().map(|withdrawn| json!({
            "entry": withdrawn.seq, "by": withdrawn.by, "reason": withdrawn.what,
        })),
    })
}

pub(crate) async fn show(arguments: Show, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let case = workspace.case(&arguments.customer, None).await?;
    let held = case.held(arguments.entry)?;
    let evidence = reading(&workspace, held).await?;
    if arguments.json {
        ui::json(&json!({ "evidence": as_json(&case, held), "says": evidence }));
        return Ok(Answer::Done);
    }
    let exhibit = &held.exhibit.what;
    ui::line(&ui::tone(ui::Tone::Strong, &inert_line(&exhibit.name)));
    let mut rows = vec![
        ("what", what(&case, held)),
        ("of", when(&case, held)),
        (
            "taken in",
            format!("entry {} by {}", held.exhibit.seq, held.exhibit.by),
        ),
        (
            "kept",
            format!("{}, {} bytes", exhibit.media_type, exhibit.size),
        ),
        ("SHA-256", exhibit.file.to_string()),
    ];
    for raw in exhibit.output().into_iter().flat_map(|output| &output.raw) {
        let kept = if raw.kept { "kept" } else { "not kept" };
        let name = inert_line(&raw.name);
        rows.push((
            "from",
            format!("{name}, {} bytes, {kept}, SHA-256 {}", raw.size, raw.sha256),
        ));
    }
    if let Some(withdrawn) = &held.withdrawn {
        rows.push((
            "withdrawn",
            format!("by {}: {}", withdrawn.by, inert(&withdrawn.what)),
        ));
    }
    for (name, value) in rows {
        ui::line(&format!("{name:<10} {value}"));
    }
    if let Some(evidence) = evidence {
        print_reading(&evidence, case.book.customer.seats);
    }
    Ok(Answer::Done)
}

/// Returns what a tool's file says.
async fn reading(workspace: &Workspace, held: &Held) -> Result<Option<Evidence>, Failure> {
    let exhibit = &held.exhibit.what;
    if exhibit.output().is_none() {
        return Ok(None);
    }
    let text = workspace.store.text(&exhibit.file).await?;
    Ok(text.and_then(|text| serde_json::from_slice(text.bytes()).ok()))
}

fn print_reading(evidence: &Evidence, seats: Option<u64>) {
    for reason in &evidence.incomplete {
        ui::line(&format!("incomplete {}", inert_line(reason)));
    }
    for warning in &evidence.warnings {
        ui::line(&format!("warning    {}", inert_line(warning.to_string())));
    }
    ui::line("");
    let measured = evidence.measures.iter();
    let measured: Vec<Observation> = measured.map(|measure| measure.observation(seats)).collect();
    let rows: Vec<Vec<String>> = measured
        .iter()
        .chain(&evidence.observations)
        .map(|seen| {
            let why = seen
                .why_unknown
                .map_or_else(String::new, |why| format!(": {}", why.words()));
            let what = seen.title.as_ref().or(seen.detail.as_ref());
            vec![
                inert_line(&seen.written),
                format!("{}{why}", seen.status.words()),
                inert_line(&seen.said),
                inert_line(what.map_or("", String::as_str)),
            ]
        })
        .collect();
    ui::table(&["control", "status", "the tool says", "about"], &rows);
}

pub(crate) async fn export(arguments: Export, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let case = workspace.case(&arguments.customer, None).await?;
    let exhibit = &case.held(arguments.entry)?.exhibit.what;
    let hash = if arguments.raw {
        let raw = exhibit.output().into_iter().flat_map(|output| &output.raw);
        let kept = raw.filter(|raw| raw.kept).map(|raw| &raw.sha256).next();
        kept.ok_or_else(|| {
            let message = format!(
                "the tool's own file was not kept with entry {}",
                arguments.entry
            );
            Failure::usage(Problem::error(message).help("import it with `--keep-raw`"))
        })?
    } else {
        &exhibit.file
    };
    let text = workspace.store.text(hash).await?;
    let text = text.ok_or_else(|| {
        Failure::failed(
            Problem::error(format!("the file {hash} is missing from the store"))
                .help("check the store with `readiness verify`"),
        )
    })?;
    files::write(&arguments.output, text.bytes())?;
    ui::note(&format!("wrote {}", arguments.output.display()));
    Ok(Answer::Done)
}

pub(crate) async fn withdraw(arguments: Withdraw, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let mut case = workspace.case(&arguments.customer, None).await?;
    let by = context.author(&workspace).await?;
    let entries = arguments.entries.into_iter().collect();
    let reason = arguments.reason.trim();
    if reason.is_empty() {
        let problem = Problem::error("`--reason` is empty").help("say why");
        return Err(Failure::usage(problem));
    }
    case.withdraw_evidence(&workspace, &by, &entries, reason)
        .await?;
    ui::note(&format!(
        "withdrew the evidence of {}; what is kept of it stays until `readiness redact` takes it out",
        words::count(entries.len(), "entry", "entries")
    ));
    Ok(Answer::Done)
}
