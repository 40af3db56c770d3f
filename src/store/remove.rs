//! Erasing a customer: ledger, summaries, texts and persons that nobody else names.
//!
//! What stays is a tombstone: the ledger's id, the time and the reason. Backups, bundles and issued reports outside the store are
//! beyond its reach.

use std::collections::BTreeSet;

use sqlx::sqlite::SqliteConnection;
use sqlx::{query, query_scalar};

use crate::domain::customer::CustomerChange;
use crate::domain::id::{CustomerId, Hash, PersonId};
use crate::domain::ledger::{Body, Entry, Fact, Header, StoredEntry};
use crate::domain::time::Instant;
use crate::store::error::StoreError;
use crate::store::ledgers::CustomerRow;
use crate::store::named;
use crate::store::open::Store;
use crate::store::sql;

impl Store {
    /// Erases everything of a customer, for good, whether or not their ledger verifies.
    ///
    /// Persons whom no other ledger names go as well, but not those who served the customer. `reason` stays, and may not name them.
    ///
    /// # Errors
    /// [`StoreError::NoCustomer`], and [`StoreError::Names`] when the reason has the customer's id or name in it.
    pub async fn remove(
        &self,
        customer: &CustomerId,
        at: Instant,
        reason: &str,
    ) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        let row = self.customer_row(&mut transaction, customer).await?;
        let row = row.ok_or_else(|| StoreError::NoCustomer {
            customer: customer.clone(),
        })?;
        let entries = readable(&self.select_entries(&mut transaction, &row.ledger).await?);
        refuse_names(customer, &entries, reason)?;
        self.drop_ledger(&mut transaction, &row).await?;
        self.drop_persons(&mut transaction, &entries).await?;
        query(sql::ADD_TOMBSTONE)
            .bind(row.ledger.to_string())
            .bind(at.to_string())
            .bind(reason)
            .execute(&mut *transaction)
            .await
            .map_err(|error| self.fault(error))?;
        transaction.commit().await.map_err(|e| self.fault(e))?;
        self.scrub().await
    }

    async fn drop_ledger(
        &self,
        connection: &mut SqliteConnection,
        row: &CustomerRow,
    ) -> Result<(), StoreError> {
        let id = row.ledger.to_string();
        for hash in self.texts_of_ledger(connection, &id).await? {
            self.free_text(connection, &id, &hash).await?;
        }
        self.replace_summaries(connection, &row.ledger, &[]).await?;
        for statement in [sql::DROP_ENTRIES, sql::DROP_CUSTOMER] {
            query(statement)
                .bind(&id)
                .execute(&mut *connection)
                .await
                .map_err(|error| self.fault(error))?;
        }
        Ok(())
    }

    /// Drops the persons whom only the erased entries named, but not those who served the customer.
    async fn drop_persons(
        &self,
        connection: &mut SqliteConnection,
        erased: &[Entry],
    ) -> Result<(), StoreError> {
        let staff = named::staff_of(erased);
        let mut alone: BTreeSet<PersonId> = named::persons_of(erased);
        alone.retain(|person| !staff.contains(person));
        for other in self.select_customers(connection).await? {
            let entries = readable(&self.select_entries(connection, &other.ledger).await?);
            let named = named::persons_of(&entries);
            alone.retain(|person| !named.contains(person));
        }
        for person in alone {
            query(sql::DROP_PERSON)
                .bind(person.as_str())
                .execute(&mut *connection)
                .await
                .map_err(|error| self.fault(error))?;
        }
        Ok(())
    }

    /// Returns the hashes of the texts that the ledger uses.
    pub(in crate::store) async fn texts_of_ledger(
        &self,
        connection: &mut SqliteConnection,
        ledger: &str,
    ) -> Result<Vec<Hash>, StoreError> {
        let hashes: Vec<String> = query_scalar(sql::TEXTS_OF_LEDGER)
            .bind(ledger)
            .fetch_all(connection)
            .await
            .map_err(|error| self.fault(error))?;
        let parse = |hash: &String| hash.parse().map_err(|fault| self.damaged(fault));
        hashes.iter().map(parse).collect()
    }
}

/// Returns what can be read of the entries, verified or not: nobody is kept because an entry beside theirs is damaged.
fn readable(stored: &[StoredEntry]) -> Vec<Entry> {
    let read = |one: &StoredEntry| {
        let header: Header = serde_json::from_slice(&one.header).ok()?;
        let body = one.body.as_ref();
        let body = body.and_then(|bytes| serde_json::from_slice::<Body>(bytes).ok());
        Some(Entry {
            header,
            fact: body.map(|body| body.fact),
            hash: Hash::of(&one.header),
        })
    };
    stored.iter().filter_map(read).collect()
}

/// Refuses a reason with the customer's id or one of their names in it.
fn refuse_names(customer: &CustomerId, entries: &[Entry], reason: &str) -> Result<(), StoreError> {
    let reason = reason.to_lowercase();
    let mut names = vec![customer.to_string()];
    for fact in entries.iter().filter_map(|entry| entry.fact.as_ref()) {
        let Fact::CustomerChanged { changes } = fact else {
            continue;
        };
        names.extend(changes.iter().filter_map(|change| match change {
            CustomerChange::Name(name) => Some(name.to_lowercase()),
            _ => None,
        }));
    }
    let named = |name: &String| !name.trim().is_empty() && reason.contains(name.trim());
    if names.iter().any(named) {
        let customer = customer.clone();
        return Err(StoreError::Names { customer });
    }
    Ok(())
}
