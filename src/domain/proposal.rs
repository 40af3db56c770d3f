//! Proposals: what tools' files say about answers, and where they contradict what was said.
//!
//! [`hear`] holds the evidence against one question, by the mappings that its questionnaire writes under
//! `[[section.question.evidence]]`. Nothing is ever answered here: a person accepts, refuses or answers otherwise. The rules:
//!
//! 1. *Silence is not consent.* An observation of unknown status proposes nothing, whatever the mapping says of it; a plain count,
//!    whose status is unknown only because there is nothing to hold it against, may be read as `ev.count` and as nothing else.
//! 2. *Newest known.* Of one control of one tenant the observation measured last is heard, undated ones before all dated; of two
//!    from the same moment the one taken in later. An unknown observation displaces no known one.
//! 3. *A part is not the whole.* What was counted over a file that lacks a part proposes nothing.
//! 4. *All or nobody.* Where tools, or tenants, propose different answers, there is no proposal; nor where an answer rests on *met*
//!    alone and another observation that speaks to the question is *not met* or *partly*. A customer of several tenants gets a
//!    proposal only where evidence of each tenant makes it.
//! 5. *Dated by the evidence.* A proposal is of the day of the newest evidence that makes it; undated evidence is said to be undated.
//! 6. *Refused is refused*, for the same value and the same evidence.
//! 7. An observation *contradicts* an answer when it proposes another value, unless a person settled it: by refusing, or by answering
//!    (or confirming) after both were on record. An answer that a tool gave is contradicted by newer evidence alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rust_decimal::prelude::ToPrimitive;

use crate::domain::assessment::Assessment;
use crate::domain::condition::{Datum, EvidenceField, Outcome, Slot, Standing, Values};
use crate::domain::customer::Customer;
use crate::domain::evaluation::Evaluation;
use crate::domain::evidence::{Evidence, Observation, Status, Tool, WhyUnknown};
use crate::domain::id::{Hash, OptionId};
use crate::domain::intake;
use crate::domain::questionnaire::{Coverage, EvidenceRule, Kind};
use crate::domain::response::{Basis, Response, Said, Value};
use crate::domain::time::{Day, Instant};
use crate::domain::words;

/// A tool's file at hand: what it says, and what the ledger knows of it.
#[derive(Clone, Debug)]
pub struct Source {
    /// The entry that took it in.
    pub entry: u64,
    /// The hash of what is kept.
    pub file: Hash,
    /// The file's name; untrusted.
    pub name: String,
    /// The customer's tenant that it is about; nothing where the file names none.
    pub tenant: Option<String>,
    /// When it was measured, by the file or by whoever took it in.
    pub taken: Option<Instant>,
    /// What it says.
    pub evidence: Arc<Evidence>,
}

/// What one observation means for one question.
#[derive(Clone, Debug)]
pub struct Opinion {
    /// The entry that took the evidence in.
    pub entry: u64,
    /// The hash of what is kept of it.
    pub file: Hash,
    /// The name of the file; untrusted.
    pub name: String,
    /// The tool.
    pub tool: Tool,
    /// The customer's tenant; nothing where the file names none.
    pub tenant: Option<String>,
    /// What people call it, where the customer has several; untrusted.
    pub tenant_called: Option<String>,
    /// What was observed.
    pub observation: Observation,
    /// When it was measured.
    pub taken: Option<Instant>,
    /// The same as a day where the customer is.
    pub on: Option<Day>,
    /// Whether it is older than the question's answers may be.
    pub is_stale: bool,
    /// The answer that it proposes; nothing where it proposes none.
    pub proposes: Option<Value>,
}

/// What the evidence comes to for one question.
#[derive(Clone, Debug)]
pub struct Hearing {
    /// The place of the question.
    pub place: usize,
    /// What each tool says, those that propose something first.
    pub opinions: Vec<Opinion>,
    /// What comes of it.
    pub outcome: Proposed,
    /// The places in `opinions` that contradict the answer and were not settled by a person.
    pub contradicting: Vec<usize>,
}

