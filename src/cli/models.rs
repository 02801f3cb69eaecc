//! `tribunal models`: the consistency models.

mod about;

use super::Failure;
use super::args::model_parser;
use super::console::Console;
use super::exit::Exit;
use crate::report::{Lines, Look, Role, draw_lattice, wrap};
use about::{about, example};
use clap::Args;
use tribunal_checker::model::{Condition, Model, implied};

/// The arguments of `models`.
#[derive(Args, Debug)]
pub(super) struct ModelsArgs {
    /// The model to explain
    #[arg(value_name = "NAME", value_parser = model_parser())]
    name: Option<Model>,
}

/// Runs `models`.
pub(super) fn run(args: &ModelsArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let look = Look::detect(console.stdout.is_terminal());
    let text = match args.name {
        Some(model) => explain(model, &look),
        None => list(&look),
    };
    console.stdout.write_all(text.as_bytes())?;
    Ok(Exit::Good)
}

fn list(look: &Look) -> String {
    let width = Model::NAMED.iter().map(|model| model.name().len()).max().unwrap_or(0);
    let mut text = String::new();
    for &model in Model::NAMED {
        let name = look.paint(Role::Name, &format!("{:width$}", model.name()));
        text.push_str(&format!("{name}  {}\n", about(model).line));
    }
    text.push_str("\nA model implies those below it to which a line leads:\n\n");
    for line in draw_lattice(Lines::ALL, look, &|_| (' ', Role::Name)) {
        text.push_str(&line);
        text.push('\n');
    }
    text.push('\n');
    for edge in
        tribunal_checker::model::IMPLICATIONS.iter().filter(|edge| edge.condition != Condition::Always)
    {
        text.push_str(&format!("{} implies {} {}.\n", edge.stronger, edge.weaker, edge.condition));
    }
    let synonyms: Vec<String> =
        Model::SYNONYMS.iter().map(|(synonym, model)| format!("{synonym} = {model}")).collect();
    for line in wrap(&format!("Other names: {}.", synonyms.join(", ")), look.width.min(96)) {
        text.push_str(&line);
        text.push('\n');
    }
    text.push_str("\n`tribunal models NAME` explains one.\n");
    text
}

fn explain(model: Model, look: &Look) -> String {
    let about = about(model);
    let mut text = format!("{}: {}\n\n", look.paint(Role::Name, model.name()), about.line);
    let mut say = |heading: &str, body: &str| {
        let indent = if heading.is_empty() { 2 } else { 12 };
        for (i, line) in wrap(body, look.width.min(98) - indent).iter().enumerate() {
            // A blank line behind the definition.
            let gap = if i == 0 && heading == "times" { "\n" } else { "" };
            let heading = if i == 0 { heading } else { "" };
            text.push_str(&format!("{gap}  {heading:width$}{line}\n", width = indent - 2));
        }
    };
    say("", about.definition);
    say("times", if model.needs_times() { "needed" } else { "not looked at" });
    say("stronger", &names(Model::NAMED, |other| condition(other, model)));
    say("weaker", &names(Model::NAMED, |other| condition(model, other)));
    say("source", about.source);
    say("cost", about.cost);
    for (heading, path) in [("satisfies it", about.holds), ("breaks it", about.breaks)] {
        let (title, lines) = example(path);
        text.push_str(&format!("\n  {heading}: ({title}; {path})\n"));
        for line in lines {
            text.push_str(&format!("    {line}\n"));
        }
    }
    text
}

/// For which histories a model implies another, if for any.
fn condition(stronger: Model, weaker: Model) -> Option<Condition> {
    [Condition::Always, Condition::WithoutCas, Condition::WithoutLocks, Condition::UntimedSyncs]
        .into_iter()
        .find(|&only| {
            implied(stronger, |given| given == Condition::Always || given == only).contains(&weaker)
        })
}

fn names(models: &[Model], condition: impl Fn(Model) -> Option<Condition>) -> String {
    let named = models.iter().filter_map(|&model| match condition(model)? {
        Condition::Always => Some(model.to_string()),
        when => Some(format!("{model} ({when})")),
    });
    let names: Vec<String> = named.collect();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}
