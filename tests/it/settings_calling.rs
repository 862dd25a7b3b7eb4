//! The rules of calling and the office's own zone and country: the very next decision goes by what is set now.

use canvass::calling::rules::CallingRules;
use canvass::flows::fix_office::fix_office;
use canvass::platform::config::OfficeConfig;
use canvass::platform::error::AppError;
use canvass::platform::office::Office;
use canvass::schema as s;
use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::app::{Client, TestApp, each_backend};
use crate::calling::build::{a_company, call, campaign, companies, next, record};
use crate::settings_count::{edit, office};
use crate::settings_hours::office_form;

fn tick(app: &TestApp) {
    canvass::calling::jobs::tick(&app.db).expect("the queue is brought up to date");
}

fn token(lease: &Value) -> &str {
    lease["lease"].as_str().expect("a token")
}

fn sign_of_life(agent: &Client, lease: &Value) -> u16 {
    let path = format!("/leases/{}/heartbeat", token(lease));
    agent.api_post(&path, &json!({})).status
}

#[test]
fn a_limit_that_is_changed_defers_the_next_retry() {
    type Change = fn(&mut CallingRules);
    let cases: [(Change, Option<&str>); 7] = [
        (|_| (), Some("2026-09-22T02:30")),
        (
            |rules| rules.limits.number_gap_minutes = 90,
            Some("2026-09-22T03:30"),
        ),
        (
            |rules| rules.limits.number_a_day = 1,
            Some("2026-09-23T01:00"),
        ),
        (
            |rules| rules.limits.company_a_day = 1,
            Some("2026-09-23T01:00"),
        ),
        (
            |rules| rules.limits.number_in_days.dials = 1,
            Some("2026-09-29"),
        ),
        (
            |rules| {
                rules.limits.company_in_days.dials = 1;
                rules.limits.company_in_days.days = 14;
            },
            Some("2026-10-0"),
        ),
        (|rules| rules.limits.in_campaign = 1, None),
    ];
    each_backend(|app| {
        let (_, li, id) = office(app, cases.len() as u32);
        for (n, (change, expected)) in cases.into_iter().enumerate() {
            edit::<CallingRules>(app, move |rules| {
                *rules = CallingRules::default();
                change(rules);
            });
            let (_, done) = call(&li, id, "busy", json!({}));
            let at = done["next_attempt_at"].as_str();
            let fits = match (at, expected) {
                (Some(at), Some(expected)) => at.starts_with(expected),
                (at, expected) => at == expected,
            };
            assert!(fits, "case {n}: {at:?} instead of {expected:?}");
        }
    });
}

#[test]
fn a_preview_lasts_as_long_as_the_office_says() {
    each_backend(|app| {
        let (_, li, id) = office(app, 1);
        let zhao = app.user("zhao", "agent");
        edit::<CallingRules>(app, |rules| rules.preview_seconds = 60);
        let first = next(&li, id).expect("an entry");
        app.advance(TimeDelta::seconds(61));
        tick(app);
        let second = next(&zhao, id).expect("it went back after a minute");
        assert_eq!(second["entry_id"], first["entry_id"]);
        edit::<CallingRules>(app, |rules| rules.preview_longest_minutes = 2);
        for _ in 0..2 {
            app.advance(TimeDelta::seconds(50));
            assert_eq!(sign_of_life(&zhao, &second), 200);
        }
        app.advance(TimeDelta::seconds(30));
        tick(app);
        assert!(
            next(&li, id).is_some(),
            "no sign of life prolongs it further"
        );
    });
}

#[test]
fn a_result_is_waited_for_as_long_as_the_office_says() {
    each_backend(|app| {
        let (_, li, id) = office(app, 1);
        edit::<CallingRules>(app, |rules| {
            (rules.outcome_minutes, rules.outcome_days) = (10, 2);
        });
        let lease = next(&li, id).expect("an entry");
        let dialled = format!("/leases/{}/dialled", token(&lease));
        li.api_post(&dialled, &json!({})).expect(200);
        app.advance(TimeDelta::minutes(11));
        tick(app);
        assert_eq!(next(&li, id).expect("the same")["state"], "needs_outcome");
        let hanging = |app: &TestApp| {
            tick(app);
            tick(app);
            app.read(|conn| {
                let waiting = s::lease::table.filter(s::lease::state.eq("needs_outcome"));
                Ok(waiting.count().get_result::<i64>(conn)?)
            })
        };
        app.advance(TimeDelta::days(1) + TimeDelta::minutes(5));
        assert_eq!(hanging(app), 1, "one working day is not enough any more");
        app.advance(TimeDelta::days(1));
        assert_eq!(hanging(app), 0);
    });
}

#[test]
fn an_agreed_call_falls_to_the_team_when_the_office_says() {
    each_backend(|app| {
        let (_, li, id) = office(app, 1);
        let zhao = app.user("zhao", "agent");
        let lease = next(&li, id).expect("an entry");
        edit::<CallingRules>(app, |rules| rules.callback_grace_minutes = 5);
        let at = "2026-09-22T11:00:00+08:00";
        record(&li, &lease, "callback", json!({ "callback_at": at }));
        app.advance(TimeDelta::minutes(64));
        tick(app);
        assert!(next(&zhao, id).is_none(), "it is still the agent's own");
        app.advance(TimeDelta::minutes(2));
        tick(app);
        assert!(next(&zhao, id).is_some());
    });
}

