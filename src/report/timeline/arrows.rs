//! Arrows between operations: forced orders that the picture does not show by itself.
//!
//! Each arrow has a line of its own, its *lane*, in the gap beside the row that it points to: it leaves its operation
//! straight down or up, runs along the lane, and enters the other operation from there. An arrow back along one row lies in
//! the gap below. What a bar covers is left as it is.

use super::canvas::Row;
use crate::report::look::{Look, Role};

/// An arrow from one place of the picture to another: rows by number, columns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Arrow {
    pub(super) from: (usize, usize),
    pub(super) to: (usize, usize),
    pub(super) role: Role,
}

impl Arrow {
    /// The gap in which it runs: gap `g` is below row `g`.
    fn gap(&self) -> usize {
        if self.from.0 < self.to.0 { self.to.0 - 1 } else { self.to.0 }
    }
}

/// The characters of an arrow: line across, line down, crossing, heads down and up.
type Strokes = [char; 5];

/// The rows with lines for the arrows between them; for each line, the row that it is, if it is one.
pub(super) fn weave(
    rows: Vec<Row>,
    arrows: &[Arrow],
    width: usize,
    look: &Look,
) -> Vec<(Row, Option<usize>)> {
    let mut lines: Vec<(Row, Option<usize>)> = Vec::new();
    let mut lanes = vec![0; arrows.len()];
    let mut line_of = Vec::new();
    for (number, row) in rows.into_iter().enumerate() {
        line_of.push(lines.len());
        lines.push((row, Some(number)));
        // Those that point up stand directly below the row that they point to.
        for up in [true, false] {
            for (arrow, lane) in arrows.iter().zip(&mut lanes) {
                if arrow.gap() == number && (arrow.to.0 == number) == up {
                    *lane = lines.len();
                    lines.push((Row::new(width), None));
                }
            }
        }
    }
    for (arrow, &lane) in arrows.iter().zip(&lanes) {
        draw(&mut lines, arrow, lane, [line_of[arrow.from.0], line_of[arrow.to.0]], look);
    }
    lines
}

fn draw(
    lines: &mut [(Row, Option<usize>)],
    arrow: &Arrow,
    lane: usize,
    [source, target]: [usize; 2],
    look: &Look,
) {
    let [across, down, crossing, head_down, head_up]: Strokes =
        look.pick(['─', '│', '┼', '▼', '▲'], ['-', '|', '+', 'v', '^']);
    let (begin, end) = (arrow.from.1, arrow.to.1);
    let mut put = |line: usize, column: usize, c: char| {
        // Two lines that meet; heads stay.
        let is_line = |c: char| "─│╰╯╭╮┼-|+".contains(c);
        let is_row = lines[line].1.is_some();
        lines[line].0.put(column, c, arrow.role, |old| {
            match is_row || old == c || !is_line(c) || !is_line(old) {
                true => None,
                false => Some(crossing),
            }
        });
    };
    let between = |a: usize, b: usize| a.min(b) + 1..a.max(b);
    for line in between(source, lane) {
        put(line, begin, down);
    }
    if begin != end {
        let corners = look.pick(['╰', '╯', '╭', '╮'], ['+'; 4]);
        let from_above = source < lane;
        let corner = match (from_above, begin < end) {
            (true, true) => corners[0],
            (true, false) => corners[1],
            (false, true) => corners[2],
            (false, false) => corners[3],
        };
        put(lane, begin, corner);
        for column in between(begin, end) {
            put(lane, column, across);
        }
    }
    let points_down = lane < target;
    let adjacent = if points_down { target - 1 } else { target + 1 };
    if adjacent != lane {
        if begin != end {
            let corners = look.pick(['╮', '╭', '╯', '╰'], ['+'; 4]);
            let corner = match (points_down, begin < end) {
                (true, true) => corners[0],
                (true, false) => corners[1],
                (false, true) => corners[2],
                (false, false) => corners[3],
            };
            put(lane, end, corner);
        }
        for line in between(lane, adjacent) {
            put(line, end, down);
        }
    }
    put(adjacent, end, if points_down { head_down } else { head_up });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn woven(arrows: &[Arrow], rows: usize) -> Vec<String> {
        let look = Look { color: false, unicode: true, width: 80 };
        let rows = (0..rows).map(|_| Row::new(12)).collect();
        weave(rows, arrows, 12, &look).iter().map(|(row, _)| row.text(&look, "", 80)).collect()
    }

    fn arrow(from: (usize, usize), to: (usize, usize)) -> Arrow {
        Arrow { from, to, role: Role::Plain }
    }

    #[test]
    fn down_up_and_back() {
        assert_eq!(woven(&[arrow((0, 1), (1, 5))], 2), ["", " ╰───▼", ""]);
        assert_eq!(woven(&[arrow((1, 5), (0, 1))], 2), ["", " ▲───╮", ""]);
        assert_eq!(woven(&[arrow((0, 8), (0, 2))], 1), ["", "  ▲─────╯"]);
        assert_eq!(woven(&[arrow((0, 3), (2, 3))], 3), ["", "   │", "   ▼", ""]);
    }

    #[test]
    fn arrows_cross() {
        let lines = woven(&[arrow((0, 1), (1, 5)), arrow((0, 3), (1, 7))], 2);
        assert_eq!(lines, ["", " ╰─┼─╮", "   ╰─▼─▼", ""]);
    }
}
