//! Whole phrases: the verdict, the state of a finding, why something is not asked and what gave a credit, worded once for every
//! screen and page.

use std::collections::BTreeSet;

use crate::domain::assessment::Assessment;
use crate::domain::condition::{Comparison, Datum, Expression, Slot};
use crate::domain::credit::{Credit, Reason};
use crate::domain::decision::{Action, Disposition, Need, Severity};
use crate::domain::due::{Clocks, Closing, Length};
use crate::domain::evaluation::{Asked, Cause, Evaluation, NotAskedBecause};
use crate::domain::finding::{Life, Origin, State, StateName};
use crate::domain::id::{FindingKey, PersonId};
use crate::domain::managed_response::ActionStatus;
use crate::domain::questionnaire::{
    Asset, Band, Combine, Effort, Kind, Question, Questionnaire, Rule, Scoring,
};
use crate::domain::scoring::{Verdict, VerdictCode};
use crate::domain::time::Day;
use crate::domain::words;

/// Returns the verdict in a sentence without full stop: *Not ready to start: 1 item stops it*.
#[must_use]
pub fn verdict(assessment: &Assessment, verdict: &Verdict) -> String {
    match verdict.code {
        VerdictCode::Stopped => {
            let stops = &assessment.questionnaire().stops;
            let titles: Vec<String> = verdict
                .stops
                .iter()
                .map(|place| assessment.evaluation.text(&stops[*place].title))
                .collect();
            titles.join("; ")
        }
        VerdictCode::NotReady if verdict.blocking.is_empty() => format!(
            "Not ready to start: {} without owner or date",
            words::count(verdict.not_in_hand.len(), "condition", "conditions")
        ),
        VerdictCode::NotReady => format!(
            "Not ready to start: {} it",
            words::count(verdict.blocking.len(), "item stops", "items stop")
        ),
        VerdictCode::Undetermined => format!(
            "Cannot say yet: {} missing",
            words::count(verdict.open.len(), "answer", "answers")
        ),
        VerdictCode::ReadyWithConditions => format!(
            "Ready with {}",
            words::count(verdict.in_hand.len(), "condition", "conditions")
        ),
        VerdictCode::Ready => "Ready".into(),
    }
}

/// Returns what stands beside the verdict, such as *3 conditions have owner and date*; nothing where there is nothing to add.
#[must_use]
pub fn verdict_detail(verdict: &Verdict) -> Option<String> {
    let mut parts = Vec::new();
    if verdict.code == VerdictCode::NotReady {
        if !verdict.blocking.is_empty() && !verdict.not_in_hand.is_empty() {
            parts.push(words::count(
                verdict.not_in_hand.len(),
                "condition lacks owner or date",
                "conditions lack owner or date",
            ));
        }
        if !verdict.in_hand.is_empty() {
            parts.push(words::count(
                verdict.in_hand.len(),
                "condition is in hand",
                "conditions are in hand",
            ));
        }
        if !verdict.open.is_empty() {
            parts.push(words::count(
                verdict.open.len(),
                "open answer could add to it",
                "open answers could add to it",
            ));
        }
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Returns the word for a need.
#[must_use]
pub fn need(need: Need) -> &'static str {
    match need {
        Need::Blocker => "Needed before start",
        Need::Condition => "Condition",
        Need::Improvement => "Improvement",
    }
}

/// Returns the word for a severity.
#[must_use]
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
        Severity::Info => "info",
    }
}

/// Returns a difference between two counts with its sign, *±0* where there is none.
#[must_use]
pub fn difference(difference: i128) -> String {
    match difference {
        0 => "±0".into(),
        1.. => format!("+{}", words::number(difference)),
        _ => words::number(difference).replace('-', "−"),
    }
}

/// Returns the name of a state as lists show it.
#[must_use]
pub fn state_name(state: StateName) -> &'static str {
    match state {
        StateName::Open => "Open",
        StateName::Planned => "Planned",
        StateName::InProgress => "In progress",
        StateName::Claimed => "Reported done",
        StateName::Waiting => "Waiting",
        StateName::RiskAccepted => "Risk accepted",
        StateName::ThirdParty => "Covered by another product",
        StateName::Mitigated => "Mitigated in another way",
        StateName::Disputed => "Disputed",
        StateName::RecordedInError => "Recorded in error",
        StateName::Closed => "Closed",
        StateName::Superseded => "No longer asked",
    }
}

