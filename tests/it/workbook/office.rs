//! The workbook in another program: LibreOffice opens it, recalculates it, and saves it as customers do.

use std::path::{Path, PathBuf};
use std::process::Command;

use readiness::importers::spreadsheet::Spreadsheet;

use crate::project::left_out;
use crate::workbook::edit::{Filling, Put};
use crate::workbook::{Desk, FILL};

/// Lets LibreOffice convert a file into the folder `out`; nothing where it is not there.
fn convert(folder: &Path, file: &Path, filter: &str) -> Option<Vec<PathBuf>> {
    if Command::new("soffice").arg("--version").output().is_err() {
        left_out("workbooks in a spreadsheet", "LibreOffice is not there");
        return None;
    }
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let out = folder.join("out");
    // The first start with a new profile may end before it has converted anything.
    for _ in 0..3 {
        let run = Command::new("soffice")
            .args([&profile, "--headless", "--convert-to", filter, "--outdir"])
            .arg(&out)
            .arg(file)
            .output()
            .unwrap();
        assert!(
            run.status.success(),
            "{}",
            String::from_utf8_lossy(&run.stderr)
        );
        if out.is_dir() {
            break;
        }
    }
    let made = std::fs::read_dir(&out).unwrap();
    Some(made.map(|entry| entry.unwrap().path()).collect())
}

fn filled(desk: &Desk) -> Vec<u8> {
    let filling = Filling::of(&desk.workbook())
        .text("who", "D", "Jörg Müller")
        .text("question a.flag", "D", "Yes")
        .text("question a.flag", "F", "=1+1")
        .text("choice a.several two", "D", "Yes")
        .text("question a.which", "D", "the same (twin)")
        .text("question a.words", "D", "-2 ¿qué? _x000D_\nzweite Zeile")
        .put("question a.tried", "D", Put::Number("46267".into()))
        .put("question a.count", "D", Put::Number("4000".into()))
        .put("question a.share", "D", Put::Number("0.855".into()))
        .put("question a.ratio", "D", Put::Number("12.345".into()))
        .put("protected a.devices", "D", Put::Number("812".into()))
        .put("target a.devices", "D", Put::Number("900".into()))
        .text("row a.domains", "C", "corp.example")
        .text("row a.domains", "E", "Apple; pear;Pear")
        .text("fixed a.shifts night", "E", "On call");
    filling.bytes()
}

#[test]
fn a_workbook_saved_by_another_program_says_the_same() {
    let desk = Desk::of(FILL);
    let folder = tempfile::tempdir().unwrap();
    let sent = folder.path().join("sent.xlsx");
    let bytes = filled(&desk);
    std::fs::write(&sent, &bytes).unwrap();
    let Some(made) = convert(folder.path(), &sent, "xlsx:Calc MS Excel 2007 XML") else {
        return;
    };
    let saved = std::fs::read(&made[0]).unwrap();
    assert_ne!(saved, bytes);
    let (ours, theirs) = (desk.read(&bytes), desk.read(&saved));
    assert_eq!(ours.problems.0, []);
    assert_eq!(theirs.problems.0, []);
    assert_eq!(ours.answers.len(), 11);
    for (ours, theirs) in ours.answers.iter().zip(&theirs.answers) {
        assert_eq!(
            (&ours.said, &ours.remark, &ours.by),
            (&theirs.said, &theirs.remark, &theirs.by)
        );
        assert_eq!(
            (ours.on, ours.is_reworded, &ours.cell),
            (theirs.on, theirs.is_reworded, &theirs.cell)
        );
    }
    assert_eq!(ours.answers.len(), theirs.answers.len());
    // Its lists and its protection came through.
    let book = Spreadsheet::read(&saved).unwrap();
    assert!(book.sheets.iter().any(|sheet| sheet.name == "lists"));
}

#[test]
fn nothing_in_a_workbook_is_calculated() {
    let mut desk = Desk::of(FILL);
    desk.book.customer.name = "=1+1".into();
    let folder = tempfile::tempdir().unwrap();
    let sent = folder.path().join("sent.xlsx");
    std::fs::write(&sent, filled(&desk)).unwrap();
    let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1";
    let Some(made) = convert(folder.path(), &sent, filter) else {
        return;
    };
    let texts: String = made
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    for typed in ["=1+1", "-2 ¿qué?", "So that we know; = + - @ stand in it."] {
        assert!(texts.contains(typed), "{typed} was calculated:\n{texts}");
    }
    // The customer's name stands at the head of the sheets, as an option and a remark it was typed.
    assert!(texts.matches("=1+1").count() >= 4, "{texts}");
}

#[test]
fn every_shipped_questionnaire_makes_a_workbook_that_another_program_opens() {
    for name in ["defender-experts", "service-fit", "service-review"] {
        let desk = Desk::of(&format!("questionnaires/{name}"));
        let folder = tempfile::tempdir().unwrap();
        let sent = folder.path().join(format!("{name}.xlsx"));
        std::fs::write(&sent, desk.workbook()).unwrap();
        let Some(made) = convert(folder.path(), &sent, "xlsx:Calc MS Excel 2007 XML") else {
            return;
        };
        let filled = desk.read(&std::fs::read(&made[0]).unwrap());
        assert_eq!(filled.problems.0, [], "{name}");
        assert_eq!(filled.unanswered, desk.preparation().questions, "{name}");
    }
}
