//! How devices are set: compliance by setting.

use std::collections::HashMap;

use rust_decimal::Decimal;
use serde::Deserialize;

use crate::domain::evidence::{
    Evidence, Judged, Measure, Observation, Share, Tool, Warning, Whole, WhyUnknown,
};
use crate::domain::time::Instant;
use crate::importers::defender_endpoint::{MAX_ROWS, full};
use crate::importers::json::{Flag, Folded, Rows, Text};
use crate::importers::secure_score;
use crate::importers::table::Table;
use crate::importers::text;
use crate::problem::{Problem, Problems};

/// The names of the measures over settings.
pub(super) const SETTINGS: [&str; 2] = ["tamper-protection-on", "asr-rules-block"];

/// The setting that is tamper protection.
const TAMPER_PROTECTION: &str = "scid_2003";

/// The settings that are attack surface reduction rules: `scid_2500` to `scid_2515`.
const ASR_RULES: std::ops::RangeInclusive<u32> = 2500..=2515;

/// Those of standard protection, each of which is asked about alone.
const ASR_STANDARD: [u32; 3] = [2509, 2514, 2515];

/// The most settings of one file.
const MAX_SETTINGS: usize = 5_000;

/// A device's setting as the API or the hunting table has it, or an envelope around them.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Written {
    #[serde(rename = "DeviceId", alias = "deviceId")]
    device: Text,
    #[serde(rename = "Timestamp", alias = "timestamp")]
    timestamp: Text,
    #[serde(rename = "ConfigurationId", alias = "configurationId")]
    setting: Text,
    #[serde(rename = "ConfigurationName", alias = "configurationName")]
    name: Text,
    #[serde(rename = "IsCompliant", alias = "isCompliant")]
    compliant: Flag,
    #[serde(rename = "IsApplicable", alias = "isApplicable")]
    applicable: Flag,
    properties: Option<Box<Self>>,
    #[serde(rename = "@odata.nextLink")]
    next: Text,
    value: Folded<Settings>,
    #[serde(rename = "results", alias = "Results")]
    results: Folded<Settings>,
}

/// What is known of all settings.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// Devices by id, as a number each.
    devices: HashMap<Box<str>, u32>,
    /// Settings in the file's order.
    settings: Vec<Setting>,
    by_id: HashMap<Box<str>, u32>,
    /// By device and setting: the newest row.
    newest: HashMap<(u32, u32), Seen>,
    rows: u64,
    pages: bool,
    taken: Option<Instant>,
}

#[derive(Debug)]
struct Setting {
    id: String,
    name: Option<String>,
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    at: Option<Instant>,
    applicable: bool,
    compliant: bool,
}

/// One row, whichever file it is from.
struct Line<'f> {
    device: &'f str,
    setting: &'f str,
    name: Option<&'f str>,
    seen: Seen,
}

impl Rows for Settings {
    type Row = Written;

    fn take(&mut self, mut written: Written) -> Result<(), String> {
        self.pages |= written.next.get().is_some();
        self.join(std::mem::take(&mut written.value.0))?;
        self.join(std::mem::take(&mut written.results.0))?;
        let row = written.properties.as_deref().unwrap_or(&written);
        let (Some(device), Some(setting)) = (row.device.get(), row.setting.get()) else {
            return Ok(());
        };
        self.see(&Line {
            device,
            setting,
            name: row.name.get(),
            seen: Seen {
                at: row.timestamp.get().and_then(text::instant),
                applicable: row.applicable.0 == Some(true),
                compliant: row.compliant.0 == Some(true),
            },
        })
    }
}

impl Settings {
    /// Reads the hunting table as CSV.
    ///
    /// # Errors
    /// Where the table is damaged, with line and reason.
    pub(super) fn of_table(text: &str) -> Result<Self, Problems> {
        let mut table = Table::open(text)?;
        let device = table.column(&["deviceid", "devicename"]);
        let setting = table.column(&["configurationid"]);
        let name = table.column(&["configurationname"]);
        let compliant = table.column(&["iscompliant"]);
        let applicable = table.column(&["isapplicable"]);
        let timestamp = table.column(&["timestamp"]);
        let mut settings = Self::default();
        while let Some(row) = table.next()? {
            let line = Line {
                device: row.get(device),
                setting: row.get(setting),
                name: row.some(name),
                seen: Seen {
                    at: text::instant(row.get(timestamp)),
                    applicable: Flag::of(row.get(applicable)).0 == Some(true),
                    compliant: Flag::of(row.get(compliant)).0 == Some(true),
                },
            };
            settings.see(&line).map_err(Problem::error)?;
        }
        Ok(settings)
    }

    fn see(&mut self, line: &Line<'_>) -> Result<(), String> {
        self.rows += 1;
        if self.rows > MAX_ROWS {
            return Err(full());
        }
        self.taken = self.taken.max(line.seen.at);
        let device = self.device(line.device)?;
        let setting = self.setting(line)?;
        let newest = self.newest.entry((device, setting)).or_insert(line.seen);
        if newest.at <= line.seen.at {
            *newest = line.seen;
        }
        Ok(())
    }

    fn device(&mut self, id: &str) -> Result<u32, String> {
        if let Some(known) = self.devices.get(id) {
            return Ok(*known);
        }
        let number = u32::try_from(self.devices.len()).map_err(|_| full())?;
        let id: String = id.chars().take(200).collect();
        self.devices.insert(id.into(), number);
        Ok(number)
    }

    fn setting(&mut self, line: &Line<'_>) -> Result<u32, String> {
        if let Some(known) = self.by_id.get(line.setting) {
            return Ok(*known);
        }
        if self.settings.len() >= MAX_SETTINGS {
            return Err(format!("more than {MAX_SETTINGS} different settings"));
        }
        let number = u32::try_from(self.settings.len()).map_err(|_| full())?;
        let id = text::name(line.setting);
        self.by_id.insert(line.setting.into(), number);
        self.settings.push(Setting {
            id,
            name: text::some_name(line.name),
        });
        Ok(number)
    }

