//! `readiness status`: where a customer stands, on one screen.

use clap::Args;
use serde::Serialize;

use crate::actions::{Case, Failure};
use crate::cli::context::Context;
use crate::cli::ui::Tone;
use crate::cli::{Answer, Reading, ui};
use crate::domain::assessment::Assessment;
use crate::domain::customer::Customer;
use crate::domain::due::{self, Length};
use crate::domain::finding::{Life, State};
use crate::domain::id::{CustomerId, FindingKey, PersonId};
use crate::domain::ledger::PortalStatus;
use crate::domain::proposal::Hearing;
use crate::domain::questionnaire::Rule;
use crate::domain::response::Basis;
use crate::domain::scoring::{
    self, Actions, Completeness, Confidence, Protected, Score, Verdict, VerdictCode, View,
};
use crate::domain::time::Day;
use crate::domain::{phrases, words};
use crate::markdown::{inert, inert_line};

/// How many lines each list shows before it is cut, so that everything fits a screen.
const LINES: usize = 6;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    #[command(flatten)]
    reading: Reading,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Exit with 3 unless the customer is ready
    #[arg(long)]
    check: bool,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let case = workspace
        .case(&arguments.customer, arguments.reading.as_of.as_ref())
        .await?;
    let (id, assessment) = case.assessment(arguments.reading.questionnaire.as_ref())?;
    let hearings = case.hearings(&workspace, Some(id)).await?;
    let status = Status::of(&case, assessment, hearings);
    if arguments.json {
        ui::json(&status.json(&case, id.as_str()));
    } else {
        let names = workspace.names().await?;
        status.print(&case, &|id| {
            names.get(id).cloned().unwrap_or_else(|| id.to_string())
        });
    }
    let ready = status.verdict.code.is_ready();
    Ok(if arguments.check && !ready {
        Answer::No
    } else {
        Answer::Done
    })
}

/// Everything the screen shows, computed once.
pub(crate) struct Status<'a> {
    customer: &'a Customer,
    assessment: &'a Assessment,
    today: Day,
    verdict: Verdict,
    actions: Actions,
    coverage: Vec<Protected>,
    completeness: Completeness,
    confidence: Confidence,
    score: Score,
    /// What evidence comes to, for the questions that it speaks to.
    hearings: Vec<Hearing>,
}

impl<'a> Status<'a> {
    pub(crate) fn of(case: &'a Case, assessment: &'a Assessment, hearings: Vec<Hearing>) -> Self {
        let today = case.book.today;
        let verdict = scoring::verdict(assessment, today);
        let questions = 0..assessment.questionnaire().questions.len();
        Self {
            actions: scoring::actions(assessment, &verdict),
            verdict,
            coverage: scoring::coverage(&assessment.evaluation),
            completeness: scoring::completeness(&assessment.evaluation, questions),
            confidence: scoring::confidence(assessment, today),
            score: scoring::score(assessment, View::Current, today),
            customer: &case.book.customer,
            assessment,
            today,
            hearings,
        }
    }

    pub(crate) fn print(&self, case: &Case, name: &dyn Fn(&PersonId) -> String) {
        let customer = &case.book.customer;
        ui::line(&format!(
            "{}  as of {} · entry {}",
            ui::tone(Tone::Strong, &customer.name),
            words::day(self.today),
            case.book.seq
        ));
        self.print_verdict();
        if let Some(day) = customer.go_live {
            ui::line(&format!(
                "Planned go-live {}{}",
                words::day(day),
                away(day, self.today)
            ));
        }
        self.print_findings("Stops the start", &self.verdict.blocking, name);
        let conditions: Vec<FindingKey> = self
            .verdict
            .not_in_hand
            .iter()
            .chain(&self.verdict.in_hand)
            .cloned()
            .collect();
        self.print_findings("Conditions", &conditions, name);
        self.print_actions(case.book.portal.as_ref());
        self.print_score();
        self.print_disagreements(case);
        self.print_open(name);
        self.print_not_applicable();
    }

    /// Returns the findings that the start needs, as the screen lists them.
    fn needed(&self) -> Vec<FindingKey> {
        let Verdict {
            blocking,
            not_in_hand,
            in_hand,
            ..
        } = &self.verdict;
        let all = blocking.iter().chain(not_in_hand).chain(in_hand);
        all.cloned().collect()
    }

