//! What a person can do, once, for terminal and browser: load, compute, save.
//!
//! Nothing here prints, and nothing here decides what holds: that is the domain's. Async, because the store is.

mod failure;
mod summary;
mod case;
mod people;
mod begin;
mod upgrade;
mod carry;
mod answers;
mod workbook;
mod decide;
mod advice;
mod request;
mod portfolio;
mod sheets;
mod digest;
mod entries;
mod changes;
mod evidence;
mod settle;
mod phase;
mod pack;
mod report;
mod prepare;
mod verify;

use std::path::PathBuf;

use chrono::Utc;

pub use crate::actions::advice::{Received, Update};
pub use crate::actions::answers::{Imported, export_answers};
pub use crate::actions::begin::{DEFAULT_QUESTIONNAIRE, answered};
pub use crate::actions::case::{About, AsOf, Case, Draft};
pub use crate::actions::changes::{Compared, MAX_POINTS};
pub use crate::actions::decide::{Note, Which, resolve};
pub use crate::actions::digest::{Digest, Digests};
pub use crate::actions::evidence::{
    Arrival, FileAtHand, Plan, Resettled, TakenIn, Terms, ToolFile, too_large,
};
pub use crate::actions::failure::{Failure, FailureKind};
pub use crate::actions::pack::Pack;
pub use crate::actions::people::People;
pub use crate::actions::phase::Step;
pub use crate::actions::portfolio::{Customers, Failed, Line, Load, Order, Portfolio, Queue};
pub use crate::actions::prepare::{Form, Prepared, Questions, known_team};
pub use crate::actions::report::{File, Wanted};
pub use crate::actions::request::Asking;
pub use crate::actions::settle::{Settlement, refuse_unused, remember, settle_arrivals};
pub use crate::actions::summary::{CustomerSummary, Summaries, Summary};
pub use crate::actions::upgrade::PlannedUpgrade;
pub use crate::actions::verify::Verified;
pub use crate::actions::workbook::{Offer, Received as ReceivedWorkbook, Standing};
use crate::catalog::library::Library;
use crate::catalog::near::nearest;
use crate::domain::assessment::Texts;
use crate::domain::id::CustomerId;
use crate::domain::ledger::Entry;
use crate::domain::time::Instant;
use crate::problem::Problem;
use crate::store::{CustomerRow, Location, Store};

/// The version of the program, which computed what it keeps for views over all customers, and of the rows that it keeps.
pub const ENGINE: &str = concat!(env!("CARGO_PKG_VERSION"), " rows 3");

/// Where the time comes from.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A given time, for tests and demonstrations.
    Frozen(Instant),
}

impl Clock {
    /// Returns the time.
    #[must_use]
    pub fn now(self) -> Instant {
        match self {
            Self::System => Instant::new(Utc::now()),
            Self::Frozen(at) => at,
        }
    }
}

/// What every action works with.
#[derive(Debug)]
pub struct Workspace {
    /// Where everything is kept.
    pub store: Store,
    /// The questionnaires to begin assessments with.
    pub library: Library,
    /// Where the time comes from.
    pub clock: Clock,
}

impl Workspace {
    /// Opens the store at `location` and the questionnaires: the shipped ones, and those in `questionnaires`, which come first.
    ///
    /// # Errors
    /// When the store or the folder cannot be used.
    pub async fn open(
        location: &Location,
        questionnaires: Option<PathBuf>,
        clock: Clock,
    ) -> Result<Self, Failure> {
        Ok(Self {
            store: Store::open(location).await?,
            library: Library::open(questionnaires.as_deref())?,
            clock,
        })
    }

    /// Returns every customer, by id.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn customers(&self) -> Result<Vec<CustomerRow>, Failure> {
        Ok(self.store.customers().await?)
    }

    /// Loads a customer as everything stands now, or as of an earlier point.
    ///
    /// # Errors
    /// When there is no such customer or point, or the ledger does not verify.
    pub async fn case(&self, customer: &CustomerId, as_of: Option<&AsOf>) -> Result<Case, Failure> {
        self.case_knowing(customer, as_of, Texts::new()).await
    }

    /// As [`case`](Self::case), with questionnaires that were read before and are not to be read again.
    async fn case_knowing(
        &self,
        customer: &CustomerId,
        as_of: Option<&AsOf>,
        known: Texts,
    ) -> Result<Case, Failure> {
        let Some(ledger) = self.store.ledger(customer).await? else {
            return Err(self.no_customer(customer).await?);
        };
        Case::load(self, ledger, as_of, known).await
    }

    /// Returns the failure that says that there is no such customer, with the nearest id.
    async fn no_customer(&self, customer: &CustomerId) -> Result<Failure, Failure> {
        let known = self.store.customers().await?;
        let near = nearest(
            customer.as_str(),
            known.iter().map(|row| row.customer.as_str()),
        );
        let problem = Problem::error(format!("there is no customer `{customer}`"));
        Ok(Failure::usage(match near {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help(format!(
                "add them with `readiness customer add {customer} --name \"…\"`, or see `readiness customer list`"
            )),
        }))
    }
}

/// Returns the entries of a ledger up to `seq`.
fn prefix(entries: &[Entry], seq: u64) -> &[Entry] {
    let end = entries.partition_point(|entry| entry.header.seq <= seq);
    &entries[..end]
}
