//! Everything that a database holds, in one text.

use std::fs::File;
use std::io::Read;

use canvass::platform::archive;
use canvass::platform::db::Db;
use canvass::schema as s;
use diesel::prelude::*;
use flate2::read::{DeflateDecoder, GzDecoder};
use serde_json::Value;

use crate::app::TestApp;

/// By what the person of the tests would be recognised.
pub const NAMES: &[&str] = &[
    "陈砚秋",
    "13862170417",
    "6217 0417",
    "6217-0417",
    "chen.yanqiu@yanchuan.example",
    "yanqiu-0417",
];

/// Every value of every table, packed ones unpacked.
pub fn everything(app: &TestApp) -> String {
    everything_of(&app.db)
}

/// The same without a server.
pub fn everything_of(db: &Db) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("all.canvass");
    archive::write(db, &file, &folder.path().join("none"), None).expect("an archive");
    let mut all = String::new();
    let mut tar = tar::Archive::new(File::open(&file).expect("the archive"));
    for entry in tar.entries().expect("entries") {
        let entry = entry.expect("an entry");
        let name = entry.path().expect("a name").to_string_lossy().into_owned();
        if !name.starts_with("tables/") {
            continue;
        }
        let mut text = String::new();
        GzDecoder::new(entry)
            .read_to_string(&mut text)
            .expect("text");
        if name.starts_with("tables/raw_chunk") || name.starts_with("tables/upload_chunk") {
            text.lines().for_each(|line| unpack(line, &mut all));
        }
        all.push_str(&text);
    }
    all.to_lowercase()
}

/// The packed columns of a row, read.
fn unpack(line: &str, into: &mut String) {
    let row: Vec<Value> = serde_json::from_str(line).expect("a row");
    for hex in row.iter().filter_map(Value::as_str) {
        let bytes: Vec<u8> = (0..hex.len() / 2)
            .filter_map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).ok())
            .collect();
        let mut text = Vec::new();
        if DeflateDecoder::new(&bytes[..])
            .read_to_end(&mut text)
            .is_ok()
        {
            into.push_str(&String::from_utf8_lossy(&text));
        }
    }
}

/// Nothing names the person of the tests.
#[track_caller]
pub fn assert_gone(app: &TestApp) {
    assert_gone_from(&everything(app), NAMES);
}

/// None of these names stands in a text.
#[track_caller]
pub fn assert_gone_from(all: &str, names: &[&str]) {
    for name in names {
        if let Some(at) = all.find(name) {
            let around: String = all[..at].chars().rev().take(200).collect();
            let around: String = around.chars().rev().collect();
            panic!("{name} is left behind: {around}");
        }
    }
}

/// Somebody writes of the person wherever anything can be written.
pub fn write_everywhere(app: &TestApp, company: i64, person: i64) {
    const TEXT: &str = "陈砚秋 138 6217 0417";
    let json =
        r#"{"who":"陈砚秋","number":"+8613862170417","mail":"chen.yanqiu@yanchuan.example"}"#;
    app.write(move |conn| {
        let now = canvass::platform::clock::now(conn)?;
        let user: i64 = s::users::table.select(s::users::id).first(conn)?;
        diesel::insert_into(s::task::table)
            .values((
                s::task::kind.eq("send_info"),
                s::task::company_id.eq(Some(company)),
                s::task::person_id.eq(Some(person)),
                s::task::body.eq(Some(TEXT)),
                s::task::state.eq("open"),
                s::task::created_at.eq(now),
            ))
            .execute(conn)?;
        diesel::insert_into(s::event::table)
            .values((
                s::event::at.eq(now),
                s::event::kind.eq("somebody.wrote"),
                s::event::company_id.eq(Some(company)),
                s::event::data.eq(Some(json)),
            ))
            .execute(conn)?;
        diesel::insert_into(s::notice::table)
            .values((
                s::notice::user_id.eq(user),
                s::notice::kind.eq("offered"),
                s::notice::company_id.eq(Some(company)),
                s::notice::data.eq(json),
                s::notice::at.eq(now),
            ))
            .execute(conn)?;
        diesel::insert_into(s::appointment::table)
            .values((
                s::appointment::user_id.eq(user),
                s::appointment::company_id.eq(Some(company)),
                s::appointment::kind.eq("visit"),
                s::appointment::note.eq(Some(TEXT)),
                s::appointment::begins_at.eq(now),
                s::appointment::minutes.eq(60),
                s::appointment::state.eq("done"),
                s::appointment::at.eq(now),
            ))
            .execute(conn)?;
        diesel::insert_into(s::answer::table)
            .values((
                s::answer::user_id.eq(user),
                s::answer::idem_key.eq("k"),
                s::answer::request_hash.eq(1_i64),
                s::answer::status.eq(201),
                s::answer::body.eq(json),
                s::answer::at.eq(now),
            ))
            .execute(conn)?;
        diesel::insert_into(s::draft::table)
            .values((
                s::draft::user_id.eq(user),
                s::draft::object_key.eq("call:x"),
                s::draft::body.eq("138 6217 0417"),
                s::draft::at.eq(now),
            ))
            .execute(conn)?;
        diesel::insert_into(s::consent::table)
            .values((
                s::consent::person_id.eq(person),
                s::consent::ground.eq("consent"),
                s::consent::text_version.eq(Some(TEXT)),
                s::consent::said_at.eq(now),
            ))
            .execute(conn)?;
        let ids = std::slice::from_ref(&person);
        canvass::consent::refresh_grounds(conn, ids)?;
        canvass::consent::refresh_standing(conn, &[company])
    });
}
