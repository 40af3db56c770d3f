//! From a customer's book to a report: everything that pages say, put into values and words once.
//!
//! Nothing is decided here: verdict, score and states come from the domain. What an audience may see of the result is the business
//! of [`audience`].

mod answers;

mod elsewhere;

mod findings;

mod steps;

mod since;

mod path;
mod evidence;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::domain::assessment::{Assessment, Book, Milestone, Texts};
use crate::domain::decision::Need;
use crate::domain::evaluation::Asked;
use crate::domain::id::{FindingKey, PersonId, QuestionnaireId};
use crate::domain::ledger::{PortalStatus, Subject};
use crate::domain::phrases;
use crate::domain::plan;
use crate::domain::proposal;
use crate::domain::questionnaire::{Citation, Questionnaire};
use crate::domain::response::{Basis, Said};
use crate::domain::scoring::{self, Protected, View};
use crate::domain::time::Day;
use crate::report::audience;
use crate::report::branding::Branding;
use crate::report::build::findings::{Few, Findings};
use crate::report::model::{
    Actions, Anchor, Audience, Cite, Coverage, Customer, Cut, DecisionNeeded, Head, Knowledge,
    LeftOut, NotApplicable, NotConcerned, Open, OpenQuestion, Portal, PortalAsset, QuestionLink,
    Reason, Report, Score, SectionScore, Service, Source, StartOverride, Status, Tenant, Verdict,
};
use crate::report::parties;
use crate::template::{TemplateError, Templates};

/// How many findings a list of sentences names before it counts the rest; how many where each is a step or asks for a decision.
const FEW: usize = 6;
const FEW_STEPS: usize = 3;
const FEW_DECISIONS: usize = 4;

/// What a report is made from.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The customer and their assessments, as of the day that the report is for.
    pub book: &'a Book,
    /// Under which questionnaire.
    pub questionnaire: &'a QuestionnaireId,
    /// The same as of the milestones before, from the oldest.
    pub past: &'a [(Milestone, Book)],
    /// The pinned questionnaires that the ledger names.
    pub texts: &'a Texts,
    /// What tools' files say.
    pub evidence: &'a [proposal::Source],
    /// The names of people.
    pub names: &'a BTreeMap<PersonId, String>,
    /// Whose report it is.
    pub branding: &'a Branding,
    /// What it says of itself.
    pub edition: &'a Edition,
    /// Name and version of the program.
    pub tool: &'a str,
}

/// What a report says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// Whether the ledger will hold its digest.
    pub status: Status,
    /// Its version, counted from 1.
    pub version: u32,
    /// The milestone that it is made for.
    pub milestone: Option<String>,
    /// Who prepared it; else the customer's manager.
    pub prepared_by: Option<PersonId>,
    /// For whom.
    pub prepared_for: Option<String>,
    /// When the customer is looked at again.
    pub next_review: Option<Day>,
    /// What is left out of it, whatever its audience may see.
    pub left_out: BTreeSet<LeftOut>,
}

impl Edition {
    /// Returns the next edition that would be issued of the reports on `assessment`: the first version that was not issued yet.
    #[must_use]
    pub fn next(assessment: &Assessment, status: Status) -> Self {
        let issued = assessment.issued.iter().map(|issued| issued.what.version);
        Self {
            status,
            version: issued.max().unwrap_or(0) + 1,
            milestone: None,
            prepared_by: None,
            prepared_for: None,
            next_review: None,
            left_out: BTreeSet::new(),
        }
    }
}

/// What a report is made from, with what is computed once.
struct Making<'a> {
    input: Input<'a>,
    assessment: &'a Assessment,
    today: Day,
    verdict: scoring::Verdict,
}

/// Makes the report for the internal audience; nothing where there is no such assessment.
///
/// # Errors
/// What is wrong with a recommendation or with the page on what the service covers.
pub fn build(
    input: &Input<'_>,
    templates: &Templates,
) -> Result<Option<Report>, Box<TemplateError>> {
    let Some(assessment) = input.book.assessments.get(input.questionnaire) else {
        return Ok(None);
    };
    let today = input.book.today;
    let making = Making {
        input: *input,
        assessment,
        today,
        verdict: scoring::verdict(assessment, today),
    };
    making.report(templates).map(Some)
}

