//! Rows being edited as a table: a draft of the answer, with a cursor.
//!
//! What a cell may hold is judged by the domain; the draft is recorded whole by whoever owns it.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::cli::assess::editor::{Editor, Typed};
use crate::domain::answer::FIXED_ROW;
use crate::domain::evaluation::Evaluation;
use crate::domain::id::ColumnId;
use crate::domain::intake::{self, Objection};
use crate::domain::questionnaire::{Column, Kind, Table};
use crate::domain::response::{Row, Said, Value};
use crate::domain::words;

/// Rows being edited.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    /// The question, by its place.
    pub(crate) place: usize,
    /// The rows as they are now.
    pub(crate) rows: Vec<Row>,
    /// The row of the cursor.
    pub(crate) row: usize,
    /// The column of the cursor.
    pub(crate) column: usize,
    /// What is being typed into the cell at the cursor.
    pub(crate) editor: Option<Editor>,
    /// What is wrong with it.
    pub(crate) fault: Option<String>,
    /// Whether it was refused as it stands: leaving again forgets it.
    pub(crate) refused: bool,
    before: Vec<Row>,
    columns: Vec<ColumnId>,
}

/// What a key came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moved {
    /// Something in the table, or nothing.
    Here,
    /// The table is finished.
    Done,
}

impl Grid {
    /// Begins with the answer that stands.
    pub(crate) fn new(evaluation: &Evaluation, place: usize, table: &Table) -> Self {
        let mut rows = match evaluation.said(place) {
            Some(Said::Value(Value::Rows(rows))) => rows.clone(),
            _ => Vec::new(),
        };
        let before = rows.clone();
        for fixed in &table.fixed {
            let id = |row: &Row| row.get(FIXED_ROW).map(ToString::to_string);
            if !rows
                .iter()
                .any(|row| id(row).as_deref() == Some(fixed.id.as_str()))
            {
                rows.push(fixed_row(fixed.id.as_str()));
            }
        }
        if rows.is_empty() {
            rows.push(Row::new());
        }
        Self {
            place,
            rows,
            row: 0,
            column: 0,
            editor: None,
            fault: None,
            refused: false,
            before,
            columns: table
                .columns
                .iter()
                .map(|column| column.id.clone())
                .collect(),
        }
    }

    /// Returns the answer; nothing where it is as it was.
    pub(crate) fn said(&self, table: &Table) -> Option<Said> {
        let filled = |row: &&Row| {
            row.keys()
                .any(|key| table.fixed.is_empty() || key.as_str() != FIXED_ROW)
        };
        let rows: Vec<Row> = self.rows.iter().filter(filled).cloned().collect();
        (rows != self.before).then_some(Said::Value(Value::Rows(rows)))
    }

    /// Shows what is wrong, and goes there.
    pub(crate) fn refuse(&mut self, objections: &[Objection]) {
        self.refused = true;
        let Some(first) = objections.first() else {
            return;
        };
        if let Some(row) = first.row {
            self.row = row.min(self.rows.len().saturating_sub(1));
        }
        if let Some(name) = &first.column {
            let column = self.columns.iter().position(|id| id.as_str() == name);
            self.column = column.unwrap_or(self.column);
        }
        self.fault = Some(format!("{first}; Esc again leaves without keeping it"));
    }

    /// Takes in text that was pasted.
    pub(crate) fn paste(&mut self, text: &str) {
        self.editor
            .get_or_insert_with(|| Editor::new("", false))
            .insert(text);
    }

