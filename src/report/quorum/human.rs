//! The result for people: verdict, checks with drawings, measures, what-ifs.

use std::fmt::Write;

use tribunal_checker::quorum::{
    Check, Choice, Formula, QuorumSystem, Resilience, Stopped, Strategy, Verdict, zones,
};

use super::{Listing, Outcome, drawing};
use crate::report::look::{Look, Role, wrap};

mod extra;

/// The whole text.
pub(crate) fn render(outcome: &Outcome, look: &Look) -> String {
    let mut text = String::new();
    let system = &outcome.system;
    let subject = match &outcome.product {
        Some(product) => product.name.to_owned(),
        None => subject(system),
    };
    let verdict = look.paint(role(outcome.judgement.verdict), &outcome.judgement.verdict.to_string());
    let _ = writeln!(text, "{verdict}: {subject}\n");
    for check in &outcome.judgement.checks {
        check_lines(&mut text, system, check, look);
    }
    if let Some(product) = &outcome.product {
        extra::product(&mut text, product, look);
    }
    measures(&mut text, outcome, look);
    if let Some(stale) = &outcome.staleness {
        extra::staleness(&mut text, stale);
    }
    listings(&mut text, outcome, look);
    requirements(&mut text, outcome, look);
    what_ifs(&mut text, outcome, look);
    text
}

fn role(verdict: Verdict) -> Role {
    match verdict {
        Verdict::Safe => Role::Good,
        Verdict::Unsafe => Role::Bad,
        Verdict::Undecided => Role::Doubt,
    }
}

/// The mark of what holds, does not, or is not known.
fn mark(holds: Option<bool>, look: &Look) -> String {
    match holds {
        Some(true) => look.paint(Role::Good, look.pick("✓", "+")),
        Some(false) => look.paint(Role::Bad, look.pick("✗", "x")),
        None => look.paint(Role::Doubt, "?"),
    }
}

/// A paragraph whose lines after the first are indented by `hang`.
fn paragraph(text: &mut String, line: &str, hang: usize, look: &Look) {
    let indent = line.len() - line.trim_start().len();
    let hang = hang.min(look.width / 3);
    let lines = wrap(line.trim_start(), look.width.saturating_sub(hang.max(indent)).max(20));
    for (number, part) in lines.iter().enumerate() {
        let _ = writeln!(text, "{}{part}", " ".repeat(if number == 0 { indent } else { hang }));
    }
}

fn subject(system: &QuorumSystem) -> String {
    let n = system.replicas().len();
    let replicas = if n == 1 { "1 replica".to_owned() } else { format!("{n} replicas") };
    match system.voting() {
        Some(voting) if voting.votes().iter().all(|&vote| vote == 1) => {
            format!("{replicas}, N_R = {}, N_W = {}", voting.r(), voting.w())
        }
        Some(voting) => {
            format!("{replicas}, {} votes, N_R = {}, N_W = {}", voting.total(), voting.r(), voting.w())
        }
        None => replicas,
    }
}

fn check_lines(text: &mut String, system: &QuorumSystem, check: &Check, look: &Look) {
    let word = match check.exact {
        Ok(true) => "holds".to_owned(),
        Ok(false) => format!("allows {}", check.prevents),
        Err(stopped) => format!("undecided: {stopped}"),
    };
    let dash = look.pick("—", "--");
    let mark = mark(check.exact.ok(), look);
    let mut head = String::new();
    // The mark may be painted, which no line's width counts.
    paragraph(&mut head, &format!("  {}: {} {dash} {word}", check.id, check.rule), 4, look);
    let _ = write!(text, "{mark} {}", &head[2..]);
    if let Some(inequality) = &check.inequality {
        let relation = if inequality.formula.contains(">=") { ">=" } else { ">" };
        let word = if inequality.holds { "holds" } else { "does not hold" };
        let _ = writeln!(
            text,
            "    {}: {} {relation} {} {word}",
            inequality.formula, inequality.lhs, inequality.rhs
        );
    }
    if let Some(note) = &check.note {
        paragraph(text, &format!("    note: {note}"), 4, look);
    }
    if let Some(witness) = &check.witness {
        text.push('\n');
        for line in drawing::witness(system, witness, look.width.saturating_sub(4), look) {
            let _ = writeln!(text, "{}", format!("    {line}").trim_end());
        }
        text.push('\n');
    }
    if !check.fix.is_empty() {
        paragraph(text, &format!("    mend: {}", check.fix.join(", or ")), 4, look);
    }
}

fn measures(text: &mut String, outcome: &Outcome, look: &Look) {
    let system = &outcome.system;
    let measures = &outcome.measures;
    if !outcome.down.is_empty() {
        text.push('\n');
        paragraph(text, &format!("with {} down:", system.names(&outcome.down).join(", ")), 2, look);
    } else {
        text.push('\n');
    }
    for (name, tolerance) in [("reads", &measures.reads), ("writes", &measures.writes)] {
        let found = survives(&tolerance.resilience, "replica", &|i| system.replicas()[i].name.clone());
        paragraph(text, &format!("  {name:7} {found}"), 10, look);
        if let Some(found) = &tolerance.zones {
            let zones = zones(system);
            paragraph(
                text,
                &format!("          {}", survives(found, "zone", &|i| zones[i].0.clone())),
                10,
                look,
            );
        }
        match &tolerance.blocked {
            Some(Ok(blocked)) => {
                let _ = writeln!(text, "          available {}, blocked {blocked:.4e}", 1.0 - blocked);
            }
            Some(Err(stopped)) => {
                let _ = writeln!(text, "          availability not known: {stopped}");
            }
            None => {}
        }
    }
    match measures.nondominated {
        Ok(true) => text.push_str("  quorums nondominated: none can be smaller or added\n"),
        Ok(false) => {
            text.push_str("  quorums dominated: others could be smaller, or more be added, as safely\n");
        }
        Err(_) => {}
    }
    extra::influence(text, outcome, look);
    match &measures.strategy {
        Some(Ok(strategy)) => strategy_lines(text, outcome, strategy, look),
        Some(Err(why)) => {
            let _ = writeln!(text, "  load not known: {why}");
        }
        None => {}
    }
}

