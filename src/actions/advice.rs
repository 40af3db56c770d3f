//! Advice and managed responses: findings that come from elsewhere than the questionnaire.

use std::collections::BTreeMap;

use crate::actions::{Case, Draft, Failure, Workspace};
use crate::domain::advice::{self, Advice, MAX_TITLE};
use crate::domain::assessment::Assessment;
use crate::domain::decision::Severity;
use crate::domain::id::{FindingKey, PersonId, QuestionnaireId};
use crate::domain::ledger::{Fact, Responded};
use crate::domain::managed_response::{
    self, ActionKind, ActionStatus, MAX_ACTIONS, ManagedResponse, ReportFigures, ResponseAction,
};
use crate::domain::response::MAX_TEXT;
use crate::domain::time::Instant;
use crate::importers::incidents::{Incident, Incidents};
use crate::problem::{Problem, Problems};

/// What taking in incidents came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Findings that are new.
    pub added: Vec<FindingKey>,
    /// Findings that stand otherwise now.
    pub changed: Vec<FindingKey>,
    /// How many stand as they did.
    pub same: usize,
    /// How many incidents ask nothing of the customer.
    pub left: usize,
    /// Incidents whose title or severity the files do not tell.
    pub bare: usize,
}

impl Case {
    /// Records advice as the customer's next.
    ///
    /// # Errors
    /// What is missing, too long, or lies ahead.
    pub async fn advise(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        questionnaire: Option<&QuestionnaireId>,
        advice: Advice,
    ) -> Result<FindingKey, Failure> {
        let (id, assessment) = self.assessment(questionnaire)?;
        let mut problems = Problems::default();
        one_line(&mut problems, "title", &advice.title);
        if let Some(incident) = &advice.incident {
            one_line(&mut problems, "incident", incident);
        }
        let text = advice.text.as_deref().unwrap_or_default();
        if text.len() > MAX_TEXT {
            let message = format!("a text of {} bytes is too long", text.len());
            problems.push(Problem::error(message).help(format!("at most {MAX_TEXT} are kept")));
        }
        if advice.on > self.book.today {
            let message = format!("the day it was given, {}, lies ahead", advice.on);
            problems.push(Problem::error(message).help("give today or an earlier day"));
        }
        if problems.any_error() {
            return Err(Failure::usage(problems));
        }
        let number = self.next_number(|assessment| &assessment.advice);
        let fact = Fact::Advised {
            questionnaire: id.clone(),
            number,
            advice,
        };
        let draft = Draft::based_on(fact, assessment);
        self.record(workspace, by, vec![draft]).await?;
        Ok(advice::key(number))
    }

    /// Records a managed response as the customer's next.
    ///
    /// # Errors
    /// What is missing or too long; a time that lies ahead; an incident that is there already.
    pub async fn add_response(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        questionnaire: Option<&QuestionnaireId>,
        response: ManagedResponse,
    ) -> Result<FindingKey, Failure> {
        let (id, assessment) = self.assessment(questionnaire)?;
        let mut problems = Problems::default();
        one_line(&mut problems, "incident", &response.incident);
        one_line(&mut problems, "title", &response.title);
        if response.actions.is_empty() || response.actions.len() > MAX_ACTIONS {
            let message = format!("{} actions are asked for", response.actions.len());
            problems.push(Problem::error(message).help(format!("give 1 to {MAX_ACTIONS}")));
        }
        not_ahead(&mut problems, "it was asked", response.asked_at, workspace);
        let mut known = assessment.responses.iter();
        if let Some((key, _)) = known.find(|(_, one)| one.what.incident == response.incident) {
            let message = format!("incident {} is `{key}` already", response.incident);
            let help = "change how it stands with `readiness managed-response update`";
            problems.push(Problem::error(message).help(help));
        }
        if problems.any_error() {
            return Err(Failure::usage(problems));
        }
        let number = self.next_number(|assessment| &assessment.responses);
        let draft = Draft::based_on(incident(id, number, response), assessment);
        self.record(workspace, by, vec![draft]).await?;
        Ok(managed_response::key(number))
    }

    /// Records that actions of managed responses stand otherwise since `at`: those of the given numbers, counted from 1, or every one
    /// of the customer's that is not over. All are recorded, or none; what stands so already is left.
    ///
    /// # Errors
    /// Every finding that is no managed response, and every number that it does not have.
    pub async fn update_responses(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        questionnaire: Option<&QuestionnaireId>,
        keys: &[FindingKey],
        update: &Update,
    ) -> Result<usize, Failure> {
        let (id, assessment) = self.assessment(questionnaire)?;
        let mut problems = Problems::default();
        not_ahead(&mut problems, "it was done", update.at, workspace);
        let mut drafts = Vec::new();
        for key in keys {
            let Some((number, one)) = numbered(assessment, key) else {
                problems.push(no_response(assessment, key));
                continue;
            };
            match update.of(one) {
                Err(problem) => problems.push(Problem {
                    message: format!("`{key}`: {}", problem.message),
                    ..problem
                }),
                Ok(changed) if changed == *one => {}
                Ok(changed) => {
                    drafts.push(Draft::based_on(incident(id, number, changed), assessment));
                }
            }
        }
        if problems.any_error() {
            return Err(Failure::usage(problems));
        }
        let count = drafts.len();
        if count > 0 {
            self.record(workspace, by, drafts).await?;
        }
        Ok(count)
    }

