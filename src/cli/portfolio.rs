//! `readiness portfolio`: all customers, sorted by what needs me next.

mod cells;
mod director;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::actions::{Customers, Failure, Line, Order, Portfolio, Queue};
use crate::cli::context::Context;
use crate::cli::phase::To;
use crate::cli::portfolio::cells::Column;
use crate::cli::render::problems;
use crate::cli::ui::Tone;
use crate::cli::{Answer, files, ui};
use crate::domain::time::Day;
use crate::domain::words;
use crate::markdown::inert_line;
use crate::problem::Problem;
use crate::report::sheet::{self, Part, Sheet};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Sort the customers; none of the orders is by score
    #[arg(long, value_enum, default_value_t = By::Next)]
    sort: By,
    /// Only customers of this manager, by id or name
    #[arg(long, value_name = "PERSON")]
    manager: Option<String>,
    /// Only customers of this region
    #[arg(long, value_name = "TEXT")]
    region: Option<String>,
    /// Only customers in this phase
    #[arg(long, value_enum)]
    phase: Option<To>,
    /// Only customers with this verdict
    #[arg(long, value_parser = ["stopped", "not-ready", "undetermined", "ready-with-conditions", "ready"])]
    verdict: Option<String>,
    /// Only customers where something waits for you
    #[arg(long, value_enum)]
    queue: Option<For>,
    /// Only customers where this finding stands, or this question raises one
    #[arg(long, value_name = "QUESTION|FINDING")]
    item: Option<String>,
    /// Only customers where something moved since that day, and what
    #[arg(long, value_name = "DATE", value_parser = crate::cli::day)]
    since: Option<Day>,
    /// Add manager, region, plan, this week's changes and overrides; above, the funnel, starts, what fails most and the load
    #[arg(long)]
    director: bool,
    /// Print JSON
    #[arg(long, conflicts_with_all = ["format", "output"])]
    json: bool,
    /// Write a file instead
    #[arg(long, value_enum)]
    format: Option<As>,
    /// The file to write [default: portfolio.FORMAT]
    #[arg(long, short, value_name = "FILE", requires = "format")]
    output: Option<PathBuf>,
}

/// The orders by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum By {
    Next,
    Name,
    GoLive,
    Overdue,
    Waiting,
    Touched,
    Phase,
}

/// The queues by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum For {
    /// Something is past its date
    Overdue,
    /// Somebody is waited for
    Waiting,
    /// A decision to live with a finding ends within 30 days
    Expiring,
    /// Answers are old, or the review is overdue
    Stale,
    /// What the start needs, nobody has taken
    Unassigned,
    /// The start is within 30 days, or has passed without one
    GoLive,
}

/// The formats by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum As {
    Html,
    Csv,
    Xlsx,
}

impl Arguments {
    fn wanted(&self) -> Customers {
        Customers {
            manager: self.manager.clone(),
            region: self.region.clone(),
            phase: self.phase.map(To::phase),
            verdict: self.verdict.clone(),
            queue: self.queue.map(|queue| match queue {
                For::Overdue => Queue::Overdue,
                For::Waiting => Queue::Waiting,
                For::Expiring => Queue::Expiring,
                For::Stale => Queue::Stale,
                For::Unassigned => Queue::Unassigned,
                For::GoLive => Queue::GoLive,
            }),
            item: self.item.clone(),
            since: self.since,
            most_failed: self.director || self.json || self.format.is_some(),
            order: match self.sort {
                By::Next => Order::Next,
                By::Name => Order::Name,
                By::GoLive => Order::GoLive,
                By::Overdue => Order::Overdue,
                By::Waiting => Order::Waiting,
                By::Touched => Order::Touched,
                By::Phase => Order::Phase,
            },
        }
    }

    fn narrows(&self) -> bool {
        let wanted = self.wanted();
        wanted.manager.is_some()
            || wanted.region.is_some()
            || wanted.phase.is_some()
            || wanted.verdict.is_some()
            || wanted.queue.is_some()
            || wanted.item.is_some()
            || wanted.since.is_some()
    }
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let portfolio = workspace.portfolio(&arguments.wanted()).await?;
    // Needed as long as the process lives: to take thousands of rows apart before it ends takes longer than to sort them.
    let portfolio: &'static Portfolio = Box::leak(Box::new(portfolio));
    let moved = arguments.director || arguments.since.is_some();
    if arguments.json {
        ui::json(portfolio);
    } else if let Some(format) = arguments.format {
        write(portfolio, format, &arguments, context)?;
    } else if portfolio.lines.is_empty() {
        ui::note(nobody(&arguments));
    } else {
        let width = ui::columns();
        if arguments.director {
            director::print(portfolio, width);
        }
        if !cells::table(portfolio, arguments.director, moved, width) {
            cells::cards(portfolio, arguments.director, moved, width);
        }
        ui::line(&ui::tone(Tone::Faint, &sum(portfolio)));
    }
    if portfolio.problems.0.is_empty() {
        Ok(Answer::Done)
    } else {
        Err(Failure::failed(portfolio.problems.clone()))
    }
}

