//! A profile for people: the lattice with a mark at each model, and what it comes to.

use super::human::{facts, notes, paragraph, told};
use super::lattice::{Lines, draw};
use super::look::{Look, Role, plain_width};
use super::record::Record;
use super::{Answer, Outcome};
use std::collections::BTreeMap;
use std::time::Duration;
use tribunal_checker::engine::Lattice;
use tribunal_checker::history::History;
use tribunal_checker::model::{Guarantees, Model};

/// Where a model stands among the others.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Standing {
    /// Its verdict follows from that of this one.
    pub(crate) because: Option<Model>,
    /// It holds, and no other one that holds implies it.
    pub(crate) strongest: bool,
    /// It breaks, and implies no other one that breaks.
    pub(crate) weakest: bool,
    /// The evidence is of this very model.
    pub(crate) evident: bool,
}

/// The profile of one history.
pub(super) fn human(outcomes: &[Outcome], history: &History, look: &Look) -> String {
    if outcomes.is_empty() {
        return String::new();
    }
    let mut text = heading(outcomes, look);
    for line in draw(lines(outcomes, history), look, &|model| mark_of(outcomes, model, look)) {
        text.push_str(&line);
        text.push('\n');
    }
    let others = outcomes.iter().filter(|outcome| !Model::NAMED.contains(&outcome.model));
    for outcome in others {
        let (mark, role) = mark(&outcome.answer, look);
        text.push_str(&format!("    {}\n", look.paint(role, &format!("{mark} {}", outcome.model))));
    }
    text.push('\n');
    text.push_str(&legend(outcomes, look));
    text.push_str(&summary(outcomes, history, look));
    text
}

/// The history's name, its size, and the time that all models took.
fn heading(outcomes: &[Outcome], look: &Look) -> String {
    let all = Outcome {
        history: outcomes[0].history.clone(),
        method: None,
        notes: Vec::new(),
        explanation: None,
        answer: Answer::Unknown { reason: "", progress: String::new() },
        elapsed: outcomes.iter().map(|outcome| outcome.elapsed).sum::<Duration>(),
        ..outcomes[0]
    };
    let (name, facts) = (look.paint(Role::Name, &all.history), facts(&Record::of(&all)));
    if plain_width(&format!("{}: profile {facts}", all.history)) > look.width {
        return format!("{name}: profile\n{}\n", paragraph(&facts, "  ", look, Role::Faint));
    }
    format!("{name}: profile {}\n\n", look.paint(Role::Faint, &facts))
}

/// Which lines of the picture hold for the history.
fn lines(outcomes: &[Outcome], history: &History) -> Lines {
    let lattice = Lattice::of(history);
    let registers = outcomes.iter().any(|outcome| {
        !outcome.model.is_one_view()
            && !matches!(outcome.answer, Answer::Inapplicable { reason: "not registers", .. })
    });
    Lines {
        sessions: lattice.implies(Model::CausalConvergent, Model::Session(Guarantees::ALL)),
        cache: lattice.implies(Model::Cache, Model::Session(Guarantees::MONOTONIC_READS)),
        one_view: !registers,
    }
}

fn mark_of(outcomes: &[Outcome], model: Model, look: &Look) -> (char, Role) {
    let outcome = outcomes.iter().find(|outcome| outcome.model == model);
    outcome.map_or((' ', Role::Plain), |outcome| mark(&outcome.answer, look))
}

fn mark(answer: &Answer, look: &Look) -> (char, Role) {
    match answer {
        Answer::Consistent(_) => (look.pick('✓', 'o'), Role::Good),
        Answer::Violated(_) => (look.pick('✗', 'x'), Role::Bad),
        Answer::Unknown { .. } => ('?', Role::Doubt),
        Answer::Inapplicable { .. } => (look.pick('·', '.'), Role::Faint),
        Answer::Error { .. } => ('!', Role::Bad),
    }
}

/// What the marks in use mean.
fn legend(outcomes: &[Outcome], look: &Look) -> String {
    let meaning = |answer: &Answer| match answer {
        Answer::Consistent(_) => (0, "holds"),
        Answer::Violated(_) => (1, "violated"),
        Answer::Unknown { .. } => (2, "unknown"),
        Answer::Inapplicable { .. } => (3, "does not apply"),
        Answer::Error { .. } => (4, "error"),
    };
    let mut meanings: BTreeMap<(u8, &str), String> = BTreeMap::new();
    for outcome in outcomes {
        let ((mark, role), meaning) = (mark(&outcome.answer, look), meaning(&outcome.answer));
        meanings.insert(meaning, look.paint(role, &format!("{mark} {}", meaning.1)));
    }
    format!("  {}\n\n", meanings.into_values().collect::<Vec<_>>().join("   "))
}

/// The strongest that hold, the weakest that break and why, the unknown ones, those that do not apply, and notes.
fn summary(outcomes: &[Outcome], history: &History, look: &Look) -> String {
    let mut text = String::new();
    let mut say = |line: &str, indent: &str, role: Role| text.push_str(&paragraph(line, indent, look, role));
    let those = |wanted: &dyn Fn(&Outcome) -> bool| -> Vec<&str> {
        outcomes.iter().filter(|outcome| wanted(outcome)).map(|outcome| outcome.model.name()).collect()
    };
    let standing = |outcome: &Outcome| outcome.standing.unwrap_or_default();
    let strongest = those(&|outcome| standing(outcome).strongest);
    let weakest = those(&|outcome| standing(outcome).weakest);
    if !strongest.is_empty() {
        say(&format!("strongest that hold: {}", strongest.join(", ")), "  ", Role::Good);
    }
    if !weakest.is_empty() {
        say(&format!("weakest that are violated: {}", weakest.join(", ")), "  ", Role::Bad);
    }
    for outcome in outcomes.iter().filter(|outcome| standing(outcome).weakest) {
        if let Some(explanation) = &outcome.explanation {
            let why = &explanation.summary;
            say(&format!("{}: {why}.", outcome.model), "    ", Role::Plain);
        }
    }
    let vacuous = those(&|outcome| outcome.vacuous);
    if !vacuous.is_empty() {
        say(&format!("vacuous, for lack of anything to judge: {}", vacuous.join(", ")), "  ", Role::Faint);
    }
    for outcome in outcomes {
        if let Answer::Unknown { reason, progress } = &outcome.answer {
            let progress = if progress.is_empty() { String::new() } else { format!("; {progress}") };
            say(&format!("{}: {}{progress}", outcome.model, told(reason)), "  ", Role::Doubt);
        }
    }
    let mut reasons: Vec<&str> = Vec::new();
    for outcome in outcomes {
        if let Answer::Inapplicable { reason, .. } = &outcome.answer
            && !reasons.contains(reason)
        {
            reasons.push(reason);
        }
    }
    for reason in reasons {
        let models = those(
            &|outcome| matches!(outcome.answer, Answer::Inapplicable { reason: other, .. } if other == reason),
        );
        let why = match reason {
            "no times" => "the history has no times",
            "not registers" => "the history is not one of registers",
            "no replica" => "a read does not say at which replica it ran",
            other => other,
        };
        let apply = if models.len() == 1 { "does" } else { "do" };
        let models = if models.len() > 8 { "the other models".to_owned() } else { models.join(", ") };
        say(&format!("{models} {apply} not apply: {why}"), "  ", Role::Faint);
    }
    text.push_str(&notes(outcomes, Some(history), look));
    text.push('\n');
    text
}
