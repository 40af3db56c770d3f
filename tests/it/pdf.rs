//! Reports as PDF: opened by poppler and qpdf, and compared with the page that browsers show.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use readiness::report::model::Report;
use readiness::report::{self, Audience, Branding, Format, sample};
use readiness::template::Templates;

use crate::project::{Project, left_out};

/// A PDF in a folder of its own.
struct Pdf {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
    lost: String,
}

impl Pdf {
    fn of(report: &Report) -> Self {
        let mut lost = BTreeSet::new();
        let templates = Templates::builtin().unwrap();
        let bytes = report::render_noting(report, &templates, Format::Pdf, &mut lost).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("report.pdf"), &bytes).unwrap();
        Self {
            folder,
            bytes,
            lost: lost.into_iter().collect(),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("report.pdf")
    }

    /// Returns what is written on the pages, in the order in which it is written, without the feet of the pages.
    fn text(&self) -> String {
        let text = output(
            "pdftotext",
            &["-raw", "-enc", "UTF-8"],
            &self.path(),
            &["-"],
        );
        let is_number = |part: &str| part.parse::<u32>().is_ok();
        let is_foot = |line: &str| {
            line.split_once(" / ").is_some_and(|(at, of)| {
                at.rsplit(' ').next().is_some_and(is_number) && is_number(of)
            })
        };
        let lines = text.lines().map(|line| line.trim_matches('\u{c}'));
        lines
            .filter(|line| !is_foot(line))
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Returns a line of what `pdfinfo` says.
    fn info(&self, name: &str) -> String {
        let info = output("pdfinfo", &[], &self.path(), &[]);
        let line = info
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name}:")));
        line.unwrap_or_default().trim().to_owned()
    }

    fn pages(&self) -> usize {
        self.info("Pages").parse().unwrap()
    }
}

/// Runs a program on a file and returns what it writes; that it fails or complains is a failed test.
fn output(program: &str, before: &[&str], path: &Path, after: &[&str]) -> String {
    let run = Command::new(program)
        .args(before)
        .arg(path)
        .args(after)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success() && said.is_empty(), "{program}: {said}");
    String::from_utf8(run.stdout).unwrap()
}

/// Says so where what opens a PDF is not on the machine.
fn readers(test: &str) -> bool {
    let there = ["pdftotext", "qpdf"]
        .into_iter()
        .all(|program| Command::new(program).arg("--version").output().is_ok());
    if !there {
        left_out(test, "poppler-utils and qpdf are not there");
    }
    there
}

fn for_audience(report: Report, audience: Audience) -> Report {
    if audience == Audience::Handout {
        let key = report.findings[0].key.clone();
        return report.handout(&key).unwrap();
    }
    report.for_audience(audience)
}

/// Returns a text without white space, in lower case: where lines end and what stands in capitals is the layout's business.
fn squeezed(text: &str) -> String {
    (text.chars().filter(|character| !character.is_whitespace()))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Returns every text of the page that a browser shows.
fn shown(page: &str) -> Vec<String> {
    let body = page.split("<main").nth(1).unwrap();
    let body = body.split_once('>').unwrap().1;
    let mut hidden = 0;
    let mut texts = Vec::new();
    for part in body.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap();
        let ends = tag.starts_with('/');
        let holds = ["caption", "thead", "title", "span"]
            .iter()
            .any(|name| tag.trim_start_matches('/').starts_with(name));
        if hidden > 0 && holds {
            hidden = if ends { hidden - 1 } else { hidden + 1 };
        } else if tag.contains("visually-hidden") || tag == "title" {
            hidden = 1;
        }
        if hidden == 0 {
            let text = text
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"");
            let text = text
                .replace("&#39;", "'")
                .replace("&#x27;", "'")
                .replace("&amp;", "&");
            texts.push(squeezed(&text));
        }
    }
    texts.retain(|text| !text.is_empty());
    texts
}

#[test]
fn the_pdf_says_what_the_page_says_to_every_audience() {
    if !readers("reports as PDF") {
        return;
    }
    for audience in Audience::ALL {
        let report = for_audience(sample::report(), audience);
        let page = report::render(&report, &Templates::builtin().unwrap(), Format::Html).unwrap();
        let texts = shown(&String::from_utf8(page).unwrap());
        assert!(texts.len() > 20, "{texts:?}");
        let written = squeezed(&Pdf::of(&report).text());
        let missing: Vec<&String> = (texts.iter())
            .filter(|text| !written.contains(*text))
            .collect();
        assert!(missing.is_empty(), "{audience:?} lacks {missing:#?}");
        for finding in &report.findings {
            assert!(
                written.contains(&squeezed(&finding.title)),
                "{}",
                finding.title
            );
        }
    }
}

