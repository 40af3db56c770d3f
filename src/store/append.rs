//! Adding to a ledger, and taking the body of an entry out of it.
//!
//! One transaction reads what others wrote since, lets the caller decide, writes entries, texts and summary rows, and is on the disk
//! before it returns. Redacting is appending a `redacted` fact: the body goes with it.

use std::collections::BTreeSet;

use sqlx::query;
use sqlx::sqlite::SqliteConnection;

use crate::domain::id::{Hash, PersonId};
use crate::domain::ledger::{self, Entry, Fact, StoredEntry};
use crate::domain::time::Instant;
use crate::store::error::{AppendError, StoreError};
use crate::store::ledgers::{Ledger, number};
use crate::store::open::Store;
use crate::store::summaries::SummaryRow;
use crate::store::texts::Text;
use crate::store::{named, sql, sqlite};

/// Entries ready to be kept, and which bodies go because of them.
struct Addition {
    stored: Vec<StoredEntry>,
    entries: Vec<Entry>,
    holes: BTreeSet<u64>,
    /// The files that the bodies which go have named.
    files: BTreeSet<Hash>,
}

/// A ledger with entries that are not on the disk yet; it is as before when this is dropped without being accepted.
struct Extended<'a> {
    ledger: &'a mut Ledger,
    seen: usize,
    taken: Vec<(usize, Fact)>,
}

impl<'a> Extended<'a> {
    fn new(ledger: &'a mut Ledger, addition: &Addition) -> Self {
        let seen = ledger.entries.len();
        let taken = addition.holes.iter().filter_map(|hole| {
            let position = usize::try_from(hole - 1).ok()?;
            Some((position, ledger.entries.get_mut(position)?.fact.take()?))
        });
        let taken = taken.collect();
        ledger.entries.extend_from_slice(&addition.entries);
        Self {
            ledger,
            seen,
            taken,
        }
    }

    fn accept(mut self) {
        self.seen = self.ledger.entries.len();
        self.taken.clear();
    }
}

impl Drop for Extended<'_> {
    fn drop(&mut self) {
        self.ledger.entries.truncate(self.seen);
        for (position, fact) in self.taken.drain(..) {
            self.ledger.entries[position].fact = Some(fact);
        }
    }
}

impl Store {
    /// Adds what the caller decides on, having seen what others wrote since `ledger` was read.
    ///
    /// `decide` is given the ledger as it stands now and, of its entries, those that others wrote since; it returns the facts to
    /// record, or why there are none. No facts means that nothing is written. `summarise` is given the ledger with the new entries
    /// and returns the summary row of each of its assessments; they replace all that were there. `ledger` takes over what others wrote, also when the caller refuses or the
    /// store fails, and the new entries once they are on the disk; these are returned.
    ///
    /// # Errors
    /// [`AppendError::Refused`] with what `decide` returned; otherwise what the store says. Nothing was written then.
    pub async fn append<E>(
        &self,
        ledger: &mut Ledger,
        by: &PersonId,
        at: Instant,
        texts: &[Text],
        decide: impl FnOnce(&Ledger, &[Entry]) -> Result<Vec<Fact>, E>,
        summarise: impl FnOnce(&Ledger) -> Vec<SummaryRow>,
    ) -> Result<Vec<Entry>, AppendError<E>> {
        let mut transaction = self.write().await?;
        let seen = ledger.entries.len();
        self.catch_up(&mut transaction, ledger).await?;
        let facts = decide(ledger, &ledger.entries[seen..]).map_err(AppendError::Refused)?;
        if facts.is_empty() {
            return Ok(Vec::new());
        }
        let addition = self.prepare(ledger, by, at, facts)?;
        let ledger_id = ledger.id;
        let extended = Extended::new(ledger, &addition);
        let rows = summarise(extended.ledger);
        self.keep(&mut transaction, extended.ledger, &addition, texts)
            .await?;
        self.replace_summaries(&mut transaction, &ledger_id, &rows)
            .await?;
        transaction.commit().await.map_err(|e| self.fault(e))?;
        extended.accept();
        if !addition.holes.is_empty() {
            self.scrub().await?;
        }
        Ok(addition.entries)
    }

    /// Takes the body of an entry out, for good, and records who did so and why.
    ///
    /// The header and the chain stay. Texts that only this entry named go with it. For an entry that was redacted before nothing is
    /// recorded; its bytes are erased again, should that have failed.
    ///
    /// # Errors
    /// [`StoreError::NotRedactable`] when there is no such entry, or it records a redaction itself.
    pub async fn redact(
        &self,
        ledger: &mut Ledger,
        entry: u64,
        by: &PersonId,
        at: Instant,
        reason: &str,
        summarise: impl FnOnce(&Ledger) -> Vec<SummaryRow>,
    ) -> Result<Vec<Entry>, StoreError> {
        let decide = |ledger: &Ledger, _: &[Entry]| {
            if redactable(&ledger.entries, entry)?.fact.is_none() {
                return Ok(Vec::new());
            }
            let reason = reason.to_owned();
            Ok(vec![Fact::Redacted { entry, reason }])
        };
        let appended = self.append(ledger, by, at, &[], decide, summarise).await;
        match appended {
            Ok(entries) if entries.is_empty() => self.scrub().await.map(|()| entries),
            Ok(entries) => Ok(entries),
            Err(AppendError::Refused(error) | AppendError::Store(error)) => Err(error),
        }
    }

