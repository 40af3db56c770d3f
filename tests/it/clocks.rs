//! Due dates, who must act, advice and managed responses, as somebody at a terminal meets them.

use crate::project::Project;

const CALENDAR: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@x\r\n\
    SUMMARY:A holiday\r\nDTSTART;VALUE=DATE:20200907\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

/// Two incidents: one awaits the customer with three tasks, one asks nothing.
const INCIDENTS: &str = r#"{ "@odata.context": "x", "value": [
  { "id": "4711", "displayName": "Sign-in, \"odd\"", "severity": "high", "status": "awaitingAction",
    "lastUpdateDateTime": "2026-09-01T08:00:00Z", "surprise": { "deep": [1, 2] } },
  { "id": "4712", "displayName": "Noise", "severity": "low", "status": "resolved" } ] }"#;
const TASKS: &str = r#"{ "value": [
  { "id": "t1", "status": "completed", "source": "defenderExpertsGuidedResponse", "displayName": "Disable user",
    "actionType": "disableUser", "createdDateTime": "2026-09-01T08:00:00Z",
    "lastModifiedDateTime": "2026-09-01T08:40:00Z", "incident": { "id": "4711" } },
  { "id": "t2", "status": "open", "source": "defenderExpertsGuidedResponse", "actionType": "text",
    "createdDateTime": "2026-09-01T08:00:00Z", "incident": { "id": "4711" } },
  { "id": "t3", "status": "completed", "source": "defenderExpertsManagedResponse",
    "actionType": "isolateDevice", "incident": { "id": "4711" } } ] }"#;

fn project() -> Project {
    Project::new()
        .questionnaire("two-questions")
        .at("2026-09-02T09:00:00Z")
}

fn advised() -> Project {
    let project = project();
    project.run("advice add contoso --title 'Block device code, please' --severity critical --incident 4711").ok();
    project
}

#[test]
fn advice_is_a_finding_with_a_number_of_its_own() {
    let project = advised();
    project
        .run("advice add contoso --title Second --severity low")
        .ok()
        .stderr("recorded as `adv-2`");
    project
        .run("finding list contoso")
        .ok()
        .stdout("adv-1  Block device code, please")
        .stdout("incident 4711")
        .stdout("Improvement");
    project
        .run("advice list contoso --json")
        .ok()
        .is("/0/finding", "adv-1")
        .is("/1/finding", "adv-2");
    project
        .run("finding plan contoso adv-1 --owner Jo --due 2026-09-10")
        .ok()
        .stderr("adv-1: Planned");
}

#[test]
fn advice_is_closed_by_what_shows_it_and_by_nothing_else() {
    let project = advised();
    project
        .run("finding close contoso adv-1 --document ''")
        .exit(2);
    project.run("finding claim contoso adv-1 --said-by Jo").ok();
    project.run("finding list contoso").ok().stdout("adv-1");
    project
        .run("advice close contoso adv-1 --document 'change CHG-1'")
        .ok();
    project
        .run("finding show contoso adv-1")
        .ok()
        .stdout("closed on 2 Sep 2026, in time (due 16 Sep 2026)");
    project.run("finding reopen contoso adv-1").ok();
    project
        .run("finding show contoso adv-1")
        .ok()
        .stdout("Came back");
}

#[test]
fn advice_that_is_no_improvement_may_stop_the_start_and_other_advice_never_does() {
    let project = project();
    let verdict =
        |project: &Project| project.run("status contoso --json").json()["verdict"]["code"].clone();
    let before = verdict(&project);
    project
        .run("advice add contoso --title Mild --severity critical")
        .ok();
    assert_eq!(verdict(&project), before);
    project
        .run("advice add contoso --title Grave --severity critical --need blocker")
        .ok();
    assert_eq!(verdict(&project), "not-ready");
}

