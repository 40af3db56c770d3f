//! `readiness digest`: one text and one mail draft for everybody who has something to do.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::actions::Failure;
use crate::cli::context::Context;
use crate::cli::{Answer, files, ui};
use crate::domain::words;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// For whom there is one each
    #[arg(long, value_enum, default_value_t = Per::Owner)]
    per: Per,
    /// The formats, with commas between them: a text, or a mail draft that nobody sent
    #[arg(long, value_enum, value_delimiter = ',', default_value = "text,eml")]
    format: Vec<As>,
    /// What is due within so many days is among it
    #[arg(long, value_name = "DAYS", default_value_t = 14, value_parser = clap::value_parser!(u32).range(..=3650))]
    ahead: u32,
    /// The folder to write into; without it texts are printed
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// For whom there is a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Per {
    /// Everybody who owns a finding or was asked for an answer
    Owner,
}

/// The formats by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum As {
    Text,
    Eml,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let Per::Owner = arguments.per;
    let workspace = context.workspace().await?;
    let author = context.signatory(&workspace).await?;
    let found = workspace.digests(&author, arguments.ahead).await?;
    let mut formats = arguments.format.clone();
    formats.sort_unstable();
    formats.dedup();
    for digest in &found.digests {
        let Some(folder) = &arguments.output else {
            ui::line(&format!("── {} · {}", digest.owner.id, digest.subject));
            ui::line(&digest.text);
            continue;
        };
        for format in &formats {
            let (ending, bytes) = match format {
                As::Text => ("txt", digest.text.clone()),
                As::Eml => ("eml", digest.mail()),
            };
            let path = folder.join(digest.file_name(ending));
            files::write(&path, bytes.as_bytes())?;
            ui::line(&path.display().to_string());
        }
    }
    if found.digests.is_empty() {
        ui::note("nobody has anything that is late, due or waited for");
    }
    if found.unowned > 0 {
        let count = words::count(
            found.unowned,
            "finding that is due has",
            "findings that are due have",
        );
        ui::note(&format!(
            "{count} no owner; see `readiness portfolio --queue unassigned`"
        ));
    }
    if found.problems.0.is_empty() {
        Ok(Answer::Done)
    } else {
        Err(Failure::failed(found.problems))
    }
}