impl<'a> Making<'a> {
    fn report(&self, templates: &Templates) -> Result<Report, Box<TemplateError>> {
        let findings = Findings::of(self);
        let plan = plan::plan(self.assessment, &self.input.book.customer, self.today);
        let mut report = Report {
            audience: Audience::Internal,
            left_out: self.input.edition.left_out.clone(),
            look: self.input.branding.look.clone(),
            head: self.head(),
            verdict: self.verdict(&findings),
            go_live: self.go_live(&plan),
            summary: self.remark(&Subject::Assessment),
            coverage: self.coverage(),
            checklist: self.checklist(),
            portal: self.input.book.portal.as_ref().map(portal),
            stops: Cut::from(findings.stops(self)),
            conditions: Cut::from(findings.conditions(self)),
            decisions: Cut::from(self.decisions(&findings)),
            open: self.open(),
            score: self.score(),
            knowledge: self.knowledge(),
            since: self.since(&findings),
            trend: self.trend(),
            plan: self.written_plan(&plan, &findings),
            not_concerned: Cut::from(self.not_concerned()),
            not_so: self.not_so(),
            not_applicable: Cut::from(self.not_applicable()),
            sections: self.sections(),
            parties: Vec::new(),
            findings: findings.written(self),
            advice: self.advice(),
            responses: self.responses(),
            recommendations: self.recommendations(&findings, templates)?,
            sources: Vec::new(),
            service: self.service(templates)?,
            disagreements: self.disagreements(),
            evidence: self.evidence(),
            anchor: self.anchor(),
        };
        report.parties = parties::of(&report.findings);
        report.sources = self.sources(&report);
        report.leave_out();
        Ok(report)
    }

