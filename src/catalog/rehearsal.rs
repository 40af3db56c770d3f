//! Rehearsals: an assessment kept in memory, for scenarios and for whoever wants to try a questionnaire.
//!
//! A rehearsal writes a real ledger and replays it as the store's are; only nothing is kept.

use std::sync::Arc;

use crate::domain::assessment::{Assessment, Book, Texts};
use crate::domain::customer::CustomerChange;
use crate::domain::decision::{Decision, FindingDecision};
use crate::domain::id::{CustomerId, PersonId, QuestionnaireId};
use crate::domain::ledger::{Entry, Fact, Why, next};
use crate::domain::questionnaire::Questionnaire;
use crate::domain::response::{Basis, Response, Said};
use crate::domain::time::{Day, Instant};

/// An assessment kept in memory.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    questionnaire: QuestionnaireId,
    texts: Texts,
    entries: Vec<Entry>,
    book: Book,
    by: PersonId,
}

/// What the ledger of a rehearsal is called.
const LEDGER: &str = "rehearsal";

impl Rehearsal {
    /// Begins an assessment under `questionnaire` on `today`, for a customer of whom nothing is known.
    ///
    /// # Panics
    /// Never: the names used are valid.
    #[must_use]
    pub fn begin(questionnaire: Arc<Questionnaire>, today: Day) -> Self {
        let customer: CustomerId = "customer".parse().expect("this is a valid id");
        let mut rehearsal = Self {
            questionnaire: questionnaire.id.clone(),
            texts: Texts::from([(questionnaire.hash, Arc::clone(&questionnaire))]),
            entries: Vec::new(),
            book: Book::new(customer.clone(), today),
            by: "author".parse().expect("this is a valid id"),
        };
        rehearsal.customer(vec![CustomerChange::Id(customer)]);
        rehearsal.record(Fact::Opened {
            questionnaire: questionnaire.id.clone(),
            text: questionnaire.hash,
        });
        rehearsal
    }

    /// Moves to a day, which is not before the day it stands at.
    pub fn to(&mut self, today: Day) {
        self.book.pass_to(today.max(self.book.today));
    }

    /// Changes properties of the customer.
    pub fn customer(&mut self, changes: Vec<CustomerChange>) {
        self.record(Fact::CustomerChanged { changes });
    }

    /// Answers the question at `place`, as somebody told us.
    pub fn say(&mut self, place: usize, said: Said) {
        let response = Response {
            said,
            basis: Basis::Interview,
            said_by: None,
            said_on: self.book.today,
            note: None,
            private_note: None,
        };
        self.answer(place, response, Why::Changed);
    }

    /// Answers the question at `place`.
    pub fn answer(&mut self, place: usize, response: Response, why: Why) {
        let question = self.assessment().questionnaire().questions[place]
            .id
            .clone();
        self.record(Fact::Answered {
            questionnaire: self.questionnaire.clone(),
            question,
            response,
            why,
        });
    }

    /// Takes the answer to the question at `place` back.
    pub fn withdraw(&mut self, place: usize) {
        let question = self.assessment().questionnaire().questions[place]
            .id
            .clone();
        self.record(Fact::Withdrawn {
            questionnaire: self.questionnaire.clone(),
            question,
            mistaken: false,
        });
    }

    /// Decides about a finding.
    pub fn decide(&mut self, decision: FindingDecision) {
        self.record(Fact::Decided {
            questionnaire: self.questionnaire.clone(),
            decision: Decision::Finding(decision),
        });
    }

    /// Goes on under another text of the questionnaire.
    pub fn go_on(&mut self, questionnaire: Arc<Questionnaire>) {
        let text = questionnaire.hash;
        self.texts.insert(text, questionnaire);
        self.record(Fact::QuestionnaireChanged {
            questionnaire: self.questionnaire.clone(),
            text,
        });
    }

    /// Records any other fact, at noon of the day it stands at.
    ///
    /// # Panics
    /// Never: the texts and the assessment that facts name are there.
    pub fn record(&mut self, fact: Fact) {
        let noon = self.book.today.and_hms_opt(12, 0, 0).unwrap_or_default();
        let (_, entry) = next(
            LEDGER,
            self.entries.last(),
            Instant::new(noon.and_utc()),
            &self.by,
            [0; 16],
            fact,
        );
        let advanced = self.book.advance(&entry, &self.texts);
        self.entries.push(entry);
        match advanced {
            Ok(Some(_)) => {}
            _ => self.book = self.replayed(),
        }
    }

    /// Replays the whole ledger.
    ///
    /// # Panics
    /// Never: the texts and the assessment that its facts name are there.
    #[must_use]
    pub fn replayed(&self) -> Book {
        Book::replay(
            &self.book.customer.id,
            &self.entries,
            &self.texts,
            self.book.today,
        )
        .expect("the texts and the assessment that its facts name are there")
    }

    /// Returns what the ledger comes to.
    #[must_use]
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// Returns the assessment.
    #[must_use]
    pub fn assessment(&self) -> &Assessment {
        &self.book.assessments[&self.questionnaire]
    }

    /// Returns the entries.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns the pinned questionnaires.
    #[must_use]
    pub fn texts(&self) -> &Texts {
        &self.texts
    }
}
