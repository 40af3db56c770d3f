//! The walk line by line: for screen readers, pipes and terminals that cannot be driven.
//!
//! Everything goes to standard output, in the order in which it is to be read, without colour and without moving the cursor. A line
//! is a command if it begins with one, else it is the answer; `say` before it makes anything an answer.

use std::io::{BufRead, Read};

use crate::actions::Failure;
use crate::cli::assess::scene::{NO_DATA, Pick, Scene};
use crate::cli::assess::session::{Session, why};
use crate::cli::ui;
use crate::domain::id::PersonId;
use crate::domain::intake::{self, Objection};
use crate::domain::questionnaire::{Kind, Question};
use crate::domain::response::{Said, Unknown};
use crate::domain::walk::{Effect, Event, Walk};
use crate::domain::{phrases, scoring, words};
use crate::markdown::{inert, inert_line, to_text};

/// The longest line read, in bytes.
const MAX_LINE: u64 = 1024 * 1024;

/// The commands, as they are told.
const COMMANDS: [(&str, &str); 25] = [
    ("(an empty line)", "next question"),
    (
        "say ANSWER",
        "the answer, also one that begins with a command's word",
    ),
    (
        "<<",
        "an answer of several lines, up to a line with a single dot",
    ),
    ("none", "the explicit none that the question offers"),
    (
        "unknown [WHO] [DATE]",
        "not known yet: who finds out, by when",
    ),
    ("may-not-say, nobody-knows", "not known, and why"),
    (
        "na REASON [NOTE]",
        "not applicable: not-licensed, not-used, out-of-scope, provided-by-third-party, other",
    ),
    ("still", "the answer of last time is still true"),
    ("withdraw", "take the answer back"),
    ("undo", "undo what was recorded last"),
    ("note TEXT", "a note that reports print"),
    (
        "private TEXT",
        "a note that only the internal report prints",
    ),
    ("said-by NAME", "who is speaking, from here on"),
    ("basis HOW", "told, shown or measured, from here on"),
    ("back", "back to where you were"),
    ("skip", "next question"),
    ("open", "next question that needs somebody"),
    ("park", "put the question off, or take it up again"),
    ("sections", "the sections and how far they are"),
    (
        "go WHERE",
        "to a section by its number, or to section.question",
    ),
    ("find WORDS", "questions in which all of these words occur"),
    (
        "team NAME, team all",
        "one team's questions, or everybody's",
    ),
    ("why", "why it is asked, and where to look"),
    ("view", "the verdict and what stops the start"),
    ("quit", "finish; everything is kept already"),
];

/// What follows a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    /// The question at hand is shown.
    Show,
    /// The next line is asked for.
    Ask,
    /// The walk ends.
    End,
}

/// Walks line by line until the lines end or somebody quits.
///
/// # Errors
/// When standard input cannot be read.
pub(crate) async fn run(
    session: &mut Session<'_>,
    walk: Walk,
    input: &mut dyn BufRead,
    echo: bool,
) -> Result<Walk, Failure> {
    let mut plain = Plain {
        session,
        walk,
        input,
        echo,
    };
    ui::raw(b"Type an answer, or `commands` for everything else. Each answer is kept at once.\n");
    plain.show();
    while let Some(line) = plain.line("> ")? {
        match plain.take(&line).await? {
            Flow::Show => plain.show(),
            Flow::Ask => {}
            Flow::End => break,
        }
    }
    Ok(plain.walk)
}

struct Plain<'a, 's, 'i> {
    session: &'a mut Session<'s>,
    walk: Walk,
    input: &'i mut dyn BufRead,
    /// Whether lines that are read are shown, because nobody sees them being typed.
    echo: bool,
}

