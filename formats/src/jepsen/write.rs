//! Writes a history as a list of events in EDN.
//!
//! Values are `[key value]` where the history has keys, or locks with names, and also where a value is itself a list
//! of two, which would be taken for one; so what is written is read back as the same history.

use super::order::{Mark, marks};
use crate::edn::{self, Lexer};
use crate::error::WriteError;
use crate::format::Format;
use std::io::{self, Write};
use tribunal_checker::history::{
    Datum, Event, EventKind, Function, History, KeyId, LockId, MicroOp, OpId, Outcome, Value,
};

/// Writes a history.
///
/// # Errors
/// If the history has no times, or something that a list of events has no form for; or `out` fails.
pub(crate) fn write(history: &History, out: &mut dyn Write) -> Result<(), WriteError> {
    check(history).map_err(inexpressible)?;
    let keyed = is_keyed(history).map_err(inexpressible)?;
    let marks = marks(history).map_err(inexpressible)?;
    let mut remarks = history.events().iter().peekable();
    let mut writer = Writer { history, keyed, index: 0, out };
    for (time, mark) in marks {
        while let Some(remark) = remarks.next_if(|remark| stands_before(remark, time, mark)) {
            writer.remark(remark)?;
        }
        writer.event(time, mark)?;
    }
    remarks.try_for_each(|remark| writer.remark(remark))?;
    writer.end()?;
    Ok(())
}

fn inexpressible(why: impl Into<String>) -> WriteError {
    WriteError::Inexpressible { format: Format::JepsenEdn.name(), why: why.into() }
}

/// Whether the history has what events have no form for.
fn check(history: &History) -> Result<(), String> {
    let keys = || (0..history.key_count()).map(KeyId::from_index);
    let mut processes =
        history.ops().map(|op| history.values().get(history.process_name(history.process(op))));
    let nameless = |name: &Option<Datum>| match name {
        Some(Datum::Int(_)) => false,
        Some(Datum::Text(name)) => &**name == "nemesis",
        _ => true,
    };
    let why = if !history.is_timed() && !history.is_empty() {
        "it has no times, and the order of events would be made up"
    } else if history.replica_count() > 0 || !history.logs().is_empty() {
        "it names replicas"
    } else if history.default_initial() != Value::NULL
        || keys().any(|key| history.initial(key) != Value::NULL)
    {
        "it names initial values other than null (give them with --initial instead)"
    } else if keys().any(|key| history.guard(key).is_some()) {
        "it names the locks that guard its keys"
    } else if history.events().iter().any(|event| !matches!(event.kind, EventKind::Annotation(_))) {
        "it has crashes"
    } else if processes.any(|name| nameless(&name)) {
        "a process is neither an integer nor a name other than nemesis"
    } else {
        return Ok(());
    };
    Err(why.into())
}

/// Whether values are written as `[key value]`.
fn is_keyed(history: &History) -> Result<bool, String> {
    let txns = history.ops().filter(|&op| history.function(op) == Function::Txn).count();
    if txns == history.len() {
        return Ok(false);
    }
    let values = history.values();
    let is_named = |micro: MicroOp| {
        let name = micro.lock().map(|lock| history.lock_name(lock));
        let name = name.or(micro.key().map(|key| history.key_name(key)));
        name != Some(Value::NULL)
    };
    let is_pair = |value: Value| matches!(values.get(value), Some(Datum::List(items)) if items.len() == 2);
    let keyed = history
        .ops()
        .flat_map(|op| history.micros(op))
        .any(|micro| is_named(micro) || (micro.value.as_small_int().is_none() && is_pair(micro.value)));
    if keyed && txns > 0 {
        return Err("it has transactions beside operations on keys, or on pairs".into());
    }
    Ok(keyed)
}

fn stands_before(remark: &Event, time: i64, mark: Mark) -> bool {
    match (remark.time, mark) {
        (Some(at), _) => at <= time,
        (None, Mark::Call(op)) => op.0 >= remark.position,
        (None, Mark::Response(_)) => false,
    }
}

struct Writer<'a> {
    history: &'a History,
    keyed: bool,
    /// The number of events so far.
    index: u64,
    out: &'a mut dyn Write,
}

