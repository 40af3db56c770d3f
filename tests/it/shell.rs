//! What a shell meets: completions, manual pages, pipes that close.

use std::fs::{self, File};
use std::process::{Command, Stdio};

use crate::project::{Project, Ran, left_out};

#[test]
fn every_shell_is_completed() {
    let project = Project::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        project
            .run(&format!("completions {shell}"))
            .ok()
            .stdout("redact")
            .no_stdout("__render");
    }
    project.run("completions tcsh").exit(2).stderr("bash");
    project.run("completions").exit(2);
}

#[test]
fn bash_understands_its_completions() {
    let project = Project::new();
    let script = project.run("completions bash").ok().text();
    project.write("completions.bash", script);
    let mut bash = Command::new("bash");
    bash.args(["-c", "source completions.bash && complete -p readiness"]);
    let Ok(output) = project.surround(&mut bash).output() else {
        return left_out("bash_understands_its_completions", "there is no bash");
    };
    Ran::of("bash", output).ok().stdout("readiness");
}

#[test]
fn there_is_a_manual_page_for_every_command() {
    let project = Project::new();
    project
        .run("man")
        .ok()
        .stdout(".TH readiness 1")
        .no_stdout("__render");
    project.run("man --output pages").ok();
    project.run("man --output pages").ok();
    for page in [
        "readiness",
        "readiness-customer-add",
        "readiness-templates-check",
    ] {
        assert!(
            project.read(&format!("pages/{page}.1")).starts_with(".ie"),
            "{page}"
        );
    }
    assert!(fs::read_dir(project.path("pages")).unwrap().count() > 30);
    project.write("file", "");
    project
        .run("man --output file/below")
        .exit(1)
        .stderr("cannot be written");
}

#[test]
fn a_reader_who_left_ends_nothing() {
    let project = Project::new()
        .questionnaire("two-questions")
        .answers("start.mfa = yes");
    let lines = [
        "customer list",
        "status contoso",
        "history contoso --json",
        "man",
        "completions zsh",
        "--help",
        "explain contoso",
    ];
    for line in lines {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let words: Vec<&str> = line.split(' ').collect();
        let output = project.command(&words).stdout(writer).output().unwrap();
        assert_eq!(Ran::of(line, output).ok().error_text(), "", "{line}");
    }
}

#[test]
fn nobody_left_to_read_problems_changes_no_exit_code() {
    let project = Project::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = project
        .command(&["status", "nobody"])
        .stderr(writer)
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(2));
}

#[test]
fn a_result_that_cannot_be_written_is_no_success() {
    let Ok(full) = File::options().write(true).open("/dev/full") else {
        return left_out(
            "a_result_that_cannot_be_written_is_no_success",
            "there is no /dev/full",
        );
    };
    let project = Project::new().contoso();
    let mut command = project.command(&["customer", "list"]);
    let output = command
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    let said = Ran::of("customer list", output).exit(1).error_text();
    assert_eq!(said.matches("cannot be written").count(), 1, "{said}");
}

#[test]
fn what_only_the_program_types_is_no_command() {
    let project = Project::new();
    project.run("--help").ok().no_stdout("__render");
    project.run("__render now").exit(2);
    project.run("__render").exit(1).stderr("cannot be rendered");
}
