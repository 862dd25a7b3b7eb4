//! SQL for what must hold, range by range of ids.

use diesel::prelude::*;

use crate::platform::check::{Ids, stretches};
use crate::platform::db::Conn;
use crate::registry::model::Contact;
use crate::schema::{company, contact, contact_point, person};

/// Where companies have ids.
pub(crate) fn company_ids(conn: &mut Conn) -> QueryResult<Vec<Ids>> {
    stretches(conn, "company")
}

/// Where persons have ids.
pub(crate) fn person_ids(conn: &mut Conn) -> QueryResult<Vec<Ids>> {
    stretches(conn, "person")
}

/// Where contacts have ids.
pub(crate) fn contact_ids(conn: &mut Conn) -> QueryResult<Vec<Ids>> {
    stretches(conn, "contact")
}

/// Where points have ids.
pub(crate) fn point_ids(conn: &mut Conn) -> QueryResult<Vec<Ids>> {
    stretches(conn, "contact_point")
}

/// The companies of a range that answer for themselves.
pub(crate) fn company_roots(conn: &mut Conn, (after, to): Ids) -> QueryResult<Vec<i64>> {
    company::table
        .filter(company::id.gt(after).and(company::id.le(to)))
        .filter(company::merged_into.is_null())
        .select(company::id)
        .order(company::id)
        .load(conn)
}

/// The persons of a range that answer for themselves.
pub(crate) fn person_roots(conn: &mut Conn, (after, to): Ids) -> QueryResult<Vec<i64>> {
    person::table
        .filter(person::id.gt(after).and(person::id.le(to)))
        .filter(person::merged_into.is_null())
        .select(person::id)
        .order(person::id)
        .load(conn)
}

/// The contacts of a range.
pub(crate) fn contacts(conn: &mut Conn, (after, to): Ids) -> QueryResult<Vec<Contact>> {
    contact::table
        .filter(contact::id.gt(after).and(contact::id.le(to)))
        .select(Contact::as_select())
        .load(conn)
}

/// Id, kind, value and key of the points of a range.
pub(crate) fn points_between(
    conn: &mut Conn,
    (after, to): Ids,
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
