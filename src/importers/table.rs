//! CSV as other tools write it: any of three separators, quoted or not, with columns known by several names.

use csv::{ReaderBuilder, StringRecord};

use crate::importers::json;
use crate::importers::text;
use crate::problem::{Problem, Problems};

/// The most rows of a table that are read.
pub(super) const MAX_ROWS: u64 = 1_000_000;

/// The most columns of a table.
const MAX_COLUMNS: usize = 500;

/// The longest line of names, in bytes.
const MAX_HEAD: usize = 64 * 1024;

/// The longest row, in bytes.
const MAX_ROW: usize = 16 * 1024 * 1024;

/// A table that is read row by row.
pub(super) struct Table<'t> {
    body: &'t str,
    separator: u8,
    reader: csv::Reader<&'t [u8]>,
    /// How many lines of the file come before `body`.
    skipped: u64,
    columns: Vec<Column>,
    record: StringRecord,
}

/// A column as it is called in the file, and as it is compared.
struct Column {
    written: String,
    key: String,
}

/// A column's place, or none where the table lacks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place(Option<usize>);

impl Place {
    /// Returns whether the table has the column.
    pub(super) fn is_there(self) -> bool {
        self.0.is_some()
    }
}

/// One row of a table.
pub(super) struct Row<'r> {
    record: &'r StringRecord,
    /// The line of the file that the row begins on, counted from 1.
    pub(super) line: u64,
}

impl<'r> Row<'r> {
    /// Returns a value without blanks around it; empty where the column or the value is missing.
    pub(super) fn get(&self, place: Place) -> &'r str {
        place
            .0
            .and_then(|place| self.record.get(place))
            .unwrap_or_default()
            .trim()
    }

    /// Returns a value that is there and not blank.
    pub(super) fn some(&self, place: Place) -> Option<&'r str> {
        Some(self.get(place)).filter(|value| !value.is_empty())
    }
}

/// Returns `name` as columns are compared: in lower case, letters and digits only.
pub(super) fn key(name: &str) -> String {
    name.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .take(100)
        .collect()
}

/// Returns the names of the columns of `text`, as they are compared; empty where it begins with no table.
pub(super) fn columns(text: &str) -> Vec<String> {
    Table::open(text).map_or_else(
        |_| Vec::new(),
        |table| table.columns.into_iter().map(|column| column.key).collect(),
    )
}

impl<'t> Table<'t> {
    /// Reads the names of the columns.
    ///
    /// # Errors
    /// Where there is no such line.
    pub(super) fn open(text: &'t str) -> Result<Self, Problems> {
        let (body, skipped) = body(text);
        let head = body.lines().next().unwrap_or_default();
        if head.len() > MAX_HEAD || head.matches('"').count() % 2 == 1 {
            return Err(no_table().into());
        }
        let separator = separator(head);
        let mut reader = ReaderBuilder::new()
            .delimiter(separator)
            .flexible(true)
            .from_reader(body.as_bytes());
        let headers = reader.headers().map_err(|_| no_table())?;
        if headers.len() > MAX_COLUMNS {
            return Err(Problem::error(format!(
                "line {}: a table of {} columns; at most {MAX_COLUMNS} are read",
                skipped + 1,
                headers.len()
            ))
            .into());
        }
        let columns: Vec<Column> = headers
            .iter()
            .map(|written| Column {
                written: text::name(written),
                key: key(written),
            })
            .collect();
        if columns.len() < 2 {
            return Err(no_table().into());
        }
        Ok(Self {
            body,
            separator,
            reader,
            skipped,
            columns,
            record: StringRecord::new(),
        })
    }

    /// Returns the column that goes by one of `names`, the first of them that is there.
    pub(super) fn column(&self, names: &[&str]) -> Place {
        let find = |name: &&str| self.columns.iter().position(|column| column.key == **name);
        Place(names.iter().find_map(find))
    }

