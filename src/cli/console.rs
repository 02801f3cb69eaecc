//! The three streams, and files in the place of one.

use super::Failure;
use super::args::OutputArgs;
use super::exit::Exit;
use crate::report::{Look, Role};
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Read, Stderr, Stdout, Write};

/// An output stream that knows whether a person looks at it.
pub trait Terminal: Write {
    /// True if it is a terminal.
    fn is_terminal(&self) -> bool {
        false
    }
}

impl Terminal for Stdout {
    fn is_terminal(&self) -> bool {
        IsTerminal::is_terminal(self)
    }
}

impl Terminal for Stderr {
    fn is_terminal(&self) -> bool {
        IsTerminal::is_terminal(self)
    }
}

impl Terminal for Vec<u8> {}

/// The streams of a run.
pub(super) struct Console<'a> {
    /// Taken by whoever reads it.
    pub(super) stdin: Option<Box<dyn Read + Send>>,
    pub(super) stdout: &'a mut dyn Terminal,
    pub(super) stderr: &'a mut dyn Terminal,
}

impl Console<'_> {
    /// Standard input; empty for whoever comes second.
    pub(super) fn take_stdin(&mut self) -> Box<dyn Read + Send> {
        self.stdin.take().unwrap_or_else(|| Box::new(io::empty()))
    }

    /// Prints an error; gives its exit code.
    pub(super) fn complain(&mut self, message: &str) -> Exit {
        self.say("error", Role::Bad, message);
        Exit::BadInput
    }

    /// Prints a warning.
    pub(super) fn warn(&mut self, message: &str) {
        self.say("warning", Role::Doubt, message);
    }

    fn say(&mut self, what: &str, role: Role, message: &str) {
        let look = Look::detect(self.stderr.is_terminal());
        // Where standard error fails too there is nobody left to tell.
        let _ = writeln!(self.stderr, "{}: {message}", look.paint(role, what));
    }
}

/// Where results go.
pub(super) struct Output<'a> {
    writer: BufWriter<Box<dyn Write + 'a>>,
    /// A person looks at it.
    pub(super) terminal: bool,
}

impl<'a> Output<'a> {
    /// Standard output, or the file that the options name.
    pub(super) fn open(args: &OutputArgs, stdout: &'a mut dyn Terminal) -> Result<Self, Failure> {
        let (sink, terminal): (Box<dyn Write + 'a>, bool) = match &args.output {
            None => {
                let terminal = stdout.is_terminal();
                (Box::new(stdout), terminal)
            }
            Some(path) => {
                let file = File::create(path)
                    .map_err(|error| Failure::Usage(format!("cannot write {}: {error}", path.display())))?;
                (Box::new(file), false)
            }
        };
        Ok(Self { writer: BufWriter::new(sink), terminal })
    }

    /// Writes text through to the sink.
    pub(super) fn print(&mut self, text: &str) -> io::Result<()> {
        self.writer.write_all(text.as_bytes())?;
        self.writer.flush()
    }
}

impl Write for Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
