//! Evidence: taking files in, withdrawing them, and taking over or refusing what they propose.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::actions::{Case, Draft, Failure, Workspace, answered};
use crate::domain::assessment::Held;
use crate::domain::customer::{Customer, CustomerChange};
use crate::domain::decision::{Decision, RefusedProposal};
use crate::domain::evidence::Evidence;
use crate::domain::exhibit::{
    Exhibit, MAX_DOCUMENT, MAX_FILE_NAME, MAX_KEPT, Matter, RawFile, ToolOutput, media_type,
};
use crate::domain::id::{Hash, PersonId, QuestionId, QuestionnaireId};
use crate::domain::ledger::{Fact, canonical};
use crate::domain::proposal::{self, Hearing, Source};
use crate::domain::response::Value;
use crate::domain::time::{Day, Instant};
use crate::domain::whose::{self, Whose, whose};
use crate::problem::{Problem, Problems};
use crate::store::Text;

/// The media type of what a tool's file says.
const READING: &str = "application/json";

/// A file at hand.
#[derive(Clone, Debug)]
pub struct FileAtHand {
    /// Its name, without the folders; untrusted.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A tool's file that was read: what is recorded of it beside what it says.
#[derive(Clone, Debug)]
pub struct ToolFile {
    /// Its name, as it was given; untrusted.
    pub name: String,
    /// How many bytes it has.
    pub size: u64,
    /// The SHA-256 of its bytes.
    pub sha256: Hash,
    /// The bytes themselves, where they are to be kept.
    pub bytes: Option<Vec<u8>>,
}

impl ToolFile {
    /// Takes what is recorded of `file`, and its bytes only where they are to be kept.
    #[must_use]
    pub fn of(file: FileAtHand, keep: bool) -> Self {
        Self {
            size: file.bytes.len() as u64,
            sha256: Hash::of(&file.bytes),
            name: file.name,
            bytes: keep.then_some(file.bytes),
        }
    }
}

/// A tool's output at hand, read and not recorded.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// What it says.
    pub evidence: Evidence,
    /// The files that it was read from, mostly one.
    pub files: Vec<ToolFile>,
}

/// On which terms tools' files are taken in.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// The tenant that is meant, where a file names several.
    pub tenant: Option<String>,
    /// Whether a tenant that the customer does not have is added.
    pub add_tenant: bool,
    /// When it was measured, where the file does not say.
    pub taken: Option<Instant>,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenIn {
    /// The file.
    pub exhibit: Exhibit,
    /// The entry of the same file, where it was taken in before.
    pub before: Option<u64>,
    /// The entry of newer evidence of the same tool and tenant, which stays in front.
    pub newer: Option<u64>,
}

/// Evidence that is kept anew because a title in it was settled.
#[derive(Clone, Debug)]
pub struct Resettled {
    /// The entry of the evidence as it was.
    pub entry: u64,
    /// How many rows were placed.
    pub rows: usize,
    /// The evidence as it is from now on.
    pub exhibit: Exhibit,
}

/// What is to be recorded of tools' files.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// What becomes of each file.
    pub taken_in: Vec<TakenIn>,
    /// The tenants that the customer gets.
    pub changes: Vec<CustomerChange>,
    /// Evidence of before that is kept anew.
    pub resettled: Vec<Resettled>,
    pub(super) texts: Vec<Text>,
}

impl Case {
    /// Returns what the tools' files say that were taken in and not withdrawn.
    ///
    /// # Errors
    /// When a file is missing from the store or damaged.
    pub async fn sources(&self, workspace: &Workspace) -> Result<Vec<Source>, Failure> {
        let mut sources = Vec::new();
        for held in standing(&self.book.evidence) {
            let exhibit = &held.exhibit.what;
            let Some(output) = exhibit.output() else {
                continue;
            };
            let text = workspace.store.text(&exhibit.file).await?;
            let evidence = text.and_then(|text| serde_json::from_slice(text.bytes()).ok());
            let evidence: Evidence = evidence.ok_or_else(|| {
                let message = format!("the evidence of entry {} cannot be read", held.exhibit.seq);
                Failure::failed(
                    Problem::error(message).help("check the store with `readiness verify`"),
                )
            })?;
            sources.push(Source {
                entry: held.exhibit.seq,
                file: exhibit.file,
                name: exhibit.name.clone(),
                tenant: output.tenant.clone(),
                taken: output.taken,
                evidence: Arc::new(evidence),
            });
        }
        Ok(sources)
    }

