//! Exhausted entries begin anew in their campaign; the limits over all campaigns hold as before.

use chrono::NaiveDateTime;

use crate::accounts::Actor;
use crate::calling::model::CampaignState;
use crate::calling::queries;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, changed};

/// Makes the exhausted entries of a campaign ready again; says how many.
pub fn recycle(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    campaign_id: i64,
) -> AppResult<usize> {
    let campaign = super::run_campaign(conn, actor, campaign_id)?;
    if campaign.state == CampaignState::Closed.code() {
        return Err(AppError::conflict("campaign_closed").with("campaign", campaign.name));
    }
    let n = queries::day::recycle(conn, campaign_id, now)?;
    let change = Change {
        at: now,
        actor_id: actor.user_id,
        verb: "recycle",
        object_kind: "campaign",
        object_id: Some(campaign_id),
        n: i32::try_from(n).unwrap_or(i32::MAX),
        ..Change::default()
    };
    changed(conn, &change)?;
    Ok(n)
}
