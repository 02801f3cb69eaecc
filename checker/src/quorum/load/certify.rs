//! The load's bounds in exact rationals.
//!
//! **Problem.** A linear-programming solver works in floating point; its answer proves nothing.
//!
//! **Algorithm.** The solver's strategy and prices become rational numbers, first by continued fractions (symmetric
//! systems have small denominators), then, where that leaves a gap, by solving the equations of the vertex that they
//! are near to ([`super::elimination`]).
//!
//! **Why it is correct.** Whatever rational strategy comes out, the load of its busiest replica is an upper bound. Whatever
//! rational prices come out, the lightest quorums under them (a least path, in exact integers) give a lower bound. Where
//! rounding went wrong the bounds are only apart; they are never false.
//!
//! Capacities and fractions are taken as the decimals that were written, so that 0.1 is 1/10.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::LoadBounds;
use super::elimination::solve;
use super::family::Task;
use super::prices::Columns;
use super::strategy::Mixture;
use crate::quorum::error::Limits;
use crate::quorum::set::ReplicaSet;

/// Vertices with more equations than this are not solved exactly.
const MOST_EQUATIONS: usize = 64;
/// How close a price or a load must be to count as tight.
const TIGHT: f64 = 1e-8;

/// The problem's numbers, exactly.
struct Exact<'a> {
    task: &'a Task<'a>,
    limits: &'a Limits,
    /// Read fractions and normalised weights.
    fractions: Vec<(BigRational, BigRational)>,
    /// One over each replica's capacity, by side.
    cost: [Vec<BigRational>; 2],
}

/// The sets that one side chooses, each with its share of the total, in whole numbers.
struct Chances {
    chosen: Vec<(usize, BigInt)>,
    total: BigInt,
}

/// The strategy in exact numbers, by side.
type Exactly = [Chances; 2];

/// Exact bounds of the expected load, or `None` where not even those could be had (numbers out of range).
pub(super) fn bounds(
    task: &Task<'_>,
    columns: &Columns,
    mixture: &Mixture,
    limits: &Limits,
) -> Option<LoadBounds> {
    let exact = Exact::new(task, limits)?;
    let simple = exact.rounded(columns, mixture, near);
    let mut bounds = match simple {
        Some(bounds) if bounds.exact().is_some() => return Some(bounds),
        // The floats as they are: no longer the simplest fractions, but nearer to the optimum.
        simple => {
            let mut bounds = exact.rounded(columns, mixture, BigRational::from_float)?;
            bounds.tighten_by(simple);
            bounds
        }
    };
    if limits.check().is_ok() {
        let vertex = Vertex::near(&exact, columns, mixture);
        if let Some(upper) =
            vertex.strategy(&exact, columns).and_then(|strategy| exact.upper(columns, &strategy))
        {
            bounds.upper = bounds.upper.min(upper);
        }
        if let Some(lower) = vertex.prices(&exact, columns).and_then(|prices| exact.lower(&prices)) {
            bounds.lower = bounds.lower.max(lower);
        }
    }
    Some(bounds)
}

impl<'a> Exact<'a> {
    fn new(task: &'a Task<'a>, limits: &'a Limits) -> Option<Self> {
        let weights: Vec<BigRational> =
            task.workload.read_fractions.iter().map(|(_, weight)| decimal(*weight)).collect::<Option<_>>()?;
        let total: BigRational = weights.iter().sum();
        let fractions = task
            .workload
            .read_fractions
            .iter()
            .zip(weights)
            .map(|((fraction, _), weight)| Some((decimal(*fraction)?, weight / &total)))
            .collect::<Option<_>>()?;
        let cost = |side: usize| {
            task.sides[side].capacity.iter().map(|c| Some(decimal(*c)?.recip())).collect::<Option<Vec<_>>>()
        };
        Some(Self { task, limits, fractions, cost: [cost(0)?, cost(1)?] })
    }

    fn share(&self, side: usize, fraction: usize) -> BigRational {
        let reads = &self.fractions[fraction].0;
        if side == 0 { reads.clone() } else { BigRational::one() - reads }
    }

