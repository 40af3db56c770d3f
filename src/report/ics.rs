//! The days that matter, as a calendar (RFC 5545): when findings are due, when decisions end, the start, the next review.
//!
//! Every event lasts a whole day. Its id follows from the customer, the thing and the kind of day, and its sequence from the place in
//! the ledger, so that importing a newer file moves what moved and cancels what is done.

use chrono::NaiveTime;
use icalendar::{Calendar, Class, Component, Event, EventLike, EventStatus, Property};
use uuid::Uuid;

use crate::domain::time::Day;
use crate::domain::{phrases, words};
use crate::markdown;
use crate::report::Report;
use crate::report::model::Finding;

/// The namespace of the ids of events: chosen once, never changed, else re-imported events would double.
const EVENTS: Uuid = Uuid::from_u128(0x8f0c_5f2e_3d5b_4f5e_9a51_6b2d_7c1e_0a44);

/// Returns the days of a report.
pub(crate) fn render(report: &Report) -> Vec<u8> {
    // Begun empty, since a new one names the library as its maker, and a calendar has one maker.
    let mut calendar = Calendar::empty();
    for (name, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//readiness//readiness report//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
    ] {
        calendar.append_property(Property::new(name, value));
    }
    let name = format!("{}: readiness", line(&report.head.customer.name));
    calendar.name(&name);
    let days = Days { report };
    if let Some(day) = report.go_live.planned {
        calendar.push(days.event(
            "start",
            "",
            day,
            "Planned start of the service",
            String::new(),
        ));
    }
    if let Some(day) = report.head.next_review {
        calendar.push(days.event("review", "", day, "Next review", String::new()));
    }
    for finding in &report.findings {
        for event in days.of(finding) {
            calendar.push(event);
        }
    }
    calendar.to_string().into_bytes()
}

struct Days<'a> {
    report: &'a Report,
}

impl Days<'_> {
    fn of(&self, finding: &Finding) -> Vec<Event> {
        let mut events = Vec::new();
        let told = told(finding);
        match finding.due {
            Some(day) => {
                events.push(self.event(
                    "due",
                    &finding.key,
                    day,
                    &format!("Due: {}", finding.title),
                    told.clone(),
                ));
            }
            // It may stand in somebody's calendar from an earlier file.
            None => events.push(self.cancelled("due", finding)),
        }
        match finding
            .disposition
            .as_ref()
            .and_then(|disposed| disposed.until)
        {
            Some(day) => {
                let title = format!(
                    "{} ends: {}",
                    phrases::state_name(finding.state),
                    finding.title
                );
                events.push(self.event("until", &finding.key, day, &title, told));
            }
            None => events.push(self.cancelled("until", finding)),
        }
        events
    }

    fn event(&self, kind: &str, key: &str, day: Day, title: &str, told: String) -> Event {
        let customer = &self.report.head.customer;
        let mut event = Event::new();
        event
            .uid(&self.id(kind, key))
            .sequence(u32::try_from(self.report.anchor.sequence).unwrap_or(u32::MAX))
            .timestamp(self.report.head.as_of.and_time(NaiveTime::MIN).and_utc())
            .summary(&format!("{}: {}", line(&customer.name), line(title)))
            .class(Class::Confidential)
            // A day without an end lasts that day; one that ends on itself is no event.
            .starts(day);
        if !told.is_empty() {
            event.description(&told);
        }
        event.add_property("TRANSP", "TRANSPARENT");
        event.done()
    }

    fn cancelled(&self, kind: &str, finding: &Finding) -> Event {
        let mut event = self.event(
            kind,
            &finding.key,
            self.report.head.as_of,
            &format!("Done with: {}", finding.title),
            String::new(),
        );
        event.status(EventStatus::Cancelled);
        event.done()
    }

    fn id(&self, kind: &str, key: &str) -> String {
        let customer = &self.report.head.customer.id;
        let questionnaire = &self.report.anchor.questionnaire;
        let name = format!("{customer}\n{questionnaire}\n{kind}\n{key}");
        format!("{}@readiness", Uuid::new_v5(&EVENTS, name.as_bytes()))
    }
}

fn told(finding: &Finding) -> String {
    let mut lines = vec![finding.state_words.clone()];
    if let Some(owner) = &finding.owner {
        lines.push(format!("Owner: {owner}"));
    }
    if let Some(day) = finding.due {
        lines.push(format!("Due {}", words::day(day)));
    }
    lines.extend(
        finding
            .recommendations
            .iter()
            .map(|todo| format!("To do: {}", todo.title)),
    );
    lines
        .iter()
        .map(|text| line(text))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Returns a text on one line, without control characters.
fn line(text: &str) -> String {
    markdown::inert_line(text)
}
