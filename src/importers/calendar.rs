//! Holiday calendars: a small TOML of our own, or what a calendar program exports (iCalendar, RFC 5545).
//!
//! Of an iCalendar only events that last whole days count. What recurs is written out for the years around a given day: every year
//! on a day, or on a weekday of a month. Anything rarer is named and refused: a day too few or too many is a wrong date.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use icalendar::parser::{Component, Property, read_calendar, unfold};
use serde::Deserialize;

use crate::domain::customer::{WeekdayName, WorkingCalendar};
use crate::domain::time::Day;
use crate::importers::text::place;
use crate::problem::{Problem, Problems};

/// The largest file that is read, in bytes.
pub const MAX_CALENDAR: usize = 1024 * 1024;

/// The most days off that a calendar may hold.
pub const MAX_HOLIDAYS: usize = 5_000;

/// How many years ahead of the given day recurring events are written out, and one back.
pub const YEARS: i32 = 10;

/// The longest name of a holiday that is kept, in letters.
const MAX_NAME: usize = 200;

/// The longest event, in days.
const MAX_LONG: u64 = 366;

/// A holiday calendar as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The calendar.
    pub calendar: WorkingCalendar,
    /// How many events were left out because they last hours, not days.
    pub hours: usize,
}

/// Reads a calendar; one that names no weekend keeps that of `before`. Recurring events are written out around `today`.
///
/// # Errors
/// Where it is no calendar, and every event that is not understood.
pub fn read(bytes: &[u8], before: &WorkingCalendar, today: Day) -> Result<Read, Problems> {
    if bytes.len() > MAX_CALENDAR {
        let problem = Problem::error(format!("a calendar of {} bytes is too large", bytes.len()));
        return Err(problem
            .help(format!("at most {MAX_CALENDAR} are read"))
            .into());
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(Problem::error("the calendar is not UTF-8")
            .help("export it anew, or save it as UTF-8")
            .into());
    };
    let text = text.trim_start_matches('\u{feff}');
    let read = match begins_calendar(text) {
        true => read_events(text, before, today)?,
        false => Read {
            calendar: read_toml(text, before)?,
            hours: 0,
        },
    };
    if read.calendar.holidays.len() > MAX_HOLIDAYS {
        return Err(Problem::error(format!(
            "the calendar holds more than {MAX_HOLIDAYS} days off"
        ))
        .help("leave out what is no holiday")
        .into());
    }
    Ok(read)
}

fn begins_calendar(text: &str) -> bool {
    let line = text.lines().find(|line| !line.trim().is_empty());
    line.is_some_and(|line| line.trim().eq_ignore_ascii_case("BEGIN:VCALENDAR"))
}

// ── TOML ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// A calendar as written in TOML.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// Days of the week off.
    weekend: Option<BTreeSet<WeekdayName>>,
    /// Days off, with their names.
    #[serde(default)]
    holidays: BTreeMap<Day, String>,
}

fn read_toml(text: &str, before: &WorkingCalendar) -> Result<WorkingCalendar, Problems> {
    let written: Written = toml::from_str(text).map_err(|error| {
        let place = error.span().map_or_else(String::new, |span| {
            format!("{}: ", place(text, span.start))
        });
        Problem::error(format!("{place}this is no calendar: {}", error.message().trim()))
            .help("write `weekend = [\"sat\", \"sun\"]`, then `[holidays]` and a line such as `2026-12-25 = \"Christmas Day\"`; or give an .ics file")
    })?;
    let holidays = written.holidays.into_iter();
    Ok(WorkingCalendar {
        weekend: written.weekend.unwrap_or_else(|| before.weekend.clone()),
        holidays: holidays.map(|(day, text)| (day, name(&text))).collect(),
    })
}

fn name(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(MAX_NAME).collect()
}

// ── iCalendar ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

