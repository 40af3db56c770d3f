//! Recording what is neither an answer nor a decision: milestones, remarks, lifted stops. And taking an entry's body out.

use crate::actions::case::move_on;
use crate::actions::summary::summary_rows;
use crate::actions::{AsOf, Case, Draft, Failure, Workspace};
use crate::catalog::near::nearest;
use crate::domain::assessment::Assessment;
use crate::domain::id::{MilestoneId, PersonId, QuestionId, QuestionnaireId, StopId};
use crate::domain::ledger::{Fact, Subject};
use crate::domain::questionnaire::Questionnaire;
use crate::domain::words;
use crate::problem::Problem;
use crate::store::Ledger;

/// The longest note on a milestone, in bytes.
const MAX_NOTE: usize = 1_000;

impl Case {
    /// Gives the point at which the ledger stands a name.
    ///
    /// # Errors
    /// When the name is taken, or would be read as an entry's number or a date; when the note is too long.
    pub async fn set_milestone(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        name: &MilestoneId,
        note: Option<&str>,
    ) -> Result<(), Failure> {
        if !matches!(name.as_str().parse(), Ok(AsOf::Milestone(_))) {
            return Err(Failure::usage(
                Problem::error(format!(
                    "`{name}` would be taken for an entry's number or a date"
                ))
                .help("give a name with words, such as `kick-off`"),
            ));
        }
        let taken = self.book.milestones.iter().find(|one| one.name == *name);
        if let Some(taken) = taken {
            return Err(Failure::usage(
                Problem::error(format!(
                    "there is a milestone `{name}` already: entry {} of {}",
                    taken.seq,
                    words::day(taken.at.day_in(self.book.customer.time_zone))
                ))
                .help("give another name: what looks back to the first is not to change"),
            ));
        }
        let note = note.map(str::trim).filter(|note| !note.is_empty());
        if note.is_some_and(|note| note.len() > MAX_NOTE) {
            return Err(Failure::usage(
                Problem::error(format!("a note of more than {MAX_NOTE} bytes is too long"))
                    .help("say in a line or two what the milestone stands for"),
            ));
        }
        let fact = Fact::Milestone {
            name: name.clone(),
            note: note.map(str::to_owned),
        };
        self.record(workspace, by, vec![Draft::free(fact)]).await?;
        Ok(())
    }

    /// Records the manager's own words about something, which reports print; an empty text takes them out. Returns whether that
    /// changes anything.
    ///
    /// # Errors
    /// When there is no such question or finding, or somebody else wrote about it in the meantime, showing both.
    pub async fn remark(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        questionnaire: Option<&QuestionnaireId>,
        about: &Subject,
        text: &str,
    ) -> Result<bool, Failure> {
        let (id, assessment) = self.assessment(questionnaire)?;
        known(assessment.questionnaire(), about)?;
        let text = text.trim_end();
        let before = assessment.remarks.get(about);
        if before.map_or("", |before| before.what.as_str()) == text {
            return Ok(false);
        }
        let fact = Fact::Remarked {
            questionnaire: id.clone(),
            about: about.clone(),
            text: text.to_owned(),
        };
        let draft = Draft::based_on(fact, assessment);
        self.record(workspace, by, vec![draft]).await?;
        Ok(true)
    }

    /// Records that work goes on although a stop holds.
    ///
    /// # Errors
    /// When there is no such stop, it does not hold, or it was lifted since it began to.
    pub async fn resume(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        questionnaire: Option<&QuestionnaireId>,
        stop: &StopId,
        reason: &str,
    ) -> Result<(), Failure> {
        let (id, assessment) = self.assessment(questionnaire)?;
        holding(assessment, stop)?;
        let fact = Fact::StopResumed {
            questionnaire: id.clone(),
            stop: stop.clone(),
            reason: given("why the work goes on", reason)?,
        };
        self.record(workspace, by, vec![Draft::free(fact)]).await?;
        Ok(())
    }

