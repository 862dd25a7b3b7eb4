//! Sources and batches.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::intake::model::{Batch, NewSource, Source};
use crate::platform::db::{Both, Conn, Statement, columns};
use crate::schema::{batch, record, record_batch, source};

pub(crate) fn source_named(
    conn: &mut Conn,
    channel: &str,
    name: &str,
) -> QueryResult<Option<Source>> {
    source::table
        .filter(source::channel.eq(channel))
        .filter(source::name.eq(name))
        .select(Source::as_select())
        .first(conn)
        .optional()
}

pub(crate) fn source(conn: &mut Conn, id: i64) -> QueryResult<Source> {
    source::table
        .find(id)
        .select(Source::as_select())
        .first(conn)
}

pub(crate) fn make_source(
    conn: &mut Conn,
    now: NaiveDateTime,
    new: &NewSource,
    kind: &str,
    rank: i32,
    collected_on: NaiveDate,
) -> QueryResult<()> {
    Both(
        diesel::insert_into(source::table)
            .values((
                source::channel.eq(&new.channel),
                source::name.eq(&new.name),
                source::kind.eq(kind),
                source::ground.eq(&new.ground),
                source::collected_on.eq(Some(collected_on)),
                source::cost_minor.eq(new.cost_minor),
                source::currency.eq(&new.currency),
                source::rank.eq(rank),
                source::companies.eq(0_i64),
                source::created_at.eq(now),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(conn)?;
    Ok(())
}

pub(crate) fn set_source(
    conn: &mut Conn,
    id: i64,
    ground: Option<&str>,
    rank: i32,
    cost: (Option<i64>, Option<&str>),
) -> QueryResult<()> {
    diesel::update(source::table.find(id))
        .set((
            source::ground.eq(ground),
            source::rank.eq(rank),
            source::cost_minor.eq(cost.0),
            source::currency.eq(cost.1),
        ))
        .execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Counts the companies of a source anew: the count picks the driving index of a source filter.
pub(crate) fn count_source(conn: &mut Conn, id: i64) -> QueryResult<()> {
    let text = "SELECT count(DISTINCT company_id) AS n FROM record WHERE source_id = $1";
    let companies = diesel::sql_query(text)
        .bind::<BigInt, _>(id)
        .get_result::<Count>(conn)?
        .n;
    diesel::update(source::table.find(id))
        .set(source::companies.eq(companies))
        .execute(conn)?;
    Ok(())
}

/// A batch to insert.
#[derive(Insertable)]
#[diesel(table_name = batch, treat_none_as_default_value = false)]
pub(crate) struct BatchRow<'a> {
    pub source_id: i64,
    pub kind: &'a str,
    pub file_name: &'a str,
    pub file_hash: Vec<u8>,
    pub state: &'a str,
    pub mapping: Option<String>,
    pub collected_on: Option<NaiveDate>,
    pub correction_of: Option<i64>,
    pub actor_id: Option<i64>,
    pub started_at: NaiveDateTime,
}

pub(crate) fn insert_batch(conn: &mut Conn, row: &BatchRow<'_>) -> QueryResult<Batch> {
    diesel::insert_into(batch::table)
        .values(row)
        .returning(columns::<Batch>())
        .get_result(conn)
}

pub(crate) fn batch(conn: &mut Conn, id: i64) -> QueryResult<Batch> {
    batch::table.find(id).select(Batch::as_select()).first(conn)
}

/// The newest batches, older than `before` where given.
pub(crate) fn batches(
    conn: &mut Conn,
    before: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<(Batch, Source)>> {
    batch::table
        .inner_join(source::table.on(source::id.eq(batch::source_id)))
        .filter(batch::id.lt(before.unwrap_or(i64::MAX)))
        .select((Batch::as_select(), Source::as_select()))
        .order(batch::id.desc())
        .limit(limit)
        .load(conn)
}

pub(crate) fn set_state(conn: &mut Conn, id: i64, from: &[&str], to: &str) -> QueryResult<usize> {
    diesel::update(
        batch::table
            .find(id)
            .filter(batch::state.eq_any(from.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>())),
    )
    .set(batch::state.eq(to))
    .execute(conn)
}

/// A draft goes, and its source with it where nothing else came from there.
pub(crate) fn remove_draft(conn: &mut Conn, id: i64) -> QueryResult<()> {
    let source_id: i64 = batch::table.find(id).select(batch::source_id).first(conn)?;
    diesel::delete(batch::table.find(id).filter(batch::state.eq("draft"))).execute(conn)?;
    let batches: i64 = batch::table
        .filter(batch::source_id.eq(source_id))
        .count()
        .get_result(conn)?;
    let records: Option<i64> = record::table
        .filter(record::source_id.eq(source_id))
        .select(record::id)
        .first(conn)
        .optional()?;
    if batches == 0 && records.is_none() {
        diesel::delete(source::table.find(source_id)).execute(conn)?;
    }
    Ok(())
}

pub(crate) fn set_job(conn: &mut Conn, id: i64, job_id: i64) -> QueryResult<usize> {
    diesel::update(batch::table.find(id))
        .set(batch::job_id.eq(Some(job_id)))
        .execute(conn)
}

pub(crate) fn set_plan(conn: &mut Conn, id: i64, plan: &str) -> QueryResult<usize> {
    diesel::update(batch::table.find(id))
        .set(batch::mapping.eq(Some(plan)))
        .execute(conn)
}

pub(crate) fn set_hash(conn: &mut Conn, id: i64, hash: Vec<u8>) -> QueryResult<usize> {
    diesel::update(batch::table.find(id))
        .set(batch::file_hash.eq(hash))
        .execute(conn)
}

pub(crate) fn set_figures(conn: &mut Conn, id: i64, figures: &str) -> QueryResult<usize> {
    diesel::update(batch::table.find(id))
        .set(batch::figures.eq(Some(figures)))
        .execute(conn)
}

pub(crate) fn finish(
    conn: &mut Conn,
    id: i64,
    state: &str,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(batch::table.find(id))
        .set((batch::state.eq(state), batch::finished_at.eq(Some(now))))
        .execute(conn)
}

pub(crate) fn undone(conn: &mut Conn, id: i64, now: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(batch::table.find(id))
        .set((batch::state.eq("undone"), batch::undone_at.eq(Some(now))))
        .execute(conn)
}

/// An import that ended, or was taken back, before a moment, and whose raw rows of before that have not been dropped.
pub(crate) fn with_overdue_rows(
    conn: &mut Conn,
    cutoff: NaiveDateTime,
) -> QueryResult<Option<i64>> {
    Statement::<BigInt>::fixed(
        "SELECT id FROM batch WHERE (finished_at <= ? AND (dropped_upto IS NULL OR dropped_upto < finished_at)) \
         OR (undone_at <= ? AND (dropped_upto IS NULL OR dropped_upto < undone_at)) ORDER BY id LIMIT 1",
    )
    .bind(cutoff)
    .bind(cutoff)
    .get_result(conn)
    .optional()
}

/// The next batch that has raw rows, behind an id.
pub(crate) fn next_with_rows(conn: &mut Conn, id: i64) -> QueryResult<Option<i64>> {
    Statement::<BigInt>::fixed(
        "SELECT b.id FROM batch b WHERE b.id > ? AND EXISTS (SELECT 1 FROM raw_chunk r WHERE r.batch_id = b.id) ORDER BY b.id LIMIT 1",
    )
    .bind(id)
    .get_result(conn)
    .optional()
}

/// Imports that take rows or wait for their turn.
pub(crate) fn at_work(conn: &mut Conn) -> QueryResult<Vec<i64>> {
    Statement::<BigInt>::fixed("SELECT id FROM batch WHERE state IN ('queued','running')")
        .load(conn)
}

pub(crate) fn rows_dropped(conn: &mut Conn, id: i64, upto: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(batch::table.find(id))
        .set(batch::dropped_upto.eq(Some(upto)))
        .execute(conn)
}

/// Earlier imports of the same bytes into the same source that still count.
pub(crate) fn same_file(
    conn: &mut Conn,
    source_id: i64,
    hash: &[u8],
    not: i64,
) -> QueryResult<Vec<i64>> {
    batch::table
        .filter(batch::source_id.eq(source_id))
        .filter(batch::file_hash.eq(hash.to_vec()))
        .filter(batch::id.ne(not))
        .filter(batch::state.eq_any(["done", "running", "queued"]))
        .select(batch::id)
        .order(batch::id)
        .load(conn)
}

/// Rows of the corrected batch that no row of the correction replaced or repeated.
pub(crate) fn rows_gone(conn: &mut Conn, corrected: i64, correction: i64) -> QueryResult<i64> {
    let repeated = record_batch::table
        .filter(record_batch::batch_id.eq(correction))
        .select(record_batch::record_id);
    record::table
        .filter(record::batch_id.eq(corrected))
        .filter(record::superseded_by.is_null())
        .filter(record::id.ne_all(repeated))
        .count()
        .get_result(conn)
}
