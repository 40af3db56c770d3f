//! History: a ledger's entries in words, for whoever asks what was recorded, by whom and when.
//!
//! Every entry has its line, a hole too. Words follow the questionnaire as it was pinned when the entry was recorded; what the entries
//! come to together is the business of [`assessment`](crate::domain::assessment).

use std::collections::BTreeMap;

use crate::domain::assessment::Texts;
use crate::domain::customer::CustomerChange;
use crate::domain::decision::Decision;
use crate::domain::exhibit::Matter;
use crate::domain::id::{FindingKey, Hash, PersonId, QuestionId, QuestionnaireId};
use crate::domain::ledger::{Entry, Fact, PortalStatus, Responded, Subject, Why};
use crate::domain::managed_response::ResponseCounts;
use crate::domain::migration::Passages;
use crate::domain::questionnaire::Questionnaire;
use crate::domain::response::Response;
use crate::domain::time::{Day, Instant};
use crate::domain::{advice, managed_response, phrases, words};

/// One entry in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The entry.
    pub seq: u64,
    /// When it was recorded.
    pub at: Instant,
    /// Who recorded it.
    pub by: PersonId,
    /// What kind of fact it holds, or held.
    pub kind: String,
    /// What happened, with a small letter and without full stop; may hold what people typed, line breaks too.
    pub what: String,
    /// Whether its body was taken out.
    pub is_hole: bool,
    /// The question that it is about, where it is about one, as it is called after the last entry.
    pub question: Option<QuestionId>,
    /// The finding that it is about, where it is about one; without a row all of its rows.
    pub finding: Option<FindingKey>,
}

/// Returns every entry in words; `name` gives the name of a person.
pub fn history(entries: &[Entry], texts: &Texts, name: &dyn Fn(&PersonId) -> String) -> Vec<Event> {
    let reasons = holes(entries);
    let changes = Passages::of(entries, texts);
    let mut teller = Teller {
        texts,
        name,
        pinned: BTreeMap::new(),
    };
    entries
        .iter()
        .map(|entry| {
            let what = match &entry.fact {
                Some(fact) => teller.fact(entry.header.seq, fact),
                None => teller.hole(reasons.get(&entry.header.seq)),
            };
            Event {
                seq: entry.header.seq,
                at: entry.header.at,
                by: entry.header.by.clone(),
                kind: entry.header.kind.clone(),
                what,
                is_hole: entry.fact.is_none(),
                question: question_of(entry, &changes),
                finding: finding_of(entry),
            }
        })
        .collect()
}

/// Returns the entry that explains each hole.
fn holes(entries: &[Entry]) -> BTreeMap<u64, &Entry> {
    entries
        .iter()
        .filter_map(|entry| match &entry.fact {
            Some(Fact::Redacted { entry: hole, .. }) => Some((*hole, entry)),
            _ => None,
        })
        .collect()
}

/// Returns the question that an entry is about, as it is called now; one that was dropped keeps its last name.
fn question_of(entry: &Entry, changes: &Passages<'_>) -> Option<QuestionId> {
    let (questionnaire, question) = match entry.fact.as_ref()? {
        Fact::Answered {
            questionnaire,
            question,
            ..
        }
        | Fact::Withdrawn {
            questionnaire,
            question,
            ..
        }
        | Fact::Requested {
            questionnaire,
            question,
            ..
        }
        | Fact::Noted {
            questionnaire,
            about: Subject::Question(question),
            ..
        }
        | Fact::Remarked {
            questionnaire,
            about: Subject::Question(question),
            ..
        } => (questionnaire, question),
        Fact::EvidenceAdded(exhibit) => match &exhibit.matter {
            Matter::Document {
                questionnaire,
                question,
            } => (questionnaire, question),
            Matter::Approval | Matter::Tool(_) => return None,
        },
        Fact::Decided {
            questionnaire,
            decision: Decision::Proposal(refused),
        } => (questionnaire, &refused.question),
        _ => return None,
    };
    let now = changes.name_now(questionnaire, question, entry.header.seq);
    Some(now.unwrap_or_else(|| question.clone()))
}

/// Returns the finding that an entry is about.
fn finding_of(entry: &Entry) -> Option<FindingKey> {
    match entry.fact.as_ref()? {
        Fact::Decided {
            decision: Decision::Finding(decision),
            ..
        } => Some(decision.finding.clone()),
        Fact::Noted {
            about: Subject::Finding(key),
            ..
        }
        | Fact::Remarked {
            about: Subject::Finding(key),
            ..
        } => Some(key.clone()),
        Fact::Advised { number, .. } => Some(advice::key(*number)),
        Fact::ManagedResponse {
            recorded: Responded::Incident { number, .. },
            ..
        } => Some(managed_response::key(*number)),
        _ => None,
    }
}

/// Tells the entries one after another.
struct Teller<'a> {
    texts: &'a Texts,
    name: &'a dyn Fn(&PersonId) -> String,
    /// The text that each assessment goes by so far.
    pinned: BTreeMap<QuestionnaireId, Hash>,
}

