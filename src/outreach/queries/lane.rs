//! SQL of lanes, and of what chooses the pieces of an issue.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::outreach::model::LaneRow;
use crate::platform::db::{Both, Conn, Statement, Value};
use crate::schema::lane;

/// Every lane.
pub(in crate::outreach) fn lanes(conn: &mut Conn) -> QueryResult<Vec<LaneRow>> {
    lane::table
        .order(lane::domain)
        .select(LaneRow::as_select())
        .load(conn)
}

/// One lane.
pub(in crate::outreach) fn lane(conn: &mut Conn, domain: &str) -> QueryResult<Option<LaneRow>> {
    lane::table
        .find(domain)
        .select(LaneRow::as_select())
        .get_result(conn)
        .optional()
}

/// Writes a lane.
pub(in crate::outreach) fn keep_lane(conn: &mut Conn, row: &LaneRow) -> QueryResult<()> {
    Both(
        diesel::insert_into(lane::table)
            .values(row)
            .on_conflict(lane::domain)
            .do_update()
            .set(row),
    )
    .execute(conn)
    .map(|_| ())
}

/// The kinds of mailings.
pub(in crate::outreach) fn mailing_kinds(
    conn: &mut Conn,
    mailings: &[i64],
) -> QueryResult<Vec<(i64, String)>> {
    Statement::<(BigInt, Text)>::fixed("SELECT id, kind FROM mailing WHERE id IN ?")
        .bind(Value::numbers(mailings.iter().copied()))
        .load(conn)
}

/// Industry and grade of companies, by id: what chooses the pieces of an issue.
pub(in crate::outreach) fn company_tags(
    conn: &mut Conn,
    companies: &[i64],
) -> QueryResult<HashMap<i64, (Option<String>, Option<String>)>> {
    type Row = (i64, Option<String>, Option<String>);
    let rows: Vec<Row> = Statement::<(BigInt, Nullable<Text>, Nullable<Text>)>::fixed(
        "SELECT c.id, r.industry, r.grade FROM company c JOIN company r ON r.id = c.root_id WHERE c.id IN ?",
    )
    .bind(Value::numbers(companies.iter().copied()))
    .load(conn)?;
    let by_id = rows
        .into_iter()
        .map(|(id, industry, grade)| (id, (industry, grade)));
    Ok(by_id.collect())
}
