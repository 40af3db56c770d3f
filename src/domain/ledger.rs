//! The ledger: what happened, entry by entry, chained so that a change or a cut shows.
//!
//! An entry is a header and a body. The header's `digest` is the SHA-256 of the body's bytes; the entry's hash is the SHA-256 of the
//! header's bytes; `previous` is the hash of the entry before, for the first the SHA-256 of the ledger's id. Bytes are kept as
//! written and checked as they stand: nothing is serialised again to verify. A body can be taken out (redacted): the chain still
//! holds and the hole shows. What the entries mean together is the business of [`assessment`](crate::domain::assessment).

use serde::{Deserialize, Serialize};

use crate::domain::advice::Advice;
use crate::domain::customer::CustomerChange;
use crate::domain::decision::Decision;
use crate::domain::exhibit::Exhibit;
use crate::domain::id::{
    FindingKey, Hash, MilestoneId, PersonId, QuestionId, QuestionnaireId, StopId,
};
use crate::domain::managed_response::{ManagedResponse, ReportFigures};
use crate::domain::phase::PhaseChange;
use crate::domain::response::Response;
use crate::domain::time::{Day, Instant};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Fact {
    /// Properties of the customer changed; the first entry of a ledger carries the id and the name.
    CustomerChanged {
        /// The changes, in order.
        changes: Vec<CustomerChange>,
    },
    /// An assessment under a questionnaire was begun.
    Opened {
        /// The questionnaire.
        questionnaire: QuestionnaireId,
        /// The hash of its pinned text.
        text: Hash,
    },
    /// A question was answered.
    Answered {
        /// The questionnaire.
        questionnaire: QuestionnaireId,
        /// The question, as the pinned text names it.
        question: QuestionId,
        /// What was said.
        response: Response,
        /// Why it was recorded.
        why: Why,
    },
    /// An answer was taken back: the question is unanswered again.
    Withdrawn {
        /// The questionnaire.
        questionnaire: QuestionnaireId,
        /// The question.
        question: QuestionId,
        /// Whether the answer was recorded by mistake: then it counts as never given, from its own entry onward.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        mistaken: bool,
    },
    /// An open question was put to a person.
    Requested {
        /// The questionnaire.
        questionnaire: QuestionnaireId,
        /// The question.
        question: QuestionId,
        /// Whom.
        of: PersonId,
        /// By when they are to say.
        by: Option<Day>,
        /// The day on which they were reminded; nothing where they are asked for the first time, or anew.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        chased: Option<Day>,
    },
    /// A file was taken in as evidence.
    EvidenceAdded(Exhibit),
    /// Evidence is no longer to be relied on; its file stays with the ledger.
    EvidenceWithdrawn {
        /// The entry that took it in.
        entry: u64,
        /// Why.
        reason: String,
    },
    /// Somebody decided something.
    Decided {
        /// The questionnaire.
        questionnaire: QuestionnaireId,
        /// What was decided.
        decision: Decision,
    },
    /// Something was noted about a question, a finding, or the customer.
    Noted {
        /// The questionnaire.
        questionnaire: QuestionnaireId,
        /// About what.
        about: Subject,
        /// The note.
        text: String,
        /// Whether reports to the customer may print it.
        public: bool,
    },
    /// The manager's own words, which reports print; an empty text takes them out.
    Remarked {
        /// The questionnaire.
        questionnaire: QuestionnaireId,
        /// About what; the assessment stands for the summary.
        about: Subject,
        /// The words, in Markdown.
        text: String,
    },
    /// Something was recommended later than the questionnaire does, and is a finding by its number.
    Advised {
        /// The questionnaire.
        questionnaire: QuestionnaireId,
        /// Its number among the customer's, counted from 1.
        number: u32,
        /// What.
        advice: Advice,
    },
    /// A managed response of the service, or what the service's own report showed of them.
    ManagedResponse {
        /// The questionnaire.
        questionnaire: QuestionnaireId,
        /// What.
        recorded: Responded,
    },
    /// What the service's own page showed.
    PortalStatus(PortalStatus),
    /// A named point in the ledger.
    Milestone {
        /// Its name.
        name: MilestoneId,
        /// What it stands for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// The customer came into another phase.
    PhaseChanged(PhaseChange),
    /// A stop that holds was lifted by a person.
    StopResumed {
        /// The questionnaire.
        questionnaire: QuestionnaireId,
        /// The stop.
        stop: StopId,
        /// Why the work goes on.
        reason: String,
    },
    /// The assessment goes on under another text of the questionnaire.
    QuestionnaireChanged {
        /// The questionnaire.
        questionnaire: QuestionnaireId,
        /// The hash of the new pinned text.
        text: Hash,
    },
    /// A report was issued.
    ReportIssued {
        /// The questionnaire.
        questionnaire: QuestionnaireId,
        /// For whom, such as `executive`.
        audience: String,
        /// The format, such as `html`.
        format: String,
        /// The version printed on it, counted from 1.
        version: u32,
        /// The SHA-256 of the file.
        digest: Hash,
        /// The sequence of the last entry that it was computed from.
        computed_from: u64,
    },
    /// The body of an earlier entry was taken out.
    Redacted {
        /// The entry.
        entry: u64,
        /// Why.
        reason: String,
    },
}

/// What is recorded about managed responses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Responded {
    /// One of them, as it stands now; replaces what was recorded under its number before.
    Incident {
        /// Its number among the customer's, counted from 1.
        number: u32,
        /// How it stands.
        response: ManagedResponse,
    },
    /// What the service's own report showed.
    Figures(ReportFigures),
}

