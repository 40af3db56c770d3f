//! The customer: the organisation that is made ready, and how its properties change.
//!
//! Every property is a fact of the ledger, so *as of* holds for it too. Who the people behind the ids are is kept by the store.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::Weekday;
use serde::{Deserialize, Serialize};

use crate::domain::id::{CustomerId, PersonId};
use crate::domain::time::{Day, Days};

/// Days between two reviews of a running service, unless the customer has others: a quarter. Ours; the service itself says
/// *periodically*.
pub const REVIEW_EVERY: u32 = 90;

/// The organisation that is made ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Customer {
    /// The slug that commands name.
    pub id: CustomerId,
    /// The name that people read.
    pub name: String,
    /// Microsoft Entra tenants by their id, as given.
    pub tenants: BTreeMap<String, Tenant>,
    /// Licensed seats.
    pub seats: Option<u64>,
    /// Where the customer's days begin and end.
    pub time_zone: chrono_tz::Tz,
    /// Days on which nobody works.
    pub calendar: WorkingCalendar,
    /// People on the customer's side and what they are there for.
    pub contacts: BTreeMap<PersonId, String>,
    /// Who manages the service for the customer.
    pub manager: Option<PersonId>,
    /// Who stands in for the manager.
    pub deputy: Option<PersonId>,
    /// The day on which the service is to start.
    pub go_live: Option<Day>,
    /// How many times a go-live day that had been set was moved to another.
    pub go_live_moved: u32,
    /// The region of those who serve the customer, in their words.
    pub region: Option<String>,
    /// How often readiness is looked at again once the service runs; nothing means [`REVIEW_EVERY`] days.
    pub review_every: Option<Days>,
    /// The day on which somebody is to speak with the customer next.
    pub next_touch: Option<Day>,
    /// When findings are due.
    pub due_policy: DuePolicy,
}

/// A Microsoft Entra tenant of the customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// Its display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its primary domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
}

/// The days on which the customer does not work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkingCalendar {
    /// Days of the week off.
    pub weekend: BTreeSet<WeekdayName>,
    /// Single days off, with their names.
    pub holidays: BTreeMap<Day, String>,
}

impl Default for WorkingCalendar {
    /// Returns a calendar with Saturday and Sunday off and no holidays.
    fn default() -> Self {
        Self {
            weekend: BTreeSet::from([WeekdayName::Sat, WeekdayName::Sun]),
            holidays: BTreeMap::new(),
        }
    }
}

/// A day of the week, ordered from Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WeekdayName {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl WeekdayName {
    /// Returns the code that files and commands use.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Mon => "mon",
            Self::Tue => "tue",
            Self::Wed => "wed",
            Self::Thu => "thu",
            Self::Fri => "fri",
            Self::Sat => "sat",
            Self::Sun => "sun",
        }
    }
}

impl From<Weekday> for WeekdayName {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Mon => Self::Mon,
            Weekday::Tue => Self::Tue,
            Weekday::Wed => Self::Wed,
            Weekday::Thu => Self::Thu,
            Weekday::Fri => Self::Fri,
            Weekday::Sat => Self::Sat,
            Weekday::Sun => Self::Sun,
        }
    }
}

/// When findings are due: days from first seen, by severity. A blocker is due before go-live.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DuePolicy {
    /// Days for a critical finding.
    pub critical: u32,
    /// Days for a finding of high severity.
    pub high: u32,
    /// Days for a finding of medium severity.
    pub medium: u32,
    /// Days for a finding of low severity, or for information.
    pub low: u32,
    /// Whether only working days count.
    pub business_days: bool,
    /// Whether the clock stands still while a finding waits on somebody.
    pub pause_while_waiting: bool,
    /// How long the customer may take to act on a managed response.
    #[serde(default)]
    pub response: ResponsePolicy,
}

/// How many hours the customer may take to act on a managed response, from the moment it awaits them, by severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResponsePolicy {
    /// Hours for a high one, and a critical one.
    pub high_hours: u32,
    /// Hours for every other.
    pub medium_hours: u32,
}

impl Default for ResponsePolicy {
    /// Returns the defaults, which are ours: 1 and 8 hours. Microsoft asks to act in time and publishes no number.
    fn default() -> Self {
        Self {
            high_hours: 1,
            medium_hours: 8,
        }
    }
}

