//! Six years against dates from elsewhere: new moons and solar terms of an ephemeris, put into months by the rules of
//! GB/T 33661, agree with four other calendars about all of them.

use chrono::Days;

use super::super::*;
use super::day;
use crate::platform::calendar::{CalendarId, Calendars, Country};

/// The first day of each lunar year and the lengths of its months; the leap month is marked.
const MONTHS: [(&str, &str); 6] = [
    ("2026-02-17", "30 29 30 29 29 30 29 29 30 30 30 29"),
    ("2027-02-06", "30 30 29 30 29 29 30 29 29 30 30 29"),
    ("2028-01-26", "30 30 30 29 30 *29 29 30 29 29 30 30 29"),
    ("2029-02-13", "30 30 29 30 29 30 29 30 29 29 30 30"),
    ("2030-02-03", "29 30 29 30 30 29 30 29 30 29 30 29"),
    ("2031-01-23", "29 30 30 *29 30 29 30 30 29 30 29 30 29"),
];

#[test]
fn every_day_of_six_years_has_its_lunar_date() {
    let mut date = day("2026-02-17");
    for (first, months) in MONTHS {
        assert_eq!(date, day(first));
        let mut number = 0;
        for length in months.split(' ') {
            let is_leap = length.starts_with('*');
            number += u32::from(!is_leap);
            let length: u32 = length.trim_start_matches('*').parse().unwrap();
            for nth in 1..=length {
                let found = lunar_date(date).unwrap();
                let found = (found.month, found.is_leap, found.day);
                assert_eq!(found, (number, is_leap, nth), "{date}");
                date = date + Days::new(1);
            }
        }
    }
    assert_eq!(date, day("2032-02-11"));
}

#[test]
fn festivals_that_nobody_is_written_to_about_stand_on_their_days() {
    // 元宵, 七夕, 重阳, 腊八
    for (year, days) in [
        (
            2026,
            ["2026-03-03", "2026-08-19", "2026-10-18", "2027-01-15"],
        ),
        (
            2027,
            ["2027-02-20", "2027-08-08", "2027-10-08", "2028-01-04"],
        ),
        (
            2028,
            ["2028-02-09", "2028-08-26", "2028-10-26", "2029-01-22"],
        ),
        (
            2029,
            ["2029-02-27", "2029-08-16", "2029-10-16", "2030-01-11"],
        ),
        (
            2030,
            ["2030-02-17", "2030-08-05", "2030-10-05", "2031-01-01"],
        ),
        (
            2031,
            ["2031-02-06", "2031-08-24", "2031-10-24", "2032-01-20"],
        ),
    ] {
        let found = days.map(|date| lunar_date(day(date)).unwrap());
        let found = found.map(|lunar| (lunar.month, lunar.day, lunar.is_leap));
        let wanted = [(1, 15), (7, 7), (9, 9), (12, 8)].map(|(month, nth)| (month, nth, false));
        assert_eq!(found, wanted, "{year}");
    }
}

/// Where a year is not announced, its weekends are known and nothing else.
#[test]
fn six_years_are_greeted_in_china_on_these_days_and_on_no_others() {
    let (calendars, rules) = (Calendars::default(), GreetingRules::default());
    for (year, wanted) in [
        (
            2026,
            "new_year 2026-01-01 2025-12-31, spring_festival 2026-02-17 2026-02-14, \
             dragon_boat 2026-06-19 2026-06-18, mid_autumn 2026-09-25 2026-09-24, \
             national_day 2026-10-01 2026-09-30",
        ),
        (
            2027,
            "new_year 2027-01-01 2026-12-31, spring_festival 2027-02-06 2027-02-05, \
             dragon_boat 2027-06-09 2027-06-08, mid_autumn 2027-09-15 2027-09-14, \
             national_day 2027-10-01 2027-09-30",
        ),
        (
            2028,
            "new_year 2028-01-01 2027-12-31, spring_festival 2028-01-26 2028-01-25, \
             dragon_boat 2028-05-28 2028-05-26, mid_autumn_national_day 2028-10-01 2028-09-29",
        ),
        (
            2029,
            "new_year 2029-01-01 2028-12-29, spring_festival 2029-02-13 2029-02-12, \
             dragon_boat 2029-06-16 2029-06-15, mid_autumn 2029-09-22 2029-09-21, \
             national_day 2029-10-01 2029-09-28",
        ),
        (
            2030,
            "new_year 2030-01-01 2029-12-31, spring_festival 2030-02-03 2030-02-01, \
             dragon_boat 2030-06-05 2030-06-04, mid_autumn 2030-09-12 2030-09-11, \
             national_day 2030-10-01 2030-09-30",
        ),
        (
            2031,
            "new_year 2031-01-01 2030-12-31, spring_festival 2031-01-23 2031-01-22, \
             dragon_boat 2031-06-24 2031-06-23, mid_autumn_national_day 2031-10-01 2031-09-30",
        ),
    ] {
        let china = of_year(year, &calendars, &rules).into_iter();
        let told: Vec<String> = china
            .filter(|planned| planned.is_for(Country::Cn))
            .map(|planned| {
                let leaves = planned.moment(&calendars, &rules).unwrap().day;
                format!("{} {} {leaves}", planned.greeting.code(), planned.on)
            })
            .collect();
        assert_eq!(told.join(", "), wanted);
    }
}

#[test]
fn mornings_in_new_york_follow_its_summer_time() {
    let (calendars, rules) = (Calendars::default(), GreetingRules::default());
    for (on, from) in [
        ("2026-10-30", "2026-10-30 14:00:00"),
        ("2026-11-02", "2026-11-02 15:00:00"),
        ("2027-03-12", "2027-03-12 15:00:00"),
        ("2027-03-14", "2027-03-12 15:00:00"), // the Sunday itself: greeted on Friday, in winter
        ("2027-03-15", "2027-03-15 14:00:00"),
        ("2028-11-05", "2028-11-03 14:00:00"), // Sunday: greeted on Friday, in summer
        ("2028-11-06", "2028-11-06 15:00:00"),
    ] {
        let calendar = calendars.get(CalendarId::US_EASTERN);
        let found = moment(day(on), true, calendar, &rules).unwrap();
        assert_eq!(found.from.to_string(), from, "{on}");
    }
}
