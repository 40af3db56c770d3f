//! From characters to words, numbers, texts and symbols.
//!
//! Slips that leave no doubt about what was meant (`=` for `==`) are noted and put right, so that the
//! parser can go on and find the rest.

use crate::domain::condition::{Fault, Span};

/// A word, number, text or symbol, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Word,
    /// Digits, with a decimal point or without.
    Number,
    /// With its quotes.
    Text,
    Symbol(&'static str),
    End,
}

/// All tokens of a source, `End` last, or faults that leave no sense in reading on.
pub(crate) struct Lexed {
    pub(crate) tokens: Vec<Token>,
    pub(crate) faults: Vec<Fault>,
    /// Whether the tokens are too far from what was meant to be parsed.
    pub(crate) broken: bool,
}

/// Splits `source` into tokens.
pub(crate) fn lex(source: &str) -> Lexed {
    let mut lexer = Lexer {
        source,
        position: 0,
        lexed: Lexed {
            tokens: Vec::new(),
            faults: Vec::new(),
            broken: false,
        },
    };
    while let Some(first) = lexer.rest().chars().next() {
        lexer.token(first);
    }
    lexer.take(TokenKind::End, 0);
    lexer.lexed
}

/// Symbols, longest first, and what is meant by those that are not ours.
const SYMBOLS: [(&str, &str); 30] = [
    ("===", "=="),
    ("!==", "!="),
    ("==", "=="),
    ("!=", "!="),
    ("<=", "<="),
    (">=", ">="),
    ("=>", ">="),
    ("=<", "<="),
    ("<>", "!="),
    ("&&", "&&"),
    ("||", "||"),
    ("=", "=="),
    ("&", "&&"),
    ("|", "||"),
    ("<", "<"),
    (">", ">"),
    ("!", "!"),
    ("+", "+"),
    ("-", "-"),
    ("*", "*"),
    ("/", "/"),
    ("%", "%"),
    ("(", "("),
    (")", ")"),
    ("[", "["),
    ("]", "]"),
    (",", ","),
    (".", "."),
    ("?", "?"),
    (":", ":"),
];