    /// Takes in incidents: new ones become findings, known ones follow. The same files twice change nothing, and an older state of a
    /// task never replaces a newer one.
    ///
    /// # Errors
    /// When the store cannot be written, or others wrote about the same meanwhile.
    pub async fn take_incidents(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        questionnaire: Option<&QuestionnaireId>,
        incidents: Incidents,
    ) -> Result<Received, Failure> {
        self.refuse_to_write_in_the_past()?;
        let (id, assessment) = self.assessment(questionnaire)?;
        let now = workspace.clock.now();
        let known: BTreeMap<&str, &FindingKey> = (assessment.responses.iter())
            .map(|(key, one)| (one.what.incident.as_str(), key))
            .collect();
        let mut next = self.next_number(|assessment| &assessment.responses);
        let mut taken = Received::default();
        let mut drafts = Vec::new();
        for (incident_id, found) in incidents.incidents {
            let before = known.get(incident_id.as_str()).copied();
            let before = before.and_then(|key| Some((key, numbered(assessment, key)?)));
            let bare = found.title.is_none() || found.severity.is_none();
            let response = merged(&incident_id, found, before.map(|(_, (_, one))| one), now);
            let Some(response) = response else {
                taken.left += 1;
                continue;
            };
            let number = match before {
                Some((_, (_, one))) if *one == response => {
                    taken.same += 1;
                    continue;
                }
                Some((key, (number, _))) => {
                    taken.changed.push(key.clone());
                    number
                }
                None => {
                    taken.bare += usize::from(bare);
                    taken.added.push(managed_response::key(next));
                    next += 1;
                    next - 1
                }
            };
            drafts.push(Draft::based_on(incident(id, number, response), assessment));
        }
        if !drafts.is_empty() {
            self.record(workspace, by, drafts).await?;
        }
        Ok(taken)
    }

    /// Records what the service's own report showed; the same figures again write nothing and return `false`.
    ///
    /// # Errors
    /// When they cannot be, in words.
    pub async fn record_figures(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        questionnaire: Option<&QuestionnaireId>,
        figures: ReportFigures,
    ) -> Result<bool, Failure> {
        let (id, assessment) = self.assessment(questionnaire)?;
        let problem = if figures.until > self.book.today {
            Some((
                "the last day of the report lies ahead",
                "give today or an earlier day",
            ))
        } else if !(1..=366).contains(&figures.days) {
            Some((
                "a report covers 1 to 366 days",
                "give the days that it says",
            ))
        } else if figures.resolved > figures.investigated {
            Some((
                "more incidents were resolved than investigated",
                "look at the report again",
            ))
        } else if figures
            .resolved_directly
            .saturating_add(figures.resolved_with_help)
            > figures.resolved
        {
            Some((
                "more incidents were resolved directly and with help than resolved at all",
                "look at the report again",
            ))
        } else {
            None
        };
        if let Some((message, help)) = problem {
            return Err(Failure::usage(Problem::error(message).help(help)));
        }
        if assessment
            .figures
            .last()
            .is_some_and(|last| last.what == figures)
        {
            return Ok(false);
        }
        let fact = Fact::ManagedResponse {
            questionnaire: id.clone(),
            recorded: Responded::Figures(figures),
        };
        self.record(workspace, by, vec![Draft::free(fact)]).await?;
        Ok(true)
    }

    /// Returns the number that follows those of all assessments of the customer.
    fn next_number<T>(&self, held: impl Fn(&Assessment) -> &BTreeMap<FindingKey, T>) -> u32 {
        let keys = self
            .book
            .assessments
            .values()
            .flat_map(|one| held(one).keys());
        keys.filter_map(number_of)
            .max()
            .unwrap_or(0)
            .saturating_add(1)
    }
}

/// How actions stand now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// How.
    pub status: ActionStatus,
    /// Which actions, counted from 1; none for every one that is not over.
    pub actions: Vec<usize>,
    /// Since when.
    pub at: Instant,
}

impl Update {
    fn of(&self, response: &ManagedResponse) -> Result<ManagedResponse, Problem> {
        let mut changed = response.clone();
        if self.at < response.asked_at {
            let message = format!(
                "{} is before it was asked for, {}",
                self.at, response.asked_at
            );
            return Err(Problem::error(message).help("give the time of the action with `--at`"));
        }
        let count = changed.actions.len();
        if let Some(wrong) = self
            .actions
            .iter()
            .find(|number| !(1..=count).contains(*number))
        {
            return Err(
                Problem::error(format!("it has no action {wrong}")).help(format!(
                    "there are 1 to {count}: see `readiness managed-response list`"
                )),
            );
        }
        for (place, action) in changed.actions.iter_mut().enumerate() {
            let named = self.actions.contains(&(place + 1));
            let open = self.actions.is_empty() && !action.by_experts && !action.status.is_over();
            if (named || open) && action.status != self.status {
                action.status = self.status;
                action.changed_at = (self.status != ActionStatus::Pending).then_some(self.at);
            }
        }
        Ok(changed)
    }
}

