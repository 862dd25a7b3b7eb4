//! What was said stays as it was said; time moves the bucket that queue and filters go by.

use chrono::{Months, NaiveDate};

use crate::qualifying::model::Urgency;
use crate::registry::rules::urgency;

/// The day by which they sign, from what was said and when; none where they gave no time.
pub fn sign_by(said: Urgency, said_on: NaiveDate) -> Option<NaiveDate> {
    said_on.checked_add_months(Months::new(said.months()?))
}

/// The bucket on a later day: a `sign_by` that has come near is more urgent than it was when they said it.
/// Without a date the bucket stays as said.
pub fn bucket_on(said: Urgency, sign_by: Option<NaiveDate>, today: NaiveDate) -> Urgency {
    let Some(sign_by) = sign_by else { return said };
    let dated =
        urgency::dated(sign_by, today).and_then(|at| Urgency::from_code(urgency::CODES[at]));
    dated.unwrap_or(Urgency::Gt12)
}

/// Whether the day they named has passed without a signature: the next call asks "you said June".
pub fn is_overdue(sign_by: Option<NaiveDate>, today: NaiveDate) -> bool {
    sign_by.is_some_and(|date| date < today)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_date_follows_from_what_was_said() {
        for (said, on, by) in [
            (Urgency::M1, "2026-09-24", Some("2026-10-24")),
            (Urgency::M1, "2026-01-31", Some("2026-02-28")),
            (Urgency::M3, "2026-09-24", Some("2026-12-24")),
            (Urgency::M4To6, "2026-08-31", Some("2027-02-28")),
            (Urgency::M7To12, "2026-09-24", Some("2027-09-24")),
            (Urgency::Gt12, "2026-09-24", None),
            (Urgency::NoPlan, "2026-09-24", None),
            (Urgency::Unknown, "2026-09-24", None),
        ] {
            assert_eq!(sign_by(said, day(on)), by.map(day), "{said:?}");
        }
    }

    #[test]
    fn time_moves_the_bucket() {
        let by = Some(day("2027-03-24")); // said M4_6 on 2026-09-24
        for (today, bucket) in [
            ("2026-09-24", Urgency::M4To6),
            ("2026-12-23", Urgency::M4To6),
            ("2026-12-24", Urgency::M3),
            ("2027-02-23", Urgency::M3),
            ("2027-02-24", Urgency::M1),
            ("2027-05-01", Urgency::M1),
        ] {
            assert_eq!(bucket_on(Urgency::M4To6, by, day(today)), bucket, "{today}");
        }
        assert_eq!(
            bucket_on(Urgency::NoPlan, None, day("2030-01-01")),
            Urgency::NoPlan
        );
        assert!(
            is_overdue(by, day("2027-03-25"))
                && !is_overdue(by, day("2027-03-24"))
                && !is_overdue(None, day("2030-01-01"))
        );
    }

    proptest! {
        #[test]
        fn what_was_said_today_is_its_own_bucket_and_never_cools(offset in 0i64..2_000, later in 0i64..500, which in 0usize..4) {
            let said = Urgency::ALL[which];
            let on = day("2025-01-01") + chrono::TimeDelta::days(offset);
            let by = sign_by(said, on);
            prop_assert_eq!(bucket_on(said, by, on), said);
            prop_assert!(bucket_on(said, by, on + chrono::TimeDelta::days(later)) <= said);
        }
    }
}
