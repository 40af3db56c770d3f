//! Tests of the store on real files, through one small harness.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use sqlx::{Connection, query, query_scalar};

use crate::domain::customer::CustomerChange;
use crate::domain::id::{CustomerId, PersonId};
use crate::domain::ledger::{Entry, Fact, Subject};
use crate::domain::person::Person;
use crate::domain::time::Instant;
use crate::store::bundle::{Imported, MAX_BUNDLE, Outcome};
use crate::store::error::{AppendError, BundleFault, StoreError};
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
        fs::read_dir(self.folder.path())
            .unwrap()
            .any(|entry| contains(&entry.unwrap().path(), words))
    }
}

fn contains(file: &Path, words: &str) -> bool {
    let bytes = fs::read(file).unwrap();
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
fn a_store_in_memory_does_the_same() {
    run(async {
        let store = Store::open(&Location::Memory).await.unwrap();
        let mut ledger = create(&store, "contoso").await;
        append(&store, &mut ledger, vec![note("one")]).await;
        let read = store.ledger(&customer("contoso")).await.unwrap();
        assert_eq!(read, Some(ledger));
    });
}

#[test]
fn every_statement_can_be_prepared() {
    use sqlx::{Executor, SqlSafeStr};
    run(async {
        let store = Store::open(&Location::Memory).await.unwrap();
        for (name, text) in sql::ALL {
            let prepared = store.pool.prepare((*text).into_sql_str()).await;
            assert!(prepared.is_ok(), "{name}: {prepared:?}");
        }
    });
}

#[test]
fn every_connection_has_every_setting() {
    run(async {
        let place = Place::new();
        place.open().await.close().await;
        let pool = sqlite::pool_of(2, &place.file()).await.unwrap();
        let mut first = pool.acquire().await.unwrap();
        let mut second = pool.acquire().await.unwrap();
        for connection in [&mut first, &mut second] {
            let mode: String = query_scalar("PRAGMA journal_mode")
                .fetch_one(&mut **connection)
                .await
                .unwrap();
            assert_eq!(mode, "wal");
            for (setting, wanted) in [
                ("PRAGMA synchronous", 2),
                ("PRAGMA foreign_keys", 1),
                ("PRAGMA busy_timeout", 10_000),
                ("PRAGMA trusted_schema", 0),
                ("PRAGMA cell_size_check", 1),
                ("PRAGMA secure_delete", 1),
                ("PRAGMA temp_store", 2),
                ("PRAGMA application_id", i64::from(sqlite::APPLICATION_ID)),
            ] {
                let found: i64 = query_scalar(setting)
                    .fetch_one(&mut **connection)
                    .await
                    .unwrap();
                assert_eq!(found, wanted, "{setting}");
            }
        }
    });
}

#[test]
fn only_the_owner_can_read_what_was_made() {
    run(async {
        let place = Place::new();
        let file = place.path("a/b/readiness.db");
        let store = open(&file).await.unwrap();
        create(&store, "contoso").await;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        for end in ["", "-wal", "-shm"] {
            let path = place.path(&format!("a/b/readiness.db{end}"));
            assert_eq!(mode(&path), 0o600, "{}", path.display());
        }
        assert_eq!(mode(&place.path("a")), 0o700);
        assert_eq!(mode(&place.path("a/b")), 0o700);
        store.backup(&place.path("copy.db")).await.unwrap();
        assert_eq!(mode(&place.path("copy.db")), 0o600);
    });
}

#[test]
fn many_may_open_a_store_that_is_not_there_yet() {
    let place = Place::new();
    let threads: Vec<_> = (0..8)
        .map(|number| {
            let file = place.file();
            std::thread::spawn(move || {
                run(async {
                    let store = open(&file).await.unwrap();
                    create(&store, &format!("c{number}")).await;
                });
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    run(async {
        let store = place.open().await;
        assert_eq!(store.customers().await.unwrap().len(), 8);
        store.close().await;
    });
    // No draft is left behind.
    let names = fs::read_dir(place.folder.path()).unwrap();
    let drafts = names.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with('.')
    });
    assert_eq!(drafts.count(), 0);
}

#[test]
fn two_processes_lose_nothing_and_neither_fails() {
    const EACH: usize = 50;
    let place = Place::new();
    run(async { drop(create(&place.open().await, "contoso").await) });
    let threads: Vec<_> = ["a", "b"]
        .into_iter()
        .map(|name| {
            let file = place.file();
            std::thread::spawn(move || {
                run(async {
                    let store = open(&file).await.unwrap();
                    let mut ledger = store.ledger(&customer("contoso")).await.unwrap().unwrap();
                    for number in 0..EACH {
                        append(&store, &mut ledger, vec![note(&format!("{name}{number}"))]).await;
                    }
                });
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    run(async {
        let store = place.open().await;
        let ledger = store.ledger(&customer("contoso")).await.unwrap().unwrap();
        assert_eq!(ledger.entries.len(), 1 + 2 * EACH);
        for name in ["a", "b"] {
            let own: Vec<&String> = ledger.entries.iter().filter_map(noted).collect();
            let own: Vec<&&String> = own.iter().filter(|text| text.starts_with(name)).collect();
            let wanted: Vec<String> = (0..EACH).map(|number| format!("{name}{number}")).collect();
            assert!(own.iter().map(|text| text.as_str()).eq(&wanted));
        }
        assert_eq!(verify(&store).await, Vec::<String>::new());
    });
}

fn noted(entry: &Entry) -> Option<&String> {
    match &entry.fact {
        Some(Fact::Noted { text, .. }) => Some(text),
        _ => None,
    }
}

#[test]
fn who_comes_second_sees_what_the_first_wrote_and_may_refuse() {
    run(async {
        let place = Place::new();
        let (one, two) = (place.open().await, place.open().await);
        let mut first = create(&one, "contoso").await;
        let mut second = two.ledger(&customer("contoso")).await.unwrap().unwrap();
        append(&one, &mut first, vec![note("theirs")]).await;
        let decide = |ledger: &Ledger, others: &[Entry]| {
            assert_eq!(ledger.seq(), 2);
            Err(noted(&others[0]).unwrap().clone())
        };
        let refused = two
            .append(&mut second, &anna(), at(2), &[], decide, |_| Vec::new())
            .await;
        assert!(matches!(refused, Err(AppendError::Refused(text)) if text == "theirs"));
        assert_eq!(second, first);
        assert_eq!(one.ledger(&customer("contoso")).await.unwrap(), Some(first));
    });
}

#[test]
fn no_facts_write_nothing() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut ledger = create(&store, "contoso").await;
        let before = ledger.clone();
        assert!(append(&store, &mut ledger, Vec::new()).await.is_empty());
        assert_eq!(ledger, before);
        assert_eq!(store.customers().await.unwrap()[0].seq, 1);
    });
}

#[test]
fn a_write_that_breaks_off_leaves_nothing() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut ledger = create(&store, "contoso").await;
        let before = ledger.clone();
        // The text that the second fact names is not kept: the first is written and taken back.
        let opened = Fact::Opened {
            questionnaire: "cloud".parse().unwrap(),
            text: crate::domain::id::Hash::of(b"nowhere"),
        };
        let decide = |_: &Ledger, _: &[Entry]| Ok::<_, StoreError>(vec![note("one"), opened]);
        let failed = store
            .append(&mut ledger, &anna(), at(1), &[], decide, |_| Vec::new())
            .await;
        assert!(matches!(
            failed,
            Err(AppendError::Store(StoreError::NoText { .. }))
        ));
        assert_eq!(ledger, before);
        // A process that ends in the middle leaves a transaction that nobody commits.
        let mut transaction = store.write().await.unwrap();
        query(sql::SET_HEAD)
            .bind(ledger.id.to_string())
            .bind(7)
            .bind("x")
            .execute(&mut *transaction)
            .await
            .unwrap();
        drop(transaction);
        drop(store);
        let store = place.open().await;
        assert_eq!(verify(&store).await, Vec::<String>::new());
        append(&store, &mut ledger, vec![note("goes on")]).await;
        assert_eq!(ledger.seq(), 2);
    });
}

#[test]
fn a_file_that_is_not_ours_is_not_touched() {
    run(async {
        let place = Place::new();
        fs::write(place.path("letter.txt"), "Dear all,\n".repeat(500)).unwrap();
        fs::write(place.path("empty"), "").unwrap();
        foreign(&place.path("other.db")).await;
        fs::create_dir(place.path("folder")).unwrap();
        let before = snapshot(&place);
        for name in ["letter.txt", "empty", "other.db", "folder"] {
            let refused = open(&place.path(name)).await;
            assert!(
                matches!(refused, Err(StoreError::NotOurs { .. })),
                "{name}: {refused:?}"
            );
        }
        assert_eq!(snapshot(&place), before);
    });
}

/// Makes a database of another program, with a log as ours has it.
async fn foreign(file: &Path) {
    use sqlx::ConnectOptions;
    let settings = sqlite::settings().filename(file).create_if_missing(true);
    let mut connection = settings.connect().await.unwrap();
    query("CREATE TABLE bookmarks (url TEXT)")
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

/// Every file of the place with its bytes.
fn snapshot(place: &Place) -> BTreeMap<PathBuf, Vec<u8>> {
    let paths = fs::read_dir(place.folder.path()).unwrap();
    let paths = paths.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.is_file())
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

#[test]
fn a_newer_store_is_not_touched() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        create(&store, "contoso").await;
        query("PRAGMA user_version = 99")
            .execute(&store.pool)
            .await
            .unwrap();
        store.close().await;
        let before = snapshot(&place);
        let refused = open(&place.file()).await.unwrap_err();
        assert!(
            matches!(refused, StoreError::Newer { found: 99, .. }),
            "{refused}"
        );
        assert_eq!(snapshot(&place), before);
    });
}