/// What a note or a remark is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Subject {
    /// The assessment as a whole.
    Assessment,
    /// A question.
    Question(QuestionId),
    /// A finding; without a row a kind of finding, with all its rows.
    Finding(FindingKey),
}

/// Why an answer was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// The question had no answer.
    New,
    /// The world changed.
    Changed,
    /// It had been recorded wrong; replaces the answer before it from that answer's entry onward.
    Corrected,
    /// It is still true.
    Confirmed,
}

/// What the service's own readiness page showed on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalStatus {
    /// The day on which it was looked at.
    pub on: Day,
    /// Actions needed: to complete.
    pub to_complete: u64,
    /// Actions needed: in progress.
    pub in_progress: u64,
    /// Actions needed: completed.
    pub completed: u64,
    /// Protected devices and their target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub devices: Option<(u64, u64)>,
    /// Protected identities and their target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identities: Option<(u64, u64)>,
}

impl Fact {
    /// Returns the kind as the header names it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::CustomerChanged { .. } => "customer-changed",
            Self::Opened { .. } => "opened",
            Self::Answered { .. } => "answered",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Requested { .. } => "requested",
            Self::EvidenceAdded(_) => "evidence-added",
            Self::EvidenceWithdrawn { .. } => "evidence-withdrawn",
            Self::Decided { .. } => "decided",
            Self::Noted { .. } => "noted",
            Self::Remarked { .. } => "remarked",
            Self::Advised { .. } => "advised",
            Self::ManagedResponse { .. } => "managed-response",
            Self::PortalStatus(_) => "portal-status",
            Self::Milestone { .. } => "milestone",
            Self::PhaseChanged(_) => "phase-changed",
            Self::StopResumed { .. } => "stop-resumed",
            Self::QuestionnaireChanged { .. } => "questionnaire-changed",
            Self::ReportIssued { .. } => "report-issued",
            Self::Redacted { .. } => "redacted",
        }
    }

    /// Returns the questionnaire that the fact belongs to, where it belongs to one.
    #[must_use]
    pub fn questionnaire(&self) -> Option<&QuestionnaireId> {
        match self {
            Self::Opened { questionnaire, .. }
            | Self::Answered { questionnaire, .. }
            | Self::Withdrawn { questionnaire, .. }
            | Self::Requested { questionnaire, .. }
            | Self::Decided { questionnaire, .. }
            | Self::Noted { questionnaire, .. }
            | Self::Remarked { questionnaire, .. }
            | Self::Advised { questionnaire, .. }
            | Self::ManagedResponse { questionnaire, .. }
            | Self::StopResumed { questionnaire, .. }
            | Self::QuestionnaireChanged { questionnaire, .. }
            | Self::ReportIssued { questionnaire, .. } => Some(questionnaire),
            Self::CustomerChanged { .. }
            | Self::EvidenceAdded(_)
            | Self::EvidenceWithdrawn { .. }
            | Self::PortalStatus(_)
            | Self::Milestone { .. }
            | Self::PhaseChanged(_)
            | Self::Redacted { .. } => None,
        }
    }
}

/// What the chain is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The place in the ledger, counted from 1.
    pub seq: u64,
    /// When it was recorded; never before the entry before it.
    pub at: Instant,
    /// Who recorded it.
    pub by: PersonId,
    /// What kind of fact the body holds.
    pub kind: String,
    /// The hash of the entry before.
    pub previous: Hash,
    /// The SHA-256 of the body's bytes.
    pub digest: Hash,
}

/// The fact with the salt that keeps its digest from being guessed once it is redacted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// 128 random bits in hexadecimal digits.
    pub salt: String,
    /// What happened.
    pub fact: Fact,
}

/// An entry as it is kept: bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// The header, in canonical JSON (RFC 8785).
    pub header: Vec<u8>,
    /// The body, in canonical JSON; nothing once it is redacted.
    pub body: Option<Vec<u8>>,
}

