//! Who comes next: the class first, then the score, then the oldest.

use crate::codes;

codes! {
    /// The class of a queue entry; a lower one comes first.
    pub enum Class {
        /// The agent's own call-back is due.
        MyCallback = "my_callback" => "calling-class-my-callback",
        /// A call-back of the team is due.
        TeamCallback = "team_callback" => "calling-class-team-callback",
        /// Met at an event not long ago.
        EventLead = "event_lead" => "calling-class-event-lead",
        /// Its grade is about to expire.
        GradeExpires = "grade_expires" => "calling-class-grade-expires",
        /// A retry is due.
        RetryDue = "retry_due" => "calling-class-retry-due",
        /// Never called in this campaign.
        Fresh = "fresh" => "calling-class-fresh",
        /// Kept in touch with, without hurry.
        DCadence = "d_cadence" => "calling-class-d-cadence",
    }
}

impl Class {
    /// As stored with the entry: 0 to 6.
    pub fn number(self) -> i32 {
        self as i32
    }

    /// From what is stored.
    pub fn from_number(number: i32) -> Option<Self> {
        Self::ALL.get(usize::try_from(number).ok()?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::i18n::Lang;

    #[test]
    fn a_class_is_stored_as_its_place() {
        for (number, class) in (0..).zip(Class::ALL) {
            assert_eq!(class.number(), number);
            assert_eq!(Class::from_number(number), Some(*class));
        }
        assert_eq!(Class::from_number(7), None);
    }

    #[test]
    fn every_class_has_a_name_in_both_languages() {
        for class in Class::ALL {
            assert!(
                Lang::ALL.iter().all(|lang| lang.knows(class.key())),
                "{class:?}"
            );
        }
    }
}
