//! The walk, without a terminal and without a store.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::{Strategy, any, prop, prop_oneof, proptest};
use readiness::catalog::library::check_path;
use readiness::domain::assessment::{Assessment, Book, Texts};
use readiness::domain::customer::CustomerChange;
use readiness::domain::id::{Hash, PersonId, QuestionnaireId};
use readiness::domain::intake;
use readiness::domain::ledger::{self, Entry, Fact};
use readiness::domain::questionnaire::{Questionnaire, Tier};
use readiness::domain::response::{Basis, NotApplicable, Said, Unknown};
use readiness::domain::time::Instant;
use readiness::domain::walk::{Attention, Effect, Event, Walk, What};

/// A customer, their ledger and a walk, as one that records would have them.
struct Room {
    entries: Vec<Entry>,
    texts: Texts,
    id: QuestionnaireId,
    book: Book,
    walk: Walk,
    now: Instant,
}

impl Room {
    fn new() -> Self {
        Self::with(questionnaire())
    }

    fn with(questionnaire: Questionnaire) -> Self {
        let id = questionnaire.id.clone();
        let texts: Texts = BTreeMap::from([(Hash::of(b"text"), Arc::new(questionnaire))]);
        let now: Instant = "2026-09-02T12:00:00Z".parse().unwrap();
        let mut entries = Vec::new();
        let first = CustomerChange::Seats(Some(900));
        push(
            &mut entries,
            now,
            Fact::CustomerChanged {
                changes: vec![first],
            },
        );
        let text = Hash::of(b"text");
        let questionnaire = id.clone();
        push(
            &mut entries,
            now,
            Fact::Opened {
                questionnaire,
                text,
            },
        );
        let book = replay(&entries, &texts, now);
        let walk = Walk::begin(&book.assessments[&id], now, None);
        Self {
            entries,
            texts,
            id,
            book,
            walk,
            now,
        }
    }

    fn assessment(&self) -> &Assessment {
        &self.book.assessments[&self.id]
    }

    fn place(&self, id: &str) -> usize {
        self.assessment()
            .questionnaire()
            .question(&id.parse().unwrap())
            .unwrap()
    }

    /// Returns the id of the question at hand.
    fn at(&self) -> String {
        self.walk
            .current
            .map_or_else(|| "the end".into(), |place| self.id_of(place))
    }

    fn id_of(&self, place: usize) -> String {
        self.assessment().questionnaire().questions[place]
            .id
            .to_string()
    }

    fn ids(&self, places: &[usize]) -> Vec<String> {
        places.iter().map(|place| self.id_of(*place)).collect()
    }

    /// Does something, and records what is to be recorded; returns why, `same`, `refused` or `nothing`.
    fn act(&mut self, event: Event) -> &'static str {
        let effect = self
            .walk
            .update(&self.book.assessments[&self.id], self.now, event);
        match effect {
            Effect::Nothing => "nothing",
            Effect::Same => "same",
            Effect::Refused(_) => "refused",
            Effect::Record(recording) => {
                let seen = self.assessment().last_entry(&recording.question);
                assert_eq!(recording.based_on, seen.unwrap_or(0));
                push(&mut self.entries, self.now, recording.fact(&self.id));
                self.book = replay(&self.entries, &self.texts, self.now);
                self.walk.recorded(&self.book.assessments[&self.id]);
                match recording.what {
                    What::Answer { why, .. } => match why {
                        ledger::Why::New => "new",
                        ledger::Why::Changed => "changed",
                        ledger::Why::Corrected => "corrected",
                        ledger::Why::Confirmed => "confirmed",
                    },
                    What::Withdrawal { .. } => "withdrawn",
                    What::Note { .. } => "noted",
                }
            }
        }
    }

    /// Answers a question with what was typed.
    fn say(&mut self, question: &str, text: &str) -> &'static str {
        let place = self.place(question);
        let value = intake::read_value(&self.assessment().evaluation, place, text).unwrap();
        self.act(Event::Say {
            place,
            said: Said::Value(value),
            note: None,
        })
    }

    fn said(&self, question: &str) -> Option<String> {
        let response = self.assessment().response(self.place(question))?;
        match &response.what.response.as_ref()?.said {
            Said::Value(value) => Some(value.to_string()),
            other => Some(format!("{other:?}")),
        }
    }

    fn wait(&mut self, minutes: i64) {
        self.now = Instant::new(self.now.utc() + chrono::Duration::minutes(minutes));
        self.book = replay(&self.entries, &self.texts, self.now);
    }
}