#[test]
fn an_older_store_is_brought_up() {
    use sqlx::ConnectOptions;
    run(async {
        let place = Place::new();
        // Format 0: ours by its mark, without tables.
        let older = sqlite::settings()
            .filename(place.file())
            .create_if_missing(true)
            .pragma("application_id", sqlite::APPLICATION_ID.to_string());
        older.connect().await.unwrap().close().await.unwrap();
        let store = place.open().await;
        create(&store, "contoso").await;
        store.close().await;
        let copy = sqlite::pool_of_still_file(&place.file()).await.unwrap();
        let format: i64 = query_scalar("PRAGMA user_version")
            .fetch_one(&copy)
            .await
            .unwrap();
        assert_eq!(format, sqlite::known_format());
    });
}

#[test]
fn a_redacted_secret_is_gone_from_the_disk() {
    const SECRET: &str = "hunter2-hunter2";
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut ledger = create(&store, "contoso").await;
        append(&store, &mut ledger, vec![note("before")]).await;
        append(&store, &mut ledger, vec![note(SECRET)]).await;
        append(&store, &mut ledger, vec![note("after")]).await;
        assert!(place.contains(SECRET));
        let redact = async |ledger: &mut Ledger, entry| {
            store
                .redact(ledger, entry, &anna(), at(9), "a password", |_| Vec::new())
                .await
        };
        redact(&mut ledger, 3).await.unwrap();
        assert!(!place.contains(SECRET));
        assert!(place.contains("before") && place.contains("after"));
        assert!(ledger.entries[2].fact.is_none());
        let read = store.ledger(&customer("contoso")).await.unwrap();
        assert_eq!(read.as_ref(), Some(&ledger));
        assert_eq!(verify(&store).await, Vec::<String>::new());
        // Again: nothing to do. A redaction itself, or what is not there: refused.
        assert!(redact(&mut ledger, 3).await.unwrap().is_empty());
        for entry in [0, 5, 6] {
            let refused = redact(&mut ledger, entry).await.unwrap_err();
            assert!(
                matches!(refused, StoreError::NotRedactable { .. }),
                "{refused}"
            );
        }
    });
}

