//! Findings as tables and as a calendar: read back by programs that are not ours.

use std::io::Cursor;
use std::path::Path;
use std::process::Command;

use calamine::{Data, DataType, Reader, Xlsx};
use readiness::report::{self, Audience, Format, Report, sample};
use readiness::template::Templates;

use crate::project::{Project, left_out};

const HOSTILE: [&str; 7] = [
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "+1+1",
    "-2",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "Grüße, \"Zoë\"\nzweite Zeile <b>x</b>",
];

fn hostile() -> Report {
    let mut report = sample::report().for_audience(Audience::Technical);
    for (finding, text) in report.findings.iter_mut().zip(HOSTILE.iter().cycle()) {
        finding.title = (*text).to_owned();
        finding.owner = Some((*text).to_owned());
        finding.note = Some((*text).to_owned());
    }
    report.head.customer.name = "A & B; C, \"D\" Ü".into();
    report
}

fn file(report: &Report, format: Format) -> Vec<u8> {
    report::render(report, &Templates::builtin().unwrap(), format).unwrap()
}

fn python(script: &str, path: &Path) -> serde_json::Value {
    let run = Command::new("/usr/bin/python3")
        .args(["-c", script])
        .arg(path)
        .output()
        .unwrap();
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    serde_json::from_slice(&run.stdout).unwrap()
}

fn sheet(bytes: Vec<u8>, name: &str) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range(name).unwrap();
    range.rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn a_parser_of_another_reads_the_table_as_it_was_written() {
    let report = hostile();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("findings.csv");
    std::fs::write(&path, file(&report, Format::Csv)).unwrap();
    let script = "import csv,json,sys\nprint(json.dumps(list(csv.reader(open(sys.argv[1],encoding='utf-8-sig',newline=''),strict=True))))";
    let rows = python(script, &path);
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), report.findings.len() + 1);
    for (row, finding) in rows[1..].iter().zip(&report.findings) {
        assert_eq!(row[0], finding.key);
        for cell in row.as_array().unwrap() {
            let cell = cell.as_str().unwrap();
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{cell:?}"
            );
        }
        assert!(
            row[2]
                .as_str()
                .unwrap()
                .trim_start_matches('\'')
                .starts_with(finding.title.trim())
                || finding.title.starts_with(['\t', '\r'])
        );
    }
}

#[test]
fn a_spreadsheet_that_splits_at_semicolons_finds_no_formula() {
    let mut report = hostile();
    report.findings[0].title = "harmless;=1+1".into();
    report.findings[0].note = Some("quoted;\"=1+1\"\n@SUM(A1)\t-2".into());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("findings.csv");
    std::fs::write(&path, file(&report, Format::Csv)).unwrap();
    for separator in [";", "\\t"] {
        let script = format!(
            "import csv,json,sys\nprint(json.dumps(list(csv.reader(open(sys.argv[1],encoding='utf-8-sig',newline=''),delimiter='{separator}'))))"
        );
        let rows = python(&script, &path);
        let cells = rows.as_array().unwrap().iter();
        for cell in cells.flat_map(|row| row.as_array().unwrap()) {
            let cell = cell.as_str().unwrap();
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell:?}");
        }
    }
}

#[test]
fn a_reader_of_another_finds_every_finding_in_the_workbook() {
    let report = hostile();
    let rows = sheet(file(&report, Format::Xlsx), "Findings");
    assert_eq!(rows.len(), report.findings.len() + 1);
    for (row, finding) in rows[1..].iter().zip(&report.findings) {
        assert_eq!(row[0], Data::String(finding.key.clone()));
        assert_eq!(row[1], Data::Float(f64::from(finding.number)));
        assert!(matches!(row[2], Data::String(_)), "{:?}", row[2]);
        match finding.due {
            Some(day) => {
                // Workbooks count days from the end of 1899.
                let serial =
                    (day - chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap()).num_days();
                let Data::DateTime(written) = &row[9] else {
                    panic!("{:?}", row[9]);
                };
                assert_eq!(written.as_f64(), serial as f64);
            }
            None => assert_eq!(row[9], Data::Empty),
        }
    }
}

