//! What silences whom, by which ways, and how it may be taken back.

use crate::codes;
use crate::consent::model::{Scope, Way, Ways};
use chrono::{NaiveDate, NaiveDateTime};

/// Who wants an origin withdrawn, and on what ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithdrawalRequest {
    /// The result of a call was a slip: by the one who made it, the same office day, asked twice.
    SlipByAgent {
        /// The call was theirs.
        own_call: bool,
        /// It is still the day of the call in the office's zone.
        same_day: bool,
        /// They said yes a second time.
        confirmed: bool,
    },
    /// A slip, or a batch of suppressions taken back, by a manager.
    SlipByManager {
        /// A reason was written down.
        has_reason: bool,
    },
    /// The person takes back, by a link of a mail to them, what they asked for by such a link.
    ByLink {
        /// It was asked for by a link, and not said to somebody or written on a list.
        own_opt_out: bool,
    },
    /// They changed their mind: a manager lifts it on their own later consent.
    Lift {
        /// Who lifts it is a manager.
        by_manager: bool,
        /// When they said no.
        said_at: NaiveDateTime,
        /// The day of their own consent.
        consent_on: Option<NaiveDate>,
    },
}

codes! {
    /// Why a suppression stays; told as `error-<code>`.
    pub enum WithdrawalFault {
        /// Not the own call.
        NotTheirCall = "suppression_not_their_call" => "error-suppression-not-their-call",
        /// The day is over.
        DayOver = "suppression_day_over" => "error-suppression-day-over",
        /// Not confirmed.
        NotConfirmed = "suppression_not_confirmed" => "error-suppression-not-confirmed",
        /// No reason given.
        NeedsReason = "suppression_needs_reason" => "error-suppression-needs-reason",
        /// Not a manager.
        NeedsManager = "suppression_needs_manager" => "error-suppression-needs-manager",
        /// It was not asked for by a link.
        NotByLink = "suppression_not_by_link" => "error-suppression-not-by-link",
        /// No consent of their own after the refusal.
        NeedsConsent = "suppression_needs_consent" => "error-suppression-needs-consent",
    }
}

/// Whether an origin may be withdrawn. There is no way by waiting.
pub fn may_withdraw(request: WithdrawalRequest) -> Result<(), WithdrawalFault> {
    let wrong = match request {
        WithdrawalRequest::SlipByAgent {
            own_call: false, ..
        } => Some(WithdrawalFault::NotTheirCall),
        WithdrawalRequest::SlipByAgent {
            same_day: false, ..
        } => Some(WithdrawalFault::DayOver),
        WithdrawalRequest::SlipByAgent {
            confirmed: false, ..
        } => Some(WithdrawalFault::NotConfirmed),
        WithdrawalRequest::SlipByManager { has_reason: false } => {
            Some(WithdrawalFault::NeedsReason)
        }
        WithdrawalRequest::ByLink { own_opt_out: false } => Some(WithdrawalFault::NotByLink),
        WithdrawalRequest::Lift {
            by_manager: false, ..
        } => Some(WithdrawalFault::NeedsManager),
        WithdrawalRequest::Lift {
            said_at,
            consent_on,
            ..
        } if consent_on.is_none_or(|on| on < said_at.date()) => Some(WithdrawalFault::NeedsConsent),
        _ => None,
    };
    wrong.map_or(Ok(()), Err)
}

/// Whom a word said in a call silences, and by which ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// They asked never to be contacted, and did not only refuse.
    pub do_not_contact: bool,
    /// The ways that they named.
    pub named: Option<Ways>,
    /// It is known who spoke.
    pub person_known: bool,
    /// The number is the person's own, not a switchboard or a shared desk.
    pub number_is_own: bool,
    /// They spoke for the whole company.
    pub for_company: bool,
}

