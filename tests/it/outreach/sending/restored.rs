//! Going back to an archive that was written while letters went out.

use canvass::flows::restore::restore;
use canvass::outreach::jobs::greetings::tick;
use canvass::platform::archive;
use canvass::platform::db::{Db, Target};
use canvass::platform::error::AppResult;
use canvass::schema::{delivery, delivery_figure, mailing, send_claim};
use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use tempfile::TempDir;

use super::{mailing_state, one_domain, start_mailing, states};
use crate::app::{TestApp, each_backend};

/// What another place has by an archive that is written now, and its folder.
fn elsewhere(app: &TestApp) -> (TempDir, Db) {
    let file = app.folder.path().join("now.canvass");
    archive::write(&app.db, &file, &app.folder.path().join("none"), None).expect("an archive");
    let home = tempfile::tempdir().expect("a folder");
    let target = Target::new(home.path(), None);
    restore(&target, &file, None).expect("it is restored");
    let db = Db::open(&target).expect("the database opens");
    (home, db)
}

/// One delivery in the hands of a worker.
fn take_one(app: &TestApp, mailing_id: i64) {
    let now = app.now();
    app.write(move |conn| {
        let claim: i64 = diesel::insert_into(send_claim::table)
            .values((
                send_claim::boot.eq("a boot"),
                send_claim::worker.eq("a worker"),
                send_claim::at.eq(now),
                send_claim::expires_at.eq(now + TimeDelta::minutes(5)),
            ))
            .returning(send_claim::id)
            .get_result(conn)?;
        let one: i64 = delivery::table
            .filter(delivery::mailing_id.eq(mailing_id))
            .select(diesel::dsl::min(delivery::id))
            .get_result::<Option<i64>>(conn)?
            .expect("a delivery");
        diesel::update(delivery::table.find(one))
            .set((
                delivery::state.eq("claimed"),
                delivery::claim_id.eq(Some(claim)),
            ))
            .execute(conn)?;
        let waiting = delivery_figure::table
            .filter(delivery_figure::mailing_id.eq(mailing_id))
            .filter(delivery_figure::state.eq("queued"));
        diesel::update(waiting)
            .set(delivery_figure::n.eq(delivery_figure::n - 1))
            .execute(conn)?;
        diesel::insert_into(delivery_figure::table)
            .values((
                delivery_figure::mailing_id.eq(mailing_id),
                delivery_figure::domain.eq("kehu.example"),
                delivery_figure::state.eq("claimed"),
                delivery_figure::counter.eq(0),
                delivery_figure::n.eq(1),
            ))
            .execute(conn)?;
        Ok(())
    });
}

#[test]
fn what_was_going_out_when_the_archive_was_written_is_held_and_of_unknown_fate() {
    each_backend(|app| {
        let id = start_mailing(app, 5, "greeting", one_domain);
        take_one(app, id);
        let (_home, db) = elsewhere(app);
        assert_eq!(mailing_state(&db, id), "paused");
        let states = states(&db, id);
        assert_eq!((states["queued"], states["unknown"]), (4, 1), "{states:?}");
    });
}

#[test]
fn a_greeting_whose_morning_has_begun_does_not_go_by_itself_a_second_time() {
    each_backend(|app| {
        let id = start_mailing(app, 5, "greeting", one_domain);
        // As it stood before its deadline; the letters may have left after the archive was written.
        let now = app.now();
        app.write(move |conn| {
            diesel::update(mailing::table.find(id))
                .set((
                    mailing::state.eq("planned"),
                    mailing::approve_by.eq(now - TimeDelta::hours(1)),
                ))
                .execute(conn)?;
            Ok(())
        });
        let (_home, db) = elsewhere(app);
        tick(&db).expect("time passes");
        assert_eq!(mailing_state(&db, id), "planned", "a person decides");
    });
}

#[test]
fn what_a_program_approved_beforehand_is_approved_no_more() {
    each_backend(|app| {
        let id = start_mailing(app, 2, "news", one_domain);
        // As it stood while its audience was decided; its letters may have left after the archive was written.
        let now = app.now();
        app.write(move |conn| {
            diesel::update(mailing::table.find(id))
                .set((
                    mailing::state.eq("planning"),
                    mailing::approved_at.eq(Some(now)),
                ))
                .execute(conn)?;
            Ok(())
        });
        let (_home, db) = elsewhere(app);
        let approved = db.read_blocking(|conn| {
            let at = mailing::table.find(id).select(mailing::approved_at);
            AppResult::Ok(at.get_result::<Option<NaiveDateTime>>(conn)?)
        });
        assert_eq!(approved.expect("read"), None, "a person decides");
    });
}
