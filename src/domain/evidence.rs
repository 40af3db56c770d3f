//! Evidence: what a tool's file says, in the tool's own words and in ours.
//!
//! An [`Evidence`] is what an importer read out of one file: whose tenant, when, and what was seen of each control. It says nothing
//! about answers: which question a control speaks to is the questionnaire's business, and whether it is accepted is a person's.
//! Nothing here is ever better than what the tool measured: whatever was absent, skipped, planned, left to a person, not licensed,
//! omitted or claimed is [`Status::Unknown`] with the reason beside it.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::domain::time::Instant;

/// The longest `detail` of an observation, in bytes; what was longer ends in `…`.
pub const MAX_DETAIL: usize = 2_000;

/// The longest title, id, status text or tenant name that is kept, in bytes.
pub const MAX_NAME: usize = 400;

/// A tool whose output is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tool {
    /// CISA ScubaGear, which holds a tenant against the SCuBA baselines.
    #[serde(rename = "scubagear")]
    ScubaGear,
    /// Microsoft's Zero Trust Assessment.
    ZeroTrustAssessment,
    /// Microsoft Secure Score.
    SecureScore,
    /// Maester.
    Maester,
    /// Microsoft Defender for Endpoint: exports of devices and of their settings.
    DefenderEndpoint,
    /// Microsoft Defender for Identity: health issues and sensors.
    DefenderIdentity,
    /// The tenant's licences.
    Licences,
}

impl Tool {
    /// Every tool, in the order in which they are listed.
    pub const ALL: [Self; 7] = [
        Self::ScubaGear,
        Self::ZeroTrustAssessment,
        Self::SecureScore,
        Self::Maester,
        Self::DefenderEndpoint,
        Self::DefenderIdentity,
        Self::Licences,
    ];

    /// Returns the name that questionnaires use under `source`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ScubaGear => "scubagear",
            Self::ZeroTrustAssessment => "zero-trust-assessment",
            Self::SecureScore => "secure-score",
            Self::Maester => "maester",
            Self::DefenderEndpoint => "defender-endpoint",
            Self::DefenderIdentity => "defender-identity",
            Self::Licences => "licences",
        }
    }

    /// Returns the name that people read.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::ScubaGear => "ScubaGear",
            Self::ZeroTrustAssessment => "Zero Trust Assessment",
            Self::SecureScore => "Secure Score",
            Self::Maester => "Maester",
            Self::DefenderEndpoint => "Defender for Endpoint",
            Self::DefenderIdentity => "Defender for Identity",
            Self::Licences => "Licences",
        }
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A text that names no tool.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no tool is called `{0}`")]
pub struct ToolFault(String);

impl FromStr for Tool {
    type Err = ToolFault;

    fn from_str(text: &str) -> Result<Self, ToolFault> {
        let found = Self::ALL.into_iter().find(|tool| tool.code() == text);
        found.ok_or_else(|| ToolFault(text.chars().take(40).collect()))
    }
}

/// What one file of a tool says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The tool that wrote the file.
    pub tool: Tool,
    /// Which of the tool's files it is, in words, such as `consolidated results`.
    pub form: String,
    /// The version of the tool, as the file gives it.
    pub tool_version: Option<String>,
    /// The tenants that the file names; observations point here. Empty where it names none, which is no mismatch.
    pub tenants: Vec<TenantSeen>,
    /// When it was measured; `None` where the file does not say. Of several times the latest.
    pub taken: Option<Instant>,
    /// What the file lists.
    pub extent: Extent,
    /// Why the file is not the whole of what the tool knows, such as a page with a next one; empty where nothing says so.
    pub incomplete: Vec<String>,
    /// What was seen of each control, in the file's order.
    pub observations: Vec<Observation>,
    /// What was counted over the file's rows.
    pub measures: Vec<Measure>,
    /// What was seen of a control that could not be told: a person says which.
    pub unplaced: Vec<Unplaced>,
    /// What is odd about the file, without making it unusable.
    pub warnings: Vec<Warning>,
    /// How many rows were read: controls, devices, licences. Counted, never the tool's own total.
    pub rows: u64,
}

impl Evidence {
    /// Makes evidence that says nothing yet.
    #[must_use]
    pub fn new(tool: Tool, form: impl Into<String>) -> Self {
        Self {
            tool,
            form: form.into(),
            tool_version: None,
            tenants: Vec::new(),
            taken: None,
            extent: Extent::Everything,
            incomplete: Vec::new(),
            observations: Vec::new(),
            measures: Vec::new(),
            unplaced: Vec::new(),
            warnings: Vec::new(),
            rows: 0,
        }
    }

