//! Questions, columns, options and bands.

use rust_decimal::Decimal;

use crate::catalog::build::{Builder, harmless, percent, weight};
use crate::catalog::index;
use crate::catalog::tree::At;
use crate::catalog::written::{self, Type as Written};
use crate::domain::condition::{Columns, Expression, Scope, Slot, Type};
use crate::domain::decision::{Need, Severity};
use crate::domain::questionnaire::{
    Asset, Band, Bounds, Check, Choice, Column, Coverage, EvidenceRule, FixedRow, Kind, NoneOption,
    Question, Raise, Scoring, Table, Tier,
};
use crate::domain::time::Days;

/// What a question and a column have in common.
struct Answer<'q> {
    at: At<'q>,
    /// The place of the question.
    question: usize,
    kind: Written,
    ty: &'q Type,
    options: &'q [written::Choice],
    bands: &'q [written::Band],
    checks: &'q [written::Check],
    bounds: Bounds,
    good: Option<bool>,
    /// Whether a yes-or-no answer is scored although nothing says which one is good.
    yes_is_good: bool,
    not_older_than: Option<&'q str>,
    finding: Option<&'q String>,
    severity: Option<Severity>,
    need: Option<Need>,
    /// The columns beside it.
    row: Option<&'q Columns>,
}

