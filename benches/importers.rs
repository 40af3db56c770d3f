//! What is measured: how long other tools' files take, and how much memory the largest.
//!
//! Run with `cargo bench --bench importers`; `cargo test --bench importers` runs each once, to show that it works.
//! Targets, as a whole process with store and all: 2 MB of ScubaGear in under 100 ms, 200,000 devices in under 2 s and 300 MB. The
//! memory is a limit that the process is started under.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "nobody calls a measurement, and what fails in it is a failed measurement"
)]

use std::fmt::Write;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use criterion::{Criterion, criterion_group, criterion_main};
use readiness::importers;

/// How many devices a large export has.
const DEVICES: usize = 200_000;

/// Consolidated results of 92 policies with two megabytes of raw settings beside them.
fn scubagear() -> String {
    let control = |number: usize| {
        format!(
            r#"{{"Control ID": "MS.AAD.{number}.1v1", "Requirement": "Something is on.", "Result": "Pass",
            "Criticality": "Shall", "Details": "1 policy found:<br/>one", "OriginalResult": "Pass", "Comments": []}}"#
        )
    };
    let controls: Vec<String> = (0..92).map(control).collect();
    let raw = r#"{"id": 638791234567890123, "name": "a service principal", "keys": [1, 2, 3]},"#;
    format!(
        r#"{{"MetaData": {{"ToolVersion": "1.8.0"}}, "Results": {{"AAD": [{{"Controls": [{}]}}]}},
        "Raw": {{"service_principals": [{}{{}}]}}}}"#,
        controls.join(","),
        raw.repeat(2_000_000 / raw.len())
    )
}

/// The portal's inventory of [`DEVICES`] devices.
fn inventory() -> String {
    let mut table = "Device ID,Device Name,Device type,OS platform,Onboarding status,Sensor health state,Last device update\n".to_owned();
    for number in 0..DEVICES {
        let state = if number % 3 == 0 {
            "Inactive"
        } else {
            "Active"
        };
        writeln!(
            table,
            "{number:040x},pc-{number}.northwind.example,Workstation,Windows11,Onboarded,{state},2/24/2026 3:45 PM"
        )
        .unwrap();
    }
    table
}

/// The hunting table of [`DEVICES`] devices, a line each.
fn hunting() -> String {
    let mut lines = String::new();
    for number in 0..DEVICES {
        writeln!(
            lines,
            r#"{{"tenantId": "a-1", "category": "AdvancedHunting-DeviceInfo", "properties": {{"DeviceId": "{number:040x}",
            "Timestamp": "2026-03-02T10:00:00.1234567Z", "OSPlatform": "Windows11", "DeviceType": "Workstation",
            "OnboardingStatus": "Onboarded", "SensorHealthState": "Active", "ReportId": 638791234567890123,
            "LoggedOnUsers": "[{{\"UserName\":\"somebody\",\"DomainName\":\"northwind\",\"Sid\":\"S-1-5-21-1-2-3-4\"}}]"}}}}"#
        )
        .unwrap();
    }
    lines
}

fn importing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("import");
    group.sample_size(10);
    for (name, text) in [
        ("scubagear, 2 MB", scubagear()),
        ("inventory, 200,000 devices", inventory()),
        ("hunting, 200,000 devices", hunting()),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| importers::import(black_box(text.as_bytes())).unwrap());
        });
    }
    group.finish();
    // Linux tells the most that this process ever held, the files themselves included.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(peak) = status.lines().find(|line| line.starts_with("VmHWM")) {
        eprintln!("memory with all of these files held: {peak}");
    }
}

/// The most address space that a whole process may take, in KiB: 300 MiB of memory, and what the program takes itself with everything
/// compiled in and nothing optimised.
const SPACE: usize = (300 + 200) * 1024;

/// Starts the program in a folder of its own, in little address space; it has to succeed.
fn run(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("sh");
    let script = format!("ulimit -v {SPACE}; exec \"$@\"");
    command.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_readiness")]);
    let output = command
        .args(arguments)
        .current_dir(folder)
        .env("READINESS_STORE", folder.join("readiness.db"))
        .env("READINESS_BY", "Anna Berg")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
}

fn whole_process(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    run(
        folder,
        &["customer", "add", "contoso", "--name", "Contoso Ltd"],
    );
    let mut group = criterion.benchmark_group("whole process");
    group.sample_size(10);
    for (name, text) in [
        ("scubagear, 2 MB", scubagear()),
        ("inventory, 200,000 devices", inventory()),
        ("hunting, 200,000 devices", hunting()),
    ] {
        fs::write(folder.join("file"), text).unwrap();
        let import = [
            "evidence",
            "import",
            "contoso",
            "file",
            "--add-tenant",
            "--dry-run",
        ];
        group.bench_function(name, |bencher| bencher.iter(|| run(folder, &import)));
    }
    group.finish();
}

criterion_group!(files, importing, whole_process);
criterion_main!(files);
