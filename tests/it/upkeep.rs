//! Keeping the store: verify, backup, restore, redact; and the marks that people set in a ledger.

use std::fs;

use readiness::actions::{Clock, Summary, Workspace};
use readiness::store::{Location, SummaryRow};

use crate::project::Project;

#[test]
fn a_go_live_that_has_passed_is_recorded_with_a_warning() {
    let project = Project::new().contoso();
    project
        .run("customer set contoso --go-live 2025-10-01")
        .ok()
        .stderr("the go-live of 1 Oct 2025 has passed already");
    let coming = project
        .run("customer set contoso --go-live 2026-10-01")
        .ok();
    assert!(!coming.error_text().contains("passed"), "{coming}");
}

#[test]
fn a_store_that_is_not_there_is_not_called_well() {
    let project = Project::new();
    for line in ["verify", "backup copy.db"] {
        project.run(line).exit(1).stderr("there is no store");
    }
    assert!(!project.store().exists());
}

#[test]
fn what_is_well_is_said_with_how_much_it_is() {
    let project = Project::new()
        .questionnaire("two-questions")
        .answers("start.mfa = no");
    project
        .run("verify")
        .ok()
        .stdout("1 customer, 3 entries: all well");
    let report = project.run("verify --json").ok().json();
    assert_eq!(report["problems"], serde_json::json!([]));
}

#[test]
fn a_changed_byte_of_an_entry_is_found_and_the_other_customers_are_listed() {
    let project = Project::new().contoso();
    project
        .run("customer add fabrikam --name 'Fabrikam Inc'")
        .ok();
    let mut bytes = fs::read(project.store()).unwrap();
    let at = bytes
        .windows(8)
        .position(|part| part == b"Fabrikam")
        .unwrap();
    bytes[at] = b'G';
    fs::write(project.store(), bytes).unwrap();
    project
        .run("verify")
        .exit(3)
        .stdout("2 customers, 2 entries: 1 problem")
        .stderr("`fabrikam`")
        .stderr("the body was changed after it was written");
    project
        .run("customer list")
        .exit(1)
        .stdout("Contoso Ltd")
        .stderr("`fabrikam`");
    project
        .run("backup copy.db")
        .exit(1)
        .stderr("nothing was backed up");
    assert!(!project.path("copy.db").exists());
}

#[test]
fn what_was_backed_up_comes_back_and_the_store_before_is_kept() {
    let project = Project::new()
        .questionnaire("two-questions")
        .answers("start.mfa = no");
    project
        .run("backup copy.db")
        .ok()
        .stderr("backed up 1 customer, 3 entries");
    let project = project.answers("start.mfa = yes");
    project
        .run("restore copy.db")
        .ok()
        .stderr("restored 1 customer, 3 entries")
        .stderr("is kept as");
    project.run("explain contoso start.mfa").ok().stdout("“No”");
    project.run("verify").ok();
    let kept = fs::read_dir(project.path(".")).unwrap().filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().contains("before-restore")
    });
    assert_eq!(kept.count(), 1);
}

#[test]
fn a_backup_replaces_nothing_and_makes_no_folder() {
    let project = Project::new().contoso();
    project.write("precious.txt", "mine");
    project
        .run("backup precious.txt")
        .exit(1)
        .stderr("exists already");
    assert_eq!(project.read("precious.txt"), "mine");
    project
        .run("backup no/where.db")
        .exit(1)
        .stderr("there is no folder `no`");
    project.run("backup").exit(2);
}

#[test]
fn what_is_no_backup_is_not_restored() {
    let project = Project::new().contoso();
    project.write("notes.txt", "not a store");
    project
        .run("restore notes.txt")
        .exit(1)
        .stderr("not a readiness store");
    project
        .run("restore nothing.db")
        .exit(1)
        .stderr("there is no file `nothing.db`");
    project
        .run("restore readiness.db")
        .exit(1)
        .stderr("the store itself");
    project.run("restore .").exit(1);
    project.run("customer list").ok().stdout("Contoso Ltd");
}

#[test]
fn what_is_redacted_is_gone_and_the_hole_is_shown() {
    let project = Project::new().questionnaire("two-questions");
    project.run("remark contoso 'the password is hunter2'").ok();
    project
        .run("redact contoso 3 --reason 'a password'")
        .ok()
        .stderr("took out entry 3")
        .stderr("backups");
    let store = fs::read(project.store()).unwrap();
    assert!(!store.windows(7).any(|part| part == b"hunter2"));
    project
        .run("history contoso")
        .ok()
        .stdout("[remarked] taken out by Anna Berg: a password")
        .stdout("took out entry 3: a password");
    project.run("verify").ok();
    project
        .run("redact contoso 3 --reason again")
        .ok()
        .stderr("was taken out before");
    project.run("verify").ok().stdout("4 entries");
}

