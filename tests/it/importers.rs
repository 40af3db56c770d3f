//! Other tools' files: what is taken from them, and what is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use proptest::prelude::{Strategy, any, prop};
use proptest::{prop_assert, proptest};
use readiness::domain::customer::WorkingCalendar;
use readiness::domain::evidence::{Aged, Evidence, Extent, Observation, Status, Tool, Whole};
use readiness::importers::{self, Folder, IMPORTERS, Importer, calendar, incidents};

use crate::project::left_out;

/// Files of every tool in all its shapes, a folder a tool; written for these tests.
const FIXTURES: &str = "tests/fixtures/evidence";

/// What fuzzing begins with, and what it found; a folder an importer.
const CORPUS: &str = "fuzz/corpus";

/// Real files of the tools; they are kept beside the project and not in it.
const SAMPLES: &str = "../shared/data";

/// Returns the files of a folder by name.
fn files(folder: impl AsRef<Path>) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries
        .filter(|entry| entry.path().is_file())
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// Returns every fixture, by tool and name.
fn fixtures() -> Vec<(Tool, String, Vec<u8>)> {
    let of_tool = |tool: Tool| {
        let files = files(Path::new(FIXTURES).join(tool.code()));
        files
            .into_iter()
            .map(move |(name, bytes)| (tool, name, bytes))
    };
    Tool::ALL.into_iter().flat_map(of_tool).collect()
}

fn fixture(tool: Tool, name: &str) -> Vec<u8> {
    fs::read(Path::new(FIXTURES).join(tool.code()).join(name)).unwrap()
}

/// Returns what is wrong with a file, a line each.
#[track_caller]
fn refused(bytes: &[u8]) -> String {
    importers::import(bytes).unwrap_err().to_string()
}

/// Returns what a file says, a line each thing.
fn told(evidence: &Evidence) -> String {
    let mut out = format!("{} · {}", evidence.tool, evidence.form);
    if let Some(version) = &evidence.tool_version {
        write!(out, " · version {version}").unwrap();
    }
    match evidence.taken {
        Some(taken) => writeln!(out, " · {taken}").unwrap(),
        None => writeln!(out, " · undated").unwrap(),
    }
    for tenant in &evidence.tenants {
        let id = tenant.id.as_deref().unwrap_or("–");
        let name = tenant.name.as_deref().unwrap_or("–");
        writeln!(out, "tenant {id} · {name} · {}", tenant.domains.join(", ")).unwrap();
    }
    writeln!(out, "{} rows", evidence.rows).unwrap();
    if evidence.extent == Extent::FindingsOnly {
        writeln!(out, "findings only").unwrap();
    }
    for reason in &evidence.incomplete {
        writeln!(out, "incomplete: {reason}").unwrap();
    }
    for warning in &evidence.warnings {
        writeln!(out, "warning: {warning}").unwrap();
    }
    for observation in &evidence.observations {
        writeln!(out, "{}", observed(observation)).unwrap();
    }
    for measure in &evidence.measures {
        let whole = match measure.whole {
            Whole::Counted(whole) => format!(" of {whole}"),
            Whole::Seats => " of the seats".to_owned(),
            Whole::Nothing => String::new(),
        };
        let (id, part, counted) = (&measure.id, measure.part, &measure.counted);
        writeln!(out, "= {id}: {part}{whole} ({counted})").unwrap();
    }
    for unplaced in &evidence.unplaced {
        let candidates = unplaced.candidates.join(", ");
        writeln!(out, "? [{candidates}] {}", observed(&unplaced.observation)).unwrap();
    }
    out
}

