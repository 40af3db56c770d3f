//! Defender for Identity through Graph: health issues and sensors.
//!
//! A list of issues says nothing about what it does not list: a tenant without sensors has no issues either. So the number of open
//! issues is a count and never *met*, and no sensors are no healthy sensors.
//!
//! | measure | counts |
//! |---|---|
//! | `health-issues` | open issues of High or Medium severity |
//! | `health-issues-all` | open issues of any severity |
//! | `sensors-on-domain-controllers` | domain controllers whose sensor works |
//! | `sensors-healthy` | sensors without a health issue, out of all sensors |

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::evidence::{Evidence, Extent, Measure, Tool, Warning, Whole};
use crate::domain::time::Instant;
use crate::importers::json::{self, Folded, List, Rows, Text};
use crate::importers::outline::{Form, Outline};
use crate::importers::text;
use crate::problem::Problems;

/// The most issues or sensors of one file.
const MAX_ROWS: usize = 100_000;

/// The names of the measures.
const MEASURES: [&str; 4] = [
    "health-issues",
    "health-issues-all",
    "sensors-on-domain-controllers",
    "sensors-healthy",
];

/// Returns whether a file is one of Defender for Identity's.
pub(super) fn recognises(outline: &Outline) -> bool {
    match outline {
        Outline::Json(form) => is_issues(form) || is_sensors(form),
        Outline::Table(_) | Outline::Page(_) | Outline::Other => false,
    }
}

fn is_issues(form: &Form) -> bool {
    let row = form.row();
    row.is_some_and(|row| row.has(&["healthissuetype", "status"])) || form.is_about("/healthissues")
}

fn is_sensors(form: &Form) -> bool {
    let row = form.row();
    row.is_some_and(|row| row.has(&["sensortype", "deploymentstatus"]))
        || form.is_about("identities/sensors")
}

/// Returns whether `control` is one of the measures.
pub(super) fn knows(control: &str) -> bool {
    MEASURES.contains(&control)
}

/// Reads health issues or sensors.
///
/// # Errors
/// Where the file is damaged, with place and reason.
pub(super) fn import(text: &str, outline: &Outline) -> Result<Evidence, Problems> {
    match outline {
        Outline::Json(form) if is_sensors(form) => Ok(json::read_rows::<Sensors>(text)?.evidence()),
        _ => Ok(json::read_rows::<Issues>(text)?.evidence()),
    }
}

fn measure(id: &str, part: u64, whole: Whole, counted: &str) -> Measure {
    Measure {
        id: id.to_owned(),
        part,
        whole,
        counted: counted.to_owned(),
        tenant: None,
    }
}

fn page(evidence: &mut Evidence, is_page: bool) {
    if is_page {
        evidence.incomplete.push(text::ONE_PAGE.to_owned());
    }
}

// ── health issues ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/// An issue, or an envelope around issues.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Issue {
    display_name: Text,
    domain_names: List<Text>,
    #[serde(rename = "sensorDNSNames")]
    sensors: List<Text>,
    severity: Text,
    status: Text,
    created_date_time: Text,
    last_modified_date_time: Text,
    #[serde(rename = "@odata.nextLink")]
    next: Text,
    value: Folded<Issues>,
}

/// The newest state of each issue: Graph returns an issue again whenever its status changes.
#[derive(Default)]
struct Issues {
    newest: BTreeMap<String, State>,
    rows: u64,
    pages: bool,
}

struct State {
    changed: Option<Instant>,
    open: bool,
    counts: bool,
}

impl Rows for Issues {
    type Row = Issue;

    fn take(&mut self, issue: Issue) -> Result<(), String> {
        let key = issue.key();
        let Folded(inside) = issue.value;
        self.pages |= issue.next.get().is_some() || inside.pages;
        self.rows += inside.rows;
        for (key, state) in inside.newest {
            self.newer(key, state)?;
        }
        if issue.status.get().is_none() && issue.display_name.get().is_none() {
            return Ok(());
        }
        self.rows += 1;
        let changed = issue.last_modified_date_time.get();
        let changed = changed.or(issue.created_date_time.get());
        let severity = issue.severity.or_empty().to_ascii_lowercase();
        let state = State {
            changed: changed.and_then(text::instant),
            open: !["closed", "suppressed"]
                .iter()
                .any(|status| issue.status.or_empty().eq_ignore_ascii_case(status)),
            counts: severity != "low",
        };
        self.newer(key, state)
    }
}

impl Issue {
    /// Returns what an issue is known by: its name, domains and sensors.
    fn key(&self) -> String {
        let names = |list: &List<Text>| {
            let mut names: Vec<String> = list
                .0
                .iter()
                .map(|name| text::name(name.or_empty()).to_lowercase())
                .collect();
            names.sort();
            names.join(",")
        };
        let name = text::name(self.display_name.or_empty());
        [name, names(&self.domain_names), names(&self.sensors)].join("\n")
    }
}

