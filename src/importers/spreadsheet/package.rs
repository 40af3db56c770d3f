//! The package: a zip file whose parts are XML.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::importers::spreadsheet::{MAX_FILE, MAX_PARTS, MAX_UNPACKED, broken, too_much};
use crate::problem::Problem;

/// How files begin that old or locked workbooks are.
const COMPOUND: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// How a zip file begins.
pub(super) const ZIP: [u8; 4] = *b"PK\x03\x04";

/// An opened package.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// The place of each part by its name in small letters.
    parts: BTreeMap<String, usize>,
    /// How many bytes may still be unpacked.
    left: u64,
}

impl<'a> Package<'a> {
    /// Opens a package, and refuses one that says itself that it is too large.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Problem> {
        hold_form(bytes)?;
        let archive =
            ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken("it is cut off or changed"))?;
        if archive.len() > MAX_PARTS {
            return Err(too_much(format!(
                "it has {} parts, and {MAX_PARTS} are read",
                archive.len()
            )));
        }
        let mut package = Self {
            archive,
            parts: BTreeMap::new(),
            left: MAX_UNPACKED,
        };
        package.list()?;
        package.hold_kind()?;
        Ok(package)
    }

    /// Lists the parts without unpacking any.
    fn list(&mut self) -> Result<(), Problem> {
        let mut claimed = 0_u64;
        for place in 0..self.archive.len() {
            let part = self.archive.by_index_raw(place);
            let part = part.map_err(|_| broken("one of its parts cannot be found"))?;
            if part.encrypted() {
                return Err(locked());
            }
            claimed = claimed.saturating_add(part.size());
            let name = part
                .name()
                .map_err(|_| broken("one of its parts has no name"))?;
            let name = name.trim_start_matches('/').to_ascii_lowercase();
            if self.parts.insert(name, place).is_some() {
                return Err(broken("two of its parts have the same name"));
            }
        }
        if claimed > MAX_UNPACKED {
            return Err(unpacks(format_args!("{claimed} bytes")));
        }
        Ok(())
    }

    /// Refuses what is packed in the same way and is no workbook that is read.
    fn hold_kind(&self) -> Result<(), Problem> {
        let has = |name: &str| self.parts.contains_key(name);
        if has("xl/workbook.xml") {
            return Ok(());
        }
        let problem = |message: &str| Problem::error(message);
        Err(if has("xl/workbook.bin") {
            problem("this is a binary workbook (.xlsb)").help("save it as an Excel workbook, .xlsx")
        } else if has("content.xml") && has("mimetype") {
            problem("this is an OpenDocument file").help("save it as an Excel workbook, .xlsx")
        } else {
            problem("this is a zip file and no workbook")
                .help("unpack it, and give the .xlsx in it")
        })
    }

    /// Unpacks a part, counting what comes; nothing where there is no such part.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<String>, Problem> {
        let Some(place) = self.parts.get(&name.to_ascii_lowercase()) else {
            return Ok(None);
        };
        let part = self.archive.by_index(*place);
        let part =
            part.map_err(|_| broken(format_args!("the part `{}` cannot be read", short(name))))?;
        let mut bytes = Vec::new();
        let read = part.take(self.left + 1).read_to_end(&mut bytes);
        // What a part claims is not believed: what comes counts.
        if bytes.len() as u64 > self.left {
            return Err(unpacks(format_args!("more than {MAX_UNPACKED} bytes")));
        }
        self.left -= bytes.len() as u64;
        read.map_err(|_| {
            broken(format_args!(
                "the part `{}` is cut off or changed",
                short(name)
            ))
        })?;
        let text = String::from_utf8(bytes);
        text.map(Some)
            .map_err(|_| broken(format_args!("the part `{}` is not UTF-8", short(name))))
    }
}

/// Refuses what is no zip file, in the words of what it is.
fn hold_form(bytes: &[u8]) -> Result<(), Problem> {
    if bytes.len() > MAX_FILE {
        return Err(too_much(format!(
            "it has {} bytes, and {MAX_FILE} are read",
            bytes.len()
        )));
    }
    if bytes.starts_with(&COMPOUND) {
        return Err(locked());
    }
    if !bytes.starts_with(&ZIP) {
        return Err(Problem::error("this is no workbook").help(
            "give the .xlsx that `readiness prepare CUSTOMER --format xlsx` made, filled in",
        ));
    }
    Ok(())
}

fn locked() -> Problem {
    Problem::error("the workbook is protected with a password, or of Excel 97–2003")
        .help("open it, take the password away, and save it as an Excel workbook, .xlsx")
}

fn unpacks(what: std::fmt::Arguments<'_>) -> Problem {
    too_much(format!("it unpacks to {what}, and {MAX_UNPACKED} are read"))
}

fn short(name: &str) -> String {
    name.chars().take(60).collect()
}
