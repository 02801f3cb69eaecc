//! The load of read-once systems as one small linear program.
//!
//! **Problem.** Cutting planes need many rounds for large systems of unequal capacities, such as a majority of 101.
//!
//! **Algorithm.** Where each side's formula is a tree of counting gates over distinct replicas, only *how often* each gate is
//! used matters: a gate that is used with frequency p and chooses k of its inputs uses them with frequencies that sum
//! to k·p, none above p. The load is linear in the replicas' frequencies. The dual program gives the prices.
//! A strategy follows by McNaughton's wrap-around rule (1959): the gate's time is k parallel tracks, its inputs are laid
//! along them one after another, and one that reaches the end of a track goes on at the start of the next.
//!
//! **Why it is correct.** Frequencies of this kind are the convex hull of the choices (a hypersimplex for each gate, and
//! replicas of different inputs are distinct, so choices combine). Wrapping never gives an input two tracks at one time,
//! because its frequency is at most p; at each instant exactly k inputs are in use, so each instant is a quorum.
//!
//! **Complexity.** Two linear programs of as many variables as the formulas have edges; a strategy of O(n) quorums.

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, microlp, variable};

use super::family::{Column, Side, Task};
use super::prices::Columns;
use super::strategy::Mixture;
use crate::quorum::error::{Limits, Stopped};
use crate::quorum::formula::{Formula, Gate, GateId};
use crate::quorum::set::ReplicaSet;

/// Intervals of time shorter than this are rounding.
const INSTANT: f64 = 1e-12;

/// The sets, their probabilities and the prices; `None` where the systems are not read-once.
pub(super) fn solve(task: &Task<'_>, limits: &Limits) -> Option<Result<(Columns, Mixture), Stopped>> {
    let trees = [Tree::of(&task.sides[0])?, Tree::of(&task.sides[1])?];
    Some(solve_trees(task, &trees, limits))
}

fn solve_trees(
    task: &Task<'_>,
    trees: &[Tree<'_>; 2],
    limits: &Limits,
) -> Result<(Columns, Mixture), Stopped> {
    let frequencies = frequencies(task, trees, limits)?;
    let mut columns = Columns { sides: [Vec::new(), Vec::new()], prices: prices(task, trees, limits)? };
    let mut mixture = Mixture { sides: [Vec::new(), Vec::new()] };
    for (side, tree) in trees.iter().enumerate() {
        for (members, probability) in tree.schedule(&frequencies[side]) {
            columns.sides[side].push(Column { members, latency: 0.0 });
            mixture.sides[side].push(probability);
        }
        let sum: f64 = mixture.sides[side].iter().sum();
        mixture.sides[side].iter_mut().for_each(|p| *p /= sum);
    }
    Ok((columns, mixture))
}

/// A formula each of whose gates and replicas is used once, all inputs of a gate counting alike.
struct Tree<'a> {
    formula: &'a Formula,
}

/// A gate as `k` of its inputs.
fn counting(formula: &Formula, gate: GateId) -> Option<(usize, Vec<GateId>)> {
    match &formula.gates[gate.0 as usize] {
        Gate::Replica(_) => None,
        Gate::Threshold { need, inputs } => {
            let each = inputs.first()?.1;
            let k = usize::try_from(need.div_ceil(each)).ok()?;
            Some((k, inputs.iter().map(|(input, _)| *input).collect()))
        }
    }
}

impl<'a> Tree<'a> {
    fn of(side: &'a Side) -> Option<Self> {
        let formula = &side.formula;
        let mut used = vec![false; formula.gates.len()];
        for gate in &formula.gates {
            let Gate::Threshold { inputs, .. } = gate else { continue };
            let each = inputs.first()?.1;
            for (input, weight) in inputs {
                if *weight != each || std::mem::replace(&mut used[input.0 as usize], true) {
                    return None;
                }
            }
        }
        Some(Self { formula })
    }

    /// Variables for the frequency of every gate, with the rules between them.
    fn frequency_rules(
        &self,
        problem: &mut ProblemVariables,
        rules: &mut Vec<Rule>,
    ) -> Vec<Option<Variable>> {
        let mut frequency: Vec<Option<Variable>> = vec![None; self.formula.gates.len()];
        let root = problem.add(variable().min(1.0).max(1.0));
        frequency[self.formula.root.0 as usize] = Some(root);
        for gate in (0..self.formula.gates.len()).rev() {
            let Some(own) = frequency[gate] else { continue };
            let Some((k, inputs)) = counting(self.formula, GateId(gate as u32)) else { continue };
            if k == inputs.len() {
                inputs.iter().for_each(|input| frequency[input.0 as usize] = Some(own));
                continue;
            }
            let mut sum = Expression::with_capacity(inputs.len() + 1);
            sum.add_mul(-(k as f64), own);
            for input in inputs {
                let one = problem.add(variable().min(0.0).max(1.0));
                frequency[input.0 as usize] = Some(one);
                sum.add_mul(1.0, one);
                // An alternative's frequency is at most its gate's already by the sum.
                if k > 1 && own != root {
                    rules.push(Rule::AtMostZero(one - own));
                }
            }
            rules.push(Rule::Zero(sum));
        }
        frequency
    }

