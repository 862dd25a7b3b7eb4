//! People who refuse, merge, pause and call off while letters leave.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use canvass::accounts::Actor;
use canvass::consent::{NewOrigin, Subject, Ways};
use canvass::flows::suppress;
use canvass::outreach::actions::mailings;
use canvass::outreach::model::PauseReason;
use canvass::platform::clock;
use canvass::platform::db::Backend;
use canvass::schema::person;
use diesel::prelude::*;

use super::{
    FIRST, Running, ledger_holds, mailing_state, one_domain, start_mailing, states, until,
};
use crate::app::{TestApp, each_backend, is_full_load};
use crate::outreach::sink::{Sink, Verdict};
use crate::postgres;

/// A server that takes its time until it is hurried, so that something can happen meanwhile.
fn slow() -> (Sink, Arc<AtomicBool>) {
    let hurry = Arc::new(AtomicBool::new(false));
    let is_hurried = hurry.clone();
    let sink = Sink::start(move |_| match is_hurried.load(Ordering::Relaxed) {
        true => Verdict::Take,
        false => Verdict::TakeAfter(Duration::from_millis(80)),
    });
    (sink, hurry)
}

#[test]
fn whoever_refuses_during_a_mailing_gets_nothing_more() {
    each_backend(|app| {
        let (sink, hurry) = slow();
        let id = start_mailing(app, 900, "greeting", one_domain);
        let running = Running::of(app, &sink);
        until("letters leave", 30, || sink.count() > 5);
        // Everybody far down the list, by address or as a person.
        app.write(|conn| {
            let now = clock::now(conn)?;
            for n in 850..900 {
                let subject = match n % 2 {
                    0 => Subject::email(&format!("chen{n}@kehu.example")),
                    _ => Subject::person(FIRST + n),
                };
                let origin = NewOrigin::hand(now, None);
                suppress::suppress(conn, now, &Actor::system(), &subject, Ways::MAIL, &origin)?;
            }
            Ok(())
        });
        hurry.store(true, Ordering::Relaxed);
        until("it is through", 120, || {
            mailing_state(&app.db, id) == "done"
        });
        drop(running);
        let told = states(&app.db, id);
        assert_eq!(told["withheld"], 50, "{told:?}");
        assert_eq!(sink.count(), 850);
        ledger_holds(app);
    });
}

#[test]
fn people_who_are_merged_during_a_mailing_get_one_letter() {
    each_backend(|app| {
        let (sink, hurry) = slow();
        let id = start_mailing(app, 600, "greeting", one_domain);
        let running = Running::of(app, &sink);
        until("letters leave", 30, || sink.count() > 5);
        app.write(|conn| {
            for n in (500..600).step_by(2) {
                let (stays, goes) = (FIRST + n, FIRST + n + 1);
                diesel::update(person::table.find(goes))
                    .set((
                        person::merged_into.eq(Some(stays)),
                        person::root_id.eq(stays),
                    ))
                    .execute(conn)?;
            }
            Ok(())
        });
        hurry.store(true, Ordering::Relaxed);
        until("it is through", 120, || {
            mailing_state(&app.db, id) == "done"
        });
        drop(running);
        let told = states(&app.db, id);
        assert_eq!((told["sent"], told["withheld"]), (550, 50), "{told:?}");
        assert_eq!(sink.count(), 550);
        ledger_holds(app);
    });
}

#[test]
fn a_greeting_of_one_occasion_is_sent_once_whatever_mailings_there_are() {
    each_backend(|app| {
        let sink = Sink::open();
        let first = start_mailing(app, 40, "greeting", one_domain);
        let running = Running::of(app, &sink);
        until("it is through", 30, || {
            mailing_state(&app.db, first) == "done"
        });
        // The same day once more, by a mailing that nobody should have made.
        app.write(move |conn| {
            use canvass::schema::mailing;
            diesel::update(mailing::table.find(first))
                .set(mailing::occasion_on.eq(chrono::NaiveDate::from_ymd_opt(2026, 9, 25)))
                .execute(conn)?;
            Ok(())
        });
        let second = start_mailing(app, 40, "greeting", one_domain);
        until("it is through", 30, || {
            mailing_state(&app.db, second) == "done"
        });
        drop(running);
        assert_eq!(states(&app.db, second)["withheld"], 40);
        assert_eq!(sink.count(), 40);
        ledger_holds(app);
    });
}

#[test]
fn a_pause_is_seen_within_a_second_and_a_call_off_lets_everybody_go() {
    each_backend(|app| {
        let (sink, _) = slow();
        let id = start_mailing(app, 900, "greeting", one_domain);
        let running = Running::of(app, &sink);
        until("letters leave", 30, || sink.count() > 20);
        app.write(move |conn| {
            let now = clock::now(conn)?;
            let reason = PauseReason::ByPerson {
                text: "名单有误".into(),
            };
            mailings::pause(conn, now, &Actor::system(), id, &reason)
        });
        std::thread::sleep(Duration::from_millis(1_500));
        let after = sink.count();
        std::thread::sleep(Duration::from_millis(1_000));
        assert_eq!(sink.count(), after, "nothing leaves any more");
        until("all is given back", 10, || {
            !states(&app.db, id).contains_key("claimed")
        });
        assert!(after < 900, "it was in the middle");
        app.write(move |conn| {
            let now = clock::now(conn)?;
            mailings::cancel(conn, now, &Actor::system(), id)
        });
        until("everybody is let go", 30, || {
            !states(&app.db, id).contains_key("queued")
        });
        drop(running);
        let told = states(&app.db, id);
        assert_eq!(told["sent"], sink.count(), "{told:?}");
        assert_eq!(told["sent"] + told["cancelled"], 900, "{told:?}");
        ledger_holds(app);
    });
}

#[test]
fn two_nodes_on_one_database_send_each_letter_once() {
    if !postgres::is_available() {
        eprintln!("SKIPPED: no PostgreSQL");
        return;
    }
    let app = TestApp::on(Backend::Postgres);
    let other = app.second_node();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let sink = Sink::open();
    let people = if is_full_load() { 1_500 } else { 600 };
    let id = start_mailing(&app, people, "greeting", |n| format!("d{}.example", n % 5));
    let here = Running::of(&app, &sink);
    let there = Running::on(&other.db, elsewhere.path(), Some(&sink));
    until("it is through", 120, || {
        mailing_state(&app.db, id) == "done"
    });
    drop((here, there));
    assert_eq!(sink.count(), people);
    sink.nobody_got_two();
    ledger_holds(&app);
}