    /// Returns what the evidence comes to for every question that it speaks to.
    ///
    /// # Errors
    /// As [`sources`](Self::sources), and when there is no such assessment.
    pub async fn hearings(
        &self,
        workspace: &Workspace,
        questionnaire: Option<&QuestionnaireId>,
    ) -> Result<Vec<Hearing>, Failure> {
        let (_, assessment) = self.assessment(questionnaire)?;
        let sources = self.sources(workspace).await?;
        Ok(proposal::hearings(
            assessment,
            &self.book.customer,
            &sources,
        ))
    }

    /// Takes in documents about a question, all or none; those that were taken in before are left as they are.
    ///
    /// # Errors
    /// When one is too large, or all of the customer's together.
    pub async fn attach(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        about: (&QuestionnaireId, &QuestionId),
        files: Vec<FileAtHand>,
    ) -> Result<Vec<TakenIn>, Failure> {
        let mut plan = Plan::default();
        for file in files {
            let matter = Matter::Document {
                questionnaire: about.0.clone(),
                question: about.1.clone(),
            };
            let (exhibit, text) = document(file, matter)?;
            let mut taken_in = plan.taken_in.iter();
            if taken_in.any(|one| one.exhibit.file == exhibit.file) {
                continue;
            }
            let before = self.attached(about.1, exhibit.file);
            if before.is_none() {
                plan.texts.push(text);
            }
            plan.taken_in.push(TakenIn {
                exhibit,
                before,
                newer: None,
            });
        }
        self.keep(workspace, by, &plan).await?;
        Ok(plan.taken_in)
    }

    /// Returns the entry that took in the same document about the same question.
    fn attached(&self, question: &QuestionId, file: Hash) -> Option<u64> {
        let documents: Vec<u64> = (self.book.assessments.values())
            .flat_map(|assessment| &assessment.documents)
            .filter(|(_, about)| *about == question)
            .map(|(entry, _)| *entry)
            .collect();
        let mut held = standing(&self.book.evidence);
        let held = held
            .find(|held| held.exhibit.what.file == file && documents.contains(&held.exhibit.seq));
        held.map(|held| held.exhibit.seq)
    }

    /// Plans what is to be recorded of tools' files, without recording anything.
    ///
    /// # Errors
    /// For every file that is of another tenant or of several: all of them.
    pub fn plan_evidence(&self, arrivals: Vec<Arrival>, terms: &Terms) -> Result<Plan, Failure> {
        let mut customer = self.book.customer.clone();
        let mut plan = Plan::default();
        let mut problems = Problems::default();
        for arrival in arrivals {
            let names = names(&arrival.files);
            match claim(&arrival.evidence, &customer, terms) {
                Ok(claim) => {
                    if let Some(change) = claim.change {
                        customer.apply(&change);
                        plan.changes.push(change);
                    }
                    let evidence = match claim.seen {
                        Some(seen) => whose::only(arrival.evidence, seen),
                        None => arrival.evidence,
                    };
                    self.plan_one(
                        &mut plan,
                        evidence,
                        claim.tenant,
                        arrival.files,
                        terms.taken,
                    );
                }
                Err(problem) => problems.push(Problem {
                    message: format!("`{names}`: {}", problem.message),
                    ..problem
                }),
            }
        }
        if problems.any_error() {
            return Err(Failure::failed(problems));
        }
        Ok(plan)
    }

    fn plan_one(
        &self,
        plan: &mut Plan,
        evidence: Evidence,
        tenant: Option<String>,
        files: Vec<ToolFile>,
        taken: Option<Instant>,
    ) {
        let raw: Vec<RawFile> = files
            .iter()
            .map(|file| RawFile {
                name: file_name(&file.name),
                size: file.size,
                sha256: file.sha256,
                kept: file.bytes.is_some(),
            })
            .collect();
        let text = Text::new(READING, canonical(&evidence));
        let exhibit = Exhibit {
            file: text.hash(),
            name: file_name(&names(&files)),
            media_type: READING.to_owned(),
            size: text.bytes().len() as u64,
            matter: Matter::Tool(Box::new(ToolOutput {
                tool: evidence.tool,
                tool_version: evidence.tool_version.clone(),
                form: evidence.form.clone(),
                taken: evidence.taken.or(taken),
                tenant,
                raw,
            })),
        };
        let twice = plan
            .taken_in
            .iter()
            .any(|one| is_same(&one.exhibit, &exhibit));
        if twice {
            return;
        }
        let before = self.imported(&exhibit);
        if before.is_none() {
            plan.texts.push(text);
            let kept = files.into_iter().filter_map(|file| file.bytes);
            plan.texts
                .extend(kept.map(|bytes| Text::new(media_type(&bytes), bytes)));
        }
        plan.taken_in.push(TakenIn {
            newer: self.newer(&exhibit),
            exhibit,
            before,
        });
    }

