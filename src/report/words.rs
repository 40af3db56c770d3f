//! Words for codes: what people read where a report holds a code.
//!
//! Templates look words up by group and code: `words.need[finding.need]`.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::decision::{self, Need, Severity};
use crate::domain::phrases;
use crate::domain::questionnaire::{Effort, Level, Party, Rule, Tier};
use crate::domain::response::Basis;
use crate::report::model::{Audience, LeftOut, QuestionState, Status};

/// Words by group and code.
pub(crate) type Words = BTreeMap<&'static str, BTreeMap<String, &'static str>>;

const SEVERITIES: [Severity; 5] = [
    Severity::Critical,
    Severity::High,
    Severity::Medium,
    Severity::Low,
    Severity::Info,
];

/// Returns the words for every code that a report can hold.
pub(crate) fn words() -> Words {
    BTreeMap::from([
        (
            "audience",
            group(&[
                (Audience::Executive, "Executive report"),
                (Audience::Handout, "Hand-out"),
                (Audience::ActionPlan, "Action plan"),
                (Audience::Technical, "Technical report"),
                (Audience::Internal, "Internal report"),
            ]),
        ),
        (
            "left_out",
            group(&LeftOut::ALL.map(|what| (what, what.words()))),
        ),
        (
            "status",
            group(&[(Status::Draft, "draft"), (Status::Issued, "issued")]),
        ),
        (
            "need",
            group(
                &[Need::Blocker, Need::Condition, Need::Improvement]
                    .map(|need| (need, phrases::need(need))),
            ),
        ),
        (
            "severity",
            group(&SEVERITIES.map(|severity| (severity, phrases::severity(severity)))),
        ),
        (
            "tier",
            group(&[
                (Tier::Required, "required"),
                (Tier::Recommended, "recommended"),
                (Tier::Info, "a fact, not scored"),
            ]),
        ),
        (
            "basis",
            group(&Basis::ALL.map(|basis| (basis, basis.words()))),
        ),
        (
            "rule",
            group(
                &[Rule::Prerequisite, Rule::Advice, Rule::Judgement]
                    .map(|rule| (rule, rule.words())),
            ),
        ),
        (
            "rule_short",
            group(&[
                (Rule::Prerequisite, "Microsoft"),
                (Rule::Advice, "advice"),
                (Rule::Judgement, "our view"),
            ]),
        ),
        (
            "question",
            group(&[
                (QuestionState::Answered, "answered"),
                (QuestionState::Open, "open"),
                (QuestionState::NotApplicable, "does not apply"),
                (QuestionState::NotAsked, "does not concern you"),
            ]),
        ),
        (
            "effort",
            group(&[
                (Effort::Hours, "hours"),
                (Effort::Days, "days"),
                (Effort::Weeks, "weeks"),
            ]),
        ),
        (
            "level",
            group(&[
                (Level::Low, "low"),
                (Level::Medium, "medium"),
                (Level::High, "high"),
            ]),
        ),
        (
            "acts",
            group(&[
                (decision::Party::Customer, "You"),
                (decision::Party::Provider, "We"),
                (decision::Party::Microsoft, "Microsoft"),
                (decision::Party::Partner, "Your partner"),
                (decision::Party::Licence, "Waiting for a licence"),
            ]),
        ),
        (
            "party",
            group(&[
                (Party::Customer, "you"),
                (Party::Provider, "we"),
                (Party::Microsoft, "Microsoft"),
                (Party::Partner, "your partner"),
            ]),
        ),
    ])
}

/// Makes a group, each code written as reports write it.
fn group<C: Serialize>(pairs: &[(C, &'static str)]) -> BTreeMap<String, &'static str> {
    let code = |code: &C| match serde_json::to_value(code) {
        Ok(serde_json::Value::String(code)) => code,
        _ => String::new(),
    };
    pairs
        .iter()
        .map(|(key, words)| (code(key), *words))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_words() {
        for (name, group) in words() {
            assert!(
                group
                    .iter()
                    .all(|(code, words)| !code.is_empty() && !words.is_empty()),
                "{name}"
            );
        }
    }
}
