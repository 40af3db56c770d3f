//! All customers at once: who needs me next, what waits, what moved, where many fail.
//!
//! From summary rows alone. Customers are never ranked by score: scores of different questionnaires, or versions of one, do not compare.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use crate::actions::summary::{CustomerSummary, Summary};
use crate::actions::{Failure, Workspace};
use crate::catalog::library::from_pinned;
use crate::domain::id::{CustomerId, Hash, PersonId, QuestionnaireId};
use crate::domain::phase::Phase;
use crate::domain::questionnaire::{Asset, Questionnaire};
use crate::domain::time::Day;
use crate::domain::trail::Move;
use crate::problem::Problems;
use crate::store::Store;

/// How many days ahead of a start or an expiry a customer stands in the queue for it.
const AHEAD: i64 = 30;

/// How many of the most failed findings are named.
const MOST: usize = 10;

/// Which customers are wanted.
#[derive(Clone, Debug, Default)]
pub struct Customers {
    /// Of this manager, by id or name.
    pub manager: Option<String>,
    /// Of this region, whatever its case.
    pub region: Option<String>,
    /// In this phase.
    pub phase: Option<Phase>,
    /// With this verdict, by its code.
    pub verdict: Option<String>,
    /// In this queue.
    pub queue: Option<Queue>,
    /// Where this finding stands, or this question raises one that does.
    pub item: Option<String>,
    /// Where something moved since that day.
    pub since: Option<Day>,
    /// In which order.
    pub order: Order,
    /// Whether the findings are wanted that stand at most customers: of thousands that takes a while.
    pub most_failed: bool,
}

/// What customers queue for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// Something is past its date.
    Overdue,
    /// Somebody is waited for.
    Waiting,
    /// A decision to live with a finding ends soon.
    Expiring,
    /// Answers are old.
    Stale,
    /// What the start needs, nobody has taken.
    Unassigned,
    /// The start is near, or has passed without one.
    GoLive,
}

/// The order of customers. None is by score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By the day on which something presses: what needs me next.
    #[default]
    Next,
    /// By name.
    Name,
    /// By the planned start.
    GoLive,
    /// By what is past its date, the oldest first.
    Overdue,
    /// By how long somebody is waited for.
    Waiting,
    /// By the last touch, the oldest first.
    Touched,
    /// By phase.
    Phase,
}

/// One assessment of a customer, or a customer without any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The customer.
    pub customer: CustomerId,
    /// Their name.
    pub name: String,
    /// Under which questionnaire.
    pub questionnaire: Option<QuestionnaireId>,
    /// Today, where the customer is.
    pub today: Day,
    /// The day on which something presses; in the past for what is late.
    pub presses_on: Option<Day>,
    /// The name of the manager.
    pub manager_name: Option<String>,
    /// The name of the person who is waited for.
    pub waits_for: Option<String>,
    /// What moved since the day asked for, or in the last week.
    pub moved: Vec<Move>,
    /// Everything else.
    pub summary: Summary,
}

/// All customers that were wanted, and what they come to together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Portfolio {
    /// Today, in UTC.
    pub today: Day,
    /// The day since which movements are told.
    pub since: Day,
    /// The customers.
    pub lines: Vec<Line>,
    /// How many there are in each phase.
    pub funnel: BTreeMap<Phase, usize>,
    /// How starts to come compare with what was planned.
    pub starts: Starts,
    /// The findings that stand at most customers, the most frequent first; none where they are not wanted.
    pub most_failed: Vec<Failed>,
    /// The load of each manager; nobody's is under an empty name.
    pub load: BTreeMap<String, Load>,
    /// How many ledgers were replayed, because what was kept of them did not hold.
    #[serde(skip)]
    pub replayed: usize,
    /// Why customers are missing.
    #[serde(skip)]
    pub problems: Problems,
}

/// A finding that stands at many customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failed {
    /// Its id.
    pub finding: String,
    /// Its title, as the questionnaire of one of these customers has it.
    pub title: String,
    /// How many customers have it, under whichever questionnaires.
    pub customers: usize,
}

