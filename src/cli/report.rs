//! `readiness report`: what the customer keeps.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::actions::{AsOf, Failure, File, Wanted};
use crate::cli::context::Context;
use crate::cli::{Answer, Reading, files, ui};
use crate::domain::id::{CustomerId, FindingKey};
use crate::problem::{Problem, Problems};
use crate::report::model::LeftOut;
use crate::report::{Audience, Branding, Format, pdf};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    #[command(flatten)]
    reading: Reading,
    /// For whom it is [default: executive; technical for csv, xlsx and ics]
    #[arg(long, value_enum)]
    audience: Option<For>,
    /// The finding that a hand-out is about
    #[arg(long, value_name = "ID", required_if_eq("audience", "handout"))]
    finding: Option<FindingKey>,
    /// The formats, with commas between them
    #[arg(long, value_enum, value_delimiter = ',', default_value = "html,md")]
    format: Vec<As>,
    /// The folder to write into, or, for one format, the file with its ending
    #[arg(long, short, value_name = "DIR|FILE", default_value = ".")]
    output: PathBuf,
    /// A file with your name, logo, colour, classification and distribution list
    #[arg(long, env = "READINESS_BRANDING", value_name = "FILE")]
    branding: Option<PathBuf>,
    /// For whom it was prepared, in words
    #[arg(long, value_name = "TEXT")]
    prepared_for: Option<String>,
    /// Leave out more than the audience does not see anyway; what people typed is not searched for names
    #[arg(long, value_enum, value_name = "WHAT")]
    redact: Vec<Redact>,
    /// Issue it: record its digest in the ledger, so that the file can be told later
    #[arg(long, conflicts_with = "as_of")]
    issue: bool,
}

/// Whom a report is for, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum For {
    /// Those who decide: two pages
    Executive,
    /// The person who closes one finding, named with --finding
    Handout,
    /// Those who act: what is to be done, by who must act and who owns it
    ActionPlan,
    /// Those who do the work: everything the customer may see
    Technical,
    /// Your own side: everything, private notes too
    Internal,
}

/// What can be left out, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Redact {
    /// Names of people: they are called by their role or a number
    Names,
    /// Files, their digests, and what tools say
    Evidence,
    /// Notes beside answers and findings, those for the customer too
    Notes,
}

impl Redact {
    fn left_out(self) -> LeftOut {
        match self {
            Self::Names => LeftOut::Names,
            Self::Evidence => LeftOut::Evidence,
            Self::Notes => LeftOut::Notes,
        }
    }
}

/// The formats by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum As {
    /// A page for browsers and printers
    Html,
    /// Markdown, to be edited
    Md,
    /// The values, for programs
    Json,
    /// The findings as a table
    Csv,
    /// The findings as a workbook to track them in
    Xlsx,
    /// The days that matter, for a calendar
    Ics,
    /// The page on paper, for those who want a file to pass on; needs a build with the feature `pdf`
    Pdf,
}

impl For {
    fn audience(self) -> Audience {
        match self {
            Self::Executive => Audience::Executive,
            Self::Handout => Audience::Handout,
            Self::ActionPlan => Audience::ActionPlan,
            Self::Technical => Audience::Technical,
            Self::Internal => Audience::Internal,
        }
    }
}

impl As {
    fn format(self) -> Format {
        match self {
            Self::Html => Format::Html,
            Self::Md => Format::Markdown,
            Self::Json => Format::Json,
            Self::Csv => Format::Csv,
            Self::Xlsx => Format::Xlsx,
            Self::Ics => Format::Ics,
            Self::Pdf => Format::Pdf,
        }
    }
}

/// Returns for whom a report is made where nobody says: those who decide; tables of findings are for those who do the work.
fn audience(wanted: Option<For>, formats: &[Format]) -> Result<Audience, Failure> {
    let tables = formats.iter().filter(|format| format.is_table()).count();
    match wanted.map(For::audience) {
        Some(Audience::Executive) if tables > 0 => Err(Failure::usage(
            Problem::error("the executive report leaves out the findings that a csv, xlsx or ics file is made of")
                .help("make these with `--audience technical`"),
        )),
        None if tables > 0 && tables < formats.len() => Err(Failure::usage(
            Problem::error("for whom? tables hold findings row by row, which an executive report leaves out")
                .help("name one with `--audience`, or make the formats one after another"),
        )),
        Some(audience) => Ok(audience),
        None if tables > 0 => Ok(Audience::Technical),
        None => Ok(Audience::Executive),
    }
}

/// Refuses a format that this build does not make, before anything else is done.
fn refuse_missing(formats: &[As]) -> Result<(), Failure> {
    match pdf::missing().filter(|_| formats.contains(&As::Pdf)) {
        Some(problem) => Err(Failure::failed(problem)),
        None => Ok(()),
    }
}

/// Says which characters a file stands something in for.
fn lost(file: &File) -> Option<Problem> {
    const NAMED: usize = 8;
    if file.lost.is_empty() {
        return None;
    }
    let name = |character: &char| format!("`{character}` (U+{:04X})", u32::from(*character));
    let named: Vec<String> = file.lost.iter().take(NAMED).map(name).collect();
    let more = match file.lost.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let problem = Problem::warning(format!(
        "`{}` has no letters for {}{more}: a box stands for each",
        file.name,
        named.join(", ")
    ));
    Some(problem.help("where that matters, make the report as HTML and print it from a browser"))
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    refuse_missing(&arguments.format)?;
    let workspace = context.workspace().await?;
    let templates = context.templates()?;
    let mut formats = arguments.format.clone();
    formats.sort_unstable();
    formats.dedup();
    let formats: Vec<Format> = formats.into_iter().map(As::format).collect();
    let wanted = Wanted {
        questionnaire: arguments.reading.questionnaire.clone(),
        finding: arguments.finding.clone(),
        audience: audience(arguments.audience, &formats)?,
        formats,
        branding: match &arguments.branding {
            Some(path) => Branding::read(path)?,
            None => Branding::default(),
        },
        prepared_for: arguments.prepared_for.clone(),
        left_out: arguments.redact.iter().map(|one| one.left_out()).collect(),
        milestone: match &arguments.reading.as_of {
            Some(AsOf::Milestone(name)) => Some(name.to_string()),
            _ => None,
        },
    };
    let working = ui::Working::begin("making the report");
    let mut case = workspace
        .case(&arguments.customer, arguments.reading.as_of.as_ref())
        .await?;
    let made = if arguments.issue {
        let by = context.author(&workspace).await?;
        case.issue(&workspace, &by, &templates, &wanted).await?
    } else {
        case.report(&workspace, &templates, &wanted).await?
    };
    working.end();
    let is_only = made.len() == 1;
    for file in made {
        let path = files::place(&arguments.output, &file.name, is_only);
        files::write(&path, &file.bytes)?;
        ui::problems(&Problems(lost(&file).into_iter().collect()));
        ui::line(&path.display().to_string());
    }
    if arguments.redact.contains(&Redact::Names) {
        ui::note(
            "what people typed, answers among it, was not searched for names: read it before you give it away",
        );
    }
    Ok(Answer::Done)
}
