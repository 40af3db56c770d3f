//! The answers file: what is open, to be filled in and imported.
//!
//! Everything to be read stands in comments with two `#`; what is to be filled in has one, so that an untouched file holds no answer,
//! and an answer that was uncovered and not filled in is an error with its line rather than an answer that nobody gave. To take one
//! `#` off every line of a block leaves a file that can be read.

use std::fmt::Write;

use crate::domain::words;
use crate::markdown;
use crate::report::prepare::{Choice, How, Preparation, Question};

/// How wide a line of the file is, in characters.
const WIDTH: usize = 100;

/// How to fill in the file.
const GUIDE: &[&str] = &[
    "To answer a question, take the single # off the lines below it, and write the answer after",
    "`value =`. What you leave as it is changes nothing. In place of the value you may write:",
    "  state = \"unknown\"        somebody will find out; add by = 2026-09-30 on a line of its own",
    "  state = \"nobody-knows\"",
    "  state = \"may-not-say\"",
    "  state = \"na\"             does not apply; add, on a line of its own, one of",
    "                           reason = \"not-licensed\", \"not-used\", \"out-of-scope\",",
    "                           \"provided-by-third-party\" or \"other\"",
    "Whatever else you want to say goes on a line of its own: note = \"…\"",
];

/// Returns the file to fill in; `readiness answers import` takes it, also untouched.
#[must_use]
pub fn answers_file(preparation: &Preparation) -> String {
    let mut file = File::default();
    file.head(preparation);
    for section in &preparation.sections {
        file.text.push('\n');
        file.read(&format!("── {} ──", markdown::inert_line(&section.title)));
        for question in &section.questions {
            file.question(question);
        }
    }
    file.text
}

/// The file as far as it is written.
#[derive(Default)]
struct File {
    text: String,
}

impl File {
    fn head(&mut self, preparation: &Preparation) {
        let head = &preparation.head;
        self.read(&format!("{}: {}", head.name, head.title));
        let of = match (&head.team, &head.person) {
            (Some(team), Some(person)) => format!(" for {person}, team {team}"),
            (Some(team), None) => format!(" for the team {team}"),
            (None, Some(person)) => format!(" for {person}"),
            (None, None) => String::new(),
        };
        let open = words::count(preparation.questions, "open question", "open questions");
        self.read(&format!("{open}{of}, as of {}", words::day(head.as_of)));
        self.read("");
        for line in GUIDE {
            self.read(line);
        }
        let _ = write!(
            self.text,
            "\nquestionnaire = \"{}\"\nat_sequence = {}\n",
            preparation.questionnaire, preparation.sequence
        );
    }

    fn question(&mut self, question: &Question) {
        self.text.push('\n');
        self.read(&format!("{}. {}", question.number, question.text));
        if let Some(why) = &question.why {
            self.read(&format!("   Why: {why}"));
        }
        if let Some(help) = &question.help {
            self.read(&format!("   Where to look: {}", markdown::to_text(help)));
        }
        if let Some(last) = &question.last {
            self.read(&format!(
                "   Last time, {}: {}",
                words::day(last.on),
                last.words
            ));
        }
        self.how(&question.how);
        self.fill(&format!("[answers.\"{}\"]", question.id));
        self.fill(&format!("value = {}", question.how.gap));
    }

    fn how(&mut self, how: &How) {
        self.read(&format!("   Answer: {}", how.words));
        self.choices("      ", &how.options);
        self.choices("      row ", &how.rows);
        for column in &how.columns {
            let needed = if column.required { ", needed" } else { "" };
            self.read(&format!(
                "      {}: {} ({}{needed})",
                column.id, column.text, column.words
            ));
            self.choices("         ", &column.options);
        }
        if let Some(none) = &how.none {
            self.read(&format!(
                "      or, instead of a value: state = \"none\"   {none}"
            ));
        }
        if !how.may_be_not_applicable {
            self.read("      (cannot be answered with state = \"na\")");
        }
        self.read(&format!("   For example: value = {}", how.example));
    }

    fn choices(&mut self, before: &str, choices: &[Choice]) {
        for choice in choices {
            self.read(&format!("{before}{}   {}", choice.id, choice.text));
        }
    }

    /// Writes something to be read: comments, whatever stands in it.
    fn read(&mut self, text: &str) {
        let indent = text
            .chars()
            .take_while(|character| *character == ' ')
            .count();
        for (at, paragraph) in markdown::inert(text).split('\n').enumerate() {
            let indent = if at == 0 { indent } else { indent + 3 };
            for line in wrapped(paragraph, indent) {
                let _ = writeln!(self.text, "{}", format!("## {line}").trim_end());
            }
        }
    }

    /// Writes something to be filled in.
    fn fill(&mut self, text: &str) {
        for line in text.lines() {
            let _ = writeln!(self.text, "{}", format!("# {line}").trim_end());
        }
    }
}

/// Breaks a line at blanks; what follows the first is indented a little more.
fn wrapped(text: &str, indent: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = " ".repeat(indent);
    let mut width = indent;
    let mut is_empty = true;
    // Blanks within a line may line things up, so they stay.
    for word in text.trim_start().split(' ') {
        let length = word.chars().count();
        if !is_empty && width + 1 + length > WIDTH {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent + 3)));
            width = indent + 3;
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
            width += 1;
        }
        line += word;
        width += length;
        is_empty = false;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::prepare::sample;

    #[test]
    fn what_was_typed_never_leaves_its_comment() {
        let mut preparation = sample();
        let typed = "one\nvalue = true\r\n[answers.\"a.b\"]\rvalue = 1\u{2028}x\u{0}\u{7f}\u{85}\u{1b}[31m\tend";
        preparation.head.name = typed.into();
        preparation.head.team = Some(typed.into());
        for section in &mut preparation.sections {
            section.title = typed.into();
            for question in &mut section.questions {
                question.text = typed.into();
                question.why = Some(typed.into());
                question.help = Some(typed.into());
                question.how.words = typed.into();
                question.how.none = Some(typed.into());
                if let Some(last) = &mut question.last {
                    last.words = typed.into();
                }
                for choice in question
                    .how
                    .options
                    .iter_mut()
                    .chain(&mut question.how.rows)
                {
                    choice.text = typed.into();
                }
                for column in &mut question.how.columns {
                    column.text = typed.into();
                }
            }
        }
        let file = answers_file(&preparation);
        let read: toml::Table = file.parse().unwrap();
        assert_eq!(read.len(), 2, "{file}");
        assert!(read.contains_key("at_sequence") && read.contains_key("questionnaire"));
    }

    #[test]
    fn long_lines_are_broken_at_blanks() {
        let lines = wrapped(&"word ".repeat(60), 3);
        assert!(lines.len() > 2, "{lines:?}");
        assert!(lines.iter().all(|line| line.chars().count() <= WIDTH));
        assert!(lines[1].starts_with("      word"), "{}", lines[1]);
    }
}