    fn print_verdict(&self) {
        let (tone, sign) = match self.verdict.code {
            VerdictCode::Stopped | VerdictCode::NotReady => (Tone::Bad, "✗"),
            VerdictCode::Undetermined => (Tone::Warn, "?"),
            VerdictCode::ReadyWithConditions | VerdictCode::Ready => (Tone::Good, "✓"),
        };
        let sentence = phrases::verdict(self.assessment, &self.verdict);
        ui::line(&ui::tone(tone, &format!("{sign} {sentence}")));
        if let Some(detail) = phrases::verdict_detail(&self.verdict) {
            ui::line(&format!("  {detail}"));
        }
        for place in &self.verdict.stops {
            let stop = &self.assessment.questionnaire().stops[*place];
            let text = self.assessment.evaluation.text(&stop.text);
            ui::line(&format!("  {}", inert(&text)));
        }
        if let Some(start) = self.assessment.overrides.last() {
            ui::line(&ui::tone(
                Tone::Warn,
                &format!(
                    "  Start all the same: approved by {} on {}: {}",
                    start.what.approved_by,
                    words::day(start.what.on),
                    start.what.reason
                ),
            ));
        }
    }

    fn print_findings(&self, head: &str, keys: &[FindingKey], name: &dyn Fn(&PersonId) -> String) {
        if keys.is_empty() {
            return;
        }
        ui::line("");
        ui::line(&ui::tone(Tone::Strong, head));
        for (key, life) in self.lives(keys).take(LINES) {
            let title = phrases::finding_title(self.assessment, key);
            let rule = phrases::rule_of(self.assessment, life).map_or("", Rule::words);
            let state = phrases::standing(life, self.today, name);
            let came_back = if life.came_back > 0 && life.state(self.today) != State::Open {
                ", came back"
            } else {
                ""
            };
            let plan = promised(life, self.today, name);
            ui::line(&format!("  {}  {}", key, inert(&title)));
            ui::line(&ui::tone_raw(
                Tone::Faint,
                format!(
                    "      {}{came_back}{} · {} · {rule}",
                    inert(&state),
                    inert(&plan),
                    phrases::severity(life.severity)
                )
                .trim_end_matches(" · "),
            ));
            for clocks in self.clock_words(life) {
                ui::line(&ui::tone_raw(Tone::Faint, &format!("      {clocks}")));
            }
        }
        if keys.len() > LINES {
            ui::line(&format!(
                "  … and {} more: `readiness finding list`",
                keys.len() - LINES
            ));
        }
    }

    /// Returns by how much the date of a finding has passed, and how long it has taken by both clocks; nothing where it is neither
    /// late nor waits.
    fn clock_words(&self, life: &Life) -> Vec<String> {
        let late = self.late(life);
        let waits = matches!(life.state(self.today), State::Waiting(_));
        if late.is_none() && !waits {
            return Vec::new();
        }
        let clocks = phrases::clocks(life.clocks(self.customer, self.today));
        let open = format!("open for {clocks}");
        late.map(phrases::overdue)
            .into_iter()
            .chain([open])
            .collect()
    }

    /// Returns by how much the date of a finding has passed on which somebody must act.
    fn late(&self, life: &Life) -> Option<Length> {
        life.must_act(self.today)?;
        let due = life.due(self.customer)?;
        due::overdue(due, self.today, &self.customer.calendar)
    }

