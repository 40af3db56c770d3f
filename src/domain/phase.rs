//! Phases: how far a customer is on the way into the service, and which step is allowed when.
//!
//! onboarding → readiness → monitoring → in service → ended. A step back is allowed with its reason; a leap over a phase is not.
//! *Monitoring* means that the service runs: it needs a verdict that allows the start, or an override. Where a customer stands is
//! told by the [`Book`](crate::domain::assessment::Book).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::id::{Hash, PersonId};
use crate::domain::time::Day;

/// How far a customer is. Orders from the beginning.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// The contract is there; people are named and told.
    #[default]
    Onboarding,
    /// The questionnaire is walked, and gaps are closed.
    Readiness,
    /// The service runs, and is watched closely.
    Monitoring,
    /// The service runs.
    InService,
    /// The service is over, or never began.
    Ended,
}

impl Phase {
    /// Every phase, in order.
    pub const ALL: [Self; 5] = [
        Self::Onboarding,
        Self::Readiness,
        Self::Monitoring,
        Self::InService,
        Self::Ended,
    ];

    /// Returns the code that commands and files use.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Onboarding => "onboarding",
            Self::Readiness => "readiness",
            Self::Monitoring => "monitoring",
            Self::InService => "in-service",
            Self::Ended => "ended",
        }
    }

    /// Returns the words that people read.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::InService => "in service",
            other => other.code(),
        }
    }

    /// Returns the phases that may follow this one.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Onboarding => &[Self::Readiness, Self::Ended],
            Self::Readiness => &[Self::Monitoring, Self::Onboarding, Self::Ended],
            Self::Monitoring => &[Self::InService, Self::Readiness, Self::Ended],
            Self::InService => &[Self::Monitoring, Self::Readiness, Self::Ended],
            Self::Ended => &[Self::Onboarding],
        }
    }

    /// Returns whether the service runs.
    #[must_use]
    pub fn runs(self) -> bool {
        matches!(self, Self::Monitoring | Self::InService)
    }

    /// Checks that `to` may follow; `may_start` tells whether the verdict, or an override, allows the start of the service.
    ///
    /// # Errors
    /// Why not, and what is allowed.
    pub fn step(self, to: Self, may_start: bool) -> Result<(), PhaseRefusal> {
        if !self.next().contains(&to) {
            return Err(PhaseRefusal::Leap { from: self, to });
        }
        if to.runs() && !self.runs() && !may_start {
            return Err(PhaseRefusal::NotReady);
        }
        Ok(())
    }
}

/// A step from one phase to another, as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhaseChange {
    /// The phase that begins.
    pub to: Phase,
    /// The day on which it begins.
    pub on: Day,
    /// Why.
    pub reason: String,
    /// Who decided it.
    pub decided_by: PersonId,
    /// The document that shows the approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
}

/// A document that shows an approval, told by its content; the bytes are kept as evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The name of the file.
    pub name: String,
    /// The SHA-256 of its bytes.
    pub sha256: Hash,
}

/// Why a phase cannot follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhaseRefusal {
    /// It does not follow the phase that holds.
    Leap {
        /// The phase that holds.
        from: Phase,
        /// The phase that was wanted.
        to: Phase,
    },
    /// The verdict does not allow the start, and nobody overrode it.
    NotReady,
}

impl fmt::Display for PhaseRefusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Leap { from, to } if from == to => {
                write!(out, "the customer is in `{}` already", to.code())
            }
            Self::Leap { from, to } => {
                write!(out, "`{}` does not follow `{}`", to.code(), from.code())
            }
            Self::NotReady => out.write_str("the verdict does not allow the start of the service"),
        }
    }
}

impl std::error::Error for PhaseRefusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_begins_only_where_the_start_is_allowed() {
        for from in Phase::ALL {
            for to in Phase::ALL {
                let allowed = from.step(to, false).is_ok();
                assert_eq!(from.step(to, true).is_ok(), from.next().contains(&to));
                assert!(!allowed || from.runs() || !to.runs(), "{from:?} to {to:?}");
            }
            assert!(from.step(from, true).is_err(), "{from:?}");
        }
    }
}
