//! Stepping from one phase to another, and starting all the same.

use crate::actions::evidence::document;
use crate::actions::people::People;
use crate::actions::{Case, Draft, Failure, FileAtHand, Workspace};
use crate::domain::assessment::Assessment;
use crate::domain::decision::{Decision, StartOverride};
use crate::domain::exhibit::{Exhibit, Matter};
use crate::domain::finding::reachable;
use crate::domain::id::{PersonId, QuestionnaireId};
use crate::domain::ledger::Fact;
use crate::domain::phase::{Approval, Phase, PhaseChange, PhaseRefusal};
use crate::domain::response::MAX_TEXT;
use crate::domain::{phrases, scoring, words};
use crate::markdown::inert_line;
use crate::problem::{Problem, Problems};
use crate::store::Text;

/// A step that somebody wants to take.
#[derive(Clone, Debug)]
pub struct Step {
    /// The step.
    pub change: PhaseChange,
    /// To start all the same: why, and who approved it.
    pub start: Option<(String, PersonId)>,
    /// The document that shows the approval; it is kept as evidence, and the step names it.
    pub approval: Option<FileAtHand>,
}

impl Case {
    /// Records that the customer came into another phase, with the override that it needs, where one is given.
    ///
    /// # Errors
    /// When the phase cannot follow, saying why and what is allowed; when a reason is missing or a day cannot be; when the document is
    /// empty or too large.
    pub async fn step(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        people: &People,
        questionnaire: Option<&QuestionnaireId>,
        step: Step,
    ) -> Result<(), Failure> {
        self.refuse_to_write_in_the_past()?;
        let mut problems = said(&step);
        problems.0.extend(self.days(&step.change).0);
        let mut drafts = Vec::new();
        let assessed = match self.assessment(questionnaire) {
            Ok((id, assessment)) => Some((id, assessment)),
            Err(failure) if questionnaire.is_some() || step.start.is_some() => return Err(failure),
            Err(_) => None,
        };
        if let (Some((reason, approved_by)), Some((id, _))) = (&step.start, assessed) {
            if approved_by == by {
                problems.push(
                    Problem::error("whoever records the override cannot approve it")
                        .help("name another with `--approved-by`, or let them record it"),
                );
            }
            drafts.push(Draft::free(Fact::Decided {
                questionnaire: id.clone(),
                decision: Decision::Start(StartOverride {
                    reason: reason.trim().to_owned(),
                    approved_by: approved_by.clone(),
                    on: step.change.on,
                }),
            }));
        }
        let assessment = assessed.map(|(_, assessment)| assessment);
        if let Err(refusal) = self.may_step(&step, assessment) {
            problems.push(refusal);
        }
        if problems.any_error() {
            return Err(Failure::usage(problems));
        }
        let mut change = step.change;
        change.reason = change.reason.trim().to_owned();
        let mut files = Vec::new();
        if let Some(file) = step.approval {
            let (exhibit, file) = approval(file)?;
            change.approval = Some(Approval {
                name: exhibit.name.clone(),
                sha256: exhibit.file,
            });
            if self.book.approval(exhibit.file).is_none() {
                self.refuse_too_much(&[&exhibit])?;
                drafts.push(Draft::free(Fact::EvidenceAdded(exhibit)));
                files.push(file);
            }
        }
        drafts.push(Draft::free(Fact::PhaseChanged(change)));
        workspace.record_people(people).await?;
        self.record_with(workspace, by, drafts, &files).await?;
        Ok(())
    }

    fn may_step(&self, step: &Step, assessment: Option<&Assessment>) -> Result<(), Problem> {
        let (phase, _) = self.book.phase();
        let verdict = assessment.map(|one| scoring::verdict(one, self.book.today));
        let is_ready = verdict.as_ref().is_some_and(|one| one.code.is_ready());
        let overridden = assessment.is_some_and(|one| !one.overrides.is_empty());
        let to = step.change.to;
        let Err(refusal) = phase.step(to, is_ready || overridden || step.start.is_some()) else {
            return Ok(());
        };
        Err(match refusal {
            PhaseRefusal::Leap { .. } => {
                let next: Vec<String> = phase.next().iter().map(|one| code(*one)).collect();
                Problem::error(refusal.to_string())
                    .help(format!("from here go to {}", next.join(" or ")))
            }
            PhaseRefusal::NotReady => {
                let why = match (assessment, &verdict) {
                    (Some(assessment), Some(verdict)) => phrases::verdict(assessment, verdict),
                    _ => "nothing was assessed yet".to_owned(),
                };
                Problem::error(format!("{refusal}: {why}")).help("close what stops it (`readiness status`), or start all the same with `--override REASON --approved-by PERSON`")
            }
        })
    }

    /// Returns what is wrong with the day of a step: it has come, and lies not before the step before.
    fn days(&self, change: &PhaseChange) -> Problems {
        let mut problems = Problems::default();
        let today = self.book.today;
        let before = self.book.phases.last().map(|last| last.what.on);
        if change.on > today {
            let message = format!("{} has not come yet", words::day(change.on));
            problems.push(Problem::error(message).help(format!(
                "today is {today}; the planned start is `readiness customer set {} --go-live DATE`",
                self.ledger.customer
            )));
        } else if before.is_some_and(|before| change.on < before) {
            let message = format!("{} lies before the last step", words::day(change.on));
            let last = before.unwrap_or(today);
            problems.push(Problem::error(message).help(format!("give {last} or a later day")));
        } else if reachable("the day", today, change.on).is_err() {
            let message = format!("{} is too long ago", words::day(change.on));
            problems.push(Problem::error(message).help("give a day within ten years"));
        }
        problems
    }
}

/// Makes what is kept of a document that shows an approval.
fn approval(file: FileAtHand) -> Result<(Exhibit, Text), Failure> {
    if file.bytes.is_empty() {
        let name = inert_line(&file.name);
        let problem = Problem::error(format!("`{name}` is no document: it is empty"));
        return Err(Failure::usage(
            problem.help("name the file that shows the approval"),
        ));
    }
    document(file, Matter::Approval)
}

fn code(phase: Phase) -> String {
    format!("`{}`", phase.code())
}

/// Returns what is wrong with the words of a step.
fn said(step: &Step) -> Problems {
    let mut problems = Problems::default();
    let reasons = [
        Some(("--reason", &step.change.reason)),
        step.start
            .as_ref()
            .map(|(reason, _)| ("--override", reason)),
    ];
    for (option, text) in reasons.into_iter().flatten() {
        match text.trim().len() {
            0 => problems.push(
                Problem::error("no reason was given").help(format!("say why with `{option}`")),
            ),
            length if length > MAX_TEXT => problems.push(
                Problem::error(format!("a reason of {length} bytes is too long"))
                    .help(format!("at most {MAX_TEXT} are kept")),
            ),
            _ => {}
        }
    }
    problems
}
