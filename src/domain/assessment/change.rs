//! Going on under another text: answers, what was said about them, findings and stops move to their new names.
//!
//! What a question or an option is called now is the business of [`migration`](crate::domain::migration).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::assessment::correction::Corrections;
use crate::domain::assessment::{Answer, Assessment, Gone, StopLife};
use crate::domain::customer::Customer;
use crate::domain::evaluation::{Asked, Cause, Evaluation};
use crate::domain::finding::{Life, Lives, Origin};
use crate::domain::id::{ColumnId, FindingKey, Hash, QuestionId};
use crate::domain::ledger::Subject;
use crate::domain::migration::Passage;
use crate::domain::questionnaire::{Kind, Questionnaire};
use crate::domain::response::Said;
use crate::domain::time::Day;

impl Assessment {
    /// Goes on under another text from the entry `seq` on. No answer is lost: one whose question is gone is kept under
    /// [`gone`](Self::gone), and has it back should a later text ask it again.
    pub(super) fn change_text(
        &mut self,
        seq: u64,
        text: Hash,
        questionnaire: Arc<Questionnaire>,
        customer: &Customer,
        corrections: &Corrections,
    ) {
        let day = self.evaluation.day();
        let evaluation = Evaluation::new(Arc::clone(&questionnaire), customer, day);
        let before = std::mem::replace(&mut self.evaluation, evaluation);
        let passage = Passage::between(before.questionnaire(), &questionnaire);
        let said = self.move_answers(seq, &passage, &before, corrections);
        self.evaluation.set_all(said);
        self.confirm_reopened(&passage, &before);
        self.move_words(&passage);
        self.move_lives(seq, &passage, before.questionnaire());
        self.move_stops(before.questionnaire());
        self.texts.push((seq, text));
        self.follow_all(seq);
        self.supersede_gone(day);
    }

    /// Moves every answer to what its question is called now and returns what then stands, by place.
    fn move_answers(
        &mut self,
        seq: u64,
        passage: &Passage<'_>,
        before: &Evaluation,
        corrections: &Corrections,
    ) -> Vec<(usize, Said)> {
        let mut moved = Moved::default();
        for old in self.take_answers(before) {
            let Some(question) = passage.question(&old.question).filter(|_| !old.dropped) else {
                let dropped = true;
                self.gone.push(Gone { dropped, ..old });
                continue;
            };
            let said = match corrections.replaced(seq, &question) {
                Some(corrected) => corrected.clone(),
                None => (old.said.clone()).map(|said| passage.said(&old.question, said)),
            };
            let reviewed = passage.reviews(&old.question) && said.is_some();
            let one = Gone {
                answer: old.answer.renamed(passage, &old.question),
                question,
                said,
                ..old
            };
            if self.questionnaire().question(&one.question).is_some() {
                moved.add(one, reviewed);
            } else {
                self.gone.push(one);
            }
        }
        self.answers = moved.answers;
        let questionnaire = self.evaluation.questionnaire();
        let said = moved.said.into_iter();
        said.filter_map(|(id, said)| Some((questionnaire.question(&id)?, said?)))
            .collect()
    }

    /// Takes out every answer, those to questions that are gone too, with what stands as it.
    fn take_answers(&mut self, before: &Evaluation) -> Vec<Gone> {
        let gone = std::mem::take(&mut self.gone);
        let answers = std::mem::take(&mut self.answers);
        let questions = before.questionnaire();
        let held = answers.into_iter().map(|(question, answer)| Gone {
            said: match questions.question(&question) {
                Some(place) => before.said(place).cloned(),
                None => answer.last_said(),
            },
            question,
            answer,
            dropped: false,
        });
        gone.into_iter().chain(held).collect()
    }

    /// Asks to confirm answers that counted for nothing before, because they were not asked, and count now.
    fn confirm_reopened(&mut self, passage: &Passage<'_>, before: &Evaluation) {
        let hidden = before.questionnaire().questions.iter().enumerate();
        let hidden = hidden
            .filter(|(place, _)| matches!(before.asked(*place), Asked::No(_)))
            .filter_map(|(_, question)| passage.question(&question.id));
        for question in hidden {
            let place = self.evaluation.questionnaire().question(&question);
            let asked = place.is_some_and(|place| self.evaluation.asked(place).yes());
            if let Some(answer) = self.answers.get_mut(&question).filter(|_| asked) {
                answer.confirm = true;
            }
        }
    }

    /// Moves what was said about questions: remarks, notes and requests. Those about a question that was dropped stay with its old
    /// name, but for requests: nobody is waited for any more.
    fn move_words(&mut self, passage: &Passage<'_>) {
        let remarks = std::mem::take(&mut self.remarks).into_iter();
        self.remarks = remarks
            .map(|(about, remark)| (subject(passage, about), remark))
            .collect();
        for note in &mut self.notes {
            note.what.about = subject(passage, note.what.about.clone());
        }
        for refused in &mut self.refused {
            if let Some(now) = passage.question(&refused.what.question) {
                refused.what.question = now;
            }
        }
        for question in self.documents.values_mut() {
            if let Some(now) = passage.question(question) {
                *question = now;
            }
        }
        let requests = std::mem::take(&mut self.requests).into_iter();
        self.requests = requests
            .filter_map(|(question, request)| Some((passage.question(&question)?, request)))
            .collect();
    }

