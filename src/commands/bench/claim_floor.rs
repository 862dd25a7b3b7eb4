//! The floor of a claim and its result: the statements that cannot be done without, with nothing decided in between.

use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};

use super::queue::CAMPAIGN;
use super::queue::opening;
use crate::platform::db::{Conn, Db, Statement};
use crate::platform::error::AppResult;
use crate::platform::secret;

const LIVE: &str = "SELECT l.id FROM lease_lock k JOIN lease l ON l.id = k.lease_id WHERE k.kind = 'agent' AND k.key = ?";
const HEAD: &str = "SELECT id, company_id, score FROM queue_entry WHERE campaign_id = ? AND calendar_id = 1 AND state = 'ready' AND owner_id IS NULL \
     ORDER BY class, score DESC, id LIMIT 1";
const HEAD_SKIPPING: &str = "SELECT id, company_id, score FROM queue_entry WHERE campaign_id = ? AND calendar_id = 1 AND state = 'ready' AND owner_id IS NULL \
     ORDER BY class, score DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED";
const NUMBERS: &str = "SELECT p.id, p.value, p.value_key FROM contact_point p WHERE p.owner_id = ? AND p.owner_kind = 1 AND p.kind IN ('phone','mobile') \
     UNION ALL SELECT p.id, p.value, p.value_key FROM contact t JOIN contact_point p ON p.owner_id = t.person_id AND p.owner_kind = 2 \
     WHERE t.company_id = ? AND p.kind IN ('phone','mobile')";
const SILENT: &str = "SELECT subject FROM suppression WHERE subject_key = ? AND ways > 0";
const DIALS: &str = "SELECT dialled_at FROM call WHERE company_id = ? AND dialled_at > ? UNION ALL SELECT dialled_at FROM call WHERE number_key = ? AND dialled_at > ?";
const LEASE: &str = "INSERT INTO lease (token, entry_id, campaign_id, agent_id, company_id, point_id, phone, number_key, state, why, claimed_at, heartbeat_at, expires_at) \
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'preview', '{}', ?, ?, ?) RETURNING id";
const LOCKS: &str = "INSERT INTO lease_lock (kind, key, lease_id) VALUES ('agent', ?, ?), ('company', ?, ?), ('entry', ?, ?), ('number', ?, ?) ON CONFLICT DO NOTHING";
const LEASED: &str = "UPDATE queue_entry SET state = 'leased', changed_at = ? WHERE id = ?";
const EVENT: &str = "INSERT INTO event (at, kind, user_id, campaign_id, company_id, object_id) VALUES (?, ?, ?, ?, ?, ?)";
const OWN: &str = "SELECT id, entry_id, company_id, number_key, phone FROM lease WHERE token = ?";
const CALL: &str = "INSERT INTO call (lease_id, entry_id, campaign_id, company_id, number_key, phone, direction, agent_id, dialled_at, ended_at, counts, reached, disposition) \
     VALUES (?, ?, ?, ?, ?, ?, 'out', ?, ?, ?, ?, ?, 'no_answer') RETURNING id";
const DIALLED: &str = "UPDATE company SET last_dial_at = ? WHERE id = ?";
const RESULT: &str = "INSERT INTO call_result (call_id, version, disposition, actor_id, at) VALUES (?, 1, 'no_answer', ?, ?) RETURNING id";
const WITH_RESULT: &str = "UPDATE call SET result_id = ? WHERE id = ?";
const WAITING: &str = "UPDATE queue_entry SET state = 'waiting', due_at = ?, attempts = attempts + 1, dials = dials + 1, last_call_id = ?, changed_at = ? WHERE id = ?";
const ENDED: &str = "UPDATE lease SET state = 'ended', ended_at = ?, call_id = ? WHERE id = ?";
const UNLOCK: &str = "DELETE FROM lease_lock WHERE lease_id = ?";
const CHANGED: &str = "INSERT INTO change_log (at, actor_id, verb, object_kind, object_id, n) VALUES (?, ?, 'record_call', 'call', ?, 1)";

/// How many of them make the claim, how many the result.
pub(super) const STATEMENTS_OF: [usize; 2] = [9, 11];

/// All of them, in the order in which they run; the claim ends with the first event.
pub(super) const STATEMENTS: [&str; 20] = [
    LIVE,
    HEAD,
    NUMBERS,
    SILENT,
    DIALS,
    LEASE,
    LOCKS,
    LEASED,
    EVENT,
    OWN,
    DIALS,
    CALL,
    DIALLED,
    RESULT,
    WITH_RESULT,
    WAITING,
    ENDED,
    UNLOCK,
    EVENT,
    CHANGED,
];

/// One claim and one result, a transaction each. Answers how long the claim took.
pub(super) fn pair(db: &Db, agent: i64) -> AppResult<Duration> {
    let now = opening();
    let began = Instant::now();
    let token = db.write_blocking(move |conn| claim(conn, agent, now))?;
    let took = began.elapsed();
    db.write_blocking(move |conn| result(conn, agent, &token, now))?;
    Ok(took)
}

