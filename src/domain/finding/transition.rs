//! Which decision about a finding is allowed when, and why another is refused.
//!
//! [`TRANSITIONS`] is the whole table. What a decision brings about is the business of
//! [`Life::decide`](crate::domain::finding::Life::decide).

use crate::domain::decision::{Action, Disposition, Need, Party, Verb};
use crate::domain::finding::{Life, Origin, Presence, StateName};
use crate::domain::id::PersonId;
use crate::domain::response::Basis;
use crate::domain::time::Day;

use StateName::{
    Claimed, Closed, Disputed, InProgress, Mitigated, Open, Planned, RecordedInError, RiskAccepted,
    ThirdParty, Waiting,
};

/// A line of the table: what may be decided, from which states, and where it leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// What is decided.
    pub verb: Verb,
    /// The states in which it may be.
    pub from: &'static [StateName],
    /// Where it leads, in words.
    pub to: &'static str,
}

/// Every decision that may be taken. What is not here is refused.
///
/// Nothing is decided about what is closed or superseded, but that advice which a decision closed may be opened again.
#[rustfmt::skip]
pub const TRANSITIONS: [Transition; 13] = [
    Transition { verb: Verb::Assign, to: "the same state, with an owner",
        from: &[Open, Planned, InProgress, Claimed, Waiting, Disputed] },
    Transition { verb: Verb::Plan, to: "planned, or as before where it is begun, waiting or disputed; ends a claim and a disposition",
        from: &[Open, Planned, InProgress, Claimed, Waiting, Disputed, RiskAccepted, ThirdParty, Mitigated] },
    Transition { verb: Verb::Start, to: "in-progress",
        from: &[Open, Planned, Claimed] },
    Transition { verb: Verb::Wait, to: "waiting; on another than now, where it waits already",
        from: &[Open, Planned, InProgress, Claimed, Waiting] },
    Transition { verb: Verb::Resume, to: "the state before it was waiting or disputed",
        from: &[Waiting, Disputed] },
    Transition { verb: Verb::Claim, to: "claimed; nothing is waited for or disputed any more",
        from: &[Open, Planned, InProgress, Waiting, Disputed] },
    Transition { verb: Verb::Accept, to: "risk-accepted until a day, then the state before",
        from: &[Open, Planned, InProgress, Claimed, Waiting, Disputed, RiskAccepted, ThirdParty, Mitigated] },
    Transition { verb: Verb::ThirdParty, to: "third-party until a day, then the state before",
        from: &[Open, Planned, InProgress, Claimed, Waiting, Disputed, RiskAccepted, ThirdParty, Mitigated] },
    Transition { verb: Verb::Mitigate, to: "mitigated until a day, then the state before",
        from: &[Open, Planned, InProgress, Claimed, Waiting, Disputed, RiskAccepted, ThirdParty, Mitigated] },
    Transition { verb: Verb::Dispute, to: "disputed",
        from: &[Open, Planned, InProgress, Claimed, Waiting] },
    Transition { verb: Verb::InError, to: "recorded-in-error",
        from: &[Open, Planned, InProgress, Claimed, Waiting, Disputed, RiskAccepted, ThirdParty, Mitigated] },
    Transition { verb: Verb::Reopen, to: "the state before the last step",
        from: &[Planned, InProgress, Claimed, Disputed, RiskAccepted, ThirdParty, Mitigated, RecordedInError, Closed] },
    Transition { verb: Verb::Close, to: "closed; advice only",
        from: &[Open, Planned, InProgress, Claimed, Waiting, Disputed, RiskAccepted, ThirdParty, Mitigated] },
];

/// The longest reason, comment or other words of a decision, in bytes.
pub const MAX_WORDS: usize = 10_000;

/// The longest a plan or a disposition may reach, in days.
const HORIZON: u64 = 3_660;

/// A decision that cannot be taken now, and what can be done instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is closed or does not concern the customer.
    #[error("it is {0}: there is nothing to decide; it opens again when an answer raises it")]
    NotStanding(&'static str),
    /// The state does not allow it.
    #[error("it is {}: `{}` does not fit; what does is {}", state.code(), verb.code(), listed(allowed))]
    NotFrom {
        /// What was to be decided.
        verb: Verb,
        /// The state it is in.
        state: StateName,
        /// What may be decided in that state.
        allowed: Vec<Verb>,
    },
    /// It waits on the same already.
    #[error("it waits on {} already: name another who must act, or `resume`", .0.words())]
    WaitsAlready(Party),
    /// Only advice is closed by a decision.
    #[error(
        "what answers raise is closed by an answer: say how it is now with `readiness answer`, or `claim` that it is done"
    )]
    ClosedByAnswers,
    /// A managed response is closed by what the service says of it.
    #[error("a managed response is closed by its own status: update that")]
    ClosedByStatus,
    /// That somebody says so closes nothing.
    #[error("that somebody says so closes no advice: name a document or a tool that shows it")]
    NothingShown,
    /// Nobody owns it.
    #[error("nobody is to do it yet: say who with `assign`, or who and by when with `plan`")]
    NoOwner,
    /// The day has passed.
    #[error("{what} {day} has passed (today is {today}): name a day from today on")]
    Past {
        /// Which day.
        what: &'static str,
        /// The day.
        day: Day,
        /// The day it is.
        today: Day,
    },
    /// The day is too far off to mean anything.
    #[error("{what} {day} is more than ten years off: name a day before {latest}")]
    TooFar {
        /// Which day.
        what: &'static str,
        /// The day.
        day: Day,
        /// The latest day.
        latest: Day,
    },
    /// Words are missing.
    #[error("no {what} given: say {say}")]
    NoWords {
        /// Which words, with their verb.
        what: &'static str,
        /// What to say.
        say: &'static str,
    },
    /// Too many words.
    #[error("{0} bytes are too long: at most {MAX_WORDS} are kept; put the rest into a document")]
    TooLong(usize),
    /// The approver is the author.
    #[error(
        "{0} cannot approve their own decision about what the start needs: name another approver"
    )]
    OwnApproval(PersonId),
    /// Nobody approved what needs approval.
    #[error("the start needs it: name somebody else who approves that it was recorded in error")]
    NotApproved,
}

