//! What is left out of a copy of a report, looked for in the bytes of every format.

use std::io::{Cursor, Read};

use crate::project::Project;

/// People, each in another part.
const PEOPLE: [&str; 6] = [
    "Anna Berg",
    "Jo Roth",
    "Lee Wong",
    "Max Muster",
    "Kim O'Brien",
    "Pat Approver",
];

const PUBLIC_NOTES: [&str; 2] = ["said-note", "finding-note"];
const PRIVATE_NOTES: [&str; 2] = ["said-aside", "finding-aside"];

/// A customer about whom something stands in every place that names people, has notes or evidence.
fn told() -> Project {
    let project = Project::new().questionnaire("two-questions");
    project.write("screen-of-policy.png", "bytes");
    project
        .run_with(&["customer", "set", "contoso", "--manager", "Kim O'Brien"])
        .ok();
    for line in [
        "customer set contoso --contact 'Jo Roth=SOC lead'",
        "answer contoso start.mfa no --said-by 'Jo Roth' --note said-note --private-note said-aside",
        "finding plan contoso no-second-factor --owner 'Lee Wong' --due 2026-09-20",
        "finding note contoso no-second-factor --public --text finding-note",
        "finding note contoso no-second-factor --text finding-aside",
        "evidence attach contoso start.mfa screen-of-policy.png",
        "milestone contoso kick-off",
    ] {
        project.run(line).ok();
    }
    project
}

/// Returns what is in the files of a report, packed files unpacked.
fn made(project: &Project, audience: &str, formats: &str, redact: &str) -> String {
    let folder = format!("out-{audience}-{}", redact.replace([' ', '-'], ""));
    let finding = match audience {
        "handout" => "--finding no-second-factor",
        _ => "",
    };
    let line = format!(
        "report contoso --audience {audience} {finding} --format {formats} --output {folder} {redact}"
    );
    project.run(&line).ok();
    let mut all = String::new();
    for entry in std::fs::read_dir(project.path(&folder)).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        match zip::ZipArchive::new(Cursor::new(&bytes)) {
            Ok(mut archive) => {
                for place in 0..archive.len() {
                    let mut part = archive.by_index(place).unwrap();
                    part.read_to_string(&mut all).unwrap();
                }
            }
            Err(_) => all.push_str(&String::from_utf8(bytes).unwrap()),
        }
    }
    // Lines of a calendar are folded; marks are written as HTML and XML have them.
    all.replace("\r\n ", "")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&apos;", "'")
}

const AUDIENCES: [(&str, &str); 5] = [
    ("internal", "html,md,json,csv,xlsx,ics"),
    ("technical", "html,md,json,csv,xlsx,ics"),
    ("action-plan", "html,md,json,csv,xlsx,ics"),
    ("handout", "html,md,json,csv,xlsx,ics"),
    ("executive", "html,md,json"),
];

#[test]
fn a_copy_without_names_names_nobody_in_any_format() {
    let project = told();
    let mut shown = String::new();
    for accepted in [false, true] {
        if accepted {
            let line = "finding accept contoso no-second-factor --reason Later --approved-by 'Pat Approver' --until 2026-12-01 --decided-by 'Max Muster'";
            project.run(line).ok();
        }
        for (audience, formats) in AUDIENCES {
            let open = made(&project, audience, formats, "");
            assert!(PEOPLE.iter().any(|name| open.contains(name)), "{audience}");
            let shut = made(&project, audience, formats, "--redact names");
            for name in PEOPLE {
                let id = name.to_lowercase().replace([' ', '\''], "-");
                assert!(
                    !shut.contains(name) && !shut.contains(&id),
                    "{audience}: {name}"
                );
            }
            assert!(shut.contains("names of people"), "{audience}");
            shown += &open;
            std::fs::remove_dir_all(project.path(&format!("out-{audience}-"))).unwrap();
        }
    }
    project
        .run("report contoso --redact names --format md")
        .ok()
        .stderr("was not searched for names");
    let shut = made(&project, "technical", "md", "--redact names");
    assert!(shut.contains("SOC lead") && shut.contains("the service manager"));
    // Whoever is not named anywhere would not be missed.
    let missing: Vec<_> = { PEOPLE[1..].iter() }
        .filter(|name| !shown.contains(**name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn notes_are_shown_as_the_table_of_audiences_says_and_can_all_be_left_out() {
    let project = told();
    for (audience, formats) in AUDIENCES {
        let open = made(&project, audience, formats, "");
        let shut = made(&project, audience, formats, "--redact notes");
        for note in PRIVATE_NOTES {
            assert_eq!(
                open.contains(note),
                audience == "internal",
                "{audience}: {note}"
            );
            assert!(!shut.contains(note), "{audience}: {note}");
        }
        let noted = audience != "executive";
        assert_eq!(open.contains("finding-note"), noted, "{audience}");
        let answers = ["internal", "technical"].contains(&audience);
        assert_eq!(open.contains("said-note"), answers, "{audience}");
        for note in PUBLIC_NOTES {
            assert!(!shut.contains(note), "{audience}: {note}");
        }
    }
}

#[test]
fn evidence_is_listed_for_those_who_do_the_work_unless_it_is_left_out() {
    let project = told();
    for (audience, formats) in AUDIENCES {
        let listed = ["internal", "technical"].contains(&audience);
        let open = made(&project, audience, formats, "");
        assert_eq!(open.contains("screen-of-policy"), listed, "{audience}");
        let shut = made(
            &project,
            audience,
            formats,
            "--redact evidence --redact notes",
        );
        assert!(!shut.contains("screen-of-policy"), "{audience}");
    }
    project.run("report contoso --redact everything").exit(2);
}
