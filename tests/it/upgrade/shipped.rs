//! An assessment begun under the first release of the shipped questionnaire goes on under the one at hand, and loses no answer.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use readiness::catalog::library::{check_path, from_pinned};
use readiness::catalog::lock::{FILE, Lock};
use readiness::domain::id::OptionId;
use readiness::domain::migration::Passage;
use readiness::domain::questionnaire::{Choice, Kind, Questionnaire};
use readiness::domain::response::{Said, Value};
use readiness::domain::upgrade::Upgrade;
use rust_decimal::Decimal;

use crate::engine::Engine;
use crate::project::fixture;
use crate::upgrade::agrees;

/// The first release, as assessments that were begun under it keep it.
fn first() -> Arc<Questionnaire> {
    let path = fixture("questionnaires/defender-experts-1.0.0/pinned-1.0.0.json");
    Arc::new(from_pinned(&fs::read(path).unwrap()).unwrap())
}

fn at_hand() -> Arc<Questionnaire> {
    let checked = check_path(Path::new("questionnaires/defender-experts")).remove(0);
    Arc::new(checked.questionnaire.unwrap().0)
}

/// Returns an answer of the right type, another for each `turn`.
fn value(kind: &Kind, turn: usize) -> Value {
    let pick = |options: &[Choice]| -> OptionId { options[turn % options.len()].id.clone() };
    match kind {
        Kind::Bool => Value::Bool(turn.is_multiple_of(2)),
        Kind::Choice(options) => Value::Choice(pick(options)),
        Kind::Multi(options) => Value::Multi([pick(options)].into()),
        Kind::Int(_) => Value::Int(turn as i64),
        Kind::Decimal(_) | Kind::Percent(_) => Value::Decimal(Decimal::from(turn)),
        Kind::Text => Value::Text(format!("text {turn}")),
        Kind::Date => Value::Date(crate::engine::day(2026, 8, 1)),
        Kind::Coverage(_) => Value::Coverage {
            protected: 80 + turn as u64,
            target: 100,
        },
        Kind::Rows(table) => {
            let cells = table.columns.iter();
            let mut row: BTreeMap<_, _> = cells
                .map(|column| (column.id.clone(), value(&column.kind, turn)))
                .collect();
            if let Some(fixed) = table.fixed.first() {
                row.insert("id".parse().unwrap(), Value::Text(fixed.id.to_string()));
            }
            Value::Rows(vec![row])
        }
    }
}

#[test]
fn an_assessment_begun_under_the_first_release_loses_no_answer() {
    let (first, now) = (first(), at_hand());
    for turn in 0..4 {
        let mut engine = Engine::on(Arc::clone(&first));
        for question in &first.questions {
            engine.say(question.id.as_str(), value(&question.kind, turn));
        }
        let book = engine.rehearsal.book();
        let after = book.under(&first.id, Arc::clone(&now)).unwrap();
        let upgrade = Upgrade::of(engine.rehearsal.assessment(), &after, book.today);
        let lost = upgrade.gone.iter().filter(|left| !left.dropped);
        assert_eq!(lost.count(), 0, "{:?}", upgrade.gone);
        assert_eq!(upgrade.unfit, []);

        engine.rehearsal.go_on(Arc::clone(&now));
        let assessment = engine.rehearsal.assessment();
        let kept = assessment.answers.len() + assessment.gone.len();
        assert_eq!(kept, first.questions.len());
        let passage = Passage::between(&first, &now);
        for question in &first.questions {
            let Some(name) = passage.question(&question.id) else {
                continue;
            };
            let said = Said::Value(value(&question.kind, turn));
            let stands = assessment.evaluation.said(engine.place(name.as_str()));
            assert_eq!(stands, Some(&passage.said(&question.id, said)), "{name}");
        }
        agrees(&engine);
    }
}

#[test]
fn the_shipped_questionnaire_says_what_becomes_of_answers_to_its_first_release() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().join("defender-experts");
    crate::project::copy(Path::new("questionnaires/defender-experts"), &here);
    fs::write(here.join(FILE), Lock::of(&first()).to_toml()).unwrap();
    let checked = check_path(&here).remove(0);
    let lost: Vec<String> = (checked.problems.0.iter())
        .filter(|problem| problem.code == Some("E060"))
        .map(|problem| problem.draw(false))
        .collect();
    assert!(lost.is_empty(), "{}", lost.join("\n\n"));
}
