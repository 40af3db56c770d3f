//! A report with every part filled in, for checking templates. All names in it are invented.

use crate::report::model::{Audience, Report};
use crate::report::{html, layout, markdown, prepare, sheet};
use crate::template::Job;

/// The sample as written.
const SAMPLE: &str = include_str!("../../templates/report/sample.toml");

/// Returns the sample for the internal audience.
///
/// # Panics
/// Never in a program that passed its tests: the sample is part of it, and a test reads it.
#[must_use]
pub fn report() -> Report {
    toml::from_str(SAMPLE).expect("a test reads the sample")
}

/// Returns what renders samples with every template: a report for every audience, questions before a call, and a sheet.
#[must_use]
pub fn jobs() -> Vec<Job> {
    (Audience::ALL.into_iter())
        .map(|audience| report().for_audience(audience))
        .flat_map(|report| {
            [html::TEMPLATE, markdown::TEMPLATE].map(|name| layout::job(&report, name))
        })
        .chain(prepare::sample_jobs())
        .chain(sheet::sample_jobs())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{Place, Problem, SourceText};

    #[test]
    fn the_sample_is_a_report() {
        if let Err(error) = toml::from_str::<Report>(SAMPLE) {
            let source = SourceText {
                name: "sample.toml".into(),
                text: SAMPLE.into(),
            };
            let place = Place::new(source.into(), error.span().unwrap_or_default());
            panic!("{}", Problem::error(error.message()).at(place).draw(false));
        }
    }
}
