//! The findings of a report: in which order, under which number, and in which words.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::domain::condition::Slot;
use crate::domain::decision::{Need, Severity};
use crate::domain::evaluation::Cause;
use crate::domain::finding::{Life, Origin, Presence, State, StateName};
use crate::domain::id::FindingKey;
use crate::domain::ledger::Subject;
use crate::domain::questionnaire::{Citation, FindingRule, Rule};
use crate::domain::time::Day;
use crate::domain::{due, phrases, words};
use crate::report::build::{Making, rank};
use crate::report::model::{self, Disposition, Finding, FindingLink, Line, RecommendationLink};

/// Every finding of an assessment, most pressing first; its place is its number.
pub(super) struct Findings<'a> {
    listed: Vec<Listed<'a>>,
    places: BTreeMap<&'a FindingKey, usize>,
}

/// What a short list names.
pub(super) enum Few<'a> {
    /// A finding.
    One(&'a FindingKey),
    /// How many more there are, in words: *31 more (numbers 6 to 36)*; and which.
    Rest(&'a str, Vec<&'a FindingKey>),
}

struct Listed<'a> {
    key: &'a FindingKey,
    life: &'a Life,
    rule: Option<&'a FindingRule>,
    title: String,
    stops: bool,
}

impl<'a> Findings<'a> {
    pub(super) fn of(making: &Making<'a>) -> Self {
        let over = |life: &Life| life.origin == Origin::ManagedResponse && !life.stands();
        let mut listed: Vec<Listed<'a>> = (making.assessment.lives.iter())
            // Those that are over are counted, not told one by one.
            .filter(|(_, life)| !over(life))
            .map(|(key, life)| Listed {
                key,
                life,
                rule: rule(making, key),
                title: phrases::finding_title(making.assessment, key),
                stops: making.verdict.blocking.contains(key),
            })
            .collect();
        listed.sort_by_key(|finding| {
            let life = finding.life;
            let in_hand = life.in_hand(making.today);
            (
                !life.stands(),
                rank(life.need, finding.stops, in_hand),
                Reverse(life.need),
                Reverse(life.severity),
                finding.key,
            )
        });
        let places = (listed.iter().enumerate())
            .map(|(place, finding)| (finding.key, place))
            .collect();
        Self { listed, places }
    }

    fn get(&self, key: &FindingKey) -> Option<(&Listed<'a>, u32)> {
        let place = *self.places.get(key)?;
        Some((&self.listed[place], number(place)))
    }

    /// Returns what `word` makes of `keys`, most pressing first, in `most` parts at most: the last then counts those that are left.
    pub(super) fn few<T>(
        &self,
        keys: &[FindingKey],
        most: usize,
        word: impl Fn(Few<'_>) -> T,
    ) -> Vec<T> {
        let mut listed: Vec<(u32, &FindingKey)> = (keys.iter())
            .map(|key| (self.get(key).map_or(u32::MAX, |(_, number)| number), key))
            .collect();
        listed.sort_unstable();
        let shown = if listed.len() > most { most - 1 } else { most };
        let rest = listed.split_off(listed.len().min(shown));
        let mut few: Vec<T> = (listed.into_iter())
            .map(|(_, key)| word(Few::One(key)))
            .collect();
        if let (Some((from, _)), Some((to, _))) = (rest.first(), rest.last()) {
            let gapless = (to - from) as usize + 1 == rest.len();
            let words = match gapless {
                true => format!("{} more (numbers {from} to {to})", rest.len()),
                false => format!("{} more", rest.len()),
            };
            let keys = rest.iter().map(|(_, key)| *key).collect();
            few.push(word(Few::Rest(&words, keys)));
        }
        few
    }

    /// Returns the number of a finding in this report.
    pub(super) fn number_of(&self, key: &FindingKey) -> Option<u32> {
        self.get(key).map(|(_, number)| number)
    }

    pub(super) fn title(&self, key: &FindingKey) -> String {
        self.get(key)
            .map_or_else(|| key.to_string(), |(finding, _)| finding.title.clone())
    }

    pub(super) fn state_words(&self, making: &Making<'_>, key: &FindingKey) -> String {
        self.get(key).map_or_else(String::new, |(finding, _)| {
            phrases::standing(finding.life, making.today, |person| making.name(person))
        })
    }

    /// Returns those that stand, most pressing first, with their links.
    pub(super) fn standing(&self) -> impl Iterator<Item = (&'a FindingKey, &'a Life, FindingLink)> {
        (self.listed.iter().enumerate())
            .filter(|(_, finding)| finding.life.stands())
            .map(|(place, finding)| {
                let link = FindingLink {
                    key: finding.key.to_string(),
                    number: number(place),
                    title: finding.title.clone(),
                };
                (finding.key, finding.life, link)
            })
    }

    pub(super) fn stops(&self, making: &Making<'_>) -> Vec<Line> {
        self.lines(making, |finding| finding.stops)
    }

    /// Returns the conditions, and the improvements that are more than medium.
    pub(super) fn conditions(&self, making: &Making<'_>) -> Vec<Line> {
        self.lines(making, |finding| {
            let large =
                finding.life.need > Need::Improvement || finding.life.severity >= Severity::High;
            !finding.stops && large
        })
    }

    fn lines(&self, making: &Making<'_>, wanted: impl Fn(&Listed<'_>) -> bool) -> Vec<Line> {
        (self.listed.iter().enumerate())
            .filter(|(_, finding)| finding.life.stands() && wanted(finding))
            .map(|(place, finding)| line(making, finding, number(place)))
            .collect()
    }