#[test]
fn a_text_that_only_a_redacted_entry_named_goes_with_it() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut ledger = create(&store, "contoso").await;
        let text = Text::new("application/json", "{\"only\":\"here\"}");
        let opened = open_with(&store, &mut ledger, &text).await;
        let mut other = create(&store, "fabrikam").await;
        let shared = Text::new("application/json", "{\"shared\":\"text\"}");
        let shared_by = open_with(&store, &mut ledger, &shared).await;
        open_with(&store, &mut other, &shared).await;
        for entry in [opened, shared_by] {
            store
                .redact(&mut ledger, entry, &anna(), at(9), "wrong", |_| Vec::new())
                .await
                .unwrap();
        }
        assert_eq!(store.text(&text.hash()).await.unwrap(), None);
        assert_eq!(store.text(&shared.hash()).await.unwrap(), Some(shared));
        assert!(!place.contains("only"));
        assert_eq!(verify(&store).await, Vec::<String>::new());
    });
}

/// Opens an assessment under a text and returns the place of the entry.
async fn open_with(store: &Store, ledger: &mut Ledger, text: &Text) -> u64 {
    let fact = Fact::Opened {
        questionnaire: "cloud".parse().unwrap(),
        text: text.hash(),
    };
    let decide = |_: &Ledger, _: &[Entry]| Ok::<_, StoreError>(vec![fact]);
    let texts = [text.clone()];
    store
        .append(ledger, &anna(), at(1), &texts, decide, |_| Vec::new())
        .await
        .unwrap()[0]
        .header
        .seq
}

fn person(id: &str) -> Person {
    Person {
        id: id.parse().unwrap(),
        name: format!("Person {id}"),
        mail: None,
        organisation: None,
    }
}

fn contact(id: &str) -> Fact {
    let changes = vec![CustomerChange::Contact {
        person: id.parse().unwrap(),
        role: "sponsor".to_owned(),
    }];
    Fact::CustomerChanged { changes }
}

#[test]
fn a_removed_customer_is_gone_from_the_disk() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        for id in ["anna", "olga", "pete"] {
            store.add_person(&person(id)).await.unwrap();
        }
        // Enough customers that pages are split and rows move.
        for number in 0..60 {
            let mut ledger = create(&store, &format!("plum-{number}")).await;
            let text = Text::new("text/plain", format!("text of plum-{number} ").repeat(40));
            open_with(&store, &mut ledger, &text).await;
        }
        let mut gone = create(&store, "zephyr").await;
        let text = Text::new("text/plain", "zephyr's own");
        open_with(&store, &mut gone, &text).await;
        append(&store, &mut gone, vec![contact("olga"), contact("pete")]).await;
        let mut kept = store.ledger(&customer("plum-7")).await.unwrap().unwrap();
        append(&store, &mut kept, vec![contact("pete")]).await;
        assert!(place.contains("zephyr"));

        let names = store
            .remove(&customer("zephyr"), at(9), "Zephyr Ltd left")
            .await;
        assert!(matches!(names, Err(StoreError::Names { .. })));
        store
            .remove(&customer("zephyr"), at(9), "contract ended")
            .await
            .unwrap();
        assert!(!place.contains("zephyr"));
        assert!(!place.contains("Person olga"));
        let left = store.persons().await.unwrap();
        assert_eq!(left, [person("anna"), person("pete")]);
        let (removed_at, reason): (String, String) = sqlx::query_as(sql::TOMBSTONE)
            .bind(gone.id.to_string())
            .fetch_one(&store.pool)
            .await
            .unwrap();
        assert_eq!(
            (removed_at, reason.as_str()),
            (at(9).to_string(), "contract ended")
        );
        assert_eq!(verify(&store).await, Vec::<String>::new());

        // Every other one: no name stays in a corner of a page.
        for number in (0..60).step_by(2) {
            let id = customer(&format!("plum-{number}"));
            store.remove(&id, at(9), "contract ended").await.unwrap();
        }
        for number in 0..60 {
            let there = place.contains(&format!("plum-{number} "));
            assert_eq!(there, number % 2 == 1, "plum-{number}");
        }
        // Who had it open is told.
        let decide = |_: &Ledger, _: &[Entry]| Ok::<_, StoreError>(vec![note("late")]);
        let late = store
            .append(&mut gone, &anna(), at(9), &[], decide, |_| Vec::new())
            .await;
        assert!(matches!(
            late,
            Err(AppendError::Store(StoreError::Replaced { .. }))
        ));
        let again = store.remove(&customer("zephyr"), at(9), "x").await;
        assert!(matches!(again, Err(StoreError::NoCustomer { .. })));
    });
}