    /// Returns the entry that took in the same file for the same tenant.
    fn imported(&self, exhibit: &Exhibit) -> Option<u64> {
        let mut held = standing(&self.book.evidence);
        let held = held.find(|held| is_same(&held.exhibit.what, exhibit));
        held.map(|held| held.exhibit.seq)
    }

    /// Returns the entry of newer evidence in the same form by the same tool on the same tenant.
    fn newer(&self, exhibit: &Exhibit) -> Option<u64> {
        let ours = exhibit.output()?;
        let newer = standing(&self.book.evidence).filter_map(|held| {
            let other = held.exhibit.what.output()?;
            let same =
                (other.tool, &other.form, &other.tenant) == (ours.tool, &ours.form, &ours.tenant);
            (same && other.taken > ours.taken).then_some((other.taken, held.exhibit.seq))
        });
        newer.max().map(|(_, seq)| seq)
    }

    /// Records what was planned, all or nothing.
    ///
    /// # Errors
    /// When the customer's evidence grows too large, or the store fails.
    pub async fn take_in(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        plan: &Plan,
    ) -> Result<(), Failure> {
        self.keep(workspace, by, plan).await
    }

    async fn keep(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        plan: &Plan,
    ) -> Result<(), Failure> {
        let new: Vec<&Exhibit> = (plan.taken_in.iter())
            .filter(|one| one.before.is_none())
            .map(|one| &one.exhibit)
            .collect();
        let anew = plan.resettled.iter().map(|one| &one.exhibit);
        self.refuse_too_much(&new.iter().copied().chain(anew).collect::<Vec<_>>())?;
        let mut drafts = Vec::new();
        if !plan.changes.is_empty() && !new.is_empty() {
            let changes = plan.changes.clone();
            drafts.push(Draft::free(Fact::CustomerChanged { changes }));
        }
        let facts = new.into_iter().cloned().map(Fact::EvidenceAdded);
        drafts.extend(facts.map(Draft::free));
        drafts.extend(plan.resettled.iter().flat_map(keep_anew));
        if !drafts.is_empty() {
            self.record_with(workspace, by, drafts, &plan.texts).await?;
        }
        Ok(())
    }

    /// Refuses what would make the customer's evidence too large.
    pub(super) fn refuse_too_much(&self, new: &[&Exhibit]) -> Result<(), Failure> {
        let held = self.book.evidence.iter().map(|held| &held.exhibit.what);
        let sizes = held.chain(new.iter().copied()).map(Exhibit::kept_bytes);
        let total = sizes.fold(0, u64::saturating_add);
        if total <= MAX_KEPT || new.is_empty() {
            return Ok(());
        }
        let mib = |bytes: u64| bytes.div_ceil(1024 * 1024);
        Err(Failure::failed(
            Problem::error(format!(
                "the customer's evidence would come to {} MiB, and at most {} MiB are kept of one",
                mib(total),
                mib(MAX_KEPT)
            ))
            .help("leave out `--keep-raw`, attach less, or redact entries whose files are no longer needed"),
        ))
    }

    /// Withdraws evidence by the entries that took it in, all or none. The files stay with the ledger.
    ///
    /// # Errors
    /// When an entry took in no evidence, or it was withdrawn before.
    pub async fn withdraw_evidence(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        entries: &BTreeSet<u64>,
        reason: &str,
    ) -> Result<(), Failure> {
        let mut drafts = Vec::new();
        for entry in entries {
            let held = self.held(*entry)?;
            if let Some(withdrawn) = &held.withdrawn {
                let message = format!(
                    "the evidence of entry {entry} was withdrawn by {}",
                    withdrawn.by
                );
                return Err(Failure::usage(Problem::error(message)));
            }
            let (entry, reason) = (*entry, reason.to_owned());
            drafts.push(Draft::free(Fact::EvidenceWithdrawn { entry, reason }));
        }
        self.record(workspace, by, drafts).await?;
        Ok(())
    }

