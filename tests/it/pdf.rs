//! Reports as PDF: opened by poppler and qpdf, and compared with the page that browsers show.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use readiness::report::model::Report;
use readiness::report::{self, Audience, Format, sample};
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

/// Runs a program on a file and returns what it writes; that it fails is a failed test. What poppler finds strange about tags that the
/// standard asks for is not, but what it finds in the text is.
fn output(program: &str, before: &[&str], path: &Path, after: &[&str]) -> String {
    let run = Command::new(program)
        .args(before)
        .arg(path)
        .args(after)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(
        run.status.success() && (said.is_empty() || program == "pdfinfo"),
        "{program}: {said}"
    );
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
        let pdf = Pdf::of(&report);
        assert_sound(&pdf);
        let written = squeezed(&pdf.text());
        let missing: Vec<&String> = (texts.iter())
            .filter(|text| !written.contains(*text))
            .collect();
        assert!(missing.is_empty(), "{audience:?} lacks {missing:#?}");
        for finding in &report.findings {
            let title = squeezed(&finding.title);
            assert!(written.contains(&title), "{}", finding.title);
        }
    }
}

/// Checks that programs which are not ours open it, and that screen readers find in it what they need.
fn assert_sound(pdf: &Pdf) {
    let check = output("qpdf", &["--check"], &pdf.path(), &[]);
    let well = "No syntax or stream encoding errors found";
    assert!(check.contains(well), "{check}");
    assert_eq!(pdf.info("Tagged"), "yes");
    let title = "Contoso Ltd: Readiness for Defender Experts MDR";
    assert_eq!(pdf.info("Title"), title);
    let created = pdf.info("CreationDate");
    assert!(created.contains("Sep  2"), "{created}");
    let json = output("qpdf", &["--json", "--json-key=qpdf"], &pdf.path(), &[]);
    for wanted in [
        "\"/Lang\": \"u:en\"",
        "\"/Marked\": true",
        "\"/DisplayDocTitle\": true",
    ] {
        assert!(json.contains(wanted), "{wanted}");
    }
    let fonts = output("pdffonts", &[], &pdf.path(), &[]);
    assert!(fonts.lines().count() > 3, "{fonts}");
    for font in fonts.lines().skip(2) {
        assert!(font.contains(" yes yes yes "), "not embedded: {font}");
    }
    let metadata = output("pdfinfo", &["-meta"], &pdf.path(), &[]);
    let standard = "<pdfuaid:part>1</pdfuaid:part>";
    assert!(metadata.contains(standard), "{metadata}");
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
    let mut full = sample::report();
    let long = "A sentence that goes on for longer than a reader likes. ".repeat(40);
    full.summary = Some(long.clone());
    full.service.brief = Some(long.clone());
    full.verdict.detail = Some(long.clone());
    full.verdict.advice = Some(long.clone());
    for finding in 0..40 {
        let mut line = full.conditions.shown[0].clone();
        line.number = finding + 10;
        line.title = long.clone();
        full.conditions.shown.push(line.clone());
        full.stops.shown.push(line);
        full.verdict.takes.shown.push(long.clone());
    }
    assert_eq!(Pdf::of(&full.for_audience(Audience::Executive)).pages(), 2);
}

#[test]
fn the_same_report_has_the_same_pdf() {
    let report = for_audience(sample::report(), Audience::Handout);
    assert!(Pdf::of(&report).bytes == Pdf::of(&report).bytes);
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
    let mut report = sample::report().for_audience(Audience::ActionPlan);
    let name = "A & B #(1+1) @x <y>";
    report.head.customer.name = name.into();
    report.verdict.sentence = hostile[0].into();
    report.findings.truncate(hostile.len());
    for (finding, text) in report.findings.iter_mut().zip(hostile) {
        finding.title = text.into();
        finding.owner = Some(text.into());
        finding.note = Some(text.into());
        finding.remark = Some(format!("`{text}`"));
    }
    let pdf = Pdf::of(&report);
    let written = squeezed(&pdf.text());
    for (text, _) in hostile.iter().zip(&report.findings) {
        let times = written.matches(&squeezed(text)).count();
        assert!(times >= 4, "{text} stands there {times} times");
    }
    assert!(pdf.info("Title").starts_with(name), "{}", pdf.info("Title"));
}

#[test]
fn nothing_that_breaks_other_programs_breaks_the_press() {
    if !readers("naughty texts in a PDF") {
        return;
    }
    let mut report = for_audience(sample::report(), Audience::Handout);
    let naughty: Vec<String> = (naughty_strings::BLNS.iter())
        .map(|text| text.replace('\0', ""))
        .collect();
    report.findings[0].note = Some(naughty.join(" | "));
    report.findings[0].text = Some(naughty.join("\n\n"));
    let pdf = Pdf::of(&report);
    output("qpdf", &["--check"], &pdf.path(), &[]);
    let nested = format!("{}deep", "> - ".repeat(8));
    report.findings[0].text = Some(nested);
    assert!(squeezed(&Pdf::of(&report).text()).contains("deep"));
}

#[test]
fn a_word_without_end_is_broken_and_stays_on_its_page() {
    if !readers("long words in a PDF") {
        return;
    }
    let mut report = sample::report().for_audience(Audience::ActionPlan);
    report.findings.truncate(2);
    report.recommendations.clear();
    report.findings[0].title = "x".repeat(5_000);
    report.findings[0].note = Some("W".repeat(50_000));
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
    assert!(squeezed(&pdf.text()).matches('w').count() >= 50_000);
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

/// Four pixels, and a file as small that says it has 3,600,000,000.
const LOGO: &str = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR42mMQUGAwcAAAAXYAofFYxIIAAAAASUVORK5CYII=";
const BOMB: &str =
    "iVBORw0KGgoAAAANSUhEUgAA6mAAAOpgCAAAAACluSqeAAAADElEQVR42mNgoAwAAABAAAGJya9DAAAAAElFTkSuQmCC";

#[test]
fn a_logo_is_shown_and_one_that_cannot_be_is_said() {
    let with_logo = |data: &str| {
        let mut report = for_audience(sample::report(), Audience::Handout);
        report.look.logo = Some(format!("data:image/png;base64,{data}"));
        report
    };
    if readers("logo of a PDF") {
        let images = output(
            "pdfimages",
            &["-list"],
            &Pdf::of(&with_logo(LOGO)).path(),
            &[],
        );
        assert!(images.contains(" image "), "{images}");
    }
    for (data, said) in [(BOMB, "pixels"), ("iVBORw0KGgpubyBwaWN0dXJl", "decode")] {
        let templates = Templates::builtin().unwrap();
        let error = report::render(&with_logo(data), &templates, Format::Pdf).unwrap_err();
        let error = error.to_string();
        assert!(
            error.contains("the logo") && error.contains(said),
            "{error}"
        );
    }
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