#[test]
fn so_many_may_be_skipped_a_day_as_the_office_says() {
    each_backend(|app| {
        let (_, li, id) = office(app, 3);
        edit::<CallingRules>(app, |rules| rules.skips_a_day = 1);
        let skip = || {
            let lease = next(&li, id).expect("an entry");
            let path = format!("/leases/{}/release", token(&lease));
            li.api_post(&path, &json!({ "reason": "认识他们老板" }))
        };
        skip().expect(204);
        let refused = skip().expect(409);
        assert_eq!(refused.code(), "skips_used_up");
        edit::<CallingRules>(app, |rules| rules.skips_a_day = 2);
        skip().expect(204);
    });
}

#[test]
fn a_result_is_taken_back_by_one_key_as_long_as_the_office_says() {
    each_backend(|app| {
        let li = app.user("li", "agent");
        let id = companies(app, vec![a_company("宏远机械", 1)])[0];
        // Two minutes hold over midnight; a day is over then.
        let evening = NaiveDate::from_ymd_opt(2026, 9, 22).and_then(|d| d.and_hms_opt(15, 59, 0));
        app.set_now(evening.expect("a time"));
        let body = json!({ "company": id, "phone": "+8651265000001", "direction": "in", "disposition": "interested" });
        let done = li.api_post("/calls", &body).expect(201).json();
        let undo = format!("/calls/{}/undo", done["call_id"]);
        app.advance(TimeDelta::seconds(90));
        edit::<CallingRules>(app, |rules| rules.undo_seconds = 60);
        let late = li.api_post(&undo, &json!({})).expect(409);
        assert_eq!(late.code(), "undo_day_over");
        edit::<CallingRules>(app, |rules| rules.undo_seconds = 120);
        li.api_post(&undo, &json!({})).expect(200);
    });
}

#[test]
fn the_offices_zone_says_when_those_without_a_region_are_called_and_what_day_it_is() {
    each_backend(|app| {
        let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        let mut nowhere = a_company("宏远机械", 1);
        nowhere.region = None;
        companies(app, vec![nowhere]);
        let (id, _) = campaign(&manager, "秋季回访");
        let admin = app.user("ou", "admin");
        let move_to = |zone: &str, version: &str| {
            let hours = [("09:00", "12:00"), ("14:00", "18:00")];
            let mut form = office_form([version, "0"], hours);
            form[1] = ("zone", zone);
            admin.post("/settings/office", &form).expect(303);
        };
        move_to("Europe/London", "0");
        assert!(next(&li, id).is_none(), "it is three in the morning there");
        let page = manager.get("/?lang=en").expect(200).body;
        assert!(page.contains("03:00"), "{page}");
        move_to("Asia/Shanghai", "1");
        let (_, done) = call(&li, id, "busy", json!({}));
        let again = done["next_attempt_at"].as_str().expect("a time");
        assert!(
            again.starts_with("2026-09-22T02:3"),
            "half an hour later: {again}"
        );
    });
}

#[test]
fn a_zone_that_the_environment_settles_moves_what_is_queued() {
    each_backend(|app| {
        let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        let mut nowhere = a_company("宏远机械", 1);
        nowhere.region = None;
        companies(app, vec![nowhere]);
        let (id, _) = campaign(&manager, "秋季回访");
        let start_in = |zone: &str| {
            let fixed = OfficeConfig {
                timezone: Some(zone.into()),
                locale: None,
            };
            app.write(move |conn| fix_office(conn, &fixed));
        };
        start_in("Europe/London");
        assert!(next(&li, id).is_none(), "it is three in the morning there");
        start_in("Asia/Shanghai");
        assert!(next(&li, id).is_some());
    });
}

#[test]
fn the_offices_country_says_what_a_number_without_country_code_is() {
    each_backend(|app| {
        let manager = app.user("wang", "manager");
        let lead = |company: &str, phone: &str| {
            let body = json!({ "channel": "AD", "source": "官网", "legal_ground": "inquiry",
                "company": company, "phone": phone });
            manager.api_post("/leads", &body)
        };
        lead("Harbour Tools Ltd", "2345 6780").expect(422);
        edit::<Office>(app, |office| office.country = "HK".into());
        let taken = lead("Harbour Tools Ltd", "2345 6780").expect(201).json();
        let company = taken["company_id"].as_i64().expect("an id");
        let by_hand = [("name", "Peak Moulds Ltd"), ("phone", "2345 6781")];
        manager.post("/companies/new", &by_hand).expect(303);
        manager
            .api_patch(
                &format!("/companies/{company}"),
                &json!({ "phone": "2345 6782" }),
            )
            .expect(200);
        let numbers: Vec<String> = app.read(|conn| {
            s::contact_point::table
                .order(s::contact_point::id)
                .select(s::contact_point::value)
                .load(conn)
                .map_err(AppError::from)
        });
        assert_eq!(numbers, ["+85223456780", "+85223456781", "+85223456782"]);
    });
}
