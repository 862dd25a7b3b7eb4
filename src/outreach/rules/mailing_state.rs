//! The states of a mailing and the moves between them, in one place. Whatever is not here does not happen.

use crate::outreach::model::MailingState;

/// What happens to a mailing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Move {
    /// Its name, audience or letter becomes another one; what was decided for it is void.
    Edit,
    /// Somebody, or the calendar, asks who is in it.
    AskPlan,
    /// The job has decided everybody.
    Planned,
    /// The job was given up or called off.
    PlanFailed,
    /// A person says that it may go.
    Approve,
    /// It gets another moment.
    Schedule,
    /// Its moment has come, or somebody says now.
    Start,
    /// Held by a person, or by itself.
    Pause,
    /// Goes on before its first letter has gone.
    ResumeWaiting,
    /// Goes on where it stopped.
    ResumeSending,
    /// Nobody waits any more.
    Finish,
    /// Letters whose fate is unknown are to go once more.
    Reopen,
    /// Called off; what was sent stays sent.
    Cancel,
}

impl Move {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Edit,
        Self::AskPlan,
        Self::Planned,
        Self::PlanFailed,
        Self::Approve,
        Self::Schedule,
        Self::Start,
        Self::Pause,
        Self::ResumeWaiting,
        Self::ResumeSending,
        Self::Finish,
        Self::Reopen,
        Self::Cancel,
    ];

    /// Stable code: the verb of the change log, and of the event `mailing.<code>`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::AskPlan => "plan",
            Self::Planned => "planned",
            Self::PlanFailed => "plan_failed",
            Self::Approve => "approve",
            Self::Schedule => "schedule",
            Self::Start => "start",
            Self::Pause => "pause",
            Self::ResumeWaiting | Self::ResumeSending => "resume",
            Self::Finish => "finish",
            Self::Reopen => "reopen",
            Self::Cancel => "cancel",
        }
    }
}

/// The state that a move leads to; none where it is not possible.
pub fn next(state: MailingState, by: Move) -> Option<MailingState> {
    use MailingState::{Cancelled, Done, Draft, Paused, Planned, Planning, Scheduled, Sending};
    Some(match (state, by) {
        // Nobody has been written to: everything can still become another thing, and is decided anew then.
        (Draft | Planned | Scheduled, Move::Edit) => Draft,
        (Draft | Planned | Scheduled, Move::AskPlan) => Planning,
        (Planning, Move::Planned) => Planned,
        (Planning, Move::PlanFailed) => Draft,
        (Planned, Move::Approve) => Scheduled,
        (Draft | Planning | Planned | Scheduled, Move::Schedule) => state,
        (Scheduled, Move::Start) => Sending,
        (Scheduled | Sending, Move::Pause) => Paused,
        (Paused, Move::ResumeWaiting) => Scheduled,
        (Paused, Move::ResumeSending) => Sending,
        (Sending, Move::Finish) => Done,
        (Done, Move::Reopen) => Sending,
        (Draft | Planning | Planned | Scheduled | Sending | Paused, Move::Cancel) => Cancelled,
        _ => return None,
    })
}

/// Whether a move is possible from a state: what pages offer.
pub fn can(state: MailingState, by: Move) -> bool {
    next(state, by).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use MailingState::*;

    /// Every possible move; what is not listed is refused.
    const TABLE: [(MailingState, Move, MailingState); 26] = [
        (Draft, Move::Edit, Draft),
        (Draft, Move::AskPlan, Planning),
        (Draft, Move::Schedule, Draft),
        (Draft, Move::Cancel, Cancelled),
        (Planning, Move::Planned, Planned),
        (Planning, Move::PlanFailed, Draft),
        (Planning, Move::Schedule, Planning),
        (Planning, Move::Cancel, Cancelled),
        (Planned, Move::Edit, Draft),
        (Planned, Move::AskPlan, Planning),
        (Planned, Move::Approve, Scheduled),
        (Planned, Move::Schedule, Planned),
        (Planned, Move::Cancel, Cancelled),
        (Scheduled, Move::Edit, Draft),
        (Scheduled, Move::AskPlan, Planning),
        (Scheduled, Move::Schedule, Scheduled),
        (Scheduled, Move::Start, Sending),
        (Scheduled, Move::Pause, Paused),
        (Scheduled, Move::Cancel, Cancelled),
        (Sending, Move::Pause, Paused),
        (Sending, Move::Finish, Done),
        (Sending, Move::Cancel, Cancelled),
        (Paused, Move::ResumeWaiting, Scheduled),
        (Paused, Move::ResumeSending, Sending),
        (Paused, Move::Cancel, Cancelled),
        (Done, Move::Reopen, Sending),
    ];

    #[test]
    fn the_table_says_all_that_can_happen() {
        for state in MailingState::ALL {
            for by in Move::ALL {
                let wanted = TABLE.iter().find(|(from, m, _)| from == state && *m == by);
                assert_eq!(
                    next(*state, by),
                    wanted.map(|(.., to)| *to),
                    "{state:?} {by:?}"
                );
            }
        }
    }

    #[test]
    fn nothing_is_sent_that_nobody_approved() {
        let to_sending = TABLE.iter().filter(|(_, _, to)| *to == Sending);
        for (from, by, _) in to_sending {
            assert!(matches!(from, Scheduled | Paused | Done), "{from:?} {by:?}");
        }
        let to_scheduled = TABLE
            .iter()
            .filter(|(from, _, to)| *to == Scheduled && *from != Scheduled);
        for (from, by, _) in to_scheduled {
            assert!(
                matches!(by, Move::Approve | Move::ResumeWaiting),
                "{from:?} {by:?}"
            );
        }
    }

    #[test]
    fn what_is_called_off_stays_so() {
        assert!(Move::ALL.iter().all(|by| !can(Cancelled, *by)));
    }
}
