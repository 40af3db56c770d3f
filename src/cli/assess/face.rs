//! The full-screen face of the walk, as a value: keys in, tasks out.
//!
//! It knows no terminal and no store. Drawing it is the business of [`screen`](crate::cli::assess::screen); a [`Task`] is carried
//! out by whoever runs the walk, who then says how it went.

use std::cell::Cell;
use std::collections::BTreeSet;

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use crate::cli::assess::editor::{Editor, Typed};
use crate::cli::assess::keys::{Command, command};
use crate::cli::assess::scene::{Pick, Scene};
use crate::cli::assess::table::{Grid, Moved};
use crate::domain::id::{OptionId, PersonId};
use crate::domain::intake::{self, Objection};
use crate::domain::questionnaire::{Kind, Table};
use crate::domain::response::{Basis, NotApplicable, Said, Unknown, Value};
use crate::domain::walk::{Effect, Event, Recording, Walk, teams};

/// The full-screen face of a walk.
#[derive(Clone, Debug)]
pub(crate) struct Face {
    /// The walk.
    pub(crate) walk: Walk,
    /// What the keys are for now.
    pub(crate) mode: Mode,
    /// Whether there is room for three panes.
    pub(crate) wide: bool,
    /// Whether the manager's own view may be seen beside the question.
    pub(crate) manager: bool,
    /// Whether why and help of the question are shown.
    pub(crate) help: bool,
    /// How far the question is scrolled, in lines.
    pub(crate) scroll: usize,
    /// How far it can be scrolled, as it was drawn last.
    pub(crate) most: Cell<usize>,
    /// The option under the cursor, counted from 0.
    pub(crate) cursor: usize,
    /// Ticks that are not kept yet.
    pub(crate) ticked: Option<BTreeSet<OptionId>>,
    /// What the last key came to.
    pub(crate) message: Option<Message>,
    moved: bool,
    at: Option<usize>,
    warnings: Vec<Objection>,
    /// Whether what is being recorded says something, rather than taking back or amending.
    saying: bool,
    after: After,
}

/// What the keys are for.
#[derive(Clone, Debug)]
pub(crate) enum Mode {
    /// Commands at a question.
    Question,
    /// Typing something.
    Field(Field),
    /// Choosing from a list.
    Menu(Menu),
    /// The list of sections, with the line of the cursor.
    Sections(usize),
    /// The sheet of a section's short questions.
    Sheet(Sheet),
    /// Rows as a table.
    Table(Box<Grid>),
    /// The list of keys.
    Keys,
    /// The manager's own view as a page, where there is no room beside the question.
    Manager,
}

/// Something being typed.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// The text.
    pub(crate) editor: Editor,
    /// What it is for.
    pub(crate) purpose: Purpose,
    /// Questions that were found, in a search.
    pub(crate) found: Vec<usize>,
    /// Which of them is under the cursor.
    pub(crate) cursor: usize,
    /// What is wrong with it.
    pub(crate) faults: Vec<String>,
}

/// What something typed is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The answer.
    Answer,
    /// A note.
    Note {
        /// Whether only the internal audience sees it.
        private: bool,
    },
    /// Who is speaking.
    SaidBy,
    /// Who finds out.
    Whom,
    /// By when they find out.
    ByWhen {
        /// Who.
        asked: Option<PersonId>,
    },
    /// Words to look for.
    Search,
    /// Why the question does not apply, where no code fits.
    Reason,
}

/// A list to choose from.
#[derive(Clone, Debug)]
pub(crate) struct Menu {
    /// What is asked.
    pub(crate) title: &'static str,
    /// What can be chosen.
    pub(crate) lines: Vec<String>,
    /// The line of the cursor.
    pub(crate) cursor: usize,
    purpose: Choosing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choosing {
    Unknown,
    NotApplicable,
    Team,
}

/// The sheet of a section's short questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sheet {
    /// The section, by its place.
    pub(crate) section: usize,
    /// The line of the cursor.
    pub(crate) cursor: usize,
}

/// What the last key came to, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// The words.
    pub(crate) text: String,
    /// Whether something was refused.
    pub(crate) bad: bool,
}

/// What is to be done outside of the face.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Task {
    /// Nothing.
    Nothing,
    /// Keep something, durably; then [`Face::recorded`] or [`Face::not_recorded`].
    Record(Box<Recording>),
    /// Find or add the person who was typed; then [`Face::person`].
    Person(String),
    /// End the walk.
    Finish,
}

/// What follows once something is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
enum After {
    /// One is at the question again.
    Stay,
    /// One is where one was.
    Here,
    /// One goes on somewhere.
    Go(Event),
    /// One goes down a line of the sheet.
    Sheet,
    /// The walk ends.
    Finish,
}

