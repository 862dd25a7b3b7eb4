//! When a lead is ready to be handed over, and what may become of an offer.

use chrono::NaiveDateTime;

use super::service::ServiceRules;
use crate::codes;
use crate::qualifying::Grade;

codes! {
    /// Where a hand-over stands.
    pub enum HandoverState {
        /// A rep has it to accept.
        Offered = "offered" => "handover-state-offered",
        /// Most of the time to accept is over.
        Warned = "warned" => "handover-state-warned",
        /// The rep took it.
        Accepted = "accepted" => "handover-state-accepted",
        /// The rep gave a reason, and it is the telemarketer's again.
        Rejected = "rejected" => "handover-state-rejected",
        /// Nobody took it in time; it went on to somebody else.
        Lapsed = "lapsed" => "handover-state-lapsed",
        /// The manager decides.
        WithManager = "with_manager" => "handover-state-with-manager",
        /// Nobody wanted it: it is in the pool.
        Pooled = "pooled" => "handover-state-pooled",
        /// The call it came from was taken back.
        Withdrawn = "withdrawn" => "handover-state-withdrawn",
        /// Waits until a merge is undone.
        Parked = "parked" => "handover-state-parked",
    }
}

impl HandoverState {
    /// Nobody has settled it: a company has one of these at most.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Offered | Self::Warned | Self::WithManager)
    }
    /// A rep may accept or reject it.
    pub fn is_on_offer(self) -> bool {
        matches!(self, Self::Offered | Self::Warned)
    }
}

codes! {
    /// What a lead still lacks before it can be handed over.
    pub enum Lacking {
        /// The record is not complete enough.
        Completeness = "completeness" => "lacking-completeness",
        /// No key contact who can be reached.
        KeyContact = "key_contact" => "lacking-key-contact",
        /// Nobody said when they decide.
        Urgency = "urgency" => "lacking-urgency",
        /// Nobody said what they need.
        Need = "need" => "lacking-need",
    }
}

/// What the conditions look at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Readiness {
    /// Points of the record.
    pub completeness: i32,
    /// A key contact with a number or mail box that works and may be used.
    pub has_reachable_key_contact: bool,
    /// An urgency was said, `UNKNOWN` does not count.
    pub has_urgency: bool,
    /// At least roughly.
    pub has_need: bool,
}

impl Readiness {
    /// What is missing, in the order in which it is asked.
    pub fn lacking(&self, rules: &ServiceRules) -> Vec<Lacking> {
        [
            (self.has_urgency, Lacking::Urgency),
            (self.has_need, Lacking::Need),
            (self.has_reachable_key_contact, Lacking::KeyContact),
            (
                self.completeness >= rules.completeness,
                Lacking::Completeness,
            ),
        ]
        .into_iter()
        .filter_map(|(is_there, what)| (!is_there).then_some(what))
        .collect()
    }
}

/// A lead goes to a rep from this grade on; D and E stay where they are.
pub fn is_for_a_rep(grade: Option<Grade>) -> bool {
    grade.is_none_or(|grade| grade <= Grade::C)
}

/// An offer as its clock sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Its state.
    pub state: HandoverState,
    /// How often it was offered.
    pub round: i32,
    /// Warned from then on.
    pub warn_at: Option<NaiveDateTime>,
    /// Over from then on: the very moment is too late.
    pub due_at: Option<NaiveDateTime>,
}

/// What time does to an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Nothing yet.
    Nothing,
    /// The rep is warned.
    Warn,
    /// It goes to the next rep.
    NextRep,
    /// It goes to the manager's list.
    Manager,
    /// It goes to the pool.
    Pool,
}

impl Offer {
    /// What is due now.
    pub fn due(&self, now: NaiveDateTime, rules: &ServiceRules) -> Due {
        let is_over = self.due_at.is_some_and(|due| due <= now);
        let is_late = self.warn_at.is_some_and(|warn| warn <= now);
        match self.state {
            HandoverState::Offered | HandoverState::Warned if is_over => {
                if self.round < i32::from(rules.rounds) {
                    Due::NextRep
                } else {
                    Due::Manager
                }
            }
            HandoverState::Offered if is_late => Due::Warn,
            HandoverState::WithManager if is_over => Due::Pool,
            _ => Due::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: u32) -> NaiveDateTime {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 9, 22).expect("a date");
        day.and_hms_opt(2, minute, 0).expect("a time")
    }

    #[test]
    fn what_is_missing_is_named_and_nothing_else() {
        let rules = ServiceRules::default();
        let ready = Readiness {
            completeness: 50,
            has_reachable_key_contact: true,
            has_urgency: true,
            has_need: true,
        };
        assert_eq!(ready.lacking(&rules), []);
        let bare = Readiness::default().lacking(&rules);
        assert_eq!(
            bare,
            [
                Lacking::Urgency,
                Lacking::Need,
                Lacking::KeyContact,
                Lacking::Completeness
            ]
        );
        let thin = Readiness {
            completeness: 49,
            ..ready
        };
        assert_eq!(thin.lacking(&rules), [Lacking::Completeness]);
    }

    #[test]
    fn an_offer_warns_lapses_twice_and_ends_in_the_pool() {
        let rules = ServiceRules::default();
        let offer = |state, round| Offer {
            state,
            round,
            warn_at: Some(at(10)),
            due_at: Some(at(20)),
        };
        use HandoverState::*;
        for (state, round, minute, due) in [
            (Offered, 1, 9, Due::Nothing),
            (Offered, 1, 10, Due::Warn),
            (Warned, 1, 19, Due::Nothing),
            (Warned, 1, 20, Due::NextRep),
            (Offered, 1, 25, Due::NextRep),
            (Warned, 2, 20, Due::Manager),
            (WithManager, 2, 19, Due::Nothing),
            (WithManager, 2, 20, Due::Pool),
            (Accepted, 1, 30, Due::Nothing),
            (Rejected, 1, 30, Due::Nothing),
            (Parked, 1, 30, Due::Nothing),
        ] {
            let found = offer(state, round).due(at(minute), &rules);
            assert_eq!(found, due, "{state:?} {round} {minute}");
        }
    }

    #[test]
    fn a_d_stays_with_the_telemarketer() {
        assert!(is_for_a_rep(Some(Grade::A)) && is_for_a_rep(Some(Grade::C)) && is_for_a_rep(None));
        assert!(!is_for_a_rep(Some(Grade::D)) && !is_for_a_rep(Some(Grade::E)));
    }
}