fn nobody(arguments: &Arguments) -> &'static str {
    if arguments.narrows() {
        "no customer is like that; leave out a filter to see more"
    } else {
        "no customers yet; add one with `readiness customer add ID --name \"…\"`, or try `readiness demo`"
    }
}

fn sum(portfolio: &Portfolio) -> String {
    let overdue: usize = { portfolio.lines.iter() }
        .map(|line| line.summary.overdue)
        .sum();
    let lines = words::count(portfolio.lines.len(), "line", "lines");
    format!("{lines}, {} overdue", words::number(overdue as i128))
}

fn write(
    portfolio: &Portfolio,
    format: As,
    arguments: &Arguments,
    context: &Context,
) -> Result<(), Failure> {
    let sheet = laid_out(portfolio, arguments.director, format == As::Html);
    // As the portfolio: taken apart by the end of the process.
    let sheet: &'static Sheet = Box::leak(Box::new(sheet));
    let (ending, bytes) = match format {
        As::Html => {
            let templates = context.templates()?;
            let page = sheet::html(sheet, &templates);
            ("html", page.map_err(|error| problems(vec![error]))?)
        }
        As::Csv => ("csv", sheet::csv(sheet).unwrap_or_default()),
        As::Xlsx => ("xlsx", sheet::xlsx(sheet)),
    };
    let path = match &arguments.output {
        Some(path) if path.is_dir() => path.join(format!("portfolio.{ending}")),
        Some(path) => path.clone(),
        None => PathBuf::from(format!("portfolio.{ending}")),
    };
    if path.file_name().is_none() {
        return Err(Failure::usage(
            Problem::error(format!("`{}` names no file", path.display()))
                .help("name one with `--output`"),
        ));
    }
    files::write(&path, &bytes)?;
    ui::line(&path.display().to_string());
    Ok(())
}

/// Returns the cells of each line; of thousands, one half is laid out beside the other.
fn rows(lines: &[Line], columns: &[Column]) -> Vec<Vec<String>> {
    const FEW: usize = 200;
    let lay = |lines: &[Line]| -> Vec<Vec<String>> {
        let row = |line: &Line| {
            let cells = columns.iter().map(|column| (column.cell)(line));
            cells.map(inert_line).collect()
        };
        lines.iter().map(row).collect()
    };
    if lines.len() < FEW {
        return lay(lines);
    }
    let (first, second) = lines.split_at(lines.len() / 2);
    std::thread::scope(|scope| {
        let beside = scope.spawn(|| lay(second));
        let mut rows = lay(first);
        rows.extend(beside.join().expect("cells are laid out without panic"));
        rows
    })
}

/// Lays the portfolio out as a sheet: the customers first, then what they come to.
fn laid_out(portfolio: &Portfolio, director: bool, for_reading: bool) -> Sheet {
    let columns = cells::columns(director || !for_reading, true);
    let customers = Part {
        title: "Customers".into(),
        lines: if portfolio.lines.is_empty() {
            vec!["No customer is like that.".into()]
        } else {
            Vec::new()
        },
        heads: columns.iter().map(|column| column.head.clone()).collect(),
        rows: rows(&portfolio.lines, &columns),
    };
    let mut parts = vec![customers];
    parts.extend(director::parts(portfolio));
    Sheet {
        title: "All customers".into(),
        subtitle: "Sorted by what needs you next".into(),
        handling: Some("Internal: not for customers".into()),
        as_of: portfolio.today,
        facts: vec![("Changes since".into(), words::day(portfolio.since))],
        statement: Some(sum(portfolio)),
        details: vec!["Customers are not ranked by score: scores of different questionnaires, or versions of one, do not compare.".into()],
        parts,
        foot: "Computed from the summaries of all ledgers in the store".into(),
        wide: true,
        ..Sheet::default()
    }
}
