//! Workbooks that somebody changed, and files that are none.

use readiness::catalog::workbook::mark::{Head, HeadFault};
use readiness::importers::spreadsheet::{MAX_CELLS, Spreadsheet};

use crate::workbook::edit::{Filling, Put};
use crate::workbook::parts::{file, packed};
use crate::workbook::{Desk, FILL};

fn desk() -> Desk {
    Desk::of(FILL)
}

/// Returns what is wrong with a workbook after a change.
#[track_caller]
fn told(change: impl FnOnce(Filling) -> Filling, parts: &[&str]) {
    let desk = desk();
    let filling = change(Filling::of(&desk.workbook()));
    let told = desk.problems(&filling.bytes());
    for part in parts {
        assert!(told.contains(part), "no `{part}` in:\n{told}");
    }
    assert_eq!(told.lines().count(), parts.len(), "{told}");
}

fn number(number: &str) -> Put {
    Put::Number(number.to_owned())
}

#[test]
fn every_problem_is_told_by_cell_and_all_at_once() {
    told(
        |filling| {
            filling
                .text("question a.flag", "D", "perhaps")
                .text("question a.which", "D", "the same")
                .put("question a.tried", "D", number("2026"))
                .put("question a.count", "D", number("1.5"))
                .text("question a.share", "D", "0,85")
                .text("question a.ratio", "D", "1.234")
                .put("question a.words", "D", Put::Formula("A1".into()))
                .put("protected a.devices", "D", number("-1"))
                .put("row a.domains", "C", Put::Error("#N/A".into()))
                .text("fixed a.shifts day", "E", "somewhere")
                .text("choice a.several one", "D", "no")
        },
        &[
            "`SOC!D7`: `perhaps` is neither yes nor no → choose Yes or No",
            "`Identity!D7`: `the same` is none of the options → choose from the list: “The same (same)”",
            "the cell shows 1905-07-18, which can hardly be meant → write year, month and day",
            "1.5 is not a whole number",
            "`0,85` can be read as 0.85 % or as 85 %",
            "`1.234` can be read as two numbers",
            "there is a formula here → copy the cell",
            "less than none is not possible",
            "the number is missing",
            "the cell shows `#N/A`",
            "`somewhere` is none of the options",
            "neither yes nor no is said here, and nowhere else yes",
        ],
    );
}

#[test]
fn an_answer_and_something_in_its_place_contradict_each_other() {
    told(
        |filling| {
            filling
                .text("question a.flag", "D", "yes")
                .text("question a.flag", "E", "Nobody knows")
        },
        &["`SOC!E7`: something is said in place of an answer, and `SOC!D7` answers"],
    );
}

#[test]
fn what_stands_where_nothing_is_read_is_told() {
    told(
        |filling| {
            let (sheet, row) = filling.row("choice a.several two", 0);
            let cell = format!("D{row}");
            filling
                .text("question a.flag", "F", "only a remark")
                .sheet(&sheet, |xml| {
                    xml.replace(
                        &format!("<c r=\"{cell}\""),
                        &format!("<c r=\"ZZ{row}\" t=\"str\"><v>a note</v></c><c r=\"{cell}\""),
                    )
                })
        },
        &[
            "`only a remark` stands here without an answer",
            "nothing is read here",
        ],
    );
}

#[test]
fn hidden_ids_that_were_changed_exchanged_or_copied_are_noticed() {
    told(
        |filling| filling.text("question a.flag", "A", "question a.words 12345678"),
        &[
            "are not those that were sent",
            "the rows of 1 question are gone: a.flag",
        ],
    );
    told(
        |filling| filling.text("question a.flag", "A", "nonsense"),
        &[
            "the hidden id of the row was changed",
            "the rows of 1 question are gone: a.flag",
        ],
    );
    told(
        |filling| filling.text("question a.count", "C", "How few?"),
        &[
            "are not those that were sent",
            "the rows of 1 question are gone: a.count",
        ],
    );
}

