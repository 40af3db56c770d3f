//! From tokens to a syntax tree: what is written, before anything is known about names and types.
//!
//! The recursion is as deep as brackets are nested, which is bounded; chains of any operator are lists.
//! Slips with one clear meaning are noted and read as meant; the first other fault ends the reading.

use std::str::FromStr;
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::domain::condition::lex::{Token, TokenKind, lex, shorten};
use crate::domain::condition::{Fault, MAX_BYTES, MAX_DEPTH, MAX_PARTS, RESERVED, Span};

/// An expression as it is written: its grammar is right, its names and types are not known yet.
#[derive(Debug, Clone)]
pub struct Syntax {
    pub(crate) source: Arc<str>,
    pub(crate) root: Node,
}

impl Syntax {
    /// Returns the text that was parsed.
    pub fn source(&self) -> &str {
        &self.source
    }
}

/// Reads an expression.
///
/// # Errors
///
/// Every fault that was found, all of code E001, in the order of the text.
pub fn parse(source: &str) -> Result<Syntax, Vec<Fault>> {
    if source.len() > MAX_BYTES {
        return Err(vec![too_long(source)]);
    }
    let lexed = lex(source);
    let mut parser = Parser {
        source,
        tokens: &lexed.tokens,
        next: 0,
        depth: 0,
        parts: 0,
        faults: lexed.faults,
    };
    let root = if lexed.broken {
        Err(Stop)
    } else {
        parser.whole()
    };
    let mut faults = parser.faults;
    faults.sort_by_key(|fault| fault.span.start);
    match root {
        Ok(root) if faults.is_empty() => Ok(Syntax {
            source: source.into(),
            root,
        }),
        _ => Err(faults),
    }
}

fn too_long(source: &str) -> Fault {
    let span = Span::new(source.floor_char_boundary(MAX_BYTES), source.len());
    let message = format!("an expression has at most {MAX_BYTES} bytes");
    Fault::new("E001", span, message)
        .hint("divide it: a `[[derived]]` value can be named in other expressions")
}

/// A part of the tree and where it stands, brackets around it not counted.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Nothing,
    Bool(bool),
    Int(i64),
    Decimal(Decimal),
    Text(Arc<str>),
    List(Vec<Node>),
    /// A dotted path.
    Name(String),
    Call {
        name: Span,
        arguments: Vec<Node>,
    },
    Each {
        word: Each,
        over: Box<Node>,
        variable: String,
        body: Box<Node>,
    },
    Not(Box<Node>),
    Negate(Box<Node>),
    Compare {
        comparison: Comparison,
        sides: Box<[Node; 2]>,
    },
    In {
        needle: Box<Node>,
        stack: Box<Node>,
    },
    All(Vec<Node>),
    Any(Vec<Node>),
    /// Operators of one rank, from left to right.
    Arithmetic {
        first: Box<Node>,
        rest: Vec<(Operator, Node)>,
    },
    /// `condition ? value : condition ? value : otherwise`.
    Choose {
        arms: Vec<(Node, Node)>,
        otherwise: Box<Node>,
    },
}

/// What is done with each row or element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Each {
    Exists,
    All,
    Filter,
    Map,
}

