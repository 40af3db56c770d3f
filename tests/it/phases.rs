//! Phases at the command line: what may follow what, and the record of the go-live decision.

use crate::project::Project;

/// A customer whose start is blocked.
fn blocked() -> Project {
    Project::new()
        .questionnaire("two-questions")
        .answers("start.mfa = no")
}

#[test]
fn a_phase_that_cannot_follow_says_what_can() {
    let project = blocked();
    let refused = |line: &str, why: &str, help: &str| {
        let line = format!("phase set contoso {line}");
        project.run(&line).exit(2).stderr(why).stderr(help);
    };
    refused(
        "monitoring --reason x",
        "`monitoring` does not follow `onboarding`",
        "from here go to `readiness` or `ended`",
    );
    project
        .run("phase set contoso readiness --reason 'kick-off held'")
        .ok();
    refused(
        "readiness --reason x",
        "in `readiness` already",
        "`monitoring`",
    );
    refused(
        "monitoring --reason x",
        "Not ready to start: 1 item stops it",
        "--override REASON --approved-by PERSON",
    );
    refused("monitoring --reason ' '", "no reason was given", "--reason");
    refused(
        "onboarding --reason x --on 2026-09-03",
        "has not come yet",
        "go-live",
    );
    refused(
        "onboarding --reason x --on 2026-09-01",
        "lies before the last step",
        "2026-09-02",
    );
    refused(
        "monitoring --reason x --override y --approved-by 'Anna Berg'",
        "cannot approve it",
        "--approved-by",
    );
    project
        .run("phase show contoso --json")
        .ok()
        .is("/phase", "readiness");
}

#[test]
fn an_override_starts_all_the_same_and_is_printed() {
    let project = blocked();
    project.write("approval.txt", "Yes. C. Weber");
    for line in [
        "customer set contoso --go-live 2026-10-01",
        "customer set contoso --go-live 2026-10-08",
        "phase set contoso readiness --reason begin",
    ] {
        project.run(line).ok();
    }
    project
        .run("phase record contoso")
        .ok()
        .stdout("Nothing was decided yet");
    project
        .run("phase set contoso monitoring --reason 'keys come in a week' --override 'the board wants it' --approved-by 'C. Weber' --approval approval.txt")
        .ok();
    project
        .run("phase show contoso")
        .ok()
        .stdout("phase      monitoring, since 2 Sep 2026 (0 days)")
        .stdout("go-live    8 Oct 2026, 36 days left, moved 1 time")
        .stdout("review     1 Dec 2026")
        .stdout("in-service, readiness, ended");
    // What is recorded later is not part of the record.
    project.run("answer contoso start.mfa yes").ok();
    project
        .run("phase record contoso")
        .ok()
        .stdout("Not ready to start: 1 item stops it")
        .stdout("Started all the same, approved by C. Weber on 2 Sep 2026: the board wants it")
        .stdout("approval.txt, kept as evidence of entry ")
        .stdout("Administrators sign in with a password alone");
    project
        .run("phase record contoso --format html,md")
        .ok()
        .stdout("contoso-go-live.md");
    let page = project.read("contoso-go-live.html");
    assert!(page.contains("Content-Security-Policy") && !page.contains("http://"));
    project.run("verify").ok();
}

#[test]
fn the_document_of_an_approval_is_kept_and_goes_wherever_evidence_goes() {
    let project = blocked();
    project.write("signed.pdf", "%PDF-1.7 yes");
    project.write("empty.pdf", "");
    project.write("large.pdf", vec![b'x'; 21 << 20]);
    project
        .run("phase set contoso readiness --reason begin")
        .ok();
    let start = "phase set contoso monitoring --reason now --override 'the board wants it' --approved-by 'C. Weber'";
    for (file, words) in [
        ("empty.pdf", "it is empty"),
        ("large.pdf", "at most 20 MiB"),
        ("missing.pdf", "cannot be read"),
    ] {
        let ran = project.run(&format!("{start} --approval {file}"));
        assert!(ran.text().is_empty(), "{file}");
        ran.stderr(words);
        project
            .run("phase show contoso --json")
            .ok()
            .is("/phase", "readiness");
    }
    // Nobody new is recorded by what is refused.
    project.run("person list").ok().no_stdout("Weber");
    project.run(&format!("{start} --approval signed.pdf")).ok();
    let list = project.run("evidence list contoso --json").ok().json();
    let entry = list[0]["entry"].as_u64().unwrap();
    project
        .run(&format!(
            "evidence export contoso {entry} --output copy.pdf"
        ))
        .ok();
    assert_eq!(project.read("copy.pdf"), "%PDF-1.7 yes");
    project
        .run("evidence list contoso")
        .ok()
        .stdout("document that shows an approval");
    project.run("evidence pack contoso --output pack.zip").ok();
    let bytes = std::fs::read(project.path("pack.zip")).unwrap();
    let mut pack = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let name = format!("evidence/{entry:06}-signed.pdf");
    assert!(pack.by_name(&name).is_ok(), "{name}");
    // A bundle carries it into another store, where the record shows it too.
    project
        .run("customer export contoso --output contoso.bundle")
        .ok();
    let other = Project::new();
    std::fs::copy(project.path("contoso.bundle"), other.path("contoso.bundle")).unwrap();
    other.run("customer import contoso.bundle").ok();
    other
        .run("phase record contoso")
        .ok()
        .stdout(&format!("signed.pdf, kept as evidence of entry {entry}"));
    other.run("verify").ok();
    // The same document shows another step without being kept twice.
    project
        .run("phase set contoso in-service --reason later --approval signed.pdf")
        .ok();
    let list = project.run("evidence list contoso --json").ok().json();
    assert_eq!(list.as_array().unwrap().len(), 1);
}

#[test]
fn a_ready_customer_needs_no_override() {
    let project = Project::new()
        .questionnaire("two-questions")
        .answers("start.mfa = yes\n start.method = key");
    for phase in [
        "readiness",
        "monitoring",
        "in-service",
        "ended",
        "onboarding",
    ] {
        project
            .run_with(&["phase", "set", "contoso", phase, "--reason", "as agreed"])
            .ok();
    }
    project
        .run("history contoso")
        .ok()
        .stdout("in service from 2 Sep 2026 on, decided by Anna Berg: as agreed");
}
