//! Evaluation: what is asked, what holds, and what is raised, for the answers at hand on a day.
//!
//! Every thing that a questionnaire derives is a [`Node`]; nodes are evaluated once each, after what they depend on. When one
//! answer changes, only what depends on it is evaluated again. What people decided about what is raised, and what happened
//! before, is the business of [`assessment`](crate::domain::assessment).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::domain::answer::{Given, Held, hold, whole};
use crate::domain::condition::{
    CustomerField, Datum, Expression, Outcome, Slot, Standing, Unknown, Values,
};
use crate::domain::credit::{Credit, Reason, credit};
use crate::domain::customer::Customer;
use crate::domain::decision::{Need, Severity};
use crate::domain::questionnaire::{FindingRule, Kind, Node, Questionnaire, Text, TextPart};
use crate::domain::response::Said;
use crate::domain::time::Day;
use crate::domain::words;

/// Whether something is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is asked.
    Yes,
    /// It is not asked: no response counts.
    No(NotAskedBecause),
    /// Not yet: it may follow from these open questions.
    Perhaps(BTreeSet<usize>),
}

impl Asked {
    /// Returns whether it is asked.
    #[must_use]
    pub fn yes(&self) -> bool {
        matches!(self, Self::Yes)
    }
}

/// What keeps something from being asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAskedBecause {
    /// None of its profiles is in scope.
    Profiles,
    /// Its own condition does not hold.
    Condition,
    /// Its section is not asked, for one of the reasons above.
    Section(Box<Self>),
}

/// How one finding stands with the answers at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    /// What is raised, by the key of the offending row.
    pub rows: BTreeMap<Option<String>, Raising>,
    /// What the finding's own rule comes to; settled unknown where it has none.
    pub rule: Outcome,
    /// What it means for the start, as far as the finding itself says.
    pub need: RuledNeed,
}

/// One raised finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raising {
    /// The worst severity of its causes.
    pub severity: Severity,
    /// The highest need of its causes.
    pub need: Need,
    /// What raises it.
    pub causes: BTreeSet<Cause>,
}

/// What raises a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The answer to the question at this place.
    Question(usize),
    /// The finding's own rule.
    Rule,
}

/// What a finding means for the start, from its `need_when`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuledNeed {
    /// What it means now: the first rule that holds, else its own.
    pub now: Need,
    /// The most it could mean once open questions are answered.
    pub possible: Need,
}

/// Why a cause raises nothing now, or that it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CauseState {
    /// It raises the finding.
    Raises,
    /// An asked question has an answer that does not raise it; the rule is false.
    Cleared,
    /// Not answered, not known, or not known whether asked.
    Open,
    /// Not asked, not applicable, the row is gone, or settled unknown.
    Gone,
}

/// What a change of answers changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Questions that are asked now and were not before.
    pub opened: Vec<usize>,
    /// Questions that were asked before and are not now.
    pub closed: Vec<usize>,
    /// Of the opened, those that certainly were not asked before, rather than perhaps.
    pub reopened: Vec<usize>,
    /// Findings that may stand differently.
    pub findings: BTreeSet<usize>,
    /// Stops that may hold or no longer hold.
    pub stops: BTreeSet<usize>,
}

/// A questionnaire with answers, evaluated.
#[derive(Clone, Debug)]
pub struct Evaluation {
    questionnaire: Arc<Questionnaire>,
    today: Day,
    customer: CustomerFacts,
    said: Vec<Option<Said>>,
    results: Results,
}

/// The customer's properties that expressions can name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct CustomerFacts {
    id: String,
    name: String,
    time_zone: String,
    seats: Option<u64>,
    go_live: Option<Day>,
}

/// What every node comes to.
#[derive(Clone, Debug)]
struct Results {
    profiles: Vec<Outcome>,
    sections: Vec<Asked>,
    asked: Vec<Asked>,
    held: Vec<Held>,
    derived: Vec<Outcome>,
    credits: Vec<Credit>,
    raised: Vec<Raised>,
    stops: Vec<Outcome>,
}

