//! The quorums: votes and thresholds, expressions, a named shape, or the members of a Raft cluster.

use tribunal_checker::quorum::{Builder, Formula, QuorumError, QuorumSystem, Replica, Rules, Shape};

use super::nodes::Nodes;
use super::{Fields, Value, rules};

const FIELDS: &[&str] = &[
    "n",
    "votes",
    "r",
    "w",
    "reads",
    "writes",
    "fast",
    "shape",
    "rows",
    "columns",
    "cols",
    "faults",
    "order",
    "branching",
    "depth",
    "widths",
];
const FORMS: &str = "r and w, reads (and writes), or shape";

pub(super) fn decode(top: &Fields<'_>, nodes: Nodes) -> Result<(QuorumSystem, Rules), QuorumError> {
    let empty = Value::table();
    let quorum = Fields::of("quorum", top.get("quorum").unwrap_or(&empty))?.only(FIELDS)?;
    let rule_fields = Fields::of("rules", top.get("rules").unwrap_or(&empty))?;
    let forms = ["r", "reads", "shape"]
        .map(|key| quorum.get(key).is_some() || key == "r" && quorum.get("w").is_some());
    let system = match forms {
        [true, false, false] => voting(&quorum, nodes)?,
        [false, true, false] => expressions(&quorum, nodes)?,
        [false, false, true] => shape(&quorum, nodes)?.1,
        [false, false, false] => match members(&rule_fields, &nodes)? {
            Some(system) => system,
            None => {
                return Err(QuorumError::new("quorum", "no quorums are described", format!("write {FORMS}")));
            }
        },
        _ => return Err(QuorumError::new("quorum", "more than one form", format!("keep one: {FORMS}"))),
    };
    let system = with_fail_p(top, system)?;
    if let (true, Some(_)) = (forms[0] || forms[2], quorum.get("writes")) {
        return Err(QuorumError::new(
            "quorum.writes",
            "expressions go with reads",
            format!("keep one: {FORMS}"),
        ));
    }
    let fast = match quorum.get("fast") {
        None => None,
        Some(Value::Text(text)) => Some(
            QuorumSystem::from_expressions(Some(system.replicas().to_vec()), text, None)
                .map_err(|error| QuorumError { field: "quorum.fast".to_owned(), ..error })?
                .reads()
                .clone(),
        ),
        Some(_) => Some(threshold(&system, quorum.require("fast", quorum.whole("fast")?, "a number")?)?),
    };
    let rules = rules::decode(&rule_fields, &system, fast.as_ref())?;
    Ok((system, rules))
}

/// `fail_p` of all replicas that have none of their own, also where the quorums declare the replicas.
fn with_fail_p(top: &Fields<'_>, mut system: QuorumSystem) -> Result<QuorumSystem, QuorumError> {
    if let Some(p) = top.probability("fail_p")? {
        system.replicas_mut().iter_mut().for_each(|replica| replica.fail_p = replica.fail_p.or(Some(p)));
    }
    Ok(system)
}

fn voting(quorum: &Fields<'_>, nodes: Nodes) -> Result<QuorumSystem, QuorumError> {
    let r = quorum.require("r", quorum.whole("r")?, "the votes of a read quorum")?;
    let w = quorum.require("w", quorum.whole("w")?, "the votes of a write quorum")?;
    let replicas = nodes.replicas.ok_or_else(|| {
        QuorumError::new("nodes", "the replicas are not declared", "write n, nodes, or quorum.votes")
    })?;
    QuorumSystem::from_votes(replicas, &nodes.votes, r, w)
}

fn expressions(quorum: &Fields<'_>, nodes: Nodes) -> Result<QuorumSystem, QuorumError> {
    let reads = quorum.require("reads", quorum.text("reads")?, "an expression")?;
    QuorumSystem::from_expressions(nodes.replicas, reads, quorum.text("writes")?)
}

/// The threshold of as many votes as the system's voting counts, or replicas.
fn threshold(system: &QuorumSystem, need: u64) -> Result<Formula, QuorumError> {
    let mut builder = Builder::new();
    let votes = system.voting().map(|voting| voting.votes().to_vec());
    let inputs: Vec<_> = (0..system.replicas().len())
        .map(|i| (builder.replica(i), votes.as_ref().map_or(1, |votes| votes[i])))
        .collect();
    let root = builder.threshold(need, &inputs)?;
    Ok(builder.finish(root))
}