/// Everything wrong with the store, in words.
async fn verify(store: &Store) -> Vec<String> {
    let problems = store.verify(|_, _| true).await.unwrap();
    problems.iter().map(ToString::to_string).collect()
}

/// A store with something of everything.
async fn furnished(place: &Place) -> Store {
    let store = place.open().await;
    store.add_person(&person("anna")).await.unwrap();
    let mut ledger = create(&store, "contoso").await;
    let text = Text::new("text/plain", "the text of a questionnaire");
    open_with(&store, &mut ledger, &text).await;
    append(&store, &mut ledger, vec![note("one"), note("two")]).await;
    store
}

#[test]
fn a_changed_byte_is_found() {
    run(async {
        for (what, change, words) in [
            (
                "header",
                "UPDATE entries SET header = CAST(replace(CAST(header AS TEXT), 'anna', 'anne') AS BLOB) WHERE seq = 2",
                "entry 3: the chain is broken",
            ),
            (
                "last header",
                "UPDATE entries SET header = CAST(replace(CAST(header AS TEXT), 'anna', 'anne') AS BLOB) WHERE seq = 4",
                "cut or changed at its end",
            ),
            (
                "body",
                "UPDATE entries SET body = CAST(replace(CAST(body AS TEXT), 'one', 'eno') AS BLOB) WHERE seq = 3",
                "entry 3: the body was changed",
            ),
            (
                "body taken",
                "UPDATE entries SET body = NULL WHERE seq = 3",
                "entry 3: the body is missing",
            ),
            (
                "text",
                "UPDATE texts SET bytes = CAST('another text' AS BLOB)",
                "was changed after it was kept",
            ),
            (
                "cut tail",
                "DELETE FROM entries WHERE seq = 4",
                "4 entries were recorded and 3 are there",
            ),
            (
                "slug",
                "UPDATE customers SET slug = 'fabrikam'",
                "listed as `fabrikam` is `contoso`",
            ),
            (
                "hostile slug",
                "UPDATE customers SET slug = '../../etc'",
                "`../../etc` is not a valid customer id",
            ),
            ("text gone", "DELETE FROM ledger_texts", "is missing"),
        ] {
            let place = Place::new();
            let store = furnished(&place).await;
            assert_eq!(verify(&store).await, Vec::<String>::new());
            query(change).execute(&store.pool).await.unwrap();
            let found = verify(&store).await;
            assert_eq!(found.len(), 1, "{what}: {found:?}");
            assert!(found[0].contains(words), "{what}: {found:?}");
        }
    });
}

#[test]
fn a_flipped_bit_in_the_file_is_found_or_harms_nothing() {
    run(async {
        let place = Place::new();
        let store = furnished(&place).await;
        let hash = Text::new("text/plain", "the text of a questionnaire").hash();
        let ledger = store.ledger(&customer("contoso")).await.unwrap();
        let text = store.text(&hash).await.unwrap();
        store.close().await;
        let good = fs::read(place.file()).unwrap();
        let mut found = 0;
        // Every page is hit often; a prime step hits every kind of place in it.
        for position in (0..good.len()).step_by(331) {
            let mut bad = good.clone();
            bad[position] ^= 0x10;
            let file = place.path(&format!("flipped-{position}.db"));
            fs::write(&file, &bad).unwrap();
            let Ok(store) = open(&file).await else {
                found += 1;
                continue;
            };
            if store
                .verify(|_, _| true)
                .await
                .is_ok_and(|found| found.is_empty())
            {
                let read = store.ledger(&customer("contoso")).await.unwrap();
                assert_eq!(read, ledger, "byte {position}");
                assert_eq!(store.text(&hash).await.unwrap(), text, "byte {position}");
            } else {
                found += 1;
            }
            store.close().await;
        }
        assert!(found > 0);
    });
}

#[test]
fn a_truncated_file_is_told_of_and_nothing_panics() {
    run(async {
        let place = Place::new();
        furnished(&place).await.close().await;
        let good = fs::read(place.file()).unwrap();
        for length in [1, 50, 100, 4096, 5000, good.len() / 2, good.len() - 4096] {
            let file = place.path(&format!("short-{length}.db"));
            fs::write(&file, &good[..length]).unwrap();
            let told = match open(&file).await {
                Err(error) => error.to_string(),
                Ok(store) => store.verify(|_, _| true).await.map_or_else(
                    |error| error.to_string(),
                    |problems| format!("{problems:?}"),
                ),
            };
            assert!(
                told.contains("damaged") || told.contains("not a readiness store"),
                "{length}: {told}"
            );
        }
    });
}

fn summary(ledger: &Ledger, content: &str) -> SummaryRow {
    SummaryRow {
        customer: ledger.customer.clone(),
        questionnaire: Some("cloud".parse().unwrap()),
        seq: ledger.seq(),
        computed_for: "2026-09-02".parse().unwrap(),
        changes_on: Some("2026-09-10".parse().unwrap()),
        engine: "1".to_owned(),
        content: content.to_owned(),
    }
}