impl Issues {
    fn newer(&mut self, key: String, state: State) -> Result<(), String> {
        let known = self.newest.get(&key);
        if known.is_none() && self.newest.len() >= MAX_ROWS {
            return Err(format!("more than {MAX_ROWS} health issues"));
        }
        if known.is_none_or(|known| known.changed <= state.changed) {
            self.newest.insert(key, state);
        }
        Ok(())
    }

    fn evidence(self) -> Evidence {
        let mut evidence = Evidence::new(Tool::DefenderIdentity, "health issues");
        evidence.extent = Extent::FindingsOnly;
        evidence.rows = self.rows;
        evidence.taken = self.newest.values().filter_map(|state| state.changed).max();
        page(&mut evidence, self.pages);
        let open = || self.newest.values().filter(|state| state.open);
        evidence.measures = vec![
            measure(
                MEASURES[0],
                open().filter(|state| state.counts).count() as u64,
                Whole::Nothing,
                "open health issues of High or Medium severity",
            ),
            measure(
                MEASURES[1],
                open().count() as u64,
                Whole::Nothing,
                "open health issues of any severity",
            ),
        ];
        if open().next().is_none() {
            let message = "no issue is open; a tenant without sensors looks the same";
            evidence.warnings.push(Warning::new(message));
        }
        evidence
    }
}

// ── sensors ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// A sensor, or an envelope around sensors.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Sensor {
    sensor_type: Text,
    deployment_status: Text,
    health_status: Text,
    #[serde(rename = "@odata.nextLink")]
    next: Text,
    value: Folded<Sensors>,
}

#[derive(Default)]
struct Sensors {
    rows: u64,
    on_controllers: u64,
    working: u64,
    healthy: u64,
    pages: bool,
}

impl Rows for Sensors {
    type Row = Sensor;

    fn take(&mut self, sensor: Sensor) -> Result<(), String> {
        self.pages |= sensor.next.get().is_some();
        self.join(&sensor.value.0);
        if sensor.sensor_type.get().is_none() {
            return Ok(());
        }
        let is = |text: &Text, names: &[&str]| {
            let text = text.or_empty();
            names.iter().any(|name| text.eq_ignore_ascii_case(name))
        };
        let controllers = ["domainControllerIntegrated", "domainControllerStandalone"];
        let on_controller = is(&sensor.sensor_type, &controllers);
        // A sensor that is outdated or being updated still reads its domain controller.
        let works = is(
            &sensor.deployment_status,
            &["upToDate", "outdated", "updating"],
        );
        let healthy = works && is(&sensor.health_status, &["healthy"]);
        self.join(&Self {
            rows: 1,
            on_controllers: on_controller.into(),
            working: (on_controller && works).into(),
            healthy: healthy.into(),
            pages: false,
        });
        Ok(())
    }
}

impl Sensors {
    fn join(&mut self, other: &Self) {
        self.rows += other.rows;
        self.on_controllers += other.on_controllers;
        self.working += other.working;
        self.healthy += other.healthy;
        self.pages |= other.pages;
    }

    fn evidence(self) -> Evidence {
        let mut evidence = Evidence::new(Tool::DefenderIdentity, "sensors");
        evidence.rows = self.rows;
        page(&mut evidence, self.pages);
        evidence.measures = vec![
            measure(
                MEASURES[2],
                self.working,
                Whole::Nothing,
                &format!(
                    "domain controllers whose sensor works, of {} that have one; how many there are in all is not in the file",
                    self.on_controllers
                ),
            ),
            measure(
                MEASURES[3],
                self.healthy,
                Whole::Counted(self.rows),
                "sensors that work and have no health issue, out of all sensors",
            ),
        ];
        evidence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issues(text: &str) -> Evidence {
        json::read_rows::<Issues>(text).unwrap().evidence()
    }

    #[test]
    fn the_newest_state_of_an_issue_counts_whatever_the_order() {
        let issue = |status: &str, at: &str, severity: &str| {
            format!(
                r#"{{"displayName": "Sensor stopped", "sensorDNSNames": ["dc1"], "healthIssueType": "Sensor",
                "status": "{status}", "severity": "{severity}", "lastModifiedDateTime": "2026-03-0{at}T10:00:00.1234567Z"}}"#
            )
        };
        let text = |one: String, other: String| format!("{{\"value\": [{one}, {other}]}}");
        let closed = text(issue("closed", "2", "high"), issue("open", "1", "high"));
        assert_eq!(issues(&closed).measures[0].part, 0);
        let open = text(issue("open", "2", "medium"), issue("closed", "1", "medium"));
        assert_eq!(issues(&open).measures[0].part, 1);
        let low = text(issue("open", "2", "low"), issue("closed", "1", "low"));
        let low = issues(&low).measures;
        assert_eq!((low[0].part, low[1].part), (0, 1));
    }

    #[test]
    fn no_sensors_are_no_healthy_sensors() {
        let evidence = json::read_rows::<Sensors>("{\"value\": []}")
            .unwrap()
            .evidence();
        let said = evidence.says("sensors-healthy", None).remove(0);
        assert!(said.why_unknown.is_some());
        assert!(evidence.says("health-issues", None).is_empty());
    }
}
