//! The rows of one question, taken as an answer.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::workbook::choice::{self, folded};
use crate::catalog::workbook::filled::rows::{Group, Line};
use crate::catalog::workbook::filled::{Answer, Cells};
use crate::catalog::workbook::mark::{HINT, Head, Mark, column, squeezed};
use crate::catalog::workbook::value::{self, Fault, shown};
use crate::domain::answer::FIXED_ROW;
use crate::domain::evaluation::Evaluation;
use crate::domain::id::{ColumnId, OptionId, QuestionId};
use crate::domain::intake;
use crate::domain::migration::Passage;
use crate::domain::questionnaire::{Choice, Kind, Question, Table, Version};
use crate::domain::response::{Basis, Row, Said, Value};
use crate::domain::time::Day;
use crate::importers::spreadsheet::{At, Cell, Spreadsheet};
use crate::problem::{Problem, Problems};

/// Says that a row does not fit its question any more.
const OTHERWISE: &str = "the question is asked in another way by now";

/// What to do about it.
const ANEW: &str = "ask it anew: `readiness prepare CUSTOMER --format xlsx`";

/// One question, with the rows that belong to it.
pub(super) struct Taking<'a> {
    book: &'a Spreadsheet,
    head: &'a Head,
    evaluation: &'a Evaluation,
    id: &'a str,
    group: &'a Group<'a>,
    /// From the names of the workbook's version to those of now.
    passage: Passage<'a>,
    cells: Cells,
    pub(super) problems: Problems,
}

impl<'a> Taking<'a> {
    pub(super) fn new(
        book: &'a Spreadsheet,
        head: &'a Head,
        evaluation: &'a Evaluation,
        id: &'a str,
        group: &'a Group<'a>,
    ) -> Self {
        Self {
            book,
            head,
            evaluation,
            id,
            group,
            passage: passage(head, evaluation),
            cells: Cells::default(),
            problems: Problems::default(),
        }
    }

    /// Returns the answer; nothing where none is given, or not one that can be read.
    pub(super) fn answer(&mut self) -> Option<Answer> {
        let line = self.only(|mark| matches!(mark, Mark::Question(_)))?;
        let old = self.id.parse::<QuestionId>().ok();
        let questionnaire = self.evaluation.questionnaire();
        let now = old.as_ref().and_then(|old| self.passage.question(old));
        let Some(place) = now.and_then(|now| questionnaire.question(&now)) else {
            self.gone();
            return None;
        };
        let question = &questionnaire.questions[place];
        let answer = self.said(question, line);
        let instead = self.instead(question, line);
        let said = match (answer, instead) {
            (Some((said, cell)), None) => Some((said, cell)),
            (None, Some((said, cell))) => Some((said, cell)),
            (Some((_, cell)), Some((_, other))) => {
                self.error(
                    &other,
                    &format!("something is said in place of an answer, and `{cell}` answers"),
                    "empty one of them",
                );
                None
            }
            (None, None) => None,
        };
        let basis = self.basis(line);
        let on = self.day(line);
        let by = self.by(line);
        let remark = self.text(line, column::REMARK);
        let Some((said, cell)) = said else {
            self.alone(line, remark.as_deref());
            return None;
        };
        Some(Answer {
            place,
            said,
            basis: basis?,
            by,
            on: on?,
            remark,
            is_reworded: self.is_reworded(question, line),
            cell,
            cells: std::mem::take(&mut self.cells),
        })
    }

    // ── where things stand ──

    fn at(&self, line: &Line, key: usize) -> Option<(At, &'a Cell)> {
        self.group.pages[line.page].cell(line.row, key)
    }

    fn name(&self, line: &Line, key: usize) -> String {
        let page = &self.group.pages[line.page];
        let at = page.at(line.row, key).unwrap_or(At {
            row: line.row,
            column: 0,
        });
        page.name(at)
    }

