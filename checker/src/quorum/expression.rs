//! The expression language of quorums.
//!
//! ```text
//! sum    := product { ("+" | "|" | "or") product }          at least one
//! product:= part { ("*" | "&" | "and") part }               all
//! part   := NAME | "NAME" | "(" sum ")" | FUNCTION "(" … ")"
//! ```
//!
//! with the functions `choose(k, e, …)`, `majority(e, …)`, `any(e, …)`, `all(e, …)`, `weighted(t; e:w, …)` and the shapes
//! `rows(columns; e, …)`, `covers(columns; e, …)`, `tree(e, …)`, `hierarchy(branching; e, …)`, `wall(width, …; e, …)` and
//! `plane(order; e, …)` of [`super::shape`]. A name is a word (letters, digits, `_ . - @ /`, starting with a letter or
//! `_`) or any JSON-like string in double quotes, so that `a b` and `a_b` stay apart.
//!
//! Nesting is bounded, so that hostile input cannot overflow the stack.

use rustc_hash::FxHashMap;

use super::error::QuorumError;
use super::formula::{Builder, Formula, GateId};
use super::{shape, system};

/// The deepest nesting that is read.
const MAX_DEPTH: usize = 200;

/// The replicas that expressions may name.
pub(super) struct Names {
    list: Vec<String>,
    index: FxHashMap<String, usize>,
    /// Whether an unknown name declares a replica.
    open: bool,
}

impl Names {
    pub(super) fn new(list: impl IntoIterator<Item = String>, open: bool) -> Self {
        let list: Vec<String> = list.into_iter().collect();
        let index = list.iter().enumerate().map(|(i, name)| (name.clone(), i)).collect();
        Self { list, index, open }
    }

    fn number(&mut self, field: &str, name: &str) -> Result<usize, QuorumError> {
        if let Some(&known) = self.index.get(name) {
            return Ok(known);
        }
        if !self.open {
            let known: Vec<&str> = self.list.iter().map(String::as_str).collect();
            return Err(system::unknown_replica(field, name, &known));
        }
        self.index.insert(name.to_owned(), self.list.len());
        self.list.push(name.to_owned());
        Ok(self.list.len() - 1)
    }

    pub(super) fn into_list(self) -> Vec<String> {
        self.list
    }
}

/// Reads one expression; `field` is what errors blame.
pub(super) fn parse(field: &str, text: &str, names: &mut Names) -> Result<Formula, QuorumError> {
    let tokens = tokens(field, text)?;
    let mut parser = Parser { field, text, tokens, at: 0, depth: 0, names, builder: Builder::new() };
    let root = parser.sum()?;
    if parser.at < parser.tokens.len() {
        return Err(parser.error("expected an operator or the end"));
    }
    Ok(parser.builder.finish(root))
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Name(String),
    Word(String),
    Number(u64),
    Sign(char),
}

fn tokens(field: &str, text: &str) -> Result<Vec<(usize, Token)>, QuorumError> {
    let mut tokens = Vec::new();
    let mut rest = text.char_indices().peekable();
    let error = |at: usize, problem: &str| {
        QuorumError::new(field, format!("column {}: {problem}", text[..at].chars().count() + 1), GRAMMAR)
    };
    while let Some((at, c)) = rest.next() {
        let token = match c {
            c if c.is_whitespace() => continue,
            '+' | '|' => Token::Sign('+'),
            '*' | '&' => Token::Sign('*'),
            '(' | ')' | ',' | ';' | ':' => Token::Sign(c),
            '"' => {
                let mut name = String::new();
                loop {
                    match rest.next() {
                        None => return Err(error(at, "a quoted name does not end")),
                        Some((_, '"')) => break Token::Name(name),
                        Some((_, '\\')) => name.extend(rest.next().map(|(_, c)| c)),
                        Some((_, c)) => name.push(c),
                    }
                }
            }
            c if c.is_alphanumeric() || c == '_' => {
                let mut word = String::from(c);
                while let Some((_, c)) =
                    rest.next_if(|(_, c)| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '@' | '/'))
                {
                    word.push(c);
                }
                if word.starts_with(|c: char| c.is_ascii_digit()) {
                    Token::Number(word.parse().map_err(|_| {
                        error(
                            at,
                            &format!("{word:?} is no number (a name that starts with a digit needs quotes)"),
                        )
                    })?)
                } else {
                    Token::Word(word)
                }
            }
            c => return Err(error(at, &format!("{c:?} means nothing here"))),
        };
        tokens.push((at, token));
    }
    Ok(tokens)
}

const GRAMMAR: &str =
    "write names joined by + and *, parentheses, choose(k, …), majority(…) or weighted(t; name:votes, …)";

struct Parser<'a> {
    field: &'a str,
    text: &'a str,
    tokens: Vec<(usize, Token)>,
    at: usize,
    depth: usize,
    names: &'a mut Names,
    builder: Builder,
}

