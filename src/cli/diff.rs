//! `readiness diff`: what changed between two points.

use clap::Args;
use serde_json::{Value as Json, json};

use crate::actions::{AsOf, Case, Compared, Failure};
use crate::cli::assess::lines;
use crate::cli::context::Context;
use crate::cli::ui::Tone;
use crate::cli::{Answer, ui};
use crate::domain::assessment::{Assessment, Book};
use crate::domain::diff::{Change, Difference, Figures, How, Item, QuestionDiff};
use crate::domain::id::{CustomerId, FindingKey, PersonId, QuestionId, QuestionnaireId};
use crate::domain::response::Basis;
use crate::domain::{phrases, words};
use crate::markdown::inert_line;

/// How many findings or questions of one kind are shown before the list is cut.
const LINES: usize = 15;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    /// The earlier point: an entry's number, the end of a date, or a milestone [default: the last milestone]
    #[arg(value_name = "FROM")]
    from: Option<AsOf>,
    /// The later point [default: now]
    #[arg(value_name = "TO")]
    to: Option<AsOf>,
    /// The questionnaire, where the customer has several assessments
    #[arg(long, value_name = "ID")]
    questionnaire: Option<QuestionnaireId>,
    /// List everything, also what stands as it did
    #[arg(long)]
    all: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let case = workspace.case(&arguments.customer, None).await?;
    let questionnaire = arguments.questionnaire.as_ref();
    let compared = case.compare(
        questionnaire,
        arguments.from.as_ref(),
        arguments.to.as_ref(),
    )?;
    let (id, _) = case.assessment(questionnaire)?;
    let names = workspace.names().await?;
    let page = Page {
        case: &case,
        compared: &compared,
        then: &compared.then.assessments[id],
        now: &compared.now.assessments[id],
        name: &|id| names.get(id).cloned().unwrap_or_else(|| id.to_string()),
        all: arguments.all,
        width: ui::width(),
    };
    if arguments.json {
        ui::json(&page.json());
    } else {
        page.print();
    }
    Ok(Answer::Done)
}

/// What a page is printed from.
struct Page<'a> {
    case: &'a Case,
    compared: &'a Compared,
    then: &'a Assessment,
    now: &'a Assessment,
    name: &'a dyn Fn(&PersonId) -> String,
    all: bool,
    width: usize,
}

