//! Recommendations: the names that their templates use, and what they depend on.

use std::sync::Arc;

use crate::catalog::checks::Subject;
use crate::catalog::near;
use crate::catalog::notes::Notes;
use crate::catalog::recommendation::{self, Name, Read};
use crate::domain::id::RecommendationId;
use crate::domain::order::order;
use crate::problem::{Place, Problem};
use crate::template::{Inline, Mode, TemplateError, Templates};

/// What a template may name of the customer.
const CUSTOMER: [&str; 10] = [
    "id",
    "name",
    "tenants",
    "seats",
    "time_zone",
    "calendar",
    "contacts",
    "manager",
    "deputy",
    "go_live",
];

/// E030: templates that cannot be read, and names in recommendations that are names of nothing.
pub(super) fn names(subject: &Subject<'_>, notes: &mut Notes) {
    // That the shipped templates can be read is held by a test of theirs.
    let templates = match subject.recommendations.is_empty() {
        true => None,
        false => Templates::builtin().ok(),
    };
    for read in subject.recommendations.values() {
        if let Some(templates) = &templates {
            template(templates, read, notes);
        }
        for name in recommendation::names(&read.written.body) {
            in_body(subject, read, &name, notes);
        }
        let at = read.at().key("refs");
        for (item, cited) in read.written.facts.refs.iter().enumerate() {
            let id = cited.split(':').next().unwrap_or(cited);
            let known = subject.index.written.refs.keys().map(String::as_str);
            if !subject.index.written.refs.contains_key(id) {
                notes.add(at.item(item), unknown("reference", id, known));
            }
        }
    }
}

/// Notes what keeps the template of a recommendation from being used.
fn template(templates: &Templates, read: &Read, notes: &mut Notes) {
    let inline = Inline {
        file: read.source.name.clone(),
        source: read.written.body.clone(),
        first_line: read.written.body_line,
        mode: Mode::Markdown,
        shipped: false,
    };
    for error in templates.check_inline(&inline).err().unwrap_or_default() {
        let mut problem = Problem::error(error.message.clone()).code("E030");
        problem.help = error.hint.clone();
        problem.place = Some(place(read, &error));
        notes.problems.push(problem);
    }
}

/// Finds the bytes of an error that is known by its line and column.
fn place(read: &Read, error: &TemplateError) -> Place {
    let text = &read.source.text;
    let Some(at) = error.place.as_deref() else {
        return read.in_body(0..0);
    };
    let lines = text.split_inclusive('\n').take(at.line.saturating_sub(1));
    let line_start: usize = lines.map(str::len).sum();
    let bytes = |characters: usize| -> usize {
        let line = text[line_start..].chars().take(characters);
        line.map(char::len_utf8).sum()
    };
    let start = bytes(at.column.saturating_sub(1));
    let end = bytes(at.column.saturating_sub(1) + at.width);
    Place::new(
        Arc::clone(&read.source),
        line_start + start..line_start + end,
    )
}

fn in_body(subject: &Subject<'_>, read: &Read, name: &Name, notes: &mut Notes) {
    let index = subject.index;
    let first = name.path.split('.').next().unwrap_or(&name.path);
    let problem = match name.root {
        "answers" if index.by_name.contains_key(two(&name.path)) => return,
        "answers" => {
            let known = index.by_name.keys().map(String::as_str);
            unknown("question", two(&name.path), known)
        }
        "derived" if index.derived.contains_key(first) => return,
        "derived" => unknown("derived value", first, index.derived.keys().copied()),
        "terms" if index.written.terms.contains_key(first) => return,
        "terms" => {
            let known = index.written.terms.keys().map(String::as_str);
            unknown("term", first, known)
        }
        _ if CUSTOMER.contains(&first) => return,
        _ => unknown("fact about the customer", first, CUSTOMER),
    };
    if !notes.is_lost(&name.path) {
        notes
            .problems
            .push(problem.at(read.in_body(name.span.clone())));
    }
}

/// Returns the first two words of a path: the question's name without `.protected` behind it.
fn two(path: &str) -> &str {
    let end = path
        .match_indices('.')
        .nth(1)
        .map_or(path.len(), |(at, _)| at);
    &path[..end]
}

fn unknown<'c>(what: &str, name: &str, known: impl IntoIterator<Item = &'c str>) -> Problem {
    let problem = Problem::error(format!("no {what} is called `{}`", near::short(name)));
    let problem = problem.code("E030");
    match near::nearest(name, known) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help(format!("write the {what}, or take the name out")),
    }
}

/// E004: recommendations that depend on each other in a circle.
pub(super) fn circles(subject: &Subject<'_>, notes: &mut Notes) {
    let ids: Vec<&RecommendationId> = subject.recommendations.keys().collect();
    let place = |name: &String| ids.iter().position(|id| id.as_str() == name);
    let reads = subject.recommendations.values();
    let dependencies: Vec<Vec<usize>> = reads
        .map(|read| {
            read.written
                .facts
                .depends_on
                .iter()
                .filter_map(place)
                .collect()
        })
        .collect();
    let Err(cycle) = order(&dependencies) else {
        return;
    };
    let names: Vec<&str> = cycle
        .iter()
        .chain([&cycle[0]])
        .map(|place| ids[*place].as_str())
        .collect();
    let message = format!(
        "recommendations depend on each other: `{}`",
        names.join("` → `")
    );
    let problem = Problem::error(message).code("E004");
    let at = subject.recommendations[ids[cycle[0]]]
        .at()
        .key("depends_on");
    notes.add(at, problem.help("take one of them out of `depends_on`"));
}