impl Teller<'_> {
    fn fact(&mut self, seq: u64, fact: &Fact) -> String {
        match fact {
            Fact::CustomerChanged { changes } => {
                let changes: Vec<String> =
                    changes.iter().map(|change| self.change(change)).collect();
                let verb = if seq == 1 { "added" } else { "changed" };
                format!("{verb} the customer: {}", changes.join("; "))
            }
            Fact::Opened {
                questionnaire,
                text,
            } => {
                let version = self.pin(questionnaire, *text);
                format!("began the assessment under `{questionnaire}`{version}")
            }
            Fact::QuestionnaireChanged {
                questionnaire,
                text,
            } => {
                let version = self.pin(questionnaire, *text);
                format!("went on under another text of `{questionnaire}`{version}")
            }
            Fact::PortalStatus(status) => portal(status),
            Fact::EvidenceAdded(exhibit) => {
                let (what, file) = (exhibit.words(), exhibit.file.short());
                format!(
                    "took in “{}” as evidence: {what} (SHA-256 {file})",
                    exhibit.name
                )
            }
            Fact::EvidenceWithdrawn { entry, reason } => {
                format!("withdrew the evidence of entry {entry}: {reason}")
            }
            Fact::Milestone { name, note } => {
                let note = note
                    .as_ref()
                    .map_or_else(String::new, |note| format!(": {note}"));
                format!("set the milestone `{name}`{note}")
            }
            Fact::PhaseChanged(change) => format!(
                "{} from {} on, decided by {}: {}",
                change.to.words(),
                words::day(change.on),
                (self.name)(&change.decided_by),
                change.reason
            ),
            Fact::Redacted { entry, reason } => format!("took out entry {entry}: {reason}"),
            _ => self.assessed(fact),
        }
    }

    /// Tells what belongs to an assessment.
    fn assessed(&self, fact: &Fact) -> String {
        match fact {
            Fact::Answered {
                questionnaire,
                question,
                response,
                why,
            } => self.answer(questionnaire, question, response, *why),
            Fact::Withdrawn {
                question, mistaken, ..
            } => match mistaken {
                true => format!("took back the answer to `{question}`: recorded by mistake"),
                false => format!("took back the answer to `{question}`"),
            },
            Fact::Requested {
                question,
                of,
                by,
                chased,
                ..
            } => {
                let (of, by) = ((self.name)(of), by_day(*by));
                match chased {
                    None => format!("asked {of} for `{question}`{by}"),
                    Some(on) => {
                        let on = words::day(*on);
                        format!("reminded {of} of `{question}` on {on}{by}")
                    }
                }
            }
            Fact::Decided { decision, .. } => self.decision(decision),
            Fact::Noted {
                about,
                text,
                public,
                ..
            } => {
                let kind = if *public { "note" } else { "private note" };
                format!("{kind} {}: {text}", about_words(about))
            }
            Fact::Remarked { about, text, .. } => remark(about, text),
            Fact::Advised { number, advice, .. } => {
                let key = advice::key(*number);
                let incident = advice.incident.as_ref();
                let incident = incident.map_or_else(String::new, |id| format!(" (incident {id})"));
                format!("advised, as `{key}`: {}{incident}", advice.title)
            }
            Fact::ManagedResponse { recorded, .. } => responded(recorded),
            Fact::StopResumed { stop, reason, .. } => {
                format!("went on in spite of the stop `{stop}`: {reason}")
            }
            Fact::ReportIssued {
                audience,
                format,
                version,
                computed_from,
                ..
            } => format!(
                "issued the {audience} report as {format}, version {version}, computed from entry {computed_from}"
            ),
            other => other.kind().to_owned(),
        }
    }

    fn hole(&self, explained: Option<&&Entry>) -> String {
        match explained.map(|entry| (&entry.header.by, &entry.fact)) {
            Some((by, Some(Fact::Redacted { entry: _, reason }))) => {
                format!("taken out by {}: {reason}", (self.name)(by))
            }
            _ => "taken out".into(),
        }
    }

    /// Takes over which text an assessment goes by, and returns its version in brackets.
    fn pin(&mut self, questionnaire: &QuestionnaireId, text: Hash) -> String {
        self.pinned.insert(questionnaire.clone(), text);
        let known = self.texts.get(&text);
        known.map_or_else(
            || format!(" (text {})", text.short()),
            |known| format!(" (version {}, text {})", known.version, text.short()),
        )
    }

    fn questionnaire(&self, id: &QuestionnaireId) -> Option<&Questionnaire> {
        let text = self.pinned.get(id)?;
        self.texts.get(text).map(AsRef::as_ref)
    }

    fn answer(
        &self,
        questionnaire: &QuestionnaireId,
        id: &QuestionId,
        response: &Response,
        why: Why,
    ) -> String {
        let questionnaire = self.questionnaire(questionnaire);
        let question = questionnaire.and_then(|all| Some(&all.questions[all.question(id)?]));
        let said = question.map_or_else(
            || "an answer".into(),
            |question| format!("“{}”", words::said(question, &response.said)),
        );
        let verb = match why {
            Why::New => "answered",
            Why::Changed => "changed the answer to",
            Why::Corrected => "corrected the answer to",
            Why::Confirmed => "confirmed the answer to",
        };
        let by = response.said_by.as_ref();
        let by = by.map_or_else(String::new, |by| format!(" by {}", (self.name)(by)));
        let notes = [
            response.note.as_ref().map(|_| ", with a note"),
            response
                .private_note
                .as_ref()
                .map(|_| ", with a private note"),
        ];
        let notes: String = notes.into_iter().flatten().collect();
        format!(
            "{verb} `{id}`: {said}, {}{by} on {}{notes}",
            response.basis.words(),
            words::day(response.said_on)
        )
    }

    fn decision(&self, decision: &Decision) -> String {
        match decision {
            Decision::Start(start) => format!(
                "decided to start all the same, approved by {} on {}: {}",
                (self.name)(&start.approved_by),
                words::day(start.on),
                start.reason
            ),
            Decision::Proposal(refused) => format!(
                "refused what tools propose for `{}`: {}",
                refused.question, refused.reason
            ),
            Decision::Finding(decision) => phrases::decided(
                &decision.action,
                &format!("`{}`", decision.finding),
                self.name,
            ),
        }
    }

    fn change(&self, change: &CustomerChange) -> String {
        let or_none = |text: Option<String>| text.unwrap_or_else(|| "none".into());
        let person = |id: &Option<PersonId>| or_none(id.as_ref().map(self.name));
        match change {
            CustomerChange::Id(id) => format!("id {id}"),
            CustomerChange::Name(name) => format!("name {name}"),
            CustomerChange::Tenant { id, tenant } => {
                let names = [&tenant.name, &tenant.domain].into_iter().flatten();
                let parts: Vec<&str> = std::iter::once(id)
                    .chain(names)
                    .map(AsRef::as_ref)
                    .collect();
                format!("tenant {}", parts.join(", "))
            }
            CustomerChange::TenantRemoved(id) => format!("without the tenant {id}"),
            CustomerChange::Seats(seats) => {
                let seats = seats.map(|seats| words::number(i128::from(seats)));
                format!("seats {}", or_none(seats))
            }
            CustomerChange::TimeZone(zone) => format!("time zone {zone}"),
            CustomerChange::Calendar(_) => "the working calendar".into(),
            CustomerChange::Contact { person, role } => {
                format!("contact {}: {role}", (self.name)(person))
            }
            CustomerChange::ContactRemoved(person) => {
                format!("without the contact {}", (self.name)(person))
            }
            CustomerChange::Manager(id) => format!("manager {}", person(id)),
            CustomerChange::Deputy(id) => format!("deputy {}", person(id)),
            CustomerChange::GoLive(day) => format!("go-live {}", or_none(day.map(words::day))),
            CustomerChange::Region(region) => format!("region {}", or_none(region.clone())),
            CustomerChange::ReviewEvery(days) => {
                format!(
                    "reviewed every {}",
                    or_none(days.map(|days| days.to_string()))
                )
            }
            CustomerChange::NextTouch(day) => {
                format!("next touch {}", or_none(day.map(words::day)))
            }
            CustomerChange::DuePolicy(_) => "when findings are due".into(),
        }
    }
}

