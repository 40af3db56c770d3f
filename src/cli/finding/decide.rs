//! Deciding about findings: a command for each decision, all of them alike.

use clap::{ArgGroup, Args};

use crate::actions::{Case, Failure, People, Workspace};
use crate::cli::context::{Context, say_new};
use crate::cli::finding::row::row;
use crate::cli::{Answer, ui};
use crate::domain::decision::{Action, Disposition, Party};
use crate::domain::id::{CustomerId, FindingKey, PersonId, QuestionnaireId};
use crate::domain::phrases;
use crate::domain::response::Basis;
use crate::domain::time::Day;
use crate::markdown::inert;

/// What every decision needs.
#[derive(Debug, Args)]
pub(in crate::cli::finding) struct Deciding {
    /// The customer
    pub(in crate::cli::finding) customer: CustomerId,
    /// Findings, as `id` (every row that stands now) or `id@row`
    #[arg(required = true, value_name = "FINDING")]
    pub(in crate::cli::finding) findings: Vec<FindingKey>,
    /// The questionnaire, where the customer has several assessments
    #[arg(long, value_name = "ID")]
    pub(in crate::cli::finding) questionnaire: Option<QuestionnaireId>,
    /// Print the findings as they stand then, as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Assign {
    #[command(flatten)]
    deciding: Deciding,
    /// Who closes them
    #[arg(long, value_name = "PERSON")]
    owner: String,
}

#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    deciding: Deciding,
    /// Who closes them
    #[arg(long, value_name = "PERSON")]
    owner: String,
    /// By when
    #[arg(long, value_name = "DATE", value_parser = crate::cli::day)]
    due: Day,
}

#[derive(Debug, Args)]
pub(crate) struct Start {
    #[command(flatten)]
    deciding: Deciding,
}

#[derive(Debug, Args)]
pub(crate) struct Wait {
    #[command(flatten)]
    deciding: Deciding,
    /// Who must act before it can go on
    #[arg(long, value_enum)]
    on: Party,
    /// What it waits for
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    why: String,
}

#[derive(Debug, Args)]
pub(crate) struct Resume {
    #[command(flatten)]
    deciding: Deciding,
}

#[derive(Debug, Args)]
pub(crate) struct Claim {
    #[command(flatten)]
    deciding: Deciding,
    /// Who says that it is done [default: you]
    #[arg(long, value_name = "PERSON")]
    said_by: Option<String>,
    /// What they say about it
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    comment: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Dispose {
    #[command(flatten)]
    deciding: Deciding,
    /// Why it may stay as it is
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    reason: String,
    /// Who approves it: another than whoever decides, where the start needs the finding
    #[arg(long, value_name = "PERSON")]
    approved_by: String,
    /// Who decides it [default: you]
    #[arg(long, value_name = "PERSON")]
    decided_by: Option<String>,
    /// The last day on which it holds
    #[arg(long, value_name = "DATE", value_parser = crate::cli::day)]
    until: Day,
}

#[derive(Debug, Args)]
pub(crate) struct Dispute {
    #[command(flatten)]
    deciding: Deciding,
    /// Who says so
    #[arg(long, value_name = "PERSON")]
    said_by: String,
    /// Their words, which reports print
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    words: String,
}

#[derive(Debug, Args)]
pub(crate) struct InError {
    #[command(flatten)]
    deciding: Deciding,
    /// How it came to be recorded
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    reason: String,
    /// Who approves it: another than you, where it is needed before the start
    #[arg(long, value_name = "PERSON")]
    approved_by: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Reopen {
    #[command(flatten)]
    deciding: Deciding,
    /// Why
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    reason: Option<String>,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("shown").required(true).args(["document", "tool"])))]
pub(crate) struct Close {
    #[command(flatten)]
    deciding: Deciding,
    /// The document that shows it
    #[arg(long, value_name = "NAME")]
    document: Option<String>,
    /// The tool that measured it
    #[arg(long, value_name = "NAME")]
    tool: Option<String>,
}

impl Assign {
    pub(in crate::cli::finding) async fn run(self, context: &Context) -> Result<Answer, Failure> {
        let mut desk = Desk::open(context, self.deciding).await?;
        let owner = desk.people.person(&self.owner)?;
        desk.decide(Action::Assign { owner }).await
    }
}

impl Plan {
    pub(in crate::cli::finding) async fn run(self, context: &Context) -> Result<Answer, Failure> {
        let mut desk = Desk::open(context, self.deciding).await?;
        let owner = desk.people.person(&self.owner)?;
        let due = self.due;
        desk.decide(Action::Plan { owner, due }).await
    }
}

impl Start {
    pub(in crate::cli::finding) async fn run(self, context: &Context) -> Result<Answer, Failure> {
        let desk = Desk::open(context, self.deciding).await?;
        desk.decide(Action::Start).await
    }
}

impl Wait {
    pub(in crate::cli::finding) async fn run(self, context: &Context) -> Result<Answer, Failure> {
        let desk = Desk::open(context, self.deciding).await?;
        let (on, why) = (self.on, self.why);
        desk.decide(Action::Wait { on, why }).await
    }
}

