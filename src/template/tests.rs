//! Tests of templates as a whole: escaping, replacing, errors, limits.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::problem::Problem;
use crate::template::engine::Engine;
use crate::template::sources::{self, Sources};
use crate::template::*;

/// Templates of a test: those that are shipped, and those of a folder.
struct Project {
    sources: Sources,
}

impl Project {
    fn shipped(files: &[(&str, &str)]) -> Self {
        let builtin = files
            .iter()
            .map(|(name, text)| (name.to_string(), text.to_string()));
        Self {
            sources: Sources {
                builtin: builtin.collect(),
                ..Sources::default()
            },
        }
    }

    fn folder(mut self, files: &[(&str, &str)]) -> Self {
        let folder = folder(files);
        let (mut replacements, errors) = sources::read_folder(folder.path());
        assert_eq!(errors, []);
        for (name, file) in &mut replacements {
            file.path = format!("my/{name}");
        }
        self.sources.replacements = replacements;
        self
    }

    fn load(self) -> (Engine, Vec<String>) {
        let (engine, errors) = Engine::load(self.sources);
        (engine, errors.iter().map(ToString::to_string).collect())
    }

    fn render(self, name: &str, context: Value) -> String {
        let (engine, errors) = self.load();
        assert_eq!(errors, [""; 0]);
        match engine.render(&Subject::Named(name.to_owned()), &context) {
            Ok(text) => text,
            Err(error) => drawn(error),
        }
    }
}

fn drawn(error: TemplateError) -> String {
    Problem::from(error).draw(false)
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder in it");
        fs::write(path, text).expect("a file in it");
    }
    folder
}

/// This test binary, which runs one test: the child.
fn worker() -> Worker {
    let arguments = [
        "template::tests::serves_as_the_child",
        "--exact",
        "--ignored",
        "--nocapture",
        "--test-threads=2",
    ];
    Worker {
        program: std::env::current_exe().expect("this binary"),
        arguments: arguments.map(str::to_owned).to_vec(),
    }
}

#[test]
#[ignore = "not a test: the others start it as the process in which templates render"]
fn serves_as_the_child() {
    let _ = child::child_main(std::io::stdin(), std::io::stdout());
}

const HOSTILE: &str =
    "<script>alert(1)</script> {{ 7*7 }} {% raw %} \"' [x](javascript:y) `a|b`\n# z\u{202e}\x1b[0m";

#[test]
fn every_value_is_escaped_for_html_whatever_the_name() {
    for name in ["report/a.html", "report/a.txt", "report/a.svg", "web/a.css"] {
        assert_eq!(
            Project::shipped(&[(name, "{{ x }}{{ y.z[0] }}")])
                .render(name, json!({"x": HOSTILE, "y": {"z": ["<b>"]}})),
            "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }} {% raw %} &quot;&#39; [x](javascript:y) `a|b`\n# z⟨U+202E⟩␛[0m&lt;b&gt;"
        );
    }
}

#[test]
fn every_value_is_escaped_for_markdown_in_md() {
    assert_eq!(
        Project::shipped(&[("report/a.md", "| {{ x }} | {{ n }} |")])
            .render("report/a.md", json!({"x": HOSTILE, "n": -5})),
        r#"| &lt;script>alert(1)&lt;/script> {{ 7\*7 }} {% raw %} "' \[x\](javascript:y) \`a\|b\`<br>\# z⟨U+202E⟩␛\[0m | -5 |"#
    );
}

#[test]
fn components_blocks_and_includes_escape_too() {
    let project = Project::shipped(&[
        (
            "base.html",
            "{% block a %}{{ x }}{% endblock %}{% include \"part.txt\" %}",
        ),
        ("part.txt", "{{ x }}{{<Box y={x} />}}"),
        (
            "parts.html",
            "{% component Box(y) %}[{{ y }}]{% endcomponent Box %}",
        ),
        (
            "page.html",
            "{% extends \"base.html\" %}{% block a %}{% set s %}{{ x }}!{% endset %}{{ s }}{{ super() }}{% endblock %}",
        ),
    ]);
    assert_eq!(
        project.render("page.html", json!({"x": "<"})),
        "&lt;!&lt;&lt;[&lt;]"
    );
}