#[test]
fn a_sheet_may_be_renamed_and_a_row_deleted() {
    let desk = desk();
    let filling = Filling::of(&desk.workbook())
        .text("question a.flag", "D", "yes")
        .part("xl/workbook.xml", |xml| {
            xml.replace("name=\"SOC\"", "name=\"Our 'own' team\"")
        });
    let filled = desk.read(&filling.bytes());
    assert_eq!(filled.problems.0, []);
    assert_eq!(filled.answers[0].cell, "'Our ''own'' team'!D7");
}

#[test]
fn a_copied_sheet_answers_once() {
    let desk = desk();
    let copy = |filling: Filling| {
        let (sheet, row) = filling.row("question a.flag", 0);
        // The row once more, further down.
        filling.sheet(&sheet, |xml| {
            let begin = xml.find(&format!("<row r=\"{row}\"")).unwrap();
            let end = begin + xml[begin..].find("</row>").unwrap() + 6;
            let again = xml[begin..end].replace(&format!("{row}\""), "900\"");
            xml.replace("</sheetData>", &format!("{again}</sheetData>"))
        })
    };
    let filled = copy(Filling::of(&desk.workbook()).text("question a.flag", "D", "yes"));
    let told = desk.problems(&filled.bytes());
    assert!(
        told.contains("the same stands in `SOC!C7`, and both are filled in"),
        "{told}"
    );
    let empty = copy(Filling::of(&desk.workbook())).text("question a.flag", "D", "yes");
    let read = desk.read(&empty.bytes());
    assert_eq!((read.problems.0, read.answers.len()), (Vec::new(), 1));
}

#[test]
fn a_lost_column_or_first_row_is_told_of_the_sheet() {
    told(
        |filling| {
            filling
                .text("question a.flag", "D", "yes")
                .cell("SOC", "D1", Put::Text("x".into()))
        },
        &[
            "`SOC!A1`: the hidden first row or column was changed",
            "the rows of 2 questions are gone: a.flag, a.several",
        ],
    );
}

#[test]
fn rows_put_into_a_table_belong_to_it() {
    let desk = desk();
    let filling = Filling::of(&desk.workbook()).text("row a.domains", "C", "one.example");
    let (sheet, row) = filling.row("row a.domains", 7);
    let more = row + 1;
    // What stands below is pushed down by the spreadsheet; here the last row of the table is without a mark.
    let filling = filling
        .text("row a.domains", "C", "one.example")
        .sheet(&sheet, |xml| {
            let begin = xml.find(&format!("<c r=\"A{row}\"")).unwrap();
            let end = begin + xml[begin..].find("</c>").unwrap() + 4;
            format!("{}{}", &xml[..begin], &xml[end..])
        });
    let filling = filling.cell(&sheet, &format!("C{row}"), Put::Text("two.example".into()));
    let filled = desk.read(&filling.bytes());
    assert_eq!(filled.problems.0, [], "{more}");
    assert_eq!(
        format!("{:?}", filled.answers[0].said)
            .matches("example")
            .count(),
        2,
        "{:?}",
        filled.answers
    );
}

#[test]
fn days_count_from_1904_where_the_workbook_says_so() {
    let desk = desk();
    let filling = Filling::of(&desk.workbook())
        .put("question a.tried", "D", number("44805"))
        .part("xl/workbook.xml", |xml| {
            xml.replace("<workbookPr ", "<workbookPr date1904=\"1\" ")
        });
    let filled = desk.read(&filling.bytes());
    assert!(
        format!("{:?}", filled.answers[0].said).contains("2026-09-02"),
        "{filled:?}"
    );
}

#[test]
fn the_head_is_held() {
    let desk = desk();
    let book = |change: &dyn Fn(String) -> String| {
        let filling = Filling::of(&desk.workbook()).part("xl/sharedStrings.xml", change);
        Head::read(&Spreadsheet::read(&filling.bytes()).unwrap())
    };
    assert!(book(&|xml| xml).is_ok());
    let changed = book(&|xml| xml.replace(">contoso<", ">fabrikam<"));
    assert_eq!(changed, Err(HeadFault::Changed));
    let missing = book(&|xml| xml.replace(">form<", ">farm<"));
    assert_eq!(missing, Err(HeadFault::Missing));
}

