//! Reports: what each audience reads, in each format.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use readiness::catalog::library::check_path;
use readiness::domain::assessment::{Book, Texts};
use readiness::domain::customer::CustomerChange;
use readiness::domain::decision::{Action, Decision, FindingDecision, Need, Severity};
use readiness::domain::finding::StateName;
use readiness::domain::id::{Hash, QuestionnaireId};
use readiness::domain::ledger::{self, Entry, Fact, PortalStatus, Subject, Why};
use readiness::domain::questionnaire::Questionnaire;
use readiness::domain::response::{Basis, Response, Said, Unknown, Value};
use readiness::domain::time::{Day, Instant};
use readiness::report::model::{Report, Status};
use readiness::report::{self, Audience, Branding, Edition, Format, Input, sample};
use readiness::template::{Templates, Worker};
use serde_json::Value as Json;

use crate::project::Project;

fn templates() -> Templates {
    Templates::builtin().unwrap()
}

fn render(report: &Report, format: Format) -> String {
    String::from_utf8(bytes(report, format)).unwrap()
}

fn bytes(report: &Report, format: Format) -> Vec<u8> {
    report::render(report, &templates(), format).unwrap()
}

/// The formats that hold the whole report as text.
const TEXTS: [Format; 3] = [Format::Html, Format::Markdown, Format::Json];

fn sample_for(audience: Audience) -> Report {
    sample::report().for_audience(audience)
}

/// Returns what stands in the page's body, each line on its own, without the hash that changes with every change of the layout.
fn body(page: &str) -> String {
    let body = page.split("<body>").nth(1).unwrap();
    let body = body.split("SHA-256 of the layout").next().unwrap();
    lines(body)
}

fn lines(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}

#[test]
fn the_executive_page_reads_as_expected() {
    insta::assert_snapshot!(body(&render(
        &sample_for(Audience::Executive),
        Format::Html
    )));
}

#[test]
fn the_findings_of_the_technical_page_read_as_expected() {
    let page = body(&render(&sample_for(Audience::Technical), Format::Html));
    let findings = page.split("<h2 id=\"findings\">").nth(1).unwrap();
    insta::assert_snapshot!(
        findings
            .split("<h2 id=\"recommendations\">")
            .next()
            .unwrap()
    );
}

#[test]
fn the_technical_markdown_reads_as_expected() {
    let text = render(&sample_for(Audience::Technical), Format::Markdown);
    insta::assert_snapshot!(text.split("| SHA-256 of the layout").next().unwrap());
}

#[test]
fn only_the_internal_report_shows_what_is_private() {
    let all = sample::report();
    let private = [
        "Works council is friendly",
        "Offer ours only if they ask",
        "fit.live_breach",
    ];
    for format in TEXTS {
        let text = render(&all, format);
        for words in private {
            assert!(text.contains(words), "{words}, {format:?}");
        }
        for audience in [Audience::Technical, Audience::Executive] {
            let text = render(&sample_for(audience), format);
            for words in private {
                assert!(!text.contains(words), "{words}, {format:?}, {audience:?}");
            }
        }
    }
}

#[test]
fn what_was_left_out_does_not_come_back() {
    let report = sample_for(Audience::Executive).for_audience(Audience::Internal);
    assert_eq!(report.audience, Audience::Executive);
    assert!(report.sections.is_empty() && report.findings.is_empty());
}

#[test]
fn the_executive_report_says_how_much_it_leaves_out() {
    let mut report = sample::report();
    let line = report.stops.shown[0].clone();
    report.stops.shown = vec![line; 12];
    let report = report.for_audience(Audience::Executive);
    assert_eq!(report.stops.shown.len() + report.stops.more, 12);
    let page = render(&report, Format::Html);
    assert!(page.contains(&format!(
        "{} more in the technical report",
        report.stops.more
    )));
}

#[test]
fn the_same_report_has_the_same_bytes() {
    for audience in Audience::ALL {
        // A PDF is made from the page of HTML; that it is the same too is held where PDF are.
        for format in Format::ALL
            .into_iter()
            .filter(|format| *format != Format::Pdf)
        {
            let report = sample_for(audience);
            assert!(
                bytes(&report, format) == bytes(&report, format),
                "{format:?}"
            );
        }
    }
}

