//! The parts that are merged: reading them, and what must hold of all of them together.

use crate::cli::args::UnknownArg;
use crate::cli::shard::{Closing, Shard};
use crate::report::Record;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashMap;

/// A result, and the JSON object that it was read from.
type Found = (Record, String);

/// The results of one job.
#[derive(Debug)]
pub(super) struct Part {
    /// The file.
    source: String,
    results: Vec<Found>,
    /// Of a shard.
    closing: Option<(Shard, Closing)>,
}

/// All parts together.
#[derive(Default, Debug)]
pub(super) struct Merged {
    /// The results of each history, in the order of the run; of parts that are no shards in the order given.
    pub(super) histories: Vec<Vec<Found>>,
    /// What is missing, comes twice, or does not fit.
    pub(super) complaints: Vec<String>,
    /// What the shards were told.
    pub(super) unknown: Option<UnknownArg>,
    pub(super) require_ops: Option<usize>,
    /// Of profiles: the models that were required.
    pub(super) required: Option<Vec<String>>,
}

/// The members that tell what an object is.
#[derive(Deserialize)]
struct Probe {
    shard: Option<serde::de::IgnoredAny>,
    verification: Option<serde::de::IgnoredAny>,
}

impl Part {
    /// The parts that stand in a file: lines or an array, each shard up to its closing object.
    pub(super) fn read(source: &str, text: &str) -> Result<Vec<Self>, String> {
        let mut parts = Vec::new();
        let mut results = Vec::new();
        let new = |results, closing| Self { source: source.to_owned(), results, closing };
        for object in objects(source, text)? {
            let wrong = |error: &dyn std::fmt::Display| {
                let line = 1 + text[..object.1].bytes().filter(|&byte| byte == b'\n').count();
                format!("{source}:{line}: this is no result of check: {error}")
            };
            let json = object.0.get();
            let probe: Probe = serde_json::from_str(json).map_err(|error| wrong(&error))?;
            if probe.verification.is_some() {
                return Err(wrong(&"it is one of certify"));
            }
            if probe.shard.is_some() {
                let closing: Closing = serde_json::from_str(json).map_err(|error| wrong(&error))?;
                let shard = closing.shard.parse().map_err(|error: String| wrong(&error))?;
                parts.push(new(std::mem::take(&mut results), Some((shard, closing))));
            } else {
                let record: Record = serde_json::from_str(json).map_err(|error| wrong(&error))?;
                results.push((record, json.to_owned()));
            }
        }
        if !results.is_empty() || parts.is_empty() {
            parts.push(new(results, None));
        }
        Ok(parts)
    }
}

/// The objects of a text, each with its offset.
fn objects<'a>(source: &str, text: &'a str) -> Result<Vec<(&'a RawValue, usize)>, String> {
    let wrong = |error: serde_json::Error| {
        format!("{source}: this is no output of check --format jsonl or json: {error}")
    };
    let objects: Vec<&RawValue> = if text.trim_start().starts_with('[') {
        serde_json::from_str(text).map_err(wrong)?
    } else {
        let stream = serde_json::Deserializer::from_str(text).into_iter();
        stream.collect::<Result<_, _>>().map_err(wrong)?
    };
    let offset = |object: &RawValue| object.get().as_ptr() as usize - text.as_ptr() as usize;
    Ok(objects.into_iter().map(|object| (object, offset(object))).collect())
}

/// Puts parts together: shards by their places in the run, others as they come.
pub(super) fn merge(parts: Vec<Part>) -> Merged {
    if parts.iter().any(|part| part.closing.is_some()) { shards(parts) } else { runs(parts) }
}

/// Results of runs that have nothing to do with each other.
fn runs(parts: Vec<Part>) -> Merged {
    let mut merged = Merged::default();
    let mut seen: HashMap<(String, String), String> = HashMap::new();
    for part in parts {
        for (record, json) in part.results {
            let key = (record.history.clone(), record.model.clone());
            if let Some(first) = seen.get(&key) {
                let (history, model) = key;
                let places =
                    if *first == part.source { "twice in".into() } else { format!("in {first} and in") };
                let what = format!("{history}: {model}: there is a result {places} {}", part.source);
                merged.complaints.push(what);
                continue;
            }
            seen.insert(key, part.source.clone());
            match merged.histories.last_mut() {
                Some(results) if results[0].0.history == record.history => results.push((record, json)),
                _ => merged.histories.push(vec![(record, json)]),
            }
        }
    }
    merged
}