fn questionnaire() -> Questionnaire {
    let checked = check_path(Path::new("tests/fixtures/questionnaires/walk")).remove(0);
    checked.questionnaire.unwrap().0
}

fn push(entries: &mut Vec<Entry>, at: Instant, fact: Fact) {
    let (_, entry) = ledger::next(
        "contoso",
        entries.last(),
        at,
        &person("anna"),
        [0; 16],
        fact,
    );
    entries.push(entry);
}

fn replay(entries: &[Entry], texts: &Texts, now: Instant) -> Book {
    let today = now.day_in(chrono_tz::UTC);
    Book::replay(&"contoso".parse().unwrap(), entries, texts, today).unwrap()
}

fn person(id: &str) -> PersonId {
    id.parse().unwrap()
}

#[test]
fn a_walk_begins_at_the_first_open_question_and_goes_on_where_it_was_left() {
    let mut room = Room::new();
    assert_eq!(room.at(), "scope.breach");
    room.say("scope.breach", "no");
    room.say("scope.products", "office");
    let again = Walk::begin(room.assessment(), room.now, None);
    room.walk = again;
    assert_eq!(room.at(), "access.role");
}

#[test]
fn next_goes_in_order_round_to_what_is_open_and_then_to_the_end() {
    let mut room = Room::new();
    room.act(Event::Next);
    assert_eq!(room.at(), "scope.products");
    room.act(Event::Jump(room.place("estate.shifts")));
    assert_eq!(room.at(), "estate.shifts");
    room.act(Event::Next);
    assert_eq!(room.at(), "scope.breach");
    for (question, text) in [
        ("scope.breach", "no"),
        ("scope.products", "office"),
        ("access.role", "reader"),
        ("access.drill", "today"),
        ("access.mfa", "yes"),
        ("people.admins", "3"),
        ("people.trained", "99"),
        ("people.ratio", "1.5"),
        ("estate.shifts", "[]"),
    ] {
        assert_eq!(room.say(question, text), "new", "{question}");
    }
    room.act(Event::Jump(room.place("estate.shifts")));
    room.act(Event::Next);
    assert_eq!(room.at(), "the end");
    room.act(Event::Next);
    assert_eq!(room.at(), "scope.breach");
}

#[test]
fn back_goes_where_one_was_before_and_then_up_the_order() {
    let mut room = Room::new();
    room.act(Event::Jump(room.place("people.admins")));
    room.act(Event::Jump(room.place("access.mfa")));
    let mut seen = Vec::new();
    for _ in 0..4 {
        room.act(Event::Back);
        seen.push(room.at());
    }
    assert_eq!(
        seen,
        [
            "people.admins",
            "scope.breach",
            "scope.breach",
            "scope.breach"
        ]
    );
    room.act(Event::Section(1));
    assert_eq!(room.at(), "access.role");
}

#[test]
fn what_an_answer_opens_and_closes_is_told() {
    let mut room = Room::new();
    room.say("scope.products", "endpoint");
    assert_eq!(room.ids(&room.walk.news.opened), ["estate.devices"]);
    room.say("scope.products", "identity");
    assert_eq!(room.ids(&room.walk.news.opened), ["estate.domains"]);
    assert_eq!(room.ids(&room.walk.news.closed), ["estate.devices"]);
    room.say("access.role", "none_yet");
    assert_eq!(room.walk.news.raised[0].to_string(), "no-role");
    room.say("access.role", "operator");
    assert_eq!(room.walk.news.gone[0].to_string(), "no-role");
    assert_eq!(room.ids(&room.walk.news.opened), ["access.approval"]);
    room.act(Event::Next);
    assert_eq!(
        room.ids(&room.walk.news.opened),
        ["access.approval"],
        "until the next answer"
    );
}

