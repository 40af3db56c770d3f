//! The static check: resolves names, finds types, and turns syntax into an [`Expression`].
//!
//! A part that is wrong is noted once and has no type, so that what contains it stays silent and what
//! stands beside it is checked all the same.

mod call;
mod name;

use std::collections::HashSet;
use std::str::FromStr;

use chrono::NaiveDate;

use std::sync::Arc;

use crate::domain::condition::expression::{Checked, Expression, Read, Step};
use crate::domain::condition::lex::shorten;
use crate::domain::condition::parse::{Comparison, Each, Kind, Node, Operator, Syntax};
use crate::domain::condition::scope::{Columns, OptionSet, Scope, Type, nearest};
use crate::domain::condition::value::Datum;
use crate::domain::condition::{Fault, Span};

impl Syntax {
    /// Resolves the names of the expression and checks its types; with `wanted`, also its own.
    ///
    /// # Errors
    ///
    /// Every fault that was found, warnings among them, in the order of the text.
    pub fn check(&self, scope: &Scope, wanted: Option<&Type>) -> Result<Expression, Vec<Fault>> {
        let mut checker = Checker {
            source: &self.source,
            scope,
            variables: Vec::new(),
            reads: Vec::new(),
            negated: Vec::new(),
            faults: Vec::new(),
            negations: 0,
            sheltered: false,
            reads_day: false,
            may_be_nothing: scope.has_evidence(),
        };
        let typed = match wanted {
            Some(wanted) => checker.expect(&self.root, wanted),
            None => checker.infer(&self.root, None),
        };
        let faults = checker.faults_in_order();
        match typed {
            Some(Typed { ty, step }) if faults.iter().all(Fault::is_warning) => {
                Ok(Expression(Arc::new(Checked {
                    source: self.source.clone(),
                    ty,
                    step,
                    reads: checker.reads,
                    negated: checker.negated,
                    reads_day: checker.reads_day,
                    warnings: faults,
                })))
            }
            _ => Err(faults),
        }
    }
}

/// A part that is right.
struct Typed {
    ty: Type,
    step: Step,
}

impl Typed {
    fn new(ty: Type, step: Step) -> Option<Self> {
        Some(Self { ty, step })
    }

    fn constant(ty: Type, datum: Datum) -> Option<Self> {
        Self::new(ty, Step::Constant(datum))
    }
}

/// What a variable of `exists` and its like stands for.
#[derive(Clone)]
enum Variable {
    Single(Type),
    Row(Columns),
}

struct Checker<'a> {
    source: &'a str,
    scope: &'a Scope<'a>,
    /// The variables of the `exists` and its like around, outermost first.
    variables: Vec<(&'a str, Variable)>,
    reads: Vec<Read>,
    negated: Vec<Read>,
    faults: Vec<Fault>,
    /// How many `!` and `!=` stand around.
    negations: usize,
    /// Whether an `or_else` or its like stands around.
    sheltered: bool,
    /// Whether `today()` was seen.
    reads_day: bool,
    /// Whether `nothing` may stand here: as the whole answer or a branch of it.
    may_be_nothing: bool,
}

impl<'a> Checker<'a> {
    fn faults_in_order(&mut self) -> Vec<Fault> {
        let mut faults = std::mem::take(&mut self.faults);
        faults.sort_by_key(|fault| fault.span.start);
        let mut seen = HashSet::new();
        faults.retain(|fault| seen.insert((fault.code, fault.message.clone())));
        faults
    }

    fn fault<T>(&mut self, fault: Fault) -> Option<T> {
        self.faults.push(fault);
        None
    }

    fn text(&self, span: Span) -> String {
        shorten(span.of(self.source))
    }

    /// Finds a part's type and demands that it is `wanted`.
    fn expect(&mut self, node: &'a Node, wanted: &Type) -> Option<Typed> {
        let typed = self.infer(node, Some(wanted))?;
        if typed.ty == *wanted || typed.ty == Type::Nothing {
            return Typed::new(wanted.clone(), typed.step);
        }
        self.mismatch(node, &typed.ty, wanted)
    }

