//! `readiness evidence sources`: how many questions each tool can help to answer.

use std::collections::BTreeMap;

use clap::Args;
use serde_json::json;

use crate::actions::{DEFAULT_QUESTIONNAIRE, Failure};
use crate::cli::context::Context;
use crate::cli::{Answer, ui};
use crate::domain::evidence::Tool;
use crate::domain::id::QuestionnaireId;
use crate::importers::Importer;
use crate::problem::Problem;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The questionnaire [default: the shipped one]
    questionnaire: Option<QuestionnaireId>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(arguments: &Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let id = match &arguments.questionnaire {
        Some(id) => id.clone(),
        None => DEFAULT_QUESTIONNAIRE
            .parse()
            .map_err(|fault: crate::domain::id::IdFault| {
                Failure::usage(Problem::error(fault.to_string()))
            })?,
    };
    let (questionnaire, _) = workspace.library.load(&id)?;
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for question in &questionnaire.questions {
        let mut seen = Vec::new();
        for rule in &question.evidence {
            let (questions, controls) = counts.entry(&rule.source).or_default();
            *controls += 1;
            if !seen.contains(&&rule.source) {
                *questions += 1;
                seen.push(&rule.source);
            }
        }
    }
    let any = questionnaire.questions.iter();
    let any = any.filter(|question| !question.evidence.is_empty()).count();
    let all = questionnaire.questions.len();
    if arguments.json {
        ui::json(
            &json!({ "questionnaire": id, "questions": all, "with_evidence": any,
            "tools": counts.iter().map(|(tool, (questions, controls))| json!({
                "tool": tool, "questions": questions, "controls": controls })).collect::<Vec<_>>() }),
        );
        return Ok(Answer::Done);
    }
    let rows: Vec<Vec<String>> = Tool::ALL
        .iter()
        .map(|tool| {
            let (questions, controls) = counts.get(tool.code()).copied().unwrap_or_default();
            vec![
                tool.title().to_owned(),
                questions.to_string(),
                controls.to_string(),
                Importer::of(*tool).files.to_owned(),
            ]
        })
        .collect();
    ui::table(&["tool", "questions", "controls", "files"], &rows);
    ui::line(&format!(
        "{any} of {all} questions of `{id}` can be answered in part or whole by a tool"
    ));
    Ok(Answer::Done)
}
