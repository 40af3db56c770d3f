//! `readiness demo`: a sample customer through the shipped questionnaire, with real reports, in a folder of its own.
//!
//! Everything is done by the same actions that a manager's commands use; only the clock of the first walk is set back.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::actions::{Case, Clock, DEFAULT_QUESTIONNAIRE, Draft, Failure, Wanted, Workspace};
use crate::catalog::answers;
use crate::cli::context::Context;
use crate::cli::status::Status;
use crate::cli::ui::Tone;
use crate::cli::{Answer, files, ui};
use crate::domain::customer::{CustomerChange, Tenant};
use crate::domain::decision::{Action, Disposition, Party};
use crate::domain::id::{CustomerId, FindingKey, PersonId, QuestionnaireId};
use crate::domain::ledger::{Fact, PortalStatus, Subject};
use crate::domain::person::Person;
use crate::domain::time::{Day, Instant};
use crate::problem::{Problem, SourceText};
use crate::report::{Audience, Branding, Format};
use crate::store::Location;

/// The sample customer.
const CUSTOMER: &str = "contoso";

/// The people of the sample: id, name, organisation.
const PEOPLE: [(&str, &str, &str); 6] = [
    ("anna-berg", "Anna Berg", "Example Managed Security"),
    ("bo-lind", "Bo Lind", "Example Managed Security"),
    ("c-weber", "C. Weber", "Contoso Ltd"),
    ("j-roth", "J. Roth", "Contoso Ltd"),
    ("l-haas", "L. Haas", "Contoso Ltd"),
    ("m-sommer", "M. Sommer", "Contoso Ltd"),
];

/// How many days before today the first walk took place.
const KICK_OFF: u64 = 84;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The folder for the store and the reports
    #[arg(long, value_name = "DIR", default_value = "readiness-demo")]
    dir: PathBuf,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let store = arguments.dir.join("readiness.db");
    let now = context.clock().now();
    let customer: CustomerId = id(CUSTOMER)?;
    let location = Location::File(store.clone());
    let workspace = Workspace::open(&location, None, Clock::Frozen(now)).await?;
    let known = workspace.store.ledger(&customer).await?.is_some();
    if known {
        ui::note(
            "the sample customer is there already: nothing is added, the reports are made anew",
        );
    } else {
        play(&location, &workspace, &customer, now).await?;
    }
    let case = workspace.case(&customer, None).await?;
    let written = write_reports(&arguments.dir, &case, &workspace, context).await?;
    show(&case, &workspace, &store, &written).await?;
    workspace.store.close().await;
    Ok(Answer::Done)
}

/// Parses one of our own ids.
fn id<T: std::str::FromStr<Err = crate::domain::id::IdFault>>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|fault: crate::domain::id::IdFault| {
        Failure::failed(Problem::error(fault.to_string()))
    })
}

/// Leads the sample customer through two walks: one twelve weeks ago, one today.
async fn play(
    location: &Location,
    workspace: &Workspace,
    customer: &CustomerId,
    now: Instant,
) -> Result<(), Failure> {
    let earlier = Instant::new(now.utc() - chrono::Days::new(KICK_OFF));
    let then = Workspace::open(location, None, Clock::Frozen(earlier)).await?;
    for (person, name, organisation) in PEOPLE {
        let person = Person {
            id: id(person)?,
            name: name.to_owned(),
            mail: None,
            organisation: Some(organisation.to_owned()),
        };
        if workspace.store.person(&person.id).await?.is_none() {
            workspace.store.add_person(&person).await?;
        }
    }
    let author: PersonId = id("anna-berg")?;
    let today = now.day_in(chrono_tz::Europe::Berlin);
    then.store
        .create(customer, &author, earlier, properties(today)?)
        .await?;
    let mut case = then.case(customer, None).await?;
    import(
        &mut case,
        &then,
        &author,
        "kick-off",
        include_str!("demo/kick-off.toml"),
    )
    .await?;
    let milestone = Fact::Milestone {
        name: id("kick-off")?,
        note: None,
    };
    case.record(&then, &author, vec![Draft::free(milestone)])
        .await?;
    then.store.close().await;
    let mut case = workspace.case(customer, None).await?;
    import(
        &mut case,
        workspace,
        &author,
        "today",
        include_str!("demo/today.toml"),
    )
    .await?;
    decide(&mut case, workspace, &author, today).await
}

