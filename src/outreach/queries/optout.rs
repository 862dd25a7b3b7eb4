//! SQL of the link by which people choose what they get.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use crate::platform::db::{Conn, Statement};
use crate::schema::delivery;

/// Address and language of a person, by any id of theirs; nothing once they are gone.
pub(in crate::outreach) fn person(
    conn: &mut Conn,
    id: i64,
) -> QueryResult<Option<(Option<String>, Option<String>)>> {
    Statement::<(Nullable<Text>, Nullable<Text>)>::fixed(
        "SELECT coalesce(r.email, p.email), coalesce(r.language, p.language) FROM person p \
         JOIN person r ON r.id = p.root_id WHERE p.id = ?",
    )
    .bind(id)
    .get_result(conn)
    .optional()
}

/// The letter that carried the link: its id, address and language.
pub(in crate::outreach) fn letter_of(
    conn: &mut Conn,
    mailing_id: i64,
    person_id: i64,
) -> QueryResult<Option<(i64, Option<String>, Option<String>)>> {
    delivery::table
        .filter(delivery::mailing_id.eq(mailing_id))
        .filter(delivery::person_id.eq(person_id))
        .select((delivery::id, delivery::address, delivery::language))
        .get_result(conn)
        .optional()
}