    /// Returns the rows whose mark is wanted.
    fn lines(&self, wanted: impl Fn(&Mark) -> bool) -> Vec<&'a Line> {
        let lines = self.group.lines.iter();
        lines.filter(|line| wanted(&line.mark)).collect()
    }

    /// Returns the only row whose mark is wanted. Of copies, those without an answer do not count.
    fn only(&mut self, wanted: impl Fn(&Mark) -> bool) -> Option<&'a Line> {
        let lines = self.lines(wanted);
        let said: Vec<&Line> = (lines.iter().copied())
            .filter(|line| (1..column::COUNT).any(|key| self.is_filled(line, key)))
            .collect();
        if let [first, others @ ..] = said.as_slice() {
            let before = self.name(first, column::QUESTION);
            for other in others {
                let here = self.name(other, column::QUESTION);
                let message = format!("the same stands in `{before}`, and both are filled in");
                self.error(&here, &message, "keep one of them");
            }
        }
        said.first().or(lines.first()).copied()
    }

    fn is_filled(&self, line: &Line, key: usize) -> bool {
        let cell = self.at(line, key);
        cell.is_some_and(|(_, cell)| {
            let text = value::text(self.book, cell);
            cell.is_formula || !(text.is_empty() || text.starts_with(HINT))
        })
    }

    // ── what is wrong ──

    fn error(&mut self, cell: &str, message: &str, help: &str) {
        let problem = Problem::error(format!("`{cell}`: {message}"));
        self.problems.push(problem.help(help));
    }

    fn warn(&mut self, cell: &str, message: &str, help: &str) {
        let problem = Problem::warning(format!("`{cell}`: {message}"));
        self.problems.push(problem.help(help));
    }

    fn fault(&mut self, line: &Line, key: usize, fault: &Fault) {
        let cell = self.name(line, key);
        self.error(&cell, &fault.message, &fault.help);
    }

    /// Tells that the questionnaire has the question no more, where somebody answered it.
    fn gone(&mut self) {
        let answered = (self.group.lines.iter()).find_map(|line| {
            (1..column::COUNT)
                .find(|key| self.is_filled(line, *key))
                .map(|key| (line, key))
        });
        if let Some((line, key)) = answered {
            let cell = self.name(line, key);
            let message = format!("no question is called `{}` any more", shown(self.id));
            self.error(&cell, &message, "take the answer out");
        }
    }

    /// Tells what stands beside a question that is not answered.
    fn alone(&mut self, line: &Line, remark: Option<&str>) {
        if let Some(remark) = remark {
            let cell = self.name(line, column::REMARK);
            let message = format!(
                "`{}` stands here without an answer, and is not kept",
                shown(remark)
            );
            self.warn(
                &cell,
                &message,
                "answer, or choose “We will find out” beside it",
            );
        }
    }

    // ── what is said ──

    /// Returns a value that was read, and keeps what is wrong or odd about it.
    fn read(&mut self, line: &Line, key: usize, kind: &Kind) -> Option<Value> {
        let (_, cell) = self.at(line, key)?;
        if !self.is_filled(line, key) {
            return None;
        }
        match value::value(self.book, self.evaluation, kind, cell) {
            Ok((value, note)) => {
                if let Some(note) = note {
                    let cell = self.name(line, key);
                    self.warn(&cell, &note, "look whether that is meant");
                }
                Some(value)
            }
            Err(fault) => {
                self.fault(line, key, &fault);
                None
            }
        }
    }

    /// Returns the answer and where it stands.
    fn said(&mut self, question: &Question, line: &Line) -> Option<(Said, String)> {
        let found = match &question.kind {
            Kind::Multi(options) => self.several(options),
            Kind::Coverage(_) => self.counted(question),
            Kind::Rows(table) => self.table(table),
            kind => {
                self.unfit(|mark| !matches!(mark, Mark::Question(_)));
                let value = self.read(line, column::ANSWER, kind)?;
                return Some((Said::Value(value), self.name(line, column::ANSWER)));
            }
        };
        if self.is_filled(line, column::ANSWER) {
            let cell = self.name(line, column::ANSWER);
            self.error(
                &cell,
                "no answer is read here",
                "answer in the rows below it",
            );
        }
        found
    }

    /// Tells of rows that do not fit the question.
    fn unfit(&mut self, wrong: impl Fn(&Mark) -> bool) {
        for line in self.lines(wrong) {
            let filled = (1..column::COUNT).find(|key| self.is_filled(line, *key));
            if let Some(key) = filled.filter(|_| !matches!(line.mark, Mark::Heads(..))) {
                let cell = self.name(line, key);
                self.error(&cell, OTHERWISE, ANEW);
            }
        }
    }

    /// Reads the options of which several may apply, yes or no each.
    fn several(&mut self, options: &[Choice]) -> Option<(Said, String)> {
        self.unfit(|mark| !matches!(mark, Mark::Question(_) | Mark::Choice(..)));
        let ids: BTreeSet<&str> = (self.group.lines.iter())
            .filter_map(|line| match &line.mark {
                Mark::Choice(_, option) => Some(option.as_str()),
                _ => None,
            })
            .collect();
        let mut ticked: BTreeSet<OptionId> = BTreeSet::new();
        let (mut first, mut empty) = (None, None);
        for id in ids {
            let is_it = |mark: &Mark| matches!(mark, Mark::Choice(_, option) if option == id);
            let Some(line) = self.only(is_it) else {
                continue;
            };
            let cell = self.name(line, column::ANSWER);
            let Some(value) = self.read(line, column::ANSWER, &Kind::Bool) else {
                empty.get_or_insert(cell);
                continue;
            };
            first.get_or_insert_with(|| cell.clone());
            let now = self.option(id);
            let option = options
                .iter()
                .find(|option| Some(&option.id) == now.as_ref());
            match (value, option) {
                (Value::Bool(true), Some(option)) => {
                    ticked.insert(option.id.clone());
                }
                (Value::Bool(true), None) => {
                    self.error(&cell, "this option is not asked for any more", ANEW)
                }
                _ => {}
            }
        }
        let first = first?;
        // Whoever says yes to some says no to the others; whoever says only no may have stopped half way.
        if let Some(empty) = empty.filter(|_| ticked.is_empty() && !self.problems.any_error()) {
            self.error(
                &empty,
                "neither yes nor no is said here, and nowhere else yes",
                "say yes at what applies, or no at each",
            );
            return None;
        }
        Some((Said::Value(Value::Multi(ticked)), first))
    }

    /// Reads how many are protected, of how many.
    fn counted(&mut self, question: &Question) -> Option<(Said, String)> {
        self.unfit(|mark| {
            !matches!(
                mark,
                Mark::Question(_) | Mark::Protected(_) | Mark::Target(_)
            )
        });
        let part = self.only(|mark| matches!(mark, Mark::Protected(_)));
        let whole = self.only(|mark| matches!(mark, Mark::Target(_)));
        let (Some(part), Some(whole)) = (part, whole) else {
            return None;
        };
        let is_said = |taking: &Self, line| taking.is_filled(line, column::ANSWER);
        if !is_said(self, part) && !is_said(self, whole) {
            return None;
        }
        let protected = self.count(part);
        let proposed = (!is_said(self, whole)).then(|| {
            let place = self.evaluation.questionnaire().question(&question.id)?;
            intake::proposed_target(self.evaluation, place)
        });
        let target = match proposed.flatten() {
            Some(target) => Some(target),
            None => self.count(whole),
        };
        let value = Value::Coverage {
            protected: protected?,
            target: target?,
        };
        Some((Said::Value(value), self.name(part, column::ANSWER)))
    }

    fn count(&mut self, line: &Line) -> Option<u64> {
        let cell = self.name(line, column::ANSWER);
        if !self.is_filled(line, column::ANSWER) {
            self.error(
                &cell,
                "the number is missing",
                "write both numbers, or none",
            );
            return None;
        }
        match self.read(line, column::ANSWER, &Kind::Int(Default::default()))? {
            Value::Int(number) => {
                let count = u64::try_from(number).ok();
                if count.is_none() {
                    self.error(
                        &cell,
                        "less than none is not possible",
                        "write how many, at least 0",
                    );
                }
                count
            }
            _ => None,
        }
    }

    /// Reads a table. A row with nothing in it is none.
    fn table(&mut self, table: &Table) -> Option<(Said, String)> {
        let is_table = |mark: &Mark| {
            matches!(
                mark,
                Mark::Question(_) | Mark::Heads(..) | Mark::Row(_) | Mark::Fixed(..)
            )
        };
        self.unfit(|mark| !is_table(mark));
        let heads = self.lines(|mark| matches!(mark, Mark::Heads(..)));
        let Some(Mark::Heads(_, ids)) = heads.first().map(|line| &line.mark) else {
            return None;
        };
        let mut rows = Vec::new();
        let mut first = None;
        let mut seen: BTreeMap<&str, String> = BTreeMap::new();
        for line in self.lines(|mark| matches!(mark, Mark::Row(_) | Mark::Fixed(..))) {
            // What a fixed row is stands in its first column.
            let begin = usize::from(matches!(line.mark, Mark::Fixed(..)));
            let Some(key) = (begin..begin + ids.len()).find(|key| self.is_filled(line, *key))
            else {
                continue;
            };
            let name = self.name(line, key);
            first.get_or_insert_with(|| name.clone());
            if let Mark::Fixed(_, row) = &line.mark
                && let Some(before) = seen.insert(row, name.clone())
            {
                let message = format!("the same row stands in `{before}`, and both are filled in");
                self.error(&name, &message, "keep one of them");
            }
            let row = self.row(table, line, ids, begin, rows.len());
            self.cells.rows.push(name);
            rows.push(row);
        }
        Some((Said::Value(Value::Rows(rows)), first?))
    }

    fn row(
        &mut self,
        table: &Table,
        line: &Line,
        ids: &[String],
        begin: usize,
        place: usize,
    ) -> Row {
        let mut row = Row::new();
        if let Mark::Fixed(_, id) = &line.mark
            && let Ok(column) = FIXED_ROW.parse::<ColumnId>()
        {
            row.insert(column, Value::Text(self.fixed_row(id)));
        }
        for (key, id) in (begin..).zip(ids) {
            if !self.is_filled(line, key) {
                continue;
            }
            let cell = self.name(line, key);
            self.cells.table.insert((place, id.clone()), cell.clone());
            let Some(column) = table.columns.iter().find(|column| column.id.as_str() == id) else {
                self.error(&cell, "this column is not asked for any more", ANEW);
                continue;
            };
            if let Some(value) = self.read(line, key, &column.kind) {
                row.insert(column.id.clone(), value);
            }
        }
        row
    }

    /// Reads what is said in place of an answer.
    fn instead(&mut self, question: &Question, line: &Line) -> Option<(Said, String)> {
        let said = self.text(line, column::INSTEAD)?;
        let cell = self.name(line, column::INSTEAD);
        let offered = choice::other_words(self.evaluation, question);
        let found = offered
            .iter()
            .find(|(label, _)| folded(label) == folded(&said));
        if let Some((_, said)) = found {
            return Some((said.clone(), cell));
        }
        let labels: Vec<String> = offered
            .iter()
            .map(|(label, _)| format!("“{label}”"))
            .collect();
        self.error(
            &cell,
            &format!("`{}` cannot be said in place of an answer", shown(&said)),
            &format!("choose from the list: {}", labels.join(", ")),
        );
        None
    }

    // ── what stands beside it ──

    /// Returns the text of a cell, where there is any; formulas are refused.
    fn text(&mut self, line: &Line, key: usize) -> Option<String> {
        let (_, cell) = self.at(line, key)?;
        if let Err(fault) = value::hold_plain(cell) {
            self.fault(line, key, &fault);
            return None;
        }
        let text = value::text(self.book, cell);
        (!text.is_empty()).then_some(text)
    }

    fn basis(&mut self, line: &Line) -> Option<Basis> {
        let Some(said) = self.text(line, column::HOW) else {
            return Some(Basis::Interview);
        };
        let ways = choice::ways();
        let way = ways.iter().find(|(label, basis)| {
            [label, basis.code(), basis.words()]
                .iter()
                .any(|known| folded(known) == folded(&said))
        });
        if way.is_none() {
            let labels: Vec<String> = ways.iter().map(|(label, _)| format!("“{label}”")).collect();
            let cell = self.name(line, column::HOW);
            let message = format!("`{}` is no way to know", shown(&said));
            self.error(
                &cell,
                &message,
                &format!("choose from the list: {}", labels.join(", ")),
            );
        }
        way.map(|(_, basis)| *basis)
    }

    /// Returns the day on which the answer was true: its own, that of the sheet, or the day on which the workbook was made.
    fn day(&mut self, line: &Line) -> Option<Day> {
        let page = &self.group.pages[line.page];
        let own = self
            .is_filled(line, column::ON)
            .then_some((line.row, column::ON));
        let of_page = page.day.map(|row| (row, column::ANSWER));
        let of_page = of_page.filter(|(row, key)| page.cell(*row, *key).is_some());
        self.cells.remark = self.name(line, column::REMARK);
        self.cells.day = self.name(line, column::ON);
        let Some((row, key)) = own.or(of_page) else {
            return Some(self.head.day);
        };
        let (at, cell) = page.cell(row, key)?;
        self.cells.day = page.name(at);
        match value::day(self.book, cell) {
            Ok((day, _)) => Some(day),
            Err(fault) => {
                let cell = page.name(at);
                let told = self
                    .problems
                    .0
                    .iter()
                    .any(|one| one.message.contains(&cell));
                if !told {
                    self.error(&cell, &fault.message, &fault.help);
                }
                None
            }
        }
    }

    /// Returns who answered: of this question, or of the sheet.
    fn by(&mut self, line: &Line) -> Option<String> {
        self.cells.by = self.name(line, column::BY);
        if let Some(by) = self.text(line, column::BY) {
            return Some(by);
        }
        let page = &self.group.pages[line.page];
        let (at, cell) = page.cell(page.who?, column::ANSWER)?;
        let text = value::text(self.book, cell);
        if text.is_empty() || cell.is_formula {
            return None;
        }
        self.cells.by = page.name(at);
        Some(text)
    }

    /// Returns whether the question was asked in other words than now.
    fn is_reworded(&self, question: &Question, line: &Line) -> bool {
        let asked = self.at(line, column::QUESTION);
        let asked = asked.map_or_else(String::new, |(_, cell)| value::text(self.book, cell));
        let now = squeezed(&self.evaluation.text(&question.text));
        let is_reviewed = (self.id.parse().ok()).is_some_and(|id| self.passage.reviews(&id));
        is_reviewed || !squeezed(&asked).starts_with(&now)
    }

    // ── what is called otherwise by now ──

    /// Returns what an option of the question is called now.
    fn option(&self, id: &str) -> Option<OptionId> {
        let question = self.id.parse::<QuestionId>().ok()?;
        let option = id.parse::<OptionId>().ok()?;
        Some(self.passage.option(&question, None, &option))
    }

    /// Returns what a fixed row of the question is called now.
    fn fixed_row(&self, id: &str) -> String {
        match self.id.parse::<QuestionId>() {
            Ok(question) => self.passage.row(&question, None, id),
            Err(_) => id.to_owned(),
        }
    }
}

/// Returns the way from the version that a workbook was made under to the one of now.
fn passage<'a>(head: &Head, evaluation: &'a Evaluation) -> Passage<'a> {
    let questionnaire = evaluation.questionnaire();
    match head.version.parse::<Version>() {
        Ok(old) => Passage::through(&questionnaire.migrations, old, questionnaire.version),
        Err(_) => Passage::default(),
    }
}