fn read_events(text: &str, before: &WorkingCalendar, today: Day) -> Result<Read, Problems> {
    hold_shape(text)?;
    let unfolded = unfold(text);
    let calendar = read_calendar(&unfolded).map_err(|reason| {
        let reason = reason.lines().next().unwrap_or_default().to_owned();
        Problem::error(format!("this is no calendar: {}", name(&reason)))
            .help("export it anew, without changing it by hand")
    })?;
    let mut found = Found {
        span: (
            today
                .checked_sub_months(Months::new(12))
                .unwrap_or(Day::MIN),
            today
                .checked_add_months(Months::new(YEARS.unsigned_abs() * 12))
                .unwrap_or(Day::MAX),
        ),
        holidays: BTreeMap::new(),
        hours: 0,
    };
    let mut problems = Problems::default();
    let events = calendar.components.iter();
    let events = events.filter(|one| one.name.as_str().eq_ignore_ascii_case("VEVENT"));
    for (place, event) in events.enumerate() {
        if let Err(why) = found.take(event) {
            let summary = value(event, "SUMMARY")
                .map_or_else(String::new, |text| format!(" (`{}`)", name(text)));
            problems.push(
                Problem::error(format!("event {}{summary}: {why}", place + 1))
                    .help("take the event out, or list its days in a TOML file"),
            );
        }
        if found.holidays.len() > MAX_HOLIDAYS || problems.0.len() >= 20 {
            break;
        }
    }
    if problems.any_error() {
        return Err(problems);
    }
    Ok(Read {
        calendar: WorkingCalendar {
            weekend: before.weekend.clone(),
            holidays: found.holidays,
        },
        hours: found.hours,
    })
}

/// Checks that what begins ends, and that nothing nests without end.
fn hold_shape(text: &str) -> Result<(), Problem> {
    let mut open: Vec<(usize, String)> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim_end();
        if let Some(what) = strip(line, "BEGIN:") {
            open.push((at + 1, what.to_ascii_uppercase()));
            if open.len() > 8 {
                return Err(
                    Problem::error(format!("line {}: `{what}` lies too deep", at + 1))
                        .help("export the calendar anew"),
                );
            }
        } else if let Some(what) = strip(line, "END:") {
            let begun = open.pop();
            if begun.is_none_or(|(_, begun)| begun != what.to_ascii_uppercase()) {
                return Err(Problem::error(format!(
                    "line {}: `{}` ends here and did not begin",
                    at + 1,
                    name(what)
                ))
                .help("export the calendar anew, without changing it by hand"));
            }
        }
    }
    match open.pop() {
        None => Ok(()),
        Some((line, what)) => Err(Problem::error(format!(
            "the file is cut off: `{}` of line {line} does not end",
            name(&what)
        ))
        .help("export or copy the file anew; nothing of it was taken in")),
    }
}

fn strip<'a>(line: &'a str, prefix: &str) -> Option<&'a str> {
    let head = line.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix)
        .then(|| &line[prefix.len()..])
}

fn property<'a>(event: &'a Component<'_>, name: &str) -> Option<&'a Property<'a>> {
    let mut properties = event.properties.iter();
    properties.find(|one| one.name.as_str().eq_ignore_ascii_case(name))
}

fn value<'a>(event: &'a Component<'_>, name: &str) -> Option<&'a str> {
    property(event, name).map(|property| property.val.as_str().trim())
}

/// The days off that were found.
struct Found {
    /// The first and the last day for which recurring events are written out.
    span: (Day, Day),
    holidays: BTreeMap<Day, String>,
    hours: usize,
}

impl Found {
    fn take(&mut self, event: &Component<'_>) -> Result<(), String> {
        if value(event, "STATUS").is_some_and(|status| status.eq_ignore_ascii_case("CANCELLED")) {
            return Ok(());
        }
        let begin = value(event, "DTSTART").ok_or("it says no day (`DTSTART`)")?;
        if begin.contains('T') {
            self.hours += 1;
            return Ok(());
        }
        let begin = day(begin)?;
        let long = long(event, begin)?;
        let name = name(&plain(value(event, "SUMMARY").unwrap_or("a day off")));
        let left_out = left_out(event)?;
        let days = match value(event, "RRULE") {
            Some(rule) => Rule::parse(rule)?.days(begin, self.span),
            None => vec![begin],
        };
        for first in days.into_iter().filter(|day| !left_out.contains(day)) {
            for day in first.iter_days().take(long) {
                self.holidays.insert(day, name.clone());
            }
        }
        Ok(())
    }
}

fn plain(text: &str) -> String {
    text.replace("\\,", ",")
        .replace("\\;", ";")
        .replace("\\n", " ")
        .replace("\\\\", "\\")
}