impl Plain<'_, '_, '_> {
    /// Asks for a line; nothing at the end.
    fn line(&mut self, prompt: &str) -> Result<Option<String>, Failure> {
        ui::raw(prompt.as_bytes());
        let mut bytes = Vec::new();
        let mut limited = (&mut *self.input).take(MAX_LINE);
        let read = limited.read_until(b'\n', &mut bytes).map_err(|error| {
            let message = format!("standard input cannot be read: {error}");
            Failure::failed(crate::problem::Problem::error(message))
        })?;
        if read == 0 {
            ui::raw(b"\n");
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&bytes);
        let line = line.trim_end_matches(['\n', '\r']).to_owned();
        if self.echo {
            ui::raw(format!("{}\n", inert_line(&line)).as_bytes());
        }
        Ok(Some(line))
    }

    /// Takes in a line.
    async fn take(&mut self, line: &str) -> Result<Flow, Failure> {
        let trimmed = line.trim();
        let (word, rest) = trimmed
            .split_once(char::is_whitespace)
            .unwrap_or((trimmed, ""));
        let rest = rest.trim();
        let (event, next) = match word {
            "" | "skip" | "next" => (Event::Next, false),
            "back" => (Event::Back, false),
            "open" if rest.is_empty() => (Event::NextOpen, false),
            "park" if rest.is_empty() => (Event::Park, false),
            "undo" if rest.is_empty() => (Event::Undo, false),
            "quit" | "finish" if rest.is_empty() => return Ok(Flow::End),
            "team" => (Event::Ask(team(rest)), false),
            "commands" | "help" | "?" => return Ok(tell_commands()),
            "sections" => return Ok(self.tell_sections()),
            "view" => return Ok(self.tell_view()),
            "find" => return Ok(self.find(rest)),
            "go" => match self.place_of(rest) {
                Some(event) => (event, false),
                None => return Ok(tell("There is nothing of that name to go to")),
            },
            "said-by" => match self.somebody(rest).await {
                Ok(person) => (Event::SaidBy(person), false),
                Err(fault) => return Ok(tell(&fault)),
            },
            "basis" => match intake::read_basis(rest) {
                Ok(basis) => (Event::Basis(basis), false),
                Err(fault) => return Ok(tell(&fault.to_string())),
            },
            _ => match self.walk.current {
                Some(place) => return self.at_question(place, line, word, rest).await,
                None => {
                    return Ok(tell(
                        "There is no question here: an empty line begins again",
                    ));
                }
            },
        };
        Ok(self.act(event, next).await)
    }

    /// Takes in a line about the question at hand.
    async fn at_question(
        &mut self,
        place: usize,
        line: &str,
        word: &str,
        rest: &str,
    ) -> Result<Flow, Failure> {
        let alone = rest.is_empty();
        let said = match word {
            "why" if alone => return Ok(self.tell_why(place)),
            "still" | "=" if alone && !self.session.scene().can_be_confirmed(place) => {
                return Ok(tell("There is no answer yet that could still be true"));
            }
            "still" | "=" if alone => return Ok(self.act(Event::StillTrue(place), true).await),
            "withdraw" if alone => return Ok(self.act(Event::Withdraw(place), false).await),
            "note" | "private" => {
                let (text, private) = (rest.to_owned(), word == "private");
                return Ok(self
                    .act(
                        Event::Note {
                            place,
                            text,
                            private,
                        },
                        false,
                    )
                    .await);
            }
            "none" if alone && self.question(place).none.is_some() => Said::None,
            "may-not-say" if alone => Said::Unknown(Unknown::MayNotSay),
            "nobody-knows" if alone => Said::Unknown(Unknown::NobodyKnows),
            "unknown" => match self.promise(rest).await {
                Ok(unknown) => Said::Unknown(unknown),
                Err(fault) => return Ok(tell(&fault)),
            },
            "na" => return Ok(self.not_applicable(place, rest).await),
            "<<" if alone => {
                let text = self.several_lines()?;
                return Ok(self.answer(place, &text).await);
            }
            "say" => return Ok(self.answer(place, rest).await),
            _ => return Ok(self.answer(place, line).await),
        };
        Ok(self
            .act(
                Event::Say {
                    place,
                    said,
                    note: None,
                },
                true,
            )
            .await)
    }

    async fn answer(&mut self, place: usize, text: &str) -> Flow {
        match intake::read_value(&self.session.assessment().evaluation, place, text) {
            Ok(value) => {
                let said = Said::Value(value);
                self.act(
                    Event::Say {
                        place,
                        said,
                        note: None,
                    },
                    true,
                )
                .await
            }
            Err(faults) => object(&faults),
        }
    }

    async fn not_applicable(&mut self, place: usize, rest: &str) -> Flow {
        let (reason, note) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        match intake::read_reason(reason) {
            Ok(reason) => {
                let said = Said::NotApplicable(reason);
                let note = (!note.trim().is_empty()).then(|| note.trim().to_owned());
                self.act(Event::Say { place, said, note }, true).await
            }
            Err(fault) => object(&[fault]),
        }
    }

    /// Reads who finds out and by when: the last word may be a date.
    async fn promise(&mut self, text: &str) -> Result<Unknown, String> {
        let today = self.session.assessment().evaluation.day();
        let (before, last) = text.rsplit_once(char::is_whitespace).unwrap_or(("", text));
        let (who, by) = match intake::read_day(last, today) {
            Ok(day) => (before, Some(day)),
            Err(_) => (text, None),
        };
        let asked = self.somebody(who).await?;
        Ok(Unknown::WillFindOut { asked, by })
    }

    async fn somebody(&mut self, name: &str) -> Result<Option<PersonId>, String> {
        if name.trim().is_empty() {
            return Ok(None);
        }
        let found = self.session.person(name.trim()).await;
        found.map(Some).map_err(|failure| why(&failure))
    }

    fn several_lines(&mut self) -> Result<String, Failure> {
        let mut lines = Vec::new();
        while let Some(line) = self.line("")? {
            if line == "." {
                break;
            }
            lines.push(line);
        }
        Ok(lines.join("\n"))
    }

    /// Has the walk take something in, keeps what is to be kept, and says what came of it.
    async fn act(&mut self, event: Event, next: bool) -> Flow {
        let moves = !matches!(
            event,
            Event::SaidBy(_) | Event::Basis(_) | Event::Note { .. }
        );
        let now = self.session.now();
        match self.walk.update(self.session.assessment(), now, event) {
            Effect::Nothing if moves => return Flow::Show,
            Effect::Nothing => return Flow::Ask,
            Effect::Same => say("Kept just so already."),
            Effect::Refused(objections) => return object(&objections),
            Effect::Record(recording) => {
                if let Err(failure) = self.session.record(&recording).await {
                    self.walk.not_recorded(self.session.assessment());
                    return tell(&format!("Not kept: {}", why(&failure)));
                }
                self.walk.recorded(self.session.assessment());
                say("Kept.");
                for warning in &recording.warnings {
                    say(&format!("Look again: {warning}"));
                }
                for line in self.session.scene().changed(&self.walk.news) {
                    say(&line);
                }
            }
        }
        if next {
            self.walk
                .update(self.session.assessment(), now, Event::Next);
        }
        if moves { Flow::Show } else { Flow::Ask }
    }

    // ── what is told ──

    fn question(&self, place: usize) -> &Question {
        &self.session.assessment().questionnaire().questions[place]
    }

    fn show(&self) {
        let scene = self.session.scene();
        say("");
        for stop in self.walk.stops(scene.assessment) {
            let stop = &scene.questionnaire().stops[stop];
            let evaluation = &scene.assessment.evaluation;
            say(&format!("STOP: {}", evaluation.text(&stop.title)));
            say(&to_text(&evaluation.text(&stop.text)));
        }
        match self.walk.current {
            Some(place) => show_question(&scene, &self.walk, place),
            None => {
                let open = self.walk.open(scene.assessment);
                let open = words::count(open, "question is open", "questions are open");
                say(&format!(
                    "The end: {open}. An empty line begins again, `quit` finishes."
                ));
            }
        }
    }

    fn tell_why(&self, place: usize) -> Flow {
        let question = self.question(place);
        let evaluation = &self.session.assessment().evaluation;
        let texts: Vec<_> = question.why.iter().chain(&question.help).collect();
        if texts.is_empty() {
            say("Nothing more is said about this question.");
        }
        for text in texts {
            say(&to_text(&evaluation.text(text)));
        }
        if let Some(rule) = question.rule {
            say(&format!("Whose rule: {}", rule.words()));
        }
        Flow::Ask
    }

    fn tell_sections(&self) -> Flow {
        let scene = self.session.scene();
        for (number, one) in self.walk.progress(scene.assessment).iter().enumerate() {
            let elsewhere = match one.elsewhere {
                0 => String::new(),
                count => format!(", {count} for other teams"),
            };
            say(&format!(
                "{} {}: {} of {} answered{elsewhere}",
                number + 1,
                scene.section_title(one.section),
                one.answered,
                one.offered
            ));
        }
        Flow::Ask
    }

    fn tell_view(&self) -> Flow {
        let scene = self.session.scene();
        let verdict = scoring::verdict(scene.assessment, scene.book.today);
        say(&phrases::verdict(scene.assessment, &verdict));
        for key in &verdict.blocking {
            say(&format!("Stops the start: {}", scene.finding(key)));
        }
        for key in verdict.not_in_hand.iter().chain(&verdict.in_hand) {
            say(&format!("Condition: {}", scene.finding(key)));
        }
        for promise in self.walk.promised(scene.assessment) {
            let who = promise.asked.as_ref();
            let who = who.map_or_else(|| "somebody".into(), |person| scene.name(person));
            say(&format!(
                "Promised: {who}: {}",
                scene.question_text(promise.place)
            ));
        }
        Flow::Ask
    }

    fn find(&self, text: &str) -> Flow {
        let scene = self.session.scene();
        let found = self.walk.search(scene.assessment, text);
        if found.is_empty() {
            return tell("Nothing that is asked has all of these words");
        }
        for place in found {
            say(&format!(
                "{}: {}",
                scene.question(place).id,
                scene.question_text(place)
            ));
        }
        say("`go` and the name before the colon goes there.");
        Flow::Ask
    }

    fn place_of(&self, text: &str) -> Option<Event> {
        let assessment = self.session.assessment();
        if let Ok(number) = text.parse::<usize>() {
            let progress = self.walk.progress(assessment);
            let one = progress.get(number.checked_sub(1)?)?;
            return Some(Event::Section(one.section));
        }
        if let Some(section) = assessment.questionnaire().section(text) {
            return Some(Event::Section(section));
        }
        let place = assessment.questionnaire().question(&text.parse().ok()?)?;
        self.walk
            .offers(assessment, place)
            .then_some(Event::Jump(place))
    }
}

