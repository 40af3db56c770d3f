//! Going on under another text of a questionnaire: looked at first, then done.

use std::sync::Arc;

use crate::actions::begin::PINNED;
use crate::actions::{Case, Draft, Failure, Workspace};
use crate::catalog::library::Pinned;
use crate::domain::id::{PersonId, QuestionnaireId};
use crate::domain::ledger::Fact;
use crate::domain::questionnaire::{Questionnaire, Version};
use crate::domain::upgrade::Upgrade;
use crate::problem::Problem;
use crate::store::Text;

/// An upgrade that could be done.
#[derive(Clone, Debug)]
pub struct PlannedUpgrade {
    /// The questionnaire.
    pub questionnaire: QuestionnaireId,
    /// What it comes to.
    pub upgrade: Upgrade,
    /// The text to go on under.
    text: Arc<Questionnaire>,
    /// The same, as it is kept.
    pinned: Pinned,
}

impl Case {
    /// Looks at what it comes to when the assessment under `questionnaire`, or the only one, goes on under the text at hand; nothing
    /// where it goes by that text already.
    ///
    /// # Errors
    /// When there is no such assessment, the text at hand cannot be used, or it is of an older version.
    pub fn plan_upgrade(
        &self,
        workspace: &Workspace,
        questionnaire: Option<&QuestionnaireId>,
    ) -> Result<Option<PlannedUpgrade>, Failure> {
        let (id, before) = self.assessment(questionnaire)?;
        let (text, pinned) = workspace.library.load(id)?;
        if text.hash == before.questionnaire().hash {
            return Ok(None);
        }
        refuse_older(id, before.questionnaire().version, text.version)?;
        let text = Arc::new(text);
        let after = { self.book.under(id, Arc::clone(&text)) }
            .expect("the assessment was found in the same book");
        Ok(Some(PlannedUpgrade {
            questionnaire: id.clone(),
            upgrade: Upgrade::of(before, &after, self.book.today),
            text,
            pinned,
        }))
    }

    /// Does a planned upgrade: the text is kept and the change recorded, both or neither.
    ///
    /// # Errors
    /// When somebody else changed the text since, or the store fails.
    pub async fn upgrade(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        planned: PlannedUpgrade,
    ) -> Result<(), Failure> {
        let text = planned.pinned.hash;
        self.texts.insert(text, planned.text);
        let fact = Fact::QuestionnaireChanged {
            questionnaire: planned.questionnaire,
            text,
        };
        let file = Text::new(PINNED, planned.pinned.bytes);
        self.record_with(workspace, by, vec![Draft::free(fact)], &[file])
            .await?;
        Ok(())
    }
}

/// Refuses to go back to an older version: nothing says what becomes of answers to what came after it.
fn refuse_older(id: &QuestionnaireId, pinned: Version, at_hand: Version) -> Result<(), Failure> {
    if at_hand >= pinned {
        return Ok(());
    }
    let message = format!(
        "the assessment goes by `{id}` {pinned}, and the questionnaire at hand is older: {at_hand}"
    );
    Err(Failure::usage(Problem::error(message).help(
        "migrations lead forward only; name a folder with a newer one with `--questionnaires`",
    )))
}
