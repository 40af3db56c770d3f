//! What a review records: the one place of it that knows actions and the store.

use crate::actions::{Case, Draft, Failure, Settlement, Workspace, answered};
use crate::cli::evidence::review::sitting::{Matter, Sitting, Subject, Task, waits};
use crate::domain::assessment::Assessment;
use crate::domain::id::{PersonId, QuestionnaireId};
use crate::domain::intake;
use crate::domain::proposal::{Hearing, Stands};
use crate::domain::response::{Basis, Response, Said};
use crate::domain::words;
use crate::problem::Problem;

/// A customer whose evidence is reviewed.
pub(crate) struct Keeping<'a> {
    /// Where everything is kept.
    pub(crate) workspace: &'a Workspace,
    /// The customer.
    pub(crate) case: Case,
    /// The assessment.
    pub(crate) id: QuestionnaireId,
    /// Who reviews.
    pub(crate) by: PersonId,
}

impl Keeping<'_> {
    /// Returns the assessment as it stands.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn assessment(&self) -> Result<&Assessment, Failure> {
        Ok(self.case.assessment(Some(&self.id))?.1)
    }

    /// Returns what waits for a person now: titles first, as answers may follow from them.
    ///
    /// # Errors
    /// When a file is missing from the store.
    pub(crate) async fn waiting(&self) -> Result<Vec<Subject>, Failure> {
        let mut subjects: Vec<Subject> = Vec::new();
        let mut labels = Vec::new();
        for source in self.case.sources(self.workspace).await? {
            for unplaced in &source.evidence.unplaced {
                let label = unplaced.label();
                if !labels.contains(&label) {
                    labels.push(label);
                    subjects.push(Subject::Title(Box::new(unplaced.clone())));
                }
            }
        }
        let hearings = self.case.hearings(self.workspace, Some(&self.id)).await?;
        let waiting = hearings.into_iter().filter(waits);
        subjects.extend(waiting.map(|hearing| Subject::Question(Box::new(hearing))));
        Ok(subjects)
    }

    /// Carries out what a face wants done about what is at hand; returns whether the review ends.
    ///
    /// # Errors
    /// When what waits can no longer be told. That something cannot be recorded is said in the sitting.
    pub(crate) async fn carry_out(
        &mut self,
        sitting: &mut Sitting,
        task: Task,
    ) -> Result<bool, Failure> {
        let done = match (task, sitting.matter().cloned()) {
            (Task::Nothing, _) => return Ok(false),
            (Task::Finish, _) => return Ok(true),
            (Task::AcceptAll, _) => self.accept_all().await.map(|count| {
                let taken = words::count(count, "answer", "answers");
                (None, format!("{taken} taken over."))
            }),
            (task, Some(matter)) => self.settle(task, &matter).await,
            (_, None) => return Ok(false),
        };
        match done {
            Ok((Some(fate), message)) => sitting.done(fate, message),
            Ok((None, message)) => sitting.say(message),
            Err(failure) => {
                let problems = failure.problems.0.iter();
                let why: Vec<String> = problems
                    .map(|problem| match &problem.help {
                        Some(help) => format!("{}: {help}", problem.message),
                        None => problem.message.clone(),
                    })
                    .collect();
                sitting.say(why.join("; "));
            }
        }
        sitting.refresh(self.waiting().await?);
        Ok(false)
    }

    async fn settle(
        &mut self,
        task: Task,
        matter: &Matter,
    ) -> Result<(Option<&'static str>, String), Failure> {
        let (workspace, by, id) = (self.workspace, self.by.clone(), self.id.clone());
        match (task, &matter.subject) {
            (Task::Settle(control), Subject::Title(unplaced)) => {
                let settlement = Settlement::new(&unplaced.label(), &control)
                    .map_err(|why| Failure::usage(Problem::error(why)))?;
                self.case.settle(workspace, &by, &[settlement]).await?;
                Ok((Some("settled"), format!("Settled as {control}.")))
            }
            (Task::Accept(day), Subject::Question(hearing)) => {
                let on = day.map(|day| crate::cli::day(&day)).transpose();
                let on = on.map_err(|why| Failure::usage(Problem::error(why)))?;
                let hearings = [&**hearing];
                self.case
                    .accept_proposals(workspace, &by, &id, &hearings, on)
                    .await?;
                Ok((Some("accepted"), "Accepted.".to_owned()))
            }
            (Task::Refuse(reason), Subject::Question(hearing)) => {
                let hearings = [&**hearing];
                self.case
                    .refuse_proposals(workspace, &by, &id, &hearings, &reason)
                    .await?;
                Ok((Some("refused"), "Refused.".to_owned()))
            }
            (Task::Answer(text), Subject::Question(hearing)) => {
                self.answer(hearing.place, &text).await?;
                Ok((Some("answered"), "Answered.".to_owned()))
            }
            _ => Ok((None, String::new())),
        }
    }

    /// Records what somebody says instead of what is proposed.
    async fn answer(&mut self, place: usize, text: &str) -> Result<(), Failure> {
        let assessment = self.assessment()?;
        let evaluation = &assessment.evaluation;
        let refused = |objections: Vec<intake::Objection>| {
            let all: Vec<String> = objections.iter().map(ToString::to_string).collect();
            Failure::usage(Problem::error(all.join("; ")))
        };
        let value = intake::read_value(evaluation, place, text).map_err(refused)?;
        let response = Response {
            said: Said::Value(value),
            basis: Basis::Interview,
            said_by: None,
            said_on: evaluation.day(),
            note: None,
            private_note: None,
        };
        let mut objections = intake::check(evaluation, place, &response);
        objections.retain(|objection| objection.refuses);
        if !objections.is_empty() {
            return Err(refused(objections));
        }
        if let Some(fact) = answered(&self.id, assessment, place, response, false) {
            let draft = Draft::based_on(fact, assessment);
            let by = self.by.clone();
            self.case.record(self.workspace, &by, vec![draft]).await?;
        }
        Ok(())
    }

    async fn accept_all(&mut self) -> Result<usize, Failure> {
        let hearings = self.case.hearings(self.workspace, Some(&self.id)).await?;
        let agreeing: Vec<&Hearing> = hearings.iter().filter(|one| agrees(one)).collect();
        let (by, id) = (self.by.clone(), self.id.clone());
        self.case
            .accept_proposals(self.workspace, &by, &id, &agreeing, None)
            .await
    }
}

/// Returns whether a proposal is dated and contradicts neither the answer nor anything else that a tool says.
pub(crate) fn agrees(hearing: &Hearing) -> bool {
    let proposal = hearing.proposal();
    let fits = proposal
        .is_some_and(|proposal| proposal.on.is_some() && proposal.stands != Stands::Contradicts);
    fits && !hearing.is_disputed()
}
