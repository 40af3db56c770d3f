//! Whether everything kept is as it was written, and comes to what was kept of it.

use crate::actions::summary::is_right_row;
use crate::actions::{ENGINE, Failure, Workspace};
use crate::domain::assessment::Texts;
use crate::domain::id::{CustomerId, Hash, PersonId, QuestionnaireId};
use crate::domain::ledger::{Entry, Fact};
use crate::domain::time::Instant;
use crate::problem::Problems;
use crate::store::{Ledger, SummaryRow};

/// What was checked, and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many customers there are.
    pub customers: usize,
    /// How many entries their ledgers have.
    pub entries: u64,
    /// What is wrong; nothing means that all is well.
    pub problems: Problems,
}

/// A report as a ledger remembers that it was issued.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct IssuedReport {
    /// Whose it is.
    pub customer: CustomerId,
    /// Under which questionnaire.
    pub questionnaire: QuestionnaireId,
    /// The entry that says so.
    pub entry: u64,
    /// When it was issued.
    pub at: Instant,
    /// Who issued it.
    pub by: PersonId,
    /// For whom.
    pub audience: String,
    /// In which format.
    pub format: String,
    /// Which version of the report it is.
    pub version: u32,
    /// The last entry that it was computed from.
    pub computed_from: u64,
}

impl Workspace {
    /// Returns every time that a file of exactly these bytes was issued, for any customer; nothing where it never was, or was changed
    /// since.
    ///
    /// # Errors
    /// When a ledger cannot be read.
    pub async fn issued(&self, bytes: &[u8]) -> Result<Vec<IssuedReport>, Failure> {
        let wanted = Hash::of(bytes);
        let mut found = Vec::new();
        for row in self.store.customers().await? {
            let case = self.case(&row.customer, None).await?;
            let entries = &case.ledger.entries;
            found.extend(
                entries
                    .iter()
                    .filter_map(|entry| issued(&row.customer, entry, wanted)),
            );
        }
        Ok(found)
    }

    /// Checks the store as a file, every text, every ledger and every summary.
    ///
    /// # Errors
    /// Only when the store cannot be read at all; damage is among what is returned.
    pub async fn verify(&self) -> Result<Verified, Failure> {
        // What is wrong with the list is told by the check itself.
        let customers = self.store.customers().await.unwrap_or_default();
        let mut texts = Texts::new();
        let mut not_replayed = Problems::default();
        for row in &customers {
            match self.case(&row.customer, None).await {
                Ok(case) => texts.extend(case.texts),
                Err(failure) => not_replayed.0.extend(failure.problems.0),
            }
        }
        let found = self
            .store
            .verify(|ledger, row| is_right(ledger, row, &texts))
            .await?;
        Ok(Verified {
            customers: customers.len(),
            entries: customers.iter().map(|row| row.seq).sum(),
            // Damage also keeps a ledger from being replayed: it is told once.
            problems: if found.is_empty() {
                not_replayed
            } else {
                Problems(found)
            },
        })
    }
}

/// Returns what an entry says of a report with this digest.
fn issued(customer: &CustomerId, entry: &Entry, wanted: Hash) -> Option<IssuedReport> {
    let Some(Fact::ReportIssued {
        questionnaire,
        audience,
        format,
        version,
        digest,
        computed_from,
    }) = &entry.fact
    else {
        return None;
    };
    (*digest == wanted).then(|| IssuedReport {
        customer: customer.clone(),
        questionnaire: questionnaire.clone(),
        entry: entry.header.seq,
        at: entry.header.at,
        by: entry.header.by.clone(),
        audience: audience.clone(),
        format: format.clone(),
        version: *version,
        computed_from: *computed_from,
    })
}

/// Returns whether a row is what its ledger comes to on the row's day; another engine may have seen it otherwise.
fn is_right(ledger: &Ledger, row: &SummaryRow, texts: &Texts) -> bool {
    if row.engine != ENGINE {
        return true;
    }
    is_right_row(&ledger.customer, &ledger.entries, texts, row)
}