#[test]
fn the_json_reads_back_equal() {
    let report = sample_for(Audience::Internal);
    let json = render(&report, Format::Json);
    assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report);
}

#[test]
fn files_are_named_after_customer_and_audience() {
    let report = sample_for(Audience::Executive);
    assert_eq!(
        report::file_name(&report, Format::Html),
        "contoso-executive.html"
    );
    assert_eq!(
        report::file_name(&report, Format::Markdown),
        "contoso-executive.md"
    );
}

#[test]
fn a_page_loads_and_runs_nothing() {
    let page = render(&sample_for(Audience::Internal), Format::Html);
    let policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src 'sha256-";
    assert!(page.contains(policy));
    for wanted in [
        "<script",
        " style=",
        " onload=",
        "src=\"http",
        "@import",
        "url(",
    ] {
        assert!(!page.contains(wanted), "{wanted}");
    }
}

/// Puts `text` in place of every text that a person may have typed.
fn with_every_text(value: &mut Json, name: &str, text: &str) {
    const OURS: [&str; 23] = [
        "acts",
        "asset",
        "audience",
        "basis",
        "code",
        "cost",
        "effort",
        "earned",
        "finding",
        "hash",
        "head",
        "id",
        "key",
        "language",
        "need",
        "number",
        "questionnaire",
        "on_dark",
        "on_light",
        "question",
        "rule",
        "severity",
        "state",
    ];
    let typed = name == "rows" || name == "state" || !OURS.contains(&name);
    match value {
        Json::String(old) => {
            let is_day = old.parse::<Day>().is_ok();
            let is_code = ["status", "tier", "user_impact", "state", "raises"].contains(&name)
                && old
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || "-@.".contains(c));
            if typed && !is_day && !is_code {
                *old = text.to_owned();
            }
        }
        Json::Array(values) => values
            .iter_mut()
            .for_each(|value| with_every_text(value, name, text)),
        Json::Object(values) => values.iter_mut().for_each(|(name, value)| {
            if !(name == "rule" && value.as_str().is_some_and(is_rule)) {
                with_every_text(value, name, text);
            }
        }),
        _ => {}
    }
}

fn is_rule(text: &str) -> bool {
    ["prerequisite", "advice", "judgement"].contains(&text)
}

pub(crate) fn hostile() -> Report {
    let word = "x".repeat(10_000);
    let text = format!(
        "</style></title><script>alert(1)</script> | a \"quoted\" 'word' & {{{{ 7 * 7 }}}} {{% raw %}}\n\n# a heading\n- an item\n[x](javascript:alert(1)) \u{202e}drow\u{202c} \u{0}\u{1b}[31m {word}"
    );
    let mut json = serde_json::to_value(sample::report()).unwrap();
    with_every_text(&mut json, "", &text);
    serde_json::from_value(json).unwrap()
}

/// Checks that every element that is opened is closed in its place.
fn assert_well_formed(page: &str) {
    const VOID: [&str; 4] = ["meta", "img", "br", "input"];
    let mut open: Vec<&str> = Vec::new();
    for tag in page.split('<').skip(1) {
        let name_end = tag
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '/'))
            .unwrap();
        let name = &tag[..name_end];
        let inside = &tag[..tag.find('>').expect("every tag is closed")];
        if let Some(name) = name.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "<{inside}>");
        } else if !(name.is_empty() || VOID.contains(&name) || inside.ends_with('/')) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn hostile_texts_stay_texts() {
    for audience in Audience::ALL {
        let report = hostile().for_audience(audience);
        let page = render(&report, Format::Html);
        assert_well_formed(&page);
        for wanted in ["<script", "=\"javascript:", ">49<", "\u{1b}", "\u{0}"] {
            assert!(!page.contains(wanted), "{wanted:?} for {audience:?}");
        }
        let text = render(&report, Format::Markdown).replace("\\]", "");
        for wanted in ["<script", "](javascript:", "\u{1b}", "\u{0}"] {
            assert!(!text.contains(wanted), "{wanted:?} for {audience:?}");
        }
    }
}

