//! Draws operations in the terminal: time to the right and to scale, a row a process, an interval a bar.
//!
//! ```text
//! P0  ├──W(x)1──┤   ├──W(x)2──┤
//! P1                              ┣━━R(x)1━━┫  ◀ fits nowhere
//!     0         9   14        25  29        41
//! ```
//!
//! Forced orders that neither the rows nor time show are arrows between the rows.
//!
//! An operation that never returned runs off the right edge. Where even short labels do not fit, operations are
//! labelled by number and listed below. In a history without times a row tells the order of its process alone.

mod arrows;
mod canvas;
mod layout;

use super::explain::Explanation;
use super::look::{Look, Role, plain_width, wrap};
use super::notation::{process, short};
use arrows::{Arrow, weave};
use canvas::Row;
use layout::{Bar, Layout, lay_out};
use tribunal_checker::certificate::{Edge, Why};
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

/// The columns of the longest hint.
const HINT: usize = 17;

/// More arrows than that confuse.
const ARROWS: usize = 6;

/// The lines of the picture.
pub(super) fn draw(history: &History, explanation: &Explanation, look: &Look) -> Vec<String> {
    let shown = &explanation.operations[..];
    let mut processes: Vec<ProcessId> = shown.iter().map(|&op| history.process(op)).collect();
    processes.sort_unstable();
    processes.dedup();
    let names: Vec<String> = processes.iter().map(|&id| process(history, id)).collect();
    let name_width = names.iter().map(|name| plain_width(name)).max().unwrap_or(0);
    let available = look.width.saturating_sub(INDENT.len() + name_width + 2);
    // Where there is plenty of it, some is left for the hint behind the guilty.
    let room = if available >= 60 { available - HINT } else { available };
    for labels in LABELS {
        let bars: Vec<Bar> = shown.iter().map(|&op| bar(history, shown, op, labels)).collect();
        let Some(layout) = lay_out(&bars, room) else { continue };
        let mut picture = Picture { rows: Vec::new(), names: Vec::new(), places: Vec::new() };
        for (&process, name) in processes.iter().zip(&names) {
            let bars: Vec<&Bar> = bars.iter().filter(|bar| history.process(bar.op) == process).collect();
            picture.add(&bars, &layout, &explanation.guilty, name, look);
        }
        let arrows = picture.arrows(explanation);
        let mut lines = picture.lines(&arrows, &layout, name_width, explanation, look);
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

/// The rows of the processes.
struct Picture {
    rows: Vec<Row>,
    /// The name in front of each row; empty for further rows of a process.
    names: Vec<String>,
    /// Row, and the columns of both ends, of each operation.
    places: Vec<(OpId, usize, (usize, usize))>,
}

impl Picture {
    /// Adds the rows of one process: one, unless its bars would touch.
    fn add(&mut self, bars: &[&Bar], layout: &Layout, guilty: &[OpId], name: &str, look: &Look) {
        let first = self.rows.len();
        let mut sorted = bars.to_vec();
        sorted.sort_by_key(|bar| (layout.start(bar), bar.op));
        for bar in sorted {
            let (from, to) = (layout.start(bar), layout.end(bar));
            let free = (first..self.rows.len()).find(|&row| self.rows[row].is_free_from(from));
            let row = free.unwrap_or_else(|| {
                self.rows.push(Row::new(layout.width));
                self.names.push(if self.rows.len() == first + 1 { name.to_owned() } else { String::new() });
                self.rows.len() - 1
            });
            self.rows[row].draw(bar, from, to, guilty.contains(&bar.op), look);
            let near = if bar.end.is_some() { to } else { (from + bar.width + 1).min(to) };
            self.places.push((bar.op, row, (from, near)));
        }
    }

    /// The forced orders that one does not see by looking at the rows: neither program order nor time.
    fn arrows(&self, explanation: &Explanation) -> Vec<Arrow> {
        let place = |op: OpId| self.places.iter().find(|place| place.0 == op);
        let middle = |(from, to): (usize, usize)| usize::midpoint(from, to);
        let hidden = |edge: &&Edge| match edge.why {
            Why::ProgramOrder | Why::RealTime => false,
            // Where a read is told to be wrong, the arrow is what leaps over the truth.
            Why::ReadsFrom => explanation.circle || explanation.guilty.contains(&edge.to),
            _ => explanation.circle,
        };
        let arrow = |(number, edge): (usize, &Edge)| {
            let (&(_, from_row, from), &(_, to_row, to)) = (place(edge.from)?, place(edge.to)?);
            // Neighbours leave and enter on different sides of the middle.
            let (out, into) = if number % 2 == 0 { (1, -1) } else { (-1, 1) };
            let role = if matches!(edge.why, Why::Derived { .. }) { Role::Guilty } else { Role::Faint };
            let ends = [(from_row, from, out), (to_row, to, into)];
            let [from, to] = ends.map(|(row, bar, side)| (row, middle(bar).saturating_add_signed(side)));
            (edge.from != edge.to).then_some(Arrow { from, to, role })
        };
        let hidden = explanation.orders.iter().filter(hidden);
        let mut arrows: Vec<Arrow> = hidden.enumerate().filter_map(arrow).collect();
        arrows.truncate(ARROWS);
        arrows
    }

    fn lines(
        self,
        arrows: &[Arrow],
        layout: &Layout,
        name_width: usize,
        explanation: &Explanation,
        look: &Look,
    ) -> Vec<String> {
        let hint = match explanation.guilty.len() {
            1 => look.pick("  ◀ fits nowhere", "  <- fits nowhere"),
            _ => look.pick("  ◀", "  <- !"),
        };
        let names = self.names;
        weave(self.rows, arrows, layout.width, look)
            .into_iter()
            .map(|(row, number)| {
                let name = number.map_or("", |number| names[number].as_str());
                let padding = " ".repeat(name_width - plain_width(name));
                let text = row.text(look, hint, look.width.saturating_sub(INDENT.len() + name_width + 2));
                format!("{INDENT}{}{padding}  {text}", look.paint(Role::Name, name)).trim_end().to_owned()
            })
            .collect()
    }
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

/// The operations one a line, long ones on several.
fn list(history: &History, shown: &[OpId], look: &Look) -> Vec<String> {
    let mut lines = Vec::new();
    for &op in shown {
        let who = process(history, history.process(op));
        let text = format!("#{op} {who} {}", short(history, op, 12));
        for line in wrap(&text, look.width.saturating_sub(INDENT.len() + 2)) {
            let indent = if line.starts_with('#') { INDENT.to_owned() } else { format!("{INDENT}  ") };
            lines.push(format!("{indent}{}", look.paint(Role::Faint, &line)));
        }
    }
    lines
}
