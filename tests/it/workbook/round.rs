//! What is written into a workbook comes back: every type of question, in every way of writing it that means one thing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use calamine::{Data, Reader, Xlsx};
use proptest::prelude::{Just, Strategy, any, prop, prop_oneof};
use proptest::sample::Index;
use proptest::test_runner::Config as ProptestConfig;
use proptest::{prop_assert_eq, proptest};
use readiness::catalog::workbook::choice::other_words;
use readiness::domain::evaluation::Evaluation;
use readiness::domain::id::OptionId;
use readiness::domain::questionnaire::Kind;
use readiness::domain::response::{Basis, Row, Said, Value};
use readiness::domain::time::Day;
use readiness::importers::spreadsheet::{Content, Spreadsheet};
use rust_decimal::Decimal;

use crate::workbook::edit::{Filling, Put};
use crate::workbook::{Desk, FILL};

/// Draws at random, from numbers that proptest can make smaller.
struct Dice<'a> {
    rolls: std::slice::Iter<'a, Index>,
    text: &'a str,
}

impl Dice<'_> {
    fn of(&mut self, count: usize) -> usize {
        self.rolls.next().map_or(0, |roll| roll.index(count))
    }

    fn number(&mut self) -> i64 {
        i64::try_from(self.of(5_001)).unwrap()
    }

    fn day(&mut self) -> Day {
        let first: Day = "1995-01-01".parse().unwrap();
        first + chrono::Days::new(self.of(11_000) as u64)
    }
}

/// A filled-in workbook, and what it says.
struct Story<'a> {
    evaluation: &'a Evaluation,
    filling: Filling,
    said: BTreeMap<usize, Said>,
}

