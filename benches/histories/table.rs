//! How results are printed.

use super::case::Cost;
use std::time::Duration;

/// Prints a title.
pub(crate) fn title(text: &str) {
    println!("\n## {text}\n");
}

/// Prints the head of a table of costs.
pub(crate) fn head(name: &str) {
    println!(
        "{name:34} {:>10} {:>9} {:>9} {:>9} {:>8}  verdict (method)",
        "operations", "read s", "check s", "Mops/s", "peak MB"
    );
}

/// Prints a row of it.
pub(crate) fn row(name: &str, cost: &Cost) {
    println!(
        "{name:34} {:>10} {:>9} {:>9} {:>9} {:>8}  {} ({})",
        cost.operations,
        seconds(cost.read),
        seconds(cost.check),
        rate(cost.operations as f64 / 1e6, cost.check),
        megabytes(cost.memory),
        cost.verdict,
        cost.method
    );
}

/// Prints how the check's time grows with the number of operations, where two sizes or more were decided.
pub(crate) fn growth(costs: &[Cost]) {
    let known: Vec<&Cost> = costs.iter().filter(|cost| cost.is_known()).collect();
    // Small histories tell more of caches than of growth.
    let large: Vec<&Cost> = known.iter().copied().filter(|cost| cost.operations >= 100_000).collect();
    let points = if large.len() >= 2 { large } else { known };
    if let (Some(first), Some(last), Some(exponent)) = (points.first(), points.last(), exponent(&points)) {
        println!("  grows as n^{exponent:.2} from {} to {} operations", first.operations, last.operations);
    }
}

/// The slope of the line through the logarithms, by least squares.
#[expect(clippy::cast_precision_loss, reason = "numbers of operations")]
fn exponent(points: &[&Cost]) -> Option<f64> {
    let logs: Vec<(f64, f64)> =
        points.iter().map(|cost| ((cost.operations as f64).ln(), cost.check.as_secs_f64().ln())).collect();
    let n = logs.len() as f64;
    let (mean_x, mean_y) =
        (logs.iter().map(|p| p.0).sum::<f64>() / n, logs.iter().map(|p| p.1).sum::<f64>() / n);
    let spread: f64 = logs.iter().map(|p| (p.0 - mean_x).powi(2)).sum();
    let together: f64 = logs.iter().map(|p| (p.0 - mean_x) * (p.1 - mean_y)).sum();
    (spread > 0.0).then_some(together / spread)
}

/// Seconds with three digits that mean something.
pub(crate) fn seconds(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    match seconds {
        _ if seconds >= 100.0 => format!("{seconds:.0}"),
        _ if seconds >= 10.0 => format!("{seconds:.1}"),
        _ if seconds >= 1.0 => format!("{seconds:.2}"),
        _ if seconds >= 0.001 => format!("{seconds:.4}"),
        _ => format!("{seconds:.6}"),
    }
}

/// So many a second.
pub(crate) fn rate(amount: f64, duration: Duration) -> String {
    if duration.is_zero() { "–".into() } else { format!("{:.2}", amount / duration.as_secs_f64()) }
}

/// Megabytes; a dash where the system did not tell.
pub(crate) fn megabytes(bytes: u64) -> String {
    if bytes == 0 { "–".into() } else { format!("{}", bytes / 1_000_000) }
}
