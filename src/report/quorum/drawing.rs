//! Quorums drawn over their replicas: a column a replica, a row a quorum.

use tribunal_checker::quorum::{QuorumSystem, ReplicaSet, Witness};

use crate::report::look::{Look, Role, plain_width, wrap};

/// Drawings of more bands than this become lists of names.
const MOST_BANDS: usize = 4;

/// A counterexample: where the quorums lie, and what they have in common. Replicas that do not fit in the width go on in
/// another band below.
pub(super) fn witness(system: &QuorumSystem, witness: &Witness, width: usize, look: &Look) -> Vec<String> {
    let label = witness.quorums.iter().map(|quorum| plain_width(&quorum.role)).max().unwrap_or(0);
    let names: Vec<&str> = system.replicas().iter().map(|replica| replica.name.as_str()).collect();
    let bands = bands(&names, width.saturating_sub(label));
    let mut lines = Vec::new();
    if bands.len() <= MOST_BANDS {
        for (number, band) in bands.iter().enumerate() {
            if number > 0 {
                lines.push(String::new());
            }
            let heads: String = band.iter().map(|&i| format!("  {}", names[i])).collect();
            lines.push(format!("{}{}", " ".repeat(label), look.paint(Role::Name, &heads)));
            for quorum in &witness.quorums {
                let cells = row(&names, band, &quorum.members, witness, look);
                let last = number + 1 == bands.len();
                let extra = if last { stand_ins(quorum.stand_ins) } else { String::new() };
                lines.push(format!("{}{cells}{extra}", padded(&quorum.role, label)));
            }
        }
    } else {
        for quorum in &witness.quorums {
            let members =
                format!("{}{}", system.names(&quorum.members).join(" "), stand_ins(quorum.stand_ins));
            for (number, line) in wrap(&members, width.saturating_sub(label + 2)).iter().enumerate() {
                let role = if number == 0 { quorum.role.as_str() } else { "" };
                lines.push(format!("{}  {line}", padded(role, label)));
            }
        }
    }
    if witness.quorums.len() > 1 {
        let text = common(system, witness);
        let indent = (label + 2).min(width.saturating_sub(plain_width(&text)));
        lines.push(format!("{}{text}", " ".repeat(indent)));
    }
    lines
}

/// The replicas in runs that fit the width; a single one may be too wide.
fn bands(names: &[&str], width: usize) -> Vec<Vec<usize>> {
    let mut bands: Vec<Vec<usize>> = vec![Vec::new()];
    let mut used = 0;
    for (i, name) in names.iter().enumerate() {
        let own = plain_width(name) + 2;
        if used > 0 && used + own > width {
            bands.push(Vec::new());
            used = 0;
        }
        used += own;
        if let Some(band) = bands.last_mut() {
            band.push(i);
        }
    }
    bands
}

fn row(names: &[&str], band: &[usize], members: &ReplicaSet, witness: &Witness, look: &Look) -> String {
    let shared = |i: usize| witness.quorums.len() > 1 && witness.common.contains(i);
    band.iter()
        .map(|&i| {
            let mark = match (members.contains(i), shared(i)) {
                (true, true) => look.paint(Role::Doubt, look.pick("◆", "@")),
                (true, false) => look.paint(Role::Bad, look.pick("●", "o")),
                (false, _) => look.paint(Role::Faint, look.pick("·", ".")),
            };
            format!("  {mark}{}", " ".repeat(plain_width(names[i]).saturating_sub(1)))
        })
        .collect()
}

/// A text filled up with spaces.
fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(plain_width(text))))
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

#[cfg(test)]
mod tests {
    use super::{Look, witness};
    use tribunal_checker::quorum::{Limits, Protocol, QuorumSystem, Replica, judge};

    fn drawn(n: usize, width: usize, look: &Look) -> Vec<String> {
        let half = n as u64 / 2;
        let system = QuorumSystem::from_votes(Replica::numbered(n), &vec![1; n], half, half).unwrap();
        let judgement = judge(&system, &Protocol::Register.into(), &Limits::default()).unwrap();
        let lines = witness(&system, judgement.checks[0].witness.as_ref().unwrap(), width, look);
        lines.iter().map(|line| line.trim_end().to_owned()).collect()
    }

    const PLAIN: Look = Look { color: false, unicode: true, width: 100 };

    #[test]
    fn a_narrow_terminal_gets_bands_and_then_lists() {
        let wide = drawn(4, 80, &PLAIN);
        assert_eq!(wide[0], "       n1  n2  n3  n4");
        assert_eq!(wide[1..3], ["read   ●   ●   ·   ·", "write  ·   ·   ●   ●"]);
        let narrow = drawn(8, 24, &PLAIN);
        assert_eq!(narrow.len(), 8, "{narrow:#?}");
        assert!(narrow.iter().all(|line| super::plain_width(line) <= 24), "{narrow:#?}");
        assert_eq!(narrow[6], "write  ●   ●   ●   ●");
        let lists = drawn(40, 30, &PLAIN);
        assert!(
            lists[0].starts_with("read   n1 n2") && lists.iter().all(|line| super::plain_width(line) <= 30)
        );
    }

    #[test]
    fn marks_are_letters_where_the_locale_has_no_others() {
        let ascii = drawn(4, 80, &Look { unicode: false, ..PLAIN });
        assert_eq!(ascii[1], "read   o   o   .   .");
        let colored = drawn(4, 80, &Look { color: true, ..PLAIN });
        assert!(colored[1].contains("\u{1b}["));
    }
}
