//! What a director sees above the customers: the funnel, starts, what fails most, and the load of each manager.

use crate::actions::{Load, Portfolio};
use crate::cli::ui::Tone;
use crate::cli::{grid, ui};
use crate::domain::words;
use crate::markdown::inert_line;
use crate::report::sheet::{Head, Part};

/// Prints it in tables no wider than `width`.
pub(in crate::cli::portfolio) fn print(portfolio: &Portfolio, width: usize) {
    for part in parts(portfolio) {
        ui::line(&ui::tone(Tone::Strong, &part.title));
        for line in &part.lines {
            ui::line(line);
        }
        if !part.rows.is_empty() {
            let heads: Vec<&str> = part.heads.iter().map(|head| head.text.as_str()).collect();
            grid::print(&heads, &part.rows, width);
        }
        ui::line("");
    }
}

/// Returns it in parts of a page.
pub(in crate::cli::portfolio) fn parts(portfolio: &Portfolio) -> Vec<Part> {
    vec![
        funnel(portfolio),
        starts(portfolio),
        most_failed(portfolio),
        load(portfolio),
    ]
}

fn funnel(portfolio: &Portfolio) -> Part {
    let most = portfolio.funnel.values().max().copied().unwrap_or(0).max(1);
    Part {
        title: "Phases".into(),
        heads: vec![
            Head::words("Phase"),
            Head::number("Customers"),
            Head::words("Share"),
        ],
        rows: { portfolio.funnel.iter() }
            .map(|(phase, count)| {
                let bar = "█".repeat((count * 20).div_ceil(most));
                vec![phase.words().to_owned(), count.to_string(), bar]
            })
            .collect(),
        ..Part::default()
    }
}

fn starts(portfolio: &Portfolio) -> Part {
    let starts = &portfolio.starts;
    let row = |what: &str, count: usize| vec![what.to_owned(), count.to_string()];
    Part {
        title: "Starts to come".into(),
        lines: match (starts.slipped, starts.slipped_days) {
            (0, _) => Vec::new(),
            (slipped, days) => vec![format!(
                "{} slipped by {} days together",
                words::count(slipped, "start", "starts"),
                words::number(i128::from(days))
            )],
        },
        heads: vec![Head::words("Starts"), Head::number("Customers")],
        rows: vec![
            row("Planned", starts.planned),
            row("On the first day planned", starts.on_first_day),
            row("Slipped", starts.slipped),
            row("Day has passed", starts.passed),
            row("Plan ends after the start", starts.forecast_late),
        ],
    }
}

fn most_failed(portfolio: &Portfolio) -> Part {
    if portfolio.most_failed.is_empty() {
        return Part {
            title: "Most failed".into(),
            lines: vec!["No finding stands anywhere.".into()],
            ..Part::default()
        };
    }
    Part {
        title: "Most failed".into(),
        heads: vec![
            Head::words("Finding"),
            Head::words("Id"),
            Head::number("Customers"),
        ],
        rows: { portfolio.most_failed.iter() }
            .map(|failed| {
                let title = inert_line(&failed.title);
                vec![title, failed.finding.clone(), failed.customers.to_string()]
            })
            .collect(),
        ..Part::default()
    }
}

fn load(portfolio: &Portfolio) -> Part {
    let heads = ["Customers", "Stops", "Overdue", "Open", "Starts in 30 d"];
    let row = |(name, load): (&String, &Load)| {
        let name = match name.as_str() {
            "" => "nobody".to_owned(),
            name => inert_line(name),
        };
        let counts = [
            load.customers,
            load.blocking,
            load.overdue,
            load.open,
            load.starts,
        ];
        let counts = counts.iter().map(ToString::to_string);
        std::iter::once(name).chain(counts).collect()
    };
    Part {
        title: "Load".into(),
        heads: std::iter::once(Head::words("Manager"))
            .chain(heads.iter().map(|head| Head::number(head)))
            .collect(),
        rows: portfolio.load.iter().map(row).collect(),
        ..Part::default()
    }
}
