//! `tribunal specs`: the data types.

use super::Failure;
use super::args::spec_parser;
use super::console::Console;
use super::exit::Exit;
use clap::Args;
use tribunal_checker::history::Function;
use tribunal_checker::spec::SpecKind;

/// The arguments of `specs`.
#[derive(Args, Debug)]
pub(super) struct SpecsArgs {
    /// The data type to explain
    #[arg(value_name = "NAME", value_parser = spec_parser())]
    name: Option<SpecKind>,
}

/// Runs `specs`.
pub(super) fn run(args: &SpecsArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match args.name {
        Some(spec) => explain(spec, console)?,
        None => list(console)?,
    }
    Ok(Exit::Good)
}

fn list(console: &mut Console<'_>) -> Result<(), Failure> {
    let width = SpecKind::ALL.iter().map(|spec| spec.name().len()).max().unwrap_or(0);
    for spec in SpecKind::ALL {
        writeln!(console.stdout, "{:width$}  {}", spec.name(), spec.description())?;
    }
    writeln!(
        console.stdout,
        "\nThe type of a history is what --spec says, else its header, else what its functions tell; `tribunal specs NAME`\n\
         lists a type's functions."
    )?;
    Ok(())
}

fn explain(spec: SpecKind, console: &mut Console<'_>) -> Result<(), Failure> {
    writeln!(console.stdout, "{spec}: {}", spec.description())?;
    let functions = spec.functions();
    let width = functions.iter().map(|function| function.name().len()).max().unwrap_or(0);
    for &function in functions {
        writeln!(console.stdout, "  {:width$}  {}", function.name(), meaning(function))?;
    }
    Ok(())
}

/// What an operation's value is.
fn meaning(function: Function) -> &'static str {
    match function {
        Function::Read => "value: what was read",
        Function::Write => "value: what is written",
        Function::Cas => {
            "value: [old, new]; \"ok\": false where it answered that the old value did not match"
        }
        Function::Inc => "value: the amount, 1 if absent",
        Function::Append => "value: what is appended",
        Function::Put => "value: what replaces all",
        Function::Add => "value: the element; \"ok\": whether it was new",
        Function::Remove => "value: the element; \"ok\": whether it was there",
        Function::Contains => "value: the element; \"ok\": whether it was there",
        Function::Enqueue => "value: what goes to the back",
        Function::Dequeue => "value: what came from the front; null: it was empty",
        Function::Push => "value: what goes on top",
        Function::Pop => "value: what came from the top; null: it was empty",
        Function::Insert => "value: what goes in",
        Function::Poll => "value: the greatest; null: it was empty",
        Function::Acquire => "lock: what is taken; \"mode\": \"shared\" where several may hold it",
        Function::Release => "lock: what is given back",
        Function::Sync => "synchronises; no lock is held",
        Function::Txn => "value: [[\"r\", key, value], [\"w\", key, value], …], one step",
        _ => "",
    }
}
