//! What is measured of views over all customers: the whole program, started anew, over 10,000 customers whose rows hold.
//!
//! Run with `cargo bench --bench portfolio`; `cargo test --benches` runs it with a few, to show that it works.

#![expect(
    clippy::unwrap_used,
    reason = "nobody calls a measurement, and what fails in it is a failed measurement"
)]

mod generate;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use criterion::{Criterion, criterion_group, criterion_main};
use readiness::actions::{Clock, Workspace};
use readiness::catalog::answers;
use readiness::domain::customer::CustomerChange;
use readiness::domain::id::CustomerId;
use readiness::domain::time::{Day, Instant};
use readiness::problem::SourceText;
use readiness::store::Location;
use tempfile::TempDir;

const NOW: &str = "2026-09-02T09:00:00Z";

/// How many questions each customer answered.
const QUESTIONS: usize = 50;

/// Makes a store of `size` customers, each with answers, findings and a planned start.
fn store(folder: &Path, size: usize) {
    let questionnaire = folder.join("questionnaires").join(generate::ID);
    for (path, text) in generate::questionnaire(QUESTIONS) {
        let path = questionnaire.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        let now: Instant = NOW.parse().unwrap();
        let location = Location::File(folder.join("readiness.db"));
        let questionnaires = Some(folder.join("questionnaires"));
        let workspace = Workspace::open(&location, questionnaires, Clock::Frozen(now))
            .await
            .unwrap();
        let (by, _) = workspace.person("Anna Berg").await.unwrap();
        for number in 0..size {
            let customer: CustomerId = format!("c{number}").parse().unwrap();
            let days = chrono::Days::new(number as u64 % 90);
            let start = Day::from_ymd_opt(2026, 9, 3).and_then(|day| day.checked_add_days(days));
            let changes = vec![
                CustomerChange::Name(format!("Customer {number}")),
                CustomerChange::Manager(Some(by.id.clone())),
                CustomerChange::GoLive(start),
            ];
            let ledger = workspace
                .store
                .create(&customer, &by.id, now, changes)
                .await;
            ledger.unwrap();
            let mut case = workspace.case(&customer, None).await.unwrap();
            let written = answers::read(SourceText {
                name: "answers.toml".into(),
                text: generate::answers(QUESTIONS),
            });
            case.import_answers(&workspace, &by.id, &written.unwrap())
                .await
                .unwrap();
        }
    });
}

fn portfolio(folder: &Path) {
    let status = Command::new(env!("CARGO_BIN_EXE_readiness"))
        .args(["portfolio", "--store"])
        .arg(folder.join("readiness.db"))
        .env("READINESS_NOW", NOW)
        .env("READINESS_BY", "Anna Berg")
        .stdout(Stdio::null())
        .status();
    assert!(status.unwrap().success());
}

fn measure(criterion: &mut Criterion) {
    let measured = std::env::args().any(|argument| argument == "--bench");
    let size = if measured { 10_000 } else { 20 };
    let folder = TempDir::new().unwrap();
    store(folder.path(), size);
    // The first look adds what moved to every row.
    portfolio(folder.path());
    let mut group = criterion.benchmark_group("portfolio");
    group.sample_size(10);
    group.bench_function(format!("{size} customers, whole process"), |bencher| {
        bencher.iter(|| portfolio(folder.path()));
    });
    group.finish();
}

criterion_group!(benches, measure);
criterion_main!(benches);
