//! Markdown: from what people typed to HTML, to a terminal, to Markdown of ours; and how plain text is made harmless.
//!
//! The only place that knows the Markdown parser. A text is read once into a `document` that cannot hold what we
//! forbid (raw HTML, images, links of other schemes), and is then written by one file a target. Templates and where
//! a text comes from are the business of [`template`](crate::template).
//!
//! | function | from | to |
//! |---|---|---|
//! | [`to_html`], [`to_inline_html`] | Markdown | HTML |
//! | [`to_text`] | Markdown | a terminal |
//! | [`to_plain`] | Markdown | plain text for a cell |
//! | [`sanitize`], [`sanitize_inline`] | Markdown | Markdown (GFM) without what we forbid |
//! | [`escape`] | plain text | Markdown that shows it literally |
//! | [`escape_html`] | plain text | HTML that shows it literally |
//! | [`inert`], [`inert_line`] | plain text | plain text that does nothing to a terminal |
//!
//! [`to_html`]: crate::markdown::to_html
//! [`to_inline_html`]: crate::markdown::to_inline_html
//! [`to_text`]: crate::markdown::to_text
//! [`to_plain`]: crate::markdown::to_plain
//! [`sanitize`]: crate::markdown::sanitize
//! [`sanitize_inline`]: crate::markdown::sanitize_inline
//! [`escape`]: crate::markdown::escape()
//! [`escape_html`]: crate::markdown::escape_html
//! [`inert`]: crate::markdown::inert()
//! [`inert_line`]: crate::markdown::inert_line

mod inert;

mod escape;

mod link;

mod document;

mod html;

mod text;

mod gfm;

pub use document::to_plain;
pub use escape::{escape, escape_html};
pub use gfm::{sanitize, sanitize_inline};
pub use html::{Options, slug, to_html, to_inline_html};
pub use inert::{inert, inert_line};
pub use link::allowed_link;
pub use text::to_text;

#[cfg(test)]
mod hostile;