/// An entry as it is understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The header.
    pub header: Header,
    /// The fact; nothing where the body was redacted.
    pub fact: Option<Fact>,
    /// The entry's hash.
    pub hash: Hash,
}

/// What is wrong with a ledger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerFault {
    /// The header's bytes are no header.
    #[error("entry {seq}: the header cannot be read: {reason}")]
    Header {
        /// The place in the ledger, counted from 1.
        seq: u64,
        /// What the reader said.
        reason: String,
    },
    /// The body's bytes are no body.
    #[error("entry {seq}: the body cannot be read: {reason}")]
    Body {
        /// The place in the ledger.
        seq: u64,
        /// What the reader said.
        reason: String,
    },
    /// The body is not the one that the header was written for.
    #[error("entry {seq}: the body was changed after it was written (its digest does not match)")]
    Digest {
        /// The place in the ledger.
        seq: u64,
    },
    /// The entry does not follow the one before it.
    #[error(
        "entry {seq}: the chain is broken here: an entry before it was changed, added or taken out"
    )]
    Chain {
        /// The place in the ledger.
        seq: u64,
    },
    /// The body names another kind than the header.
    #[error("entry {seq}: header and body name different kinds")]
    Kind {
        /// The place in the ledger.
        seq: u64,
    },
    /// Time runs backwards.
    #[error("entry {seq}: recorded before the entry before it")]
    Time {
        /// The place in the ledger.
        seq: u64,
    },
    /// A body is missing and no later entry says that it was redacted.
    #[error("entry {seq}: the body is missing and nobody redacted it")]
    Missing {
        /// The place in the ledger.
        seq: u64,
    },
}

/// Returns what the first entry of a ledger names as the hash before it.
#[must_use]
pub fn root(ledger: &str) -> Hash {
    Hash::of(ledger.as_bytes())
}

/// Makes the next entry after `last` (or the first of `ledger`), ready to be kept.
///
/// `at` is moved up to the time of the entry before, should the clock have been set back.
///
/// # Panics
/// Never: every header and body is representable in JSON.
#[must_use]
pub fn next(
    ledger: &str,
    last: Option<&Entry>,
    at: Instant,
    by: &PersonId,
    salt: [u8; 16],
    fact: Fact,
) -> (StoredEntry, Entry) {
    let body = Body {
        salt: salt.iter().map(|byte| format!("{byte:02x}")).collect(),
        fact,
    };
    let body_bytes = canonical(&body);
    let header = Header {
        seq: last.map_or(1, |last| last.header.seq + 1),
        at: last.map_or(at, |last| at.max(last.header.at)),
        by: by.clone(),
        kind: body.fact.kind().to_owned(),
        previous: last.map_or_else(|| root(ledger), |last| last.hash),
        digest: Hash::of(&body_bytes),
    };
    let header_bytes = canonical(&header);
    let entry = Entry {
        hash: Hash::of(&header_bytes),
        header,
        fact: Some(body.fact),
    };
    let stored = StoredEntry {
        header: header_bytes,
        body: Some(body_bytes),
    };
    (stored, entry)
}

/// Returns `value` in canonical JSON (RFC 8785).
///
/// # Panics
/// Never for our own types: they have text keys and no numbers that JSON lacks.
#[must_use]
pub fn canonical(value: &impl Serialize) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value)
        .expect("our own types have text keys and no numbers that JSON lacks")
}

/// Reads a ledger and checks its chain, digests, kinds, times and redactions.
///
/// # Errors
/// Every fault, in the order of the entries; entries after an unreadable header are not judged.
pub fn read(ledger: &str, stored: &[StoredEntry]) -> Result<Vec<Entry>, Vec<LedgerFault>> {
    let mut entries: Vec<Entry> = Vec::with_capacity(stored.len());
    let mut faults = Vec::new();
    for (position, one) in stored.iter().enumerate() {
        let seq = position as u64 + 1;
        match read_entry(seq, one, &mut faults) {
            Some(entry) => {
                follow(ledger, entries.last(), &entry, &mut faults);
                entries.push(entry);
            }
            None => return Err(faults),
        }
    }
    faults.extend(unexplained_holes(&entries));
    if faults.is_empty() {
        Ok(entries)
    } else {
        Err(faults)
    }
}

/// Reads one entry; nothing where its header cannot be read.
fn read_entry(seq: u64, stored: &StoredEntry, faults: &mut Vec<LedgerFault>) -> Option<Entry> {
    let header: Header = match serde_json::from_slice(&stored.header) {
        Ok(header) => header,
        Err(error) => {
            let reason = error.to_string();
            faults.push(LedgerFault::Header { seq, reason });
            return None;
        }
    };
    let mut fact = None;
    if let Some(bytes) = &stored.body {
        if Hash::of(bytes) != header.digest {
            faults.push(LedgerFault::Digest { seq });
        }
        match serde_json::from_slice::<Body>(bytes) {
            Ok(body) => {
                if body.fact.kind() != header.kind {
                    faults.push(LedgerFault::Kind { seq });
                }
                fact = Some(body.fact);
            }
            Err(error) => faults.push(LedgerFault::Body {
                seq,
                reason: error.to_string(),
            }),
        }
    }
    let hash = Hash::of(&stored.header);
    Some(Entry { header, fact, hash })
}