    /// Returns the first column whose name holds one of `parts`.
    pub(super) fn column_with(&self, parts: &[&str]) -> Place {
        let holds = |column: &Column| parts.iter().any(|part| column.key.contains(part));
        Place(self.columns.iter().position(holds))
    }

    /// Returns the columns, as written, that none of `places` is.
    pub(super) fn others(&self, places: &[Place]) -> Vec<&str> {
        let known = |at: usize| places.contains(&Place(Some(at)));
        let columns = self.columns.iter().enumerate();
        columns
            .filter(|(at, _)| !known(*at))
            .map(|(_, column)| &*column.written)
            .collect()
    }

    /// Reads the next row; `None` after the last.
    ///
    /// # Errors
    /// Where a row has more or fewer values than there are columns, a quote stays open, or there are more than [`MAX_ROWS`].
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>, Problem> {
        let before = self.line();
        let start = Self::offset(self.reader.position()).min(self.body.len());
        if !fits(&self.body.as_bytes()[start..], self.separator) {
            let problem = format!(
                "line {before} or the next: a row of more than {MAX_COLUMNS} values or 16 MiB"
            );
            return Err(Problem::error(problem).help("export the file anew"));
        }
        match self.reader.read_record(&mut self.record) {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(_) => {
                let problem = format!("line {before}: this row cannot be read");
                return Err(Problem::error(problem));
            }
        }
        let line = self.line();
        if self.reader.position().record() > MAX_ROWS {
            let problem = Problem::error(format!("line {line}: more than {MAX_ROWS} rows"));
            return Err(problem.help("export fewer devices at a time"));
        }
        if self.record.len() != self.columns.len() {
            return Err(self.uneven(line));
        }
        let is_last = Self::offset(self.reader.position()) >= self.body.len();
        if is_last && self.is_open() {
            return Err(open_quote(line));
        }
        let record = &self.record;
        Ok(Some(Row { record, line }))
    }

    /// Returns the line that the row in hand begins on; the reader counts the empty lines before it, and a line feed after CR, to
    /// the row.
    fn line(&self) -> u64 {
        let Some(position) = self.record.position() else {
            return self.skipped + 1;
        };
        let rest = &self.body.as_bytes()[Self::offset(position).min(self.body.len())..];
        let breaks = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let empty = breaks.filter(|byte| **byte == b'\n').count() as u64;
        self.skipped + position.line() + empty
    }

    fn offset(position: &csv::Position) -> usize {
        usize::try_from(position.byte()).unwrap_or(usize::MAX)
    }

    /// Returns whether the row in hand opens a quote that it does not close.
    fn is_open(&self) -> bool {
        let start = self.record.position().map_or(0, Self::offset);
        let end = Self::offset(self.reader.position()).min(self.body.len());
        let row = self.body.as_bytes().get(start..end).unwrap_or_default();
        row.iter().filter(|byte| **byte == b'"').count() % 2 == 1
    }

    /// Says why a row does not fit its header: a merge, an open quote, or simply too few values.
    fn uneven(&self, line: u64) -> Problem {
        let begins = self.record.get(0).unwrap_or_default();
        let at = usize::try_from(line).unwrap_or(usize::MAX);
        if let Some(marker) = json::conflict(begins) {
            return json::conflict_problem(at, marker);
        }
        if self.is_open() {
            return open_quote(line);
        }
        Problem::error(format!(
            "line {line}: {} values under {} columns",
            self.record.len(),
            self.columns.len()
        ))
        .help("the file is cut off or was changed by hand: export it anew")
    }
}

fn open_quote(line: u64) -> Problem {
    Problem::error(format!("line {line}: a quoted value is never closed"))
        .help("the file is cut off: export or copy it anew")
}

