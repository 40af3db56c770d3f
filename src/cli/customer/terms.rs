//! When a customer works, and how long findings may take: what `customer add` and `customer set` take of it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::actions::Failure;
use crate::cli::{files, ui};
use crate::domain::customer::{Customer, CustomerChange, DuePolicy, WeekdayName, WorkingCalendar};
use crate::domain::due::MAX_POLICY_DAYS;
use crate::domain::time::Day;
use crate::domain::words;
use crate::importers::calendar::{MAX_CALENDAR, read};
use crate::markdown::inert;
use crate::problem::Problem;

/// The most hours that a managed response may be given.
const MAX_HOURS: u32 = 720;

/// When somebody works, and when findings are due.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Due dates")]
pub(crate) struct Terms {
    /// A file with the customer's holidays: .ics, or TOML; `none` for a calendar without any
    #[arg(long, value_name = "FILE")]
    calendar: Option<PathBuf>,
    /// The days of the week off, such as fri,sat [default: sat,sun]
    #[arg(long, value_name = "DAYS")]
    weekend: Option<String>,
    /// Days by severity [default: critical=14,high=30,medium=90,low=120]
    #[arg(long, value_name = "SEVERITY=DAYS,…")]
    due: Option<String>,
    /// Which days count [default: calendar]
    #[arg(long, value_name = "WHICH", value_enum)]
    due_days: Option<Which>,
    /// Whether the clock stands still while a finding waits [default: no]
    #[arg(long, value_name = "YES|NO", value_enum)]
    pause_while_waiting: Option<YesNo>,
    /// Hours to act on a managed response, by severity [default: high=1,medium=8]
    #[arg(long, value_name = "SEVERITY=HOURS,…")]
    response_hours: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Which {
    /// Every day of the calendar
    Calendar,
    /// Working days
    Business,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum YesNo {
    Yes,
    No,
}

impl Terms {
    /// Returns what of the customer's terms changes; holidays that recur are written out around `today`.
    ///
    /// # Errors
    /// What is not understood, with its place.
    pub(super) fn changes(
        &self,
        customer: &Customer,
        today: Day,
    ) -> Result<Vec<CustomerChange>, Failure> {
        let mut changes = Vec::new();
        let calendar = self.calendar(&customer.calendar, today)?;
        changes.extend(calendar.map(CustomerChange::Calendar));
        let policy = self.policy(&customer.due_policy)?;
        if policy != customer.due_policy {
            changes.push(CustomerChange::DuePolicy(policy));
        }
        Ok(changes)
    }

    fn calendar(
        &self,
        before: &WorkingCalendar,
        today: Day,
    ) -> Result<Option<WorkingCalendar>, Failure> {
        let mut calendar = before.clone();
        match &self.calendar {
            Some(path) if path.as_os_str() == "none" => calendar.holidays.clear(),
            Some(path) => {
                let bytes = files::read(path, MAX_CALENDAR)?;
                let read = read(&bytes, before, today).map_err(|mut problems| {
                    for problem in &mut problems.0 {
                        problem.message = format!("`{}`: {}", path.display(), problem.message);
                    }
                    Failure::usage(problems)
                })?;
                say_read(&read.calendar, read.hours, today);
                calendar = read.calendar;
            }
            None => {}
        }
        if let Some(weekend) = &self.weekend {
            calendar.weekend = weekend_of(weekend)?;
        }
        Ok((calendar != *before).then_some(calendar))
    }

    fn policy(&self, before: &DuePolicy) -> Result<DuePolicy, Failure> {
        let mut policy = before.clone();
        if let Some(text) = &self.due {
            for (severity, days) in pairs("--due", text, MAX_POLICY_DAYS, "days")? {
                *match severity {
                    "critical" => &mut policy.critical,
                    "high" => &mut policy.high,
                    "medium" => &mut policy.medium,
                    "low" => &mut policy.low,
                    other => {
                        return Err(no_severity("--due", other, "critical, high, medium, low"));
                    }
                } = days;
            }
        }
        if let Some(text) = &self.response_hours {
            for (severity, hours) in pairs("--response-hours", text, MAX_HOURS, "hours")? {
                *match severity {
                    "high" => &mut policy.response.high_hours,
                    "medium" => &mut policy.response.medium_hours,
                    other => return Err(no_severity("--response-hours", other, "high, medium")),
                } = hours;
            }
        }
        if let Some(which) = self.due_days {
            policy.business_days = matches!(which, Which::Business);
        }
        if let Some(answer) = self.pause_while_waiting {
            policy.pause_while_waiting = matches!(answer, YesNo::Yes);
        }
        Ok(policy)
    }
}

/// Returns the terms as `customer show` lists them.
pub(super) fn rows(customer: &Customer) -> Vec<(&'static str, String)> {
    let DuePolicy {
        critical,
        high,
        medium,
        low,
        business_days,
        pause_while_waiting,
        response,
    } = &customer.due_policy;
    let which = if *business_days {
        "working days"
    } else {
        "days"
    };
    let pause = if *pause_while_waiting {
        ", not while waiting"
    } else {
        ""
    };
    let calendar = &customer.calendar;
    let weekend: Vec<&str> = calendar.weekend.iter().map(|day| day.code()).collect();
    vec![
        (
            "due",
            format!("critical {critical}, high {high}, medium {medium}, low {low} {which}{pause}"),
        ),
        (
            "responses",
            format!(
                "high {} h, medium {} h",
                response.high_hours, response.medium_hours
            ),
        ),
        (
            "days off",
            format!(
                "{}; {}",
                if weekend.is_empty() {
                    "no weekend".into()
                } else {
                    weekend.join(", ")
                },
                words::count(calendar.holidays.len(), "holiday", "holidays")
            ),
        ),
    ]
}

/// Says how much of a calendar was taken in, and until when.
fn say_read(calendar: &WorkingCalendar, hours: usize, today: Day) {
    let count = words::count(calendar.holidays.len(), "holiday", "holidays");
    let last = calendar.holidays.keys().next_back().copied();
    let last = last.map_or_else(String::new, |day| {
        format!(", the last on {}", words::day(day))
    });
    ui::note(&format!("read {count}{last}"));
    if hours > 0 {
        let count = words::count(hours, "event", "events");
        ui::note(&format!(
            "left out {count} of some hours: only whole days are holidays"
        ));
    }
    if calendar.holidays.range(today..).next().is_none() {
        ui::note("none of them lies ahead: give a calendar of this year and the next");
    }
}

fn weekend_of(text: &str) -> Result<BTreeSet<WeekdayName>, Failure> {
    if text == "none" {
        return Ok(BTreeSet::new());
    }
    let days = text.split(',').map(|day| {
        let day = day.trim().to_ascii_lowercase();
        let days = (0..7).filter_map(|n| chrono::Weekday::try_from(n).ok());
        let mut named = days.map(WeekdayName::from);
        named.find(|known| known.code() == day)
    });
    days.collect::<Option<_>>().ok_or_else(|| {
        Failure::usage(
            Problem::error(format!(
                "`--weekend {}` names no days of the week",
                inert(text)
            ))
            .help("write for example sat,sun or fri,sat; or `none`"),
        )
    })
}

/// Reads `high=30,low=90`.
fn pairs<'a>(
    option: &str,
    text: &'a str,
    most: u32,
    unit: &str,
) -> Result<Vec<(&'a str, u32)>, Failure> {
    let pairs = text.split(',').map(|pair| {
        let (severity, count) = pair.split_once('=')?;
        let count = count
            .trim()
            .parse()
            .ok()
            .filter(|count| (1..=most).contains(count))?;
        Some((severity.trim(), count))
    });
    pairs.collect::<Option<_>>().ok_or_else(|| {
        Failure::usage(
            Problem::error(format!("`{option} {}` is not understood", inert(text))).help(format!(
                "write severity=number of {unit}, from 1 to {most}, such as high=4,medium=9"
            )),
        )
    })
}

fn no_severity(option: &str, text: &str, known: &str) -> Failure {
    Failure::usage(
        Problem::error(format!("`{option}`: no such severity as `{}`", inert(text)))
            .help(format!("there are: {known}")),
    )
}
