//! What evidence proposes: rules that hold whatever the evidence is, and what real samples come to.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::{Just, Strategy, prop};
use proptest::{prop_assert, prop_assert_eq, proptest};
use readiness::catalog::library::check_path;
use readiness::domain::assessment::{Assessment, Book, Texts};
use readiness::domain::customer::Customer;
use readiness::domain::evaluation::Evaluation;
use readiness::domain::evidence::{Evidence, Judged, Observation, Share, Tool, WhyUnknown};
use readiness::domain::id::{Hash, PersonId, QuestionnaireId};
use readiness::domain::ledger::{self, Entry, Fact, Why};
use readiness::domain::proposal::{Hearing, Proposed, Source, hearings};
use readiness::domain::response::{Basis, Response, Said, Value};
use readiness::domain::time::{Day, Instant};
use readiness::importers;
use readiness::{domain::intake, domain::questionnaire::Questionnaire};

use crate::project::left_out;

/// Real files of the tools; they are kept beside the project and not in it.
const SAMPLES: &str = "../shared/data";

/// The checks that the shipped questionnaire is made from; kept beside the project too.
const CHECKS: &str = "../shared/domain/checks.json";

const TODAY: &str = "2026-09-02";

fn questionnaire(path: &str) -> Arc<Questionnaire> {
    let checked = check_path(Path::new(path)).remove(0);
    let (questionnaire, _) = checked.questionnaire.unwrap();
    Arc::new(questionnaire)
}

/// A ledger in the making.
struct Story {
    questionnaire: Arc<Questionnaire>,
    entries: Vec<Entry>,
}

impl Story {
    fn of(path: &str) -> Self {
        let questionnaire = questionnaire(path);
        let mut story = Self {
            entries: Vec::new(),
            questionnaire,
        };
        let text = story.questionnaire.hash;
        let questionnaire = story.id();
        story.add(Fact::Opened {
            questionnaire,
            text,
        });
        story
    }

    fn id(&self) -> QuestionnaireId {
        self.questionnaire.id.clone()
    }

    fn add(&mut self, fact: Fact) {
        let by: PersonId = "anna".parse().unwrap();
        let at: Instant = "2026-09-01T09:00:00Z".parse().unwrap();
        let (_, entry) = ledger::next("l", self.entries.last(), at, &by, [0; 16], fact);
        self.entries.push(entry);
    }

    fn say(&mut self, question: &str, value: Value) {
        let response = Response {
            said: Said::Value(value),
            basis: Basis::Interview,
            said_by: None,
            said_on: "2026-09-01".parse().unwrap(),
            note: None,
            private_note: None,
        };
        self.add(Fact::Answered {
            questionnaire: self.id(),
            question: question.parse().unwrap(),
            response,
            why: Why::New,
        });
    }

    fn assessment(&self) -> (Customer, Assessment) {
        let texts = Texts::from([(self.questionnaire.hash, Arc::clone(&self.questionnaire))]);
        let today: Day = TODAY.parse().unwrap();
        let book = Book::replay(&"contoso".parse().unwrap(), &self.entries, &texts, today).unwrap();
        let mut customer = book.customer;
        customer.seats = Some(900);
        (customer, book.assessments[&self.id()].clone())
    }
}

// ── whatever the evidence is ────────────────────────────────────────────────────────────────────────────────────────────────

/// The controls that the small questionnaire names, with their tools.
const CONTROLS: [(Tool, &str); 5] = [
    (Tool::SecureScore, "AdminMFAV2"),
    (Tool::SecureScore, "BlockLegacyAuthentication"),
    (Tool::ScubaGear, "MS.AAD.3.2"),
    (Tool::ScubaGear, "MS.AAD.7.6"),
    (Tool::ScubaGear, "MS.SECURITYSUITE.4.2"),
];

/// Every reason for which nothing was measured.
const REASONS: [WhyUnknown; 8] = [
    WhyUnknown::Absent,
    WhyUnknown::Skipped,
    WhyUnknown::Manual,
    WhyUnknown::NotLicensed,
    WhyUnknown::NotApplicable,
    WhyUnknown::Error,
    WhyUnknown::EmptySet,
    WhyUnknown::ThirdPartyClaim,
];

