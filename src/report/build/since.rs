//! What changed since the last milestone, and how the numbers moved over all of them.

use crate::domain::assessment::{Assessment, Book, Milestone};
use crate::domain::diff::{
    self, Change, Diff, Difference, Figures, How, Item, Point, QuestionDiff, Side,
};
use crate::domain::questionnaire::Questionnaire;
use crate::domain::response::Basis;
use crate::domain::{phrases, words};
use crate::report::build::Making;
use crate::report::build::findings::Findings;
use crate::report::model::{
    ChangedFinding, ChangedFindings, ChangedQuestions, Figure, Known, QuestionLink, Series, Since,
    Trend, TrendPoint,
};

/// The changes that a report lists; what stands as it did is among the findings.
const LISTED: [Change; 10] = [
    Change::CameBack,
    Change::New,
    Change::NewlyAsked,
    Change::Resumed,
    Change::Fixed,
    Change::NoLongerAsked,
    Change::InError,
    Change::StateChanged,
    Change::EvidenceChanged,
    Change::NotComparable,
];

/// The differences of questions that a report lists.
const QUESTIONS: [Difference; 6] = [
    Difference::MeansOther,
    Difference::NewlyAsked,
    Difference::NoLongerAsked,
    Difference::Opened,
    Difference::Corrected,
    Difference::Reworded,
];

impl<'a> Making<'a> {
    /// Returns the last milestone before, and everything as of then.
    fn last(&self) -> Option<&'a (Milestone, Book)> {
        self.input.past.last()
    }

    /// Returns the assessment as of the last milestone before.
    pub(super) fn before(&self) -> Option<&'a Assessment> {
        let (_, book) = self.last()?;
        book.assessments.get(self.input.questionnaire)
    }

    fn here(&self) -> Point<'a> {
        Point {
            assessment: self.assessment,
            seq: self.input.book.seq,
            today: self.today,
        }
    }

    pub(super) fn since(&self, findings: &Findings<'_>) -> Option<Since> {
        let (milestone, book) = self.last()?;
        let before = self.before()?;
        let then = Point {
            assessment: before,
            seq: book.seq,
            today: book.today,
        };
        let diff = diff::diff(then, self.here(), self.input.texts);
        Some(Since {
            milestone: milestone.name.to_string(),
            day: book.today,
            closed: diff.count(Change::Fixed),
            new: diff.count(Change::New),
            came_back: diff.count(Change::CameBack),
            newly_asked: diff.count(Change::NewlyAsked),
            no_longer_asked: diff.count(Change::NoLongerAsked),
            not_comparable: diff.count(Change::NotComparable),
            verdict: Some(phrases::verdict(before, &diff.then.verdict)),
            score: diff.then.score.basis_points(),
            comparable: diff.comparable,
            figures: figures(&diff),
            findings: self.changed_findings(&diff, before, findings),
            questions: self.changed_questions(&diff, before),
        })
    }

    fn changed_findings(
        &self,
        diff: &Diff,
        before: &Assessment,
        findings: &Findings<'_>,
    ) -> Vec<ChangedFindings> {
        let written = |item: &Item| {
            let side = |side: &Option<Side>| side.as_ref().map(side_words);
            let now = side(&item.now);
            let expired = item.expired.then(|| now.clone()).flatten();
            ChangedFinding {
                key: item.finding.to_string(),
                number: findings.number_of(&item.finding),
                title: match item.now {
                    Some(_) => findings.title(&item.finding),
                    None => phrases::finding_title(before, &item.finding),
                },
                then: side(&item.then),
                now: expired.map_or(now, |now| {
                    Some(format!("{now}, the decision ended by itself"))
                }),
                known: (item.how.iter())
                    .filter_map(|how| self.known(how))
                    .collect(),
            }
        };
        LISTED
            .map(|change| ChangedFindings {
                title: change.words().to_owned(),
                findings: diff.of(change).map(written).collect(),
            })
            .into_iter()
            .filter(|group| !group.findings.is_empty())
            .collect()
    }

    fn known(&self, how: &How) -> Option<Known> {
        let basis = how.basis?;
        let by = how.said_by.as_ref();
        let by = by.map_or_else(String::new, |by| format!(" by {}", self.name(by)));
        let on = how.said_on;
        let on = on.map_or_else(String::new, |on| format!(" on {}", words::day(on)));
        let was = how.was.filter(|was| *was != basis);
        let was = was.map_or_else(String::new, |was| format!(", was {}", was.words()));
        Some(Known {
            question: how.question.to_string(),
            words: format!("{}{by}{on}{was}", basis.words()),
        })
    }

    fn changed_questions(&self, diff: &Diff, before: &Assessment) -> Vec<ChangedQuestions> {
        let link = |one: &QuestionDiff| {
            let (id, assessment) = match (&one.now, &one.then) {
                (Some(id), _) => (id, self.assessment),
                (None, id) => (id.as_ref()?, before),
            };
            let questionnaire: &Questionnaire = assessment.questionnaire();
            let question = &questionnaire.questions[questionnaire.question(id)?];
            Some(QuestionLink {
                id: id.to_string(),
                text: assessment.evaluation.text(&question.text),
            })
        };
        QUESTIONS
            .map(|difference| ChangedQuestions {
                title: difference.words().to_owned(),
                questions: (diff.questions.iter())
                    .filter(|one| one.is(difference))
                    .filter_map(link)
                    .collect(),
            })
            .into_iter()
            .filter(|group| !group.questions.is_empty())
            .collect()
    }

    /// Returns how the numbers moved; nothing where there is but one point.
    pub(super) fn trend(&self) -> Option<Trend> {
        let past = (self.input.past.iter()).filter_map(|(milestone, book)| {
            let point = Point {
                assessment: book.assessments.get(self.input.questionnaire)?,
                seq: book.seq,
                today: book.today,
            };
            Some((milestone.name.to_string(), point))
        });
        let points: Vec<(String, Point<'_>)> =
            past.chain([("now".to_owned(), self.here())]).collect();
        if points.len() < 2 {
            return None;
        }
        let figures: Vec<Figures> = points
            .iter()
            .map(|(_, point)| Figures::of(*point))
            .collect();
        let before = points.iter().map(Some);
        let named = { std::iter::once(None).chain(before) }
            .zip(&points)
            .zip(&figures)
            .map(|((before, (name, point)), figures)| TrendPoint {
                name: name.clone(),
                day: point.today,
                verdict: phrases::verdict(point.assessment, &figures.verdict),
                breaks: before.is_some_and(|(_, before)| {
                    !diff::comparable(*before, *point, self.input.texts)
                }),
            });
        Some(Trend {
            points: named.collect(),
            series: self.series(&figures),
        })
    }

    fn series(&self, figures: &[Figures]) -> Vec<Series> {
        let shares = figures.iter().map(|figures| figures.score.basis_points());
        let mut series = vec![share_series("Readiness score", shares.collect(), true)];
        let last = figures.last();
        for (question, row) in last.map_or(&[][..], |figures| &figures.coverage) {
            let protected = figures.iter().map(|figures| {
                let row = figures.coverage.iter().find(|(other, _)| other == question);
                row.and_then(|(_, row)| row.share())
            });
            let all: Vec<_> = last.map_or_else(Vec::new, |figures| {
                figures.coverage.iter().map(|(_, row)| *row).collect()
            });
            let name = format!("{} protected", self.asset_name(row, &all));
            series.push(share_series(&name, protected.collect(), false));
        }
        series.push(counted(figures));
        series
    }
}