/// Returns the words for how long something takes.
#[must_use]
pub fn effort(effort: Option<Effort>) -> &'static str {
    match effort {
        Some(Effort::Hours) => "hours",
        Some(Effort::Days) => "days",
        Some(Effort::Weeks) => "weeks",
        None => "effort not known",
    }
}

/// Returns what is added to a score, in percentage points with one decimal, and *+0.0* only when exact: *+4.2 points*.
#[must_use]
pub fn gain(basis_points: i64) -> String {
    let sign = if basis_points < 0 { "−" } else { "+" };
    let size = basis_points.unsigned_abs();
    let tenths = match size {
        0 => 0,
        _ => ((size + 5) / 10).max(1),
    };
    format!("{sign}{}.{} points", tenths / 10, tenths % 10)
}

/// Returns the word for a kind of asset.
#[must_use]
pub fn asset(asset: Asset) -> &'static str {
    match asset {
        Asset::Devices => "Devices",
        Asset::Identities => "Identities (DC)",
        Asset::Servers => "Servers",
    }
}

/// Returns the title of a finding, with the row that it is about; its id where the questionnaire no longer has it.
#[must_use]
pub fn finding_title(assessment: &Assessment, key: &FindingKey) -> String {
    if let Some(advice) = assessment.advice.get(key) {
        return advice.what.title.clone();
    }
    if let Some(response) = assessment.responses.get(key) {
        return response.what.title.clone();
    }
    let questionnaire = assessment.questionnaire();
    let Some(place) = questionnaire.finding(&key.id) else {
        return key.to_string();
    };
    let rule = &questionnaire.findings[place];
    let title = assessment.evaluation.text(&rule.title);
    match &key.row {
        Some(row) => format!("{title} ({})", row_words(assessment, &rule.raised_by, row)),
        None => title,
    }
}

/// Returns what people read for the key of a row: the text of a fixed row, else the key.
#[must_use]
pub fn row_words(assessment: &Assessment, raised_by: &[usize], row: &str) -> String {
    let questions = &assessment.questionnaire().questions;
    raised_by
        .iter()
        .filter_map(|place| match &questions[*place].kind {
            Kind::Rows(table) => Some(&table.fixed),
            _ => None,
        })
        .flatten()
        .find(|fixed| fixed.id.as_str() == row)
        .map_or_else(
            || row.to_owned(),
            |fixed| assessment.evaluation.text(&fixed.text),
        )
}

/// Returns whose rule a finding rests on: the strictest of the questions that raise it.
#[must_use]
pub fn rule_of(assessment: &Assessment, life: &Life) -> Option<Rule> {
    let questions = &assessment.questionnaire().questions;
    life.causes
        .iter()
        .filter_map(|cause| match cause {
            Cause::Question(place) => questions[*place].rule,
            Cause::Rule => None,
        })
        .min()
}

/// Returns the state of a finding in words; `name` gives the name of a person.
#[must_use]
pub fn state(state: &State<'_>, name: impl Fn(&PersonId) -> String) -> String {
    match state {
        State::Open => "Open".into(),
        State::Planned(plan) => {
            format!("Planned: {} by {}", name(&plan.owner), words::day(plan.due))
        }
        State::InProgress(since) => format!("In progress since {}", words::day(*since)),
        State::Claimed(claim) => format!(
            "Reported done by {} on {}, not yet checked",
            name(&claim.by),
            words::day(claim.since)
        ),
        State::Waiting(waiting) => format!(
            "Waiting on {} since {}",
            waiting.on.words(),
            words::day(waiting.since)
        ),
        State::RiskAccepted(disposition) => format!(
            "Risk accepted by {} until {}",
            name(&disposition.approved_by),
            words::day(disposition.until)
        ),
        State::ThirdParty(disposition) => format!(
            "Covered by another product until {}",
            words::day(disposition.until)
        ),
        State::Mitigated(disposition) => format!(
            "Mitigated in another way until {}",
            words::day(disposition.until)
        ),
        State::Disputed(dispute) => format!(
            "Disputed by {} since {}",
            name(&dispute.by),
            words::day(dispute.since)
        ),
        State::RecordedInError(erratum) => {
            format!("Recorded in error, said on {}", words::day(erratum.since))
        }
        State::Closed(on) => format!("Closed on {}", words::day(*on)),
        State::Superseded(on) => format!("No longer concerns you, since {}", words::day(*on)),
    }
}

