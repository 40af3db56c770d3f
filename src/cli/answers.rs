//! `readiness answers`: answers from a file and into one.

mod workbook;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::actions::{Failure, Imported, Workspace, export_answers};
use crate::catalog::answers::{self, MAX_FILE};
use crate::cli::context::Context;
use crate::cli::{Answer, Reading, files, ui};
use crate::domain::carry::Proposal;
use crate::domain::id::{CustomerId, QuestionId, QuestionnaireId};
use crate::domain::questionnaire::Questionnaire;
use crate::domain::words;
use crate::markdown::inert_line;
use crate::problem::{Problem, SourceText};

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The customer
    customer: CustomerId,
    /// The file: TOML, or a workbook of `prepare --format xlsx` that was filled in; `-` for standard input
    file: PathBuf,
    /// Record nothing: say what is wrong, and what would be recorded
    #[arg(long)]
    dry_run: bool,
    /// Of a workbook, take over everything that contradicts nothing
    #[arg(long)]
    accept_agreeing: bool,
    /// Of a workbook, take over the answers to these questions, whatever was said before
    #[arg(long, value_name = "QUESTION", num_args = 1..)]
    accept: Vec<QuestionId>,
    /// Of a workbook, go through the answers one by one, and ask
    #[arg(long, conflicts_with_all = ["accept_agreeing", "accept", "dry_run", "json"])]
    ask: bool,
    /// Of a workbook, print what it proposes as JSON
    #[arg(long)]
    json: bool,
}

impl Import {
    /// Returns whether anything is said that only a workbook takes.
    fn chooses(&self) -> bool {
        self.accept_agreeing || !self.accept.is_empty() || self.ask || self.json
    }
}

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
    /// Record every answer of a text file, or none when anything is wrong with it; show what a workbook proposes, and take it over
    Import(Import),
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
        Command::Import(arguments) => return import(arguments, &workspace, context).await,
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

async fn import(
    arguments: Import,
    workspace: &Workspace,
    context: &Context,
) -> Result<Answer, Failure> {
    let bytes = files::read(&arguments.file, MAX_FILE)?;
    let name = match arguments.file.as_os_str() == "-" {
        true => "standard input".to_owned(),
        false => arguments.file.display().to_string(),
    };
    if workbook::is_one(&bytes, &arguments.file) {
        return workbook::import(&arguments, (&bytes, &name), workspace, context).await;
    }
    if arguments.chooses() {
        return Err(Failure::usage(
            Problem::error(
                "`--accept-agreeing`, `--accept`, `--ask` and `--json` are for workbooks",
            )
            .help("a text file is recorded whole or not at all"),
        ));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::failed(
            Problem::error(format!("`{name}` is not UTF-8 from byte {at} on"))
                .help("save it as UTF-8"),
        )
    })?;
    let written = answers::read(SourceText { name, text })?;
    let case = workspace.case(&arguments.customer, None).await?;
    if arguments.dry_run {
        let imported = case.check_answers(workspace, &written).await?;
        say(&imported, "would record");
    } else {
        let by = context.author(workspace).await?;
        let mut case = case;
        let imported = case.import_answers(workspace, &by, &written).await?;
        say(&imported, "recorded");
    }
    Ok(Answer::Done)
}

/// Says what an import came to.
fn say(imported: &Imported, did: &str) {
    ui::problems(&imported.warnings);
    let same = match imported.same {
        0 => String::new(),
        same => format!(
            ", {} recorded just so already",
            words::count(same, "was", "were")
        ),
    };
    let count = words::count(imported.recorded, "answer", "answers");
    ui::note(&format!("{did} {count}{same}"));
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
