//! Linear equations in exact integers.
//!
//! **Algorithm.** Fraction-free Gauss–Jordan elimination (Bareiss 1968): every division is exact, and an entry never grows
//! beyond a minor of the matrix. Unknowns that the equations leave free are 0.
//!
//! **Complexity.** O(m²·n) multiplications for m equations in n unknowns, of numbers of up to O(m) times the input's digits.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};

/// One solution of the equations, whose rows are the coefficients and then the right side; `None` where there is none.
pub(super) fn solve(mut rows: Vec<Vec<BigInt>>) -> Option<Vec<BigRational>> {
    let unknowns = rows.first()?.len() - 1;
    let mut pivots: Vec<usize> = Vec::new();
    let mut last = BigInt::one();
    for column in 0..unknowns {
        let done = pivots.len();
        let Some(found) = (done..rows.len()).find(|&row| !rows[row][column].is_zero()) else { continue };
        rows.swap(done, found);
        let pivot_row = rows[done].clone();
        let pivot = &pivot_row[column];
        for (at, row) in rows.iter_mut().enumerate().filter(|(at, _)| *at != done) {
            let factor = row[column].clone();
            for (i, entry) in row.iter_mut().enumerate() {
                // Columns before this one are zero, or a pivot's; those are scaled like all others.
                let moved = if factor.is_zero() {
                    &*entry * pivot
                } else {
                    &*entry * pivot - &factor * &pivot_row[i]
                };
                *entry = moved / &last;
            }
            debug_assert!(row[column].is_zero(), "row {at} keeps its entry");
        }
        last = pivot.clone();
        pivots.push(column);
    }
    if rows[pivots.len()..].iter().any(|row| !row[unknowns].is_zero()) {
        return None;
    }
    let mut values = vec![BigRational::zero(); unknowns];
    for (row, &column) in rows.iter().zip(&pivots) {
        values[column] = BigRational::new(row[unknowns].clone(), row[column].clone());
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::solve;
    use num_bigint::BigInt;

    fn rows(rows: &[&[i64]]) -> Vec<Vec<BigInt>> {
        rows.iter().map(|row| row.iter().map(|&x| BigInt::from(x)).collect()).collect()
    }

    fn shown(equations: &[&[i64]]) -> Option<Vec<String>> {
        Some(solve(rows(equations))?.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn equations_with_one_many_and_no_solutions() {
        assert_eq!(shown(&[&[2, 1, 3], &[1, -1, 0]]).unwrap(), ["1", "1"]);
        assert_eq!(shown(&[&[3, 1, 2, 1], &[1, 4, -1, 2], &[2, 2, 7, 3]]).unwrap().len(), 3);
        assert_eq!(shown(&[&[0, 3, 1]]).unwrap(), ["0", "1/3"]);
        assert_eq!(shown(&[&[1, 1, 1], &[2, 2, 3]]), None);
        assert_eq!(shown(&[&[1, 1, 1], &[2, 2, 2]]).unwrap(), ["1", "0"]);
    }
}
