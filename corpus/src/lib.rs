//! Litmus histories and generators of tribunal.
