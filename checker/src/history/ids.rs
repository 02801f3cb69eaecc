//! Typed indices into the tables of a [`History`](super::History).

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub u32);

        impl $name {
            /// The position in its table.
            #[inline]
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }

            /// The id of the table's row `index`.
            ///
            /// # Panics
            /// If the index does not fit 32 bits; the builder refuses histories that large.
            #[inline]
            #[must_use]
            pub fn from_index(index: usize) -> Self {
                Self(u32::try_from(index).expect("tables of a history have fewer than 2^32 rows"))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// An operation: its 0-based position among the operation lines of its history.
    OpId
);
id!(
    /// A process (session, client): operations of one process are ordered.
    ProcessId
);
id!(
    /// A key: the object, register or queue that an operation works on.
    KeyId
);
id!(
    /// A lock or synchronisation variable; locks and keys are named apart.
    LockId
);
id!(
    /// A replica at which operations ran.
    ReplicaId
);
