//! The harness of the tests of what a user sees: a folder with a store, a clock that stands still, and the binary.
//!
//! ```ignore
//! Project::new().questionnaire("two-questions").answers("start.mfa = no").run("status contoso").ok().stdout("Not ready");
//! ```

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::generate;

/// When everything happens, unless a test says otherwise.
pub(crate) const NOW: &str = "2026-09-02T09:00:00Z";

/// A folder of its own with a store, in which commands run.
pub(crate) struct Project {
    folder: TempDir,
    now: String,
    by: String,
}

impl Project {
    /// Makes an empty project.
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            now: NOW.to_owned(),
            by: "Anna Berg".to_owned(),
        }
    }

    /// Lets the time be `now` from here on.
    pub(crate) fn at(mut self, now: &str) -> Self {
        self.now = now.to_owned();
        self
    }

    /// Lets `by` be who types from here on.
    pub(crate) fn by(mut self, by: &str) -> Self {
        self.by = by.to_owned();
        self
    }

    /// Adds the customer `contoso`.
    pub(crate) fn contoso(self) -> Self {
        self.run("customer add contoso --name 'Contoso Ltd' --seats 900")
            .ok();
        self
    }

    /// Brings a questionnaire of `tests/fixtures/questionnaires`, adds the customer `contoso` and begins an assessment under it.
    pub(crate) fn questionnaire(self, name: &str) -> Self {
        copy(
            &fixture("questionnaires").join(name),
            &self.path("questionnaires").join(name),
        );
        self.contoso().begun(name)
    }

    /// Brings a generated questionnaire of `size` questions, adds the customer `contoso` and begins an assessment under it.
    pub(crate) fn generated(self, size: usize) -> Self {
        for (path, text) in generate::questionnaire(size) {
            self.write(&format!("questionnaires/{}/{path}", generate::ID), text);
        }
        self.contoso().begun(generate::ID)
    }

    fn begun(self, questionnaire: &str) -> Self {
        self.write(
            "begin.toml",
            format!("questionnaire = \"{questionnaire}\"\n"),
        );
        self.run("answers import contoso begin.toml").ok();
        self
    }

    /// Brings a questionnaire of `tests/fixtures/questionnaires`.
    pub(crate) fn at_hand(self, name: &str) -> Self {
        copy(
            &fixture("questionnaires").join(name),
            &self.path("questionnaires").join(name),
        );
        self
    }

    /// Puts the newer version of a questionnaire, from `tests/fixtures/newer`, in the place of the one at hand.
    pub(crate) fn newer(self, name: &str) -> Self {
        copy(
            &fixture("newer").join(name),
            &self.path("questionnaires").join(name),
        );
        self
    }

    /// Records answers, one a line: `section.question = VALUE`, the value as the command line takes it.
    pub(crate) fn answers(self, answers: &str) -> Self {
        for line in answers
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
        {
            let (question, value) = line.split_once(" = ").expect("question = value");
            self.run_with(&["answer", "contoso", question, value]).ok();
        }
        self
    }

    /// Writes a file into the project's folder.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Reads a text file of the project's folder.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Returns where a file of the project lies.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns where the store lies.
    pub(crate) fn store(&self) -> PathBuf {
        self.path("readiness.db")
    }

    /// Runs a command line, without the program's name; words in single quotes stay together.
    pub(crate) fn run(&self, line: &str) -> Ran {
        self.run_with(&split(line))
    }

    /// Runs the program with arguments as they are.
    pub(crate) fn run_with(&self, arguments: &[&str]) -> Ran {
        let output = self.command(arguments).output().unwrap();
        Ran {
            line: arguments.join(" "),
            output,
        }
    }

    /// Returns the program, ready to run in the project's folder with nothing of the outer environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_readiness"));
        self.surround(&mut command).args(arguments);
        command
    }

    /// Puts a command into the project's folder and environment.
    pub(crate) fn surround<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("READINESS_STORE", self.store())
            .env("READINESS_NOW", &self.now)
            .env("READINESS_BY", &self.by)
            .stdin(Stdio::null());
        let questionnaires = self.path("questionnaires");
        if questionnaires.is_dir() {
            command.env("READINESS_QUESTIONNAIRES", questionnaires);
        }
        command
    }
}

/// How a command ended and what it printed.
pub(crate) struct Ran {
    line: String,
    output: Output,
}

impl Ran {
    /// Wraps what another way of running gave.
    pub(crate) fn of(line: &str, output: Output) -> Self {
        Self {
            line: line.to_owned(),
            output,
        }
    }

    /// Expects that it was done.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        self.exit(0)
    }

    /// Expects an exit code.
    #[track_caller]
    pub(crate) fn exit(self, code: i32) -> Self {
        assert_eq!(self.output.status.code(), Some(code), "{self}");
        let error = self.error_text();
        assert!(!error.contains("panicked at"), "{self}");
        self
    }

    /// Returns the exit code; nothing when a signal ended it.
    pub(crate) fn code(&self) -> Option<i32> {
        self.output.status.code()
    }

    /// Expects a part of what went to standard output.
    #[track_caller]
    pub(crate) fn stdout(self, part: &str) -> Self {
        assert!(
            self.text().contains(part),
            "no `{part}` in what it printed\n{self}"
        );
        self
    }

    /// Expects that standard output is without a part.
    #[track_caller]
    pub(crate) fn no_stdout(self, part: &str) -> Self {
        assert!(
            !self.text().contains(part),
            "`{part}` in what it printed\n{self}"
        );
        self
    }

    /// Expects a part of what went to standard error.
    #[track_caller]
    pub(crate) fn stderr(self, part: &str) -> Self {
        assert!(
            self.error_text().contains(part),
            "no `{part}` in what it said\n{self}"
        );
        self
    }

    /// Expects a value at a place, such as `/verdict/code`, of the JSON that went to standard output.
    #[track_caller]
    pub(crate) fn is(self, place: &str, value: impl Into<serde_json::Value>) -> Self {
        let json = self.json();
        assert_eq!(
            json.pointer(place),
            Some(&value.into()),
            "at `{place}`\n{self}"
        );
        self
    }

    /// Returns what went to standard output.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.output.stdout).into_owned()
    }

    /// Returns what went to standard error.
    pub(crate) fn error_text(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    /// Returns what went to standard output, as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.output.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{self}"))
    }
}

impl fmt::Display for Ran {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, status) = (&self.line, self.output.status);
        write!(
            out,
            "$ readiness {line}\n{status}\n── stdout\n{}\n── stderr\n{}",
            self.text(),
            self.error_text()
        )
    }
}

/// Returns where a fixture lies.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

/// Says that a test was left out because the machine does not let it run, and why; `tests/run` counts it as skipped.
pub(crate) fn left_out(test: &str, why: &str) {
    if let Some(list) = std::env::var_os("TESTS_LEFT_OUT") {
        let list = fs::OpenOptions::new().append(true).create(true).open(list);
        writeln!(list.unwrap(), "{test}: {why}").unwrap();
    }
}

/// Copies a file, or a folder with everything in it, over what is there.
pub(crate) fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}

/// Splits a line at blanks outside single quotes.
fn split(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('\'') {
            Some(quoted) => quoted.split_once('\'').expect("a quote that closes"),
            None => rest.split_once(' ').unwrap_or((rest, "")),
        };
        words.push(word);
        rest = after.trim_start();
    }
    words
}
