//! Files and folders that somebody named, read within limits. Links and devices are refused, sizes looked at before reading.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use crate::actions::{Failure, FileAtHand};
use crate::cli::files;
use crate::problem::Problem;

/// The most files of one folder that are looked at.
const MAX_FILES: usize = 500;

/// How deep folders in folders are looked into.
const MAX_DEPTH: usize = 4;

/// Returns what is at `path`, which is a file or a folder and no link.
///
/// # Errors
/// When there is nothing, or something else.
pub(crate) fn look(path: &Path) -> Result<Metadata, Failure> {
    let metadata = fs::symlink_metadata(path).map_err(|error| {
        let message = format!("`{}` cannot be read: {error}", path.display());
        Failure::failed(Problem::error(message).help("check the path"))
    })?;
    let what = if metadata.is_symlink() {
        "a link"
    } else if metadata.is_file() || metadata.is_dir() {
        return Ok(metadata);
    } else {
        "a device, a pipe or a socket"
    };
    let message = format!(
        "`{}` is {what}, and only files and folders are read",
        path.display()
    );
    Err(Failure::failed(
        Problem::error(message).help("name the file itself"),
    ))
}

/// Reads one file of at most `limit` bytes; `too_large` says what to do about a larger one, of whose size alone is looked at.
///
/// # Errors
/// When it is no file, or larger, or cannot be read.
pub(crate) fn file(
    path: &Path,
    limit: u64,
    too_large: impl Fn(&str, u64) -> Failure,
) -> Result<FileAtHand, Failure> {
    let metadata = look(path)?;
    let name = name(path);
    if metadata.is_dir() {
        let message = format!("`{}` is a folder", path.display());
        return Err(Failure::usage(Problem::error(message).help("name a file")));
    }
    if metadata.len() > limit {
        return Err(too_large(&name, metadata.len()));
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let bytes = files::read(path, limit)?;
    Ok(FileAtHand { name, bytes })
}

/// Returns the last part of a path.
pub(crate) fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// What a folder holds, by path, in order; and what was not looked at, with the reason.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// The files with their sizes.
    pub(crate) files: Vec<(PathBuf, u64)>,
    /// What was left.
    pub(crate) left: Vec<(String, String)>,
}

/// Lists a folder with the folders in it.
///
/// # Errors
/// When one cannot be read, or there are too many files.
pub(crate) fn list(folder: &Path) -> Result<Listing, Failure> {
    let mut listing = Listing::default();
    walk(folder, 0, &mut listing)?;
    listing.files.sort();
    Ok(listing)
}

fn walk(folder: &Path, depth: usize, listing: &mut Listing) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        let message = format!("`{}` cannot be read: {error}", folder.display());
        Failure::failed(Problem::error(message).help("check the path"))
    };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let metadata = fs::symlink_metadata(&path).map_err(failed)?;
        if metadata.is_dir() && depth < MAX_DEPTH {
            walk(&path, depth + 1, listing)?;
        } else if metadata.is_file() {
            listing.files.push((path, metadata.len()));
        } else {
            let why = if metadata.is_symlink() {
                "a link"
            } else if metadata.is_dir() {
                "a folder too deep down"
            } else {
                "no file"
            };
            listing.left.push((name(&path), why.to_owned()));
        }
        if listing.files.len() + listing.left.len() > MAX_FILES {
            let message = format!("`{}` holds more than {MAX_FILES} files", folder.display());
            let help = "name the folder of one run, or the files themselves";
            return Err(Failure::usage(Problem::error(message).help(help)));
        }
    }
    Ok(())
}