#[test]
fn a_file_of_the_folder_wins_and_may_extend_the_shipped_one() {
    let shipped = [("report/a.html", "A {% block b %}old{% endblock %}")];
    let mine = [(
        "report/a.html",
        "{% extends \"builtin/report/a.html\" %}{% block b %}new, not {{ super() }}{% endblock %}",
    )];
    let project = || Project::shipped(&shipped).folder(&mine);
    assert_eq!(
        project().render("report/a.html", json!({})),
        "A new, not old"
    );
    assert_eq!(
        project().render("builtin/report/a.html", json!({})),
        "A old"
    );
    assert_eq!(
        Project::shipped(&shipped).render("report/a.html", json!({})),
        "A old"
    );
}

#[test]
fn a_part_that_extends_another_is_found() {
    let project = Project::shipped(&[
        ("report/part.html", "A {% block b %}old{% endblock %}"),
        ("report/page.html", "{% include \"report/part.html\" %}"),
    ])
    .folder(&[(
        "report/part.html",
        "{# mine #}\n{%- extends 'builtin/report/part.html' %}{% block b %}new{% endblock %}",
    )]);
    let (engine, errors) = project.load();
    assert_eq!(errors, [""; 0]);
    let found: Vec<_> = engine.lint().iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "my/report/part.html:2:1: another template includes this one, and would show only the blocks that stand here"
        ]
    );
}

#[test]
fn an_undefined_value_is_drawn_where_it_stands() {
    assert_eq!(
        Project::shipped(&[("a.html", "<p>\n  {{ customer.nmae }}\n")])
            .render("a.html", json!({"customer": {"name": "C", "id": 1}})),
        "error: field `nmae` is not defined\n\
         \x20--> builtin/a.html:2:15\n\
         \x20 |\n\
         2 |   {{ customer.nmae }}\n\
         \x20 |               ^^^^\n\
         \x20 |\n\
         \x20 = help: did you mean `name`?"
    );
    let drawn = Project::shipped(&[("a.md", "{{ x }}")]).render("a.md", json!({"y": 1}));
    assert!(
        drawn.starts_with("error: variable `x` is not defined\n"),
        "{drawn}"
    );
    assert!(
        drawn.contains("builtin/a.md:1:4") && drawn.ends_with("= help: there are: y"),
        "{drawn}"
    );
}

#[test]
fn an_error_in_a_parent_or_an_include_names_that_file() {
    let files = [
        (
            "base.html",
            "\n\n<b>{{ typo }}</b>{% block c %}{% endblock %}",
        ),
        ("part.html", "\n{{ other_typo | upper }}"),
        (
            "page.html",
            "{% extends \"base.html\" %}\n{% block c %}\n  {% include \"part.html\" %}{% endblock %}",
        ),
    ];
    let drawn = Project::shipped(&files).render("page.html", json!({}));
    assert!(drawn.contains("--> builtin/base.html:3:7"), "{drawn}");
    let drawn = Project::shipped(&files).render("page.html", json!({"typo": 1}));
    assert!(drawn.contains("--> builtin/part.html:2:4"), "{drawn}");
    assert!(drawn.contains("used at builtin/page.html:3:14"), "{drawn}");
}

#[test]
fn a_folder_shows_all_its_errors_at_once() {
    let (_, errors) = Project::shipped(&[("report/base.html", "{% block a %}{% endblock %}")])
        .folder(&[
            ("report/a.html", "{{ x | upcase }}\n {{ y | lwoer }}"),
            ("report/b.html", "{% if %}"),
            ("report/c.md", "\n{{ x "),
            ("report/d.html", "{% extends \"report/bsae.html\" %}"),
            (
                "report/e.html",
                "ä {% include \"report/nothing-like-it.html\" %}",
            ),
            ("report/f.html", "{% extends \"report/b.html\" %}"),
            ("report/g.html", "{% include \"report/h.html\" %}"),
            ("report/h.html", "\n{% include \"report/g.html\" %}"),
        ])
        .load();
    let mut errors = errors;
    errors.sort();
    assert_eq!(
        errors,
        [
            "my/report/a.html:1:8: unknown filter `upcase`",
            "my/report/a.html:2:9: unknown filter `lwoer`",
            "my/report/b.html:1:7: found `%}` but expected one of: integer, float, string, bool, ident, `-`, `not`, `<`, `{`, `[` or `(`",
            "my/report/c.md:2:5: unexpected end of input",
            "my/report/d.html:1:12: there is no template `report/bsae.html`",
            "my/report/e.html:1:14: unknown template `report/nothing-like-it.html`",
            "my/report/g.html:1:12: `report/g.html` leads back to itself: report/g.html → report/h.html → report/g.html",
        ]
    );
}

