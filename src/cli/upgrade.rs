//! `readiness questionnaire upgrade`: a customer's assessment goes on under the questionnaire at hand.

use clap::Args;
use serde_json::json;

use crate::actions::{Failure, PlannedUpgrade};
use crate::cli::context::Context;
use crate::cli::ui::Tone;
use crate::cli::{Answer, ui};
use crate::domain::id::{CustomerId, FindingKey, QuestionId, QuestionnaireId};
use crate::domain::upgrade::{Left, Standing, Upgrade};
use crate::domain::words;
use crate::markdown::inert;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    /// The questionnaire, where the customer has several assessments
    #[arg(long, value_name = "ID")]
    questionnaire: Option<QuestionnaireId>,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let mut case = workspace.case(&arguments.customer, None).await?;
    let planned = case.plan_upgrade(&workspace, arguments.questionnaire.as_ref())?;
    let Some(planned) = planned else {
        return up_to_date(arguments.json);
    };
    let shown = arguments
        .json
        .then(|| json_of(&planned, !arguments.dry_run));
    if shown.is_none() {
        print(&planned);
    }
    if arguments.dry_run {
        ui::note("nothing was changed; leave out `--dry-run` to do it");
    } else {
        let by = context.author(&workspace).await?;
        case.upgrade(&workspace, &by, planned).await?;
        ui::note(&format!("recorded as entry {}", case.book.seq));
    }
    if let Some(shown) = shown {
        ui::json(&shown);
    }
    Ok(Answer::Done)
}

fn up_to_date(as_json: bool) -> Result<Answer, Failure> {
    if as_json {
        ui::json(&json!({ "up_to_date": true, "applied": false }));
    } else {
        ui::line("already up to date");
    }
    Ok(Answer::Done)
}

fn print(planned: &PlannedUpgrade) {
    let upgrade = &planned.upgrade;
    let head = format!(
        "{} {} → {}",
        planned.questionnaire, upgrade.from, upgrade.to
    );
    ui::line(&ui::tone(Tone::Strong, &head));
    let moved = upgrade.moved.iter();
    list(
        "Moved",
        moved.map(|one| format!("{} → {}", one.from, one.to)),
    );
    list("New", ids(&upgrade.new));
    list("Asked in other words", ids(&upgrade.reworded));
    list("Kept, to be confirmed", ids(&upgrade.to_confirm));
    let unfit = upgrade.unfit.iter();
    list(
        "Kept, and no longer fits: open again",
        unfit.map(|one| format!("{}: {}", one.question, one.reason)),
    );
    list("Gone", upgrade.gone.iter().map(left));
    list("Findings raised", findings(&upgrade.raised));
    list("Findings that no longer stand", findings(&upgrade.fallen));
    ui::line("");
    for (what, before, after) in stands(upgrade) {
        ui::line(&format!("{what:<9} {before} → {after}"));
    }
}

/// Prints a head with how many there are, and one line for each; nothing where there are none.
fn list(head: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return;
    }
    ui::line("");
    ui::line(&ui::tone(
        Tone::Strong,
        &format!("{head} ({})", lines.len()),
    ));
    for line in lines {
        ui::line(&format!("  {}", inert(&line)));
    }
}

fn ids(questions: &[QuestionId]) -> impl Iterator<Item = String> + '_ {
    questions.iter().map(ToString::to_string)
}

fn findings(keys: &[FindingKey]) -> impl Iterator<Item = String> + '_ {
    keys.iter().map(ToString::to_string)
}

fn left(left: &Left) -> String {
    let note = match (left.answered, left.dropped) {
        (false, _) => "not answered",
        (true, true) => "its answer is kept and counts no more",
        (true, false) => "no migration names it; its answer is kept and counts no more",
    };
    format!("{}: {note}", left.question)
}

/// Returns what there is to compare: of what, before, after.
fn stands(upgrade: &Upgrade) -> [(&'static str, String, String); 3] {
    let both = |words: fn(&Standing) -> String| (words(&upgrade.before), words(&upgrade.after));
    let (verdict, then) = both(|standing| inert(&standing.sentence));
    let (score, scored) = both(|standing| {
        let points = standing.score.basis_points();
        points.map_or_else(|| "not assessed".into(), words::percent)
    });
    let (answered, answers) = both(|standing| {
        let done = &standing.completeness;
        format!("{} of {}", done.answered, done.asked)
    });
    [
        ("Verdict", verdict, then),
        ("Score", score, scored),
        ("Answered", answered, answers),
    ]
}

fn json_of(planned: &PlannedUpgrade, applied: bool) -> serde_json::Value {
    let upgrade = &planned.upgrade;
    json!({
        "questionnaire": planned.questionnaire, "from": upgrade.from, "to": upgrade.to,
        "up_to_date": false, "applied": applied,
        "new": upgrade.new, "moved": upgrade.moved, "reworded": upgrade.reworded,
        "to_confirm": upgrade.to_confirm, "unfit": upgrade.unfit, "gone": upgrade.gone,
        "findings_raised": upgrade.raised, "findings_fallen": upgrade.fallen,
        "before": standing_json(&upgrade.before), "after": standing_json(&upgrade.after),
    })
}

fn standing_json(standing: &Standing) -> serde_json::Value {
    json!({
        "verdict": { "code": standing.verdict.code.code(), "sentence": standing.sentence },
        "score": standing.score.basis_points(),
        "asked": standing.completeness.asked, "answered": standing.completeness.answered,
    })
}
