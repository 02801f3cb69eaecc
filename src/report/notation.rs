//! Operations in the notation of textbooks (`W(x)1`) and in words (`P0's write of 1 to x`).

use tribunal_checker::history::{Datum, Function, History, OpId, Outcome, ProcessId, Value};

/// The longest value that is written out.
const LONGEST: usize = 24;

/// A process's label: its name, or `P` and its number.
pub(crate) fn process(history: &History, process: ProcessId) -> String {
    let name = history.process_name(process);
    match history.values().get(name) {
        Some(Datum::Int(number)) => format!("P{number}"),
        _ => clip(&history.values().plain(name), LONGEST),
    }
}

/// The process of an operation.
pub(crate) fn who(history: &History, op: OpId) -> String {
    process(history, history.process(op))
}

/// An operation as in a textbook: `W(x)1`, `R(x)2`, `CAS(x)1>2`; values are shortened to `longest` characters.
pub(crate) fn short(history: &History, op: OpId, longest: usize) -> String {
    let mut micros = history.micros(op);
    let values: Vec<String> = micros.clone().map(|micro| value(history, micro.value, longest)).collect();
    let Some(first) = micros.next() else { return "T[]".into() };
    let function = history.function(op);
    let object = match object(history, op) {
        Some(name) => format!("({})", clip(&name, longest)),
        None if values[0].is_empty() => String::new(),
        None => " ".into(),
    };
    let mut text = match function {
        Function::Txn => return txn(history, op, longest),
        Function::Cas => format!("CAS{object}{}>{}", values[0], values.get(1).map_or("", String::as_str)),
        Function::Acquire | Function::Release | Function::Sync => format!("{}{object}", letter(history, op)),
        _ => format!("{}{object}{}", letter(history, op), values[0]),
    };
    match (history.outcome(op), history.answer(op)) {
        (Outcome::Info, _) => text.push('?'),
        (_, Some(false)) => text.push_str(" no"),
        (_, Some(true)) if !matches!(function, Function::Cas) => text.push_str(" yes"),
        _ if !first.value.is_known() && first.key().is_some() => text.push('?'),
        _ => {}
    }
    text
}

fn letter(history: &History, op: OpId) -> &'static str {
    match history.function(op) {
        Function::Read => "R",
        Function::Write => "W",
        Function::Inc => "Inc",
        Function::Append => "App",
        Function::Put => "Put",
        Function::Add => "Add",
        Function::Remove => "Rem",
        Function::Contains => "Has",
        Function::Enqueue => "Enq",
        Function::Dequeue => "Deq",
        Function::Push => "Push",
        Function::Pop => "Pop",
        Function::Insert => "Ins",
        Function::Poll => "Poll",
        Function::Acquire if history.shared(op) => "AcqS",
        Function::Acquire => "Acq",
        Function::Release => "Rel",
        Function::Sync => "S",
        other => other.name(),
    }
}

fn txn(history: &History, op: OpId, longest: usize) -> String {
    let parts: Vec<String> = history
        .micros(op)
        .map(|micro| {
            let letter = if micro.function == Function::Read { "r" } else { "w" };
            let key = micro
                .key()
                .map_or_else(String::new, |key| history.values().plain(history.key_name(key)).into_owned());
            format!("{letter}({}){}", clip(&key, longest), value(history, micro.value, longest))
        })
        .collect();
    let info = if history.outcome(op) == Outcome::Info { "?" } else { "" };
    format!("T[{}]{info}", parts.join(" "))
}

/// The key or lock that an operation works on, unless it is the anonymous one.
pub(crate) fn object(history: &History, op: OpId) -> Option<String> {
    let micro = history.micros(op).next()?;
    let name = match (micro.key(), micro.lock()) {
        (Some(key), _) => history.key_name(key),
        (_, Some(lock)) => history.lock_name(lock),
        _ => Value::NULL,
    };
    (name != Value::NULL).then(|| clip(&history.values().plain(name), LONGEST))
}

/// An operation in words: `P0's write of 1 to x`.
pub(crate) fn words(history: &History, op: OpId) -> String {
    let who = who(history, op);
    let values: Vec<String> = history.micros(op).map(|micro| value(history, micro.value, LONGEST)).collect();
    let first = values.first().map_or("", String::as_str);
    let of = if first.is_empty() { String::new() } else { format!(" of {first}") };
    let object = object(history, op);
    let beside = |word: &str| object.as_ref().map_or(String::new(), |object| format!(" {word} {object}"));
    let function = history.function(op);
    match function {
        Function::Read => format!("{who}'s read{of}{}", beside("from")),
        Function::Cas => {
            let new = values.get(1).map_or("", String::as_str);
            format!("{who}'s cas{} from {first} to {new}", beside("of"))
        }
        Function::Txn => format!("{who}'s transaction {}", short(history, op, LONGEST)),
        Function::Acquire | Function::Release | Function::Sync => {
            format!("{who}'s {function}{}", beside("of"))
        }
        Function::Dequeue | Function::Pop | Function::Poll if history.micro(op).value == Value::NULL => {
            format!(
                "{who}'s {function} that found {} empty",
                object.unwrap_or_else(|| format!("the {}", container(function)))
            )
        }
        Function::Dequeue | Function::Pop | Function::Poll | Function::Remove => {
            format!("{who}'s {function}{of}{}", beside("from"))
        }
        Function::Contains => format!("{who}'s {function}{of}{}", beside("in")),
        _ => format!("{who}'s {function}{of}{}", beside("to")),
    }
}

/// What a function takes from.
fn container(function: Function) -> &'static str {
    if function == Function::Pop { "stack" } else { "queue" }
}

/// A value for people: texts without quotes, `NIL` for null, nothing where none was recorded.
pub(crate) fn value(history: &History, value: Value, longest: usize) -> String {
    match value {
        Value::ABSENT => String::new(),
        Value::NULL => "NIL".into(),
        value => clip(&history.values().plain(value), longest),
    }
}

/// At most `longest` characters of a text, its middle left out; control characters are escaped.
pub(crate) fn clip(text: &str, longest: usize) -> String {
    let clean: String = text
        .chars()
        .flat_map(|c| {
            let escaped: Box<dyn Iterator<Item = char>> =
                if c.is_control() { Box::new(c.escape_default()) } else { Box::new(std::iter::once(c)) };
            escaped
        })
        .collect();
    let length = clean.chars().count();
    if length <= longest {
        return clean;
    }
    let keep = longest.saturating_sub(2).max(1);
    let (head, tail) = (keep - keep / 2, keep / 2);
    clean.chars().take(head).chain("..".chars()).chain(clean.chars().skip(length - tail)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_lose_their_middle() {
        assert_eq!(clip("short", 8), "short");
        assert_eq!(clip("x 1 0 y x 1 1 y", 8), "x 1..1 y");
        assert_eq!(clip("a\nb", 8), "a\\nb");
    }
}
