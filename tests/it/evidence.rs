//! Evidence: what is taken in, what it proposes, what it contradicts, and what is refused.

use std::fs;
use std::io::Cursor;
use std::process::{Command, Stdio};

use crate::project::{Project, Ran, copy, fixture};

/// The tenant of the fixtures.
const TENANT: &str = "5f0c2e9a-1b7d-4a53-9a0e-7d3b8c6f2e11";

/// Returns a project whose customer has the fixtures' tenant.
fn project() -> Project {
    let project = Project::new().questionnaire("evidence");
    tenant(&project, TENANT);
    project
}

fn tenant(project: &Project, id: &str) {
    let tenant = format!("{id},Northwind Traders,northwind.example");
    project
        .run_with(&["customer", "set", "contoso", "--tenant", &tenant])
        .ok();
}

/// Brings a fixture and takes it in.
fn import(project: &Project, file: &str) -> Ran {
    bring(project, file);
    project.run(&format!("evidence import contoso {file}"))
}

fn bring(project: &Project, file: &str) {
    project.write(file, fs::read(fixture("evidence").join(file)).unwrap());
}

/// Writes a result of ScubaGear for one control, and takes it in.
fn scuba(project: &Project, at: &str, control: &str, result: &str) -> Ran {
    let file = format!("scuba-{}.json", at.replace(':', ""));
    project.write(&file, scuba_file(TENANT, at, control, result));
    project.run(&format!("evidence import contoso {file}"))
}

fn scuba_file(tenant: &str, at: &str, control: &str, result: &str) -> String {
    let controls = serde_json::json!([{
        "Control ID": control, "Requirement": "R", "Result": result, "Criticality": "Shall", "Details": "D" }]);
    serde_json::json!({
        "Raw": {}, "Summary": {},
        "MetaData": { "TenantId": tenant, "DisplayName": "Northwind Traders", "DomainName": "northwind.example",
            "Tool": "ScubaGear", "ToolVersion": "1.5.0", "TimestampZulu": at },
        "Results": { "AAD": [{ "GroupName": "G", "GroupNumber": "1", "GroupReferenceURL": "", "Controls": controls }] },
    })
    .to_string()
}

fn review(project: &Project) -> serde_json::Value {
    project.run("evidence review contoso --json").ok().json()
}

/// Returns what is heard on a question.
fn heard(project: &Project, question: &str) -> serde_json::Value {
    let all = review(project);
    let mut all = all.as_array().unwrap().iter();
    let found = all.find(|one| one["question"] == question);
    found.cloned().unwrap_or(serde_json::Value::Null)
}

#[test]
fn a_file_proposes_and_a_person_accepts() {
    let project = project();
    import(&project, "scubagear/consolidated-13-fields.json")
        .ok()
        .stdout("ScubaGear, consolidated results, 4 May 2026");
    assert_eq!(
        heard(&project, "identity.mfa")["proposal"]["value"]["choice"],
        "strong"
    );
    project
        .run("status contoso")
        .ok()
        .stdout("proposed by tools");
    project
        .run("evidence review contoso --accept-agreeing")
        .ok()
        .stderr("2 answers taken over");
    let explained = project.run("explain contoso identity.mfa").ok();
    explained
        .stdout("measured on 4 May 2026")
        .stdout("evidence, ScubaGear MS.AAD.3.2v2: “Pass” = met");
    project
        .run("evidence review contoso --accept-agreeing")
        .ok()
        .stderr("0 answers taken over");
}

#[test]
fn an_omission_an_error_and_a_disputed_result_propose_nothing() {
    for result in [
        "Omitted",
        "Error",
        "N/A",
        "-",
        "Incorrect result",
        "This product does not currently have the capability to be checked",
    ] {
        let project = project();
        scuba(&project, "2026-05-04T10:00:00Z", "MS.AAD.3.2v2", result).ok();
        assert_eq!(
            heard(&project, "identity.mfa")["proposal"],
            serde_json::Value::Null,
            "{result}"
        );
    }
}

#[test]
fn what_a_person_said_and_a_tool_denies_is_listed_until_it_is_settled() {
    let project = project().answers("identity.alerts = yes");
    import(&project, "scubagear/consolidated-13-fields.json").ok();
    let listed = "Tools contradict what was said: 1 disagreement";
    project
        .run("status contoso")
        .ok()
        .stdout(listed)
        .stdout("identity.alerts: said Yes");
    project
        .run("explain contoso identity.alerts")
        .ok()
        .stdout("contradicts: ScubaGear");
    project
        .run("report contoso --audience technical --format md --output out")
        .ok();
    let page = project.read("out/contoso-technical.md");
    assert!(
        page.contains("Where tools contradict what was said"),
        "{page}"
    );
    project
        .run("evidence review contoso --accept-agreeing")
        .ok();
    project.run("status contoso").ok().stdout(listed);
    project
        .run("answer contoso identity.alerts yes --note 'Looked together: they do'")
        .ok();
    project.run("status contoso").ok().no_stdout(listed);
    scuba(
        &project,
        "2026-08-04T10:00:00Z",
        "MS.SECURITYSUITE.4.2v1",
        "Fail",
    )
    .ok();
    project.run("status contoso").ok().stdout(listed);
}

