//! Judging while the test runs, so that it can stop at the first violation.
//!
//! The calls are read where the clients write them, which costs the clients nothing. A call's result must be known before
//! the monitor hears of its invocation; so the monitor follows up to the earliest call that is still in flight, and
//! waits there. A call that was written down later than the monitor has come is taken to begin where the monitor is: it was
//! not sent before it was written down.

use super::chunk::Lane;
use super::monitor::{Monitor, Step};
use super::recorder::{Recorder, Shared};
use crate::{Outcome, SequentialSpec};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long the watching thread rests.
const PERIOD: Duration = Duration::from_millis(2);

/// What a [`Watch`] has seen so far.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Seen {
    /// Nothing wrong up to this time.
    Fine {
        /// On the recorder's clock; what began later is not judged yet.
        until: i64,
    },
    /// No order explains what was recorded up to the return of this call.
    Violated {
        /// The call and its result.
        call: String,
        /// When it returned.
        end: i64,
    },
    /// It has given up; judging the whole history may still decide.
    Unknown {
        /// Why.
        reason: &'static str,
    },
}

/// Judges linearizability while the calls are made.
///
/// Its memory is what is in flight, what has begun since the earliest call in flight, and the states that the object may
/// be in; the recorder keeps the calls.
///
/// # Examples
/// ```
/// use tribunal::Recorder;
/// use tribunal::spec::{Registers, RegistersOp, RegistersRet};
///
/// let recorder = Recorder::<Registers<String, u32>>::default();
/// let watch = recorder.watch(Registers::new());
/// let mut client = recorder.client();
/// for value in 1.. {
///     client.invoke(RegistersOp::write("x", value)).ok(RegistersRet::Written);
///     client.invoke(RegistersOp::read("x")).ok(RegistersRet::read(value.min(3)));
///     if watch.is_violated() {
///         break;
///     }
/// }
/// assert!(matches!(watch.stop(), tribunal::Seen::Violated { .. }));
/// ```
pub struct Watch<S: SequentialSpec> {
    inner: Arc<Inner<S>>,
    thread: Option<JoinHandle<()>>,
}

struct Inner<S: SequentialSpec> {
    recorder: Arc<Shared<S>>,
    spec: S,
    violated: AtomicBool,
    stop: AtomicBool,
    reader: Mutex<Reader<S>>,
}

impl<S: SequentialSpec + 'static> Watch<S> {
    /// Watches from a thread of its own.
    pub(super) fn start(recorder: &Recorder<S>, spec: S) -> Self {
        let mut watch = Self::by_hand(recorder, spec);
        let inner = Arc::clone(&watch.inner);
        watch.thread = Some(thread::spawn(move || {
            while !inner.stop.load(Ordering::Acquire) {
                inner.poll();
                thread::sleep(PERIOD);
            }
        }));
        watch
    }
}

impl<S: SequentialSpec> Watch<S> {
    /// Watches when [`poll`](Self::poll) is called, and at no other time: for simulations that must run the same way
    /// again.
    #[must_use]
    pub fn by_hand(recorder: &Recorder<S>, spec: S) -> Self {
        let inner = Inner {
            recorder: recorder.shared(),
            spec,
            violated: AtomicBool::new(false),
            stop: AtomicBool::new(false),
            reader: Mutex::new(Reader::default()),
        };
        Self { inner: Arc::new(inner), thread: None }
    }

    /// Judges what has been recorded since.
    pub fn poll(&self) -> Seen {
        self.inner.poll()
    }

    /// True once a violation was seen. Costs nothing.
    #[must_use]
    pub fn is_violated(&self) -> bool {
        self.inner.violated.load(Ordering::Acquire)
    }

    /// Ends watching, and tells what was seen.
    #[must_use]
    pub fn stop(self) -> Seen {
        self.poll()
    }
}

impl<S: SequentialSpec> Drop for Watch<S> {
    fn drop(&mut self) {
        self.inner.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            // It panics only if the specification does, which the final check will tell better.
            _ = thread.join();
        }
    }
}

impl<S: SequentialSpec> fmt::Debug for Watch<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("violated", &self.is_violated()).finish_non_exhaustive()
    }
}

