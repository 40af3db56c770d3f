//! `readiness assess`: the walk, in one of two faces: full screen, or line by line.
//!
//! What is asked and recorded is decided by [`walk`](crate::domain::walk); [`session`] keeps it. A face is left at any time without
//! losing anything; the minutes of the call are printed at the end.

pub(crate) mod lines;
pub(crate) mod theme;
pub(crate) mod page;
mod scene;
mod keys;
pub(crate) mod editor;
mod table;
mod face;
mod panes;
mod screen;
mod session;
mod minutes;
mod plain;
pub(crate) mod terminal;
#[cfg(test)]
mod tests;

use std::io::{self, IsTerminal};

use clap::Args;

use crate::actions::{Failure, known_team};
use crate::cli::assess::face::{Face, Task};
use crate::cli::assess::session::{Session, why};
use crate::cli::assess::terminal::{Input, Screen};
use crate::cli::assess::theme::Theme;
use crate::cli::context::Context;
use crate::cli::{Answer, ui};
use crate::domain::id::{CustomerId, QuestionnaireId};
use crate::domain::walk::Walk;
use crate::domain::{carry, words};
use crate::problem::Problem;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    /// The questionnaire, where the customer has several assessments [default: the only one, or defender-experts]
    #[arg(long, value_name = "ID")]
    questionnaire: Option<QuestionnaireId>,
    /// Ask one team's questions only
    #[arg(long, value_name = "TEAM")]
    ask: Option<String>,
    /// Leave recommended questions for another day; the facts that decide what is asked stay
    #[arg(long)]
    required: bool,
    /// Who is speaking on the customer's side
    #[arg(long, value_name = "PERSON")]
    said_by: Option<String>,
    /// Walk line by line, for screen readers and pipes
    #[arg(long)]
    plain: bool,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let by = context.author(&workspace).await?;
    let questionnaire = arguments.questionnaire.as_ref();
    let mut session = Session::open(&workspace, &arguments.customer, questionnaire, by).await?;
    if let Some(team) = &arguments.ask {
        known_team(session.assessment(), team)?;
    }
    let mut walk = Walk::begin(session.assessment(), session.now(), arguments.ask);
    if arguments.required {
        walk = walk.required_only(session.assessment());
    }
    if let Some(name) = &arguments.said_by {
        walk.said_by = Some(session.person(name).await?);
    }
    offer_what_carries(&session, &arguments.customer);
    let dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    let walk = if arguments.plain || dumb || !ui::is_interactive() {
        let echo = !io::stdin().is_terminal();
        plain::run(&mut session, walk, &mut io::stdin().lock(), echo).await?
    } else {
        full_screen(&mut session, walk).await?
    };
    print_minutes(&session, &walk);
    Ok(Answer::Done)
}

/// Says, before the walk begins, that answers given to another questionnaire can be taken over.
fn offer_what_carries(session: &Session<'_>, customer: &CustomerId) {
    let scene = session.scene();
    let questionnaire = &scene.assessment.questionnaire().id;
    let offered = carry::proposals(scene.book, questionnaire);
    let Some(first) = offered.first() else {
        return;
    };
    let answers = words::count(
        offered.len(),
        "answer given before can",
        "answers given before can",
    );
    ui::note(&format!(
        "{answers} be taken over from {}: see `readiness answers carry {customer} --questionnaire {questionnaire}`",
        first.from
    ));
}

fn print_minutes(session: &Session<'_>, walk: &Walk) {
    let scene = session.scene();
    let minutes = walk.minutes(scene.assessment, scene.now);
    if minutes.is_empty() {
        ui::note("nothing was recorded");
    } else {
        for line in minutes::told(&minutes, &scene) {
            ui::line(&line);
        }
    }
    let customer = &scene.book.customer.id;
    let left_out = walk.left_out(scene.assessment);
    if left_out > 0 {
        ui::note(&format!(
            "left out: {}; without `--required` they are asked",
            words::count(left_out, "recommended question", "recommended questions")
        ));
    }
    if !minutes.open.is_empty() {
        ui::note(&format!("`readiness assess {customer}` goes on from here"));
    }
}

/// Walks on the full screen until somebody finishes, or the program is to end.
async fn full_screen(session: &mut Session<'_>, walk: Walk) -> Result<Walk, Failure> {
    let theme = Theme {
        colour: std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    };
    let mut screen = Screen::open().map_err(|error| no_terminal(&error))?;
    let wide = screen.width() >= screen::WIDE;
    let mut face = Face::new(walk, &session.scene(), wide);
    loop {
        face.wide = screen.width() >= screen::WIDE;
        let drawn = screen.draw(|frame| screen::draw(frame, &face, &session.scene(), theme));
        let task = match drawn.and_then(|()| screen.next()) {
            Ok(Input::Draw) => Task::Nothing,
            Ok(Input::Key(key)) => face.key(&session.scene(), key),
            Ok(Input::Paste(text)) => {
                face.paste(&session.scene(), &text);
                Task::Nothing
            }
            // The terminal is gone, or soon will be: what was begun is kept as far as it can be.
            Ok(Input::End) | Err(_) => {
                let task = face.salvage(&session.scene());
                carry_out(&mut face, session, task).await;
                return Ok(face.walk);
            }
        };
        if carry_out(&mut face, session, task).await {
            return Ok(face.walk);
        }
    }
}

/// Carries out what a face wants done, and what follows from it; returns whether the walk ends.
async fn carry_out(face: &mut Face, session: &mut Session<'_>, mut task: Task) -> bool {
    loop {
        task = match task {
            Task::Nothing => return false,
            Task::Finish => return true,
            Task::Record(recording) => match session.record(&recording).await {
                Ok(()) => face.recorded(&session.scene()),
                Err(failure) => face.not_recorded(&session.scene(), why(&failure)),
            },
            Task::Person(name) => {
                let found = session.person(&name).await.map_err(|failure| why(&failure));
                face.person(&session.scene(), found)
            }
        };
    }
}

fn no_terminal(error: &io::Error) -> Failure {
    Failure::failed(
        Problem::error(format!("the terminal cannot be driven: {error}"))
            .help("walk line by line with `--plain`"),
    )
}