    /// What one set adds to a replica's load at one read fraction.
    fn weight(&self, side: usize, fraction: usize, replica: usize) -> BigRational {
        self.share(side, fraction) * &self.cost[side][replica]
    }

    /// The bounds that the solver's floats prove once each is made a fraction.
    fn rounded(
        &self,
        columns: &Columns,
        mixture: &Mixture,
        fraction: impl Fn(f64) -> Option<BigRational>,
    ) -> Option<LoadBounds> {
        let strategy = self.rounded_strategy(mixture, &fraction)?;
        let prices: Vec<Vec<BigRational>> = columns
            .prices
            .iter()
            .map(|own| own.iter().map(|&price| fraction(price.max(0.0))).collect::<Option<_>>())
            .collect::<Option<_>>()?;
        Some(LoadBounds { lower: self.lower(&prices)?, upper: self.upper(columns, &strategy)? })
    }

    fn rounded_strategy(
        &self,
        mixture: &Mixture,
        fraction: &impl Fn(f64) -> Option<BigRational>,
    ) -> Option<Exactly> {
        let side = |values: &[f64]| {
            let (at, parts): (Vec<usize>, Vec<BigRational>) = values
                .iter()
                .enumerate()
                .filter(|(_, p)| **p > 0.0)
                .map(|(i, p)| Some((i, fraction(*p)?)))
                .collect::<Option<Vec<_>>>()?
                .into_iter()
                .unzip();
            let (parts, _) = whole_numbers(&parts, MOST_BITS)?;
            let total: BigInt = parts.iter().sum();
            Some(Chances { chosen: at.into_iter().zip(parts).collect(), total })
                .filter(|own| own.total.is_positive())
        };
        Some([side(&mixture.sides[0])?, side(&mixture.sides[1])?])
    }

    /// The expected load of a strategy's busiest replica.
    fn upper(&self, columns: &Columns, strategy: &Exactly) -> Option<BigRational> {
        let n = self.task.replicas.len();
        let used: [Vec<BigRational>; 2] = [0, 1].map(|side| {
            let Chances { chosen, total } = &strategy[side];
            let mut used = vec![BigInt::zero(); n];
            for (column, part) in chosen {
                for replica in columns.sides[side][*column].members.iter() {
                    used[replica] += part;
                }
            }
            let share = |used: BigInt| BigRational::new(used, total.clone());
            used.into_iter().zip(&self.cost[side]).map(|(used, cost)| share(used) * cost).collect()
        });
        let mut expected = BigRational::zero();
        for (k, (_, weight)) in self.fractions.iter().enumerate() {
            let [reads, writes] = [self.share(0, k), self.share(1, k)];
            let mut busiest = BigRational::zero();
            for (read, written) in used[0].iter().zip(&used[1]) {
                self.limits.check().ok()?;
                busiest = busiest.max(&reads * read + &writes * written);
            }
            expected += weight * busiest;
        }
        Some(expected)
    }

    /// What prices prove: normalised to each read fraction's weight, the lightest quorum of each side.
    fn lower(&self, prices: &[Vec<BigRational>]) -> Option<BigRational> {
        if prices.len() != self.fractions.len() {
            return None;
        }
        let mut normal = Vec::with_capacity(prices.len());
        for (own, (_, weight)) in prices.iter().zip(&self.fractions) {
            let (own, _) = whole_numbers(own, MOST_BITS)?;
            let sum: BigInt = own.iter().sum();
            if !sum.is_positive() || own.iter().any(Signed::is_negative) {
                return None;
            }
            let scaled = |price: BigInt| BigRational::new(price, sum.clone()) * weight;
            normal.push(own.into_iter().map(scaled).collect::<Vec<_>>());
        }
        let mut bound = BigRational::zero();
        for side in 0..2 {
            let by_replica: Vec<BigRational> = (0..self.task.replicas.len())
                .map(|i| {
                    self.limits.check().ok()?;
                    Some((0..normal.len()).map(|k| &normal[k][i] * self.weight(side, k, i)).sum())
                })
                .collect::<Option<_>>()?;
            let (whole, denominator) =
                whole_numbers(&by_replica, FEW_BITS).unwrap_or_else(|| rounded_down(&by_replica));
            bound += BigRational::new(self.task.sides[side].least_price(&whole)?, denominator);
        }
        Some(bound)
    }
}