#[test]
fn advice_that_makes_no_sense_is_refused() {
    let project = project();
    project
        .run("advice add contoso --title '' --severity low")
        .exit(2)
        .stderr("one line of 1 to 200");
    project
        .run_with(&[
            "advice",
            "add",
            "contoso",
            "--title",
            "two\nlines",
            "--severity",
            "low",
        ])
        .exit(2)
        .stderr("one line");
    project
        .run("advice add contoso --title x --severity low --on 2026-09-03")
        .exit(2)
        .stderr("lies ahead");
    project
        .run("advice add contoso --title x --severity low --on 9999-12-31")
        .exit(2)
        .stderr("lies ahead");
    project
        .run("advice add contosso --title x --severity low")
        .exit(2)
        .stderr("did you mean `contoso`");
    project
        .run("advice close contoso adv-1 --document x")
        .exit(2)
        .stderr("no finding is called `adv-1`");
}

#[test]
fn a_calendar_and_a_policy_move_what_is_due() {
    let project = advised();
    project
        .run("finding list contoso --json")
        .ok()
        .is("/0/due", "2026-09-16");
    project.write("days.ics", CALENDAR);
    let calendar = project.path("days.ics").display().to_string();
    project
        .run_with(&[
            "customer",
            "set",
            "contoso",
            "--calendar",
            &calendar,
            "--due-days",
            "business",
            "--due",
            "critical=5",
        ])
        .ok()
        .stderr("read 11 holidays, the last on 7 Sep 2035");
    // Wednesday 2 September and five working days: the weekend and Monday the 7th are off.
    project
        .run("finding list contoso --json")
        .ok()
        .is("/0/due", "2026-09-10");
    project
        .run("customer show contoso")
        .ok()
        .stdout("critical 5")
        .stdout("working days")
        .stdout("11 holidays");
    let later = project.at("2026-09-14T09:00:00Z");
    later
        .run("finding list contoso")
        .ok()
        .stdout("overdue by 4 days (2 working)");
}

#[test]
fn a_calendar_that_is_none_says_where_and_changes_nothing() {
    let project = project();
    project.write("cut.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\n");
    project.write(
        "odd.toml",
        "weekend = [\"sat\"]\n[holidays]\n2026-13-01 = \"no\"\n",
    );
    for (file, says) in [
        ("cut.ics", "`VEVENT` of line 2 does not end"),
        ("odd.toml", "line "),
    ] {
        let path = project.path(file).display().to_string();
        project
            .run_with(&["customer", "set", "contoso", "--calendar", &path])
            .exit(2)
            .stderr(file)
            .stderr(says);
    }
    for options in [
        "--due critical=0",
        "--due grave=3",
        "--due critical=99999",
        "--weekend caturday",
        "--response-hours high=-1",
    ] {
        project
            .run(&format!("customer set contoso {options}"))
            .exit(2)
            .stderr("help");
    }
    project
        .run("customer show contoso")
        .ok()
        .stdout("0 holidays");
}

#[test]
fn a_clock_that_pauses_stands_still_while_somebody_is_waited_for() {
    let project = advised();
    project
        .run("customer set contoso --pause-while-waiting yes")
        .ok();
    project
        .run("finding wait contoso adv-1 --on microsoft --why 'a fix'")
        .ok();
    let project = project.at("2026-09-30T09:00:00Z");
    project
        .run("finding list contoso --json")
        .ok()
        .is("/0/due", serde_json::Value::Null)
        .is("/0/overdue", false)
        .is("/0/must_act", "microsoft")
        .is("/0/clocks/elapsed/days", 28)
        .is("/0/clocks/running/days", 0);
    project.run("finding resume contoso adv-1").ok();
    project
        .run("finding show contoso adv-1")
        .ok()
        .stdout("due 14 Oct 2026")
        .stdout("from 2 Sep 2026, Microsoft had to act, for 28 days (20 working)");
}

fn imported() -> Project {
    let project = project();
    project.write("incidents.json", INCIDENTS);
    project.write("tasks.json", TASKS);
    import(&project)
        .ok()
        .stderr("1 managed response new (mr-1)")
        .stderr("left out 1 incident");
    project
}

