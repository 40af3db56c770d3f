//! The house rules, held against the project's own files: floors, purity, who prints, what lies where.
//!
//! A rule is a function from a [`Tree`] to what is wrong with it. Each is shown to fail on a small tree before it is held against
//! ours, so that no rule passes because it looks at nothing.

mod code;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::house::code::Code;

/// What may lie at the top of the repository.
const TOP: &[&str] = &[
    ".ci",
    ".config",
    ".gitattributes",
    ".gitignore",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "_typos.toml",
    "benches",
    "clippy.toml",
    "deny.toml",
    "fuzz",
    "questionnaires",
    "rustfmt.toml",
    "src",
    "templates",
    "tests",
];

/// What the domain does without: it takes values, the day among them, and returns values.
const IMPURE: &[&str] = &[
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "std::time",
    "::now(",
    "print!",
    "println!",
    "eprint!",
    "eprintln!",
    "dbg!",
    "async",
    "await",
    "sqlx",
    "tera",
    "tokio",
];

/// What writes to a terminal.
const PRINTING: &[&str] = &[
    "print!",
    "println!",
    "eprint!",
    "eprintln!",
    "io::stdout",
    "io::stderr",
    "std::io::stdout",
    "std::io::stderr",
    "anstream",
];

/// Who may: the one place that prints, the full-screen walk's terminal, and the child that renders templates into a pipe.
const PRINTERS: &[&str] = &[
    "src/cli/ui.rs",
    "src/cli/assess/terminal.rs",
    "src/cli/templates.rs",
];