    /// Moves the causes of findings to the new places of their questions, and those of rows to what the rows are called now.
    fn move_lives(&mut self, seq: u64, passage: &Passage<'_>, old: &Questionnaire) {
        let new = Arc::clone(self.questionnaire());
        let named = std::mem::take(&mut self.lives).into_iter();
        let named = named.map(|(key, life)| (row_now(passage, old, &key, &life), key, life));
        let (stay, go): (Vec<_>, Vec<_>) = named.partition(|(now, key, _)| now == key);
        let mut renamed = BTreeMap::new();
        for (now, key, mut life) in stay.into_iter().chain(go) {
            life.causes = causes(passage, &life.causes, old, &new);
            let key_now = free_key(&self.lives, now, &key);
            if key_now != key {
                life.formerly.push((seq, key.clone()));
                renamed.insert(Subject::Finding(key), Subject::Finding(key_now.clone()));
            }
            self.lives.insert(key_now, life);
        }
        for note in &mut self.notes {
            if let Some(now) = renamed.get(&note.what.about) {
                note.what.about = now.clone();
            }
        }
    }

    /// Moves what is known of stops: one that goes on to hold stays lifted if it was.
    fn move_stops(&mut self, old: &Questionnaire) {
        let mut lives: BTreeMap<_, _> = (old.stops.iter().map(|stop| &stop.id))
            .zip(std::mem::take(&mut self.stops))
            .collect();
        let stops = &self.evaluation.questionnaire().stops;
        self.stops = (stops.iter())
            .map(|stop| lives.remove(&stop.id).unwrap_or_else(StopLife::default))
            .collect();
    }

    /// Supersedes the findings that the questionnaire no longer has.
    fn supersede_gone(&mut self, day: Day) {
        let questionnaire = Arc::clone(self.questionnaire());
        for (key, life) in &mut self.lives {
            let answers = life.origin == Origin::Answers;
            if answers && questionnaire.finding(&key.id).is_none() {
                life.fall(day, &[]);
                life.hand_on(day);
            }
        }
    }
}

impl Answer {
    /// Returns the answer, with those before it, in the names of today.
    fn renamed(mut self, passage: &Passage<'_>, question: &QuestionId) -> Self {
        let given = self.history.iter_mut().map(|signed| &mut signed.what);
        for response in given.filter_map(|given| given.response.as_mut()) {
            response.said = passage.said(question, response.said.clone());
        }
        self
    }
}

/// Answers that found their questions, and what stands as each.
#[derive(Default)]
struct Moved {
    answers: BTreeMap<QuestionId, Answer>,
    said: BTreeMap<QuestionId, Option<Said>>,
}

impl Moved {
    /// Adds an answer. Where two lead to one question, both are kept in its history, the later one stands, and is to be confirmed.
    fn add(&mut self, one: Gone, reviewed: bool) {
        let mut answer = one.answer;
        answer.confirm |= reviewed;
        let Some(mut other) = self.answers.remove(&one.question) else {
            self.said.insert(one.question.clone(), one.said);
            self.answers.insert(one.question, answer);
            return;
        };
        let last = |answer: &Answer| answer.history.last().map(|given| given.seq);
        if last(&answer) > last(&other) {
            self.said.insert(one.question.clone(), one.said);
        }
        other.history.extend(answer.history);
        other.history.sort_by_key(|given| given.seq);
        other.confirm = true;
        self.answers.insert(one.question, other);
    }
}

/// Returns what something is about, by its new name; one that was dropped keeps its old name.
fn subject(passage: &Passage<'_>, about: Subject) -> Subject {
    match about {
        Subject::Question(question) => {
            Subject::Question(passage.question(&question).unwrap_or(question))
        }
        other => other,
    }
}

/// Returns the key for a finding that is called `now`: that, or where another has it already what it was called before, so that of
/// two rows that became one neither is lost.
fn free_key(lives: &Lives, now: FindingKey, before: &FindingKey) -> FindingKey {
    if !lives.contains_key(&now) {
        return now;
    }
    let mut key = before.clone();
    while lives.contains_key(&key) {
        key.row.get_or_insert_default().push('*');
    }
    key
}

/// Returns the key of a finding with its row as it is called now.
fn row_now(
    passage: &Passage<'_>,
    old: &Questionnaire,
    key: &FindingKey,
    life: &Life,
) -> FindingKey {
    let row = key.row.as_ref().map(|row| {
        let tables = life.causes.iter().filter_map(|cause| match cause {
            Cause::Question(place) => {
                let question = &old.questions[*place];
                Some((&question.id, row_names(&question.kind)?))
            }
            Cause::Rule => None,
        });
        let named = tables.map(|(question, key)| passage.row(question, key, row));
        { named }
            .find(|now| now != row)
            .unwrap_or_else(|| row.clone())
    });
    FindingKey {
        id: key.id.clone(),
        row,
    }
}

/// Returns whose options name the rows of a table: those of the column (some) or of the matrix itself; nothing for other types.
fn row_names(kind: &Kind) -> Option<Option<&ColumnId>> {
    let Kind::Rows(table) = kind else { return None };
    match table.key.filter(|_| table.fixed.is_empty()) {
        Some(key) => Some(Some(&table.columns[key].id)),
        None => Some(None),
    }
}

/// Returns `causes` by the places that their questions have in the new text; those of questions that are gone are left out.
fn causes(
    passage: &Passage<'_>,
    causes: &[Cause],
    old: &Questionnaire,
    new: &Questionnaire,
) -> Vec<Cause> {
    let mut moved = Vec::with_capacity(causes.len());
    for cause in causes {
        let now = match cause {
            Cause::Rule => Some(Cause::Rule),
            Cause::Question(place) => (passage.question(&old.questions[*place].id))
                .and_then(|question| new.question(&question))
                .map(Cause::Question),
        };
        moved.extend(now.filter(|cause| !moved.contains(cause)));
    }
    moved
}
