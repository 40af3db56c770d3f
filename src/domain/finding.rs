//! Findings: gaps with a life. What answers raise, joined with what people decided about it.
//!
//! A [`Life`] is moved along by what happens to its causes and by decisions; its [`State`] is derived, and depends on the day
//! where a decision ends by itself. When it happens is told by [`assessment`](crate::domain::assessment), which steps through the
//! ledger; what it means for the start is the business of [`scoring`](crate::domain::scoring).
//!
//! # States
//!
//! `open` → `planned` (owner, date) → `in-progress` → `claimed` (somebody says done) → `closed`, by an answer. Upon these lie
//! layers, and the uppermost that holds is the state; when it is lifted or ends, the one beneath shows again:
//!
//! | layer, uppermost first | ends |
//! |---|---|
//! | `closed`, `superseded` | when the finding is raised again: after `closed` it *came back* and is `open`, else as it was |
//! | `recorded-in-error` | when reopened; or it becomes a blocker, and nobody else approved |
//! | `risk-accepted`, `third-party`, `mitigated` | when reopened or planned; after its last day; or the finding grew worse |
//! | `disputed` | when resumed, reopened or claimed |
//! | `waiting` | when resumed or claimed |
//! | `open`, `planned`, `in-progress`, `claimed` | |
//!
//! Which decision is allowed when is one table, [`TRANSITIONS`]; what it does not allow is refused and changes nothing.
//!
//! # What always holds
//!
//! The day a finding was first seen never changes, no decision about it is ever lost, and the count of how often it came back only
//! grows. The state on a day follows from the ledger and that day alone. What answers raise is closed by an answer (or a rule) and by
//! nothing else. A finding is in hand only with an owner and a date, or disposed of.

mod transition;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::customer::Customer;
use crate::domain::decision::{Action, Disposition, FindingDecision, Need, Party, Severity};
use crate::domain::due::{self, Clocks, Closing, Pause};
use crate::domain::evaluation::{Cause, CauseState, Raising};
use crate::domain::id::{FindingKey, PersonId};
use crate::domain::managed_response::ActionStatus;
use crate::domain::response::Basis;
use crate::domain::time::{Day, Instant};

pub use crate::domain::finding::transition::{
    MAX_WORDS, Refusal, TRANSITIONS, Transition, allowed, reachable,
};

/// One finding of a customer, from the day it was first seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// Where it comes from.
    pub origin: Origin,
    /// The day on which it began to be raised, for the first time.
    pub first_seen: Day,
    /// The day on which it was raised last after it had been closed; else that on which it was first seen. Dates count from it.
    pub since: Day,
    /// Who acts by the first thing that is recommended, while nothing else says who must.
    pub acts: Party,
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
    /// Who is to do it, while no date is agreed.
    pub assigned: Option<PersonId>,
    /// The owner and the date agreed.
    pub plan: Option<Plan>,
    /// How far the work on it is.
    pub step: Step,
    /// What it waits for.
    pub waiting: Option<Waiting>,
    /// When it waited before, since it was last raised, in the order of time.
    pub waited: Vec<Pause>,
    /// Who had to act since when, from the beginning.
    pub turns: Vec<Turn>,
    /// The day by which a managed response is to be over.
    pub respond_by: Option<Day>,
    /// What it came to when it was closed, while it is.
    pub closing: Option<Closing>,
    /// Who says that it is no gap.
    pub dispute: Option<Dispute>,
    /// The decision to live with it, should one have been made since it was last raised.
    pub disposition: Option<Disposed>,
    /// That it was recorded in error, should somebody have decided so since it was last raised.
    pub erratum: Option<Erratum>,
    /// Every decision about it, in the order of the ledger.
    pub decisions: Vec<Decided>,
    /// What it was called before, each with the entry that gave it another name.
    pub formerly: Vec<(u64, FindingKey)>,
}