    /// Finds a part's type; literals take the type that is `hinted` where they can.
    fn infer(&mut self, node: &'a Node, hinted: Option<&Type>) -> Option<Typed> {
        let may_be_nothing = std::mem::take(&mut self.may_be_nothing);
        match &node.kind {
            Kind::Nothing if may_be_nothing => Typed::constant(Type::Nothing, Datum::Nothing),
            Kind::Nothing => self.misplaced_nothing(node),
            Kind::Bool(value) => Typed::constant(Type::Bool, Datum::Bool(*value)),
            Kind::Int(number) if hinted == Some(&Type::Decimal) => {
                Typed::constant(Type::Decimal, Datum::Decimal((*number).into()))
            }
            Kind::Int(number) => Typed::constant(Type::Int, Datum::Int(*number)),
            Kind::Decimal(number) => Typed::constant(Type::Decimal, Datum::Decimal(*number)),
            Kind::Text(text) => match hinted {
                Some(Type::Option(options)) => {
                    let place = self.option(node.span, text, options)?;
                    Typed::constant(Type::Option(options.clone()), Datum::Option(place))
                }
                _ => Typed::constant(Type::Text, Datum::Text(text.clone())),
            },
            Kind::List(elements) => self.list(node, elements, hinted),
            Kind::Name(path) => self.value(node.span, path),
            Kind::Call { name, arguments } => self.call(node, *name, arguments, hinted),
            Kind::Each {
                word,
                over,
                variable,
                body,
            } => self.each(*word, over, variable, body, hinted),
            Kind::Not(inner) => self.not(inner),
            Kind::Negate(inner) => self.negate(inner, hinted),
            Kind::Compare { comparison, sides } => self.compare(node, *comparison, sides),
            Kind::In { needle, stack } => self.within(needle, stack),
            Kind::All(terms) => Typed::new(Type::Bool, Step::All(self.terms(terms)?)),
            Kind::Any(terms) => Typed::new(Type::Bool, Step::Any(self.terms(terms)?)),
            Kind::Arithmetic { first, rest } => self.arithmetic(node, first, rest, hinted),
            Kind::Choose { arms, otherwise } => {
                self.choose(arms, otherwise, hinted, may_be_nothing)
            }
        }
    }

    /// Finds the one type that all of `nodes` have; literals take the type of the others.
    fn unify(
        &mut self,
        nodes: &[&'a Node],
        hinted: Option<&Type>,
        may_be_nothing: bool,
    ) -> Option<(Type, Vec<Step>)> {
        let mut typed: Vec<Option<Typed>> = nodes.iter().map(|_| None).collect();
        let mut common: Option<Type> = None;
        for adapting in [false, true] {
            for (place, node) in nodes.iter().enumerate() {
                if adapts(node) != adapting {
                    continue;
                }
                self.may_be_nothing = may_be_nothing;
                typed[place] = self.infer(node, common.as_ref().or(hinted));
                let found = typed[place].as_ref().map(|typed| &typed.ty);
                common = common.or(found.filter(|ty| **ty != Type::Nothing).cloned());
            }
        }
        self.may_be_nothing = false;
        let common = common.unwrap_or(Type::Nothing);
        let mut steps = Vec::new();
        let mut alike = true;
        for (node, typed) in nodes.iter().zip(typed) {
            match typed {
                Some(typed) if typed.ty == common || typed.ty == Type::Nothing => {
                    steps.push(typed.step);
                }
                Some(typed) => {
                    let _: Option<()> = self.mismatch(node, &typed.ty, &common);
                    alike = false;
                }
                None => alike = false,
            }
        }
        alike.then_some((common, steps))
    }

    fn list(
        &mut self,
        node: &'a Node,
        elements: &'a [Node],
        hinted: Option<&Type>,
    ) -> Option<Typed> {
        let texts = || elements.iter().all(|e| matches!(e.kind, Kind::Text(_)));
        let hinted = match hinted {
            Some(Type::Options(options)) if texts() => return self.ticked(elements, options),
            Some(Type::List(element)) if elements.is_empty() => {
                return Typed::new(Type::List(element.clone()), Step::List(Vec::new()));
            }
            Some(Type::List(element)) => Some(&**element),
            _ => None,
        };
        if elements.is_empty() {
            let fault = Fault::new("E005", node.span, "this list has nothing in it");
            return self.fault(fault.hint("to ask whether there is nothing, write `size(x) == 0`"));
        }
        let nodes: Vec<&Node> = elements.iter().collect();
        let (ty, steps) = self.unify(&nodes, hinted, false)?;
        if !ty.is_single() {
            let message = format!("{ty} cannot stand in a list");
            return self.fault(Fault::new("E005", node.span, message));
        }
        Typed::new(Type::List(Box::new(ty)), Step::List(steps))
    }

    /// Reads a list of texts as a set of options.
    fn ticked(&mut self, elements: &'a [Node], options: &OptionSet) -> Option<Typed> {
        let mut places = Vec::new();
        for element in elements {
            if let Kind::Text(text) = &element.kind {
                places.push(self.option(element.span, text, options));
            }
        }
        let places: Option<Vec<usize>> = places.into_iter().collect();
        Typed::constant(Type::Options(options.clone()), Datum::options(places?))
    }

    fn option(&mut self, span: Span, id: &str, options: &OptionSet) -> Option<usize> {
        if let Some(place) = options.place(id) {
            return Some(place);
        }
        let message = format!("there is no option `{}` to choose", shorten(id));
        let hint = match nearest(id, options.ids()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the options are {}", names(options.ids())),
        };
        self.fault(Fault::new("E006", span, message).hint(hint))
    }

    fn terms(&mut self, terms: &'a [Node]) -> Option<Vec<Step>> {
        let typed: Vec<_> = terms.iter().map(|term| self.term(term)).collect();
        typed
            .into_iter()
            .map(|typed| typed.map(|typed| typed.step))
            .collect()
    }

    fn term(&mut self, term: &'a Node) -> Option<Typed> {
        if !matches!(term.kind, Kind::Text(_)) {
            return self.expect(term, &Type::Bool);
        }
        let message = format!("`{}` stands alone", self.text(term.span));
        let hint = "repeat the name, `x == \"a\" || x == \"b\"`, or write `x in [\"a\", \"b\"]`";
        self.fault(Fault::new("E005", term.span, message).hint(hint))
    }

    /// Runs `check` with the names in it noted as negated.
    fn negated<T>(&mut self, check: impl FnOnce(&mut Self) -> T) -> T {
        self.negations += 1;
        let result = check(self);
        self.negations -= 1;
        result
    }

    /// Runs `check` with the names in it taken as cared for if they are unknown.
    fn sheltered<T>(&mut self, check: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.sheltered, true);
        let result = check(self);
        self.sheltered = before;
        result
    }

