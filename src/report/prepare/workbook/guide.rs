//! The first sheet: whose it is, and how to fill it in.

use rust_xlsxwriter::XlsxError;
use rust_xlsxwriter::worksheet::Worksheet;

use crate::catalog::workbook::mark::{HOW_SHEET, Head, WORDS_SHEET};
use crate::domain::words;
use crate::markdown::inert_line;
use crate::report::prepare::Preparation;
use crate::report::prepare::workbook::look::Look;
use crate::report::prepare::workbook::team::{Team, height};
use crate::report::xlsx;

/// How to fill it in, step by step.
const STEPS: [(&str, &str); 7] = [
    (
        "Find your sheet",
        "Each team has a sheet of its own, named below. Answer there what your team knows, and leave the other sheets to the others.",
    ),
    (
        "Say who you are",
        "Write your name and the day at the top of your sheet. Where somebody else answered one question, write their name beside it.",
    ),
    (
        "Answer in the yellow cells",
        "Where a cell has an arrow, choose from its list. Several rows below a question: say Yes at each that applies. A table: one row for each thing; put in more rows between them where they are too few.",
    ),
    (
        "Do not know?",
        "Leave the cell empty, which means that it is not answered. Or choose in “Or, instead” that you will find out, that nobody knows, that you may not say, or that it does not apply.",
    ),
    (
        "Add what we should know",
        "Remarks are welcome. Reports print them. Never write passwords, keys or other secrets into this file.",
    ),
    (
        "Leave the rest as it is",
        "Please write values, not formulas, and do not move, sort, copy or delete rows, columns and sheets: hidden ids tell us which answer belongs where.",
    ),
    (
        "Send it back",
        "Save it as an Excel workbook (.xlsx) without a password; any spreadsheet program will do. Your answers are looked through together with you before they count.",
    ),
];

/// Writes the sheet.
pub(super) fn write(
    sheet: &mut Worksheet,
    preparation: &Preparation,
    head: &Head,
    teams: &[Team<'_>],
    look: &Look,
) -> Result<(), XlsxError> {
    let facts = &preparation.head;
    sheet.set_name(HOW_SHEET)?;
    sheet.write_string(0, 0, WORDS_SHEET)?;
    sheet.set_column_hidden(0)?;
    sheet.set_column_width(1, 32)?;
    sheet.set_column_width(2, 92)?;
    xlsx::write_text(
        sheet,
        1,
        1,
        &inert_line(format!("{}: open questions", facts.name)),
        &look.title,
    )?;
    sheet.set_row_height(1, 26)?;
    let mut row = 3;
    for (name, value) in about(preparation, head) {
        pair(sheet, row, (&name, &value), look)?;
        row += 1;
    }
    row += 1;
    xlsx::write_text(
        sheet,
        row,
        1,
        "How to fill this in",
        &look.title.clone().set_font_size(13),
    )?;
    for (number, (name, text)) in (1..).zip(STEPS) {
        row += 1;
        pair(sheet, row, (&format!("{number}. {name}"), text), look)?;
    }
    row += 2;
    xlsx::write_text(
        sheet,
        row,
        1,
        "Sheets",
        &look.title.clone().set_font_size(13),
    )?;
    for team in teams {
        row += 1;
        let count = words::count(team.questions(), "open question", "open questions");
        pair(sheet, row, (&team.name, &count), look)?;
    }
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_footer(xlsx::footer(&facts.name, facts.classification.as_deref()));
    sheet.set_screen_gridlines(false);
    sheet.protect();
    Ok(())
}

fn about(preparation: &Preparation, head: &Head) -> Vec<(String, String)> {
    let facts = &preparation.head;
    let back = match (&facts.manager, &facts.provider) {
        (Some(manager), Some(provider)) => format!("{manager}, {provider}"),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) => "whoever sent it to you".to_owned(),
    };
    let of = match (&facts.team, &facts.person) {
        (Some(team), Some(person)) => Some(format!("{person}, team {team}")),
        (Some(one), None) => Some(format!("the team {one}")),
        (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    };
    let more = match preparation.more {
        0 => String::new(),
        more => format!("; {more} more may follow from your answers"),
    };
    let all = [
        Some(("What it is about", facts.title.clone())),
        Some(("For", facts.name.clone())),
        of.map(|of| ("To be filled in by", of)),
        Some((
            "Open questions",
            format!("{}{more}", words::number(preparation.questions as i128)),
        )),
        Some(("As of", words::day(facts.as_of))),
        Some(("Please send it back to", back)),
        facts
            .classification
            .clone()
            .map(|handling| ("Handling", handling)),
        Some((
            "Questionnaire",
            format!("{} {}", head.questionnaire, head.version),
        )),
    ];
    all.into_iter()
        .flatten()
        .map(|(name, value)| (name.to_owned(), inert_line(&value)))
        .collect()
}

fn pair(
    sheet: &mut Worksheet,
    row: u32,
    (name, value): (&str, &str),
    look: &Look,
) -> Result<(), XlsxError> {
    xlsx::write_text(sheet, row, 1, name, &look.strong)?;
    xlsx::write_text(sheet, row, 2, value, &look.plain)?;
    let lines = height(name, 32.0).max(height(value, 92.0));
    sheet.set_row_height(row, lines * 15.0 + 3.0)?;
    Ok(())
}