struct Lexer<'a> {
    source: &'a str,
    position: usize,
    lexed: Lexed,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.source[self.position..]
    }

    /// Counts the bytes ahead whose characters `belongs` accepts.
    fn run(&self, belongs: impl Fn(char) -> bool) -> usize {
        let rest = self.rest();
        rest.find(|character| !belongs(character))
            .unwrap_or(rest.len())
    }

    fn take(&mut self, kind: TokenKind, length: usize) {
        let span = self.skip(length);
        self.lexed.tokens.push(Token { kind, span });
    }

    fn skip(&mut self, length: usize) -> Span {
        let span = Span::new(self.position, self.position + length);
        self.position = span.end;
        span
    }

    fn refuse(&mut self, length: usize, message: String, hint: Option<String>) {
        let span = self.skip(length);
        let mut fault = Fault::new("E001", span, message);
        fault.hint = hint;
        self.lexed.faults.push(fault);
        self.lexed.broken = true;
    }

    fn token(&mut self, first: char) {
        match first {
            ' ' | '\t' | '\r' | '\n' => {
                self.position += 1;
            }
            '0'..='9' => self.number(),
            '"' | '\'' => self.text(first),
            _ if first.is_alphabetic() || first == '_' => self.word(),
            _ => self.symbol(first),
        }
    }

    fn word(&mut self) {
        let length = self.run(|character| character.is_alphanumeric() || character == '_');
        let word = &self.rest()[..length];
        if word.is_ascii() {
            return self.take(TokenKind::Word, length);
        }
        let message = format!("`{word}` has letters that no name has");
        let hint =
            "names are written with a to z, digits and `_`; words of a language stand in quotes";
        self.refuse(length, message, Some(hint.to_owned()));
    }

    fn number(&mut self) {
        let whole = self.run(|character| character.is_ascii_digit());
        let rest = &self.rest()[whole..];
        let decimals = rest.strip_prefix('.').map_or(0, |digits| {
            1 + digits.len()
                - digits
                    .trim_start_matches(|c: char| c.is_ascii_digit())
                    .len()
        });
        let length = whole + decimals;
        let tail = self.rest()[length..]
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
            .unwrap_or(self.rest().len() - length);
        if tail == 0 && decimals != 1 {
            return self.take(TokenKind::Number, length);
        }
        let number = &self.rest()[..length + tail];
        let digits = &number[..whole];
        let hint = match &number[length..] {
            "" => format!("write `{digits}` or `{digits}.0`"),
            "d" if decimals == 0 => format!("days are written `days({digits})`"),
            _ => "a number is digits, and a `.` before its decimals; nothing else".to_owned(),
        };
        let message = format!("`{}` is not a number", shorten(number));
        self.refuse(length + tail, message, Some(hint));
    }

    fn text(&mut self, quote: char) {
        let inner = &self.rest()[1..];
        let line = &inner[..inner.find(['\n', '\r']).unwrap_or(inner.len())];
        let Some(length) = line.find(quote) else {
            let other = if quote == '"' { '\'' } else { '"' };
            let hint = format!(
                "put {quote} behind its last letter; a text that has {quote} in it stands between {other}"
            );
            let message = "this text is never closed".to_owned();
            return self.refuse(1 + line.len(), message, Some(hint));
        };
        let odd = line[..length].char_indices().find(|(_, c)| is_control(*c));
        let Some((before, character)) = odd else {
            return self.take(TokenKind::Text, length + 2);
        };
        self.skip(1 + before);
        self.refuse(
            character.len_utf8(),
            no_meaning(character),
            hint_for(character),
        );
        self.skip(length - before - character.len_utf8() + 1);
    }

    fn symbol(&mut self, first: char) {
        let rest = self.rest();
        let known = SYMBOLS
            .iter()
            .find(|(written, _)| rest.starts_with(written));
        let Some(&(written, meant)) = known else {
            let length = self.run(|character| character == first);
            return self.refuse(length, no_meaning(first), hint_for(first));
        };
        self.take(TokenKind::Symbol(meant), written.len());
        if written != meant {
            let span = Span::new(self.position - written.len(), self.position);
            let message = match written {
                "=" => "`=` does not compare".to_owned(),
                _ => format!("`{written}` is not an operator here"),
            };
            let fault = Fault::new("E001", span, message).hint(format!("write `{meant}`"));
            self.lexed.faults.push(fault);
        }
    }
}

fn is_control(character: char) -> bool {
    character.is_control() && character != '\t'
}

fn no_meaning(character: char) -> String {
    if character.is_control() || (character.is_whitespace() || is_invisible(character)) {
        let code = u32::from(character);
        return format!("there is an invisible character (U+{code:04X})");
    }
    format!("`{character}` has no meaning here")
}

fn is_invisible(character: char) -> bool {
    matches!(character, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

fn hint_for(character: char) -> Option<String> {
    let hint = match character {
        '“' | '”' | '„' | '«' | '»' => "write straight quotes: `\"`",
        '‘' | '’' | '‚' | '`' => "write straight quotes: `\"` or `'`",
        '≥' => "write `>=`",
        '≤' => "write `<=`",
        '≠' | '~' => "write `!=` for *is not*, `!` for *not*",
        '–' | '—' | '−' => "write `-`",
        '×' => "write `*`",
        '÷' => "write `/`",
        '{' | '}' => "a name stands here by itself, without braces",
        '#' => "remarks stand behind the closing quote of the expression",
        '\\' => "texts have no escapes: put a text that has `\"` in it between `'`",
        ';' => "join conditions with `&&` or `||`",
        '^' => "multiply with `*`",
        _ if character.is_control() || character.is_whitespace() || is_invisible(character) => {
            "remove it"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

/// Cuts a piece of source to what a message can carry.
pub(crate) fn shorten(text: &str) -> String {
    const LONGEST: usize = 60;
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST {
        return line;
    }
    let cut: String = line.chars().take(LONGEST - 1).collect();
    format!("{cut}…")
}