    /// Returns whether nothing says that a part is missing.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.incomplete.is_empty()
    }

    /// Returns all that is said of `control`: the observations, and the measure of that name as an observation.
    ///
    /// There may be several: of several tenants, of a control that is written twice, of old controls that became one. Where they
    /// differ, nothing follows from them.
    ///
    /// `seats` stands in where a measure's whole is the customer's seats.
    #[must_use]
    pub fn says(&self, control: &str, seats: Option<u64>) -> Vec<Observation> {
        let of_control = |observation: &&Observation| observation.control == control;
        let observed = self.observations.iter().filter(of_control).cloned();
        let measured = self.measures.iter().filter(|measure| measure.id == control);
        observed
            .chain(measured.map(|measure| measure.observation(seats)))
            .collect()
    }

    /// Places what goes by `title` as `control`, which a person said it is; returns how many rows that settled.
    ///
    /// A row that shares its title with others goes by its whole [`label`](Unplaced::label) alone.
    pub fn settle(&mut self, title: &str, control: &str) -> usize {
        let goes = |unplaced: &Unplaced| is_same_title(&unplaced.label(), title);
        let (placed, rest) = std::mem::take(&mut self.unplaced)
            .into_iter()
            .partition(goes);
        self.unplaced = rest;
        let placed: Vec<Unplaced> = placed;
        let count = placed.len();
        self.observations
            .extend(placed.into_iter().map(|unplaced| unplaced.placed(control)));
        count
    }
}

/// Returns whether two titles are the same but for case, blanks and signs.
#[must_use]
pub fn is_same_title(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

/// Returns what of a title is compared: its letters and digits, in lower case.
pub fn letters(title: &str) -> impl Iterator<Item = char> {
    let letters = title.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase)
}

/// What a file lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// Good and bad results.
    Everything,
    /// Bad results only: what is not listed is unknown, not met.
    FindingsOnly,
}

/// A tenant as a file names it. Texts are the file's own and untrusted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenantSeen {
    /// The tenant's id, in lower case; `None` where the file gives none or says that it was not connected.
    pub id: Option<String>,
    /// Its display name.
    pub name: Option<String>,
    /// Its domains.
    pub domains: Vec<String>,
}

impl TenantSeen {
    /// Returns whether the file says nothing that could be compared with a customer's tenant.
    #[must_use]
    pub fn is_nameless(&self) -> bool {
        self.id.is_none() && self.name.is_none() && self.domains.is_empty()
    }
}

/// What was seen of one control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observation {
    /// The control, by the base id that questionnaires name: without a version, and by today's name where the tool renamed it.
    pub control: String,
    /// The id as the file has it.
    pub written: String,
    /// The version of the control, where the id or the file names one, such as `v2`.
    pub version: Option<String>,
    /// How the control differs from the one of today.
    pub aged: Option<Aged>,
    /// The title, in the file's language; untrusted.
    pub title: Option<String>,
    /// The status in the tool's own words.
    pub said: String,
    /// The status in ours.
    pub status: Status,
    /// Why the status is unknown; `None` where it is known.
    pub why_unknown: Option<WhyUnknown>,
    /// Whose: a place in [`Evidence::tenants`].
    pub tenant: Option<usize>,
    /// When this control was last measured, where the file says so of each.
    pub measured: Option<Instant>,
    /// What was reached out of what could be, such as points; exact.
    pub share: Option<Share>,
    /// A number of things, such as open issues.
    pub count: Option<u64>,
    /// A value as the tool reports it, where it is short.
    pub value: Option<String>,
    /// What the tool says about it, as plain text of at most [`MAX_DETAIL`] bytes; untrusted.
    pub detail: Option<String>,
}

impl Observation {
    /// Makes an observation with nothing but control and status.
    #[must_use]
    pub fn new(control: impl Into<String>, said: impl Into<String>, judged: Judged) -> Self {
        let control = control.into();
        Self {
            written: control.clone(),
            control,
            version: None,
            aged: None,
            title: None,
            said: said.into(),
            status: judged.status(),
            why_unknown: judged.why_unknown(),
            tenant: None,
            measured: None,
            share: None,
            count: None,
            value: None,
            detail: None,
        }
    }

    /// Returns the share in percent, exact to eight places; `None` where the status is unknown, so that no claim has one.
    #[must_use]
    pub fn percent(&self) -> Option<Decimal> {
        let share = self.share.filter(|_| self.status != Status::Unknown);
        share?.percent()
    }
}

