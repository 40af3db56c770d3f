//! The store itself: where it lies, and opening it.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, CWD, RenameFlags};
use sqlx::Transaction;
use sqlx::sqlite::{Sqlite, SqlitePool};
use uuid::Uuid;

use crate::store::error::StoreError;
use crate::store::{network, sqlite};

/// Where a store lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// In a file; it and its folders are made when they are missing, for their owner only.
    File(PathBuf),
    /// In memory, for as long as it is open.
    Memory,
}

/// An open store.
///
/// Any number of processes may hold one file open; each write is one transaction that waits for its turn.
#[derive(Clone, Debug)]
pub struct Store {
    pub(in crate::store) pool: SqlitePool,
    /// What messages call it.
    pub(in crate::store) name: String,
}

impl Store {
    /// Opens the store, and makes it first where there is none.
    ///
    /// # Errors
    /// A file that is not ours, newer than this program, on a network file system or not writable is refused untouched.
    pub async fn open(location: &Location) -> Result<Self, StoreError> {
        match location {
            Location::File(path) => Self::open_file(path).await,
            Location::Memory => Self::open_memory().await,
        }
    }

    /// Closes the store; the last to close it tidies up the log beside it.
    pub async fn close(self) {
        self.pool.close().await;
    }

    async fn open_file(path: &Path) -> Result<Self, StoreError> {
        let file = settled(path)?;
        refuse_network(&file)?;
        if !is_there(&file)? {
            create(&file).await?;
        }
        sqlite::probe(&file).await?;
        refuse_unwritable(&file)?;
        let name = file.display().to_string();
        let pool = sqlite::pool(&file)
            .await
            .map_err(|error| StoreError::of(&name, &error))?;
        let store = Self { pool, name };
        store.migrate().await?;
        Ok(store)
    }

    async fn open_memory() -> Result<Self, StoreError> {
        let name = "the store in memory".to_owned();
        let pool = sqlite::pool_in_memory()
            .await
            .map_err(|error| StoreError::of(&name, &error))?;
        let store = Self { pool, name };
        store.migrate().await?;
        Ok(store)
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        let mut connection = self.pool.acquire().await.map_err(|e| self.fault(e))?;
        sqlite::migrate(&self.name, &mut connection).await
    }

    /// Begins a transaction that only reads and sees one state of the store.
    pub(in crate::store) async fn read(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        self.pool.begin().await.map_err(|error| self.fault(error))
    }

    /// Begins a transaction that writes; it waits for whoever writes now.
    pub(in crate::store) async fn write(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        self.pool
            .begin_with("BEGIN IMMEDIATE")
            .await
            .map_err(|error| self.fault(error))
    }

    /// Returns the failure in our words.
    pub(in crate::store) fn fault(&self, error: sqlx::Error) -> StoreError {
        StoreError::of(&self.name, &error)
    }

    /// Returns that something kept cannot be read.
    pub(in crate::store) fn damaged(&self, detail: impl ToString) -> StoreError {
        StoreError::Damaged {
            store: self.name.clone(),
            detail: detail.to_string(),
        }
    }
}

/// Returns the real place of a file, which need not exist.
pub(in crate::store) fn settled(path: &Path) -> Result<PathBuf, StoreError> {
    match path.canonicalize() {
        Ok(real) => Ok(real),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            std::path::absolute(path).map_err(|error| StoreError::io(path, &error))
        }
        Err(error) => Err(StoreError::io(path, &error)),
    }
}

/// Returns the folder that the file is in.
fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new("/"))
}

pub(in crate::store) fn refuse_network(file: &Path) -> Result<(), StoreError> {
    let nearest = folder_of(file).ancestors().find(|folder| folder.exists());
    match nearest.and_then(network::network_file_system) {
        Some(kind) => Err(StoreError::Network {
            store: file.display().to_string(),
            kind,
        }),
        None => Ok(()),
    }
}

/// Returns whether there is a file; what is there and is no file is refused.
pub(in crate::store) fn is_there(file: &Path) -> Result<bool, StoreError> {
    match fs::metadata(file) {
        Ok(data) if data.is_file() => Ok(true),
        Ok(data) => Err(StoreError::NotOurs {
            store: file.display().to_string(),
            what: if data.is_dir() {
                "it is a folder"
            } else {
                "it is no ordinary file"
            },
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(StoreError::io(file, &error)),
    }
}

/// SQLite would open a read-only file and fail at the first write; the log needs the folder as well.
fn refuse_unwritable(file: &Path) -> Result<(), StoreError> {
    for path in [file, folder_of(file)] {
        rustix::fs::access(path, Access::WRITE_OK)
            .map_err(|error| StoreError::io(path, &error.into()))?;
    }
    Ok(())
}

/// Makes the store beside its place and moves it there whole, so that nobody ever meets half a store.
async fn create(file: &Path) -> Result<(), StoreError> {
    make_folder(file)?;
    let draft = beside(file, "new");
    let made = match new_file(&draft) {
        Ok(()) => sqlite::initialise(&draft, &file.display().to_string()).await,
        Err(error) => Err(StoreError::io(folder_of(file), &error)),
    };
    // Whoever came first made the store; ours is not needed then.
    let placed = made.and_then(|()| match place(&draft, file) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(StoreError::io(file, &error))
        }
        _ => Ok(()),
    });
    discard(&draft);
    placed
}

/// Makes the folder of a file, and those above it, for their owner only.
pub(in crate::store) fn make_folder(file: &Path) -> Result<(), StoreError> {
    let folder = folder_of(file);
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| StoreError::io(folder, &error))
}

/// Returns a name in the same folder that nobody else uses.
pub(in crate::store) fn beside(file: &Path, what: &str) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!(".{name}.{}.{what}", Uuid::new_v4().simple()))
}

/// Makes an empty file that only its owner can read; an existing one is an error.
pub(in crate::store) fn new_file(file: &Path) -> io::Result<()> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .map(drop)
}

/// Moves a finished, closed file to its place, durably; never over another.
pub(in crate::store) fn place(draft: &Path, file: &Path) -> io::Result<()> {
    File::open(draft)?.sync_all()?;
    rustix::fs::renameat_with(CWD, draft, CWD, file, RenameFlags::NOREPLACE)?;
    sync_folder(file)
}

/// Makes the names in the folder of a file durable.
pub(in crate::store) fn sync_folder(file: &Path) -> io::Result<()> {
    File::open(folder_of(file))?.sync_all()
}

/// Removes a draft and what SQLite left beside it; what is not there need not be removed.
pub(in crate::store) fn discard(draft: &Path) {
    for end in ["", "-wal", "-shm", "-journal"] {
        let mut name = draft.as_os_str().to_owned();
        name.push(end);
        // A leftover does no harm, and the reason why it could not be removed was told already.
        let _ = fs::remove_file(PathBuf::from(name));
    }
}