impl<'a> Builder<'a, '_> {
    /// Reads every question in order.
    pub(super) fn questions(&mut self) -> Vec<Question> {
        (0..self.index.questions.len())
            .map(|place| self.question(place))
            .collect()
    }

    fn question(&mut self, place: usize) -> Question {
        let index: &'a index::Index<'a> = self.index;
        let spot = &index.questions[place];
        let written = spot.written;
        let at = index.question_at(place);
        let scope = self.scope().defining(Slot::Question(place));
        let answer = asked(place, written, &spot.ty, at);
        let kind = self.question_kind(&answer, written, &scope);
        let none = self.none(at, written.none.as_ref(), place);
        let scoring = self.question_scoring(&answer, &kind, none.as_ref());
        let unknown = written.unknown.as_ref().and_then(|unknown| {
            let Raised(finding, severity, need) = Raised::from(unknown);
            self.raise(at.key("unknown"), finding, severity, need, place)
        });
        Question {
            id: index::question_id(&spot.name),
            section: spot.section,
            text: self.text(at, "text", &written.text),
            why: self.optional_text(at, "why", written.why.as_ref()),
            help: self.optional_text(at, "help", written.help.as_ref()),
            tier: written.tier,
            weight: written.weight.map_or(written.tier.weight(), weight),
            rule: written.rule,
            refs: self.citations(at, &written.refs),
            ask: written.ask.clone(),
            private: written.private,
            may_be_not_applicable: written.na != Some(written::NotApplicable::Never),
            unknown,
            none,
            when: self.when(at, written.when.as_ref(), &scope),
            applies: self.applies(at, &written.applies),
            recheck_after: self.days(at.key("recheck_after"), written.recheck_after.as_deref()),
            checks: self.checks(&answer, &scope),
            kind,
            scoring,
            evidence: self.evidence(at.key("evidence"), &written.evidence, &spot.ty),
            findings: Vec::new(),
        }
    }

    fn question_kind(
        &mut self,
        answer: &Answer<'_>,
        written: &written::Question,
        scope: &Scope<'_>,
    ) -> Kind {
        match answer.kind {
            Written::Coverage => Kind::Coverage(self.coverage(answer.at, written, scope)),
            Written::Rows => Kind::Rows(self.table(answer, written)),
            _ => self.kind(answer, scope),
        }
    }

    /// Reads the type of a question or column that has one value.
    fn kind(&mut self, answer: &Answer<'_>, scope: &Scope<'_>) -> Kind {
        match answer.kind {
            Written::Bool => Kind::Bool,
            Written::Choice => Kind::Choice(self.options(answer, scope)),
            Written::Multi => Kind::Multi(self.options(answer, scope)),
            Written::Int => Kind::Int(answer.bounds),
            Written::Decimal => Kind::Decimal(answer.bounds),
            Written::Percent => Kind::Percent(answer.bounds),
            Written::Date => Kind::Date,
            // Columns of coverage or rows are noted where keys are held against types.
            Written::Text | Written::Coverage | Written::Rows => Kind::Text,
        }
    }

    fn options(&mut self, answer: &Answer<'_>, scope: &Scope<'_>) -> Vec<Choice> {
        let at = answer.at.key("options");
        let mut options = Vec::with_capacity(answer.options.len());
        for (item, option) in answer.options.iter().enumerate() {
            let at = at.item(item);
            let raises = self.raise(
                at,
                option.finding.as_ref(),
                option.severity,
                option.need,
                answer.question,
            );
            options.push(Choice {
                id: index::id(&option.id),
                text: self.text(at, "text", &option.text),
                score: option.score.map(percent),
                raises,
                exclusive: option.exclusive,
                when: self.when(at, option.when.as_ref(), scope),
            });
        }
        options
    }

    fn coverage(&mut self, at: At<'_>, written: &written::Question, scope: &Scope<'_>) -> Coverage {
        let target_from = written.target_from.as_ref();
        Coverage {
            asset: written.asset.unwrap_or(Asset::Devices),
            target_from: target_from.and_then(|source| {
                self.expression(at.key("target_from"), source, scope, &Type::Int)
            }),
            goal: percent(written.goal.unwrap_or(100)).max(1),
        }
    }

    fn table(&mut self, answer: &Answer<'_>, written: &written::Question) -> Table {
        let at = answer.at;
        let columns = match answer.ty {
            Type::Rows(columns) => columns.clone(),
            _ => Columns::new(Vec::<(String, Type)>::new()),
        };
        let fixed = at.key("fixed");
        Table {
            key: self.key(at.key("key"), written),
            columns: (written.column.iter().enumerate())
                .map(|(item, column)| {
                    let at = at.key("column").item(item);
                    self.column(at, column, &columns, answer.question)
                })
                .collect(),
            fixed: (written.fixed.iter().enumerate())
                .map(|(item, row)| FixedRow {
                    id: index::id(&row.id),
                    text: self.text(fixed.item(item), "text", &row.text),
                })
                .collect(),
            combine: written.combine.unwrap_or_default(),
        }
    }

    fn key(&mut self, at: At<'_>, written: &written::Question) -> Option<usize> {
        let key = written.key.as_ref()?;
        let ids = || written.column.iter().map(|column| column.id.as_str());
        let place = ids().position(|id| id == key);
        if place.is_none() {
            self.unknown(at, "E002", "column", key, ids());
        }
        place
    }

    fn column(
        &mut self,
        at: At<'_>,
        written: &written::Column,
        columns: &Columns,
        question: usize,
    ) -> Column {
        let scope = (self.scope())
            .defining(Slot::Question(question))
            .with_row(columns.clone());
        let ty = index::cell_type(written);
        let answer = Answer {
            at,
            question,
            kind: written.kind,
            ty: &ty,
            options: &written.options,
            bands: &written.scores,
            checks: &written.checks,
            bounds: bounds(written.min, written.max),
            good: written.good,
            yes_is_good: false,
            not_older_than: written.not_older_than.as_deref(),
            finding: written.finding.as_ref(),
            severity: written.severity,
            need: written.need,
            row: Some(columns),
        };
        let kind = self.kind(&answer, &scope);
        Column {
            id: index::id(&written.id),
            text: self.text(at, "text", &written.text),
            required: written.required,
            when: self.when(at, written.when.as_ref(), &scope),
            checks: self.checks(&answer, &scope),
            scoring: self.scoring(&answer, &kind),
            kind,
        }
    }

    fn checks(&mut self, answer: &Answer<'_>, scope: &Scope<'_>) -> Vec<Check> {
        let scope = scope.clone().with_this(answer.ty.clone());
        let at = answer.at.key("checks");
        let mut checks = Vec::with_capacity(answer.checks.len());
        for (item, check) in answer.checks.iter().enumerate() {
            let at = at.item(item);
            checks.push(Check {
                expression: self
                    .condition(at.key("expr"), &check.expr, &scope)
                    .unwrap_or_else(harmless),
                text: self.text(at, "text", &check.text),
                refuses: check.level != Some(written::Level::Warn),
            });
        }
        checks
    }

    fn evidence(
        &mut self,
        at: At<'_>,
        evidence: &[written::Evidence],
        ty: &Type,
    ) -> Vec<EvidenceRule> {
        let scope = self.scope().with_evidence();
        // How many are protected; the target is the question's own.
        let ty = match ty {
            Type::Coverage => &Type::Int,
            other => other,
        };
        let mut rules = Vec::with_capacity(evidence.len());
        for (item, rule) in evidence.iter().enumerate() {
            let at = at.item(item).key("answer");
            rules.push(EvidenceRule {
                source: rule.source.clone(),
                control: rule.id.clone(),
                answer: self
                    .expression(at, &rule.answer, &scope, ty)
                    .unwrap_or_else(harmless),
            });
        }
        rules
    }

    fn none(
        &mut self,
        at: At<'_>,
        none: Option<&written::NoneOption>,
        question: usize,
    ) -> Option<NoneOption> {
        let none = none?;
        let at = at.key("none");
        let finding = none.finding.as_ref();
        let raises = self.raise(at, finding, none.severity, none.need, question);
        Some(NoneOption {
            text: self.text(at, "text", &none.text),
            score: none.score.map(percent).or(raises.map(|_| 0)),
            raises,
        })
    }

    /// Reads how a question's answer earns credit.
    fn question_scoring(
        &mut self,
        answer: &Answer<'_>,
        kind: &Kind,
        none: Option<&NoneOption>,
    ) -> Scoring {
        let columns_are_scored = match kind {
            Kind::Rows(table) => {
                (table.columns.iter()).any(|column| !matches!(column.scoring, Scoring::Unscored))
            }
            _ => false,
        };
        let none_is_scored = none.is_some_and(|none| none.score.is_some());
        match self.scoring(answer, kind) {
            Scoring::Unscored if columns_are_scored => Scoring::Columns,
            Scoring::Unscored if none_is_scored => Scoring::Given,
            scoring => scoring,
        }
    }

    /// Reads how an answer or a cell earns credit.
    fn scoring(&mut self, answer: &Answer<'_>, kind: &Kind) -> Scoring {
        let raises = self.raise(
            answer.at,
            answer.finding,
            answer.severity,
            answer.need,
            answer.question,
        );
        if !answer.bands.is_empty() {
            return Scoring::Bands(self.bands(answer));
        }
        match kind {
            Kind::Bool => good(answer, raises),
            Kind::Choice(options) if options.iter().any(counts) => Scoring::Options,
            Kind::Multi(options) if raises.is_some() || options.iter().any(counts) => {
                Scoring::Share { raises }
            }
            Kind::Date => match self.not_older_than(answer) {
                Some(days) => Scoring::NotOlderThan { days, raises },
                None => Scoring::Unscored,
            },
            Kind::Coverage(_) => Scoring::Coverage { raises },
            _ => Scoring::Unscored,
        }
    }

    fn not_older_than(&mut self, answer: &Answer<'_>) -> Option<Days> {
        self.days(answer.at.key("not_older_than"), answer.not_older_than)
    }

    fn bands(&mut self, answer: &Answer<'_>) -> Vec<Band> {
        let mut scope = self.scope().with_this(answer.ty.clone());
        if let Some(columns) = answer.row {
            scope = scope.with_row(columns.clone());
        }
        let at = answer.at.key("scores");
        let mut bands = Vec::with_capacity(answer.bands.len());
        for (item, band) in answer.bands.iter().enumerate() {
            let at = at.item(item);
            let finding = band.finding.as_ref();
            bands.push(Band {
                when: self.band_condition(at, band, &scope),
                score: percent(band.score),
                raises: self.raise(at, finding, band.severity, band.need, answer.question),
            });
        }
        bands
    }

    /// Joins the condition of a band with its short forms.
    fn band_condition(
        &mut self,
        at: At<'_>,
        band: &written::Band,
        scope: &Scope<'_>,
    ) -> Option<Expression> {
        let own = self.when(at, band.when.as_ref(), scope);
        let short = [(">=", "min", band.min), ("<=", "max", band.max)];
        let mut terms = Vec::new();
        for (sign, key, number) in short {
            if let Some(number) = number {
                let term = format!("this {sign} {}", number.0.normalize());
                self.condition(at.key(key), &term, scope)?;
                terms.push(term);
            }
        }
        if terms.is_empty() {
            return own;
        }
        if let Some(own) = own {
            terms.push(format!("({})", own.source()));
        }
        self.condition(at, &terms.join(" && "), scope)
    }
}

