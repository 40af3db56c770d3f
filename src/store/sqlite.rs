//! What only SQLite knows: connection settings, the file's own marks, creating, migrating, erasing for good.
//!
//! A live file is never opened by plain file calls (closing it would drop SQLite's locks); even the look at a file's marks goes
//! through SQLite, without locks and without leaving anything beside it.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, query, query_as, query_scalar};

use crate::store::error::StoreError;

/// What marks a SQLite file as ours: `RDNS`.
pub(in crate::store) const APPLICATION_ID: i32 = 0x5244_4e53;

/// How long a connection waits for another's lock.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many connections one process opens at most.
///
/// SQLite writes one at a time anyway, and nothing in here asks for a second while it holds one. The pool takes a connection back a
/// moment late; with more allowed it would open another meanwhile, which costs a command half a millisecond.
const CONNECTIONS: u32 = 1;

/// The migrations, in the program itself; each sets `user_version` to its own number.
static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations");

/// Returns the newest format that this program knows.
pub(in crate::store) fn known_format() -> i64 {
    MIGRATIONS.iter().map(|one| one.version).max().unwrap_or(0)
}

/// How many rows are read ahead: with few, ten thousand rows are as many changes between two threads.
const ROWS: usize = 20_000;

/// Returns the settings that every connection has.
pub(in crate::store) fn settings() -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .row_buffer_size(ROWS)
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .pragma("secure_delete", "ON")
        .pragma("temp_store", "MEMORY")
        .disable_statement_logging()
}

/// Opens a pool on the file, which exists.
pub(in crate::store) async fn pool(file: &Path) -> Result<SqlitePool, sqlx::Error> {
    pool_of(CONNECTIONS, file).await
}

/// Opens a pool of so many connections at most.
pub(in crate::store) async fn pool_of(
    connections: u32,
    file: &Path,
) -> Result<SqlitePool, sqlx::Error> {
    pool_options(connections)
        .connect_with(settings().filename(file))
        .await
}

/// Opens a pool that only reads, on a file that nobody writes to; leaves nothing beside it.
pub(in crate::store) async fn pool_of_still_file(file: &Path) -> Result<SqlitePool, sqlx::Error> {
    pool_options(1).connect_with(still(file)).await
}

/// Opens an empty store in memory: one connection, because each would have a memory of its own.
pub(in crate::store) async fn pool_in_memory() -> Result<SqlitePool, sqlx::Error> {
    pool_options(1).connect_with(marked().in_memory(true)).await
}

/// Returns the settings of a connection that makes a new store.
fn marked() -> SqliteConnectOptions {
    settings().pragma("application_id", APPLICATION_ID.to_string())
}

