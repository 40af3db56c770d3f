//! What is asked: the questionnaire as the rest of the program sees it, with every name resolved and every condition checked.
//!
//! Things refer to each other by their place in these lists, which never changes once the questionnaire is read. Reading TOML,
//! and judging whether it is right, is the business of [`catalog`](crate::catalog).

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::condition::{Expression, Slot};
use crate::domain::decision::{self, Need, Severity};
use crate::domain::id::{
    ColumnId, DerivedId, FindingId, Hash, OptionId, ProfileId, QuestionId, QuestionnaireId,
    RecommendationId, ReferenceId, SectionId, StopId,
};
use crate::domain::time::{Day, Days};

/// The pinned questionnaires that a ledger names, by the hash of their text.
pub type Texts = BTreeMap<Hash, Arc<Questionnaire>>;

/// Everything that is asked, with what follows from the answers.
#[derive(Clone, Debug)]
pub struct Questionnaire {
    /// Its name.
    pub id: QuestionnaireId,
    /// The version of its content.
    pub version: Version,
    /// The title that people read.
    pub title: Text,
    /// The language of the texts, as a BCP 47 tag.
    pub language: String,
    /// After how many days an answer should be looked at again, unless its question says otherwise.
    pub recheck_after: Option<Days>,
    /// Words for the score, from the highest; the last is the default.
    pub bands: Vec<ScoreBand>,
    /// Names that change with the world, such as the service's, as data.
    pub terms: BTreeMap<String, String>,
    /// Sources.
    pub references: BTreeMap<ReferenceId, Reference>,
    /// Applicability.
    pub profiles: Vec<Profile>,
    /// Outcomes of their own.
    pub stops: Vec<Stop>,
    /// Sections in the order in which they are asked.
    pub sections: Vec<Section>,
    /// Every question in the order in which it is asked; a section holds a range of them.
    pub questions: Vec<Question>,
    /// Derived values.
    pub derived: Vec<Derived>,
    /// What can be found.
    pub findings: Vec<FindingRule>,
    /// Answers of other questionnaires that are offered here.
    pub carry: Vec<Carry>,
    /// What happens to answers given under an older version.
    pub migrations: Vec<Migration>,
    /// The recommendations that findings name.
    pub recommendations: BTreeMap<RecommendationId, Recommendation>,
    /// In which order things are evaluated, and what depends on what.
    pub graph: Graph,
    /// The SHA-256 of the pinned text.
    pub hash: Hash,
}

impl Questionnaire {
    /// Returns the place of the question called `id`.
    #[must_use]
    pub fn question(&self, id: &QuestionId) -> Option<usize> {
        self.graph.places.get(id).copied()
    }

    /// Returns the place of the finding called `id`.
    #[must_use]
    pub fn finding(&self, id: &FindingId) -> Option<usize> {
        self.findings.iter().position(|finding| finding.id == *id)
    }

    /// Returns who acts by the first recommendation of the finding at `place`; the customer, whose gap it is, where there is none.
    #[must_use]
    pub fn acts(&self, place: usize) -> decision::Party {
        let mut recommend = self.findings[place].recommend.iter();
        let first = recommend.find_map(|id| self.recommendations.get(id));
        first.map_or(decision::Party::Customer, |first| first.acts.into())
    }

    /// Returns the place of the section called `id`.
    #[must_use]
    pub fn section(&self, id: &str) -> Option<usize> {
        self.sections
            .iter()
            .position(|section| section.id.as_str() == id)
    }

    /// Returns the section that holds the question at `place`.
    #[must_use]
    pub fn section_of(&self, place: usize) -> &Section {
        &self.sections[self.questions[place].section]
    }

    /// Returns the weight of the question at `place` in the score: its section's times its own.
    #[must_use]
    pub fn weight(&self, place: usize) -> u64 {
        u64::from(self.section_of(place).weight) * u64::from(self.questions[place].weight)
    }