/// How an observed control differs from the one that a questionnaire of today asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aged {
    /// The tool has a newer version of the same control, such as `v2`.
    Version(String),
    /// The tool moved it to another control, which `control` names.
    Renamed,
    /// The tool split it into these controls; none of them is told by it alone, and `control` keeps the old name.
    Split(Vec<String>),
    /// The tool gave it up; `control` keeps the old name.
    Retired,
}

/// A status in our words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Measured, and as it should be.
    Met,
    /// Measured, and not as it should be.
    NotMet,
    /// Measured, and as it should be for a part.
    Partly,
    /// Not measured, or claimed.
    Unknown,
}

impl Status {
    /// Returns the code that conditions compare `ev.status` with.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not-met",
            Self::Partly => "partly",
            Self::Unknown => "unknown",
        }
    }

    /// Returns the words that people read.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not met",
            Self::Partly => "partly met",
            Self::Unknown => "unknown",
        }
    }
}

/// Why a status is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyUnknown {
    /// The file has no status for it.
    Absent,
    /// The tool left it out.
    Skipped,
    /// The tool did not run it.
    NotRun,
    /// The tool cannot test it yet.
    Planned,
    /// A person has to look.
    Manual,
    /// The tenant has no licence for it.
    NotLicensed,
    /// It does not apply to this tenant, or to any device.
    NotApplicable,
    /// The tool was not connected to the service.
    NotConnected,
    /// The account that ran the tool was not allowed to look.
    NotPermitted,
    /// The tool failed.
    Error,
    /// Somebody told the tool to leave it out.
    Omitted,
    /// Somebody told the tool that its result is wrong.
    Disputed,
    /// The test passes when there is nothing to test, and there was nothing.
    EmptySet,
    /// Somebody said that another product does it; Microsoft cannot see that.
    ThirdPartyClaim,
    /// Somebody said that it is dealt with otherwise; Microsoft cannot see that.
    MitigationClaim,
    /// Somebody accepted the risk.
    RiskAccepted,
    /// The file gives a number, such as points, and not out of how many.
    NoMaximum,
    /// The file says different things of the same control.
    Contradictory,
    /// The policy was taken out of the tool.
    Retired,
    /// The tool's status is one that we do not know.
    Unrecognised,
}

impl WhyUnknown {
    /// Returns the stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Skipped => "skipped",
            Self::NotRun => "not-run",
            Self::Planned => "planned",
            Self::Manual => "manual",
            Self::NotLicensed => "not-licensed",
            Self::NotApplicable => "not-applicable",
            Self::NotConnected => "not-connected",
            Self::NotPermitted => "not-permitted",
            Self::Error => "error",
            Self::Omitted => "omitted",
            Self::Disputed => "disputed",
            Self::EmptySet => "empty-set",
            Self::ThirdPartyClaim => "third-party-claim",
            Self::MitigationClaim => "mitigation-claim",
            Self::RiskAccepted => "risk-accepted",
            Self::NoMaximum => "no-maximum",
            Self::Contradictory => "contradictory",
            Self::Retired => "retired",
            Self::Unrecognised => "unrecognised",
        }
    }

    /// Returns the words that people read, fit to follow *unknown:*.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Absent => "the file has no status for it",
            Self::Skipped => "the tool left it out",
            Self::NotRun => "the tool did not run it",
            Self::Planned => "the tool cannot test it yet",
            Self::Manual => "a person has to look",
            Self::NotLicensed => "the tenant has no licence for it",
            Self::NotApplicable => "it does not apply to this tenant",
            Self::NotConnected => "the tool was not connected to the service",
            Self::NotPermitted => "the account that ran the tool was not allowed to look",
            Self::Error => "the tool failed",
            Self::Omitted => "somebody told the tool to leave it out",
            Self::Disputed => "somebody told the tool that its result is wrong",
            Self::EmptySet => "there was nothing to test",
            Self::ThirdPartyClaim => "somebody says that another product does it",
            Self::MitigationClaim => "somebody says that it is dealt with otherwise",
            Self::RiskAccepted => "somebody accepted the risk",
            Self::NoMaximum => "the file does not say out of how many",
            Self::Contradictory => "the file says different things of it",
            Self::Retired => "the tool has given this policy up",
            Self::Unrecognised => "the tool's status is not one we know",
        }
    }
}

/// A status together with the reason where it is unknown, so that neither can be given without the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged {
    /// Measured, and as it should be.
    Met,
    /// Measured, and not as it should be.
    NotMet,
    /// Measured, and as it should be for a part.
    Partly,
    /// Not measured, or claimed.
    Unknown(WhyUnknown),
}

