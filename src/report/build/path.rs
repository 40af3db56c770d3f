//! The path to ready, as a list and as a chart over days.

use std::collections::BTreeSet;

use chrono::Datelike;

use crate::domain::id::FindingKey;
use crate::domain::plan::{About, Doubt, Plan, Step};
use crate::domain::time::Day;
use crate::domain::{phrases, words};
use crate::report::build::Making;
use crate::report::build::findings::Findings;
use crate::report::model::{self, Bar, GoLive, PlanStep, Span};

impl Making<'_> {
    /// Returns when the service is to start, and when that is possible if people keep their dates.
    pub(super) fn go_live(&self, plan: &Plan) -> GoLive {
        let customer = &self.input.book.customer;
        let projection = &plan.projection;
        let ready = projection.ready;
        let start = projection.start.or(ready);
        let late = (start.zip(customer.go_live))
            .map(|(start, planned)| (start - planned).num_days().max(0).unsigned_abs());
        GoLive {
            planned: customer.go_live,
            moved: customer.go_live_moved,
            start: start.filter(|start| ready.is_some_and(|ready| *start < ready)),
            projected: ready,
            on_track: late.map(|late| late == 0),
            late: late.unwrap_or(0),
            unsure: ready.and_then(|_| unsure(plan)),
        }
    }

    pub(super) fn written_plan(&self, plan: &Plan, findings: &Findings<'_>) -> Option<model::Plan> {
        if plan.steps.is_empty() && plan.answers.is_empty() {
            return None;
        }
        let chart = self.span(plan);
        let number = |step: &Step| {
            let place = plan
                .steps
                .iter()
                .position(|one| one.finding == step.finding);
            count(place.map_or(0, |place| place + 1))
        };
        let projection = &plan.projection;
        Some(model::Plan {
            verdict: phrases::verdict(self.assessment, &projection.verdict),
            score: projection.score.basis_points(),
            up_to: projection.score.upper(),
            opens: projection.opens.len(),
            raises: projection.raises.len(),
            answers: plan.answers.len(),
            steps: (plan.steps.iter())
                .map(|step| PlanStep {
                    number: number(step),
                    after: (plan.steps.iter())
                        .filter(|other| step.after.contains(&other.finding))
                        .map(number)
                        .collect(),
                    ..self.plan_step(step, findings, &chart)
                })
                .collect(),
            chart,
        })
    }

    /// Returns a step without its number and those before it.
    fn plan_step(&self, step: &Step, findings: &Findings<'_>, chart: &Span) -> PlanStep {
        let first = &step.keys[0];
        let title = match step.keys.as_slice() {
            [key] => findings.title(key),
            _ => phrases::finding_title(
                self.assessment,
                &FindingKey {
                    id: step.finding.clone(),
                    row: None,
                },
            ),
        };
        let states: Vec<String> = (step.states(self.assessment, self.today).into_iter())
            .map(|(state, count)| match step.keys.len() {
                1 => phrases::state_name(state).to_owned(),
                _ => format!(
                    "{} {}",
                    words::number(count as i128),
                    phrases::state_name(state).to_lowercase()
                ),
            })
            .collect();
        PlanStep {
            number: 0,
            finding: findings.number_of(first),
            title,
            rows: step.keys.len(),
            needed: step.needed,
            need: step.need,
            severity: step.severity,
            effort: step.effort,
            who: step.owners.iter().map(|owner| self.name(owner)).collect(),
            state: states.join(", "),
            done: step.done,
            agreed: step.agreed,
            overdue: step.is_overdue(),
            doubts: (step.doubts.iter())
                .filter(|doubt| {
                    !matches!(
                        doubt,
                        Doubt::NoOwner | Doubt::NotAgreed(_) | Doubt::Before(..)
                    )
                })
                .map(Doubt::words)
                .collect(),
            after: Vec::new(),
            gain: phrases::gain(step.gain),
            quick_win: step.quick_win,
            bar: step.done.map(|done| {
                let from = chart.place(step.begins);
                let to = chart.place(done.succ_opt().unwrap_or(done));
                Bar {
                    from,
                    length: to
                        .saturating_sub(from)
                        .max(60)
                        .min(10_000 - from.min(9_940)),
                }
            }),
        }
    }

    /// Returns the days that the chart spans: from the first that somebody began, to the last that is done or planned.
    fn span(&self, plan: &Plan) -> Span {
        let begins = plan.steps.iter().map(|step| step.begins);
        let done = plan.steps.iter().filter_map(|step| step.done);
        let go_live = self.input.book.customer.go_live;
        // A start that was planned long ago, or for a time beyond every plan, does not stretch the chart out of shape.
        let last = done.max().unwrap_or(self.today).max(self.today);
        let year = chrono::Days::new(366);
        let reach = last.checked_add_days(year).unwrap_or(last);
        let go_live = go_live.filter(|day| *day >= self.today && *day <= reach);
        let from = begins.min().unwrap_or(self.today).min(self.today);
        let to = go_live.map_or(last, |day| day.max(last));
        let mut span = Span {
            from,
            to: to.succ_opt().unwrap_or(to),
            today: 0,
            go_live: None,
            months: Vec::new(),
        };
        span.today = span.place(self.today);
        span.go_live = go_live.map(|day| span.place(day));
        span.months = months(&span);
        span
    }
}

