//! Findings: gaps with a life. What answers raise, joined with what people decided about it.
//!
//! A [`Life`] is moved along by what happens to its causes and by decisions; its [`State`] is derived, and depends on the day
//! where a decision ends by itself. When it happens is told by [`assessment`](crate::domain::assessment), which steps through the
//! ledger; what it means for the start is the business of [`scoring`](crate::domain::scoring).

use std::collections::BTreeMap;

use crate::domain::customer::{Customer, DuePolicy, WorkingCalendar};
use crate::domain::decision::{Action, Disposition, FindingDecision, Need, Severity};
use crate::domain::evaluation::{Cause, CauseState, Raising};
use crate::domain::id::PersonId;
use crate::domain::time::{Day, Instant};

/// One finding of a customer, from the day it was first seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// The day on which it began to be raised, for the first time.
    pub first_seen: Day,
    /// How many times it came back after it had been closed.
    pub came_back: u32,
    /// How it stands with its causes.
    pub presence: Presence,
    /// How bad it is, or was when it was last raised.
    pub severity: Severity,
    /// What it means for the start, or meant when it was last raised.
    pub need: Need,
    /// What raises it or has raised it; how each stands now is told by the evaluation.
    pub causes: Vec<Cause>,
    /// The owner and the date agreed.
    pub plan: Option<Plan>,
    /// The decision to live with it, should one have been made since it was last raised.
    pub disposition: Option<Disposed>,
    /// Every decision about it, in the order of the ledger.
    pub decisions: Vec<Decided>,
}

/// How a finding stands with its causes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is raised.
    Raised,
    /// It was raised; a question that could tell is open now.
    Undetermined,
    /// An answer, or a rule, says that the gap is closed.
    Closed(Day),
    /// What raised it does not concern the customer any more.
    Superseded(Day),
}

/// Who does it, and by when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Who.
    pub owner: PersonId,
    /// By when.
    pub due: Day,
}

/// A decision to live with a finding, good for the severity and need it was made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disposed {
    /// The decision.
    pub disposition: Disposition,
    /// The severity it was made for.
    pub severity: Severity,
    /// The need it was made for.
    pub need: Need,
    /// Whether the finding grew worse than it was when this was decided: it then holds no more.
    pub outgrown: bool,
}

/// A decision as it stands in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The entry.
    pub seq: u64,
    /// When it was recorded.
    pub at: Instant,
    /// Who recorded it.
    pub by: PersonId,
    /// What was decided.
    pub action: Action,
}

/// Where a finding stands between *open* and *closed*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State<'a> {
    /// Nobody has taken it.
    Open,
    /// Somebody will do it by a day.
    Planned(&'a Plan),
    /// The risk is accepted for a time.
    RiskAccepted(&'a Disposition),
    /// The gap is closed.
    Closed(Day),
    /// It does not concern the customer any more.
    Superseded(Day),
}

impl State<'_> {
    /// Returns the code that filters and files use.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Planned(_) => "planned",
            Self::RiskAccepted(_) => "risk-accepted",
            Self::Closed(_) => "closed",
            Self::Superseded(_) => "superseded",
        }
    }
}

/// A decision that cannot be taken now, and what can be done instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is closed or does not concern the customer.
    #[error("it is {0}: there is nothing to decide; it opens again when an answer raises it")]
    NotStanding(&'static str),
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
    /// No reason was given.
    #[error("no reason was given: say why the risk is accepted")]
    NoReason,
    /// The approver is the author.
    #[error(
        "{0} cannot approve their own decision about what the start needs: name another approver"
    )]
    OwnApproval(PersonId),
}

/// The longest a plan or an acceptance may reach, in days.
const HORIZON: u64 = 3_660;

impl Life {
    /// Begins on `day`, when the finding is raised for the first time.
    #[must_use]
    pub fn begin(day: Day, raising: &Raising) -> Self {
        Self {
            first_seen: day,
            came_back: 0,
            presence: Presence::Raised,
            severity: raising.severity,
            need: raising.need,
            causes: raising.causes.iter().copied().collect(),
            plan: None,
            disposition: None,
            decisions: Vec::new(),
        }
    }

