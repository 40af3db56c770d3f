//! Who may see what: the one place where a report is cut down.
//!
//! A report is made for the internal audience, which sees everything, and is then narrowed. Templates lay out what they are given;
//! they never decide what to leave out. How much two printed pages hold is the business of `paper`.
//!
//! | audience | private notes and questions | each answer, who said it, its points | findings and what to do | verdict, coverage, score |
//! |---|---|---|---|---|
//! | internal | yes | yes | all | all |
//! | technical | no | yes | all | all |
//! | action plan | no | no | what is to be done, by who must act | all but the manager's views of the score |
//! | hand-out | no | no | one finding | none |
//! | executive | no | no | in one line each | as the action plan, on two pages |
//!
//! | audience | notes | names of people | evidence |
//! |---|---|---|---|
//! | internal | all | all | files with their digests, what tools say |
//! | technical | those for the customer | all | files with their digests, what tools say |
//! | action plan | those for the customer, beside findings | who owns, decided, approved, is asked, prepared it | none |
//! | hand-out | those for the customer, beside the finding | who owns, decided, approved, prepared it | none |
//! | executive | those for the customer, beside what does not apply | who owns, approved, prepared it | none |
//!
//! Owners, and who decided and approved, are named to all: a plan without names is none. Each of the three can be left out for any
//! audience ([`LeftOut`]), as where a hand-out goes to a third party: people are then called by their role or a number
//! ([`nameless`]), files and what tools say are gone, and so are all notes. Names are left out where the ledger keeps them as names of
//! people. What people typed is not searched: a reason, the manager's summary and remarks, a row of an answer or whom a report was
//! prepared for may name somebody.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::customer::Customer;
use crate::domain::id::PersonId;
use crate::report::model::{Audience, Cut, LeftOut, Open, Report, Service};
use crate::report::{paper, parties};

impl Report {
    /// Returns the report as `audience` may see it.
    ///
    /// What has been left out does not come back: a report for the executive audience stays one.
    #[must_use]
    pub fn for_audience(mut self, audience: Audience) -> Self {
        let audience = audience.min(self.audience);
        if audience <= Audience::Technical {
            self.leave_out_private();
        }
        if audience <= Audience::ActionPlan {
            self.leave_out_answers();
        }
        if audience == Audience::Handout {
            let first = self.findings.first().map(|finding| finding.key.clone());
            self.keep_one(&first.unwrap_or_default());
        }
        if audience <= Audience::Executive {
            self.leave_out_detail();
            paper::fit(&mut self);
        }
        self.audience = audience;
        self
    }

    /// Returns the hand-out for the finding `key`; nothing where the report has none by it.
    #[must_use]
    pub fn handout(mut self, key: &str) -> Option<Self> {
        self.findings.retain(|finding| finding.key == key);
        self.findings.first()?;
        Some(self.for_audience(Audience::Handout))
    }

    /// Leaves out what the edition leaves out, but for names: of these only the list of who gets it was put in.
    pub(super) fn leave_out(&mut self) {
        if self.left_out.contains(&LeftOut::Names) {
            self.head.distribution.clear();
        }
        if self.left_out.contains(&LeftOut::Notes) {
            self.leave_out_notes();
        }
        if self.left_out.contains(&LeftOut::Evidence) {
            self.evidence.clear();
            for disagreement in &mut self.disagreements {
                disagreement.tools = vec!["a tool says otherwise".into()];
            }
        }
    }

    /// Leaves out every note, those for the customer too.
    fn leave_out_notes(&mut self) {
        for question in self
            .sections
            .iter_mut()
            .flat_map(|section| &mut section.questions)
        {
            question.note = None;
            question.private_note = None;
        }
        for finding in &mut self.findings {
            finding.note = None;
            finding.private_note = None;
        }
        for thing in &mut self.not_applicable.shown {
            thing.note = None;
        }
    }

    /// Leaves out private notes, and private questions wherever they are named.
    fn leave_out_private(&mut self) {
        let private: BTreeSet<String> = (self.sections.iter())
            .flat_map(|section| &section.questions)
            .filter(|question| question.private)
            .map(|question| question.id.clone())
            .collect();
        let shown = |id: &String| !private.contains(id);
        let shown_or_none = |id: &Option<String>| id.as_ref().is_none_or(shown);

        for section in &mut self.sections {
            section.questions.retain(|question| !question.private);
            for question in &mut section.questions {
                question.private_note = None;
            }
        }
        self.sections
            .retain(|section| !section.questions.is_empty());
        for finding in &mut self.findings {
            finding.private_note = None;
            finding
                .causes
                .retain(|cause| shown_or_none(&cause.question));
        }
        (self.verdict.undetermined.shown).retain(|question| shown(&question.id));
        if let Some(since) = &mut self.since {
            for group in &mut since.questions {
                group.questions.retain(|question| shown(&question.id));
            }
            since.questions.retain(|group| !group.questions.is_empty());
            let changed = since
                .findings
                .iter_mut()
                .flat_map(|group| &mut group.findings);
            for finding in changed {
                finding.known.retain(|known| shown(&known.question));
            }
        }
        let open = self.open.questions.len();
        self.open.questions.retain(|question| shown(&question.id));
        self.open.answers -= open - self.open.questions.len();
        self.not_concerned.shown.retain(|thing| shown(&thing.id));
        self.not_applicable.shown.retain(|thing| shown(&thing.id));
        (self.disagreements).retain(|one| shown(&one.question));
        (self.evidence).retain(|one| shown_or_none(&one.question));
    }

