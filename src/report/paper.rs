//! How much two printed pages hold: the executive report is cut to them, and says what was cut.
//!
//! The heights and widths are those of the shipped layout on A4, estimated on the safe side; a layout of one's own may hold less. All
//! are in tenths of a millimetre; texts are measured in columns, a wide character taking two.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::report::model::{Cut, DecisionNeeded, Line, Report};

/// What a printed page holds.
const PAGE: i32 = 2_600;

/// The height of a line of text, and of a line of small text.
const LINE: i32 = 45;
const SMALL: i32 = 39;

/// What is added around a section, the head of a table, a row of it and a paragraph; a row of the score.
const SECTION: i32 = 41;
const TABLE: i32 = 46;
const ROW: i32 = 17;
const SCORE: i32 = 52;
const GAP: i32 = 11;

/// The verdict with its sentence and the line on the start; the heading of the second page.
const VERDICT: i32 = 172;
const HEADING: i32 = 90;

/// The most items of a list that stands aside.
const ASIDE: usize = 5;

/// The columns of a line that runs over the whole width, of a title in a table, and of a name in one.
const WIDTH: usize = 90;
const TITLE: usize = 47;
const NAME: usize = 18;

/// Cuts texts, then lists, to what two pages hold.
pub(crate) fn fit(report: &mut Report) {
    clip_texts(report);
    let first = fit_first_page(report, PAGE - head(report));
    fit_second_page(report, PAGE + first.min(0));
}

/// Cuts the lists of the first page and returns what is left of it; less than nothing where it runs over.
fn fit_first_page(report: &mut Report, mut left: i32) -> i32 {
    let line = |line: &Line| {
        let who = line.who.as_deref().unwrap_or(&line.state);
        let by = 1 + i32::from(line.overdue);
        ROW + LINE * lines(&line.title, TITLE).max(lines(who, NAME)).max(by)
    };
    let more = SMALL + GAP;
    if !report.conditions.shown.is_empty() {
        left -= SECTION + TABLE + more + SMALL + GAP;
    }
    if !report.decisions.shown.is_empty() {
        left -= SECTION + LINE;
    }
    if !report.stops.shown.is_empty() {
        left -= SECTION + TABLE + more;
    }
    // What the lists below need at least is kept for them.
    let conditions = 2.min(report.conditions.shown.len() as i32) * (ROW + LINE);
    let decision = |decision: &DecisionNeeded| LINE * lines(&decision.text, WIDTH - 18);
    let decisions = report
        .decisions
        .shown
        .iter()
        .take(4)
        .map(decision)
        .sum::<i32>();
    left = report.stops.fit(left - conditions - decisions, 2, 10, line) + conditions;
    left = report.conditions.fit(left, 2, 10, line) + decisions;
    report.decisions.fit(left, 2, 6, decision)
}

/// Returns the height of what stands on the first page in any case.
fn head(report: &Report) -> i32 {
    let goes_to: usize = (report.head.distribution.iter())
        .map(|name| name.width() + 2)
        .sum();
    let verdict = &report.verdict;
    let said: i32 = ([&verdict.detail, &verdict.advice].into_iter().flatten())
        .map(|text| GAP + LINE * lines(text, WIDTH))
        .sum();
    let start_override = verdict.start_override.as_ref();
    let allowed =
        start_override.map_or(0, |start| SECTION + LINE * lines(&start.reason, WIDTH - 50));
    let summary = report.summary.as_deref().map_or(0, |summary| {
        let paragraphs = summary.lines().filter(|line| !line.trim().is_empty());
        let lines: i32 = paragraphs.map(|line| GAP + LINE * lines(line, WIDTH)).sum();
        SECTION + lines - GAP
    });
    let protected = match report.coverage.len() as i32 {
        0 => SECTION + 2 * SMALL,
        rows => SECTION + TABLE + rows * (ROW + LINE) + GAP + 2 * SMALL,
    };
    let aside: usize = (report.not_concerned.shown.iter().take(ASIDE))
        .map(|thing| thing.title.width() + 2)
        .sum();
    let glance = SECTION + SMALL * (2 + (aside + 60).div_ceil(WIDTH) as i32) + 2 * GAP;
    let start = report.go_live.unsure.as_deref();
    let start = start.map_or(0, |unsure| LINE * lines(unsure, WIDTH));
    let title = 370 + SMALL * (goes_to / WIDTH) as i32;
    title + VERDICT + start + said + allowed + summary + protected + glance
}