    /// Takes in that the finding is raised on `day`: still, again, or with other causes.
    pub fn raise(&mut self, raising: &Raising) {
        if let Presence::Closed(_) = self.presence {
            self.came_back += 1;
            self.plan = None;
            self.disposition = None;
            self.causes.clear();
        }
        self.presence = Presence::Raised;
        self.severity = raising.severity;
        self.need = raising.need;
        for cause in &raising.causes {
            if !self.causes.contains(cause) {
                self.causes.push(*cause);
            }
        }
        if let Some(disposed) = &mut self.disposition
            && (raising.severity > disposed.severity || raising.need > disposed.need)
        {
            disposed.outgrown = true;
        }
    }

    /// Takes in that nothing raises the finding on `day`; `states` tells how the causes that raised it stand.
    pub fn fall(&mut self, day: Day, states: &[CauseState]) {
        let open = states.contains(&CauseState::Open);
        let cleared = states.contains(&CauseState::Cleared);
        self.presence = match self.presence {
            Presence::Closed(on) => Presence::Closed(on),
            Presence::Superseded(_) if cleared && !open => Presence::Closed(day),
            Presence::Superseded(on) => Presence::Superseded(on),
            Presence::Raised | Presence::Undetermined if open => Presence::Undetermined,
            Presence::Raised | Presence::Undetermined if cleared => Presence::Closed(day),
            Presence::Raised | Presence::Undetermined => Presence::Superseded(day),
        };
    }

    /// Takes in a decision, which was allowed when it was taken.
    pub fn decide(&mut self, decided: Decided, decision: &FindingDecision) {
        match &decision.action {
            Action::Plan { owner, due } => {
                self.plan = Some(Plan {
                    owner: owner.clone(),
                    due: *due,
                });
                self.disposition = None;
            }
            Action::Accept(disposition) => {
                self.disposition = Some(Disposed {
                    disposition: disposition.clone(),
                    severity: decision.severity,
                    need: decision.need,
                    outgrown: self.severity > decision.severity || self.need > decision.need,
                });
            }
        }
        self.decisions.push(decided);
    }

    /// Returns the disposition that holds on `today`.
    #[must_use]
    pub fn disposition(&self, today: Day) -> Option<&Disposition> {
        self.disposition
            .as_ref()
            .filter(|disposed| !disposed.outgrown && disposed.disposition.until >= today)
            .map(|disposed| &disposed.disposition)
    }

    /// Returns the state on `today`.
    #[must_use]
    pub fn state(&self, today: Day) -> State<'_> {
        match self.presence {
            Presence::Closed(on) => return State::Closed(on),
            Presence::Superseded(on) => return State::Superseded(on),
            Presence::Raised | Presence::Undetermined => {}
        }
        if let Some(disposition) = self.disposition(today) {
            return State::RiskAccepted(disposition);
        }
        self.plan.as_ref().map_or(State::Open, State::Planned)
    }

    /// Returns whether the finding counts: it is raised, or a question that could tell is open after it was.
    #[must_use]
    pub fn stands(&self) -> bool {
        matches!(self.presence, Presence::Raised | Presence::Undetermined)
    }

    /// Returns whether somebody has it in hand on `today`: planned with a date that has not passed, or disposed of.
    #[must_use]
    pub fn in_hand(&self, today: Day) -> bool {
        match self.state(today) {
            State::Planned(plan) => plan.due >= today,
            State::RiskAccepted(_) | State::Closed(_) | State::Superseded(_) => true,
            State::Open => false,
        }
    }

    /// Returns the first day after `today` on which something about the finding changes by itself.
    #[must_use]
    pub fn changes_after(&self, today: Day) -> Option<Day> {
        match self.state(today) {
            State::Planned(plan) => plan.due.succ_opt().filter(|day| *day > today),
            State::RiskAccepted(disposition) => disposition.until.succ_opt(),
            _ => None,
        }
    }

    /// Checks whether `author` may decide `action` on `today`.
    ///
    /// # Errors
    /// Why not, and what is allowed.
    pub fn allows(&self, action: &Action, author: &PersonId, today: Day) -> Result<(), Refusal> {
        match self.presence {
            Presence::Closed(_) => return Err(Refusal::NotStanding("closed")),
            Presence::Superseded(_) => return Err(Refusal::NotStanding("superseded")),
            Presence::Raised | Presence::Undetermined => {}
        }
        match action {
            Action::Plan { due, .. } => reachable("the due date", *due, today),
            Action::Accept(disposition) => {
                if disposition.reason.trim().is_empty() {
                    return Err(Refusal::NoReason);
                }
                let own = disposition.approved_by == disposition.decided_by
                    || disposition.approved_by == *author;
                if own && self.need > Need::Improvement {
                    return Err(Refusal::OwnApproval(disposition.approved_by.clone()));
                }
                reachable("the last day", disposition.until, today)
            }
        }
    }

    /// Returns the day by which the finding is to be closed: the agreed one, or the one that the customer's policy gives.
    #[must_use]
    pub fn due(&self, customer: &Customer) -> Option<Day> {
        match &self.plan {
            Some(plan) => Some(plan.due),
            None => policy_due(self.first_seen, self.severity, self.need, customer),
        }
    }
}

