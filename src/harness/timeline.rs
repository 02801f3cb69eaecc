//! A small picture of calls: a row a process, time to the right, in the order of the instants but not to scale.

use std::collections::HashMap;

/// The widest picture.
const WIDTH: usize = 100;

/// What a bar is drawn from.
pub(super) struct Bar {
    pub(super) process: u64,
    pub(super) start: i64,
    /// `None`: it never returned.
    pub(super) end: Option<i64>,
    pub(super) label: String,
    /// The one that fits nowhere.
    pub(super) guilty: bool,
}

/// The lines of the picture; none if it would be too wide.
pub(super) fn draw(bars: &[Bar]) -> Option<Vec<String>> {
    let mut instants: Vec<i64> = bars.iter().flat_map(|bar| [Some(bar.start), bar.end]).flatten().collect();
    instants.sort_unstable();
    instants.dedup();
    let rows = rows(bars);
    let columns = columns(&instants, bars, &rows);
    let open = |bar: &Bar| columns[&bar.start] + width(&bar.label) + 4;
    let right = bars.iter().map(|bar| bar.end.map_or_else(|| open(bar), |end| columns[&end])).max()?;
    let name = |process: u64| format!("P{process}");
    let names = bars.iter().map(|bar| width(&name(bar.process))).max()?;
    if right + names > WIDTH {
        return None;
    }
    let mut lines = Vec::new();
    let mut last = None;
    for row in rows {
        let process = bars[row[0]].process;
        let label = if last == Some(process) { String::new() } else { name(process) };
        last = Some(process);
        let mut line = format!("{label:names$}  ");
        let mut at = 0;
        for bar in row.iter().map(|&bar| &bars[bar]) {
            let (from, to) = (columns[&bar.start], bar.end.map_or(right, |end| columns[&end]));
            line.extend(std::iter::repeat_n(' ', from.saturating_sub(at)));
            let (open, fill, close) = match (bar.guilty, bar.end) {
                (true, Some(_)) => ('┣', '━', '┫'),
                (false, Some(_)) => ('├', '─', '┤'),
                (_, None) => ('├', '─', '?'),
            };
            // An instant has no length, but a label.
            let room = (to - from).saturating_sub(1 + width(&bar.label));
            line.push(open);
            line.extend(std::iter::repeat_n(fill, room / 2));
            line.push_str(&bar.label);
            line.extend(std::iter::repeat_n(fill, room - room / 2));
            line.push(close);
            if bar.guilty {
                line.push_str("  ◀ fits nowhere");
            }
            at = from + room + width(&bar.label) + 2;
        }
        lines.push(line);
    }
    Some(lines)
}

fn width(text: &str) -> usize {
    text.chars().count()
}

/// The bars by process; what overlaps or follows an open bar has a row of its own.
fn rows(bars: &[Bar]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..bars.len()).collect();
    order.sort_by_key(|&bar| (bars[bar].process, bars[bar].start));
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for bar in order {
        let free = |row: &Vec<usize>| {
            let last = row.last().map(|&last| &bars[last]);
            last.is_some_and(|last| {
                last.process == bars[bar].process
                    && !last.guilty
                    && last.end.is_some_and(|end| end < bars[bar].start)
            })
        };
        match rows.last_mut().filter(|row| free(row)) {
            Some(row) => row.push(bar),
            None => rows.push(vec![bar]),
        }
    }
    rows
}

/// Where each instant is: each behind the one before it, with room for the bars between.
fn columns(instants: &[i64], bars: &[Bar], rows: &[Vec<usize>]) -> HashMap<i64, usize> {
    let mut before: HashMap<usize, usize> = HashMap::new();
    for row in rows {
        before.extend(row.windows(2).map(|pair| (pair[1], pair[0])));
    }
    let mut columns: HashMap<i64, usize> = HashMap::new();
    let mut next = 0;
    for &instant in instants {
        let mut column = next;
        for (at, bar) in bars.iter().enumerate() {
            if bar.end == Some(instant) {
                let start = if bar.start == instant { column } else { columns[&bar.start] };
                column = column.max(start + width(&bar.label) + 3);
            }
            if bar.start == instant
                && let Some(end) = before.get(&at).and_then(|&before| bars[before].end)
            {
                column = column.max(columns[&end] + 2);
            }
        }
        columns.insert(instant, column);
        next = column + 1;
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(process: u64, start: i64, end: Option<i64>, label: &str, guilty: bool) -> Bar {
        Bar { process, start, end, label: label.into(), guilty }
    }

    #[test]
    fn bars_keep_the_order_of_their_instants() {
        let picture = draw(&[
            bar(0, 0, Some(10), "W1", false),
            bar(1, 5, None, "W3", false),
            bar(0, 20, Some(30), "W2", false),
            bar(12, 40, Some(50), "R1", true),
        ]);
        assert_eq!(
            picture.unwrap().join("\n"),
            "P0   ├─W1─┤ ├─W2─┤\nP1    ├───────W3───────?\nP12               ┣━R1━┫  ◀ fits nowhere"
        );
    }

    #[test]
    fn an_instant_without_length_is_drawn_too() {
        let picture = draw(&[bar(0, 3, Some(3), "R", false), bar(0, 3, Some(3), "S", false)]);
        assert_eq!(picture.map(|lines| lines.len()), Some(2));
    }

    #[test]
    fn what_is_too_wide_is_not_drawn() {
        assert_eq!(draw(&[bar(0, 0, Some(1), &"x".repeat(200), false)]), None);
        assert_eq!(draw(&[]), None);
    }
}