/// Where a finding comes from, and with that what closes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Answers and rules of the questionnaire, which close it too.
    Answers,
    /// Advice given later, closed by a decision that names a document or a tool.
    Advice,
    /// A managed response of the service, closed by its own status.
    ManagedResponse,
}

/// How a finding stands with its causes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is raised.
    Raised,
    /// It was raised; a question that could tell is open now.
    Undetermined,
    /// An answer, or a rule, says that the gap is closed; of advice, a decision.
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

/// How far the work on a finding is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Step {
    /// Nobody has begun.
    #[default]
    NotBegun,
    /// Its owner has begun, on that day.
    Begun(Day),
    /// Somebody says that it is done.
    Claimed(Claim),
}

/// That somebody says that a finding is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who says so.
    pub by: PersonId,
    /// Since when.
    pub since: Day,
    /// What they say about it.
    pub comment: Option<String>,
    /// The day on which the work was begun, where somebody said so.
    pub begun: Option<Day>,
}

/// What a finding waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Who must act.
    pub on: Party,
    /// Since when they must.
    pub since: Day,
    /// What it waits for.
    pub why: String,
}

/// That from a day on somebody must act, or nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Who; nobody while nothing is to be done.
    pub party: Option<Party>,
    /// Since when.
    pub since: Day,
}

/// That somebody says that a finding is no gap, or judged wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute {
    /// Who says so.
    pub by: PersonId,
    /// Since when.
    pub since: Day,
    /// Their words.
    pub words: String,
}

/// A decision to live with a finding, good for the severity and need it was made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disposed {
    /// What for.
    pub kind: DispositionKind,
    /// The decision.
    pub disposition: Disposition,
    /// The severity it was made for.
    pub severity: Severity,
    /// The need it was made for.
    pub need: Need,
    /// Whether it does not hold, or no more: the finding grew worse than it was when this was decided, or the start needs it and
    /// nobody but the author approved.
    pub outgrown: bool,
}

/// Why a finding may stay as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DispositionKind {
    /// The risk is accepted.
    Accepted,
    /// Another product covers it.
    ThirdParty,
    /// It is mitigated in another way.
    Mitigated,
}

/// A decision that there never was such a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erratum {
    /// How it came about.
    pub reason: String,
    /// Who decided so.
    pub by: PersonId,
    /// Who approved it.
    pub approved_by: Option<PersonId>,
    /// Since when.
    pub since: Day,
    /// Whether it does not hold: the finding is a blocker, and nobody but the author approved.
    pub outgrown: bool,
}

