//! SQL of sources: what a list cost, where it came from, and on what ground its people may be reached.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use crate::platform::db::Conn;
use crate::registry::rules::fold::source_rank;
use crate::schema::{batch, change_log, source, users};

/// A source as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = source)]
pub struct SourceRow {
    /// Id.
    pub id: i64,
    /// Code of its channel.
    pub channel: String,
    /// Name, unique in its channel.
    pub name: String,
    /// What its lists hold: leads, customers, suppressions, target, costs.
    pub kind: String,
    /// Ground of its people.
    pub ground: Option<String>,
    /// When its values were collected.
    pub collected_on: Option<NaiveDate>,
    /// What it cost, minor units.
    pub cost_minor: Option<i64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// Companies that stand on it.
    pub companies: i64,
}

/// Every source, newest first; after an id.
pub(in crate::consent) fn page(
    conn: &mut Conn,
    before: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<SourceRow>> {
    let mut list = source::table
        .select(SourceRow::as_select())
        .order(source::id.desc())
        .limit(limit)
        .into_boxed();
    if let Some(id) = before {
        list = list.filter(source::id.lt(id));
    }
    list.load(conn)
}

pub(in crate::consent) fn find(conn: &mut Conn, id: i64) -> QueryResult<SourceRow> {
    source::table
        .find(id)
        .select(SourceRow::as_select())
        .first(conn)
}

/// Batches of sources: source, how many that were not taken back.
pub(in crate::consent) fn batches(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<(i64, i64)>> {
    batch::table
        .filter(batch::source_id.eq_any(ids.to_vec()))
        .filter(batch::undone_at.is_null())
        .group_by(batch::source_id)
        .select((batch::source_id, diesel::dsl::count_star()))
        .load(conn)
}

/// Whether another source of the channel has the name.
pub(in crate::consent) fn name_is_taken(conn: &mut Conn, row: &SourceRow) -> QueryResult<bool> {
    let other = source::table
        .filter(source::channel.eq(&row.channel))
        .filter(source::name.eq(&row.name))
        .filter(source::id.ne(row.id))
        .select(source::id)
        .first::<i64>(conn)
        .optional()?;
    Ok(other.is_some())
}

pub(in crate::consent) fn update(conn: &mut Conn, row: &SourceRow) -> QueryResult<()> {
    diesel::update(source::table.find(row.id))
        .set((
            source::channel.eq(&row.channel),
            source::name.eq(&row.name),
            source::ground.eq(&row.ground),
            source::rank.eq(source_rank(&row.kind, &row.channel, row.ground.as_deref())),
            source::collected_on.eq(row.collected_on),
            source::cost_minor.eq(row.cost_minor),
            source::currency.eq(&row.currency),
        ))
        .execute(conn)
        .map(|_| ())
}

/// Batches that were dated with their source are dated anew with it.
pub(in crate::consent) fn redate_batches(
    conn: &mut Conn,
    source_id: i64,
    was: Option<NaiveDate>,
    is: Option<NaiveDate>,
) -> QueryResult<()> {
    let own = batch::table.filter(batch::source_id.eq(source_id));
    let set = batch::collected_on.eq(is);
    match was {
        Some(day) => diesel::update(own.filter(batch::collected_on.eq(day)))
            .set(set)
            .execute(conn)?,
        None => diesel::update(own.filter(batch::collected_on.is_null()))
            .set(set)
            .execute(conn)?,
    };
    Ok(())
}

/// Who changed a source when, newest first: name, time, fields.
pub(in crate::consent) fn changes(
    conn: &mut Conn,
    id: i64,
) -> QueryResult<Vec<(Option<String>, NaiveDateTime, Option<String>)>> {
    change_log::table
        .left_join(users::table.on(change_log::actor_id.eq(users::id.nullable())))
        .filter(change_log::object_kind.eq("source"))
        .filter(change_log::object_id.eq(id))
        .order(change_log::id.desc())
        .limit(10)
        .select((users::name.nullable(), change_log::at, change_log::fields))
        .load(conn)
}
