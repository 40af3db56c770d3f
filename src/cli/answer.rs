//! `readiness answer`: one answer, without the walk.

use clap::{ArgGroup, Args};

use crate::actions::{Draft, Failure, Workspace, answered};
use crate::cli::context::Context;
use crate::cli::explain::place_of;
use crate::cli::{Answer, ui};
use crate::domain::assessment::Assessment;
use crate::domain::evaluation::Changes;
use crate::domain::id::{CustomerId, PersonId, QuestionId, QuestionnaireId};
use crate::domain::intake::{self, Objection};
use crate::domain::ledger::Fact;
use crate::domain::response::{Basis, Response, Said, Unknown};
use crate::domain::time::Day;
use crate::domain::words;
use crate::markdown::inert;
use crate::problem::{Problem, Problems};

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("what").required(true).args(["value", "none", "unknown", "may_not_say", "nobody_knows", "na", "withdraw"])))]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    /// The question, as section.question
    question: QuestionId,
    /// The answer: an option's id, ids with commas, yes or no, a number, 812/900, a date, text, or rows as TOML
    #[arg(allow_hyphen_values = true)]
    value: Option<String>,
    /// Say the explicit none that the question offers
    #[arg(long)]
    none: bool,
    /// Say that somebody will find out
    #[arg(long)]
    unknown: bool,
    /// Who was asked to find out
    #[arg(long, value_name = "PERSON", requires = "unknown")]
    asked: Option<String>,
    /// By when they are to say
    #[arg(long, value_name = "DATE", requires = "unknown")]
    until: Option<String>,
    /// Say that they know and may not say
    #[arg(long)]
    may_not_say: bool,
    /// Say that nobody knows
    #[arg(long)]
    nobody_knows: bool,
    /// Say that it does not apply: not-licensed, not-used, out-of-scope, provided-by-third-party, other
    #[arg(long, value_name = "REASON")]
    na: Option<String>,
    /// Take the answer back
    #[arg(long)]
    withdraw: bool,
    /// How it is known: interview (told), document (shown) or tool (measured) [default: interview]
    #[arg(long, value_name = "BASIS")]
    basis: Option<String>,
    /// Who said it
    #[arg(long, value_name = "PERSON")]
    said_by: Option<String>,
    /// The day on which it was said [default: today]
    #[arg(long, value_name = "DATE")]
    said_on: Option<String>,
    /// A note that reports print
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    note: Option<String>,
    /// A note that only the internal report prints
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    private_note: Option<String>,
    /// The answer before was recorded wrong: replace it, and what followed from it
    #[arg(long)]
    corrected: bool,
    /// The questionnaire, where the customer has several assessments
    #[arg(long, value_name = "ID")]
    questionnaire: Option<QuestionnaireId>,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let by = context.author(&workspace).await?;
    let mut case = workspace.case(&arguments.customer, None).await?;
    if case.book.assessments.is_empty() || arguments.questionnaire.is_some() {
        case.begin(&workspace, &by, arguments.questionnaire.as_ref())
            .await?;
    }
    let (id, assessment) = case.assessment(arguments.questionnaire.as_ref())?;
    let id = id.clone();
    let place = place_of(assessment, &arguments.question)?;
    let fact = if arguments.withdraw {
        assessment.response(place).map(|_| Fact::Withdrawn {
            questionnaire: id.clone(),
            question: arguments.question.clone(),
            mistaken: false,
        })
    } else {
        let response = response(&arguments, assessment, place, &workspace, context).await?;
        object(assessment, place, &response)?;
        answered(&id, assessment, place, response, arguments.corrected)
    };
    let Some(fact) = fact else {
        ui::note("recorded just so already");
        return Ok(Answer::Done);
    };
    let draft = Draft::based_on(fact, assessment);
    let changes = case.record(&workspace, &by, vec![draft]).await?;
    let (_, assessment) = case.assessment(Some(&id))?;
    report(assessment, place, &changes, case.book.seq);
    Ok(Answer::Done)
}

