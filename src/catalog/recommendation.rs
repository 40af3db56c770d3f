//! Recommendations as written: front matter in TOML between `+++` lines, then Markdown with places for values.
//!
//! Rendering one for a customer is the business of reports; here it is read, and the names that it uses are looked up.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalog::near;
use crate::catalog::notes::Notes;
use crate::catalog::read::{self, Sources};
use crate::catalog::shape::Shapes;
use crate::catalog::tree::{At, Spot};
use crate::catalog::written;
use crate::domain::id::RecommendationId;
use crate::domain::questionnaire::{Effort, Level, Party, Recommendation};
use crate::problem::{Place, Problem, SourceText};

/// The front matter of a recommendation.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FrontMatter {
    /// The title that people read.
    pub title: String,
    /// How long it takes.
    pub effort: Effort,
    /// What users notice.
    pub user_impact: Level,
    /// What it costs.
    pub cost: Level,
    /// Who acts.
    pub acts: Party,
    /// What must be there first, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prerequisites: Vec<String>,
    /// The recommendations that must be followed first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<String>,
    /// Sources: `id` or `id:part`, as the questionnaire names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refs: Vec<String>,
    /// Ids of frameworks, by framework.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub frameworks: BTreeMap<String, Vec<String>>,
}

/// A recommendation as written; this is also how it is pinned.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Written {
    /// The front matter.
    pub(crate) facts: FrontMatter,
    /// The body.
    pub(crate) body: String,
    /// On which line of its file the body begins, counted from 1.
    #[serde(skip, default = "first_line")]
    pub(crate) body_line: usize,
}

fn first_line() -> usize {
    1
}

/// A recommendation that was read from a file.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) written: Written,
    pub(crate) source: Arc<SourceText>,
    spot: Spot,
    /// Where the body begins in the file.
    body_start: usize,
}

impl Read {
    /// Points at the front matter.
    pub(crate) fn at(&self) -> At<'_> {
        At::new(&self.source, &self.spot)
    }

    /// Points into the body.
    pub(crate) fn in_body(&self, part: Range<usize>) -> Place {
        let span = self.body_start + part.start..self.body_start + part.end;
        Place::new(Arc::clone(&self.source), span)
    }
}

/// Reads a recommendation; everything wrong with it is noted as E030.
pub(crate) fn read(source: &Arc<SourceText>, notes: &mut Notes) -> Option<Read> {
    static SHAPES: LazyLock<Shapes> = LazyLock::new(Shapes::of::<FrontMatter>);
    let Some((front, body_start)) = parts(&source.text) else {
        let problem = Problem::error("a recommendation begins with front matter").code("E030");
        let place = Place::new(Arc::clone(source), 0..0);
        let help = "write its TOML between two lines `+++`, and the Markdown after them";
        notes.problems.push(problem.at(place).help(help));
        return None;
    };
    // Everything around the front matter becomes blank, so that positions stay those of the file.
    let mut text: String = (source.text[..front.start].bytes())
        .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
        .collect();
    text.push_str(&source.text[front]);
    let before = notes.problems.0.len();
    let part = read::stretch::<FrontMatter>(source, &text, &SHAPES, notes);
    for problem in notes.problems.0.iter_mut().skip(before) {
        problem.code = Some("E030");
    }
    let facts = part.written?;
    let written = Written {
        facts,
        body: source.text[body_start..].to_owned(),
        body_line: source.text[..body_start].matches('\n').count() + 1,
    };
    Some(Read {
        written,
        source: Arc::clone(source),
        spot: part.spot,
        body_start,
    })
}

/// Finds the front matter, and where the body begins.
fn parts(text: &str) -> Option<(Range<usize>, usize)> {
    let mut start = None;
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let line_end = line_start + line.len();
        let is_fence = line.trim_start_matches('\u{feff}').trim_end() == "+++";
        match start {
            None if is_fence => start = Some(line_end),
            Some(start) if is_fence => return Some((start..line_start, line_end)),
            None if !line.trim_start_matches('\u{feff}').trim().is_empty() => return None,
            _ => {}
        }
        line_start = line_end;
    }
    None
}

impl Written {
    /// Makes the recommendation called `id`; names that are none are left out, as they were noted when it was read.
    pub(crate) fn recommendation(&self, id: RecommendationId) -> Recommendation {
        let facts = &self.facts;
        Recommendation {
            id,
            title: facts.title.clone(),
            effort: facts.effort,
            user_impact: facts.user_impact,
            cost: facts.cost,
            acts: facts.acts,
            prerequisites: facts.prerequisites.clone(),
            depends_on: (facts.depends_on.iter())
                .filter_map(|id| id.parse().ok())
                .collect(),
            refs: facts.refs.clone(),
            frameworks: facts.frameworks.clone(),
            body: self.body.clone(),
            body_line: self.body_line,
        }
    }
}

/// Reads the recommendations that findings name, and those that these depend on; `look_up` finds the file of one.
pub(crate) fn gather(
    questionnaire: &written::Questionnaire,
    sources: &Sources,
    mut look_up: impl FnMut(&RecommendationId, &mut Notes) -> Option<Arc<SourceText>>,
    notes: &mut Notes,
) -> BTreeMap<RecommendationId, Read> {
    let mut read_so_far = BTreeMap::new();
    let mut wanted: Vec<(String, Option<Place>)> = Vec::new();
    for (place, finding) in questionnaire.finding.iter().enumerate() {
        let at = sources.finding(place).key("recommend");
        let names = finding.recommend.iter().enumerate();
        wanted.extend(names.map(|(item, name)| (name.clone(), at.item(item).place())));
    }
    wanted.reverse();
    let mut sought = BTreeSet::new();
    while let Some((name, place)) = wanted.pop() {
        let Ok(id) = name.parse::<RecommendationId>() else {
            notes.problems.push(missing(&name, place));
            continue;
        };
        if read_so_far.contains_key(&id) {
            continue;
        }
        let Some(source) = look_up(&id, notes) else {
            notes.problems.push(missing(&name, place));
            continue;
        };
        if !sought.insert(id.clone()) {
            continue;
        }
        if let Some(recommendation) = read(&source, notes) {
            let at = recommendation.at().key("depends_on");
            let names = recommendation.written.facts.depends_on.iter().enumerate();
            wanted.extend(names.map(|(item, name)| (name.clone(), at.item(item).place())));
            read_so_far.insert(id, recommendation);
        } else {
            notes.lost.insert(format!("recommendations/{id}"));
        }
    }
    read_so_far
}

