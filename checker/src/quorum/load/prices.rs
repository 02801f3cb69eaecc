//! Cutting planes over the prices of replicas (see [`super`] for the problem and the proof of the bounds).
//!
//! The linear program, for read fractions k of weight ω_k, prices y_ki of replicas, λ of the limits and values z of the
//! two sides: maximise `z_R + z_W - Σ limit·λ` subject to, for each k, `Σ_i y_ki <= c_load·ω_k + μ_k`, and for each
//! collected set S of a side s,
//! `z_s <= Σ_(k, i in S) share_ks·y_ki/capacity_i + share_s·((c_net + λ_net)·|S| + (c_lat + λ_lat)·latency(S))`.
//!
//! **Start.** Multiplicative weights (each round the busiest replicas become dearer) give a spread of good quorums for the
//! price of one pass each; symmetric systems are solved by that alone.
//! **Rounds.** Besides the lightest sets at the solution, those at a point half-way to the best prices so far join,
//! which damps the jumping of plain cutting planes (in-out separation; Ben-Ameur and Neto 2007).

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, microlp, variable};
use rustc_hash::FxHashSet;

use super::family::{Column, Task};
use super::{NoStrategy, Objective};
use crate::quorum::error::{Limits, Stopped};
use crate::quorum::set::ReplicaSet;

/// What counts as equal in floating point.
const TOLERANCE: f64 = 1e-10;
/// The most rounds of cutting planes.
const ROUNDS: usize = 2_000;

/// The sets collected for each side, and the best prices found.
pub(super) struct Columns {
    pub(super) sides: [Vec<Column>; 2],
    /// By read fraction, then replica.
    pub(super) prices: Vec<Vec<f64>>,
}

/// A point of the linear program.
#[derive(Clone)]
struct Point {
    prices: Vec<Vec<f64>>,
    /// Price of a contacted replica and of a millisecond, beside their own costs in the objective.
    network: f64,
    latency: f64,
    /// What the point pays for the limits.
    paid: f64,
    /// What the linear program believes its value to be.
    value: f64,
}

/// Weights of load, network and latency in the objective.
#[derive(Clone, Copy)]
pub(super) struct Aim {
    pub(super) load: f64,
    pub(super) network: f64,
    pub(super) latency: f64,
    /// What a unit beyond a limit costs.
    pub(super) penalty: f64,
}

impl Aim {
    pub(super) fn of(objective: Objective) -> Self {
        let weight = |own| if objective == own { 1.0 } else { 0.0 };
        Self {
            load: weight(Objective::Load),
            network: weight(Objective::Network),
            latency: weight(Objective::Latency),
            penalty: f64::INFINITY,
        }
    }

    /// Only to keep the limits.
    fn feasible() -> Self {
        Self { load: 0.0, network: 0.0, latency: 0.0, penalty: 1.0 }
    }
}

/// Collects the sets that an optimal strategy needs.
pub(super) fn collect(task: &Task<'_>, limits: &Limits) -> Result<Columns, NoStrategy> {
    let mut collector = Collector {
        task,
        columns: Columns { sides: [Vec::new(), Vec::new()], prices: Vec::new() },
        known: Default::default(),
    };
    collector.start(limits)?;
    let limited = [task.workload.load_limit, task.workload.network_limit, task.workload.latency_limit];
    if limited.iter().any(Option::is_some) {
        let beyond = collector.improve(Aim::feasible(), limits)?;
        if beyond > 1e-7 {
            let message = "no strategy keeps the load, network and latency limits together";
            return Err(NoStrategy::Infeasible(message.to_owned()));
        }
    }
    collector.improve(Aim::of(task.workload.objective), limits)?;
    Ok(collector.columns)
}

struct Collector<'a> {
    task: &'a Task<'a>,
    columns: Columns,
    known: [FxHashSet<ReplicaSet>; 2],
}

