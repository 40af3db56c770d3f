//! W050 and W051: conditions that never hold, or always.
//!
//! Found by trying every combination of answers that the condition reads, as long as these are few: first each question by
//! itself, then with the conditions under which the questions that it reads are themselves asked. What reads numbers, texts,
//! days or rows, or has too many combinations, is not judged.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use crate::catalog::checks::Subject;
use crate::catalog::notes::Notes;
use crate::catalog::tree::At;
use crate::domain::condition::{Datum, Expression, Outcome, Slot, Standing, Values};
use crate::domain::questionnaire::{Choice, Kind, Node, Question, Questionnaire};
use crate::problem::Problem;

/// The most combinations that are tried for one condition.
const COMBINATIONS: usize = 20_000;

/// The most combinations of a question with several options.
const SUBSETS: usize = 1 << 12;

/// The most things between a condition and the answers that it comes down to.
const NODES: usize = 200;

/// The most evaluations for all conditions of a questionnaire together, so that reading stays quick.
const EVALUATIONS: usize = 2_000_000;

/// W050: conditions that no answers make hold.
pub(super) fn never(subject: &Subject<'_>, notes: &mut Notes) {
    if notes.is_partial() {
        return;
    }
    let questionnaire = subject.questionnaire;
    let mut trial = Trial::new(questionnaire);
    for (place, section) in questionnaire.sections.iter().enumerate() {
        let at = subject.index.sources.section(place);
        let mut target = Target::default();
        target.add(section.when.as_ref(), &section.applies);
        if target.never(&mut trial, at, notes) {
            continue;
        }
        for question in section.questions.clone() {
            let at = subject.index.question_at(question);
            let question = &questionnaire.questions[question];
            let mut asked = target.clone();
            asked.add(question.when.as_ref(), &question.applies);
            let is_conditional = question.when.is_some() || !question.applies.is_empty();
            if is_conditional && asked.never(&mut trial, at, notes) {
                continue;
            }
            for (item, option) in question.kind.options().iter().enumerate() {
                if option.when.is_some() {
                    let mut offered = asked.clone();
                    offered.add(option.when.as_ref(), &[]);
                    let at = at.key("options").item(item);
                    offered.never(&mut trial, at, notes);
                }
            }
        }
    }
}

/// W051: conditions that hold whatever is answered.
pub(super) fn always(subject: &Subject<'_>, notes: &mut Notes) {
    if notes.is_partial() {
        return;
    }
    let mut trial = Trial::new(subject.questionnaire);
    for (at, when) in asking(subject) {
        let mut target = Target::default();
        target.add(when, &[]);
        if when.is_some() && target.always(&mut trial) {
            let message = "this condition holds whatever is answered";
            let problem = Problem::warning(message).code("W051");
            notes.add(at.key("when"), problem.help("take it out, or mend it"));
        }
    }
}

/// Returns the conditions of sections, questions and options, with the places of these.
fn asking<'a>(subject: &Subject<'a>) -> Vec<(At<'a>, Option<&'a Expression>)> {
    let (index, questionnaire) = (subject.index, subject.questionnaire);
    let mut conditions = Vec::new();
    for (place, section) in questionnaire.sections.iter().enumerate() {
        conditions.push((index.sources.section(place), section.when.as_ref()));
    }
    for (place, question) in questionnaire.questions.iter().enumerate() {
        let at = index.question_at(place);
        conditions.push((at, question.when.as_ref()));
        for (item, option) in question.kind.options().iter().enumerate() {
            conditions.push((at.key("options").item(item), option.when.as_ref()));
        }
    }
    conditions
}

/// What is needed to try conditions.
struct Trial<'a> {
    questionnaire: &'a Questionnaire,
    /// The place of each thing in the order of evaluation.
    order: HashMap<Node, usize>,
    /// How many evaluations there is time for.
    left: usize,
}

impl<'a> Trial<'a> {
    fn new(questionnaire: &'a Questionnaire) -> Self {
        let order = questionnaire.graph.order.iter().enumerate();
        Self {
            questionnaire,
            order: order.map(|(place, node)| (*node, place)).collect(),
            left: EVALUATIONS,
        }
    }

    /// Takes the time for one combination, if there is any left.
    fn spend(&mut self, domain: &Domain<'_>) -> Option<()> {
        self.left = self.left.checked_sub(1 + domain.computed.len())?;
        Some(())
    }
}

