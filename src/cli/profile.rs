//! `tribunal profile`: every model's verdict.

use super::Failure;
use super::args::model_parser;
use super::check::{Charge, TrialArgs, try_all};
use super::console::Console;
use super::exit::Exit;
use clap::Args;
use std::path::PathBuf;
use tribunal_checker::model::Model;

/// The arguments of `profile`.
#[derive(Args, Debug)]
pub(super) struct ProfileArgs {
    /// Histories: files, folders (the files that stand in them, sorted), `-` for standard input
    #[arg(required = true, value_name = "HISTORY")]
    histories: Vec<PathBuf>,

    /// Exit with 1 if one of these models, separated by commas, is violated
    #[arg(long, value_name = "MODEL", value_delimiter = ',', value_parser = model_parser())]
    require: Vec<Model>,

    #[command(flatten)]
    trial: TrialArgs,
}

/// Runs `profile`.
pub(super) fn run(args: ProfileArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    try_all(&args.histories, Charge::Profile { required: args.require }, args.trial, console)
}
