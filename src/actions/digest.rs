//! Digests: for each owner what is late, due or waited for, over all customers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::actions::{Case, Failure, Workspace};
use crate::domain::finding::State;
use crate::domain::id::PersonId;
use crate::domain::person::Person;
use crate::domain::time::Day;
use crate::domain::{phrases, words};
use crate::markdown::inert_line;
use crate::problem::Problems;
use crate::report::mail::{Mail, draft};

/// What one person has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// Who.
    pub owner: Person,
    /// How many things there are.
    pub items: usize,
    /// How many are late.
    pub late: usize,
    /// Everything, as text.
    pub text: String,
    /// The subject of a mail.
    pub subject: String,
    /// When it was made, and by whom.
    author: Person,
    at: crate::domain::time::Instant,
}

/// The digests of everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Digests {
    /// By owner.
    pub digests: Vec<Digest>,
    /// How many findings that are due nobody owns.
    pub unowned: usize,
    /// Why customers are missing.
    pub problems: Problems,
}

/// Something that somebody is to do: by when, at which customer, what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Item {
    /// Nothing for what has no day.
    by: Option<Day>,
    is_late: bool,
    customer: String,
    what: String,
}

impl Digest {
    /// Returns the mail to send, as a draft.
    #[must_use]
    pub fn mail(&self) -> String {
        draft(&Mail {
            from: &self.author,
            to: &self.owner,
            subject: &self.subject,
            text: &self.text,
            at: self.at,
        })
    }

    /// Returns the name of the file, of letters, digits, `-`, `.` and `_` alone: it is made of the person's id.
    #[must_use]
    pub fn file_name(&self, ending: &str) -> String {
        format!("digest-{}.{ending}", self.owner.id)
    }
}

impl Workspace {
    /// Returns a digest for everybody who has something that is late, due within `ahead` days or waited for, or who was asked for an
    /// open answer.
    ///
    /// # Errors
    /// When the store cannot be read. That one ledger cannot is among what is returned.
    pub async fn digests(&self, author: &Person, ahead: u32) -> Result<Digests, Failure> {
        let mut all = Digests::default();
        let mut items: BTreeMap<PersonId, BTreeSet<Item>> = BTreeMap::new();
        let names = self.names().await?;
        let name = |id: &PersonId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
        for row in self.customers().await? {
            match self.case(&row.customer, None).await {
                Ok(case) => all.unowned += collect(&case, ahead, &name, &mut items),
                Err(failure) => all.problems.0.extend(failure.problems.0),
            }
        }
        let persons = self.store.persons().await?;
        let person = |id: &PersonId| {
            let known = persons.iter().find(|person| person.id == *id);
            known.cloned().unwrap_or_else(|| Person {
                id: id.clone(),
                name: id.to_string(),
                mail: None,
                organisation: None,
            })
        };
        let at = self.clock.now();
        for (id, items) in items {
            let owner = person(&id);
            let late = items.iter().filter(|item| item.is_late).count();
            let count = words::count(items.len(), "thing", "things");
            all.digests.push(Digest {
                subject: format!("{count} to do, {late} late"),
                text: text(&owner, author, &items),
                items: items.len(),
                late,
                owner,
                author: author.clone(),
                at,
            });
        }
        Ok(all)
    }
}

/// Adds what one customer's people have to do; returns how many findings that are due nobody owns.
fn collect(
    case: &Case,
    ahead: u32,
    name: &dyn Fn(&PersonId) -> String,
    all: &mut BTreeMap<PersonId, BTreeSet<Item>>,
) -> usize {
    let book = &case.book;
    let today = book.today;
    let until = today
        .checked_add_days(chrono::Days::new(u64::from(ahead)))
        .unwrap_or(Day::MAX);
    let customer = format!(
        "{} ({})",
        inert_line(&book.customer.name),
        case.ledger.customer
    );
    let mut unowned = 0;
    for assessment in book.assessments.values() {
        for (key, life) in assessment.lives.iter().filter(|(_, life)| life.stands()) {
            let due = life.due(&book.customer);
            let waits = matches!(life.state(today), State::Waiting(_));
            let acts = life.must_act(today).is_some();
            if !acts || !(waits || due.is_some_and(|due| due <= until)) {
                continue;
            }
            let Some(owner) = life.owner() else {
                unowned += 1;
                continue;
            };
            let standing = phrases::standing(life, today, name);
            let title = inert_line(phrases::finding_title(assessment, key));
            all.entry(owner.clone()).or_default().insert(Item {
                by: due,
                is_late: due.is_some_and(|due| due < today),
                customer: customer.clone(),
                what: format!("{title} [{key}] {}", inert_line(&standing)),
            });
        }
        for one in assessment.awaited() {
            let Some(of) = one.of else {
                continue;
            };
            let question = &assessment.questionnaire().questions[one.question];
            let text = inert_line(assessment.evaluation.text(&question.text));
            all.entry(of.clone()).or_default().insert(Item {
                by: one.by,
                is_late: one.by.is_some_and(|by| by < today),
                customer: customer.clone(),
                what: format!("Answer wanted: {text} [{}]", question.id),
            });
        }
    }
    unowned
}

/// Returns a digest as text: what is late first, by customer.
fn text(owner: &Person, author: &Person, items: &BTreeSet<Item>) -> String {
    let mut text = format!("Hello {},\n", inert_line(&owner.name));
    let groups = [
        (true, "this is late:"),
        (false, "this is due soon, waited for, or asked of you:"),
    ];
    for (late, lead) in groups {
        let chosen: Vec<&Item> = items.iter().filter(|item| item.is_late == late).collect();
        if chosen.is_empty() {
            continue;
        }
        // Writing to a text does not fail.
        let _ = writeln!(text, "\n{lead}");
        let customers: BTreeSet<&str> = chosen.iter().map(|item| item.customer.as_str()).collect();
        for customer in customers {
            let _ = writeln!(text, "\n{customer}");
            for item in chosen.iter().filter(|item| item.customer == customer) {
                let by = item
                    .by
                    .map_or_else(String::new, |by| format!("{}: ", words::day(by)));
                let _ = writeln!(text, "- {by}{}", item.what);
            }
        }
    }
    let _ = writeln!(text, "\nKind regards\n{}", inert_line(&author.name));
    text
}