    fn not(&mut self, inner: &'a Node) -> Option<Typed> {
        let typed = self.negated(|checker| checker.infer(inner, Some(&Type::Bool)))?;
        if typed.ty == Type::Bool {
            return Typed::new(Type::Bool, Step::Not(Box::new(typed.step)));
        }
        let text = self.text(inner.span);
        let message = format!("`!` turns yes into no; `{text}` is {}", typed.ty);
        let hint = format!("put brackets around all that is meant: `!({text} …)`");
        self.fault(Fault::new("E005", inner.span, message).hint(hint))
    }

    fn negate(&mut self, inner: &'a Node, hinted: Option<&Type>) -> Option<Typed> {
        let typed = self.infer(inner, hinted)?;
        match typed.ty {
            Type::Int | Type::Decimal => Typed::new(typed.ty, Step::Negate(Box::new(typed.step))),
            ty => {
                let message = format!("`-` needs a number; `{}` is {ty}", self.text(inner.span));
                let mut fault = Fault::new("E005", inner.span, message);
                if ty == Type::Bool {
                    fault = fault.hint("write `!` for *not*");
                }
                self.fault(fault)
            }
        }
    }

    fn compare(
        &mut self,
        node: &'a Node,
        comparison: Comparison,
        sides: &'a [Node; 2],
    ) -> Option<Typed> {
        let nodes: Vec<&Node> = sides.iter().collect();
        let (ty, steps) = if comparison == Comparison::NotEqual {
            self.negated(|checker| checker.unify(&nodes, None, false))?
        } else {
            self.unify(&nodes, None, false)?
        };
        let comparable = match ty {
            Type::Int | Type::Decimal | Type::Date => true,
            Type::Bool | Type::Text | Type::Option(_) | Type::Options(_) => !comparison.orders(),
            Type::Rows(_) | Type::List(_) | Type::Coverage | Type::Nothing => false,
        };
        if !comparable {
            return self.incomparable(node, comparison, &ty);
        }
        let steps: [Step; 2] = steps.try_into().ok()?;
        Typed::new(Type::Bool, Step::Compare(comparison, Box::new(steps)))
    }

