//! Beginning an assessment, and saying things in it.

use crate::actions::{Case, Draft, Failure, Workspace};
use crate::domain::assessment::Assessment;
use crate::domain::id::{PersonId, QuestionnaireId};
use crate::domain::ledger::{Fact, Why};
use crate::domain::response::Response;
use crate::problem::Problem;
use crate::store::Text;

/// The questionnaire that an assessment begins with when none is named.
pub const DEFAULT_QUESTIONNAIRE: &str = "defender-experts";

/// The media type of pinned questionnaires.
pub(crate) const PINNED: &str = "application/json";

impl Case {
    /// Begins an assessment under `questionnaire`, or the default one, unless it was begun before; returns its questionnaire and
    /// whether it is new.
    ///
    /// # Errors
    /// When the questionnaire cannot be used, or the store fails.
    pub async fn begin(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        questionnaire: Option<&QuestionnaireId>,
    ) -> Result<(QuestionnaireId, bool), Failure> {
        let id = match (questionnaire, self.book.assessments.len()) {
            (Some(id), _) => id.clone(),
            (None, 1) => self.assessment(None)?.0.clone(),
            (None, 0) => default_questionnaire(workspace)?,
            (None, _) => return self.assessment(None).map(|(id, _)| (id.clone(), false)),
        };
        if self.book.assessments.contains_key(&id) {
            return Ok((id, false));
        }
        let (questionnaire, pinned) = workspace.library.load(&id)?;
        let text = pinned.hash;
        self.texts.insert(text, std::sync::Arc::new(questionnaire));
        let fact = Fact::Opened {
            questionnaire: id.clone(),
            text,
        };
        let file = Text::new(PINNED, pinned.bytes);
        self.record_with(workspace, by, vec![Draft::free(fact)], &[file])
            .await?;
        Ok((id, true))
    }
}

/// Returns the only questionnaire there is, or the one that is taken when there are several.
fn default_questionnaire(workspace: &Workspace) -> Result<QuestionnaireId, Failure> {
    let listed = workspace.library.list();
    let only = match listed.as_slice() {
        [only] => only.id.clone(),
        _ => DEFAULT_QUESTIONNAIRE.to_owned(),
    };
    only.parse().map_err(|fault: crate::domain::id::IdFault| {
        Failure::usage(Problem::error(fault.to_string()))
    })
}

/// Returns the fact that records `response` to the question at `place`; nothing where it was recorded just so.
#[must_use]
pub fn answered(
    questionnaire: &QuestionnaireId,
    assessment: &Assessment,
    place: usize,
    response: Response,
    corrects: bool,
) -> Option<Fact> {
    let question = assessment.questionnaire().questions[place].id.clone();
    let before = assessment.response(place);
    let why = match before.and_then(|signed| Some((signed, signed.what.response.as_ref()?))) {
        None => Why::New,
        Some((_, old)) if *old == response => return None,
        Some(_) if corrects => Why::Corrected,
        Some((_, old)) if old.said == response.said => Why::Confirmed,
        Some(_) => Why::Changed,
    };
    Some(Fact::Answered {
        questionnaire: questionnaire.clone(),
        question,
        response,
        why,
    })
}
