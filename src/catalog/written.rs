//! Questionnaires exactly as they are written.
//!
//! One set of plain structs serves reading, the pinned form (canonical JSON) and the JSON Schema that editors use, so the doc
//! comments here are what an editor shows. Names stay text and numbers stay unjudged: what they mean is found out by
//! `build`, where a problem can still point at the file.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::decision::{Need, Severity};
use crate::domain::questionnaire::{Asset, Combine, Rule, Tier};
use crate::domain::time::Day;

/// Whether a flag has its default, so that the pinned form leaves it out.
fn is_false(flag: &bool) -> bool {
    !flag
}

/// A questionnaire: `questionnaire.toml`, or a file that is one alone.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Questionnaire {
    /// The version of this syntax: 1.
    pub format: i64,
    /// The name of the questionnaire in kebab-case; the same as its folder or file.
    pub id: String,
    /// The version of the content, `major.minor.patch`: answers need `migrate`, questions added, wording.
    pub version: String,
    /// The title that people read.
    pub title: String,
    /// The language of the texts, as a tag such as `en` or `pt-BR`.
    #[serde(default = "english")]
    pub language: String,
    /// After how many days an answer is shown as "review again", such as `180d`, unless its question says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recheck_after: Option<String>,
    /// Words for the score; the first match wins, the last is the default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<ScoreBand>,
    /// The files under `sections/`, by their names without `.toml`, in the order in which they are asked.
    #[serde(default, skip_serializing)]
    pub sections: Option<Vec<String>>,
    /// Names that change with the world; texts use them as `{{ terms.name }}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub terms: BTreeMap<String, String>,
    /// Sources, cited as `refs = ["id", "id:part"]`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refs: BTreeMap<String, Reference>,
    /// Applicability: sections and questions say `applies = ["id"]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profile: Vec<Profile>,
    /// Outcomes of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stop: Vec<Stop>,
    /// Sections with their questions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub section: Vec<Section>,
    /// Values computed from answers, used as `derived.id`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub derived: Vec<Derived>,
    /// What can be found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub finding: Vec<Finding>,
    /// Answers of another questionnaire of the customer, offered as proposals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carry: Vec<Carry>,
    /// What happens to answers given under an older version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub migrate: Vec<Migrate>,
    /// Warnings that are meant, by code, each with its reason.
    #[serde(default, skip_serializing)]
    pub allow: BTreeMap<String, String>,
}

fn english() -> String {
    "en".to_owned()
}

/// A file under `sections/`: what it adds to the questionnaire.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SectionFile {
    /// Sections with their questions.
    #[serde(default)]
    pub section: Vec<Section>,
    /// Values computed from answers, used as `derived.id`.
    #[serde(default)]
    pub derived: Vec<Derived>,
    /// What can be found.
    #[serde(default)]
    pub finding: Vec<Finding>,
}

/// A word for the score.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoreBand {
    /// The least whole percentage; the last band has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// Its name.
    pub id: String,
    /// The word that people read.
    pub text: String,
}

/// A source.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// Its title.
    pub title: String,
    /// Where it is: `https`, `http` or `mailto`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The version that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The day on which it was last read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<Date>,
    /// Warnings that are meant, by code, each with its reason.
    #[serde(default, skip_serializing)]
    pub allow: BTreeMap<String, String>,
}

/// Applicability.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name.
    pub id: String,
    /// What it means, as reports say it.
    pub text: String,
    /// When it is in scope.
    pub when: String,
    /// Warnings that are meant, by code, each with its reason.
    #[serde(default, skip_serializing)]
    pub allow: BTreeMap<String, String>,
}

/// An outcome of its own; it never changes what is visible, scored or found.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// Its name in kebab-case.
    pub id: String,
    /// When it holds.
    pub when: String,
    /// What the verdict says.
    pub title: String,
    /// What to do.
    pub text: String,
    /// The sections that are still offered while it holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep_asking: Vec<String>,
    /// Warnings that are meant, by code, each with its reason.
    #[serde(default, skip_serializing)]
    pub allow: BTreeMap<String, String>,
}

