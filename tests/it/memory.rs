//! Hostile files: read or refused with a reason, in memory that is bounded, and nothing half imported.
//!
//! The files are some 8 MB, and the address space is [`SPARE`] more than the program itself takes: whoever holds such a file many
//! times, or a folder of them at once, ends in an error that the tests see. What the largest files take that are read is in
//! proportion; `benches/importers.rs` measures it.

use std::fmt::Write;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::project::{Project, Ran};

/// How much address space the program gets beyond what it takes itself, in KiB.
const SPARE: usize = 56 * 1024;

/// Returns how much address space the program takes itself, in KiB: with less it cannot even say its version. What is compiled in,
/// fonts for example, differs by the features.
fn own() -> usize {
    static OWN: OnceLock<usize> = OnceLock::new();
    const STEP: usize = 4 * 1024;
    let suffices = |space: &usize| {
        let ran = limited(*space)
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        ran.unwrap().success()
    };
    *OWN.get_or_init(|| (1..1000).map(|steps| steps * STEP).find(suffices).unwrap())
}

/// Returns the program under a limit of its address space in KiB, still without arguments.
fn limited(space: usize) -> Command {
    let mut command = Command::new("sh");
    let script = format!("ulimit -c 0; ulimit -v {space}; exec \"$@\"");
    command.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_readiness")]);
    command
}

/// How large a hostile file is, in bytes.
const LARGE: usize = 8_000_000;

impl Project {
    /// Takes files in, with [`SPARE`] beyond what the program takes itself.
    fn narrow(&self, paths: &[&str]) -> Ran {
        let mut command = limited(own() + SPARE);
        command.args(["evidence", "import", "contoso"]).args(paths);
        let output = self.surround(&mut command).output().unwrap();
        Ran::of(&paths.join(" "), output)
    }

    fn evidence(&self) -> usize {
        let list = self.run("evidence list contoso --json").ok().json();
        list.as_array().unwrap().len()
    }
}

fn repeated(before: &str, part: &str, after: &str) -> String {
    format!("{before}{}{after}", part.repeat(LARGE / part.len()))
}

/// The hostile files: what each is, what is in it, and what is said of it where it is refused.
fn hostile() -> [(&'static str, String, Option<&'static str>); 9] {
    let test = r#"{"TestId": "21796", "TestStatus": "Passed"}"#;
    let markup = "<b>**[x](javascript:y)**</b>";
    [
        (
            "nested lists",
            repeated(r#"{"Tests": [], "ZZ": "#, "[", ""),
            Some("no tool that we know"),
        ),
        (
            "nested objects in a report",
            repeated(
                &format!(r#"{{"TestResultSummary": {{}}, "Tests": [{test}], "More": "#),
                r#"{"a":"#,
                "",
            ),
            Some("cut off"),
        ),
        (
            "one name a million times",
            repeated(
                r#"{"TestResultSummary": {}, "Tests": [{"TestId": "21796", "#,
                r#""TestStatus": "Passed", "#,
                r#""TestTitle": ""}]}"#,
            ),
            Some("the same name twice"),
        ),
        (
            "a million names",
            {
                let mut text =
                    r#"{"TestResultSummary": {}, "Tests": [{"TestId": "21796", "#.to_owned();
                let mut number = 0;
                while text.len() < LARGE {
                    write!(text, r#""{number}": 1, "#).unwrap();
                    number += 1;
                }
                text + r#""TestStatus": "Passed"}]}"#
            },
            None,
        ),
        (
            "a text of megabytes in every field",
            repeated(
                r#"{"TestResultSummary": {}, "Tests": [{"TestId": "21796", "TestStatus": "Passed", "TestResult": ""#,
                markup,
                r#""}]}"#,
            ),
            None,
        ),
        (
            "more tests than there are",
            repeated(
                r#"{"TestResultSummary": {}, "Tests": ["#,
                &format!("{test},"),
                &format!("{test}]}}"),
            ),
            Some("more than "),
        ),
        (
            "a row without an end",
            repeated(
                "Device ID,Onboarding status,Sensor health state\n\"",
                "x",
                "",
            ),
            Some("a quoted value is never closed"),
        ),
        (
            "quotes",
            repeated(
                "Rank,Recommended action,Points achieved,Status\n",
                "\"\",",
                "",
            ),
            Some("a row of more than 500 values"),
        ),
        (
            "a page without a report",
            repeated("<html><script>reportData= {", "<!--", ""),
            Some("line 1"),
        ),
    ]
}

#[test]
fn hostile_files_are_read_or_refused_in_little_memory_and_never_by_half() {
    for (what, text, refused) in hostile() {
        let project = Project::new().questionnaire("evidence");
        project.write("hostile", text);
        let ran = project.narrow(&["hostile"]);
        match refused {
            Some(why) => {
                assert_eq!(ran.code(), Some(1), "{what}\n{ran}");
                assert!(ran.error_text().contains(why), "{what}\n{ran}");
                assert_eq!(project.evidence(), 0, "{what}");
            }
            None => {
                assert_eq!(ran.code(), Some(0), "{what}\n{ran}");
                assert_eq!(project.evidence(), 1, "{what}");
            }
        }
    }
}

#[test]
fn files_of_a_folder_are_not_held_all_at_once() {
    let project = Project::new().questionnaire("evidence");
    for number in 0..9 {
        let test = format!(r#"{{"TestId": "2179{number}", "TestStatus": "Passed"}}"#);
        let before = format!(r#"{{"TestResultSummary": {{}}, "Tests": [{test}], "More": ""#);
        project.write(
            &format!("run/report-{number}.json"),
            repeated(&before, "some padding ", "\"}"),
        );
    }
    let ran = project.narrow(&["run"]);
    assert_eq!(ran.code(), Some(0), "{ran}");
    assert_eq!(project.evidence(), 9);
}
