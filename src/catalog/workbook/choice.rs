//! What cells choose from: the labels that people read, and what they stand for.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::workbook::mark::squeezed;
use crate::domain::evaluation::Evaluation;
use crate::domain::id::OptionId;
use crate::domain::questionnaire::{Choice, Kind, Question};
use crate::domain::response::{Basis, NotApplicable, Said, Unknown, Value};

/// The most letters in a label: what lists of every program take.
const LONGEST: usize = 255;

/// Says yes.
pub const YES: &str = "Yes";

/// Says no.
pub const NO: &str = "No";

/// Returns the ways of knowing, by what people choose.
#[must_use]
pub fn ways() -> Vec<(&'static str, Basis)> {
    vec![
        ("I know it", Basis::Interview),
        ("A document shows it", Basis::Document),
        ("A tool measured it", Basis::Tool),
    ]
}

/// Returns what may be said to `question` in place of an answer, by what people choose.
#[must_use]
pub fn other_words(evaluation: &Evaluation, question: &Question) -> Vec<(String, Said)> {
    let mut all: Vec<(String, Said)> = Vec::new();
    match (&question.none, &question.kind) {
        (Some(none), _) => all.push((label(&evaluation.text(&none.text)), Said::None)),
        (None, Kind::Multi(options)) if !options.iter().any(|option| option.exclusive) => {
            let nothing = Value::Multi(BTreeSet::new());
            all.push(("None of them".into(), Said::Value(nothing)));
        }
        (None, Kind::Rows(table)) if table.fixed.is_empty() => {
            all.push((
                "There are none".into(),
                Said::Value(Value::Rows(Vec::new())),
            ));
        }
        _ => {}
    }
    let find_out = Unknown::WillFindOut {
        asked: None,
        by: None,
    };
    all.extend([
        ("We will find out".into(), Said::Unknown(find_out)),
        ("Nobody knows".into(), Said::Unknown(Unknown::NobodyKnows)),
        ("We may not say".into(), Said::Unknown(Unknown::MayNotSay)),
    ]);
    if question.may_be_not_applicable {
        let reasons = NotApplicable::ALL.map(|reason| {
            let words = format!("Does not apply: {}", reason.words());
            (words, Said::NotApplicable(reason))
        });
        all.extend(reasons);
    }
    all
}

/// Returns the labels of the options at `places`: their words, with the id where others have the same.
#[must_use]
pub fn labels(evaluation: &Evaluation, options: &[Choice], places: &[usize]) -> Vec<String> {
    let words: Vec<String> = (places.iter())
        .map(|place| label(&evaluation.text(&options[*place].text)))
        .collect();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for word in &words {
        *times.entry(folded(word)).or_default() += 1;
    }
    (words.into_iter().zip(places))
        .map(|(word, place)| match times[&folded(&word)] {
            1 => word,
            _ => format!("{word} ({})", options[*place].id),
        })
        .collect()
}

/// Returns a text as a label: on one line, and no longer than lists take.
fn label(text: &str) -> String {
    let line = squeezed(text);
    if line.chars().count() <= LONGEST {
        return line;
    }
    let cut: String = line.chars().take(LONGEST - 1).collect();
    format!("{cut}…")
}

/// Finds the option that a cell names: by its label whatever its case and blanks, or by its id.
#[must_use]
pub fn option<'o>(
    evaluation: &Evaluation,
    options: &'o [Choice],
    said: &str,
) -> Option<&'o OptionId> {
    let said = folded(said);
    let places: Vec<usize> = (0..options.len()).collect();
    let labels = labels(evaluation, options, &places);
    // An option that is offered only now and then may share its words with another: then the plain words are not enough.
    let mut fitting = (options.iter().zip(&labels)).filter(|(option, label)| {
        let plain = label.strip_suffix(&format!(" ({})", option.id));
        folded(label) == said || plain.is_some_and(|plain| folded(plain) == said)
    });
    match (fitting.next(), fitting.next()) {
        (Some((option, _)), None) => Some(&option.id),
        (Some(_), Some(_)) => None,
        _ => {
            let mut options = options.iter();
            options
                .find(|option| option.id.as_str() == said)
                .map(|option| &option.id)
        }
    }
}

/// Returns a text for comparing: without needless blanks, in small letters.
#[must_use]
pub fn folded(text: &str) -> String {
    squeezed(text).to_lowercase()
}
