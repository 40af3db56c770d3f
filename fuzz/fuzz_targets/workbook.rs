//! Any bytes as a workbook that came back, packed or as its parts: read or refused, by cell, never a panic.
#![no_main]

#[allow(dead_code, reason = "tests need more of it")]
#[path = "../../tests/it/workbook/desk.rs"]
mod desk;
#[path = "../../tests/it/workbook/parts.rs"]
mod parts;

use desk::Desk;
use libfuzzer_sys::fuzz_target;
use readiness::catalog::workbook::mark::Head;

/// A questionnaire with every type of question.
const FILL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/it/workbook/fill.toml");

thread_local! {
    static DESK: (Desk, Head) = {
        let desk = Desk::of(FILL);
        let head = desk.head();
        (desk, head)
    };
}

fuzz_target!(|bytes: &[u8]| {
    DESK.with(|(desk, head)| {
        let _ = desk.receive(&parts::file(bytes), head);
    });
});
