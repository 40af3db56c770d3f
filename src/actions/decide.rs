//! Deciding about findings.

use crate::actions::{Case, Draft, Failure, Workspace};
use crate::domain::assessment::Assessment;
use crate::domain::decision::{Action, Decision, FindingDecision};
use crate::domain::id::{FindingKey, PersonId, QuestionnaireId};
use crate::domain::ledger::Fact;
use crate::problem::{Problem, Problems};

impl Case {
    /// Records a decision about several findings, all or none. A finding's id without a row means every row that stands now, and
    /// never a later one.
    ///
    /// # Errors
    /// Every finding that does not exist or about which this cannot be decided now, and why.
    pub async fn decide(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        questionnaire: Option<&QuestionnaireId>,
        findings: &[FindingKey],
        action: &Action,
    ) -> Result<Vec<FindingKey>, Failure> {
        let (id, assessment) = self.assessment(questionnaire)?;
        let keys = resolve(assessment, findings)?;
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
        self.record(workspace, by, drafts).await?;
        Ok(keys)
    }
}

/// Returns the findings that keys name: one for a key with a row, every standing row for a key without.
///
/// # Errors
/// Every key that names nothing, with the nearest that does.
pub fn resolve(assessment: &Assessment, keys: &[FindingKey]) -> Result<Vec<FindingKey>, Failure> {
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
                .filter(|(row, life)| row.id == key.id && life.stands());
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
    let known = assessment.questionnaire().finding(&key.id).is_some();
    if known {
        return Problem::error(format!("`{key}` was never raised"))
            .help("see what was with `readiness finding list CUSTOMER --all`");
    }
    let wanted = key.to_string();
    let near = assessment
        .lives
        .keys()
        .map(ToString::to_string)
        .map(|known| (strsim::jaro_winkler(&known, &wanted), known))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(alike, _)| *alike > 0.75);
    let problem = Problem::error(format!("no finding is called `{key}`"));
    match near {
        Some((_, near)) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help("see `readiness finding list CUSTOMER`"),
    }
}