/// Reads what was typed into a response.
async fn response(
    arguments: &Arguments,
    assessment: &Assessment,
    place: usize,
    workspace: &Workspace,
    context: &Context,
) -> Result<Response, Failure> {
    let today = assessment.evaluation.day();
    let said = match (&arguments.value, &arguments.na) {
        (Some(value), _) => Said::Value(
            intake::read_value(&assessment.evaluation, place, value)
                .map_err(|faults| refused(&faults))?,
        ),
        (None, Some(reason)) => {
            Said::NotApplicable(intake::read_reason(reason).map_err(|fault| refused(&[fault]))?)
        }
        (None, None) if arguments.none => Said::None,
        (None, None) if arguments.may_not_say => Said::Unknown(Unknown::MayNotSay),
        (None, None) if arguments.nobody_knows => Said::Unknown(Unknown::NobodyKnows),
        (None, None) => Said::Unknown(Unknown::WillFindOut {
            asked: somebody(arguments.asked.as_deref(), workspace, context).await?,
            by: day(arguments.until.as_deref(), today)?,
        }),
    };
    Ok(Response {
        said,
        basis: match &arguments.basis {
            Some(basis) => intake::read_basis(basis).map_err(|fault| refused(&[fault]))?,
            None => Basis::Interview,
        },
        said_by: somebody(arguments.said_by.as_deref(), workspace, context).await?,
        said_on: day(arguments.said_on.as_deref(), today)?.unwrap_or(today),
        note: arguments.note.clone(),
        private_note: arguments.private_note.clone(),
    })
}

async fn somebody(
    name: Option<&str>,
    workspace: &Workspace,
    context: &Context,
) -> Result<Option<PersonId>, Failure> {
    match name {
        Some(name) => context.person(workspace, name).await.map(Some),
        None => Ok(None),
    }
}

fn day(text: Option<&str>, today: Day) -> Result<Option<Day>, Failure> {
    text.map(|text| intake::read_day(text, today))
        .transpose()
        .map_err(|fault| refused(&[fault]))
}

/// Says what is wrong with what was typed.
fn refused(faults: &[Objection]) -> Failure {
    let problems = faults.iter().map(|fault| problem(fault, None)).collect();
    Failure::usage(Problems(problems))
}

/// Returns an objection as a problem, for the question that it is about.
pub(crate) fn problem(objection: &Objection, question: Option<&QuestionId>) -> Problem {
    let mut plain = objection.clone();
    let help = plain.help.take();
    let message = match question {
        Some(question) => format!("`{question}`: {plain}"),
        None => plain.to_string(),
    };
    let problem = if objection.refuses {
        Problem::error(message)
    } else {
        Problem::warning(message)
    };
    match help {
        Some(help) => problem.help(help),
        None => problem,
    }
}

/// Refuses an answer that cannot be, and says what is odd about one that can.
fn object(assessment: &Assessment, place: usize, response: &Response) -> Result<(), Failure> {
    let question = &assessment.questionnaire().questions[place].id;
    let objections = intake::check(&assessment.evaluation, place, response);
    let problems = Problems(
        objections
            .iter()
            .map(|objection| problem(objection, Some(question)))
            .collect(),
    );
    if problems.any_error() {
        return Err(Failure::usage(problems));
    }
    ui::problems(&problems);
    Ok(())
}

/// Says what was recorded, and what is asked or no longer asked because of it.
fn report(assessment: &Assessment, place: usize, changes: &[Changes], seq: u64) {
    let evaluation = &assessment.evaluation;
    let questions = &assessment.questionnaire().questions;
    let said = evaluation.said(place).map_or_else(
        || "no answer".into(),
        |said| words::said(&questions[place], said),
    );
    ui::note(&inert(&format!(
        "{}: {said} (entry {seq})",
        questions[place].id
    )));
    let listed = |places: &[usize]| {
        let ids: Vec<&str> = places
            .iter()
            .map(|place| questions[*place].id.as_str())
            .collect();
        ids.join(", ")
    };
    for change in changes {
        if !change.opened.is_empty() {
            ui::note(&format!("now asked: {}", listed(&change.opened)));
        }
        if !change.closed.is_empty() {
            ui::note(&format!("no longer asked: {}", listed(&change.closed)));
        }
    }
}