impl Evaluation {
    /// Evaluates `questionnaire` for `customer` on `today`, with nothing answered.
    #[must_use]
    pub fn new(questionnaire: Arc<Questionnaire>, customer: &Customer, today: Day) -> Self {
        let nothing = Results {
            profiles: vec![Outcome::settled(); questionnaire.profiles.len()],
            sections: vec![Asked::Perhaps(BTreeSet::new()); questionnaire.sections.len()],
            asked: vec![Asked::Perhaps(BTreeSet::new()); questionnaire.questions.len()],
            held: vec![Held::Unanswered; questionnaire.questions.len()],
            derived: vec![Outcome::settled(); questionnaire.derived.len()],
            credits: vec![Credit::default(); questionnaire.questions.len()],
            raised: questionnaire.findings.iter().map(Raised::nothing).collect(),
            stops: vec![Outcome::settled(); questionnaire.stops.len()],
        };
        let mut evaluation = Self {
            today,
            customer: CustomerFacts::of(customer),
            said: vec![None; questionnaire.questions.len()],
            results: nothing,
            questionnaire,
        };
        evaluation.evaluate_all();
        evaluation
    }

    /// Returns the questionnaire.
    #[must_use]
    pub fn questionnaire(&self) -> &Arc<Questionnaire> {
        &self.questionnaire
    }

    /// Returns the day on which this is evaluated.
    #[must_use]
    pub fn day(&self) -> Day {
        self.today
    }

    /// Takes in what was said to the question at `place` (nothing: it was taken back) and evaluates what depends on it.
    pub fn set(&mut self, place: usize, said: Option<Said>) -> Changes {
        self.said[place] = said;
        let node = self.questionnaire.graph.question_order[place];
        self.evaluate(BTreeSet::from([node]))
    }

    /// Takes in many answers at once and evaluates everything once.
    pub fn set_all(&mut self, said: impl IntoIterator<Item = (usize, Said)>) -> Changes {
        for (place, said) in said {
            self.said[place] = Some(said);
        }
        self.evaluate_all()
    }

    /// Moves to another day and evaluates what reads it.
    pub fn set_day(&mut self, today: Day) -> Changes {
        self.today = today;
        let readers = self.day_readers();
        self.evaluate(readers)
    }

    /// Returns whether anything may change by the day alone.
    #[must_use]
    pub fn depends_on_day(&self) -> bool {
        self.questionnaire.graph.reads_day.contains(&true)
    }

    fn day_readers(&self) -> BTreeSet<usize> {
        let readers = self.questionnaire.graph.reads_day.iter().enumerate();
        readers
            .filter_map(|(place, reads)| reads.then_some(place))
            .collect()
    }

    /// Takes in changed properties of the customer and evaluates everything if an expression could see them.
    pub fn set_customer(&mut self, customer: &Customer) -> Changes {
        let facts = CustomerFacts::of(customer);
        if facts == self.customer {
            return Changes::default();
        }
        self.customer = facts;
        self.evaluate_all()
    }

    /// Returns what was said to the question at `place`, asked or not.
    #[must_use]
    pub fn said(&self, place: usize) -> Option<&Said> {
        self.said[place].as_ref()
    }

    /// Returns whether the question at `place` is asked.
    #[must_use]
    pub fn asked(&self, place: usize) -> &Asked {
        &self.results.asked[place]
    }

    /// Returns whether the section at `place` is asked.
    #[must_use]
    pub fn section_asked(&self, place: usize) -> &Asked {
        &self.results.sections[place]
    }

    /// Returns what stands as the answer to the question at `place`; meaningful while it is asked.
    #[must_use]
    pub fn held(&self, place: usize) -> &Held {
        &self.results.held[place]
    }

    /// Returns what the question at `place` earns and raises.
    #[must_use]
    pub fn credit(&self, place: usize) -> &Credit {
        &self.results.credits[place]
    }

    /// Returns what the profile at `place` comes to.
    #[must_use]
    pub fn profile(&self, place: usize) -> &Outcome {
        &self.results.profiles[place]
    }

    /// Returns what the derived value at `place` comes to.
    #[must_use]
    pub fn derived(&self, place: usize) -> &Outcome {
        &self.results.derived[place]
    }

    /// Returns what the stop at `place` comes to.
    #[must_use]
    pub fn stop(&self, place: usize) -> &Outcome {
        &self.results.stops[place]
    }