    /// Returns whether `expression` reads the answer to a private question, by itself or through what it names.
    #[must_use]
    pub fn reads_private(&self, expression: &Expression) -> bool {
        expression.slots().into_iter().any(|slot| match slot {
            Slot::Question(place) | Slot::Protected(place) | Slot::Target(place) => {
                self.questions[place].private
            }
            Slot::Derived(place) => self.reads_private(&self.derived[place].value),
            Slot::Profile(place) => self.reads_private(&self.profiles[place].when),
            Slot::Finding(place) => {
                let finding = &self.findings[place];
                let by_rule = finding
                    .when
                    .as_ref()
                    .is_some_and(|when| self.reads_private(when));
                let mut raised_by = finding.raised_by.iter();
                by_rule || raised_by.any(|place| self.questions[*place].private)
            }
            _ => false,
        })
    }

    /// Returns after how many days the answer to the question at `place` should be looked at again.
    #[must_use]
    pub fn recheck_after(&self, place: usize) -> Option<Days> {
        self.questions[place].recheck_after.or(self.recheck_after)
    }
}

/// A version of content: major (answers need migration), minor (questions added), patch (wording).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Answers given under another major version need migration.
    pub major: u32,
    /// Questions were added.
    pub minor: u32,
    /// Wording changed.
    pub patch: u32,
}

/// A text that is no version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a version: write three numbers such as `2.1.0`")]
pub struct VersionFault(String);

impl FromStr for Version {
    type Err = VersionFault;

    fn from_str(text: &str) -> Result<Self, VersionFault> {
        let fault = || VersionFault(text.chars().take(40).collect());
        let mut numbers = text.split('.').map(|part| {
            let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.parse::<u32>().ok()).flatten()
        });
        let mut number = || numbers.next().flatten().ok_or_else(fault);
        let version = Self {
            major: number()?,
            minor: number()?,
            patch: number()?,
        };
        if numbers.next().is_some() {
            return Err(fault());
        }
        Ok(version)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// A text with places for values: `Which products will {{ customer.name }} onboard?`
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// Its parts in order.
    pub parts: Vec<TextPart>,
}

/// A part of a [`Text`].
#[derive(Clone, Debug)]
pub enum TextPart {
    /// As written; names from `[terms]` are already filled in.
    Literal(String),
    /// The value of a path.
    Value(Expression),
}

impl Text {
    /// Makes a text without places for values.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            parts: vec![TextPart::Literal(text.into())],
        }
    }

    /// Returns the text with `…` where values stand.
    #[must_use]
    pub fn outline(&self) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                TextPart::Literal(text) => text.as_str(),
                TextPart::Value(_) => "…",
            })
            .collect()
    }
}

impl fmt::Display for Text {
    /// Writes the text as it was written, with the paths of its values.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| match part {
            TextPart::Literal(text) => f.write_str(text),
            TextPart::Value(path) => write!(f, "{{{{ {} }}}}", path.source()),
        })
    }
}

/// A word for the score from `min` percent on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreBand {
    /// The least whole percentage; the default band has 0.
    pub min: u32,
    /// Its id.
    pub id: String,
    /// The word.
    pub text: String,
}

/// A source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// Its title.
    pub title: String,
    /// Where it is, with an allowed scheme.
    pub url: Option<String>,
    /// The version read.
    pub version: Option<String>,
    /// The day on which it was last read.
    pub checked: Option<Day>,
}

/// A source as something cites it: `nist-csf:PR.AA-03`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Citation {
    /// The source.
    pub reference: ReferenceId,
    /// The place within it, after the colon.
    pub part: Option<String>,
}

/// Applicability: what a section or question is for.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its name.
    pub id: ProfileId,
    /// What it means, as reports say it.
    pub text: Text,
    /// When it is in scope.
    pub when: Expression,
}

