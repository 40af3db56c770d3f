//! Rows as a table: shown below a question, or being edited.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::cli::assess::lines::fit;
use crate::cli::assess::page::Page;
use crate::cli::assess::scene::Scene;
use crate::cli::assess::table::Grid;
use crate::cli::assess::theme::Theme;
use crate::domain::answer::FIXED_ROW;
use crate::domain::intake;
use crate::domain::questionnaire::{Column, Kind, Table};
use crate::markdown::{inert, inert_line};

/// How many rows are shown below a question.
const SHOWN: usize = 8;

/// Returns rows being edited.
pub(crate) fn table(grid: &Grid, scene: &Scene<'_>, theme: Theme, width: usize) -> Page {
    let mut page = Page::default();
    let Kind::Rows(table) = &scene.question(grid.place).kind else {
        return page;
    };
    page.text(&scene.question_text(grid.place), width, theme.strong());
    let column = &table.columns[grid.column];
    let text = inert_line(scene.assessment.evaluation.text(&column.text));
    page.text(
        &format!("{text}: {}", cell_help(scene, column)),
        width,
        theme.faint(),
    );
    page.gap();
    let layout = GridLayout::of(grid, scene, table, width, Some(grid.column));
    page.push(Span::styled(layout.head(scene, table), theme.faint()));
    for row in 0..grid.rows.len() {
        if row != grid.row {
            page.push(layout.row_text(grid, scene, table, row));
            continue;
        }
        page.focus = Some((page.lines.len(), page.lines.len()));
        page.push(layout.cursor_row(grid, scene, table, theme));
    }
    if let Some(editor) = &grid.editor {
        let laid = editor.layout(width.saturating_sub(2));
        page.gap();
        let top = page.lines.len();
        for line in laid.lines {
            page.push(format!("│ {line}"));
        }
        page.cursor = Some((top + laid.line, laid.column + 2));
        page.focus = Some((top, page.lines.len() - 1));
    }
    if let Some(fault) = &grid.fault {
        page.text(&inert(fault), width, theme.bad());
        let last = page.lines.len() - 1;
        page.focus = Some((last, last));
    }
    page
}

/// Returns what a cell of a column takes.
fn cell_help(scene: &Scene<'_>, column: &Column) -> String {
    let evaluation = &scene.assessment.evaluation;
    match &column.kind {
        Kind::Bool => "1 yes, 2 no".into(),
        kind @ (Kind::Choice(options) | Kind::Multi(options)) => {
            let offered = intake::offered(evaluation, kind);
            let told = offered.iter().enumerate().map(|(at, place)| {
                format!(
                    "{} {}",
                    at + 1,
                    inert_line(evaluation.text(&options[*place].text))
                )
            });
            told.collect::<Vec<_>>().join(", ")
        }
        kind => intake::wanted(kind).into(),
    }
}

/// How wide the columns of a table are, and which of them are seen.
struct GridLayout {
    title: usize,
    widths: Vec<usize>,
    seen: std::ops::Range<usize>,
}

impl GridLayout {
    fn of(
        grid: &Grid,
        scene: &Scene<'_>,
        table: &Table,
        width: usize,
        cursor: Option<usize>,
    ) -> Self {
        let rows = grid.rows.len().min(200);
        let widest = |column: usize| {
            let cells = (0..rows).map(|row| inert_line(grid.words(table, row, column)).width());
            let head = column_title(scene, table, column).width();
            cells.chain([head]).max().unwrap_or(0).clamp(4, 24)
        };
        let titles = table
            .fixed
            .iter()
            .map(|row| fixed_title(scene, table, row.id.as_str()).width());
        let title = titles.max().map_or(0, |widest| widest.min(24) + 2);
        let widths: Vec<usize> = (0..table.columns.len()).map(widest).collect();
        let fits = |from: usize| {
            let mut used = title;
            let taken = widths[from..].iter().take_while(|wide| {
                used += **wide + 2;
                used <= width + 2
            });
            from + taken.count().max(1)
        };
        let wanted = cursor.unwrap_or(0);
        let from = (0..=wanted)
            .find(|from| fits(*from) > wanted)
            .unwrap_or(wanted);
        let seen = from..fits(from).min(widths.len());
        Self {
            title,
            widths,
            seen,
        }
    }

    fn head(&self, scene: &Scene<'_>, table: &Table) -> String {
        let cells = self
            .seen
            .clone()
            .map(|at| fit(&column_title(scene, table, at), self.widths[at]));
        " ".repeat(self.title) + &cells.collect::<Vec<_>>().join("  ")
    }

    fn row_title(&self, grid: &Grid, scene: &Scene<'_>, table: &Table, row: usize) -> String {
        if self.title == 0 {
            return String::new();
        }
        let id = grid.rows[row].get(FIXED_ROW);
        let id = id.map_or_else(String::new, ToString::to_string);
        fit(&fixed_title(scene, table, &id), self.title)
    }

    fn row_text(&self, grid: &Grid, scene: &Scene<'_>, table: &Table, row: usize) -> String {
        let cells = self.seen.clone().map(|at| self.cell(grid, table, row, at));
        self.row_title(grid, scene, table, row) + &cells.collect::<Vec<_>>().join("  ")
    }

    fn cell(&self, grid: &Grid, table: &Table, row: usize, column: usize) -> String {
        let words = inert_line(grid.words(table, row, column));
        let words = if words.is_empty() {
            "·".to_owned()
        } else {
            words
        };
        fit(&words, self.widths[column])
    }

    fn cursor_row(
        &self,
        grid: &Grid,
        scene: &Scene<'_>,
        table: &Table,
        theme: Theme,
    ) -> Line<'static> {
        let mut spans = vec![Span::raw(self.row_title(grid, scene, table, grid.row))];
        for at in self.seen.clone() {
            let style = if at == grid.column {
                theme.cursor()
            } else {
                theme.strong()
            };
            spans.push(Span::styled(self.cell(grid, table, grid.row, at), style));
            spans.push(Span::raw("  "));
        }
        spans.into()
    }
}

fn column_title(scene: &Scene<'_>, table: &Table, column: usize) -> String {
    inert_line(
        scene
            .assessment
            .evaluation
            .text(&table.columns[column].text),
    )
}

fn fixed_title(scene: &Scene<'_>, table: &Table, id: &str) -> String {
    let row = table.fixed.iter().find(|row| row.id.as_str() == id);
    row.map_or_else(
        || inert_line(id),
        |row| inert_line(scene.assessment.evaluation.text(&row.text)),
    )
}

/// Adds the rows of the answer that stands.
pub(crate) fn rows(
    page: &mut Page,
    scene: &Scene<'_>,
    place: usize,
    table: &Table,
    theme: Theme,
    width: usize,
) {
    let grid = Grid::new(&scene.assessment.evaluation, place, table);
    let layout = GridLayout::of(&grid, scene, table, width, None);
    page.push(Span::styled(layout.head(scene, table), theme.faint()));
    for row in 0..grid.rows.len().min(SHOWN) {
        page.push(layout.row_text(&grid, scene, table, row));
    }
    if grid.rows.len() > SHOWN {
        page.push(Span::styled("… [e] shows all of it", theme.faint()));
    }
}
