//! Due dates and clocks: how long a finding may take, and how long it has taken.
//!
//! Days are whole and of the customer's calendar; where a day begins and ends is settled before, when an instant became a day, so no
//! hour that a time zone skips or repeats matters here. A clock counts the days after the first: seen on the 1st, on the 3rd two
//! days have passed. Who waits on whom is told by [`finding`](crate::domain::finding).
//!
//! Whether a clock stands still while a finding waits is a choice of the customer's [`DuePolicy`]; by default it does not, since the
//! gap is as open while somebody is waited for. A date that people agreed on is never moved by a clock.

use std::ops::Bound;

use chrono::{Datelike, Days};
use serde::{Deserialize, Serialize};

use crate::domain::customer::{Customer, DuePolicy, WorkingCalendar};
use crate::domain::decision::{Need, Severity};
use crate::domain::time::Day;

/// The most days that a policy may give.
pub const MAX_POLICY_DAYS: u32 = 3_650;

/// Days during which a clock stood still: those after `from`, up to and with `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The day on which the waiting began.
    pub from: Day,
    /// The day on which it ended.
    pub until: Day,
}

/// A length of time in days of the calendar, and in those on which somebody works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Length {
    /// Days of the calendar.
    pub days: u32,
    /// Working days among them.
    pub working: u32,
}

/// How long a finding has taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clocks {
    /// Since it was first seen, whatever happened since.
    pub elapsed: Length,
    /// Since it was last raised, without the days on which it waited on somebody.
    pub running: Length,
}

/// What a finding came to when it was closed, against the date that held then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The day on which it was closed.
    pub on: Day,
    /// The date that held then; nothing where there was none.
    pub due: Option<Day>,
    /// How long it had taken.
    pub clocks: Clocks,
}

impl Closing {
    /// Returns whether it was closed in time; nothing where no date held.
    #[must_use]
    pub fn in_time(&self) -> Option<bool> {
        self.due.map(|due| self.on <= due)
    }
}

/// Returns the day that the customer's policy gives: for a blocker the day before go-live, where one is set; else so many days after
/// `since`, the `pauses` left out where the policy says so. Nothing where that lies beyond the calendar's end, or nobody ever works.
#[must_use]
pub fn policy_due(
    since: Day,
    severity: Severity,
    need: Need,
    customer: &Customer,
    pauses: &[Pause],
) -> Option<Day> {
    if need == Need::Blocker
        && let Some(go_live) = customer.go_live
    {
        return go_live.pred_opt();
    }
    let policy = &customer.due_policy;
    let pauses = if policy.pause_while_waiting {
        pauses
    } else {
        &[]
    };
    let days = policy_days(policy, severity);
    if policy.business_days {
        let counts = |day| customer.calendar.works(day) && !paused(day, pauses);
        return nth_after(since, days, counts, pauses);
    }
    nth_after(since, days, |day| !paused(day, pauses), pauses)
}

/// Returns how many days a policy gives for a severity.
#[must_use]
pub fn policy_days(policy: &DuePolicy, severity: Severity) -> u32 {
    match severity {
        Severity::Critical => policy.critical,
        Severity::High => policy.high,
        Severity::Medium => policy.medium,
        Severity::Low | Severity::Info => policy.low,
    }
}

/// Returns the day that is the `days`th after `from` that `counts`; nothing where none is within reach.
fn nth_after(from: Day, days: u32, counts: impl Fn(Day) -> bool, pauses: &[Pause]) -> Option<Day> {
    let Some(place) = (days.min(MAX_POLICY_DAYS) as usize).checked_sub(1) else {
        return Some(from);
    };
    let waited: i64 = pauses.iter().map(|pause| pause.days()).sum();
    // One working day a week, and a year of holidays, is the least that is looked for.
    let reach = (place + 1) * 8 + 400 + usize::try_from(waited).unwrap_or(0);
    let after = from.succ_opt()?.iter_days().take(reach);
    after.filter(|day| counts(*day)).nth(place)
}

fn paused(day: Day, pauses: &[Pause]) -> bool {
    let mut pauses = pauses.iter();
    pauses.any(|pause| pause.from < day && day <= pause.until)
}

impl Pause {
    fn days(&self) -> i64 {
        (self.until - self.from).num_days().max(0)
    }
}

impl WorkingCalendar {
    /// Returns whether somebody works on `day`.
    #[must_use]
    pub fn works(&self, day: Day) -> bool {
        !self.weekend.contains(&day.weekday().into()) && !self.holidays.contains_key(&day)
    }
}

