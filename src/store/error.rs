//! What can go wrong with a store, in words for the person at the keyboard.
//!
//! Every message names the place and the remedy. A failure of the database is told by its code, never by its words.

use std::path::Path;

use crate::domain::id::{CustomerId, Hash, PersonId};
use crate::domain::ledger::LedgerFault;
use crate::domain::time::Instant;
use crate::problem::{Problem, Problems};

/// Why the store did not do what was asked. Nothing was written, unless the variant says so.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file is something else, and was not touched.
    #[error(
        "`{store}` is not a readiness store: {what}; it was not touched (name another file with \
         `--store`, or move this one away)"
    )]
    NotOurs {
        /// The file.
        store: String,
        /// What it is instead.
        what: &'static str,
    },
    /// A newer version wrote the file, and it was not touched.
    #[error(
        "`{store}` was written by a newer version of readiness (format {found}; this version knows \
         format {known}); it was not touched (update readiness)"
    )]
    Newer {
        /// The file.
        store: String,
        /// The format it has.
        found: i64,
        /// The newest format that this program knows.
        known: i64,
    },
    /// The file lies where locks cannot be trusted.
    #[error(
        "`{store}` lies on a network file system ({kind}), where two computers can destroy a store; \
         keep it on a local disk with `--store` and hand over customers with `customer export`"
    )]
    Network {
        /// The file.
        store: String,
        /// The kind of file system.
        kind: String,
    },
    /// The file or its folder cannot be written.
    #[error(
        "`{store}` cannot be written: {reason} (give yourself write access, or name another file with `--store`)"
    )]
    ReadOnly {
        /// The file or folder.
        store: String,
        /// What the system said.
        reason: String,
    },
    /// The file cannot be created, opened or read.
    #[error("`{store}` cannot be opened: {reason} (check the path given by `--store`)")]
    Unreachable {
        /// The file or folder.
        store: String,
        /// What the system said.
        reason: String,
    },
    /// The disk, or what the user may use of it, is full.
    #[error("no space is left for `{store}`; nothing was recorded (free some space and try again)")]
    Full {
        /// The file.
        store: String,
    },
    /// Somebody else held the store for too long.
    #[error(
        "`{store}` is held by another process; nothing was recorded (wait until it is done, or close \
         it, and try again)"
    )]
    Locked {
        /// The file.
        store: String,
    },
    /// The file is damaged.
    #[error(
        "`{store}` is damaged: {detail} (run `readiness verify` to see how far, and `readiness restore` \
         to go back to a backup)"
    )]
    Damaged {
        /// The file.
        store: String,
        /// What was found.
        detail: String,
    },
    /// The system failed to read or write.
    #[error(
        "reading or writing `{store}` failed: {detail}; nothing was recorded (check the disk, quotas \
         and limits)"
    )]
    Io {
        /// The file.
        store: String,
        /// What the system said.
        detail: String,
    },
    /// The database refused for a reason that nobody foresaw.
    #[error("`{store}` failed: {detail} (run `readiness verify`; please report this)")]
    Unforeseen {
        /// The file.
        store: String,
        /// What the database said.
        detail: String,
    },
    /// No customer has that id.
    #[error("no customer is called `{customer}` (see `readiness customer list`)")]
    NoCustomer {
        /// The id.
        customer: CustomerId,
    },
    /// The id is taken.
    #[error("a customer called `{customer}` exists already (choose another id)")]
    CustomerExists {
        /// The id.
        customer: CustomerId,
    },
    /// The id is taken.
    #[error("a person called `{person}` exists already (choose another id)")]
    PersonExists {
        /// The id.
        person: PersonId,
    },
    /// A text that a fact names is not kept.
    #[error("the text {} is not in the store (give it with the entry that names it)", hash.short())]
    NoText {
        /// The hash of the text.
        hash: Hash,
    },
    /// A ledger does not verify.
    #[error(
        "the ledger of `{customer}` does not verify: {} (restore a backup, or import a bundle of the \
         customer into another store)",
        list(faults)
    )]
    Ledger {
        /// Whose.
        customer: CustomerId,
        /// Every fault, in the order of the entries.
        faults: Vec<LedgerFault>,
    },
    /// The last entries of a ledger are gone, or the last one was changed.
    #[error(
        "the ledger of `{customer}` was cut or changed at its end: {kept} entries were recorded and \
         {found} are there (restore a backup, or import a bundle of the customer into another store)"
    )]
    Cut {
        /// Whose.
        customer: CustomerId,
        /// How many entries were recorded.
        kept: u64,
        /// How many entries are there.
        found: u64,
    },
    /// The ledger is no longer the one that was read: restored, removed or imported anew in between.
    #[error(
        "the ledger of `{customer}` was replaced since it was read; nothing was recorded (try again)"
    )]
    Replaced {
        /// Whose.
        customer: CustomerId,
    },
    /// The entry cannot be redacted.
    #[error("entry {entry} cannot be redacted: {reason}")]
    NotRedactable {
        /// The entry's place in the ledger.
        entry: u64,
        /// Why.
        reason: &'static str,
    },
    /// It is recorded, but erased bytes may still be on the disk.
    #[error(
        "this is recorded, but the erased bytes may still be in `{store}` or its log: {reason} (close \
         every other readiness that uses the store, free some space, and redact or remove again)"
    )]
    NotErased {
        /// The file.
        store: String,
        /// Why.
        reason: String,
    },
    /// The reason given for erasing somebody names them.
    #[error(
        "the reason would stay after `{customer}` is erased, and names them (give one that names no one)"
    )]
    Names {
        /// The customer.
        customer: CustomerId,
    },
    /// A file is in the way.
    #[error("`{file}` exists already and is left as it is (name a file that does not exist)")]
    Exists {
        /// The file.
        file: String,
    },
    /// The store that is to be replaced is in use.
    #[error(
        "`{store}` is in use by another readiness; nothing was restored (close it and try again)"
    )]
    InUse {
        /// The file.
        store: String,
    },
    /// The file to restore is a store in use, not a backup.
    #[error(
        "`{file}` is {what}, not a backup; nothing was restored (make one with `readiness backup`)"
    )]
    NotABackup {
        /// The file.
        file: String,
        /// What it is instead.
        what: &'static str,
    },
    /// A copy of a store does not verify and was not used.
    #[error("{what} does not verify, and nothing was {done}: {problems} ({remedy})")]
    Faulty {
        /// The copy, as the person knows it.
        what: String,
        /// What was not done with it.
        done: &'static str,
        /// What is wrong with it.
        problems: Problems,
        /// What to do.
        remedy: &'static str,
    },
    /// A bundle was refused.
    #[error("the bundle was refused and nothing was imported: {0}")]
    Bundle(#[from] BundleFault),
}

