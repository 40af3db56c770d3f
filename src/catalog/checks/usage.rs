//! What is written and never used.

use std::collections::BTreeSet;

use crate::catalog::checks::Subject;
use crate::catalog::checks::places;
use crate::catalog::notes::Notes;
use crate::catalog::recommendation;
use crate::domain::condition::Slot;
use crate::problem::{Place, Problem};

/// W031: findings that nothing raises.
pub(super) fn findings(subject: &Subject<'_>, notes: &mut Notes) {
    if notes.is_partial() {
        return;
    }
    for (place, finding) in subject.questionnaire.findings.iter().enumerate() {
        if finding.raised_by.is_empty() && finding.when.is_none() {
            let problem = Problem::warning(format!("nothing raises `{}`", finding.id));
            let help = "name it in an option, a band or a question, give it a `when`, or delete it";
            let at = subject.index.sources.finding(place).key("id");
            notes.add(at, problem.code("W031").help(help));
        }
    }
}

/// W032: profiles, references, derived values and own recommendations that nothing uses.
pub(super) fn unused(subject: &Subject<'_>, notes: &mut Notes) {
    if notes.is_partial() {
        return;
    }
    let (index, written) = (subject.index, subject.index.written);
    let used = Used::of(subject);
    let mut note = |at: crate::catalog::tree::At<'_>, what: &str, id: &str, help: &str| {
        let problem = Problem::warning(format!("nothing uses the {what} `{id}`"));
        notes.add(at, problem.code("W032").help(help));
    };
    for (place, profile) in written.profile.iter().enumerate() {
        if !used.profiles.contains(&place) {
            let help = "say `applies` in what it is for, or delete it";
            note(
                index.profile_at(place).key("id"),
                "profile",
                &profile.id,
                help,
            );
        }
    }
    for id in written.refs.keys() {
        if !used.references.contains(id.as_str()) {
            let at = index.sources.main().key("refs").key(id);
            note(at, "reference", id, "cite it under `refs`, or delete it");
        }
    }
    for (place, derived) in written.derived.iter().enumerate() {
        if !used.derived.contains(&place) {
            let at = index.sources.derived(place).key("id");
            note(
                at,
                "derived value",
                &derived.id,
                "read it somewhere, or delete it",
            );
        }
    }
    for (id, source) in &subject.files.recommendations {
        if !subject
            .recommendations
            .keys()
            .any(|used| used.as_str() == id)
        {
            let problem = Problem::warning(format!("nothing uses the recommendation `{id}`"));
            let problem = problem.at(Place::new(source.clone(), 0..0)).code("W032");
            let help = "name it under `recommend` of a finding, or delete the file";
            notes.problems.push(problem.help(help));
        }
    }
}

/// What is used.
#[derive(Default)]
struct Used<'a> {
    profiles: BTreeSet<usize>,
    derived: BTreeSet<usize>,
    references: BTreeSet<&'a str>,
}

impl<'a> Used<'a> {
    fn of(subject: &'a Subject<'a>) -> Self {
        let mut used = Self::default();
        used.by_expressions(subject);
        used.by_naming(subject);
        used.by_recommendations(subject);
        used
    }

    fn by_expressions(&mut self, subject: &Subject<'_>) {
        let conditions = places::conditions(subject);
        let piped = places::piped(subject);
        let expressions = (conditions.iter().map(|condition| condition.expression))
            .chain(piped.iter().map(|piped| piped.expression));
        for read in expressions.flat_map(|expression| expression.reads()) {
            match read.slot {
                Slot::Profile(place) => self.profiles.insert(place),
                Slot::Derived(place) => self.derived.insert(place),
                _ => continue,
            };
        }
    }

    fn by_naming(&mut self, subject: &'a Subject<'a>) {
        let questionnaire = subject.questionnaire;
        for section in &questionnaire.sections {
            self.profiles.extend(&section.applies);
        }
        for question in &questionnaire.questions {
            self.profiles.extend(&question.applies);
            self.cite(&question.refs);
        }
        for finding in &questionnaire.findings {
            self.cite(&finding.refs);
        }
    }

    fn cite(&mut self, citations: &'a [crate::domain::questionnaire::Citation]) {
        let names = citations.iter().map(|citation| citation.reference.as_str());
        self.references.extend(names);
    }

    fn by_recommendations(&mut self, subject: &'a Subject<'a>) {
        for read in subject.recommendations.values() {
            let facts = &read.written.facts;
            let names = facts
                .refs
                .iter()
                .map(|cited| cited.split(':').next().unwrap_or(cited));
            self.references.extend(names);
            self.references
                .extend(facts.frameworks.keys().map(String::as_str));
            for name in recommendation::names(&read.written.body) {
                let derived = subject.index.derived.get(name.path.as_str());
                if let ("derived", Some(place)) = (name.root, derived) {
                    self.derived.insert(*place);
                }
            }
        }
    }
}
