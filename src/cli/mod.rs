//! The command line: arguments → an action → words on the screen and an exit code.
//!
//! One file a command. What a command does is in [`actions`](crate::actions); what is printed goes through `ui`.
//!
//! Exit codes: 0 done · 1 failed · 2 wrong usage · 3 done, and the answer is no.

mod ui;
mod files;
mod render;
mod context;
mod templates;
mod customer;
mod person;
mod upgrade;
mod questionnaire;
mod explain;
mod status;
mod finding;
mod advice;
mod managed_response;
mod request;
mod answer;
mod answers;
mod assess;
mod evidence;
mod grid;
mod report;
mod prepare;
mod plan;
mod milestone;
mod diff;
mod remark;
mod stop;
mod brief;
mod phase;
mod portfolio;
mod digest;
mod redact;
mod history;
mod verify;
mod backup;
mod restore;
mod demo;
mod completions;
mod man;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::actions::{AsOf, Failure, FailureKind};
use crate::cli::context::Context;
use crate::domain::time::Instant;

/// How a command ended, when it did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Done.
    Done,
    /// Done, and the answer is no.
    No,
}

/// Prepare customers for a managed detection and response service, prove it, and keep it so
#[derive(Debug, Parser)]
#[command(
    name = "readiness",
    version,
    propagate_version = true,
    max_term_width = 100
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options that every command takes.
#[derive(Clone, Debug, Args)]
pub(crate) struct Global {
    /// The file in which everything is kept [default: in the data folder of your account]
    #[arg(
        long,
        global = true,
        env = "READINESS_STORE",
        value_name = "FILE",
        help_heading = "Everywhere"
    )]
    store: Option<PathBuf>,
    /// A folder with questionnaires that add to the shipped ones or replace them
    #[arg(
        long,
        global = true,
        env = "READINESS_QUESTIONNAIRES",
        value_name = "DIR",
        help_heading = "Everywhere"
    )]
    questionnaires: Option<PathBuf>,
    /// A folder with templates that replace shipped ones of the same name
    #[arg(
        long,
        global = true,
        env = "READINESS_TEMPLATES",
        value_name = "DIR",
        help_heading = "Everywhere"
    )]
    templates: Option<PathBuf>,
    /// Who you are: the id or the name of a person [default: your account's name]
    #[arg(
        long,
        global = true,
        env = "READINESS_BY",
        value_name = "PERSON",
        help_heading = "Everywhere"
    )]
    by: Option<String>,
    /// The time to work at, for tests and demonstrations
    #[arg(
        long,
        global = true,
        env = "READINESS_NOW",
        value_name = "TIME",
        hide = true
    )]
    now: Option<Instant>,
}

/// Which assessment of a customer, and as of when.
#[derive(Clone, Debug, Args)]
pub(crate) struct Reading {
    /// The questionnaire, where the customer has several assessments
    #[arg(long, value_name = "ID")]
    questionnaire: Option<crate::domain::id::QuestionnaireId>,
    /// Look back to an entry's number, the end of a date, or a milestone
    #[arg(long, value_name = "SEQ|DATE|MILESTONE")]
    as_of: Option<AsOf>,
}

/// Reads a day that somebody typed as an option.
pub(crate) fn day(text: &str) -> Result<crate::domain::time::Day, String> {
    let shape = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    text.parse()
        .ok()
        .filter(|_| shape)
        .ok_or_else(|| "write year, month and day, such as 2026-12-31".to_owned())
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lead a sample customer through the shipped questionnaire and write their reports
    Demo(demo::Arguments),
    /// Add, show, change, hand over and remove customers
    #[command(subcommand)]
    Customer(Box<customer::Command>),
    /// Add and list people
    #[command(subcommand)]
    Person(person::Command),
    /// List, show, check and begin questionnaires
    #[command(subcommand)]
    Questionnaire(questionnaire::Command),
    /// Show where a customer stands, on one screen
    Status(status::Arguments),
    /// Walk a customer through the questions
    Assess(assess::Arguments),
    /// Record one answer
    Answer(Box<answer::Arguments>),
    /// Record answers from a file, or write them into one
    #[command(subcommand)]
    Answers(answers::Command),
    /// Take in tools' files and documents, and what they say about the answers
    #[command(subcommand)]
    Evidence(Box<evidence::Command>),
    /// List findings, and say what is to be done about them
    #[command(subcommand)]
    Finding(finding::Command),
    /// Record, list and close what is recommended later, mostly because of incidents
    #[command(subcommand)]
    Advice(Box<advice::Command>),
    /// Record, take in and list what Defender Experts ask the customer to do
    #[command(subcommand)]
    ManagedResponse(Box<managed_response::Command>),
    /// Ask people for open answers, remind them, and list what was asked
    #[command(subcommand)]
    Request(request::Command),
    /// Write a report for the customer, or for your own side
    Report(Box<report::Arguments>),
    /// Write the open questions, to send before a call and to fill in
    Prepare(Box<prepare::Arguments>),
    /// Show the path to ready, and what closing findings would come to
    Plan(plan::Arguments),
    /// Show how the score came about, question by question
    Explain(explain::Arguments),
    /// Write the summary, and remarks about findings and questions, that reports print
    Remark(remark::Arguments),
    /// Name the point that a customer's ledger has reached, or list such points
    Milestone(milestone::Arguments),
    /// Show what changed between two points, such as since the last milestone
    Diff(diff::Arguments),
    /// Show and change how far a customer is on the way into the service, and write the go-live decision
    #[command(subcommand)]
    Phase(phase::Command),
    /// Show on one page what a colleague who takes over has to know
    Brief(brief::Arguments),
    /// Show all customers, sorted by what needs you next
    Portfolio(Box<portfolio::Arguments>),
    /// Write for everybody what is late, due or asked of them, over all customers
    Digest(digest::Arguments),
    /// Go on although a stop holds
    #[command(subcommand)]
    Stop(stop::Command),
    /// Show everything recorded of a customer, entry by entry
    History(history::Arguments),
    /// Take what should never have been written out of an entry, for good
    Redact(redact::Arguments),
    /// Check that everything kept is as it was written; exit with 3 when something is wrong
    Verify(verify::Arguments),
    /// Write the whole store into one file, and verify it
    Backup(backup::Arguments),
    /// Put a backup in the place of the store, which is kept beside it
    Restore(restore::Arguments),
    /// List, export and check the templates of reports and recommendations
    #[command(subcommand)]
    Templates(templates::Command),
    /// Print what a shell needs to complete commands and options
    Completions(completions::Arguments),
    /// Print the manual page, or write the pages of all commands
    Man(man::Arguments),
}