/// Checks that `entry` follows `last`.
fn follow(ledger: &str, last: Option<&Entry>, entry: &Entry, faults: &mut Vec<LedgerFault>) {
    let (seq, previous) = match last {
        Some(last) => (last.header.seq + 1, last.hash),
        None => (1, root(ledger)),
    };
    if entry.header.previous != previous || entry.header.seq != seq {
        faults.push(LedgerFault::Chain { seq });
    }
    if last.is_some_and(|last| entry.header.at < last.header.at) {
        faults.push(LedgerFault::Time { seq });
    }
}

/// Returns a fault for every body that is missing without a `redacted` entry that names it.
fn unexplained_holes(entries: &[Entry]) -> Vec<LedgerFault> {
    let redacted: std::collections::BTreeSet<u64> = entries
        .iter()
        .filter_map(|entry| match entry.fact {
            Some(Fact::Redacted { entry, .. }) => Some(entry),
            _ => None,
        })
        .collect();
    entries
        .iter()
        .filter(|entry| entry.fact.is_none() && !redacted.contains(&entry.header.seq))
        .map(|entry| LedgerFault::Missing {
            seq: entry.header.seq,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(length: u64) -> Vec<StoredEntry> {
        let at: Instant = "2026-09-02T12:00:00Z".parse().unwrap();
        let by: PersonId = "anna".parse().unwrap();
        let mut last = None;
        (0..length)
            .map(|number| {
                let fact = Fact::Milestone {
                    name: format!("m{number}").parse().unwrap(),
                    note: None,
                };
                let (stored, entry) = next("ledger-1", last.as_ref(), at, &by, [7; 16], fact);
                last = Some(entry);
                stored
            })
            .collect()
    }

    #[test]
    fn a_ledger_reads_back_what_was_written() {
        let entries = read("ledger-1", &ledger(3)).unwrap();
        assert_eq!(entries.len(), 3);
        assert_eq!(entries[2].header.seq, 3);
        assert!(read("ledger-2", &ledger(3)).is_err());
    }

    #[test]
    fn one_changed_byte_does_not_verify() {
        let good = ledger(3);
        for entry in 0..good.len() {
            for at in 0..good[entry].header.len() {
                let mut bad = good.clone();
                bad[entry].header[at] ^= 1;
                // The last header's own bytes are covered by the anchor that reports carry, not by the chain.
                let covered = entry + 1 < good.len();
                if covered {
                    assert!(read("ledger-1", &bad).is_err(), "header {entry} byte {at}");
                }
            }
            for at in 0..good[entry].body.as_ref().unwrap().len() {
                let mut bad = good.clone();
                bad[entry].body.as_mut().unwrap()[at] ^= 1;
                assert!(read("ledger-1", &bad).is_err(), "body {entry} byte {at}");
            }
        }
    }

    #[test]
    fn a_body_may_go_only_where_an_entry_says_so() {
        let mut stored = ledger(3);
        stored[1].body = None;
        assert_eq!(
            read("ledger-1", &stored).unwrap_err(),
            [LedgerFault::Missing { seq: 2 }]
        );
        let last = {
            let header: Header = serde_json::from_slice(&stored[2].header).unwrap();
            Entry {
                hash: Hash::of(&stored[2].header),
                header,
                fact: None,
            }
        };
        let fact = Fact::Redacted {
            entry: 2,
            reason: "a password".into(),
        };
        let by: PersonId = "anna".parse().unwrap();
        let (redaction, entry) = next("ledger-1", Some(&last), last.header.at, &by, [0; 16], fact);
        assert_eq!(entry.header.seq, 4);
        stored.push(redaction);
        assert!(read("ledger-1", &stored).unwrap()[1].fact.is_none());
    }

    #[test]
    fn time_never_runs_backwards() {
        let by: PersonId = "anna".parse().unwrap();
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let fact = || Fact::Milestone {
            name: "m".parse().unwrap(),
            note: None,
        };
        let (_, first) = next("l", None, at("2026-09-02T12:00:00Z"), &by, [0; 16], fact());
        let (_, second) = next(
            "l",
            Some(&first),
            at("2020-01-01T00:00:00Z"),
            &by,
            [0; 16],
            fact(),
        );
        assert_eq!(second.header.at, first.header.at);
    }
}
