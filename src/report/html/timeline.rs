//! The picture of a violation: a row for each process, time to scale, arrows for what is forced.

use super::arrows::{self, Spot, number};
use super::cause::Cause;
use super::place::{Bar, place};
use crate::report::look::plain_width;
use crate::report::notation::{clip, process, short, words};
use maud::{Markup, html};
use tribunal_checker::history::{History, NEVER, OpId, Outcome, ProcessId};

/// Points that the picture takes, where its labels let it.
const WIDTH: f64 = 1040.0;
/// Beside the last bar.
const RIGHT: f64 = 14.0;
const BAR: f64 = 26.0;
/// Between the upper edges of neighbouring lanes, and of neighbouring processes.
const LANE: f64 = 32.0;
const ROW: f64 = 74.0;
const TOP: f64 = 34.0;
/// Of a character of a label, and of a process's name.
const CHARACTER: f64 = 7.3;

/// Characters of a value in a label.
const LONGEST: usize = 16;

/// Draws a violation. The picture is for the eye: the table beside it says the same.
pub(super) fn draw(history: &History, cause: &Cause) -> Markup {
    let ops = &cause.operations;
    let labels: Vec<String> = ops.iter().map(|&op| clip(&short(history, op, LONGEST), 60)).collect();
    let bars: Vec<Bar> = ops.iter().zip(&labels).map(|(&op, label)| bar(history, ops, op, label)).collect();
    let mut processes: Vec<ProcessId> = ops.iter().map(|&op| history.process(op)).collect();
    processes.sort_unstable();
    processes.dedup();
    let names: Vec<String> = processes.iter().map(|&id| process(history, id)).collect();
    let longest = names.iter().map(|name| plain_width(name)).max().unwrap_or(0);
    let margin = points(longest) + 18.0;
    let placed = place(&bars, WIDTH - margin - RIGHT);
    let (lanes, rows) = lanes(history, ops, &processes, &placed.bars);
    let spots: Vec<Spot> = placed
        .bars
        .iter()
        .zip(&lanes)
        .map(|(&(left, right), &top)| Spot { left: left + margin, right: right + margin, top, height: BAR })
        .collect();
    let height = rows.last().map_or(TOP, |row| row.1) + 26.0;
    let width = placed.width + margin + RIGHT;
    let spot_of = |op: OpId| ops.iter().position(|&other| other == op).map(|at| spots[at]);
    let timed = history.is_timed();
    let mut used: Vec<OpId> = Vec::new();
    let mut lane_of = |from: OpId, to: OpId| {
        let lane = used.iter().filter(|&&op| op == from || op == to).count();
        used.extend([from, to]);
        lane
    };
    html! {
        div .scroll .figure tabindex="0" role="group" aria-label="Picture of the violation; the table below says the same" {
            svg .timeline width=(number(width)) height=(number(height)) viewBox={ "0 0 " (number(width)) " " (number(height)) }
                role="img" aria-label=(spoken(history, cause)) {
                @for (name, (top, bottom)) in names.iter().zip(&rows) {
                    rect .row x="0" y=(number(*top - 8.0)) width=(number(width)) height=(number(bottom - top)) {}
                    text .name x="4" y=(number(top + 17.0)) { (name) }
                }
                @if timed { (axis(&placed.ticks, margin, width, height)) }
                @for arrow in cause.arrows.iter().filter(|arrow| !arrow.forced()) {
                    @if let (Some(from), Some(to)) = (spot_of(arrow.from), spot_of(arrow.to)) {
                        (arrows::draw(from, to, lane_of(arrow.from, arrow.to), false, ""))
                    }
                }
                @for (i, &op) in ops.iter().enumerate() {
                    (bar_of(history, op, &labels[i], spots[i], bars[i].end.is_none(), cause))
                }
                @for (i, arrow) in cause.arrows.iter().filter(|arrow| arrow.forced()).enumerate() {
                    @if let (Some(from), Some(to)) = (spot_of(arrow.from), spot_of(arrow.to)) {
                        (arrows::draw(from, to, lane_of(arrow.from, arrow.to), true, &format!("{} {}", i + 1, arrow.label)))
                    }
                }
            }
        }
    }
}

fn points(characters: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let characters = characters as f64;
    characters * CHARACTER
}