impl Span {
    /// Returns where a day begins, in basis points of the width.
    fn place(&self, day: Day) -> u32 {
        let whole = (self.to - self.from).num_days().max(1);
        let part = (day - self.from).num_days().clamp(0, whole);
        u32::try_from(part * 10_000 / whole).unwrap_or(0)
    }
}

/// The most lines of months in a chart.
const MOST_MONTHS: usize = 24;

/// Returns where the months begin; nothing in a chart of so many that they would be a wash.
fn months(span: &Span) -> Vec<u32> {
    let mut days = Vec::new();
    let mut month = span.from.with_day(1);
    while let Some(day) = month.and_then(|day| day.checked_add_months(chrono::Months::new(1))) {
        if day >= span.to || days.len() > MOST_MONTHS {
            break;
        }
        days.push(span.place(day));
        month = Some(day);
    }
    if days.len() > MOST_MONTHS {
        Vec::new()
    } else {
        days
    }
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Whether a doubt is of a kind.
type Wanted = fn(&Doubt) -> bool;

/// Returns what makes a projection unsure, counted.
fn unsure(plan: &Plan) -> Option<String> {
    let kinds: [(Wanted, &str); 6] = [
        (|doubt| matches!(doubt, Doubt::NoOwner), "without an owner"),
        (
            |doubt| {
                matches!(
                    doubt,
                    Doubt::NotAgreed(_) | Doubt::PolicyPassed(_) | Doubt::NoDate
                )
            },
            "without an agreed date",
        ),
        (
            |doubt| matches!(doubt, Doubt::Passed(_)),
            "past the date agreed",
        ),
        (
            |doubt| matches!(doubt, Doubt::Waits(_) | Doubt::Disputed),
            "waiting or disputed",
        ),
        (
            |doubt| matches!(doubt, Doubt::Expires(_)),
            "accepted for a shorter time",
        ),
        (
            |doubt| matches!(doubt, Doubt::ComesUp),
            "coming up on the way",
        ),
    ];
    let doubts = &plan.projection.unsure;
    let mut parts: Vec<String> = Vec::new();
    for (wanted, what) in kinds {
        let about: BTreeSet<&About> = (doubts.iter())
            .filter(|unsure| !matches!(unsure.about, About::Question(_)) && wanted(&unsure.doubt))
            .map(|unsure| &unsure.about)
            .collect();
        if !about.is_empty() {
            parts.push(format!("{} {what}", words::number(about.len() as i128)));
        }
    }
    if !plan.answers.is_empty() {
        parts.push(words::count(
            plan.answers.len(),
            "answer open",
            "answers open",
        ));
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}
