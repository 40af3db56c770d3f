//! Reports: from plain values to what a customer keeps.
//!
//! [`Report`] is all that a format sees. It is made for the internal audience and narrowed by [`Report::for_audience`]; then
//! [`render`] lays it out. Rendering reads nothing and writes nothing: same input, same bytes. What the numbers mean and where they
//! come from is the domain's business.

pub mod branding;

pub mod model;

pub mod audience;

mod words;
