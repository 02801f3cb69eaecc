//! The whole history in one strip: how many operations began when, what became of them, faults, and where the violation is.

use super::arrows::number;
use super::cause::Cause;
use super::rows::grouped;
use crate::report::human::count;
use crate::report::notation::clip;
use maud::{Markup, html};
use tribunal_checker::history::{EventKind, History, NEVER, OpId, Outcome};

const WIDTH: f64 = 1000.0;
const BUCKETS: usize = 250;
const FEWEST: usize = 50;
const TOP: f64 = 16.0;
const TALL: f64 = 64.0;

/// Annotations that the strip marks, and that the list below it has.
const MARKED: usize = 200;
const LISTED: usize = 80;

/// Operations that began in one stretch of time.
#[derive(Clone, Copy, Default)]
struct Bucket {
    ok: usize,
    info: usize,
    fail: usize,
}

/// The axis: time, or the place in the input where there are no times.
struct Axis {
    low: i64,
    high: i64,
    buckets: usize,
}

impl Axis {
    fn of(history: &History) -> Self {
        let buckets = history.len().clamp(FEWEST, BUCKETS);
        if !history.is_timed() {
            return Self { low: 0, high: i64::try_from(history.len()).unwrap_or(i64::MAX), buckets };
        }
        let ends = history.ops().map(|op| history.end(op)).filter(|&end| end != NEVER);
        let starts = || history.ops().map(|op| history.start(op));
        let low = starts().min().unwrap_or(0);
        Self { low, high: starts().chain(ends).max().unwrap_or(low), buckets }
    }

    /// Between 0 and 1.
    #[expect(clippy::cast_precision_loss, reason = "a page has few points")]
    fn share(&self, at: i64) -> f64 {
        let span = (self.high as f64 - self.low as f64).max(1.0);
        ((at as f64 - self.low as f64) / span).clamp(0.0, 1.0)
    }

