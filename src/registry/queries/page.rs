//! What the page of one company shows besides companies, persons and points.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamp};

use super::records::Ranked;
use crate::accounts::{Actor, CompanyAccess};
use crate::platform::db::{Conn, Statement, Value};
use crate::registry::model::{Merge, Record};
use crate::schema::{merge, record, source};

/// Records that a page reads at most; the winners always come along.
const RECORDS: i64 = 300;
/// Lines of each kind in the timeline.
const LINES: usize = 30;

fn ids(group: &[i64]) -> Value {
    Value::numbers(group.iter().copied())
}

/// How a user stands to a company: what `accounts::may` decides on.
pub(crate) fn access(
    conn: &mut Conn,
    actor: &Actor,
    root: i64,
    group: &[i64],
    called_since: NaiveDateTime,
) -> QueryResult<CompanyAccess> {
    let me = actor.id();
    let (owner_id, owner_team_id, state, leased, called, appointed, added, offered) =
        Statement::<(Nullable<BigInt>, Nullable<BigInt>, Text, Bool, Bool, Bool, Bool, Bool)>::fixed(
            "SELECT c.owner_id, (SELECT u.team_id FROM users u WHERE u.id = c.owner_id), c.state, \
             EXISTS (SELECT 1 FROM lease l WHERE l.agent_id = ? AND l.company_id IN ? AND l.state IN ('preview','dialled','needs_outcome')), \
             EXISTS (SELECT 1 FROM call k WHERE k.company_id IN ? AND k.agent_id = ? AND k.dialled_at >= ?), \
             EXISTS (SELECT 1 FROM callback b WHERE b.company_id IN ? AND b.owner_id = ? AND b.state = 'open') \
             OR EXISTS (SELECT 1 FROM task t WHERE t.company_id IN ? AND t.user_id = ? AND t.state = 'open'), \
             EXISTS (SELECT 1 FROM change_log g WHERE g.object_kind = 'company' AND g.object_id IN ? AND g.verb = 'create' AND g.actor_id = ?), \
             EXISTS (SELECT 1 FROM handover h WHERE h.company_id IN ? AND h.rep_id = ? AND h.state IN ('offered','warned')) \
             FROM company c WHERE c.id = ?",
        )
        .bind(me)
        .bind(ids(group))
        .bind(ids(group))
        .bind(me)
        .bind(called_since)
        .bind(ids(group))
        .bind(me)
        .bind(ids(group))
        .bind(me)
        .bind(ids(group))
        .bind(me)
        .bind(ids(group))
        .bind(me)
        .bind(root)
        .get_result::<(Option<i64>, Option<i64>, String, bool, bool, bool, bool, bool)>(conn)?;
    Ok(CompanyAccess {
        owner_id,
        owner_team_id,
        is_leased_to_user: leased,
        was_called_by_user: called,
        has_appointment: appointed,
        is_in_pool: state == "pool",
        was_added_by_user: added,
        is_offered_to_user: offered,
    })
}

/// The latest live records of a group and its winners, oldest first.
pub(crate) fn records(conn: &mut Conn, group: &[i64], winners: &[i64]) -> QueryResult<Vec<Ranked>> {
    let live = || {
        record::table
            .left_join(source::table.on(record::source_id.eq(source::id.nullable())))
            .filter(record::voided_at.is_null())
            .filter(record::superseded_by.is_null())
            .select((Record::as_select(), source::rank.nullable()))
    };
    let mut rows: Vec<(Record, Option<i32>)> = live()
        .filter(record::company_id.eq_any(group.to_vec()))
        .order(record::id.desc())
        .limit(RECORDS)
        .load(conn)?;
    let missing: Vec<i64> = winners
        .iter()
        .copied()
        .filter(|id| !rows.iter().any(|(r, _)| r.id == *id))
        .collect();
    if !missing.is_empty() {
        rows.extend(
            live()
                .filter(record::id.eq_any(missing))
                .load::<(Record, Option<i32>)>(conn)?,
        );
    }
    rows.sort_by_key(|(record, _)| record.id);
    Ok(rows
        .into_iter()
        .map(|(record, rank)| Ranked {
            record,
            source_rank: rank.unwrap_or(6),
        })
        .collect())
}

