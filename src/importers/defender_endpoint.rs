//! Defender for Endpoint: devices (the portal's inventory, the hunting table `DeviceInfo`, the API's machines) and how they are set
//! (the hunting table `DeviceTvmSecureConfigurationAssessment`, the API's export of the same).
//!
//! Rows are counted and dropped; of a device or a setting that occurs several times the newest row counts. Settings go by the name
//! that Secure Score gives them: `scid_2010` for `scid-2010`.
//!
//! | measure | counts |
//! |---|---|
//! | `devices-onboarded`, `clients-onboarded`, `servers-onboarded` | onboarded, out of those and the ones that can be |
//! | `devices-active`, `clients-active`, `servers-active` | with an active sensor, out of those onboarded |
//! | `domain-controllers-onboarded` | onboarded, out of devices with that role |
//! | `tamper-protection-on` | devices with tamper protection, out of those it applies to |
//! | `asr-rules-block` | attack surface reduction rules that every device complies with, out of those that apply to any |

mod fleet;
mod settings;

use crate::domain::evidence::Evidence;
use crate::importers::defender_endpoint::fleet::{DEVICES, Fleet};
use crate::importers::defender_endpoint::settings::{SETTINGS, Settings};
use crate::importers::json;
use crate::importers::outline::{Form, Outline};
use crate::problem::Problems;

/// The most rows of one file.
const MAX_ROWS: u64 = 1_000_000;

/// Which of the tool's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Devices,
    Settings,
}

fn kind(outline: &Outline) -> Option<Kind> {
    match outline {
        Outline::Json(form) => {
            let row = form.row()?;
            let row = row.get("properties").unwrap_or(row);
            kind_of_row(row)
        }
        Outline::Table(columns) => {
            let has = |name: &str| columns.iter().any(|column| column == name);
            if has("configurationid") && has("iscompliant") {
                Some(Kind::Settings)
            } else if has("onboardingstatus")
                && (has("deviceid") || has("devicename") || has("name"))
            {
                Some(Kind::Devices)
            } else {
                None
            }
        }
        Outline::Page(_) | Outline::Other => None,
    }
}

fn kind_of_row(row: &Form) -> Option<Kind> {
    let hunted = ["onboardingstatus", "sensorhealthstate", "mergedtodeviceid"];
    if row.has(&["configurationid", "iscompliant"]) {
        Some(Kind::Settings)
    } else if row.has(&["computerdnsname", "healthstatus"])
        || (row.has(&["deviceid"]) && hunted.iter().any(|name| row.has(&[name])))
    {
        Some(Kind::Devices)
    } else {
        None
    }
}

/// Returns whether a file is one of Defender for Endpoint's.
pub(super) fn recognises(outline: &Outline) -> bool {
    kind(outline).is_some()
        || matches!(outline, Outline::Json(form) if form.is_about("$metadata#machines"))
}

/// Returns whether `control` is a measure, or has the form of a setting's id.
pub(super) fn knows(control: &str) -> bool {
    let number = control.strip_prefix("scid_");
    DEVICES.contains(&control)
        || SETTINGS.contains(&control)
        || number.is_some_and(|n| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Reads devices or settings.
///
/// # Errors
/// Where the file is damaged, with place and reason.
pub(super) fn import(text: &str, outline: &Outline) -> Result<Evidence, Problems> {
    match (kind(outline), outline) {
        (Some(Kind::Settings), Outline::Table(_)) => Ok(Settings::of_table(text)?.evidence()),
        (Some(Kind::Settings), _) => Ok(json::read_rows::<Settings>(text)?.evidence()),
        (_, Outline::Table(_)) => Ok(Fleet::of_table(text)?.evidence()),
        _ => Ok(json::read_rows::<Fleet>(text)?.evidence()),
    }
}

/// Says that there are too many rows.
fn full() -> String {
    format!("more than {MAX_ROWS} rows")
}