impl Face {
    /// Begins with a walk; the manager's view is shown where there is room for it beside the question.
    pub(crate) fn new(walk: Walk, scene: &Scene<'_>, wide: bool) -> Self {
        let mut face = Self {
            walk,
            mode: Mode::Question,
            wide,
            manager: wide,
            help: false,
            scroll: 0,
            most: Cell::new(0),
            cursor: 0,
            ticked: None,
            message: None,
            moved: false,
            at: None,
            warnings: Vec::new(),
            saying: false,
            after: After::Stay,
        };
        face.arrive(scene);
        face
    }

    /// Takes in a key.
    pub(crate) fn key(&mut self, scene: &Scene<'_>, key: KeyEvent) -> Task {
        self.message = None;
        self.scroll = self.scroll.min(self.most.get());
        let task = match std::mem::replace(&mut self.mode, Mode::Question) {
            Mode::Question => match command(key) {
                Some(command) => self.command(scene, command),
                None => Task::Nothing,
            },
            Mode::Field(field) => self.field_key(scene, field, key),
            Mode::Menu(menu) => self.menu_key(scene, menu, key),
            Mode::Sections(line) => self.sections_key(scene, line, key),
            Mode::Sheet(sheet) => self.sheet_key(scene, sheet, key),
            Mode::Table(grid) => self.table_key(scene, grid, key),
            mode @ (Mode::Keys | Mode::Manager) => {
                self.page_key(mode, key);
                Task::Nothing
            }
        };
        self.arrive(scene);
        task
    }

    /// Returns whether the manager's own view, and what only the manager sees, is on the screen beside the question.
    pub(crate) fn shows_manager(&self) -> bool {
        self.wide && self.manager
    }

    /// Takes in text that was pasted.
    pub(crate) fn paste(&mut self, scene: &Scene<'_>, text: &str) {
        if let (Mode::Question, Some(place)) = (&self.mode, self.walk.current) {
            self.edit(scene, place, "");
            if let (Mode::Field(field), false) = (
                &mut self.mode,
                matches!(scene.question(place).kind, Kind::Text),
            ) {
                field.editor.set("");
            }
        }
        match &mut self.mode {
            Mode::Field(field) => {
                field.editor.insert(text);
                field.look(scene, &self.walk);
            }
            Mode::Table(grid) => grid.paste(text),
            _ => {}
        }
    }

    /// Takes in that the last recording is kept.
    pub(crate) fn recorded(&mut self, scene: &Scene<'_>) -> Task {
        self.walk.recorded(scene.assessment);
        if self.saying {
            self.forget_ticks();
        }
        let warnings = std::mem::take(&mut self.warnings);
        self.message = warnings.first().map(|first| Message {
            text: format!("Kept. Look again: {first}"),
            bad: false,
        });
        match std::mem::replace(&mut self.after, After::Stay) {
            After::Stay => self.mode = Mode::Question,
            After::Here => {}
            After::Sheet => self.sheet_on(scene),
            After::Finish => return Task::Finish,
            After::Go(event) => {
                self.mode = Mode::Question;
                self.walk.update(scene.assessment, scene.now, event);
            }
        }
        self.arrive(scene);
        Task::Nothing
    }

    /// Takes in that the last recording was not kept, and why.
    pub(crate) fn not_recorded(&mut self, scene: &Scene<'_>, why: String) -> Task {
        self.walk.not_recorded(scene.assessment);
        self.after = After::Stay;
        self.arrive(scene);
        self.refuse(why);
        Task::Nothing
    }

    /// Takes in who was typed, or why they cannot be found.
    pub(crate) fn person(&mut self, scene: &Scene<'_>, found: Result<PersonId, String>) -> Task {
        let Mode::Field(field) = &mut self.mode else {
            return Task::Nothing;
        };
        match found {
            Err(fault) => {
                field.faults = vec![fault];
                Task::Nothing
            }
            Ok(person) if field.purpose == Purpose::Whom => self.ask_when(Some(person)),
            Ok(person) => {
                self.mode = Mode::Question;
                self.act(scene, Event::SaidBy(Some(person)), After::Stay)
            }
        }
    }

