//! The workload, and what is required.

use tribunal_checker::quorum::{Objective, QuorumError, QuorumSystem, Replica, Requirements, Workload};

use super::{Fields, Value};

const WORKLOAD: &[&str] =
    &["read_fraction", "objective", "load_limit", "network_limit", "latency_limit", "resilient"];
const REQUIRE: &[&str] = &[
    "read_resilience",
    "write_resilience",
    "resilience",
    "read_zones",
    "write_zones",
    "read_availability",
    "write_availability",
    "max_load",
    "min_capacity",
    "max_latency_ms",
    "nondominated",
];

pub(super) fn workload(top: &Fields<'_>) -> Result<Option<Workload>, QuorumError> {
    let Some(fields) = top.table("workload")? else { return Ok(None) };
    let fields = fields.only(WORKLOAD)?;
    let workload = Workload {
        read_fractions: match fields.get("read_fraction") {
            Some(Value::Table(_)) => distribution(&fields)?,
            _ => vec![(fields.number("read_fraction")?.unwrap_or(0.5), 1.0)],
        },
        objective: match fields.text("objective")? {
            None | Some("load") => Objective::Load,
            Some("network") => Objective::Network,
            Some("latency") => Objective::Latency,
            Some(_) => return Err(fields.wrong("objective", "load, network or latency")),
        },
        load_limit: fields.number("load_limit")?,
        network_limit: fields.number("network_limit")?,
        latency_limit: fields.number("latency_limit")?,
        resilient: fields
            .whole("resilient")?
            .map_or(Ok(0), |f| u32::try_from(f).map_err(|_| fields.wrong("resilient", "a small number")))?,
    };
    workload.validate()?;
    Ok(Some(workload))
}

/// A table of fraction = weight.
fn distribution(fields: &Fields<'_>) -> Result<Vec<(f64, f64)>, QuorumError> {
    let Some(table) = fields.table("read_fraction")? else { return Ok(Vec::new()) };
    table
        .entries()
        .map(|(key, _)| {
            let fraction: f64 = key.parse().map_err(|_| {
                let problem = format!("{key:?} is no fraction");
                QuorumError::new(table.at(key), problem, "write a number between 0 and 1 as the field's name")
            })?;
            Ok((fraction, table.require(key, table.number(key)?, "a weight")?))
        })
        .collect()
}

/// What is required; a requirement that can never be measured, for want of a field, is an error.
pub(super) fn requirements(
    top: &Fields<'_>,
    system: Option<&QuorumSystem>,
) -> Result<Requirements, QuorumError> {
    let Some(fields) = top.table("require")? else { return Ok(Requirements::default()) };
    let fields = fields.only(REQUIRE)?;
    let fail_p = top.get("fail_p").is_some();
    let every =
        |known: fn(&Replica) -> bool| system.is_some_and(|system| system.replicas().iter().all(known));
    let zones = system.is_none() || every(|replica| replica.zone.is_some());
    let fail_p = fail_p || every(|replica| replica.fail_p.is_some());
    for (requirement, field, known) in [
        ("read_availability", "fail_p", fail_p),
        ("write_availability", "fail_p", fail_p),
        ("max_latency_ms", "latency_ms", every(|replica| replica.latency_ms.is_some())),
        ("read_zones", "zone", zones),
        ("write_zones", "zone", zones),
    ] {
        if fields.get(requirement).is_some() && !known {
            let problem = format!("{field} is not given for every replica");
            return Err(QuorumError::new(
                fields.at(requirement),
                problem,
                format!("write {field} under nodes"),
            ));
        }
    }
    let both = fields.count("resilience")?;
    Ok(Requirements {
        read_resilience: fields.count("read_resilience")?.or(both),
        write_resilience: fields.count("write_resilience")?.or(both),
        read_zones: fields.count("read_zones")?,
        write_zones: fields.count("write_zones")?,
        read_availability: fields.probability("read_availability")?,
        write_availability: fields.probability("write_availability")?,
        max_load: fields.number("max_load")?,
        min_capacity: fields.number("min_capacity")?,
        max_latency_ms: fields.number("max_latency_ms")?,
        nondominated: fields.flag("nondominated")?,
    })
}