fn bar(history: &History, ops: &[OpId], op: OpId, label: &str) -> Bar {
    let (start, end) = if history.is_timed() {
        (history.start(op), Some(history.end(op)).filter(|&end| end != NEVER))
    } else {
        let earlier =
            ops.iter().filter(|&&other| other < op && history.process(other) == history.process(op));
        let place = 2 * i64::try_from(earlier.count()).unwrap_or(0);
        (place, Some(place + 1))
    };
    Bar { start, end, label: points(plain_width(label)) + 18.0 }
}

/// The upper edge of each bar, such that those of a process that overlap are below each other; and the rows.
fn lanes(
    history: &History,
    ops: &[OpId],
    processes: &[ProcessId],
    bars: &[(f64, f64)],
) -> (Vec<f64>, Vec<(f64, f64)>) {
    let mut tops = vec![0.0; ops.len()];
    let mut rows = Vec::new();
    let mut top = TOP;
    for &process in processes {
        let mut own: Vec<usize> = (0..ops.len()).filter(|&i| history.process(ops[i]) == process).collect();
        own.sort_by(|&a, &b| bars[a].0.total_cmp(&bars[b].0).then(a.cmp(&b)));
        let mut ends: Vec<f64> = Vec::new();
        for i in own {
            let lane = ends.iter().position(|&end| end < bars[i].0).unwrap_or_else(|| {
                ends.push(0.0);
                ends.len() - 1
            });
            ends[lane] = bars[i].1;
            #[expect(clippy::cast_precision_loss, reason = "a small number")]
            let down = lane as f64 * LANE;
            tops[i] = top + down;
        }
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let more = ends.len().saturating_sub(1) as f64 * LANE;
        rows.push((top, top + ROW + more - 30.0));
        top += ROW + more;
    }
    (tops, rows)
}

fn bar_of(history: &History, op: OpId, label: &str, spot: Spot, open: bool, cause: &Cause) -> Markup {
    let guilty = cause.guilty.contains(&op);
    let kind = match (guilty, history.outcome(op)) {
        (true, _) => "op guilty",
        (_, Outcome::Info) => "op info",
        _ => "op",
    };
    let (width, middle) = (spot.right - spot.left, spot.top + 17.5);
    let at = if open { spot.left + 9.0 } else { spot.left + width / 2.0 };
    html! {
        g class=(kind) data-op=(op) {
            title { (words(history, op)) ", operation " (op) }
            rect x=(number(spot.left)) y=(number(spot.top)) width=(number(width)) height=(number(BAR)) rx="5" {}
            @if open {
                path .open d={ "M" (number(spot.right - 7.0)) " " (number(spot.top + 6.0)) " l7 7 l-7 7" } {}
            }
            text x=(number(at)) y=(number(middle)) text-anchor=(if open { "start" } else { "middle" }) { (label) }
        }
    }
}

/// The times below the rows, from the first one on; `//` where a long stretch is cut short.
fn axis(ticks: &[(f64, Option<i64>)], margin: f64, width: f64, height: f64) -> Markup {
    let base = ticks.iter().find_map(|tick| tick.1).unwrap_or(0);
    let mut free = 0.0;
    let mut shown: Vec<(f64, f64, String, bool)> = Vec::new();
    for &(place, time) in ticks {
        let x = place + margin;
        let text = match time {
            None => "//".to_owned(),
            Some(time) if time == base => super::rows::grouped(time.into()),
            Some(time) => format!("+{}", super::rows::grouped(i128::from(time) - i128::from(base))),
        };
        // What would run over the edge is moved in from it.
        let x_text = x.min(width - points(text.len()) + 2.0);
        let fits = x_text >= free;
        if fits {
            free = x_text + points(text.len()) + 10.0;
        }
        shown.push((x, x_text, text, fits));
    }
    html! {
        g .axis {
            @for (x, x_text, text, fits) in &shown {
                line x1=(number(*x)) x2=(number(*x)) y1="26" y2=(number(height - 18.0)) {}
                @if *fits { text x=(number(*x_text)) y=(number(height - 5.0)) { (text) } }
            }
        }
    }
}

/// For those who do not see it.
fn spoken(history: &History, cause: &Cause) -> String {
    let ops: Vec<String> = cause.operations.iter().map(|&op| words(history, op)).collect();
    format!("{}. A timeline of: {}", cause.sentence, ops.join("; "))
}
