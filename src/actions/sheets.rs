//! Single sheets about one customer: the record of a go-live decision, and the page for a colleague who takes over.

use std::collections::BTreeMap;

use crate::actions::{AsOf, Case, Failure, Workspace};
use crate::domain::assessment::{Assessment, Signed};
use crate::domain::finding::{Life, State};
use crate::domain::history::history;
use crate::domain::id::{CustomerId, FindingKey, PersonId, QuestionnaireId};
use crate::domain::ledger::Subject;
use crate::domain::phase::PhaseChange;
use crate::domain::time::Day;
use crate::domain::{phrases, scoring, words};
use crate::report::sheet::{Head, Part, Sheet};

/// How many of the last entries and notes the page for a colleague shows.
const LAST: usize = 10;

/// What stands where nothing is known.
const NOTHING: &str = "–";

/// A case with the names of people, to lay it out.
struct Told<'a> {
    case: &'a Case,
    assessment: &'a Assessment,
    names: &'a BTreeMap<PersonId, String>,
}

impl Workspace {
    /// Returns the record of the decision to start the service, as everything stood when it was recorded; where none was made yet, as
    /// it would be today.
    ///
    /// # Errors
    /// When there is no such customer or assessment.
    pub async fn go_live_record(
        &self,
        customer: &CustomerId,
        questionnaire: Option<&QuestionnaireId>,
    ) -> Result<Sheet, Failure> {
        let mut case = self.case(customer, None).await?;
        let decided = start_of(&case);
        if let Some(step) = &decided {
            case = self.case(customer, Some(&AsOf::Sequence(step.seq))).await?;
        }
        let names = self.names().await?;
        let (_, assessment) = case.assessment(questionnaire)?;
        let told = Told {
            case: &case,
            assessment,
            names: &names,
        };
        Ok(told.record(decided.as_ref()))
    }

    /// Returns one page for a colleague who takes over, private notes among it.
    ///
    /// # Errors
    /// When there is no such customer or assessment.
    pub async fn brief(
        &self,
        customer: &CustomerId,
        questionnaire: Option<&QuestionnaireId>,
        as_of: Option<&AsOf>,
    ) -> Result<Sheet, Failure> {
        let case = self.case(customer, as_of).await?;
        let names = self.names().await?;
        let (_, assessment) = case.assessment(questionnaire)?;
        let told = Told {
            case: &case,
            assessment,
            names: &names,
        };
        Ok(told.brief())
    }
}

/// Returns the last step with which the service began to run.
fn start_of(case: &Case) -> Option<Signed<PhaseChange>> {
    let mut ran = false;
    let mut start = None;
    for step in &case.book.phases {
        let runs = step.what.to.runs();
        if runs && !ran {
            start = Some(step.clone());
        }
        ran = runs;
    }
    start
}

