//! The list of built-in data types.

use super::{RecordedSpec, Register};
use std::fmt;

/// A built-in data type, by name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum SpecKind {
    /// `register`: read, write, cas.
    Register,
}

/// Something to do with a built-in data type, whichever it is.
pub trait SpecVisitor {
    /// What it gives.
    type Output;

    /// Does it.
    fn visit<S: RecordedSpec>(self) -> Self::Output;
}

impl SpecKind {
    /// Every built-in data type.
    pub const ALL: &[Self] = &[Self::Register];

    /// Its name on command lines and in headers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
        }
    }

    /// The type of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        if name == "cas-register" {
            return Some(Self::Register);
        }
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Calls the visitor with the type.
    pub fn visit<V: SpecVisitor>(self, visitor: V) -> V::Output {
        match self {
            Self::Register => visitor.visit::<Register>(),
        }
    }
}

impl fmt::Display for SpecKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
