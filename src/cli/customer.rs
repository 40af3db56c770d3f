//! `readiness customer`: the organisations that are made ready.

mod terms;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::actions::{AsOf, Case, CustomerSummary, Draft, Failure, Summaries, Workspace};
use crate::cli::context::Context;
use crate::cli::customer::terms::Terms;
use crate::cli::{Answer, ui};
use crate::domain::assessment::Book;
use crate::domain::customer::{Customer, CustomerChange, Tenant};
use crate::domain::id::{CustomerId, PersonId};
use crate::domain::ledger::{Fact, PortalStatus};
use crate::domain::time::Day;
use crate::domain::words;
use crate::markdown::inert;
use crate::problem::Problem;
use crate::store::Outcome;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add a customer
    Add {
        /// The id that commands name: small letters and digits with `-`, `.` or `_` between them
        customer: CustomerId,
        #[command(flatten)]
        properties: Properties,
    },
    /// List every customer
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show what is known of a customer
    Show {
        /// The customer
        customer: CustomerId,
        /// Look back to an entry's number, the end of a date, or a milestone
        #[arg(long, value_name = "SEQ|DATE|MILESTONE")]
        as_of: Option<AsOf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Change what is known of a customer; `none` takes a value out
    Set {
        /// The customer
        customer: CustomerId,
        #[command(flatten)]
        properties: Properties,
        #[command(flatten)]
        portal: Portal,
    },
    /// Write a customer with everything that belongs to them into one file, for another store
    Export {
        /// The customer
        customer: CustomerId,
        /// The file [default: CUSTOMER.readiness.json]
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Take in a customer from a file that `export` wrote
    Import {
        /// The file
        file: PathBuf,
    },
    /// Erase everything of a customer, for good
    Remove {
        /// The customer
        customer: CustomerId,
        /// Why; kept without the name
        #[arg(long)]
        reason: String,
        /// The customer's id again, so that nobody is erased by mistake
        #[arg(long, value_name = "CUSTOMER")]
        confirm: Option<String>,
    },
}

/// Properties of a customer.
#[derive(Debug, Default, Args)]
pub(crate) struct Properties {
    /// The name that people read
    #[arg(long)]
    name: Option<String>,
    /// A Microsoft Entra tenant: its id, with name and domain where they are known
    #[arg(long, value_name = "ID[,NAME[,DOMAIN]]")]
    tenant: Vec<String>,
    /// Licensed seats
    #[arg(long, value_name = "N")]
    seats: Option<String>,
    /// Where the customer's days begin and end, such as Europe/Berlin [default: UTC]
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// The day on which the service is to start
    #[arg(long, value_name = "DATE")]
    go_live: Option<String>,
    /// Your region that serves the customer
    #[arg(long, value_name = "TEXT")]
    region: Option<String>,
    /// How often readiness is looked at again once the service runs, such as 90d
    #[arg(long, value_name = "DAYS")]
    review_every: Option<String>,
    /// The day on which somebody is to speak with the customer next
    #[arg(long, value_name = "DATE")]
    next_touch: Option<String>,
    /// Who manages the service for the customer
    #[arg(long, value_name = "PERSON")]
    manager: Option<String>,
    /// Who stands in for the manager
    #[arg(long, value_name = "PERSON")]
    deputy: Option<String>,
    /// A contact on the customer's side, and what they are there for
    #[arg(long, value_name = "PERSON=ROLE")]
    contact: Vec<String>,
    #[command(flatten)]
    terms: Terms,
}

/// What the service's own page showed.
#[derive(Debug, Default, Args)]
pub(crate) struct Portal {
    /// What your portal showed: actions to complete, in progress, completed
    #[arg(long, value_name = "N,N,N")]
    portal: Option<String>,
    /// The day on which it was looked at [default: today]
    #[arg(long, value_name = "DATE", requires = "portal", value_parser = crate::cli::day)]
    portal_on: Option<Day>,
    /// Protected devices and their target, as the portal showed them
    #[arg(long, value_name = "N/N", requires = "portal")]
    portal_devices: Option<String>,
    /// Protected identities and their target, as the portal showed them
    #[arg(long, value_name = "N/N", requires = "portal")]
    portal_identities: Option<String>,
}

pub(crate) async fn run(command: Command, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    match command {
        Command::Add {
            customer,
            properties,
        } => add(customer, properties, &workspace, context).await,
        Command::List { json } => list(json, &workspace).await,
        Command::Show {
            customer,
            as_of,
            json,
        } => {
            let case = workspace.case(&customer, as_of.as_ref()).await?;
            show(&case, json);
            Ok(Answer::Done)
        }
        Command::Set {
            customer,
            properties,
            portal,
        } => set(&customer, properties, &portal, &workspace, context).await,
        Command::Export { customer, output } => export(&customer, output, &workspace).await,
        Command::Import { file } => import(&file, &workspace).await,
        Command::Remove {
            customer,
            reason,
            confirm,
        } => remove(&customer, &reason, confirm.as_deref(), &workspace).await,
    }
}

async fn add(
    customer: CustomerId,
    properties: Properties,
    workspace: &Workspace,
    context: &Context,
) -> Result<Answer, Failure> {
    let by = context.author(workspace).await?;
    let before = Customer::new(customer.clone());
    let today = workspace.clock.now().day_in(before.time_zone);
    let changes = changes(properties, &before, today, workspace, context).await?;
    let ledger = workspace
        .store
        .create(&customer, &by, workspace.clock.now(), changes)
        .await?;
    let case = workspace.case(&ledger.customer, None).await?;
    ui::note(&format!(
        "added {} ({customer}); begin with `readiness assess {customer}`",
        inert(&case.book.customer.name)
    ));
    Ok(Answer::Done)
}

async fn list(json: bool, workspace: &Workspace) -> Result<Answer, Failure> {
    let Summaries {
        customers,
        problems,
        ..
    } = workspace.summaries().await?;
    if json {
        let values: Vec<_> = customers
            .iter()
            .map(|customer| {
                let first = customer.first();
                serde_json::json!({
                    "id": customer.id,
                    "name": first.map(|summary| &summary.name),
                    "go_live": first.and_then(|summary| summary.go_live),
                    "assessments": assessments(customer),
                    "last_entry": customer.seq,
                })
            })
            .collect();
        ui::json(&values);
    } else if customers.is_empty() && problems.0.is_empty() {
        ui::note(
            "no customers yet; add one with `readiness customer add ID --name \"…\"`, or try `readiness demo`",
        );
    } else {
        let rows: Vec<Vec<String>> = customers.iter().map(row).collect();
        ui::table(&["id", "name", "go-live", "assessments"], &rows);
    }
    if problems.0.is_empty() {
        Ok(Answer::Done)
    } else {
        Err(Failure::failed(problems))
    }
}

fn row(customer: &CustomerSummary) -> Vec<String> {
    let first = customer.first();
    let go_live = first.and_then(|summary| summary.go_live);
    vec![
        customer.id.to_string(),
        inert(first.map_or("", |summary| &summary.name)),
        go_live.map_or_else(|| "–".into(), words::day),
        assessments(customer).join(", "),
    ]
}

fn assessments(customer: &CustomerSummary) -> Vec<&str> {
    let rows = customer.rows.iter();
    rows.filter_map(|(id, _)| Some(id.as_ref()?.as_str()))
        .collect()
}

fn show(case: &Case, json: bool) {
    let Book {
        customer,
        milestones,
        holes,
        seq,
        ..
    } = &case.book;
    if json {
        ui::json(customer);
        return;
    }
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".into());
    let person = |id: &Option<PersonId>| or_dash(id.as_ref().map(ToString::to_string));
    let mut rows = vec![
        ("name", inert(&customer.name)),
        (
            "seats",
            or_dash(customer.seats.map(|seats| words::number(i128::from(seats)))),
        ),
        ("time zone", customer.time_zone.to_string()),
        ("go-live", or_dash(customer.go_live.map(words::day))),
        (
            "moved",
            words::count(customer.go_live_moved as usize, "time", "times"),
        ),
        ("manager", person(&customer.manager)),
        ("deputy", person(&customer.deputy)),
    ];
    rows.extend(terms::rows(customer));
    for (id, tenant) in &customer.tenants {
        let names = [tenant.name.as_deref(), tenant.domain.as_deref()];
        let names: Vec<String> = names.into_iter().flatten().map(inert).collect();
        rows.push(("tenant", format!("{} {}", inert(id), names.join(", "))));
    }
    for (contact, role) in &customer.contacts {
        rows.push(("contact", format!("{contact}: {}", inert(role))));
    }
    for milestone in milestones {
        rows.push((
            "milestone",
            format!(
                "{} (entry {}, {})",
                milestone.name,
                milestone.seq,
                milestone.at.local(customer.time_zone)
            ),
        ));
    }
    for hole in holes {
        rows.push((
            "redacted",
            format!(
                "entry {} ({}), by {}: {}",
                hole.seq,
                hole.kind,
                hole.by,
                inert(&hole.reason)
            ),
        ));
    }
    ui::line(&ui::tone(ui::Tone::Strong, customer.id.as_str()));
    for (name, value) in rows {
        ui::line(&format!("{name:<10} {}", value.trim_end()));
    }
    ui::line(&format!("{:<10} {seq}", "entries"));
}

async fn set(
    customer: &CustomerId,
    properties: Properties,
    portal: &Portal,
    workspace: &Workspace,
    context: &Context,
) -> Result<Answer, Failure> {
    let mut case = workspace.case(customer, None).await?;
    let by = context.author(workspace).await?;
    let (before, today) = (&case.book.customer, case.book.today);
    let changes = changes(properties, before, today, workspace, context).await?;
    let mut drafts = Vec::new();
    let news: Vec<CustomerChange> = changes
        .into_iter()
        .filter(|change| {
            let mut changed = case.book.customer.clone();
            changed.apply(change);
            changed != case.book.customer
        })
        .collect();
    if !news.is_empty() {
        drafts.push(Draft::free(Fact::CustomerChanged { changes: news }));
    }
    if let Some(status) = portal_status(portal, case.book.today)? {
        drafts.push(Draft::free(Fact::PortalStatus(status)));
    }
    if drafts.is_empty() {
        ui::note("nothing to change");
        return Ok(Answer::Done);
    }
    case.record(workspace, &by, drafts).await?;
    ui::note(&format!("recorded as entry {}", case.book.seq));
    Ok(Answer::Done)
}

/// Reads what was typed into changes.
async fn changes(
    properties: Properties,
    before: &Customer,
    today: Day,
    workspace: &Workspace,
    context: &Context,
) -> Result<Vec<CustomerChange>, Failure> {
    let mut changes = properties.terms.changes(before, today)?;
    if let Some(name) = properties.name {
        changes.push(CustomerChange::Name(one_line("a customer's name", &name)?));
    }
    for tenant in &properties.tenant {
        changes.push(tenant_change(tenant)?);
    }
    if let Some(seats) = properties.seats {
        changes.push(CustomerChange::Seats(optional(
            &seats,
            "--seats",
            "a whole number such as 900",
        )?));
    }
    if let Some(zone) = properties.time_zone {
        let zone = zone.parse().map_err(|_| {
            Failure::usage(
                Problem::error(format!("there is no time zone `{}`", inert(&zone)))
                    .help("give one of the tz database, such as Europe/Berlin or America/New_York"),
            )
        })?;
        changes.push(CustomerChange::TimeZone(zone));
    }
    if let Some(day) = properties.go_live {
        let day: Option<Day> = optional(&day, "--go-live", "a date such as 2026-10-01")?;
        if let Some(past) = day.filter(|day| *day < today) {
            let message = format!("the go-live of {} has passed already", words::day(past));
            let warning = Problem::warning(message)
                .help("it is recorded; if the year is a slip, set it again with `--go-live`");
            ui::problems(&warning.into());
        }
        changes.push(CustomerChange::GoLive(day));
    }
    if let Some(region) = properties.region {
        let named = (region != "none").then(|| one_line("a region", &region));
        changes.push(CustomerChange::Region(named.transpose()?));
    }
    if let Some(days) = properties.review_every {
        changes.push(CustomerChange::ReviewEvery(optional(
            &days,
            "--review-every",
            "a number of days such as 90d",
        )?));
    }
    if let Some(day) = properties.next_touch {
        changes.push(CustomerChange::NextTouch(optional(
            &day,
            "--next-touch",
            "a date such as 2026-10-01",
        )?));
    }
    if let Some(name) = properties.manager {
        changes.push(CustomerChange::Manager(
            somebody(&name, workspace, context).await?,
        ));
    }
    if let Some(name) = properties.deputy {
        changes.push(CustomerChange::Deputy(
            somebody(&name, workspace, context).await?,
        ));
    }
    for contact in &properties.contact {
        changes.push(contact_change(contact, workspace, context).await?);
    }
    Ok(changes)
}

async fn somebody(
    name: &str,
    workspace: &Workspace,
    context: &Context,
) -> Result<Option<PersonId>, Failure> {
    if name == "none" {
        return Ok(None);
    }
    context.person(workspace, name).await.map(Some)
}

async fn contact_change(
    contact: &str,
    workspace: &Workspace,
    context: &Context,
) -> Result<CustomerChange, Failure> {
    let Some((name, role)) = contact.split_once('=') else {
        return Err(Failure::usage(
            Problem::error(format!(
                "`--contact {}` names nobody's role",
                inert(contact)
            ))
            .help(
                "write PERSON=ROLE, such as \"J. Roth=SOC lead\"; PERSON=none takes a contact away",
            ),
        ));
    };
    let person = context.person(workspace, name).await?;
    if role.trim() == "none" {
        return Ok(CustomerChange::ContactRemoved(person));
    }
    let role = one_line("a contact's role", role)?;
    Ok(CustomerChange::Contact { person, role })
}

fn tenant_change(text: &str) -> Result<CustomerChange, Failure> {
    let mut parts = text.splitn(3, ',').map(str::trim);
    let id = one_line("a tenant's id", parts.next().unwrap_or_default())?;
    let mut part = || {
        parts
            .next()
            .filter(|part| !part.is_empty())
            .map(|part| one_line("a tenant's name", part))
            .transpose()
    };
    let (name, domain) = (part()?, part()?);
    if name.as_deref() == Some("none") {
        return Ok(CustomerChange::TenantRemoved(id));
    }
    Ok(CustomerChange::Tenant {
        id,
        tenant: Tenant { name, domain },
    })
}

/// Reads a value, or `none`.
fn optional<T: std::str::FromStr>(
    text: &str,
    option: &str,
    wanted: &str,
) -> Result<Option<T>, Failure> {
    if text == "none" {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| {
        Failure::usage(
            Problem::error(format!("`{option} {}` is not {wanted}", inert(text)))
                .help(format!("give {wanted}, or `none`")),
        )
    })
}

/// Checks that a name is one line of a sensible length.
fn one_line(what: &str, text: &str) -> Result<String, Failure> {
    let text = text.trim();
    let fits = (1..=200).contains(&text.chars().count()) && !text.contains(['\n', '\r', '\0']);
    if fits {
        return Ok(text.to_owned());
    }
    Err(Failure::usage(
        Problem::error(format!("{what} is one line of 1 to 200 letters")).help("give another"),
    ))
}

fn portal_status(portal: &Portal, today: Day) -> Result<Option<PortalStatus>, Failure> {
    let Some(text) = &portal.portal else {
        return Ok(None);
    };
    let wrong = || {
        Failure::usage(
            Problem::error(format!("`--portal {}` is not three counts", inert(text)))
                .help("write to complete, in progress, completed, such as 4,2,19"),
        )
    };
    let counts: Vec<u64> = text
        .split(',')
        .map(|count| count.trim().parse().map_err(|_| wrong()))
        .collect::<Result<_, _>>()?;
    let [to_complete, in_progress, completed] = counts[..] else {
        return Err(wrong());
    };
    Ok(Some(PortalStatus {
        on: portal.portal_on.unwrap_or(today),
        to_complete,
        in_progress,
        completed,
        devices: pair(portal.portal_devices.as_deref(), "--portal-devices")?,
        identities: pair(portal.portal_identities.as_deref(), "--portal-identities")?,
    }))
}

fn pair(text: Option<&str>, option: &str) -> Result<Option<(u64, u64)>, Failure> {
    let Some(text) = text else { return Ok(None) };
    text.split_once('/')
        .and_then(|(now, target)| Some((now.trim().parse().ok()?, target.trim().parse().ok()?)))
        .map(Some)
        .ok_or_else(|| {
            Failure::usage(
                Problem::error(format!(
                    "`{option} {}` is not protected/target",
                    inert(text)
                ))
                .help("write for example 812/900"),
            )
        })
}

async fn export(
    customer: &CustomerId,
    output: Option<PathBuf>,
    workspace: &Workspace,
) -> Result<Answer, Failure> {
    // Says which customer is nearest when there is none of this id.
    workspace.case(customer, None).await?;
    let bundle = workspace.store.export(customer).await?;
    let path = output.unwrap_or_else(|| PathBuf::from(format!("{customer}.readiness.json")));
    crate::cli::files::write(&path, &bundle)?;
    ui::note(&format!("wrote {}", path.display()));
    Ok(Answer::Done)
}

async fn import(file: &std::path::Path, workspace: &Workspace) -> Result<Answer, Failure> {
    let bytes = crate::cli::files::read(file, crate::store::MAX_BUNDLE)?;
    let imported = workspace
        .store
        .import(&bytes, workspace.clock.now())
        .await?;
    let customer = &imported.customer;
    match &imported.outcome {
        Outcome::New => ui::note(&format!("added {customer}")),
        Outcome::Extended(entries) => ui::note(&format!(
            "{customer} has {} more",
            words::count(*entries, "entry", "entries")
        )),
        Outcome::Same => ui::note(&format!("{customer} is the same here already")),
        Outcome::Behind(missing) => ui::note(&format!(
            "{customer} is further here: the file lacks {}; nothing was changed",
            words::count(*missing, "entry", "entries")
        )),
        Outcome::Fork(fork) => {
            print_fork(customer, fork);
            return Ok(Answer::No);
        }
    }
    Ok(Answer::Done)
}

fn print_fork(customer: &CustomerId, fork: &crate::store::Fork) {
    ui::note(&format!(
        "{customer} went two ways after entry {}; nothing was changed",
        fork.common
    ));
    for (whose, entries) in [("here", &fork.ours), ("in the file", &fork.theirs)] {
        for entry in entries {
            let header = &entry.header;
            let what = entry.fact.as_ref().map_or_else(String::new, |fact| {
                inert(&serde_json::to_string(fact).unwrap_or_default())
            });
            ui::line(&format!(
                "{whose}: entry {} of {}, by {}: {} {what}",
                header.seq, header.at, header.by, header.kind
            ));
        }
    }
    ui::note("choose what still stands, and record it here by hand");
}

async fn remove(
    customer: &CustomerId,
    reason: &str,
    confirm: Option<&str>,
    workspace: &Workspace,
) -> Result<Answer, Failure> {
    let case = workspace.case(customer, None).await?;
    if confirm != Some(customer.as_str()) {
        return Err(Failure::usage(
            Problem::error(format!(
                "this erases {} of {} for good",
                words::count(case.ledger.entries.len(), "entry", "entries"),
                inert(&case.book.customer.name)
            ))
            .help(format!(
                "say so with `--confirm {customer}`; export first to keep a copy"
            )),
        ));
    }
    workspace
        .store
        .remove(customer, workspace.clock.now(), reason)
        .await?;
    ui::note(&format!("erased {customer}"));
    Ok(Answer::Done)
}
