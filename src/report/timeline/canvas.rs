//! One row of the picture: characters, each with its colour.

use super::layout::Bar;
use crate::report::look::{Look, Role};
use unicode_width::UnicodeWidthChar;

/// A row of columns. A character that takes two has an empty column behind it.
pub(super) struct Row {
    cells: Vec<(Option<char>, Role)>,
    /// The columns in front of this are drawn on.
    used: usize,
    guilty: bool,
}

/// The characters of a bar: left end, line, right end, line and end of a bar that never returned.
type Strokes = [char; 5];

impl Row {
    /// An empty row.
    pub(super) fn new(width: usize) -> Self {
        Self { cells: vec![(Some(' '), Role::Plain); width], used: 0, guilty: false }
    }

    /// Whether a bar can start at `column`.
    pub(super) fn is_free_from(&self, column: usize) -> bool {
        column >= self.used
    }

    /// Draws a bar from column `from` to column `to`, its label in the middle.
    pub(super) fn draw(&mut self, bar: &Bar, from: usize, to: usize, guilty: bool, look: &Look) {
        let strokes: Strokes = match (look.unicode, guilty) {
            (true, false) => ['├', '─', '┤', '╌', '▸'],
            (true, true) => ['┣', '━', '┫', '╍', '▶'],
            (false, false) => ['|', '-', '|', '-', '>'],
            (false, true) => ['|', '=', '|', '=', '>'],
        };
        let role = if guilty { Role::Guilty } else { Role::Plain };
        let [left, line, right, open_line, open_right] = strokes;
        let open = bar.end.is_none();
        for column in from..=to {
            self.cells[column] = (Some(if open { open_line } else { line }), role);
        }
        self.cells[from].0 = Some(left);
        self.cells[to].0 = Some(if open { open_right } else { right });
        let label_width = super::plain_width(&bar.label);
        let spare = (to - from - 1).saturating_sub(label_width);
        // The label of an endless bar stands near its beginning.
        let mut column = from + 1 + if open { spare.min(1) } else { spare / 2 };
        if open && column > from + 1 {
            self.cells[from + 1].0 = Some(line);
        }
        for c in bar.label.chars() {
            self.cells[column].0 = Some(c);
            for extra in 1..c.width().unwrap_or(1) {
                self.cells[column + extra].0 = None;
            }
            column += c.width().unwrap_or(1);
        }
        self.used = to + 1;
        self.guilty |= guilty;
    }

    /// Draws one character where nothing is drawn yet; `meet` says what becomes of another character there, if anything.
    pub(super) fn put(&mut self, column: usize, c: char, role: Role, meet: impl Fn(char) -> Option<char>) {
        let Some((cell, old_role)) = self.cells.get_mut(column) else { return };
        let drawn = match *cell {
            Some(' ') => Some(c),
            Some(old) => meet(old),
            None => None,
        };
        if let Some(drawn) = drawn {
            *cell = Some(drawn);
            *old_role = role;
            self.used = self.used.max(column + 1);
        }
    }

    /// The row as text, without spaces at its end; with a hint behind it if a guilty bar is in it and
    /// `available` columns suffice.
    pub(super) fn text(&self, look: &Look, hint: &str, available: usize) -> String {
        let mut text = String::new();
        for run in self.cells[..self.used].chunk_by(|a, b| a.1 == b.1) {
            let plain: String = run.iter().filter_map(|cell| cell.0).collect();
            text.push_str(&look.paint(run[0].1, &plain));
        }
        if self.guilty && self.used + super::plain_width(hint) <= available {
            text.push_str(&look.paint(Role::Guilty, hint));
        }
        text
    }
}
