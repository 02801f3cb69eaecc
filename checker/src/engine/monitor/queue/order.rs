//! A topological order of values by several interval orders at once.

use super::Span;

/// An interval order: `a` before `b` iff `a` ends before `b` begins. Both lists are sorted.
struct Intervals {
    /// (begin, value).
    begins: Vec<(u32, u32)>,
    /// (end, value).
    ends: Vec<(u32, u32)>,
    begun: usize,
    ended: usize,
}

impl Intervals {
    fn new(spans: &[Span], interval: impl Fn(&Span) -> (u32, u32)) -> Self {
        let values = || (0..).zip(spans);
        let mut begins: Vec<(u32, u32)> = values().map(|(value, span)| (interval(span).0, value)).collect();
        let mut ends: Vec<(u32, u32)> = values().map(|(value, span)| (interval(span).1, value)).collect();
        begins.sort_unstable();
        ends.sort_unstable();
        Self { begins, ends, begun: 0, ended: 0 }
    }

    /// Reports the values that nothing left precedes any more.
    fn advance(&mut self, taken: &[bool], mut free: impl FnMut(u32)) {
        while self.ends.get(self.ended).is_some_and(|(_, value)| taken[*value as usize]) {
            self.ended += 1;
        }
        let Some(&(first_end, _)) = self.ends.get(self.ended) else { return };
        while let Some(&(_, value)) = self.begins.get(self.begun).filter(|(begin, _)| *begin <= first_end) {
            free(value);
            self.begun += 1;
        }
    }
}

/// An order of the values that extends the real time of enqueues and of dequeues, and the segments; `None` if there is none.
///
/// # Complexity
/// O(n log n) to sort, else linear: each list is walked once.
pub(super) fn order(spans: &[Span], segmented: bool) -> Option<Vec<u32>> {
    let mut all = vec![
        Intervals::new(spans, |span| (span.enqueue_call, span.enqueue_return)),
        Intervals::new(spans, |span| (span.dequeue_call, span.dequeue_return)),
    ];
    if segmented {
        all.push(Intervals::new(spans, |span| (span.segment, span.segment)));
    }
    let mut waits = vec![all.len() as u8; spans.len()];
    let mut taken = vec![false; spans.len()];
    let (mut ready, mut order) = (Vec::new(), Vec::with_capacity(spans.len()));
    while order.len() < spans.len() {
        for intervals in &mut all {
            intervals.advance(&taken, |value| {
                waits[value as usize] -= 1;
                if waits[value as usize] == 0 {
                    ready.push(value);
                }
            });
        }
        let next = ready.pop()?;
        taken[next as usize] = true;
        order.push(next);
    }
    Some(order)
}
