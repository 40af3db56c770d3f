//! Workbooks that come back filled in: what they answer is proposed, and a person accepts it.
//!
//! A customer's team wrote it, alone and without being asked back, so nothing of it counts by itself. What contradicts nothing may be
//! accepted together; what was answered in the meantime, or asked in other words, by name. A file with anything wrong is refused whole.

use crate::actions::{Case, Draft, Failure, People, Workspace, answered};
use crate::catalog::workbook::mark::{Head, HeadFault};
use crate::catalog::workbook::{self, Answer, Filled};
use crate::domain::assessment::Assessment;
use crate::domain::evaluation::Evaluation;
use crate::domain::id::{Hash, PersonId, QuestionnaireId};
use crate::domain::intake;
use crate::domain::response::{NotApplicable, Response, Said};
use crate::importers::spreadsheet::Spreadsheet;
use crate::problem::{Problem, Problems};

/// The most letters of a name.
const MAX_NAME: usize = 100;

/// A workbook held against an assessment.
#[derive(Clone, Debug)]
pub struct Received {
    /// The questionnaire.
    pub questionnaire: QuestionnaireId,
    /// What it answers, in the order of the questionnaire.
    pub offers: Vec<Offer>,
    /// How many of its questions are not answered.
    pub unanswered: usize,
    /// What is odd about it.
    pub warnings: Problems,
}

/// An answer of a workbook.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The place of the question.
    pub place: usize,
    /// The answer as it would be recorded, but for who said it.
    pub response: Response,
    /// Who said it, as they wrote it; untrusted.
    pub said_by: Option<String>,
    /// Where it stands: `Access!D7`.
    pub cell: String,
    /// How it stands to what was said.
    pub stands: Standing,
}

/// How an answer of a workbook stands to what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was said.
    New,
    /// The same was said.
    Same,
    /// The same was said, without the remark.
    Remarks,
    /// Something else was said.
    Differs,
    /// The question is asked in other words by now.
    Reworded,
}

impl Standing {
    /// Returns whether it contradicts nothing and would change something.
    #[must_use]
    pub fn agrees(self) -> bool {
        matches!(self, Self::New | Self::Remarks)
    }

    /// Returns the code that scripts read.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Same => "same",
            Self::Remarks => "remark",
            Self::Differs => "differs",
            Self::Reworded => "reworded",
        }
    }
}

impl Case {
    /// Holds a workbook, called `name`, against the assessment that it was made for; records nothing.
    ///
    /// # Errors
    /// Why it is not one of this customer's that can be read; everything that is wrong with it, by cell.
    pub async fn receive_workbook(
        &self,
        workspace: &Workspace,
        bytes: &[u8],
        name: &str,
    ) -> Result<Received, Failure> {
        let book = Spreadsheet::read(bytes).map_err(|problem| named(problem, name))?;
        let head = Head::read(&book).map_err(|fault| named(headless(fault), name))?;
        self.hold_customer(&head)?;
        let id: QuestionnaireId = head
            .questionnaire
            .parse()
            .map_err(|_| headless(HeadFault::Changed))?;
        let (id, assessment) = self.assessment(Some(&id))?;
        let Filled {
            answers,
            unanswered,
            problems,
        } = workbook::read(&book, &head, &assessment.evaluation);
        let mut problems = problems;
        problems.0.extend(self.dated(&head, assessment));
        let people = workspace.people().await?;
        let judging = Judging {
            evaluation: &assessment.evaluation,
            answers: &answers,
        };
        problems.0.extend(judging.all(people));
        if problems.any_error() {
            problems.0.sort_by_key(|problem| problem.severity);
            return Err(Failure::failed(problems));
        }
        let origin = format!("{}, SHA-256 {}", origin(name), Hash::of(bytes).short());
        let offers = answers
            .into_iter()
            .map(|answer| offer(assessment, answer, &origin))
            .collect();
        Ok(Received {
            questionnaire: id.clone(),
            offers,
            unanswered,
            warnings: problems,
        })
    }

    /// Refuses a workbook of somebody else.
    fn hold_customer(&self, head: &Head) -> Result<(), Failure> {
        let ours = &self.ledger.customer;
        if head.ledger == self.ledger.id.to_string() {
            return Ok(());
        }
        let problem = if head.customer == ours.as_str() {
            Problem::error(format!(
                "the workbook is of another customer who was called `{ours}` too"
            ))
            .help("it may come from another store: open that one with `--store`")
        } else {
            Problem::error(format!(
                "the workbook is of `{}`, not of `{ours}`",
                head.customer
            ))
            .help("import it where it belongs: `readiness answers import CUSTOMER FILE`")
        };
        Err(Failure::failed(problem))
    }

    /// Tells of a workbook that was made from something else than is there now.
    fn dated(&self, head: &Head, assessment: &Assessment) -> Vec<Problem> {
        let mut odd = Vec::new();
        let now = assessment.questionnaire().version.to_string();
        if head.version != now {
            odd.push(
                Problem::warning(format!(
                    "the workbook asks what version {} asked, and it is version {now} by now",
                    head.version
                ))
                .help("what is asked in other words by now has to be accepted by name"),
            );
        }
        if head.sequence > self.ledger.seq() {
            odd.push(
                Problem::warning(format!(
                    "the workbook was made from entry {}, and there are {}",
                    head.sequence,
                    self.ledger.seq()
                ))
                .help("the store may be an older copy: look whether it is the right one"),
            );
        }
        odd
    }

