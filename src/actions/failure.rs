//! Why an action was not done, by who must act.

use std::fmt;

use crate::problem::{Problem, Problems};
use crate::store::{AppendError, StoreError};

/// Why an action was not done. Nothing was changed then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Who must act.
    pub kind: FailureKind,
    /// What is wrong, where, and what to do.
    pub problems: Problems,
}

/// Who must act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// Whoever asked: the words of the request are off.
    Usage,
    /// Whoever can mend the file, the store or the machine.
    Failed,
}

impl Failure {
    /// The request is off.
    #[must_use]
    pub fn usage(problems: impl Into<Problems>) -> Self {
        Self {
            kind: FailureKind::Usage,
            problems: problems.into(),
        }
    }

    /// Something else is off.
    #[must_use]
    pub fn failed(problems: impl Into<Problems>) -> Self {
        Self {
            kind: FailureKind::Failed,
            problems: problems.into(),
        }
    }
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::failed(problems)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::failed(problem)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::failed(Problem::from(&error))
    }
}

impl From<AppendError<Self>> for Failure {
    fn from(error: AppendError<Self>) -> Self {
        match error {
            AppendError::Refused(failure) => failure,
            AppendError::Store(error) => error.into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problems.fmt(f)
    }
}

impl std::error::Error for Failure {}
