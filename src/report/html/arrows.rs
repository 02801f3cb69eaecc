//! Arrows between bars.

use maud::{Markup, html};

/// A bar on the page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub(super) left: f64,
    pub(super) right: f64,
    /// Its upper edge.
    pub(super) top: f64,
    pub(super) height: f64,
}

impl Spot {
    fn middle(self) -> f64 {
        // Of a bar that runs off to the right, the part near its beginning.
        f64::midpoint(self.left, self.right.min(self.left + 160.0))
    }

    fn bottom(self) -> f64 {
        self.top + self.height
    }
}

/// The heads that all arrows of the page share.
pub(super) fn markers() -> Markup {
    let head = |id: &str| {
        html! {
            marker id=(id) viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"
                markerUnits="userSpaceOnUse" {
                path d="M0 0.5 L8 4 L0 7.5 z" {}
            }
        }
    };
    html! {
        svg .markers width="0" height="0" aria-hidden="true" { defs { (head("head-forced")) (head("head-help")) } }
    }
}

/// An arrow from one bar to another; `lane` keeps arrows that share an end apart.
pub(super) fn draw(from: Spot, to: Spot, lane: usize, forced: bool, label: &str) -> Markup {
    let (path, x, y) = route(from, to, lane);
    let class = if forced { "arrow forced" } else { "arrow help" };
    let head = if forced { "url(#head-forced)" } else { "url(#head-help)" };
    html! {
        g class=(class) {
            path d=(path) marker-end=(head) {}
            @if !label.is_empty() {
                text x=(number(x)) y=(number(y)) text-anchor="middle" { (label) }
            }
        }
    }
}

/// The path, and where its label stands.
fn route(from: Spot, to: Spot, lane: usize) -> (String, f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let shift = [0.0, 14.0, -14.0, 28.0, -28.0][lane % 5] + (lane / 5) as f64 * 3.0;
    let same_row = (from.top - to.top).abs() < 1.0;
    if same_row && to.left >= from.right {
        let y = from.top + from.height / 2.0;
        let path = format!("M{} {} L{} {}", number(from.right), number(y), number(to.left), number(y));
        return (path, f64::midpoint(from.right, to.left), from.top - 5.0);
    }
    if same_row {
        let (x0, x1) = (from.middle() + shift, to.middle() + shift);
        let rise = from.top - 26.0 - shift.abs() / 2.0;
        let path = format!(
            "M{} {} C{} {} {} {} {} {}",
            number(x0),
            number(from.top),
            number(x0),
            number(rise),
            number(x1),
            number(rise),
            number(x1),
            number(to.top)
        );
        return (path, f64::midpoint(x0, x1), rise + 8.0);
    }
    let down = from.top < to.top;
    let (y0, y1) = if down { (from.bottom(), to.top) } else { (from.top, to.bottom()) };
    let inside = |spot: Spot, x: f64| x.clamp(spot.left + 6.0, (spot.right - 6.0).max(spot.left + 6.0));
    let (x0, x1) = (inside(from, from.middle() + shift), inside(to, to.middle() + shift));
    let middle = f64::midpoint(y0, y1);
    let path = format!(
        "M{} {} C{} {} {} {} {} {}",
        number(x0),
        number(y0),
        number(x0),
        number(middle),
        number(x1),
        number(middle),
        number(x1),
        number(y1)
    );
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let aside = ((lane % 3) as f64 - 1.0) * 9.0;
    (path, f64::midpoint(x0, x1), middle + 3.0 + aside)
}

/// A length in a tenth of a point.
pub(super) fn number(points: f64) -> String {
    let text = format!("{points:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}
