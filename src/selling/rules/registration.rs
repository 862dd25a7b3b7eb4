//! Registrations: how long a project is protected, when that may be prolonged, and what stands against it.

use chrono::{NaiveDate, TimeDelta};

use crate::codes;

/// A registration is prolonged in its last days only: whoever needs it longer says so again and again.
pub const PROLONG_WITHIN: i64 = 30;

codes! {
    /// Why a registration cannot be changed; the sentence is `error-<code>`.
    pub enum RegistrationFault {
        /// It protects nothing any more.
        Ended = "registration_ended" => "error-registration-ended",
        /// It has long to go.
        TooEarly = "registration_too_early" => "error-registration-too-early",
        /// Nothing is said why.
        NoReason = "registration_needs_reason" => "error-registration-needs-reason",
    }
}

/// The last day after a prolongation.
pub fn prolonged(
    is_live: bool,
    until: NaiveDate,
    today: NaiveDate,
    days: u16,
) -> Result<NaiveDate, RegistrationFault> {
    if !is_live || until < today {
        Err(RegistrationFault::Ended)
    } else if until > today + TimeDelta::days(PROLONG_WITHIN) {
        Err(RegistrationFault::TooEarly)
    } else {
        Ok(until + TimeDelta::days(i64::from(days)))
    }
}

/// What stands against a live registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflict {
    /// The company is another rep's.
    OwnedBy(String),
    /// The company is nobody's.
    OwnedByNobody,
    /// Another rep registered a project of the same company.
    AlsoBy(String),
    /// A company that may be the same one is another rep's.
    LikeOne {
        /// That company.
        name: String,
        /// Whose it is.
        rep: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registration_is_prolonged_in_its_last_days_only() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let today = day("2026-09-22");
        for (is_live, until, outcome) in [
            (true, "2026-10-22", Ok(day("2027-01-20"))),
            (true, "2026-09-22", Ok(day("2026-12-21"))),
            (true, "2026-10-23", Err(RegistrationFault::TooEarly)),
            (true, "2026-09-21", Err(RegistrationFault::Ended)),
            (false, "2026-10-22", Err(RegistrationFault::Ended)),
        ] {
            let found = prolonged(is_live, day(until), today, 90);
            assert_eq!(found, outcome, "{is_live} {until}");
        }
    }
}