    fn incomparable(&mut self, node: &Node, comparison: Comparison, ty: &Type) -> Option<Typed> {
        let (message, hint) = if comparison.orders() {
            let hint = match ty {
                Type::Option(_) => "say which options you mean: `x in [\"a\", \"b\"]`",
                Type::Options(_) | Type::Rows(_) | Type::List(_) => {
                    "compare how many: `size(x) > 2`"
                }
                _ => "compare with `==` or `!=`",
            };
            let message = format!("only numbers and dates have an order; this is {ty}");
            (message, hint)
        } else {
            let hint = "ask about its parts with `exists`, `all` or `size`";
            (format!("{ty} cannot be compared as a whole"), hint)
        };
        self.fault(Fault::new("E005", node.span, message).hint(hint))
    }

    fn within(&mut self, needle: &'a Node, stack: &'a Node) -> Option<Typed> {
        if let Kind::List(elements) = &stack.kind {
            return self.one_of(needle, elements);
        }
        let (needle, stack) = if adapts(needle) {
            let stack = self
                .infer(stack, None)
                .and_then(|typed| self.stack(stack, typed))?;
            (self.expect(needle, &stack.ty)?, stack)
        } else {
            let needle_typed = self.infer(needle, None);
            let stack = self
                .infer(stack, None)
                .and_then(|typed| self.stack(stack, typed))?;
            let needle_typed = needle_typed?;
            if needle_typed.ty != stack.ty {
                return self.mismatch(needle, &needle_typed.ty, &stack.ty);
            }
            (needle_typed, stack)
        };
        let sides = Box::new([needle.step, stack.step]);
        Typed::new(Type::Bool, Step::Within(sides))
    }

    /// Demands that something can be looked for in it; the type becomes that of its elements.
    fn stack(&mut self, node: &'a Node, typed: Typed) -> Option<Typed> {
        let hint = match typed.ty {
            Type::List(element) => return Typed::new(*element, typed.step),
            Type::Options(options) => return Typed::new(Type::Option(options), typed.step),
            Type::Text => "to look into a text, write `contains(text, \"part\")`",
            Type::Rows(_) => "to look into rows, write `section.rows.exists(r, r.column == …)`",
            Type::Option(_) => "to look at one option, write `==`",
            _ => {
                "behind `in` stands a question with several options, or a list like `[\"a\", \"b\"]`"
            }
        };
        let message = format!("one cannot look for something in {}", typed.ty);
        self.fault(Fault::new("E005", node.span, message).hint(hint))
    }

    fn one_of(&mut self, needle: &'a Node, elements: &'a [Node]) -> Option<Typed> {
        let mut nodes = vec![needle];
        nodes.extend(elements);
        let (ty, mut steps) = self.unify(&nodes, None, false)?;
        if !ty.is_single() {
            let message = format!("{ty} cannot be one of a list");
            let hint = "for a set of options, write `any_of(x, [\"a\", \"b\"])`";
            return self.fault(Fault::new("E005", needle.span, message).hint(hint));
        }
        let needle = Box::new(steps.remove(0));
        Typed::new(Type::Bool, Step::OneOf(needle, steps))
    }

    fn arithmetic(
        &mut self,
        node: &'a Node,
        first: &'a Node,
        rest: &'a [(Operator, Node)],
        hinted: Option<&Type>,
    ) -> Option<Typed> {
        let nodes: Vec<&Node> = std::iter::once(first)
            .chain(rest.iter().map(|(_, n)| n))
            .collect();
        self.refuse_hyphens(first)?;
        let mut decimal = hinted == Some(&Type::Decimal);
        let mut typed: Vec<Option<Typed>> = nodes.iter().map(|_| None).collect();
        for adapting in [false, true] {
            for (place, node) in nodes
                .iter()
                .enumerate()
                .filter(|(_, n)| adapts(n) == adapting)
            {
                typed[place] = self.infer(node, decimal.then_some(&Type::Decimal));
                let found = typed[place].as_ref().map(|typed| &typed.ty);
                decimal |= found == Some(&Type::Decimal);
            }
        }
        let typed: Option<Vec<Typed>> = typed.into_iter().collect();
        let mut typed = typed?.into_iter();
        let Typed { mut ty, step } = typed.next()?;
        let mut steps = Vec::new();
        for ((operator, right), found) in rest.iter().zip(typed) {
            ty = self.calculated(node, *operator, (&ty, &found.ty), right)?;
            steps.push((*operator, found.step));
        }
        Typed::new(ty, Step::Arithmetic(Box::new(step), steps))
    }

