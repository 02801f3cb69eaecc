//! The rules by which the edges of a cycle are derived: what each claims, from what, in which models.
//!
//! An edge says that its `from` comes before its `to`. Some orders stand in the history (**base** orders):
//!
//! | `why` | from → to |
//! |---|---|
//! | program-order | one process's operations, in their order; nothing comes after an `info` operation |
//! | real-time | linearizable: it ended before the other started; strict: an `ok` operation started before the other did; weak, release, entry: among synchronisation operations, it ended before the other started |
//! | reads-from | the read (or cas) returns a value that this write alone can have written: no other operation that did not fail writes it to the key, and it is not the initial value |
//! | sync | weak: two synchronisation operations in their total order; release: a release and an acquire of its lock, or two syncs |
//!
//! Others are **derived** by a rule: `because` lists operations, and is mostly a **way**: `[c1, …, ck]` is a way from `a`
//! if each of `a → c1`, `c1 → c2`, … is a base order or the claim of an earlier lemma.
//!
//! | rule | from → to | `because` | models |
//! |---|---|---|---|
//! | [`OVERWRITTEN`] | two writes to one key | a way from `from` to a read that reads from `to` | all but eventual |
//! | [`READS_INITIAL`] | a read of the initial value, which nobody else can have written, and a write to its key | empty | all but eventual |
//! | [`FROM_READ`] | a read and a write to its key | what the read reads from, then a way from there to `to`, which is left out | those with views |
//! | [`TRANSITIVE`] | any | a way from `from` to `to`, which is left out | with views; causal order; orders of synchronisation |
//! | [`EXCLUSION`] | the release that ends a hold, and an acquire that the hold excludes | a way from the hold's acquire to that acquire, both named | weak, release, entry |
//! | [`UNRELEASED`] | an acquire, and one that it excludes whose hold never ends | empty | weak, release, entry |
//! | [`GUARDED`] | two operations on a key | a release after the first and an acquire before the second, of the key's guard, in this order | entry |
//!
//! # What an order means, model by model
//!
//! - **strict, linearizable, sequential**: before in the one view. **cache**: before in the key's view; every operation
//!   that is named is on the key.
//! - **fifo, processor, slow, causal**: before in the view of one process, the same for the whole cycle. Program order
//!   holds in all views; so does reads-from into a cas, and in causal all reads-from. Reads-from into a read holds in the
//!   view of its process, and what is derived from a read holds there. In processor, what puts one write before another to
//!   the same key in one view does so in all. In slow, every operation that is named is on one key.
//! - **causal-weak, causal-convergent**: ways are along program order and reads-from only: causal order. A cycle may have
//!   one edge that is derived by [`OVERWRITTEN`] or [`READS_INITIAL`]: then that read's causal past holds a later write.
//!   In causal-convergent any number may be derived by [`OVERWRITTEN`]: all are orders of the arbitration.
//! - **client-centric and its parts**: a step along program order counts if one of the guarantees asked for makes it:
//!   read to read monotonic-reads, write to write monotonic-writes, write to read read-your-writes, read to write
//!   writes-follow-reads. A way to a read says that the read sees its first write. A cycle is one of the arbitration;
//!   or has one edge that is derived by [`READS_INITIAL`], and the rest is a way. Through a cas a way goes on as from a
//!   write only by writes-follow-reads, but what a cas reads from is before it in the arbitration in any case.
//! - **weak, release, entry**: ways are along happens-before, or one step of program order. A cycle is one of the total
//!   order of synchronisation operations (program order, real time, sync, [`EXCLUSION`], [`UNRELEASED`],
//!   [`TRANSITIVE`]); or one of the arbitration of a key ([`OVERWRITTEN`], reads-from into a cas, program order, or
//!   happens-before among its writes); or a reads-from edge, or one derived by [`READS_INITIAL`], and a way back.
//!
//! Everything that a cycle names must have happened: it is `ok`, or what an operation that happened reads from. A cas that
//! answered "mismatch" takes part in one-view models only, and has no place in a rule.

/// A write before a read that reads from another write is before that other write: else the read would have returned it,
/// or something later.
pub const OVERWRITTEN: &str = "overwritten";

/// A read of the initial state is before every write to its key.
pub const READS_INITIAL: &str = "reads-initial";

/// A read is before every write that is after the one it reads from.
pub const FROM_READ: &str = "from-read";

/// The ends of a way.
pub const TRANSITIVE: &str = "transitive";

/// A hold that comes before an acquire that it excludes has ended before it.
pub const EXCLUSION: &str = "exclusion";

/// A hold that never ends comes after every acquire that it excludes.
pub const UNRELEASED: &str = "unreleased";

/// Happens-before through the lock that guards a key.
pub const GUARDED: &str = "guarded";

/// All rules.
pub const ALL: &[&str] = &[OVERWRITTEN, READS_INITIAL, FROM_READ, TRANSITIVE, EXCLUSION, UNRELEASED, GUARDED];
