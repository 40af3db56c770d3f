//! What is measured: reading and checking a questionnaire, one answer with everything derived, a replay, the score, reports, the start
//! of a whole process, and durable answers. `cargo bench` prints each for growing sizes.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot be set up has nothing to measure"
)]

mod generate;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use readiness::catalog::library::{check_path, from_pinned};
use readiness::catalog::rehearsal::Rehearsal;
use readiness::domain::intake;
use readiness::domain::questionnaire::Questionnaire;
use readiness::domain::response::{Said, Value};
use readiness::domain::scoring::{self, View};
use readiness::domain::time::Day;
use readiness::report::model::Status;
use readiness::report::{Audience, Branding, Edition, Format, Input, build, render};
use readiness::template::Templates;

const SIZES: [usize; 4] = [100, 500, 2_000, 10_000];

fn today() -> Day {
    Day::from_ymd_opt(2026, 9, 1).unwrap()
}

/// A generated questionnaire in a folder of its own.
struct Generated {
    folder: tempfile::TempDir,
}

impl Generated {
    fn of(size: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in generate::questionnaire(size) {
            let path = folder.path().join(generate::ID).join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Self { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(generate::ID)
    }

    fn read(&self) -> (Arc<Questionnaire>, Vec<u8>) {
        let (questionnaire, pinned) = check_path(&self.path()).remove(0).questionnaire.unwrap();
        (Arc::new(questionnaire), pinned.bytes)
    }
}

/// Returns the answer to a question.
fn value(rehearsal: &Rehearsal, number: usize) -> Value {
    let written: toml::Table = format!("value = {}", generate::value(number))
        .parse()
        .unwrap();
    intake::from_toml(
        &rehearsal.assessment().evaluation,
        number,
        &written["value"],
    )
    .unwrap()
}

/// Returns an assessment in which every question is answered.
fn answered(questionnaire: &Arc<Questionnaire>) -> Rehearsal {
    let mut rehearsal = Rehearsal::begin(Arc::clone(questionnaire), today());
    for number in 0..questionnaire.questions.len() {
        let value = value(&rehearsal, number);
        rehearsal.say(number, Said::Value(value));
    }
    rehearsal
}

fn engine(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("engine");
    group.sample_size(10);
    for size in SIZES {
        let generated = Generated::of(size);
        let (questionnaire, pinned) = generated.read();
        group.bench_function(BenchmarkId::new("read and check", size), |bencher| {
            bencher.iter(|| black_box(check_path(&generated.path())));
        });
        group.bench_function(BenchmarkId::new("read pinned", size), |bencher| {
            bencher.iter(|| black_box(from_pinned(&pinned).unwrap()));
        });
        let mut rehearsal = answered(&questionnaire);
        let mut turn = false;
        group.bench_function(
            BenchmarkId::new("one answer, everything derived", size),
            |bencher| {
                bencher.iter(|| {
                    turn = !turn;
                    // A bare assessment takes the answer; verdict, score and coverage are computed anew.
                    let mut evaluation = rehearsal.assessment().evaluation.clone();
                    black_box(evaluation.set(0, Some(Said::Value(Value::Bool(turn)))));
                    let assessment = rehearsal.assessment();
                    black_box(scoring::verdict(assessment, today()));
                    black_box(scoring::score(assessment, View::Current, today()));
                    black_box(scoring::coverage(&assessment.evaluation))
                });
            },
        );
        group.bench_function(BenchmarkId::new("replay", size), |bencher| {
            bencher.iter(|| black_box(rehearsal.replayed()));
        });
        group.bench_function(BenchmarkId::new("score", size), |bencher| {
            bencher.iter(|| {
                black_box(scoring::score(
                    rehearsal.assessment(),
                    View::Current,
                    today(),
                ))
            });
        });
        rehearsal.to(today());
    }
    group.finish();
}

fn reports(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("report");
    group.sample_size(20);
    let templates = Templates::builtin().unwrap();
    for size in [150, 500] {
        let (questionnaire, _) = Generated::of(size).read();
        let rehearsal = answered(&questionnaire);
        let (names, branding) = (BTreeMap::new(), Branding::default());
        let edition = Edition::next(rehearsal.assessment(), Status::Draft);
        let input = Input {
            book: rehearsal.book(),
            questionnaire: &questionnaire.id,
            before: None,
            names: &names,
            branding: &branding,
            edition: &edition,
            tool: "readiness bench",
        };
        for format in [Format::Html, Format::Markdown] {
            group.bench_function(
                BenchmarkId::new(format!("technical {}", format.code()), size),
                |bencher| {
                    bencher.iter(|| {
                        let report = build(&input, &templates).unwrap().unwrap();
                        let report = report.for_audience(Audience::Technical);
                        black_box(render(&report, &templates, format).unwrap())
                    });
                },
            );
        }
    }
    group.finish();
}

/// A store with one customer, whose assessment has the answers of the first `size` questions.
struct Stored {
    generated: Generated,
}

impl Stored {
    fn of(size: usize, answers: usize) -> Self {
        let generated = Generated::of(size);
        let stored = Self { generated };
        stored.run(&["customer", "add", "contoso", "--name", "Contoso Ltd"]);
        let file = stored.generated.folder.path().join("answers.toml");
        std::fs::write(&file, generate::answers(answers)).unwrap();
        stored.run(&["answers", "import", "contoso", file.to_str().unwrap()]);
        stored
    }

    fn run(&self, arguments: &[&str]) {
        let folder = self.generated.folder.path();
        let output = Command::new(Path::new(env!("CARGO_BIN_EXE_readiness")))
            .args(arguments)
            .arg("--store")
            .arg(folder.join("readiness.db"))
            .arg("--questionnaires")
            .arg(folder)
            .env("READINESS_BY", "anna")
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

fn processes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("process");
    group.sample_size(20);
    let stored = Stored::of(150, 150);
    group.bench_function("status, 150 questions", |bencher| {
        bencher.iter(|| stored.run(&["status", "contoso"]));
    });
    group.bench_function("answer, 150 questions", |bencher| {
        let mut turn = 0;
        bencher.iter(|| {
            turn += 1;
            stored.run(&["answer", "contoso", &generate::id(3), &turn.to_string()]);
        });
    });
    group.sample_size(10);
    for size in [100, 1_000, 10_000] {
        group.bench_function(
            BenchmarkId::new("import durable answers", size),
            |bencher| {
                bencher.iter(|| black_box(Stored::of(size, size)));
            },
        );
    }
    group.finish();
}

criterion_group!(all, engine, reports, processes);
criterion_main!(all);
