//! What only some configurations have: a product's words, and staleness.

use std::fmt::Write;

use tribunal_checker::quorum::dialect::Pair;

use super::super::{Outcome, Product, Stale};
use super::{mark, paragraph};
use crate::report::look::Look;

/// The product's statements, and Cassandra's table of levels.
pub(super) fn product(text: &mut String, product: &Product, look: &Look) {
    text.push('\n');
    for statement in &product.statements {
        paragraph(text, &format!("  {statement}"), 4, look);
    }
    if !product.pairs.is_empty() {
        pairs(text, &product.pairs, look);
    }
}

/// Rows are levels of writes, columns levels of reads.
fn pairs(text: &mut String, pairs: &[Pair], look: &Look) {
    let reads: Vec<String> = {
        let first = &pairs[0].write;
        pairs.iter().take_while(|pair| pair.write == *first).map(|pair| pair.read.to_string()).collect()
    };
    let label = pairs.iter().map(|pair| pair.write.to_string().chars().count()).max().unwrap_or(0);
    let _ = writeln!(text, "\n  do reads see acknowledged writes? (writes down, reads across)");
    for (i, read) in reads.iter().enumerate() {
        let _ = writeln!(text, "  {:label$}  {}{read}", "", "| ".repeat(i));
    }
    for row in pairs.chunks(reads.len()) {
        let cells: Vec<String> = row.iter().map(|pair| mark(pair.safe.ok(), look)).collect();
        let _ = writeln!(text, "  {:label$}  {}", row[0].write.to_string(), cells.join(" "));
    }
}

/// Who decides, who never matters, and the votes that would say the same.
pub(super) fn influence(text: &mut String, outcome: &Outcome, look: &Look) {
    let (system, measures) = (&outcome.system, &outcome.measures);
    for (name, own) in ["read", "write"].into_iter().zip(&measures.influence) {
        if !own.dictators.is_empty() {
            let names = system.names(&own.dictators).join(" ");
            paragraph(text, &format!("  in every {name} quorum (dictators): {names}"), 4, look);
        }
        match &own.dummies {
            Ok(dummies) if !dummies.is_empty() => {
                let names = system.names(dummies).join(" ");
                paragraph(text, &format!("  in no minimal {name} quorum (dummies): {names}"), 4, look);
            }
            _ => {}
        }
    }
    if let (Some(Ok(fewest)), Some(voting)) = (&measures.effective_votes, system.voting())
        && fewest.votes != voting.votes()
    {
        let votes = fewest.votes.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        let line =
            format!("  the same quorums with fewest votes: {votes}, N_R = {}, N_W = {}", fewest.r, fewest.w);
        paragraph(text, &line, 4, look);
    }
}

/// Closed forms first, then the simulation.
pub(super) fn staleness(text: &mut String, stale: &Stale) {
    text.push_str("\nif quorums are picked at random and nothing repairs replicas (an upper bound):\n");
    for (k, p) in &stale.versions {
        let what =
            if *k == 1 { "the last version".to_owned() } else { format!("any of the last {k} versions") };
        let _ = writeln!(text, "  {:>9.5}%  of reads miss {what}", 100.0 * p);
    }
    if let Some(p) = stale.non_monotonic {
        let _ = writeln!(text, "  {:>9.5}%  of a client's reads are older than its read before", 100.0 * p);
    }
    match &stale.visibility {
        None => {}
        Some(Err(stopped)) => {
            let _ = writeln!(text, "  visibility not known: {stopped}");
        }
        Some(Ok(visibility)) => {
            let _ = writeln!(text, "  in {} simulated trials (seed {}):", visibility.trials, visibility.seed);
            for (ms, p) in &visibility.fresh {
                let _ = writeln!(text, "  {:>9.4}%  of reads {ms} ms after a write are fresh", 100.0 * p);
            }
            let (p, ms) = visibility.nearly_sure;
            let _ = writeln!(text, "  {:>9.4}%  are fresh after {ms:.3} ms", 100.0 * p);
        }
    }
}