#[test]
fn names_that_are_nearly_right_are_suggested() {
    let project = Project::shipped(&[
        ("a.html", "{{ x | markdwn }}"),
        ("b.html", "{% extends \"c.htm\" %}"),
        ("c.html", ""),
    ]);
    let (_, errors) = Engine::load(project.sources);
    let hints: Vec<_> = errors
        .iter()
        .filter_map(|error| error.hint.as_deref())
        .collect();
    assert_eq!(
        hints,
        ["did you mean `c.html`?", "did you mean `markdown`?"]
    );
    let (engine, _) = Project::shipped(&[("report/report.html", "")]).load();
    let error = engine
        .render(&Subject::Named("report/reprot.html".to_owned()), &json!({}))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "report/reprot.html: there is no such template"
    );
    assert_eq!(
        error.hint.as_deref(),
        Some("did you mean `report/report.html`?")
    );
}

fn inline(source: &str) -> Inline {
    Inline {
        file: "rec/a.md".to_owned(),
        source: source.to_owned(),
        first_line: 11,
        mode: Mode::Markdown,
        shipped: false,
    }
}

#[test]
fn inline_templates_count_the_lines_of_their_file() {
    let (engine, _) = Project::shipped(&[("part.md", "- {{ y }}\n")]).load();
    let render =
        |source: &str| engine.render(&Subject::Inline(inline(source)), &json!({"x": "a*b"}));
    assert_eq!(render("1. {{ x }}\n"), Ok("1. a\\*b\n".to_owned()));
    let said = |source: &str| render(source).unwrap_err().to_string();
    assert_eq!(
        said("ok\n{{ z }}"),
        "rec/a.md:12:4: variable `z` is not defined"
    );
    assert_eq!(
        said("{{ x | nofilter }}"),
        "rec/a.md:11:8: unknown filter `nofilter`"
    );
    assert_eq!(
        said("\n\n{% for %}"),
        "rec/a.md:13:8: found `%}` but expected identifier"
    );
    let error = render("\n{% include \"part.md\" %}").unwrap_err();
    assert_eq!(
        (error.to_string().as_str(), error.called_from),
        (
            "builtin/part.md:1:6: variable `y` is not defined",
            vec!["rec/a.md:12:12".to_owned()]
        )
    );
}

#[test]
fn inline_templates_are_checked_without_values() {
    let (engine, _) = Project::shipped(&[("part.md", "")]).load();
    assert_eq!(
        engine.check_inline(&inline("{{ x.y | day }}{% include \"part.md\" %}")),
        Ok(())
    );
    let errors = engine
        .check_inline(&inline("{{ x | a }}\n{{ x | b }}"))
        .unwrap_err();
    let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        errors,
        [
            "rec/a.md:11:8: unknown filter `a`",
            "rec/a.md:12:8: unknown filter `b`"
        ]
    );
}

#[test]
fn output_is_bounded() {
    let doubling = "{% set a = \"0123456789abcdef\" %}".to_owned()
        + &"{% set a = a ~ a %}".repeat(20)
        + &"{{ a }}".repeat(5);
    let drawn = Project::shipped(&[("a.html", &doubling)]).render("a.html", json!({}));
    assert_eq!(drawn, "error: builtin/a.html: writes more than 64 MB");
}

#[test]
fn maps_are_shown_in_their_order() {
    let keys: Vec<String> = (0..50)
        .map(|number| format!("k{}", number * 7 % 50))
        .collect();
    let map: serde_json::Map<String, Value> =
        keys.iter().map(|key| (key.clone(), json!(1))).collect();
    let project = Project::shipped(&[("a.html", "{% for k, v in m %}{{ k }} {% endfor %}")]);
    assert_eq!(
        project.render("a.html", json!({"m": map})),
        keys.join(" ") + " "
    );
}