#[test]
fn an_answer_given_after_the_evidence_contradicts_it_all_the_same() {
    let project = project();
    import(&project, "scubagear/consolidated-13-fields.json").ok();
    let project = project.answers("identity.alerts = yes");
    project
        .run("status contoso --json")
        .ok()
        .is("/disagreements/0", "identity.alerts");
    project
        .run("evidence review contoso --refuse identity.alerts --reason 'The tool looks elsewhere'")
        .ok();
    let status = project.run("status contoso --json").ok().json();
    assert_eq!(status["disagreements"], serde_json::json!([]));
    assert_eq!(
        heard(&project, "identity.alerts")["proposal"],
        serde_json::Value::Null
    );
}

#[test]
fn refused_is_not_proposed_again_for_the_same_evidence_and_is_for_newer() {
    let project = project();
    scuba(&project, "2026-05-04T10:00:00Z", "MS.AAD.3.2v2", "Pass").ok();
    project
        .run("evidence review contoso --refuse identity.mfa")
        .exit(2);
    project
        .run("evidence review contoso --refuse identity.mfa --reason 'A lab tenant'")
        .ok();
    assert_eq!(
        heard(&project, "identity.mfa")["proposal"],
        serde_json::Value::Null
    );
    project
        .run("history contoso")
        .ok()
        .stdout("refused what tools propose for `identity.mfa`");
    scuba(&project, "2026-06-04T10:00:00Z", "MS.AAD.3.2v2", "Pass").ok();
    assert_eq!(
        heard(&project, "identity.mfa")["proposal"]["on"],
        "2026-06-04"
    );
}

#[test]
fn older_evidence_never_displaces_newer_and_the_same_file_changes_nothing() {
    let project = project();
    scuba(&project, "2026-06-04T10:00:00Z", "MS.AAD.7.6v1", "Fail").ok();
    scuba(&project, "2026-05-04T10:00:00Z", "MS.AAD.7.6v1", "Pass")
        .ok()
        .stderr("stays in front");
    assert_eq!(
        heard(&project, "identity.mfa")["proposal"]["value"]["choice"],
        "password"
    );
    let before = project.run("history contoso").ok().text();
    scuba(&project, "2026-06-04T10:00:00Z", "MS.AAD.7.6v1", "Fail")
        .ok()
        .stdout("nothing changed");
    assert_eq!(project.run("history contoso").ok().text(), before);
}

#[test]
fn newer_evidence_against_an_answer_of_a_tool_is_a_disagreement_and_older_is_none() {
    let project = project();
    scuba(
        &project,
        "2026-06-04T10:00:00Z",
        "MS.SECURITYSUITE.4.2v1",
        "Pass",
    )
    .ok();
    project
        .run("evidence review contoso --accept identity.alerts")
        .ok();
    project
        .run("evidence withdraw contoso 5 --reason 'Out of date'")
        .exit(2);
    scuba(
        &project,
        "2026-07-04T10:00:00Z",
        "MS.SECURITYSUITE.4.2v1",
        "Fail",
    )
    .ok();
    project
        .run("status contoso --json")
        .ok()
        .is("/disagreements/0", "identity.alerts");
    let project = self::project();
    scuba(
        &project,
        "2026-06-04T10:00:00Z",
        "MS.SECURITYSUITE.4.2v1",
        "Pass",
    )
    .ok();
    project
        .run("evidence review contoso --accept identity.alerts")
        .ok();
    scuba(
        &project,
        "2026-05-04T10:00:00Z",
        "MS.SECURITYSUITE.4.2v1",
        "Fail",
    )
    .ok();
    let status = project.run("status contoso --json").ok().json();
    assert_eq!(status["disagreements"], serde_json::json!([]));
}

