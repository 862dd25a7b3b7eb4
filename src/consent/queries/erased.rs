//! SQL of people who were erased: their ids, their check values, and what stands on the list about them.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

use crate::consent::model::{Erasure, Subject};
use crate::platform::db::{Both, Conn, Statement, Value};
use crate::schema::{erased_person, erased_value, suppression, suppression_origin};

/// Writes an erasure down. Answers its id.
pub(in crate::consent) fn insert(
    conn: &mut Conn,
    erasure: &Erasure,
    sought: &str,
) -> QueryResult<i64> {
    let person = erasure.persons.first().copied().unwrap_or_default();
    Statement::<BigInt>::fixed(
        "INSERT INTO erasure (person_id, ground, actor_id, asked_at, sought) VALUES (?, ?, ?, ?, ?) RETURNING id",
    )
    .bind(person)
    .bind(erasure.ground.as_str())
    .bind(erasure.actor_id)
    .bind(erasure.asked_at)
    .bind(sought)
    .get_result(conn)
}

/// Under which ids the person was known. One who was erased before belongs to that erasure.
pub(in crate::consent) fn add_persons(
    conn: &mut Conn,
    erasure_id: i64,
    persons: &[i64],
) -> QueryResult<()> {
    for id in persons {
        Both(
            diesel::insert_into(erased_person::table)
                .values((
                    erased_person::person_id.eq(*id),
                    erased_person::erasure_id.eq(erasure_id),
                ))
                .on_conflict_do_nothing(),
        )
        .execute(conn)?;
    }
    Ok(())
}

pub(in crate::consent) fn add_values(
    conn: &mut Conn,
    erasure_id: i64,
    values: &[Subject],
) -> QueryResult<()> {
    for Subject { scope, value } in values {
        Both(
            diesel::insert_into(erased_value::table)
                .values((
                    erased_value::erasure_id.eq(erasure_id),
                    erased_value::scope.eq(scope.code()),
                    erased_value::check_value.eq(value),
                ))
                .on_conflict_do_nothing(),
        )
        .execute(conn)?;
    }
    Ok(())
}

/// How many erasures there are, and the last one's id.
pub(in crate::consent) fn count(conn: &mut Conn) -> QueryResult<(i64, i64)> {
    Statement::<(BigInt, BigInt)>::fixed(
        "SELECT count(*), coalesce(max(id), CAST(0 AS BIGINT)) FROM erasure",
    )
    .get_result(conn)
}

type Row = (i64, String, Option<i64>, NaiveDateTime);

/// All of them, oldest first.
pub(in crate::consent) fn all(conn: &mut Conn) -> QueryResult<Vec<Erasure>> {
    let rows: Vec<Row> = Statement::<(BigInt, Text, Nullable<BigInt>, Timestamp)>::fixed(
        "SELECT id, ground, actor_id, asked_at FROM erasure ORDER BY id",
    )
    .load(conn)?;
    let mut persons: HashMap<i64, Vec<i64>> = HashMap::new();
    let known: Vec<(i64, i64)> = Statement::<(BigInt, BigInt)>::fixed(
        "SELECT erasure_id, person_id FROM erased_person ORDER BY erasure_id, person_id",
    )
    .load(conn)?;
    for (id, person) in known {
        persons.entry(id).or_default().push(person);
    }
    let mut values: HashMap<i64, Vec<(String, String)>> = HashMap::new();
    let known: Vec<(i64, String, String)> = Statement::<(BigInt, Text, Text)>::fixed(
        "SELECT erasure_id, scope, check_value FROM erased_value ORDER BY erasure_id, scope, check_value",
    )
    .load(conn)?;
    for (id, scope, value) in known {
        values.entry(id).or_default().push((scope, value));
    }
    let erasure = |(id, ground, actor_id, asked_at): Row| Erasure {
        id,
        persons: persons.remove(&id).unwrap_or_default(),
        ground,
        actor_id,
        asked_at,
        values: values.remove(&id).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(erasure).collect())
}