/// Returns how a finding stands on `today` in words: its state, and of an open one that it came back.
#[must_use]
pub fn standing(life: &Life, today: Day, name: impl Fn(&PersonId) -> String) -> String {
    match (life.state(today), life.came_back) {
        (State::Superseded(on), _) if life.origin == Origin::ManagedResponse => {
            format!("Skipped on {}", words::day(on))
        }
        (State::Open, 1) => "Came back".into(),
        (State::Open, times @ 2..) => format!("Came back {times} times"),
        (other, _) => state(&other, name),
    }
}

/// Returns what goes with a state: what is waited for, reported or disputed, or why it was recorded in error.
#[must_use]
pub fn state_note<'a>(state: &State<'a>) -> Option<&'a str> {
    match state {
        State::Waiting(waiting) => Some(&waiting.why),
        State::Claimed(claim) => claim.comment.as_deref(),
        State::Disputed(dispute) => Some(&dispute.words),
        State::RecordedInError(erratum) => Some(&erratum.reason),
        _ => None,
    }
}

/// Returns a decision in words that follow the name of its author; `what` is what it is about, such as *it*.
#[must_use]
pub fn decided(action: &Action, what: &str, name: impl Fn(&PersonId) -> String) -> String {
    match action {
        Action::Plan { owner, due } => {
            format!("planned {what}: {} by {}", name(owner), words::day(*due))
        }
        Action::Assign { owner } => format!("gave {what} to {}", name(owner)),
        Action::Start => format!("said that work on {what} has begun"),
        Action::Wait { on, why } => format!("set {what} to wait on {}: {why}", on.words()),
        Action::Resume => format!("went on with {what}"),
        Action::Claim { by, comment } => format!(
            "recorded that {} reports {what} done{}",
            name(by),
            after_colon(comment.as_ref())
        ),
        Action::Accept(disposition) => format!(
            "accepted the risk of {what} {}",
            disposed(disposition, name)
        ),
        Action::ThirdParty(disposition) => format!(
            "recorded {what} as covered by another product {}",
            disposed(disposition, name)
        ),
        Action::Mitigate(disposition) => format!(
            "recorded {what} as mitigated in another way {}",
            disposed(disposition, name)
        ),
        Action::Dispute { by, words } => {
            format!("recorded that {} disputes {what}: {words}", name(by))
        }
        Action::InError {
            reason,
            approved_by,
        } => {
            let approved = approved_by.as_ref();
            let approved =
                approved.map_or_else(String::new, |by| format!(", approved by {}", name(by)));
            format!("said that {what} was recorded in error{approved}: {reason}")
        }
        Action::Reopen { reason } => {
            format!(
                "took the last step about {what} back{}",
                after_colon(reason.as_ref())
            )
        }
        Action::Close { basis, named } => {
            format!("closed {what}, {} by {named}", basis.words())
        }
    }
}

fn disposed(disposition: &Disposition, name: impl Fn(&PersonId) -> String) -> String {
    format!(
        "until {}, decided by {}, approved by {}: {}",
        words::day(disposition.until),
        name(&disposition.decided_by),
        name(&disposition.approved_by),
        disposition.reason
    )
}

fn after_colon(text: Option<&String>) -> String {
    text.map_or_else(String::new, |text| format!(": {text}"))
}

/// Returns why the question at `place` is not asked, in words that follow *because*; nothing where it is asked.
#[must_use]
pub fn not_asked_because(evaluation: &Evaluation, place: usize) -> Option<String> {
    let questionnaire = evaluation.questionnaire();
    let question = &questionnaire.questions[place];
    let section = &questionnaire.sections[question.section];
    match evaluation.asked(place) {
        Asked::Yes => None,
        Asked::Perhaps(open) => Some(format!("it depends on {}", questions(evaluation, open))),
        Asked::No(NotAskedBecause::Section(because)) => Some(because_of(
            evaluation,
            because,
            &section.applies,
            section.when.as_ref(),
        )),
        Asked::No(because) => Some(because_of(
            evaluation,
            because,
            &question.applies,
            question.when.as_ref(),
        )),
    }
}

/// Returns why a whole section is not asked, in words that follow *because*; nothing where it is asked.
#[must_use]
pub fn section_not_asked_because(evaluation: &Evaluation, place: usize) -> Option<String> {
    let section = &evaluation.questionnaire().sections[place];
    match evaluation.section_asked(place) {
        Asked::Yes => None,
        Asked::Perhaps(open) => Some(format!("it depends on {}", questions(evaluation, open))),
        Asked::No(because) => Some(because_of(
            evaluation,
            because,
            &section.applies,
            section.when.as_ref(),
        )),
    }
}

