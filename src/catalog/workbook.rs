//! The workbook that a customer fills in: what is hidden in it, and how it is read when it comes back.
//!
//! Everything to be told apart is told by marks that nobody sees, never by where it stands: sheets may be renamed, rows sorted, columns
//! moved. A mark carries a seal over the text that people read beside it, so that one which was copied, exchanged or typed over is
//! noticed; seals hold no secret, and prove nothing. How a workbook looks is the business of [`report`](crate::report), and what its
//! answers come to of [`actions`](crate::actions).

pub mod mark;
pub mod choice;
mod value;
mod filled;

pub use filled::{Answer, Filled, read};
