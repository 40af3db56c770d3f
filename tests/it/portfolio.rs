//! All customers at once, digests, and the page for a colleague.

use std::io::Cursor;
use std::path::Path;

use calamine::{DataType, Reader, Xlsx};
use readiness::actions::Customers;

use crate::crowd;
use crate::project::{Project, Ran};

/// Three customers: one blocked, one ready, one not assessed.
fn three() -> Project {
    let project = Project::new()
        .questionnaire("two-questions")
        .answers("start.mfa = no");
    project
        .run_with(&["customer", "set", "contoso", "--manager", "Kim O'Brien"])
        .ok();
    for line in [
        "customer set contoso --region EMEA --go-live 2026-10-01",
        "phase set contoso readiness --reason begin",
        "finding plan contoso no-second-factor --owner 'Roth, \"Jo\" ../../etc' --due 2026-09-04",
        "customer add muller --name 'Müller & Söhne' --region APAC --go-live 2026-09-20",
        "customer add zeta --name '=1+1'",
        "answers import muller begin.toml",
        "answer muller start.mfa yes",
        "answer muller start.method key",
    ] {
        project.run(line).ok();
    }
    project
}

fn wide(project: &Project, line: &str, columns: &str) -> Ran {
    let arguments: Vec<&str> = line.split(' ').collect();
    let mut command = project.command(&arguments);
    Ran::of(line, command.env("COLUMNS", columns).output().unwrap())
}

#[test]
fn an_empty_store_says_what_to_do() {
    let project = Project::new();
    project.run("portfolio").ok().stderr("customer add");
    project.run("digest").ok().stderr("nobody has anything");
    // Who only reads is not written down.
    assert_eq!(
        project.run("person list --json").ok().json(),
        serde_json::json!([])
    );
    let none = serde_json::json!([]);
    project.run("portfolio --json").ok().is("/lines", none);
    project
        .run("portfolio --format csv")
        .ok()
        .stdout("portfolio.csv");
    project
        .run("brief nobody")
        .exit(2)
        .stderr("there is no customer");
    project
        .run("brief ../../etc")
        .exit(2)
        .stderr("not a valid customer id");
}

#[test]
fn customers_stand_in_the_order_of_what_presses() {
    let project = three().at("2026-09-10T09:00:00Z");
    insta::assert_snapshot!(wide(&project, "portfolio", "240").ok().text());
    insta::assert_snapshot!(wide(&project, "portfolio --director", "60").ok().text());
    for (columns, most) in [("60", 60), ("20", 20), ("0", 80), ("x", 80)] {
        let shown = wide(&project, "portfolio", columns).ok().text();
        let mut lines = shown.lines().map(|line| line.chars().count());
        assert!(lines.all(|width| width <= most), "{columns}\n{shown}");
    }
}

#[test]
fn filters_and_queues_choose_customers() {
    let project = three().at("2026-09-10T09:00:00Z");
    let cases = [
        ("--queue overdue", vec!["contoso"]),
        ("--queue go-live", vec!["contoso", "muller"]),
        ("--queue unassigned", vec![]),
        ("--item no-second-factor", vec!["contoso"]),
        ("--item start.mfa", vec!["contoso"]),
        ("--item start", vec![]),
        ("--region emea", vec!["contoso"]),
        ("--manager kim-o-brien", vec!["contoso"]),
        ("--phase onboarding", vec!["muller", "zeta"]),
        ("--verdict ready", vec!["muller"]),
        ("--since 2026-09-02 --sort name", vec!["contoso", "muller"]),
        ("--since 2026-09-12", vec![]),
        ("--sort name", vec!["zeta", "contoso", "muller"]),
        ("--sort overdue --verdict not-ready", vec!["contoso"]),
    ];
    for (filter, wanted) in cases {
        let line = format!("portfolio {filter} --json");
        let shown = project.run(&line).ok().json();
        let lines = shown["lines"].as_array().unwrap().iter();
        let ids: Vec<&str> = lines
            .map(|line| line["customer"].as_str().unwrap())
            .collect();
        assert_eq!(ids, wanted, "{filter}");
    }
    project.run("portfolio --sort score").exit(2);
}

#[test]
fn a_clock_set_back_shows_the_day_of_the_last_entry() {
    let project = three().at("2020-01-01T09:00:00Z");
    project
        .run("portfolio --json --item no-second-factor")
        .ok()
        .is("/lines/0/today", "2026-09-02");
}

