//! Tests of the store on real files, through one small harness.

use std::path::{Path, PathBuf};

use sqlx::{Connection, query, query_scalar};

use crate::domain::customer::CustomerChange;
use crate::domain::id::{CustomerId, PersonId};
use crate::domain::ledger::{Entry, Fact, Subject};
use crate::domain::person::Person;
use crate::domain::time::Instant;
use crate::store::error::{AppendError, StoreError};
use crate::store::ledgers::Ledger;
use crate::store::open::{Location, Store};
use crate::store::summaries::SummaryRow;
use crate::store::texts::Text;
use crate::store::{sql, sqlite};

/// Runs a test as the program runs: on one thread.
fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
        .block_on(test)
}

/// A folder of its own, and the store in it.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self) -> PathBuf {
        self.path("readiness.db")
    }

    async fn open(&self) -> Store {
        open(&self.file()).await.unwrap()
    }

    /// Everything that lies in the folder, as bytes.
    fn contains(&self, words: &str) -> bool {
        std::fs::read_dir(self.folder.path())
            .unwrap()
            .any(|entry| contains(&entry.unwrap().path(), words))
    }
}

fn contains(file: &Path, words: &str) -> bool {
    let bytes = std::fs::read(file).unwrap();
    bytes
        .windows(words.len())
        .any(|window| window == words.as_bytes())
}

async fn open(file: &Path) -> Result<Store, StoreError> {
    Store::open(&Location::File(file.to_owned())).await
}

fn anna() -> PersonId {
    "anna".parse().unwrap()
}

fn at(minute: u32) -> Instant {
    format!("2026-09-02T12:{minute:02}:00Z").parse().unwrap()
}

fn customer(id: &str) -> CustomerId {
    id.parse().unwrap()
}

fn note(text: &str) -> Fact {
    Fact::Noted {
        questionnaire: "cloud".parse().unwrap(),
        about: Subject::Assessment,
        text: text.to_owned(),
        public: false,
    }
}

async fn create(store: &Store, id: &str) -> Ledger {
    let name = CustomerChange::Name(format!("{id} Ltd"));
    store
        .create(&customer(id), &anna(), at(0), vec![name])
        .await
        .unwrap()
}

async fn append(store: &Store, ledger: &mut Ledger, facts: Vec<Fact>) -> Vec<Entry> {
    let decide = |_: &Ledger, _: &[Entry]| Ok::<_, StoreError>(facts);
    store
        .append(ledger, &anna(), at(1), &[], decide, |_| Vec::new())
        .await
        .unwrap()
}

#[test]
fn what_was_appended_is_read_back() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut ledger = create(&store, "contoso").await;
        let written = append(&store, &mut ledger, vec![note("one"), note("two")]).await;
        assert_eq!(written.len(), 2);
        store.close().await;

        let store = place.open().await;
        let read = store.ledger(&customer("contoso")).await.unwrap().unwrap();
        assert_eq!(read, ledger);
        assert_eq!(read.seq(), 3);
        let rows = store.customers().await.unwrap();
        assert_eq!((rows[0].seq, rows[0].head), (3, read.head()));
        assert!(store.ledger(&customer("other")).await.unwrap().is_none());
    });
}

#[test]
fn every_statement_can_be_prepared() {
    run(async {
        let store = Store::open(&Location::Memory).await.unwrap();
        for (name, text) in sql::ALL {
            use sqlx::{Executor, SqlSafeStr};
            let prepared = store.pool.prepare((*text).into_sql_str()).await;
            assert!(prepared.is_ok(), "{name}: {prepared:?}");
        }
    });
}
