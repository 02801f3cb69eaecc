//! The operations around a violation, as data for the page's table: compact JSON of bounded size.
//!
//! All operations in the order of their starts, of which those are taken that stand nearest to one that matters; where none
//! matters, the first ones.

use crate::report::notation::{clip, process, short};
use maud::{Markup, PreEscaped, html};
use std::fmt::Write as _;
use tribunal_checker::history::{History, NEVER, OpId, Outcome};

/// Operations in a table, and bytes of its data.
const ROWS: usize = 2_000;
const BYTES: usize = 300_000;

/// Characters of a value.
const LONGEST: usize = 48;

/// The table, which the page's script fills.
pub(super) fn table(history: &History, matter: &[OpId]) -> Markup {
    if history.is_empty() {
        return html! {};
    }
    let order = order(history);
    let taken = nearest(history, &order, matter);
    let (rows, all) = (taken.len(), history.len());
    let json = json(history, &order, &taken, matter);
    let what = match matter {
        [] => "The first operations",
        _ => "Operations around the violation",
    };
    html! {
        section .operations aria-label=(what) {
            h3 { (what) }
            div .bar {
                label { "Search " input type="search" placeholder="process, operation, value, outcome" autocomplete="off" spellcheck="false"; }
                span .found role="status" aria-live="polite" {}
            }
            p .faint {
                @if rows < all { (grouped(rows as i128)) " of " (grouped(all as i128)) " operations are in this page" }
                @else { "All " (grouped(all as i128)) " operations" }
                ", by start"
                @if history.is_timed() { "; times count from " (grouped(first(history, &order).into())) } @else { "; there are no times" }
                "."
            }
            div .window tabindex="0" role="region" aria-label={ (what) ", scrolls; j and k move" } {
                table aria-label=(what) {
                    thead {
                        tr {
                            th .number scope="col" { "Id" } th .number scope="col" { "Line" } th scope="col" { "Process" }
                            th scope="col" { "Operation" } th .number scope="col" { "Start" } th .number scope="col" { "End" }
                            th scope="col" { "Outcome" }
                        }
                    }
                    tbody {}
                }
            }
            noscript { p { "The table of operations needs JavaScript; verdicts and pictures do not." } }
            script type="application/json" .data { (PreEscaped(json)) }
        }
    }
}

fn order(history: &History) -> Vec<OpId> {
    let mut order: Vec<OpId> = history.ops().collect();
    order.sort_unstable_by_key(|&op| (history.start(op), op.0));
    order
}

fn first(history: &History, order: &[OpId]) -> i64 {
    order.first().map_or(0, |&op| history.start(op))
}

/// Places in `order`, ascending: those nearest to operations that matter.
fn nearest(history: &History, order: &[OpId], matter: &[OpId]) -> Vec<usize> {
    let place = |op: &OpId| {
        order.partition_point(|&other| (history.start(other), other.0) < (history.start(*op), op.0))
    };
    let mut centers: Vec<usize> = matter.iter().map(place).collect();
    if centers.is_empty() {
        centers.push(0);
    }
    let each = ROWS / centers.len();
    let mut taken: Vec<usize> = centers
        .iter()
        .flat_map(|&center| {
            let from = center.saturating_sub(each / 2);
            from..(from + each.max(1)).min(order.len())
        })
        .collect();
    taken.sort_unstable();
    taken.dedup();
    // What windows that overlap leave over goes to the surroundings of all of them.
    let (low, high, last) = (taken[0], taken[taken.len() - 1], order.len() - 1);
    let spare = ROWS.min(order.len()) - taken.len().min(ROWS.min(order.len()));
    let below = (spare / 2).max(spare.saturating_sub(last - high)).min(low);
    let above = (spare - below).min(last - high);
    taken.splice(0..0, low - below..low);
    taken.extend(high + 1..=high + above);
    within(history, order, &taken, &centers)
}

/// As many of the places as fit the bytes, those nearest to a center first.
fn within(history: &History, order: &[OpId], taken: &[usize], centers: &[usize]) -> Vec<usize> {
    let distance = |place: usize| centers.iter().map(|&center| center.abs_diff(place)).min().unwrap_or(0);
    let mut by_distance = taken.to_vec();
    by_distance.sort_by_key(|&place| (distance(place), place));
    let mut used = 0;
    let mut kept: Vec<usize> = by_distance
        .into_iter()
        .take_while(|&place| {
            // Numbers and commas take less than this.
            used += text(&what(history, order[place])).len() + 60;
            used <= BYTES
        })
        .collect();
    kept.sort_unstable();
    kept
}

fn what(history: &History, op: OpId) -> String {
    clip(&short(history, op, LONGEST), 2 * LONGEST)
}

/// `{"p":[processes],"r":[[place,id,line,process,operation,start,end,outcome,matters],…]}`.
fn json(history: &History, order: &[OpId], taken: &[usize], matter: &[OpId]) -> String {
    let base = first(history, order);
    let mut names: Vec<String> = Vec::new();
    let mut known = std::collections::HashMap::new();
    let mut rows = String::new();
    for (i, &place) in taken.iter().enumerate() {
        let op = order[place];
        let own = history.process(op);
        let index = *known.entry(own).or_insert_with(|| {
            names.push(clip(&process(history, own), LONGEST));
            names.len() - 1
        });
        let time = |time: i64| match time {
            NEVER => "null".to_owned(),
            time => number(i128::from(time) - i128::from(base)),
        };
        let (start, end) = match history.is_timed() {
            true => (time(history.start(op)), time(history.end(op))),
            false => ("null".into(), "null".into()),
        };
        let outcome = match history.outcome(op) {
            Outcome::Ok => 0,
            Outcome::Fail => 1,
            Outcome::Info => 2,
        };
        let text = text(&what(history, op));
        let matters = u8::from(matter.contains(&op));
        let line = history.line(op);
        let comma = if i > 0 { "," } else { "" };
        let _ = write!(rows, "{comma}[{place},{op},{line},{index},{text},{start},{end},{outcome},{matters}]");
    }
    let names: Vec<String> = names.iter().map(|name| text(name)).collect();
    format!("{{\"p\":[{}],\"n\":{},\"r\":[{rows}]}}", names.join(","), order.len())
}

/// A number that JavaScript reads exactly, or a text.
fn number(number: i128) -> String {
    if number.unsigned_abs() < 1 << 53 { number.to_string() } else { format!("\"{number}\"") }
}

/// A text as JSON that can stand in a script element: nothing in it ends the element or begins a comment.
fn text(text: &str) -> String {
    let json = serde_json::to_string(text).expect("texts are JSON");
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// A number with its thousands apart.
pub(super) fn grouped(number: i128) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}
