//! What must always hold of suppressions and grounds.

use super::actions::grounds_that_differ;
use super::model::Subject;
use super::queries::{invariants as queries, subject_id};
use crate::platform::check::{Broken, Depth, Invariant};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::queries::invariants as registry;

/// The union of five bits over the rows of a group, in SQL that both databases read.
macro_rules! union_of {
    ($column:literal) => {
        concat!(
            "(coalesce(max(",
            $column,
            " & 1),0) + coalesce(max(",
            $column,
            " & 2),0) + coalesce(max(",
            $column,
            " & 4),0) + coalesce(max(",
            $column,
            " & 8),0) + coalesce(max(",
            $column,
            " & 16),0))"
        )
    };
}

/// Invariants of this area.
pub const INVARIANTS: &[Invariant] = &[
    Invariant::query(
        "consent.ways_are_union",
        concat!(
            "SELECT 'suppression ' || s.id FROM suppression s LEFT JOIN suppression_origin o ",
            "ON o.suppression_id = s.id AND o.withdrawn_at IS NULL GROUP BY s.id, s.ways HAVING s.ways <> ",
            union_of!("o.ways"),
        ),
    ),
    Invariant::work("consent.subject_key", wrong_keys),
    Invariant::query(
        "consent.subject_exists",
        concat!(
            "SELECT 'suppression ' || s.id FROM suppression s WHERE s.ways > 0 AND NOT s.hmac AND ",
            "((s.scope = 'person' AND NOT EXISTS (SELECT 1 FROM person p WHERE p.id = ",
            subject_id!(),
            ")) OR (s.scope = 'company' AND NOT EXISTS (SELECT 1 FROM company c WHERE c.id = ",
            subject_id!(),
            ")))",
        ),
    ),
    Invariant::query(
        "consent.refused_matches",
        concat!(
            "SELECT 'person ' || p.id FROM person p WHERE p.refused <> (SELECT ",
            union_of!("s.ways"),
            " FROM suppression s JOIN person m ON m.id = ",
            subject_id!(),
            " WHERE s.scope = 'person' AND s.ways > 0 AND m.root_id = p.root_id) ",
            "AND (p.refused <> 0 OR p.root_id IN (SELECT m.root_id FROM suppression s JOIN person m ON m.id = ",
            subject_id!(),
            " WHERE s.scope = 'person' AND s.ways > 0))"
        ),
    ),
    Invariant::query(
        "consent.company_flag",
        concat!(
            "SELECT 'company ' || c.id FROM company c WHERE c.merged_into IS NULL AND ((c.flags & 4) <> 0) <> ",
            "(c.id IN (SELECT m.root_id FROM suppression s JOIN company m ON m.id = ",
            subject_id!(),
            " WHERE s.scope = 'company' AND (s.ways & 1) <> 0))",
        ),
    ),
    Invariant::work("consent.person_ground", wrong_grounds),
    Invariant::query(
        "consent.erased_is_empty",
        "SELECT 'person ' || p.id FROM erased_person e JOIN person p ON p.id = e.person_id \
         WHERE coalesce(p.name, p.name_en, p.mobile, p.email, p.email_state, p.wechat, p.qq, p.birthday, p.language, p.ground) IS NOT NULL \
         OR p.name_key IS NOT NULL OR p.winners <> '[]' \
         UNION ALL SELECT 'point ' || q.id FROM erased_person e JOIN contact_point q ON q.owner_kind = 2 AND q.owner_id = e.person_id \
         UNION ALL SELECT 'contact ' || t.id FROM erased_person e JOIN contact t ON t.person_id = e.person_id \
         WHERE t.company_id IS NOT NULL OR coalesce(t.title, t.department, t.role) IS NOT NULL OR t.winners <> '[]' \
         UNION ALL SELECT 'record ' || r.id FROM erased_person e JOIN contact t ON t.person_id = e.person_id \
         JOIN record r ON r.contact_id = t.id WHERE r.company_id IS NULL AND r.said <> '{}' \
         UNION ALL SELECT 'delivery ' || d.id FROM erased_person e JOIN delivery d ON d.person_id = e.person_id \
         WHERE coalesce(d.address, '') <> '' AND d.state NOT IN ('claimed','on_wire') \
         UNION ALL SELECT 'consent ' || c.id FROM erased_person e JOIN consent c ON c.person_id = e.person_id \
         WHERE c.text_version IS NOT NULL OR c.ended_at IS NULL",
    ),
    Invariant::query(
        "consent.erased_stays_refused",
        "SELECT 'person ' || e.person_id FROM erased_person e WHERE NOT EXISTS (SELECT 1 FROM suppression s \
         WHERE s.scope = 'person' AND s.subject = CAST(e.person_id AS TEXT)) \
         UNION ALL SELECT 'erasure ' || v.erasure_id FROM erased_value v JOIN erasure r ON r.id = v.erasure_id \
         WHERE r.ground = 'asked' AND NOT EXISTS (SELECT 1 FROM suppression s \
         WHERE s.scope = v.scope AND s.subject = v.check_value AND s.hmac)",
    ),
    Invariant::query(
        "consent.erasure_forgets",
        "SELECT 'erasure ' || id FROM erasure WHERE (ended_at IS NULL) <> (sought IS NOT NULL)",
    ),
];

/// Suppressions that the key of their subject does not find; those of erased persons have keys of their own.
fn wrong_keys(conn: &mut Conn, depth: Depth) -> AppResult<Broken> {
    let mut broken = Broken::default();
    for range in depth.ranges(&queries::suppression_ids(conn)?) {
        for (id, scope, value, key) in queries::keys_between(conn, range)? {
            match Subject::stored(&scope, value) {
                None => broken.add(|| format!("suppression {id}: scope {scope}")),
                Some(subject) if subject.key() != key => {
                    broken.add(|| format!("suppression {id}"));
                }
                Some(_) => {}
            }
        }
    }
    Ok(broken)
}

/// Persons whose ground is not the best one of their lists and own consents.
fn wrong_grounds(conn: &mut Conn, depth: Depth) -> AppResult<Broken> {
    let mut broken = Broken::default();
    for range in depth.ranges(&registry::person_ids(conn)?) {
        let persons = registry::person_roots(conn, range)?;
        let differ = grounds_that_differ(conn, &persons)?;
        let differ = differ.into_values().flatten();
        // What is joined to another is read through its root.
        for id in differ.filter(|id| persons.binary_search(id).is_ok()) {
            broken.add(|| format!("person {id}"));
        }
    }
    Ok(broken)
}
