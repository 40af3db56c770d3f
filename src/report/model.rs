//! The report as plain values: everything that any audience reads, already computed and worded.
//!
//! All that templates and other formats see. Texts are resolved, shares are basis points (10,000 = the whole), days are calendar
//! days; a field called *Markdown* in its description may hold Markdown that people typed, every other text is plain. Where the
//! values come from is not said here; what an audience may see of them is the business of [`audience`](crate::report::audience).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::domain::decision::{self, Need, Severity};
use crate::domain::due::{Clocks, Length};
use crate::domain::finding::StateName;
use crate::domain::managed_response::ReportFigures;
use crate::domain::questionnaire::{Asset, Effort, Level, Party, Rule, Tier};
use crate::domain::response::Basis;
use crate::domain::scoring::VerdictCode;
use crate::domain::time::Day;
use crate::report::branding::Look;

/// A report for one audience.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Whom it may be shown to; says which of the values below are there.
    pub audience: Audience,
    /// What was left out beyond what the audience does not see.
    #[serde(default)]
    pub left_out: BTreeSet<LeftOut>,
    /// How it looks.
    #[serde(default)]
    pub look: Look,
    /// What stands at its head.
    pub head: Head,
    /// May the service start?
    pub verdict: Verdict,
    /// When the service is to start.
    pub go_live: GoLive,
    /// What we found, in the manager's own words. Markdown.
    pub summary: Option<String>,
    /// What is protected.
    #[serde(default)]
    pub coverage: Vec<Coverage>,
    /// Our own count of the actions that are needed.
    pub checklist: Actions,
    /// What the service's own page showed.
    pub portal: Option<Portal>,
    /// What stops the start.
    #[serde(default)]
    pub stops: Cut<Line>,
    /// Conditions, then the largest risks.
    #[serde(default)]
    pub conditions: Cut<Line>,
    /// What the customer has to decide.
    #[serde(default)]
    pub decisions: Cut<DecisionNeeded>,
    /// What is not answered yet.
    pub open: Open,
    /// The readiness score.
    pub score: Score,
    /// How we know.
    pub knowledge: Knowledge,
    /// What changed since the last milestone.
    pub since: Option<Since>,
    /// How the numbers moved over the milestones.
    pub trend: Option<Trend>,
    /// The path to ready.
    pub plan: Option<Plan>,
    /// The sections that do not concern the customer.
    #[serde(default)]
    pub not_concerned: Cut<NotConcerned>,
    /// What would have to hold for other questions to be asked, and does not.
    #[serde(default)]
    pub not_so: Vec<NotConcerned>,
    /// What was said not to apply.
    #[serde(default)]
    pub not_applicable: Cut<NotApplicable>,
    /// Sections with every question.
    #[serde(default)]
    pub sections: Vec<Section>,
    /// Findings, most pressing first.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// What was recommended later and still stands, the gravest first.
    #[serde(default)]
    pub advice: Cut<Advised>,
    /// What the experts asked the customer to do about incidents; nothing where they never asked.
    #[serde(default)]
    pub responses: Option<Responses>,
    /// What is to be done, by who must act and who owns it.
    #[serde(default)]
    pub parties: Vec<PartyPlan>,
    /// What to do, in the order in which to do it.
    #[serde(default)]
    pub recommendations: Vec<Recommendation>,
    /// Sources.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// What the service is that the customer is made ready for.
    #[serde(default)]
    pub service: Service,
    /// Where tools contradict what was said, until a person settles it.
    #[serde(default)]
    pub disagreements: Vec<Disagreement>,
    /// What was taken in as evidence.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// What ties the report to the ledger it was computed from.
    pub anchor: Anchor,
}

/// Texts on the service that follow the customer's answers: one page a questionnaire, Markdown. Those without a page are absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// What happens next, in a few lines for those who decide.
    pub brief: Option<String>,
    /// What it covers and does not.
    pub scope: Option<String>,
    /// What happens next, phase by phase.
    pub next: Option<String>,
    /// Where an incident goes that the service does not take.
    pub elsewhere: Option<String>,
    /// Questions that customers ask, with answers.
    pub questions: Option<String>,
}