    /// Keeps what was begun and not kept, as far as it can be, before the walk ends from outside.
    pub(crate) fn salvage(&mut self, scene: &Scene<'_>) -> Task {
        let Some(place) = self.walk.current else {
            return Task::Finish;
        };
        let said = match &self.mode {
            Mode::Table(grid) => table(scene, grid.place).and_then(|table| grid.said(table)),
            Mode::Field(field) if field.purpose == Purpose::Answer => {
                let evaluation = &scene.assessment.evaluation;
                let value = intake::read_value(evaluation, place, field.editor.text());
                value.ok().map(Said::Value)
            }
            _ => self
                .ticked
                .clone()
                .map(|ticked| Said::Value(Value::Multi(ticked))),
        };
        let event = match (&self.mode, said) {
            (_, Some(said)) => Event::Say {
                place,
                said,
                note: None,
            },
            (Mode::Field(field), None) => match field.purpose {
                Purpose::Note { private } => Event::Note {
                    place,
                    text: field.editor.text().to_owned(),
                    private,
                },
                _ => return Task::Finish,
            },
            _ => return Task::Finish,
        };
        match self.walk.update(scene.assessment, scene.now, event) {
            Effect::Record(recording) => {
                self.after = After::Finish;
                Task::Record(recording)
            }
            _ => Task::Finish,
        }
    }

    /// Returns what is ticked in the question at `place`, kept or not.
    pub(crate) fn ticks(&self, scene: &Scene<'_>, place: usize) -> BTreeSet<OptionId> {
        if let Some(ticked) = &self.ticked {
            return ticked.clone();
        }
        match scene.response(place).map(|response| &response.said) {
            Some(Said::Value(Value::Multi(ticked))) => ticked.clone(),
            _ => BTreeSet::new(),
        }
    }

    // ── at a question ──

    fn command(&mut self, scene: &Scene<'_>, command: Command) -> Task {
        match command {
            Command::Next => return self.next(scene),
            Command::NextOpen => return self.go(scene, Event::NextOpen),
            Command::Back => return self.go(scene, Event::Back),
            Command::Park => return self.go(scene, Event::Park),
            Command::Undo if !self.walk.can_undo() => self.say("Nothing of this call to undo"),
            Command::Undo => return self.act(scene, Event::Undo, After::Stay),
            Command::Basis => {
                let next = next_basis(self.walk.basis);
                return self.act(scene, Event::Basis(next), After::Stay);
            }
            Command::SaidBy => self.open_field(Purpose::SaidBy, String::new()),
            Command::Search => self.open_field(Purpose::Search, String::new()),
            Command::Sections => self.mode = Mode::Sections(self.section_line(scene)),
            Command::Team => self.mode = Mode::Menu(team_menu(scene)),
            Command::Keys => self.open_page(Mode::Keys),
            Command::View if self.wide => self.manager = !self.manager,
            Command::View => self.open_page(Mode::Manager),
            Command::Help => self.help = !self.help,
            Command::PageUp => self.scroll = self.scroll.saturating_sub(5),
            Command::PageDown => self.scroll += 5,
            Command::Finish => return self.finish(scene),
            _ => match self.walk.current {
                Some(place) => return self.at_question(scene, place, command),
                None => {
                    self.say("There is no question here: Enter begins again, g shows the sections")
                }
            },
        }
        Task::Nothing
    }

    fn at_question(&mut self, scene: &Scene<'_>, place: usize, command: Command) -> Task {
        let last = scene.picks(place).len().saturating_sub(1);
        match command {
            Command::Up => {
                self.cursor = self.cursor.saturating_sub(1);
                self.moved = true;
            }
            Command::Down => {
                self.cursor = (self.cursor + 1).min(last);
                self.moved = true;
            }
            Command::Tick => {
                if let Some(pick) = scene.picks(place).get(self.cursor) {
                    return self.pick(scene, place, *pick, After::Stay);
                }
            }
            Command::Digit(digit) => return self.digit(scene, place, digit),
            Command::Edit => self.edit(scene, place, ""),
            Command::Note => self.edit_note(scene, place, false),
            Command::PrivateNote => self.edit_note(scene, place, true),
            Command::Unknown => self.mode = Mode::Menu(unknown_menu()),
            Command::NotApplicable => self.mode = Mode::Menu(not_applicable_menu()),
            Command::StillTrue if !scene.can_be_confirmed(place) => {
                self.say("There is no answer yet that could still be true");
            }
            Command::StillTrue => {
                let next = After::Go(Event::Next);
                return self.act(scene, Event::StillTrue(place), next);
            }
            Command::Withdraw => return self.act(scene, Event::Withdraw(place), After::Stay),
            Command::Sheet => {
                let section = scene.question(place).section;
                self.mode = Mode::Sheet(Sheet { section, cursor: 0 });
            }
            _ => {}
        }
        Task::Nothing
    }

    fn open_page(&mut self, page: Mode) {
        self.scroll = 0;
        self.mode = page;
    }