fn import(project: &Project) -> crate::project::Ran {
    let [incidents, tasks] =
        ["incidents.json", "tasks.json"].map(|name| project.path(name).display().to_string());
    project.run_with(&["managed-response", "import", "contoso", &incidents, &tasks])
}

#[test]
fn incidents_and_their_tasks_become_one_managed_response() {
    let project = imported();
    project
        .run("managed-response list contoso --json")
        .ok()
        .is("/responses/0/title", "Sign-in, \"odd\"")
        .is("/responses/0/status", "pending")
        .is("/responses/0/late", true)
        .is("/responses/0/minutes", 25 * 60)
        .is("/counts/completed", 1)
        .is("/counts/pending", 1)
        .is("/counts/median_minutes", 40);
    project.run("finding list contoso").ok().stdout("mr-1");
    import(&project)
        .ok()
        .stderr("0 managed responses new, 0 changed, 1 as before");
}

#[test]
fn a_managed_response_is_closed_by_its_own_status() {
    let project = imported();
    project
        .run("finding close contoso mr-1 --document x")
        .exit(2);
    project
        .run("managed-response update contoso mr-1 --status completed --at 2026-09-01T09:30:00Z")
        .ok();
    project
        .run("managed-response update contoso mr-1 --status completed --at 2026-09-01T09:30:00Z")
        .ok()
        .stderr("nothing changed");
    project.run("finding list contoso").ok().no_stdout("mr-1");
    project
        .run("finding show contoso mr-1")
        .ok()
        .stdout("closed on 1 Sep 2026, in time");
    project
        .run("managed-response list contoso --all")
        .ok()
        .stdout("took 1 h 30 min")
        .stdout("late");
    project
        .run("managed-response update contoso mr-1 --action 2 --status failed")
        .ok();
    project.run("finding list contoso").ok().stdout("mr-1");
    // What the file says is older than what was recorded since.
    import(&project).ok().stderr("1 as before");
}

#[test]
fn what_cannot_be_a_managed_response_is_refused() {
    let project = imported();
    let add = "managed-response add contoso --title t --severity high --incident";
    project
        .run(&format!("{add} 4711"))
        .exit(2)
        .stderr("is `mr-1` already");
    project
        .run(&format!("{add} 5 --asked-at 2026-09-02T10:00:00Z"))
        .exit(2)
        .stderr("lies ahead");
    project
        .run(&format!("{add} 5 --asked-at 9999-12-31T00:00:00Z"))
        .exit(2)
        .stderr("lies ahead");
    project
        .run("managed-response update contoso mr-9 --status completed")
        .exit(2)
        .stderr("`mr-9` is no managed response");
    project
        .run("managed-response update contoso mr-1 --status completed --action 4")
        .exit(2)
        .stderr("no action 4");
    project
        .run("managed-response update contoso mr-1 --status completed --at 2026-08-01T00:00:00Z")
        .exit(2)
        .stderr("before it was asked");
    for (text, says) in [
        ("{", "cut off"),
        ("[1]", "line 1"),
        ("{\"value\": [{}]}", "neither an incident nor a task"),
        ("", "cut off"),
        (
            "{\"value\": [{\"actionType\": \"text\"}]}",
            "names no incident",
        ),
    ] {
        project.write("bad.json", text);
        let bad = project.path("bad.json").display().to_string();
        project
            .run_with(&["managed-response", "import", "contoso", &bad])
            .exit(2)
            .stderr("bad.json")
            .stderr(says);
    }
}