    fn lives<'k>(
        &'k self,
        keys: &'k [FindingKey],
    ) -> impl Iterator<Item = (&'k FindingKey, &'k Life)> {
        keys.iter()
            .filter_map(|key| Some((key, self.assessment.lives.get(key)?)))
    }

    fn print_actions(&self, portal: Option<&PortalStatus>) {
        ui::line("");
        let Actions {
            to_complete,
            in_progress,
            completed,
        } = self.actions;
        let mut rows = vec![vec![
            "our checklist".to_owned(),
            to_complete.to_string(),
            in_progress.to_string(),
            completed.to_string(),
        ]];
        if let Some(portal) = portal {
            rows.push(vec![
                format!("your portal, {}", words::day(portal.on)),
                portal.to_complete.to_string(),
                portal.in_progress.to_string(),
                portal.completed.to_string(),
            ]);
        }
        ui::table(
            &["Actions needed", "complete now", "in progress", "completed"],
            &rows,
        );
        self.print_assets(portal);
    }

    fn print_assets(&self, portal: Option<&PortalStatus>) {
        let number = |count: u64| words::number(i128::from(count));
        let mut rows: Vec<Vec<String>> = self
            .coverage
            .iter()
            .map(|covered| {
                vec![
                    format!("{}, our checklist", phrases::asset(covered.asset)),
                    number(covered.protected),
                    number(covered.target),
                    number(covered.missing()),
                    covered.share().map_or_else(|| "–".into(), words::percent),
                    format!("{} %", covered.goal),
                ]
            })
            .collect();
        let shown = portal.into_iter().flat_map(|portal| {
            [
                ("Devices", portal.devices),
                ("Identities", portal.identities),
            ]
            .map(|(asset, counts)| (asset, counts, portal.on))
        });
        for (asset, counts, on) in shown {
            let Some((now, target)) = counts else {
                continue;
            };
            rows.push(vec![
                format!("{asset}, your portal, {}", words::day(on)),
                number(now),
                number(target),
                number(target.saturating_sub(now)),
                "".into(),
                "".into(),
            ]);
        }
        if !rows.is_empty() {
            ui::line("");
            ui::table(
                &[
                    "Protected assets",
                    "protected",
                    "target",
                    "missing",
                    "share",
                    "goal",
                ],
                &rows,
            );
        }
    }

    fn print_score(&self) {
        let questionnaire = self.assessment.questionnaire();
        ui::line("");
        let score = score_words(&self.score);
        let band = self
            .score
            .band(&questionnaire.bands)
            .map_or_else(String::new, |band| format!(" · {}", band.text));
        ui::line(&format!(
            "{} {score}{}",
            ui::tone(Tone::Strong, "Readiness score"),
            inert(&band)
        ));
        let known: Vec<String> = Basis::ALL
            .iter()
            .rev()
            .map(|basis| {
                format!(
                    "{} {}",
                    basis.words(),
                    words::percent(self.confidence.share(*basis))
                )
            })
            .collect();
        if self.confidence.total > 0 {
            let stale = match self.confidence.stale_answers {
                0 => String::new(),
                stale => format!(
                    " · {} to review again",
                    words::count(stale, "answer", "answers")
                ),
            };
            ui::line(&format!("How we know: {}{stale}", known.join(", ")));
        }
        let scores = scoring::section_scores(self.assessment, self.today);
        for (section, score) in questionnaire.sections.iter().zip(scores) {
            let Some(now) = score.basis_points() else {
                continue;
            };
            let upper = score.upper().unwrap_or(now);
            let title = self.assessment.evaluation.text(&section.title);
            ui::line(&format!(
                "  {} {:>5}  {}",
                ui::bar(now, upper - now, 20),
                words::percent(now),
                inert(&title)
            ));
        }
    }

    /// Lists where tools contradict what was said, until a person settles it.
    fn print_disagreements(&self, case: &Case) {
        let disputed: Vec<&Hearing> = self.disputed().collect();
        let proposed = self.hearings.iter();
        let proposed = proposed.filter(|one| one.proposal().is_some()).count();
        let customer = &case.ledger.customer;
        if !disputed.is_empty() {
            ui::line("");
            let count = words::count(disputed.len(), "disagreement", "disagreements");
            let head = format!("Tools contradict what was said: {count}");
            ui::line(&ui::tone(Tone::Strong, &head));
        }
        let questions = &self.assessment.questionnaire().questions;
        for hearing in disputed.iter().take(LINES) {
            let question = &questions[hearing.place];
            let said = self.assessment.evaluation.said(hearing.place);
            let said = said.map_or_else(String::new, |said| words::said(question, said));
            let against = hearing.contradicting.iter();
            let against: Vec<String> = against
                .map(|at| hearing.opinions[*at].brief(&question.kind))
                .collect();
            let line = format!("{}: said {said} · {}", question.id, against.join(" · "));
            ui::line(&format!("  {}", inert_line(&line)));
        }
        if disputed.len() > LINES {
            ui::line(&format!("  … and {} more", disputed.len() - LINES));
        }
        let how = format!("`readiness evidence review {customer}`");
        if proposed > 0 {
            let proposed = words::count(proposed, "answer is proposed", "answers are proposed");
            ui::line(&format!("{proposed} by tools: {how}"));
        } else if !disputed.is_empty() {
            ui::line(&format!("settle it with an answer: {how}"));
        }
    }

    fn disputed(&self) -> impl Iterator<Item = &Hearing> {
        self.hearings.iter().filter(|hearing| hearing.is_disputed())
    }

    fn print_open(&self, name: &dyn Fn(&PersonId) -> String) {
        let open = self.completeness.asked - self.completeness.answered;
        if open == 0 {
            return;
        }
        ui::line("");
        ui::line(&ui::tone(
            Tone::Strong,
            &format!(
                "Open: {} of {}",
                words::count(open, "answer", "answers"),
                self.completeness.asked
            ),
        ));
        let mut waiting: Vec<(Option<Day>, String, usize)> = self
            .assessment
            .evaluation
            .open_questions()
            .map(|place| {
                let (who, by) = self.assessment.waits_for(place).unwrap_or((None, None));
                (by, who.map_or_else(|| "nobody asked".into(), name), place)
            })
            .collect();
        waiting.sort_by_key(|(by, who, place)| {
            (by.unwrap_or(Day::MAX), who == "nobody asked", *place)
        });
        for (by, who, place) in waiting.iter().take(LINES) {
            let question = &self.assessment.questionnaire().questions[*place];
            let due = by.map_or_else(String::new, |day| {
                let late = if day < self.today { ", overdue" } else { "" };
                format!(" by {}{late}", words::day(day))
            });
            let text = self.assessment.evaluation.text(&question.text);
            ui::line(&format!("  {}{due}: {}", inert(who), inert(&text)));
        }
        if waiting.len() > LINES {
            ui::line(&format!("  … and {} more", waiting.len() - LINES));
        }
    }

    /// Lists what was said not to apply although it could have stopped the start.
    fn print_not_applicable(&self) {
        let said = scoring::not_applicable_blockers(self.assessment);
        if said.is_empty() {
            return;
        }
        ui::line("");
        ui::line(&ui::tone(
            Tone::Strong,
            "Said not to apply, and could have stopped the start",
        ));
        for (place, reason) in said {
            let question = &self.assessment.questionnaire().questions[place];
            let text = self.assessment.evaluation.text(&question.text);
            ui::line(&format!("  {} ({})", inert(&text), reason.words()));
        }
    }

    fn json(&self, case: &Case, questionnaire: &str) -> impl Serialize {
        let ids = |keys: &[FindingKey]| keys.iter().map(ToString::to_string).collect::<Vec<_>>();
        let all = &self.assessment.questionnaire().questions;
        serde_json::json!({
            "customer": case.book.customer.id,
            "name": case.book.customer.name,
            "questionnaire": questionnaire,
            "as_of": self.today,
            "entry": case.book.seq,
            "head": case.book.head,
            "verdict": {
                "code": self.verdict.code,
                "sentence": phrases::verdict(self.assessment, &self.verdict),
                "blocking": ids(&self.verdict.blocking),
                "conditions_not_in_hand": ids(&self.verdict.not_in_hand),
                "conditions_in_hand": ids(&self.verdict.in_hand),
                "open": self.verdict.open.iter().map(|place| all[*place].id.to_string()).collect::<Vec<_>>(),
                "findings": self.lives(&self.needed()).map(|(key, life)| serde_json::json!({
                    "finding": key.to_string(),
                    "due": life.due(self.customer),
                    "overdue_by": self.late(life),
                    "clocks": life.clocks(self.customer, self.today),
                })).collect::<Vec<_>>(),
                "override": self.assessment.overrides.last().map(|start| &start.what),
            },
            "actions": self.actions,
            "portal": case.book.portal,
            "coverage": self.coverage.iter().map(|covered| serde_json::json!({
                "asset": covered.asset, "protected": covered.protected, "target": covered.target, "goal": covered.goal,
                "question": all[covered.question].id,
            })).collect::<Vec<_>>(),
            "score": {
                "basis_points": self.score.basis_points(),
                "upper": self.score.upper(),
                "earned": self.score.earned.to_string(),
                "possible": self.score.possible.to_string(),
                "band": self.score.band(&self.assessment.questionnaire().bands).map(|band| &band.id),
            },
            "completeness": self.completeness,
            "stale": self.confidence.stale_answers,
            "disagreements": self.disputed().map(|hearing| &all[hearing.place].id).collect::<Vec<_>>(),
            "proposals": self.hearings.iter().filter(|hearing| hearing.proposal().is_some()).map(|hearing| &all[hearing.place].id).collect::<Vec<_>>(),
            "open": self.assessment.evaluation.open_questions().map(|place| {
                let (asked, by) = self.assessment.waits_for(place).unwrap_or((None, None));
                serde_json::json!({ "question": all[place].id, "asked": asked, "by": by })
            }).collect::<Vec<_>>(),
        })
    }
}