#[test]
fn a_date_that_passes_changes_the_row_and_verify_agrees() {
    let project = three();
    let overdue = |project: &Project, count: i64| {
        project
            .run("portfolio --json --item no-second-factor")
            .ok()
            .is("/lines/0/summary/overdue", count);
        project.run("verify").ok();
    };
    overdue(&project, 0);
    let project = project.at("2026-09-05T09:00:00Z");
    overdue(&project, 1);
    overdue(&project, 1);
}

#[test]
fn the_table_is_read_by_others_and_calculated_by_none() {
    let project = three();
    project.run("portfolio --format csv").ok();
    project
        .run("portfolio --format xlsx --output book.xlsx")
        .ok();
    let mut reader = csv::Reader::from_path(project.path("portfolio.csv")).unwrap();
    let rows = reader.records().map(Result::unwrap);
    let names: Vec<String> = rows.map(|row| row[0].to_owned()).collect();
    assert_eq!(names, ["Contoso Ltd", "Müller & Söhne", "'=1+1"]);
    let bytes = std::fs::read(project.path("book.xlsx")).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range("Customers").unwrap();
    let cell = range.get_value((3, 0)).and_then(DataType::as_string);
    assert_eq!(cell.as_deref(), Some("=1+1"));
    // What is a number or a day is one there too, for whoever sorts and sums.
    let column = |head: &str| {
        let mut heads = range.rows().next().unwrap().iter();
        let at = heads.position(|cell| cell.as_string().as_deref() == Some(head));
        let cells = range
            .rows()
            .skip(1)
            .map(move |row| row[at.unwrap()].clone());
        cells.collect::<Vec<_>>()
    };
    assert!(column("Open").iter().all(DataType::is_float));
    assert!(column("Override").iter().all(DataType::is_empty));
    assert!(column("Last touch").iter().all(DataType::is_datetime));
    assert!(book.worksheet_formula("Customers").unwrap().is_empty());
}

#[test]
fn everybody_gets_what_is_theirs() {
    let project = three();
    project
        .run("digest --per owner --output out")
        .ok()
        .stdout("out/digest-roth-jo-etc.eml");
    insta::assert_snapshot!(project.read("out/digest-roth-jo-etc.txt"));
    let mail = project.read("out/digest-roth-jo-etc.eml");
    assert!(
        mail.is_ascii() && mail.contains("\r\nX-Unsent: 1\r\n"),
        "{mail}"
    );
    let count = std::fs::read_dir(project.path("out")).unwrap().count();
    assert_eq!(count, 2);
}

#[test]
fn whoever_takes_over_finds_it_on_one_page() {
    let project = three();
    for line in [
        "finding wait contoso no-second-factor --on microsoft --why 'keys are ordered'",
        "finding note contoso no-second-factor --text 'They fear the works council'",
        "customer set contoso --contact 'J. Roth=SOC lead' --next-touch 2026-09-07",
    ] {
        project.run(line).ok();
    }
    for columns in ["40", "60", "80", "120"] {
        let shown = wide(&project, "brief contoso", columns).ok().text();
        let most = columns.parse().unwrap();
        let mut lines = shown.lines().map(|line| line.chars().count());
        assert!(lines.all(|width| width <= most), "{shown}");
    }
    wide(&project, "brief contoso", "200")
        .ok()
        .stdout("Not ready to start: 1 item stops it")
        .stdout("readiness since 2 Sep 2026")
        .stdout("7 Sep 2026")
        .stdout("SOC lead")
        .stdout("4 Sep 2026  Administrators sign in with a password alone  Roth, \"Jo\" ../../etc")
        .stdout("keys are ordered")
        .stdout("They fear the works council");
    project.run("brief contoso --format md").ok();
    assert!(project.read("contoso-brief.md").contains("works council"));
}

#[test]
fn three_hundred_customers_are_counted_and_keep_their_order() {
    let project = three();
    for number in 0..297 {
        project
            .run(&format!(
                "customer add c{number} --name 'Customer {number}'"
            ))
            .ok();
    }
    let json = project.run("portfolio --json").ok().json();
    assert_eq!(json["lines"].as_array().unwrap().len(), 300);
    assert_eq!(json["funnel"]["onboarding"], 299);
    assert_eq!(json["starts"]["planned"], 2);
    // So many are laid out in two halves, in the order that they have.
    let names = json["lines"].as_array().unwrap().iter();
    let names: Vec<&str> = names.map(|line| line["name"].as_str().unwrap()).collect();
    project.run("portfolio --format csv").ok();
    let mut reader = csv::Reader::from_path(project.path("portfolio.csv")).unwrap();
    let rows = reader.records().map(|row| row.unwrap()[0].to_owned());
    let rows: Vec<String> = rows
        .map(|name| name.trim_start_matches('\'').into())
        .collect();
    assert_eq!(rows, names);
}