/// Starts to come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Starts {
    /// Those planned and not begun.
    pub planned: usize,
    /// Of these, those still on the first day that was planned.
    pub on_first_day: usize,
    /// Of these, those that moved to a later day.
    pub slipped: usize,
    /// By how many days those slipped together.
    pub slipped_days: i64,
    /// Of these, those whose day has passed.
    pub passed: usize,
    /// Of these, those whose agreed dates end after the planned day.
    pub forecast_late: usize,
}

/// What one manager has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Load {
    /// Customers that are not ended.
    pub customers: usize,
    /// What stops starts.
    pub blocking: usize,
    /// What is past its date.
    pub overdue: usize,
    /// Open answers.
    pub open: usize,
    /// Starts within the next month.
    pub starts: usize,
}

impl Workspace {
    /// Returns the customers that are wanted. What cannot be read is among what is returned.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn portfolio(&self, wanted: &Customers) -> Result<Portfolio, Failure> {
        let summaries = self.summaries().await?;
        let names = self.names().await?;
        let now = self.clock.now();
        let today = now.day_in(chrono_tz::UTC);
        let week = today.checked_sub_days(chrono::Days::new(7));
        let since = wanted.since.or(week).unwrap_or(today);
        let mut lines = Vec::new();
        for CustomerSummary { id, rows, .. } in summaries.customers {
            for (questionnaire, summary) in rows {
                let day = summary.today(now);
                let told = (questionnaire, summary);
                lines.push(line(id.clone(), told, day, since, &names));
            }
        }
        lines.retain(|line| line.is_wanted(wanted));
        // Before they are sorted: the lines of a customer stand together still.
        let most_failed = match wanted.most_failed {
            true => self.most_failed(&lines).await?,
            false => Vec::new(),
        };
        lines.sort_by_cached_key(|line| line.key(wanted.order));
        Ok(Portfolio {
            today,
            since,
            funnel: funnel(&lines),
            starts: starts(&lines),
            most_failed,
            load: load(&lines),
            lines,
            replayed: summaries.replayed,
            problems: summaries.problems,
        })
    }

    /// Returns the findings that stand at most customers, with their titles. `lines` has those of a customer together. Advice and
    /// managed responses are of one customer each, and not among them.
    async fn most_failed(&self, lines: &[Line]) -> Result<Vec<Failed>, Failure> {
        let mut titles = Titles::default();
        let mut most = Vec::new();
        for (item, count, line) in frequent(lines) {
            if most.len() == MOST {
                break;
            }
            if let Some(title) = titles.of(&self.store, item, &lines[line]).await? {
                most.push(Failed {
                    finding: item.to_owned(),
                    title,
                    customers: count,
                });
            }
        }
        Ok(most)
    }
}

/// Titles of findings, by the questionnaires that were read for them.
#[derive(Default)]
struct Titles {
    read: BTreeMap<Hash, Option<Questionnaire>>,
}

impl Titles {
    /// Returns the title of a finding under the questionnaire of a line; nothing where it is none of that questionnaire.
    async fn of(
        &mut self,
        store: &Store,
        item: &str,
        line: &Line,
    ) -> Result<Option<String>, Failure> {
        let (Some(hash), Ok(finding)) = (line.summary.text, item.parse()) else {
            return Ok(None);
        };
        if let Entry::Vacant(unread) = self.read.entry(hash) {
            let text = store.text(&hash).await?;
            unread.insert(text.and_then(|text| from_pinned(text.bytes()).ok()));
        }
        let questionnaire = self.read[&hash].as_ref();
        let title =
            |all: &Questionnaire| Some(all.findings[all.finding(&finding)?].title.outline());
        Ok(questionnaire.and_then(title))
    }
}