/// Returns the score in words: `62 % (up to 81 % with the 14 open answers)`.
pub(crate) fn score_words(score: &Score) -> String {
    let (Some(now), Some(upper)) = (score.basis_points(), score.upper()) else {
        return "not assessed".into();
    };
    if score.open_questions == 0 {
        return words::percent(now);
    }
    format!(
        "{} (up to {} with the {})",
        words::percent(now),
        words::percent(upper),
        words::count(score.open_questions, "open answer", "open answers")
    )
}

/// Returns how far a day is away, in brackets.
fn away(day: Day, today: Day) -> String {
    match (day - today).num_days() {
        0 => " (today)".into(),
        days if days > 0 => format!(" (in {})", words::count(days as usize, "day", "days")),
        days => format!(
            " ({} ago)",
            words::count(days.unsigned_abs() as usize, "day", "days")
        ),
    }
}

/// Returns who does it and by when, where the state does not say so itself and somebody must act.
fn promised(life: &Life, today: Day, name: &dyn Fn(&PersonId) -> String) -> String {
    let state = life.state(today);
    let plan = life.plan.as_ref();
    let plan = plan.filter(|_| life.must_act(today).is_some());
    match (state, plan) {
        (State::Planned(_), _) | (_, None) => String::new(),
        (_, Some(plan)) => format!(" · {} by {}", name(&plan.owner), words::day(plan.due)),
    }
}
