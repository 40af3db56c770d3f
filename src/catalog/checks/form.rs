//! What is checked for its form only, because other parts of the program give it its meaning; and `allow` itself.

use std::sync::Arc;

use crate::catalog::checks::fit::is_language;
use crate::catalog::checks::{RULES, Subject};
use crate::catalog::near;
use crate::catalog::notes::Notes;
use crate::catalog::tree::{self, At, Content, Spot};
use crate::domain::evidence::Tool;
use crate::domain::id::FindingKey;
use crate::domain::response::NotApplicable;
use crate::importers::Importer;
use crate::problem::{Place, Problem, SourceText};

/// E014: findings are not called as advice and managed responses are, which become findings by their number.
pub(super) fn findings(subject: &Subject<'_>, notes: &mut Notes) {
    for (place, finding) in subject.questionnaire.findings.iter().enumerate() {
        if is_numbered(finding.id.as_str()) {
            let message = format!("`{}` is an id that the program gives out", finding.id);
            let problem = Problem::error(message).code("E014");
            let help = "say what the gap is: `adv-` with a number is advice given later, `mr-` a managed response";
            let at = subject.index.sources.finding(place).key("id");
            notes.add(at, problem.help(help));
        }
    }
}

/// Returns whether advice or a managed response could have the id.
fn is_numbered(id: &str) -> bool {
    let number = id.strip_prefix("adv-").or_else(|| id.strip_prefix("mr-"));
    number.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// E024: evidence mappings name a tool that we can read, and a control that it has.
pub(super) fn evidence(subject: &Subject<'_>, notes: &mut Notes) {
    for (place, spot) in subject.index.questions.iter().enumerate() {
        let at = subject.index.question_at(place).key("evidence");
        for (item, rule) in spot.written.evidence.iter().enumerate() {
            let at = at.item(item);
            let Ok(tool) = rule.source.parse::<Tool>() else {
                let shown = near::short(&rule.source);
                let problem = Problem::error(format!("no tool is called `{shown}`"));
                let problem = problem.code("E024").help(tool_help(&rule.source));
                notes.add(at.key("source"), problem);
                continue;
            };
            if !Importer::of(tool).knows(&rule.id) {
                let (title, shown) = (tool.title(), near::short(&rule.id));
                let problem = Problem::error(format!("{title} has no control `{shown}`"));
                let help = "write the id of today as results of the tool have it, without a version such as `v1`";
                notes.add(at.key("id"), problem.code("E024").help(help));
            }
        }
    }
}

/// Returns which tool was probably meant, or all of them.
fn tool_help(written: &str) -> String {
    let tools = Tool::ALL.map(Tool::code);
    match near::nearest(written, tools) {
        Some(tool) => format!("did you mean `{tool}`?"),
        None => format!(
            "the tools are {}",
            tools.map(|tool| format!("`{tool}`")).join(", ")
        ),
    }
}

/// W061: translations are TOML with texts in it, in files called as a language.
pub(super) fn translations(subject: &Subject<'_>, notes: &mut Notes) {
    for (language, source) in &subject.files.translations {
        let whole = Place::new(Arc::clone(source), 0..0);
        if !is_language(language) {
            let shown = near::short(language);
            let problem = Problem::warning(format!("`{shown}` is no language tag")).code("W061");
            let help = "call the file for example `de.toml` or `pt-BR.toml`";
            notes.problems.push(problem.at(whole).help(help));
        } else if *language == subject.index.written.language {
            let message = format!("`{language}` is the language of the questionnaire itself");
            let problem = Problem::warning(message).code("W061").at(whole);
            notes.problems.push(problem.help("delete the file"));
        }
        let spot = tree::parse(source, &source.text, &mut notes.problems);
        texts_only(source, &spot, notes);
    }
}

fn texts_only(source: &Arc<SourceText>, spot: &Spot, notes: &mut Notes) {
    for (_, part) in &spot.parts {
        match &part.content {
            Content::Text(_) => {}
            Content::Table => texts_only(source, part, notes),
            other => {
                let message = format!("a translation is texts, and this is {}", other.words());
                let problem = Problem::warning(message).code("W061");
                notes.add(
                    At::new(source, part),
                    problem.help("write the text in quotes"),
                );
            }
        }
    }
}

/// E070: scenarios name questions, findings, reasons and verdicts that there are.
pub(super) fn scenarios(subject: &Subject<'_>, notes: &mut Notes) {
    for written in subject.scenarios {
        for (place, step) in written.scenario.step.iter().enumerate() {
            let at = written.step(place);
            let expect = at.key("expect");
            let mut names = Names { subject, notes };
            let lists = [
                (at.key("none"), &step.none),
                (at.key("unknown"), &step.unknown),
                (at.key("withdraw"), &step.withdraw),
            ];
            for (at, list) in lists {
                for (item, name) in list.iter().enumerate() {
                    names.question(at.item(item), name);
                }
            }
            step.set
                .keys()
                .for_each(|name| names.question(at.key("set").key(name), name));
            for (name, reason) in &step.na {
                let at = at.key("na").key(name);
                names.question(at, name);
                names.word(
                    at,
                    "reason",
                    reason,
                    NotApplicable::ALL.iter().map(|reason| reason.code()),
                );
            }
            let visible = expect.key("visible");
            step.expect
                .visible
                .keys()
                .for_each(|name| names.question(visible.key(name), name));
            let lists = [
                (expect.key("raised"), &step.expect.raised),
                (expect.key("absent"), &step.expect.absent),
                (expect.key("undetermined"), &step.expect.undetermined),
            ];
            for (at, list) in lists {
                for (item, name) in list.iter().enumerate() {
                    names.finding(at.item(item), name);
                }
            }
            let need = expect.key("need");
            step.expect
                .need
                .keys()
                .for_each(|name| names.finding(need.key(name), name));
            for (item, decision) in step.decide.iter().enumerate() {
                names.finding(
                    at.key("decide").item(item).key("finding"),
                    &decision.finding,
                );
            }
            if let Some(verdict) = &step.expect.verdict {
                names.word(expect.key("verdict"), "verdict", verdict, VERDICTS);
            }
        }
    }
}

/// The verdicts that there are.
const VERDICTS: [&str; 5] = [
    "stopped",
    "not-ready",
    "undetermined",
    "ready-with-conditions",
    "ready",
];

/// Looks up what scenarios name.
struct Names<'a, 'n> {
    subject: &'a Subject<'a>,
    notes: &'n mut Notes,
}

impl Names<'_, '_> {
    fn question(&mut self, at: At<'_>, name: &str) {
        let known = &self.subject.index.by_name;
        if !known.contains_key(name) {
            let nearest = near::nearest(name, known.keys().map(String::as_str));
            self.note(at, "question", name, nearest);
        }
    }

    fn finding(&mut self, at: At<'_>, name: &str) {
        let known = &self.subject.index.findings;
        let key = name.parse::<FindingKey>();
        if !key.is_ok_and(|key| known.contains_key(key.id.as_str())) {
            let nearest = near::nearest(name, known.keys().copied());
            self.note(at, "finding", name, nearest);
        }
    }

    fn word(
        &mut self,
        at: At<'_>,
        what: &str,
        word: &str,
        known: impl IntoIterator<Item = &'static str>,
    ) {
        let known: Vec<&str> = known.into_iter().collect();
        if !known.contains(&word) {
            let nearest = near::nearest(word, known.iter().copied());
            self.note(at, what, word, nearest.or(known.first().copied()));
        }
    }

    fn note(&mut self, at: At<'_>, what: &str, name: &str, nearest: Option<&str>) {
        if self.notes.is_lost(name) {
            return;
        }
        let problem = Problem::error(format!("no {what} is called `{}`", near::short(name)));
        let problem = match nearest {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help(format!("write the {what}, or take it out of the scenario")),
        };
        self.notes.add_at(at, at.key_place(), problem.code("E070"));
    }
}

/// W070: every `allow` names a warning, and silences it.
pub(super) fn allows(subject: &Subject<'_>, notes: &mut Notes) {
    for (source, spot) in &subject.index.sources.files {
        for allow in allow_tables(spot) {
            for (code, entry) in &allow.parts {
                let place = At::new(source, entry).key_place();
                if let Some(problem) = judge(source, code, entry, notes) {
                    notes.problems.push(Problem { place, ..problem });
                }
            }
        }
    }
}

fn judge(source: &Arc<SourceText>, code: &str, entry: &Spot, notes: &Notes) -> Option<Problem> {
    let shown = near::short(code);
    let warnings = RULES
        .iter()
        .map(|rule| rule.code)
        .filter(|code| code.starts_with('W'));
    if !RULES.iter().any(|rule| rule.code == code) {
        let problem = Problem::error(format!("no check is called `{shown}`")).code("E081");
        let near = near::nearest(code, warnings).unwrap_or("W054");
        return Some(problem.help(format!("did you mean `{near}`?")));
    }
    if code.starts_with('E') {
        let problem = Problem::error(format!("`{shown}` is an error and cannot be silenced"));
        return Some(problem.code("E081").help("mend what it points at"));
    }
    if notes.was_used(source, entry) || notes.is_partial() {
        return None;
    }
    let problem = Problem::warning(format!("there is no {shown} here to silence")).code("W070");
    Some(problem.help("take it out"))
}

fn allow_tables(spot: &Spot) -> Vec<&Spot> {
    let mut found = Vec::new();
    let mut left = vec![spot];
    while let Some(spot) = left.pop() {
        for (name, part) in &spot.parts {
            match part.content {
                Content::Table if **name == *"allow" => found.push(part),
                Content::Table | Content::List => left.push(part),
                _ => {}
            }
        }
    }
    found
}