fn observed(observation: &Observation) -> String {
    let mut out = format!(
        "{}: {} ({})",
        observation.control,
        observation.status.words(),
        observation.said
    );
    if let Some(why) = observation.why_unknown {
        write!(out, " because {}", why.code()).unwrap();
    }
    if let Some(percent) = observation.percent() {
        write!(out, " {percent} %").unwrap();
    }
    if let Some(count) = observation.count {
        write!(out, " count {count}").unwrap();
    }
    if observation.written != observation.control {
        write!(out, " as `{}`", observation.written).unwrap();
    }
    match &observation.aged {
        Some(Aged::Version(newest)) => write!(out, " today {newest}").unwrap(),
        Some(Aged::Renamed) => write!(out, " renamed").unwrap(),
        Some(Aged::Split(into)) => write!(out, " split into {}", into.join(", ")).unwrap(),
        Some(Aged::Retired) => write!(out, " retired").unwrap(),
        None => {}
    }
    if let Some(tenant) = observation.tenant.filter(|tenant| *tenant > 0) {
        write!(out, " tenant {tenant}").unwrap();
    }
    for text in [&observation.title, &observation.detail]
        .into_iter()
        .flatten()
    {
        let text: String = text.chars().take(60).collect();
        write!(out, " | {}", text.replace('\n', "⏎")).unwrap();
    }
    out
}

// ── what is taken ───────────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn every_fixture_is_read_as_it_says() {
    for tool in Tool::ALL {
        let mut out = String::new();
        for (_, name, bytes) in fixtures().into_iter().filter(|(of, ..)| *of == tool) {
            let evidence = importers::import(&bytes).unwrap();
            assert_eq!(evidence.tool, tool, "{name}");
            writeln!(out, "── {name}\n{}", told(&evidence)).unwrap();
        }
        insta::assert_snapshot!(tool.code(), out);
    }
}

#[test]
fn a_file_says_the_same_in_every_encoding() {
    for (_, name, bytes) in fixtures() {
        let text = String::from_utf8(bytes).unwrap();
        let expected = importers::import(text.as_bytes()).unwrap();
        let crlf = text.replace('\n', "\r\n");
        for lines in [&text, &crlf] {
            let units = |order: fn(u16) -> [u8; 2]| lines.encode_utf16().flat_map(order).collect();
            let marked = |mark: &[u8], rest: Vec<u8>| [mark, &rest].concat();
            for bytes in [
                lines.clone().into_bytes(),
                marked(b"\xef\xbb\xbf", lines.clone().into_bytes()),
                marked(b"\xff\xfe", units(u16::to_le_bytes)),
                marked(b"\xfe\xff", units(u16::to_be_bytes)),
            ] {
                assert_eq!(importers::import(&bytes).unwrap(), expected, "{name}");
            }
        }
    }
}

#[test]
fn powershells_escapes_are_read() {
    let plain = fixture(Tool::ScubaGear, "consolidated-5-fields.json");
    let text = String::from_utf8(plain.clone()).unwrap();
    let escaped = text
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\'', "\\u0027")
        .replace("\": ", "\":  ");
    assert_ne!(text, escaped);
    let read = importers::import(escaped.as_bytes()).unwrap();
    assert_eq!(read, importers::import(&plain).unwrap());
}

#[test]
fn a_folder_gives_what_is_known_and_lists_the_rest() {
    let read = |name| fixture(Tool::ScubaGear, name);
    let (run, table) = (read("consolidated-13-fields.json"), read("results.csv"));
    let (plan, raw) = (read("action-plan.csv"), read("test-results.json"));
    let scores = fixture(Tool::SecureScore, "scores.json");
    let profiles = fixture(Tool::SecureScore, "control-profiles.json");
    let files: [(&str, &[u8]); 9] = [
        ("ScubaResults_0a1b.json", &run),
        ("ScubaResults.csv", &table),
        ("ActionPlan.csv", &plan),
        ("TestResults.json", &raw),
        ("scores.json", &scores),
        ("profiles.json", &profiles),
        (
            "ProviderSettingsExport.json",
            br#"{"baseline_version": "1", "date": "x"}"#,
        ),
        ("BaselineReports.html", b"<!DOCTYPE html><html></html>"),
        ("cut.json", &run[..run.len() / 2]),
    ];
    let mut folder = Folder::default();
    for (name, bytes) in files {
        folder.take(name, bytes);
    }
    let folder = folder.whole();
    let mut out = String::new();
    for imported in &folder.imported {
        let files = imported.files.join(" and ");
        writeln!(
            out,
            "{files}: {}",
            told(&imported.evidence).lines().next().unwrap()
        )
        .unwrap();
    }
    for (name, why) in &folder.left {
        writeln!(out, "left {name}: {why}").unwrap();
    }
    for (name, problems) in &folder.refused {
        writeln!(out, "refused {name}: {problems}").unwrap();
    }
    insta::assert_snapshot!(out);
}