/// An outcome of its own. It never changes what is visible, scored or found.
#[derive(Clone, Debug)]
pub struct Stop {
    /// Its name.
    pub id: StopId,
    /// When it holds.
    pub when: Expression,
    /// What the verdict says.
    pub title: Text,
    /// What to do.
    pub text: Text,
    /// The sections that the walk still offers while it holds.
    pub keep_asking: Vec<usize>,
}

/// A section: questions that belong together.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its name.
    pub id: SectionId,
    /// The title that people read.
    pub title: Text,
    /// What it is about.
    pub text: Option<Text>,
    /// Its weight in the score; 0 = facts only.
    pub weight: u32,
    /// When it is asked.
    pub when: Option<Expression>,
    /// The profiles it is for; none = everybody.
    pub applies: Vec<usize>,
    /// The places of its questions.
    pub questions: Range<usize>,
}

/// How strongly something is wanted.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// A fact that steers; weight 0.
    Info,
    /// Good to have; weight 2.
    Recommended,
    /// Wanted before the start; weight 5.
    Required,
}

impl Tier {
    /// Returns the weight of a question that names none.
    #[must_use]
    pub fn weight(self) -> u32 {
        match self {
            Self::Info => 0,
            Self::Recommended => 2,
            Self::Required => 5,
        }
    }

    /// Returns what a finding that it raises means for the start, where the finding does not say.
    #[must_use]
    pub fn need(self) -> Need {
        match self {
            Self::Required => Need::Condition,
            Self::Recommended | Self::Info => Need::Improvement,
        }
    }
}

/// Whose rule a question states.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The vendor says the service needs it.
    Prerequisite,
    /// The vendor advises it.
    Advice,
    /// We say so.
    Judgement,
}

impl Rule {
    /// Returns the words that people read.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Prerequisite => "Microsoft prerequisite",
            Self::Advice => "Microsoft's advice",
            Self::Judgement => "our view",
        }
    }
}

/// A question.
#[derive(Clone, Debug)]
pub struct Question {
    /// Its name.
    pub id: QuestionId,
    /// The place of its section.
    pub section: usize,
    /// What is asked, as one says it aloud.
    pub text: Text,
    /// Why it matters, in a sentence.
    pub why: Option<Text>,
    /// Where to look and how to get the number, in Markdown.
    pub help: Option<Text>,
    /// How strongly it is wanted.
    pub tier: Tier,
    /// Its weight within its section.
    pub weight: u32,
    /// Whose rule it states.
    pub rule: Option<Rule>,
    /// Sources.
    pub refs: Vec<Citation>,
    /// The team on the customer's side that knows.
    pub ask: Option<String>,
    /// Whether only the internal report shows it.
    pub private: bool,
    /// Whether *not applicable* may be said.
    pub may_be_not_applicable: bool,
    /// The finding that *don't know* raises.
    pub unknown: Option<Raise>,
    /// The explicit *none*, where offered.
    pub none: Option<NoneOption>,
    /// When it is asked.
    pub when: Option<Expression>,
    /// The profiles it is for; none = everybody.
    pub applies: Vec<usize>,
    /// After how many days its answer should be looked at again.
    pub recheck_after: Option<Days>,
    /// What is checked when it is answered.
    pub checks: Vec<Check>,
    /// The type of its answer.
    pub kind: Kind,
    /// How an answer earns credit and raises findings.
    pub scoring: Scoring,
    /// How tools propose an answer.
    pub evidence: Vec<EvidenceRule>,
    /// The places of the findings that it can raise.
    pub findings: Vec<usize>,
}

impl Question {
    /// Returns everything that people read of it, as it was written, in a fixed order.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        let none = self.none.as_ref().map(|none| &none.text);
        let own = [
            Some(&self.text),
            self.why.as_ref(),
            self.help.as_ref(),
            none,
        ];
        let own = own
            .into_iter()
            .map(|text| text.map_or_else(String::new, Text::to_string));
        let mut texts: Vec<String> = own.collect();
        self.kind.texts(&mut texts);
        texts
    }
}

