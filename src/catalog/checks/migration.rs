//! What becomes of answers given under earlier versions: E060, and W063 beside it.
//!
//! Migrations are judged by themselves, and against the lock file of the last release where there is one.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::checks::Subject;
use crate::catalog::lock::{Lock, LockedFinding, LockedQuestion};
use crate::catalog::near;
use crate::catalog::notes::Notes;
use crate::catalog::tree::At;
use crate::domain::id::{ColumnId, OptionId, QuestionId};
use crate::domain::migration::Passage;
use crate::domain::questionnaire::{Migration, Questionnaire, Version};
use crate::domain::words;
use crate::problem::Problem;

/// E060: migrations lead to versions up to this one, each once; nothing that a release asked is lost without a word.
pub(super) fn migrations(subject: &Subject<'_>, notes: &mut Notes) {
    let mut seen = BTreeSet::new();
    for (place, migration) in subject.questionnaire.migrations.iter().enumerate() {
        let at = migrate_at(subject, place);
        reached(subject, at, migration, &mut seen, notes);
        merged(at, migration, notes);
        asked_again(subject, at, migration, notes);
    }
    let Some(source) = &subject.files.lock else {
        return;
    };
    match Lock::read(source) {
        Ok(lock) if !notes.is_partial() => against(subject, &lock, notes),
        Ok(_) => {}
        Err(problem) => notes.problems.push(problem),
    }
}

fn migrate_at<'a>(subject: &Subject<'a>, place: usize) -> At<'a> {
    subject.index.sources.main().key("migrate").item(place)
}

fn fail(at: At<'_>, message: String, help: String, notes: &mut Notes) {
    notes.add(at, Problem::error(message).code("E060").help(help));
}

/// A migration leads to a version up to this one, to which no other leads.
fn reached(
    subject: &Subject<'_>,
    at: At<'_>,
    migration: &Migration,
    seen: &mut BTreeSet<Version>,
    notes: &mut Notes,
) {
    let version = subject.questionnaire.version;
    if migration.to > version {
        let message = format!(
            "this questionnaire is {version} and has not reached {}",
            migration.to
        );
        let help = "raise `version`, or lower `to`".to_owned();
        fail(at.key("to"), message, help, notes);
    } else if !seen.insert(migration.to) {
        let message = format!("another `[[migrate]]` leads to {}", migration.to);
        fail(at.key("to"), message, "put both into one".to_owned(), notes);
    }
}

/// No two questions take one name: which answer would stand?
fn merged(at: At<'_>, migration: &Migration, notes: &mut Notes) {
    let mut firsts = BTreeMap::new();
    for (from, to) in &migration.rename {
        if let Some(first) = firsts.insert(to, from) {
            let message = format!("`{first}` and `{from}` both become `{to}`");
            let help = format!("rename one of them, and put the other under `drop`: `{from}`");
            fail(at.key("rename").key(from.as_str()), message, help, notes);
        }
    }
}

/// An id that was dropped is not taken for another question: older ledgers still name it.
fn asked_again(subject: &Subject<'_>, at: At<'_>, migration: &Migration, notes: &mut Notes) {
    let questionnaire = subject.questionnaire;
    let leads = |to: &QuestionId| {
        let since = questionnaire.migrations.iter();
        let mut since = since.filter(|other| other.to >= migration.to);
        since.any(|other| other.rename.values().any(|name| name == to))
    };
    for (item, dropped) in migration.drop.iter().enumerate() {
        if questionnaire.question(dropped).is_some() && !leads(dropped) {
            let message = format!("`{dropped}` is dropped, and asked all the same");
            let help = "give the new question an id of its own, or take it out of `drop`";
            fail(at.key("drop").item(item), message, help.to_owned(), notes);
        }
    }
}

/// How much of the version has to rise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rise {
    Nothing,
    /// Something was added, or a finding is gone.
    Minor,
    /// Answers need migration.
    Major,
}

/// Holds the questionnaire against the last release.
fn against(subject: &Subject<'_>, lock: &Lock, notes: &mut Notes) {
    let questionnaire = subject.questionnaire;
    let at = subject.index.sources.main().key("version");
    if questionnaire.version < lock.version {
        let message = format!(
            "{} was released already, and this is {}",
            lock.version, questionnaire.version
        );
        let help = format!("raise `version` above {}", lock.version);
        return fail(at, message, help, notes);
    }
    let mut holding = Holding {
        subject,
        lock,
        passage: Passage::through(
            &questionnaire.migrations,
            lock.version,
            questionnaire.version,
        ),
        rise: (Rise::Nothing, String::new()),
        notes,
    };
    holding.names_are_known();
    let led_to = holding.questions();
    holding.additions(&led_to);
    let (rise, why) = holding.rise;
    version_rose(at, (lock.version, questionnaire.version), rise, &why, notes);
    if questionnaire.version == lock.version && rise == Rise::Nothing {
        reworded(at, questionnaire, lock, notes);
    }
}

