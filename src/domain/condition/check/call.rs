//! Functions: how many values each takes, of which types, and what it gives.

use std::str::FromStr;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::domain::condition::check::{Checker, Typed, names};
use crate::domain::condition::expression::{Step, Test};
use crate::domain::condition::function::Function;
use crate::domain::condition::lex::shorten;
use crate::domain::condition::parse::{Each, Kind, Node};
use crate::domain::condition::scope::{Type, nearest};
use crate::domain::condition::value::{Datum, Slot};
use crate::domain::condition::{Fault, Span};

/// The functions, each with an example.
const FUNCTIONS: [(&str, &str); 22] = [
    ("all_of", "all_of(section.question, [\"a\", \"b\"])"),
    ("answered", "answered(section.question)"),
    ("any_of", "any_of(section.question, [\"a\", \"b\"])"),
    ("contains", "contains(section.question, \"part\")"),
    ("count", "count([section.a, section.b]) >= 2"),
    ("date", "date(\"2026-09-02\")"),
    ("days", "days(section.day, today()) > 90"),
    ("finding", "finding(\"admin-mfa\")"),
    ("in_scope", "in_scope(\"profile\")"),
    ("is_na", "is_na(section.question)"),
    ("is_unknown", "is_unknown(section.question)"),
    ("max", "max(section.a, section.b)"),
    ("mean", "mean(section.rows.map(r, r.column))"),
    ("min", "min(section.a, section.b)"),
    ("none_of", "none_of(section.question, [\"a\", \"b\"])"),
    ("or_else", "or_else(section.question, false)"),
    ("round", "round(section.question)"),
    ("size", "size(section.question)"),
    ("starts_with", "starts_with(section.question, \"part\")"),
    ("sum", "sum(section.rows.map(r, r.column))"),
    ("today", "today()"),
    ("visible", "visible(section.question)"),
];

impl<'a> Checker<'a> {
    pub(super) fn call(
        &mut self,
        node: &'a Node,
        name: Span,
        arguments: &'a [Node],
        hinted: Option<&Type>,
    ) -> Option<Typed> {
        let word = name.of(self.source);
        match (word, arguments) {
            ("size", [x]) => self.size(x),
            ("sum", [list]) => self.sum(list),
            ("mean", [list]) => {
                let typed = self.list_of(list, is_number, "numbers")?;
                strict(Type::Decimal, Function::Mean, vec![typed.step])
            }
            ("count", [list]) => {
                let typed = self.list_of(list, |ty| *ty == Type::Bool, "yes or no")?;
                strict(Type::Int, Function::Count, vec![typed.step])
            }
            ("min", [_, ..]) => self.extreme(Function::Min, arguments, hinted),
            ("max", [_, ..]) => self.extreme(Function::Max, arguments, hinted),
            ("any_of", [x, options]) => self.ticks(Function::AnyOf, x, options),
            ("all_of", [x, options]) => self.ticks(Function::AllOf, x, options),
            ("none_of", [x, options]) => self.ticks(Function::NoneOf, x, options),
            ("contains", [text, part]) => self.part(Function::Contains, text, part),
            ("starts_with", [text, part]) => self.part(Function::StartsWith, text, part),
            ("date", [text]) => self.date(text),
            ("today", []) => {
                self.reads_day = true;
                Typed::new(Type::Date, Step::Today)
            }
            ("days", [_] | [_, _]) => self.days(arguments),
            ("round", [_] | [_, _]) => self.round(arguments),
            ("or_else", [x, default]) => self.or_else(x, default, hinted),
            ("finding", [id]) => self.finding(node, id),
            ("in_scope", [id]) => self.profile(id),
            ("answered", [x]) => self.standing(Test::Answered, x),
            ("is_unknown", [x]) => self.standing(Test::Unknown, x),
            ("is_na", [x]) => self.standing(Test::NotApplicable, x),
            ("visible", [x]) => self.standing(Test::Visible, x),
            _ => self.no_such_call(name, arguments),
        }
    }
    fn size(&mut self, x: &'a Node) -> Option<Typed> {
        let typed = self.infer(x, None)?;
        match typed.ty {
            Type::Text | Type::Options(_) | Type::Rows(_) | Type::List(_) => {
                strict(Type::Int, Function::Size, vec![typed.step])
            }
            ty => {
                let message = format!("`{}` is {ty} and has no size", self.text(x.span));
                let hint = "rows, lists, sets of options and texts have one";
                self.fault(Fault::new("E005", x.span, message).hint(hint))
            }
        }
    }

