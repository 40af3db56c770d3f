//! No answer is lost, whatever was said and whatever is renamed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::{Strategy, any, prop, prop_assert_eq, proptest};
use proptest::test_runner::Config;
use readiness::domain::questionnaire::Questionnaire;
use readiness::domain::response::{Said, Value};

use crate::engine::{Engine, versioned};
use crate::upgrade::agrees;

/// How many questions there are, each a multi with as many options.
const COUNT: usize = 4;

/// What becomes of one question and its options.
#[derive(Clone, Debug)]
struct Fate {
    /// What the question is called after: the number of a name, nothing once it is dropped.
    name: Option<usize>,
    /// What its options are called after, each by the number of a name.
    options: Vec<usize>,
}

/// What an answer says: which options are ticked.
type Ticked = Vec<bool>;

fn fates() -> impl Strategy<Value = Vec<Fate>> {
    // Twice as many names as things, so that names are swapped, given up and new.
    let names = || {
        let all: Vec<usize> = (0..2 * COUNT).collect();
        proptest::strategy::Just(all).prop_shuffle()
    };
    (
        names(),
        prop::collection::vec((names(), any::<u8>()), COUNT),
    )
        .prop_map(|(names, each)| {
            let each = names.into_iter().zip(each);
            each.map(|(name, (options, dropped))| Fate {
                name: (dropped % 4 != 0).then_some(name),
                options: options.into_iter().take(COUNT).collect(),
            })
            .collect()
        })
}

/// Writes a version in which things have these names, with migrations to it.
fn write(version: &str, names: &BTreeMap<usize, Vec<usize>>, migrate: &str) -> Arc<Questionnaire> {
    let mut body = "[[section]]\nid = \"a\"\ntitle = \"A\"\n".to_owned();
    body +=
        "[[section.question]]\nid = \"always\"\ntype = \"bool\"\ntext = \"?\"\ntier = \"info\"\n";
    for (name, options) in names {
        let options: Vec<String> = options
            .iter()
            .map(|option| format!("{{ id = \"o{option}\", text = \"O\" }}"))
            .collect();
        body += &format!(
            "[[section.question]]\nid = \"q{name}\"\ntype = \"multi\"\ntext = \"?\"\ntier = \"info\"\noptions = [{}]\n",
            options.join(", ")
        );
    }
    versioned(version, &format!("{body}{migrate}"))
}

/// Returns the names after, and the migration that says so.
fn migrate(
    version: &str,
    names: &BTreeMap<usize, Vec<usize>>,
    fates: &[Fate],
) -> (BTreeMap<usize, Vec<usize>>, String) {
    let mut after = BTreeMap::new();
    let (mut rename, mut drop, mut options) = (Vec::new(), Vec::new(), Vec::new());
    for ((name, old), fate) in names.iter().zip(fates) {
        let Some(new) = fate.name else {
            drop.push(format!("\"a.q{name}\""));
            continue;
        };
        rename.push(format!("\"a.q{name}\" = \"a.q{new}\""));
        let pairs = old.iter().zip(&fate.options);
        let pairs: Vec<String> = pairs
            .map(|(old, new)| format!("o{old} = \"o{new}\""))
            .collect();
        options.push(format!("\"a.q{new}\" = {{ {} }}", pairs.join(", ")));
        after.insert(new, fate.options.clone());
    }
    // A name that was dropped is not to be asked again.
    let text = format!(
        "[[migrate]]\nto = \"{version}\"\nrename = {{ {} }}\ndrop = [{}]\n[migrate.options]\n{}\n",
        rename.join(", "),
        drop.join(", "),
        options.join("\n")
    );
    (after, text)
}

fn value(options: &[usize], ticked: &Ticked) -> Value {
    let options = options.iter().zip(ticked).filter(|(_, ticked)| **ticked);
    let ids: BTreeSet<_> = options
        .map(|(option, _)| format!("o{option}").parse().unwrap())
        .collect();
    Value::Multi(ids)
}

/// Returns whether no name that is dropped is taken for another question: a check refuses that.
fn tells_apart(names: &BTreeMap<usize, Vec<usize>>, fates: &[Fate]) -> bool {
    let taken: BTreeSet<usize> = fates.iter().filter_map(|fate| fate.name).collect();
    let dropped = names
        .keys()
        .zip(fates)
        .filter(|(_, fate)| fate.name.is_none());
    { dropped }.all(|(name, _)| !taken.contains(name))
}

proptest! {
    #![proptest_config(Config::with_cases(48))]

    #[test]
    fn no_answer_is_lost_over_two_upgrades(
        first in fates(),
        second in fates(),
        ticked in prop::collection::vec(prop::collection::vec(any::<bool>(), COUNT), COUNT),
        corrected in any::<bool>(),
    ) {
        let begin: BTreeMap<usize, Vec<usize>> = (0..COUNT).map(|name| (name, (0..COUNT).collect())).collect();
        let (middle, to_second) = migrate("2.0.0", &begin, &first);
        let (end, to_third) = migrate("3.0.0", &middle, &second);
        let later: Vec<Fate> = second.iter().take(middle.len()).cloned().collect();
        proptest::prop_assume!(tells_apart(&begin, &first) && tells_apart(&middle, &later));
        // What the first drops must not come back under its name in the third.
        let dropped = begin.keys().zip(&first).filter(|(_, fate)| fate.name.is_none());
        proptest::prop_assume!({ dropped }.all(|(name, _)| !end.contains_key(name)));

        let mut engine = Engine::on(write("1.0.0", &begin, ""));
        for (name, options) in &begin {
            engine.say(&format!("a.q{name}"), value(options, &ticked[*name]));
        }
        engine.rehearsal.go_on(write("2.0.0", &middle, &to_second));
        engine.rehearsal.go_on(write("3.0.0", &end, &format!("{to_second}{to_third}")));
        if let Some((name, options)) = end.first_key_value().filter(|_| corrected) {
            super::correct(&mut engine, &format!("a.q{name}"), value(options, &vec![true; COUNT]));
        }
        agrees(&engine);

        let assessment = engine.rehearsal.assessment();
        let kept: usize = assessment.answers.len() + assessment.gone.len();
        prop_assert_eq!(kept, COUNT, "every answer is somewhere");
        // Where each of the first questions ends, by following its name.
        for (place, name) in begin.keys().enumerate() {
            let Some(second_name) = first[place].name else { continue };
            let at = middle.keys().position(|known| *known == second_name).unwrap();
            let Some(last) = second[at].name else { continue };
            let is_corrected = corrected && end.keys().next() == Some(&last);
            let ticks = if is_corrected { &vec![true; COUNT] } else { &ticked[*name] };
            let said = assessment.evaluation.said(engine.place(&format!("a.q{last}")));
            prop_assert_eq!(said, Some(&Said::Value(value(&end[&last], ticks))));
        }
    }
}
