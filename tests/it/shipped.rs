//! The shipped questionnaires: clean, proved by their scenarios, and complete against the facts they are made from.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use readiness::catalog::library::{Checked, check_path, from_pinned};
use readiness::catalog::lock::{self, Lock};
use readiness::catalog::outline::outline;
use readiness::catalog::scenario::Step;
use readiness::catalog::trial::{self, Reach};
use readiness::domain::evaluation::Asked;
use readiness::domain::id::OptionId;
use readiness::domain::questionnaire::{Question, Questionnaire, Tier};
use readiness::domain::scoring::VerdictCode;
use readiness::problem::SourceText;

/// The questionnaire as the first release pinned it, for assessments that were begun under it.
const FIRST: &str = "tests/fixtures/questionnaires/defender-experts-1.0.0/pinned-1.0.0.json";

/// The facts that `defender-experts` is made from; they are kept beside the project and not in it.
const CHECKS: &str = "../shared/domain/checks.json";

/// How many rules about branches the facts have: B1 to B32.
const BRANCHES: usize = 32;

fn shipped() -> Vec<Checked> {
    check_path(Path::new("questionnaires"))
}

fn defender_experts() -> Checked {
    let mut checked = check_path(Path::new("questionnaires/defender-experts"));
    checked.remove(0)
}

fn questionnaire(checked: &Checked) -> Arc<Questionnaire> {
    let (questionnaire, _) = checked.questionnaire.as_ref().unwrap();
    Arc::new(questionnaire.clone())
}

fn steps(checked: &Checked) -> impl Iterator<Item = &Step> {
    let scenarios = checked.scenarios.iter();
    scenarios.flat_map(|written| &written.scenario.step)
}

/// The findings in lists of expectations, without their rows.
fn findings<'s>(lists: impl Iterator<Item = &'s Vec<String>>) -> BTreeSet<&'s str> {
    lists
        .flatten()
        .filter_map(|finding| finding.split('@').next())
        .collect()
}

#[test]
fn shipped_questionnaires_are_clean() {
    for checked in shipped() {
        let drawn: Vec<String> = checked
            .problems
            .0
            .iter()
            .map(|problem| problem.draw(false))
            .collect();
        assert!(drawn.is_empty(), "{}", drawn.join("\n\n"));
    }
}

#[test]
fn every_shipped_questionnaire_is_held_against_its_last_release() {
    for checked in shipped() {
        let questionnaire = questionnaire(&checked);
        let file = Path::new("questionnaires")
            .join(questionnaire.id.as_str())
            .join(lock::FILE);
        let text = fs::read_to_string(&file).unwrap();
        let name = file.display().to_string();
        let lock = Lock::read(&Arc::new(SourceText { name, text })).unwrap();
        assert!(lock.version <= questionnaire.version, "{}", checked.name);
        assert!(!lock.question.is_empty(), "{}", checked.name);
    }
}

#[test]
fn every_scenario_says_what_it_shows() {
    for checked in shipped() {
        for written in &checked.scenarios {
            assert!(written.scenario.title.is_some(), "{}", written.name);
        }
    }
}

#[test]
fn every_finding_is_raised_in_a_scenario_and_absent_in_one() {
    for checked in shipped() {
        let raised = findings(steps(&checked).map(|step| &step.expect.raised));
        let absent = findings(steps(&checked).map(|step| &step.expect.absent));
        let untried: Vec<String> = questionnaire(&checked)
            .findings
            .iter()
            .filter(|rule| !raised.contains(rule.id.as_str()) || !absent.contains(rule.id.as_str()))
            .map(|rule| rule.id.to_string())
            .collect();
        assert_eq!(untried, Vec::<String>::new(), "{}", checked.name);
    }
}

#[test]
fn every_question_is_asked_in_a_scenario_and_every_conditional_one_hidden_in_one() {
    for checked in shipped() {
        let questionnaire = questionnaire(&checked);
        let mut reach = Reach::default();
        for written in &checked.scenarios {
            let reached = trial::reach(&questionnaire, written);
            reach.asked.extend(reached.asked);
            reach.hidden.extend(reached.hidden);
        }
        for (place, question) in questionnaire.questions.iter().enumerate() {
            let section = &questionnaire.sections[question.section];
            let conditional = question.when.is_some()
                || section.when.is_some()
                || !question.applies.is_empty()
                || !section.applies.is_empty();
            assert!(reach.asked.contains(&place), "{}: asked", question.id);
            assert_eq!(
                reach.hidden.contains(&place),
                conditional,
                "{}: hidden",
                question.id
            );
        }
    }
}

