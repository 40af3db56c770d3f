//! `readiness answers`: answers from a file and into one.

use std::path::PathBuf;

use clap::Subcommand;

use crate::actions::{Failure, export_answers};
use crate::catalog::answers::{self, MAX_FILE};
use crate::cli::context::Context;
use crate::cli::{Answer, Reading, files, ui};
use crate::domain::carry::Proposal;
use crate::domain::id::{CustomerId, QuestionnaireId};
use crate::domain::questionnaire::Questionnaire;
use crate::domain::words;
use crate::markdown::inert_line;
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
    /// Show which answers could be taken over from the customer's other questionnaires, and take them over
    Carry {
        /// The customer
        customer: CustomerId,
        /// The questionnaire to take them over into, where several take any
        #[arg(long, value_name = "ID")]
        questionnaire: Option<QuestionnaireId>,
        /// Record them as answers
        #[arg(long)]
        yes: bool,
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
        Command::Carry {
            customer,
            questionnaire,
            yes,
        } => {
            let mut case = workspace.case(&customer, None).await?;
            let (id, proposals) = case.carried(questionnaire.as_ref())?;
            let (id, assessment) = case.assessment(Some(id))?;
            print_proposals(&proposals, assessment.questionnaire());
            let id = id.clone();
            if yes {
                let by = context.author(&workspace).await?;
                let count = case.carry(&workspace, &by, &id, proposals).await?;
                let answers = words::count(count, "answer", "answers");
                ui::note(&format!("recorded {answers}"));
            } else if !proposals.is_empty() {
                ui::note("nothing was recorded; take them over with `--yes`");
            }
        }
    }
    Ok(Answer::Done)
}

fn print_proposals(proposals: &[Proposal], questionnaire: &Questionnaire) {
    if proposals.is_empty() {
        ui::line("there is nothing to take over: no open question has an answer elsewhere");
        return;
    }
    let rows: Vec<Vec<String>> = proposals
        .iter()
        .filter_map(|one| {
            let place = questionnaire.question(&one.question)?;
            let said = words::said(&questionnaire.questions[place], &one.response.said);
            let dispute = if one.disputed {
                "; another says otherwise: answer it yourself"
            } else {
                ""
            };
            Some(vec![
                one.question.to_string(),
                inert_line(&said),
                one.response.basis.words().to_owned(),
                words::day(one.response.said_on),
                format!("{} {}{dispute}", one.from, one.source),
            ])
        })
        .collect();
    ui::table(&["question", "answer", "basis", "said on", "from"], &rows);
}
