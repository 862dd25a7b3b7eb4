//! An archive: the same for both databases, whole or refused, and no refusal is lost by going back.

mod ids;
mod words;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use canvass::accounts::Actor;
use canvass::consent::{self, NewOrigin, Subject, Ways};
use canvass::flows::{self, refusal_log, restore::restore};
use canvass::platform::archive::{self, Archive, Passphrase};
use canvass::platform::check::Depth;
use canvass::platform::clock;
use canvass::platform::db::{self, Db, Target};
use canvass::platform::error::AppError;
use canvass::schema as s;
use diesel::prelude::*;
use flate2::read::GzDecoder;

use crate::app::opening;
use crate::postgres;

/// A folder with an office in which something has happened, or nothing.
fn office(happens: impl FnOnce(&Db)) -> (tempfile::TempDir, Target) {
    let folder = tempfile::tempdir().expect("a folder");
    let target = Target::new(folder.path(), None);
    let db = open(&target);
    db.write_blocking(|conn| clock::set(conn, opening(), true).map_err(AppError::from))
        .expect("the clock is set");
    happens(&db);
    refusal_log::identify(&db).expect("an identity");
    (folder, target)
}

/// A folder with the demo in it.
pub fn demo() -> (tempfile::TempDir, Target) {
    office(|db| flows::demo::fill(db).expect("the demo is filled"))
}

pub fn open(target: &Target) -> Db {
    Db::open(target).expect("the database opens")
}

pub fn write(target: &Target, file: &Path) {
    let none = file.with_extension("none");
    archive::write(&open(target), file, &none, None).expect("an archive");
}

/// Every row by table, in an order of its own.
fn rows(file: &Path) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut tar = tar::Archive::new(File::open(file).expect("the archive"));
    for entry in tar.entries().expect("entries") {
        let entry = entry.expect("an entry");
        let name = entry.path().expect("a name").to_string_lossy().into_owned();
        let Some(table) = name
            .strip_prefix("tables/")
            .and_then(|n| n.split('/').next())
        else {
            continue;
        };
        let mut text = String::new();
        GzDecoder::new(entry)
            .read_to_string(&mut text)
            .expect("text");
        let lines = text.lines().map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).expect("a row");
            row.to_string()
        });
        found.entry(table.to_owned()).or_default().extend(lines);
    }
    // A restore asks for the index to be built again, and the clock remembers when it last wrote.
    found.remove("job");
    found.remove("clock");
    found.values_mut().for_each(|lines| lines.sort());
    found
}

/// The first row of each table that only one side has.
#[track_caller]
fn assert_same(got: &BTreeMap<String, Vec<String>>, wanted: &BTreeMap<String, Vec<String>>) {
    let only =
        |a: &BTreeMap<String, Vec<String>>, b: &BTreeMap<String, Vec<String>>| -> Vec<String> {
            let of = |(table, rows): (&String, &Vec<String>)| {
                let there = b.get(table);
                let row = rows
                    .iter()
                    .find(|row| !there.is_some_and(|t| t.contains(row)))?;
                Some(format!(
                    "{table}: {}",
                    row.chars().take(300).collect::<String>()
                ))
            };
            a.iter().filter_map(of).collect()
        };
    let (more, fewer) = (only(got, wanted), only(wanted, got));
    assert!(
        more.is_empty() && fewer.is_empty(),
        "more: {more:#?} fewer: {fewer:#?}"
    );
}

