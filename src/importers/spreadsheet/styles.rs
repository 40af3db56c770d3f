//! Styles, as far as they say whether a number is shown as a day or a percentage.

use std::collections::BTreeMap;

use crate::importers::spreadsheet::package::Package;
use crate::importers::spreadsheet::xml::{Step, Xml};
use crate::importers::spreadsheet::{Shape, too_much};
use crate::problem::Problem;

/// The most formats of cells, which is what spreadsheets themselves allow.
const MAX_FORMATS: usize = 65_536;

/// Returns the shape of each format of cells, in order.
pub(super) fn shapes(package: &mut Package<'_>) -> Result<Vec<Shape>, Problem> {
    let Some(part) = package.part("xl/styles.xml")? else {
        return Ok(Vec::new());
    };
    let mut codes: BTreeMap<u32, Shape> = BTreeMap::new();
    let mut formats = Vec::new();
    let mut in_cells = false;
    let mut xml = Xml::new(&part);
    while let Some(step) = xml.step()? {
        match step {
            Step::Start(element) => match element.name() {
                "cellXfs" => in_cells = true,
                "numFmt" => {
                    let id = number(element.attribute("numFmtId"));
                    let code = element.attribute("formatCode").unwrap_or_default();
                    codes.insert(id, of_code(&code));
                }
                "xf" if in_cells => formats.push(number(element.attribute("numFmtId"))),
                _ => {}
            },
            Step::End(name) if name == "cellXfs" => in_cells = false,
            Step::End(_) | Step::Text(_) => {}
        }
        if codes.len() > MAX_FORMATS || formats.len() > MAX_FORMATS {
            return Err(too_much(format!("it has more than {MAX_FORMATS} formats")));
        }
    }
    let shape = |id: u32| codes.get(&id).copied().unwrap_or_else(|| built_in(id));
    Ok(formats.into_iter().map(shape).collect())
}

fn number(attribute: Option<String>) -> u32 {
    attribute
        .and_then(|text| text.parse().ok())
        .unwrap_or_default()
}

/// Returns the shape of a format that every spreadsheet has (ECMA-376, part 1, 18.8.30).
fn built_in(id: u32) -> Shape {
    match id {
        9 | 10 => Shape::Percent,
        14..=22 | 27..=36 | 45..=47 | 50..=58 => Shape::Day,
        _ => Shape::Plain,
    }
}

/// Returns the shape of a format by its code, such as `yyyy-mm-dd` or `0.0%`.
fn of_code(code: &str) -> Shape {
    let mut letters = code.chars();
    let mut plain = String::new();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => while letters.next().is_some_and(|letter| letter != '"') {},
            '[' => while letters.next().is_some_and(|letter| letter != ']') {},
            '\\' | '_' | '*' => {
                letters.next();
            }
            ';' => break,
            _ => plain.push(letter.to_ascii_lowercase()),
        }
    }
    if plain.contains('%') {
        Shape::Percent
    } else if plain != "general" && plain.contains(['y', 'm', 'd', 'h', 's']) {
        Shape::Day
    } else {
        Shape::Plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_number_is_shown_as_is_told_by_its_code() {
        for day in ["yyyy-mm-dd", "DD.MM.YYYY", "[$-407]d. mmmm yyyy;@", "h:mm"] {
            assert_eq!(of_code(day), Shape::Day, "{day}");
        }
        for plain in [
            "General",
            "0.00",
            "#,##0",
            "0 \"days\"",
            "@",
            "[Red]0",
            "\\d0",
        ] {
            assert_eq!(of_code(plain), Shape::Plain, "{plain}");
        }
        assert_eq!(of_code("0.0%"), Shape::Percent);
    }
}
