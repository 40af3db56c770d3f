//! `readiness explain`: how the score came about, question by question.

use clap::Args;
use serde::Serialize;

use crate::actions::{Case, Failure};
use crate::cli::context::Context;
use crate::cli::ui::Tone;
use crate::cli::{Answer, Reading, ui};
use crate::domain::assessment::Assessment;
use crate::domain::evaluation::Asked;
use crate::domain::id::{CustomerId, QuestionId};
use crate::domain::proposal::{self, Hearing};
use crate::domain::scoring::{self, View};
use crate::domain::time::Day;
use crate::domain::{phrases, words};
use crate::markdown::{inert, inert_line};
use crate::problem::Problem;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    /// Only this question, with its condition, its bands and its history
    question: Option<QuestionId>,
    #[command(flatten)]
    reading: Reading,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// One question of the trace.
#[derive(Serialize)]
struct Line {
    question: String,
    text: String,
    asked: bool,
    perhaps: bool,
    because: Option<String>,
    answer: Option<String>,
    rule: String,
    weight: u64,
    credit: Option<u32>,
    points: Option<u128>,
    possible: Option<u128>,
}

/// The whole trace; the sum of the points is the score.
#[derive(Serialize)]
struct Trace {
    lines: Vec<Line>,
    points: u128,
    possible: u128,
    score: Option<u32>,
}

pub(crate) async fn run(arguments: Arguments, context: &Context) -> Result<Answer, Failure> {
    let workspace = context.workspace().await?;
    let case = workspace
        .case(&arguments.customer, arguments.reading.as_of.as_ref())
        .await?;
    let (_, assessment) = case.assessment(arguments.reading.questionnaire.as_ref())?;
    let places: Vec<usize> = match &arguments.question {
        None => (0..assessment.questionnaire().questions.len()).collect(),
        Some(id) => vec![place_of(assessment, id)?],
    };
    let score = scoring::score(assessment, View::Current, case.book.today);
    let trace = Trace {
        lines: places
            .into_iter()
            .map(|place| trace(assessment, place))
            .collect(),
        points: score.earned,
        possible: score.possible,
        score: score.basis_points(),
    };
    match (arguments.json, &arguments.question) {
        (true, _) => ui::json(&trace),
        (false, None) => print(assessment, &trace, case.book.today),
        (false, Some(id)) => {
            let place = place_of(assessment, id)?;
            print_one(assessment, place, &trace.lines[0]);
            let sources = case.sources(&workspace).await?;
            let heard = proposal::hear(assessment, &case.book.customer, &sources, place);
            print_evidence(&case, assessment, place, heard.as_ref());
        }
    }
    Ok(Answer::Done)
}

/// Returns the place of a question, or which id is near.
pub(crate) fn place_of(assessment: &Assessment, id: &QuestionId) -> Result<usize, Failure> {
    let questionnaire = assessment.questionnaire();
    questionnaire.question(id).ok_or_else(|| {
        let alike = |other: &str| strsim::jaro_winkler(other, id.as_str());
        let near = questionnaire
            .questions
            .iter()
            .map(|question| question.id.as_str())
            .max_by(|a, b| alike(a).total_cmp(&alike(b)))
            .filter(|near| alike(near) > 0.75);
        let problem = Problem::error(format!("no question is called `{id}`"));
        Failure::usage(match near {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help(format!(
                "see them with `readiness questionnaire show {}`",
                questionnaire.id
            )),
        })
    })
}

fn trace(assessment: &Assessment, place: usize) -> Line {
    let evaluation = &assessment.evaluation;
    let question = &assessment.questionnaire().questions[place];
    let asked = evaluation.asked(place).yes();
    let points = scoring::points(evaluation, place);
    let credit = evaluation.credit(place);
    Line {
        question: question.id.to_string(),
        text: evaluation.text(&question.text),
        asked,
        perhaps: matches!(evaluation.asked(place), Asked::Perhaps(_)),
        because: phrases::not_asked_because(evaluation, place),
        answer: evaluation
            .said(place)
            .map(|said| words::said(question, said)),
        rule: if asked {
            phrases::reason(question, credit)
        } else {
            "not asked: counts nowhere".into()
        },
        weight: assessment.questionnaire().weight(place),
        credit: credit.earned.filter(|_| points.is_some()),
        points: points.and_then(|points| points.earned),
        possible: points.map(|points| points.possible),
    }
}

fn print(assessment: &Assessment, trace: &Trace, today: Day) {
    let scores = scoring::section_scores(assessment, today);
    for (section, score) in assessment.questionnaire().sections.iter().zip(scores) {
        let title = assessment.evaluation.text(&section.title);
        let share = score
            .basis_points()
            .map_or_else(|| "not scored".into(), words::percent);
        ui::line("");
        ui::line(&format!("{}  {share}", ui::tone(Tone::Strong, &title)));
        for line in &trace.lines[section.questions.clone()] {
            print_line(line);
        }
    }
    ui::line("");
    let score = trace
        .score
        .map_or_else(|| "not assessed".into(), words::percent);
    ui::line(&format!(
        "Readiness score {score}: {} of {} (weight × credit, {} each question in full)",
        words::number(trace.points.try_into().unwrap_or(i128::MAX)),
        words::number(trace.possible.try_into().unwrap_or(i128::MAX)),
        "weight × 10,000 for"
    ));
}