    fn sum(&mut self, list: &'a Node) -> Option<Typed> {
        let typed = self.list_of(list, is_number, "numbers")?;
        let (ty, zero) = match &typed.ty {
            Type::List(element) if **element == Type::Decimal => {
                (Type::Decimal, Datum::Decimal(Decimal::ZERO))
            }
            _ => (Type::Int, Datum::Int(0)),
        };
        strict(ty, Function::Sum, vec![typed.step, Step::Constant(zero)])
    }

    fn extreme(
        &mut self,
        function: Function,
        arguments: &'a [Node],
        hinted: Option<&Type>,
    ) -> Option<Typed> {
        if let [list] = arguments {
            let typed = self.list_of(list, has_order, "numbers or dates")?;
            let Type::List(element) = typed.ty else {
                return None;
            };
            return strict(*element, function, vec![typed.step]);
        }
        let nodes: Vec<&Node> = arguments.iter().collect();
        let (ty, steps) = self.unify(&nodes, hinted, false)?;
        if !has_order(&ty) {
            let message = format!("only numbers and dates have an order; this is {ty}");
            return self.fault(Fault::new("E005", arguments[0].span, message));
        }
        strict(ty, function, vec![Step::List(steps)])
    }

    /// Demands a list of what `fits`.
    fn list_of(&mut self, node: &'a Node, fits: fn(&Type) -> bool, what: &str) -> Option<Typed> {
        let typed = self.infer(node, None)?;
        if matches!(&typed.ty, Type::List(element) if fits(element)) {
            return Some(typed);
        }
        let message = format!("`{}` is not a list of {what}", self.text(node.span));
        let hint = match typed.ty {
            Type::Rows(_) => {
                "say which column: `section.rows.map(r, r.column)`; how many: `size(…)`"
            }
            Type::List(_) | Type::Options(_) => "to learn how many there are, write `size(…)`",
            _ => "put the values between brackets: `[a, b]`",
        };
        self.fault(Fault::new("E005", node.span, message).hint(hint))
    }

    fn ticks(&mut self, function: Function, x: &'a Node, options: &'a Node) -> Option<Typed> {
        let typed = self.infer(x, None)?;
        let Type::Options(_) = &typed.ty else {
            let message = format!("`{}` is not a set of options", self.text(x.span));
            let hint = match typed.ty {
                Type::Option(_) => "for one option, write `x in [\"a\", \"b\"]`",
                _ => "the first value is a question with several options",
            };
            return self.fault(Fault::new("E005", x.span, message).hint(hint));
        };
        let options = self.expect(options, &typed.ty)?;
        strict(Type::Bool, function, vec![typed.step, options.step])
    }

    fn part(&mut self, function: Function, text: &'a Node, part: &'a Node) -> Option<Typed> {
        let typed = self.infer(text, None)?;
        if typed.ty != Type::Text {
            let message = format!("`{}` is {}, not a text", self.text(text.span), typed.ty);
            let mut fault = Fault::new("E005", text.span, message);
            if let Type::Options(_) | Type::List(_) = typed.ty {
                fault = fault.hint(format!("write `x in {}`", self.text(text.span)));
            }
            return self.fault(fault);
        }
        let part = self.expect(part, &Type::Text)?;
        strict(Type::Bool, function, vec![typed.step, part.step])
    }

