//! The result as one JSON object; docs/quorum.md has its schema.

use serde_json::{Map, Value, json};
use tribunal_checker::quorum::{
    Amount, Check, Choice, LoadBounds, NoStrategy, QuorumSystem, ReplicaSet, Resilience, Stopped, Strategy,
    Tolerance, Witness, zones,
};

use super::{Listing, Outcome, Stale};

/// The object and a line end.
pub(crate) fn render(outcome: &Outcome) -> String {
    let system = &outcome.system;
    let mut object = json!({
        "tribunal": 1,
        "verdict": outcome.judgement.verdict.to_string(),
        "replicas": system.replicas().iter().map(|replica| replica.name.as_str()).collect::<Vec<_>>(),
        "checks": outcome.judgement.checks.iter().map(|check| one_check(system, check)).collect::<Vec<_>>(),
        "metrics": metrics(outcome),
        "requirements": outcome.requirements.iter().map(|requirement| json!({
            "name": requirement.name,
            "wanted": requirement.wanted,
            "found": requirement.found,
            "met": requirement.met,
            "reason": requirement.reason,
        })).collect::<Vec<_>>(),
        "what_if": outcome.what_ifs.iter().map(|row| json!({
            "change": row.change,
            "verdict": row.verdict.to_string(),
            "read_resilience": row.read_resilience,
            "write_resilience": row.write_resilience,
        })).collect::<Vec<_>>(),
    });
    if !outcome.down.is_empty() {
        object["down"] = json!(system.names(&outcome.down));
    }
    for (key, listing) in ["read_quorums", "write_quorums"].into_iter().zip(&outcome.listings) {
        if let Some(listing) = listing {
            object[key] = quorums(system, listing);
        }
    }
    if let Some(product) = &outcome.product {
        object["product"] = json!(product.name);
        object["statements"] = json!(product.statements);
        object["pairs"] = product
            .pairs
            .iter()
            .map(|pair| {
                json!({
                    "write": pair.write.to_string(),
                    "read": pair.read.to_string(),
                    "safe": pair.safe.ok(),
                })
            })
            .collect();
    }
    if let Some(stale) = &outcome.staleness {
        object["staleness"] = staleness(stale);
    }
    format!("{object}\n")
}

fn amount(amount: Amount) -> Value {
    // Whole amounts are at most a few times 2^53.
    match amount.as_whole().and_then(|whole| i64::try_from(whole).ok()) {
        Some(whole) => json!(whole),
        None => json!(amount.as_f64()),
    }
}

fn one_check(system: &QuorumSystem, check: &Check) -> Value {
    let mut object = json!({
        "id": check.id,
        "rule": check.rule,
        "formula": check.inequality.as_ref().map(|inequality| inequality.formula.as_str()),
        "lhs": check.inequality.as_ref().map(|inequality| amount(inequality.lhs)),
        "rhs": check.inequality.as_ref().map(|inequality| amount(inequality.rhs)),
        "holds": check.inequality.as_ref().map(|inequality| inequality.holds).or(check.exact.ok()),
        "exact": check.exact.ok(),
        "prevents": check.prevents,
        "fix": check.fix,
    });
    if let Err(stopped) = check.exact {
        object["reason"] = reason(stopped);
    }
    if let Some(witness) = &check.witness {
        object["witness"] = one_witness(system, witness);
        object["witness_smallest"] = json!(witness.smallest);
    }
    if let Some(note) = &check.note {
        object["note"] = json!(note);
    }
    object
}

/// Role to names; what the quorums share, where that is more than nothing.
fn one_witness(system: &QuorumSystem, witness: &Witness) -> Value {
    let mut object = Map::new();
    for quorum in &witness.quorums {
        let mut names = system.names(&quorum.members);
        names.extend((1..=quorum.stand_ins).map(|i| format!("stand-in {i}")));
        object.insert(quorum.role.replace(' ', "_"), json!(names));
    }
    if !witness.common.is_empty() && witness.quorums.len() > 1 {
        object.insert("common".to_owned(), json!(system.names(&witness.common)));
    }
    Value::Object(object)
}

fn reason(stopped: Stopped) -> Value {
    json!(match stopped {
        Stopped::Timeout => "timeout",
        Stopped::TooLarge => "too large",
        Stopped::Solver => "solver",
    })
}

fn metrics(outcome: &Outcome) -> Value {
    let mut object = Map::new();
    let measures = &outcome.measures;
    for (side, tolerance) in [("read", &measures.reads), ("write", &measures.writes)] {
        one_tolerance(&mut object, outcome, side, tolerance);
    }
    object.insert("nondominated".to_owned(), json!(measures.nondominated.ok()));
    for (side, own) in ["read", "write"].into_iter().zip(&measures.influence) {
        let names = |set: &ReplicaSet| outcome.system.names(set);
        object.insert(format!("{side}_dictators"), json!(names(&own.dictators)));
        object.insert(format!("{side}_dummies"), json!(own.dummies.as_ref().ok().map(names)));
    }
    if let Some(fewest) = &measures.effective_votes {
        let own = fewest.as_ref().ok();
        let value = own.map(|own| json!({"votes": own.votes, "r": own.r, "w": own.w}));
        object.insert("effective_votes".to_owned(), json!(value));
    }
    match &measures.strategy {
        None => {}
        Some(Ok(strategy)) => {
            object.insert("load".to_owned(), load(strategy));
            object.insert("strategy".to_owned(), one_strategy(&outcome.system, strategy));
        }
        Some(Err(why)) => {
            let reason = match why {
                NoStrategy::Stopped(stopped) => reason(*stopped),
                NoStrategy::Infeasible(_) | NoStrategy::Invalid(_) => json!(why.to_string()),
            };
            object.insert("load".to_owned(), json!({"value": null, "certified": false, "reason": reason}));
        }
    }
    Value::Object(object)
}

