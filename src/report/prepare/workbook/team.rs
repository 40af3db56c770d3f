//! A team's sheet: its questions, and the cells for its answers.

use rust_xlsxwriter::worksheet::Worksheet;
use rust_xlsxwriter::{DataValidation, Format, ProtectionOptions, XlsxError};
use unicode_width::UnicodeWidthStr;

use crate::catalog::workbook::choice;
use crate::catalog::workbook::mark::{self, HINT, Head, MARKS, Mark, NUMBERS, column};
use crate::domain::evaluation::Evaluation;
use crate::domain::questionnaire::{self, Kind, Table};
use crate::domain::words;
use crate::markdown::{self, inert, inert_line};
use crate::report::prepare::workbook::cells::{self, Lists};
use crate::report::prepare::workbook::look::Look;
use crate::report::prepare::{How, Preparation, Question};
use crate::report::xlsx;

/// The widths of the columns, in letters; further ones are as wide as the last.
const WIDTHS: [f64; column::COUNT] = [54.0, 26.0, 20.0, 28.0, 16.0, 13.0, 18.0];

/// How many empty rows a table has.
const ROWS: usize = 8;

/// The row with the heads of columns; below it the questions begin.
const HEADS: u32 = 4;

/// A team with its questions.
pub(super) struct Team<'p> {
    /// The name of its sheet.
    pub(super) name: String,
    /// Its questions by the titles of their sections.
    pub(super) sections: Vec<(&'p str, Vec<&'p Question>)>,
}

impl Team<'_> {
    /// Returns how many questions it has.
    pub(super) fn questions(&self) -> usize {
        self.sections
            .iter()
            .map(|(_, questions)| questions.len())
            .sum()
    }
}

/// A sheet that is being written.
pub(super) struct Writing<'w> {
    sheet: &'w mut Worksheet,
    evaluation: &'w Evaluation,
    /// The seal of the workbook's head.
    head: String,
    look: &'w Look,
    lists: &'w mut Lists,
    /// The row that comes next.
    row: u32,
    /// How many columns there are from the first on.
    columns: usize,
}

impl<'w> Writing<'w> {
    pub(super) fn new(
        sheet: &'w mut Worksheet,
        evaluation: &'w Evaluation,
        head: &Head,
        look: &'w Look,
        lists: &'w mut Lists,
    ) -> Self {
        Self {
            sheet,
            evaluation,
            head: head.seal(),
            look,
            lists,
            row: 0,
            columns: column::COUNT,
        }
    }

    /// Writes the sheet of a team.
    pub(super) fn team(
        &mut self,
        team: &Team<'_>,
        preparation: &Preparation,
    ) -> Result<(), XlsxError> {
        self.sheet.set_name(&team.name)?;
        let questions = team.sections.iter().flat_map(|(_, questions)| questions);
        let widest = questions.filter_map(|question| self.asked(question));
        let widest = widest.map(|question| match &question.kind {
            Kind::Rows(table) => table.columns.len() + usize::from(!table.fixed.is_empty()),
            _ => 0,
        });
        self.columns = widest.max().unwrap_or_default().max(column::COUNT);
        self.keys()?;
        self.top(team, preparation)?;
        for (title, questions) in &team.sections {
            self.band(title)?;
            for question in questions {
                self.question(question)?;
            }
        }
        self.paper(preparation)
    }