impl Collector<'_> {
    fn add(&mut self, side: usize, column: Column) -> bool {
        // A set that two families offer is kept once for each latency only where the later one is faster.
        let fresh = self.known[side].insert(column.members.clone());
        if fresh {
            self.columns.sides[side].push(column);
        } else if let Some(old) =
            self.columns.sides[side].iter_mut().find(|old| old.members == column.members)
            && column.latency < old.latency
        {
            old.latency = column.latency;
            return true;
        }
        fresh
    }

    /// Multiplicative weights.
    fn start(&mut self, limits: &Limits) -> Result<(), Stopped> {
        let n = self.task.replicas.len();
        let rounds = 2 * n + 16;
        let mut load = vec![0.0_f64; n];
        for round in 0..rounds {
            limits.check()?;
            let busiest = load.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
            let heat = 4.0 * ((round + 1) as f64).sqrt().ln_1p();
            let prices: Vec<f64> = load.iter().map(|own| (heat * (own / busiest - 1.0)).exp()).collect();
            for side in 0..2 {
                let own: Vec<f64> = prices
                    .iter()
                    .zip(&self.task.sides[side].cost)
                    .map(|(price, cost)| price * cost)
                    .collect();
                let (_, column) = self.task.sides[side].cheapest(&own, 0.0);
                for replica in column.members.iter() {
                    load[replica] += self.task.mean_share(side) * self.task.sides[side].cost[replica];
                }
                self.add(side, column);
            }
        }
        Ok(())
    }

    /// Rounds of cutting planes until the bounds meet; returns the value.
    fn improve(&mut self, aim: Aim, limits: &Limits) -> Result<f64, Stopped> {
        let mut best: Option<(f64, Point)> = None;
        for _ in 0..ROUNDS {
            limits.check()?;
            let point = self.solve(aim, limits)?;
            let mut fresh = false;
            let mut probes = vec![point.clone()];
            if let Some((_, best)) = &best {
                probes.push(halfway(best, &point));
            }
            for probe in probes {
                let (bound, columns) = self.separate(aim, &probe);
                if best.as_ref().is_none_or(|(value, _)| bound > *value) {
                    best = Some((bound, probe));
                }
                for (side, column) in columns.into_iter().enumerate() {
                    fresh |= self.add(side, column);
                }
            }
            let proved = best.as_ref().map_or(f64::NEG_INFINITY, |(bound, _)| *bound);
            if !fresh || point.value - proved <= TOLERANCE * point.value.abs() {
                self.columns.prices = best.map(|(_, point)| point.prices).unwrap_or_default();
                return Ok(point.value);
            }
        }
        Err(Stopped::TooLarge)
    }

    /// The lightest set of each side at a point, and the bound that they prove.
    fn separate(&self, aim: Aim, point: &Point) -> (f64, [Column; 2]) {
        let mut bound = -point.paid;
        let columns = [0, 1].map(|side| {
            let share = self.task.mean_share(side);
            let own = self.side_prices(side, &point.prices);
            let prices: Vec<f64> =
                own.into_iter().map(|price| price + share * (aim.network + point.network)).collect();
            let (price, column) =
                self.task.sides[side].cheapest(&prices, share * (aim.latency + point.latency));
            bound += price;
            column
        });
        (bound, columns)
    }

    /// A side's price of each replica: over the read fractions, by its share of them and the replica's capacity.
    fn side_prices(&self, side: usize, prices: &[Vec<f64>]) -> Vec<f64> {
        let cost = &self.task.sides[side].cost;
        (0..cost.len())
            .map(|i| {
                let sum: f64 = self
                    .task
                    .fractions
                    .iter()
                    .zip(prices)
                    .map(|(&(fraction, _), own)| self.task.share(side, fraction) * own[i].max(0.0))
                    .sum();
                sum * cost[i]
            })
            .collect()
    }

    fn solve(&self, aim: Aim, limits: &Limits) -> Result<Point, Stopped> {
        let task = self.task;
        let mut problem = ProblemVariables::new();
        let mut multiplier = |limit: Option<f64>, unit: f64| {
            let most = if limit.is_some() { aim.penalty / unit } else { 0.0 };
            problem.add(variable().min(0.0).max(most))
        };
        // Each limit's multiplier is counted in the limit's own unit, so that limits compare.
        let network = multiplier(task.workload.network_limit, 1.0);
        let latency = multiplier(task.workload.latency_limit, 1.0);
        let peaks: Vec<Variable> =
            task.fractions.iter().map(|_| multiplier(task.workload.load_limit, 1.0)).collect();
        let price: Vec<Vec<Variable>> = task
            .fractions
            .iter()
            .map(|_| task.replicas.iter().map(|_| problem.add(variable().min(0.0))).collect())
            .collect();
        let values = [0, 1].map(|_| problem.add(variable()));
        let mut paid = Expression::default();
        paid.add_mul(task.workload.network_limit.unwrap_or(0.0), network);
        paid.add_mul(task.workload.latency_limit.unwrap_or(0.0), latency);
        for &peak in &peaks {
            paid.add_mul(task.workload.load_limit.unwrap_or(0.0) * task.scale, peak);
        }
        let objective = Expression::from(values[0]) + values[1] - paid.clone();
        let mut model = problem.maximise(objective.clone()).using(microlp);
        for ((own, &peak), &(_, weight)) in price.iter().zip(&peaks).zip(&task.fractions) {
            let mut sum = Expression::with_capacity(own.len() + 1);
            for &price in own {
                sum.add_mul(1.0, price);
            }
            sum.add_mul(-1.0, peak);
            model.add_constraint(sum.leq(aim.load * weight));
        }
        for (side, columns) in self.columns.sides.iter().enumerate() {
            let share = task.mean_share(side);
            for column in columns {
                let size = column.members.len() as f64;
                let mut cost = Expression::with_capacity(column.members.len() + 3);
                cost.add_mul(1.0, values[side]);
                for (own, &(fraction, _)) in price.iter().zip(&task.fractions) {
                    let share = task.share(side, fraction);
                    for replica in column.members.iter().filter(|_| share > 0.0) {
                        cost.add_mul(-share * task.sides[side].cost[replica], own[replica]);
                    }
                }
                cost.add_mul(-share * size, network);
                cost.add_mul(-share * column.latency, latency);
                model.add_constraint(cost.leq(share * (aim.network * size + aim.latency * column.latency)));
            }
        }
        let solution = super::solved(model, limits)?;
        Ok(Point {
            prices: price
                .iter()
                .map(|own| own.iter().map(|&price| solution.value(price)).collect())
                .collect(),
            network: solution.value(network),
            latency: solution.value(latency),
            paid: paid.eval_with(&solution),
            value: objective.eval_with(&solution),
        })
    }
}

/// The middle of two points; feasible where both are.
fn halfway(a: &Point, b: &Point) -> Point {
    let mid = |a: f64, b: f64| 0.5 * (a + b);
    Point {
        prices: a
            .prices
            .iter()
            .zip(&b.prices)
            .map(|(a, b)| a.iter().zip(b).map(|(&a, &b)| mid(a, b)).collect())
            .collect(),
        network: mid(a.network, b.network),
        latency: mid(a.latency, b.latency),
        paid: mid(a.paid, b.paid),
        value: mid(a.value, b.value),
    }
}