/// Reads a day as iCalendar writes it: `20261225`.
fn day(text: &str) -> Result<Day, String> {
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let day = NaiveDate::parse_from_str(text, "%Y%m%d").ok();
    day.filter(|_| digits)
        .ok_or_else(|| format!("`{}` is no day such as 20261225", name(text)))
}

/// Returns how many days the event lasts.
fn long(event: &Component<'_>, begin: Day) -> Result<usize, String> {
    let days = match (value(event, "DTEND"), value(event, "DURATION")) {
        (Some(end), _) => {
            let days = (day(end)? - begin).num_days();
            u64::try_from(days).map_err(|_| "it ends before it begins".to_owned())?
        }
        (None, Some(duration)) => {
            let (digits, unit) = match duration.strip_prefix('P') {
                Some(rest) if rest.ends_with('D') => (rest.trim_end_matches('D'), 1),
                Some(rest) if rest.ends_with('W') => (rest.trim_end_matches('W'), 7),
                _ => (duration, 1),
            };
            let count: u64 = digits
                .parse()
                .map_err(|_| format!("its length `{}` is not understood", name(duration)))?;
            count.saturating_mul(unit)
        }
        (None, None) => 1,
    };
    match days.max(1) {
        days @ 1..=MAX_LONG => Ok(usize::try_from(days).unwrap_or(1)),
        days => Err(format!("it lasts {days} days, more than a year")),
    }
}

/// Returns the days on which the event does not recur after all.
fn left_out(event: &Component<'_>) -> Result<BTreeSet<Day>, String> {
    let properties = event.properties.iter();
    let left = properties.filter(|one| one.name.as_str().eq_ignore_ascii_case("EXDATE"));
    left.flat_map(|one| one.val.as_str().split(','))
        .map(|text| day(text.trim()))
        .collect()
}

/// When a yearly event recurs.
struct Rule {
    interval: i32,
    count: Option<usize>,
    until: Option<Day>,
    months: Vec<u32>,
    /// The day of the month, from its end where it is negative.
    month_day: Option<i32>,
    /// The weekday, and the how manieth of the month, from its end where it is negative.
    weekday: Option<(i32, Weekday)>,
}

impl Rule {
    fn parse(text: &str) -> Result<Self, String> {
        let unknown = || format!("how it recurs, `{}`, is not understood", name(text));
        let mut rule = Self {
            interval: 1,
            count: None,
            until: None,
            months: Vec::new(),
            month_day: None,
            weekday: None,
        };
        let mut yearly = false;
        for part in text.split(';').filter(|part| !part.is_empty()) {
            let (key, value) = part.split_once('=').ok_or_else(unknown)?;
            match key.to_ascii_uppercase().as_str() {
                "FREQ" => yearly = value.eq_ignore_ascii_case("YEARLY"),
                "INTERVAL" => {
                    rule.interval = value
                        .parse()
                        .ok()
                        .filter(|n| (1..=1000).contains(n))
                        .ok_or_else(unknown)?;
                }
                "COUNT" => rule.count = Some(value.parse().map_err(|_| unknown())?),
                "UNTIL" => rule.until = Some(day(value.split('T').next().unwrap_or_default())?),
                "BYMONTH" => {
                    let months = value
                        .split(',')
                        .map(|month| month.parse().ok().filter(|n| (1..=12).contains(n)));
                    rule.months = months.collect::<Option<_>>().ok_or_else(unknown)?;
                }
                "BYMONTHDAY" => {
                    let day = value
                        .parse()
                        .ok()
                        .filter(|n: &i32| (1..=31).contains(&n.abs()));
                    rule.month_day = Some(day.ok_or_else(unknown)?);
                }
                "BYDAY" => rule.weekday = Some(weekday(value).ok_or_else(unknown)?),
                "WKST" => {}
                _ => return Err(unknown()),
            }
        }
        let both = rule.month_day.is_some() && rule.weekday.is_some();
        let year_wide = rule.weekday.is_some() && rule.months.is_empty();
        match yearly && !both && !year_wide {
            true => Ok(rule),
            false => Err(unknown()),
        }
    }

