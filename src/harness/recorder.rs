//! The recorder: what it costs is one look at the clock and one atomic step for each invocation and each answer.

use super::calls::{Annotation, Calls};
use super::chunk::{Answered, Invoked, Lane, Writer};
use super::clock::{Clock, Strict};
use super::stream::{FileSink, Sink};
use super::{SavedSpec, watch};
use crate::{Call, Outcome, SequentialSpec};
use std::fmt;
use std::io;
use std::ops::RangeBounds;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Records the calls of one test run. Clones record the same run.
///
/// Each client writes into memory of its own: no lock, and no allocation but for a chunk of slots now and then (none
/// with [`client_with_capacity`](Self::client_with_capacity)).
///
/// # Examples
/// ```
/// use tribunal::Recorder;
/// use tribunal::spec::{Registers, RegistersOp, RegistersRet};
/// use std::sync::Mutex;
/// use std::time::Instant;
///
/// let register = Mutex::new(None);
/// let recorder = Recorder::<Registers<String, u64>>::new(Instant::now());
/// std::thread::scope(|scope| {
///     for value in 1..=3 {
///         let (mut client, register) = (recorder.client(), &register);
///         scope.spawn(move || {
///             let call = client.invoke(RegistersOp::write("x", value));
///             *register.lock().unwrap() = Some(value);
///             call.ok(RegistersRet::Written);
///
///             let call = client.invoke(RegistersOp::read("x"));
///             let read = *register.lock().unwrap();
///             call.ok(RegistersRet::Read { value: read });
///         });
///     }
/// });
/// assert_eq!(recorder.finish().len(), 6);
/// ```
pub struct Recorder<S: SequentialSpec> {
    shared: Arc<Shared<S>>,
}

pub(super) struct Shared<S: SequentialSpec> {
    clock: Strict,
    processes: AtomicU64,
    lanes: Mutex<Vec<Arc<Lane<S>>>>,
    annotations: Mutex<Vec<Annotation>>,
    sink: Option<Box<dyn Sink<S>>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<S: SequentialSpec> Shared<S> {
    /// A time later than that of everything recorded so far.
    pub(super) fn now(&self) -> i64 {
        self.clock.next()
    }

    pub(super) fn lane(&self, index: usize) -> Option<Arc<Lane<S>>> {
        locked(&self.lanes).get(index).cloned()
    }
}

impl<S: SequentialSpec> Recorder<S> {
    /// A recorder with that clock, which keeps everything in memory.
    #[must_use]
    pub fn new(clock: impl Clock + 'static) -> Self {
        Self::with_sink(clock, None)
    }

    fn with_sink(clock: impl Clock + 'static, sink: Option<Box<dyn Sink<S>>>) -> Self {
        let shared = Shared {
            clock: Strict::new(clock),
            processes: AtomicU64::new(0),
            lanes: Mutex::default(),
            annotations: Mutex::default(),
            sink,
        };
        Self { shared: Arc::new(shared) }
    }

    /// A handle for one client: a thread, a task, a connection.
    #[must_use]
    pub fn client(&self) -> Client<S> {
        self.client_with_capacity(0)
    }

    /// A client with room for so many calls: it does not allocate before there are more.
    #[must_use]
    pub fn client_with_capacity(&self, calls: usize) -> Client<S> {
        let writer = Writer::new(calls);
        locked(&self.shared.lanes).push(Arc::clone(&writer.lane));
        let process = self.shared.processes.fetch_add(1, Ordering::Relaxed);
        Client { shared: Arc::clone(&self.shared), writer, process, text: Vec::new() }
    }

    /// The time now, as the history has it: for [`annotate`](Self::annotate).
    #[must_use]
    pub fn now(&self) -> i64 {
        self.shared.now()
    }

    /// Remarks on a span of time, such as `annotate("partition n1|n2", from..to)`: it stands in messages and files.
    pub fn annotate(&self, text: &str, span: impl RangeBounds<i64>) {
        let annotation = Annotation::new(text, &span);
        if let Some(sink) = &self.shared.sink {
            sink.annotated(&annotation);
        }
        locked(&self.shared.annotations).push(annotation);
    }

    /// Remarks on the time until what it gives is dropped.
    pub fn during(&self, text: &str) -> During<S> {
        During { recorder: self.clone(), text: text.into(), start: self.now() }
    }

    /// The history up to now. Calls that nobody has answered yet are of unknown outcome; clients may go on, but
    /// what they do from now on is not in it.
    ///
    /// # Complexity
    /// O(n log n) for n calls; operations and results are cloned.
    #[must_use]
    pub fn finish(&self) -> Calls<S> {
        // What is not written down by now has its effects later than `cut`: nobody who returned before it saw them.
        let cut = self.shared.now();
        let lanes = locked(&self.shared.lanes).clone();
        let mut calls = Vec::new();
        for lane in lanes {
            for chunk in (0..).map_while(|index| lane.chunk(index)) {
                let known = chunk.iter().map_while(|slot| Some((slot.invoked.get()?, slot.answered.get())));
                calls.extend(known.filter(|(call, _)| call.start < cut).map(|(call, answer)| {
                    let answer = answer.filter(|answer| answer.end < cut);
                    Call {
                        process: call.process,
                        op: call.op.clone(),
                        ret: answer.and_then(|answer| answer.ret.clone()),
                        outcome: answer.map_or(Outcome::Info, |answer| answer.outcome),
                        start: call.start,
                        end: answer.map_or(call.start, |answer| answer.end),
                    }
                }));
            }
        }
        let mut history = Calls::new(calls);
        history.annotations.clone_from(&locked(&self.shared.annotations));
        history.annotations.sort_by_key(|annotation| annotation.start);
        history.warnings.extend(self.shared.sink.as_ref().and_then(|sink| sink.failure()));
        history
    }