/// A question to which tools say something else than people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disagreement {
    /// The question.
    pub question: String,
    /// What is asked.
    pub text: String,
    /// What was said.
    pub said: String,
    /// What each tool says that contradicts it, with its day.
    pub tools: Vec<String>,
}

/// A file that was taken in as evidence. It is listed, never shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The entry that took it in.
    pub entry: u64,
    /// The name of the file, as it was given.
    pub name: String,
    /// What it is, in words.
    pub what: String,
    /// The question that a document is about.
    pub question: Option<String>,
    /// From which day it is: when it was measured, or when a document was taken in; nothing where that is not known.
    pub on: Option<Day>,
    /// The SHA-256 of what is kept.
    pub digest: String,
    /// The SHA-256 of the files as a tool wrote them.
    pub raw: Vec<String>,
    /// Why it was withdrawn.
    pub withdrawn: Option<String>,
}

/// Whom a report is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Those who decide: two pages.
    Executive,
    /// The person who closes one finding: it, what to do about it, and nothing else.
    Handout,
    /// Those who act: what is to be done, by who must act and who owns it.
    ActionPlan,
    /// Those who do the work: everything the customer may see.
    Technical,
    /// The manager's own side: everything.
    Internal,
}

impl Audience {
    /// Every audience, from the one that sees least.
    pub const ALL: [Self; 5] = [
        Self::Executive,
        Self::Handout,
        Self::ActionPlan,
        Self::Technical,
        Self::Internal,
    ];

    /// Returns the code that commands and file names use.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Executive => "executive",
            Self::Handout => "handout",
            Self::ActionPlan => "action-plan",
            Self::Technical => "technical",
            Self::Internal => "internal",
        }
    }
}

/// What can be left out of a report for any audience.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftOut {
    /// The names of people.
    Names,
    /// Files, digests, and what tools say.
    Evidence,
    /// Notes beside answers and findings, those for the customer too.
    Notes,
}

impl LeftOut {
    /// Everything that can be left out.
    pub const ALL: [Self; 3] = [Self::Names, Self::Evidence, Self::Notes];

    /// Returns what it is in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Names => "names of people",
            Self::Evidence => "evidence",
            Self::Notes => "notes",
        }
    }
}

/// A list of which an audience may see only the beginning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cut<T> {
    /// What is shown.
    pub shown: Vec<T>,
    /// How many more there are.
    #[serde(default)]
    pub more: usize,
}

impl<T> Default for Cut<T> {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl<T> From<Vec<T>> for Cut<T> {
    fn from(shown: Vec<T>) -> Self {
        Self { shown, more: 0 }
    }
}

/// What stands at the head of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// What was assessed, such as *Readiness for Defender Experts MDR*.
    pub title: String,
    /// For whom the assessment was made.
    pub customer: Customer,
    /// Who made it.
    pub provider: Option<String>,
    /// How it is to be handled, such as *Confidential*.
    pub classification: Option<String>,
    /// Who gets it.
    #[serde(default)]
    pub distribution: Vec<String>,
    /// Its version, counted from 1.
    pub version: u32,
    /// Whether it was issued.
    pub status: Status,
    /// The day for which everything was computed.
    pub as_of: Day,
    /// The milestone for which everything was computed.
    pub milestone: Option<String>,
    /// Who prepared it.
    pub prepared_by: Option<String>,
    /// For whom it was prepared.
    pub prepared_for: Option<String>,
    /// When the customer is looked at again.
    pub next_review: Option<Day>,
    /// A short number to name it by, such as `7F3A-112`.
    pub number: String,
    /// The language of its texts, as a BCP 47 tag.
    pub language: String,
}

/// The organisation that was assessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    /// The slug that commands and file names use.
    pub id: String,
    /// The name that people read.
    pub name: String,
    /// Its tenants.
    #[serde(default)]
    pub tenants: Vec<Tenant>,
    /// Licensed seats.
    pub seats: Option<u64>,
}