    /// The lightest quorum's price as a linear expression, with the rules that make it so.
    fn price_rules(
        &self,
        leaf: &dyn Fn(usize) -> Expression,
        problem: &mut ProblemVariables,
        rules: &mut Vec<Rule>,
    ) -> Expression {
        let mut value: Vec<Expression> = Vec::with_capacity(self.formula.gates.len());
        for (at, gate) in self.formula.gates.iter().enumerate() {
            let own = match (gate, counting(self.formula, GateId(at as u32))) {
                (Gate::Replica(replica), _) => leaf(*replica as usize),
                (_, None) => Expression::default(),
                (_, Some((k, inputs))) if k == inputs.len() => {
                    inputs.iter().map(|input| std::mem::take(&mut value[input.0 as usize])).sum()
                }
                // The k lightest of the inputs weigh k·t minus what the lighter ones fall short of t, at best.
                (_, Some((k, inputs))) => {
                    let level = problem.add(variable().min(0.0));
                    let mut sum = Expression::with_capacity(inputs.len() + 1);
                    sum.add_mul(k as f64, level);
                    for input in inputs {
                        let mut rule = level - std::mem::take(&mut value[input.0 as usize]);
                        if k > 1 {
                            let short = problem.add(variable().min(0.0));
                            sum.add_mul(-1.0, short);
                            rule.add_mul(-1.0, short);
                        }
                        rules.push(Rule::AtMostZero(rule));
                    }
                    sum
                }
            };
            value.push(own);
        }
        std::mem::take(&mut value[self.formula.root.0 as usize])
    }

    /// Quorums and the time for which each is used, by the wrap-around rule.
    fn schedule(&self, frequency: &[f64]) -> Vec<(ReplicaSet, f64)> {
        let mut times: Vec<Vec<(f64, f64)>> = vec![Vec::new(); self.formula.gates.len()];
        times[self.formula.root.0 as usize] = vec![(0.0, 1.0)];
        let mut leaves: Vec<(usize, Vec<(f64, f64)>)> = Vec::new();
        for gate in (0..self.formula.gates.len()).rev() {
            let own = std::mem::take(&mut times[gate]);
            match (&self.formula.gates[gate], counting(self.formula, GateId(gate as u32))) {
                (Gate::Replica(replica), _) => leaves.push((*replica as usize, own)),
                (_, None) => {}
                (_, Some((k, inputs))) if k == inputs.len() => {
                    inputs.iter().for_each(|input| times[input.0 as usize].clone_from(&own));
                }
                (_, Some((k, inputs))) => {
                    let wanted: Vec<f64> = inputs.iter().map(|input| frequency[input.0 as usize]).collect();
                    for (input, own) in inputs.iter().zip(wrapped(&own, &wanted, k)) {
                        times[input.0 as usize] = own;
                    }
                }
            }
        }
        self.instants(&leaves)
    }

    /// The set in use at each instant.
    fn instants(&self, leaves: &[(usize, Vec<(f64, f64)>)]) -> Vec<(ReplicaSet, f64)> {
        let mut cuts: Vec<f64> =
            leaves.iter().flat_map(|(_, own)| own).flat_map(|&(from, to)| [from, to]).collect();
        cuts.sort_by(f64::total_cmp);
        let mut schedule: Vec<(ReplicaSet, f64)> = Vec::new();
        for pair in cuts.windows(2).filter(|pair| pair[1] - pair[0] > INSTANT) {
            let middle = 0.5 * (pair[0] + pair[1]);
            let in_use = |own: &[(f64, f64)]| own.iter().any(|&(from, to)| from <= middle && middle < to);
            let members: ReplicaSet =
                leaves.iter().filter(|(_, own)| in_use(own)).map(|(replica, _)| *replica).collect();
            // Rounding may leave an instant short of a quorum; it is then given to no one.
            if !self.formula.is_quorum(&members) {
                continue;
            }
            match schedule.iter_mut().find(|(known, _)| *known == members) {
                Some((_, time)) => *time += pair[1] - pair[0],
                None => schedule.push((members, pair[1] - pair[0])),
            }
        }
        schedule
    }
}