fn fit_second_page(report: &mut Report, page: i32) {
    let score = SECTION + SMALL + GAP + TABLE + 2 * (SMALL + GAP);
    let knowledge = SECTION + 3 * SCORE + GAP + SMALL;
    let reading = SECTION + 4 * SMALL;
    let anchor = 310;
    let brief = (report.service.brief.as_deref())
        .map_or(0, |brief| SECTION + LINE * lines(brief, WIDTH - 18));
    let mut left = page - HEADING - brief - score - knowledge - reading - anchor;
    let verdict = &mut report.verdict;
    let lists = [
        (verdict.takes.shown.len(), 0),
        (verdict.undetermined.shown.len(), 0),
        (report.not_concerned.shown.len(), 0),
        (report.not_applicable.shown.len(), SMALL + GAP),
        (report.advice.shown.len(), 0),
    ];
    // Each list has a heading and says how many more there are; room for a first item is kept for it.
    let (mut heads, mut firsts) = (0, 0);
    for (items, above) in lists {
        if items > 0 {
            heads += SECTION + above + LINE;
            firsts += 2 * LINE;
        }
    }
    if report.responses.is_some() {
        heads += SECTION + 4 * SMALL + LINE;
    }
    let sections = &mut report.score.sections;
    left = sections.fit(left - heads - firsts, 6, 18, |_| SCORE) + firsts;
    left = verdict
        .takes
        .fit(left, 1, 8, |step| LINE * lines(step, WIDTH));
    left = (verdict.undetermined).fit(left, 1, 6, |question| LINE * lines(&question.text, WIDTH));
    left = (report.advice).fit(left, 1, 3, |one| LINE * lines(&one.title, WIDTH - 40));
    if let Some(responses) = &mut report.responses {
        left = (responses.waiting).fit(left, 1, 3, |one| LINE * lines(&one.title, WIDTH - 50));
    }
    left = report.not_applicable.fit(left, 1, ASIDE, |thing| {
        let note = thing.note.as_ref().map_or(0, |note| note.width());
        LINE * (1 + ((thing.text.width() + thing.reason.width() + note) / WIDTH) as i32)
    });
    report.not_concerned.fit(left, 1, ASIDE, |thing| {
        LINE * (1 + ((thing.title.width() + thing.because.width() + 10) / WIDTH) as i32)
    });
}

impl<T> Cut<T> {
    /// Keeps as many from the beginning as fit into `room`, at least and at most so many, and returns what is left of the room.
    fn fit(&mut self, mut room: i32, least: usize, most: usize, height: impl Fn(&T) -> i32) -> i32 {
        let mut kept = 0;
        for thing in self.shown.iter().take(most) {
            let height = height(thing);
            if kept >= least && height > room {
                break;
            }
            room -= height;
            kept += 1;
        }
        self.more += self.shown.len() - kept;
        self.shown.truncate(kept);
        room
    }
}

/// Returns how many lines of `width` columns a text takes, at least one.
fn lines(text: &str, width: usize) -> i32 {
    (text.width().div_ceil(width).max(1)) as i32
}