/// A section.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its name.
    pub id: String,
    /// The title that people read.
    pub title: String,
    /// What it is about, in Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Its weight in the score, 0 to 1000; 1 where nothing is said, 0 for facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<i64>,
    /// When it is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The profiles it is for (any of them); none = everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applies: Vec<String>,
    /// Its questions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub question: Vec<Question>,
    /// Warnings that are meant, by code, each with its reason.
    #[serde(default, skip_serializing)]
    pub allow: BTreeMap<String, String>,
}

impl Questionnaire {
    /// Returns every question by its full name, with the type of its answer.
    pub(crate) fn questions(&self) -> impl Iterator<Item = (String, Type)> {
        self.section.iter().flat_map(|section| {
            let questions = section.question.iter();
            questions.map(|one| (format!("{}.{}", section.id, one.id), one.kind))
        })
    }
}

/// The type of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Type {
    /// Yes or no.
    Bool,
    /// One of `options`.
    Choice,
    /// Any of `options`.
    Multi,
    /// A whole number.
    Int,
    /// An exact decimal number.
    Decimal,
    /// An exact decimal number from 0 to 100.
    Percent,
    /// Text.
    Text,
    /// A calendar day.
    Date,
    /// Two numbers: protected and target.
    Coverage,
    /// A table.
    Rows,
}

impl Type {
    /// Returns the name that questionnaires use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Choice => "choice",
            Self::Multi => "multi",
            Self::Int => "int",
            Self::Decimal => "decimal",
            Self::Percent => "percent",
            Self::Text => "text",
            Self::Date => "date",
            Self::Coverage => "coverage",
            Self::Rows => "rows",
        }
    }

    /// Returns whether answers are numbers.
    #[must_use]
    pub fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Decimal | Self::Percent)
    }
}

/// A question.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its name within its section.
    pub id: String,
    /// The type of its answer.
    #[serde(rename = "type")]
    pub kind: Type,
    /// What is asked, as one says it aloud.
    pub text: String,
    /// Why it matters, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Where to look and how to get the number, in Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// How strongly it is wanted: its default weight (5, 2, 0), and the default need of the findings that it raises.
    pub tier: Tier,
    /// Its weight within its section, 0 to 1000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<i64>,
    /// Whose rule it states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// Sources: `id` or `id:part`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refs: Vec<String>,
    /// The team on the customer's side that knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<String>,
    /// Whether it is asked before the call and stands in no report but the internal one.
    #[serde(default, skip_serializing_if = "is_false")]
    pub private: bool,
    /// Whether *not applicable* may be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub na: Option<NotApplicable>,
    /// The improvement that *don't know* raises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown: Option<Raises>,
    /// An explicit *none*; for text, date and rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub none: Option<NoneOption>,
    /// When it is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The profiles it is for (any of them); none = everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applies: Vec<String>,
    /// After how many days its answer is shown as "review again", such as `90d`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recheck_after: Option<String>,
    /// The options of a choice or a multi.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// Bands of values: the first match wins, the last has no condition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<Band>,
    /// What is checked when it is answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// The least number allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Number>,
    /// The greatest number allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Number>,
    /// The good value of a bool; the other earns nothing and raises the finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub good: Option<bool>,
    /// How old a date may be, such as `180d`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_older_than: Option<String>,
    /// The finding that less than full credit raises: bool, date, coverage, multi.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// How bad the finding is here, where that differs from its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// What the finding means for the start here, where that differs from its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need: Option<Need>,
    /// The column by whose value a row is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// How rows make one credit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub combine: Option<Combine>,
    /// The rows of a matrix.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<FixedRow>,
    /// The columns of a table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub column: Vec<Column>,
    /// What a coverage question counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset: Option<Asset>,
    /// An expression that proposes the target of a coverage question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_from: Option<String>,
    /// Percent of the target that is enough, 1 to 100; 100 where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<i64>,
    /// How tools propose an answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Warnings that are meant, by code, each with its reason.
    #[serde(default, skip_serializing)]
    pub allow: BTreeMap<String, String>,
}

