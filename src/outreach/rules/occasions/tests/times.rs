//! When greetings leave, and what time does to a mailing.

use chrono::{NaiveDateTime, NaiveTime};

use super::super::*;
use super::{day, sh};
use crate::platform::calendar::{Calendar, CalendarId, Calendars, Country};
use crate::platform::office::Office;
use crate::qualifying::Grade;

#[test]
fn greetings_leave_on_the_last_working_morning_before() {
    let calendars = Calendars::default();
    let rules = GreetingRules::default();
    for (id, on, leaves) in [
        (CalendarId::CN, "2025-01-01", "2024-12-31"),
        (CalendarId::CN, "2025-01-29", "2025-01-27"), // 28th is New Year's Eve, a holiday since 2025
        (CalendarId::CN, "2025-05-31", "2025-05-30"),
        (CalendarId::CN, "2025-10-01", "2025-09-30"),
        (CalendarId::CN, "2026-01-01", "2025-12-31"),
        (CalendarId::CN, "2026-02-17", "2026-02-14"), // Saturday, worked by 调休
        (CalendarId::CN, "2026-06-19", "2026-06-18"),
        (CalendarId::CN, "2026-09-25", "2026-09-24"),
        (CalendarId::CN, "2026-10-01", "2026-09-30"),
        (CalendarId::CN, "2027-01-01", "2026-12-31"),
        (CalendarId::CN, "2027-09-15", "2027-09-14"),
        (CalendarId::TW, "2026-02-17", "2026-02-13"),
        (CalendarId::TW, "2026-09-25", "2026-09-24"),
        (CalendarId::HK, "2026-02-17", "2026-02-16"),
        (CalendarId::HK, "2026-09-25", "2026-09-24"),
        (CalendarId::HK, "2025-10-06", "2025-10-03"),
        (CalendarId::GB, "2026-12-25", "2026-12-24"),
        (CalendarId::US_EASTERN, "2027-12-25", "2027-12-23"), // Saturday, observed on Friday
        (CalendarId::US_PACIFIC, "2026-12-25", "2026-12-24"),
    ] {
        let moment = moment(day(on), false, calendars.get(id), &rules).unwrap();
        assert_eq!(moment.day, day(leaves), "{on} in {id:?}");
    }
}

#[test]
fn mornings_are_those_of_the_receiver() {
    let calendars = Calendars::default();
    let rules = GreetingRules::default();
    let at = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    for (id, on, from, until) in [
        (
            CalendarId::CN,
            "2026-09-25",
            "2026-09-24 02:00",
            "2026-09-24 03:30",
        ),
        (
            CalendarId::TW,
            "2026-09-25",
            "2026-09-24 02:00",
            "2026-09-24 03:30",
        ),
        (
            CalendarId::GB,
            "2026-12-25",
            "2026-12-24 10:00",
            "2026-12-24 11:30",
        ),
        (
            CalendarId::US_EASTERN,
            "2026-12-25",
            "2026-12-24 15:00",
            "2026-12-24 16:30",
        ),
        (
            CalendarId::US_HAWAII,
            "2026-12-25",
            "2026-12-24 20:00",
            "2026-12-24 21:30",
        ),
        // Sydney, ten o'clock of its summer
        (
            CalendarId(3600),
            "2027-01-29",
            "2027-01-27 23:00",
            "2027-01-28 00:30",
        ),
        // Berlin, in summer time
        (
            CalendarId(27600),
            "2027-06-09",
            "2027-06-08 08:00",
            "2027-06-08 09:30",
        ),
        // Germany: no holidays are known, so the last day before Christmas is the day before, if people work
        (
            CalendarId(27600),
            "2027-12-25",
            "2027-12-24 09:00",
            "2027-12-24 10:30",
        ),
        // Riyadh rests on Friday and Saturday, and works on Sunday
        (
            CalendarId(68200),
            "2027-01-03",
            "2026-12-31 07:00",
            "2026-12-31 08:30",
        ),
        (
            CalendarId(68200),
            "2027-01-04",
            "2027-01-03 07:00",
            "2027-01-03 08:30",
        ),
    ] {
        let moment = moment(day(on), false, calendars.get(id), &rules).unwrap();
        assert_eq!((moment.from, moment.until), (at(from), at(until)), "{id:?}");
    }
    let autumn = planned_on("mid_autumn", day("2026-09-25"), &calendars, &rules).unwrap();
    let early = at("2026-01-01 00:00");
    let office = Office::default();
    let whole = |planned: &Planned, regions: &[&str]| {
        let regions: Vec<String> = regions.iter().map(|region| (*region).to_owned()).collect();
        let lived_by = homes(planned, &regions, &calendars, &office);
        span(planned, lived_by, &calendars, &rules, early)
    };
    let abroad = ["AU", "DE", "JP"];
    assert_eq!(
        whole(&autumn, &abroad),
        Some((at("2026-09-24 02:00"), at("2026-09-24 03:30")))
    );
    let new_year = planned_on("new_year", day("2027-01-01"), &calendars, &rules).unwrap();
    assert_eq!(
        whole(&new_year, &[]),
        Some((at("2026-12-31 02:00"), at("2026-12-31 21:30")))
    );
    // Nobody keeps it in the office's country; the first morning of those who do is that of Sydney.
    let christmas = planned_on("christmas", day("2026-12-25"), &calendars, &rules).unwrap();
    for (regions, from) in [
        (&abroad[..], "2026-12-23 23:00"),
        (&["JP"][..], "2026-12-24 01:00"),
        (&["DE", "XX"][..], "2026-12-24 02:00"),
    ] {
        let found = whole(&christmas, regions);
        assert_eq!(found, Some((at(from), at("2026-12-24 21:30"))));
    }
    let birthday = Planned::own_day(Occasion::Birthday, day("2026-10-12"));
    let lived_by = [CalendarId::CN, CalendarId::US_EASTERN]; // Columbus Day there
    for (now, from) in [
        (early, "2026-10-09 14:00"),
        (at("2026-10-09 15:30"), "2026-10-12 02:00"),
    ] {
        let whole = span(&birthday, lived_by, &calendars, &rules, now);
        assert_eq!(whole, Some((at(from), at("2026-10-12 03:30"))));
    }
}