/// Returns how long it is from `from` to `until`: the days after the one, up to and with the other; nothing where that is none.
#[must_use]
pub fn length(from: Day, until: Day, calendar: &WorkingCalendar) -> Length {
    let days = (until - from).num_days().max(0);
    if days == 0 {
        return Length::default();
    }
    let weekend = |day: Day| calendar.weekend.contains(&day.weekday().into());
    // Whole weeks are counted, not walked: from year 1 to 9999 it is a sum all the same.
    let a_week = from.iter_days().skip(1).take(7);
    let per_week = a_week.filter(|day| !weekend(*day)).count() as u64;
    let weeks = days.unsigned_abs() / 7;
    let rest = from.checked_add_days(Days::new(weeks * 7));
    let rest = rest.map_or(0, |rest| {
        let rest = rest.iter_days().skip(1).take(days as usize % 7);
        rest.filter(|day| !weekend(*day)).count() as u64
    });
    let between = (Bound::Excluded(from), Bound::Included(until));
    let holidays = calendar.holidays.range(between);
    let off = holidays.filter(|(day, _)| !weekend(**day)).count() as u64;
    Length {
        days: u32::try_from(days).unwrap_or(u32::MAX),
        working: u32::try_from((weeks * per_week + rest).saturating_sub(off)).unwrap_or(u32::MAX),
    }
}

/// Returns how long it is from `from` to `until`, without the pauses between; they do not overlap.
#[must_use]
pub fn running(from: Day, until: Day, pauses: &[Pause], calendar: &WorkingCalendar) -> Length {
    let whole = length(from, until, calendar);
    let waited = pauses.iter().map(|pause| {
        let (begun, ended) = (pause.from.max(from), pause.until.min(until));
        length(begun, ended, calendar)
    });
    waited.fold(whole, |left, waited| Length {
        days: left.days.saturating_sub(waited.days),
        working: left.working.saturating_sub(waited.working),
    })
}

