//! Typed access to the fields of one table, with errors that name the field.

use tribunal_checker::quorum::QuorumError;

use super::Value;

/// One table and where it stands.
pub(super) struct Fields<'a> {
    path: String,
    value: &'a Value,
}

impl<'a> Fields<'a> {
    /// The fields of a value that must be a table.
    pub(super) fn of(path: impl Into<String>, value: &'a Value) -> Result<Self, QuorumError> {
        let path = path.into();
        match value {
            Value::Table(_) => Ok(Self { path, value }),
            other => {
                let field = if path.is_empty() { "the file".to_owned() } else { path };
                Err(QuorumError::new(
                    field,
                    format!("{} is no table", other.kind()),
                    "write its fields as a table",
                ))
            }
        }
    }

    /// The same, if every field is known.
    pub(super) fn only(self, known: &[&str]) -> Result<Self, QuorumError> {
        match self.entries().find(|(key, _)| !known.contains(key)) {
            Some((key, _)) => Err(QuorumError::new(
                self.at(key),
                "no such field",
                format!("use one of {}", known.join(", ")),
            )),
            None => Ok(self),
        }
    }

    /// All fields in the order of the file.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        let entries: &[(String, Value)] = if let Value::Table(entries) = self.value { entries } else { &[] };
        entries.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The full name of a field.
    pub(super) fn at(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.value.get(key)
    }

    /// A table in a field.
    pub(super) fn table(&self, key: &str) -> Result<Option<Fields<'a>>, QuorumError> {
        self.get(key).map(|value| Fields::of(self.at(key), value)).transpose()
    }

    /// An error at a field: what stands there is not what was expected.
    pub(super) fn wrong(&self, key: &str, expected: &str) -> QuorumError {
        let found = self.get(key).map_or_else(|| "nothing".to_owned(), Value::kind);
        QuorumError::new(self.at(key), format!("found {found}"), format!("write {expected}"))
    }

    pub(super) fn require<T>(&self, key: &str, value: Option<T>, expected: &str) -> Result<T, QuorumError> {
        value.ok_or_else(|| self.wrong(key, expected))
    }

    pub(super) fn whole(&self, key: &str) -> Result<Option<u64>, QuorumError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Integer(value)) => {
                u64::try_from(*value).map(Some).map_err(|_| self.wrong(key, "a whole number of 0 or more"))
            }
            Some(_) => Err(self.wrong(key, "a whole number of 0 or more")),
        }
    }

    pub(super) fn count(&self, key: &str) -> Result<Option<usize>, QuorumError> {
        let count = self.whole(key)?.map(usize::try_from);
        count.transpose().map_err(|_| self.wrong(key, "a smaller number"))
    }

    pub(super) fn number(&self, key: &str) -> Result<Option<f64>, QuorumError> {
        match self.get(key) {
            None => Ok(None),
            Some(value) => value.as_number().map(Some).ok_or_else(|| self.wrong(key, "a number")),
        }
    }

    /// A number between 0 and 1.
    pub(super) fn probability(&self, key: &str) -> Result<Option<f64>, QuorumError> {
        match self.number(key)? {
            Some(p) if !(0.0..=1.0).contains(&p) => Err(self.wrong(key, "a number between 0 and 1")),
            p => Ok(p),
        }
    }

    pub(super) fn flag(&self, key: &str) -> Result<Option<bool>, QuorumError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(*value)),
            Some(_) => Err(self.wrong(key, "true or false")),
        }
    }

    pub(super) fn text(&self, key: &str) -> Result<Option<&'a str>, QuorumError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Text(value)) => Ok(Some(value)),
            Some(_) => Err(self.wrong(key, "a string")),
        }
    }

    /// A list of strings.
    pub(super) fn texts(&self, key: &str) -> Result<Option<Vec<&'a str>>, QuorumError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let text = |item: &'a Value| if let Value::Text(text) = item { Some(text.as_str()) } else { None };
        match value {
            Value::List(items) => items.iter().map(text).collect::<Option<Vec<_>>>(),
            _ => None,
        }
        .map(Some)
        .ok_or_else(|| self.wrong(key, "a list of names, such as [\"a\", \"b\"]"))
    }

    /// A list of whole numbers.
    pub(super) fn wholes(&self, key: &str) -> Result<Option<Vec<u64>>, QuorumError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let Value::List(items) = value else { return Err(self.wrong(key, "a list of whole numbers")) };
        let whole = |(i, item): (usize, &Value)| {
            match item {
                Value::Integer(number) => u64::try_from(*number).ok(),
                _ => None,
            }
            .ok_or_else(|| {
                let field = format!("{}[{i}]", self.at(key));
                QuorumError::new(field, format!("found {}", item.kind()), "write a whole number of 0 or more")
            })
        };
        items.iter().enumerate().map(whole).collect::<Result<_, _>>().map(Some)
    }
}
