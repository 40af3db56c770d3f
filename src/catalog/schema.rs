//! The JSON Schema of questionnaires, made from the structs, so that editors complete and validate.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::catalog::written;

/// Returns the schema (draft-07) of a questionnaire file.
#[must_use]
pub fn questionnaire() -> Value {
    of::<written::Questionnaire>()
}

/// Returns the schema (draft-07) of a file under `sections/`.
#[must_use]
pub fn section_file() -> Value {
    of::<written::SectionFile>()
}

/// Returns the schema of a written thing.
pub(crate) fn of<T: JsonSchema>() -> Value {
    SchemaSettings::draft07()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}
