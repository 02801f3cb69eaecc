//! The rules by which edges of a cycle are derived, each checkable from the history and the edge alone.
//!
//! A *way* from an operation is a list of operations, the first of which it leads to; every step is along program order, or
//! from a write to an `ok` operation that reads it, where the value that is read has no other writer. Which
//! reads-from steps count depends on the model: all of them where the model has a causal order; only those to
//! operations of one process (the one whose view it is) for fifo, slow and processor; for slow and cache all operations on the
//! way are on the edge's key.

/// `from` and `to` are different writes to one key; `because` is a way from `from` to a read (or cas) of that key that
/// reads from `to` and from no other write. Since `from` is before the read, it is before `to`: else it would have been
/// read, or have been overwritten by nothing but `to` itself.
pub const OVERWRITTEN: &str = "overwritten";

/// `from` is a read of the initial value, which no write writes, and `to` a write to its key. `because` is empty.
pub const READS_INITIAL: &str = "reads-initial";
