//! The store: what is kept, in one file, and nothing that can be derived.
//!
//! Persons, texts by their hash, one ledger a customer, a summary row an assessment, and tombstones. A write is one transaction, on
//! the disk before it returns. The only SQL of the program is here, in `sql`; what only SQLite knows is in `sqlite`, so that a
//! second database can join below the same statements. What the entries mean is the business of [`domain`](crate::domain); no
//! clock is read here.

mod error;
mod network;
mod sql;
mod sqlite;

mod open;
mod persons;
mod texts;

mod named;

mod ledgers;
mod summaries;

mod append;
mod remove;

mod verify;

mod backup;
mod bundle;

#[cfg(test)]
mod tests;

pub use crate::store::bundle::{Fork, Imported, MAX_BUNDLE, Outcome};
pub use crate::store::error::{AppendError, BundleFault, StoreError};
pub use crate::store::ledgers::{CustomerRow, Ledger};
pub use crate::store::named::people_in_order;
pub use crate::store::open::{Location, Store};
pub use crate::store::summaries::{SummaryRow, Watched};
pub use crate::store::texts::Text;
