//! Where on the page each instant stands.
//!
//! As in the terminal's picture, but in points: the leftmost place of each instant is a longest path over the instants in
//! order, such that a bar has room for its label; the largest scale at which all fits the width is found by bisection. Long
//! stretches in which nothing starts or ends are cut short. Instants are (time, starts before ends), so that operations
//! that only touch overlap.

/// Points between neighbouring instants, at the least.
const GAP: f64 = 12.0;

/// Points between neighbouring instants at the largest scale, for the shortest stretch.
const ROOMIEST: f64 = 120.0;

/// A stretch longer than this many times the median is cut to it.
const CUT: i64 = 4;

/// What is to be placed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bar {
    pub(super) start: i64,
    /// `None`: it never returned.
    pub(super) end: Option<i64>,
    /// Points that its label takes.
    pub(super) label: f64,
}

/// Where it is.
#[derive(Debug)]
pub(super) struct Placed {
    /// Left and right end of each bar, in the order given.
    pub(super) bars: Vec<(f64, f64)>,
    pub(super) width: f64,
    /// A place and the time there, left to right; no time where a long stretch was cut short.
    pub(super) ticks: Vec<(f64, Option<i64>)>,
}

type Instant = (i64, u8);

/// Places bars within `width` points; wider where their labels need it.
pub(super) fn place(bars: &[Bar], width: f64) -> Placed {
    let mut instants: Vec<Instant> = bars
        .iter()
        .flat_map(|bar| std::iter::once((bar.start, 0)).chain(bar.end.map(|end| (end, 1))))
        .collect();
    instants.sort_unstable();
    instants.dedup();
    let raw: Vec<i64> = instants.windows(2).map(|pair| pair[1].0.saturating_sub(pair[0].0)).collect();
    let mut sorted: Vec<i64> = raw.iter().copied().filter(|&stretch| stretch > 0).collect();
    sorted.sort_unstable();
    let longest = sorted.get(sorted.len() / 2).map_or(0, |median| median.saturating_mul(CUT));
    #[expect(clippy::cast_precision_loss, reason = "points are coarser")]
    let stretches: Vec<f64> = raw.iter().map(|&stretch| stretch.min(longest) as f64).collect();
    let at = |scale: f64| leftmost(bars, &instants, &stretches, scale);
    #[expect(clippy::cast_precision_loss, reason = "points are coarser")]
    let mut too_large = sorted.first().map_or(0.0, |&shortest| ROOMIEST / shortest as f64);
    let mut fits = if at(too_large).1 <= width { too_large } else { 0.0 };
    for _ in 0..40 {
        let middle = f64::midpoint(fits, too_large);
        if at(middle).1 <= width { fits = middle } else { too_large = middle }
    }
    let (places, used) = at(fits);
    let find = |instant: Instant| places[instants.binary_search(&instant).expect("every instant is placed")];
    let right = used.max(width);
    let placed = bars.iter().map(|bar| (find((bar.start, 0)), bar.end.map_or(right, |end| find((end, 1)))));
    let mut ticks = Vec::new();
    for (i, (&place, instant)) in places.iter().zip(&instants).enumerate() {
        if i > 0 && raw[i - 1] > longest {
            ticks.push((f64::midpoint(places[i - 1], place), None));
        }
        ticks.push((place, Some(instant.0)));
    }
    Placed { bars: placed.collect(), width: right, ticks }
}

/// The leftmost places at a scale, and the points in all.
fn leftmost(bars: &[Bar], instants: &[Instant], stretches: &[f64], scale: f64) -> (Vec<f64>, f64) {
    let index = |instant: Instant| instants.binary_search(&instant).expect("collected from these bars");
    let mut places = vec![0.0_f64; instants.len()];
    for at in 0..instants.len() {
        if at > 0 {
            places[at] = places[at - 1] + (stretches[at - 1] * scale).max(GAP);
        }
        for bar in bars.iter().filter(|bar| bar.end.is_some_and(|end| (end, 1) == instants[at])) {
            places[at] = places[at].max(places[index((bar.start, 0))] + bar.label);
        }
    }
    let closed = places.last().copied().unwrap_or(0.0);
    let open = bars.iter().filter(|bar| bar.end.is_none());
    let width = open.map(|bar| places[index((bar.start, 0))] + bar.label + 2.0 * GAP).fold(closed, f64::max);
    (places, width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_have_room_keep_their_order_and_fit() {
        let bar = |start, end| Bar { start, end, label: 50.0 };
        let bars =
            [bar(0, Some(10)), bar(10, Some(10)), bar(1_000_000, None), bar(20, Some(30)), bar(40, Some(50))];
        let placed = place(&bars, 600.0);
        for (left, right) in &placed.bars {
            assert!(right - left >= 50.0, "{placed:?}");
        }
        assert!(placed.bars[1].0 < placed.bars[0].1, "touching is overlapping");
        assert!(placed.bars[2].0 > placed.bars[1].1);
        let far = place(&[bar(i64::MIN, Some(i64::MAX)), bars[0]], 600.0);
        assert!(far.bars.iter().all(|bar| bar.1 - bar.0 >= 50.0 && bar.1 <= 600.0), "{far:?}");
        assert!(placed.width <= 600.0 && placed.ticks.iter().any(|tick| tick.1.is_none()), "{placed:?}");
        assert!(place(&bars, 10.0).width > 100.0, "labels come first");
        assert!(place(&[], 100.0).bars.is_empty());
    }
}
