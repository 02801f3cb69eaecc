//! Quorums drawn over their replicas: a column a replica, a row a quorum.

use tribunal_checker::quorum::{QuorumSystem, ReplicaSet, Witness};

/// Drawings wider than this become lists of names.
const WIDEST: usize = 100;

/// A counterexample: where the quorums lie, and what they have in common.
pub(super) fn witness(system: &QuorumSystem, witness: &Witness) -> Vec<String> {
    let roles: Vec<&str> = witness.quorums.iter().map(|quorum| quorum.role.as_str()).collect();
    let label = roles.iter().map(|role| role.chars().count()).max().unwrap_or(0);
    let names: Vec<&str> = system.replicas().iter().map(|replica| replica.name.as_str()).collect();
    let width = names.iter().map(|name| name.chars().count() + 2).sum::<usize>() + label;
    let mut lines = Vec::new();
    if width <= WIDEST {
        let heads: String = names.iter().map(|name| format!("  {name}")).collect();
        lines.push(format!("{:label$}{heads}", ""));
        for quorum in &witness.quorums {
            let cells = row(
                &names,
                &quorum.members,
                if witness.common.is_empty() { None } else { Some(&witness.common) },
            );
            lines.push(format!("{:label$}{cells}{}", quorum.role, stand_ins(quorum.stand_ins)));
        }
    } else {
        for quorum in &witness.quorums {
            let members = system.names(&quorum.members).join(" ");
            lines.push(format!("{:label$}  {members}{}", quorum.role, stand_ins(quorum.stand_ins)));
        }
    }
    if witness.quorums.len() > 1 {
        lines.push(format!("{:label$}  {}", "", common(system, witness)));
    }
    lines
}

fn row(names: &[&str], members: &ReplicaSet, common: Option<&ReplicaSet>) -> String {
    names
        .iter()
        .enumerate()
        .map(|(i, name)| {
            let mark = match (members.contains(i), common.is_some_and(|common| common.contains(i))) {
                (true, true) => '◆',
                (true, false) => '●',
                (false, _) => '·',
            };
            let width = name.chars().count();
            format!("  {mark}{:1$}", "", width.saturating_sub(1))
        })
        .collect()
}

fn stand_ins(number: usize) -> String {
    match number {
        0 => String::new(),
        1 => "  + 1 stand-in".to_owned(),
        n => format!("  + {n} stand-ins"),
    }
}

fn common(system: &QuorumSystem, witness: &Witness) -> String {
    match witness.common.len() {
        0 => "no replica in common".to_owned(),
        n => format!("only {n} in common: {}", system.names(&witness.common).join(" ")),
    }
}