/// A table of GFM keeps its columns whatever stands in its cells.
#[test]
fn tables_of_the_markdown_keep_their_columns() {
    for report in [sample::report(), hostile()] {
        let text = render(&report, Format::Markdown);
        let cells = |line: &str| {
            line.replace("\\\\", "")
                .replace("\\|", "")
                .matches('|')
                .count()
        };
        let lines: Vec<&str> = text.lines().collect();
        let mut tables = 0;
        for (place, line) in lines.iter().enumerate() {
            if line.starts_with("|:--") || line.starts_with("|--:") {
                tables += 1;
                let columns = cells(line);
                assert_eq!(cells(lines[place - 1]), columns, "{}", lines[place - 1]);
                let rows = lines[place + 1..]
                    .iter()
                    .take_while(|line| line.starts_with('|'));
                for row in rows {
                    assert_eq!(cells(row), columns, "{row}");
                }
            }
        }
        assert!(tables > 8);
    }
}

/// A ledger under the example questionnaire, made fact by fact.
struct Story {
    questionnaire: Arc<Questionnaire>,
    entries: Vec<Entry>,
    at: Instant,
}

impl Story {
    fn new() -> Self {
        let path = Path::new("tests/fixtures/questionnaires/example");
        let checked = check_path(path).remove(0);
        let (questionnaire, _) = checked.questionnaire.unwrap();
        let mut story = Self {
            questionnaire: Arc::new(questionnaire),
            entries: Vec::new(),
            at: "2026-09-02T09:00:00Z".parse().unwrap(),
        };
        story.record(Fact::CustomerChanged {
            changes: vec![
                CustomerChange::Name("Contoso Ltd".into()),
                CustomerChange::Manager(Some("bo".parse().unwrap())),
                CustomerChange::GoLive(Some("2026-10-01".parse().unwrap())),
            ],
        });
        let questionnaire = story.id();
        let text = story.questionnaire.hash;
        story.record(Fact::Opened {
            questionnaire,
            text,
        });
        story
    }

    fn id(&self) -> QuestionnaireId {
        self.questionnaire.id.clone()
    }

    fn record(&mut self, fact: Fact) {
        let by = "bo".parse().unwrap();
        let (_, entry) = ledger::next("contoso", self.entries.last(), self.at, &by, [7; 16], fact);
        self.entries.push(entry);
    }

    fn say(&mut self, question: &str, said: Said) {
        let response = Response {
            said,
            basis: Basis::Document,
            said_by: Some("jana".parse().unwrap()),
            said_on: "2026-09-01".parse().unwrap(),
            note: None,
            private_note: Some(format!("private about {question}")),
        };
        self.record(Fact::Answered {
            questionnaire: self.id(),
            question: question.parse().unwrap(),
            response,
            why: Why::New,
        });
    }

    fn report(&self) -> Report {
        let texts: Texts =
            BTreeMap::from([(self.questionnaire.hash, Arc::clone(&self.questionnaire))]);
        let customer = "contoso".parse().unwrap();
        let today = "2026-09-02".parse().unwrap();
        let book = Book::replay(&customer, &self.entries, &texts, today).unwrap();
        let id = self.id();
        let names = BTreeMap::from([
            ("bo".parse().unwrap(), "Bo Berg".to_owned()),
            ("jana".parse().unwrap(), "Jana Roth".to_owned()),
        ]);
        let edition = Edition::next(&book.assessments[&id], Status::Draft);
        let input = Input {
            book: &book,
            questionnaire: &id,
            past: &[],
            texts: &texts,
            evidence: &[],
            names: &names,
            branding: &Branding::default(),
            edition: &edition,
            tool: "readiness 0",
        };
        report::build(&input, &templates()).unwrap().unwrap()
    }
}

fn choice(option: &str) -> Said {
    Said::Value(Value::Choice(option.parse().unwrap()))
}

