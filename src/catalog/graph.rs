//! In which order things are evaluated: what depends on what, and the cycles that forbid an order.

use std::collections::HashMap;

use crate::catalog::index::Index;
use crate::catalog::notes::Notes;
use crate::catalog::tree::At;
use crate::domain::condition::{Expression, Slot};
use crate::domain::order::order;
pub(crate) use crate::domain::questionnaire::Graph;
use crate::domain::questionnaire::{Column, Node, Question, Questionnaire, Scoring};
use crate::problem::Problem;

/// How many cycles are shown: mending one often mends more.
const CYCLES: usize = 10;

/// How many names of a cycle are shown.
const SHOWN: usize = 12;

/// Orders a questionnaire; a cycle is noted, and cut for the sake of the rest.
pub(crate) fn graph(questionnaire: &Questionnaire, index: &Index<'_>, notes: &mut Notes) -> Graph {
    let nodes = nodes(questionnaire);
    let numbers: HashMap<Node, usize> = (nodes.iter().enumerate())
        .map(|(number, node)| (*node, number))
        .collect();
    let mut dependencies: Vec<Vec<usize>> = (nodes.iter())
        .map(|node| {
            let mut numbers: Vec<usize> = (dependencies(questionnaire, *node).into_iter())
                .filter_map(|on| numbers.get(&on).copied())
                .collect();
            numbers.sort_unstable();
            numbers.dedup();
            numbers
        })
        .collect();
    let ordered = acyclic(&mut dependencies, |cycle| {
        let cycle: Vec<Node> = cycle.iter().map(|number| nodes[*number]).collect();
        note(&cycle, index, notes);
    });
    let mut place_in_order = vec![0; nodes.len()];
    for (place, number) in ordered.iter().enumerate() {
        place_in_order[*number] = place;
    }
    let mut dependents = vec![Vec::new(); nodes.len()];
    for (number, on) in dependencies.iter().enumerate() {
        for on in on {
            dependents[place_in_order[*on]].push(place_in_order[number]);
        }
    }
    let order: Vec<Node> = ordered.iter().map(|number| nodes[*number]).collect();
    Graph {
        reads_day: (order.iter())
            .map(|node| reads_day(questionnaire, *node))
            .collect(),
        question_order: (0..questionnaire.questions.len())
            .map(|question| place_in_order[numbers[&Node::Question(question)]])
            .collect(),
        places: (questionnaire.questions.iter().enumerate())
            .map(|(place, question)| (question.id.clone(), place))
            .collect(),
        order,
        dependents,
    }
}

/// Returns everything that is evaluated, in an order that suits where nothing forbids it.
fn nodes(questionnaire: &Questionnaire) -> Vec<Node> {
    let mut nodes: Vec<Node> = (0..questionnaire.profiles.len())
        .map(Node::Profile)
        .collect();
    for (place, section) in questionnaire.sections.iter().enumerate() {
        nodes.push(Node::Section(place));
        nodes.extend(section.questions.clone().map(Node::Question));
    }
    nodes.extend((0..questionnaire.derived.len()).map(Node::Derived));
    nodes.extend((0..questionnaire.questions.len()).map(Node::Credit));
    nodes.extend((0..questionnaire.findings.len()).map(Node::Finding));
    nodes.extend((0..questionnaire.stops.len()).map(Node::Stop));
    nodes
}

fn dependencies(questionnaire: &Questionnaire, node: Node) -> Vec<Node> {
    let mut on: Vec<Node> = (expressions(questionnaire, node).into_iter())
        .flat_map(Expression::reads)
        .filter_map(|read| named(read.slot))
        .collect();
    match node {
        Node::Section(place) => {
            let applies = &questionnaire.sections[place].applies;
            on.extend(applies.iter().copied().map(Node::Profile));
        }
        Node::Question(place) => {
            let question = &questionnaire.questions[place];
            on.push(Node::Section(question.section));
            on.extend(question.applies.iter().copied().map(Node::Profile));
        }
        Node::Credit(place) => on.push(Node::Question(place)),
        Node::Finding(place) => {
            let raised_by = &questionnaire.findings[place].raised_by;
            on.extend(raised_by.iter().copied().map(Node::Credit));
        }
        Node::Profile(_) | Node::Derived(_) | Node::Stop(_) => {}
    }
    on
}

/// Returns what has to be evaluated before a slot can be read.
fn named(slot: Slot) -> Option<Node> {
    match slot {
        Slot::Question(place) | Slot::Protected(place) | Slot::Target(place) => {
            Some(Node::Question(place))
        }
        Slot::Derived(place) => Some(Node::Derived(place)),
        Slot::Finding(place) => Some(Node::Finding(place)),
        Slot::Profile(place) => Some(Node::Profile(place)),
        Slot::Customer(_) | Slot::Column(_) | Slot::This | Slot::Evidence(_) => None,
    }
}

