//! Certificates from JSON.

use crate::value::parse_value;
use serde::Deserialize;
use serde_json::value::RawValue;
use thiserror::Error;
use tribunal_checker::certificate::{
    Certificate, Edge, OneStep, ReadsFrom, Refutation, View, Why, Witness, rules,
};
use tribunal_checker::history::{History, OpId, Value};

/// A text that is no certificate for a history.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// Not JSON, or not of a certificate's shape.
    #[error("this is no certificate: {0}")]
    Json(#[from] serde_json::Error),
    /// An object with none of the fields that certificates have.
    #[error(
        "this is no certificate: it has none of view, views, reads_from, sync_order, final_reads, logs, omitted and kind"
    )]
    Shape,
    /// A kind of violation that is not known.
    #[error(
        "`{0}` is no kind of violation; known are cycle, core and the one-step violations such as thin-air"
    )]
    Kind(String),
    /// A field that this kind of certificate needs.
    #[error("a certificate of kind `{kind}` needs the field `{field}`")]
    Missing {
        /// The kind.
        kind: String,
        /// The field.
        field: &'static str,
    },
    /// An operation that the history does not have.
    #[error("operation {op} is none of the history's, which has {operations}; is it the same history?")]
    NoOperation {
        /// Its id.
        op: u32,
        /// The number of operations.
        operations: usize,
    },
    /// A process or key that the history does not have.
    #[error("the history has no {what} {name}; is it the same history?")]
    NoName {
        /// `process` or `key`.
        what: &'static str,
        /// As written.
        name: String,
    },
    /// A reason for an edge that is not known.
    #[error(
        "`{0}` is no reason for an order; known are program-order, real-time, reads-from, sync and derived (with \
         `because`: the rule's name, then operations)"
    )]
    Reason(String),
    /// A rule that is not known.
    #[error("`{0}` is no rule by which orders are derived; known are {known}", known = RULES.join(", "))]
    Rule(String),
}

/// The rules by which orders are derived.
const RULES: &[&str] = rules::ALL;

/// All fields of all kinds.
#[derive(Deserialize)]
struct Raw<'a> {
    view: Option<Vec<u32>>,
    #[serde(borrow)]
    views: Option<Vec<RawView<'a>>>,
    reads_from: Option<Vec<(u32, Option<u32>)>>,
    #[serde(borrow)]
    arbitration: Option<&'a RawValue>,
    sync_order: Option<Vec<u32>>,
    final_reads: Option<Vec<u32>>,
    logs: Option<bool>,
    omitted: Option<bool>,
    kind: Option<String>,
    #[serde(borrow)]
    edges: Option<Vec<RawEdge<'a>>>,
    #[serde(borrow, default)]
    lemmas: Vec<RawEdge<'a>>,
    read: Option<u32>,
    #[serde(default)]
    with: Vec<u32>,
    operations: Option<Vec<u32>>,
    #[serde(default)]
    pending: Vec<u32>,
    stuck: Option<u32>,
    #[serde(default)]
    longest: Vec<u32>,
    #[serde(default)]
    exhausted: bool,
}

#[derive(Deserialize)]
struct RawView<'a> {
    #[serde(borrow)]
    process: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    key: Option<&'a RawValue>,
    order: Vec<u32>,
}

#[derive(Deserialize)]
struct RawEdge<'a> {
    from: u32,
    to: u32,
    why: String,
    #[serde(borrow, default)]
    because: Vec<&'a RawValue>,
}

/// A field that is there, even if it is `null`: the anonymous key's name.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

/// Reads a certificate for `history`.
///
/// # Errors
/// If the text is no JSON object of a known shape, or names what the history does not have.
pub fn read(history: &History, json: &str) -> Result<Certificate, CertificateError> {
    let raw: Raw<'_> = serde_json::from_str(json)?;
    let reader = Reader { history };
    match &raw.kind {
        Some(kind) => reader.refutation(kind, &raw).map(Certificate::Refutation),
        None => reader.witness(raw).map(Certificate::Witness),
    }
}

struct Reader<'a> {
    history: &'a History,
}

