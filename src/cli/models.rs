//! `tribunal models`: the consistency models that the engine decides.

mod about;

use super::Failure;
use super::args::model_parser;
use super::console::Console;
use super::exit::Exit;
use about::about;
use clap::Args;
use tribunal_checker::model::Model;

/// The arguments of `models`.
#[derive(Args, Debug)]
pub(super) struct ModelsArgs {
    /// The model to explain
    #[arg(value_name = "NAME", value_parser = model_parser())]
    name: Option<Model>,
}

/// Runs `models`.
pub(super) fn run(args: &ModelsArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match args.name {
        Some(model) => explain(model, console)?,
        None => list(console)?,
    }
    Ok(Exit::Good)
}

fn list(console: &mut Console<'_>) -> Result<(), Failure> {
    let width = Model::ALL.iter().map(|model| model.name().len()).max().unwrap_or(0);
    for &model in Model::ALL {
        writeln!(console.stdout, "{:width$}  {}", model.name(), about(model).line)?;
    }
    writeln!(console.stdout, "\nStrongest first. `tribunal models NAME` explains one.")?;
    Ok(())
}

fn explain(model: Model, console: &mut Console<'_>) -> Result<(), Failure> {
    let about = about(model);
    let names = |models: &[Model]| match models {
        [] => "none that tribunal decides".to_owned(),
        models => models.iter().map(|model| model.name()).collect::<Vec<_>>().join(", "),
    };
    writeln!(console.stdout, "{model}: {}\n", about.line)?;
    for line in crate::report::wrap(about.definition, 96) {
        writeln!(console.stdout, "  {line}")?;
    }
    let times = if model.needs_times() { "needed" } else { "not looked at" };
    writeln!(console.stdout, "\n  times     {times}")?;
    writeln!(console.stdout, "  stronger  {}", names(about.stronger))?;
    writeln!(console.stdout, "  weaker    {}", names(about.weaker))?;
    writeln!(console.stdout, "  source    {}", about.source)?;
    writeln!(console.stdout, "  cost      {}", about.cost)?;
    writeln!(console.stdout, "\n  satisfies it:")?;
    about.holds.iter().try_for_each(|line| writeln!(console.stdout, "    {line}"))?;
    writeln!(console.stdout, "\n  breaks it:")?;
    about.breaks.iter().try_for_each(|line| writeln!(console.stdout, "    {line}"))?;
    Ok(())
}
