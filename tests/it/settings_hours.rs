//! The office and its calendar as settings: hours, worked days, and years that nobody entered.

use canvass::platform::calendar::{Country, stored};
use canvass::platform::config::OfficeConfig;
use canvass::platform::db::Backend;
use canvass::platform::i18n::Lang;
use canvass::platform::office::Office;
use canvass::platform::settings;
use chrono::NaiveDate;

use crate::app::{TestApp, each_backend};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn is_working(app: &TestApp, on: &str) -> bool {
    let on = day(on);
    app.read(|conn| Ok(stored::calendars(conn)?.office().is_working_day(on)))
}

const OFFICE: [(&str, &str); 5] = [
    ("name", "砚川科技"),
    ("zone", "Asia/Shanghai"),
    ("language", "zh-CN"),
    ("country", "CN"),
    ("currency", "CNY"),
];

/// The office form with these versions and hours.
pub fn office_form<'a>(
    versions: [&'a str; 2],
    hours: [(&'a str, &'a str); 2],
) -> Vec<(&'a str, &'a str)> {
    let mut form = OFFICE.to_vec();
    form.extend([
        ("office_version", versions[0]),
        ("calendar_version", versions[1]),
    ]);
    for (from, to) in hours {
        form.extend([("working_from", from), ("working_to", to)]);
        form.extend([("calling_from", from), ("calling_to", to)]);
    }
    form
}

#[test]
fn new_hours_count_for_the_next_call() {
    each_backend(|app| {
        let admin = app.user("ou", "admin");
        admin.get("/settings/office").expect(200);
        let shipped = [("09:00", "12:00"), ("14:00", "18:00")];
        admin
            .post("/settings/office", &office_form(["0", "0"], shipped))
            .expect(303);
        let office = app.read(settings::load::<Office>);
        assert_eq!(
            (office.version, office.value.name.as_str()),
            (1, "砚川科技")
        );
        // Hours as shipped are not stored: a later version may ship better ones.
        assert!(app.read(|conn| {
            Ok(stored::calendars(conn)?
                .office()
                .is_open_for_calls(app.now()))
        }));
        let late = [("10:30", "12:00"), ("14:00", "18:00")];
        admin
            .post("/settings/office", &office_form(["1", "0"], late))
            .expect(303);
        assert!(!app.read(|conn| {
            Ok(stored::calendars(conn)?
                .office()
                .is_open_for_calls(app.now()))
        }));
        admin
            .post("/settings/office", &office_form(["1", "1"], shipped))
            .expect(409);
    });
}

#[test]
fn what_the_environment_settles_is_shown_as_fixed_and_stays_so() {
    let fixed = OfficeConfig {
        timezone: Some("Europe/London".into()),
        locale: Some(Lang::En),
    };
    let app = TestApp::with_office(Backend::Sqlite, fixed);
    let admin = app.user("ou", "admin");
    let page = admin.get("/settings/office").expect(200).body;
    for name in ["CANVASS_TIMEZONE", "CANVASS_LOCALE"] {
        assert!(page.contains(&format!("Set by {name} ")), "{page}");
    }
    assert!(!page.contains("name=\"zone\"") && !page.contains("name=\"language\""));
    let shipped = [("09:00", "12:00"), ("14:00", "18:00")];
    let sent = office_form(["1", "0"], shipped);
    admin.post("/settings/office", &sent).expect(303);
    let office = app.read(settings::load::<Office>).value;
    assert_eq!(
        (office.zone.as_str(), office.language.as_str()),
        ("Europe/London", "en")
    );
    assert_eq!(office.name, "砚川科技", "the rest of the form counts");
}

#[test]
fn hours_under_which_nobody_is_ever_called_are_refused() {
    each_backend(|app| {
        let admin = app.user("ou", "admin");
        for hours in [
            [("12:00", "14:00"), ("", "")],
            [("18:00", "09:00"), ("", "")],
            [("09:00", ""), ("", "")],
        ] {
            let page = admin
                .post("/settings/office", &office_form(["0", "0"], hours))
                .expect(422);
            assert!(page.body.contains("Nothing was saved"), "{hours:?}");
        }
        let mut wrong = office_form(["0", "0"], [("09:00", "12:00"), ("", "")]);
        wrong[1] = ("zone", "Asia/Nowhere");
        admin.post("/settings/office", &wrong).expect(422);
        assert_eq!(app.read(settings::load::<Office>).version, 0);
    });
}

#[test]
fn a_day_is_worked_or_not_as_the_page_says() {
    each_backend(|app| {
        let admin = app.user("ou", "admin");
        let page = admin
            .get("/settings/calendar?country=CN&year=2026&day=2026-10-10")
            .expect(200);
        assert!(page.body.contains("2026-10-10, Saturday"));
        assert!(is_working(app, "2026-10-10"));
        let change = |version: &str, what: &[(&str, &str)]| {
            let mut form = vec![("country", "CN"), ("year", "2026"), ("version", version)];
            form.extend_from_slice(what);
            admin.post("/settings/calendar", &form)
        };
        change("0", &[("do", "remove_workday"), ("day", "2026-10-10")]).expect(303);
        assert!(!is_working(app, "2026-10-10"));
        let founding = [
            ("do", "add_holiday"),
            ("from", "2026-11-12"),
            ("to", "2026-11-13"),
            ("name_zh", "厂庆"),
        ];
        change("0", &founding).expect(409);
        change("1", &founding).expect(303);
        assert!(!is_working(app, "2026-11-13"));
        assert!(!is_working(app, "2026-10-01"));
        change(
            "2",
            &[
                ("do", "add_holiday"),
                ("from", "2026-11-13"),
                ("name_zh", "x"),
            ],
        )
        .expect(422);
        change("2", &[("do", "add_workday"), ("day", "2026-11-13")]).expect(422);
        change("2", &[("do", "reset")]).expect(303);
        assert!(is_working(app, "2026-10-10") && is_working(app, "2026-11-13"));
        let page = admin.get("/settings/calendar?year=2026").expect(200);
        assert!(page.body.contains("version 3") && page.body.contains("ou"));
    });
}

#[test]
fn a_year_that_nobody_entered_is_warned_of_until_somebody_does() {
    each_backend(|app| {
        let admin = app.user("ou", "admin");
        app.set_now(day("2026-11-24").and_hms_opt(2, 0, 0).expect("a time"));
        let missing = app.read(|conn| stored::missing_years(conn, app.now()));
        assert_eq!(missing, [(Country::Cn, 2027)]);
        assert!(admin.get("/settings").expect(200).body.contains("2027"));
        let form = [
            ("country", "CN"),
            ("year", "2027"),
            ("version", "0"),
            ("do", "add_holiday"),
            ("from", "2027-01-01"),
            ("name_zh", "元旦"),
        ];
        admin.post("/settings/calendar", &form).expect(303);
        assert_eq!(app.read(|conn| stored::missing_years(conn, app.now())), []);
        assert!(!is_working(app, "2027-01-01"));
    });
}
