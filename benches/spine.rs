//! What is measured: how each step of the line grows with the questionnaire.
//!
//! Run with `cargo bench`; `cargo test --benches` runs each once, to show that it works.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "nobody calls a measurement, and what fails in it is a failed measurement"
)]

mod generate;

use std::fmt::Write;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant as Stopwatch;

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use readiness::actions::{Case, Clock, Draft, Wanted, Workspace, answered};
use readiness::catalog::answers;
use readiness::catalog::library::check_path;
use readiness::domain::assessment::{Assessment, Book};
use readiness::domain::customer::CustomerChange;
use readiness::domain::id::{CustomerId, PersonId};
use readiness::domain::response::{Basis, Response, Said, Value};
use readiness::domain::scoring::{self, View};
use readiness::domain::time::{Day, Instant};
use readiness::problem::SourceText;
use readiness::report::{Audience, Branding, Format};
use readiness::store::Location;
use readiness::template::Templates;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The sizes of questionnaires.
const SIZES: &[usize] = &[100, 500, 2_000, 10_000];

/// How many answers are made durable one after the other.
const DURABLE: usize = 10_000;

/// Returns whether something is measured: `cargo test` only wants to see that it works.
fn is_measured() -> bool {
    std::env::args().any(|argument| argument == "--bench")
}

fn sizes() -> impl Iterator<Item = usize> {
    let count = if is_measured() { SIZES.len() } else { 1 };
    SIZES.iter().copied().take(count)
}

/// A customer who answered every question of a generated questionnaire.
struct Scene {
    folder: TempDir,
    runtime: Runtime,
    workspace: Workspace,
    case: Case,
}

impl Scene {
    fn new(size: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        write_questionnaire(folder.path(), size);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let (workspace, case) = runtime.block_on(async {
            let store = Location::File(folder.path().join("readiness.db"));
            let questionnaires = Some(folder.path().join("questionnaires"));
            let workspace = Workspace::open(&store, questionnaires, Clock::Frozen(now()))
                .await
                .unwrap();
            let customer: CustomerId = "contoso".parse().unwrap();
            let name = vec![CustomerChange::Name("Contoso Ltd".into())];
            let (by, _) = workspace.person("Anna Berg").await.unwrap();
            workspace
                .store
                .create(&customer, &by.id, now(), name)
                .await
                .unwrap();
            let mut case = workspace.case(&customer, None).await.unwrap();
            let written = answers::read(SourceText {
                name: "answers.toml".into(),
                text: generate::answers(size),
            });
            case.import_answers(&workspace, &by.id, &written.unwrap())
                .await
                .unwrap();
            (workspace, case)
        });
        Self {
            folder,
            runtime,
            workspace,
            case,
        }
    }

    fn assessment(&self) -> &Assessment {
        self.case.assessment(None).unwrap().1
    }

    fn replay(&self) -> Book {
        let ledger = &self.case.ledger;
        Book::replay(&ledger.customer, &ledger.entries, &self.case.texts, today()).unwrap()
    }

    /// Returns everything as it was before the last answer.
    fn before_last(&self) -> Book {
        let ledger = &self.case.ledger;
        let (_, entries) = ledger.entries.split_last().unwrap();
        Book::replay(&ledger.customer, entries, &self.case.texts, today()).unwrap()
    }
}

fn now() -> Instant {
    "2026-09-02T09:00:00Z".parse().unwrap()
}

fn today() -> Day {
    Day::from_ymd_opt(2026, 9, 2).unwrap()
}

fn write_questionnaire(folder: &Path, size: usize) {
    for (path, text) in generate::questionnaire(size) {
        let path = folder.join("questionnaires").join(generate::ID).join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

fn reading(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read and check");
    group.sample_size(10);
    for size in sizes() {
        let folder = tempfile::tempdir().unwrap();
        write_questionnaire(folder.path(), size);
        let path = folder.path().join("questionnaires").join(generate::ID);
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| {
                let checked = check_path(&path);
                assert!(checked[0].questionnaire.is_some());
                checked
            });
        });
    }
    group.finish();
}

