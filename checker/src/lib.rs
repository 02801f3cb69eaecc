//! The engine of tribunal: histories, specifications, consistency models, verdicts and certificates.
