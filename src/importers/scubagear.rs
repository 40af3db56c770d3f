//! CISA ScubaGear: consolidated results, their table, the action plan, and the raw test results.
//!
//! Policies are known by their base id: `MS.AAD.3.2` for `MS.AAD.3.2v1`. Those that the tool moved go by their new name, after the
//! tool's own table; those that it split or gave up keep theirs and say so.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use crate::domain::evidence::{
    Aged, Evidence, Extent, Judged, Observation, TenantSeen, Tool, Warning, WhyUnknown,
};
use crate::importers::json::{self, Flag, Fold, Folded, List, Named, Number, Rows, Text};
use crate::importers::outline::{Form, Outline};
use crate::importers::table::Table;
use crate::importers::text;
use crate::problem::Problems;

/// The most policies of one file.
const MAX_POLICIES: usize = 20_000;

/// The shapes in which the tool writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Consolidated,
    TestResults,
    Table,
    ActionPlan,
    TestTable,
}

fn shape(outline: &Outline) -> Option<Shape> {
    match outline {
        Outline::Json(form) if form.has(&["metadata", "results"]) => Some(Shape::Consolidated),
        Outline::Json(form @ Form::List(_)) => {
            let row = form.first()?;
            let named = row.has(&["policyid"]) || row.has(&["control", "criticality"]);
            (named && row.has(&["requirementmet"])).then_some(Shape::TestResults)
        }
        Outline::Table(columns) => {
            let has = |name: &str| columns.iter().any(|column| column == name);
            if has("controlid") && has("requirement") && has("result") {
                let plan = has("noncompliancereason");
                Some(if plan {
                    Shape::ActionPlan
                } else {
                    Shape::Table
                })
            } else if has("requirementmet") && (has("policyid") || has("control")) {
                Some(Shape::TestTable)
            } else {
                None
            }
        }
        Outline::Json(_) | Outline::Page(_) | Outline::Other => None,
    }
}

/// Returns whether a file is one of ScubaGear's.
pub(super) fn recognises(outline: &Outline) -> bool {
    shape(outline).is_some()
}

/// Returns whether a file holds the whole of a run, with tenant and time.
pub(super) fn is_whole_run(evidence: &Evidence) -> bool {
    evidence.tool == Tool::ScubaGear && evidence.form == CONSOLIDATED
}

const CONSOLIDATED: &str = "consolidated results";

/// Reads one of ScubaGear's files.
///
/// # Errors
/// Where it is damaged, with place and reason.
pub(super) fn import(text: &str, outline: &Outline) -> Result<Evidence, Problems> {
    match shape(outline) {
        Some(Shape::TestResults) => test_results(text),
        Some(Shape::Table) => results_table(text, "table of results", Extent::Everything),
        Some(Shape::ActionPlan) => results_table(text, "action plan", Extent::FindingsOnly),
        Some(Shape::TestTable) => test_table(text),
        Some(Shape::Consolidated) | None => consolidated(text),
    }
}

/// Returns whether the tool has a policy of this base id, or had one that it did not rename.
pub(super) fn knows(control: &str) -> bool {
    let listed = POLICIES.contains_key(control) || MOVES.contains_key(control);
    listed && Known::of(control).control == control
}

// ── the consolidated file ───────────────────────────────────────────────────────────────────────────────────────────────────

#[derive(Deserialize)]
struct Consolidated {
    #[serde(rename = "MetaData")]
    about: About,
    #[serde(rename = "Summary", default)]
    summary: Named<Named<Number>>,
    #[serde(rename = "Results")]
    results: Results,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct About {
    tenant_id: Text,
    display_name: Text,
    domain_name: Text,
    tool_version: Text,
    timestamp_zulu: Text,
}

/// What the products' groups hold.
#[derive(Default)]
struct Results {
    observations: Vec<Observation>,
    /// By the product that `Summary` names: how often each counter's status was seen.
    counted: BTreeMap<String, BTreeMap<&'static str, u64>>,
    product: String,
}

#[derive(Deserialize)]
struct Group {
    #[serde(rename = "Controls", default)]
    controls: List<Control>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Control {
    #[serde(rename = "Control ID")]
    id: Text,
    #[serde(rename = "Requirement")]
    requirement: Text,
    #[serde(rename = "Result")]
    result: Text,
    #[serde(rename = "Criticality")]
    criticality: Text,
    #[serde(rename = "Details")]
    details: Text,
    #[serde(rename = "OriginalResult")]
    original: Text,
}

impl<'de> Deserialize<'de> for Results {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Products;
        impl<'de> Visitor<'de> for Products {
            type Value = Results;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of products")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Results, A::Error> {
                let mut results = Results::default();
                while let Some(Text(product)) = map.next_key()? {
                    let product = product.unwrap_or_default();
                    if results.counted.contains_key(&product) {
                        let product = text::name(&product);
                        let twice = format!("the same name twice: `{product}`");
                        return Err(A::Error::custom(twice));
                    }
                    if results.counted.len() >= 100 {
                        return Err(A::Error::custom("more than 100 products"));
                    }
                    results.counted.insert(product.clone(), BTreeMap::new());
                    results.product = product;
                    map.next_value_seed(Fold(&mut results))?;
                }
                Ok(results)
            }
        }
        deserializer.deserialize_map(Products)
    }
}

