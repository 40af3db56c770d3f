//! `readiness brief`: one page for a colleague who takes over.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::actions::Failure;
use crate::cli::assess::lines;
use crate::cli::context::Context;
use crate::cli::render::problems;
use crate::cli::ui::Tone;
use crate::cli::{Answer, Reading, files, grid, ui};
use crate::domain::id::CustomerId;
use crate::domain::words;
use crate::markdown::{inert, inert_line};
use crate::report::sheet::{self, Sheet};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    #[command(flatten)]
    reading: Reading,
    /// Write a file instead
    #[arg(long, value_enum)]
    format: Option<As>,
    /// The folder to write into [default: .]
    #[arg(long, short, value_name = "DIR", requires = "format")]
    output: Option<PathBuf>,
    /// Print JSON
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

/// The formats by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum As {
    Html,
    Md,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let customer = &arguments.customer;
    let reading = &arguments.reading;
    let sheet = workspace
        .brief(
            customer,
            reading.questionnaire.as_ref(),
            reading.as_of.as_ref(),
        )
        .await?;
    match arguments.format {
        Some(format) => {
            let folder = arguments.output.unwrap_or_else(|| ".".into());
            write(
                &sheet,
                format,
                folder,
                &format!("{customer}-brief"),
                context,
            )?;
        }
        None if arguments.json => ui::json(&sheet),
        None => print(&sheet),
    }
    Ok(Answer::Done)
}

/// Writes a sheet into a folder and says where.
pub(crate) fn write(
    sheet: &Sheet,
    format: As,
    folder: PathBuf,
    stem: &str,
    context: &Context,
) -> Result<(), Failure> {
    let templates = context.templates()?;
    let (ending, made) = match format {
        As::Html => ("html", sheet::html(sheet, &templates)),
        As::Md => ("md", sheet::markdown(sheet, &templates)),
    };
    let bytes = made.map_err(|error| problems(vec![error]))?;
    let path = folder.join(format!("{stem}.{ending}"));
    files::write(&path, &bytes)?;
    ui::line(&path.display().to_string());
    Ok(())
}

/// Prints a sheet no wider than the screen.
pub(crate) fn print(sheet: &Sheet) {
    let width = ui::columns();
    let say = |tone, text: &str| lines::print(width, tone, 0, "", text);
    say(Some(Tone::Strong), &inert_line(&sheet.title));
    let day = words::day(sheet.as_of);
    say(None, &format!("{} · as of {day}", sheet.subtitle));
    if let Some(statement) = &sheet.statement {
        say(Some(Tone::Strong), &inert_line(statement));
    }
    for line in &sheet.details {
        say(None, &inert(line));
    }
    for (label, value) in &sheet.facts {
        let first = format!("  {label:<18} ");
        lines::print(width, None, first.len(), &first, &inert_line(value));
    }
    for part in &sheet.parts {
        ui::line("");
        ui::line(&ui::tone(Tone::Strong, &part.title));
        for line in &part.lines {
            say(None, &inert(line));
        }
        let heads: Vec<&str> = part.heads.iter().map(|head| head.text.as_str()).collect();
        let rows: Vec<Vec<String>> = { part.rows.iter() }
            .map(|row| row.iter().map(inert_line).collect())
            .collect();
        if !rows.is_empty() {
            grid::print(&heads, &rows, width);
        }
    }
    ui::line("");
    say(Some(Tone::Faint), &sheet.foot);
}
