//! What must always hold in the queue.

use crate::platform::check::Invariant;

/// Every invariant of this area.
pub const INVARIANTS: &[Invariant] = &[
    Invariant::query(
        "calling.entry_in_one_hand",
        "SELECT 'entry ' || entry_id || ': ' || count(*) FROM lease WHERE state IN ('preview','dialled','needs_outcome') GROUP BY entry_id HAVING count(*) > 1",
    ),
    Invariant::query(
        "calling.agent_has_one_lease",
        "SELECT 'user ' || agent_id || ': ' || count(*) FROM lease WHERE state IN ('preview','dialled','needs_outcome') GROUP BY agent_id HAVING count(*) > 1",
    ),
    Invariant::query(
        "calling.number_in_one_hand",
        "SELECT 'number ' || number_key || ': ' || count(*) FROM lease WHERE state IN ('preview','dialled','needs_outcome') AND number_key IS NOT NULL GROUP BY number_key HAVING count(*) > 1",
    ),
    Invariant::query(
        "calling.company_in_one_hand",
        "SELECT 'company ' || c.root_id || ': ' || count(*) FROM lease l JOIN company c ON c.id = l.company_id WHERE l.state IN ('preview','dialled','needs_outcome') GROUP BY c.root_id HAVING count(*) > 1",
    ),
    Invariant::query(
        "calling.lock_has_live_lease",
        "SELECT 'lock ' || k.kind || ' ' || k.key FROM lease_lock k JOIN lease l ON l.id = k.lease_id WHERE l.state NOT IN ('preview','dialled','needs_outcome')",
    ),
    Invariant::query(
        "calling.live_lease_has_locks",
        "SELECT 'lease ' || l.id FROM lease l WHERE l.state IN ('preview','dialled','needs_outcome') AND \
         (NOT EXISTS (SELECT 1 FROM lease_lock k WHERE k.lease_id = l.id AND k.kind = 'agent' AND k.key = l.agent_id) \
         OR NOT EXISTS (SELECT 1 FROM lease_lock k WHERE k.lease_id = l.id AND k.kind = 'entry' AND k.key = l.entry_id) \
         OR (l.company_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM lease_lock k WHERE k.lease_id = l.id AND k.kind = 'company' AND k.key = l.company_id)))",
    ),
    Invariant::query(
        "calling.leased_entry_has_lease",
        "SELECT 'entry ' || e.id FROM queue_entry e WHERE e.state IN ('leased','needs_outcome') AND NOT EXISTS (SELECT 1 FROM lease_lock k WHERE k.kind = 'entry' AND k.key = e.id)",
    ),
    Invariant::query(
        "calling.lease_has_leased_entry",
        "SELECT 'entry ' || e.id FROM lease_lock k JOIN queue_entry e ON e.id = k.key WHERE k.kind = 'entry' AND e.state NOT IN ('leased','needs_outcome')",
    ),
    Invariant::query(
        "calling.suppressed_company_not_ready",
        "SELECT 'entry ' || e.id FROM queue_entry e JOIN company c ON c.id = e.company_id JOIN company r ON r.id = c.root_id \
         WHERE e.state = 'ready' AND ((r.flags & 4) <> 0 OR EXISTS (SELECT 1 FROM suppression s WHERE s.scope = 'company' \
         AND s.subject IN (CAST(c.id AS TEXT), CAST(r.id AS TEXT)) AND (s.ways & 1) <> 0))",
    ),
    Invariant::query(
        "calling.suppressed_person_not_ready",
        "SELECT 'entry ' || e.id FROM queue_entry e JOIN person p ON p.id = e.person_id JOIN suppression s ON s.scope = 'person' AND s.subject = CAST(p.root_id AS TEXT) \
         WHERE e.state = 'ready' AND (s.ways & 1) <> 0",
    ),
    Invariant::query(
        "calling.no_lease_of_suppressed_number",
        "SELECT 'lease ' || l.id FROM lease l JOIN contact_point p ON p.id = l.point_id JOIN suppression s ON s.scope = 'number' AND s.subject = p.value \
         WHERE l.state = 'preview' AND (s.ways & 1) <> 0",
    ),
    Invariant::query(
        "calling.result_has_event",
        "SELECT 'call ' || id FROM (SELECT id FROM call WHERE result_id IS NOT NULL \
         EXCEPT SELECT object_id FROM event WHERE kind = 'call.recorded') AS untold",
    ),
    Invariant::query(
        "calling.call_names_its_result",
        "SELECT 'call ' || c.id FROM call c JOIN call_result r ON r.id = c.result_id WHERE r.undone_at IS NOT NULL OR r.call_id <> c.id",
    ),
    Invariant::query(
        "calling.one_result_stands",
        "SELECT 'call ' || call_id || ': ' || count(*) FROM call_result WHERE undone_at IS NULL GROUP BY call_id HAVING count(*) > 1",
    ),
    Invariant::query(
        "calling.waiting_entry_has_time",
        "SELECT 'entry ' || id FROM queue_entry WHERE state = 'waiting' AND due_at IS NULL",
    ),
    Invariant::query(
        "calling.barred_entry_says_why",
        "SELECT 'entry ' || id FROM queue_entry WHERE state = 'barred' AND bar IS NULL",
    ),
    Invariant::query(
        "calling.callback_owner_exists",
        "SELECT 'call-back ' || b.id FROM callback b LEFT JOIN users u ON u.id = b.owner_id WHERE b.state = 'open' AND b.owner_id IS NOT NULL AND (u.id IS NULL OR u.disabled_at IS NOT NULL)",
    ),
    Invariant::query(
        "calling.result_has_record",
        "SELECT 'call ' || k.id FROM call_result v JOIN call k ON k.id = v.call_id LEFT JOIN record r ON r.id = v.record_id \
         WHERE (v.record_id IS NOT NULL AND (r.call_id IS NULL OR r.call_id <> v.call_id OR (r.voided_at IS NULL) <> (v.undone_at IS NULL))) \
         OR (v.record_id IS NULL AND (v.urgency IS NOT NULL OR v.need IS NOT NULL) AND (k.company_id IS NOT NULL OR k.contact_id IS NOT NULL))",
    ),
    Invariant::query(
        "calling.task_state",
        "SELECT 'task ' || t.id FROM task t LEFT JOIN call k ON k.id = t.call_id WHERE t.state NOT IN ('open','done','undone') \
         OR (t.state = 'done') <> (t.done_at IS NOT NULL) OR (t.state = 'open' AND t.call_id IS NOT NULL AND k.result_id IS NULL)",
    ),
    Invariant::query(
        "calling.ids_answer",
        "WITH named(what, company_id, person_id) AS (\
         SELECT 'call ' || id, company_id, person_id FROM call UNION ALL SELECT 'lease ' || id, company_id, person_id FROM lease \
         UNION ALL SELECT 'call-back ' || id, company_id, person_id FROM callback UNION ALL SELECT 'task ' || id, company_id, person_id FROM task \
         UNION ALL SELECT 'entry ' || id, company_id, person_id FROM queue_entry) \
         SELECT n.what FROM named n LEFT JOIN company c ON c.id = n.company_id LEFT JOIN company r ON r.id = c.root_id \
         LEFT JOIN person p ON p.id = n.person_id WHERE (n.company_id IS NOT NULL AND (r.id IS NULL OR r.merged_into IS NOT NULL)) \
         OR (n.person_id IS NOT NULL AND p.id IS NULL)",
    ),
    Invariant::query(
        "calling.one_entry_per_company",
        "SELECT 'company ' || c.root_id || ' in campaign ' || e.campaign_id FROM company c JOIN queue_entry e ON e.company_id = c.id \
         WHERE c.root_id IN (SELECT root_id FROM company WHERE merged_into IS NOT NULL) \
         AND e.state IN ('ready','waiting','barred','leased','needs_outcome') GROUP BY c.root_id, e.campaign_id HAVING count(*) > 1",
    ),
    Invariant::query(
        "calling.parked_names_merge",
        "SELECT 'entry ' || e.id FROM queue_entry e WHERE (e.state = 'parked' OR e.parked_for IS NOT NULL) AND (e.state <> 'parked' \
         OR NOT EXISTS (SELECT 1 FROM merge m WHERE m.id = e.parked_for AND m.undone_at IS NULL))",
    ),
    Invariant::query(
        "calling.dials_counted",
        "SELECT 'entry ' || e.id FROM queue_entry e WHERE e.dials > 0 AND e.dials > \
         (SELECT count(*) FROM lease l JOIN call k ON k.id = l.call_id WHERE l.entry_id = e.id AND k.counts)",
    ),
    Invariant::query(
        "calling.dial_noted",
        "SELECT 'call ' || k.id FROM call k JOIN company c ON c.id = k.company_id \
         WHERE k.counts AND (c.last_dial_at IS NULL OR c.last_dial_at < k.dialled_at)",
    ),
    Invariant::query(
        "calling.touch_has_result",
        "SELECT 'touch ' || t.id FROM touch t LEFT JOIN call k ON k.id = t.call_id WHERE t.call_id IS NOT NULL AND k.result_id IS NULL",
    ),
    Invariant::query(
        "calling.entries_counted",
        "SELECT 'campaign ' || campaign_id || ', ' || state || ' ' || bar || ': ' || CAST(sum(n) AS BIGINT) FROM (\
         SELECT campaign_id, state, bar, calendar_id, owner_id, n FROM entry_figure UNION ALL \
         SELECT campaign_id, state, coalesce(bar, ''), calendar_id, coalesce(owner_id, 0), -1 FROM queue_entry) AS told \
         GROUP BY campaign_id, state, bar, calendar_id, owner_id HAVING sum(n) <> 0",
    ),
    Invariant::query(
        "calling.calls_counted",
        "SELECT 'campaign ' || campaign_id || ', ' || disposition || ': ' || CAST(sum(n) AS BIGINT) FROM (\
         SELECT campaign_id, disposition, reached, n FROM call_figure UNION ALL \
         SELECT campaign_id, coalesce(disposition, ''), coalesce(reached, 1 = 0), -1 FROM call WHERE campaign_id IS NOT NULL) AS told \
         GROUP BY campaign_id, disposition, reached HAVING sum(n) <> 0",
    ),
    Invariant::query(
        "calling.entry_state",
        "SELECT 'entry ' || id || ': ' || state FROM queue_entry \
         WHERE state NOT IN ('ready','waiting','barred','leased','needs_outcome','done','exhausted','parked')",
    ),
];
