//! What must always hold of companies, persons and their records.

mod fold;

use super::model::PointKind;
use super::queries::invariants as queries;
use super::rules::hash::hash64;
use crate::platform::check::{Broken, Depth, Ids, Invariant, broken};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Chains of joins that do not end at the root, in rings or anywhere else.
macro_rules! ends {
    ($of:literal) => {
        concat!(
            "SELECT '",
            $of,
            " ' || o.id FROM ",
            $of,
            " o WHERE o.merged_into IS NULL AND o.root_id <> o.id \
             UNION ALL SELECT '",
            $of,
            " ' || o.id FROM ",
            $of,
            " o WHERE o.merged_into IS NOT NULL AND o.id NOT IN (\
             WITH RECURSIVE up(id, root_id, above, steps) AS (\
             SELECT id, root_id, merged_into, 1 FROM ",
            $of,
            " WHERE merged_into IS NOT NULL \
             UNION ALL SELECT up.id, up.root_id, a.merged_into, up.steps + 1 FROM up JOIN ",
            $of,
            " a ON a.id = up.above \
             WHERE a.merged_into IS NOT NULL AND up.steps < 100) \
             SELECT up.id FROM up JOIN ",
            $of,
            " a ON a.id = up.above WHERE a.merged_into IS NULL AND a.id = up.root_id)"
        )
    };
}

/// Who is joined without a merge that stands, and merges that stand though nobody is joined.
macro_rules! stands {
    ($of:literal) => {
        concat!(
            "SELECT '",
            $of,
            " ' || o.id FROM ",
            $of,
            " o WHERE o.merged_into IS NOT NULL AND NOT EXISTS (SELECT 1 FROM merge m \
             WHERE m.kind = '",
            $of,
            "' AND m.from_id = o.id AND m.into_id = o.merged_into AND m.undone_at IS NULL) \
             UNION ALL SELECT 'merge ' || m.id FROM merge m LEFT JOIN ",
            $of,
            " o ON o.id = m.from_id \
             WHERE m.kind = '",
            $of,
            "' AND m.undone_at IS NULL AND (o.merged_into IS NULL OR o.merged_into <> m.into_id)"
        )
    };
}

/// Invariants of this area.
pub const INVARIANTS: &[Invariant] = &[
    Invariant::query("registry.company_root", ends!("company")),
    Invariant::query("registry.person_root", ends!("person")),
    Invariant::query(
        "registry.merge_stands",
        concat!(stands!("company"), " UNION ALL ", stands!("person")),
    ),
    Invariant::query(
        "registry.merge_of_persons",
        "SELECT 'merge ' || m.id FROM merge m JOIN merge p ON p.id = m.parent_id \
         WHERE (m.undone_at IS NULL) <> (p.undone_at IS NULL)",
    ),
    Invariant::query(
        "registry.merged_mark",
        "SELECT 'company ' || c.id FROM company c WHERE c.merged_into IS NULL AND ((c.flags & 8) <> 0) <> \
         (c.id IN (SELECT root_id FROM company WHERE merged_into IS NOT NULL))",
    ),
    Invariant::query(
        "registry.record_origin",
        "SELECT 'record ' || r.id FROM record r WHERE r.voided_at IS NULL AND NOT CASE r.kind \
         WHEN 'row' THEN EXISTS (SELECT 1 FROM batch b WHERE b.id = r.batch_id) \
         WHEN 'call' THEN EXISTS (SELECT 1 FROM call k WHERE k.id = r.call_id) \
         WHEN 'lead' THEN r.source_id IS NOT NULL WHEN 'registration' THEN r.source_id IS NOT NULL \
         WHEN 'edit' THEN r.actor_id IS NOT NULL WHEN 'hand' THEN r.actor_id IS NOT NULL \
         WHEN 'visit' THEN r.actor_id IS NOT NULL ELSE 1 = 0 END",
    ),
    Invariant::query(
        "registry.record_placed",
        "SELECT 'record ' || r.id FROM record r WHERE r.company_id IS NULL AND r.contact_id IS NULL AND r.voided_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM batch b WHERE b.id = r.batch_id AND b.kind = 'suppressions')",
    ),
    Invariant::query(
        "registry.record_superseded",
        "SELECT 'record ' || r.id FROM record r LEFT JOIN record n ON n.id = r.superseded_by WHERE r.superseded_by IS NOT NULL \
         AND (n.id IS NULL OR n.id = r.id OR n.superseded_by = r.id OR n.source_id <> r.source_id)",
    ),
    Invariant::query(
        "registry.record_key",
        "SELECT 'record ' || id FROM record WHERE (row_key IS NULL) <> (row_check IS NULL) \
         OR (kind = 'row' AND row_key IS NULL AND superseded_by IS NULL)",
    ),
    Invariant::work("registry.winners_live", dead_winners),
    Invariant::query(
        "registry.company_spoken_of",
        "SELECT 'company ' || c.id FROM company c WHERE NOT EXISTS (SELECT 1 FROM record r WHERE r.company_id = c.id) \
         AND NOT EXISTS (SELECT 1 FROM contact t WHERE t.company_id = c.id) AND NOT EXISTS (SELECT 1 FROM call k WHERE k.company_id = c.id)",
    ),
    Invariant::query(
        "registry.contact_spoken_of",
        "SELECT 'contact ' || t.id FROM contact t WHERE NOT EXISTS (SELECT 1 FROM record r WHERE r.contact_id = t.id)",
    ),
    Invariant::query(
        "registry.person_is_contact",
        "SELECT 'person ' || p.id FROM person p WHERE NOT EXISTS (SELECT 1 FROM contact t WHERE t.person_id = p.id)",
    ),
    Invariant::query(
        "registry.point_owner",
        "SELECT 'point ' || p.id FROM contact_point p WHERE NOT CASE p.owner_kind \
         WHEN 1 THEN EXISTS (SELECT 1 FROM company c WHERE c.id = p.owner_id) \
         WHEN 2 THEN EXISTS (SELECT 1 FROM person h WHERE h.id = p.owner_id) \
         WHEN 3 THEN EXISTS (SELECT 1 FROM contact t WHERE t.id = p.owner_id) ELSE 1 = 0 END",
    ),
    Invariant::query(
        "registry.point_record",
        "SELECT 'point ' || p.id FROM contact_point p WHERE NOT EXISTS \
         (SELECT 1 FROM record r WHERE r.id = p.record_id AND r.voided_at IS NULL AND r.superseded_by IS NULL)",
    ),
    Invariant::query(
        "registry.point_state",
        "SELECT 'point ' || p.id FROM contact_point p WHERE p.state NOT IN ('good','bad','not_theirs','suppressed') \
         OR (p.state_record_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM record r WHERE r.id = p.state_record_id AND r.voided_at IS NULL))",
    ),
    Invariant::work("registry.point_key", wrong_points),
    Invariant::work("registry.company_fold", |conn, depth| {
        let ids = queries::company_ids(conn)?;
        range_by_range(conn, depth, &ids, fold::companies)
    }),
    Invariant::work("registry.company_standing", |conn, depth| {
        let ids = queries::company_ids(conn)?;
        range_by_range(conn, depth, &ids, fold::standings)
    }),
    Invariant::work("registry.person_fold", |conn, depth| {
        let ids = queries::person_ids(conn)?;
        range_by_range(conn, depth, &ids, fold::persons)
    }),
    Invariant::work("registry.contact_fold", |conn, depth| {
        let ids = queries::contact_ids(conn)?;
        range_by_range(conn, depth, &ids, fold::contacts)
    }),
    Invariant::query(
        "registry.search_row",
        "SELECT 'company ' || c.id FROM company c WHERE c.merged_into IS NULL AND NOT EXISTS (SELECT 1 FROM search s WHERE s.rowid = c.id) \
         AND NOT EXISTS (SELECT 1 FROM search_todo t WHERE t.company_id = c.id)",
    ),
    Invariant::query(
        "registry.search_stray",
        "SELECT 'company ' || s.rowid FROM search s WHERE NOT EXISTS \
         (SELECT 1 FROM company c WHERE c.id = s.rowid AND c.merged_into IS NULL) \
         AND NOT EXISTS (SELECT 1 FROM search_todo t WHERE t.company_id = s.rowid)",
    ),
    Invariant::query(
        "registry.search_catches_up",
        "SELECT 'company ' || company_id FROM search_todo WHERE NOT EXISTS (SELECT 1 FROM job \
         WHERE kind IN ('search_index','import','undo_import') AND state IN ('queued','running'))",
    ),
];

