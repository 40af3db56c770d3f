//! Three typical customers under the shipped questionnaire: what their reports say, from answers to paper.

use crate::project::{Project, fixture};

/// Answers under `tests/fixtures/customers`, and whose they are.
struct Typical {
    file: &'static str,
    name: &'static str,
    seats: &'static str,
}

const BANK: Typical = Typical {
    file: "bank-plan2",
    name: "Nordbank",
    seats: "12000",
};

const MANUFACTURER: Typical = Typical {
    file: "manufacturer-reader",
    name: "Brenner Maschinen",
    seats: "900",
};

const HUNTING: Typical = Typical {
    file: "hunting-soc",
    name: "Alpine Systems",
    seats: "4000",
};

/// Returns the executive and the technical report on a customer in Markdown, without the hashes that are others each time.
fn reports(customer: &Typical) -> [String; 2] {
    let project = Project::new();
    let add = ["customer", "add", "typical", "--name", customer.name];
    project
        .run_with(&[&add[..], &["--seats", customer.seats]].concat())
        .ok();
    for (id, name) in [
        ("c-weber", "Carla Weber"),
        ("works-council", "Works council"),
    ] {
        let add = ["person", "add", id, "--name", name];
        project.run_with(&add).ok();
    }
    let answers = fixture("customers").join(format!("{}.toml", customer.file));
    project
        .run_with(&["answers", "import", "typical", answers.to_str().unwrap()])
        .ok();
    ["executive", "technical"].map(|audience| {
        let line = format!("report typical --format md --audience {audience}");
        project.run(&line).ok();
        let text = project.read(&format!("typical-{audience}.md"));
        let rests_on = text.find("## What this report rests on").unwrap();
        let lines = text[..rests_on].lines();
        let lines: Vec<&str> = lines.filter(|line| !line.contains("Ref ")).collect();
        lines.join("\n")
    })
}

/// Returns the part of a report under a heading of the second level, up to the next one.
fn part<'r>(report: &'r str, heading: &str) -> &'r str {
    let heading = format!("\n## {heading}\n");
    let from = report.find(&heading).unwrap_or_else(|| panic!("{heading}")) + 1;
    let to = report[from + 3..].find("\n## ").map(|to| from + 3 + to);
    report[from..to.unwrap_or(report.len())].trim_end()
}

/// Returns the main parts of a technical report: what it concludes, what was found and is to be done by their titles, and the service.
fn main_parts(report: &str) -> String {
    let findings = report.find("\n### 1 ·").unwrap();
    let steps = part(report, "What to do")
        .lines()
        .filter(|line| line.starts_with("## ") || line.starts_with("### "));
    let service = [
        "What happens next",
        "What the service covers",
        "Where other incidents go",
        "Questions that come up",
    ];
    let mut parts = vec![report[..findings].trim_end().to_owned()];
    parts.push(steps.collect::<Vec<_>>().join("\n"));
    parts.extend(service.map(|heading| part(report, heading).to_owned()));
    parts.join("\n\n")
}

/// Expects what holds of every technical report.
#[track_caller]
fn assert_whole(technical: &str) {
    let sources = part(technical, "Sources");
    assert!(sources.contains("| 1 Aug 2026 |"));
    assert!(sources.contains("| not opened |"));
    assert!(sources.contains("we have not checked that it says so"));
    let findings = part(technical, "Findings").lines();
    let counted = |line: &&str| line.contains(" rows**") || line.contains(" chosen**");
    let counted: Vec<&str> = findings.filter(counted).collect();
    assert_eq!(
        counted,
        Vec::<&str>::new(),
        "an answer is named, not counted"
    );
}

#[test]
fn a_bank_with_plan_2_reads_what_stops_it() {
    let [executive, technical] = reports(&BANK);
    assert!(!technical.contains("very containment waits for"));
    assert!(part(&technical, "What happens next").contains("the experts contain first"));
    assert_whole(&technical);
    insta::assert_snapshot!("bank_executive", executive);
    insta::assert_snapshot!("bank_technical", main_parts(&technical));
}

#[test]
fn a_manufacturer_with_reader_access_reads_that_containment_waits_for_it() {
    let [executive, technical] = reports(&MANUFACTURER);
    assert!(executive.contains("every containment waits for you"));
    let next = part(&technical, "What happens next");
    assert!(next.contains("**every containment waits for you**"));
    let scope = part(&technical, "What the service covers");
    assert!(scope.contains("guidance alone where Defender Antivirus is passive"));
    // Why a number is what it is, in words that a reader can follow.
    let answers = part(&technical, "Questions and answers");
    assert!(answers.contains("the score of “95 % or more”, 100 %"));
    assert!(answers.contains("“Cover is limited to named groups” is not the case"));
    assert!(!technical.contains("condition does not hold"));
    let findings = part(&technical, "Findings");
    assert!(findings.contains("- Found as well: Safe Links leaves out places or ways to click"));
    assert!(!findings.contains("several answers together"));
    assert_whole(&technical);
    insta::assert_snapshot!("manufacturer_executive", executive);
    insta::assert_snapshot!("manufacturer_technical", main_parts(&technical));
}

#[test]
fn a_security_team_that_buys_hunting_reads_that_every_action_stays_with_it() {
    let [executive, technical] = reports(&HUNTING);
    let next = part(&technical, "What happens next");
    assert!(next.contains("every action stay with Alpine Systems"));
    assert!(!technical.contains("Monitoring phase"));
    assert_whole(&technical);
    insta::assert_snapshot!("hunting_executive", executive);
    insta::assert_snapshot!("hunting_technical", main_parts(&technical));
}
