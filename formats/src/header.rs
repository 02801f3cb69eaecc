//! What a header says about the whole history, applied when its operations are known.

use crate::json;
use tribunal_checker::history::{Datum, HistoryBuilder, Value};

/// The header of a native or notation history.
#[derive(Clone, Default, Debug)]
pub(crate) struct Header {
    pub(crate) spec: Option<String>,
    pub(crate) initial: Option<Value>,
    /// Initial values of keys of their own, by the keys' names.
    pub(crate) initial_of: Vec<(String, Value)>,
    /// Guards: keys by name, and their locks.
    pub(crate) guards: Vec<(String, Value)>,
}

impl Header {
    /// Tells the builder. Keys that no operation touches are left out.
    pub(crate) fn apply(&self, builder: &mut HistoryBuilder) {
        if let Some(spec) = &self.spec {
            builder.set_spec(spec);
        }
        if let Some(initial) = self.initial {
            builder.set_initial(initial);
        }
        for (name, value) in &self.initial_of {
            if let Some(key) = named(builder, name) {
                builder.set_initial_of(key, *value);
            }
        }
        for (name, lock) in &self.guards {
            if let Some(key) = named(builder, name) {
                let lock = builder.lock(*lock);
                builder.set_guard(key, lock);
            }
        }
    }
}

/// The key of that name. A header can only write texts: the key is the text, or else the JSON value (a number, say)
/// that the text spells.
fn named(builder: &HistoryBuilder, name: &str) -> Option<tribunal_checker::history::KeyId> {
    let find = |datum: &Datum| builder.values().find(datum).and_then(|value| builder.find_key(value));
    find(&Datum::text(name)).or_else(|| find(&json::datum(name).ok()?))
}