#[test]
fn an_answer_replaced_within_a_quarter_of_an_hour_is_a_slip_corrected() {
    let mut room = Room::new();
    assert_eq!(room.say("access.role", "1"), "new");
    room.wait(15);
    assert_eq!(room.say("access.role", "2"), "corrected");
    room.wait(16);
    assert_eq!(room.say("access.role", "3"), "changed");
    assert_eq!(room.say("access.role", "3"), "same");
    let lives = &room.assessment().lives;
    assert_eq!(lives.len(), 1);
    room.walk = Walk::begin(room.assessment(), room.now, None);
    assert_eq!(room.say("access.role", "1"), "changed", "another walk");
}

#[test]
fn an_answer_still_true_is_confirmed_on_its_day() {
    let mut room = Room::new();
    room.act(Event::SaidBy(Some(person("j.roth"))));
    room.act(Event::Basis(Basis::Document));
    room.say("access.role", "reader");
    assert_eq!(
        room.act(Event::StillTrue(room.place("access.role"))),
        "same"
    );
    room.wait(60 * 24 * 200);
    let place = room.place("access.role");
    assert_eq!(
        room.walk.attention(room.assessment(), place),
        Attention::Stale
    );
    room.walk = Walk::begin(room.assessment(), room.now, None);
    assert_eq!(room.act(Event::StillTrue(place)), "confirmed");
    let response = room
        .assessment()
        .response(place)
        .unwrap()
        .what
        .response
        .clone()
        .unwrap();
    assert_eq!(response.said_on, room.book.today);
    assert_eq!(response.said_by, Some(person("j.roth")));
    assert_eq!(response.basis, Basis::Document);
    assert_eq!(
        room.walk.attention(room.assessment(), place),
        Attention::Fine
    );
    assert_eq!(
        room.act(Event::StillTrue(room.place("access.mfa"))),
        "nothing"
    );
}

#[test]
fn who_and_how_stick_for_the_walk_and_amend_what_was_just_said() {
    let mut room = Room::new();
    room.act(Event::Jump(room.place("access.role")));
    room.say("access.role", "reader");
    assert_eq!(room.act(Event::SaidBy(Some(person("j.roth")))), "confirmed");
    assert_eq!(room.act(Event::Basis(Basis::Document)), "confirmed");
    room.act(Event::Next);
    room.say("access.drill", "today");
    let response = |room: &Room, id: &str| {
        let signed = room.assessment().response(room.place(id)).unwrap().clone();
        signed.what.response.unwrap()
    };
    for question in ["access.role", "access.drill"] {
        assert_eq!(response(&room, question).said_by, Some(person("j.roth")));
        assert_eq!(response(&room, question).basis, Basis::Document);
    }
    room.act(Event::Jump(room.place("access.role")));
    assert_eq!(
        room.act(Event::Basis(Basis::Tool)),
        "nothing",
        "it was not just answered"
    );
}

#[test]
fn a_walk_of_what_is_required_leaves_recommended_questions_out_and_counts_them() {
    let room = Room::new();
    let assessment = room.assessment();
    let tier = |place: &usize| assessment.questionnaire().questions[*place].tier;
    let whole = room.walk.offered(assessment);
    let recommended = |place: &&usize| tier(place) == Tier::Recommended;
    let left_out = whole.iter().filter(recommended).count();
    assert!(left_out > 0, "there is something to leave out");
    let walk = room.walk.clone().required_only(assessment);
    let offered = walk.offered(assessment);
    assert_eq!(offered.iter().filter(recommended).count(), 0);
    assert_eq!(offered.len() + left_out, whole.len());
    assert_eq!(walk.left_out(assessment), left_out);
    assert_eq!(room.walk.left_out(assessment), 0);
    assert!(offered.contains(&walk.current.unwrap()));
}

