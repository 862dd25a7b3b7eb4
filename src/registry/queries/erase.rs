//! SQL of an erasure: everything that was said about somebody, and the rows that stay of them, empty.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};

use crate::platform::db::{Conn, KEYS, Statement, Value, by_keys};
use crate::schema::record;

/// A record as an erasure reads it, live or not.
#[derive(Debug, Clone, Queryable)]
pub(crate) struct SaidRow {
    pub id: i64,
    pub company_id: Option<i64>,
    pub contact_id: Option<i64>,
    pub said: String,
    pub placed_by: Option<String>,
    pub batch_id: Option<i64>,
    pub sheet_no: Option<i32>,
    pub row_no: Option<i32>,
}

macro_rules! said_rows {
    ($about:expr) => {
        record::table
            .filter($about)
            .select((
                record::id,
                record::company_id,
                record::contact_id,
                record::said,
                record::placed_by,
                record::batch_id,
                record::sheet_no,
                record::row_no,
            ))
            .order(record::id)
    };
}

/// Every record about one of these contacts.
pub(crate) fn said_of_contacts(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<SaidRow>> {
    by_keys(ids, |part| {
        said_rows!(record::contact_id.eq_any(part.to_vec())).load(conn)
    })
}

/// Every record placed with one of these companies.
pub(crate) fn said_of_companies(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<SaidRow>> {
    by_keys(ids, |part| {
        said_rows!(record::company_id.eq_any(part.to_vec())).load(conn)
    })
}

/// The records of a range of ids.
pub(crate) fn said_between(conn: &mut Conn, (after, to): (i64, i64)) -> QueryResult<Vec<SaidRow>> {
    said_rows!(record::id.gt(after).and(record::id.le(to))).load(conn)
}

/// The rows by which later imports carry these records again: batch, sheet, row.
pub(crate) fn carried_rows(conn: &mut Conn, records: &[i64]) -> QueryResult<Vec<(i64, i32, i32)>> {
    by_keys(records, |part| {
        Statement::<(BigInt, Integer, Integer)>::fixed(
            "SELECT batch_id, sheet_no, row_no FROM record_batch WHERE record_id IN ?",
        )
        .bind(Value::numbers(part.iter().copied()))
        .load(conn)
    })
}

/// What a record says from now on.
pub(crate) fn set_said(
    conn: &mut Conn,
    id: i64,
    said: &str,
    placed_by: Option<String>,
) -> QueryResult<()> {
    diesel::update(record::table.find(id))
        .set((record::said.eq(said), record::placed_by.eq(placed_by)))
        .execute(conn)
        .map(|_| ())
}

/// Whether the person of a contact was erased.
pub(crate) fn is_erased(conn: &mut Conn, contact_id: i64) -> QueryResult<bool> {
    let found: Vec<i64> = Statement::<BigInt>::fixed(
        "SELECT t.id FROM contact t JOIN erased_person e ON e.person_id = t.person_id WHERE t.id = ?",
    )
    .bind(contact_id)
    .load(conn)?;
    Ok(!found.is_empty())
}

/// Owners of a value: kind, id.
pub(crate) fn owners(conn: &mut Conn, keys: &[i64]) -> QueryResult<Vec<(i64, i32, i64)>> {
    by_keys(keys, |part| {
        Statement::<(BigInt, Integer, BigInt)>::fixed(
            "SELECT value_key, owner_kind, owner_id FROM contact_point WHERE value_key IN ?",
        )
        .bind(Value::numbers(part.iter().copied()))
        .load(conn)
    })
}

/// Takes away the points of persons and of their contacts.
pub(crate) fn delete_points(conn: &mut Conn, persons: &[i64], contacts: &[i64]) -> QueryResult<()> {
    for (kind, owners) in [(2, persons), (3, contacts)] {
        for part in owners.chunks(KEYS) {
            Statement::<()>::fixed(
                "DELETE FROM contact_point WHERE owner_kind = ? AND owner_id IN ?",
            )
            .bind(kind)
            .bind(Value::numbers(part.iter().copied()))
            .execute(conn)?;
        }
    }
    Ok(())
}

/// Takes these values away from companies. Answers the companies that had them.
pub(crate) fn delete_company_points(conn: &mut Conn, keys: &[i64]) -> QueryResult<Vec<i64>> {
    by_keys(keys, |part| {
        Statement::<BigInt>::fixed(
            "DELETE FROM contact_point WHERE owner_kind = 1 AND value_key IN ? RETURNING owner_id",
        )
        .bind(Value::numbers(part.iter().copied()))
        .load(conn)
    })
}

/// Empties persons and their contacts; the rows stay for what points to them, at no company.
pub(crate) fn empty(conn: &mut Conn, persons: &[i64], contacts: &[i64]) -> QueryResult<()> {
    for part in persons.chunks(KEYS) {
        Statement::<()>::fixed(
            "UPDATE person SET name = NULL, name_en = NULL, name_key = NULL, mobile = NULL, email = NULL, email_state = NULL, \
             wechat = NULL, qq = NULL, birthday = NULL, language = NULL, winners = '[]' WHERE id IN ?",
        )
        .bind(Value::numbers(part.iter().copied()))
        .execute(conn)?;
    }
    for part in contacts.chunks(KEYS) {
        Statement::<()>::fixed(
            "UPDATE contact SET company_id = NULL, title = NULL, department = NULL, role = NULL, is_key = (1 = 0), left_at = NULL, \
             winners = '[]' WHERE id IN ?",
        )
        .bind(Value::numbers(part.iter().copied()))
        .execute(conn)?;
    }
    Ok(())
}
