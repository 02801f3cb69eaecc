//! The text of a violation: one sentence, a small picture, the calls, and how to see them again.

use super::calls::Calls;
use super::core::Core;
use super::timeline::{Bar, draw};
use crate::{Call, Model, Outcome, SequentialSpec};
use std::fmt::{Debug, Write as _};

/// The longest text of an operation or a result in a sentence or picture, and in the list.
const SHORT: usize = 32;
const LONG: usize = 200;

/// More calls than this are not listed.
const LISTED: usize = 24;

/// A value as a line of at most so many characters.
fn text(value: &impl Debug, longest: usize) -> String {
    let whole = format!("{value:?}");
    let mut text: String = whole.chars().take(longest).collect();
    if text.len() < whole.len() {
        text.pop();
        text.push('…');
    }
    text
}

fn call_text<Op: Debug, Ret: Debug>(call: &Call<Op, Ret>, longest: usize) -> String {
    let op = text(&call.op, longest);
    let ret = call.ret.as_ref().filter(|_| call.outcome == Outcome::Ok);
    match ret.map(|ret| text(ret, longest)) {
        // Without a result worth the name the operation says it all.
        Some(ret) if ret == "()" => op,
        Some(ret) => format!("{op} → {ret}"),
        None => format!("{op} → ?"),
    }
}

/// Explains a violation by its core.
pub(super) fn violation<S: SequentialSpec>(
    calls: &Calls<S>,
    spec: &S,
    model: Model,
    core: &Core<S>,
) -> String {
    let mut message = match core.stuck {
        Some(stuck) => {
            format!("the history is not {model}: {} fits nowhere\n", call_text(&calls[stuck], SHORT))
        }
        None => format!("the history is not {model}\n"),
    };
    message.push('\n');
    picture(&mut message, calls, core);
    let perhaps = |at: &&usize| !core.shown.contains(at);
    let mut listed: Vec<usize> =
        core.shown.iter().chain(core.longest.iter().filter(perhaps)).copied().collect();
    listed.sort_unstable();
    for &at in listed.iter().take(LISTED) {
        let call = &calls[at];
        let end = if call.outcome == Outcome::Info { String::new() } else { call.end.to_string() };
        let perhaps = if perhaps(&&at) { "  (whenever after its start)" } else { "" };
        let (process, start, call) = (call.process, call.start, call_text(call, LONG));
        _ = writeln!(message, "  #{at}  P{process}  {start}..{end}  {call}{perhaps}");
    }
    if listed.len() > LISTED {
        _ = writeln!(message, "  and {} more", listed.len() - LISTED);
    }
    message.push('\n');
    reason(&mut message, calls, spec, core);
    let (shown, all) = (core.shown.len(), calls.len());
    if shown < all {
        _ = writeln!(message, "  The other {} calls cannot mend it, whatever they did.", all - shown);
    }
    around(&mut message, calls, core);
    message
}

fn picture<S: SequentialSpec>(message: &mut String, calls: &Calls<S>, core: &Core<S>) {
    let bars = |label: &dyn Fn(usize) -> String| -> Vec<Bar> {
        let bar = |&at: &usize| Bar {
            process: calls[at].process,
            start: calls[at].start,
            end: (calls[at].outcome == Outcome::Ok).then_some(calls[at].end),
            label: label(at),
            guilty: core.stuck == Some(at),
        };
        core.shown.iter().take(LISTED).map(bar).collect()
    };
    let full = bars(&|at| format!(" {} ", call_text(&calls[at], SHORT)));
    let short = || bars(&|at| format!("#{at}"));
    if let Some(lines) = draw(&full).or_else(|| draw(&short())) {
        for line in lines {
            _ = writeln!(message, "    {line}");
        }
        message.push('\n');
    }
}

/// Why the call that is stuck is stuck.
fn reason<S: SequentialSpec>(message: &mut String, calls: &Calls<S>, spec: &S, core: &Core<S>) {
    let Some(stuck) = core.stuck else { return };
    let call = &calls[stuck];
    let order: Vec<String> = core.longest.iter().map(|at| format!("#{at}")).collect();
    let order = match order.len() {
        0 => "At first".to_owned(),
        1..=LISTED => format!("After {}", order.join(", ")),
        n => format!("After {} … ({n} calls) … {}", order[0], order[n - 1]),
    };
    let Some(state) = &core.state else { return };
    let why = spec.explain(state, &call.op, call.ret.as_ref());
    let why = why.unwrap_or_else(|| format!("the state is {}", text(state, LONG)));
    _ = writeln!(message, "  {order}, {why}; no other order that keeps to the recorded times does better.");
}

/// What happened around the calls that are shown.
fn around<S: SequentialSpec>(message: &mut String, calls: &Calls<S>, core: &Core<S>) {
    let start = core.shown.iter().map(|&at| calls[at].start).min().unwrap_or(0);
    let end = core.shown.iter().map(|&at| calls[at].end).max().unwrap_or(i64::MAX);
    for remark in calls.annotations() {
        if remark.start <= end && remark.end.is_none_or(|until| until >= start) {
            let until = remark.end.map_or(String::new(), |end| end.to_string());
            _ = writeln!(message, "  meanwhile {}..{until}: {}", remark.start, remark.text);
        }
    }
}
