//! What an operation does: the functions of the built-in data types, outcomes.

use std::fmt;

macro_rules! functions {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// The functions of the built-in data types, by the names the formats use.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Function { $($(#[$doc])* $name),+ }

        impl Function {
            /// All functions, in a fixed order.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The name in the formats.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// The function of that name, if there is one. `get` is a synonym of `read`.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$name),)+ "get" => Some(Self::Read), _ => None }
            }
        }
    };
}

functions! {
    /// Reads a key: a register, counter, list or whole set. The value is the result.
    Read = "read",
    /// Writes the value to a register.
    Write = "write",
    /// Compare and set: two micro-operations, a read of the old value and a write of the new one.
    Cas = "cas",
    /// Adds the value to a counter.
    Inc = "inc",
    /// Appends the value to a string or a list.
    Append = "append",
    /// Replaces a string or a list.
    Put = "put",
    /// Adds an element to a set; the answer tells whether it was new.
    Add = "add",
    /// Removes an element from a set; the answer tells whether it was there.
    Remove = "remove",
    /// Asks whether an element is in a set; the answer tells.
    Contains = "contains",
    /// Puts the value at the back of a queue.
    Enqueue = "enqueue",
    /// Takes the front of a queue; null = it was empty.
    Dequeue = "dequeue",
    /// Puts the value on a stack.
    Push = "push",
    /// Takes the top of a stack; null = it was empty.
    Pop = "pop",
    /// Inserts the value into a priority queue.
    Insert = "insert",
    /// Takes the greatest value of a priority queue; null = it was empty.
    Poll = "poll",
    /// Takes a lock (exclusively, or shared), or a permit of a semaphore.
    Acquire = "acquire",
    /// Gives a lock or a permit back.
    Release = "release",
    /// Synchronises without a lock.
    Sync = "sync",
    /// Several reads and writes in one atomic step.
    Txn = "txn",
}

impl Function {
    /// True for `acquire`, `release` and `sync`: their micro-operation names a lock, not a key.
    #[must_use]
    pub fn is_sync(self) -> bool {
        matches!(self, Self::Acquire | Self::Release | Self::Sync)
    }
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is known about whether an operation took effect.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Outcome {
    /// It took effect, exactly once, between its start and its end.
    Ok = 0,
    /// It took no effect: every check drops it.
    Fail = 1,
    /// Indeterminate (timed out, crashed, no response recorded): it took effect at most once, at any time after
    /// its start.
    Info = 2,
}

impl Outcome {
    /// The name in the formats.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Fail => "fail",
            Self::Info => "info",
        }
    }
}