/// The floors on which an outside crate may be named; a crate not listed here is a matter of course, like `serde`.
const OUTSIDE: &[(&str, &[&str])] = &[
    ("anstream", &["cli"]),
    ("anstyle", &["cli"]),
    ("annotate_snippets", &["problem"]),
    ("anyhow", &["cli", "web"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("directories", &["cli"]),
    ("html5gum", &["report"]),
    ("indicatif", &["cli"]),
    ("pulldown_cmark", &["markdown"]),
    ("ratatui", &["cli"]),
    ("sqlx", &["store"]),
    ("tera", &["template"]),
    ("tokio", &["cli", "store", "template", "web"]),
    ("typst", &["report"]),
    ("typst_assets", &["report"]),
    ("typst_layout", &["report"]),
    ("typst_pdf", &["report"]),
];

/// The floors that may wait for something.
const ASYNC: &[&str] = &["actions", "cli", "store", "web"];

/// The lints that hold a decision, and which nobody may soften.
const LINTS: &[(&str, &[&str])] = &[
    ("rust", &["missing_docs", "unreachable_pub", "unsafe_code"]),
    (
        "clippy",
        &[
            "allow_attributes",
            "dbg_macro",
            "exit",
            "print_stderr",
            "print_stdout",
            "todo",
            "uninlined_format_args",
            "unwrap_used",
            "use_self",
            "wildcard_imports",
        ],
    ),
];

/// Where paths of somebody's machine begin. Put together here, so that this file names none.
const MACHINES: &[&str] = &[
    concat!("/home", "/"),
    concat!("/root", "/"),
    concat!("/Users", "/"),
    concat!("/mnt", "/"),
    concat!("/opt", "/"),
    concat!("/work", "/"),
    concat!("C:", "\\Users"),
];

/// Text files by their path from the top, with `/` between folders.
struct Tree(BTreeMap<String, String>);

impl Tree {
    /// Makes a tree of some files.
    fn of(files: &[(&str, &str)]) -> Self {
        let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        Self(files.iter().map(owned).collect())
    }

    /// Reads the project; what is not text counts as empty.
    fn ours() -> Self {
        let mut files = BTreeMap::new();
        for top in TOP {
            read_into(&mut files, top);
        }
        Self(files)
    }

    /// Returns the text of a file, empty where there is none.
    fn text(&self, path: &str) -> &str {
        self.0.get(path).map_or("", String::as_str)
    }

    fn under<'a>(&'a self, folder: &str, extension: &str) -> Vec<(&'a str, &'a str)> {
        self.0
            .iter()
            .filter(|(path, _)| path.starts_with(folder) && path.ends_with(extension))
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect()
    }

    /// Returns the Rust files of the library under `folder`.
    fn sources(&self, folder: &str) -> Vec<(&str, Code<'_>)> {
        let files = self.under(folder, ".rs").into_iter();
        files.map(|(path, text)| (path, Code::read(text))).collect()
    }
}

fn read_into(files: &mut BTreeMap<String, String>, path: &str) {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if let Ok(entries) = fs::read_dir(&place) {
        for entry in entries {
            let name = entry.unwrap().file_name().into_string().unwrap();
            read_into(files, &format!("{path}/{name}"));
        }
    } else if let Ok(bytes) = fs::read(&place) {
        files.insert(
            path.to_owned(),
            String::from_utf8(bytes).unwrap_or_default(),
        );
    }
}

/// Fails with what is wrong, a line each.
#[track_caller]
fn clean(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// Fails unless `wrong` is one line that holds `part`.
#[track_caller]
fn caught(wrong: &[String], part: &str) {
    assert!(
        matches!(wrong, [only] if only.contains(part)),
        "expected one complaint about `{part}`, found {wrong:?}"
    );
}

// ── floors ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// Reports each use of a module that is declared further down in the same list of modules, and each path that is not named from
/// the crate down. What a list passes on from a module (`pub use`) counts as that module's.
fn floors(tree: &Tree) -> Vec<String> {
    let sources = tree.sources("src/");
    let mut wrong = relative_paths(tree);
    for (list, code) in &sources {
        let plan = Plan::read(&module(list), code);
        for (file, code) in &sources {
            wrong.extend(plan.look(list, file, code));
        }
    }
    wrong
}

/// Reports `super::`, which only tests may say, of what they test.
fn relative_paths(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (file, text) in tree.under("src/", ".rs") {
        let code = text.split("mod tests {").next().unwrap_or_default();
        for path in Code::read(code).paths {
            if path.text.starts_with("super::") && path.text != "super::*" {
                let line = path.line;
                wrong.push(format!(
                    "{file}:{line}: name it from the crate down: `crate::…`"
                ));
            }
        }
    }
    wrong
}

/// A list of modules, in the order of their declaration.
struct Plan {
    /// The module that declares them.
    module: String,
    order: Vec<String>,
    /// By the name of what the declaring file names from a module: that module.
    passed_on: BTreeMap<String, String>,
}

impl Plan {
    fn read(module: &str, code: &Code<'_>) -> Self {
        let order: Vec<String> = code
            .words
            .windows(3)
            .filter(|three| three[0].text == "mod" && three[2].text == ";")
            .map(|three| three[1].text.to_owned())
            .collect();
        let passed_on = code
            .paths
            .iter()
            .filter_map(|path| {
                let inside = path.text.strip_prefix(module);
                let inside = inside.map_or(&*path.text, |inside| inside.trim_start_matches("::"));
                let (child, item) = inside.split_once("::")?;
                let is_child = order.iter().any(|module| module == child);
                is_child.then(|| (item.to_owned(), child.to_owned()))
            })
            .collect();
        Self {
            module: module.to_owned(),
            order,
            passed_on,
        }
    }

    /// Reports what `file`, if it belongs to one of the modules, uses of those declared below it.
    fn look(&self, list: &str, file: &str, code: &Code<'_>) -> Vec<String> {
        let name = module(file);
        let Some(floor) = self.child(&name).and_then(|child| self.floor(child)) else {
            return Vec::new();
        };
        let own = &self.order[floor];
        let mut wrong = BTreeSet::new();
        for path in &code.paths {
            let Some(used) = self.child(&path.text) else {
                continue;
            };
            let used = self.passed_on.get(used).map_or(used, String::as_str);
            if self.floor(used).is_some_and(|used| used > floor) {
                let line = path.line;
                wrong.insert(format!(
                    "{file}:{line}: `{own}` may not use `{used}`, which {list} declares below it"
                ));
            }
        }
        wrong.into_iter().collect()
    }

    /// Returns the first name below this plan's module in `path`.
    fn child<'a>(&self, path: &'a str) -> Option<&'a str> {
        let inside = path.strip_prefix(&self.module)?.strip_prefix("::")?;
        inside.split("::").next()
    }

    fn floor(&self, name: &str) -> Option<usize> {
        self.order.iter().position(|module| module == name)
    }
}

