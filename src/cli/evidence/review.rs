//! `readiness evidence review`: what was said, what tools say, and what comes of it.
//!
//! In a terminal a person goes through what waits, one by one; flags do the same without being asked, and elsewhere it is listed.

mod sitting;
mod told;
mod screen;
mod keeping;
mod plain;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io;

use clap::Args;
use serde_json::json;

use crate::actions::{Case, Failure, Workspace};
use crate::cli::assess::terminal::{Input, Screen};
use crate::cli::assess::theme::Theme;
use crate::cli::context::Context;
use crate::cli::evidence::review::keeping::{Keeping, agrees};
use crate::cli::evidence::review::sitting::{Sitting, Task, waits};
use crate::cli::explain::place_of;
use crate::cli::{Answer, ui};
use crate::domain::assessment::Assessment;
use crate::domain::id::{CustomerId, PersonId, QuestionId, QuestionnaireId};
use crate::domain::proposal::{Hearing, Stands};
use crate::domain::time::Day;
use crate::domain::words;
use crate::problem::Problem;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    /// Take over everything that is proposed, dated, and contradicts no answer
    #[arg(long)]
    accept_agreeing: bool,
    /// Take over what is proposed for these questions
    #[arg(long, value_name = "QUESTION", num_args = 1..)]
    accept: Vec<QuestionId>,
    /// Refuse what is proposed for these questions; it is not proposed again for the same evidence
    #[arg(long, value_name = "QUESTION", num_args = 1.., requires = "reason")]
    refuse: Vec<QuestionId>,
    /// Why it is refused
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// From which day undated evidence is, for those accepted
    #[arg(long, value_name = "DATE", value_parser = crate::cli::day)]
    on: Option<Day>,
    /// Go through what waits line by line, for screen readers and pipes
    #[arg(long, conflicts_with_all = ["accept_agreeing", "accept", "refuse", "json", "list"])]
    ask: bool,
    /// List what waits, and ask nothing [default where there is no terminal]
    #[arg(long)]
    list: bool,
    /// List questions too for which nothing is proposed and nothing contradicts
    #[arg(long)]
    all: bool,
    /// The questionnaire, where the customer has several assessments
    #[arg(long, value_name = "ID")]
    questionnaire: Option<QuestionnaireId>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let mut case = workspace.case(&arguments.customer, None).await?;
    let (id, assessment) = case.assessment(arguments.questionnaire.as_ref())?;
    let id = id.clone();
    let writes =
        arguments.accept_agreeing || !arguments.accept.is_empty() || !arguments.refuse.is_empty();
    let hearings = case.hearings(&workspace, Some(&id)).await?;
    if writes {
        let chosen = Chosen::of(&arguments, assessment, &hearings)?;
        let by = context.author(&workspace).await?;
        return chosen
            .record(&arguments, &mut case, &workspace, (&by, &id))
            .await;
    }
    let listed = arguments.list || arguments.all || arguments.json;
    if arguments.ask || (!listed && ui::is_interactive()) {
        let by = context.author(&workspace).await?;
        let dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
        let plain = arguments.ask || dumb;
        return go_through(&workspace, case, by, id, plain).await;
    }
    if arguments.json {
        let rows: Vec<_> = hearings
            .iter()
            .map(|one| as_json(assessment, one))
            .collect();
        ui::json(&rows);
    } else {
        print(&case, assessment, &hearings, arguments.all);
    }
    Ok(Answer::Done)
}

/// What is to be accepted and what refused.
struct Chosen<'h> {
    accepted: Vec<&'h Hearing>,
    refused: Vec<&'h Hearing>,
}

impl<'h> Chosen<'h> {
    fn of(
        arguments: &Arguments,
        assessment: &Assessment,
        hearings: &'h [Hearing],
    ) -> Result<Self, Failure> {
        let find = |question: &QuestionId| {
            let place = place_of(assessment, question)?;
            let mut hearings = hearings.iter();
            hearings.find(|one| one.place == place).ok_or_else(|| {
                Failure::usage(
                    Problem::error(format!("no evidence speaks to `{question}`"))
                        .help("see what there is with `readiness evidence review CUSTOMER --all`"),
                )
            })
        };
        let refused = arguments
            .refuse
            .iter()
            .map(find)
            .collect::<Result<Vec<_>, _>>()?;
        let mut accepted = arguments
            .accept
            .iter()
            .map(find)
            .collect::<Result<Vec<_>, _>>()?;
        let is_in = |list: &[&Hearing], hearing: &Hearing| {
            list.iter().any(|one| one.place == hearing.place)
        };
        if let Some(both) = accepted.iter().find(|one| is_in(&refused, one)) {
            let question = &assessment.questionnaire().questions[both.place].id;
            let problem = Problem::error(format!("`{question}` is accepted and refused"));
            return Err(Failure::usage(problem.help("say one of them")));
        }
        if arguments.accept_agreeing {
            let agreeing = hearings.iter().filter(|hearing| agrees(hearing));
            let more = agreeing.filter(|one| !is_in(&accepted, one) && !is_in(&refused, one));
            let more: Vec<&Hearing> = more.collect();
            accepted.extend(more);
        }
        accepted.sort_by_key(|hearing| hearing.place);
        accepted.dedup_by_key(|hearing| hearing.place);
        Ok(Self { accepted, refused })
    }

