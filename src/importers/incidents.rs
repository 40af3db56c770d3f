//! Incidents with what Defender Experts ask for, as Microsoft Graph returns them.
//!
//! Understood are pages of `/security/incidents`, with their tasks inside or without, and pages of `/security/incidentTasks` (beta),
//! whose tasks name their incident. What the interface adds later is passed over; a status that we do not know counts as pending
//! and is said. Several files are read together, so that incidents and tasks may come apart.
//!
//! Source: Microsoft Graph, resource types `incident` and `incidentTask`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::decision::Severity;
use crate::domain::managed_response::{ActionKind, ActionStatus, MAX_ACTIONS, ResponseAction};
use crate::domain::time::Instant;
use crate::importers::json::{Folded, List, Rows, Text, read};
use crate::importers::{MIB, text};
use crate::problem::{Problem, Problems};

/// The largest file that is read, in bytes.
pub const MAX_INCIDENTS: usize = 32 * MIB;

/// The most incidents and tasks of all files together.
const MAX_ROWS: usize = 50_000;

/// What the files say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incidents {
    /// The incidents, by their number.
    pub incidents: BTreeMap<String, Incident>,
    /// How many files are one page of several, with more pages to come.
    pub partial: usize,
    /// Statuses and kinds that are not known, each with how often it came.
    pub unknown: BTreeMap<String, usize>,
    rows: usize,
}

/// An incident, as far as the files tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incident {
    /// Its title.
    pub title: Option<String>,
    /// How bad it is.
    pub severity: Option<Severity>,
    /// Whether it awaits the customer; nothing where its status is not told.
    pub awaits: Option<bool>,
    /// Whether it is resolved.
    pub resolved: bool,
    /// When it was changed last.
    pub changed_at: Option<Instant>,
    /// What is asked for.
    pub actions: Vec<ResponseAction>,
}

/// Reads files together.
///
/// # Errors
/// The first file that is not what Graph returns, by its name, with line, column and reason.
pub fn read_incidents(files: &[(&str, &[u8])]) -> Result<Incidents, Problems> {
    let mut all = Incidents::default();
    for (name, bytes) in files {
        read_file(&mut all, bytes).map_err(|mut problems| {
            for problem in &mut problems.0 {
                problem.message = format!("`{name}`: {}", problem.message);
            }
            problems
        })?;
    }
    Ok(all)
}

fn read_file(all: &mut Incidents, bytes: &[u8]) -> Result<(), Problems> {
    if bytes.len() > MAX_INCIDENTS {
        let message = format!("a file of {} bytes is too large", bytes.len());
        let help = format!("at most {MAX_INCIDENTS} are read; ask for fewer incidents a page");
        return Err(Problem::error(message).help(help).into());
    }
    let text = text::decode(bytes)?;
    let text = text.trim_start();
    let items = if text.starts_with('[') {
        read::<Folded<Items>>(text)?.0
    } else {
        let page: Page = read(text)?;
        all.partial += usize::from(page.next_link.get().is_some());
        match page.value {
            Some(value) => value.0,
            None => Items(vec![read(text)?]),
        }
    };
    for item in items.0 {
        all.take(item)?;
    }
    Ok(())
}

/// A page of a collection.
#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    value: Option<Folded<Items>>,
    #[serde(default, rename = "@odata.nextLink")]
    next_link: Text,
}

#[derive(Default)]
struct Items(Vec<Item>);

impl Rows for Items {
    type Row = Item;

    fn take(&mut self, row: Item) -> Result<(), String> {
        if self.0.len() >= MAX_ROWS {
            return Err(format!(
                "the file holds more than {MAX_ROWS} incidents and tasks"
            ));
        }
        self.0.push(row);
        Ok(())
    }
}

/// An incident or a task, with what either has.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Item {
    #[serde(rename = "@odata.type")]
    odata_type: Text,
    id: Text,
    display_name: Text,
    severity: Text,
    status: Text,
    created_date_time: Text,
    last_update_date_time: Text,
    last_modified_date_time: Text,
    action_type: Text,
    source: Text,
    incident_id: Text,
    incident: Option<Named>,
    #[serde(alias = "tasks")]
    incident_tasks: Option<List<Self>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    id: Text,
}