/// The shards of one run.
fn shards(parts: Vec<Part>) -> Merged {
    let mut merged = Merged::default();
    let mut run: Option<(String, Closing)> = None;
    let mut sources: Vec<Option<String>> = Vec::new();
    let mut placed: Vec<(usize, Vec<Found>)> = Vec::new();
    for part in parts {
        let source = part.source;
        let mut complain = |what: String| merged.complaints.push(format!("{source}: {what}"));
        let Some((shard, closing)) = part.closing else {
            complain("its results end without the line that closes a shard's; was the run cut short?".into());
            placed.extend(part.results.into_iter().map(|found| (usize::MAX, vec![found])));
            continue;
        };
        let (first, whole) = run.get_or_insert_with(|| (source.clone(), closing.clone()));
        let count = whole.shard.split_once('/').map(|(_, count)| count.to_owned()).unwrap_or_default();
        if shard.count.to_string() != count {
            complain(format!("shard {shard} is of another partition than {first}, which is one of {count}"));
            continue;
        }
        if (closing.histories, closing.unknown, closing.require_ops, &closing.required)
            != (whole.histories, whole.unknown, whole.require_ops, &whole.required)
        {
            complain(format!(
                "shard {shard} is of another run than {first}: it saw {} histories, the other {}",
                closing.histories, whole.histories
            ));
        }
        sources.resize((shard.count as usize).max(sources.len()).min(1 << 20), None);
        match sources.get_mut(shard.index as usize - 1) {
            Some(Some(other)) => {
                complain(format!("shard {shard} is in {other} already"));
                continue;
            }
            Some(place) => *place = Some(source.clone()),
            None => {}
        }
        if part.results.len() != closing.results {
            let (told, there) = (closing.results, part.results.len());
            complain(format!("shard {shard} tells of {told} results, and {there} are there"));
        }
        placed.extend(place(part.results, &closing.positions));
    }
    let whole = run.map(|run| run.1);
    missing(&sources, whole.as_ref(), &placed, &mut merged.complaints);
    placed.sort_by_key(|history| history.0);
    merged.histories = placed.into_iter().map(|history| history.1).collect();
    merged.unknown = whole.as_ref().map(|whole| whole.unknown);
    merged.require_ops = whole.as_ref().map(|whole| whole.require_ops);
    merged.required = whole.and_then(|whole| whole.required);
    merged
}

/// Each history's results with its place in the run; all histories have equally many.
fn place(results: Vec<Found>, positions: &[usize]) -> Vec<(usize, Vec<Found>)> {
    let each = (results.len() / positions.len().max(1)).max(1);
    let mut placed: Vec<(usize, Vec<Found>)> = Vec::new();
    for (i, found) in results.into_iter().enumerate() {
        match placed.last_mut() {
            Some(last) if i % each > 0 => last.1.push(found),
            _ => placed.push((positions.get(i / each).copied().unwrap_or(usize::MAX), vec![found])),
        }
    }
    placed
}

fn missing(
    sources: &[Option<String>],
    whole: Option<&Closing>,
    placed: &[(usize, Vec<Found>)],
    complaints: &mut Vec<String>,
) {
    let absent: Vec<String> = sources
        .iter()
        .enumerate()
        .filter(|(_, source)| source.is_none())
        .map(|(i, _)| format!("{}/{}", i + 1, sources.len()))
        .collect();
    if !absent.is_empty() {
        complaints.push(format!("missing: shard {}", absent.join(", ")));
        return;
    }
    let Some(whole) = whole.filter(|_| complaints.is_empty()) else { return };
    let mut places: Vec<usize> = placed.iter().map(|history| history.0).collect();
    places.sort_unstable();
    if !places.iter().copied().eq(0..whole.histories) {
        let (there, all) = (places.len(), whole.histories);
        complaints.push(format!("the shards have {there} histories, but not each of the run's {all} once"));
    }
}
