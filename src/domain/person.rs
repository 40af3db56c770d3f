//! People: who records, says, owns and approves.
//!
//! Without sign-in a person's name records who it was said to be and does not prove it; reports say so.

use serde::{Deserialize, Serialize};

use crate::domain::id::PersonId;

/// A person known to the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The id that decisions and answers name.
    pub id: PersonId,
    /// The name that people read.
    pub name: String,
    /// A mail address, as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// The organisation, such as the customer's or the provider's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
}