/// Returns by how much `due` is overdue on `today`; nothing where it is not.
#[must_use]
pub fn overdue(due: Day, today: Day, calendar: &WorkingCalendar) -> Option<Length> {
    (due < today).then(|| length(due, today, calendar))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, any, prop};
    use proptest::{prop_assert, prop_assert_eq, proptest};

    use super::*;
    use crate::domain::customer::WeekdayName;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn customer(business_days: bool, pause: bool) -> Customer {
        let mut customer = Customer::new("contoso".parse().unwrap());
        customer.due_policy.business_days = business_days;
        customer.due_policy.pause_while_waiting = pause;
        customer
    }

    /// Days of the years 1 to 9999.
    fn days() -> impl Strategy<Value = Day> {
        let (first, last) = (day("0001-01-01"), day("9999-12-31"));
        let span = u64::try_from((last - first).num_days()).unwrap();
        (0..=span).prop_map(move |n| first + Days::new(n))
    }

    fn calendars() -> impl Strategy<Value = WorkingCalendar> {
        let weekend = prop::collection::btree_set(0_u8..7, 0..=7);
        let holidays = prop::collection::btree_set(days(), 0..20);
        let leap = prop::sample::subsequence(
            ["2024-02-29", "2026-12-31", "2027-01-01", "2028-02-29"]
                .map(day)
                .to_vec(),
            0..4,
        );
        (weekend, holidays, leap).prop_map(|(weekend, holidays, leap)| WorkingCalendar {
            weekend: weekend
                .into_iter()
                .map(|n| WeekdayName::from(chrono::Weekday::try_from(n).unwrap()))
                .collect(),
            holidays: holidays
                .into_iter()
                .chain(leap)
                .map(|day| (day, "off".into()))
                .collect(),
        })
    }

    fn pauses() -> impl Strategy<Value = Vec<Pause>> {
        prop::collection::vec((0_u64..40, 0_u64..40), 0..4).prop_map(|spans| {
            let mut at = day("2026-02-20");
            let mut pauses = Vec::new();
            for (gap, long) in spans {
                let from = at + Days::new(gap);
                at = from + Days::new(long);
                pauses.push(Pause { from, until: at });
            }
            pauses
        })
    }

    /// Counts day by day what [`length`] sums up.
    fn counted(from: Day, until: Day, calendar: &WorkingCalendar) -> Length {
        let days = from.iter_days().skip(1).take_while(|day| *day <= until);
        let (mut all, mut working) = (0, 0);
        for day in days {
            all += 1;
            working += u32::from(calendar.works(day));
        }
        Length { days: all, working }
    }

    proptest! {
        #[test]
        fn a_length_is_what_counting_day_by_day_gives(
            from in days(), long in 0_u64..900, calendar in calendars(),
        ) {
            let until = from.checked_add_days(Days::new(long)).unwrap();
            prop_assert_eq!(length(from, until, &calendar), counted(from, until, &calendar));
        }

        #[test]
        fn lengths_add_up(a in days(), b in days(), c in days(), calendar in calendars()) {
            let mut three = [a, b, c];
            three.sort();
            let [a, b, c] = three;
            let (first, second) = (length(a, b, &calendar), length(b, c, &calendar));
            let whole = length(a, c, &calendar);
            prop_assert_eq!(whole.days, first.days + second.days);
            prop_assert_eq!(whole.working, first.working + second.working);
            prop_assert!(whole.working <= whole.days);
        }

        #[test]
        fn a_date_lies_as_many_days_off_as_the_policy_gives(
            since in days(), days in 0_u32..400, calendar in calendars(), business in any::<bool>(),
        ) {
            let mut customer = customer(business, false);
            customer.due_policy.high = days;
            customer.calendar = calendar;
            let due = policy_due(since, Severity::High, Need::Improvement, &customer, &[]);
            let Some(due) = due else {
                let never = customer.calendar.weekend.len() == 7;
                prop_assert!(never || since.year() >= 9_990, "no date after {since}");
                return Ok(());
            };
            let length = length(since, due, &customer.calendar);
            prop_assert_eq!(if business { length.working } else { length.days }, days);
        }

        #[test]
        fn a_paused_clock_gives_as_many_days_and_a_later_date(
            pauses in pauses(), days in 1_u32..200, business in any::<bool>(),
        ) {
            let mut customer = customer(business, true);
            customer.due_policy.high = days;
            let since = day("2026-02-20");
            let due = |pauses: &[Pause]| {
                policy_due(since, Severity::High, Need::Condition, &customer, pauses).unwrap()
            };
            let (plain, late) = (due(&[]), due(&pauses));
            prop_assert!(late >= plain);
            let ran = running(since, late, &pauses, &customer.calendar);
            prop_assert_eq!(if business { ran.working } else { ran.days }, days);
        }
    }

    #[test]
    fn years_leap_days_and_the_ends_of_the_calendar() {
        let customer = customer(false, false);
        let due = |since| policy_due(since, Severity::Critical, Need::Improvement, &customer, &[]);
        assert_eq!(due(day("2028-02-15")), Some(day("2028-02-29")));
        assert_eq!(due(day("2027-02-15")), Some(day("2027-03-01")));
        assert_eq!(due(day("2026-12-24")), Some(day("2027-01-07")));
        assert_eq!(due(day("0001-01-01")), Some(day("0001-01-15")));
        assert_eq!(due(Day::MAX), None);
        let calendar = WorkingCalendar::default();
        let whole = length(day("0001-01-01"), day("9999-12-31"), &calendar);
        assert_eq!((whole.days, whole.working), (3_652_058, 2_608_614));
        assert_eq!(length(Day::MIN, Day::MAX, &calendar).days, 191_491_528);
    }

    #[test]
    fn working_days_skip_weekends_and_holidays() {
        let mut customer = customer(true, false);
        customer.due_policy.critical = 2;
        customer
            .calendar
            .holidays
            .insert(day("2026-09-07"), "a holiday".into());
        // Friday 4 September + 2 working days: Monday is off, so Tuesday and Wednesday.
        let due = |customer: &Customer| {
            policy_due(
                day("2026-09-04"),
                Severity::Critical,
                Need::Condition,
                customer,
                &[],
            )
        };
        assert_eq!(due(&customer), Some(day("2026-09-09")));
        customer.calendar.weekend = (0..7)
            .map(|n| chrono::Weekday::try_from(n).unwrap().into())
            .collect();
        assert_eq!(due(&customer), None);
    }

    #[test]
    fn a_blocker_is_due_before_go_live_whatever_waits() {
        let mut customer = customer(true, true);
        customer.go_live = Some(day("2027-01-01"));
        let pause = Pause {
            from: day("2026-09-02"),
            until: day("2026-12-01"),
        };
        let due = |need| {
            policy_due(
                day("2026-09-01"),
                Severity::Critical,
                need,
                &customer,
                &[pause],
            )
        };
        assert_eq!(due(Need::Blocker), Some(day("2026-12-31")));
        assert!(due(Need::Condition) > Some(day("2026-12-01")));
    }
}
