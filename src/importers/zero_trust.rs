//! Microsoft's Zero Trust Assessment: its report as JSON, or the page that carries it.
//!
//! The form has grown since 2024 from ten names a test to nineteen; only those that say what was seen are read.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::evidence::{
    Evidence, Judged, Observation, TenantSeen, Tool, Warning, WhyUnknown,
};
use crate::importers::json::{self, Flag, Folded, Named, Number, Rows, Text};
use crate::importers::outline::{Form, Outline};
use crate::importers::text;
use crate::problem::Problems;

/// The most tests of one report.
const MAX_TESTS: usize = 20_000;

/// Returns whether a file is a report of this tool.
pub(super) fn recognises(outline: &Outline) -> bool {
    match outline {
        Outline::Json(form) => {
            let test = form.get("tests").and_then(Form::first);
            form.has(&["testresultsummary"]) || test.is_some_and(|test| test.has(&["testid"]))
        }
        Outline::Page(data) => data.is_some(),
        Outline::Table(_) | Outline::Other => false,
    }
}

/// Returns whether `control` has the form of the tool's ids: five digits.
pub(super) fn knows(control: &str) -> bool {
    control.len() == 5 && control.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads a report.
///
/// # Errors
/// Where it is damaged, with place and reason.
pub(super) fn import(text: &str, outline: &Outline) -> Result<Evidence, Problems> {
    let report: Report = match outline {
        Outline::Page(Some(data)) => json::read_first(&text[*data..])?,
        _ => json::read(text)?,
    };
    let mut evidence = Evidence::new(Tool::ZeroTrustAssessment, "report");
    evidence.tool_version = text::some_name(report.current_version.get());
    evidence.taken = report.executed_at.get().and_then(text::instant);
    if report.is_demo.0 == Some(true) {
        let message = "the report says of itself that it is a demonstration";
        evidence.warnings.push(Warning::new(message).at("IsDemo"));
    }
    let Folded(tests) = report.tests;
    evidence
        .warnings
        .extend(differences(&report.summary, &tests));
    evidence.observations = tests.observations;
    let tenant = TenantSeen {
        id: text::tenant_id(report.tenant_id.get()),
        name: text::some_name(report.tenant_name.get()),
        domains: text::some_name(report.domain.get()).into_iter().collect(),
    };
    if !tenant.is_nameless() {
        evidence.tenants.push(tenant);
        for observation in &mut evidence.observations {
            observation.tenant = Some(0);
        }
    }
    evidence.rows = evidence.observations.len() as u64;
    evidence.warnings.extend(text::repeated(&evidence));
    Ok(evidence)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Report {
    #[serde(default)]
    executed_at: Text,
    #[serde(default)]
    tenant_id: Text,
    #[serde(default)]
    tenant_name: Text,
    #[serde(default)]
    domain: Text,
    #[serde(default)]
    current_version: Text,
    #[serde(default)]
    is_demo: Flag,
    #[serde(default, rename = "TestResultSummary")]
    summary: Named<Number>,
    tests: Folded<Tests>,
}

#[derive(Default)]
struct Tests {
    observations: Vec<Observation>,
    /// By pillar: how many passed.
    passed: BTreeMap<String, u64>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Test {
    test_id: Text,
    test_title: Text,
    test_status: Text,
    test_pillar: Text,
    test_skipped: Text,
    skipped_reason: Text,
    test_result: Text,
}

impl Rows for Tests {
    type Row = Test;

    fn take(&mut self, test: Test) -> Result<(), String> {
        if self.observations.len() >= MAX_TESTS {
            return Err(format!("more than {MAX_TESTS} tests"));
        }
        let status = test.test_status.or_empty();
        if status.eq_ignore_ascii_case("passed") && self.passed.len() < 100 {
            let pillar = text::name(test.test_pillar.or_empty());
            *self.passed.entry(pillar).or_default() += 1;
        }
        let skipped = test.test_skipped.or_empty();
        let said = [status, skipped]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(": ");
        let mut observation = Observation::new(
            text::name(test.test_id.or_empty()),
            text::name(&said),
            judged(status, skipped),
        );
        observation.title = text::some_name(test.test_title.get());
        let reason = test.skipped_reason.get().filter(|_| !skipped.is_empty());
        observation.detail = text::detail(reason.or(test.test_result.get()));
        observation.count = observation.detail.as_deref().and_then(text::found);
        self.observations.push(observation);
        Ok(())
    }
}

/// Judges a status. A reason for leaving a test out weighs more than what its status says.
fn judged(status: &str, skipped: &str) -> Judged {
    if !skipped.is_empty() {
        return Judged::Unknown(why_skipped(skipped));
    }
    match status.to_ascii_lowercase().as_str() {
        "passed" => Judged::Met,
        "failed" => Judged::NotMet,
        "investigate" => Judged::Unknown(WhyUnknown::Manual),
        "planned" => Judged::Unknown(WhyUnknown::Planned),
        "skipped" => Judged::Unknown(WhyUnknown::Skipped),
        "error" => Judged::Unknown(WhyUnknown::Error),
        "" => Judged::Unknown(WhyUnknown::Absent),
        _ => Judged::Unknown(WhyUnknown::Unrecognised),
    }
}

fn why_skipped(skipped: &str) -> WhyUnknown {
    match skipped {
        "UnderConstruction" => WhyUnknown::Planned,
        "NotApplicable" => WhyUnknown::NotApplicable,
        "NoCompatibleLicenseFound" => WhyUnknown::NotLicensed,
        "Error" => WhyUnknown::Error,
        "LimitedPermissions" => WhyUnknown::NotPermitted,
        other if other.starts_with("NotLicensed") => WhyUnknown::NotLicensed,
        other if other.starts_with("NotConnected") => WhyUnknown::NotConnected,
        _ => WhyUnknown::Skipped,
    }
}

/// Compares the tool's own counters of passed tests with the rows.
fn differences(summary: &Named<Number>, tests: &Tests) -> Vec<Warning> {
    // The first reports name no pillar of a test.
    let pillars = tests.passed.keys().any(|pillar| !pillar.is_empty());
    let counters = summary.0.iter().filter(|_| pillars);
    counters
        .filter_map(|(name, said)| {
            let pillar = name.strip_suffix("Passed")?;
            let said = said.count()?;
            let rows = tests.passed.get(pillar).copied().unwrap_or_default();
            let message = format!("the summary says {said} passed, and the rows are {rows}");
            let place = format!("TestResultSummary.{}", text::name(name));
            (said != rows).then(|| Warning::new(message).at(place))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_passed_is_met_and_only_where_nothing_was_left_out() {
        assert_eq!(judged("Passed", ""), Judged::Met);
        assert_eq!(judged("Failed", ""), Judged::NotMet);
        for (status, skipped, why) in [
            ("Passed", "NotConnectedToService", WhyUnknown::NotConnected),
            ("Planned", "", WhyUnknown::Planned),
            ("Skipped", "UnderConstruction", WhyUnknown::Planned),
            (
                "Skipped",
                "NotLicensedEntraWorkloadID",
                WhyUnknown::NotLicensed,
            ),
            ("Skipped", "NotSupported", WhyUnknown::Skipped),
            ("", "", WhyUnknown::Absent),
            ("Mostly", "", WhyUnknown::Unrecognised),
        ] {
            assert_eq!(judged(status, skipped), Judged::Unknown(why), "{status}");
        }
    }
}
