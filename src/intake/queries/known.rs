//! Rows that an earlier import brought, and what a batch has placed so far.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::Integer;

use crate::on_each;
use crate::platform::db::{Conn, KEYS, Statement, rows_per_insert};
use crate::schema::{company, record, record_batch};

/// A record that is there already.
#[derive(Debug, Clone)]
pub struct KnownRow {
    /// The record.
    pub record_id: i64,
    /// Root of its company.
    pub root: Option<i64>,
    /// Its contact.
    pub contact_id: Option<i64>,
    /// What it said, as stored.
    pub said: String,
    /// A later row replaced it.
    pub superseded: bool,
}

type Row = (
    i64,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    String,
    Option<i64>,
);

/// The records with these row keys.
pub(crate) fn rows(
    conn: &mut Conn,
    keys: &[(i64, i64)],
) -> QueryResult<HashMap<(i64, i64), KnownRow>> {
    let mut found = HashMap::new();
    for part in keys.chunks(KEYS) {
        let first: Vec<i64> = part.iter().map(|(key, _)| *key).collect();
        let rows: Vec<Row> = record::table
            .left_join(company::table.on(record::company_id.eq(company::id.nullable())))
            .filter(record::row_key.eq_any(first))
            .select((
                record::id,
                record::row_key,
                record::row_check,
                company::root_id.nullable(),
                record::contact_id,
                record::said,
                record::superseded_by,
            ))
            .load(conn)?;
        for (record_id, key, check, root, contact_id, said, superseded) in rows {
            if let (Some(key), Some(check)) = (key, check) {
                let row = KnownRow {
                    record_id,
                    root,
                    contact_id,
                    said,
                    superseded: superseded.is_some(),
                };
                found.insert((key, check), row);
            }
        }
    }
    Ok(found)
}

/// A row that is carried once more.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = record_batch)]
pub struct Carried {
    /// The later batch.
    pub batch_id: i64,
    /// Sheet.
    pub sheet_no: i32,
    /// Row.
    pub row_no: i32,
    /// The record it repeats.
    pub record_id: i64,
}

pub(crate) fn carry(conn: &mut Conn, rows: &[Carried]) -> QueryResult<()> {
    for part in rows.chunks(rows_per_insert(4)) {
        on_each!(conn => diesel::insert_into(record_batch::table).values(part).execute(conn))?;
    }
    Ok(())
}

/// Rows of a batch that repeat what was said of somebody who was erased: sheet, row. From the erased on, who are few: by
/// itself SQLite looks at every row of the batch.
pub(crate) fn rows_of_erased(conn: &mut Conn, batch_id: i64) -> QueryResult<Vec<(i32, i32)>> {
    Statement::<(Integer, Integer)>::fixed(
        "SELECT o.sheet_no, o.row_no FROM erased_person e CROSS JOIN contact t CROSS JOIN record r CROSS JOIN record_batch o \
         WHERE t.person_id = e.person_id AND r.contact_id = t.id AND o.record_id = r.id AND o.batch_id = ? ORDER BY o.sheet_no, o.row_no",
    )
    .bind(batch_id)
    .load(conn)
}

/// `(root, contact, placed_by)` of everything a batch carries: what a resumed import has to know again.
pub type Placed = (Option<i64>, Option<i64>, Option<String>);

pub(crate) fn placed_by_batch(conn: &mut Conn, batch_id: i64) -> QueryResult<Vec<Placed>> {
    let mut placed: Vec<Placed> = record::table
        .left_join(company::table.on(record::company_id.eq(company::id.nullable())))
        .filter(record::batch_id.eq(batch_id))
        .select((
            company::root_id.nullable(),
            record::contact_id,
            record::placed_by,
        ))
        .load(conn)?;
    let carried: Vec<(Option<i64>, Option<i64>)> = record_batch::table
        .inner_join(record::table.on(record::id.eq(record_batch::record_id)))
        .left_join(company::table.on(record::company_id.eq(company::id.nullable())))
        .filter(record_batch::batch_id.eq(batch_id))
        .select((company::root_id.nullable(), record::contact_id))
        .load(conn)?;
    placed.extend(
        carried
            .into_iter()
            .map(|(root, contact)| (root, contact, None)),
    );
    Ok(placed)
}

/// A record of a batch as a correction looks for it.
#[derive(Debug, Clone)]
pub(crate) struct OfBatch {
    pub record_id: i64,
    pub row_no: i32,
    pub root: Option<i64>,
    pub contact_id: Option<i64>,
    pub said: String,
}

/// Live records of a batch, by row number; all of them where `rows` is none, 5,000 after `after`.
pub(crate) fn of_batch(
    conn: &mut Conn,
    batch_id: i64,
    rows: Option<&[i32]>,
    after: i64,
) -> QueryResult<Vec<OfBatch>> {
    let mut query = record::table
        .left_join(company::table.on(record::company_id.eq(company::id.nullable())))
        .filter(record::batch_id.eq(batch_id))
        .filter(record::superseded_by.is_null())
        .filter(record::id.gt(after))
        .select((
            record::id,
            record::row_no.assume_not_null(),
            company::root_id.nullable(),
            record::contact_id,
            record::said,
        ))
        .order(record::id)
        .limit(5_000)
        .into_boxed();
    if let Some(rows) = rows {
        query = query.filter(record::row_no.eq_any(rows.to_vec()));
    }
    let found: Vec<(i64, i32, Option<i64>, Option<i64>, String)> = query.load(conn)?;
    let found = found
        .into_iter()
        .map(|(record_id, row_no, root, contact_id, said)| OfBatch {
            record_id,
            row_no,
            root,
            contact_id,
            said,
        });
    Ok(found.collect())
}
