//! Names: what a dotted path means, and what was meant by one that means nothing.

use crate::domain::condition::check::{Checker, Typed, Variable, names};
use crate::domain::condition::expression::{Read, Step};
use crate::domain::condition::parse::{Kind, Node};
use crate::domain::condition::scope::{Columns, Type, nearest};
use crate::domain::condition::value::Slot;
use crate::domain::condition::{Fault, Span};

impl<'a> Checker<'a> {
    /// Resolves a name whose value is used.
    pub(super) fn value(&mut self, span: Span, path: &str) -> Option<Typed> {
        let typed = self.reference(span, path)?;
        if typed.ty == Type::Coverage {
            let message = format!("`{path}` is two numbers");
            let hint = format!("name one of them: `{path}.protected` or `{path}.target`");
            return self.fault(Fault::new("E005", span, message).hint(hint));
        }
        Some(typed)
    }

    /// Resolves a name, whatever it is used for.
    pub(super) fn reference(&mut self, span: Span, path: &str) -> Option<Typed> {
        let (first, rest) = match path.split_once('.') {
            Some((first, rest)) => (first, Some(rest)),
            None => (path, None),
        };
        let variable = self.variables.iter().rposition(|(name, _)| *name == first);
        if let Some(place) = variable {
            return self.bound(span, place, rest);
        }
        let Some((slot, ty)) = self.scope.get(path) else {
            let fault = self.unknown(span, path);
            return self.fault(fault);
        };
        if self.scope.defines(slot) {
            let message = format!("`{path}` is what this expression helps to decide");
            let hint = "an expression cannot refer to itself; in `checks` and `scores` the answer is `this`";
            return self.fault(Fault::new("E003", span, message).hint(hint));
        }
        self.read(slot, span);
        Typed::new(ty.clone(), Step::Read(slot, ty))
    }

    /// Notes that the expression depends on a slot.
    pub(super) fn read(&mut self, slot: Slot, span: Span) {
        let read = Read {
            slot,
            span: span.start..span.end,
        };
        if self.negations > 0 && !self.sheltered {
            self.negated.push(read.clone());
        }
        self.reads.push(read);
    }

    fn bound(&mut self, span: Span, place: usize, rest: Option<&str>) -> Option<Typed> {
        let (name, variable) = self.variables[place].clone();
        match (variable, rest) {
            (Variable::Single(ty), None) => Typed::new(ty, Step::Element(place)),
            (Variable::Single(ty), Some(_)) => {
                let message = format!("`{name}` is {ty} and has no parts");
                self.fault(Fault::new("E002", span, message).hint(format!("write `{name}` alone")))
            }
            (Variable::Row(columns), None) => {
                let message = format!("`{name}` is a whole row");
                let some = columns.ids().next().unwrap_or("column");
                let hint = format!("name one of its columns: `{name}.{some}`");
                self.fault(Fault::new("E005", span, message).hint(hint))
            }
            (Variable::Row(columns), Some(column)) => match columns.get(column) {
                Some((number, ty)) => {
                    let (variable, column) = (place, number);
                    let step = Step::Cell {
                        variable,
                        column,
                        ty: ty.clone(),
                    };
                    Typed::new(ty.clone(), step)
                }
                None => {
                    let fault = no_column(span, column, &columns);
                    self.fault(fault)
                }
            },
        }
    }

    /// Says why a path means nothing.
    fn unknown(&self, span: Span, path: &str) -> Fault {
        if let Some(fault) = self.not_here(span, path) {
            return fault;
        }
        if let Some(fault) = self.beyond_a_name(span, path) {
            return fault;
        }
        let section = path.split('.').next().unwrap_or(path);
        let members = self.scope.members(section);
        let fault = Fault::new("E002", span, no_such(path));
        let member = path.split_once('.').map(|(_, member)| member);
        if let Some(near) = member.and_then(|m| nearest(m, members.iter().map(String::as_str))) {
            return fault.hint(format!("did you mean `{section}.{near}`?"));
        }
        if !members.is_empty() {
            let members = members.iter().map(String::as_str);
            return fault.hint(format!("`{section}` has {}", names(members)));
        }
        if let Some(variable) = self.row_with_column(path) {
            return fault.hint(format!("write `{variable}.{path}`"));
        }
        if self.scope.has_option(path) {
            return fault.hint(format!("options stand in quotes: `\"{path}\"`"));
        }
        match (self.elsewhere(path), word_hint(path)) {
            (Some(near), _) => fault.hint(format!("did you mean `{near}`?")),
            (None, Some(hint)) => fault.hint(hint),
            (None, None) => fault,
        }
    }

