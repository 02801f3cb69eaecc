//! Registers by key: the key-value store that most tests are about.

use super::part;
use crate::SequentialSpec;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::{self, Debug};
use std::hash::Hash;
use std::marker::PhantomData;

/// A key-value store with reads, writes and compare-and-set; a key that holds nothing reads as `None`, and writing `None`
/// deletes it.
///
/// Its histories are files that the program `tribunal` judges, by models about registers too.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Registers<K, V> {
    types: PhantomData<fn() -> (K, V)>,
}

impl<K, V> Registers<K, V> {
    /// A store that holds nothing at first.
    #[must_use]
    pub fn new() -> Self {
        Self { types: PhantomData }
    }
}

impl<K, V> Default for Registers<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

/// A function of [`Registers`].
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "f", rename_all = "lowercase")]
pub enum RegistersOp<K, V> {
    /// Read a key.
    Read {
        /// The key.
        key: K,
    },
    /// Write to a key.
    Write {
        /// The key.
        key: K,
        /// What it holds from now on.
        value: Option<V>,
    },
    /// Write the second value if the key holds the first.
    Cas {
        /// The key.
        key: K,
        /// What it must hold, and what it holds then.
        value: (Option<V>, Option<V>),
    },
}

impl<K, V> RegistersOp<K, V> {
    /// A read.
    pub fn read(key: impl Into<K>) -> Self {
        Self::Read { key: key.into() }
    }

    /// A write; of `None`, a delete.
    pub fn write(key: impl Into<K>, value: impl Into<Option<V>>) -> Self {
        Self::Write { key: key.into(), value: value.into() }
    }

    /// A compare-and-set.
    pub fn cas(key: impl Into<K>, old: impl Into<Option<V>>, new: impl Into<Option<V>>) -> Self {
        Self::Cas { key: key.into(), value: (old.into(), new.into()) }
    }

    /// The key that it is about.
    pub fn key(&self) -> &K {
        match self {
            Self::Read { key } | Self::Write { key, .. } | Self::Cas { key, .. } => key,
        }
    }
}

/// A result of a function of [`Registers`].
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged, bound(deserialize = "V: Deserialize<'de>"))]
pub enum RegistersRet<V> {
    /// A read has seen this.
    Read {
        /// `None`: the key held nothing.
        #[serde(deserialize_with = "Option::deserialize")]
        value: Option<V>,
    },
    /// A compare-and-set has (not) found its old value.
    Cas {
        /// Whether it has.
        ok: bool,
    },
    /// A write has happened.
    Written,
}

impl<V> RegistersRet<V> {
    /// What a read has seen.
    pub fn read(value: impl Into<Option<V>>) -> Self {
        Self::Read { value: value.into() }
    }
}

/// A value or nothing, as messages show it.
struct Held<'a, V>(&'a Option<V>);

impl<V: Debug> Debug for Held<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(value) => value.fmt(f),
            None => f.write_str("nothing"),
        }
    }
}

impl<K: Debug, V: Debug> Debug for RegistersOp<K, V> {
    /// Short, for messages: `read "x"`, `write "x" 1`, `cas "x" 1 2`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { key } => write!(f, "read {key:?}"),
            Self::Write { key, value } => write!(f, "write {key:?} {:?}", Held(value)),
            Self::Cas { key, value: (old, new) } => {
                write!(f, "cas {key:?} {:?} {:?}", Held(old), Held(new))
            }
        }
    }
}

impl<V: Debug> Debug for RegistersRet<V> {
    /// Short, for messages: what was read, whether it was found, `()`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { value } => Held(value).fmt(f),
            Self::Cas { ok } => ok.fmt(f),
            Self::Written => f.write_str("()"),
        }
    }
}

impl<K, V> SequentialSpec for Registers<K, V>
where
    K: Clone + Ord + Hash + Debug + Send + Sync,
    V: Clone + Eq + Hash + Debug + Send + Sync,
{
    type State = BTreeMap<K, V>;
    type Op = RegistersOp<K, V>;
    type Ret = RegistersRet<V>;

    fn initial(&self) -> Self::State {
        BTreeMap::new()
    }

    fn step(&self, state: &Self::State, op: &Self::Op, ret: Option<&Self::Ret>, next: &mut Vec<Self::State>) {
        let held = state.get(op.key());
        let after = |value: &Option<V>| {
            let mut after = state.clone();
            match value {
                Some(value) => after.insert(op.key().clone(), value.clone()),
                None => after.remove(op.key()),
            };
            after
        };
        let (answers, state) = match op {
            RegistersOp::Read { .. } => (
                ret.is_none_or(|ret| matches!(ret, RegistersRet::Read { value } if value.as_ref() == held)),
                state.clone(),
            ),
            RegistersOp::Write { value, .. } => {
                (ret.is_none_or(|ret| *ret == RegistersRet::Written), after(value))
            }
            RegistersOp::Cas { value: (old, new), .. } => {
                let found = old.as_ref() == held;
                let answers = ret.is_none_or(|ret| *ret == RegistersRet::Cas { ok: found });
                (answers, if found { after(new) } else { state.clone() })
            }
        };
        if answers {
            next.push(state);
        }
    }

    fn partition(&self, op: &Self::Op) -> Option<u64> {
        Some(part(op.key()))
    }

    fn observes(&self, op: &Self::Op, ret: Option<&Self::Ret>) -> bool {
        matches!(op, RegistersOp::Read { .. }) || ret == Some(&RegistersRet::Cas { ok: false })
    }

    fn explain(&self, state: &Self::State, op: &Self::Op, _: Option<&Self::Ret>) -> Option<String> {
        Some(match state.get(op.key()) {
            Some(value) => format!("{:?} holds {value:?}", op.key()),
            None => format!("{:?} holds nothing", op.key()),
        })
    }
}
