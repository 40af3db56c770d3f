//! Whether everything kept is as it was written, and comes to what was kept of it.

use crate::actions::summary::is_right_row;
use crate::actions::{ENGINE, Failure, Workspace};
use crate::domain::assessment::Texts;
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

impl Workspace {
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

/// Returns whether a row is what its ledger comes to on the row's day; another engine may have seen it otherwise.
fn is_right(ledger: &Ledger, row: &SummaryRow, texts: &Texts) -> bool {
    if row.engine != ENGINE {
        return true;
    }
    is_right_row(&ledger.customer, &ledger.entries, texts, row)
}
