//! A version held against the lock file of the release before it.

use readiness::catalog::lock::{FILE, Lock};

use crate::catalog::{Folder, check, codes, drawn, fixture};

/// The first version, which is locked.
fn first() -> String {
    text("questionnaires/moving")
}

/// The second version, with its migration.
fn second() -> String {
    text("newer/moving")
}

fn text(folder: &str) -> String {
    std::fs::read_to_string(fixture(folder).join("questionnaire.toml")).unwrap()
}

/// Draws what is wrong with a version after the first was locked.
#[track_caller]
fn held(text: &str) -> (Vec<String>, String) {
    let folder = Folder::new();
    let lock = std::fs::read_to_string(fixture("newer/moving").join(FILE)).unwrap();
    folder.write("moving/questionnaire.toml", text);
    folder.write(&format!("moving/{FILE}"), lock);
    let checked = folder.check("moving");
    let codes = codes(&checked).into_iter().map(str::to_owned).collect();
    (codes, drawn(&checked))
}

/// Checks that the only thing wrong is that answers are lost, said in these words.
#[track_caller]
fn lost(text: &str, words: &[&str]) {
    let (codes, drawn) = held(text);
    assert!(codes.iter().all(|code| code == "E060"), "{drawn}");
    assert_eq!(codes.len(), 1, "{drawn}");
    for words in words {
        assert!(drawn.contains(words), "no `{words}` in\n{drawn}");
    }
}

/// Replaces a part that is there.
#[track_caller]
fn with(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "no `{from}`");
    text.replace(from, to)
}

#[test]
fn the_lock_of_the_fixture_is_that_of_the_first_version() {
    let checked = check(&fixture("questionnaires/moving"));
    let (questionnaire, _) = checked.questionnaire.unwrap();
    let written = std::fs::read_to_string(fixture("newer/moving").join(FILE)).unwrap();
    assert_eq!(Lock::of(&questionnaire).to_toml(), written);
}

#[test]
fn the_version_that_was_locked_is_clean_and_so_is_one_with_its_migration() {
    assert_eq!(held(&first()).1, "");
    assert_eq!(held(&second()).1, "");
}

#[test]
fn a_question_that_is_gone_has_to_be_spoken_of() {
    let silent = with(&second(), "drop   = [\"sign_in.legacy_score\"]\n", "");
    lost(
        &silent,
        &[
            "`sign_in.legacy_score` was asked in 1.0.0",
            "drop = [\"sign_in.legacy_score\"]",
        ],
    );
    let silent = with(
        &second(),
        "rename = { \"scope.has_ad\" = \"scope.onprem\" }\n",
        "",
    );
    lost(&silent, &["`scope.has_ad` was asked in 1.0.0"]);
}

#[test]
fn an_option_that_is_gone_has_to_be_spoken_of() {
    let silent = with(
        &second(),
        "\"scope.products\"    = { mdi = \"identity\" }\n",
        "",
    );
    lost(
        &silent,
        &[
            "`scope.products` has no `mdi` any more",
            "options = { \"scope.products\" = { mdi = ",
        ],
    );
    let confirmed = with(&silent, "review = [", "review = [\"scope.products\", ");
    assert_eq!(held(&confirmed).1, "");
}

#[test]
fn another_type_is_to_be_confirmed() {
    let other = with(
        &second(),
        "id   = \"admins\"\ntype = \"int\"",
        "id   = \"admins\"\ntype = \"text\"",
    );
    assert_eq!(held(&other).1, "");
    let silent = with(&other, "review = [\"sign_in.admins\"]\n", "");
    lost(
        &silent,
        &[
            "`sign_in.admins` was `int` and is `text` now",
            "review = [\"sign_in.admins\"]",
        ],
    );
}

#[test]
fn the_version_rises_by_as_much_as_what_changed() {
    let added = with(
        &first(),
        "[[finding]]",
        "[[section.question]]\nid = \"new\"\ntype = \"bool\"\ntext = \"New?\"\ntier = \"info\"\n\n[[finding]]",
    );
    lost(
        &added,
        &["`sign_in.new` is new", "raise `version` to 1.1.0"],
    );
    assert_eq!(held(&with(&added, "\"1.0.0\"", "\"1.1.0\"")).1, "");
    let minor = with(&second(), "version  = \"2.0.0\"", "version  = \"1.1.0\"");
    let minor = with(&minor, "to     = \"2.0.0\"", "to     = \"1.1.0\"");
    lost(
        &minor,
        &[
            "answers need migration since 1.0.0",
            "raise `version` to 2.0.0",
        ],
    );
    let back = with(&first(), "version  = \"1.0.0\"", "version  = \"0.9.0\"");
    lost(&back, &["1.0.0 was released already, and this is 0.9.0"]);
}

#[test]
fn other_words_want_a_version_of_their_own() {
    let reworded = with(
        &first(),
        "Which products are in use?",
        "Which products do you use?",
    );
    let (codes, drawn) = held(&reworded);
    assert_eq!(codes, ["W063"], "{drawn}");
    assert!(drawn.contains("raise `version` to 1.0.1"), "{drawn}");
    assert_eq!(held(&with(&reworded, "\"1.0.0\"", "\"1.0.1\"")).1, "");
    let meant = with(
        &reworded,
        "version  =",
        "allow = { W063 = \"a slip of the pen\" }\nversion  =",
    );
    assert_eq!(held(&meant).1, "");
}

#[test]
fn a_migration_speaks_of_what_the_release_asked() {
    let slip = with(&second(), "\"scope.has_ad\" = ", "\"scope.has_add\" = ");
    let (_, drawn) = held(&slip);
    assert!(
        drawn.contains("1.0.0 did not ask `scope.has_add`"),
        "{drawn}"
    );
    assert!(drawn.contains("did you mean `scope.has_ad`?"), "{drawn}");
}

#[test]
fn a_lock_file_that_cannot_be_read_is_an_error() {
    let folder = Folder::new();
    folder.write("moving/questionnaire.toml", first());
    folder.write("moving/ids.lock", "version = \"1.0\"");
    let checked = folder.check("moving");
    assert_eq!(codes(&checked), ["E060"]);
    assert!(
        drawn(&checked).contains("ids.lock:1:11"),
        "{}",
        drawn(&checked)
    );
}