impl Resume {
    pub(in crate::cli::finding) async fn run(self, context: &Context) -> Result<Answer, Failure> {
        let desk = Desk::open(context, self.deciding).await?;
        desk.decide(Action::Resume).await
    }
}

impl Claim {
    pub(in crate::cli::finding) async fn run(self, context: &Context) -> Result<Answer, Failure> {
        let mut desk = Desk::open(context, self.deciding).await?;
        let by = match &self.said_by {
            Some(name) => desk.people.person(name)?,
            None => desk.by.clone(),
        };
        let comment = self.comment;
        desk.decide(Action::Claim { by, comment }).await
    }
}

impl Dispose {
    pub(in crate::cli::finding) async fn accept(
        self,
        context: &Context,
    ) -> Result<Answer, Failure> {
        self.run(context, Action::Accept).await
    }

    pub(in crate::cli::finding) async fn third_party(
        self,
        context: &Context,
    ) -> Result<Answer, Failure> {
        self.run(context, Action::ThirdParty).await
    }

    pub(in crate::cli::finding) async fn mitigate(
        self,
        context: &Context,
    ) -> Result<Answer, Failure> {
        self.run(context, Action::Mitigate).await
    }

    async fn run(
        self,
        context: &Context,
        action: fn(Disposition) -> Action,
    ) -> Result<Answer, Failure> {
        let mut desk = Desk::open(context, self.deciding).await?;
        let decided_by = match &self.decided_by {
            Some(name) => desk.people.person(name)?,
            None => desk.by.clone(),
        };
        let approved_by = desk.people.person(&self.approved_by)?;
        desk.decide(action(Disposition {
            reason: self.reason,
            decided_by,
            approved_by,
            until: self.until,
        }))
        .await
    }
}

impl Dispute {
    pub(in crate::cli::finding) async fn run(self, context: &Context) -> Result<Answer, Failure> {
        let mut desk = Desk::open(context, self.deciding).await?;
        let by = desk.people.person(&self.said_by)?;
        let words = self.words;
        desk.decide(Action::Dispute { by, words }).await
    }
}

impl InError {
    pub(in crate::cli::finding) async fn run(self, context: &Context) -> Result<Answer, Failure> {
        let mut desk = Desk::open(context, self.deciding).await?;
        let approved_by = match &self.approved_by {
            Some(name) => Some(desk.people.person(name)?),
            None => None,
        };
        desk.decide(Action::InError {
            reason: self.reason,
            approved_by,
        })
        .await
    }
}

impl Reopen {
    pub(in crate::cli::finding) async fn run(self, context: &Context) -> Result<Answer, Failure> {
        let desk = Desk::open(context, self.deciding).await?;
        let reason = self.reason;
        desk.decide(Action::Reopen { reason }).await
    }
}

impl Close {
    pub(crate) async fn run(self, context: &Context) -> Result<Answer, Failure> {
        let desk = Desk::open(context, self.deciding).await?;
        let (basis, named) = match (self.document, self.tool) {
            (Some(document), _) => (Basis::Document, document),
            (None, tool) => (Basis::Tool, tool.unwrap_or_default()),
        };
        desk.decide(Action::Close { basis, named }).await
    }
}

/// A customer on the table, and who decides. Nobody is recorded before the decision is.
struct Desk {
    workspace: Workspace,
    case: Case,
    people: People,
    by: PersonId,
    deciding: Deciding,
}

impl Desk {
    async fn open(context: &Context, deciding: Deciding) -> Result<Self, Failure> {
        let workspace = context.workspace().await?;
        let case = workspace.case(&deciding.customer, None).await?;
        let mut people = workspace.people().await?;
        let by = context.author_among(&mut people)?;
        Ok(Self {
            workspace,
            case,
            people,
            by,
            deciding,
        })
    }

    async fn decide(mut self, action: Action) -> Result<Answer, Failure> {
        let Deciding {
            findings,
            questionnaire,
            json,
            ..
        } = &self.deciding;
        let questionnaire = questionnaire.as_ref();
        let (workspace, people) = (&self.workspace, &self.people);
        let keys = self
            .case
            .decide(
                workspace,
                &self.by,
                people,
                questionnaire,
                findings,
                &action,
            )
            .await?;
        people.new_ones().iter().for_each(say_new);
        let names = workspace.names().await?;
        let name = |id: &PersonId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
        let (_, assessment) = self.case.assessment(questionnaire)?;
        let lives = keys.iter().map(|key| (key, &assessment.lives[key]));
        if *json {
            let rows = lives.map(|(key, life)| row(&self.case, assessment, key, life, &name));
            ui::json(&rows.collect::<Vec<_>>());
            return Ok(Answer::Done);
        }
        for (key, life) in lives {
            let words = phrases::standing(life, self.case.book.today, name);
            ui::note(&inert(&format!("{key}: {words}")));
        }
        Ok(Answer::Done)
    }
}