    async fn record(
        self,
        arguments: &Arguments,
        case: &mut Case,
        workspace: &Workspace,
        (by, id): (&PersonId, &QuestionnaireId),
    ) -> Result<Answer, Failure> {
        let reason = arguments.reason.as_deref().unwrap_or_default().trim();
        if !self.refused.is_empty() && reason.is_empty() {
            return Err(Failure::usage(
                Problem::error("`--reason` is empty").help("say why"),
            ));
        }
        let count = case
            .accept_proposals(workspace, by, id, &self.accepted, arguments.on)
            .await?;
        if !self.refused.is_empty() {
            case.refuse_proposals(workspace, by, id, &self.refused, reason)
                .await?;
        }
        ui::note(&format!(
            "{} taken over, {} refused",
            words::count(count, "answer", "answers"),
            words::count(self.refused.len(), "proposal", "proposals")
        ));
        Ok(Answer::Done)
    }
}

fn print(case: &Case, assessment: &Assessment, hearings: &[Hearing], all: bool) {
    if case.book.evidence.is_empty() {
        let customer = &case.ledger.customer;
        ui::note(&format!(
            "there is no evidence yet: `readiness evidence import {customer} FILE`"
        ));
        return;
    }
    let shown = hearings.iter().filter(|hearing| all || waits(hearing));
    for hearing in shown {
        plain::print(&told::of_hearing(assessment, hearing));
        ui::line("");
    }
    let count = |of: &dyn Fn(&Hearing) -> bool| hearings.iter().filter(|one| of(one)).count();
    let proposed = count(&|one| one.proposal().is_some());
    ui::note(&format!(
        "{}, of which {} no answer; {}; evidence speaks to {}",
        words::count(proposed, "proposal", "proposals"),
        words::count(count(&agrees), "contradicts", "contradict"),
        words::count(
            count(&Hearing::is_disputed),
            "disagreement",
            "disagreements"
        ),
        words::count(hearings.len(), "question", "questions"),
    ));
}

fn as_json(assessment: &Assessment, hearing: &Hearing) -> serde_json::Value {
    let question = &assessment.questionnaire().questions[hearing.place];
    let proposal = hearing.proposal();
    json!({
        "question": question.id,
        "said": assessment.evaluation.said(hearing.place),
        "outcome": told::outcome_words(assessment, hearing),
        "proposal": proposal.map(|proposal| json!({
            "value": proposal.value,
            "on": proposal.on,
            "stale": proposal.is_stale,
            "stands": match proposal.stands {
                Stands::Open => "open", Stands::Confirms => "confirms", Stands::Contradicts => "contradicts",
            },
            "files": proposal.files,
        })),
        "disagreement": hearing.is_disputed(),
        "opinions": hearing.opinions.iter().enumerate().map(|(at, opinion)| json!({
            "entry": opinion.entry,
            "file": opinion.file,
            "name": opinion.name,
            "tool": opinion.tool,
            "tenant": opinion.tenant,
            "on": opinion.on,
            "stale": opinion.is_stale,
            "observation": opinion.observation,
            "proposes": opinion.proposes,
            "contradicts": hearing.contradicting.contains(&at),
        })).collect::<Vec<_>>(),
    })
}

/// Goes through what waits, one by one: on the full screen, or line by line.
async fn go_through(
    workspace: &Workspace,
    case: Case,
    by: PersonId,
    id: QuestionnaireId,
    plain: bool,
) -> Result<Answer, Failure> {
    let customer = case.ledger.customer.clone();
    let mut keeping = Keeping {
        workspace,
        case,
        id,
        by,
    };
    let mut sitting = Sitting::new(keeping.waiting().await?);
    if sitting.matters.is_empty() {
        ui::note(&format!(
            "nothing waits for a person; see everything with `readiness evidence review {customer} --list --all`"
        ));
        return Ok(Answer::Done);
    }
    if plain {
        plain::run(&mut keeping, &mut sitting, &mut io::stdin().lock()).await?;
    } else {
        full_screen(&mut keeping, &mut sitting).await?;
    }
    let mut fates: BTreeMap<&str, usize> = BTreeMap::new();
    for matter in &sitting.matters {
        *fates.entry(matter.fate.unwrap_or("left")).or_default() += 1;
    }
    let told: Vec<String> = fates
        .iter()
        .map(|(fate, count)| format!("{count} {fate}"))
        .collect();
    ui::note(&told.join(", "));
    Ok(Answer::Done)
}

async fn full_screen(keeping: &mut Keeping<'_>, sitting: &mut Sitting) -> Result<(), Failure> {
    let theme = Theme {
        colour: std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    };
    let mut terminal = Screen::open().map_err(|error| {
        Failure::failed(
            Problem::error(format!("the terminal cannot be driven: {error}"))
                .help("go through line by line with `--ask`"),
        )
    })?;
    loop {
        let name = &keeping.case.book.customer.name;
        let assessment = keeping.assessment()?;
        let drawn = terminal.draw(|frame| screen::draw(frame, sitting, assessment, name, theme));
        let task = match drawn.and_then(|()| terminal.next()) {
            Ok(Input::Draw) => Task::Nothing,
            Ok(Input::Key(key)) => sitting.key(key),
            Ok(Input::Paste(text)) => {
                sitting.paste(&text);
                Task::Nothing
            }
            Ok(Input::End) | Err(_) => Task::Finish,
        };
        if keeping.carry_out(sitting, task).await? {
            return Ok(());
        }
    }
}
