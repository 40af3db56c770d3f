//! `readiness finding`: gaps, and what people decided about them.

mod row;
mod list;
mod show;
mod decide;
mod note;

use clap::builder::PossibleValue;
use clap::{Subcommand, ValueEnum};

use crate::actions::Failure;
use crate::cli::Answer;
use crate::cli::context::Context;
use crate::domain::decision::{Need, Party, Severity};
use crate::domain::finding::StateName;

pub(crate) use crate::cli::finding::decide::Close;
pub(crate) use crate::cli::finding::list::Arguments as List;
pub(crate) use crate::cli::finding::row::{RequestRow, print_request};
pub(crate) use crate::cli::finding::show::Arguments as Show;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List findings, most pressing first
    List(list::Arguments),
    /// Show findings with their causes and everything that happened to them
    Show(show::Arguments),
    /// Say who closes findings
    Assign(decide::Assign),
    /// Say who closes findings, and by when
    Plan(decide::Plan),
    /// Say that the owner has begun
    Start(decide::Start),
    /// Say whom findings wait on
    Wait(decide::Wait),
    /// Go on: what was waited for is here, or a dispute is settled
    Resume(decide::Resume),
    /// Record that somebody says that it is done; an answer closes it
    Claim(decide::Claim),
    /// Accept the risk of findings until a day
    Accept(decide::Dispose),
    /// Take findings as covered by another product until a day
    ThirdParty(decide::Dispose),
    /// Take findings as mitigated in another way until a day
    Mitigate(decide::Dispose),
    /// Record that somebody says that it is no gap, or judged wrong
    Dispute(decide::Dispute),
    /// Say that there never was such a gap
    InError(decide::InError),
    /// Take the last step back: the state before holds again
    Reopen(decide::Reopen),
    /// Close advice, naming the document or the tool that shows it
    Close(decide::Close),
    /// Note something about findings, for your own side or for reports
    Note(note::Arguments),
}

pub(crate) async fn run(command: Command, context: &Context) -> Result<Answer, Failure> {
    match command {
        Command::List(arguments) => list::run(arguments, context).await,
        Command::Show(arguments) => arguments.run(context).await,
        Command::Assign(arguments) => arguments.run(context).await,
        Command::Plan(arguments) => arguments.run(context).await,
        Command::Start(arguments) => arguments.run(context).await,
        Command::Wait(arguments) => arguments.run(context).await,
        Command::Resume(arguments) => arguments.run(context).await,
        Command::Claim(arguments) => arguments.run(context).await,
        Command::Accept(arguments) => arguments.accept(context).await,
        Command::ThirdParty(arguments) => arguments.third_party(context).await,
        Command::Mitigate(arguments) => arguments.mitigate(context).await,
        Command::Dispute(arguments) => arguments.run(context).await,
        Command::InError(arguments) => arguments.run(context).await,
        Command::Reopen(arguments) => arguments.run(context).await,
        Command::Close(arguments) => arguments.run(context).await,
        Command::Note(arguments) => note::run(arguments, context).await,
    }
}

impl ValueEnum for StateName {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.code()))
    }
}

impl ValueEnum for Party {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.code()))
    }
}

impl ValueEnum for Need {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Blocker, Self::Condition, Self::Improvement]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Blocker => "blocker",
            Self::Condition => "condition",
            Self::Improvement => "improvement",
        }))
    }
}

impl ValueEnum for Severity {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            Self::Critical,
            Self::High,
            Self::Medium,
            Self::Low,
            Self::Info,
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Info => "info",
        }))
    }
}