/// What comes of the opinions on a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proposed {
    /// Nobody proposes anything.
    Nothing,
    /// The answer needs nothing: it is what is proposed and known as well as the evidence knows it, or was measured later.
    Agreed,
    /// This is proposed.
    Answer(Proposal),
    /// A person refused it, for this very evidence.
    Refused(Value),
    /// Tools or tenants propose different answers.
    Differ,
    /// It is proposed for some of the customer's tenants; of these, or of a file that names none, nothing is known. As people call
    /// them; untrusted.
    Tenants(Vec<String>),
    /// It cannot be an answer, for the reason that intake gives.
    Unfit(String),
}

/// A proposed answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The answer.
    pub value: Value,
    /// The day of the newest evidence for it; nothing where all of it is undated.
    pub on: Option<Day>,
    /// Whether that day is longer ago than the question's answers may be.
    pub is_stale: bool,
    /// How it stands to what was said.
    pub stands: Stands,
    /// The evidence that it rests on, by the hash of what is kept.
    pub files: BTreeSet<Hash>,
}

/// How a proposal stands to what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// The question is open.
    Open,
    /// It was said, and is not measured yet, or was measured earlier.
    Confirms,
    /// Something else was said.
    Contradicts,
}

impl Hearing {
    /// Returns what is proposed.
    #[must_use]
    pub fn proposal(&self) -> Option<&Proposal> {
        match &self.outcome {
            Proposed::Answer(proposal) => Some(proposal),
            _ => None,
        }
    }

    /// Returns whether an observation contradicts the answer and nobody settled it.
    #[must_use]
    pub fn is_disputed(&self) -> bool {
        !self.contradicting.is_empty()
    }
}

/// Hears the evidence on every question that is asked and that any of it speaks to, in the order of the questionnaire.
#[must_use]
pub fn hearings(assessment: &Assessment, customer: &Customer, sources: &[Source]) -> Vec<Hearing> {
    let places = 0..assessment.questionnaire().questions.len();
    places
        .filter_map(|place| hear(assessment, customer, sources, place))
        .collect()
}

/// Hears the evidence on the question at `place`; nothing where it is not asked, or none speaks to it.
#[must_use]
pub fn hear(
    assessment: &Assessment,
    customer: &Customer,
    sources: &[Source],
    place: usize,
) -> Option<Hearing> {
    let evaluation = &assessment.evaluation;
    let question = &assessment.questionnaire().questions[place];
    if sources.is_empty() || question.evidence.is_empty() || !evaluation.asked(place).yes() {
        return None;
    }
    let court = Court {
        assessment,
        customer,
        place,
    };
    let rules = question.evidence.iter();
    let mut opinions: Vec<Opinion> = rules
        .flat_map(|rule| court.opinions(rule, sources))
        .collect();
    if opinions.is_empty() {
        return None;
    }
    opinions.sort_by(|one, other| {
        let key = |opinion: &Opinion| (opinion.proposes.is_none(), opinion.tool, opinion.entry);
        let names = |opinion: &Opinion| {
            let seen = &opinion.observation;
            (
                seen.control.clone(),
                seen.written.clone(),
                seen.said.clone(),
            )
        };
        (key(one), names(one)).cmp(&(key(other), names(other)))
    });
    let contradicting = (0..opinions.len())
        .filter(|at| court.contradicts(&opinions[*at]))
        .collect();
    Some(Hearing {
        place,
        outcome: court.outcome(&opinions),
        opinions,
        contradicting,
    })
}