    /// Returns the evidence that an entry took in.
    ///
    /// # Errors
    /// When it took in none.
    pub fn held(&self, entry: u64) -> Result<&Held, Failure> {
        let mut held = self.book.evidence.iter();
        held.find(|held| held.exhibit.seq == entry).ok_or_else(|| {
            let help = format!("see `readiness evidence list {}`", self.ledger.customer);
            Failure::usage(Problem::error(format!("entry {entry} took in no evidence")).help(help))
        })
    }

    /// Takes over what was proposed at `hearings`, all or nothing; `on` dates what is undated. Returns how many answers changed.
    ///
    /// # Errors
    /// When nothing is proposed for one, or what is proposed is undated and `on` is not given.
    pub async fn accept_proposals(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        questionnaire: &QuestionnaireId,
        hearings: &[&Hearing],
        on: Option<Day>,
    ) -> Result<usize, Failure> {
        let (_, assessment) = self.assessment(Some(questionnaire))?;
        let mut drafts = Vec::new();
        for hearing in hearings {
            let response = proposal::accepted(hearing, on).ok_or_else(|| {
                let question = &assessment.questionnaire().questions[hearing.place].id;
                not_acceptable(question, hearing)
            })?;
            let fact = answered(questionnaire, assessment, hearing.place, response, false);
            drafts.extend(fact.map(|fact| Draft::based_on(fact, assessment)));
        }
        let count = drafts.len();
        if count > 0 {
            self.record(workspace, by, drafts).await?;
        }
        Ok(count)
    }

    /// Records that what `hearings` propose, or hold against the answers, is not taken over.
    ///
    /// # Errors
    /// When nothing is proposed and nothing contradicts for one.
    pub async fn refuse_proposals(
        &mut self,
        workspace: &Workspace,
        by: &PersonId,
        questionnaire: &QuestionnaireId,
        hearings: &[&Hearing],
        reason: &str,
    ) -> Result<(), Failure> {
        let (_, assessment) = self.assessment(Some(questionnaire))?;
        let mut drafts = Vec::new();
        for hearing in hearings {
            let question = &assessment.questionnaire().questions[hearing.place].id;
            let refusals = refusals(hearing, question, reason);
            if refusals.is_empty() {
                return Err(not_acceptable(question, hearing));
            }
            drafts.extend(refusals.into_iter().map(|refused| {
                Draft::free(Fact::Decided {
                    questionnaire: questionnaire.clone(),
                    decision: Decision::Proposal(refused),
                })
            }));
        }
        self.record(workspace, by, drafts).await?;
        Ok(())
    }
}

/// Returns the entries that keep evidence anew: the end of the one before, and the new one.
fn keep_anew(one: &Resettled) -> [Draft; 2] {
    let withdrawn = Fact::EvidenceWithdrawn {
        entry: one.entry,
        reason: "read anew: a person said which control a title is".to_owned(),
    };
    [
        Draft::free(withdrawn),
        Draft::free(Fact::EvidenceAdded(one.exhibit.clone())),
    ]
}

/// Makes what is kept of a document.
///
/// # Errors
/// When it is too large.
pub(super) fn document(file: FileAtHand, matter: Matter) -> Result<(Exhibit, Text), Failure> {
    let size = file.bytes.len() as u64;
    if size > MAX_DOCUMENT {
        return Err(too_large(&file.name, size));
    }
    let text = Text::new(media_type(&file.bytes), file.bytes);
    let exhibit = Exhibit {
        file: text.hash(),
        name: file_name(&file.name),
        media_type: text.media_type().to_owned(),
        size,
        matter,
    };
    Ok((exhibit, text))
}

/// Returns the refusal of each value that is proposed or contradicts the answer.
fn refusals(hearing: &Hearing, question: &QuestionId, reason: &str) -> Vec<RefusedProposal> {
    let mut values: Vec<&Value> = Vec::new();
    let contradicting = hearing.contradicting.iter();
    let contradicting = contradicting.filter_map(|at| hearing.opinions[*at].proposes.as_ref());
    let proposed = hearing.proposal().map(|proposal| &proposal.value);
    for value in contradicting.chain(proposed) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    let files = |value: &Value| {
        let opinions = hearing.opinions.iter();
        let of_value = opinions.filter(|opinion| opinion.proposes.as_ref() == Some(value));
        of_value.map(|opinion| opinion.file).collect()
    };
    values
        .into_iter()
        .map(|value| RefusedProposal {
            question: question.clone(),
            value: value.clone(),
            files: files(value),
            reason: reason.to_owned(),
        })
        .collect()
}

