//! What is told of a matter that waits for a person: what was said, what each tool says, and what comes of it.

use crate::cli::evidence::review::sitting::Subject;
use crate::cli::ui::Tone;
use crate::domain::assessment::Assessment;
use crate::domain::evidence::Unplaced;
use crate::domain::proposal::{Hearing, Proposed, Stands};
use crate::domain::words;
use crate::markdown::inert_line;

/// What is told of one matter.
#[derive(Debug)]
pub(crate) struct Told {
    /// What it is called.
    pub(crate) name: String,
    /// What is asked.
    pub(crate) text: String,
    /// The lines below, each under a short word.
    pub(crate) lines: Vec<Line>,
}

/// A line under a short word.
#[derive(Debug)]
pub(crate) struct Line {
    /// The word, such as *said*.
    pub(crate) word: &'static str,
    /// The line, made harmless.
    pub(crate) text: String,
    /// How it stands out.
    pub(crate) tone: Option<Tone>,
}

impl Line {
    fn new(word: &'static str, text: &str, tone: Option<Tone>) -> Self {
        let text = inert_line(text);
        Self { word, text, tone }
    }
}

/// Returns what is told of a matter.
pub(crate) fn told(assessment: &Assessment, subject: &Subject) -> Told {
    match subject {
        Subject::Title(unplaced) => of_title(unplaced),
        Subject::Question(hearing) => of_hearing(assessment, hearing),
    }
}

fn of_title(unplaced: &Unplaced) -> Told {
    let candidates = match unplaced.candidates.as_slice() {
        [] => "no control that we know goes by it".to_owned(),
        some => some.join(", "),
    };
    Told {
        name: "which control is this?".to_owned(),
        text: inert_line(unplaced.label()),
        lines: vec![
            Line::new("says", &unplaced.observation.said, None),
            Line::new("may be", &candidates, None),
        ],
    }
}

/// Returns what is told of a question that evidence speaks to.
pub(crate) fn of_hearing(assessment: &Assessment, hearing: &Hearing) -> Told {
    let question = &assessment.questionnaire().questions[hearing.place];
    let mut lines = vec![Line::new("said", &said(assessment, hearing.place), None)];
    for (at, opinion) in hearing.opinions.iter().enumerate() {
        let against = hearing.contradicting.contains(&at);
        let sign = if against { "  ≠ said" } else { "" };
        let text = format!("{}{sign}", opinion.words(&question.kind));
        lines.push(Line::new("tool", &text, against.then_some(Tone::Warn)));
    }
    let tone = match hearing.proposal() {
        Some(proposal) if proposal.stands == Stands::Contradicts => Some(Tone::Warn),
        Some(_) => Some(Tone::Good),
        None if hearing.is_disputed() => Some(Tone::Warn),
        None => None,
    };
    lines.push(Line::new(
        "proposed",
        &outcome_words(assessment, hearing),
        tone,
    ));
    Told {
        name: question.id.to_string(),
        text: inert_line(assessment.evaluation.text(&question.text)),
        lines,
    }
}

/// Returns what was said to a question, how it is known and from when.
fn said(assessment: &Assessment, place: usize) -> String {
    let question = &assessment.questionnaire().questions[place];
    let given = assessment.response(place);
    let response = given.and_then(|given| given.what.response.as_ref());
    response.map_or_else(
        || "nothing yet".into(),
        |response| {
            let said = words::said(question, &response.said);
            let on = words::day(response.said_on);
            format!("{said}, {} on {on}", response.basis.words())
        },
    )
}

/// Returns what comes of the opinions.
pub(crate) fn outcome_words(assessment: &Assessment, hearing: &Hearing) -> String {
    let kind = &assessment.questionnaire().questions[hearing.place].kind;
    match &hearing.outcome {
        Proposed::Nothing => "nothing: no tool measured what is asked".into(),
        Proposed::Agreed => "nothing: the answer is as well known as the evidence is".into(),
        Proposed::Refused(value) => {
            let value = words::value(kind, value);
            format!("nothing: {value} was refused before, for this evidence")
        }
        Proposed::Differ => "nothing: the sources differ, and a person decides".into(),
        Proposed::Tenants(missing) => {
            let missing = missing.join(", ");
            format!("nothing: no tool measured it for the tenant {missing}")
        }
        Proposed::Unfit(reason) => format!("nothing: it would not fit: {reason}"),
        Proposed::Answer(proposal) => {
            let of = proposal.on.map_or_else(|| "undated".into(), words::day);
            let stale = match proposal.is_stale {
                true => ", to review again at once",
                false => "",
            };
            let how = match proposal.stands {
                Stands::Open => "the question is open",
                Stands::Confirms => "it confirms what was said",
                Stands::Contradicts => "it contradicts what was said",
            };
            let value = words::value(kind, &proposal.value);
            format!("{value} ({of}{stale}; {how})")
        }
    }
}