/// A tenant of the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// Its id, as given.
    pub id: String,
    /// Its name or domain.
    pub name: Option<String>,
}

/// Whether a report was issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// May still change; nothing in the ledger vouches for it.
    Draft,
    /// The ledger holds its digest.
    Issued,
}

/// May the service start?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// The verdict.
    pub code: VerdictCode,
    /// The verdict in a sentence without full stop, such as *Not ready to start: 1 item stops it*.
    pub sentence: String,
    /// What stands beside it, such as *3 conditions have owner and date*.
    pub detail: Option<String>,
    /// What to do, where a stop holds.
    pub advice: Option<String>,
    /// What decided it.
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// What is needed to be ready, step by step.
    #[serde(default)]
    pub takes: Cut<String>,
    /// Open questions that could still change it for the worse.
    #[serde(default)]
    pub undetermined: Cut<QuestionLink>,
    /// A decision to start all the same.
    pub start_override: Option<StartOverride>,
}

/// What decided the verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The reason in words.
    pub text: String,
    /// The finding it speaks of, by its key.
    pub finding: Option<String>,
}

/// A question by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionLink {
    /// Its id.
    pub id: String,
    /// What is asked.
    pub text: String,
}

/// A decision to start although the verdict does not allow it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartOverride {
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: String,
    /// The day of the approval.
    pub on: Day,
}

/// When the service is to start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoLive {
    /// The day that was agreed.
    pub planned: Option<Day>,
    /// How many times it was moved.
    #[serde(default)]
    pub moved: u32,
    /// The day from which the service may start with what is left in hand, where that is before everything is done.
    pub start: Option<Day>,
    /// The day on which everything that the start needs is done.
    pub projected: Option<Day>,
    /// Whether the start is possible on the planned day.
    pub on_track: Option<bool>,
    /// How many days after the planned one it is possible.
    #[serde(default)]
    pub late: u64,
    /// What makes these days unsure, such as *3 items without an owner*; nothing where people agreed to all of it.
    pub unsure: Option<String>,
}

/// How much of one kind of thing is protected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// Of which kind.
    pub asset: Asset,
    /// What people read, such as *Devices*.
    pub name: String,
    /// How many are protected.
    pub now: u64,
    /// How many should be.
    pub target: u64,
    /// How many are not.
    pub missing: u64,
    /// Protected ÷ target in basis points; nothing where the target is 0.
    pub share: Option<u32>,
    /// The share that is enough, in basis points.
    pub goal: u32,
    /// How many more are protected than at the last milestone.
    pub change: Option<i64>,
}

/// Actions that are needed for the start, counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actions {
    /// To complete.
    pub to_complete: u64,
    /// In progress.
    pub in_progress: u64,
    /// Completed.
    pub completed: u64,
}

/// What the service's own readiness page showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Portal {
    /// The day on which it was looked at.
    pub on: Day,
    /// Actions needed.
    pub actions: Actions,
    /// Protected assets, in the page's own count.
    #[serde(default)]
    pub assets: Vec<PortalAsset>,
}

/// Protected assets as the service's own page showed them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalAsset {
    /// What people read, such as *Devices*.
    pub name: String,
    /// How many are protected.
    pub now: u64,
    /// How many should be.
    pub target: u64,
}

/// A finding in one line of the first page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its number in this report.
    pub number: u32,
    /// Its key.
    pub finding: String,
    /// Its title.
    pub title: String,
    /// What it means for the start.
    pub need: Need,
    /// How bad it is.
    pub severity: Severity,
    /// Who does it.
    pub who: Option<String>,
    /// By when.
    pub by: Option<Day>,
    /// Whether that day has passed.
    #[serde(default)]
    pub overdue: bool,
    /// Whose rule it rests on.
    pub rule: Option<Rule>,
    /// Its state in words.
    pub state: String,
    /// What stands beside who does it and by when: whom it waits on, that it is reported done or disputed, that it came back.
    #[serde(default)]
    pub beside: Option<String>,
}

