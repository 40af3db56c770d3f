//! Customers and their ledgers: listing, reading and beginning them.
//!
//! Reading verifies every entry and that the last one is the one that was recorded last. A ledger that does not verify is not
//! handed out. Adding to one is the business of `append`.

use sqlx::sqlite::SqliteConnection;
use sqlx::{query, query_as};
use uuid::Uuid;

use crate::domain::customer::CustomerChange;
use crate::domain::id::{CustomerId, Hash, PersonId};
use crate::domain::ledger::{self, Entry, Fact, StoredEntry};
use crate::domain::time::Instant;
use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::sql;

/// A customer as a list shows them; everything else is in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerRow {
    /// The id that commands name.
    pub customer: CustomerId,
    /// The id of the ledger, the same in every store that it is imported into.
    pub ledger: Uuid,
    /// When the customer was added to the first store.
    pub created_at: Instant,
    /// The place of the last entry.
    pub seq: u64,
    /// The hash of the last entry.
    pub head: Hash,
}

/// A customer's ledger, verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// Whose.
    pub customer: CustomerId,
    /// Its id.
    pub id: Uuid,
    /// Every entry, in order; the first has place 1.
    pub entries: Vec<Entry>,
}

impl Ledger {
    /// Returns the place of the last entry; 0 where there is none.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.entries.len() as u64
    }

    /// Returns the hash of the last entry: with [`seq`](Self::seq), the anchor that reports print.
    #[must_use]
    pub fn head(&self) -> Hash {
        self.entries
            .last()
            .map_or_else(|| ledger::root(&self.id.to_string()), |last| last.hash)
    }
}

/// A customer as the table has it: ledger, slug, created at, seq, head.
type Row = (String, String, String, i64, String);