#[test]
fn a_summary_row_is_written_with_its_entry_and_never_over_a_newer_one() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        let mut ledger = create(&store, "contoso").await;
        let old = summary(&ledger, "old");
        let decide = |_: &Ledger, _: &[Entry]| Ok::<_, StoreError>(vec![note("one")]);
        store
            .append(&mut ledger, &anna(), at(1), &[], decide, |ledger| {
                assert_eq!(ledger.seq(), 2);
                vec![summary(ledger, "new")]
            })
            .await
            .unwrap();
        let new = summary(&ledger, "new");
        assert_eq!(store.summaries().await.unwrap(), std::slice::from_ref(&new));
        store.put_summaries(&[old]).await.unwrap();
        assert_eq!(store.summaries().await.unwrap(), std::slice::from_ref(&new));
        let again = summary(&ledger, "again");
        store
            .put_summaries(std::slice::from_ref(&again))
            .await
            .unwrap();
        assert_eq!(store.summaries().await.unwrap(), [again]);

        assert_eq!(verify(&store).await, Vec::<String>::new());
        let wrong = store.verify(|_, row| *row == new).await.unwrap();
        assert_eq!(wrong.len(), 1);
        assert!(wrong[0].message.contains("the summary of `contoso`"));
    });
}

#[test]
fn a_summary_row_holds_until_its_day_and_for_its_engine() {
    let ledger = Ledger {
        customer: customer("contoso"),
        id: uuid::Uuid::nil(),
        entries: Vec::new(),
    };
    let row = summary(&ledger, "x");
    let day = |text: &str| text.parse().unwrap();
    assert!(row.holds(0, day("2026-09-02"), "1") && row.holds(0, day("2026-09-09"), "1"));
    assert!(!row.holds(0, day("2026-09-01"), "1") && !row.holds(0, day("2026-09-10"), "1"));
    assert!(!row.holds(1, day("2026-09-02"), "1") && !row.holds(0, day("2026-09-02"), "2"));
}

#[test]
fn persons_and_texts_are_kept_once() {
    run(async {
        let place = Place::new();
        let store = place.open().await;
        store.add_person(&person("anna")).await.unwrap();
        let twice = store.add_person(&person("anna")).await;
        assert!(matches!(twice, Err(StoreError::PersonExists { .. })));
        assert_eq!(store.person(&anna()).await.unwrap(), Some(person("anna")));
        assert_eq!(store.person(&"ben".parse().unwrap()).await.unwrap(), None);
        let text = Text::new("text/plain", "x");
        store.put_text(&text).await.unwrap();
        store.put_text(&text).await.unwrap();
        assert_eq!(store.text(&text.hash()).await.unwrap(), Some(text));
        let ledger = create(&store, "contoso").await;
        let name = CustomerChange::Name("again".to_owned());
        let taken = store
            .create(&ledger.customer, &anna(), at(0), vec![name])
            .await;
        assert!(matches!(taken, Err(StoreError::CustomerExists { .. })));
    });
}

/// Changes a setting of the store's connection.
async fn set(store: &Store, setting: &'static str) {
    query(setting).execute(&store.pool).await.unwrap();
}

#[test]
fn a_full_disk_is_told_and_nothing_is_half_done() {
    run(async {
        let place = Place::new();
        let store = furnished(&place).await;
        let mut ledger = store.ledger(&customer("contoso")).await.unwrap().unwrap();
        let before = ledger.clone();
        // SQLite says the same when the file may not grow as when the disk may not.
        set(&store, "PRAGMA max_page_count = 1").await;
        let long = note(&"x".repeat(100_000));
        let decide = |_: &Ledger, _: &[Entry]| Ok::<_, StoreError>(vec![long.clone()]);
        let full = store
            .append(&mut ledger, &anna(), at(1), &[], decide, |_| Vec::new())
            .await
            .map(|entries| entries.len())
            .unwrap_err();
        assert!(
            matches!(full, AppendError::Store(StoreError::Full { .. })),
            "{full}"
        );
        assert_eq!(ledger, before);
        set(&store, "PRAGMA max_page_count = 1000000").await;
        assert_eq!(verify(&store).await, Vec::<String>::new());
        append(&store, &mut ledger, vec![long.clone()]).await;
    });
}

#[test]
fn a_store_that_another_holds_is_told_of() {
    run(async {
        let place = Place::new();
        let (one, two) = (place.open().await, place.open().await);
        let mut ledger = create(&one, "contoso").await;
        set(&two, "PRAGMA busy_timeout = 20").await;
        let held = one.write().await.unwrap();
        let decide = |_: &Ledger, _: &[Entry]| Ok::<_, StoreError>(vec![note("x")]);
        let locked = two
            .append(&mut ledger, &anna(), at(1), &[], decide, |_| Vec::new())
            .await
            .unwrap_err();
        assert!(
            matches!(locked, AppendError::Store(StoreError::Locked { .. })),
            "{locked}"
        );
        drop(held);
    });
}

#[test]
fn a_path_that_cannot_be_names_itself() {
    run(async {
        let place = Place::new();
        fs::write(place.path("file"), "x").unwrap();
        symlink(place.path("loop"), place.path("loop")).unwrap();
        for path in ["file/readiness.db", "loop", "loop/readiness.db", "\0"] {
            let error = open(&place.path(path)).await.unwrap_err();
            assert!(
                matches!(error, StoreError::Unreachable { .. }),
                "{path}: {error}"
            );
        }
    });
}