fn a_call() -> Story {
    let mut story = Story::new();
    let products = ["mde", "mdi"].map(|id| id.parse().unwrap());
    story.say("scope.active_breach", Said::Value(Value::Bool(false)));
    story.say("scope.products", Said::Value(Value::Multi(products.into())));
    story.say("identity.onprem", Said::Value(Value::Bool(true)));
    story.say("identity.admin_mfa", choice("some"));
    story.say("identity.global_admins", Said::Value(Value::Int(9)));
    let row = [
        ("name", Value::Text("corp.contoso.com".into())),
        ("dcs", Value::Int(24)),
        ("sensors", Value::Int(7)),
    ];
    let row = row.map(|(column, value)| (column.parse().unwrap(), value));
    story.say(
        "identity.domains",
        Said::Value(Value::Rows(vec![row.into()])),
    );
    story.say(
        "endpoint.devices",
        Said::Value(Value::Coverage {
            protected: 812,
            target: 900,
        }),
    );
    story.say(
        "identity.break_glass_drill",
        Said::Unknown(Unknown::WillFindOut {
            asked: Some("jana".parse().unwrap()),
            by: Some("2026-09-09".parse().unwrap()),
        }),
    );
    story
}

#[test]
fn a_report_is_made_from_a_ledger() {
    let mut story = a_call();
    story.record(Fact::PortalStatus(PortalStatus {
        on: "2026-09-02".parse().unwrap(),
        to_complete: 4,
        in_progress: 2,
        completed: 19,
        devices: Some((812, 900)),
        identities: None,
    }));
    story.record(Fact::Remarked {
        questionnaire: story.id(),
        about: Subject::Assessment,
        text: "Close to **ready**.".into(),
    });
    story.record(Fact::Decided {
        questionnaire: story.id(),
        decision: Decision::Finding(FindingDecision {
            finding: "devices-unprotected".parse().unwrap(),
            severity: Severity::High,
            need: Need::Condition,
            action: Action::Plan {
                owner: "jana".parse().unwrap(),
                due: "2026-09-20".parse().unwrap(),
            },
        }),
    });
    let report = story.report().for_audience(Audience::Technical);
    assert!(!render(&report, Format::Json).contains("private about"));
    let text = render(&report, Format::Markdown);
    let hash = Hash::of(b"").to_string().len();
    assert_eq!(report.anchor.head.len(), hash);
    insta::assert_snapshot!(text.split("## How the numbers are made").next().unwrap());
}

#[test]
fn a_text_never_shows_the_answer_to_a_private_question() {
    let project = Project::new().contoso();
    let folder = "questionnaires/hush";
    project.write(
        &format!("{folder}/questionnaire.toml"),
        r#"
format   = 1
id       = "hush"
version  = "1.0.0"
title    = "Hush"
language = "en"
sections = ["talk"]
bands    = [{ id = "any", text = "Any" }]

[[derived]]
id    = "many"
type  = "int"
value = "talk.layoffs + 1"
"#,
    );
    project.write(
        &format!("{folder}/sections/talk.toml"),
        r#"
[[section]]
id    = "talk"
title = "Talk of {{ talk.layoffs }}"

  [[section.question]]
  id      = "layoffs"
  type    = "int"
  text    = "How many of the team will go?"
  tier    = "info"
  private = true

  [[section.question]]
  id      = "cover"
  type    = "bool"
  text    = "With {{ talk.layoffs }} fewer, is every shift covered?"
  why     = "Then {{ derived.many }} seats are empty."
  tier    = "required"
  finding = "talk-cover"

[[finding]]
id       = "talk-cover"
severity = "high"
title    = "{{ talk.layoffs }} people short"
text     = "By {{ derived.many }} at the latest."
"#,
    );
    project.write(
        "answers.toml",
        "questionnaire = \"hush\"\n[answers.\"talk.layoffs\"]\nvalue = 4171\n[answers.\"talk.cover\"]\nvalue = false\n",
    );
    project.run("answers import contoso answers.toml").ok();
    for audience in ["executive", "technical", "internal"] {
        let line = format!("report contoso --questionnaire hush --audience {audience} --format md");
        project.run(&line).ok();
        let text = project
            .read(&format!("contoso-{audience}.md"))
            .replace(',', "");
        assert!(text.contains("… people short"), "{text}");
        assert!(!text.contains("4172"), "{text}");
        // Who may see the answer sees it with its question, and nowhere else.
        let seen = text.matches("4171").count();
        assert_eq!(seen, usize::from(audience == "internal"), "{text}");
    }
}

