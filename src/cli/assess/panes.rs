//! What the panes of the full-screen walk hold, as lines of a width.

mod side;
mod rows;
mod question;
mod bars;
mod pages;

pub(crate) use crate::cli::assess::panes::bars::{keys, status};
pub(crate) use crate::cli::assess::panes::pages::{key_list, search, sheet};
pub(crate) use crate::cli::assess::panes::question::question;
pub(crate) use crate::cli::assess::panes::rows::table;
pub(crate) use crate::cli::assess::panes::side::{manager, section_list, sections};
