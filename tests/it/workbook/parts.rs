//! Packing the parts of a workbook; fuzzing packs them too.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Begins the line with the name of a part where parts are written one after the other.
const NAME: &[u8] = b"== ";

/// Packs parts into a zip file.
pub(crate) fn packed<'a>(parts: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Returns the file that `bytes` stand for: themselves, or, where they begin with the name of a part, all parts packed. What is
/// random gets past the sums of a packed file only in this way.
pub(crate) fn file(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.starts_with(NAME) {
        return bytes.into();
    }
    let mut parts: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut part = &mut Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_prefix(NAME) {
            Some(name) => {
                let name = String::from_utf8_lossy(name);
                let name: String = name.trim_end().chars().take(100).collect();
                part = parts.entry(name).or_default();
            }
            None => part.extend_from_slice(line),
        }
    }
    let parts = parts.iter();
    packed(parts.map(|(name, bytes)| (name.as_str(), bytes.as_slice()))).into()
}