/// Returns the response that takes over a proposal: known by a tool, dated by the evidence, which it names.
///
/// `on` is the day that a person gives to undated evidence.
#[must_use]
pub fn accepted(hearing: &Hearing, on: Option<Day>) -> Option<Response> {
    let proposal = hearing.proposal()?;
    let for_it = hearing.opinions.iter();
    let for_it = for_it.filter(|opinion| opinion.proposes.as_ref() == Some(&proposal.value));
    let named: Vec<String> = for_it.map(Opinion::citation).collect();
    Some(Response {
        said: Said::Value(proposal.value.clone()),
        basis: Basis::Tool,
        said_by: None,
        said_on: proposal.on.or(on)?,
        note: Some(named.join("; ")),
        private_note: None,
    })
}

impl Opinion {
    /// Returns what was observed, by which file: `ScubaGear MS.AAD.3.1v1: Pass (entry 5, SHA-256 1a2b…)`.
    #[must_use]
    pub fn citation(&self) -> String {
        let tenant = self.tenant.as_ref();
        let tenant = tenant.map_or_else(String::new, |tenant| format!(", tenant {tenant}"));
        // Reports print this: what the file says in its own words is told only where that cannot be anything but words.
        let said = &self.observation.said;
        let mut letters = said.chars();
        let is_plain = letters.all(|letter| letter.is_alphanumeric() || " .,%/".contains(letter));
        let status = self.observation.status.words();
        format!(
            "{} {}: {}{tenant} (entry {}, SHA-256 {})",
            self.tool.title(),
            self.observation.control,
            if is_plain { said } else { status },
            self.entry,
            self.file.short()
        )
    }
}

impl Opinion {
    /// Returns what one tool says, in its words and in ours, and what that means for a question of `kind`. Holds untrusted text.
    #[must_use]
    pub fn words(&self, kind: &Kind) -> String {
        let seen = &self.observation;
        let on = self.on.map_or_else(|| "undated".into(), words::day);
        let stale = if self.is_stale { ", stale" } else { "" };
        let tenant = self.tenant_called.as_ref();
        let tenant = tenant.map_or_else(String::new, |tenant| format!(", {tenant}"));
        let why = seen.why_unknown;
        let why = why.map_or_else(String::new, |why| format!(" ({})", why.words()));
        let aged = seen.aged.as_ref();
        let aged = aged.map_or("", |_| ", an older version of the control");
        let meaning = match &self.proposes {
            Some(value) => format!(" → {}", words::value(kind, value)),
            None => " → proposes nothing".into(),
        };
        format!(
            "{} {}: “{}” = {}{why}, {on}{stale}{tenant}{aged} (entry {}){meaning}",
            self.tool.title(),
            seen.written,
            seen.said,
            seen.status.words(),
            self.entry
        )
    }

    /// Returns in a few words which tool says what, and from when: `Secure Score: Password alone, 1 Sep 2026`.
    #[must_use]
    pub fn brief(&self, kind: &Kind) -> String {
        let on = self.on.map_or_else(|| "undated".into(), words::day);
        let what = match &self.proposes {
            Some(value) => words::value(kind, value),
            None => self.observation.status.words().to_owned(),
        };
        format!("{}: {what}, {on}", self.tool.title())
    }
}

/// One question before which the evidence is brought.
struct Court<'a> {
    assessment: &'a Assessment,
    customer: &'a Customer,
    place: usize,
}