impl FromStr for Each {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Ok(match word {
            "exists" => Self::Exists,
            "all" => Self::All,
            "filter" => Self::Filter,
            "map" => Self::Map,
            _ => return Err(()),
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    fn of(symbol: &str) -> Option<Self> {
        Some(match symbol {
            "==" => Self::Equal,
            "!=" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    /// Tells `<` and its like, which need an order, from `==` and `!=`.
    pub(crate) fn orders(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Operator {
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

/// What stands between the sides of a `rel`.
#[derive(Clone, Copy)]
enum Relation {
    Compare(Comparison),
    In,
    /// `not in`, which is noted as a fault.
    NotIn,
}

/// The parser cannot go on; the fault has been noted.
struct Stop;

type Parsed = Result<Node, Stop>;

/// What `!` or `-` makes of the part behind it.
type Wrap = fn(Box<Node>) -> Kind;

struct Parser<'a> {
    source: &'a str,
    /// Ends with `TokenKind::End`.
    tokens: &'a [Token],
    next: usize,
    depth: usize,
    parts: usize,
    faults: Vec<Fault>,
}

/// The grammar, from the loosest operator to the tightest.
impl Parser<'_> {
    fn whole(&mut self) -> Parsed {
        if self.peek().kind == TokenKind::End {
            let span = Span::new(0, self.source.len());
            return self.stop(Fault::new("E001", span, "the expression is empty"));
        }
        let root = self.expression()?;
        match self.peek().kind {
            TokenKind::End => Ok(root),
            _ => self.surplus(),
        }
    }

    fn expression(&mut self) -> Parsed {
        let start = self.start();
        let mut arms = Vec::new();
        loop {
            let node = self.any()?;
            let question_mark = self.peek().span;
            if !self.take("?") {
                if arms.is_empty() {
                    return Ok(node);
                }
                let otherwise = Box::new(node);
                return self.node(start, Kind::Choose { arms, otherwise });
            }
            let value = self.nested(Self::expression)?;
            self.expect_otherwise(question_mark)?;
            arms.push((node, value));
        }
    }

    fn any(&mut self) -> Parsed {
        self.joined("||", "or", Self::all, Kind::Any)
    }

    fn all(&mut self) -> Parsed {
        self.joined("&&", "and", Self::relation, Kind::All)
    }

    fn joined(
        &mut self,
        symbol: &'static str,
        word: &str,
        term: fn(&mut Self) -> Parsed,
        kind: fn(Vec<Node>) -> Kind,
    ) -> Parsed {
        let start = self.start();
        let first = term(self)?;
        if !self.take_joint(symbol, word) {
            return Ok(first);
        }
        let mut terms = vec![first, term(self)?];
        while self.take_joint(symbol, word) {
            terms.push(term(self)?);
        }
        self.node(start, kind(terms))
    }

    fn relation(&mut self) -> Parsed {
        let start = self.start();
        let left = self.sum()?;
        let left_end = self.end();
        let Some(relation) = self.take_relation() else {
            return Ok(left);
        };
        let middle = self.start();
        let right = self.sum()?;
        let spans = [Span::new(start, left_end), Span::new(middle, self.end())];
        let node = self.related(start, relation, left, right)?;
        self.refuse_chain(spans)?;
        Ok(node)
    }

    fn related(&mut self, start: usize, relation: Relation, left: Node, right: Node) -> Parsed {
        let (needle, stack) = match relation {
            Relation::Compare(comparison) => {
                let sides = Box::new([left, right]);
                return self.node(start, Kind::Compare { comparison, sides });
            }
            Relation::In | Relation::NotIn => (Box::new(left), Box::new(right)),
        };
        self.node(start, Kind::In { needle, stack })
    }

    fn sum(&mut self) -> Parsed {
        const RANK: [Operator; 2] = [Operator::Add, Operator::Subtract];
        self.arithmetic(&RANK, Self::product)
    }

    fn product(&mut self) -> Parsed {
        const RANK: [Operator; 3] = [Operator::Multiply, Operator::Divide, Operator::Remainder];
        self.arithmetic(&RANK, Self::unary)
    }

    fn arithmetic(&mut self, rank: &[Operator], operand: fn(&mut Self) -> Parsed) -> Parsed {
        let start = self.start();
        let first = operand(self)?;
        let mut rest = Vec::new();
        while let Some(operator) = self.take_operator(rank) {
            rest.push((operator, operand(self)?));
        }
        if rest.is_empty() {
            return Ok(first);
        }
        let first = Box::new(first);
        self.node(start, Kind::Arithmetic { first, rest })
    }

    fn unary(&mut self) -> Parsed {
        let mut prefixes: Vec<(usize, Wrap)> = Vec::new();
        loop {
            let start = self.start();
            if self.take_not() {
                prefixes.push((start, Kind::Not));
            } else if self.at("-") && self.after_next().kind != TokenKind::Number {
                self.advance();
                prefixes.push((start, Kind::Negate));
            } else {
                break;
            }
        }
        self.deepen(prefixes.len())?;
        let mut node = self.primary()?;
        self.depth -= prefixes.len();
        for (start, wrap) in prefixes.into_iter().rev() {
            node = self.node(start, wrap(Box::new(node)))?;
        }
        Ok(node)
    }

    fn primary(&mut self) -> Parsed {
        let token = self.peek();
        match token.kind {
            TokenKind::Number => self.number(),
            TokenKind::Symbol("-") => self.number(),
            TokenKind::Text => {
                self.advance();
                let text = Span::new(token.span.start + 1, token.span.end - 1).of(self.source);
                self.node(token.span.start, Kind::Text(text.into()))
            }
            TokenKind::Symbol("[") => self.list(),
            TokenKind::Symbol("(") => {
                self.advance();
                let inner = self.nested(Self::expression)?;
                self.close(token.span, ")")?;
                Ok(inner)
            }
            TokenKind::Word if !self.at_any_word(&["and", "or", "not", "in"]) => self.word(),
            _ => self.missing_value(),
        }
    }

    /// Reads a number with the `-` before it, so that the smallest whole number can be written.
    fn number(&mut self) -> Parsed {
        let start = self.start();
        let minus = if self.take("-") { "-" } else { "" };
        self.advance();
        let span = Span::new(start, self.end());
        let digits = format!("{minus}{}", self.tokens[self.next - 1].span.of(self.source));
        let kind = if digits.contains('.') {
            Decimal::from_str_exact(&digits).ok().map(Kind::Decimal)
        } else {
            digits.parse().ok().map(Kind::Int)
        };
        match kind {
            Some(kind) => self.node(start, kind),
            None => self.stop(
                Fault::new("E001", span, "the number has too many digits")
                    .hint("whole numbers have up to 18 digits, decimal ones up to 28"),
            ),
        }
    }

    fn list(&mut self) -> Parsed {
        let open = self.advance().span;
        let elements = self.separated(open, "]")?;
        self.node(open.start, Kind::List(elements))
    }

    fn word(&mut self) -> Parsed {
        let token = self.peek();
        let word = token.span.of(self.source);
        let stands_alone = !matches!(self.after_next().kind, TokenKind::Symbol("." | "("));
        let literal = match word {
            "nothing" => Some(Kind::Nothing),
            _ => word.to_ascii_lowercase().parse().ok().map(Kind::Bool),
        };
        let Some(literal) = literal.filter(|_| stands_alone) else {
            return self.path();
        };
        self.advance();
        if matches!(&literal, Kind::Bool(value) if value.to_string() != word) {
            let meant = word.to_ascii_lowercase();
            self.slip(token.span, format!("`{word}` is written small"), &meant);
        }
        self.node(token.span.start, literal)
    }

    fn path(&mut self) -> Parsed {
        let mut segments = vec![self.advance().span];
        while self.take(".") {
            segments.push(self.expect_name()?);
        }
        if !self.at("(") {
            return self.name(&segments);
        }
        let last = segments[segments.len() - 1];
        match (
            &segments[..segments.len() - 1],
            last.of(self.source).parse(),
        ) {
            ([], _) => self.call(last),
            (over, Ok(word)) => {
                let over = self.name(over)?;
                self.chain(over, word)
            }
            (over, Err(())) => self.function_behind(over, last),
        }
    }

    fn name(&mut self, segments: &[Span]) -> Parsed {
        let words: Vec<&str> = segments.iter().map(|span| span.of(self.source)).collect();
        let (start, end) = (segments[0].start, segments[segments.len() - 1].end);
        self.count(Node {
            span: Span::new(start, end),
            kind: Kind::Name(words.join(".")),
        })
    }

    fn call(&mut self, name: Span) -> Parsed {
        let open = self.advance().span;
        let arguments = self.separated(open, ")")?;
        self.node(name.start, Kind::Call { name, arguments })
    }

    /// Reads what follows `over.word`, and `.filter(…)` and its like behind that.
    fn chain(&mut self, over: Node, word: Each) -> Parsed {
        let mut links = 1;
        self.deepen(1)?;
        let mut node = self.each(over, word)?;
        while self.take(".") {
            let name = self.expect_name()?;
            let word = match name.of(self.source).parse() {
                Ok(word) if self.at("(") => word,
                _ => return self.only_each(name),
            };
            links += 1;
            self.deepen(1)?;
            node = self.each(node, word)?;
        }
        self.depth -= links;
        Ok(node)
    }

    fn each(&mut self, over: Node, word: Each) -> Parsed {
        let open = self.advance().span;
        let variable = self.peek();
        let name = variable.span.of(self.source);
        let followed_by_comma = self.after_next().kind == TokenKind::Symbol(",");
        if variable.kind != TokenKind::Word || !followed_by_comma {
            return self.variable_missing(open);
        }
        if RESERVED.contains(&name) {
            let message = format!("`{name}` means something else already");
            return self.stop(
                Fault::new("E001", variable.span, message).hint("take another name for a row"),
            );
        }
        self.advance();
        self.advance();
        let body = Box::new(self.nested(Self::expression)?);
        self.close(open, ")")?;
        let start = over.span.start;
        let (over, variable) = (Box::new(over), name.to_owned());
        let kind = Kind::Each {
            word,
            over,
            variable,
            body,
        };
        self.node(start, kind)
    }

    fn separated(&mut self, open: Span, closing: &'static str) -> Result<Vec<Node>, Stop> {
        let mut nodes = Vec::new();
        if self.take(closing) {
            return Ok(nodes);
        }
        loop {
            nodes.push(self.nested(Self::expression)?);
            let comma = self.peek().span;
            if !self.take(",") {
                break;
            }
            if self.at(closing) {
                let fault = Fault::new("E001", comma, "nothing follows this comma");
                self.faults.push(fault.hint("remove it"));
                break;
            }
        }
        self.close(open, closing)?;
        Ok(nodes)
    }
}

/// Tokens and limits.
impl<'a> Parser<'a> {
    fn peek(&self) -> Token {
        self.tokens[self.next]
    }

    fn after_next(&self) -> Token {
        self.tokens[(self.next + 1).min(self.tokens.len() - 1)]
    }

    fn previous(&self) -> Option<Token> {
        self.next.checked_sub(1).map(|index| self.tokens[index])
    }

    /// Returns where the next token starts.
    fn start(&self) -> usize {
        self.peek().span.start
    }

    /// Returns where the last token ended.
    fn end(&self) -> usize {
        self.previous().map_or(0, |token| token.span.end)
    }

    /// Steps over the next token; never over the end.
    fn advance(&mut self) -> Token {
        let token = self.peek();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        token
    }

    fn at(&self, symbol: &'static str) -> bool {
        self.peek().kind == TokenKind::Symbol(symbol)
    }

    fn at_any_word(&self, words: &[&str]) -> bool {
        let token = self.peek();
        let written = token.span.of(self.source);
        token.kind == TokenKind::Word && words.iter().any(|word| word.eq_ignore_ascii_case(written))
    }

    fn take(&mut self, symbol: &'static str) -> bool {
        let found = self.at(symbol);
        if found {
            self.advance();
        }
        found
    }

    /// Takes `&&`, or `and` as a slip for it.
    fn take_joint(&mut self, symbol: &'static str, word: &str) -> bool {
        if self.take(symbol) {
            return true;
        }
        let found = self.at_any_word(&[word]);
        if found {
            let span = self.advance().span;
            let message = format!("`{}` is not an operator", span.of(self.source));
            self.slip(span, message, symbol);
        }
        found
    }

    fn take_not(&mut self) -> bool {
        if self.take("!") {
            return true;
        }
        let found = self.at_any_word(&["not"])
            && !matches!(self.after_next().kind, TokenKind::Symbol("." | ","));
        if found {
            let span = self.advance().span;
            let message = format!("`{}` is not an operator", span.of(self.source));
            self.slip(span, message, "!");
        }
        found
    }

    fn take_relation(&mut self) -> Option<Relation> {
        let token = self.peek();
        let relation = match token.kind {
            TokenKind::Symbol(symbol) => Relation::Compare(Comparison::of(symbol)?),
            TokenKind::Word if token.span.of(self.source) == "in" => Relation::In,
            TokenKind::Word if self.at_any_word(&["not"]) => Relation::NotIn,
            _ => return None,
        };
        if let Relation::NotIn = relation {
            let next = self.after_next();
            if next.kind != TokenKind::Word || next.span.of(self.source) != "in" {
                return None;
            }
            let span = Span::new(token.span.start, next.span.end);
            let fault = Fault::new("E001", span, "`not in` is not an operator");
            self.faults.push(fault.hint("write `!(… in …)`"));
            self.advance();
        }
        self.advance();
        Some(relation)
    }

    fn take_operator(&mut self, rank: &[Operator]) -> Option<Operator> {
        let TokenKind::Symbol(symbol) = self.peek().kind else {
            return None;
        };
        let operator = rank.iter().find(|operator| operator.symbol() == symbol)?;
        self.advance();
        Some(*operator)
    }

    /// Makes a node that reaches from `start` to the last token.
    fn node(&mut self, start: usize, kind: Kind) -> Parsed {
        let span = Span::new(start, self.end());
        self.count(Node { span, kind })
    }

    fn count(&mut self, node: Node) -> Parsed {
        self.parts += 1;
        if self.parts <= MAX_PARTS {
            return Ok(node);
        }
        let message = format!("the expression has more than {MAX_PARTS} parts");
        self.stop(
            Fault::new("E001", node.span, message)
                .hint("divide it: a `[[derived]]` value can be named in other expressions"),
        )
    }

    fn nested(&mut self, inner: fn(&mut Self) -> Parsed) -> Parsed {
        self.deepen(1)?;
        let node = inner(self)?;
        self.depth -= 1;
        Ok(node)
    }

    fn deepen(&mut self, levels: usize) -> Result<(), Stop> {
        self.depth += levels;
        if self.depth <= MAX_DEPTH {
            return Ok(());
        }
        let span = self.previous().unwrap_or(self.peek()).span;
        let message = format!("the expression is nested more than {MAX_DEPTH} levels deep");
        self.stop(
            Fault::new("E001", span, message)
                .hint("divide it: a `[[derived]]` value can be named in other expressions"),
        )
    }
}

/// What can be wrong.
impl Parser<'_> {
    fn stop<T>(&mut self, fault: Fault) -> Result<T, Stop> {
        self.faults.push(fault);
        Err(Stop)
    }

    /// Notes a slip that the parser reads as what was meant.
    fn slip(&mut self, span: Span, message: String, meant: &str) {
        let fault = Fault::new("E001", span, message).hint(format!("write `{meant}`"));
        self.faults.push(fault);
    }

    fn expect_name(&mut self) -> Result<Span, Stop> {
        if self.peek().kind == TokenKind::Word {
            return Ok(self.advance().span);
        }
        let point = self.previous().unwrap_or(self.peek()).span;
        self.stop(
            Fault::new("E001", point, "a name is missing behind this point")
                .hint("a question is named `section.question`"),
        )
    }

    fn expect_otherwise(&mut self, question_mark: Span) -> Result<(), Stop> {
        if self.take(":") {
            return Ok(());
        }
        if self.peek().kind != TokenKind::End && !self.at(")") {
            return self.surplus();
        }
        self.stop(
            Fault::new("E001", question_mark, "this `?` has no `:`")
                .hint("write `condition ? value : other value`"),
        )
    }

    fn close(&mut self, open: Span, closing: &'static str) -> Result<(), Stop> {
        if self.take(closing) {
            return Ok(());
        }
        if self.peek().kind != TokenKind::End {
            return self.surplus();
        }
        let message = format!("this `{}` is never closed", open.of(self.source));
        self.stop(Fault::new("E001", open, message).hint(format!("add `{closing}` where it ends")))
    }

    fn refuse_chain(&mut self, [left, middle]: [Span; 2]) -> Result<(), Stop> {
        let operator = self.peek().span;
        if self.take_relation().is_none() {
            return Ok(());
        }
        self.sum()?;
        let first = Span::new(left.start, middle.end).of(self.source);
        let second = Span::new(operator.start, self.end()).of(self.source);
        let middle = middle.of(self.source);
        let hint = match first.len() + second.len() {
            0..=60 => format!("write `{first} && {middle} {second}`"),
            _ => "join two comparisons with `&&`".to_owned(),
        };
        let span = Span::new(left.start, self.end());
        self.faults
            .push(Fault::new("E001", span, "one comparison follows another").hint(hint));
        // What follows in the chain says nothing new.
        while self.take_relation().is_some() {
            self.sum()?;
        }
        Ok(())
    }

    fn variable_missing<T>(&mut self, open: Span) -> Result<T, Stop> {
        let fault = Fault::new(
            "E001",
            open,
            "behind this `(` a name for each row is missing",
        );
        self.stop(fault.hint("write it like `section.rows.exists(r, r.column > 0)`"))
    }

    fn function_behind<T>(&mut self, over: &[Span], name: Span) -> Result<T, Stop> {
        let words: Vec<&str> = over.iter().map(|span| span.of(self.source)).collect();
        let function = name.of(self.source);
        let message = format!("`{function}` does not stand behind a name");
        let each = match function {
            "any" | "some" => Some("exists"),
            "every" => Some("all"),
            "where" | "select" => Some("filter"),
            "collect" => Some("map"),
            _ => None,
        };
        if let Some(each) = each {
            let hint = format!("write `{}.{each}(r, …)`", words.join("."));
            return self.stop(Fault::new("E001", name, message).hint(hint));
        }
        let more = if self.after_next().kind == TokenKind::Symbol(")") {
            ""
        } else {
            ", …"
        };
        let hint = format!("write `{function}({}{more})`", words.join("."));
        self.stop(Fault::new("E001", name, message).hint(hint))
    }

    fn only_each<T>(&mut self, name: Span) -> Result<T, Stop> {
        let message = format!("`{}` cannot follow here", name.of(self.source));
        self.stop(
            Fault::new("E001", name, message)
                .hint("only `exists`, `all`, `filter` and `map` can, each with `(r, …)`"),
        )
    }

    /// A value should stand here, and something else does.
    fn missing_value<T>(&mut self) -> Result<T, Stop> {
        let found = self.peek();
        let shown = found.span.of(self.source);
        let before = self.previous();
        let after = before.map(|token| shorten(token.span.of(self.source)));
        let (span, message) = match (found.kind, before, after) {
            (TokenKind::End, Some(token), Some(after)) => {
                (token.span, format!("behind `{after}` something is missing"))
            }
            (_, _, Some(after)) => {
                let message = format!("between `{after}` and `{shown}` something is missing");
                (found.span, message)
            }
            _ => (found.span, format!("before `{shown}` something is missing")),
        };
        let hint = match (shown, before.map(|token| token.span.of(self.source))) {
            (".", _) => Some("a decimal number begins with a digit: `0.5`"),
            (_, Some("%")) => Some("percentages are written without a sign: `x >= 95`"),
            _ => None,
        };
        let mut fault = Fault::new("E001", span, message);
        fault.hint = hint.map(str::to_owned);
        self.stop(fault)
    }

    /// A value is complete, and what follows does not continue it.
    fn surplus<T>(&mut self) -> Result<T, Stop> {
        let found = self.peek();
        let shown = shorten(found.span.of(self.source));
        let message = match shown.as_str() {
            ")" | "]" => format!("this `{shown}` closes nothing"),
            ":" => "this `:` has no `?`".to_owned(),
            _ => format!("`{shown}` does not follow from what stands before it"),
        };
        let between_numbers = self.previous().is_some_and(|t| t.kind == TokenKind::Number)
            && self.after_next().kind == TokenKind::Number;
        let after_if = self
            .previous()
            .is_some_and(|t| t.span.of(self.source).eq_ignore_ascii_case("if"));
        let hint = match shown.to_ascii_lowercase().as_str() {
            ")" | "]" => "remove it, or open it before",
            "is" | "equals" | "eq" => "write `==`",
            "then" | "else" | "if" | ":" => "write `condition ? value : other value`",
            "contains" | "has" | "includes" => {
                "write `\"option\" in x` for options, `contains(x, \"part\")` for texts"
            }
            "starts_with" => "write `starts_with(x, \"part\")`",
            "[" => "rows have no numbers: write `x.exists(r, …)`, `x.all(r, …)` or `x.map(r, …)`",
            _ if after_if => "write `condition ? value : other value`",
            "xor" => "write `!=`",
            "," if between_numbers => {
                "write large numbers without separators, and decimals with `.`"
            }
            "," => "a list stands between `[` and `]`",
            "in" => "write `in` small",
            _ => "put `&&`, `||` or a comparison between them",
        };
        self.stop(Fault::new("E001", found.span, message).hint(hint))
    }
}
