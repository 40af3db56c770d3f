//! `readiness plan`: the path to ready, and what closing findings would come to.

use std::collections::BTreeSet;

use clap::Args;
use serde_json::{Value as Json, json};

use crate::actions::{Case, Failure, Which, resolve};
use crate::cli::assess::lines::{self, cut};
use crate::cli::context::Context;
use crate::cli::ui::Tone;
use crate::cli::{Answer, Reading, ui};
use crate::domain::assessment::Assessment;
use crate::domain::assume::{Assumed, assume};
use crate::domain::id::{CustomerId, FindingKey, PersonId};
use crate::domain::plan::{About, Plan, Step, Unsure, plan};
use crate::domain::scoring::{self, Protected, Score, Verdict, View};
use crate::domain::time::Day;
use crate::domain::{phrases, words};
use crate::markdown::inert_line;

/// How many reasons for doubt, and how many improvements, are shown before the list is cut.
const LINES: usize = 12;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    #[command(flatten)]
    reading: Reading,
    /// Show what closing these findings would come to; an id without a row means all its rows
    #[arg(long, value_name = "FINDING", value_delimiter = ',')]
    assume: Vec<FindingKey>,
    /// List every improvement too, and every reason why a date is unsure
    #[arg(long)]
    all: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let case = workspace
        .case(&arguments.customer, arguments.reading.as_of.as_ref())
        .await?;
    let (_, assessment) = case.assessment(arguments.reading.questionnaire.as_ref())?;
    let closed: BTreeSet<FindingKey> = resolve(assessment, &arguments.assume, Which::Present)?
        .into_iter()
        .collect();
    let names = workspace.names().await?;
    let page = Page {
        case: &case,
        assessment,
        plan: plan(assessment, &case.book.customer, case.book.today),
        name: &|id| names.get(id).cloned().unwrap_or_else(|| id.to_string()),
        all: arguments.all,
        width: ui::width(),
    };
    let assumed = (!closed.is_empty()).then(|| assume(assessment, &closed));
    match (&assumed, arguments.json) {
        (Some(assumed), true) => ui::json(&page.assumed_json(&closed, assumed)),
        (None, true) => ui::json(&page.json()),
        (Some(assumed), false) => page.print_assumed(&closed, assumed),
        (None, false) => page.print(),
    }
    Ok(Answer::Done)
}

/// What a page is printed from.
struct Page<'a> {
    case: &'a Case,
    assessment: &'a Assessment,
    plan: Plan,
    name: &'a dyn Fn(&PersonId) -> String,
    all: bool,
    width: usize,
}

