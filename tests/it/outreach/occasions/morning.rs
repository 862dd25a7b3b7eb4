//! Mornings of several letters and of several countries: two days of one's own on one morning are one letter, and who
//! rests before the office does gets the letter before that.

use std::collections::HashMap;

use canvass::accounts::Actor;
use canvass::outreach::actions::ledger::{Worker, claim};
use canvass::outreach::actions::{greetings, mailings};
use canvass::outreach::model::Window;
use canvass::schema::{contact, delivery, mailing, person};
use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use serde_json::Value;

use super::super::audience::somebody;
use super::{let_time_pass, of_occasion, set_rules, sh, won};
use crate::app::{TestApp, each_backend};

/// Who bought first on a Friday, and whose birthday is the Saturday behind it: both cards would leave on Friday.
fn friday(app: &TestApp) -> (i64, i64) {
    let rep = app.user("xu", "rep").actor.id();
    let (company, both) = somebody(1, "B").owner(rep).write(app);
    let (_, colleague) = somebody(2, "B").write(app);
    app.write(move |conn| {
        diesel::update(person::table.find(both))
            .set(person::birthday.eq(Some("1980-10-17")))
            .execute(conn)?;
        diesel::update(contact::table.filter(contact::person_id.eq(colleague)))
            .set(contact::company_id.eq(Some(company)))
            .execute(conn)?;
        Ok(())
    });
    won(app, both, rep, sh("2025-10-16 15:00"));
    (both, colleague)
}

/// The state of a card, and the code of its reason.
fn card(app: &TestApp, id: i64, who: i64) -> (String, String) {
    let (state, reason): (String, Option<String>) = app.read(move |conn| {
        Ok(delivery::table
            .filter(delivery::mailing_id.eq(id))
            .filter(delivery::person_id.eq(who))
            .select((delivery::state, delivery::reason))
            .first(conn)?)
    });
    let reason: Value = serde_json::from_str(&reason.expect("a reason")).expect("JSON");
    (state, reason["code"].as_str().expect("a code").to_owned())
}

/// Has the calendar make the mailings of days of one's own; those of the birthday and of the anniversary.
fn make(app: &TestApp) -> (i64, i64) {
    set_rules(app, |rules| rules.days_ahead = 30);
    let now = app.now();
    let made = app.write(move |conn| {
        let book = greetings::greeting_book(conn)?;
        greetings::make_own_days(conn, now, &book)
    });
    assert_eq!(made, 2);
    app.run_jobs();
    let only = |code: &str| {
        let found = of_occasion(app, code);
        assert_eq!(found.len(), 1, "{code}");
        assert_eq!(found[0].send_from, Some(sh("2026-10-16 10:00")), "{code}");
        found[0].id
    };
    (only("birthday"), only("anniversary"))
}

#[test]
fn a_birthday_and_an_anniversary_of_one_morning_are_one_letter() {
    each_backend(|app| {
        let (both, colleague) = friday(app);
        let (birthday, anniversary) = make(app);
        let is = |state: &str, code: &str| (state.to_owned(), code.to_owned());
        for _ in 0..2 {
            assert_eq!(card(app, birthday, both), is("queued", "in"));
            let other = card(app, anniversary, both);
            assert_eq!(other, is("left_out", "same_morning"));
            assert_eq!(card(app, anniversary, colleague), is("queued", "in"));
            let now = app.now();
            app.write(move |conn| {
                let system = Actor::system();
                mailings::ask_plan(conn, now, &system, birthday)?;
                mailings::ask_plan(conn, now, &system, anniversary).map(drop)
            });
            app.run_jobs();
        }
        let marketing = app.user("shen", "marketing");
        for (lang, says) in [("zh-CN", "一个上午只寄一封"), ("en", "nobody gets two")] {
            let path = format!("/mailings/{anniversary}/people?state=left_out&lang={lang}");
            let page = marketing.get(&path).expect(200).body;
            assert!(page.contains(says), "{page}");
        }
        // Called off, the birthday stands in nobody's way.
        let now = app.now();
        app.write(move |conn| {
            let system = Actor::system();
            mailings::cancel(conn, now, &system, birthday)?;
            mailings::ask_plan(conn, now, &system, anniversary).map(drop)
        });
        app.run_jobs();
        assert_eq!(card(app, anniversary, both), is("queued", "in"));
    });
}

#[test]
fn a_greeting_that_is_called_off_lets_in_who_stood_back_for_it_where_the_other_one_was_approved() {
    each_backend(|app| {
        let (both, colleague) = friday(app);
        let (birthday, anniversary) = make(app);
        let boss = app.user("shen", "marketing").actor;
        let by = boss.id();
        let now = app.now();
        app.write(move |conn| mailings::approve(conn, now, &boss, anniversary));
        assert_eq!(card(app, anniversary, both).1, "same_morning");
        app.write(move |conn| mailings::cancel(conn, now, &Actor::system(), birthday));
        app.run_jobs();
        let is_in = || ("queued".to_owned(), "in".to_owned());
        assert_eq!(card(app, anniversary, both), is_in());
        assert_eq!(card(app, anniversary, colleague), is_in());
        let stands = app.read(move |conn| {
            Ok(mailing::table
                .find(anniversary)
                .select((mailing::state, mailing::approved_by))
                .get_result::<(String, Option<i64>)>(conn)?)
        });
        assert_eq!(stands, ("scheduled".into(), Some(by)), "by the same word");
    });
}

