//! Who is called what: the ids of a questionnaire, judged, with the places of what they name.

use std::collections::HashMap;
use std::str::FromStr;

use crate::catalog::near;
use crate::catalog::notes::Notes;
use crate::catalog::read::Sources;
use crate::catalog::tree::At;
use crate::catalog::written::{self, Type as Kind};
use crate::domain::condition::{Columns, Names, OptionSet, RESERVED, Type};
use crate::domain::id::{
    ColumnId, DerivedId, FindingId, IdFault, OptionId, ProfileId, QuestionId, QuestionnaireId,
    ReferenceId, SectionId, StopId,
};
use crate::problem::Problem;

/// The ids of a questionnaire.
pub(crate) struct Index<'a> {
    pub(crate) written: &'a written::Questionnaire,
    pub(crate) sources: &'a Sources,
    /// The names that expressions may use.
    pub(crate) names: Names,
    pub(crate) sections: HashMap<&'a str, usize>,
    pub(crate) profiles: HashMap<&'a str, usize>,
    pub(crate) findings: HashMap<&'a str, usize>,
    pub(crate) derived: HashMap<&'a str, usize>,
    /// Every question by its full name, with its place among all.
    pub(crate) by_name: HashMap<String, usize>,
    /// Every question in order.
    pub(crate) questions: Vec<Place<'a>>,
}

/// Where a question stands.
pub(crate) struct Place<'a> {
    /// The place of its section.
    pub(crate) section: usize,
    /// Its place within its section.
    pub(crate) item: usize,
    /// Its full name: `section.question`.
    pub(crate) name: String,
    pub(crate) written: &'a written::Question,
    /// The type of its answer.
    pub(crate) ty: Type,
}

impl<'a> Index<'a> {
    /// Looks through a questionnaire and notes every id that is wrong or taken.
    pub(crate) fn new(
        written: &'a written::Questionnaire,
        sources: &'a Sources,
        notes: &mut Notes,
    ) -> Self {
        let mut index = Self {
            written,
            sources,
            names: Names::new(),
            sections: HashMap::new(),
            profiles: HashMap::new(),
            findings: HashMap::new(),
            derived: HashMap::new(),
            by_name: HashMap::new(),
            questions: Vec::new(),
        };
        check::<QuestionnaireId>(sources.main().key("id"), &written.id, notes);
        index.tops(notes);
        index.sections(notes);
        index
    }

    /// Points at the question at `place` among all.
    pub(crate) fn question_at(&self, place: usize) -> At<'a> {
        let question = &self.questions[place];
        let section = self.sources.section(question.section);
        section.key("question").item(question.item)
    }

    /// Points at the profile at `place`.
    pub(crate) fn profile_at(&self, place: usize) -> At<'a> {
        self.sources.main().key("profile").item(place)
    }

    /// Points at the stop at `place`.
    pub(crate) fn stop_at(&self, place: usize) -> At<'a> {
        self.sources.main().key("stop").item(place)
    }

    fn tops(&mut self, notes: &mut Notes) {
        let (written, sources) = (self.written, self.sources);
        for id in written.refs.keys() {
            check::<ReferenceId>(sources.main().key("refs").key(id), id, notes);
        }
        let mut stops = Unique::new("stop", "E010");
        for (place, stop) in written.stop.iter().enumerate() {
            let at = self.stop_at(place).key("id");
            check::<StopId>(at, &stop.id, notes);
            stops.add(&stop.id, place, at, notes);
        }
        let mut profiles = Unique::new("profile", "E010");
        for (place, profile) in written.profile.iter().enumerate() {
            let at = self.profile_at(place).key("id");
            check_free::<ProfileId>(at, &profile.id, notes);
            profiles.add(&profile.id, place, at, notes);
            self.names.profile(&profile.id, place);
        }
        let mut findings = Unique::new("finding", "E010");
        for (place, finding) in written.finding.iter().enumerate() {
            let at = sources.finding(place).key("id");
            check::<FindingId>(at, &finding.id, notes);
            findings.add(&finding.id, place, at, notes);
            self.names.finding(&finding.id, place);
        }
        let mut derived = Unique::new("derived value", "E010");
        for (place, value) in written.derived.iter().enumerate() {
            let at = sources.derived(place).key("id");
            check_free::<DerivedId>(at, &value.id, notes);
            derived.add(&value.id, place, at, notes);
            self.names
                .derived(&value.id, place, derived_type(value.kind));
        }
        self.profiles = profiles.places;
        self.findings = findings.places;
        self.derived = derived.places;
    }

    fn sections(&mut self, notes: &mut Notes) {
        let (written, sources) = (self.written, self.sources);
        let mut unique = Unique::new("section", "E010");
        for (section, content) in written.section.iter().enumerate() {
            let at = sources.section(section);
            check_free::<SectionId>(at.key("id"), &content.id, notes);
            unique.add(&content.id, section, at.key("id"), notes);
            let mut questions = Unique::new("question of this section", "E010");
            for (item, question) in content.question.iter().enumerate() {
                let at = at.key("question").item(item);
                check_name(at.key("id"), &question.id, notes);
                questions.add(&question.id, item, at.key("id"), notes);
                parts(at, question, notes);
                self.add(section, item, &content.id, question);
            }
        }
        self.sections = unique.places;
    }

    fn add(
        &mut self,
        section: usize,
        item: usize,
        section_id: &str,
        question: &'a written::Question,
    ) {
        let ty = question_type(question);
        let place = self.questions.len();
        let name = format!("{section_id}.{}", question.id);
        self.names
            .question(section_id, &question.id, place, ty.clone());
        self.by_name.entry(name.clone()).or_insert(place);
        self.questions.push(Place {
            section,
            item,
            name,
            written: question,
            ty,
        });
    }
}