/// Runs the command that `arguments` name, the first being the program's own, and returns the exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if arguments.iter().skip(1).eq([render::RENDER]) {
        return exit(&render::run());
    }
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            ui::note(&format!("error: the program cannot start: {error}"));
            return ExitCode::from(1);
        }
    };
    let context = Context::new(cli.global);
    let answer = runtime.block_on(async {
        let answer = command(cli.command, &context).await;
        context.close().await;
        answer
    });
    exit(&answer)
}

/// Returns the exit code, having said what went wrong.
fn exit(answer: &Result<Answer, Failure>) -> ExitCode {
    match answer {
        Ok(_) if ui::lost_output() => ExitCode::from(1),
        Ok(Answer::Done) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(3),
        Err(failure) => fail(failure),
    }
}

async fn command(command: Command, context: &Context) -> Result<Answer, Failure> {
    match command {
        Command::Demo(arguments) => demo::run(arguments, context).await,
        Command::Customer(command) => customer::run(*command, context).await,
        Command::Person(command) => person::run(command, context).await,
        Command::Questionnaire(command) => questionnaire::run(command, context).await,
        Command::Status(arguments) => status::run(arguments, context).await,
        Command::Assess(arguments) => assess::run(arguments, context).await,
        Command::Answer(arguments) => answer::run(*arguments, context).await,
        Command::Answers(command) => answers::run(command, context).await,
        Command::Evidence(command) => evidence::run(*command, context).await,
        Command::Finding(command) => finding::run(command, context).await,
        Command::Advice(command) => advice::run(*command, context).await,
        Command::ManagedResponse(command) => managed_response::run(*command, context).await,
        Command::Request(command) => request::run(command, context).await,
        Command::Report(arguments) => report::run(*arguments, context).await,
        Command::Prepare(arguments) => prepare::run(*arguments, context).await,
        Command::Plan(arguments) => plan::run(arguments, context).await,
        Command::Explain(arguments) => explain::run(arguments, context).await,
        Command::Remark(arguments) => remark::run(arguments, context).await,
        Command::Milestone(arguments) => milestone::run(arguments, context).await,
        Command::Diff(arguments) => diff::run(arguments, context).await,
        Command::Phase(command) => phase::run(command, context).await,
        Command::Brief(arguments) => brief::run(arguments, context).await,
        Command::Portfolio(arguments) => portfolio::run(*arguments, context).await,
        Command::Digest(arguments) => digest::run(arguments, context).await,
        Command::Stop(command) => stop::run(command, context).await,
        Command::History(arguments) => history::run(arguments, context).await,
        Command::Redact(arguments) => redact::run(arguments, context).await,
        Command::Verify(arguments) => verify::run(arguments, context).await,
        Command::Backup(arguments) => backup::run(arguments, context).await,
        Command::Restore(arguments) => restore::run(arguments, context).await,
        Command::Templates(command) => templates::run(command, context),
        Command::Completions(arguments) => completions::run(&arguments, Cli::command()),
        Command::Man(arguments) => man::run(&arguments, Cli::command()),
    }
}

/// Shows help, the version, or what is wrong with the arguments.
fn usage(error: &clap::Error) -> ExitCode {
    // Nobody is left to tell when the output is closed.
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
        _ => ExitCode::from(2),
    }
}

fn fail(failure: &Failure) -> ExitCode {
    ui::problems(&failure.problems);
    ExitCode::from(match failure.kind {
        FailureKind::Failed => 1,
        FailureKind::Usage => 2,
    })
}