#[test]
fn large_values_render() {
    for piece in ["<", "|", "*", "`", "[", ">", "{{", "\n", "\\"] {
        let value = piece.repeat(100_000);
        let files = [
            ("a.html", "{{ x }}{{ x | markdown }}"),
            ("b.md", "{{ x }}{{ x | inline_markdown }}"),
        ];
        assert!(
            !Project::shipped(&files)
                .render("a.html", json!({"x": value}))
                .contains("<script")
        );
        Project::shipped(&files).render("b.md", json!({"x": value}));
    }
}

#[test]
fn the_shipped_templates_are_in_order() {
    assert_eq!(Templates::check(None, &worker(), None, &[]), []);
    let templates = Templates::builtin().unwrap();
    assert!(
        templates
            .list()
            .iter()
            .all(|listing| listing.origin == Origin::BuiltIn)
    );
    assert!(
        templates
            .list()
            .iter()
            .all(|listing| templates.source(&listing.name).is_some())
    );
}

#[test]
fn listings_say_what_the_folder_replaces() {
    let folder = folder(&[
        ("report/report.html", "mine"),
        ("report/extra.html", "x"),
        ("logo.png", "\u{0}"),
        (".hidden.md", "{{"),
    ]);
    let templates = Templates::open(Some(folder.path()), &worker()).unwrap();
    let origin = |name: &str| {
        templates
            .list()
            .into_iter()
            .find(|listing| listing.name == name)
            .map(|listing| listing.origin)
    };
    assert_eq!(origin("report/report.html"), Some(Origin::Overridden));
    assert_eq!(origin("report/extra.html"), Some(Origin::Added));
    assert_eq!(origin("logo.png"), None);
    assert_eq!(templates.source("report/report.html"), Some("mine"));
    assert_ne!(templates.source("builtin/report/report.html"), Some("mine"));
    let errors = Templates::check(Some(folder.path()), &worker(), Some("extra"), &[]);
    assert_eq!(errors.len(), 1);
    assert!(errors[0].message.contains("replaces no shipped template"));
}

#[test]
fn a_folder_that_is_not_there_is_said() {
    let errors = Templates::open(Some("no/such/folder".as_ref()), &worker()).unwrap_err();
    assert!(
        errors[0]
            .to_string()
            .starts_with("no/such/folder: cannot be read: "),
        "{}",
        errors[0]
    );
}

#[test]
fn check_finds_what_is_wrong_with_shown_samples() {
    let folder = folder(&[
        ("report/report.html", "{{ a.b }}\n<a href=\"{{ a }}\">"),
        (
            "recommendations/x.md",
            "+++\ntitle = \"X\"\n+++\n{{ x | nope }}",
        ),
    ]);
    let sample = Job {
        subject: Subject::Named("report/report.html".to_owned()),
        context: json!({"a": {"c": 1}}),
    };
    let errors = Templates::check(Some(folder.path()), &worker(), None, &[sample]);
    let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
    let path = |name: &str| folder.path().join(name).display().to_string();
    assert_eq!(
        errors,
        [
            format!(
                "{}:4:8: unknown filter `nope`",
                path("recommendations/x.md")
            ),
            format!(
                "{}:1:6: field `b` is not defined",
                path("report/report.html")
            ),
            format!(
                "{}:2:10: a value in `href` may be a `javascript:` address",
                path("report/report.html")
            ),
        ]
    );
}

#[test]
fn templates_of_a_folder_render_in_a_child() {
    let folder = folder(&[("report/report.html", "{{ x }}, \n{{ y }}")]);
    let templates = Templates::open(Some(folder.path()), &worker()).unwrap();
    assert_eq!(
        templates.render("report/report.html", &json!({"x": "<ä\n", "y": 2})),
        Ok("&lt;ä\n, \n2".to_owned())
    );
    let error = templates
        .render("report/report.html", &json!({"x": 1}))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "{}:2:4: variable `y` is not defined",
            templates.path("report/report.html")
        )
    );
    let jobs: Vec<Job> = (0..3)
        .map(|x| Job {
            subject: Subject::Inline(inline("{{ x }}")),
            context: json!({"x": x}),
        })
        .collect();
    assert_eq!(
        templates.render_all(&jobs),
        [Ok("0".to_owned()), Ok("1".to_owned()), Ok("2".to_owned())]
    );
}