impl Story<'_> {
    fn put(&mut self, mark: &str, nth: usize, column: &str, put: Put) {
        self.filling = self.filling.clone().put_nth(mark, nth, column, put);
    }

    /// Writes a value of a type without parts, in one of the ways to write it, and returns it.
    fn plain(&mut self, at: (&str, usize, &str), kind: &Kind, dice: &mut Dice<'_>) -> Value {
        let (value, put) = match kind {
            Kind::Bool => {
                let value = dice.of(2) == 1;
                let words = [["No", " no "], ["Yes", "YES"]][usize::from(value)];
                let put = match dice.of(3) {
                    0 => Put::Bool(value),
                    way => Put::Text(words[way - 1].to_owned()),
                };
                (Value::Bool(value), put)
            }
            Kind::Choice(options) => {
                let option = &options[dice.of(options.len())];
                let put = match (option.id.as_str(), dice.of(2)) {
                    ("seven", 0) => Put::Number("7".into()),
                    // Two are called the same, whatever the case: the list says which.
                    (id @ ("same" | "twin"), 0) => Put::Text(format!(
                        "{} ({id})",
                        if id == "same" { "The same" } else { "the SAME" }
                    )),
                    (_, 0) => {
                        let label: String = self.evaluation.text(&option.text);
                        Put::Text(match label.chars().count() {
                            0..=255 => label.to_uppercase(),
                            _ => label.chars().take(254).chain(['…']).collect(),
                        })
                    }
                    (id, _) => Put::Text(format!(" {id}\u{a0}")),
                };
                (Value::Choice(option.id.clone()), put)
            }
            Kind::Multi(options) => {
                let ids: BTreeSet<OptionId> = (options.iter())
                    .filter(|_| dice.of(2) == 1)
                    .map(|option| option.id.clone())
                    .collect();
                let ids = match ids.is_empty() {
                    true => BTreeSet::from([options[0].id.clone()]),
                    false => ids,
                };
                let labels = options.iter().filter(|option| ids.contains(&option.id));
                let labels: Vec<String> = labels
                    .map(|option| self.evaluation.text(&option.text))
                    .collect();
                (
                    Value::Multi(ids),
                    Put::Text(labels.join([";", " ; "][dice.of(2)])),
                )
            }
            Kind::Int(_) => {
                let number = dice.number().max(1);
                let put = match dice.of(3) {
                    0 => Put::Number(number.to_string()),
                    1 => Put::Number(format!("{number}.0")),
                    _ => Put::Text(number.to_string()),
                };
                (Value::Int(number), put)
            }
            Kind::Decimal(_) => {
                let number = Decimal::new(dice.number() * 7 + 1, 2);
                let text = number.to_string();
                let put = match dice.of(3) {
                    0 => Put::Number(text),
                    1 => Put::Text(text),
                    _ => Put::Text(text.replace('.', ",")),
                };
                (Value::Decimal(number), put)
            }
            Kind::Percent(_) => {
                let share = Decimal::new(dice.number() * 2, 2);
                let put = match dice.of(2) {
                    // As seventeen digits say it, which is what spreadsheets write.
                    0 => {
                        let float: f64 =
                            (share / Decimal::ONE_HUNDRED).to_string().parse().unwrap();
                        Put::Number(format!("{float:.17}"))
                    }
                    _ => Put::Text(format!("{share} %").replace('.', ",")),
                };
                (Value::Decimal(share), put)
            }
            Kind::Text => {
                let text = dice.text.trim().to_owned();
                (Value::Text(text.clone()), Put::Text(format!("{text}  ")))
            }
            Kind::Date => {
                let day = dice.day();
                let first: Day = "1899-12-30".parse().unwrap();
                let put = match dice.of(3) {
                    0 => Put::Number((day - first).num_days().to_string()),
                    1 => Put::Text(day.to_string()),
                    _ => Put::Text(day.format("%-d.%-m.%Y").to_string()),
                };
                (Value::Date(day), put)
            }
            Kind::Coverage(_) | Kind::Rows(_) => unreachable!("has parts"),
        };
        self.put(at.0, at.1, at.2, put);
        value
    }

    fn value(&mut self, id: &str, kind: &Kind, dice: &mut Dice<'_>) -> Value {
        match kind {
            Kind::Multi(options) => {
                let mut ticked = BTreeSet::new();
                for option in options {
                    let mark = format!("choice {id} {}", option.id);
                    if dice.of(2) == 1 {
                        self.put(&mark, 0, "D", Put::Text("yes".into()));
                        ticked.insert(option.id.clone());
                    } else {
                        self.put(&mark, 0, "D", Put::Text("no".into()));
                    }
                }
                Value::Multi(ticked)
            }
            Kind::Coverage(_) => {
                let (protected, target) = (dice.of(900) as u64, dice.of(900) as u64);
                self.put(
                    &format!("protected {id}"),
                    0,
                    "D",
                    Put::Number(protected.to_string()),
                );
                self.put(
                    &format!("target {id}"),
                    0,
                    "D",
                    Put::Text(target.to_string()),
                );
                Value::Coverage { protected, target }
            }
            Kind::Rows(table) => {
                let mut rows = Vec::new();
                let fixed = table.fixed.iter().map(|row| row.id.to_string());
                let names: Vec<String> = match table.fixed.is_empty() {
                    true => (0..1 + dice.of(8))
                        .map(|row| format!("d{row}.example"))
                        .collect(),
                    false => fixed.collect(),
                };
                for (place, name) in names.iter().enumerate() {
                    let mut row = Row::new();
                    let (mark, nth, first) = match table.fixed.is_empty() {
                        true => (format!("row {id}"), place, 0),
                        false => (format!("fixed {id} {name}"), 0, 1),
                    };
                    for (key, column) in (first..).zip(&table.columns) {
                        let letter = char::from(b'C' + u8::try_from(key).unwrap()).to_string();
                        if table.key.is_some() && key == 0 {
                            self.put(&mark, nth, &letter, Put::Text(name.clone()));
                            row.insert(column.id.clone(), Value::Text(name.clone()));
                        } else if dice.of(3) > 0 {
                            let value = self.plain((&mark, nth, &letter), &column.kind, dice);
                            row.insert(column.id.clone(), value);
                        }
                    }
                    if !row.is_empty() {
                        if first == 1 {
                            row.insert("id".parse().unwrap(), Value::Text(name.clone()));
                        }
                        rows.push(row);
                    }
                }
                Value::Rows(rows)
            }
            kind => self.plain((&format!("question {id}"), 0, "D"), kind, dice),
        }
    }

    fn question(&mut self, place: usize, dice: &mut Dice<'_>) {
        let questionnaire = std::sync::Arc::clone(self.evaluation.questionnaire());
        let question = &questionnaire.questions[place];
        let id = question.id.as_str();
        let mark = format!("question {id}");
        let said = match dice.of(5) {
            0 => return,
            1 => {
                let all = other_words(self.evaluation, question);
                let (label, said) = all[dice.of(all.len())].clone();
                self.put(&mark, 0, "E", Put::Text(label.to_uppercase()));
                said
            }
            _ => Said::Value(self.value(id, &question.kind, dice)),
        };
        self.put(&mark, 0, "F", Put::Text(format!("remark on {id}")));
        if said != Said::Value(Value::Rows(Vec::new()))
            || matches!(&question.kind, Kind::Rows(table) if table.fixed.is_empty())
        {
            self.said.insert(place, said);
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("=1+1".to_owned()),
        Just("_x000D_ & <b> ]]> \u{1f}".to_owned()),
        "[^\u{fffe}\u{ffff}]{1,40}".prop_filter("blank, or a hint", |text| {
            let trimmed = text.trim();
            !trimmed.is_empty() && !trimmed.starts_with('↓')
        }),
    ]
}