    pub(super) fn written(&self, making: &Making<'_>) -> Vec<Finding> {
        (self.listed.iter().enumerate())
            .map(|(place, finding)| written(making, finding, number(place)))
            .collect()
    }
}

/// Returns the number of the finding at `place`: they are counted from 1.
fn number(place: usize) -> u32 {
    u32::try_from(place + 1).unwrap_or(u32::MAX)
}

fn rule<'a>(making: &Making<'a>, key: &FindingKey) -> Option<&'a FindingRule> {
    let questionnaire = making.questionnaire();
    let place = questionnaire.finding(&key.id)?;
    Some(&questionnaire.findings[place])
}

fn line(making: &Making<'_>, finding: &Listed<'_>, number: u32) -> Line {
    let written = written(making, finding, number);
    let plain = matches!(written.state, StateName::Planned | StateName::InProgress);
    let words = &written.state_words;
    Line {
        beside: (written.owner.is_some() && !plain).then(|| words.clone()),
        number,
        finding: written.key,
        title: written.title,
        need: written.need,
        severity: written.severity,
        who: written.owner,
        by: written.due,
        overdue: written.overdue,
        rule: written.rule,
        state: match written.state {
            StateName::Open => "Nobody yet".into(),
            _ => written.state_words,
        },
    }
}

fn written(making: &Making<'_>, finding: &Listed<'_>, number: u32) -> Finding {
    let Listed {
        key, life, rule, ..
    } = finding;
    let about = Subject::Finding(key.id.clone().into());
    let subjects = [about.clone(), Subject::Finding((*key).clone())];
    let state = life.state(making.today);
    let works = life.must_act(making.today).is_some();
    let owner = life.owner().filter(|_| works);
    let customer = &making.input.book.customer;
    let due = life.due(customer).filter(|_| works);
    let advice = making.assessment.advice.get(*key);
    Finding {
        number,
        key: key.to_string(),
        title: finding.title.clone(),
        text: (rule.and_then(|rule| rule.text.as_ref()))
            .map(|text| making.markdown(text))
            .or_else(|| advice.and_then(|advice| advice.what.text.clone())),
        severity: life.severity,
        need: life.need,
        state: state.name(),
        state_words: state_words(making, life),
        state_note: state_note(making, &state),
        stops: finding.stops,
        in_hand: life.stands() && life.in_hand(making.today),
        undetermined: life.presence == Presence::Undetermined,
        rule: rule_of(making, finding),
        refs: refs(making, finding),
        acts: life.must_act(making.today),
        owner: owner.map(|owner| making.name(owner)),
        due,
        overdue: due.is_some_and(|due| due < making.today),
        overdue_by: due.and_then(|due| due::overdue(due, making.today, &customer.calendar)),
        first_seen: Some(life.first_seen),
        clocks: Some(life.clocks(customer, making.today)),
        closed_in_time: life.closing.and_then(|closing| closing.in_time()),
        must_act: must_act(life, making.today),
        incident: incident(making, key),
        came_back: life.came_back,
        causes: causes(making, finding),
        disposition: disposition(making, &state),
        remark: making.remark(&about),
        note: making.notes(&subjects, true),
        private_note: making.notes(&subjects, false),
        recommendations: recommendations(making, finding),
    }
}

/// Returns who must act, and since when.
fn must_act(life: &Life, today: Day) -> Option<String> {
    let turn = life.acts_since(today)?;
    let since = words::day(turn.since);
    Some(format!("{}, since {since}", turn.party?.words()))
}

/// Returns the incident that advice or a managed response is about.
fn incident(making: &Making<'_>, key: &FindingKey) -> Option<String> {
    let advice = making.assessment.advice.get(key);
    let advised = advice.and_then(|advice| advice.what.incident.clone());
    let response = making.assessment.responses.get(key);
    advised.or_else(|| response.map(|response| response.what.incident.clone()))
}

/// Returns the state without the names and dates that stand beside it.
fn state_words(making: &Making<'_>, life: &Life) -> String {
    let words = plain_words(making, life);
    match life.presence {
        Presence::Undetermined => format!("{words}, not known whether it still holds"),
        _ => words,
    }
}

