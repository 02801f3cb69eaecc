//! Quorum systems against brute force over all subsets, on random systems of up to ten replicas; and what the
//! literature says of some.
#![cfg(feature = "quorum")]

mod brute;
mod known_answers;
mod loads;
mod measures;
mod verdicts;