    fn questionnaire(&self) -> &'a Questionnaire {
        self.assessment.questionnaire()
    }

    /// Returns the name of a person, or the id where the store does not know them; an id tells a name, so it goes with the names.
    fn name(&self, person: &PersonId) -> String {
        let name = self.input.names.get(person).cloned();
        let nameless = self.input.edition.left_out.contains(&LeftOut::Names);
        name.unwrap_or_else(|| match nameless {
            true => audience::SOMEBODY.to_owned(),
            false => person.to_string(),
        })
    }

    /// Returns what is asked.
    fn asks(&self, place: usize) -> String {
        let question = &self.questionnaire().questions[place];
        self.assessment.evaluation.text(&question.text)
    }

    fn id(&self, place: usize) -> String {
        self.questionnaire().questions[place].id.to_string()
    }

    /// Returns the manager's own words about something.
    fn remark(&self, about: &Subject) -> Option<String> {
        let remark = self.assessment.remarks.get(about)?;
        Some(remark.what.clone())
    }

    /// Returns the notes about something, one a paragraph: those that reports print, or the private ones.
    fn notes(&self, about: &[Subject], public: bool) -> Option<String> {
        let notes: Vec<&str> = (self.assessment.notes.iter())
            .filter(|note| note.what.public == public && about.contains(&note.what.about))
            .map(|note| note.what.text.as_str())
            .collect();
        (!notes.is_empty()).then(|| notes.join("\n\n"))
    }

    fn head(&self) -> Head {
        let Input {
            book,
            branding,
            edition,
            ..
        } = self.input;
        let customer = &book.customer;
        let tenants = customer.tenants.iter().map(|(id, tenant)| Tenant {
            id: id.clone(),
            name: tenant.name.clone().or_else(|| tenant.domain.clone()),
        });
        let prepared_by = edition.prepared_by.as_ref().or(customer.manager.as_ref());
        Head {
            title: self.assessment.evaluation.text(&self.questionnaire().title),
            customer: Customer {
                id: customer.id.to_string(),
                name: customer.name.clone(),
                tenants: tenants.collect(),
                seats: customer.seats,
            },
            provider: branding.provider.clone(),
            classification: branding.classification.clone(),
            distribution: branding.distribution.clone(),
            version: edition.version,
            status: edition.status,
            as_of: self.today,
            milestone: edition.milestone.clone(),
            prepared_by: prepared_by.map(|person| self.name(person)),
            prepared_for: edition.prepared_for.clone(),
            next_review: edition.next_review,
            number: self.number(),
            language: self.questionnaire().language.clone(),
        }
    }

    /// Returns the number that the report goes by: the beginning of the last entry's hash, and its sequence.
    fn number(&self) -> String {
        let book = self.input.book;
        let head = book.head.map_or_else(String::new, |head| head.to_string());
        let beginning: String = head.chars().take(4).collect();
        format!("{}-{}", beginning.to_uppercase(), book.seq)
    }

    fn anchor(&self) -> Anchor {
        let questionnaire = self.questionnaire();
        let book = self.input.book;
        Anchor {
            questionnaire: questionnaire.id.to_string(),
            title: self.assessment.evaluation.text(&questionnaire.title),
            version: questionnaire.version.to_string(),
            hash: questionnaire.hash.to_string(),
            sequence: book.seq,
            head: book.head.map_or_else(String::new, |head| head.to_string()),
            layout: None,
            tool: self.input.tool.to_owned(),
        }
    }

    fn verdict(&self, findings: &Findings<'_>) -> Verdict {
        let verdict = &self.verdict;
        let stops = &self.questionnaire().stops;
        let advice: Vec<String> = (verdict.stops.iter())
            .map(|place| self.assessment.evaluation.text(&stops[*place].text))
            .collect();
        let start_override = self.assessment.overrides.last().map(|start| StartOverride {
            reason: start.what.reason.clone(),
            approved_by: self.name(&start.what.approved_by),
            on: start.what.on,
        });
        Verdict {
            code: verdict.code,
            sentence: phrases::verdict(self.assessment, verdict),
            detail: phrases::verdict_detail(verdict),
            advice: (!advice.is_empty()).then(|| advice.join(" ")),
            reasons: self.reasons(findings),
            takes: Cut::from(self.takes(findings)),
            undetermined: Cut::from(self.questions(&verdict.open)),
            start_override,
        }
    }

    fn questions(&self, places: &BTreeSet<usize>) -> Vec<QuestionLink> {
        (places.iter())
            .map(|place| QuestionLink {
                id: self.id(*place),
                text: self.asks(*place),
            })
            .collect()
    }

    fn reasons(&self, findings: &Findings<'_>) -> Vec<Reason> {
        let verdict = &self.verdict;
        let plain = |text| Reason {
            text,
            finding: None,
        };
        let stops = (verdict.stops.iter())
            .map(|place| &self.questionnaire().stops[*place].title)
            .map(|title| plain(self.assessment.evaluation.text(title)));
        let standing = |keys: &[FindingKey], rest: &str| {
            findings.few(keys, FEW, |key| match key {
                Few::One(key) => Reason {
                    finding: Some(key.to_string()),
                    ..plain(format!(
                        "{} ({})",
                        findings.title(key),
                        findings.state_words(self, key)
                    ))
                },
                Few::Rest(more, _) => plain(format!("{more} {rest}")),
            })
        };
        let blocking = standing(&verdict.blocking, "stop the start");
        let conditions = standing(&verdict.not_in_hand, "lack an owner or a date");
        // Which they are stands in `undetermined`.
        let open = match verdict.open.len() {
            0 => None,
            1 => Some(plain("1 answer is missing that can still change it".into())),
            open => Some(plain(format!(
                "{open} answers are missing that can still change it"
            ))),
        };
        (stops.chain(blocking).chain(conditions).chain(open)).collect()
    }

    /// Returns what the start takes; the answers that it takes stand apart.
    fn takes(&self, findings: &Findings<'_>) -> Vec<String> {
        let steps = |keys: &[FindingKey], what: &str| {
            findings.few(keys, FEW_STEPS, |key| match key {
                Few::One(key) => format!("{what}: {}", findings.title(key)),
                Few::Rest(more, _) => format!("{what}: {more}"),
            })
        };
        let verdict = &self.verdict;
        let mut takes = steps(&verdict.blocking, "Close, or have the risk accepted");
        takes.extend(steps(&verdict.not_in_hand, "Find an owner and a date"));
        takes
    }

    /// Returns what nobody has taken yet of what the start needs, most pressing first.
    fn decisions(&self, findings: &Findings<'_>) -> Vec<DecisionNeeded> {
        let verdict = &self.verdict;
        let due = |key: &FindingKey| {
            let due = self
                .assessment
                .lives
                .get(key)?
                .due(&self.input.book.customer)?;
            (due >= self.today).then_some(due)
        };
        let keys = verdict.blocking.iter().chain(&verdict.not_in_hand);
        let asked: Vec<FindingKey> = keys
            .filter(|key| self.undecided(key).is_some())
            .cloned()
            .collect();
        findings.few(&asked, FEW_DECISIONS, |key| match key {
            Few::One(key) => DecisionNeeded {
                text: format!(
                    "{}: {}",
                    findings.title(key),
                    self.undecided(key).unwrap_or_default()
                ),
                by: due(key),
                finding: Some(key.to_string()),
            },
            Few::Rest(more, keys) => DecisionNeeded {
                text: format!("{more}: who does them, and by when?"),
                by: keys.into_iter().filter_map(due).min(),
                finding: None,
            },
        })
    }

    /// Returns what has to be decided about a finding: who takes it, by when, or a new date.
    fn undecided(&self, key: &FindingKey) -> Option<&'static str> {
        let life = self.assessment.lives.get(key)?;
        match (life.owner(), &life.plan) {
            (None, _) => Some("who does it, and by when?"),
            (Some(_), None) => Some("by when is it done?"),
            (_, Some(plan)) if plan.due < self.today => {
                Some("the date has passed; by when is it done?")
            }
            _ => None,
        }
    }

    fn coverage(&self) -> Vec<Coverage> {
        let covered = scoring::coverage(&self.assessment.evaluation);
        let before = self.before().map_or_else(Vec::new, |before| {
            let questions = &before.questionnaire().questions;
            scoring::coverage(&before.evaluation)
                .into_iter()
                .map(|covered| (questions[covered.question].id.clone(), covered.protected))
                .collect()
        });
        let change = |row: &Protected| {
            let id = &self.questionnaire().questions[row.question].id;
            let (_, then) = before.iter().find(|(question, _)| question == id)?;
            let difference = i128::from(row.protected) - i128::from(*then);
            i64::try_from(difference).ok()
        };
        (covered.iter())
            .map(|row| Coverage {
                asset: row.asset,
                name: self.asset_name(row, &covered),
                now: row.protected,
                target: row.target,
                missing: row.missing(),
                share: row.share(),
                goal: row.goal * 100,
                change: change(row),
            })
            .collect()
    }

    /// Returns the name of what is protected; where several questions count the same kind, what the question asks.
    fn asset_name(&self, row: &Protected, all: &[Protected]) -> String {
        let alike = all.iter().filter(|other| other.asset == row.asset).count();
        if alike > 1 {
            return self.asks(row.question);
        }
        phrases::asset(row.asset).to_owned()
    }

    fn checklist(&self) -> Actions {
        let actions = scoring::actions(self.assessment, &self.verdict);
        Actions {
            to_complete: actions.to_complete as u64,
            in_progress: actions.in_progress as u64,
            completed: actions.completed as u64,
        }
    }

    fn open(&self) -> Open {
        let questions: Vec<(OpenQuestion, Option<&PersonId>)> = self
            .assessment
            .evaluation
            .open_questions()
            .map(|place| self.open_question(place))
            .collect();
        let people: BTreeSet<&PersonId> =
            questions.iter().filter_map(|(_, asked)| *asked).collect();
        let questions: Vec<OpenQuestion> = questions
            .into_iter()
            .map(|(question, _)| question)
            .collect();
        Open {
            answers: questions.len(),
            people: people.len(),
            overdue: questions.iter().filter(|question| question.overdue).count(),
            questions,
        }
    }

    fn open_question(&self, place: usize) -> (OpenQuestion, Option<&PersonId>) {
        let question = &self.questionnaire().questions[place];
        let section = self.questionnaire().section_of(place);
        let (asked, by) = self.assessment.waits_for(place).unwrap_or_default();
        let open = OpenQuestion {
            id: question.id.to_string(),
            text: self.asks(place),
            section: self.assessment.evaluation.text(&section.title),
            why: self.why_open(place),
            team: question.ask.clone(),
            asked: asked.map(|person| self.name(person)),
            by,
            overdue: by.is_some_and(|by| by < self.today),
            decides: self.verdict.open.contains(&place),
        };
        (open, asked)
    }

    fn score(&self) -> Score {
        let score = scoring::score(self.assessment, View::Current, self.today);
        let view = |view| scoring::score(self.assessment, view, self.today).basis_points();
        let bands = &self.questionnaire().bands;
        let scored = scoring::section_scores(self.assessment, self.today);
        let sections = (scored.iter().enumerate())
            .filter(|(_, section)| section.possible > 0)
            .map(|(place, section)| self.section_score(place, section, score.possible));
        Score {
            now: score.basis_points(),
            up_to: score.upper(),
            band: score.band(bands).map(|band| band.text.clone()),
            planned: view(View::Planned),
            achievable: view(View::Achievable),
            earned: decimal(score.earned),
            weight: u64::try_from(score.possible / WHOLE).unwrap_or(u64::MAX),
            sections: Cut::from(sections.collect::<Vec<_>>()),
        }
    }

    fn section_score(&self, place: usize, score: &scoring::Score, whole: u128) -> SectionScore {
        let section = &self.questionnaire().sections[place];
        let evaluation = &self.assessment.evaluation;
        let answered = scoring::completeness(evaluation, section.questions.clone());
        SectionScore {
            id: section.id.to_string(),
            title: evaluation.text(&section.title),
            now: score.basis_points(),
            up_to: score.upper(),
            weight: crate::domain::credit::basis_points(score.possible, whole),
            asked: answered.asked,
            open: answered.asked - answered.answered,
        }
    }

    fn knowledge(&self) -> Knowledge {
        let confidence = scoring::confidence(self.assessment, self.today);
        let measured = confidence.share(Basis::Tool);
        let shown = confidence.share(Basis::Document);
        let told = if confidence.total > 0 {
            WHOLE as u32 - measured - shown
        } else {
            0
        };
        Knowledge {
            measured,
            shown,
            told,
            stale: confidence.stale_answers,
        }
    }

    /// Returns the sections that are not asked, with the reason.
    fn not_concerned(&self) -> Vec<NotConcerned> {
        let evaluation = &self.assessment.evaluation;
        (self.questionnaire().sections.iter().enumerate())
            .filter(|(place, _)| matches!(evaluation.section_asked(*place), Asked::No(_)))
            .filter_map(|(place, section)| {
                let because = phrases::section_not_asked_because(evaluation, place)?;
                Some(NotConcerned {
                    id: section.id.to_string(),
                    title: evaluation.text(&section.title),
                    because: self.careful(because, section.when.as_ref()),
                })
            })
            .collect()
    }

    /// Returns the profiles that are out of scope, with the reason.
    fn not_so(&self) -> Vec<NotConcerned> {
        let evaluation = &self.assessment.evaluation;
        (self.questionnaire().profiles.iter().enumerate())
            .filter_map(|(place, profile)| {
                let because = phrases::profile_out_because(evaluation, place)?;
                Some(NotConcerned {
                    id: profile.id.to_string(),
                    title: evaluation.text(&profile.text),
                    because: self.careful(because, Some(&profile.when)),
                })
            })
            .collect()
    }

    fn not_applicable(&self) -> Vec<NotApplicable> {
        let evaluation = &self.assessment.evaluation;
        let blockers: BTreeSet<usize> = scoring::not_applicable_blockers(self.assessment)
            .into_iter()
            .map(|(place, _)| place)
            .collect();
        (0..self.questionnaire().questions.len())
            .filter(|place| evaluation.asked(*place).yes())
            .filter_map(|place| match evaluation.said(place) {
                Some(Said::NotApplicable(reason)) => Some(NotApplicable {
                    id: self.id(place),
                    text: self.asks(place),
                    reason: reason.words().to_owned(),
                    note: self
                        .response(place)
                        .and_then(|response| response.note.clone()),
                    could_stop: blockers.contains(&place),
                }),
                _ => None,
            })
            .collect()
    }

    /// Returns the texts on the service: the pages `report/service/QUESTIONNAIRE/PART.md`, those that are there.
    fn service(&self, templates: &Templates) -> Result<Service, Box<TemplateError>> {
        let context = json!({
            "customer": self.customer_values(),
            "terms": self.questionnaire().terms,
            "answers": self.answer_values(),
            "derived": self.derived_values(),
            "verdict": self.verdict.code,
        });
        let page = |part: &str| {
            let name = format!("report/service/{}/{part}.md", self.input.questionnaire);
            let there = templates.source(&name).is_some();
            let text = there.then(|| templates.render(&name, &context));
            text.transpose().map_err(Box::new)
        };
        Ok(Service {
            brief: page("brief")?,
            scope: page("scope")?,
            next: page("next")?,
            elsewhere: page("elsewhere")?,
            questions: page("questions")?,
        })
    }

    fn cite(&self, citation: &Citation) -> Option<Cite> {
        let reference = self.questionnaire().references.get(&citation.reference)?;
        Some(Cite {
            id: citation.reference.to_string(),
            title: reference.title.clone(),
            part: citation.part.clone(),
            checked: reference.checked,
        })
    }

    /// Returns citations as the report prints them: each source once, with all the places in it.
    fn cites<'c>(&self, citations: impl IntoIterator<Item = &'c Citation>) -> Vec<Cite> {
        let mut cites: Vec<Cite> = Vec::new();
        let cited = citations.into_iter().filter_map(|cited| self.cite(cited));
        for cite in cited {
            match (
                cites.iter_mut().find(|known| known.id == cite.id),
                cite.part,
            ) {
                (Some(known), Some(part)) => match &mut known.part {
                    Some(parts) if parts.split(", ").any(|known| known == part) => {}
                    Some(parts) => *parts = format!("{parts}, {part}"),
                    None => known.part = Some(part),
                },
                (Some(_), None) => {}
                (None, part) => cites.push(Cite { part, ..cite }),
            }
        }
        cites
    }

    /// Returns the sources that the report cites, in the order of the questionnaire.
    fn sources(&self, report: &Report) -> Vec<Source> {
        let questions = report
            .sections
            .iter()
            .flat_map(|section| &section.questions);
        let cited: BTreeSet<&str> = questions
            .flat_map(|question| &question.refs)
            .chain(report.findings.iter().flat_map(|finding| &finding.refs))
            .chain(report.recommendations.iter().flat_map(|step| &step.refs))
            .map(|cite| cite.id.as_str())
            .collect();
        (self.questionnaire().references.iter())
            .filter(|(id, _)| cited.contains(id.as_str()))
            .map(|(id, reference)| Source {
                id: id.to_string(),
                title: reference.title.clone(),
                url: reference.url.clone(),
                version: reference.version.clone(),
                checked: reference.checked,
            })
            .collect()
    }
}