    /// Returns how the finding at `place` stands.
    #[must_use]
    pub fn raised(&self, place: usize) -> &Raised {
        &self.results.raised[place]
    }

    /// Returns whether the question at `place` is open: asked, and unanswered, not known, not fitting, or without a cell or another
    /// answer that its score needs.
    #[must_use]
    pub fn is_open(&self, place: usize) -> bool {
        self.results.asked[place].yes()
            && (self.results.held[place].is_open() || !self.results.credits[place].open.is_empty())
    }

    /// Returns the open questions, in the order in which they are asked.
    pub fn open_questions(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.said.len()).filter(|place| self.is_open(*place))
    }

    /// Returns how a cause of the finding at `finding` stands, for the row with this key.
    #[must_use]
    pub fn cause(&self, finding: usize, cause: Cause, row: Option<&str>) -> CauseState {
        let raised = &self.results.raised[finding];
        let raises = raised
            .rows
            .get(&row.map(str::to_owned))
            .is_some_and(|raising| raising.causes.contains(&cause));
        if raises {
            return CauseState::Raises;
        }
        match cause {
            Cause::Rule => match &raised.rule {
                Outcome::Known(_) => CauseState::Cleared,
                Outcome::Unknown(unknown) if unknown.is_settled() => CauseState::Gone,
                Outcome::Unknown(_) => CauseState::Open,
            },
            Cause::Question(place) => self.question_cause(place, row),
        }
    }

    fn question_cause(&self, place: usize, row: Option<&str>) -> CauseState {
        match &self.results.asked[place] {
            Asked::No(_) => return CauseState::Gone,
            Asked::Perhaps(_) => return CauseState::Open,
            Asked::Yes => {}
        }
        match (&self.results.held[place], row) {
            (Held::Unanswered | Held::Unknown | Held::Invalid(_), _) => CauseState::Open,
            (Held::NotApplicable, _) | (Held::None, Some(_)) => CauseState::Gone,
            (Held::Valid(Given::Table { keys, .. }), Some(row))
                if !keys.iter().any(|key| key == row) =>
            {
                CauseState::Gone
            }
            _ if !self.results.credits[place].open.is_empty() => CauseState::Open,
            _ => CauseState::Cleared,
        }
    }

    /// Returns `text` with its values filled in; `—` stands for what is not known, `…` for what rests on the answer to a private
    /// question: texts are read on shared screens and by the customer.
    #[must_use]
    pub fn text(&self, text: &Text) -> String {
        text.parts
            .iter()
            .map(|part| match part {
                TextPart::Literal(text) => text.clone(),
                TextPart::Value(expression) => self.value_words(expression),
            })
            .collect()
    }

    /// Returns the words for the value of a path.
    fn value_words(&self, path: &Expression) -> String {
        if self.questionnaire.reads_private(path) {
            return "…".into();
        }
        let question = path.slots().into_iter().find_map(|slot| match slot {
            Slot::Question(place) => Some(place),
            _ => None,
        });
        let outcome = path.evaluate(self);
        match (question, outcome) {
            (_, Outcome::Unknown(_)) => "—".into(),
            (Some(place), Outcome::Known(_)) => match &self.said[place] {
                Some(said) => words::said(&self.questionnaire.questions[place], said),
                None => "—".into(),
            },
            (None, Outcome::Known(datum)) => datum_words(&datum),
        }
    }

    /// Evaluates everything.
    fn evaluate_all(&mut self) -> Changes {
        self.evaluate((0..self.questionnaire.graph.order.len()).collect())
    }

    /// Evaluates the nodes at `waiting` and, where they change, what depends on them.
    fn evaluate(&mut self, mut waiting: BTreeSet<usize>) -> Changes {
        let questionnaire = Arc::clone(&self.questionnaire);
        let mut changes = Changes::default();
        while let Some(place) = waiting.pop_first() {
            if self.evaluate_node(questionnaire.graph.order[place], &mut changes) {
                waiting.extend(questionnaire.graph.dependents[place].iter().copied());
            }
        }
        changes
    }

    /// Evaluates one node and returns whether anything that depends on it may change.
    fn evaluate_node(&mut self, node: Node, changes: &mut Changes) -> bool {
        let questionnaire = Arc::clone(&self.questionnaire);
        match node {
            Node::Profile(place) => {
                let outcome = questionnaire.profiles[place].when.evaluate(self);
                replace(&mut self.results.profiles[place], outcome)
            }
            Node::Section(place) => {
                let section = &questionnaire.sections[place];
                let asked = self.own_condition(&section.applies, section.when.as_ref());
                replace(&mut self.results.sections[place], asked)
            }
            Node::Question(place) => self.evaluate_question(place, changes),
            Node::Derived(place) => {
                let outcome = questionnaire.derived[place].value.evaluate(self);
                replace(&mut self.results.derived[place], outcome)
            }
            Node::Credit(place) => {
                let credit = match &self.results.asked[place] {
                    Asked::Yes => credit(
                        place,
                        &questionnaire.questions[place],
                        &self.results.held[place],
                        self,
                    ),
                    _ => Credit {
                        reason: Reason::Unscored,
                        ..Credit::default()
                    },
                };
                // A finding also looks at whether its questions are asked and answered at all.
                changes
                    .findings
                    .extend(questionnaire.questions[place].findings.iter().copied());
                replace(&mut self.results.credits[place], credit);
                true
            }
            Node::Finding(place) => {
                let raised = self.raise(place, &questionnaire.findings[place]);
                changes.findings.insert(place);
                replace(&mut self.results.raised[place], raised);
                true
            }
            Node::Stop(place) => {
                let outcome = questionnaire.stops[place].when.evaluate(self);
                changes.stops.insert(place);
                replace(&mut self.results.stops[place], outcome)
            }
        }
    }

    fn evaluate_question(&mut self, place: usize, changes: &mut Changes) -> bool {
        let questionnaire = Arc::clone(&self.questionnaire);
        let question = &questionnaire.questions[place];
        let asked = match &self.results.sections[question.section] {
            Asked::No(because) => Asked::No(NotAskedBecause::Section(Box::new(because.clone()))),
            section => both(
                section.clone(),
                self.own_condition(&question.applies, question.when.as_ref()),
            ),
        };
        let held = match asked {
            Asked::Yes => hold(place, question, self.said[place].as_ref(), self),
            _ => Held::Unanswered,
        };
        let before = &self.results.asked[place];
        match (before.yes(), asked.yes()) {
            (false, true) => {
                changes.opened.push(place);
                if matches!(before, Asked::No(_)) {
                    changes.reopened.push(place);
                }
            }
            (true, false) => changes.closed.push(place),
            _ => {}
        }
        let asked_changed = replace(&mut self.results.asked[place], asked);
        let held_changed = replace(&mut self.results.held[place], held);
        // Which options are offered counts for the credit, also where the answer stays as it was.
        asked_changed || held_changed || offers_vary(&question.kind)
    }

    /// Returns whether something with these profiles and this condition is asked.
    fn own_condition(&self, applies: &[usize], when: Option<&Expression>) -> Asked {
        both(self.any_profile(applies), self.condition(when))
    }

    fn condition(&self, when: Option<&Expression>) -> Asked {
        let Some(when) = when else {
            return Asked::Yes;
        };
        match when.evaluate(self) {
            Outcome::Unknown(unknown) if !unknown.is_settled() => Asked::Perhaps(unknown.open),
            outcome if outcome.is_true() => Asked::Yes,
            _ => Asked::No(NotAskedBecause::Condition),
        }
    }

    fn any_profile(&self, applies: &[usize]) -> Asked {
        if applies.is_empty() {
            return Asked::Yes;
        }
        let mut open = BTreeSet::new();
        for place in applies {
            match &self.results.profiles[*place] {
                outcome if outcome.is_true() => return Asked::Yes,
                Outcome::Unknown(unknown) => open.extend(&unknown.open),
                Outcome::Known(_) => {}
            }
        }
        if open.is_empty() {
            Asked::No(NotAskedBecause::Profiles)
        } else {
            Asked::Perhaps(open)
        }
    }

    /// Returns how a finding stands.
    fn raise(&self, place: usize, rule: &FindingRule) -> Raised {
        let need = self.ruled_need(rule);
        let mut raised = Raised {
            rows: BTreeMap::new(),
            rule: match &rule.when {
                Some(when) => when.evaluate(self),
                None => Outcome::settled(),
            },
            need,
        };
        for question in &rule.raised_by {
            let here = self.results.credits[*question].raises.iter();
            for raising in here.filter(|raising| raising.raise.finding == place) {
                raised.add(
                    raising.row.clone(),
                    raising.raise.severity.unwrap_or(rule.severity),
                    raising.raise.need.unwrap_or(need.now),
                    Cause::Question(*question),
                );
            }
        }
        if raised.rule.is_true() {
            raised.add(None, rule.severity, need.now, Cause::Rule);
        }
        raised
    }

    /// Returns what a finding means for the start, now and at most.
    fn ruled_need(&self, rule: &FindingRule) -> RuledNeed {
        let mut possible: Option<Need> = None;
        for ruled in &rule.need_when {
            let outcome = ruled.when.evaluate(self);
            if outcome.is_true() {
                return RuledNeed {
                    now: ruled.need,
                    possible: possible.map_or(ruled.need, |other| other.max(ruled.need)),
                };
            }
            if outcome.open_questions().next().is_some() {
                possible = possible.max(Some(ruled.need));
            }
        }
        RuledNeed {
            now: rule.need,
            possible: possible.map_or(rule.need, |other| other.max(rule.need)),
        }
    }

    /// Returns the open questions that could still decide what the finding at `place` means for the start.
    #[must_use]
    pub fn need_waits_for(&self, place: usize) -> BTreeSet<usize> {
        let mut open = BTreeSet::new();
        for ruled in &self.questionnaire.findings[place].need_when {
            let outcome = ruled.when.evaluate(self);
            if outcome.is_true() {
                break;
            }
            open.extend(outcome.open_questions());
        }
        open
    }

    /// Returns whether the finding at `place` is raised, or which open questions could still raise it.
    #[must_use]
    pub fn is_raised(&self, place: usize) -> Outcome {
        let raised = &self.results.raised[place];
        if !raised.rows.is_empty() {
            return Datum::Bool(true).into();
        }
        let mut waits = Unknown::default();
        waits.open.extend(raised.rule.open_questions());
        for question in &self.questionnaire.findings[place].raised_by {
            match &self.results.asked[*question] {
                Asked::Perhaps(open) => waits.open.extend(open),
                Asked::Yes if self.is_open(*question) => {
                    waits.open.insert(*question);
                }
                _ => {}
            }
        }
        if waits.is_settled() {
            Datum::Bool(false).into()
        } else {
            Outcome::Unknown(waits)
        }
    }
}