impl Writer<'_> {
    fn event(&mut self, time: i64, mark: Mark) -> io::Result<()> {
        let history = self.history;
        let (kind, op) = match mark {
            Mark::Call(op) => ("invoke", op),
            Mark::Response(op) => (history.outcome(op).name(), op),
        };
        let is_result = kind == Outcome::Ok.name();
        self.separate()?;
        write!(self.out, "{{:type :{kind}, :f :{}", history.function(op))?;
        self.value(op, is_result)?;
        if let Some(answer) = history.answer(op).filter(|_| matches!(mark, Mark::Response(_))) {
            write!(self.out, ", :ok {answer}")?;
        }
        if history.shared(op) {
            self.out.write_all(b", :mode :shared")?;
        }
        self.out.write_all(b", :process ")?;
        self.datum(history.process_name(history.process(op)))?;
        write!(self.out, ", :time {time}, :index {}}}", self.index - 1)
    }

    /// Writes the field `:value`; a result that was not recorded has none.
    fn value(&mut self, op: OpId, is_result: bool) -> io::Result<()> {
        let history = self.history;
        let function = history.function(op);
        let mut micros = history.micros(op);
        if function == Function::Txn {
            self.out.write_all(b", :value [")?;
            for (i, micro) in micros.enumerate() {
                self.out.write_all(if i == 0 { b"" } else { b" " })?;
                self.micro(micro, is_result)?;
            }
            return self.out.write_all(b"]");
        }
        let Some(first) = micros.next() else { return Ok(()) };
        let takes_none = super::keys::takes_no_argument(function);
        if is_result && takes_none && first.value == Value::ABSENT {
            return Ok(());
        }
        self.out.write_all(b", :value ")?;
        if self.keyed {
            self.out.write_all(b"[")?;
            self.datum(name(history, first))?;
            self.out.write_all(b" ")?;
        }
        match micros.next() {
            Some(second) => {
                self.out.write_all(b"[")?;
                self.datum(first.value)?;
                self.out.write_all(b" ")?;
                self.datum(second.value)?;
                self.out.write_all(b"]")?;
            }
            None if takes_none && !is_result => self.out.write_all(b"nil")?,
            None => self.datum(first.value)?,
        }
        self.out.write_all(if self.keyed { b"]" } else { b"" })
    }

    /// Writes a micro-operation of a transaction.
    fn micro(&mut self, micro: MicroOp, is_result: bool) -> io::Result<()> {
        let read = micro.function == Function::Read;
        self.out.write_all(if read { b"[:r " } else { b"[:w " })?;
        self.datum(name(self.history, micro))?;
        if !read || (is_result && micro.value != Value::ABSENT) {
            self.out.write_all(b" ")?;
            self.datum(micro.value)?;
        } else if !is_result {
            self.out.write_all(b" nil")?;
        }
        self.out.write_all(b"]")
    }

    /// Writes an annotation: as it stood, where it is an event of the nemesis.
    fn remark(&mut self, event: &Event) -> io::Result<()> {
        let EventKind::Annotation(text) = &event.kind else { return Ok(()) };
        self.separate()?;
        if is_nemesis(text) {
            return self.out.write_all(text.as_bytes());
        }
        self.out.write_all(b"{:process :nemesis, :type :info, :f :annotation, :value ")?;
        edn::write(&Datum::text(text), self.out)?;
        self.out.write_all(b"}")
    }

    fn separate(&mut self) -> io::Result<()> {
        self.out.write_all(if self.index == 0 { b"[" } else { b"\n " })?;
        self.index += 1;
        Ok(())
    }

    fn end(self) -> io::Result<()> {
        self.out.write_all(if self.index == 0 { b"[]\n" } else { b"]\n" })
    }

    fn datum(&mut self, value: Value) -> io::Result<()> {
        edn::write(&self.history.values().get(value).unwrap_or(Datum::Null), self.out)
    }
}

fn name(history: &History, micro: MicroOp) -> Value {
    let lock = |lock: LockId| history.lock_name(lock);
    micro.key().map(|key| history.key_name(key)).or(micro.lock().map(lock)).unwrap_or(Value::NULL)
}

/// True for a text that reads as an event of the nemesis.
fn is_nemesis(text: &str) -> bool {
    let mut lexer = Lexer::new(text.as_bytes(), true);
    let is_map = lexer.blank() == Some(b'{');
    let Ok(Datum::Map(pairs)) = lexer.datum(0) else { return false };
    let named = |(name, value): &(Box<str>, Datum)| &**name == "process" && *value == Datum::text("nemesis");
    is_map && lexer.blank().is_none() && pairs.iter().any(named)
}