/// Returns the module that a file is: `src/domain/id.rs` is `crate::domain::id`.
fn module(file: &str) -> String {
    let inside = file.trim_start_matches("src/").trim_end_matches(".rs");
    let inside = inside.strip_suffix("/mod").unwrap_or(inside);
    match inside {
        "lib" => "crate".to_owned(),
        "main" => "main".to_owned(),
        _ => format!("crate::{}", inside.replace('/', "::")),
    }
}

#[test]
fn a_use_of_a_lower_module_is_caught() {
    let lib = ("src/lib.rs", "pub mod low;\npub mod high;\n");
    let tree = |low| Tree::of(&[lib, ("src/low.rs", low), ("src/high.rs", "use crate::low;")]);
    clean(&floors(&tree(
        "fn f() { \"crate::high\"; } // crate::high\n",
    )));
    clean(&floors(&tree("use crate::highest;")));
    caught(&floors(&tree("\nuse crate::high::Thing;")), "src/low.rs:2");
    caught(&floors(&tree("use crate::{high, low};")), "`high`");
    caught(&floors(&tree("fn f() { crate::high::go() }")), "`high`");
}

#[test]
fn floors_are_held_in_folders_too() {
    let files = |list, below| {
        Tree::of(&[
            ("src/lib.rs", "mod a;"),
            ("src/a/mod.rs", list),
            ("src/a/one.rs", below),
            ("src/a/two/deep.rs", "use crate::a::one;"),
        ])
    };
    let list = "mod one;\nmod two;\npub use crate::a::two::Thing;";
    clean(&floors(&files(list, "use crate::a::Other;")));
    caught(&floors(&files(list, "use crate::a::Thing;")), "`two`");
    caught(&floors(&files(list, "use crate::a::two::deep;")), "`two`");
    let turned = "mod two;\nmod one;";
    caught(&floors(&files(turned, "")), "src/a/two/deep.rs:1");
}

#[test]
fn a_relative_path_is_caught() {
    let tree = |code| Tree::of(&[("src/a.rs", code)]);
    clean(&floors(&tree(
        "mod tests { use super::*; fn f() { super::f() } }",
    )));
    caught(&floors(&tree("use super::b;")), "src/a.rs:1");
    caught(&floors(&tree("fn f() { super::super::g() }")), "src/a.rs:1");
}

#[test]
fn modules_use_only_what_is_declared_above_them() {
    clean(&floors(&Tree::ours()));
}

// ── what a floor does without ───────────────────────────────────────────────────────────────────────────────────────────────

/// Reports what the domain may not name.
fn impure(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (file, code) in tree.sources("src/domain/") {
        for thing in IMPURE {
            for line in code.naming(thing) {
                wrong.push(format!("{file}:{line}: the domain does without `{thing}`"));
            }
        }
    }
    wrong
}

/// Reports what prints and is not meant to.
fn printing(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (file, code) in tree.sources("src/") {
        if PRINTERS.contains(&file) || file.ends_with("/tests.rs") {
            continue;
        }
        for thing in PRINTING {
            for line in code.naming(thing) {
                wrong.push(format!(
                    "{file}:{line}: `{thing}` belongs in {}",
                    PRINTERS[0]
                ));
            }
        }
    }
    wrong
}

/// Reports outside crates, and waiting, on floors that do without.
fn off_their_floor(tree: &Tree) -> Vec<String> {
    let mut rules = OUTSIDE.to_vec();
    rules.extend([("async", ASYNC), ("await", ASYNC)]);
    let mut wrong = Vec::new();
    for (file, code) in tree.sources("src/") {
        let module = module(file);
        let floor = module.split("::").nth(1).unwrap_or_default();
        for (thing, floors) in &rules {
            if floors.contains(&floor) {
                continue;
            }
            for line in code.naming(thing) {
                let floors = floors.join(", ");
                wrong.push(format!("{file}:{line}: `{thing}` stays in {floors}"));
            }
        }
    }
    wrong
}