pub fn assert_sound(target: &Target) {
    let broken: Vec<_> = flows::check::check(&open(target), Depth::Sample)
        .expect("the check runs")
        .into_iter()
        .filter(|finding| finding.count > 0)
        .map(|finding| format!("{}: {:?}", finding.code, finding.broken))
        .collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn an_archive_holds_the_same_rows_after_a_trip_through_both_databases() {
    let (folder, target) = demo();
    let first = folder.path().join("first.canvass");
    write(&target, &first);
    let expected = rows(&first);
    assert!(expected["company"].len() > 20 && expected["record"].len() > 20);
    let back = tempfile::tempdir().expect("a folder");
    let mut last = first.clone();
    if postgres::is_available() {
        let database = postgres::database();
        let there = Target::new(folder.path(), Some(&database.url));
        restore(&there, &first, None).expect("it is restored on PostgreSQL");
        let second = folder.path().join("second.canvass");
        write(&there, &second);
        assert_same(&rows(&second), &expected);
        assert_sound(&there);
        last = second;
    }
    let home = Target::new(back.path(), None);
    restore(&home, &last, None).expect("it is restored on SQLite");
    let third = folder.path().join("third.canvass");
    write(&home, &third);
    assert_same(&rows(&third), &expected);
    assert_sound(&home);
    // New rows get ids of their own.
    let db = open(&home);
    db.write_blocking(|conn| {
        let now = clock::now(conn)?;
        let subject = Subject::email("neu@anderswo.example");
        let origin = NewOrigin::hand(now, None);
        flows::suppress::suppress(conn, now, &Actor::system(), &subject, Ways::MAIL, &origin)
    })
    .expect("the database goes on");
}

/// Somebody refuses after the archive was written.
fn refuse_later(db: &Db) -> (Subject, Subject) {
    db.write_blocking(|conn| {
        let now = clock::now(conn)?;
        let person: i64 = s::person::table
            .filter(s::person::email.is_not_null())
            .order(s::person::id)
            .select(s::person::id)
            .first(conn)?;
        let subjects = (
            Subject::person(person),
            Subject::email("later@refused.example"),
        );
        for subject in [&subjects.0, &subjects.1] {
            let origin = NewOrigin::hand(now, None);
            flows::suppress::suppress(conn, now, &Actor::system(), subject, Ways::ALL, &origin)?;
        }
        Ok::<_, AppError>(subjects)
    })
    .expect("a refusal")
}

fn is_refused(target: &Target, subject: &Subject) -> bool {
    let asked = subject.clone();
    let ways = open(target)
        .read_blocking(|conn| consent::suppressed_ways(conn, std::slice::from_ref(&asked)))
        .expect("the list");
    ways.contains_key(subject)
}

#[test]
fn a_refusal_outlives_the_return_to_an_older_archive() {
    let (folder, target) = demo();
    let file = folder.path().join("before.canvass");
    write(&target, &file);
    let (person, address) = refuse_later(&open(&target));
    let restored = restore(&target, &file, None).expect("it is restored");
    assert_eq!(restored.refusals, 2);
    assert!(restored.former.is_some_and(|former| former.exists()));
    assert!(is_refused(&target, &person) && is_refused(&target, &address));
    assert_sound(&target);
    // Once more changes nothing.
    assert_eq!(restore(&target, &file, None).expect("again").refusals, 2);
    if postgres::is_available() {
        // The way to the other database, with the log in place of the database that is gone.
        let log = folder.path().join("suppressions.log");
        refusal_log::rewrite(&open(&target), &log).expect("a log");
        let database = postgres::database();
        let there = Target::new(folder.path(), Some(&database.url));
        let moved = restore(&there, &file, Some(&log)).expect("it is restored on PostgreSQL");
        assert_eq!(moved.refusals, 2);
        assert!(is_refused(&there, &person) && is_refused(&there, &address));
    }
}

/// Keeps the log until it says `text`.
#[track_caller]
fn keep_log(target: &Target, log: &Path, text: &str) {
    keep_log_until(target, log, || {
        let said = fs::read(log).unwrap_or_default();
        String::from_utf8_lossy(&said).contains(text)
    });
}

/// Keeps the log until it says what is waited for.
#[track_caller]
pub fn keep_log_until(target: &Target, log: &Path, is_said: impl Fn() -> bool) {
    let stop = Arc::new(AtomicBool::new(false));
    let keeper = refusal_log::start(&open(target), log.to_owned(), &stop);
    let began = Instant::now();
    while !is_said() && began.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(50));
    }
    stop.store(true, Ordering::Relaxed);
    keeper.join().expect("it ends");
    assert!(is_said(), "the log says what was waited for");
}

fn refuse(target: &Target, address: &'static str) -> Subject {
    let write = move |conn: &mut db::Conn| {
        let now = clock::now(conn)?;
        let (subject, origin) = (Subject::email(address), NewOrigin::hand(now, None));
        flows::suppress::suppress(conn, now, &Actor::system(), &subject, Ways::ALL, &origin)?;
        Ok::<_, AppError>(subject)
    };
    open(target).write_blocking(write).expect("a refusal")
}

#[test]
fn the_log_outlives_a_database_that_was_lost() {
    let (folder, lost) = demo();
    let file = folder.path().join("before.canvass");
    write(&lost, &file);
    let (person, address) = refuse_later(&open(&lost));
    let log = folder.path().join("suppressions.log");
    keep_log(&lost, &log, "later@refused.example");
    // The last line was cut off, in the middle of a character.
    let mut cut = fs::read(&log).expect("the log");
    cut.extend_from_slice(b"{\"database\":\"\xe8\x8b");
    fs::write(&log, cut).expect("written");
    // An empty database stands in its place before anybody restores.
    let fresh_folder = tempfile::tempdir().expect("a folder");
    let fresh = Target::new(fresh_folder.path(), None);
    let meanwhile = refuse(&fresh, "meanwhile@refused.example");
    keep_log(&fresh, &log, "meanwhile@refused.example");
    restore(&fresh, &file, Some(&log)).expect("it is restored");
    for subject in [&person, &address, &meanwhile] {
        assert!(is_refused(&fresh, subject), "{subject:?}");
    }
}