/// Who of these was erased.
pub(in crate::consent) fn erased_among(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<i64>> {
    Statement::<BigInt>::fixed("SELECT person_id FROM erased_person WHERE person_id IN ?")
        .bind(Value::numbers(ids.iter().copied()))
        .load(conn)
}

/// Scope and check value of what an erased person could be reached by, by any id of theirs.
pub(in crate::consent) fn values_of_person(
    conn: &mut Conn,
    person_id: i64,
) -> QueryResult<Vec<(String, String)>> {
    Statement::<(Text, Text)>::fixed(
        "SELECT v.scope, v.check_value FROM erased_person p JOIN erased_value v ON v.erasure_id = p.erasure_id \
         WHERE p.person_id = ? ORDER BY v.scope, v.check_value",
    )
    .bind(person_id)
    .load(conn)
}

/// What an erasure still looks for; none once it is through.
pub(in crate::consent) fn sought(conn: &mut Conn, id: i64) -> QueryResult<Option<String>> {
    Statement::<Nullable<Text>>::fixed("SELECT sought FROM erasure WHERE id = ?")
        .bind(id)
        .get_result::<Option<String>>(conn)
        .optional()
        .map(Option::flatten)
}

/// The next erasure that is not through, behind an id.
pub(in crate::consent) fn next_unfinished(conn: &mut Conn, after: i64) -> QueryResult<Option<i64>> {
    Statement::<BigInt>::fixed(
        "SELECT id FROM erasure WHERE id > ? AND ended_at IS NULL ORDER BY id LIMIT 1",
    )
    .bind(after)
    .get_result(conn)
    .optional()
}

/// Nothing is looked for any more.
pub(in crate::consent) fn end(conn: &mut Conn, id: i64, now: NaiveDateTime) -> QueryResult<()> {
    Statement::<()>::fixed("UPDATE erasure SET sought = NULL, ended_at = ? WHERE id = ?")
        .bind(now)
        .bind(id)
        .execute(conn)
        .map(|_| ())
}

/// The suppression of exactly this subject.
pub(in crate::consent) fn suppression_of(
    conn: &mut Conn,
    subject: &Subject,
) -> QueryResult<Option<i64>> {
    suppression::table
        .filter(suppression::scope.eq(subject.scope.code()))
        .filter(suppression::subject.eq(&subject.value))
        .select(suppression::id)
        .first(conn)
        .optional()
}

/// A suppression stands under a check value from now on.
pub(in crate::consent) fn rewrite(conn: &mut Conn, id: i64, erased: &Subject) -> QueryResult<()> {
    diesel::update(suppression::table.find(id))
        .set((
            suppression::subject.eq(&erased.value),
            suppression::subject_key.eq(erased.key()),
            suppression::hmac.eq(true),
        ))
        .execute(conn)
        .map(|_| ())
}

/// What asked for one suppression asks for another one.
pub(in crate::consent) fn move_origins(conn: &mut Conn, from: i64, to: i64) -> QueryResult<()> {
    diesel::update(suppression_origin::table.filter(suppression_origin::suppression_id.eq(from)))
        .set(suppression_origin::suppression_id.eq(to))
        .execute(conn)?;
    diesel::delete(suppression::table.find(from))
        .execute(conn)
        .map(|_| ())
}

/// Takes the words out of what asked for these suppressions: who wrote them down may have named somebody.
pub(in crate::consent) fn silence_words(conn: &mut Conn, suppressions: &[i64]) -> QueryResult<()> {
    diesel::update(
        suppression_origin::table
            .filter(suppression_origin::suppression_id.eq_any(suppressions.to_vec())),
    )
    .set((
        suppression_origin::note.eq(None::<String>),
        suppression_origin::reason.eq(None::<String>),
    ))
    .execute(conn)
    .map(|_| ())
}

/// Consents of these persons end, and their words go.
pub(in crate::consent) fn end_consents(
    conn: &mut Conn,
    persons: &[i64],
    now: NaiveDateTime,
) -> QueryResult<()> {
    Statement::<()>::fixed(
        "UPDATE consent SET text_version = NULL, ended_at = coalesce(ended_at, ?) WHERE person_id IN ?",
    )
    .bind(now)
    .bind(Value::numbers(persons.iter().copied()))
    .execute(conn)
    .map(|_| ())
}

/// Numbers and addresses that stand on the list in full, behind an id: id, scope, subject.
pub(in crate::consent) fn plain_after(
    conn: &mut Conn,
    id: i64,
    limit: i64,
) -> QueryResult<Vec<(i64, String, String)>> {
    Statement::<(BigInt, Text, Text)>::fixed(
        "SELECT id, scope, subject FROM suppression WHERE id > ? AND NOT hmac AND scope IN ('number','email') ORDER BY id LIMIT ?",
    )
    .bind(id)
    .bind(limit)
    .load(conn)
}

/// Numbers and addresses of persons behind an id: id, value, person.
pub(in crate::consent) fn points_after(
    conn: &mut Conn,
    id: i64,
    limit: i64,
) -> QueryResult<Vec<(i64, String, i64)>> {
    Statement::<(BigInt, Text, BigInt)>::fixed(
        "SELECT id, value, owner_id FROM contact_point WHERE id > ? AND owner_kind = 2 AND kind IN ('mobile','phone','email') \
         ORDER BY id LIMIT ?",
    )
    .bind(id)
    .bind(limit)
    .load(conn)
}
