//! What happened with companies that bears on their grades: talks, results, dates, refusals, quotations, grades. One
//! statement for all of it, since the result of a call waits for it.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

use super::evidence::Materials;
use crate::consent::Subject;
use crate::platform::db::{Conn, Statement, Value};
use crate::qualifying::model::{Grade, GradeSet, Material, Talk, TalkResult};

/// Oldest first. Of a note that another company has word by word the younger one tells.
const EVENTS: &str = "SELECT 'talk' AS kind, h.id AS id, h.company_id AS company, CAST(NULL AS TEXT) AS one, CAST(NULL AS TEXT) AS other, \
     p.root_id AS number, h.at AS at, CAST(NULL AS TIMESTAMP) AS until \
   FROM touch h LEFT JOIN person p ON p.id = h.person_id WHERE h.company_id IN ? AND h.kind NOT IN ('mail','greeting','news') \
   UNION ALL SELECT 'result', k.id, k.company_id, k.disposition, NULL, NULL, k.dialled_at, k.ended_at FROM call k \
   WHERE k.company_id IN ? AND k.disposition IS NOT NULL AND k.reached = ? \
   UNION ALL SELECT 'call_back', b.id, b.company_id, NULL, NULL, NULL, b.due_at, NULL FROM callback b \
   WHERE b.company_id IN ? AND b.state = 'open' AND b.due_at >= ? \
   UNION ALL SELECT 'appointment', t.id, t.company_id, NULL, NULL, NULL, t.due_at, NULL FROM task t \
   WHERE t.company_id IN ? AND t.state = 'open' AND t.due_at >= ? \
   UNION ALL SELECT 'appointment', a.id, a.company_id, NULL, NULL, NULL, a.begins_at, NULL FROM appointment a \
   WHERE a.company_id IN ? AND a.state = 'open' AND a.begins_at >= ? \
   UNION ALL SELECT 'quotation', q.id, o.company_id, NULL, NULL, NULL, q.at, NULL FROM opportunity o \
   JOIN stage_change q ON q.opportunity_id = o.id WHERE o.company_id IN ? AND q.stage = 'quotation' \
   UNION ALL SELECT 'refusal', s.id, 0, s.subject, NULL, NULL, s.created_at, NULL FROM suppression s \
   WHERE s.subject_key IN ? AND s.ways > 0 AND (s.ways & 1) <> 0 \
   UNION ALL SELECT g.state, g.id, g.company_id, g.before, g.after, g.call_id, g.at, NULL FROM grade_change g \
   WHERE g.company_id IN ? AND g.state IN ('set','proposed') \
   UNION ALL SELECT 'twin', r.id, k.company_id, c.name, NULL, NULL, r.at, NULL FROM call k JOIN call_result r ON r.id = k.result_id \
   JOIN call_result e ON e.note_key = r.note_key AND e.id < r.id AND e.undone_at IS NULL JOIN call l ON l.id = e.call_id AND l.result_id = e.id \
   JOIN company d ON d.id = l.company_id JOIN company c ON c.id = d.root_id JOIN company m ON m.id = k.company_id \
   WHERE k.company_id IN ? AND r.note_key IS NOT NULL AND c.id <> m.root_id \
   ORDER BY at, id";

type EventRow = (
    String,
    i64,
    i64,
    Option<String>,
    Option<String>,
    Option<i64>,
    NaiveDateTime,
    Option<NaiveDateTime>,
);

/// Puts what happened into the material; call-backs and appointments from today on.
pub(super) fn put_events(
    conn: &mut Conn,
    read: &mut Materials,
    today_starts: NaiveDateTime,
) -> QueryResult<()> {
    let keys = read.members().map(|id| Subject::company(id).key());
    let keys = Value::numbers(keys.collect::<Vec<i64>>());
    let ids = || read.ids();
    let rows: Vec<EventRow> = Statement::<(
        Text,
        BigInt,
        BigInt,
        Nullable<Text>,
        Nullable<Text>,
        Nullable<BigInt>,
        Timestamp,
        Nullable<Timestamp>,
    )>::fixed(EVENTS)
    .bind(ids())
    .bind(ids())
    .bind(true)
    .bind(ids())
    .bind(today_starts)
    .bind(ids())
    .bind(today_starts)
    .bind(ids())
    .bind(today_starts)
    .bind(ids())
    .bind(keys)
    .bind(ids())
    .bind(ids())
    .load(conn)?;
    for row in rows {
        let company = match row.0.as_str() {
            "refusal" => row.3.as_deref().and_then(|id| id.parse().ok()),
            _ => Some(row.2),
        };
        if let Some(material) = company.and_then(|id| read.of(id)) {
            put(material, row);
        }
    }
    Ok(())
}

fn put(material: &mut Material, row: EventRow) {
    let (kind, _, _, one, other, number, at, until) = row;
    let grade = |code: Option<String>| code.as_deref().and_then(Grade::from_code);
    match kind.as_str() {
        "talk" => material.talks.push(Talk {
            person_id: number,
            at,
        }),
        "result" => {
            material.last_result = Some(TalkResult {
                code: one.unwrap_or_default(),
                seconds: until
                    .map(|until| (until - at).num_seconds())
                    .filter(|s| *s > 0),
                at,
            });
        }
        "call_back" => material.call_back = material.call_back.or(Some(at)),
        "appointment" => material.appointment = material.appointment.or(Some(at)),
        "quotation" => material.quoted_at = Some(at),
        "refusal" => material.suppressed_at = material.suppressed_at.or(Some(at)),
        "twin" => material.note_twin = one.map(|name| (name, at)),
        "proposed" => material.has_open_proposal = true,
        _ => material.grades.push(GradeSet {
            before: grade(one),
            after: grade(other),
            by_call: number.is_some(),
            at,
        }),
    }
}

/// The company, other than this group, that has a note word by word, the first one that had it.
pub(in crate::qualifying) fn twin_of_note(
    conn: &mut Conn,
    key: i64,
    root: i64,
) -> QueryResult<Option<String>> {
    Statement::<Text>::fixed(
        "SELECT c.name FROM call_result e JOIN call l ON l.id = e.call_id AND l.result_id = e.id JOIN company d ON d.id = l.company_id \
         JOIN company c ON c.id = d.root_id WHERE e.note_key = ? AND e.undone_at IS NULL AND c.id <> ? ORDER BY e.id LIMIT 1",
    )
    .bind(key)
    .bind(root)
    .get_result(conn)
    .optional()
}