#[test]
fn where_sources_differ_there_is_no_proposal_and_all_are_shown() {
    let project = project();
    scuba(&project, "2026-06-04T10:00:00Z", "MS.AAD.3.2v2", "Pass").ok();
    scuba(&project, "2026-07-04T10:00:00Z", "MS.AAD.7.6v1", "Fail").ok();
    let heard = heard(&project, "identity.mfa");
    assert_eq!(heard["proposal"], serde_json::Value::Null);
    assert_eq!(heard["opinions"].as_array().unwrap().len(), 2);
    project
        .run("evidence review contoso --accept identity.mfa")
        .exit(2)
        .stderr("nothing is proposed");
}

#[test]
fn met_by_one_tool_and_not_by_another_is_no_proposal() {
    let project = project();
    scuba(&project, "2026-06-04T10:00:00Z", "MS.AAD.3.2v2", "Pass").ok();
    project.write(
        "score.json",
        r#"[{ "azureTenantId": "5f0c2e9a-1b7d-4a53-9a0e-7d3b8c6f2e11", "createdDateTime": "2026-08-01T00:00:00Z",
            "currentScore": 1.0, "maxScore": 2.0, "controlScores": [{ "controlName": "AdminMFAV2", "score": 5.0,
            "scoreInPercentage": 50.0, "lastSynced": "2026-08-01T00:00:00Z", "implementationStatus": "Some" }] }]"#,
    );
    project.run("evidence import contoso score.json").ok();
    let heard = heard(&project, "identity.mfa");
    assert_eq!(heard["proposal"], serde_json::Value::Null, "{heard}");
    assert_eq!(heard["opinions"].as_array().unwrap().len(), 2);
}

#[test]
fn a_file_of_another_tenant_is_refused_unless_the_tenant_is_added() {
    let project = Project::new().questionnaire("evidence");
    bring(&project, "scubagear/consolidated-13-fields.json");
    let line = "evidence import contoso scubagear/consolidated-13-fields.json";
    project
        .run(line)
        .exit(1)
        .stderr("Northwind Traders")
        .stderr("--add-tenant");
    project
        .run("evidence list contoso")
        .ok()
        .stderr("nothing was taken in");
    project
        .run(&format!("{line} --add-tenant --dry-run"))
        .ok()
        .stderr("nothing was recorded");
    project
        .run("evidence list contoso")
        .ok()
        .stderr("nothing was taken in");
    project.run(&format!("{line} --add-tenant")).ok();
    project.run("customer show contoso").ok().stdout(TENANT);
}

#[test]
fn of_two_tenants_both_have_to_say_so() {
    let project = project();
    scuba(&project, "2026-06-04T10:00:00Z", "MS.AAD.3.2v2", "Pass").ok();
    let other = "9d4b7c31-2222-4f7a-8d11-0a5c6e7f8b90";
    project
        .run_with(&["customer", "set", "contoso", "--tenant", other])
        .ok();
    let heard_one = heard(&project, "identity.mfa");
    assert!(
        heard_one["outcome"].as_str().unwrap().contains(other),
        "{heard_one}"
    );
    // Once it has a name, people read the name.
    let named = format!("{other},Contoso Shipping");
    project
        .run_with(&["customer", "set", "contoso", "--tenant", &named])
        .ok();
    let outcome = heard(&project, "identity.mfa")["outcome"].to_string();
    assert!(
        outcome.contains("Contoso Shipping") && !outcome.contains(other),
        "{outcome}"
    );
    project.write(
        "other.json",
        scuba_file(other, "2026-06-05T10:00:00Z", "MS.AAD.3.2v2", "Pass"),
    );
    project.run("evidence import contoso other.json").ok();
    assert_eq!(
        heard(&project, "identity.mfa")["proposal"]["value"]["choice"],
        "strong"
    );
    project
        .run("evidence review contoso")
        .ok()
        .stdout("Contoso Shipping (entry");
}

#[test]
fn a_file_of_several_tenants_asks_which() {
    let project = project();
    bring(&project, "maester/several-tenants.json");
    let line = "evidence import contoso maester/several-tenants.json";
    project
        .run(line)
        .exit(1)
        .stderr("several tenants")
        .stderr("--tenant");
    project.run(&format!("{line} --tenant {TENANT}")).ok();
    project
        .run(&format!("{line} --tenant nobody"))
        .exit(1)
        .stderr("does not speak of");
}

#[test]
fn undated_evidence_is_said_to_be_undated_and_dated_by_a_person() {
    let project = project();
    import(&project, "licences/subscribed-skus.json")
        .ok()
        .stdout("undated");
    project.run("evidence list contoso").ok().stdout("undated");
    let project = self::project();
    bring(&project, "licences/subscribed-skus.json");
    project
        .run("evidence import contoso licences/subscribed-skus.json --taken 2026-08-01")
        .ok()
        .stdout("1 Aug 2026");
    project
        .run("evidence import contoso licences/subscribed-skus.json --taken 2027-01-01")
        .exit(2);
}