fn one_tolerance(object: &mut Map<String, Value>, outcome: &Outcome, side: &str, tolerance: &Tolerance) {
    let system = &outcome.system;
    let survives = |found: &Result<Resilience, Stopped>| {
        found.as_ref().ok().filter(|found| found.blocking.is_some()).map(|found| found.survives)
    };
    object.insert(format!("{side}_resilience"), json!(survives(&tolerance.resilience)));
    let blocking = tolerance.resilience.as_ref().ok().map(|found| found.blocking.clone().unwrap_or_default());
    object.insert(format!("{side}_blocking"), json!(blocking.map(|blocking| system.names(&blocking))));
    if let Some(found) = &tolerance.zones {
        let names = zones(system);
        let blocking = found.as_ref().ok().and_then(|found| found.blocking.as_ref());
        let blocking = blocking.map(|set| set.iter().map(|zone| names[zone].0.clone()).collect::<Vec<_>>());
        object.insert(format!("{side}_zones"), json!(survives(found)));
        object.insert(format!("{side}_blocking_zones"), json!(blocking));
    }
    if let Some(blocked) = &tolerance.blocked {
        let blocked = blocked.as_ref().ok();
        object.insert(format!("{side}_availability"), json!(blocked.map(|blocked| 1.0 - blocked)));
        object.insert(format!("{side}_blocked"), json!(blocked));
    }
}

fn load(strategy: &Strategy) -> Value {
    let mut object = json!({
        "value": strategy.load,
        "exact": strategy.bounds.as_ref().and_then(LoadBounds::exact).map(ToString::to_string),
        "certified": strategy.bounds.as_ref().is_some_and(LoadBounds::certified),
        "by_read_fraction": strategy.loads.iter().map(|(fraction, load)| {
            json!({"read_fraction": fraction, "load": load, "capacity": 1.0 / load})
        }).collect::<Vec<_>>(),
        "peak_capacity": strategy.peak_capacity,
        "expected_capacity": strategy.expected_capacity,
    });
    if let Some(bounds) = strategy.bounds.as_ref().filter(|bounds| bounds.exact().is_none()) {
        object["bounds"] = json!({"lower": decimal(bounds, false), "upper": decimal(bounds, true)});
    }
    object
}

/// A bound as a float, good enough to read; the exact ones are compared before.
fn decimal(bounds: &LoadBounds, upper: bool) -> f64 {
    tribunal_checker::quorum::nearest(if upper { &bounds.upper } else { &bounds.lower })
}

fn one_strategy(system: &QuorumSystem, strategy: &Strategy) -> Value {
    let choices = |choices: &[Choice]| -> Vec<Value> {
        choices
            .iter()
            .map(|choice| {
                let mut object =
                    json!({"probability": choice.probability, "replicas": system.names(&choice.members)});
                if let Some(latency) = choice.latency_ms {
                    object["latency_ms"] = json!(latency);
                }
                object
            })
            .collect()
    };
    let loads: Map<String, Value> = system
        .replicas()
        .iter()
        .zip(&strategy.replica_loads)
        .map(|(replica, load)| (replica.name.clone(), json!(load)))
        .collect();
    json!({
        "reads": choices(&strategy.reads),
        "writes": choices(&strategy.writes),
        "network": strategy.network,
        "latency_ms": strategy.latency_ms,
        "replica_loads": loads,
    })
}

fn quorums(system: &QuorumSystem, listing: &Result<Listing, Stopped>) -> Value {
    match listing {
        Err(stopped) => json!({"minimal": null, "all": false, "reason": reason(*stopped)}),
        Ok(Listing { quorums, all }) => {
            let names: Vec<Vec<String>> = quorums.iter().map(|set: &ReplicaSet| system.names(set)).collect();
            json!({"minimal": names, "all": all})
        }
    }
}

fn staleness(stale: &Stale) -> Value {
    let mut object = json!({
        "k_stale": stale.versions.iter().map(|(k, p)| json!({"versions": k, "probability": p})).collect::<Vec<_>>(),
    });
    if let Some(p) = stale.non_monotonic {
        object["non_monotonic"] = json!(p);
    }
    match &stale.visibility {
        None => {}
        Some(Err(stopped)) => object["visibility"] = json!({"reason": reason(*stopped)}),
        Some(Ok(visibility)) => {
            let fresh =
                visibility.fresh.iter().map(|(ms, p)| json!({"ms": ms, "fresh": p})).collect::<Vec<_>>();
            let (probability, ms) = visibility.nearly_sure;
            object["visibility"] = json!({
                "trials": visibility.trials,
                "seed": visibility.seed,
                "times": fresh,
                "fresh_after": {"probability": probability, "ms": ms},
            });
        }
    }
    object
}