    /// Scrolls a page; every other key closes it.
    fn page_key(&mut self, page: Mode, key: KeyEvent) {
        match key.code {
            KeyCode::Up => self.scroll = self.scroll.saturating_sub(1),
            KeyCode::Down => self.scroll += 1,
            KeyCode::PageUp => self.scroll = self.scroll.saturating_sub(5),
            KeyCode::PageDown => self.scroll += 5,
            _ => {
                self.scroll = 0;
                return;
            }
        }
        self.mode = page;
    }

    /// Keeps what is picked or ticked, and goes on.
    fn next(&mut self, scene: &Scene<'_>) -> Task {
        if let Some(place) = self.walk.current
            && self.moved
            && self.ticked.is_none()
            && !matches!(scene.question(place).kind, Kind::Multi(_))
            && let Some(pick) = scene.picks(place).get(self.cursor)
        {
            return self.pick(scene, place, *pick, After::Go(Event::Next));
        }
        self.go(scene, Event::Next)
    }

    /// Goes somewhere, after keeping what was ticked.
    fn go(&mut self, scene: &Scene<'_>, event: Event) -> Task {
        if let (Some(place), Some(ticked)) = (self.walk.current, self.ticked.clone()) {
            let said = Said::Value(Value::Multi(ticked));
            let say = Event::Say {
                place,
                said,
                note: None,
            };
            return self.act(scene, say, After::Go(event));
        }
        self.act(scene, event, After::Stay)
    }

    fn digit(&mut self, scene: &Scene<'_>, place: usize, digit: char) -> Task {
        let picks = scene.picks(place);
        let kind = &scene.question(place).kind;
        if digit == '0' {
            if picks.contains(&Pick::None) {
                return self.pick(scene, place, Pick::None, After::Stay);
            }
            if matches!(kind, Kind::Rows(_)) {
                let said = Said::Value(Value::Rows(Vec::new()));
                return self.act(
                    scene,
                    Event::Say {
                        place,
                        said,
                        note: None,
                    },
                    After::Stay,
                );
            }
        }
        match kind {
            Kind::Bool | Kind::Choice(_) | Kind::Multi(_) => {
                let at = digit
                    .to_digit(10)
                    .and_then(|digit| (digit as usize).checked_sub(1));
                match at.and_then(|at| Some((at, *picks.get(at)?))) {
                    Some((at, pick)) => {
                        self.cursor = at;
                        self.pick(scene, place, pick, After::Stay)
                    }
                    None => Task::Nothing,
                }
            }
            Kind::Text | Kind::Rows(_) => {
                self.say("Press e to write the answer");
                Task::Nothing
            }
            _ => {
                self.edit(scene, place, &digit.to_string());
                Task::Nothing
            }
        }
    }

    fn pick(&mut self, scene: &Scene<'_>, place: usize, pick: Pick, after: After) -> Task {
        let question = scene.question(place);
        let said = match (pick, &question.kind) {
            (Pick::None, _) => Said::None,
            (Pick::Bool(value), _) => Said::Value(Value::Bool(value)),
            (Pick::Option(option), Kind::Multi(_)) => {
                self.tick(scene, place, option);
                return Task::Nothing;
            }
            (Pick::Option(option), kind) => {
                Said::Value(Value::Choice(kind.options()[option].id.clone()))
            }
        };
        self.act(
            scene,
            Event::Say {
                place,
                said,
                note: None,
            },
            after,
        )
    }

    /// Ticks an option, or takes its tick away; one that excludes the others stands alone.
    fn tick(&mut self, scene: &Scene<'_>, place: usize, option: usize) {
        let options = scene.question(place).kind.options();
        let mut ticked = self.ticks(scene, place);
        let chosen = &options[option];
        if !ticked.remove(&chosen.id) {
            let excluded = |id: &OptionId| {
                let other = options.iter().find(|option| option.id == *id);
                chosen.exclusive || other.is_none_or(|other| other.exclusive)
            };
            ticked.retain(|id| !excluded(id));
            ticked.insert(chosen.id.clone());
        }
        self.ticked = Some(ticked);
    }