    /// Records the offers of a workbook as answers, all or none, and returns how many that were; `people` holds those who are new.
    ///
    /// # Errors
    /// When somebody answered one of the questions since, or the store fails.
    pub async fn accept_offers(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        people: &mut People,
        questionnaire: &QuestionnaireId,
        offers: &[&Offer],
    ) -> Result<usize, Failure> {
        let (id, assessment) = self.assessment(Some(questionnaire))?;
        let mut drafts = Vec::new();
        for offer in offers {
            let mut response = offer.response.clone();
            if let Some(name) = &offer.said_by {
                response.said_by = Some(people.person(name)?);
            }
            let fact = answered(id, assessment, offer.place, response, false);
            drafts.extend(fact.map(|fact| Draft::based_on(fact, assessment)));
        }
        let count = drafts.len();
        if count > 0 {
            workspace.record_people(people).await?;
            self.record(workspace, by, drafts).await?;
        }
        Ok(count)
    }
}

/// All answers of a workbook, as they stand together.
struct Judging<'a> {
    evaluation: &'a Evaluation,
    answers: &'a [Answer],
}

impl Judging<'_> {
    /// Returns everything to object to; nobody in `people` is recorded.
    fn all(&self, mut people: People) -> Vec<Problem> {
        let mut evaluation = self.evaluation.clone();
        let said = self
            .answers
            .iter()
            .map(|answer| (answer.place, answer.said.clone()));
        evaluation.set_all(said);
        let mut problems = Vec::new();
        for answer in self.answers {
            problems.extend(dated(answer, &evaluation));
            problems.extend(reasonless(answer));
            problems.extend(nameless(answer, &mut people));
            // The day and the reason are told with cells of their own.
            let mut response = response(answer);
            response.said_on = response.said_on.min(evaluation.day());
            response.note.get_or_insert_with(|| ".".into());
            let objections = intake::check(&evaluation, answer.place, &response);
            problems.extend(objections.iter().map(|objection| answer.problem(objection)));
        }
        problems
    }
}

fn dated(answer: &Answer, evaluation: &Evaluation) -> Option<Problem> {
    (answer.on > evaluation.day()).then(|| {
        Problem::error(format!("`{}`: the day is yet to come", answer.day_cell()))
            .help("write the day on which it was true, today at the latest")
    })
}

fn reasonless(answer: &Answer) -> Option<Problem> {
    let is_other = answer.said == Said::NotApplicable(NotApplicable::Other);
    (is_other && answer.remark.is_none()).then(|| {
        Problem::error(format!(
            "`{}`: another reason needs to be told",
            answer.remark_cell()
        ))
        .help("write into the remark why it does not apply")
    })
}

fn nameless(answer: &Answer, people: &mut People) -> Option<Problem> {
    let name = answer.by.as_deref()?;
    let cell = answer.by_cell();
    if name.chars().count() > MAX_NAME || name.contains('\n') {
        let problem = Problem::error(format!("`{cell}`: this is no name"));
        return Some(problem.help("write the name of one person"));
    }
    let failure = people.person(name).err()?;
    let mut problem = failure.problems.0.into_iter().next()?;
    problem.message = format!("`{cell}`: {}", problem.message);
    Some(problem)
}

fn response(answer: &Answer) -> Response {
    Response {
        said: answer.said.clone(),
        basis: answer.basis,
        said_by: None,
        said_on: answer.on,
        note: answer.remark.clone(),
        private_note: None,
    }
}

fn offer(assessment: &Assessment, answer: Answer, origin: &str) -> Offer {
    let mut response = response(&answer);
    response.private_note = Some(format!("workbook {origin}, {}", answer.cell));
    Offer {
        place: answer.place,
        stands: standing(assessment, &answer),
        response,
        said_by: answer.by,
        cell: answer.cell,
    }
}

fn standing(assessment: &Assessment, answer: &Answer) -> Standing {
    let before = assessment.response(answer.place);
    let before = before.and_then(|signed| signed.what.response.as_ref());
    match before {
        Some(before) if before.said == answer.said => {
            let is_told = answer.remark.is_none() || before.note == answer.remark;
            if is_told {
                Standing::Same
            } else {
                Standing::Remarks
            }
        }
        _ if answer.is_reworded => Standing::Reworded,
        // What somebody was to find out is found out.
        None
        | Some(Response {
            said: Said::Unknown(_),
            ..
        }) => Standing::New,
        Some(_) => Standing::Differs,
    }
}

fn headless(fault: HeadFault) -> Problem {
    match fault {
        HeadFault::Missing => Problem::error("the workbook is none that was made to be filled in, or its hidden sheet is gone")
            .help("make one with `readiness prepare CUSTOMER --format xlsx`, and copy the answers into it"),
        HeadFault::Changed => Problem::error("the hidden sheet of the workbook was changed, so that nobody can tell what it answers")
            .help("copy the answers into the workbook as it was sent"),
        HeadFault::Newer => Problem::error("the workbook was made by a newer version of this program")
            .help("import it with that version"),
    }
}

/// Names the file that a problem is about.
fn named(mut problem: Problem, name: &str) -> Problem {
    problem.message = format!("`{name}`: {}", problem.message);
    problem
}

/// Returns the name of a file without its folders, short enough for a note.
fn origin(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.chars().take(MAX_NAME).collect()
}
