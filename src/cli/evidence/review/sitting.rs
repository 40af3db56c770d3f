//! A review of what tools say, as a value: what waits for a person, keys in, tasks out.
//!
//! It knows no terminal and no store: [`screen`](crate::cli::evidence::review::screen) draws it, and a [`Task`] is carried out by
//! whoever runs the review, who then says how it went.

use std::cell::Cell;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::cli::assess::editor::{Editor, Typed};
use crate::domain::evidence::Unplaced;
use crate::domain::proposal::{Hearing, Proposed};

/// A review in progress.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sitting {
    /// What waited when it began, and what came up since.
    pub(crate) matters: Vec<Matter>,
    /// Which of them is at hand; beyond the last when all are through.
    pub(crate) at: usize,
    /// What the keys are for now.
    pub(crate) mode: Mode,
    /// What the last key came to.
    pub(crate) message: Option<String>,
    /// How far the matter is scrolled, in lines.
    pub(crate) scroll: usize,
    /// How far it can be scrolled, as it was drawn last.
    pub(crate) most: Cell<usize>,
}

/// Something that waits for a person.
#[derive(Clone, Debug)]
pub(crate) struct Matter {
    /// What it is.
    pub(crate) subject: Subject,
    /// What became of it in this sitting.
    pub(crate) fate: Option<&'static str>,
}

/// What waits for a person.
#[derive(Clone, Debug)]
pub(crate) enum Subject {
    /// A title that tells no control alone.
    Title(Box<Unplaced>),
    /// A question that evidence speaks to.
    Question(Box<Hearing>),
}

/// What the keys are for.
#[derive(Clone, Debug, Default)]
pub(crate) enum Mode {
    /// Commands.
    #[default]
    Looking,
    /// Typing something.
    Typing(Purpose, Editor),
    /// Saying whether all that contradicts nothing is accepted.
    AcceptingAll,
}

/// What something typed is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Why a proposal is refused.
    Reason,
    /// Another answer.
    Answer,
    /// From which day undated evidence is.
    Day,
    /// Which control a title is.
    Control,
}

/// What is to be done outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Nothing.
    Nothing,
    /// Take over what is proposed, as of the day that was typed.
    Accept(Option<String>),
    /// Take over everything that is proposed, dated, and contradicts nothing.
    AcceptAll,
    /// Refuse what is proposed, for a reason.
    Refuse(String),
    /// Record another answer.
    Answer(String),
    /// Place a title as a control.
    Settle(String),
    /// End the review.
    Finish,
}

impl Purpose {
    /// Returns what is asked for.
    pub(crate) fn prompt(self) -> &'static str {
        match self {
            Self::Reason => "Why is it refused?",
            Self::Answer => "The answer instead",
            Self::Day => "The evidence is undated: from which day is it (YYYY-MM-DD)?",
            Self::Control => "Which control is it, by its id?",
        }
    }

    fn task(self, text: String) -> Task {
        match self {
            Self::Reason => Task::Refuse(text),
            Self::Answer => Task::Answer(text),
            Self::Day => Task::Accept(Some(text)),
            Self::Control => Task::Settle(text),
        }
    }
}

impl Subject {
    /// Returns whether this is the same matter, though more may be known of it by now.
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Title(one), Self::Title(other)) => one.label() == other.label(),
            (Self::Question(one), Self::Question(other)) => one.place == other.place,
            _ => false,
        }
    }
}

/// Returns whether a person has to do something about it: something is proposed, contradicted, or cannot be told.
pub(crate) fn waits(hearing: &Hearing) -> bool {
    let differs = matches!(
        hearing.outcome,
        Proposed::Answer(_) | Proposed::Differ | Proposed::Tenants(_) | Proposed::Unfit(_)
    );
    differs || hearing.is_disputed()
}

impl Sitting {
    /// Begins with what waits.
    pub(crate) fn new(subjects: Vec<Subject>) -> Self {
        let mut sitting = Self::default();
        sitting.refresh(subjects);
        sitting
    }

    /// Takes in what waits now: what waits no longer is left out unless something was done about it, and what came up comes last.
    pub(crate) fn refresh(&mut self, subjects: Vec<Subject>) {
        let here = self.matters.get(self.at).map(|one| one.subject.clone());
        self.matters
            .retain(|one| one.fate.is_some() || subjects.iter().any(|new| new.is(&one.subject)));
        for subject in subjects {
            let mut known = self.matters.iter_mut();
            match known.find(|one| one.subject.is(&subject)) {
                Some(known) if known.fate.is_none() => known.subject = subject,
                Some(_) => {}
                None => self.matters.push(Matter {
                    subject,
                    fate: None,
                }),
            }
        }
        let same = here.and_then(|here| self.matters.iter().position(|one| one.subject.is(&here)));
        self.at = same.unwrap_or(self.at.min(self.matters.len()));
    }

