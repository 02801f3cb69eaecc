//! `tribunal quorum`: judges a quorum configuration.
//!
//! The flags and the file are one thing: each flag sets a field of the configuration, so what a file can say a flag says
//! in the same words, and errors name the same fields. Flags beat the file.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tribunal_checker::quorum::{QuorumError, Verdict};
use tribunal_formats::quorum_config::{self, Notation, Value};

use crate::report::quorum as report;

mod evaluate;

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum QuorumFormat {
    /// For people.
    Human,
    /// One JSON object.
    Json,
}

/// Judges a quorum configuration: is it safe, what does it survive, what does it cost.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Exit code: 0 safe, 1 unsafe or a requirement missed, 2 bad input, 3 undecided.")]
pub(crate) struct QuorumArgs {
    /// The configuration: TOML, JSON, or `-` for standard input.
    config: Option<PathBuf>,
    /// The number of replicas, named n1, n2, ….
    #[arg(short, allow_hyphen_values = true)]
    n: Option<u64>,
    /// N_R: the votes of a read quorum.
    #[arg(short, allow_hyphen_values = true)]
    r: Option<u64>,
    /// N_W: the votes of a write quorum.
    #[arg(short, allow_hyphen_values = true)]
    w: Option<u64>,
    /// The votes of each replica, such as 2,1,1 (0: a weak representative).
    #[arg(long, value_delimiter = ',', allow_hyphen_values = true)]
    votes: Vec<u64>,
    /// The read quorums as an expression, such as "a*b + c*d" or "majority(a, b, c)".
    #[arg(long, value_name = "EXPR")]
    reads: Option<String>,
    /// The write quorums as an expression; the dual of the reads by default.
    #[arg(long, value_name = "EXPR")]
    writes: Option<String>,
    /// Fast phase-2 quorums (Fast Paxos): their votes, or an expression.
    #[arg(long, value_name = "VOTES|EXPR")]
    fast: Option<String>,
    /// A named shape with its sizes: grid:3x4, tree (with -n), plane:3, hierarchy:3^2, wall:1,2,3, majority, rowa, ….
    #[arg(long, value_name = "SHAPE[:SIZES]")]
    shape: Option<String>,
    /// The rules: register, flexible-paxos, fast-paxos, raft, byzantine-dissemination, byzantine-masking,
    /// byzantine-opaque, sloppy.
    #[arg(long)]
    protocol: Option<String>,
    /// How many replicas may be Byzantine.
    #[arg(long, value_name = "F")]
    byzantine: Option<u64>,
    /// The fraction of reads, or a distribution such as 0.5=1,0.9=3.
    #[arg(long, value_name = "FRACTION")]
    read_fraction: Option<String>,
    /// What the strategy optimises: load, network or latency.
    #[arg(long)]
    objective: Option<String>,
    /// Strategies whose contacted sets survive the loss of any F of their members.
    #[arg(long, value_name = "F")]
    resilient: Option<u64>,
    /// The failure probability of every replica that has none of its own.
    #[arg(long, value_name = "P")]
    fail_p: Option<f64>,
    /// Replicas known to be down.
    #[arg(long, value_delimiter = ',', value_name = "NAME,…")]
    down: Vec<String>,
    /// A condition to meet, such as write_resilience=1 or max_load=0.6.
    #[arg(long, value_delimiter = ',', value_name = "NAME=VALUE")]
    require: Vec<String>,
    /// Lists up to this many minimal quorums of reads and of writes.
    #[arg(long, value_name = "K", default_value_t = 0)]
    quorums: usize,
    /// When to give up, such as 30s or 500ms.
    #[arg(long, default_value = "30s", value_parser = duration)]
    timeout: Duration,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t = QuorumFormat::Human)]
    format: QuorumFormat,
}