    fn date(&mut self, text: &'a Node) -> Option<Typed> {
        let date = match &text.kind {
            Kind::Text(text) => NaiveDate::from_str(text).ok().filter(|_| text.len() == 10),
            _ => None,
        };
        match date {
            Some(date) => Typed::constant(Type::Date, Datum::Date(date)),
            None => {
                let message = format!("`{}` is not a date", self.text(text.span));
                let hint = "write year, month and day: `date(\"2026-09-02\")`";
                self.fault(Fault::new("E005", text.span, message).hint(hint))
            }
        }
    }

    fn days(&mut self, arguments: &'a [Node]) -> Option<Typed> {
        let wanted = if arguments.len() == 1 {
            Type::Int
        } else {
            Type::Date
        };
        let typed: Vec<_> = arguments
            .iter()
            .map(|argument| self.expect(argument, &wanted))
            .collect();
        let steps: Option<Vec<Step>> = typed.into_iter().map(|t| t.map(|t| t.step)).collect();
        strict(Type::Int, Function::Days, steps?)
    }

    fn round(&mut self, arguments: &'a [Node]) -> Option<Typed> {
        const MOST_DIGITS: i64 = 28;
        let number = self.infer(&arguments[0], Some(&Type::Decimal))?;
        if number.ty != Type::Decimal {
            let text = self.text(arguments[0].span);
            let message = format!("`{text}` is {}, not a decimal number", number.ty);
            return self.fault(Fault::new("E005", arguments[0].span, message));
        }
        let Some(digits) = arguments.get(1) else {
            return strict(Type::Int, Function::Round, vec![number.step]);
        };
        match digits.kind {
            Kind::Int(digits @ 0..=MOST_DIGITS) => {
                let digits = Step::Constant(Datum::Int(digits));
                strict(Type::Decimal, Function::Round, vec![number.step, digits])
            }
            _ => {
                let message = format!("`{}` is no number of digits", self.text(digits.span));
                let hint = format!("write a number from 0 to {MOST_DIGITS}");
                self.fault(Fault::new("E005", digits.span, message).hint(hint))
            }
        }
    }

    fn or_else(&mut self, x: &'a Node, default: &'a Node, hinted: Option<&Type>) -> Option<Typed> {
        let unified = self.sheltered(|checker| checker.unify(&[x, default], hinted, false));
        let (ty, steps) = unified?;
        let steps: [Step; 2] = steps.try_into().ok()?;
        Typed::new(ty, Step::OrElse(Box::new(steps)))
    }

    fn finding(&mut self, node: &Node, id: &Node) -> Option<Typed> {
        if !self.scope.has_findings() {
            let message = "findings are not known here";
            let hint = "an expression that findings follow from cannot ask for them";
            return self.fault(Fault::new("E002", node.span, message).hint(hint));
        }
        let text = self.id(id)?;
        let Some(number) = self.scope.finding(text) else {
            let known: Vec<&str> = self.scope.findings().collect();
            return self.no_such_id("E020", "finding", id.span, text, &known);
        };
        let slot = self.readable(Slot::Finding(number), id.span)?;
        Typed::new(Type::Bool, Step::Read(slot, Type::Bool))
    }

    fn profile(&mut self, id: &Node) -> Option<Typed> {
        let text = self.id(id)?;
        let Some(number) = self.scope.profile(text) else {
            let known: Vec<&str> = self.scope.profiles().collect();
            return self.no_such_id("E021", "profile", id.span, text, &known);
        };
        self.sheltered(|checker| checker.readable(Slot::Profile(number), id.span))?;
        Typed::new(Type::Bool, Step::InScope(number))
    }

    /// Notes a read of a finding or profile, unless it is what the expression decides.
    fn readable(&mut self, slot: Slot, span: Span) -> Option<Slot> {
        if self.scope.defines(slot) {
            let message = format!(
                "{} is what this expression helps to decide",
                self.text(span)
            );
            let hint = "an expression cannot refer to itself";
            return self.fault(Fault::new("E003", span, message).hint(hint));
        }
        self.read(slot, span);
        Some(slot)
    }

