//! Findings at the command line: what is decided, what is refused, and what is never lost.

use readiness::actions::{Asking, Case, Clock, Failure, Note, People, Workspace};
use readiness::domain::decision::{Action, Party};
use readiness::domain::id::{CustomerId, FindingKey, PersonId};
use readiness::domain::ledger::Subject;
use readiness::store::Location;

use crate::project::{NOW, Project, Ran};

/// A blocker, a condition and two rows, all open, recorded on 2 September.
fn gaps() -> Project {
    Project::new().questionnaire("gaps").answers(
        "base.mfa = no
         base.method = text
         estate.sites = [{ name = \"Oslo\", watched = false }, { name = \"Rome, \\\"old\\\" site\", watched = false }]",
    )
}

impl Project {
    /// Expects the state of a finding.
    #[track_caller]
    fn finding_is(&self, finding: &str, state: &str) -> Ran {
        self.run_with(&["finding", "show", "contoso", finding, "--json"])
            .ok()
            .is("/0/state", state)
    }
}

#[test]
fn a_finding_goes_through_its_life_and_is_closed_by_an_answer() {
    let project = gaps();
    let run = |line: &str| project.run(line).ok();
    run("finding assign contoso phishable --owner 'Jo Roth'");
    project.finding_is("phishable", "open");
    run("finding plan contoso phishable --owner 'Jo Roth' --due 2026-09-20");
    run("finding start contoso phishable");
    project
        .finding_is("phishable", "in-progress")
        .is("/0/in_hand", true);
    run("finding wait contoso phishable --on licence --why 'keys are ordered'")
        .stderr("Waiting on a licence");
    project
        .finding_is("phishable", "waiting")
        .is("/0/returns_to", "in-progress")
        .is("/0/must_act", "licence")
        .is("/0/in_hand", true);
    run("finding resume contoso phishable");
    run("finding claim contoso phishable --said-by 'Jo Roth' --comment 'keys are out'")
        .stderr("Reported done by Jo Roth on 2 Sep 2026, not yet checked");
    run("status contoso --json").is("/verdict/code", "not-ready");
    project.run("answer contoso base.method key").ok();
    project.finding_is("phishable", "closed");
    project.run("answer contoso base.method text").ok();
    run("finding show contoso phishable")
        .stdout("Came back")
        .stdout("planned `phishable`: Jo Roth by 20 Sep 2026")
        .stdout("set `phishable` to wait on a licence: keys are ordered")
        .stdout("answered `base.method`")
        .no_stdout("owner");
}

#[test]
fn what_is_disputed_is_printed_with_its_words_and_settled() {
    let project = gaps();
    project
        .run("finding dispute contoso phishable --said-by 'Jo Roth' --words 'Texts are fine here'")
        .ok();
    project
        .run("finding list contoso --state disputed")
        .ok()
        .stdout("Disputed by Jo Roth since 2 Sep 2026: Texts are fine here");
    project
        .run("report contoso --audience technical --format md")
        .ok();
    let report = project.read("contoso-technical.md");
    assert!(report.contains("Texts are fine here"), "{report}");
    project.run("finding resume contoso phishable").ok();
    project.finding_is("phishable", "open");
}

#[test]
fn dispositions_need_another_to_approve_and_end_on_their_day() {
    let project = gaps();
    for verb in ["accept", "third-party", "mitigate"] {
        project
            .run(&format!("finding {verb} contoso password-alone --reason r --approved-by 'Anna Berg' --until 2026-10-01"))
            .exit(2)
            .stderr("cannot approve their own decision");
    }
    project
        .run("finding third-party contoso password-alone --reason 'another tool' --approved-by 'Bo Li' --until 2026-10-01")
        .ok()
        .stderr("Covered by another product until 1 Oct 2026");
    let verdict = |project: &Project| {
        let json = project.run("status contoso --json").ok().json();
        json["verdict"]["blocking"].clone()
    };
    assert_eq!(verdict(&project), serde_json::json!([]));
    let later = project.at("2026-10-02T09:00:00Z");
    assert_eq!(verdict(&later), serde_json::json!(["password-alone"]));
    later
        .finding_is("password-alone", "open")
        .is("/0/decisions/0/entry", 6);
}

#[test]
fn a_blocker_recorded_in_error_needs_another_to_approve() {
    let project = gaps();
    project
        .run("finding in-error contoso password-alone --reason 'wrong tenant'")
        .exit(2)
        .stderr("name somebody else who approves");
    project
        .run(
            "finding in-error contoso password-alone --reason 'wrong tenant' --approved-by 'Bo Li'",
        )
        .ok();
    project
        .run("finding list contoso --json")
        .ok()
        .no_stdout("password-alone");
    project
        .run("finding list contoso --state recorded-in-error")
        .ok()
        .stdout("Recorded in error, said on 2 Sep 2026: wrong tenant");
    project
        .run("finding reopen contoso password-alone --reason 'it was right'")
        .ok();
    project.finding_is("password-alone", "open");
}

#[test]
fn many_are_decided_at_once_or_none() {
    let project = gaps();
    project
        .run("finding plan contoso phishable password-alon site-unwatched@Berlin --owner 'New One' --due 2026-09-20")
        .exit(2)
        .stderr("did you mean `password-alone`?")
        .stderr("`site-unwatched@Berlin` was never raised");
    project
        .run("finding start contoso phishable password-alone")
        .exit(2)
        .stderr("2 errors");
    project.run("person list").ok().no_stdout("New One");
    project.finding_is("phishable", "open");
    project
        .run("finding plan contoso site-unwatched phishable --owner 'New One' --due 2026-09-20 --json")
        .ok()
        .is("/2/state", "planned");
    project
        .run_with(&[
            "finding",
            "claim",
            "contoso",
            "site-unwatched@Rome, \"old\" site",
        ])
        .ok();
    project.finding_is("site-unwatched@Oslo", "planned");
}

#[test]
fn nobody_is_recorded_who_only_a_refused_command_names() {
    let project = gaps().by("Nobody Yet");
    for line in [
        "finding plan contoso nothing --owner 'Zed One' --due 2026-09-20",
        "finding plan contoso phishable --owner 'Zed One' --due 2020-01-01",
        "finding accept contoso phishable --reason '' --approved-by 'Zed One' --until 2026-10-01",
        "finding note contoso nothing --text x",
        "request ask contoso base.nothing --of 'Zed One'",
    ] {
        project.run(line).exit(2);
    }
    project
        .run("person list")
        .ok()
        .no_stdout("Zed One")
        .no_stdout("Nobody Yet");
}

#[test]
fn lists_are_narrowed() {
    let project = gaps();
    project
        .run("finding plan contoso phishable --owner 'Jo Roth' --due 2026-09-10")
        .ok();
    project
        .run("finding wait contoso password-alone --on microsoft --why case")
        .ok();
    let project = project.at("2026-09-12T09:00:00Z");
    let ids = |options: &str| {
        let json = project
            .run(&format!("finding list contoso --json {options}"))
            .ok()
            .json();
        let rows = json.as_array().unwrap().iter();
        let ids = rows.map(|row| {
            row["finding"]
                .as_str()
                .unwrap()
                .split('@')
                .next()
                .unwrap()
                .to_owned()
        });
        let mut ids: Vec<_> = ids.collect();
        ids.dedup();
        ids.join(" ")
    };
    assert_eq!(ids(""), "password-alone phishable site-unwatched");
    assert_eq!(ids("--state waiting,planned"), "password-alone phishable");
    assert_eq!(ids("--need improvement"), "site-unwatched");
    assert_eq!(ids("--severity high,medium"), "phishable site-unwatched");
    assert_eq!(ids("--owner jo-roth"), "phishable");
    assert_eq!(ids("--party microsoft"), "password-alone");
    assert_eq!(ids("--section estate"), "site-unwatched");
    assert_eq!(ids("--overdue"), "phishable");
    assert_eq!(ids("--due-before 2026-09-20"), "password-alone phishable");
    project
        .run("finding list contoso --section estat")
        .exit(2)
        .stderr("did you mean `estate`?");
    project
        .run("finding list contoso --owner Nobody")
        .exit(2)
        .stderr("nobody is called `Nobody`");
    project
        .run("finding list contoso --state done")
        .exit(2)
        .stderr("in-progress");
}

#[test]
fn open_answers_are_asked_for_and_chased() {
    let project = Project::new().questionnaire("gaps");
    project
        .run("request chase contoso base.mfa")
        .exit(2)
        .stderr("request ask CUSTOMER base.mfa");
    project
        .run("request ask contoso base.mfa base.method --of 'Jo Roth' --until 2026-09-05")
        .ok();
    project
        .run("request ask contoso base.mfa --of 'Jo Roth' --until 2020-01-01")
        .exit(2)
        .stderr("has passed");
    project
        .run("request chase contoso base.mfa --on 2026-09-03")
        .exit(2)
        .stderr("nobody was reminded on 3 Sep 2026 yet");
    let project = project.at("2026-09-08T09:00:00Z");
    project
        .run("request chase contoso base.mfa --on 2026-09-07 --until 2026-09-12")
        .ok();
    project
        .run("request chase contoso base.mfa")
        .ok()
        .stdout("reminded 2 times, last on 8 Sep 2026");
    project
        .run("finding list contoso --requests --json")
        .ok()
        .is("/0/kind", "answer")
        .is("/0/question", "base.method")
        .is("/0/overdue", true)
        .is("/1/chased/1", "2026-09-08")
        .is("/1/by", "2026-09-12");
    project
        .run("finding list contoso --requests --owner jo-roth --overdue")
        .ok()
        .stdout("base.method")
        .no_stdout("base.mfa");
    project.run("answer contoso base.mfa yes").ok();
    project
        .run("request list contoso")
        .ok()
        .no_stdout("base.mfa");
    project
        .run("request ask contoso base.mfa --of 'Jo Roth'")
        .exit(2)
        .stderr("has its answer");
    project
        .run("history contoso")
        .ok()
        .stdout("reminded Jo Roth of `base.mfa` on 7 Sep 2026, by 12 Sep 2026");
}

#[test]
fn notes_stay_private_unless_they_are_meant_for_the_customer() {
    let project = gaps();
    project
        .run("finding note contoso phishable --text 'the board is slow'")
        .ok();
    project
        .run("finding note contoso site-unwatched@Oslo --public --text 'guards come on Friday'")
        .ok();
    for (audience, private) in [("technical", false), ("internal", true)] {
        project
            .run(&format!("report contoso --audience {audience} --format md"))
            .ok();
        let report = project.read(&format!("contoso-{audience}.md"));
        assert_eq!(
            report.matches("guards come on Friday").count(),
            1,
            "{audience}"
        );
        assert_eq!(report.contains("the board is slow"), private, "{audience}");
    }
    project
        .run("finding show contoso phishable")
        .ok()
        .stdout("private note on `phishable`: the board is slow");
}

// ── bad input ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// A command line and what is said about it; each ends with 2 and changes nothing.
const REFUSED: &[(&str, &str)] = &[
    (
        "finding plan contoso phishable --owner Jo --due 2026-09-01",
        "has passed (today is 2026-09-02)",
    ),
    (
        "finding plan contoso phishable --owner Jo --due 9999-12-31",
        "more than ten years off",
    ),
    (
        "finding plan contoso phishable --owner Jo --due 31.12.2026",
        "such as 2026-12-31",
    ),
    (
        "finding plan contoso phishable --owner Jo --due +10000-01-01",
        "such as 2026-12-31",
    ),
    (
        "finding plan contoso phishable --owner '' --due 2026-09-20",
        "no id can be made of the name",
    ),
    (
        "finding accept contoso phishable --reason r --approved-by Bo --until 9999-12-31",
        "more than ten years off",
    ),
    (
        "finding accept contoso phishable --reason ' ' --approved-by Bo --until 2026-12-31",
        "no reason was given",
    ),
    (
        "finding wait contoso phishable --on nobody --why x",
        "customer, provider, microsoft, partner, licence",
    ),
    (
        "finding wait contoso phishable --on provider --why ''",
        "no reason was given",
    ),
    ("finding start contoso phishable", "say who with `assign`"),
    (
        "finding resume contoso phishable",
        "it is open: `resume` does not fit",
    ),
    (
        "finding reopen contoso phishable",
        "it is open: `reopen` does not fit",
    ),
    (
        "finding close contoso phishable --document minutes",
        "closed by an answer",
    ),
    ("finding close contoso phishable", "--document"),
    (
        "finding dispute contoso phishable --said-by Jo --words ''",
        "no words were given",
    ),
    ("finding claim fabrikam phishable", "no customer `fabrikam`"),
    ("finding claim contoso Phishable", "not a valid finding id"),
    ("finding claim contoso", "<FINDING>"),
    (
        "finding claim contoso site-unwatched@",
        "`site-unwatched@` was never raised",
    ),
    (
        "finding note contoso phishable --text ' '",
        "the note has no words",
    ),
    ("finding note contoso phishable", "--text"),
    (
        "finding plan contoso phishable --owner Jo --due 2026-09-20 --as-of 3",
        "--as-of",
    ),
];

#[test]
fn what_cannot_be_decided_is_refused_with_the_remedy_and_nothing_is_lost() {
    let project = gaps();
    let before = project.run("history contoso --json").ok().text();
    for (line, said) in REFUSED {
        project.run(line).exit(2).stderr(said);
    }
    let long = "x".repeat(20_000);
    project
        .run_with(&[
            "finding",
            "wait",
            "contoso",
            "phishable",
            "--on",
            "partner",
            "--why",
            &long,
        ])
        .exit(2)
        .stderr("put the rest into a document");
    assert_eq!(project.run("history contoso --json").ok().text(), before);
    project.run("verify").ok();
}

#[test]
fn ids_of_another_customer_name_nothing() {
    let project = gaps();
    project.run("customer add fabrikam --name Fabrikam").ok();
    project
        .run("finding claim fabrikam phishable")
        .exit(2)
        .stderr("has no assessment");
    project.write("begin.toml", "questionnaire = \"gaps\"\n");
    project.run("answers import fabrikam begin.toml").ok();
    project
        .run("finding claim fabrikam phishable")
        .exit(2)
        .stderr("`phishable` was never raised");
}

#[test]
fn owners_may_be_called_anything() {
    let project = gaps();
    let name = "Roth, \"Jo\" <=cmd|' /C calc'!A0> & Söhne";
    project
        .run_with(&[
            "finding",
            "plan",
            "contoso",
            "phishable",
            "--owner",
            name,
            "--due",
            "2026-09-20",
        ])
        .ok()
        .stderr(name);
    project
        .run_with(&["finding", "list", "contoso", "--owner", name])
        .ok()
        .stdout("phishable");
}

#[test]
fn an_expired_acceptance_stays_expired_when_the_clock_is_set_back() {
    let project = gaps();
    project
        .run("finding accept contoso phishable --reason r --approved-by 'Bo Li' --until 2026-09-10")
        .ok();
    let project = project.at("2026-09-11T09:00:00Z");
    project
        .run("finding note contoso phishable --text 'over now'")
        .ok();
    let project = project.at("2026-09-05T09:00:00Z");
    project.finding_is("phishable", "open");
    project
        .run("finding plan contoso phishable --owner Jo --due 2026-09-10")
        .exit(2)
        .stderr("today is 2026-09-11");
    project
        .run("finding plan contoso phishable --owner Jo --due 2026-09-12")
        .ok();
    project.finding_is("phishable", "planned");
    project.run("verify").ok();
}

/// The workspace of a project, and the customer in it.
async fn open(project: &Project) -> (Workspace, CustomerId) {
    let questionnaires = Some(project.path("questionnaires"));
    let clock = Clock::Frozen(NOW.parse().unwrap());
    let location = Location::File(project.store());
    let workspace = Workspace::open(&location, questionnaires, clock)
        .await
        .unwrap();
    (workspace, "contoso".parse().unwrap())
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

fn refused(failure: &Failure) -> String {
    failure
        .problems
        .0
        .iter()
        .map(|problem| problem.draw(false))
        .collect()
}

#[test]
fn of_two_decisions_at_once_the_second_is_shown_both() {
    let project = gaps();
    let anna: PersonId = "anna-berg".parse().unwrap();
    let keys: [FindingKey; 1] = ["phishable".parse().unwrap()];
    let wait = |on, why: &str| Action::Wait {
        on,
        why: why.into(),
    };
    let said = block_on(async {
        let (workspace, customer) = open(&project).await;
        let mut one = workspace.case(&customer, None).await.unwrap();
        let mut two = workspace.case(&customer, None).await.unwrap();
        let nobody = People::default();
        let first = wait(Party::Partner, "their firewall");
        one.decide(&workspace, &anna, &nobody, None, &keys, &first)
            .await
            .unwrap();
        let second = wait(Party::Microsoft, "a case");
        let failure = two
            .decide(&workspace, &anna, &nobody, None, &keys, &second)
            .await
            .unwrap_err();
        // It has taken over what the other recorded, and can go on from there.
        assert_eq!(two.book.seq, one.book.seq);
        two.decide(&workspace, &anna, &nobody, None, &keys, &second)
            .await
            .unwrap();
        workspace.store.close().await;
        refused(&failure)
    });
    assert!(
        said.contains("their firewall") && said.contains("a case"),
        "{said}"
    );
    assert!(said.contains("nothing was recorded"), "{said}");
    project
        .finding_is("phishable", "waiting")
        .is("/0/must_act", "microsoft");
}

#[test]
fn of_two_requests_or_remarks_at_once_the_second_is_shown_both() {
    let project = Project::new().questionnaire("two-questions");
    let anna: PersonId = "anna-berg".parse().unwrap();
    project.run("person add jo-roth --name 'Jo Roth'").ok();
    project.run("person add li-wu --name 'Li Wu'").ok();
    let question = ["start.mfa".parse().unwrap()];
    let ask = |of: &str| Asking::Ask {
        of: of.parse().unwrap(),
        by: None,
    };
    let said = block_on(async {
        let (workspace, customer) = open(&project).await;
        let nobody = People::default();
        let mut cases = Vec::new();
        for _ in 0..4 {
            cases.push(workspace.case(&customer, None).await.unwrap());
        }
        let [one, two, three, four] = cases.try_into().unwrap();
        let (mut one, mut two, mut three, mut four): (Case, Case, Case, Case) =
            (one, two, three, four);
        one.request(&workspace, &anna, &nobody, None, &question, &ask("jo-roth"))
            .await
            .unwrap();
        let twice = two
            .request(&workspace, &anna, &nobody, None, &question, &ask("li-wu"))
            .await
            .unwrap_err();
        let about = Subject::Assessment;
        two.remark(&workspace, &anna, None, &about, "Theirs")
            .await
            .unwrap();
        let over = three
            .remark(&workspace, &anna, None, &about, "Ours")
            .await
            .unwrap_err();
        // A remark about something else is in nobody's way.
        let other = Subject::Question(question[0].clone());
        four.remark(&workspace, &anna, None, &other, "Beside")
            .await
            .unwrap();
        three
            .remark(&workspace, &anna, None, &about, "Ours, having seen theirs")
            .await
            .unwrap();
        // Who asks for what somebody answers meanwhile is told so; who answers what somebody asks for is not held up.
        project.run("answer contoso start.mfa no").ok();
        let late = four
            .request(&workspace, &anna, &nobody, None, &question, &ask("li-wu"))
            .await
            .unwrap_err();
        workspace.store.close().await;
        [twice, over, late].map(|failure| refused(&failure))
    });
    for (said, words) in said.iter().zip([
        [
            "`start.mfa` was asked for",
            "a request of `jo-roth`, yours is a request of `li-wu`",
        ],
        [
            "the summary was written",
            "theirs is “Theirs”, yours is “Ours”",
        ],
        [
            "`start.mfa` was answered",
            "theirs is “No”, yours is a request of `li-wu`",
        ],
    ]) {
        for words in words {
            assert!(said.contains(words), "{words}: {said}");
        }
        assert!(said.contains("nothing was recorded"), "{said}");
    }
}

#[test]
fn a_decision_about_what_was_closed_meanwhile_is_refused() {
    let project = gaps();
    let anna: PersonId = "anna-berg".parse().unwrap();
    let keys: [FindingKey; 1] = ["phishable".parse().unwrap()];
    let claim = Action::Claim {
        by: anna.clone(),
        comment: None,
    };
    let said = block_on(async {
        let (workspace, customer) = open(&project).await;
        let mut case = workspace.case(&customer, None).await.unwrap();
        project.run("answer contoso base.method key").ok();
        let failure = case
            .decide(&workspace, &anna, &People::default(), None, &keys, &claim)
            .await
            .unwrap_err();
        workspace.store.close().await;
        refused(&failure)
    });
    assert!(
        said.contains("others recorded something meanwhile"),
        "{said}"
    );
    assert!(said.contains("it is closed"), "{said}");
    project
        .finding_is("phishable", "closed")
        .is("/0/decisions", serde_json::json!([]));
}

#[test]
fn ten_thousand_notes_are_kept_and_read() {
    let project = gaps();
    let anna: PersonId = "anna-berg".parse().unwrap();
    let keys: Vec<FindingKey> = vec!["phishable".parse().unwrap(); 100];
    block_on(async {
        let (workspace, customer) = open(&project).await;
        let mut case = workspace.case(&customer, None).await.unwrap();
        for round in 0..100 {
            let text = format!("round {round}");
            let note = Note {
                text: &text,
                public: false,
            };
            case.note(&workspace, &anna, &People::default(), None, &keys, &note)
                .await
                .unwrap();
        }
        workspace.store.close().await;
    });
    project
        .run("finding note contoso phishable --text 'the last'")
        .ok()
        .stderr("up to entry 10006");
    project.run("finding list contoso").ok().stdout("phishable");
    project
        .run("finding show contoso phishable")
        .ok()
        .stdout("round 99")
        .stdout("the last");
    project
        .run("report contoso --audience internal --format md")
        .ok();
    assert!(project.read("contoso-internal.md").contains("the last"));
}
