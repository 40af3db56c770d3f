//! Files that commands read and write, with limits and in words.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::actions::Failure;
use crate::problem::Problem;

/// Reads a file, or standard input for `-`, of at most `limit` bytes.
///
/// # Errors
/// When it cannot be read or is larger.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    let failed = |error: io::Error| {
        Failure::failed(
            Problem::error(format!("`{}` cannot be read: {error}", path.display()))
                .help("check the path"),
        )
    };
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().take(limit as u64 + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| {
            // With room for all of it, what grows is not held twice.
            let size = file.metadata()?.len().min(limit as u64);
            bytes.reserve_exact(usize::try_from(size).unwrap_or_default() + 1);
            file.take(limit as u64 + 1).read_to_end(&mut bytes)
        })
    };
    read.map_err(failed)?;
    if bytes.len() > limit {
        return Err(Failure::failed(
            Problem::error(format!("`{}` is larger than {limit} bytes", path.display()))
                .help("give a smaller file"),
        ));
    }
    Ok(bytes)
}

/// Returns where the file that was made as `name` goes when people typed `output`: into that folder; there itself, where it is the
/// only file, ends as what they typed and there is no such folder.
pub(crate) fn place(output: &Path, name: &str, is_only: bool) -> PathBuf {
    let ending = output.extension();
    let is_file = ending.is_some() && ending == Path::new(name).extension();
    match is_only && is_file && !output.is_dir() {
        true => output.to_owned(),
        false => output.join(name),
    }
}

/// Writes a file whole or not at all: beside its place, synced, then moved there.
///
/// # Errors
/// When it cannot be written; what was there before is then still there.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = folder.join(format!(".{name}.{}.new", std::process::id()));
    let written = std::fs::create_dir_all(folder).and_then(|()| {
        let mut file = File::create(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&draft, path)
    });
    written.map_err(|error| {
        // What is left of the draft is of no use; that it cannot be removed either changes nothing.
        let _ = std::fs::remove_file(&draft);
        Failure::failed(
            Problem::error(format!("`{}` cannot be written: {error}", path.display()))
                .help("name another place, or make room there"),
        )
    })
}