    /// Returns the days from `begin` on that lie within `span`; a count counts from `begin`.
    fn days(&self, begin: Day, span: (Day, Day)) -> Vec<Day> {
        let until = self.until.unwrap_or(span.1).min(span.1);
        let mut days = Vec::new();
        let mut count = 0;
        let mut year = begin.year();
        while year <= until.year() {
            for day in self
                .of_year(begin, year)
                .into_iter()
                .filter(|day| *day >= begin)
            {
                count += 1;
                if day > until || self.count.is_some_and(|most| count > most) {
                    return days;
                }
                if day >= span.0 {
                    days.push(day);
                }
            }
            year += self.interval;
        }
        days
    }

    fn of_year(&self, begin: Day, year: i32) -> Vec<Day> {
        let own = [begin.month()];
        let months = if self.months.is_empty() {
            &own[..]
        } else {
            &self.months
        };
        let mut days: Vec<Day> = months
            .iter()
            .filter_map(|month| match (self.weekday, self.month_day) {
                (Some((place, weekday)), _) => nth_weekday(year, *month, place, weekday),
                (None, Some(day)) if day < 0 => {
                    let back = u64::from(day.unsigned_abs() - 1);
                    let day = month_end(year, *month)?.checked_sub_days(Days::new(back))?;
                    (day.month() == *month).then_some(day)
                }
                (None, day) => {
                    let day = day.map_or(begin.day(), i32::unsigned_abs);
                    Day::from_ymd_opt(year, *month, day)
                }
            })
            .collect();
        days.sort_unstable();
        days
    }
}

fn weekday(text: &str) -> Option<(i32, Weekday)> {
    let at = text
        .len()
        .checked_sub(2)
        .filter(|at| text.is_char_boundary(*at))?;
    let (place, weekday) = text.split_at(at);
    let weekday = match weekday.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    };
    let place = place
        .parse()
        .ok()
        .filter(|n: &i32| (1..=5).contains(&n.abs()))?;
    Some((place, weekday))
}

fn month_end(year: i32, month: u32) -> Option<Day> {
    let first = Day::from_ymd_opt(year, month, 1)?;
    first.checked_add_months(Months::new(1))?.pred_opt()
}