/// Returns why the profile at `place` is out of scope, in words that follow *because*; nothing where it is in scope or undecided.
#[must_use]
pub fn profile_out_because(evaluation: &Evaluation, place: usize) -> Option<String> {
    let profile = &evaluation.questionnaire().profiles[place];
    let out = !evaluation.profile(place).is_true()
        && evaluation.profile(place).open_questions().next().is_none();
    out.then(|| answers_read(evaluation, Some(&profile.when)))
}

fn because_of(
    evaluation: &Evaluation,
    because: &NotAskedBecause,
    applies: &[usize],
    when: Option<&Expression>,
) -> String {
    match because {
        NotAskedBecause::Profiles => {
            let profiles: Vec<String> = applies
                .iter()
                .map(|place| evaluation.text(&evaluation.questionnaire().profiles[*place].text))
                .collect();
            match &profiles[..] {
                [one] => format!("“{one}” is not the case"),
                [several @ .., last] => {
                    format!(
                        "neither “{}” nor “{last}” is the case",
                        several.join("” nor “")
                    )
                }
                [] => "its condition does not hold".into(),
            }
        }
        _ => answers_read(evaluation, when),
    }
}

/// Returns the answers that a condition reads, by itself or through derived values and profiles, as *you answered “No” to “…”*.
fn answers_read(evaluation: &Evaluation, when: Option<&Expression>) -> String {
    let slots = when.map(Expression::slots).unwrap_or_default();
    let read = questions_behind(evaluation.questionnaire(), slots);
    let answers: Vec<String> = (read.iter())
        .filter_map(|place| you_answered(evaluation, *place))
        .collect();
    match answers.len() {
        0 if read.is_empty() => "its condition does not hold".into(),
        0 => "what it depends on does not concern you".into(),
        1..=3 => answers.join(" and "),
        more => format!("{} and {} more", answers[..3].join(" and "), more - 3),
    }
}

fn you_answered(evaluation: &Evaluation, place: usize) -> Option<String> {
    let question = &evaluation.questionnaire().questions[place];
    let said = evaluation
        .said(place)
        .filter(|_| evaluation.asked(place).yes())?;
    Some(format!(
        "you answered “{}” to “{}”",
        words::said(question, said),
        evaluation.text(&question.text)
    ))
}

/// Returns the places of the questions behind `slots`, through derived values and profiles, in their order.
#[must_use]
pub fn questions_behind(
    questionnaire: &Questionnaire,
    slots: impl IntoIterator<Item = Slot>,
) -> BTreeSet<usize> {
    let mut questions = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut slots: Vec<Slot> = slots.into_iter().collect();
    while let Some(slot) = slots.pop() {
        if !seen.insert(slot) {
            continue;
        }
        match slot {
            Slot::Question(place) | Slot::Protected(place) | Slot::Target(place) => {
                questions.insert(place);
            }
            Slot::Derived(place) => slots.extend(questionnaire.derived[place].value.slots()),
            Slot::Profile(place) => slots.extend(questionnaire.profiles[place].when.slots()),
            _ => {}
        }
    }
    questions
}

/// Returns the texts of questions, at most three and how many more.
#[must_use]
pub fn questions(evaluation: &Evaluation, places: &BTreeSet<usize>) -> String {
    let texts: Vec<String> = places
        .iter()
        .take(3)
        .map(|place| {
            let question = &evaluation.questionnaire().questions[*place];
            format!("“{}”", evaluation.text(&question.text))
        })
        .collect();
    let more = places.len() - texts.len();
    match more {
        0 => texts.join(", "),
        _ => format!("{} and {more} more", texts.join(", ")),
    }
}

