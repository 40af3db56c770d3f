//! Tables that keep within the width of the screen: cells that would not fit go on below.

use unicode_width::UnicodeWidthStr;

use crate::cli::assess::lines;
use crate::cli::ui;
use crate::cli::ui::Tone;

/// What stands between two columns.
const GAP: usize = 2;

/// The least that a column shrinks to.
const LEAST: usize = 8;

/// Prints rows in columns that are `width` wide together, whatever stands in them; on a screen too narrow for that, a cell a line.
/// Cells are inert.
pub(crate) fn print(heads: &[&str], rows: &[Vec<String>], width: usize) {
    let Some(widths) = widths(heads, rows, width) else {
        return print_list(heads, rows, width);
    };
    let heads: Vec<String> = heads.iter().map(|&head| head.to_owned()).collect();
    for line in filled(&heads, &widths) {
        ui::line(&ui::tone_raw(Tone::Faint, &line));
    }
    for row in rows {
        for line in filled(row, &widths) {
            ui::line(&line);
        }
    }
}

/// Returns how wide each column is: as wide as it needs, the widest made narrower until all fit; nothing where they cannot.
fn widths(heads: &[&str], rows: &[Vec<String>], width: usize) -> Option<Vec<usize>> {
    let mut widths: Vec<usize> = heads.iter().map(|head| head.width()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let room = width.saturating_sub(GAP * heads.len().saturating_sub(1));
    loop {
        let needed: usize = widths.iter().sum();
        let Some(over) = needed.checked_sub(room).filter(|over| *over > 0) else {
            return Some(widths);
        };
        let widest = *widths.iter().max()?;
        let next = widths.iter().filter(|one| **one < widest).max();
        let many = widths.iter().filter(|one| **one == widest).count();
        let least = next.copied().unwrap_or(0).max(LEAST);
        let less = over.div_ceil(many).min(widest.saturating_sub(least));
        // What is as narrow as it may be stays so.
        if less == 0 && widest <= LEAST {
            return None;
        }
        let less = less.max(1);
        let shrinking = widths.iter_mut().filter(|one| **one == widest);
        for one in shrinking {
            *one -= less;
        }
    }
}

/// Returns the lines of a row.
fn filled(row: &[String], widths: &[usize]) -> Vec<String> {
    let cells: Vec<Vec<String>> = { row.iter().zip(widths) }
        .map(|(cell, width)| lines::wrap(cell, *width))
        .collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |at: usize| {
        let parts: Vec<String> = { cells.iter().zip(widths) }
            .map(|(cell, width)| lines::fit(cell.get(at).map_or("", String::as_str), *width))
            .collect();
        parts.join(&" ".repeat(GAP)).trim_end().to_owned()
    };
    (0..height).map(line).collect()
}

/// Prints a cell a line, under the head of its column.
fn print_list(heads: &[&str], rows: &[Vec<String>], width: usize) {
    for row in rows {
        for (place, (head, cell)) in heads.iter().zip(row).enumerate() {
            let first = if place == 0 { "- " } else { "  " };
            lines::print(width, None, 4, first, &format!("{head}: {cell}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(cells: &[&str]) -> Vec<Vec<String>> {
        vec![cells.iter().map(|&cell| cell.to_owned()).collect()]
    }

    #[test]
    fn the_widest_columns_give_way_until_all_fit() {
        let long = "word ".repeat(20);
        let rows = rows(&["2 Sep 2026", &long, "open", &long]);
        let heads = ["Day", "What", "State", "Why"];
        for width in [48, 60, 80, 120] {
            let widths = widths(&heads, &rows, width).unwrap();
            assert!(
                widths.iter().sum::<usize>() + 3 * GAP <= width,
                "{widths:?}"
            );
            assert_eq!((widths[0], widths[2]), (10, 5), "{widths:?}");
            let told = filled(&rows[0], &widths).join(" ");
            assert_eq!(told.matches("word").count(), 40);
        }
    }

    #[test]
    fn where_columns_cannot_fit_there_is_no_table() {
        let heads = ["One", "Two", "Three", "Four", "Five", "Six"];
        assert_eq!(widths(&heads, &rows(&["word word word"; 6]), 40), None);
        assert_eq!(widths(&[], &[], 0), Some(Vec::new()));
    }
}