fn survives(found: &Result<Resilience, Stopped>, unit: &str, name: &dyn Fn(usize) -> String) -> String {
    match found {
        Err(stopped) => format!("resilience not known: {stopped}"),
        Ok(Resilience { blocking: None, .. }) => "blocked already".to_owned(),
        Ok(Resilience { survives, blocking: Some(blocking) }) => {
            let names: Vec<String> = blocking.iter().map(name).collect();
            let plural = if *survives == 1 { "" } else { "s" };
            format!("survive any {survives} {unit}{plural}; blocked without {}", names.join(" "))
        }
    }
}

/// The most sets of a strategy that are shown.
const SHOWN: usize = 8;

fn strategy_lines(text: &mut String, outcome: &Outcome, strategy: &Strategy, look: &Look) {
    let fractions = match strategy.loads.as_slice() {
        [(fraction, _)] => format!("read fraction {fraction}"),
        _ => "the given read fractions".to_owned(),
    };
    let proof = match &strategy.bounds {
        Some(bounds) => match bounds.exact() {
            Some(exact) if exact.to_string().len() <= 24 => format!(" = {exact}, proved least"),
            _ if bounds.certified() => ", proved least".to_owned(),
            _ => ", not proved least".to_owned(),
        },
        None => String::new(),
    };
    let _ = writeln!(text, "  load    {:.6}{proof} (at {fractions})", strategy.load);
    if let [_, _, ..] = strategy.loads.as_slice() {
        for (fraction, load) in &strategy.loads {
            let _ = writeln!(text, "          {load:.6} at read fraction {fraction}");
        }
        let _ = writeln!(
            text,
            "          capacity {:.4} expected, {:.4} at the busiest",
            strategy.expected_capacity, strategy.peak_capacity
        );
    } else {
        let _ = writeln!(text, "          capacity {:.4}", strategy.peak_capacity);
    }
    let _ = write!(text, "          {:.4} replicas contacted", strategy.network);
    match strategy.latency_ms {
        Some(latency) => {
            let _ = writeln!(text, ", {latency:.4} ms");
        }
        None => text.push('\n'),
    }
    for (name, choices) in [("read", &strategy.reads), ("write", &strategy.writes)] {
        choice_lines(text, &outcome.system, name, choices, look);
    }
}

fn choice_lines(text: &mut String, system: &QuorumSystem, name: &str, choices: &[Choice], look: &Look) {
    for choice in choices.iter().take(SHOWN) {
        let members = system.names(&choice.members).join(" ");
        paragraph(
            text,
            &format!("          {name:5} {:>8.4}%  {members}", 100.0 * choice.probability),
            27,
            look,
        );
    }
    if choices.len() > SHOWN {
        let dots = look.pick("…", "...");
        let _ =
            writeln!(text, "          {name:5} {dots} {} more (all of them in JSON)", choices.len() - SHOWN);
    }
}

fn listings(text: &mut String, outcome: &Outcome, look: &Look) {
    let formulas: [(&str, &Formula); 2] =
        [("read", outcome.system.reads()), ("write", outcome.system.writes())];
    for ((name, _), listing) in formulas.iter().zip(&outcome.listings) {
        match listing {
            None => {}
            Some(Err(stopped)) => {
                let _ = writeln!(text, "\nminimal {name} quorums not known: {stopped}");
            }
            Some(Ok(Listing { quorums, all })) => {
                let more = if *all { "" } else { " (the first of more)" };
                let _ = writeln!(text, "\nminimal {name} quorums{more}:");
                for quorum in quorums {
                    paragraph(text, &format!("  {}", outcome.system.names(quorum).join(" ")), 4, look);
                }
            }
        }
    }
}

fn requirements(text: &mut String, outcome: &Outcome, look: &Look) {
    if outcome.requirements.is_empty() {
        return;
    }
    text.push_str("\nrequired:\n");
    for requirement in &outcome.requirements {
        let mark = mark(requirement.met, look);
        let found = match (requirement.found, &requirement.reason) {
            (Some(found), _) if found < 0.0 => "blocked already".to_owned(),
            (Some(found), _) => format!("found {found}"),
            (None, Some(reason)) => reason.clone(),
            (None, None) => "not known".to_owned(),
        };
        let _ = writeln!(text, "  {mark} {} {}: {found}", requirement.name, requirement.wanted);
    }
}

fn what_ifs(text: &mut String, outcome: &Outcome, look: &Look) {
    if outcome.what_ifs.is_empty() {
        return;
    }
    let width = outcome.what_ifs.iter().map(|row| row.change.chars().count()).max().unwrap_or(0);
    let _ = writeln!(text, "\none misconfiguration away:\n  {:width$}  verdict    reads  writes survive", "");
    for row in &outcome.what_ifs {
        let shown =
            |resilience: Option<usize>| resilience.map_or_else(|| "blocked".to_owned(), |f| f.to_string());
        let changed = if row.verdict == Verdict::Unsafe && outcome.judgement.verdict == Verdict::Safe {
            format!("  {}", look.paint(Role::Bad, "<- no longer safe"))
        } else {
            String::new()
        };
        let _ = writeln!(
            text,
            "  {:width$}  {:9}  {:5}  {}{changed}",
            row.change,
            row.verdict.to_string(),
            shown(row.read_resilience),
            shown(row.write_resilience),
        );
    }
}
