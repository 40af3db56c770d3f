//! Devices, counted.

use std::collections::HashMap;

use serde::Deserialize;

use crate::domain::evidence::{Evidence, Measure, TenantSeen, Tool, Warning, Whole};
use crate::domain::time::Instant;
use crate::importers::defender_endpoint::{MAX_ROWS, full};
use crate::importers::json::{Flag, Folded, Rows, Text};
use crate::importers::table::{self, Table};
use crate::importers::text;
use crate::problem::Problems;

/// The names of the measures over devices.
pub(super) const DEVICES: [&str; 7] = [
    "devices-onboarded",
    "clients-onboarded",
    "servers-onboarded",
    "devices-active",
    "clients-active",
    "servers-active",
    "domain-controllers-onboarded",
];

/// A device of the API or the hunting table, or an envelope around devices.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Written {
    #[serde(rename = "DeviceId", alias = "deviceId")]
    device: Text,
    id: Text,
    #[serde(rename = "Timestamp", alias = "timestamp")]
    timestamp: Text,
    #[serde(rename = "lastSeen")]
    last_seen: Text,
    #[serde(rename = "OnboardingStatus", alias = "onboardingStatus")]
    onboarding: Text,
    #[serde(rename = "SensorHealthState", alias = "sensorHealthState")]
    sensor: Text,
    #[serde(rename = "healthStatus")]
    health: Text,
    #[serde(rename = "DeviceType", alias = "deviceType")]
    kind: Text,
    #[serde(rename = "OSPlatform", alias = "osPlatform")]
    platform: Text,
    #[serde(rename = "MergedToDeviceId", alias = "mergedToDeviceId")]
    merged: Text,
    #[serde(rename = "IsExcluded", alias = "isExcluded")]
    excluded: Flag,
    #[serde(rename = "IsTransient", alias = "isTransient")]
    transient: Flag,
    #[serde(rename = "tenantId", alias = "TenantId")]
    tenant: Text,
    properties: Option<Box<Self>>,
    #[serde(rename = "@odata.nextLink")]
    next: Text,
    #[serde(rename = "value")]
    value: Folded<Fleet>,
    #[serde(rename = "results", alias = "Results")]
    results: Folded<Fleet>,
}

