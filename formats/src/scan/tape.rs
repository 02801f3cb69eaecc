//! One form, flat: the tokens of its values one behind the other, so that an event costs no allocation.
//!
//! A collection is a token that knows where its content ends, followed by its content. Values that are rare in
//! histories (maps, floats, texts with escapes, …) stand beside the tape as data.

use tribunal_checker::history::{Datum, HistoryBuilder, Value};

/// What a collection is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// A vector or list.
    List,
    /// A set: its order says nothing.
    Set,
    /// A pair that is tagged as key and value of `jepsen.independent`.
    Tuple,
}

/// A value, or the beginning of one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Token {
    /// `nil`, `null`.
    Nil,
    /// `true`, `false`.
    Bool(bool),
    /// An integer of 64 bits.
    Int(i64),
    /// A text, keyword or symbol: where its bytes stand.
    Text(u32, u32),
    /// A collection; the node behind its content.
    List(Kind, Node),
    /// Any other value: its row.
    Other(u32),
}

/// The index of a token.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Node(u32);

/// The values of a form; [`Token::Text`] refers to the bytes of the form.
#[derive(Clone, Default, Debug)]
pub(crate) struct Tape {
    tokens: Vec<Token>,
    others: Vec<Datum>,
}

impl Tape {
    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.tokens.clear();
        self.others.clear();
    }

    /// The node that will be pushed next.
    pub(crate) fn next(&self) -> Node {
        Node(index(self.tokens.len()))
    }

    /// Appends a token.
    #[inline]
    pub(crate) fn push(&mut self, token: Token) {
        self.tokens.push(token);
    }

    /// Appends a text that stands at `bytes[start..end]`.
    #[inline]
    pub(crate) fn push_text(&mut self, start: usize, end: usize) {
        self.push(Token::Text(index(start), index(end)));
    }

    /// Appends a value that no token holds.
    pub(crate) fn push_other(&mut self, datum: Datum) {
        let token = match datum {
            Datum::Null => Token::Nil,
            Datum::Bool(bool) => Token::Bool(bool),
            Datum::Int(int) => Token::Int(int),
            datum => {
                self.others.push(datum);
                Token::Other(index(self.others.len() - 1))
            }
        };
        self.push(token);
    }

    /// Ends the collection that began at `node`: its content is everything behind it.
    pub(crate) fn close(&mut self, node: Node) {
        let end = self.next();
        if let Token::List(_, content_end) = &mut self.tokens[node.0 as usize] {
            *content_end = end;
        }
    }

    /// The token of a node.
    #[inline]
    pub(crate) fn token(&self, node: Node) -> Token {
        self.tokens[node.0 as usize]
    }

    /// The nodes in a collection; none for other values.
    pub(crate) fn items(&self, node: Node) -> impl Iterator<Item = Node> + '_ {
        let (mut next, end) = match self.token(node) {
            Token::List(_, end) => (Node(node.0 + 1), end),
            _ => (node, node),
        };
        std::iter::from_fn(move || {
            let item = (next < end).then_some(next)?;
            next = self.after(item);
            Some(item)
        })
    }

    /// The two items of a vector or list of two.
    pub(crate) fn pair(&self, node: Node) -> Option<[Node; 2]> {
        let Token::List(Kind::List | Kind::Tuple, end) = self.token(node) else { return None };
        let first = Node(node.0 + 1);
        let second = (first < end).then(|| self.after(first)).filter(|&second| second < end)?;
        (self.after(second) == end).then_some([first, second])
    }

    /// The node behind a value.
    fn after(&self, node: Node) -> Node {
        match self.token(node) {
            Token::List(_, end) => end,
            _ => Node(node.0 + 1),
        }
    }

    /// The text of a node that is one; `bytes` is the form, which is UTF-8.
    pub(crate) fn text<'a>(&'a self, bytes: &'a [u8], node: Node) -> Option<&'a str> {
        match self.token(node) {
            Token::Text(start, end) => std::str::from_utf8(&bytes[start as usize..end as usize]).ok(),
            Token::Other(row) => match &self.others[row as usize] {
                Datum::Text(text) => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// The handle of a value in a history that is being built.
    pub(crate) fn intern(&self, bytes: &[u8], node: Node, builder: &mut HistoryBuilder) -> Value {
        match self.token(node) {
            Token::Nil => Value::NULL,
            Token::Bool(false) => Value::FALSE,
            Token::Bool(true) => Value::TRUE,
            Token::Int(int) => builder.int(int),
            Token::Text(..) => builder.text(self.text(bytes, node).unwrap_or_default()),
            Token::Other(row) => builder.datum(&self.others[row as usize]),
            Token::List(..) => builder.datum(&self.datum(bytes, node)),
        }
    }

    /// The value as data: a set is the sorted list of its elements.
    pub(crate) fn datum(&self, bytes: &[u8], node: Node) -> Datum {
        match self.token(node) {
            Token::Nil => Datum::Null,
            Token::Bool(bool) => Datum::Bool(bool),
            Token::Int(int) => Datum::Int(int),
            Token::Text(..) => Datum::text(self.text(bytes, node).unwrap_or_default()),
            Token::Other(row) => self.others[row as usize].clone(),
            Token::List(kind, _) => {
                let mut items: Vec<_> = self.items(node).map(|item| self.datum(bytes, item)).collect();
                if kind == Kind::Set {
                    items.sort();
                }
                Datum::List(items)
            }
        }
    }
}

/// Positions in a form and on its tape: both are bounded by the longest form.
fn index(at: usize) -> u32 {
    u32::try_from(at).expect("a form is shorter than 4 GiB")
}
