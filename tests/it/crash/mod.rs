//! A process that is killed in the middle of an import: the next one goes on, and no row is lost or taken twice.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use canvass::flows;
use canvass::intake::actions as intake;
use canvass::platform::db::{Db, Target};
use canvass::platform::error::AppError;
use canvass::platform::jobs;
use canvass::schema as s;
use diesel::prelude::*;

use crate::intake::EXPO;
use crate::postgres;

const ROWS: usize = 6_000;

fn list() -> String {
    let mut text = String::from("公司,城市,联系人,手机\n");
    for n in 0..ROWS {
        let company = n / 3;
        text += &format!(
            "苏州第{company}号机械有限公司,苏州,王{n},138{:08}\n",
            10_000 + n
        );
    }
    text
}

/// The server of the product as a process of its own.
fn server(folder: &Path, database: Option<&str>) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_canvass"));
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder);
    if let Some(url) = database {
        command.args(["--database", url]);
    }
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the binary starts")
}

fn open(target: &Target) -> Db {
    Db::open(target).expect("the database opens")
}

/// Frees what a dead process held, as its successor does on SQLite at once and on PostgreSQL after a minute.
fn recover(target: &Target) {
    open(target)
        .write_blocking(jobs::recover)
        .expect("recovered");
}

fn progress(target: &Target, batch: i64) -> u64 {
    let figures = open(target)
        .read_blocking(|conn| Ok::<_, AppError>(intake::batch(conn, batch)?.0.figures()));
    figures.expect("read").rows_valid
}

fn an_import_survives(folder: &Path, database: Option<&str>) {
    let target = Target::new(folder, database);
    let batch = EXPO.send_to(&open(&target), &list());
    let mut seen = BTreeSet::new();
    for round in 0..8_u64 {
        recover(&target);
        let mut child = server(folder, database);
        std::thread::sleep(Duration::from_millis(400 + round * 90));
        child.kill().expect("killed");
        child.wait().expect("gone");
        seen.insert(progress(&target, batch));
    }
    eprintln!("rows after each kill: {seen:?}");
    recover(&target);
    let db = open(&target);
    let stop = AtomicBool::new(false);
    while jobs::run_next(&db, &flows::job_kinds(), None, &stop).expect("jobs run") {}
    let (found, state, rows) = db
        .read_blocking(|conn| {
            let batch = intake::batch(conn, batch)?.0;
            let rows = s::record::table
                .filter(s::record::batch_id.eq(batch.id))
                .select(s::record::row_no.assume_not_null())
                .load::<i32>(conn)?;
            Ok::<_, AppError>((batch.figures(), batch.state, rows))
        })
        .expect("read");
    assert_eq!(state, "done");
    let once: BTreeSet<i32> = rows.iter().copied().collect();
    assert_eq!((rows.len(), once.len()), (ROWS, ROWS), "every row once");
    let all = ROWS as u64;
    assert_eq!(
        (found.rows_valid, found.companies_new, found.contacts_new),
        (all, all / 3, all)
    );
}

#[test]
fn an_import_survives_kills_at_any_moment_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    an_import_survives(folder.path(), None);
}

#[test]
fn an_import_survives_kills_at_any_moment_on_postgresql() {
    if !postgres::is_available() {
        eprintln!("SKIPPED on PostgreSQL");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let database = postgres::database();
    an_import_survives(folder.path(), Some(&database.url));
}