#[test]
fn evidence_keeps_its_form_in_json() {
    for (_, name, bytes) in fixtures() {
        let evidence = importers::import(&bytes).unwrap();
        let text = serde_json::to_string(&evidence).unwrap();
        let back: Evidence = serde_json::from_str(&text).unwrap();
        assert_eq!(back, evidence, "{name}");
    }
}

// ── what is refused ─────────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_damaged_file_is_refused_with_place_and_reason() {
    let good = String::from_utf8(fixture(Tool::ScubaGear, "consolidated-5-fields.json")).unwrap();
    let once = r#""Result": "Pass", "Criticality""#;
    let twice = r#""Result": "Pass", "Result": "Fail", "Criticality""#;
    let merged = r#""Result": "Pass",
<<<<<<< HEAD
"Criticality""#;
    let table = String::from_utf8(fixture(Tool::ScubaGear, "results.csv")).unwrap();
    let cases = [
        ("cut off", good[..good.len() / 3].to_owned()),
        (
            "a comma too many",
            good.replacen("}\n      ]}", "},\n      ]}", 1),
        ),
        ("a merge", good.replacen(once, merged, 1)),
        ("a name twice", good.replacen(once, twice, 1)),
        (
            "a product twice",
            good.replacen("\"EXO\": [", "\"AAD\": [", 1),
        ),
        (
            "no results",
            good.replacen("\"Results\": {", "\"Results\": 7, \"x\": {", 1),
        ),
        ("a table cut off", table[..table.len() - 20].to_owned()),
        ("a row too short", table.replacen("\"Omitted\",", "", 1)),
    ];
    let mut out = String::new();
    for (case, text) in cases {
        assert!(text != good && text != table, "{case}");
        writeln!(out, "{case}: {}", refused(text.as_bytes())).unwrap();
    }
    insta::assert_snapshot!(out);
}

#[test]
fn an_unknown_file_is_refused_with_what_it_looks_like_and_what_is_supported() {
    for (bytes, looks_like) in [
        (
            &b"PK\x03\x04\x14\x00\x00\x00"[..],
            "a zip archive or an Excel workbook",
        ),
        (b"\x1f\x8b\x08\x00\xff", "a file compressed with gzip"),
        (b"", "an empty file"),
        (b"{\"findings\": []}", "JSON with `findings`"),
        (
            b"Name,Size\na,1\n",
            "a table with the columns `name`, `size`",
        ),
        (b"just text", "a text that is neither JSON nor a table"),
    ] {
        let said = refused(bytes);
        assert!(said.contains(looks_like), "{said}");
        for importer in &IMPORTERS {
            assert!(said.contains(importer.tool.title()), "{said}");
        }
    }
    assert!(
        refused(b"Rang;Ma\xdfnahme\n").contains("line 1, column 8: the byte 0xDF is not UTF-8")
    );
}

#[test]
fn a_file_cut_off_anywhere_is_never_taken_for_whole() {
    for (_, name, bytes) in fixtures() {
        let whole = importers::import(&bytes).unwrap();
        let end = bytes.trim_ascii_end().len();
        for step in 1..60 {
            let at = end * step / 60;
            let read = importers::import(&bytes[..at]);
            if name.ends_with(".json") {
                assert!(read.is_err(), "{name} at {at}");
            } else if let Ok(read) = read {
                assert!(read.rows <= whole.rows, "{name} at {at}");
            }
        }
    }
}

#[test]
fn too_much_is_refused_before_it_is_read() {
    let importer = Importer::of(Tool::Licences);
    let large = vec![b' '; importer.limit + 1];
    let said = importer.import(&large).unwrap_err().to_string();
    assert!(said.contains("at most 64 MiB"), "{said}");
    let said = importers::too_large(1 << 30).to_string();
    assert!(
        said.contains("the file has 1024 MiB, and at most 192 MiB are read"),
        "{said}"
    );
    for importer in &IMPORTERS {
        assert!(importer.limit <= importers::MAX_BYTES);
    }
}