fn not_acceptable(question: &QuestionId, hearing: &Hearing) -> Failure {
    let undated = hearing
        .proposal()
        .is_some_and(|proposal| proposal.on.is_none());
    Failure::usage(if undated {
        Problem::error(format!("what is proposed for `{question}` is undated"))
            .help("say with `--on DATE` from when it is")
    } else {
        Problem::error(format!("nothing is proposed for `{question}`"))
            .help("see `readiness evidence review CUSTOMER`")
    })
}

/// Whose a file is, decided.
struct Claim {
    seen: Option<usize>,
    tenant: Option<String>,
    change: Option<CustomerChange>,
}

/// Decides whose a file is, or says why that is not clear.
fn claim(evidence: &Evidence, customer: &Customer, terms: &Terms) -> Result<Claim, Problem> {
    let listed = |places: &[usize]| {
        let tenants = places
            .iter()
            .map(|place| whose::words(&evidence.tenants[*place]));
        tenants.collect::<Vec<_>>().join("; ")
    };
    match whose(evidence, customer, terms.tenant.as_deref()) {
        Whose::Unnamed => Ok(Claim {
            seen: None,
            tenant: None,
            change: None,
        }),
        Whose::Known { seen, tenant } => Ok(Claim {
            seen: Some(seen),
            tenant: Some(tenant),
            change: None,
        }),
        Whose::Several(places) => Err(Problem::error(format!(
            "it speaks of several tenants: {}",
            listed(&places)
        ))
        .help("say which one with `--tenant`")),
        Whose::NotThere => {
            let all: Vec<usize> = (0..evidence.tenants.len()).collect();
            let wanted = terms.tenant.as_deref().unwrap_or_default();
            let message = format!("it does not speak of a tenant `{wanted}`");
            Err(Problem::error(message).help(format!("it speaks of {}", listed(&all))))
        }
        Whose::Stranger { seen } => stranger(evidence, customer, seen, terms.add_tenant),
    }
}

fn stranger(
    evidence: &Evidence,
    customer: &Customer,
    seen: usize,
    add: bool,
) -> Result<Claim, Problem> {
    let tenant = &evidence.tenants[seen];
    let message = format!(
        "it is of the tenant {}, which {} does not have",
        whose::words(tenant),
        customer.name
    );
    let adding = whose::adding(tenant);
    match adding {
        Some((id, change)) if add => Ok(Claim {
            seen: Some(seen),
            tenant: Some(id),
            change: Some(change),
        }),
        Some(_) => Err(Problem::error(message).help("if it is theirs, add the tenant with `--add-tenant`")),
        None => Err(Problem::error(message).help(format!(
            "the file gives no id or domain to add it by: use `readiness customer set {} --tenant ID,NAME,DOMAIN`",
            customer.id
        ))),
    }
}

/// Returns what was not withdrawn.
fn standing(evidence: &[Held]) -> impl Iterator<Item = &Held> {
    evidence.iter().filter(|held| held.withdrawn.is_none())
}

/// Returns whether two exhibits are the same files of a tool, for the same tenant.
fn is_same(one: &Exhibit, other: &Exhibit) -> bool {
    let (Some(ours), Some(theirs)) = (one.output(), other.output()) else {
        return false;
    };
    let hashes = |output: &ToolOutput| -> BTreeSet<Hash> {
        output.raw.iter().map(|raw| raw.sha256).collect()
    };
    ours.tenant == theirs.tenant && hashes(ours) == hashes(theirs)
}

fn names(files: &[ToolFile]) -> String {
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    names.join(", ")
}

/// Returns a name as it is kept: cut where it is too long.
fn file_name(name: &str) -> String {
    let mut end = name.len().min(MAX_FILE_NAME);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name[..end].to_owned()
}

/// Says that a document is too large.
#[must_use]
pub fn too_large(name: &str, size: u64) -> Failure {
    let mib = |bytes: u64| bytes.div_ceil(1024 * 1024);
    let message = format!(
        "`{name}` has {} MiB, and at most {} MiB of a document are kept",
        mib(size),
        mib(MAX_DOCUMENT)
    );
    Failure::failed(Problem::error(message).help("attach the pages that matter"))
}