    /// Returns the question as the questionnaire has it.
    fn asked(&self, question: &Question) -> Option<&'w questionnaire::Question> {
        let questionnaire = self.evaluation.questionnaire();
        let place = questionnaire.question(&question.id.parse().ok()?)?;
        Some(&questionnaire.questions[place])
    }

    /// Writes the hidden keys, and how wide columns are.
    fn keys(&mut self) -> Result<(), XlsxError> {
        self.sheet.write_string(0, 0, MARKS)?;
        self.sheet.write_string(0, 1, NUMBERS)?;
        self.sheet.set_column_hidden(0)?;
        self.sheet.set_column_width(1, 5)?;
        for key in 0..self.columns {
            self.sheet.write_string(0, at(key), mark::key(key))?;
            self.sheet.set_column_width(at(key), width(key))?;
        }
        self.sheet.set_row_hidden(0)?;
        self.row = 1;
        Ok(())
    }

    fn top(&mut self, team: &Team<'_>, preparation: &Preparation) -> Result<(), XlsxError> {
        let count = words::count(team.questions(), "open question", "open questions");
        let title = format!("{}: {}, {count}", preparation.head.name, team.name);
        self.sheet.set_row_height(1, 26)?;
        self.marked(&Mark::Words, "")?;
        xlsx::write_text(self.sheet, 1, 1, &inert_line(&title), &self.look.title)?;
        self.row += 1;
        let quiet = self.look.quiet.clone();
        let made = format!(
            "Empty: {}, when this file was made",
            words::day(preparation.head.as_of)
        );
        for (mark, label, hint) in [
            (
                Mark::Who,
                "Who fills in this sheet?",
                "Your name; answers of others: name them beside the question",
            ),
            (Mark::Day, "On which day is it true?", made.as_str()),
        ] {
            let is_day = mark == Mark::Day;
            self.marked(&mark, label)?;
            self.words(column::QUESTION, label, &self.look.strong.clone())?;
            let input = Look::input(is_day.then_some(&Kind::Date));
            self.input(column::ANSWER, &input, is_day.then(cells::day).transpose()?)?;
            xlsx::write_text(
                self.sheet,
                self.row,
                at(column::INSTEAD),
                hint,
                &quiet.clone().unset_text_wrap(),
            )?;
            self.sheet.set_row_height(self.row, 20)?;
            self.row += 1;
        }
        let heads = [
            "Question",
            "Answer",
            "Or, instead",
            "Remark",
            "Who answered, if not you",
            "True on, if another day",
            "How do you know?",
        ];
        self.marked(&Mark::Words, "")?;
        self.sheet.set_row_height(HEADS, 32)?;
        xlsx::write_text(self.sheet, self.row, 1, "No.", &self.look.head)?;
        for (key, head) in heads.into_iter().enumerate() {
            self.words(key, head, &self.look.head.clone())?;
        }
        self.row += 1;
        self.sheet.set_freeze_panes(HEADS + 1, 0)?;
        Ok(())
    }

    /// Writes the title of a section across the sheet.
    fn band(&mut self, title: &str) -> Result<(), XlsxError> {
        self.marked(&Mark::Words, "")?;
        self.sheet.set_row_height(self.row, 22)?;
        for column in 1..=at(column::COUNT - 1) {
            self.sheet.write_blank(self.row, column, &self.look.band)?;
        }
        xlsx::write_text(self.sheet, self.row, 1, &inert_line(title), &self.look.band)?;
        self.row += 1;
        Ok(())
    }

    fn question(&mut self, question: &Question) -> Result<(), XlsxError> {
        let Some(asked) = self.asked(question) else {
            return Ok(());
        };
        let pieces = pieces(question);
        let text: String = pieces.concat();
        self.marked(&Mark::Question(question.id.clone()), &text)?;
        let number = f64::from(u32::try_from(question.number).unwrap_or(u32::MAX));
        self.sheet
            .write_number_with_format(self.row, 1, number, &self.look.number)?;
        self.asked_text(&pieces)?;
        self.sheet.set_row_height(self.row, tall(&pieces))?;
        let hint = match &asked.kind {
            Kind::Multi(_) => Some("say Yes below at each that applies"),
            Kind::Coverage(_) => Some("write both numbers below"),
            Kind::Rows(_) => Some("fill in the table below"),
            _ => None,
        };
        match hint {
            Some(hint) => {
                let hint = format!("{HINT} {hint}");
                let format = self.look.read.clone().set_italic();
                self.words(column::ANSWER, &hint, &format)?;
            }
            None => {
                let validation = cells::validation(self.evaluation, &asked.kind, self.lists)?;
                self.input(column::ANSWER, &Look::input(Some(&asked.kind)), validation)?;
            }
        }
        self.beside(asked)?;
        self.row += 1;
        match &asked.kind {
            Kind::Multi(_) => self.options(question),
            Kind::Coverage(_) => self.counts(question),
            Kind::Rows(table) => self.table(question, table),
            _ => Ok(()),
        }
    }

    /// Writes the question and what is said about it, in letters of their own.
    fn asked_text(&mut self, pieces: &[String]) -> Result<(), XlsxError> {
        let (first, about) = (Look::question(), Look::about());
        let formats = std::iter::once(&first).chain(std::iter::repeat(&about));
        let pieces: Vec<(&Format, &str)> = formats.zip(pieces.iter().map(String::as_str)).collect();
        let column = at(column::QUESTION);
        if let [(_, only)] = pieces.as_slice() {
            let strong = self.look.read.clone().set_bold();
            return xlsx::write_text(self.sheet, self.row, column, only, &strong);
        }
        self.sheet
            .write_rich_string_with_format(self.row, column, &pieces, &self.look.read)?;
        Ok(())
    }

    /// Writes the cells beside the answer.
    fn beside(&mut self, asked: &questionnaire::Question) -> Result<(), XlsxError> {
        let other_words = choice::other_words(self.evaluation, asked);
        let labels = other_words.into_iter().map(|(label, _)| label).collect();
        let other_words = self.lists.choose(labels)?;
        let text = Look::input(None);
        self.input(column::INSTEAD, &text, Some(other_words))?;
        self.input(column::REMARK, &text, None)?;
        self.input(column::BY, &text, None)?;
        self.input(
            column::ON,
            &Look::input(Some(&Kind::Date)),
            Some(cells::day()?),
        )?;
        let ways = choice::ways()
            .into_iter()
            .map(|(label, _)| label.to_owned());
        let ways = self.lists.choose(ways.collect())?;
        self.input(column::HOW, &text, Some(ways))
    }

    /// Writes a row for each option of which several may apply.
    fn options(&mut self, question: &Question) -> Result<(), XlsxError> {
        for option in &question.how.options {
            let id = option.id.trim_matches('"').to_owned();
            let label = inert(&option.text);
            self.part(&Mark::Choice(question.id.clone(), id), &label)?;
            let list = cells::validation(self.evaluation, &Kind::Bool, self.lists)?;
            self.input(column::ANSWER, &Look::input(None), list)?;
            self.row += 1;
        }
        Ok(())
    }

    /// Writes the rows for the two numbers.
    fn counts(&mut self, question: &Question) -> Result<(), XlsxError> {
        let target = question.how.target.map_or_else(String::new, |target| {
            format!(" (empty: {})", words::number(i128::from(target)))
        });
        let parts = [
            (
                Mark::Protected(question.id.clone()),
                "How many are protected".to_owned(),
            ),
            (
                Mark::Target(question.id.clone()),
                format!("How many should be{target}"),
            ),
        ];
        for (mark, label) in parts {
            self.part(&mark, &label)?;
            let format = Look::input(None).set_num_format("0");
            self.input(column::ANSWER, &format, Some(cells::count()?))?;
            self.row += 1;
        }
        Ok(())
    }

    fn table(&mut self, question: &Question, table: &Table) -> Result<(), XlsxError> {
        let begin = usize::from(!table.fixed.is_empty());
        self.heads(question, table, begin)?;
        for row in &question.how.rows {
            let id = row.id.trim_matches('"').to_owned();
            self.part(&Mark::Fixed(question.id.clone(), id), &inert(&row.text))?;
            self.cells(table, begin)?;
        }
        if begin == 0 {
            for _ in 0..ROWS {
                self.marked(&Mark::Row(question.id.clone()), "")?;
                self.cells(table, begin)?;
            }
        }
        Ok(())
    }

    /// Writes the heads of a table's columns, which begin at a column of the sheet.
    fn heads(&mut self, question: &Question, table: &Table, begin: usize) -> Result<(), XlsxError> {
        let heads: Vec<[String; 2]> = (0..table.columns.len())
            .map(|place| head_of(&question.how, place))
            .collect();
        let ids = table.columns.iter().map(|column| column.id.to_string());
        let mark = Mark::Heads(question.id.clone(), ids.collect());
        let first = heads.first().filter(|_| begin == 0);
        self.marked(&mark, &first.map_or_else(String::new, |head| head.concat()))?;
        if begin == 1 {
            self.words(0, "", &self.look.table.clone())?;
        }
        let mut most = 0.0_f64;
        for (key, [text, how]) in (begin..).zip(&heads) {
            let pieces = [
                (&Look::question(), text.as_str()),
                (&Look::about(), how.as_str()),
            ];
            let (row, column) = (self.row, at(key));
            self.sheet
                .write_rich_string_with_format(row, column, &pieces, &self.look.table)?;
            let points = height(text, width(key) * 0.95) * 15.0
                + height(how.trim_start(), width(key) * 1.1) * 13.2;
            most = most.max(points);
        }
        self.sheet.set_row_height(self.row, most + 4.0)?;
        self.row += 1;
        Ok(())
    }

    /// Writes the cells of a table's row.
    fn cells(&mut self, table: &Table, begin: usize) -> Result<(), XlsxError> {
        for (place, column) in table.columns.iter().enumerate() {
            let validation = cells::validation(self.evaluation, &column.kind, self.lists)?;
            self.input(begin + place, &Look::input(Some(&column.kind)), validation)?;
        }
        self.row += 1;
        Ok(())
    }

    // ── cells ──

    /// Writes the mark of the row.
    fn marked(&mut self, mark: &Mark, text: &str) -> Result<(), XlsxError> {
        let sealed = mark.sealed(&self.head, text);
        self.sheet.write_string(self.row, 0, sealed)?;
        Ok(())
    }

    /// Writes the mark and the words of a row below a question.
    fn part(&mut self, mark: &Mark, label: &str) -> Result<(), XlsxError> {
        self.marked(mark, label)?;
        self.words(column::QUESTION, label, &self.look.part.clone())?;
        let lines = height(label, width(0) - 4.0);
        self.sheet.set_row_height(self.row, lines * 14.5 + 3.0)?;
        Ok(())
    }

    fn words(&mut self, key: usize, text: &str, format: &Format) -> Result<(), XlsxError> {
        xlsx::write_text(self.sheet, self.row, at(key), text, format)
    }

    /// Makes a cell that is to be written in.
    fn input(
        &mut self,
        key: usize,
        format: &Format,
        validation: Option<DataValidation>,
    ) -> Result<(), XlsxError> {
        let (row, column) = (self.row, at(key));
        self.sheet.write_blank(row, column, format)?;
        if let Some(validation) = validation {
            self.sheet
                .add_data_validation(row, column, row, column, &validation)?;
        }
        Ok(())
    }

    /// Protects what is not to be written in, and sets the sheet up for A4 across, as wide as a page.
    fn paper(&mut self, preparation: &Preparation) -> Result<(), XlsxError> {
        let head = &preparation.head;
        self.sheet.protect_with_options(&ProtectionOptions {
            format_columns: true,
            format_rows: true,
            insert_rows: true,
            ..ProtectionOptions::default()
        });
        self.sheet
            .set_paper_size(9)
            .set_landscape()
            .set_screen_gridlines(false)
            .set_print_fit_to_pages(1, 0);
        self.sheet.set_repeat_rows(HEADS, HEADS)?;
        let last = at(self.columns - 1);
        self.sheet
            .set_print_area(1, 1, self.row.saturating_sub(1), last)?;
        self.sheet
            .set_footer(xlsx::footer(&head.name, head.classification.as_deref()));
        Ok(())
    }
}