/// Checks that a day lies within the horizon.
fn reachable(what: &'static str, day: Day, today: Day) -> Result<(), Refusal> {
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

/// Returns the day that the customer's policy gives: for a blocker the day before go-live, where one is set; else so many days from
/// the day the finding was first seen.
#[must_use]
pub fn policy_due(
    first_seen: Day,
    severity: Severity,
    need: Need,
    customer: &Customer,
) -> Option<Day> {
    if need == Need::Blocker
        && let Some(go_live) = customer.go_live
    {
        return go_live.pred_opt();
    }
    let days = policy_days(&customer.due_policy, severity);
    if customer.due_policy.business_days {
        return add_working_days(first_seen, days, &customer.calendar);
    }
    first_seen.checked_add_days(chrono::Days::new(u64::from(days)))
}

fn policy_days(policy: &DuePolicy, severity: Severity) -> u32 {
    match severity {
        Severity::Critical => policy.critical,
        Severity::High => policy.high,
        Severity::Medium => policy.medium,
        Severity::Low | Severity::Info => policy.low,
    }
}

/// Returns the day that lies `days` working days after `from`; nothing where the calendar has no working day within reach.
fn add_working_days(from: Day, days: u32, calendar: &WorkingCalendar) -> Option<Day> {
    let works = |day: &Day| {
        use chrono::Datelike;
        !calendar.weekend.contains(&day.weekday().into()) && !calendar.holidays.contains_key(day)
    };
    let reach = days as usize * 8 + 400;
    if days == 0 {
        return Some(from);
    }
    from.succ_opt()?
        .iter_days()
        .take(reach)
        .filter(works)
        .nth(days as usize - 1)
}

/// Every finding of an assessment, by its id and the key of its row.
pub type Lives = BTreeMap<crate::domain::id::FindingKey, Life>;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn day(day: u32) -> Day {
        Day::from_ymd_opt(2026, 9, day).unwrap()
    }

    fn raising(severity: Severity, need: Need) -> Raising {
        Raising {
            severity,
            need,
            causes: BTreeSet::from([Cause::Question(0)]),
        }
    }

    fn acceptance(until: Day) -> FindingDecision {
        FindingDecision {
            finding: "gap".parse().unwrap(),
            severity: Severity::High,
            need: Need::Blocker,
            action: Action::Accept(Disposition {
                reason: "no budget this year".into(),
                decided_by: "anna".parse().unwrap(),
                approved_by: "bo".parse().unwrap(),
                until,
            }),
        }
    }

    fn decided(decision: &FindingDecision) -> Decided {
        Decided {
            seq: 9,
            at: "2026-09-02T12:00:00Z".parse().unwrap(),
            by: "anna".parse().unwrap(),
            action: decision.action.clone(),
        }
    }

    #[test]
    fn an_acceptance_ends_on_its_day_and_the_finding_is_open_again() {
        let mut life = Life::begin(day(1), &raising(Severity::High, Need::Blocker));
        let decision = acceptance(day(10));
        life.decide(decided(&decision), &decision);
        assert_eq!(life.state(day(10)).code(), "risk-accepted");
        assert_eq!(life.state(day(11)).code(), "open");
        assert_eq!(life.changes_after(day(2)), Some(day(11)));
    }

    #[test]
    fn an_acceptance_does_not_cover_what_grew_worse() {
        let mut life = Life::begin(day(1), &raising(Severity::High, Need::Blocker));
        let decision = acceptance(day(10));
        life.decide(decided(&decision), &decision);
        life.raise(&raising(Severity::Critical, Need::Blocker));
        assert_eq!(life.state(day(2)).code(), "open");
        life.raise(&raising(Severity::High, Need::Blocker));
        assert_eq!(life.state(day(2)).code(), "open");
    }

    #[test]
    fn what_comes_back_after_closing_is_open_and_keeps_its_first_day() {
        let mut life = Life::begin(day(1), &raising(Severity::High, Need::Blocker));
        let decision = acceptance(day(20));
        life.decide(decided(&decision), &decision);
        life.fall(day(3), &[CauseState::Cleared, CauseState::Gone]);
        assert_eq!(life.state(day(4)), State::Closed(day(3)));
        life.raise(&raising(Severity::High, Need::Blocker));
        assert_eq!((life.came_back, life.first_seen), (1, day(1)));
        assert_eq!(life.state(day(5)).code(), "open");
        assert_eq!(life.decisions.len(), 1);
    }

    #[test]
    fn what_was_superseded_resumes_where_it_was() {
        let mut life = Life::begin(day(1), &raising(Severity::High, Need::Blocker));
        let decision = acceptance(day(20));
        life.decide(decided(&decision), &decision);
        life.fall(day(3), &[CauseState::Gone]);
        assert_eq!(life.state(day(4)), State::Superseded(day(3)));
        life.raise(&raising(Severity::High, Need::Blocker));
        assert_eq!(
            (life.came_back, life.state(day(5)).code()),
            (0, "risk-accepted")
        );
    }

    #[test]
    fn a_withdrawn_answer_leaves_the_finding_standing() {
        let mut life = Life::begin(day(1), &raising(Severity::High, Need::Blocker));
        life.fall(day(3), &[CauseState::Open]);
        assert!(life.stands());
        assert_eq!(life.state(day(4)).code(), "open");
    }

    #[test]
    fn nobody_approves_their_own_acceptance_of_what_the_start_needs() {
        let life = Life::begin(day(1), &raising(Severity::High, Need::Condition));
        let action = acceptance(day(10)).action;
        let anna = "anna".parse().unwrap();
        let bo = "bo".parse().unwrap();
        assert_eq!(life.allows(&action, &anna, day(2)), Ok(()));
        assert!(life.allows(&action, &bo, day(2)).is_err());
        assert!(life.allows(&action, &anna, day(11)).is_err());
        let plan = |due| Action::Plan {
            owner: anna.clone(),
            due,
        };
        assert!(life.allows(&plan(Day::MAX), &anna, day(2)).is_err());
        assert!(life.allows(&plan(day(1)), &anna, day(2)).is_err());
    }

    #[test]
    fn working_days_skip_weekends_and_holidays() {
        let mut calendar = WorkingCalendar::default();
        calendar.holidays.insert(day(7), "a holiday".into());
        // Friday 4 September + 2 working days: Monday is off, so Tuesday and Wednesday.
        assert_eq!(add_working_days(day(4), 2, &calendar), Some(day(9)));
        assert_eq!(add_working_days(day(4), 0, &calendar), Some(day(4)));
        let never = WorkingCalendar {
            weekend: (0..7)
                .map(|n| chrono::Weekday::try_from(n).unwrap().into())
                .collect(),
            ..WorkingCalendar::default()
        };
        assert_eq!(add_working_days(day(4), 2, &never), None);
    }
}