impl Reader<'_> {
    fn witness(&self, raw: Raw<'_>) -> Result<Witness, CertificateError> {
        let reads_from = raw.reads_from.map(|pairs| self.reads_from(pairs)).transpose()?;
        let views = raw.views.map(|views| self.views(&views)).transpose()?;
        Ok(match (raw.view, views, raw.sync_order, reads_from, raw.arbitration, raw.final_reads) {
            (Some(order), ..) => Witness::View(self.ops(&order)?),
            (_, Some(views), _, Some(reads_from), ..) => Witness::Causal { views, reads_from },
            (_, Some(views), ..) => Witness::Views(views),
            (.., Some(sync_order), Some(reads_from), Some(arbitration), _) => {
                let lists: Vec<Vec<u32>> = serde_json::from_str(arbitration.get())?;
                let arbitration = lists.iter().map(|ids| self.ops(ids)).collect::<Result<_, _>>()?;
                Witness::Synchronised { sync_order: self.ops(&sync_order)?, reads_from, arbitration }
            }
            (_, _, None, Some(reads_from), Some(arbitration), _) => {
                let arbitration: Vec<u32> = serde_json::from_str(arbitration.get())?;
                Witness::Arbitrated { reads_from, arbitration: self.ops(&arbitration)? }
            }
            (_, _, None, Some(reads_from), ..) => Witness::ReadsFrom(reads_from),
            (.., Some(reads)) => Witness::FinalReads(self.ops(&reads)?),
            _ if raw.logs == Some(true) => Witness::Logs,
            _ if raw.omitted == Some(true) => Witness::Omitted,
            _ => return Err(CertificateError::Shape),
        })
    }

    fn refutation(&self, kind: &str, raw: &Raw<'_>) -> Result<Refutation, CertificateError> {
        let missing = |field| CertificateError::Missing { kind: kind.to_owned(), field };
        match kind {
            "cycle" => {
                let edges = self.edges(raw.edges.as_ref().ok_or_else(|| missing("edges"))?)?;
                Ok(Refutation::Cycle { edges, lemmas: self.edges(&raw.lemmas)? })
            }
            "core" => Ok(Refutation::Core {
                operations: self.ops(raw.operations.as_ref().ok_or_else(|| missing("operations"))?)?,
                pending: self.ops(&raw.pending)?,
                stuck: raw.stuck.map(|stuck| self.op(stuck)).transpose()?,
                longest: self.ops(&raw.longest)?,
                exhausted: raw.exhausted,
            }),
            name => {
                let rule = OneStep::ALL.iter().copied().find(|step| step.name() == name);
                let step = rule.ok_or_else(|| CertificateError::Kind(kind.to_owned()))?;
                let read = self.op(raw.read.ok_or_else(|| missing("read"))?)?;
                Ok(Refutation::OneStep { kind: step, read, with: self.ops(&raw.with)? })
            }
        }
    }

    fn edges(&self, raw: &[RawEdge<'_>]) -> Result<Vec<Edge>, CertificateError> {
        raw.iter().map(|edge| self.edge(edge)).collect()
    }

    fn edge(&self, raw: &RawEdge<'_>) -> Result<Edge, CertificateError> {
        let why = match raw.why.as_str() {
            "program-order" => Why::ProgramOrder,
            "real-time" => Why::RealTime,
            "reads-from" => Why::ReadsFrom,
            "sync" => Why::Sync,
            "derived" => {
                let (rule, ops) =
                    raw.because.split_first().ok_or_else(|| CertificateError::Reason(raw.why.clone()))?;
                let name: String = serde_json::from_str(rule.get())?;
                let rule = RULES.iter().copied().find(|&rule| rule == name);
                let rule = rule.ok_or(CertificateError::Rule(name))?;
                let because = ops
                    .iter()
                    .map(|op| self.op(serde_json::from_str(op.get())?))
                    .collect::<Result<_, _>>()?;
                Why::Derived { rule, because }
            }
            _ => return Err(CertificateError::Reason(raw.why.clone())),
        };
        Ok(Edge { from: self.op(raw.from)?, to: self.op(raw.to)?, why })
    }

    fn views(&self, raw: &[RawView<'_>]) -> Result<Vec<View>, CertificateError> {
        raw.iter()
            .map(|view| {
                let process = view.process.map(|name| {
                    self.name(name).and_then(|name| self.history.find_process(name)).ok_or_else(|| {
                        CertificateError::NoName { what: "process", name: name.get().to_owned() }
                    })
                });
                let key = view.key.map(|name| {
                    self.name(name)
                        .and_then(|name| self.history.find_key(name))
                        .ok_or_else(|| CertificateError::NoName { what: "key", name: name.get().to_owned() })
                });
                Ok(View {
                    process: process.transpose()?,
                    key: key.transpose()?,
                    order: self.ops(&view.order)?,
                })
            })
            .collect()
    }

    fn name(&self, raw: &RawValue) -> Option<Value> {
        self.history.values().find(&parse_value(raw.get())?)
    }

    fn reads_from(&self, pairs: Vec<(u32, Option<u32>)>) -> Result<ReadsFrom, CertificateError> {
        pairs
            .into_iter()
            .map(|(read, write)| Ok((self.op(read)?, write.map(|write| self.op(write)).transpose()?)))
            .collect()
    }

    fn ops(&self, ids: &[u32]) -> Result<Vec<OpId>, CertificateError> {
        ids.iter().map(|&id| self.op(id)).collect()
    }

    fn op(&self, id: u32) -> Result<OpId, CertificateError> {
        let operations = self.history.len();
        if (id as usize) < operations {
            Ok(OpId(id))
        } else {
            Err(CertificateError::NoOperation { op: id, operations })
        }
    }
}
