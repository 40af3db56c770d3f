//! Templates: listing, exporting and checking them.

use std::fs;

use crate::project::Project;

#[test]
fn shipped_templates_are_well() {
    Project::new()
        .run("templates check")
        .ok()
        .stdout("all well");
}

#[test]
fn what_was_exported_is_well_and_stands_before_what_is_shipped() {
    let project = Project::new();
    project.run("templates export mine").ok();
    project
        .run("templates check --templates mine")
        .ok()
        .stdout("all well");
    project
        .run("templates list --templates mine")
        .ok()
        .stdout("replaced by mine/report/report.html")
        .no_stdout("shipped");
    let listed = project.run("templates list --json").ok().json();
    assert!(
        listed
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["origin"] == "shipped")
    );
}

#[test]
fn an_export_replaces_nothing() {
    let project = Project::new();
    project.write("mine/report/report.html", "changed");
    project
        .run("templates export mine report/report.html report/report.md")
        .exit(1)
        .stderr("`mine/report/report.html` exists already; nothing was written");
    assert_eq!(project.read("mine/report/report.html"), "changed");
    assert!(!project.path("mine/report/report.md").exists());
    project
        .run("templates export mine report/report.md")
        .ok()
        .stderr("wrote 1 template");
}

#[test]
fn only_what_is_shipped_can_be_exported() {
    let project = Project::new();
    project
        .run("templates export mine ../../etc/passwd")
        .exit(2)
        .stderr("there is no shipped template");
    project
        .run("templates export mine report.html")
        .exit(2)
        .stderr("did you mean `report/report.html`?");
    project.run("templates export").exit(2);
    assert!(!project.path("mine").exists());
}

#[test]
fn what_is_wrong_with_a_template_is_drawn_with_its_line() {
    let project = Project::new();
    project.run("templates export mine report/report.md").ok();
    let shipped = project.read("mine/report/report.md");
    project.write(
        "mine/report/report.md",
        format!("{{{{ report.nope }}}}\n{shipped}"),
    );
    project
        .run("templates check --templates mine")
        .exit(3)
        .stderr("field `nope` is not defined")
        .stderr("--> mine/report/report.md:1:11")
        .stderr("^^^^");
    project.write("mine/report/report.md", "{{ report | nofilter }}");
    let problems = project
        .run("templates check --templates mine --json")
        .exit(3)
        .json();
    assert_eq!(problems[0]["file"], "mine/report/report.md");
    assert_eq!(problems[0]["line"], 1);
    project
        .run("templates list --templates mine")
        .exit(1)
        .stderr("unknown filter `nofilter`");
}

#[test]
fn a_folder_that_is_not_there_is_no_folder_without_faults() {
    let project = Project::new();
    project
        .run("templates check --templates nowhere")
        .exit(1)
        .stderr("`nowhere` is no folder");
    project
        .run("templates check nosuch")
        .exit(2)
        .stderr("no template has `nosuch`");
}

#[test]
fn a_template_that_never_ends_is_ended() {
    let project = Project::new();
    let doubling = "{% set a = \"x\" %}".to_owned() + &"{% set a = a ~ a %}".repeat(34) + "{{ a }}";
    project.write("mine/report/report.html", doubling);
    project
        .run("templates check --templates mine")
        .exit(3)
        .stderr("mine/report/report.html");
    let left: Vec<_> = fs::read_dir(project.path(".")).unwrap().collect();
    assert_eq!(left.len(), 1);
}
