//! Whether everything kept is as it was written.
//!
//! SQLite's own check sees broken pages; the chains, digests and hashes see changed bytes; the recorded head of each ledger sees a
//! cut tail. Somebody who cuts a tail *and* writes the head anew leaves no trace in here: only an anchor outside shows that, on the
//! last page of a report, in a bundle or in a backup.

use sqlx::query_as;
use sqlx::sqlite::SqliteConnection;

use crate::domain::customer::CustomerChange;
use crate::domain::id::{CustomerId, Hash};
use crate::domain::ledger::{Entry, Fact};
use crate::problem::Problem;
use crate::store::error::StoreError;
use crate::store::ledgers::{CustomerRow, Ledger};
use crate::store::named;
use crate::store::open::Store;
use crate::store::sql;
use crate::store::sqlite;
use crate::store::summaries::SummaryRow;

impl Store {
    /// Checks all that is kept and returns what is wrong; nothing means that everything verifies.
    ///
    /// `is_right` is given each summary row with its ledger and returns whether it is what the ledger comes to on the row's own day;
    /// where that cannot be told, such as for the row of another engine, it says yes.
    ///
    /// # Errors
    /// Only when the store cannot be read at all; damage is in what is returned.
    pub async fn verify(
        &self,
        is_right: impl Fn(&Ledger, &SummaryRow) -> bool,
    ) -> Result<Vec<Problem>, StoreError> {
        let mut transaction = self.read().await?;
        let connection = &mut *transaction;
        let mut problems = Vec::new();
        self.verify_file(connection, &mut problems).await;
        self.verify_texts(connection, &mut problems).await;
        let summaries = self.select_summaries(connection).await;
        let summaries = noting(&mut problems, summaries);
        let customers = self.select_customers(connection).await;
        let customers = noting(&mut problems, customers);
        for customer in &customers {
            match self.verify_ledger(connection, customer).await {
                Ok(ledger) => {
                    let own = summaries
                        .iter()
                        .filter(|row| row.customer == ledger.customer);
                    let wrong = |row| summary_problem(&ledger, row, &is_right);
                    problems.extend(own.filter_map(wrong));
                }
                Err(error) => problems.push(Problem::from(&error)),
            }
        }
        Ok(problems)
    }

    async fn verify_file(&self, connection: &mut SqliteConnection, problems: &mut Vec<Problem>) {
        match sqlite::check(connection).await {
            Ok(findings) => problems.extend(findings.into_iter().map(|finding| {
                let message = format!("`{}`: {finding}", self.name);
                Problem::error(message).help("restore a backup with `readiness restore`")
            })),
            Err(error) => problems.push(Problem::from(&self.fault(error))),
        }
    }

    async fn verify_texts(&self, connection: &mut SqliteConnection, problems: &mut Vec<Problem>) {
        let rows: Vec<(String, i64)> =
            match query_as(sql::TEXT_HASHES).fetch_all(&mut *connection).await {
                Ok(rows) => rows,
                Err(error) => return problems.push(Problem::from(&self.fault(error))),
            };
        for (hash, size) in rows {
            if let Err(error) = self.verify_text(connection, &hash, size).await {
                problems.push(Problem::from(&error));
            }
        }
    }

    async fn verify_text(
        &self,
        connection: &mut SqliteConnection,
        hash: &str,
        size: i64,
    ) -> Result<(), StoreError> {
        let hash: Hash = hash.parse().map_err(|fault| self.damaged(fault))?;
        let text = self.select_text(connection, &hash).await?;
        let length = text.map(|text| text.bytes().len() as u64);
        if length != u64::try_from(size).ok() {
            return Err(self.damaged(format!("the text {hash} is not as long as it was")));
        }
        Ok(())
    }

    async fn verify_ledger(
        &self,
        connection: &mut SqliteConnection,
        row: &CustomerRow,
    ) -> Result<Ledger, StoreError> {
        let ledger = self.load(connection, row).await?;
        if let Some(other) = named_otherwise(&ledger.entries, &row.customer) {
            let detail = format!(
                "the customer listed as `{}` is `{other}` by their ledger",
                row.customer
            );
            return Err(self.damaged(detail));
        }
        let used = self
            .texts_of_ledger(connection, &ledger.id.to_string())
            .await?;
        let facts = ledger
            .entries
            .iter()
            .filter_map(|entry| entry.fact.as_ref());
        let missing = facts
            .flat_map(named::texts_of)
            .find(|hash| !used.contains(hash));
        match missing {
            Some(hash) => Err(self.damaged(format!(
                "a text that the ledger of `{}` names is missing: {hash}",
                row.customer
            ))),
            None => Ok(ledger),
        }
    }
}

/// Returns what was read; a failure is a problem like any other, and the rest is still checked.
fn noting<T: Default>(problems: &mut Vec<Problem>, read: Result<T, StoreError>) -> T {
    read.unwrap_or_else(|error| {
        problems.push(Problem::from(&error));
        T::default()
    })
}

/// Returns the id that the entries give their customer, where it is another.
pub(in crate::store) fn named_otherwise<'a>(
    entries: &'a [Entry],
    customer: &CustomerId,
) -> Option<&'a CustomerId> {
    let facts = entries.iter().filter_map(|entry| entry.fact.as_ref());
    let changes = facts.filter_map(|fact| match fact {
        Fact::CustomerChanged { changes } => Some(changes),
        _ => None,
    });
    let mut ids = changes.flatten().filter_map(|change| match change {
        CustomerChange::Id(id) => Some(id),
        _ => None,
    });
    ids.find(|id| *id != customer)
}

fn summary_problem(
    ledger: &Ledger,
    row: &SummaryRow,
    is_right: &impl Fn(&Ledger, &SummaryRow) -> bool,
) -> Option<Problem> {
    let customer = &row.customer;
    let under =
        { row.questionnaire.as_ref() }.map_or_else(String::new, |id| format!(" under `{id}`"));
    let wrong = row.seq != ledger.seq() || !is_right(ledger, row);
    wrong.then(|| {
        Problem::error(format!(
            "the summary of `{customer}`{under} is not what its ledger says"
        ))
        .help("it is computed anew by the next entry of the ledger; if it comes back, report this")
    })
}