    /// Leaves out the answers one by one, what is done, and what is for the manager's own view.
    fn leave_out_answers(&mut self) {
        self.sections.clear();
        self.disagreements.clear();
        self.evidence.clear();
        self.findings.retain(|finding| !finding.state.is_over());
        self.not_so.clear();
        self.not_concerned = Cut::default();
        self.service = Service {
            scope: None,
            elsewhere: None,
            questions: None,
            ..std::mem::take(&mut self.service)
        };
        self.score.band = None;
        self.score.planned = None;
        self.score.achievable = None;
        self.trend = None;
        if let Some(since) = &mut self.since {
            since.figures.clear();
            since.findings.clear();
            since.questions.clear();
        }
        self.keep_cited_sources();
    }

    /// Leaves one finding with what to do about it, and nothing else.
    fn keep_one(&mut self, key: &str) {
        self.findings.retain(|finding| finding.key == key);
        let todo: BTreeSet<&str> = (self.findings.iter())
            .flat_map(|finding| &finding.recommendations)
            .map(|link| link.id.as_str())
            .collect();
        (self.recommendations).retain(|recommendation| todo.contains(recommendation.id.as_str()));
        for recommendation in &mut self.recommendations {
            recommendation.findings.retain(|link| link.key == key);
        }
        self.parties = parties::of(&self.findings);
        self.advice = Cut::default();
        self.responses = None;
        self.summary = None;
        self.coverage.clear();
        self.portal = None;
        self.stops = Cut::default();
        self.conditions = Cut::default();
        self.decisions = Cut::default();
        self.verdict.reasons.clear();
        self.verdict.takes = Cut::default();
        self.verdict.undetermined = Cut::default();
        self.not_applicable = Cut::default();
        self.since = None;
        self.plan = None;
        self.open = Open::default();
        self.score.sections = Cut::default();
        self.keep_cited_sources();
    }

    /// Leaves out the sources that nothing in the report cites.
    fn keep_cited_sources(&mut self) {
        let cited: BTreeSet<&str> = (self.findings.iter())
            .flat_map(|finding| &finding.refs)
            .chain((self.recommendations.iter()).flat_map(|todo| &todo.refs))
            .map(|cite| cite.id.as_str())
            .collect();
        self.sources
            .retain(|source| cited.contains(source.id.as_str()));
    }

    /// Leaves out what only those who do the work need.
    fn leave_out_detail(&mut self) {
        self.findings.clear();
        self.parties.clear();
        self.recommendations.clear();
        self.sources.clear();
        self.not_so.clear();
        self.plan = None;
        self.service = Service {
            brief: self.service.brief.take(),
            ..Service::default()
        };
        self.score.band = None;
        self.score.planned = None;
        self.score.achievable = None;
        self.not_applicable.shown.retain(|thing| thing.could_stop);
        self.open = Open {
            questions: Vec::new(),
            ..std::mem::take(&mut self.open)
        };
    }
}

/// Who stands where a name was left out and nothing else is known of the person.
pub(crate) const SOMEBODY: &str = "somebody";

/// Returns what to call people where their names are left out: the manager and the deputy so, contacts by their role, others by their
/// place in `people`. Who shares a role is numbered too, so that everybody stays one person.
#[must_use]
pub fn nameless(people: &[&PersonId], customer: &Customer) -> BTreeMap<PersonId, String> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let called = (1..).zip(people).map(|(place, person)| {
        let role = role(person, customer).filter(|role| !taken.contains(role));
        let called = role.unwrap_or_else(|| format!("person {place}"));
        taken.insert(called.clone());
        ((*person).clone(), called)
    });
    called.collect()
}

fn role(person: &PersonId, customer: &Customer) -> Option<String> {
    if customer.manager.as_ref() == Some(person) {
        return Some("the service manager".into());
    }
    if customer.deputy.as_ref() == Some(person) {
        return Some("the deputy".into());
    }
    let role = customer.contacts.get(person)?.trim();
    (!role.is_empty()).then(|| role.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_without_names_stay_different_people() {
        let id = |text: &str| text.parse::<PersonId>().unwrap();
        let mut customer = Customer::new("contoso".parse().unwrap());
        customer.manager = Some(id("kim"));
        customer.contacts = [(id("jo"), "SOC lead".into()), (id("li"), "SOC lead".into())].into();
        let people = ["anna", "jo", "li", "kim"].map(id);
        let called = nameless(&people.each_ref(), &customer);
        let called: Vec<&str> = people.iter().map(|id| called[id].as_str()).collect();
        assert_eq!(
            called,
            ["person 1", "SOC lead", "person 3", "the service manager"]
        );
    }
}