#[test]
fn an_impure_domain_is_caught() {
    let tree = |code| Tree::of(&[("src/domain/day.rs", code)]);
    clean(&impure(&tree(
        "/// Not `std::fs`.\nfn literal() -> Iterator { now }",
    )));
    caught(&impure(&tree("use std::{fmt, fs};")), "`std::fs`");
    caught(&impure(&tree("\nlet day = Utc::now();")), "day.rs:2");
    caught(&impure(&tree("println!(\"x\")")), "`println!`");
    caught(&impure(&tree("pub async fn load() {}")), "`async`");
    caught(&impure(&tree("use sqlx::Row;")), "`sqlx`");
    clean(&impure(&Tree::of(&[("src/store/a.rs", "use sqlx::Row;")])));
}

#[test]
fn what_prints_elsewhere_is_caught() {
    let tree = |file, code| Tree::of(&[(file, code)]);
    clean(&printing(&tree("src/cli/ui.rs", "println!(\"x\")")));
    clean(&printing(&tree(
        "src/cli/status.rs",
        "ui::line(\"println!\")",
    )));
    caught(
        &printing(&tree("src/cli/status.rs", "println!()")),
        "status.rs:1",
    );
    caught(
        &printing(&tree("src/a.rs", "io::stdout().write()")),
        "`io::stdout`",
    );
}

#[test]
fn a_crate_off_its_floor_is_caught() {
    let tree = |file, code| Tree::of(&[(file, code)]);
    clean(&off_their_floor(&tree(
        "src/store/sql.rs",
        "use sqlx::Row;",
    )));
    clean(&off_their_floor(&tree(
        "src/template.rs",
        "use tera::Tera;",
    )));
    caught(
        &off_their_floor(&tree("src/report/html.rs", "use tera::Tera;")),
        "`tera` stays in template",
    );
    caught(
        &off_their_floor(&tree("src/catalog/a.rs", "async fn f() {}")),
        "`async`",
    );
}

#[test]
fn the_domain_is_pure() {
    clean(&impure(&Tree::ours()));
}

#[test]
fn one_file_prints() {
    clean(&printing(&Tree::ours()));
}

#[test]
fn outside_crates_stay_on_their_floor() {
    clean(&off_their_floor(&Tree::ours()));
}

// ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// Reports Rust files that do not open with what they are for.
fn unopened(tree: &Tree) -> Vec<String> {
    let says = |text: &str| {
        text.lines()
            .next()
            .and_then(|first| first.strip_prefix("//!"))
            .is_some_and(|first| !first.trim().is_empty())
    };
    tree.under("", ".rs")
        .into_iter()
        .filter(|(file, text)| !file.starts_with("tests/fixtures/") && !says(text))
        .map(|(file, _)| format!("{file}: opens without a `//!` line that says what it is"))
        .collect()
}

/// Reports what lies at the top and has no business there; `ignored` is the text of `.gitignore`.
fn at_the_top(names: &[String], ignored: &str) -> Vec<String> {
    let ignored: Vec<&str> = ignored.lines().map(|line| line.trim_matches('/')).collect();
    names
        .iter()
        .map(String::as_str)
        .filter(|name| *name != ".git" && !TOP.contains(name) && !ignored.contains(name))
        .map(|name| format!("{name}: does not belong at the top of the repository"))
        .collect()
}

/// Reports paths of somebody's machine.
fn machine_paths(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (file, text) in &tree.0 {
        for (number, line) in text.lines().enumerate() {
            let found = MACHINES.iter().find(|machine| {
                line.match_indices(**machine)
                    .any(|(at, _)| begins_a_path(&line[..at]))
            });
            if let Some(machine) = found {
                let number = number + 1;
                wrong.push(format!(
                    "{file}:{number}: names a path of a machine: `{machine}`"
                ));
            }
        }
    }
    wrong
}

