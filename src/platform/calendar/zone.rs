//! From stored UTC to a place's wall clock and back, on days of 23 and 25 hours too.

use chrono::{LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;

/// What the wall clock of `zone` shows at the instant `utc`.
pub fn to_local(zone: Tz, utc: NaiveDateTime) -> NaiveDateTime {
    utc + zone.offset_from_utc_datetime(&utc).fix()
}

/// The instant at which the wall clock of `zone` shows `local`.
/// An hour that comes twice means its first coming; an hour that is skipped means the moment after the jump,
/// so that a later wall clock never gives an earlier instant.
pub fn to_utc(zone: Tz, local: NaiveDateTime) -> NaiveDateTime {
    match zone.offset_from_local_datetime(&local) {
        LocalResult::Single(offset) => local - offset.fix(),
        LocalResult::Ambiguous(first, _) => local - first.fix(),
        LocalResult::None => end_of_gap(zone, local),
    }
}

/// The first instant whose wall clock is past `local`; no offset is larger than a day and two hours away from UTC.
fn end_of_gap(zone: Tz, local: NaiveDateTime) -> NaiveDateTime {
    let (mut before, mut after) = (local - TimeDelta::hours(26), local + TimeDelta::hours(26));
    while after - before > TimeDelta::seconds(1) {
        let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
        if to_local(zone, middle) >= local {
            after = middle
        } else {
            before = middle
        }
    }
    after
}

/// The date that the wall clock of `zone` shows at the instant `utc`.
pub fn local_date(zone: Tz, utc: NaiveDateTime) -> NaiveDate {
    to_local(zone, utc).date()
}

/// The instant at which `date` begins in `zone`.
pub fn day_start(zone: Tz, date: NaiveDate) -> NaiveDateTime {
    to_utc(zone, date.and_time(NaiveTime::MIN))
}

/// The instant `days` calendar days after `utc` at the same wall clock of `zone`.
pub fn add_days(zone: Tz, utc: NaiveDateTime, days: i64) -> NaiveDateTime {
    to_utc(zone, to_local(zone, utc) + TimeDelta::days(days))
}

/// A zone is stored under its IANA name.
pub mod as_name {
    use chrono_tz::Tz;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes the IANA name.
    pub fn serialize<S: Serializer>(zone: &Tz, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(zone.name())
    }

    /// Reads an IANA name; an unknown one is refused.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Tz, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::{America::New_York, Asia::Shanghai, Europe::London};
    use proptest::prelude::*;

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    #[test]
    fn wall_clocks_become_instants() {
        for (zone, local, utc) in [
            (Shanghai, "2026-09-24 10:00", "2026-09-24 02:00"),
            (London, "2026-01-05 09:00", "2026-01-05 09:00"),
            (London, "2026-07-06 09:00", "2026-07-06 08:00"),
            // skipped: 01:00 to 02:00 on 29 March
            (London, "2026-03-29 01:00", "2026-03-29 01:00"),
            (London, "2026-03-29 01:30", "2026-03-29 01:00"),
            (London, "2026-03-29 02:00", "2026-03-29 01:00"),
            // twice: 01:00 to 02:00 on 25 October
            (London, "2026-10-25 01:30", "2026-10-25 00:30"),
            (New_York, "2026-03-08 02:15", "2026-03-08 07:00"),
            (New_York, "2026-11-01 01:15", "2026-11-01 05:15"),
        ] {
            assert_eq!(to_utc(zone, at(local)), at(utc), "{local} in {zone}");
        }
    }

    #[test]
    fn a_skipped_midnight_begins_the_day_at_one() {
        let date = NaiveDate::from_ymd_opt(2018, 11, 4).unwrap();
        assert_eq!(
            day_start(chrono_tz::America::Sao_Paulo, date),
            at("2018-11-04 03:00")
        );
    }

    #[test]
    fn days_keep_the_wall_clock_over_a_change_of_hours() {
        assert_eq!(
            add_days(London, at("2026-03-28 09:10"), 1),
            at("2026-03-29 08:10")
        );
    }

    proptest! {
        #[test]
        fn local_and_back_loses_at_most_the_repeated_hour(seconds in 1_735_689_600i64..1_830_297_600) {
            let utc = chrono::DateTime::from_timestamp(seconds, 0).unwrap().naive_utc();
            for zone in [Shanghai, London, New_York] {
                let back = to_utc(zone, to_local(zone, utc));
                prop_assert!(back == utc || back == utc - TimeDelta::hours(1));
            }
        }
    }
}