#[test]
fn undo_gives_back_the_answer_before_step_by_step() {
    let mut room = Room::new();
    room.say("access.role", "1");
    room.wait(60);
    room.walk = Walk::begin(room.assessment(), room.now, None);
    room.say("access.role", "2");
    room.say("access.mfa", "yes");
    assert_eq!(room.act(Event::Undo), "withdrawn");
    assert_eq!(room.said("access.mfa"), None);
    assert_eq!(room.at(), "access.mfa");
    assert_eq!(room.act(Event::Undo), "corrected");
    assert_eq!(room.said("access.role").as_deref(), Some("none_yet"));
    assert_eq!(room.act(Event::Undo), "nothing");
}

#[test]
fn what_an_undone_answer_raised_is_gone_and_what_a_withdrawn_one_raised_is_not() {
    for (is_undone, left) in [(true, 0), (false, 1)] {
        let mut room = Room::new();
        room.say("access.mfa", "no");
        assert_eq!(room.assessment().lives.len(), 1, "it raises a finding");
        let event = match is_undone {
            true => Event::Undo,
            false => Event::Withdraw(room.place("access.mfa")),
        };
        assert_eq!(room.act(event), "withdrawn");
        assert_eq!(room.said("access.mfa"), None);
        let standing = room
            .assessment()
            .lives
            .values()
            .filter(|life| life.stands());
        assert_eq!(standing.count(), left);
    }
}

#[test]
fn a_ledger_from_before_mistakes_were_told_apart_reads_as_it_was() {
    let written = r#"{"withdrawn":{"questionnaire":"walk","question":"access.mfa"}}"#;
    let fact: Fact = serde_json::from_str(written).unwrap();
    assert!(matches!(
        fact,
        Fact::Withdrawn {
            mistaken: false,
            ..
        }
    ));
    assert_eq!(serde_json::to_string(&fact).unwrap(), written);
}

#[test]
fn undo_leaves_what_another_answered_since() {
    let mut room = Room::new();
    room.say("access.mfa", "yes");
    let questionnaire = room.id.clone();
    let question = "access.mfa".parse().unwrap();
    push(
        &mut room.entries,
        room.now,
        Fact::Withdrawn {
            questionnaire,
            question,
            mistaken: false,
        },
    );
    room.book = replay(&room.entries, &room.texts, room.now);
    assert_eq!(room.act(Event::Undo), "nothing");
}

#[test]
fn a_note_stands_with_the_answer_or_by_itself() {
    let mut room = Room::new();
    let place = room.place("access.role");
    let note = |text: &str, private| Event::Note {
        place,
        text: text.into(),
        private,
    };
    assert_eq!(room.act(note("operator waits", false)), "noted");
    room.say("access.role", "reader");
    assert_eq!(room.act(note("until 9 Sep", false)), "confirmed");
    assert_eq!(room.act(note("they argue", true)), "confirmed");
    assert_eq!(room.say("access.role", "operator"), "corrected");
    let response = room
        .assessment()
        .response(place)
        .unwrap()
        .what
        .response
        .clone()
        .unwrap();
    assert_eq!(
        response.note.as_deref(),
        Some("until 9 Sep"),
        "it stays with the question"
    );
    assert_eq!(response.private_note.as_deref(), Some("they argue"));
    assert_eq!(room.act(note("", true)), "confirmed");
    assert_eq!(room.assessment().notes.len(), 1);
}

#[test]
fn what_cannot_be_recorded_is_refused() {
    let mut room = Room::new();
    let place = room.place("access.mfa");
    let said = Said::NotApplicable(NotApplicable::NotUsed);
    assert_eq!(
        room.act(Event::Say {
            place,
            said,
            note: None
        }),
        "refused"
    );
    let place = room.place("access.drill");
    let said = Said::NotApplicable(NotApplicable::Other);
    assert_eq!(
        room.act(Event::Say {
            place,
            said: said.clone(),
            note: None
        }),
        "refused"
    );
    let note = Some("they have no such account".into());
    assert_eq!(room.act(Event::Say { place, said, note }), "new");
}