#[test]
fn too_many_rows_are_refused() {
    let many = |row: &str, number: usize| vec![row; number].join(",");
    for (text, limit) in [
        (
            format!(
                "[{}]",
                many(r#"{"PolicyId": "a", "RequirementMet": true}"#, 20_001)
            ),
            "more than 20000 tests",
        ),
        (
            format!(
                r#"{{"MetaData": {{}}, "Results": {{"A": [{{"Controls": [{}]}}]}}}}"#,
                many("{}", 10_001)
            ),
            "a list of more than 10000 entries",
        ),
        (
            format!(
                r#"{{"Tests": [{{"Id": "a", "Result": "b"}},{}]}}"#,
                many("{}", 5_000)
            ),
            "more than 5000 tests of one tenant",
        ),
        (
            format!(
                r#"{{"value": [{{"healthIssueType": "a", "status": "b", "domainNames": [{}]}}]}}"#,
                many("1", 10_001)
            ),
            "a list of more than 10000 entries",
        ),
    ] {
        let said = refused(text.as_bytes());
        assert!(said.contains(limit), "{said}");
    }
}

#[test]
fn depth_does_no_harm() {
    for (_, name, bytes) in fixtures() {
        let text = String::from_utf8(bytes).unwrap();
        if !name.ends_with(".json") || !text.starts_with('{') {
            continue;
        }
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let deep = format!("{}1{}", open.repeat(200_000), close.repeat(200_000));
            let ignored = text.replacen('{', &format!("{{\"deep\": {deep},"), 1);
            let expected = importers::import(text.as_bytes()).unwrap();
            assert_eq!(
                importers::import(ignored.as_bytes()).unwrap(),
                expected,
                "{name}"
            );
            // Where the name is one that is read, it is refused or read; it neither hangs nor overflows.
            let known = text.replacen('{', &format!("{{\"value\": {deep},"), 1);
            let _ = importers::import(known.as_bytes());
        }
    }
}

// ── what is never met ───────────────────────────────────────────────────────────────────────────────────────────────────────

/// A status that a tool might write, some of them nearly the good one.
fn statuses() -> impl Strategy<Value = String> {
    let near = vec![
        "Pass",
        "Passed",
        "Passing",
        "Not passed",
        "Failed",
        "N/A",
        "Omitted",
        "Planned",
        "-",
        "",
    ];
    proptest::prop_oneof![
        prop::sample::select(near).prop_map(str::to_owned),
        "[ -~]{0,12}",
    ]
}