/// Returns a series of shares, from nothing to the whole.
fn share_series(name: &str, shares: Vec<Option<u32>>, breaks: bool) -> Series {
    let words: Vec<String> = (shares.iter())
        .map(|share| share.map_or_else(|| "–".into(), words::percent))
        .collect();
    Series {
        title: format!("{name}: {}", words.join(", then ")),
        name: name.to_owned(),
        heights: shares,
        words,
        breaks,
    }
}

/// Returns the series of findings that stand, from none to the most there were.
fn counted(figures: &[Figures]) -> Series {
    let counts: Vec<usize> = figures.iter().map(Figures::findings).collect();
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let words: Vec<String> = counts
        .iter()
        .map(|count| words::number(*count as i128))
        .collect();
    Series {
        name: "Findings that stand".into(),
        title: format!("Findings that stand: {}", words.join(", then ")),
        heights: (counts.iter())
            .map(|count| u32::try_from(count * 10_000 / most).ok())
            .collect(),
        words,
        breaks: true,
    }
}

/// Returns the state of a side in words, with who and by when.
fn side_words(side: &Side) -> String {
    let due = side.due.filter(|_| !side.state.is_over());
    let due = due.map_or_else(String::new, |due| format!(", by {}", words::day(due)));
    format!("{}{due}", phrases::state_name(side.state))
}

/// Returns the numbers of both points.
fn figures(diff: &Diff) -> Vec<Figure> {
    let (then, now) = (&diff.then, &diff.now);
    let share = |name: &str, one: Option<u32>, other: Option<u32>| {
        let shown = |share: Option<u32>| share.map_or_else(|| "–".into(), words::percent);
        let both = one.zip(other).filter(|_| diff.comparable);
        Figure {
            name: name.to_owned(),
            then: shown(one),
            now: shown(other),
            change: both.map(|(one, other)| phrases::gain(i64::from(other) - i64::from(one))),
        }
    };
    let mut figures = vec![
        share(
            "Readiness score",
            then.score.basis_points(),
            now.score.basis_points(),
        ),
        share(
            "Answered",
            then.completeness.basis_points(),
            now.completeness.basis_points(),
        ),
    ];
    figures.extend(Basis::ALL.iter().rev().map(|basis| {
        let known = |figures: &Figures| {
            let confidence = &figures.confidence;
            (confidence.total > 0).then(|| confidence.share(*basis))
        };
        share(
            &format!("Answers {}", basis.words()),
            known(then),
            known(now),
        )
    }));
    let count = |figures: &Figures| figures.findings() as i128;
    figures.push(Figure {
        name: "Findings that stand".into(),
        then: words::number(count(then)),
        now: words::number(count(now)),
        change: Some(phrases::difference(count(now) - count(then))),
    });
    figures
}