fn numbers(criterion: &mut Criterion) {
    for size in sizes() {
        let scene = Scene::new(size);
        let mut group = criterion.benchmark_group("one answer, everything derived");
        group.sample_size(20);
        let before = scene.before_last();
        let last = scene.case.ledger.entries.last().unwrap();
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter_batched_ref(
                || before.clone(),
                |book| {
                    book.advance(last, &scene.case.texts).unwrap();
                    derive(book)
                },
                BatchSize::LargeInput,
            );
        });
        group.finish();
        let mut group = criterion.benchmark_group("full replay");
        group.sample_size(10);
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| scene.replay())
        });
        group.finish();
        let mut group = criterion.benchmark_group("score");
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| scoring::score(black_box(scene.assessment()), View::Current, today()));
        });
        group.finish();
    }
}

/// Computes all that a screen shows of an assessment.
fn derive(book: &Book) -> impl Sized + use<> {
    let assessment = book.assessments.values().next().unwrap();
    let today = book.today;
    let everything = 0..assessment.questionnaire().questions.len();
    (
        scoring::verdict(assessment, today),
        scoring::score(assessment, View::Current, today),
        scoring::section_scores(assessment, today),
        scoring::coverage(&assessment.evaluation),
        scoring::completeness(&assessment.evaluation, everything),
        scoring::confidence(assessment, today),
    )
}

fn reports(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("technical report");
    group.sample_size(20);
    let templates = Templates::builtin().unwrap();
    for size in [150, 500] {
        let scene = Scene::new(size);
        for format in [Format::Html, Format::Markdown] {
            let wanted = Wanted {
                finding: None,
                questionnaire: None,
                audience: Audience::Technical,
                formats: vec![format],
                branding: Branding::default(),
                prepared_for: None,
                milestone: None,
                left_out: std::collections::BTreeSet::new(),
            };
            group.bench_function(BenchmarkId::new(format.code(), size), |bencher| {
                bencher.iter(|| {
                    let report = scene.case.report(&scene.workspace, &templates, &wanted);
                    scene.runtime.block_on(report).unwrap()
                });
            });
        }
    }
    group.finish();
}

fn whole_process(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("readiness status, the whole process");
    group.sample_size(30);
    for size in [150, 500] {
        let Scene {
            folder,
            runtime,
            workspace,
            ..
        } = Scene::new(size);
        runtime.block_on(workspace.store.close());
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| {
                let status = Command::new(env!("CARGO_BIN_EXE_readiness"))
                    .args(["status", "contoso"])
                    .env("READINESS_STORE", folder.path().join("readiness.db"))
                    .env("READINESS_NOW", "2026-09-02T09:00:00Z")
                    .stdout(Stdio::null())
                    .status();
                assert!(status.unwrap().success());
            });
        });
    }
    group.finish();
}

/// Not sampled: each answer makes the ledger longer, and the whole is what counts.
fn durable(_: &mut Criterion) {
    let count = if is_measured() { DURABLE } else { 20 };
    let Scene {
        folder: _folder,
        runtime,
        workspace,
        mut case,
    } = Scene::new(150);
    let by: PersonId = "anna-berg".parse().unwrap();
    let begin = Stopwatch::now();
    let mut thousands = String::new();
    let mut since = begin;
    for number in 1..=count {
        runtime.block_on(answer(&mut case, &workspace, &by, number));
        if number % 1_000 == 0 {
            write!(thousands, " {:.2}", since.elapsed().as_secs_f64()).unwrap();
            since = Stopwatch::now();
        }
    }
    let whole = begin.elapsed().as_secs_f64();
    eprintln!(
        "{count} durable answers: {whole:.2} s in all; each thousand, in seconds:{thousands}"
    );
}

async fn answer(case: &mut Case, workspace: &Workspace, by: &PersonId, number: usize) {
    let (id, assessment) = case.assessment(None).unwrap();
    let place = number * 5 % 150;
    let response = Response {
        said: Said::Value(Value::Bool(number.is_multiple_of(2))),
        basis: Basis::Interview,
        said_by: None,
        said_on: today(),
        note: Some(format!("Said in round {number}.")),
        private_note: None,
    };
    let fact = answered(id, assessment, place, response, false).unwrap();
    let draft = Draft::based_on(fact, assessment);
    case.record(workspace, by, vec![draft]).await.unwrap();
}

criterion_group!(spine, reading, numbers, reports, whole_process, durable);
criterion_main!(spine);
