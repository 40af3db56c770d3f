//! Making reports of a customer, and issuing them.

use std::collections::{BTreeMap, BTreeSet};

use crate::actions::{Case, Draft, Failure, Workspace};
use crate::domain::id::{FindingKey, Hash, PersonId, QuestionnaireId};
use crate::domain::ledger::Fact;
use crate::domain::proposal::Source;
use crate::problem::Problem;
use crate::report::audience::nameless;
use crate::report::model::{LeftOut, Status};
use crate::report::{
    Audience, Branding, Edition, Format, Input, Report, build, file_name, render_noting,
};
use crate::store::people_in_order;
use crate::template::Templates;

/// What kind of report is wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Under which questionnaire; the only one where none is named.
    pub questionnaire: Option<QuestionnaireId>,
    /// For whom.
    pub audience: Audience,
    /// The finding that a hand-out is about.
    pub finding: Option<FindingKey>,
    /// In which formats.
    pub formats: Vec<Format>,
    /// Whose report it is.
    pub branding: Branding,
    /// For whom it was prepared, in words.
    pub prepared_for: Option<String>,
    /// The milestone it is made for, where it looks back to one.
    pub milestone: Option<String>,
    /// What is left out beyond what the audience does not see.
    pub left_out: BTreeSet<LeftOut>,
}

/// A file of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name: `contoso-executive.html`.
    pub name: String,
    /// Its format.
    pub format: Format,
    /// What stands in it.
    pub bytes: Vec<u8>,
    /// The characters of the report that it cannot show.
    pub lost: BTreeSet<char>,
}

impl Case {
    /// Makes a report without writing anything, as a draft.
    ///
    /// # Errors
    /// What is wrong with a template, or that there is no such assessment.
    pub async fn report(
        &self,
        workspace: &Workspace,
        templates: &Templates,
        wanted: &Wanted,
    ) -> Result<Vec<File>, Failure> {
        let names = workspace.names().await?;
        let evidence = self.sources(workspace).await?;
        let report = self.make(&evidence, &names, templates, wanted, Status::Draft)?;
        lay_out(&report, templates, &wanted.formats)
    }

    /// Makes a report and records in the ledger that it was issued, with the digest of each of its files.
    ///
    /// # Errors
    /// As [`report`](Self::report), and when the store fails.
    pub async fn issue(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        templates: &Templates,
        wanted: &Wanted,
    ) -> Result<Vec<File>, Failure> {
        let names = workspace.names().await?;
        let evidence = self.sources(workspace).await?;
        let report = self.make(&evidence, &names, templates, wanted, Status::Issued)?;
        let files = lay_out(&report, templates, &wanted.formats)?;
        let (questionnaire, _) = self.assessment(wanted.questionnaire.as_ref())?;
        let drafts = files
            .iter()
            .map(|file| {
                Draft::free(Fact::ReportIssued {
                    questionnaire: questionnaire.clone(),
                    audience: wanted.audience.code().to_owned(),
                    format: file.format.code().to_owned(),
                    version: report.head.version,
                    digest: Hash::of(&file.bytes),
                    computed_from: self.book.seq,
                })
            })
            .collect();
        self.record(workspace, by, drafts).await?;
        Ok(files)
    }

    fn make(
        &self,
        evidence: &[Source],
        names: &BTreeMap<PersonId, String>,
        templates: &Templates,
        wanted: &Wanted,
        status: Status,
    ) -> Result<Report, Failure> {
        let (questionnaire, assessment) = self.assessment(wanted.questionnaire.as_ref())?;
        let past = self.past()?;
        let edition = Edition {
            milestone: wanted.milestone.clone(),
            prepared_by: self.book.customer.manager.clone(),
            prepared_for: wanted.prepared_for.clone(),
            left_out: wanted.left_out.clone(),
            ..Edition::next(assessment, status)
        };
        let people = people_in_order(&self.ledger.entries);
        let nameless = nameless(&people, &self.book.customer);
        let names = match wanted.left_out.contains(&LeftOut::Names) {
            true => &nameless,
            false => names,
        };
        let tool = format!("readiness {}", env!("CARGO_PKG_VERSION"));
        let input = Input {
            book: &self.book,
            questionnaire,
            past: &past,
            texts: &self.texts,
            evidence,
            names,
            branding: &wanted.branding,
            edition: &edition,
            tool: &tool,
        };
        let report =
            build(&input, templates).map_err(|error| Failure::failed(Problem::from(*error)))?;
        let report =
            report.ok_or_else(|| Failure::failed(Problem::error("there is no such assessment")))?;
        match (&wanted.finding, wanted.audience) {
            (Some(key), Audience::Handout) => handout(report, key),
            _ => Ok(report.for_audience(wanted.audience)),
        }
    }
}

/// Makes the hand-out for a finding that is to be done.
fn handout(report: Report, key: &FindingKey) -> Result<Report, Failure> {
    let known: Vec<&str> = (report.findings.iter())
        .filter(|finding| !finding.state.is_over())
        .map(|finding| finding.key.as_str())
        .collect();
    if !known.contains(&key.to_string().as_str()) {
        let problem = Problem::error(format!("nothing is to be done about a finding `{key}`"));
        let help = "`readiness finding list` shows what is to be done";
        return Err(Failure::failed(problem.help(help)));
    }
    let none = || Failure::failed(Problem::error(format!("there is no finding `{key}`")));
    report.handout(&key.to_string()).ok_or_else(none)
}

fn lay_out(
    report: &Report,
    templates: &Templates,
    formats: &[Format],
) -> Result<Vec<File>, Failure> {
    formats
        .iter()
        .map(|format| {
            let mut lost = BTreeSet::new();
            let bytes = render_noting(report, templates, *format, &mut lost)
                .map_err(|error| Failure::failed(Problem::from(error)))?;
            Ok(File {
                name: file_name(report, *format),
                format: *format,
                bytes,
                lost,
            })
        })
        .collect()
}