    /// Returns the type of `left operator right`.
    fn calculated(
        &mut self,
        node: &Node,
        operator: Operator,
        types: (&Type, &Type),
        right: &Node,
    ) -> Option<Type> {
        let ty = match (types, operator) {
            ((Type::Int, Type::Int), Operator::Divide) => {
                self.warn_of_rest(node);
                Type::Int
            }
            ((Type::Int, Type::Int), _) => Type::Int,
            ((Type::Decimal, Type::Decimal), _) => Type::Decimal,
            ((Type::Date, Type::Date), Operator::Subtract) => Type::Int,
            ((Type::Date, Type::Int), Operator::Add | Operator::Subtract) => Type::Date,
            ((left, found), _) => {
                let hint = match (left, found) {
                    (Type::Int, Type::Decimal) | (Type::Decimal, Type::Int) => {
                        "`round(x)` makes a whole number of a decimal one"
                    }
                    (Type::Int, Type::Date) => "put the date first",
                    (Type::Date, Type::Text | Type::Decimal) => {
                        "days are a whole number: `today() - 180`"
                    }
                    (Type::Date, _) => "a date takes `+` or `-` days, or `-` another date",
                    (Type::Rows(_) | Type::List(_), _) | (_, Type::Rows(_) | Type::List(_)) => {
                        "add up with `sum(section.rows.map(r, r.column))`"
                    }
                    (Type::Bool, _) | (_, Type::Bool) => "count what is true with `count([a, b])`",
                    _ => "only numbers and dates can be calculated with",
                };
                let symbol = operator.symbol();
                let message = format!("`{symbol}` does not go with {left} and {found}");
                return self.fault(Fault::new("E005", right.span, message).hint(hint));
            }
        };
        Some(ty)
    }

    fn warn_of_rest(&mut self, node: &Node) {
        let message = "this divides whole numbers and drops the rest";
        let hint = "multiply instead: `done * 100 >= all * 95` for `done / all >= 0.95`";
        self.faults
            .push(Fault::new("W055", node.span, message).hint(hint));
    }

    fn choose(
        &mut self,
        arms: &'a [(Node, Node)],
        otherwise: &'a Node,
        hinted: Option<&Type>,
        may_be_nothing: bool,
    ) -> Option<Typed> {
        let mut conditions = Vec::new();
        for (condition, _) in arms {
            conditions.push(self.expect(condition, &Type::Bool));
        }
        let mut nodes: Vec<&Node> = arms.iter().map(|(_, value)| value).collect();
        nodes.push(otherwise);
        let (ty, mut values) = self.unify(&nodes, hinted, may_be_nothing)?;
        let otherwise = Box::new(values.pop()?);
        let conditions: Option<Vec<Typed>> = conditions.into_iter().collect();
        let conditions = conditions?.into_iter().map(|typed| typed.step);
        Typed::new(
            ty,
            Step::Choose(conditions.zip(values).collect(), otherwise),
        )
    }

    fn each(
        &mut self,
        word: Each,
        over: &'a Node,
        variable: &'a str,
        body: &'a Node,
        hinted: Option<&Type>,
    ) -> Option<Typed> {
        let over_typed = self.infer(over, None)?;
        let element = match &over_typed.ty {
            Type::Rows(columns) => Variable::Row(columns.clone()),
            Type::List(element) => Variable::Single((**element).clone()),
            Type::Options(options) => Variable::Single(Type::Option(options.clone())),
            ty => {
                let message = format!("`{}` is {ty}, not rows", self.text(over.span));
                let hint = "`exists`, `all`, `filter` and `map` go through rows, lists and sets of options";
                return self.fault(Fault::new("E005", over.span, message).hint(hint));
            }
        };
        self.variables.push((variable, element));
        let body_typed = match (word, hinted) {
            (Each::Map, Some(Type::List(element))) => self.infer(body, Some(element)),
            (Each::Map, _) => self.infer(body, None),
            _ => self.expect(body, &Type::Bool),
        };
        self.variables.pop();
        let body_typed = body_typed?;
        let ty = match word {
            Each::Exists | Each::All => Type::Bool,
            Each::Filter => over_typed.ty,
            Each::Map if body_typed.ty.is_single() => Type::List(Box::new(body_typed.ty)),
            Each::Map => {
                let message = format!("`map` cannot collect {}", body_typed.ty);
                return self.fault(Fault::new("E005", body.span, message));
            }
        };
        let (over, body) = (Box::new(over_typed.step), Box::new(body_typed.step));
        Typed::new(ty, Step::Each { word, over, body })
    }