/// Something that the customer has to decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionNeeded {
    /// What, in a sentence.
    pub text: String,
    /// By when.
    pub by: Option<Day>,
    /// The finding it is about, by its key.
    pub finding: Option<String>,
}

/// What is not answered yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// How many answers are open.
    pub answers: usize,
    /// How many people were asked for them.
    pub people: usize,
    /// How many were due before the report's day.
    #[serde(default)]
    pub overdue: usize,
    /// Which.
    #[serde(default)]
    pub questions: Vec<OpenQuestion>,
}

/// An open question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenQuestion {
    /// Its id.
    pub id: String,
    /// What is asked.
    pub text: String,
    /// The title of its section.
    pub section: String,
    /// Why it is open, in words, such as *not answered yet*.
    pub why: String,
    /// The team on the customer's side that knows.
    pub team: Option<String>,
    /// Who was asked.
    pub asked: Option<String>,
    /// By when they are to say.
    pub by: Option<Day>,
    /// Whether that day has passed.
    #[serde(default)]
    pub overdue: bool,
    /// Whether the answer could still change the verdict for the worse.
    #[serde(default)]
    pub decides: bool,
}

/// The readiness score. Shares in basis points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// The score; nothing where nothing is scored.
    pub now: Option<u32>,
    /// What it could be with the open answers.
    pub up_to: Option<u32>,
    /// The word for it.
    pub band: Option<String>,
    /// What it would be with everything planned done.
    pub planned: Option<u32>,
    /// What it would be with everything done that can be.
    pub achievable: Option<u32>,
    /// What all questions earned, as an exact decimal number: the sum over [`Points::earned`].
    pub earned: String,
    /// What they could earn at most: the sum over [`Points::weight`].
    pub weight: u64,
    /// The sections that are scored.
    #[serde(default)]
    pub sections: Cut<SectionScore>,
}

/// The score of one section. Shares in basis points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionScore {
    /// The section's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its score; nothing where nothing in it is scored.
    pub now: Option<u32>,
    /// What it could be with the open answers.
    pub up_to: Option<u32>,
    /// Its part of the whole score.
    pub weight: u32,
    /// How many questions are asked.
    pub asked: usize,
    /// How many of them are open.
    pub open: usize,
}

/// How we know: parts of the answers by weight, in basis points that add up to the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Knowledge {
    /// Measured by a tool.
    pub measured: u32,
    /// Shown to us.
    pub shown: u32,
    /// Told to us.
    pub told: u32,
    /// How many answers are due to be looked at again.
    pub stale: usize,
}

/// What changed since a milestone. What was corrected since counts as it is known now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Since {
    /// The milestone's name.
    pub milestone: String,
    /// Its day.
    pub day: Day,
    /// Findings closed.
    pub closed: usize,
    /// Findings that are new.
    pub new: usize,
    /// Findings that came back.
    pub came_back: usize,
    /// Findings of questions that were not asked then.
    #[serde(default)]
    pub newly_asked: usize,
    /// Findings that do not concern the customer any more.
    #[serde(default)]
    pub no_longer_asked: usize,
    /// Findings whose questions mean something else by now: neither passed nor failed.
    #[serde(default)]
    pub not_comparable: usize,
    /// The verdict then, in words.
    pub verdict: Option<String>,
    /// The score then, in basis points.
    pub score: Option<u32>,
    /// Whether the scores of then and now are measured by the same questions.
    #[serde(default = "yes")]
    pub comparable: bool,
    /// The numbers then and now.
    #[serde(default)]
    pub figures: Vec<Figure>,
    /// The findings that changed, by how.
    #[serde(default)]
    pub findings: Vec<ChangedFindings>,
    /// The questions that changed, by how.
    #[serde(default)]
    pub questions: Vec<ChangedQuestions>,
}

fn yes() -> bool {
    true
}

