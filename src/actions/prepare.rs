//! Questions to send before a call.

use std::collections::BTreeSet;

use crate::actions::{Case, Failure, Workspace};
use crate::domain::assessment::Assessment;
use crate::domain::id::QuestionnaireId;
use crate::problem::Problem;
use crate::report::Branding;
use crate::report::prepare::{Asking, Leaf, Preparation, answers_file, make, render, workbook};
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
    /// As what they are wanted.
    pub forms: Vec<Form>,
}

/// As what open questions can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// A page for browsers and printers.
    Html,
    /// A text in Markdown.
    Markdown,
    /// A text file to fill in.
    Answers,
    /// A workbook to fill in.
    Workbook,
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
        let laying = Laying {
            preparation: &preparation,
            assessment,
            ledger: self.ledger.id.to_string(),
        };
        let files = laying.out(templates, &wanted.forms)?;
        Ok(Prepared { preparation, files })
    }
}

/// Questions to be laid out.
struct Laying<'a> {
    preparation: &'a Preparation,
    assessment: &'a Assessment,
    ledger: String,
}

impl Laying<'_> {
    fn out(
        &self,
        templates: &Templates,
        forms: &[Form],
    ) -> Result<Vec<(String, Vec<u8>)>, Failure> {
        if self.preparation.questions == 0 {
            return Ok(Vec::new());
        }
        forms
            .iter()
            .map(|form| self.file(templates, *form))
            .collect()
    }

    fn file(&self, templates: &Templates, form: Form) -> Result<(String, Vec<u8>), Failure> {
        let preparation = self.preparation;
        Ok(match form {
            Form::Html => self.leaf(templates, Leaf::Html)?,
            Form::Markdown => self.leaf(templates, Leaf::Markdown)?,
            Form::Answers => (
                preparation.answers_file.clone(),
                answers_file(preparation).into_bytes(),
            ),
            Form::Workbook => (
                preparation.workbook_name(),
                workbook(preparation, &self.assessment.evaluation, &self.ledger),
            ),
        })
    }

    fn leaf(&self, templates: &Templates, leaf: Leaf) -> Result<(String, Vec<u8>), Failure> {
        let bytes = render(self.preparation, templates, leaf)
            .map_err(|error| Failure::failed(Problem::from(error)))?;
        Ok((self.preparation.file_name(leaf), bytes))
    }
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
