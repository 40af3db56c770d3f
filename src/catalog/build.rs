//! From a questionnaire as written to the one that the program works with: every name resolved, every condition checked.
//!
//! What cannot be resolved is noted and replaced by something harmless, so that the rest can be judged; a questionnaire with an
//! error is never handed out. Whether what is resolved makes sense is the business of [`checks`](crate::catalog::checks).

mod migration;
mod question;
mod text;

use std::collections::BTreeMap;

use crate::catalog::graph;
use crate::catalog::index::{self, Index};
use crate::catalog::near;
use crate::catalog::notes::Notes;
use crate::catalog::tree::At;
use crate::catalog::written;
use crate::domain::condition::{self, Expression, Fault, Names, Scope, Slot, Type};
use crate::domain::decision::{Need, Severity};
use crate::domain::id::{Hash, QuestionId, RecommendationId};
use crate::domain::questionnaire::{
    Carry, Citation, Derived, FindingRule, NeedRule, Profile, Questionnaire, Raise, Recommendation,
    Reference, ScoreBand, Section, Stop,
};
use crate::domain::time::Days;
use crate::problem::Problem;

/// After how many problems nobody is told what they may have meant: looking for it takes longer the more names there are.
const GUESSES: usize = 1_000;

/// Makes the questionnaire.
pub(crate) fn build(
    index: &Index<'_>,
    recommendations: BTreeMap<RecommendationId, Recommendation>,
    hash: Hash,
    notes: &mut Notes,
) -> Questionnaire {
    let written = index.written;
    let mut builder = Builder {
        index,
        notes,
        raised_by: vec![Vec::new(); written.finding.len()],
    };
    let main = index.sources.main();
    let sections = builder.sections();
    let questions = builder.questions();
    let mut questionnaire = Questionnaire {
        id: index::id(&written.id),
        version: builder.version(main.key("version"), &written.version),
        title: builder.text(main, "title", &written.title),
        language: written.language.clone(),
        recheck_after: builder.days(main.key("recheck_after"), written.recheck_after.as_deref()),
        bands: written.bands.iter().map(score_band).collect(),
        terms: written.terms.clone(),
        references: written.refs.iter().map(reference).collect(),
        profiles: builder.profiles(),
        stops: builder.stops(),
        sections,
        questions,
        derived: builder.derived(),
        findings: builder.findings(),
        carry: builder.carry(),
        migrations: builder.migrations(),
        recommendations,
        graph: graph::Graph::default(),
        hash,
    };
    builder.set_needs(&mut questionnaire);
    questionnaire.graph = graph::graph(&questionnaire, index, builder.notes);
    questionnaire
}

/// What is needed to resolve the parts of a questionnaire.
struct Builder<'a, 'n> {
    index: &'a Index<'a>,
    notes: &'n mut Notes,
    /// The questions that raise each finding.
    raised_by: Vec<Vec<usize>>,
}

fn score_band(band: &written::ScoreBand) -> ScoreBand {
    ScoreBand {
        min: percent(band.min.unwrap_or(0)),
        id: band.id.clone(),
        text: band.text.clone(),
    }
}

fn reference(
    (id, reference): (&String, &written::Reference),
) -> (crate::domain::id::ReferenceId, Reference) {
    let reference = Reference {
        title: reference.title.clone(),
        url: reference.url.clone(),
        version: reference.version.clone(),
        checked: reference.checked.map(|date| date.0),
    };
    (index::id(id), reference)
}

/// Returns a whole percentage; that it is none was noted where scores are judged.
fn percent(number: i64) -> u32 {
    u32::try_from(number.clamp(0, 100)).unwrap_or(0)
}

/// Returns a weight; that it is none was noted where scores are judged.
fn weight(number: i64) -> u32 {
    u32::try_from(number.clamp(0, 1000)).unwrap_or(0)
}

/// An expression for a place whose own is wrong.
fn harmless() -> Expression {
    let names = Names::new();
    condition::parse("false")
        .and_then(|syntax| syntax.check(&Scope::new(&names), Some(&Type::Bool)))
        .expect("`false` is an expression of no names")
}