    /// Takes the body of an entry out of the ledger, for good. Returns what it held, or nothing where it had been taken out before.
    ///
    /// # Errors
    /// When there is no such entry, or the ledger could not be replayed without it.
    pub async fn redact(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        entry: u64,
        reason: &str,
    ) -> Result<Option<Fact>, Failure> {
        self.refuse_to_write_in_the_past()?;
        let held = self.dispensable(entry)?.cloned();
        let reason = given("why it is taken out", reason)?;
        let now = workspace.clock.now();
        let (customer, texts) = (self.ledger.customer.clone(), self.texts.clone());
        let (mut book, seen) = (Some(self.book.clone()), self.ledger.seq());
        let mut moved = None;
        let summarise = |ledger: &Ledger| {
            moved = move_on(book.take(), ledger, seen, &texts, now).0;
            moved
                .as_ref()
                .map(|book| summary_rows(book, &customer))
                .unwrap_or_default()
        };
        workspace
            .store
            .redact(&mut self.ledger, entry, by, now, &reason, summarise)
            .await?;
        if let Some(book) = moved {
            self.book = book;
        }
        Ok(held)
    }

    /// Returns what an entry holds, and refuses one without which the ledger cannot be replayed.
    fn dispensable(&self, entry: u64) -> Result<Option<&Fact>, Failure> {
        let entries = &self.ledger.entries;
        let found = entries.iter().find(|one| one.header.seq == entry);
        let Some(found) = found else {
            return Err(Failure::usage(
                Problem::error(format!(
                    "the ledger of `{}` has no entry {entry}",
                    self.ledger.customer
                ))
                .help(format!("name one from 1 to {}", self.ledger.seq())),
            ));
        };
        let needed = match found.header.kind.as_str() {
            _ if entry == 1 => "it says who the customer is",
            "opened" | "questionnaire-changed" => {
                "every answer is read by the questionnaire that it names"
            }
            "redacted" => "it explains another hole",
            _ => return Ok(found.fact.as_ref()),
        };
        Err(Failure::usage(
            Problem::error(format!("entry {entry} cannot be taken out: {needed}"))
                .help("to erase everything of a customer, use `readiness customer remove`"),
        ))
    }
}

/// Checks that the questionnaire has what is spoken of.
fn known(questionnaire: &Questionnaire, about: &Subject) -> Result<(), Failure> {
    let unknown = |what: &str, id: &str, known: Vec<&str>| {
        let problem = Problem::error(format!("no {what} is called `{id}`"));
        Err(Failure::usage(match nearest(id, known) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help(format!(
                "see `readiness questionnaire show {}`",
                questionnaire.id
            )),
        }))
    };
    match about {
        Subject::Question(id) if questionnaire.question(id).is_none() => {
            let known = questionnaire.questions.iter();
            let known = known.map(|question| question.id.as_str()).collect();
            unknown("question", QuestionId::as_str(id), known)
        }
        Subject::Finding(key) if questionnaire.finding(&key.id).is_none() => {
            let known = questionnaire.findings.iter();
            let known = known.map(|finding| finding.id.as_str()).collect();
            unknown("finding", key.id.as_str(), known)
        }
        _ => Ok(()),
    }
}

/// Checks that a stop holds and that nobody lifted it.
fn holding(assessment: &Assessment, stop: &StopId) -> Result<(), Failure> {
    let stops = &assessment.questionnaire().stops;
    let place = stops.iter().position(|one| one.id == *stop);
    let Some(place) = place else {
        let ids: Vec<String> = stops.iter().map(|stop| format!("`{}`", stop.id)).collect();
        let problem = Problem::error(format!("no stop is called `{stop}`"));
        return Err(Failure::usage(if ids.is_empty() {
            problem.help("the questionnaire has none")
        } else {
            problem.help(format!("there are: {}", ids.join(", ")))
        }));
    };
    let life = &assessment.stops[place];
    match (&life.holds_since, &life.resumed) {
        (None, _) => Err(Failure::usage(
            Problem::error(format!("the stop `{stop}` does not hold"))
                .help("there is nothing to lift; `readiness status` shows what holds"),
        )),
        (Some(_), Some(resumed)) => Err(Failure::usage(
            Problem::error(format!(
                "the stop `{stop}` was lifted already, by {} in entry {}",
                resumed.by, resumed.seq
            ))
            .help("it has to be lifted again only when it begins to hold anew"),
        )),
        (Some(_), None) => Ok(()),
    }
}

/// Returns a reason, which may not be empty.
fn given(what: &str, reason: &str) -> Result<String, Failure> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Failure::usage(
            Problem::error("no reason was given").help(format!("say {what} with `--reason`")),
        ));
    }
    Ok(reason.to_owned())
}
