//! Backups: the whole store in one file, verified, and back again.
//!
//! A backup is a SQLite file with the same tables. The old store is never deleted by a restore: it is kept beside the new one.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::domain::time::Instant;
use crate::problem::Problems;
use crate::store::error::StoreError;
use crate::store::open::{
    Store, beside, discard, is_there, make_folder, new_file, place, refuse_network, settled,
    sync_folder,
};
use crate::store::sqlite::{self, Held};

impl Store {
    /// Writes everything into a new file, for its owner only, and verifies what was written.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when there is a file of that name; [`StoreError::Faulty`] when the copy does not verify, and is gone.
    pub async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let to = settled(to)?;
        let exists = || StoreError::Exists {
            file: to.display().to_string(),
        };
        if fs::symlink_metadata(&to).is_ok() {
            return Err(exists());
        }
        let draft = beside(&to, "new");
        new_file(&draft).map_err(|error| StoreError::io(&to, &error))?;
        let written = self.write_backup(&draft, &to).await;
        let placed = written.and_then(|()| {
            place(&draft, &to).map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => exists(),
                _ => StoreError::io(&to, &error),
            })
        });
        discard(&draft);
        placed
    }

    async fn write_backup(&self, draft: &Path, to: &Path) -> Result<(), StoreError> {
        let target = to.display().to_string();
        let name = draft.to_str().ok_or_else(|| StoreError::Unreachable {
            store: target.clone(),
            reason: "the path is not valid Unicode".to_owned(),
        })?;
        sqlite::copy_into(&self.pool, name)
            .await
            .map_err(|error| match self.fault(error) {
                StoreError::Full { .. } => StoreError::Full { store: target },
                other => other,
            })?;
        let problems = verify_still(draft, &self.name).await?;
        faultless(problems, || {
            (
                format!("the copy of `{}`", self.name),
                "backed up",
                "run `readiness verify`; to keep the damaged store as it is, copy its files while no \
                 readiness runs",
            )
        })
    }

    /// Puts a backup in the place of the store at `to`, and returns where the store that was there is kept.
    ///
    /// The backup is verified before anything is replaced; replacing is one step, so that there is always a store. `at` is for the
    /// name under which the old one is kept.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when somebody has the store open; [`StoreError::NotOurs`], [`StoreError::Newer`],
    /// [`StoreError::NotABackup`] and [`StoreError::Faulty`] for what is no good backup.
    pub async fn restore(
        from: &Path,
        to: &Path,
        at: Instant,
    ) -> Result<Option<PathBuf>, StoreError> {
        let (from, to) = (settled(from)?, settled(to)?);
        if !is_there(&from)? {
            return Err(StoreError::Unreachable {
                store: from.display().to_string(),
                reason: "there is no such file".to_owned(),
            });
        }
        refuse_live(&from, &to)?;
        sqlite::probe(&from).await?;
        refuse_network(&to)?;
        make_folder(&to)?;
        let draft = beside(&to, "new");
        let placed = match bring(&from, &draft, &to).await {
            Ok(()) => replace(&draft, &to, at).await,
            Err(error) => Err(error),
        };
        discard(&draft);
        placed
    }
}

/// Returns what is wrong with a file that nobody writes to.
async fn verify_still(file: &Path, name: &str) -> Result<Problems, StoreError> {
    let pool = sqlite::pool_of_still_file(file)
        .await
        .map_err(|error| StoreError::of(name, &error))?;
    let store = Store {
        pool,
        name: name.to_owned(),
    };
    let problems = store.verify(|_, _| true).await;
    store.close().await;
    problems.map(Problems)
}

fn faultless(
    problems: Problems,
    words: impl FnOnce() -> (String, &'static str, &'static str),
) -> Result<(), StoreError> {
    if problems.0.is_empty() {
        return Ok(());
    }
    let (what, done, remedy) = words();
    Err(StoreError::Faulty {
        what,
        done,
        problems,
        remedy,
    })
}

