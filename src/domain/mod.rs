//! The rules of the product, pure: values in, values out. No clock, no files, no printing.

pub mod customer;
pub mod decision;
pub mod id;
pub mod ledger;
pub mod person;
pub mod response;
pub mod time;
