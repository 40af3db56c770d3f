//! `readiness answers import` of a workbook: what it proposes, and what of it is taken over.

use std::io::{self, BufRead};
use std::path::Path;

use serde_json::json;

use crate::actions::{Case, Failure, Offer, People, ReceivedWorkbook, Standing, Workspace};
use crate::cli::answers::Import;
use crate::cli::context::{Context, say_new};
use crate::cli::explain::place_of;
use crate::cli::{Answer, ui};
use crate::domain::assessment::Assessment;
use crate::domain::id::PersonId;
use crate::domain::response::Response;
use crate::domain::words;
use crate::markdown::inert_line;
use crate::problem::Problem;

/// How zip files and old workbooks begin.
const BEGINNINGS: [&[u8]; 2] = [b"PK", &[0xd0, 0xcf, 0x11, 0xe0]];

/// Returns whether a file is a workbook by its content, or at least is called one.
pub(super) fn is_one(bytes: &[u8], path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let is_called = ending.is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
    is_called
        || BEGINNINGS
            .iter()
            .any(|beginning| bytes.starts_with(beginning))
}

/// Shows what a workbook proposes, and takes over what is asked for.
pub(super) async fn import(
    arguments: &Import,
    (bytes, name): (&[u8], &str),
    workspace: &Workspace,
    context: &Context,
) -> Result<Answer, Failure> {
    let case = workspace.case(&arguments.customer, None).await?;
    let received = case.receive_workbook(workspace, bytes, name).await?;
    let (_, assessment) = case.assessment(Some(&received.questionnaire))?;
    let chosen = chosen(arguments, assessment, &received)?;
    ui::problems(&received.warnings);
    if arguments.json {
        let names = workspace.names().await?;
        let telling = Telling {
            assessment,
            names: &names,
        };
        let rows: Vec<_> = received
            .offers
            .iter()
            .map(|offer| telling.json(offer))
            .collect();
        ui::json(&rows);
    } else if !arguments.ask {
        show(&case, workspace, &received).await?;
    }
    if arguments.ask {
        return ask(case, workspace, context, &received).await;
    }
    let writes = arguments.accept_agreeing || !arguments.accept.is_empty();
    if writes && !arguments.dry_run {
        let mut taking = Taking::open(case, workspace, context).await?;
        let count = taking.accept(&received, &chosen).await?;
        let answers = words::count(count, "answer", "answers");
        ui::note(&format!("{answers} taken over"));
    } else if writes {
        let answers = words::count(chosen.len(), "answer", "answers");
        ui::note(&format!("{answers} would be taken over"));
    } else if received
        .offers
        .iter()
        .any(|offer| offer.stands != Standing::Same)
    {
        ui::note(
            "nothing was recorded: `--accept-agreeing` takes over what contradicts nothing, `--accept QUESTION` what you name",
        );
    }
    Ok(Answer::Done)
}

/// Returns what is to be taken over, in the order of the questionnaire.
fn chosen<'r>(
    arguments: &Import,
    assessment: &Assessment,
    received: &'r ReceivedWorkbook,
) -> Result<Vec<&'r Offer>, Failure> {
    let mut named = Vec::new();
    for question in &arguments.accept {
        let place = place_of(assessment, question)?;
        if !received.offers.iter().any(|offer| offer.place == place) {
            return Err(Failure::usage(
                Problem::error(format!("the workbook does not answer `{question}`"))
                    .help("see what it answers: leave out `--accept`"),
            ));
        }
        named.push(place);
    }
    let is_chosen = |offer: &&Offer| {
        named.contains(&offer.place) || (arguments.accept_agreeing && offer.stands.agrees())
    };
    let offers = received.offers.iter().filter(is_chosen);
    Ok(offers
        .filter(|offer| offer.stands != Standing::Same)
        .collect())
}

/// Who takes over, with the people whom that names.
struct Taking<'w> {
    case: Case,
    workspace: &'w Workspace,
    people: People,
    by: PersonId,
}

impl<'w> Taking<'w> {
    async fn open(
        case: Case,
        workspace: &'w Workspace,
        context: &Context,
    ) -> Result<Self, Failure> {
        let mut people = workspace.people().await?;
        let by = context.author_among(&mut people)?;
        Ok(Self {
            case,
            workspace,
            people,
            by,
        })
    }

    async fn accept(
        &mut self,
        received: &ReceivedWorkbook,
        offers: &[&Offer],
    ) -> Result<usize, Failure> {
        let questionnaire = &received.questionnaire;
        let (by, people) = (&self.by, &mut self.people);
        let count = self
            .case
            .accept_offers(self.workspace, by, people, questionnaire, offers)
            .await?;
        if count > 0 {
            self.people.new_ones().iter().for_each(say_new);
            self.people = self.workspace.people().await?;
        }
        Ok(count)
    }
}

/// The words for what is said.
struct Telling<'a> {
    assessment: &'a Assessment,
    names: &'a std::collections::BTreeMap<PersonId, String>,
}