impl Judged {
    /// Returns the status alone.
    #[must_use]
    pub fn status(self) -> Status {
        match self {
            Self::Met => Status::Met,
            Self::NotMet => Status::NotMet,
            Self::Partly => Status::Partly,
            Self::Unknown(_) => Status::Unknown,
        }
    }

    /// Returns why it is unknown.
    #[must_use]
    pub fn why_unknown(self) -> Option<WhyUnknown> {
        match self {
            Self::Unknown(why) => Some(why),
            Self::Met | Self::NotMet | Self::Partly => None,
        }
    }

    /// Returns what `part` out of `whole` amounts to; nothing out of nothing is an empty set, never *met*.
    #[must_use]
    pub fn of(share: Share) -> Self {
        if share.whole <= Decimal::ZERO {
            Self::Unknown(WhyUnknown::EmptySet)
        } else if share.part >= share.whole {
            Self::Met
        } else if share.part > Decimal::ZERO {
            Self::Partly
        } else {
            Self::NotMet
        }
    }
}

/// What was reached out of what could be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// What was reached.
    #[serde(with = "rust_decimal_text")]
    pub part: Decimal,
    /// What could be.
    #[serde(with = "rust_decimal_text")]
    pub whole: Decimal,
}

impl Share {
    /// Returns the share in percent to eight places; `None` where there is nothing to reach or the number is too large to tell.
    #[must_use]
    pub fn percent(self) -> Option<Decimal> {
        if self.whole.is_zero() {
            return None;
        }
        let hundredfold = self.part.checked_mul(Decimal::ONE_HUNDRED)?;
        let percent = hundredfold.checked_div(self.whole)?;
        Some(percent.round_dp(8).normalize())
    }
}

/// Decimals as texts, so that no reader makes floating numbers of them.
mod rust_decimal_text {
    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        decimal: &Decimal,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(decimal)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Decimal, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// Something counted over the rows of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// The name that questionnaires use, such as `devices-onboarded`.
    pub id: String,
    /// How many are as they should be.
    pub part: u64,
    /// Out of how many.
    pub whole: Whole,
    /// What was counted, in words that can stand alone.
    pub counted: String,
    /// Whose: a place in [`Evidence::tenants`].
    pub tenant: Option<usize>,
}

impl Measure {
    /// Returns the measure as an observation, so that a condition can read it as `ev.percent`, `ev.count` and `ev.status`.
    ///
    /// `seats` stands in where the whole is the customer's seats; without them the status is unknown and the count stands.
    #[must_use]
    pub fn observation(&self, seats: Option<u64>) -> Observation {
        let whole = match self.whole {
            Whole::Counted(whole) => Some(whole),
            Whole::Seats => seats,
            Whole::Nothing => None,
        };
        let share = whole.map(|whole| Share {
            part: Decimal::from(self.part),
            whole: Decimal::from(whole),
        });
        let judged = share.map_or(Judged::Unknown(WhyUnknown::NoMaximum), Judged::of);
        let said = match whole {
            Some(whole) => format!("{} of {whole}", self.part),
            None => self.part.to_string(),
        };
        let mut observation = Observation::new(&*self.id, said, judged);
        observation.share = share;
        observation.count = Some(self.part);
        observation.tenant = self.tenant;
        observation.detail = Some(self.counted.clone());
        observation
    }
}

/// Out of what a [`Measure`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Whole {
    /// So many, counted in the same file.
    Counted(u64),
    /// The customer's seats, which the file does not know.
    Seats,
    /// Nothing: it is a plain number, such as of open issues.
    Nothing,
}

/// What was seen of a control that the file names by title only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unplaced {
    /// The controls that the title fits: several, or none that we know.
    pub candidates: Vec<String>,
    /// What tells it from others of the same title in the file, such as the product; nothing where it is the only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// What was seen; its `control` is empty until a person says which it is.
    pub observation: Observation,
}

impl Unplaced {
    /// Returns what it goes by when a person says which control it is: the title, and what tells it from its namesakes. Untrusted.
    #[must_use]
    pub fn label(&self) -> String {
        let title = self.observation.title.as_deref().unwrap_or_default();
        match &self.hint {
            Some(hint) => format!("{title} ({hint})"),
            None => title.to_owned(),
        }
    }

    /// Returns whether only its line in the file tells it from its namesakes, which another file may have elsewhere.
    #[must_use]
    pub fn is_told_by_its_line(&self) -> bool {
        let hint = self.hint.as_deref();
        hint.is_some_and(|hint| hint.starts_with("line "))
    }