impl<'a> Builder<'a, '_> {
    fn scope(&self) -> Scope<'a> {
        let scope = Scope::new(&self.index.names);
        match self.notes.problems.0.len() < GUESSES {
            true => scope,
            false => scope.without_guesses(),
        }
    }

    /// Reads an expression that stands at `at`.
    fn expression(
        &mut self,
        at: At<'_>,
        source: &str,
        scope: &Scope<'_>,
        wanted: &Type,
    ) -> Option<Expression> {
        let checked = condition::parse(source).and_then(|syntax| syntax.check(scope, Some(wanted)));
        match checked {
            Ok(expression) => {
                for warning in expression.warnings() {
                    self.fault(at, source, warning);
                }
                Some(expression)
            }
            Err(faults) => {
                self.notes.unsound = true;
                for fault in &faults {
                    self.fault(at, source, fault);
                }
                None
            }
        }
    }

    /// Reads a condition.
    fn condition(&mut self, at: At<'_>, source: &str, scope: &Scope<'_>) -> Option<Expression> {
        self.expression(at, source, scope, &Type::Bool)
    }

    /// Reads the condition under `when`, where there is one.
    fn when(
        &mut self,
        at: At<'_>,
        source: Option<&String>,
        scope: &Scope<'_>,
    ) -> Option<Expression> {
        self.condition(at.key("when"), source?, scope)
    }

    fn fault(&mut self, at: At<'_>, source: &str, fault: &Fault) {
        let name = source.get(fault.span.clone()).unwrap_or_default();
        let name = name.trim_matches(['"', '\'']);
        if matches!(fault.code, "E002" | "E006" | "E020" | "E021") && self.notes.is_lost(name) {
            return;
        }
        let mut problem = match fault.is_warning() {
            true => Problem::warning(fault.message.clone()),
            false => Problem::error(fault.message.clone()),
        };
        problem.code = Some(fault.code);
        problem.help = fault.hint.clone();
        let place = at.inside(source, fault.span.clone());
        self.notes.add_at(at, place, problem);
    }

    /// Notes that nothing of a kind has this name.
    fn unknown<'c>(
        &mut self,
        at: At<'_>,
        code: &'static str,
        what: &str,
        name: &str,
        known: impl IntoIterator<Item = &'c str>,
    ) {
        self.notes.unsound = true;
        if self.notes.is_lost(name) {
            return;
        }
        let problem = Problem::error(format!("no {what} is called `{}`", near::short(name)));
        let is_few = self.notes.problems.0.len() < GUESSES;
        let near = is_few.then(|| near::nearest(name, known)).flatten();
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write the {what}, or take the name out"),
        };
        self.notes.add(at, problem.code(code).help(help));
    }

    fn unreadable(&mut self, at: At<'_>, fault: &impl std::fmt::Display) {
        let text = fault.to_string();
        let (message, help) = text.split_once(": ").unwrap_or((&text, ""));
        let problem = Problem::error(message).code("E081");
        self.notes.add(at, problem.help(help));
    }

    fn version(&mut self, at: At<'_>, text: &str) -> crate::domain::questionnaire::Version {
        text.parse().unwrap_or_else(|fault| {
            self.unreadable(at, &fault);
            crate::domain::questionnaire::Version {
                major: 0,
                minor: 0,
                patch: 0,
            }
        })
    }

    fn days(&mut self, at: At<'_>, text: Option<&str>) -> Option<Days> {
        match text?.parse() {
            Ok(days) => Some(days),
            Err(fault) => {
                self.unreadable(at, &fault);
                None
            }
        }
    }

    fn citations(&mut self, at: At<'_>, refs: &[String]) -> Vec<Citation> {
        let at = at.key("refs");
        let mut citations = Vec::with_capacity(refs.len());
        for (place, cited) in refs.iter().enumerate() {
            let (name, part) = match cited.split_once(':') {
                Some((name, part)) => (name, Some(part.to_owned())),
                None => (cited.as_str(), None),
            };
            if self.index.written.refs.contains_key(name) {
                let reference = index::id(name);
                citations.push(Citation { reference, part });
            } else {
                let known = self.index.written.refs.keys().map(String::as_str);
                self.unknown(at.item(place), "E022", "reference", name, known);
            }
        }
        citations
    }

    fn applies(&mut self, at: At<'_>, profiles: &[String]) -> Vec<usize> {
        let at = at.key("applies");
        let mut places = Vec::with_capacity(profiles.len());
        for (item, name) in profiles.iter().enumerate() {
            match self.index.profiles.get(name.as_str()) {
                Some(place) => places.push(*place),
                None => {
                    let known = self.index.profiles.keys().copied();
                    self.unknown(at.item(item), "E021", "profile", name, known);
                }
            }
        }
        places
    }

    /// Resolves a finding that the question at `by` raises.
    fn raise(
        &mut self,
        at: At<'_>,
        finding: Option<&String>,
        severity: Option<Severity>,
        need: Option<Need>,
        by: usize,
    ) -> Option<Raise> {
        let name = finding?;
        let Some(place) = self.index.findings.get(name.as_str()).copied() else {
            let known = self.index.findings.keys().copied();
            self.unknown(at.key("finding"), "E020", "finding", name, known);
            return None;
        };
        if self.raised_by[place].last() != Some(&by) {
            self.raised_by[place].push(by);
        }
        Some(Raise {
            finding: place,
            severity,
            need,
        })
    }

    fn profiles(&mut self) -> Vec<Profile> {
        let written = self.index.written;
        let mut profiles = Vec::with_capacity(written.profile.len());
        for (place, profile) in written.profile.iter().enumerate() {
            let at = self.index.profile_at(place);
            let scope = self.scope().defining(Slot::Profile(place));
            profiles.push(Profile {
                id: index::id(&profile.id),
                text: self.text(at, "text", &profile.text),
                when: self
                    .condition(at.key("when"), &profile.when, &scope)
                    .unwrap_or_else(harmless),
            });
        }
        profiles
    }

    fn stops(&mut self) -> Vec<Stop> {
        let written = self.index.written;
        let mut stops = Vec::with_capacity(written.stop.len());
        for (place, stop) in written.stop.iter().enumerate() {
            let at = self.index.stop_at(place);
            let scope = self.scope().with_findings();
            stops.push(Stop {
                id: index::id(&stop.id),
                when: self
                    .condition(at.key("when"), &stop.when, &scope)
                    .unwrap_or_else(harmless),
                title: self.text(at, "title", &stop.title),
                text: self.text(at, "text", &stop.text),
                keep_asking: self.keep_asking(at.key("keep_asking"), &stop.keep_asking),
            });
        }
        stops
    }

    fn keep_asking(&mut self, at: At<'_>, sections: &[String]) -> Vec<usize> {
        let mut places = Vec::with_capacity(sections.len());
        for (item, name) in sections.iter().enumerate() {
            match self.index.sections.get(name.as_str()) {
                Some(place) => places.push(*place),
                None => {
                    let known = self.index.sections.keys().copied();
                    self.unknown(at.item(item), "E023", "section", name, known);
                }
            }
        }
        places
    }

    fn sections(&mut self) -> Vec<Section> {
        let written = self.index.written;
        let mut sections = Vec::with_capacity(written.section.len());
        let mut first = 0;
        for (place, section) in written.section.iter().enumerate() {
            let at = self.index.sources.section(place);
            let scope = self.scope();
            let end = first + section.question.len();
            sections.push(Section {
                id: index::id(&section.id),
                title: self.text(at, "title", &section.title),
                text: self.optional_text(at, "text", section.text.as_ref()),
                weight: weight(section.weight.unwrap_or(1)),
                when: self.when(at, section.when.as_ref(), &scope),
                applies: self.applies(at, &section.applies),
                questions: first..end,
            });
            first = end;
        }
        sections
    }

    fn derived(&mut self) -> Vec<Derived> {
        let written = self.index.written;
        let mut derived = Vec::with_capacity(written.derived.len());
        for (place, value) in written.derived.iter().enumerate() {
            let at = self.index.sources.derived(place);
            let scope = self.scope().defining(Slot::Derived(place));
            let wanted = index::derived_type(value.kind);
            derived.push(Derived {
                id: index::id(&value.id),
                text: self.optional_text(at, "text", value.text.as_ref()),
                value: self
                    .expression(at.key("value"), &value.value, &scope, &wanted)
                    .unwrap_or_else(harmless),
            });
        }
        derived
    }

    fn findings(&mut self) -> Vec<FindingRule> {
        let written = self.index.written;
        let mut findings = Vec::with_capacity(written.finding.len());
        for (place, finding) in written.finding.iter().enumerate() {
            let at = self.index.sources.finding(place);
            let scope = self.scope().with_findings().defining(Slot::Finding(place));
            findings.push(FindingRule {
                id: index::id(&finding.id),
                severity: finding.severity,
                need: finding.need.unwrap_or(Need::Improvement),
                need_when: self.need_when(at.key("need_when"), &finding.need_when, &scope),
                title: self.text(at, "title", &finding.title),
                text: self.optional_text(at, "text", finding.text.as_ref()),
                recommend: (finding.recommend.iter())
                    .filter_map(|id| id.parse().ok())
                    .collect(),
                when: self.when(at, finding.when.as_ref(), &scope),
                rule: finding.rule,
                refs: self.citations(at, &finding.refs),
                raised_by: Vec::new(),
            });
        }
        findings
    }

    fn need_when(
        &mut self,
        at: At<'_>,
        rules: &[written::NeedRule],
        scope: &Scope<'_>,
    ) -> Vec<NeedRule> {
        let mut needs = Vec::with_capacity(rules.len());
        for (item, rule) in rules.iter().enumerate() {
            let at = at.item(item).key("when");
            needs.push(NeedRule {
                when: self
                    .condition(at, &rule.when, scope)
                    .unwrap_or_else(harmless),
                need: rule.need,
            });
        }
        needs
    }

    /// Gives each finding the questions that raise it, and from the highest tier among them the need that it does not name.
    fn set_needs(&mut self, questionnaire: &mut Questionnaire) {
        let raised_by = std::mem::take(&mut self.raised_by);
        for (place, raised_by) in raised_by.into_iter().enumerate() {
            let tiers = raised_by.iter().map(|by| questionnaire.questions[*by].tier);
            let need = tiers.map(|tier| tier.need()).max();
            let finding = &mut questionnaire.findings[place];
            if let (None, Some(need)) = (self.index.written.finding[place].need, need) {
                finding.need = need;
            }
            for by in &raised_by {
                questionnaire.questions[*by].findings.push(place);
            }
            finding.raised_by = raised_by;
        }
    }

    /// Resolves a question of this questionnaire.
    fn own_question(&mut self, at: At<'_>, name: &str) -> Option<QuestionId> {
        if self.index.by_name.contains_key(name) {
            return name.parse().ok();
        }
        let known = self.index.by_name.keys().map(String::as_str);
        self.unknown(at, "E002", "question", name, known);
        None
    }

    /// Reads the name of a question of another questionnaire, or of an older version of this one.
    fn other_question(&mut self, at: At<'_>, name: &str) -> Option<QuestionId> {
        index::check::<QuestionId>(at, name, self.notes);
        name.parse().ok()
    }

    fn carry(&mut self) -> Vec<Carry> {
        let written = self.index.written;
        let mut carried = Vec::with_capacity(written.carry.len());
        for (place, carry) in written.carry.iter().enumerate() {
            let at = self.index.sources.main().key("carry").item(place);
            index::check::<crate::domain::id::QuestionnaireId>(
                at.key("from"),
                &carry.from,
                self.notes,
            );
            let mut answers = BTreeMap::new();
            for (from, to) in &carry.answers {
                let at = at.key("answers").key(from);
                let pair = (self.other_question(at, from), self.own_question(at, to));
                if let (Some(from), Some(to)) = pair {
                    answers.insert(from, to);
                }
            }
            carried.push(Carry {
                from: index::id(&carry.from),
                answers,
            });
        }
        carried
    }
}