/// Conditions that must hold together.
#[derive(Clone, Default)]
struct Target<'a> {
    all: Vec<&'a Expression>,
    /// Of each of these lists of profiles, one must be in scope.
    any: Vec<&'a [usize]>,
}

impl<'a> Target<'a> {
    fn add(&mut self, when: Option<&'a Expression>, applies: &'a [usize]) {
        self.all.extend(when);
        if !applies.is_empty() {
            self.any.push(applies);
        }
    }

    /// Notes that the conditions never hold, if that is so, and returns it.
    fn never(&self, trial: &mut Trial<'a>, at: At<'_>, notes: &mut Notes) -> bool {
        if self.all.is_empty() && self.any.is_empty() {
            return false;
        }
        let refuted = [Masking::Free, Masking::Asked]
            .into_iter()
            .find_map(|masking| {
                let domain = Domain::of(self, trial, masking)?;
                domain.refute(self, trial)
            });
        let Some(refuted) = refuted else { return false };
        let message = match refuted.example.is_empty() {
            true => "this never holds".to_owned(),
            false => format!(
                "this never holds: {} combinations were tried",
                refuted.tried
            ),
        };
        let problem = Problem::warning(message).code("W050");
        let help = match refuted.example.is_empty() {
            true => "mend the condition, or delete what it is for".to_owned(),
            false => format!(
                "mend the condition; it is not true for example with {}",
                refuted.example
            ),
        };
        let key = match at.has("when") {
            true => "when",
            false => "applies",
        };
        notes.add(at.key(key), problem.help(help));
        true
    }

    fn always(&self, trial: &mut Trial<'a>) -> bool {
        let domain = Domain::of(self, trial, Masking::Free);
        domain.is_some_and(|domain| domain.holds_when_answered(self, trial))
    }

    fn holds(&self, world: &World<'_>) -> bool {
        self.all.iter().all(|when| when.evaluate(world).is_true())
            && self.any.iter().all(|applies| world.applies(applies))
    }
}

/// Whether the questions that a condition reads are taken to be asked, or asked under their own conditions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Masking {
    Free,
    Asked,
}

/// What a condition reads: the questions to be varied, and what is computed from them, in order.
struct Domain<'a> {
    questionnaire: &'a Questionnaire,
    masking: Masking,
    variables: Vec<usize>,
    /// The values of each variable; open comes last.
    values: Vec<Vec<Option<Datum>>>,
    computed: Vec<Node>,
}

struct Refuted {
    tried: usize,
    example: String,
}

impl<'a> Domain<'a> {
    /// Finds what conditions read; nothing if that is not finite and small.
    fn of(target: &Target<'a>, trial: &Trial<'a>, masking: Masking) -> Option<Self> {
        let questionnaire = trial.questionnaire;
        let mut reading = Reading {
            questionnaire,
            masking,
            nodes: BTreeSet::new(),
            variables: Vec::new(),
            values: Vec::new(),
            combinations: 1,
        };
        for when in &target.all {
            reading.expression(when)?;
        }
        for profile in target.any.iter().copied().flatten() {
            reading.node(Node::Profile(*profile))?;
        }
        let mut computed: Vec<Node> = reading.nodes.into_iter().collect();
        computed.sort_by_key(|node| trial.order.get(node));
        Some(Self {
            questionnaire,
            masking,
            variables: reading.variables,
            values: reading.values,
            computed,
        })
    }

    /// Tries every combination; nothing if the conditions hold for one, or if there is no time to try.
    fn refute(&self, target: &Target<'a>, trial: &mut Trial<'a>) -> Option<Refuted> {
        let mut world = World::new(self);
        let mut tried = 0;
        let mut example = String::new();
        loop {
            trial.spend(self)?;
            world.compute();
            if target.holds(&world) {
                return None;
            }
            tried += 1;
            if example.is_empty() && world.is_answered() {
                example = world.described();
            }
            if !world.advance() {
                return Some(Refuted { tried, example });
            }
        }
    }

    /// Returns whether the conditions hold whenever everything is answered.
    fn holds_when_answered(&self, target: &Target<'a>, trial: &mut Trial<'a>) -> bool {
        let mut world = World::new(self);
        loop {
            if trial.spend(self).is_none() {
                return false;
            }
            if world.is_answered() {
                world.compute();
                if !target.holds(&world) {
                    return false;
                }
            }
            if !world.advance() {
                return true;
            }
        }
    }
}