    fn misplaced_nothing<T>(&mut self, node: &Node) -> Option<T> {
        let message = "`nothing` stands only where a tool's result proposes an answer";
        let hint = "to ask whether there is an answer, write `answered(section.question)`";
        self.fault(Fault::new("E005", node.span, message).hint(hint))
    }

    fn mismatch<T>(&mut self, node: &Node, found: &Type, wanted: &Type) -> Option<T> {
        let text = self.text(node.span);
        let mut fault = match (found, wanted) {
            (Type::Option(_), Type::Option(_)) | (Type::Options(_), Type::Options(_)) => {
                let message = format!("`{text}` has other options than the value beside it");
                Fault::new("E005", node.span, message)
            }
            _ => {
                let message = format!("`{text}` is {found}, and {wanted} is needed here");
                Fault::new("E005", node.span, message)
            }
        };
        fault.hint = mismatch_hint(node, found, wanted, &text);
        self.fault(fault)
    }
}

fn mismatch_hint(node: &Node, found: &Type, wanted: &Type, text: &str) -> Option<String> {
    let hint = match (&node.kind, found, wanted) {
        (Kind::Text(_), _, Type::Bool) => {
            "yes and no are written `true` and `false`, without quotes; `x` and `!x` are enough"
                .into()
        }
        (_, Type::Int, Type::Date) if NaiveDate::from_str(text).is_ok() => {
            format!("write `date(\"{text}\")`")
        }
        (_, Type::Date, Type::Int) => format!("for days, write `days({text}, today())`"),
        (Kind::Text(date), _, Type::Date) => format!("write `date(\"{date}\")`"),
        (Kind::Text(_), _, Type::Int | Type::Decimal) => {
            "numbers are written without quotes".into()
        }
        (Kind::Text(_), _, Type::Options(_)) => format!("write `{text} in …`"),
        (Kind::Int(_), _, Type::Bool) => "yes and no are written `true` and `false`".into(),
        (_, Type::Option(_), Type::Options(_)) => format!("write `{text} in …`"),
        (_, Type::Rows(_), _) => format!(
            "rows have many values: write `{text}.exists(r, r.column > 0)` or `size({text}) > 0`"
        ),
        (_, Type::Options(_), _) => {
            format!("write `\"option\" in {text}`, or `size({text}) > 0`")
        }
        (_, Type::Option(_), Type::Bool) => format!("say which option: `{text} == \"option\"`"),
        (_, Type::Int | Type::Decimal | Type::Date, Type::Bool) => {
            format!("compare it: `{text} > …`")
        }
        (_, Type::Text, Type::Bool) => "compare it: `x == \"text\"`, or write `answered(x)`".into(),
        (Kind::Decimal(_), _, Type::Int) => "compare with a whole number".into(),
        (_, Type::Decimal, Type::Int) | (_, Type::Int, Type::Decimal) => {
            "`round(x)` makes a whole number of a decimal one".into()
        }
        _ => return None,
    };
    Some(hint)
}

/// Tells whether a part takes its type from its surroundings.
fn adapts(node: &Node) -> bool {
    match &node.kind {
        Kind::Int(_) | Kind::Text(_) | Kind::Nothing => true,
        Kind::List(elements) => elements.iter().all(adapts),
        Kind::Negate(inner) => adapts(inner),
        Kind::Arithmetic { first, rest } => adapts(first) && rest.iter().all(|(_, n)| adapts(n)),
        Kind::Choose { arms, otherwise } => {
            adapts(otherwise) && arms.iter().all(|(_, value)| adapts(value))
        }
        _ => false,
    }
}

/// Lists the first few names for a message.
fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 6;
    let mut quoted: Vec<String> = names
        .take(MOST + 1)
        .map(|name| format!("`{name}`"))
        .collect();
    if quoted.len() > MOST {
        quoted[MOST] = "…".to_owned();
    }
    quoted.join(", ")
}