impl Court<'_> {
    /// Returns what the newest observations of a rule's control mean, for each tenant.
    fn opinions(&self, rule: &EvidenceRule, sources: &[Source]) -> Vec<Opinion> {
        let mut newest: BTreeMap<Option<&str>, Vec<Opinion>> = BTreeMap::new();
        for source in sources.iter().filter(|source| self.is_ours(source, rule)) {
            let mut said: BTreeMap<Option<&str>, Vec<Opinion>> = BTreeMap::new();
            for observation in source.evidence.says(&rule.control, self.customer.seats) {
                let opinion = self.opinion(rule, source, observation);
                said.entry(source.tenant.as_deref())
                    .or_default()
                    .push(opinion);
            }
            for (tenant, said) in said {
                // Of one file all that is known of a control is heard; where nothing is, what is unknown.
                let known = said.iter().any(is_known);
                let said: Vec<Opinion> = (said.into_iter())
                    .filter(|opinion| is_known(opinion) == known)
                    .collect();
                let before = newest.entry(tenant).or_default();
                if rank(&said) > rank(before) {
                    *before = said;
                }
            }
        }
        newest.into_values().flatten().collect()
    }

    /// Returns whether a source is of the rule's tool, and of a tenant that the customer still has.
    fn is_ours(&self, source: &Source, rule: &EvidenceRule) -> bool {
        let tenant = source.tenant.as_ref();
        source.evidence.tool.code() == rule.source
            && tenant.is_none_or(|tenant| self.customer.tenants.contains_key(tenant))
    }

    fn opinion(&self, rule: &EvidenceRule, source: &Source, observation: Observation) -> Opinion {
        let taken = observation.measured.or(source.taken);
        let on = taken.map(|taken| taken.day_in(self.customer.time_zone));
        let is_partial = !source.evidence.is_complete()
            && (source.evidence.measures.iter()).any(|measure| measure.id == rule.control);
        let proposes = if is_partial {
            None
        } else {
            self.proposed(rule, &observation)
        };
        Opinion {
            entry: source.entry,
            file: source.file,
            name: source.name.clone(),
            tool: source.evidence.tool,
            tenant: source.tenant.clone(),
            tenant_called: { source.tenant.as_deref() }
                .filter(|_| self.customer.tenants.len() > 1)
                .map(|tenant| self.customer.tenant_called(tenant)),
            is_stale: self.is_stale(on),
            observation,
            taken,
            on,
            proposes,
        }
    }

    fn is_stale(&self, on: Option<Day>) -> bool {
        let questionnaire = self.assessment.questionnaire();
        let recheck = questionnaire.recheck_after(self.place);
        let today = self.assessment.evaluation.day();
        recheck
            .zip(on)
            .is_some_and(|(recheck, on)| recheck.passed_since(on, today))
    }

    /// Returns the answer that a mapping makes of an observation.
    fn proposed(&self, rule: &EvidenceRule, observation: &Observation) -> Option<Value> {
        if !speaks(observation) {
            return None;
        }
        let evaluation = &self.assessment.evaluation;
        let observed = Observed {
            evaluation,
            observation,
        };
        let outcome = rule.answer.evaluate(&observed);
        let datum = outcome.known()?;
        match &self.assessment.questionnaire().questions[self.place].kind {
            Kind::Coverage(coverage) => self.covered(coverage, datum, observation),
            kind => value(kind, datum),
        }
    }

    /// Returns how many are protected out of the question's own target, or of what was counted where it has none.
    fn covered(&self, coverage: &Coverage, datum: &Datum, seen: &Observation) -> Option<Value> {
        let Datum::Int(protected) = datum else {
            return None;
        };
        let target = if coverage.target_from.is_some() {
            intake::proposed_target(&self.assessment.evaluation, self.place)?
        } else {
            let whole = seen.share?.whole;
            whole.is_integer().then(|| whole.to_u64()).flatten()?
        };
        Some(Value::Coverage {
            protected: u64::try_from(*protected).ok()?,
            target,
        })
    }

    fn outcome(&self, opinions: &[Opinion]) -> Proposed {
        let proposing: Vec<(&Opinion, &Value)> = opinions
            .iter()
            .filter_map(|opinion| Some((opinion, opinion.proposes.as_ref()?)))
            .collect();
        let Some((_, value)) = proposing.first() else {
            return Proposed::Nothing;
        };
        if proposing.iter().any(|(_, other)| other != value) {
            return Proposed::Differ;
        }
        if rests_on_met(&proposing) && opinions.iter().any(denies) {
            return Proposed::Differ;
        }
        let missing = self.missing_tenants(&proposing);
        if !missing.is_empty() {
            return Proposed::Tenants(missing);
        }
        let files: BTreeSet<Hash> = proposing.iter().map(|(opinion, _)| opinion.file).collect();
        if self.is_refused(value, &files) {
            return Proposed::Refused((*value).clone());
        }
        let on = proposing.iter().filter_map(|(opinion, _)| opinion.on).max();
        if let Some(reason) = self.unfit(value, on) {
            return Proposed::Unfit(reason);
        }
        let Some(stands) = self.stands(value, on) else {
            return Proposed::Agreed;
        };
        Proposed::Answer(Proposal {
            value: (*value).clone(),
            on,
            is_stale: self.is_stale(on),
            stands,
            files,
        })
    }

    /// Returns the tenants of a customer of several for which nothing proposes the answer.
    fn missing_tenants(&self, proposing: &[(&Opinion, &Value)]) -> Vec<String> {
        let tenants = &self.customer.tenants;
        if tenants.len() < 2 {
            return Vec::new();
        }
        let spoke = |tenant: &str| {
            let mut opinions = proposing.iter();
            opinions.any(|(opinion, _)| opinion.tenant.as_deref() == Some(tenant))
        };
        let missing = tenants.keys().filter(|tenant| !spoke(tenant));
        { missing }
            .map(|tenant| self.customer.tenant_called(tenant))
            .collect()
    }

    fn is_refused(&self, value: &Value, files: &BTreeSet<Hash>) -> bool {
        let question = &self.assessment.questionnaire().questions[self.place].id;
        let mut refused = self.assessment.refused.iter().map(|refused| &refused.what);
        refused.any(|refused| {
            refused.question == *question
                && refused.value == *value
                && files.is_subset(&refused.files)
        })
    }

    /// Returns why the value cannot be recorded as an answer.
    fn unfit(&self, value: &Value, on: Option<Day>) -> Option<String> {
        let evaluation = &self.assessment.evaluation;
        let response = Response {
            said: Said::Value(value.clone()),
            basis: Basis::Tool,
            said_by: None,
            said_on: on.unwrap_or_else(|| evaluation.day()),
            note: None,
            private_note: None,
        };
        let objections = intake::check(evaluation, self.place, &response);
        let refusal = objections.iter().find(|objection| objection.refuses)?;
        Some(refusal.to_string())
    }

    /// Returns how a value stands to what was said; nothing where that needs no more saying.
    fn stands(&self, value: &Value, on: Option<Day>) -> Option<Stands> {
        let given = self.assessment.response(self.place);
        let response = given.and_then(|given| given.what.response.as_ref());
        let Some(response) = response.filter(|_| !self.assessment.evaluation.is_open(self.place))
        else {
            return Some(Stands::Open);
        };
        let measured_before = response.basis == Basis::Tool && on <= Some(response.said_on);
        match &response.said {
            Said::Value(said) if said == value && measured_before => None,
            Said::Value(said) if said == value => Some(Stands::Confirms),
            _ if measured_before => None,
            _ => Some(Stands::Contradicts),
        }
    }

    /// Returns whether an opinion contradicts the answer, and no person settled that.
    fn contradicts(&self, opinion: &Opinion) -> bool {
        let Some(value) = &opinion.proposes else {
            return false;
        };
        let question = &self.assessment.questionnaire().questions[self.place].id;
        let history = self.assessment.answers.get(question);
        let history = history.map_or(&[][..], |answer| &answer.history);
        let Some((last, response)) = history
            .last()
            .and_then(|last| Some((last, last.what.response.as_ref()?)))
        else {
            return false;
        };
        let differs = match &response.said {
            Said::Value(said) => said != value,
            Said::None | Said::NotApplicable(_) => true,
            Said::Unknown(_) => false,
        };
        let is_older = response.basis == Basis::Tool && opinion.on <= Some(response.said_on);
        if !differs || is_older || self.is_refused(value, &BTreeSet::from([opinion.file])) {
            return false;
        }
        let same =
            |given: &&crate::domain::assessment::Signed<crate::domain::assessment::Given>| {
                let said = given.what.response.as_ref().map(|response| &response.said);
                said == Some(&response.said)
            };
        let since = history.iter().rev().take_while(same).last();
        let began = since.map_or(last.seq, |since| since.seq.max(opinion.entry));
        last.seq <= began
    }
}