/// A number then and now, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// Which.
    pub name: String,
    /// What it was.
    pub then: String,
    /// What it is.
    pub now: String,
    /// The difference; nothing where it does not compare.
    pub change: Option<String>,
}

/// Findings that changed in one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangedFindings {
    /// How, in a word or two: *Closed*.
    pub title: String,
    /// Which.
    pub findings: Vec<ChangedFinding>,
}

/// A finding that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangedFinding {
    /// Its key.
    pub key: String,
    /// Its number in this report; nothing where the report does not have it.
    pub number: Option<u32>,
    /// Its title.
    pub title: String,
    /// Its state then, in words.
    pub then: Option<String>,
    /// Its state now, in words.
    pub now: Option<String>,
    /// How we know: the answers that raise it, or closed it.
    #[serde(default)]
    pub known: Vec<Known>,
}

/// How we know what an answer says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The question, by its id.
    pub question: String,
    /// How, by whom and when, such as *measured on 2 Sep 2026*.
    pub words: String,
}

/// Questions that changed in one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangedQuestions {
    /// How, in a few words: *Asked now, and not then*.
    pub title: String,
    /// Which.
    pub questions: Vec<QuestionLink>,
}

/// How the numbers moved over the milestones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trend {
    /// The points, from the oldest; the last is the report's own day.
    pub points: Vec<TrendPoint>,
    /// What is charted, a value for every point.
    pub series: Vec<Series>,
}

/// A point of a trend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrendPoint {
    /// What it is called: a milestone, or *now*.
    pub name: String,
    /// Its day.
    pub day: Day,
    /// The verdict in words.
    pub verdict: String,
    /// Whether the questionnaire changed since the point before in a way that scores do not compare.
    #[serde(default)]
    pub breaks: bool,
}

/// A number over the points of a trend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// What it counts.
    pub name: String,
    /// The chart in words.
    pub title: String,
    /// Where the values lie between nothing (0) and the top of the chart (10,000); nothing where there is none.
    pub heights: Vec<Option<u32>>,
    /// The values in words.
    pub words: Vec<String>,
    /// Whether a change of the questionnaire breaks its line.
    #[serde(default)]
    pub breaks: bool,
}

/// The path to ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The verdict if everybody keeps their dates, in words.
    pub verdict: String,
    /// The score then, in basis points.
    pub score: Option<u32>,
    /// What it could be then with the answers that are open then.
    pub up_to: Option<u32>,
    /// How many questions are opened by closing everything.
    #[serde(default)]
    pub opens: usize,
    /// How many blockers and conditions come up on the way.
    #[serde(default)]
    pub raises: usize,
    /// How many open questions decide.
    #[serde(default)]
    pub answers: usize,
    /// The span of the chart.
    pub chart: Span,
    /// What is to be closed, in the order in which to do it.
    #[serde(default)]
    pub steps: Vec<PlanStep>,
}

/// The span of a chart over days; places in it are in basis points of its width.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Its first day.
    pub from: Day,
    /// Its last day.
    pub to: Day,
    /// Where today is.
    pub today: u32,
    /// Where the planned start is, where one is planned.
    pub go_live: Option<u32>,
    /// Where the first days of months are, without those at the ends.
    #[serde(default)]
    pub months: Vec<u32>,
}

/// Something that is to be closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanStep {
    /// Its place in the order, counted from 1.
    pub number: u32,
    /// The number of the finding, or of its first row, in this report.
    pub finding: Option<u32>,
    /// Its title.
    pub title: String,
    /// How many rows it has, 1 where it is none of rows.
    pub rows: usize,
    /// Whether the start needs it.
    pub needed: bool,
    /// What it means for the start.
    pub need: Need,
    /// How bad it is.
    pub severity: Severity,
    /// How long it takes.
    pub effort: Option<Effort>,
    /// Who does it.
    #[serde(default)]
    pub who: Vec<String>,
    /// How it stands, in words.
    pub state: String,
    /// The day on which it is done.
    pub done: Option<Day>,
    /// Whether that day was agreed.
    #[serde(default)]
    pub agreed: bool,
    /// Whether its date has passed, so that it is done today at the earliest.
    #[serde(default)]
    pub overdue: bool,
    /// What makes it unsure beside a missing owner or an agreed date, in words.
    #[serde(default)]
    pub doubts: Vec<String>,
    /// The steps before it, by their numbers.
    #[serde(default)]
    pub after: Vec<u32>,
    /// What it adds to the score, in words.
    pub gain: String,
    /// Whether it is a quick win.
    #[serde(default)]
    pub quick_win: bool,
    /// Its bar in the chart.
    pub bar: Option<Bar>,
}

