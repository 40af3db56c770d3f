//! Reports as the values themselves, for other programs.

use crate::report::model::Report;

/// Returns the report as JSON, fields in the order of the model.
///
/// # Panics
/// Never: a report is made of values that JSON has.
pub(crate) fn render(report: &Report) -> Vec<u8> {
    let mut bytes =
        serde_json::to_vec_pretty(report).expect("a report is made of values that JSON has");
    bytes.push(b'\n');
    bytes
}
