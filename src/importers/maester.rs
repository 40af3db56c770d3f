//! Maester: its report of one tenant or of several as JSON, and its table.
//!
//! Ids with padded numbers (`CISA.MS.EXO.03.1`) go by the plain ones. Defender for Identity's health issues are a test each,
//! `MT.1059.<digest of the issue's name>`; they are added up under `MT.1059`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::evidence::{
    Evidence, Judged, Observation, Status, TenantSeen, Tool, Warning, WhyUnknown,
};
use crate::importers::json::{self, Folded, Number, Rows, Text};
use crate::importers::outline::{Form, Outline};
use crate::importers::table::Table;
use crate::importers::text;
use crate::problem::Problems;

/// The most tests of one tenant.
const MAX_TESTS: usize = 5_000;

/// The most tenants of one file.
const MAX_TENANTS: usize = 50;

/// The digest of an empty name: a test over no issue at all, which passes.
const OF_NOTHING: &str = "d41d8cd98f00b204e9800998ecf8427e";

/// The test of Defender for Identity's health issues.
const HEALTH_ISSUES: &str = "MT.1059";

/// Returns whether a file is one of Maester's.
pub(super) fn recognises(outline: &Outline) -> bool {
    match outline {
        Outline::Json(form) => {
            let tenant = form.get("tenants").and_then(Form::first).unwrap_or(form);
            let test = tenant.get("tests").and_then(Form::first);
            test.is_some_and(|test| test.has(&["id", "result"]))
                || tenant.has(&["tests", "totalcount", "executedat"])
        }
        Outline::Table(columns) => ["id", "title", "result", "testskipped"]
            .iter()
            .all(|name| columns.iter().any(|column| column == name)),
        Outline::Page(_) | Outline::Other => false,
    }
}

/// Returns whether `control` is a test that the tool ships, or one of those it makes for each recommendation or issue.
pub(super) fn knows(control: &str) -> bool {
    static TESTS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        let lines = include_str!("maester/tests.txt").lines();
        lines.filter(|line| !line.starts_with('#')).collect()
    });
    TESTS.contains(control) || control.starts_with("MT.1024.") || control.starts_with("MT.1059.")
}