/// Lays the wanted times along `k` tracks of the given time, scaled to fill them exactly.
fn wrapped(time: &[(f64, f64)], wanted: &[f64], k: usize) -> Vec<Vec<(f64, f64)>> {
    let length: f64 = time.iter().map(|(from, to)| to - from).sum();
    let total: f64 = wanted.iter().map(|own| own.max(0.0)).sum();
    if length <= INSTANT || total <= 0.0 {
        return vec![Vec::new(); wanted.len()];
    }
    let scale = k as f64 * length / total;
    let mut at = 0.0;
    wanted
        .iter()
        .map(|own| {
            let from = at;
            at += (own.max(0.0) * scale).min(length);
            let track = (from / length + 1e-13).floor();
            let (start, end) = (from - track * length, at - track * length);
            let mut own = cut(time, start, end.min(length));
            if end > length {
                own.extend(cut(time, 0.0, end - length));
            }
            own
        })
        .collect()
}

/// The part of the time between two moments of its own clock.
fn cut(time: &[(f64, f64)], start: f64, end: f64) -> Vec<(f64, f64)> {
    let mut clock = 0.0;
    let mut parts = Vec::new();
    for &(from, to) in time {
        let (low, high) = ((start - clock).max(0.0), (end - clock).min(to - from));
        if high - low > INSTANT {
            parts.push((from + low, from + high));
        }
        clock += to - from;
    }
    parts
}

enum Rule {
    Zero(Expression),
    AtMostZero(Expression),
}

fn add_rules(model: &mut impl SolverModel, rules: Vec<Rule>) {
    for rule in rules {
        model.add_constraint(match rule {
            Rule::Zero(sum) => sum.eq(0.0),
            Rule::AtMostZero(sum) => sum.leq(0.0),
        });
    }
}

/// How often each gate is used in a strategy of least load, by side.
fn frequencies(task: &Task<'_>, trees: &[Tree<'_>; 2], limits: &Limits) -> Result<[Vec<f64>; 2], Stopped> {
    let mut problem = ProblemVariables::new();
    let mut rules = Vec::new();
    let used = [0, 1].map(|side| trees[side].frequency_rules(&mut problem, &mut rules));
    let mut objective = Expression::default();
    let mut loads: Vec<Expression> = Vec::new();
    for &(fraction, weight) in &task.fractions {
        let peak = problem.add(variable().min(0.0));
        objective.add_mul(weight, peak);
        let mut own: Vec<Expression> = task.replicas.iter().map(|_| -1.0 * peak).collect();
        for (side, tree) in trees.iter().enumerate() {
            let share = task.share(side, fraction);
            for (gate, used) in tree.formula.gates.iter().zip(&used[side]) {
                if let (Gate::Replica(replica), Some(used)) = (gate, used) {
                    let replica = *replica as usize;
                    own[replica].add_mul(share * task.sides[side].cost[replica], *used);
                }
            }
        }
        loads.extend(own);
    }
    let mut model = problem.minimise(objective).using(microlp);
    add_rules(&mut model, rules);
    for load in loads {
        model.add_constraint(load.leq(0.0));
    }
    let solution = super::solved(model, limits)?;
    Ok(used.map(|used| used.iter().map(|used| used.map_or(0.0, |used| solution.value(used))).collect()))
}

/// Prices that prove the least load, by read fraction and replica.
fn prices(task: &Task<'_>, trees: &[Tree<'_>; 2], limits: &Limits) -> Result<Vec<Vec<f64>>, Stopped> {
    let mut problem = ProblemVariables::new();
    let price: Vec<Vec<Variable>> = task
        .fractions
        .iter()
        .map(|_| task.replicas.iter().map(|_| problem.add(variable().min(0.0))).collect())
        .collect();
    let mut rules = Vec::new();
    let mut objective = Expression::default();
    for (side, tree) in trees.iter().enumerate() {
        let leaf = |replica: usize| {
            let mut own = Expression::with_capacity(price.len());
            for (prices, &(fraction, _)) in price.iter().zip(&task.fractions) {
                let share = task.share(side, fraction);
                own.add_mul(share * task.sides[side].cost[replica], prices[replica]);
            }
            own
        };
        objective += tree.price_rules(&leaf, &mut problem, &mut rules);
    }
    let mut model = problem.maximise(objective).using(microlp);
    add_rules(&mut model, rules);
    for (own, &(_, weight)) in price.iter().zip(&task.fractions) {
        let mut sum = Expression::with_capacity(own.len());
        own.iter().for_each(|&price| sum.add_mul(1.0, price));
        model.add_constraint(sum.leq(weight));
    }
    let solution = super::solved(model, limits)?;
    Ok(price.iter().map(|own| own.iter().map(|&price| solution.value(price)).collect()).collect())
}