/// Says to a test that it runs in a process of somebody who may write nothing.
const AS_NOBODY: &str = "READINESS_TEST_AS_NOBODY";

#[test]
fn a_folder_or_file_without_write_access_is_told_of() {
    use std::os::unix::process::CommandExt;
    if let Ok(folder) = std::env::var(AS_NOBODY) {
        return run(async {
            for name in ["readiness.db", "new.db", "new/new.db"] {
                let error = open(&Path::new(&folder).join(name)).await.unwrap_err();
                assert!(
                    matches!(error, StoreError::ReadOnly { .. }),
                    "{name}: {error}"
                );
            }
        });
    }
    let place = Place::new();
    run(async { drop(furnished(&place).await) });
    let mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(&place.file(), 0o444);
    mode(place.folder.path(), 0o555);
    // Permissions do not bind root: the test runs itself again as nobody.
    let program = place
        .folder
        .path()
        .parent()
        .unwrap()
        .join(format!("readiness-test-{}", std::process::id()));
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    mode(&program, 0o755);
    let mut child = std::process::Command::new(&program);
    child
        .env(AS_NOBODY, place.folder.path())
        .current_dir("/")
        .args([
            "--exact",
            "store::tests::a_folder_or_file_without_write_access_is_told_of",
        ]);
    if rustix::process::getuid().is_root() {
        child.uid(65534).gid(65534);
    }
    let output = child.output().unwrap();
    fs::remove_file(&program).unwrap();
    mode(place.folder.path(), 0o755);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("1 passed"), "{said}");
}

#[test]
fn a_backup_brings_everything_back() {
    run(async {
        let place = Place::new();
        let store = furnished(&place).await;
        let copy = place.path("copy.db");
        store.backup(&copy).await.unwrap();
        let again = store.backup(&copy).await;
        assert!(matches!(again, Err(StoreError::Exists { .. })));
        let before = store.ledger(&customer("contoso")).await.unwrap();
        let mut ledger = before.clone().unwrap();
        append(&store, &mut ledger, vec![note("after the backup")]).await;

        let refused = Store::restore(&copy, &place.file(), at(5)).await;
        assert!(
            matches!(refused, Err(StoreError::InUse { .. })),
            "{refused:?}"
        );
        store.close().await;
        let kept = Store::restore(&copy, &place.file(), at(5))
            .await
            .unwrap()
            .unwrap();
        assert!(kept.ends_with("readiness.db.before-restore-20260902T120500Z"));

        let store = place.open().await;
        assert_eq!(store.ledger(&customer("contoso")).await.unwrap(), before);
        assert_eq!(store.persons().await.unwrap(), [person("anna")]);
        assert_eq!(verify(&store).await, Vec::<String>::new());
        store.close().await;
        let old = open(&kept).await.unwrap();
        assert_eq!(
            old.ledger(&customer("contoso")).await.unwrap(),
            Some(ledger)
        );
    });
}

#[test]
fn a_backup_can_be_restored_where_nothing_was() {
    run(async {
        let place = Place::new();
        let store = furnished(&place).await;
        store.backup(&place.path("copy.db")).await.unwrap();
        let new = place.path("new/store.db");
        let kept = Store::restore(&place.path("copy.db"), &new, at(5))
            .await
            .unwrap();
        assert_eq!(kept, None);
        let read = open(&new).await.unwrap().ledger(&customer("contoso")).await;
        assert_eq!(read.unwrap().unwrap().seq(), 4);
    });
}

#[test]
fn a_damaged_store_can_be_replaced_and_is_kept_with_its_log() {
    run(async {
        let place = Place::new();
        let store = furnished(&place).await;
        store.backup(&place.path("copy.db")).await.unwrap();
        store.close().await;
        let mut bytes = fs::read(place.file()).unwrap();
        bytes[..2000].fill(b'x');
        fs::write(place.file(), &bytes).unwrap();
        fs::write(place.path("readiness.db-wal"), "a log that nobody can read").unwrap();
        let kept = Store::restore(&place.path("copy.db"), &place.file(), at(5)).await;
        let kept = kept.unwrap().unwrap();
        assert_eq!(fs::read(&kept).unwrap(), bytes);
        let log = place.path("readiness.db.before-restore-20260902T120500Z-wal");
        assert_eq!(
            fs::read_to_string(log).unwrap(),
            "a log that nobody can read"
        );
        assert_eq!(verify(&place.open().await).await, Vec::<String>::new());
    });
}

#[test]
fn what_is_no_good_backup_replaces_nothing() {
    run(async {
        let place = Place::new();
        let store = furnished(&place).await;
        store.backup(&place.path("good.db")).await.unwrap();
        query("UPDATE entries SET body = NULL WHERE seq = 3")
            .execute(&store.pool)
            .await
            .unwrap();
        let faulty = store.backup(&place.path("faulty.db")).await;
        assert!(
            matches!(faulty, Err(StoreError::Faulty { .. })),
            "{faulty:?}"
        );
        assert!(!place.path("faulty.db").exists());

        let good = fs::read(place.path("good.db")).unwrap();
        let body = good.windows(3).position(|bytes| bytes == b"two").unwrap();
        let mut bad = good.clone();
        bad[body] ^= 1;
        fs::write(place.path("bad.db"), bad).unwrap();
        fs::write(place.path("letter.txt"), "Dear all").unwrap();
        foreign(&place.path("other.db")).await;
        let live = Place::new();
        let _in_use = furnished(&live).await;
        let before = snapshot(&place);
        for from in [
            place.path("bad.db"),
            place.path("letter.txt"),
            place.path("other.db"),
            place.path("nowhere.db"),
            place.file(),
            live.file(),
        ] {
            let refused = Store::restore(&from, &place.file(), at(5)).await;
            assert!(refused.is_err(), "{}", from.display());
        }
        let over = Store::restore(&place.path("good.db"), &place.path("other.db"), at(5)).await;
        assert!(matches!(over, Err(StoreError::NotOurs { .. })), "{over:?}");
        assert_eq!(snapshot(&place), before);
    });
}

