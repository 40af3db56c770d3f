//! Carrying answers over from another questionnaire of the customer.

use crate::actions::{Case, Draft, Failure, Workspace, answered};
use crate::domain::carry::{Proposal, proposals};
use crate::domain::id::{PersonId, QuestionnaireId};

impl Case {
    /// Returns what the assessment under `questionnaire` could take over from the customer's others. Where none is named and there
    /// are several, it is the only one that takes anything over.
    ///
    /// # Errors
    /// When there is no such assessment, or it has to be named.
    pub fn carried(
        &self,
        questionnaire: Option<&QuestionnaireId>,
    ) -> Result<(&QuestionnaireId, Vec<Proposal>), Failure> {
        let assessments = self.book.assessments.iter();
        let mut taking = assessments
            .filter(|(_, assessment)| !assessment.questionnaire().carry.is_empty())
            .map(|(id, _)| id);
        let only = taking.next().filter(|_| taking.next().is_none());
        let (id, _) = self.assessment(questionnaire.or(only))?;
        Ok((id, proposals(&self.book, id)))
    }

    /// Records those of `proposals` that nothing disputes as answers, all or none, and returns how many.
    ///
    /// # Errors
    /// When somebody answered one of the questions since, or the store fails.
    pub async fn carry(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        questionnaire: &QuestionnaireId,
        proposals: Vec<Proposal>,
    ) -> Result<usize, Failure> {
        let (id, assessment) = self.assessment(Some(questionnaire))?;
        let undisputed = proposals.into_iter().filter(|one| !one.disputed);
        let drafts: Vec<Draft> = undisputed
            .filter_map(|one| {
                let place = assessment.questionnaire().question(&one.question)?;
                let fact = answered(id, assessment, place, one.response, false)?;
                Some(Draft::based_on(fact, assessment))
            })
            .collect();
        let count = drafts.len();
        if count > 0 {
            self.record(workspace, by, drafts).await?;
        }
        Ok(count)
    }
}