#[test]
fn a_stop_leaves_what_it_keeps_and_what_it_reads() {
    let mut room = Room::new();
    room.say("scope.breach", "yes");
    assert_eq!(room.walk.news.stopped, [0]);
    assert_eq!(
        room.ids(&room.walk.offered(room.assessment())),
        [
            "scope.breach",
            "people.admins",
            "people.trained",
            "people.ratio"
        ]
    );
    room.act(Event::Jump(room.place("access.role")));
    assert_eq!(room.at(), "scope.breach");
    room.say("scope.breach", "no");
    assert!(room.walk.offered(room.assessment()).len() > 4);
}

#[test]
fn one_teams_questions_are_offered_alone_and_the_others_are_counted() {
    let mut room = Room::new();
    room.act(Event::Ask(Some("identity".into())));
    assert_eq!(room.at(), "access.role");
    assert_eq!(
        room.ids(&room.walk.offered(room.assessment())),
        ["access.role"]
    );
    let access = room.walk.progress(room.assessment())[1];
    assert_eq!(
        (access.offered, access.answered, access.elsewhere),
        (1, 0, 2)
    );
    room.act(Event::Jump(room.place("access.mfa")));
    assert_eq!(room.at(), "access.mfa", "one may look elsewhere");
}

#[test]
fn what_is_parked_comes_last() {
    let mut room = Room::new();
    room.act(Event::Park);
    assert_eq!(room.at(), "scope.products");
    let last = room.place("estate.shifts");
    room.act(Event::Jump(last));
    room.act(Event::Next);
    assert_eq!(room.at(), "scope.products");
    for id in [
        "scope.products",
        "access.role",
        "access.drill",
        "access.mfa",
        "people.admins",
        "people.trained",
        "people.ratio",
        "estate.shifts",
    ] {
        let place = room.place(id);
        let said = Said::Unknown(Unknown::NobodyKnows);
        room.act(Event::Say {
            place,
            said,
            note: None,
        });
    }
    assert_eq!(room.walk.parked.len(), 1);
    room.say("scope.breach", "no");
    assert!(room.walk.parked.is_empty(), "answered is no longer parked");
}

#[test]
fn what_is_searched_is_found_by_every_word() {
    let room = Room::new();
    let found = |text: &str| room.ids(&room.walk.search(room.assessment(), text));
    assert_eq!(found("granted ACCESS"), ["access.role"]);
    assert_eq!(found("respond look"), ["access.role"]);
    assert_eq!(found("ratio"), ["people.ratio"]);
    assert!(found("devices").is_empty(), "not asked");
    assert_eq!(found("").len(), 9);
}

#[test]
fn the_sheet_holds_what_one_key_answers() {
    let room = Room::new();
    let sheet = |section| room.ids(&room.walk.sheet(room.assessment(), section));
    assert_eq!(sheet(0), ["scope.breach"]);
    assert_eq!(sheet(1), ["access.role", "access.mfa"]);
    assert!(sheet(2).is_empty());
}

#[test]
fn the_minutes_tell_what_was_answered_and_what_is_open_by_date_and_person() {
    let mut room = Room::new();
    room.say("access.mfa", "no");
    room.wait(60);
    room.walk = Walk::begin(room.assessment(), room.now, None);
    room.act(Event::SaidBy(Some(person("j.roth"))));
    room.say("access.role", "reader");
    room.say("access.role", "operator");
    room.act(Event::StillTrue(room.place("access.mfa")));
    let find_out = |asked: &str, by: &str| {
        Said::Unknown(Unknown::WillFindOut {
            asked: Some(person(asked)),
            by: by.parse().ok(),
        })
    };
    for (question, said) in [
        ("people.admins", find_out("zoe", "2026-09-09")),
        ("people.ratio", find_out("anna", "2026-09-09")),
        ("people.trained", find_out("anna", "")),
    ] {
        let place = room.place(question);
        room.act(Event::Say {
            place,
            said,
            note: None,
        });
    }
    room.say("scope.breach", "no");
    room.act(Event::Undo);
    room.wait(23);
    let minutes = room.walk.minutes(room.assessment(), room.now);
    let places = |all: &[usize]| room.ids(all);
    let answered: Vec<usize> = minutes.answered.iter().map(|one| one.place).collect();
    assert_eq!(
        places(&answered),
        [
            "access.role",
            "people.admins",
            "people.trained",
            "people.ratio"
        ]
    );
    assert_eq!(places(&minutes.confirmed), ["access.mfa"]);
    let promised: Vec<usize> = minutes.promised.iter().map(|one| one.place).collect();
    assert_eq!(
        places(&promised),
        ["people.ratio", "people.admins", "people.trained"]
    );
    assert_eq!(minutes.open.len(), 8);
    assert_eq!(
        minutes.people.into_iter().collect::<Vec<_>>(),
        [person("j.roth")]
    );
    assert_eq!(minutes.until.since(minutes.from).num_minutes(), 23);
}