    fn edit(&mut self, scene: &Scene<'_>, place: usize, begin: &str) {
        let question = scene.question(place);
        let before = match scene.response(place).map(|response| &response.said) {
            Some(Said::Value(Value::Text(text))) if matches!(question.kind, Kind::Text) => {
                text.clone()
            }
            Some(Said::Value(value)) if begin.is_empty() => value.to_string(),
            _ => String::new(),
        };
        match &question.kind {
            Kind::Bool | Kind::Choice(_) | Kind::Multi(_) => {
                self.say("Pick with 1-9, or with the arrow keys and Space");
            }
            Kind::Rows(table) => {
                let grid = Grid::new(&scene.assessment.evaluation, place, table);
                self.mode = Mode::Table(Box::new(grid));
            }
            _ => self.open_field(Purpose::Answer, before + begin),
        }
        if let (Mode::Field(field), Kind::Text) = (&mut self.mode, &question.kind) {
            field.editor = Editor::new(field.editor.text(), true);
        }
    }

    fn edit_note(&mut self, scene: &Scene<'_>, place: usize, private: bool) {
        let response = scene.response(place);
        let note = response.and_then(|response| match private {
            true => response.private_note.clone(),
            false => response.note.clone(),
        });
        self.open_field(Purpose::Note { private }, note.unwrap_or_default());
    }

    fn open_field(&mut self, purpose: Purpose, text: String) {
        let several = matches!(purpose, Purpose::Note { .. } | Purpose::Reason);
        self.mode = Mode::Field(Field {
            editor: Editor::new(text, several),
            purpose,
            found: Vec::new(),
            cursor: 0,
            faults: Vec::new(),
        });
    }

    fn finish(&mut self, scene: &Scene<'_>) -> Task {
        if let (Some(place), Some(ticked)) = (self.walk.current, self.ticked.clone()) {
            let said = Said::Value(Value::Multi(ticked));
            return self.act(
                scene,
                Event::Say {
                    place,
                    said,
                    note: None,
                },
                After::Finish,
            );
        }
        Task::Finish
    }

    // ── typing ──

    fn field_key(&mut self, scene: &Scene<'_>, mut field: Field, key: KeyEvent) -> Task {
        let searching = field.purpose == Purpose::Search;
        match key.code {
            KeyCode::Up if searching => field.cursor = field.cursor.saturating_sub(1),
            KeyCode::Down if searching => {
                field.cursor = (field.cursor + 1).min(field.found.len().saturating_sub(1));
            }
            KeyCode::Tab => {
                if let Some(name) = field.suggestions(scene, &self.walk).first() {
                    field.editor.set(name.clone());
                }
            }
            _ => match field.editor.key(key) {
                Typed::Here => {
                    field.faults.clear();
                    field.look(scene, &self.walk);
                }
                Typed::Cancelled => return Task::Nothing,
                Typed::Done => {
                    self.mode = Mode::Field(field.clone());
                    return self.accept(scene, &field);
                }
            },
        }
        self.mode = Mode::Field(field);
        Task::Nothing
    }

    /// Takes what was typed. The field stays open until it is kept, so that nothing typed is lost.
    fn accept(&mut self, scene: &Scene<'_>, field: &Field) -> Task {
        let text = field.editor.text();
        let blank = text.trim().is_empty();
        match (&field.purpose, self.walk.current) {
            (Purpose::Search, _) => {
                self.mode = Mode::Question;
                match field.found.get(field.cursor) {
                    Some(place) => self.go(scene, Event::Jump(*place)),
                    None => Task::Nothing,
                }
            }
            (Purpose::SaidBy, _) if blank => {
                self.mode = Mode::Question;
                self.act(scene, Event::SaidBy(None), After::Stay)
            }
            (Purpose::Whom, _) if blank => self.ask_when(None),
            (Purpose::SaidBy | Purpose::Whom, _) => Task::Person(text.trim().to_owned()),
            (Purpose::Answer, Some(place)) => self.accept_answer(scene, place, text),
            (Purpose::ByWhen { asked }, Some(place)) => {
                self.accept_promise(scene, place, asked.clone(), text)
            }
            (Purpose::Note { private }, Some(place)) => {
                let (text, private) = (text.to_owned(), *private);
                self.act(
                    scene,
                    Event::Note {
                        place,
                        text,
                        private,
                    },
                    After::Stay,
                )
            }
            (Purpose::Reason, Some(place)) => {
                let said = Said::NotApplicable(NotApplicable::Other);
                let note = Some(text.to_owned());
                self.act(scene, Event::Say { place, said, note }, After::Stay)
            }
            (_, None) => Task::Nothing,
        }
    }

    fn accept_answer(&mut self, scene: &Scene<'_>, place: usize, text: &str) -> Task {
        let is_text = matches!(scene.question(place).kind, Kind::Text);
        if text.trim().is_empty() && !is_text {
            self.mode = Mode::Question;
            return Task::Nothing;
        }
        match intake::read_value(&scene.assessment.evaluation, place, text) {
            Ok(value) => {
                let said = Said::Value(value);
                let next = After::Go(Event::Next);
                self.act(
                    scene,
                    Event::Say {
                        place,
                        said,
                        note: None,
                    },
                    next,
                )
            }
            Err(faults) => self.object(&faults),
        }
    }

