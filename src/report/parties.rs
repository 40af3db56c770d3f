//! Action plans: what is to be done, grouped by who must act and who owns it.

use std::collections::BTreeMap;

use crate::domain::decision::Party;
use crate::domain::time::Day;
use crate::report::model::{Finding, FindingLink, PartyPlan, PersonPlan, PlanLine};

/// Returns the plan for the findings that somebody must act on.
pub(crate) fn of(findings: &[Finding]) -> Vec<PartyPlan> {
    let mut parties: BTreeMap<Party, BTreeMap<Option<&str>, Vec<PlanLine>>> = BTreeMap::new();
    for finding in findings {
        if let Some(party) = finding.acts {
            let people = parties.entry(party).or_default();
            let lines = people.entry(finding.owner.as_deref()).or_default();
            lines.push(line(finding));
        }
    }
    parties
        .into_iter()
        .map(|(acts, people)| PartyPlan {
            acts,
            people: sorted(people),
        })
        .collect()
}

fn sorted(people: BTreeMap<Option<&str>, Vec<PlanLine>>) -> Vec<PersonPlan> {
    let mut people: Vec<PersonPlan> = (people.into_iter())
        .map(|(owner, mut lines)| {
            lines.sort_by_key(|line| (when(line), line.finding.number));
            PersonPlan {
                owner: owner.map(str::to_owned),
                lines,
            }
        })
        .collect();
    people.sort_by_key(|person| (person.owner.is_none(), person.lines.first().map(when)));
    people
}

/// Returns the day of a line; what has none comes last.
fn when(line: &PlanLine) -> Day {
    line.due.unwrap_or(Day::MAX)
}

fn line(finding: &Finding) -> PlanLine {
    PlanLine {
        finding: FindingLink {
            key: finding.key.clone(),
            number: finding.number,
            title: finding.title.clone(),
        },
        need: finding.need,
        severity: finding.severity,
        due: finding.due,
        overdue: finding.overdue,
        state: finding.state_words.clone(),
        recommendations: finding.recommendations.clone(),
    }
}