/// A vertex of the linear programs: which sets are chosen, and which replicas are busiest.
struct Vertex {
    /// Side and index of each chosen set.
    chosen: Vec<(usize, usize)>,
    /// Read fraction and number of each busiest replica.
    busiest: Vec<(usize, usize)>,
}

impl Vertex {
    fn near(exact: &Exact<'_>, columns: &Columns, mixture: &Mixture) -> Self {
        let chosen: Vec<(usize, usize)> = (0..2)
            .flat_map(|side| {
                let probable = mixture.sides[side].iter().enumerate().filter(|(_, p)| **p > 0.0);
                probable.map(move |(i, _)| (side, i))
            })
            .collect();
        let report = super::strategy::report(exact.task, columns, mixture, None);
        let mut busiest = Vec::new();
        for (k, &(fraction, load)) in report.loads.iter().enumerate() {
            let mut own = vec![0.0; exact.task.replicas.len()];
            for &(side, i) in &chosen {
                for replica in columns.sides[side][i].members.iter() {
                    own[replica] += exact.task.share(side, fraction)
                        * mixture.sides[side][i]
                        * exact.task.sides[side].cost[replica];
                }
            }
            let tight = (0..own.len()).filter(|&i| own[i] >= load * exact.task.scale * (1.0 - TIGHT));
            busiest.extend(tight.map(|i| (k, i)));
        }
        Self { chosen, busiest }
    }

    fn members<'c>(&self, columns: &'c Columns, chosen: usize) -> &'c ReplicaSet {
        let (side, index) = self.chosen[chosen];
        &columns.sides[side][index].members
    }

    /// Probabilities that make the busiest replicas equally busy: unknowns are the probabilities and the peaks.
    fn strategy(&self, exact: &Exact<'_>, columns: &Columns) -> Option<Exactly> {
        let (sets, peaks) = (self.chosen.len(), exact.fractions.len());
        let mut rows = Vec::new();
        for &(k, replica) in &self.busiest {
            let mut row = vec![BigRational::zero(); sets + peaks + 1];
            for (i, &(side, _)) in self.chosen.iter().enumerate() {
                if self.members(columns, i).contains(replica) {
                    row[i] = exact.weight(side, k, replica);
                }
            }
            row[sets + k] = -BigRational::one();
            rows.push(row);
        }
        for side in 0..2 {
            let mut row = vec![BigRational::zero(); sets + peaks + 1];
            for (i, _) in self.chosen.iter().enumerate().filter(|(_, chosen)| chosen.0 == side) {
                row[i] = BigRational::one();
            }
            row[sets + peaks] = BigRational::one();
            rows.push(row);
        }
        let values = bounded_solve(&rows)?;
        let (parts, common) = whole_numbers(&values[..sets], MOST_BITS)?;
        let mut strategy: Exactly = [0, 1].map(|_| Chances { chosen: Vec::new(), total: common.clone() });
        for (&(side, index), part) in self.chosen.iter().zip(parts) {
            if part.is_negative() {
                return None;
            }
            strategy[side].chosen.push((index, part));
        }
        Some(strategy)
    }

    /// Prices of the busiest replicas that make all chosen sets equally dear: unknowns are the prices and both values.
    fn prices(&self, exact: &Exact<'_>, columns: &Columns) -> Option<Vec<Vec<BigRational>>> {
        let priced = self.busiest.len();
        let mut rows = Vec::new();
        for (i, &(side, _)) in self.chosen.iter().enumerate() {
            let mut row = vec![BigRational::zero(); priced + 3];
            for (at, &(k, replica)) in self.busiest.iter().enumerate() {
                if self.members(columns, i).contains(replica) {
                    row[at] = exact.weight(side, k, replica);
                }
            }
            row[priced + side] = -BigRational::one();
            rows.push(row);
        }
        for (k, (_, weight)) in exact.fractions.iter().enumerate() {
            let mut row = vec![BigRational::zero(); priced + 3];
            for (at, _) in self.busiest.iter().enumerate().filter(|(_, busy)| busy.0 == k) {
                row[at] = BigRational::one();
            }
            row[priced + 2].clone_from(weight);
            rows.push(row);
        }
        let values = bounded_solve(&rows)?;
        let n = exact.task.replicas.len();
        let mut prices = vec![vec![BigRational::zero(); n]; exact.fractions.len()];
        for (&(k, replica), price) in self.busiest.iter().zip(values) {
            prices[k][replica] = price;
        }
        Some(prices)
    }
}