#[test]
fn an_answer_taken_out_leaves_the_one_before_standing_and_says_so() {
    let project = Project::new()
        .questionnaire("two-questions")
        .answers("start.mfa = no\nstart.mfa = yes");
    project
        .run("redact contoso 4 --reason x")
        .ok()
        .stderr("`start.mfa` goes by “No” now");
    project
        .run("redact contoso 3 --reason x")
        .ok()
        .stderr("`start.mfa` is unanswered now");
    project.run("verify").ok();
}

#[test]
fn without_which_nothing_can_be_read_stays() {
    let project = Project::new().questionnaire("two-questions");
    let refuse = |entry: &str, why: &str| {
        let line = format!("redact contoso {entry} --reason x");
        project.run(&line).exit(2).stderr(why);
    };
    refuse("1", "it says who the customer is");
    refuse("2", "the questionnaire that it names");
    refuse("3", "has no entry 3");
    refuse("0", "name one from 1 to 2");
    refuse("x", "invalid value");
    project.run("remark contoso hm").ok();
    project
        .run("redact contoso 3 --reason ' '")
        .exit(2)
        .stderr("no reason was given");
    project.run("redact contoso 3 --reason x").ok();
    refuse("4", "it explains another hole");
    project.run("redact contoso").exit(2);
    project
        .run("redact contso 1 --reason x")
        .exit(2)
        .stderr("did you mean `contoso`?");
}

#[test]
fn a_milestone_is_a_point_to_look_back_to() {
    let project = Project::new()
        .questionnaire("two-questions")
        .answers("start.mfa = no");
    project
        .run("milestone contoso")
        .ok()
        .stderr("no milestones yet");
    project
        .run("milestone contoso kick-off")
        .ok()
        .stderr("--as-of kick-off");
    let project = project.answers("start.mfa = yes");
    project
        .run("explain contoso start.mfa --as-of kick-off")
        .ok()
        .stdout("“No”");
    project
        .run("milestone contoso")
        .ok()
        .stdout("kick-off   4      2026-09-02 09:00  Anna Berg");
    project
        .run("milestone contoso --as-of 3")
        .ok()
        .stderr("no milestones yet");
    let listed = project.run("milestone contoso --json").ok().json();
    assert_eq!(listed[0]["entry"], 4);
}

#[test]
fn a_milestone_has_a_name_of_its_own() {
    let project = Project::new().contoso();
    project.run("milestone contoso kick-off").ok();
    project
        .run("milestone contoso kick-off")
        .exit(2)
        .stderr("entry 2 of 2 Sep 2026");
    for name in ["2026-09-02", "12"] {
        project
            .run(&format!("milestone contoso {name}"))
            .exit(2)
            .stderr("would be taken for");
    }
    for name in ["../../etc", "Kick Off", "''"] {
        project.run(&format!("milestone contoso {name}")).exit(2);
    }
    project.run("milestone contoso later --as-of 1").exit(2);
}