impl Raised {
    fn nothing(rule: &FindingRule) -> Self {
        Self {
            rows: BTreeMap::new(),
            rule: Outcome::settled(),
            need: RuledNeed {
                now: rule.need,
                possible: rule.need,
            },
        }
    }

    fn add(&mut self, row: Option<String>, severity: Severity, need: Need, cause: Cause) {
        let raising = self.rows.entry(row).or_insert(Raising {
            severity,
            need,
            causes: BTreeSet::new(),
        });
        raising.severity = raising.severity.max(severity);
        raising.need = raising.need.max(need);
        raising.causes.insert(cause);
    }
}

impl CustomerFacts {
    fn of(customer: &Customer) -> Self {
        Self {
            id: customer.id.to_string(),
            name: customer.name.clone(),
            time_zone: customer.time_zone.to_string(),
            seats: customer.seats,
            go_live: customer.go_live,
        }
    }
}

impl Values for Evaluation {
    fn value(&self, slot: Slot) -> Outcome {
        match slot {
            Slot::Question(place) => self.masked(place, |held| match held {
                Given::Plain(datum) => datum.clone().into(),
                Given::Table { rows, .. } => Datum::Rows(rows.clone()).into(),
                Given::Coverage { .. } => Outcome::settled(),
            }),
            Slot::Protected(place) => self.masked(place, |held| match held {
                Given::Coverage { protected, .. } => whole(*protected),
                _ => Outcome::settled(),
            }),
            Slot::Target(place) => self.masked(place, |held| match held {
                Given::Coverage { target, .. } => whole(*target),
                _ => Outcome::settled(),
            }),
            Slot::Derived(place) => self.results.derived[place].clone(),
            Slot::Finding(place) => self.is_raised(place),
            Slot::Profile(place) => self.results.profiles[place].clone(),
            Slot::Customer(field) => self.customer_value(field),
            Slot::Column(_) | Slot::This | Slot::Evidence(_) => Outcome::settled(),
        }
    }

