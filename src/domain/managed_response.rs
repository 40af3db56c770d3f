//! Managed responses: what Defender Experts ask a customer to do about an incident, and how long that takes.
//!
//! Each incident is a finding, `mr-N`, closed by the status of its own actions and by nothing else. Actions that the experts did
//! themselves are shown and never counted. States are those of the service: an action card is pending or in progress until it is
//! completed, skipped or failed.
//!
//! The clock runs in hours of the day and night, since incidents do not wait for Monday: from the moment the incident awaits the
//! customer to the moment the last of its actions is over.

use serde::{Deserialize, Serialize};

use crate::domain::customer::ResponsePolicy;
use crate::domain::decision::Severity;
use crate::domain::id::FindingKey;
use crate::domain::time::{Day, Instant};

/// The most actions of one managed response.
pub const MAX_ACTIONS: usize = 200;

/// What the experts ask for about one incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManagedResponse {
    /// The incident's number, as the portal shows it.
    pub incident: String,
    /// The incident's title.
    pub title: String,
    /// How bad the incident is.
    pub severity: Severity,
    /// Since when it awaits the customer.
    pub asked_at: Instant,
    /// What is to be done, in the order in which it was asked for.
    pub actions: Vec<ResponseAction>,
}

/// One action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResponseAction {
    /// Its id in the service, where it was imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// What is done.
    pub kind: ActionKind,
    /// Its title, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Whether the experts do it themselves.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_experts: bool,
    /// How it stands.
    pub status: ActionStatus,
    /// When it was asked for, where that is known; else when the whole was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<Instant>,
    /// When its status was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Instant>,
}

/// How an action stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActionStatus {
    /// Nobody has begun.
    Pending,
    /// Somebody has begun.
    InProgress,
    /// It is done.
    Completed,
    /// The customer will not do it.
    Skipped,
    /// It was tried and did not work.
    Failed,
}

/// Declares the kinds of actions: the name in the service's interface, and the words that the portal shows.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $name:ident = $code:literal, $words:literal;)*) => {
        /// What is done, as the service names it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum ActionKind {
            $($(#[doc = $doc])* #[serde(rename = $code)] $name,)*
        }

        impl ActionKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Returns the name in the service's interface.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// Returns the words that people read.
            #[must_use]
            pub fn words(self) -> &'static str {
                match self { $(Self::$name => $words,)* }
            }
        }
    };
}

kinds! {
    /// Something to be done by hand, told in words.
    Text = "text", "Do as described";
    /// A device is cut off.
    IsolateDevice = "isolateDevice", "Isolate device";
    /// A file is stopped and taken away.
    StopAndQuarantineFile = "stopAndQuarantineFile", "Stop and quarantine file";
    /// A device is scanned.
    RunAntiVirusScan = "runAntiVirusScan", "Run antivirus scan";
    /// A device's logs are collected.
    CollectInvestigationPackage = "collectInvestigationPackage", "Collect investigation package";
    /// A device runs signed programs alone.
    RestrictAppExecution = "restrictAppExecution", "Restrict app execution";
    /// An indicator is blocked or allowed.
    SubmitIocRule = "submitIocRule", "Submit indicator";
    /// A user has to choose another password.
    ForceUserPasswordReset = "forceUserPasswordReset", "Force password reset";
    /// A user cannot sign in.
    DisableUser = "disableUser", "Disable user";
    /// A user's risk is set to high.
    MarkUserAsCompromised = "markUserAsCompromised", "Mark user as compromised";
    /// A user has to sign in anew.
    RequireSignIn = "requireSignIn", "Require sign-in";
    /// A message is deleted for good.
    HardDeleteEmail = "hardDeleteEmail", "Hard-delete e-mail";
    /// A message is moved to the deleted ones.
    SoftDeleteEmail = "softDeleteEmail", "Soft-delete e-mail";
    /// A device is let in again.
    UnIsolateDevice = "unIsolateDevice", "Release from isolation";
    /// A device runs every program again.
    UnRestrictAppExecution = "unRestrictAppExecution", "Remove app restriction";
    /// A user can sign in again.
    EnableUser = "enableUser", "Enable user";
    /// A kind that we do not know.
    Other = "other", "Another action";
}