/// Returns which rule gave a credit, in words.
#[must_use]
pub fn reason(question: &Question, credit: &Credit) -> String {
    match credit.reason {
        Reason::Open => "open: earns nothing yet".into(),
        Reason::Unscored => "not scored".into(),
        Reason::NotApplicable => "not applicable: leaves both sums".into(),
        Reason::None => match (credit.earned, &question.none) {
            (Some(_), Some(none)) => format!("the score of “{}”", none.text.outline()),
            (Some(_), None) => "an explicit none".into(),
            (None, _) => "none: not scored".into(),
        },
        Reason::Good(true) => "the good answer".into(),
        Reason::Good(false) => "not the good answer".into(),
        Reason::Option(place) => {
            let option = question.kind.options().get(place);
            let text = option.map_or_else(String::new, |option| option.text.outline());
            format!("the score of “{text}”")
        }
        Reason::Share { ticked, of } => format!("{ticked} of {of} points ticked"),
        Reason::Band(place) => match &question.scoring {
            Scoring::Bands(bands) => match band(&question.kind, bands, place) {
                Some(values) => format!("the score of “{values}”"),
                None => format!("rule {} of {}", place + 1, bands.len()),
            },
            _ => format!("rule {}", place + 1),
        },
        Reason::Coverage {
            protected,
            target,
            goal,
        } => format!(
            "{} of {} protected, goal {goal} %",
            words::number(i128::from(protected)),
            words::number(i128::from(target))
        ),
        Reason::NothingToProtect => "nothing to protect: not scored".into(),
        Reason::Recent(true) => "recent enough".into(),
        Reason::Recent(false) => "too long ago".into(),
        Reason::Given => "an answer was given".into(),
        Reason::Rows { scored: 0, .. } => "no rows to score".into(),
        Reason::Rows {
            combine: Combine::Worst,
            scored,
        } => format!("the worst of {}", words::count(scored, "row", "rows")),
        Reason::Rows {
            combine: Combine::Mean,
            scored,
        } => format!("the mean of {}", words::count(scored, "row", "rows")),
    }
}

/// Returns which values fall into a band, in words: *95 % or more*, *anything else*; nothing where that is more than a plain limit.
fn band(kind: &Kind, bands: &[Band], place: usize) -> Option<String> {
    let Some(when) = &bands.get(place)?.when else {
        return Some("anything else".into());
    };
    let limit = when.limit()?;
    let number = match limit.bound {
        Datum::Int(number) => words::number(i128::from(*number)),
        Datum::Decimal(number) => number.to_string(),
        _ => return None,
    };
    let number = match (limit.counted, kind) {
        (true, _) => format!("{number} of them"),
        (false, Kind::Percent(_)) => format!("{number} %"),
        (false, _) => number,
    };
    let values = match limit.comparison {
        Comparison::GreaterOrEqual => format!("{number} or more"),
        Comparison::Greater => format!("more than {number}"),
        Comparison::LessOrEqual => format!("{number} or less"),
        Comparison::Less => format!("less than {number}"),
        Comparison::Equal => number,
        Comparison::NotEqual => format!("not {number}"),
    };
    Some(match limit.alone {
        true => values,
        false => format!("{values}, with what else was answered"),
    })
}

/// Returns a length of time in words: `12 days (8 working)`.
#[must_use]
pub fn length(length: Length) -> String {
    let days = words::count(length.days as usize, "day", "days");
    format!(
        "{days} ({} working)",
        words::number(i128::from(length.working))
    )
}

/// Returns by how much something is overdue, in words.
#[must_use]
pub fn overdue(length: Length) -> String {
    format!("overdue by {}", self::length(length))
}

/// Returns how long a finding has taken, or took, in words: both clocks where they differ.
#[must_use]
pub fn clocks(clocks: Clocks) -> String {
    let elapsed = length(clocks.elapsed);
    if clocks.running == clocks.elapsed {
        return elapsed;
    }
    format!("{elapsed}, running {}", length(clocks.running))
}

/// Returns whether a finding was closed in time, in words; nothing where no date held.
#[must_use]
pub fn in_time(closing: &Closing) -> Option<String> {
    let due = words::day(closing.due?);
    Some(match closing.in_time()? {
        true => format!("in time (due {due})"),
        false => format!("late (due {due})"),
    })
}

/// Returns minutes in words: `35 min`, `1 h 5 min`, `3 d 4 h`.
#[must_use]
pub fn minutes(minutes: u64) -> String {
    let (hours, rest) = (minutes / 60, minutes % 60);
    match (hours / 24, hours % 24) {
        (0, 0) => format!("{rest} min"),
        (0, hours) => format!("{hours} h {rest} min"),
        (days, hours) => format!("{days} d {hours} h"),
    }
}

/// Returns the status of an action, or of a managed response, in words.
#[must_use]
pub fn action_status(status: ActionStatus) -> &'static str {
    match status {
        ActionStatus::Pending => "Pending",
        ActionStatus::InProgress => "In progress",
        ActionStatus::Completed => "Completed",
        ActionStatus::Skipped => "Skipped",
        ActionStatus::Failed => "Failed",
    }
}