/// The version rose by as much as what changed wants.
fn version_rose(
    at: At<'_>,
    (released, now): (Version, Version),
    rise: Rise,
    why: &str,
    notes: &mut Notes,
) {
    let Version { major, minor, .. } = released;
    let (rose, wanted, what) = match rise {
        Rise::Nothing => return,
        Rise::Minor => (
            (now.major, now.minor) > (major, minor),
            format!("{major}.{}.0", minor.saturating_add(1)),
            "questions, options or findings are others",
        ),
        Rise::Major => (
            now.major > major,
            format!("{}.0.0", major.saturating_add(1)),
            "answers need migration",
        ),
    };
    if !rose {
        let message = format!("{what} since {released} was released: {why}");
        fail(at, message, format!("raise `version` to {wanted}"), notes);
    }
}

/// W063: texts that changed since the release have a version of their own.
fn reworded(at: At<'_>, questionnaire: &Questionnaire, lock: &Lock, notes: &mut Notes) {
    const NAMED: usize = 3;
    let questions = questionnaire.questions.iter().filter(|question| {
        let locked = lock.question.get(&question.id);
        locked.is_some_and(|locked| *locked != LockedQuestion::of(question))
    });
    let findings = questionnaire.findings.iter().filter(|finding| {
        let locked = lock.finding.get(&finding.id);
        locked.is_some_and(|locked| *locked != LockedFinding::of(finding))
    });
    let mut ids: Vec<String> = questions
        .map(|question| format!("`{}`", question.id))
        .chain(findings.map(|finding| format!("`{}`", finding.id)))
        .collect();
    if ids.is_empty() {
        return;
    }
    let more = ids.len().saturating_sub(NAMED);
    ids.truncate(NAMED);
    if more > 0 {
        ids.push(words::count(more, "other", "others"));
    }
    let Version {
        major,
        minor,
        patch,
    } = lock.version;
    let message = format!(
        "reworded since {} was released: {}",
        lock.version,
        ids.join(", ")
    );
    let next = patch.saturating_add(1);
    let help = format!("raise `version` to {major}.{minor}.{next}");
    notes.add(at, Problem::warning(message).code("W063").help(help));
}

/// A questionnaire held against its last release.
struct Holding<'a, 'n> {
    subject: &'a Subject<'a>,
    lock: &'a Lock,
    /// From the release to now.
    passage: Passage<'a>,
    /// How much of the version has to rise, and what wants it.
    rise: (Rise, String),
    notes: &'n mut Notes,
}

impl Holding<'_, '_> {
    fn wants(&mut self, rise: Rise, why: impl FnOnce() -> String) {
        if self.rise.0 < rise {
            self.rise = (rise, why());
        }
    }

    /// What the first migration since the release renames or drops was in the release.
    fn names_are_known(&mut self) {
        let Some(first) = self.passage.steps().first() else {
            return;
        };
        let migrations = &self.subject.questionnaire.migrations;
        let place = migrations.iter().position(|other| other.to == first.to);
        let at = migrate_at(self.subject, place.unwrap_or_default());
        let renamed = (first.rename.keys()).map(|id| (at.key("rename").key(id.as_str()), id));
        let dropped = first.drop.iter().enumerate();
        let dropped = dropped.map(|(item, id)| (at.key("drop").item(item), id));
        for (at, id) in renamed.chain(dropped) {
            if self.lock.question.contains_key(id) {
                continue;
            }
            let message = format!("{} did not ask `{id}`", self.lock.version);
            let known = self.lock.question.keys().map(QuestionId::as_str);
            let help = match near::nearest(id.as_str(), known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "take it out".to_owned(),
            };
            fail(at, message, help, self.notes);
        }
    }

    /// Holds every question of the release against what it is now, and returns the places that they lead to.
    fn questions(&mut self) -> BTreeSet<usize> {
        let mut led_to = BTreeMap::new();
        let lock = self.lock;
        for (id, locked) in &lock.question {
            let Some(now) = self.passage.question(id) else {
                self.wants(Rise::Major, || format!("`{id}` is gone"));
                continue;
            };
            if now != *id {
                self.wants(Rise::Major, || format!("`{id}` is `{now}` now"));
            }
            let Some(place) = self.subject.questionnaire.question(&now) else {
                self.gone(id);
                continue;
            };
            if let Some(other) = led_to.insert(place, id) {
                self.two_in_one(other, id, &now);
            }
            self.question(id, locked, place);
        }
        led_to.into_keys().collect()
    }