/// Why a bundle of a customer was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleFault {
    /// It is larger than any bundle should be.
    #[error("it has {size} bytes, and at most {limit} are read")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
        /// The most that is read.
        limit: usize,
    },
    /// It is no bundle.
    #[error("it is no customer bundle: {0} (make one with `customer export`)")]
    Unreadable(String),
    /// A newer version wrote it.
    #[error(
        "a newer version of readiness wrote it (form {found}; this version knows {known}) (update readiness)"
    )]
    Newer {
        /// Its form.
        found: u32,
        /// The newest form that this program knows.
        known: u32,
    },
    /// Its ledger does not verify.
    #[error("its ledger does not verify: {} (ask for a new one)", list(.0))]
    Ledger(Vec<LedgerFault>),
    /// Something that it carries is not what it says.
    #[error("{0} (ask for a new one)")]
    Inconsistent(String),
    /// Entries were recorded in the future.
    #[error("it was recorded in the future, at {at} (check the clocks of both computers)")]
    Future {
        /// When its last entry says that it was recorded.
        at: Instant,
    },
    /// The customer's id stands for another ledger here.
    #[error(
        "another customer is called `{customer}` here (the two have nothing in common but the id)"
    )]
    Taken {
        /// The id.
        customer: CustomerId,
    },
    /// The customer was erased here.
    #[error("the customer was removed here on {at}: {reason}")]
    Removed {
        /// When.
        at: String,
        /// Why.
        reason: String,
    },
}

/// The first faults, so that a message stays readable.
fn list(faults: &[LedgerFault]) -> String {
    const SHOWN: usize = 3;
    let mut words: Vec<String> = faults.iter().take(SHOWN).map(ToString::to_string).collect();
    if faults.len() > SHOWN {
        words.push(format!("and {} more", faults.len() - SHOWN));
    }
    words.join("; ")
}

impl StoreError {
    /// Returns the failure in our words, told by the database's own code.
    pub(in crate::store) fn of(store: &str, error: &sqlx::Error) -> Self {
        let store = store.to_owned();
        let mut detail = error.to_string();
        let code = match error {
            sqlx::Error::Database(error) => {
                let code = error.code().unwrap_or_default();
                detail = format!("{} (SQLite code {code})", error.message());
                code.parse::<i32>().ok()
            }
            sqlx::Error::Io(_) => return Self::Io { store, detail },
            sqlx::Error::PoolTimedOut => return Self::Locked { store },
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
                return Self::Damaged { store, detail };
            }
            _ => None,
        };
        // The primary result codes of https://www.sqlite.org/rescode.html; extended ones add higher bits.
        match code.map(|code| code & 0xff) {
            // The shared memory beside the file could not be made as large as it has to be.
            _ if code == Some(4874) => Self::Full { store },
            Some(5 | 6) => Self::Locked { store },
            Some(8) => Self::ReadOnly {
                store,
                reason: "the file system or the file is read-only".to_owned(),
            },
            Some(10) => Self::Io { store, detail },
            Some(11) => Self::Damaged { store, detail },
            Some(13) => Self::Full { store },
            Some(14) => Self::Unreachable {
                store,
                reason: detail,
            },
            Some(26) => Self::NotOurs {
                store,
                what: "it is no SQLite database, or its first page is damaged",
            },
            _ => Self::Unforeseen { store, detail },
        }
    }

    /// Returns what the operating system refused, in our words.
    pub(in crate::store) fn io(path: &Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let store = path.display().to_string();
        let reason = error.to_string();
        match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                Self::ReadOnly { store, reason }
            }
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full { store },
            _ => Self::Unreachable { store, reason },
        }
    }
}

impl From<&StoreError> for Problem {
    fn from(error: &StoreError) -> Self {
        Self::error(error.to_string())
    }
}

/// Why nothing was appended.
#[derive(Debug, thiserror::Error)]
pub enum AppendError<E> {
    /// The caller decided against it, having seen what others wrote.
    #[error("{0}")]
    Refused(E),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
