//! Who was erased after an archive was written is erased in it again, wherever it is restored.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use canvass::accounts::Actor;
use canvass::consent::{ErasureGround, Subject, Ways, suppressed_ways};
use canvass::flows::{self, erase_person, refusal_log, restore::restore};
use canvass::platform::clock;
use canvass::platform::db::{Db, Target};
use canvass::platform::error::AppError;
use canvass::platform::jobs;
use canvass::schema as s;
use diesel::prelude::*;

use super::left::{assert_gone_from, everything_of};
use crate::app::opening;
use crate::backup::{assert_sound, demo, keep_log_until, open, write};
use crate::postgres;

/// Somebody of the demo who has a mobile and a mailbox of their own: id, mobile, mail.
fn somebody(db: &Db) -> (i64, String, String) {
    let found = db.read_blocking(|conn| {
        let all: Vec<(i64, String, String)> = s::person::table
            .filter(s::person::mobile.is_not_null())
            .filter(s::person::email.is_not_null())
            .filter(s::person::merged_into.is_null())
            .order(s::person::id)
            .select((
                s::person::id,
                s::person::mobile.assume_not_null(),
                s::person::email.assume_not_null(),
            ))
            .load(conn)?;
        let points: Vec<String> = s::contact_point::table
            .select(s::contact_point::value)
            .load(conn)?;
        let is_own = |value: &String| points.iter().filter(|one| *one == value).count() == 1;
        let mut own = all
            .into_iter()
            .filter(|(_, mobile, mail)| is_own(mobile) && is_own(mail));
        Ok::<_, AppError>(own.next())
    });
    found.expect("the read works").expect("somebody")
}

fn erase(db: &Db, person: i64) {
    db.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        let ground = ErasureGround::Asked;
        erase_person::erase(conn, now, &Actor::system(), person, ground)
    })
    .expect("the person is erased");
    run_jobs(db);
}

fn run_jobs(db: &Db) {
    let (kinds, stop) = (flows::job_kinds(), AtomicBool::new(false));
    while jobs::run_next(db, &kinds, None, &stop).expect("jobs run") {}
}

/// The person is gone from a database, and their number is refused.
#[track_caller]
fn assert_erased(target: &Target, mobile: &str, mail: &str) {
    let db = open(target);
    run_jobs(&db);
    let national = mobile.trim_start_matches("+86");
    assert_gone_from(&everything_of(&db), &[national, mail]);
    let subject = Subject::number(mobile);
    let ways = db
        .read_blocking(|conn| suppressed_ways(conn, std::slice::from_ref(&subject)))
        .expect("the list");
    assert_eq!(ways.get(&subject), Some(&Ways::ALL));
    drop(db);
    assert_sound(target);
}

/// Keeps the log until it knows of an erasure.
#[track_caller]
fn keep_log(target: &Target, log: &Path) {
    keep_log_until(target, log, || {
        let said = refusal_log::read(log).expect("the log");
        said.iter().any(|known| !known.erasures.is_empty())
    });
}

#[test]
fn an_older_archive_is_erased_again_when_it_is_restored() {
    let (folder, target) = demo();
    let (person, mobile, mail) = somebody(&open(&target));
    let file = folder.path().join("before.canvass");
    write(&target, &file);
    erase(&open(&target), person);
    assert_erased(&target, &mobile, &mail);
    let restored = restore(&target, &file, None).expect("it is restored");
    assert_eq!(restored.erased, 1);
    assert_erased(&target, &mobile, &mail);
    // Once more changes nothing.
    assert_eq!(restore(&target, &file, None).expect("again").erased, 1);
    assert_erased(&target, &mobile, &mail);
}

#[test]
fn the_log_names_nobody_and_erases_again_where_the_database_was_lost() {
    let (folder, target) = demo();
    let (person, mobile, mail) = somebody(&open(&target));
    let file = folder.path().join("before.canvass");
    write(&target, &file);
    // A word that the log holds in full, until the person is erased.
    let (said, now) = (Subject::email(&mail), opening());
    open(&target)
        .write_blocking(move |conn| {
            let origin = canvass::consent::NewOrigin::hand(now, None);
            let (system, ways) = (Actor::system(), Ways::MAIL);
            flows::suppress::suppress(conn, now, &system, &said, ways, &origin)
        })
        .expect("a refusal");
    let log = folder.path().join("suppressions.log");
    refusal_log::rewrite(&open(&target), &log).expect("a log");
    assert!(fs::read_to_string(&log).expect("the log").contains(&mail));
    erase(&open(&target), person);
    keep_log(&target, &log);
    let text = fs::read_to_string(&log).expect("the log").to_lowercase();
    assert_gone_from(&text, &[mobile.trim_start_matches("+86"), &mail]);
    // The data is lost; keys and log are there.
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{end}", target.file().display()));
    }
    let restored = restore(&target, &file, Some(&log)).expect("it is restored");
    assert_eq!(restored.erased, 1);
    assert_erased(&target, &mobile, &mail);
    if postgres::is_available() {
        let database = postgres::database();
        let there = Target::new(folder.path(), Some(&database.url));
        let moved = restore(&there, &file, Some(&log)).expect("it is restored on PostgreSQL");
        assert_eq!(moved.erased, 1);
        assert_erased(&there, &mobile, &mail);
    }
}

#[test]
fn a_copy_that_knows_nobody_by_number_erases_by_check_value() {
    let (folder, target) = demo();
    // Two of them, which are looked for together.
    let people = [(); 2].map(|()| {
        let (person, mobile, mail) = somebody(&open(&target));
        erase(&open(&target), person);
        (mobile, mail)
    });
    let later = open(&target)
        .read_blocking(refusal_log::of_database)
        .expect("what it knows");
    assert!(later.erasures.iter().all(|one| !one.values.is_empty()));
    // The same people in data of its own: their ids mean nobody there, and the keys are shared.
    let other = Target::new(
        folder.path(),
        Some(&folder.path().join("other.sqlite").to_string_lossy()),
    );
    let db = open(&other);
    db.write_blocking(|conn| clock::set(conn, opening(), true).map_err(AppError::from))
        .expect("the clock is set");
    flows::demo::fill(&db).expect("the demo is filled");
    let again = db
        .write_blocking(move |conn| {
            let now = clock::now(conn)?;
            erase_person::erase_again(conn, now, &later.erasures, false)
        })
        .expect("it is erased again");
    assert_eq!(again, 2);
    drop(db);
    for (mobile, mail) in &people {
        assert_erased(&other, mobile, mail);
    }
}