/// Returns the expressions that a thing is evaluated from.
pub(crate) fn expressions(questionnaire: &Questionnaire, node: Node) -> Vec<&Expression> {
    match node {
        Node::Profile(place) => vec![&questionnaire.profiles[place].when],
        Node::Section(place) => questionnaire.sections[place].when.iter().collect(),
        Node::Question(place) => asking(&questionnaire.questions[place]),
        Node::Derived(place) => vec![&questionnaire.derived[place].value],
        Node::Credit(place) => scoring(&questionnaire.questions[place]),
        Node::Finding(place) => {
            let finding = &questionnaire.findings[place];
            let needs = finding.need_when.iter().map(|rule| &rule.when);
            finding.when.iter().chain(needs).collect()
        }
        Node::Stop(place) => vec![&questionnaire.stops[place].when],
    }
}

fn asking(question: &Question) -> Vec<&Expression> {
    let mut expressions: Vec<&Expression> = question.when.iter().collect();
    expressions.extend(
        question
            .kind
            .options()
            .iter()
            .flat_map(|option| &option.when),
    );
    expressions.extend(question.checks.iter().map(|check| &check.expression));
    for column in columns(question) {
        expressions.extend(&column.when);
        expressions.extend(column.kind.options().iter().flat_map(|option| &option.when));
        expressions.extend(column.checks.iter().map(|check| &check.expression));
    }
    expressions
}

fn scoring(question: &Question) -> Vec<&Expression> {
    let scorings = columns(question).iter().map(|column| &column.scoring);
    scorings
        .chain([&question.scoring])
        .filter_map(|scoring| match scoring {
            Scoring::Bands(bands) => Some(bands),
            _ => None,
        })
        .flatten()
        .filter_map(|band| band.when.as_ref())
        .collect()
}

/// Returns the columns of a rows question; none of another.
fn columns(question: &Question) -> &[Column] {
    match &question.kind {
        crate::domain::questionnaire::Kind::Rows(table) => &table.columns,
        _ => &[],
    }
}

fn reads_day(questionnaire: &Questionnaire, node: Node) -> bool {
    let ages = |scoring: &Scoring| matches!(scoring, Scoring::NotOlderThan { .. });
    let by_age = match node {
        Node::Credit(place) => {
            let question = &questionnaire.questions[place];
            ages(&question.scoring) || columns(question).iter().any(|c| ages(&c.scoring))
        }
        _ => false,
    };
    let expressions = expressions(questionnaire, node);
    by_age || expressions.into_iter().any(Expression::reads_day)
}

/// Orders numbers, and cuts the cycles that forbid it, each of which is shown to `found`.
fn acyclic(dependencies: &mut [Vec<usize>], mut found: impl FnMut(&[usize])) -> Vec<usize> {
    let mut cycles = 0;
    loop {
        let cycle = match order(dependencies) {
            Ok(ordered) => return ordered,
            Err(cycle) => cycle,
        };
        if cycles == CYCLES {
            dependencies.iter_mut().for_each(Vec::clear);
            continue;
        }
        found(&cycle);
        cycles += 1;
        let (from, to) = (cycle[0], cycle[1 % cycle.len()]);
        dependencies[from].retain(|on| *on != to);
    }
}

fn note(cycle: &[Node], index: &Index<'_>, notes: &mut Notes) {
    notes.unsound = true;
    let first = name(cycle[0], index);
    let at = place(cycle[0], index);
    if cycle.len() == 1 {
        let problem = Problem::error(format!("{first} refers to itself")).code("E003");
        let help =
            "take the name out of its own condition; in `checks` and `scores` the answer is `this`";
        return notes.add(at, problem.help(help));
    }
    let mut names: Vec<String> = (cycle.iter().chain([&cycle[0]]))
        .map(|node| name(*node, index))
        .collect();
    if names.len() > SHOWN {
        let left_out = names.len() - SHOWN;
        names.splice(
            SHOWN / 2..SHOWN / 2 + left_out,
            [format!("… {left_out} more …")],
        );
    }
    let message = format!(
        "what these ask or compute depends on itself: {}",
        names.join(" → ")
    );
    let help = "take one of these names out of the condition that reads it";
    notes.add(at, Problem::error(message).code("E004").help(help));
}

fn name(node: Node, index: &Index<'_>) -> String {
    let written = index.written;
    match node {
        Node::Profile(place) => format!("profile `{}`", written.profile[place].id),
        Node::Section(place) => format!("section `{}`", written.section[place].id),
        Node::Question(place) => format!("`{}`", index.questions[place].name),
        Node::Derived(place) => format!("`derived.{}`", written.derived[place].id),
        Node::Credit(place) => format!("the score of `{}`", index.questions[place].name),
        Node::Finding(place) => format!("finding `{}`", written.finding[place].id),
        Node::Stop(place) => format!("stop `{}`", written.stop[place].id),
    }
}

fn place<'a>(node: Node, index: &Index<'a>) -> At<'a> {
    match node {
        Node::Profile(place) => index.profile_at(place).key("when"),
        Node::Section(place) => index.sources.section(place).key("when"),
        Node::Question(place) => index.question_at(place).key("when"),
        Node::Derived(place) => index.sources.derived(place).key("value"),
        Node::Credit(place) => index.question_at(place).key("scores"),
        Node::Finding(place) => index.sources.finding(place).key("when"),
        Node::Stop(place) => index.stop_at(place).key("when"),
    }
}