    fn id<'n>(&mut self, node: &'n Node) -> Option<&'n str> {
        if let Kind::Text(text) = &node.kind {
            return Some(text);
        }
        let message = format!("`{}` is not an id in quotes", self.text(node.span));
        self.fault(Fault::new("E005", node.span, message).hint("write the id in quotes"))
    }

    fn no_such_id(
        &mut self,
        code: &'static str,
        what: &str,
        span: Span,
        id: &str,
        known: &[&str],
    ) -> Option<Typed> {
        let mut fault = Fault::new(code, span, format!("no {what} is called `{}`", shorten(id)));
        fault.hint = match nearest(id, known.iter().copied()) {
            Some(near) => Some(format!("did you mean `{near}`?")),
            None if known.is_empty() => None,
            None => Some(format!("there are {}", names(known.iter().copied()))),
        };
        self.fault(fault)
    }

    fn standing(&mut self, test: Test, x: &'a Node) -> Option<Typed> {
        let Kind::Name(path) = &x.kind else {
            let message = format!("`{}` is not the name of a question", self.text(x.span));
            let hint = "write one name, and join several with `&&`";
            return self.fault(Fault::new("E005", x.span, message).hint(hint));
        };
        let typed = self.sheltered(|checker| checker.reference(x.span, path))?;
        match (typed.step, test) {
            (Step::Read(Slot::Question(question), _), _) => {
                Typed::new(Type::Bool, Step::Standing(question, test))
            }
            (step, Test::Answered) => Typed::new(Type::Bool, Step::IsKnown(Box::new(step))),
            _ => {
                let message = format!("`{path}` is not a question");
                let hint = "only `answered` can be asked of other names";
                self.fault(Fault::new("E005", x.span, message).hint(hint))
            }
        }
    }

    fn no_such_call(&mut self, name: Span, arguments: &'a [Node]) -> Option<Typed> {
        let word = name.of(self.source);
        if let Some((_, example)) = FUNCTIONS.iter().find(|(function, _)| *function == word) {
            let message = match arguments.len() {
                0 => format!("`{word}` needs a value"),
                1 => format!("`{word}` does not take one value"),
                number => format!("`{word}` does not take {number} values"),
            };
            let hint = format!("write it like `{example}`");
            return self.fault(Fault::new("E005", name, message).hint(hint));
        }
        if Each::from_str(word).is_ok() {
            let message = format!("`{word}` stands behind the rows it goes through");
            let hint = format!("write it like `section.rows.{word}(r, r.column > 0)`");
            return self.fault(Fault::new("E002", name, message).hint(hint));
        }
        for argument in arguments {
            self.infer(argument, None);
        }
        let functions = FUNCTIONS.iter().map(|(function, _)| *function);
        let hint = match synonym(word).or_else(|| nearest(word, functions.clone())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "the functions are `{}`",
                functions.collect::<Vec<_>>().join("`, `")
            ),
        };
        let message = format!("no function is called `{}`", shorten(word));
        self.fault(Fault::new("E002", name, message).hint(hint))
    }
}

/// Returns our name of what other languages call so.
fn synonym(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "len" | "length" => "size",
        "avg" | "average" => "mean",
        "any" | "some" => "any_of",
        "every" => "all_of",
        "none" => "none_of",
        "includes" | "has" => "contains",
        "now" => "today",
        "default" | "coalesce" | "if_unknown" => "or_else",
        "known" | "is_answered" | "has_answer" => "answered",
        "asked" | "is_asked" | "is_visible" => "visible",
        _ => return None,
    })
}

/// A function that gives a value of this type, unknown when one of its values is.
fn strict(ty: Type, function: Function, arguments: Vec<Step>) -> Option<Typed> {
    Typed::new(ty, Step::Call(function, arguments))
}

fn is_number(ty: &Type) -> bool {
    matches!(ty, Type::Int | Type::Decimal)
}

fn has_order(ty: &Type) -> bool {
    is_number(ty) || *ty == Type::Date
}
