//! Recommendations: the names that their templates use, and what they depend on.

use crate::catalog::checks::Subject;
use crate::catalog::near;
use crate::catalog::notes::Notes;
use crate::catalog::recommendation::{self, Name, Read};
use crate::domain::id::RecommendationId;
use crate::domain::order::order;
use crate::problem::Problem;

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

/// E030: names in recommendations that are names of nothing.
pub(super) fn names(subject: &Subject<'_>, notes: &mut Notes) {
    for read in subject.recommendations.values() {
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