#[test]
fn a_page_of_several_is_said_and_what_is_unknown_counts_as_pending() {
    let project = project();
    project.write(
        "page.json",
        r#"{ "@odata.nextLink": "https://graph.microsoft.com/x", "value": [
      { "id": "t9", "status": "pondering", "actionType": "sing", "incidentId": 77 } ] }"#,
    );
    let page = project.path("page.json").display().to_string();
    project
        .run_with(&["managed-response", "import", "contoso", &page])
        .ok()
        .stderr("@odata.nextLink")
        .stderr("the status `pondering`")
        .stderr("without title or severity");
    project
        .run("managed-response list contoso")
        .ok()
        .stdout("Another action")
        .stdout("incident 77");
}

#[test]
fn the_status_tells_both_clocks_of_what_waits_or_is_late() {
    let told = |project: &Project| project.run("status contoso").ok().text();
    let project = Project::new()
        .questionnaire("two-questions")
        .answers("start.mfa = no");
    project
        .run("finding plan contoso no-second-factor --owner Li --due 2026-09-10")
        .ok();
    assert!(
        !told(&project).contains("open for"),
        "neither late nor waiting"
    );
    let project = project.at("2026-09-07T09:00:00Z");
    project
        .run("finding wait contoso no-second-factor --on customer --why 'no window'")
        .ok();
    let project = project.at("2026-09-14T09:00:00Z");
    let shown = told(&project);
    for line in [
        "      overdue by 4 days (2 working)\n",
        "      open for 12 days (8 working), running 5 days (3 working)\n",
    ] {
        assert!(shown.contains(line), "{shown}");
    }
    project
        .run("status contoso --json")
        .ok()
        .is("/verdict/findings/0/overdue_by/days", 4)
        .is("/verdict/findings/0/clocks/running/days", 5);
}

#[test]
fn a_clock_set_back_takes_no_time() {
    let project = imported().at("2026-08-01T00:00:00Z");
    project
        .run("managed-response list contoso --json")
        .ok()
        .is("/responses/0/minutes", 0);
    project.run("finding list contoso").ok().stdout("mr-1");
}

#[test]
fn the_services_own_figures_are_recorded_once_and_have_to_add_up() {
    let project = project();
    let figures = "managed-response figures contoso --investigated 41 --resolved 38 --resolved-directly 29 --resolved-with-help 9 --completed 7 --pending 2 --skipped 1 --failed";
    project.run(&format!("{figures} 1")).ok().stderr("recorded");
    project
        .run(&format!("{figures} 1"))
        .ok()
        .stderr("nothing changed");
    project
        .run(&format!("{figures} 1 --until 2026-10-01"))
        .exit(2)
        .stderr("lies ahead");
    project
        .run(&format!("{figures} 1 --days 0"))
        .exit(2)
        .stderr("1 to 366 days");
    let wrong = figures.replace("--resolved 38", "--resolved 30");
    project
        .run(&format!("{wrong} 1"))
        .exit(2)
        .stderr("than resolved at all");
    project
        .run("managed-response list contoso")
        .ok()
        .stdout("41 investigated, 38 resolved");
}

#[test]
fn reports_have_sections_for_both() {
    let project = imported();
    project
        .run("advice add contoso --title 'Block device code' --severity high")
        .ok();
    for audience in ["executive", "technical"] {
        for format in ["html", "md"] {
            let line =
                format!("report contoso --audience {audience} --format {format} --output out");
            project.run(&line).ok();
            let text = project.read(&format!("out/contoso-{audience}.{format}"));
            let late = text.contains("overdue by 1 day (1 working)");
            assert_eq!(late, audience == "technical", "{audience} {format}");
            for part in [
                "Ongoing recommendations",
                "Block device code",
                "Managed responses",
                "Median time to act 40 min",
            ] {
                assert!(text.contains(part), "{audience}.{format} lacks {part}");
            }
        }
    }
}

#[test]
fn history_tells_both() {
    let project = imported();
    project
        .run("advice add contoso --title 'Block device code' --severity high")
        .ok();
    project
        .run("history contoso")
        .ok()
        .stdout("advised, as `adv-1`: Block device code")
        .stdout("managed response `mr-1`, incident 4711: 1 completed, 1 pending");
    project.run("verify").ok();
}
