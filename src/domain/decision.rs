//! Decisions: what a person decided about a finding or about the start.
//!
//! A decision is the only thing kept about a finding. Which state it leads to, and whether it is allowed, is the business of
//! [`finding`](crate::domain::finding).

use serde::{Deserialize, Serialize};

use crate::domain::id::{FindingKey, PersonId};
use crate::domain::time::Day;

/// How bad a gap is. Orders from the mildest.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// For information.
    Info,
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
    /// Critical.
    Critical,
}

/// What a finding means for the start of the service. Orders from the mildest.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// Makes the customer better; the start does not wait for it.
    Improvement,
    /// The start needs it in hand: with owner and date.
    Condition,
    /// The start needs it done.
    Blocker,
}

/// What a person decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Decision {
    /// About one finding.
    Finding(FindingDecision),
    /// To start all the same, although the verdict does not allow it.
    Start(StartOverride),
}

/// A decision about one finding, good for the severity and need it was made for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingDecision {
    /// Which finding.
    pub finding: FindingKey,
    /// How bad it was when this was decided.
    pub severity: Severity,
    /// What it meant for the start when this was decided.
    pub need: Need,
    /// What was decided.
    pub action: Action,
}

/// What can be decided about a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Action {
    /// Somebody will do it by a day.
    Plan {
        /// Who.
        owner: PersonId,
        /// By when.
        due: Day,
    },
    /// The risk is accepted for a time.
    Accept(Disposition),
}

/// A decision to live with a finding until a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disposition {
    /// Why.
    pub reason: String,
    /// Who decided it.
    pub decided_by: PersonId,
    /// Who approved it; for a blocker another than who decided.
    pub approved_by: PersonId,
    /// The last day on which it holds.
    pub until: Day,
}

/// A decision to start the service although the verdict does not allow it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartOverride {
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: PersonId,
    /// The day of the approval.
    pub on: Day,
}
