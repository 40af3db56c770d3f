//! The tracker: every finding as a row of plain text and days, for formats that hold tables.
//!
//! What stands in a row and under which head is decided here, once; how a cell is written is the business of each format.

use crate::domain::decision::{Need, Party, Severity};
use crate::domain::finding::StateName;
use crate::domain::phrases;
use crate::domain::time::Day;
use crate::markdown;
use crate::report::Report;
use crate::report::model::{Cause, Finding};

/// One column.
pub(crate) struct Column {
    /// Its head.
    pub(crate) head: &'static str,
    /// Its width in characters, where a format has widths.
    pub(crate) width: f64,
    /// What it holds for a finding.
    pub(crate) cell: fn(&Report, &Finding) -> Cell,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Text without markup; may be empty.
    Text(String),
    /// A whole number.
    Number(u32),
    /// A calendar day, or none.
    Day(Option<Day>),
}

/// The columns, in order. The first is the key, by which a row is told when it comes back.
pub(crate) const COLUMNS: [Column; 20] = [
    column("Id", 24.0, |_, finding| text(&finding.key)),
    column("No.", 5.0, |_, finding| Cell::Number(finding.number)),
    column("Finding", 44.0, |_, finding| text(&finding.title)),
    column("Needed for", 16.0, |_, finding| {
        text(phrases::need(finding.need))
    }),
    column("Severity", 10.0, |_, finding| {
        text(phrases::severity(finding.severity))
    }),
    column("State", 22.0, |_, finding| text(state(finding))),
    column("Stands as", 30.0, |_, finding| text(&finding.state_words)),
    column("Who must act", 13.0, |_, finding| {
        optional(finding.acts.map(Party::words))
    }),
    column("Owner", 20.0, |_, finding| {
        optional(finding.owner.as_deref())
    }),
    column("Due", 12.0, |_, finding| Cell::Day(finding.due)),
    column("Overdue", 9.0, |_, finding| yes(finding.overdue)),
    column("First seen", 12.0, |_, finding| {
        Cell::Day(finding.first_seen)
    }),
    column("Came back", 10.0, |_, finding| {
        Cell::Number(finding.came_back)
    }),
    column("What it means", 50.0, |_, finding| {
        markup(finding.text.as_deref())
    }),
    column("Why", 50.0, |_, finding| text(&causes(&finding.causes))),
    column("What to do", 44.0, |_, finding| text(&actions(finding))),
    column("Accepted or covered until", 16.0, |_, finding| {
        Cell::Day(
            finding
                .disposition
                .as_ref()
                .and_then(|disposed| disposed.until),
        )
    }),
    column("Decision", 40.0, |_, finding| text(&decision(finding))),
    column("Note", 40.0, |_, finding| optional(finding.note.as_deref())),
    column("Private note", 40.0, |_, finding| {
        optional(finding.private_note.as_deref())
    }),
];

const fn column(head: &'static str, width: f64, cell: fn(&Report, &Finding) -> Cell) -> Column {
    Column { head, width, cell }
}

/// Returns the columns that the report's audience sees: the last, private notes, is for the internal one.
pub(crate) fn columns(report: &Report) -> &'static [Column] {
    if report.audience == crate::report::Audience::Internal {
        &COLUMNS
    } else {
        &COLUMNS[..COLUMNS.len() - 1]
    }
}

/// Returns the row of a finding.
pub(crate) fn row(report: &Report, finding: &Finding) -> Vec<Cell> {
    (columns(report).iter())
        .map(|column| (column.cell)(report, finding))
        .collect()
}

/// Every state by its name, in the order of lists.
pub(crate) fn states() -> Vec<&'static str> {
    StateName::ALL.map(phrases::state_name).to_vec()
}

/// Every severity by its name, worst first.
pub(crate) fn severities() -> Vec<&'static str> {
    [
        Severity::Critical,
        Severity::High,
        Severity::Medium,
        Severity::Low,
        Severity::Info,
    ]
    .map(phrases::severity)
    .to_vec()
}

/// Every need by its name, strongest first.
pub(crate) fn needs() -> Vec<&'static str> {
    [Need::Blocker, Need::Condition, Need::Improvement]
        .map(phrases::need)
        .to_vec()
}

/// Everybody who may have to act, by name.
pub(crate) fn parties() -> Vec<&'static str> {
    Party::ALL.map(Party::words).to_vec()
}

fn state(finding: &Finding) -> &'static str {
    phrases::state_name(finding.state)
}

fn text(text: &str) -> Cell {
    Cell::Text(markdown::inert(text))
}

fn optional(words: Option<&str>) -> Cell {
    text(words.unwrap_or_default())
}

fn markup(words: Option<&str>) -> Cell {
    text(&markdown::to_plain(words.unwrap_or_default()))
}

fn yes(holds: bool) -> Cell {
    text(if holds { "yes" } else { "" })
}

fn causes(causes: &[Cause]) -> String {
    let one = |cause: &Cause| match &cause.answer {
        Some(answer) => format!("{} {answer}", cause.text),
        None => cause.text.clone(),
    };
    causes.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn actions(finding: &Finding) -> String {
    let titles: Vec<&str> = (finding.recommendations.iter())
        .map(|recommendation| recommendation.title.as_str())
        .collect();
    titles.join("\n")
}

fn decision(finding: &Finding) -> String {
    let Some(disposition) = &finding.disposition else {
        return finding.state_note.clone().unwrap_or_default();
    };
    let approved = match &disposition.approved_by {
        Some(approver) => format!(", approved by {approver}"),
        None => String::new(),
    };
    format!(
        "{} (decided by {}{approved})",
        disposition.reason, disposition.decided_by
    )
}
