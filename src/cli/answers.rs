//! `readiness answers`: answers from a file and into one.

use std::path::PathBuf;

use clap::Subcommand;

use crate::actions::{Failure, export_answers};
use crate::catalog::answers::{self, MAX_FILE};
use crate::cli::context::Context;
use crate::cli::{Answer, Reading, files, ui};
use crate::domain::id::CustomerId;
use crate::domain::words;
use crate::problem::{Problem, SourceText};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write every answer into a file that `import` reads back
    Export {
        /// The customer
        customer: CustomerId,
        #[command(flatten)]
        reading: Reading,
        /// The file [default: standard output]
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Record every answer of a file, or none when anything is wrong with it
    Import {
        /// The customer
        customer: CustomerId,
        /// The file, in TOML; `-` for standard input
        file: PathBuf,
    },
}

pub(crate) async fn run(command: Command, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    match command {
        Command::Export {
            customer,
            reading,
            output,
        } => {
            let case = workspace.case(&customer, reading.as_of.as_ref()).await?;
            let (id, assessment) = case.assessment(reading.questionnaire.as_ref())?;
            let text =
                export_answers(id, assessment, case.book.seq, |_| true).map_err(|error| {
                    Failure::failed(Problem::error(format!(
                        "the answers cannot be written: {error}"
                    )))
                })?;
            match output {
                Some(path) => {
                    files::write(&path, text.as_bytes())?;
                    ui::note(&format!("wrote {}", path.display()));
                }
                None => ui::raw(text.as_bytes()),
            }
        }
        Command::Import { customer, file } => {
            let bytes = files::read(&file, MAX_FILE)?;
            let name = if file.as_os_str() == "-" {
                "standard input".to_owned()
            } else {
                file.display().to_string()
            };
            let text = String::from_utf8(bytes).map_err(|error| {
                let at = error.utf8_error().valid_up_to();
                Failure::failed(
                    Problem::error(format!("`{name}` is not UTF-8 from byte {at} on"))
                        .help("save it as UTF-8"),
                )
            })?;
            let written = answers::read(SourceText { name, text })?;
            let by = context.author(&workspace).await?;
            let mut case = workspace.case(&customer, None).await?;
            let imported = case.import_answers(&workspace, &by, &written).await?;
            ui::problems(&imported.warnings);
            let same = match imported.same {
                0 => String::new(),
                same => format!(
                    ", {} recorded just so already",
                    words::count(same, "was", "were")
                ),
            };
            ui::note(&format!(
                "recorded {}{same}",
                words::count(imported.recorded, "answer", "answers")
            ));
        }
    }
    Ok(Answer::Done)
}
