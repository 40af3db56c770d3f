//! A process that is killed in the middle of a write: nothing acknowledged is lost, nothing is half done.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::generate;
use crate::project::{Project, left_out};

/// How often each test kills.
const POINTS: usize = 50;

/// A customer with three acknowledged answers, and a file with many more.
struct Scene {
    project: Project,
    /// The store's file as it was before the import.
    bytes: Vec<u8>,
    /// All answers before the import, and after it.
    before: String,
    after: String,
}

const IMPORT: [&str; 4] = ["answers", "import", "contoso", "all.toml"];

impl Scene {
    fn new() -> Self {
        let project = Project::new()
            .generated(200)
            .answers("s0.q0 = yes\ns0.q1 = no\ns0.q3 = 7");
        project.write("all.toml", generate::answers(200));
        let bytes = fs::read(project.store()).unwrap();
        let before = answers(&project);
        assert!(before.contains("value = 7"));
        project.run_with(&IMPORT).ok();
        let after = answers(&project);
        assert_ne!(before, after);
        Self {
            project,
            bytes,
            before,
            after,
        }
    }

    /// Puts the store back as it was before the import.
    fn reset(&self) {
        for beside in ["readiness.db-wal", "readiness.db-shm"] {
            let _ = fs::remove_file(self.project.path(beside));
        }
        fs::write(self.project.store(), &self.bytes).unwrap();
    }

    /// Holds what the killed import left against what it acknowledged, and returns whether all of it is there.
    #[track_caller]
    fn check(&self, acknowledged: bool, point: &str) -> bool {
        self.project.run("verify").ok().stdout("all well");
        let now = answers(&self.project);
        let is_done = now == self.after;
        assert!(is_done || now == self.before, "half done, killed {point}");
        assert!(
            is_done || !acknowledged,
            "acknowledged and lost, killed {point}"
        );
        self.project.run_with(&IMPORT).ok();
        assert_eq!(answers(&self.project), self.after, "killed {point}");
        is_done
    }
}

/// Returns every answer as a file has it, without where the ledger stands.
#[track_caller]
fn answers(project: &Project) -> String {
    let exported = project.run("answers export contoso").ok().text();
    let lines = exported
        .lines()
        .filter(|line| !line.starts_with("at_sequence"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn an_import_killed_at_any_system_call_is_whole_or_not_there() {
    const CALLS: &str = "pwrite64,fsync,fdatasync,ftruncate,unlink";
    let scene = Scene::new();
    scene.reset();
    let trace = scene.project.path("trace");
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-qq", "-e", &format!("trace={CALLS}"), "-o"])
        .arg(&trace);
    strace.arg(env!("CARGO_BIN_EXE_readiness")).args(IMPORT);
    let traced = scene.project.surround(&mut strace).output();
    if !traced.is_ok_and(|output| output.status.success()) {
        return left_out(
            "an_import_killed_at_any_system_call_is_whole_or_not_there",
            "strace is not there, or may not trace",
        );
    }
    let points = points(&fs::read_to_string(trace).unwrap());
    assert!(points.len() > POINTS, "{points:?}");
    let (mut done, mut undone) = (0, 0);
    for number in 0..POINTS {
        let (call, time) = &points[number * (points.len() - 1) / (POINTS - 1)];
        scene.reset();
        let mut strace = Command::new("strace");
        strace.args([
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            &format!("trace={call}"),
            "-e",
        ]);
        strace.arg(format!("inject={call}:signal=SIGKILL:when={time}"));
        strace.arg(env!("CARGO_BIN_EXE_readiness")).args(IMPORT);
        let output = scene.project.surround(&mut strace).output().unwrap();
        let is_done = scene.check(output.status.success(), &format!("at {call} number {time}"));
        *(if is_done { &mut done } else { &mut undone }) += 1;
    }
    assert!(
        done > 0 && undone > 0,
        "{done} done, {undone} not: killed on one side only"
    );
}

/// Returns each system call of a trace with how often it was made until then.
fn points(trace: &str) -> Vec<(String, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    let calls = trace.lines().filter_map(|line| {
        let (_, call) = line.split_once(' ')?;
        call.trim_start()
            .split_once('(')
            .map(|(name, _)| name.to_owned())
    });
    calls
        .map(|call| {
            let count = counts.entry(call.clone()).or_insert(0);
            *count += 1;
            (call, *count)
        })
        .collect()
}

#[test]
fn an_import_killed_at_any_time_is_whole_or_not_there() {
    let scene = Scene::new();
    scene.reset();
    let begin = Instant::now();
    scene.project.run_with(&IMPORT).ok();
    let whole = begin.elapsed();
    for number in 0..POINTS {
        scene.reset();
        let after = whole * u32::try_from(number).unwrap() / 40;
        let mut child = scene
            .project
            .command(&IMPORT)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        thread::sleep(after);
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let acknowledged = output.status.success() || said.contains("recorded");
        scene.check(acknowledged, &format!("after {after:?}"));
    }
}

#[test]
fn every_acknowledged_answer_of_a_killed_loop_is_there() {
    let project = Project::new().questionnaire("two-questions");
    let script = "n=0; while :; do n=$((n + 1)); \"$1\" answer contoso start.mfa yes --note \"round $n\" 2>/dev/null && echo $n; done";
    for round in 1..=8_u64 {
        let mut shell = Command::new("setsid");
        shell.args(["sh", "-c", script, "sh", env!("CARGO_BIN_EXE_readiness")]);
        let mut shell = project
            .surround(&mut shell)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_millis(150 + 37 * round));
        let group = format!("-{}", shell.id());
        Command::new("kill")
            .args(["-KILL", "--", &group])
            .status()
            .unwrap();
        let lines = BufReader::new(shell.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok);
        let last = lines.last().map_or(0, |line| line.parse().unwrap());
        shell.wait().unwrap();
        project.run("verify").ok().stdout("all well");
        let exported = project.run("answers export contoso").ok().text();
        let noted = exported
            .lines()
            .find_map(|line| line.strip_prefix("note = \"round ")?.strip_suffix('"'));
        let noted: u64 = noted.map_or(0, |noted| noted.parse().unwrap());
        assert!(
            last > 0 && (noted == last || noted == last + 1),
            "{last} acknowledged, {noted} there"
        );
    }
}