/// Winners that name a record which is gone, or speaks of somebody else.
fn dead_winners(conn: &mut Conn, _depth: Depth) -> AppResult<Broken> {
    // The one thing that the databases say in different words: the elements of a list in JSON.
    let elements = match conn {
        Conn::Sqlite(_) => "json_each(o.winners) w",
        Conn::Postgres(_) => "LATERAL jsonb_array_elements(CAST(o.winners AS jsonb)) w(value)",
    };
    let of = |kind: &str, roots: &str, home: &str, root: &str| {
        format!(
            "SELECT '{kind} ' || o.id FROM {kind} o CROSS JOIN {elements} \
             LEFT JOIN record r ON r.id = CAST(w.value ->> 'record' AS BIGINT) {home} \
             WHERE {roots} (r.id IS NULL OR r.voided_at IS NOT NULL OR r.superseded_by IS NOT NULL OR {root} IS NULL OR {root} <> o.id)"
        )
    };
    let all = [
        of(
            "company",
            "o.merged_into IS NULL AND",
            "LEFT JOIN company h ON h.id = r.company_id",
            "h.root_id",
        ),
        of(
            "person",
            "o.merged_into IS NULL AND",
            "LEFT JOIN contact t ON t.id = r.contact_id LEFT JOIN person h ON h.id = t.person_id",
            "h.root_id",
        ),
        of("contact", "", "", "r.contact_id"),
    ];
    Ok(broken(conn, &all.join(" UNION "))?)
}

/// Points that their value does not find, or whose value is no such thing.
fn wrong_points(conn: &mut Conn, depth: Depth) -> AppResult<Broken> {
    let mut wrong = Broken::default();
    for range in depth.ranges(&queries::point_ids(conn)?) {
        for (id, kind, value, key) in queries::points_between(conn, range)? {
            if hash64(&value) != key || !PointKind::ALL.iter().any(|known| known.code() == kind) {
                wrong.add(|| format!("point {id}: {kind}"));
            }
        }
    }
    Ok(wrong)
}

/// Works through ranges of ids; `within` names what is wrong in one.
fn range_by_range(
    conn: &mut Conn,
    depth: Depth,
    ids: &[Ids],
    within: fn(&mut Conn, Ids) -> AppResult<Vec<String>>,
) -> AppResult<Broken> {
    let mut wrong = Broken::default();
    for range in depth.ranges(ids) {
        for what in within(conn, range)? {
            wrong.add(|| what);
        }
    }
    Ok(wrong)
}
