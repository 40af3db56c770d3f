//! The minutes of a walk, in lines: what was answered, what was promised, what is open by person and date.

use crate::cli::assess::scene::Scene;
use crate::domain::response::{Response, Said};
use crate::domain::walk::{Minuted, Minutes, Promise};
use crate::domain::words;
use crate::markdown::inert_line;

/// Returns the minutes in lines.
pub(crate) fn told(minutes: &Minutes, scene: &Scene<'_>) -> Vec<String> {
    let mut lines = head(minutes, scene);
    answered(&mut lines, minutes, scene);
    if !minutes.confirmed.is_empty() {
        let texts = minutes.confirmed.iter().map(|place| (*place, None));
        list(&mut lines, "Still true, or more is known", texts, scene);
    }
    if !minutes.notes.is_empty() {
        let notes = minutes.notes.iter().map(|(place, text, public)| {
            let private = if *public { "" } else { " (private)" };
            (*place, Some(format!("{}{private}", inert_line(text))))
        });
        list(&mut lines, "Noted", notes, scene);
    }
    waiting(
        &mut lines,
        "Promised in this call",
        &minutes.promised,
        scene,
    );
    waiting(&mut lines, "Open, by date and person", &minutes.open, scene);
    if !minutes.parked.is_empty() {
        let parked = minutes.parked.iter().map(|place| (*place, None));
        list(&mut lines, "Parked", parked, scene);
    }
    lines
}

fn head(minutes: &Minutes, scene: &Scene<'_>) -> Vec<String> {
    let zone = scene.book.customer.time_zone;
    let length = minutes.until.since(minutes.from).num_minutes().max(0);
    let mut lines = vec![
        format!("Minutes: {}", inert_line(&scene.book.customer.name)),
        format!(
            "{}, {} to {} ({})",
            words::day(minutes.from.day_in(zone)),
            scene.clock(minutes.from),
            scene.clock(minutes.until),
            words::count(length as usize, "minute", "minutes")
        ),
    ];
    if !minutes.people.is_empty() {
        let names: Vec<String> = minutes
            .people
            .iter()
            .map(|person| scene.name(person))
            .collect();
        lines.push(format!("Said by {}", names.join(", ")));
    }
    lines
}

fn answered(lines: &mut Vec<String>, minutes: &Minutes, scene: &Scene<'_>) {
    if minutes.answered.is_empty() {
        return;
    }
    lines.push(String::new());
    lines.push(format!("Answered ({})", minutes.answered.len()));
    let mut section = None;
    for one in &minutes.answered {
        let here = scene.question(one.place).section;
        if section != Some(here) {
            section = Some(here);
            lines.push(format!("  {}", scene.section_title(here)));
        }
        lines.push(format!("    {}", scene.question_text(one.place)));
        lines.push(format!("      {}", became(one, scene)));
        let note = one
            .after
            .as_ref()
            .and_then(|response| response.note.as_ref());
        lines.extend(note.map(|note| format!("      Note: {}", inert_line(note))));
    }
}

/// Returns what became of an answer.
fn became(one: &Minuted, scene: &Scene<'_>) -> String {
    let said = |response: &Response| scene.said(one.place, &response.said);
    let known = |response: &Response| match response.said {
        Said::Unknown(_) => String::new(),
        _ => format!(", {}", response.basis.words()),
    };
    match (&one.before, &one.after) {
        (_, None) => "taken back".into(),
        (None, Some(after)) => said(after) + &known(after),
        (Some(before), Some(after)) => {
            format!("{}{} (before: {})", said(after), known(after), said(before))
        }
    }
}

fn waiting(lines: &mut Vec<String>, title: &str, open: &[Promise], scene: &Scene<'_>) {
    if open.is_empty() {
        return;
    }
    lines.push(String::new());
    lines.push(format!("{title} ({})", open.len()));
    let mut last = None;
    for promise in open {
        let key = (&promise.asked, promise.by);
        if last != Some(key) {
            let asked = promise.asked.as_ref();
            let who = asked.map_or_else(|| "nobody asked".into(), |person| scene.name(person));
            let by = promise
                .by
                .map_or_else(String::new, |day| format!(", by {}", words::day(day)));
            lines.push(format!("  {who}{by}"));
            last = Some(key);
        }
        lines.push(format!("    {}", scene.question_text(promise.place)));
    }
}

fn list(
    lines: &mut Vec<String>,
    title: &str,
    places: impl ExactSizeIterator<Item = (usize, Option<String>)>,
    scene: &Scene<'_>,
) {
    lines.push(String::new());
    lines.push(format!("{title} ({})", places.len()));
    for (place, more) in places {
        lines.push(format!("    {}", scene.question_text(place)));
        lines.extend(more.map(|more| format!("      {more}")));
    }
}
