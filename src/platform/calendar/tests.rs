use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use chrono_tz::{Asia::Shanghai, Europe::London};
use proptest::prelude::*;

use super::*;

fn cn() -> Calendar {
    Calendar::shipped(Shanghai, Country::Cn)
}

/// An instant from the wall clock of Shanghai.
fn sh(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap() - TimeDelta::hours(8)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn days_are_what_they_were_moved_to() {
    for (date, works, holiday) in [
        ("2026-09-24", true, None),
        ("2026-09-25", false, Some("中秋节")),
        ("2026-09-20", true, None), // Sunday, worked
        ("2026-10-10", true, None), // Saturday, worked
        ("2026-10-11", false, None),
        ("2026-02-14", true, None),
        ("2026-02-15", false, Some("春节")),
        ("2026-02-23", false, Some("春节")),
        ("2026-02-28", true, None),
        ("2025-01-26", true, None),
        ("2025-10-08", false, Some("国庆节、中秋节")),
        ("2025-10-11", true, None),
        ("2027-10-01", true, None), // not announced: weekends only
    ] {
        assert_eq!(cn().is_working_day(day(date)), works, "{date}");
        let kind = cn().day_kind(day(date));
        assert_eq!(kind.is_working(), works, "{date}");
        match kind {
            DayKind::Holiday { name_zh, .. } => {
                assert_eq!(Some(name_zh.as_str()), holiday, "{date}")
            }
            _ => assert_eq!(holiday, None, "{date}"),
        }
    }
    assert_eq!(cn().day_kind(day("2026-09-20")), DayKind::MovedWorkday);
}

#[test]
fn two_years_have_the_weekends_worked_and_the_weekdays_off_that_were_announced() {
    let all = day("2025-01-01").iter_days().take(730);
    let (weekend, weekdays): (Vec<NaiveDate>, Vec<NaiveDate>) =
        all.partition(|date| date.weekday().num_days_from_monday() > 4);
    let is_worked = |date: &&NaiveDate| cn().is_working_day(**date);
    let worked: Vec<String> = weekend
        .iter()
        .filter(is_worked)
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        worked.join(" "),
        "2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11 \
         2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10"
    );
    let off = |year| {
        let of_year = weekdays.iter().filter(|date| date.year() == year);
        of_year.filter(|date| !is_worked(date)).count()
    };
    assert_eq!((off(2025), off(2026)), (18, 19));
}

#[test]
fn calls_are_open_in_the_hours_of_working_days_only() {
    for (local, open) in [
        ("2026-09-24 08:59", false),
        ("2026-09-24 09:00", true),
        ("2026-09-24 11:59", true),
        ("2026-09-24 12:00", false),
        ("2026-09-24 13:59", false),
        ("2026-09-24 14:00", true),
        ("2026-09-24 17:59", true),
        ("2026-09-24 18:00", false),
        ("2026-09-25 10:00", false),
        ("2026-09-26 10:00", false),
        ("2026-09-20 10:00", true),
    ] {
        assert_eq!(cn().is_open_for_calls(sh(local)), open, "{local}");
    }
}

#[test]
fn their_wish_opens_evenings_and_weekends_but_no_limit() {
    for (local, open) in [
        ("2026-09-24 18:30", true),
        ("2026-09-24 20:59", true),
        ("2026-09-24 21:00", false),
        ("2026-09-24 12:30", false),
        ("2026-09-24 08:30", false),
        ("2026-09-19 10:00", true),  // Saturday
        ("2026-09-26 10:00", false), // Saturday of 中秋
    ] {
        assert_eq!(cn().is_open_at_their_wish(sh(local)), open, "{local}");
    }
}

#[test]
fn the_next_opening_skips_pause_night_weekend_and_holiday() {
    for (from, opening) in [
        ("2026-09-21 15:50", "2026-09-21 15:50"),
        ("2026-09-21 12:00", "2026-09-21 14:00"),
        ("2026-09-21 07:00", "2026-09-21 09:00"),
        ("2026-09-18 21:59", "2026-09-20 09:00"), // Friday night: the Sunday is worked
        ("2026-09-11 21:59", "2026-09-14 09:00"), // Friday night, ordinary weekend
        ("2026-09-24 18:00", "2026-09-28 09:00"), // 中秋
        ("2026-09-30 18:00", "2026-10-08 09:00"), // 国庆
        ("2026-02-14 17:59", "2026-02-14 17:59"),
        ("2026-02-14 18:00", "2026-02-24 09:00"), // 春节
    ] {
        assert_eq!(cn().next_opening(sh(from)), sh(opening), "{from}");
    }
}

