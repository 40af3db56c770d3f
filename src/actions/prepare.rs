//! Questions to send before a call.

use std::collections::BTreeSet;

use crate::actions::{Case, Failure, Workspace};
use crate::domain::assessment::Assessment;
use crate::domain::id::QuestionnaireId;
use crate::problem::Problem;
use crate::report::Branding;
use crate::report::prepare::{Asking, Leaf, Preparation, answers_file, make, render};
use crate::template::Templates;

/// Which open questions are wanted.
#[derive(Clone, Debug)]
pub struct Questions {
    /// Under which questionnaire; the only one where none is named.
    pub questionnaire: Option<QuestionnaireId>,
    /// Only what this team knows.
    pub team: Option<String>,
    /// Only what was asked of this person, by id or name.
    pub person: Option<String>,
    /// Whose page it is.
    pub branding: Branding,
}

/// Questions, and the files to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The questions.
    pub preparation: Preparation,
    /// The name and the bytes of each file; none where nothing is open.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Case {
    /// Collects the open questions and lays them out, without writing anything.
    ///
    /// # Errors
    /// When there is no such assessment, team or person; what is wrong with a template.
    pub async fn prepare(
        &self,
        workspace: &Workspace,
        templates: &Templates,
        wanted: &Questions,
    ) -> Result<Prepared, Failure> {
        let (questionnaire, assessment) = self.assessment(wanted.questionnaire.as_ref())?;
        if let Some(team) = &wanted.team {
            known_team(assessment, team)?;
        }
        let person = match &wanted.person {
            Some(person) => Some(workspace.known_person(person).await?.id),
            None => None,
        };
        let names = workspace.names().await?;
        let asking = Asking {
            book: &self.book,
            questionnaire,
            names: &names,
            branding: &wanted.branding,
            team: wanted.team.as_deref(),
            person: person.as_ref(),
        };
        let preparation = make(&asking)
            .ok_or_else(|| Failure::failed(Problem::error("there is no such assessment")))?;
        let files = lay_out(&preparation, templates)?;
        Ok(Prepared { preparation, files })
    }
}

fn lay_out(
    preparation: &Preparation,
    templates: &Templates,
) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    if preparation.questions == 0 {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for leaf in [Leaf::Html, Leaf::Markdown] {
        let bytes = render(preparation, templates, leaf)
            .map_err(|error| Failure::failed(Problem::from(error)))?;
        files.push((preparation.file_name(leaf), bytes));
    }
    let answers = answers_file(preparation);
    files.push((preparation.answers_file.clone(), answers.into_bytes()));
    Ok(files)
}

/// Refuses a team that no question names.
///
/// # Errors
/// With the teams that there are.
pub fn known_team(assessment: &Assessment, team: &str) -> Result<(), Failure> {
    let questions = assessment.questionnaire().questions.iter();
    let known: BTreeSet<&str> = questions.filter_map(|one| one.ask.as_deref()).collect();
    if known.contains(team) {
        return Ok(());
    }
    let problem = Problem::error(format!("nothing is asked of a team `{team}`"));
    Err(Failure::usage(if known.is_empty() {
        problem.help("this questionnaire names no teams: leave out `--ask`")
    } else {
        let known: Vec<&str> = known.into_iter().collect();
        problem.help(format!("name one of {}", known.join(", ")))
    }))
}