fn plain_words(making: &Making<'_>, life: &Life) -> String {
    match life.state(making.today) {
        State::Planned(_) => "Planned".into(),
        State::RiskAccepted(accepted) => {
            format!("Risk accepted until {}", words::day(accepted.until))
        }
        State::Claimed(_) => "Reported done, not yet checked".into(),
        State::RecordedInError(_) => "Recorded in error".into(),
        _ => phrases::standing(life, making.today, |person| making.name(person)),
    }
}

/// Returns what goes with the state, with the names and dates that its words leave out.
fn state_note(making: &Making<'_>, state: &State<'_>) -> Option<String> {
    let said = phrases::state_note(state);
    let (who, since) = match state {
        State::Claimed(claim) => (making.name(&claim.by), claim.since),
        State::RecordedInError(erratum) => (making.name(&erratum.by), erratum.since),
        _ => return said.map(str::to_owned),
    };
    let said = said.map_or_else(String::new, |said| format!(": {said}"));
    Some(format!("{who}, {}{said}", words::day(since)))
}

fn disposition(making: &Making<'_>, state: &State<'_>) -> Option<Disposition> {
    let disposition = state.disposition()?;
    Some(Disposition {
        reason: disposition.reason.clone(),
        decided_by: making.name(&disposition.decided_by),
        approved_by: Some(making.name(&disposition.approved_by)),
        until: Some(disposition.until),
    })
}

/// Returns whose rule a finding rests on: its own, or the strictest of the questions that raise it.
fn rule_of(making: &Making<'_>, finding: &Listed<'_>) -> Option<Rule> {
    let own = finding.rule.and_then(|rule| rule.rule);
    own.or_else(|| phrases::rule_of(making.assessment, finding.life))
}

/// Returns the sources of a finding: its own, or those of the questions that raise it.
fn refs(making: &Making<'_>, finding: &Listed<'_>) -> Vec<model::Cite> {
    let own = finding.rule.map_or(&[][..], |rule| &rule.refs);
    let mut citations: Vec<&Citation> = own.iter().collect();
    if citations.is_empty() {
        for cause in &finding.life.causes {
            if let Cause::Question(place) = cause {
                citations.extend(&making.questionnaire().questions[*place].refs);
            }
        }
    }
    making.cites(citations)
}

fn causes(making: &Making<'_>, finding: &Listed<'_>) -> Vec<model::Cause> {
    let mut causes = Vec::new();
    for cause in &finding.life.causes {
        match cause {
            Cause::Rule => causes.extend(rule_causes(making, finding)),
            Cause::Question(place) => {
                causes.push(answered(making, *place, finding.key.row.as_deref()));
            }
        }
    }
    causes
}

fn answered(making: &Making<'_>, place: usize, row: Option<&str>) -> model::Cause {
    let asked = making.assessment.evaluation.asked(place).yes();
    let response = making.response(place).filter(|_| asked);
    model::Cause {
        question: Some(making.id(place)),
        text: making.asks(place),
        answer: response.map(|response| making.said_of(place, &response.said, row)),
        basis: response.map(|response| response.basis),
    }
}

/// Returns what a finding's own rule rests on: the other findings it names that are raised, and the answers it reads.
fn rule_causes(making: &Making<'_>, finding: &Listed<'_>) -> Vec<model::Cause> {
    let in_words = |text: String| model::Cause {
        question: None,
        text,
        answer: None,
        basis: None,
    };
    let several = || vec![in_words("It follows from several answers together".into())];
    let evaluation = &making.assessment.evaluation;
    let questionnaire = making.questionnaire();
    let Some(when) = finding.rule.and_then(|rule| rule.when.as_ref()) else {
        return several();
    };
    if questionnaire.reads_private(when) {
        return several();
    }
    let slots = when.rests_on(evaluation);
    let found = slots.iter().filter_map(|slot| match slot {
        Slot::Finding(place) if evaluation.is_raised(*place).is_true() => {
            let title = evaluation.text(&questionnaire.findings[*place].title);
            Some(in_words(format!("Found as well: {title}")))
        }
        _ => None,
    });
    let questions = phrases::questions_behind(questionnaire, slots.iter().copied());
    let answers = questions
        .into_iter()
        .filter(|place| evaluation.asked(*place).yes() && making.response(*place).is_some())
        .map(|place| answered(making, place, None));
    let causes: Vec<model::Cause> = found.chain(answers).collect();
    match causes.is_empty() {
        true => several(),
        false => causes,
    }
}

fn recommendations(making: &Making<'_>, finding: &Listed<'_>) -> Vec<RecommendationLink> {
    let known = &making.questionnaire().recommendations;
    let ids = finding.rule.map_or(&[][..], |rule| &rule.recommend);
    ids.iter()
        .filter(|_| finding.life.stands())
        .filter_map(|id| known.get(id))
        .map(|recommendation| RecommendationLink {
            id: recommendation.id.to_string(),
            title: making.filled(&recommendation.title),
        })
        .collect()
}