/// Runs the subcommand and returns its exit code.
pub(crate) fn run(
    args: &QuorumArgs,
    stdin: &mut dyn Read,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
) -> i32 {
    let outcome = read(args, stdin)
        .and_then(|value| quorum_config::decode(&value))
        .and_then(|config| evaluate::evaluate(&config, args.timeout, args.quorums));
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(error) => {
            // Nothing is left to do where even the error cannot be written.
            let _ = writeln!(stderr, "tribunal quorum: {error}");
            return 2;
        }
    };
    let text = match args.format {
        QuorumFormat::Human => report::human::render(&outcome),
        QuorumFormat::Json => report::json::render(&outcome),
    };
    if let Err(error) = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush())
        && error.kind() != std::io::ErrorKind::BrokenPipe
    {
        let _ = writeln!(stderr, "tribunal quorum: the result cannot be written: {error}");
        return 2;
    }
    exit_code(&outcome)
}

fn exit_code(outcome: &report::Outcome) -> i32 {
    let met = || outcome.requirements.iter().map(|requirement| requirement.met);
    match outcome.judgement.verdict {
        Verdict::Unsafe => 1,
        _ if met().any(|met| met == Some(false)) => 1,
        Verdict::Undecided => 3,
        Verdict::Safe if met().any(|met| met.is_none()) => 3,
        Verdict::Safe => 0,
    }
}

/// The configuration of the file with the flags laid over it.
fn read(args: &QuorumArgs, stdin: &mut dyn Read) -> Result<Value, QuorumError> {
    let mut value = match &args.config {
        Some(path) => read_file(path, stdin)?,
        None => Value::table(),
    };
    let whole = |number: u64| Value::Integer(number.into());
    let text = |text: &str| Value::Text(text.to_owned());
    for (path, flag) in [
        (&["n"][..], args.n.map(whole)),
        (&["quorum", "r"], args.r.map(whole)),
        (&["quorum", "w"], args.w.map(whole)),
        (&["quorum", "votes"], list(&args.votes, |&votes| whole(votes))),
        (&["quorum", "reads"], args.reads.as_deref().map(text)),
        (&["quorum", "writes"], args.writes.as_deref().map(text)),
        (&["quorum", "fast"], args.fast.as_deref().map(number_or_text)),
        (&["rules", "protocol"], args.protocol.as_deref().map(text)),
        (&["rules", "byzantine"], args.byzantine.map(whole)),
        (&["workload", "read_fraction"], args.read_fraction.as_deref().map(fractions).transpose()?),
        (&["workload", "objective"], args.objective.as_deref().map(text)),
        (&["workload", "resilient"], args.resilient.map(whole)),
        (&["fail_p"], args.fail_p.map(Value::Float)),
        (&["down"], list(&args.down, |name| text(name))),
    ] {
        if let Some(flag) = flag {
            value.set(path, flag);
        }
    }
    if let Some(shape) = &args.shape {
        for (field, size) in shape_fields(shape)? {
            value.set(&["quorum", field], size);
        }
    }
    for condition in &args.require {
        let (name, wanted) = pair(condition).ok_or_else(|| {
            let mend = "write NAME=VALUE, such as write_resilience=1";
            QuorumError::new("--require", format!("{condition:?} is no condition"), mend)
        })?;
        value.set(&["require", name], wanted);
    }
    Ok(value)
}

fn read_file(path: &Path, stdin: &mut dyn Read) -> Result<Value, QuorumError> {
    let mut text = String::new();
    let shown = path.display().to_string();
    let read = if shown == "-" {
        stdin.read_to_string(&mut text).map(|_| ())
    } else {
        std::fs::read_to_string(path).map(|found| text = found)
    };
    read.map_err(|error| {
        QuorumError::new(
            shown.clone(),
            error.to_string(),
            "name a TOML or JSON file, or - for standard input",
        )
    })?;
    let json = shown.ends_with(".json") || text.trim_start().starts_with('{');
    let notation = if json { Notation::Json } else { Notation::Toml };
    Value::read(&text, notation).map_err(|error| QuorumError { field: shown, ..error })
}

fn list<T>(items: &[T], value: impl Fn(&T) -> Value) -> Option<Value> {
    (!items.is_empty()).then(|| Value::List(items.iter().map(value).collect()))
}

