//! Every invariant of selling finds what breaks it.

use canvass::platform::check::Depth;
use canvass::platform::error::{AppError, AppResult};
use canvass::qualifying::Grade;
use canvass::selling::checks::INVARIANTS;
use diesel::connection::SimpleConnection;
use serde_json::json;

use super::build::{invariants_hold, lead, open, territory};
use crate::app::{TestApp, each_backend};

/// What breaks each invariant, and is taken back at once.
const BREAKERS: [(&str, &str); 17] = [
    (
        "one_open_handover",
        "UPDATE handover SET state = 'offered', company_id = (SELECT min(h.company_id) FROM handover h WHERE h.state = 'offered') WHERE state = 'rejected'",
    ),
    (
        "open_handover_holds_promise",
        "DELETE FROM once_key WHERE kind = 'handover'",
    ),
    (
        "promise_has_open_handover",
        "UPDATE handover SET state = 'withdrawn' WHERE state = 'offered'",
    ),
    (
        "offer_has_rep_and_time",
        "UPDATE handover SET due_at = NULL WHERE state = 'offered'",
    ),
    (
        "offer_is_to_somebody_at_work",
        "UPDATE users SET disabled_at = created_at",
    ),
    (
        "settled_says_when",
        "UPDATE handover SET settled_at = NULL WHERE state = 'accepted'",
    ),
    (
        "rejection_has_reason",
        "UPDATE handover SET reason = '' WHERE state = 'rejected'",
    ),
    (
        "owner_is_at_work",
        "UPDATE users SET disabled_at = created_at",
    ),
    (
        "owned_says_so",
        "UPDATE company SET state = 'new' WHERE owner_id IS NOT NULL",
    ),
    (
        "owned_is_not_on_offer",
        "UPDATE company SET owner_id = (SELECT min(id) FROM users) WHERE id IN (SELECT company_id FROM handover WHERE state = 'offered')",
    ),
    (
        "open_sale_is_marked",
        "UPDATE company SET flags = flags & ~16",
    ),
    ("won_is_customer", "UPDATE opportunity SET state = 'won'"),
    ("stage_was_entered", "DELETE FROM stage_change"),
    (
        "pool_is_nobodys",
        "UPDATE company SET state = 'pool' WHERE owner_id IS NOT NULL",
    ),
    (
        "registration_says_why",
        "UPDATE registration_change SET reason = NULL",
    ),
    (
        "registration_ends_as_said",
        "UPDATE registration SET protected_until = '2030-01-01'",
    ),
    (
        "assignment_replays",
        "UPDATE handover_move SET why = '{}' WHERE state = 'offered'",
    ),
];

/// One company accepted with a registration that was withdrawn, one on offer, one given back.
fn three_hand_overs(app: &TestApp) {
    let (manager, agent) = (app.user("gu", "manager"), app.user("lin", "agent"));
    let (marketing, rep) = (app.user("shen", "marketing"), app.user("xu", "rep"));
    territory(app, &manager, &rep, &[], &[]);
    let ids: Vec<i64> = (1..=3)
        .map(|n| {
            let name = format!("苏州砚川{n}机械有限公司");
            let root = lead(&marketing, &name, "苏州", "通用设备", n);
            open(app, &agent, root, Grade::B)
        })
        .collect();
    let accept = format!("/handovers/{}/accept", ids[0]);
    let accepted = rep.api_post(&accept, &json!({})).expect(200).json();
    let company = &accepted["company"]["id"];
    let register = format!("/companies/{company}/registration");
    rep.post(&register, &[("project", "ERP一期")]).expect(303);
    rep.post("/registrations/1/withdraw", &[("reason", "不做了")])
        .expect(303);
    let reject = format!("/handovers/{}/reject", ids[1]);
    rep.api_post(&reject, &json!({ "reason": "不合适" }))
        .expect(200);
}

/// How many broken things an invariant names after a change that is rolled back.
fn broken_by(app: &TestApp, code: &str, change: &'static str) -> usize {
    let code = format!("selling.{code}");
    let invariant = INVARIANTS.iter().find(|i| i.code == code);
    let invariant = invariant.expect("it exists");
    let told: AppResult<()> = app.db.write_blocking(move |conn| {
        conn.batch_execute(change)?;
        let found = invariant.find(conn, Depth::All)?;
        Err(AppError::conflict("rolled_back").with("n", found.count))
    });
    let error = told.expect_err("it is rolled back");
    let refusal = error.refusal().unwrap_or_else(|| panic!("{code}: {error}"));
    refusal.args[0].1.parse().expect("a number")
}

#[test]
fn every_invariant_of_selling_finds_what_breaks_it() {
    each_backend(|app| {
        three_hand_overs(app);
        invariants_hold(app, "three hand-overs");
        assert_eq!(INVARIANTS.len(), BREAKERS.len(), "each has a breaker");
        for (code, change) in BREAKERS {
            assert!(broken_by(app, code, change) > 0, "{code}");
        }
        invariants_hold(app, "everything was taken back");
    });
}
