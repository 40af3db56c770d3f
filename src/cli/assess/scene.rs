//! What every face of the walk shows: the book as it stands, people by their names, the time.

use std::collections::BTreeMap;

use crate::domain::answer::Held;
use crate::domain::assessment::{Assessment, Book};
use crate::domain::id::{FindingKey, PersonId};
use crate::domain::intake;
use crate::domain::proposal::{self, Source};
use crate::domain::questionnaire::{Kind, Question, Questionnaire};
use crate::domain::response::{Response, Said, Unknown};
use crate::domain::time::Instant;
use crate::domain::walk::{Attention, News, Walk};
use crate::domain::{phrases, words};
use crate::markdown::inert_line;

/// What is shown where no tool says anything.
pub(crate) const NO_DATA: &str = "tools: no data";

/// What every face shows.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    /// The customer and their assessments.
    pub(crate) book: &'a Book,
    /// The assessment at hand.
    pub(crate) assessment: &'a Assessment,
    /// People's names.
    pub(crate) names: &'a BTreeMap<PersonId, String>,
    /// The time.
    pub(crate) now: Instant,
    /// When something was last kept in this walk.
    pub(crate) saved: Option<Instant>,
    /// What tools' files say.
    pub(crate) sources: &'a [Source],
}

impl Scene<'_> {
    /// Returns the questionnaire.
    pub(crate) fn questionnaire(&self) -> &Questionnaire {
        self.assessment.questionnaire()
    }

    /// Returns the question at `place`.
    pub(crate) fn question(&self, place: usize) -> &Question {
        &self.questionnaire().questions[place]
    }

    /// Returns the text of the question at `place`, on one line.
    pub(crate) fn question_text(&self, place: usize) -> String {
        inert_line(self.assessment.evaluation.text(&self.question(place).text))
    }

    /// Returns the title of the section at `place`.
    pub(crate) fn section_title(&self, place: usize) -> String {
        let section = &self.questionnaire().sections[place];
        inert_line(self.assessment.evaluation.text(&section.title))
    }

    /// Returns a person's name.
    pub(crate) fn name(&self, person: &PersonId) -> String {
        let name = self
            .names
            .get(person)
            .map_or(person.as_str(), String::as_str);
        inert_line(name)
    }

    /// Returns the time of day of `at` where the customer is, as `14:02`.
    pub(crate) fn clock(&self, at: Instant) -> String {
        let local = at.local(self.book.customer.time_zone);
        local.rsplit(' ').next().unwrap_or_default().to_owned()
    }

    /// Returns the answer that stands for the question at `place`.
    pub(crate) fn response(&self, place: usize) -> Option<&Response> {
        self.assessment.response(place)?.what.response.as_ref()
    }

    /// Returns whether the question at `place` has an answer that can be said to be still true.
    pub(crate) fn can_be_confirmed(&self, place: usize) -> bool {
        let response = self.response(place);
        response.is_some_and(|response| !matches!(response.said, Said::Unknown(_)))
    }

    /// Returns what was said to the question at `place` in words on one line, with who was asked to find out.
    pub(crate) fn said(&self, place: usize, said: &Said) -> String {
        let words = inert_line(words::said(self.question(place), said));
        let Said::Unknown(Unknown::WillFindOut { asked, by }) = said else {
            return words;
        };
        let asked = asked
            .as_ref()
            .map(|person| format!(", {} asked", self.name(person)));
        let by = by.map(|day| format!(", by {}", words::day(day)));
        words + &asked.unwrap_or_default() + &by.unwrap_or_default()
    }

    /// Returns when, by whom and how the answer to the question at `place` was last given, and what it was.
    pub(crate) fn last_time(&self, place: usize) -> Option<String> {
        let response = self.response(place)?;
        let by = response.said_by.as_ref();
        let by = by.map_or_else(String::new, |person| format!(" by {}", self.name(person)));
        Some(format!(
            "{}: {}, {}{by}",
            words::day(response.said_on),
            self.said(place, &response.said),
            response.basis.words(),
        ))
    }

    /// Returns what tools say about the question at `place`, in a few words, and whether that contradicts the answer.
    pub(crate) fn tools(&self, place: usize) -> (String, bool) {
        let customer = &self.book.customer;
        let heard = proposal::hear(self.assessment, customer, self.sources, place);
        let Some(heard) = heard else {
            return (NO_DATA.into(), false);
        };
        let kind = &self.question(place).kind;
        let said: Vec<String> = heard.opinions.iter().map(|one| one.brief(kind)).collect();
        let sign = if heard.is_disputed() {
            "tools contradict: "
        } else {
            "tools: "
        };
        let words = inert_line(format!("{sign}{}", said.join("; ")));
        (words, heard.is_disputed())
    }

    /// Returns what keeps the question at `place` from being done with, in words; nothing where it is, or was never answered.
    pub(crate) fn needs(&self, walk: &Walk, place: usize) -> Option<String> {
        let held = self.assessment.evaluation.held(place);
        Some(match (walk.attention(self.assessment, place), held) {
            (Attention::Fine, _) | (Attention::Open, Held::Unanswered | Held::Unknown) => {
                return None;
            }
            (Attention::Open, Held::Invalid(reason)) => {
                format!("The answer no longer fits: {}", inert_line(reason))
            }
            (Attention::Open, _) => self.lacks(place),
            (Attention::Confirm, _) => "Asked again since: is it still true?".into(),
            (Attention::Stale, _) => "Review again: said long ago".into(),
        })
    }

    /// Says what an answer that was given still lacks.
    fn lacks(&self, place: usize) -> String {
        match &self.question(place).kind {
            Kind::Rows(_) => "Open: a cell that counts is not filled in".into(),
            _ => "Open: its value depends on another open answer".into(),
        }
    }

    /// Returns the title of a finding, with its row.
    pub(crate) fn finding(&self, key: &FindingKey) -> String {
        inert_line(phrases::finding_title(self.assessment, key))
    }

    /// Returns what the last answer opened and closed, in sentences; empty where nothing.
    pub(crate) fn changed(&self, news: &News) -> Vec<String> {
        let stops = news.stopped.iter().map(|place| {
            let stop = &self.questionnaire().stops[*place];
            let title = inert_line(self.assessment.evaluation.text(&stop.title));
            format!("From here on: {title}")
        });
        let told = |places: &[usize], one: &str, several: &str| {
            (!places.is_empty()).then(|| {
                let texts: Vec<String> = places
                    .iter()
                    .map(|place| format!("“{}”", self.question_text(*place)))
                    .collect();
                format!(
                    "{}: {}",
                    words::count(places.len(), one, several),
                    texts.join(", ")
                )
            })
        };
        stops
            .chain(told(&news.opened, "question added", "questions added"))
            .chain(told(&news.closed, "question gone", "questions gone"))
            .collect()
    }

    /// Returns what can be picked for the question at `place`, in the order of the keys.
    pub(crate) fn picks(&self, place: usize) -> Vec<Pick> {
        let question = self.question(place);
        let mut picks = match &question.kind {
            Kind::Bool => vec![Pick::Bool(true), Pick::Bool(false)],
            kind @ (Kind::Choice(_) | Kind::Multi(_)) => {
                let offered = intake::offered(&self.assessment.evaluation, kind);
                offered.into_iter().map(Pick::Option).collect()
            }
            _ => Vec::new(),
        };
        if question.none.is_some() {
            picks.push(Pick::None);
        }
        picks
    }

    /// Returns the words of something that can be picked.
    pub(crate) fn pick_words(&self, place: usize, pick: Pick) -> String {
        let question = self.question(place);
        let evaluation = &self.assessment.evaluation;
        inert_line(&match pick {
            Pick::Bool(true) => "Yes".into(),
            Pick::Bool(false) => "No".into(),
            Pick::Option(option) => evaluation.text(&question.kind.options()[option].text),
            Pick::None => question
                .none
                .as_ref()
                .map_or_else(String::new, |none| evaluation.text(&none.text)),
        })
    }
}

/// Something that can be picked for a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pick {
    /// Yes or no.
    Bool(bool),
    /// The option at this place.
    Option(usize),
    /// The explicit *none*.
    None,
}