fn bounded_solve(rows: &[Vec<BigRational>]) -> Option<Vec<BigRational>> {
    let width = rows.first().map_or(0, Vec::len);
    if rows.len().max(width) > MOST_EQUATIONS {
        return None;
    }
    solve(rows.iter().map(|row| Some(whole_numbers(row, MOST_BITS)?.0)).collect::<Option<_>>()?)
}

/// Common denominators longer than this are not worked with, and longer than this not in every node of a diagram.
const MOST_BITS: u64 = 2_048;
const FEW_BITS: u64 = 1_024;

/// The numbers over their common denominator; `None` where that has more bits.
fn whole_numbers(numbers: &[BigRational], bits: u64) -> Option<(Vec<BigInt>, BigInt)> {
    let mut common = BigInt::one();
    for number in numbers {
        common = lcm(&common, number.denom());
        if common.bits() > bits {
            return None;
        }
    }
    Some((numbers.iter().map(|x| x.numer() * (&common / x.denom())).collect(), common))
}

/// Numbers of 0 or more, each not above what it was, over a power of two: what they prove from below they prove.
fn rounded_down(numbers: &[BigRational]) -> (Vec<BigInt>, BigInt) {
    let common = BigInt::one() << 192;
    (numbers.iter().map(|x| x.numer() * &common / x.denom()).collect(), common)
}

fn lcm(a: &BigInt, b: &BigInt) -> BigInt {
    // A ratio in lowest terms has divided both sides by their greatest common divisor.
    let ratio = BigRational::new(a.clone(), b.clone());
    ratio.numer() * b
}

/// The decimal that a number is written as.
fn decimal(number: f64) -> Option<BigRational> {
    if !number.is_finite() {
        return None;
    }
    let text = format!("{number}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits: BigInt = format!("{whole}{fraction}").parse().ok()?;
    Some(BigRational::new(digits, BigInt::from(10).pow(u32::try_from(fraction.len()).ok()?)))
}

/// The simplest fraction near a number of 0 or more: its first continued fraction within 1e-9.
fn near(number: f64) -> Option<BigRational> {
    let (mut low, mut high) = ((BigInt::zero(), BigInt::one()), (BigInt::one(), BigInt::zero()));
    let mut rest = number;
    for _ in 0..40 {
        let part = rest.floor();
        let whole = BigInt::from(part.to_i64()?);
        let next = (&whole * &high.0 + &low.0, &whole * &high.1 + &low.1);
        low = std::mem::replace(&mut high, next);
        let value = high.0.to_f64()? / high.1.to_f64()?;
        if (value - number).abs() <= 1e-9 * number.max(1e-3) || rest - part < 1e-12 {
            break;
        }
        rest = 1.0 / (rest - part);
    }
    Some(BigRational::new(high.0, high.1))
}

#[cfg(test)]
mod tests {
    use super::{decimal, near};

    #[test]
    fn decimals_are_what_was_written() {
        assert_eq!(decimal(0.1).unwrap().to_string(), "1/10");
        assert_eq!(decimal(4000.0).unwrap().to_string(), "4000");
        assert_eq!(decimal(1e-7).unwrap().to_string(), "1/10000000");
        assert!(decimal(f64::NAN).is_none());
    }

    #[test]
    fn the_simplest_fraction_near_a_float() {
        assert_eq!(near(3.0 / 7.0).unwrap().to_string(), "3/7");
        assert_eq!(near(0.0).unwrap().to_string(), "0");
        assert_eq!(near(1.0).unwrap().to_string(), "1");
        assert_eq!(near(8.0 / 27.0).unwrap().to_string(), "8/27");
    }
}