    fn accept_promise(
        &mut self,
        scene: &Scene<'_>,
        place: usize,
        asked: Option<PersonId>,
        text: &str,
    ) -> Task {
        let today = scene.assessment.evaluation.day();
        let by = match text.trim() {
            "" => None,
            text => match intake::read_day(text, today) {
                Ok(day) => Some(day),
                Err(fault) => return self.object(&[fault]),
            },
        };
        let said = Said::Unknown(Unknown::WillFindOut { asked, by });
        self.act(
            scene,
            Event::Say {
                place,
                said,
                note: None,
            },
            After::Stay,
        )
    }

    fn ask_when(&mut self, asked: Option<PersonId>) -> Task {
        self.open_field(Purpose::ByWhen { asked }, String::new());
        Task::Nothing
    }

    // ── choosing ──

    fn menu_key(&mut self, scene: &Scene<'_>, mut menu: Menu, key: KeyEvent) -> Task {
        let last = menu.lines.len().saturating_sub(1);
        match key.code {
            KeyCode::Up => menu.cursor = menu.cursor.saturating_sub(1),
            KeyCode::Down => menu.cursor = (menu.cursor + 1).min(last),
            KeyCode::Enter => return self.choose(scene, menu.purpose, menu.cursor),
            KeyCode::Char(digit @ '1'..='9') => {
                let at = digit as usize - '1' as usize;
                if at <= last {
                    return self.choose(scene, menu.purpose, at);
                }
            }
            _ => return Task::Nothing,
        }
        self.mode = Mode::Menu(menu);
        Task::Nothing
    }

    fn choose(&mut self, scene: &Scene<'_>, purpose: Choosing, at: usize) -> Task {
        let said = match (purpose, at) {
            (Choosing::Team, 0) => return self.go(scene, Event::Ask(None)),
            (Choosing::Team, _) => {
                let team = teams(scene.assessment).into_iter().nth(at - 1);
                return self.go(scene, Event::Ask(team.map(str::to_owned)));
            }
            (Choosing::Unknown, 0) => {
                self.open_field(Purpose::Whom, String::new());
                return Task::Nothing;
            }
            (Choosing::Unknown, 1) => Said::Unknown(Unknown::MayNotSay),
            (Choosing::Unknown, _) => Said::Unknown(Unknown::NobodyKnows),
            (Choosing::NotApplicable, at) => match NotApplicable::ALL.get(at) {
                Some(NotApplicable::Other) | None => {
                    self.open_field(Purpose::Reason, String::new());
                    return Task::Nothing;
                }
                Some(reason) => Said::NotApplicable(*reason),
            },
        };
        match self.walk.current {
            Some(place) => self.act(
                scene,
                Event::Say {
                    place,
                    said,
                    note: None,
                },
                After::Stay,
            ),
            None => Task::Nothing,
        }
    }

    fn sections_key(&mut self, scene: &Scene<'_>, line: usize, key: KeyEvent) -> Task {
        let progress = self.walk.progress(scene.assessment);
        let last = progress.len().saturating_sub(1);
        let line = match key.code {
            KeyCode::Up => line.saturating_sub(1),
            KeyCode::Down => (line + 1).min(last),
            KeyCode::Char(digit @ '1'..='9') => digit as usize - '1' as usize,
            KeyCode::Enter => line,
            _ => return Task::Nothing,
        };
        let chosen = matches!(key.code, KeyCode::Enter | KeyCode::Char(_));
        match progress.get(line) {
            Some(section) if chosen => self.go(scene, Event::Section(section.section)),
            _ => {
                self.mode = Mode::Sections(line.min(last));
                Task::Nothing
            }
        }
    }

    fn section_line(&self, scene: &Scene<'_>) -> usize {
        let here = self.walk.current.map(|place| scene.question(place).section);
        let progress = self.walk.progress(scene.assessment);
        progress
            .iter()
            .position(|one| Some(one.section) == here)
            .unwrap_or(0)
    }

    // ── the sheet ──