/// The type of an answer.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Yes or no.
    Bool,
    /// One of these.
    Choice(Vec<Choice>),
    /// Any of these.
    Multi(Vec<Choice>),
    /// A whole number.
    Int(Bounds),
    /// An exact decimal number.
    Decimal(Bounds),
    /// An exact decimal number from 0 to 100.
    Percent(Bounds),
    /// Text.
    Text,
    /// A calendar day.
    Date,
    /// How many are protected, of how many that should be.
    Coverage(Coverage),
    /// A table.
    Rows(Table),
}

impl Kind {
    /// Returns the name that questionnaires use.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Choice(_) => "choice",
            Self::Multi(_) => "multi",
            Self::Int(_) => "int",
            Self::Decimal(_) => "decimal",
            Self::Percent(_) => "percent",
            Self::Text => "text",
            Self::Date => "date",
            Self::Coverage(_) => "coverage",
            Self::Rows(_) => "rows",
        }
    }

    /// Adds the texts of options, rows and columns.
    fn texts(&self, texts: &mut Vec<String>) {
        texts.extend(self.options().iter().map(|option| option.text.to_string()));
        if let Self::Rows(table) = self {
            texts.extend(table.fixed.iter().map(|row| row.text.to_string()));
            for column in &table.columns {
                texts.push(column.text.to_string());
                column.kind.texts(texts);
            }
        }
    }

    /// Returns the options of a choice or a multi; none for other types.
    #[must_use]
    pub fn options(&self) -> &[Choice] {
        match self {
            Self::Choice(options) | Self::Multi(options) => options,
            _ => &[],
        }
    }
}

/// An option of a choice or a multi.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Its name.
    pub id: OptionId,
    /// What people read.
    pub text: Text,
    /// What it earns, 0..=100; in a multi, its share of the whole.
    pub score: Option<u32>,
    /// The finding that it raises when chosen.
    pub raises: Option<Raise>,
    /// Whether it excludes the others of a multi.
    pub exclusive: bool,
    /// When it is offered.
    pub when: Option<Expression>,
}

/// The least and the greatest number allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The least.
    pub min: Option<Decimal>,
    /// The greatest.
    pub max: Option<Decimal>,
}

/// What a coverage question counts.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// Of which things.
    pub asset: Asset,
    /// What proposes the target.
    pub target_from: Option<Expression>,
    /// Percent of the target that is enough, 1..=100.
    pub goal: u32,
}

/// What can be protected.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Asset {
    /// Client devices.
    Devices,
    /// Identities, counted by the domain controllers that are watched.
    Identities,
    /// Servers.
    Servers,
}

/// What a rows question asks for.
#[derive(Clone, Debug)]
pub struct Table {
    /// The place of the column by whose value a row is known; with fixed rows none, their ids are the keys.
    pub key: Option<usize>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// The rows of a matrix; none = any rows.
    pub fixed: Vec<FixedRow>,
    /// How rows make one credit.
    pub combine: Combine,
}

/// A row of a matrix.
#[derive(Clone, Debug)]
pub struct FixedRow {
    /// Its key.
    pub id: OptionId,
    /// What people read.
    pub text: Text,
}

/// How rows make one credit.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Combine {
    /// The worst row counts.
    #[default]
    Worst,
    /// The mean of the rows counts.
    Mean,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub id: ColumnId,
    /// What people read.
    pub text: Text,
    /// The type of its cells: any but coverage and rows.
    pub kind: Kind,
    /// Whether a row without it is not a row yet.
    pub required: bool,
    /// When it is asked, for the row at hand.
    pub when: Option<Expression>,
    /// What is checked when a cell is filled in.
    pub checks: Vec<Check>,
    /// How a cell earns credit and raises findings.
    pub scoring: Scoring,
}