#[derive(Clone, Debug)]
struct Seen {
    control: usize,
    judged: Judged,
    points: u32,
    day: Option<u32>,
}

fn unknown() -> impl Strategy<Value = Seen> {
    let reason = prop::sample::select(REASONS.to_vec());
    (
        0..CONTROLS.len(),
        reason,
        0..=100_u32,
        prop::option::of(1..28_u32),
    )
        .prop_map(|(control, why, points, day)| Seen {
            control,
            judged: Judged::Unknown(why),
            points,
            day,
        })
}

fn known() -> impl Strategy<Value = Seen> {
    (0..CONTROLS.len(), 0..=100_u32, prop::option::of(1..28_u32)).prop_map(
        |(control, points, day)| Seen {
            control,
            judged: Judged::of(share(points)),
            points,
            day,
        },
    )
}

fn share(points: u32) -> Share {
    Share {
        part: points.into(),
        whole: 100.into(),
    }
}

fn source(number: usize, seen: &Seen) -> Source {
    let (tool, control) = CONTROLS[seen.control];
    let mut evidence = Evidence::new(tool, "test");
    let mut observation = Observation::new(control, "said", seen.judged);
    observation.share = Some(share(seen.points));
    evidence.observations.push(observation);
    let taken = seen
        .day
        .map(|day| format!("2026-08-{day:02}T10:00:00Z").parse().unwrap());
    Source {
        entry: number as u64 + 10,
        file: Hash::of(format!("{number}").as_bytes()),
        name: format!("{number}.json"),
        tenant: None,
        taken,
        evidence: Arc::new(evidence),
    }
}

fn sources(seen: &[Seen]) -> Vec<Source> {
    seen.iter()
        .enumerate()
        .map(|(number, seen)| source(number, seen))
        .collect()
}

/// Returns what comes of the evidence, question by question; what nothing comes of is left out.
fn outcomes(story: &Story, sources: &[Source]) -> Vec<(usize, Proposed)> {
    let (customer, assessment) = story.assessment();
    let heard = hearings(&assessment, &customer, sources);
    heard
        .into_iter()
        .filter(|hearing| hearing.outcome != Proposed::Nothing)
        .map(|hearing| (hearing.place, hearing.outcome))
        .collect()
}

fn small() -> Story {
    let mut story = Story::of("tests/fixtures/questionnaires/evidence");
    story.say("identity.legacy", Value::Bool(true));
    story
}

proptest! {
    #[test]
    fn what_was_not_measured_proposes_and_contradicts_nothing(seen in prop::collection::vec(unknown(), 0..12)) {
        let story = small();
        let (customer, assessment) = story.assessment();
        for hearing in hearings(&assessment, &customer, &sources(&seen)) {
            prop_assert_eq!(&hearing.outcome, &Proposed::Nothing);
            prop_assert!(!hearing.is_disputed());
        }
    }

    #[test]
    fn an_unknown_observation_changes_no_proposal(
        seen in prop::collection::vec(known(), 0..12), more in unknown(),
    ) {
        let story = small();
        let mut both = seen.clone();
        both.push(more);
        prop_assert_eq!(outcomes(&story, &sources(&seen)), outcomes(&story, &sources(&both)));
    }

    #[test]
    fn the_order_of_evidence_does_not_matter(
        (seen, shuffled) in prop::collection::vec(proptest::prop_oneof![known(), unknown()], 0..12)
            .prop_map(|seen| sources(&seen))
            .prop_flat_map(|sources| (Just(sources.clone()), Just(sources).prop_shuffle())),
    ) {
        let story = small();
        prop_assert_eq!(outcomes(&story, &seen), outcomes(&story, &shuffled));
    }

    #[test]
    fn older_evidence_never_displaces_newer(newer in known(), older in known()) {
        let story = small();
        let newer = Seen { day: Some(28), ..newer };
        let older = Seen { control: newer.control, ..older };
        let alone = outcomes(&story, &sources(std::slice::from_ref(&newer)));
        // Taken in before or after makes no difference either; files keep their own names.
        let first = source(0, &newer);
        for number in [1, 9] {
            let both = [first.clone(), source(number, &older)];
            prop_assert_eq!(&alone, &outcomes(&story, &both));
        }
    }
}