/// A decision as it stands in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The entry.
    pub seq: u64,
    /// When it was recorded.
    pub at: Instant,
    /// The day on which it was recorded, where the customer is.
    pub on: Day,
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
    /// Its owner has begun, on that day.
    InProgress(Day),
    /// Somebody says that it is done.
    Claimed(&'a Claim),
    /// It waits on somebody; [`Life::returns_to`] tells what it is then.
    Waiting(&'a Waiting),
    /// The risk is accepted for a time.
    RiskAccepted(&'a Disposition),
    /// Another product covers it for a time.
    ThirdParty(&'a Disposition),
    /// It is mitigated in another way for a time.
    Mitigated(&'a Disposition),
    /// Somebody says that it is no gap.
    Disputed(&'a Dispute),
    /// There never was such a gap.
    RecordedInError(&'a Erratum),
    /// The gap is closed.
    Closed(Day),
    /// It does not concern the customer any more.
    Superseded(Day),
}

/// The name of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StateName {
    /// [`State::Open`].
    Open,
    /// [`State::Planned`].
    Planned,
    /// [`State::InProgress`].
    InProgress,
    /// [`State::Claimed`].
    Claimed,
    /// [`State::Waiting`].
    Waiting,
    /// [`State::RiskAccepted`].
    RiskAccepted,
    /// [`State::ThirdParty`].
    ThirdParty,
    /// [`State::Mitigated`].
    Mitigated,
    /// [`State::Disputed`].
    Disputed,
    /// [`State::RecordedInError`].
    RecordedInError,
    /// [`State::Closed`].
    Closed,
    /// [`State::Superseded`].
    Superseded,
}

impl StateName {
    /// Every state, in the order of a life.
    pub const ALL: [Self; 12] = [
        Self::Open,
        Self::Planned,
        Self::InProgress,
        Self::Claimed,
        Self::Waiting,
        Self::RiskAccepted,
        Self::ThirdParty,
        Self::Mitigated,
        Self::Disputed,
        Self::RecordedInError,
        Self::Closed,
        Self::Superseded,
    ];

    /// Returns the code that filters and files use.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Planned => "planned",
            Self::InProgress => "in-progress",
            Self::Claimed => "claimed",
            Self::Waiting => "waiting",
            Self::RiskAccepted => "risk-accepted",
            Self::ThirdParty => "third-party",
            Self::Mitigated => "mitigated",
            Self::Disputed => "disputed",
            Self::RecordedInError => "recorded-in-error",
            Self::Closed => "closed",
            Self::Superseded => "superseded",
        }
    }

    /// Returns whether the finding is done with: it does not stand any more.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(
            self,
            Self::RecordedInError | Self::Closed | Self::Superseded
        )
    }
}

impl<'a> State<'a> {
    /// Returns the name of the state.
    #[must_use]
    pub fn name(&self) -> StateName {
        match self {
            Self::Open => StateName::Open,
            Self::Planned(_) => StateName::Planned,
            Self::InProgress(_) => StateName::InProgress,
            Self::Claimed(_) => StateName::Claimed,
            Self::Waiting(_) => StateName::Waiting,
            Self::RiskAccepted(_) => StateName::RiskAccepted,
            Self::ThirdParty(_) => StateName::ThirdParty,
            Self::Mitigated(_) => StateName::Mitigated,
            Self::Disputed(_) => StateName::Disputed,
            Self::RecordedInError(_) => StateName::RecordedInError,
            Self::Closed(_) => StateName::Closed,
            Self::Superseded(_) => StateName::Superseded,
        }
    }

    /// Returns the code that filters and files use.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.name().code()
    }

    /// Returns the decision to live with the finding, where that is the state.
    #[must_use]
    pub fn disposition(&self) -> Option<&'a Disposition> {
        match self {
            Self::RiskAccepted(disposition)
            | Self::ThirdParty(disposition)
            | Self::Mitigated(disposition) => Some(disposition),
            _ => None,
        }
    }
}

impl Life {
    /// Begins on `day`, when the finding is raised for the first time.
    #[must_use]
    pub fn begin(day: Day, raising: &Raising) -> Self {
        Self {
            causes: raising.causes.iter().copied().collect(),
            ..Self::given(Origin::Answers, day, raising.severity, raising.need)
        }
    }

    /// Begins on `day` with something that no answer raises.
    #[must_use]
    pub fn given(origin: Origin, day: Day, severity: Severity, need: Need) -> Self {
        Self {
            origin,
            first_seen: day,
            since: day,
            acts: Party::Customer,
            came_back: 0,
            presence: Presence::Raised,
            severity,
            need,
            causes: Vec::new(),
            assigned: None,
            plan: None,
            step: Step::NotBegun,
            waiting: None,
            waited: Vec::new(),
            turns: Vec::new(),
            respond_by: None,
            closing: None,
            dispute: None,
            disposition: None,
            erratum: None,
            decisions: Vec::new(),
            formerly: Vec::new(),
        }
    }

    /// Returns what it was called after an entry; nothing where it is called so still.
    #[must_use]
    pub fn name_at(&self, seq: u64) -> Option<&FindingKey> {
        let mut names = self.formerly.iter();
        names.find(|(until, _)| *until > seq).map(|(_, name)| name)
    }

    /// Takes in that the finding is raised on `day`: still, again, or with other causes.
    pub fn raise(&mut self, day: Day, raising: &Raising) {
        if let Presence::Closed(_) = self.presence {
            self.come_back(day);
        }
        self.presence = Presence::Raised;
        self.severity = raising.severity;
        self.need = raising.need;
        for cause in &raising.causes {
            if !self.causes.contains(cause) {
                self.causes.push(*cause);
            }
        }
        self.outgrow();
    }