impl Rows for Results {
    type Row = Group;

    fn take(&mut self, group: Group) -> Result<(), String> {
        for control in group.controls.0 {
            if self.observations.len() >= MAX_POLICIES {
                return Err(format!("more than {MAX_POLICIES} policies"));
            }
            let counts = self.counted.entry(self.product.clone()).or_default();
            *counts
                .entry(counter(control.result.or_empty()))
                .or_default() += 1;
            self.observations.push(observation(&Written {
                id: control.id.or_empty(),
                requirement: control.requirement.get(),
                result: control.result.or_empty(),
                criticality: control.criticality.get(),
                details: control.details.get(),
                original: control.original.get(),
            }));
        }
        Ok(())
    }
}

fn consolidated(text: &str) -> Result<Evidence, Problems> {
    let file: Consolidated = json::read(text)?;
    let mut evidence = Evidence::new(Tool::ScubaGear, CONSOLIDATED);
    let about = file.about;
    evidence.tool_version = text::some_name(about.tool_version.get());
    evidence.taken = about.timestamp_zulu.get().and_then(text::instant);
    let tenant = TenantSeen {
        id: text::tenant_id(about.tenant_id.get()),
        name: text::some_name(about.display_name.get()),
        domains: text::some_name(about.domain_name.get())
            .into_iter()
            .collect(),
    };
    evidence.warnings = differences(&file.summary, &file.results.counted);
    evidence.observations = file.results.observations;
    if !tenant.is_nameless() {
        evidence.tenants.push(tenant);
        for observation in &mut evidence.observations {
            observation.tenant = Some(0);
        }
    }
    Ok(finished(evidence))
}

/// Returns the counter of the summary that a result belongs to.
fn counter(result: &str) -> &'static str {
    match result.to_ascii_lowercase().as_str() {
        "pass" => "Passes",
        "fail" => "Failures",
        "warning" => "Warnings",
        "n/a" => "Manual",
        "omitted" => "Omits",
        "incorrect result" => "IncorrectResults",
        text if text.starts_with("error") => "Errors",
        _ => "",
    }
}

/// Compares the tool's own counters with the rows.
fn differences(
    summary: &Named<Named<Number>>,
    counted: &BTreeMap<String, BTreeMap<&'static str, u64>>,
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (product, counters) in &summary.0 {
        for (name, said) in &counters.0 {
            let plural = match name.as_str() {
                "Omit" => "Omits",
                "IncorrectResult" => "IncorrectResults",
                other => other,
            };
            let rows = counted.get(product).and_then(|counts| counts.get(plural));
            let rows = rows.copied().unwrap_or_default();
            if let Some(said) = said.count().filter(|said| *said != rows) {
                let (product, name) = (text::name(product), text::name(name));
                let message = format!("the summary says {said}, and the rows are {rows}");
                warnings.push(Warning::new(message).at(format!("Summary.{product}.{name}")));
            }
        }
    }
    warnings
}

// ── the other files ─────────────────────────────────────────────────────────────────────────────────────────────────────────

#[derive(Default)]
struct Tests(Vec<Observation>);

#[derive(Default, Deserialize)]
#[serde(default)]
struct Test {
    #[serde(rename = "PolicyId", alias = "Control")]
    id: Text,
    #[serde(rename = "RequirementMet")]
    met: Flag,
    #[serde(rename = "Criticality")]
    criticality: Text,
    #[serde(rename = "ReportDetails")]
    details: Text,
    #[serde(rename = "Requirement")]
    requirement: Text,
}

impl Rows for Tests {
    type Row = Test;

    fn take(&mut self, test: Test) -> Result<(), String> {
        if self.0.len() >= MAX_POLICIES {
            return Err(format!("more than {MAX_POLICIES} tests"));
        }
        self.0.push(observation(&Written {
            id: test.id.or_empty(),
            requirement: test.requirement.get(),
            result: displayed(test.met, test.criticality.or_empty()),
            criticality: test.criticality.get(),
            details: test.details.get(),
            original: None,
        }));
        Ok(())
    }
}