#[test]
fn counts_are_proposed_with_what_they_were_counted_of() {
    let project = project();
    import(&project, "defender-endpoint/device-info.json").ok();
    let devices = heard(&project, "endpoint.devices");
    let value = &devices["proposal"]["value"]["coverage"];
    let shown = format!("{} of {}", value["protected"], value["target"]);
    assert_eq!(
        devices["opinions"][0]["observation"]["said"], shown,
        "{devices}"
    );
    let all = project.run("evidence review contoso").ok();
    all.stdout(&format!("“{shown}”"));
}

#[test]
fn old_evidence_is_stale_and_the_answer_it_gives_is_to_be_reviewed() {
    let project = project();
    scuba(&project, "2024-05-04T10:00:00Z", "MS.AAD.3.2v2", "Pass").ok();
    project.run("evidence review contoso").ok().stdout("stale");
    project
        .run("evidence review contoso --accept identity.mfa")
        .ok();
    project.run("status contoso --json").ok().is("/stale", 1);
}

#[test]
fn a_folder_is_taken_as_far_as_it_is_known() {
    let project = project();
    for file in ["consolidated-13-fields.json", "action-plan.csv"] {
        let bytes = fs::read(fixture("evidence/scubagear").join(file)).unwrap();
        project.write(&format!("run/{file}"), bytes);
    }
    project.write("run/notes.txt", "hello");
    project
        .run("evidence import contoso run")
        .ok()
        .stderr("left: notes.txt")
        .stderr("left: action-plan.csv");
    let list = project.run("evidence list contoso --json").ok().json();
    assert_eq!(list.as_array().unwrap().len(), 1);
}

#[test]
fn what_is_no_evidence_is_refused_and_nothing_is_recorded() {
    let project = project();
    let before = project.run("history contoso").ok().text();
    let deep = "[".repeat(200_000);
    let path_tenant = scuba_file(
        "../../etc/passwd",
        "2026-06-04T10:00:00Z",
        "MS.AAD.3.2v2",
        "Pass",
    )
    .replace("northwind.example", "../../etc/passwd")
    .replace("Northwind Traders", "<script>alert(1)</script>");
    let good = scuba_file(TENANT, "2026-06-04T10:00:00Z", "MS.AAD.3.2v2", "Pass");
    for (name, content, says) in [
        ("empty.json", String::new(), "empty"),
        ("deep.json", deep, "deep.json"),
        ("cut.json", good[..good.len() / 2].to_owned(), "cut.json"),
        (
            "conflict.json",
            format!("<<<<<<< HEAD\n{good}\n=======\n>>>>>>> b\n"),
            "conflict.json",
        ),
        (
            "comma.json",
            good.replace("\"Raw\":{}", "\"Raw\":{},,"),
            "comma.json",
        ),
        ("stranger.json", path_tenant, "does not have"),
        (
            "page.html",
            "<html><body># Hello</body></html>".into(),
            "HTML",
        ),
    ] {
        project.write(name, content);
        project
            .run(&format!("evidence import contoso {name}"))
            .exit(1)
            .stderr(says);
        project.write("good.json", &good);
        project
            .run(&format!("evidence import contoso good.json {name}"))
            .exit(1);
    }
    project
        .run("evidence import contoso nowhere.json")
        .exit(1)
        .stderr("check the path");
    assert_eq!(project.run("history contoso").ok().text(), before);
}

#[test]
fn a_file_of_a_gigabyte_is_refused_by_its_size() {
    let project = project();
    let big = fs::File::create(project.path("big.json")).unwrap();
    big.set_len(1 << 30).unwrap();
    project
        .run("evidence import contoso big.json")
        .exit(1)
        .stderr("1024 MiB");
    project
        .run("evidence attach contoso identity.mfa big.json")
        .exit(1)
        .stderr("at most 20 MiB");
    project.write("run/hello.txt", "hello");
    fs::rename(project.path("big.json"), project.path("run/big.json")).unwrap();
    project
        .run("evidence import contoso run")
        .exit(1)
        .stderr("left: big.json");
}

#[test]
fn a_zip_that_swells_is_not_opened() {
    let project = project();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("ScubaResults.json", options).unwrap();
    for _ in 0..64 {
        std::io::Write::write_all(&mut zip, &vec![b' '; 1 << 20]).unwrap();
    }
    project.write("bomb.zip", zip.finish().unwrap().into_inner());
    project
        .run("evidence import contoso bomb.zip")
        .exit(1)
        .stderr("zip archive");
}

