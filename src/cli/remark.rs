//! `readiness remark`: the manager's own words, which reports print.

use std::path::PathBuf;

use clap::Args;

use crate::actions::{Case, Failure};
use crate::cli::context::Context;
use crate::cli::{Answer, Reading, files, ui};
use crate::domain::assessment::Signed;
use crate::domain::id::{CustomerId, FindingId, PersonId, QuestionId};
use crate::domain::ledger::Subject;
use crate::domain::response::MAX_TEXT;
use crate::markdown::inert;
use crate::problem::Problem;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    /// The words, in Markdown; "" takes them out; without words, those that stand are shown
    #[arg(value_name = "TEXT", allow_hyphen_values = true)]
    text: Option<String>,
    /// Read the words from a file, or from standard input for -
    #[arg(long, short, value_name = "FILE", conflicts_with = "text")]
    file: Option<PathBuf>,
    /// About a finding, with all its rows [default: the summary of the whole assessment]
    #[arg(long, value_name = "ID")]
    finding: Option<FindingId>,
    /// About a question
    #[arg(long, value_name = "ID", conflicts_with = "finding")]
    question: Option<QuestionId>,
    #[command(flatten)]
    reading: Reading,
    /// Print JSON
    #[arg(long, conflicts_with_all = ["text", "file"])]
    json: bool,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let text = text(&arguments)?;
    let workspace = context.workspace().await?;
    let Reading {
        questionnaire,
        as_of,
    } = &arguments.reading;
    let mut case = workspace.case(&arguments.customer, as_of.as_ref()).await?;
    let about = about(&arguments);
    let Some(text) = text else {
        let names = workspace.names().await?;
        let name = |id: &PersonId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
        show(&case, &arguments, about.as_ref(), &name)?;
        return Ok(Answer::Done);
    };
    let by = context.author(&workspace).await?;
    let about = about.unwrap_or(Subject::Assessment);
    let is_new = case
        .remark(&workspace, &by, questionnaire.as_ref(), &about, &text)
        .await?;
    ui::note(&match (is_new, text.trim().is_empty()) {
        (false, true) => "there are no words to take out".to_owned(),
        (false, false) => "it says so already".to_owned(),
        (true, true) => format!("taken out, recorded as entry {}", case.book.seq),
        (true, false) => format!("recorded as entry {}", case.book.seq),
    });
    Ok(Answer::Done)
}

/// Returns the words that were typed or are in the file.
fn text(arguments: &Arguments) -> Result<Option<String>, Failure> {
    let Some(file) = &arguments.file else {
        return Ok(arguments.text.clone());
    };
    let bytes = files::read(file, MAX_TEXT)?;
    String::from_utf8(bytes).map(Some).map_err(|_| {
        let message = format!("`{}` holds something that is not text", file.display());
        Failure::failed(Problem::error(message).help("save it as UTF-8"))
    })
}

/// Returns what is spoken of, where that was said.
fn about(arguments: &Arguments) -> Option<Subject> {
    let finding = arguments.finding.clone();
    let finding = finding.map(|id| Subject::Finding(id.into()));
    finding.or_else(|| arguments.question.clone().map(Subject::Question))
}

fn show(
    case: &Case,
    arguments: &Arguments,
    about: Option<&Subject>,
    name: &dyn Fn(&PersonId) -> String,
) -> Result<(), Failure> {
    let (_, assessment) = case.assessment(arguments.reading.questionnaire.as_ref())?;
    let shown: Vec<(&Subject, &Signed<String>)> = assessment
        .remarks
        .iter()
        .filter(|(subject, _)| about.is_none_or(|about| about == *subject))
        .collect();
    if arguments.json {
        let rows: Vec<_> = shown
            .iter()
            .map(|(subject, remark)| {
                serde_json::json!({
                    "about": subject, "text": remark.what,
                    "entry": remark.seq, "at": remark.at, "by": remark.by,
                })
            })
            .collect();
        ui::json(&rows);
        return Ok(());
    }
    if shown.is_empty() {
        ui::note("no words yet; `readiness remark CUSTOMER \"…\"` writes the summary");
    }
    for (at, (subject, remark)) in shown.into_iter().enumerate() {
        if at > 0 {
            ui::line("");
        }
        let what = match subject {
            Subject::Assessment => "Summary".to_owned(),
            Subject::Question(id) => id.to_string(),
            Subject::Finding(id) => id.to_string(),
        };
        ui::line(&format!(
            "{}  entry {}, {} by {}",
            ui::tone(ui::Tone::Strong, &what),
            remark.seq,
            remark.at.local(case.book.customer.time_zone),
            inert(&name(&remark.by))
        ));
        ui::line(&inert(&remark.what));
    }
    Ok(())
}