impl Page<'_> {
    fn today(&self) -> Day {
        self.case.book.today
    }

    fn print(&self) {
        self.print_head();
        self.print_projection();
        let (needed, better): (Vec<_>, Vec<_>) =
            (self.plan.steps.iter().enumerate()).partition(|(_, step)| step.needed);
        self.print_steps("Needed for the start", &needed, usize::MAX);
        self.print_answers();
        let most = if self.all { usize::MAX } else { LINES };
        self.print_steps("Improvements", &better, most);
        let quick: Vec<String> = (self.plan.steps.iter().enumerate())
            .filter(|(_, step)| step.quick_win)
            .map(|(at, _)| (at + 1).to_string())
            .collect();
        if !quick.is_empty() {
            ui::line("");
            self.wrapped(
                0,
                &format!(
                    "Quick wins (hours, nothing before them): {}",
                    quick.join(", ")
                ),
            );
        }
        if self.plan.steps.is_empty() && self.plan.answers.is_empty() {
            ui::line("");
            ui::line("Nothing is left to close.");
        }
    }

    fn print_head(&self) {
        let customer = &self.case.book.customer;
        ui::line(&format!(
            "{}  as of {} · entry {}",
            ui::tone(
                Tone::Strong,
                &cut(&inert_line(&customer.name), self.width.saturating_sub(30))
            ),
            words::day(self.today()),
            self.case.book.seq
        ));
        let verdict = phrases::verdict(self.assessment, &self.plan.verdict);
        self.wrapped(
            0,
            &format!("{verdict} · readiness score {}", score(&self.plan.score)),
        );
    }

    fn print_projection(&self) {
        let projection = &self.plan.projection;
        ui::line("");
        ui::line(&ui::tone(Tone::Strong, "If the plan holds"));
        self.wrapped(2, &self.when());
        let then = format!(
            "Then: {} · readiness score {}{}",
            phrases::verdict(self.assessment, &projection.verdict),
            score(&projection.score),
            coverage(&projection.coverage)
        );
        self.wrapped(2, &then);
        if !projection.opens.is_empty() {
            let questions = words::count(projection.opens.len(), "question", "questions");
            self.wrapped(
                2,
                &format!("Closing everything opens {questions}, not answered yet"),
            );
        }
        let most = if self.all { usize::MAX } else { LINES };
        if !projection.unsure.is_empty() {
            self.wrapped(2, "Unsure, because");
        }
        let doubts = self.doubts();
        for (about, why) in doubts.iter().take(most) {
            self.wrapped(4, &format!("{about}: {}", why.join("; ")));
        }
        let more = doubts.len().saturating_sub(most);
        if more > 0 {
            self.wrapped(4, &format!("… and {more} more: `--all`"));
        }
    }

    /// Returns what makes the projection unsure, together for each finding or question.
    fn doubts(&self) -> Vec<(String, Vec<String>)> {
        let mut doubts: Vec<(String, Vec<String>)> = Vec::new();
        for unsure in &self.plan.projection.unsure {
            let about = self.about(unsure);
            match doubts.iter_mut().find(|(known, _)| *known == about) {
                Some((_, why)) => why.push(unsure.doubt.words()),
                None => doubts.push((about, vec![unsure.doubt.words()])),
            }
        }
        doubts
    }

    /// Returns the dates in a sentence.
    fn when(&self) -> String {
        let projection = &self.plan.projection;
        let Some(ready) = projection.ready else {
            return "no date can be told".into();
        };
        let start = projection.start.filter(|start| *start < ready);
        let start = start.map_or_else(String::new, |start| {
            format!("start possible from {}, ", words::day(start))
        });
        let go_live = self.case.book.customer.go_live;
        let go_live = go_live.map_or_else(String::new, |go_live| {
            let late = (projection.start.unwrap_or(ready) - go_live).num_days();
            let how = match late {
                ..=0 => "on track".to_owned(),
                late => format!(
                    "{} late",
                    words::count(late.unsigned_abs() as usize, "day", "days")
                ),
            };
            format!("; planned go-live {}: {how}", words::day(go_live))
        });
        format!(
            "{start}everything needed closed on {}{go_live}",
            words::day(ready)
        )
    }

    fn about(&self, unsure: &Unsure) -> String {
        let text = match &unsure.about {
            About::Stop(place) => {
                let stop = &self.assessment.questionnaire().stops[*place];
                self.assessment.evaluation.text(&stop.title)
            }
            About::Finding(key) => key.to_string(),
            About::Question(place) => self.assessment.questionnaire().questions[*place]
                .id
                .to_string(),
        };
        inert_line(&text)
    }

    fn print_steps(&self, head: &str, steps: &[(usize, &Step)], most: usize) {
        if steps.is_empty() {
            return;
        }
        ui::line("");
        ui::line(&ui::tone(Tone::Strong, head));
        for (at, step) in steps.iter().take(most) {
            self.print_step(*at + 1, step);
        }
        if steps.len() > most {
            ui::line(&format!("  … and {} more: `--all`", steps.len() - most));
        }
    }

    fn print_step(&self, number: usize, step: &Step) {
        let rows = match step.keys.as_slice() {
            [_] => String::new(),
            rows => format!(" ({})", words::count(rows.len(), "row", "rows")),
        };
        let title = phrases::finding_title(self.assessment, &step.keys[0]);
        let title = if rows.is_empty() {
            title
        } else {
            self.plain_title(step)
        };
        self.wrapped_as(
            None,
            4,
            &format!("{number:>3} "),
            &format!("{}{rows}  {}", called(step), inert_line(&title)),
        );
        let mut facts = vec![
            phrases::need(step.need).to_owned(),
            phrases::severity(step.severity).to_owned(),
            phrases::effort(step.effort).to_owned(),
            phrases::gain(step.gain),
        ];
        facts.push(self.states(step));
        facts.extend(step.is_overdue().then(|| "overdue".to_owned()));
        let done = step.done.filter(|_| !step.is_overdue()).map(words::day);
        let said = |day: &String| facts.iter().any(|fact| fact.contains(day.as_str()));
        let done = done.filter(|day| !said(day));
        facts.extend(done.map(|day| format!("done by {day}")));
        if !step.after.is_empty() {
            let before: Vec<String> = (step.after.iter())
                .filter_map(|id| self.number(id))
                .map(|number| number.to_string())
                .collect();
            facts.push(format!("after {}", before.join(", ")));
        }
        if step.opens > 0 {
            facts.push(format!(
                "opens {}",
                words::count(step.opens, "question", "questions")
            ));
        }
        self.wrapped_as(Some(Tone::Faint), 6, "      ", &facts.join(" · "));
    }

    /// Returns the title of a finding without one of its rows.
    fn plain_title(&self, step: &Step) -> String {
        let key = FindingKey {
            id: step.finding.clone(),
            row: None,
        };
        phrases::finding_title(self.assessment, &key)
    }

    fn number(&self, id: &crate::domain::id::FindingId) -> Option<usize> {
        let place = self
            .plan
            .steps
            .iter()
            .position(|step| step.finding == *id)?;
        Some(place + 1)
    }

    fn states(&self, step: &Step) -> String {
        if let [key] = step.keys.as_slice() {
            let life = &self.assessment.lives[key];
            let words = phrases::standing(life, self.today(), self.name);
            let owner = life.owner().map(self.name);
            let named = owner.filter(|owner| !words.contains(owner.as_str()));
            return inert_line(&match named {
                Some(owner) => format!("{words}, {owner}"),
                None => words,
            });
        }
        let states = step.states(self.assessment, self.today());
        let states: Vec<String> = (states.into_iter())
            .map(|(state, count)| format!("{count} {}", state.code()))
            .collect();
        states.join(", ")
    }

    fn print_answers(&self) {
        if self.plan.answers.is_empty() {
            return;
        }
        ui::line("");
        ui::line(&ui::tone(Tone::Strong, "Answers that decide"));
        let most = if self.all { usize::MAX } else { LINES };
        for answer in self.plan.answers.iter().take(most) {
            let question = &self.assessment.questionnaire().questions[answer.question];
            let text = self.assessment.evaluation.text(&question.text);
            self.wrapped_as(
                None,
                4,
                "  ",
                &format!("{}  {}", question.id, inert_line(&text)),
            );
            let of = answer
                .of
                .as_ref()
                .map_or_else(|| "nobody asked".into(), self.name);
            let by = answer
                .by
                .map_or_else(String::new, |by| format!(" by {}", words::day(by)));
            self.wrapped_as(
                Some(Tone::Faint),
                6,
                "      ",
                &format!("{}{by}", inert_line(&of)),
            );
        }
        let more = self.plan.answers.len().saturating_sub(most);
        if more > 0 {
            ui::line(&format!("  … and {more} more: `--all`"));
        }
    }

    fn print_assumed(&self, closed: &BTreeSet<FindingKey>, assumed: &Assumed) {
        self.print_head();
        ui::line("");
        ui::line(&ui::tone(Tone::Strong, "If these were closed"));
        for key in closed {
            let title = phrases::finding_title(self.assessment, key);
            let word = if assumed.by_word.contains(key) {
                "  (no answer closes it here: the score does not count it)"
            } else {
                ""
            };
            self.wrapped_as(
                None,
                4,
                "  ",
                &format!("{key}  {}{word}", inert_line(&title)),
            );
        }
        let (verdict, score_then) = self.then(assumed);
        ui::line("");
        let verdict = phrases::verdict(&assumed.assessment, &verdict);
        self.wrapped(
            0,
            &format!(
                "{verdict} · readiness score {} ({})",
                score(&score_then),
                phrases::gain(self.gain(&score_then))
            ),
        );
        let covered = coverage(&scoring::coverage(&assumed.assessment.evaluation));
        if !covered.is_empty() {
            self.wrapped(2, covered.trim_start_matches(" · "));
        }
        self.print_findings("Closed with them", self.assessment, &assumed.also_closed);
        self.print_findings(
            "Raised by the better answers",
            &assumed.assessment,
            &assumed.raised,
        );
        if !assumed.opened.is_empty() {
            ui::line("");
            ui::line(&ui::tone(Tone::Strong, "Asked then, and not answered"));
        }
        for place in &assumed.opened {
            let question = &self.assessment.questionnaire().questions[*place];
            let text = assumed.assessment.evaluation.text(&question.text);
            self.wrapped_as(
                None,
                4,
                "  ",
                &format!("{}  {}", question.id, inert_line(&text)),
            );
        }
    }

    fn print_findings(&self, head: &str, assessment: &Assessment, keys: &BTreeSet<FindingKey>) {
        if keys.is_empty() {
            return;
        }
        ui::line("");
        ui::line(&ui::tone(Tone::Strong, head));
        for key in keys {
            let title = phrases::finding_title(assessment, key);
            self.wrapped_as(None, 4, "  ", &format!("{key}  {}", inert_line(&title)));
        }
    }

    fn then(&self, assumed: &Assumed) -> (Verdict, Score) {
        let today = self.today();
        (
            scoring::verdict(&assumed.assessment, today),
            scoring::score(&assumed.assessment, View::Current, today),
        )
    }

    fn gain(&self, then: &Score) -> i64 {
        let points = |score: &Score| i64::from(score.basis_points().unwrap_or(0));
        points(then) - points(&self.plan.score)
    }

    fn wrapped(&self, indent: usize, text: &str) {
        self.wrapped_as(None, indent, &" ".repeat(indent), &inert_line(text));
    }

    fn wrapped_as(&self, tone: Option<Tone>, indent: usize, first: &str, text: &str) {
        lines::print(self.width, tone, indent, first, text);
    }

    fn json(&self) -> Json {
        let projection = &self.plan.projection;
        json!({
            "customer": self.case.book.customer.id,
            "as_of": self.today(),
            "entry": self.case.book.seq,
            "go_live": self.case.book.customer.go_live,
            "verdict": self.verdict_json(self.assessment, &self.plan.verdict),
            "score": score_json(&self.plan.score),
            "steps": self.plan.steps.iter().enumerate().map(|(at, step)| self.step_json(at + 1, step)).collect::<Vec<_>>(),
            "answers": self.plan.answers.iter().map(|answer| json!({
                "question": self.question_id(answer.question), "of": answer.of, "by": answer.by,
            })).collect::<Vec<_>>(),
            "if_it_holds": {
                "start": projection.start,
                "ready": projection.ready,
                "verdict": self.verdict_json(self.assessment, &projection.verdict),
                "score": score_json(&projection.score),
                "coverage": self.coverage_json(&projection.coverage),
                "raises": projection.raises,
                "opens": projection.opens.iter().map(|place| self.question_id(*place)).collect::<Vec<_>>(),
                "unsure": projection.unsure.iter().map(|unsure| json!({
                    "about": self.about(unsure), "doubt": unsure.doubt, "words": unsure.doubt.words(),
                })).collect::<Vec<_>>(),
            },
        })
    }

    fn step_json(&self, number: usize, step: &Step) -> Json {
        json!({
            "number": number,
            "finding": step.finding,
            "rows": step.keys,
            "title": self.plain_title(step),
            "needed": step.needed,
            "need": step.need,
            "severity": step.severity,
            "owners": step.owners,
            "must_act": step.acts,
            "effort": step.effort,
            "recommendations": step.recommendations,
            "after": step.after,
            "gain": step.gain,
            "also_closes": step.also_closes,
            "opens": step.opens,
            "quick_win": step.quick_win,
            "begins": step.begins,
            "done": step.done,
            "agreed": step.agreed,
            "doubts": step.doubts.iter().map(|doubt| json!({ "doubt": doubt, "words": doubt.words() })).collect::<Vec<_>>(),
        })
    }

    fn assumed_json(&self, closed: &BTreeSet<FindingKey>, assumed: &Assumed) -> Json {
        let (verdict, score) = self.then(assumed);
        let questions = |places: &BTreeSet<usize>| {
            places
                .iter()
                .map(|place| self.question_id(*place))
                .collect::<Vec<_>>()
        };
        json!({
            "customer": self.case.book.customer.id,
            "as_of": self.today(),
            "entry": self.case.book.seq,
            "assumed": closed,
            "by_word": assumed.by_word,
            "answered": questions(&assumed.answered),
            "now": {
                "verdict": self.verdict_json(self.assessment, &self.plan.verdict),
                "score": score_json(&self.plan.score),
                "coverage": self.coverage_json(&scoring::coverage(&self.assessment.evaluation)),
            },
            "then": {
                "verdict": self.verdict_json(&assumed.assessment, &verdict),
                "score": score_json(&score),
                "coverage": self.coverage_json(&scoring::coverage(&assumed.assessment.evaluation)),
            },
            "also_closed": assumed.also_closed,
            "raised": assumed.raised,
            "opened": questions(&assumed.opened),
        })
    }

    fn question_id(&self, place: usize) -> &crate::domain::id::QuestionId {
        &self.assessment.questionnaire().questions[place].id
    }

    fn verdict_json(&self, assessment: &Assessment, verdict: &Verdict) -> Json {
        json!({
            "code": verdict.code,
            "sentence": phrases::verdict(assessment, verdict),
            "blocking": verdict.blocking,
            "conditions_not_in_hand": verdict.not_in_hand,
            "conditions_in_hand": verdict.in_hand,
            "open": verdict.open.iter().map(|place| self.question_id(*place)).collect::<Vec<_>>(),
        })
    }

    fn coverage_json(&self, covered: &[Protected]) -> Json {
        let rows = covered.iter().map(|row| {
            json!({
                "asset": row.asset, "question": self.question_id(row.question),
                "protected": row.protected, "target": row.target, "goal": row.goal,
            })
        });
        rows.collect()
    }
}

/// Returns what commands call a step: its key, or its id where it has several rows.
fn called(step: &Step) -> String {
    match step.keys.as_slice() {
        [key] => key.to_string(),
        _ => step.finding.to_string(),
    }
}

fn score(score: &Score) -> String {
    let now = score
        .basis_points()
        .map_or_else(|| "not assessed".into(), words::percent);
    match score.upper() {
        Some(upper) if score.open > 0 => {
            let open = words::count(score.open_questions, "open answer", "open answers");
            format!("{now} (up to {} with {open})", words::percent(upper))
        }
        _ => now,
    }
}

fn score_json(score: &Score) -> Json {
    json!({ "basis_points": score.basis_points(), "upper": score.upper() })
}

fn coverage(covered: &[Protected]) -> String {
    let rows = covered.iter().map(|row| {
        let number = |count: u64| words::number(i128::from(count));
        format!(
            " · {} {} of {}",
            phrases::asset(row.asset),
            number(row.protected),
            number(row.target)
        )
    });
    rows.collect()
}