fn show_question(scene: &Scene<'_>, walk: &Walk, place: usize) {
    let question = scene.question(place);
    let progress = walk.progress(scene.assessment);
    let here = progress.iter().find(|one| one.section == question.section);
    let counted = here.map_or_else(String::new, |one| {
        format!(", {} of {} answered", one.answered, one.offered)
    });
    say(&format!(
        "{}{counted}. {}",
        scene.section_title(question.section),
        question.id
    ));
    say(&scene.question_text(place));
    for (number, pick) in scene.picks(place).into_iter().enumerate() {
        let words = scene.pick_words(place, pick);
        match pick {
            Pick::Bool(_) => {}
            Pick::Option(_) => say(&format!("  {} {words}", number + 1)),
            Pick::None => say(&format!("  none: {words}")),
        }
    }
    say(&format!("Wanted: {}.", how(scene, place)));
    let (tools, _) = scene.tools(place);
    if tools != NO_DATA {
        say(&tools);
    }
    if let Some(last) = scene.last_time(place) {
        say(&format!("Last time, {last}"));
    }
    if let Some(needs) = scene.needs(walk, place) {
        say(&needs);
    }
    if let Some(note) = scene
        .response(place)
        .and_then(|response| response.note.as_deref())
    {
        say(&format!("Note: {note}"));
    }
}

