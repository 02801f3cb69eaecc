//! The options that several subcommands share.

use super::units;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, Args, Command, ValueEnum};
use serde::{Deserialize, Serialize};
use std::ffi::OsStr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;
use tribunal_checker::history::{Datum, History};
use tribunal_checker::model::Model;
use tribunal_checker::spec::SpecKind;
use tribunal_formats::{Format, NilRead, ReadOptions};

/// How histories are read.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Reading")]
pub(super) struct ReadArgs {
    /// Data type [default: the header's, else what the functions tell]
    #[arg(long, value_name = "SPEC", value_parser = spec_parser())]
    pub(super) spec: Option<SpecKind>,

    /// Initial value of every key: JSON, or a text as it stands [default: the header's, else null]
    #[arg(long, value_name = "VALUE", value_parser = units::value, allow_hyphen_values = true)]
    initial: Option<Datum>,

    /// What Jepsen's `:ok :read nil` means: the initial value, or a result that was not recorded
    #[arg(long, value_name = "MEANING")]
    nil_read: Option<NilReadArg>,

    /// Format of the histories [default: told by their content]
    #[arg(long, value_name = "FORMAT", value_parser = format_parser(|_| true))]
    input_format: Option<Format>,
}

/// The meanings of a read of nil.
#[derive(ValueEnum, Clone, Copy, Debug)]
enum NilReadArg {
    /// The read returned the initial value
    Initial,
    /// The result was not recorded
    Any,
}

impl ReadArgs {
    /// The options for the readers.
    pub(super) fn options(&self) -> ReadOptions {
        let mut options = ReadOptions::new();
        options.format = self.input_format;
        options.spec = self.spec.map(|spec| spec.name().to_owned());
        options.nil_read = self.nil_read.map(|meaning| match meaning {
            NilReadArg::Initial => NilRead::Initial,
            NilReadArg::Any => NilRead::Any,
        });
        options
    }

    /// What is left to do to a history that was read.
    pub(super) fn adapt(&self, history: History) -> History {
        match &self.initial {
            Some(initial) => history.with_initial(initial),
            None => history,
        }
    }
}

/// What a command may spend.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Limits")]
pub(super) struct LimitArgs {
    /// Threads [default: one a core]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,

    /// Time for each history and model, such as 30s, 250ms or 2m [default: none]
    #[arg(long, value_name = "TIME", value_parser = units::duration)]
    pub(super) timeout: Option<Duration>,

    /// Memory of the whole process, such as 2GiB [default: three quarters of the machine's or the cgroup's]
    #[arg(long, value_name = "SIZE", value_parser = units::bytes)]
    pub(super) memory: Option<u64>,
}

impl LimitArgs {
    /// The number of threads.
    pub(super) fn threads(&self) -> usize {
        self.threads.map_or_else(
            || std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
            NonZeroUsize::get,
        )
    }
}

/// Where output goes.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputArgs {
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

/// What an unknown verdict means for the exit code.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(rename_all = "lowercase")]
pub(super) enum UnknownArg {
    /// Exit with 3
    Fail,
    /// Warn, and exit as if it were consistent
    Warn,
}

/// Models by name or synonym; sets of guarantees as their names joined by `+`.
pub(super) fn model_parser() -> impl TypedValueParser<Value = Model> {
    ModelParser
}

#[derive(Clone)]
struct ModelParser;

impl ModelParser {
    fn names() -> impl Iterator<Item = &'static str> {
        Model::NAMED.iter().map(|model| model.name())
    }
}

impl TypedValueParser for ModelParser {
    type Value = Model;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<Model, clap::Error> {
        if let Some(model) = value.to_str().and_then(Model::from_name) {
            return Ok(model);
        }
        // What is no name gets the error that lists them, and the nearest.
        let name = PossibleValuesParser::new(Self::names()).parse_ref(command, arg, value)?;
        Ok(Model::from_name(&name).expect("only names of models pass"))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Self::names().map(PossibleValue::new)))
    }
}

/// Data types by name.
pub(super) fn spec_parser() -> impl TypedValueParser<Value = SpecKind> {
    let names = SpecKind::ALL.iter().map(|spec| spec.name()).chain(["cas-register"]);
    PossibleValuesParser::new(names).map(|name| SpecKind::from_name(&name).expect("only names of specs pass"))
}

/// History formats by name.
pub(super) fn format_parser(offered: fn(Format) -> bool) -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(
        Format::ALL.iter().filter(|format| offered(**format)).map(|format| format.name()),
    )
    .map(|name| Format::from_name(&name).expect("only names of formats pass"))
}