    /// Takes in a key.
    pub(crate) fn key(&mut self, evaluation: &Evaluation, table: &Table, key: KeyEvent) -> Moved {
        if let Some(editor) = &mut self.editor {
            match editor.key(key) {
                Typed::Here => {}
                Typed::Cancelled => self.editor = None,
                Typed::Done => self.accept(evaluation, table),
            }
            return Moved::Here;
        }
        self.fault = None;
        self.refused &= key.code == KeyCode::Esc;
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Esc => return Moved::Done,
            KeyCode::Char('c') if control => return Moved::Done,
            KeyCode::F(10) => return Moved::Done,
            KeyCode::Up => self.row = self.row.saturating_sub(1),
            KeyCode::Down => self.down(table),
            KeyCode::Left | KeyCode::BackTab => self.column = self.column.saturating_sub(1),
            KeyCode::Right | KeyCode::Tab => self.right(table),
            KeyCode::Home => self.column = 0,
            KeyCode::End => self.column = table.columns.len() - 1,
            KeyCode::Insert => self.add(table),
            KeyCode::Char('n') if control => self.add(table),
            KeyCode::Char('d') if control => self.remove(table),
            KeyCode::Delete | KeyCode::Backspace => self.clear(table),
            KeyCode::Enter | KeyCode::F(2) => self.edit(table),
            KeyCode::Char(' ') => self.turn(evaluation, table),
            KeyCode::Char(character) if !control => self.begin(evaluation, table, character),
            _ => {}
        }
        Moved::Here
    }

    /// Returns the words for a cell.
    pub(crate) fn words(&self, table: &Table, row: usize, column: usize) -> String {
        let column = &table.columns[column];
        match self.rows[row].get(&column.id) {
            Some(value) => words::value(&column.kind, value),
            None => String::new(),
        }
    }

    fn cell(&self, table: &Table) -> Option<&Value> {
        self.rows.get(self.row)?.get(&table.columns[self.column].id)
    }

    fn put(&mut self, table: &Table, value: Option<Value>) {
        let column = table.columns[self.column].id.clone();
        let Some(row) = self.rows.get_mut(self.row) else {
            return;
        };
        match value {
            Some(value) => row.insert(column, value),
            None => row.remove(&column),
        };
        self.refused = false;
    }

    fn clear(&mut self, table: &Table) {
        self.put(table, None);
    }

    fn edit(&mut self, table: &Table) {
        let text = self
            .cell(table)
            .map(|value| typed_form(&table.columns[self.column], value));
        self.editor = Some(Editor::new(text.unwrap_or_default(), false));
    }

    /// Begins to type, or picks an option by its number.
    fn begin(&mut self, evaluation: &Evaluation, table: &Table, character: char) {
        let column = &table.columns[self.column];
        let picked = match (&column.kind, character) {
            (Kind::Bool, '1' | 'y') => Some("yes".to_owned()),
            (Kind::Bool, '2' | 'n') => Some("no".to_owned()),
            (Kind::Choice(_), '1'..='9') => Some(character.to_string()),
            _ => None,
        };
        let Some(text) = picked else {
            self.editor = Some(Editor::new(character.to_string(), false));
            return;
        };
        match intake::read_cell(evaluation, column, &text) {
            Ok(value) => {
                self.put(table, Some(value));
                self.right(table);
            }
            Err(fault) => self.fault = Some(fault.to_string()),
        }
    }

    /// Turns a yes-or-no or a choice to its next value.
    fn turn(&mut self, evaluation: &Evaluation, table: &Table) {
        let column = &table.columns[self.column];
        let next = match (&column.kind, self.cell(table)) {
            (Kind::Bool, Some(Value::Bool(true))) => Some(Value::Bool(false)),
            (Kind::Bool, Some(_)) => None,
            (Kind::Bool, None) => Some(Value::Bool(true)),
            (kind @ Kind::Choice(options), value) => {
                let offered = intake::offered(evaluation, kind);
                let at = offered.iter().position(|place| match value {
                    Some(Value::Choice(id)) => options[*place].id == *id,
                    _ => false,
                });
                let next = at.map_or(0, |at| at + 1);
                let place = offered.get(next);
                place.map(|place| Value::Choice(options[*place].id.clone()))
            }
            _ => return self.begin(evaluation, table, ' '),
        };
        self.put(table, next);
    }

    fn accept(&mut self, evaluation: &Evaluation, table: &Table) {
        let Some(editor) = &self.editor else { return };
        let column = &table.columns[self.column];
        if editor.text().trim().is_empty() {
            self.editor = None;
            return self.clear(table);
        }
        match intake::read_cell(evaluation, column, editor.text().trim()) {
            Ok(value) => {
                self.editor = None;
                self.fault = None;
                self.put(table, Some(value));
                self.right(table);
            }
            Err(fault) => self.fault = Some(fault.to_string()),
        }
    }

    /// Goes to the next cell, from the last to the next row.
    fn right(&mut self, table: &Table) {
        if self.column + 1 < table.columns.len() {
            self.column += 1;
        } else {
            self.column = 0;
            self.down(table);
        }
    }

    /// Goes down; below the last row a new one begins, unless the last is empty.
    fn down(&mut self, table: &Table) {
        if self.row + 1 < self.rows.len() {
            self.row += 1;
        } else if self.rows.last().is_some_and(|row| !row.is_empty()) {
            self.add(table);
        }
    }

    fn add(&mut self, table: &Table) {
        if table.fixed.is_empty() {
            let below = (self.row + 1).min(self.rows.len());
            self.rows.insert(below, Row::new());
            self.row = below;
            self.column = 0;
        }
    }

    fn remove(&mut self, table: &Table) {
        if !table.fixed.is_empty() {
            if let Some(row) = self.rows.get_mut(self.row) {
                row.retain(|key, _| key.as_str() == FIXED_ROW);
            }
            return;
        }
        self.rows.remove(self.row);
        if self.rows.is_empty() {
            self.rows.push(Row::new());
        }
        self.row = self.row.min(self.rows.len() - 1);
        self.refused = false;
    }
}

fn fixed_row(id: &str) -> Row {
    let column = FIXED_ROW
        .parse()
        .expect("the column of a matrix's rows has a valid name");
    Row::from([(column, Value::Text(id.to_owned()))])
}

/// Returns a value as it would be typed.
fn typed_form(column: &Column, value: &Value) -> String {
    match (&column.kind, value) {
        (Kind::Bool, Value::Bool(value)) => if *value { "yes" } else { "no" }.into(),
        _ => value.to_string(),
    }
}
