//! Results, rendered.

pub(crate) mod quorum;
