//! Reports as one HTML page: no script, no network, sealed by a policy of its own.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::report::layout;
use crate::report::model::Report;
use crate::template::{TemplateError, Templates};

/// The template of the page.
pub(crate) const TEMPLATE: &str = "report/report.html";

/// Returns the report as a page.
pub(crate) fn render(report: &Report, templates: &Templates) -> Result<Vec<u8>, TemplateError> {
    let page = layout::render(report, templates, TEMPLATE)?;
    Ok(sealed(&page).into_bytes())
}

/// Puts a security policy at the beginning of the page's head: nothing may be loaded or run, and only the styles that stand in it count.
///
/// The policy is put in here and not by the template, so that no template can leave it out. A page without a head begins with it.
pub(crate) fn sealed(page: &str) -> String {
    let mut policy = String::from(
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src",
    );
    let styles = styles(page);
    for style in &styles {
        policy += &format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(style)));
    }
    if styles.is_empty() {
        policy += " 'none'";
    }
    let seal = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n");
    let head = "<head>\n";
    let at = page.find(head).map_or(0, |at| at + head.len());
    format!("{}{seal}{}", &page[..at], &page[at..])
}

/// Returns what stands in each `<style>` of the page. Values are escaped, so none of them can hold one.
fn styles(page: &str) -> Vec<&str> {
    page.split("<style>")
        .skip(1)
        .filter_map(|rest| rest.split_once("</style>"))
        .map(|(style, _)| style)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_styles_of_the_page_count() {
        let page = sealed("<html>\n<head>\n<style>p { color: red }</style></head></html>");
        let (head, rest) = page.split_once("style-src ").unwrap();
        assert!(
            head.starts_with("<html>\n<head>\n<meta http-equiv="),
            "{head}"
        );
        let hash = STANDARD.encode(Sha256::digest("p { color: red }"));
        assert!(rest.starts_with(&format!("'sha256-{hash}'\">")), "{rest}");
    }
}