#[test]
fn two_that_were_decided_at_the_same_time_are_one_letter_when_they_are_claimed() {
    each_backend(|app| {
        let (both, _) = friday(app);
        let (birthday, anniversary) = make(app);
        let now = sh("2026-10-16 10:00");
        app.set_now(now);
        let held = app.write(move |conn| {
            let theirs = || delivery::table.filter(delivery::person_id.eq(both));
            // As if neither had seen the other one.
            diesel::update(theirs().filter(delivery::mailing_id.eq(anniversary)))
                .set((
                    delivery::state.eq("queued"),
                    delivery::address.eq("person1@company1.example"),
                    delivery::domain.eq("company1.example"),
                    delivery::due_at.eq(now),
                    delivery::until_at.eq(sh("2026-10-16 11:30")),
                ))
                .execute(conn)?;
            diesel::update(mailing::table.filter(mailing::id.eq_any([birthday, anniversary])))
                .set(mailing::state.eq("sending"))
                .execute(conn)?;
            let ids: Vec<i64> = theirs().select(delivery::id).load(conn)?;
            assert_eq!(ids.len(), 2);
            let worker = Worker {
                name: "one".into(),
                boot: "today".into(),
            };
            Ok(claim(conn, now, &worker, &ids, &HashMap::new())?.held.len())
        });
        assert_eq!(held, 1);
        let cards = [birthday, anniversary].map(|id| card(app, id, both));
        let withheld = cards.iter().find(|(state, _)| state == "withheld");
        assert_eq!(withheld.expect("one of them").1, "same_morning");
    });
}

/// When the cards of a mailing are due, by person.
pub fn due(app: &TestApp, id: i64) -> Vec<(i64, Option<NaiveDateTime>)> {
    app.read(move |conn| {
        Ok(delivery::table
            .filter(delivery::mailing_id.eq(id))
            .filter(delivery::state.eq("queued"))
            .order(delivery::person_id)
            .select((delivery::person_id, delivery::due_at))
            .load(conn)?)
    })
}

#[test]
fn a_birthday_on_a_holiday_abroad_is_greeted_before_it() {
    each_backend(|app| {
        set_rules(app, |rules| rules.days_ahead = 30);
        let (_, here) = somebody(1, "B").write(app);
        let (_, there) = somebody(2, "B").region("US").write(app);
        let now = app.now();
        app.write(move |conn| {
            // A Monday: Columbus Day in the United States, a working day in China.
            diesel::update(person::table.filter(person::id.eq_any([here, there])))
                .set(person::birthday.eq(Some("1980-10-12")))
                .execute(conn)?;
            let book = greetings::greeting_book(conn)?;
            greetings::make_own_days(conn, now, &book).map(drop)
        });
        app.run_jobs();
        let found = of_occasion(app, "birthday");
        assert_eq!(found.len(), 1);
        let (friday, monday) = (sh("2026-10-09 22:00"), sh("2026-10-12 10:00"));
        assert_eq!(found[0].send_from, Some(friday));
        assert_eq!(found[0].send_until, Some(sh("2026-10-12 11:30")));
        assert_eq!(found[0].approve_by, Some(sh("2026-10-09 17:00")));
        let wanted = [(here, Some(monday)), (there, Some(friday))];
        assert_eq!(due(app, found[0].id), wanted);
    });
}

#[test]
fn a_card_leaves_at_ten_of_the_place_where_somebody_lives() {
    each_backend(|app| {
        let places = ["AU", "AU-WA", "JP", "SG", "DE", "GB"];
        let people = (1..).zip(places).map(|(n, region)| {
            let (_, person) = somebody(n, "B").region(region).write(app);
            person
        });
        let people: Vec<i64> = people.collect();
        app.set_now(sh("2026-12-15 10:00"));
        let_time_pass(app);
        app.run_jobs();
        let found = of_occasion(app, "christmas");
        assert_eq!(found.len(), 1);
        // By the clock of the office; the first is Sydney, before the office is awake.
        let hours = ["07:00", "10:00", "09:00", "10:00", "17:00", "18:00"];
        let wanted: Vec<_> = people
            .iter()
            .zip(hours)
            .map(|(person, hour)| (*person, Some(sh(&format!("2026-12-24 {hour}")))))
            .collect();
        assert_eq!(due(app, found[0].id), wanted);
        assert_eq!(found[0].send_from, Some(sh("2026-12-24 07:00")));
        assert_eq!(found[0].approve_by, Some(sh("2026-12-23 17:00")));
        // An hour later is an hour later everywhere, and deciding anew does not change that.
        let id = found[0].id;
        let later = Window {
            from: sh("2026-12-24 08:00"),
            until: sh("2026-12-25 06:30"),
        };
        let now = app.now();
        app.write(move |conn| {
            let system = Actor::system();
            mailings::schedule(conn, now, &system, id, later)?;
            mailings::ask_plan(conn, now, &system, id).map(drop)
        });
        app.run_jobs();
        let hour = TimeDelta::hours(1);
        let wanted: Vec<_> = wanted
            .into_iter()
            .map(|(person, at)| (person, at.map(|at| at + hour)))
            .collect();
        assert_eq!(due(app, id), wanted);
    });
}
