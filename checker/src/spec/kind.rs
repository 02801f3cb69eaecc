//! The list of built-in data types.

use super::{
    AppendList, Counter, MultiRegister, Mutex, PriorityQueue, Queue, RecordedSpec, Register, Scope,
    Semaphore, Set, Stack,
};
use crate::history::Function;
use std::fmt;

/// One line a data type: its variant, which is also the type that implements it, its name and its description.
macro_rules! kinds {
    ($($kind:ident = $name:literal: $description:literal;)+) => {
        /// A built-in data type, by name.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[non_exhaustive]
        pub enum SpecKind {
            $(#[doc = concat!("`", $name, "`: ", $description, ".")] $kind,)+
        }

        impl SpecKind {
            /// Every built-in data type.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// Its name on command lines and in headers.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name),+ }
            }

            /// What it is, in one line.
            #[must_use]
            pub fn description(self) -> &'static str {
                match self { $(Self::$kind => $description),+ }
            }

            /// The functions it has.
            #[must_use]
            pub fn functions(self) -> &'static [Function] {
                match self { $(Self::$kind => $kind::FUNCTIONS),+ }
            }

            /// What an object of it is in a history.
            #[must_use]
            pub fn scope(self) -> Scope {
                match self { $(Self::$kind => $kind::SCOPE),+ }
            }

            /// Calls the visitor with the type.
            pub fn visit<V: SpecVisitor>(self, visitor: V) -> V::Output {
                match self { $(Self::$kind => visitor.visit::<$kind>()),+ }
            }
        }
    };
}

kinds! {
    Register = "register": "holds a value, which is read, written, or compared and set";
    Counter = "counter": "a number, which is read, and added to or taken from";
    AppendList = "append-list": "a string or a list, which is read whole, appended to, or replaced";
    Set = "set": "elements without order, added, removed, looked for, or read all together";
    Queue = "queue": "gives its values back first in, first out";
    Stack = "stack": "gives its values back last in, first out";
    PriorityQueue = "priority-queue": "gives its values back, the greatest first";
    Mutex = "mutex": "a lock that one process holds, or several in shared mode";
    Semaphore = "semaphore": "a number of permits, acquired and released one by one";
    MultiRegister = "multi-register": "registers by key, read and written together by transactions";
}

/// Something to do with a built-in data type, whichever it is.
pub trait SpecVisitor {
    /// What it gives.
    type Output;

    /// Does it.
    fn visit<S: RecordedSpec>(self) -> Self::Output;
}

impl SpecKind {
    /// The type of that name; `cas-register` is a synonym of `register`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        if name == "cas-register" {
            return Some(Self::Register);
        }
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for SpecKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_types() {
        struct Kind;
        impl SpecVisitor for Kind {
            type Output = SpecKind;
            fn visit<S: RecordedSpec>(self) -> SpecKind {
                S::KIND
            }
        }
        for &kind in SpecKind::ALL {
            assert_eq!(SpecKind::from_name(kind.name()), Some(kind));
            assert_eq!(kind.visit(Kind), kind);
            assert!(!kind.functions().is_empty() && !kind.description().contains('\n'));
        }
        assert_eq!(SpecKind::from_name("cas-register"), Some(SpecKind::Register));
        assert_eq!(SpecKind::from_name("Register"), None);
    }
}
