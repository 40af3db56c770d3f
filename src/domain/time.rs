//! Points and lengths of time, exact and without a clock.
//!
//! The domain never asks what time it is: whoever calls says so. Working days and due dates belong to findings.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, SubsecRound, TimeZone, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A calendar day without a time zone.
pub type Day = NaiveDate;

/// A point in time, in UTC, to the microsecond (the precision that every store keeps).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(DateTime<Utc>);

impl Instant {
    /// Keeps `at` to the microsecond.
    #[must_use]
    pub fn new(at: DateTime<Utc>) -> Self {
        Self(at.trunc_subsecs(6))
    }

    /// Returns the calendar day at this instant in `zone`.
    #[must_use]
    pub fn day_in(self, zone: chrono_tz::Tz) -> Day {
        self.0.with_timezone(&zone).date_naive()
    }

    /// Returns the local date and time in `zone` as `2026-09-02 14:02`.
    #[must_use]
    pub fn local(self, zone: chrono_tz::Tz) -> String {
        self.0
            .with_timezone(&zone)
            .format("%Y-%m-%d %H:%M")
            .to_string()
    }

    /// Returns the last microsecond of `day` in `zone`.
    ///
    /// Where the zone skips that moment, the next one that exists; `None` only past the end of the calendar.
    #[must_use]
    pub fn end_of(day: Day, zone: chrono_tz::Tz) -> Option<Self> {
        let next = day.succ_opt()?.and_time(NaiveTime::MIN);
        let midnight = (0..=24 * 4).find_map(|quarter| {
            let local = next + chrono::Duration::minutes(15 * quarter);
            zone.from_local_datetime(&local).earliest()
        })?;
        Some(Self::new(
            midnight.with_timezone(&Utc) - chrono::Duration::microseconds(1),
        ))
    }

    /// Returns the time between `earlier` and this instant; negative where `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> chrono::Duration {
        self.0 - earlier.0
    }

    /// Returns the instant as a date and time of `chrono`.
    #[must_use]
    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl FromStr for Instant {
    type Err = chrono::ParseError;

    fn from_str(text: &str) -> Result<Self, chrono::ParseError> {
        Ok(Self::new(DateTime::parse_from_rfc3339(text)?.to_utc()))
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// A number of whole days, written `180d`; 1 to 36,500.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Days(u32);

/// A text that is no number of days.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a number of days: write for example `180d`, from `1d` to `36500d`")]
pub struct DaysFault(String);

impl Days {
    /// Returns the number of days.
    #[must_use]
    pub fn count(self) -> u32 {
        self.0
    }

    /// Returns the day this many days after `day`, or the end of the calendar.
    #[must_use]
    pub fn after(self, day: Day) -> Day {
        day.checked_add_days(chrono::Days::new(u64::from(self.0)))
            .unwrap_or(Day::MAX)
    }

    /// Returns whether `day` lies more than this many days before `today`.
    #[must_use]
    pub fn passed_since(self, day: Day, today: Day) -> bool {
        self.after(day) < today
    }
}

impl FromStr for Days {
    type Err = DaysFault;

    fn from_str(text: &str) -> Result<Self, DaysFault> {
        text.strip_suffix('d')
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|digits| digits.parse().ok())
            .filter(|days| (1..=36_500).contains(days))
            .map(Self)
            .ok_or_else(|| DaysFault(text.chars().take(40).collect()))
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}d", self.0)
    }
}

impl Serialize for Days {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Days {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_reads_back_to_the_microsecond() {
        let at: Instant = "2026-09-02T14:02:03.123456789Z".parse().unwrap();
        assert_eq!(at.to_string(), "2026-09-02T14:02:03.123456Z");
    }

    #[test]
    fn a_day_ends_where_the_customer_is() {
        let day = Day::from_ymd_opt(2026, 9, 2).unwrap();
        let end = Instant::end_of(day, chrono_tz::Europe::Berlin).unwrap();
        assert_eq!(end.to_string(), "2026-09-02T21:59:59.999999Z");
        assert_eq!(end.day_in(chrono_tz::Europe::Berlin), day);
    }

    #[test]
    fn a_day_that_ends_in_a_skipped_hour_has_an_end() {
        // In 2018 São Paulo went from 23:59:59 to 01:00.
        let day = Day::from_ymd_opt(2018, 11, 3).unwrap();
        let end = Instant::end_of(day, chrono_tz::America::Sao_Paulo).unwrap();
        assert_eq!(end.day_in(chrono_tz::America::Sao_Paulo), day);
        assert!(Instant::end_of(Day::MAX, chrono_tz::UTC).is_none());
    }

    #[test]
    fn days_are_bounded() {
        assert_eq!("180d".parse::<Days>().unwrap().count(), 180);
        for wrong in ["", "d", "0d", "-1d", "36501d", "180", "1h", "+5d"] {
            assert!(wrong.parse::<Days>().is_err(), "{wrong}");
        }
    }
}
