//! From a customer's book to the questions that are open.

use std::collections::BTreeMap;

use crate::domain::assessment::{Assessment, Book};
use crate::domain::evaluation::Asked as State;
use crate::domain::id::{PersonId, QuestionnaireId};
use crate::domain::questionnaire::{Citation, Text, TextPart};
use crate::domain::response::{Response, Said};
use crate::domain::words;
use crate::markdown;
use crate::report::branding::Branding;
use crate::report::prepare::how::{Wording, how};
use crate::report::prepare::{Asked, Head, Last, Preparation, Question, Section, Source};

/// What is asked for, and of whom.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// The customer and their assessments.
    pub book: &'a Book,
    /// Under which questionnaire.
    pub questionnaire: &'a QuestionnaireId,
    /// The names of people.
    pub names: &'a BTreeMap<PersonId, String>,
    /// Whose page it is.
    pub branding: &'a Branding,
    /// Only what this team knows.
    pub team: Option<&'a str>,
    /// Only what was asked of this person.
    pub person: Option<&'a PersonId>,
}

/// Collects the open questions that the customer may read; nothing where there is no such assessment.
#[must_use]
pub fn make(asking: &Asking<'_>) -> Option<Preparation> {
    let assessment = asking.book.assessments.get(asking.questionnaire)?;
    let making = Making { asking, assessment };
    let sections = making.sections();
    Some(Preparation {
        look: asking.branding.look.clone(),
        head: making.head(),
        questionnaire: asking.questionnaire.to_string(),
        sequence: asking.book.seq,
        questions: sections.iter().map(|one| one.questions.len()).sum(),
        more: making.more(),
        answers_file: making.answers_file(),
        sections,
    })
}

/// What is asked for, with the assessment at hand.
#[derive(Clone, Copy)]
struct Making<'a> {
    asking: &'a Asking<'a>,
    assessment: &'a Assessment,
}

impl Making<'_> {
    fn head(&self) -> Head {
        let Asking {
            book,
            branding,
            team,
            person,
            ..
        } = self.asking;
        let questionnaire = self.assessment.questionnaire();
        Head {
            title: self.text(&questionnaire.title),
            customer: book.customer.id.to_string(),
            name: book.customer.name.clone(),
            team: team.map(str::to_owned),
            person: person.map(|person| self.name(person)),
            provider: branding.provider.clone(),
            manager: book.customer.manager.as_ref().map(|id| self.name(id)),
            classification: branding.classification.clone(),
            as_of: book.today,
            language: questionnaire.language.clone(),
        }
    }

    /// Returns the name of the file to fill in: `contoso-answers.toml`, `contoso-answers-soc.toml`.
    fn answers_file(&self) -> String {
        let person = self.asking.person.map(PersonId::as_str);
        let parts = [self.asking.team, person].into_iter().flatten();
        let of: String = parts
            .map(|part| format!("-{}", markdown::slug(part)))
            .collect();
        format!("{}-answers{of}.toml", self.asking.book.customer.id)
    }

    fn name(&self, person: &PersonId) -> String {
        let name = self.asking.names.get(person);
        name.cloned().unwrap_or_else(|| person.to_string())
    }

    fn sections(&self) -> Vec<Section> {
        let mut number = 0;
        let questionnaire = self.assessment.questionnaire();
        let sections = questionnaire.sections.iter().map(|section| Section {
            id: section.id.to_string(),
            title: self.text(&section.title),
            questions: (section.questions.clone())
                .filter(|place| self.is_wanted(*place))
                .map(|place| {
                    number += 1;
                    self.question(place, number)
                })
                .collect(),
        });
        { sections }
            .filter(|section| !section.questions.is_empty())
            .collect()
    }

    fn is_wanted(&self, place: usize) -> bool {
        self.assessment.evaluation.is_open(place)
            && self.is_for_team(place)
            && self.asking.person.is_none_or(|person| {
                let asked = self.assessment.waits_for(place);
                asked.is_some_and(|(of, _)| of == Some(person))
            })
    }

    /// Returns whether the customer may read the question, and the team knows the answer.
    fn is_for_team(&self, place: usize) -> bool {
        let question = &self.assessment.questionnaire().questions[place];
        let team = self.asking.team;
        !question.private && team.is_none_or(|team| question.ask.as_deref() == Some(team))
    }

    /// Returns how many more may follow. Of a person they are not counted: nobody was asked them yet.
    fn more(&self) -> usize {
        if self.asking.person.is_some() {
            return 0;
        }
        let evaluation = &self.assessment.evaluation;
        (0..self.assessment.questionnaire().questions.len())
            .filter(|place| matches!(evaluation.asked(*place), State::Perhaps(_)))
            .filter(|place| self.is_for_team(*place))
            .count()
    }

    fn question(&self, place: usize, number: usize) -> Question {
        let question = &self.assessment.questionnaire().questions[place];
        let wording = Wording {
            evaluation: &self.assessment.evaluation,
            text: &|text| self.text(text),
        };
        Question {
            number,
            id: question.id.to_string(),
            text: self.text(&question.text),
            why: question.why.as_ref().map(|why| self.text(why)),
            help: question.help.as_ref().map(|help| self.markdown(help)),
            team: question.ask.clone(),
            rule: question.rule,
            sources: (question.refs.iter())
                .filter_map(|citation| self.source(citation))
                .collect(),
            how: how(wording, place),
            last: self.last(place),
            asked: self.asked(place),
        }
    }

    fn source(&self, citation: &Citation) -> Option<Source> {
        let references = &self.assessment.questionnaire().references;
        let reference = references.get(&citation.reference)?;
        Some(Source {
            title: reference.title.clone(),
            url: reference.url.clone(),
            part: citation.part.clone(),
            checked: reference.checked,
        })
    }

    /// Returns the last answer that was given and not taken back since.
    fn last(&self, place: usize) -> Option<Last> {
        let question = &self.assessment.questionnaire().questions[place];
        let history = &self.assessment.answers.get(&question.id)?.history;
        let standing = (history.iter().rev()).map_while(|given| given.what.response.as_ref());
        let is_known = |response: &&Response| !matches!(response.said, Said::Unknown(_));
        { standing }.find(is_known).map(|response| Last {
            words: words::said(question, &response.said),
            by: response.said_by.as_ref().map(|person| self.name(person)),
            on: response.said_on,
        })
    }

    fn asked(&self, place: usize) -> Option<Asked> {
        let (person, by) = self.assessment.waits_for(place)?;
        (person.is_some() || by.is_some()).then(|| Asked {
            person: person.map(|person| self.name(person)),
            by,
            overdue: by.is_some_and(|by| by < self.asking.book.today),
        })
    }

    fn text(&self, text: &Text) -> String {
        self.assessment.evaluation.text(text)
    }

    /// Returns a text that is Markdown, with the values in it as they were typed and never as Markdown.
    fn markdown(&self, text: &Text) -> String {
        (text.parts.iter())
            .map(|part| match part {
                TextPart::Literal(text) => text.clone(),
                TextPart::Value(_) => markdown::escape(&self.text(&Text {
                    parts: vec![part.clone()],
                })),
            })
            .collect()
    }
}