fn listed(verbs: &[Verb]) -> String {
    let codes: Vec<String> = verbs
        .iter()
        .map(|verb| format!("`{}`", verb.code()))
        .collect();
    match codes.split_last() {
        None => "nothing".into(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}

/// Returns what may be decided about a finding that came about as `origin` tells, in `state`.
pub fn allowed(state: StateName, origin: Origin) -> impl Iterator<Item = Verb> {
    TRANSITIONS
        .iter()
        .filter(move |line| line.from.contains(&state))
        .map(|line| line.verb)
        .filter(move |verb| *verb != Verb::Close || origin == Origin::Advice)
        .filter(move |_| state != Closed || origin == Origin::Advice)
}

impl Life {
    /// Checks whether `author` may decide `action` on `today`.
    ///
    /// # Errors
    /// Why not, and what is allowed.
    pub fn allows(&self, action: &Action, author: &PersonId, today: Day) -> Result<(), Refusal> {
        let state = self.state(today).name();
        let verb = action.verb();
        if !allowed(state, self.origin).any(|known| known == verb) {
            return Err(self.refusal(verb, state));
        }
        match action {
            Action::Plan { due, .. } => reachable("the due date", *due, today),
            Action::Accept(disposition)
            | Action::ThirdParty(disposition)
            | Action::Mitigate(disposition) => self.disposes(disposition, author, today),
            Action::Start if self.owner().is_none() => Err(Refusal::NoOwner),
            Action::Wait { on, why } => {
                words(why, "reason was", "what it waits for")?;
                match &self.waiting {
                    Some(waiting) if waiting.on == *on => Err(Refusal::WaitsAlready(*on)),
                    _ => Ok(()),
                }
            }
            Action::Dispute { words: said, .. } => words(said, "words were", "what they dispute"),
            Action::InError {
                reason,
                approved_by,
            } => self.errs(reason, approved_by.as_ref(), author),
            Action::Close { basis, named } => {
                if *basis == Basis::Interview {
                    return Err(Refusal::NothingShown);
                }
                words(named, "document or tool was", "which one shows it")
            }
            Action::Claim { comment: said, .. } | Action::Reopen { reason: said } => {
                short(said.as_deref().unwrap_or_default())
            }
            Action::Start | Action::Assign { .. } | Action::Resume => Ok(()),
        }
    }

    /// Says why `verb` does not fit.
    fn refusal(&self, verb: Verb, state: StateName) -> Refusal {
        match (self.presence, self.origin) {
            (Presence::Closed(_) | Presence::Superseded(_), Origin::Answers) => {
                Refusal::NotStanding(state.code())
            }
            (_, Origin::Answers) if verb == Verb::Close => Refusal::ClosedByAnswers,
            (_, Origin::ManagedResponse) if verb == Verb::Close => Refusal::ClosedByStatus,
            (_, origin) => Refusal::NotFrom {
                verb,
                state,
                allowed: allowed(state, origin).collect(),
            },
        }
    }

    /// Checks a decision to live with the finding.
    fn disposes(
        &self,
        disposition: &Disposition,
        author: &PersonId,
        today: Day,
    ) -> Result<(), Refusal> {
        words(
            &disposition.reason,
            "reason was",
            "why it may stay as it is",
        )?;
        let approver = &disposition.approved_by;
        let own = *approver == disposition.decided_by || approver == author;
        if own && self.need > Need::Improvement {
            return Err(Refusal::OwnApproval(approver.clone()));
        }
        reachable("the last day", disposition.until, today)
    }

    /// Checks a decision that there never was such a gap.
    fn errs(
        &self,
        reason: &str,
        approved_by: Option<&PersonId>,
        author: &PersonId,
    ) -> Result<(), Refusal> {
        words(reason, "reason was", "how it came to be recorded")?;
        match approved_by {
            _ if self.need < Need::Blocker => Ok(()),
            None => Err(Refusal::NotApproved),
            Some(approver) if approver == author => Err(Refusal::OwnApproval(approver.clone())),
            Some(_) => Ok(()),
        }
    }
}

/// Checks that something was said, and not too much.
fn words(said: &str, what: &'static str, say: &'static str) -> Result<(), Refusal> {
    if said.trim().is_empty() {
        return Err(Refusal::NoWords { what, say });
    }
    short(said)
}

fn short(said: &str) -> Result<(), Refusal> {
    if said.len() > MAX_WORDS {
        return Err(Refusal::TooLong(said.len()));
    }
    Ok(())
}

/// Checks that a day that somebody is to keep has not passed by `today` and is not ten years off; `what` names it, with its article.
///
/// # Errors
/// Why not, and what is allowed.
pub fn reachable(what: &'static str, day: Day, today: Day) -> Result<(), Refusal> {
    if day < today {
        return Err(Refusal::Past { what, day, today });
    }
    let latest = today
        .checked_add_days(chrono::Days::new(HORIZON))
        .unwrap_or(Day::MAX);
    if day > latest {
        return Err(Refusal::TooFar { what, day, latest });
    }
    Ok(())
}