/// The suppressions that follow. A refusal silences the person for calls, and the number only if it is their own;
/// "do not contact us" closes the number that rang for everybody, and the company if nobody else is known to have said it.
pub fn silenced(refusal: &Refusal) -> Vec<(Scope, Ways)> {
    let mut silenced = Vec::new();
    if refusal.do_not_contact {
        let ways = refusal
            .named
            .filter(|ways| !ways.is_empty())
            .unwrap_or(Ways::ALL);
        if refusal.person_known {
            silenced.push((Scope::Person, ways));
        }
        if ways.has(Way::Call) {
            silenced.push((Scope::Number, Ways::CALL));
        }
        if refusal.for_company || !refusal.person_known {
            silenced.push((Scope::Company, ways));
        }
        return silenced;
    }
    if refusal.person_known {
        silenced.push((Scope::Person, Ways::CALL));
    }
    if refusal.number_is_own {
        silenced.push((Scope::Number, Ways::CALL));
    }
    silenced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_silences_whom_it_concerns() {
        let refused = Refusal {
            do_not_contact: false,
            named: None,
            person_known: true,
            number_is_own: false,
            for_company: false,
        };
        let never = Refusal {
            do_not_contact: true,
            ..refused
        };
        let (number, person) = ((Scope::Number, Ways::CALL), (Scope::Person, Ways::CALL));
        for (refusal, expected) in [
            (refused, vec![person]),
            (
                Refusal {
                    number_is_own: true,
                    ..refused
                },
                vec![person, number],
            ),
            (
                Refusal {
                    person_known: false,
                    ..refused
                },
                vec![],
            ),
            (never, vec![(Scope::Person, Ways::ALL), number]),
            (
                Refusal {
                    named: Some(Ways::MAIL),
                    ..never
                },
                vec![(Scope::Person, Ways::MAIL)],
            ),
            (
                Refusal {
                    named: Some(Ways::NONE),
                    ..never
                },
                vec![(Scope::Person, Ways::ALL), number],
            ),
            (
                Refusal {
                    person_known: false,
                    ..never
                },
                vec![number, (Scope::Company, Ways::ALL)],
            ),
            (
                Refusal {
                    for_company: true,
                    ..never
                },
                vec![
                    (Scope::Person, Ways::ALL),
                    number,
                    (Scope::Company, Ways::ALL),
                ],
            ),
        ] {
            assert_eq!(silenced(&refusal), expected, "{refusal:?}");
        }
    }

    #[test]
    fn only_slips_and_a_later_consent_take_a_word_back() {
        let said_at = "2026-09-24T02:00:00".parse().unwrap();
        let on = |day: &str| Some(day.parse().unwrap());
        let agent = |own_call, same_day, confirmed| WithdrawalRequest::SlipByAgent {
            own_call,
            same_day,
            confirmed,
        };
        let lift = |by_manager, consent_on| WithdrawalRequest::Lift {
            by_manager,
            said_at,
            consent_on,
        };
        for (withdrawal, fault) in [
            (agent(true, true, true), None),
            (
                agent(false, true, true),
                Some(WithdrawalFault::NotTheirCall),
            ),
            (agent(true, false, true), Some(WithdrawalFault::DayOver)),
            (
                agent(true, true, false),
                Some(WithdrawalFault::NotConfirmed),
            ),
            (WithdrawalRequest::SlipByManager { has_reason: true }, None),
            (
                WithdrawalRequest::SlipByManager { has_reason: false },
                Some(WithdrawalFault::NeedsReason),
            ),
            (WithdrawalRequest::ByLink { own_opt_out: true }, None),
            (
                WithdrawalRequest::ByLink { own_opt_out: false },
                Some(WithdrawalFault::NotByLink),
            ),
            (lift(true, on("2026-10-20")), None),
            (
                lift(true, on("2026-09-01")),
                Some(WithdrawalFault::NeedsConsent),
            ),
            (lift(true, None), Some(WithdrawalFault::NeedsConsent)),
            (
                lift(false, on("2026-10-20")),
                Some(WithdrawalFault::NeedsManager),
            ),
        ] {
            assert_eq!(may_withdraw(withdrawal).err(), fault, "{withdrawal:?}");
        }
    }

    #[test]
    fn every_code_has_a_name_in_both_languages() {
        use crate::platform::i18n::Lang;
        for key in WithdrawalFault::ALL.iter().map(|code| code.key()) {
            assert!(Lang::ALL.iter().all(|lang| lang.knows(key)), "{key}");
        }
    }
}
