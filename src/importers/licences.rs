//! The tenant's licences: Graph's `subscribedSkus`, or what PowerShell makes of them.
//!
//! A measure counts the licences that hold a service plan, by the plan's name as Microsoft spells it (`WINDEFATP`); out of how
//! many is the customer's seats, which the file does not know. Besides, `entra-p1-or-p2` and `endpoint-p1-or-p2` count each
//! subscription once that holds either plan.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::evidence::{Evidence, Measure, TenantSeen, Tool, Warning, Whole};
use crate::importers::json::{self, Folded, List, Number, Rows, Text};
use crate::importers::outline::Outline;
use crate::importers::text;
use crate::problem::Problems;

/// The most plans of one tenant.
const MAX_PLANS: usize = 5_000;

/// Measures over several plans: a subscription with any of them counts once.
const EITHER: [(&str, [&str; 2]); 2] = [
    ("entra-p1-or-p2", ["AAD_PREMIUM", "AAD_PREMIUM_P2"]),
    ("endpoint-p1-or-p2", ["MDE_LITE", "WINDEFATP"]),
];

/// Returns whether a file lists licences.
pub(super) fn recognises(outline: &Outline) -> bool {
    match outline {
        Outline::Json(form) => {
            let row = form.row();
            row.is_some_and(|row| row.has(&["skupartnumber", "prepaidunits"]))
                || form.is_about("#subscribedskus")
        }
        Outline::Table(_) | Outline::Page(_) | Outline::Other => false,
    }
}

/// Returns whether `control` may be a plan's name, or is a measure over several.
pub(super) fn knows(control: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    EITHER.iter().any(|(id, _)| *id == control) || (control.len() > 2 && control.bytes().all(plain))
}

/// Reads licences.
///
/// # Errors
/// Where the file is damaged, with place and reason.
pub(super) fn import(text: &str, _: &Outline) -> Result<Evidence, Problems> {
    Ok(json::read_rows::<Skus>(text)?.evidence())
}

/// A subscription, or an envelope around subscriptions.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Sku {
    #[serde(rename = "accountId", alias = "AccountId")]
    account: Text,
    #[serde(rename = "accountName", alias = "AccountName")]
    account_name: Text,
    #[serde(rename = "skuPartNumber", alias = "SkuPartNumber")]
    part_number: Text,
    #[serde(rename = "capabilityStatus", alias = "CapabilityStatus")]
    capability: Text,
    #[serde(rename = "prepaidUnits", alias = "PrepaidUnits")]
    prepaid: Option<Units>,
    #[serde(rename = "servicePlans", alias = "ServicePlans")]
    plans: List<Plan>,
    #[serde(rename = "@odata.nextLink")]
    next: Text,
    value: Folded<Skus>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Units {
    #[serde(alias = "Enabled")]
    enabled: Number,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Plan {
    #[serde(rename = "servicePlanName", alias = "ServicePlanName")]
    name: Text,
    #[serde(rename = "provisioningStatus", alias = "ProvisioningStatus")]
    status: Text,
}

#[derive(Default)]
struct Skus {
    rows: u64,
    pages: bool,
    tenants: Vec<TenantSeen>,
    plans: BTreeMap<String, Held>,
    /// Subscriptions that are not in force, and so hold nothing.
    lapsed: Vec<String>,
}

/// How many licences hold a plan, and through how many subscriptions.
#[derive(Clone, Copy, Default)]
struct Held {
    units: u64,
    subscriptions: u64,
}

impl Rows for Skus {
    type Row = Sku;

    fn take(&mut self, sku: Sku) -> Result<(), String> {
        self.pages |= sku.next.get().is_some();
        self.join(sku.value.0)?;
        let Some(part_number) = text::some_name(sku.part_number.get()) else {
            return Ok(());
        };
        self.rows += 1;
        self.see(sku.account.get(), sku.account_name.get());
        let units = sku.prepaid.unwrap_or_default().enabled.count();
        let in_force = sku.capability.or_empty().eq_ignore_ascii_case("enabled");
        let Some(units) = units.filter(|_| in_force) else {
            if self.lapsed.len() < 100 {
                self.lapsed.push(part_number);
            }
            return Ok(());
        };
        let held = Held {
            units,
            subscriptions: 1,
        };
        let plans = provisioned(&sku.plans.0);
        for (id, either) in EITHER {
            if either.iter().any(|plan| plans.iter().any(|p| p == plan)) {
                self.hold(id.to_owned(), held)?;
            }
        }
        for plan in plans {
            self.hold(plan, held)?;
        }
        Ok(())
    }
}

/// Returns the plans that are provisioned, each once.
fn provisioned(plans: &[Plan]) -> Vec<String> {
    let is_on = |plan: &&Plan| plan.status.or_empty().eq_ignore_ascii_case("success");
    let mut names: Vec<String> = plans
        .iter()
        .filter(is_on)
        .filter_map(|plan| text::some_name(plan.name.get()))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Returns a plan as its name, and a measure over several as their names.
fn held_words(id: &str) -> String {
    let either = EITHER.iter().find(|(name, _)| *name == id);
    either.map_or_else(|| id.to_owned(), |(_, plans)| plans.join(" or "))
}

impl Skus {
    fn hold(&mut self, plan: String, more: Held) -> Result<(), String> {
        if self.plans.len() >= MAX_PLANS && !self.plans.contains_key(&plan) {
            return Err(format!("more than {MAX_PLANS} service plans"));
        }
        let held = self.plans.entry(plan).or_default();
        held.units = held.units.saturating_add(more.units);
        held.subscriptions += more.subscriptions;
        Ok(())
    }

    fn see(&mut self, id: Option<&str>, name: Option<&str>) {
        let tenant = TenantSeen {
            id: text::tenant_id(id),
            name: text::some_name(name),
            domains: Vec::new(),
        };
        if !tenant.is_nameless() && !self.tenants.contains(&tenant) && self.tenants.len() < 50 {
            self.tenants.push(tenant);
        }
    }

    fn join(&mut self, other: Self) -> Result<(), String> {
        self.rows += other.rows;
        self.pages |= other.pages;
        for tenant in other.tenants {
            self.see(tenant.id.as_deref(), tenant.name.as_deref());
        }
        self.lapsed.extend(other.lapsed);
        self.lapsed.truncate(100);
        for (plan, held) in other.plans {
            self.hold(plan, held)?;
        }
        Ok(())
    }

    fn evidence(self) -> Evidence {
        let mut evidence = Evidence::new(Tool::Licences, "subscriptions");
        evidence.rows = self.rows;
        if self.pages {
            evidence.incomplete.push(text::ONE_PAGE.to_owned());
        }
        let tenant = (self.tenants.len() == 1).then_some(0);
        if self.tenants.len() > 1 {
            let message = "the subscriptions of several tenants are added up in one list";
            evidence.warnings.push(Warning::new(message));
        }
        evidence.tenants = self.tenants;
        if !self.lapsed.is_empty() {
            let message = format!("not in force, and not counted: {}", self.lapsed.join(", "));
            evidence.warnings.push(Warning::new(message));
        }
        evidence.measures = self
            .plans
            .into_iter()
            .map(|(id, held)| Measure {
                counted: format!(
                    "licences that hold {}, through {} subscription{}; who holds two counts twice",
                    held_words(&id),
                    held.subscriptions,
                    if held.subscriptions == 1 { "" } else { "s" }
                ),
                id,
                part: held.units,
                whole: Whole::Seats,
                tenant,
            })
            .collect();
        evidence
    }
}