#[test]
fn a_spreadsheet_calculates_nothing_that_people_typed() {
    if Command::new("soffice").arg("--version").output().is_err() {
        left_out("tables in a spreadsheet", "LibreOffice is not there");
        return;
    }
    let report = hostile();
    let folder = tempfile::tempdir().unwrap();
    for format in [Format::Csv, Format::Xlsx] {
        let path = folder.path().join(format!("in-{0}.{0}", format.code()));
        std::fs::write(&path, file(&report, format)).unwrap();
        // Recalculated, values as they are shown, texts in quotes; of the workbook every sheet.
        let sheets = if format == Format::Xlsx { ",-1" } else { "" };
        let filter = format!(
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false{sheets}"
        );
        let profile = format!(
            "-env:UserInstallation=file://{}/profile",
            folder.path().display()
        );
        let out = folder.path().join(format!("out-{}", format.code()));
        // The first start with a new profile may end before it has converted anything.
        for _ in 0..3 {
            let run = Command::new("soffice")
                .args([&profile, "--headless", "--convert-to", &filter, "--outdir"])
                .arg(&out)
                .arg(&path)
                .output()
                .unwrap();
            assert!(
                run.status.success(),
                "{}",
                String::from_utf8_lossy(&run.stderr)
            );
            if out.is_dir() {
                break;
            }
        }
        let made = std::fs::read_dir(&out)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|made| format == Format::Csv || made.ends_with("in-xlsx-Findings.csv"));
        let text = std::fs::read_to_string(made.expect("the spreadsheet wrote the sheet")).unwrap();
        for typed in ["=HYPERLINK(", "+1+1", "@SUM(A1:A9)", "-2"] {
            assert!(
                text.contains(typed),
                "{typed} was calculated in {format:?}:\n{text}"
            );
        }
    }
}

#[test]
fn the_summary_counts_what_is_to_be_done() {
    let report = sample::report().for_audience(Audience::Technical);
    let rows = sheet(file(&report, Format::Xlsx), "Summary");
    let counted: f64 = rows.iter().skip(10).filter_map(|row| row[1].as_f64()).sum();
    let open = report
        .findings
        .iter()
        .filter(|finding| !finding.state.is_over())
        .count();
    assert_eq!(counted, open as f64);
}

#[test]
fn the_calendar_of_another_reads_the_days() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("days.ics");
    let report = hostile();
    let bytes = file(&report, Format::Ics);
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert_eq!(text.matches("PRODID:").count(), 1, "{text}");
    assert!(!text.contains("DTEND"), "a day ends with itself: {text}");
    std::fs::write(&path, bytes).unwrap();
    if !Command::new("/usr/bin/python3")
        .args(["-c", "import icalendar"])
        .status()
        .is_ok_and(|status| status.success())
    {
        left_out("days in a calendar", "python3-icalendar is not there");
        return;
    }
    let script = "import icalendar,json,sys\nc=icalendar.Calendar.from_ical(open(sys.argv[1],'rb').read())\nprint(json.dumps([[str(e['UID']),str(e['SUMMARY']),e.decoded('DTSTART').isoformat(),int(e['SEQUENCE']),str(e.get('STATUS',''))] for e in c.walk('VEVENT')]))";
    let events = python(script, &path);
    let events = events.as_array().unwrap();
    for finding in report
        .findings
        .iter()
        .filter(|finding| finding.due.is_some())
    {
        let due = finding.due.unwrap().to_string();
        assert!(
            events
                .iter()
                .any(|event| event[2] == due && event[1].as_str().unwrap().contains("Due: ")),
            "{due}: {events:#?}"
        );
    }
    let mut ids: Vec<&str> = events
        .iter()
        .map(|event| event[0].as_str().unwrap())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), events.len(), "an id stands twice");
    for event in events {
        assert!(
            event[1]
                .as_str()
                .unwrap()
                .starts_with("A & B; C, \"D\" Ü: "),
            "{event}"
        );
        assert_eq!(event[3], report.anchor.sequence);
    }
}

#[test]
fn an_action_plan_goes_by_who_must_act_and_who_owns_it() {
    let project = Project::new()
        .questionnaire("two-questions")
        .answers("start.mfa = no");
    let plan = |project: &Project| {
        project
            .run("report contoso --audience action-plan --format md,html")
            .ok();
        let text = std::fs::read_to_string(project.path("contoso-action-plan.md")).unwrap();
        let from = text.find("## Who does what, and by when").unwrap();
        let to = text.find("## Open answers").unwrap();
        text[from..to].to_owned()
    };
    let before = plan(&project);
    assert!(before.contains("### You"), "{before}");
    assert!(before.contains("**No owner yet**"), "{before}");
    project
        .run("finding plan contoso no-second-factor --owner 'Ola Nordmann' --due 2026-09-20")
        .ok();
    let after = plan(&project);
    let owned = after.split("**Ola Nordmann**").nth(1).unwrap();
    assert!(owned.contains("20 Sep 2026"), "{after}");
    project
        .run("finding wait contoso no-second-factor --on microsoft --why 'The tenant is locked'")
        .ok();
    let waiting = plan(&project);
    assert!(waiting.contains("### Microsoft"), "{waiting}");
}