fn nth_weekday(year: i32, month: u32, place: i32, weekday: Weekday) -> Option<Day> {
    if place > 0 {
        return Day::from_weekday_of_month_opt(year, month, weekday, u8::try_from(place).ok()?);
    }
    let end = month_end(year, month)?;
    let back = end.weekday().days_since(weekday) + 7 * (place.unsigned_abs() - 1);
    let day = end.checked_sub_days(Days::new(u64::from(back)))?;
    (day.month() == month).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Day {
        "2026-09-02".parse().unwrap()
    }

    fn events(events: &str) -> Result<Read, Problems> {
        let text = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n");
        read(text.as_bytes(), &WorkingCalendar::default(), today())
    }

    fn event(lines: &str) -> String {
        format!(
            "BEGIN:VEVENT\r\nUID:1@x\r\n{}\r\nEND:VEVENT\r\n",
            lines.replace('|', "\r\n")
        )
    }

    fn days(lines: &str) -> Vec<String> {
        let read = events(&event(lines)).unwrap();
        read.calendar
            .holidays
            .keys()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn whole_days_count_and_hours_do_not() {
        let read = events(&(event("SUMMARY:Christmas\\, both days|DTSTART;VALUE=DATE:20261225|DTEND;VALUE=DATE:20261227")
            + &event("SUMMARY:Lunch|DTSTART:20261001T120000Z")))
        .unwrap();
        let names: Vec<_> = read
            .calendar
            .holidays
            .iter()
            .map(|(day, name)| format!("{day} {name}"))
            .collect();
        assert_eq!(
            names,
            [
                "2026-12-25 Christmas, both days",
                "2026-12-26 Christmas, both days"
            ]
        );
        assert_eq!(read.hours, 1);
    }

    #[test]
    fn what_recurs_every_year_is_written_out_for_ten_years() {
        let christmas = days("DTSTART;VALUE=DATE:20001225|RRULE:FREQ=YEARLY");
        assert_eq!((christmas[0].as_str(), christmas.len()), ("2025-12-25", 11));
        let thanksgiving =
            days("DTSTART;VALUE=DATE:20261126|RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=3");
        assert_eq!(thanksgiving, ["2026-11-26", "2027-11-25", "2028-11-23"]);
        let last_monday = days(
            "DTSTART;VALUE=DATE:20260525|RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;UNTIL=20280101",
        );
        assert_eq!(last_monday, ["2026-05-25", "2027-05-31"]);
        let leap = days("DTSTART;VALUE=DATE:20240229|RRULE:FREQ=YEARLY");
        assert_eq!(leap, ["2028-02-29", "2032-02-29", "2036-02-29"]);
        let without = days(
            "DTSTART;VALUE=DATE:20260501|RRULE:FREQ=YEARLY;COUNT=2|EXDATE;VALUE=DATE:20270501",
        );
        assert_eq!(without, ["2026-05-01"]);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (lines, why) in [
            (
                "SUMMARY:Odd|DTSTART;VALUE=DATE:20260101|RRULE:FREQ=DAILY",
                "event 1 (`Odd`): how it recurs",
            ),
            (
                "DTSTART;VALUE=DATE:20260101|RRULE:FREQ=YEARLY;BYEASTER=1",
                "how it recurs",
            ),
            ("DTSTART;VALUE=DATE:20260230", "`20260230` is no day"),
            (
                "DTSTART;VALUE=DATE:20260105|DTEND;VALUE=DATE:20260101",
                "ends before it begins",
            ),
            (
                "DTSTART;VALUE=DATE:20260101|DTEND;VALUE=DATE:20290101",
                "more than a year",
            ),
            ("SUMMARY:Never", "says no day"),
        ] {
            let problems = events(&event(lines)).unwrap_err();
            assert!(
                problems.0[0].message.contains(why),
                "{lines}: {}",
                problems.0[0].message
            );
        }
    }

    #[test]
    fn what_is_cut_off_or_no_calendar_says_where() {
        let message = |text: &str| {
            read(text.as_bytes(), &WorkingCalendar::default(), today())
                .unwrap_err()
                .0[0]
                .message
                .clone()
        };
        let cut = message("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260101\r\n");
        assert_eq!(cut, "the file is cut off: `VEVENT` of line 2 does not end");
        assert!(message("BEGIN:VCALENDAR\r\nEND:VEVENT\r\n").starts_with("line 2: "));
        assert!(message(&"BEGIN:VCALENDAR\n".repeat(2_000)).contains("too deep"));
        assert!(message("weekend = [\"caturday\"]").starts_with("line 1, column"));
        assert!(message("[holidays]\n2026-02-30 = \"no\"").contains("this is no calendar"));
        assert!(message("<html>").starts_with("line 1"));
    }

    #[test]
    fn a_toml_calendar_names_its_weekend_or_keeps_it() {
        let friday = WorkingCalendar {
            weekend: BTreeSet::from([WeekdayName::Fri]),
            ..WorkingCalendar::default()
        };
        let text = "[holidays]\n2026-12-25 = \"Christmas Day\"\n";
        let kept = read(text.as_bytes(), &friday, today()).unwrap().calendar;
        assert_eq!(
            (kept.weekend, kept.holidays.len()),
            (friday.weekend.clone(), 1)
        );
        let text = format!("weekend = [\"sat\", \"sun\"]\n{text}");
        let named = read(text.as_bytes(), &friday, today()).unwrap().calendar;
        assert_eq!(named.weekend, WorkingCalendar::default().weekend);
    }

    #[test]
    fn no_bytes_make_it_fall_over() {
        for text in [
            "",
            "BEGIN:VCALENDAR",
            "BEGIN:VCALENDAR\nBEGIN:\nEND:\nEND:VCALENDAR",
            "BEGIN:VCALENDAR\nä;=:é\nEND:VCALENDAR",
        ] {
            let _ = read(text.as_bytes(), &WorkingCalendar::default(), today());
        }
        let far = "9998-12-31".parse().unwrap();
        let text = event("DTSTART;VALUE=DATE:00010101|RRULE:FREQ=YEARLY");
        let text = format!("BEGIN:VCALENDAR\n{text}END:VCALENDAR\n");
        read(text.as_bytes(), &WorkingCalendar::default(), far).unwrap();
        assert!(read(&[0xff, 0xfe], &WorkingCalendar::default(), far).is_err());
    }
}
