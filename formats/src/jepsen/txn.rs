//! Transactions: `[[:r :x nil] [:w :y 2]]`.

use super::event::{Event, Field};
use super::mapper::Mapper;
use crate::error::FormatError;
use crate::scan::{Node, Token};
use tribunal_checker::history::{Datum, Function, KeyId, Micro, Value};

impl Mapper<'_> {
    /// Spells a transaction out in `self.micros`. The reads of a call are what they are in a response: nil.
    pub(super) fn spell_txn(
        &mut self,
        event: &Event<'_>,
        field: Option<Field>,
        outer: Option<Node>,
        value: Option<Node>,
    ) -> Result<(), FormatError> {
        let list = value.filter(|&value| matches!(event.tape().token(value), Token::List(..)));
        let Some(list) = list else { return Err(self.wrong(event, field, MICROS)) };
        for item in event.tape().items(list) {
            let mut parts = event.tape().items(item);
            let (Some(name), Some(key), value, None) =
                (parts.next(), parts.next(), parts.next(), parts.next())
            else {
                return Err(self.wrong(event, field, MICROS));
            };
            let name = event.tape().text(event.bytes, name);
            let key = self.inner_key(event, outer, key);
            let micro = match (name, value) {
                (Some("r" | "read"), None) => Micro::new(Function::Read, key, Value::ABSENT),
                (Some("r" | "read"), Some(value)) => {
                    let value = match event.tape().token(value) {
                        Token::Nil => Value::NULL,
                        _ => self.intern(event, value),
                    };
                    Micro::new(Function::Read, key, value)
                }
                (Some("w" | "write"), Some(value)) => {
                    let value = self.intern(event, value);
                    Micro::new(Function::Write, key, value)
                }
                (Some("append"), _) => {
                    return Err(self
                        .wrong(event, field, MICROS)
                        .help("transactions that append to lists are not supported yet"));
                }
                _ => return Err(self.wrong(event, field, MICROS)),
            };
            self.micros.push(micro);
        }
        Ok(())
    }

    /// A key inside a transaction; where the history is keyed, `[outer key]`.
    fn inner_key(&mut self, event: &Event<'_>, outer: Option<Node>, key: Node) -> KeyId {
        let Some(outer) = outer else { return self.key(event, Some(key)) };
        let both = [outer, key].map(|node| event.tape().datum(event.bytes, node));
        let name = self.builder.datum(&Datum::List(both.into()));
        self.builder.key(name)
    }
}

const MICROS: &str = "micro-operations such as [[:r key value] [:w key value]], the :value of a txn";
