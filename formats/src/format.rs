//! The formats by name, and the options of reading.

use std::fmt;

/// A history format.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Format {
    /// JSON Lines, one operation (or event) a line: tribunal's own.
    Native,
    /// The notation of books and papers: `P1: W(x)a R(x)a`.
    Notation,
    /// Jepsen's and Knossos's EDN histories.
    JepsenEdn,
    /// Jepsen's JSON histories: an array of event objects, or one a line.
    JepsenJson,
    /// The log files of Jepsen's etcd test that porcupine is tested with.
    EtcdLog,
    /// The key-value text files that porcupine is tested with.
    Kv,
}

impl Format {
    /// All formats, in a fixed order.
    pub const ALL: &[Self] =
        &[Self::Native, Self::Notation, Self::JepsenEdn, Self::JepsenJson, Self::EtcdLog, Self::Kv];

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Native => "jsonl",
            Self::Notation => "hist",
            Self::JepsenEdn => "edn",
            Self::JepsenJson => "jepsen-json",
            Self::EtcdLog => "etcd-log",
            Self::Kv => "kv",
        }
    }

    /// The format of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name() == name)
    }

    /// One line about the format.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::Native => "JSON Lines, one operation a line (tribunal's own; also event lines)",
            Self::Notation => "the notation of textbooks, one line a process: P1: W(x)a R(x)a",
            Self::JepsenEdn => "Jepsen and Knossos histories in EDN",
            Self::JepsenJson => "Jepsen histories in JSON, an array or one event a line",
            Self::EtcdLog => "logs of Jepsen's etcd test (INFO jepsen.util - 0 :invoke :read nil)",
            Self::Kv => "porcupine's key-value text files ({:process 0, :type :invoke, :f :get, …})",
        }
    }

    /// Whether histories can be written in this format.
    #[must_use]
    pub fn can_write(self) -> bool {
        matches!(self, Self::Native | Self::Notation | Self::JepsenEdn)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What an `:ok :read nil` of a Jepsen history means.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum NilRead {
    /// The read returned the initial value.
    Initial,
    /// The result was not recorded: the read may have returned anything.
    Any,
}

/// How to read. Fields that are `None` are found out from the input, or left at their format's default.
#[derive(Clone, Default, Debug)]
#[non_exhaustive]
pub struct ReadOptions {
    /// The format; detected by content where absent.
    pub format: Option<Format>,
    /// What a read of nil means in Jepsen's formats.
    pub nil_read: Option<NilRead>,
    /// Whether values of Jepsen's formats are `[key value]` pairs of independent keys; found out from the calls where
    /// absent.
    pub keyed: Option<bool>,
    /// The specification, which beats the one that a header names.
    pub spec: Option<String>,
}

impl ReadOptions {
    /// Options that detect everything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Fixes the format.
    #[must_use]
    pub fn format(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found_again() {
        for &format in Format::ALL {
            assert_eq!(Format::from_name(format.name()), Some(format));
        }
        assert_eq!(Format::from_name("xml"), None);
    }
}
