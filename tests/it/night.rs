//! What goes on without anybody: the night's work, and a search that fell behind a large change.

use canvass::flows::{night, upkeep};
use canvass::platform::clock;
use canvass::registry::actions::rescore;
use canvass::registry::search;
use canvass::schema as s;
use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use crate::app::{TestApp, each_backend};
use crate::calling::build::{a_company, campaign, companies};
use crate::follow::entry;

fn jobs_of(app: &TestApp, kind: &str, state: &str) -> i64 {
    app.read(|conn| {
        Ok(s::job::table
            .filter(s::job::kind.eq(kind))
            .filter(s::job::state.eq(state))
            .count()
            .get_result(conn)?)
    })
}

#[test]
fn the_night_moves_what_time_alone_has_changed() {
    each_backend(|app| {
        let manager = app.user("wang", "manager");
        let ids = companies(
            app,
            vec![
                a_company("宏远机械", 1),
                a_company("德昌电子", 2).graded("B"),
                a_company("天合金属", 3).graded("D"),
            ],
        );
        let sign_by = app.now().date() + TimeDelta::days(100);
        let (near, far) = (ids[0], ids[1]);
        app.write(move |conn| {
            let now = clock::now(conn)?;
            diesel::update(s::company::table.find(near))
                .set((
                    s::company::urgency.eq(Some("M4_6")),
                    s::company::sign_by.eq(Some(sign_by)),
                ))
                .execute(conn)?;
            rescore(conn, now, &[near])?;
            Ok(())
        });
        campaign(&manager, "秋季回访");
        assert_eq!((entry(app, far).class, entry(app, ids[2]).class), (5, 6));
        let before = entry(app, near);
        upkeep::ask(&app.db).expect("the night is asked for");
        app.run_jobs();
        assert_eq!(jobs_of(app, "night", "queued"), 1, "not before its hour");
        app.advance(TimeDelta::days(60));
        app.run_jobs();
        assert_eq!(jobs_of(app, "night", "done"), 1);
        let after = entry(app, near);
        assert_eq!(
            after.of_root,
            before.of_root + 15,
            "half a year has become a quarter"
        );
        assert_eq!(after.score, after.of_root);
        assert_eq!(
            entry(app, far).class,
            3,
            "B is about to expire after 45 days"
        );
        assert_eq!(entry(app, ids[2]).class, 6);
    });
}

#[test]
fn the_night_is_asked_for_once_a_day_and_clears_away_what_has_expired() {
    each_backend(|app| {
        app.user("wang", "manager");
        let sessions = |app: &TestApp| {
            app.read(|conn| Ok(s::session::table.count().get_result::<i64>(conn)?))
        };
        for _ in 0..3 {
            upkeep::ask(&app.db).expect("the night is asked for");
        }
        assert_eq!(jobs_of(app, "night", "queued"), 1);
        let due: NaiveDateTime = app.read(|conn| {
            Ok(s::job::table
                .filter(s::job::kind.eq("night"))
                .select(s::job::run_at)
                .first(conn)?)
        });
        // Two in the morning in Shanghai, the next day.
        assert_eq!(due.to_string(), "2026-09-22 18:00:00");
        app.set_now(due - TimeDelta::minutes(1));
        app.run_jobs();
        assert_eq!(jobs_of(app, "night", "done"), 0);
        app.set_now(due);
        app.run_jobs();
        assert_eq!((jobs_of(app, "night", "done"), sessions(app)), (1, 1));
        upkeep::ask(&app.db).expect("the next night is asked for");
        assert_eq!(jobs_of(app, "night", "queued"), 1);
        // A process that was off for a year makes up for it once.
        app.advance(TimeDelta::days(500));
        app.run_jobs();
        assert_eq!((jobs_of(app, "night", "done"), sessions(app)), (2, 0));
        app.write(|conn| {
            let now = clock::now(conn)?;
            night::ask_for_next(conn, now)
        });
        assert_eq!(jobs_of(app, "night", "queued"), 1);
    });
}

#[test]
fn a_change_of_many_companies_reaches_the_search() {
    each_backend(|app| {
        let ids = companies(
            app,
            (0..25)
                .map(|n| a_company(&format!("砚川第{n}机械厂"), n))
                .collect(),
        );
        app.write(move |conn| {
            let now = clock::now(conn)?;
            rescore(conn, now, &ids)
        });
        let found = || app.read(|conn| search::find(conn, "砚川", 50)).len();
        assert_eq!(found(), 0);
        upkeep::ask(&app.db).expect("the index is asked for");
        assert_eq!(jobs_of(app, "search_index", "queued"), 1);
        upkeep::ask(&app.db).expect("asked once");
        assert_eq!(jobs_of(app, "search_index", "queued"), 1);
        app.run_jobs();
        assert_eq!(found(), 25);
        assert!(!app.read(search::is_behind));
    });
}