/// A bundle as JSON, to be changed at will.
async fn bundle(store: &Store, id: &str) -> serde_json::Value {
    serde_json::from_slice(&store.export(&customer(id)).await.unwrap()).unwrap()
}

async fn import(store: &Store, bundle: &serde_json::Value) -> Result<Imported, StoreError> {
    // Whoever forges a bundle also forges its digest.
    let mut bundle = bundle.clone();
    bundle["digest"] = serde_json::Value::Null;
    let digest = crate::domain::id::Hash::of(&crate::domain::ledger::canonical(&bundle));
    bundle["digest"] = serde_json::json!(digest);
    let bytes = serde_json::to_vec(&bundle).unwrap();
    store.import(&bytes, at(30)).await
}

#[test]
fn a_bundle_carries_a_customer_and_fast_forwards() {
    run(async {
        let (here, there) = (Place::new(), Place::new());
        let (here, there) = (furnished(&here).await, there.open().await);
        let mut ledger = here.ledger(&customer("contoso")).await.unwrap().unwrap();
        let old = bundle(&here, "contoso").await;
        assert_eq!(import(&there, &old).await.unwrap().outcome, Outcome::New);
        assert_eq!(
            there.ledger(&ledger.customer).await.unwrap().unwrap(),
            ledger
        );
        assert_eq!(there.persons().await.unwrap(), [person("anna")]);
        assert_eq!(bundle(&there, "contoso").await, old);
        assert_eq!(import(&there, &old).await.unwrap().outcome, Outcome::Same);

        append(&here, &mut ledger, vec![note("three"), note("four")]).await;
        let new = bundle(&here, "contoso").await;
        let extended = import(&there, &new).await.unwrap();
        assert_eq!(extended.outcome, Outcome::Extended(2));
        assert_eq!(
            there.ledger(&ledger.customer).await.unwrap().unwrap(),
            ledger
        );
        assert_eq!(
            import(&there, &old).await.unwrap().outcome,
            Outcome::Behind(2)
        );
        assert_eq!(verify(&there).await, Vec::<String>::new());
    });
}

#[test]
fn a_redaction_travels_and_erases_there_too() {
    const SECRET: &str = "hunter2-hunter2";
    run(async {
        let (here, far) = (Place::new(), Place::new());
        let (here, there) = (here.open().await, far.open().await);
        let mut ledger = create(&here, "contoso").await;
        append(&here, &mut ledger, vec![note(SECRET)]).await;
        let open = bundle(&here, "contoso").await;
        import(&there, &open).await.unwrap();
        assert!(far.contains(SECRET));
        here.redact(&mut ledger, 2, &anna(), at(9), "a password", |_| Vec::new())
            .await
            .unwrap();
        let mut redacted = bundle(&here, "contoso").await;
        // Should somebody put the body back, it is left out again.
        redacted["entries"][1]["body"] = open["entries"][1]["body"].clone();
        let imported = import(&there, &redacted).await.unwrap();
        assert_eq!(imported.outcome, Outcome::Extended(1));
        assert!(!far.contains(SECRET));
        assert_eq!(there.ledger(&ledger.customer).await.unwrap(), Some(ledger));
        assert_eq!(verify(&there).await, Vec::<String>::new());
    });
}

#[test]
fn a_fork_is_shown_entry_by_entry_and_changes_nothing() {
    run(async {
        let (here, there) = (Place::new(), Place::new());
        let (here, there) = (furnished(&here).await, there.open().await);
        import(&there, &bundle(&here, "contoso").await)
            .await
            .unwrap();
        let mut ours = here.ledger(&customer("contoso")).await.unwrap().unwrap();
        let mut theirs = ours.clone();
        append(&here, &mut ours, vec![note("ours")]).await;
        append(
            &there,
            &mut theirs,
            vec![note("theirs"), note("theirs too")],
        )
        .await;
        let imported = import(&here, &bundle(&there, "contoso").await)
            .await
            .unwrap();
        let Outcome::Fork(fork) = imported.outcome else {
            panic!("{imported:?}");
        };
        assert_eq!(
            (fork.common, &fork.ours, &fork.theirs),
            (
                4,
                &ours.entries[4..].to_vec(),
                &theirs.entries[4..].to_vec()
            )
        );
        assert_eq!((fork.texts.len(), fork.persons), (1, vec![person("anna")]));
        assert_eq!(
            here.ledger(&ours.customer).await.unwrap().as_ref(),
            Some(&ours)
        );
        // What a person picks is recorded like anything else.
        let picked = fork.theirs[1].fact.clone().unwrap();
        append(&here, &mut ours, vec![picked]).await;
        assert_eq!(noted(&ours.entries[5]).unwrap(), "theirs too");
    });
}