/// How an answer earns credit and raises findings. What is not named here earns full credit and raises nothing.
#[derive(Clone, Debug)]
pub enum Scoring {
    /// Not scored.
    Unscored,
    /// One value of a yes-or-no question is good; the other earns nothing and raises the finding.
    Good {
        /// The good one.
        good: bool,
        /// What the other raises.
        raises: Option<Raise>,
    },
    /// The chosen option's own score.
    Options,
    /// The ticked options' share of the visible ones; below the whole it raises the finding.
    Share {
        /// What less than the whole raises.
        raises: Option<Raise>,
    },
    /// The first band that fits.
    Bands(Vec<Band>),
    /// Protected of target; below the goal it raises the finding.
    Coverage {
        /// What less than the goal raises.
        raises: Option<Raise>,
    },
    /// Full if not older than that; else it raises the finding.
    NotOlderThan {
        /// How old it may be.
        days: Days,
        /// What an older one raises.
        raises: Option<Raise>,
    },
    /// Full for any answer; the explicit *none* says what its absence earns.
    Given,
    /// The scored columns of each row.
    Columns,
}

/// A band of values.
#[derive(Clone, Debug)]
pub struct Band {
    /// When a value falls into it; the last has no condition.
    pub when: Option<Expression>,
    /// What it earns, 0..=100.
    pub score: u32,
    /// The finding that it raises.
    pub raises: Option<Raise>,
}

/// A finding as an answer raises it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raise {
    /// The place of the finding.
    pub finding: usize,
    /// How bad it is here, where that differs from the finding's own.
    pub severity: Option<Severity>,
    /// What it means here, where that differs from the finding's own.
    pub need: Option<Need>,
}

/// The explicit *none*.
#[derive(Clone, Debug)]
pub struct NoneOption {
    /// What people read, such as *Never*.
    pub text: Text,
    /// What it earns, 0..=100; nothing = not scored.
    pub score: Option<u32>,
    /// The finding that it raises.
    pub raises: Option<Raise>,
}

/// What is checked when something is answered.
#[derive(Clone, Debug)]
pub struct Check {
    /// What must hold.
    pub expression: Expression,
    /// What is said when it does not.
    pub text: Text,
    /// Whether the answer is then refused, or only warned of.
    pub refuses: bool,
}

/// How a tool's result proposes an answer.
#[derive(Clone, Debug)]
pub struct EvidenceRule {
    /// The tool, by the name of its importer.
    pub source: String,
    /// The control, by the tool's base id.
    pub control: String,
    /// What it proposes; `nothing` = no proposal.
    pub answer: Expression,
}

/// A derived value.
#[derive(Clone, Debug)]
pub struct Derived {
    /// Its name.
    pub id: DerivedId,
    /// What people read, where it is shown.
    pub text: Option<Text>,
    /// How it is computed.
    pub value: Expression,
}

/// What can be found.
#[derive(Clone, Debug)]
pub struct FindingRule {
    /// Its name.
    pub id: FindingId,
    /// How bad it is, unless what raises it says otherwise.
    pub severity: Severity,
    /// What it means for the start, unless a rule or what raises it says otherwise.
    pub need: Need,
    /// Rules that decide what it means; the first that holds wins.
    pub need_when: Vec<NeedRule>,
    /// The title that people read.
    pub title: Text,
    /// What it means, in Markdown.
    pub text: Option<Text>,
    /// What to do about it.
    pub recommend: Vec<RecommendationId>,
    /// A rule of its own: raised when true.
    pub when: Option<Expression>,
    /// Whose rule it states where no question does.
    pub rule: Option<Rule>,
    /// Sources.
    pub refs: Vec<Citation>,
    /// The places of the questions that can raise it.
    pub raised_by: Vec<usize>,
}

/// A rule that decides what a finding means for the start.
#[derive(Clone, Debug)]
pub struct NeedRule {
    /// When it holds.
    pub when: Expression,
    /// What the finding then means.
    pub need: Need,
}