/// Returns in which column of the sheet a key's column stands: after the marks and the numbers.
fn at(key: usize) -> u16 {
    u16::try_from(key + 2).unwrap_or(u16::MAX)
}

fn width(key: usize) -> f64 {
    WIDTHS
        .get(key)
        .copied()
        .unwrap_or(WIDTHS[column::COUNT - 1])
}

/// Returns how many lines a text takes in a column of that width.
pub(super) fn height(text: &str, width: f64) -> f64 {
    (text.split('\n'))
        .map(|line| (line.width() as f64 * 1.08 / width).ceil().max(1.0))
        .sum()
}

/// Returns the height of a question in points: its own letters are bold, and those below smaller.
fn tall(pieces: &[String]) -> f64 {
    let about = pieces[1..]
        .iter()
        .map(|piece| height(piece.trim_start(), width(0) * 1.12));
    let points = height(&pieces[0], width(0) * 0.95) * 15.0 + about.sum::<f64>() * 13.2;
    (points + 5.0).min(400.0)
}

/// Returns the question, and what is said about it, a piece each.
fn pieces(question: &Question) -> Vec<String> {
    /// The most letters of a piece: together they fit a cell.
    const LONGEST: usize = 5_000;
    let last = question.last.as_ref();
    let last = last.map(|last| format!("Last time, {}: {}", words::day(last.on), last.words));
    let about = [
        question
            .why
            .as_ref()
            .map(|why| format!("Why we ask: {why}")),
        (question.help.as_ref()).map(|help| format!("Where to look: {}", markdown::to_text(help))),
        last,
        Some(format!(
            "How to answer: {}{}",
            question.how.words,
            choices(&question.how)
        )),
    ];
    let cut = |text: String| inert(&text).chars().take(LONGEST).collect::<String>();
    let mut pieces = vec![cut(question.text.clone())];
    if pieces[0].trim().is_empty() {
        pieces[0].clone_from(&question.id);
    }
    pieces.extend(
        about
            .into_iter()
            .flatten()
            .map(|text| format!("\n{}", cut(text))),
    );
    pieces
}

/// Lists what there is to choose from, for whoever reads it on paper.
fn choices(how: &How) -> String {
    let is_one_of = how.words == "Choose one";
    let lines = how.options.iter().filter(|_| is_one_of);
    lines
        .map(|option| format!("\n   • {}", inert_line(&option.text)))
        .collect()
}

/// Returns the head of a table's column: what it is, and how to fill it in.
fn head_of(how: &How, place: usize) -> [String; 2] {
    /// The most letters of either: together they fit a cell.
    const LONGEST: usize = 5_000;
    let cut = |text: &str| inert(text).chars().take(LONGEST).collect::<String>();
    let Some(column) = how.columns.get(place) else {
        return [" ".to_owned(), " ".to_owned()];
    };
    let needed = if column.required { ", needed" } else { "" };
    let options: Vec<&str> = column
        .options
        .iter()
        .map(|option| option.text.as_str())
        .collect();
    let several = match column.words.starts_with("Choose all") {
        true => format!(", with ; between them: {}", options.join("; ")),
        false => String::new(),
    };
    let text = match column.text.trim().is_empty() {
        true => column.id.clone(),
        false => cut(&column.text),
    };
    [
        text,
        format!("\n{}", cut(&format!("{}{needed}{several}", column.words))),
    ]
}
