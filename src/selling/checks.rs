//! What must always hold in selling.

use super::queries::assignments;
use super::rules::assign::{Decision, Inputs, decide};
use crate::platform::check::{Broken, Depth, Invariant};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Every invariant of this area.
pub const INVARIANTS: &[Invariant] = &[
    Invariant::query(
        "selling.one_open_handover",
        "SELECT 'company ' || c.root_id || ': ' || count(*) FROM handover h JOIN company c ON c.id = h.company_id WHERE h.state IN ('offered','warned','with_manager') GROUP BY c.root_id HAVING count(*) > 1",
    ),
    Invariant::query(
        "selling.open_handover_holds_promise",
        "SELECT 'handover ' || h.id || ', company ' || m.id FROM handover h JOIN company c ON c.id = h.company_id JOIN company m ON m.root_id = c.root_id \
         WHERE h.state IN ('offered','warned','with_manager') AND NOT EXISTS (SELECT 1 FROM once_key k WHERE k.kind = 'handover' AND k.subject_id = m.id AND k.holder_id = h.id)",
    ),
    Invariant::query(
        "selling.promise_has_open_handover",
        "SELECT 'company ' || k.subject_id FROM once_key k JOIN handover h ON h.id = k.holder_id WHERE k.kind = 'handover' AND h.state NOT IN ('offered','warned','with_manager')",
    ),
    Invariant::query(
        "selling.offer_has_rep_and_time",
        "SELECT 'handover ' || id FROM handover WHERE state IN ('offered','warned') AND (rep_id IS NULL OR warn_at IS NULL OR due_at IS NULL)",
    ),
    Invariant::query(
        "selling.offer_is_to_somebody_at_work",
        "SELECT 'handover ' || h.id FROM handover h JOIN users u ON u.id = h.rep_id WHERE h.state IN ('offered','warned') AND u.disabled_at IS NOT NULL",
    ),
    Invariant::query(
        "selling.settled_says_when",
        "SELECT 'handover ' || id FROM handover WHERE state IN ('accepted','rejected','pooled','withdrawn') AND settled_at IS NULL",
    ),
    Invariant::query(
        "selling.rejection_has_reason",
        "SELECT 'handover ' || id FROM handover WHERE state = 'rejected' AND (reason IS NULL OR reason = '')",
    ),
    Invariant::query(
        "selling.owner_is_at_work",
        "SELECT 'company ' || c.id FROM company c LEFT JOIN users u ON u.id = c.owner_id WHERE c.owner_id IS NOT NULL AND c.merged_into IS NULL AND (u.id IS NULL OR u.disabled_at IS NOT NULL)",
    ),
    Invariant::query(
        "selling.owned_says_so",
        "SELECT 'company ' || id || ': ' || state FROM company WHERE merged_into IS NULL AND ((owner_id IS NOT NULL AND state NOT IN ('owned','customer','excluded')) OR (owner_id IS NULL AND state = 'owned'))",
    ),
    Invariant::query(
        "selling.owned_is_not_on_offer",
        "SELECT 'company ' || r.id FROM handover h JOIN company c ON c.id = h.company_id JOIN company r ON r.id = c.root_id WHERE h.state IN ('offered','warned','with_manager') AND r.owner_id IS NOT NULL",
    ),
    Invariant::query(
        "selling.open_sale_is_marked",
        "SELECT 'company ' || r.id FROM opportunity o JOIN company c ON c.id = o.company_id JOIN company r ON r.id = c.root_id WHERE o.state = 'open' AND (r.flags & 16) = 0",
    ),
    Invariant::query(
        "selling.won_is_customer",
        "SELECT 'company ' || r.id FROM opportunity o JOIN company c ON c.id = o.company_id JOIN company r ON r.id = c.root_id WHERE o.state = 'won' AND r.state NOT IN ('customer','excluded')",
    ),
    Invariant::query(
        "selling.stage_was_entered",
        "SELECT 'opportunity ' || o.id || ': ' || o.stage FROM opportunity o WHERE NOT EXISTS (SELECT 1 FROM stage_change s WHERE s.opportunity_id = o.id AND s.stage = o.stage)",
    ),
    Invariant::query(
        "selling.pool_is_nobodys",
        "SELECT 'company ' || id FROM company WHERE merged_into IS NULL AND state = 'pool' AND owner_id IS NOT NULL",
    ),
    Invariant::query(
        "selling.registration_says_why",
        "SELECT 'registration ' || r.id FROM registration r LEFT JOIN registration_change c ON c.registration_id = r.id \
         WHERE (c.id IS NULL AND r.state = 'withdrawn') OR (c.kind IN ('extended','withdrawn') AND (c.reason IS NULL OR c.reason = ''))",
    ),
    Invariant::query(
        "selling.registration_ends_as_said",
        "SELECT 'registration ' || r.id FROM registration r JOIN registration_change c ON c.registration_id = r.id \
         WHERE c.until <> r.protected_until AND c.id = (SELECT max(x.id) FROM registration_change x WHERE x.registration_id = r.id)",
    ),
    Invariant::work("selling.assignment_replays", other_decisions),
];

/// Every assignment decides again, from what was recorded, as it decided then.
fn other_decisions(conn: &mut Conn, _depth: Depth) -> AppResult<Broken> {
    let (mut wrong, mut after) = (Broken::default(), 0);
    loop {
        let rows = assignments(conn, after, 500)?;
        let Some(last) = rows.last() else {
            return Ok(wrong);
        };
        after = last.0;
        for (id, inputs, why) in rows {
            let replayed = serde_json::from_str::<Inputs>(&inputs).map(|i| decide(&i));
            let stored = serde_json::from_str::<Decision>(&why);
            if replayed.ok() != stored.ok() {
                wrong.add(|| format!("step {id}"));
            }
        }
    }
}
