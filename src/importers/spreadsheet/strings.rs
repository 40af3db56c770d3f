//! The table of texts that cells share.

use std::sync::Arc;

use crate::importers::spreadsheet::package::Package;
use crate::importers::spreadsheet::xml::{Step, Xml};
use crate::importers::spreadsheet::{MAX_CELLS, MAX_LETTERS, too_much};
use crate::problem::Problem;

/// Returns the shared texts in order.
pub(super) fn shared(package: &mut Package<'_>) -> Result<Vec<Arc<str>>, Problem> {
    let mut strings = Vec::new();
    let Some(part) = package.part("xl/sharedStrings.xml")? else {
        return Ok(strings);
    };
    let mut xml = Xml::new(&part);
    while let Some(step) = xml.step()? {
        let Step::Start(element) = step else { continue };
        if element.name() == "si" {
            strings.push(text(&mut xml, "si")?);
            if strings.len() > MAX_CELLS {
                return Err(too_much(format!("it has more than {MAX_CELLS} texts")));
            }
        }
    }
    Ok(strings)
}

/// Returns the text of an element that has just begun: of `<t>` in it, in as many pieces as they have formats.
pub(super) fn text(xml: &mut Xml<'_>, name: &str) -> Result<Arc<str>, Problem> {
    // A letter takes up to four bytes, or seven as `_x000D_`.
    let text = xml.text_of(name, MAX_LETTERS * 7, |name| name == "t")?;
    let text = unescaped(&text);
    if text.chars().count() > MAX_LETTERS {
        return Err(too_much(format!(
            "a cell holds more than {MAX_LETTERS} letters"
        )));
    }
    Ok(text.into())
}

/// Returns a text with `_x000D_` and the like as the letters that they stand for.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        plain += &rest[..at];
        rest = &rest[at..];
        let letter = (rest.get(2..6).zip(rest.get(6..7)))
            .filter(|(digits, end)| *end == "_" && digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|(digits, _)| char::from_u32(u32::from_str_radix(digits, 16).ok()?));
        match letter {
            Some(letter) => {
                plain.push(letter);
                rest = &rest[7..];
            }
            None => {
                plain += "_x";
                rest = &rest[2..];
            }
        }
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_xml_cannot_hold_come_back() {
        assert_eq!(unescaped("a_x000D_b"), "a\rb");
        assert_eq!(unescaped("_x005F_x000D_"), "_x000D_");
        for plain in ["_x", "_x12", "_x00ZZ_", "a_xé_b", "_xD800_", "_x_x_"] {
            assert_eq!(unescaped(plain), plain);
        }
    }
}