impl Parser<'_> {
    fn error(&self, problem: &str) -> QuorumError {
        let (column, found) = match self.tokens.get(self.at) {
            None => (self.text.chars().count() + 1, "the end".to_owned()),
            Some((at, token)) => {
                let found = match token {
                    Token::Name(name) => format!("{name:?}"),
                    Token::Word(word) => word.clone(),
                    Token::Number(number) => number.to_string(),
                    Token::Sign(sign) => sign.to_string(),
                };
                (self.text[..*at].chars().count() + 1, found)
            }
        };
        QuorumError::new(self.field, format!("column {column}: {problem}, found {found}"), GRAMMAR)
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    /// Steps over the sign, or a word that means it.
    fn eat(&mut self, sign: char) -> bool {
        let found = match self.peek() {
            Some(Token::Sign(c)) => *c == sign,
            Some(Token::Word(word)) => matches!((word.as_str(), sign), ("or", '+') | ("and", '*')),
            _ => false,
        };
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: char) -> Result<(), QuorumError> {
        if self.eat(sign) { Ok(()) } else { Err(self.error(&format!("expected {sign:?}"))) }
    }

    fn sum(&mut self) -> Result<GateId, QuorumError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error(&format!("nested deeper than {MAX_DEPTH}")));
        }
        let mut parts = vec![self.product()?];
        while self.eat('+') {
            parts.push(self.product()?);
        }
        self.depth -= 1;
        self.builder.any(&parts)
    }

    fn product(&mut self) -> Result<GateId, QuorumError> {
        let mut parts = vec![self.part()?];
        while self.eat('*') {
            parts.push(self.part()?);
        }
        self.builder.all(&parts)
    }

    fn part(&mut self) -> Result<GateId, QuorumError> {
        if self.eat('(') {
            let inner = self.sum()?;
            self.expect(')')?;
            return Ok(inner);
        }
        let name = match self.peek() {
            Some(Token::Word(word)) if matches!(word.as_str(), "and" | "or") => {
                return Err(self.error("expected a replica"));
            }
            Some(Token::Word(word)) => {
                let word = word.clone();
                self.at += 1;
                if self.eat('(') {
                    return self.function(&word);
                }
                word
            }
            Some(Token::Name(name)) => {
                let name = name.clone();
                self.at += 1;
                name
            }
            _ => return Err(self.error("expected a replica, a function or a parenthesis")),
        };
        let replica = self.names.number(self.field, &name)?;
        Ok(self.builder.replica(replica))
    }

    /// A function's arguments, after the opening parenthesis.
    fn function(&mut self, name: &str) -> Result<GateId, QuorumError> {
        let start = self.at - 2;
        let mut numbers = Vec::new();
        while let Some(Token::Number(number)) = self.peek() {
            numbers.push(*number);
            self.at += 1;
            if !self.eat(';') && !self.eat(',') {
                return Err(self.error("expected ',' or ';'"));
            }
        }
        let mut parts = Vec::new();
        loop {
            let part = self.sum()?;
            let weight = if self.eat(':') { Some(self.weight()?) } else { None };
            parts.push((part, weight));
            if !self.eat(',') {
                break;
            }
        }
        self.expect(')')?;
        let end = std::mem::replace(&mut self.at, start);
        let gate = self.call(name, &numbers, &parts)?;
        self.at = end;
        Ok(gate)
    }

    fn weight(&mut self) -> Result<u64, QuorumError> {
        match self.peek() {
            Some(&Token::Number(weight)) => {
                self.at += 1;
                Ok(weight)
            }
            _ => Err(self.error("expected a whole number of votes")),
        }
    }

    fn call(
        &mut self,
        name: &str,
        numbers: &[u64],
        parts: &[(GateId, Option<u64>)],
    ) -> Result<GateId, QuorumError> {
        if name != "weighted" && parts.iter().any(|(_, weight)| weight.is_some()) {
            return Err(self.error("only weighted(t; …) takes weights"));
        }
        let inputs: Vec<GateId> = parts.iter().map(|(part, _)| *part).collect();
        let builder = &mut self.builder;
        match (name, numbers) {
            ("any", []) => builder.any(&inputs),
            ("all", []) => builder.all(&inputs),
            ("majority", []) => builder.majority(&inputs),
            ("choose", &[k]) if k == 0 || k > inputs.len() as u64 => {
                Err(self.error(&format!("choose({k}, …) of {} parts", inputs.len())))
            }
            ("choose", &[k]) => builder.choose(k, &inputs),
            ("weighted", &[need]) => {
                let weighted: Vec<_> =
                    parts.iter().map(|(part, weight)| (*part, weight.unwrap_or(1))).collect();
                let total = weighted.iter().try_fold(0_u64, |sum, (_, weight)| sum.checked_add(*weight));
                if need == 0 || total.is_some_and(|total| need > total) {
                    return Err(self.error(&format!("weighted({need}; …) can never, or always, be met")));
                }
                builder.threshold(need, &weighted)
            }
            (shape, numbers) => match shape::call(builder, shape, numbers, &inputs) {
                Some(gate) => gate.map_err(|error| QuorumError { field: self.field.to_owned(), ..error }),
                None => Err(self.error(&format!("{name} is no function with {} numbers", numbers.len()))),
            },
        }
    }
}

#[cfg(test)]
mod tests;
