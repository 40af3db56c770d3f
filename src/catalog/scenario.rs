//! Scenarios as written: a questionnaire's own tests, in steps that build on each other.
//!
//! Running them needs the whole engine and is done by whoever has it; here they are read.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::catalog::notes::Notes;
use crate::catalog::read;
use crate::catalog::shape::Shapes;
use crate::catalog::tree::{At, Spot};
use crate::catalog::written::Date;
use crate::problem::{Place, SourceText};

/// A scenario: a file under `scenarios/`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it shows, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Steps in order, each building on the one before.
    #[serde(default)]
    pub step: Vec<Step>,
}

/// One step: what is said and decided, and what must then hold.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The day; that of the step before where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub today: Option<Date>,
    /// Facts about the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<Facts>,
    /// Answers, by question.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, Value>,
    /// Questions to which the explicit *none* is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub none: Vec<String>,
    /// Questions to which *don't know* is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
    /// Questions that do not apply, with the code of the reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub na: BTreeMap<String, String>,
    /// Questions whose answer is withdrawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdraw: Vec<String>,
    /// Decisions about findings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decide: Vec<Decide>,
    /// What must then hold.
    #[serde(default)]
    pub expect: Expect,
}

/// Facts about the customer.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Licensed seats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<i64>,
    /// The time zone, such as `Europe/Berlin`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The day on which the service is to start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub go_live: Option<Date>,
}

/// A decision about a finding.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decide {
    /// The finding: `id`, or `id@row-key`.
    pub finding: String,
    /// The state that it goes into, such as `planned` or `risk-accepted`.
    pub state: String,
    /// Who decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Who approves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// The last day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Who does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// By when it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What must hold after a step; what is not said is not looked at.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Whether questions are asked.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub visible: BTreeMap<String, bool>,
    /// Findings that are raised: `id`, or `id@row-key`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub raised: Vec<String>,
    /// Findings that are not raised and not undetermined.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<String>,
    /// Findings that an open question could still raise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undetermined: Vec<String>,
    /// What raised findings mean for the start: `blocker`, `condition` or `improvement`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub need: BTreeMap<String, crate::domain::decision::Need>,
    /// The verdict, such as `not-ready`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// The score as it is displayed, in whole percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<i64>,
}

/// A scenario with the places of what it says.
#[derive(Debug)]
pub struct Written {
    /// The name of its file, without `.toml`.
    pub name: String,
    /// What it says.
    pub scenario: Scenario,
    source: Arc<SourceText>,
    spot: Spot,
}

impl Written {
    /// Returns where the step at `step` is written: the value under a path of keys in it, as far as it is written.
    #[must_use]
    pub fn place(&self, step: usize, path: &[&str]) -> Option<Place> {
        let at = self.step(step);
        path.iter().fold(at, |at, key| at.key(key)).place()
    }

    /// Returns where the item at `item` of the list under a path of keys in a step is written.
    #[must_use]
    pub fn item_place(&self, step: usize, path: &[&str], item: usize) -> Option<Place> {
        let at = path.iter().fold(self.step(step), |at, key| at.key(key));
        at.item(item).place()
    }

    /// Points at a step.
    pub(crate) fn step(&self, step: usize) -> At<'_> {
        At::new(&self.source, &self.spot).key("step").item(step)
    }
}

/// Reads the scenarios of a questionnaire, in the order of their names.
pub(crate) fn read(files: &BTreeMap<String, Arc<SourceText>>, notes: &mut Notes) -> Vec<Written> {
    static SHAPES: LazyLock<Shapes> = LazyLock::new(Shapes::of::<Scenario>);
    let mut scenarios = Vec::new();
    for (name, source) in files {
        let part = read::part(source, &SHAPES, notes);
        if let Some(scenario) = part.written {
            scenarios.push(Written {
                name: name.clone(),
                scenario,
                source: Arc::clone(source),
                spot: part.spot,
            });
        }
    }
    scenarios
}
