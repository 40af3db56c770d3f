//! What to do: every recommendation once, with all its causes, in the order in which to follow them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use crate::domain::answer::row_key;
use crate::domain::condition::{Datum, Outcome};
use crate::domain::evaluation::Cause;
use crate::domain::finding::Life;
use crate::domain::id::{FindingKey, RecommendationId};
use crate::domain::phrases;
use crate::domain::questionnaire::{self, Citation, Kind};
use crate::domain::response::{Said, Value};
use crate::report::build::Making;
use crate::report::build::answers::{cells, plain};
use crate::report::build::findings::Findings;
use crate::report::model::{Cite, FindingLink, Recommendation, RecommendationLink};
use crate::template::{Inline, Job, Mode, Subject, TemplateError, Templates};

/// A recommendation and the findings that stand and name it.
struct Step<'a> {
    recommendation: &'a questionnaire::Recommendation,
    causes: Vec<(&'a FindingKey, &'a Life, FindingLink)>,
}

impl<'a> Making<'a> {
    pub(super) fn recommendations(
        &self,
        findings: &Findings<'a>,
        templates: &Templates,
    ) -> Result<Vec<Recommendation>, Box<TemplateError>> {
        let steps = ordered(self.steps(findings));
        let shared = json!({
            "customer": self.customer_values(),
            "answers": self.answer_values(),
            "derived": self.derived_values(),
            "terms": self.questionnaire().terms,
        });
        let jobs: Vec<Job> = (steps.iter())
            .map(|step| Job {
                subject: Subject::Inline(inline(step.recommendation, templates)),
                context: with_finding(&shared, self.finding_values(step)),
            })
            .collect();
        let included: BTreeSet<&RecommendationId> =
            steps.iter().map(|step| &step.recommendation.id).collect();
        (steps.iter().zip(templates.render_all(&jobs)))
            .map(|(step, body)| Ok(self.written(step, body.map_err(Box::new)?, &included)))
            .collect()
    }