/// Returns how many ledgers a look at all customers replays at `now`, and how many lines it shows.
fn look(folder: &Path, now: &str) -> (usize, usize) {
    run(async {
        let workspace = crowd::open(folder, now).await;
        let portfolio = workspace.portfolio(&Customers::default()).await.unwrap();
        (portfolio.replayed, portfolio.lines.len())
    })
}

fn run<T>(what: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    runtime.unwrap().block_on(what)
}

#[test]
fn a_ledger_is_replayed_only_where_its_row_does_not_hold_and_then_once() {
    let folder = tempfile::tempdir().unwrap();
    let size = crowd::ORIGINALS + 10;
    run(async {
        crowd::fill(folder.path(), size).await;
        let workspace = crowd::open(folder.path(), crowd::NOW).await;
        // Copies are what they would be had everybody answered.
        let verified = workspace.verify().await.unwrap();
        assert!(verified.problems.0.is_empty(), "{:?}", verified.problems);
    });
    assert_eq!(look(folder.path(), crowd::NOW), (0, size));
    let (replayed, _) = look(folder.path(), "2026-09-03T09:00:00Z");
    assert!(replayed < size / 2, "a day later {replayed} were replayed");
    // A year later no row holds: all are computed once and kept.
    assert_eq!(look(folder.path(), "2027-09-02T09:00:00Z"), (size, size));
    assert_eq!(look(folder.path(), "2027-09-02T10:00:00Z"), (0, size));
}

#[test]
fn a_customer_without_an_assessment_has_a_row_that_goes_with_the_first() {
    let project = Project::new().at_hand("two-questions");
    project
        .run("customer add zeta --name Zeta --go-live 2026-09-10")
        .ok();
    let rows = || {
        run(async {
            let workspace = crowd::open(project.path("").as_path(), crowd::NOW).await;
            let portfolio = workspace.portfolio(&Customers::default()).await.unwrap();
            let rows = workspace.store.summaries().await.unwrap();
            let of: Vec<bool> = rows.iter().map(|row| row.questionnaire.is_some()).collect();
            (portfolio.replayed, of)
        })
    };
    assert_eq!(rows().1, [false]);
    assert_eq!(rows(), (0, vec![false]));
    project.run("verify").ok();
    project.run("customer set zeta --region EMEA").ok();
    assert_eq!(rows(), (0, vec![false]));
    project.write("begin.toml", "questionnaire = \"two-questions\"\n");
    project.run("answers import zeta begin.toml").ok();
    assert_eq!(rows(), (1, vec![true]));
    project.run("verify").ok();
}

#[test]
fn the_most_failed_findings_have_titles_and_count_customers() {
    let project = three();
    project.write(
        "questionnaires/other/questionnaire.toml",
        r#"format = 1
id = "other"
version = "1.0.0"
title = "Other"
[[section]]
id = "s"
title = "S"
[[section.question]]
id = "q"
type = "bool"
text = "Q?"
tier = "required"
finding = "no-second-factor"
[[finding]]
id = "no-second-factor"
severity = "low"
title = "Called otherwise elsewhere"
"#,
    );
    project.write(
        "other.toml",
        "questionnaire = \"other\"\n[answers.\"s.q\"]\nvalue = false\n",
    );
    for line in [
        "answers import contoso other.toml",
        "advice add contoso --questionnaire other --title 'Of this customer alone' --severity high",
        "answer muller start.method text",
    ] {
        project.run(line).ok();
    }
    let shown = project.run("portfolio --json").ok().json();
    let failed = shown["most_failed"].as_array().unwrap();
    let told: Vec<(&str, u64)> = { failed.iter() }
        .map(|one| {
            (
                one["finding"].as_str().unwrap(),
                one["customers"].as_u64().unwrap(),
            )
        })
        .collect();
    // Contoso has the first twice, and is counted once; advice is of one customer and not among them.
    assert_eq!(told, [("no-second-factor", 1), ("weak-second-factor", 1)]);
    assert!(!failed[0]["title"].as_str().unwrap().is_empty());
    assert_eq!(shown["lines"].as_array().unwrap().len(), 4);
    project
        .run("portfolio --director")
        .ok()
        .stdout("no-second-factor")
        .no_stdout("adv-1");
}
