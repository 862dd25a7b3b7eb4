//! Which days are greeted, which never, and by whom.

use chrono::TimeDelta;

use super::super::*;
use super::day;
use crate::platform::calendar::{Calendars, Country};
use crate::platform::i18n::Lang;
use crate::platform::office::Office;
use crate::qualifying::Grade;

fn plan(year: i32) -> Vec<Planned> {
    of_year(year, &Calendars::default(), &GreetingRules::default())
}

/// Code and day of what one country is greeted on in a year.
fn greeted(year: i32, country: Country) -> Vec<(String, String)> {
    let all = plan(year).into_iter().filter(|p| p.is_for(country));
    all.map(|p| (p.greeting.code(), p.on.to_string())).collect()
}

#[test]
fn lunar_festivals_fall_on_their_days() {
    use Occasion::{DragonBoat, MidAutumn, SpringFestival};
    for (year, spring, boat, autumn) in [
        (2024, "2024-02-10", "2024-06-10", "2024-09-17"),
        (2025, "2025-01-29", "2025-05-31", "2025-10-06"), // leap sixth month: 中秋 late
        (2026, "2026-02-17", "2026-06-19", "2026-09-25"),
        (2027, "2027-02-06", "2027-06-09", "2027-09-15"),
        (2028, "2028-01-26", "2028-05-28", "2028-10-03"), // leap fifth month: 端午 in the first of them
        (2029, "2029-02-13", "2029-06-16", "2029-09-22"),
        (2030, "2030-02-03", "2030-06-05", "2030-09-12"),
    ] {
        assert_eq!(SpringFestival.day_in(year), Some(day(spring)), "{year}");
        assert_eq!(DragonBoat.day_in(year), Some(day(boat)), "{year}");
        assert_eq!(MidAutumn.day_in(year), Some(day(autumn)), "{year}");
    }
}

#[test]
fn days_of_silence_fall_on_their_days() {
    for (year, qingming, zhongyuan, hanyi) in [
        (2024, "2024-04-04", "2024-08-18", "2024-11-01"),
        (2025, "2025-04-04", "2025-09-06", "2025-11-20"),
        (2026, "2026-04-05", "2026-08-27", "2026-11-09"),
        (2027, "2027-04-05", "2027-08-16", "2027-10-29"),
        (2028, "2028-04-04", "2028-09-03", "2028-11-16"),
        (2029, "2029-04-04", "2029-08-24", "2029-11-06"),
        (2030, "2030-04-05", "2030-08-13", "2030-10-27"),
    ] {
        let rules = GreetingRules::default();
        for (text, silence) in [
            (qingming, Silence::Qingming),
            (zhongyuan, Silence::Zhongyuan),
            (hanyi, Silence::Hanyi),
        ] {
            let refusal = refuse(day(text), Country::Cn, &rules).unwrap();
            assert_eq!(refusal.silence, silence, "{text}");
            assert_eq!(silence.day_in(year), Some(day(text)));
            let next = day(text) + TimeDelta::days(1);
            assert_eq!(refuse(next, Country::Cn, &rules), None, "{next}");
        }
    }
}

#[test]
fn silence_is_kept_where_it_is_a_custom() {
    let rules = GreetingRules::default();
    for (date, country, silence) in [
        ("2026-12-13", Country::Cn, Some(Silence::MemorialDay)),
        ("2026-12-13", Country::Tw, None),
        ("2026-12-13", Country::Us, None),
        ("2026-08-27", Country::Tw, Some(Silence::Zhongyuan)),
        ("2026-08-27", Country::Gb, None),
        ("2026-04-05", Country::Hk, Some(Silence::Qingming)),
        ("2026-09-25", Country::Cn, None),
        ("2026-10-18", Country::Cn, None), // 重阳 is no taboo
    ] {
        let found = refuse(day(date), country, &rules).map(|r| r.silence);
        assert_eq!(found, silence, "{date} {country:?}");
    }
}

#[test]
fn the_next_day_of_silence_is_named() {
    let rules = GreetingRules::default();
    for (from, on, silence) in [
        ("2026-09-22", "2026-11-09", Silence::Hanyi),
        ("2026-11-09", "2026-11-09", Silence::Hanyi),
        ("2026-11-10", "2026-12-13", Silence::MemorialDay),
        ("2026-12-14", "2027-04-05", Silence::Qingming),
        ("2027-04-06", "2027-08-16", Silence::Zhongyuan),
    ] {
        let next = next_refusal(day(from), Country::Cn, &rules).unwrap();
        assert_eq!((next.on, next.silence), (Some(day(on)), silence), "{from}");
    }
}