/// Returns whether an option earns or raises anything.
fn counts(option: &Choice) -> bool {
    option.score.is_some() || option.raises.is_some()
}

fn good(answer: &Answer<'_>, raises: Option<Raise>) -> Scoring {
    if answer.good.is_none() && raises.is_none() && !answer.yes_is_good {
        return Scoring::Unscored;
    }
    Scoring::Good {
        good: answer.good.unwrap_or(true),
        raises,
    }
}

fn asked<'q>(place: usize, written: &'q written::Question, ty: &'q Type, at: At<'q>) -> Answer<'q> {
    Answer {
        at,
        question: place,
        kind: written.kind,
        ty,
        options: &written.options,
        bands: &written.scores,
        checks: &written.checks,
        bounds: bounds(written.min, written.max),
        good: written.good,
        yes_is_good: written.tier != Tier::Info,
        not_older_than: written.not_older_than.as_deref(),
        finding: written.finding.as_ref(),
        severity: written.severity,
        need: written.need,
        row: None,
    }
}

fn bounds(min: Option<written::Number>, max: Option<written::Number>) -> Bounds {
    let decimal = |number: Option<written::Number>| -> Option<Decimal> { Some(number?.0) };
    Bounds {
        min: decimal(min),
        max: decimal(max),
    }
}

/// The finding that something raises, and what it says of it.
struct Raised<'w>(Option<&'w String>, Option<Severity>, Option<Need>);

impl<'w> From<&'w written::Raises> for Raised<'w> {
    fn from(raises: &'w written::Raises) -> Self {
        Self(Some(&raises.finding), raises.severity, raises.need)
    }
}