impl<S: SequentialSpec> Inner<S> {
    fn poll(&self) -> Seen {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        if reader.end.is_none() {
            reader.read(&self.recorder);
            reader.judge(&self.spec);
            if matches!(reader.end, Some(Seen::Violated { .. })) {
                self.violated.store(true, Ordering::Release);
            }
        }
        reader.end.clone().unwrap_or(Seen::Fine { until: reader.horizon })
    }
}

/// How far a client's calls were read.
struct Cursor<S: SequentialSpec> {
    lane: Arc<Lane<S>>,
    chunk: usize,
    slot: usize,
}

enum Event<S: SequentialSpec> {
    Invoke { op: S::Op, ret: Option<S::Ret>, end: Option<i64> },
    Respond { part: u64, call: i64 },
}

struct Reader<S: SequentialSpec> {
    cursors: Vec<Cursor<S>>,
    /// Every event before this time was judged.
    horizon: i64,
    /// What was read and is not judged yet, by time. A call's number is the time at which it was invoked.
    events: BTreeMap<i64, Event<S>>,
    monitors: HashMap<u64, Monitor<S>>,
    /// Whether the object has parts; `None` before the first call.
    apart: Option<bool>,
    end: Option<Seen>,
}

impl<S: SequentialSpec> Default for Reader<S> {
    fn default() -> Self {
        Self {
            cursors: Vec::new(),
            horizon: 0,
            events: BTreeMap::new(),
            monitors: HashMap::new(),
            apart: None,
            end: None,
        }
    }
}

impl<S: SequentialSpec> Reader<S> {
    /// Reads what the clients have written.
    fn read(&mut self, recorder: &Shared<S>) {
        let mut safe = recorder.now();
        while let Some(lane) = recorder.lane(self.cursors.len()) {
            self.cursors.push(Cursor { lane, chunk: 0, slot: 0 });
        }
        for at in 0..self.cursors.len() {
            if let Some(start) = self.read_lane(at) {
                safe = safe.min(start);
            }
        }
        self.horizon = self.horizon.max(safe);
    }

    /// Reads one client's calls; gives the start of the one that is in flight.
    fn read_lane(&mut self, at: usize) -> Option<i64> {
        let cursor = &mut self.cursors[at];
        let mut read = Vec::new();
        let mut in_flight = None;
        'lane: while let Some(chunk) = cursor.lane.chunk(cursor.chunk) {
            for slot in &chunk[cursor.slot..] {
                let Some(call) = slot.invoked.get() else { break 'lane };
                let Some(answer) = slot.answered.get() else {
                    in_flight = Some(call.start);
                    break 'lane;
                };
                cursor.slot += 1;
                if answer.outcome != Outcome::Fail {
                    let end = (answer.outcome == Outcome::Ok).then_some(answer.end);
                    read.push((call.start, call.op.clone(), answer.ret.clone(), end));
                }
            }
            (cursor.chunk, cursor.slot) = (cursor.chunk + 1, 0);
        }
        for (start, op, ret, end) in read {
            self.events.insert(start, Event::Invoke { op, ret, end });
        }
        in_flight
    }

    /// Moves the monitors up to the horizon.
    fn judge(&mut self, spec: &S) {
        while let Some(entry) = self.events.first_entry().filter(|entry| *entry.key() < self.horizon) {
            let (time, event) = entry.remove_entry();
            match event {
                Event::Invoke { op, ret, end } => {
                    let own = spec.partition(&op);
                    if *self.apart.get_or_insert(own.is_some()) != own.is_some() {
                        let reason = "some operations work on a part of the object, others on all of it";
                        self.end = Some(Seen::Unknown { reason });
                        return;
                    }
                    let part = own.unwrap_or(0);
                    if let Some(end) = end {
                        self.events.insert(end, Event::Respond { part, call: time });
                    }
                    let monitor = self.monitors.entry(part).or_insert_with(|| Monitor::new(spec));
                    monitor.invoke(spec, time, op, ret);
                }
                Event::Respond { part, call } => {
                    let Some(monitor) = self.monitors.get_mut(&part) else { continue };
                    match monitor.respond(spec, call) {
                        Step::Fine => continue,
                        Step::Violated => {
                            self.end = Some(Seen::Violated { call: monitor.text(call), end: time });
                        }
                        Step::TooMany => {
                            let reason = "too many calls of unknown outcome, or too many at a time";
                            self.end = Some(Seen::Unknown { reason });
                        }
                    }
                    self.events.clear();
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
