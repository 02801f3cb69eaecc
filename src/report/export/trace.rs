//! A history as a trace in the format of Chrome's tracing (the JSON object form), for Perfetto and `chrome://tracing`.
//!
//! A thread a process; each operation a slice, the forced orders of a violation flows between slices, crashes and remarks
//! instants. The clock counts from the first call and is taken for nanoseconds; operations without times are a
//! microsecond each, in the order of the input. An operation that never ended ends with the next one of its process, for slices of one
//! thread must not overlap.

use crate::report::explain::Explanation;
use crate::report::notation::{process, short};
use serde_json::{Value, json};
use std::io::{self, Write};
use tribunal_checker::certificate::{Edge, Why};
use tribunal_checker::history::{EventKind, History, NEVER, OpId, Outcome, ProcessId};

/// The longest value in a name.
const LONGEST: usize = 48;

/// Writes the trace of a history; the operations of a violation are coloured and tied by flows.
///
/// # Errors
/// If `out` fails.
pub(crate) fn trace(
    history: &History,
    explanation: Option<&Explanation>,
    title: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let clock = Clock::of(history);
    writeln!(out, "{{\"displayTimeUnit\":\"ns\",\"traceEvents\":[")?;
    let name = json!({"name": "process_name", "ph": "M", "pid": 1, "tid": 0, "args": {"name": title}});
    write!(out, "{name}")?;
    for id in (0..history.process_count()).map(ProcessId::from_index) {
        let name = process(history, id);
        let thread = json!({"name": "thread_name", "ph": "M", "pid": 1, "tid": id.0, "args": {"name": name}});
        write!(out, ",\n{thread}")?;
        let own = history.program_order(id);
        for (place, &op) in own.iter().enumerate() {
            write!(out, ",\n{}", slice(history, explanation, &clock, op, own.get(place + 1).copied()))?;
        }
    }
    for event in history.events() {
        let name = match &event.kind {
            EventKind::Crash => "crash",
            EventKind::Annotation(text) => text,
            _ => "event",
        };
        let time = event.time.map_or_else(|| clock.of_place(event.position), |time| clock.at(time));
        let instant =
            json!({"name": name, "cat": "event", "ph": "i", "s": "g", "pid": 1, "tid": 0, "ts": time});
        write!(out, ",\n{instant}")?;
    }
    if let Some(explanation) = explanation {
        for &op in &explanation.guilty {
            let tid = history.process(op).0;
            let mark = json!({
                "name": format!("violation: {}", explanation.summary), "cat": "violation", "ph": "i", "s": "p",
                "pid": 1, "tid": tid, "ts": clock.start(history, op),
            });
            write!(out, ",\n{mark}")?;
        }
        for (number, edge) in explanation.orders.iter().enumerate() {
            for event in flow(history, &clock, edge, number) {
                write!(out, ",\n{event}")?;
            }
        }
    }
    out.write_all(b"\n]}\n")
}

fn slice(
    history: &History,
    explanation: Option<&Explanation>,
    clock: &Clock,
    op: OpId,
    next: Option<OpId>,
) -> Value {
    let start = clock.start(history, op);
    let limit = next.map_or(clock.last, |next| clock.start(history, next));
    let end = clock.end(history, op).unwrap_or(limit).min(limit.max(start)).max(start);
    let named = |ops: &[OpId]| ops.contains(&op);
    let mut event = json!({
        "name": short(history, op, LONGEST), "cat": history.function(op).name(), "ph": "X", "pid": 1,
        "tid": history.process(op).0, "ts": start, "dur": end - start,
        "args": {"operation": op.0, "outcome": history.outcome(op).name(), "line": history.line(op)},
    });
    let color = match explanation {
        Some(explanation) if named(&explanation.guilty) => Some("terrible"),
        Some(explanation) if named(&explanation.operations) => Some("bad"),
        _ if history.outcome(op) != Outcome::Ok => Some("grey"),
        _ => None,
    };
    if let Some(color) = color {
        event["cname"] = color.into();
    }
    event
}

/// The two ends of a flow.
fn flow(history: &History, clock: &Clock, edge: &Edge, number: usize) -> [Value; 2] {
    let name = match &edge.why {
        Why::ProgramOrder => "program order",
        Why::RealTime => "real time",
        Why::ReadsFrom => "read",
        Why::Sync => "synchronisation",
        Why::Derived { rule, .. } => rule,
        _ => "forced",
    };
    let end = |op: OpId, phase: &str| {
        json!({
            "name": name, "cat": "order", "ph": phase, "bp": "e", "id": number, "pid": 1,
            "tid": history.process(op).0, "ts": clock.start(history, op),
        })
    };
    [end(edge.from, "s"), end(edge.to, "f")]
}

/// Microseconds since the first call.
struct Clock {
    timed: bool,
    first: i64,
    /// When everything has ended.
    last: f64,
}

impl Clock {
    fn of(history: &History) -> Self {
        let timed = history.is_timed();
        let first = history.ops().map(|op| history.start(op)).min().unwrap_or(0);
        let mut clock = Self { timed, first, last: 0.0 };
        let ends = |op: OpId| Some(history.end(op)).filter(|&end| end != NEVER).unwrap_or(history.start(op));
        let last = history.ops().map(ends).max().unwrap_or(0);
        clock.last = if timed { clock.at(last) + 1.0 } else { clock.of_place(history.len() as u32) };
        clock
    }

    #[expect(clippy::cast_precision_loss, reason = "a trace shows it to within nanoseconds for three months")]
    fn at(&self, time: i64) -> f64 {
        time.saturating_sub(self.first) as f64 / 1_000.0
    }

    fn of_place(&self, place: u32) -> f64 {
        f64::from(place)
    }

    fn start(&self, history: &History, op: OpId) -> f64 {
        if self.timed { self.at(history.start(op)) } else { self.of_place(op.0) }
    }

    fn end(&self, history: &History, op: OpId) -> Option<f64> {
        match (self.timed, history.end(op)) {
            (false, _) => Some(self.of_place(op.0) + 1.0),
            (true, NEVER) => None,
            (true, end) => Some(self.at(end)),
        }
    }
}