fn test_results(text: &str) -> Result<Evidence, Problems> {
    let Folded(Tests(observations)) = json::read(text)?;
    let mut evidence = Evidence::new(Tool::ScubaGear, "raw test results");
    evidence.observations = observations;
    Ok(finished(evidence))
}

fn test_table(text: &str) -> Result<Evidence, Problems> {
    let mut table = Table::open(text)?;
    let id = table.column(&["policyid", "control"]);
    let met = table.column(&["requirementmet"]);
    let criticality = table.column(&["criticality"]);
    let details = table.column(&["reportdetails"]);
    let requirement = table.column(&["requirement"]);
    let mut evidence = Evidence::new(Tool::ScubaGear, "table of raw test results");
    while let Some(row) = table.next()? {
        text::room(evidence.observations.len(), MAX_POLICIES, row.line)?;
        evidence.observations.push(observation(&Written {
            id: row.get(id),
            requirement: row.some(requirement),
            result: displayed(Flag::of(row.get(met)), row.get(criticality)),
            criticality: row.some(criticality),
            details: row.some(details),
            original: None,
        }));
    }
    Ok(finished(evidence))
}

/// Returns the result that the tool displays for a raw test, by the tool's own rule.
fn displayed(met: Flag, criticality: &str) -> &'static str {
    match met.0 {
        None => "",
        Some(true) => "Pass",
        Some(false) if criticality.eq_ignore_ascii_case("should") => "Warning",
        Some(false) if is_manual(criticality) => "N/A",
        Some(false) => "Fail",
    }
}

fn is_manual(criticality: &str) -> bool {
    let criticality = criticality.to_ascii_lowercase();
    criticality.ends_with("3rd party") || criticality.ends_with("not-implemented")
}

fn results_table(text: &str, form: &str, extent: Extent) -> Result<Evidence, Problems> {
    let mut table = Table::open(text)?;
    let id = table.column(&["controlid"]);
    let requirement = table.column(&["requirement"]);
    let result = table.column(&["result"]);
    let criticality = table.column(&["criticality"]);
    let details = table.column(&["details"]);
    let original = table.column(&["originalresult"]);
    let mut evidence = Evidence::new(Tool::ScubaGear, form);
    evidence.extent = extent;
    while let Some(row) = table.next()? {
        text::room(evidence.observations.len(), MAX_POLICIES, row.line)?;
        evidence.observations.push(observation(&Written {
            id: row.get(id),
            requirement: row.some(requirement),
            result: row.get(result),
            criticality: row.some(criticality),
            details: row.some(details),
            original: row.some(original),
        }));
    }
    Ok(finished(evidence))
}

// ── one policy ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// A policy's result as any of the files has it.
struct Written<'f> {
    id: &'f str,
    requirement: Option<&'f str>,
    result: &'f str,
    criticality: Option<&'f str>,
    details: Option<&'f str>,
    original: Option<&'f str>,
}

fn observation(written: &Written<'_>) -> Observation {
    let id = text::name(written.id);
    let known = Known::of(&id);
    let mut observation = Observation::new(
        known.control,
        text::name(written.result),
        judged(written.result, written.original),
    );
    observation.written = id;
    observation.version = known.version;
    observation.aged = known.aged;
    let requirement = written.requirement.map(without_badges);
    observation.title = text::some_name(requirement);
    observation.value = text::some_name(written.criticality);
    observation.detail = text::detail(written.details);
    observation.count = observation.detail.as_deref().and_then(text::found);
    observation
}

/// Returns a requirement without the badges that the tool draws behind it since version 1.8.
fn without_badges(requirement: &str) -> &str {
    let at = requirement.find("<div class='policy-indicators'");
    &requirement[..at.unwrap_or(requirement.len())]
}

/// Judges a displayed result. A pass that the tool itself had measured otherwise is somebody's word.
fn judged(result: &str, original: Option<&str>) -> Judged {
    let result = result.trim().to_ascii_lowercase();
    match result.as_str() {
        "pass" => match original {
            Some(original) if !original.trim().eq_ignore_ascii_case("pass") => {
                Judged::Unknown(WhyUnknown::Disputed)
            }
            _ => Judged::Met,
        },
        "fail" | "warning" => Judged::NotMet,
        "n/a" => Judged::Unknown(WhyUnknown::Manual),
        "omitted" => Judged::Unknown(WhyUnknown::Omitted),
        "incorrect result" => Judged::Unknown(WhyUnknown::Disputed),
        "-" => Judged::Unknown(WhyUnknown::Retired),
        "" => Judged::Unknown(WhyUnknown::Absent),
        text if text.starts_with("error") => Judged::Unknown(WhyUnknown::Error),
        _ => Judged::Unknown(WhyUnknown::Unrecognised),
    }
}