    fn standing(&self, question: usize) -> Standing {
        match self.results.asked[question] {
            Asked::Yes => self.results.held[question].standing(),
            _ => Standing::NotAsked,
        }
    }

    fn today(&self) -> Day {
        self.today
    }
}

impl Evaluation {
    /// Returns the value of a question as expressions see it: what is not asked is never seen.
    fn masked(&self, place: usize, read: impl Fn(&Given) -> Outcome) -> Outcome {
        match &self.results.asked[place] {
            Asked::No(_) => return Outcome::settled(),
            Asked::Perhaps(open) => {
                return Outcome::Unknown(Unknown {
                    open: open.clone(),
                    arithmetic: None,
                });
            }
            Asked::Yes => {}
        }
        match &self.results.held[place] {
            Held::Valid(given) => read(given),
            Held::None if matches!(self.questionnaire.questions[place].kind, Kind::Rows(_)) => {
                no_rows(place).into()
            }
            Held::None | Held::NotApplicable => Outcome::settled(),
            Held::Unanswered | Held::Unknown | Held::Invalid(_) => Outcome::open(place),
        }
    }

    fn customer_value(&self, field: CustomerField) -> Outcome {
        let customer = &self.customer;
        match field {
            CustomerField::Id => Datum::text(customer.id.as_str()).into(),
            CustomerField::Name => Datum::text(customer.name.as_str()).into(),
            CustomerField::TimeZone => Datum::text(customer.time_zone.as_str()).into(),
            CustomerField::Seats => customer.seats.map_or_else(Outcome::settled, whole),
            CustomerField::GoLive => customer
                .go_live
                .map_or_else(Outcome::settled, |day| Datum::Date(day).into()),
        }
    }
}