// ── real samples ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// The samples that stand for the tools' output of one customer: the largest of each tool.
const ONE_CUSTOMER: [&str; 4] = [
    "scubagear/ScubaResults_v1.8.0_tqhjy_6products.json",
    "zerotrust/SampleReport_2.1.8_Contoso.json",
    "secure-score/graph_secureScores_docs_2019.json",
    "secure-score/portal_export_en_fixture.csv",
];

/// Returns an assessment of a customer with every product, to whom next to everything is asked.
fn asked_everything() -> Story {
    let mut story = Story::of("questionnaires/defender-experts");
    let scenario = "questionnaires/defender-experts/scenarios/customer-manufacturer-900.toml";
    let scenario: toml::Table = fs::read_to_string(scenario).unwrap().parse().unwrap();
    let steps = scenario["step"].as_array().unwrap();
    let (mut customer, _) = story.assessment();
    customer.seats = Some(900);
    let mut evaluation = Evaluation::new(
        Arc::clone(&story.questionnaire),
        &customer,
        TODAY.parse().unwrap(),
    );
    for step in steps {
        let Some(set) = step.get("set").and_then(toml::Value::as_table) else {
            continue;
        };
        for (question, value) in set {
            let place = story
                .questionnaire
                .question(&question.parse().unwrap())
                .unwrap();
            let at_hand = ["scubagear", "zero-trust-assessment", "secure-score"];
            let rules = &story.questionnaire.questions[place].evidence;
            let has_evidence = rules
                .iter()
                .any(|rule| at_hand.contains(&rule.source.as_str()));
            let Ok(value) = intake::from_toml(&evaluation, place, value) else {
                continue;
            };
            if !has_evidence {
                evaluation.set(place, Some(Said::Value(value.clone())));
                story.say(question, value);
            }
        }
    }
    story
}

#[test]
#[expect(
    clippy::print_stderr,
    reason = "the figure is what the test is for, and whoever reads the log should know when there is none"
)]
fn real_samples_propose_answers_to_many_checks() {
    let (Ok(checks), true) = (fs::read(CHECKS), Path::new(SAMPLES).is_dir()) else {
        eprintln!("left out: there is no {SAMPLES}");
        return left_out(
            "real_samples_propose_answers_to_many_checks",
            "the samples are not here",
        );
    };
    let checks: Vec<serde_json::Value> = serde_json::from_slice(&checks).unwrap();
    let checks: BTreeSet<String> = checks
        .iter()
        .map(|check| check["id"].as_str().unwrap().replace('-', "_"))
        .collect();
    let sources: Vec<Source> = ONE_CUSTOMER
        .iter()
        .enumerate()
        .map(|(number, path)| {
            let bytes = fs::read(Path::new(SAMPLES).join(path)).unwrap();
            let evidence = importers::import(&bytes).unwrap();
            Source {
                entry: number as u64 + 1_000,
                file: Hash::of(&bytes),
                name: (*path).to_owned(),
                tenant: None,
                taken: evidence.taken,
                evidence: Arc::new(evidence),
            }
        })
        .collect();
    let story = asked_everything();
    let (customer, assessment) = story.assessment();
    let all = hearings(&assessment, &customer, &sources);
    let id = |hearing: &Hearing| story.questionnaire.questions[hearing.place].id.to_string();
    let proposed: Vec<&Hearing> = all.iter().filter(|one| one.proposal().is_some()).collect();
    let of_checks = proposed
        .iter()
        .filter(|one| checks.contains(&id(one)))
        .count();
    for hearing in &all {
        let kind = &story.questionnaire.questions[hearing.place].kind;
        for opinion in &hearing.opinions {
            eprintln!("{}: {}", id(hearing), opinion.words(kind));
        }
    }
    eprintln!(
        "{of_checks} of {} checks have a proposal; evidence speaks to {} questions and proposes answers to {}",
        checks.len(),
        all.len(),
        proposed.len()
    );
    let differ = all.iter().filter(|one| one.outcome == Proposed::Differ);
    let told = format!(
        "{of_checks} of the {} checks get a proposal, and on {} questions the tools differ",
        checks.len(),
        differ.count()
    );
    let changes = fs::read_to_string("questionnaires/defender-experts/CHANGELOG.md").unwrap();
    assert!(changes.contains(&told), "{told}");
}
