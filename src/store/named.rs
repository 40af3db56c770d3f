//! Which texts and persons an entry names.
//!
//! Written out kind by kind, so that a new kind of fact has to say what it names before it compiles.

use std::collections::BTreeSet;

use crate::domain::customer::CustomerChange;
use crate::domain::decision::Decision;
use crate::domain::id::{Hash, PersonId};
use crate::domain::ledger::{Entry, Fact};
use crate::domain::response::{Said, Unknown};

/// Returns the texts and files that must be kept for the fact to be understood.
pub(in crate::store) fn texts_of(fact: &Fact) -> Vec<&Hash> {
    match fact {
        Fact::Opened { text, .. } | Fact::QuestionnaireChanged { text, .. } => vec![text],
        Fact::EvidenceAdded(exhibit) => exhibit.files(),
        Fact::CustomerChanged { .. }
        | Fact::Answered { .. }
        | Fact::Withdrawn { .. }
        | Fact::Requested { .. }
        | Fact::EvidenceWithdrawn { .. }
        | Fact::Decided { .. }
        | Fact::Noted { .. }
        | Fact::Remarked { .. }
        | Fact::Advised { .. }
        | Fact::ManagedResponse { .. }
        | Fact::PortalStatus(_)
        | Fact::Milestone { .. }
        | Fact::PhaseChanged(_)
        | Fact::StopResumed { .. }
        | Fact::ReportIssued { .. }
        | Fact::Redacted { .. } => Vec::new(),
    }
}

/// Returns the files that the fact names, kept or not.
pub(in crate::store) fn files_of(fact: &Fact) -> Vec<&Hash> {
    match fact {
        Fact::ReportIssued { digest, .. } => vec![digest],
        _ => texts_of(fact),
    }
}

/// Returns everybody whom the entries name, recorders included, in the order in which they come up first.
#[must_use]
pub fn people_in_order(entries: &[Entry]) -> Vec<&PersonId> {
    let mut seen = BTreeSet::new();
    let named = entries.iter().flat_map(|entry| {
        let persons = entry.fact.as_ref().map_or_else(Vec::new, persons_in);
        std::iter::once(&entry.header.by).chain(persons)
    });
    named.filter(|person| seen.insert(*person)).collect()
}

/// Returns everybody whom the entries name, recorders included.
pub(in crate::store) fn persons_of(entries: &[Entry]) -> BTreeSet<PersonId> {
    let mut persons = recorders(entries);
    for fact in entries.iter().filter_map(|entry| entry.fact.as_ref()) {
        persons.extend(persons_in(fact).into_iter().cloned());
    }
    persons
}

/// Returns everybody who serves the customer: who recorded entries, the managers and their deputies.
pub(in crate::store) fn staff_of(entries: &[Entry]) -> BTreeSet<PersonId> {
    let mut staff = recorders(entries);
    for fact in entries.iter().filter_map(|entry| entry.fact.as_ref()) {
        let Fact::CustomerChanged { changes } = fact else {
            continue;
        };
        for change in changes {
            if let CustomerChange::Manager(Some(person)) | CustomerChange::Deputy(Some(person)) =
                change
            {
                staff.insert(person.clone());
            }
        }
    }
    staff
}

fn recorders(entries: &[Entry]) -> BTreeSet<PersonId> {
    entries
        .iter()
        .map(|entry| entry.header.by.clone())
        .collect()
}

fn persons_in(fact: &Fact) -> Vec<&PersonId> {
    match fact {
        Fact::CustomerChanged { changes } => changes.iter().filter_map(person_in_change).collect(),
        Fact::Answered { response, .. } => {
            let asked = match &response.said {
                Said::Unknown(Unknown::WillFindOut { asked, .. }) => asked.as_ref(),
                _ => None,
            };
            response.said_by.iter().chain(asked).collect()
        }
        Fact::Requested { of, .. } => vec![of],
        Fact::Decided { decision, .. } => persons_in_decision(decision),
        Fact::PhaseChanged(change) => vec![&change.decided_by],
        Fact::Opened { .. }
        | Fact::Withdrawn { .. }
        | Fact::EvidenceAdded(_)
        | Fact::EvidenceWithdrawn { .. }
        | Fact::Noted { .. }
        | Fact::Remarked { .. }
        | Fact::Advised { .. }
        | Fact::ManagedResponse { .. }
        | Fact::PortalStatus(_)
        | Fact::Milestone { .. }
        | Fact::StopResumed { .. }
        | Fact::QuestionnaireChanged { .. }
        | Fact::ReportIssued { .. }
        | Fact::Redacted { .. } => Vec::new(),
    }
}

fn person_in_change(change: &CustomerChange) -> Option<&PersonId> {
    match change {
        CustomerChange::Contact { person, .. } | CustomerChange::ContactRemoved(person) => {
            Some(person)
        }
        CustomerChange::Manager(person) | CustomerChange::Deputy(person) => person.as_ref(),
        CustomerChange::Id(_)
        | CustomerChange::Name(_)
        | CustomerChange::Tenant { .. }
        | CustomerChange::TenantRemoved(_)
        | CustomerChange::Seats(_)
        | CustomerChange::TimeZone(_)
        | CustomerChange::Calendar(_)
        | CustomerChange::GoLive(_)
        | CustomerChange::Region(_)
        | CustomerChange::ReviewEvery(_)
        | CustomerChange::NextTouch(_)
        | CustomerChange::DuePolicy(_) => None,
    }
}

fn persons_in_decision(decision: &Decision) -> Vec<&PersonId> {
    match decision {
        Decision::Finding(finding) => finding.action.persons(),
        Decision::Start(start) => vec![&start.approved_by],
        Decision::Proposal(_) => Vec::new(),
    }
}