/// A bar in a chart, in basis points of its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bar {
    /// Where it begins.
    pub from: u32,
    /// How long it is.
    pub length: u32,
}

/// A section that does not concern the customer, or a profile that is out of scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotConcerned {
    /// The section's or profile's id.
    pub id: String,
    /// The title of the section, or what does not hold.
    pub title: String,
    /// Why it does not concern them, in words that follow *because*.
    pub because: String,
}

/// A question that was said not to apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotApplicable {
    /// Its id.
    pub id: String,
    /// What is asked.
    pub text: String,
    /// Why it does not apply, in words.
    pub reason: String,
    /// The note given with it.
    pub note: Option<String>,
    /// Whether an answer could have stopped the start: these stand beside the verdict.
    #[serde(default)]
    pub could_stop: bool,
}

/// A section with its questions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is about. Markdown.
    pub text: Option<String>,
    /// Its score in basis points.
    pub score: Option<u32>,
    /// How many questions are asked.
    pub asked: usize,
    /// How many of them are open.
    pub open: usize,
    /// Its questions.
    pub questions: Vec<Question>,
}

/// A question with its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its id.
    pub id: String,
    /// What is asked.
    pub text: String,
    /// Why it matters.
    pub why: Option<String>,
    /// How strongly it is wanted.
    pub tier: Tier,
    /// Whose rule it states.
    pub rule: Option<Rule>,
    /// Sources.
    #[serde(default)]
    pub refs: Vec<Cite>,
    /// Whether only the internal report shows it.
    #[serde(default)]
    pub private: bool,
    /// What became of it.
    pub state: QuestionState,
    /// What was answered.
    pub answer: Option<Answer>,
    /// Why it is open, does not apply or is not asked, in words.
    pub because: Option<String>,
    /// A note that reports print.
    pub note: Option<String>,
    /// A note that only the internal report prints.
    pub private_note: Option<String>,
    /// How we know.
    pub basis: Option<Basis>,
    /// Who said it.
    pub said_by: Option<String>,
    /// The day on which it was said.
    pub said_on: Option<Day>,
    /// Whether it is due to be looked at again.
    #[serde(default)]
    pub stale: bool,
    /// How its points came about; nothing where it is not scored.
    pub points: Option<Points>,
    /// The findings it raises, by key.
    #[serde(default)]
    pub raises: Vec<String>,
    /// The manager's own remark. Markdown.
    pub remark: Option<String>,
}

/// What became of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuestionState {
    /// It has an answer.
    Answered,
    /// It is asked and has no answer yet.
    Open,
    /// It was said not to apply.
    NotApplicable,
    /// It is not asked.
    NotAsked,
}

/// An answer in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The answer; for several things or a table, what they are in short.
    pub words: String,
    /// Several things.
    #[serde(default)]
    pub items: Vec<String>,
    /// A table.
    pub table: Option<Table>,
}

/// An answer in rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The heads of its columns; the first names the row.
    pub columns: Vec<String>,
    /// Its rows, each with a cell for every column.
    pub rows: Vec<Vec<String>>,
}

/// How the points of a question came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Points {
    /// The rule that gave the credit, in words.
    pub rule: String,
    /// The credit in basis points; nothing while it is open.
    pub credit: Option<u32>,
    /// Its weight: the section's times its own. The most it can earn.
    pub weight: u64,
    /// What it earns: credit × weight, as an exact decimal number such as `18.044`.
    pub earned: String,
}