#[test]
fn a_pdf_is_sound_tagged_and_says_what_it_is() {
    if !readers("PDF for screen readers") {
        return;
    }
    for audience in Audience::ALL {
        let report = for_audience(sample::report(), audience);
        let pdf = Pdf::of(&report);
        let check = output("qpdf", &["--check"], &pdf.path(), &[]);
        assert!(
            check.contains("No syntax or stream encoding errors found"),
            "{check}"
        );
        assert_eq!(pdf.info("Tagged"), "yes");
        assert_eq!(
            pdf.info("Title"),
            "Contoso Ltd: Readiness for Defender Experts MDR"
        );
        assert!(
            pdf.info("CreationDate").contains("Sep  2"),
            "{}",
            pdf.info("CreationDate")
        );
        let json = output("qpdf", &["--json", "--json-key=qpdf"], &pdf.path(), &[]);
        for wanted in [
            "\"/Lang\": \"u:en\"",
            "\"/Marked\": true",
            "\"/DisplayDocTitle\": true",
        ] {
            assert!(json.contains(wanted), "{wanted}");
        }
        let fonts = output("pdffonts", &[], &pdf.path(), &[]);
        let fonts: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(!fonts.is_empty());
        for font in fonts {
            assert!(font.contains(" yes yes yes "), "not embedded whole: {font}");
        }
        let metadata = output("pdfinfo", &["-meta"], &pdf.path(), &[]);
        assert!(
            metadata.contains("<pdfuaid:part>1</pdfuaid:part>"),
            "{metadata}"
        );
    }
}

#[test]
fn headings_are_bookmarks_and_links_lead_somewhere() {
    if !readers("bookmarks of a PDF") {
        return;
    }
    let pdf = Pdf::of(&sample::report().for_audience(Audience::Technical));
    let outline = output("qpdf", &["--json", "--json-key=outlines"], &pdf.path(), &[]);
    for heading in [
        "Readiness score",
        "Findings",
        "What to do",
        "Sources",
        "What this report rests on",
    ] {
        assert!(outline.contains(heading), "{heading} is not in {outline}");
    }
    let links = output("pdfinfo", &["-url"], &pdf.path(), &[]);
    assert!(links.contains("https://learn.microsoft.com/"), "{links}");
    let structure = output("pdfinfo", &["-struct-text"], &pdf.path(), &[]);
    for tag in ["H1", "H2", "TH", "TD", "Link", "Figure"] {
        assert!(structure.contains(tag), "no {tag}");
    }
}

#[test]
fn an_executive_report_has_two_pages_whatever_stands_in_it() {
    if !readers("pages of a PDF") {
        return;
    }
    let report = sample::report().for_audience(Audience::Executive);
    assert_eq!(Pdf::of(&report).pages(), 2);
    let full = crate::report::hostile().for_audience(Audience::Executive);
    assert_eq!(Pdf::of(&full).pages(), 2);
}

#[test]
fn the_same_report_has_the_same_pdf() {
    let report = sample::report().for_audience(Audience::Technical);
    assert_eq!(Pdf::of(&report).bytes, Pdf::of(&report).bytes);
}

#[test]
fn what_people_typed_is_never_code() {
    if !readers("hostile texts in a PDF") {
        return;
    }
    let hostile = [
        "#eval(\"1+1\") #panic() #import \"@preview/x:1.0.0\": *",
        "$x^2$ *bold* _it_ `raw` = heading",
        "<label> @ref @finding-1 \\u{41} ~ -- ---",
        "#read(\"/etc/passwd\") #sys.inputs.title",
        "]] )) }} [[ (( {{ // comment /* x */",
        "\"quoted\" 'single' \\ \\\\ #\"s\"",
    ];
    for text in hostile {
        let mut report = sample::report().for_audience(Audience::Technical);
        let name = "A & B #(1+1) @x <y>";
        report.head.customer.name = name.into();
        report.verdict.sentence = text.into();
        report.findings[0].title = text.into();
        report.findings[0].owner = Some(text.into());
        report.findings[0].note = Some(text.into());
        let pdf = Pdf::of(&report);
        let written = squeezed(&pdf.text());
        let times = written.matches(&squeezed(text)).count();
        assert!(times >= 4, "{text} stands there {times} times");
        assert!(pdf.info("Title").starts_with(name), "{}", pdf.info("Title"));
    }
}