fn line(
    customer: CustomerId,
    (questionnaire, summary): (Option<QuestionnaireId>, Summary),
    today: Day,
    since: Day,
    names: &BTreeMap<PersonId, String>,
) -> Line {
    let called = |id: &PersonId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
    let moved = summary.trail.as_ref().map_or_else(Vec::new, |trail| {
        let recent = trail.moves.iter().filter(|step| step.on >= since);
        recent.cloned().collect()
    });
    let waits = summary.waits_on.as_ref();
    Line {
        waits_for: waits.and_then(|one| one.person.as_ref()).map(called),
        manager_name: summary.manager.as_ref().map(called),
        presses_on: presses_on(&summary, today),
        customer,
        name: summary.name.clone(),
        questionnaire,
        today,
        moved,
        summary,
    }
}

/// Returns the first day on which something presses: what is past its date, a start that nothing is ready for, a review, a decision
/// that ends, the next touch. An ended customer presses on nobody.
fn presses_on(summary: &Summary, today: Day) -> Option<Day> {
    if summary.phase == Phase::Ended {
        return None;
    }
    let start = summary.go_live.filter(|_| !summary.phase.runs());
    let days = [
        summary.oldest_due,
        summary
            .oldest_response
            .map(|at| at.day_in(summary.time_zone)),
        start,
        summary.review_due,
        summary.expires_on,
        summary.next_touch.filter(|day| *day >= today),
    ];
    days.into_iter().flatten().min()
}

impl Line {
    fn is_wanted(&self, wanted: &Customers) -> bool {
        let summary = &self.summary;
        let same = |known: Option<&str>, wanted: &str| {
            known.is_some_and(|known| known.to_lowercase() == wanted.trim().to_lowercase())
        };
        let manager = wanted.manager.as_ref().is_none_or(|name| {
            let id = summary.manager.as_ref().map(PersonId::as_str);
            same(self.manager_name.as_deref(), name) || same(id, name)
        });
        let region = wanted.region.as_ref();
        let region = region.is_none_or(|region| same(summary.region.as_deref(), region));
        let phase = wanted.phase.is_none_or(|phase| summary.phase == phase);
        let verdict = wanted.verdict.as_ref();
        let verdict = verdict.is_none_or(|verdict| summary.verdict == *verdict);
        let item = wanted.item.as_ref();
        let item = item.is_none_or(|item| summary.fails(item));
        let moved = wanted.since.is_none() || !self.moved.is_empty();
        let queue = wanted.queue;
        let queue = queue.is_none_or(|queue| queues(summary, queue, self.today));
        manager && region && phase && verdict && item && moved && queue
    }

    /// Returns by what the line is sorted: what comes first is smallest; at last the name tells.
    fn key(&self, order: Order) -> (Option<Day>, bool, i64, String, CustomerId) {
        let summary = &self.summary;
        let last = |day: Option<Day>| day.or(Some(Day::MAX));
        let (day, rank) = match order {
            Order::Next => {
                let blocking = i64::try_from(summary.blocking).unwrap_or(i64::MAX);
                (last(self.presses_on), -blocking)
            }
            Order::Name => (None, 0),
            Order::GoLive => (last(summary.go_live), 0),
            Order::Overdue => (last(summary.oldest_due), 0),
            Order::Waiting => (last(summary.waits_on.as_ref().map(|one| one.since)), 0),
            Order::Touched => (summary.last_touch, 0),
            Order::Phase => (None, summary.phase as i64),
        };
        let ended = summary.phase == Phase::Ended && order == Order::Next;
        let name = self.name.to_lowercase();
        (day, ended, rank, name, self.customer.clone())
    }

    /// Returns protected and target of one kind of asset, over all questions that ask for it.
    #[must_use]
    pub fn coverage(&self, asset: Asset) -> Option<(u64, u64)> {
        let all = &self.summary.coverage;
        let of = all.iter().filter(|(known, ..)| *known == asset);
        of.map(|(_, protected, target)| (*protected, *target))
            .reduce(|a, b| (a.0.saturating_add(b.0), a.1.saturating_add(b.1)))
            .filter(|(_, target)| *target > 0)
    }
}