/// Cuts texts to lengths that make lists predictable, and the lists that say nothing of how much was cut.
fn clip_texts(report: &mut Report) {
    report.coverage.truncate(4);
    report.head.distribution.truncate(5);
    report.verdict.reasons.truncate(6);
    if let Some(summary) = &mut report.summary {
        clip(summary, 560);
    }
    clip_any(&mut report.service.brief, 560);
    clip_head(report);
    clip_verdict(report);
    let lines = (report.stops.shown.iter_mut()).chain(&mut report.conditions.shown);
    for line in lines {
        clip(&mut line.title, 2 * TITLE - 4);
        clip(&mut line.state, 2 * NAME);
        clip_any(&mut line.who, 22);
    }
    for decision in &mut report.decisions.shown {
        clip(&mut decision.text, 2 * WIDTH - 40);
    }
    for one in &mut report.advice.shown {
        clip(&mut one.title, WIDTH);
    }
    let waiting = report.responses.iter_mut();
    for one in waiting.flat_map(|responses| &mut responses.waiting.shown) {
        clip(&mut one.title, WIDTH);
        clip(&mut one.incident, 20);
    }
    for thing in &mut report.not_concerned.shown {
        clip(&mut thing.title, 60);
        clip(&mut thing.because, WIDTH);
    }
    for thing in &mut report.not_applicable.shown {
        clip(&mut thing.text, WIDTH);
        clip(&mut thing.reason, 30);
        clip_any(&mut thing.note, WIDTH);
    }
    for row in &mut report.coverage {
        clip(&mut row.name, 34);
    }
    for section in &mut report.score.sections.shown {
        clip(&mut section.title, 34);
    }
}

fn clip_head(report: &mut Report) {
    let head = &mut report.head;
    clip(&mut head.title, 70);
    clip(&mut head.customer.name, 40);
    clip_any(&mut head.provider, 40);
    clip_any(&mut head.classification, 30);
    clip_any(&mut head.prepared_by, 30);
    clip_any(&mut head.prepared_for, 30);
    clip_any(&mut head.milestone, 30);
    for name in &mut head.distribution {
        clip(name, 40);
    }
    if let Some(since) = &mut report.since {
        clip(&mut since.milestone, 30);
    }
    if let Some(portal) = &mut report.portal {
        portal.assets.truncate(3);
        for asset in &mut portal.assets {
            clip(&mut asset.name, 20);
        }
    }
    clip(&mut report.anchor.title, 60);
    clip(&mut report.anchor.tool, 30);
}

fn clip_verdict(report: &mut Report) {
    let verdict = &mut report.verdict;
    clip(&mut verdict.sentence, 110);
    clip_any(&mut verdict.detail, 2 * WIDTH);
    clip_any(&mut verdict.advice, 3 * WIDTH);
    if let Some(start) = &mut verdict.start_override {
        clip(&mut start.reason, 2 * WIDTH);
        clip(&mut start.approved_by, 30);
    }
    for reason in &mut verdict.reasons {
        clip(&mut reason.text, 2 * WIDTH);
    }
    for step in &mut verdict.takes.shown {
        clip(step, 2 * WIDTH - 4);
    }
    for question in &mut verdict.undetermined.shown {
        clip(&mut question.text, 2 * WIDTH - 4);
    }
}

fn clip_any(text: &mut Option<String>, most: usize) {
    if let Some(text) = text {
        clip(text, most);
    }
}

/// Shortens `text` to `most` columns, at the end of a word where there is one, with `…` where something is gone.
fn clip(text: &mut String, most: usize) {
    let mut columns = 0;
    let end = text.char_indices().find(|(_, character)| {
        columns += character.width().unwrap_or(0);
        columns > most
    });
    let Some((end, _)) = end else {
        return;
    };
    let word = text[..end].rfind(char::is_whitespace);
    text.truncate(word.filter(|at| *at > end / 2).unwrap_or(end));
    text.truncate(text.trim_end().len());
    text.push('…');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clipped(text: &str, most: usize) -> String {
        let mut text = text.to_owned();
        clip(&mut text, most);
        text
    }

    #[test]
    fn texts_end_with_a_word_where_they_can() {
        assert_eq!(clipped("three short words", 17), "three short words");
        assert_eq!(clipped("three short words", 13), "three short…");
        assert_eq!(clipped("incomprehensibilities", 5), "incom…");
        assert_eq!(clipped("日本語の文", 5), "日本…");
    }

    #[test]
    fn a_list_keeps_what_it_needs_and_counts_the_rest() {
        let mut list = Cut::from(vec![40; 9]);
        assert_eq!(list.fit(100, 1, 5, |height| *height), 20);
        assert_eq!((list.shown.len(), list.more), (2, 7));
        let mut list = Cut::from(vec![40; 9]);
        assert_eq!(list.fit(0, 3, 5, |height| *height), -120);
        assert_eq!((list.shown.len(), list.more), (3, 6));
    }
}
