//! The rules of the product, pure: values in, values out. No clock, no files, no printing.

pub mod id;

pub mod time;

pub mod person;

pub mod customer;

pub mod response;

pub mod decision;

pub mod condition;

pub mod order;

pub mod questionnaire;

pub mod ledger;