fn print_line(line: &Line) {
    let amount = match (line.possible, line.credit) {
        (Some(_), Some(credit)) => format!("{:>5} × {:<3}", words::percent(credit), line.weight),
        (Some(_), None) => format!("{:>5} × {:<3}", "open", line.weight),
        (None, _) => format!("{:>5}   {:<3}", "–", ""),
    };
    let why = line.because.as_deref().filter(|_| !line.asked).map_or_else(
        || line.rule.clone(),
        |because| {
            let lead = if line.perhaps {
                "not asked yet:"
            } else {
                "does not concern you, because"
            };
            format!("{lead} {because}")
        },
    );
    let answer = line
        .answer
        .as_deref()
        .filter(|_| line.asked)
        .map_or_else(String::new, |answer| format!("“{}” · ", shortened(answer)));
    ui::line(&format!(
        "  {amount}  {}  {answer}{}",
        line.question,
        inert(&why)
    ));
}

/// Returns the first line of a text, at most sixty letters of it.
fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let short: String = line.chars().take(60).collect();
    let cut = short.len() < text.len();
    inert(&if cut { format!("{short}…") } else { short })
}

fn print_one(assessment: &Assessment, place: usize, line: &Line) {
    let questionnaire = assessment.questionnaire();
    let question = &questionnaire.questions[place];
    let evaluation = &assessment.evaluation;
    ui::line(&ui::tone(Tone::Strong, &line.text));
    ui::line(&format!("{} · weight {}", line.question, line.weight));
    let applies: Vec<&str> = question
        .applies
        .iter()
        .map(|profile| questionnaire.profiles[*profile].id.as_str())
        .collect();
    if !applies.is_empty() {
        ui::line(&format!("for: {}", applies.join(", ")));
    }
    if let Some(when) = &question.when {
        ui::line(&format!("asked when: {}", when.source()));
    }
    match (evaluation.asked(place), &line.because) {
        (Asked::Yes, _) => {}
        (Asked::Perhaps(_), Some(because)) => {
            ui::line(&format!("not asked yet: {}", inert(because)))
        }
        (_, because) => ui::line(&format!(
            "does not concern you, because {}",
            inert(because.as_deref().unwrap_or_default())
        )),
    }
    if let (Some(credit), Some(points), Some(possible)) = (line.credit, line.points, line.possible)
    {
        ui::line(&format!(
            "credit {} ({}), points {points} of {possible}",
            words::percent(credit),
            inert(&line.rule)
        ));
    } else {
        ui::line(&inert(&line.rule));
    }
    for raising in &evaluation.credit(place).raises {
        let finding = &questionnaire.findings[raising.raise.finding];
        let row = raising
            .row
            .as_ref()
            .map_or_else(String::new, |row| format!("@{}", inert(row)));
        ui::line(&format!(
            "raises {}{row}: {}",
            finding.id,
            inert(&evaluation.text(&finding.title))
        ));
    }
    let history = assessment.answers.get(&question.id);
    for given in history.into_iter().flat_map(|answer| &answer.history) {
        let what = given.what.response.as_ref().map_or_else(
            || "taken back".into(),
            |response| {
                let by = response
                    .said_by
                    .as_ref()
                    .map_or_else(String::new, |by| format!(", said by {by}"));
                format!(
                    "“{}”, {}{by} on {}",
                    shortened(&words::said(question, &response.said)),
                    response.basis.words(),
                    words::day(response.said_on)
                )
            },
        );
        ui::line(&format!(
            "entry {}, {} by {}: {what}",
            given.seq, given.at, given.by
        ));
    }
}

/// Shows what tools say, where they contradict the answer, and which documents there are.
fn print_evidence(case: &Case, assessment: &Assessment, place: usize, heard: Option<&Hearing>) {
    let question = &assessment.questionnaire().questions[place];
    for (at, opinion) in heard
        .into_iter()
        .flat_map(|one| one.opinions.iter().enumerate())
    {
        let contradicts = heard.is_some_and(|one| one.contradicting.contains(&at));
        let sign = if contradicts { "contradicts: " } else { "" };
        let words = inert_line(opinion.words(&question.kind));
        ui::line(&format!("evidence, {sign}{words}"));
    }
    for held in &case.book.evidence {
        if assessment.documents.get(&held.exhibit.seq) != Some(&question.id) {
            continue;
        }
        let exhibit = &held.exhibit.what;
        let withdrawn = held.withdrawn.as_ref().map_or("", |_| ", withdrawn");
        ui::line(&format!(
            "document, entry {}: {}, SHA-256 {}{withdrawn}",
            held.exhibit.seq,
            inert_line(&exhibit.name),
            exhibit.file
        ));
    }
}