fn incident(questionnaire: &QuestionnaireId, number: u32, response: ManagedResponse) -> Fact {
    Fact::ManagedResponse {
        questionnaire: questionnaire.clone(),
        recorded: Responded::Incident { number, response },
    }
}

fn number_of(key: &FindingKey) -> Option<u32> {
    key.id.as_str().rsplit('-').next()?.parse().ok()
}

fn numbered<'a>(
    assessment: &'a Assessment,
    key: &FindingKey,
) -> Option<(u32, &'a ManagedResponse)> {
    Some((number_of(key)?, &assessment.responses.get(key)?.what))
}

fn no_response(assessment: &Assessment, key: &FindingKey) -> Problem {
    let problem = Problem::error(format!("`{key}` is no managed response of this customer"));
    match assessment.responses.last_key_value() {
        Some(_) => problem.help("see `readiness managed-response list`"),
        None => problem.help("there are none yet: `readiness managed-response add` or `import`"),
    }
}

/// Returns a managed response as the files and what was known tell it; nothing where nothing is asked of the customer.
fn merged(
    id: &str,
    found: Incident,
    before: Option<&ManagedResponse>,
    now: Instant,
) -> Option<ManagedResponse> {
    let mut actions = before.map(|one| one.actions.clone()).unwrap_or_default();
    for action in found.actions {
        let same = |known: &ResponseAction| known.task.is_some() && known.task == action.task;
        // What somebody typed before is the same card once the service names it.
        let typed = |known: &ResponseAction| known.task.is_none() && known.kind == action.kind;
        let place = actions.iter().position(same);
        match place.or_else(|| actions.iter().position(typed)) {
            Some(place) if actions[place].changed_at <= action.changed_at => {
                actions[place] = action;
            }
            Some(_) => {}
            None if actions.len() < MAX_ACTIONS => actions.push(action),
            None => {}
        }
    }
    let has_tasks = actions.iter().any(|action| action.task.is_some());
    if has_tasks {
        actions.retain(|action| action.task.is_some() || action.kind != ActionKind::Other);
    }
    match (has_tasks, found.awaits) {
        // The incident alone tells that something is to be done, and nothing of what.
        (false, Some(true)) if actions.is_empty() => {
            actions.push(unnamed(ActionStatus::Pending, None))
        }
        (false, Some(false)) => {
            for action in actions
                .iter_mut()
                .filter(|one| one.kind == ActionKind::Other)
            {
                *action = unnamed(
                    ActionStatus::Completed,
                    action.changed_at.or(found.changed_at),
                );
            }
        }
        _ => {}
    }
    if actions.iter().all(|action| action.by_experts) {
        return None;
    }
    let first = actions.iter().filter(|action| !action.by_experts);
    let first = first.filter_map(|action| action.asked_at).min();
    let asked_at = before
        .map(|one| one.asked_at)
        .or(first)
        .or(found.changed_at);
    Some(ManagedResponse {
        incident: id.to_owned(),
        title: match (found.title, before) {
            (Some(title), _) => title.chars().take(MAX_TITLE).collect(),
            (None, Some(one)) => one.title.clone(),
            (None, None) => format!("Incident {id}"),
        },
        severity: (found.severity)
            .or(before.map(|one| one.severity))
            .unwrap_or(Severity::Medium),
        asked_at: asked_at.unwrap_or(now),
        actions,
    })
}

/// Returns what stands for actions that no file names.
fn unnamed(status: ActionStatus, changed_at: Option<Instant>) -> ResponseAction {
    ResponseAction {
        task: None,
        kind: ActionKind::Other,
        title: None,
        by_experts: false,
        status,
        asked_at: None,
        changed_at,
    }
}

fn one_line(problems: &mut Problems, what: &str, text: &str) {
    let letters = text.chars().count();
    if text.trim().is_empty() || letters > MAX_TITLE || text.chars().any(char::is_control) {
        let message = format!("the {what} is one line of 1 to {MAX_TITLE} letters");
        problems.push(Problem::error(message).help("give another"));
    }
}

/// Refuses a time that lies ahead by more than what clocks differ.
fn not_ahead(problems: &mut Problems, what: &str, at: Instant, workspace: &Workspace) {
    let now = workspace.clock.now();
    if at.since(now) > chrono::Duration::minutes(5) {
        let message = format!("the time at which {what}, {at}, lies ahead");
        problems.push(
            Problem::error(message)
                .help("give the time with its zone, such as 2026-09-02T14:02:00+02:00"),
        );
    }
}
