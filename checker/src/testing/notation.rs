//! Histories in a line or two, for tests alone: not the textbook notation that users write.

use crate::history::{Function, History, HistoryBuilder, Micro, Operation, Outcome, Value};

/// A history from a line for each process, `NAME: STEP STEP …`, or header lines.
///
/// A step is `W(x)1`, `R(x)1`, `C(x)1>2` (cas), `C(x)1!2` (cas that answered mismatch), `Acq(L)`, `AcqS(L)`, `Rel(L)`,
/// `S(s)`, or `FUNCTION(x)VALUE` with a function's own name; then perhaps `@3-9` (its interval; all operations or none),
/// `?` (info) or `#` (fail). Values are integers, texts, `NIL` (null) or nothing (absent). Operation ids count from 0
/// line by line. Header lines: `initial x=0`, `guard x=L`.
///
/// # Panics
/// If the text is not of that form or no history.
#[must_use]
pub fn history(text: &str) -> History {
    let mut draft = Draft::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line.split_once(": ").or_else(|| line.strip_suffix(':').map(|name| (name, ""))) {
            Some((process, steps)) => {
                steps.split_whitespace().for_each(|step| draft.step(process, step));
            }
            None => draft.header(line),
        }
    }
    draft.builder.finish().expect("a well-formed history")
}

/// A history in the making.
#[derive(Default, Debug)]
pub struct Draft {
    /// The builder, for what the notation cannot say.
    pub builder: HistoryBuilder,
}

impl Draft {
    /// Appends one step of a process.
    ///
    /// # Panics
    /// If it is not of the form that [`history`] describes.
    pub fn step(&mut self, process: &str, step: &str) {
        let builder = &mut self.builder;
        let (step, outcome) = match step.as_bytes().last() {
            Some(b'?') => (&step[..step.len() - 1], Outcome::Info),
            Some(b'#') => (&step[..step.len() - 1], Outcome::Fail),
            _ => (step, Outcome::Ok),
        };
        let (step, times) =
            step.split_once('@').map_or((step, None), |(step, at)| (step, Some(interval(at))));
        let (function, rest) = step.split_once('(').expect("FUNCTION(");
        let (object, argument) = rest.split_once(')').expect("a closing parenthesis");
        let (function, shared) = function_of(function);
        let process = builder.process_text(process);
        let mut answer = None;
        let micros = if function.is_sync() {
            let name = builder.text(object);
            vec![Micro::sync(function, builder.lock(name))]
        } else {
            let key = builder.key_text(object);
            if function == Function::Cas {
                answer = argument.contains('!').then_some(false);
                let (old, new) = argument.split_once(['>', '!']).expect("old>new");
                vec![
                    Micro::new(Function::Read, key, value(builder, old)),
                    Micro::new(Function::Write, key, value(builder, new)),
                ]
            } else {
                let (argument, yes) = match argument.split_once('=') {
                    Some((argument, yes)) => (argument, Some(yes == "true")),
                    None => (argument, None),
                };
                answer = yes;
                vec![Micro::new(function, key, value(builder, argument))]
            }
        };
        let (start, end) = times.unzip();
        let operation =
            Operation { outcome, answer, shared, start, end, ..Operation::new(process, function, &micros) };
        builder.push(&operation).expect("a well-formed operation");
    }

    fn header(&mut self, line: &str) {
        let builder = &mut self.builder;
        let (word, rest) = line.split_once(' ').expect("a header line");
        let (key, what) = rest.split_once('=').expect("KEY=");
        let key = builder.key_text(key);
        let what = value(builder, what);
        match word {
            "initial" => builder.set_initial_of(key, what),
            "guard" => {
                let lock = builder.lock(what);
                builder.set_guard(key, lock);
            }
            _ => panic!("unknown header {line}"),
        }
    }
}

fn function_of(name: &str) -> (Function, bool) {
    let function = match name {
        "W" => Function::Write,
        "R" => Function::Read,
        "C" => Function::Cas,
        "Acq" | "AcqS" => Function::Acquire,
        "Rel" => Function::Release,
        "S" => Function::Sync,
        _ => Function::from_name(name).expect("a function"),
    };
    (function, name == "AcqS")
}

fn interval(text: &str) -> (i64, i64) {
    let (start, end) = text.split_once('-').unwrap_or((text, text));
    (start.parse().expect("a start"), end.parse().expect("an end"))
}

fn value(builder: &mut HistoryBuilder, text: &str) -> Value {
    match text {
        "" => Value::ABSENT,
        "NIL" => Value::NULL,
        _ => match text.parse() {
            Ok(int) => builder.int(int),
            Err(_) => builder.text(text),
        },
    }
}