/// Returns a table without rows.
fn no_rows(place: usize) -> Datum {
    Datum::Rows(crate::domain::condition::Rows {
        question: place,
        rows: Arc::default(),
    })
}

/// Returns whether two conditions together ask for something.
fn both(first: Asked, second: Asked) -> Asked {
    match (first, second) {
        (Asked::No(because), _) | (_, Asked::No(because)) => Asked::No(because),
        (Asked::Perhaps(mut open), Asked::Perhaps(other)) => {
            open.extend(other);
            Asked::Perhaps(open)
        }
        (Asked::Perhaps(open), Asked::Yes) | (Asked::Yes, Asked::Perhaps(open)) => {
            Asked::Perhaps(open)
        }
        (Asked::Yes, Asked::Yes) => Asked::Yes,
    }
}

/// Returns whether an option of a question, or of one of its columns, is offered under a condition.
fn offers_vary(kind: &Kind) -> bool {
    let own = kind.options().iter().any(|option| option.when.is_some());
    match kind {
        Kind::Rows(table) => table.columns.iter().any(|column| offers_vary(&column.kind)),
        _ => own,
    }
}

/// Puts `value` in `place` and returns whether it differs from what was there.
fn replace<T: PartialEq>(place: &mut T, value: T) -> bool {
    let changed = *place != value;
    *place = value;
    changed
}

/// Returns the words for a value that is no answer of its own.
fn datum_words(datum: &Datum) -> String {
    match datum {
        Datum::Bool(true) => "Yes".into(),
        Datum::Bool(false) => "No".into(),
        Datum::Int(number) => words::number(i128::from(*number)),
        Datum::Decimal(number) => number.normalize().to_string(),
        Datum::Text(text) => text.to_string(),
        Datum::Date(day) => words::day(*day),
        Datum::Option(_) | Datum::Options(_) | Datum::Nothing => "—".into(),
        Datum::Rows(rows) => words::count(rows.rows.len(), "row", "rows"),
        Datum::List(list) => list.iter().map(datum_words).collect::<Vec<_>>().join(", "),
    }
}