/// Returns whether a path may begin after `before`: not in the middle of an address or of another path.
fn begins_a_path(before: &str) -> bool {
    before
        .chars()
        .next_back()
        .is_none_or(|last| !last.is_alphanumeric() && !"/.-_~%}".contains(last))
}

#[test]
fn a_file_that_does_not_say_what_it_is_for_is_caught() {
    clean(&unopened(&Tree::of(&[("src/a.rs", "//! What it is.\n")])));
    caught(
        &unopened(&Tree::of(&[("src/a.rs", "use std::fs;\n")])),
        "src/a.rs",
    );
    caught(
        &unopened(&Tree::of(&[("benches/a.rs", "//!\n")])),
        "benches/a.rs",
    );
}

#[test]
fn a_stranger_at_the_top_is_caught() {
    let names = |name: &str| vec!["src".to_owned(), ".git".to_owned(), name.to_owned()];
    clean(&at_the_top(&names("target"), "/target\n"));
    caught(&at_the_top(&names("notes.txt"), "/target\n"), "notes.txt");
}

#[test]
fn a_path_of_a_machine_is_caught() {
    for machine in MACHINES {
        let line = format!("see `{machine}anna/notes`");
        caught(
            &machine_paths(&Tree::of(&[("README.md", &line)])),
            "README.md:1",
        );
    }
    let address = format!("https://example.com{}page", MACHINES[0]);
    clean(&machine_paths(&Tree::of(&[("README.md", &address)])));
}

#[test]
fn every_file_says_what_it_is_for() {
    clean(&unopened(&Tree::ours()));
}