#[test]
fn another_hour_is_the_other_half_of_the_day() {
    for (due, tried, opening) in [
        ("2026-09-24 10:00", "2026-09-21 10:00", "2026-09-24 14:00"),
        ("2026-09-24 15:00", "2026-09-21 15:00", "2026-09-24 09:00"),
        ("2026-09-25 15:00", "2026-09-22 15:00", "2026-09-28 09:00"),
        ("2026-09-25 10:00", "2026-09-22 10:00", "2026-09-28 14:00"),
    ] {
        assert_eq!(
            cn().opening_at_other_hour(sh(due), sh(tried)),
            sh(opening),
            "{due}"
        );
    }
}

#[test]
fn working_days_before_and_after() {
    for (date, before, after) in [
        ("2026-09-25", "2026-09-24", "2026-09-28"),
        ("2026-10-01", "2026-09-30", "2026-10-08"),
        ("2026-02-17", "2026-02-14", "2026-02-24"),
        ("2026-09-21", "2026-09-20", "2026-09-22"),
    ] {
        assert_eq!(
            cn().last_working_day_before(day(date)),
            day(before),
            "{date}"
        );
        assert_eq!(cn().next_working_day(day(date)), day(after), "{date}");
    }
    assert_eq!(
        cn().working_days_in(day("2026-09-14"), day("2026-09-20")),
        6
    );
}

#[test]
fn service_times_count_working_hours() {
    for (from, hours, until) in [
        ("2026-09-21 09:00", 4, "2026-09-21 15:00"),
        ("2026-09-21 11:30", 1, "2026-09-21 14:30"),
        ("2026-09-21 12:30", 4, "2026-09-21 18:00"),
        ("2026-09-21 17:00", 4, "2026-09-22 12:00"),
        ("2026-09-24 17:00", 4, "2026-09-28 12:00"),
        ("2026-09-18 17:00", 4, "2026-09-20 12:00"),
        ("2026-09-21 09:00", 24, "2026-09-24 12:00"),
        ("2026-09-30 18:00", 24, "2026-10-12 12:00"),
        ("2026-09-26 10:00", 0, "2026-09-28 09:00"),
    ] {
        assert_eq!(
            cn().add_working_hours(sh(from), hours),
            sh(until),
            "{from} + {hours}"
        );
        if hours > 0 {
            assert_eq!(
                cn().working_time_between(sh(from), sh(until)),
                TimeDelta::hours(hours),
                "{from}"
            );
        }
    }
    assert_eq!(
        cn().working_time_between(sh("2026-09-22 10:00"), sh("2026-09-21 10:00")),
        TimeDelta::zero()
    );
    assert_eq!(
        cn().add_working_days(sh("2026-09-24 15:20"), 1),
        sh("2026-09-28 15:20")
    );
}

#[test]
fn summer_time_moves_the_instant_not_the_hour() {
    let london = Calendar::shipped(London, Country::Gb);
    let at = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    assert_eq!(
        london.next_opening(at("2026-03-27 17:00")),
        at("2026-03-30 08:00")
    );
    assert_eq!(
        london.next_opening(at("2026-10-23 17:00")),
        at("2026-10-26 09:00")
    );
    assert_eq!(
        london.next_opening(at("2026-12-24 17:00")),
        at("2026-12-29 09:00")
    );
}

#[test]
fn missing_years_are_named() {
    assert_eq!(
        cn().missing_years(day("2026-01-01"), day("2028-03-01")),
        [2027, 2028]
    );
}

proptest! {
    #[test]
    fn an_opening_is_open_not_earlier_and_the_first(minutes in 0i64..1_050_000) {
        let calendar = cn();
        let from = sh("2025-01-01 00:00") + TimeDelta::minutes(minutes);
        let opening = calendar.next_opening(from);
        prop_assert!(opening >= from);
        prop_assert!(calendar.is_open_for_calls(opening));
        prop_assert!(opening == from || !calendar.is_open_for_calls(opening - TimeDelta::minutes(1)));
        prop_assert_eq!(calendar.next_opening(opening), opening);
        let day = calendar.day_kind(calendar.date(opening));
        prop_assert!(!day.is_holiday());
    }

    #[test]
    fn hours_added_are_hours_counted(minutes in 0i64..1_000_000, hours in 1i64..80) {
        let calendar = cn();
        let from = sh("2025-01-01 00:00") + TimeDelta::minutes(minutes);
        let until = calendar.add_working_hours(from, hours);
        prop_assert!(until > from);
        prop_assert_eq!(calendar.working_time_between(from, until), TimeDelta::hours(hours));
    }

    #[test]
    fn later_starts_end_no_earlier(minutes in 0i64..1_000_000, later in 0i64..10_000, hours in 0i64..40) {
        let calendar = Calendar::shipped(London, Country::Gb);
        let from = sh("2025-01-01 00:00") + TimeDelta::minutes(minutes);
        prop_assert!(calendar.add_working_hours(from, hours) <= calendar.add_working_hours(from + TimeDelta::minutes(later), hours));
        prop_assert!(calendar.next_opening(from) <= calendar.next_opening(from + TimeDelta::minutes(later)));
    }
}
