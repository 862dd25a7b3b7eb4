//! What a server said to a letter, and at which stage.

use std::fmt;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::response::Response;
use tokio::time::error::Elapsed;

/// What is kept of an answer.
const KEPT: usize = 300;

/// How far a letter came before something went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// No connection, or no log-in: nothing about the letter.
    Connect,
    /// The sender was named.
    Sender,
    /// The recipient was named.
    Recipient,
    /// The body was announced.
    Data,
    /// The body may be on the wire.
    Body,
}

/// An answer of the server, or what stood in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Its code; none: the connection broke or time ran out.
    pub code: Option<u16>,
    /// Its text, or what went wrong, shortened.
    pub text: String,
}

impl Reply {
    pub(super) fn of(response: &Response) -> Self {
        Self {
            code: Some(u16::from(response.code())),
            text: shortened(&response.message().collect::<Vec<_>>().join(" ")),
        }
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "{code} {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

/// A letter that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// How far it came.
    pub stage: Stage,
    /// What was said.
    pub reply: Reply,
}

impl Failure {
    pub(super) fn of(stage: Stage, error: &Error) -> Self {
        let text = match (error.status(), std::error::Error::source(error)) {
            (Some(_), Some(said)) => said.to_string(),
            _ => error.to_string(),
        };
        Self {
            stage,
            reply: Reply {
                code: error.status().map(u16::from),
                text: shortened(&text),
            },
        }
    }

    pub(super) fn lost(stage: Stage, text: impl ToString) -> Self {
        let text = shortened(&text.to_string());
        Self {
            stage,
            reply: Reply { code: None, text },
        }
    }

    /// There is no such address, whichever server is asked.
    pub(super) fn bad_address(why: &anyhow::Error) -> Self {
        Self {
            stage: Stage::Recipient,
            reply: Reply {
                code: Some(553),
                text: shortened(&format!("{why:#}")),
            },
        }
    }

    /// Whether nobody knows what became of the letter.
    pub fn is_unknown(&self) -> bool {
        self.stage == Stage::Body && self.reply.code.is_none()
    }
}

fn shortened(text: &str) -> String {
    let line = text.replace(['\r', '\n'], " ");
    line.trim().chars().take(KEPT).collect()
}

/// What came of a command: consent, or where the letter stopped.
pub(super) fn understood(
    stage: Stage,
    answer: Result<Result<Response, Error>, Elapsed>,
) -> Result<(), Failure> {
    match answer {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(Failure::of(stage, &error)),
        Err(_) => Err(Failure::lost(stage, "no answer in time")),
    }
}
