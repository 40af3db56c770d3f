//! Scores, weights, bands and needs.

use rust_decimal::Decimal;

use crate::catalog::checks::Subject;
use crate::catalog::checks::places::{Answer, answers};
use crate::catalog::notes::Notes;
use crate::catalog::tree::At;
use crate::catalog::written::{self, Type};
use crate::domain::decision::Need;
use crate::domain::questionnaire::{Band, Choice, Kind, Question, Scoring};
use crate::problem::Problem;

/// E025: *don't know* raises an improvement and nothing more.
pub(super) fn unknown(subject: &Subject<'_>, notes: &mut Notes) {
    for (place, question) in subject.questionnaire.questions.iter().enumerate() {
        let Some(raise) = question.unknown else {
            continue;
        };
        let finding = &subject.questionnaire.findings[raise.finding];
        let rules = finding.need_when.iter().map(|rule| rule.need);
        let worst = match raise.need {
            Some(need) => need,
            None => rules.fold(finding.need, Need::max),
        };
        if worst == Need::Improvement {
            continue;
        }
        let at = subject.index.question_at(place).key("unknown");
        let message = format!(
            "*don't know* can raise an improvement only, and `{}` is more",
            finding.id
        );
        let help = "give the finding `need = \"improvement\"`, or name another finding here";
        notes.add(
            at.key("finding"),
            Problem::error(message).code("E025").help(help),
        );
    }
}

/// E040: scores, weights and bands are in range and leave nothing out.
pub(super) fn scores(subject: &Subject<'_>, notes: &mut Notes) {
    let (index, written) = (subject.index, subject.index.written);
    score_bands(index.sources.main().key("bands"), &written.bands, notes);
    for (place, section) in written.section.iter().enumerate() {
        weight(index.sources.section(place), section.weight, notes);
    }
    for (place, spot) in index.questions.iter().enumerate() {
        let at = index.question_at(place);
        weight(at, spot.written.weight, notes);
        within(at, "goal", spot.written.goal, 1, notes);
        let none = spot.written.none.as_ref().and_then(|none| none.score);
        within(at.key("none"), "score", none, 0, notes);
    }
    for answer in answers(subject) {
        options(&answer, notes);
        bands(&answer, notes);
    }
}

fn note(at: At<'_>, message: String, help: &str, notes: &mut Notes) {
    notes.add(at, Problem::error(message).code("E040").help(help));
}

fn weight(at: At<'_>, weight: Option<i64>, notes: &mut Notes) {
    if let Some(weight) = weight.filter(|weight| !(0..=1000).contains(weight)) {
        let message = format!("the weight {weight} is not between 0 and 1000");
        let help = "write a whole number from 0 (does not count) to 1000";
        note(at.key("weight"), message, help, notes);
    }
}

/// Judges a percentage under `key`.
fn within(at: At<'_>, key: &str, number: Option<i64>, least: i64, notes: &mut Notes) {
    if let Some(number) = number.filter(|number| !(least..=100).contains(number)) {
        let message = format!("the {key} {number} is not between {least} and 100");
        let help = format!("write a whole number from {least} to 100");
        note(at.key(key), message, &help, notes);
    }
}

fn score_bands(at: At<'_>, bands: &[written::ScoreBand], notes: &mut Notes) {
    let mut above: Option<i64> = None;
    let mut ids = std::collections::BTreeSet::new();
    for (item, band) in bands.iter().enumerate() {
        let at = at.item(item);
        let is_last = item + 1 == bands.len();
        within(at, "min", band.min, 0, notes);
        if !ids.insert(&band.id) {
            let problem = Problem::error(format!("another band is called `{}`", band.id));
            notes.add(
                at.key("id"),
                problem.code("E010").help("rename one of them"),
            );
        }
        match band.min {
            Some(min) if above.is_some_and(|above| min >= above) => {
                let message = format!("no score falls into `{}`", band.id);
                note(
                    at,
                    message,
                    "put the bands in order, the highest `min` first",
                    notes,
                );
            }
            Some(min) if is_last && min > 0 => {
                let message = format!("scores below {min} have no word");
                note(at, message, "add a band without `min` at the end", notes);
            }
            None if !is_last => {
                let message = "no score falls into the bands below this one".to_owned();
                note(at, message, "put the band without `min` last", notes);
            }
            _ => {}
        }
        above = band.min.or(above);
    }
}

fn options(answer: &Answer<'_>, notes: &mut Notes) {
    let at = answer.at.key("options");
    let counts = |option: &written::Choice| option.score.is_some() || option.finding.is_some();
    let scored = answer.bands.is_empty() && answer.options.iter().any(counts);
    for (item, option) in answer.options.iter().enumerate() {
        within(at.item(item), "score", option.score, 0, notes);
        if answer.kind == Type::Choice && scored && answer.weighs && option.score.is_none() {
            let message = format!("`{}` of `{}` has no score", option.id, answer.name);
            let help = "give every option a `score`, or the question `weight = 0`";
            note(at.item(item), message, help, notes);
        }
    }
    let shares = answer.options.iter().filter(|option| !option.exclusive);
    let total: i64 = shares.filter_map(|option| option.score).sum();
    let any = answer.options.iter().any(|option| option.score.is_some());
    if answer.kind == Type::Multi && answer.bands.is_empty() && any && total == 0 {
        let message = format!("no option of `{}` has a share of the whole", answer.name);
        note(
            at,
            message,
            "give the good options a `score` above 0",
            notes,
        );
    }
}