fn pool_options(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE * 3)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_release(|connection, _| {
            Box::pin(async move {
                // SQLite ends a transaction itself when the disk is full; sqlx would think for ever that it goes on.
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
}

/// Returns settings for a file that is only looked at: no locks, no log, nothing created.
fn still(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .immutable(true)
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .disable_statement_logging()
}

/// Refuses a file that is not a store of ours or newer than this program, without touching it.
///
/// # Errors
/// [`StoreError::NotOurs`] and [`StoreError::Newer`].
pub(in crate::store) async fn probe(file: &Path) -> Result<(), StoreError> {
    let name = file.display().to_string();
    let fault = |error: sqlx::Error| StoreError::of(&name, &error);
    let mut connection = still(file).connect().await.map_err(fault)?;
    let marks = marks(&mut connection).await;
    connection.close().await.map_err(fault)?;
    match marks.map_err(fault) {
        Ok(marks) => refuse_marks(&name, marks),
        // Somebody may be writing the file just now, and this look takes no locks: opening it will tell.
        Err(StoreError::Damaged { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// What a SQLite file says of itself.
#[derive(Clone, Copy)]
struct Marks {
    application: i64,
    format: i64,
}

async fn marks(connection: &mut SqliteConnection) -> Result<Marks, sqlx::Error> {
    Ok(Marks {
        application: query_scalar("PRAGMA application_id")
            .fetch_one(&mut *connection)
            .await?,
        format: query_scalar("PRAGMA user_version")
            .fetch_one(connection)
            .await?,
    })
}

fn refuse_marks(store: &str, marks: Marks) -> Result<(), StoreError> {
    let (store, known) = (store.to_owned(), known_format());
    if marks.application != i64::from(APPLICATION_ID) {
        return Err(StoreError::NotOurs {
            store,
            what: "it is empty or belongs to another program",
        });
    }
    if marks.format > known {
        return Err(StoreError::Newer {
            store,
            found: marks.format,
            known,
        });
    }
    Ok(())
}

/// Returns whether the file is a database of another program.
pub(in crate::store) async fn is_foreign(file: &Path) -> bool {
    let Ok(mut connection) = still(file).connect().await else {
        return false;
    };
    let pages = query_scalar("PRAGMA page_count")
        .fetch_one(&mut connection)
        .await;
    let marks = marks(&mut connection).await;
    // Nothing was written: there is nothing that closing could lose.
    let _ = connection.close().await;
    let other = |marks: Marks| marks.application != i64::from(APPLICATION_ID);
    pages.is_ok_and(|pages: i64| pages > 0) && marks.is_ok_and(other)
}

/// Makes a complete, empty store in `file`, which exists and is empty; `name` is what messages call it.
pub(in crate::store) async fn initialise(file: &Path, name: &str) -> Result<(), StoreError> {
    let fault = |error: sqlx::Error| StoreError::of(name, &error);
    let settings = marked().filename(file);
    let mut connection = settings.connect().await.map_err(fault)?;
    migrate(name, &mut connection).await?;
    connection.close().await.map_err(fault)
}

/// Sets a file that was written as a backup to the journal that a live store has.
pub(in crate::store) async fn enliven(file: &Path) -> Result<(), sqlx::Error> {
    settings().filename(file).connect().await?.close().await
}

/// Brings the store to the newest format; does nothing when it has it.
pub(in crate::store) async fn migrate(
    name: &str,
    connection: &mut SqliteConnection,
) -> Result<(), StoreError> {
    let fault = |error: sqlx::Error| StoreError::of(name, &error);
    let marks = marks(connection).await.map_err(fault)?;
    refuse_marks(name, marks)?;
    if marks.format == known_format() {
        return Ok(());
    }
    let mut transaction = connection
        .begin_with("BEGIN IMMEDIATE")
        .await
        .map_err(fault)?;
    match MIGRATIONS.run(&mut *transaction).await {
        Ok(()) => transaction.commit().await.map_err(fault)?,
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => {
            return Err(fault(error));
        }
        Err(error) => {
            return Err(StoreError::Damaged {
                store: name.to_owned(),
                detail: error.to_string(),
            });
        }
    }
    // The file itself must show the new format to an older program that only looks.
    empty_log(connection).await.map_err(fault)?;
    Ok(())
}

/// Moves the log into the file and empties it; returns whether that went through.
async fn empty_log(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    let (busy, _, _): (i64, i64, i64) = query_as("PRAGMA wal_checkpoint(TRUNCATE)")
        .fetch_one(connection)
        .await?;
    Ok(busy == 0)
}

/// Rewrites the file without the bytes of what was deleted, and empties the log.
///
/// Deleted cells are overwritten as they go (`secure_delete`); copies that a page kept from before it was split are not, so the
/// whole file is rewritten. Returns whether the log could be emptied.
pub(in crate::store) async fn scrub(
    connection: &mut SqliteConnection,
) -> Result<bool, sqlx::Error> {
    query("VACUUM").execute(&mut *connection).await?;
    empty_log(connection).await
}

/// Returns what SQLite itself finds wrong with the file.
pub(in crate::store) async fn check(
    connection: &mut SqliteConnection,
) -> Result<Vec<String>, sqlx::Error> {
    let mut findings: Vec<String> = query_scalar("PRAGMA integrity_check")
        .fetch_all(&mut *connection)
        .await?;
    findings.retain(|finding| finding != "ok");
    let strays: Vec<(String,)> = query_as("SELECT \"table\" FROM pragma_foreign_key_check")
        .fetch_all(connection)
        .await?;
    let stray = |(table,): (String,)| format!("a row of `{table}` belongs to nothing");
    findings.extend(strays.into_iter().map(stray));
    Ok(findings)
}

/// Writes a complete copy of the store, as it stands, into `file`, which exists and is empty.
pub(in crate::store) async fn copy_into(pool: &SqlitePool, file: &str) -> Result<(), sqlx::Error> {
    query("VACUUM INTO $1").bind(file).execute(pool).await?;
    Ok(())
}

/// A store that nobody else has open, for as long as this is kept.
pub(in crate::store) struct Held(SqliteConnection);

impl Held {
    /// Takes hold of the store in `file` and moves all of its log into the file; nothing while somebody has it open.
    pub(in crate::store) async fn take(file: &Path) -> Result<Option<Self>, sqlx::Error> {
        let mut connection = SqliteConnectOptions::new()
            .filename(file)
            .busy_timeout(Duration::from_secs(1))
            .disable_statement_logging()
            .connect()
            .await?;
        match Self::lock(&mut connection).await {
            Ok(true) => Ok(Some(Self(connection))),
            Ok(false) => Ok(None),
            Err(error) => {
                let locked = StoreError::of("", &error);
                if matches!(locked, StoreError::Locked { .. }) {
                    return Ok(None);
                }
                Err(error)
            }
        }
    }

    /// Leaving the log needs the file for oneself alone; from then on an exclusive transaction keeps others out.
    async fn lock(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
        let mode: String = query_scalar("PRAGMA journal_mode = DELETE")
            .fetch_one(&mut *connection)
            .await?;
        if mode != "delete" {
            return Ok(false);
        }
        query("BEGIN EXCLUSIVE").execute(connection).await?;
        Ok(true)
    }

    /// Lets go of the store, wherever its file was moved meanwhile.
    pub(in crate::store) async fn release(self) {
        // Nothing was written: there is nothing that closing could lose.
        let _ = self.0.close().await;
    }
}
