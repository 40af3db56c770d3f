//! What is measured of views over all customers: the whole program, started anew, over 10,000 customers whose rows hold.
//!
//! Run with `cargo bench --bench portfolio`; `cargo test --benches` runs it with a few, to show that it works. `READINESS_BENCH_STORE`
//! names a folder for the store, which is then kept, and used again when it is there. Target: under 300 ms.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "nobody calls a measurement, and what fails in it is a failed measurement"
)]

mod customers;
mod generate;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant as Stopwatch;

use criterion::{Criterion, criterion_group, criterion_main};
use tempfile::TempDir;

/// What is asked of all customers.
const VIEWS: &[&str] = &[
    "",
    "--director",
    "--json",
    "--format csv --output all.csv",
    "--format html --output all.html",
    "--format xlsx --output all.xlsx",
    "--queue overdue",
    "--queue go-live",
    "--item f-0",
    "--item s0.q0",
];

/// Makes a store of `size` customers, unless it is there.
fn store(folder: &Path, size: usize) {
    if folder.join("readiness.db").exists() {
        return;
    }
    let begin = Stopwatch::now();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    runtime.unwrap().block_on(customers::fill(folder, size));
    let seconds = begin.elapsed().as_secs_f64();
    eprintln!("a store of {size} customers: {seconds:.1} s");
}

fn portfolio(folder: &Path, view: &str) {
    let status = Command::new(env!("CARGO_BIN_EXE_readiness"))
        .arg("portfolio")
        .args(view.split_ascii_whitespace())
        .current_dir(folder)
        .env("READINESS_STORE", folder.join("readiness.db"))
        .env("READINESS_NOW", customers::NOW)
        .env("READINESS_BY", "Anna Berg")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.unwrap().success(), "{view}");
}

fn measure(criterion: &mut Criterion) {
    let measured = std::env::args().any(|argument| argument == "--bench");
    let size = if measured { 10_000 } else { 100 };
    let own = TempDir::new().unwrap();
    let named = std::env::var_os("READINESS_BENCH_STORE").filter(|_| measured);
    let folder = named.map_or_else(|| own.path().to_owned(), PathBuf::from);
    std::fs::create_dir_all(&folder).unwrap();
    store(&folder, size);
    let mut group = criterion.benchmark_group(format!("portfolio of {size}, whole process"));
    group.sample_size(10);
    for view in VIEWS {
        let name = if view.is_empty() { "text" } else { view };
        group.bench_function(name, |bencher| bencher.iter(|| portfolio(&folder, view)));
    }
    group.finish();
}

criterion_group!(benches, measure);
criterion_main!(benches);
