//! Why a certificate is not accepted.

use crate::limits::Stop;
use crate::model::Model;
use crate::naive::NaiveError;
use crate::spec::{SpecError, SpecKind};
use thiserror::Error;

/// Why no certificate of the history can be checked.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The model speaks of time and the history has none.
    #[error("{model} speaks of real time, but the history has no times")]
    NoTimes {
        /// The model.
        model: Model,
    },
    /// The model is about registers, the history about something else.
    #[error("{model} is about registers, not about a {spec}")]
    NotRegisters {
        /// The model.
        model: Model,
        /// The data type.
        spec: SpecKind,
    },
    /// The history does not fit the data type.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The history cannot be judged, not even in part.
    #[error(transparent)]
    Naive(NaiveError),
}

/// What ends a check early.
#[derive(Debug)]
pub(super) enum Fault {
    /// The certificate says something untrue.
    Refuted(String),
    /// It cannot be checked.
    Unverified(String),
    /// The history cannot be judged.
    Input(VerifyError),
}

impl From<SpecError> for Fault {
    fn from(error: SpecError) -> Self {
        Self::Input(error.into())
    }
}

impl From<Stop> for Fault {
    fn from(stop: Stop) -> Self {
        Self::Unverified(format!("stopped: {stop}"))
    }
}

impl From<NaiveError> for Fault {
    fn from(error: NaiveError) -> Self {
        match error {
            NaiveError::TooLarge { .. } => Self::Unverified(error.to_string()),
            NaiveError::Stopped(stop) => stop.into(),
            error => Self::Input(VerifyError::Naive(error)),
        }
    }
}

/// A fault that refutes the certificate.
pub(super) fn refuted<T>(why: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::Refuted(why.into()))
}
