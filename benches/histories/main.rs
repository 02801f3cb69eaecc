//! The benchmarks: how fast histories are read and judged, how that grows, and what it takes in memory.
//!
//! ```text
//! cargo bench --bench histories -- [parse] [scaling] [models] [ladder] [corpora]
//!     [--full] [--only TEXT]… [--timeout SECONDS] [--threads N]
//! ```
//!
//! Without names all of them run, `corpora` only if `TRIBUNAL_CORPORA` names the folder of the corpora. `--only` keeps the
//! rows whose names hold the text. Every case runs in a process of its own, so that its peak memory is its own and a case
//! that blows up ends as `unknown` and stops nobody. Histories are generated (the same ones every time), written to a
//! temporary file, and read back by that process.

mod arguments;
mod case;
mod child;
mod corpora;
mod events;
mod ladder;
mod models;
mod parse;
mod scaling;
mod table;

use arguments::{Arguments, What};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    if args.first().is_some_and(|arg| arg == child::FLAG) {
        child::run(&args[1..]);
        return ExitCode::SUCCESS;
    }
    // `cargo test --all-targets` starts benchmarks too, without this flag.
    let Some(at) = args.iter().position(|arg| arg == "--bench") else {
        println!("run me with `cargo bench --bench histories`");
        return ExitCode::SUCCESS;
    };
    args.remove(at);
    let arguments = match Arguments::parse(&args) {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    let mut good = true;
    for &what in &arguments.what {
        match what {
            What::Parse => parse::run(&arguments),
            What::Scaling => scaling::run(&arguments),
            What::Models => models::run(&arguments),
            What::Ladder => ladder::run(&arguments),
            What::Corpora => good &= corpora::run(&arguments),
        }
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
