//! Ids that stand in links and return addresses mean nobody else after a restore.

use canvass::flows::restore::restore;
use canvass::platform::clock;
use canvass::platform::db::Target;
use canvass::platform::error::AppError;
use canvass::schema as s;
use diesel::prelude::*;

use super::{demo, office, open, write};
use crate::outreach::build::a_mailing;
use crate::postgres;

/// A person gets a letter of a mailing: the ids of the three.
fn write_to_somebody(target: &Target) -> [i64; 3] {
    open(target)
        .write_blocking(|conn| {
            let now = clock::now(conn)?;
            let person: i64 = diesel::insert_into(s::person::table)
                .values((
                    s::person::root_id.eq(0_i64),
                    s::person::winners.eq("[]"),
                    s::person::created_at.eq(now),
                ))
                .returning(s::person::id)
                .get_result(conn)?;
            let mailing = a_mailing(conn, now)?;
            let delivery: i64 = diesel::insert_into(s::delivery::table)
                .values((
                    s::delivery::mailing_id.eq(mailing),
                    s::delivery::person_id.eq(person),
                    s::delivery::state.eq("left_out"),
                    s::delivery::priority.eq(0),
                    s::delivery::changed_at.eq(now),
                ))
                .returning(s::delivery::id)
                .get_result(conn)?;
            Ok::<_, AppError>([person, mailing, delivery])
        })
        .expect("somebody is written to")
}

/// Goes back to an archive twice, and writes to somebody each time.
fn go_back_twice(target: &Target, file: &std::path::Path) {
    let mut last = write_to_somebody(target);
    for time in ["first", "second"] {
        restore(target, file, None).expect("it is restored");
        let next = write_to_somebody(target);
        for (id, before) in next.into_iter().zip(last) {
            assert!(id > before + 900_000, "{time}: {next:?} behind {last:?}");
        }
        last = next;
    }
}

#[test]
fn ids_that_were_sent_outside_are_not_given_to_others_after_a_restore() {
    // Of the second office's tables, some were empty when the archive was written.
    for (folder, target) in [demo(), office(|_| ())] {
        let file = folder.path().join("before.canvass");
        write(&target, &file);
        go_back_twice(&target, &file);
        if postgres::is_available() {
            let database = postgres::database();
            let there = Target::new(folder.path(), Some(&database.url));
            restore(&there, &file, None).expect("it is restored on PostgreSQL");
            go_back_twice(&there, &file);
        }
        // Where the database was lost as well, nothing but the archive tells how far its ids went.
        let elsewhere = tempfile::tempdir().expect("a folder");
        let fresh = Target::new(elsewhere.path(), None);
        restore(&fresh, &file, None).expect("it is restored");
        let [person, ..] = write_to_somebody(&fresh);
        assert!(person > 1_000_000, "{person}");
    }
}
