//! Amounts on the command line: durations, sizes, values.

use std::time::Duration;
use tribunal_checker::history::Datum;

/// A duration: `30s`, `250ms`, `2m`, `1h`; a bare number is seconds.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let (amount, unit) = split(text);
    let seconds = match unit {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err(format!("`{unit}` is no unit of time; write ms, s, m or h, as in 30s")),
    };
    let amount: f64 = amount.parse().map_err(|_| "expected a duration such as 30s or 250ms".to_owned())?;
    let duration = Duration::try_from_secs_f64(amount * seconds).map_err(|_| "that is too long")?;
    if duration.is_zero() { Err("a limit of no time at all judges nothing".into()) } else { Ok(duration) }
}

/// A settle time in the history's clock: a bare number as it stands; `5s` in a clock of nanoseconds.
pub(super) fn settle(text: &str) -> Result<i64, String> {
    if let Ok(ticks) = text.trim().parse::<i64>() {
        return if ticks < 0 { Err("expected a time from 0 up".into()) } else { Ok(ticks) };
    }
    i64::try_from(duration(text)?.as_nanos()).map_err(|_| "that is too long".into())
}

/// A size in bytes: `2GiB`, `500MB`, `64K`; a bare number is bytes, K, M, G and T alone are powers of 1024.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    let (amount, unit) = split(text);
    let factor: u64 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        "t" | "tib" => 1 << 40,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "tb" => 1_000_000_000_000,
        _ => return Err(format!("`{unit}` is no unit of size; write KiB, MiB, GiB or TiB, as in 2GiB")),
    };
    let amount: f64 = amount.parse().map_err(|_| "expected a size such as 2GiB or 500MB".to_owned())?;
    #[expect(clippy::cast_precision_loss, reason = "the nearest size will do")]
    let size = amount * factor as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range, as checked")]
    let size = if (1.0..1e18).contains(&size) { size as u64 } else { 0 };
    if size == 0 { Err("expected a size from one byte up".into()) } else { Ok(size) }
}

/// A value: JSON, or else a text as it stands.
#[expect(clippy::unnecessary_wraps, reason = "the signature of a clap parser")]
pub(super) fn value(text: &str) -> Result<Datum, String> {
    Ok(tribunal_formats::parse_value(text).unwrap_or_else(|| Datum::text(text)))
}

fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let unit = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    (text[..unit].trim_end(), &text[unit..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(duration("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(duration("1.5"), Ok(Duration::from_millis(1500)));
        assert_eq!(duration("250 ms"), Ok(Duration::from_millis(250)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        for bad in ["", "s", "-1s", "0", "5 parsecs", "1e999h", "nan"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn settle_times() {
        assert_eq!(settle("5s"), Ok(5_000_000_000));
        assert_eq!(settle("70"), Ok(70));
        assert_eq!(settle("0"), Ok(0));
        for bad in ["-1", "soon", "1e12h"] {
            assert!(settle(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes() {
        assert_eq!(bytes("2GiB"), Ok(2 << 30));
        assert_eq!(bytes("2g"), Ok(2 << 30));
        assert_eq!(bytes("500MB"), Ok(500_000_000));
        assert_eq!(bytes("0.5K"), Ok(512));
        assert_eq!(bytes("17"), Ok(17));
        for bad in ["", "-1", "0", "3 apples", "1e30T", "inf"] {
            assert!(bytes(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn values() {
        assert_eq!(value("1"), Ok(Datum::Int(1)));
        assert_eq!(value("null"), Ok(Datum::Null));
        assert_eq!(value("abc"), Ok(Datum::text("abc")));
        assert_eq!(value("\"1\""), Ok(Datum::text("1")));
    }
}
