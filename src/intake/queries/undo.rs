//! Which records a batch still carries, and who else carries them.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::platform::db::{Conn, KEYS};
use crate::registry::model::Record;
use crate::schema::{batch, record, record_batch};

/// States in which a batch carries its rows.
const LIVE: [&str; 4] = ["running", "done", "failed", "cancelled"];

/// The next records of a batch in the order of its rows.
pub(crate) fn next(
    conn: &mut Conn,
    batch_id: i64,
    after: (i32, i32),
    limit: i64,
) -> QueryResult<Vec<Record>> {
    record::table
        .filter(record::batch_id.eq(batch_id))
        .filter(
            record::sheet_no
                .gt(after.0)
                .or(record::sheet_no.eq(after.0).and(record::row_no.gt(after.1))),
        )
        .select(Record::as_select())
        .order((record::sheet_no, record::row_no))
        .limit(limit)
        .load(conn)
}

/// Every record of the batch that speaks of one of these companies.
pub(crate) fn of_companies(
    conn: &mut Conn,
    batch_id: i64,
    companies: &[i64],
) -> QueryResult<Vec<Record>> {
    let mut found = Vec::new();
    for part in companies.chunks(KEYS) {
        found.append(
            &mut record::table
                .filter(record::company_id.eq_any(part.to_vec()))
                .filter(record::batch_id.eq(batch_id))
                .select(Record::as_select())
                .load(conn)?,
        );
    }
    Ok(found)
}

/// A later place of a record: batch, sheet, row.
pub(crate) type Place = (i64, i32, i32);

/// The first other live batch that carries each of these records.
pub(crate) fn carried_elsewhere(
    conn: &mut Conn,
    batch_id: i64,
    records: &[i64],
) -> QueryResult<HashMap<i64, Place>> {
    let mut found = HashMap::new();
    for part in records.chunks(KEYS) {
        let rows: Vec<(i64, i64, i32, i32)> = record_batch::table
            .inner_join(batch::table.on(batch::id.eq(record_batch::batch_id)))
            .filter(record_batch::record_id.eq_any(part.to_vec()))
            .filter(record_batch::batch_id.ne(batch_id))
            .filter(batch::state.eq_any(LIVE))
            .select((
                record_batch::record_id,
                record_batch::batch_id,
                record_batch::sheet_no,
                record_batch::row_no,
            ))
            .order((
                record_batch::batch_id,
                record_batch::sheet_no,
                record_batch::row_no,
            ))
            .load(conn)?;
        for (record, batch, sheet, row) in rows {
            found.entry(record).or_insert((batch, sheet, row));
        }
    }
    Ok(found)
}

/// A record moves to a batch that carries it too.
pub(crate) fn move_to(conn: &mut Conn, record_id: i64, place: Place) -> QueryResult<()> {
    let (batch_id, sheet, row) = place;
    diesel::delete(record_batch::table.find((batch_id, sheet, row))).execute(conn)?;
    diesel::update(record::table.find(record_id))
        .set((
            record::batch_id.eq(Some(batch_id)),
            record::sheet_no.eq(Some(sheet)),
            record::row_no.eq(Some(row)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Other places of records that go for good.
pub(crate) fn forget_places(conn: &mut Conn, records: &[i64]) -> QueryResult<()> {
    for part in records.chunks(KEYS) {
        diesel::delete(record_batch::table.filter(record_batch::record_id.eq_any(part.to_vec())))
            .execute(conn)?;
    }
    Ok(())
}

/// The batch no longer carries what earlier ones brought.
pub(crate) fn drop_carried(conn: &mut Conn, batch_id: i64) -> QueryResult<usize> {
    diesel::delete(record_batch::table.filter(record_batch::batch_id.eq(batch_id))).execute(conn)
}
