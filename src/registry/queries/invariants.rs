//! SQL for what must hold, range by range of ids.

use diesel::prelude::*;

use crate::platform::db::Conn;
use crate::registry::model::Contact;
use crate::schema::{company, contact, contact_point, person};

/// The last id of a table.
macro_rules! last {
    ($($(#[$doc:meta])* $name:ident of $table:ident;)+) => {$(
        $(#[$doc])*
        pub(crate) fn $name(conn: &mut Conn) -> QueryResult<i64> {
            let last: Option<i64> = $table::table.select(diesel::dsl::max($table::id)).first(conn)?;
            Ok(last.unwrap_or(0))
        }
    )+};
}
last! {
    last_company of company;
    last_person of person;
    last_contact of contact;
    last_point of contact_point;
}

/// The companies of a range that answer for themselves.
pub(crate) fn company_roots(conn: &mut Conn, (after, to): (i64, i64)) -> QueryResult<Vec<i64>> {
    company::table
        .filter(company::id.gt(after).and(company::id.le(to)))
        .filter(company::merged_into.is_null())
        .select(company::id)
        .order(company::id)
        .load(conn)
}

/// The persons of a range that answer for themselves.
pub(crate) fn person_roots(conn: &mut Conn, (after, to): (i64, i64)) -> QueryResult<Vec<i64>> {
    person::table
        .filter(person::id.gt(after).and(person::id.le(to)))
        .filter(person::merged_into.is_null())
        .select(person::id)
        .order(person::id)
        .load(conn)
}

/// The contacts of a range.
pub(crate) fn contacts(conn: &mut Conn, (after, to): (i64, i64)) -> QueryResult<Vec<Contact>> {
    contact::table
        .filter(contact::id.gt(after).and(contact::id.le(to)))
        .select(Contact::as_select())
        .load(conn)
}

/// Id, kind, value and key of the points of a range.
pub(crate) fn points_between(
    conn: &mut Conn,
    (after, to): (i64, i64),
) -> QueryResult<Vec<(i64, String, String, i64)>> {
    contact_point::table
        .filter(contact_point::id.gt(after).and(contact_point::id.le(to)))
        .select((
            contact_point::id,
            contact_point::kind,
            contact_point::value,
            contact_point::value_key,
        ))
        .load(conn)
}