fn by_day(day: Option<Day>) -> String {
    day.map_or_else(String::new, |day| format!(", by {}", words::day(day)))
}

fn about_words(about: &Subject) -> String {
    match about {
        Subject::Assessment => "on the assessment".into(),
        Subject::Question(question) => format!("on `{question}`"),
        Subject::Finding(finding) => format!("on `{finding}`"),
    }
}

fn remark(about: &Subject, text: &str) -> String {
    let what = match about {
        Subject::Assessment => "the summary".to_owned(),
        other => format!("the remark {}", about_words(other)),
    };
    if text.trim().is_empty() {
        return format!("took out {what}");
    }
    format!("wrote {what}: {text}")
}

fn responded(recorded: &Responded) -> String {
    match recorded {
        Responded::Incident { number, response } => {
            let counts = ResponseCounts::of([response]);
            format!(
                "managed response `{}`, incident {}: {} completed, {} pending, {} skipped, {} failed",
                managed_response::key(*number),
                response.incident,
                counts.completed,
                counts.pending,
                counts.skipped,
                counts.failed
            )
        }
        Responded::Figures(figures) => format!(
            "the service's own report showed, for {} to {}: {} investigated, {} resolved",
            words::count(figures.days as usize, "day", "days"),
            words::day(figures.until),
            figures.investigated,
            figures.resolved
        ),
    }
}

fn portal(status: &PortalStatus) -> String {
    let mut what = format!(
        "the portal showed on {}: {} to complete, {} in progress, {} completed",
        words::day(status.on),
        status.to_complete,
        status.in_progress,
        status.completed
    );
    for (asset, counts) in [
        ("devices", status.devices),
        ("identities", status.identities),
    ] {
        if let Some((protected, target)) = counts {
            what += &format!(", {protected} of {target} {asset}");
        }
    }
    what
}
