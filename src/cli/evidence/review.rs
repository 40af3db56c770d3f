//! `readiness evidence review`: what was said, what tools say, and what comes of it.

use std::io::{self, BufRead};

use clap::Args;
use serde_json::json;

use crate::actions::{Case, Failure, Workspace};
use crate::cli::context::Context;
use crate::cli::explain::place_of;
use crate::cli::ui::Tone;
use crate::cli::{Answer, ui};
use crate::domain::assessment::Assessment;
use crate::domain::id::{CustomerId, PersonId, QuestionId, QuestionnaireId};
use crate::domain::proposal::{Hearing, Proposed, Stands};
use crate::domain::time::Day;
use crate::domain::words;
use crate::markdown::inert_line;
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
    /// Go through the proposals one by one, and ask
    #[arg(long, conflicts_with_all = ["accept_agreeing", "accept", "refuse", "json"])]
    ask: bool,
    /// Show questions too for which nothing is proposed and nothing contradicts
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
    if arguments.ask {
        let by = context.author(&workspace).await?;
        return ask(&mut case, &workspace, &by, &id).await;
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

/// Returns whether a proposal is dated and contradicts neither the answer nor anything else that a tool says.
fn agrees(hearing: &Hearing) -> bool {
    let proposal = hearing.proposal();
    let fits = proposal
        .is_some_and(|proposal| proposal.on.is_some() && proposal.stands != Stands::Contradicts);
    fits && !hearing.is_disputed()
}

fn is_worth_showing(hearing: &Hearing) -> bool {
    let differs = matches!(
        hearing.outcome,
        Proposed::Answer(_) | Proposed::Differ | Proposed::Tenants(_) | Proposed::Unfit(_)
    );
    differs || hearing.is_disputed()
}

fn print(case: &Case, assessment: &Assessment, hearings: &[Hearing], all: bool) {
    if case.book.evidence.is_empty() {
        let customer = &case.ledger.customer;
        ui::note(&format!(
            "there is no evidence yet: `readiness evidence import {customer} FILE`"
        ));
        return;
    }
    let shown = hearings
        .iter()
        .filter(|hearing| all || is_worth_showing(hearing));
    for hearing in shown {
        print_one(assessment, hearing);
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

fn print_one(assessment: &Assessment, hearing: &Hearing) {
    let question = &assessment.questionnaire().questions[hearing.place];
    let text = assessment.evaluation.text(&question.text);
    ui::line(&format!(
        "{}  {}",
        ui::tone(Tone::Strong, question.id.as_str()),
        inert_line(&text)
    ));
    ui::line(&format!("  said      {}", said(assessment, hearing.place)));
    for (at, opinion) in hearing.opinions.iter().enumerate() {
        let sign = if hearing.contradicting.contains(&at) {
            "  ≠ said"
        } else {
            ""
        };
        let words = inert_line(&opinion.words(&question.kind));
        ui::line(&format!("  tool      {words}{sign}"));
    }
    let words = outcome_words(assessment, hearing);
    let tone = if hearing.is_disputed() {
        Tone::Warn
    } else {
        Tone::Good
    };
    ui::line(&format!("  {}", ui::tone(tone, &words)));
}

/// Returns what was said to a question, how it is known and from when.
fn said(assessment: &Assessment, place: usize) -> String {
    let question = &assessment.questionnaire().questions[place];
    let given = assessment.response(place);
    let response = given.and_then(|given| given.what.response.as_ref());
    response.map_or_else(
        || "nothing yet".into(),
        |response| {
            inert_line(&format!(
                "{}, {} on {}",
                words::said(question, &response.said),
                response.basis.words(),
                words::day(response.said_on)
            ))
        },
    )
}

/// Returns what comes of the opinions.
fn outcome_words(assessment: &Assessment, hearing: &Hearing) -> String {
    let kind = &assessment.questionnaire().questions[hearing.place].kind;
    match &hearing.outcome {
        Proposed::Nothing => "no proposal: no tool measured what is asked".into(),
        Proposed::Agreed => "no proposal: the answer is as well known as the evidence is".into(),
        Proposed::Refused(value) => {
            format!(
                "refused before, for this evidence: {}",
                words::value(kind, value)
            )
        }
        Proposed::Differ => "no proposal: the sources differ; a person decides".into(),
        Proposed::Tenants(missing) => {
            format!(
                "no proposal: nothing is known of the tenant {}",
                missing.join(", ")
            )
        }
        Proposed::Unfit(reason) => format!("no proposal: it would not fit: {reason}"),
        Proposed::Answer(proposal) => {
            let of = proposal.on.map_or_else(|| "undated".into(), words::day);
            let stale = if proposal.is_stale {
                ", to review again at once"
            } else {
                ""
            };
            let how = match proposal.stands {
                Stands::Open => "the question is open",
                Stands::Confirms => "it confirms what was said",
                Stands::Contradicts => "it contradicts what was said",
            };
            let value = words::value(kind, &proposal.value);
            format!("proposed  {value} ({of}{stale}; {how})")
        }
    }
}

fn as_json(assessment: &Assessment, hearing: &Hearing) -> serde_json::Value {
    let question = &assessment.questionnaire().questions[hearing.place];
    let proposal = hearing.proposal();
    json!({
        "question": question.id,
        "said": assessment.evaluation.said(hearing.place),
        "outcome": outcome_words(assessment, hearing),
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

/// Goes through the proposals one by one.
async fn ask(
    case: &mut Case,
    workspace: &Workspace,
    by: &PersonId,
    id: &QuestionnaireId,
) -> Result<Answer, Failure> {
    let mut lines = io::stdin().lock().lines();
    let hearings = case.hearings(workspace, Some(id)).await?;
    for hearing in hearings.iter().filter(|hearing| is_worth_showing(hearing)) {
        let (_, assessment) = case.assessment(Some(id))?;
        let question = assessment.questionnaire().questions[hearing.place]
            .id
            .clone();
        print_one(assessment, hearing);
        ui::line("  [a]ccept  [r]efuse REASON  [s]kip  [q]uit");
        let Some(Ok(line)) = lines.next() else {
            break;
        };
        let line = line.trim();
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let done = match verb {
            "a" | "accept" => case
                .accept_proposals(workspace, by, id, &[hearing], None)
                .await
                .map(|_| ()),
            "r" | "refuse" if rest.trim().is_empty() => {
                ui::note(&format!("say why: r REASON; `{question}` was skipped"));
                Ok(())
            }
            "r" | "refuse" => {
                case.refuse_proposals(workspace, by, id, &[hearing], rest.trim())
                    .await
            }
            "q" | "quit" => break,
            _ => {
                ui::note(&format!(
                    "skipped; answer otherwise with `readiness answer CUSTOMER {question} …`"
                ));
                Ok(())
            }
        };
        if let Err(failure) = done {
            ui::problems(&failure.problems);
        }
    }
    Ok(Answer::Done)
}