/// Returns how the answer is typed.
fn how(scene: &Scene<'_>, place: usize) -> String {
    let kind = &scene.question(place).kind;
    let wanted = intake::wanted(kind);
    match kind {
        Kind::Choice(_) => format!("{wanted}, by its number or the beginning of its text"),
        Kind::Multi(_) => format!("{wanted}, by their numbers with commas; [] for none of them"),
        Kind::Coverage(_) => match intake::proposed_target(&scene.assessment.evaluation, place) {
            Some(target) => {
                format!("{wanted}, such as 812/900; a number alone is taken of {target}")
            }
            None => format!("{wanted}, such as 812/900"),
        },
        Kind::Date => format!("{wanted}, such as 2026-09-02, or today"),
        Kind::Rows(table) => {
            let columns = table.columns.iter().map(|column| column.id.as_str());
            let columns: Vec<&str> = columns.collect();
            format!(
                "{wanted} as TOML, with {}; [] for no rows",
                columns.join(", ")
            )
        }
        _ => wanted.to_owned(),
    }
}

fn team(name: &str) -> Option<String> {
    (!matches!(name, "" | "all" | "everybody")).then(|| name.to_owned())
}

fn tell_commands() -> Flow {
    for (command, does) in COMMANDS {
        say(&format!("{command}: {does}"));
    }
    Flow::Ask
}

fn object(objections: &[Objection]) -> Flow {
    for objection in objections {
        say(&format!("Not kept: {objection}"));
    }
    Flow::Ask
}

fn tell(text: &str) -> Flow {
    say(text);
    Flow::Ask
}

fn say(text: &str) {
    ui::raw(format!("{}\n", inert(text)).as_bytes());
}
