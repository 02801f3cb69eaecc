//! `--shard I/N`: a run in N jobs, each of which judges its part of the histories.
//!
//! Which part a history falls to depends on its name alone, so jobs need not talk to each other, and a history that only
//! some of them see does not move the others. The results of a shard end with a [`Closing`], which tells `merge` what
//! belongs to the run: nothing can be cut off, left out or counted twice without being noticed.

use super::args::UnknownArg;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A part of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Shard {
    /// From 1 to `count`.
    pub(super) index: u32,
    pub(super) count: u32,
}

impl Shard {
    /// Whether a history falls to this shard.
    pub(super) fn has(self, history: &str) -> bool {
        spread(history) % u64::from(self.count) == u64::from(self.index - 1)
    }
}

/// FNV-1a, its bits mixed once more (the finaliser of MurmurHash3), so that names that differ in one digit spread evenly. Part of the
/// interface: jobs of different versions must agree.
fn spread(name: &str) -> u64 {
    let fnv = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let mut hash = name.bytes().fold(0xcbf2_9ce4_8422_2325, fnv);
    for factor in [0xff51_afd7_ed55_8ccd, 0xc4ce_b9fe_1a85_ec53] {
        hash = (hash ^ (hash >> 33)).wrapping_mul(factor);
    }
    hash ^ (hash >> 33)
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(index, count)| Some((whole(index)?, whole(count)?)));
        match parts {
            Some((index, count)) if index <= count => Ok(Self { index, count }),
            Some((index, count)) => Err(format!("there is no part {index} of {count}; parts count from 1")),
            None => Err("expected I/N, part I of N, such as 2/4".into()),
        }
    }
}

/// A number from 1, in digits alone.
fn whole(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|&number| digits && number > 0)
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

/// The last object in the results of a shard.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub(super) struct Closing {
    /// `I/N`.
    pub(super) shard: String,
    /// How many results stand in front of this.
    pub(super) results: usize,
    /// How many histories the whole run has.
    pub(super) histories: usize,
    /// Which of them fell to this shard: their places in the run, from 0.
    pub(super) positions: Vec<usize>,
    /// What the run was told of unknown verdicts.
    pub(super) unknown: UnknownArg,
    /// Operations that each history must have.
    pub(super) require_ops: usize,
    /// Of a profile: the models that were required; only their violations count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) required: Option<Vec<String>>,
    /// The version of this form.
    pub(super) tribunal: u8,
}

impl Closing {
    /// Counts the run's next history, with its results if it falls to this shard.
    pub(super) fn count(&mut self, results: Option<usize>) {
        if let Some(results) = results {
            self.positions.push(self.histories);
            self.results += results;
        }
        self.histories += 1;
    }

    /// The object, without a line end.
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts and numbers are JSON")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_history_falls_to_one_shard_and_they_are_even() {
        for count in [1, 2, 3, 7] {
            let mut sizes = vec![0; count as usize];
            for history in 0..1_000 {
                let name = format!("histories/run-{history}.jsonl");
                let has: Vec<u32> = (1..=count).filter(|&index| Shard { index, count }.has(&name)).collect();
                assert_eq!(has.len(), 1, "{name}");
                sizes[has[0] as usize - 1] += 1;
            }
            let even = 1_000 / count as usize;
            assert!(sizes.iter().all(|&size| size > even / 2 && size < even * 2), "{sizes:?}");
        }
    }

    /// Jobs of different versions agree.
    #[test]
    fn the_partition_never_changes() {
        let shard = |name| (1..=1_000).find(|&index| Shard { index, count: 1_000 }.has(name));
        assert_eq!([shard(""), shard("a.jsonl"), shard("a.jsonl#one")], [Some(343), Some(756), Some(82)]);
    }

    #[test]
    fn parts_are_read() {
        assert_eq!("2/4".parse(), Ok(Shard { index: 2, count: 4 }));
        for bad in ["", "2", "0/4", "5/4", "1/0", "a/b", "+1/4", "1/4/2", "1/99999999999"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
    }
}