#[test]
fn a_handout_is_about_one_finding() {
    let report = sample::report();
    let wanted = report.findings[2].clone();
    let other = report.findings[0].clone();
    let handout = report.clone().handout(&wanted.key).unwrap();
    assert_eq!(handout.audience, Audience::Handout);
    for format in [Format::Html, Format::Markdown] {
        let text = String::from_utf8(file(&handout, format)).unwrap();
        assert!(text.contains(&wanted.title), "{text}");
        assert!(!text.contains(&other.title), "{text}");
        assert!(!text.contains(&report.verdict.sentence), "{text}");
        for link in &wanted.recommendations {
            assert!(text.contains(&link.title), "{text}");
        }
    }
    assert!(report.handout("nothing").is_none());
}

#[test]
fn a_later_calendar_moves_the_same_events() {
    let early = sample::report().for_audience(Audience::Technical);
    let mut late = early.clone();
    late.anchor.sequence += 5;
    let ids = |report: &Report| -> Vec<String> {
        let text = String::from_utf8(file(report, Format::Ics)).unwrap();
        text.lines()
            .filter(|line| line.starts_with("UID:"))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(ids(&early), ids(&late));
    assert!(!ids(&early).is_empty());
}

#[test]
fn no_table_tells_what_is_private() {
    let mut report = sample::report();
    for finding in &mut report.findings {
        finding.private_note = Some("said in confidence".into());
    }
    let words = |report: &Report, format: Format| match format {
        Format::Xlsx => format!("{:?}", sheet(file(report, format), "Findings")),
        _ => String::from_utf8(file(report, format)).unwrap(),
    };
    for format in [Format::Csv, Format::Xlsx] {
        assert!(words(&report, format).contains("said in confidence"));
    }
    let shown = report.for_audience(Audience::Technical);
    for format in [Format::Csv, Format::Xlsx, Format::Ics] {
        assert!(
            !words(&shown, format).contains("said in confidence"),
            "{format:?}"
        );
    }
}

#[test]
fn an_issued_file_is_known_again_in_every_format_and_a_changed_one_is_not() {
    let project = Project::new()
        .questionnaire("two-questions")
        .answers("start.mfa = no");
    let made = |format: &Format| *format != Format::Pdf || report::pdf::missing().is_none();
    let formats: Vec<Format> = Format::ALL.into_iter().filter(made).collect();
    let codes: Vec<&str> = formats.iter().map(|format| format.code()).collect();
    let codes = codes.join(",");
    project
        .run(&format!(
            "report contoso --audience technical --format {codes} --issue"
        ))
        .ok();
    for format in formats {
        let name = format!("contoso-technical.{}", format.code());
        project
            .run(&format!("verify --report {name}"))
            .ok()
            .stdout("unchanged: the technical report of `contoso` (two-questions), version 1");
    }
    let mut changed = std::fs::read(project.path("contoso-technical.md")).unwrap();
    changed.push(b' ');
    project.write("changed.md", changed);
    (project.run("verify --report changed.md"))
        .exit(3)
        .stdout("not issued from here, or changed since");
}

#[test]
fn one_report_goes_into_the_file_that_is_named_and_several_into_a_folder() {
    let project = Project::new()
        .questionnaire("two-questions")
        .answers("start.mfa = no");
    let run = |rest: &str| project.run(&format!("report contoso {rest}"));
    run("--format html --output for-the-board.html")
        .ok()
        .stdout("for-the-board.html");
    assert!(
        project
            .read("for-the-board.html")
            .starts_with("<!doctype html>")
    );
    run("--format html --output for-the-board.html").ok();
    run("--format html,md --output out.html").ok();
    assert!(project.read("out.html/contoso-executive.md").contains('#'));
    // A folder stays one, whatever it is called.
    run("--format html --output out.html")
        .ok()
        .stdout("out.html/contoso-executive.html");
    run("--format html --output out.pdf")
        .ok()
        .stdout("contoso-executive.html");
}

#[test]
fn a_report_for_those_who_decide_has_no_table_of_findings() {
    let project = Project::new()
        .questionnaire("two-questions")
        .answers("start.mfa = no");
    (project.run("report contoso --audience executive --format csv"))
        .exit(2)
        .stderr("--audience technical");
    (project.run("report contoso --format html,csv"))
        .exit(2)
        .stderr("for whom?");
    (project.run("report contoso --audience handout --finding nothing"))
        .exit(1)
        .stderr("nothing is to be done about a finding `nothing`");
}
