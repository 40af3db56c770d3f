//! Any bytes as a page of incidents: read or refused, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use readiness::importers::incidents::read_incidents;

fuzz_target!(|bytes: &[u8]| {
    let _ = read_incidents(&[("page.json", bytes)]);
});
