//! History formats of tribunal: bytes to [histories](tribunal_checker::history::History) and back.
//!
//! One module a format; [`Format`] lists them. A file, or a stream, may hold many histories, so reading hands each of
//! them to a sink as soon as it is complete, as a [`Recording`]; a history that is malformed is a recording too (its
//! `history` is an error), and the ones behind it are still read. Memory is bounded by the history being read, not by
//! the file. `gzip` and `zstd` are undone on the way, whatever the file is called.
//!
//! # Examples
//! ```
//! use tribunal_formats::{ReadOptions, read_bytes};
//!
//! let text = br#"{"process":0,"f":"write","value":1,"start":1,"end":2}
//! {"process":1,"f":"read","value":1,"start":3,"end":4}
//! "#;
//! let recordings = read_bytes(text, "a.jsonl", &ReadOptions::default())?;
//! let history = recordings[0].history.as_ref().unwrap();
//! assert_eq!(history.len(), 2);
//! # Ok::<(), tribunal_formats::FormatError>(())
//! ```

pub mod certificate;
mod detect;
mod edn;
mod error;
mod etcd_log;
mod format;
mod header;
mod input;
mod jepsen;
mod json;
mod kv;
mod native;
pub mod notation;
#[cfg(feature = "quorum")]
pub mod quorum_config;
mod read;
mod scan;
mod value;
mod write;

pub use error::{ErrorKind, FormatError, WriteError};
pub use format::{Format, NilRead, ReadOptions};
pub use read::{Recording, read_bytes, read_path, read_stream};
pub use value::parse_value;
pub use write::write;
