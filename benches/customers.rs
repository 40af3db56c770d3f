//! Stores of any number of customers: for what is measured and what is tested at size.
//!
//! Ninety customers, one for each planned start, answer in full as anybody would, and somebody looks at all of them. Those after them
//! are copies: the same facts under another name, chained into a ledger of their own, with the row that the first look kept.

use std::fs;
use std::path::Path;

use readiness::actions::{Clock, Workspace};
use readiness::catalog::answers;
use readiness::domain::customer::CustomerChange;
use readiness::domain::id::{CustomerId, PersonId};
use readiness::domain::ledger::{Entry, Fact};
use readiness::domain::time::{Day, Instant};
use readiness::problem::SourceText;
use readiness::store::{Ledger, Location, StoreError, SummaryRow};

use crate::generate;

/// When everything was recorded.
pub(crate) const NOW: &str = "2026-09-02T09:00:00Z";

/// How many customers are not copies.
pub(crate) const ORIGINALS: usize = 90;

/// How many questions each customer answered.
const QUESTIONS: usize = 50;

/// Returns the store in `folder`, as of `now`.
pub(crate) async fn open(folder: &Path, now: &str) -> Workspace {
    let location = Location::File(folder.join("readiness.db"));
    let questionnaires = Some(folder.join("questionnaires"));
    let clock = Clock::Frozen(now.parse().unwrap());
    Workspace::open(&location, questionnaires, clock)
        .await
        .unwrap()
}

/// Makes a store of `size` customers in `folder`, each with answers, findings and a planned start; every row holds.
pub(crate) async fn fill(folder: &Path, size: usize) {
    let questionnaire = folder.join("questionnaires").join(generate::ID);
    for (path, text) in generate::questionnaire(QUESTIONS) {
        let path = questionnaire.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let workspace = open(folder, NOW).await;
    let (by, _) = workspace.person("Anna Berg").await.unwrap();
    for number in 0..size.min(ORIGINALS) {
        original(&workspace, &by.id, number).await;
    }
    workspace.summaries().await.unwrap();
    let mut models = Vec::new();
    for row in workspace.store.summaries().await.unwrap() {
        let ledger = workspace
            .store
            .ledger(&row.customer)
            .await
            .unwrap()
            .unwrap();
        models.push((ledger, row));
    }
    for number in ORIGINALS..size {
        let named = |(ledger, _): &&(Ledger, SummaryRow)| ledger.customer == id(number % ORIGINALS);
        let (ledger, row) = models.iter().find(named).unwrap();
        copy(&workspace, &by.id, number, ledger, row).await;
    }
    workspace.store.close().await;
}

fn id(number: usize) -> CustomerId {
    format!("c{number}").parse().unwrap()
}

fn name(number: usize) -> String {
    format!("Customer {number}")
}

/// Adds a customer who is no copy.
async fn original(workspace: &Workspace, by: &PersonId, number: usize) {
    create(workspace, by, number).await;
    let mut case = workspace.case(&id(number), None).await.unwrap();
    let written = answers::read(SourceText {
        name: "answers.toml".into(),
        text: generate::answers(QUESTIONS),
    });
    let written = written.unwrap();
    case.import_answers(workspace, by, &written).await.unwrap();
}

/// Adds a customer after the model of another.
async fn copy(
    workspace: &Workspace,
    by: &PersonId,
    number: usize,
    model: &Ledger,
    row: &SummaryRow,
) {
    let mut ledger = create(workspace, by, number).await;
    let facts: Vec<Fact> = { model.entries.iter().skip(1) }
        .map(|entry| entry.fact.clone().unwrap())
        .collect();
    let mut row = row.clone();
    row.customer = id(number);
    let mut content: serde_json::Value = serde_json::from_str(&row.content).unwrap();
    content["name"] = name(number).into();
    row.content = serde_json_canonicalizer::to_string(&content).unwrap();
    let now: Instant = NOW.parse().unwrap();
    let facts = |_: &Ledger, _: &[Entry]| Ok::<_, StoreError>(facts);
    let rows = |_: &Ledger| vec![row];
    let store = &workspace.store;
    let added = store.append(&mut ledger, by, now, &[], facts, rows).await;
    added.unwrap();
}

/// Begins the ledger of a customer.
async fn create(workspace: &Workspace, by: &PersonId, number: usize) -> Ledger {
    let days = chrono::Days::new((number % ORIGINALS) as u64);
    let start = Day::from_ymd_opt(2026, 9, 3).and_then(|day| day.checked_add_days(days));
    let changes = vec![
        CustomerChange::Name(name(number)),
        CustomerChange::Manager(Some(by.clone())),
        CustomerChange::GoLive(start),
    ];
    let now = NOW.parse().unwrap();
    let created = workspace.store.create(&id(number), by, now, changes).await;
    created.unwrap()
}