/// Collects what conditions read.
struct Reading<'a> {
    questionnaire: &'a Questionnaire,
    masking: Masking,
    nodes: BTreeSet<Node>,
    variables: Vec<usize>,
    values: Vec<Vec<Option<Datum>>>,
    combinations: usize,
}

impl<'a> Reading<'a> {
    fn expression(&mut self, expression: &'a Expression) -> Option<()> {
        // How things stand with a question is more than its value, and not varied here.
        let source = expression.source();
        let stands = |function: &str| source.contains(function);
        if expression.reads_day() || stands("is_unknown") || stands("is_na") {
            return None;
        }
        if self.masking == Masking::Free && stands("visible") {
            return None;
        }
        for read in expression.reads() {
            self.slot(read.slot)?;
        }
        Some(())
    }

    fn slot(&mut self, slot: Slot) -> Option<()> {
        match slot {
            Slot::Question(place) => self.question(place),
            Slot::Derived(place) => self.node(Node::Derived(place)),
            Slot::Profile(place) => self.node(Node::Profile(place)),
            _ => None,
        }
    }

    fn node(&mut self, node: Node) -> Option<()> {
        if !self.nodes.insert(node) {
            return Some(());
        }
        if self.nodes.len() > NODES {
            return None;
        }
        let questionnaire = self.questionnaire;
        match node {
            Node::Derived(place) => self.expression(&questionnaire.derived[place].value),
            Node::Profile(place) => self.expression(&questionnaire.profiles[place].when),
            Node::Section(place) => {
                let section = &questionnaire.sections[place];
                self.conditions(section.when.as_ref(), &section.applies)
            }
            Node::Question(place) => {
                let question = &questionnaire.questions[place];
                self.node(Node::Section(question.section))?;
                self.conditions(question.when.as_ref(), &question.applies)
            }
            Node::Credit(_) | Node::Finding(_) | Node::Stop(_) => None,
        }
    }

    fn conditions(&mut self, when: Option<&'a Expression>, applies: &'a [usize]) -> Option<()> {
        if let Some(when) = when {
            self.expression(when)?;
        }
        for profile in applies {
            self.node(Node::Profile(*profile))?;
        }
        Some(())
    }

    fn question(&mut self, place: usize) -> Option<()> {
        if !self.variables.contains(&place) {
            let values = values(&self.questionnaire.questions[place])?;
            self.combinations = self.combinations.checked_mul(values.len())?;
            if self.combinations > COMBINATIONS {
                return None;
            }
            self.variables.push(place);
            self.values.push(values);
        }
        match self.masking {
            Masking::Free => Some(()),
            Masking::Asked => self.node(Node::Question(place)),
        }
    }
}

/// Returns every value that the answer to a question can have, and none; nothing if there are too many.
fn values(question: &Question) -> Option<Vec<Option<Datum>>> {
    let mut values: Vec<Datum> = match &question.kind {
        Kind::Bool => vec![Datum::Bool(true), Datum::Bool(false)],
        Kind::Choice(options) => (0..options.len()).map(Datum::Option).collect(),
        Kind::Multi(options) => subsets(options)?,
        _ => return None,
    };
    values.dedup();
    Some(values.into_iter().map(Some).chain([None]).collect())
}

fn subsets(options: &[Choice]) -> Option<Vec<Datum>> {
    let (exclusive, others): (Vec<usize>, Vec<usize>) =
        (0..options.len()).partition(|place| options[*place].exclusive);
    let count = 1_usize.checked_shl(u32::try_from(others.len()).ok()?)?;
    if count > SUBSETS {
        return None;
    }
    let subset = |bits: usize| {
        let ticked = others
            .iter()
            .enumerate()
            .filter(move |(bit, _)| bits >> bit & 1 == 1);
        Datum::options(ticked.map(|(_, place)| *place))
    };
    let alone = exclusive.iter().map(|place| Datum::options([*place]));
    Some((0..count).rev().map(subset).chain(alone).collect())
}

/// One combination of answers, and what follows from it.
struct World<'d> {
    domain: &'d Domain<'d>,
    /// For each variable, the place of its value.
    chosen: Vec<usize>,
    outcomes: BTreeMap<Node, Outcome>,
}

impl<'d> World<'d> {
    fn new(domain: &'d Domain<'d>) -> Self {
        Self {
            domain,
            chosen: vec![0; domain.variables.len()],
            outcomes: BTreeMap::new(),
        }
    }