impl Telling<'_> {
    /// Returns what was said before, by whom and when.
    fn before(&self, offer: &Offer) -> String {
        let response = self.assessment.response(offer.place);
        let Some(response) = response.and_then(|signed| signed.what.response.as_ref()) else {
            return "–".to_owned();
        };
        let by = response.said_by.as_ref();
        let by = by.map(|id| {
            self.names
                .get(id)
                .cloned()
                .unwrap_or_else(|| id.to_string())
        });
        self.told(offer.place, response, by.as_deref())
    }

    fn said(&self, offer: &Offer) -> String {
        self.told(offer.place, &offer.response, offer.said_by.as_deref())
    }

    fn told(&self, place: usize, response: &Response, by: Option<&str>) -> String {
        let question = &self.assessment.questionnaire().questions[place];
        let by = by.map_or_else(String::new, |by| format!(" by {by}"));
        let text = format!(
            "{} ({}{by}, {})",
            words::said(question, &response.said),
            response.basis.words(),
            words::day(response.said_on)
        );
        inert_line(&text)
    }

    fn row(&self, offer: &Offer) -> Vec<String> {
        let question = &self.assessment.questionnaire().questions[offer.place];
        let stands = match offer.stands {
            Standing::New => "",
            Standing::Same => "recorded already",
            Standing::Remarks => "adds a remark",
            Standing::Differs => "contradicts",
            Standing::Reworded => "asked in other words by now",
        };
        vec![
            question.id.to_string(),
            self.before(offer),
            self.said(offer),
            inert_line(&offer.cell),
            stands.to_owned(),
        ]
    }

    fn json(&self, offer: &Offer) -> serde_json::Value {
        let question = &self.assessment.questionnaire().questions[offer.place];
        let before = self.assessment.response(offer.place);
        json!({
            "question": question.id,
            "before": before.and_then(|signed| signed.what.response.as_ref()),
            "says": offer.response.said,
            "basis": offer.response.basis,
            "said_by": offer.said_by,
            "said_on": offer.response.said_on,
            "note": offer.response.note,
            "cell": offer.cell,
            "stands": offer.stands.code(),
        })
    }
}

async fn show(
    case: &Case,
    workspace: &Workspace,
    received: &ReceivedWorkbook,
) -> Result<(), Failure> {
    let (_, assessment) = case.assessment(Some(&received.questionnaire))?;
    let names = workspace.names().await?;
    let telling = Telling {
        assessment,
        names: &names,
    };
    let rows: Vec<Vec<String>> = received
        .offers
        .iter()
        .map(|offer| telling.row(offer))
        .collect();
    if !rows.is_empty() {
        ui::table(
            &["question", "said before", "the workbook says", "where", ""],
            &rows,
        );
    }
    let count = |of: &[Standing]| {
        let offers = received.offers.iter();
        offers.filter(|offer| of.contains(&offer.stands)).count()
    };
    ui::note(&format!(
        "{}: {} no answer, {}, {} recorded already; {} not answered",
        words::count(received.offers.len(), "answer", "answers"),
        words::count(
            count(&[Standing::New, Standing::Remarks]),
            "contradicts",
            "contradict"
        ),
        words::count(
            count(&[Standing::Differs, Standing::Reworded]),
            "needs to be named",
            "need to be named"
        ),
        words::count(count(&[Standing::Same]), "was", "were"),
        words::count(received.unanswered, "question is", "questions are"),
    ));
    Ok(())
}

/// Goes through the answers one by one.
async fn ask(
    case: Case,
    workspace: &Workspace,
    context: &Context,
    received: &ReceivedWorkbook,
) -> Result<Answer, Failure> {
    let mut taking = Taking::open(case, workspace, context).await?;
    let mut lines = io::stdin().lock().lines();
    let mut count = 0;
    for offer in received
        .offers
        .iter()
        .filter(|offer| offer.stands != Standing::Same)
    {
        print_one(&taking, received, offer).await?;
        ui::note("take it over? y yes · n no · q quit");
        let line = match lines.next() {
            Some(Ok(line)) => line,
            _ => break,
        };
        match line.trim().to_lowercase().as_str() {
            "y" | "yes" => match taking.accept(received, &[offer]).await {
                Ok(taken) => count += taken,
                Err(failure) => ui::problems(&failure.problems),
            },
            "q" | "quit" => break,
            _ => ui::note("left out"),
        }
    }
    let answers = words::count(count, "answer", "answers");
    ui::note(&format!("{answers} taken over"));
    Ok(Answer::Done)
}

async fn print_one(
    taking: &Taking<'_>,
    received: &ReceivedWorkbook,
    offer: &Offer,
) -> Result<(), Failure> {
    let (_, assessment) = taking.case.assessment(Some(&received.questionnaire))?;
    let names = taking.workspace.names().await?;
    let telling = Telling {
        assessment,
        names: &names,
    };
    let question = &assessment.questionnaire().questions[offer.place];
    let text = assessment.evaluation.text(&question.text);
    let row = telling.row(offer);
    ui::line(&format!("{}  {}", question.id, inert_line(&text)));
    ui::line(&format!("  said before  {}", row[1]));
    ui::line(&format!("  workbook     {}  {}", row[2], row[3]));
    if let Some(note) = &offer.response.note {
        ui::line(&format!("  remark       {}", inert_line(note)));
    }
    if !row[4].is_empty() {
        ui::line(&format!("  {}", row[4]));
    }
    Ok(())
}
