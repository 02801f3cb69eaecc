//! TOML and JSON as one kind of value, in the order of the file.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use tribunal_checker::quorum::QuorumError;

/// How a configuration is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// TOML 1.0.
    Toml,
    /// JSON.
    Json,
}

/// A value of either notation.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// JSON's `null`; as if the field were not there.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i128),
    /// Any other number.
    Float(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// A table or object, in the order of the file.
    Table(Vec<(String, Value)>),
}

impl Value {
    /// An empty table.
    #[must_use]
    pub fn table() -> Self {
        Self::Table(Vec::new())
    }

    /// Reads a text.
    ///
    /// # Errors
    ///
    /// When it is not in the notation, or an object has one field twice.
    pub fn read(text: &str, notation: Notation) -> Result<Self, QuorumError> {
        let error = |name: &str, message: String| {
            QuorumError::new("the file", message.trim().to_owned(), format!("write it as {name}"))
        };
        match notation {
            Notation::Toml => toml::from_str(text).map_err(|e| error("TOML", e.to_string())),
            Notation::Json => serde_json::from_str(text).map_err(|e| error("JSON", e.to_string())),
        }
    }

    /// Puts a value at a path of fields, making tables on the way; what stood there is replaced.
    pub fn set(&mut self, path: &[&str], value: Self) {
        let Some((first, rest)) = path.split_first() else {
            *self = value;
            return;
        };
        if !matches!(self, Self::Table(_)) {
            *self = Self::table();
        }
        let Self::Table(entries) = self else { return };
        let at = entries.iter().position(|(key, _)| key == first).unwrap_or_else(|| {
            entries.push(((*first).to_owned(), Self::Null));
            entries.len() - 1
        });
        entries[at].1.set(rest, value);
    }

    /// What stands at a field, `null` counting as nothing.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Table(entries) = self else { return None };
        entries.iter().find(|(own, value)| own == key && *value != Self::Null).map(|(_, value)| value)
    }

    /// A finite number of either kind.
    pub(super) fn as_number(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(*number as f64),
            Self::Float(number) => Some(*number).filter(|number| number.is_finite()),
            _ => None,
        }
    }

    /// What kind of value this is, for errors.
    pub(super) fn kind(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Integer(value) => value.to_string(),
            Self::Float(value) => value.to_string(),
            Self::Text(value) => format!("{value:?}"),
            Self::List(_) => "a list".to_owned(),
            Self::Table(_) => "a table".to_owned(),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Integer(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Integer(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut seen = std::collections::HashSet::new();
        let mut table = Vec::new();
        while let Some((key, value)) = fields.next_entry::<String, Value>()? {
            if !seen.insert(key.clone()) {
                return Err(A::Error::custom(format!("the field {key:?} stands twice")));
            }
            table.push((key, value));
        }
        Ok(Value::Table(table))
    }
}