/// Returns whether everything that proposes an answer was found *met*.
fn rests_on_met(proposing: &[(&Opinion, &Value)]) -> bool {
    let mut proposing = proposing.iter();
    proposing.all(|(opinion, _)| opinion.observation.status == Status::Met)
}

/// Returns whether an opinion proposes nothing, and yet found what is asked about wanting.
fn denies(opinion: &Opinion) -> bool {
    let is_wanting = matches!(opinion.observation.status, Status::NotMet | Status::Partly);
    is_wanting && opinion.proposes.is_none()
}

fn is_known(opinion: &Opinion) -> bool {
    opinion.observation.status != Status::Unknown || speaks(&opinion.observation)
}

/// Returns what decides which of two opinions of one control is heard: known ones, then the newest, then those taken in last.
fn rank(opinions: &[Opinion]) -> Option<(bool, Option<Instant>, u64)> {
    let keys = opinions.iter();
    keys.map(|opinion| (is_known(opinion), opinion.taken, opinion.entry))
        .max()
}

/// Returns whether an observation says anything that can be an answer.
fn speaks(observation: &Observation) -> bool {
    match observation.why_unknown {
        None => observation.status != Status::Unknown,
        Some(why) => why == WhyUnknown::NoMaximum && observation.count.is_some(),
    }
}

