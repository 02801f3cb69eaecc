//! Reads histories on one thread, works on them on a pool of threads, hands the results on in the order of the input.
//!
//! Memory is bounded: reading waits while twice as many histories as there are threads are in work or wait for their
//! turn, or while those in work hold [`OPERATIONS`] together.

use super::inputs::Input;
use super::warden::{Warden, Watch};
use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tribunal_checker::history::History;
use tribunal_checker::limits::Stop;
use tribunal_formats::{FormatError, ReadOptions, Recording, read_stream};

/// Operations of histories in work beyond which reading waits.
const OPERATIONS: usize = 8 << 20;

/// How often whoever waits is told that it waits.
const TICK: Duration = Duration::from_millis(50);

/// How long after a signal a reader that is stuck (on a terminal, in a pipe) is waited for.
const GRACE: Duration = Duration::from_millis(500);

/// One history of the input, or why there is none.
#[derive(Debug)]
pub(super) struct Found {
    /// `PATH` or `PATH#NAME`.
    pub(super) name: String,
    /// The history and what its reader had to say.
    pub(super) content: Result<(History, Vec<String>), Fault>,
}

/// Why an input gives no history.
#[derive(Debug)]
pub(super) enum Fault {
    /// It cannot be read.
    Error(FormatError),
    /// Reading was ended.
    Stopped(Stop),
}

/// What to read, and how.
pub(super) struct Reading {
    pub(super) inputs: Vec<Input>,
    pub(super) stdin: Box<dyn Read + Send>,
    pub(super) options: ReadOptions,
    pub(super) threads: usize,
    pub(super) warden: Arc<Warden>,
}

/// What is done with each history, on any thread.
pub(super) type Work<T> = Arc<dyn Fn(Found) -> T + Send + Sync>;

enum Message<T> {
    /// The result of the next history comes here.
    Job(Receiver<T>),
    /// An input is read to its end.
    InputDone,
}

/// Reads all inputs and hands `work`'s results to `emit`, in order; calls `idle` many times a second while it waits.
///
/// # Errors
/// If `emit` fails: then nothing more is read. If no thread can be started.
pub(super) fn in_order<T: Send + 'static>(
    reading: Reading,
    work: &Work<T>,
    emit: &mut dyn FnMut(T) -> io::Result<()>,
    idle: &mut dyn FnMut(),
) -> io::Result<()> {
    let warden = Arc::clone(&reading.warden);
    let inputs = reading.inputs.clone();
    let (sender, messages) = sync_channel(2 * reading.threads);
    let pool =
        rayon::ThreadPoolBuilder::new().num_threads(reading.threads).build().map_err(io::Error::other)?;
    let producer_work = Arc::clone(work);
    std::thread::Builder::new()
        .name("reader".into())
        .spawn(move || produce(reading, &pool, &producer_work, &sender))?;
    let (mut done, mut since_signal) = (0, None);
    loop {
        match messages.recv_timeout(TICK) {
            Ok(Message::Job(result)) => emit(wait(&result, idle)?)?,
            Ok(Message::InputDone) => done += 1,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
            Err(RecvTimeoutError::Timeout) => {
                idle();
                let since = warden.interrupted().then(|| *since_signal.get_or_insert_with(Instant::now));
                if since.is_some_and(|since| since.elapsed() > GRACE) {
                    // The reader is stuck: it is left behind.
                    for input in &inputs[done..] {
                        emit(work(Found {
                            name: input.name(),
                            content: Err(Fault::Stopped(Stop::Interrupted)),
                        }))?;
                    }
                    return Ok(());
                }
            }
        }
    }
}

fn wait<T>(result: &Receiver<T>, idle: &mut dyn FnMut()) -> io::Result<T> {
    loop {
        match result.recv_timeout(TICK) {
            Ok(result) => return Ok(result),
            Err(RecvTimeoutError::Timeout) => idle(),
            Err(RecvTimeoutError::Disconnected) => return Err(io::Error::other("a worker thread died")),
        }
    }
}

/// The reader's thread.
fn produce<T: Send + 'static>(
    reading: Reading,
    pool: &rayon::ThreadPool,
    work: &Work<T>,
    messages: &SyncSender<Message<T>>,
) {
    let budget = Arc::new(Budget::default());
    let mut stdin = Some(reading.stdin);
    for input in &reading.inputs {
        let mut hand_on = |found: Found| -> ControlFlow<()> {
            let held = found.content.as_ref().map_or(0, |(history, _)| history.len());
            budget.take(held);
            let (sender, receiver) = sync_channel(1);
            if messages.send(Message::Job(receiver)).is_err() {
                return ControlFlow::Break(());
            }
            let (work, budget) = (Arc::clone(work), Arc::clone(&budget));
            pool.spawn(move || {
                let result = work(found);
                budget.give_back(held);
                // Nobody waits any more only when the run is over.
                let _ = sender.send(result);
            });
            ControlFlow::Continue(())
        };
        if read(input, &mut stdin, &reading.options, &reading.warden, &mut hand_on).is_break()
            || messages.send(Message::InputDone).is_err()
        {
            return;
        }
    }
}

/// Reads one input; breaks once nobody wants more.
fn read(
    input: &Input,
    stdin: &mut Option<Box<dyn Read + Send>>,
    options: &ReadOptions,
    warden: &Warden,
    sink: &mut dyn FnMut(Found) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let name = input.name();
    let watch = warden.watch();
    let fault = |error: FormatError| match watch.stopped() {
        Some(stop) => Fault::Stopped(stop),
        None => Fault::Error(error),
    };
    if let Some(stop) = watch.stopped() {
        return sink(Found { name, content: Err(Fault::Stopped(stop)) });
    }
    let mut flow = ControlFlow::Continue(());
    let mut pass_on = |Recording { name, history, notes, .. }: Recording| {
        let content = history.map(|history| (history, notes)).map_err(fault);
        flow = sink(Found { name, content });
        flow
    };
    let result = match input {
        Input::Stdin => match stdin.take() {
            Some(reader) => read_stream(Watched { reader, watch: &watch }, &name, options, &mut pass_on),
            None => Ok(()),
        },
        Input::File(path) => match File::open(path) {
            Ok(reader) => read_stream(Watched { reader, watch: &watch }, &name, options, &mut pass_on),
            Err(error) => Err(FormatError::io(&name, 0, &error)),
        },
        Input::Unlisted(_, why) => Err(FormatError::io(&name, 0, &io::Error::other(why.clone()))),
    };
    match result {
        Err(error) if flow.is_continue() => sink(Found { name, content: Err(fault(error)) }),
        _ => flow,
    }
}

/// A reader that fails once its watch says so.
struct Watched<'a, R> {
    reader: R,
    watch: &'a Watch,
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.watch.stopped() {
            Some(stop) => Err(io::Error::other(stop.reason())),
            None => self.reader.read(out),
        }
    }
}

/// The operations of histories in work.
#[derive(Default)]
struct Budget {
    held: Mutex<usize>,
    room: Condvar,
}

impl Budget {
    /// Waits for room; a history that is larger than all the room gets it when nothing else is in work.
    fn take(&self, operations: usize) {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |held: &mut usize| *held > 0 && *held + operations > OPERATIONS;
        *self.room.wait_while(held, full).unwrap_or_else(PoisonError::into_inner) += operations;
    }

    fn give_back(&self, operations: usize) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) -= operations;
        self.room.notify_all();
    }
}
