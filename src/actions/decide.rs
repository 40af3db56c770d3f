//! Deciding about findings, and noting something about them.

use crate::actions::people::People;
use crate::actions::{Case, Draft, Failure, Workspace};
use crate::domain::assessment::Assessment;
use crate::domain::decision::{Action, Decision, FindingDecision, Verb};
use crate::domain::finding::Life;
use crate::domain::id::{FindingKey, PersonId, QuestionnaireId};
use crate::domain::ledger::{Fact, Subject};
use crate::domain::response::MAX_TEXT;
use crate::problem::{Problem, Problems};

impl Case {
    /// Records a decision about several findings, all or none, and whoever is new among `people`. A finding's id without a row
    /// means every row that stands now (to reopen: that is present), and never a later one.
    ///
    /// # Errors
    /// Every finding that does not exist or about which this cannot be decided now, and why. Nobody new is recorded then.
    pub async fn decide(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        people: &People,
        questionnaire: Option<&QuestionnaireId>,
        findings: &[FindingKey],
        action: &Action,
    ) -> Result<Vec<FindingKey>, Failure> {
        self.refuse_to_write_in_the_past()?;
        let (id, assessment) = self.assessment(questionnaire)?;
        let which = match action.verb() {
            Verb::Reopen => Which::Present,
            _ => Which::Standing,
        };
        let keys = resolve(assessment, findings, which)?;
        let mut problems = Problems::default();
        let mut drafts = Vec::new();
        for key in &keys {
            let life = &assessment.lives[key];
            if let Err(refusal) = life.allows(action, by, self.book.today) {
                problems.push(Problem::error(format!("`{key}`: {refusal}")));
                continue;
            }
            let decision = Decision::Finding(FindingDecision {
                finding: key.clone(),
                severity: life.severity,
                need: life.need,
                action: action.clone(),
            });
            let fact = Fact::Decided {
                questionnaire: id.clone(),
                decision,
            };
            drafts.push(Draft::based_on(fact, assessment));
        }
        if problems.any_error() {
            return Err(Failure::usage(problems));
        }
        workspace.record_people(people).await?;
        self.record(workspace, by, drafts).await?;
        Ok(keys)
    }

    /// Notes something about several findings, all or none. An id without a row means the finding with all its rows.
    ///
    /// # Errors
    /// Every finding that does not exist; a note without words, or with too many.
    pub async fn note(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        people: &People,
        questionnaire: Option<&QuestionnaireId>,
        findings: &[FindingKey],
        note: &Note<'_>,
    ) -> Result<(), Failure> {
        self.refuse_to_write_in_the_past()?;
        let (id, assessment) = self.assessment(questionnaire)?;
        resolve(assessment, findings, Which::Known)?;
        let text = note.text.trim_end();
        let problem = match text.len() {
            0 => Some(Problem::error("the note has no words").help("say what is to be noted")),
            length if length > MAX_TEXT => Some(
                Problem::error(format!("a note of {length} bytes is too long")).help(format!(
                    "at most {MAX_TEXT} are kept; put the rest into a document"
                )),
            ),
            _ => None,
        };
        if let Some(problem) = problem {
            return Err(Failure::usage(problem));
        }
        let drafts = findings.iter().map(|key| {
            Draft::free(Fact::Noted {
                questionnaire: id.clone(),
                about: Subject::Finding(key.clone()),
                text: text.to_owned(),
                public: note.public,
            })
        });
        let drafts = drafts.collect();
        workspace.record_people(people).await?;
        self.record(workspace, by, drafts).await?;
        Ok(())
    }
}

/// A note to be made.
#[derive(Clone, Copy, Debug)]
pub struct Note<'a> {
    /// The words.
    pub text: &'a str,
    /// Whether reports to the customer may print them.
    pub public: bool,
}

/// Which of its rows an id without a row means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that stand.
    Standing,
    /// Those that are raised or undetermined, recorded in error or not.
    Present,
    /// All that ever were.
    Known,
}

impl Which {
    fn means(self, life: &Life) -> bool {
        match self {
            Self::Standing => life.stands(),
            Self::Present => life.is_present(),
            Self::Known => true,
        }
    }
}

/// Returns the findings that keys name: one for a key with a row, the rows that `which` tells for a key without.
///
/// # Errors
/// Every key that names nothing, with the nearest that does.
pub fn resolve(
    assessment: &Assessment,
    keys: &[FindingKey],
    which: Which,
) -> Result<Vec<FindingKey>, Failure> {
    let mut found = Vec::new();
    let mut problems = Problems::default();
    for key in keys {
        let before = found.len();
        if assessment.lives.contains_key(key) {
            found.push(key.clone());
        } else if key.row.is_none() {
            let rows = assessment
                .lives
                .iter()
                .filter(|(row, life)| row.id == key.id && which.means(life));
            found.extend(rows.map(|(row, _)| row.clone()));
        }
        if found.len() == before {
            problems.push(no_finding(assessment, key));
        }
    }
    found.sort();
    found.dedup();
    if problems.any_error() {
        return Err(Failure::usage(problems));
    }
    Ok(found)
}

fn no_finding(assessment: &Assessment, key: &FindingKey) -> Problem {
    let has_rows = assessment.lives.keys().any(|known| known.id == key.id);
    if has_rows && key.row.is_none() {
        return Problem::error(format!("no row of `{key}` stands any more"))
            .help("see what was with `readiness finding list CUSTOMER --all`");
    }
    let known = assessment.questionnaire().finding(&key.id).is_some();
    let wanted = key.to_string();
    let near = assessment
        .lives
        .keys()
        .map(ToString::to_string)
        .map(|known| (strsim::jaro_winkler(&known, &wanted), known))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(alike, known)| *alike > 0.75 && *known != wanted);
    let problem = match known {
        true => Problem::error(format!("`{key}` was never raised")),
        false => Problem::error(format!("no finding is called `{key}`")),
    };
    match near {
        Some((_, near)) if !known || has_rows => problem.help(format!("did you mean `{near}`?")),
        _ if known => problem.help("see what was with `readiness finding list CUSTOMER --all`"),
        _ => problem.help("see `readiness finding list CUSTOMER`"),
    }
}