impl ActionStatus {
    /// Every status.
    pub const ALL: [Self; 5] = [
        Self::Pending,
        Self::InProgress,
        Self::Completed,
        Self::Skipped,
        Self::Failed,
    ];

    /// Returns the code that files and commands use.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::InProgress => "in-progress",
            Self::Completed => "completed",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
        }
    }

    /// Returns whether nobody has to do anything about it any more.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Completed | Self::Skipped)
    }
}

/// Returns the finding that the managed response of that number is.
#[must_use]
pub fn key(number: u32) -> FindingKey {
    FindingKey::numbered("mr", number)
}

impl ManagedResponse {
    /// Returns the actions that wait, or waited, for the customer.
    pub fn of_customer(&self) -> impl Iterator<Item = &ResponseAction> {
        self.actions.iter().filter(|action| !action.by_experts)
    }

    /// Returns how the whole stands: as the worst of the customer's actions, failed before pending, pending before in progress; else
    /// completed, or skipped where every one was.
    #[must_use]
    pub fn status(&self) -> ActionStatus {
        let any = |status| self.of_customer().any(|action| action.status == status);
        let open = [
            ActionStatus::Failed,
            ActionStatus::Pending,
            ActionStatus::InProgress,
        ];
        if let Some(open) = open.into_iter().find(|status| any(*status)) {
            return open;
        }
        match any(ActionStatus::Skipped) && !any(ActionStatus::Completed) {
            true => ActionStatus::Skipped,
            false => ActionStatus::Completed,
        }
    }

    /// Returns when the last of the customer's actions was over; nothing while one is not, or where nobody said when.
    #[must_use]
    pub fn over_at(&self) -> Option<Instant> {
        let over = self.status().is_over();
        let times = self.of_customer().filter_map(|action| action.changed_at);
        times.max().filter(|_| over)
    }

    /// Returns the hours that the customer's policy gives.
    #[must_use]
    pub fn hours(&self, policy: &ResponsePolicy) -> u32 {
        match self.severity {
            Severity::Critical | Severity::High => policy.high_hours,
            Severity::Medium | Severity::Low | Severity::Info => policy.medium_hours,
        }
    }

    /// Returns by when it is to be over; nothing beyond the end of the calendar.
    #[must_use]
    pub fn due_at(&self, policy: &ResponsePolicy) -> Option<Instant> {
        let hours = chrono::Duration::hours(i64::from(self.hours(policy)));
        let due = self.asked_at.utc().checked_add_signed(hours);
        due.map(Instant::new)
    }

    /// Returns how many minutes it took, or has taken by `now`; none where the clock was set back.
    #[must_use]
    pub fn minutes(&self, now: Instant) -> u64 {
        minutes(self.asked_at, self.over_at().unwrap_or(now))
    }

    /// Returns whether it is, or was, over later than the policy allows.
    #[must_use]
    pub fn is_late(&self, policy: &ResponsePolicy, now: Instant) -> bool {
        let at = match self.status().is_over() {
            true => self.over_at(),
            false => Some(now),
        };
        at.zip(self.due_at(policy))
            .is_some_and(|(at, due)| at > due)
    }
}

fn minutes(from: Instant, until: Instant) -> u64 {
    u64::try_from(until.since(from).num_minutes()).unwrap_or(0)
}

/// What several managed responses come to, counted as the service's own report counts: by action, the experts' own left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ResponseCounts {
    /// Actions that were completed.
    pub completed: usize,
    /// Actions that are pending or in progress.
    pub pending: usize,
    /// Actions that were skipped.
    pub skipped: usize,
    /// Actions that failed.
    pub failed: usize,
    /// The median of the minutes from asking for an action to its completion, over completed ones whose times are known; of an
    /// even number the mean of the middle two, rounded down.
    pub median_minutes: Option<u64>,
}

impl ResponseCounts {
    /// Counts.
    pub fn of<'a>(responses: impl IntoIterator<Item = &'a ManagedResponse>) -> Self {
        let mut counts = Self::default();
        let mut took = Vec::new();
        for response in responses {
            for action in response.of_customer() {
                match action.status {
                    ActionStatus::Pending | ActionStatus::InProgress => counts.pending += 1,
                    ActionStatus::Skipped => counts.skipped += 1,
                    ActionStatus::Failed => counts.failed += 1,
                    ActionStatus::Completed => {
                        counts.completed += 1;
                        let asked = action.asked_at.unwrap_or(response.asked_at);
                        took.extend(action.changed_at.map(|done| minutes(asked, done)));
                    }
                }
            }
        }
        counts.median_minutes = median(took);
        counts
    }
}