/// A call as the timeline tells it.
pub(crate) type CallLine = (
    i64,
    NaiveDateTime,
    String,
    Option<String>,
    Option<bool>,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// Calls: id, dialled, direction, disposition, reached, who, whom, note, why they are not interested.
pub(crate) fn calls(conn: &mut Conn, group: &[i64]) -> QueryResult<Vec<CallLine>> {
    Statement::<(BigInt, Timestamp, Text, Nullable<Text>, Nullable<Bool>, Text, Nullable<Text>, Nullable<Text>, Nullable<Text>)>::built(format!(
        "SELECT k.id, k.dialled_at, k.direction, k.disposition, k.reached, u.name, h.name, r.note, r.reason FROM call k \
         JOIN users u ON u.id = k.agent_id LEFT JOIN person h ON h.id = k.person_id LEFT JOIN call_result r ON r.id = k.result_id \
         WHERE k.company_id IN ? ORDER BY k.dialled_at DESC, k.id DESC LIMIT {LINES}"
    ))
    .bind(ids(group))
    .load(conn)
}

/// Grade changes: before, after (of a proposal what it proposes), reasons, state, who, when.
pub(crate) type GradeLine = (
    Option<String>,
    Option<String>,
    String,
    String,
    Option<String>,
    NaiveDateTime,
);

/// The history of the grade, latest first.
pub(crate) fn grades(conn: &mut Conn, group: &[i64]) -> QueryResult<Vec<GradeLine>> {
    Statement::<(Nullable<Text>, Nullable<Text>, Text, Text, Nullable<Text>, Timestamp)>::built(format!(
        "SELECT g.before, COALESCE(g.after, g.proposed), g.reasons, g.state, u.name, g.at FROM grade_change g LEFT JOIN users u ON u.id = g.actor_id \
         WHERE g.company_id IN ? ORDER BY g.id DESC LIMIT {LINES}"
    ))
    .bind(ids(group))
    .load(conn)
}

/// Campaigns it is in: id, name, state of the entry, bar.
pub(crate) fn campaigns(
    conn: &mut Conn,
    group: &[i64],
) -> QueryResult<Vec<(i64, String, String, Option<String>)>> {
    Statement::<(BigInt, Text, Text, Nullable<Text>)>::fixed(
        "SELECT p.id, p.name, e.state, e.bar FROM queue_entry e JOIN campaign p ON p.id = e.campaign_id \
         WHERE e.company_id IN ? ORDER BY e.id DESC",
    )
    .bind(ids(group))
    .load(conn)
}

/// Live suppressions of these subjects: id, scope, subject, ways.
pub(crate) fn suppressions(
    conn: &mut Conn,
    keys: &[i64],
) -> QueryResult<Vec<(i64, String, String, i32)>> {
    Statement::<(BigInt, Text, Text, Integer)>::fixed(
        "SELECT s.id, s.scope, s.subject, s.ways FROM suppression s WHERE s.subject_key IN ? AND s.ways > 0 ORDER BY s.id",
    )
    .bind(Value::numbers(keys.iter().copied()))
    .load(conn)
}

/// Open tasks and call-backs: kind, due, whose.
pub(crate) fn tasks(
    conn: &mut Conn,
    group: &[i64],
) -> QueryResult<Vec<(String, Option<NaiveDateTime>, Option<String>)>> {
    Statement::<(Text, Nullable<Timestamp>, Nullable<Text>)>::fixed(
        "SELECT t.kind, t.due_at, u.name FROM task t LEFT JOIN users u ON u.id = t.user_id WHERE t.company_id IN ? AND t.state = 'open' \
         UNION ALL SELECT 'callback', b.due_at, u.name FROM callback b LEFT JOIN users u ON u.id = b.owner_id WHERE b.company_id IN ? AND b.state = 'open'",
    )
    .bind(ids(group))
    .bind(ids(group))
    .load(conn)
}

/// Lists it stands on: id, name, channel, rows.
pub(crate) fn sources(
    conn: &mut Conn,
    group: &[i64],
) -> QueryResult<Vec<(i64, String, String, i64)>> {
    Statement::<(BigInt, Text, Text, BigInt)>::fixed(
        "SELECT s.id, s.name, s.channel, count(*) FROM record r JOIN source s ON s.id = r.source_id \
         WHERE r.company_id IN ? AND r.voided_at IS NULL AND r.superseded_by IS NULL GROUP BY s.id, s.name, s.channel ORDER BY s.id",
    )
    .bind(ids(group))
    .load(conn)
}

/// Merges into this group that still stand, latest first.
pub(crate) fn merges(conn: &mut Conn, group: &[i64]) -> QueryResult<Vec<Merge>> {
    merge::table
        .filter(merge::kind.eq("company"))
        .filter(merge::into_id.eq_any(group.to_vec()))
        .filter(merge::undone_at.is_null())
        .select(Merge::as_select())
        .order(merge::id.desc())
        .load(conn)
}

/// Where a record came from: source, its channel, file, batch.
pub(crate) type Origin = (
    i64,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// Origins of records: record, source name, channel, file name, who typed it.
pub(crate) fn origins(conn: &mut Conn, records: &[i64]) -> QueryResult<Vec<Origin>> {
    Statement::<(BigInt, Nullable<Text>, Nullable<Text>, Nullable<Text>, Nullable<Text>)>::fixed(
        "SELECT r.id, s.name, s.channel, b.file_name, u.name FROM record r LEFT JOIN source s ON s.id = r.source_id \
         LEFT JOIN batch b ON b.id = r.batch_id LEFT JOIN users u ON u.id = r.actor_id WHERE r.id IN ?",
    )
    .bind(Value::numbers(records.iter().copied()))
    .load(conn)
}

/// Agents who hold these companies right now.
pub(crate) fn lease_holders(conn: &mut Conn, group: &[i64]) -> QueryResult<Vec<(i64, String)>> {
    Statement::<(BigInt, Text)>::fixed(
        "SELECT DISTINCT u.id, u.name FROM lease l JOIN users u ON u.id = l.agent_id \
         WHERE l.company_id IN ? AND l.state IN ('preview','dialled','needs_outcome')",
    )
    .bind(ids(group))
    .load(conn)
}

/// Somebody left a company, or is back.
pub(crate) fn set_left(
    conn: &mut Conn,
    contact_id: i64,
    left_at: Option<NaiveDateTime>,
) -> QueryResult<usize> {
    use crate::schema::contact;
    diesel::update(contact::table.find(contact_id))
        .set(contact::left_at.eq(left_at))
        .execute(conn)
}