#[test]
fn nothing_that_breaks_other_programs_breaks_the_press() {
    if !readers("naughty texts in a PDF") {
        return;
    }
    let mut report = sample::report().for_audience(Audience::Technical);
    let naughty: Vec<String> = (naughty_strings::BLNS.iter())
        .map(|text| text.replace('\0', ""))
        .collect();
    for (at, finding) in report.findings.iter_mut().enumerate() {
        let part = naughty.iter().skip(at * 40).take(40);
        finding.note = Some(part.clone().cloned().collect::<Vec<_>>().join(" | "));
        finding.text = Some(part.cloned().collect::<Vec<_>>().join("\n\n"));
    }
    let pdf = Pdf::of(&report);
    output("qpdf", &["--check"], &pdf.path(), &[]);
    let nested = format!("{}deep", "> - ".repeat(500));
    report.findings[0].text = Some(nested);
    assert!(Pdf::of(&report).text().contains("deep"));
}

#[test]
fn a_word_of_a_megabyte_is_broken_and_stays_on_its_page() {
    if !readers("long words in a PDF") {
        return;
    }
    let mut report = sample::report().for_audience(Audience::ActionPlan);
    report.findings[0].title = "x".repeat(20_000);
    report.findings[0].note = Some("W".repeat(1 << 20));
    let pdf = Pdf::of(&report);
    let boxes = output("pdftotext", &["-bbox"], &pdf.path(), &["-"]);
    let mut seen = 0;
    for word in boxes.lines().filter(|line| line.contains("<word ")) {
        let right = word
            .split("xMax=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        assert!(right.parse::<f64>().unwrap() < 595.0 - 40.0, "{word}");
        seen += 1;
    }
    assert!(seen > 1_000);
    assert_eq!(squeezed(&pdf.text()).matches('w').count() >> 20, 1);
}

#[test]
fn letters_without_a_font_are_stood_in_for_and_named() {
    if !readers("letters of a PDF") {
        return;
    }
    let mut report = sample::report().for_audience(Audience::Executive);
    report.head.customer.name = "李明 Größe Αθήνα Київ 👩‍💻".into();
    let pdf = Pdf::of(&report);
    assert_eq!(pdf.lost, "明李👩💻");
    assert!(
        pdf.text().contains("□□ Größe Αθήνα Київ □□"),
        "{}",
        pdf.text()
    );
}

#[test]
fn a_broken_logo_is_said_and_a_sound_one_is_there() {
    if !readers("logo of a PDF") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("branding.toml");
    std::fs::write(&path, "provider = \"Northwind\"\nlogo = \"logo.png\"\n").unwrap();
    let mut report = sample::report().for_audience(Audience::Executive);
    std::fs::write(
        folder.path().join("logo.png"),
        b"\x89PNG\r\n\x1a\nno picture",
    )
    .unwrap();
    report.look = Branding::read(&path).unwrap().look;
    let error = report::render(&report, &Templates::builtin().unwrap(), Format::Pdf).unwrap_err();
    assert!(error.to_string().contains("logo"), "{error}");
}

#[test]
fn an_issued_pdf_is_known_again() {
    let project = Project::new()
        .questionnaire("two-questions")
        .answers("start.mfa = no");
    project
        .run("report contoso --audience technical --format pdf --issue")
        .ok();
    project
        .run("verify --report contoso-technical.pdf")
        .ok()
        .stdout("as pdf");
    let mut bytes = std::fs::read(project.path("contoso-technical.pdf")).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    std::fs::write(project.path("contoso-technical.pdf"), bytes).unwrap();
    project.run("verify --report contoso-technical.pdf").exit(3);
}

#[test]
fn a_customer_without_answers_has_a_pdf() {
    if !readers("PDF without answers") {
        return;
    }
    let project = Project::new().questionnaire("two-questions");
    for audience in ["executive", "action-plan", "technical", "internal"] {
        project
            .run(&format!(
                "report contoso --audience {audience} --format pdf"
            ))
            .ok();
        let path = project.path(&format!("contoso-{audience}.pdf"));
        output("qpdf", &["--check"], &path, &[]);
    }
}

#[test]
fn letters_that_cannot_be_shown_are_said_on_the_screen() {
    let project = Project::new().questionnaire("two-questions");
    project.run("customer set contoso --name 李明").ok();
    project
        .run("report contoso --format pdf")
        .ok()
        .stdout("contoso-executive.pdf")
        .stderr("`明` (U+660E)");
}