/// Whether *not applicable* may be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NotApplicable {
    /// Never.
    Never,
    /// With a coded reason.
    WithReason,
}

/// An option of a choice or a multi.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its name.
    pub id: String,
    /// What people read.
    pub text: String,
    /// What it earns, 0 to 100; in a multi, its share of the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<i64>,
    /// The finding that it raises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// How bad the finding is here, where that differs from its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// What the finding means for the start here, where that differs from its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need: Option<Need>,
    /// Whether it excludes the other options of a multi.
    #[serde(default, skip_serializing_if = "is_false")]
    pub exclusive: bool,
    /// When it is offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// Warnings that are meant, by code, each with its reason.
    #[serde(default, skip_serializing)]
    pub allow: BTreeMap<String, String>,
}

/// A band of values.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// When a value, called `this`, falls into it; the last band has no condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The least number in it: short for `this >= min`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Number>,
    /// The greatest number in it: short for `this <= max`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Number>,
    /// What it earns, 0 to 100.
    pub score: i64,
    /// The finding that it raises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// How bad the finding is here, where that differs from its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// What the finding means for the start here, where that differs from its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need: Option<Need>,
    /// Warnings that are meant, by code, each with its reason.
    #[serde(default, skip_serializing)]
    pub allow: BTreeMap<String, String>,
}

/// A finding as something raises it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Raises {
    /// The finding.
    pub finding: String,
    /// How bad it is here, where that differs from its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// What it means for the start here, where that differs from its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need: Option<Need>,
    /// Warnings that are meant, by code, each with its reason.
    #[serde(default, skip_serializing)]
    pub allow: BTreeMap<String, String>,
}

/// An explicit *none*.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoneOption {
    /// What people read, such as *Never*.
    pub text: String,
    /// What it earns, 0 to 100; nothing said and no finding = not scored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<i64>,
    /// The finding that it raises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// How bad the finding is here, where that differs from its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// What the finding means for the start here, where that differs from its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need: Option<Need>,
    /// Warnings that are meant, by code, each with its reason.
    #[serde(default, skip_serializing)]
    pub allow: BTreeMap<String, String>,
}

/// What is checked when something is answered.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// What must hold; the answer is called `this`.
    pub expr: String,
    /// What is said when it does not.
    pub text: String,
    /// Whether the answer is then refused, or only warned of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Warnings that are meant, by code, each with its reason.
    #[serde(default, skip_serializing)]
    pub allow: BTreeMap<String, String>,
}

/// What a check does when it does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The answer is refused.
    Error,
    /// The answer is taken with a warning.
    Warn,
}

/// A row of a matrix.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FixedRow {
    /// Its name and key.
    pub id: String,
    /// What people read.
    pub text: String,
}

/// A column of a table.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name.
    pub id: String,
    /// The type of its cells: any but coverage and rows.
    #[serde(rename = "type")]
    pub kind: Type,
    /// What people read.
    pub text: String,
    /// Whether a row without it is not a row yet.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// When it is asked, for the row at hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The options of a choice or a multi.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// Bands of values: the first match wins, the last has no condition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<Band>,
    /// What is checked when a cell is filled in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// The least number allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Number>,
    /// The greatest number allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Number>,
    /// The good value of a bool; the other earns nothing and raises the finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub good: Option<bool>,
    /// How old a date may be, such as `180d`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_older_than: Option<String>,
    /// The finding that less than full credit raises, one for each row: bool, date, multi.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// How bad the finding is here, where that differs from its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// What the finding means for the start here, where that differs from its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need: Option<Need>,
    /// Warnings that are meant, by code, each with its reason.
    #[serde(default, skip_serializing)]
    pub allow: BTreeMap<String, String>,
}

