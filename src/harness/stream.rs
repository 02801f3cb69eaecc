//! Writing calls to a file as they are made.
//!
//! One line an event, one write a line, appended by the kernel: lines of different threads never mix, and their order is
//! one in which the events can have happened, since a call's line is written before the call leaves and its answer's
//! line after the answer has come. A killed process loses nothing that was written, and what it had not written yet no
//! call had done and no answer had said.

use super::calls::Annotation;
use super::{SavedSpec, line, saved};
use crate::{Outcome, SequentialSpec};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::OnceLock;

/// Where events go besides memory. `text` is a buffer of the client's own.
pub(super) trait Sink<S: SequentialSpec>: Send + Sync {
    fn invoked(&self, text: &mut Vec<u8>, process: u64, op: &S::Op, time: i64);

    fn answered(
        &self,
        text: &mut Vec<u8>,
        process: u64,
        op: &S::Op,
        outcome: Outcome,
        ret: Option<&S::Ret>,
        time: i64,
    );

    fn annotated(&self, annotation: &Annotation);

    /// The first failure, as a warning.
    fn failure(&self) -> Option<String>;
}

/// A file that is appended to.
pub(super) struct FileSink {
    file: File,
    name: String,
    failure: OnceLock<String>,
}

impl FileSink {
    pub(super) fn create(path: &Path, spec: &str) -> io::Result<Self> {
        // Appending makes each write go to the end as it is at that moment; a file that is there would be added to.
        File::create(path)?;
        let file = OpenOptions::new().append(true).open(path)?;
        let sink = Self { file, name: path.display().to_string(), failure: OnceLock::new() };
        (&sink.file).write_all(saved::header(spec, None).as_bytes())?;
        Ok(sink)
    }

    fn write(&self, written: Result<&[u8], String>) {
        // Behind a line that failed, perhaps in its middle, others would be misread.
        if self.failure.get().is_some() {
            return;
        }
        let result = written.and_then(|text| (&self.file).write_all(text).map_err(|error| error.to_string()));
        if let Err(error) = result {
            let text = format!("{} ends before the history does: {error}", self.name);
            _ = self.failure.set(text);
        }
    }
}

impl<S: SavedSpec> Sink<S> for FileSink {
    fn invoked(&self, text: &mut Vec<u8>, process: u64, op: &S::Op, time: i64) {
        let done = line::invoked::<S>(text, process, op, time);
        self.write(done.map(|()| text.as_slice()));
    }

    fn answered(
        &self,
        text: &mut Vec<u8>,
        process: u64,
        op: &S::Op,
        outcome: Outcome,
        ret: Option<&S::Ret>,
        time: i64,
    ) {
        let done = line::answered::<S>(text, process, op, (outcome, ret), time);
        self.write(done.map(|()| text.as_slice()));
    }

    fn annotated(&self, annotation: &Annotation) {
        self.write(Ok(saved::annotation(annotation).as_bytes()));
    }

    fn failure(&self) -> Option<String> {
        self.failure.get().cloned()
    }
}
