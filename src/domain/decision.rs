//! Decisions: what a person decided about a finding or about the start.
//!
//! A decision is the only thing kept about a finding. Which state it leads to, and whether it is allowed, is the business of
//! [`finding`](crate::domain::finding).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::domain::id::{FindingKey, Hash, PersonId, QuestionId};
use crate::domain::response::{Basis, Value};
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
    /// Not to take over what tools propose as an answer.
    Proposal(RefusedProposal),
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

/// What can be decided about a finding. Which of them is allowed when is told by
/// [`TRANSITIONS`](crate::domain::finding::TRANSITIONS).
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
    /// Somebody is to do it; the date stays, where there is one.
    Assign {
        /// Who.
        owner: PersonId,
    },
    /// Its owner has begun.
    Start,
    /// It cannot go on before somebody acts.
    Wait {
        /// Who must act.
        on: Party,
        /// What it waits for.
        why: String,
    },
    /// It goes on: what it waited for is here, or what was disputed is settled.
    Resume,
    /// Somebody says that it is done. It is closed when an answer says so.
    Claim {
        /// Who says so.
        by: PersonId,
        /// What they say about it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    /// The risk is accepted for a time.
    Accept(Disposition),
    /// A product of somebody else covers it for a time.
    ThirdParty(Disposition),
    /// It is mitigated in another way for a time.
    Mitigate(Disposition),
    /// Somebody says that it is no gap, or is judged wrong.
    Dispute {
        /// Who says so.
        by: PersonId,
        /// Their words, which reports print.
        words: String,
    },
    /// There never was such a gap: it was recorded in error.
    InError {
        /// How it came about.
        reason: String,
        /// Who approved it; for a blocker another than the author of the decision.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        approved_by: Option<PersonId>,
    },
    /// The last step is taken back: the state before holds again.
    Reopen {
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// What was advised is done, and something shows it. What answers raise is closed by answers alone.
    Close {
        /// How we know: a document or a tool.
        basis: Basis,
        /// Which document or tool.
        named: String,
    },
}

impl Action {
    /// Returns what is done, without the details.
    #[must_use]
    pub fn verb(&self) -> Verb {
        match self {
            Self::Plan { .. } => Verb::Plan,
            Self::Assign { .. } => Verb::Assign,
            Self::Start => Verb::Start,
            Self::Wait { .. } => Verb::Wait,
            Self::Resume => Verb::Resume,
            Self::Claim { .. } => Verb::Claim,
            Self::Accept(_) => Verb::Accept,
            Self::ThirdParty(_) => Verb::ThirdParty,
            Self::Mitigate(_) => Verb::Mitigate,
            Self::Dispute { .. } => Verb::Dispute,
            Self::InError { .. } => Verb::InError,
            Self::Reopen { .. } => Verb::Reopen,
            Self::Close { .. } => Verb::Close,
        }
    }

    /// Returns everybody whom the decision names.
    #[must_use]
    pub fn persons(&self) -> Vec<&PersonId> {
        match self {
            Self::Plan { owner, .. } | Self::Assign { owner } => vec![owner],
            Self::Claim { by, .. } | Self::Dispute { by, .. } => vec![by],
            Self::Accept(disposition)
            | Self::ThirdParty(disposition)
            | Self::Mitigate(disposition) => {
                vec![&disposition.decided_by, &disposition.approved_by]
            }
            Self::InError { approved_by, .. } => approved_by.iter().collect(),
            Self::Start
            | Self::Wait { .. }
            | Self::Resume
            | Self::Reopen { .. }
            | Self::Close { .. } => Vec::new(),
        }
    }
}

/// What is done by a decision about a finding: the name of its command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    /// [`Action::Assign`].
    Assign,
    /// [`Action::Plan`].
    Plan,
    /// [`Action::Start`].
    Start,
    /// [`Action::Wait`].
    Wait,
    /// [`Action::Resume`].
    Resume,
    /// [`Action::Claim`].
    Claim,
    /// [`Action::Accept`].
    Accept,
    /// [`Action::ThirdParty`].
    ThirdParty,
    /// [`Action::Mitigate`].
    Mitigate,
    /// [`Action::Dispute`].
    Dispute,
    /// [`Action::InError`].
    InError,
    /// [`Action::Reopen`].
    Reopen,
    /// [`Action::Close`].
    Close,
}

impl Verb {
    /// Returns the name of the command.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::Plan => "plan",
            Self::Start => "start",
            Self::Wait => "wait",
            Self::Resume => "resume",
            Self::Claim => "claim",
            Self::Accept => "accept",
            Self::ThirdParty => "third-party",
            Self::Mitigate => "mitigate",
            Self::Dispute => "dispute",
            Self::InError => "in-error",
            Self::Reopen => "reopen",
            Self::Close => "close",
        }
    }
}

/// Who must act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// The customer.
    Customer,
    /// The provider of the service: us.
    Provider,
    /// Microsoft.
    Microsoft,
    /// A partner of the customer.
    Partner,
    /// Nobody, before a licence is bought.
    Licence,
}

impl Party {
    /// Every party, in the order of lists.
    pub const ALL: [Self; 5] = [
        Self::Customer,
        Self::Provider,
        Self::Microsoft,
        Self::Partner,
        Self::Licence,
    ];

    /// Returns the code that files and commands use.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Provider => "provider",
            Self::Microsoft => "microsoft",
            Self::Partner => "partner",
            Self::Licence => "licence",
        }
    }

    /// Returns the words that follow *waiting on*.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Customer => "the customer",
            Self::Provider => "the provider",
            Self::Microsoft => "Microsoft",
            Self::Partner => "a partner",
            Self::Licence => "a licence",
        }
    }
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

/// A decision not to take over what tools propose as an answer. It holds for the same evidence; newer evidence proposes again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusedProposal {
    /// The question.
    pub question: QuestionId,
    /// What was proposed.
    pub value: Value,
    /// The evidence that it rested on, by the hash of what is kept.
    pub files: BTreeSet<Hash>,
    /// Why it is not taken over.
    pub reason: String,
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
