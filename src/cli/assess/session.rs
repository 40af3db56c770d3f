//! A customer's assessment while somebody walks through it: what is kept, and the scene that shows it.
//!
//! The only place of the walk that knows actions and the store. Whatever it returns from is on the disk.

use std::collections::BTreeMap;

use crate::actions::{About, Case, Draft, Failure, Workspace};
use crate::cli::assess::scene::Scene;
use crate::domain::assessment::Assessment;
use crate::domain::id::{CustomerId, PersonId, QuestionnaireId};
use crate::domain::proposal::Source;
use crate::domain::time::Instant;
use crate::domain::walk::Recording;

/// A customer's assessment while somebody walks through it.
pub(crate) struct Session<'a> {
    workspace: &'a Workspace,
    case: Case,
    questionnaire: QuestionnaireId,
    by: PersonId,
    names: BTreeMap<PersonId, String>,
    saved: Option<Instant>,
    sources: Vec<Source>,
}

impl<'a> Session<'a> {
    /// Loads the customer, and begins the assessment where there is none.
    ///
    /// # Errors
    /// When there is no such customer, the questionnaire cannot be used, or the store fails.
    pub(crate) async fn open(
        workspace: &'a Workspace,
        customer: &CustomerId,
        questionnaire: Option<&QuestionnaireId>,
        by: PersonId,
    ) -> Result<Self, Failure> {
        let mut case = workspace.case(customer, None).await?;
        let (questionnaire, _) = case.begin(workspace, &by, questionnaire).await?;
        Ok(Self {
            names: workspace.names().await?,
            sources: case.sources(workspace).await?,
            case,
            questionnaire,
            workspace,
            by,
            saved: None,
        })
    }

    /// Returns the assessment as it stands.
    pub(crate) fn assessment(&self) -> &Assessment {
        self.case
            .book
            .assessments
            .get(&self.questionnaire)
            .expect("it was begun when the session was opened, and assessments never go away")
    }

    /// Returns the time.
    pub(crate) fn now(&self) -> Instant {
        self.workspace.clock.now()
    }

    /// Returns what is shown.
    pub(crate) fn scene(&self) -> Scene<'_> {
        Scene {
            book: &self.case.book,
            assessment: self.assessment(),
            names: &self.names,
            now: self.now(),
            saved: self.saved,
            sources: &self.sources,
        }
    }

    /// Keeps something; it is on the disk when this returns.
    ///
    /// # Errors
    /// When somebody else recorded something about the same question since, showing both, or the store fails.
    pub(crate) async fn record(&mut self, recording: &Recording) -> Result<(), Failure> {
        let fact = recording.fact(&self.questionnaire);
        let about = About::of(&fact);
        let draft = Draft {
            based_on: about.map(|about| (about, recording.based_on)),
            fact,
        };
        self.case
            .record(self.workspace, &self.by, vec![draft])
            .await?;
        self.saved = Some(self.now());
        Ok(())
    }

    /// Returns the person that somebody typed; a new name is recorded.
    ///
    /// # Errors
    /// When the name cannot be used.
    pub(crate) async fn person(&mut self, name: &str) -> Result<PersonId, Failure> {
        let (person, _) = self.workspace.person(name).await?;
        self.names.insert(person.id.clone(), person.name);
        Ok(person.id)
    }
}

/// Returns why something failed, in one line.
pub(crate) fn why(failure: &Failure) -> String {
    let problems = failure.problems.0.iter().map(ToString::to_string);
    problems.collect::<Vec<_>>().join("; ")
}