fn properties(today: Day) -> Result<Vec<CustomerChange>, Failure> {
    Ok(vec![
        CustomerChange::Name("Contoso Ltd".into()),
        CustomerChange::Seats(Some(900)),
        CustomerChange::TimeZone(chrono_tz::Europe::Berlin),
        CustomerChange::Tenant {
            id: "00000000-aaaa-4bbb-8ccc-dddddddddddd".into(),
            tenant: Tenant {
                name: Some("Contoso".into()),
                domain: Some("contoso.example".into()),
            },
        },
        CustomerChange::Manager(Some(id("anna-berg")?)),
        CustomerChange::Deputy(Some(id("bo-lind")?)),
        CustomerChange::Contact {
            person: id("c-weber")?,
            role: "CISO".into(),
        },
        CustomerChange::Contact {
            person: id("j-roth")?,
            role: "SOC lead".into(),
        },
        CustomerChange::GoLive(today.checked_add_days(chrono::Days::new(30))),
    ])
}

async fn import(
    case: &mut Case,
    workspace: &Workspace,
    author: &PersonId,
    name: &str,
    text: &str,
) -> Result<(), Failure> {
    let written = answers::read(SourceText {
        name: format!("demo/{name}.toml"),
        text: text.to_owned(),
    })?;
    case.import_answers(workspace, author, &written).await?;
    Ok(())
}

/// Takes the decisions of the second walk.
async fn decide(
    case: &mut Case,
    workspace: &Workspace,
    author: &PersonId,
    today: Day,
) -> Result<(), Failure> {
    let questionnaire: QuestionnaireId = id(DEFAULT_QUESTIONNAIRE)?;
    let within = |days: u64| {
        today
            .checked_add_days(chrono::Days::new(days))
            .unwrap_or(today)
    };
    let plans = [
        ("mdi-dcs-unwatched", "l-haas", 18),
        ("mde-devices-unprotected", "l-haas", 12),
        ("access-expert-sign-in@not_blocked", "l-haas", 12),
        ("access-responders-without-rights", "j-roth", 9),
        ("contacts-incident@On-call operations", "j-roth", 5),
        ("lic-servers-uncovered", "l-haas", 20),
    ];
    for (finding, owner, days) in plans {
        let action = Action::Plan {
            owner: id(owner)?,
            due: within(days),
        };
        decide_if_standing(case, workspace, author, &questionnaire, finding, &action).await?;
    }
    take_steps(case, workspace, author, &questionnaire).await?;
    let accepted = Action::Accept(Disposition {
        reason: "The works council decides in January; until then office hours are covered by hand"
            .into(),
        decided_by: id("j-roth")?,
        approved_by: id("c-weber")?,
        until: within(60),
    });
    decide_if_standing(
        case,
        workspace,
        author,
        &questionnaire,
        "access-expert-role",
        &accepted,
    )
    .await?;
    let remark = Fact::Remarked {
        questionnaire,
        about: Subject::Assessment,
        text: "Licences and access are in place since the kick-off. One setting still keeps the experts from signing in, \
               and at night nobody answers. Both have an owner."
            .into(),
    };
    let portal = Fact::PortalStatus(PortalStatus {
        on: today,
        to_complete: 4,
        in_progress: 2,
        completed: 19,
        devices: Some((812, 900)),
        identities: Some((24, 41)),
    });
    case.record(
        workspace,
        author,
        vec![Draft::free(remark), Draft::free(portal)],
    )
    .await?;
    Ok(())
}