fn missing(name: &str, place: Option<Place>) -> Problem {
    let shown = near::short(name);
    let problem = Problem::error(format!("no recommendation is called `{shown}`")).code("E030");
    let help = "write its file `<name>.md` under the questionnaire's `recommendations/`, or under `templates/recommendations/`";
    Problem {
        place,
        ..problem.help(help)
    }
}

/// A name in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    /// What it belongs to: `answers`, `derived`, `terms` or `customer`.
    pub(crate) root: &'static str,
    /// The rest of it.
    pub(crate) path: String,
    /// Where it stands in the body.
    pub(crate) span: Range<usize>,
}

/// What a template may name things of.
const ROOTS: [&str; 4] = ["answers", "derived", "terms", "customer"];

/// Returns the names of answers, derived values, terms and the customer that stand in the tags of a template, in the forms
/// `derived.id`, `answers["section.question"]`, `answers.section.question` and `answers | get(key="section.question")`.
pub(crate) fn names(body: &str) -> Vec<Name> {
    tags(body)
        .flat_map(|tag| names_in(&body[tag.clone()], tag.start))
        .collect()
}

/// Finds the insides of `{{ … }}` and `{% … %}`.
fn tags(body: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = &body[from..];
        let (open, close) = [("{{", "}}"), ("{%", "%}")]
            .into_iter()
            .filter_map(|(open, close)| Some((rest.find(open)?, close)))
            .min_by_key(|(at, _)| *at)?;
        let start = from + open + 2;
        let length = body[start..].find(close).unwrap_or(body.len() - start);
        from = (start + length + 2).min(body.len());
        Some(start..start + length)
    })
}

fn names_in(tag: &str, offset: usize) -> Vec<Name> {
    let mut names = Vec::new();
    for (start, word) in words(tag) {
        let Some(root) = ROOTS.into_iter().find(|root| *root == word) else {
            continue;
        };
        if tag[..start].trim_end().ends_with('.') {
            continue;
        }
        let after = start + word.len();
        if let Some(path) = path_after(&tag[after..]) {
            let path_start = after + path.start;
            names.push(Name {
                root,
                path: tag[path_start..after + path.end].to_owned(),
                span: offset + path_start..offset + after + path.end,
            });
        }
    }
    names
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// Returns the words outside of quotes, with their starts.
fn words(tag: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut start = 0;
    while start < tag.len() {
        let rest = &tag[start..];
        let first = rest.chars().next().unwrap_or(' ');
        let length = match first {
            '"' | '\'' | '`' => rest[1..].find(first).map_or(rest.len(), |end| end + 2),
            _ if is_word(first) => {
                let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                words.push((start, &rest[..length]));
                length
            }
            _ => first.len_utf8(),
        };
        start += length;
    }
    words
}

/// Finds the path that follows a root: `.a.b`, `["a.b"]` or `| get(key="a.b"`.
fn path_after(rest: &str) -> Option<Range<usize>> {
    if let Some(dotted) = rest.strip_prefix('.') {
        let length = dotted
            .find(|c| !(is_word(c) || c == '.'))
            .unwrap_or(dotted.len());
        return Some(1..1 + dotted[..length].trim_end_matches('.').len());
    }
    let compact = rest.trim_start();
    let quote = if compact.starts_with('[') {
        rest.find(['"', '\''])?
    } else {
        let filter = compact.strip_prefix('|')?.trim_start();
        filter.strip_prefix("get")?;
        let key = rest.find("key")?;
        key + rest[key..].find(['"', '\''])?
    };
    let inner = &rest[quote + 1..];
    let end = inner.find(&rest[quote..=quote])?;
    Some(quote + 1..quote + 1 + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_every_form() {
        let body = "{{ terms.sdx }} answers.no {% set x = answers | get(key=\"a.b\", default=\"\") -%}\
            {% if answers['c.d'] and derived.gap and finding.derived.x %}{{ answers.e.f }}{{ \"derived.text\" }}";
        let names: Vec<String> = names(body)
            .into_iter()
            .map(|name| {
                assert_eq!(body[name.span.clone()], name.path);
                format!("{} {}", name.root, name.path)
            })
            .collect();
        let expected = [
            "terms sdx",
            "answers a.b",
            "answers c.d",
            "derived gap",
            "answers e.f",
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn hostile_tags_do_no_harm() {
        for body in [
            "{{",
            "{%",
            "{{ \"",
            "{{ answers[",
            "{{ answers | get(key=",
            "{{ é.answers.",
            "}}{{",
        ] {
            names(body);
        }
    }

    #[test]
    fn front_matter_is_found_after_a_byte_order_mark_and_with_crlf() {
        assert_eq!(
            parts("\u{feff}+++\r\na = 1\r\n+++\r\nbody"),
            Some((8..15, 20))
        );
        assert_eq!(parts("# no front matter"), None);
        assert_eq!(parts("+++\nnever closed"), None);
    }
}
