//! The lattice of models as a picture: the stronger a model, the higher it stands; a line leads from it to what it
//! implies.
//!
//! The picture is drawn by hand, because no layout algorithm draws twenty nodes as well; a test follows its lines and
//! compares them with the implications.

use super::look::{Look, Role};
use tribunal_checker::model::Model;

/// In front of each name there is room for a mark.
const PICTURE: [&str; 17] = [
    "                                strict",
    "                                   │",
    "                             linearizable",
    "                                   │",
    "                              sequential",
    "                   ┌───────────────┼─────────────┐",
    "           causal-convergent     causal      processor",
    "           ┌───────┴───────┐ ┌─────┴─────┐  ┌────┴────┐",
    "    client-centric     causal-weak       fifo       cache",
    "      │                                   └─   slow ──┤",
    "      ├─   monotonic-reads ───────────────────────────┤",
    "      ├─   read-your-writes ──────────────────────────┘",
    "      ├─   monotonic-writes",
    "      └─   writes-follow-reads",
    "",
    "    weak ──   release ──   entry",
    "    eventual",
];

/// Columns that the picture takes.
const WIDTH: usize = 58;

/// Columns in front of a name in which its mark stands.
const MARK: usize = 2;

/// Which lines of the picture are true of a history.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Lines {
    /// causal-convergent implies client-centric.
    pub(crate) sessions: bool,
    /// cache implies two of the guarantees.
    pub(crate) cache: bool,
    /// Only the models of one view are of interest.
    pub(crate) one_view: bool,
}

impl Lines {
    /// All of them.
    pub(crate) const ALL: Self = Self { sessions: true, cache: true, one_view: false };
}

/// The picture, each model behind its mark, or a list where the terminal is too narrow.
pub(crate) fn draw(lines: Lines, look: &Look, mark: &dyn Fn(Model) -> (char, Role)) -> Vec<String> {
    let grid = if look.width < WIDTH { list(lines) } else { picture(lines) };
    grid.iter().map(|line| paint(line, look, mark)).collect()
}

fn picture(lines: Lines) -> Vec<Vec<char>> {
    let mut grid: Vec<Vec<char>> = PICTURE.iter().map(|line| line.chars().collect()).collect();
    if !lines.sessions {
        grid[7][11..19].fill(' ');
        grid[7][19] = '└';
    }
    if !lines.cache {
        grid[9][54] = '┘';
        grid[10].truncate(26);
        grid[11].truncate(27);
    }
    if lines.one_view {
        grid.truncate(5);
    }
    grid
}

fn list(lines: Lines) -> Vec<Vec<char>> {
    let shown = Model::NAMED.iter().filter(|model| !lines.one_view || model.is_one_view());
    shown.map(|model| format!("{:MARK$}{model}", "").chars().collect()).collect()
}

/// A name in a line: its columns, and the model.
fn names(line: &[char]) -> Vec<(usize, usize, Model)> {
    let in_name = |c: char| c.is_ascii_alphabetic() || c == '-';
    let mut found = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let end = at + line[at..].iter().take_while(|&&c| in_name(c)).count();
        let name: String = line[at..end].iter().collect();
        found.extend(Model::from_name(&name).map(|model| (at, end, model)));
        at = end.max(at + 1);
    }
    found
}

fn paint(line: &[char], look: &Look, mark: &dyn Fn(Model) -> (char, Role)) -> String {
    let drawn = |part: &[char]| {
        let text: String = part.iter().map(|&c| if look.unicode { c } else { ascii(c) }).collect();
        if text.trim().is_empty() { text } else { look.paint(Role::Faint, &text) }
    };
    let mut text = String::from("  ");
    let mut done = 0;
    for (start, end, model) in names(line) {
        let (mark, role) = mark(model);
        text.push_str(&drawn(&line[done..start - MARK]));
        let name: String = line[start..end].iter().collect();
        text.push_str(&look.paint(role, &format!("{mark} {name}")));
        done = end;
    }
    text.push_str(&drawn(&line[done..]));
    text.trim_end().to_owned()
}