/// A store in use keeps what was written last in the log beside it: copying the file alone would lose that.
fn refuse_live(from: &Path, to: &Path) -> Result<(), StoreError> {
    let file = from.display().to_string();
    if from == to {
        let what = "the store itself";
        return Err(StoreError::NotABackup { file, what });
    }
    if fs::metadata(with_end(from, "-wal")).is_ok_and(|log| log.len() > 0) {
        let what = "a store in use";
        return Err(StoreError::NotABackup { file, what });
    }
    Ok(())
}

/// Copies the backup beside the store, verifies the copy and makes it a live store.
async fn bring(from: &Path, draft: &Path, to: &Path) -> Result<(), StoreError> {
    copy(from, draft, to)?;
    let name = from.display().to_string();
    let problems = verify_still(draft, &name).await?;
    faultless(problems, || {
        let what = format!("the backup `{name}`");
        (what, "restored", "restore another backup")
    })?;
    sqlite::enliven(draft)
        .await
        .map_err(|error| StoreError::of(&name, &error))
}

fn copy(from: &Path, draft: &Path, to: &Path) -> Result<(), StoreError> {
    let mut source = File::open(from).map_err(|error| StoreError::io(from, &error))?;
    let written = new_file(draft).and_then(|()| {
        let mut target = OpenOptions::new().write(true).open(draft)?;
        io::copy(&mut source, &mut target)?;
        target.sync_all()
    });
    written.map_err(|error| StoreError::io(to, &error))
}

/// Puts the draft in the store's place and keeps the store under another name.
async fn replace(draft: &Path, to: &Path, at: Instant) -> Result<Option<PathBuf>, StoreError> {
    let fault = |error: io::Error| StoreError::io(to, &error);
    if !fs::exists(to).map_err(fault)? {
        place(draft, to).map_err(fault)?;
        return Ok(None);
    }
    refuse_foreign(to).await?;
    let held = hold(to).await?;
    let stamp = at.utc().format("%Y%m%dT%H%M%SZ");
    let kept = with_end(to, &format!(".before-restore-{stamp}"));
    let moved = swap(draft, to, &kept, held.is_some());
    if let Some(held) = held {
        held.release().await;
    }
    moved.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => StoreError::Exists {
            file: kept.display().to_string(),
        },
        _ => fault(error),
    })?;
    Ok(Some(kept))
}

/// A damaged store may be replaced, and one of a newer version; the file of another program may not.
async fn refuse_foreign(to: &Path) -> Result<(), StoreError> {
    if sqlite::is_foreign(to).await {
        return Err(StoreError::NotOurs {
            store: to.display().to_string(),
            what: "it belongs to another program",
        });
    }
    Ok(())
}

/// Takes hold of the store; nothing when it is too damaged for that.
async fn hold(to: &Path) -> Result<Option<Held>, StoreError> {
    if let Err(StoreError::NotOurs { .. }) = sqlite::probe(to).await {
        // SQLite would throw away a log that it cannot read the file for.
        return Ok(None);
    }
    match Held::take(to).await {
        Ok(Some(held)) => Ok(Some(held)),
        Ok(None) => Err(StoreError::InUse {
            store: to.display().to_string(),
        }),
        Err(_) => Ok(None),
    }
}

/// The old file gets a second name before the new one takes its first: there is a store at every moment.
fn swap(draft: &Path, to: &Path, kept: &Path, whole: bool) -> io::Result<()> {
    fs::hard_link(to, kept)?;
    if !whole {
        // A log that SQLite could not take in belongs to the old file, and would be taken for the new one's.
        let log = with_end(to, "-wal");
        if fs::exists(&log)? {
            fs::rename(&log, with_end(kept, "-wal"))?;
        }
        let index = with_end(to, "-shm");
        if fs::exists(&index)? {
            fs::remove_file(index)?;
        }
    }
    File::open(draft)?.sync_all()?;
    fs::rename(draft, to)?;
    sync_folder(to)
}

fn with_end(file: &Path, end: &str) -> PathBuf {
    let mut name: OsString = file.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}
