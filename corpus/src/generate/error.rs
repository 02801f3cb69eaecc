//! Why nothing was generated.

use super::Violation;
use tribunal_checker::history::HistoryError;
use tribunal_checker::model::Model;
use tribunal_checker::spec::SpecKind;

/// Why nothing was generated.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum GenerateError {
    /// A share that is none.
    NotAShare {
        /// Which.
        name: &'static str,
        /// What it is.
        share: f64,
    },
    /// A number that is too small or too large.
    OutOfRange {
        /// Which.
        name: &'static str,
        /// What it is.
        number: u64,
        /// The least that it may be.
        least: u64,
        /// The greatest.
        most: u64,
    },
    /// No generator makes histories of the type that satisfy the model and nothing more.
    NoGenerator {
        /// The model.
        model: Model,
        /// The data type.
        spec: SpecKind,
    },
    /// Histories of the model are not generated with such operations.
    NotOffered {
        /// Which.
        name: &'static str,
        /// The model.
        model: Model,
    },
    /// The violation is none of that data type and model.
    NotOf {
        /// The violation.
        violation: Violation,
        /// The model.
        model: Model,
        /// The data type.
        spec: SpecKind,
    },
    /// The violation is one only where no value is repeated.
    NeedsUnique {
        /// The violation.
        violation: Violation,
    },
    /// The violation is one only where times are recorded.
    NeedsTimes {
        /// The violation.
        violation: Violation,
    },
    /// The history has no place for the violation.
    NoPlace {
        /// The violation.
        violation: Violation,
    },
    /// The history is too long.
    History(HistoryError),
}

impl std::fmt::Display for GenerateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotAShare { name, share } => write!(f, "{name} is {share}, but a share is between 0 and 1"),
            Self::OutOfRange { name, number, least, most } => {
                write!(f, "{name} is {number}, expected {least} to {most}")
            }
            Self::NoGenerator { model, spec } => {
                write!(f, "no generator makes {model} histories of a {spec}; weaker models need a register")
            }
            Self::NotOffered { name, model } => {
                write!(f, "{model} histories are generated without {name} operations; set their share to 0")
            }
            Self::NotOf { violation, model, spec } => {
                let known = Violation::of(*spec).iter().map(|one| one.name()).collect::<Vec<_>>().join(", ");
                write!(
                    f,
                    "{violation} does not violate {model} of a {spec} (violations of that type: {known})"
                )
            }
            Self::NeedsUnique { violation } => {
                write!(f, "{violation} is a violation only where values are unique")
            }
            Self::NeedsTimes { violation } => {
                write!(f, "{violation} is a violation only where times are recorded")
            }
            Self::NoPlace { violation } => write!(
                f,
                "the history has no place for {violation}; try more operations, fewer clients or another seed"
            ),
            Self::History(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for GenerateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::History(error) = self { Some(error) } else { None }
    }
}

impl From<HistoryError> for GenerateError {
    fn from(error: HistoryError) -> Self {
        Self::History(error)
    }
}