    /// Begins again on `day` after it was closed: what was decided before is history.
    pub fn come_back(&mut self, day: Day) {
        let decisions = std::mem::take(&mut self.decisions);
        let turns = std::mem::take(&mut self.turns);
        let formerly = std::mem::take(&mut self.formerly);
        *self = Self {
            since: day,
            acts: self.acts,
            came_back: self.came_back.saturating_add(1),
            turns,
            decisions,
            formerly,
            ..Self::given(self.origin, self.first_seen, self.severity, self.need)
        };
    }

    /// Ends what was decided about something milder.
    fn outgrow(&mut self) {
        if let Some(disposed) = &mut self.disposition {
            disposed.outgrown |= self.severity > disposed.severity || self.need > disposed.need;
        }
        if let Some(erratum) = &mut self.erratum {
            let approved = (erratum.approved_by.as_ref()).is_some_and(|by| *by != erratum.by);
            erratum.outgrown |= self.need == Need::Blocker && !approved;
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

    /// Takes in the status of a managed response on `day`; one that is over was so on the day `over`.
    pub fn answered(&mut self, day: Day, over: Day, status: ActionStatus) {
        match (status, self.presence) {
            (ActionStatus::Completed, _) => self.presence = Presence::Closed(over),
            (ActionStatus::Skipped, _) => self.presence = Presence::Superseded(over),
            (_, Presence::Closed(_)) => self.come_back(day),
            _ => self.presence = Presence::Raised,
        }
    }

    /// Takes in a decision, which was allowed when it was taken.
    pub fn decide(&mut self, decided: Decided, decision: &FindingDecision) {
        self.settle(decided.on);
        match &decision.action {
            Action::Plan { owner, due } => self.planned(owner, *due),
            Action::Assign { owner } => self.assign(owner),
            Action::Start => self.step = Step::Begun(decided.on),
            Action::Wait { on, why } => {
                self.wait_no_more(decided.on);
                self.waiting = Some(Waiting {
                    on: *on,
                    since: decided.on,
                    why: why.clone(),
                });
            }
            Action::Resume => self.resume(decided.on),
            Action::Claim { by, comment } => self.claim(by, comment.as_ref(), decided.on),
            Action::Accept(one) => self.dispose(DispositionKind::Accepted, one, &decided, decision),
            Action::ThirdParty(one) => {
                self.dispose(DispositionKind::ThirdParty, one, &decided, decision);
            }
            Action::Mitigate(one) => {
                self.dispose(DispositionKind::Mitigated, one, &decided, decision);
            }
            Action::Dispute { by, words } => {
                self.dispute = Some(Dispute {
                    by: by.clone(),
                    since: decided.on,
                    words: words.clone(),
                });
            }
            Action::InError {
                reason,
                approved_by,
            } => {
                self.erratum = Some(Erratum {
                    reason: reason.clone(),
                    by: decided.by.clone(),
                    approved_by: approved_by.clone(),
                    since: decided.on,
                    outgrown: false,
                });
                self.outgrow();
            }
            Action::Reopen { .. } => self.reopen(decided.on),
            Action::Close { basis, .. } => {
                if self.origin == Origin::Advice && *basis > Basis::Interview {
                    self.presence = Presence::Closed(decided.on);
                }
            }
        }
        self.decisions.push(decided);
    }

    /// Clears away what has ended by itself by `day`, so that nothing brings it back.
    fn settle(&mut self, day: Day) {
        self.disposition
            .take_if(|disposed| disposed.outgrown || disposed.disposition.until < day);
        self.erratum.take_if(|erratum| erratum.outgrown);
    }

    fn planned(&mut self, owner: &PersonId, due: Day) {
        self.assigned = None;
        self.plan = Some(Plan {
            owner: owner.clone(),
            due,
        });
        self.unclaim();
        self.disposition = None;
    }

    fn assign(&mut self, owner: &PersonId) {
        match &mut self.plan {
            Some(plan) => plan.owner = owner.clone(),
            None => self.assigned = Some(owner.clone()),
        }
    }

    fn resume(&mut self, on: Day) {
        if self.dispute.take().is_none() {
            self.wait_no_more(on);
        }
    }

    fn wait_no_more(&mut self, on: Day) {
        let waiting = self.waiting.take();
        self.waited.extend(waiting.map(|waiting| Pause {
            from: waiting.since,
            until: on,
        }));
    }

    fn claim(&mut self, by: &PersonId, comment: Option<&String>, on: Day) {
        self.step = Step::Claimed(Claim {
            by: by.clone(),
            since: on,
            comment: comment.cloned(),
            begun: self.begun(),
        });
        self.wait_no_more(on);
        self.dispute = None;
    }

    fn begun(&self) -> Option<Day> {
        match &self.step {
            Step::NotBegun => None,
            Step::Begun(on) => Some(*on),
            Step::Claimed(claim) => claim.begun,
        }
    }

    fn unclaim(&mut self) {
        self.step = self.begun().map_or(Step::NotBegun, Step::Begun);
    }

    fn dispose(
        &mut self,
        kind: DispositionKind,
        disposition: &Disposition,
        decided: &Decided,
        decision: &FindingDecision,
    ) {
        let own = disposition.approved_by == disposition.decided_by
            || disposition.approved_by == decided.by;
        self.disposition = Some(Disposed {
            kind,
            disposition: disposition.clone(),
            severity: decision.severity,
            need: decision.need,
            outgrown: own && self.need > Need::Improvement,
        });
        self.outgrow();
    }

    /// Takes the last step back.
    fn reopen(&mut self, on: Day) {
        match self.state(on).name() {
            StateName::RecordedInError => self.erratum = None,
            StateName::RiskAccepted | StateName::ThirdParty | StateName::Mitigated => {
                self.disposition = None;
            }
            StateName::Disputed => self.dispute = None,
            StateName::Claimed => self.unclaim(),
            StateName::InProgress => self.step = Step::NotBegun,
            StateName::Planned => self.plan = None,
            StateName::Closed if self.origin == Origin::Advice => self.come_back(on),
            StateName::Closed | StateName::Superseded | StateName::Open | StateName::Waiting => {}
        }
    }

    /// Returns who is to do it, where somebody was named.
    #[must_use]
    pub fn owner(&self) -> Option<&PersonId> {
        let planned = self.plan.as_ref().map(|plan| &plan.owner);
        planned.or(self.assigned.as_ref())
    }

    /// Returns the disposition that holds on `today`, whatever lies upon it.
    #[must_use]
    pub fn disposition(&self, today: Day) -> Option<&Disposition> {
        self.disposed(today).map(|disposed| &disposed.disposition)
    }

    fn disposed(&self, today: Day) -> Option<&Disposed> {
        self.disposition
            .as_ref()
            .filter(|disposed| !disposed.outgrown && disposed.disposition.until >= today)
    }

    /// Returns that it was recorded in error, where that holds.
    #[must_use]
    pub fn erratum(&self) -> Option<&Erratum> {
        self.erratum.as_ref().filter(|erratum| !erratum.outgrown)
    }

    /// Returns the state on `today`.
    #[must_use]
    pub fn state(&self, today: Day) -> State<'_> {
        match self.presence {
            Presence::Closed(on) => return State::Closed(on),
            Presence::Superseded(on) => return State::Superseded(on),
            Presence::Raised | Presence::Undetermined => {}
        }
        if let Some(erratum) = self.erratum() {
            return State::RecordedInError(erratum);
        }
        match self.disposed(today) {
            Some(disposed) => disposed.state(),
            None => self.working_state(),
        }
    }

    /// Returns the state without decisions to live with it.
    fn working_state(&self) -> State<'_> {
        match (&self.dispute, &self.waiting) {
            (Some(dispute), _) => State::Disputed(dispute),
            (None, Some(waiting)) => State::Waiting(waiting),
            (None, None) => self.step_state(),
        }
    }