fn claim(conn: &mut Conn, agent: i64, now: NaiveDateTime) -> AppResult<String> {
    let live: Option<i64> = Statement::<BigInt>::fixed(LIVE)
        .bind(agent)
        .get_result(conn)
        .optional()?;
    debug_assert!(live.is_none(), "the result ends the lease");
    let head = match conn {
        Conn::Sqlite(_) => HEAD,
        Conn::Postgres(_) => HEAD_SKIPPING,
    };
    let (entry, company, _): (i64, i64, i32) = Statement::<(BigInt, BigInt, Integer)>::fixed(head)
        .bind(CAMPAIGN)
        .get_result(conn)?;
    let numbers: Vec<(i64, String, i64)> = Statement::<(BigInt, Text, BigInt)>::fixed(NUMBERS)
        .bind(company)
        .bind(company)
        .load(conn)?;
    let (point, phone, key) = numbers.last().cloned().unwrap_or_default();
    Statement::<Text>::fixed(SILENT)
        .bind(key)
        .load::<String>(conn)?;
    dials(conn, company, key, now)?;
    let token = secret::random_token();
    let lease: i64 = Statement::<BigInt>::fixed(LEASE)
        .bind(token.as_str())
        .bind(entry)
        .bind(CAMPAIGN)
        .bind(agent)
        .bind(company)
        .bind(point)
        .bind(phone)
        .bind(key)
        .bind(now)
        .bind(now)
        .bind(now)
        .get_result(conn)?;
    let locks = [agent, company, entry, key];
    locks
        .iter()
        .fold(Statement::<()>::fixed(LOCKS), |text, lock| {
            text.bind(*lock).bind(lease)
        })
        .execute(conn)?;
    Statement::<()>::fixed(LEASED)
        .bind(now)
        .bind(entry)
        .execute(conn)?;
    event(conn, "lease.claimed", agent, company, lease, now)?;
    Ok(token)
}

fn dials(conn: &mut Conn, company: i64, key: i64, now: NaiveDateTime) -> AppResult<()> {
    let since = now - chrono::TimeDelta::days(30);
    Statement::<Timestamp>::fixed(DIALS)
        .bind(company)
        .bind(since)
        .bind(key)
        .bind(since)
        .load::<NaiveDateTime>(conn)?;
    Ok(())
}

fn event(
    conn: &mut Conn,
    kind: &'static str,
    agent: i64,
    company: i64,
    object: i64,
    now: NaiveDateTime,
) -> AppResult<()> {
    Statement::<()>::fixed(EVENT)
        .bind(now)
        .bind(kind)
        .bind(agent)
        .bind(CAMPAIGN)
        .bind(company)
        .bind(object)
        .execute(conn)?;
    Ok(())
}

fn result(conn: &mut Conn, agent: i64, token: &str, now: NaiveDateTime) -> AppResult<()> {
    let (lease, entry, company, key, phone): (i64, i64, Option<i64>, Option<i64>, Option<String>) =
        Statement::<(
            BigInt,
            BigInt,
            Nullable<BigInt>,
            Nullable<BigInt>,
            Nullable<Text>,
        )>::fixed(OWN)
        .bind(token)
        .get_result(conn)?;
    let company = company.unwrap_or_default();
    dials(conn, company, key.unwrap_or_default(), now)?;
    let call: i64 = Statement::<BigInt>::fixed(CALL)
        .bind(lease)
        .bind(entry)
        .bind(CAMPAIGN)
        .bind(company)
        .bind(key)
        .bind(phone)
        .bind(agent)
        .bind(now)
        .bind(now)
        .bind(true)
        .bind(false)
        .get_result(conn)?;
    Statement::<()>::fixed(DIALLED)
        .bind(now)
        .bind(company)
        .execute(conn)?;
    let result: i64 = Statement::<BigInt>::fixed(RESULT)
        .bind(call)
        .bind(agent)
        .bind(now)
        .get_result(conn)?;
    Statement::<()>::fixed(WITH_RESULT)
        .bind(result)
        .bind(call)
        .execute(conn)?;
    Statement::<()>::fixed(WAITING)
        .bind(now + chrono::TimeDelta::hours(20))
        .bind(call)
        .bind(now)
        .bind(entry)
        .execute(conn)?;
    Statement::<()>::fixed(ENDED)
        .bind(now)
        .bind(call)
        .bind(lease)
        .execute(conn)?;
    Statement::<()>::fixed(UNLOCK).bind(lease).execute(conn)?;
    event(conn, "call.recorded", agent, company, call, now)?;
    Statement::<()>::fixed(CHANGED)
        .bind(now)
        .bind(agent)
        .bind(call)
        .execute(conn)?;
    Ok(())
}
