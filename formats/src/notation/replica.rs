//! Figures of replicas: one client moves between them, and each line shows what its replica has applied by then.
//!
//! ```text
//! L1: WS(x1)            R(x1)
//! L2:         WS(x1;x2)         R(x2)
//! ```
//!
//! `W(x1)` and `R(x1)` are operations of the client, named `P`, at that replica: the letters are the key, the digits
//! behind them the value (the version). `WS(x1;x2)` lists the versions that the replica has applied, oldest first and
//! all of them; what is new in it is a line of the replica's log. A version that no `W(…)` of the figure writes was
//! written elsewhere: at its first mention it becomes a write of a process of its own, named like the version. A
//! `W(x1)` is applied at its replica at once.

use super::figure::{Clock, Row, operation};
use super::item::{Item, Operation, What};
use super::line::name;
use crate::error::FormatError;
use crate::read::Source;
use std::collections::{BTreeMap, BTreeSet};
use tribunal_checker::history::{Datum, Function, HistoryBuilder, OpId, ReplicaId};

/// A key and the value that was written to it.
type Version = (Datum, Datum);

/// What is known of a figure of replicas; nothing if no line holds `WS(`.
#[derive(Default, Debug)]
pub(super) struct Replicas {
    active: bool,
    /// The write of each version. A log may name one that stands on a lower line.
    writer: BTreeMap<Version, OpId>,
    /// What each replica has applied so far.
    applied: BTreeSet<(ReplicaId, OpId)>,
}

impl Replicas {
    /// Looks a figure over: which id the write of each version will have.
    pub(super) fn new(rows: &[Row]) -> Self {
        let mut replicas = Self { active: rows.iter().any(Row::has_applied), ..Self::default() };
        if !replicas.active {
            return replicas;
        }
        let items = || rows.iter().flat_map(|row| row.items.iter().map(move |item| (row, item)));
        let written: BTreeSet<Version> =
            items().filter_map(|(row, item)| written(&replicas.meant(row, item)?)).collect();
        let mut next = 0..;
        for (row, item) in items() {
            if let Some(operation) = replicas.meant(row, item) {
                let id = OpId(next.next().unwrap_or(u32::MAX));
                if let Some(version) = self::written(&operation) {
                    replicas.writer.entry(version).or_insert(id);
                }
            }
            for version in item.versions().filter_map(version) {
                if !written.contains(&version) && !replicas.writer.contains_key(&version) {
                    replicas.writer.insert(version, OpId(next.next().unwrap_or(u32::MAX)));
                }
            }
        }
        replicas
    }

    /// True for the line of a replica: one that shows what was applied, or, beside such, whose label begins with `L`.
    pub(super) fn is_replica(&self, row: &Row) -> bool {
        let labelled = matches!(&row.label, Some(Datum::Text(label)) if label.starts_with('L'));
        row.has_applied() || (self.active && labelled)
    }

    /// An operation as it is meant: at a replica `x1` is version 1 of `x`.
    fn meant(&self, row: &Row, item: &Item) -> Option<Operation> {
        let What::Operation(written) = &item.what else { return None };
        let mut operation = written.clone();
        if operation.value.is_none()
            && self.is_replica(row)
            && matches!(operation.function, Function::Read | Function::Write)
            && let Datum::Text(name) = &operation.object
            && let Some((key, value)) = version(name)
        {
            (operation.object, operation.value) = (key, Some(value));
        }
        Some(operation)
    }

    /// Something on a replica's line.
    pub(super) fn take(
        &mut self,
        row: &Row,
        item: &Item,
        clock: Clock,
        builder: &mut HistoryBuilder,
        source: &Source<'_>,
    ) -> Result<(), FormatError> {
        let Some(label) = &row.label else {
            return Err(row.wrong(source, item, "the name of the replica in front of what it applied"));
        };
        let label = builder.datum(label);
        let replica = builder.replica(label);
        if let Some(meant) = self.meant(row, item) {
            let client = builder.process_text("P");
            let op = operation(client, &meant, row, item, clock, builder, source)?;
            builder.set_replica(op, replica);
            if written(&meant).is_some() {
                self.apply(replica, vec![op], row.line, builder);
            }
            return Ok(());
        }
        let mut ops = Vec::new();
        for text in item.versions() {
            let Some(version) = version(text) else {
                let expected = "versions: a key and a number behind it, as in `WS(x1;x2)`";
                return Err(row.wrong(source, item, expected));
            };
            let Some(&op) = self.writer.get(&version) else { continue };
            if op.index() == builder.len() {
                let writer = builder.process_text(text);
                let write = Operation {
                    function: Function::Write,
                    shared: false,
                    object: version.0,
                    value: Some(version.1),
                    new: None,
                    answer: None,
                };
                operation(writer, &write, row, item, clock, builder, source)?;
            }
            ops.push(op);
        }
        self.apply(replica, ops, row.line, builder);
        Ok(())
    }

    /// Appends to a replica's log what it has not applied yet.
    fn apply(&mut self, replica: ReplicaId, mut ops: Vec<OpId>, line: u64, builder: &mut HistoryBuilder) {
        ops.retain(|&op| self.applied.insert((replica, op)));
        if !ops.is_empty() {
            builder.push_log_ahead(replica, ops, line);
        }
    }
}

/// Key and value of a version: `x1` is (`x`, 1).
fn version(text: &str) -> Option<Version> {
    let key = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &text[key.len()..];
    let letters = !key.is_empty() && !key.contains(|c: char| c.is_ascii_digit());
    (letters && !digits.is_empty()).then(|| (name(key), Datum::integer(digits)))
}

/// The version that an operation writes.
fn written(operation: &Operation) -> Option<Version> {
    let value = match operation.function {
        Function::Write => operation.value.clone(),
        Function::Cas => operation.new.clone(),
        _ => None,
    };
    Some((operation.object.clone(), value?))
}