impl Page<'_> {
    fn print(&self) {
        let milestone = self.compared.milestone.as_ref();
        let milestone = milestone.map_or_else(String::new, |one| format!("{}, ", one.name));
        let point = |book: &Book, named: &str| {
            format!("{} ({named}entry {})", words::day(book.today), book.seq)
        };
        ui::line(&ui::tone(Tone::Strong, &self.case.book.customer.name));
        self.wrapped(
            0,
            &format!(
                "{} → {}",
                point(&self.compared.then, &milestone),
                point(&self.compared.now, "")
            ),
        );
        self.print_figures();
        let diff = &self.compared.diff;
        if diff.is_empty() {
            ui::line("");
            ui::line("Nothing changed.");
        }
        for change in Change::ALL {
            self.print_findings(change);
        }
        for difference in Difference::ALL {
            self.print_questions(difference);
        }
    }

    fn print_figures(&self) {
        let diff = &self.compared.diff;
        let (then, now) = (&diff.then, &diff.now);
        ui::line("");
        for (figures, assessment, word) in [(then, self.then, "Then"), (now, self.now, "Now")] {
            let verdict = phrases::verdict(assessment, &figures.verdict);
            self.wrapped_as(None, 6, &format!("{word:<5} "), &verdict);
        }
        ui::line("");
        ui::table(&["", "then", "now", "change"], &self.figures());
        if !diff.comparable {
            ui::line("");
            self.wrapped(
                0,
                "The questionnaire changed in between: scores, completeness and how we know are measured by other questions, and do \
                 not compare.",
            );
        }
    }

    fn figures(&self) -> Vec<Vec<String>> {
        let diff = &self.compared.diff;
        let (then, now) = (&diff.then, &diff.now);
        let row = |cells: [String; 4]| cells.to_vec();
        let shares = |name: &str, one: Option<u32>, other: Option<u32>| {
            let shown = |share: Option<u32>| share.map_or_else(|| "–".into(), words::percent);
            let change = match (one, other) {
                (Some(one), Some(other)) if diff.comparable => {
                    phrases::gain(i64::from(other) - i64::from(one))
                }
                _ => "not comparable".into(),
            };
            row([name.to_owned(), shown(one), shown(other), change])
        };
        let mut rows = vec![
            shares(
                "Readiness score",
                then.score.basis_points(),
                now.score.basis_points(),
            ),
            shares(
                "Answered",
                then.completeness.basis_points(),
                now.completeness.basis_points(),
            ),
        ];
        for basis in Basis::ALL.iter().rev() {
            let share = |figures: &Figures| Some(figures.confidence.share(*basis));
            rows.push(shares(
                &format!("  {}", basis.words()),
                share(then),
                share(now),
            ));
        }
        for (question, protected) in &now.coverage {
            let before = then.coverage.iter().find(|(other, _)| other == question);
            let counts = |protected: u64, target: u64| {
                let number = |count: u64| words::number(i128::from(count));
                format!("{} of {}", number(protected), number(target))
            };
            rows.push(row([
                phrases::asset(protected.asset).to_owned(),
                before.map_or_else(
                    || "–".into(),
                    |(_, then)| counts(then.protected, then.target),
                ),
                counts(protected.protected, protected.target),
                before.map_or_else(String::new, |(_, then)| {
                    phrases::difference(
                        i128::from(protected.protected) - i128::from(then.protected),
                    )
                }),
            ]));
        }
        let count = |figures: &Figures| figures.findings() as i128;
        rows.push(row([
            "Findings".into(),
            words::number(count(then)),
            words::number(count(now)),
            phrases::difference(count(now) - count(then)),
        ]));
        rows
    }

    fn print_findings(&self, change: Change) {
        let items: Vec<&Item> = self.compared.diff.of(change).collect();
        let quiet = matches!(change, Change::StillOpen | Change::Over);
        if items.is_empty() {
            return;
        }
        ui::line("");
        let head = format!("{}: {}", change.words(), items.len());
        if quiet && !self.all {
            ui::line(&ui::tone(Tone::Faint, &head));
            return;
        }
        ui::line(&ui::tone(Tone::Strong, &head));
        let most = if self.all { usize::MAX } else { LINES };
        for item in items.iter().take(most) {
            self.print_item(item);
        }
        more(items.len().saturating_sub(most));
    }

    fn print_item(&self, item: &Item) {
        let title = self.title(&item.finding, item.now.is_some());
        self.wrapped_as(
            None,
            4,
            "  ",
            &format!("{}  {}", item.finding, inert_line(&title)),
        );
        let mut facts = self.facts(item);
        facts.extend(item.how.iter().filter_map(|how| self.how(how, item.change)));
        self.wrapped_as(
            Some(Tone::Faint),
            6,
            "      ",
            &inert_line(facts.join(" · ")),
        );
    }

    fn title(&self, key: &FindingKey, is_there: bool) -> String {
        phrases::finding_title(if is_there { self.now } else { self.then }, key)
    }

    fn facts(&self, item: &Item) -> Vec<String> {
        let side = item.now.as_ref().or(item.then.as_ref());
        let mut facts: Vec<String> = side
            .map(|side| {
                vec![
                    phrases::need(side.need).to_owned(),
                    phrases::severity(side.severity).to_owned(),
                ]
            })
            .unwrap_or_default();
        if let (Some(then), Some(now)) = (&item.then, &item.now) {
            let how = if item.expired {
                ": it ended by itself"
            } else {
                ""
            };
            if then.state != now.state {
                facts.push(format!("{} → {}{how}", then.state.code(), now.state.code()));
            }
            if then.need != now.need {
                facts.push(format!("was {}", phrases::need(then.need).to_lowercase()));
            }
            if then.severity != now.severity {
                facts.push(format!("was {}", phrases::severity(then.severity)));
            }
            if let (Some(from), Some(to)) = (then.due, now.due)
                && from != to
            {
                facts.push(format!(
                    "date moved from {} to {}",
                    words::day(from),
                    words::day(to)
                ));
            }
        }
        facts
    }

    fn how(&self, how: &How, change: Change) -> Option<String> {
        let basis = how.basis?;
        let by = how
            .said_by
            .as_ref()
            .map_or_else(String::new, |by| format!(" by {}", (self.name)(by)));
        let on = how
            .said_on
            .map_or_else(String::new, |on| format!(" on {}", words::day(on)));
        let was = how
            .was
            .filter(|was| *was != basis && change == Change::EvidenceChanged);
        let was = was.map_or_else(String::new, |was| format!(", was {}", was.words()));
        Some(format!("{}: {}{by}{on}{was}", how.question, basis.words()))
    }

    fn print_questions(&self, difference: Difference) {
        let questions: Vec<&QuestionDiff> = self
            .compared
            .diff
            .questions
            .iter()
            .filter(|one| one.is(difference))
            .collect();
        if questions.is_empty() {
            return;
        }
        ui::line("");
        ui::line(&ui::tone(
            Tone::Strong,
            &format!("{}: {}", difference.words(), questions.len()),
        ));
        let most = if self.all { usize::MAX } else { LINES };
        for question in questions.iter().take(most) {
            if let Some((id, text)) = self.asks(question) {
                self.wrapped_as(None, 4, "  ", &format!("{id}  {}", inert_line(&text)));
            }
            let moved = question
                .then
                .as_ref()
                .filter(|then| question.now.is_some() && question.now.as_ref() != Some(then));
            if let Some(then) = moved {
                self.wrapped_as(Some(Tone::Faint), 6, "      ", &format!("was {then}"));
            }
        }
        more(questions.len().saturating_sub(most));
    }

    fn asks<'q>(&self, question: &'q QuestionDiff) -> Option<(&'q QuestionId, String)> {
        let (id, assessment) = match (&question.now, &question.then) {
            (Some(id), _) => (id, self.now),
            (None, Some(id)) => (id, self.then),
            (None, None) => return None,
        };
        let questionnaire = assessment.questionnaire();
        let place = questionnaire.question(id)?;
        Some((
            id,
            assessment
                .evaluation
                .text(&questionnaire.questions[place].text),
        ))
    }

    fn wrapped(&self, indent: usize, text: &str) {
        self.wrapped_as(None, indent, &" ".repeat(indent), &inert_line(text));
    }

    fn wrapped_as(&self, tone: Option<Tone>, indent: usize, first: &str, text: &str) {
        lines::print(self.width, tone, indent, first, text);
    }

    fn json(&self) -> Json {
        let Compared {
            diff, milestone, ..
        } = self.compared;
        let figures = |figures: &Figures, assessment: &Assessment| {
            json!({
                "day": figures.day,
                "entry": figures.seq,
                "questionnaire_version": figures.version,
                "verdict": figures.verdict.code,
                "sentence": phrases::verdict(assessment, &figures.verdict),
                "score": { "basis_points": figures.score.basis_points(), "upper": figures.score.upper() },
                "completeness": figures.completeness,
                "known": Basis::ALL.map(|basis| (basis.words(), figures.confidence.share(basis))).into_iter().collect::<std::collections::BTreeMap<_, _>>(),
                "coverage": figures.coverage.iter().map(|(question, row)| json!({
                    "question": question, "asset": row.asset, "protected": row.protected, "target": row.target, "goal": row.goal,
                })).collect::<Vec<_>>(),
                "findings": figures.findings(),
                "standing": figures.standing,
            })
        };
        json!({
            "customer": self.case.book.customer.id,
            "milestone": milestone.as_ref().map(|one| &one.name),
            "then": figures(&diff.then, self.then),
            "now": figures(&diff.now, self.now),
            "comparable": diff.comparable,
            "counts": Change::ALL.map(|change| (change, diff.count(change))).into_iter().collect::<std::collections::BTreeMap<_, _>>(),
            "findings": diff.findings.iter().map(|item| {
                let mut json = json!(item);
                json["title"] = json!(self.title(&item.finding, item.now.is_some()));
                json
            }).collect::<Vec<_>>(),
            "questions": diff.questions,
        })
    }
}

fn more(count: usize) {
    if count > 0 {
        ui::line(&format!("  … and {count} more: `--all`"));
    }
}