/// Answers of another questionnaire of the customer, offered as proposals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carry {
    /// The other questionnaire.
    pub from: QuestionnaireId,
    /// From its questions to ours.
    pub answers: BTreeMap<QuestionId, QuestionId>,
}

/// What happens to answers given under a version before `to`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// The version that it leads to.
    pub to: Version,
    /// New names of questions.
    pub rename: BTreeMap<QuestionId, QuestionId>,
    /// New names of options by their old ones, by where they stand.
    pub options: BTreeMap<OptionsOf, BTreeMap<OptionId, OptionId>>,
    /// Questions, by their new names, whose meaning changed: kept, to be confirmed.
    pub review: Vec<QuestionId>,
    /// Questions, by their old names, that are gone.
    pub drop: Vec<QuestionId>,
}

/// Where options stand: `section.question`, or `section.question.column`. Those of a matrix itself are its rows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OptionsOf {
    /// The question, by its new name.
    pub question: QuestionId,
    /// The column of its rows.
    pub column: Option<ColumnId>,
}

impl fmt::Display for OptionsOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "{}.{column}", self.question),
            None => self.question.fmt(f),
        }
    }
}

/// What to do about findings: a template with front matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recommendation {
    /// Its name: the stem of its file.
    pub id: RecommendationId,
    /// The title that people read.
    pub title: String,
    /// How long it takes.
    pub effort: Effort,
    /// What users notice.
    pub user_impact: Level,
    /// What it costs.
    pub cost: Level,
    /// Who acts.
    pub acts: Party,
    /// What must be there first, in words.
    pub prerequisites: Vec<String>,
    /// What must be done first.
    pub depends_on: Vec<RecommendationId>,
    /// Sources.
    pub refs: Vec<String>,
    /// Ids of frameworks, by framework.
    pub frameworks: BTreeMap<String, Vec<String>>,
    /// The body: Markdown with Tera.
    pub body: String,
    /// On which line of its file the body begins, counted from 1.
    pub body_line: usize,
}

/// How long a recommendation takes.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Effort {
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Weeks.
    Weeks,
}

/// A rough amount.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
}

/// Who acts.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// The customer.
    Customer,
    /// The provider of the service that uses this tool.
    Provider,
    /// Microsoft.
    Microsoft,
    /// Another partner.
    Partner,
}

impl From<Party> for decision::Party {
    fn from(party: Party) -> Self {
        match party {
            Party::Customer => Self::Customer,
            Party::Provider => Self::Provider,
            Party::Microsoft => Self::Microsoft,
            Party::Partner => Self::Partner,
        }
    }
}

/// A thing that is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// Whether a profile is in scope.
    Profile(usize),
    /// Whether a section is asked.
    Section(usize),
    /// Whether a question is asked, and whether its answer holds.
    Question(usize),
    /// A derived value.
    Derived(usize),
    /// What a question's answer earns and raises.
    Credit(usize),
    /// Whether a finding is raised.
    Finding(usize),
    /// Whether a stop holds.
    Stop(usize),
}

/// In which order things are evaluated, and what depends on what.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// Every thing, after what it depends on.
    pub order: Vec<Node>,
    /// For each place in `order`, the places of what directly depends on it.
    pub dependents: Vec<Vec<usize>>,
    /// For each place in `order`, whether it reads the day.
    pub reads_day: Vec<bool>,
    /// The place in `order` of each question.
    pub question_order: Vec<usize>,
    /// Questions by id.
    pub places: BTreeMap<QuestionId, usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_read_back_and_order_by_number() {
        let version: Version = "2.10.0".parse().unwrap();
        assert_eq!(version.to_string(), "2.10.0");
        assert!(version > "2.9.9".parse().unwrap());
        for wrong in [
            "",
            "1",
            "1.2",
            "1.2.3.4",
            "1.2.x",
            "1.2.+3",
            "99999999999.0.0",
        ] {
            assert!(wrong.parse::<Version>().is_err(), "{wrong}");
        }
    }
}