#[test]
fn nothing_strange_lies_at_the_top() {
    let names: Vec<String> = fs::read_dir(env!("CARGO_MANIFEST_DIR"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    clean(&at_the_top(&names, Tree::ours().text(".gitignore")));
}

#[test]
fn no_file_names_a_path_of_a_machine() {
    clean(&machine_paths(&Tree::ours()));
}

// ── Cargo.toml and CHANGELOG.md ─────────────────────────────────────────────────────────────────────────────────────────────

/// Reports lints that are missing or that only warn.
fn soft_lints(tree: &Tree) -> Vec<String> {
    let manifest: toml::Table = tree.text("Cargo.toml").parse().unwrap();
    let level = |tool: &str, lint: &str| {
        let level = manifest.get("lints")?.get(tool)?.get(lint)?;
        level.as_str().or_else(|| level.get("level")?.as_str())
    };
    let mut wrong = Vec::new();
    for (tool, lints) in LINTS {
        for lint in *lints {
            if !matches!(level(tool, lint), Some("deny" | "forbid")) {
                wrong.push(format!(
                    "Cargo.toml: the lint `{tool}.{lint}` is not denied"
                ));
            }
        }
    }
    wrong
}

/// Reports a version that the newest heading of the changelog does not have.
fn unlisted_version(tree: &Tree) -> Vec<String> {
    let manifest: toml::Table = tree.text("Cargo.toml").parse().unwrap();
    let version = manifest["package"]["version"].as_str().unwrap();
    let newest = tree.text("CHANGELOG.md").lines().find_map(|line| {
        line.strip_prefix("## [")?
            .split_once(']')
            .map(|(name, _)| name)
    });
    match newest {
        Some(newest) if newest == version || newest == "Unreleased" => Vec::new(),
        _ => vec![format!(
            "CHANGELOG.md: the newest heading is neither `[{version}]`, as Cargo.toml has it, nor `[Unreleased]`"
        )],
    }
}

#[test]
fn a_softened_lint_is_caught() {
    let ours = Tree::ours().text("Cargo.toml").to_owned();
    let soft = |from, to| Tree::of(&[("Cargo.toml", &ours.replacen(from, to, 1))]);
    caught(
        &soft_lints(&soft("todo = \"deny\"", "todo = \"warn\"")),
        "`clippy.todo`",
    );
    caught(&soft_lints(&soft("todo = \"deny\"", "")), "`clippy.todo`");
    clean(&soft_lints(&soft(
        "todo = \"deny\"",
        "todo = { level = \"forbid\" }",
    )));
}

#[test]
fn a_version_without_a_heading_is_caught() {
    let tree = |changes| {
        let manifest = "[package]\nversion = \"1.2.0\"";
        Tree::of(&[("Cargo.toml", manifest), ("CHANGELOG.md", changes)])
    };
    clean(&unlisted_version(&tree(
        "# Changelog\n## [1.2.0] - 2026-09-02\n## [1.1.0]",
    )));
    clean(&unlisted_version(&tree("## [Unreleased]\n## [1.1.0]")));
    caught(
        &unlisted_version(&tree("## [1.1.0]\n## [1.2.0]")),
        "`[1.2.0]`",
    );
    caught(&unlisted_version(&tree("")), "`[1.2.0]`");
}

#[test]
fn lints_that_hold_a_decision_are_denied() {
    clean(&soft_lints(&Tree::ours()));
}

#[test]
fn the_changelog_knows_the_version() {
    clean(&unlisted_version(&Tree::ours()));
}

// ── content ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// Reports recommendations that no shipped questionnaire names, names without a file, and questionnaires under another name than
/// their id.
fn stray_content(tree: &Tree) -> Vec<String> {
    const SHARED: &str = "templates/recommendations/";
    let mut wrong = Vec::new();
    let mut named = BTreeSet::new();
    for (file, text) in tree.under("questionnaires/", ".toml") {
        let table: toml::Table = match text.parse() {
            Ok(table) => table,
            Err(error) => {
                wrong.push(format!("{file}: {error}"));
                continue;
            }
        };
        let inside = file.trim_start_matches("questionnaires/");
        let name = inside.split('/').next().unwrap().trim_end_matches(".toml");
        let id = table.get("id").and_then(toml::Value::as_str);
        if id.is_some_and(|id| id != name) {
            wrong.push(format!(
                "{file}: the id is not `{name}`, as the file is called"
            ));
        }
        for recommendation in recommended(&table) {
            let own = format!("questionnaires/{name}/recommendations/{recommendation}.md");
            let shared = format!("{SHARED}{recommendation}.md");
            if !tree.0.contains_key(&own) && !tree.0.contains_key(&shared) {
                wrong.push(format!(
                    "{file}: nobody wrote the recommendation `{recommendation}`"
                ));
            }
            named.extend([own, shared]);
        }
    }
    let recommendations = tree.under("", ".md").into_iter().map(|(file, _)| file);
    for file in recommendations.filter(|file| file.contains("/recommendations/")) {
        if !file.starts_with("tests/") && !named.contains(file) {
            wrong.push(format!("{file}: no finding recommends it"));
        }
    }
    wrong
}

/// Returns what the findings of a questionnaire's file recommend.
fn recommended(table: &toml::Table) -> Vec<String> {
    let list = |value: Option<&toml::Value>| value.and_then(toml::Value::as_array).cloned();
    list(table.get("finding"))
        .unwrap_or_default()
        .iter()
        .flat_map(|finding| list(finding.get("recommend")).unwrap_or_default())
        .filter_map(|id| id.as_str().map(str::to_owned))
        .collect()
}

#[test]
fn stray_content_is_caught() {
    let finding = "[[finding]]\nid = \"x\"\nrecommend = [\"do-it\"]\n";
    let tree = |id: &str, recommendation: &str| {
        let text = format!("id = \"{id}\"\n{finding}");
        Tree::of(&[
            ("questionnaires/small/questionnaire.toml", &text),
            (recommendation, ""),
        ])
    };
    clean(&stray_content(&tree(
        "small",
        "templates/recommendations/do-it.md",
    )));
    clean(&stray_content(&tree(
        "small",
        "questionnaires/small/recommendations/do-it.md",
    )));
    caught(
        &stray_content(&tree("large", "templates/recommendations/do-it.md")),
        "`small`",
    );
    let wrong = stray_content(&tree("small", "templates/recommendations/other.md"));
    assert_eq!(wrong.len(), 2, "{wrong:?}");
    assert!(wrong[0].contains("`do-it`") && wrong[1].contains("other.md"));
}

#[test]
fn every_recommendation_is_used_and_every_id_is_its_files_name() {
    clean(&stray_content(&Tree::ours()));
}