    pub(super) fn shared(&self) -> Arc<Shared<S>> {
        Arc::clone(&self.shared)
    }

    /// Judges the calls while they are made; see [`Watch`](watch::Watch).
    #[must_use]
    pub fn watch(&self, spec: S) -> watch::Watch<S>
    where
        S: 'static,
    {
        watch::Watch::start(self, spec)
    }
}

impl<S: SavedSpec + 'static> Recorder<S> {
    /// A recorder that also writes each call to a file as it is made, and each answer as it comes: JSON Lines in the
    /// native format's form of calls and answers. Whatever had been answered when the process was killed is in the file.
    ///
    /// A call costs two system calls. Where a write fails, recording goes on in memory, and the history has a warning.
    ///
    /// # Errors
    /// If the file cannot be created; one that is there is replaced.
    pub fn streaming(clock: impl Clock + 'static, path: impl AsRef<Path>) -> io::Result<Self> {
        let sink = FileSink::create(path.as_ref(), std::any::type_name::<S>())?;
        Ok(Self::with_sink(clock, Some(Box::new(sink))))
    }
}

impl<S: SequentialSpec> Default for Recorder<S> {
    /// A recorder with the system's monotonic clock, in nanoseconds from now on.
    fn default() -> Self {
        Self::new(Instant::now())
    }
}

impl<S: SequentialSpec> Clone for Recorder<S> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<S: SequentialSpec> fmt::Debug for Recorder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clients = locked(&self.shared.lanes).len();
        f.debug_struct("Recorder").field("clients", &clients).finish_non_exhaustive()
    }
}

/// One client of the system: it makes one call at a time.
pub struct Client<S: SequentialSpec> {
    shared: Arc<Shared<S>>,
    writer: Writer<S>,
    process: u64,
    /// A line in the making, for recorders with a file.
    text: Vec<u8>,
}

impl<S: SequentialSpec> Client<S> {
    /// Notes that a call begins: do this **before** the request leaves.
    ///
    /// A call that is neither answered nor given up is of unknown outcome when it is dropped: by a panic, with a
    /// cancelled future, with a crashed host.
    pub fn invoke(&mut self, op: S::Op) -> Pending<'_, S> {
        let call = Invoked { process: self.process, op, start: self.shared.now() };
        if let Some(sink) = &self.shared.sink {
            sink.invoked(&mut self.text, call.process, &call.op, call.start);
        }
        self.writer.invoke(call);
        Pending { client: self, answered: false }
    }

    /// Records a call that always returns: [`invoke`](Self::invoke), `run`, [`ok`](Pending::ok).
    pub fn record(&mut self, op: S::Op, run: impl FnOnce() -> S::Ret) -> S::Ret {
        let call = self.invoke(op);
        let ret = run();
        call.ok(ret.clone());
        ret
    }

    /// The number of this client's process. It changes after a call of unknown outcome, which ends a process.
    #[must_use]
    pub fn process(&self) -> u64 {
        self.process
    }

    fn answer(&mut self, outcome: Outcome, ret: Option<S::Ret>) {
        let end = self.shared.now();
        let slot = self.writer.last();
        if let (Some(sink), Some(call)) = (&self.shared.sink, slot.invoked.get()) {
            sink.answered(&mut self.text, self.process, &call.op, outcome, ret.as_ref(), end);
        }
        _ = slot.answered.set(Answered { outcome, ret, end });
        if outcome == Outcome::Info {
            self.process = self.shared.processes.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl<S: SequentialSpec> fmt::Debug for Client<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("process", &self.process).finish_non_exhaustive()
    }
}

/// A call that has begun.
#[must_use = "a call that is dropped is recorded as of unknown outcome; say `ok`, `fail` or `unknown`"]
pub struct Pending<'c, S: SequentialSpec> {
    client: &'c mut Client<S>,
    answered: bool,
}

impl<S: SequentialSpec> Pending<'_, S> {
    /// It has taken effect, with this result. Say so **after** the answer has come.
    pub fn ok(mut self, ret: S::Ret) {
        self.answer(Outcome::Ok, Some(ret));
    }

    /// It has certainly taken no effect, and never will: a refusal, not a timeout.
    pub fn fail(mut self) {
        self.answer(Outcome::Fail, None);
    }

    /// Nobody knows whether it has taken effect, or still will: a timeout, a lost connection.
    pub fn unknown(mut self) {
        self.answer(Outcome::Info, None);
    }

    fn answer(&mut self, outcome: Outcome, ret: Option<S::Ret>) {
        self.answered = true;
        self.client.answer(outcome, ret);
    }
}

impl<S: SequentialSpec> Drop for Pending<'_, S> {
    fn drop(&mut self) {
        if !self.answered {
            self.answer(Outcome::Info, None);
        }
    }
}

impl<S: SequentialSpec> fmt::Debug for Pending<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let op = self.client.writer.last().invoked.get().map(|call| &call.op);
        f.debug_struct("Pending").field("process", &self.client.process).field("op", &op).finish()
    }
}

/// A span of time that a remark is about: until it is dropped.
#[must_use = "the remark is about the time until this is dropped"]
pub struct During<S: SequentialSpec> {
    recorder: Recorder<S>,
    text: String,
    start: i64,
}

impl<S: SequentialSpec> Drop for During<S> {
    fn drop(&mut self) {
        let end = self.recorder.now();
        self.recorder.annotate(&self.text, self.start..=end);
    }
}

impl<S: SequentialSpec> fmt::Debug for During<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("During").field("text", &self.text).field("start", &self.start).finish()
    }
}
