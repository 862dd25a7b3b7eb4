//! Holidays that are announced while a mailing waits for its day.

use canvass::outreach::actions::mailings;
use canvass::outreach::model::Window;
use canvass::platform::calendar::{CalendarSettings, CalendarYear, Country, Holiday};
use chrono::NaiveDateTime;

use super::super::audience::somebody;
use super::morning::due;
use super::{day, let_time_pass, of_occasion, sh};
use crate::app::{Client, TestApp, each_backend};
use crate::settings_count::edit;

/// Three days that nobody expected to be free before the Spring Festival of 2027, a Saturday.
fn announce(app: &TestApp) {
    edit::<CalendarSettings>(app, |settings| {
        let year = CalendarYear {
            holidays: vec![Holiday {
                from: day("2027-02-04"),
                to: day("2027-02-11"),
                name_zh: "春节".into(),
                name_en: "Spring Festival".into(),
            }],
            workdays: Vec::new(),
        };
        settings
            .years
            .entry(Country::Cn)
            .or_default()
            .insert(2027, year);
    });
}

/// Ten days before, by weekends only: the mailing and who gets it on Friday.
fn friday(app: &TestApp) -> (i64, i64) {
    let (_, person) = somebody(1, "B").write(app);
    app.set_now(sh("2027-01-27 10:00"));
    let_time_pass(app);
    app.run_jobs();
    let found = of_occasion(app, "spring_festival");
    assert_eq!(found.len(), 1);
    let ten = sh("2027-02-05 10:00");
    assert_eq!(found[0].send_from, Some(ten));
    assert_eq!(due(app, found[0].id), [(person, Some(ten))]);
    (found[0].id, person)
}

/// The page of the greeting.
fn page(reader: &Client, lang: &str) -> String {
    let path = format!("/greetings?o=spring_festival.2027-02-06&lang={lang}");
    reader.get(&path).expect(200).body
}

fn next_day(app: &TestApp, at: NaiveDateTime) {
    app.set_now(at);
    let_time_pass(app);
    app.run_jobs();
}

#[test]
fn a_card_leaves_before_a_holiday_that_was_announced_after_it_was_made() {
    each_backend(|app| {
        let (id, person) = friday(app);
        let reader = app.user("shen", "marketing");
        for (lang, says) in [
            ("zh-CN", "每天重新推算"),
            ("en", "worked out anew every day"),
        ] {
            let page = page(&reader, lang);
            assert!(page.contains(says), "{page}");
        }
        announce(app);
        next_day(app, sh("2027-01-28 11:00"));
        let found = of_occasion(app, "spring_festival");
        assert_eq!(found.len(), 1);
        let wednesday = sh("2027-02-03 10:00");
        assert_eq!(found[0].send_from, Some(wednesday));
        assert_eq!(found[0].approve_by, Some(sh("2027-02-02 17:00")));
        assert_eq!(due(app, id), [(person, Some(wednesday))]);
        assert!(!page(&reader, "en").contains("worked out anew every day"));
    });
}

#[test]
fn a_moment_that_a_person_chose_stays() {
    each_backend(|app| {
        let (id, _) = friday(app);
        let boss = app.user("shen", "marketing").actor;
        let afternoon = sh("2027-02-05 15:00");
        let window = Window {
            from: afternoon,
            until: sh("2027-02-05 16:30"),
        };
        let now = app.now();
        app.write(move |conn| mailings::schedule(conn, now, &boss, id, window));
        announce(app);
        next_day(app, sh("2027-01-28 11:00"));
        let found = of_occasion(app, "spring_festival");
        assert_eq!(found[0].send_from, Some(afternoon));
    });
}