    /// Returns what is at hand.
    pub(crate) fn matter(&self) -> Option<&Matter> {
        self.matters.get(self.at)
    }

    /// Returns the question at hand.
    pub(crate) fn hearing(&self) -> Option<&Hearing> {
        match &self.matter()?.subject {
            Subject::Question(hearing) => Some(hearing),
            Subject::Title(_) => None,
        }
    }

    /// Takes in a key.
    pub(crate) fn key(&mut self, key: KeyEvent) -> Task {
        self.message = None;
        self.scroll = self.scroll.min(self.most.get());
        match std::mem::take(&mut self.mode) {
            Mode::Looking if key.modifiers.contains(KeyModifiers::CONTROL) => match key.code {
                KeyCode::Char('c') => Task::Finish,
                _ => Task::Nothing,
            },
            Mode::Looking => self.command(key.code),
            Mode::AcceptingAll if matches!(key.code, KeyCode::Enter | KeyCode::Char('y')) => {
                Task::AcceptAll
            }
            Mode::AcceptingAll => Task::Nothing,
            Mode::Typing(purpose, mut editor) => {
                match editor.key(key) {
                    Typed::Done if !editor.text().trim().is_empty() => {
                        let task = purpose.task(editor.text().trim().to_owned());
                        self.mode = Mode::Typing(purpose, editor);
                        return task;
                    }
                    Typed::Cancelled => {}
                    _ => self.mode = Mode::Typing(purpose, editor),
                }
                Task::Nothing
            }
        }
    }

    /// Takes in text that was pasted.
    pub(crate) fn paste(&mut self, text: &str) {
        if let Mode::Typing(_, editor) = &mut self.mode {
            editor.insert(text);
        }
    }

    fn command(&mut self, key: KeyCode) -> Task {
        match key {
            KeyCode::Enter | KeyCode::Right | KeyCode::Char('s') => self.go(self.at + 1),
            KeyCode::Backspace | KeyCode::Left => self.go(self.at.saturating_sub(1)),
            KeyCode::Down | KeyCode::PageDown => self.scroll += 1,
            KeyCode::Up | KeyCode::PageUp => self.scroll = self.scroll.saturating_sub(1),
            KeyCode::Char('A') => self.mode = Mode::AcceptingAll,
            KeyCode::Char('q') | KeyCode::F(10) | KeyCode::Esc => return Task::Finish,
            KeyCode::Char('a') => return self.accept(),
            KeyCode::Char('r') => self.type_for(Purpose::Reason),
            KeyCode::Char('o') => self.type_for(Purpose::Answer),
            _ => {}
        }
        Task::Nothing
    }

    fn go(&mut self, at: usize) {
        self.at = at.min(self.matters.len());
        self.scroll = 0;
    }

    /// Accepts what is proposed, once everything is known for that.
    pub(crate) fn accept(&mut self) -> Task {
        let Some(hearing) = self.hearing() else {
            self.type_for(Purpose::Control);
            return Task::Nothing;
        };
        match hearing.proposal().map(|proposal| proposal.on) {
            Some(Some(_)) => return Task::Accept(None),
            Some(None) => self.type_for(Purpose::Day),
            None => self.say("Nothing is proposed here. Say with o what the answer is, or go on."),
        }
        Task::Nothing
    }

    fn type_for(&mut self, purpose: Purpose) {
        let is_title = match self.matter().map(|matter| &matter.subject) {
            None => return,
            Some(Subject::Title(_)) => true,
            Some(Subject::Question(_)) => false,
        };
        if is_title != (purpose == Purpose::Control) {
            self.say("A title can only be said to be a control, with a, or left.");
            return;
        }
        self.mode = Mode::Typing(purpose, Editor::new("", false));
    }

    /// Takes in that something was done about what is at hand, and goes on.
    pub(crate) fn done(&mut self, fate: &'static str, message: String) {
        if let Some(matter) = self.matters.get_mut(self.at) {
            matter.fate = Some(fate);
        }
        self.mode = Mode::Looking;
        self.message = Some(message);
        self.go(self.at + 1);
    }

    /// Takes in that something could not be done, and why.
    pub(crate) fn say(&mut self, message: impl Into<String>) {
        self.message = Some(message.into());
    }
}