#[test]
fn a_remark_stands_until_it_is_taken_out() {
    let project = Project::new().questionnaire("two-questions");
    project.run("remark contoso").ok().stderr("no words yet");
    project
        .run("remark contoso 'In *good* hands.'")
        .ok()
        .stderr("entry 3");
    project
        .run("remark contoso 'In *good* hands.'")
        .ok()
        .stderr("it says so already");
    project
        .run("remark contoso --finding no-second-factor '- a list'")
        .ok();
    project.write("words.md", "from a file\n\nof two lines\n");
    project
        .run("remark contoso --question start.mfa --file words.md")
        .ok();
    project
        .run("remark contoso")
        .ok()
        .stdout("Summary  entry 3")
        .stdout("In *good* hands.")
        .stdout("- a list")
        .stdout("from a file\n\nof two lines");
    project.run("remark contoso ''").ok().stderr("taken out");
    project
        .run("remark contoso ''")
        .ok()
        .stderr("no words to take out");
    project.run("remark contoso").ok().no_stdout("good");
    project.run("remark contoso --as-of 3").ok().stdout("good");
    assert_eq!(
        project
            .run("remark contoso --json")
            .ok()
            .json()
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn a_remark_is_about_something_that_there_is() {
    let project = Project::new().questionnaire("two-questions");
    project
        .run("remark contoso --finding no-second-facto x")
        .exit(2)
        .stderr("did you mean `no-second-factor`?");
    project
        .run("remark contoso --question start.other x")
        .exit(2)
        .stderr("no question is called");
    project
        .run("remark contoso --finding a --question b.c x")
        .exit(2);
    project
        .run("remark contoso --as-of 1 x")
        .exit(2)
        .stderr("no assessment");
    project
        .run("remark contoso --as-of 2 x")
        .exit(2)
        .stderr("leave out `--as-of`");
    project.write("binary", [0xff, 0xfe, 0x00]);
    project
        .run("remark contoso -f binary")
        .exit(1)
        .stderr("not text");
    project
        .run("remark contoso -f nothing.md")
        .exit(1)
        .stderr("cannot be read");
    project
        .run("remark nobody x")
        .exit(2)
        .stderr("there is no customer `nobody`");
}

#[test]
fn what_was_typed_cannot_drive_the_terminal() {
    let project = Project::new().questionnaire("two-questions");
    project
        .run_with(&["remark", "contoso", "\u{1b}[2Jgone\u{202e}"])
        .ok();
    for line in ["remark contoso", "history contoso"] {
        project
            .run(line)
            .ok()
            .stdout("␛[2Jgone")
            .no_stdout("\u{1b}[2J")
            .no_stdout("\u{202e}");
    }
}

#[test]
fn a_stop_is_lifted_only_while_it_holds() {
    let project = Project::new().questionnaire("example");
    let resume = "stop resume contoso route-to-ir --reason 'the responders agree'";
    project.run(resume).exit(2).stderr("does not hold");
    let project = project.answers("scope.active_breach = yes");
    let stopped = project.run("status contoso --json").ok().json();
    assert_eq!(stopped["verdict"]["code"], "stopped");
    project
        .run("stop resume contoso route-to-ir --reason ''")
        .exit(2)
        .stderr("no reason");
    project
        .run("stop resume contoso other --reason x")
        .exit(2)
        .stderr("there are: `route-to-ir`");
    project.run(resume).ok();
    let resumed = project.run("status contoso --json").ok().json();
    assert_ne!(resumed["verdict"]["code"], "stopped");
    project
        .run(resume)
        .exit(2)
        .stderr("was lifted already, by anna-berg in entry 4");
    let project = project.answers("scope.active_breach = no\nscope.active_breach = yes");
    project.run(resume).ok();
}

#[test]
fn history_tells_every_entry_in_words() {
    let project = Project::new()
        .questionnaire("two-questions")
        .answers("start.mfa = yes");
    project
        .run("answer contoso start.mfa no --said-by 'Jo Roth' --basis document --note hm")
        .ok();
    project.run("answer contoso start.mfa --withdraw").ok();
    project.run("milestone contoso kick-off").ok();
    let told = project.run("history contoso").ok().text();
    let hash = &told[told.find(", text ").unwrap() + 7..][..12];
    insta::assert_snapshot!(told.replace(hash, "HASH").trim_end(), @r"
    entry  when              who        what
    1      2026-09-02 09:00  Anna Berg  added the customer: id contoso; name Contoso Ltd; seats 900
    2      2026-09-02 09:00  Anna Berg  began the assessment under `two-questions` (version 1.0.0, text HASH)
    3      2026-09-02 09:00  Anna Berg  answered `start.mfa`: “Yes”, told on 2 Sep 2026
    4      2026-09-02 09:00  Anna Berg  changed the answer to `start.mfa`: “No”, shown by Jo Roth on 2 Sep 2026, with a note
    5      2026-09-02 09:00  Anna Berg  took back the answer to `start.mfa`
    6      2026-09-02 09:00  Anna Berg  set the milestone `kick-off`
    ");
    let one = project
        .run("history contoso --question start.mfa")
        .ok()
        .text();
    assert_eq!(one.lines().count(), 4);
    project
        .run("history contoso --as-of 2")
        .ok()
        .no_stdout("start.mfa");
    project
        .run("history contoso --question start.other")
        .exit(2);
    project
        .run("history contoso --question start.method")
        .ok()
        .stderr("nothing was recorded");
    let entries = project.run("history contoso --json").ok().json();
    assert_eq!(entries.as_array().unwrap().len(), 6);
}

#[test]
fn a_summary_that_does_not_hold_any_more_is_computed_anew_and_kept() {
    let project = Project::new()
        .questionnaire("two-questions")
        .answers("start.mfa = yes\nstart.method = text");
    let (before, row) = summaries(&project, "2026-09-02T10:00:00Z");
    assert_eq!((before.not_in_hand, before.overdue), (1, 0));
    // The policy gives a finding of high severity thirty days.
    let changes_on = row.changes_on.unwrap();
    // On that day it is ready by plan no more, on the next the date has passed.
    assert_eq!(changes_on.to_string(), "2026-10-02");
    let (same, kept) = summaries(
        &project,
        &format!("{}T23:00:00Z", changes_on.pred_opt().unwrap()),
    );
    assert_eq!((same, kept), (before, row));
    let late = changes_on.succ_opt().unwrap();
    let (overdue, anew) = summaries(&project, &format!("{late}T00:00:00Z"));
    assert_eq!((overdue.not_in_hand, overdue.overdue), (1, 1));
    assert_eq!(anew.computed_for, late);
    project.run("verify").ok();
}

/// Returns the summary of the only assessment, read at `now`, and the row that is kept afterwards.
fn summaries(project: &Project, now: &str) -> (Summary, SummaryRow) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        let clock = Clock::Frozen(now.parse().unwrap());
        let location = Location::File(project.store());
        let workspace = Workspace::open(&location, None, clock);
        let workspace = workspace.await.unwrap();
        let mut customers = workspace.summaries().await.unwrap().customers;
        let (_, summary) = customers[0].rows.remove(0);
        (
            summary,
            workspace.store.summaries().await.unwrap().remove(0),
        )
    })
}