#[cfg(unix)]
#[test]
fn links_and_devices_are_refused() {
    let project = project();
    project.write(
        "good.json",
        scuba_file(TENANT, "2026-06-04T10:00:00Z", "MS.AAD.3.2v2", "Pass"),
    );
    std::os::unix::fs::symlink(project.path("good.json"), project.path("link.json")).unwrap();
    project
        .run("evidence import contoso link.json")
        .exit(1)
        .stderr("a link");
    project
        .run("evidence attach contoso identity.mfa link.json")
        .exit(1)
        .stderr("a link");
    project
        .run("evidence import contoso /dev/zero")
        .exit(1)
        .stderr("a device");
}

#[test]
fn documents_are_kept_once_listed_and_never_inlined() {
    let project = project();
    project.write("policy.pdf", "%PDF-1.7 secret words");
    project
        .run("evidence attach contoso identity.mfa policy.pdf policy.pdf")
        .ok()
        .stderr("application/pdf");
    project
        .run("evidence attach contoso identity.mfa policy.pdf")
        .ok()
        .stderr("nothing changed");
    let list = project.run("evidence list contoso --json").ok().json();
    assert_eq!(list.as_array().unwrap().len(), 1);
    let entry = list[0]["entry"].as_u64().unwrap();
    project
        .run("report contoso --audience technical --format md --output out")
        .ok();
    let page = project.read("out/contoso-technical.md");
    let digest = list[0]["evidence"]["file"].as_str().unwrap();
    assert!(
        page.contains(digest) && !page.contains("secret words"),
        "{page}"
    );
    project
        .run(&format!(
            "evidence export contoso {entry} --output back.pdf"
        ))
        .ok();
    assert_eq!(project.read("back.pdf"), "%PDF-1.7 secret words");
    project
        .run(&format!(
            "evidence withdraw contoso {entry} --reason 'The old one'"
        ))
        .ok();
    project
        .run("evidence list contoso")
        .ok()
        .stdout("withdrawn");
    project
        .run("evidence attach contoso identity.nothing policy.pdf")
        .exit(2);
}

#[test]
fn a_bundle_carries_evidence_and_erasing_takes_it_along() {
    let project = project();
    import(&project, "scubagear/consolidated-13-fields.json").ok();
    project.write("policy.pdf", "%PDF-1.7 secret words");
    project
        .run("evidence attach contoso identity.mfa policy.pdf")
        .ok();
    project
        .run("customer export contoso --output contoso.json")
        .ok();
    project
        .run("customer remove contoso --reason 'Left' --confirm contoso")
        .ok();
    let store = fs::read(project.store()).unwrap();
    assert!(!store.windows(12).any(|part| part == b"secret words"));
    let other = Project::new();
    copy(
        &fixture("questionnaires/evidence"),
        &other.path("questionnaires/evidence"),
    );
    other.write("contoso.json", project.read("contoso.json"));
    other.run("customer import contoso.json").ok();
    other.run("verify").ok();
    let review = other.run("evidence review contoso --json").ok().json();
    assert!(!review.as_array().unwrap().is_empty());
}

#[test]
fn a_pack_verifies_without_this_program_and_is_the_same_twice() {
    let project = project();
    bring(&project, "scubagear/consolidated-13-fields.json");
    project
        .run("evidence import contoso scubagear/consolidated-13-fields.json --keep-raw")
        .ok();
    project.write("Übersicht, unterschrieben.pdf", "%PDF-1.7 x");
    project
        .run_with(&[
            "evidence",
            "attach",
            "contoso",
            "identity.mfa",
            "Übersicht, unterschrieben.pdf",
        ])
        .ok();
    project.run("evidence pack contoso --output a.zip").ok();
    project.run("evidence pack contoso --output b.zip").ok();
    let bytes = fs::read(project.path("a.zip")).unwrap();
    assert_eq!(bytes, fs::read(project.path("b.zip")).unwrap());
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = zip
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    assert!(
        names
            .iter()
            .all(|name| name.is_ascii() && !name.contains("..")),
        "{names:?}"
    );
    assert!(
        names
            .iter()
            .any(|name| name.ends_with("bersicht__unterschrieben.pdf")),
        "{names:?}"
    );
    zip.extract(project.path("pack")).unwrap();
    let sum = Command::new("sha256sum")
        .args(["-c", "SHA256SUMS"])
        .current_dir(project.path("pack"))
        .stdout(Stdio::null())
        .status();
    assert!(sum.unwrap().success());
}

#[test]
fn the_sources_of_a_questionnaire_are_counted() {
    project()
        .run("evidence sources evidence")
        .ok()
        .stdout("5 of 5 questions of `evidence`");
}