impl Item {
    fn is_task(&self) -> bool {
        let named = self.odata_type.or_empty().ends_with("incidentTask");
        named || self.action_type.get().is_some() || self.incident.is_some()
    }
}

impl Incidents {
    fn take(&mut self, item: Item) -> Result<(), Problem> {
        self.rows += 1;
        if self.rows > MAX_ROWS {
            let message = format!("there are more than {MAX_ROWS} incidents and tasks");
            return Err(Problem::error(message).help("take them in by several times"));
        }
        if item.is_task() {
            let of = item
                .incident
                .as_ref()
                .and_then(|incident| incident.id.get());
            let of = of.or(item.incident_id.get()).and_then(number);
            let Some(of) = of else {
                return Err(Problem::error("a task names no incident (`incident.id`)")
                    .help("export `/security/incidentTasks` whole, without `$select`"));
            };
            return self.take_task(of, &item);
        }
        let Some(id) = item.id.get().and_then(number) else {
            return Err(Problem::error("this is neither an incident nor a task: it has no `id`")
                .help("give what `/security/incidents` or `/security/incidentTasks` of Microsoft Graph returns"));
        };
        for task in item.incident_tasks.map(|list| list.0).unwrap_or_default() {
            self.rows += 1;
            self.take_task(id.clone(), &task)?;
        }
        let status = item.status.get().map(str::to_ascii_lowercase);
        let severity = self.severity(item.severity.get());
        let incident = self.incidents.entry(id).or_default();
        incident.title = text::some_name(item.display_name.get());
        incident.severity = severity;
        incident.awaits = status.as_deref().map(|status| status == "awaitingaction");
        incident.resolved = status.as_deref() == Some("resolved");
        incident.changed_at = (item.last_update_date_time.get())
            .or(item.created_date_time.get())
            .and_then(text::instant);
        Ok(())
    }

    fn take_task(&mut self, incident: String, task: &Item) -> Result<(), Problem> {
        let kind = self.kind(task.action_type.get());
        let status = self.status(task.status.get());
        let action = ResponseAction {
            task: task.id.get().and_then(number),
            kind,
            title: text::some_name(task.display_name.get()),
            by_experts: task.source.get() == Some("defenderExpertsManagedResponse"),
            status,
            asked_at: task.created_date_time.get().and_then(text::instant),
            changed_at: (task.last_modified_date_time.get())
                .and_then(text::instant)
                .filter(|_| !matches!(status, ActionStatus::Pending)),
        };
        let actions = &mut self.incidents.entry(incident.clone()).or_default().actions;
        let same = |known: &ResponseAction| known.task.is_some() && known.task == action.task;
        match actions.iter().position(same) {
            Some(place) if actions[place].changed_at <= action.changed_at => {
                actions[place] = action;
            }
            Some(_) => {}
            None if actions.len() >= MAX_ACTIONS => {
                let message = format!("incident {incident} has more than {MAX_ACTIONS} tasks");
                return Err(Problem::error(message).help("leave it out; no incident has so many"));
            }
            None => actions.push(action),
        }
        Ok(())
    }

    fn kind(&mut self, text: Option<&str>) -> ActionKind {
        let Some(text) = text else {
            return ActionKind::Text;
        };
        let mut kinds = ActionKind::ALL.iter();
        let known = kinds
            .find(|kind| kind.code().eq_ignore_ascii_case(text))
            .copied();
        known.unwrap_or_else(|| {
            self.odd("the action", text);
            ActionKind::Other
        })
    }

    /// Returns a status in our words: what is not relevant was skipped.
    fn status(&mut self, text: Option<&str>) -> ActionStatus {
        match text.unwrap_or_default().to_ascii_lowercase().as_str() {
            "open" => ActionStatus::Pending,
            "inprogress" => ActionStatus::InProgress,
            "completed" => ActionStatus::Completed,
            "failed" => ActionStatus::Failed,
            "notrelevant" => ActionStatus::Skipped,
            other => {
                self.odd("the status", other);
                ActionStatus::Pending
            }
        }
    }