impl Default for DuePolicy {
    /// Returns the defaults, which are ours: 14, 30, 90 and 120 calendar days, without pause.
    fn default() -> Self {
        Self {
            critical: 14,
            high: 30,
            medium: 90,
            low: 120,
            business_days: false,
            pause_while_waiting: false,
            response: ResponsePolicy::default(),
        }
    }
}

/// A change of one property, as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum CustomerChange {
    /// The slug; stands in the first entry of a ledger.
    Id(CustomerId),
    /// The name.
    Name(String),
    /// A tenant was added, or its name and domain changed.
    Tenant {
        /// Its id, as given.
        id: String,
        /// What is known of it.
        tenant: Tenant,
    },
    /// A tenant was taken away.
    TenantRemoved(String),
    /// Licensed seats, or not known.
    Seats(Option<u64>),
    /// The time zone.
    TimeZone(chrono_tz::Tz),
    /// The working calendar.
    Calendar(WorkingCalendar),
    /// A contact was added, or what they are there for changed.
    Contact {
        /// Who.
        person: PersonId,
        /// What they are there for, in words.
        role: String,
    },
    /// A contact was taken away.
    ContactRemoved(PersonId),
    /// The manager, or nobody.
    Manager(Option<PersonId>),
    /// The deputy, or nobody.
    Deputy(Option<PersonId>),
    /// The go-live day, or none.
    GoLive(Option<Day>),
    /// The region, or none.
    Region(Option<String>),
    /// How often readiness is looked at again, or as usual.
    ReviewEvery(Option<Days>),
    /// The day of the next touch, or none.
    NextTouch(Option<Day>),
    /// The due-date policy.
    DuePolicy(DuePolicy),
}

impl Customer {
    /// Returns what people call a tenant: its name, else its domain, else its id.
    #[must_use]
    pub fn tenant_called(&self, id: &str) -> String {
        let tenant = self.tenants.get(id);
        let called = tenant.and_then(|tenant| tenant.name.as_ref().or(tenant.domain.as_ref()));
        called.map_or_else(|| id.to_owned(), String::clone)
    }

    /// Returns a customer of whom nothing but the id is known; the name is the id until it is given.
    #[must_use]
    pub fn new(id: CustomerId) -> Self {
        Self {
            name: id.to_string(),
            id,
            tenants: BTreeMap::new(),
            seats: None,
            time_zone: chrono_tz::UTC,
            calendar: WorkingCalendar::default(),
            contacts: BTreeMap::new(),
            manager: None,
            deputy: None,
            go_live: None,
            go_live_moved: 0,
            region: None,
            review_every: None,
            next_touch: None,
            due_policy: DuePolicy::default(),
        }
    }

    /// Takes over one change.
    pub fn apply(&mut self, change: &CustomerChange) {
        match change.clone() {
            CustomerChange::Id(id) => self.id = id,
            CustomerChange::Name(name) => self.name = name,
            CustomerChange::Tenant { id, tenant } => {
                self.tenants.insert(id, tenant);
            }
            CustomerChange::TenantRemoved(id) => {
                self.tenants.remove(&id);
            }
            CustomerChange::Seats(seats) => self.seats = seats,
            CustomerChange::TimeZone(zone) => self.time_zone = zone,
            CustomerChange::Calendar(calendar) => self.calendar = calendar,
            CustomerChange::Contact { person, role } => {
                self.contacts.insert(person, role);
            }
            CustomerChange::ContactRemoved(person) => {
                self.contacts.remove(&person);
            }
            CustomerChange::Manager(person) => self.manager = person,
            CustomerChange::Deputy(person) => self.deputy = person,
            CustomerChange::GoLive(day) => {
                if self.go_live.is_some() && day.is_some() && self.go_live != day {
                    self.go_live_moved += 1;
                }
                self.go_live = day;
            }
            CustomerChange::Region(region) => self.region = region,
            CustomerChange::ReviewEvery(days) => self.review_every = days,
            CustomerChange::NextTouch(day) => self.next_touch = day,
            CustomerChange::DuePolicy(policy) => self.due_policy = policy,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_go_live_is_counted_and_setting_it_is_not() {
        let mut customer = Customer::new("contoso".parse().unwrap());
        let day = |d| Day::from_ymd_opt(2026, 10, d);
        for set in [day(1), day(1), day(8), None, day(9)] {
            customer.apply(&CustomerChange::GoLive(set));
        }
        assert_eq!(customer.go_live_moved, 1);
        assert_eq!(customer.go_live, day(9));
    }
}