    /// Returns the state by how far the work is.
    fn step_state(&self) -> State<'_> {
        match &self.step {
            Step::Claimed(claim) => State::Claimed(claim),
            Step::Begun(since) => State::InProgress(*since),
            Step::NotBegun => self.plan.as_ref().map_or(State::Open, State::Planned),
        }
    }

    /// Returns the state that shows when what lies uppermost on `today` is lifted or ends by itself; nothing where nothing does.
    #[must_use]
    pub fn returns_to(&self, today: Day) -> Option<StateName> {
        let state = match self.state(today) {
            State::RecordedInError(_) => match self.disposed(today) {
                Some(disposed) => disposed.state(),
                None => self.working_state(),
            },
            State::RiskAccepted(_) | State::ThirdParty(_) | State::Mitigated(_) => {
                self.working_state()
            }
            State::Disputed(_) => match &self.waiting {
                Some(waiting) => State::Waiting(waiting),
                None => self.step_state(),
            },
            State::Waiting(_) => self.step_state(),
            _ => return None,
        };
        Some(state.name())
    }

    /// Returns who must act on `today`: whom it waits on, else the provider for what is to be checked or settled, else the
    /// customer, whose gap it is; nobody while nothing is to be done.
    #[must_use]
    pub fn must_act(&self, today: Day) -> Option<Party> {
        match self.state(today) {
            State::Waiting(waiting) => Some(waiting.on),
            State::Claimed(_) | State::Disputed(_) => Some(Party::Provider),
            State::Open | State::Planned(_) | State::InProgress(_) => Some(self.acts),
            _ => None,
        }
    }

    /// Takes in who must act from `day` on, after something happened on it.
    pub fn hand_on(&mut self, day: Day) {
        let ended = self.disposition.as_ref().map(|one| one.disposition.until);
        let ended = ended.and_then(|until| until.succ_opt());
        for on in ended.filter(|on| *on < day).into_iter().chain([day]) {
            self.turn_to(self.must_act(on), on);
        }
    }

    fn turn_to(&mut self, party: Option<Party>, since: Day) {
        match self.turns.last() {
            Some(last) if last.party == party || last.since > since => {}
            _ => self.turns.push(Turn { party, since }),
        }
    }

    /// Returns who had to act since when, up to `today`, in the order of time.
    #[must_use]
    pub fn turns(&self, today: Day) -> Vec<Turn> {
        let mut turned = self.clone();
        turned.hand_on(today);
        turned.turns
    }

    /// Returns since when whoever must act on `today` must; nothing where nobody must.
    #[must_use]
    pub fn acts_since(&self, today: Day) -> Option<Turn> {
        let turns = self.turns(today);
        turns.last().copied().filter(|turn| turn.party.is_some())
    }

    /// Takes in what it came to, where it was closed; freezes it against the date that holds for the customer now.
    pub fn freeze(&mut self, customer: &Customer) {
        let Presence::Closed(on) = self.presence else {
            self.closing = None;
            return;
        };
        if self.closing.is_none_or(|closing| closing.on != on) {
            self.closing = Some(Closing {
                on,
                due: self.due(customer),
                clocks: self.clocks_until(on, customer),
            });
        }
    }

    /// Returns whether the finding is raised, or a question that could tell is open after it was.
    #[must_use]
    pub fn is_present(&self) -> bool {
        matches!(self.presence, Presence::Raised | Presence::Undetermined)
    }

    /// Returns whether the finding counts: it is present and was not recorded in error.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.is_present() && self.erratum().is_none()
    }

    /// Returns whether somebody has it in hand on `today`: it has an owner and an agreed date that has not passed, or is disposed
    /// of. What does not stand needs no hand.
    #[must_use]
    pub fn in_hand(&self, today: Day) -> bool {
        match self.state(today) {
            State::Open => false,
            State::Planned(_)
            | State::InProgress(_)
            | State::Claimed(_)
            | State::Waiting(_)
            | State::Disputed(_) => self.plan.as_ref().is_some_and(|plan| plan.due >= today),
            State::RiskAccepted(_)
            | State::ThirdParty(_)
            | State::Mitigated(_)
            | State::RecordedInError(_)
            | State::Closed(_)
            | State::Superseded(_) => true,
        }
    }

    /// Returns the first day after `today` on which something about the finding changes by itself.
    #[must_use]
    pub fn changes_after(&self, today: Day) -> Option<Day> {
        let state = self.state(today);
        if let Some(disposition) = state.disposition() {
            return disposition.until.succ_opt();
        }
        let plan = self.plan.as_ref().filter(|_| !state.name().is_over())?;
        plan.due.succ_opt().filter(|day| *day > today)
    }

    /// Returns the day by which the finding is to be closed: the agreed one, or the one that the customer's policy gives. Nothing
    /// while its clock stands still because it waits, unless the day had passed before.
    #[must_use]
    pub fn due(&self, customer: &Customer) -> Option<Day> {
        if let Some(plan) = &self.plan {
            return Some(plan.due);
        }
        if self.origin == Origin::ManagedResponse {
            return self.respond_by;
        }
        let (severity, need) = (self.severity, self.need);
        let due = due::policy_due(self.since, severity, need, customer, &self.waited)?;
        let fixed = need == Need::Blocker && customer.go_live.is_some();
        match &self.waiting {
            Some(waiting) if customer.due_policy.pause_while_waiting && !fixed => {
                (due < waiting.since).then_some(due)
            }
            _ => Some(due),
        }
    }

    /// Returns how long the finding has taken by `today`; of a closed one, how long it took.
    #[must_use]
    pub fn clocks(&self, customer: &Customer, today: Day) -> Clocks {
        match self.closing {
            Some(closing) => closing.clocks,
            None => self.clocks_until(today, customer),
        }
    }

    fn clocks_until(&self, until: Day, customer: &Customer) -> Clocks {
        let mut pauses = self.waited.clone();
        pauses.extend(self.waiting.as_ref().map(|waiting| Pause {
            from: waiting.since,
            until,
        }));
        Clocks {
            elapsed: due::length(self.first_seen, until, &customer.calendar),
            running: due::running(self.since, until, &pauses, &customer.calendar),
        }
    }
}

