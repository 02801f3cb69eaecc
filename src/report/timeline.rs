//! Draws operations in the terminal: time to the right and to scale, a row a process, an interval a bar.
//!
//! ```text
//! P0  ├──W(x)1──┤   ├──W(x)2──┤
//! P1                              ┣━━R(x)1━━┫  ◀ fits nowhere
//!     0         9   14        25  29        41
//! ```
//!
//! An operation that never returned runs off the right edge. Where even short labels do not fit, operations are
//! labelled by number and listed below. In a history without times a row tells the order of its process alone.

mod canvas;
mod layout;

use super::look::{Look, Role, plain_width};
use super::notation::{process, short};
use canvas::Row;
use layout::{Bar, Layout, lay_out};
use tribunal_checker::history::{History, NEVER, OpId, ProcessId};

/// What stands in front of every line.
const INDENT: &str = "    ";

/// How labels are written, from roomy to tight.
#[derive(Clone, Copy)]
enum Labels {
    /// Values of at most so many characters, and so many columns of bar around the label.
    Notation { longest: usize, around: usize },
    /// The operation's number; what it does is listed below.
    Numbers,
}

const LABELS: [Labels; 4] = [
    Labels::Notation { longest: 24, around: 2 },
    Labels::Notation { longest: 12, around: 2 },
    Labels::Notation { longest: 6, around: 0 },
    Labels::Numbers,
];

/// The lines of the picture.
pub(super) fn draw(history: &History, shown: &[OpId], guilty: &[OpId], look: &Look) -> Vec<String> {
    let mut processes: Vec<ProcessId> = shown.iter().map(|&op| history.process(op)).collect();
    processes.sort_unstable();
    processes.dedup();
    let names: Vec<String> = processes.iter().map(|&id| process(history, id)).collect();
    let name_width = names.iter().map(|name| plain_width(name)).max().unwrap_or(0);
    let available = look.width.saturating_sub(INDENT.len() + name_width + 2);
    for labels in LABELS {
        let bars: Vec<Bar> = shown.iter().map(|&op| bar(history, shown, op, labels)).collect();
        let Some(layout) = lay_out(&bars, available) else { continue };
        let mut lines = Vec::new();
        for (&process, name) in processes.iter().zip(&names) {
            let bars: Vec<&Bar> = bars.iter().filter(|bar| history.process(bar.op) == process).collect();
            lines.extend(rows_of(&bars, &layout, guilty, name, name_width, look));
        }
        if history.is_timed() {
            lines.push(format!("{INDENT}{:name_width$}  {}", "", look.paint(Role::Faint, &axis(&layout))));
        }
        if matches!(labels, Labels::Numbers) {
            lines.extend(list(history, shown, look));
        }
        return lines;
    }
    list(history, shown, look)
}

fn bar(history: &History, shown: &[OpId], op: OpId, labels: Labels) -> Bar {
    let (label, around) = match labels {
        Labels::Notation { longest, around } => (short(history, op, longest), around),
        Labels::Numbers => (format!("#{op}"), 0),
    };
    let (start, end) = if history.is_timed() {
        (history.start(op), Some(history.end(op)).filter(|&end| end != NEVER))
    } else {
        let earlier =
            shown.iter().filter(|&&other| other < op && history.process(other) == history.process(op));
        let place = 2 * i64::try_from(earlier.count()).unwrap_or(0);
        (place, Some(place + 1))
    };
    Bar { op, start, end, width: plain_width(&label) + around, label }
}

/// The rows of one process: one, unless its bars would touch.
fn rows_of(
    bars: &[&Bar],
    layout: &Layout,
    guilty: &[OpId],
    name: &str,
    name_width: usize,
    look: &Look,
) -> Vec<String> {
    let mut rows: Vec<Row> = Vec::new();
    let mut sorted = bars.to_vec();
    sorted.sort_by_key(|bar| (layout.start(bar), bar.op));
    for bar in sorted {
        let (from, to) = (layout.start(bar), layout.end(bar));
        let at = rows.iter().position(|row| row.is_free_from(from)).unwrap_or_else(|| {
            rows.push(Row::new(layout.width));
            rows.len() - 1
        });
        rows[at].draw(bar, from, to, guilty.contains(&bar.op), look);
    }
    let name_of = |i: usize| if i == 0 { name } else { "" };
    rows.iter()
        .enumerate()
        .map(|(i, row)| {
            let padding = " ".repeat(name_width - plain_width(name_of(i)));
            format!("{INDENT}{}{padding}  {}", look.paint(Role::Name, name_of(i)), row.text(look))
        })
        .collect()
}

/// The times below the picture: as many as fit, `//` where a long stretch is cut short. Large ones count from the first,
/// which stands in full.
fn axis(layout: &Layout) -> String {
    let times = || layout.ticks.iter().filter_map(|tick| tick.1);
    let base = times().next().unwrap_or(0);
    let relative = times().any(|time| time.unsigned_abs() > 99_999);
    let mut text = String::new();
    let mut last = None;
    for &(column, time) in &layout.ticks {
        let mark = match time {
            None => "//".to_owned(),
            Some(time) if last.replace(time) == Some(time) => continue,
            Some(time) if relative && time != base => format!("+{}", time.abs_diff(base)),
            Some(time) => time.to_string(),
        };
        let column = column.min(layout.width.saturating_sub(mark.len()));
        if text.is_empty() || column > text.len() {
            text.push_str(&" ".repeat(column.saturating_sub(text.len())));
            text.push_str(&mark);
        }
    }
    text
}

/// The operations one a line.
fn list(history: &History, shown: &[OpId], look: &Look) -> Vec<String> {
    shown
        .iter()
        .map(|&op| {
            let number = look.paint(Role::Faint, &format!("#{op}"));
            let who = process(history, history.process(op));
            format!("{INDENT}{number} {who} {}", short(history, op, 24))
        })
        .collect()
}