fn median(mut values: Vec<u64>) -> Option<u64> {
    values.sort_unstable();
    let upper = *values.get(values.len() / 2)?;
    match values.len() % 2 {
        1 => Some(upper),
        _ => Some(values[values.len() / 2 - 1].midpoint(upper)),
    }
}

/// What the service's own report showed, as somebody read it there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportFigures {
    /// The last day that the report covers.
    pub until: Day,
    /// How many days it covers.
    pub days: u32,
    /// Incidents investigated.
    pub investigated: u64,
    /// Incidents resolved.
    pub resolved: u64,
    /// Incidents that the experts resolved themselves.
    pub resolved_directly: u64,
    /// Incidents resolved with the customer's help.
    pub resolved_with_help: u64,
    /// Actions of the customer: completed.
    pub completed: u64,
    /// Actions of the customer: pending.
    pub pending: u64,
    /// Actions of the customer: skipped.
    pub skipped: u64,
    /// Actions of the customer: failed.
    pub failed: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn response(actions: &[(ActionStatus, Option<&str>)]) -> ManagedResponse {
        ManagedResponse {
            incident: "42".into(),
            title: "Ransomware on one device".into(),
            severity: Severity::High,
            asked_at: at("2026-09-01T22:30:00Z"),
            actions: actions
                .iter()
                .map(|(status, changed)| ResponseAction {
                    task: None,
                    kind: ActionKind::IsolateDevice,
                    title: None,
                    by_experts: false,
                    status: *status,
                    asked_at: None,
                    changed_at: changed.map(at),
                })
                .collect(),
        }
    }

    #[test]
    fn the_whole_stands_as_the_worst_of_its_actions() {
        use ActionStatus::{Completed, Failed, InProgress, Pending, Skipped};
        for (actions, whole) in [
            (vec![Completed, Pending, Failed], Failed),
            (vec![Completed, InProgress, Pending], Pending),
            (vec![Skipped, Completed], Completed),
            (vec![Skipped, Skipped], Skipped),
            (vec![], Completed),
        ] {
            let actions: Vec<_> = actions.into_iter().map(|status| (status, None)).collect();
            assert_eq!(response(&actions).status(), whole);
        }
        let mut experts = response(&[(Pending, None)]);
        experts.actions[0].by_experts = true;
        assert_eq!(experts.status(), Completed);
        assert_eq!(ResponseCounts::of([&experts]), ResponseCounts::default());
    }

    #[test]
    fn the_clock_runs_in_hours_from_asking_to_the_last_action() {
        let policy = ResponsePolicy::default();
        let done = response(&[
            (ActionStatus::Completed, Some("2026-09-01T23:00:00Z")),
            (ActionStatus::Completed, Some("2026-09-01T23:31:00Z")),
        ]);
        let now = at("2026-09-05T00:00:00Z");
        assert_eq!((done.minutes(now), done.is_late(&policy, now)), (61, true));
        let open = response(&[(ActionStatus::Pending, None)]);
        assert!(!open.is_late(&policy, at("2026-09-01T23:30:00Z")));
        assert!(open.is_late(&policy, at("2026-09-01T23:30:01Z")));
        assert_eq!(open.minutes(at("2026-08-01T00:00:00Z")), 0);
    }

    #[test]
    fn the_median_is_over_completed_actions_alone() {
        let one = response(&[
            (ActionStatus::Completed, Some("2026-09-01T22:40:00Z")),
            (ActionStatus::Completed, Some("2026-09-01T23:30:00Z")),
            (ActionStatus::Skipped, Some("2026-09-04T23:30:00Z")),
            (ActionStatus::Failed, Some("2026-09-04T23:30:00Z")),
            (ActionStatus::Completed, None),
            (ActionStatus::Pending, None),
        ]);
        let counts = ResponseCounts::of([&one]);
        assert_eq!(counts.median_minutes, Some(35));
        assert_eq!(
            (
                counts.completed,
                counts.pending,
                counts.skipped,
                counts.failed
            ),
            (3, 1, 1, 1)
        );
    }
}
