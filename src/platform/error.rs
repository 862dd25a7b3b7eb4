//! What may go wrong in front of a person or a program, and how it is said.
//!
//! Actions refuse with [`AppError::refuse`]: a stable code, a status and parameters. The sentence belongs to the
//! language files (`error-<code>`, its remedy `error-<code>-remedy`) and is made when somebody reads it.
//! Jobs and start-up use `anyhow`; nothing else does.

use actix_web::http::StatusCode;

use super::db::Unavailable;

/// A refusal or a fault on its way to whoever asked.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// We understood and say no, with a code that stays the same for ever.
    #[error("{}", .0.code)]
    Refused(Box<Refusal>),
    /// A fault of ours: logged in full, told in one sentence.
    #[error("{0:#}")]
    Internal(anyhow::Error),
}

/// Why something was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status of the answer.
    pub status: StatusCode,
    /// Stable code; the sentence is `error-<code with hyphens>`.
    pub code: &'static str,
    /// Parameters of the sentence.
    pub args: Vec<(&'static str, String)>,
}

/// What every action and handler returns.
pub type AppResult<T> = Result<T, AppError>;

impl AppError {
    /// Says no with a code and a status.
    pub fn refuse(status: StatusCode, code: &'static str) -> Self {
        Self::Refused(Box::new(Refusal {
            status,
            code,
            args: Vec::new(),
        }))
    }
    /// Adds a parameter to the sentence of a refusal.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        if let Self::Refused(refusal) = &mut self {
            refusal.args.push((name, value.to_string()));
        }
        self
    }
    /// 400: the request itself is wrong.
    pub fn bad_request(code: &'static str) -> Self {
        Self::refuse(StatusCode::BAD_REQUEST, code)
    }
    /// 403: not this person.
    pub fn forbidden() -> Self {
        Self::refuse(StatusCode::FORBIDDEN, "forbidden")
    }
    /// 403: this person, but not this object.
    pub fn not_yours() -> Self {
        Self::refuse(StatusCode::FORBIDDEN, "not_yours")
    }
    /// 404: there is no such thing, or not for this person.
    pub fn not_found() -> Self {
        Self::refuse(StatusCode::NOT_FOUND, "not_found")
    }
    /// 409: it was possible a moment ago.
    pub fn conflict(code: &'static str) -> Self {
        Self::refuse(StatusCode::CONFLICT, code)
    }
    /// 422: a field is filled wrongly; `field` is its stable name.
    pub fn invalid(code: &'static str, field: &'static str) -> Self {
        Self::refuse(StatusCode::UNPROCESSABLE_ENTITY, code).with("field", field)
    }
    /// The refusal, if it is one.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Internal(_) => None,
        }
    }
    /// What a form is shown again with: a refusal of what was typed. Whatever else went wrong stays an error.
    pub fn of_form(self) -> AppResult<Refusal> {
        match self {
            Self::Refused(refusal) if refusal.status == StatusCode::UNPROCESSABLE_ENTITY => {
                Ok(*refusal)
            }
            other => Err(other),
        }
    }
}

impl From<anyhow::Error> for AppError {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}
impl From<diesel::result::Error> for AppError {
    fn from(error: diesel::result::Error) -> Self {
        match error {
            diesel::result::Error::NotFound => Self::not_found(),
            other => Self::Internal(other.into()),
        }
    }
}
impl From<Unavailable> for AppError {
    fn from(error: Unavailable) -> Self {
        tracing::error!("{error}");
        Self::refuse(StatusCode::SERVICE_UNAVAILABLE, "unavailable")
    }
}
impl From<serde_json::Error> for AppError {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(error.into())
    }
}