    /// Takes over what others wrote since the ledger was read, verified.
    async fn catch_up(
        &self,
        connection: &mut SqliteConnection,
        ledger: &mut Ledger,
    ) -> Result<(), StoreError> {
        let replaced = || StoreError::Replaced {
            customer: ledger.customer.clone(),
        };
        let row = self.ledger_row(connection, &ledger.id).await?;
        let row = row.ok_or_else(replaced)?;
        if (row.seq, row.head) == (ledger.seq(), ledger.head()) {
            return Ok(());
        }
        if row.seq <= ledger.seq() {
            return Err(replaced());
        }
        // All of it is read again: what others wrote may have made holes in what was read before.
        let fresh = self.load(connection, &row).await?;
        let seen = &fresh.entries[..ledger.entries.len()];
        if seen.last().is_some_and(|last| last.hash != ledger.head()) {
            return Err(replaced());
        }
        *ledger = fresh;
        Ok(())
    }

    /// Chains the facts to the ledger.
    fn prepare(
        &self,
        ledger: &Ledger,
        by: &PersonId,
        at: Instant,
        facts: Vec<Fact>,
    ) -> Result<Addition, StoreError> {
        let id = ledger.id.to_string();
        let mut addition = Addition {
            stored: Vec::with_capacity(facts.len()),
            entries: Vec::with_capacity(facts.len()),
            holes: BTreeSet::new(),
            files: BTreeSet::new(),
        };
        for fact in facts {
            if let Fact::Redacted { entry, .. } = fact {
                let gone = redactable(&ledger.entries, entry)?.fact.as_ref();
                addition
                    .files
                    .extend(gone.into_iter().flat_map(named::files_of));
                addition.holes.insert(entry);
            }
            let last = addition.entries.last().or(ledger.entries.last());
            let (stored, entry) = ledger::next(&id, last, at, by, self.salt()?, fact);
            addition.stored.push(stored);
            addition.entries.push(entry);
        }
        Ok(addition)
    }

    /// Writes the addition to a ledger that holds it already.
    async fn keep(
        &self,
        connection: &mut SqliteConnection,
        ledger: &Ledger,
        addition: &Addition,
        texts: &[Text],
    ) -> Result<(), StoreError> {
        let id = ledger.id.to_string();
        for text in texts {
            self.insert_text(connection, text).await?;
            self.use_text(connection, &id, &text.hash()).await?;
        }
        for (stored, entry) in addition.stored.iter().zip(&addition.entries) {
            self.insert_entry(connection, &ledger.id, entry.header.seq, stored)
                .await?;
            for hash in entry.fact.iter().flat_map(named::texts_of) {
                self.use_text(connection, &id, hash).await?;
            }
        }
        self.set_head(connection, ledger).await?;
        self.take_bodies(connection, ledger, &addition.holes, &addition.files)
            .await
    }

    /// Takes the bodies out, and the files that only they named.
    ///
    /// `ledger` has the holes already; `files` are those that the bodies named.
    pub(in crate::store) async fn take_bodies(
        &self,
        connection: &mut SqliteConnection,
        ledger: &Ledger,
        holes: &BTreeSet<u64>,
        files: &BTreeSet<Hash>,
    ) -> Result<(), StoreError> {
        let id = ledger.id.to_string();
        for entry in holes {
            query(sql::TAKE_BODY)
                .bind(&id)
                .bind(number(*entry))
                .execute(&mut *connection)
                .await
                .map_err(|error| self.fault(error))?;
        }
        let facts = ledger
            .entries
            .iter()
            .filter_map(|entry| entry.fact.as_ref());
        let named: BTreeSet<&Hash> = facts.flat_map(named::files_of).collect();
        for file in files.iter().filter(|file| !named.contains(file)) {
            self.free_text(connection, &id, file).await?;
        }
        Ok(())
    }

    /// Erases for good what was deleted.
    pub(in crate::store) async fn scrub(&self) -> Result<(), StoreError> {
        let not_erased = |reason: String| StoreError::NotErased {
            store: self.name.clone(),
            reason,
        };
        let mut connection = self.pool.acquire().await.map_err(|e| self.fault(e))?;
        match sqlite::scrub(&mut connection).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(not_erased("another process is reading".to_owned())),
            Err(error) => Err(not_erased(error.to_string())),
        }
    }
}

/// Returns the entry, which may be redacted.
fn redactable(entries: &[Entry], entry: u64) -> Result<&Entry, StoreError> {
    let refuse = |reason| StoreError::NotRedactable { entry, reason };
    let found = entries.iter().find(|one| one.header.seq == entry);
    match found {
        None => Err(refuse("there is no such entry")),
        Some(Entry {
            fact: Some(Fact::Redacted { .. }),
            ..
        }) => Err(refuse(
            "it records a redaction, which explains another hole",
        )),
        Some(found) => Ok(found),
    }
}
