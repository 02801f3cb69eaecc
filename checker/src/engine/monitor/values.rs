//! Who wrote a value: values that occur once, as a table.

use super::timeline::NONE;
use crate::history::Value;

/// From values to numbers.
#[derive(Debug)]
pub(super) enum Numbering {
    /// Small integers close to each other, as counters give them: from the first one on, or [`NONE`].
    Direct(i64, Vec<u32>),
    /// Anything else: ascending.
    Sorted(Vec<(Value, u32)>),
}

impl Numbering {
    /// The numbering of these values; `None` if one of them occurs twice.
    ///
    /// # Complexity
    /// O(n) for integers close to each other, else O(n log n).
    pub(super) fn new(mut pairs: Vec<(Value, u32)>) -> Option<Self> {
        if let Some((least, most)) = range(&pairs)
            && most.abs_diff(least) < 4 * pairs.len() as u64 + 64
        {
            let mut table = vec![NONE; most.abs_diff(least) as usize + 1];
            for (value, number) in pairs {
                let slot = &mut table[value.as_small_int()?.abs_diff(least) as usize];
                if *slot != NONE {
                    return None;
                }
                *slot = number;
            }
            return Some(Self::Direct(least, table));
        }
        pairs.sort_unstable();
        let repeats = pairs.windows(2).any(|pair| pair[0].0 == pair[1].0);
        (!repeats).then_some(Self::Sorted(pairs))
    }

    /// The number of a value; [`NONE`] if it has none.
    #[inline]
    pub(super) fn get(&self, value: Value) -> u32 {
        match self {
            Self::Direct(least, table) => value
                .as_small_int()
                .filter(|int| int >= least)
                .and_then(|int| table.get(int.abs_diff(*least) as usize).copied())
                .unwrap_or(NONE),
            Self::Sorted(pairs) => {
                pairs.binary_search_by_key(&value, |pair| pair.0).map_or(NONE, |at| pairs[at].1)
            }
        }
    }
}

/// The least and the greatest, if all are small integers.
fn range(pairs: &[(Value, u32)]) -> Option<(i64, i64)> {
    let (mut least, mut most) = (i64::MAX, i64::MIN);
    for (value, _) in pairs {
        let int = value.as_small_int()?;
        (least, most) = (least.min(int), most.max(int));
    }
    (least <= most).then_some((least, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_lead_to_their_numbers() {
        let int = |int| Value::small_int(int).unwrap();
        let text = |text| Value::short_text(text).unwrap();
        for values in
            [vec![int(-3), int(5), int(0)], vec![int(-1 << 60), int(7)], vec![text("a"), int(1)], vec![]]
        {
            let pairs: Vec<_> = values.iter().copied().zip(0..).collect();
            let numbering = Numbering::new(pairs.clone()).unwrap();
            for (value, number) in pairs {
                assert_eq!(numbering.get(value), number);
            }
            assert_eq!(numbering.get(int(1 << 50)), NONE);
            assert_eq!(numbering.get(int(-4)), NONE);
            assert_eq!(numbering.get(text("b")), NONE);
            if let Some(&again) = values.first() {
                assert!(Numbering::new(vec![(again, 0), (int(1), 1), (again, 2)]).is_none());
            }
        }
    }
}