impl Disposed {
    fn state(&self) -> State<'_> {
        match self.kind {
            DispositionKind::Accepted => State::RiskAccepted(&self.disposition),
            DispositionKind::ThirdParty => State::ThirdParty(&self.disposition),
            DispositionKind::Mitigated => State::Mitigated(&self.disposition),
        }
    }
}

/// Every finding of an assessment, by its id and the key of its row.
pub type Lives = BTreeMap<FindingKey, Life>;

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
            on: day(2),
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
        life.raise(day(4), &raising(Severity::Critical, Need::Blocker));
        assert_eq!(life.state(day(2)).code(), "open");
        life.raise(day(4), &raising(Severity::High, Need::Blocker));
        assert_eq!(life.state(day(2)).code(), "open");
    }

    #[test]
    fn what_comes_back_after_closing_is_open_and_keeps_its_first_day() {
        let mut life = Life::begin(day(1), &raising(Severity::High, Need::Blocker));
        let decision = acceptance(day(20));
        life.decide(decided(&decision), &decision);
        life.fall(day(3), &[CauseState::Cleared, CauseState::Gone]);
        assert_eq!(life.state(day(4)), State::Closed(day(3)));
        life.raise(day(4), &raising(Severity::High, Need::Blocker));
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
        life.raise(day(4), &raising(Severity::High, Need::Blocker));
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
    fn decisions_are_written_as_they_always_were() {
        let plan = Action::Plan {
            owner: "bo".parse().unwrap(),
            due: day(20),
        };
        let written = |action: &Action| serde_json::to_string(action).unwrap();
        assert_eq!(
            written(&plan),
            r#"{"plan":{"owner":"bo","due":"2026-09-20"}}"#
        );
        assert_eq!(
            written(&acceptance(day(20)).action),
            r#"{"accept":{"reason":"no budget this year","decided_by":"anna","approved_by":"bo","until":"2026-09-20"}}"#
        );
        assert_eq!(written(&Action::Start), r#""start""#);
    }

    #[test]
    fn what_only_its_author_approved_does_not_hold_for_what_the_start_needs() {
        // Nobody can record this here; a ledger that others wrote may hold it.
        let mut life = Life::begin(day(1), &raising(Severity::High, Need::Blocker));
        let mut decision = acceptance(day(10));
        if let Action::Accept(disposition) = &mut decision.action {
            disposition.approved_by = "anna".parse().unwrap();
        }
        life.decide(decided(&decision), &decision);
        assert_eq!(life.state(day(2)).code(), "open");
        decision.action = Action::InError {
            reason: "a slip".into(),
            approved_by: Some("anna".parse().unwrap()),
        };
        life.decide(decided(&decision), &decision);
        assert!(life.stands());
    }

    #[test]
    fn advice_is_closed_by_what_shows_it_and_opened_again() {
        let mut life = Life::given(Origin::Advice, day(1), Severity::High, Need::Improvement);
        let close = |basis| Action::Close {
            basis,
            named: "minutes of 2 September".into(),
        };
        let anna = "anna".parse().unwrap();
        let told = close(Basis::Interview);
        assert_eq!(
            life.allows(&told, &anna, day(2)),
            Err(Refusal::NothingShown)
        );
        let mut decision = acceptance(day(10));
        decision.action = close(Basis::Document);
        assert_eq!(life.allows(&decision.action, &anna, day(2)), Ok(()));
        life.decide(decided(&decision), &decision);
        assert_eq!(life.state(day(3)), State::Closed(day(2)));
        let plan = Action::Plan {
            owner: anna.clone(),
            due: day(9),
        };
        assert!(life.allows(&plan, &anna, day(3)).is_err());
        decision.action = Action::Reopen { reason: None };
        assert_eq!(life.allows(&decision.action, &anna, day(3)), Ok(()));
        life.decide(decided(&decision), &decision);
        assert_eq!((life.state(day(3)), life.came_back), (State::Open, 1));
    }

    #[test]
    fn layers_show_again_when_those_upon_them_end() {
        let mut life = Life::begin(day(1), &raising(Severity::High, Need::Condition));
        let mut decision = acceptance(day(10));
        let mut decide = |life: &mut Life, action: Action| {
            decision.action = action;
            life.decide(decided(&decision), &decision);
        };
        let bo: PersonId = "bo".parse().unwrap();
        let accept = acceptance(day(10)).action;
        let (owner, due) = (bo.clone(), day(25));
        decide(&mut life, Action::Plan { owner, due });
        decide(&mut life, Action::Start);
        let (on, why) = (Party::Licence, "keys".to_owned());
        decide(&mut life, Action::Wait { on, why });
        let (by, words) = (bo, "no".to_owned());
        decide(&mut life, Action::Dispute { by, words });
        decide(&mut life, accept);
        let states = |life: &Life, on| (life.state(on).name(), life.returns_to(on));
        assert_eq!(
            states(&life, day(10)),
            (StateName::RiskAccepted, Some(StateName::Disputed))
        );
        assert_eq!(
            states(&life, day(11)),
            (StateName::Disputed, Some(StateName::Waiting))
        );
        assert!(life.in_hand(day(25)) && !life.in_hand(day(26)));
        decide(&mut life, Action::Reopen { reason: None });
        decide(&mut life, Action::Resume);
        assert_eq!(
            states(&life, day(2)),
            (StateName::Waiting, Some(StateName::InProgress))
        );
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
}