    /// Returns the observation as one of `control`, under the label by which it was told.
    #[must_use]
    pub fn placed(self, control: impl Into<String>) -> Observation {
        Observation {
            written: self.label(),
            control: control.into(),
            ..self.observation
        }
    }
}

/// Something odd about a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// What is odd: lower case, no full stop.
    pub message: String,
    /// Where in the file, such as `line 12` or `Tests[3]`.
    pub place: Option<String>,
}

impl Warning {
    /// Makes a warning about the file as a whole.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            place: None,
        }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{place}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(part: i64, whole: i64) -> Share {
        Share {
            part: part.into(),
            whole: whole.into(),
        }
    }

    #[test]
    fn a_tool_reads_back_by_its_code() {
        for tool in Tool::ALL {
            assert_eq!(tool.code().parse::<Tool>(), Ok(tool));
            let json = serde_json::to_string(&tool).unwrap();
            assert_eq!(json, format!("\"{tool}\""));
        }
        assert!("defender".parse::<Tool>().is_err());
    }

    #[test]
    fn nothing_out_of_nothing_is_never_met() {
        assert_eq!(
            Judged::of(share(0, 0)),
            Judged::Unknown(WhyUnknown::EmptySet)
        );
        assert_eq!(Judged::of(share(0, 5)), Judged::NotMet);
        assert_eq!(Judged::of(share(4, 5)), Judged::Partly);
        assert_eq!(Judged::of(share(5, 5)), Judged::Met);
    }

    #[test]
    fn a_percentage_is_exact() {
        assert_eq!(share(1, 3).percent().unwrap().to_string(), "33.33333333");
        assert_eq!(share(812, 812).percent(), Some(Decimal::ONE_HUNDRED));
        assert_eq!(share(1, 0).percent(), None);
    }

    #[test]
    fn licences_are_a_share_of_the_seats_only_where_these_are_known() {
        let measure = Measure {
            id: "WINDEFATP".into(),
            part: 450,
            whole: Whole::Seats,
            counted: "licences that hold Defender for Endpoint Plan 2".into(),
            tenant: None,
        };
        let without = measure.observation(None);
        assert_eq!(without.status, Status::Unknown);
        assert_eq!((without.percent(), without.count), (None, Some(450)));
        let with = measure.observation(Some(900));
        assert_eq!(with.status, Status::Partly);
        assert_eq!(with.percent(), Some(Decimal::from(50)));
        assert_eq!(with.said, "450 of 900");
    }

    #[test]
    fn a_title_is_settled_by_its_label_and_namesakes_by_nothing_less() {
        let mut evidence = Evidence::new(Tool::SecureScore, "portal table");
        for (title, hint) in [
            ("Nutzer schützen", None),
            ("Enable MFA", Some("Okta")),
            ("Enable MFA", Some("Zoom")),
        ] {
            let mut observation = Observation::new("", "To address", Judged::NotMet);
            observation.title = Some(title.into());
            evidence.unplaced.push(Unplaced {
                candidates: Vec::new(),
                hint: hint.map(Into::into),
                observation,
            });
        }
        assert_eq!(evidence.settle("Enable MFA", "MDA_Okta_MFA"), 0);
        assert_eq!(evidence.settle("enable  mfa (OKTA)", "MDA_Okta_MFA"), 1);
        assert_eq!(evidence.settle("NUTZER SCHÜTZEN", "AdminMFAV2"), 1);
        let placed: Vec<_> = (evidence.observations.iter())
            .map(|seen| (&*seen.control, &*seen.written))
            .collect();
        assert_eq!(
            placed,
            [
                ("MDA_Okta_MFA", "Enable MFA (Okta)"),
                ("AdminMFAV2", "Nutzer schützen")
            ]
        );
        assert_eq!(evidence.unplaced[0].label(), "Enable MFA (Zoom)");
    }

    #[test]
    fn evidence_reads_back_as_it_was_written() {
        let mut evidence = Evidence::new(Tool::SecureScore, "scores");
        let mut observation = Observation::new("AdminMFAV2", "5/9", Judged::Partly);
        observation.share = Some(Share {
            part: "18014398509481985".parse().unwrap(),
            whole: "18014398509481987".parse().unwrap(),
        });
        evidence.observations.push(observation);
        let text = serde_json::to_string(&evidence).unwrap();
        assert_eq!(serde_json::from_str::<Evidence>(&text).unwrap(), evidence);
        assert!(text.contains("\"18014398509481985\""));
    }
}