/// Reads one of Maester's files.
///
/// # Errors
/// Where it is damaged, with place and reason.
pub(super) fn import(text: &str, outline: &Outline) -> Result<Evidence, Problems> {
    let mut evidence = match outline {
        Outline::Table(_) => table(text)?,
        Outline::Json(form) if form.has(&["tenants"]) => {
            let merged: Merged = json::read(text)?;
            merged.tenants.0.finished("report of several tenants")
        }
        _ => {
            let Folded(reports): Folded<Reports> = json::read(text)?;
            reports.finished("report")
        }
    };
    add_up_health_issues(&mut evidence);
    evidence.warnings.extend(text::repeated(&evidence));
    Ok(evidence)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Merged {
    tenants: Folded<Reports>,
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
    current_version: Text,
    #[serde(default)]
    passed_count: Number,
    #[serde(default)]
    failed_count: Number,
    #[serde(default)]
    total_count: Number,
    tests: Folded<Tests>,
}

#[derive(Default)]
struct Tests(Vec<Observation>);

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Test {
    id: Text,
    title: Text,
    severity: Text,
    result: Text,
    result_detail: Option<Detail>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Detail {
    test_result: Text,
    test_skipped: Text,
    skipped_reason: Text,
    severity: Text,
}

impl Rows for Tests {
    type Row = Test;

    fn take(&mut self, test: Test) -> Result<(), String> {
        if self.0.len() >= MAX_TESTS {
            return Err(format!("more than {MAX_TESTS} tests of one tenant"));
        }
        let detail = test.result_detail.unwrap_or_default();
        self.0.push(observation(&Written {
            id: test.id.or_empty(),
            title: test.title.get(),
            severity: test.severity.get().or(detail.severity.get()),
            result: test.result.or_empty(),
            skipped: detail.test_skipped.or_empty(),
            reason: detail.skipped_reason.get(),
            detail: detail.test_result.get(),
        }));
        Ok(())
    }
}

/// The reports of one file, a tenant each.
#[derive(Default)]
struct Reports(Vec<Report>);

impl Rows for Reports {
    type Row = Report;

    fn take(&mut self, report: Report) -> Result<(), String> {
        if self.0.len() >= MAX_TENANTS {
            return Err(format!("more than {MAX_TENANTS} tenants"));
        }
        self.0.push(report);
        Ok(())
    }
}

impl Reports {
    fn finished(self, form: &str) -> Evidence {
        let mut evidence = Evidence::new(Tool::Maester, form);
        let several = self.0.len() > 1;
        for (number, report) in self.0.into_iter().enumerate() {
            evidence.tool_version = evidence
                .tool_version
                .or(text::some_name(report.current_version.get()));
            let taken = report.executed_at.get().and_then(text::instant);
            evidence.taken = evidence.taken.max(taken);
            let within = several.then(|| format!("Tenants[{number}]."));
            let within = within.unwrap_or_default();
            evidence.warnings.extend(differences(&report, &within));
            let tenant = tenant(&report);
            let place = (!tenant.is_nameless()).then_some(evidence.tenants.len());
            if place.is_some() {
                evidence.tenants.push(tenant);
            }
            let Folded(Tests(observations)) = report.tests;
            evidence.rows += observations.len() as u64;
            let observations = observations.into_iter().map(|mut observation| {
                observation.tenant = place;
                observation.measured = taken;
                observation
            });
            evidence.observations.extend(observations);
        }
        evidence
    }
}

/// Returns the tenant of a report; one that was not connected is none.
fn tenant(report: &Report) -> TenantSeen {
    let id = text::tenant_id(report.tenant_id.get());
    let said = report.tenant_name.get();
    let connected = said.filter(|name| id.is_some() || !name.contains("not connected"));
    TenantSeen {
        id,
        name: text::some_name(connected),
        domains: Vec::new(),
    }
}

/// Compares the tool's own counters with the rows.
fn differences(report: &Report, within: &str) -> Vec<Warning> {
    let Folded(Tests(tests)) = &report.tests;
    let of = |result: &str| {
        let said = |test: &&Observation| test.said == result || is_followed(&test.said, result);
        tests.iter().filter(said).count() as u64
    };
    [
        ("PassedCount", report.passed_count, of("Passed")),
        ("FailedCount", report.failed_count, of("Failed")),
        ("TotalCount", report.total_count, tests.len() as u64),
    ]
    .into_iter()
    .filter_map(|(name, said, rows)| {
        let said = said.count().filter(|said| *said != rows)?;
        let message = format!("the summary says {said}, and the rows are {rows}");
        Some(Warning::new(message).at(format!("{within}{name}")))
    })
    .collect()
}

/// Returns whether `said` is `result` and, after a colon, why it was left out.
fn is_followed(said: &str, result: &str) -> bool {
    said.strip_prefix(result)
        .is_some_and(|rest| rest.starts_with(": "))
}

fn table(text: &str) -> Result<Evidence, Problems> {
    let mut table = Table::open(text)?;
    let id = table.column(&["id"]);
    let title = table.column(&["title"]);
    let result = table.column(&["result"]);
    let severity = table.column(&["severity"]);
    let skipped = table.column(&["testskipped"]);
    let reason = table.column(&["skippedreason"]);
    let detail = table.column(&["resultdetail"]);
    let mut evidence = Evidence::new(Tool::Maester, "table");
    while let Some(row) = table.next()? {
        text::room(evidence.observations.len(), MAX_TESTS, row.line)?;
        evidence.observations.push(observation(&Written {
            id: row.get(id),
            title: row.some(title),
            severity: row.some(severity),
            result: row.get(result),
            skipped: row.get(skipped),
            reason: row.some(reason),
            detail: row.some(detail),
        }));
    }
    evidence.rows = evidence.observations.len() as u64;
    Ok(evidence)
}

/// A test as either of the files has it.
struct Written<'f> {
    id: &'f str,
    title: Option<&'f str>,
    severity: Option<&'f str>,
    result: &'f str,
    skipped: &'f str,
    reason: Option<&'f str>,
    detail: Option<&'f str>,
}

fn observation(written: &Written<'_>) -> Observation {
    let id = text::name(written.id);
    let said = if written.skipped.is_empty() {
        text::name(written.result)
    } else {
        text::name(&format!("{}: {}", written.result, written.skipped))
    };
    let mut observation = Observation::new(unpadded(&id), said, judged(written));
    observation.written = id;
    observation.title = text::some_name(written.title);
    observation.value = text::some_name(written.severity);
    let reason = written.reason.filter(|_| !written.skipped.is_empty());
    observation.detail = text::detail(reason.or(written.detail));
    if observation.control.starts_with("MT.1059.") {
        observation.count = written.detail.and_then(open_issues);
    }
    observation
}

/// Returns `CISA.MS.EXO.3.1` for `CISA.MS.EXO.03.1`; other ids as they are.
fn unpadded(id: &str) -> String {
    if !id.starts_with("CISA.") {
        return id.to_owned();
    }
    let parts = id.split('.').map(|part| {
        let digits = part.bytes().all(|byte| byte.is_ascii_digit());
        match part.trim_start_matches('0') {
            "" if digits && !part.is_empty() => "0",
            plain if digits => plain,
            _ => part,
        }
    });
    parts.collect::<Vec<_>>().join(".")
}

/// Judges a result. A reason for leaving a test out weighs more than its result, and a pass over nothing is no pass.
fn judged(written: &Written<'_>) -> Judged {
    let result = written.result.trim().to_ascii_lowercase();
    if !written.skipped.is_empty() && !["failed", "investigate", "error"].contains(&&*result) {
        return Judged::Unknown(why_skipped(written.skipped));
    }
    match result.as_str() {
        "passed" if is_about_nothing(written) => Judged::Unknown(WhyUnknown::EmptySet),
        "passed" => Judged::Met,
        "failed" => Judged::NotMet,
        "investigate" => Judged::Unknown(WhyUnknown::Manual),
        "skipped" => Judged::Unknown(WhyUnknown::Skipped),
        "notrun" => Judged::Unknown(WhyUnknown::NotRun),
        "error" => Judged::Unknown(WhyUnknown::Error),
        "" => Judged::Unknown(WhyUnknown::Absent),
        _ => Judged::Unknown(WhyUnknown::Unrecognised),
    }
}

/// Returns whether a test looked at an empty set: an issue without a name, or *0 of* nothing.
fn is_about_nothing(written: &Written<'_>) -> bool {
    let detail = written.detail.unwrap_or_default();
    written.id.ends_with(OF_NOTHING) || detail.contains("0 of  ") || detail.contains("0 of 0 ")
}

fn why_skipped(skipped: &str) -> WhyUnknown {
    match skipped {
        "NotDotGovDomain" | "LicensedEntraIDPremium" => WhyUnknown::NotApplicable,
        "LimitedPermissions" => WhyUnknown::NotPermitted,
        "Error" => WhyUnknown::Error,
        other if other.starts_with("NotConnected") => WhyUnknown::NotConnected,
        other if other.starts_with("NotLicensed") => WhyUnknown::NotLicensed,
        _ => WhyUnknown::Skipped,
    }
}

/// Returns how many issues are open, from `2 of 5 has issues.`
fn open_issues(detail: &str) -> Option<u64> {
    let (before, _) = detail.split_once(" has issues")?;
    let mut words = before.rsplit(' ');
    let (_, of, open) = (words.next()?, words.next()?, words.next()?);
    (of == "of").then(|| open.trim().lines().last()?.parse().ok())?
}

/// Adds up the health issues of each tenant: open ones of Medium or High severity, or of one that is not told.
fn add_up_health_issues(evidence: &mut Evidence) {
    let places: BTreeSet<Option<usize>> = evidence.observations.iter().map(|o| o.tenant).collect();
    for tenant in places {
        let issues: Vec<&Observation> = evidence
            .observations
            .iter()
            .filter(|issue| issue.tenant == tenant && issue.control.starts_with("MT.1059."))
            .collect();
        if issues.is_empty() {
            continue;
        }
        let sum = health(&issues);
        evidence.observations.push(Observation { tenant, ..sum });
    }
}

fn health(issues: &[&Observation]) -> Observation {
    let open: Vec<&&Observation> = issues
        .iter()
        .filter(|issue| issue.status == Status::NotMet)
        .collect();
    let counted = open.iter().filter(|issue| {
        let severity = issue.value.as_deref().unwrap_or_default();
        !severity.eq_ignore_ascii_case("low") && !severity.eq_ignore_ascii_case("info")
    });
    let count: u64 = counted
        .map(|issue| issue.count.unwrap_or(1))
        .fold(0, u64::saturating_add);
    let judged = if !open.is_empty() {
        Judged::NotMet
    } else if issues.iter().all(|issue| issue.status == Status::Met) {
        Judged::Met
    } else {
        let why = issues.iter().find_map(|issue| issue.why_unknown);
        Judged::Unknown(why.unwrap_or(WhyUnknown::Absent))
    };
    let said = format!("{} of {} kinds of issue open", open.len(), issues.len());
    let mut sum = Observation::new(HEALTH_ISSUES, said, judged);
    sum.measured = issues.iter().filter_map(|issue| issue.measured).max();
    if judged != Judged::Unknown(WhyUnknown::EmptySet) {
        sum.count = Some(count);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written<'f>(result: &'f str, skipped: &'f str) -> Written<'f> {
        Written {
            id: "MT.1001",
            title: None,
            severity: None,
            result,
            skipped,
            reason: None,
            detail: None,
        }
    }

    #[test]
    fn only_passed_is_met_and_only_where_nothing_was_left_out() {
        assert_eq!(judged(&written("Passed", "")), Judged::Met);
        assert_eq!(judged(&written("Failed", "Custom")), Judged::NotMet);
        for (result, skipped, why) in [
            ("Passed", "NotConnectedExchange", WhyUnknown::NotConnected),
            ("Skipped", "NotLicensedEntraIDP1", WhyUnknown::NotLicensed),
            ("Skipped", "Custom", WhyUnknown::Skipped),
            ("NotRun", "", WhyUnknown::NotRun),
            ("Investigate", "Investigate", WhyUnknown::Manual),
            ("Inconclusive", "", WhyUnknown::Unrecognised),
        ] {
            assert_eq!(
                judged(&written(result, skipped)),
                Judged::Unknown(why),
                "{result}"
            );
        }
    }

    #[test]
    fn a_pass_over_nothing_is_unknown() {
        let id = format!("MT.1059.{OF_NOTHING}");
        let mut test = written("Passed", "");
        test.id = &id;
        assert_eq!(judged(&test), Judged::Unknown(WhyUnknown::EmptySet));
        let mut test = written("Passed", "");
        test.detail = Some("You have 0 of  users without a reset.");
        assert_eq!(judged(&test), Judged::Unknown(WhyUnknown::EmptySet));
        test.detail = Some("You have 0 of 12 users without a reset.");
        assert_eq!(judged(&test), Judged::Met);
    }

    #[test]
    fn ids_and_counts_are_read_from_what_is_written() {
        assert_eq!(unpadded("CISA.MS.EXO.03.1"), "CISA.MS.EXO.3.1");
        assert_eq!(unpadded("EIDSCA.AF02"), "EIDSCA.AF02");
        assert_eq!(open_issues("2 of 5 has issues."), Some(2));
        assert_eq!(open_issues("Well:\n12 of 20 has issues."), Some(12));
        assert_eq!(open_issues(" has issues"), None);
        assert!(knows("MT.1059") && knows("MT.1024.oneAdmin") && !knows("MT.1"));
    }
}