fn number_or_text(text: &str) -> Value {
    if let Ok(number) = text.parse::<u64>() {
        return Value::Integer(number.into());
    }
    match text.parse::<f64>() {
        Ok(number) => Value::Float(number),
        Err(_) => match text {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => Value::Text(text.to_owned()),
        },
    }
}

fn pair(text: &str) -> Option<(&str, Value)> {
    let (name, value) = text.split_once('=')?;
    Some((name.trim(), number_or_text(value.trim())))
}

fn fractions(text: &str) -> Result<Value, QuorumError> {
    if !text.contains('=') {
        return Ok(number_or_text(text));
    }
    let pairs: Option<Vec<(String, Value)>> =
        text.split(',').map(|part| pair(part).map(|(name, value)| (name.to_owned(), value))).collect();
    pairs.map(Value::Table).ok_or_else(|| {
        let problem = format!("{text:?} is no distribution");
        QuorumError::new("--read-fraction", problem, "write a number, or fraction=weight,…")
    })
}

/// `NAME`, `NAME:3x4`, `NAME:3^2`, `NAME:7` or `NAME:1,2,3` as fields of the quorum section.
fn shape_fields(text: &str) -> Result<Vec<(&'static str, Value)>, QuorumError> {
    let (name, sizes) = text.split_once(':').unwrap_or((text, ""));
    let error = || {
        let problem = format!("{text:?} is no shape with its sizes");
        QuorumError::new(
            "--shape",
            problem,
            "write grid:3x4, plane:3, hierarchy:3^2, wall:1,2,3, or a name with -n",
        )
    };
    let numbers: Vec<u64> = sizes
        .split(['x', '^', ','])
        .filter(|size| !size.is_empty())
        .map(|size| size.trim().parse().map_err(|_| error()))
        .collect::<Result<_, _>>()?;
    let whole = |number: u64| Value::Integer(number.into());
    let mut fields = vec![("shape", Value::Text(name.to_owned()))];
    match (name, numbers.as_slice()) {
        (_, []) if sizes.is_empty() => {}
        ("wall", widths) => {
            fields.extend(list(widths, |&width| whole(width)).map(|widths| ("widths", widths)));
        }
        ("plane", &[order]) => fields.push(("order", whole(order))),
        ("hierarchy", &[branching, depth]) => {
            fields.extend([("branching", whole(branching)), ("depth", whole(depth))]);
        }
        ("grid" | "cheung-grid" | "maekawa-grid", &[rows, columns]) => {
            fields.extend([("rows", whole(rows)), ("columns", whole(columns))]);
        }
        ("tree" | "majority" | "rowa", &[n]) => fields.push(("n", whole(n))),
        _ => return Err(error()),
    }
    Ok(fields)
}

/// `30s`, `500ms`, `2m`, or seconds.
fn duration(text: &str) -> Result<Duration, String> {
    let split = text.find(|c: char| c.is_alphabetic()).unwrap_or(text.len());
    let unit = match &text[split..] {
        "" | "s" => 1.0,
        "ms" => 1e-3,
        "m" => 60.0,
        "h" => 3600.0,
        unit => return Err(format!("{unit:?} is no unit of time; write 30s, 500ms or 2m")),
    };
    let number: f64 =
        text[..split].parse().map_err(|_| format!("{text:?} is no time; write 30s, 500ms or 2m"))?;
    Duration::try_from_secs_f64(number * unit)
        .map_err(|_| format!("{text:?} is out of range; write 30s or 2m"))
}

#[cfg(test)]
mod tests {
    use super::{duration, shape_fields};
    use std::time::Duration;

    #[test]
    fn times_and_shapes_are_read_or_refused_with_the_mend() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        for bad in ["-1s", "nans", "3 weeks", "1e400s", ""] {
            assert!(duration(bad).is_err(), "{bad}");
        }
        assert_eq!(shape_fields("grid:3x4").unwrap().len(), 3);
        assert!(shape_fields("grid:3").is_err());
        assert!(shape_fields("plane:x").is_err());
    }
}