#[test]
fn every_branch_rule_has_a_scenario() {
    let checked = defender_experts();
    let proved: BTreeSet<&str> = checked
        .scenarios
        .iter()
        .filter_map(|written| written.scenario.title.as_deref()?.split_once(": "))
        .flat_map(|(rules, _)| rules.split(", "))
        .collect();
    let missing: Vec<String> = (1..=BRANCHES)
        .map(|number| format!("B{number}"))
        .filter(|rule| !proved.contains(rule.as_str()))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn the_verdict_takes_every_value() {
    let checked = defender_experts();
    let expected: BTreeSet<&str> = steps(&checked)
        .filter_map(|step| step.expect.verdict.as_deref())
        .collect();
    let all = BTreeSet::from(
        [
            VerdictCode::Stopped,
            VerdictCode::NotReady,
            VerdictCode::Undetermined,
            VerdictCode::ReadyWithConditions,
            VerdictCode::Ready,
        ]
        .map(VerdictCode::code),
    );
    assert_eq!(expected, all);
}

/// How many questions a customer is asked, and what they are.
fn counted(questionnaire: &Questionnaire, reach: &Reach) -> String {
    let perhaps = |asked: &Asked| matches!(asked, Asked::Perhaps(_));
    let undecided: Vec<usize> = (0..reach.at_end.len())
        .filter(|place| perhaps(&reach.at_end[*place]))
        .collect();
    assert_eq!(undecided, Vec::<usize>::new(), "questions that may follow");
    let asked: Vec<&Question> = questionnaire
        .questions
        .iter()
        .zip(&reach.at_end)
        .filter(|(_, asked)| asked.yes())
        .map(|(question, _)| question)
        .collect();
    let count = |wanted: &dyn Fn(&Question) -> bool| {
        asked.iter().filter(|question| wanted(question)).count()
    };
    format!(
        "{} questions: {} required, {} recommended, {} facts; for {} a tool may propose the answer",
        asked.len(),
        count(&|question| question.tier == Tier::Required),
        count(&|question| question.tier == Tier::Recommended),
        count(&|question| question.tier == Tier::Info),
        count(&|question| !question.evidence.is_empty())
    )
}

/// The numbers that the README gives.
#[test]
fn typical_customers_are_asked_a_part_of_the_questions() {
    let readme = fs::read_to_string("README.md").unwrap();
    let checked = defender_experts();
    let questionnaire = questionnaire(&checked);
    let counts: Vec<String> = checked
        .scenarios
        .iter()
        .filter(|written| written.name.starts_with("customer-"))
        .map(|written| {
            let reach = trial::reach(&questionnaire, written);
            let counted = counted(&questionnaire, &reach);
            let numbers: Vec<&str> = counted.split([' ', ',']).collect();
            let cells = format!("| {} | {} |", numbers[0], numbers[2]);
            assert!(readme.contains(&cells), "{}: {cells}", written.name);
            format!("{}: {counted}", written.name)
        })
        .collect();
    insta::assert_snapshot!(counts.join("\n"));
}

#[test]
fn service_fit_asks_ten_questions_at_most() {
    let mut checked = check_path(Path::new("questionnaires/service-fit"));
    let checked = checked.remove(0);
    let questionnaire = questionnaire(&checked);
    for written in &checked.scenarios {
        let asked = trial::reach(&questionnaire, written)
            .at_end
            .iter()
            .filter(|asked| asked.yes())
            .count();
        assert!(asked <= 10, "{}: {asked}", written.name);
    }
}

#[test]
fn answers_carry_over_into_questions_of_the_same_kind() {
    let into = questionnaire(&defender_experts());
    for carry in &into.carry {
        let path = Path::new("questionnaires").join(carry.from.as_str());
        let from = questionnaire(&check_path(&path)[0]);
        for (source, target) in &carry.answers {
            let source = &from.questions[from.question(source).unwrap()];
            let target = &into.questions[into.question(target).unwrap()];
            assert_eq!(source.kind.name(), target.kind.name(), "{}", source.id);
            let taken: BTreeSet<&OptionId> = target
                .kind
                .options()
                .iter()
                .map(|option| &option.id)
                .collect();
            for option in source.kind.options() {
                assert!(taken.contains(&option.id), "{}: {}", source.id, option.id);
            }
        }
    }
}

#[test]
#[expect(
    clippy::print_stderr,
    reason = "whoever reads the log should know that nothing was compared"
)]
fn every_check_of_the_facts_is_asked() {
    let Ok(checks) = fs::read(CHECKS) else {
        eprintln!("left out: there is no {CHECKS}");
        return;
    };
    let checks: Vec<serde_json::Value> = serde_json::from_slice(&checks).unwrap();
    let questionnaire = questionnaire(&defender_experts());
    let asked: BTreeSet<String> = questionnaire
        .questions
        .iter()
        .map(|question| question.id.to_string())
        .collect();
    let missing: Vec<String> = checks
        .iter()
        .map(|check| check["id"].as_str().unwrap().replace('-', "_"))
        .filter(|id| !asked.contains(id))
        .collect();
    assert!(!checks.is_empty());
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn an_assessment_begun_under_the_first_release_can_still_be_read() {
    let questionnaire = from_pinned(&fs::read(FIRST).unwrap()).unwrap();
    assert_eq!(questionnaire.version.to_string(), "1.0.0");
}

#[test]
fn the_outlines_of_the_shipped_questionnaires_read_as_expected() {
    for checked in shipped() {
        let questionnaire = questionnaire(&checked);
        insta::assert_snapshot!(
            format!("outline_of_{}", questionnaire.id),
            outline(&questionnaire)
        );
    }
}
