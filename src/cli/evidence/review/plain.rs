//! The review line by line: for screen readers, pipes and terminals that cannot be driven.

use std::io::{BufRead, Read};

use crate::actions::Failure;
use crate::cli::assess::lines;
use crate::cli::evidence::review::keeping::Keeping;
use crate::cli::evidence::review::sitting::{Mode, Sitting, Subject, Task};
use crate::cli::evidence::review::told::{Told, told};
use crate::cli::ui::{self, Tone};
use crate::problem::Problem;

/// The longest line read, in bytes.
const MAX_LINE: u64 = 64 * 1024;

/// How many columns the short words take before what is under them.
const WORD: usize = 11;

/// Goes through what waits, until the lines end or somebody quits.
///
/// # Errors
/// When standard input cannot be read, or what waits cannot be told.
pub(crate) async fn run(
    keeping: &mut Keeping<'_>,
    sitting: &mut Sitting,
    input: &mut dyn BufRead,
) -> Result<(), Failure> {
    while let Some(matter) = sitting.matter().cloned() {
        print(&told(keeping.assessment()?, &matter.subject));
        match matter.subject {
            Subject::Title(_) => ui::line("  is CONTROL · skip · quit"),
            Subject::Question(_) => {
                ui::line("  accept [DATE] · refuse REASON · answer ANSWER · all · skip · quit");
            }
        }
        let at = sitting.at;
        let Some(line) = line(input)? else {
            break;
        };
        let Some(task) = task(sitting, line.trim()) else {
            ui::note("that is none of these; nothing was recorded");
            continue;
        };
        if keeping.carry_out(sitting, task).await? {
            break;
        }
        if let Some(message) = sitting.message.take() {
            ui::note(&message);
        } else if sitting.at == at {
            sitting.at += 1;
        }
        ui::line("");
    }
    Ok(())
}

/// Returns what a line wants done.
fn task(sitting: &mut Sitting, line: &str) -> Option<Task> {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let rest = rest.trim().to_owned();
    Some(match verb {
        "a" | "accept" if rest.is_empty() => {
            let task = sitting.accept();
            if let Mode::Typing(purpose, _) = std::mem::take(&mut sitting.mode) {
                sitting.say(format!("{} Write it behind the word.", purpose.prompt()));
            }
            task
        }
        "a" | "accept" => Task::Accept(Some(rest)),
        "r" | "refuse" if rest.is_empty() => {
            sitting.say("Say why: refuse REASON.");
            Task::Nothing
        }
        "r" | "refuse" => Task::Refuse(rest),
        "o" | "answer" if !rest.is_empty() => Task::Answer(rest),
        "is" if !rest.is_empty() => Task::Settle(rest),
        "all" => Task::AcceptAll,
        "" | "s" | "skip" => Task::Nothing,
        "q" | "quit" => Task::Finish,
        _ => return None,
    })
}

/// Prints what is told of a matter.
pub(crate) fn print(told: &Told) {
    let width = ui::width();
    ui::line(&ui::tone(Tone::Strong, &told.name));
    lines::print(width, None, 2, "  ", &told.text);
    for line in &told.lines {
        let first = format!("  {:<9}", line.word);
        lines::print(width, line.tone, WORD, &first, &line.text);
    }
}

fn line(input: &mut dyn BufRead) -> Result<Option<String>, Failure> {
    let mut bytes = Vec::new();
    let read = input.take(MAX_LINE).read_until(b'\n', &mut bytes);
    let read = read.map_err(|error| {
        let message = format!("standard input cannot be read: {error}");
        Failure::failed(Problem::error(message))
    })?;
    Ok((read > 0).then(|| String::from_utf8_lossy(&bytes).into_owned()))
}