    /// Returns the recommendations that findings name, in the order of the findings.
    fn steps(&self, findings: &Findings<'a>) -> Vec<Step<'a>> {
        let questionnaire = self.questionnaire();
        let mut steps: Vec<Step<'a>> = Vec::new();
        for (key, life, link) in findings.standing() {
            let rule = questionnaire.finding(&key.id);
            let ids = rule.map_or(&[][..], |place| &questionnaire.findings[place].recommend);
            for recommendation in ids
                .iter()
                .filter_map(|id| questionnaire.recommendations.get(id))
            {
                let cause = (key, life, link.clone());
                match (steps.iter_mut()).find(|step| step.recommendation.id == recommendation.id) {
                    Some(step) => step.causes.push(cause),
                    None => steps.push(Step {
                        recommendation,
                        causes: vec![cause],
                    }),
                }
            }
        }
        steps
    }

    fn written(
        &self,
        step: &Step<'_>,
        body: String,
        included: &BTreeSet<&RecommendationId>,
    ) -> Recommendation {
        let recommendation = step.recommendation;
        let known = &self.questionnaire().recommendations;
        let link = |id: &RecommendationId| {
            Some(RecommendationLink {
                id: id.to_string(),
                title: self.filled(&known.get(id)?.title),
            })
        };
        Recommendation {
            id: recommendation.id.to_string(),
            title: self.filled(&recommendation.title),
            effort: recommendation.effort,
            user_impact: recommendation.user_impact,
            cost: recommendation.cost,
            acts: recommendation.acts,
            prerequisites: (recommendation.prerequisites.iter())
                .map(|text| self.filled(text))
                .collect(),
            after: (recommendation.depends_on.iter())
                .filter(|id| included.contains(id))
                .filter_map(link)
                .collect(),
            body,
            findings: step
                .causes
                .iter()
                .map(|(_, _, link)| link.clone())
                .collect(),
            refs: (recommendation.refs.iter())
                .filter_map(|text| self.cite_text(text))
                .collect(),
            frameworks: self.frameworks(recommendation),
        }
    }

    /// Returns a text of a recommendation's front matter with its `{{ terms.… }}` filled in.
    pub(super) fn filled(&self, text: &str) -> String {
        let mut filled = text.to_owned();
        for (name, term) in &self.questionnaire().terms {
            filled = filled.replace(&format!("{{{{ terms.{name} }}}}"), term);
        }
        filled
    }

    /// Returns a source that a recommendation cites as `id` or `id:part`.
    fn cite_text(&self, text: &str) -> Option<Cite> {
        let (id, part) = match text.split_once(':') {
            Some((id, part)) => (id, Some(part.to_owned())),
            None => (text, None),
        };
        self.cite(&Citation {
            reference: id.parse().ok()?,
            part,
        })
    }

    /// Returns the controls that a recommendation serves, under the titles of their frameworks.
    fn frameworks(&self, recommendation: &questionnaire::Recommendation) -> Vec<String> {
        let title = |id: &str| {
            let reference = self.questionnaire().references.get(id)?;
            let version = reference.version.as_deref();
            Some(version.map_or_else(
                || reference.title.clone(),
                |version| format!("{} {version}", reference.title),
            ))
        };
        (recommendation.frameworks.iter())
            .map(|(framework, controls)| {
                let name = title(framework).unwrap_or_else(|| framework.clone());
                format!("{name}: {}", controls.join(", "))
            })
            .collect()
    }

    /// Returns the derived values as templates see them; those that are not known, or rest on a private answer, are not there.
    pub(super) fn derived_values(&self) -> Json {
        let evaluation = &self.assessment.evaluation;
        let derived = self.questionnaire().derived.iter().enumerate();
        let shown =
            derived.filter(|(_, derived)| !self.questionnaire().reads_private(&derived.value));
        let values = shown.filter_map(|(place, derived)| {
            let value = match evaluation.derived(place) {
                Outcome::Known(Datum::Bool(value)) => json!(value),
                Outcome::Known(Datum::Int(value)) => json!(value),
                Outcome::Known(Datum::Decimal(value)) => plain(&Value::Decimal(*value)),
                Outcome::Known(Datum::Text(value)) => json!(value),
                Outcome::Known(Datum::Date(value)) => json!(value),
                _ => return None,
            };
            Some((derived.id.to_string(), value))
        });
        Json::Object(values.collect())
    }

    /// Returns the most pressing finding that names a recommendation, with the offending rows of all that do.
    fn finding_values(&self, step: &Step<'_>) -> Json {
        let Some((key, life, link)) = step.causes.first() else {
            return json!({});
        };
        let rows: Vec<Json> = (step.causes.iter())
            .filter_map(|(key, life, _)| self.row_values(key, life))
            .collect();
        json!({
            "id": key.id.as_str(),
            "title": link.title,
            "severity": life.severity,
            "need": life.need,
            "rows": rows,
        })
    }

    /// Returns an offending row as templates see it: its cells and its key.
    fn row_values(&self, finding: &FindingKey, life: &Life) -> Option<Json> {
        let key = finding.row.as_deref()?;
        let mut values = Map::new();
        for cause in &life.causes {
            let Cause::Question(place) = cause else {
                continue;
            };
            let question = &self.questionnaire().questions[*place];
            let said = self.assessment.evaluation.said(*place);
            if let (Kind::Rows(table), Some(Said::Value(Value::Rows(rows)))) =
                (&question.kind, said)
                && let Some(row) =
                    (rows.iter()).find(|row| row_key(table, row).is_some_and(|row| row == key))
            {
                values.extend(cells(row));
            }
        }
        let rule = self.questionnaire().finding(&finding.id);
        let raised_by = rule.map_or(&[][..], |place| {
            &self.questionnaire().findings[place].raised_by
        });
        let text = phrases::row_words(self.assessment, raised_by, key);
        values.insert("key".into(), json!(key));
        values.insert("text".into(), json!(text));
        Some(Json::Object(values))
    }
}

fn with_finding(shared: &Json, finding: Json) -> Json {
    let mut context = shared.clone();
    context["finding"] = finding;
    context
}

/// Returns the body of a recommendation as a template. One that differs from the shipped one is not trusted as those are.
fn inline(recommendation: &questionnaire::Recommendation, templates: &Templates) -> Inline {
    let name = format!("recommendations/{}.md", recommendation.id);
    let shipped = templates.source(&format!("builtin/{name}"));
    Inline {
        shipped: shipped.is_some_and(|shipped| shipped.ends_with(&recommendation.body)),
        file: name,
        source: recommendation.body.clone(),
        first_line: recommendation.body_line,
        mode: Mode::Markdown,
    }
}

/// Returns `steps` so that each comes after those that must be done first, and else in the order given.
fn ordered(steps: Vec<Step<'_>>) -> Vec<Step<'_>> {
    let mut left: Vec<Option<Step<'_>>> = steps.into_iter().map(Some).collect();
    let places: BTreeMap<RecommendationId, usize> = (left.iter().enumerate())
        .filter_map(|(place, step)| Some((step.as_ref()?.recommendation.id.clone(), place)))
        .collect();
    let mut ordered = Vec::new();
    for place in 0..left.len() {
        take(place, &mut left, &places, &mut ordered);
    }
    ordered
}

/// Moves the step at `place` over, after what it depends on. A step that was moved already stays: a circle ends there.
fn take<'a>(
    place: usize,
    left: &mut [Option<Step<'a>>],
    places: &BTreeMap<RecommendationId, usize>,
    ordered: &mut Vec<Step<'a>>,
) {
    let Some(step) = left[place].take() else {
        return;
    };
    for id in &step.recommendation.depends_on {
        if let Some(first) = places.get(id) {
            take(*first, left, places, ordered);
        }
    }
    ordered.push(step);
}