/// A source as something cites it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cite {
    /// The source, by its id in [`Report::sources`].
    pub id: String,
    /// Its title.
    pub title: String,
    /// The place within it.
    pub part: Option<String>,
    /// The day on which it was last read.
    pub checked: Option<Day>,
}

/// A gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Its number in this report.
    pub number: u32,
    /// Its key: the finding's id, with the row where it is about one.
    pub key: String,
    /// Its title.
    pub title: String,
    /// What it means. Markdown.
    pub text: Option<String>,
    /// How bad it is.
    pub severity: Severity,
    /// What it means for the start.
    pub need: Need,
    /// Its state.
    pub state: StateName,
    /// Its state in words.
    pub state_words: String,
    /// What goes with the state: what it waits for, what somebody reports or disputes, why it was recorded in error.
    #[serde(default)]
    pub state_note: Option<String>,
    /// Whether it stops the start as things are.
    #[serde(default)]
    pub stops: bool,
    /// Whether somebody has it in hand: with owner and a date that has not passed, or disposed of.
    #[serde(default)]
    pub in_hand: bool,
    /// Whether an open answer leaves it undecided.
    #[serde(default)]
    pub undetermined: bool,
    /// Whose rule it rests on.
    pub rule: Option<Rule>,
    /// Sources.
    #[serde(default)]
    pub refs: Vec<Cite>,
    /// Who must act next; nothing while nothing is to be done.
    #[serde(default)]
    pub acts: Option<decision::Party>,
    /// Who does it.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<Day>,
    /// Whether that day has passed.
    #[serde(default)]
    pub overdue: bool,
    /// By how much.
    #[serde(default)]
    pub overdue_by: Option<Length>,
    /// The day on which it began to be raised.
    pub first_seen: Option<Day>,
    /// How long it has taken, or took: since it was first seen, and without the days on which it waited.
    #[serde(default)]
    pub clocks: Option<Clocks>,
    /// Whether it was closed by the date that held then.
    #[serde(default)]
    pub closed_in_time: Option<bool>,
    /// Who must act, and since when, in words.
    #[serde(default)]
    pub must_act: Option<String>,
    /// The incident that led to it.
    #[serde(default)]
    pub incident: Option<String>,
    /// How many times it came back after it had been closed.
    #[serde(default)]
    pub came_back: u32,
    /// The answers that raise it.
    #[serde(default)]
    pub causes: Vec<Cause>,
    /// What was decided instead of mending it.
    pub disposition: Option<Disposition>,
    /// The manager's own remark. Markdown.
    pub remark: Option<String>,
    /// A note that reports print.
    pub note: Option<String>,
    /// A note that only the internal report prints.
    pub private_note: Option<String>,
    /// What to do about it, by id in [`Report::recommendations`].
    #[serde(default)]
    pub recommendations: Vec<RecommendationLink>,
}

/// Advice that was given after the questions were answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advised {
    /// Its key, such as `adv-1`.
    pub key: String,
    /// What is recommended.
    pub title: String,
    /// How bad the gap is.
    pub severity: Severity,
    /// The incident that led to it.
    pub incident: Option<String>,
    /// The day on which it was given.
    pub on: Day,
    /// Its state in words.
    pub state: String,
    /// Who does it.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<Day>,
    /// By how much that day has passed.
    #[serde(default)]
    pub overdue: Option<Length>,
}

/// Managed responses: those that wait, and what all of them come to, by action as the service's own report counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Responses {
    /// Those that wait for the customer or failed, the oldest first.
    #[serde(default)]
    pub waiting: Cut<AwaitedResponse>,
    /// Actions that were completed.
    pub completed: usize,
    /// Actions that are pending.
    pub pending: usize,
    /// Actions that were skipped.
    pub skipped: usize,
    /// Actions that failed.
    pub failed: usize,
    /// The median time to act, in words.
    pub median: Option<String>,
    /// What the service's own report showed last.
    #[serde(default)]
    pub figures: Option<ReportFigures>,
}

