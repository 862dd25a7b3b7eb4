//! SQL that looks for what must not be.

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::platform::db::Conn;
use crate::schema::suppression;

/// Rows that one look at keys reads.
const KEYS: i64 = 5_000;

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    what: String,
}

fn named(conn: &mut Conn, sql: &str) -> QueryResult<Vec<String>> {
    Ok(diesel::sql_query(sql)
        .load::<Named>(conn)?
        .into_iter()
        .map(|row| row.what)
        .collect())
}

/// The union of up to three bits, in SQL that both databases read.
macro_rules! union_of {
    ($column:literal) => {
        concat!(
            "(coalesce(max(",
            $column,
            " & 1),0) + coalesce(max(",
            $column,
            " & 2),0) + coalesce(max(",
            $column,
            " & 4),0))"
        )
    };
}

/// Suppressions whose ways are not the union of their live origins.
pub(in crate::consent) fn ways_that_differ(conn: &mut Conn) -> QueryResult<Vec<String>> {
    named(
        conn,
        concat!(
            "SELECT 'suppression ' || s.id AS what FROM suppression s LEFT JOIN suppression_origin o ",
            "ON o.suppression_id = s.id AND o.withdrawn_at IS NULL GROUP BY s.id, s.ways HAVING s.ways <> ",
            union_of!("o.ways"),
            " LIMIT 20"
        ),
    )
}

/// Id, scope, subject and key of suppressions after an id; those of erased persons have keys of their own.
pub(in crate::consent) fn keys_after(
    conn: &mut Conn,
    after: i64,
) -> QueryResult<Vec<(i64, String, String, i64)>> {
    suppression::table
        .filter(suppression::id.gt(after))
        .filter(suppression::hmac.eq(false))
        .order(suppression::id)
        .limit(KEYS)
        .select((
            suppression::id,
            suppression::scope,
            suppression::subject,
            suppression::subject_key,
        ))
        .load(conn)
}

/// Live suppressions of a person or company that is gone.
pub(in crate::consent) fn subjects_missing(conn: &mut Conn) -> QueryResult<Vec<String>> {
    named(
        conn,
        "SELECT 'suppression ' || s.id AS what FROM suppression s WHERE s.ways > 0 AND NOT s.hmac AND \
         ((s.scope = 'person' AND NOT EXISTS (SELECT 1 FROM person p WHERE p.id = CAST(s.subject AS BIGINT))) \
         OR (s.scope = 'company' AND NOT EXISTS (SELECT 1 FROM company c WHERE c.id = CAST(s.subject AS BIGINT)))) LIMIT 20",
    )
}

/// Persons whose refused ways are not those of the suppressions of their group.
pub(in crate::consent) fn refusals_that_differ(conn: &mut Conn) -> QueryResult<Vec<String>> {
    named(
        conn,
        concat!(
            "SELECT 'person ' || p.id AS what FROM person p WHERE p.refused <> (SELECT ",
            union_of!("s.ways"),
            " FROM suppression s JOIN person m ON m.id = CAST(s.subject AS BIGINT) WHERE s.scope = 'person' AND s.ways > 0 AND m.root_id = p.root_id) ",
            "AND (p.refused <> 0 OR p.root_id IN (SELECT m.root_id FROM suppression s JOIN person m ON m.id = CAST(s.subject AS BIGINT) ",
            "WHERE s.scope = 'person' AND s.ways > 0)) LIMIT 20"
        ),
    )
}

/// Companies whose flag says something else than the suppressions of their group.
pub(in crate::consent) fn flags_that_differ(conn: &mut Conn) -> QueryResult<Vec<String>> {
    named(
        conn,
        "SELECT 'company ' || c.id AS what FROM company c WHERE c.merged_into IS NULL AND ((c.flags & 4) <> 0) <> \
         (c.id IN (SELECT m.root_id FROM suppression s JOIN company m ON m.id = CAST(s.subject AS BIGINT) \
         WHERE s.scope = 'company' AND (s.ways & 1) <> 0)) LIMIT 20",
    )
}