/// Files of one control with a status, each with the one status that is good.
fn files_with(status: &str, skipped: &str) -> [(Vec<u8>, &'static str); 4] {
    let file = |value: serde_json::Value| value.to_string().into_bytes();
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    [
        (
            file(serde_json::json!({"MetaData": {}, "Results": {"AAD": [{"Controls": [
                {"Control ID": "MS.AAD.1.1v1", "Result": status}]}]}})),
            "pass",
        ),
        (
            file(serde_json::json!({"Tests": [
                {"TestId": "21796", "TestStatus": status, "TestSkipped": skipped}]})),
            "passed",
        ),
        (
            file(serde_json::json!({"Tests": [{"Id": "MT.1012", "Result": status,
                "ResultDetail": {"TestSkipped": skipped}}]})),
            "passed",
        ),
        (
            format!(
                "Rank,Recommended action,Points achieved,Status\n1,Turn on Tamper Protection,9/9,{}\n",
                quoted(status)
            )
            .into_bytes(),
            "completed",
        ),
    ]
}

proptest! {
    #[test]
    fn nothing_but_the_good_status_is_met(status in statuses(), skipped in "(|[A-Za-z]{1,10})") {
        for (bytes, good) in files_with(&status, &skipped) {
            let evidence = importers::import(&bytes).unwrap();
            for observation in &evidence.observations {
                let met = observation.status == Status::Met;
                prop_assert!(!met || status.trim().eq_ignore_ascii_case(good), "{status} {good}");
                let known = observation.why_unknown.is_none();
                prop_assert!(known == (observation.status != Status::Unknown));
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for importer in &IMPORTERS {
            let _ = importer.import(&bytes);
        }
        let _ = importers::import(&bytes);
    }

    #[test]
    fn a_fixture_with_bytes_changed_is_read_or_refused(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let fixtures = fixtures();
        let (_, name, mut bytes) = which.get(&fixtures).clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(evidence) = importers::import(&bytes) {
            sound(&name, &evidence);
        }
    }
}

/// Fails unless evidence keeps its promises, whatever it was read from.
#[track_caller]
fn sound(name: &str, evidence: &Evidence) {
    let unplaced = evidence
        .unplaced
        .iter()
        .map(|unplaced| &unplaced.observation);
    for observation in evidence.observations.iter().chain(unplaced) {
        let unknown = observation.status == Status::Unknown;
        assert_eq!(
            unknown,
            observation.why_unknown.is_some(),
            "{name}: {observation:?}"
        );
        let tenant = observation.tenant.unwrap_or_default();
        assert!(tenant == 0 || tenant < evidence.tenants.len(), "{name}");
        let detail = observation.detail.as_deref().unwrap_or_default();
        assert!(
            detail.len() <= 2_000 && observation.said.len() <= 400,
            "{name}"
        );
        let line = observation.said.chars().chain(observation.written.chars());
        assert!(!line.into_iter().any(char::is_control), "{name}");
    }
    for measure in &evidence.measures {
        let whole = match measure.whole {
            Whole::Counted(whole) => whole,
            Whole::Seats | Whole::Nothing => u64::MAX,
        };
        assert!(measure.part <= whole, "{name}: {measure:?}");
    }
}

#[test]
fn the_corpus_of_fuzzing_is_read_or_refused() {
    for importer in &IMPORTERS {
        let corpus = files(Path::new(CORPUS).join(importer.tool.code().replace('-', "_")));
        assert!(!corpus.is_empty(), "{}", importer.tool);
        for (name, bytes) in corpus {
            if let Ok(evidence) = importer.import(&bytes) {
                sound(&name, &evidence);
            }
        }
    }
    for (_, bytes) in files(Path::new(CORPUS).join("incidents")) {
        let _ = incidents::read_incidents(&[("page.json", &bytes)]);
    }
    for (name, bytes) in files(Path::new(CORPUS).join("calendar")) {
        let today = "2026-11-24".parse().unwrap();
        if let Ok(read) = calendar::read(&bytes, &WorkingCalendar::default(), today) {
            assert!(
                read.calendar.holidays.len() <= calendar::MAX_HOLIDAYS,
                "{name}"
            );
        }
    }
}

#[test]
fn every_folder_of_the_corpus_has_its_target_and_every_target_its_folder() {
    let names = |folder: &str, end: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
        let names = entries.map(|entry| entry.file_name().into_string().unwrap());
        names
            .map(|name| name.trim_end_matches(end).to_owned())
            .collect()
    };
    let targets = names("fuzz/fuzz_targets", ".rs");
    assert_eq!(targets, names(CORPUS, ""));
    let manifest = fs::read_to_string("fuzz/Cargo.toml").unwrap();
    for target in &targets {
        assert!(
            manifest.contains(&format!("name = \"{target}\"")),
            "{target}"
        );
    }
    let tools = Tool::ALL.map(|tool| tool.code().replace('-', "_"));
    assert!(tools.iter().all(|tool| targets.contains(tool)));
}

// ── the table ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn every_tool_has_one_importer_that_knows_its_own_files_only() {
    let tools: Vec<Tool> = IMPORTERS.iter().map(|importer| importer.tool).collect();
    let mut sorted = tools.clone();
    sorted.sort();
    assert_eq!(sorted, Tool::ALL);
    for (tool, name, bytes) in fixtures() {
        for importer in &IMPORTERS {
            let read = importer.import(&bytes);
            assert_eq!(
                read.is_ok(),
                importer.tool == tool,
                "{name} as {}",
                importer.tool
            );
        }
    }
}

#[test]
fn controls_are_known_as_questionnaires_write_them() {
    for (tool, control, known) in [
        (Tool::ScubaGear, "MS.AAD.3.6", true),
        (Tool::ScubaGear, "MS.AAD.3.6v1", false),
        (Tool::ScubaGear, "MS.AAD.99.1", false),
        (Tool::ScubaGear, "MS.EXO.16.1", false),
        (Tool::ScubaGear, "MS.EXO.9.2", true),
        (Tool::ZeroTrustAssessment, "21796", true),
        (Tool::ZeroTrustAssessment, "2179", false),
        (Tool::SecureScore, "scid_2010", true),
        (Tool::SecureScore, "scid-2010", false),
        (Tool::Maester, "MT.1059", true),
        (Tool::Maester, "CISA.MS.EXO.03.1", false),
        (Tool::DefenderEndpoint, "devices-onboarded", true),
        (Tool::DefenderEndpoint, "devices", false),
        (Tool::DefenderIdentity, "health-issues", true),
        (Tool::Licences, "WINDEFATP", true),
        (Tool::Licences, "windefatp", false),
    ] {
        assert_eq!(Importer::of(tool).knows(control), known, "{tool} {control}");
    }
}

// ── the real thing ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/// Reads a real file; `None`, said aloud, where these are not beside the project.
fn sample(path: &str) -> Option<Evidence> {
    let Ok(bytes) = fs::read(Path::new(SAMPLES).join(path)) else {
        left_out(
            "importers::real_files",
            "the tools' own files are not beside the project",
        );
        return None;
    };
    Some(importers::import(&bytes).unwrap())
}

/// Returns how many observations are met, not met, partly met and unknown.
fn counts(evidence: &Evidence) -> [usize; 4] {
    [Status::Met, Status::NotMet, Status::Partly, Status::Unknown].map(|status| {
        let of_status = evidence.observations.iter().filter(|o| o.status == status);
        of_status.count()
    })
}

#[test]
fn real_files_say_what_was_counted_in_them_by_hand() {
    for (path, rows, expected) in [
        (
            "scubagear/ScubaResults_v1.5.0_tqhjy.json",
            129,
            [53, 27, 0, 49],
        ),
        (
            "scubagear/ScubaResults_v1.8.0_tqhjy_6products.json",
            92,
            [57, 26, 0, 9],
        ),
        ("scubagear/ScubaResults_v1.8.0.csv", 92, [57, 26, 0, 9]),
        ("scubagear/TestResults_v1.8.0.json", 93, [57, 27, 0, 9]),
        ("scubagear/ActionPlan_v1.8.0.csv", 14, [0, 14, 0, 0]),
        (
            "zerotrust/SampleReport_2.1.8_Contoso.json",
            295,
            [87, 96, 0, 112],
        ),
        (
            "zerotrust/report_0.2.0_EntraChat_136.json",
            136,
            [4, 9, 0, 123],
        ),
        (
            "maester/TestResults_0.1.0_EntraChat.json",
            283,
            [119, 138, 0, 26],
        ),
        // Two pass over nothing, and the health issues are added up.
        (
            "maester/TestResults_2.x_PoraInc.json",
            317,
            [72, 70, 0, 176],
        ),
        (
            "secure-score/SecureScore-API-Controls.repaired.json",
            411,
            [0, 0, 0, 411],
        ),
    ] {
        let Some(evidence) = sample(path) else { return };
        assert_eq!(
            (evidence.rows, counts(&evidence)),
            (rows, expected),
            "{path}"
        );
        sound(path, &evidence);
    }
}

#[test]
fn the_real_test_that_passes_over_no_health_issue_at_all_is_unknown() {
    let Some(evidence) = sample("maester/TestResults_2.x_PoraInc.json") else {
        return;
    };
    let said = evidence.says("MT.1059", None);
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].why_unknown.map(|why| why.code()), Some("empty-set"));
    assert_eq!(said[0].count, None);
}