fn queues(summary: &Summary, queue: Queue, today: Day) -> bool {
    let soon = |day: Day| (day - today).num_days() <= AHEAD;
    match queue {
        Queue::Overdue => summary.overdue > 0,
        Queue::Waiting => summary.waits_on.is_some(),
        Queue::Expiring => summary.expires_on.is_some_and(soon),
        Queue::Stale => summary.stale > 0 || summary.review_due.is_some_and(|day| day < today),
        Queue::Unassigned => summary.unassigned > 0,
        Queue::GoLive => starts_soon(summary, today),
    }
}

fn starts_soon(summary: &Summary, today: Day) -> bool {
    let waits = !summary.phase.runs() && summary.phase != Phase::Ended;
    let soon = |day: Day| (day - today).num_days() <= AHEAD;
    waits && summary.go_live.is_some_and(soon)
}

/// Returns the first line of each customer, for what counts customers and not assessments.
fn once(lines: &[Line]) -> impl Iterator<Item = &Line> {
    let mut seen = HashSet::with_capacity(lines.len());
    lines.iter().filter(move |line| seen.insert(&line.customer))
}

fn funnel(lines: &[Line]) -> BTreeMap<Phase, usize> {
    let mut funnel: BTreeMap<Phase, usize> = Phase::ALL.map(|phase| (phase, 0)).into();
    for line in once(lines) {
        *funnel.entry(line.summary.phase).or_default() += 1;
    }
    funnel
}

fn starts(lines: &[Line]) -> Starts {
    let mut starts = Starts::default();
    for line in once(lines) {
        let summary = &line.summary;
        let waits = !summary.phase.runs() && summary.phase != Phase::Ended;
        let Some(day) = summary.go_live.filter(|_| waits) else {
            continue;
        };
        starts.planned += 1;
        let first = summary.trail.as_ref().and_then(|trail| trail.first_go_live);
        let slip = first.map_or(0, |first| (day - first).num_days());
        starts.on_first_day += usize::from(slip == 0);
        starts.slipped += usize::from(slip > 0);
        starts.slipped_days += slip.max(0);
        starts.passed += usize::from(day < line.today);
        starts.forecast_late += usize::from(summary.planned_ready.is_some_and(|ready| ready > day));
    }
    starts
}

/// Returns findings, the most frequent first, with the number of customers where each stands and the place of the last line of these.
/// A question's id has a dot and is left out here, since its finding is counted.
fn frequent(lines: &[Line]) -> Vec<(&str, usize, usize)> {
    let mut counts: HashMap<&str, (usize, usize)> = HashMap::new();
    for (place, line) in lines.iter().enumerate() {
        let items = line.summary.failing.split_ascii_whitespace();
        for item in items.filter(|item| !item.contains('.')) {
            let (count, last) = counts.entry(item).or_insert((0, place));
            let is_seen = *count > 0 && lines[*last].customer == line.customer;
            *count += usize::from(!is_seen);
            *last = place;
        }
    }
    let counts = counts.into_iter();
    let mut counts: Vec<_> = counts
        .map(|(item, (count, last))| (item, count, last))
        .collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    counts
}

fn load(lines: &[Line]) -> BTreeMap<String, Load> {
    let mut all: BTreeMap<String, Load> = BTreeMap::new();
    let mut seen = HashSet::with_capacity(lines.len());
    for line in lines {
        let name = line.manager_name.clone().unwrap_or_default();
        let load = all.entry(name).or_default();
        let is_first = seen.insert(&line.customer);
        let summary = &line.summary;
        if summary.phase == Phase::Ended {
            continue;
        }
        load.customers += usize::from(is_first);
        load.blocking += summary.blocking;
        load.overdue += summary.overdue;
        load.open += summary.open;
        load.starts += usize::from(is_first && starts_soon(summary, line.today));
    }
    all
}
