//! What somebody wants to do something to, with the facts on which `may` decides.

use crate::accounts::model::Actor;

/// What the verb is about, with the facts the decision needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    /// No single thing.
    Any,
    /// One company.
    Company(CompanyAccess),
    /// One campaign.
    Campaign {
        /// Everybody of its team who calls may, or the user is named.
        is_assigned: bool,
        /// Whose it is.
        team_id: Option<i64>,
    },
    /// One mailing.
    Mailing {
        /// Whose it is; none: the office's.
        team_id: Option<i64>,
    },
    /// Somebody's work: a call, a lease, a task.
    Work {
        /// Whose it was.
        user_id: i64,
        /// Their team.
        team_id: Option<i64>,
    },
    /// What a team has to do and nobody of it has.
    TeamWork {
        /// Which; none: everybody.
        team_id: Option<i64>,
    },
}

/// How a user stands to a company. Read by one query (`registry::access_to`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CompanyAccess {
    /// The rep who has it.
    pub owner_id: Option<i64>,
    /// The rep's team.
    pub owner_team_id: Option<i64>,
    /// Leased to the user now.
    pub is_leased_to_user: bool,
    /// Called by the user within the last 30 days.
    pub was_called_by_user: bool,
    /// The user has an open call-back or task with it.
    pub has_appointment: bool,
    /// In the pool.
    pub is_in_pool: bool,
    /// Made by the user by hand.
    pub was_added_by_user: bool,
    /// The user has it to accept.
    pub is_offered_to_user: bool,
}

impl CompanyAccess {
    /// The actor is the rep who has it.
    pub fn is_of(self, actor: &Actor) -> bool {
        self.owner_id.is_some() && self.owner_id == actor.user_id
    }
    pub(super) fn is_agents(self) -> bool {
        self.is_leased_to_user
            || self.was_called_by_user
            || self.has_appointment
            || self.was_added_by_user
    }
}