#[test]
fn a_hostile_template_ends_its_child_only() {
    let doubling = "{% set a = \"0123456789abcdefghijklmnopqrstuv\" %}\n".to_owned()
        + &"{% set a = a ~ a %}\n".repeat(27);
    let folder = folder(&[("report/report.html", &doubling)]);
    let templates = Templates::open(Some(folder.path()), &worker()).unwrap();
    let fine = Job {
        subject: Subject::Inline(inline("fine")),
        context: json!({}),
    };
    let hostile = Job {
        subject: Subject::Named("report/report.html".to_owned()),
        context: json!({}),
    };
    let results = templates.render_all(&[fine.clone(), hostile, fine]);
    assert_eq!(results[0], Ok("fine".to_owned()));
    let error = results[1].clone().unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "{}: takes more than 1 GiB of memory",
            templates.path("report/report.html")
        )
    );
    assert_eq!(results[2], Err(error));
}

#[test]
#[ignore = "takes ten seconds of processor time"]
fn an_endless_template_ends_its_child_only() {
    let nested = "{% for i in range(end=100000) %}".repeat(4) + &"{% endfor %}".repeat(4);
    let folder = folder(&[("report/report.html", &nested)]);
    let templates = Templates::open(Some(folder.path()), &worker()).unwrap();
    let error = templates
        .render("report/report.html", &json!({}))
        .unwrap_err();
    assert!(error.message.starts_with("takes more than "), "{error}");
}

#[test]
fn an_inline_template_that_is_not_shipped_renders_in_a_child() {
    let nowhere = Worker {
        program: "/no/such/program".into(),
        arguments: Vec::new(),
    };
    let templates = Templates::open(None, &nowhere).unwrap();
    let shipped = Inline {
        shipped: true,
        ..inline("{{ x }}")
    };
    assert_eq!(
        templates.render_inline(&shipped, &json!({"x": 1})),
        Ok("1".to_owned())
    );
    let error = templates
        .render_inline(&inline("{{ x }}"), &json!({"x": 1}))
        .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("rec/a.md: cannot be rendered: starting /no/such/program: "),
        "{error}"
    );
    let context = json!({"x": 1});
    let jobs = [shipped, inline("")].map(|inline| Job {
        subject: Subject::Inline(inline),
        context: context.clone(),
    });
    let results = templates.render_all(&jobs);
    assert_eq!(
        (&results[0], results[1].is_err()),
        (&Ok("1".to_owned()), true)
    );
}

#[test]
fn a_worker_that_does_not_answer_is_said() {
    let worker = Worker {
        program: "/bin/cat".into(),
        arguments: Vec::new(),
    };
    let templates = Templates::open(None, &worker).unwrap();
    let error = templates
        .render_inline(&inline("x"), &json!({}))
        .unwrap_err();
    assert!(
        error
            .message
            .starts_with("ended the process that renders it"),
        "{error}"
    );
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_template_text_makes_reading_panic(pieces in proptest::collection::vec(proptest::sample::select(vec![
        "{{", "}}", "{%", "%}", "{#", "#}", "\"", "'", "`", "|", "(", ")", "[", "]", "if ", "for ", "in ", "endif", "set a = ", "a", ".b", " ",
        "\n", "é", "include ", "extends ", "block x", "endblock", "component ", "~", "-", "1", "<a href=", "<script>", "{{<A/>}}", "raw", "\u{0}", "\\",
    ]), 0..20)) {
        let text = pieces.concat();
        let project = Project::shipped(&[("a.html", &text), ("b.md", &text)]);
        let (engine, _) = project.load();
        engine.lint();
        let _ = engine.render(&Subject::Inline(inline(&text)), &json!({"a": {"b": 1}}));
        let _ = engine.render(&Subject::Named("a.html".to_owned()), &json!({"a": {"b": 1}}));
    }
}