/// What is known of all devices.
#[derive(Debug, Default)]
pub(super) struct Fleet {
    devices: HashMap<Box<str>, Device>,
    rows: u64,
    /// How many rows were about a device that an earlier row was about.
    again: u64,
    timeless: bool,
    knows_onboarding: bool,
    knows_roles: bool,
    pages: bool,
    taken: Option<Instant>,
    tenants: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
struct Device {
    seen: Option<Instant>,
    onboarding: Onboarding,
    health: Health,
    kind: Kind,
    controller: bool,
    left_out: Option<LeftOut>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Onboarding {
    Onboarded,
    CanBe,
    Unsupported,
    Insufficient,
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Health {
    Active,
    Other,
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Client,
    Server,
    /// A computer of which the file does not say more.
    Computer,
    /// A telephone, a printer and the like, which no measure counts.
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LeftOut {
    Merged,
    Excluded,
    Transient,
}

impl Onboarding {
    fn read(text: &str) -> Self {
        match &*table::key(text) {
            "onboarded" => Self::Onboarded,
            "canbeonboarded" => Self::CanBe,
            "unsupported" => Self::Unsupported,
            "insufficientinfo" => Self::Insufficient,
            _ => Self::Unknown,
        }
    }
}

impl Health {
    fn read(text: &str) -> Self {
        match &*table::key(text) {
            "active" => Self::Active,
            "" | "unknown" => Self::Unknown,
            _ => Self::Other,
        }
    }
}

impl Kind {
    /// Tells the kind by the type, and where that is missing by the operating system.
    fn read(kind: &str, platform: &str) -> Self {
        let platform = table::key(platform);
        match &*table::key(kind) {
            "server" => return Self::Server,
            "workstation" | "desktop" | "laptop" => return Self::Client,
            "" | "unknown" => {}
            _ => return Self::Other,
        }
        if platform.contains("server") {
            Self::Server
        } else if ["ios", "android", "ipados"].contains(&&*platform) {
            Self::Other
        } else if platform.starts_with("windows") || platform.starts_with("macos") {
            if platform == "windows" {
                Self::Computer
            } else {
                Self::Client
            }
        } else {
            Self::Computer
        }
    }
}

impl Device {
    fn counts(&self) -> bool {
        self.left_out.is_none() && self.kind != Kind::Other
    }

    /// Returns whether the device reports or should: onboarded, or with a sensor's state where the file knows no onboarding.
    fn is_onboarded(&self) -> bool {
        self.onboarding == Onboarding::Onboarded
            || (self.onboarding == Onboarding::Unknown && self.health != Health::Unknown)
    }
}

impl Rows for Fleet {
    type Row = Written;

    fn take(&mut self, mut written: Written) -> Result<(), String> {
        self.pages |= written.next.get().is_some();
        self.join(std::mem::take(&mut written.value.0))?;
        self.join(std::mem::take(&mut written.results.0))?;
        if let Some(tenant) = text::tenant_id(written.tenant.get())
            && self.tenants.len() < 50
            && !self.tenants.contains(&tenant)
        {
            self.tenants.push(tenant);
        }
        let row = written.properties.as_deref().unwrap_or(&written);
        let Some(id) = row.device.get().or(row.id.get()) else {
            return Ok(());
        };
        let onboarding = row.onboarding.get();
        self.knows_onboarding |= onboarding.is_some();
        let seen = row.timestamp.get().or(row.last_seen.get());
        let left_out = if row.merged.get().is_some() {
            Some(LeftOut::Merged)
        } else if row.excluded.0 == Some(true) {
            Some(LeftOut::Excluded)
        } else {
            (row.transient.0 == Some(true)).then_some(LeftOut::Transient)
        };
        let health = row.sensor.get().or(row.health.get()).unwrap_or_default();
        self.see(
            id,
            Device {
                seen: seen.and_then(text::instant),
                onboarding: Onboarding::read(onboarding.unwrap_or_default()),
                health: Health::read(health),
                kind: Kind::read(row.kind.or_empty(), row.platform.or_empty()),
                controller: false,
                left_out,
            },
        )
    }
}

impl Fleet {
    /// Reads the portal's inventory or the hunting table as CSV.
    ///
    /// # Errors
    /// Where the table is damaged, with line and reason.
    pub(super) fn of_table(text: &str) -> Result<Self, Problems> {
        let mut table = Table::open(text)?;
        let id = table.column(&["deviceid", "devicename", "name"]);
        let onboarding = table.column(&["onboardingstatus"]);
        let health = table.column(&["sensorhealthstate", "healthstatus", "healthstate"]);
        let kind = table.column(&["devicetype"]);
        let category = table.column(&["devicecategory"]);
        let platform = table.column(&["osplatform", "osdistribution"]);
        let role = table.column(&["devicerole", "deviceroles"]);
        let merged = table.column(&["mergedtodeviceid"]);
        let excluded = table.column(&["exclusionstate", "isexcluded"]);
        let transient = table.column(&["transientdevice", "istransient"]);
        let seen = table.column(&["timestamp", "lastdeviceupdate", "lastseen"]);
        let mut fleet = Self {
            knows_onboarding: true,
            knows_roles: role.is_there(),
            ..Self::default()
        };
        while let Some(row) = table.next()? {
            let line;
            let id = match row.some(id) {
                Some(id) => id,
                None => {
                    line = format!("\n{}", row.line);
                    &line
                }
            };
            let yes = |text: &str| {
                ["excluded", "yes", "true", "1"].contains(&&*text.to_ascii_lowercase())
            };
            let left_out = if row.some(merged).is_some() {
                Some(LeftOut::Merged)
            } else if yes(row.get(excluded)) {
                Some(LeftOut::Excluded)
            } else {
                yes(row.get(transient)).then_some(LeftOut::Transient)
            };
            let kind = match &*table::key(row.get(category)) {
                "" | "computersandmobile" | "endpoint" | "unknown" => {
                    Kind::read(row.get(kind), row.get(platform))
                }
                _ => Kind::Other,
            };
            let device = Device {
                seen: text::instant(row.get(seen)),
                onboarding: Onboarding::read(row.get(onboarding)),
                health: Health::read(row.get(health)),
                kind,
                controller: table::key(row.get(role)).contains("domaincontroller"),
                left_out,
            };
            fleet
                .see(id, device)
                .map_err(crate::problem::Problem::error)?;
        }
        Ok(fleet)
    }

    fn see(&mut self, id: &str, device: Device) -> Result<(), String> {
        self.rows += 1;
        if self.rows > MAX_ROWS {
            return Err(full());
        }
        self.taken = self.taken.max(device.seen);
        match self.devices.get_mut(id) {
            Some(known) => {
                self.again += 1;
                self.timeless |= device.seen.is_none();
                if known.seen <= device.seen {
                    *known = device;
                }
            }
            None => {
                let id: String = id.chars().take(200).collect();
                self.devices.insert(id.into(), device);
            }
        }
        Ok(())
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
        self.knows_onboarding |= other.knows_onboarding;
        self.again += other.again;
        self.timeless |= other.timeless;
        let repeated = other.rows - other.devices.len() as u64;
        for (id, device) in other.devices {
            self.see(&id, device)?;
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
        let mut evidence = Evidence::new(Tool::DefenderEndpoint, "devices");
        evidence.rows = self.rows;
        evidence.taken = self.taken;
        if self.pages {
            evidence.incomplete.push(text::ONE_PAGE.to_owned());
        }
        evidence.warnings = self.warnings();
        let tenant = (self.tenants.len() == 1).then_some(0);
        evidence.measures = self.measures(tenant);
        evidence.tenants = self
            .tenants
            .into_iter()
            .map(|id| TenantSeen {
                id: Some(id),
                ..TenantSeen::default()
            })
            .collect();
        evidence
    }

    fn measures(&self, tenant: Option<usize>) -> Vec<Measure> {
        let mut measures = Vec::new();
        let mut add = |id: &str, (part, whole): (u64, u64), counted: String| {
            measures.push(Measure {
                id: id.to_owned(),
                part,
                whole: Whole::Counted(whole),
                counted,
                tenant,
            });
        };
        for (name, kind) in [
            ("devices", None),
            ("clients", Some(Kind::Client)),
            ("servers", Some(Kind::Server)),
        ] {
            let is = &|device: &Device| kind.is_none_or(|kind| device.kind == kind);
            if self.knows_onboarding {
                let words = format!(
                    "{name} that are onboarded, out of those and the ones that can be onboarded"
                );
                add(&format!("{name}-onboarded"), self.onboarded(is), words);
            }
            let words = format!("{name} with an active sensor, out of those that are onboarded");
            add(&format!("{name}-active"), self.active(is), words);
        }
        if self.knows_roles {
            let words = "domain controllers that are onboarded, out of those seen with that role"
                .to_owned();
            add(
                DEVICES[6],
                self.onboarded(&|device| device.controller),
                words,
            );
        }
        measures
    }

    fn onboarded(&self, is: &dyn Fn(&Device) -> bool) -> (u64, u64) {
        let mut counts = (0, 0);
        for device in self.devices.values() {
            if device.counts() && is(device) {
                let onboarded = device.onboarding == Onboarding::Onboarded;
                counts.0 += u64::from(onboarded);
                counts.1 += u64::from(onboarded || device.onboarding == Onboarding::CanBe);
            }
        }
        counts
    }

    fn active(&self, is: &dyn Fn(&Device) -> bool) -> (u64, u64) {
        let mut counts = (0, 0);
        for device in self.devices.values() {
            if device.counts() && device.is_onboarded() && is(device) {
                counts.0 += u64::from(device.health == Health::Active);
                counts.1 += 1;
            }
        }
        counts
    }

    /// Says which devices no measure counts, and why.
    fn warnings(&self) -> Vec<Warning> {
        let count = |is: &dyn Fn(&Device) -> bool| {
            self.devices.values().filter(|device| is(device)).count()
        };
        let left = |why: LeftOut| count(&move |device| device.left_out == Some(why));
        let state = |state: Onboarding| count(&move |d| d.counts() && d.onboarding == state);
        let not_counted = [
            (left(LeftOut::Merged), "superseded by another entry"),
            (left(LeftOut::Excluded), "excluded"),
            (left(LeftOut::Transient), "transient"),
            (
                count(&|device| device.left_out.is_none() && device.kind == Kind::Other),
                "telephones, printers and other devices that are no computers",
            ),
            (state(Onboarding::Unsupported), "not supported"),
            (
                state(Onboarding::Insufficient),
                "discovered, with too little known to say whether they can be onboarded",
            ),
        ];
        let mut warnings: Vec<Warning> = not_counted
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, why)| Warning::new(format!("not counted: {number} {why}")))
            .collect();
        if self.knows_onboarding && state(Onboarding::Unknown) > 0 {
            let number = state(Onboarding::Unknown);
            let message = format!("{number} have an onboarding status that we do not know");
            warnings.push(Warning::new(message));
        }
        if self.timeless {
            let message = format!(
                "{} rows are about a device that an earlier row is about, and the times cannot be read: the last row counts",
                self.again
            );
            warnings.push(Warning::new(message));
        }
        if self.tenants.len() > 1 {
            warnings.push(Warning::new(
                "devices of several tenants are counted together",
            ));
        }
        warnings
    }
}