#[test]
fn every_state_of_a_finding_is_told_in_plain_words() {
    let until = |kind: &str| {
        serde_json::json!({ kind: {
            "reason": "the other tool", "decided_by": "jana", "approved_by": "carla", "until": "2026-12-31" } })
    };
    let plan = serde_json::json!({ "plan": { "owner": "jana", "due": "2026-09-20" } });
    let cases = [
        (
            StateName::InProgress,
            "In progress since",
            "",
            serde_json::json!("start"),
        ),
        (
            StateName::Waiting,
            "Waiting on Microsoft since",
            "case 4711",
            serde_json::json!({ "wait": { "on": "microsoft", "why": "case 4711" } }),
        ),
        (
            StateName::Claimed,
            "Reported done, not yet checked",
            "see the ticket",
            serde_json::json!({ "claim": { "by": "jana", "comment": "see the ticket" } }),
        ),
        (
            StateName::Disputed,
            "Disputed by Jana Roth since",
            "these are lab machines",
            serde_json::json!({ "dispute": { "by": "jana", "words": "these are lab machines" } }),
        ),
        (
            StateName::RecordedInError,
            "Recorded in error",
            "the wrong tenant",
            serde_json::json!({ "in-error": { "reason": "the wrong tenant" } }),
        ),
        (
            StateName::RiskAccepted,
            "Risk accepted until 31 Dec 2026",
            "the other tool",
            until("accept"),
        ),
        (
            StateName::ThirdParty,
            "Covered by another product until 31 Dec 2026",
            "the other tool",
            until("third-party"),
        ),
        (
            StateName::Mitigated,
            "Mitigated in another way until 31 Dec 2026",
            "the other tool",
            until("mitigate"),
        ),
    ];
    for (state, words, note, action) in cases {
        let mut story = a_call();
        for action in [plan.clone(), action] {
            let action: Action = serde_json::from_value(action).unwrap();
            story.record(Fact::Decided {
                questionnaire: story.id(),
                decision: Decision::Finding(FindingDecision {
                    finding: "devices-unprotected".parse().unwrap(),
                    severity: Severity::High,
                    need: Need::Condition,
                    action,
                }),
            });
        }
        let report = story.report().for_audience(Audience::Technical);
        let one = { &report.findings }.iter();
        let one = { one }
            .find(|one| one.key == "devices-unprotected")
            .unwrap();
        assert_eq!(one.state, state);
        for format in [Format::Html, Format::Markdown] {
            let text = render(&report, format);
            assert!(text.contains(words), "{state:?}: no `{words}` in\n{text}");
            assert!(text.contains(note), "{state:?}: no `{note}`");
        }
    }
}

#[test]
fn the_points_of_the_questions_add_up_to_the_score() {
    let report = a_call().report();
    let points: Vec<_> = (report.sections.iter())
        .flat_map(|section| &section.questions)
        .filter_map(|question| question.points.as_ref())
        .collect();
    let weight: u64 = points.iter().map(|points| points.weight).sum();
    let earned: f64 = points
        .iter()
        .map(|points| points.earned.parse::<f64>().unwrap())
        .sum();
    assert_eq!(weight, report.score.weight);
    assert_eq!(report.score.earned.parse::<f64>().unwrap(), earned);
}

#[test]
fn an_assessment_without_answers_has_a_report() {
    let story = Story::new();
    for audience in Audience::ALL {
        let report = story.report().for_audience(audience);
        assert_eq!(report.score.now, Some(0));
        assert_well_formed(&render(&report, Format::Html));
        render(&report, Format::Markdown);
    }
}

#[test]
fn the_shipped_templates_are_clean_on_the_sample() {
    let worker = Worker {
        program: "/nowhere".into(),
        arguments: Vec::new(),
    };
    let errors = Templates::check(None, &worker, Some("report/"), &sample::jobs());
    assert!(errors.is_empty(), "{errors:#?}");
}

#[cfg(not(feature = "pdf"))]
#[test]
fn a_build_without_pdf_says_what_to_do_instead() {
    let project = Project::new().questionnaire("two-questions");
    project
        .run("report contoso --format html,pdf")
        .exit(1)
        .stderr("makes no PDF")
        .stderr("--features pdf")
        .stderr("print it from a browser");
    assert!(!project.path("contoso-executive.html").exists());
    project.run("report --help").ok().stdout("pdf");
}
