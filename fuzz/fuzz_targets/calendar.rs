//! Any bytes as a calendar of holidays: read or refused, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use readiness::domain::customer::WorkingCalendar;
use readiness::domain::time::Day;
use readiness::importers::calendar;

fuzz_target!(|bytes: &[u8]| {
    let today = Day::from_ymd_opt(2026, 11, 24).expect("it is a day");
    let _ = calendar::read(bytes, &WorkingCalendar::default(), today);
});