    fn x(&self, at: i64) -> f64 {
        self.share(at) * WIDTH
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and BUCKETS")]
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    fn bucket(&self, at: i64) -> usize {
        ((self.share(at) * self.buckets as f64) as usize).min(self.buckets - 1)
    }
}

/// Something that happened beside the operations.
struct Mark {
    at: i64,
    crash: bool,
    text: String,
}

/// Draws the strip; nothing for a history without operations.
pub(super) fn draw(history: &History, cause: Option<&Cause>) -> Markup {
    if history.is_empty() {
        return html! {};
    }
    let axis = Axis::of(history);
    let buckets = buckets(history, &axis);
    let peak = buckets.iter().map(|bucket| bucket.ok + bucket.info + bucket.fail).max().unwrap_or(1).max(1);
    let marks = marks(history);
    let matter = cause.map_or(&[][..], |cause| &cause.operations);
    let (from, to) = window(history, matter);
    let guilty_at = cause.and_then(|cause| cause.guilty.first()).map_or(from, |op| window(history, &[*op]).0);
    let sum = |of: fn(&Bucket) -> usize| buckets.iter().map(of).sum::<usize>();
    let (ok, info, fail) = (sum(|b| b.ok), sum(|b| b.info), sum(|b| b.fail));
    let unit = if history.is_timed() { "time" } else { "place in the input, for there are no times" };
    let spoken = format!(
        "{}: {ok} ok, {info} of unknown outcome, {fail} failed; {}",
        count(history.len(), "operation"),
        count(marks.len(), "annotation")
    );
    html! {
        section .overview aria-label="The whole history" {
            h3 { "The whole history" }
            div .scroll {
                svg .strip viewBox="0 0 1000 112" role="img" aria-label=(spoken) preserveAspectRatio="none" {
                    @for (i, bucket) in buckets.iter().enumerate() { (column(i, axis.buckets, *bucket, peak)) }
                    line .base x1="0" x2="1000" y1=(number(TOP + TALL)) y2=(number(TOP + TALL)) {}
                    @for mark in marks.iter().take(MARKED) {
                        line class=(if mark.crash { "mark crash" } else { "mark" }) x1=(number(axis.x(mark.at))) x2=(number(axis.x(mark.at)))
                            y1=(number(TOP + TALL)) y2=(number(TOP + TALL + 14.0)) { title { (mark.text) } }
                    }
                    @if !matter.is_empty() { (guilty(axis.x(from), axis.x(to), axis.x(guilty_at))) }
                }
            }
            p .ends {
                span { (grouped(axis.low.into())) } span { (unit) } span { (grouped(axis.high.into())) }
            }
            p .legend {
                span .key.ok { (grouped(ok as i128)) " ok" }
                @if info > 0 { span .key.info { (grouped(info as i128)) " of unknown outcome" } }
                @if fail > 0 { span .key.fail { (grouped(fail as i128)) " failed" } }
                @if !matter.is_empty() { span .key.guilty { "the violation" } }
                @if !marks.is_empty() { span .key.mark { (count(marks.len(), "annotation")) } }
                span .faint { "highest column: " (count(peak, "operation")) " began" }
            }
            @if !marks.is_empty() { (list(&marks)) }
        }
    }
}

fn buckets(history: &History, axis: &Axis) -> Vec<Bucket> {
    let mut buckets = vec![Bucket::default(); axis.buckets];
    for op in history.ops() {
        let at = if history.is_timed() { history.start(op) } else { op.0.into() };
        let bucket = &mut buckets[axis.bucket(at)];
        *match history.outcome(op) {
            Outcome::Ok => &mut bucket.ok,
            Outcome::Info => &mut bucket.info,
            Outcome::Fail => &mut bucket.fail,
        } += 1;
    }
    buckets
}

#[expect(clippy::cast_precision_loss, reason = "a page has few points")]
fn column(i: usize, buckets: usize, bucket: Bucket, peak: usize) -> Markup {
    let wide = WIDTH / buckets as f64;
    // Whatever is there is seen, however little.
    let tall = |number: usize| if number == 0 { 0.0 } else { (number as f64 / peak as f64 * TALL).max(1.0) };
    let parts = [("ok", tall(bucket.ok)), ("info", tall(bucket.info)), ("fail", tall(bucket.fail))];
    let mut bottom = TOP + TALL;
    let mut drawn = Vec::new();
    for (class, height) in parts.into_iter().filter(|part| part.1 > 0.0) {
        bottom -= height;
        drawn.push((class, bottom, height));
    }
    html! {
        @for (class, y, height) in drawn {
            rect class=(class) x=(number(i as f64 * wide)) y=(number(y)) width=(number(wide - 0.5)) height=(number(height)) {}
        }
    }
}

/// The stretch of the violation, wide enough to be seen.
fn guilty(from: f64, to: f64, at: f64) -> Markup {
    let (left, right) = (from.min(WIDTH - 3.0), to.max(from + 3.0).min(WIDTH));
    let middle = at.clamp(6.0, WIDTH - 6.0);
    html! {
        g .violation {
            rect x=(number(left)) y=(number(TOP - 4.0)) width=(number(right - left)) height=(number(TALL + 20.0)) {}
            path d={ "M" (number(middle - 6.0)) " 2 h12 l-6 9 z" } {}
        }
    }
}

fn window(history: &History, matter: &[OpId]) -> (i64, i64) {
    let start = |op: &OpId| if history.is_timed() { history.start(*op) } else { op.0.into() };
    let end = |op: &OpId| match history.end(*op) {
        NEVER => start(op),
        end => end,
    };
    (matter.iter().map(start).min().unwrap_or(0), matter.iter().map(end).max().unwrap_or(0))
}

fn marks(history: &History) -> Vec<Mark> {
    let at = |position: u32, time: Option<i64>| match time.filter(|_| history.is_timed()) {
        Some(time) => time,
        None if !history.is_timed() => position.into(),
        None => {
            let last = u32::try_from(history.len() - 1).unwrap_or(u32::MAX);
            history.start(OpId(position.min(last)))
        }
    };
    let marks = history.events().iter().map(|event| Mark {
        at: at(event.position, event.time),
        crash: matches!(event.kind, EventKind::Crash),
        text: match &event.kind {
            EventKind::Annotation(text) => clip(text, 80),
            _ => "crash".into(),
        },
    });
    marks.collect()
}

fn list(marks: &[Mark]) -> Markup {
    html! {
        details .annotations {
            summary { "Annotations" }
            ol {
                @for mark in marks.iter().take(LISTED) {
                    li { span .number { (grouped(mark.at.into())) } " " span .mono { (mark.text) } }
                }
            }
            @if marks.len() > LISTED { p .faint { (count(marks.len() - LISTED, "more annotation")) " not listed." } }
        }
    }
}