/// A shape by its name and sizes.
fn shape(quorum: &Fields<'_>, nodes: Nodes) -> Result<(Shape, QuorumSystem), QuorumError> {
    let name = quorum.require("shape", quorum.text("shape")?, "the name of a shape")?;
    let size = |key: &str| -> Result<usize, QuorumError> {
        quorum.require(key, quorum.count(key)?, &format!("the {key} of the {name}"))
    };
    let columns = || match quorum.count("cols")? {
        Some(_) if quorum.get("columns").is_some() => {
            Err(QuorumError::new("quorum.cols", "the columns stand twice", "keep cols or columns"))
        }
        Some(columns) => Ok(columns),
        None => size("columns"),
    };
    let declared = nodes.replicas.as_ref().map(Vec::len);
    let n = || declared.ok_or_else(|| QuorumError::new("n", format!("{name} takes n"), "write n or nodes"));
    let shape = match name {
        "rowa" | "read-one-write-all" => Shape::Rowa { n: n()? },
        "majority" => Shape::Majority { n: n()? },
        "tree" => Shape::Tree { n: n()? },
        "wheel" => Shape::Wheel { n: n()? },
        "grid" => Shape::Grid { rows: size("rows")?, columns: columns()? },
        "cheung-grid" => Shape::CheungGrid { rows: size("rows")?, columns: columns()? },
        "maekawa-grid" => Shape::MaekawaGrid { rows: size("rows")?, columns: columns()? },
        "masking-grid" => Shape::MaskingGrid {
            rows: size("rows")?,
            columns: columns()?,
            faults: quorum.count("faults")?.unwrap_or(1),
        },
        "plane" => Shape::Plane { order: size("order")? },
        "paths" => Shape::Paths { order: size("order")? },
        "hierarchy" => Shape::Hierarchy {
            branching: size("branching")?,
            depth: u32::try_from(size("depth")?).map_err(|_| quorum.wrong("depth", "a small number"))?,
        },
        "wall" => {
            let widths =
                quorum.require("widths", quorum.wholes("widths")?, "the widths from the top, [1, 2, 3]")?;
            let widths =
                widths.into_iter().map(|width| usize::try_from(width).unwrap_or(usize::MAX)).collect();
            Shape::Wall { widths }
        }
        _ => {
            let expected = "rowa, majority, grid, cheung-grid, maekawa-grid, masking-grid, plane, paths, tree, hierarchy, \
                            wall or wheel";
            return Err(quorum.wrong("shape", expected));
        }
    };
    let system = shape.system(nodes.replicas)?;
    Ok((shape, system))
}

/// A Raft cluster: reads are the majority of the old members, writes that of the new ones.
fn members(rules: &Fields<'_>, nodes: &Nodes) -> Result<Option<QuorumSystem>, QuorumError> {
    let (Some(old), Some(new)) = (rules.texts("old")?, rules.texts("new")?) else { return Ok(None) };
    let replicas = nodes.replicas.clone().unwrap_or_else(|| {
        let mut names: Vec<&str> = Vec::new();
        for name in old.iter().chain(&new) {
            if !names.contains(name) {
                names.push(name);
            }
        }
        names.into_iter().map(Replica::new).collect()
    });
    let majority = |field: &str, members: &[&str]| {
        let mut builder = Builder::new();
        let mut inputs = Vec::new();
        for name in members {
            let number = replicas.iter().position(|replica| replica.name == *name).ok_or_else(|| {
                QuorumError::new(field, format!("no replica is called {name:?}"), "declare it under nodes")
            })?;
            let leaf = builder.replica(number);
            if inputs.contains(&leaf) {
                return Err(QuorumError::new(
                    field,
                    format!("{name:?} stands twice"),
                    "name each member once",
                ));
            }
            inputs.push(leaf);
        }
        if inputs.is_empty() {
            return Err(QuorumError::new(field, "no members", "name at least one"));
        }
        let root = builder.majority(&inputs)?;
        Ok(builder.finish(root))
    };
    let (reads, writes) = (majority("rules.old", &old)?, majority("rules.new", &new)?);
    QuorumSystem::new(replicas, reads, writes).map(Some)
}
