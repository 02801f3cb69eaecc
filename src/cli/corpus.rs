//! `tribunal corpus`: the litmus histories, with what is expected of each and what is found.

use super::Failure;
use super::args::{OutputArgs, model_parser};
use super::console::{Console, Output};
use super::exit::Exit;
use crate::report::{Look, Role};
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::fmt::Write as _;
use std::io::Write as _;
use tribunal_checker::engine::{Options, check};
use tribunal_checker::model::Model;
use tribunal_checker::verdict::Verdict;
use tribunal_corpus::litmus::{Litmus, families, litmus};

/// The arguments of `corpus`.
#[derive(Args, Debug)]
pub(super) struct CorpusArgs {
    /// Only these families, separated by commas
    #[arg(
        long = "family", value_name = "FAMILY", value_delimiter = ',',
        value_parser = PossibleValuesParser::new(families())
    )]
    families: Vec<String>,

    /// Only these models, separated by commas [default: every model that something is expected of]
    #[arg(short, long = "model", value_name = "MODEL", value_delimiter = ',', value_parser = model_parser())]
    models: Vec<Model>,

    /// Form of the results
    #[arg(long, value_name = "FORM", default_value = "human", help_heading = "Output")]
    format: CorpusFormat,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum CorpusFormat {
    /// A line a history
    Human,
    /// One JSON object for each history and model
    Jsonl,
}

/// What is expected of a history and a model, and what is found.
#[derive(Serialize)]
struct Row<'a> {
    history: &'a str,
    family: &'a str,
    title: &'a str,
    model: &'a str,
    expected: &'a str,
    verdict: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    tribunal: u8,
}

impl Row<'_> {
    fn as_expected(&self) -> bool {
        self.expected == self.verdict
    }
}

/// Runs `corpus`.
pub(super) fn run(args: &CorpusArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut output = Output::open(&args.output, &mut *console.stdout)?;
    let look = Look::detect(output.terminal);
    let (mut histories, mut verdicts, mut wrong, mut family) = (0, 0, 0, "");
    for litmus in litmus() {
        let litmus = litmus.map_err(|error| Failure::Usage(error.to_string()))?;
        let rows = args.rows(&litmus);
        if rows.is_empty() {
            continue;
        }
        histories += 1;
        verdicts += rows.len();
        wrong += rows.iter().filter(|row| !row.as_expected()).count();
        match args.format {
            CorpusFormat::Jsonl => {
                for row in &rows {
                    serde_json::to_writer(&mut output, row).map_err(std::io::Error::from)?;
                    writeln!(output)?;
                }
            }
            CorpusFormat::Human => {
                if family != litmus.family {
                    family = litmus.family;
                    writeln!(output, "{}", look.paint(Role::Name, family))?;
                }
                writeln!(output, "{}", line(&litmus, &rows, look))?;
            }
        }
    }
    if args.format == CorpusFormat::Human {
        let found = if wrong == 0 { "all as expected".into() } else { format!("{wrong} not as expected") };
        let role = if wrong == 0 { Role::Good } else { Role::Bad };
        writeln!(output, "{histories} histories, {verdicts} verdicts: {}", look.paint(role, &found))?;
    }
    output.flush()?;
    Ok(if wrong > 0 { Exit::Violated } else { Exit::Good })
}

impl CorpusArgs {
    /// The rows of a history, in the order of its expectations.
    fn rows<'a>(&self, litmus: &'a Litmus) -> Vec<Row<'a>> {
        let wanted = |model: Model| self.models.is_empty() || self.models.contains(&model);
        if !self.families.is_empty() && !self.families.iter().any(|family| family == litmus.family) {
            return Vec::new();
        }
        let expectations = litmus.expectations.iter().filter(|&&(model, _)| wanted(model));
        expectations.map(|&(model, holds)| row(litmus, model, holds)).collect()
    }
}

fn row(litmus: &Litmus, model: Model, holds: bool) -> Row<'_> {
    let (verdict, error) = match check(&litmus.history, model, &Options::default()) {
        Ok(judgement) => match judgement.verdict {
            Verdict::Consistent(_) => ("consistent", None),
            Verdict::Violated(_) => ("violated", None),
            Verdict::Unknown(unknown) => ("unknown", Some(unknown.progress)),
        },
        Err(error) => ("error", Some(error.to_string())),
    };
    Row {
        history: &litmus.path,
        family: litmus.family,
        title: litmus.title,
        model: model.name(),
        expected: if holds { "consistent" } else { "violated" },
        verdict,
        error,
        tribunal: 1,
    }
}

/// `name  strict no, sequential yes`; what is not as expected says so.
fn line(litmus: &Litmus, rows: &[Row<'_>], look: Look) -> String {
    let word = |verdict: &str| match verdict {
        "consistent" => "yes",
        "violated" => "no",
        _ => "?",
    };
    let mut line = format!("  {:32}", litmus.name);
    for (at, row) in rows.iter().enumerate() {
        line.push_str(if at == 0 { " " } else { ", " });
        let _ = write!(line, "{} {}", row.model, word(row.verdict));
        if !row.as_expected() {
            let _ = write!(line, " ({})", look.paint(Role::Bad, &format!("expected {}", word(row.expected))));
        }
        if let Some(error) = &row.error {
            let _ = write!(line, " ({error})");
        }
    }
    line
}
