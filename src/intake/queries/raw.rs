//! Raw rows and what became of them.

use diesel::prelude::*;

use crate::on_each;
use crate::platform::db::{Conn, rows_per_insert};
use crate::schema::{company, contact, person, raw_chunk, record, record_batch};

/// Up to 500 lines.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = raw_chunk, treat_none_as_default_value = false)]
pub(crate) struct RawChunk {
    pub batch_id: i64,
    pub sheet_no: i32,
    pub first_row: i32,
    pub rows: i32,
    pub raw: Vec<u8>,
    pub outcomes: Option<Vec<u8>>,
}

pub(crate) fn insert(conn: &mut Conn, rows: &[RawChunk]) -> QueryResult<()> {
    for part in rows.chunks(rows_per_insert(6)) {
        on_each!(conn => diesel::insert_into(raw_chunk::table).values(part).execute(conn))?;
    }
    Ok(())
}

/// Replaces what a chunk (batch, sheet, first row) holds.
pub(crate) fn replace(
    conn: &mut Conn,
    chunk: (i64, i32, i32),
    lines: Vec<u8>,
    outcomes: Vec<u8>,
) -> QueryResult<usize> {
    diesel::update(raw_chunk::table.find(chunk))
        .set((
            raw_chunk::raw.eq(lines),
            raw_chunk::outcomes.eq(Some(outcomes)),
        ))
        .execute(conn)
}

/// The chunks of a batch after `(sheet, first_row)`: sheet, first row, raw, outcomes.
type Chunk = (i32, i32, Vec<u8>, Option<Vec<u8>>);

pub(crate) fn chunks_after(
    conn: &mut Conn,
    batch_id: i64,
    after: (i32, i32),
    limit: i64,
) -> QueryResult<Vec<Chunk>> {
    let (sheet, row) = after;
    raw_chunk::table
        .filter(raw_chunk::batch_id.eq(batch_id))
        .filter(
            raw_chunk::sheet_no.gt(sheet).or(raw_chunk::sheet_no
                .eq(sheet)
                .and(raw_chunk::first_row.gt(row))),
        )
        .select((
            raw_chunk::sheet_no,
            raw_chunk::first_row,
            raw_chunk::raw,
            raw_chunk::outcomes,
        ))
        .order((raw_chunk::sheet_no, raw_chunk::first_row))
        .limit(limit)
        .load(conn)
}

/// Where a row's record stands: row, root company, root person, what it said.
pub(crate) type Placed = (i32, Option<i64>, Option<i64>, String);

/// The records of a range of rows, own and repeated ones.
pub(crate) fn placed(
    conn: &mut Conn,
    batch_id: i64,
    sheet: i32,
    rows: (i32, i32),
) -> QueryResult<Vec<Placed>> {
    let mut own: Vec<Placed> = record::table
        .left_join(company::table.on(record::company_id.eq(company::id.nullable())))
        .left_join(contact::table.on(record::contact_id.eq(contact::id.nullable())))
        .left_join(person::table.on(person::id.nullable().eq(contact::person_id.nullable())))
        .filter(record::batch_id.eq(batch_id))
        .filter(record::sheet_no.eq(sheet))
        .filter(record::row_no.between(rows.0, rows.1))
        .select((
            record::row_no.assume_not_null(),
            company::root_id.nullable(),
            person::root_id.nullable(),
            record::said,
        ))
        .load(conn)?;
    own.append(
        &mut record_batch::table
            .inner_join(record::table.on(record::id.eq(record_batch::record_id)))
            .left_join(company::table.on(record::company_id.eq(company::id.nullable())))
            .left_join(contact::table.on(record::contact_id.eq(contact::id.nullable())))
            .left_join(person::table.on(person::id.nullable().eq(contact::person_id.nullable())))
            .filter(record_batch::batch_id.eq(batch_id))
            .filter(record_batch::sheet_no.eq(sheet))
            .filter(record_batch::row_no.between(rows.0, rows.1))
            .select((
                record_batch::row_no,
                company::root_id.nullable(),
                person::root_id.nullable(),
                record::said,
            ))
            .load(conn)?,
    );
    Ok(own)
}

/// The chunk that holds one row.
pub(crate) fn chunk_with(
    conn: &mut Conn,
    batch_id: i64,
    sheet: i32,
    row: i32,
) -> QueryResult<Option<Chunk>> {
    raw_chunk::table
        .filter(raw_chunk::batch_id.eq(batch_id))
        .filter(raw_chunk::sheet_no.eq(sheet))
        .filter(raw_chunk::first_row.le(row))
        .select((
            raw_chunk::sheet_no,
            raw_chunk::first_row,
            raw_chunk::raw,
            raw_chunk::outcomes,
        ))
        .order(raw_chunk::first_row.desc())
        .first(conn)
        .optional()
}
