//! Certificates as JSON objects.
//!
//! Operations stand in them as their ids, processes and keys as the names that the history's own file gives them. What is
//! read here is only known to have the right shape: whether it is evidence of anything, the verifier says.

mod read;
mod write;

pub use read::{CertificateError, read};
pub use write::{write_refutation, write_witness};

#[cfg(test)]
mod tests;
