//! The table of checks: what can be wrong with a questionnaire, under which code, and who finds it.
//!
//! To add a check: write its function in the file under `checks/` that it belongs to, its line in [`RULES`], and a case for and
//! a case against it in the table of cases of the tests.

mod carry;
mod places;
mod doubt;
mod fit;
mod form;
mod migration;
mod reach;
mod recommendations;
mod usage;
mod values;

use std::collections::BTreeMap;

use crate::catalog::index::Index;
use crate::catalog::notes::Notes;
use crate::catalog::read::Files;
use crate::catalog::recommendation;
use crate::catalog::scenario;
use crate::catalog::written;
use crate::domain::id::{QuestionnaireId, RecommendationId};
use crate::domain::questionnaire::Questionnaire;

/// A check: something that can be wrong with a questionnaire.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The stable code: `E` for errors, `W` for warnings, which an `allow` may silence.
    pub code: &'static str,
    /// A short name in kebab-case.
    pub name: &'static str,
    /// What it finds, in a line.
    pub about: &'static str,
    /// What looks for it; nothing where reading itself comes upon it, or running the scenarios does.
    run: Option<fn(&Subject<'_>, &mut Notes)>,
}

impl Rule {
    const fn read(code: &'static str, name: &'static str, about: &'static str) -> Self {
        Self {
            code,
            name,
            about,
            run: None,
        }
    }

    const fn run(
        code: &'static str,
        name: &'static str,
        about: &'static str,
        run: fn(&Subject<'_>, &mut Notes),
    ) -> Self {
        Self {
            code,
            name,
            about,
            run: Some(run),
        }
    }
}

/// Every check, by code. Those that look at what others silenced come last when they run.
#[rustfmt::skip]
pub const RULES: [Rule; 36] = [
    Rule::read("E001", "syntax", "an expression or a `{{ … }}` that cannot be read"),
    Rule::run("E002", "unknown-name", "a name of nothing: question, column, term, function", carry::sources),
    Rule::read("E003", "refers-to-itself", "an expression that reads what it helps to decide"),
    Rule::run("E004", "cycle", "conditions, values or recommendations that need each other in a circle", recommendations::circles),
    Rule::read("E005", "type-mismatch", "a value of another type than the place wants"),
    Rule::read("E006", "unknown-option", "an option that the question does not have"),
    Rule::read("E007", "column-without-rows", "a column read without `exists`, `all` or `map`"),
    Rule::read("E010", "duplicate-id", "two things of one kind with the same id"),
    Rule::read("E011", "duplicate-option", "two options or rows with the same id"),
    Rule::read("E012", "malformed-id", "an id that is not written as its kind is"),
    Rule::read("E013", "reserved-name", "an id that is a word of the condition language"),
    Rule::run("E014", "reserved-finding", "a finding with the id of later advice (`adv-1`) or of a managed response (`mr-1`)", form::findings),
    Rule::read("E020", "unknown-finding", "a finding that is not there"),
    Rule::read("E021", "unknown-profile", "a profile that is not there"),
    Rule::read("E022", "unknown-reference", "a source that is not under `[refs]`"),
    Rule::read("E023", "unknown-section", "a section that is not there"),
    Rule::run("E024", "evidence", "an evidence mapping with a tool or a control that is not known", form::evidence),
    Rule::run("E025", "unknown-raises-too-much", "*don't know* raises more than an improvement", values::unknown),
    Rule::run("E030", "recommendation", "a recommendation that is missing, cannot be read, or uses an unknown name", recommendations::names),
    Rule::run("W031", "never-raised", "a finding that nothing raises", usage::findings),
    Rule::run("W032", "never-used", "a profile, reference, derived value or own recommendation that nothing uses", usage::unused),
    Rule::run("E040", "scores", "scores, weights or bands that make no sense", values::scores),
    Rule::run("W041", "score-out-of-reach", "a scored question whose best answer is not 100, or whose worst is not 0", values::range),
    Rule::run("W050", "never-visible", "a condition that no answers make hold", reach::never),
    Rule::run("W051", "always-visible", "a condition that holds whatever is answered", reach::always),
    Rule::run("W054", "negated-unknown", "`!` or `!=` on an answer that may stay open", doubt::negated),
    Rule::read("W055", "whole-division", "a division of whole numbers, which drops the rest"),
    Rule::run("E060", "migration", "answers to an earlier version of which nothing says what becomes of them", migration::migrations),
    Rule::run("W061", "translation", "a translation that is not in the form of one", form::translations),
    Rule::run("W062", "piped-not-asked", "a text with the answer to a question that may not be asked", doubt::piped),
    Rule::read("W063", "reworded", "texts that changed since the last release, without a version of their own"),
    Rule::run("E070", "scenario", "a scenario that names what is not there, or fails", form::scenarios),
    Rule::read("E080", "not-toml", "a file that is no UTF-8 text or no TOML"),
    Rule::run("E081", "structure", "keys that are missing, unknown, of another kind, or not for this type", fit::keys),
    Rule::read("E082", "files", "files that are missing, not listed, unreadable or too large"),
    Rule::run("W070", "unused-allow", "an `allow` that silences nothing", form::allows),
];

/// What is judged.
pub(crate) struct Subject<'a> {
    pub(crate) index: &'a Index<'a>,
    pub(crate) questionnaire: &'a Questionnaire,
    pub(crate) recommendations: &'a BTreeMap<RecommendationId, recommendation::Read>,
    pub(crate) scenarios: &'a [scenario::Written],
    pub(crate) files: &'a Files,
    /// The questions of the other questionnaires that answers are carried over from, with their types, as far as they are at hand.
    pub(crate) others: &'a BTreeMap<QuestionnaireId, BTreeMap<String, written::Type>>,
}

/// Runs every check.
pub(crate) fn run(subject: &Subject<'_>, notes: &mut Notes) {
    for rule in RULES {
        if let Some(run) = rule.run {
            run(subject, notes);
        }
    }
}