    /// Takes in what an envelope held.
    fn join(&mut self, other: Self) -> Result<(), String> {
        self.pages |= other.pages;
        if other.rows == 0 {
            return Ok(());
        }
        if self.rows == 0 {
            let pages = self.pages;
            *self = other;
            self.pages |= pages;
            return Ok(());
        }
        let by_number: HashMap<u32, Box<str>> = other
            .devices
            .into_iter()
            .map(|(id, number)| (number, id))
            .collect();
        let repeated = other.rows - other.newest.len() as u64;
        for ((device, setting), seen) in other.newest {
            let setting = &other.settings[setting as usize];
            self.see(&Line {
                device: by_number.get(&device).map_or("", |id| id),
                setting: &setting.id,
                name: setting.name.as_deref(),
                seen,
            })?;
        }
        self.rows += repeated;
        if self.rows > MAX_ROWS {
            Err(full())
        } else {
            Ok(())
        }
    }

    /// Counts.
    pub(super) fn evidence(self) -> Evidence {
        let mut evidence = Evidence::new(Tool::DefenderEndpoint, "settings of devices");
        evidence.rows = self.rows;
        evidence.taken = self.taken;
        if self.pages {
            evidence.incomplete.push(text::ONE_PAGE.to_owned());
        }
        let mut counts = vec![(0_u64, 0_u64); self.settings.len()];
        for ((_, setting), seen) in &self.newest {
            if seen.applicable {
                let count = &mut counts[*setting as usize];
                count.0 += u64::from(seen.compliant);
                count.1 += 1;
            }
        }
        evidence.observations = self
            .settings
            .iter()
            .zip(&counts)
            .map(|(setting, (compliant, applicable))| observation(setting, *compliant, *applicable))
            .collect();
        evidence.measures = measures(&evidence.observations);
        if counts.iter().all(|(_, applicable)| *applicable == 0) && evidence.rows > 0 {
            let message = "no row is about a setting that applies to its device";
            evidence.warnings.push(Warning::new(message));
        }
        evidence
    }
}

fn observation(setting: &Setting, compliant: u64, applicable: u64) -> Observation {
    let share = Share {
        part: Decimal::from(compliant),
        whole: Decimal::from(applicable),
    };
    let judged = match Judged::of(share) {
        Judged::Unknown(_) => Judged::Unknown(WhyUnknown::NotApplicable),
        judged => judged,
    };
    let said = format!("{compliant} of {applicable} devices compliant");
    let mut observation = Observation::new(secure_score::canonical(&setting.id), said, judged);
    observation.written.clone_from(&setting.id);
    observation.title.clone_from(&setting.name);
    observation.share = Some(share);
    observation.count = Some(compliant);
    observation
}

fn measures(observations: &[Observation]) -> Vec<Measure> {
    let mut measures = Vec::new();
    let tamper = observations.iter().find(|o| o.control == TAMPER_PROTECTION);
    if let Some(Share { part, whole }) = tamper.and_then(|tamper| tamper.share) {
        measures.push(measure(
            SETTINGS[0],
            (part, whole),
            "devices with tamper protection on, out of those it applies to",
        ));
    }
    let rules: Vec<Share> = observations
        .iter()
        .filter(|observation| is_other_asr_rule(&observation.control))
        .filter_map(|rule| rule.share)
        .filter(|share| !share.whole.is_zero())
        .collect();
    if !rules.is_empty() {
        let two = Decimal::TWO;
        let on_most = rules.iter().filter(|share| share.part * two > share.whole);
        let counts = (on_most.count().into(), rules.len().into());
        measures.push(measure(
            SETTINGS[1],
            counts,
            "attack surface reduction rules beyond the three of standard protection that most devices comply with by the tool's own measure, out of those that apply to any",
        ));
    }
    measures
}

fn is_other_asr_rule(control: &str) -> bool {
    let number = control.strip_prefix("scid_");
    number
        .and_then(|number| number.parse().ok())
        .is_some_and(|number| ASR_RULES.contains(&number) && !ASR_STANDARD.contains(&number))
}

fn measure(id: &str, (part, whole): (Decimal, Decimal), counted: &str) -> Measure {
    use rust_decimal::prelude::ToPrimitive;
    Measure {
        id: id.to_owned(),
        part: part.to_u64().unwrap_or_default(),
        whole: Whole::Counted(whole.to_u64().unwrap_or_default()),
        counted: counted.to_owned(),
        tenant: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::importers::json;

    #[test]
    fn rules_beyond_standard_protection_count_where_most_devices_keep_them() {
        // Which of three devices comply with each setting.
        let rows = [
            ("scid-2500", [1, 1, 0]),
            ("scid-2501", [1, 0, 0]),
            ("scid-2513", [1, 1, 1]),
            ("scid-2509", [1, 1, 1]),
            ("scid-2516", [1, 1, 1]),
        ];
        let mut lines = String::new();
        for (setting, devices) in rows {
            for (device, compliant) in devices.iter().enumerate() {
                lines += &format!(
                    r#"{{"DeviceId": "d{device}", "ConfigurationId": "{setting}", "IsApplicable": 1, "IsCompliant": {compliant}}}"#
                );
            }
        }
        let evidence = json::read_rows::<Settings>(&lines).unwrap().evidence();
        let mut measures = evidence.measures.iter();
        let rules = measures.find(|one| one.id == SETTINGS[1]).unwrap();
        assert_eq!((rules.part, rules.whole), (2, Whole::Counted(3)));
    }
}
