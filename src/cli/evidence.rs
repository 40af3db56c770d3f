//! `readiness evidence`: files of tools and documents, and what they say about the answers.

pub(in crate::cli) mod gather;
mod settle;
mod import;
mod attach;
mod list;
mod review;
mod pack;
mod sources;

use clap::Subcommand;

use crate::actions::Failure;
use crate::cli::Answer;
use crate::cli::context::Context;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Take in the files of tools: they are known by what is in them
    Import(import::Arguments),
    /// Say which control a title is that fits several, or none that we know
    Settle(settle::Arguments),
    /// Show what tools say about the answers; accept or refuse what they propose
    Review(review::Arguments),
    /// Keep documents as evidence for the answer to a question
    Attach(attach::Arguments),
    /// List all evidence
    List(list::List),
    /// Show one piece of evidence, with all that a tool's file says
    Show(list::Show),
    /// Write what is kept of one piece of evidence into a file
    Export(list::Export),
    /// Say that evidence is no longer to be relied on
    Withdraw(list::Withdraw),
    /// Write everything an auditor needs into a zip file
    Pack(pack::Arguments),
    /// Show how many questions each tool can help to answer
    Sources(sources::Arguments),
}

pub(crate) async fn run(command: Command, context: &Context) -> Result<Answer, Failure> {
    match command {
        Command::Import(arguments) => import::run(arguments, context).await,
        Command::Settle(arguments) => settle::run(arguments, context).await,
        Command::Review(arguments) => review::run(arguments, context).await,
        Command::Attach(arguments) => attach::run(arguments, context).await,
        Command::List(arguments) => list::list(arguments, context).await,
        Command::Show(arguments) => list::show(arguments, context).await,
        Command::Export(arguments) => list::export(arguments, context).await,
        Command::Withdraw(arguments) => list::withdraw(arguments, context).await,
        Command::Pack(arguments) => pack::run(arguments, context).await,
        Command::Sources(arguments) => sources::run(&arguments, context).await,
    }
}