/// Judges the ids within a question.
fn parts(at: At<'_>, question: &written::Question, notes: &mut Notes) {
    options(at, &question.options, notes);
    let mut rows = Unique::new("row", "E011");
    for (place, row) in question.fixed.iter().enumerate() {
        let at = at.key("fixed").item(place).key("id");
        check_free::<OptionId>(at, &row.id, notes);
        rows.add(&row.id, place, at, notes);
    }
    let mut columns = Unique::new("column", "E010");
    for (place, column) in question.column.iter().enumerate() {
        let at = at.key("column").item(place);
        check_free::<ColumnId>(at.key("id"), &column.id, notes);
        columns.add(&column.id, place, at.key("id"), notes);
        options(at, &column.options, notes);
    }
}

fn options(at: At<'_>, options: &[written::Choice], notes: &mut Notes) {
    let mut unique = Unique::new("option", "E011");
    for (place, option) in options.iter().enumerate() {
        let at = at.key("options").item(place).key("id");
        check_free::<OptionId>(at, &option.id, notes);
        unique.add(&option.id, place, at, notes);
    }
}

/// Notes an id that breaks the rule of its kind.
pub(crate) fn check<T: FromStr<Err = IdFault>>(at: At<'_>, id: &str, notes: &mut Notes) {
    if let Err(fault) = id.parse::<T>() {
        let message = format!("`{}` is not a valid {}", near::short(id), fault.what);
        notes.add(at, Problem::error(message).code("E012").help(fault.rule));
    }
}

/// Notes an id that breaks the rule of its kind, or is a word of the condition language.
fn check_free<T: FromStr<Err = IdFault>>(at: At<'_>, id: &str, notes: &mut Notes) {
    check::<T>(at, id, notes);
    check_reserved(at, id, notes);
}

/// Judges the name of a question within its section, which is written as that of a section is.
fn check_name(at: At<'_>, id: &str, notes: &mut Notes) {
    if let Err(fault) = id.parse::<SectionId>() {
        let message = format!("`{}` is not a valid question id", near::short(id));
        notes.add(at, Problem::error(message).code("E012").help(fault.rule));
    }
    check_reserved(at, id, notes);
}

fn check_reserved(at: At<'_>, id: &str, notes: &mut Notes) {
    if RESERVED.contains(&id) {
        let problem = Problem::error(format!("`{id}` is a word of the condition language"));
        let list = RESERVED.join("`, `");
        let help = format!("take another name; these mean something there: `{list}`");
        notes.add(at, problem.code("E013").help(help));
    }
}

/// Returns the id, or one that stands for any that is wrong: that it is wrong was noted.
pub(crate) fn id<T: FromStr>(text: &str) -> T {
    const ANY: [&str; 2] = ["invalid", "invalid.invalid"];
    let texts = std::iter::once(text).chain(ANY);
    texts
        .filter_map(|text| text.parse().ok())
        .next()
        .expect("`invalid` is a valid id of every kind, `invalid.invalid` of questions")
}

/// Returns the id of a question, or one that stands for any that is wrong.
pub(crate) fn question_id(name: &str) -> QuestionId {
    id(name)
}

/// Ids that may stand only once.
struct Unique<'a> {
    what: &'static str,
    code: &'static str,
    places: HashMap<&'a str, usize>,
    firsts: HashMap<&'a str, Option<crate::problem::Place>>,
}

impl<'a> Unique<'a> {
    fn new(what: &'static str, code: &'static str) -> Self {
        Self {
            what,
            code,
            places: HashMap::new(),
            firsts: HashMap::new(),
        }
    }

    fn add(&mut self, id: &'a str, place: usize, at: At<'_>, notes: &mut Notes) {
        let Some(first) = self.firsts.get(id) else {
            self.places.insert(id, place);
            self.firsts.insert(id, at.place());
            return;
        };
        let message = format!("another {} is called `{}`", self.what, near::short(id));
        let help = match first {
            Some(first) => format!("rename one of them; the first is at {first}"),
            None => "rename one of them".to_owned(),
        };
        notes.add(at, Problem::error(message).code(self.code).help(help));
    }
}

pub(crate) fn derived_type(kind: written::DerivedType) -> Type {
    match kind {
        written::DerivedType::Bool => Type::Bool,
        written::DerivedType::Int => Type::Int,
        written::DerivedType::Decimal => Type::Decimal,
        written::DerivedType::Text => Type::Text,
        written::DerivedType::Date => Type::Date,
    }
}

fn question_type(question: &written::Question) -> Type {
    let columns = || {
        let columns = question.column.iter();
        columns.map(|column| (column.id.as_str(), cell_type(column)))
    };
    match question.kind {
        Kind::Rows => Type::Rows(Columns::new(columns())),
        Kind::Coverage => Type::Coverage,
        kind => single(kind, &question.options),
    }
}

/// Returns the type of a column's cells.
pub(crate) fn cell_type(column: &written::Column) -> Type {
    single(column.kind, &column.options)
}

fn single(kind: Kind, options: &[written::Choice]) -> Type {
    let set = || OptionSet::new(options.iter().map(|option| option.id.as_str()));
    match kind {
        Kind::Bool => Type::Bool,
        Kind::Choice => Type::Option(set()),
        Kind::Multi => Type::Options(set()),
        Kind::Int => Type::Int,
        Kind::Decimal | Kind::Percent => Type::Decimal,
        Kind::Date => Type::Date,
        // A cell of coverage or rows is noted as wrong elsewhere.
        Kind::Text | Kind::Coverage | Kind::Rows => Type::Text,
    }
}
