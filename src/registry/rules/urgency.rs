//! How soon somebody wants to sign: the codes, and which of them a day is in as time goes by.

use chrono::{Months, NaiveDate};

/// All codes, nearest first, in the order of their bits in `facets`; behind the dated ones those without a day.
pub const CODES: [&str; 7] = ["M1", "M3", "M4_6", "M7_12", "GT12", "NOPLAN", "UNKNOWN"];

/// Within how many months each of the dated ones is, in the order of [`CODES`].
pub const MONTHS: [u32; 4] = [1, 3, 6, 12];

/// The last day that is within so many months of another.
pub fn limit(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months))
        .unwrap_or(NaiveDate::MAX)
}

/// The place in [`CODES`] of a signature on this day, as it is today; `None`: more than a year away.
pub fn dated(sign_by: NaiveDate, today: NaiveDate) -> Option<usize> {
    MONTHS
        .iter()
        .position(|months| sign_by <= limit(today, *months))
}

/// Within how many months a code says they sign; none where no day follows.
pub fn months_of(code: &str) -> Option<u32> {
    let at = CODES.iter().position(|known| *known == code)?;
    MONTHS.get(at).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_comes_nearer() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let sign_by = day("2026-12-15");
        for (today, code) in [
            ("2025-12-14", None),
            ("2025-12-15", Some("M7_12")),
            ("2026-06-15", Some("M4_6")),
            ("2026-09-15", Some("M3")),
            ("2026-11-15", Some("M1")),
            ("2027-02-01", Some("M1")),
        ] {
            let found = dated(sign_by, day(today)).map(|at| CODES[at]);
            assert_eq!(found, code, "{today}");
        }
        assert_eq!(months_of("M3"), Some(3));
        assert_eq!((months_of("GT12"), months_of("soon")), (None, None));
    }
}