impl Told<'_> {
    fn name(&self, id: &PersonId) -> String {
        self.names
            .get(id)
            .cloned()
            .unwrap_or_else(|| id.to_string())
    }

    fn today(&self) -> Day {
        self.case.book.today
    }

    fn record(&self, decided: Option<&Signed<PhaseChange>>) -> Sheet {
        let book = &self.case.book;
        let verdict = scoring::verdict(self.assessment, self.today());
        let mut details: Vec<String> = phrases::verdict_detail(&verdict).into_iter().collect();
        if let Some(start) = self
            .assessment
            .overrides
            .last()
            .filter(|_| !verdict.code.is_ready())
        {
            details.push(format!(
                "Started all the same, approved by {} on {}: {}",
                self.name(&start.what.approved_by),
                words::day(start.what.on),
                start.what.reason
            ));
        }
        let mut facts = vec![(
            "Planned start".to_owned(),
            or_nothing(book.customer.go_live),
        )];
        match decided {
            None => details.push("Nothing was decided yet: this is how it stands today.".into()),
            Some(step) => {
                facts.push(("Service runs from".into(), words::day(step.what.on)));
                facts.push(("Decided by".into(), self.name(&step.what.decided_by)));
                facts.push(("Recorded by".into(), self.name(&step.by)));
                details.push(format!("Reason: {}", step.what.reason));
                let approval = step.what.approval.as_ref();
                details.push(approval.map_or_else(
                    || "No document shows the approval.".to_owned(),
                    |file| {
                        let kept = book.approval(file.sha256);
                        let kept = kept.map_or_else(
                            || "not kept".to_owned(),
                            |entry| format!("kept as evidence of entry {entry}"),
                        );
                        format!("Approval: {}, {kept} (SHA-256 {})", file.name, file.sha256)
                    },
                ));
            }
        }
        let conditions: Vec<&FindingKey> =
            verdict.not_in_hand.iter().chain(&verdict.in_hand).collect();
        Sheet {
            title: book.customer.name.clone(),
            subtitle: "Go-live decision".into(),
            as_of: self.today(),
            facts,
            statement: Some(phrases::verdict(self.assessment, &verdict)),
            details,
            parts: vec![
                self.findings(
                    "What stops the start",
                    &verdict.blocking.iter().collect::<Vec<_>>(),
                ),
                self.findings("Conditions", &conditions),
            ],
            foot: format!(
                "{} {} · ledger up to entry {}, {} · names are recorded, not proven",
                self.assessment.questionnaire().id,
                self.assessment.questionnaire().version,
                book.seq,
                book.head.map_or_else(String::new, |head| head.to_string())
            ),
            ..Sheet::default()
        }
    }

    fn findings(&self, title: &str, keys: &[&FindingKey]) -> Part {
        let rows = keys.iter().filter_map(|key| {
            let life = self.assessment.lives.get(key)?;
            let owner = life.owner().map(|id| self.name(id));
            let due = life.due(&self.case.book.customer);
            Some(vec![
                phrases::finding_title(self.assessment, key),
                owner.unwrap_or_else(|| NOTHING.into()),
                or_nothing(due),
                phrases::standing(life, self.today(), |id| self.name(id)),
            ])
        });
        table(title, &["What", "Who", "By", "State"], rows.collect())
    }

    fn brief(&self) -> Sheet {
        let book = &self.case.book;
        let customer = &book.customer;
        let verdict = scoring::verdict(self.assessment, self.today());
        let (phase, since) = book.phase();
        let person = |id: &Option<PersonId>| {
            id.as_ref()
                .map_or_else(|| NOTHING.into(), |id| self.name(id))
        };
        let moved = match customer.go_live_moved {
            0 => String::new(),
            times => format!(", moved {}", words::count(times as usize, "time", "times")),
        };
        let next = customer.next_touch.filter(|day| *day >= self.today());
        Sheet {
            title: customer.name.clone(),
            subtitle: "For a colleague who takes over".into(),
            handling: Some("Internal: not for the customer".into()),
            as_of: self.today(),
            facts: vec![
                (
                    "Phase".into(),
                    format!("{} since {}", phase.words(), or_nothing(since)),
                ),
                ("Go-live".into(), or_nothing(customer.go_live) + &moved),
                ("Next review".into(), or_nothing(book.review_due())),
                ("Next touch".into(), or_nothing(next)),
                ("Manager".into(), person(&customer.manager)),
                ("Deputy".into(), person(&customer.deputy)),
            ],
            statement: Some(phrases::verdict(self.assessment, &verdict)),
            details: phrases::verdict_detail(&verdict).into_iter().collect(),
            parts: vec![
                self.contacts(),
                self.findings(
                    "What stops it",
                    &verdict.blocking.iter().collect::<Vec<_>>(),
                ),
                self.promised(),
                self.waits(),
                self.touches(),
                self.notes(),
            ],
            foot: format!("Ledger up to entry {}", book.seq),
            ..Sheet::default()
        }
    }

    fn contacts(&self) -> Part {
        let contacts = self.case.book.customer.contacts.iter();
        let rows = contacts.map(|(id, role)| vec![self.name(id), role.clone()]);
        table("Who is who", &["Contact", "What for"], rows.collect())
    }

    /// Returns what somebody said they would do or say, by its day.
    fn promised(&self) -> Part {
        let mut promised: Vec<(Day, Vec<String>)> = Vec::new();
        let mut promise = |by: Day, what: String, who: String| {
            let late = if by < self.today() { " (late)" } else { "" };
            promised.push((by, vec![words::day(by) + late, what, who]));
        };
        for (key, life) in self.standing() {
            let acts = life.must_act(self.today()).is_some();
            if let Some(plan) = life.plan.as_ref().filter(|_| acts) {
                let what = phrases::finding_title(self.assessment, key);
                promise(plan.due, what, self.name(&plan.owner));
            }
        }
        for one in self.assessment.awaited() {
            if let Some(by) = one.by {
                let of = one.of.map_or_else(|| NOTHING.into(), |id| self.name(id));
                promise(by, format!("Answer: {}", self.question(one.question)), of);
            }
        }
        promised.sort();
        let rows = promised.into_iter().map(|(_, row)| row).collect();
        table("What is promised", &["By", "What", "Who"], rows)
    }

    /// Returns who waits on whom, the oldest wait first.
    fn waits(&self) -> Part {
        let mut waits: Vec<(Day, Vec<String>)> = Vec::new();
        for (key, life) in self.standing() {
            if let State::Waiting(waiting) = life.state(self.today()) {
                let what = format!(
                    "{}: {}",
                    phrases::finding_title(self.assessment, key),
                    waiting.why
                );
                let row = vec![words::day(waiting.since), waiting.on.words().into(), what];
                waits.push((waiting.since, row));
            }
        }
        for one in self.assessment.awaited() {
            if let (Some(of), Some(since)) = (one.of, one.asked_on) {
                let what = format!("Answer: {}", self.question(one.question));
                waits.push((since, vec![words::day(since), self.name(of), what]));
            }
        }
        waits.sort();
        let rows = waits.into_iter().map(|(_, row)| row).collect();
        table("Who is waited for", &["Since", "Whom", "For what"], rows)
    }

    fn touches(&self) -> Part {
        let name = |id: &PersonId| self.name(id);
        let events = history(self.case.entries(), &self.case.texts, &name);
        let zone = self.case.book.customer.time_zone;
        let rows = events.iter().rev().take(LAST).map(|event| {
            let who = self.name(&event.by);
            vec![event.at.local(zone), who, short(&event.what)]
        });
        table("Last touches", &["When", "Who", "What"], rows.collect())
    }

    fn notes(&self) -> Part {
        let zone = self.case.book.customer.time_zone;
        let private = self.assessment.notes.iter().rev();
        let private = private.filter(|note| !note.what.public).take(LAST);
        let rows = private.map(|note| {
            let about = match &note.what.about {
                Subject::Assessment => "the assessment".to_owned(),
                Subject::Question(id) => id.to_string(),
                Subject::Finding(key) => key.to_string(),
            };
            vec![
                note.at.local(zone),
                self.name(&note.by),
                about,
                note.what.text.clone(),
            ]
        });
        table(
            "Private notes",
            &["When", "Who", "About", "Note"],
            rows.collect(),
        )
    }

    fn standing(&self) -> impl Iterator<Item = (&FindingKey, &Life)> {
        self.assessment
            .lives
            .iter()
            .filter(|(_, life)| life.stands())
    }

    fn question(&self, place: usize) -> String {
        let question = &self.assessment.questionnaire().questions[place];
        self.assessment.evaluation.text(&question.text)
    }
}

/// Returns a table, or a line that says that there is nothing.
fn table(title: &str, heads: &[&str], rows: Vec<Vec<String>>) -> Part {
    let is_empty = rows.is_empty();
    Part {
        title: title.to_owned(),
        lines: is_empty
            .then(|| "Nothing.".to_owned())
            .into_iter()
            .collect(),
        heads: if is_empty {
            Vec::new()
        } else {
            heads.iter().map(|head| Head::words(head)).collect()
        },
        rows,
    }
}

fn or_nothing(day: Option<Day>) -> String {
    day.map_or_else(|| NOTHING.into(), words::day)
}

/// Returns the first line of a text, cut to what a table takes.
fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut cut: String = line.chars().take(160).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
