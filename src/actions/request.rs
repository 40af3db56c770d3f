//! Asking people for open answers, and reminding them.

use crate::actions::people::People;
use crate::actions::{Case, Draft, Failure, Workspace};
use crate::catalog::near::nearest;
use crate::domain::assessment::Assessment;
use crate::domain::finding::reachable;
use crate::domain::id::{PersonId, QuestionId, QuestionnaireId};
use crate::domain::ledger::Fact;
use crate::domain::time::Day;
use crate::domain::words;
use crate::problem::{Problem, Problems};

/// What is asked of whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asking {
    /// Somebody is asked.
    Ask {
        /// Whom.
        of: PersonId,
        /// By when they are to say.
        by: Option<Day>,
    },
    /// Whoever was asked is reminded.
    Chase {
        /// The day on which they were.
        on: Day,
        /// By when they are to say now; nothing keeps the day.
        by: Option<Day>,
    },
}

impl Case {
    /// Records that people were asked for open answers, or reminded: all or none.
    ///
    /// # Errors
    /// Every question that does not exist, is not asked, or has its answer; to remind, every one that nobody was asked; and days
    /// that cannot be. Nobody new is recorded then. When somebody else asked or answered in the meantime, showing both.
    pub async fn request(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        people: &People,
        questionnaire: Option<&QuestionnaireId>,
        questions: &[QuestionId],
        asking: &Asking,
    ) -> Result<(), Failure> {
        self.refuse_to_write_in_the_past()?;
        let (id, assessment) = self.assessment(questionnaire)?;
        let mut problems = days(asking, self.book.today);
        let mut drafts = Vec::new();
        for question in questions {
            match fact(id, assessment, question, asking) {
                Ok(fact) => drafts.push(Draft::based_on(fact, assessment)),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.any_error() {
            return Err(Failure::usage(problems));
        }
        workspace.record_people(people).await?;
        self.record(workspace, by, drafts).await?;
        Ok(())
    }
}

/// Returns what is wrong with the days.
fn days(asking: &Asking, today: Day) -> Problems {
    let mut problems = Problems::default();
    let (Asking::Ask { by, .. } | Asking::Chase { by, .. }) = asking;
    let refusal = by.and_then(|by| reachable("the day", by, today).err());
    if let Some(refusal) = refusal {
        problems.push(Problem::error(refusal.to_string()));
    }
    if let Asking::Chase { on, .. } = asking
        && *on > today
    {
        let message = format!("nobody was reminded on {} yet", words::day(*on));
        problems.push(Problem::error(message).help(format!("today is {today}")));
    }
    problems
}

fn fact(
    questionnaire: &QuestionnaireId,
    assessment: &Assessment,
    id: &QuestionId,
    asking: &Asking,
) -> Result<Fact, Problem> {
    let place = open_place(assessment, id)?;
    let (of, by, chased) = match asking {
        Asking::Ask { of, by } => (of.clone(), *by, None),
        Asking::Chase { on, by } => match assessment.waits_for(place) {
            Some((Some(of), due)) => (of.clone(), by.or(due), Some(*on)),
            _ => {
                let message = format!("nobody was asked for `{id}`");
                let help = format!("ask with `readiness request ask CUSTOMER {id} --of PERSON`");
                return Err(Problem::error(message).help(help));
            }
        },
    };
    Ok(Fact::Requested {
        questionnaire: questionnaire.clone(),
        question: id.clone(),
        of,
        by,
        chased,
    })
}

/// Returns the place of a question whose answer is open.
fn open_place(assessment: &Assessment, id: &QuestionId) -> Result<usize, Problem> {
    let questionnaire = assessment.questionnaire();
    let Some(place) = questionnaire.question(id) else {
        let known = questionnaire.questions.iter();
        let known = known.map(|question| question.id.as_str());
        let problem = Problem::error(format!("no question is called `{id}`"));
        return Err(match nearest(id.as_str(), known) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help("see `readiness explain CUSTOMER`"),
        });
    };
    if !assessment.evaluation.asked(place).yes() {
        return Err(Problem::error(format!("`{id}` is not asked"))
            .help("there is nothing to answer; `readiness explain` says why"));
    }
    if !assessment.evaluation.is_open(place) {
        return Err(Problem::error(format!("`{id}` has its answer"))
            .help("take it back or change it with `readiness answer`, should it be wrong"));
    }
    Ok(place)
}
