//! The strategy over the collected sets: one last linear program, and the report of what it gives.

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, microlp, variable};

use super::family::Task;
use super::prices::{Aim, Columns};
use super::{Choice, LoadBounds, Strategy};
use crate::quorum::error::{Limits, Stopped};

/// Probabilities smaller than this are rounding.
const NEGLIGIBLE: f64 = 1e-9;

/// The probability of each collected set, by side.
pub(super) struct Mixture {
    pub(super) sides: [Vec<f64>; 2],
}

/// Minimises the objective over mixtures of the collected sets.
pub(super) fn mix(task: &Task<'_>, columns: &Columns, limits: &Limits) -> Result<Mixture, Stopped> {
    let aim = Aim::of(task.workload.objective);
    let mut problem = ProblemVariables::new();
    let probability: [Vec<Variable>; 2] =
        [0, 1].map(|side| columns.sides[side].iter().map(|_| problem.add(variable().min(0.0))).collect());
    let peak: Vec<Variable> = task.fractions.iter().map(|_| problem.add(variable().min(0.0))).collect();
    let [mut network, mut latency, mut objective] = [(); 3].map(|()| Expression::default());
    for (side, own) in probability.iter().enumerate() {
        let share = task.mean_share(side);
        for (column, &p) in columns.sides[side].iter().zip(own) {
            network.add_mul(share * column.members.len() as f64, p);
            latency.add_mul(share * column.latency, p);
        }
    }
    for (&peak, &(_, weight)) in peak.iter().zip(&task.fractions) {
        objective.add_mul(aim.load * weight, peak);
    }
    objective += aim.network * network.clone() + aim.latency * latency.clone();
    let mut model = problem.minimise(objective).using(microlp);
    for own in &probability {
        let mut sum = Expression::with_capacity(own.len());
        for &p in own {
            sum.add_mul(1.0, p);
        }
        model.add_constraint(sum.eq(1.0));
    }
    for (&peak, &(fraction, _)) in peak.iter().zip(&task.fractions) {
        let mut loads: Vec<Expression> = task.replicas.iter().map(|_| -1.0 * peak).collect();
        for (side, own) in probability.iter().enumerate() {
            let share = task.share(side, fraction);
            for (column, &p) in columns.sides[side].iter().zip(own) {
                for replica in column.members.iter().filter(|_| share > 0.0) {
                    loads[replica].add_mul(share * task.sides[side].cost[replica], p);
                }
            }
        }
        for load in loads {
            model.add_constraint(load.leq(0.0));
        }
        if let Some(limit) = task.workload.load_limit {
            model.add_constraint(Expression::from(peak).leq(loosened(limit * task.scale)));
        }
    }
    if let Some(limit) = task.workload.network_limit {
        model.add_constraint(network.leq(loosened(limit)));
    }
    if let Some(limit) = task.workload.latency_limit {
        model.add_constraint(latency.leq(loosened(limit)));
    }
    let solution = super::solved(model, limits)?;
    Ok(Mixture {
        sides: probability.map(|own| {
            let mut values: Vec<f64> = own
                .iter()
                .map(|&p| Some(solution.value(p)).filter(|p| *p > NEGLIGIBLE).unwrap_or(0.0))
                .collect();
            let sum: f64 = values.iter().sum();
            values.iter_mut().for_each(|p| *p /= sum);
            values
        }),
    })
}

/// A limit that was met up to rounding is met.
fn loosened(limit: f64) -> f64 {
    limit + 1e-7 * limit.abs().max(1e-3)
}

/// What a mixture costs.
pub(super) fn report(
    task: &Task<'_>,
    columns: &Columns,
    mixture: &Mixture,
    bounds: Option<LoadBounds>,
) -> Strategy {
    let n = task.replicas.len();
    // How often each replica is in a chosen set, over its capacity.
    let used = [0, 1].map(|side| {
        let mut used = vec![0.0; n];
        for (column, p) in columns.sides[side].iter().zip(&mixture.sides[side]) {
            for replica in column.members.iter() {
                used[replica] += p / task.sides[side].capacity[replica];
            }
        }
        used
    });
    let replica_load = |fraction: f64, i: usize| fraction * used[0][i] + (1.0 - fraction) * used[1][i];
    let loads: Vec<(f64, f64)> = task
        .fractions
        .iter()
        .map(|&(fraction, _)| (fraction, (0..n).map(|i| replica_load(fraction, i)).fold(0.0, f64::max)))
        .collect();
    let mean = |of: &dyn Fn(f64) -> f64| {
        task.fractions.iter().zip(&loads).map(|(&(_, weight), &(_, load))| weight * of(load)).sum::<f64>()
    };
    let choices: [Vec<Choice>; 2] = [0, 1].map(|side| {
        let chosen = columns.sides[side].iter().zip(&mixture.sides[side]).filter(|(_, p)| **p > 0.0);
        let mut choices: Vec<Choice> = chosen
            .map(|(column, &probability)| Choice {
                members: column.members.clone(),
                probability,
                latency_ms: task.sides[side].latency_of(&column.members, task.replicas),
            })
            .collect();
        choices
            .sort_by(|a, b| b.probability.total_cmp(&a.probability).then_with(|| a.members.cmp(&b.members)));
        choices
    });
    let average = |of: &dyn Fn(&Choice) -> Option<f64>| {
        let side = |side: usize| {
            let sum = choices[side]
                .iter()
                .map(|choice| Some(choice.probability * of(choice)?))
                .sum::<Option<f64>>();
            Some(task.mean_share(side) * sum?)
        };
        Some(side(0)? + side(1)?)
    };
    let network = average(&|choice| Some(choice.members.len() as f64)).unwrap_or(0.0);
    let latency_ms = average(&|choice| choice.latency_ms);
    let mean_fraction = task.mean_share(0);
    let [reads, writes] = choices;
    // The float is rounded; where the load is known exactly, that is what it is.
    let exact = bounds.as_ref().and_then(LoadBounds::exact).map(super::nearest);
    Strategy {
        load: exact.unwrap_or_else(|| mean(&|load| load)),
        peak_capacity: loads.iter().map(|(_, load)| 1.0 / load).fold(f64::INFINITY, f64::min),
        expected_capacity: mean(&|load| 1.0 / load),
        bounds,
        loads,
        network,
        latency_ms,
        replica_loads: (0..n).map(|i| replica_load(mean_fraction, i)).collect(),
        reads,
        writes,
    }
}
