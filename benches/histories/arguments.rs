//! The command line.

use std::time::Duration;

/// What to run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum What {
    Parse,
    Scaling,
    Models,
    Ladder,
    Corpora,
}

/// What to run, and how much of it.
#[derive(Clone, Debug)]
pub(crate) struct Arguments {
    pub(crate) what: Vec<What>,
    /// The large sizes too.
    pub(crate) full: bool,
    /// Only rows whose names hold one of these; all if there are none.
    only: Vec<String>,
    /// For each check.
    pub(crate) timeout: Duration,
    /// Threads of each check.
    pub(crate) threads: usize,
}

const NAMES: [(&str, What); 5] = [
    ("parse", What::Parse),
    ("scaling", What::Scaling),
    ("models", What::Models),
    ("ladder", What::Ladder),
    ("corpora", What::Corpora),
];

impl Arguments {
    /// Reads the command line.
    pub(crate) fn parse(args: &[String]) -> Result<Self, String> {
        let mut arguments = Self {
            what: Vec::new(),
            full: args.iter().any(|arg| arg == "--full"),
            only: Vec::new(),
            timeout: Duration::ZERO,
            threads: 1,
        };
        arguments.timeout = Duration::from_secs(if arguments.full { 120 } else { 10 });
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or_else(|| format!("{arg}: expected a value"));
            match arg.as_str() {
                "--full" => {}
                "--only" => arguments.only.push(value()?.clone()),
                "--timeout" => arguments.timeout = Duration::from_secs(number(value()?)?),
                "--threads" => arguments.threads = number(value()?)?,
                name => {
                    let known = NAMES.iter().find(|(known, _)| *known == name);
                    let names = NAMES.map(|(name, _)| name).join(", ");
                    let what =
                        known.ok_or_else(|| format!("{name}: expected one of {names}, or an option"))?;
                    arguments.what.push(what.1);
                }
            }
        }
        if arguments.what.is_empty() {
            let corpora = std::env::var_os(super::corpora::FOLDER).is_some();
            arguments.what = NAMES
                .iter()
                .map(|&(_, what)| what)
                .filter(|&what| what != What::Corpora || corpora)
                .collect();
        }
        Ok(arguments)
    }

    /// Whether a row is wanted.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| name.contains(only.as_str()))
    }
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{text}: expected a number"))
}