#[test]
fn a_hostile_bundle_is_refused_with_the_reason() {
    use serde_json::json;
    run(async {
        let (here, there) = (Place::new(), Place::new());
        let here = furnished(&here).await;
        let good = bundle(&here, "contoso").await;
        let there = there.open().await;
        create(&there, "fabrikam").await;
        create(&here, "fabrikam").await;
        type Change = fn(&mut serde_json::Value);
        let changes: [(&str, Change); 15] = [
            ("digest", |b| {
                b["entries"][2]["body"] = b["entries"][3]["body"].clone()
            }),
            ("chain", |b| b["entries"][2] = b["entries"][1].clone()),
            ("chain", |b| {
                b["ledger"] = json!("0190a0b0-0000-7000-8000-000000000000")
            }),
            ("nobody redacted it", |b| {
                b["entries"][2]["body"] = json!(null)
            }),
            ("no entries", |b| {
                let ledger: String = serde_json::from_value(b["ledger"].clone()).unwrap();
                b["entries"] = json!([]);
                b["head"] = json!(crate::domain::ledger::root(&ledger));
            }),
            ("its last entry", |b| {
                b["entries"].as_array_mut().unwrap().pop();
            }),
            ("calls them `contoso`", |b| {
                b["customer"] = json!("northwind")
            }),
            ("not a valid customer id", |b| {
                b["customer"] = json!("../../etc/passwd")
            }),
            ("not one that can be", |b| {
                b["ledger"] = json!("../../etc/passwd")
            }),
            ("not a valid person id", |b| {
                b["persons"][0]["id"] = json!("a/b")
            }),
            ("too long", |b| {
                b["persons"][0]["name"] = json!("x".repeat(5000))
            }),
            ("no base64", |b| {
                b["entries"][1]["header"] = json!("<script>")
            }),
            ("was changed", |b| b["texts"][0]["bytes"] = json!("AAAA")),
            ("newer version", |b| b["bundle"] = json!(2)),
            ("unknown field", |b| b["extra"] = json!(1)),
        ];
        for (words, change) in changes {
            let mut bad = good.clone();
            change(&mut bad);
            let refused = import(&there, &bad).await.unwrap_err();
            assert!(
                matches!(refused, StoreError::Bundle(_)),
                "{words}: {refused}"
            );
            assert!(refused.to_string().contains(words), "{words}: {refused}");
        }
        for (words, bytes) in [
            ("no customer bundle", b"\xff\xfe".to_vec()),
            ("no customer bundle", b"[".repeat(100_000)),
            ("at most", vec![b' '; MAX_BUNDLE + 1]),
        ] {
            let refused = there.import(&bytes, at(30)).await.unwrap_err();
            assert!(refused.to_string().contains(words), "{refused}");
        }
        let other = import(&there, &bundle(&here, "fabrikam").await).await;
        assert!(matches!(
            other,
            Err(StoreError::Bundle(BundleFault::Taken { .. }))
        ));
        let early: Instant = "2026-08-01T00:00:00Z".parse().unwrap();
        let bytes = serde_json::to_vec(&good).unwrap();
        let future = there.import(&bytes, early).await;
        assert!(matches!(
            future,
            Err(StoreError::Bundle(BundleFault::Future { .. }))
        ));
        let mut lacking = good.clone();
        lacking["texts"] = json!([]);
        let lacks = import(&there, &lacking).await;
        assert!(matches!(lacks, Err(StoreError::NoText { .. })));
        assert_eq!(there.customers().await.unwrap().len(), 1);

        // Who was erased here does not come back by a bundle.
        import(&there, &good).await.unwrap();
        there
            .remove(&customer("contoso"), at(31), "contract ended")
            .await
            .unwrap();
        let removed = import(&there, &good).await;
        assert!(matches!(
            removed,
            Err(StoreError::Bundle(BundleFault::Removed { .. }))
        ));
    });
}

#[test]
fn a_bundle_with_any_byte_changed_is_refused_or_does_no_harm() {
    run(async {
        let here = Place::new();
        let store = furnished(&here).await;
        let good = store.export(&customer("contoso")).await.unwrap();
        let head = store
            .ledger(&customer("contoso"))
            .await
            .unwrap()
            .unwrap()
            .head();
        let mut accepted = 0;
        for position in (0..good.len()).step_by(7) {
            let mut bad = good.clone();
            bad[position] ^= 0x04;
            let there = Store::open(&Location::Memory).await.unwrap();
            if there.import(&bad, at(30)).await.is_ok() {
                let read = there.ledger(&customer("contoso")).await.unwrap().unwrap();
                assert_eq!(read.head(), head, "byte {position}");
                accepted += 1;
            }
            assert_eq!(
                verify(&there).await,
                Vec::<String>::new(),
                "byte {position}"
            );
        }
        // Only names of people, media types and white space are not covered by a hash.
        assert!(accepted * 20 < good.len() / 7, "{accepted}");
    });
}

#[test]
fn a_person_known_otherwise_is_left_and_told_of() {
    run(async {
        let (here, there) = (Place::new(), Place::new());
        let (here, there) = (furnished(&here).await, there.open().await);
        let other = Person {
            name: "Another Anna".to_owned(),
            ..person("anna")
        };
        there.add_person(&other).await.unwrap();
        let imported = import(&there, &bundle(&here, "contoso").await)
            .await
            .unwrap();
        assert_eq!(imported.known_otherwise, [anna()]);
        assert_eq!(there.persons().await.unwrap(), [other]);
    });
}