#[derive(Clone, Debug)]
enum Move {
    Next,
    NextOpen,
    Back,
    Park,
    Undo,
    Withdraw,
    Unknown,
    StillTrue,
    Jump(usize),
    Say(u64),
}

fn any_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        proptest::strategy::Just(Move::Next),
        proptest::strategy::Just(Move::NextOpen),
        proptest::strategy::Just(Move::Back),
        proptest::strategy::Just(Move::Park),
        proptest::strategy::Just(Move::Undo),
        proptest::strategy::Just(Move::Withdraw),
        proptest::strategy::Just(Move::Unknown),
        proptest::strategy::Just(Move::StillTrue),
        (0_usize..20).prop_map(Move::Jump),
        any::<u64>().prop_map(Move::Say),
    ]
}

/// Returns something to type that fits the question at `place`.
fn something(room: &Room, place: usize, seed: u64) -> String {
    let questionnaire = room.assessment().questionnaire();
    let choose = |from: &[&str]| from[seed as usize % from.len()].to_owned();
    match questionnaire.questions[place].kind.name() {
        "bool" => choose(&["yes", "no"]),
        "choice" => choose(&["1", "2", "3"]),
        "multi" => choose(&["1", "2", "1,2", "3", "[]", "4"]),
        "int" => choose(&["0", "3", "13", "4999"]),
        "decimal" | "percent" => choose(&["0", "1.5", "99"]),
        "date" => choose(&["today", "2020-01-01"]),
        "coverage" => choose(&["0/0", "812/900", "9/3"]),
        "rows" => "[]".into(),
        _ => choose(&["", "a", "b"]),
    }
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_is_done_the_walk_stands_at_something_that_is_offered(
        moves in prop::collection::vec(any_move(), 1..25)
    ) {
        let mut room = Room::new();
        for one in moves {
            let place = room.walk.current.unwrap_or(0);
            match one {
                Move::Next => room.act(Event::Next),
                Move::NextOpen => room.act(Event::NextOpen),
                Move::Back => room.act(Event::Back),
                Move::Park => room.act(Event::Park),
                Move::Undo => room.act(Event::Undo),
                Move::Withdraw => room.act(Event::Withdraw(place)),
                Move::StillTrue => room.act(Event::StillTrue(place)),
                Move::Unknown => {
                    let said = Said::Unknown(Unknown::NobodyKnows);
                    room.act(Event::Say { place, said, note: None })
                }
                Move::Jump(place) if place < 12 => room.act(Event::Jump(place)),
                Move::Jump(_) => "nothing",
                Move::Say(seed) => {
                    let text = something(&room, place, seed);
                    let id = room.id_of(place);
                    room.say(&id, &text)
                }
            };
            let assessment = room.assessment();
            let progress = room.walk.progress(assessment);
            let offered: usize = progress.iter().map(|one| one.offered).sum();
            assert_eq!(offered, room.walk.offered(assessment).len());
            if let Some(place) = room.walk.current {
                assert!(room.walk.offers(assessment, place));
            }
            let _ = room.walk.minutes(assessment, room.now);
        }
        // Answering whatever is at hand, and going on, ends.
        for _ in 0..40 {
            let Some(place) = room.walk.current else { break };
            let id = room.id_of(place);
            let text = match id.as_str() {
                "scope.breach" => "no".into(),
                _ => something(&room, place, 1),
            };
            room.say(&id, &text);
            room.act(Event::Next);
        }
        assert_eq!(room.at(), "the end");
    }
}