    fn sheet_key(&mut self, scene: &Scene<'_>, mut sheet: Sheet, key: KeyEvent) -> Task {
        let places = self.walk.sheet(scene.assessment, sheet.section);
        let last = places.len().saturating_sub(1);
        let at = places.get(sheet.cursor).copied();
        match key.code {
            KeyCode::Up | KeyCode::Backspace => sheet.cursor = sheet.cursor.saturating_sub(1),
            KeyCode::Down => sheet.cursor = (sheet.cursor + 1).min(last),
            KeyCode::Left => sheet = self.other_sheet(scene, sheet, false),
            KeyCode::Right => sheet = self.other_sheet(scene, sheet, true),
            KeyCode::Enter => {
                return at.map_or(Task::Nothing, |place| self.go(scene, Event::Jump(place)));
            }
            KeyCode::Char(digit @ '0'..='9') => {
                self.mode = Mode::Sheet(sheet);
                return self.sheet_digit(scene, at, digit);
            }
            KeyCode::Char('=') => {
                self.mode = Mode::Sheet(sheet);
                let at = at.filter(|place| scene.can_be_confirmed(*place));
                return at.map_or(Task::Nothing, |place| {
                    self.act(scene, Event::StillTrue(place), After::Sheet)
                });
            }
            KeyCode::Char('u') => {
                self.mode = Mode::Sheet(sheet);
                return self.act(scene, Event::Undo, After::Here);
            }
            _ => return Task::Nothing,
        }
        self.mode = Mode::Sheet(sheet);
        Task::Nothing
    }

    fn sheet_digit(&mut self, scene: &Scene<'_>, at: Option<usize>, digit: char) -> Task {
        let Some(place) = at else {
            return Task::Nothing;
        };
        let picks = scene.picks(place);
        let pick = match digit.to_digit(10) {
            Some(0) => picks.iter().find(|pick| **pick == Pick::None),
            Some(digit) => picks.get(digit as usize - 1),
            None => None,
        };
        pick.map_or(Task::Nothing, |pick| {
            self.pick(scene, place, *pick, After::Sheet)
        })
    }

    /// Goes down a line of the sheet.
    fn sheet_on(&mut self, scene: &Scene<'_>) {
        if let Mode::Sheet(sheet) = &mut self.mode {
            let last = self
                .walk
                .sheet(scene.assessment, sheet.section)
                .len()
                .saturating_sub(1);
            sheet.cursor = (sheet.cursor + 1).min(last);
        }
    }

    /// Returns the sheet of the section before or after that has short questions.
    fn other_sheet(&self, scene: &Scene<'_>, sheet: Sheet, forward: bool) -> Sheet {
        let progress = self.walk.progress(scene.assessment);
        let mut sections: Vec<usize> = progress.iter().map(|one| one.section).collect();
        sections.retain(|section| !self.walk.sheet(scene.assessment, *section).is_empty());
        let other = if forward {
            sections
                .into_iter()
                .find(|section| *section > sheet.section)
        } else {
            sections
                .into_iter()
                .rfind(|section| *section < sheet.section)
        };
        other.map_or(sheet, |section| Sheet { section, cursor: 0 })
    }

    // ── the table ──

    fn table_key(&mut self, scene: &Scene<'_>, mut grid: Box<Grid>, key: KeyEvent) -> Task {
        let Some(table) = table(scene, grid.place) else {
            return Task::Nothing;
        };
        let again = grid.refused;
        if grid.key(&scene.assessment.evaluation, table, key) == Moved::Here
            || grid.editor.is_some()
        {
            self.mode = Mode::Table(grid);
            return Task::Nothing;
        }
        let (place, said) = (grid.place, grid.said(table));
        match said {
            Some(said) if !again => {
                self.mode = Mode::Table(grid);
                self.act(
                    scene,
                    Event::Say {
                        place,
                        said,
                        note: None,
                    },
                    After::Stay,
                )
            }
            _ => Task::Nothing,
        }
    }

    // ── what follows ──

    /// Has the walk take something in, and says what is to be done outside.
    fn act(&mut self, scene: &Scene<'_>, event: Event, after: After) -> Task {
        self.saying = matches!(event, Event::Say { .. });
        match self.walk.update(scene.assessment, scene.now, event) {
            Effect::Nothing | Effect::Same => {
                if self.saying {
                    self.forget_ticks();
                }
                match after {
                    After::Here => {}
                    After::Finish => return Task::Finish,
                    After::Go(event) => {
                        self.mode = Mode::Question;
                        self.walk.update(scene.assessment, scene.now, event);
                    }
                    After::Sheet => self.sheet_on(scene),
                    After::Stay => self.close(),
                }
                Task::Nothing
            }
            Effect::Refused(objections) => self.object(&objections),
            Effect::Record(recording) => {
                self.warnings.clone_from(&recording.warnings);
                self.after = after;
                Task::Record(recording)
            }
        }
    }