    /// Goes on to the next combination; returns whether there is one.
    fn advance(&mut self) -> bool {
        for (chosen, values) in self.chosen.iter_mut().zip(&self.domain.values) {
            *chosen += 1;
            if *chosen < values.len() {
                return true;
            }
            *chosen = 0;
        }
        false
    }

    fn answer(&self, question: usize) -> Option<&Datum> {
        let variable = self.domain.variables.iter().position(|v| *v == question)?;
        self.domain.values[variable][self.chosen[variable]].as_ref()
    }

    fn is_answered(&self) -> bool {
        let questions = self.domain.variables.iter();
        questions
            .clone()
            .all(|question| self.answer(*question).is_some())
    }

    fn compute(&mut self) {
        self.outcomes.clear();
        for node in &self.domain.computed {
            let outcome = self.outcome(*node);
            self.outcomes.insert(*node, outcome);
        }
    }

    fn outcome(&self, node: Node) -> Outcome {
        let questionnaire = self.domain.questionnaire;
        let asked = |when: Option<&Expression>, applies: &[usize]| {
            when.is_none_or(|when| when.evaluate(self).is_true())
                && (applies.is_empty() || self.applies(applies))
        };
        let holds = match node {
            Node::Derived(place) => return questionnaire.derived[place].value.evaluate(self),
            Node::Profile(place) => return questionnaire.profiles[place].when.evaluate(self),
            Node::Section(place) => {
                let section = &questionnaire.sections[place];
                asked(section.when.as_ref(), &section.applies)
            }
            Node::Question(place) => {
                let question = &questionnaire.questions[place];
                self.is_true(Node::Section(question.section))
                    && asked(question.when.as_ref(), &question.applies)
            }
            Node::Credit(_) | Node::Finding(_) | Node::Stop(_) => false,
        };
        Outcome::Known(Datum::Bool(holds))
    }

    fn is_true(&self, node: Node) -> bool {
        self.outcomes.get(&node).is_some_and(Outcome::is_true)
    }

    fn applies(&self, profiles: &[usize]) -> bool {
        profiles
            .iter()
            .any(|place| self.is_true(Node::Profile(*place)))
    }

    fn is_asked(&self, question: usize) -> bool {
        self.domain.masking == Masking::Free || self.is_true(Node::Question(question))
    }

    /// Describes the answers, as far as they fit into a line.
    fn described(&self) -> String {
        let questions = &self.domain.questionnaire.questions;
        let described: Vec<String> = (self.domain.variables.iter().take(4))
            .filter_map(|question| {
                let answer = words(self.answer(*question)?, questions[*question].kind.options());
                Some(format!("`{}` = {answer}", questions[*question].id))
            })
            .collect();
        described.join(", ")
    }
}

fn words(datum: &Datum, options: &[Choice]) -> String {
    let id = |place: &usize| options.get(*place).map_or("", |option| option.id.as_str());
    match datum {
        Datum::Bool(true) => "yes".to_owned(),
        Datum::Option(place) => format!("`{}`", id(place)),
        Datum::Options(places) if places.is_empty() => "nothing".to_owned(),
        Datum::Options(places) => {
            let ids: Vec<&str> = places.iter().map(id).collect();
            format!("`{}`", ids.join(","))
        }
        _ => "no".to_owned(),
    }
}

impl Values for World<'_> {
    fn value(&self, slot: Slot) -> Outcome {
        let node = match slot {
            Slot::Question(question) => {
                let answer = self.answer(question).filter(|_| self.is_asked(question));
                return answer.map_or_else(Outcome::settled, |datum| datum.clone().into());
            }
            Slot::Derived(place) => Node::Derived(place),
            Slot::Profile(place) => Node::Profile(place),
            _ => return Outcome::settled(),
        };
        let outcome = self.outcomes.get(&node).cloned();
        outcome.unwrap_or_else(Outcome::settled)
    }

    fn standing(&self, question: usize) -> Standing {
        match (self.is_asked(question), self.answer(question)) {
            (false, _) => Standing::NotAsked,
            (true, Some(_)) => Standing::Answered,
            (true, None) => Standing::Unanswered,
        }
    }

    fn today(&self) -> NaiveDate {
        // Conditions that read the day are not judged.
        NaiveDate::default()
    }
}