#[test]
fn days_of_the_office_are_silent_everywhere() {
    let rules = GreetingRules {
        blackouts: vec![Blackout {
            from: day("2026-09-24"),
            to: day("2026-09-25"),
            name_zh: "全国哀悼日".into(),
            name_en: String::new(),
        }],
        ..GreetingRules::default()
    };
    let refusal = refuse(day("2026-09-24"), Country::Us, &rules).unwrap();
    assert_eq!(refusal.silence, Silence::Office);
    assert_eq!(refusal.name(Lang::En), "全国哀悼日");
    let plan = of_year(2026, &Calendars::default(), &rules);
    let autumn = plan.iter().find(|p| p.greeting.code() == "mid_autumn");
    assert_eq!(
        autumn.unwrap().refused,
        Some(refuse(day("2026-09-25"), Country::Cn, &rules).unwrap())
    );
}

#[test]
fn a_mailing_for_a_day_of_silence_is_refused_with_the_reason() {
    for (code, key) in [
        ("qingming", "never_greeted_qingming"),
        ("zhongyuan", "never_greeted_zhongyuan"),
        ("hanyi", "never_greeted_hanyi"),
        ("memorial_day", "never_greeted_memorial_day"),
    ] {
        let error = Refusal::of_code(code).unwrap().into_error();
        assert_eq!(error.refusal().unwrap().code, key);
    }
    assert_eq!(Refusal::of_code("mid_autumn"), None);
}

#[test]
fn every_reason_stands_in_both_languages() {
    for silence in Silence::ALL {
        for lang in Lang::ALL {
            let error = format!("error-never-greeted-{}", silence.code().replace('_', "-"));
            for key in [silence.key(), silence.why_key(), error.as_str()] {
                assert!(lang.knows(key), "{key}");
            }
        }
    }
    for occasion in Occasion::ALL {
        assert!(Lang::ALL.iter().all(|lang| lang.knows(occasion.key())));
    }
}

#[test]
fn each_country_is_greeted_on_its_own_holidays() {
    let of = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        let owned = pairs
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
        owned.collect()
    };
    let china_2026 = of(&[
        ("new_year", "2026-01-01"),
        ("spring_festival", "2026-02-17"),
        ("dragon_boat", "2026-06-19"),
        ("mid_autumn", "2026-09-25"),
        ("national_day", "2026-10-01"),
    ]);
    assert_eq!(greeted(2026, Country::Cn), china_2026);
    assert_eq!(greeted(2026, Country::Hk), china_2026);
    // Nobody in Taiwan is wished the National Day of 1 October.
    assert_eq!(greeted(2026, Country::Tw), china_2026[..4]);
    let west = of(&[("new_year", "2026-01-01"), ("christmas", "2026-12-25")]);
    for country in [Country::Gb, Country::Us, Country::Other] {
        assert_eq!(greeted(2026, country), west);
    }
}

#[test]
fn close_holidays_become_one_greeting() {
    for (year, country, code, on) in [
        // 2 days apart
        (2023, Country::Cn, "mid_autumn_national_day", "2023-09-29"),
        (2028, Country::Cn, "mid_autumn_national_day", "2028-10-01"),
        (2028, Country::Mo, "mid_autumn_national_day", "2028-10-01"),
        // Taiwan keeps only one of them.
        (2028, Country::Tw, "mid_autumn", "2028-10-03"),
        // on the same day
        (2031, Country::Cn, "mid_autumn_national_day", "2031-10-01"),
        // 5 days apart, but the holidays run together: both would leave on 30 September.
        (2025, Country::Cn, "mid_autumn_national_day", "2025-10-01"),
        // Hong Kong worked in between, so they stay two.
        (2025, Country::Hk, "mid_autumn", "2025-10-06"),
        (2025, Country::Hk, "national_day", "2025-10-01"),
        // 6 days, 14 days, 16 days …
        (2024, Country::Cn, "mid_autumn", "2024-09-17"),
        (2026, Country::Cn, "mid_autumn", "2026-09-25"),
        (2026, Country::Cn, "national_day", "2026-10-01"),
        (2027, Country::Cn, "mid_autumn", "2027-09-15"),
        (2029, Country::Cn, "mid_autumn", "2029-09-22"),
        (2030, Country::Cn, "mid_autumn", "2030-09-12"),
    ] {
        let found = greeted(year, country);
        let wanted = (code.to_owned(), on.to_owned());
        assert!(found.contains(&wanted), "{wanted:?} in {found:?}");
        let autumn = found.iter().filter(|(c, _)| c.contains("mid_autumn"));
        assert_eq!(autumn.count(), 1, "{year} {country:?}");
    }
}

