//! Any bytes as a file of Maester: read or refused, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use readiness::domain::evidence::Tool;
use readiness::importers::Importer;

fuzz_target!(|bytes: &[u8]| {
    let _ = Importer::of(Tool::Maester).import(bytes);
});