#[test]
fn a_year_without_holidays_says_so() {
    let calendars = Calendars::default();
    let rules = GreetingRules::default();
    for (on, is_known) in [
        ("2026-09-25", true),
        ("2025-02-01", true),
        ("2027-01-01", false), // leaves in a known year, but its own is not announced
        ("2027-09-15", false),
        ("2024-09-17", false),
        ("2030-02-03", false),
    ] {
        let moment = moment(day(on), false, calendars.office(), &rules).unwrap();
        assert_eq!(moment.is_known, is_known, "{on}");
    }
}

#[test]
fn own_days_are_greeted_on_the_day_itself_if_people_work() {
    let calendars = Calendars::default();
    let rules = GreetingRules::default();
    for (on, leaves) in [
        ("2026-09-29", "2026-09-29"), // Tuesday
        ("2026-09-19", "2026-09-18"), // Saturday
        ("2026-09-20", "2026-09-20"), // Sunday, worked by 调休
        ("2026-10-03", "2026-09-30"), // within 国庆
        ("2026-08-27", "2026-08-26"), // 中元: nobody is wished a happy birthday
        ("2026-11-09", "2026-11-06"), // 寒衣, a Monday
        ("2026-04-05", "2026-04-03"), // 清明
        ("2027-12-13", "2027-12-10"), // 公祭日, a Monday
    ] {
        let moment = moment(day(on), true, calendars.office(), &rules).unwrap();
        assert_eq!(moment.day, day(leaves), "{on}");
    }
}

#[test]
fn a_birthday_near_a_card_moves_into_it() {
    let calendars = Calendars::default();
    let rules = GreetingRules::default();
    for (on, country, grade, host) in [
        ("2026-09-25", Country::Cn, Grade::B, Some("mid_autumn")),
        ("2026-09-22", Country::Cn, Grade::D, Some("mid_autumn")),
        ("2026-09-21", Country::Cn, Grade::B, Some("mid_autumn")), // 3 days before it leaves
        ("2026-09-20", Country::Cn, Grade::B, None),
        ("2026-09-29", Country::Cn, Grade::B, Some("national_day")),
        ("2026-09-29", Country::Cn, Grade::D, None), // D gets no card for 国庆
        ("2026-09-29", Country::Tw, Grade::B, None),
        ("2026-10-04", Country::Cn, Grade::C, Some("national_day")),
        ("2026-10-05", Country::Cn, Grade::C, None),
        ("2026-12-26", Country::Gb, Grade::C, Some("christmas")),
        ("2026-12-26", Country::Cn, Grade::C, None),
    ] {
        let year: Vec<_> = of_year(2026, &calendars, &rules)
            .into_iter()
            .map(|planned| {
                let moment = planned.moment(&calendars, &rules);
                (planned, moment)
            })
            .collect();
        let found = hosted_by(day(on), country, grade, &year, &rules);
        let found = found.map(|planned| planned.greeting.code());
        assert_eq!(found.as_deref(), host, "{on} {country:?} {grade:?}");
    }
}