/// Reading and writing a whole workbook takes its time where nothing is optimised.
const CASES: u32 = if cfg!(debug_assertions) { 40 } else { 1_000 };

static DESK: LazyLock<(Desk, Filling)> = LazyLock::new(|| {
    let desk = Desk::of(FILL);
    let filling = Filling::of(&desk.workbook());
    (desk, filling)
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn answers_come_back_as_they_were_written(rolls in prop::collection::vec(any::<Index>(), 150), text in text()) {
        // Ends of lines are what XML makes of them.
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let (desk, filling) = &*DESK;
        let mut dice = Dice { rolls: rolls.iter(), text: &text };
        let mut story = Story {
            evaluation: desk.evaluation(),
            filling: filling.clone(),
            said: BTreeMap::new(),
        };
        for place in 0..desk.evaluation().questionnaire().questions.len() {
            story.question(place, &mut dice);
        }
        let filled = desk.read(&story.filling.bytes());
        let messages: Vec<&String> = filled.problems.0.iter().map(|problem| &problem.message).collect();
        let errors: Vec<&&String> = messages.iter().filter(|message| !message.contains("without an answer")).collect();
        prop_assert_eq!(errors, Vec::<&&String>::new());
        let said: BTreeMap<usize, Said> = filled.answers.iter().map(|answer| (answer.place, answer.said.clone())).collect();
        prop_assert_eq!(&said, &story.said);
        for answer in &filled.answers {
            let id = &desk.evaluation().questionnaire().questions[answer.place].id;
            let remark = format!("remark on {id}");
            prop_assert_eq!(answer.remark.as_deref(), Some(remark.as_str()));
            prop_assert_eq!(answer.basis, Basis::Interview);
        }
    }
}

#[test]
fn another_reader_finds_the_same_cells() {
    let desk = Desk::of("questionnaires/defender-experts");
    let bytes = Filling::of(&desk.workbook()).bytes();
    let ours = Spreadsheet::read(&bytes).unwrap();
    let mut theirs: Xlsx<_> = Xlsx::new(std::io::Cursor::new(&bytes)).unwrap();
    let names: Vec<&str> = ours
        .sheets
        .iter()
        .map(|sheet| sheet.name.as_str())
        .collect();
    assert_eq!(names, theirs.sheet_names());
    for sheet in &ours.sheets {
        let range = theirs.worksheet_range(&sheet.name).unwrap();
        let mut count = 0;
        for (row, column, data) in range.used_cells() {
            let (first_row, first_column) = range.start().unwrap();
            let at = readiness::importers::spreadsheet::At {
                row: u32::try_from(row).unwrap() + first_row,
                column: u16::try_from(column).unwrap() + u16::try_from(first_column).unwrap(),
            };
            let cell = sheet
                .cell(at)
                .unwrap_or_else(|| panic!("{} {at}", sheet.name));
            match (&cell.content, data) {
                (Content::Text(ours), Data::String(theirs)) => {
                    assert_eq!(ours.trim(), theirs.trim())
                }
                (Content::Number { number, .. }, Data::Float(theirs)) => assert_eq!(number, theirs),
                other => panic!("{} {at}: {other:?}", sheet.name),
            }
            count += 1;
        }
        assert_eq!(count, sheet.cells.len(), "{}", sheet.name);
    }
}

#[test]
fn an_untouched_workbook_answers_nothing() {
    for path in [
        "questionnaires/defender-experts",
        "questionnaires/service-fit",
        "questionnaires/service-review",
        FILL,
    ] {
        let desk = Desk::of(path);
        let filled = desk.read(&desk.workbook());
        assert_eq!(filled.problems.0, [], "{path}");
        assert!(filled.answers.is_empty(), "{path}");
        assert_eq!(filled.unanswered, desk.preparation().questions, "{path}");
    }
}

#[test]
fn the_same_questions_make_the_same_bytes() {
    let desk = Desk::of(FILL);
    assert!(desk.workbook() == desk.workbook());
}