/// A managed response that waits for the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwaitedResponse {
    /// Its key, such as `mr-1`.
    pub key: String,
    /// The incident's number.
    pub incident: String,
    /// The incident's title.
    pub title: String,
    /// How bad the incident is.
    pub severity: Severity,
    /// How it stands, in words.
    pub status: String,
    /// What is still to be done.
    pub actions: String,
    /// The day since which it waits.
    pub asked_on: Day,
    /// Since when it waits, where the customer is.
    pub asked: String,
    /// By when it is to be over, where the customer is.
    pub due: Option<String>,
    /// Whether the day of that has passed.
    #[serde(default)]
    pub overdue: bool,
    /// By how many days; the clock itself runs in hours.
    #[serde(default)]
    pub overdue_by: Option<Length>,
}

/// What one party has to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyPlan {
    /// Who must act.
    pub acts: decision::Party,
    /// Who of them, those with the nearest date first, nobody last.
    pub people: Vec<PersonPlan>,
}

/// What one person has to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonPlan {
    /// Who; nothing for what nobody owns yet.
    pub owner: Option<String>,
    /// What, the nearest date first.
    pub lines: Vec<PlanLine>,
}

/// A finding in one line of an action plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanLine {
    /// The finding.
    pub finding: FindingLink,
    /// What it means for the start.
    pub need: Need,
    /// How bad it is.
    pub severity: Severity,
    /// By when.
    pub due: Option<Day>,
    /// Whether that day has passed.
    #[serde(default)]
    pub overdue: bool,
    /// Its state in words.
    pub state: String,
    /// What to do.
    #[serde(default)]
    pub recommendations: Vec<RecommendationLink>,
}

/// An answer that raises a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// The question, by its id; nothing for a rule of the finding's own.
    pub question: Option<String>,
    /// What was asked, or the rule in words.
    pub text: String,
    /// What was answered.
    pub answer: Option<String>,
    /// How we know.
    pub basis: Option<Basis>,
}

/// What was decided instead of mending a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disposition {
    /// Why.
    pub reason: String,
    /// Who decided it.
    pub decided_by: String,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// The last day on which it holds.
    pub until: Option<Day>,
}

/// A recommendation by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecommendationLink {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recommendation {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How long it takes.
    pub effort: Effort,
    /// What users notice.
    pub user_impact: Level,
    /// What it costs.
    pub cost: Level,
    /// Who acts.
    pub acts: Party,
    /// What must be there first. Markdown in a line each.
    #[serde(default)]
    pub prerequisites: Vec<String>,
    /// What must be done first.
    #[serde(default)]
    pub after: Vec<RecommendationLink>,
    /// The steps. Markdown.
    pub body: String,
    /// The findings it answers.
    #[serde(default)]
    pub findings: Vec<FindingLink>,
    /// Sources.
    #[serde(default)]
    pub refs: Vec<Cite>,
    /// Controls of frameworks that it serves, such as *NIST CSF 2.0: PR.AA-03*.
    #[serde(default)]
    pub frameworks: Vec<String>,
}

/// A finding by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingLink {
    /// Its key.
    pub key: String,
    /// Its number in this report.
    pub number: u32,
    /// Its title.
    pub title: String,
}

/// A source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The id that citations name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where it is.
    pub url: Option<String>,
    /// The version that was read.
    pub version: Option<String>,
    /// The day on which it was last read.
    pub checked: Option<Day>,
}

/// What ties a report to the ledger it was computed from: an anchor outside the store that shows a cut or changed one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// The questionnaire's id.
    pub questionnaire: String,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// The SHA-256 of its pinned text.
    pub hash: String,
    /// The sequence of the last entry that the report was computed from.
    pub sequence: u64,
    /// The hash of that entry.
    pub head: String,
    /// The SHA-256 of the layout, where it is known.
    pub layout: Option<String>,
    /// Name and version of the program.
    pub tool: String,
}