    /// Forgets what was picked and ticked: it is kept.
    fn forget_ticks(&mut self) {
        self.ticked = None;
        self.moved = false;
    }

    /// Closes what was opened for the last answer.
    fn close(&mut self) {
        if matches!(self.mode, Mode::Field(_) | Mode::Table(_)) {
            self.mode = Mode::Question;
        }
    }

    /// Shows what is wrong, where it was typed.
    fn object(&mut self, objections: &[Objection]) -> Task {
        let faults: Vec<String> = objections.iter().map(ToString::to_string).collect();
        match &mut self.mode {
            Mode::Field(field) => field.faults = faults,
            Mode::Table(grid) => grid.refuse(objections),
            _ => self.refuse(faults.join("; ")),
        }
        Task::Nothing
    }

    fn refuse(&mut self, text: String) {
        self.message = Some(Message { text, bad: true });
    }

    fn say(&mut self, text: &str) {
        self.message = Some(Message {
            text: text.to_owned(),
            bad: false,
        });
    }

    /// Takes in that another question may be at hand now.
    fn arrive(&mut self, scene: &Scene<'_>) {
        if self.at == self.walk.current && self.at.is_some() {
            return;
        }
        self.at = self.walk.current;
        self.scroll = 0;
        self.ticked = None;
        self.moved = false;
        self.cursor = self.at.map_or(0, |place| picked(scene, place).unwrap_or(0));
    }
}

impl Field {
    /// Looks again for what is being searched.
    fn look(&mut self, scene: &Scene<'_>, walk: &Walk) {
        if self.purpose == Purpose::Search && !self.editor.text().trim().is_empty() {
            self.found = walk.search(scene.assessment, self.editor.text());
            self.cursor = 0;
        }
    }

    /// Returns the names that what was typed may become: people in the call first, then the customer's contacts, then everybody.
    pub(crate) fn suggestions(&self, scene: &Scene<'_>, walk: &Walk) -> Vec<String> {
        if !matches!(self.purpose, Purpose::SaidBy | Purpose::Whom) {
            return Vec::new();
        }
        let typed = self.editor.text().trim().to_lowercase();
        let contacts = scene.book.customer.contacts.keys().cloned();
        let all = walk
            .people()
            .into_iter()
            .chain(contacts)
            .chain(scene.names.keys().cloned());
        let mut names: Vec<String> = Vec::new();
        for person in all {
            let name = scene
                .names
                .get(&person)
                .cloned()
                .unwrap_or_else(|| person.to_string());
            let fits = name
                .to_lowercase()
                .split_whitespace()
                .any(|word| word.starts_with(&typed))
                || name.to_lowercase().starts_with(&typed);
            if fits && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

/// Returns the line of the answer that stands, among what can be picked.
fn picked(scene: &Scene<'_>, place: usize) -> Option<usize> {
    let said = &scene.response(place)?.said;
    let options = scene.question(place).kind.options();
    scene
        .picks(place)
        .iter()
        .position(|pick| match (pick, said) {
            (Pick::Bool(value), Said::Value(Value::Bool(said))) => value == said,
            (Pick::Option(option), Said::Value(Value::Choice(id))) => options[*option].id == *id,
            (Pick::None, Said::None) => true,
            _ => false,
        })
}

/// Returns the table of the question at `place`.
fn table<'a>(scene: &'a Scene<'_>, place: usize) -> Option<&'a Table> {
    match &scene.question(place).kind {
        Kind::Rows(table) => Some(table),
        _ => None,
    }
}

fn next_basis(basis: Basis) -> Basis {
    let at = Basis::ALL.iter().position(|one| *one == basis).unwrap_or(0);
    Basis::ALL[(at + 1) % Basis::ALL.len()]
}

fn unknown_menu() -> Menu {
    let lines = [
        "Somebody will find out",
        "They know, and may not say",
        "Nobody knows",
    ];
    Menu {
        title: "Not known yet?",
        lines: lines.map(str::to_owned).into(),
        cursor: 0,
        purpose: Choosing::Unknown,
    }
}

fn not_applicable_menu() -> Menu {
    Menu {
        title: "Not applicable, because it is",
        lines: NotApplicable::ALL
            .map(|reason| reason.words().to_owned())
            .into(),
        cursor: 0,
        purpose: Choosing::NotApplicable,
    }
}

fn team_menu(scene: &Scene<'_>) -> Menu {
    let teams = teams(scene.assessment).into_iter().map(str::to_owned);
    Menu {
        title: "Ask whom?",
        lines: std::iter::once("everybody".to_owned())
            .chain(teams)
            .collect(),
        cursor: 0,
        purpose: Choosing::Team,
    }
}
