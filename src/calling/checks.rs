//! What must always hold in the queue.

use crate::calling::queries::broken;
use crate::platform::check::Invariant;
use crate::platform::error::AppError;

macro_rules! invariants {
    ($($code:literal => $sql:expr;)+) => {
        /// Every invariant of this area.
        pub fn invariants() -> Vec<Invariant> {
            vec![$(Invariant { code: $code, find: |conn| broken(conn, $sql).map_err(AppError::from) }),+]
        }
    };
}

invariants! {
    "calling.entry_in_one_hand" =>
        "SELECT 'entry ' || entry_id || ': ' || count(*) FROM lease WHERE state IN ('preview','dialled','needs_outcome') GROUP BY entry_id HAVING count(*) > 1";
    "calling.agent_has_one_lease" =>
        "SELECT 'user ' || agent_id || ': ' || count(*) FROM lease WHERE state IN ('preview','dialled','needs_outcome') GROUP BY agent_id HAVING count(*) > 1";
    "calling.number_in_one_hand" =>
        "SELECT 'number ' || number_key || ': ' || count(*) FROM lease WHERE state IN ('preview','dialled','needs_outcome') AND number_key IS NOT NULL GROUP BY number_key HAVING count(*) > 1";
    "calling.company_in_one_hand" =>
        "SELECT 'company ' || c.root_id || ': ' || count(*) FROM lease l JOIN company c ON c.id = l.company_id WHERE l.state IN ('preview','dialled','needs_outcome') GROUP BY c.root_id HAVING count(*) > 1";
    "calling.lock_has_live_lease" =>
        "SELECT 'lock ' || k.kind || ' ' || k.key FROM lease_lock k JOIN lease l ON l.id = k.lease_id WHERE l.state NOT IN ('preview','dialled','needs_outcome')";
    "calling.live_lease_has_locks" =>
        "SELECT 'lease ' || l.id FROM lease l WHERE l.state IN ('preview','dialled','needs_outcome') AND \
         (NOT EXISTS (SELECT 1 FROM lease_lock k WHERE k.lease_id = l.id AND k.kind = 'agent' AND k.key = l.agent_id) \
         OR NOT EXISTS (SELECT 1 FROM lease_lock k WHERE k.lease_id = l.id AND k.kind = 'entry' AND k.key = l.entry_id) \
         OR (l.company_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM lease_lock k WHERE k.lease_id = l.id AND k.kind = 'company' AND k.key = l.company_id)))";
    "calling.leased_entry_has_lease" =>
        "SELECT 'entry ' || e.id FROM queue_entry e WHERE e.state IN ('leased','needs_outcome') AND NOT EXISTS (SELECT 1 FROM lease_lock k WHERE k.kind = 'entry' AND k.key = e.id)";
    "calling.lease_has_leased_entry" =>
        "SELECT 'entry ' || e.id FROM lease_lock k JOIN queue_entry e ON e.id = k.key WHERE k.kind = 'entry' AND e.state NOT IN ('leased','needs_outcome')";
    "calling.suppressed_company_not_ready" =>
        "SELECT 'entry ' || e.id FROM queue_entry e JOIN company c ON c.id = e.company_id JOIN suppression s ON s.scope = 'company' AND s.subject = CAST(c.root_id AS TEXT) \
         WHERE e.state = 'ready' AND (s.ways & 1) <> 0";
    "calling.suppressed_person_not_ready" =>
        "SELECT 'entry ' || e.id FROM queue_entry e JOIN person p ON p.id = e.person_id JOIN suppression s ON s.scope = 'person' AND s.subject = CAST(p.root_id AS TEXT) \
         WHERE e.state = 'ready' AND (s.ways & 1) <> 0";
    "calling.no_lease_of_suppressed_number" =>
        "SELECT 'lease ' || l.id FROM lease l JOIN contact_point p ON p.id = l.point_id JOIN suppression s ON s.scope = 'number' AND s.subject = p.value \
         WHERE l.state = 'preview' AND (s.ways & 1) <> 0";
    "calling.result_has_event" =>
        "SELECT 'call ' || c.id FROM call c WHERE c.result_id IS NOT NULL AND c.campaign_id IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM event e WHERE e.campaign_id = c.campaign_id AND e.kind = 'call.recorded' AND e.object_id = c.id)";
    "calling.call_names_its_result" =>
        "SELECT 'call ' || c.id FROM call c JOIN call_result r ON r.id = c.result_id WHERE r.undone_at IS NOT NULL OR r.call_id <> c.id";
    "calling.one_result_stands" =>
        "SELECT 'call ' || call_id || ': ' || count(*) FROM call_result WHERE undone_at IS NULL GROUP BY call_id HAVING count(*) > 1";
    "calling.waiting_entry_has_time" =>
        "SELECT 'entry ' || id FROM queue_entry WHERE state = 'waiting' AND due_at IS NULL";
    "calling.barred_entry_says_why" =>
        "SELECT 'entry ' || id FROM queue_entry WHERE state = 'barred' AND bar IS NULL";
    "calling.callback_owner_exists" =>
        "SELECT 'call-back ' || b.id FROM callback b LEFT JOIN users u ON u.id = b.owner_id WHERE b.state = 'open' AND b.owner_id IS NOT NULL AND (u.id IS NULL OR u.disabled_at IS NOT NULL)";
}
