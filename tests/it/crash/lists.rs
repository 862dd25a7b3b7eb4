//! Kills in the middle of an import, and in the middle of taking it back.

use std::collections::BTreeSet;

use canvass::accounts::Actor;
use canvass::intake::actions as intake;
use canvass::intake::model::Batch;
use canvass::platform::clock;
use canvass::platform::db::Db;
use canvass::platform::error::AppError;
use canvass::schema as s;
use diesel::prelude::*;

use super::{each_place, moments};
use crate::intake::{EXPO, List, dump_of};

/// So many rows are left when the last kill comes, or more; three of each company.
const ROWS_A_KILL: usize = 2_000;

fn list(rows: usize) -> String {
    let row = |n: usize| {
        let company = n / 3;
        format!(
            "苏州第{company}号机械有限公司,苏州,王{n},138{:08}\n",
            10_000 + n
        )
    };
    let rows: String = (0..rows).map(row).collect();
    format!("公司,城市,联系人,手机\n{rows}")
}

fn batch(db: &Db, id: i64) -> Result<Batch, AppError> {
    db.read_blocking(|conn| Ok(intake::batch(conn, id)?.0))
}

#[test]
fn an_import_goes_on_after_kills_at_any_moment() {
    each_place(|place| {
        let rows = (moments(7) + 1) * ROWS_A_KILL;
        let id = EXPO.send_to(&place.open(), &list(rows));
        let hits = place.kill_at_work(moments(7), |db| {
            let batch = batch(db, id)?;
            eprintln!("rows so far: {}", batch.figures().rows_valid);
            Ok(matches!(batch.state.as_str(), "queued" | "running"))
        });
        assert!(hits > 0, "a kill fell into the middle");
        place.finish();
        let db = place.open();
        let done = batch(&db, id).expect("read");
        assert_eq!(done.state, "done");
        let taken: Vec<i32> = db
            .read_blocking(|conn| {
                Ok::<_, AppError>(
                    s::record::table
                        .filter(s::record::batch_id.eq(id))
                        .select(s::record::row_no.assume_not_null())
                        .load(conn)?,
                )
            })
            .expect("read");
        let once: BTreeSet<i32> = taken.iter().copied().collect();
        assert_eq!((taken.len(), once.len()), (rows, rows), "every row once");
        let (found, all) = (done.figures(), rows as u64);
        assert_eq!(
            (found.rows_valid, found.companies_new, found.contacts_new),
            (all, all.div_ceil(3), all)
        );
        drop(db);
        place.is_sound();
    });
}

#[test]
fn an_undo_goes_on_after_kills_at_any_moment() {
    each_place(|place| {
        let other = List {
            channel: "TEL",
            source: "电话名录",
            ground: Some("public_source"),
            ..EXPO
        };
        // What stands before: some companies of the list, with other people.
        other.send_to(
            &place.open(),
            &list(600).replace(",138", ",139").replace(",王", ",李"),
        );
        place.finish();
        let before = dump_of(&place.open());
        let rows = (moments(7) + 1) * ROWS_A_KILL;
        let id = EXPO.send_to(&place.open(), &list(rows));
        place.finish();
        assert_eq!(batch(&place.open(), id).expect("read").state, "done");
        let asked = place.open().write_blocking(move |conn| {
            let now = clock::now(conn)?;
            intake::ask_undo(conn, now, &Actor::system(), id)
        });
        asked.expect("the undo is asked for");
        let hits = place.kill_at_work(moments(7), |db| {
            let left: i64 = db.read_blocking(|conn| {
                Ok::<_, AppError>(s::company::table.count().get_result(conn)?)
            })?;
            eprintln!("companies left: {left}");
            Ok(batch(db, id)?.state == "undoing")
        });
        assert!(hits > 0, "a kill fell into the middle");
        place.finish();
        let undone = batch(&place.open(), id).expect("read");
        assert_eq!(undone.state, "undone");
        assert_eq!(
            undone.figures().companies_removed,
            (rows as u64 - 600).div_ceil(3)
        );
        let after: Vec<String> = dump_of(&place.open())
            .into_iter()
            .filter(|line| !line.contains(EXPO.source))
            .collect();
        assert_eq!(after.len(), before.len());
        assert!(after == before, "everything is as before the import");
        place.is_sound();
    });
}