fn ascii(c: char) -> char {
    match c {
        '─' => '-',
        '│' => '|',
        ' ' => ' ',
        _ => '+',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use tribunal_checker::model::{Condition, Guarantees, IMPLICATIONS};

    const LINES: &str = "─│┌┐└┘├┤┴┼";

    /// The directions in which a line leaves a cell: up, down, left, right.
    fn arms(c: char) -> [bool; 4] {
        let of = |set: &str| set.contains(c);
        [of("│└┘├┤┴┼"), of("│┌┐├┤┼"), of("─┐┘┤┴┼"), of("─┌└├┴┼")]
    }

    fn neighbours(grid: &[Vec<char>], (row, column): (usize, usize)) -> Vec<(usize, usize)> {
        let [up, down, left, right] = arms(grid[row][column]);
        let steps = [(up, -1, 0, 1), (down, 1, 0, 0), (left, 0, -1, 3), (right, 0, 1, 2)];
        let mut found = Vec::new();
        for (_, dr, dc, back) in steps.into_iter().filter(|step| step.0) {
            let Some(row) = row.checked_add_signed(dr) else { continue };
            let Some(column) = column.checked_add_signed(dc) else { continue };
            let cell = grid.get(row).and_then(|line| line.get(column)).copied().unwrap_or(' ');
            if LINES.contains(cell) && arms(cell)[back] {
                found.push((row, column));
            }
        }
        found
    }

    /// The models that a line leads to: above, below, on its left, on its right.
    fn touched(grid: &[Vec<char>], line: &BTreeSet<(usize, usize)>) -> Vec<(usize, usize, Model)> {
        let leads = |row: usize, column: usize, arm: usize| {
            line.contains(&(row, column)) && arms(grid[row][column])[arm]
        };
        let mut found = Vec::new();
        for (row, text) in grid.iter().enumerate() {
            for (start, end, model) in names(text) {
                let below = (start..end).any(|column| leads(row + 1, column, 0));
                let above = row > 0 && (start..end).any(|column| leads(row - 1, column, 1));
                let left = (1..=MARK + 2).any(|gap| start >= gap && leads(row, start - gap, 3));
                let right = leads(row, end + 1, 2);
                if below || above || left || right {
                    found.push((row, start, model));
                }
            }
        }
        found
    }

    /// Who is drawn to imply whom: each line has one model at its top, or else at its left end.
    fn drawn(grid: &[Vec<char>]) -> BTreeSet<(Model, Model)> {
        let mut edges = BTreeSet::new();
        let mut seen = BTreeSet::new();
        for row in 0..grid.len() {
            for column in 0..grid[row].len() {
                if !LINES.contains(grid[row][column]) || seen.contains(&(row, column)) {
                    continue;
                }
                let mut line = BTreeSet::from([(row, column)]);
                let mut stack = vec![(row, column)];
                while let Some(cell) = stack.pop() {
                    stack.extend(neighbours(grid, cell).into_iter().filter(|&next| line.insert(next)));
                }
                let models = touched(grid, &line);
                let (top, rest) = models.split_first().expect("a line leads somewhere");
                assert!(!rest.is_empty(), "{top:?} leads nowhere");
                edges.extend(rest.iter().map(|&(_, _, model)| (top.2, model)));
                seen.extend(line);
            }
        }
        edges
    }

    /// The implications, as far as the picture shows conditions.
    fn implied(given: impl Fn(Condition) -> bool) -> BTreeSet<(Model, Model)> {
        let all = Model::Session(Guarantees::ALL);
        let parts = Guarantees::EACH.map(|one| (all, Model::Session(one)));
        let data = IMPLICATIONS.iter().filter(|edge| given(edge.condition));
        data.map(|edge| (edge.stronger, edge.weaker)).chain(parts).collect()
    }

    #[test]
    fn the_lines_are_the_implications() {
        let always = |condition| condition == Condition::Always;
        let without_cas = |condition| always(condition) || condition == Condition::WithoutCas;
        assert_eq!(drawn(&picture(Lines::ALL)), implied(without_cas));
        assert_eq!(drawn(&picture(Lines { sessions: false, ..Lines::ALL })), implied(always));
        let apart = |model: Model| !matches!(model, Model::Session(_));
        let logged: BTreeSet<_> =
            implied(always).into_iter().filter(|&(a, b)| apart(a) == apart(b)).collect();
        assert_eq!(drawn(&picture(Lines { sessions: false, cache: false, ..Lines::ALL })), logged);
        assert_eq!(drawn(&picture(Lines { one_view: true, ..Lines::ALL })).len(), 2);
    }

    #[test]
    fn every_model_stands_in_it_once_with_room_for_its_mark() {
        for grid in [picture(Lines::ALL), list(Lines::ALL)] {
            let mut found: Vec<Model> = Vec::new();
            for line in &grid {
                assert!(line.len() < WIDTH);
                for (start, _, model) in names(line) {
                    assert!(line[start - MARK..start].iter().all(|&c| c == ' '), "{model}");
                    found.push(model);
                }
            }
            found.sort_unstable();
            let mut named = Model::NAMED.to_vec();
            named.sort_unstable();
            assert_eq!(found, named);
        }
    }
}