/// How a tool's result proposes an answer.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The tool.
    pub source: String,
    /// The control, by the tool's base id.
    pub id: String,
    /// What it proposes, from `ev.status`, `ev.percent`, `ev.value`, `ev.count`; `nothing` = no proposal. For a coverage question:
    /// how many are protected; the target is what `target_from` says, or where there is none what the tool counted.
    pub answer: String,
    /// Warnings that are meant, by code, each with its reason.
    #[serde(default, skip_serializing)]
    pub allow: BTreeMap<String, String>,
}

/// A value computed from answers.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Derived {
    /// Its name.
    pub id: String,
    /// The type of the value.
    #[serde(rename = "type")]
    pub kind: DerivedType,
    /// How it is computed.
    pub value: String,
    /// What people read, where it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Warnings that are meant, by code, each with its reason.
    #[serde(default, skip_serializing)]
    pub allow: BTreeMap<String, String>,
}

/// The type of a derived value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DerivedType {
    /// Yes or no.
    Bool,
    /// A whole number.
    Int,
    /// An exact decimal number.
    Decimal,
    /// Text.
    Text,
    /// A calendar day.
    Date,
}

/// What can be found: one gap, one id.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Its name in kebab-case.
    pub id: String,
    /// How bad it is.
    pub severity: Severity,
    /// What it means for the start; by default what the highest tier that raises it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need: Option<Need>,
    /// Rules that decide what it means for the start; the first that holds wins, else `need`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub need_when: Vec<NeedRule>,
    /// The title that people read.
    pub title: String,
    /// What it means, in Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What to do about it: names of recommendations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recommend: Vec<String>,
    /// A rule of its own: raised when true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// Whose rule it states, where no question does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// Sources: `id` or `id:part`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refs: Vec<String>,
    /// Warnings that are meant, by code, each with its reason.
    #[serde(default, skip_serializing)]
    pub allow: BTreeMap<String, String>,
}

/// A rule that decides what a finding means for the start.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NeedRule {
    /// When it holds.
    pub when: String,
    /// What the finding then means.
    pub need: Need,
    /// Warnings that are meant, by code, each with its reason.
    #[serde(default, skip_serializing)]
    pub allow: BTreeMap<String, String>,
}

/// Answers of another questionnaire, offered as proposals.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Carry {
    /// The other questionnaire.
    pub from: String,
    /// From its questions to ours.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, String>,
}

/// What happens to answers given under an older version.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Migrate {
    /// The version that it leads to.
    pub to: String,
    /// New names of questions, by their old ones.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rename: BTreeMap<String, String>,
    /// New names of options by their old ones, by `section.question`, or `section.question.column`; for a matrix those of its rows.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, BTreeMap<String, String>>,
    /// Questions whose meaning changed: the answer is kept, to be confirmed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub review: Vec<String>,
    /// Questions that are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drop: Vec<String>,
}

/// A number as written; exact, also where it has decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(pub Decimal);

impl Serialize for Number {
    /// Writes a JSON number, or text where a double would not hold the number exactly.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.normalize().to_string();
        match text.parse::<f64>() {
            Ok(double) if double.to_string() == text => match i64::try_from(self.0) {
                Ok(whole) if self.0.is_integer() => serializer.serialize_i64(whole),
                _ => serializer.serialize_f64(double),
            },
            _ => serializer.serialize_str(&text),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::Number(number) => number.to_string(),
            serde_json::Value::String(text) => text,
            _ => return Err(serde::de::Error::custom("not a number")),
        };
        let fault = || serde::de::Error::custom("a number that cannot be kept exactly");
        Self::read(&text).ok_or_else(fault)
    }
}

impl Number {
    /// Reads a number as JSON writes it; nothing where it cannot be kept exactly.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let decimal = Decimal::from_str_exact(text).ok();
        decimal
            .or_else(|| Decimal::from_scientific(text).ok())
            .map(Self)
    }
}

impl JsonSchema for Number {
    fn schema_name() -> Cow<'static, str> {
        "Number".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number" })
    }
}

/// A calendar day as written in TOML, without quotes; text in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Date(pub Day);

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date" })
    }
}