    /// Says that nothing tells what becomes of a question's answers.
    fn gone(&mut self, id: &QuestionId) {
        self.wants(Rise::Major, || format!("`{id}` is gone"));
        let questions = self.subject.questionnaire.questions.iter();
        let new = questions
            .map(|question| question.id.as_str())
            .filter(|new| !self.lock.question.contains_key(*new));
        let to = near::nearest(id.as_str(), new).unwrap_or("its.new_id");
        let message = format!(
            "`{id}` was asked in {} and is not any more, and nothing says what becomes of its answers",
            self.lock.version
        );
        let help = format!(
            "add `rename = {{ \"{id}\" = \"{to}\" }}` or `drop = [\"{id}\"]` to a `[[migrate]]`"
        );
        let at = self.subject.index.sources.main().key("version");
        fail(at, message, help, self.notes);
    }

    fn two_in_one(&mut self, one: &QuestionId, other: &QuestionId, now: &QuestionId) {
        let message = format!(
            "`{one}` and `{other}` of {} both lead to `{now}`",
            self.lock.version
        );
        let help = format!("drop one of them, or leave `{now}` its own answers");
        let at = self.subject.index.sources.main().key("migrate");
        fail(at, message, help, self.notes);
    }

    /// Holds a question of the release against the one at `place`.
    fn question(&mut self, id: &QuestionId, locked: &LockedQuestion, place: usize) {
        let now = LockedQuestion::of(&self.subject.questionnaire.questions[place]);
        if now.kind != locked.kind {
            let what = format!("was `{}` and is `{}` now", locked.kind, now.kind);
            return self.changed(id, place, &what, None);
        }
        self.options((id, None), place, &locked.options, &now.options);
        for (column, locked) in &locked.column {
            match now.column.get(column) {
                None => self.changed(
                    id,
                    place,
                    &format!("has no column `{column}` any more"),
                    None,
                ),
                Some(now) if now.kind != locked.kind => {
                    let kinds = format!("was `{}` and is `{}` now", locked.kind, now.kind);
                    self.changed(
                        id,
                        place,
                        &format!("has a column `{column}` that {kinds}"),
                        None,
                    );
                }
                Some(now) => {
                    self.options((id, Some(column)), place, &locked.options, &now.options);
                }
            }
        }
        let mut columns = now.column.keys();
        if columns.any(|column| !locked.column.contains_key(column)) {
            self.wants(Rise::Minor, || format!("`{id}` has another column"));
        }
    }

    fn options(
        &mut self,
        (id, column): (&QuestionId, Option<&ColumnId>),
        place: usize,
        locked: &BTreeSet<OptionId>,
        now: &BTreeSet<OptionId>,
    ) {
        let mut known = BTreeSet::new();
        for option in locked {
            let name = self.passage.option(id, column, option);
            if name != *option {
                self.wants(Rise::Major, || {
                    format!("`{option}` of `{id}` is `{name}` now")
                });
            }
            if !now.contains(&name) {
                let what = format!("has no `{option}` any more");
                self.changed(id, place, &what, Some((column, option)));
            }
            known.insert(name);
        }
        if !now.is_subset(&known) {
            self.wants(Rise::Minor, || format!("`{id}` offers more"));
        }
    }

    /// Says that answers to a question may no longer fit it, unless they are to be confirmed.
    fn changed(
        &mut self,
        id: &QuestionId,
        place: usize,
        what: &str,
        option: Option<(Option<&ColumnId>, &OptionId)>,
    ) {
        self.wants(Rise::Major, || format!("`{id}` {what}"));
        if self.passage.reviews(id) {
            return;
        }
        let now = &self.subject.questionnaire.questions[place].id;
        let review = format!("`review = [\"{now}\"]`");
        let help = match option {
            Some((column, option)) => {
                let column = column.map_or_else(String::new, |column| format!(".{column}"));
                format!(
                    "say its new name in a `[[migrate]]`: `options = {{ \"{now}{column}\" = {{ {option} = \"…\" }} }}`; or have answers confirmed: {review}"
                )
            }
            None => format!("have answers confirmed in a `[[migrate]]`: {review}"),
        };
        let message = format!("since {}, `{id}` {what}", self.lock.version);
        let at = self.subject.index.question_at(place);
        fail(at, message, help, self.notes);
    }

    /// What was added, and findings that are gone, want a minor version.
    fn additions(&mut self, led_to: &BTreeSet<usize>) {
        let questionnaire = self.subject.questionnaire;
        let questions = questionnaire.questions.iter().enumerate();
        let mut questions = questions.filter(|(place, _)| !led_to.contains(place));
        if let Some((_, question)) = questions.next() {
            self.wants(Rise::Minor, || format!("`{}` is new", question.id));
        }
        let known = &self.lock.finding;
        let mut findings = questionnaire.findings.iter();
        if let Some(finding) = findings.find(|finding| !known.contains_key(&finding.id)) {
            self.wants(Rise::Minor, || format!("`{}` is new", finding.id));
        }
        let mut gone = known
            .keys()
            .filter(|id| questionnaire.finding(id).is_none());
        if let Some(finding) = gone.next() {
            self.wants(Rise::Minor, || format!("`{finding}` is gone"));
        }
    }
}