#[test]
fn a_greeting_for_two_has_one_code_and_takes_both_scopes() {
    let joint = Greeting::from_code("mid_autumn_national_day").unwrap();
    assert_eq!(joint.parts(), [Occasion::MidAutumn, Occasion::NationalDay]);
    assert_eq!(joint.code(), "mid_autumn_national_day");
    assert_eq!(joint.scopes(2028), ["mid_autumn:2028", "national_day:2028"]);
    for code in ["mid_autumn", "new_year", "birthday", "spring_festival"] {
        assert_eq!(Greeting::from_code(code).unwrap().code(), code);
    }
    for code in [
        "qingming",
        "mid_autumn_",
        "mid_autumn_birthday",
        "",
        "autumn",
    ] {
        assert_eq!(Greeting::from_code(code), None, "{code}");
    }
}

#[test]
fn the_leap_day_is_kept_every_year() {
    for (on, found) in [
        ("2026-02-28", vec!["02-28", "02-29"]),
        ("2028-02-28", vec!["02-28"]),
        ("2028-02-29", vec!["02-29"]),
        ("2026-09-29", vec!["09-29"]),
    ] {
        assert_eq!(month_days(day(on)), found, "{on}");
    }
    assert_eq!(years_since(day("2021-09-25"), day("2026-09-25")), 5);
}

#[test]
fn grades_follow_the_star() {
    use Grade::{B, C, D};
    let rules = GreetingRules::default();
    for (code, grades) in [
        ("new_year", vec![B, C]),
        ("spring_festival", vec![B, C, D]),
        ("dragon_boat", vec![B, C]),
        ("mid_autumn", vec![B, C, D]),
        ("national_day", vec![B, C]),
        ("mid_autumn_national_day", vec![B, C, D]),
        ("anniversary", vec![B, C]),
        ("birthday", vec![B, C]),
    ] {
        let greeting = Greeting::from_code(code).unwrap();
        assert_eq!(rules.grades(&greeting), grades, "{code}");
    }
}

#[test]
fn an_occasion_that_is_off_is_not_planned_and_joins_nothing() {
    let mut rules = GreetingRules::default();
    let off = OccasionRule {
        is_on: false,
        ..OccasionRule::shipped(Occasion::NationalDay)
    };
    rules.occasions.insert(Occasion::NationalDay, off);
    let plan = of_year(2028, &Calendars::default(), &rules);
    let codes: Vec<_> = plan.iter().map(|p| p.greeting.code()).collect();
    assert!(codes.contains(&"mid_autumn".to_owned()), "{codes:?}");
    assert!(!codes.iter().any(|code| code.contains("national_day")));
    assert_eq!(
        rules.rule(Occasion::NationalDay).grades,
        [Grade::B, Grade::C]
    );
}

#[test]
fn people_keep_the_holidays_of_their_place() {
    let office = Office::default();
    for (region, country) in [
        (Some("320500"), Country::Cn),
        (Some("710000"), Country::Tw),
        (Some("810000"), Country::Hk),
        (Some("820000"), Country::Mo),
        (Some("TW-TPE"), Country::Tw),
        (Some("GB-LND"), Country::Gb),
        (Some("US"), Country::Us),
        (Some("JP-13"), Country::Other),
        (Some(" "), Country::Cn),
        (None, Country::Cn),
    ] {
        assert_eq!(country_of(region, &office), country, "{region:?}");
    }
}

#[test]
fn lunar_days_stand_under_the_dates() {
    for (date, zh, en) in [
        ("2026-09-25", "十五", "8/15"),
        ("2026-09-22", "十二", "8/12"),
        ("2026-10-10", "九月", "9/1"), // the first day shows the month
        ("2025-07-25", "闰六月", "6/1"),
        ("2026-02-16", "廿九", "12/29"),
        ("2026-02-17", "正月", "1/1"),
    ] {
        let lunar = lunar_date(day(date)).unwrap();
        assert_eq!(lunar.short(Lang::Zh), zh, "{date}");
        assert_eq!(lunar.short(Lang::En), en, "{date}");
    }
    assert_eq!(
        lunar_date(day("2026-09-25")).unwrap().full(Lang::Zh),
        "八月十五"
    );
    assert_eq!(lunar_date(day("1066-10-14")), None);
}