impl Store {
    /// Returns every customer, by id.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn customers(&self) -> Result<Vec<CustomerRow>, StoreError> {
        let mut connection = self.pool.acquire().await.map_err(|e| self.fault(e))?;
        self.select_customers(&mut connection).await
    }

    /// Returns the ledger of a customer, verified; nothing where there is no such customer.
    ///
    /// # Errors
    /// [`StoreError::Ledger`] and [`StoreError::Cut`] when it does not verify.
    pub async fn ledger(&self, customer: &CustomerId) -> Result<Option<Ledger>, StoreError> {
        let mut transaction = self.read().await?;
        let Some(row) = self.customer_row(&mut transaction, customer).await? else {
            return Ok(None);
        };
        self.load(&mut transaction, &row).await.map(Some)
    }

    /// Begins a ledger whose first entry carries the id and the changes, the name among them.
    ///
    /// # Errors
    /// [`StoreError::CustomerExists`] when the id is taken.
    pub async fn create(
        &self,
        customer: &CustomerId,
        by: &PersonId,
        at: Instant,
        changes: Vec<CustomerChange>,
    ) -> Result<Ledger, StoreError> {
        let id = Uuid::now_v7();
        let named = CustomerChange::Id(customer.clone());
        let changes = std::iter::once(named).chain(changes).collect();
        let fact = Fact::CustomerChanged { changes };
        let (stored, entry) = ledger::next(&id.to_string(), None, at, by, self.salt()?, fact);
        let ledger = Ledger {
            customer: customer.clone(),
            id,
            entries: vec![entry],
        };
        let mut transaction = self.write().await?;
        self.insert_customer(&mut transaction, &ledger).await?;
        self.insert_entry(&mut transaction, &ledger.id, 1, &stored)
            .await?;
        self.set_head(&mut transaction, &ledger).await?;
        transaction.commit().await.map_err(|e| self.fault(e))?;
        Ok(ledger)
    }

    /// Returns 128 random bits.
    pub(in crate::store) fn salt(&self) -> Result<[u8; 16], StoreError> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|error| StoreError::Unforeseen {
            store: self.name.clone(),
            detail: format!("the system gives no random numbers: {error}"),
        })?;
        Ok(salt)
    }

    pub(in crate::store) async fn select_customers(
        &self,
        connection: &mut SqliteConnection,
    ) -> Result<Vec<CustomerRow>, StoreError> {
        let rows: Vec<Row> = query_as(sql::CUSTOMERS)
            .fetch_all(connection)
            .await
            .map_err(|error| self.fault(error))?;
        rows.into_iter().map(|row| self.customer_of(row)).collect()
    }

    pub(in crate::store) async fn customer_row(
        &self,
        connection: &mut SqliteConnection,
        customer: &CustomerId,
    ) -> Result<Option<CustomerRow>, StoreError> {
        let row: Option<Row> = query_as(sql::CUSTOMER)
            .bind(customer.as_str())
            .fetch_optional(connection)
            .await
            .map_err(|error| self.fault(error))?;
        row.map(|row| self.customer_of(row)).transpose()
    }

    pub(in crate::store) async fn ledger_row(
        &self,
        connection: &mut SqliteConnection,
        ledger: &Uuid,
    ) -> Result<Option<CustomerRow>, StoreError> {
        let row: Option<Row> = query_as(sql::LEDGER)
            .bind(ledger.to_string())
            .fetch_optional(connection)
            .await
            .map_err(|error| self.fault(error))?;
        row.map(|row| self.customer_of(row)).transpose()
    }

    fn customer_of(
        &self,
        (ledger, slug, created_at, seq, head): Row,
    ) -> Result<CustomerRow, StoreError> {
        Ok(CustomerRow {
            customer: slug.parse().map_err(|fault| self.damaged(fault))?,
            ledger: ledger.parse().map_err(|fault| self.damaged(fault))?,
            created_at: created_at.parse().map_err(|fault| self.damaged(fault))?,
            seq: u64::try_from(seq).map_err(|fault| self.damaged(fault))?,
            head: head.parse().map_err(|fault| self.damaged(fault))?,
        })
    }

    /// Reads and verifies the ledger that the row stands for, in the same transaction.
    pub(in crate::store) async fn load(
        &self,
        connection: &mut SqliteConnection,
        row: &CustomerRow,
    ) -> Result<Ledger, StoreError> {
        let stored = self.select_entries(connection, &row.ledger).await?;
        let customer = row.customer.clone();
        let entries = ledger::read(&row.ledger.to_string(), &stored).map_err(|faults| {
            StoreError::Ledger {
                customer: customer.clone(),
                faults,
            }
        })?;
        let ledger = Ledger {
            customer: customer.clone(),
            id: row.ledger,
            entries,
        };
        if (ledger.seq(), ledger.head()) != (row.seq, row.head) {
            return Err(StoreError::Cut {
                customer,
                kept: row.seq,
                found: ledger.seq(),
            });
        }
        Ok(ledger)
    }

    /// Returns the entries of a customer as they are kept.
    ///
    /// # Errors
    /// [`StoreError::NoCustomer`], and when the store cannot be read.
    pub async fn stored_entries(
        &self,
        customer: &CustomerId,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        let mut transaction = self.read().await?;
        let row = self.customer_row(&mut transaction, customer).await?;
        let row = row.ok_or_else(|| StoreError::NoCustomer {
            customer: customer.clone(),
        })?;
        self.select_entries(&mut transaction, &row.ledger).await
    }

    pub(in crate::store) async fn select_entries(
        &self,
        connection: &mut SqliteConnection,
        ledger: &Uuid,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        let rows: Vec<(i64, Vec<u8>, Option<Vec<u8>>)> = query_as(sql::ENTRIES)
            .bind(ledger.to_string())
            .fetch_all(connection)
            .await
            .map_err(|error| self.fault(error))?;
        // An entry that is kept in another place than its own reads as one that cannot be read.
        Ok((1..)
            .zip(rows)
            .map(|(place, (seq, header, body))| StoredEntry {
                header: if seq == place { header } else { Vec::new() },
                body,
            })
            .collect())
    }

    pub(in crate::store) async fn insert_customer(
        &self,
        connection: &mut SqliteConnection,
        ledger: &Ledger,
    ) -> Result<(), StoreError> {
        let id = ledger.id.to_string();
        let first = ledger.entries.first();
        let done = query(sql::ADD_CUSTOMER)
            .bind(&id)
            .bind(ledger.customer.as_str())
            .bind(first.map_or_else(String::new, |first| first.header.at.to_string()))
            .bind(ledger::root(&id).to_string())
            .execute(connection)
            .await
            .map_err(|error| self.fault(error))?;
        if done.rows_affected() == 0 {
            let customer = ledger.customer.clone();
            return Err(StoreError::CustomerExists { customer });
        }
        Ok(())
    }

    pub(in crate::store) async fn insert_entry(
        &self,
        connection: &mut SqliteConnection,
        ledger: &Uuid,
        seq: u64,
        stored: &StoredEntry,
    ) -> Result<(), StoreError> {
        query(sql::ADD_ENTRY)
            .bind(ledger.to_string())
            .bind(number(seq))
            .bind(&stored.header)
            .bind(&stored.body)
            .execute(connection)
            .await
            .map_err(|error| self.fault(error))?;
        Ok(())
    }

    /// Records which entry is the ledger's last.
    pub(in crate::store) async fn set_head(
        &self,
        connection: &mut SqliteConnection,
        ledger: &Ledger,
    ) -> Result<(), StoreError> {
        query(sql::SET_HEAD)
            .bind(ledger.id.to_string())
            .bind(number(ledger.seq()))
            .bind(ledger.head().to_string())
            .execute(connection)
            .await
            .map_err(|error| self.fault(error))?;
        Ok(())
    }
}

/// Returns a place in a ledger as the database counts.
pub(in crate::store) fn number(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}