#[test]
fn mailings_are_made_some_days_ahead_and_never_late() {
    let calendars = Calendars::default();
    let rules = GreetingRules::default();
    let office = calendars.office();
    let moment = moment(day("2026-09-25"), false, office, &rules).unwrap();
    for (now, due) in [
        ("2026-09-13 23:59", Making::NotYet),
        ("2026-09-14 00:00", Making::Due),
        ("2026-09-24 11:29", Making::Due),
        ("2026-09-24 11:30", Making::Missed),
        ("2026-09-25 10:00", Making::Missed),
    ] {
        assert_eq!(making(&moment, office, sh(now), &rules), due, "{now}");
    }
}

#[test]
fn answers_end_with_the_working_day_before() {
    let calendars = Calendars::default();
    let rules = GreetingRules::default();
    let office = calendars.office();
    for (on, made, by, is_fair) in [
        ("2026-09-25", "2026-09-14 00:00", "2026-09-23 17:00", true),
        ("2026-09-25", "2026-09-23 12:59", "2026-09-23 17:00", true),
        // Nobody could answer in an hour: it waits for a person, until its morning is over.
        ("2026-09-25", "2026-09-23 16:00", "2026-09-24 11:30", false),
        ("2026-02-17", "2026-02-04 00:00", "2026-02-13 17:00", true),
        ("2026-10-01", "2026-09-20 00:00", "2026-09-29 17:00", true),
    ] {
        let moment = moment(day(on), false, office, &rules).unwrap();
        let mornings = (moment.from, moment.until);
        let approval = Approval::of(moment.day, mornings, office, sh(made), &rules);
        assert_eq!((approval.by, approval.is_fair), (sh(by), is_fair), "{made}");
    }
}

#[test]
fn answers_end_before_the_first_of_all_mornings() {
    let calendars = Calendars::default();
    let rules = GreetingRules::default();
    let office = calendars.office();
    let by = |office: &Calendar, planned: &Planned, mornings, made| {
        let moment = planned.moment(&calendars, &rules).unwrap();
        Approval::of(moment.day, mornings, office, made, &rules)
    };
    // Taiwan rests from Saturday, when the mainland works still: its cards leave on Friday morning.
    let spring = planned_on("spring_festival", day("2026-02-17"), &calendars, &rules).unwrap();
    let early = sh("2026-01-01 00:00");
    let all_of = |planned: &Planned| {
        let lived_by = homes(planned, &[], &calendars, &Office::default());
        span(planned, lived_by, &calendars, &rules, early).unwrap()
    };
    let mornings = all_of(&spring);
    assert_eq!(mornings.0, sh("2026-02-13 10:00"));
    let found = by(office, &spring, mornings, sh("2026-02-04 00:00"));
    assert_eq!((found.by, found.is_fair), (sh("2026-02-12 17:00"), true));
    let late = by(office, &spring, mornings, sh("2026-02-12 14:00"));
    assert_eq!((late.by, late.is_fair), (mornings.1, false));
    // In Hawaii work ends when it is morning in Shanghai already.
    let office = calendars.get(CalendarId::US_HAWAII);
    let autumn = planned_on("mid_autumn", day("2026-09-25"), &calendars, &rules).unwrap();
    let mornings = all_of(&autumn);
    let found = by(office, &autumn, mornings, sh("2026-09-14 00:00"));
    assert_eq!((found.by, found.is_fair), (sh("2026-09-23 11:00"), true));
}

#[test]
fn rules_that_cannot_be_kept_are_refused() {
    let shipped = GreetingRules::default();
    let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let blackout = |from: &str, to: &str, name: &str| Blackout {
        from: day(from),
        to: day(to),
        name_zh: name.into(),
        name_en: String::new(),
    };
    assert_eq!(shipped.validate(), Ok(()));
    let with = |change: fn(&mut GreetingRules)| {
        let mut rules = GreetingRules::default();
        change(&mut rules);
        rules
    };
    for (rules, fault) in [
        (with(|r| r.until = r.from), "greeting_window_backwards"),
        (
            with(|r| r.answer_days = r.days_ahead),
            "greeting_no_time_to_answer",
        ),
        (
            GreetingRules {
                from: at(7),
                ..shipped.clone()
            },
            "greeting_window_night",
        ),
        (
            GreetingRules {
                until: at(22),
                ..shipped.clone()
            },
            "greeting_window_night",
        ),
        (
            GreetingRules {
                blackouts: vec![blackout("2026-10-02", "2026-10-01", "盘点")],
                ..shipped.clone()
            },
            "blackout_backwards",
        ),
        (
            GreetingRules {
                blackouts: vec![blackout("2026-10-01", "2026-10-01", " ")],
                ..shipped.clone()
            },
            "blackout_no_name",
        ),
    ] {
        assert_eq!(rules.validate(), Err(fault));
    }
    let json = serde_json::to_string(&shipped).unwrap();
    assert_eq!(
        serde_json::from_str::<GreetingRules>(&json).unwrap(),
        shipped
    );
    assert_eq!(
        serde_json::from_str::<GreetingRules>("{}").unwrap(),
        shipped
    );
}