#[test]
fn what_the_log_knows_holds_again_where_the_database_is_older() {
    let (folder, target) = demo();
    let file = folder.path().join("before.canvass");
    write(&target, &file);
    let (person, address) = refuse_later(&open(&target));
    let log = folder.path().join("suppressions.log");
    keep_log(&target, &log, "later@refused.example");
    // The same data of before, brought back by a hand that did not look at the log.
    let older_folder = tempfile::tempdir().expect("a folder");
    let older = Target::new(older_folder.path(), None);
    restore(&older, &file, None).expect("it is restored");
    assert!(!is_refused(&older, &address));
    let meanwhile = refuse(&older, "meanwhile@refused.example");
    keep_log(&older, &log, "meanwhile@refused.example");
    for subject in [&person, &address, &meanwhile] {
        assert!(is_refused(&older, subject), "{subject:?}");
    }
}

#[test]
fn another_offices_refusal_holds_by_address_and_never_by_number_of_a_row() {
    let (folder, target) = demo();
    let file = folder.path().join("ours.canvass");
    write(&target, &file);
    let (other_folder, other) = demo();
    let (person, address) = refuse_later(&open(&other));
    restore(&other, &file, None).expect("it is restored over another office's data");
    assert!(!is_refused(&other, &person) && is_refused(&other, &address));
    drop(other_folder);
}

#[test]
fn a_damaged_archive_is_refused_and_nothing_changes() {
    let (folder, target) = demo();
    let file = folder.path().join("whole.canvass");
    write(&target, &file);
    let whole = fs::read(&file).expect("bytes");
    let before = rows(&file);
    let mut bent = whole.clone();
    let middle = bent.len() / 2;
    bent[middle..middle + 40].fill(0);
    let damaged: [(&str, &[u8]); 4] = [
        ("cut.canvass", &whole[..whole.len() / 2]),
        ("short.canvass", &whole[..whole.len() - 4_000]),
        ("bent.canvass", &bent),
        ("other.canvass", b"name,phone\nsomebody,1"),
    ];
    for (name, bytes) in damaged {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("written");
        let why = restore(&target, &path, None).expect_err(name).to_string();
        assert!(why.contains("copy"), "{name}: {why}");
    }
    let after = folder.path().join("after.canvass");
    write(&target, &after);
    assert_same(&rows(&after), &before);
}

#[test]
fn keys_go_along_under_their_passphrase_only() {
    let (folder, target) = office(|_| ());
    let keys = folder.path().join("keys");
    fs::create_dir(&keys).expect("a folder");
    fs::write(keys.join("link-1.key"), b"a secret").expect("a key");
    let file = folder.path().join("keys.canvass");
    let right = Passphrase("海内存知己".into());
    let written = archive::write(&open(&target), &file, &keys, Some(&right)).expect("an archive");
    assert_eq!(written.keys, Some(1));
    assert!(
        !fs::read(&file)
            .expect("bytes")
            .windows(8)
            .any(|w| w == b"a secret")
    );
    let read = Archive::open(&file).expect("it opens");
    let elsewhere: PathBuf = folder.path().join("elsewhere");
    let wrong = Passphrase("天涯若比邻".into());
    assert!(read.open_keys(&wrong, Some(&elsewhere)).is_err());
    assert_eq!(read.open_keys(&right, Some(&elsewhere)).expect("keys"), 1);
    assert_eq!(
        fs::read(elsewhere.join("link-1.key")).expect("a key"),
        b"a secret"
    );
    // Without a passphrase the archive says that keys are missing.
    let bare = archive::write(&open(&target), &file, &keys, None).expect("an archive");
    assert_eq!(bare.keys, None);
}

#[test]
fn an_archive_of_a_former_version_grows_to_todays() {
    let folder = tempfile::tempdir().expect("a folder");
    let old = folder.path().join("old.sqlite");
    let mut conn = db::open_former(&old, "20261129190000").expect("a former schema");
    let team = s::team::table;
    diesel::insert_into(team)
        .values((
            s::team::name.eq("华东一组"),
            s::team::created_at.eq(opening()),
        ))
        .execute(&mut conn)
        .expect("a row of then");
    let file = folder.path().join("old.canvass");
    archive::write_moment(&mut conn, &file, &folder.path().join("none"), None).expect("an archive");
    drop(conn);
    let target = Target::new(&folder.path().join("new"), None);
    restore(&target, &file, None).expect("it grows");
    let names: Vec<String> = open(&target)
        .read_blocking(|conn| {
            s::team::table
                .select(s::team::name)
                .load(conn)
                .map_err(AppError::from)
        })
        .expect("teams");
    assert!(names.contains(&"华东一组".to_owned()), "{names:?}");
}