// ── files that are none ─────────────────────────────────────────────────────────────────────────────────────────────────────

const RELS: &str = r#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook><sheets><sheet name="S" r:id="r1"/></sheets></workbook>"#;

fn book(sheet: &str, strings: &str) -> Vec<u8> {
    packed([
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELS.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

#[track_caller]
fn refused(bytes: &[u8], part: &str) {
    let problem = Spreadsheet::read(bytes).unwrap_err();
    assert!(
        problem.message.contains(part),
        "no `{part}` in: {}",
        problem.message
    );
    assert!(problem.help.is_some(), "{}", problem.message);
}

#[test]
fn files_that_are_no_workbook_are_told_apart() {
    refused(b"", "this is no workbook");
    refused(b"a,b\n1,2\n", "this is no workbook");
    refused(b"PK\x03\x04and nothing else", "cut off or changed");
    refused(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....",
        "protected with a password, or of Excel 97",
    );
    refused(
        &packed([("a.txt", b"x".as_slice())]),
        "a zip file and no workbook",
    );
    refused(
        &packed([("mimetype", b"x".as_slice()), ("content.xml", b"")]),
        "an OpenDocument file",
    );
    refused(
        &packed([("xl/workbook.bin", b"x".as_slice())]),
        "a binary workbook",
    );
    refused(
        &packed([("xl/workbook.xml", b"x".as_slice())]),
        "the list of its parts is missing",
    );
}

#[test]
fn a_file_that_unpacks_to_much_is_refused_before_it_does() {
    let zeros = vec![b' '; 80 * 1024 * 1024];
    let bomb = packed([
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/sharedStrings.xml", zeros.as_slice()),
    ]);
    assert!(bomb.len() < 200_000);
    refused(&bomb, "unpacks to");
    // One that claims to be small: sizes stand in the directory and before the part.
    let size = u32::try_from(zeros.len()).unwrap().to_le_bytes();
    let mut liar = bomb.clone();
    for at in 0..liar.len() - 4 {
        if liar[at..at + 4] == size {
            liar[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
        }
    }
    assert!(Spreadsheet::read(&liar).is_err());
}

#[test]
fn what_a_file_claims_is_not_believed() {
    let sheet = r#"<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>"#;
    let strings =
        r#"<sst count="4000000000" uniqueCount="18446744073709551615"><si><t>x</t></si></sst>"#;
    let read = Spreadsheet::read(&book(sheet, strings)).unwrap();
    assert_eq!(read.sheets[0].cells.len(), 1);
}

#[test]
fn cells_that_no_spreadsheet_has_are_refused() {
    let sheet =
        |cell: &str| format!("<worksheet><sheetData><row>{cell}</row></sheetData></worksheet>");
    for (cell, part) in [
        (r#"<c r="A0"><v>1</v></c>"#, "no such number"),
        (r#"<c r="A99999999999"><v>1</v></c>"#, "no such number"),
        (
            r#"<c r="ZZZZZZZZZZ1"><v>1</v></c>"#,
            "no spreadsheet has any",
        ),
        (r#"<c r="XFE1"><v>1</v></c>"#, "no spreadsheet has any"),
        (r#"<c r="é1"><v>1</v></c>"#, "no such number"),
        (r#"<c t="s"><v>7</v></c>"#, "no value of its kind"),
        (r#"<c><v>1e999</v></c>"#, "no value of its kind"),
        (
            r#"<c r="B2"><v>1</v></c><c r="B2"><v>2</v></c>"#,
            "stands twice",
        ),
        (
            r#"<c t="inlineStr"><is><t>&lol;</t></is></c>"#,
            "not declared",
        ),
        ("<c><v>1</v>", "no XML"),
    ] {
        refused(&book(&sheet(cell), "<sst></sst>"), part);
    }
    refused(
        &book("<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet/>", "<sst></sst>"),
        "document type",
    );
}

#[test]
fn what_nests_or_repeats_without_end_is_refused() {
    let deep = "<a>".repeat(200_000);
    refused(&book(&deep, "<sst></sst>"), "nest without end");
    let rows = |count: u32| {
        let rows: String = (1..=count)
            .map(|row| format!("<row r=\"{row}\"><c s=\"1\"/></row>"))
            .collect();
        book(
            &format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"),
            "<sst></sst>",
        )
    };
    let empty = Spreadsheet::read(&rows(100_000)).unwrap();
    assert!(empty.sheets[0].cells.is_empty());
    refused(&rows(600_000), "elements");
    let full = "<row><c><v>1</v></c></row>".repeat(MAX_CELLS + 1);
    refused(
        &book(
            &format!("<worksheet><sheetData>{full}</sheetData></worksheet>"),
            "<sst></sst>",
        ),
        "filled cells",
    );
    let long = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(40_000));
    refused(&book("<worksheet/>", &long), "letters");
    let many: Vec<(String, Vec<u8>)> = (0..2_001)
        .map(|part| (format!("p{part}"), Vec::new()))
        .collect();
    refused(
        &packed(
            many.iter()
                .map(|(name, bytes)| (name.as_str(), bytes.as_slice())),
        ),
        "parts",
    );
}

#[test]
fn a_text_that_many_cells_share_is_kept_once() {
    let text = "x".repeat(32_000);
    let cells = "<row><c t=\"s\"><v>0</v></c></row>".repeat(MAX_CELLS);
    let sheet = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
    let read =
        Spreadsheet::read(&book(&sheet, &format!("<sst><si><t>{text}</t></si></sst>"))).unwrap();
    // Six gigabytes, were each cell to have its own.
    assert_eq!(read.sheets[0].cells.len(), MAX_CELLS);
}

/// A small generator (splitmix64), so that every run breaks the same bytes.
struct Random(u64);

impl Random {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % count as u64).unwrap()
    }
}

/// How many broken workbooks are read: many where that is quick.
const BROKEN: usize = if cfg!(debug_assertions) { 300 } else { 6_000 };

#[test]
fn broken_bytes_never_panic() {
    let desk = desk();
    let own = desk.head();
    let filling = Filling::of(&desk.workbook())
        .text("question a.flag", "D", "yes")
        .text("row a.domains", "C", "one.example");
    let whole = filling.bytes();
    let mut random = Random(1);
    for _ in 0..BROKEN {
        let mut bytes = whole.clone();
        if random.below(3) == 0 {
            bytes.truncate(random.below(whole.len()));
        }
        for _ in 0..1 + random.below(8) {
            if !bytes.is_empty() {
                let at = random.below(bytes.len());
                bytes[at] = u8::try_from(random.below(256)).unwrap();
            }
        }
        let _ = desk.receive(&bytes, &own);
    }
}

#[test]
fn broken_parts_never_panic() {
    let desk = desk();
    let own = desk.head();
    let filling = Filling::of(&desk.workbook()).text("question a.flag", "D", "yes");
    let parts = [
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/worksheets/sheet2.xml",
        "xl/worksheets/sheet4.xml",
    ];
    let mut random = Random(2);
    for _ in 0..BROKEN {
        let part = parts[random.below(parts.len())];
        let broken = filling.clone().part(part, |xml| {
            let mut letters: Vec<char> = xml.chars().collect();
            for _ in 0..1 + random.below(12) {
                let at = random.below(letters.len());
                letters[at] =
                    ['<', '>', '"', '&', '0', '9', '-', 'A', '\u{0}', 'é', ' '][random.below(11)];
            }
            letters.into_iter().collect()
        });
        let _ = desk.receive(&broken.bytes(), &own);
    }
}

#[test]
fn the_corpus_of_fuzzing_is_read_or_refused() {
    let desk = desk();
    let own = desk.head();
    let mut answers = 0;
    for entry in std::fs::read_dir("fuzz/corpus/workbook").unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let filled = desk.receive(&file(&bytes), &own);
        answers += filled.map_or(0, |filled| filled.answers.len());
    }
    // Somewhere in it is one that answers.
    assert!(answers > 0);
}