/// Judges the bands of a question or column: the last has no condition, and only the last.
fn bands(answer: &Answer<'_>, notes: &mut Notes) {
    let at = answer.at.key("scores");
    for (item, band) in answer.bands.iter().enumerate() {
        let at = at.item(item);
        within(at, "score", Some(band.score), 0, notes);
        let is_default = band.when.is_none() && band.min.is_none() && band.max.is_none();
        let is_last = item + 1 == answer.bands.len();
        if is_default && !is_last {
            let message = "no answer falls into the bands below this one".to_owned();
            note(at, message, "put the band without a condition last", notes);
        }
        if !is_default && is_last {
            let message = format!(
                "these bands leave a gap: `{}` may fall into none",
                answer.name
            );
            let help = "add a band without a condition at the end, such as `{ score = 0 }`";
            note(at, message, help, notes);
        }
    }
    if matches!(answer.kind, Type::Decimal | Type::Percent) {
        between(answer, notes);
    }
}

/// Finds bands of whole numbers between which a number with decimals falls through, such as 94.5 between 94 and 95.
fn between(answer: &Answer<'_>, notes: &mut Notes) {
    let bands = answer.bands.iter().filter(|band| band.when.is_none());
    let mut ranges: Vec<(Option<Decimal>, Option<Decimal>)> = bands
        .map(|band| (band.min.map(|n| n.0), band.max.map(|n| n.0)))
        .filter(|(min, max)| min.is_some() || max.is_some())
        .collect();
    ranges.sort();
    for (item, band) in answer.bands.iter().enumerate() {
        let Some(max) = band.max.map(|number| number.0) else {
            continue;
        };
        let covers = |(min, above): &(Option<Decimal>, Option<Decimal>)| {
            min.is_none_or(|min| min <= max) && above.is_none_or(|above| above > max)
        };
        let next = ranges
            .iter()
            .filter_map(|(min, _)| *min)
            .find(|min| *min > max);
        if let Some(next) =
            next.filter(|next| *next - max <= Decimal::ONE && !ranges.iter().any(covers))
        {
            let message =
                format!("these bands leave a gap: what is between {max} and {next} falls through");
            let help = format!(
                "give the lower band no `max`, as the first match wins, or one just below {next}"
            );
            note(
                answer.at.key("scores").item(item).key("max"),
                message,
                &help,
                notes,
            );
        }
    }
}

/// W041: a scored question can earn everything and nothing.
pub(super) fn range(subject: &Subject<'_>, notes: &mut Notes) {
    for (place, question) in subject.questionnaire.questions.iter().enumerate() {
        if subject.questionnaire.weight(place) == 0 {
            continue;
        }
        let Some((worst, best)) = attainable(question) else {
            continue;
        };
        let section = &subject.questionnaire.section_of(place).id;
        let message = match (best < 100, worst > 0) {
            (false, false) => continue,
            (true, true) => format!(
                "`{}` earns {worst} at worst and {best} at best",
                question.id
            ),
            (true, false) => format!("the best answer to `{}` earns {best}", question.id),
            (false, true) => format!("the worst answer to `{}` earns {worst}", question.id),
        };
        let message = format!("{message}, so section `{section}` cannot go from 0 to 100 %");
        let at = subject.index.question_at(place);
        let at = match subject.index.questions[place].written.scores.is_empty() {
            true => at.key("options"),
            false => at.key("scores"),
        };
        let help = "let the best answer earn 100 and the worst 0";
        notes.add(at, Problem::warning(message).code("W041").help(help));
    }
}

/// Returns the least and the most that an answer can earn; nothing where it is not scored.
fn attainable(question: &Question) -> Option<(u32, u32)> {
    let (worst, best) = match &question.scoring {
        Scoring::Columns => columns(&question.kind)?,
        Scoring::Given => (100, 100),
        scoring => span(scoring, question.kind.options())?,
    };
    let none = question.none.as_ref().and_then(|none| none.score);
    Some((
        none.map_or(worst, |none| none.min(worst)),
        none.map_or(best, |none| none.max(best)),
    ))
}

fn span(scoring: &Scoring, options: &[Choice]) -> Option<(u32, u32)> {
    let ends = |scores: Vec<u32>| Some((*scores.iter().min()?, *scores.iter().max()?));
    match scoring {
        Scoring::Options => ends(options.iter().filter_map(|option| option.score).collect()),
        Scoring::Bands(bands) => ends(bands.iter().map(|band: &Band| band.score).collect()),
        Scoring::Share { .. } => {
            let shared = options
                .iter()
                .any(|option| !option.exclusive && option.score > Some(0));
            shared.then_some((0, 100))
        }
        Scoring::Good { .. } | Scoring::Coverage { .. } | Scoring::NotOlderThan { .. } => {
            Some((0, 100))
        }
        Scoring::Unscored | Scoring::Given | Scoring::Columns => None,
    }
}

/// Returns what rows can earn: the mean of what their scored columns can.
fn columns(kind: &Kind) -> Option<(u32, u32)> {
    let Kind::Rows(table) = kind else { return None };
    let spans: Vec<(u32, u32)> = (table.columns.iter())
        .filter_map(|column| span(&column.scoring, column.kind.options()))
        .collect();
    let count = u32::try_from(spans.len()).ok().filter(|count| *count > 0)?;
    let worst: u32 = spans.iter().map(|(worst, _)| worst).sum();
    let best: u32 = spans.iter().map(|(_, best)| best).sum();
    Some((worst.div_ceil(count), best / count))
}
