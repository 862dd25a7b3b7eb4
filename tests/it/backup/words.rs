//! Words that became others after an archive was written: they closed more, or were a slip.

use std::path::Path;

use canvass::accounts::Actor;
use canvass::consent::{self, LaterConsent, NewOrigin, Subject, Ways};
use canvass::flows::{self, restore::restore};
use canvass::platform::clock;
use canvass::platform::db::{self, Target};
use canvass::platform::error::AppError;
use canvass::schema::{suppression, suppression_origin};
use diesel::prelude::*;

use super::{assert_sound, demo, is_refused, keep_log, open, refuse, write};
use crate::postgres;

/// The same letter's link closes ways of an address.
fn opt_out(target: &Target, ways: Ways) -> Subject {
    let write = move |conn: &mut db::Conn| {
        let now = clock::now(conn)?;
        let subject = Subject::email("reader@widened.example");
        let origin = NewOrigin::opt_out(Some(7), now);
        flows::suppress::suppress(conn, now, &Actor::system(), &subject, ways, &origin)?;
        Ok::<_, AppError>(subject)
    };
    open(target).write_blocking(write).expect("a refusal")
}

#[test]
fn a_word_that_closed_more_after_the_archive_outlives_it() {
    let (folder, target) = demo();
    opt_out(&target, Ways::NEWS);
    let file = folder.path().join("before.canvass");
    write(&target, &file);
    let address = opt_out(&target, Ways::MAIL);
    let restored = restore(&target, &file, None).expect("it is restored");
    assert_eq!(restored.refusals, 1);
    let ways = open(&target)
        .read_blocking(|conn| consent::suppressed_ways(conn, std::slice::from_ref(&address)))
        .expect("the list");
    assert_eq!(ways.get(&address), Some(&Ways::NEWS.union(Ways::MAIL)));
    assert_sound(&target);
}

/// The call in which an address was refused by a slip of the hand.
const CALL: i64 = 11;

fn slip_in_a_call(target: &Target) -> Subject {
    let write = |conn: &mut db::Conn| {
        let now = clock::now(conn)?;
        let subject = Subject::email("slip@refused.example");
        let origin = NewOrigin::call(CALL, now);
        flows::suppress::suppress(conn, now, &Actor::system(), &subject, Ways::ALL, &origin)?;
        Ok::<_, AppError>(subject)
    };
    open(target).write_blocking(write).expect("a refusal")
}

fn take_slip_back(target: &Target) {
    let write = |conn: &mut db::Conn| {
        let now = clock::now(conn)?;
        consent::withdraw_by_call(conn, now, &Actor::system(), CALL, "a slip").map(drop)
    };
    open(target)
        .write_blocking(write)
        .expect("it is taken back");
}

#[test]
fn a_slip_that_was_taken_back_does_not_come_back_by_the_log() {
    let (folder, target) = demo();
    let file = folder.path().join("before.canvass");
    write(&target, &file);
    let slip = slip_in_a_call(&target);
    let log = folder.path().join("suppressions.log");
    keep_log(&target, &log, "slip@refused.example");
    take_slip_back(&target);
    assert!(!is_refused(&target, &slip));
    let restored = restore(&target, &file, Some(&log)).expect("it is restored");
    assert_eq!(restored.refusals, 0);
    assert!(!is_refused(&target, &slip));
}

/// The database was lost, and with it what it said: an empty one, and the archive with the log.
fn restored_elsewhere(file: &Path, log: &Path) -> (tempfile::TempDir, Target) {
    let folder = tempfile::tempdir().expect("a folder");
    let target = Target::new(folder.path(), None);
    restore(&target, file, Some(log)).expect("it is restored");
    (folder, target)
}

#[test]
fn a_slip_that_was_taken_back_before_the_database_was_lost_does_not_come_back() {
    let (folder, lost) = demo();
    let file = folder.path().join("before.canvass");
    write(&lost, &file);
    let slip = slip_in_a_call(&lost);
    let log = folder.path().join("suppressions.log");
    keep_log(&lost, &log, "slip@refused.example");
    take_slip_back(&lost);
    keep_log(&lost, &log, "\"withdrawal\":\"call_undone\"");
    let (_folder, fresh) = restored_elsewhere(&file, &log);
    assert!(!is_refused(&fresh, &slip));
}

/// A manager ends what was said of an address: it was a slip, or the person agreed later.
fn end(target: &Target, address: &Subject, is_slip: bool) {
    let value = address.value.clone();
    let write = move |conn: &mut db::Conn| {
        let (now, manager) = (clock::now(conn)?, Actor::system());
        let found: (i64, i64) = suppression_origin::table
            .inner_join(
                suppression::table.on(suppression::id.eq(suppression_origin::suppression_id)),
            )
            .filter(suppression::subject.eq(value))
            .select((suppression_origin::id, suppression::id))
            .first(conn)?;
        if is_slip {
            flows::suppress::withdraw_origin(conn, now, &manager, found.0, "another company")
        } else {
            let later = LaterConsent {
                words: "Please write to me again".into(),
                on: Some(now.date()),
            };
            flows::suppress::lift(conn, now, &manager, found.1, &later)
        }
    };
    open(target).write_blocking(write).expect("it ends");
}

#[test]
fn a_slip_that_the_archive_still_holds_is_taken_back_once_more() {
    let (folder, target) = demo();
    let slip = refuse(&target, "slip@refused.example");
    let stands = refuse(&target, "stands@refused.example");
    let agreed = refuse(&target, "agreed@refused.example");
    let file = folder.path().join("before.canvass");
    write(&target, &file);
    end(&target, &slip, true);
    end(&target, &agreed, false);
    let log = folder.path().join("suppressions.log");
    keep_log(&target, &log, "\"withdrawal\":\"slip\"");
    let is_right = |target: &Target| {
        assert!(!is_refused(target, &slip));
        assert!(is_refused(target, &stands));
        // The words by which they agreed went with the data: nobody could show them.
        assert!(is_refused(target, &agreed));
        assert_sound(target);
    };
    let (_folder, fresh) = restored_elsewhere(&file, &log);
    is_right(&fresh);
    if postgres::is_available() {
        let database = postgres::database();
        let there = Target::new(folder.path(), Some(&database.url));
        restore(&there, &file, Some(&log)).expect("it is restored on PostgreSQL");
        is_right(&there);
    }
    // Where the database itself can be asked.
    restore(&target, &file, None).expect("it is restored");
    is_right(&target);
}

#[test]
fn a_word_that_is_committed_behind_a_later_one_reaches_the_log() {
    if !postgres::is_available() {
        return;
    }
    let database = postgres::database();
    let folder = tempfile::tempdir().expect("a folder");
    let target = Target::new(folder.path(), Some(&database.url));
    let log = folder.path().join("suppressions.log");
    let mut slow = db::connect_bare(&database.url).expect("a connection");
    db::in_transaction(&mut slow, |conn| {
        let now = clock::now(conn)?;
        let subject = Subject::email("slow@refused.example");
        let origin = NewOrigin::hand(now, None);
        flows::suppress::suppress(conn, now, &Actor::system(), &subject, Ways::ALL, &origin)?;
        // It has the lower id, and nobody sees it yet.
        refuse(&target, "quick@refused.example");
        keep_log(&target, &log, "quick@refused.example");
        Ok::<_, AppError>(())
    })
    .expect("it is committed late");
    // The server was started again meanwhile.
    keep_log(&target, &log, "slow@refused.example");
}