/// Returns whether the row that `text` begins with has a bearable number of values and length; looked at before it is read, so that
/// no row fills the memory.
fn fits(text: &[u8], separator: u8) -> bool {
    let (mut values, mut quoted, mut at_start) = (1, false, true);
    let mut content = false;
    for (at, byte) in text.iter().enumerate() {
        if at > MAX_ROW || values > MAX_COLUMNS {
            return false;
        }
        match byte {
            b'"' if quoted || at_start => quoted = !quoted,
            b'\r' | b'\n' if !quoted && content => return true,
            _ if *byte == separator && !quoted => values += 1,
            _ => {}
        }
        // A quote right after a quoted part opens it again: it was a doubled one.
        at_start = !quoted && (*byte == separator || *byte == b'"');
        content |= !matches!(byte, b'\r' | b'\n');
        at_start |= !content;
    }
    values <= MAX_COLUMNS
}

fn no_table() -> Problem {
    Problem::error("line 1: there are no names of columns")
        .help("export the table with its first line")
}

/// Returns what follows the lines that PowerShell and Excel put before a table, and how many these were.
fn body(text: &str) -> (&str, u64) {
    let mut rest = text;
    let mut skipped = 0;
    while rest.starts_with("#TYPE ") || rest.starts_with("sep=") {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
        skipped += 1;
    }
    (rest, skipped)
}

/// Returns what separates the values of `head`: whatever of comma, semicolon and tab it has most of.
fn separator(head: &str) -> u8 {
    let count = |separator: &u8| head.bytes().filter(|byte| byte == separator).count();
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(count)
        .unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Result<Vec<String>, String> {
        let said = |problem: Problem| problem.message;
        let mut table = Table::open(text).map_err(|mut problems| said(problems.0.remove(0)))?;
        let name = table.column(&["name", "nom"]);
        let mut rows = Vec::new();
        while let Some(row) = table.next().map_err(said)? {
            rows.push(format!("{}:{}", row.line, row.get(name)));
        }
        Ok(rows)
    }

    #[test]
    fn separators_and_first_lines_are_told() {
        for text in [
            "Name,Size\na,1\n\"b\nc\",2\nd,3",
            "Name;Size\r\na;1\r\n\"b\nc\";2\r\nd;3\r\n",
            "\"Nom\"\t\"Size\"\na\t1\n\"b\nc\"\t2\nd\t3\n",
        ] {
            assert_eq!(rows(text).unwrap(), ["2:a", "3:b\nc", "5:d"], "{text}");
        }
        let text = "#TYPE Selected.System\nsep=;\nName;Size\na;1\n";
        assert_eq!(rows(text).unwrap(), ["4:a"]);
    }

    #[test]
    fn a_row_that_would_fill_the_memory_is_refused_before_it_is_read() {
        for row in [
            ",".repeat(3_000_000),
            "\"x\n\",".repeat(600),
            format!("\"{}\",1", "x".repeat(17 * 1024 * 1024)),
        ] {
            let said = rows(&format!("a,b\n1,2\n{row}\n")).unwrap_err();
            assert!(said.contains("more than 500 values"), "{said}");
        }
        let commas = format!("Name,b\n\n\n\"{}\"\"\n,\",2\n", ",".repeat(3_000));
        assert_eq!(rows(&commas).unwrap().len(), 1);
        assert!(rows(&",".repeat(3_000_000)).is_err());
        assert!(rows(&format!("\"{}", "x".repeat(3_000_000))).is_err());
    }

    #[test]
    fn a_row_that_does_not_fit_is_refused_with_its_line() {
        insta::assert_snapshot!(
            [
                "a,b\n1,2\n1\n",
                "a,b\n1,2,3\n",
                "a,b\n1,\"2\n3,4\n5,6\n",
                "a,b\n1,2\n<<<<<<< HEAD\n1,2\n",
                "only one column\n",
                "",
            ]
            .map(|text| rows(text).unwrap_err())
            .join("\n"),
            @"
        line 3: 1 values under 2 columns
        line 2: 3 values under 2 columns
        line 2: a quoted value is never closed
        line 3: `<<<<<<<` is left of a merge: the file holds two versions of itself
        line 1: there are no names of columns
        line 1: there are no names of columns
        "
        );
    }
}
