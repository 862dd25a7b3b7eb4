//! What may follow a call, as data: stored with the result, carried out by the flow that records it.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::dispositions::{Disposition, Input};
use super::why::Why;
use crate::consent::{Scope, Ways};
use crate::qualifying::rules::GradeHint;

/// One thing that follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// The entry is tried again.
    Retry {
        /// When.
        at: NaiveDateTime,
    },
    /// The entry was spoken with and waits for the next talk.
    Waiting {
        /// Until when.
        until: NaiveDateTime,
    },
    /// The entry goes on with another number of the company.
    NextNumber {
        /// When.
        at: NaiveDateTime,
    },
    /// The entry has no number left and waits for one.
    NoNumber,
    /// A call is agreed; the entry waits for it.
    Callback {
        /// When.
        at: NaiveDateTime,
        /// Whose it is.
        owner: i64,
        /// When it falls to the team.
        fallback_at: NaiveDateTime,
    },
    /// The entry is done.
    Done,
    /// The entry is out of this campaign until somebody recycles it.
    Exhausted,
    /// Somebody is not to be reached any more.
    Suppress {
        /// Who.
        scope: Scope,
        /// By which ways.
        ways: Ways,
    },
    /// The company is left alone.
    Rest {
        /// Until when.
        until: NaiveDateTime,
    },
    /// A person has something to do.
    Task {
        /// What.
        kind: TaskKind,
        /// By when.
        due: Option<NaiveDateTime>,
    },
    /// What the result says about the grade.
    Grade {
        /// The proposal or cap.
        hint: GradeHint,
    },
    /// The number does not work.
    NumberBad,
    /// The number is not this company's: no import brings it back.
    NumberTakenOff,
    /// The contact no longer works there.
    ContactLeft,
    /// The lead goes to a rep, if its grade and record allow.
    HandOver,
    /// They are registered for the event.
    Register,
    /// The mail with the material goes out, not before the result stands.
    SendInfo {
        /// Not before.
        not_before: NaiveDateTime,
    },
    /// The WeChat number is kept.
    KeepWechat,
    /// The two records are put up for a merge.
    MergeRequest,
    /// To be asked in this call, else in the next.
    Ask {
        /// What.
        input: Input,
    },
}

/// What a person has to do after a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Go and see them.
    Visit,
    /// Find the new address.
    FindAddress,
    /// Find out who does the work now.
    FindSuccessor,
}

/// One effect with its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What follows.
    #[serde(flatten)]
    pub effect: Effect,
    /// Why, in the order in which it was decided.
    pub because: Vec<Why>,
}

/// Everything that follows a result; exactly one effect is about the entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextStep {
    /// The result.
    pub result: Disposition,
    /// What follows.
    pub steps: Vec<Step>,
}

impl Effect {
    /// Whether it says what becomes of the entry.
    pub fn is_about_entry(&self) -> bool {
        matches!(
            self,
            Self::Retry { .. }
                | Self::Waiting { .. }
                | Self::NextNumber { .. }
                | Self::NoNumber
                | Self::Callback { .. }
                | Self::Done
                | Self::Exhausted
        )
    }
}

impl NextStep {
    /// What becomes of the entry.
    pub fn entry(&self) -> &Step {
        self.steps
            .iter()
            .find(|step| step.effect.is_about_entry())
            .expect("next_step always decides about the entry")
    }

    /// When the entry is called next, if that is known.
    pub fn next_attempt_at(&self) -> Option<NaiveDateTime> {
        match self.entry().effect {
            Effect::Retry { at } | Effect::NextNumber { at } | Effect::Callback { at, .. } => {
                Some(at)
            }
            Effect::Waiting { until } => Some(until),
            _ => None,
        }
    }

    /// What the result says about the grade.
    pub fn grade_hint(&self) -> Option<GradeHint> {
        self.steps.iter().find_map(|step| match step.effect {
            Effect::Grade { hint } => Some(hint),
            _ => None,
        })
    }
}