    fn severity(&mut self, text: Option<&str>) -> Option<Severity> {
        match text?.to_ascii_lowercase().as_str() {
            "high" => Some(Severity::High),
            "medium" => Some(Severity::Medium),
            "low" => Some(Severity::Low),
            "informational" => Some(Severity::Info),
            "unknown" => None,
            other => {
                self.odd("the severity", other);
                None
            }
        }
    }

    fn odd(&mut self, what: &str, text: &str) {
        if self.unknown.len() < 20 {
            let text: String = text.chars().take(40).collect();
            *self.unknown.entry(format!("{what} `{text}`")).or_default() += 1;
        }
    }
}

/// Returns the number of an incident or a task, as it is kept.
fn number(id: &str) -> Option<String> {
    let fits = id.chars().count() <= 100 && !id.chars().any(char::is_control);
    (fits && !id.is_empty()).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_one(text: &str) -> Result<Incidents, String> {
        read_all(&[("a.json", text.as_bytes())])
    }

    fn read_all(files: &[(&str, &[u8])]) -> Result<Incidents, String> {
        read_incidents(files).map_err(|problems| {
            let problems = problems.0.iter();
            problems.map(|problem| problem.draw(false)).collect()
        })
    }

    /// An incident with two tasks inside, as `$expand` returns it; what else stands there is passed over.
    const EXPANDED: &str = r##"{ "@odata.context": "x", "@odata.nextLink": "https://graph.example/next", "value": [
      { "@odata.type": "#microsoft.graph.security.incident", "id": "7", "displayName": " Odd\nsign-in ", "severity": "HIGH",
        "status": "awaitingAction", "createdDateTime": "2026-09-01T08:00:00Z", "lastUpdateDateTime": "2026-09-01T09:00:00.1234567Z",
        "comments": [ { "comment": "deep", "tags": [[[]]] } ],
        "tasks": [
          { "id": "t1", "actionType": "isolateDevice", "status": "Completed", "source": "defenderExpertsManagedResponse",
            "createdDateTime": "2026-09-01T08:00:00Z", "lastModifiedDateTime": "2026-09-01T08:40:00Z" },
          { "id": "t2", "status": "notRelevant", "displayName": "Ask the user" } ] } ] }"##;

    #[test]
    fn an_incident_has_its_tasks() {
        let read = read_one(EXPANDED).unwrap();
        assert_eq!((read.partial, read.unknown.len()), (1, 0));
        let incident = &read.incidents["7"];
        assert_eq!(incident.severity, Some(Severity::High));
        assert_eq!((incident.awaits, incident.resolved), (Some(true), false));
        assert!(
            incident
                .title
                .as_deref()
                .is_some_and(|title| !title.contains('\n'))
        );
        assert!(incident.changed_at.is_some());
        let [first, second] = incident.actions.as_slice() else {
            panic!("{:?}", incident.actions);
        };
        assert!(first.by_experts && first.changed_at.is_some());
        assert_eq!(first.status, ActionStatus::Completed);
        assert_eq!(
            (second.kind, second.status),
            (ActionKind::Text, ActionStatus::Skipped)
        );
    }

    #[test]
    fn tasks_may_come_before_their_incident_in_another_file() {
        let tasks = r#"[ { "id": "t1", "actionType": "text", "status": "open", "incident": { "id": 7 } } ]"#;
        let incidents = r#"{ "id": "7", "status": "resolved", "severity": "low" }"#;
        let files: [(&str, &[u8]); 2] = [("t", tasks.as_bytes()), ("i", incidents.as_bytes())];
        for order in [[files[0], files[1]], [files[1], files[0]]] {
            let read = read_all(&order).unwrap();
            assert_eq!(read.incidents.len(), 1);
            let incident = &read.incidents["7"];
            assert!(
                incident.resolved && incident.actions.len() == 1,
                "{incident:?}"
            );
        }
    }

    #[test]
    fn of_the_same_task_the_newest_counts_in_whichever_order() {
        let task = |status: &str, at: &str| {
            format!(
                r#"[{{"id":"t","actionType":"text","status":"{status}","incidentId":"7","lastModifiedDateTime":"{at}"}}]"#
            )
        };
        let old = task("inProgress", "2026-09-01T08:00:00Z");
        let new = task("completed", "2026-09-01T09:00:00Z");
        let files: [(&str, &[u8]); 2] = [("o", old.as_bytes()), ("n", new.as_bytes())];
        for order in [[files[0], files[1]], [files[1], files[0]]] {
            let actions = &read_all(&order).unwrap().incidents["7"].actions;
            assert_eq!(actions.len(), 1);
            assert_eq!(actions[0].status, ActionStatus::Completed);
        }
    }

    #[test]
    fn what_is_not_known_counts_as_pending_and_is_said() {
        let odd = "x".repeat(500);
        let text = format!(
            r#"[{{"id":"t","actionType":"{odd}","status":"\u001b[31mlost","incidentId":"7"}},
                {{"id":"7","severity":"catastrophic","status":"brandNew"}}]"#
        );
        let read = read_one(&text).unwrap();
        let incident = &read.incidents["7"];
        let action = &incident.actions[0];
        assert_eq!(
            (action.kind, action.status),
            (ActionKind::Other, ActionStatus::Pending)
        );
        assert_eq!((incident.severity, incident.awaits), (None, Some(false)));
        assert_eq!(read.unknown.len(), 3);
        assert!(read.unknown.keys().all(|what| what.chars().count() < 60));
        let many: Vec<String> = (0..100)
            .map(|n| format!(r#"{{"id":"{n}","severity":"s{n}"}}"#))
            .collect();
        let read = read_one(&format!("[{}]", many.join(","))).unwrap();
        assert_eq!((read.incidents.len(), read.unknown.len()), (100, 20));
    }

    #[test]
    fn what_is_no_page_of_incidents_is_refused_and_says_where() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        for (text, words) in [
            ("", "a.json"),
            ("{}", "neither an incident nor a task"),
            ("[{}]", "neither an incident nor a task"),
            (
                r#"{"value": [{"id": ""}]}"#,
                "neither an incident nor a task",
            ),
            (
                r#"{"value": [{"id": "a\u0000b"}]}"#,
                "neither an incident nor a task",
            ),
            (
                r#"[{"id":"t","actionType":"text"}]"#,
                "a task names no incident",
            ),
            (r#"[{"id":"t","incident":{}}]"#, "a task names no incident"),
            (r#"{"value": [{"id": "1"}"#, "a.json"),
            ("<html>Sign in</html>", "a.json"),
            (deep.as_str(), "a.json"),
        ] {
            let said = read_one(text).map(|read| format!("{read:?}")).unwrap_err();
            assert!(said.contains(words), "{words}: {said}");
        }
        assert!(read_all(&[("b.json", b"\xff\xfe\x00")]).is_err());
    }

    #[test]
    fn there_is_an_end_to_what_is_read() {
        let rows = vec![r#"{"id":"1"}"#; MAX_ROWS + 1].join(",");
        assert!(
            read_one(&format!("[{rows}]"))
                .unwrap_err()
                .contains("more than 50000")
        );
        let task = |n: usize| {
            format!(r#"{{"id":"t{n}","actionType":"text","status":"open","incidentId":"7"}}"#)
        };
        let tasks: Vec<String> = (0..=MAX_ACTIONS).map(task).collect();
        let said = read_one(&format!("[{}]", tasks.join(","))).unwrap_err();
        assert!(
            said.contains("incident 7 has more than 200 tasks"),
            "{said}"
        );
        let large = vec![b' '; MAX_INCIDENTS + 1];
        assert!(
            read_all(&[("c.json", large.as_slice())])
                .unwrap_err()
                .contains("too large")
        );
        // Tasks within tasks are passed over, however deep.
        let nested = format!("{}{}", r#"{"id":"1","tasks":["#.repeat(40), "]}".repeat(40));
        assert_eq!(read_one(&nested).unwrap().incidents.len(), 1);
    }
}