/// Decides about a finding, should the questionnaire at hand raise it.
/// Lets some of what was planned go on: one is begun, one waits, one is reported done.
async fn take_steps(
    case: &mut Case,
    workspace: &Workspace,
    author: &PersonId,
    questionnaire: &QuestionnaireId,
) -> Result<(), Failure> {
    let waits = Action::Wait {
        on: Party::Licence,
        why: "The licences are ordered and come with the next bill".into(),
    };
    let claims = Action::Claim {
        by: id("j-roth")?,
        comment: Some("Two more are in the rota since Monday".into()),
    };
    for (finding, action) in [
        ("mdi-dcs-unwatched", Action::Start),
        ("lic-servers-uncovered", waits),
        ("contacts-incident@On-call operations", claims),
    ] {
        decide_if_standing(case, workspace, author, questionnaire, finding, &action).await?;
    }
    Ok(())
}

async fn decide_if_standing(
    case: &mut Case,
    workspace: &Workspace,
    author: &PersonId,
    questionnaire: &QuestionnaireId,
    finding: &str,
    action: &Action,
) -> Result<(), Failure> {
    let key: FindingKey = id(finding)?;
    let (_, assessment) = case.assessment(Some(questionnaire))?;
    if assessment
        .lives
        .get(&key)
        .is_some_and(crate::domain::finding::Life::stands)
    {
        let people = workspace.people().await?;
        let questionnaire = Some(questionnaire);
        case.decide(workspace, author, &people, questionnaire, &[key], action)
            .await?;
    }
    Ok(())
}

async fn write_reports(
    dir: &Path,
    case: &Case,
    workspace: &Workspace,
    context: &Context,
) -> Result<Vec<PathBuf>, Failure> {
    let templates = context.templates()?;
    let mut paths = Vec::new();
    for audience in [Audience::Executive, Audience::Technical] {
        let wanted = Wanted {
            finding: None,
            questionnaire: Some(id(DEFAULT_QUESTIONNAIRE)?),
            audience,
            formats: vec![Format::Html, Format::Markdown],
            branding: Branding {
                provider: Some("Example Managed Security".into()),
                classification: Some("Confidential".into()),
                ..Branding::default()
            },
            prepared_for: Some("C. Weber, CISO".into()),
            milestone: None,
            left_out: BTreeSet::new(),
        };
        for file in case.report(workspace, &templates, &wanted).await? {
            let path = dir.join(&file.name);
            files::write(&path, &file.bytes)?;
            paths.push(path);
        }
    }
    Ok(paths)
}

async fn show(
    case: &Case,
    workspace: &Workspace,
    store: &Path,
    written: &[PathBuf],
) -> Result<(), Failure> {
    let questionnaire = id(DEFAULT_QUESTIONNAIRE)?;
    let (_, assessment) = case.assessment(Some(&questionnaire))?;
    let names = workspace.names().await?;
    Status::of(case, assessment, Vec::new()).print(case, &|id| {
        names.get(id).cloned().unwrap_or_else(|| id.to_string())
    });
    ui::line("");
    ui::line(&ui::tone(Tone::Strong, "Written"));
    for path in written {
        ui::line(&format!("  {}", path.display()));
    }
    let store = store.display();
    let program = program();
    ui::line("");
    ui::line(&ui::tone(Tone::Strong, "Try next"));
    for command in [
        format!("{program} --store {store} assess {CUSTOMER}"),
        format!("{program} --store {store} explain {CUSTOMER}"),
        format!("{program} --store {store} finding list {CUSTOMER}"),
        format!("{program} --store {store} report {CUSTOMER} --audience technical"),
        format!("{program} --store {store} status {CUSTOMER} --as-of kick-off"),
    ] {
        ui::line(&format!("  {command}"));
    }
    Ok(())
}

/// Returns what to type to start this program as it was started now.
fn program() -> String {
    std::env::args()
        .next()
        .unwrap_or_else(|| "readiness".into())
}
