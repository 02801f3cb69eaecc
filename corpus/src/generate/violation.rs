//! The violations that can be planted.

use super::{Generate, GenerateError, Values};
use std::fmt;
use tribunal_checker::model::{Guarantees, Model};
use tribunal_checker::spec::SpecKind::{
    self, AppendList, Counter, MultiRegister, Mutex, PriorityQueue, Queue, Register, Semaphore, Set, Stack,
};

/// What the violations are, where, and what they need.
struct Facts {
    name: &'static str,
    specs: &'static [SpecKind],
    /// No value is written or inserted twice.
    unique: bool,
    /// Times are recorded, and the model speaks of them.
    times: bool,
    /// Also violates the models weaker than sequential.
    weak: bool,
    /// Also violates eventual.
    eventual: bool,
}

macro_rules! violations {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, [$($spec:ident),+], $($need:ident)*;)+) => {
        /// A violation that can be planted. "Before" is what the model must respect: real time, or program order where it
        /// speaks of nothing else.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[non_exhaustive]
        pub enum Violation {
            $($(#[$doc])* $variant,)+
        }

        impl Violation {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            fn facts(self) -> Facts {
                let mut facts = Facts { name: "", specs: &[], unique: false, times: false, weak: false, eventual: false };
                match self {
                    $(Self::$variant => {
                        facts.name = $name;
                        facts.specs = &[$($spec),+];
                        $(facts.$need = true;)*
                    })+
                }
                facts
            }
        }
    };
}

violations! {
    /// An operation returns what nobody ever put in. Planted: that operation.
    ThinAir = "thin-air", [Register, Counter, AppendList, Set, Queue, Stack, PriorityQueue, MultiRegister], weak eventual;
    /// A read returns a value although every write of it is before a write that is before the read. A list's read lacks
    /// an element whose append is before it. Planted: the read, the write between, the write read from; for models weaker
    /// than sequential, where the reader knows the write between through an earlier read, also that read, and the write
    /// that it reads from.
    StaleRead = "stale-read", [Register, AppendList, MultiRegister], weak;
    /// A read returns the initial value, which nobody writes, although a write is before it. Planted: the read, the
    /// write.
    StaleInitial = "stale-initial", [Register, MultiRegister], ;
    /// Nobody ever reads what a write has written: every read that had returned its value returns an older one, and at
    /// least one of them comes after it. Planted: the write, the reads.
    LostWrite = "lost-write", [Register], unique;
    /// Two cas succeed from the same value, which was written once. Planted: the two.
    LostUpdate = "lost-update", [Register], unique;
    /// A read of a counter returns less than was added before it. Planted: the read.
    WrongCount = "wrong-count", [Counter], ;
    /// An operation on an element gives the wrong answer at a moment when nobody else changes the element. Planted: it.
    FlippedAnswer = "flipped-answer", [Set], times;
    /// Two removals, one before the other, return each other's values, of which the one had to come out first. Planted:
    /// the two.
    SwappedRemovals = "swapped-removals", [Queue, Stack, PriorityQueue], unique;
    /// Two removals return the same value, which was inserted once. Planted: the two.
    DuplicateRemoval = "duplicate-removal", [Queue, Stack, PriorityQueue], unique;
    /// A value is never removed, but one that had to come out after it is. Planted: its insertion, the other removal.
    LostInsert = "lost-insert", [Queue, Stack, PriorityQueue], unique;
    /// A removal finds nothing, although a value was inserted before and is removed after it. Planted: the removal, the
    /// insertion, the other removal.
    WrongEmpty = "wrong-empty", [Queue, Stack, PriorityQueue], unique;
    /// A list's read shows two elements the wrong way round. Planted: the read, the two appends as it shows them.
    Reordered = "reordered", [AppendList], unique;
    /// An acquire returns while all permits are held. Planted: it.
    DoubleHold = "double-hold", [Mutex, Semaphore], times;
    /// A release without its acquire, which failed. Planted: the acquire.
    UnpairedRelease = "unpaired-release", [Mutex, Semaphore], ;
}

impl Violation {
    /// Its name on command lines.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// The violation of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|violation| violation.name() == name)
    }

    /// The violations of a data type.
    #[must_use]
    pub fn of(spec: SpecKind) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|violation| violation.facts().specs.contains(&spec)).collect()
    }

    /// Refuses a history in which it would be no violation.
    pub(super) fn fits(self, options: &Generate) -> Result<(), GenerateError> {
        let facts = self.facts();
        let (model, spec) = (options.model, options.spec);
        let violates = match model {
            model if model.is_one_view() => true,
            Model::Eventual => facts.eventual,
            // What the reader knows of, it knows by several guarantees together.
            Model::Session(set) if set != Guarantees::ALL => self == Self::ThinAir,
            _ => facts.weak,
        };
        if !facts.specs.contains(&spec) || !violates {
            return Err(GenerateError::NotOf { violation: self, model, spec });
        }
        let weakly_stale = self == Self::StaleRead && !model.is_one_view();
        if (facts.unique || weakly_stale) && options.values != Values::Unique {
            return Err(GenerateError::NeedsUnique { violation: self });
        }
        if facts.times && !speaks_of_times(options) {
            return Err(GenerateError::NeedsTimes { violation: self });
        }
        Ok(())
    }
}

/// Whether the model must respect the recorded times.
pub(super) fn speaks_of_times(options: &Generate) -> bool {
    options.timed && matches!(options.model, Model::Strict | Model::Linearizable)
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