    /// Explains names that mean something in other places only.
    fn not_here(&self, span: Span, path: &str) -> Option<Fault> {
        let first = path.split('.').next().unwrap_or(path);
        let place = match first {
            "this" if self.scope.get("this").is_none() => {
                "it stands for the answer in `checks` and `scores`"
            }
            "row" if self.scope.members("row").is_empty() => {
                "it stands for the row in the columns of a rows question"
            }
            "ev" if !self.scope.has_evidence() => {
                "it stands for a tool's result in `[[section.question.evidence]]`"
            }
            _ => return None,
        };
        let message = format!("`{first}` means nothing here");
        Some(Fault::new("E002", span, message).hint(place))
    }

    /// Explains a path that begins with a name and goes on behind it.
    fn beyond_a_name(&self, span: Span, path: &str) -> Option<Fault> {
        let mut prefixes = path
            .rmatch_indices('.')
            .map(|(at, _)| (&path[..at], &path[at + 1..]));
        let (name, rest, ty) = prefixes.find_map(|(name, rest)| {
            let (_, ty) = self.scope.get(name)?;
            Some((name, rest, ty))
        })?;
        let fault = match &ty {
            Type::Rows(columns) if columns.get(rest).is_some() => {
                let message = format!("`{path}` has a value in every row");
                let hint = format!(
                    "say which rows: `{name}.exists(r, r.{rest} …)`, `all`, or `map` to collect them"
                );
                return Some(Fault::new("E007", span, message).hint(hint));
            }
            Type::Rows(columns) => return Some(no_column(span, rest, columns)),
            Type::Coverage => {
                let hint = format!("it has `{name}.protected` and `{name}.target`");
                Fault::new("E002", span, no_such(path)).hint(hint)
            }
            Type::Option(options) if options.place(rest).is_some() => {
                let hint = format!("write `{name} == \"{rest}\"`");
                Fault::new("E002", span, no_such(path)).hint(hint)
            }
            Type::Options(options) if options.place(rest).is_some() => {
                let hint = format!("write `\"{rest}\" in {name}`");
                Fault::new("E002", span, no_such(path)).hint(hint)
            }
            ty => {
                let message = format!("`{name}` is {ty} and has no part `{rest}`");
                Fault::new("E002", span, message).hint(format!("write `{name}` alone"))
            }
        };
        Some(fault)
    }

    /// Refuses what looks like a difference and is a name in which `-` stands for `_`.
    pub(super) fn refuse_hyphens(&mut self, first: &Node) -> Option<()> {
        let Kind::Name(path) = &first.kind else {
            return Some(());
        };
        let belongs = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        let from = &self.source[first.span.start..];
        let written = &from[..from.find(|c| !belongs(c)).unwrap_or(from.len())];
        let meant = written.replace('-', "_");
        if self.scope.get(path).is_some() || self.scope.get(&meant).is_none() {
            return Some(());
        }
        let span = Span::new(first.span.start, first.span.start + written.len());
        let hint = format!("names are joined with `_`: write `{meant}`");
        self.fault(Fault::new("E002", span, no_such(written)).hint(hint))
    }

    /// Returns the innermost variable that stands for a row with such a column.
    fn row_with_column(&self, column: &str) -> Option<&'a str> {
        let mut inside_out = self.variables.iter().rev();
        let found = inside_out.find(|(_, variable)| match variable {
            Variable::Row(columns) => columns.get(column).is_some(),
            Variable::Single(_) => false,
        });
        found.map(|(name, _)| *name)
    }

    /// Returns the name in any section that is nearest, by its last part if it has only one.
    fn elsewhere(&self, path: &str) -> Option<&'a str> {
        if path.contains('.') {
            return nearest(path, self.scope.paths());
        }
        let ends_so = |name: &&str| name.rsplit('.').next() == Some(path);
        self.scope.paths().find(ends_so)
    }
}

fn no_such(path: &str) -> String {
    match path.split_once('.') {
        Some(("derived", id)) => format!("no derived value is called `{id}`"),
        Some(("customer", fact)) => format!("nothing about the customer is called `{fact}`"),
        Some(("ev", part)) => format!("no part of a tool's result is called `{part}`"),
        Some(("row", column)) => format!("no column is called `{column}`"),
        Some(_) => format!("no question is called `{path}`"),
        None => format!("nothing is called `{path}`"),
    }
}

fn no_column(span: Span, column: &str, columns: &Columns) -> Fault {
    let hint = match nearest(column, columns.ids()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the columns are {}", names(columns.ids())),
    };
    Fault::new("E002", span, format!("no column is called `{column}`")).hint(hint)
}

fn word_hint(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "yes" | "on" | "y" => "write `true`",
        "no" | "off" | "n" => "write `false`",
        "null" | "none" | "nil" | "empty" | "undefined" => {
            "to ask whether there is an answer, write `answered(section.question)`"
        }
        "unknown" => "to ask whether *don't know* was said, write `is_unknown(section.question)`",
        "na" => "to ask whether it is *not applicable*, write `is_na(section.question)`",
        "today" => "write `today()`",
        _ if word.contains('.') => return None,
        _ => "a question is named `section.question`; a text stands in quotes",
    })
}
