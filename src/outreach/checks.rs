//! Invariants of the ledger for `canvass check`.

use crate::platform::check::Invariant;

/// Every invariant of this area.
pub const INVARIANTS: &[Invariant] = &[
    Invariant::query(
        "outreach.deliveries_counted",
        "SELECT 'mailing ' || mailing_id || ', ' || domain || ' ' || state || ': ' || CAST(sum(n) AS BIGINT) FROM (\
         SELECT mailing_id, domain, state, n FROM delivery_figure UNION ALL \
         SELECT d.mailing_id, coalesce(f.domain, ''), d.state, -1 FROM delivery d LEFT JOIN \
         (SELECT DISTINCT mailing_id, domain FROM delivery_figure) f ON f.mailing_id = d.mailing_id AND f.domain = d.domain) AS told GROUP BY mailing_id, domain, state HAVING sum(n) <> 0",
    ),
    Invariant::query(
        "outreach.delivery_state",
        "SELECT 'delivery ' || id || ': ' || state FROM delivery \
         WHERE state NOT IN ('queued','claimed','on_wire','sent','unknown','failed','withheld','left_out','cancelled')",
    ),
    Invariant::query(
        "outreach.waiting_can_go",
        "SELECT 'delivery ' || id FROM delivery WHERE state = 'queued' \
         AND (coalesce(address, '') = '' OR coalesce(domain, '') = '' OR due_at IS NULL OR lower(address) NOT LIKE '%@' || domain)",
    ),
    Invariant::query(
        "outreach.held_has_open_claim",
        "SELECT 'delivery ' || d.id FROM delivery d WHERE d.state IN ('claimed','on_wire') \
         AND NOT EXISTS (SELECT 1 FROM send_claim c WHERE c.id = d.claim_id AND c.settled_at IS NULL)",
    ),
    Invariant::query(
        "outreach.letter_holds_promise",
        "SELECT 'delivery ' || d.id FROM delivery d JOIN mailing m ON m.id = d.mailing_id WHERE d.state IN ('claimed','on_wire','sent','unknown') \
         AND (NOT EXISTS (SELECT 1 FROM once_key k WHERE k.kind = 'mailing' AND k.scope = CAST(d.mailing_id AS TEXT) AND k.subject_id = d.person_id AND k.holder_id = d.id) \
         OR (m.kind = 'greeting' AND m.occasion IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM once_key k WHERE k.kind = 'greeting' AND k.subject_id = d.person_id AND k.holder_id = d.id)))",
    ),
    Invariant::query(
        "outreach.greeted_once",
        "SELECT 'person ' || d.person_id || ', ' || m.occasion || ' ' || m.year || ': ' || count(*) FROM delivery d JOIN mailing m ON m.id = d.mailing_id \
         WHERE m.kind = 'greeting' AND m.occasion IS NOT NULL AND d.state IN ('claimed','on_wire','sent','unknown') GROUP BY d.person_id, m.occasion, m.year HAVING count(*) > 1",
    ),
    Invariant::query(
        "outreach.promise_has_delivery",
        "SELECT 'promise ' || k.kind || ' ' || k.scope || ' to person ' || k.subject_id FROM once_key k \
         WHERE k.kind IN ('greeting','mailing') AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.id = k.holder_id)",
    ),
    Invariant::query(
        "outreach.sent_says_when",
        "SELECT 'delivery ' || id FROM delivery WHERE (state = 'sent') <> (sent_at IS NOT NULL)",
    ),
    Invariant::query(
        "outreach.not_sent_says_why",
        "SELECT 'delivery ' || id || ': ' || state FROM delivery WHERE state IN ('left_out','withheld','failed','unknown') AND coalesce(reason, '') = ''",
    ),
    Invariant::query(
        "outreach.through_waits_for_nobody",
        "SELECT 'mailing ' || m.id || ', delivery ' || d.id FROM delivery d JOIN mailing m ON m.id = d.mailing_id \
         WHERE m.state = 'done' AND d.state IN ('queued','claimed','on_wire')",
    ),
];
