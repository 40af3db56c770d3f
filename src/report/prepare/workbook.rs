//! The workbook to fill in: how to do that, then a sheet for each team, with the open questions and a cell for each answer.
//!
//! Only the cells for answers can be written in; lists offer what there is to choose from. What is hidden in it, and how it is read
//! when it comes back, is the business of [`workbook`](crate::catalog::workbook). Everything that people typed is written as text, so
//! that no cell is calculated. Same questions, same bytes.

mod look;
mod cells;
mod team;
mod guide;

use std::collections::BTreeMap;

use rust_xlsxwriter::XlsxError;
use rust_xlsxwriter::workbook::Workbook;

use crate::catalog::workbook::mark::{HEAD_SHEET, Head, LIST_SHEET, WORDS_SHEET};
use crate::domain::evaluation::Evaluation;
use crate::report::prepare::workbook::cells::Lists;
use crate::report::prepare::workbook::look::Look;
use crate::report::prepare::workbook::team::Team;
use crate::report::prepare::{Preparation, Question};
use crate::report::xlsx;

/// Returns the open questions as a workbook to fill in; `ledger` tells the customer from any other of that name.
///
/// # Panics
/// Never: what is written keeps the limits of a workbook.
#[must_use]
pub fn workbook(preparation: &Preparation, evaluation: &Evaluation, ledger: &str) -> Vec<u8> {
    let head = head(preparation, evaluation, ledger);
    book(preparation, evaluation, &head)
        .expect("texts are cut to a cell's limit, and names of sheets are made legal")
}

fn head(preparation: &Preparation, evaluation: &Evaluation, ledger: &str) -> Head {
    let questions = preparation
        .sections
        .iter()
        .flat_map(|section| &section.questions);
    Head {
        customer: preparation.head.customer.clone(),
        ledger: ledger.to_owned(),
        questionnaire: preparation.questionnaire.clone(),
        version: evaluation.questionnaire().version.to_string(),
        sequence: preparation.sequence,
        day: preparation.head.as_of,
        questions: questions.map(|question| question.id.clone()).collect(),
    }
}

fn book(
    preparation: &Preparation,
    evaluation: &Evaluation,
    head: &Head,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let facts = &preparation.head;
    let title = format!("{}: open questions", facts.name);
    book.set_properties(&xlsx::properties(facts.as_of, &title));
    let look = Look::new();
    let teams = teams(preparation);
    guide::write(book.add_worksheet(), preparation, head, &teams, &look)?;
    let mut lists = Lists::default();
    for team in &teams {
        let mut sheet =
            team::Writing::new(book.add_worksheet(), evaluation, head, &look, &mut lists);
        sheet.team(team, preparation)?;
    }
    let sheet = book.add_worksheet();
    sheet.set_name(LIST_SHEET)?;
    sheet.write_string(0, 0, WORDS_SHEET)?;
    lists.write(sheet)?;
    sheet.set_hidden(true).protect();
    let sheet = book.add_worksheet();
    sheet.set_name(HEAD_SHEET)?;
    for (row, (name, value)) in (0..).zip(head.lines()) {
        sheet.write_string(row, 0, name)?;
        sheet.write_string(row, 1, value)?;
    }
    sheet.set_very_hidden(true).protect();
    book.save_to_buffer()
}

/// Returns the questions by team, in the order in which teams are asked first.
fn teams(preparation: &Preparation) -> Vec<Team<'_>> {
    let mut teams: Vec<Team<'_>> = Vec::new();
    let mut places: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    for section in &preparation.sections {
        for question in &section.questions {
            let team = question.team.as_deref();
            let place = *places.entry(team).or_insert_with(|| {
                let name = sheet_name(team, &teams);
                teams.push(Team {
                    name,
                    sections: Vec::new(),
                });
                teams.len() - 1
            });
            let sections: &mut Vec<(&str, Vec<&Question>)> = &mut teams[place].sections;
            match sections
                .last_mut()
                .filter(|(title, _)| *title == section.title)
            {
                Some((_, questions)) => questions.push(question),
                None => sections.push((&section.title, vec![question])),
            }
        }
    }
    teams
}

/// Returns a name for a team's sheet that is legal, and that no other has.
fn sheet_name(team: Option<&str>, others: &[Team<'_>]) -> String {
    /// The most letters in the name of a sheet, less a number to tell two apart.
    const LONGEST: usize = 27;
    let team = team.unwrap_or("questions");
    let legal = |letter: char| !letter.is_control() && !"[]:*?/\\'".contains(letter);
    let kept: String = team
        .chars()
        .map(|letter| if legal(letter) { letter } else { ' ' })
        .collect();
    let kept: String = kept.trim().chars().take(LONGEST).collect();
    let mut letters = kept.trim_end().chars();
    let name = match letters.next() {
        None => "Questions".to_owned(),
        // A short name is an abbreviation: SOC, IT.
        Some(_) if kept.chars().count() <= 3 => kept.to_uppercase(),
        Some(first) => first.to_uppercase().chain(letters).collect(),
    };
    let ours = [
        HEAD_SHEET,
        LIST_SHEET,
        crate::catalog::workbook::mark::HOW_SHEET,
        "History",
    ];
    let is_taken = |name: &str| {
        let mut taken = others.iter().map(|team| team.name.as_str()).chain(ours);
        taken.any(|other| other.to_lowercase() == name.to_lowercase())
    };
    if !is_taken(&name) {
        return name;
    }
    let mut numbers = (2..).map(|number: usize| format!("{name} {number}"));
    numbers.find(|name| !is_taken(name)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_are_legal_and_no_two_are_the_same() {
        let mut teams: Vec<Team<'_>> = Vec::new();
        let wanted = [
            "soc",
            "SOC",
            "identity",
            "a/b:c*?[x]\\",
            "'quoted'",
            "",
            "history",
            "lists",
        ];
        let long = "a team with a name that is far too long for a sheet";
        for team in wanted.into_iter().chain([long, long]) {
            let name = sheet_name(Some(team), &teams);
            let sections = Vec::new();
            teams.push(Team { name, sections });
        }
        let names: Vec<&str> = teams.iter().map(|team| team.name.as_str()).collect();
        assert_eq!(
            names[..5],
            ["SOC", "SOC 2", "Identity", "A b c   x", "Quoted"]
        );
        let mut book = Workbook::new();
        for name in names {
            book.add_worksheet().set_name(name).unwrap();
        }
        book.save_to_buffer().unwrap();
    }
}
