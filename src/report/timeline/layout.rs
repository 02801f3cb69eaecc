//! Where in the terminal each instant stands.
//!
//! Problem: give every start and end a column such that columns grow with time in proportion to it, every bar has room
//! for its label, and the picture fits the width. Algorithm: with a given scale the leftmost column of each instant is a
//! longest path over the instants in order; that path's length grows with the scale, so the largest scale that fits is
//! found by bisection. Instants are (time, starts before ends): operations that only touch overlap in the picture, as
//! they do in the definition of real-time order. Long stretches in which nothing starts or ends are cut short.

use tribunal_checker::history::OpId;

/// An operation to draw.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Bar {
    pub(super) op: OpId,
    pub(super) start: i64,
    /// `None`: it never returned.
    pub(super) end: Option<i64>,
    pub(super) label: String,
    /// Columns between its two ends, at the least.
    pub(super) width: usize,
}

/// A start (0) or an end (1), by time.
type Instant = (i64, u8);

/// The columns of the instants.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Layout {
    instants: Vec<Instant>,
    columns: Vec<usize>,
    /// Columns in all.
    pub(super) width: usize,
    /// A column and the time there, left to right; no time where a long stretch was cut short.
    pub(super) ticks: Vec<(usize, Option<i64>)>,
}

/// A stretch longer than this many times the median one is cut to it.
const CUT: i64 = 4;

/// The most columns between two neighbouring instants at the largest scale.
const ROOMIEST: f64 = 8.0;

impl Layout {
    /// The column of a bar's left end.
    pub(super) fn start(&self, bar: &Bar) -> usize {
        self.column((bar.start, 0))
    }

    /// The column of a bar's right end.
    pub(super) fn end(&self, bar: &Bar) -> usize {
        bar.end.map_or(self.width - 1, |end| self.column((end, 1)))
    }

    fn column(&self, instant: Instant) -> usize {
        self.columns[self.instants.binary_search(&instant).expect("every bar's instants are laid out")]
    }
}

/// Lays bars out within `available` columns, if they fit.
pub(super) fn lay_out(bars: &[Bar], available: usize) -> Option<Layout> {
    let mut instants: Vec<Instant> = bars
        .iter()
        .flat_map(|bar| std::iter::once((bar.start, 0)).chain(bar.end.map(|end| (end, 1))))
        .collect();
    instants.sort_unstable();
    instants.dedup();
    let stretches = stretches(&instants);
    let place = |scale: f64| place(bars, &instants, &stretches, scale);
    if place(0.0).1 > available {
        return None;
    }
    let shortest = stretches.iter().copied().filter(|&stretch| stretch > 0.0).fold(f64::INFINITY, f64::min);
    let (mut fits, mut too_large) = (0.0, if shortest.is_finite() { ROOMIEST / shortest } else { 0.0 });
    if place(too_large).1 <= available {
        fits = too_large;
    }
    for _ in 0..48 {
        let middle = f64::midpoint(fits, too_large);
        if place(middle).1 <= available {
            fits = middle;
        } else {
            too_large = middle;
        }
    }
    let (columns, width) = place(fits);
    let ticks = ticks(&instants, &columns, &stretches);
    Some(Layout { instants, columns, width, ticks })
}

/// The instants, and the middles of stretches that were cut.
fn ticks(instants: &[Instant], columns: &[usize], stretches: &[f64]) -> Vec<(usize, Option<i64>)> {
    let mut ticks = Vec::new();
    for (i, (&column, instant)) in columns.iter().zip(instants).enumerate() {
        if i > 0 {
            let before = instants[i - 1].0;
            #[expect(clippy::cast_precision_loss, reason = "as the stretches were computed")]
            let cut = instant.0.saturating_sub(before) as f64 > stretches[i - 1];
            if cut {
                ticks.push((usize::midpoint(columns[i - 1], column), None));
            }
        }
        ticks.push((column, Some(instant.0)));
    }
    ticks
}

/// The time between neighbouring instants, long stretches cut short.
fn stretches(instants: &[Instant]) -> Vec<f64> {
    let raw: Vec<i64> = instants.windows(2).map(|pair| pair[1].0.saturating_sub(pair[0].0)).collect();
    let mut sorted: Vec<i64> = raw.iter().copied().filter(|&stretch| stretch > 0).collect();
    sorted.sort_unstable();
    let longest = sorted.get(sorted.len() / 2).map_or(0, |median| median.saturating_mul(CUT));
    #[expect(clippy::cast_precision_loss, reason = "columns are coarser")]
    raw.iter().map(|&stretch| stretch.min(longest) as f64).collect()
}

/// The leftmost columns at a scale, and the columns in all.
fn place(bars: &[Bar], instants: &[Instant], stretches: &[f64], scale: f64) -> (Vec<usize>, usize) {
    let index = |instant: Instant| instants.binary_search(&instant).expect("collected from these bars");
    let mut columns = vec![0_usize; instants.len()];
    // Where each bar may end at the earliest, by the instant of its end.
    for at in 0..instants.len() {
        if at > 0 {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and positive")]
            let step = (stretches[at - 1] * scale).round() as usize;
            columns[at] = columns[at - 1] + step.max(1);
        }
        for bar in bars.iter().filter(|bar| bar.end.is_some_and(|end| (end, 1) == instants[at])) {
            columns[at] = columns[at].max(columns[index((bar.start, 0))] + bar.width + 1);
        }
    }
    let closed = columns.last().map_or(0, |last| last + 1);
    let open = bars.iter().filter(|bar| bar.end.is_none());
    let width = open.map(|bar| (columns[index((bar.start, 0))] + bar.width + 4).max(closed + 2)).max();
    (columns, width.unwrap_or(closed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(op: u32, start: i64, end: Option<i64>) -> Bar {
        Bar { op: OpId(op), start, end, label: "W(x)1".into(), width: 7 }
    }

    #[test]
    fn bars_have_room_and_keep_their_order() {
        let bars = [bar(0, 0, Some(10)), bar(1, 10, Some(10)), bar(2, 1_000_000, None)];
        let layout = lay_out(&bars, 60).unwrap();
        for bar in &bars {
            assert!(layout.end(bar) - layout.start(bar) > bar.width, "{layout:?}");
        }
        assert!(layout.start(&bars[1]) < layout.end(&bars[0]), "touching is overlapping");
        assert!(layout.start(&bars[2]) > layout.end(&bars[1]));
        assert!(layout.width <= 60);
        assert_eq!(lay_out(&bars, 12), None);
    }

    #[test]
    fn columns_are_proportional_where_there_is_room() {
        let bars = [bar(0, 0, Some(100)), bar(1, 200, Some(300))];
        let layout = lay_out(&bars, 100).unwrap();
        let columns: Vec<usize> = layout.ticks.iter().map(|tick| tick.0).collect();
        assert_eq!(columns, [0, 8, 16, 24]);
    }
}
