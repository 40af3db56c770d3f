//! Titles that fit several controls, or none that we know: asked, settled by a person, and remembered.

use crate::project::Project;

/// Two controls go by the second title in the portal, and none that we know by the first.
const TABLE: &str = "\
Rank,Recommended action,Score impact,Points achieved,Status,Have license?,Category,Product,Last synced
1,Blockera äldre inloggning,+1 %,8/8,Completed,Yes,Identity,Microsoft Entra ID,2026-04-01
2,Enable multi-factor authentication,+1 %,7/7,Completed,Yes,Apps,Okta,2026-04-01
3,Enable multi-factor authentication,+1 %,0/7,To address,Yes,Apps,Zoom,2026-04-01
";

fn project() -> Project {
    let project = Project::new().questionnaire("evidence");
    project.write("portal.csv", TABLE);
    project
}

/// Returns what is proposed for the question that reads the first title's control.
fn proposed(project: &Project) -> serde_json::Value {
    let all = project.run("evidence review contoso --json").ok().json();
    let mut all = all.as_array().unwrap().iter();
    let found = all.find(|one| one["question"] == "identity.legacy");
    found.map_or(serde_json::Value::Null, |one| {
        one["proposal"]["value"].clone()
    })
}

fn standing(project: &Project) -> Vec<u64> {
    let all = project.run("evidence list contoso --json").ok().json();
    let all = all.as_array().unwrap().iter();
    all.filter(|one| one["withdrawn"].is_null())
        .map(|one| one["entry"].as_u64().unwrap())
        .collect()
}

#[test]
fn a_title_that_fits_several_controls_or_none_is_asked_and_proposes_nothing() {
    let project = project();
    project
        .run("evidence import contoso portal.csv")
        .ok()
        .stderr("3 titles do not tell which control")
        .stderr("“Blockera äldre inloggning” (Completed; 8/8): no control that we know")
        .stderr("“Enable multi-factor authentication (Okta)”")
        .stderr("MDA_Okta_MFA, MDA_SNOW_authenticateMultifactor, MDA_Zoom_MFA")
        .stderr("readiness evidence settle contoso");
    assert_eq!(proposed(&project), serde_json::Value::Null);
    project
        .run("evidence settle contoso")
        .ok()
        .stdout("“Enable multi-factor authentication (Zoom)” (To address; 0/7)");
}

#[test]
fn a_title_that_a_person_settled_proposes_and_is_remembered_for_later_files() {
    let project = project();
    project.run("evidence import contoso portal.csv").ok();
    project
        .run_with(&[
            "evidence",
            "settle",
            "contoso",
            "blockera äldre  INLOGGNING=BlockLegacyAuthentication",
            "Enable multi-factor authentication (Okta) = MDA_Okta_MFA",
        ])
        .ok()
        .stderr("2 titles settled; read anew as entry");
    assert_eq!(proposed(&project)["bool"], true);
    assert_eq!(standing(&project).len(), 1);
    project.write(
        "may.csv",
        TABLE
            .replace("2026-04", "2026-05")
            .replace("8/8,Completed", "0/8,To address"),
    );
    project
        .run("evidence import contoso may.csv")
        .ok()
        .stderr("“Blockera äldre inloggning” was settled before as BlockLegacyAuthentication")
        .stderr("“Enable multi-factor authentication (Okta)” was settled before as MDA_Okta_MFA")
        .stderr("1 title does not tell which control");
    assert_eq!(proposed(&project)["bool"], false);
    project.run("verify").ok();
}

#[test]
fn the_same_file_with_an_answer_settles_it_and_again_changes_nothing() {
    let project = project();
    project.run("evidence import contoso portal.csv").ok();
    let import = [
        "evidence",
        "import",
        "contoso",
        "portal.csv",
        "--is",
        "Blockera äldre inloggning=BlockLegacyAuthentication",
    ];
    project.run_with(&import).ok().stderr("1 title settled");
    assert_eq!(proposed(&project)["bool"], true);
    let before = standing(&project);
    project.run("evidence import contoso portal.csv").ok();
    assert_eq!(standing(&project), before);
}

#[test]
fn at_import_a_title_is_settled_at_once() {
    let project = project();
    let dry = [
        "evidence",
        "import",
        "contoso",
        "portal.csv",
        "--is",
        "Blockera äldre inloggning=BlockLegacyAuthentication",
        "--dry-run",
    ];
    project.run_with(&dry).ok().stderr("nothing was recorded");
    assert_eq!(standing(&project), Vec::<u64>::new());
    project.run_with(&dry[..6]).ok();
    assert_eq!(proposed(&project)["bool"], true);
    assert_eq!(standing(&project).len(), 1);
}

#[test]
fn what_settles_nothing_is_refused_and_nothing_is_recorded() {
    let project = project();
    project.run("evidence import contoso portal.csv").ok();
    let before = standing(&project);
    for (settlement, why) in [
        // Two rows have this title: which of them is meant is not said.
        (
            "Enable multi-factor authentication=MDA_Okta_MFA",
            "titles that wait: `Blockera äldre inloggning`, `Enable multi-factor authentication (Okta)`",
        ),
        ("No such title=AdminMFAV2", "no title `No such title` waits"),
        ("Blockera äldre inloggning", "TITLE=CONTROL"),
        (
            "Blockera äldre inloggning=NoSuchControl",
            "`NoSuchControl` is no control of Secure Score",
        ),
        ("=AdminMFAV2", "there is no title"),
    ] {
        project
            .run_with(&["evidence", "settle", "contoso", settlement])
            .exit(2)
            .stderr(why);
    }
    assert_eq!(standing(&project), before);
}