/// Counts the rows, and says of policies written twice that they are.
fn finished(mut evidence: Evidence) -> Evidence {
    evidence.rows = evidence.observations.len() as u64;
    evidence.warnings.extend(text::repeated(&evidence));
    evidence
}

// ── policies and what became of them ────────────────────────────────────────────────────────────────────────────────────────

/// The policies of today by base id, with their version.
static POLICIES: LazyLock<BTreeMap<&str, u32>> = LazyLock::new(|| {
    lines(include_str!("scubagear/policies.txt"))
        .filter_map(versioned)
        .collect()
});

/// Earlier policies by base id, and what became of them.
static MOVES: LazyLock<BTreeMap<&str, Vec<&str>>> = LazyLock::new(|| {
    lines(include_str!("scubagear/migrations.txt"))
        .filter_map(|line| {
            let (old, new) = line.split_once(' ')?;
            let new = new.split(' ').filter(|new| *new != "-").collect();
            Some((old, new))
        })
        .collect()
});

fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().filter(|line| !line.starts_with('#'))
}

/// Splits `MS.AAD.3.2v1` into `MS.AAD.3.2` and `1`.
fn versioned(id: &str) -> Option<(&str, u32)> {
    let (base, version) = id.rsplit_once('v')?;
    let digits = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    let after_digit = base.ends_with(|last: char| last.is_ascii_digit());
    (digits && after_digit).then(|| Some((base, version.parse().ok()?)))?
}

/// What is known of a policy's id.
struct Known {
    control: String,
    version: Option<String>,
    aged: Option<Aged>,
}

impl Known {
    fn of(id: &str) -> Self {
        let upper = id.to_ascii_uppercase();
        let (base, version) = match versioned(id) {
            Some((base, version)) => (&upper[..base.len()], Some(version)),
            None => (&*upper, None),
        };
        let named = version.map(|version| format!("v{version}"));
        if let Some(moved) = MOVES.get(base) {
            let (control, aged) = match moved.as_slice() {
                [] => (base, Aged::Retired),
                [new] => (*new, Aged::Renamed),
                several => {
                    let several = several.iter().map(|new| (*new).to_owned()).collect();
                    (base, Aged::Split(several))
                }
            };
            return Self {
                control: control.to_owned(),
                version: named,
                aged: Some(aged),
            };
        }
        let newer = POLICIES
            .get(base)
            .filter(|newest| version.is_some_and(|version| version < **newest));
        let control = if version.is_some() { base } else { id };
        Self {
            control: control.to_owned(),
            version: named,
            aged: newer.map(|newest| Aged::Version(format!("v{newest}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renamed_policy_follows_the_tools_own_table() {
        for (id, control, aged) in [
            ("MS.AAD.3.6v1", "MS.AAD.3.6", None),
            (
                "MS.AAD.3.2v1",
                "MS.AAD.3.2",
                Some(Aged::Version("v2".into())),
            ),
            ("MS.AAD.3.2v9", "MS.AAD.3.2", None),
            (
                "MS.DEFENDER.5.1v1",
                "MS.SECURITYSUITE.4.1",
                Some(Aged::Renamed),
            ),
            ("MS.EXO.9.2v1", "MS.EXO.9.2", Some(Aged::Retired)),
            ("AAD 2.12", "AAD 2.12", None),
            ("", "", None),
        ] {
            let known = Known::of(id);
            assert_eq!((&*known.control, known.aged), (control, aged), "{id}");
        }
        let split = Known::of("MS.DEFENDER.1.1v1");
        assert_eq!(split.control, "MS.DEFENDER.1.1");
        assert!(matches!(split.aged, Some(Aged::Split(new)) if new.len() == 4));
    }

    #[test]
    fn every_policy_that_was_moved_arrives_somewhere() {
        for (old, new) in MOVES.iter() {
            for new in new {
                assert!(POLICIES.contains_key(new), "{old} → {new}");
            }
        }
    }

    #[test]
    fn only_a_pass_is_met() {
        assert_eq!(judged("Pass", None), Judged::Met);
        assert_eq!(judged("Pass", Some("Pass")), Judged::Met);
        assert_eq!(
            judged("Pass", Some("Fail")),
            Judged::Unknown(WhyUnknown::Disputed)
        );
        for result in [
            "",
            "-",
            "N/A",
            "Omitted",
            "Incorrect result",
            "Error",
            "Error - Test results missing",
            "Passed with remarks",
        ] {
            assert!(judged(result, None).why_unknown().is_some(), "{result}");
        }
        assert_eq!(displayed(Flag(Some(false)), "Should"), "Warning");
        assert_eq!(displayed(Flag(Some(false)), "Shall/3rd Party"), "N/A");
        assert_eq!(displayed(Flag(None), "Shall"), "");
    }
}