/// What a mapping reads: the answers, and one observation as `ev`.
struct Observed<'a> {
    evaluation: &'a Evaluation,
    observation: &'a Observation,
}

impl Values for Observed<'_> {
    fn value(&self, slot: Slot) -> Outcome {
        let Slot::Evidence(field) = slot else {
            return self.evaluation.value(slot);
        };
        let observation = self.observation;
        let datum = match field {
            EvidenceField::Status if observation.status == Status::Unknown => None,
            EvidenceField::Status => {
                let mut codes = EvidenceField::STATUSES.iter();
                let place = codes.position(|code| *code == observation.status.code());
                place.map(Datum::Option)
            }
            EvidenceField::Percent => observation.percent().map(Datum::Decimal),
            EvidenceField::Value => observation.value.as_deref().map(Datum::text),
            EvidenceField::Count => {
                let count = observation
                    .count
                    .and_then(|count| i64::try_from(count).ok());
                count.map(Datum::Int)
            }
        };
        datum.map_or_else(Outcome::settled, Outcome::from)
    }

    fn standing(&self, question: usize) -> Standing {
        self.evaluation.standing(question)
    }

    fn today(&self) -> Day {
        self.evaluation.today()
    }
}

/// Returns what a mapping came to as a value of the question's type. Percentages are cut to two places, never rounded up.
fn value(kind: &Kind, datum: &Datum) -> Option<Value> {
    let option = |place: &usize| Some(kind.options().get(*place)?.id.clone());
    Some(match (kind, datum) {
        (Kind::Bool, Datum::Bool(value)) => Value::Bool(*value),
        (Kind::Choice(_), Datum::Option(place)) => Value::Choice(option(place)?),
        (Kind::Multi(_), Datum::Options(places)) => {
            let ids: Option<BTreeSet<OptionId>> = places.iter().map(option).collect();
            Value::Multi(ids?)
        }
        (Kind::Int(_), Datum::Int(number)) => Value::Int(*number),
        (Kind::Percent(_) | Kind::Decimal(_), Datum::Decimal(number)) => {
            Value::Decimal(number.trunc_with_scale(2).normalize())
        }
        (Kind::Text, Datum::Text(text)) => Value::Text(text.to_string()),
        (Kind::Date, Datum::Date(day)) => Value::Date(*day),
        _ => return None,
    })
}