/// The whole, in basis points.
const WHOLE: u128 = 10_000;

/// Returns a sum of weight × basis points as the exact number of points that it is: `18.044`.
fn decimal(sum: u128) -> String {
    let text = format!("{}.{:04}", sum / WHOLE, sum % WHOLE);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn portal(status: &PortalStatus) -> Portal {
    let assets = [
        ("Devices", status.devices),
        ("Identities", status.identities),
    ];
    Portal {
        on: status.on,
        actions: Actions {
            to_complete: status.to_complete,
            in_progress: status.in_progress,
            completed: status.completed,
        },
        assets: assets
            .into_iter()
            .filter_map(|(name, counted)| {
                let (now, target) = counted?;
                Some(PortalAsset {
                    name: name.to_owned(),
                    now,
                    target,
                })
            })
            .collect(),
    }
}

/// Returns the rank of what comes first in lists: what stops, what nobody has in hand, what is in hand, all else.
fn rank(need: Need, stops: bool, in_hand: bool) -> u8 {
    match (stops, need, in_hand) {
        (true, _, _) => 0,
        (false, Need::Blocker | Need::Condition, false) => 1,
        (false, Need::Blocker | Need::Condition, true) => 2,
        (false, Need::Improvement, _) => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_exact() {
        let shown: Vec<String> = [0, 10_000, 105_000, 180_440, 1].map(decimal).into();
        assert_eq!(shown, ["0", "1", "10.5", "18.044", "0.0001"]);
    }
}
