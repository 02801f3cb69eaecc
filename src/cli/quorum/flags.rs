//! Flags as fields of the configuration.

use std::io::Read;
use std::path::Path;

use tribunal_checker::quorum::QuorumError;
use tribunal_formats::quorum_config::{Notation, Value};

use super::QuorumArgs;

/// The configuration of the file with the flags laid over it.
pub(super) fn read(args: &QuorumArgs, stdin: &mut dyn Read) -> Result<Value, QuorumError> {
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
        (&["staleness", "versions"], list(&args.stale, |&versions| whole(versions))),
        (&["staleness", "writes_per_read"], args.writes_per_read.map(Value::Float)),
        (&["staleness", "times_ms"], list(&args.after_ms, |&time| Value::Float(time))),
        (&["staleness", "trials"], args.trials.map(whole)),
        (&["staleness", "seed"], args.seed.map(whole)),
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
    for delay in &args.delay {
        for (message, delay) in delays(delay)? {
            value.set(&["staleness", message], delay);
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

/// `exponential:1` for all four messages, or `write=exponential:0.1` for one.
fn delays(text: &str) -> Result<Vec<(&'static str, Value)>, QuorumError> {
    let error = || {
        let mend = "write exponential:RATE, constant:MS, uniform:LOW:HIGH or pareto:LEAST:EXPONENT, with write=, ack=, \
                    read= or response= before it for one message alone";
        QuorumError::new("--delay", format!("{text:?} is no delay"), mend)
    };
    let (messages, delay) = match text.split_once('=') {
        None => (MESSAGES.to_vec(), text),
        Some((name, delay)) => {
            let message = MESSAGES.into_iter().find(|message| *message == name.trim());
            (vec![message.ok_or_else(error)?], delay)
        }
    };
    let (kind, numbers) = delay.trim().split_once(':').ok_or_else(error)?;
    let numbers: Vec<f64> =
        numbers.split(':').map(|number| number.parse().map_err(|_| error())).collect::<Result<_, _>>()?;
    let own = match (kind, numbers.as_slice()) {
        ("exponential" | "constant", &[number]) => Value::Float(number),
        ("uniform" | "pareto", &[_, _]) => Value::List(numbers.into_iter().map(Value::Float).collect()),
        _ => return Err(error()),
    };
    let table = Value::Table(vec![(kind.to_owned(), own)]);
    Ok(messages.into_iter().map(|message| (message, table.clone())).collect())
}

/// The messages of a write and a read.
const MESSAGES: [&str; 4] = ["write", "ack", "read", "response"];

/// `NAME`, `NAME:3x4`, `NAME:3^2`, `NAME:7` or `NAME:1,2,3` as fields of the quorum section.
fn shape_fields(text: &str) -> Result<Vec<(&'static str, Value)>, QuorumError> {
    let (name, sizes) = text.split_once(':').unwrap_or((text, ""));
    let error = || {
        let problem = format!("{text:?} is no shape with its sizes");
        QuorumError::new(
            "--shape",
            problem,
            "write grid:3x4, plane:3, paths:2, hierarchy:3^2, wall:1,2,3, masking-grid:5x5x1, or a name with -n",
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
        ("plane" | "paths", &[order]) => fields.push(("order", whole(order))),
        ("hierarchy", &[branching, depth]) => {
            fields.extend([("branching", whole(branching)), ("depth", whole(depth))]);
        }
        ("grid" | "cheung-grid" | "maekawa-grid", &[rows, columns]) => {
            fields.extend([("rows", whole(rows)), ("columns", whole(columns))]);
        }
        ("masking-grid", &[rows, columns, faults]) => {
            fields.extend([("rows", whole(rows)), ("columns", whole(columns)), ("faults", whole(faults))]);
        }
        ("tree" | "majority" | "rowa" | "wheel", &[n]) => fields.push(("n", whole(n))),
        _ => return Err(error()),
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::{delays, shape_fields};

    #[test]
    fn shapes_and_delays_are_read_or_refused() {
        assert_eq!(shape_fields("grid:3x4").unwrap().len(), 3);
        assert_eq!(shape_fields("masking-grid:5x5x1").unwrap().len(), 4);
        for bad in ["grid:3", "plane:x", "paths", "grid:3x4x5"] {
            let fields = shape_fields(bad);
            assert!(fields.is_err() || fields.unwrap().len() == 1, "{bad}");
        }
        assert_eq!(delays("exponential:1").unwrap().len(), 4);
        assert_eq!(delays("write=uniform:1:3").unwrap()[0].0, "write");
        for bad in ["exponential", "exponential:x", "uniform:1", "hop=constant:1", "gamma:1", "constant:1:2"]
        {
            assert!(delays(bad).is_err(), "{bad}");
        }
    }
}
